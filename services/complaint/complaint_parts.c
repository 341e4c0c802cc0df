/* complaint_parts.c - what the log of parts tells about a case or a quality issue: the analysis of
 * the old parts that cite it, the money their suppliers pay back, and the goods that customers
 * return for it. Rules CMP-015, CMP-086, CMP-101, CMP-118. */
#include "services/complaint/complaint_private.h"

enum cites { CITES_CASE = 1, CITES_QUALITY };

static struct key cited_key(enum cites cites, struct str no)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)cites);
    key_str(&k, no);
    return k;
}

static void attach(struct step *st, enum cites cites, struct str no, struct str old_no,
                   const struct rec_row_complaint_oldpart *row)
{
    struct key k = cited_key(cites, no);
    key_str(&k, old_no);
    step_put(st, COMPLAINT_TABLE(OLDPART), &k, row);
}

/* A case under its own number; a quality issue, known here or not, under the one that is said. */
static enum err on_analysed(struct step *st, const struct ev_oldpart_analysed *ev)
{
    struct rec_row_complaint_oldpart row = {.cause = ev->cause,
                                            .liable = ev->liable,
                                            .supplier = ev->supplier,
                                            .led_by = ev->led_by,
                                            .analysed_at = step_occurred(st)};
    struct complaint c;
    if (!ev->case_no.n && !ev->quality_no.n) return ERR_STALE;
    if (ev->quality_no.n) attach(st, CITES_QUALITY, ev->quality_no, ev->old_no, &row);
    if (!ev->case_no.n) return ERR_OK;
    enum err e = complaint_get(st, ev->case_no, &c);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    attach(st, CITES_CASE, e == ERR_OK ? c.no : ev->case_no, ev->old_no, &row);
    return ERR_OK;
}

#define RECOVERED_MAX INT64_C(1000000000000)

static enum err on_settled(struct step *st, const struct ev_secondary_settled *ev)
{
    struct complaint c;
    if (!ev->case_no.n) return ERR_STALE;
    enum err e = complaint_get(st, ev->case_no, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    int64_t room = RECOVERED_MAX - c.r.recovered;
    c.r.recovered += ev->amount < room ? ev->amount : room;
    complaint_put(st, &c);
    return ERR_OK;
}

/* ---- goods that come back (CMP-101, CMP-086) ---- */

#define QTY_MAX UINT64_C(1000000000)

/* The return stands on the issue; told as quality.return_arranged, unless a person told it. */
static void arrange(struct step *st, struct str quality_no, struct rec_row_quality *r,
                    const struct rec_row_complaint_goods *goods)
{
    struct ev_quality_return_arranged ev = {.quality_no = quality_no,
                                            .by_unit = goods->unit,
                                            .slip_no = goods->slip_no,
                                            .method = handling_method_return,
                                            .qty = goods->qty < QTY_MAX ? goods->qty : QTY_MAX};
    if (str_eq(r->slip_no, goods->slip_no)) return;
    r->slip_no = goods->slip_no;
    r->return_arranged_at = goods->opened_at;
    step_emit_as(st, "CMP-101", EV_quality_return_arranged, &ev);
}

/* An issue that is only observed, or not known yet, is reported first. */
static enum err link_issue(struct step *st, struct str quality_no,
                           struct rec_row_complaint_goods *goods)
{
    struct rec_row_quality r;
    enum err e = complaint_quality_get(st, quality_no, &r);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && r.state == quality_state_observed)) return ERR_OK;
    if (e != ERR_OK) return e;
    arrange(st, quality_no, &r, goods);
    goods->linked = true;
    complaint_quality_put(st, quality_no, &r);
    return ERR_OK;
}

static void keep(struct step *st, enum cites cites, struct str no, struct str return_no,
                 const struct rec_row_complaint_goods *goods)
{
    struct key k = cited_key(cites, no);
    key_str(&k, return_no);
    step_put(st, COMPLAINT_TABLE(GOODS), &k, goods);
}

static enum err on_goods(struct step *st, const struct ev_customer_return_opened *ev)
{
    struct rec_row_complaint_goods goods = {.slip_no = ev->slip_no.n ? ev->slip_no : ev->return_no,
                                            .unit = ev->unit.n ? ev->unit : st->in->source,
                                            .customer = ev->customer,
                                            .reason = ev->reason,
                                            .opened_at = step_occurred(st)};
    struct complaint c;
    enum err e = ERR_OK;
    if (!ev->case_no.n && !ev->quality_no.n) return ERR_STALE;
    for (uint32_t i = 0; i < ev->lines.n; i++)
        goods.qty += ev->lines.v[i].qty;
    if (ev->quality_no.n) {
        e = link_issue(st, ev->quality_no, &goods);
        keep(st, CITES_QUALITY, ev->quality_no, ev->return_no, &goods);
    }
    if (e != ERR_OK || !ev->case_no.n) return e;
    e = complaint_get(st, ev->case_no, &c);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    goods.linked = e == ERR_OK;
    keep(st, CITES_CASE, e == ERR_OK ? c.no : ev->case_no, ev->return_no, &goods);
    return ERR_OK;
}

enum err complaint_parts_reported(struct step *st, struct str quality_no, struct rec_row_quality *r)
{
    struct key prefix = cited_key(CITES_QUALITY, quality_no), at = {.n = 0};
    struct rec_row_complaint_goods goods;
    enum err e;
    while ((e = step_next(st, COMPLAINT_TABLE(GOODS), &prefix, &at, &goods)) == ERR_OK) {
        if (goods.linked) continue;
        arrange(st, quality_no, r, &goods);
        goods.linked = true;
        step_put(st, COMPLAINT_TABLE(GOODS), &at, &goods);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err complaint_parts_upstream(struct step *st, const void *payload)
{
    if (st->from != OWNER_parts) return ERR_STALE;
    if (st->type->kind == EV_oldpart_analysed) return on_analysed(st, payload);
    if (st->type->kind == EV_secondary_settled) return on_settled(st, payload);
    if (st->type->kind == EV_customer_return_opened) return on_goods(st, payload);
    return ERR_STALE;
}
