/* intake_voucher.c - the service voucher 服務憑證: a card in the customer's file pocket.
 *
 * filed -> with_supervisor -> with_technician -> signed -> filed; goods taken away have it signed
 * twice, signed_take_away -> signed_return (INT-026, intake_goods.c). It is one card: while it is
 * out for one call no other can have it (INT-024): the other joins that call or waits, as the
 * policy says; it waits in any case where the work of that call is done, since nobody goes there
 * any more. One card for each customer and product; a call that names not both has a card of its
 * own. Invariant: a card that is not filed names the open call it is out for. Rules INT-023 …
 * INT-026. */
#include "services/intake/intake_private.h"

#define JOINED_MAX 32 /* calls that go with one, or are woken by one; more of them wait on */

static struct key voucher_key(const struct call *c)
{
    bool shared = c->row.customer.n && c->row.product.n;
    struct key k = key_of(shared ? c->row.customer : (struct str){0});
    key_str(&k, shared ? c->row.product : c->no);
    return k;
}

/* The oldest register goes first. */
static struct key wait_key(const struct call *c)
{
    struct key k = voucher_key(c);
    key_day(&k, c->row.register_day);
    key_str(&k, c->no);
    return k;
}

static void wait_for(struct step *st, struct call *c, struct str other)
{
    if (c->row.waiting) return;
    struct key k = wait_key(c);
    step_put(st, INTAKE_TABLE(VOUCHER_WAIT), &k, &(struct rec_row_mark){.set = true});
    c->row.waiting = true;
    st->rule = "INT-024";
    step_emit(st, EV_call_waiting_voucher,
              &(struct ev_call_waiting_voucher){.call_no = c->no, .other = other});
}

void intake_voucher_unwait(struct step *st, struct call *c)
{
    if (!c->row.waiting) return;
    struct key k = wait_key(c);
    step_del(st, INTAKE_TABLE(VOUCHER_WAIT), &k);
    c->row.waiting = false;
}

static enum err find_or_create(struct step *st, const struct call *c, struct rec_row_voucher *v)
{
    struct key k = voucher_key(c);
    enum err e = step_get(st, INTAKE_TABLE(VOUCHER), &k, v);
    if (e != ERR_NOT_FOUND) return e;
    *v = (struct rec_row_voucher){.voucher = arena_printf(st->arena, "V-%.*s", STR_ARG(c->no)),
                                  .state = voucher_state_filed};
    st->rule = "INT-023";
    step_emit(st, EV_voucher_created,
              &(struct ev_voucher_created){.voucher = v->voucher, .call_no = c->no});
    return ERR_OK;
}

static enum err may_join(struct step *st, struct str holder, bool *out)
{
    *out = false;
    struct call first;
    if (st->policy->keys.second_call_mode != SECOND_CALL_join) return ERR_OK;
    if (intake_call_get(st, holder, &first) != ERR_OK) return ERR_CORRUPT;
    if (first.row.state == call_state_done || first.row.completed) return ERR_OK;
    struct key prefix = key_of(holder), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < JOINED_MAX; i++)
        e = step_next(st, INTAKE_TABLE(JOINED), &prefix, &at, &mark);
    *out = e == ERR_END;
    return e == ERR_END ? ERR_OK : e;
}

/* The card is out for another call. */
static enum err join_or_wait(struct step *st, struct call *c, const struct rec_row_voucher *v)
{
    bool joins;
    enum err e = may_join(st, v->call_no, &joins);
    if (e != ERR_OK) return e;
    if (joins) {
        c->row.voucher = v->voucher;
        return intake_entry_link(st, c, v->call_no, EV_call_joined);
    }
    wait_for(st, c, v->call_no);
    return ERR_OK;
}

enum err intake_voucher_pull(struct step *st, struct call *c, bool *got)
{
    struct rec_row_voucher v;
    enum err e = find_or_create(st, c, &v);
    if (e != ERR_OK) return e;
    *got = v.state == voucher_state_filed || str_eq(v.call_no, c->no);
    if (!*got) return join_or_wait(st, c, &v);
    intake_voucher_unwait(st, c);
    st->rule = "INT-023";
    step_emit(st, EV_voucher_pulled,
              &(struct ev_voucher_pulled){.voucher = v.voucher, .call_no = c->no});
    v.state = voucher_state_with_supervisor; /* the clerk hands it over at once */
    v.call_no = c->no;
    c->row.voucher = v.voucher;
    struct key k = voucher_key(c);
    step_put(st, INTAKE_TABLE(VOUCHER), &k, &v);
    return ERR_OK;
}

enum err intake_voucher_seen(struct step *st, const struct call *c, struct rec_row_voucher *out)
{
    struct key k = voucher_key(c);
    enum err e = step_get(st, INTAKE_TABLE(VOUCHER), &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_voucher){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Only the call the card is out for moves it. */
enum err intake_voucher_move(struct step *st, const struct call *c, enum voucher_state to)
{
    struct rec_row_voucher v;
    enum err e = intake_voucher_seen(st, c, &v);
    if (e != ERR_OK || v.state == voucher_state_none || v.state == voucher_state_filed) return e;
    if (!str_eq(v.call_no, c->no)) return ERR_OK;
    v.state = to;
    struct key k = voucher_key(c);
    step_put(st, INTAKE_TABLE(VOUCHER), &k, &v);
    return ERR_OK;
}

static enum err wake(struct step *st, const struct key *entry, struct str no, bool *waits)
{
    struct call c;
    if (intake_call_get(st, no, &c) != ERR_OK) return ERR_CORRUPT;
    enum err e = ERR_OK;
    if (c.row.waiting) {
        e = intake_entry_go_on(st, &c);
        intake_call_put(st, &c);
    } else {
        step_del(st, INTAKE_TABLE(VOUCHER_WAIT), entry);
    }
    *waits = c.row.waiting;
    return e;
}

/* Those that wait for this card take it up again, the oldest first; each then does as any call,
 * until one has to wait on. */
static enum err wake_next(struct step *st, const struct call *c)
{
    struct key prefix = voucher_key(c), at = {.n = 0};
    struct rec_row_mark mark;
    bool waits = false;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && !waits && i < JOINED_MAX; i++) {
        e = step_next(st, INTAKE_TABLE(VOUCHER_WAIT), &prefix, &at, &mark);
        if (e != ERR_OK) break;
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        uint64_t day;
        struct str no;
        if (key_take_u64(&r, &day) || key_take_str(&r, &no)) return ERR_CORRUPT;
        e = wake(st, &at, arena_str(st->arena, no), &waits);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err intake_voucher_file(struct step *st, struct call *c)
{
    struct rec_row_voucher v;
    enum err e = intake_voucher_seen(st, c, &v);
    if (e != ERR_OK || v.state == voucher_state_none || v.state == voucher_state_filed) return e;
    if (!str_eq(v.call_no, c->no)) return ERR_OK;
    const char *rule = st->rule;
    st->rule = "INT-025";
    step_emit(st, EV_voucher_filed,
              &(struct ev_voucher_filed){.voucher = v.voucher, .call_no = c->no});
    v.state = voucher_state_filed;
    struct key k = voucher_key(c);
    step_put(st, INTAKE_TABLE(VOUCHER), &k, &v);
    e = wake_next(st, c);
    st->rule = rule;
    return e;
}
