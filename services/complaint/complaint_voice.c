/* complaint_voice.c - what the room hears of the case, of other logs and of its clocks.
 *
 * Read: the case and its figures; dissatisfied customers, survey cards, service requests and
 * repeated repairs of other logs. Rules CMP-002, CMP-013, CMP-016, CMP-019, CMP-020, CMP-030,
 * CMP-121, CMP-126 … CMP-130. */
#include "services/complaint/complaint_private.h"

static enum err note(struct step *st, const struct complaint *c, enum complaint_moment moment)
{
    struct complaint_counted what = {COMPLAINT_IS_CASE, c->r.unit, c->no, c->r.category,
                                     c->r.received_at};
    return complaint_figures_note(st, &what, moment, step_occurred(st));
}

/* ---- service requests 服務請求單 (CMP-030) ---- */

static enum err request_get(struct step *st, struct str no, struct rec_row_complaint_request *out)
{
    struct key k = key_of(no);
    *out = (struct rec_row_complaint_request){0};
    enum err e = step_get(st, COMPLAINT_TABLE(REQUEST), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void request_put(struct step *st, struct str no, const struct rec_row_complaint_request *r)
{
    struct key k = key_of(no);
    step_put(st, COMPLAINT_TABLE(REQUEST), &k, r);
}

static enum err link_request(struct step *st, const struct complaint *c)
{
    struct rec_row_complaint_request r;
    if (c->r.request_no.n == 0) return ERR_OK;
    enum err e = request_get(st, c->r.request_no, &r);
    if (e != ERR_OK) return e;
    r.case_no = c->no;
    request_put(st, c->r.request_no, &r);
    return ERR_OK;
}

static enum err on_request_result(struct step *st, const struct ev_request_result_recorded *ev)
{
    struct rec_row_complaint_request r;
    enum err e = request_get(st, ev->request_no, &r);
    if (e != ERR_OK) return e;
    r.result = ev->result;
    r.result_at = step_occurred(st);
    request_put(st, ev->request_no, &r);
    return ERR_OK;
}

/* ---- the case ---- */

static enum err on_received(struct step *st, const struct complaint *c)
{
    enum err e = complaint_conduct_number(st, c->no);
    if (e == ERR_OK && c->r.anomaly_no.n) e = complaint_slip_check(st, c);
    if (e == ERR_OK) e = link_request(st, c);
    return e == ERR_OK ? note(st, c, COMPLAINT_RECEIVED) : e;
}

static enum err on_resubmitted(struct step *st, struct complaint *c)
{
    struct complaint child;
    enum err e = note(st, c, COMPLAINT_SUPERSEDED);
    if (e == ERR_OK) e = complaint_keep_until(st, "complaint", c->no, c->r.unit, &c->r.keep_until);
    if (e == ERR_OK) e = complaint_get(st, c->r.child_no, &child);
    return e == ERR_OK ? note(st, &child, COMPLAINT_RECEIVED) : e;
}

static enum err on_closed(struct step *st, const struct complaint *c)
{
    int32_t day; /* the case is kept from its archiving, which is told later */
    enum err e = note(st, c, COMPLAINT_ENDED);
    if (e == ERR_OK) e = complaint_keep_file(st, c);
    return e == ERR_OK ? complaint_keep_until(st, "complaint", c->no, c->r.unit, &day) : e;
}

static enum err on_validated(struct step *st, const struct complaint *c)
{
    return c->r.service_caused ? note(st, c, COMPLAINT_BLAMED) : ERR_OK;
}

enum err complaint_voice_on_case(struct step *st, struct complaint *c, const void *payload)
{
    (void)payload;
    switch ((int)st->type->kind) {
    case EV_complaint_received:
        return on_received(st, c);
    case EV_complaint_customer_contacted:
    case EV_complaint_visited:
        return note(st, c, COMPLAINT_RESPONDED);
    case EV_complaint_customer_replied:
        return note(st, c, COMPLAINT_REPLIED);
    case EV_complaint_validated:
        return on_validated(st, c);
    case EV_complaint_resubmitted:
        return on_resubmitted(st, c);
    case EV_complaint_closed:
        return on_closed(st, c);
    case EV_complaint_called_back:
        return complaint_figures_satisfaction(
            st, c->r.unit, true,
            ((const struct ev_complaint_called_back *)payload)->satisfied == yes_no_yes);
    case EV_complaint_satisfaction_recorded:
        return complaint_figures_satisfaction(
            st, c->r.unit, false,
            ((const struct ev_complaint_satisfaction_recorded *)payload)->satisfied == yes_no_yes);
    }
    return ERR_OK;
}

/* ---- other logs ---- */

static enum err on_call(struct step *st, const struct ev_call_queued *ev)
{
    struct key k = key_of(ev->call_no);
    struct rec_row_complaint_call row = {ev->unit, ev->customer};
    step_put(st, COMPLAINT_TABLE(CALL), &k, &row);
    return ERR_OK;
}

static enum err call_get(struct step *st, struct str call_no, struct rec_row_complaint_call *out)
{
    struct key k = key_of(call_no);
    *out = (struct rec_row_complaint_call){0};
    enum err e = step_get(st, COMPLAINT_TABLE(CALL), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err on_job_closed(struct step *st, const struct ev_job_closed *ev)
{
    struct rec_row_complaint_call call;
    enum err e = call_get(st, ev->call_no, &call);
    if (e != ERR_OK) return e;
    return call.unit.n ? complaint_figures_service(st, call.unit) : ERR_STALE;
}

/* Kept with the customer (CMP-013); the call tells who he is when the report does not. */
static enum err on_dissatisfied(struct step *st, const struct ev_customer_dissatisfied *ev)
{
    struct rec_row_complaint_call call;
    enum err e = call_get(st, ev->call_no, &call);
    if (e != ERR_OK) return e;
    struct rec_row_customer_note row = {st->in->actor.n ? st->in->actor : st->in->source, ev->text};
    struct key k = key_of(ev->customer.n ? ev->customer : call.customer);
    key_u64(&k, (uint64_t)step_occurred(st));
    key_str(&k, ev->call_no);
    step_put(st, COMPLAINT_TABLE(CUSTOMER_NOTE), &k, &row);
    return ERR_OK;
}

/* 重複維修統計分析表 (CMP-016). */
static enum err on_repeat(struct step *st, const struct ev_repeat_detected *ev)
{
    struct rec_row_complaint_call call;
    enum err e = call_get(st, ev->call_no, &call);
    if (e != ERR_OK) return e;
    struct key k = key_of(ev->product);
    key_str(&k, ev->call_no);
    key_u8(&k, (uint8_t)ev->job);
    struct rec_row_repeat row = {.first_call = ev->first_call,
                                 .cause_code = ev->cause_code,
                                 .days = ev->days,
                                 .unit = call.unit,
                                 .at = step_occurred(st)};
    step_put(st, COMPLAINT_TABLE(REPEAT), &k, &row);
    return ERR_OK;
}

enum err complaint_voice_upstream(struct step *st, const void *payload)
{
    switch ((int)st->type->kind) {
    case EV_call_queued:
        return on_call(st, payload);
    case EV_job_closed:
        return on_job_closed(st, payload);
    case EV_survey_returned:
        return complaint_opinion_survey(st, payload);
    case EV_customer_dissatisfied:
        return on_dissatisfied(st, payload);
    case EV_request_result_recorded:
        return on_request_result(st, payload);
    case EV_repeat_detected:
        return on_repeat(st, payload);
    }
    return ERR_STALE;
}

enum err complaint_voice_passed(struct step *st, const struct passed *what)
{
    enum err e = complaint_figures_passed(st, what);
    return e == ERR_OK ? complaint_keep_passed(st, what) : e;
}
