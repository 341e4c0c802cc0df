/* policy_parts.c - what a company says about its parts: the parts policies PP-… (parts section 11)
 * and the keys under `parts:` of policy.yaml; their schema, defaults and checks. */
#include "common/policy_schema.h"
#include <string.h>

/* ---- schema ---- */

static const cyaml_strval_t request[] = {
    {"abnormal", PARTS_REQUEST_abnormal}, {"requisition", PARTS_REQUEST_requisition},
    {"feedback", PARTS_REQUEST_feedback}, {"report", PARTS_REQUEST_report},
    {"contact", PARTS_REQUEST_contact},   {"suspect", PARTS_REQUEST_suspect}};
static const cyaml_strval_t writeoff[] = {{"none", PARTS_WRITEOFF_none},
                                          {"return_note", PARTS_WRITEOFF_return_note},
                                          {"report", PARTS_WRITEOFF_report},
                                          {"claimlist", PARTS_WRITEOFF_claimlist},
                                          {"receipt", PARTS_WRITEOFF_receipt}};
static const cyaml_strval_t old_parts[] = {
    {"none", PARTS_OLD_none}, {"classes", PARTS_OLD_classes}, {"all", PARTS_OLD_all}};
static const cyaml_strval_t freight[] = {{"none", PARTS_FREIGHT_none},
                                         {"audited", PARTS_FREIGHT_audited},
                                         {"signed", PARTS_FREIGHT_signed}};

static const cyaml_schema_field_t parts_policy[] = {
    NAME("id", MUST, struct parts_policy, id),
    TEXT("source", OPT, struct parts_policy, source),
    WORD("request", MUST, struct parts_policy, request, request),
    WORDS("approver", OPT, struct parts_policy, approver),
    WORDS("issue_steps", OPT, struct parts_policy, issue_steps),
    WORD("writeoff", OPT, struct parts_policy, writeoff, writeoff),
    WORD("old_parts", OPT, struct parts_policy, old_parts, old_parts),
    WORDS("return_classes", OPT, struct parts_policy, return_classes),
    UINT("liability_min_bp", OPT, struct parts_policy, liability_min_bp),
    UINT("liability_max_bp", OPT, struct parts_policy, liability_max_bp),
    UINT("liability_default_bp", OPT, struct parts_policy, liability_default_bp),
    UINT("unmatched_factor", OPT, struct parts_policy, unmatched_factor),
    FLAG("feedback", OPT, struct parts_policy, feedback),
    FLAG("monthly_disposal", OPT, struct parts_policy, monthly_disposal),
    FLAG("secondary", OPT, struct parts_policy, secondary),
    FLAG("return_clock", OPT, struct parts_policy, return_clock),
    FLAG("posted_if_possible", OPT, struct parts_policy, posted_if_possible),
    UINT("carried_days", OPT, struct parts_policy, carried_days),
    FLAG("new_original", OPT, struct parts_policy, new_original),
    WORD("freight", OPT, struct parts_policy, freight, freight),
    FLAG("batch_inspection", OPT, struct parts_policy, batch_inspection),
    FLAG("supply_plan", OPT, struct parts_policy, supply_plan),
    FLAG("origin_proof", OPT, struct parts_policy, origin_proof),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_parts_policy = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct parts_policy, parts_policy)};

/* old */
static const cyaml_schema_field_t agreement[] = {
    ROLE("supplier", MUST, struct supplier_agreement, supplier),
    WORDS("items", MUST, struct supplier_agreement, items), CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_supplier_agreement = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct supplier_agreement, agreement)};

static const cyaml_strval_t yes_no[] = {{"yes", yes_no_yes}, {"no", yes_no_no}};

const cyaml_schema_field_t policy_schema_parts_keys[] = {
    WORD("stock_nonnegative", OPT, struct raw_parts_keys, stock_nonnegative, yes_no),
    /* issue */
    WORDS("review_self_made", OPT, struct raw_parts_keys, k.review_self_made),
    WORDS("review_bought_in", OPT, struct raw_parts_keys, k.review_bought_in),
    WORDS("review_other", OPT, struct raw_parts_keys, k.review_other),
    /* spare */
    WORDS("feedback_days", OPT, struct raw_parts_keys, k.feedback_days),
    ROLE("purchase_department", OPT, struct raw_parts_keys, k.purchase_department),
    ROLE("planning_department", OPT, struct raw_parts_keys, k.planning_department),
    ROLE("foreign_shipper", OPT, struct raw_parts_keys, k.foreign_shipper),
    /* store */
    WORD("requisition_required", OPT, struct raw_parts_keys, requisition_required, yes_no),
    FLAG("free_returns", OPT, struct raw_parts_keys, k.free_returns),
    WORD("stock_spec", OPT, struct raw_parts_keys, stock_spec, yes_no),
    WORD("count_posts", OPT, struct raw_parts_keys, count_posts, yes_no),
    UINT("receipt_copies", OPT, struct raw_parts_keys, k.receipt_copies),
    /* old */
    FLAG("block_on_overdue", OPT, struct raw_parts_keys, k.block_on_overdue),
    WORDS("loss_items", OPT, struct raw_parts_keys, k.loss_items),
    ROLE("liability_decider", OPT, struct raw_parts_keys, k.liability_decider),
    UINT("mismatch_day", OPT, struct raw_parts_keys, k.mismatch_day),
    UINT("oldpart_cutoff_day", OPT, struct raw_parts_keys, k.oldpart_cutoff_day),
    ROLE("return_dept_own", OPT, struct raw_parts_keys, k.return_dept_own),
    ROLE("return_dept_other", OPT, struct raw_parts_keys, k.return_dept_other),
    WORDS("secondary_items", OPT, struct raw_parts_keys, k.secondary_items),
    /* cost */
    WORDS("needs_prior_consent", OPT, struct raw_parts_keys, k.needs_prior_consent),
    WORDS("expense_checks", OPT, struct raw_parts_keys, k.expense_checks),
    WORDS("travel_kinds", OPT, struct raw_parts_keys, k.travel_kinds),
    INT_PTR("travel_tolerance_days", OPT, struct raw_parts_keys, travel_tolerance_days),
    UINT("slip_max_age_months", OPT, struct raw_parts_keys, k.slip_max_age_months),
    UINT("expense_monthly_day", OPT, struct raw_parts_keys, k.expense_monthly_day),
    WORD("advance_block_overdue", OPT, struct raw_parts_keys, advance_block_overdue, yes_no),
    WORDS("expense_reviewer", OPT, struct raw_parts_keys, k.expense_reviewer),
    WORDS("expense_approver", OPT, struct raw_parts_keys, k.expense_approver),
    WORDS("advance_reviewer", OPT, struct raw_parts_keys, k.advance_reviewer),
    WORDS("advance_approver", OPT, struct raw_parts_keys, k.advance_approver),
    /* audit */
    WORDS("match_keys", OPT, struct raw_parts_keys, k.match_keys),
    ROLE("reversed_by", OPT, struct raw_parts_keys, k.reversed_by),
    UINT("audit_day", OPT, struct raw_parts_keys, k.audit_day),
    WORD("card_once", OPT, struct raw_parts_keys, card_once, yes_no), CYAML_FIELD_END};

/* ---- items and keys ---- */

void policy_parts_policy(struct policy_build *b, const void *raw, void *out,
                         struct policy_origin at)
{
    struct parts_policy *p = out;
    memcpy(p, raw, sizeof *p);
    if (p->liability_min_bp > p->liability_max_bp || p->liability_max_bp > 10000 ||
        p->liability_default_bp < p->liability_min_bp ||
        p->liability_default_bp > p->liability_max_bp) {
        policy_fault_item(b, PART_parts_policies, at, "liability_min_bp",
                          "the liability goes from liability_min_bp to liability_max_bp, at most "
                          "10000, with liability_default_bp between them");
    }
    if (p->unmatched_factor > 1000) {
        policy_fault_item(b, PART_parts_policies, at, "unmatched_factor",
                          "must be at most 1000 times the value");
    }
    if (p->old_parts == PARTS_OLD_classes && p->return_classes.n == 0) {
        policy_fault_item(b, PART_parts_policies, at, "return_classes",
                          "old_parts: classes needs the list of classes that must come back");
    }
}

/* old */
static const struct str claim_words[] = {{"parts", 5}, {"freight", 7}, {"labour", 6}};

static bool all_claims(struct words w)
{
    struct words known = {claim_words, COUNT_OF(claim_words)};
    for (uint32_t i = 0; i < w.n; i++) {
        if (!words_have(known, w.v[i])) return false;
    }
    return true;
}

void policy_parts_agreement(struct policy_build *b, const void *raw, void *out,
                            struct policy_origin at)
{
    struct supplier_agreement *a = out;
    memcpy(a, raw, sizeof *a);
    if (a->items.n && all_claims(a->items)) return;
    policy_fault_item(b, PART_supplier_agreements, at, "items",
                      "must list what the supplier bears: parts, freight, labour");
}

static void old_keys(struct parts_keys *out)
{
    if (!out->loss_items.n) out->loss_items = (struct words){claim_words, 2};
    if (!out->liability_decider.n) out->liability_decider = STR("head");
    if (!out->mismatch_day) out->mismatch_day = 5;
    if (!out->oldpart_cutoff_day) out->oldpart_cutoff_day = 25;
    if (!out->return_dept_own.n) out->return_dept_own = STR("生產部");
    if (!out->return_dept_other.n) out->return_dept_other = STR("供銷部");
    if (!out->secondary_items.n) out->secondary_items = (struct words){claim_words, 1};
}

static void old_check(struct policy_build *b)
{
    const struct parts_keys *k = &b->policy->parts;
    if (k->mismatch_day > 28)
        policy_check_key(b, "parts.mismatch_day", "must be a day every month has, 1 to 28");
    if (k->oldpart_cutoff_day > 28)
        policy_check_key(b, "parts.oldpart_cutoff_day", "must be a day every month has, 1 to 28");
    struct words loss = {claim_words, 2};
    for (uint32_t i = 0; i < k->loss_items.n; i++) {
        if (!words_have(loss, k->loss_items.v[i]))
            policy_check_key(b, "parts.loss_items", "may hold parts and freight");
    }
    if (!all_claims(k->secondary_items))
        policy_check_key(b, "parts.secondary_items", "may hold parts, freight and labour");
}

/* PRT-006: 生產部 for what it makes; for the rest also supply and sales 供銷部. */
#define LISTED(v) ((struct words){v, COUNT_OF(v)})
static const struct str makers[] = {{"生產部", 9}};
static const struct str both[] = {{"供銷部", 9}, {"生產部", 9}};

static bool yes_by_default(enum yes_no written)
{
    return written != yes_no_no;
}

/* ---- spare ---- */

static const struct str feedback_days[] = {{"15", 2}, {"last", 4}}; /* PRT-016 */

static void spare_keys(struct parts_keys *out)
{
    if (out->feedback_days.n == 0)
        out->feedback_days = (struct words){feedback_days, COUNT_OF(feedback_days)};
    if (out->purchase_department.n == 0) out->purchase_department = STR("物資保障部");
    if (out->planning_department.n == 0) out->planning_department = STR("綜合計劃部");
    if (out->foreign_shipper.n == 0) out->foreign_shipper = STR("市場部門");
}

/* Day of the month, 31 for "last"; 0 = neither. */
static uint32_t day_of_month(struct str word)
{
    uint32_t day = 0;
    if (str_is(word, "last")) return 31;
    if (word.n > 2) return 0;
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] < '0' || word.p[i] > '9') return 0;
        day = 10 * day + (uint32_t)(word.p[i] - '0');
    }
    return day <= 28 ? day : 0;
}

static void check_feedback_days(struct policy_build *b)
{
    const struct words *days = &b->policy->parts.feedback_days;
    uint32_t before = 0;
    for (uint32_t i = 0; i < days->n; i++) {
        uint32_t day = day_of_month(days->v[i]);
        if (day <= before) {
            policy_check_key(b, "parts.feedback_days",
                             "must hold days of the month from 1 to 28 in rising order; the last "
                             "may be the word last");
            return;
        }
        before = day;
    }
}

/* ---- audit ---- */

/* What two documents of the same work agree in (PRT-061). */
static const struct str match_keys[] = {{"staff", 5}, {"day", 3}, {"site", 4}};

static void audit_keys(const struct raw_parts_keys *raw, struct parts_keys *out)
{
    out->card_once = yes_by_default(raw->card_once);
    if (!out->match_keys.n) out->match_keys = (struct words){match_keys, COUNT_OF(match_keys)};
    if (!out->reversed_by.n) out->reversed_by = STR("head");
    if (!out->audit_day) out->audit_day = 5;
}

void policy_parts_keys(const struct raw_parts_keys *raw, struct parts_keys *out)
{
    *out = raw->k;
    out->stock_nonnegative = yes_by_default(raw->stock_nonnegative);
    /* issue */
    if (!out->review_self_made.n) out->review_self_made = LISTED(makers);
    if (!out->review_bought_in.n) out->review_bought_in = LISTED(both);
    if (!out->review_other.n) out->review_other = LISTED(both);
    /* spare */
    spare_keys(out);
    /* store */
    out->requisition_required = yes_by_default(raw->requisition_required);
    out->stock_spec = yes_by_default(raw->stock_spec);
    out->count_posts = yes_by_default(raw->count_posts);
    if (!out->receipt_copies) out->receipt_copies = 2;
    /* old */
    old_keys(out);
    /* cost */
    policy_parts_cost_keys(raw, out);
    /* audit */
    audit_keys(raw, out);
}

/* ---- checks ---- */

/* Steps of the three-guarantee note in their order (PRT-014). */
static const char *const steps[] = {"signed", "stamped", "drawn", "shipped", "tracked", "received"};

static void check_steps(struct policy_build *b, const struct parts_policy *p,
                        struct policy_origin at)
{
    size_t next = 0;
    for (uint32_t i = 0; i < p->issue_steps.n; i++) {
        while (next < COUNT_OF(steps) && !str_is(p->issue_steps.v[i], steps[next]))
            next++;
        if (next++ < COUNT_OF(steps)) continue;
        policy_fault_item(b, PART_parts_policies, at, "issue_steps",
                          "may hold signed, stamped, drawn, shipped, tracked, received, in this "
                          "order");
        return;
    }
}

/* A counterpart is looked for among the documents of a person and day. */
static void check_audit(struct policy_build *b)
{
    const struct parts_keys *k = &b->policy->parts;
    bool known = words_have(k->match_keys, STR("staff")) && words_have(k->match_keys, STR("day"));
    for (uint32_t i = 0; i < k->match_keys.n; i++) {
        struct str w = k->match_keys.v[i];
        known = known && (str_is(w, "staff") || str_is(w, "day") || str_is(w, "site") ||
                          str_is(w, "product"));
    }
    if (!known)
        policy_check_key(b, "parts.match_keys", "holds staff and day, and may hold site, product");
    if (k->audit_day > 28)
        policy_check_key(b, "parts.audit_day", "must be a day every month has, 1 to 28");
}

void policy_parts_check(struct policy_build *b)
{
    check_audit(b);
    const struct policy_list *l = &b->lists[PART_parts_policies],
                             *services = &b->lists[PART_services];
    if (b->policy->parts.receipt_copies > 255) /* store */
        policy_check_key(b, "parts.receipt_copies", "must be at most 255 copies");
    for (uint32_t i = 0; i < l->n; i++)
        check_steps(b, (const struct parts_policy *)l->v + i, l->at[i]);
    check_feedback_days(b);

    /* old */
    old_check(b);
    for (uint32_t i = 0; l->n && i < services->n; i++) {
        const struct service_policy *sp = (const struct service_policy *)services->v + i;
        policy_check_name(b, PART_services, services->at[i], "parts_policy", sp->parts_policy,
                          PART_parts_policies, "a parts policy that is defined here");
    }
    /* cost */
    policy_parts_cost_check(b);
}

/* ---- questions ---- */

/* A set without any has one that asks for nothing. */
static const struct parts_policy nothing = {.id = {"PP-NONE", 7}};

const struct parts_policy *policy_parts(const struct policy *p, struct str id)
{
    for (uint32_t i = 0; i < p->parts_policy_count; i++) {
        if (str_eq(p->parts_policies[i].id, id)) return &p->parts_policies[i];
    }
    return &nothing;
}

struct words policy_supplier_bears(const struct policy *p, struct str supplier)
{
    for (uint32_t i = 0; i < p->supplier_agreement_count; i++) {
        const struct supplier_agreement *a = &p->supplier_agreements[i];
        if (str_eq(a->supplier, supplier)) return a->items;
    }
    return p->parts.secondary_items;
}
