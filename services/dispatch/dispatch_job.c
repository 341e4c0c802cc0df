/* dispatch_job.c - the row of a job: loading, saving, its place in the queue.
 *
 * Invariant: a job stands in the queue table exactly while it is pending and its kind of order
 * needs a technician; the order of that table's keys is the order of DSP-009 (carried over first,
 * then the older call, then the number). Rules DSP-001, DSP-009, DSP-012. */
#include "services/dispatch/dispatch_private.h"

const struct table dispatch_tables[DISPATCH_TABLES] = {
    [DISPATCH_JOB] = {TABLE_OWN, "job", "call, job", shape_row_job},
    [DISPATCH_LEG] = {TABLE_OWN + 1, "leg", "call, job, technician", shape_row_leg},
    [DISPATCH_TECHNICIAN] = {TABLE_OWN + 2, "technician", "person", shape_row_technician},
    [DISPATCH_QUEUE] = {TABLE_OWN + 3, "queue", "unit, 0 carried over 1 not, received, call, job",
                        shape_row_queue},
    [DISPATCH_NOTE] = {TABLE_OWN + 4, "call_note", "call", shape_row_call_note},
    /* desk */
    [DISPATCH_CALL_QUOTE] = {TABLE_OWN + 5, "call_quote", "call", shape_row_call_quote},
};

/* A policy that asks for nothing: for a job whose policy a later set no longer has. */
static const struct service_policy no_policy;
/* Likewise for kinds: everything is needed. */
static const struct order_kind full_kind = {.disposition = disposition_site,
                                            .arrival = true,
                                            .assignment = true,
                                            .completion = true,
                                            .signature = true};

struct key dispatch_job_key(struct str call_no, uint8_t no)
{
    struct key k = key_of(call_no);
    key_u8(&k, no);
    return k;
}

static bool is_queued(const struct job *j)
{
    return j->r.state == job_state_pending && j->kind->assignment;
}

static struct key queue_key(const struct job *j)
{
    struct key k = key_of(j->r.unit);
    key_u8(&k, j->r.carried_over ? 0 : 1);
    key_u64(&k, (uint64_t)j->r.received_at);
    key_str(&k, j->call_no);
    key_u8(&k, j->no);
    return k;
}

void dispatch_job_new(struct step *st, struct job *j)
{
    j->sp = policy_service(st->policy, j->r.policy);
    if (!j->sp) j->sp = &no_policy;
    j->kind = policy_kind(st->policy, j->r.order_kind);
    if (!j->kind) j->kind = policy_kind(st->policy, (struct str){0});
    if (!j->kind) j->kind = &full_kind;
}

enum err dispatch_job_load(struct step *st, struct str call_no, uint8_t no, struct job *out)
{
    struct key k = dispatch_job_key(call_no, no);
    struct job j = {.call_no = call_no, .no = no};
    enum err e = step_get(st, &dispatch_tables[DISPATCH_JOB], &k, &j.r);
    if (e != ERR_OK) return e;
    dispatch_job_new(st, &j);
    j.was_queued = is_queued(&j);
    j.queue_key = queue_key(&j);
    *out = j;
    return ERR_OK;
}

void dispatch_job_save(struct step *st, struct job *j)
{
    ENSURE(j->r.legs_open + j->r.legs_done <= j->r.legs);
    ENSURE(j->r.state != job_state_closed || j->r.closed_at != 0);
    struct key k = dispatch_job_key(j->call_no, j->no), place = queue_key(j);
    step_put(st, &dispatch_tables[DISPATCH_JOB], &k, &j->r);
    if (j->was_queued) step_del(st, &dispatch_tables[DISPATCH_QUEUE], &j->queue_key);
    j->was_queued = is_queued(j);
    j->queue_key = place;
    if (!j->was_queued) return;
    struct rec_row_queue row = {.call_no = j->call_no, .job = j->no};
    step_put(st, &dispatch_tables[DISPATCH_QUEUE], &place, &row);
}

void dispatch_job_earliest(int64_t *at, int64_t said_ms)
{
    if (!*at || said_ms < *at) *at = said_ms;
}

void dispatch_job_emit(struct step *st, const char *rule, enum event_kind kind, const void *payload)
{
    const char *at_work = st->rule;
    st->rule = rule;
    step_emit(st, kind, payload);
    st->rule = at_work;
}

enum err dispatch_job_end(struct step *st, struct job *j, enum job_state state, struct str why)
{
    REQUIRE(state == job_state_closed || state == job_state_cancelled);
    struct leg *legs;
    uint32_t count = 0;
    enum err e = j->r.legs_open ? dispatch_leg_all(st, j, &legs, &count) : ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < count; i++) {
        if (dispatch_leg_is_open(&legs[i].r)) e = dispatch_leg_finish(st, j, &legs[i], why);
    }
    j->r.state = state;
    j->r.closed_at = st->in->occurred;
    return e;
}
