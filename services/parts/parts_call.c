/* parts_call.c - what parts knows of calls: unit, service policy, guarantee; and the parts policy
 * PP-… that follows (PRT-001, parts section 11). */
#include "common/contract.h"
#include "services/parts/parts_private.h"

enum err parts_call_get(struct step *st, struct str call_no, struct rec_row_parts_call *out)
{
    struct key k = key_of(call_no);
    return step_get(st, PARTS_TABLE(CALL), &k, out);
}

static enum err load(struct step *st, struct str call_no, struct rec_row_parts_call *out)
{
    *out = (struct rec_row_parts_call){0};
    enum err e = parts_call_get(st, call_no, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err keep(struct step *st, struct str call_no, const struct rec_row_parts_call *r)
{
    struct key k = key_of(call_no);
    step_put(st, PARTS_TABLE(CALL), &k, r);
    return ERR_OK;
}

static enum err on_determined(struct step *st, const struct ev_warranty_determined *ev)
{
    struct rec_row_parts_call r;
    enum err e = load(st, ev->call_no, &r);
    r.entitled = ev->inside;
    return e == ERR_OK ? keep(st, ev->call_no, &r) : e;
}

static enum err on_queued(struct step *st, const struct ev_call_queued *ev)
{
    struct rec_row_parts_call r;
    enum err e = load(st, ev->call_no, &r);
    r.unit = ev->unit, r.policy = ev->policy, r.category = ev->category;
    r.customer = ev->customer, r.product = ev->product;
    return e == ERR_OK ? keep(st, ev->call_no, &r) : e;
}

static enum err on_reclassified(struct step *st, const struct ev_call_reclassified *ev)
{
    struct rec_row_parts_call r;
    enum err e = load(st, ev->call_no, &r);
    r.category = ev->category;
    return e == ERR_OK ? keep(st, ev->call_no, &r) : e;
}

static enum err on_policy_changed(struct step *st, const struct ev_call_policy_changed *ev)
{
    struct rec_row_parts_call r;
    enum err e = load(st, ev->call_no, &r);
    r.policy = ev->policy;
    return e == ERR_OK ? keep(st, ev->call_no, &r) : e;
}

enum err parts_call_upstream(struct step *st, const void *payload)
{
    if (st->from != OWNER_intake) return ERR_STALE;
    switch ((int)st->type->kind) {
    case EV_warranty_determined:
        return on_determined(st, payload);
    case EV_call_queued:
        return on_queued(st, payload);
    case EV_call_reclassified:
        return on_reclassified(st, payload);
    case EV_call_policy_changed:
        return on_policy_changed(st, payload);
    }
    return ERR_STALE;
}

enum err parts_policy_for(struct step *st, struct str call_no, struct str unit,
                          const struct parts_policy **out)
{
    struct rec_row_parts_call call = {.unit = unit};
    struct rec_row_unit u = {0};
    enum err e = call_no.n ? parts_call_get(st, call_no, &call) : ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (!call.policy.n) {
        e = step_unit(st, call.unit.n ? call.unit : unit, &u);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        call.policy = u.default_policy;
    }
    const struct service_policy *sp = policy_service(st->policy, call.policy);
    if (!sp) sp = policy_select(st->policy, &(struct selection){0});
    *out = policy_parts(st->policy, sp->parts_policy);
    ENSURE(*out != NULL);
    return ERR_OK;
}
