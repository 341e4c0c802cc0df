/* intake_book.c - the call register of a day 叫修登記簿: numbers, closing, carry-over, sending.
 *
 * A register is a unit's working day (or calendar day, as the service policy says). It is closed by
 * its clock register.close: at the close of the day for business calls, at 24:00 when it holds a
 * call of the calendar kind. A call that is entered for a day already closed has it closed once
 * more, as amended; the duty to send it (register.send) begins with the first closing only, since
 * nobody can send what was not yet there. A call not dispatched by the close of its day is carried
 * over, day by day; its other clocks run on. Invariant: register.close runs as item 1 of the
 * register's case, so that ending it leaves register.send (item 0) alone. Rules INT-005, INT-028 …
 * INT-031, CV-8. */
#include "common/contract.h"
#include "services/intake/intake_private.h"
#include <stdio.h>
#include <string.h>

#define CASE_PREFIX "REG/"
#define CLOSE_ITEM 1
#define UNDISPATCHED_MAX 512 /* register.day_closed names so many; the counts are complete */
#define NUMBER_TRIES_MAX                                                                           \
    1000                    /* numbers given by hand may stand in the way of so many running ones */
#define RUNNING_MAX 1000000 /* of one register */
#define CARRIED_MAX 10000   /* counted so far; it is carried on all the same */
#define CALENDAR_MARGIN_DAYS                                                                       \
    5 /* working days that every clock of a register needs after its day                           \
       */
#define CALL_NO_MAX 40

/* A register: its key and what follows from it. */
struct book {
    struct str unit;
    int32_t day;
    struct str no; /* unit/day */
    const struct calendar *cal;
};

static struct key book_key(struct str unit, int32_t day)
{
    struct key k = key_of(unit);
    key_day(&k, day);
    return k;
}

static struct book book_of(struct step *st, struct str unit, int32_t day,
                           const struct calendar *cal)
{
    char date[11];
    day_format(day, date);
    struct str no = arena_printf(st->arena, "%.*s/%s", STR_ARG(unit), date);
    return (struct book){.unit = unit, .day = day, .no = no, .cal = cal};
}

/* False when the text is not unit/day. */
static bool book_parse(struct step *st, struct str no, struct book *out)
{
    uint32_t n = no.n;
    while (n > 0 && no.p[n - 1] != '/')
        n--;
    if (n < 2) return false;
    struct str unit = {no.p, n - 1}, date = {no.p + n, no.n - n};
    int32_t day;
    if (day_parse(date, &day) != ERR_OK) return false;
    *out = (struct book){.unit = unit, .day = day, .no = no, .cal = step_calendar(st, unit, NULL)};
    return true;
}

static struct str book_case(struct step *st, const struct book *b)
{
    return arena_printf(st->arena, CASE_PREFIX "%.*s", STR_ARG(b->no));
}

static enum err book_get(struct step *st, const struct book *b, struct rec_row_register *out)
{
    struct key k = book_key(b->unit, b->day);
    enum err e = step_get(st, INTAKE_TABLE(REGISTER), &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_register){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void book_put(struct step *st, const struct book *b, const struct rec_row_register *row)
{
    struct key k = book_key(b->unit, b->day);
    step_put(st, INTAKE_TABLE(REGISTER), &k, row);
}

/* ---- the day (INT-029) ---- */

static bool is_business(const struct call *c)
{
    return c->sp->register_day == REGISTER_DAY_business;
}

static int32_t register_day(const struct call *c, const struct calendar *cal)
{
    int32_t local = zone_day(calendar_zone(cal), c->row.received_at);
    if (!is_business(c)) return local;
    int32_t day = calendar_register_day(cal, c->row.received_at);
    return day == INT32_MAX ? local : day;
}

/* When a day is over for this call. */
static int64_t day_end(const struct call *c, const struct calendar *cal, int32_t day)
{
    if (is_business(c) && calendar_is_workday(cal, day)) return calendar_close_of(cal, day);
    return zone_day_start(calendar_zone(cal), day + 1);
}

/* The clocks of a register need a calendar that reaches beyond its day. */
static enum err in_calendar(struct step *st, const struct call *c, const struct calendar *cal)
{
    bool needed = !intake_call_off(st, CLOCK_REGISTER_CLOSE) || c->sp->same_day_dispatch;
    bool reaches = calendar_workday(cal, c->row.register_day, CALENDAR_MARGIN_DAYS) != INT32_MAX;
    if (!needed || reaches) return ERR_OK;
    st->rule = "INT-029";
    return step_refuse(
        st, "out_of_calendar", "received_at",
        "the call time lies outside the years of calendar %.*s; correct it, or extend "
        "the calendar",
        STR_ARG(calendar_name(cal)));
}

/* ---- the number (INT-005) ---- */

static bool starts_with(struct str s, const char *word)
{
    size_t n = strlen(word);
    return s.n >= n && memcmp(s.p, word, n) == 0;
}

/* {unit}, {day} as YYYYMMDD, {n} with at least three digits; everything else as it stands. */
static struct str format_number(struct step *st, const struct book *b, uint64_t n)
{
    int year, month, mday;
    day_split(b->day, &year, &month, &mday);
    struct str out = {"", 0}, rest = st->policy->keys.call_no_format;
    while (rest.n) {
        uint32_t taken = 1;
        if (starts_with(rest, "{unit}")) {
            out = arena_printf(st->arena, "%.*s%.*s", STR_ARG(out), STR_ARG(b->unit));
            taken = 6;
        } else if (starts_with(rest, "{day}")) {
            out = arena_printf(st->arena, "%.*s%04d%02d%02d", STR_ARG(out), year, month, mday);
            taken = 5;
        } else if (starts_with(rest, "{n}")) {
            out = arena_printf(st->arena, "%.*s%03llu", STR_ARG(out), (unsigned long long)n);
            taken = 3;
        } else {
            out = arena_printf(st->arena, "%.*s%c", STR_ARG(out), rest.p[0]);
        }
        rest.p += taken;
        rest.n -= taken;
    }
    return out;
}

static enum err taken(struct step *st, struct str no, bool *out)
{
    struct rec_row_call row;
    struct key k = key_of(no);
    enum err e = step_get(st, INTAKE_TABLE(CALL), &k, &row);
    *out = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err next_number(struct step *st, const struct book *b, struct rec_row_register *reg,
                            struct str *out)
{
    for (int i = 0; i < NUMBER_TRIES_MAX && reg->last < RUNNING_MAX; i++) {
        *out = format_number(st, b, ++reg->last);
        if (out->n == 0 || out->n > CALL_NO_MAX) break;
        bool is_taken;
        enum err e = taken(st, *out, &is_taken);
        if (e != ERR_OK || !is_taken) return e;
    }
    st->rule = "INT-005";
    return step_refuse(
        st, "no_number", "call_no",
        "call_no_format of the policy gives no free number of at most 40 bytes here; "
        "give the call a number");
}

/* ---- a call enters ---- */

/* Let the register be closed at this instant at the earliest. */
static enum err close_by(struct step *st, const struct book *b, int64_t due_ms)
{
    struct str case_no = book_case(st, b);
    struct rec_row_deadline row;
    enum err e =
        deadline_get(st, case_no, CLOSE_ITEM, intake_clocks[CLOCK_REGISTER_CLOSE].name, &row);
    if (e == ERR_OK && row.end == deadline_end_open && row.due >= due_ms) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    struct deadline_ctx ctx = {.case_no = case_no,
                               .item = CLOSE_ITEM,
                               .unit = b->unit,
                               .occurred_ms = st->in->occurred,
                               .start_ms = zone_day_start(calendar_zone(b->cal), b->day),
                               .given_ms = due_ms};
    return deadline_arm(st, &intake_clocks[CLOCK_REGISTER_CLOSE], &ctx, (struct str){0});
}

enum err intake_book_enter(struct step *st, struct call *c, struct str given)
{
    const struct calendar *cal = intake_call_calendar(st, c);
    c->row.register_day = register_day(c, cal);
    enum err e = in_calendar(st, c, cal);
    if (e != ERR_OK) return e;
    struct book b = book_of(st, c->row.unit, c->row.register_day, cal);
    struct rec_row_register reg;
    e = book_get(st, &b, &reg);
    c->no = given;
    if (e == ERR_OK && given.n == 0) e = next_number(st, &b, &reg, &c->no);
    if (e != ERR_OK) return e;
    if (given.n == 0) book_put(st, &b, &reg);
    if (intake_call_off(st, CLOCK_REGISTER_CLOSE)) return ERR_OK;
    struct key k = book_key(b.unit, b.day);
    key_str(&k, c->no);
    step_put(st, INTAKE_TABLE(REGISTER_CALL), &k, &(struct rec_row_mark){.set = true});
    return close_by(st, &b, day_end(c, cal, b.day));
}

/* ---- carry-over (INT-028) ---- */

static enum err expect_by(struct step *st, struct call *c, const struct calendar *cal, int32_t day)
{
    c->row.dispatch_day = day;
    struct deadline_ctx ctx = intake_call_ctx(st, c);
    ctx.given_ms = day_end(c, cal, day);
    return deadline_arm(st, &intake_clocks[CLOCK_DISPATCH], &ctx, (struct str){0});
}

enum err intake_book_expect(struct step *st, struct call *c)
{
    if (!c->sp->same_day_dispatch || !c->kind->assignment || c->row.assigned) return ERR_OK;
    int32_t day = c->row.dispatch_day ? c->row.dispatch_day : c->row.register_day;
    return expect_by(st, c, intake_call_calendar(st, c), day);
}

/* CV-8, 次日: the next day of the unit whose end is still to come; a call entered late is carried
 * over once and not once for every day it was not known. */
static int32_t next_day(const struct step *st, const struct call *c, const struct calendar *cal)
{
    int32_t day = c->row.dispatch_day;
    do {
        day = st->policy->keys.next_day_working ? calendar_workday(cal, day, 1) : day + 1;
    } while (day != INT32_MAX && day_end(c, cal, day) < st->now_ms);
    return day;
}

static enum err carry_over(struct step *st, struct str call_no)
{
    struct call c;
    enum err e = intake_call_get(st, call_no, &c);
    if (e != ERR_OK) return ERR_CORRUPT;
    if (c.row.state != call_state_queued || c.row.assigned) return ERR_OK;
    const struct calendar *cal = intake_call_calendar(st, &c);
    if (c.row.carried_over < CARRIED_MAX) c.row.carried_over++;
    struct ev_call_carried_over ev = {
        .call_no = c.no, .times = c.row.carried_over, .day = c.row.dispatch_day};
    st->rule = "INT-028";
    step_emit(st, EV_call_carried_over, &ev);
    int32_t day = next_day(st, &c, cal);
    if (day != INT32_MAX) e = expect_by(st, &c, cal, day);
    if (e == ERR_OK) intake_call_put(st, &c);
    return e;
}

/* ---- closing the day (INT-028, INT-031) ---- */

static bool goes_out(const struct call *c)
{
    return c->row.disposition == disposition_site || c->row.disposition == disposition_factory;
}

static bool undispatched(const struct call *c)
{
    return !intake_call_ended(c) && goes_out(c) && c->kind->assignment && !c->row.assigned;
}

/* Every open call that goes out has its voucher out; of a written-off call it is signed and filed.
 */
static bool matches(const struct call *c, const struct rec_row_voucher *v)
{
    bool has = v->state != voucher_state_none && v->state != voucher_state_filed &&
               str_eq(v->call_no, c->no);
    if (intake_call_ended(c)) return !has && (!c->kind->signature || c->row.is_signed);
    return has;
}

static enum err check_voucher(struct step *st, const struct call *c)
{
    bool open = IN(c->row.state) & ~(CALL_ENDED | IN(call_state_clarifying));
    bool written_off = c->row.state == call_state_closed && c->row.first.n == 0;
    if (!c->kind->voucher || !goes_out(c) || !(open || written_off)) return ERR_OK;
    struct rec_row_voucher v;
    enum err e = intake_voucher_seen(st, c, &v);
    if (e != ERR_OK || matches(c, &v)) return e;
    st->rule = "INT-031";
    struct ev_register_mismatch ev = {
        .call_no = c->no, .register_state = c->row.state, .voucher_state = v.state};
    step_emit(st, EV_register_mismatch, &ev);
    return ERR_OK;
}

static enum err close_call(struct step *st, const struct call *c, struct ev_register_day_closed *ev)
{
    ev->calls++;
    if (c->row.assigned) ev->dispatched++;
    if (undispatched(c) && ev->undispatched.n < UNDISPATCHED_MAX) {
        ev->undispatched.v[ev->undispatched.n++] = (struct rec_name_line){c->no};
    }
    return check_voucher(st, c);
}

static enum err close_calls(struct step *st, const struct book *b,
                            struct ev_register_day_closed *ev)
{
    struct key prefix = book_key(b->unit, b->day), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(REGISTER_CALL), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        struct call c;
        if (key_take_str(&r, &no)) return ERR_CORRUPT;
        if (intake_call_get(st, arena_str(st->arena, no), &c) != ERR_OK) return ERR_CORRUPT;
        e = close_call(st, &c, ev);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err demand_sending(struct step *st, const struct book *b, struct str case_no)
{
    struct deadline_ctx ctx = {.case_no = case_no,
                               .unit = b->unit,
                               .occurred_ms = st->now_ms,
                               .start_ms = zone_day_start(calendar_zone(b->cal), b->day)};
    return deadline_arm(st, &intake_clocks[CLOCK_REGISTER_SEND], &ctx, (struct str){0});
}

static bool book_of_case(struct step *st, struct str case_no, struct book *out)
{
    struct str no = {case_no.p + strlen(CASE_PREFIX), case_no.n - (uint32_t)strlen(CASE_PREFIX)};
    return starts_with(case_no, CASE_PREFIX) && book_parse(st, no, out);
}

static enum err close_day(struct step *st, struct str case_no)
{
    struct book b;
    if (!book_of_case(st, case_no, &b)) return ERR_CORRUPT;
    struct rec_row_register reg;
    enum err e = book_get(st, &b, &reg);
    if (e != ERR_OK) return e;
    struct ev_register_day_closed ev = {
        .register_no = b.no, .unit = b.unit, .day = b.day, .amended = reg.closed};
    ev.undispatched.v = arena_take(st->arena, UNDISPATCHED_MAX * sizeof *ev.undispatched.v);
    e = close_calls(st, &b, &ev);
    if (e != ERR_OK) return e;
    st->rule = "INT-028";
    step_emit(st, EV_register_day_closed, &ev);
    e = deadline_drop(st, case_no, CLOSE_ITEM, STR("the day was closed"));
    if (e == ERR_OK && !reg.closed) e = demand_sending(st, &b, case_no);
    reg.closed = true;
    book_put(st, &b, &reg);
    return e;
}

static enum err cards_late(struct step *st, struct str case_no)
{
    struct book b;
    if (!book_of_case(st, case_no, &b)) return ERR_CORRUPT;
    return intake_survey_passed(st, b.unit, b.day);
}

enum err intake_book_passed(struct step *st, const struct passed *what)
{
    if (!what->is_due) return ERR_OK;
    struct str case_no = arena_str(st->arena, what->case_no);
    if (str_is(what->name, intake_clocks[CLOCK_DISPATCH].name)) return carry_over(st, case_no);
    if (str_is(what->name, intake_clocks[CLOCK_REGISTER_CLOSE].name)) return close_day(st, case_no);
    /* plan */
    if (str_is(what->name, "contract.turn")) return intake_contract_turn(st, case_no);
    if (str_is(what->name, "pm.generate")) return intake_pm_generate(st, case_no);
    if (str_is(what->name, "pm.visit")) return intake_pm_missed(st, case_no);
    /* followup */
    if (str_is(what->name, "followup.regular")) return intake_followup_passed(st, case_no);
    if (str_is(what->name, "followup.vip_turn")) return intake_vip_passed(st, case_no);
    if (str_is(what->name, "survey.send")) return cards_late(st, case_no);
    return ERR_OK;
}

/* ---- sending (INT-030) ---- */

enum err intake_book_sent(struct step *st, const void *payload)
{
    const struct ev_register_sent *ev = payload;
    st->rule = "INT-030";
    if (intake_call_off(st, CLOCK_REGISTER_CLOSE))
        return ERR_OK; /* no registers are kept; the log has it */
    struct book b;
    struct rec_row_register reg = {0};
    enum err e = book_parse(st, ev->register_no, &b) ? book_get(st, &b, &reg) : ERR_OK;
    if (e != ERR_OK) return e;
    if (!reg.closed) {
        return step_refuse(
            st, "register_not_closed", "register_no",
            "no register %.*s was closed; name one as unit/YYYY-MM-DD, after its day",
            STR_ARG(ev->register_no));
    }
    struct deadline_ctx ctx = {
        .case_no = book_case(st, &b), .unit = b.unit, .occurred_ms = st->in->occurred};
    e = deadline_run(st, intake_clocks, CLOCK_COUNT, EV_register_sent, &ctx, payload);
    return e == ERR_OK ? intake_survey_demand(st, b.unit, b.day) : e;
}
