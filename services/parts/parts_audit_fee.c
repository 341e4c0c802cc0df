/* parts_audit_fee.c - cards outside the guarantee 三包期外服務卡: user and sales handler are asked,
 * and charged = fee on the card = amount handed in. A card without fee needs a documented reason.
 * Rule PRT-066. */
#include "services/parts/parts_private.h"

static enum err card_of(struct step *st, struct str card_no, struct rec_row_audit_card *out)
{
    struct key k = key_of(card_no);
    enum err e = step_get(st, PARTS_TABLE(AUDIT_CARD), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_card", "card_no",
                       "service card 現場服務卡 %.*s was not handed in (card.returned)",
                       STR_ARG(card_no));
}

/* Inside the guarantee there is nothing to charge. */
static enum err check_outside(struct step *st, struct str call_no)
{
    struct rec_row_parts_call call = {0};
    enum err e = call_no.n ? parts_call_get(st, call_no, &call) : ERR_OK;
    if (e == ERR_NOT_FOUND) e = ERR_OK;
    if (e != ERR_OK || call.entitled != entitled_yes) return e;
    return step_refuse(st, "inside_guarantee", "call_no",
                       "call %.*s is inside the guarantee; only cards outside it 三包期外 are "
                       "asked about",
                       STR_ARG(call_no));
}

static enum fee_finding compare(const struct ev_audit_paid_card *ev, int64_t by_dispatch)
{
    if (ev->user_says != ev->card_fee) return fee_finding_charged;
    if (ev->sales_says != ev->card_fee) return fee_finding_sales;
    if (ev->handed_in != ev->card_fee || by_dispatch != ev->card_fee) return fee_finding_handed_in;
    return ev->card_fee || ev->reason.n ? fee_finding_none : fee_finding_no_reason;
}

static enum err on_paid_card(struct step *st, const void *payload, void *row)
{
    struct ev_audit_paid_card ev = *(const struct ev_audit_paid_card *)payload;
    struct rec_row_paid_card *r = ((struct paper_at *)row)->row;
    struct rec_row_audit_card card;
    struct rec_row_audit_fee fee = {0};
    enum err e = card_of(st, ev.card_no, &card);
    if (e != ERR_OK) return e;
    if (!ev.call_no.n) r->call_no = ev.call_no = card.call_no;
    e = check_outside(st, ev.call_no);
    if (e == ERR_OK && ev.call_no.n) e = parts_charge_fee(st, ev.call_no, &fee);
    if (e != ERR_OK) return e;
    bool of_call = ev.call_no.n > 0;
    if (!ev.handed_in) r->handed_in = ev.handed_in = fee.handed_in;
    enum fee_finding finding = compare(&ev, of_call ? fee.handed_in : ev.handed_in);
    step_complete(st, &ev);
    r->state = finding ? paid_card_state_mismatch : paid_card_state_agreed;
    if (!finding) return ERR_OK;
    struct ev_audit_fee_mismatch out = {.card_no = ev.card_no,
                                        .call_no = ev.call_no,
                                        .technician = card.technician,
                                        .finding = finding,
                                        .card_fee = ev.card_fee,
                                        .user_says = ev.user_says,
                                        .sales_says = ev.sales_says,
                                        .handed_in = of_call ? fee.handed_in : ev.handed_in};
    step_emit_as(st, "PRT-066", EV_audit_fee_mismatch, &out);
    return ERR_OK;
}

enum err parts_paid_card_reverse(struct step *st, struct ev_audit_reversed *ev)
{
    struct rec_row_paid_card r;
    struct rec_row_audit_card card;
    struct key k = key_of(ev->ref);
    enum err e = step_get(st, PARTS_TABLE(PAID_CARD), &k, &r);
    if (e == ERR_OK && r.state != paid_card_state_mismatch) e = ERR_NOT_FOUND;
    if (e == ERR_OK) e = card_of(st, ev->ref, &card);
    if (e != ERR_OK) return e;
    r.state = paid_card_state_reversed;
    r.reason = ev->reason, r.by = ev->by;
    r.reversed_at = step_occurred(st);
    ev->person = card.technician;
    step_put(st, PARTS_TABLE(PAID_CARD), &k, &r);
    return ERR_OK;
}

static const struct transition rows[] = {
    {EV_audit_paid_card, PAPER_NEW, 0, on_paid_card, "PRT-066"},
};

const struct paper parts_paid_card = {.name = "paidcard",
                                      .label = "audit of a card outside the guarantee",
                                      .table = PARTS_TABLE(PAID_CARD),
                                      .states = &codes_paid_card_state,
                                      .keys = {"card_no"},
                                      PAPER_ROWS(rows)};
