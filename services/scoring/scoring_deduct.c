/* scoring_deduct.c - the books of deduction: what a person owes of penalties and sanctions, and
 * what the bonus of each month bears of it.
 *
 * The run of a month happens when its bonus is known, and again when a revision changes the bonus;
 * then the months behind it are run again, too, so that the books are always those of the bonuses
 * as they are known, whatever came first. What becomes different is booked as a difference. A
 * penalty or sanction begins in the first month from its own on that has not been run: what a month
 * bore is changed by its own bonus alone. What was handed to accounting when the person left is no
 * longer deducted by a month that is first run after that. Rules SCO-138 … SCO-141. */
#include "services/scoring/deduct.h"
#include "services/scoring/scoring_private.h"
#include <string.h>

#define FIRST_TRIES_MAX 1200 /* months that have been run already, one after the other */
#define LINES_MAX 200
#define AMOUNT_MAX INT64_C(1000000000000) /* fen, as the contracts have it */

struct book_month {
    int32_t first;
    struct rec_row_pay_bonus row;
};
struct book_due {
    struct key key;
    struct rec_row_pay_due row;
    int64_t left;   /* before the month at work */
    int64_t before; /* taken, as booked until now */
    int32_t last;   /* last month that bore some of it in this run */
};
struct book {
    struct str person;
    struct rec_row_pay_account account;
    struct book_month *months;
    struct book_due *dues;
    int64_t *takes; /* as booked, by month and due */
    uint32_t month_count, due_count;
};

/* ---- rows ---- */

static struct key due_key(struct str person, bool penalty, int64_t age, struct str case_no,
                          uint64_t no)
{
    struct key k = key_of(person);
    key_u8(&k, penalty);
    key_u64(&k, (uint64_t)age ^ (UINT64_C(1) << 63)); /* also before 1970 in order */
    key_str(&k, case_no);
    key_u8(&k, (uint8_t)no);
    return k;
}

static struct key month_key(struct str person, int32_t month)
{
    struct key k = key_of(person);
    key_day(&k, month);
    return k;
}

/* person, month, and the rest of the due's key. */
static struct key take_key(struct str person, int32_t month, const struct key *due)
{
    struct key k = month_key(person, month);
    size_t own = person.n + 1u, rest = due->n - own;
    REQUIRE(k.n + rest <= sizeof k.b);
    memcpy(k.b + k.n, due->b + own, rest);
    k.n += rest;
    return k;
}

static enum err account_get(struct step *st, struct str person, struct rec_row_pay_account *out)
{
    struct key k = key_of(person);
    enum err e = step_get(st, SCORING_TABLE(PAY_ACCOUNT), &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_pay_account){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void account_put(struct step *st, struct str person, const struct rec_row_pay_account *row)
{
    struct key k = key_of(person);
    step_put(st, SCORING_TABLE(PAY_ACCOUNT), &k, row);
}

static bool is_whole(const struct rec_row_pay_due *d)
{
    return d->kind == sanction_kind_major_demerit;
}

static int64_t left_of(const struct rec_row_pay_due *d)
{
    return is_whole(d) || d->amount < d->taken ? 0 : d->amount - d->taken;
}

/* ---- the book of a person ---- */

static enum err count_rows(struct step *st, const struct table *t, const struct key *prefix,
                           void *row, uint32_t *n)
{
    struct key at = {.n = 0};
    enum err e;
    for (*n = 0; (e = step_next(st, t, prefix, &at, row)) == ERR_OK; ++*n)
        ;
    return e == ERR_END ? ERR_OK : e;
}

static enum err load_dues(struct step *st, struct book *b)
{
    const struct table *t = SCORING_TABLE(PAY_DUE);
    struct key prefix = key_of(b->person), at = {.n = 0};
    struct rec_row_pay_due row;
    uint32_t n;
    enum err e = count_rows(st, t, &prefix, &row, &n);
    if (e != ERR_OK) return e;
    b->dues = arena_take(st->arena, (n + 1) * sizeof *b->dues);
    while ((e = step_next(st, t, &prefix, &at, &row)) == ERR_OK && b->due_count < n) {
        struct book_due *d = &b->dues[b->due_count++];
        *d = (struct book_due){.key = at};
        e = step_get(st, t, &at, &d->row); /* what this step wrote */
        if (e != ERR_OK) return e;
        d->before = d->row.taken;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err load_month(struct step *st, struct book *b, int32_t month)
{
    struct key k = month_key(b->person, month);
    struct book_month *m = &b->months[b->month_count++];
    m->first = month;
    return step_get(st, SCORING_TABLE(PAY_BONUS), &k, &m->row);
}

/* The months from this one on; it may have been written by this step and not be stored yet. */
static enum err load_months(struct step *st, struct book *b, int32_t from)
{
    const struct table *t = SCORING_TABLE(PAY_BONUS);
    struct key prefix = key_of(b->person), at = month_key(b->person, from);
    struct rec_row_pay_bonus row;
    uint32_t n;
    enum err e = count_rows(st, t, &prefix, &row, &n);
    if (e != ERR_OK) return e;
    b->months = arena_take(st->arena, (n + 1) * sizeof *b->months);
    e = load_month(st, b, from);
    if (e != ERR_OK) return e;
    while ((e = step_next(st, t, &prefix, &at, &row)) == ERR_OK && b->month_count <= n) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        uint64_t day;
        e = key_take_u64(&r, &day);
        if (e == ERR_OK) e = load_month(st, b, (int32_t)((int64_t)day - INT64_C(0x100000000)));
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* What the months at work bore is taken back in the book: they bear it anew. */
static enum err load_takes(struct step *st, struct book *b)
{
    size_t cells = (size_t)b->month_count * b->due_count;
    b->takes = arena_take(st->arena, (cells + 1) * sizeof *b->takes);
    for (uint32_t j = 0; j < b->due_count; j++) {
        struct book_due *d = &b->dues[j];
        int64_t borne = 0;
        for (uint32_t i = 0; i < b->month_count; i++) {
            struct key k = take_key(b->person, b->months[i].first, &d->key);
            struct rec_row_pay_take row = {0};
            enum err e = step_get(st, SCORING_TABLE(PAY_TAKE), &k, &row);
            if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
            b->takes[(size_t)i * b->due_count + j] = row.amount;
            borne += row.amount;
        }
        d->row.taken -= borne;
        d->left = left_of(&d->row);
    }
    return ERR_OK;
}

/* ---- the run of a month ---- */

static struct deduct_terms terms_of(const struct scoring_pay_keys *k)
{
    return (struct deduct_terms){.cap_bp = k->cap_bp,
                                 .cap_each = k->cap_scope == PAY_SCOPE_case,
                                 .cap_half_up = k->cap_rounding == PAY_ROUNDING_half_up,
                                 .penalty_first = !k->sanction_first};
}

static bool is_carried(const struct scoring_pay_keys *k, const struct rec_row_pay_due *d)
{
    return d->kind &&
           words_have(k->sanction_carry, str_of(code_word(&codes_sanction_kind, d->kind)));
}

/* Was it handed to accounting before this month was first run? */
static bool is_handed_over(const struct rec_row_pay_due *d, const struct rec_row_pay_bonus *m)
{
    return d->exit && m->exits >= d->exit;
}

static void tell_take(struct step *st, const struct book *b, const struct book_month *m,
                      const struct book_due *d, const struct deducted *sum, int64_t amount,
                      int64_t change)
{
    const struct rec_row_pay_due *r = &d->row;
    struct ev_sanction_deducted admin = {.person = b->person,
                                         .month = m->first,
                                         .case_no = r->case_no,
                                         .no = r->no,
                                         .kind = r->kind,
                                         .amount = amount,
                                         .change = change,
                                         .outstanding = d->left,
                                         .bonus = m->row.amount};
    struct ev_penalty_instalment_due due = {.person = b->person,
                                            .month = m->first,
                                            .case_no = r->case_no,
                                            .no = r->no,
                                            .amount = amount,
                                            .change = change,
                                            .outstanding = d->left,
                                            .bonus = m->row.amount,
                                            .cap = sum->cap,
                                            .economic = sum->economic,
                                            .administrative = sum->administrative};
    if (r->kind)
        step_emit_as(st, "SCO-141", EV_sanction_deducted, &admin);
    else
        step_emit_as(st, sum->administrative ? "SCO-140" : "SCO-139", EV_penalty_instalment_due,
                     &due);
}

static void book_take(struct step *st, struct book *b, const struct book_month *m, uint32_t j,
                      const struct deducted *sum, int64_t take, int64_t booked)
{
    struct book_due *d = &b->dues[j];
    struct key k = take_key(b->person, m->first, &d->key);
    d->row.taken += take;
    if (is_whole(&d->row)) d->row.amount = d->row.taken;
    d->left = left_of(&d->row);
    if (take) d->last = m->first;
    if (take == booked) return;
    tell_take(st, b, m, d, sum, take, take - booked);
    if (take)
        step_put(st, SCORING_TABLE(PAY_TAKE), &k, &(struct rec_row_pay_take){.amount = take});
    else
        step_del(st, SCORING_TABLE(PAY_TAKE), &k);
}

static void run_month(struct step *st, struct book *b, uint32_t i)
{
    const struct scoring_pay_keys *keys = &st->policy->scoring.pay;
    struct book_month *m = &b->months[i];
    struct deduct_terms terms = terms_of(keys);
    struct deduct_due *v = arena_take(st->arena, (b->due_count + 1) * sizeof *v);
    for (uint32_t j = 0; j < b->due_count; j++) {
        const struct rec_row_pay_due *r = &b->dues[j].row;
        bool over = is_handed_over(r, &m->row);
        v[j] = (struct deduct_due){.penalty = !r->kind,
                                   .whole = is_whole(r) && !over,
                                   .carried = is_carried(keys, r),
                                   .first = r->first,
                                   .left = over ? 0 : b->dues[j].left};
    }
    struct deducted sum = deduct_month(&terms, m->first, m->row.amount, v, b->due_count);
    m->row.administrative = sum.administrative;
    m->row.economic = sum.economic;
    struct key k = month_key(b->person, m->first);
    step_put(st, SCORING_TABLE(PAY_BONUS), &k, &m->row);
    for (uint32_t j = 0; j < b->due_count; j++)
        book_take(st, b, m, j, &sum, v[j].take, b->takes[(size_t)i * b->due_count + j]);
}

/* ---- what a run leaves ---- */

static enum due_state state_of(const struct book *b, const struct rec_row_pay_due *d)
{
    if (d->exit) return due_state_balance_on_exit;
    bool run = b->month_count && b->months[b->month_count - 1].first >= d->first;
    if (is_whole(d)) return run || d->state == due_state_settled ? due_state_settled : d->state;
    if (left_of(d) == 0) return due_state_settled;
    return d->taken ? due_state_deducting : due_state_approved;
}

static void tell_settled(struct step *st, const struct book *b, const struct book_due *d)
{
    int years = (int)st->policy->scoring.retention_years;
    struct ev_penalty_settled ev = {.person = b->person,
                                    .case_no = d->row.case_no,
                                    .no = d->row.no,
                                    .month = d->last,
                                    .amount = d->row.amount,
                                    .keep_until =
                                        day_add_months(step_day(st, (struct str){0}), 12 * years)};
    step_emit_as(st, "SCO-139", EV_penalty_settled, &ev);
}

static void tell_balance(struct step *st, const struct book *b)
{
    struct rec_balance_line *v = arena_take(st->arena, LINES_MAX * sizeof *v);
    struct ev_penalty_balance_on_exit ev = {.person = b->person, .lines = {v, 0}};
    for (uint32_t j = 0; j < b->due_count; j++) {
        const struct rec_row_pay_due *d = &b->dues[j].row;
        int64_t left = left_of(d);
        if (!d->exit || left == 0) continue;
        *(d->kind ? &ev.administrative : &ev.amount) += left;
        if (ev.lines.n == LINES_MAX) continue;
        v[ev.lines.n++] = (struct rec_balance_line){.case_no = d->case_no,
                                                    .no = d->no,
                                                    .sanction = d->kind ? yes_no_yes : yes_no_no,
                                                    .amount = left};
    }
    step_emit_as(st, "SCO-139", EV_penalty_balance_on_exit, &ev);
}

/* Hands over what is left when the person has left, and tells the balance when it changed. */
static bool hand_over(struct step *st, struct book *b)
{
    bool told = false;
    bool left = b->account.left && st->policy->scoring.pay.on_exit == PAY_EXIT_report;
    for (uint32_t j = 0; j < b->due_count; j++) {
        struct book_due *d = &b->dues[j];
        bool open = left && !d->row.exit && left_of(&d->row) > 0;
        if (open) d->row.exit = b->account.exits;
        told |= open || (d->row.exit && d->row.taken != d->before);
    }
    return told;
}

static void close_book(struct step *st, struct book *b)
{
    bool told = hand_over(st, b);
    for (uint32_t j = 0; j < b->due_count; j++) {
        struct book_due *d = &b->dues[j];
        enum due_state before = d->row.state;
        d->row.state = state_of(b, &d->row);
        step_put(st, SCORING_TABLE(PAY_DUE), &d->key, &d->row);
        bool settled = d->row.state == due_state_settled && before != due_state_settled;
        if (settled && !d->row.kind) tell_settled(st, b, d);
    }
    if (told) tell_balance(st, b);
}

enum err scoring_pay_deduct(struct step *st, struct str person, int32_t from)
{
    struct book b = {.person = person};
    enum err e = account_get(st, person, &b.account);
    if (e == ERR_OK) e = load_dues(st, &b);
    if (e != ERR_OK || b.due_count == 0) return e;
    e = load_months(st, &b, from);
    if (e == ERR_OK) e = load_takes(st, &b);
    if (e != ERR_OK) return e;
    for (uint32_t i = 0; i < b.month_count; i++)
        run_month(st, &b, i);
    close_book(st, &b);
    return ERR_OK;
}

/* ---- what is to be deducted ---- */

/* The first month from this one on that has not been run. */
static enum err first_month(struct step *st, struct str person, int32_t month, enum pay_first when,
                            int32_t *out)
{
    struct rec_row_pay_bonus row;
    enum err e = ERR_OK;
    *out = when == PAY_FIRST_next ? day_add_months(month, 1) : month;
    for (int i = 0; e == ERR_OK && i < FIRST_TRIES_MAX; i++) {
        struct key k = month_key(person, *out);
        e = step_get(st, SCORING_TABLE(PAY_BONUS), &k, &row);
        if (e == ERR_OK) *out = day_add_months(*out, 1);
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Who has left already owes it to accounting at once. */
static enum err add_due(struct step *st, struct str person, struct key key,
                        struct rec_row_pay_due due)
{
    struct book b = {.person = person};
    enum err e = account_get(st, person, &b.account);
    if (e != ERR_OK) return e;
    due.state = due_state_approved;
    step_put(st, SCORING_TABLE(PAY_DUE), &key, &due);
    if (!b.account.left || st->policy->scoring.pay.on_exit == PAY_EXIT_keep) return ERR_OK;
    e = load_dues(st, &b);
    if (e != ERR_OK) return e;
    b.dues[b.due_count++] = (struct book_due){.key = key, .row = due};
    close_book(st, &b);
    return ERR_OK;
}

struct owed {
    const struct ev_penalty_gm_approved *ev;
    int32_t month;
    int64_t age;
};

static enum err add_penalty(struct step *st, const struct owed *o,
                            const struct rec_penalty_line *line)
{
    struct key k = due_key(line->person, true, o->age, o->ev->case_no, o->ev->no);
    struct rec_row_pay_due due = {
        .case_no = o->ev->case_no, .no = o->ev->no, .amount = line->amount};
    enum err e =
        first_month(st, line->person, o->month, st->policy->scoring.pay.penalty_first, &due.first);
    return e == ERR_OK ? add_due(st, line->person, k, due) : e;
}

static struct key penalty_key(struct str case_no, uint64_t no)
{
    struct key k = key_of(case_no);
    key_u8(&k, (uint8_t)no);
    return k;
}

enum err scoring_pay_assessed(struct step *st, const void *payload)
{
    const struct ev_penalty_assessed *ev = payload;
    struct key k = penalty_key(ev->case_no, ev->no);
    struct rec_row_pay_penalty row = {.persons = {ev->persons.v, ev->persons.n},
                                      .assessed_at = step_occurred(st)};
    step_put(st, SCORING_TABLE(PAY_PENALTY), &k, &row);
    return ERR_OK;
}

/* Oldest case first: by its closing, else by the approval, as the policy says. */
static enum err age_of(struct step *st, const struct rec_row_pay_penalty *p, struct str case_no,
                       int64_t *out)
{
    struct rec_row_pay_case c = {0};
    struct key k = key_of(case_no);
    enum err e = step_get(st, SCORING_TABLE(PAY_CASE), &k, &c);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool closing = st->policy->scoring.pay.order == PAY_ORDER_closing;
    *out = !closing ? p->approved_at : c.closed_at ? c.closed_at : p->assessed_at;
    return ERR_OK;
}

/* Two lines of one person are one debt. */
static struct rec_penalty_line line_of(const struct rec_row_pay_penalty *p, uint32_t i)
{
    struct rec_penalty_line line = p->persons.v[i];
    for (uint32_t j = 0; j < p->persons.n; j++) {
        if (j == i || !str_eq(p->persons.v[j].person, line.person)) continue;
        line.amount = j < i ? 0 : line.amount + p->persons.v[j].amount;
        if (j < i) return line;
    }
    if (line.amount > AMOUNT_MAX) line.amount = AMOUNT_MAX;
    return line;
}

enum err scoring_pay_approved(struct step *st, const void *payload)
{
    const struct ev_penalty_gm_approved *ev = payload;
    struct key k = penalty_key(ev->case_no, ev->no);
    struct rec_row_pay_penalty p;
    enum err e = step_get(st, SCORING_TABLE(PAY_PENALTY), &k, &p);
    if (e != ERR_OK || p.approved_at) return e == ERR_NOT_FOUND || e == ERR_OK ? ERR_STALE : e;
    p.approved_at = step_occurred(st);
    step_put(st, SCORING_TABLE(PAY_PENALTY), &k, &p);
    struct owed o = {.ev = ev};
    e = age_of(st, &p, ev->case_no, &o.age);
    for (uint32_t i = 0; e == ERR_OK && i < p.persons.n; i++) {
        struct rec_penalty_line line = line_of(&p, i);
        o.month = scoring_pay_month(st, line.person, p.approved_at);
        if (line.amount > 0) e = add_penalty(st, &o, &line);
    }
    return e;
}

/* CMP-076: a demerit for conduct towards a user is of another company's rules. */
static enum err takes_bonus(struct step *st, const struct ev_sanction_published *ev, bool *out)
{
    struct rec_row_pay_case c = {0};
    struct key k = key_of(ev->case_no);
    enum err e = step_get(st, SCORING_TABLE(PAY_CASE), &k, &c);
    bool conduct = c.conduct == yes_no_yes && !st->policy->scoring.pay.conduct_takes_bonus;
    *out = ev->kind == sanction_kind_major_demerit ? !conduct : ev->kind && ev->amount > 0;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err scoring_pay_sanctioned(struct step *st, const void *payload)
{
    const struct ev_sanction_published *ev = payload;
    bool takes = false;
    enum err e = ev->person.n ? takes_bonus(st, ev, &takes) : ERR_OK;
    if (e != ERR_OK || !takes) return e;
    int32_t month = ev->month ? scoring_period(SCORE_PERIOD_month, ev->month)
                              : scoring_pay_month(st, ev->person, step_occurred(st));
    struct rec_row_pay_due due = {.case_no = ev->case_no, .no = ev->no, .kind = ev->kind};
    if (!is_whole(&due)) due.amount = ev->amount;
    e = first_month(st, ev->person, month, st->policy->scoring.pay.sanction_month, &due.first);
    struct key k = due_key(ev->person, false, month, ev->case_no, ev->no);
    return e == ERR_OK ? add_due(st, ev->person, k, due) : e;
}

enum err scoring_pay_case(struct step *st, struct str case_no, int64_t closed_at, bool conduct)
{
    struct key k = key_of(case_no);
    struct rec_row_pay_case c = {0};
    enum err e = step_get(st, SCORING_TABLE(PAY_CASE), &k, &c);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (closed_at) c.closed_at = closed_at;
    if (conduct) c.conduct = yes_no_yes;
    step_put(st, SCORING_TABLE(PAY_CASE), &k, &c);
    return ERR_OK;
}

/* ---- the person leaves ---- */

enum err scoring_pay_person(struct step *st, const struct ev_person_upserted *ev)
{
    struct book b = {.person = ev->person};
    enum err e = account_get(st, ev->person, &b.account);
    if (e != ERR_OK || b.account.left == ev->left) return e;
    b.account.left = ev->left;
    if (ev->left) b.account.exits++;
    account_put(st, ev->person, &b.account);
    e = load_dues(st, &b);
    if (e == ERR_OK) close_book(st, &b);
    return e;
}
