/* parts_oldpart_store.c - old parts that the store writes off with a requisition 備用件領料單:
 * those that came with the parts used now, then those that were owed of the line before. The ledger
 * has moved them already. Rules PRT-024, PRT-026, PRT-040. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

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

static bool is_owed(const struct rec_row_oldpart *r)
{
    bool out = r->state == oldpart_state_expected || r->state == oldpart_state_overdue ||
               r->state == oldpart_state_expected_if_possible;
    return out && r->place == ledger_place_owed;
}

static enum err take_before(struct step *st, const struct ev_oldpart_expected *use, uint64_t qty,
                            struct str keeper)
{
    struct key prefix = parts_line_key(use->doc, use->doc_no, (uint32_t)use->line), at = {.n = 0};
    struct rec_row_oldpart_of of;
    enum err e = ERR_END;
    while (qty && (e = step_next(st, PARTS_TABLE(OLDPART_OF), &prefix, &at, &of)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct oldpart o;
        struct str no;
        e = key_take_str(&r, &no);
        if (e == ERR_OK) no = arena_printf(st->arena, "%.*s", STR_ARG(no));
        if (e == ERR_OK) e = parts_oldpart_find(st, no, "line", &o);
        if (e != ERR_OK) return e;
        if (!is_owed(&o.r)) continue;
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
