/* scoring_ledger.c - the ledgers of conduct 1-5: what is told of somebody becomes an entry, which a
 * manager confirms or rejects; what is confirmed is booked in the month of the fact, with its fine,
 * and counted in the assessment year 考核年度 of the fact (SCO-107 … SCO-125).
 *
 * An entry is found by what makes it one fact: person, kind, case or site, and day. So reports of
 * one fact meet, whichever event brought them and in whichever order; the first makes the entry,
 * the others stay as evidence. A report that does not know the day meets the entry of any day, one
 * that names no case that of its day, if another event brought it. An entry that does not know its
 * day or case takes that of the first report that does, until it is confirmed. What follows from a
 * count is proposed, never done: a person confirms it. */
#include "services/scoring/scoring_private.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define REPORTS_MAX 16
#define TEXT_BYTES 256

int32_t scoring_year_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return y;
}

int32_t scoring_month_of(int32_t day)
{
    return scoring_period(SCORE_PERIOD_month, day);
}

enum err scoring_unit_of(struct step *st, struct str person, struct str *out)
{
    struct rec_row_person p;
    struct key key = key_of(person);
    enum err e = step_get(st, &table_person, &key, &p);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool known = e == ERR_OK && p.unit.n > 0;
    struct str source = st->in ? st->in->source : (struct str){0};
    *out = known ? p.unit : source.n <= 32 ? source : (struct str){0};
    return ERR_OK;
}

/* ---- what was told ---- */

static struct key entry_key(struct str person, const struct ledger_fact *fact, struct str case_no,
                            int32_t day)
{
    struct key k = key_of(person);
    key_str(&k, fact->id);
    key_str(&k, case_no);
    key_day(&k, day);
    return k;
}

static struct str clipped(struct str s)
{
    if (s.n <= TEXT_BYTES) return s;
    s.n = TEXT_BYTES;
    while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
        s.n--;
    return s;
}

static const char *const logs[] = {[OWNER_intake] = "intake",
                                   [OWNER_dispatch] = "dispatch",
                                   [OWNER_parts] = "parts",
                                   [OWNER_complaint] = "complaint",
                                   [OWNER_scoring] = "scoring"};

static struct rec_conduct_report report_of(struct step *st, const struct conduct_told *told)
{
    const char *log = st->from < COUNT_OF(logs) && logs[st->from] ? logs[st->from] : "";
    struct str id = st->in->id;
    if (!id.n) id = arena_printf(st->arena, "%s/%" PRIu64, log, st->in->seq);
    return (struct rec_conduct_report){.event = id,
                                       .source = st->in->source,
                                       .type = str_of(st->type->type),
                                       .log = str_of(log),
                                       .text = clipped(told->text)};
}

static void add_report(struct step *st, struct rec_row_conduct *r, const struct conduct_told *told)
{
    uint32_t n = r->reports.n;
    r->told++;
    if (n == REPORTS_MAX) return;
    struct rec_conduct_report *v = arena_take(st->arena, (n + 1) * sizeof *v);
    if (n) memcpy(v, r->reports.v, n * sizeof *v);
    v[n] = report_of(st, told);
    r->reports.v = v;
    r->reports.n = n + 1;
}

/* ledger.same_fact: what stands for the case in the key. */
static struct str same_case(struct step *st, const struct conduct_told *told)
{
    switch (st->policy->scoring.same_fact) {
    case SAME_FACT_case:
        return told->case_no;
    case SAME_FACT_day:
        return (struct str){0};
    case SAME_FACT_each:
        break;
    }
    struct str id = report_of(st, told).event;
    if (id.n <= 64) return id;
    return (struct str){id.p + id.n - 64, 64};
}

/* The entry of this person, kind and case whose day the report, or the entry, does not know. */
static enum err meet_other_day(struct step *st, const struct conduct_told *told, struct str case_no,
                               struct key *key, struct rec_row_conduct *out)
{
    struct key prefix = key_of(told->person), at = {.n = 0};
    struct rec_row_conduct r;
    enum err e = ERR_NOT_FOUND;
    key_str(&prefix, told->fact->id);
    key_str(&prefix, case_no);
    if (!case_no.n) return ERR_NOT_FOUND;
    while ((e = step_next(st, SCORING_TABLE(CONDUCT), &prefix, &at, &r)) == ERR_OK) {
        if (!r.undated && !told->undated) continue;
        *key = at;
        *out = r;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_NOT_FOUND : e;
}

/* The entry of this person, kind and day of which only one, it or the report, names a case. What
 * one sort of event tells of a day is told apart by its case, also by having none. */
static enum err meet_other_case(struct step *st, const struct conduct_told *told,
                                struct str case_no, struct key *key, struct rec_row_conduct *out)
{
    struct key prefix = key_of(told->person), at = {.n = 0};
    struct rec_row_conduct r;
    enum err e;
    key_str(&prefix, told->fact->id);
    if (told->undated || st->policy->scoring.same_fact != SAME_FACT_case) return ERR_NOT_FOUND;
    while ((e = step_next(st, SCORING_TABLE(CONDUCT), &prefix, &at, &r)) == ERR_OK) {
        struct key_reader k = {{at.b + prefix.n, at.n - prefix.n}};
        struct str its;
        if (key_take_str(&k, &its) != ERR_OK) return ERR_CORRUPT;
        bool one = (its.n == 0) != (case_no.n == 0);
        if (!one || r.undated || r.day != told->day || !r.reports.n) continue;
        if (str_is(r.reports.v[0].type, st->type->type)) continue;
        *key = at;
        *out = r;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_NOT_FOUND : e;
}

static enum err find(struct step *st, const struct conduct_told *told, struct str case_no,
                     struct key *key, struct rec_row_conduct *out)
{
    *key = entry_key(told->person, told->fact, case_no, told->day);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT), key, out);
    if (e == ERR_NOT_FOUND) e = meet_other_day(st, told, case_no, key, out);
    return e == ERR_NOT_FOUND ? meet_other_case(st, told, case_no, key, out) : e;
}

static enum err entry_new(struct step *st, const struct conduct_told *told,
                          struct rec_row_conduct *r)
{
    *r = (struct rec_row_conduct){.state = conduct_state_recorded,
                                  .ledger = told->fact->ledger,
                                  .day = told->day,
                                  .undated = told->undated};
    return scoring_unit_of(st, told->person, &r->unit);
}

/* Now the day, or the case, is known: the entry moves there. */
static void entry_moves(struct step *st, const struct conduct_told *told, struct str case_no,
                        struct key *key, struct rec_row_conduct *r)
{
    struct key to = entry_key(told->person, told->fact, case_no, told->day);
    bool there = to.n == key->n && memcmp(to.b, key->b, to.n) == 0;
    bool known = r->undated || case_no.n;
    if (there || !known || told->undated || r->state != conduct_state_recorded) return;
    step_del(st, SCORING_TABLE(CONDUCT), key);
    *key = to;
    r->day = told->day;
    r->undated = false;
}

static enum err take(struct step *st, const struct conduct_told *told, struct key *key,
                     struct rec_row_conduct *r)
{
    struct str case_no = same_case(st, told);
    enum err e = find(st, told, case_no, key, r);
    if (e == ERR_NOT_FOUND) {
        *key = entry_key(told->person, told->fact, case_no, told->day);
        e = entry_new(st, told, r);
    } else if (e == ERR_OK) {
        entry_moves(st, told, case_no, key, r);
    }
    if (e == ERR_OK) add_report(st, r, told);
    return e;
}

/* Nobody to write it down for, or a fact that others enforce, or a day of no ledger. */
static bool is_none(const struct conduct_told *told)
{
    bool in = told->day >= LEDGER_DAY_MIN && told->day <= (int32_t)(TIME_MAX_MS / DAY_MS);
    return !told->person.n || !told->fact || told->fact->held.n || !in;
}

enum err scoring_ledger_told(struct step *st, const struct conduct_told *told)
{
    struct rec_row_conduct r;
    struct key key;
    if (is_none(told)) return ERR_STALE;
    enum err e = take(st, told, &key, &r);
    if (e != ERR_OK) return e;
    step_put(st, SCORING_TABLE(CONDUCT), &key, &r);
    return ERR_OK;
}

/* ---- booked ---- */

/* A confirmed entry: what the handlers of its booking share. */
struct booking {
    struct conduct_told told;
    struct rec_row_conduct *row;
    uint64_t count; /* of the counter in the year, this one included */
};

static enum err count_up(struct step *st, struct booking *b)
{
    const struct ledger_fact *f = b->told.fact;
    struct rec_row_conduct_count r = {0};
    if (!f->counter.n) return ERR_OK;
    struct key key = key_of(b->told.person);
    key_u64(&key, (uint64_t)scoring_year_of(b->told.day));
    key_str(&key, f->counter);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_COUNT), &key, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    b->count = ++r.n;
    step_put(st, SCORING_TABLE(CONDUCT_COUNT), &key, &r);
    return ERR_OK;
}

static void emit_booked(struct step *st, const struct booking *b)
{
    const struct ledger_fact *f = b->told.fact;
    struct ev_conduct_booked ev = {.person = b->told.person,
                                   .kind = f->id,
                                   .case_no = b->told.case_no,
                                   .day = b->told.day,
                                   .ledger = f->ledger,
                                   .month = scoring_month_of(b->told.day),
                                   .unit = b->row->unit,
                                   .fine = b->row->fine,
                                   .mark = b->row->mark,
                                   .counter = f->counter,
                                   .count = b->count,
                                   .limit = f->limit};
    step_emit_as(st, f->rule.p, EV_conduct_booked, &ev);
}

/* SCO-125: once a month, whatever else happens in it. */
static enum err cancel_award(struct step *st, const struct booking *b)
{
    struct rec_row_award_cancelled r;
    int32_t month = scoring_month_of(b->told.day);
    struct key key = key_of(b->told.person);
    key_day(&key, month);
    if (!b->told.fact->award) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_AWARD), &key, &r);
    if (e != ERR_NOT_FOUND) return e;
    r = (struct rec_row_award_cancelled){
        .kind = b->told.fact->id, .case_no = b->told.case_no, .day = b->told.day};
    step_put(st, SCORING_TABLE(CONDUCT_AWARD), &key, &r);
    struct ev_scoring_award_cancelled ev = {.person = b->told.person,
                                            .month = month,
                                            .kind = r.kind,
                                            .case_no = r.case_no,
                                            .day = r.day};
    step_emit_as(st, "SCO-125", EV_scoring_award_cancelled, &ev);
    return scoring_pay_recompute(st, b->told.person, month);
}

enum err scoring_award_cancelled(struct step *st, struct str person, int32_t month, bool *out)
{
    struct rec_row_award_cancelled r;
    struct key key = key_of(person);
    key_day(&key, month);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_AWARD), &key, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK;
    return ERR_OK;
}

/* SCO-016: the punishment on top of the points, for the same fact. */
static enum err punish(struct step *st, const struct booking *b)
{
    const struct scheme *scheme;
    struct str post;
    const struct rec_row_conduct *r = b->row;
    enum err e = scoring_scheme_of(st, b->told.person, b->told.day, &scheme, &post);
    bool in = e == ERR_OK && words_have(st->policy->scoring.punished_schemes, scheme->id);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (!in && r->item.n) {
        st->rule = "SCO-016";
        return step_refuse(st, "scheme", "item",
                           "%.*s is not assessed by a scheme in which conduct takes points; leave "
                           "item and points out",
                           STR_ARG(b->told.person));
    }
    bool punished = r->fine || r->mark || b->told.fact->effect != LEDGER_EFFECT_none;
    if (!in || !punished || r->mark == conduct_mark_merit || r->mark == conduct_mark_award)
        return ERR_OK;
    struct ev_conduct_punished ev = {.person = b->told.person,
                                     .scheme = scheme->id,
                                     .kind = b->told.fact->id,
                                     .case_no = b->told.case_no,
                                     .day = b->told.day,
                                     .event =
                                         r->reports.n ? r->reports.v[0].event : (struct str){0},
                                     .item = r->item,
                                     .points = r->points,
                                     .fine = r->fine,
                                     .mark = r->mark};
    step_emit_as(st, "SCO-016", EV_conduct_punished, &ev);
    return ERR_OK;
}

static enum err propose_loss(struct step *st, const struct booking *b)
{
    const struct ledger_fact *f = b->told.fact;
    const struct ev_conduct_qualification_loss_proposed ev = {
        .person = b->told.person,
        .cause = loss_cause_limit,
        .counter = f->counter,
        .year = (uint64_t)scoring_year_of(b->told.day),
        .count = b->count,
        .day = b->told.day};
    return scoring_propose_loss(st, f->rule.p, &ev);
}

static enum err propose(struct step *st, const struct booking *b)
{
    const struct ledger_fact *f = b->told.fact;
    if (b->row->mark == conduct_mark_dismissal) return scoring_propose_dismissal(st, &b->told);
    if (f->limit && b->count < f->limit) return ERR_OK;
    switch (f->effect) {
    case LEDGER_EFFECT_none:
        return ERR_OK;
    case LEDGER_EFFECT_training:
        return scoring_propose_training(st, &b->told);
    case LEDGER_EFFECT_qualification_loss:
        return propose_loss(st, b);
    case LEDGER_EFFECT_dismissal:
        return scoring_propose_dismissal(st, &b->told);
    }
    return ERR_OK;
}

static enum err book(struct step *st, struct booking *b, bool marked)
{
    struct rec_row_conduct *r = b->row;
    r->state = conduct_state_booked;
    r->confirmed_at = step_occurred(st);
    r->fine = b->told.fact->fine_fen;
    enum err e = count_up(st, b);
    if (e == ERR_OK && !marked) e = scoring_marks_add(st, b->told.person, b->told.day, r->mark, 1);
    if (e != ERR_OK) return e;
    emit_booked(st, b);
    e = punish(st, b);
    if (e == ERR_OK) e = cancel_award(st, b);
    return e == ERR_OK ? propose(st, b) : e;
}

/* ---- the manager's word ---- */

static enum err check_points(struct step *st, const struct ev_conduct_confirmed *ev)
{
    struct frac points;
    st->rule = "SCO-016";
    if (!ev->item.n && !ev->points.n) return ERR_OK;
    if (ev->item.n && frac_parse(ev->points, &points) && points.num > 0) return ERR_OK;
    return step_refuse(st, "points", ev->item.n ? "points" : "item",
                       "a deduction names the item of the sheet and how many points, a number "
                       "above 0");
}

/* SCO-116: by severity, where the policy leaves a choice. */
static enum err choose_mark(struct step *st, const struct ledger_fact *f, enum conduct_mark said,
                            enum conduct_mark *out)
{
    *out = said;
    if (!said && f->marks.n == 1)
        *out = (enum conduct_mark)code_number(&codes_conduct_mark, f->marks.v[0]);
    struct str word = str_of(code_word(&codes_conduct_mark, *out));
    if (*out ? words_have(f->marks, word) : !f->marks.n) return ERR_OK;
    st->rule = f->rule.p;
    return step_refuse(st, "mark", "mark",
                       said ? "%.*s does not bring this mark; see marks in ledger_facts"
                            : "%.*s is punished by severity; say which of its marks it is "
                              "(ledger_facts)",
                       STR_ARG(f->id));
}

static enum err on_confirmed(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_confirmed *ev = payload;
    struct booking *b = row;
    struct rec_row_person p;
    enum err e = scoring_person(st, ev->person, "person", &p);
    if (e == ERR_OK) e = scoring_decides(st, st->policy->scoring.may_confirm, ev->person, ev->by);
    if (e == ERR_OK) e = check_points(st, ev);
    if (e == ERR_OK) e = choose_mark(st, b->told.fact, ev->mark, &b->row->mark);
    if (e != ERR_OK) return e;
    b->row->unit = p.unit;
    b->row->by = ev->by;
    b->row->reason = ev->reason;
    b->row->item = ev->item;
    b->row->points = ev->points;
    return book(st, b, false);
}

static enum err on_rejected(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_rejected *ev = payload;
    struct booking *b = row;
    enum err e = scoring_decides(st, st->policy->scoring.may_confirm, ev->person, ev->by);
    if (e != ERR_OK) return e;
    b->row->state = conduct_state_rejected;
    b->row->rejected_at = step_occurred(st);
    b->row->by = ev->by;
    b->row->reason = ev->reason;
    return ERR_OK;
}

/* A confirmed entry is booked at once (ledger.consequences). */
static const struct transition rows[] = {
    {EV_conduct_confirmed, IN(conduct_state_recorded), conduct_state_booked, on_confirmed,
     "SCO-107"},
    {EV_conduct_rejected, IN(conduct_state_recorded), conduct_state_rejected, on_rejected,
     "SCO-107"},
};

/* Both events begin with what names the entry. */
struct entry_ref {
    struct str person, kind, case_no;
    int32_t day;
};
#define BEGINS_WITH_ENTRY(event)                                                                   \
    static_assert(offsetof(struct ev_##event, person) == offsetof(struct entry_ref, person) &&     \
                      offsetof(struct ev_##event, kind) == offsetof(struct entry_ref, kind) &&     \
                      offsetof(struct ev_##event, case_no) ==                                      \
                          offsetof(struct entry_ref, case_no) &&                                   \
                      offsetof(struct ev_##event, day) == offsetof(struct entry_ref, day),         \
                  #event)
BEGINS_WITH_ENTRY(conduct_confirmed);
BEGINS_WITH_ENTRY(conduct_rejected);

static enum err find_named(struct step *st, const struct entry_ref *ref, struct booking *b,
                           struct key *key)
{
    const struct ledger_fact *f = policy_ledger_fact(st->policy, ref->kind);
    if (!f || f->held.n) {
        return step_refuse(st, "unknown_word", "kind",
                           "%.*s is no conduct a manager confirms here; see ledger_facts",
                           STR_ARG(ref->kind));
    }
    bool by_case = st->policy->scoring.same_fact != SAME_FACT_day;
    struct str case_no = by_case ? ref->case_no : (struct str){0};
    *key = entry_key(ref->person, f, case_no, ref->day);
    b->told = (struct conduct_told){
        .fact = f, .person = ref->person, .case_no = case_no, .day = ref->day};
    enum err e = step_get(st, SCORING_TABLE(CONDUCT), key, b->row);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_number", "day",
                       "no such fact of %.*s was told; name person, kind, case_no and day as it "
                       "was, or report conduct.recorded first",
                       STR_ARG(ref->person));
}

enum err scoring_ledger_fact(struct step *st, const void *payload)
{
    struct rec_row_conduct r;
    struct booking b = {.row = &r};
    struct entry_ref ref;
    struct key key;
    const struct transition *t;
    enum event_kind kind = st->type->kind;
    if (kind != EV_conduct_confirmed && kind != EV_conduct_rejected) return ERR_STALE;
    memcpy(&ref, payload, sizeof ref);
    enum err e = find_named(st, &ref, &b, &key);
    if (e == ERR_OK) e = machine_find(st, rows, COUNT_OF(rows), r.state, &codes_conduct_state, &t);
    if (e != ERR_OK) return e;
    e = t->handle(st, payload, &b);
    if (e != ERR_OK) return e;
    step_put(st, SCORING_TABLE(CONDUCT), &key, &r);
    st->rule = b.told.fact->rule.p;
    return ERR_OK;
}

/* ---- by a published sanction (SCO-115) ---- */

enum err scoring_ledger_sanctioned(struct step *st, const struct conduct_told *told,
                                   const struct ev_sanction_published *ev, bool *counted)
{
    struct rec_row_conduct r;
    struct booking b = {.told = *told, .row = &r};
    struct key key;
    *counted = false;
    if (is_none(told)) return ERR_OK;
    enum err e = take(st, told, &key, &r);
    if (e != ERR_OK) return e;
    *counted = r.state == conduct_state_booked;
    if (r.state != conduct_state_booked) {
        b.told.day = r.day;
        r.by = ev->by_unit.n ? ev->by_unit : st->in->source;
        r.mark = conduct_mark_demerit_major;
        e = book(st, &b, true);
    }
    if (e == ERR_OK) step_put(st, SCORING_TABLE(CONDUCT), &key, &r);
    return e;
}
