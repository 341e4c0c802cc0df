/* dispatch_call.c - what intake says about calls: a queued call becomes a job, and the job follows
 * its call until that ends. What is said before the call is queued waits in a note.
 *
 * Intake's verdicts are never refused here: intake stands to the left and has decided. An event
 * that does not concern a job is stale. Rules DSP-001, DSP-008, DSP-009, DSP-018, DSP-085, INT-018,
 * INT-022, INT-024, INT-037, INT-095. */
#include "services/dispatch/dispatch_private.h"

/* ---- notes ---- */

static enum err note_get(struct step *st, struct str call_no, struct rec_row_call_note *out)
{
    struct key k = key_of(call_no);
    struct rec_row_call_note row = {0};
    enum err e = step_get(st, &dispatch_tables[DISPATCH_NOTE], &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = row;
    return ERR_OK;
}

static void note_put(struct step *st, struct str call_no, const struct rec_row_call_note *row)
{
    struct key k = key_of(call_no);
    step_put(st, &dispatch_tables[DISPATCH_NOTE], &k, row);
}

static void note_del(struct step *st, struct str call_no)
{
    struct key k = key_of(call_no);
    step_del(st, &dispatch_tables[DISPATCH_NOTE], &k);
}

/* ---- queued ---- */

static struct rec_row_job row_of(const struct step *st, const struct ev_call_queued *ev)
{
    return (struct rec_row_job){.state = job_state_pending,
                                .unit = ev->unit,
                                .policy = ev->policy,
                                .policy_version = st->policy->version,
                                .category = ev->category,
                                .order_kind = ev->order_kind,
                                .customer = ev->customer,
                                .product = ev->product,
                                .model = ev->model,
                                .fault_group = ev->fault_group,
                                .service_class = ev->service_class,
                                .severity = ev->severity,
                                .zone = ev->zone,
                                .from_complaint = ev->from_complaint == yes_no_yes,
                                .received_at = ev->received_at,
                                .requested_at = ev->requested_at,
                                .repeat_of = ev->repeat_of,
                                .voucher = ev->voucher,
                                .due_day = ev->due_day};
}

static enum err on_queued(struct step *st, const struct ev_call_queued *ev)
{
    struct job j;
    enum err e = dispatch_job_load(st, ev->call_no, JOB_FIRST, &j);
    if (e != ERR_NOT_FOUND) return e == ERR_OK ? ERR_STALE : e;
    j = (struct job){.call_no = ev->call_no, .no = JOB_FIRST, .r = row_of(st, ev)};
    struct rec_row_call_note note;
    e = note_get(st, ev->call_no, &note);
    if (e != ERR_OK) return e;
    j.r.agreed_at = note.agreed_at;
    j.r.agreed_said_at = note.agreed_said_at;
    j.r.charge_explained = note.charge_explained;
    if (note.dissatisfied) j.r.from_complaint = true;
    note_del(st, ev->call_no);
    dispatch_job_new(st, &j);
    struct ev_job_created out = {.call_no = j.call_no,
                                 .job = j.no,
                                 .unit = j.r.unit,
                                 .received_at = j.r.received_at,
                                 .policy = j.r.policy};
    step_emit(st, EV_job_created, &out);
    e = dispatch_sheet_notify(st, &j);
    if (e == ERR_OK) e = dispatch_clock_begin(st, &j, ev);
    if (e == ERR_OK) e = dispatch_crew_suggest(st, &j);
    if (e == ERR_OK) dispatch_job_save(st, &j);
    return e;
}

/* ---- while it is open ---- */

static bool is_open(const struct job *j)
{
    return j->r.state != job_state_closed && j->r.state != job_state_cancelled;
}

/* DSP-018: the time set in the reply. */
static enum err on_replied(struct step *st, const struct ev_call_replied *ev)
{
    if (!ev->agreed_at) return ERR_STALE;
    struct job j;
    enum err e = dispatch_job_load(st, ev->call_no, JOB_FIRST, &j);
    if (e == ERR_NOT_FOUND) {
        struct rec_row_call_note note;
        e = note_get(st, ev->call_no, &note);
        if (e != ERR_OK) return e;
        note.agreed_at = ev->agreed_at;
        note.agreed_said_at = st->in->occurred;
        note_put(st, ev->call_no, &note);
        return ERR_OK;
    }
    if (e != ERR_OK) return e;
    if (!is_open(&j)) return ERR_STALE;
    e = dispatch_clock_run(st, &j, EV_call_replied, ev);
    if (e == ERR_OK) e = dispatch_clock_agree(st, &j, ev->agreed_at, st->in->occurred);
    if (e == ERR_OK) dispatch_job_save(st, &j);
    return e;
}

/* Flags of the job, or of the note while there is no job. */
static enum err on_flag(struct step *st, struct str call_no, bool charge, bool dissatisfied)
{
    if (!call_no.n) return ERR_STALE;
    struct job j;
    enum err e = dispatch_job_load(st, call_no, JOB_FIRST, &j);
    if (e == ERR_OK) {
        j.r.charge_explained |= charge;
        j.r.from_complaint |= dissatisfied;
        dispatch_job_save(st, &j);
        return ERR_OK;
    }
    if (e != ERR_NOT_FOUND) return e;
    struct rec_row_call_note note;
    e = note_get(st, call_no, &note);
    if (e != ERR_OK) return e;
    note.charge_explained |= charge;
    note.dissatisfied |= dissatisfied;
    note_put(st, call_no, &note);
    return ERR_OK;
}

/* DSP-085: the earliest acceptance of a quotation for the call, whether it has a job yet or not. */
static enum err on_quote_accepted(struct step *st, const struct ev_quote_accepted *ev)
{
    if (!ev->call_no.n) return ERR_STALE;
    struct key k = key_of(ev->call_no);
    struct rec_row_call_quote row;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_CALL_QUOTE], &k, &row);
    if (e == ERR_OK && row.accepted_at <= st->in->occurred) return ERR_STALE;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    row = (struct rec_row_call_quote){.quote_no = ev->quote_no, .accepted_at = st->in->occurred};
    step_put(st, &dispatch_tables[DISPATCH_CALL_QUOTE], &k, &row);
    return ERR_OK;
}

static enum err on_carried_over(struct step *st, const struct ev_call_carried_over *ev,
                                struct job *j)
{
    if (j->r.state != job_state_pending) return ERR_STALE;
    j->r.carried_over = ev->times;
    return dispatch_clock_run(st, j, EV_call_carried_over, ev);
}

/* INT-095: only before the assignment; what runs afterwards runs under the policy it was sent out
 * by. */
static enum err on_policy_changed(struct step *st, const struct ev_call_policy_changed *ev,
                                  struct job *j)
{
    if (j->r.state != job_state_pending || str_eq(j->r.policy, ev->policy)) return ERR_STALE;
    j->r.policy = ev->policy;
    dispatch_job_new(st, j);
    return dispatch_clock_change(st, j, ev, STR("policy changed"));
}

/* INT-022: of two calls that are one the earlier call time counts; the open clocks start from
 * there. */
static enum err on_duplicate(struct step *st, const struct ev_call_duplicate_linked *ev)
{
    struct job j;
    enum err e = dispatch_job_load(st, ev->first, JOB_FIRST, &j);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && ev->received_at >= j.r.received_at)) return ERR_STALE;
    if (e != ERR_OK || !ev->received_at) return e == ERR_OK ? ERR_STALE : e;
    if (j.r.state != job_state_pending) return ERR_STALE;
    j.r.received_at = ev->received_at;
    e = dispatch_clock_change(st, &j, ev, STR("earlier call time"));
    if (e == ERR_OK) dispatch_job_save(st, &j);
    return e;
}

/* INT-024: who goes sees to both. What was over for the first fault is taken up again: the door
 * lets nobody join what it knows to be finished, but it may have been told of a reopening that was
 * refused here. */
static enum err on_joined(struct step *st, const struct ev_call_joined *ev)
{
    struct job j;
    enum err e = dispatch_job_load(st, ev->first, JOB_FIRST, &j);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && j.r.state == job_state_cancelled)) return ERR_STALE;
    if (e != ERR_OK) return e;
    struct ev_job_joined out = {.call_no = j.call_no,
                                .job = j.no,
                                .joined = ev->call_no,
                                .fault = ev->fault,
                                .person = j.r.lead};
    step_emit(st, EV_job_joined, &out);
    dispatch_close_joined(st, &j);
    dispatch_job_save(st, &j);
    return ERR_OK;
}

/* ---- the end ---- */

static enum err on_cancelled(struct step *st, const struct ev_call_cancelled *ev, struct job *j)
{
    struct ev_job_cancelled out = {.call_no = j->call_no, .job = j->no, .reason = ev->reason};
    enum err e = dispatch_job_end(st, j, job_state_cancelled, STR("cancelled"));
    if (e != ERR_OK) return e;
    step_emit(st, EV_job_cancelled, &out);
    return deadline_drop(st, j->call_no, j->no, STR("call cancelled"));
}

/* The call is closed or written off: what is still open in the job ends with it. */
static enum err on_ended(struct step *st, struct job *j, struct str reason)
{
    enum err e = ERR_OK;
    if (j->r.state != job_state_closed) {
        struct ev_job_closed out = {.call_no = j->call_no, .job = j->no};
        e = dispatch_job_end(st, j, job_state_closed, STR("closed"));
        if (e == ERR_OK) step_emit(st, EV_job_closed, &out);
    }
    return e == ERR_OK ? deadline_drop(st, j->call_no, j->no, reason) : e;
}

/* ---- by kind ---- */

static enum err on_job(struct step *st, const void *payload, struct job *j)
{
    switch ((int)st->type->kind) {
    case EV_call_carried_over:
        return on_carried_over(st, payload, j);
    case EV_call_policy_changed:
        return on_policy_changed(st, payload, j);
    case EV_call_reclassified:
        j->r.category = ((const struct ev_call_reclassified *)payload)->category;
        return dispatch_fee_invoice(st, j);
    case EV_call_graded:
        j->r.severity = ((const struct ev_call_graded *)payload)->severity;
        return ERR_OK;
    case EV_call_cancelled:
        return on_cancelled(st, payload, j);
    case EV_call_closed:
        return on_ended(st, j, STR("call closed"));
    case EV_call_written_off:
        dispatch_close_written_off(st, j);
        return on_ended(st, j, STR("call written off"));
    }
    return ERR_STALE;
}

static bool ends_call(enum event_kind kind)
{
    return kind == EV_call_cancelled || kind == EV_call_closed || kind == EV_call_written_off;
}

/* Of a closed job its clocks may still run, and its fee follows the category of now. */
static bool reaches_closed(enum event_kind kind)
{
    return kind == EV_call_closed || kind == EV_call_written_off || kind == EV_call_reclassified;
}

/* Every event of intake that on_job knows begins with its call. */
static enum err with_job(struct step *st, const void *payload)
{
    const struct str call_no = *(const struct str *)payload;
    struct job j;
    enum err e = dispatch_job_load(st, call_no, JOB_FIRST, &j);
    if (e == ERR_NOT_FOUND) {
        if (!ends_call(st->type->kind)) return ERR_STALE;
        note_del(st, call_no);
        return ERR_OK;
    }
    if (e != ERR_OK) return e;
    if (j.r.state == job_state_cancelled) return ERR_STALE;
    if (j.r.state == job_state_closed && !reaches_closed(st->type->kind)) return ERR_STALE;
    e = on_job(st, payload, &j);
    if (e == ERR_OK) dispatch_job_save(st, &j);
    return e;
}

/* Units and people; the technicians of a unit are kept beside them. */
static enum err on_master(struct step *st, const void *payload)
{
    bool person = st->type->kind == EV_person_upserted;
    enum err e = person ? dispatch_crew_person(st, payload) : ERR_OK;
    if (e == ERR_OK) e = step_master(st, payload);
    if (e != ERR_OK || person) return e;
    return dispatch_crew_unit(st, ((const struct ev_unit_upserted *)payload)->unit);
}

/* Absent, the day of the service is the one on which the message was sent. */
static enum err on_sms(struct step *st, const struct ev_sms_reported *ev)
{
    struct str unit = ev->unit.n ? ev->unit : st->in->source;
    st->rule = "DSP-053";
    return dispatch_daily_sms(st, ev->technician, ev->day ? ev->day : step_day(st, unit));
}

static enum err on_card(struct step *st, const struct ev_card_returned *ev)
{
    st->rule = "DSP-054";
    return dispatch_card_returned(st, ev->technician, ev->call_no);
}

enum err dispatch_call_step(struct step *st, const void *payload)
{
    st->rule = st->type->rule;
    switch ((int)st->type->kind) {
    case EV_unit_upserted:
    case EV_person_upserted:
        return on_master(st, payload);
    case EV_sms_reported:
        return on_sms(st, payload);
    case EV_card_returned:
        return on_card(st, payload);
    case EV_call_queued:
        st->rule = "DSP-001";
        return on_queued(st, payload);
    case EV_call_replied:
        return on_replied(st, payload);
    case EV_call_charge_explained:
        return on_flag(st, ((const struct ev_call_charge_explained *)payload)->call_no, true,
                       false);
    case EV_customer_dissatisfied:
        return on_flag(st, ((const struct ev_customer_dissatisfied *)payload)->call_no, false,
                       true);
    case EV_complaint_received:
        return on_flag(st, ((const struct ev_complaint_received *)payload)->call_no, false, true);
    case EV_service_complaint_received:
        return on_flag(st, ((const struct ev_service_complaint_received *)payload)->call_no, false,
                       true);
    case EV_quality_reported:
        st->rule = "DSP-078";
        return dispatch_quality_reported(st, payload);
    case EV_quote_accepted: /* desk */
        st->rule = "DSP-085";
        return on_quote_accepted(st, payload);
    case EV_call_duplicate_linked:
        return on_duplicate(st, payload);
    case EV_call_joined:
        return on_joined(st, payload);
    /* goods */
    case EV_voucher_signed:
        return dispatch_goods_signed(st, payload);
    case EV_part_arrived: /* shop */
        return dispatch_parts_arrived(st, payload);
    case EV_call_carried_over:
    case EV_call_policy_changed:
    case EV_call_reclassified:
    case EV_call_graded:
    case EV_call_cancelled:
    case EV_call_closed:
    case EV_call_written_off:
        return with_job(st, payload);
    }
    return ERR_STALE;
}
