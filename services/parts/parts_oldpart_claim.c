/* parts_oldpart_claim.c - old parts on a claims list 三包索賠件返廠清單. A line names its old part
 * by number or by the repair; packing brings back what was still out. When the list is settled the
 * maker's credit closes them in the order of the lines: credited pieces leave the ledger and are
 * offset, the others are with their unit again, pieces of one number as two. Rules PRT-028,
 * PRT-031, PRT-035, PRT-047. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

/* ---- packed ---- */

static bool is_out(const struct rec_row_oldpart *r)
{
    return r->state == oldpart_state_expected || r->state == oldpart_state_overdue ||
           r->state == oldpart_state_expected_if_possible;
}

static bool is_here(const struct rec_row_oldpart *r)
{
    return r->state == oldpart_state_returned || r->state == oldpart_state_labelled ||
           r->state == oldpart_state_inspected || r->state == oldpart_state_analysed;
}

/* The old part of the line's repair, when just this many of the part are to be had. */
static enum err of_repair(struct step *st, const struct rec_claim_line *l, struct str *out)
{
    struct key prefix = key_of(l->repair_no), at = {.n = 0};
    struct rec_row_oldpart_of of;
    enum err e = ERR_END;
    while (l->repair_no.n &&
           (e = step_next(st, PARTS_TABLE(OLDPART_CALL), &prefix, &at, &of)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct oldpart o;
        struct str no;
        e = key_take_str(&r, &no);
        if (e == ERR_OK) no = arena_str(st->arena, no);
        if (e == ERR_OK) e = parts_oldpart_find(st, no, "lines", &o);
        if (e != ERR_OK) return e;
        bool fits = str_eq(o.r.part_no, l->part_no) && o.r.qty == l->qty;
        if (!fits || (!is_out(&o.r) && !is_here(&o.r))) continue;
        *out = no;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err check_line(struct step *st, const struct rec_claim_line *l, const struct oldpart *o)
{
    if (!str_eq(o->r.part_no, l->part_no)) {
        return step_refuse(st, "other_part", "lines", "old part %.*s is %.*s, not %.*s",
                           STR_ARG(o->no), STR_ARG(o->r.part_no), STR_ARG(l->part_no));
    }
    if (o->r.qty != l->qty) {
        return step_refuse(st, "quantity", "lines",
                           "old part %.*s stands for %llu pieces and the line for %llu; bring back "
                           "fewer of it first (oldpart.returned with qty)",
                           STR_ARG(o->no), (unsigned long long)o->r.qty,
                           (unsigned long long)l->qty);
    }
    if (is_out(&o->r) || is_here(&o->r)) return ERR_OK;
    return step_refuse(st, "state", "lines",
                       "old part %.*s is %s %s; it goes on one list, as long as nothing else is "
                       "done with it",
                       STR_ARG(o->no), code_word(&codes_oldpart_state, o->r.state),
                       code_label(&codes_oldpart_state, o->r.state));
}

/* In the box it is back. */
static enum err bring(struct step *st, struct oldpart *o)
{
    enum err e = is_out(&o->r) ? parts_oldpart_hand_in(st, o->no) : ERR_OK;
    if (e == ERR_OK) e = parts_oldpart_find(st, o->no, "lines", o);
    if (e != ERR_OK || !o->r.doc || o->r.place == ledger_place_old) return e;
    return step_refuse(st, "not_written_off", "lines",
                       "old part %.*s is not written off 銷帳: the report of the use lacks the "
                       "user's signature or the leader's consent",
                       STR_ARG(o->no));
}

/* The maker judges it now; and it is dealt with, as far as the month goes. */
static enum err put_on(struct step *st, const struct rec_claim_line *l, struct str list_no)
{
    struct oldpart o;
    enum err e = parts_oldpart_find(st, l->old_no, "lines", &o);
    if (e == ERR_OK) e = check_line(st, l, &o);
    if (e == ERR_OK) e = bring(st, &o);
    if (e == ERR_OK) e = parts_old_count(st, o.r.unit, o.r.month, -1);
    if (e != ERR_OK) return e;
    o.r.month = 0;
    o.r.state = oldpart_state_on_claimlist;
    o.r.list_no = list_no;
    parts_oldpart_put(st, &o);
    struct str case_no = arena_printf(st->arena, "oldpart/%.*s", STR_ARG(o.no));
    return deadline_drop(st, case_no, 0, STR("on_claimlist"));
}

enum err parts_oldpart_pack(struct step *st, const struct ev_claimlist_packed *said,
                            struct rec_row_claimlist *r)
{
    struct ev_claimlist_packed ev = *said;
    struct rec_claim_line *v = arena_take(st->arena, (ev.lines.n + 1) * sizeof *v);
    bool filled = false;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < ev.lines.n; i++) {
        v[i] = ev.lines.v[i];
        bool named = v[i].old_no.n > 0;
        if (!named) e = of_repair(st, &v[i], &v[i].old_no);
        if (e != ERR_OK || !v[i].old_no.n) continue;
        filled |= !named;
        e = put_on(st, &v[i], ev.list_no);
    }
    if (e != ERR_OK) return e;
    ev.lines.v = r->lines.v = v;
    if (filled) step_complete(st, &ev);
    return ERR_OK;
}

/* ---- settled ---- */

static enum oldpart_state state_found(const struct rec_row_oldpart *r)
{
    return r->analysed_at    ? oldpart_state_analysed
           : r->inspected_at ? oldpart_state_inspected
           : r->labelled_at  ? oldpart_state_labelled
                             : oldpart_state_returned;
}

/* As it was before it went on the list. */
static enum err reopen(struct step *st, struct rec_row_oldpart *r)
{
    const struct parts_policy *p;
    r->state = state_found(r);
    r->list_no = (struct str){0};
    enum err e = parts_policy_for(st, r->call_no, r->unit, &p);
    if (e != ERR_OK || !p->monthly_disposal) return e;
    r->month = parts_old_month(st, r->unit, step_occurred(st));
    return parts_old_count(st, r->unit, r->month, 1);
}

/* What was found in all of it holds for each piece: its analysis, and the claim it is in (PRT-047).
 * A loss stays with the number that is on the list of its month. */
static void keep_found(struct rec_row_oldpart *r, const struct rec_row_oldpart *whole)
{
    r->abnormal_no = whole->abnormal_no;
    r->tag = whole->tag;
    r->match = whole->match, r->differences = whole->differences;
    r->cause = whole->cause, r->liable = whole->liable, r->supplier = whole->supplier;
    r->case_no = whole->case_no, r->quality_no = whole->quality_no;
    r->secondary_no = whole->secondary_no;
    r->labelled_at = whole->labelled_at, r->inspected_at = whole->inspected_at;
    r->analysed_at = whole->analysed_at;
    r->state = state_found(r);
}

/* Brought back like any other, but not to be analysed again. */
static enum err bring_rest(struct step *st, struct str no, const struct rec_row_oldpart *whole)
{
    struct oldpart rest;
    enum err e = parts_oldpart_find(st, no, "old_no", &rest);
    if (e != ERR_OK) return e;
    rest.r.analysed_at = whole->analysed_at;
    parts_oldpart_put(st, &rest);
    e = parts_oldpart_hand_in(st, no);
    if (e == ERR_OK) e = parts_oldpart_find(st, no, "old_no", &rest);
    if (e != ERR_OK) return e;
    keep_found(&rest.r, whole);
    parts_oldpart_put(st, &rest);
    return ERR_OK;
}

/* What is not credited of it is here under another number; nobody owes it. */
static enum err split(struct step *st, struct oldpart *o, uint64_t credited)
{
    struct ev_oldpart_expected rest = parts_oldpart_rest(o, o->r.qty - credited);
    if (!rest.qty) return ERR_OK;
    rest.duty = oldpart_duty_wanted;
    o->r.qty = credited;
    o->r.value = (int64_t)credited * o->r.unit_cost;
    enum err e = parts_oldpart_expect(st, &rest);
    return e == ERR_OK ? bring_rest(st, rest.old_no, &o->r) : e;
}

/* What nobody had issued reduces no cost. */
enum err parts_oldpart_on_claimed(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_claimed *ev = payload;
    struct rec_row_oldpart *r = ((struct paper_at *)row)->row;
    struct oldpart o = {ev->old_no, *r};
    if (!ev->credited) return reopen(st, r);
    enum err e = split(st, &o, ev->credited);
    if (e == ERR_OK) e = parts_oldpart_leave(st, &o);
    if (e != ERR_OK) return e;
    o.r.disposal = oldpart_disposal_claim;
    o.r.state = oldpart_state_disposed;
    if (o.r.doc) {
        o.r.state = oldpart_state_offset;
        o.r.offset_at = step_occurred(st);
        e = parts_old_offset_add(st, &o, ev->list_no);
    }
    *r = o.r;
    return e;
}

static uint64_t take_credit(struct rec_claim_count_line *counts, uint32_t n,
                            const struct rec_claim_line *l)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!str_eq(counts[i].part_no, l->part_no)) continue;
        uint64_t qty = l->qty < counts[i].credit ? l->qty : counts[i].credit;
        counts[i].credit -= qty;
        return qty;
    }
    return 0;
}

enum err parts_oldpart_settle(struct step *st, struct str list_no,
                              const struct rec_row_claimlist *r)
{
    struct rec_claim_count_line *left = arena_take(st->arena, (r->counts.n + 1) * sizeof *left);
    for (uint32_t i = 0; i < r->counts.n; i++)
        left[i] = r->counts.v[i];
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++) {
        const struct rec_claim_line *l = &r->lines.v[i];
        struct ev_oldpart_claimed ev = {.old_no = l->old_no, .list_no = list_no};
        struct oldpart o;
        ev.credited = take_credit(left, r->counts.n, l);
        if (!l->old_no.n) continue;
        e = parts_oldpart_find(st, l->old_no, "lines", &o);
        if (e == ERR_OK) ev.value = (int64_t)ev.credited * o.r.unit_cost;
        if (e == ERR_OK) e = paper_act(st, &parts_oldpart_paper, EV_oldpart_claimed, &ev);
    }
    return e;
}
