/* parts_requisition.c - the requisition 備用件領料單: opened, approved, issued line by line, and
 * cleared by what comes back unused and what is written off.
 *
 * issued = written off + unused + outstanding, of each line (the ledger) and of the whole (the
 * row). One person, or else the unit, draws all of a requisition. What other rooms move of its
 * pieces (use on site, old parts) is heard from the ledger, and stock.written_off is written for
 * it. Rules PRT-004, PRT-040. */
#include "services/parts/parts_private.h"

static const struct deadline_row clocks[1];
#define CLEAR (&clocks[0])

/* ---- sums ---- */

static uint64_t outstanding(const struct rec_row_requisition *r)
{
    return r->issued - r->unused - r->written_off;
}

static void set_state(struct rec_row_requisition *r)
{
    r->state = outstanding(r) == 0              ? requisition_state_cleared
               : r->unused + r->written_off > 0 ? requisition_state_partly_cleared
                                                : requisition_state_issued;
}

static struct str holder_of(const struct rec_row_requisition *r)
{
    return r->person.n ? r->person : r->unit;
}

static struct parts_move move_of(struct str requisition_no, uint64_t line, struct str part_no)
{
    return (struct parts_move){.doc = parts_doc_requisition,
                               .doc_no = requisition_no,
                               .line = (uint32_t)line,
                               .part_no = part_no};
}

/* ---- opened, issued (PRT-004) ---- */

static enum err on_decided(struct step *st, const void *payload, void *row)
{
    const struct rec_row_requisition *r = ((struct paper_at *)row)->row;
    const struct parts_policy *p;
    enum err e = parts_policy_for(st, r->call_no, r->unit, &p);
    if (e != ERR_OK) return e;
    struct parts_signature s = {.by = paper_text(st->type->shape(), payload, "by"),
                                .field = "by",
                                .roles = p->approver,
                                .whose = r->person};
    return parts_signs(st, &s);
}

static enum err check_asked(struct step *st, const struct rec_row_requisition *r,
                            const struct ev_stock_issued *ev)
{
    struct rec_row_ledger_line l = {0};
    if (r->lines.n == 0) return ERR_OK; /* nobody asked: the policy does without requisitions */
    if (ev->line > r->lines.n) {
        return step_refuse(st, "unknown_line", "line", "requisition %.*s has %u lines, not %u",
                           STR_ARG(ev->requisition_no), r->lines.n, (unsigned)ev->line);
    }
    const struct rec_requisition_line *asked = &r->lines.v[ev->line - 1];
    if (!str_eq(asked->part_no, ev->part_no)) {
        return step_refuse(st, "part_no", "part_no",
                           "line %u of requisition %.*s asks for %.*s, not %.*s",
                           (unsigned)ev->line, STR_ARG(ev->requisition_no), STR_ARG(asked->part_no),
                           STR_ARG(ev->part_no));
    }
    enum err e =
        parts_line_get(st, parts_doc_requisition, ev->requisition_no, (uint32_t)ev->line, &l);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    uint64_t left = asked->qty - (l.issued - l.back);
    if (ev->qty <= left) return ERR_OK;
    return step_refuse(st, "too_many", "qty",
                       "%llu of %.*s are approved and not issued yet, not %llu; open another "
                       "requisition for more",
                       (unsigned long long)left, STR_ARG(ev->part_no), (unsigned long long)ev->qty);
}

static enum err check_receiver(struct step *st, struct rec_row_requisition *r, struct str receiver)
{
    if (receiver.n == 0 || str_eq(receiver, r->person)) return ERR_OK;
    if (r->person.n == 0 && r->issued == 0) {
        r->person = receiver;
        return ERR_OK;
    }
    return step_refuse(st, "receiver", "receiver",
                       "this requisition is drawn by %.*s; who else needs parts opens another",
                       STR_ARG(holder_of(r)));
}

/* The line of a requisition that nobody opened says itself what it is of. */
static enum err check_line(struct step *st, const struct parts_move *m)
{
    struct rec_row_ledger_line l;
    enum err e = parts_line_get(st, m->doc, m->doc_no, m->line, &l);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    return e == ERR_OK ? parts_line_named(st, m, &l) : e;
}

static enum err cost_of(struct step *st, struct str part_no, int64_t said, int64_t *out)
{
    struct rec_row_item item;
    enum err e = parts_item_get(st, part_no, &item);
    *out = said ? said : item.unit_cost;
    return e;
}

static enum err on_issued(struct step *st, const void *payload, void *row)
{
    const struct ev_stock_issued *ev = payload;
    struct paper_at *a = row;
    struct rec_row_requisition *r = a->row;
    struct parts_move m = move_of(ev->requisition_no, ev->line, ev->part_no);
    if (!a->before && st->policy->parts.requisition_required) {
        st->rule = "PRT-004";
        return step_refuse(st, "unknown_number", "requisition_no",
                           "nothing is issued without an approved requisition 備用件領料單; it "
                           "begins with requisition.opened");
    }
    enum err e = check_asked(st, r, ev);
    if (e == ERR_OK) e = check_receiver(st, r, ev->receiver);
    if (e == ERR_OK) e = parts_store_of(st, ev->store, &r->store);
    if (e == ERR_OK) e = check_line(st, &m);
    if (e == ERR_OK) e = cost_of(st, ev->part_no, ev->unit_cost, &m.unit_cost_fen);
    if (e != ERR_OK) return e;
    m.from = ledger_place_store, m.from_holder = r->store;
    m.to = ledger_place_hand, m.to_holder = holder_of(r);
    m.qty = (int64_t)ev->qty;
    r->issued += ev->qty;
    set_state(r);
    return parts_move(st, &m);
}

/* ---- unused parts (PRT-040) ---- */

/* Of what a person brings back, the pieces that were issued to him and not brought back before; the
 * rest came from before the books began, and his account goes below 0 by it. */
static enum err cover(struct step *st, const struct parts_move *m, uint64_t *covered)
{
    struct rec_row_ledger_balance b;
    struct rec_row_stock_uncovered u = {0};
    struct key k = key_of(m->from_holder);
    key_str(&k, m->part_no);
    enum err e = parts_balance(st, m->from, m->from_holder, m->part_no, &b);
    if (e == ERR_OK) e = step_get(st, PARTS_TABLE(STOCK_UNCOVERED), &k, &u);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    int64_t there = b.qty + (int64_t)u.qty;
    *covered = there <= 0 ? 0 : there < m->qty ? (uint64_t)there : (uint64_t)m->qty;
    u.qty += (uint64_t)m->qty - *covered;
    step_put(st, PARTS_TABLE(STOCK_UNCOVERED), &k, &u);
    return ERR_OK;
}

/* A return that names no issue. */
static enum err return_freely(struct step *st, const struct ev_stock_returned_unused *ev,
                              struct rec_row_requisition *r, struct parts_move *m)
{
    if (!st->policy->parts.free_returns) {
        return step_refuse(st, "unknown_number", "requisition_no",
                           "there is no such requisition here; name the one by which the parts "
                           "were drawn");
    }
    struct ev_stock_returned_unused full = *ev;
    m->from_holder = ev->brought_by.n ? ev->brought_by : r->unit;
    enum err e = check_line(st, m);
    if (e == ERR_OK) e = cost_of(st, ev->part_no, ev->unit_cost, &m->unit_cost_fen);
    if (e == ERR_OK) e = cover(st, m, &full.covered);
    if (e != ERR_OK) return e;
    if (!ev->covered) step_complete(st, &full);
    r->state = requisition_state_cleared;
    return ERR_OK;
}

static enum err on_returned(struct step *st, const void *payload, void *row)
{
    const struct ev_stock_returned_unused *ev = payload;
    struct rec_row_requisition *r = ((struct paper_at *)row)->row;
    struct parts_move m = move_of(ev->requisition_no, ev->line, ev->part_no);
    struct rec_row_ledger_line l;
    m.from = ledger_place_hand, m.from_holder = holder_of(r);
    m.to = ledger_place_store;
    m.qty = (int64_t)ev->qty;
    enum err e = parts_store_of(st, ev->store.n ? ev->store : r->store, &m.to_holder);
    if (e != ERR_OK) return e;
    r->store = m.to_holder;
    if (r->issued == 0) {
        e = return_freely(st, ev, r, &m);
        return e == ERR_OK ? parts_move(st, &m) : e;
    }
    e = parts_line_named(st, &m, &l);
    if (e == ERR_OK) e = parts_move(st, &m);
    r->unused += ev->qty;
    set_state(r);
    return e;
}

/* ---- written off (PRT-021, PRT-040) ---- */

static enum err lose(struct step *st, const struct ev_stock_written_off *ev,
                     const struct rec_row_requisition *r)
{
    struct parts_move m = move_of(ev->requisition_no, ev->line, (struct str){0});
    struct rec_row_ledger_line l;
    if (ev->lost == 0) return ERR_OK;
    if (ev->document.n == 0) {
        return step_refuse(st, "no_document", "document",
                           "lost parts are written off by a document; name it");
    }
    enum err e = parts_line_named(st, &m, &l);
    if (e != ERR_OK) return e;
    int64_t in_hand = parts_line_at(&l, ledger_place_hand), lost = (int64_t)ev->lost;
    m.part_no = l.part_no;
    m.from = ledger_place_hand, m.to = ledger_place_lost;
    m.from_holder = holder_of(r), m.to_holder = holder_of(r);
    m.qty = lost < in_hand ? lost : in_hand;
    if (m.qty > 0) e = parts_move(st, &m);
    m.qty = lost - m.qty;
    m.from = ledger_place_owed;
    if (e == ERR_OK && m.qty > 0) e = parts_move(st, &m);
    return e == ERR_OK && m.qty > 0 ? parts_oldpart_lose(st, &m, ev->document) : e;
}

static enum err on_written_off(struct step *st, const void *payload, void *row)
{
    const struct ev_stock_written_off *ev = payload;
    struct rec_row_requisition *r = ((struct paper_at *)row)->row;
    struct parts_write_off u = {.from = move_of(ev->requisition_no, ev->line, (struct str){0}),
                                .person = holder_of(r),
                                .keeper = r->store,
                                .call_no = r->call_no,
                                .unit = r->unit,
                                .report = ev->report,
                                .user_signed = ev->user_signed,
                                .leader_ok = ev->leader_ok,
                                .used = ev->used,
                                .old_qty = ev->old_qty};
    uint64_t used = 0;
    u.from.from = ledger_place_hand, u.from.from_holder = u.person;
    if (!ev->used && !ev->old_qty && !ev->lost) {
        return step_refuse(st, "nothing", "used",
                           "say how many were used, how many old parts came, or how many are lost");
    }
    enum err e = lose(st, ev, r);
    if (e == ERR_OK && (ev->used || ev->old_qty)) e = parts_write_off(st, &u, &used);
    if (e != ERR_OK) return e;
    r->written_off += used + ev->lost;
    set_state(r);
    struct ev_stock_written_off full = *ev;
    full.written_off = used + ev->lost;
    full.outstanding = outstanding(r);
    if (!ev->written_off && !ev->outstanding) step_complete(st, &full);
    return ERR_OK;
}

/* ---- pieces that other rooms move ---- */

static bool is_own(const struct step *st)
{
    if (!st->type) return false;
    return st->type->kind == EV_stock_issued || st->type->kind == EV_stock_returned_unused ||
           st->type->kind == EV_stock_written_off;
}

static bool is_out(enum ledger_place place)
{
    return place == ledger_place_transit || place == ledger_place_hand ||
           place == ledger_place_owed;
}

static void count_move(struct rec_row_requisition *r, const struct parts_move *m)
{
    uint64_t qty = (uint64_t)m->qty;
    bool from = is_out(m->from), to = is_out(m->to);
    if (m->from == ledger_place_store && to) r->issued += qty;
    if (from && m->to == ledger_place_store) r->unused += qty;
    if (from && !to && m->to != ledger_place_store) r->written_off += qty;
    if (!from && to && m->from != ledger_place_store)
        r->written_off -= qty < r->written_off ? qty : r->written_off;
    set_state(r);
}

static enum err stop_clear(struct step *st, struct str no, const struct rec_row_requisition *r)
{
    struct deadline_ctx c = {.case_no = arena_printf(st->arena, "requisition/%.*s", STR_ARG(no)),
                             .unit = r->unit,
                             .person = r->person,
                             .occurred_ms = step_occurred(st),
                             .start_ms = r->issued_at};
    return outstanding(r) == 0 ? deadline_stop(st, CLEAR, &c) : ERR_OK;
}

enum err parts_requisition_moved(struct step *st, const struct parts_move *m)
{
    struct rec_row_requisition r;
    struct key k = key_of(m->doc_no);
    if (is_own(st)) return ERR_OK;
    enum err e = step_get(st, PARTS_TABLE(REQUISITION), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    uint64_t before = r.written_off;
    count_move(&r, m);
    step_put(st, PARTS_TABLE(REQUISITION), &k, &r);
    if (r.written_off > before && m->line) {
        struct ev_stock_written_off ev = {.requisition_no = m->doc_no,
                                          .line = m->line,
                                          .written_off = (uint64_t)m->qty,
                                          .outstanding = outstanding(&r)};
        step_emit_as(st, "PRT-040", EV_stock_written_off, &ev);
    }
    return stop_clear(st, m->doc_no, &r);
}

/* ---- the paper ---- */

#define OPENED IN(requisition_state_opened)
#define ISSUED (IN(requisition_state_issued) | IN(requisition_state_partly_cleared))
#define CLEARED IN(requisition_state_cleared)

static const struct transition rows[] = {
    {EV_requisition_opened, PAPER_NEW, requisition_state_opened, NULL, "PRT-004"},
    {EV_requisition_approved, OPENED, requisition_state_approved, on_decided, "PRT-004"},
    {EV_requisition_refused, OPENED, requisition_state_refused, on_decided, "PRT-004"},
    {EV_stock_issued, PAPER_NEW | IN(requisition_state_approved) | ISSUED | CLEARED, 0, on_issued,
     "PRT-040"},
    {EV_stock_returned_unused, PAPER_NEW | ISSUED | CLEARED, 0, on_returned, "PRT-040"},
    {EV_stock_written_off, ISSUED | CLEARED, 0, on_written_off, "PRT-040"},
};

static bool is_cleared(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return outstanding(c->row) == 0;
}

/* The 30 days run from the first piece that is out. */
static bool was_cleared(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st;
    return outstanding(c->row) == ((const struct ev_stock_issued *)payload)->qty;
}

static const struct deadline_row clocks[1] = {
    {.name = "requisition.clear",
     .rule = "PRT-040",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_stock_issued},
     .stop = {EV_stock_returned_unused, EV_stock_written_off},
     .starts = was_cleared,
     .stops = is_cleared},
};

const struct paper parts_requisition = {.name = "requisition",
                                        .label = "requisition 備用件領料單",
                                        .table = &parts_tables[PARTS_REQUISITION],
                                        .states = &codes_requisition_state,
                                        .keys = {"requisition_no"},
                                        PAPER_ROWS(rows),
                                        PAPER_CLOCKS(clocks)};
