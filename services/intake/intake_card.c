/* intake_card.c - service cards 現場服務卡: each one that is handed in is called back, without
 * sampling; it counts when the call-back is valid, and once. Rules INT-078, INT-079. */
#include "services/intake/intake_private.h"

static enum err on_returned(struct step *st, const void *payload, void *at)
{
    const struct ev_card_returned *ev = payload;
    const struct rec_row_card *row = ((struct paper_at *)at)->row;
    struct ev_followup_created out = {.ref = ev->card_no,
                                      .unit = row->unit,
                                      .call_no = ev->call_no,
                                      .customer = ev->customer,
                                      .product = ev->product,
                                      .technician = ev->technician,
                                      .card_no = ev->card_no};
    return intake_followup_create(st, followup_kind_card, &out);
}

enum err intake_card_decide(struct step *st, const struct rec_row_followup *row,
                            struct str followup_no, struct str reason)
{
    if (reason.n == 0) {
        struct ev_card_entered out = {
            .card_no = row->card_no, .technician = row->technician, .followup_no = followup_no};
        return paper_act(st, &intake_card, EV_card_entered, &out);
    }
    struct ev_card_rejected out = {.card_no = row->card_no,
                                   .technician = row->technician,
                                   .followup_no = followup_no,
                                   .reason = reason};
    return paper_act(st, &intake_card, EV_card_rejected, &out);
}

static const struct transition card_rows[] = {
    {EV_card_returned, PAPER_NEW, card_state_returned, on_returned, "INT-078"},
    {EV_card_entered, IN(card_state_returned), card_state_entered, NULL, "INT-079"},
    {EV_card_rejected, IN(card_state_returned), card_state_rejected, NULL, "INT-079"},
};

const struct paper intake_card = {.name = "card",
                                  .label = "service card 現場服務卡",
                                  .table = INTAKE_TABLE(CARD),
                                  .states = &codes_card_state,
                                  .keys = {"card_no"},
                                  PAPER_ROWS(card_rows)};
