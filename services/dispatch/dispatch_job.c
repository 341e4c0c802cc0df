/* dispatch_job.c - the row of a job: loading, saving, its place in the queue.
 *
 * Invariant: a job stands in the queue table exactly while it is pending and its kind of order
 * needs a technician; the order of that table's keys is the order of DSP-009 (carried over first,
 * then the older call, then the number). Rules DSP-001, DSP-009, DSP-012. */
#include "services/dispatch/dispatch_private.h"

#define TABLE(id, name, key, row) [DISPATCH_##id] = {TABLE_OWN + DISPATCH_##id, name, key, row}

const struct table dispatch_tables[DISPATCH_TABLES] = {
    TABLE(JOB, "job", "call, job", shape_row_job),
    TABLE(LEG, "leg", "call, job, technician", shape_row_leg),
    TABLE(TECHNICIAN, "technician", "person", shape_row_technician),
    TABLE(QUEUE, "queue", "unit, 0 carried over 1 not, received, call, job", shape_row_queue),
    TABLE(NOTE, "call_note", "call", shape_row_call_note),
    /* staff */
    TABLE(CREW, "crew", "unit, person", shape_row_crew),
    TABLE(DAILY, "daily", "technician, day", shape_row_tech_daily),
    TABLE(SUPERVISOR_DAILY, "supervisor", "unit, day", shape_row_supervisor_daily),
    TABLE(SMS, "staff_sms", "person, day", shape_row_staff_sms),
    TABLE(CARD, "staff_card", "person, month, call", shape_row_staff_card),
    TABLE(CARDS, "staff_cards", "person, month", shape_row_staff_cards),
    TABLE(TECH, "tech", "technician", shape_row_tech),
    TABLE(TOOL, "tool", "tool", shape_row_tool),
    TABLE(SHIFT, "shift", "shift", shape_row_shift),
    TABLE(RESIDENT, "resident", "site, day", shape_row_resident),
    TABLE(DUTY, "duty", "unit, day, person, start", shape_row_duty),
    /* goods */
    TABLE(GOODS, "goods", "receipt_no", shape_row_goods),
    TABLE(GOODS_ENTRY, "goods_entry", "register_no", shape_row_goods_entry),
    TABLE(REPAIRCARD, "repaircard", "card_no", shape_row_repaircard),
    TABLE(JOB_GOODS, "job_goods", "call, job", shape_row_job_goods),
    TABLE(CUSTODY, "custody", "unit", shape_row_custody),
    TABLE(FEE, "fee", "call", shape_row_fee),
    TABLE(FACTORY, "factory", "form_no", shape_row_factory),
    /* shop */
    TABLE(VEHICLE, "vehicle", "vehicle", shape_row_vehicle),
    TABLE(WORKORDER, "workorder", "workorder", shape_row_workorder),
    TABLE(REWORK, "rework", "rework_no", shape_row_rework),
    TABLE(CLOSED_JOB, "closed_job", "product, cause, call, job", shape_row_closed_job),
    TABLE(SHEET, "sheet", "call, job", shape_row_sheet),
    TABLE(KEY_PROJECT, "key_project", "customer", shape_row_key_project),
    /* plant */
    TABLE(SORTING, "sorting", "quality_no", shape_row_sorting),
    TABLE(SUSPECT, "suspect", "form_no", shape_row_suspect),
    TABLE(DEFECT, "defect", "quality_no, body_no", shape_row_defect),
    /* desk */
    TABLE(CALL_QUOTE, "call_quote", "call", shape_row_call_quote),
    /* plant */
    TABLE(QUALITY_LINK, "quality_link", "quality_no", shape_row_quality_link),
    TABLE(QUALITY_SLIP, "quality_slip", "quality_no, form_no", shape_row_quality_slip),
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
    if (state == job_state_closed) dispatch_repeat_remember(st, j);
    return e;
}
