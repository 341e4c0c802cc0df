/* policy_select.c - the questions asked of a loaded policy set.
 *
 * Exactly one service policy per call (INT-095): the one named in the contract, else the best
 * match, else the unit's default, else the set's fallback. A policy that selects on nothing is
 * chosen by name only. Everything here is a scan: a set has some dozens of rows, and each is looked
 * up once a call. */
#include "common/contract.h"
#include "common/policy_private.h"

bool words_have(struct words w, struct str word)
{
    for (uint32_t i = 0; i < w.n; i++) {
        if (str_eq(w.v[i], word)) return true;
    }
    return false;
}

/* staff */
bool policy_staff_owes(const struct policy *p, struct str unit, struct str unit_policy,
                       struct str report)
{
    for (uint32_t i = 0; i < p->staff_report_count; i++) {
        if (str_eq(p->staff_reports[i].unit, unit))
            return words_have(p->staff_reports[i].owes, report);
    }
    const struct service_policy *sp = policy_service(p, unit_policy);
    return sp && words_have(sp->staff_reports, report);
}

const struct service_policy *policy_service(const struct policy *p, struct str id)
{
    for (uint32_t i = 0; i < p->service_count; i++) {
        if (str_eq(p->services[i].id, id)) return &p->services[i];
    }
    return NULL;
}

bool policy_milestone(const struct policy *p, struct str deadline, struct str service)
{
    const struct service_policy *sp = policy_service(p, service);
    if (str_is(deadline, "quality.feedback_form")) return true;
    if (str_is(deadline, "job.arrival")) return !sp || sp->arrival_min || !sp->reply_min;
    return str_is(deadline, "call.reply") && sp && sp->arrival_min == 0;
}

const struct warranty_policy *policy_warranty(const struct policy *p, struct str id)
{
    for (uint32_t i = 0; i < p->warranty_count; i++) {
        if (str_eq(p->warranties[i].id, id)) return &p->warranties[i];
    }
    return NULL;
}

const struct escalation_set *policy_set(const struct policy *p, struct str id)
{
    for (uint32_t i = 0; i < p->set_count; i++) {
        if (str_eq(p->sets[i].id, id)) return &p->sets[i];
    }
    return NULL;
}

const struct deadline_setting *policy_deadline(const struct policy *p, struct str name)
{
    for (uint32_t i = 0; i < p->deadline_count; i++) {
        if (str_eq(p->deadlines[i].name, name)) return &p->deadlines[i];
    }
    return NULL;
}

/* complaint */
const struct department *policy_department(const struct policy *p, struct str name)
{
    for (uint32_t i = 0; i < p->department_count; i++) {
        if (str_eq(p->departments[i].name, name)) return &p->departments[i];
    }
    return NULL;
}

const struct department *policy_department_of(const struct policy *p, struct str unit)
{
    const struct department *others = NULL;
    for (uint32_t i = 0; i < p->department_count; i++) {
        if (p->departments[i].unit.n == 0) others = &p->departments[i];
        if (unit.n && str_eq(p->departments[i].unit, unit)) return &p->departments[i];
    }
    return others;
}

/* money */
const struct sanction_item *policy_sanction_item(const struct policy *p, struct str code)
{
    for (uint32_t i = 0; i < p->sanction_item_count; i++) {
        if (str_eq(p->sanction_items[i].code, code)) return &p->sanction_items[i];
    }
    return NULL;
}

const struct relay_step *policy_step(const struct policy *p, struct str name)
{
    for (uint32_t i = 0; i < p->step_count; i++) {
        if (str_eq(p->steps[i].name, name)) return &p->steps[i];
    }
    return NULL;
}

const struct order_kind *policy_kind(const struct policy *p, struct str name)
{
    struct str wanted = name.n ? name : p->keys.default_order_kind;
    for (uint32_t i = 0; i < p->kind_count; i++) {
        if (str_eq(p->kinds[i].name, wanted)) return &p->kinds[i];
    }
    return NULL;
}

const struct calendar *policy_calendar(const struct policy *p, struct str name)
{
    struct str wanted = name.n ? name : p->keys.default_calendar;
    for (uint32_t i = 0; i < p->calendar_count; i++) {
        if (str_eq(calendar_name(p->calendars[i]), wanted)) return p->calendars[i];
    }
    return NULL;
}

const struct kpi_target *policy_target(const struct policy *p, struct str kpi)
{
    for (uint32_t i = 0; i < p->target_count; i++) {
        if (str_eq(p->targets[i].kpi, kpi)) return &p->targets[i];
    }
    return NULL;
}

bool policy_selector_empty(const struct selector *s)
{
    return s->product_line.n == 0 && s->phase.n == 0 && s->fault_group.n == 0 && s->zone.n == 0 &&
           s->order_kind.n == 0 && s->customer.n == 0 && s->contract.n == 0 &&
           s->service_class.n == 0 && s->distance_min_m == 0 && s->distance_max_m == 0 &&
           s->needs_maker == yes_no_none;
}

static bool any_of(struct words w, struct str word)
{
    return w.n == 0 || words_have(w, word);
}

/* INT-097: "within 100.0 km" includes 100.0; an unknown distance is within no limits. */
static bool distance_fits(const struct selector *s, const struct selection *what)
{
    if (s->distance_min_m == 0 && s->distance_max_m == 0) return true;
    if (!what->distance_known) return false;
    if (s->distance_max_m && what->distance_m > s->distance_max_m) return false;
    return what->distance_m > s->distance_min_m || s->distance_min_m == 0;
}

/* What nobody said about a component maker counts as not needed. */
static bool maker_fits(const struct selector *s, const struct selection *what)
{
    bool needed = what->needs_maker == yes_no_yes;
    return s->needs_maker == yes_no_none || (s->needs_maker == yes_no_yes) == needed;
}

/* Group BUS: near, but the component maker is needed. A policy made for just this counts only under
 * near_with_maker=both; by default such a call is treated as far. */
static bool is_near_with_maker(const struct selector *s)
{
    return s->needs_maker == yes_no_yes && s->distance_max_m > 0;
}

static bool matches(const struct policy *p, const struct service_policy *sp,
                    const struct selection *what)
{
    const struct selector *s = &sp->selects_on;
    if (policy_selector_empty(s)) return false;
    if (is_near_with_maker(s) && !p->keys.near_with_maker_both) return false;
    return any_of(s->product_line, what->product_line) && any_of(s->phase, what->phase) &&
           any_of(s->fault_group, what->fault_group) && any_of(s->zone, what->zone) &&
           any_of(s->order_kind, what->order_kind) && any_of(s->customer, what->customer) &&
           any_of(s->contract, what->contract) && any_of(s->service_class, what->service_class) &&
           distance_fits(s, what) && maker_fits(s, what);
}

static const struct service_policy *best_match(const struct policy *p, const struct selection *what)
{
    const struct service_policy *best = NULL;
    for (uint32_t i = 0; i < p->service_count; i++) {
        const struct service_policy *sp = &p->services[i];
        if ((!best || sp->priority > best->priority) && matches(p, sp, what)) best = sp;
    }
    return best;
}

static const struct service_policy *fallback(const struct policy *p)
{
    for (uint32_t i = 0; i < p->service_count; i++) {
        if (p->services[i].fallback) return &p->services[i];
    }
    return NULL;
}

const struct service_policy *policy_select(const struct policy *p, const struct selection *what)
{
    const struct service_policy *sp = NULL;
    if (what->contract_policy.n) sp = policy_service(p, what->contract_policy);
    if (!sp) sp = best_match(p, what);
    if (!sp && what->unit_policy.n) sp = policy_service(p, what->unit_policy);
    if (!sp) sp = fallback(p);
    ENSURE(sp != NULL); /* the check at load saw to exactly one fallback */
    return sp;
}
