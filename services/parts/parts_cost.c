/* parts_cost.c - what the room of costs hears; and its two small papers: costs applied for outside
 * the house 外部申請費用臺帳 (PRT-050), and money of paid service, compared with what dispatch has
 * as handed in (PRT-052). */
#include "common/contract.h"
#include "services/parts/parts_private.h"
#include <inttypes.h>

#define FEN 100

/* ---- external costs (PRT-050) ---- */

static enum err on_external_approved(struct step *st, const void *payload, void *row)
{
    struct ev_external_cost_approved ev = *(const struct ev_external_cost_approved *)payload;
    struct rec_row_external_cost *r = ((struct paper_at *)row)->row;
    if (ev.approved > r->amount) {
        return step_refuse(st, "amount", "approved",
                           "%" PRId64 ".%02" PRId64
                           " yuan were applied for; no more than that is approved",
                           r->amount / FEN, r->amount % FEN);
    }
    if (!ev.approved) {
        ev.approved = r->approved = r->amount;
        step_complete(st, &ev);
    }
    struct parts_cost cost = {budget_kind_external, r->unit, r->project, r->approved};
    return parts_cost_add(st, &cost);
}

static enum err on_external_paid(struct step *st, const void *payload, void *row)
{
    struct ev_external_cost_paid ev = *(const struct ev_external_cost_paid *)payload;
    const struct paper_at *a = row;
    const struct rec_row_external_cost *r = a->row;
    if (ev.paid && ev.paid != r->approved) {
        return step_refuse(st, "amount", "paid",
                           "%" PRId64 ".%02" PRId64
                           " yuan are approved for this cost; nothing else is paid",
                           r->approved / FEN, r->approved % FEN);
    }
    if (!ev.paid) {
        ev.paid = r->approved;
        step_complete(st, &ev);
    }
    return parts_voucher_take(st, ev.document, a->case_no, 0);
}

static const struct transition external_rows[] = {
    {EV_external_cost_applied, PAPER_NEW, external_cost_state_applied, NULL, "PRT-050"},
    {EV_external_cost_approved, IN(external_cost_state_applied), external_cost_state_approved,
     on_external_approved, "PRT-050"},
    {EV_external_cost_paid, IN(external_cost_state_approved), external_cost_state_paid,
     on_external_paid, "PRT-050"},
};
static const struct paper external_paper = {.name = "external_cost",
                                            .label = "external cost 外部申請費用",
                                            .table = PARTS_TABLE(EXTERNAL_COST),
                                            .states = &codes_external_cost_state,
                                            .keys = {"cost_no"},
                                            PAPER_ROWS(external_rows)};

/* ---- vouchers (PRT-071) ---- */

enum err parts_voucher_take(struct step *st, struct str voucher_no, struct str claim, uint32_t line)
{
    struct rec_row_parts_voucher r;
    struct key k = key_of(voucher_no);
    enum err e = step_get(st, PARTS_TABLE(VOUCHER), &k, &r);
    if (e == ERR_OK) {
        st->rule = "PRT-071";
        return step_refuse(st, "used_twice", "voucher_no",
                           "voucher %.*s was used in %.*s already; each is used once",
                           STR_ARG(voucher_no), STR_ARG(r.claim));
    }
    if (e != ERR_NOT_FOUND) return e;
    r = (struct rec_row_parts_voucher){.claim = claim, .line = line};
    step_put(st, PARTS_TABLE(VOUCHER), &k, &r);
    return ERR_OK;
}

void parts_voucher_release(struct step *st, struct str voucher_no)
{
    struct key k = key_of(voucher_no);
    step_del(st, PARTS_TABLE(VOUCHER), &k);
}

/* ---- money of paid service (PRT-052) ---- */

static enum err charge_load(struct step *st, struct str call_no, struct rec_row_charge *out)
{
    struct key k = key_of(call_no);
    enum err e = step_get(st, PARTS_TABLE(CHARGE), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_charge){0};
    return ERR_OK;
}

/* As soon as both sides have spoken, whoever was first. */
static void charge_save(struct step *st, struct str call_no, struct rec_row_charge *r)
{
    struct key k = key_of(call_no);
    if (r->collected && r->handed_in) {
        r->match = r->collected == r->handed_in ? yes_no_yes : yes_no_no;
        struct ev_charge_matched ev = {.call_no = call_no,
                                       .collected = r->collected,
                                       .handed_in = r->handed_in,
                                       .match = r->match};
        step_emit_as(st, "PRT-052", EV_charge_matched, &ev);
    }
    step_put(st, PARTS_TABLE(CHARGE), &k, r);
}

#define CHARGES_MAX INT64_C(1000000000000000) /* as the row has it */

static enum err on_collected(struct step *st, const struct ev_charge_collected *ev)
{
    struct rec_row_parts_call call;
    struct rec_row_charge r;
    enum err e = parts_call_get(st, ev->call_no, &call);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "call_no",
                           "call %.*s is not known here; money is collected for a call that was "
                           "registered",
                           STR_ARG(ev->call_no));
    }
    if (e == ERR_OK) e = charge_load(st, ev->call_no, &r);
    if (e != ERR_OK) return e;
    if (r.collected > CHARGES_MAX - ev->amount) {
        return step_refuse(st, "range", "amount", "call %.*s has more money than a call can have",
                           STR_ARG(ev->call_no));
    }
    r.collected += ev->amount;
    charge_save(st, ev->call_no, &r);
    return ERR_OK;
}

static enum err on_handed_in(struct step *st, const struct ev_fee_handed_in *ev)
{
    struct rec_row_charge r;
    enum err e = charge_load(st, ev->call_no, &r);
    if (e != ERR_OK) return e;
    if (r.handed_in <= CHARGES_MAX - ev->amount) r.handed_in += ev->amount;
    charge_save(st, ev->call_no, &r);
    return ERR_OK;
}

/* ---- hooks ---- */

static const struct paper *const papers[] = {&external_paper, &parts_expense_paper,
                                             &parts_advance_paper, NULL};

enum err parts_cost_fact(struct step *st, const void *payload)
{
    if (st->type->kind == EV_budget_set) return parts_budget_set(st, payload);
    if (st->type->kind == EV_charge_collected) return on_collected(st, payload);
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

/* PRT-064: parts were asked for, so the audit looks for an abnormality report. */
enum err parts_cost_heard(struct step *st, const void *payload)
{
    if (st->type->kind != EV_part_requested) return ERR_OK;
    const struct ev_part_requested *ev = payload;
    struct rec_row_parts_asked r = {.person = ev->person};
    struct key k = key_of(ev->call_no);
    if (ev->call_no.n) step_put(st, PARTS_TABLE(ASKED), &k, &r);
    return ERR_OK;
}

enum err parts_cost_upstream(struct step *st, const void *payload)
{
    if (st->from == OWNER_dispatch && st->type->kind == EV_fee_handed_in)
        return on_handed_in(st, payload);
    return parts_document_upstream(st, payload);
}

enum err parts_cost_passed(struct step *st, const struct passed *what)
{
    return parts_advance_passed(st, what);
}
