/* intake_request.c - service requests 服務請求單 for quality complaint applications.
 *
 * A request goes with a call. Its result is due some days after the customer was served: where
 * people are sent, when he signs (the door's job.signed); where nobody is, when he is answered
 * (call.replied); at the latest when the call is closed, which is itself the answer. From then on
 * the request is in process; with its result entered and its call ended it is closed. Rule INT-053.
 */
#include "common/contract.h"
#include "services/intake/intake_private.h"

#define OPEN (IN(request_state_created) | IN(request_state_routed))

static bool is_served(const struct call *c)
{
    bool sent = c->row.disposition == disposition_site || c->row.disposition == disposition_factory;
    return intake_call_ended(c) || (sent ? c->row.is_signed : c->row.replied);
}

static enum err on_created(struct step *st, const void *payload, void *row)
{
    const struct ev_request_created *ev = payload;
    struct rec_row_request *r = ((struct paper_at *)row)->row;
    if (ev->call_no.n == 0) return ERR_OK;
    struct call c;
    enum err e = intake_desk_call(st, ev->call_no, &c);
    if (e != ERR_OK) return e;
    struct key k = key_of(ev->call_no);
    key_str(&k, ev->request_no);
    step_put(st, INTAKE_TABLE(REQUEST_OF), &k, &(struct rec_row_mark){.set = true});
    if (is_served(&c)) r->state = request_state_in_process;
    return ERR_OK;
}

static enum err on_routed(struct step *st, const void *payload, void *row)
{
    (void)st, (void)payload;
    struct rec_row_request *r = ((struct paper_at *)row)->row;
    if (r->state == request_state_created) r->state = request_state_routed;
    return ERR_OK;
}

static enum err on_result(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct rec_row_request *r = ((struct paper_at *)row)->row;
    r->state = request_state_closed;
    if (r->call_no.n == 0) return ERR_OK;
    struct call c;
    enum err e = intake_call_get(st, r->call_no, &c);
    if (e == ERR_NOT_FOUND) return ERR_CORRUPT;
    if (e == ERR_OK && !intake_call_ended(&c)) r->state = request_state_result_recorded;
    return e;
}

static const struct transition request_rows[] = {
    {EV_request_created, PAPER_NEW, request_state_created, on_created, "INT-053"},
    {EV_request_routed, OPEN | IN(request_state_in_process), 0, on_routed, "INT-053"},
    {EV_request_result_recorded, OPEN | IN(request_state_in_process), 0, on_result, "INT-053"},
};

static bool in_process(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_request *)c->row)->state == request_state_in_process;
}

static const struct deadline_row request_clocks[] = {
    {.name = "request.result",
     .rule = "INT-053",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_request_created},
     .stop = {EV_request_result_recorded},
     .starts = in_process},
};

const struct paper intake_request = {.name = "request",
                                     .label = "service request 服務請求單",
                                     .table = INTAKE_TABLE(REQUEST),
                                     .states = &codes_request_state,
                                     .keys = {"request_no"},
                                     PAPER_ROWS(request_rows),
                                     PAPER_CLOCKS(request_clocks)};

/* ---- what becomes of its call ---- */

static enum err follow(struct step *st, const struct call *c, struct str request_no)
{
    struct rec_row_request r;
    struct key k = key_of(request_no);
    if (step_get(st, INTAKE_TABLE(REQUEST), &k, &r) != ERR_OK) return ERR_CORRUPT;
    enum err e = ERR_OK;
    if (r.state == request_state_result_recorded && intake_call_ended(c)) {
        r.state = request_state_closed;
    } else if ((OPEN & IN(r.state)) && is_served(c)) {
        r.state = request_state_in_process;
        struct ev_request_routed key = {.request_no = request_no};
        struct deadline_ctx ctx = {
            .case_no = paper_case(st, &intake_request, shape_ev_request_routed(), &key),
            .unit = r.unit,
            .person = r.person,
            .occurred_ms = st->in->occurred,
            .row = &r};
        e = deadline_arm(st, &request_clocks[0], &ctx, (struct str){0});
    }
    step_put(st, INTAKE_TABLE(REQUEST), &k, &r);
    return e;
}

enum err intake_request_follow(struct step *st, const struct call *c)
{
    struct key prefix = key_of(c->no), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(REQUEST_OF), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        if (key_take_str(&r, &no)) return ERR_CORRUPT;
        e = follow(st, c, arena_str(st->arena, no));
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}
