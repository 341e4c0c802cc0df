/* parts_charge.c - what a document costs, and what a unit's documents cost in a month: issued and
 * not brought back unused + freight out + freight back - old parts offset - charges collected.
 *
 * The ledger says what is issued, the old parts what is offset, freight and charges come by their
 * bills and vouchers. Whatever changes a document is booked in the month in which it happens.
 * Invariant: the net cost of a document is the sum of its bookings. Rules PRT-018, PRT-071. */
#include "services/parts/parts_private.h"
#include <string.h>

#define LINES_MAX 200u /* of a document that moves parts */
#define SUM_MAX INT64_C(1000000000000000)

/* ---- costs ---- */

static struct key month_key(struct str unit, int32_t month)
{
    struct key k = parts_doc_key(parts_doc_none, unit);
    key_day(&k, month);
    return k;
}

static enum err get(struct step *st, const struct key *k, struct rec_row_net_cost *out)
{
    *out = (struct rec_row_net_cost){0};
    enum err e = step_get(st, PARTS_TABLE(NET_COST), k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err parts_charge_of(struct step *st, enum parts_doc doc, struct str doc_no,
                         struct rec_row_net_cost *out)
{
    struct key k = parts_doc_key(doc, doc_no);
    return get(st, &k, out);
}

static int64_t net_of(const struct rec_row_net_cost *c)
{
    return c->issued + c->freight_out + c->freight_back - c->offset - c->charges;
}

static bool add(int64_t *sum, int64_t by)
{
    *sum += by;
    return *sum >= -SUM_MAX && *sum <= SUM_MAX;
}

/* Adds a change to a row; refuses what an amount cannot hold. */
static enum err book(struct step *st, const struct key *k, const struct rec_row_net_cost *by,
                     struct rec_row_net_cost *r)
{
    bool fits = add(&r->issued, by->issued) && add(&r->freight_out, by->freight_out) &&
                add(&r->freight_back, by->freight_back) && add(&r->offset, by->offset) &&
                add(&r->charges, by->charges);
    if (!fits) return step_refuse(st, "range", "amount", "the sum is more than an amount holds");
    step_put(st, PARTS_TABLE(NET_COST), k, r);
    return ERR_OK;
}

int32_t parts_charge_month(struct step *st, struct str unit)
{
    int y, m, d;
    day_split(zone_day(step_zone(st, unit), step_occurred(st)), &y, &m, &d);
    return day_of(y, m, 1);
}

enum err parts_charge_book(struct step *st, const struct parts_booking *b)
{
    struct rec_row_net_cost whole, month;
    struct key k = parts_doc_key(b->doc, b->doc_no);
    enum err e = get(st, &k, &whole);
    if (e != ERR_OK) return e;
    if (!whole.unit.n) whole.unit = b->unit;
    if (!whole.call_no.n) whole.call_no = b->call_no;
    e = book(st, &k, &b->by, &whole);
    if (e != ERR_OK) return e;
    struct ev_charge_reckoned ev = {.doc = b->doc,
                                    .doc_no = b->doc_no,
                                    .unit = whole.unit,
                                    .month = parts_charge_month(st, whole.unit),
                                    .issued = whole.issued,
                                    .freight_out = whole.freight_out,
                                    .freight_back = whole.freight_back,
                                    .offset = whole.offset,
                                    .charges = whole.charges,
                                    .net = net_of(&whole)};
    struct parts_cost cost = {
        .kind = budget_kind_guarantee, .unit = whole.unit, .fen = net_of(&b->by)};
    e = parts_cost_add(st, &cost);
    if (e != ERR_OK) return e;
    k = month_key(whole.unit, ev.month);
    e = get(st, &k, &month);
    if (e == ERR_OK) e = book(st, &k, &b->by, &month);
    if (e == ERR_OK) step_emit_as(st, "PRT-018", EV_charge_reckoned, &ev);
    return e;
}

/* ---- what was issued ---- */

static enum err issued_value(struct step *st, enum parts_doc doc, struct str doc_no, int64_t *out)
{
    struct rec_row_ledger_line l;
    *out = 0;
    for (uint32_t line = 0; line <= LINES_MAX; line++) {
        enum err e = parts_line_get(st, doc, doc_no, line, &l);
        if (e == ERR_NOT_FOUND) continue;
        if (e != ERR_OK) return e;
        if (l.source == ledger_place_hand) continue; /* brought back under a number of its own */
        *out += ((int64_t)l.issued - (int64_t)l.back) * l.unit_cost;
    }
    return ERR_OK;
}

static bool drawn_on(enum parts_doc doc)
{
    return doc == parts_doc_issue || doc == parts_doc_requisition;
}

/* Its month is that in which it was first drawn on. */
static enum err begin(struct step *st, enum parts_doc doc, struct str doc_no)
{
    struct rec_row_net_cost r;
    struct key k = parts_doc_key(doc, doc_no);
    enum err e = get(st, &k, &r);
    if (e != ERR_OK || r.month) return e;
    r.month = parts_charge_month(st, r.unit);
    step_put(st, PARTS_TABLE(NET_COST), &k, &r);
    return parts_audit_drawn(st, doc, doc_no, &r);
}

/* Whose it is stands on the note or requisition. */
static enum err of_paper(struct step *st, struct parts_booking *b)
{
    struct key k = key_of(b->doc_no);
    struct rec_row_issue note;
    struct rec_row_requisition requisition;
    bool is_note = b->doc == parts_doc_issue;
    enum err e = is_note ? step_get(st, PARTS_TABLE(ISSUE), &k, &note)
                         : step_get(st, PARTS_TABLE(REQUISITION), &k, &requisition);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct str unit = is_note ? note.unit : requisition.unit;
    struct str call_no = is_note ? note.call_no : requisition.call_no;
    if (unit.n) b->unit = unit;
    if (call_no.n) b->call_no = call_no;
    return ERR_OK;
}

enum err parts_charge_drawn(struct step *st, const struct parts_booking *of)
{
    struct parts_booking b = *of;
    struct rec_row_net_cost r;
    struct rec_row_oldpart_offset offset;
    int64_t issued;
    if (!drawn_on(b.doc)) return ERR_OK;
    enum err e = parts_charge_of(st, b.doc, b.doc_no, &r);
    if (e == ERR_OK) e = issued_value(st, b.doc, b.doc_no, &issued);
    if (e == ERR_OK) e = parts_old_offset(st, b.doc, b.doc_no, &offset);
    if (e != ERR_OK || (issued == r.issued && offset.value == r.offset)) return e;
    e = of_paper(st, &b);
    if (e != ERR_OK) return e;
    b.by =
        (struct rec_row_net_cost){.issued = issued - r.issued, .offset = offset.value - r.offset};
    e = parts_charge_book(st, &b);
    return e == ERR_OK ? begin(st, b.doc, b.doc_no) : e;
}

/* ---- charges (PRT-018) ---- */

static struct key fee_key(struct str call_no)
{
    return key_of(call_no);
}

enum err parts_charge_fee(struct step *st, struct str call_no, struct rec_row_audit_fee *out)
{
    struct key k = fee_key(call_no);
    *out = (struct rec_row_audit_fee){0};
    enum err e = step_get(st, PARTS_TABLE(AUDIT_FEE), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* A fee reduces no more cost than was collected. */
static enum err take_fee(struct step *st, const struct ev_charge_offset *ev, struct str call_no)
{
    struct rec_row_audit_fee f;
    if (!call_no.n) return ERR_OK;
    enum err e = parts_charge_fee(st, call_no, &f);
    if (e != ERR_OK) return e;
    if (ev->amount > f.collected - f.offset) {
        return step_refuse(st, "amount", "amount",
                           "of the fee of call %.*s %lld fen are collected and not offset yet; no "
                           "more than that reduces the cost",
                           STR_ARG(call_no), (long long)(f.collected - f.offset));
    }
    f.offset += ev->amount;
    struct key k = fee_key(call_no);
    step_put(st, PARTS_TABLE(AUDIT_FEE), &k, &f);
    return ERR_OK;
}

enum err parts_charge_named(struct step *st, enum parts_doc kind, struct str doc_no,
                            struct parts_booking *out)
{
    struct rec_row_net_cost cost;
    *out = (struct parts_booking){.doc = kind ? kind : parts_doc_issue, .doc_no = doc_no};
    enum err e = parts_charge_of(st, out->doc, doc_no, &cost);
    if (e != ERR_OK) return e;
    out->unit = cost.unit, out->call_no = cost.call_no;
    if (cost.month) return ERR_OK;
    return step_refuse(st, "unknown_note", "note_no",
                       "no part was drawn on %s %.*s; name the document by which the parts were "
                       "drawn, and in note_kind issue or requisition",
                       code_label(&codes_parts_doc, out->doc), STR_ARG(doc_no));
}

static enum err on_offset(struct step *st, const void *payload, void *row)
{
    const struct ev_charge_offset *ev = payload;
    struct rec_row_charge_offset *r = ((struct paper_at *)row)->row;
    struct parts_booking b;
    enum err e = parts_charge_named(st, ev->note_kind, ev->note_no, &b);
    if (e != ERR_OK) return e;
    if (!r->call_no.n) r->call_no = b.call_no;
    e = take_fee(st, ev, r->call_no);
    if (e != ERR_OK) return e;
    r->unit = ev->unit.n ? ev->unit : b.unit;
    b.unit = r->unit;
    b.by.charges = ev->amount;
    return parts_charge_book(st, &b);
}

static const struct transition rows[] = {
    {EV_charge_offset, PAPER_NEW, offset_state_booked, on_offset, "PRT-018"},
};

const struct paper parts_charge = {.name = "charge",
                                   .label = "voucher of a charge",
                                   .table = PARTS_TABLE(CHARGE_OFFSET),
                                   .states = &codes_offset_state,
                                   .keys = {"voucher_no"},
                                   PAPER_ROWS(rows)};

/* ---- the fees of dispatch ---- */

#define HANDED_IN_MAX INT64_C(2000000000000)

enum err parts_charge_upstream(struct step *st, const void *payload)
{
    struct rec_row_audit_fee f;
    struct str call_no = paper_text(st->type->shape(), payload, "call_no");
    int kind = (int)st->type->kind;
    bool fee = kind == EV_fee_assessed || kind == EV_fee_collected || kind == EV_fee_handed_in;
    if (st->from != OWNER_dispatch || !fee) return ERR_STALE;
    enum err e = parts_charge_fee(st, call_no, &f);
    if (e != ERR_OK) return e;
    if (kind == EV_fee_assessed) f.assessed = ((const struct ev_fee_assessed *)payload)->amount;
    if (kind == EV_fee_collected) f.collected = ((const struct ev_fee_collected *)payload)->amount;
    if (kind == EV_fee_handed_in) {
        f.handed_in += ((const struct ev_fee_handed_in *)payload)->amount;
        if (f.handed_in > HANDED_IN_MAX) f.handed_in = HANDED_IN_MAX;
    }
    struct key k = fee_key(call_no);
    step_put(st, PARTS_TABLE(AUDIT_FEE), &k, &f);
    return ERR_OK;
}
