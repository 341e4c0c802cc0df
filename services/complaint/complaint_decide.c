/* complaint_decide.c - decision by authority 核決, the talk with the customer, the close.
 *
 * Rules CMP-007, CMP-040 … CMP-043, CMP-046, CMP-047, CMP-049, CMP-050, CMP-137, CMP-138. */
#include "services/complaint/complaint_private.h"
#include <stdio.h>
#include <string.h>

/* ---- authority 核決權限 (CMP-042) ---- */

static enum err check_level(struct step *st, struct str level, int64_t amount)
{
    const struct policy *p = st->policy;
    uint32_t need = 0, has = 0;
    while (need + 1 < p->authority_count && p->authority[need].up_to_fen < amount)
        need++;
    while (has < p->authority_count && !str_eq(p->authority[has].level, level))
        has++;
    if (p->authority_count == 0 || (has < p->authority_count && has >= need)) return ERR_OK;
    st->rule = "CMP-042";
    return step_refuse(st, "authority", "level", "%.*s cannot decide %lld.%02lld yuan; %.*s can",
                       STR_ARG(level), (long long)amount / 100, (long long)amount % 100,
                       STR_ARG(p->authority[need].level));
}

static enum err decide(struct step *st, struct complaint *c, const struct ev_complaint_decided *ev)
{
    if (c->r.demand_note.n && !c->r.demand_qty) {
        st->rule = "CMP-024";
        return step_refuse(
            st, "missing", "demand_qty",
            "the quantity is still \"%.*s\"; say it with complaint.demand_set before "
            "the decision",
            STR_ARG(c->r.demand_note));
    }
    if (!c->r.cause_class) c->r.cause_class = ev->cause_class;
    if (!c->r.cause_class) {
        st->rule = "CMP-003";
        return step_refuse(
            st, "missing", "cause_class",
            "no step has said the class of the cause; it stands before the decision");
    }
    enum err e = check_level(st, ev->level, ev->amount);
    if (e != ERR_OK) return e;
    c->r.level = ev->level;
    c->r.method = ev->method;
    c->r.amount = ev->amount;
    c->r.approved_qty = ev->qty ? ev->qty : c->r.demand_qty;
    return ERR_OK;
}

enum err complaint_decide_on_decided(struct step *st, const void *payload, void *row)
{
    struct complaint *c = row;
    enum err e = decide(st, c, payload);
    if (e != ERR_OK) return e;
    c->r.decided_at = step_occurred(st);
    return complaint_pass(st, c, NULL, complaint_department(st, "business"), c->r.decided_at);
}

enum err complaint_decide_on_final(struct step *st, const void *payload, void *row)
{
    struct complaint *c = row;
    if (!c->r.opinion_at) {
        return step_refuse(
            st, "state", "case_no",
            "the combined opinion 綜合意見 comes first (complaint.final_opinion_done)");
    }
    enum err e = decide(st, c, payload);
    if (e != ERR_OK) return e;
    c->r.final_at = step_occurred(st);
    return complaint_pass(st, c, NULL, complaint_department(st, "gmo"), c->r.final_at);
}

/* ---- the customer ---- */

enum err complaint_decide_on_returned(struct step *st, const void *payload, void *row)
{
    (void)payload;
    ((struct complaint *)row)->r.returned_at = step_occurred(st);
    return ERR_OK;
}

enum err complaint_decide_on_contacted(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct complaint *c = row;
    if (!c->r.contacted_at) c->r.contacted_at = step_occurred(st);
    return ERR_OK;
}

/* CMP-043: nothing beyond the decision, and never the form itself. */
static enum err check_promise(struct step *st, const struct complaint *c,
                              const struct ev_complaint_customer_replied *ev)
{
    bool promises = ev->promised_method > handling_method_nothing || ev->promised_amount > 0;
    if (ev->form_enclosed == yes_no_yes) {
        st->rule = "CMP-137";
        return step_refuse(st, "form", "form_enclosed",
                           "the form stays inside; the customer gets a letter or a call, no copy");
    }
    if (ev->channel == reply_channel_visit) {
        return step_refuse(st, "channel", "channel", "the answer goes by letter or by telephone");
    }
    if (c->r.state == complaint_state_not_established && !promises) return ERR_OK;
    if (!c->r.decided_at || step_occurred(st) < c->r.decided_at) {
        return step_refuse(st, "no_decision", "case_no",
                           "nothing is decided yet (complaint.decided); business may not answer, "
                           "agree or admit anything before");
    }
    bool covered = ev->promised_amount <= c->r.amount &&
                   (!ev->promised_method || ev->promised_method == c->r.method);
    if (!promises || covered) return ERR_OK;
    return step_refuse(st, "authority", "promised_amount",
                       "decided is %s up to %lld.%02lld yuan; more may not be promised",
                       code_word(&codes_handling_method, c->r.method), (long long)c->r.amount / 100,
                       (long long)c->r.amount % 100);
}

enum err complaint_decide_on_replied(struct step *st, const void *payload, void *row)
{
    struct complaint *c = row;
    enum err e = check_promise(st, c, payload);
    if (e != ERR_OK) return e;
    if (!c->r.replied_at) c->r.replied_at = step_occurred(st);
    if (!c->r.timely) c->r.timely = ((const struct ev_complaint_customer_replied *)payload)->timely;
    c->r.body_told |=
        ((const struct ev_complaint_customer_replied *)payload)->to_body == yes_no_yes;
    return ERR_OK;
}

enum err complaint_decide_on_negotiated(struct step *st, const void *payload, void *row)
{
    (void)st;
    ((struct complaint *)row)->r.negotiated =
        ((const struct ev_complaint_negotiated *)payload)->result;
    return ERR_OK;
}

enum err complaint_decide_on_reviewed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct complaint *c = row;
    if (c->r.negotiated != negotiation_accepted) {
        return step_refuse(st, "state", "case_no",
                           "%s; a refused conclusion is submitted again (complaint.resubmitted)",
                           c->r.negotiated ? "the customer refused" : "no result is recorded");
    }
    c->r.reviewed_at = step_occurred(st);
    c->r.place = 0;
    for (uint32_t i = 0; i < st->policy->step_count; i++) {
        if (st->policy->steps[i].late) return complaint_relay_next(st, c, true, c->r.reviewed_at);
    }
    const struct relay_step opinion = {.name = STR("gmo_final_opinion"),
                                       .department = STR("gmo"),
                                       .deadline = STR("complaint.gmo_final_opinion")};
    c->r.state = complaint_state_final_opinion;
    return complaint_pass(st, c, &opinion, complaint_department(st, "gmo"), c->r.reviewed_at);
}

enum err complaint_decide_on_opinion(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct complaint *c = row;
    if (c->r.opinion_at)
        return step_refuse(st, "state", "case_no", "the combined opinion is there already");
    c->r.opinion_at = step_occurred(st);
    return complaint_pass(st, c, NULL, complaint_department(st, "gm"), c->r.opinion_at);
}

/* ---- it does not stand ---- */

enum err complaint_decide_on_not_established(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct complaint *c = row;
    c->r.outcome = complaint_outcome_not_established;
    return complaint_pass(st, c, NULL, complaint_department(st, "business"), step_occurred(st));
}

enum err complaint_decide_on_invalidated(struct step *st, const void *payload, void *row)
{
    struct complaint *c = row;
    enum err e = complaint_decide_on_not_established(st, payload, row);
    c->r.outcome = complaint_outcome_invalid;
    c->r.validity = validity_invalid;
    const struct relay_step *s = policy_step(st->policy, c->r.step);
    c->r.step = (struct str){0};
    if (e != ERR_OK || !s || s->deadline.n == 0) return e;
    struct deadline_row clock = complaint_clock_of(s);
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, c->r.holder, 0);
    return deadline_stop(st, &clock, &ctx);
}

/* ---- a new round (CMP-047) ---- */

enum err complaint_decide_on_resubmitted(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_resubmitted *ev = payload;
    struct complaint *c = row, child = {.no = ev->new_case_no, .r = c->r};
    if (c->r.negotiated != negotiation_refused) {
        return step_refuse(st, "state", "case_no",
                           "the customer has not refused the conclusion (complaint.negotiated)");
    }
    c->r.outcome = complaint_outcome_superseded;
    c->r.closed_at = step_occurred(st);
    c->r.child_no = ev->new_case_no;
    enum err e = complaint_pass(st, c, NULL, (struct str){0}, c->r.closed_at);
    if (e != ERR_OK) return e;
    child.r = (struct rec_row_complaint){.unit = c->r.unit,
                                         .parent_no = c->no,
                                         .kind = c->r.kind,
                                         .platform_kind = c->r.platform_kind,
                                         .origin = c->r.origin,
                                         .customer = c->r.customer,
                                         .product = c->r.product,
                                         .family = c->r.family,
                                         .market = c->r.market,
                                         .category = c->r.category,
                                         .clerk = c->r.clerk,
                                         .call_no = c->r.call_no,
                                         .authority_body = c->r.authority_body,
                                         .authority_ref = c->r.authority_ref,
                                         .project = c->r.project,
                                         .severity = c->r.severity,
                                         .rd_required = c->r.rd_required,
                                         .received_at = c->r.closed_at};
    e = complaint_form_open(st, &child);
    if (e == ERR_OK) e = complaint_clock_run(st, &child, EV_complaint_received, payload);
    if (e == ERR_OK) complaint_put(st, &child);
    return e;
}

/* ---- the close (CMP-050) ---- */

struct missing {
    char text[240];
};

static void lacks(struct missing *m, const char *what)
{
    size_t n = strlen(m->text);
    snprintf(m->text + n, sizeof m->text - n, "%s%s", n ? "; " : "", what);
}

static enum err check_close(struct step *st, const struct complaint *c)
{
    struct missing m = {""};
    struct words needs = st->policy->complaint.close_requires;
    if (!c->r.replied_at && words_have(needs, STR("reply")))
        lacks(&m, "the customer's answer (complaint.customer_replied)");
    if (c->r.origin == complaint_origin_authority && !c->r.body_told &&
        words_have(needs, STR("reply")))
        lacks(&m, "the answer to the outside body (complaint.customer_replied, to_body: yes)");
    if (!c->r.outcome && !c->r.opinion_at && words_have(needs, STR("opinion")))
        lacks(&m, "the combined opinion (complaint.final_opinion_done)");
    if (!c->r.outcome && !c->r.final_at && words_have(needs, STR("decision")))
        lacks(&m, "the final decision (complaint.decided, final: yes)");
    struct str word, what;
    enum err e = complaint_money_missing(st, c, &word, &what);
    if (e == ERR_OK && what.n && words_have(needs, word))
        lacks(&m, arena_printf(st->arena, "%.*s%c", STR_ARG(what), 0).p);
    if (e != ERR_OK || !m.text[0]) return e;
    return step_refuse(st, "missing", "case_no", "before it is closed it needs: %s", m.text);
}

/* CMP-020: what the files of goods and customers are sorted by. */
static void complete_index(const struct complaint *c, struct ev_complaint_closed *ev)
{
    if (!ev->opened_as.n) ev->opened_as = c->no;
    if (!ev->customer.n) ev->customer = c->r.customer;
    if (!ev->product.n) ev->product = c->r.product;
    if (!ev->material.n) ev->material = c->r.material;
    if (!ev->cause_class) ev->cause_class = c->r.cause_class;
    if (!ev->responsible_unit.n) ev->responsible_unit = c->r.responsible_unit;
    if (!ev->supplier.n) ev->supplier = c->r.supplier;
    if (!ev->centre.n) ev->centre = c->r.unit;
}

static enum err complete(struct step *st, struct complaint *c,
                         const struct ev_complaint_closed *said)
{
    struct ev_complaint_closed ev = *said;
    struct rec_row_deadline total;
    enum err e = deadline_get(st, complaint_case_of(st, c->no), 0,
                              complaint_clock_rows[COMPLAINT_CLOCK_TOTAL].name, &total);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (!ev.complaint_no.n) ev.complaint_no = c->r.complaint_no;
    if (!ev.outcome) ev.outcome = c->r.outcome;
    if (!ev.market) ev.market = c->r.market;
    if (!ev.accepted_at) ev.accepted_at = c->r.accepted_at;
    complete_index(c, &ev);
    bool late = e == ERR_OK && c->r.closed_at > total.due;
    if (!ev.overdue) ev.overdue = late ? yes_no_yes : yes_no_no;
    if (ev.steps.n == 0)
        e = complaint_relay_steps(st, c, &ev.steps.v, &ev.steps.n);
    else
        e = ERR_OK;
    step_complete(st, &ev);
    return e;
}

enum err complaint_decide_on_closed(struct step *st, const void *payload, void *row)
{
    struct complaint *c = row;
    enum err e = check_close(st, c);
    if (e != ERR_OK) return e;
    c->r.closed_at = step_occurred(st);
    if (!c->r.outcome) c->r.outcome = complaint_outcome_accepted;
    e = complaint_pass(st, c, NULL, (struct str){0}, c->r.closed_at);
    return e == ERR_OK ? complete(st, c, payload) : e;
}

/* ---- afterwards ---- */

enum err complaint_decide_on_copy(struct step *st, const void *payload, void *row)
{
    (void)st;
    ((struct complaint *)row)->r.copies |=
        UINT64_C(1) << ((const struct ev_complaint_copy_delivered *)payload)->reader;
    return ERR_OK;
}

enum err complaint_decide_on_called_back(struct step *st, const void *payload, void *row)
{
    struct complaint *c = row;
    c->r.satisfied = ((const struct ev_complaint_called_back *)payload)->satisfied;
    struct ev_complaint_satisfaction_recorded ev = {.case_no = c->no, .satisfied = c->r.satisfied};
    step_emit_as(st, "CMP-133", EV_complaint_satisfaction_recorded, &ev);
    return ERR_OK;
}

enum err complaint_decide_on_satisfaction(struct step *st, const void *payload, void *row)
{
    (void)st;
    ((struct complaint *)row)->r.satisfied =
        ((const struct ev_complaint_satisfaction_recorded *)payload)->satisfied;
    return ERR_OK;
}
