/* parts_freight.c - freight and postage: a bill is booked once, to the document whose waybill it
 * names (PRT-076). How it is paid is policy: `freight: audited` against the shipping notice
 * 產品發運通知單 and its destination (PRT-019), `freight: signed` with the signatures of handler
 * and leader (PRT-020).
 *
 * Any accepted fact that names a waybill says whose it is; the first one counts. A bill may come
 * before that. A rejected bill stays rejected unless the head of department takes that back
 * (PRT-069). */
#include "services/parts/parts_private.h"
#include <string.h>

/* ---- waybills ---- */

/* What goes to the maker or comes from a customer goes back. */
static enum freight_direction way_of(const struct step *st, enum parts_doc doc)
{
    const char *verb = strchr(st->type->type, '.');
    bool back = doc == parts_doc_claimlist || doc == parts_doc_customer_return ||
                (verb && strncmp(verb, ".return", 7) == 0);
    return back ? freight_direction_back : freight_direction_out;
}

enum err parts_freight_shipped(struct step *st, const void *payload, const struct parts_booking *of)
{
    const struct shape *s = st->type->shape();
    struct rec_row_waybill w;
    struct rec_row_net_cost cost;
    struct key k = key_of(paper_text(s, payload, "waybill"));
    enum err e = step_get(st, PARTS_TABLE(WAYBILL), &k, &w);
    if (e != ERR_NOT_FOUND) return e;
    e = parts_charge_of(st, of->doc, of->doc_no, &cost);
    if (e != ERR_OK) return e;
    w = (struct rec_row_waybill){.doc = of->doc,
                                 .doc_no = of->doc_no,
                                 .direction = way_of(st, of->doc),
                                 .unit = cost.unit.n ? cost.unit : of->unit,
                                 .call_no = cost.call_no.n ? cost.call_no : of->call_no,
                                 .destination = paper_text(s, payload, "destination"),
                                 .notice_no = paper_text(s, payload, "notice_no")};
    step_put(st, PARTS_TABLE(WAYBILL), &k, &w);
    return ERR_OK;
}

/* Whose waybill a bill names; an empty row when nobody said yet. */
static enum err whose(struct step *st, struct str waybill, struct rec_row_waybill *out)
{
    struct key k = key_of(waybill);
    *out = (struct rec_row_waybill){0};
    enum err e = step_get(st, PARTS_TABLE(WAYBILL), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- booking (PRT-076) ---- */

static enum err book(struct step *st, struct str waybill, struct rec_row_freight *r,
                     const struct rec_row_waybill *w)
{
    r->paid = r->amount;
    r->doc = w->doc, r->doc_no = w->doc_no;
    if (!r->direction) r->direction = w->direction;
    struct ev_freight_booked ev = {.waybill = waybill,
                                   .doc = w->doc,
                                   .doc_no = w->doc_no,
                                   .direction = r->direction,
                                   .amount = r->amount};
    step_emit_as(st, "PRT-076", EV_freight_booked, &ev);
    struct parts_booking b = {.doc = w->doc,
                              .doc_no = w->doc_no,
                              .unit = w->unit.n ? w->unit : r->unit,
                              .call_no = w->call_no};
    bool out = r->direction == freight_direction_out;
    *(out ? &b.by.freight_out : &b.by.freight_back) = r->amount;
    return parts_charge_book(st, &b);
}

static enum err check_way(struct step *st, const struct rec_row_freight *r,
                          const struct rec_row_waybill *w, enum parts_freight wanted)
{
    const struct parts_policy *p;
    enum err e = parts_policy_for(st, w->call_no, w->unit.n ? w->unit : r->unit, &p);
    if (e != ERR_OK || p->freight == PARTS_FREIGHT_none || p->freight == wanted) return e;
    bool audited = p->freight == PARTS_FREIGHT_audited;
    return step_refuse(st, "freight", "waybill",
                       audited ? "the policy %.*s has freight audited against the shipping notice "
                                 "產品發運通知單: report freight.audited"
                               : "the policy %.*s has freight written off with two signatures: "
                                 "report freight.written_off",
                       STR_ARG(p->id));
}

/* ---- audited against notice and destination (PRT-019) ---- */

static const char *why_not(const struct ev_freight_audited *ev, const struct rec_row_freight *r,
                           const struct rec_row_waybill *w, struct str to)
{
    if (!w->doc) return "no document names this waybill";
    if (!r->notice_no.n) return "there is no shipping notice 產品發運通知單";
    if (!to.n || !r->destination.n) return "notice or bill does not say the destination 發運去向";
    if (!str_eq(to, r->destination)) return "the bill has another destination than the notice";
    if (ev->match == yes_no_no) return "the administrator found that they do not agree";
    return NULL;
}

static enum err on_audited(struct step *st, const void *payload, void *row)
{
    struct ev_freight_audited ev = *(const struct ev_freight_audited *)payload;
    struct rec_row_freight *r = ((struct paper_at *)row)->row;
    struct rec_row_waybill w;
    enum err e = whose(st, ev.waybill, &w);
    if (e == ERR_OK) e = check_way(st, r, &w, PARTS_FREIGHT_audited);
    if (e != ERR_OK) return e;
    if (!r->notice_no.n) r->notice_no = w.notice_no;
    struct str to = ev.notice_destination.n ? ev.notice_destination : w.destination;
    const char *why = why_not(&ev, r, &w, to);
    if (why && ev.match == yes_no_yes)
        return step_refuse(st, "match", "match", "it does not agree: %s", why);
    r->state = why ? freight_state_rejected : freight_state_audited;
    bool given = ev.match != yes_no_none;
    ev.match = why ? yes_no_no : yes_no_yes;
    if (!given) step_complete(st, &ev);
    if (!why) return book(st, ev.waybill, r, &w);
    r->reason = str_of(why);
    struct ev_freight_rejected out = {
        .waybill = ev.waybill, .notice_no = r->notice_no, .amount = r->amount, .reason = r->reason};
    step_emit_as(st, "PRT-019", EV_freight_rejected, &out);
    return ERR_OK;
}

/* ---- two signatures (PRT-020) ---- */

static enum err refuse_nobodys(struct step *st, struct str waybill)
{
    return step_refuse(st, "unknown_document", "waybill",
                       "no document names waybill %.*s; freight belongs to a note, a claims list, "
                       "a return or an order",
                       STR_ARG(waybill));
}

static enum err on_written_off(struct step *st, const void *payload, void *row)
{
    const struct ev_freight_written_off *ev = payload;
    struct rec_row_freight *r = ((struct paper_at *)row)->row;
    struct rec_row_waybill w;
    enum err e = whose(st, ev->waybill, &w);
    if (e == ERR_OK) e = check_way(st, r, &w, PARTS_FREIGHT_signed);
    if (e != ERR_OK) return e;
    if (!w.doc) return refuse_nobodys(st, ev->waybill);
    if (str_eq(ev->signed_handler, ev->signed_leader)) {
        return step_refuse(st, "same_person", "signed_leader",
                           "handler 經手人 and leader 領導 sign, two persons; %.*s signed twice",
                           STR_ARG(ev->signed_leader));
    }
    return book(st, ev->waybill, r, &w);
}

/* ---- taken back (PRT-069) ---- */

enum err parts_freight_reverse(struct step *st, struct ev_audit_reversed *ev)
{
    struct rec_row_freight r;
    struct rec_row_waybill w;
    struct key k = key_of(ev->ref);
    enum err e = step_get(st, PARTS_TABLE(FREIGHT), &k, &r);
    if (e == ERR_OK && r.state != freight_state_rejected) e = ERR_NOT_FOUND;
    if (e == ERR_OK) e = whose(st, ev->ref, &w);
    if (e != ERR_OK) return e;
    if (!w.doc) return refuse_nobodys(st, ev->ref);
    r.state = freight_state_audited;
    r.reason = ev->reason, r.by = ev->by;
    r.reversed_at = step_occurred(st);
    ev->amount = r.amount;
    e = book(st, ev->ref, &r, &w);
    if (e == ERR_OK) step_put(st, PARTS_TABLE(FREIGHT), &k, &r);
    return e;
}

/* ---- the paper ---- */

/* Old parts come back under a waybill that no document names; the bill says which note's. */
static enum err claim(struct step *st, const struct ev_freight_billed *ev,
                      struct rec_row_waybill *w)
{
    struct parts_booking b;
    enum err e = parts_charge_named(st, ev->note_kind, ev->note_no, &b);
    if (e != ERR_OK) return e;
    *w = (struct rec_row_waybill){.doc = b.doc,
                                  .doc_no = b.doc_no,
                                  .direction = freight_direction_back,
                                  .unit = b.unit,
                                  .call_no = b.call_no};
    struct key k = key_of(ev->waybill);
    step_put(st, PARTS_TABLE(WAYBILL), &k, w);
    return ERR_OK;
}

static enum err on_billed(struct step *st, const void *payload, void *row)
{
    const struct ev_freight_billed *ev = payload;
    struct rec_row_freight *r = ((struct paper_at *)row)->row;
    struct rec_row_waybill w;
    enum err e = whose(st, ev->waybill, &w);
    if (e == ERR_OK && !w.doc && ev->note_no.n) e = claim(st, ev, &w);
    if (!r->direction) r->direction = w.direction;
    return e;
}

static const struct transition rows[] = {
    {EV_freight_billed, PAPER_NEW, freight_state_billed, on_billed, "PRT-076"},
    {EV_freight_audited, IN(freight_state_billed), 0, on_audited, "PRT-019"},
    {EV_freight_written_off, IN(freight_state_billed), freight_state_written_off, on_written_off,
     "PRT-020"},
};

const struct paper parts_freight = {.name = "freight",
                                    .label = "freight bill",
                                    .table = PARTS_TABLE(FREIGHT),
                                    .states = &codes_freight_state,
                                    .keys = {"waybill"},
                                    PAPER_ROWS(rows)};
