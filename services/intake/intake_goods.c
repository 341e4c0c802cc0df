/* intake_goods.c - goods taken away for repair 攜回修護, as far as call and voucher need them.
 *
 * The voucher is signed twice, for the take-away and for the return (voucher.signed, a fact of
 * intake), and filed only after the second signature and the end of every receipt. The goods
 * themselves are dispatch's: its facts are looked at and never refused (CV-13), and each of a
 * receipt counts once. Invariant: a call is goods_away while an item is not returned, a receipt not
 * ended or the return not signed for. Rule INT-026. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

#define WITH_DISPATCH (IN(call_state_queued) | IN(call_state_dispatched))
#define AWAY IN(call_state_goods_away)

static enum err goods_get(struct step *st, struct str call_no, struct rec_row_call_goods *out)
{
    struct key k = key_of(call_no);
    enum err e = step_get(st, INTAKE_TABLE(CALL_GOODS), &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_call_goods){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void goods_put(struct step *st, struct str call_no, const struct rec_row_call_goods *row)
{
    struct key k = key_of(call_no);
    step_put(st, INTAKE_TABLE(CALL_GOODS), &k, row);
}

/* With nothing left to do for the goods the call is done, and what follows from that follows, as if
 * signed on the spot. */
static enum err settle(struct step *st, struct call *c, struct rec_row_call_goods *g)
{
    bool over = g->returned == g->taken && g->ended == g->taken && g->signed_return;
    bool done = c->row.state == call_state_goods_away && over;
    if (done) {
        c->row.completed = c->row.is_signed = true;
        c->row.state = call_state_done;
        g->signed_return = false; /* if it is taken up again, that return has its own signature */
    }
    goods_put(st, c->no, g);
    intake_call_put(st, c);
    enum err e = done ? intake_request_follow(st, c) : ERR_OK;
    return e == ERR_OK && done ? intake_followup_after(st, c) : e;
}

/* ---- facts of dispatch ---- */

static enum err on_taken_away(struct step *st, const struct ev_goods_taken_away *ev)
{
    struct call c;
    struct rec_row_call_goods g;
    struct rec_row_call_receipt r;
    struct key k = key_of(ev->receipt_no);
    enum err e = step_get(st, INTAKE_TABLE(CALL_RECEIPT), &k, &r);
    if (e != ERR_NOT_FOUND) return e == ERR_OK ? ERR_STALE : e;
    e = intake_call_get(st, ev->call_no, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    if (!(IN(c.row.state) & (WITH_DISPATCH | AWAY))) return ERR_STALE;
    e = goods_get(st, c.no, &g);
    if (e != ERR_OK) return e;
    r = (struct rec_row_call_receipt){.call_no = c.no};
    step_put(st, INTAKE_TABLE(CALL_RECEIPT), &k, &r);
    g.taken++;
    goods_put(st, c.no, &g);
    c.row.state = call_state_goods_away;
    intake_call_put(st, &c);
    return ERR_OK;
}

/* Each once: what is told again under another number changes nothing. */
static bool take(bool *flag, uint64_t *count)
{
    if (*flag) return false;
    *flag = true;
    ++*count;
    return true;
}

static enum err on_receipt(struct step *st, struct str receipt_no)
{
    struct call c;
    struct rec_row_call_goods g;
    struct rec_row_call_receipt r;
    struct key k = key_of(receipt_no);
    enum err e = step_get(st, INTAKE_TABLE(CALL_RECEIPT), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    e = intake_call_get(st, r.call_no, &c);
    if (e == ERR_OK) e = goods_get(st, c.no, &g);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    bool back = st->type->kind == EV_goods_returned;
    bool counts = back ? take(&r.returned, &g.returned) : take(&r.ended, &g.ended);
    if (!counts) return ERR_STALE;
    step_put(st, INTAKE_TABLE(CALL_RECEIPT), &k, &r);
    return settle(st, &c, &g);
}

enum err intake_goods_fact(struct step *st, const void *payload)
{
    switch ((int)st->type->kind) {
    case EV_goods_taken_away:
        return on_taken_away(st, payload);
    case EV_goods_returned:
        return on_receipt(st, ((const struct ev_goods_returned *)payload)->receipt_no);
    case EV_receipt_voided:
        return on_receipt(st, ((const struct ev_receipt_voided *)payload)->receipt_no);
    case EV_receipt_lost:
        return on_receipt(st, ((const struct ev_receipt_lost *)payload)->receipt_no);
    }
    return ERR_STALE;
}

/* ---- the signatures ---- */

static enum err on_take_away(struct step *st, struct call *c)
{
    return intake_voucher_move(st, c, voucher_state_signed_take_away);
}

static enum err on_return(struct step *st, struct call *c)
{
    struct rec_row_call_goods g;
    enum err e = goods_get(st, c->no, &g);
    if (e == ERR_OK) e = intake_voucher_move(st, c, voucher_state_signed_return);
    if (e != ERR_OK) return e;
    g.signed_return = true;
    return settle(st, c, &g);
}

static enum err refuse_state(struct step *st, const struct call *c, bool back)
{
    if (c->row.first.n) {
        return step_refuse(st, "linked", "call_no",
                           "call %.*s goes on as call %.*s; tell it of that one", STR_ARG(c->no),
                           STR_ARG(c->row.first));
    }
    return step_refuse(st, "state", "purpose", "call %.*s is %s: the customer signs for %s",
                       STR_ARG(c->no), code_word(&codes_call_state, c->row.state),
                       back ? "the return of goods that were taken away (goods.taken_away)"
                            : "a take-away while the call is queued, dispatched or goods_away");
}

enum err intake_goods_signed(struct step *st, const void *payload)
{
    const struct ev_voucher_signed *ev = payload;
    struct call c;
    enum err e = intake_call_get(st, ev->call_no, &c);
    st->rule = "INT-026";
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "call_unknown", "call_no",
                           "no call %.*s is in the register; send call.registered first",
                           STR_ARG(ev->call_no));
    }
    if (e != ERR_OK) return e;
    bool back = ev->purpose == voucher_purpose_return;
    if (!(IN(c.row.state) & (back ? AWAY : WITH_DISPATCH | AWAY))) {
        return refuse_state(st, &c, back);
    }
    return back ? on_return(st, &c) : on_take_away(st, &c);
}
