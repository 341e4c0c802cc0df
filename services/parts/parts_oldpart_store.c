/* parts_oldpart_store.c - what the store writes off with a requisition 備用件領料單: the old parts
 * that came with the parts used now, then those that were owed of the line before, then those that
 * are back and lacked the signatures; and what it documents as lost. What is owed of a line in the
 * ledger is what its old parts say is owed. Rules PRT-021, PRT-024, PRT-026, PRT-040, PRT-067. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

/* ---- the old parts of a line ---- */

/* The next one after *at (start with at->n == 0). ERR_END. */
static enum err next_of(struct step *st, const struct key *line, struct key *at,
                        struct oldpart *out)
{
    struct rec_row_oldpart_of of;
    struct str no;
    enum err e = step_next(st, PARTS_TABLE(OLDPART_OF), line, at, &of);
    if (e != ERR_OK) return e;
    struct key_reader r = {{at->b + line->n, at->n - line->n}};
    e = key_take_str(&r, &no);
    return e == ERR_OK ? parts_oldpart_find(st, arena_str(st->arena, no), "line", out) : e;
}

static bool is_out(const struct rec_row_oldpart *r)
{
    return r->state == oldpart_state_expected || r->state == oldpart_state_overdue ||
           r->state == oldpart_state_expected_if_possible;
}

enum err parts_oldpart_owed(struct step *st, const struct parts_move *of, uint64_t *out,
                            uint64_t *back)
{
    struct key line = parts_line_key(of->doc, of->doc_no, of->line), at = {.n = 0};
    struct oldpart o;
    enum err e;
    *out = *back = 0;
    while ((e = next_of(st, &line, &at, &o)) == ERR_OK) {
        if (o.r.place == ledger_place_owed) *(is_out(&o.r) ? out : back) += o.r.qty;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- they come with the write-off ---- */

/* All of it is with the keeper; the person's debt goes with the return. */
static enum err take(struct step *st, struct oldpart *o, uint64_t qty, struct str keeper)
{
    struct ev_oldpart_expected rest = parts_oldpart_rest(o, o->r.qty - qty);
    enum err e = ERR_OK;
    if (rest.qty) {
        int64_t less = o->r.unit_cost * (int64_t)rest.qty;
        if (o->r.duty == oldpart_duty_must)
            e = parts_old_owes(st, o->r.person, -(int64_t)rest.qty, -less, 0);
        o->r.qty = qty;
        o->r.value -= less;
    }
    o->r.place = ledger_place_old;
    o->r.unit = keeper;
    parts_oldpart_put(st, o);
    if (e == ERR_OK) e = parts_oldpart_hand_in(st, o->no);
    return e == ERR_OK && rest.qty ? parts_oldpart_expect(st, &rest) : e;
}

static enum err take_before(struct step *st, const struct ev_oldpart_expected *use, uint64_t qty,
                            struct str keeper)
{
    struct key line = parts_line_key(use->doc, use->doc_no, (uint32_t)use->line), at = {.n = 0};
    struct oldpart o;
    enum err e = ERR_END;
    while (qty && (e = next_of(st, &line, &at, &o)) == ERR_OK) {
        if (!is_out(&o.r) || o.r.place != ledger_place_owed) continue;
        uint64_t n = qty < o.r.qty ? qty : o.r.qty;
        e = take(st, &o, n, keeper);
        if (e != ERR_OK) return e;
        qty -= n;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err parts_oldpart_written_off(struct step *st, const struct ev_oldpart_expected *use,
                                   uint64_t old_qty, struct str keeper)
{
    struct ev_oldpart_expected now = *use, left = *use;
    now.qty = old_qty < use->qty ? old_qty : use->qty;
    left.qty = use->qty - now.qty;
    enum err e = parts_oldpart_used(st, &left, 0);
    if (e != ERR_OK) return e;
    now.place = ledger_place_old, now.unit = keeper;
    now.duty = oldpart_duty_wanted; /* it is here: nobody owes it */
    if (now.qty) {
        e = parts_oldpart_expect(st, &now);
        if (e == ERR_OK) e = parts_oldpart_hand_in(st, now.old_no);
    }
    return e == ERR_OK ? take_before(st, use, old_qty - now.qty, keeper) : e;
}

/* ---- they are back already, and the signatures come now ---- */

enum err parts_oldpart_clear(struct step *st, const struct parts_move *of)
{
    struct key line = parts_line_key(of->doc, of->doc_no, of->line), at = {.n = 0};
    struct oldpart o;
    uint64_t left = (uint64_t)of->qty;
    enum err e = ERR_END;
    while (left && (e = next_of(st, &line, &at, &o)) == ERR_OK) {
        if (is_out(&o.r) || o.r.place != ledger_place_owed) continue;
        if (o.r.qty > left) {
            return step_refuse(st, "quantity", "old_qty",
                               "old part %.*s is %llu pieces that came back together; they are "
                               "written off together, or by oldpart.labelled",
                               STR_ARG(o.no), (unsigned long long)o.r.qty);
        }
        left -= o.r.qty;
        o.r.cleared = true;
        e = parts_oldpart_move(st, &o.r, parts_oldpart_holder(&o.r), ledger_place_old, o.r.unit);
        if (e != ERR_OK) return e;
        parts_oldpart_put(st, &o);
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- they are lost ---- */

/* So many of its pieces; where some are left, the lost ones go under a number of their own. */
static enum err lose(struct step *st, struct oldpart *o, uint64_t qty, struct str document)
{
    struct ev_oldpart_lost ev = {.old_no = o->no,
                                 .gap = oldpart_gap_lost,
                                 .document = document,
                                 .reason = STR("written off by the store 銷帳")};
    enum err e = ERR_OK;
    if (qty == o->r.qty) {
        o->r.place = ledger_place_lost;
        parts_oldpart_put(st, o);
        return paper_act(st, &parts_oldpart_paper, EV_oldpart_lost, &ev);
    }
    struct ev_oldpart_expected part = parts_oldpart_rest(o, qty);
    int64_t less = o->r.unit_cost * (int64_t)qty;
    part.place = ledger_place_lost;
    part.duty = oldpart_duty_wanted;
    if (o->r.duty == oldpart_duty_must)
        e = parts_old_owes(st, parts_oldpart_holder(&o->r), -(int64_t)qty, -less, 0);
    o->r.qty -= qty;
    o->r.value -= less;
    parts_oldpart_put(st, o);
    if (e == ERR_OK) e = parts_oldpart_expect(st, &part);
    ev.old_no = part.old_no;
    return e == ERR_OK ? paper_act(st, &parts_oldpart_paper, EV_oldpart_lost, &ev) : e;
}

enum err parts_oldpart_lose(struct step *st, const struct parts_move *of, struct str document)
{
    struct key line = parts_line_key(of->doc, of->doc_no, of->line), at = {.n = 0};
    struct oldpart o;
    uint64_t left = (uint64_t)of->qty;
    enum err e = ERR_END;
    while (left && (e = next_of(st, &line, &at, &o)) == ERR_OK) {
        if (!is_out(&o.r) || o.r.place != ledger_place_owed) continue;
        uint64_t n = left < o.r.qty ? left : o.r.qty;
        e = lose(st, &o, n, document);
        if (e != ERR_OK) return e;
        left -= n;
    }
    if (!left) return ERR_OK;
    if (e != ERR_END) return e;
    return step_refuse(st, "not_lost", "lost",
                       "%llu of them are old parts that are back and lack only the signatures "
                       "(oldpart.labelled); they are not lost",
                       (unsigned long long)left);
}
