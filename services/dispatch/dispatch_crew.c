/* dispatch_crew.c - the technicians of a unit: who they are, which reports they owe, whom to send.
 *
 * Whoever has the role technician in a unit and has not left counts as rostered on each of its
 * working days (the seeds know no roster of their own). The clock staff.day rings at the opening of
 * each working day of a unit that owes daily reports, and arms the reports of the day. Rules
 * DSP-003, DSP-049, DSP-050, DSP-087. */
#include "services/dispatch/dispatch_private.h"

#define CREW_MAX 1000u /* technicians of one unit who are looked at */

/* ---- the index unit -> technicians ---- */

static struct key crew_key(struct str unit, struct str person)
{
    struct key k = key_of(unit);
    key_str(&k, person);
    return k;
}

static bool counts(struct str role, struct str person, bool left)
{
    return str_is(role, "technician") && !left && person.n <= CREW_NAME_MAX;
}

enum err dispatch_crew_person(struct step *st, const struct ev_person_upserted *ev)
{
    struct key k = key_of(ev->person);
    struct rec_row_person old;
    enum err e = step_get(st, &table_person, &k, &old);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && counts(old.role, ev->person, old.left)) {
        struct key was = crew_key(old.unit, ev->person);
        step_del(st, &dispatch_tables[DISPATCH_CREW], &was);
    }
    if (!counts(ev->role, ev->person, ev->left)) return ERR_OK;
    struct key now = crew_key(ev->unit, ev->person);
    step_put(st, &dispatch_tables[DISPATCH_CREW], &now, &(struct rec_row_crew){.role = ev->role});
    return ERR_OK;
}

enum err dispatch_crew_next(struct step *st, struct str unit, struct key *at, struct str *person)
{
    struct key prefix = key_of(unit);
    struct rec_row_crew row;
    enum err e = step_next(st, &dispatch_tables[DISPATCH_CREW], &prefix, at, &row);
    if (e != ERR_OK) return e;
    struct key_reader rest = {{at->b + prefix.n, at->n - prefix.n}};
    struct str name;
    if (key_take_str(&rest, &name) != ERR_OK) return ERR_CORRUPT;
    *person = arena_str(st->arena, name);
    return ERR_OK;
}

/* ---- what a unit owes (DSP-087) ---- */

bool dispatch_crew_owes(struct step *st, struct str unit, const char *report)
{
    struct rec_row_unit row = {0};
    if (step_unit(st, unit, &row) != ERR_OK) row = (struct rec_row_unit){0};
    return policy_staff_owes(st->policy, unit, row.default_policy, str_of(report));
}

/* ---- the clock of a unit's working days ---- */

static const struct deadline_row day_clock = {
    .name = "staff.day", .rule = "DSP-049", .from = FROM_START, .due = DUE_GIVEN};

static struct str day_case(struct step *st, struct str unit)
{
    return arena_printf(st->arena, "staff/%.*s", STR_ARG(unit));
}

static enum err arm_day(struct step *st, struct str unit, int32_t day)
{
    if (day == INT32_MAX) return ERR_OK; /* the calendar ends */
    int64_t opening = calendar_open(step_calendar(st, unit, NULL), day);
    struct deadline_ctx c = {
        .case_no = day_case(st, unit), .unit = unit, .start_ms = opening, .given_ms = opening};
    return deadline_arm(st, &day_clock, &c, (struct str){0});
}

/* From the next opening on: what was before nobody could know. */
enum err dispatch_crew_unit(struct step *st, struct str unit)
{
    struct rec_row_deadline d;
    enum err e = deadline_get(st, day_case(st, unit), 0, day_clock.name, &d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool runs = e == ERR_OK && d.end == deadline_end_open;
    bool owes = dispatch_crew_owes(st, unit, "daily");
    if (runs && !owes)
        return deadline_drop(st, day_case(st, unit), 0, STR("the unit owes no daily reports"));
    if (runs || !owes) return ERR_OK;
    const struct calendar *cal = step_calendar(st, unit, NULL);
    int32_t today = zone_day(calendar_zone(cal), st->now_ms);
    int32_t day = calendar_workday(cal, today, 0);
    if (day != INT32_MAX && calendar_open(cal, day) < st->now_ms)
        day = calendar_workday(cal, today, 1);
    return arm_day(st, unit, day);
}

enum err dispatch_crew_passed(struct step *st, const struct passed *what)
{
    struct str unit = arena_str(st->arena, what->unit);
    if (!dispatch_crew_owes(st, unit, "daily"))
        return deadline_drop(st, day_case(st, unit), 0, STR("the unit owes no daily reports"));
    const struct calendar *cal = step_calendar(st, unit, NULL);
    int32_t day = zone_day(calendar_zone(cal), what->due_ms);
    enum err e = dispatch_daily_owe_unit(st, unit, day);
    struct key at = {.n = 0};
    for (uint32_t n = 0; e == ERR_OK && n < CREW_MAX; n++) {
        struct str person;
        e = dispatch_crew_next(st, unit, &at, &person);
        if (e == ERR_OK) e = dispatch_daily_owe(st, unit, person, day);
    }
    if (e != ERR_OK && e != ERR_END) return e;
    return arm_day(st, unit, calendar_workday(cal, day, 1));
}

/* ---- whom to send (DSP-003) ---- */

/* Qualified, on the fewest jobs, then the smallest key; who is free is on none. */
enum err dispatch_crew_suggest(struct step *st, const struct job *j)
{
    if (!st->policy->keys.suggest_technician || !j->kind->assignment) return ERR_OK;
    struct ev_job_suggested best = {.call_no = j->call_no, .job = j->no};
    struct key at = {.n = 0};
    enum err e = ERR_OK;
    for (uint32_t n = 0; n < CREW_MAX; n++) {
        struct str person, missing = {0};
        uint64_t busy = 0;
        e = dispatch_crew_next(st, j->r.unit, &at, &person);
        if (e == ERR_OK) e = dispatch_leg_busy(st, person, &busy);
        if (e == ERR_OK) e = dispatch_assign_qualification(st, j, person, &missing);
        if (e != ERR_OK) break;
        if (missing.n || (best.technician.n && busy >= best.open_jobs)) continue;
        best.technician = person;
        best.open_jobs = busy;
    }
    if (e != ERR_OK && e != ERR_END) return e;
    if (best.technician.n) step_emit_as(st, "DSP-003", EV_job_suggested, &best);
    return ERR_OK;
}
