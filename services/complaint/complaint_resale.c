/* complaint_resale.c - the month given to resell goods that came back 轉售時間, and what they lost:
 * those sold against the A-grade price A級售價, the others what they really lost. Rules CMP-061 …
 * CMP-063. */
#include "services/complaint/complaint_private.h"
#include <string.h>

#define PREFIX "resale/"
#define PROCEEDS_MAX INT64_C(1000000000000)

static bool is_all_sold(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_resale *)c->row)->state == resale_state_sold;
}

static const struct deadline_row clocks[] = {{.name = "complaint.resale",
                                              .rule = "CMP-061",
                                              .from = FROM_START,
                                              .due = DUE_GIVEN,
                                              .start = {EV_sanction_judged},
                                              .stop = {EV_resale_sold},
                                              .stops = is_all_sold}};

static enum err get(struct step *st, struct str case_no, struct rec_row_resale *out)
{
    struct key k = key_of(case_no);
    return step_get(st, COMPLAINT_TABLE(RESALE), &k, out);
}

/* ---- the month ---- */

static void begin(struct step *st, const struct complaint *c, struct rec_row_resale *r)
{
    struct str unit = complaint_department(st, "business");
    r->state = resale_state_open;
    r->unit = unit.n ? unit : c->r.unit;
    r->whole = c->r.approved_qty ? c->r.approved_qty : c->r.qty;
    r->judged_at = step_occurred(st);
    int32_t day = zone_day(step_zone(st, r->unit), r->judged_at);
    day = day_add_months(day, (int)st->policy->complaint.resale_months);
    r->until = paper_day_end(st, r->unit, day);
    if (r->until > TIME_MAX_MS) r->until = TIME_MAX_MS;
}

enum err complaint_resale_open(struct step *st, const struct complaint *c)
{
    struct rec_row_resale r;
    enum err e = get(st, c->no, &r);
    if (e != ERR_NOT_FOUND) return e;
    r = (struct rec_row_resale){0};
    begin(st, c, &r);
    struct key k = key_of(c->no);
    step_put(st, COMPLAINT_TABLE(RESALE), &k, &r);
    struct deadline_ctx ctx = {.case_no = arena_printf(st->arena, PREFIX "%.*s", STR_ARG(c->no)),
                               .unit = r.unit,
                               .occurred_ms = r.judged_at,
                               .start_ms = r.judged_at,
                               .given_ms = r.until,
                               .row = &r};
    return deadline_arm(st, &clocks[0], &ctx, (struct str){0});
}

static enum err on_judged(struct step *st, const void *payload, void *row)
{
    const struct ev_sanction_judged *ev = payload;
    struct paper_at *a = row;
    struct rec_row_resale *r = a->row;
    struct complaint c;
    enum err e = complaint_money_open(st, ev->by_unit, ev->case_no, &c);
    if (e != ERR_OK) return e;
    if (!c.r.decided_at) {
        return step_refuse(st, "no_decision", "case_no",
                           "nothing is decided yet about case %.*s (complaint.decided)",
                           STR_ARG(c.no));
    }
    begin(st, &c, r);
    if (complaint_loss_basis(st, &c) == LOSS_resale) a->given_ms = r->until; /* else no goods */
    return ERR_OK;
}

enum err complaint_resale_month(struct step *st, struct str case_no, int32_t *month)
{
    struct rec_row_resale r;
    enum err e = get(st, case_no, &r);
    *month = e == ERR_OK ? complaint_month_of(st, r.until - 1) : 0;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- sold, or not ---- */

static enum err check_open(struct step *st, const struct ev_resale_sold *ev,
                           const struct rec_row_resale *r)
{
    struct rec_row_liability l;
    enum err e = complaint_liability_get(st, ev->case_no, &l);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && l.loss_kind == loss_kind_final) {
        return step_refuse(st, "state", "case_no", "the loss of case %.*s is apportioned for good",
                           STR_ARG(ev->case_no));
    }
    if (step_occurred(st) > r->until) {
        return step_refuse(st, "late", "time",
                           "the month to resell the goods was over; they lost what they really "
                           "lost");
    }
    if (r->received + ev->proceeds > PROCEEDS_MAX) {
        return step_refuse(st, "range", "proceeds",
                           "more than 10,000,000,000.00 yuan for the goods of one case");
    }
    if (ev->qty <= r->whole - r->sold) return ERR_OK;
    return step_refuse(st, "range", "qty", "%llu of %llu are left to be sold",
                       (unsigned long long)(r->whole - r->sold), (unsigned long long)r->whole);
}

static enum err on_sold(struct step *st, const void *payload, void *row)
{
    const struct ev_resale_sold *ev = payload;
    struct rec_row_resale *r = ((struct paper_at *)row)->row;
    const char *rule = st->rule;
    struct complaint c;
    enum err e = complaint_money_open(st, ev->by_unit, ev->case_no, &c);
    if (e == ERR_OK) e = check_open(st, ev, r);
    if (e != ERR_OK) return e;
    st->rule = rule;
    r->sold += ev->qty;
    r->received += ev->proceeds;
    if (r->sold == r->whole) r->state = resale_state_sold;
    return ERR_OK;
}

enum err complaint_resale_passed(struct step *st, const struct passed *what)
{
    uint32_t n = (uint32_t)sizeof PREFIX - 1;
    if (!str_is(what->name, clocks[0].name) || !what->is_due) return ERR_OK;
    if (what->case_no.n <= n || memcmp(what->case_no.p, PREFIX, n) != 0) return ERR_CORRUPT;
    struct str no = {what->case_no.p + n, what->case_no.n - n};
    struct rec_row_resale r;
    no = arena_str(st->arena, no);
    enum err e = get(st, no, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (r.state != resale_state_open || r.sold >= r.whole) return ERR_OK;
    struct ev_resale_unsold ev = {.case_no = no, .left = r.whole - r.sold};
    return paper_act(st, &complaint_resale_paper, EV_resale_unsold, &ev);
}

/* ---- what they lost (CMP-062, CMP-063) ---- */

static enum err too_much(struct step *st)
{
    return step_refuse(st, "range", "case_no",
                       "quantity times price is beyond any amount of money");
}

/* qty x price A - proceeds, never below the floor. */
static enum err loss_of_sold(struct step *st, const struct complaint *c,
                             const struct rec_row_resale *r, int64_t *loss)
{
    int64_t worth, floor = st->policy->complaint.resale_loss_floor_fen;
    *loss = 0;
    if (r->sold == 0) return ERR_OK;
    st->rule = "CMP-062";
    if (!c->r.price_a) {
        return step_refuse(st, "missing", "case_no",
                           "the form of case %.*s names no A-grade price A級售價 (price_a)",
                           STR_ARG(c->no));
    }
    if (__builtin_mul_overflow((int64_t)r->sold, c->r.price_a, &worth)) return too_much(st);
    *loss = worth - r->received > floor ? worth - r->received : floor;
    return ERR_OK;
}

/* What is left loses what accounting says: so much of one, else all together. */
static enum err loss_of_rest(struct step *st, uint64_t left, const struct rec_row_liability *l,
                             int64_t *loss)
{
    *loss = l->actual_loss;
    if (left == 0 || l->actual_unit_loss == 0) return ERR_OK;
    st->rule = "CMP-063";
    return __builtin_mul_overflow((int64_t)left, l->actual_unit_loss, loss) ? too_much(st) : ERR_OK;
}

enum err complaint_resale_loss(struct step *st, const struct complaint *c,
                               const struct rec_row_liability *l, int64_t *loss,
                               enum loss_kind *kind)
{
    struct rec_row_resale r;
    int64_t sold = 0, rest = 0;
    enum err e = get(st, c->no, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND) /* no month was given: nothing is sold */
        r = (struct rec_row_resale){.state = resale_state_unsold,
                                    .whole = c->r.approved_qty ? c->r.approved_qty : c->r.qty};
    uint64_t left = r.whole - r.sold;
    *kind = r.state == resale_state_open ? loss_kind_provisional : loss_kind_final;
    bool stated = l->loss_stated_at || left == 0;
    if (!stated && *kind == loss_kind_final) {
        st->rule = "CMP-063";
        return step_refuse(st, "missing", "case_no",
                           "%llu are not sold; accounting has not said yet what they really lost "
                           "(complaint.loss_stated)",
                           (unsigned long long)left);
    }
    e = loss_of_sold(st, c, &r, &sold);
    if (e == ERR_OK && left) e = stated ? loss_of_rest(st, left, l, &rest) : ERR_OK;
    if (e == ERR_OK && !stated) rest = l->loss; /* the estimate, for the time being */
    if (e == ERR_OK && __builtin_add_overflow(sold, rest, loss)) return too_much(st);
    return e;
}

#define OPEN IN(resale_state_open)
#define UNSOLD IN(resale_state_unsold)

static const struct transition rows[] = {
    {EV_sanction_judged, PAPER_NEW, resale_state_open, on_judged, "CMP-061"},
    {EV_resale_sold, OPEN | UNSOLD, 0, on_sold, "CMP-062"},
    {EV_resale_unsold, OPEN, resale_state_unsold, NULL, "CMP-061"},
};
const struct paper complaint_resale_paper = {.name = "resale",
                                             .label = "resale month 轉售時間",
                                             .table = COMPLAINT_TABLE(RESALE),
                                             .states = &codes_resale_state,
                                             .keys = {"case_no"},
                                             PAPER_ROWS(rows),
                                             PAPER_CLOCKS(clocks)};
