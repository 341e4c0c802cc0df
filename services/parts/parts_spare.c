/* parts_spare.c - what this room hears: spare orders and what they need before they go out, the
 * feedback of the stations, claims lists and their tags, goods back from customers; and of the
 * three-guarantee notes what feedback and origin have to say about them (PRT-016, PRT-073). */
#include "services/parts/parts_private.h"

static const struct paper *const papers[] = {
    &parts_supplier_part, &parts_supply_plan, &parts_spare_batch,     &parts_spare_order,
    &parts_warranty_tag,  &parts_claimlist,   &parts_customer_return, NULL};

enum err parts_spare_fact(struct step *st, const void *payload)
{
    const struct paper *p = paper_of(papers, st->type->kind);
    if (st->type->kind == EV_feedback_submitted) return parts_feedback_submitted(st, payload);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

/* A free part is exchanged for a repair, which is known by its call or its card (PRT-016). */
static enum err check_feedback(struct step *st, const struct rec_row_issue *r)
{
    bool by_call = false, by_card = false;
    if (r->class == part_class_paid) return ERR_OK;
    enum err e = parts_exchange_allowed(st, r->call_no, r->unit, r->call_no, &by_call);
    if (e == ERR_OK) e = parts_exchange_allowed(st, r->call_no, r->unit, r->card_no, &by_card);
    if (e != ERR_OK || by_call || by_card) return e;
    st->rule = "PRT-016";
    return step_refuse(st, "no_feedback", "call_no",
                       "no repair of this note is fed back 維修信息反饋 (call \"%.*s\", card "
                       "\"%.*s\"); nothing is exchanged until it stands on an accepted form",
                       STR_ARG(r->call_no), STR_ARG(r->card_no));
}

static enum err on_issue(struct step *st, const struct ev_issue_opened *ev)
{
    struct rec_row_issue r;
    struct key k = key_of(ev->note_no);
    enum err e = step_get(st, PARTS_TABLE(ISSUE), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    const struct parts_policy *p = policy_parts(st->policy, r.policy);
    e = check_feedback(st, &r);
    for (uint32_t i = 0; e == ERR_OK && i < r.lines.n; i++)
        e = parts_origin_warn(st, p, ev->note_no, r.lines.v[i].part_no);
    return e;
}

enum err parts_spare_heard(struct step *st, const void *payload)
{
    return st->type->kind == EV_issue_opened ? on_issue(st, payload) : ERR_OK;
}

enum err parts_spare_passed(struct step *st, const struct passed *what)
{
    return str_is(what->name, "feedback.half") ? parts_feedback_passed(st, what) : ERR_OK;
}
