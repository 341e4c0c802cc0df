/* escalation.c - the desk that numbers and issues 催辦單; 洽辦單 stand in escalation_inquiry.c,
 * what waits for the close of a complaint in escalation_case.c.
 *
 * Read down: tables, numbers, 催辦單 from deadlines, their end, facts of people, table, step.
 * Invariants: one 催辦單 per (holder, case, item, name, round, level), whatever is told twice; a
 * withdrawn 催辦單 stays withdrawn; the desk never judges whether a deadline stands, its holder
 * does. Order: all records of one deadline stand in one log, so a level always comes before its
 * end. Rules CV-12, CV-13, CMP-053, CMP-054, DSP-010, DSP-015. */
#include "common/contract.h"
#include "services/escalation/escalation_private.h"
#include <string.h>

/* Whose deadlines become 催辦單. */
#define UPSTREAM                                                                                   \
    (IN(OWNER_intake) | IN(OWNER_dispatch) | IN(OWNER_parts) | IN(OWNER_complaint) |               \
     IN(OWNER_scoring))
#define UNIT_MAX 32 /* of a unit in a number, as in the contracts */

/* ---- tables ---- */

enum {
    T_REMINDER,
    T_REMINDER_OF,
    T_INQUIRY,
    T_INQUIRY_OF,
    T_RUNNING,
    T_CASE_UNIT,
    T_LATE_END,
    T_COMPLAINT_OF,
    T_COUNT
};

const struct table escalation_tables[] = {
    [T_REMINDER] = {TABLE_REMINDER, "reminder", "number", shape_row_reminder},
    [T_REMINDER_OF] = {TABLE_REMINDER_OF, "reminder_of", "case, holder, item, name, round, level",
                       shape_row_reminder_of},
    [T_INQUIRY] = {TABLE_INQUIRY, "inquiry", "number", shape_row_inquiry},
    [T_INQUIRY_OF] = {TABLE_INQUIRY_OF, "inquiry_of", "case, holder, item, name, round",
                      shape_row_inquiry_of},
    [T_RUNNING] = {TABLE_RUNNING, "running", "kind, unit, day", shape_row_running},
    [T_CASE_UNIT] = {TABLE_CASE_UNIT, "case_unit", "case", shape_row_case_unit},
    [T_LATE_END] = {TABLE_LATE_END, "late_end", "case, holder, item, name, round",
                    shape_row_late_end},
    [T_COMPLAINT_OF] = {TABLE_COMPLAINT_OF, "complaint_of", "number", shape_row_inquiry_case},
};
const struct table *const escalation_reminder = &escalation_tables[T_REMINDER];
const struct table *const escalation_reminder_of = &escalation_tables[T_REMINDER_OF];
const struct table *const escalation_inquiry = &escalation_tables[T_INQUIRY];
const struct table *const escalation_inquiry_of = &escalation_tables[T_INQUIRY_OF];
const struct table *const escalation_running = &escalation_tables[T_RUNNING];
const struct table *const escalation_case_unit = &escalation_tables[T_CASE_UNIT];
const struct table *const escalation_late_end = &escalation_tables[T_LATE_END];
const struct table *const escalation_complaint_of = &escalation_tables[T_COMPLAINT_OF];

struct key escalation_key(const struct instance *i)
{
    struct key k = key_of(i->case_no);
    key_u8(&k, i->holder);
    key_u8(&k, i->item);
    key_str(&k, i->name);
    key_u64(&k, i->round);
    return k;
}

/* ---- numbers ---- */

enum err escalation_number(struct step *st, const char *kind, struct str unit, struct str *out)
{
    const struct zone *z = calendar_zone(policy_calendar(st->policy, (struct str){0}));
    int32_t day = zone_day(z, st->now_ms);
    struct key k = key_of(str_of(kind));
    key_str(&k, unit);
    key_day(&k, day);
    struct rec_row_running row = {0};
    enum err e = step_get(st, escalation_running, &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    row.last++;
    step_put(st, escalation_running, &k, &row);
    int y, m, d;
    day_split(day, &y, &m, &d);
    *out = arena_printf(st->arena, "%s-%.*s%s%04d%02d%02d-%03llu", kind, STR_ARG(unit),
                        unit.n ? "-" : "", y, m, d, (unsigned long long)row.last);
    return ERR_OK;
}

/* ---- 催辦單 from deadlines ---- */

/* The row that the desk keeps of what it issued. */
static void reminder_keep(struct step *st, const struct ev_reminder_issued *ev)
{
    struct rec_row_reminder row = {.state = reminder_state_issued,
                                   .kind = ev->kind,
                                   .holder = ev->holder,
                                   .case_no = ev->case_no,
                                   .item = ev->item,
                                   .name = ev->name,
                                   .round = ev->round,
                                   .level = ev->level,
                                   .unit = ev->unit,
                                   .person = ev->person,
                                   .policy = ev->policy,
                                   .to = ev->to,
                                   .issued = st->now_ms,
                                   .due = ev->due};
    struct key k = key_of(ev->number);
    step_put(st, escalation_reminder, &k, &row);
}

/* One level of a ladder. The same level told again issues nothing. */
static enum err level_issue(struct step *st, const struct instance *i,
                            struct ev_reminder_issued *ev)
{
    if (ev->level == 0) return ERR_OK; /* the due instant of a set that has no level there */
    struct key k = escalation_key(i);
    key_u64(&k, ev->level);
    struct rec_row_reminder_of of;
    enum err e = step_get(st, escalation_reminder_of, &k, &of);
    if (e != ERR_NOT_FOUND) return e;
    e = escalation_number(st, "CB", ev->unit, &ev->number);
    if (e != ERR_OK) return e;

    ev->overdue_min = minutes_past(ev->due, st->now_ms);
    ev->holder = i->holder;
    ev->case_no = i->case_no;
    ev->item = i->item;
    ev->name = i->name;
    ev->round = i->round;
    of.number = ev->number;
    step_put(st, escalation_reminder_of, &k, &of);
    reminder_keep(st, ev);
    st->rule = "CV-12";
    step_emit(st, EV_reminder_issued, ev);
    return ERR_OK;
}

static enum err on_approaching(struct step *st, const void *payload)
{
    const struct ev_deadline_approaching *x = payload;
    struct instance i = {(uint8_t)st->from, x->case_no, (uint8_t)x->item, x->name, x->round};
    struct ev_reminder_issued ev = {.kind = reminder_kind_before,
                                    .level = x->level,
                                    .unit = x->unit,
                                    .person = x->person,
                                    .policy = x->policy,
                                    .to = x->to,
                                    .start = x->start,
                                    .due = x->due,
                                    .rule = st->in->rule};
    return level_issue(st, &i, &ev);
}

static enum err on_passed(struct step *st, const void *payload)
{
    const struct ev_deadline_passed *x = payload;
    struct instance i = {(uint8_t)st->from, x->case_no, (uint8_t)x->item, x->name, x->round};
    struct ev_reminder_issued ev = {.kind = reminder_kind_overdue,
                                    .level = x->level,
                                    .unit = x->unit,
                                    .person = x->person,
                                    .policy = x->policy,
                                    .to = x->to,
                                    .copy = x->copy,
                                    .start = x->start,
                                    .due = x->due,
                                    .rule = st->in->rule};
    return level_issue(st, &i, &ev);
}

/* The desk does not read its own log: what its own deadline passed becomes a 催辦單 here. */
static enum err on_own_passed(struct step *st, const struct passed *what)
{
    struct instance i = {OWNER_escalation, what->case_no, what->item, what->name, what->round};
    struct ev_reminder_issued ev = {.level = what->level,
                                    .unit = what->unit,
                                    .person = what->person,
                                    .policy = what->policy,
                                    .to = what->to,
                                    .copy = what->copy,
                                    .start = what->start_ms,
                                    .due = what->due_ms,
                                    .rule = str_of(escalation_answer.rule)};
    ev.kind = what->before ? reminder_kind_before : reminder_kind_overdue;
    return level_issue(st, &i, &ev);
}

/* ---- their end ---- */

static void reminder_end(struct step *st, struct str number, struct rec_row_reminder *row)
{
    struct key k = key_of(number);
    step_put(st, escalation_reminder, &k, row);
    st->rule = "CV-12";
    if (row->state == reminder_state_withdrawn) {
        struct ev_reminder_withdrawn ev = {number, row->case_no, row->name, row->ended};
        step_emit(st, EV_reminder_withdrawn, &ev);
        return;
    }
    struct ev_reminder_stopped ev = {number, row->case_no, row->name, row->ended};
    step_emit(st, EV_reminder_stopped, &ev);
}

/* A slip is taken back only when the work was already done when it went out; a warning that was in
 * place when it was sent stays, as stopped. */
static enum reminder_state end_of(const struct rec_row_reminder *row, enum reminder_state state,
                                  int64_t done_ms)
{
    bool in_vain = state == reminder_state_withdrawn && done_ms < row->issued;
    return in_vain ? reminder_state_withdrawn : reminder_state_stopped;
}

enum err reminders_end(struct step *st, const struct instance *i, enum reminder_state state,
                       int64_t at_ms)
{
    struct key prefix = escalation_key(i), at = {.n = 0};
    struct rec_row_reminder_of of;
    enum err e;
    while ((e = step_next(st, escalation_reminder_of, &prefix, &at, &of)) == ERR_OK) {
        struct key k = key_of(of.number);
        struct rec_row_reminder row;
        e = step_get(st, escalation_reminder, &k, &row);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        enum reminder_state to = end_of(&row, state, at_ms);
        if (row.state == to || row.state == reminder_state_withdrawn) continue;
        row.state = to;
        row.ended = at_ms;
        reminder_end(st, of.number, &row);
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err on_stopped(struct step *st, const void *payload)
{
    const struct ev_deadline_stopped *x = payload;
    struct instance i = {(uint8_t)st->from, x->case_no, (uint8_t)x->item, x->name, x->round};
    /* In time, but told after a warning went out: the warning was in vain. */
    enum reminder_state to = x->late ? reminder_state_stopped : reminder_state_withdrawn;
    enum err e = reminders_end(st, &i, to, x->at);
    if (e != ERR_OK || !x->late) return e;
    struct rec_row_late_end late = {
        .unit = x->unit, .policy = x->policy, .due = x->due, .done = x->at};
    enum case_late when;
    e = case_late(st, &i, &when);
    if (e == ERR_OK && when == CASE_LATE_waits) case_note(st, &i, &late);
    return e == ERR_OK && when == CASE_LATE_now ? inquiry_issue(st, &i, &late, NULL) : e;
}

static enum err on_withdrawn(struct step *st, const void *payload)
{
    const struct ev_deadline_withdrawn *x = payload;
    struct instance i = {(uint8_t)st->from, x->case_no, (uint8_t)x->item, x->name, x->round};
    enum err e = reminders_end(st, &i, reminder_state_withdrawn, x->at);
    if (e == ERR_OK) e = case_forget(st, &i);
    return e == ERR_OK ? inquiry_withdraw(st, &i) : e;
}

static enum err on_dropped(struct step *st, const void *payload)
{
    const struct ev_deadline_dropped *x = payload;
    struct instance i = {(uint8_t)st->from, x->case_no, (uint8_t)x->item, x->name, x->round};
    return reminders_end(st, &i, reminder_state_stopped, x->at);
}

/* ---- facts of people ---- */

static enum err reminder_load(struct step *st, struct str number, struct rec_row_reminder *row)
{
    struct key k = key_of(number);
    enum err e = step_get(st, escalation_reminder, &k, row);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_number", "number",
                       "there is no 催辦單 %.*s; give the number that stands on it",
                       STR_ARG(number));
}

#define STANDING                                                                                   \
    (IN(reminder_state_issued) | IN(reminder_state_acknowledged) | IN(reminder_state_answered) |   \
     IN(reminder_state_stopped))
/* A stopped 催辦單 may still be signed for and answered: the slip was right when it was sent. */
static const struct transition reminder_rows[] = {
    {EV_reminder_acknowledged, STANDING, 0, NULL, "CV-12"},
    {EV_reminder_answered, STANDING, 0, NULL, "CV-12"},
};

static enum err reminder_open(struct step *st, struct str number, struct rec_row_reminder *row)
{
    const struct transition *t;
    enum err e = reminder_load(st, number, row);
    if (e != ERR_OK) return e;
    return machine_find(st, reminder_rows, COUNT_OF(reminder_rows), row->state,
                        &codes_reminder_state, &t);
}

static void reminder_save(struct step *st, struct str number, const struct rec_row_reminder *row)
{
    struct key k = key_of(number);
    step_put(st, escalation_reminder, &k, row);
}

static enum err on_acknowledged(struct step *st, const void *payload)
{
    const struct ev_reminder_acknowledged *x = payload;
    struct rec_row_reminder row;
    enum err e = reminder_open(st, x->number, &row);
    if (e != ERR_OK) return e;
    if (row.acknowledged) {
        return step_refuse(st, "acknowledged", "number",
                           "催辦單 %.*s is acknowledged already; an answer is reminder.answered",
                           STR_ARG(x->number));
    }
    row.acknowledged = st->in->occurred;
    if (row.state == reminder_state_issued) row.state = reminder_state_acknowledged;
    reminder_save(st, x->number, &row);
    return ERR_OK;
}

static enum err on_answered(struct step *st, const void *payload)
{
    const struct ev_reminder_answered *x = payload;
    struct rec_row_reminder row;
    enum err e = reminder_open(st, x->number, &row);
    if (e != ERR_OK) return e;
    row.answered = st->in->occurred;
    if (row.state != reminder_state_stopped) row.state = reminder_state_answered;
    reminder_save(st, x->number, &row);
    return ERR_OK;
}

/* 隨時予以催辦 (DSP-010): to the unit named, else to the case's, else to the one that asks. */
static enum err on_requested(struct step *st, const void *payload)
{
    const struct ev_reminder_requested *x = payload;
    struct key k = key_of(x->case_no);
    struct rec_row_case_unit known = {0};
    enum err e = step_get(st, escalation_case_unit, &k, &known);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    struct str source = st->in->source.n <= UNIT_MAX ? st->in->source : (struct str){0};
    struct ev_reminder_issued ev = {.kind = reminder_kind_manual,
                                    .case_no = x->case_no,
                                    .policy = known.policy,
                                    .to = x->to,
                                    .text = x->text,
                                    .rule = STR("DSP-010")};
    ev.unit = x->unit.n ? x->unit : known.unit.n ? known.unit : source;
    e = escalation_number(st, "CB", ev.unit, &ev.number);
    if (e != ERR_OK) return e;
    reminder_keep(st, &ev);
    st->rule = "DSP-010";
    step_emit(st, EV_reminder_issued, &ev);
    return ERR_OK;
}

/* Remembered for manual 催辦單; the first log that names a unit for the case wins. */
static enum err on_armed(struct step *st, const void *payload)
{
    const struct ev_deadline_armed *x = payload;
    if (x->unit.n == 0) return ERR_STALE;
    struct key k = key_of(x->case_no);
    struct rec_row_case_unit row;
    enum err e = step_get(st, escalation_case_unit, &k, &row);
    if (e == ERR_OK) return ERR_STALE;
    if (e != ERR_NOT_FOUND) return e;
    row = (struct rec_row_case_unit){x->unit, x->policy};
    step_put(st, escalation_case_unit, &k, &row);
    return ERR_OK;
}

/* ---- the service ---- */

static enum err (*const handlers[EVENT_KIND_COUNT])(struct step *st, const void *payload) = {
    [EV_unit_upserted] = step_master, /* calendars of units, for inquiry.answer */
    [EV_deadline_armed] = on_armed,
    [EV_deadline_approaching] = on_approaching,
    [EV_deadline_passed] = on_passed,
    [EV_deadline_stopped] = on_stopped,
    [EV_deadline_withdrawn] = on_withdrawn,
    [EV_deadline_dropped] = on_dropped,
    [EV_reminder_acknowledged] = on_acknowledged,
    [EV_reminder_answered] = on_answered,
    [EV_reminder_requested] = on_requested,
    [EV_inquiry_answered] = inquiry_on_answered,
    [EV_inquiry_closed] = inquiry_on_closed,
    [EV_inquiry_released] = inquiry_on_released,
    [EV_complaint_registered] = case_on_registered,
    [EV_complaint_closed] = case_on_closed,
    [EV_complaint_resubmitted] = case_on_resubmitted,
};

static bool hears(enum owner from, enum event_kind kind)
{
    (void)from;
    return handlers[kind] != NULL;
}

static enum err escalation_step(struct step *st, const void *payload)
{
    REQUIRE(UPSTREAM & IN(st->from));
    if (!handlers[st->type->kind]) return ERR_STALE;
    st->rule = st->type->rule;
    return handlers[st->type->kind](st, payload);
}

const struct service escalation_service = {.name = "escalation",
                                           .owner = OWNER_escalation,
                                           .upstream = UPSTREAM,
                                           .tables = escalation_tables,
                                           .table_count = T_COUNT,
                                           .deadlines = &escalation_answer,
                                           .deadline_count = 1,
                                           .step = escalation_step,
                                           .hears = hears,
                                           .on_passed = on_own_passed};
