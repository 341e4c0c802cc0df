/* dispatch_clock.c - the clocks of a job, as rows (dispatch section 14), and what moves them.
 *
 * Read: when a row starts or stops, the rows, running them, given times, pauses, the contingency
 * task. A name may have several rows: the first starts and stops it, the others are further ways to
 * start. All clocks run from the call time; a re-assigned job keeps its clocks (DSP-019). Rules
 * DSP-009, DSP-012, DSP-014…DSP-020, INT-095, INT-098. */
#include "services/dispatch/dispatch_private.h"

/* The engine's context with the job behind it, for the conditions of the rows. */
struct clock_ctx {
    struct deadline_ctx c; /* first: the engine hands out its address */
    const struct job *job;
};

static const struct job *job_of(const struct deadline_ctx *c)
{
    return ((const struct clock_ctx *)(const void *)c)->job;
}

/* ---- conditions ---- */

static bool arrival_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    const struct job *j = job_of(c);
    return j->kind->arrival && c->sp->arrival_from == ARRIVAL_FROM_none;
}

/* DSP-019: the first arrival, or the last when the policy wants everybody there; or a fix from
 * afar. */
static bool arrival_stops(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    const struct job *j = job_of(c);
    return st->type->kind == EV_job_arrived ? j->arrival_counts : j->remote_counts;
}

/* DSP-018: the customer sets the time and has not yet done so. */
static bool agree_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    const struct job *j = job_of(c);
    return j->kind->arrival && c->sp->arrival_from == ARRIVAL_FROM_agreed && !j->r.agreed_at;
}

/* A time was set; or nothing is left to agree about, because somebody is there or it is solved. */
static bool agree_stops(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    const struct job *j = job_of(c);
    switch ((int)st->type->kind) {
    case EV_job_time_agreed:
        return ((const struct ev_job_time_agreed *)payload)->by_customer != yes_no_no;
    case EV_call_replied:
        return ((const struct ev_call_replied *)payload)->agreed_at != 0;
    case EV_job_restored:
        return j->remote_counts;
    case EV_job_arrived:
        return true;
    }
    return false;
}

static bool remote_or_repaired(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    return st->type->kind == EV_job_repaired || job_of(c)->remote_counts;
}

static bool repair_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return c->sp->repair_from == REPAIR_FROM_received;
}

static bool repair_starts_at_arrival(struct step *st, const struct deadline_ctx *c,
                                     const void *payload)
{
    (void)st, (void)payload;
    const struct job *j = job_of(c);
    return c->sp->repair_from == REPAIR_FROM_arrival && !j->r.repaired_at && !j->r.remote;
}

/* "Arrive so that it runs again": without minutes of its own the arrival's (SP-IT-TRIAL). */
static bool restore_starts_as_arrival(struct step *st, const struct deadline_ctx *c,
                                      const void *payload)
{
    (void)st, (void)payload;
    return c->sp->restore_at_arrival && c->sp->restore_min == 0;
}

/* DSP-009: only an assignment ends it. A day on which it is carried over again does not begin its
 * ladder anew, or nobody above would ever hear of it. */
static bool carryover_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    struct rec_row_deadline d;
    enum err e = deadline_get(st, c->case_no, c->item, "carryover.assign", &d);
    return e != ERR_OK || d.end != deadline_end_open;
}

static bool carryover_stops(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    if (st->type->kind == EV_job_reassigned) {
        return ((const struct ev_job_reassigned *)payload)->to.n != 0;
    }
    return st->type->kind == EV_job_assigned || job_of(c)->remote_counts;
}

/* DSP-032: the first return of somebody whose report is still owed. */
static bool evidence_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    const struct job *j = job_of(c);
    struct rec_row_sheet sheet;
    struct rec_row_deadline before;
    if (!dispatch_close_wants_report(c->sp) || j->r.approved_at) return false;
    if (dispatch_sheet_get(st, j, &sheet) != ERR_OK || sheet.submitted_at) return false;
    return deadline_get(st, j->call_no, j->no, "evidence.submit", &before) == ERR_NOT_FOUND;
}

/* ---- the rows ---- */

#define MINUTES(key) offsetof(struct service_policy, key)

const struct deadline_row dispatch_clock_rows[CLOCK_COUNT] = {
    [CLOCK_ARRIVAL] = {.name = "job.arrival",
                       .rule = "DSP-014",
                       .from = FROM_RECEIVED,
                       .due = DUE_SERVICE,
                       .minutes = MINUTES(arrival_min),
                       .start = {EV_call_queued},
                       .stop = {EV_job_arrived, EV_job_restored},
                       .starts = arrival_starts,
                       .stops = arrival_stops},
    [CLOCK_AGREE_TIME] = {.name = "job.agree_time",
                          .rule = "DSP-018",
                          .from = FROM_RECEIVED,
                          .due = DUE_SERVICE,
                          .minutes = MINUTES(reply_min),
                          .clock = clock_kind_elapsed,
                          .start = {EV_call_queued},
                          .stop = {EV_job_time_agreed, EV_call_replied, EV_job_arrived,
                                   EV_job_restored},
                          .starts = agree_starts,
                          .stops = agree_stops},
    [CLOCK_REPAIR] = {.name = "job.repair",
                      .rule = "DSP-016",
                      .from = FROM_RECEIVED,
                      .due = DUE_SERVICE,
                      .minutes = MINUTES(repair_min),
                      .start = {EV_call_queued},
                      .stop = {EV_job_repaired, EV_job_restored},
                      .starts = repair_starts,
                      .stops = remote_or_repaired},
    [CLOCK_REPAIR_FROM_ARRIVAL] = {.name = "job.repair",
                                   .rule = "DSP-016",
                                   .from = FROM_START,
                                   .due = DUE_SERVICE,
                                   .minutes = MINUTES(repair_min),
                                   .start = {EV_job_arrived},
                                   .starts = repair_starts_at_arrival},
    [CLOCK_RESTORE] = {.name = "job.restore",
                       .rule = "DSP-016",
                       .from = FROM_RECEIVED,
                       .due = DUE_SERVICE,
                       .minutes = MINUTES(restore_min),
                       .start = {EV_call_queued},
                       .stop = {EV_job_restored}},
    [CLOCK_RESTORE_AS_ARRIVAL] = {.name = "job.restore",
                                  .rule = "DSP-016",
                                  .from = FROM_RECEIVED,
                                  .due = DUE_SERVICE,
                                  .minutes = MINUTES(arrival_min),
                                  .start = {EV_call_queued},
                                  .starts = restore_starts_as_arrival},
    [CLOCK_CONTINGENCY] = {.name = "job.contingency",
                           .rule = "DSP-020",
                           .from = FROM_RECEIVED,
                           .due = DUE_SERVICE,
                           .minutes = MINUTES(contingency_min),
                           .start = {EV_call_queued},
                           .stop = {EV_job_restored, EV_job_repaired}},
    [CLOCK_ACTIVATE] = {.name = "contingency.activate",
                        .rule = "DSP-020",
                        .from = FROM_START,
                        .due = DUE_SETTING,
                        .stop = {EV_job_contingency_activated, EV_job_restored, EV_job_repaired}},
    [CLOCK_CARRYOVER] = {.name = "carryover.assign",
                         .rule = "DSP-009",
                         .from = FROM_START,
                         .due = DUE_SETTING,
                         .start = {EV_call_carried_over},
                         .stop = {EV_job_assigned, EV_job_reassigned, EV_job_restored},
                         .starts = carryover_starts,
                         .stops = carryover_stops},
    [CLOCK_INSTALL] = {.name = "job.install",
                       .rule = "DSP-012",
                       .from = FROM_RECEIVED,
                       .due = DUE_GIVEN,
                       .stop = {EV_job_install_done}},
    [CLOCK_EVIDENCE] = {.name = "evidence.submit",
                        .rule = "DSP-032",
                        .from = FROM_OCCURRED,
                        .due = DUE_SETTING,
                        .start = {EV_job_returned_to_unit},
                        .stop = {EV_evidence_submitted, EV_evidence_approved},
                        .starts = evidence_starts},
};
/* ---- running them ---- */

static struct clock_ctx make_ctx(struct step *st, const struct job *j)
{
    return (struct clock_ctx){.c = {.case_no = j->call_no,
                                    .item = j->no,
                                    .unit = j->r.unit,
                                    .person = j->r.lead,
                                    .sp = j->sp,
                                    .received_ms = j->r.received_at,
                                    .occurred_ms = st->in->occurred},
                              .job = j};
}

static enum err run(struct step *st, enum event_kind kind, const struct clock_ctx *c,
                    const void *payload)
{
    return deadline_run(st, dispatch_clock_rows, CLOCK_COUNT, kind, &c->c, payload);
}

/* DSP-009: the next working day after the day that closed, from its opening. */
static int64_t next_opening(struct step *st, const struct job *j, int32_t day)
{
    const struct calendar *cal = step_calendar(st, j->r.unit, j->sp);
    int32_t next = calendar_workday(cal, day, 1);
    return next == INT32_MAX ? TIME_MAX_MS : calendar_open(cal, next);
}

enum err dispatch_clock_run(struct step *st, const struct job *j, enum event_kind kind,
                            const void *payload)
{
    struct clock_ctx c = make_ctx(st, j);
    if (kind == EV_job_arrived) {
        if (j->arrival_counts) c.c.occurred_ms = j->arrival_ms;
        c.c.start_ms = j->r.arrived_at;
    }
    if (kind == EV_call_carried_over) {
        c.c.start_ms = next_opening(st, j, ((const struct ev_call_carried_over *)payload)->day);
    }
    return run(st, kind, &c, payload);
}

static enum err arm_install(struct step *st, const struct job *j)
{
    if (!j->r.due_day || j->r.installed_at) return ERR_OK;
    struct clock_ctx c = make_ctx(st, j);
    const struct zone *z = calendar_zone(step_calendar(st, j->r.unit, j->sp));
    c.c.given_ms = zone_day_start(z, j->r.due_day + 1); /* 24:00 of the contract date (CV-8) */
    return deadline_arm(st, &dispatch_clock_rows[CLOCK_INSTALL], &c.c, (struct str){0});
}

enum err dispatch_clock_begin(struct step *st, struct job *j, const void *payload)
{
    struct clock_ctx c = make_ctx(st, j);
    enum err e = run(st, EV_call_queued, &c, payload);
    if (e == ERR_OK) e = arm_install(st, j);
    int64_t agreed_ms = j->r.agreed_at, said_ms = j->r.agreed_said_at;
    if (!agreed_ms && j->sp->arrival_from == ARRIVAL_FROM_appointment) {
        agreed_ms = j->r.requested_at;
        said_ms = j->r.received_at;
    }
    j->r.agreed_at = j->r.agreed_said_at = 0; /* kept only where it rules the clock */
    if (e != ERR_OK || !agreed_ms) return e;
    return dispatch_clock_agree(st, j, agreed_ms, said_ms);
}

/* INT-095, INT-022. All clocks end without a verdict and start anew by the policy and the call time
 * of now. The carry-over belongs to the day, not to the policy, and keeps its opening. */
enum err dispatch_clock_change(struct step *st, struct job *j, const void *payload,
                               struct str reason)
{
    struct rec_row_deadline carry;
    const struct deadline_row *row = &dispatch_clock_rows[CLOCK_CARRYOVER];
    enum err e = deadline_get(st, j->call_no, j->no, row->name, &carry);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool carried = e == ERR_OK && carry.end == deadline_end_open;
    e = deadline_drop(st, j->call_no, j->no, reason);
    if (e == ERR_OK) e = dispatch_clock_begin(st, j, payload);
    if (e != ERR_OK || !carried) return e;
    struct clock_ctx c = make_ctx(st, j);
    c.c.start_ms = carry.start;
    return deadline_arm(st, row, &c.c, (struct str){0});
}

/* ---- given times ---- */

/* INT-098: a set time replaces the due only when it was said before the due passed; under a policy
 * whose arrival is a given time it is the due. Once somebody is there it changes nothing. */
static bool replaces(const struct job *j, enum err found, const struct rec_row_deadline *d,
                     int64_t said_ms)
{
    bool given = j->sp->arrival_from != ARRIVAL_FROM_none;
    if (!j->kind->arrival || j->r.arrived_at || j->r.remote) return false;
    if (!given && !j->sp->agreed_time_overrides) return false;
    if (found == ERR_NOT_FOUND || d->end == deadline_end_cancelled) return true;
    return d->end == deadline_end_open && said_ms <= d->due;
}

enum err dispatch_clock_agree(struct step *st, struct job *j, int64_t agreed_ms, int64_t said_ms)
{
    const struct deadline_row *row = &dispatch_clock_rows[CLOCK_ARRIVAL];
    struct rec_row_deadline d = {0};
    enum err e = deadline_get(st, j->call_no, j->no, row->name, &d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (!replaces(j, e, &d, said_ms)) return ERR_OK;
    j->r.agreed_at = agreed_ms;
    j->r.agreed_said_at = said_ms;
    struct clock_ctx c = make_ctx(st, j);
    c.c.given_ms = agreed_ms;
    return deadline_arm(st, row, &c.c, STR("agreed"));
}

/* ---- pauses ---- */

/* Times the customer or a contract gave do not move, nor does what was late before the wait began.
 */
static bool shifts(const struct rec_row_deadline *d, int64_t from_ms)
{
    bool counts = d->clock == clock_kind_working || d->clock == clock_kind_elapsed;
    return d->end == deadline_end_open && counts && d->due >= from_ms;
}

static enum err shift_one(struct step *st, const struct job *j, const struct deadline_row *row,
                          int64_t from_ms, int64_t to_ms)
{
    struct rec_row_deadline d;
    enum err e = deadline_get(st, j->call_no, j->no, row->name, &d);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    if (!shifts(&d, from_ms)) return ERR_OK;
    if (from_ms < d.start) from_ms = d.start; /* armed while the job waited */
    int64_t by_ms = to_ms - from_ms;
    if (d.clock == clock_kind_working) {
        by_ms = calendar_worked(step_calendar(st, j->r.unit, j->sp), from_ms, to_ms);
    }
    if (by_ms <= 0 && !d.held) return ERR_OK;
    struct clock_ctx c = make_ctx(st, j);
    return deadline_shift(st, row, &c.c, by_ms > 0 ? by_ms : 0);
}

enum err dispatch_clock_hold(struct step *st, const struct job *j, int64_t from_ms)
{
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < CLOCK_COUNT; i++) {
        const struct deadline_row *row = &dispatch_clock_rows[i];
        struct rec_row_deadline d;
        struct clock_ctx c = make_ctx(st, j);
        e = deadline_get(st, j->call_no, j->no, row->name, &d);
        if (e == ERR_OK && shifts(&d, from_ms)) e = deadline_hold(st, row, &c.c);
        if (e == ERR_NOT_FOUND) e = ERR_OK;
    }
    return e;
}

enum err dispatch_clock_shift(struct step *st, const struct job *j, int64_t from_ms, int64_t to_ms)
{
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < CLOCK_COUNT; i++) {
        const struct deadline_row *row = &dispatch_clock_rows[i];
        if (row->stop[0] == EV_NONE) continue; /* a further way to start a name seen before */
        e = shift_one(st, j, row, from_ms, to_ms);
    }
    return e;
}

/* ---- the contingency task ---- */

static bool is_over(const struct job *j)
{
    return j->r.state == job_state_completed || j->r.state == job_state_signed ||
           j->r.state == job_state_closed;
}

/* DSP-020: what is not running when job.contingency passes needs its emergency plan. Work on site
 * turns into contingency work; a job nobody has reached yet keeps its state, its assignment is
 * still owed. Finished work needs none, also where nobody has said yet since when it runs. */
static enum err contingency_passed(struct step *st, const struct passed *what)
{
    struct job j;
    enum err e = dispatch_job_load(st, what->case_no, what->item, &j);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (is_over(&j)) return ERR_OK;
    j.r.contingency_at = what->due_ms;
    if (j.r.state == job_state_on_site || j.r.state == job_state_working) {
        j.r.state = job_state_contingency;
    }
    struct clock_ctx c = make_ctx(st, &j);
    c.c.start_ms = what->due_ms;
    e = deadline_arm(st, &dispatch_clock_rows[CLOCK_ACTIVATE], &c.c, (struct str){0});
    if (e == ERR_OK) dispatch_job_save(st, &j);
    return e;
}

/* Clocks that do something when they pass. */
static const struct {
    const char *name;
    enum err (*act)(struct step *st, const struct passed *what);
} acts[] = {
    {"job.contingency", contingency_passed},
    /* staff */
    {"staff.day", dispatch_crew_passed},
    {"card.monthly", dispatch_card_passed},
    {"resident.day", dispatch_resident_passed},
    {"duty.day", dispatch_resident_duty_passed},
    /* goods */
    {"goods.log_in", dispatch_goods_passed},
    {"custody.check", dispatch_custody_passed},
    {"repair.promised", dispatch_repaircard_passed},
    /* plant */
    {"breakpoint.track", dispatch_sorting_passed},
};

enum err dispatch_clock_passed(struct step *st, const struct passed *what)
{
    if (!what->is_due) return ERR_OK;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        if (str_is(what->name, acts[i].name)) return acts[i].act(st, what);
    }
    return ERR_OK;
}
