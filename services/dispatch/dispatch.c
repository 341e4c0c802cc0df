/* dispatch.c - the job machine (dispatch section 13) and the service around it.
 *
 * Read down: states, table, step. The handlers stand by what they are about: dispatch_call.c (what
 * intake says of calls), dispatch_assign.c (people), dispatch_site.c (way and arrival),
 * dispatch_work.c (the work), dispatch_close.c (signature to close); dispatch_clock.c holds the
 * deadlines.
 *
 * A row without `to` leaves the state to its handler. Reports that may come late (departure,
 * arrival, diagnosis, repair …) are allowed in later states too and then only recorded; occurred
 * decides what they are worth. Waiting (job.paused) lies over the state and forbids nothing. Rules
 * DSP-001…DSP-032, DSP-085, DSP-086; by id in RULES.md. */
#include "services/dispatch/dispatch_private.h"
#include <assert.h>
#include <string.h>

#define PENDING IN(job_state_pending)
#define ASSIGNED IN(job_state_assigned)
#define TRAVELLING IN(job_state_travelling)
#define ON_SITE IN(job_state_on_site)
#define WORKING IN(job_state_working)
#define CONTINGENCY IN(job_state_contingency)
#define COMPLETED IN(job_state_completed)
#define SIGNED IN(job_state_signed)
#define CLOSED IN(job_state_closed)
#define TAKEN_AWAY IN(job_state_taken_away) /* goods are away, dispatch_goods.c */

#define OUT (ASSIGNED | TRAVELLING)             /* somebody was sent */
#define THERE (ON_SITE | WORKING | CONTINGENCY) /* somebody is there */
#define UNFINISHED (PENDING | OUT | THERE | TAKEN_AWAY)
#define FINISHED (COMPLETED | SIGNED)
#define ANY_OPEN (UNFINISHED | FINISHED)
#define SENT (OUT | THERE | TAKEN_AWAY | FINISHED)

static const struct transition table[] = {
    {EV_job_assigned, UNFINISHED | COMPLETED, 0, dispatch_assign_on_assigned, "DSP-001"},
    {EV_job_accepted, SENT, 0, dispatch_assign_on_accepted, "DSP-002"},
    {EV_job_refused, OUT | THERE | TAKEN_AWAY, 0, dispatch_assign_on_refused, "DSP-011"},
    {EV_job_reassigned, ANY_OPEN, 0, dispatch_assign_on_reassigned, "DSP-019"},
    {EV_job_recalled, OUT | THERE | TAKEN_AWAY, 0, dispatch_assign_on_recalled, "DSP-019"},

    {EV_job_departed, ANY_OPEN | CLOSED, 0, dispatch_site_on_departed, "DSP-002"},
    {EV_job_arrived, ANY_OPEN | CLOSED, 0, dispatch_site_on_arrived, "DSP-015"},
    {EV_job_time_agreed, UNFINISHED, 0, dispatch_site_on_time_agreed, "DSP-018"},
    {EV_job_paused, ANY_OPEN, 0, dispatch_site_on_paused, "DSP-019"},
    {EV_job_resumed, ANY_OPEN, 0, dispatch_site_on_resumed, "DSP-019"},

    {EV_job_diagnosed, ANY_OPEN, 0, dispatch_work_on_diagnosed, "DSP-024"},
    {EV_job_plan_reviewed, UNFINISHED, 0, dispatch_work_on_plan_reviewed, "DSP-085"},
    {EV_job_repair_started, UNFINISHED, 0, dispatch_work_on_repair_started, "DSP-085"},
    {EV_job_repaired, ANY_OPEN | CLOSED, 0, dispatch_work_on_repaired, "DSP-020"},
    {EV_job_restored, ANY_OPEN | CLOSED, 0, dispatch_work_on_restored, "DSP-019"},
    {EV_job_contingency_activated, ANY_OPEN | CLOSED, 0, dispatch_work_on_contingency_activated,
     "DSP-020"},
    {EV_job_unrepairable, UNFINISHED, 0, dispatch_work_on_unrepairable, "DSP-021"},
    {EV_job_install_done, ANY_OPEN | CLOSED, 0, dispatch_work_on_install_done, "DSP-012"},
    {EV_job_completed, UNFINISHED & ~TAKEN_AWAY, 0, dispatch_work_on_completed, "DSP-028"},

    {EV_job_reopened, ANY_OPEN, 0, dispatch_close_on_reopened, "DSP-030"},
    {EV_job_reopened, CLOSED, 0, dispatch_close_on_reopened_late, "DSP-030"},
    {EV_job_signed, OUT | THERE | COMPLETED, 0, dispatch_close_on_signed, "DSP-027"},
    {EV_job_signed, CLOSED, 0, dispatch_close_on_signed_late, "DSP-027"},
    {EV_job_leave_reported, SENT, 0, dispatch_close_on_leave_reported, "DSP-031"},
    {EV_job_left_site, SENT | CLOSED, 0, dispatch_close_on_left_site, "DSP-031"},
    {EV_evidence_completed, SENT, 0, dispatch_close_on_evidence, "DSP-026"},
    {EV_evidence_approved, SENT, 0, dispatch_close_on_approved, "DSP-032"},
    {EV_evidence_survey_attached, SENT, 0, dispatch_close_on_survey, "INT-084"},

    /* shop */
    {EV_job_prepared, ANY_OPEN, 0, dispatch_sheet_on_prepared, "DSP-005"},
    {EV_job_escalated_to_leader, ANY_OPEN, 0, dispatch_sheet_on_escalated, "DSP-025"},
    {EV_job_guidance_given, SENT | CLOSED, 0, dispatch_sheet_on_guidance, "DSP-029"},
    {EV_job_photographed, SENT, 0, dispatch_sheet_on_photographed, "DSP-013"},
    {EV_job_trained, SENT, 0, dispatch_sheet_on_trained, "DSP-084"},
    {EV_job_returned_to_unit, SENT | CLOSED, 0, dispatch_sheet_on_returned, "DSP-032"},
    {EV_evidence_submitted, SENT | CLOSED, 0, dispatch_sheet_on_submitted, "DSP-032"},
    {EV_evidence_filed, SENT | CLOSED, 0, dispatch_sheet_on_filed, "DSP-032"},
};
static_assert(job_state_taken_away < 32, "every state must fit in transition.from");

/* Every fact about a job begins with its call and its number in the call. */
struct job_ref {
    struct str call_no;
    uint64_t job;
};
#define BEGINS_WITH_JOB(event)                                                                     \
    static_assert(offsetof(struct ev_##event, call_no) == offsetof(struct job_ref, call_no) &&     \
                      offsetof(struct ev_##event, job) == offsetof(struct job_ref, job),           \
                  #event)
BEGINS_WITH_JOB(job_assigned);
BEGINS_WITH_JOB(job_accepted);
BEGINS_WITH_JOB(job_refused);
BEGINS_WITH_JOB(job_reassigned);
BEGINS_WITH_JOB(job_recalled);
BEGINS_WITH_JOB(job_departed);
BEGINS_WITH_JOB(job_arrived);
BEGINS_WITH_JOB(job_time_agreed);
BEGINS_WITH_JOB(job_paused);
BEGINS_WITH_JOB(job_resumed);
BEGINS_WITH_JOB(job_diagnosed);
BEGINS_WITH_JOB(job_plan_reviewed);
BEGINS_WITH_JOB(job_repair_started);
BEGINS_WITH_JOB(job_repaired);
BEGINS_WITH_JOB(job_restored);
BEGINS_WITH_JOB(job_contingency_activated);
BEGINS_WITH_JOB(job_unrepairable);
BEGINS_WITH_JOB(job_install_done);
BEGINS_WITH_JOB(job_completed);
BEGINS_WITH_JOB(job_reopened);
BEGINS_WITH_JOB(job_signed);
BEGINS_WITH_JOB(job_leave_reported);
BEGINS_WITH_JOB(job_left_site);
BEGINS_WITH_JOB(evidence_completed);
BEGINS_WITH_JOB(evidence_approved);
BEGINS_WITH_JOB(evidence_survey_attached);
BEGINS_WITH_JOB(job_prepared);
BEGINS_WITH_JOB(job_escalated_to_leader);
BEGINS_WITH_JOB(job_guidance_given);
BEGINS_WITH_JOB(job_photographed);
BEGINS_WITH_JOB(job_trained);
BEGINS_WITH_JOB(job_returned_to_unit);
BEGINS_WITH_JOB(evidence_submitted);
BEGINS_WITH_JOB(evidence_filed);

static bool is_known(enum event_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (table[i].on == kind) return true;
    }
    return false;
}

static enum err job_find(struct step *st, const struct job_ref *ref, struct job *out)
{
    unsigned no = ref->job ? (unsigned)ref->job : JOB_FIRST;
    enum err e = dispatch_job_load(st, ref->call_no, (uint8_t)no, out);
    if (e != ERR_NOT_FOUND) return e;
    st->rule = "DSP-001";
    return step_refuse(st, "unknown_job", no == JOB_FIRST ? "call_no" : "job",
                       "call %.*s has no job %u here; it is made when intake queues the call",
                       STR_ARG(ref->call_no), no);
}

static const struct paper *const papers[] = {
    /* goods: taken away, repair cards, fees */
    &dispatch_goods, &dispatch_repaircard, &dispatch_fee, &dispatch_factory,
    /* staff: daily reports, shifts, tools */
    &dispatch_daily, &dispatch_daily_supervisor, &dispatch_rating_tech, &dispatch_tool,
    &dispatch_shift, &dispatch_resident, &dispatch_resident_duty,
    /* shop: workshop, rework */
    &dispatch_vehicle, &dispatch_workorder, &dispatch_rework, &dispatch_key_project,
    /* plant: sorting, suspect goods, break points */
    &dispatch_sorting, &dispatch_suspect, &dispatch_defect, NULL};

static enum err on_paper(struct step *st, const void *payload)
{
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

/* A fact of the door about a job: state, handler, clocks, close; the row is written last. */
static enum err on_fact(struct step *st, const void *payload)
{
    if (!is_known(st->type->kind)) return on_paper(st, payload);
    struct job_ref ref;
    memcpy(&ref, payload, sizeof ref);
    struct job j;
    enum err e = job_find(st, &ref, &j);
    if (e != ERR_OK) return e;
    const struct transition *t;
    e = machine_find(st, table, COUNT_OF(table), j.r.state, &codes_job_state, &t);
    if (e != ERR_OK) return e;
    e = t->handle(st, payload, &j);
    if (e == ERR_OK) e = dispatch_clock_run(st, &j, st->type->kind, payload);
    if (e == ERR_OK && st->type->kind == EV_job_signed) e = dispatch_fee_invoice(st, &j);
    if (e == ERR_OK) e = dispatch_close_check(st, &j);
    if (e != ERR_OK) return e;
    dispatch_job_save(st, &j);
    st->rule = t->rule;
    return ERR_OK;
}

static enum err dispatch_step(struct step *st, const void *payload)
{
    REQUIRE(st->type != NULL);
    if (st->from != OWNER_intake) return ERR_STALE;
    if (st->type->owner == OWNER_dispatch) return on_fact(st, payload);
    return dispatch_call_step(st, payload);
}

const struct service dispatch_service = {
    .name = "dispatch",
    .owner = OWNER_dispatch,
    .upstream = IN(OWNER_intake),
    .tables = dispatch_tables,
    .table_count = DISPATCH_TABLES,
    .deadlines = dispatch_clock_rows,
    .deadline_count = CLOCK_COUNT,
    .step = dispatch_step,
    .on_passed = dispatch_clock_passed,
};
