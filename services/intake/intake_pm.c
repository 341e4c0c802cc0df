/* intake_pm.c - maintenance plans 日常保養計劃 and the inspection orders 巡檢保養單 made from them.
 *
 * A plan belongs to a contract and a piece of equipment. Its next order waits as a row of its own,
 * `planned`, with the clock pm.generate, which makes it when the day begins; then the one after it
 * waits. So every k is made once, whatever is told again. visit(k) is counted from plan_start,
 * never from the visit before (CV-6); a visit on a non-working day is due the next working day, the
 * order is made lead_days before the day by the plan.
 *
 * Invariant: row_pm_plan.next names the only order of the plan that is planned, and pm_open has an
 * entry for every order that is planned or may still be visited or recorded. An order belongs to
 * the contract when its visit does: on expiry nothing is left to end, and what is owed stays owed.
 * Rules INT-059. */
#include "common/contract.h"
#include "services/intake/intake_private.h"
#include <inttypes.h>
#include <string.h>

#define CASE_PREFIX "pm/"
#define PLANS_MAX 256 /* of a contract: as many are gone through in one step */
#define VISITS_MAX 100000
#define CONTRACT_NO_MAX 50 /* with plan and k it makes the number of an order */
#define SHORTEST_MONTH 28

struct plan {
    struct str contract, equipment;
    struct rec_row_pm_plan row;
};

static const struct deadline_row generate = {
    .name = "pm.generate", .rule = "INT-059", .from = FROM_START, .due = DUE_GIVEN};

/* ---- plans ---- */

static struct key plan_key(const struct plan *p)
{
    struct key k = key_of(p->contract);
    key_str(&k, p->equipment);
    return k;
}

static enum err plan_get(struct step *st, struct plan *p)
{
    struct key k = plan_key(p);
    return step_get(st, INTAKE_TABLE(PM_PLAN), &k, &p->row);
}

static void plan_put(struct step *st, const struct plan *p)
{
    struct key k = plan_key(p);
    step_put(st, INTAKE_TABLE(PM_PLAN), &k, &p->row);
}

static int32_t visit_of(const struct plan *p, uint64_t k)
{
    uint64_t n = k - p->row.base;
    if (p->row.interval_months)
        return day_add_months(p->row.plan_start, (int)(n * p->row.interval_months));
    return p->row.plan_start + (int32_t)(n * p->row.interval_days);
}

static struct key open_key(struct str contract, struct str order_no)
{
    struct key k = key_of(contract);
    key_str(&k, order_no);
    return k;
}

/* ---- orders ---- */

static enum err order_get(struct step *st, struct str order_no, struct rec_row_pm *out)
{
    struct key k = key_of(order_no);
    enum err e = step_get(st, INTAKE_TABLE(PM), &k, out);
    return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static void order_put(struct step *st, const struct rec_row_pm *row)
{
    struct key k = key_of(row->order_no);
    step_put(st, INTAKE_TABLE(PM), &k, row);
}

/* The order of a plan that waits for its day. */
static enum err order_plan(struct step *st, const struct plan *p)
{
    uint64_t k = p->row.next;
    struct rec_row_pm row = {.state = pm_state_planned,
                             .contract = p->contract,
                             .equipment = p->equipment,
                             .k = k,
                             .unit = p->row.unit,
                             .person = p->row.person,
                             .visit = visit_of(p, k)};
    row.order_no =
        arena_printf(st->arena, "%.*s/%" PRIu64 "/%" PRIu64, STR_ARG(p->contract), p->row.no, k);
    order_put(st, &row);
    struct key open = open_key(row.contract, row.order_no);
    step_put(st, INTAKE_TABLE(PM_OPEN), &open, &(struct rec_row_mark){.set = true});
    int32_t day = row.visit - (int32_t)p->row.lead_days;
    struct deadline_ctx c = {.case_no = paper_case(st, &intake_pm, shape_row_pm(), &row),
                             .unit = row.unit,
                             .person = row.person,
                             .start_ms = st->in ? st->in->occurred : st->now_ms,
                             .given_ms = intake_instant(paper_day_end(st, row.unit, day - 1)),
                             .row = &row};
    return deadline_arm(st, &generate, &c, (struct str){0});
}

/* A planned order is no order yet: it goes without a word. */
static enum err order_unplan(struct step *st, struct plan *p, const struct rec_row_pm *row)
{
    p->row.next = 0;
    struct key k = key_of(row->order_no), open = open_key(row->contract, row->order_no);
    step_del(st, INTAKE_TABLE(PM), &k);
    step_del(st, INTAKE_TABLE(PM_OPEN), &open);
    return deadline_drop(st, paper_case(st, &intake_pm, shape_row_pm(), row), 0,
                         STR("not planned any more"));
}

/* Let the first visit between these days that has no order yet wait for its day. */
static enum err plan_next(struct step *st, struct plan *p, struct rec_term_line days)
{
    if (p->row.next) return ERR_OK;
    for (uint64_t k = p->row.made + 1; k <= VISITS_MAX; k++) {
        int32_t visit = visit_of(p, k);
        if (visit > days.expiry) return ERR_OK;
        if (visit < days.start || visit == 0) continue; /* 1970-01-01 cannot be said */
        p->row.next = k;
        return order_plan(st, p);
    }
    return ERR_OK;
}

/* ---- a plan is told ---- */

static enum err check_contract(struct step *st, const struct ev_pm_planned *ev,
                               struct rec_row_contract *out)
{
    struct key k = key_of(ev->contract);
    enum err e = step_get(st, INTAKE_TABLE(CONTRACT_LIFE), &k, out);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "contract",
                           "there is no such maintenance contract 保養合同 here; it begins with "
                           "contract.upserted");
    }
    if (e != ERR_OK || (IN(out->state) & CONTRACT_IN_FORCE)) return e;
    return step_refuse(st, "state", "contract",
                       "the contract is %s; a plan needs one that is in force",
                       code_word(&codes_contract_state, out->state));
}

static enum err check_plan(struct step *st, const struct ev_pm_planned *ev)
{
    if ((ev->interval_months == 0) == (ev->interval_days == 0)) {
        return step_refuse(st, "interval", "interval_months",
                           "a plan has an interval in months or one in days; give one of them");
    }
    uint64_t days = ev->interval_months ? ev->interval_months * SHORTEST_MONTH : ev->interval_days;
    if (ev->lead_days > days) {
        return step_refuse(st, "lead_too_long", "lead_days",
                           "an order can be made %" PRIu64
                           " days before its visit at most, the interval of the plan",
                           days);
    }
    if (ev->contract.n > CONTRACT_NO_MAX) {
        return step_refuse(st, "too_long", "contract",
                           "with a number of more than %d bytes the contract cannot make numbers "
                           "for its orders",
                           CONTRACT_NO_MAX);
    }
    return ERR_OK;
}

/* Of a shorter interval the default lead is no more than the interval itself. */
static uint64_t lead_of(const struct step *st, const struct ev_pm_planned *ev)
{
    uint64_t lead = st->policy->keys.pm_lead_days;
    if (ev->lead_days) return ev->lead_days;
    return ev->interval_days && ev->interval_days < lead ? ev->interval_days : lead;
}

static struct rec_row_pm_plan plan_told(const struct step *st, const struct ev_pm_planned *ev,
                                        const struct rec_row_contract *contract,
                                        const struct rec_row_pm_plan *old)
{
    struct rec_row_pm_plan row = *old;
    bool same = old->plan_start == ev->plan_start && old->interval_months == ev->interval_months &&
                old->interval_days == ev->interval_days;
    if (!same) row.base = old->made; /* counted anew, numbered on */
    row.plan_start = ev->plan_start;
    row.interval_months = ev->interval_months;
    row.interval_days = ev->interval_days;
    row.lead_days = lead_of(st, ev);
    row.unit = ev->unit.n ? ev->unit : contract->unit;
    row.person = ev->person;
    return row;
}

static bool plan_same(const struct rec_row_pm_plan *a, const struct rec_row_pm_plan *b)
{
    return a->plan_start == b->plan_start && a->interval_months == b->interval_months &&
           a->interval_days == b->interval_days && a->lead_days == b->lead_days &&
           str_eq(a->unit, b->unit) && str_eq(a->person, b->person);
}

/* A plan nobody has told before gets the next number of its contract. */
static enum err plan_number(struct step *st, const struct plan *p,
                            struct rec_row_contract *contract, uint64_t *out)
{
    if (contract->plans >= PLANS_MAX) {
        return step_refuse(st, "too_many", "equipment",
                           "a contract has %d plans at most; register another contract for more",
                           PLANS_MAX);
    }
    *out = ++contract->plans;
    struct key k = key_of(p->contract);
    step_put(st, INTAKE_TABLE(CONTRACT_LIFE), &k, contract);
    return ERR_OK;
}

static enum err plan_unplan(struct step *st, struct plan *p)
{
    if (p->row.next == 0) return ERR_OK;
    struct str no = arena_printf(st->arena, "%.*s/%" PRIu64 "/%" PRIu64, STR_ARG(p->contract),
                                 p->row.no, p->row.next);
    struct rec_row_pm order;
    enum err e = order_get(st, no, &order);
    return e == ERR_OK ? order_unplan(st, p, &order) : e;
}

/* From the day it is told: a visit nobody could make any more has no order. */
static struct rec_term_line days_left(struct step *st, const struct rec_row_contract *contract)
{
    struct rec_term_line days = contract->terms.v[contract->terms.n - 1];
    const struct calendar *cal = step_calendar(st, contract->unit, NULL);
    int32_t today = zone_day(calendar_zone(cal), st->in->occurred);
    if (days.start < today) days.start = today;
    return days;
}

enum err intake_pm_planned(struct step *st, const void *payload)
{
    const struct ev_pm_planned *ev = payload;
    struct rec_row_contract contract;
    enum err e = check_contract(st, ev, &contract);
    if (e == ERR_OK) e = check_plan(st, ev);
    if (e != ERR_OK) return e;
    struct plan p = {.contract = ev->contract, .equipment = ev->equipment};
    e = plan_get(st, &p);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool fresh = e == ERR_NOT_FOUND;
    if (fresh) p.row = (struct rec_row_pm_plan){0};
    struct rec_row_pm_plan told = plan_told(st, ev, &contract, &p.row);
    if (!fresh && plan_same(&told, &p.row)) return ERR_OK;
    e = fresh ? plan_number(st, &p, &contract, &told.no) : plan_unplan(st, &p);
    if (e != ERR_OK) return e;
    told.next = 0;
    p.row = told;
    e = plan_next(st, &p, days_left(st, &contract));
    plan_put(st, &p);
    return e;
}

/* What was made of it stands; told again it is another plan with a number of its own. */
enum err intake_pm_plan_cancelled(struct step *st, const void *payload)
{
    const struct ev_pm_plan_cancelled *ev = payload;
    struct plan p = {.contract = ev->contract, .equipment = ev->equipment};
    enum err e = plan_get(st, &p);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "equipment",
                           "there is no maintenance plan 日常保養計劃 of this equipment under the "
                           "contract; it begins with pm.planned");
    }
    if (e == ERR_OK) e = plan_unplan(st, &p);
    struct key k = plan_key(&p);
    step_del(st, INTAKE_TABLE(PM_PLAN), &k);
    return e;
}

/* ---- the contract ends earlier or goes on ---- */

static enum err order_end(struct step *st, const struct rec_row_pm *row)
{
    if (row->state == pm_state_planned) {
        struct plan p = {.contract = row->contract, .equipment = row->equipment};
        enum err e = plan_get(st, &p);
        if (e == ERR_OK) e = order_unplan(st, &p, row);
        if (e == ERR_OK) plan_put(st, &p);
        return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    }
    if (row->state == pm_state_visited) return ERR_OK; /* its result is wanted all the same */
    struct ev_pm_order_ended ev = {.order_no = row->order_no,
                                   .reason = STR("the contract ends before the visit")};
    return paper_act(st, &intake_pm, EV_pm_order_ended, &ev);
}

static enum err end_orders(struct step *st, struct str contract, int32_t last_day)
{
    struct key prefix = key_of(contract), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(PM_OPEN), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        struct rec_row_pm row;
        if (key_take_str(&r, &no)) return ERR_CORRUPT;
        e = order_get(st, arena_str(st->arena, no), &row);
        if (e == ERR_OK && row.visit > last_day) e = order_end(st, &row);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err intake_pm_between(struct step *st, struct str contract, struct rec_term_line days)
{
    enum err e = end_orders(st, contract, days.expiry);
    if (e != ERR_OK) return e;
    struct key prefix = key_of(contract), at = {.n = 0};
    struct plan p = {.contract = contract};
    while ((e = step_next(st, INTAKE_TABLE(PM_PLAN), &prefix, &at, &p.row)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        if (key_take_str(&r, &p.equipment)) return ERR_CORRUPT;
        p.equipment = arena_str(st->arena, p.equipment);
        e = plan_get(st, &p); /* as this step left it */
        if (e == ERR_OK) e = plan_next(st, &p, days);
        if (e != ERR_OK) return e;
        plan_put(st, &p);
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- clocks that pass ---- */

static enum err order_of_case(struct step *st, struct str case_no, struct rec_row_pm *out)
{
    uint32_t n = (uint32_t)strlen(CASE_PREFIX);
    if (case_no.n <= n) return ERR_CORRUPT;
    return order_get(st, (struct str){case_no.p + n, case_no.n - n}, out);
}

static enum err order_make(struct step *st, const struct rec_row_pm *row)
{
    const struct calendar *cal = step_calendar(st, row->unit, NULL);
    int32_t due = calendar_workday(cal, row->visit, 0);
    struct ev_pm_order_generated ev = {.order_no = row->order_no,
                                       .contract = row->contract,
                                       .equipment = row->equipment,
                                       .k = row->k,
                                       .unit = row->unit,
                                       .person = row->person,
                                       .visit = row->visit,
                                       .due = due == INT32_MAX ? row->visit : intake_day(due)};
    return paper_act(st, &intake_pm, EV_pm_order_generated, &ev);
}

enum err intake_pm_generate(struct step *st, struct str case_no)
{
    struct rec_row_pm row;
    struct rec_row_contract contract;
    enum err e = order_of_case(st, case_no, &row);
    if (e != ERR_OK) return e;
    struct plan p = {.contract = row.contract, .equipment = row.equipment};
    struct key k = key_of(row.contract);
    if (plan_get(st, &p) || step_get(st, INTAKE_TABLE(CONTRACT_LIFE), &k, &contract))
        return ERR_CORRUPT;
    e = deadline_drop(st, case_no, 0, STR("the order was made"));
    if (e == ERR_OK) e = order_make(st, &row);
    if (e != ERR_OK) return e;
    p.row.made = row.k;
    p.row.next = 0;
    struct rec_term_line days = contract.terms.v[contract.terms.n - 1];
    if (contract.last_day) days.expiry = contract.last_day;
    e = plan_next(st, &p, days);
    plan_put(st, &p);
    return e;
}

enum err intake_pm_missed(struct step *st, struct str case_no)
{
    struct rec_row_pm row;
    enum err e = order_of_case(st, case_no, &row);
    if (e != ERR_OK) return e;
    row.state = pm_state_missed;
    order_put(st, &row);
    return ERR_OK;
}

/* ---- the paper ---- */

/* Nothing is awaited of the order any more. */
static enum err on_over(struct step *st, const void *payload, void *at)
{
    (void)payload;
    const struct rec_row_pm *row = ((struct paper_at *)at)->row;
    struct key open = open_key(row->contract, row->order_no);
    step_del(st, INTAKE_TABLE(PM_OPEN), &open);
    return ERR_OK;
}

#define GENERATED IN(pm_state_generated)
#define NOTIFIED IN(pm_state_notified)
#define MISSED IN(pm_state_missed)

static const struct transition pm_rows[] = {
    {EV_pm_order_generated, PAPER_NEW | IN(pm_state_planned), pm_state_generated, NULL, "INT-059"},
    {EV_pm_notified, GENERATED, pm_state_notified, NULL, "INT-059"},
    {EV_pm_notified, MISSED, 0, NULL, "INT-059"},
    {EV_pm_visited, GENERATED | NOTIFIED | MISSED, pm_state_visited, NULL, "INT-059"},
    {EV_pm_result_recorded, IN(pm_state_visited), pm_state_result_recorded, on_over, "INT-059"},
    {EV_pm_order_ended, GENERATED | NOTIFIED | MISSED, pm_state_ended, on_over, "INT-059"},
    {EV_pm_cancelled, GENERATED | NOTIFIED | MISSED, pm_state_ended, on_over, "INT-059"},
};

static const struct deadline_row pm_clocks[] = {
    {.name = "pm.visit",
     .rule = "INT-059",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_pm_order_generated},
     .stop = {EV_pm_visited}},
    {.name = "pm.record",
     .rule = "INT-059",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_pm_visited},
     .stop = {EV_pm_result_recorded}},
};

const struct paper intake_pm = {.name = "pm",
                                .label = "inspection order 巡檢保養單",
                                .table = INTAKE_TABLE(PM),
                                .states = &codes_pm_state,
                                .keys = {"order_no"},
                                PAPER_ROWS(pm_rows),
                                PAPER_CLOCKS(pm_clocks),
                                .drops = IN(pm_state_ended)};
