/* dispatch_fee.c - fees 有費服務: assessed, collected, handed in, invoiced. The fee belongs to the
 * call: one voucher, one fee.
 *
 * What a service costs is said by fee.assessed; where nobody assessed it, the fee is what the
 * leader consented to and the customer paid. A low fee is collected on the spot and its invoice
 * mailed after the money is with the accountant; any other, and that of goods taken away, is
 * invoiced the same day and collected after the invoice. Money nobody had a right to is refused
 * and noted as conduct. Rules DSP-043 … DSP-047. */
#include "services/dispatch/dispatch_private.h"
#include <inttypes.h>

#define FEN 100

/* ---- what may be charged (DSP-046, DSP-047) ---- */

static enum err job_of(struct step *st, struct str call_no, struct job *j)
{
    enum err e = dispatch_job_load(st, call_no, JOB_FIRST, j);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_job", "call_no",
                       "call %.*s has no job here; it is made when intake queues the call",
                       STR_ARG(call_no));
}

/* Category C and D cost nothing, B what the contract charges. */
static enum err check_category(struct step *st, const struct job *j, struct str clause)
{
    bool free = j->r.category == category_c || j->r.category == category_d;
    st->rule = "DSP-047";
    if (free) {
        return step_refuse(st, "free_category", "amount",
                           "call %.*s is free of charge (category %s); its fee is 0",
                           STR_ARG(j->call_no), code_word(&codes_category, j->r.category));
    }
    if (j->r.category == category_b && !clause.n) {
        return step_refuse(st, "contract_clause_missing", "contract_clause",
                           "call %.*s is covered by a contract; a fee names in contract_clause "
                           "what of the contract charges it",
                           STR_ARG(j->call_no));
    }
    return ERR_OK;
}

static bool above_low(const struct step *st, int64_t amount)
{
    return amount > st->policy->keys.low_fee_max_fen;
}

/* DSP-045: the fee for goods taken away is invoiced, however low. */
static enum err mode_of(struct step *st, const struct job *j, int64_t amount, enum fee_mode *out)
{
    struct rec_row_job_goods g;
    enum err e = dispatch_goods_of(st, j->call_no, j->no, &g);
    if (e != ERR_OK) return e;
    bool invoice = g.taken || above_low(st, amount);
    *out = invoice ? fee_mode_invoice_same_day : fee_mode_collect_on_spot;
    return ERR_OK;
}

/* ---- the invoice of the same day (DSP-044, DSP-045) ---- */

enum { FEE_HANDIN, FEE_MAIL, FEE_INVOICE, FEE_CLOCKS };
static const struct deadline_row fee_clocks[FEE_CLOCKS]; /* below */

/* The instant from whose day on an invoice is owed; 0 = not (yet). */
static enum err owed_from(struct step *st, const struct job *j, const struct rec_row_fee *r,
                          int64_t *out)
{
    *out = 0;
    bool paid = j->r.category == category_a || j->r.category == category_none;
    if (!paid || !r->assessed || r->issued_at) return ERR_OK;
    enum fee_mode mode;
    struct rec_row_job_goods g;
    enum err e = mode_of(st, j, r->assessed, &mode);
    if (e == ERR_OK) e = dispatch_goods_of(st, j->call_no, j->no, &g);
    if (e != ERR_OK || mode != fee_mode_invoice_same_day) return e;
    *out = g.taken == 0 ? j->r.signed_at : g.returned == g.taken ? g.returned_at : 0;
    return ERR_OK;
}

/* A corrected fee or category may take away what was owed: then nothing is left to issue. */
static enum err settle_invoice(struct step *st, const struct job *j, const struct rec_row_fee *r)
{
    struct deadline_ctx c = {.case_no = arena_printf(st->arena, "fee/%.*s", STR_ARG(j->call_no)),
                             .unit = j->r.unit,
                             .person = j->r.lead,
                             .occurred_ms = st->in->occurred};
    enum err e = owed_from(st, j, r, &c.start_ms);
    if (e != ERR_OK) return e;
    const struct deadline_row *clock = &fee_clocks[FEE_INVOICE];
    if (!c.start_ms) return deadline_cancel(st, clock, &c, STR("no invoice is owed"));
    return deadline_arm(st, clock, &c, (struct str){0});
}

enum err dispatch_fee_invoice(struct step *st, const struct job *j)
{
    struct rec_row_fee r;
    struct key k = key_of(j->call_no);
    enum err e = step_get(st, &dispatch_tables[DISPATCH_FEE], &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    return settle_invoice(st, j, &r);
}

/* ---- assessed ---- */

static enum err set_mode(struct step *st, const struct job *j, struct rec_row_fee *r)
{
    enum fee_mode mode;
    enum err e = mode_of(st, j, r->assessed, &mode);
    if (e != ERR_OK || mode == r->mode) return e;
    r->mode = mode;
    struct ev_fee_mode_set ev = {.call_no = j->call_no, .amount = r->assessed, .mode = mode};
    step_emit_as(st, mode == fee_mode_collect_on_spot ? "DSP-043" : "DSP-044", EV_fee_mode_set,
                 &ev);
    return ERR_OK;
}

static enum err on_assessed(struct step *st, const void *payload, void *row)
{
    const struct ev_fee_assessed *ev = payload;
    struct rec_row_fee *r = ((struct paper_at *)row)->row;
    const char *rule = st->rule;
    struct job j;
    enum err e = job_of(st, ev->call_no, &j);
    if (e == ERR_OK && ev->amount) e = check_category(st, &j, r->contract_clause);
    if (e != ERR_OK) return e;
    st->rule = rule;
    r->unit = j.r.unit;
    r->assessed = ev->amount;
    r->mode = fee_mode_none;
    if (ev->amount) e = set_mode(st, &j, r);
    return e == ERR_OK ? settle_invoice(st, &j, r) : e;
}

/* ---- collected (DSP-043, DSP-046) ---- */

/* The attempt is kept whatever is wrong with it: charging without right is for scoring. */
static enum err note_private(struct step *st, const struct job *j,
                             const struct ev_fee_collected *ev, enum err e)
{
    if (e != ERR_REFUSED) return e;
    struct ev_conduct_recorded seen = {.kind = STR("private_charging"),
                                       .person = ev->technician.n ? ev->technician : j->r.lead,
                                       .call_no = j->call_no,
                                       .job = j->no,
                                       .text = str_of(st->fault.code)};
    const char *rule = st->rule;
    st->rule = "DSP-046";
    step_also(st, EV_conduct_recorded, &seen);
    st->rule = rule;
    return e;
}

static enum err check_right(struct step *st, const struct job *j, const struct ev_fee_collected *ev,
                            const struct rec_row_fee *r, bool assessed)
{
    enum err e = check_category(st, j, r->contract_clause);
    if (e != ERR_OK) return e;
    st->rule = "DSP-046";
    if (!ev->approved_by.n) {
        return step_refuse(
            st, "not_approved", "approved_by",
            "paid service needs the consent of a leader 經領導同意; name who gave it "
            "in approved_by");
    }
    if (!assessed || ev->amount == r->assessed) return ERR_OK;
    return step_refuse(st, "amount", "amount",
                       "the fee of call %.*s is %" PRId64 ".%02" PRId64
                       "; nothing else is collected",
                       STR_ARG(j->call_no), r->assessed / FEN, r->assessed % FEN);
}

static enum err on_collected(struct step *st, const void *payload, void *row)
{
    const struct ev_fee_collected *ev = payload;
    struct paper_at *a = row;
    struct rec_row_fee *r = a->row;
    const char *rule = st->rule;
    struct job j;
    enum err e = job_of(st, ev->call_no, &j);
    if (e != ERR_OK) return e;
    e = note_private(st, &j, ev, check_right(st, &j, ev, r, a->before != 0));
    if (e != ERR_OK) return e;
    r->unit = j.r.unit;
    if (!a->before) r->assessed = ev->amount;
    e = set_mode(st, &j, r);
    st->rule = "DSP-044";
    if (e == ERR_OK && r->mode == fee_mode_invoice_same_day && !r->issued_at) {
        return step_refuse(st, "invoice_first", "amount",
                           "this fee is not collected on the spot: the accountant issues the "
                           "invoice first (fee.assessed, invoice.issued)");
    }
    st->rule = rule;
    r->collected = ev->amount;
    return e;
}

/* Part of the money stops nothing; what differs is shown each time (DSP-046). */
static enum err on_handed_in(struct step *st, const void *payload, void *row)
{
    const struct ev_fee_handed_in *ev = payload;
    struct rec_row_fee *r = ((struct paper_at *)row)->row;
    r->handed_in += ev->amount;
    if (r->handed_in >= r->collected) r->state = fee_state_handed_in;
    if (r->handed_in == r->collected) return ERR_OK;
    struct ev_fee_mismatch out = {.call_no = ev->call_no,
                                  .technician = r->technician,
                                  .collected = r->collected,
                                  .handed_in = r->handed_in};
    step_emit_as(st, "DSP-046", EV_fee_mismatch, &out);
    return ERR_OK;
}

/* ---- invoice ---- */

static enum err on_issued(struct step *st, const void *payload, void *row)
{
    const struct ev_invoice_issued *ev = payload;
    const struct rec_row_fee *r = ((struct paper_at *)row)->row;
    if (r->assessed && (!ev->amount || ev->amount == r->assessed)) return ERR_OK;
    return step_refuse(st, "amount", "amount",
                       "the fee of call %.*s is %" PRId64 ".%02" PRId64
                       "; the invoice is over that amount",
                       STR_ARG(ev->call_no), r->assessed / FEN, r->assessed % FEN);
}

static enum err on_mailed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    const struct paper_at *a = row;
    const struct rec_row_fee *r = a->row;
    bool handed_in = a->before == fee_state_handed_in;
    if (r->issued_at || handed_in) return ERR_OK;
    return step_refuse(st, "not_handed_in", "call_no",
                       "there is no invoice yet: the money is handed in first (fee.handed_in), or "
                       "the invoice issued (invoice.issued)");
}

/* ---- the paper ---- */

#define ASSESSED IN(fee_state_assessed)
#define COLLECTED IN(fee_state_collected)
#define HANDED_IN IN(fee_state_handed_in)
#define ANY (ASSESSED | COLLECTED | HANDED_IN)

static const struct transition rows[] = {
    {EV_fee_assessed, PAPER_NEW | ASSESSED, fee_state_assessed, on_assessed, "DSP-043"},
    {EV_fee_collected, PAPER_NEW | ASSESSED, fee_state_collected, on_collected, "DSP-043"},
    {EV_fee_handed_in, COLLECTED, 0, on_handed_in, "DSP-043"},
    {EV_invoice_issued, ANY, 0, on_issued, "DSP-044"},
    {EV_invoice_mailed, ANY, 0, on_mailed, "DSP-043"},
};

static bool all_handed_in(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_fee *)c->row)->state == fee_state_handed_in;
}

static bool mail_owed(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    const struct rec_row_fee *r = c->row;
    return all_handed_in(st, c, payload) && r->mode == fee_mode_collect_on_spot && !r->mailed_at;
}

static const struct deadline_row fee_clocks[FEE_CLOCKS] = {
    [FEE_HANDIN] = {.name = "cash.handin",
                    .rule = "DSP-043",
                    .from = FROM_OCCURRED,
                    .due = DUE_SETTING,
                    .start = {EV_fee_collected},
                    .stop = {EV_fee_handed_in},
                    .stops = all_handed_in},
    [FEE_MAIL] = {.name = "invoice.mail",
                  .rule = "DSP-043",
                  .from = FROM_OCCURRED,
                  .due = DUE_SETTING,
                  .start = {EV_fee_handed_in},
                  .stop = {EV_invoice_mailed},
                  .starts = mail_owed},
    /* Armed by settle_invoice: its day is that of the signature or of the return. */
    [FEE_INVOICE] = {.name = "invoice.same_day",
                     .rule = "DSP-044",
                     .from = FROM_START,
                     .due = DUE_SETTING,
                     .stop = {EV_invoice_issued}},
};

const struct paper dispatch_fee = {.name = "fee",
                                   .label = "fee",
                                   .table = &dispatch_tables[DISPATCH_FEE],
                                   .states = &codes_fee_state,
                                   .keys = {"call_no"},
                                   PAPER_ROWS(rows),
                                   PAPER_CLOCKS(fee_clocks)};
