/* intake_jobs.c - what intake takes for its own register from facts about jobs.
 *
 * The facts belong to dispatch, which alone judges them; the door only looks (CV-13). So nothing is
 * refused here: what does not fit the state of the call, or names no call, leaves no trace but its
 * line in the log; a signature that dispatch cannot take (DSP-027) shows as register.mismatch.
 * "Dispatched" means for the register that the door has a job.assigned (INT-028).
 * A call has one state however many jobs it has; the first that is finished finishes it.
 * Rules INT-022, INT-025, INT-028, INT-031, INT-036, INT-049. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

static enum err on_assigned(struct step *st, const void *payload, void *row)
{
    struct call *c = row;
    c->row.assigned = true;
    if (c->row.state == call_state_queued) c->row.state = call_state_dispatched;
    enum err e = intake_call_clocks(st, c, EV_job_assigned, payload);
    return e == ERR_OK ? intake_voucher_move(st, c, voucher_state_with_technician) : e;
}

/* Told after the call was closed: it may still show that the call was dispatched in time (CV-5). */
static enum err on_assigned_late(struct step *st, const void *payload, void *row)
{
    struct call *c = row;
    if (c->row.first.n || st->in->occurred > c->row.ended_at) return ERR_STALE;
    c->row.assigned = true;
    return intake_call_clocks(st, c, EV_job_assigned, payload);
}

static enum err on_arrived(struct step *st, const void *payload, void *row)
{
    (void)st, (void)payload;
    struct call *c = row;
    c->row.arrived = true;
    return ERR_OK;
}

/* INT-049: a place opened before puts the claim on hold for a supervisor, where the policy knows a
 * hold. */
static void hold(struct step *st, struct call *c)
{
    const struct warranty_policy *w = policy_warranty(st->policy, c->row.warranty_policy);
    bool inside = c->row.inside == entitled_yes || c->row.inside == entitled_provisional;
    if (!w || w->on_missing != MISSING_hold || !inside) return;
    c->row.inside = entitled_on_hold;
    c->row.answered = true;
    st->rule = "INT-049";
    intake_entitle_emit(st, c, STR("dismantled before; a supervisor decides"));
}

/* INT-049: beyond the mileage of the policy nothing is covered, whatever the day. */
static enum err beyond(struct step *st, struct call *c, uint64_t km)
{
    const struct warranty_policy *w = policy_warranty(st->policy, c->row.warranty_policy);
    enum err e = intake_install_mileage(st, c->row.product, km);
    if (e != ERR_OK || !w || !w->km || km <= w->km || c->row.inside == entitled_no) return e;
    c->row.inside = entitled_no;
    st->rule = "INT-049";
    struct str basis =
        arena_printf(st->arena, "%llu km, covered up to %u km", (unsigned long long)km, w->km);
    intake_entitle_emit(st, c, basis);
    return ERR_OK;
}

/* INT-036: the cause found on site settles the category. */
static enum err on_diagnosed(struct step *st, const void *payload, void *row)
{
    const struct ev_job_diagnosed *ev = payload;
    struct call *c = row;
    c->row.quality = ev->class == cause_class_non_quality ? yes_no_no : yes_no_yes;
    c->row.cause_found = true;
    enum err e = beyond(st, c, ev->mileage);
    if (e != ERR_OK) return e;
    if (ev->dismantled_before == yes_no_yes) hold(st, c);
    intake_entitle_reclassify(st, c);
    return ERR_OK;
}

/* Done is what the customer has signed; where nobody has to, what is reported as finished. */
static enum err settle(struct step *st, struct call *c)
{
    bool done = c->kind->signature ? c->row.is_signed : c->row.completed || c->row.is_signed;
    if (!done) return ERR_OK;
    c->row.state = call_state_done;
    return c->row.is_signed ? intake_voucher_move(st, c, voucher_state_signed) : ERR_OK;
}

static enum err on_completed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct call *c = row;
    int64_t at = st->in->occurred, *first = &c->row.finished_at;
    if (!c->row.completed || *first == 0 || at < *first) *first = at;
    c->row.completed = true;
    return settle(st, c);
}

/* DSP-027: signed after the service, as far as the door can see. Of several technicians dispatch
 * waits for the last; the first is enough here, so that nothing dispatch takes is missed. */
static bool counts(const struct step *st, const struct call *c)
{
    if (!c->kind->completion) return true;
    bool after = st->in->occurred >= c->row.finished_at || !c->sp->sign_after_finish;
    return c->row.completed && after;
}

static void emit_mismatch(struct step *st, const struct call *c)
{
    st->rule = "INT-031";
    struct ev_register_mismatch ev = {.call_no = c->no, .register_state = c->row.state};
    if (c->kind->voucher) ev.voucher_state = voucher_state_signed;
    step_emit(st, EV_register_mismatch, &ev);
}

static enum err on_signed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct call *c = row;
    if (!counts(st, c)) {
        if (!c->row.is_signed) emit_mismatch(st, c);
        return ERR_OK;
    }
    c->row.is_signed = true;
    enum err e = settle(st, c);
    return e == ERR_OK ? intake_request_follow(st, c) : e;
}

static enum err on_reopened(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct call *c = row;
    c->row.completed = c->row.is_signed = false;
    c->row.finished_at = 0;
    if (c->row.state != call_state_done) return ERR_OK;
    c->row.state = call_state_dispatched;
    return intake_voucher_move(st, c, voucher_state_with_technician);
}

#define WITH_DISPATCH (IN(call_state_queued) | IN(call_state_dispatched))
#define OPENED (CALL_ALIVE & ~IN(call_state_clarifying))

static const struct transition rows[] = {
    {EV_job_assigned, WITH_DISPATCH, call_state_dispatched, on_assigned, "INT-028"},
    {EV_job_assigned, IN(call_state_closed), 0, on_assigned_late, "INT-028"},
    {EV_job_arrived, CALL_ALIVE, 0, on_arrived, "INT-022"},
    {EV_job_diagnosed, OPENED, 0, on_diagnosed, "INT-036"},
    {EV_job_completed, WITH_DISPATCH | IN(call_state_done), 0, on_completed, "INT-025"},
    {EV_job_signed, WITH_DISPATCH | IN(call_state_done), 0, on_signed, "INT-025"},
    {EV_job_reopened, WITH_DISPATCH | IN(call_state_done), 0, on_reopened, "INT-025"},
};

static const struct transition *find(enum event_kind kind, enum call_state state)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].on == kind && (rows[i].from & IN(state))) return &rows[i];
    }
    return NULL;
}

enum err intake_jobs_fact(struct step *st, const void *payload)
{
    struct call c;
    struct str no = *(const struct str *)payload; /* every fact of a job names its call first */
    enum err e = intake_call_get(st, no, &c);
    if (e == ERR_NOT_FOUND) return ERR_STALE;
    if (e != ERR_OK) return e;
    const struct transition *row = find(st->type->kind, c.row.state);
    if (!row) return ERR_STALE;
    st->rule = row->rule;
    e = row->handle(st, payload, &c);
    if (e != ERR_OK) return e;
    ENSURE(row->to == 0 || c.row.state == row->to);
    intake_call_put(st, &c);
    st->rule = st->type->rule;
    return ERR_OK;
}
