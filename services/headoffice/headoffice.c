/* headoffice.c - rebuilds calls, legs, deadlines and slips from the logs to its left and counts
 * them.
 *
 * Read: the tables here, then headoffice_calls.c (intake's log), headoffice_jobs.c (dispatch's
 * log), headoffice_clocks.c (deadline.* of every log), headoffice_slips.c (escalation's log) and
 * headoffice_count.c; the figures are made by kpi.c from the rows.
 * Invariant: whatever way the logs interleave, as long as each keeps its own order, the tables end
 * up the same bytes. For that (1) every field of a row is written from one log only, (2) no field
 * holds this service's clock, (3) counters are sums over rows (headoffice_count.c). Which log
 * counts: intake's for calls; dispatch's for jobs, because only what it accepted stands there
 * (intake's log also has what dispatch refused); escalation's for 催辦單 and 洽辦單, for the same
 * reason. Rules HQ-001, HQ-002, HQ-029, HQ-048. */
#include "common/contract.h"
#include "services/headoffice/headoffice_private.h"

#define UPSTREAM                                                                                   \
    (IN(OWNER_intake) | IN(OWNER_dispatch) | IN(OWNER_parts) | IN(OWNER_complaint) |               \
     IN(OWNER_scoring) | IN(OWNER_escalation))

enum { T_COUNT, T_CASE, T_LEG, T_DEADLINE, T_OVERDUE, T_REMINDER, T_INQUIRY, T_REGISTER, T_N };

static const struct table tables[T_N] = {
    [T_COUNT] = {TABLE_HQ_COUNT, "count", "period kind, first day, unit, policy, measure",
                 shape_row_hq_count},
    [T_CASE] = {TABLE_HQ_CASE, "case", "call", shape_row_hq_case},
    [T_LEG] = {TABLE_HQ_LEG, "leg", "call, job, technician", shape_row_hq_leg},
    [T_DEADLINE] = {TABLE_HQ_DEADLINE, "instance", "case, holder, item, name, round",
                    shape_row_hq_deadline},
    [T_OVERDUE] = {TABLE_HQ_OVERDUE, "overdue", "unit, due, case, holder, item, name, round",
                   shape_row_hq_overdue},
    [T_REMINDER] = {TABLE_HQ_REMINDER, "reminder", "number", shape_row_hq_reminder},
    [T_INQUIRY] = {TABLE_HQ_INQUIRY, "inquiry", "number", shape_row_hq_inquiry},
    [T_REGISTER] = {TABLE_HQ_REGISTER, "register", "unit, day", shape_row_hq_register},
};
const struct table *const headoffice_count = &tables[T_COUNT];
const struct table *const headoffice_case = &tables[T_CASE];
const struct table *const headoffice_leg = &tables[T_LEG];
const struct table *const headoffice_deadline = &tables[T_DEADLINE];
const struct table *const headoffice_overdue = &tables[T_OVERDUE];
const struct table *const headoffice_reminder = &tables[T_REMINDER];
const struct table *const headoffice_inquiry = &tables[T_INQUIRY];
const struct table *const headoffice_register = &tables[T_REGISTER];

int32_t headoffice_day(const struct step *st, int64_t at_ms)
{
    return zone_day(calendar_zone(policy_calendar(st->policy, (struct str){0})), at_ms);
}

int64_t headoffice_earlier(int64_t a_ms, int64_t b_ms)
{
    if (a_ms == 0) return b_ms;
    if (b_ms == 0) return a_ms;
    return a_ms < b_ms ? a_ms : b_ms;
}

static const struct on *find(const struct on *rows, size_t count, enum owner from,
                             enum event_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind != kind) continue;
        return rows[i].from == OWNER_any || rows[i].from == from ? &rows[i] : NULL;
    }
    return NULL;
}

static const struct on *on_of(enum owner from, enum event_kind kind)
{
    const struct on *on = find(headoffice_clocks, headoffice_clock_count, from, kind);
    if (!on) on = find(headoffice_calls, headoffice_call_count, from, kind);
    if (!on) on = find(headoffice_jobs, headoffice_job_count, from, kind);
    if (!on) on = find(headoffice_slips, headoffice_slip_count, from, kind);
    return on;
}

static bool hears(enum owner from, enum event_kind kind)
{
    return on_of(from, kind) != NULL;
}

static enum err headoffice_step(struct step *st, const void *payload)
{
    REQUIRE(UPSTREAM & IN(st->from));
    const struct on *on = on_of(st->from, st->type->kind);
    return on ? on->handle(st, payload) : ERR_STALE;
}

const struct service headoffice_service = {.name = "headoffice",
                                           .owner = OWNER_headoffice,
                                           .upstream = UPSTREAM,
                                           .tables = tables,
                                           .table_count = T_N,
                                           .step = headoffice_step,
                                           .hears = hears};
