/* policy_check.c - what must hold between the items of a set (INT-099).
 *
 * Every reference leads somewhere, ladders ascend, a duration stands on the clock it belongs to,
 * exactly one service policy is the fallback, and no two of equal priority can match the same call.
 * Durations > 0 and percentages are checked where they are read (policy_yaml.c, policy_items.c). */
#include "common/contract.h"
#include "common/nearest.h"
#include "common/policy_private.h"
#include <string.h>

#define NAMES_MAX 256

/* ---- references ---- */

struct names {
    const char *v[NAMES_MAX];
    uint32_t n;
};

static void names_add(struct names *x, struct str name)
{
    if (x->n < NAMES_MAX && name.n) x->v[x->n++] = name.p;
}

static struct names names_of(const struct policy_build *b, enum policy_part_kind kind)
{
    struct names x = {.n = 0};
    const struct policy_list *l = &b->lists[kind];
    for (uint32_t i = 0; i < l->n; i++) {
        struct str name;
        memcpy(&name, (const uint8_t *)l->v + i * policy_converts[kind].size, sizeof name);
        names_add(&x, name);
    }
    return x;
}

static struct names names_of_calendars(const struct policy *p)
{
    struct names x = {.n = 0};
    for (uint32_t i = 0; i < p->calendar_count; i++)
        names_add(&x, calendar_name(p->calendars[i]));
    return x;
}

static struct names names_of_codes(const struct codeset *codes)
{
    struct names x = {.n = 0};
    for (uint32_t i = 0; i < codes->count; i++)
        names_add(&x, str_of(codes->values[i].word));
    return x;
}

/* Where a reference stands; `kind` is PART_COUNT for the keys of policy.yaml. */
struct place {
    enum policy_part_kind kind;
    struct policy_origin at;
    const char *key;
};

static void fault_at(struct policy_build *b, const struct place *where, const char *text)
{
    if (where->kind != PART_COUNT) {
        policy_fault_item(b, where->kind, where->at, where->key, "%s", text);
        return;
    }
    const struct policy_yaml *f = &b->files[0];
    policy_fault_add(&b->faults, f, policy_yaml_line(f, where->key), where->key, "policy", "%s",
                     text);
}

/* `word` must be one of the names; `what` says what they are, "an escalation set". */
static void must_be(struct policy_build *b, const struct place *where, struct str word,
                    const struct names *names, const char *what)
{
    struct nearest near = nearest_begin(word);
    for (uint32_t i = 0; i < names->n; i++) {
        if (str_is(word, names->v[i])) return;
        nearest_offer(&near, str_of(names->v[i]));
    }
    char hint[NEAREST_HINT_MAX], text[240];
    nearest_hint(&near, hint);
    snprintf(text, sizeof text, "\"%.*s\" is not %s%s", (int)(word.n < 60 ? word.n : 60),
             word.n ? word.p : "", what, hint[0] ? hint : "; define it or name another");
    fault_at(b, where, text);
}

void policy_check_key(struct policy_build *b, const char *key, const char *text)
{
    fault_at(b, &(struct place){.kind = PART_COUNT, .key = key}, text);
}

void policy_check_name(struct policy_build *b, enum policy_part_kind kind, struct policy_origin at,
                       const char *key, struct str word, enum policy_part_kind names,
                       const char *what)
{
    struct names known = names_of(b, names);
    must_be(b, &(struct place){kind, at, key}, word, &known, what);
}

static void all_must_be(struct policy_build *b, const struct place *where, struct words words,
                        const struct names *names, const char *what)
{
    for (uint32_t i = 0; i < words.n; i++) {
        char key[48];
        snprintf(key, sizeof key, "%.34s[%u]", where->key, i);
        struct place each = {where->kind, where->at, key};
        must_be(b, &each, words.v[i], names, what);
    }
}

/* staff: DSP-087 */
static void check_staff_reports(struct policy_build *b, const struct place *where,
                                struct words words)
{
    const struct names reports = {{"daily", "sms", "cards", "shift"}, 4};
    all_must_be(b, where, words, &reports, "a report of the staff");
}

/* ---- services ---- */

static void check_selector(struct policy_build *b, const struct selector *s,
                           struct policy_origin at)
{
    struct names kinds = names_of(b, PART_kinds), phases = names_of_codes(&codes_phase);
    struct names zones = names_of_codes(&codes_zone_kind);
    all_must_be(b, &(struct place){PART_services, at, "selects_on.order_kind"}, s->order_kind,
                &kinds, "a kind of order that is defined here");
    all_must_be(b, &(struct place){PART_services, at, "selects_on.phase"}, s->phase, &phases,
                "a phase of a project");
    all_must_be(b, &(struct place){PART_services, at, "selects_on.zone"}, s->zone, &zones,
                "a zone");
    if (s->distance_max_m && s->distance_min_m >= s->distance_max_m) {
        policy_fault_item(b, PART_services, at, "selects_on.distance_upto_m",
                          "must be greater than distance_over_m, or nothing is in between");
    }
}

/* DSP-005: what job.prepared can say. */
static void check_prepare(struct policy_build *b, const struct service_policy *p,
                          struct policy_origin at)
{
    struct names known = {.n = 0};
    const struct shape *said = shape_ev_job_prepared();
    for (uint32_t i = 0; i < said->count; i++) {
        if (said->fields[i].type == FT_CODE) names_add(&known, str_of(said->fields[i].name));
    }
    all_must_be(b, &(struct place){PART_services, at, "prepare_check"}, p->prepare_check, &known,
                "an item of the checklist job.prepared");
}

/* DSP-024: what job.diagnosed may leave out. */
static void check_diagnosis(struct policy_build *b, const struct service_policy *p,
                            struct policy_origin at)
{
    struct names known = {.n = 0};
    const struct shape *said = shape_ev_job_diagnosed();
    for (uint32_t i = 2; i < said->count; i++) { /* behind call_no and job */
        if (!said->fields[i].must) names_add(&known, str_of(said->fields[i].name));
    }
    all_must_be(b, &(struct place){PART_services, at, "diagnosis_check"}, p->diagnosis_check,
                &known, "a field that job.diagnosed may leave out");
}

static void check_service(struct policy_build *b, const struct service_policy *p,
                          struct policy_origin at)
{
    struct names sets = names_of(b, PART_sets), warranties = names_of(b, PART_warranties);
    struct names calendars = names_of_calendars(b->policy);
    must_be(b, &(struct place){PART_services, at, "escalation"}, p->escalation, &sets,
            "an escalation set that is defined here");
    all_must_be(b, &(struct place){PART_services, at, "warranty_policies"}, p->warranty_policies,
                &warranties, "a warranty policy that is defined here");
    if (p->calendar.n) {
        must_be(b, &(struct place){PART_services, at, "calendar"}, p->calendar, &calendars,
                "a calendar that is defined here");
    }
    check_selector(b, &p->selects_on, at);
    check_staff_reports(b, &(struct place){PART_services, at, "staff_reports"}, p->staff_reports);
    check_prepare(b, p, at);
    check_diagnosis(b, p, at);
}

static bool disjoint(struct words a, struct words b)
{
    if (a.n == 0 || b.n == 0) return false;
    for (uint32_t i = 0; i < a.n; i++) {
        if (words_have(b, a.v[i])) return false;
    }
    return true;
}

static bool distances_disjoint(const struct selector *a, const struct selector *b)
{
    return (a->distance_max_m && a->distance_max_m <= b->distance_min_m) ||
           (b->distance_max_m && b->distance_max_m <= a->distance_min_m);
}

/* Can one call match both? */
static bool selectors_overlap(const struct selector *a, const struct selector *b)
{
    if (policy_selector_empty(a) || policy_selector_empty(b)) return false; /* by name only */
    if (a->needs_maker && b->needs_maker && a->needs_maker != b->needs_maker) return false;
    return !disjoint(a->product_line, b->product_line) && !disjoint(a->phase, b->phase) &&
           !disjoint(a->fault_group, b->fault_group) && !disjoint(a->zone, b->zone) &&
           !disjoint(a->order_kind, b->order_kind) && !disjoint(a->customer, b->customer) &&
           !disjoint(a->contract, b->contract) && !disjoint(a->service_class, b->service_class) &&
           !distances_disjoint(a, b);
}

static void check_overlaps(struct policy_build *b, uint32_t i)
{
    const struct policy *p = b->policy;
    for (uint32_t j = 0; j < i; j++) {
        const struct service_policy *x = &p->services[j], *y = &p->services[i];
        if (x->priority != y->priority || !selectors_overlap(&x->selects_on, &y->selects_on)) {
            continue;
        }
        policy_fault_item(b, PART_services, b->lists[PART_services].at[i], "selects_on",
                          "%.*s and %.*s can both match a call with equal priority %d; give one a "
                          "higher priority or keep their conditions apart",
                          STR_ARG(y->id), STR_ARG(x->id), y->priority);
    }
}

static void check_fallback(struct policy_build *b)
{
    const struct policy_list *l = &b->lists[PART_services];
    const struct service_policy *first = NULL;
    for (uint32_t i = 0; i < l->n; i++) {
        const struct service_policy *p = &b->policy->services[i];
        if (p->fallback && first) {
            policy_fault_item(b, PART_services, l->at[i], "fallback",
                              "%.*s is the fallback already; a set has exactly one",
                              STR_ARG(first->id));
        }
        if (p->fallback && !first) first = p;
    }
    if (first) return;
    policy_fault_add(&b->faults, &b->files[0], 0, "services", "policy",
                     "no service policy has fallback: yes; exactly one must");
}

static void check_services(struct policy_build *b)
{
    for (uint32_t i = 0; i < b->policy->service_count; i++) {
        check_service(b, &b->policy->services[i], b->lists[PART_services].at[i]);
        check_overlaps(b, i);
    }
    check_fallback(b);
}

/* ---- warranties ---- */

static void check_warranty(struct policy_build *b, const struct warranty_policy *w,
                           struct policy_origin at)
{
    const struct names anchors = {
        {"shipped", "commissioned", "purchased", "supplied", "delivered", "accepted", "term_end"},
        7};
    for (uint32_t i = 0; i < w->term_count; i++) {
        char key[32];
        snprintf(key, sizeof key, "terms[%u].anchor", i);
        must_be(b, &(struct place){PART_warranties, at, key}, w->terms[i].anchor, &anchors,
                "a date of a product");
    }
    if (w->term_count == 0 && !w->agreement) {
        policy_fault_item(b, PART_warranties, at, "",
                          "needs terms, or agreement: yes; otherwise there is no last day");
    }
    if (w->maker_overrides && w->term_count == 0) {
        policy_fault_item(b, PART_warranties, at, "maker_overrides",
                          "needs a first term whose months the maker's letter replaces");
    }
}

/* ---- escalation sets ---- */

static void check_set(struct policy_build *b, const struct escalation_set *s,
                      struct policy_origin at)
{
    for (uint32_t i = 0; i < s->level_count; i++) {
        char key[32];
        snprintf(key, sizeof key, "levels[%u]", i);
        const struct escalation_level *l = &s->levels[i], *before = i ? l - 1 : NULL;
        if (l->level > 255 || (before && l->level <= before->level)) {
            policy_fault_item(b, PART_sets, at, key,
                              "level %u must be greater than the one before, and at most 255",
                              l->level);
        }
        if (before && l->offset_min < before->offset_min) {
            policy_fault_item(b, PART_sets, at, key,
                              "comes earlier than the level before; order the levels by time");
        }
    }
    if (s->repeat_min && s->repeat_to.n == 0) {
        policy_fault_item(b, PART_sets, at, "repeat_to",
                          "is missing; a set that repeats says to whom");
    }
    if (s->repeat_min > LEAP_YEAR_MIN) {
        policy_fault_item(b, PART_sets, at, "repeat_min",
                          "must be at most %d, the minutes of a leap year", LEAP_YEAR_MIN);
    }
    if (s->repeat_copy_from && s->repeat_copy.n == 0) {
        policy_fault_item(b, PART_sets, at, "repeat_copy",
                          "is missing; repeat_copy_from says from which level on it gets a copy");
    }
}

/* ---- deadlines ---- */

static void check_deadline(struct policy_build *b, const struct deadline_setting *d,
                           struct policy_origin at)
{
    struct names sets = names_of(b, PART_sets);
    names_add(&sets, STR("none"));
    if (d->set.n) {
        must_be(b, &(struct place){PART_deadlines, at, "set"}, d->set, &sets,
                "an escalation set that is defined here");
    }
    bool day = d->clock == clock_kind_day;
    if (day && d->minutes) {
        policy_fault_item(b, PART_deadlines, at, "minutes",
                          "does not go with clock: day; write days, and at for the time of day");
    }
    if (!day && d->days >= 0) {
        policy_fault_item(
            b, PART_deadlines, at, "days",
            "goes with clock: day only; write minutes (a working day is workday_min)");
    }
    if (d->every_day && d->days < 0) {
        policy_fault_item(b, PART_deadlines, at, "every_day",
                          "says how `days` are counted; it needs clock: day and days");
    }
    if (d->next_day && d->days != 1) {
        policy_fault_item(b, PART_deadlines, at, "next_day",
                          "is the one day after; it goes with clock: day and days: 1");
    }
    if (d->every_day && d->days > 3660) {
        policy_fault_item(b, PART_deadlines, at, "days", "must be at most 3660, ten years");
    }
    if (!day && d->at_min != 1440) {
        policy_fault_item(b, PART_deadlines, at, "at", "goes with clock: day only");
    }
    if (d->clock == clock_kind_given && d->minutes) {
        policy_fault_item(b, PART_deadlines, at, "minutes",
                          "does not go with clock: given; the record brings the instant itself");
    }
}

/* ---- keys ---- */

/* INT-005: unit, register day and running number, or two calls could get the same. */
static void check_call_no(struct policy_build *b, struct str format)
{
    const char *const parts[] = {"{unit}", "{day}", "{n}"};
    for (uint32_t i = 0; i < COUNT_OF(parts); i++) {
        if (strstr(format.p, parts[i])) continue;
        char text[120];
        snprintf(text, sizeof text, "must contain %s, or numbers repeat; like {unit}-{day}-{n}",
                 parts[i]);
        fault_at(b, &(struct place){.kind = PART_COUNT, .key = "keys.call_no_format"}, text);
    }
}

/* Words that travel in events, each once. */
static void check_list(struct policy_build *b, const char *name, struct words list, uint32_t max)
{
    for (uint32_t i = 0; i < list.n; i++) {
        char key[48];
        snprintf(key, sizeof key, "%.34s[%u]", name, i);
        struct place where = {.kind = PART_COUNT, .key = key};
        struct words before = {list.v, i};
        if (list.v[i].n > max) fault_at(b, &where, "is longer than the contracts in proto allow");
        if (words_have(before, list.v[i])) fault_at(b, &where, "is in the list already; keep one");
    }
}

/* INT-002, INT-012: what a call can be kept waiting for is a text that can still be told. */
static void check_fields(struct policy_build *b, const char *key, struct words fields)
{
    struct names known = {.n = 0};
    const struct shape *told = shape_ev_call_clarified();
    for (uint32_t i = 1; i < told->count; i++) { /* the first names the call */
        if (told->fields[i].type == FT_TEXT) names_add(&known, str_of(told->fields[i].name));
    }
    all_must_be(b, &(struct place){.kind = PART_COUNT, .key = key}, fields, &known,
                "a field that call.clarified can bring");
    check_list(b, key, fields, 64);
}

static void check_at_most(struct policy_build *b, const char *key, uint32_t value, uint32_t max)
{
    if (value <= max) return;
    char text[80];
    snprintf(text, sizeof text, "%u is too many; %u at most", value, max);
    fault_at(b, &(struct place){.kind = PART_COUNT, .key = key}, text);
}

/* followup */
#define ATTEMPTS_MAX 16 /* of row_followup */

static void check_followup(struct policy_build *b, const struct policy_keys *k)
{
    static const char *const words[] = {"date", "site", "product", "fault", "parts"};
    struct names known = {.n = 0};
    for (uint32_t i = 0; i < COUNT_OF(words); i++)
        names_add(&known, str_of(words[i]));
    all_must_be(b, &(struct place){.kind = PART_COUNT, .key = "keys.sms_compared_fields"},
                k->sms_compared_fields, &known, "date, site, product, fault or parts");
    if (k->callback_attempts > ATTEMPTS_MAX) {
        fault_at(b, &(struct place){.kind = PART_COUNT, .key = "keys.callback_attempts"},
                 "nobody is called on more than 16 days; write a number up to 16");
    }
}

/* desk: a quotation and a plan end within the calendar. */
static void check_desk(struct policy_build *b, const struct policy_keys *k)
{
    check_list(b, "keys.special_domains", k->special_domains, 48);
    check_list(b, "keys.ecom_categories", k->ecom_categories, 128);
    check_list(b, "keys.contact_roles", k->contact_roles, 48);
    struct place days = {.kind = PART_COUNT, .key = "keys.quote_valid_days"};
    if (k->quote_valid_days > 366) fault_at(b, &days, "must be at most 366 days");
    struct place months = {.kind = PART_COUNT, .key = "keys.key_customer_visit_months"};
    if (k->key_customer_visit_months > 120) fault_at(b, &months, "must be at most 120 months");
}

static void check_keys(struct policy_build *b)
{
    const struct policy_keys *k = &b->policy->keys;
    struct names calendars = names_of_calendars(b->policy), kinds = names_of(b, PART_kinds);
    must_be(b, &(struct place){.kind = PART_COUNT, .key = "keys.default_calendar"},
            k->default_calendar, &calendars, "a calendar that is defined here");
    must_be(b, &(struct place){.kind = PART_COUNT, .key = "keys.default_order_kind"},
            k->default_order_kind, &kinds, "a kind of order that is defined here");
    check_call_no(b, k->call_no_format);
    check_fields(b, "keys.register_fields", k->register_fields);
    check_fields(b, "keys.site_fields", k->site_fields);
    /* plan */
    check_at_most(b, "keys.contract_notice_months", k->contract_notice_months, 120);
    check_at_most(b, "keys.pm_lead_days", k->pm_lead_days, 366);
    /* staff */
    if (k->cards_by_day > 28) {
        fault_at(b, &(struct place){.kind = PART_COUNT, .key = "keys.cards_by_day"},
                 "must be at most 28, a day that every month has");
    }
    check_followup(b, k);
    /* goods */
    if (k->low_fee_max_fen < 0) {
        fault_at(b, &(struct place){.kind = PART_COUNT, .key = "keys.low_fee_max"},
                 "must be an amount in yuan of 0 or more, like 500.00");
    }
    check_desk(b, k);
}

void policy_check(struct policy_build *b)
{
    const struct policy *p = b->policy;
    check_services(b);
    for (uint32_t i = 0; i < p->warranty_count; i++) {
        check_warranty(b, &p->warranties[i], b->lists[PART_warranties].at[i]);
    }
    for (uint32_t i = 0; i < p->set_count; i++) {
        check_set(b, &p->sets[i], b->lists[PART_sets].at[i]);
    }
    for (uint32_t i = 0; i < p->deadline_count; i++) {
        check_deadline(b, &p->deadlines[i], b->lists[PART_deadlines].at[i]);
    }
    for (uint32_t i = 0; i < p->staff_report_count; i++) {
        const struct policy_origin at = b->lists[PART_staff_reports].at[i];
        check_staff_reports(b, &(struct place){PART_staff_reports, at, "owes"},
                            p->staff_reports[i].owes);
    }
    check_keys(b);
    policy_parts_check(b);
    policy_complaint_check(b);
    policy_scoring_check(b);
}
