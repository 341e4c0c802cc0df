/* intake_follow.c - what is told of a call after its registration, and the promises made for it.
 *
 * Read: handlers, table, then how a fact finds its row. Three things are looked at before the
 * table: a call that goes on as another one (the fact belongs there); a fact about something that
 * happened before the call was closed and is only told now (it works on the clocks, the call stays
 * closed, CV-5); and promise.kept, which is true whatever became of the call. Rules INT-007 …
 * INT-014, INT-017 … INT-019, INT-022, INT-025, INT-043, INT-052, INT-100. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

static struct call *call_of(void *row)
{
    return row;
}

/* ---- clarification (INT-007) ---- */

static void take_text(struct str *field, struct str told)
{
    if (told.n) *field = told;
}

static void take_clarified(struct rec_row_call *row, const struct ev_call_clarified *ev)
{
    bool queued = row->state == call_state_queued;
    take_text(&row->customer_name, ev->customer_name);
    take_text(&row->address, ev->address);
    take_text(&row->phone, ev->phone);
    take_text(&row->reporter, ev->reporter);
    take_text(&row->fault_group, ev->fault_group);
    take_text(&row->product_line, ev->product_line);
    take_text(&row->service_class, ev->service_class);
    if (ev->zone || ev->district.n) row->zone = ev->zone;
    take_text(&row->district, ev->district);
    if (ev->distance_m) row->distance_m = ev->distance_m;
    if (ev->needs_maker) row->needs_maker = ev->needs_maker;
    if (queued) return; /* the voucher of this product is out, dispatch works on it */
    take_text(&row->customer, ev->customer);
    take_text(&row->product, ev->product);
    take_text(&row->model, ev->model);
    take_text(&row->fault, ev->fault);
}

/* The clocks that stood still run from the call time, without the time the clarification took. */
static enum err release_clock(struct step *st, const struct call *c, enum clock which, int64_t from)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->no, 0, intake_clocks[which].name, &row);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    int64_t pause = st->in->occurred - from;
    if (row.clock == clock_kind_working) {
        pause = calendar_worked(intake_call_calendar(st, c), from, st->in->occurred);
    }
    struct deadline_ctx ctx = intake_call_ctx(st, c);
    return deadline_shift(st, &intake_clocks[which], &ctx, pause);
}

static enum err release_clocks(struct step *st, struct call *c)
{
    int64_t from = c->row.clarifying_from;
    if (from == 0) return ERR_OK;
    c->row.clarifying_from = 0;
    enum err e = intake_call_clocks(st, c, EV_call_registered, NULL);
    if (e == ERR_OK) e = release_clock(st, c, CLOCK_REPLY, from);
    if (e == ERR_OK) e = release_clock(st, c, CLOCK_CONTACT_MAKER, from);
    return e;
}

static bool still_lacks(struct step *st, const struct call *c)
{
    struct ev_call_clarifying ev = {.call_no = c->no};
    ev.missing.v = intake_entry_missing(st, c, st->policy->keys.register_fields, &ev.missing.n);
    if (ev.missing.n == 0) return false;
    step_emit(st, EV_call_clarifying, &ev);
    (void)fault_set(&st->fault, st->rule, "clarifying", "",
                    "call %.*s still lacks %.*s%s; send call.clarified again", STR_ARG(c->no),
                    STR_ARG(ev.missing.v[0].name), ev.missing.n > 1 ? " and more" : "");
    return true;
}

static enum err on_clarified(struct step *st, const void *payload, void *row)
{
    struct call *c = call_of(row);
    bool was_clarifying = c->row.state == call_state_clarifying;
    if (!was_clarifying) intake_call_index(st, c, false);
    intake_voucher_unwait(st, c); /* of the product it was thought to be */
    const struct rec_row_call before = c->row;
    take_clarified(&c->row, payload);
    enum err e = intake_entitle_refill(st, c, &before, payload);
    if (e == ERR_OK) e = intake_entitle_select(st, c);
    if (e != ERR_OK) return e;
    if (!was_clarifying) {
        intake_call_index(st, c, true);
        e = intake_entitle_follow(st, c, &before);
        if (e != ERR_OK) return e;
        return c->row.state == call_state_classified ? intake_entry_go_on(st, c) : ERR_OK;
    }
    if (still_lacks(st, c)) return ERR_OK;
    e = release_clocks(st, c);
    return e == ERR_OK ? intake_entry_open(st, c) : e;
}

/* ---- answers and reports ---- */

static enum err on_clocks(struct step *st, const void *payload, void *row)
{
    return intake_call_clocks(st, call_of(row), st->type->kind, payload);
}

/* The log is the record of it (INT-011, INT-018). */
static enum err on_noted(struct step *st, const void *payload, void *row)
{
    (void)st, (void)payload, (void)row;
    return ERR_OK;
}

static enum err on_replied(struct step *st, const void *payload, void *row)
{
    struct call *c = call_of(row);
    c->row.replied = true;
    bool answers =
        c->row.state == call_state_classified && c->row.disposition == disposition_answered;
    if (answers) c->row.state = call_state_answered;
    enum err e = on_clocks(st, payload, row);
    return e == ERR_OK ? intake_request_follow(st, c) : e;
}

/* INT-010: the first decision moves the call; once it is with dispatch a further one is noted. */
static enum err on_disposed(struct step *st, const void *payload, void *row)
{
    const struct ev_call_disposed *ev = payload;
    struct call *c = call_of(row);
    if (!(IN(c->row.state) & (IN(call_state_classified) | IN(call_state_answered)))) return ERR_OK;
    c->row.disposition = ev->disposition;
    if (c->row.waiting) intake_voucher_unwait(st, c);
    if (c->row.state == call_state_answered && ev->disposition != disposition_answered) {
        c->row.state = call_state_classified;
    }
    return intake_entry_go_on(st, c);
}

static enum err on_graded(struct step *st, const void *payload, void *row)
{
    const struct ev_call_graded *ev = payload;
    struct call *c = call_of(row);
    bool rises = ev->severity == severity_major && c->row.severity != severity_major;
    c->row.severity = ev->severity;
    return rises ? on_clocks(st, payload, row) : ERR_OK;
}

static enum err on_major_reported(struct step *st, const void *payload, void *row)
{
    call_of(row)->row.major_reported = true;
    return on_clocks(st, payload, row);
}

/* INT-043: the answer stands; it changes the category where it changes the guarantee. */
static enum err on_warranty_answered(struct step *st, const void *payload, void *row)
{
    const struct ev_warranty_answered *ev = payload;
    struct call *c = call_of(row);
    enum err e = intake_entitle_answered(st, c, ev);
    return e == ERR_OK ? on_clocks(st, payload, row) : e;
}

/* ---- the end ---- */

/* Calls of other faults that had joined this one; it ends, and each goes on or ends as `then` has
 * it. */
static enum err each_joined(struct step *st, const struct call *c, const struct str *solution,
                            enum err (*then)(struct step *st, struct call *joined,
                                             const struct str *solution))
{
    struct key prefix = key_of(c->no), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(JOINED), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        struct call joined;
        if (key_take_str(&r, &no)) return ERR_CORRUPT;
        if (intake_call_get(st, arena_str(st->arena, no), &joined) != ERR_OK) return ERR_CORRUPT;
        step_del(st, INTAKE_TABLE(JOINED), &at);
        joined.row.major_reported |= c->row.major_reported;
        e = then(st, &joined, solution);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* It has no voucher to go with any more; a question about its guarantee is asked again. */
static enum err take_up(struct step *st, struct call *joined, const struct str *solution)
{
    (void)solution;
    joined->row.state = call_state_classified;
    joined->row.first = joined->row.voucher = (struct str){0};
    joined->row.ended_at = 0;
    intake_call_index(st, joined, true);
    enum err e = intake_entitle_determine(st, joined);
    if (e != ERR_OK) return e;
    intake_entitle_reclassify(st, joined);
    e = intake_entry_go_on(st, joined);
    if (e == ERR_OK && !intake_call_ended(joined)) e = intake_entry_clocks(st, joined, NULL);
    if (e == ERR_OK) intake_call_put(st, joined);
    return e;
}

/* INT-077: how the one was handled is the result of those that went with it. */
static enum err settle_with(struct step *st, struct call *joined, const struct str *solution)
{
    const char *rule = st->rule;
    st->rule = "INT-024";
    step_emit(st, EV_call_closed,
              &(struct ev_call_closed){.call_no = joined->no, .solution = *solution});
    st->rule = rule;
    return intake_request_follow(st, joined);
}

/* INT-022: allowed until the door has a job.arrived. */
static enum err on_cancelled(struct step *st, const void *payload, void *row)
{
    const struct ev_call_cancelled *ev = payload;
    struct call *c = call_of(row);
    if (c->row.arrived) {
        return step_refuse(
            st, "arrived", "",
            "somebody has arrived at the customer's for call %.*s; it can be closed but "
            "not cancelled",
            STR_ARG(c->no));
    }
    struct str reason = ev->reason.n > 128 ? STR("call.cancelled") : ev->reason;
    enum err e = deadline_drop(st, c->no, 0, reason);
    intake_call_end(st, c, call_state_cancelled);
    intake_call_put(st, c);
    if (e == ERR_OK) e = intake_voucher_file(st, c);
    return e == ERR_OK ? each_joined(st, c, NULL, take_up) : e;
}

/* INT-010: nobody is sent for an answer, for parts and documents, for a meeting; what was done
 * stands in the solution. */
static enum err finished(struct step *st, const struct call *c, bool *out)
{
    bool waits = c->row.state == call_state_classified;
    *out = c->row.state == call_state_answered;
    if (waits && c->row.disposition == disposition_meeting) return intake_desk_met(st, c->no, out);
    if (waits && c->row.disposition == disposition_supply) *out = true;
    *out |= (!c->kind->completion || c->row.completed) && (!c->kind->signature || c->row.is_signed);
    return ERR_OK;
}

static enum err not_finished(struct step *st, const struct call *c)
{
    if (c->row.disposition == disposition_meeting && c->row.state == call_state_classified) {
        return step_refuse(st, "no_meeting", "",
                           "call %.*s waits for its special meeting; report call.meeting_called",
                           STR_ARG(c->no));
    }
    if (c->kind->signature && !c->row.is_signed) {
        return step_refuse(
            st, "not_signed", "",
            "call %.*s has no signature of the customer for finished work (job.completed, "
            "then job.signed); without it there is no write-off",
            STR_ARG(c->no));
    }
    return step_refuse(st, "not_completed", "",
                       "the work of call %.*s is not reported as finished (job.completed)",
                       STR_ARG(c->no));
}

/* INT-086. */
static enum err check_called_back(struct step *st, const struct call *c)
{
    if (!c->sp->followup_before_close) return ERR_OK;
    bool done;
    enum err e = intake_followup_is_done(st, c->no, &done);
    if (e != ERR_OK || done) return e;
    st->rule = "INT-086";
    return step_refuse(st, "not_called_back", "",
                       "nobody has called the customer of call %.*s back; report followup.done of "
                       "a call-back 回訪 about it, which followup.requested makes, first",
                       STR_ARG(c->no));
}

static enum err goods_away(struct step *st, const struct call *c)
{
    st->rule = "INT-026";
    return step_refuse(st, "goods_away", "",
                       "goods of call %.*s are away for repair; it ends after goods.returned, "
                       "voucher.signed for the return and receipt.voided or receipt.lost",
                       STR_ARG(c->no));
}

static enum err close_call(struct step *st, const void *payload, struct call *c,
                           const struct str *solution)
{
    if (c->row.state == call_state_goods_away) return goods_away(st, c);
    bool done = false;
    enum err e = finished(st, c, &done);
    if (e != ERR_OK) return e;
    if (!done) return not_finished(st, c);
    e = check_called_back(st, c);
    if (e == ERR_OK) e = on_clocks(st, payload, c);
    if (e != ERR_OK) return e;
    intake_call_end(st, c, call_state_closed);
    intake_call_put(st, c);
    e = intake_request_follow(st, c);
    if (e == ERR_OK) e = each_joined(st, c, solution, settle_with);
    return e == ERR_OK ? intake_voucher_file(st, c) : e;
}

/* INT-025. */
static enum err on_written_off(struct step *st, const void *payload, void *row)
{
    return close_call(st, payload, call_of(row),
                      &((const struct ev_call_written_off *)payload)->solution);
}

/* INT-017; where a voucher has to be filed the call is written off instead. */
static enum err on_closed(struct step *st, const void *payload, void *row)
{
    struct call *c = call_of(row);
    if (c->row.voucher.n) {
        return step_refuse(st, "voucher_out", "",
                           "voucher %.*s is out for this call; it ends with call.written_off",
                           STR_ARG(c->row.voucher));
    }
    return close_call(st, payload, c, &((const struct ev_call_closed *)payload)->solution);
}

/* ---- promises (INT-100) ---- */

static uint8_t promise_item(uint64_t number)
{
    return number ? (uint8_t)number : 1;
}

static enum err on_promise_made(struct step *st, const void *payload, void *row)
{
    const struct ev_promise_made *ev = payload;
    struct call *c = call_of(row);
    uint8_t item = promise_item(ev->promise);
    bool runs = false;
    enum err e = intake_call_runs(st, c->no, item, CLOCK_PROMISE, &runs);
    if (e != ERR_OK) return e;
    if (runs) {
        return step_refuse(
            st, "promise_open", "promise",
            "promise %u of call %.*s is not kept yet; give another promise another number", item,
            STR_ARG(c->no));
    }
    struct deadline_ctx ctx = intake_call_ctx(st, c);
    ctx.item = item;
    ctx.given_ms = ev->due;
    if (ev->unit.n) ctx.unit = ev->unit;
    return deadline_run(st, intake_clocks, CLOCK_COUNT, EV_promise_made, &ctx, payload);
}

static enum err on_promise_kept(struct step *st, const void *payload, void *row)
{
    const struct ev_promise_kept *ev = payload;
    struct call *c = call_of(row);
    struct deadline_ctx ctx = intake_call_ctx(st, c);
    ctx.item = promise_item(ev->promise);
    struct rec_row_deadline armed;
    enum err e = deadline_get(st, c->no, ctx.item, intake_clocks[CLOCK_PROMISE].name, &armed);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND && !intake_call_off(st, CLOCK_PROMISE)) {
        return step_refuse(st, "promise_unknown", "promise",
                           "call %.*s has no promise %u; send promise.made first", STR_ARG(c->no),
                           ctx.item);
    }
    return deadline_run(st, intake_clocks, CLOCK_COUNT, EV_promise_kept, &ctx, payload);
}

/* ---- the table (intake section 17) ---- */

#define OPENED (CALL_ALIVE & ~IN(call_state_clarifying))
#define BEFORE_WORK (CALL_ALIVE & ~(IN(call_state_goods_away) | IN(call_state_done)))
/* INT-095: what may choose another service policy comes before job.assigned. */
#define CLARIFIABLE                                                                                \
    (IN(call_state_clarifying) | IN(call_state_registered) | IN(call_state_classified) |           \
     IN(call_state_answered) | IN(call_state_queued))
#define WITH_JOB                                                                                   \
    (IN(call_state_answered) | IN(call_state_queued) | IN(call_state_dispatched) |                 \
     IN(call_state_goods_away) | IN(call_state_done))

static const struct transition rows[] = {
    {EV_call_clarified, CLARIFIABLE, 0, on_clarified, "INT-007"},
    {EV_call_replied, CALL_ALIVE, 0, on_replied, "INT-008"},
    {EV_call_disposed, OPENED, 0, on_disposed, "INT-010"},
    {EV_call_hq_help_requested, CALL_ALIVE, 0, on_noted, "INT-011"},
    {EV_call_forwarded, CALL_ALIVE, 0, on_clocks, "INT-013"},
    {EV_call_major_reported, CALL_ALIVE | IN(call_state_closed), 0, on_major_reported, "INT-014"},
    {EV_call_charge_explained, CALL_ALIVE, 0, on_noted, "INT-018"},
    {EV_call_cancelled, BEFORE_WORK, call_state_cancelled, on_cancelled, "INT-022"},
    {EV_call_written_off, WITH_JOB, call_state_closed, on_written_off, "INT-025"},
    {EV_call_closed, OPENED, call_state_closed, on_closed, "INT-017"},
    {EV_warranty_answered, CALL_ALIVE, 0, on_warranty_answered, "INT-043"},
    {EV_call_graded, CALL_ALIVE, 0, on_graded, "INT-052"},
    {EV_promise_made, CALL_ALIVE, 0, on_promise_made, "INT-100"},
    {EV_promise_kept, CALL_ALIVE | CALL_ENDED, 0, on_promise_kept, "INT-100"},
    /* desk */
    {EV_reply_filed, CALL_ALIVE | CALL_ENDED, 0, intake_mail_filed, "INT-009"},
};

/* Every fact of this table names its call first. */
static struct str call_no_of(const void *payload)
{
    return *(const struct str *)payload;
}

/* CV-5: it happened before the end and is told after it. */
static bool told_late(const struct step *st, const struct call *c)
{
    if (c->row.state != call_state_closed || st->in->occurred > c->row.ended_at) return false;
    enum event_kind kind = st->type->kind;
    return kind == EV_call_replied || kind == EV_call_forwarded || kind == EV_call_clarified ||
           kind == EV_call_disposed || kind == EV_call_hq_help_requested ||
           kind == EV_call_charge_explained || kind == EV_call_graded || kind == EV_promise_made;
}

static enum err apply_late(struct step *st, const void *payload, struct call *c)
{
    st->rule = st->type->rule;
    if (st->type->kind == EV_promise_made) return on_promise_made(st, payload, c);
    if (st->type->kind == EV_call_graded) {
        enum err e = on_graded(st, payload, c);
        if (e == ERR_OK) intake_call_put(st, c);
        return e;
    }
    return intake_call_clocks(st, c, st->type->kind, payload);
}

static enum err linked(struct step *st, const struct call *c)
{
    st->rule = st->type->rule;
    return step_refuse(st, "linked", "call_no",
                       "call %.*s goes on as call %.*s; tell it of that one", STR_ARG(c->no),
                       STR_ARG(c->row.first));
}

enum err intake_follow_fact(struct step *st, const void *payload)
{
    struct call c;
    struct str no = call_no_of(payload);
    enum err e = intake_call_get(st, no, &c);
    st->rule = st->type->rule;
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "call_unknown", "call_no",
                           "no call %.*s is in the register; send call.registered first",
                           STR_ARG(no));
    }
    if (e != ERR_OK) return e;
    if (c.row.first.n && st->type->kind != EV_promise_kept) return linked(st, &c);
    if (told_late(st, &c)) return apply_late(st, payload, &c);
    const struct transition *row;
    e = machine_find(st, rows, COUNT_OF(rows), c.row.state, &codes_call_state, &row);
    if (e != ERR_OK) return e;
    REQUIRE(row != NULL); /* intake.c sends here only what stands in the table */
    e = row->handle(st, payload, &c);
    if (e != ERR_OK) return e;
    ENSURE(row->to == 0 || c.row.state == row->to);
    intake_call_put(st, &c);
    st->rule = row->rule;
    return ERR_OK;
}

enum err intake_follow_dissatisfied(struct step *st, const void *payload)
{
    const struct ev_customer_dissatisfied *ev = payload;
    if (ev->call_no.n == 0) return ERR_OK;
    struct call c;
    enum err e = intake_call_get(st, ev->call_no, &c);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "call_unknown", "call_no",
                       "no call %.*s is in the register; correct it, or leave it out",
                       STR_ARG(ev->call_no));
}
