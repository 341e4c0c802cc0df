/* headoffice_jobs.c - what dispatch accepted about jobs: the case row's half and a leg per
 * technician.
 *
 * A leg keeps the first of each stamp, in the order of dispatch's log; the case keeps the first
 * assignment and arrival of all (DSP-019: the first arrival stops the clock) and the last
 * completion. Where a fact names nobody it means whoever is on the job. Rules HQ-001, DSP-019,
 * DSP-028, DSP-030. */
#include "common/contract.h"
#include "services/headoffice/headoffice_private.h"

#define JOB_FIRST 1 /* `job` absent means job 1 */

struct leg_of {
    struct str call_no;
    uint64_t job;
    struct str technician;
};

static struct key leg_key(const struct leg_of *of)
{
    struct key k = key_of(of->call_no);
    key_u8(&k, (uint8_t)(of->job ? of->job : JOB_FIRST));
    if (of->technician.n) key_str(&k, of->technician);
    return k;
}

static bool leg_is_open(const struct rec_row_hq_leg *leg)
{
    return leg->assigned && !leg->left && !leg->completed;
}

static enum err leg_one(struct step *st, const struct leg_of *of,
                        void (*change)(struct rec_row_hq_leg *leg, int64_t at_ms))
{
    struct key k = leg_key(of);
    struct rec_row_hq_leg leg = {0};
    enum err e = step_get(st, headoffice_leg, &k, &leg);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    change(&leg, st->in->occurred);
    step_put(st, headoffice_leg, &k, &leg);
    return ERR_OK;
}

/* The one named, else everyone on the job. */
static enum err legs_change(struct step *st, const struct leg_of *of,
                            void (*change)(struct rec_row_hq_leg *leg, int64_t at_ms))
{
    if (of->technician.n) return leg_one(st, of, change);
    struct key prefix = leg_key(of), at = {.n = 0};
    struct rec_row_hq_leg leg;
    enum err e;
    while ((e = step_next(st, headoffice_leg, &prefix, &at, &leg)) == ERR_OK) {
        if (!leg_is_open(&leg)) continue;
        change(&leg, st->in->occurred);
        step_put(st, headoffice_leg, &at, &leg);
    }
    return e == ERR_END ? ERR_OK : e;
}

static void assign(struct rec_row_hq_leg *leg, int64_t at_ms)
{
    if (!leg->assigned) leg->assigned = at_ms;
    leg->left = 0;
    leg->recalled = false;
}

static void depart(struct rec_row_hq_leg *leg, int64_t at_ms)
{
    if (!leg->departed) leg->departed = at_ms;
}

static void arrive(struct rec_row_hq_leg *leg, int64_t at_ms)
{
    if (!leg->arrived) leg->arrived = at_ms;
}

static void complete(struct rec_row_hq_leg *leg, int64_t at_ms)
{
    if (!leg->completed) leg->completed = at_ms;
}

static void leave(struct rec_row_hq_leg *leg, int64_t at_ms)
{
    if (!leg->left) leg->left = at_ms;
}

static void recall(struct rec_row_hq_leg *leg, int64_t at_ms)
{
    leave(leg, at_ms);
    leg->recalled = true;
}

/* ---- handlers ---- */

static enum err on_assigned(struct step *st, const void *payload)
{
    const struct ev_job_assigned *x = payload;
    struct leg_of of = {x->call_no, x->job, x->technician};
    enum err e = x->technician.n ? leg_one(st, &of, assign) : ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < x->party.n; i++) {
        of.technician = x->party.v[i].person;
        e = leg_one(st, &of, assign);
    }
    struct case_edit edit;
    if (e == ERR_OK) e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.assigned = headoffice_earlier(edit.row.assigned, st->in->occurred);
    return case_save(st, &edit);
}

static enum err on_refused(struct step *st, const void *payload)
{
    const struct ev_job_refused *x = payload;
    struct leg_of of = {x->call_no, x->job, x->technician};
    return legs_change(st, &of, leave);
}

/* The reporter's running count, where he keeps one, else one more. */
static enum err on_reassigned(struct step *st, const void *payload)
{
    const struct ev_job_reassigned *x = payload;
    struct leg_of of = {x->call_no, x->job, x->from};
    enum err e = legs_change(st, &of, leave);
    of.technician = x->to;
    if (e == ERR_OK && x->to.n) e = leg_one(st, &of, assign);
    struct case_edit edit;
    if (e == ERR_OK) e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    uint64_t n = x->count ? x->count : edit.row.reassigned + 1;
    if (n > edit.row.reassigned) edit.row.reassigned = n;
    return case_save(st, &edit);
}

static enum err on_recalled(struct step *st, const void *payload)
{
    const struct ev_job_recalled *x = payload;
    struct leg_of of = {x->call_no, x->job, x->technician};
    return legs_change(st, &of, recall);
}

static enum err on_departed(struct step *st, const void *payload)
{
    const struct ev_job_departed *x = payload;
    struct leg_of of = {x->call_no, x->job, x->technician};
    return legs_change(st, &of, depart);
}

static enum err on_arrived(struct step *st, const void *payload)
{
    const struct ev_job_arrived *x = payload;
    struct leg_of of = {x->call_no, x->job, x->technician};
    struct case_edit edit;
    enum err e = legs_change(st, &of, arrive);
    if (e == ERR_OK) e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.arrived = headoffice_earlier(edit.row.arrived, st->in->occurred);
    return case_save(st, &edit);
}

static enum err on_completed(struct step *st, const void *payload)
{
    const struct ev_job_completed *x = payload;
    struct leg_of of = {x->call_no, x->job, x->technician};
    struct case_edit edit;
    enum err e = legs_change(st, &of, complete);
    if (e == ERR_OK) e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    if (edit.row.completed == 0 || st->in->occurred > edit.row.completed) {
        edit.row.completed = st->in->occurred;
    }
    return case_save(st, &edit);
}

static enum err on_reopened(struct step *st, const void *payload)
{
    const struct ev_job_reopened *x = payload;
    struct case_edit edit;
    enum err e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.completed = 0;
    uint64_t n = x->count ? x->count : edit.row.reopened + 1;
    if (n > edit.row.reopened) edit.row.reopened = n;
    return case_save(st, &edit);
}

static enum err on_paused(struct step *st, const void *payload)
{
    const struct ev_job_paused *x = payload;
    struct case_edit edit;
    enum err e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.paused = true;
    return case_save(st, &edit);
}

const struct on headoffice_jobs[] = {
    {EV_job_assigned, OWNER_dispatch, on_assigned},
    {EV_job_refused, OWNER_dispatch, on_refused},
    {EV_job_reassigned, OWNER_dispatch, on_reassigned},
    {EV_job_recalled, OWNER_dispatch, on_recalled},
    {EV_job_departed, OWNER_dispatch, on_departed},
    {EV_job_arrived, OWNER_dispatch, on_arrived},
    {EV_job_completed, OWNER_dispatch, on_completed},
    {EV_job_reopened, OWNER_dispatch, on_reopened},
    {EV_job_paused, OWNER_dispatch, on_paused},
};
const size_t headoffice_job_count = COUNT_OF(headoffice_jobs);
