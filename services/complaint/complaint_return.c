/* complaint_return.c - what the customer gets back on paper: the return slip 成品退貨單 and the
 * allowance slip 銷貨折讓證明單, from business over the warehouse to accounting.
 *
 * The voucher follows the quantity really received; more than approved and the over-quantity
 * allowance 超量允收比率 is held until somebody rules. Rules CMP-085 … CMP-091, CMP-140. */
#include "services/complaint/complaint_private.h"

#define QTY_MAX 1000000000

/* ---- the account of slips; the case is settled when all are booked ---- */

static enum err slip_opened(struct step *st, struct str case_no)
{
    struct rec_row_complaint_account a;
    enum err e = complaint_account_get(st, case_no, &a);
    if (e != ERR_OK) return e;
    a.slips++;
    a.slips_open++;
    complaint_account_put(st, case_no, &a);
    return ERR_OK;
}

static enum err slip_booked(struct step *st, struct str case_no)
{
    struct rec_row_complaint_account a;
    struct complaint c;
    enum err e = complaint_account_get(st, case_no, &a);
    if (e == ERR_OK) e = complaint_get(st, case_no, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (a.slips_open) a.slips_open--;
    if (a.slips_open == 0) a.settled_at = step_occurred(st);
    complaint_account_put(st, case_no, &a);
    if (a.slips_open || c.r.state != complaint_state_closed) return ERR_OK;
    c.r.state = complaint_state_settled;
    complaint_put(st, &c);
    return ERR_OK;
}

/* Business issues a slip when it has its copy of the closed form. */
static enum err check_closed(struct step *st, const struct complaint *c)
{
    bool after = c->r.state == complaint_state_closed || c->r.state == complaint_state_settled ||
                 c->r.state == complaint_state_reviewed;
    if (after && c->r.outcome == complaint_outcome_accepted) return ERR_OK;
    return step_refuse(st, "state", "case_no",
                       "case %.*s is not closed with a decision in favour of the customer; a slip "
                       "follows from copy 3 of the closed form",
                       STR_ARG(c->no));
}

static struct str business(struct step *st, const struct complaint *c)
{
    struct str unit = complaint_department(st, "business");
    return unit.n ? unit : c->r.unit;
}

static enum err check_proof(struct step *st, struct words allowed, enum proof_kind kind)
{
    if (words_have(allowed, str_of(code_word(&codes_proof_kind, kind)))) return ERR_OK;
    return step_refuse(st, "proof", "proof_kind",
                       "%s %s is no proof of this; the policy lists them",
                       code_word(&codes_proof_kind, kind), code_label(&codes_proof_kind, kind));
}

/* ---- goods come back at once (CMP-140) ---- */

static const struct deadline_row return_start = {
    .name = "complaint.return_start", .rule = "CMP-140", .from = FROM_START, .due = DUE_SETTING};

enum err complaint_return_on_closed(struct step *st, const struct complaint *c)
{
    if (c->r.outcome != complaint_outcome_accepted || c->r.method != handling_method_return)
        return ERR_OK;
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, business(st, c), c->r.closed_at);
    return deadline_arm(st, &return_start, &ctx, (struct str){0});
}

/* ---- return slip (CMP-086, CMP-087) ---- */

static bool comes_back(enum handling_method m)
{
    return m == handling_method_return || m == handling_method_rework ||
           m == handling_method_exchange;
}

static enum err check_slip(struct step *st, const struct complaint *c,
                           const struct rec_row_return *r)
{
    if (!comes_back(c->r.method)) {
        return step_refuse(st, "method", "case_no",
                           "case %.*s is decided as %s; nothing comes back", STR_ARG(c->no),
                           code_word(&codes_handling_method, c->r.method));
    }
    if (!r->approved_qty) {
        return step_refuse(st, "missing", "approved_qty",
                           "the decision names no quantity; say how many come back");
    }
    if (r->approved_qty > QTY_MAX) {
        return step_refuse(st, "range", "approved_qty", "at most %d come back on a slip", QTY_MAX);
    }
    if (!c->r.approved_qty || r->approved_qty == c->r.approved_qty) return ERR_OK;
    return step_refuse(st, "quantity", "approved_qty", "%llu are decided to come back, not %llu",
                       (unsigned long long)c->r.approved_qty, (unsigned long long)r->approved_qty);
}

static enum err on_slip(struct step *st, const void *payload, void *row)
{
    const struct ev_return_slip_issued *ev = payload;
    struct rec_row_return *r = ((struct paper_at *)row)->row;
    struct complaint c;
    enum err e = complaint_money_open(st, ev->by_unit, ev->case_no, &c);
    if (e != ERR_OK) return e;
    if (!r->approved_qty) r->approved_qty = c.r.approved_qty;
    e = check_closed(st, &c);
    if (e == ERR_OK) e = check_slip(st, &c, r);
    if (e != ERR_OK) return e;
    r->unit = business(st, &c);
    struct deadline_ctx ctx = complaint_clock_ctx(st, &c, r->unit, 0);
    e = deadline_stop(st, &return_start, &ctx);
    return e == ERR_OK ? slip_opened(st, c.no) : e;
}

#define MAY(name, event)                                                                           \
    static enum err name(struct step *st, const void *payload, void *row)                          \
    {                                                                                              \
        (void)row;                                                                                 \
        return complaint_may(st, ((const struct event *)payload)->by_unit);                        \
    }
MAY(on_return_approved, ev_return_approved)
MAY(on_sent, ev_return_sent_to_warehouse)
MAY(on_instructed, ev_return_instructed)
MAY(on_ruled, ev_return_ruled)
MAY(on_returned, ev_return_returned_to_business)
MAY(on_allowance_approved, ev_allowance_approved)
MAY(on_sealed, ev_allowance_customer_sealed)

/* The customer's own ratio, when he stated one (CMP-089). */
static int64_t over_ratio(const struct step *st, const struct complaint *c)
{
    return c->r.over_ratio_bp ? c->r.over_ratio_bp : st->policy->complaint.over_ratio_bp;
}

/* 10000 Qr > Qa (10000 + t): exact, both quantities are below 10^9. */
static bool is_over(uint64_t actual, uint64_t approved, int64_t ratio_bp)
{
    return 10000 * actual > approved * (10000 + (uint64_t)ratio_bp);
}

static enum err on_received(struct step *st, const void *payload, void *row)
{
    const struct ev_return_received *ev = payload;
    struct rec_row_return *r = ((struct paper_at *)row)->row;
    struct complaint c;
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK) e = complaint_get(st, r->case_no, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    st->rule = "CMP-087";
    if (ev->actual_qty != r->approved_qty && !r->instructed_at) {
        return step_refuse(
            st, "missing", "actual_qty",
            "%llu came and %llu are on the slip; the warehouse asks for instructions "
            "first (return.instructed)",
            (unsigned long long)ev->actual_qty, (unsigned long long)r->approved_qty);
    }
    r->actual_qty = ev->actual_qty;
    r->voucher_qty = ev->actual_qty;
    int64_t ratio_bp = over_ratio(st, &c);
    if (!is_over(r->actual_qty, r->approved_qty, ratio_bp)) return ERR_OK;
    r->state = return_state_held;
    r->voucher_qty = 0;
    struct ev_return_held held = {ev->slip_no, r->case_no, r->approved_qty, r->actual_qty,
                                  ratio_bp};
    step_emit_as(st, "CMP-089", EV_return_held, &held);
    return ERR_OK;
}

/* ---- proof and voucher (CMP-088 … CMP-090) ---- */

static enum err on_return_proof(struct step *st, const void *payload, void *row)
{
    const struct ev_return_proof_obtained *ev = payload;
    (void)row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    st->rule = "CMP-090";
    return check_proof(st, st->policy->complaint.return_proofs, ev->proof_kind);
}

static enum err on_unproven(struct step *st, const void *payload, void *row)
{
    (void)payload, (void)row;
    return step_refuse(st, "missing", "slip_no",
                       "no proof of the return from the buyer yet (return.proof_obtained)");
}

static enum err on_held(struct step *st, const void *payload, void *row)
{
    const struct rec_row_return *r = ((struct paper_at *)row)->row;
    (void)payload;
    return step_refuse(st, "held", "slip_no",
                       "%llu came and %llu were approved, more than the ratio allows; no voucher "
                       "until it is ruled (return.ruled)",
                       (unsigned long long)r->actual_qty, (unsigned long long)r->approved_qty);
}

static enum err on_vouchered(struct step *st, const void *payload, void *row)
{
    struct ev_return_vouchered ev = *(const struct ev_return_vouchered *)payload;
    struct rec_row_return *r = ((struct paper_at *)row)->row;
    enum err e = complaint_may(st, ev.by_unit);
    if (e != ERR_OK) return e;
    st->rule = "CMP-089";
    if (ev.qty && ev.qty != r->voucher_qty) {
        return step_refuse(st, "quantity", "qty", "%llu are to be booked, not %llu",
                           (unsigned long long)r->voucher_qty, (unsigned long long)ev.qty);
    }
    if (!ev.qty) {
        ev.qty = r->voucher_qty;
        step_complete(st, &ev);
    }
    e = complaint_liability_settles(st, r->case_no);
    return e == ERR_OK ? slip_booked(st, r->case_no) : e;
}

#define PROOF_CLOCK(start_, stop_, rule_)                                                          \
    {                                                                                              \
        .name = "complaint.proof", .rule = rule_, .from = FROM_START, .due = DUE_SETTING,          \
        .start = {start_}, .stop = {                                                               \
            stop_                                                                                  \
        }                                                                                          \
    }
static const struct deadline_row return_clocks[] = {
    PROOF_CLOCK(EV_return_returned_to_business, EV_return_proof_obtained, "CMP-090")};

#define RECEIVED IN(return_state_received)
#define RULED IN(return_state_ruled)

static const struct transition return_rows[] = {
    {EV_return_slip_issued, PAPER_NEW, return_state_issued, on_slip, "CMP-086"},
    {EV_return_approved, IN(return_state_issued), return_state_approved, on_return_approved,
     "CMP-086"},
    {EV_return_sent_to_warehouse, IN(return_state_approved), return_state_at_warehouse, on_sent,
     "CMP-086"},
    {EV_return_instructed, IN(return_state_at_warehouse), 0, on_instructed, "CMP-087"},
    {EV_return_received, IN(return_state_at_warehouse), return_state_received, on_received,
     "CMP-087"},
    {EV_return_ruled, IN(return_state_held), return_state_ruled, on_ruled, "CMP-089"},
    {EV_return_returned_to_business, RECEIVED | RULED, 0, on_returned, "CMP-090"},
    {EV_return_proof_obtained, RECEIVED | RULED, return_state_proof_obtained, on_return_proof,
     "CMP-090"},
    {EV_return_vouchered, IN(return_state_held), 0, on_held, "CMP-089"},
    {EV_return_vouchered, RECEIVED | RULED, 0, on_unproven, "CMP-090"},
    {EV_return_vouchered, IN(return_state_proof_obtained), return_state_vouchered, on_vouchered,
     "CMP-088"},
};
const struct paper complaint_return_paper = {.name = "return",
                                             .label = "return slip 成品退貨單",
                                             .table = COMPLAINT_TABLE(RETURN),
                                             .states = &codes_return_state,
                                             .keys = {"slip_no"},
                                             PAPER_ROWS(return_rows),
                                             PAPER_CLOCKS(return_clocks)};

/* ---- allowance slip (CMP-085, CMP-091) ---- */

static enum err on_issued(struct step *st, const void *payload, void *row)
{
    const struct ev_allowance_issued *ev = payload;
    struct rec_row_allowance *r = ((struct paper_at *)row)->row;
    struct complaint c;
    enum err e = complaint_money_open(st, ev->by_unit, ev->case_no, &c);
    if (e == ERR_OK) e = check_closed(st, &c);
    if (e != ERR_OK) return e;
    bool money =
        c.r.method == handling_method_allowance || c.r.method == handling_method_compensation;
    if (!money || ev->amount != c.r.amount) {
        return step_refuse(st, "amount", "amount", "decided is %s of %lld.%02lld yuan",
                           code_word(&codes_handling_method, c.r.method),
                           (long long)c.r.amount / 100, (long long)c.r.amount % 100);
    }
    r->unit = business(st, &c);
    return slip_opened(st, c.no);
}

static enum err on_allowance_proof(struct step *st, const void *payload, void *row)
{
    const struct ev_allowance_proof_obtained *ev = payload;
    (void)row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    st->rule = "CMP-091";
    return check_proof(st, st->policy->complaint.allowance_proofs, ev->proof_kind);
}

static enum err on_booked(struct step *st, const void *payload, void *row)
{
    const struct ev_allowance_booked *ev = payload;
    struct rec_row_allowance *r = ((struct paper_at *)row)->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    st->rule = "CMP-091";
    if (!r->proof_kind) {
        return step_refuse(st, "missing", "slip_no",
                           "no proof of the allowance from the buyer yet "
                           "(allowance.proof_obtained)");
    }
    e = complaint_liability_settles(st, r->case_no);
    return e == ERR_OK ? slip_booked(st, r->case_no) : e;
}

static const struct deadline_row allowance_clocks[] = {
    PROOF_CLOCK(EV_allowance_approved, EV_allowance_proof_obtained, "CMP-091")};

#define APPROVED IN(allowance_state_approved)
#define SEALED IN(allowance_state_customer_sealed)

static const struct transition allowance_rows[] = {
    {EV_allowance_issued, PAPER_NEW, allowance_state_issued, on_issued, "CMP-085"},
    {EV_allowance_approved, IN(allowance_state_issued), allowance_state_approved,
     on_allowance_approved, "CMP-085"},
    {EV_allowance_customer_sealed, APPROVED, allowance_state_customer_sealed, on_sealed, "CMP-085"},
    {EV_allowance_proof_obtained, APPROVED | SEALED, 0, on_allowance_proof, "CMP-091"},
    {EV_allowance_booked, SEALED, allowance_state_booked, on_booked, "CMP-085"},
};
const struct paper complaint_allowance_paper = {.name = "allowance",
                                                .label = "allowance slip 銷貨折讓證明單",
                                                .table = COMPLAINT_TABLE(ALLOWANCE),
                                                .states = &codes_allowance_state,
                                                .keys = {"slip_no"},
                                                PAPER_ROWS(allowance_rows),
                                                PAPER_CLOCKS(allowance_clocks)};
