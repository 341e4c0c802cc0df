/* policy_parts_cost.c - what a company says about travel money: checks of the expense forms,
 * allowance standards, consent, advances (PRT-055, PRT-056, PRT-058, PRT-064, PRT-065). */
#include "common/exact.h"
#include "common/policy_schema.h"
#include <string.h>

/* ---- schema ---- */

static const cyaml_schema_field_t checks[] = {CALENDAR("unit", MUST, struct expense_checks, unit),
                                              WORDS("checks", MUST, struct expense_checks, checks),
                                              CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_expense_checks = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct expense_checks, checks)};

static const cyaml_schema_field_t allowance[] = {
    NAME("name", MUST, struct raw_allowance, a.name),
    NAME("kind", MUST, struct raw_allowance, a.kind),
    CALENDAR("rank", OPT, struct raw_allowance, a.rank),
    ROLE("place", OPT, struct raw_allowance, a.place),
    TEXT("per_day", MUST, struct raw_allowance, per_day),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_allowance = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_allowance, allowance)};

/* ---- items ---- */

void policy_expense_checks(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at)
{
    const struct expense_checks *c = raw;
    memcpy(out, raw, sizeof *c);
    for (uint32_t i = 0; i < c->checks.n; i++) {
        if (code_number(&codes_expense_check, c->checks.v[i])) continue;
        policy_fault_item(b, PART_expense_checks, at, "checks",
                          "\"%.*s\" is none of sms, card, abnormal, place, consent",
                          STR_ARG(c->checks.v[i]));
    }
}

#define PER_DAY_MAX INT64_C(1000000000) /* so that a year of it stays an amount of money */

void policy_allowance_make(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at)
{
    const struct raw_allowance *r = raw;
    struct allowance *a = out;
    *a = r->a;
    if (!code_number(&codes_expense_kind, a->kind)) {
        policy_fault_item(b, PART_allowances, at, "kind", "\"%.*s\" is no kind of expense",
                          STR_ARG(a->kind));
    }
    bool read = exact_money_parse(r->per_day, &a->per_day_fen);
    if (read && a->per_day_fen > 0 && a->per_day_fen <= PER_DAY_MAX) return;
    policy_fault_item(b, PART_allowances, at, "per_day",
                      "must be an amount in yuan, like 260.00, up to 10000000.00");
}

/* ---- keys ---- */

#define LISTED(v) ((struct words){v, COUNT_OF(v)})
static const struct str consent[] = {
    {"taxi", 4}, {"meal", 4}, {"labour", 6}, {"material", 8}}; /* PRT-056, source */
static const struct str all_checks[] = {
    {"sms", 3}, {"card", 4}, {"abnormal", 8}, {"place", 5}, {"consent", 7}};
static const struct str travel[] = {{"train", 5}, {"flight", 6}, {"coach", 5}, {"ship", 4}};

#define MONTHLY_DAY_MAX 28 /* a day that every month has */

void policy_parts_cost_keys(const struct raw_parts_keys *raw, struct parts_keys *out)
{
    if (!out->needs_prior_consent.n) out->needs_prior_consent = LISTED(consent);
    if (!out->expense_checks.n) out->expense_checks = LISTED(all_checks);
    if (!out->travel_kinds.n) out->travel_kinds = LISTED(travel);
    if (!out->slip_max_age_months) out->slip_max_age_months = 2;
    if (!out->expense_monthly_day) out->expense_monthly_day = 5;
    const int32_t *days = raw->travel_tolerance_days;
    out->travel_tolerance_days = days ? (uint32_t)*days : 1;
    out->advance_block_overdue = raw->advance_block_overdue != yes_no_no;
}

/* ---- checks ---- */

#define TOLERANCE_MAX 7
#define AGE_MAX 120

/* "none" alone stands for the empty list. */
static void check_words(struct policy_build *b, const char *key, struct words w,
                        const struct codeset *codes)
{
    for (uint32_t i = 0; i < w.n; i++) {
        if (code_number(codes, w.v[i]) || (w.n == 1 && str_is(w.v[i], "none"))) continue;
        char text[120];
        snprintf(text, sizeof text, "lists words of %s, or none", codes->name);
        policy_check_key(b, key, text);
    }
}

void policy_parts_cost_check(struct policy_build *b)
{
    const struct parts_keys *k = &b->policy->parts;
    check_words(b, "parts.needs_prior_consent", k->needs_prior_consent, &codes_expense_kind);
    check_words(b, "parts.travel_kinds", k->travel_kinds, &codes_expense_kind);
    check_words(b, "parts.expense_checks", k->expense_checks, &codes_expense_check);
    if (k->travel_tolerance_days > TOLERANCE_MAX)
        policy_check_key(b, "parts.travel_tolerance_days", "must be 0 to 7 days");
    if (k->slip_max_age_months > AGE_MAX)
        policy_check_key(b, "parts.slip_max_age_months", "must be 1 to 120 months");
    if (k->expense_monthly_day > MONTHLY_DAY_MAX)
        policy_check_key(b, "parts.expense_monthly_day", "must be a day from 1 to 28");
}

/* ---- questions ---- */

/* The report of the staff that a check looks for; "" = none. */
static struct str report_of(struct str check)
{
    return str_is(check, "sms") ? STR("sms") : str_is(check, "card") ? STR("cards") : STR("");
}

bool policy_expense_check(const struct policy *p, struct str unit, struct str unit_policy,
                          struct str check)
{
    for (uint32_t i = 0; i < p->expense_check_count; i++) {
        if (str_eq(p->expense_checks[i].unit, unit))
            return words_have(p->expense_checks[i].checks, check);
    }
    struct str report = report_of(check);
    if (report.n && !policy_staff_owes(p, unit, unit_policy, report)) return false;
    return words_have(p->parts.expense_checks, check);
}

static unsigned fit(const struct allowance *a, struct str rank, struct str place)
{
    if (a->rank.n && !str_eq(a->rank, rank)) return 0;
    if (a->place.n && !str_eq(a->place, place)) return 0;
    return 1U + (a->place.n ? 1U : 0U) + (a->rank.n ? 2U : 0U);
}

const struct allowance *policy_allowance(const struct policy *p, struct str rank, struct str place,
                                         struct str kind)
{
    const struct allowance *best = NULL;
    unsigned best_fit = 0;
    for (uint32_t i = 0; i < p->allowance_count; i++) {
        const struct allowance *a = &p->allowances[i];
        unsigned n = str_eq(a->kind, kind) ? fit(a, rank, place) : 0;
        if (n > best_fit) best = a, best_fit = n;
    }
    return best;
}
