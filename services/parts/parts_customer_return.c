/* parts_customer_return.c - returns and exchanges of customers 退換貨: from the return note 退貨單
 * until the goods are in a store again, dismantled or exchanged.
 *
 * What comes waits for inspection; line n of the goods received is line n of the ledger. Its
 * complaint slips 成品退貨單 are another paper, held by complaint. Rules PRT-032, PRT-059. */
#include "services/parts/parts_private.h"

/* Moves all goods of the note. */
static enum err move_all(struct step *st, const struct paper_at *a, struct parts_move way)
{
    const struct rec_row_customer_return *r = a->row;
    struct key_reader key = {{a->key.b, a->key.n}};
    enum err e = key_take_str(&key, &way.doc_no);
    way.doc = parts_doc_customer_return;
    for (uint32_t i = 0; e == ERR_OK && i < r->goods.n; i++) {
        struct rec_row_item item;
        e = parts_item_get(st, r->goods.v[i].part_no, &item);
        if (e != ERR_OK) return e;
        way.line = i + 1;
        way.part_no = r->goods.v[i].part_no;
        way.qty = (int64_t)r->goods.v[i].qty;
        way.unit_cost_fen = item.unit_cost;
        e = parts_move(st, &way);
    }
    return e;
}

/* Defective goods are returned on the day on which they are found (PRT-032). */
static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_customer_return_opened *ev = payload;
    struct rec_row_customer_return *r = ((struct paper_at *)row)->row;
    int32_t today = step_day(st, r->unit);
    if (ev->recognised > today) {
        st->rule = "PRT-032";
        return step_refuse(st, "future_day", "recognised",
                           "that day has not come yet; give the day on which the goods were found "
                           "bad");
    }
    r->late = ev->recognised && ev->recognised < today;
    struct ev_customer_return_late late = {
        .return_no = ev->return_no, .unit = r->unit, .recognised = ev->recognised, .opened = today};
    if (r->late) step_emit_as(st, "PRT-032", EV_customer_return_late, &late);
    return ERR_OK;
}

static void say_difference(struct step *st, struct str return_no,
                           const struct rec_claim_count_line *l)
{
    struct ev_customer_return_mismatch ev = {.return_no = return_no,
                                             .part_no = l->part_no,
                                             .noted = l->listed,
                                             .received = l->received,
                                             .diff = (int64_t)l->received - (int64_t)l->listed};
    step_emit_as(st, "PRT-059", EV_customer_return_mismatch, &ev);
}

static enum err on_received(struct step *st, const void *payload, void *row)
{
    const struct ev_customer_return_received *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_customer_return *r = a->row;
    struct parts_count c = parts_count_new(st, r->lines.n + ev->goods.n);
    for (uint32_t i = 0; i < r->lines.n; i++)
        parts_count_add(&c, r->lines.v[i].part_no, r->lines.v[i].qty, 0);
    for (uint32_t i = 0; i < ev->goods.n; i++)
        parts_count_add(&c, ev->goods.v[i].part_no, 0, ev->goods.v[i].qty);
    r->mismatch = !parts_count_agrees(&c);
    for (uint32_t i = 0; i < c.n; i++) {
        if (c.v[i].listed != c.v[i].received) say_difference(st, ev->return_no, &c.v[i]);
    }
    return move_all(st, a,
                    (struct parts_move){.from = ledger_place_outside,
                                        .to = ledger_place_inspect,
                                        .to_holder = r->unit});
}

/* Good goods go back into a store, and there is nothing to dismantle. */
static enum err on_inspected(struct step *st, const void *payload, void *row)
{
    const struct ev_customer_return_inspected *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_customer_return *r = a->row;
    if (ev->finding != return_finding_good) return ERR_OK;
    r->state = customer_return_state_closed;
    if (!r->store.n) r->store = r->unit;
    return move_all(st, a,
                    (struct parts_move){.from = ledger_place_inspect,
                                        .to = ledger_place_store,
                                        .from_holder = r->unit,
                                        .to_holder = r->store});
}

static enum err on_dismantled(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    struct rec_row_customer_return *r = a->row;
    (void)payload;
    r->state = a->before == customer_return_state_exchanged ? customer_return_state_closed
                                                            : customer_return_state_dismantled;
    return move_all(st, a,
                    (struct parts_move){.from = ledger_place_inspect,
                                        .to = ledger_place_gone,
                                        .from_holder = r->unit,
                                        .to_holder = r->unit});
}

static enum err on_exchanged(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    struct rec_row_customer_return *r = a->row;
    (void)st, (void)payload;
    r->state = a->before == customer_return_state_dismantled ? customer_return_state_closed
                                                             : customer_return_state_exchanged;
    return ERR_OK;
}

#define INSPECTED IN(customer_return_state_inspected)

static const struct transition rows[] = {
    {EV_customer_return_opened, PAPER_NEW, customer_return_state_opened, on_opened, "PRT-059"},
    {EV_customer_return_received, IN(customer_return_state_opened), customer_return_state_received,
     on_received, "PRT-059"},
    {EV_customer_return_inspected, IN(customer_return_state_received),
     customer_return_state_inspected, on_inspected, "PRT-059"},
    {EV_customer_return_dismantled, INSPECTED | IN(customer_return_state_exchanged), 0,
     on_dismantled, "PRT-059"},
    {EV_customer_return_exchanged, INSPECTED | IN(customer_return_state_dismantled), 0,
     on_exchanged, "PRT-059"},
};
static const struct deadline_row clocks[] = {
    {.name = "customer_return.dismantle",
     .rule = "PRT-059",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_customer_return_received},
     .stop = {EV_customer_return_dismantled}},
};
const struct paper parts_customer_return = {.name = "customer_return",
                                            .label = "return note 退貨單",
                                            .table = PARTS_TABLE(CUSTOMER_RETURN),
                                            .states = &codes_customer_return_state,
                                            .keys = {"return_no"},
                                            PAPER_ROWS(rows),
                                            PAPER_CLOCKS(clocks),
                                            .drops = IN(customer_return_state_closed)};
