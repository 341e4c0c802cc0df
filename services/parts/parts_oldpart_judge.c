/* parts_oldpart_judge.c - what is found in an old part: the inspector 質檢員 compares it with its
 * report and works out the loss when they do not agree; the analysis says who is to blame. Rules
 * PRT-027, PRT-029, PRT-047. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

/* PRT-029: qty × cost of issue + freight out + freight back, as far as the policy counts them. */
static int64_t loss_of(const struct step *st, const struct ev_oldpart_inspected *ev,
                       const struct rec_row_oldpart *r)
{
    struct words items = st->policy->parts.loss_items;
    int64_t loss = words_have(items, STR("parts")) ? r->value : 0;
    if (words_have(items, STR("freight"))) loss += ev->freight_out + ev->freight_back;
    return loss > INT64_C(1000000000000000) ? INT64_C(1000000000000000) : loss;
}

enum err parts_oldpart_on_inspected(struct step *st, const void *payload, void *row)
{
    struct ev_oldpart_inspected ev = *(const struct ev_oldpart_inspected *)payload;
    struct rec_row_oldpart *r = ((struct paper_at *)row)->row;
    struct oldpart o = {ev.old_no, *r};
    if (ev.match == yes_no_yes) return ERR_OK;
    if (!ev.differences.n) {
        return step_refuse(st, "missing", "differences",
                           "say what does not agree with the 產品異常信息報告");
    }
    if (!ev.responsible.n) ev.responsible = r->person;
    if (!ev.loss) ev.loss = loss_of(st, &ev, r);
    step_complete(st, &ev);
    o.r.responsible = ev.responsible, o.r.loss = ev.loss;
    enum err e = parts_mismatch_found(st, &o);
    if (e == ERR_OK) *r = o.r;
    return e;
}

enum err parts_oldpart_on_analysed(struct step *st, const void *payload, void *row)
{
    struct ev_oldpart_analysed ev = *(const struct ev_oldpart_analysed *)payload;
    struct rec_row_oldpart *r = ((struct paper_at *)row)->row;
    struct rec_row_item item;
    enum err e = parts_item_get(st, r->part_no, &item);
    if (e != ERR_OK || ev.liable != oldpart_liable_supplier) return e;
    st->rule = "PRT-047";
    if (!ev.supplier.n) ev.supplier = item.supplier.n ? item.supplier : item.manufacturer;
    if (!ev.supplier.n) {
        return step_refuse(st, "missing", "supplier",
                           "the catalogue names no supplier of %.*s; say which one is to blame",
                           STR_ARG(r->part_no));
    }
    r->supplier = ev.supplier;
    step_complete(st, &ev);
    return ERR_OK;
}
