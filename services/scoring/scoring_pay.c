/* scoring_pay.c - what this room hears; the pay of a period by the scheme of a published score, and
 * the bonus of the month.
 *
 * The scheme says what is paid and what of it is bonus; here its parts are rounded to the fen once
 * each, half up, and summed. A part whose figures are not there is paid nothing and marked. Pay is
 * computed when a score is published, and again when a revision, a cancelled award or an excluded
 * share changes it: then a further revision says by how much. Rules SCO-028, SCO-029, SCO-051,
 * SCO-052, SCO-063, SCO-065, SCO-125, SCO-126. */
#include "services/scoring/scoring_private.h"
#include <string.h>

#define AMOUNT_MAX INT64_C(1000000000000) /* fen, of a part */

/* ---- months ---- */

int32_t scoring_pay_month(struct step *st, struct str person, int64_t at_ms)
{
    struct rec_row_person row = {0};
    struct key k = key_of(person);
    if (!person.n || step_get(st, &table_person, &k, &row) != ERR_OK) row.unit = (struct str){0};
    int32_t day = zone_day(step_zone(st, row.unit), at_ms);
    int32_t least = (int32_t)(TIME_MIN_MS / DAY_MS);
    int32_t first = scoring_period(SCORE_PERIOD_month, day < least ? least : day);
    return first ? first : day_add_months(first, 1); /* a DATE cannot say 1970-01-01 */
}

/* ---- the bonus of the month (SCO-126) ---- */

static struct key bonus_key(struct str person, int32_t month)
{
    struct key k = key_of(person);
    key_day(&k, month);
    return k;
}

static enum err bonus_get(struct step *st, const struct key *k, struct str person,
                          struct rec_row_pay_bonus *out, bool *known)
{
    struct rec_row_pay_account a = {0};
    struct key account = key_of(person);
    enum err e = step_get(st, SCORING_TABLE(PAY_BONUS), k, out);
    *known = e == ERR_OK;
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_pay_bonus){0};
    e = step_get(st, SCORING_TABLE(PAY_ACCOUNT), &account, &a);
    out->exits = a.exits;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static int64_t within(int64_t fen)
{
    return fen < 0 ? 0 : fen > AMOUNT_MAX ? AMOUNT_MAX : fen;
}

static void take_bonus(struct rec_row_pay_bonus *row, const struct scoring_bonus *said)
{
    if (said->door) {
        row->door = within(said->amount);
    } else {
        row->pay = within(row->pay + said->amount);
        row->by_scheme = yes_no_yes;
    }
    row->cancelled = said->cancelled ? yes_no_yes : yes_no_no;
    row->amount = row->by_scheme == yes_no_yes ? row->pay : said->cancelled ? 0 : row->door;
}

enum err scoring_pay_bonus(struct step *st, const struct scoring_bonus *said)
{
    struct rec_row_pay_bonus row, before;
    struct key k = bonus_key(said->person, said->month);
    bool known;
    enum err e = bonus_get(st, &k, said->person, &row, &known);
    if (e != ERR_OK) return e;
    before = row;
    take_bonus(&row, said);
    step_put(st, SCORING_TABLE(PAY_BONUS), &k, &row);
    if (known && row.amount == before.amount && row.cancelled == before.cancelled) return ERR_OK;
    struct ev_scoring_bonus_published ev = {.person = said->person,
                                            .month = said->month,
                                            .amount = row.amount,
                                            .change = row.amount - before.amount,
                                            .kind = st->policy->scoring.pay.bonus_kind,
                                            .unit = said->unit,
                                            .scheme = said->scheme,
                                            .cancelled = row.cancelled};
    step_emit_as(st, "SCO-126", EV_scoring_bonus_published, &ev);
    if (known && row.amount == before.amount) return ERR_OK;
    return scoring_pay_deduct(st, said->person, said->month);
}

/* ---- pay of a period ---- */

struct paid {
    const struct rec_row_score_result *r;
    const struct scheme *scheme;
    struct rec_pay_line *lines;
    struct rec_pay_figure *figures; /* NULL: as told before */
    uint32_t figure_count;
    struct rec_row_pay row, before;
    bool known;
};

static bool is_month(const struct paid *p)
{
    return p->scheme->period == SCORE_PERIOD_month;
}

static struct key pay_key(struct str person, int32_t month, struct str scheme)
{
    struct key k = bonus_key(person, month);
    key_str(&k, scheme);
    return k;
}

static void take_lines(struct step *st, struct paid *p, const struct reckoned *k)
{
    p->lines = arena_take(st->arena, RECKON_PAY_MAX * sizeof *p->lines);
    p->row.lines.v = p->lines;
    p->row.lines.n = 0;
    for (uint32_t i = 0; i < k->pay_count && i < RECKON_PAY_MAX; i++) {
        const struct score_pay *part = k->pay[i].pay;
        int64_t fen = 0;
        bool there = frac_round(k->pay[i].yuan, 2, &fen);
        p->lines[p->row.lines.n++] =
            (struct rec_pay_line){.id = part->id,
                                  .name = part->name,
                                  .bonus = part->bonus ? yes_no_yes : yes_no_no,
                                  .missing = there ? yes_no_none : yes_no_yes,
                                  .gross = within(fen)};
    }
}

/* What the parts were made of, for people: base, payout (SCO-028, SCO-063). */
static void take_figures(struct step *st, struct paid *p, const struct reckoned *k)
{
    p->figures = arena_take(st->arena, RECKON_PAY_MAX * sizeof *p->figures);
    for (uint32_t i = 0; i < k->figure_count && i < RECKON_PAY_MAX; i++) {
        const struct reckoned_figure *f = &k->figures[i];
        char text[FRAC_TEXT_MAX];
        frac_text(f->value, 4, text);
        p->figures[p->figure_count++] =
            (struct rec_pay_figure){.id = f->figure->id,
                                    .name = f->figure->name,
                                    .num = frac_has(f->value) ? f->value.num : 0,
                                    .den = frac_has(f->value) ? f->value.den : 0,
                                    .value = arena_str(st->arena, str_of(text))};
    }
}

/* SCO-125: the award is 0, the basic wage untouched. SCO-064: no share of the excess profit. */
static void take_amounts(struct step *st, struct paid *p, bool cancelled, bool excluded)
{
    const struct scoring_pay_keys *keys = &st->policy->scoring.pay;
    p->row.cancelled = cancelled ? yes_no_yes : yes_no_none;
    p->row.bonus = p->row.total = 0;
    for (uint32_t i = 0; i < p->row.lines.n; i++) {
        struct rec_pay_line *line = &p->lines[i];
        bool bonus = line->bonus == yes_no_yes;
        bool none = (cancelled && bonus) || (excluded && words_have(keys->profit_pay, line->id));
        line->amount = none ? 0 : line->gross;
        p->row.total += line->amount;
        if (bonus) p->row.bonus = within(p->row.bonus + line->amount);
    }
}

static bool same_lines(const struct rec_row_pay *a, const struct rec_row_pay *b)
{
    bool same = a->lines.n == b->lines.n;
    for (uint32_t i = 0; same && i < a->lines.n; i++) {
        const struct rec_pay_line *x = &a->lines.v[i], *y = &b->lines.v[i];
        same = str_eq(x->id, y->id) && x->gross == y->gross && x->amount == y->amount &&
               x->missing == y->missing && x->bonus == y->bonus;
    }
    return same;
}

static bool is_as_before(const struct paid *p)
{
    return p->known && p->row.score_num == p->before.score_num &&
           p->row.score_den == p->before.score_den && p->row.cancelled == p->before.cancelled &&
           same_lines(&p->row, &p->before);
}

static void tell_pay(struct step *st, const struct paid *p)
{
    char score[FRAC_TEXT_MAX];
    frac_text((struct frac){p->row.score_num, p->row.score_den}, st->policy->scoring.decimals,
              score);
    struct ev_scoring_pay_computed ev = {.person = p->r->person,
                                         .month = p->r->first,
                                         .scheme = p->r->scheme,
                                         .revision = p->row.revision,
                                         .unit = p->row.unit,
                                         .post = p->row.post,
                                         .paid_month = p->row.paid_month,
                                         .score_num = p->row.score_num,
                                         .score_den = p->row.score_den,
                                         .score = str_of(score),
                                         .figures = {p->figures, p->figure_count},
                                         .lines = {p->row.lines.v, p->row.lines.n},
                                         .cancelled = p->row.cancelled,
                                         .bonus = p->row.bonus,
                                         .total = p->row.total,
                                         .change = p->row.total - p->before.total};
    step_emit_as(st, "SCO-029", EV_scoring_pay_computed, &ev);
}

static bool has_bonus(const struct scheme *s)
{
    for (uint32_t i = 0; i < s->pay_count; i++) {
        if (s->pay[i].bonus) return true;
    }
    return false;
}

static enum err book(struct step *st, struct paid *p)
{
    struct key k = pay_key(p->r->person, p->r->first, p->r->scheme);
    if (is_as_before(p)) return ERR_OK;
    p->row.revision = p->before.revision < 65535 ? p->before.revision + 1 : 65535;
    step_put(st, SCORING_TABLE(PAY_MONTH), &k, &p->row);
    tell_pay(st, p);
    if (!is_month(p) || !has_bonus(p->scheme)) return ERR_OK;
    struct scoring_bonus said = {.person = p->r->person,
                                 .unit = p->row.unit,
                                 .scheme = p->r->scheme,
                                 .month = p->r->first,
                                 .cancelled = p->row.cancelled == yes_no_yes,
                                 .amount = p->row.bonus - p->before.bonus};
    return scoring_pay_bonus(st, &said);
}

static enum err load(struct step *st, struct paid *p)
{
    struct key k = pay_key(p->r->person, p->r->first, p->r->scheme);
    enum err e = step_get(st, SCORING_TABLE(PAY_MONTH), &k, &p->before);
    p->known = e == ERR_OK;
    if (e == ERR_NOT_FOUND) p->before = (struct rec_row_pay){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* With whose basic wage it is paid; a revision does not move it. */
static int32_t paid_month(struct step *st, const struct paid *p)
{
    if (p->before.paid_month) return p->before.paid_month;
    bool assessed = st->policy->scoring.pay.pay_month == PAY_MONTH_assessed;
    return assessed ? p->r->first : scoring_pay_month(st, p->r->person, p->r->published_at);
}

static enum err is_cancelled(struct step *st, const struct paid *p, bool *out)
{
    *out = false;
    if (!p->scheme->primary || !is_month(p)) return ERR_OK;
    return scoring_award_cancelled(st, p->r->person, p->r->first, out);
}

/* Without a share of the excess profit: he is excluded, or the premise is not met. */
static enum err is_excluded(struct step *st, const struct paid *p, bool *out)
{
    bool open;
    *out = false;
    if (!str_eq(p->r->scheme, st->policy->scoring.pay.profit_scheme)) return ERR_OK;
    enum err e = scoring_profit_excluded(st, p->r->person, p->r->first, out);
    if (e == ERR_OK) e = scoring_profit_open(st, p->r->unit, p->r->first, &open);
    if (e == ERR_OK && !open) *out = true;
    return e;
}

static enum err compute(struct step *st, struct paid *p, const struct reckoned *k)
{
    bool cancelled, excluded;
    enum err e = load(st, p);
    if (e == ERR_OK) e = is_cancelled(st, p, &cancelled);
    if (e == ERR_OK) e = is_excluded(st, p, &excluded);
    if (e != ERR_OK) return e;
    p->row = (struct rec_row_pay){.unit = p->r->unit,
                                  .post = p->r->post,
                                  .paid_month = paid_month(st, p),
                                  .score_num = p->r->score_num,
                                  .score_den = p->r->score_den};
    take_lines(st, p, k);
    take_figures(st, p, k);
    take_amounts(st, p, cancelled, excluded);
    return book(st, p);
}

enum err scoring_pay_published(struct step *st, const struct rec_row_score_result *r,
                               const struct reckoned *k)
{
    struct paid p = {.r = r, .scheme = policy_scheme_at(st->policy, r->scheme, r->first)};
    bool excluded; /* told, though there is nothing to be paid */
    if (!k || !p.scheme || !r->first || !r->person.n || r->score_den <= 0) return ERR_OK;
    if (p.scheme->pay_count == 0) return is_excluded(st, &p, &excluded);
    return compute(st, &p, k);
}

/* ---- the award of a month is cancelled afterwards (SCO-125) ---- */

/* The same parts; only what is paid of them changes. */
static enum err compute_again(struct step *st, struct paid *p, bool cancelled)
{
    bool excluded;
    enum err e = load(st, p);
    if (e == ERR_OK) e = is_excluded(st, p, &excluded);
    if (e != ERR_OK) return e;
    p->row = p->before;
    p->lines = arena_take(st->arena, (p->before.lines.n + 1) * sizeof *p->lines);
    if (p->before.lines.n)
        memcpy(p->lines, p->before.lines.v, p->before.lines.n * sizeof *p->lines);
    p->row.lines.v = p->lines;
    take_amounts(st, p, cancelled, excluded);
    return book(st, p);
}

static enum err door_again(struct step *st, struct str person, int32_t month, bool cancelled)
{
    struct rec_row_pay_bonus row;
    struct key k = bonus_key(person, month);
    enum err e = step_get(st, SCORING_TABLE(PAY_BONUS), &k, &row);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (row.by_scheme == yes_no_yes) return ERR_OK;
    struct scoring_bonus said = {
        .person = person, .month = month, .cancelled = cancelled, .door = true, .amount = row.door};
    return scoring_pay_bonus(st, &said);
}

/* What was paid to the person whose key this row has. */
static enum err paid_at(struct step *st, const struct key *at, size_t prefix,
                        struct rec_row_score_result *r)
{
    struct key_reader reader = {{at->b + prefix, at->n - prefix}};
    uint64_t day;
    enum err e = key_take_u64(&reader, &day);
    if (e == ERR_OK) e = key_take_str(&reader, &r->scheme);
    if (e != ERR_OK) return e;
    r->first = (int32_t)((int64_t)day - INT64_C(0x100000000));
    r->scheme = arena_str(st->arena, r->scheme);
    return ERR_OK;
}

typedef bool fits(const struct step *st, const struct paid *p, int32_t first);

static bool of_month(const struct step *st, const struct paid *p, int32_t first)
{
    (void)st;
    return p->scheme->primary && is_month(p) && p->r->first == first;
}

static bool of_profit(const struct step *st, const struct paid *p, int32_t first)
{
    return str_eq(p->r->scheme, st->policy->scoring.pay.profit_scheme) &&
           scoring_period(SCORE_PERIOD_year, p->r->first) == first;
}

static enum err all_again(struct step *st, struct str person, int32_t first, fits *fit)
{
    struct key prefix = key_of(person), at = {.n = 0};
    struct rec_row_pay row;
    enum err e;
    while ((e = step_next(st, SCORING_TABLE(PAY_MONTH), &prefix, &at, &row)) == ERR_OK) {
        struct rec_row_score_result r = {.person = person};
        struct paid p = {.r = &r};
        bool cancelled;
        e = paid_at(st, &at, prefix.n, &r);
        if (e != ERR_OK) return e;
        p.scheme = policy_scheme_at(st->policy, r.scheme, r.first);
        r.unit = row.unit;
        if (!p.scheme || !fit(st, &p, first)) continue;
        e = is_cancelled(st, &p, &cancelled);
        if (e == ERR_OK) e = compute_again(st, &p, cancelled);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err scoring_pay_recompute(struct step *st, struct str person, int32_t month)
{
    int32_t first = scoring_period(SCORE_PERIOD_month, month);
    bool cancelled;
    enum err e = scoring_award_cancelled(st, person, first, &cancelled);
    if (e == ERR_OK) e = all_again(st, person, first, of_month);
    return e == ERR_OK ? door_again(st, person, first, cancelled) : e;
}

/* ---- a bonus no scheme pays ---- */

/* SCO-126: reported at the door under the metric the policy names; without one there is none. */
static enum err on_reported(struct step *st, const struct ev_kpi_actual_reported *ev)
{
    struct frac yuan;
    struct scoring_bonus said = {.person = ev->person, .unit = ev->unit, .door = true};
    st->rule = "SCO-126";
    if (!frac_parse(ev->value, &yuan) || yuan.num < 0 || !frac_round(yuan, 2, &said.amount) ||
        said.amount > AMOUNT_MAX) {
        return step_refuse(st, "amount", "value",
                           "%.*s is a bonus; its value must be an amount from 0 to 10000000000.00 "
                           "yuan, like 800.00",
                           STR_ARG(ev->value));
    }
    said.month = scoring_period(SCORE_PERIOD_month, ev->month);
    if (said.month > scoring_pay_month(st, ev->person, step_occurred(st))) {
        return step_refuse(st, "early", "month",
                           "the month of this bonus has not begun; report it when it is known");
    }
    enum err e = scoring_award_cancelled(st, said.person, said.month, &said.cancelled);
    return e == ERR_OK ? scoring_pay_bonus(st, &said) : e;
}

/* ---- what this room hears ---- */

/* SCO-065: whether the target was met is known, or known better, after the pay was computed. */
enum err scoring_pay_profit(struct step *st, struct str person, int32_t day)
{
    return all_again(st, person, scoring_period(SCORE_PERIOD_year, day), of_profit);
}

/* SCO-064 is looked at again, for all of the year; the ledger of conduct has counted the mark. */
static enum err profit_again(struct step *st, struct str person, int32_t day)
{
    bool excluded;
    enum err e = scoring_profit_excluded(st, person, day, &excluded);
    return e == ERR_OK && excluded ? scoring_pay_profit(st, person, day) : e;
}

enum err scoring_pay_marks(struct step *st, struct str person, int32_t day)
{
    bool excluded;
    enum err e = scoring_profit_excluded(st, person, day, &excluded);
    return e == ERR_OK ? scoring_pay_profit(st, person, day) : e;
}

enum err scoring_pay_fact(struct step *st, const void *payload)
{
    if (st->type->kind != EV_sales_bonus_confirmed) return ERR_STALE;
    return scoring_collection_fact(st, payload);
}

enum err scoring_pay_heard(struct step *st, const void *payload)
{
    const struct ev_conduct_confirmed *conduct = payload;
    if (st->type->kind == EV_conduct_confirmed)
        return profit_again(st, conduct->person, conduct->day);
    if (st->type->kind != EV_kpi_actual_reported) return ERR_OK;
    const struct ev_kpi_actual_reported *ev = payload;
    struct str metric = st->policy->scoring.pay.bonus_metric;
    bool bonus = metric.n && str_eq(metric, ev->metric) && ev->person.n && ev->month;
    return bonus ? on_reported(st, ev) : ERR_OK;
}

static enum err on_closed(struct step *st, const struct ev_complaint_closed *ev)
{
    struct str no = ev->opened_as.n ? ev->opened_as : ev->case_no;
    return scoring_pay_case(st, no, step_occurred(st), false);
}

static enum err on_sanction(struct step *st, const struct ev_sanction_published *ev)
{
    enum err e = scoring_pay_sanctioned(st, ev);
    if (e != ERR_OK || !ev->person.n) return e;
    return profit_again(st, ev->person, step_day(st, (struct str){0}));
}

enum err scoring_pay_upstream(struct step *st, const void *payload)
{
    const struct ev_service_complaint_verified *verified = payload;
    if (st->from == OWNER_intake) return scoring_reward_upstream(st, payload);
    if (st->type->kind == EV_penalty_assessed) return scoring_pay_assessed(st, payload);
    if (st->type->kind == EV_penalty_gm_approved) return scoring_pay_approved(st, payload);
    if (st->type->kind == EV_sanction_published) return on_sanction(st, payload);
    if (st->type->kind == EV_complaint_closed) return on_closed(st, payload);
    if (st->type->kind != EV_service_complaint_verified) return ERR_STALE;
    return scoring_pay_case(st, verified->case_no, 0, true);
}

enum err scoring_pay_passed(struct step *st, const struct passed *what)
{
    (void)st, (void)what;
    return ERR_OK;
}
