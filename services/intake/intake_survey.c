/* intake_survey.c - opinion cards 客戶意見調查卡: one for every call of a register whose policy has
 * survey=card_all, without sampling, and what customers answer.
 *
 * cards(unit, day) = calls(unit, day): a cancelled call counts when somebody had been assigned to
 * it, or when its card was out before. survey.send runs from register.sent until no call of the
 * register lacks its card; what is lacking then is survey.count_mismatch. `missing` of the day is a
 * running count; when it comes to nothing the register is counted, and the count decides. Answers
 * are read by complaint (CMP-121) and scoring (SCO-068). Rules INT-022, INT-088, INT-089, INT-090.
 */
#include "common/contract.h"
#include "common/frac.h"
#include "services/intake/intake_private.h"

#define MISSING_MAX 512 /* survey.count_mismatch names so many; the counts are complete */

static const struct deadline_row send_clock = {
    .name = "survey.send", .rule = "INT-088", .from = FROM_OCCURRED, .due = DUE_SETTING};

/* ---- a register and its cards ---- */

struct count {
    uint64_t calls, cards;
    struct rec_name_line *missing; /* from the arena */
    uint32_t missing_n;
};

static bool owes(const struct call *c)
{
    if (c->sp->survey != SURVEY_card_all) return false;
    return c->row.state != call_state_cancelled || c->row.assigned;
}

static enum err has_card(struct step *st, struct str call_no, bool *out)
{
    struct rec_row_survey row;
    struct key k = key_of(call_no);
    enum err e = step_get(st, INTAKE_TABLE(SURVEY), &k, &row);
    *out = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err count_call(struct step *st, struct str call_no, struct count *n)
{
    struct call c;
    if (intake_call_get(st, call_no, &c) != ERR_OK) return ERR_CORRUPT;
    bool sent;
    enum err e = has_card(st, call_no, &sent);
    if (e != ERR_OK) return e;
    n->cards += sent;
    n->calls += sent || owes(&c);
    if (!sent && owes(&c) && n->missing_n < MISSING_MAX) n->missing[n->missing_n++].name = call_no;
    return ERR_OK;
}

static struct key day_key(struct str unit, int32_t day)
{
    struct key k = key_of(unit);
    key_day(&k, day);
    return k;
}

static enum err count(struct step *st, struct str unit, int32_t day, struct count *n)
{
    *n = (struct count){.missing = arena_take(st->arena, MISSING_MAX * sizeof *n->missing)};
    struct key prefix = day_key(unit, day), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(REGISTER_CALL), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        if (key_take_str(&r, &no)) return ERR_CORRUPT;
        e = count_call(st, arena_str(st->arena, no), n);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err day_get(struct step *st, struct str unit, int32_t day,
                        struct rec_row_survey_day *out)
{
    *out = (struct rec_row_survey_day){0};
    struct key k = day_key(unit, day);
    enum err e = step_get(st, INTAKE_TABLE(SURVEY_DAY), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void day_put(struct step *st, struct str unit, int32_t day,
                    const struct rec_row_survey_day *row)
{
    struct key k = day_key(unit, day);
    step_put(st, INTAKE_TABLE(SURVEY_DAY), &k, row);
}

static struct str register_no(struct step *st, struct str unit, int32_t day)
{
    char date[11];
    day_format(day, date);
    return arena_printf(st->arena, "%.*s/%s", STR_ARG(unit), date);
}

static struct deadline_ctx ctx_of(struct step *st, struct str unit, int32_t day)
{
    struct str no = register_no(st, unit, day);
    return (struct deadline_ctx){.case_no = arena_printf(st->arena, "REG/%.*s", STR_ARG(no)),
                                 .unit = unit,
                                 .occurred_ms = st->in->occurred};
}

/* ---- the clock ---- */

/* A register that is sent again gives no more time. */
enum err intake_survey_demand(struct step *st, struct str unit, int32_t day)
{
    struct rec_row_survey_day row;
    struct count n;
    enum err e = day_get(st, unit, day, &row);
    if (e == ERR_OK) e = count(st, unit, day, &n);
    if (e != ERR_OK) return e;
    row.demanded = true;
    row.missing = n.calls - n.cards;
    day_put(st, unit, day, &row);
    if (row.missing == 0) return ERR_OK;
    struct deadline_ctx c = ctx_of(st, unit, day);
    struct rec_row_deadline armed;
    e = deadline_get(st, c.case_no, 0, send_clock.name, &armed);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool runs = e == ERR_OK && armed.end == deadline_end_open;
    return runs ? ERR_OK : deadline_arm(st, &send_clock, &c, (struct str){0});
}

/* One call less lacks its card; sent_ms 0 = because it needs none. */
static enum err one_less(struct step *st, const struct call *call, int64_t sent_ms)
{
    struct str unit = call->row.unit;
    int32_t day = call->row.register_day;
    struct rec_row_survey_day row;
    enum err e = day_get(st, unit, day, &row);
    if (e != ERR_OK) return e;
    if (sent_ms > row.last_at) row.last_at = sent_ms;
    if (row.demanded && row.missing) row.missing--;
    if (row.demanded && row.missing == 0) {
        struct count n;
        e = count(st, unit, day, &n);
        if (e != ERR_OK) return e;
        row.missing = n.calls - n.cards;
        struct deadline_ctx c = ctx_of(st, unit, day);
        if (row.last_at) c.occurred_ms = row.last_at;
        if (row.missing == 0) e = deadline_stop(st, &send_clock, &c);
    }
    day_put(st, unit, day, &row);
    return e;
}

enum err intake_survey_passed(struct step *st, struct str unit, int32_t day)
{
    struct count n;
    enum err e = count(st, unit, day, &n);
    if (e != ERR_OK || n.calls == n.cards) return e;
    struct ev_survey_count_mismatch out = {
        .register_no = register_no(st, unit, day), .calls = n.calls, .cards = n.cards};
    out.missing.v = n.missing;
    out.missing.n = n.missing_n;
    st->rule = "INT-088";
    step_emit(st, EV_survey_count_mismatch, &out);
    return ERR_OK;
}

/* ---- facts ---- */

static enum err on_sent(struct step *st, const void *payload, void *at)
{
    const struct ev_survey_sent *ev = payload;
    struct rec_row_survey *row = ((struct paper_at *)at)->row;
    struct call c;
    enum err e = intake_call_get(st, ev->call_no, &c);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "call_unknown", "call_no",
                           "no call %.*s is in the register; a card goes with a call",
                           STR_ARG(ev->call_no));
    }
    if (e != ERR_OK) return e;
    row->unit = c.row.unit;
    if (owes(&c)) return ERR_OK;
    if (c.sp->survey != SURVEY_card_all) {
        return step_refuse(st, "no_card", "call_no",
                           "call %.*s gets no opinion card 客戶意見調查卡: policy %.*s sends none",
                           STR_ARG(ev->call_no), STR_ARG(c.sp->id));
    }
    return step_refuse(st, "no_card", "call_no",
                       "call %.*s gets no opinion card 客戶意見調查卡: it was cancelled before "
                       "anybody was sent",
                       STR_ARG(ev->call_no));
}

enum err intake_survey_sent(struct step *st, const void *payload)
{
    const struct ev_survey_sent *ev = payload;
    struct call c;
    enum err e = paper_fact(st, &intake_survey, payload);
    if (e == ERR_OK) e = intake_call_get(st, ev->call_no, &c);
    return e == ERR_OK ? one_less(st, &c, st->in->occurred) : e;
}

enum err intake_survey_cancelled(struct step *st, const void *payload)
{
    enum err e = intake_follow_fact(st, payload);
    struct call c;
    bool sent = false;
    if (e == ERR_OK) e = intake_call_get(st, *(const struct str *)payload, &c);
    if (e == ERR_OK) e = has_card(st, c.no, &sent);
    bool owed = e == ERR_OK && c.sp->survey == SURVEY_card_all && !sent;
    return owed && !owes(&c) ? one_less(st, &c, 0) : e;
}

/* A mark of the company's own scale; scoring sums it, with as many decimals. */
static enum err on_returned(struct step *st, const void *payload, void *at)
{
    const struct ev_survey_returned *ev = payload;
    struct frac mark;
    (void)at;
    if (ev->rating.n == 0 || frac_parse(ev->rating, &mark)) return ERR_OK;
    return step_refuse(st, "rating", "rating", "%.*s must be a decimal number, like 4 or 4.5",
                       STR_ARG(ev->rating));
}

/* ---- the paper ---- */

static const struct transition survey_rows[] = {
    {EV_survey_sent, PAPER_NEW, survey_state_sent, on_sent, "INT-088"},
    {EV_survey_returned, IN(survey_state_sent), survey_state_returned, on_returned, "INT-089"},
};

const struct paper intake_survey = {.name = "survey",
                                    .label = "opinion card 客戶意見調查卡",
                                    .table = INTAKE_TABLE(SURVEY),
                                    .states = &codes_survey_state,
                                    .keys = {"call_no"},
                                    PAPER_ROWS(survey_rows)};
