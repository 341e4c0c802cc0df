/* parts_supply.c - what comes from makers and what goods need before they go out: parts asked of
 * component makers, supply plans made with the customer, batches inspected before delivery, proof
 * of legal origin. Rules PRT-007, PRT-032, PRT-049, PRT-072, PRT-073, PRT-075. */
#include "services/parts/parts_private.h"

/* ---- component makers (PRT-007, PRT-049) ---- */

static enum err on_requested(struct step *st, const void *payload, void *row)
{
    const struct ev_supplier_part_requested *ev = payload;
    (void)row;
    if (ev->lines.n || ev->outside == yes_no_yes) return ERR_OK;
    return step_refuse(st, "missing", "lines",
                       "name the parts that are asked for; only of an outside product 外購產品 "
                       "(outside yes) the maker is asked to solve it himself");
}

static const struct transition supplier_rows[] = {
    {EV_supplier_part_requested, PAPER_NEW, supplier_part_state_requested, on_requested, "PRT-007"},
    {EV_supplier_part_arrived, IN(supplier_part_state_requested), supplier_part_state_arrived, NULL,
     "PRT-007"},
};
static const struct deadline_row supplier_clocks[] = {
    {.name = "supplier.part",
     .rule = "PRT-007",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_supplier_part_requested},
     .stop = {EV_supplier_part_arrived}},
};
const struct paper parts_supplier_part = {.name = "supplier_part",
                                          .label = "request to a component maker",
                                          .table = PARTS_TABLE(SUPPLIER_PART),
                                          .states = &codes_supplier_part_state,
                                          .keys = {"request_no"},
                                          PAPER_ROWS(supplier_rows),
                                          PAPER_CLOCKS(supplier_clocks)};

/* ---- supply plans (PRT-075) ---- */

static const struct transition plan_rows[] = {
    {EV_supply_planned, PAPER_NEW | IN(supply_plan_state_planned), supply_plan_state_planned, NULL,
     "PRT-075"},
};
const struct paper parts_supply_plan = {.name = "supply_plan",
                                        .label = "supply plan 供貨計劃",
                                        .table = PARTS_TABLE(SUPPLY_PLAN),
                                        .states = &codes_supply_plan_state,
                                        .keys = {"plan_no"},
                                        PAPER_ROWS(plan_rows)};

enum err parts_plan_warn(struct step *st, const struct parts_policy *p, struct str order_no,
                         struct str plan_no)
{
    struct rec_row_supply_plan plan;
    struct key k = key_of(plan_no);
    if (!p->supply_plan) return ERR_OK;
    enum err e = step_get(st, PARTS_TABLE(SUPPLY_PLAN), &k, &plan);
    if (e != ERR_NOT_FOUND) return e;
    struct ev_supply_warned ev = {.doc_no = order_no,
                                  .warning = supply_warning_no_plan,
                                  .text = STR("no supply plan was made with the customer under "
                                              "the original plan number")};
    step_emit_as(st, "PRT-075", EV_supply_warned, &ev);
    return ERR_OK;
}

/* ---- legal origin (PRT-073) ---- */

enum err parts_origin_warn(struct step *st, const struct parts_policy *p, struct str doc_no,
                           struct str part_no)
{
    struct rec_row_item item;
    if (!p->origin_proof) return ERR_OK;
    enum err e = parts_item_get(st, part_no, &item);
    if (e != ERR_OK || item.origin_proof == yes_no_yes) return e;
    struct ev_supply_warned ev = {.doc_no = doc_no,
                                  .warning = supply_warning_no_origin_proof,
                                  .part_no = part_no,
                                  .text = STR("no proof of legal origin and title 合法來源證明 in "
                                              "the catalogue")};
    step_emit_as(st, "PRT-073", EV_supply_warned, &ev);
    return ERR_OK;
}

/* ---- batches (PRT-072, PRT-032) ---- */

static enum err order_of(struct step *st, struct str order_no, struct rec_row_spare *out)
{
    struct key k = key_of(order_no);
    enum err e = step_get(st, PARTS_TABLE(SPARE), &k, out);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "order_no",
                           "there is no spare order %.*s; it begins with spare.planned",
                           STR_ARG(order_no));
    }
    if (e != ERR_OK || out->state < spare_state_shipped) return e;
    return step_refuse(st, "state", "order_no",
                       "spare order %.*s is on its way already; a batch is inspected before it "
                       "goes out",
                       STR_ARG(order_no));
}

static enum err check_batch(struct step *st, const struct ev_batch_inspected *ev)
{
    if (ev->pass != yes_no_yes || ev->papers == yes_no_yes) return ERR_OK;
    return step_refuse(st, "papers", "papers",
                       "a good batch goes out with its papers; report papers yes when they are "
                       "with it, or pass no");
}

/* The bad ones go back at once. */
static void reject(struct step *st, const struct ev_batch_inspected *ev)
{
    struct ev_batch_rejected back = {.batch_no = ev->batch_no,
                                     .order_no = ev->order_no,
                                     .part_no = ev->part_no,
                                     .qty = ev->qty,
                                     .reason = ev->text};
    step_emit_as(st, "PRT-072", EV_batch_rejected, &back);
}

/* Counted with the order it goes out with; one that came back better is no longer bad. */
static enum err on_inspected(struct step *st, const void *payload, void *row)
{
    const struct ev_batch_inspected *ev = payload;
    struct paper_at *a = row;
    struct rec_row_spare_batch old, *r = a->row;
    struct rec_row_spare order;
    enum err e = step_get(st, PARTS_TABLE(SPARE_BATCH), &a->key, &old);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && !str_eq(old.order_no, ev->order_no)) {
        return step_refuse(st, "other_order", "order_no", "batch %.*s belongs to spare order %.*s",
                           STR_ARG(ev->batch_no), STR_ARG(old.order_no));
    }
    e = order_of(st, ev->order_no, &order);
    if (e == ERR_OK) e = check_batch(st, ev);
    if (e != ERR_OK) return e;
    bool good = ev->pass == yes_no_yes;
    if (a->before == spare_batch_state_rejected) order.batches_bad--;
    order.batches_good += good;
    order.batches_bad += !good;
    r->state = good ? spare_batch_state_passed : spare_batch_state_rejected;
    struct key k = key_of(ev->order_no);
    step_put(st, PARTS_TABLE(SPARE), &k, &order);
    if (!good) reject(st, ev);
    return ERR_OK;
}

static const struct transition batch_rows[] = {
    {EV_batch_inspected, PAPER_NEW | IN(spare_batch_state_rejected), 0, on_inspected, "PRT-072"},
};
const struct paper parts_spare_batch = {.name = "spare_batch",
                                        .label = "batch",
                                        .table = PARTS_TABLE(SPARE_BATCH),
                                        .states = &codes_spare_batch_state,
                                        .keys = {"batch_no"},
                                        PAPER_ROWS(batch_rows)};
