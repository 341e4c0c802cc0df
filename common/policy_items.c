/* policy_items.c - an item of a policy file as it is used: the defaults of the rules filled in.
 *
 * One function per kind of item, raw struct in, struct of policy.h out. Whatever a row of the
 * rules' tables leaves out has the default given in intake section 16 and dispatch section 12. */
#include "common/contract.h"
#include "common/policy_private.h"
#include <string.h>

#define AT_DAY_END 1440 /* CV-8: the cut-off of a day is 24:00 */

static const struct str signature_only[] = {{"user_signature", 14}};

static const struct str four_areas[] = {
    {"assembly", 8}, {"paint", 5}, {"body", 4}, {"logistics", 9}};

static bool yes_by_default(enum yes_no written)
{
    return written != yes_no_no;
}

static struct str or_default(struct str written, const char *otherwise)
{
    return written.n ? written : str_of(otherwise);
}

/* ---- services ---- */

static void make_service(struct policy_build *b, const void *raw, void *out,
                         struct policy_origin at)
{
    (void)b, (void)at;
    const struct raw_service *r = raw;
    struct service_policy *p = out;
    *p = r->p;
    if (p->clock == clock_kind_none) p->clock = clock_kind_elapsed;
    bool working = p->clock == clock_kind_working;
    bool business = r->register_day == RAW_DAY_none ? working : r->register_day == RAW_DAY_business;
    p->register_day = business ? REGISTER_DAY_business : REGISTER_DAY_calendar; /* INT-029 */
    p->same_day_dispatch = yes_by_default(r->same_day_dispatch);
    p->agreed_time_overrides = yes_by_default(r->agreed_time_overrides);
    p->sign_after_finish = yes_by_default(r->sign_after_finish);
    if (p->reply_min && p->reply_kind == reply_kind_none) p->reply_kind = reply_kind_answer;
    p->parts_policy = or_default(p->parts_policy, "PP-GEN");
    p->evidence_name = or_default(p->evidence_name, "服務憑證");
    if (p->evidence_fields.n == 0) {
        p->evidence_fields = (struct words){signature_only, COUNT_OF(signature_only)};
    }
    p->escalation = or_default(p->escalation, working ? "ESC-W" : "ESC-E");
}

/* ---- kinds that are used as written ---- */

static void make_warranty(struct policy_build *b, const void *raw, void *out,
                          struct policy_origin at)
{
    (void)b, (void)at;
    memcpy(out, raw, sizeof(struct warranty_policy));
}

static void make_kind(struct policy_build *b, const void *raw, void *out, struct policy_origin at)
{
    (void)b, (void)at;
    memcpy(out, raw, sizeof(struct order_kind));
}

/* staff */
static void make_staff_reports(struct policy_build *b, const void *raw, void *out,
                               struct policy_origin at)
{
    (void)b, (void)at;
    memcpy(out, raw, sizeof(struct staff_reports));
}

/* ---- escalation sets ---- */

static void make_level(struct policy_build *b, const struct raw_set *r, uint32_t i,
                       struct policy_origin at, struct escalation_level *out)
{
    const struct raw_level *l = &r->levels[i];
    bool days = r->s.clock == clock_kind_day;
    const int64_t *offset = days ? l->offset_days : l->offset_min;
    const int64_t *other = days ? l->offset_min : l->offset_days;
    char key[32];
    snprintf(key, sizeof key, "levels[%u]", i);
    if (!offset || other) {
        policy_fault_item(b, PART_sets, at, key, "a set on the %s clock gives %s for each level",
                          days ? "day" : "elapsed or working",
                          days ? "offset_days and not offset_min"
                               : "offset_min and not offset_days");
    }
    *out = (struct escalation_level){l->level, offset ? *offset : 0, l->to, l->copy};
}

static void make_set(struct policy_build *b, const void *raw, void *out, struct policy_origin at)
{
    const struct raw_set *r = raw;
    struct escalation_set *s = out;
    *s = r->s;
    s->level_count = r->level_count;
    for (uint32_t i = 0; i < r->level_count; i++)
        make_level(b, r, i, at, &s->levels[i]);
}

/* ---- deadlines ---- */

static void make_deadline(struct policy_build *b, const void *raw, void *out,
                          struct policy_origin at)
{
    const struct raw_deadline *r = raw;
    struct deadline_setting *d = out;
    *d = r->d;
    d->days = r->days ? *r->days : -1;
    d->at_min = AT_DAY_END;
    if (d->next_day && d->days == 1) d->every_day |= !b->policy->keys.next_day_working;
    if (r->days && *r->days < 0) {
        policy_fault_item(b, PART_deadlines, at, "days", "%d must be 0 or more", *r->days);
    }
    if (r->at.n == 0) return;
    d->at_min = policy_calendar_minute(r->at);
    if (d->at_min < 0) {
        policy_fault_item(b, PART_deadlines, at, "at",
                          "\"%.*s\" must be a time of day like \"17:30\" or \"24:00\"",
                          STR_ARG(r->at));
    }
}

/* ---- targets ---- */

/* "90" or "88.50" as per cent x 100; -1 when it is not a percentage of 0 to 100. */
static int64_t percent_parse(struct str s)
{
    int64_t v = 0;
    uint32_t i = 0;
    for (; i < s.n && i < 3 && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        v = v * 10 + (s.p[i] - '0');
    if (i == 0) return -1;
    uint32_t digits = 0;
    if (i < s.n && s.p[i] == '.') {
        for (i++; i < s.n && digits < 2 && s.p[i] >= '0' && s.p[i] <= '9'; i++, digits++) {
            v = v * 10 + (s.p[i] - '0');
        }
        if (digits == 0) return -1;
    }
    for (; digits < 2; digits++)
        v *= 10;
    return i == s.n && v <= 10000 ? v : -1;
}

static void make_target(struct policy_build *b, const void *raw, void *out, struct policy_origin at)
{
    const struct raw_target *r = raw;
    struct kpi_target *t = out;
    *t = r->t;
    t->target = percent_parse(r->target);
    if (t->target < 0) {
        policy_fault_item(b, PART_targets, at, "target",
                          "\"%.*s\" must be a percentage from 0 to 100, like 90 or 88.50",
                          STR_ARG(r->target));
    }
}

const struct policy_convert policy_converts[PART_COUNT] = {
    [PART_services] = {sizeof(struct raw_service), sizeof(struct service_policy), make_service},
    [PART_warranties] = {sizeof(struct warranty_policy), sizeof(struct warranty_policy),
                         make_warranty},
    [PART_sets] = {sizeof(struct raw_set), sizeof(struct escalation_set), make_set},
    [PART_deadlines] = {sizeof(struct raw_deadline), sizeof(struct deadline_setting),
                        make_deadline},
    [PART_kinds] = {sizeof(struct order_kind), sizeof(struct order_kind), make_kind},
    [PART_targets] = {sizeof(struct raw_target), sizeof(struct kpi_target), make_target},
    [PART_staff_reports] = {sizeof(struct staff_reports), sizeof(struct staff_reports),
                            make_staff_reports},
    [PART_departments] = {sizeof(struct department), sizeof(struct department),
                          policy_complaint_department},
    [PART_steps] = {sizeof(struct raw_step), sizeof(struct relay_step), policy_complaint_step},
    [PART_authority] = {sizeof(struct raw_authority), sizeof(struct authority_level),
                        policy_complaint_authority},
    /* money */
    [PART_sanction_items] = {sizeof(struct sanction_item), sizeof(struct sanction_item),
                             policy_money_item},
    [PART_sanction_bands] = {sizeof(struct raw_sanction_band), sizeof(struct sanction_band),
                             policy_money_band},
    [PART_loss_basis] = {sizeof(struct loss_basis), sizeof(struct loss_basis), policy_money_basis},
    /* conduct */
    [PART_ledger_facts] = {sizeof(struct raw_ledger_fact), sizeof(struct ledger_fact),
                           policy_ledger_fact_make},
    [PART_ledger_sources] = {sizeof(struct ledger_source), sizeof(struct ledger_source),
                             policy_ledger_source_make},
    /* parts */
    [PART_parts_policies] = {sizeof(struct parts_policy), sizeof(struct parts_policy),
                             policy_parts_policy},
    /* old */
    [PART_supplier_agreements] = {sizeof(struct supplier_agreement),
                                  sizeof(struct supplier_agreement), policy_parts_agreement},
    /* cost */
    [PART_expense_checks] = {sizeof(struct expense_checks), sizeof(struct expense_checks),
                             policy_expense_checks},
    [PART_allowances] = {sizeof(struct raw_allowance), sizeof(struct allowance),
                         policy_allowance_make},
    /* scoring */
    [PART_score_facts] = {sizeof(struct score_fact), sizeof(struct score_fact),
                          policy_scoring_fact},
    [PART_schemes] = {sizeof(struct raw_scheme), sizeof(struct scheme), policy_scoring_scheme},
    [PART_approvers] = {sizeof(struct scheme_approvers), sizeof(struct scheme_approvers),
                        policy_scoring_approvers},
    [PART_score_kpis] = {sizeof(struct raw_score_kpi), sizeof(struct score_kpi),
                         policy_scoring_kpi},
    [PART_score_reports] = {sizeof(struct score_report), sizeof(struct score_report),
                            policy_scoring_report},
};

/* ---- keys ---- */

/* followup */
static const struct str sms_fields[] = {
    {"date", 4}, {"site", 4}, {"product", 7}, {"fault", 5}, {"parts", 5}}; /* INT-080 */

static void followup_keys(const struct raw_keys *raw, struct policy_keys *out)
{
    if (out->callback_attempts == 0) out->callback_attempts = 3; /* INT-079 */
    if (out->sms_compared_fields.n == 0)
        out->sms_compared_fields = (struct words){sms_fields, COUNT_OF(sms_fields)};
    if (out->vip_a_months == 0) out->vip_a_months = 3;    /* INT-081 */
    if (out->vip_b_months == 0) out->vip_b_months = 6;    /* INT-081 */
    if (out->followup_days == 0) out->followup_days = 90; /* INT-083 */
    out->followup_regular = yes_by_default(raw->followup_regular);
    out->followup_paid = yes_by_default(raw->followup_paid);
}

/* INT-093, the weekly table of the web shop; source S003 客服部售后统计报表. */
static const struct str ecom_categories[] = {
    {"無網點返回", 15},
    {"客戶未收到貨", 18},
    {"丟件,無物流信息", 22},
    {"錯發、漏發", 15},
    {"噴頭噴不出來", 18},
    {"產品碎了", 12},
    {"客戶原因(電話停機,聯繫不上)", 39},
    {"件破損客戶拒簽了", 24},
    {"蓋子裂了", 12},
    {"產品滲漏", 12},
    {"發貨後要求修改地址", 27},
    {"客戶原因(要求換貨)", 26},
    {"客服原因", 12},
};
/* INT-040, source S001 4.3, the first; it ends in 等. */
static const struct str special_domains[] = {
    {"地鐵", 6},
    {"產業集採", 12},
    {"熱電供暖", 12},
    {"水利", 6},
};
/* INT-101, source S002 3.3.2. */
static const struct str contact_roles[] = {
    {"sqe", 3},
    {"project_engineer", 16},
    {"product_engineer", 16},
    {"logistics_engineer", 18},
    {"incoming_inspection", 19},
    {"section_leader", 14},
    {"team_leader", 11},
    {"operator", 8},
};
#define LISTED(v) ((struct words){v, COUNT_OF(v)})

static void desk_keys(struct policy_keys *out)
{
    if (out->quote_valid_days == 0) out->quote_valid_days = 15;
    if (out->key_customer_visit_months == 0) out->key_customer_visit_months = 12;
    if (out->special_domains.n == 0) out->special_domains = LISTED(special_domains);
    if (out->ecom_categories.n == 0) out->ecom_categories = LISTED(ecom_categories);
    if (out->contact_roles.n == 0) out->contact_roles = LISTED(contact_roles);
}

void policy_items_keys(const struct raw_keys *raw, struct policy_keys *out)
{
    *out = raw->k;
    out->call_no_format = or_default(out->call_no_format, "{unit}-{day}-{n}"); /* INT-005 */
    out->next_day_working = raw->next_day == RAW_NEXT_working;
    if (out->workday_min == 0) out->workday_min = 480;                               /* CV-8 */
    if (out->unknown_zone == zone_kind_none) out->unknown_zone = zone_kind_suburban; /* INT-096 */
    out->near_with_maker_both = raw->near_with_maker == RAW_NEAR_both;
    out->unqualified_refuse = raw->unqualified_mode == RAW_UNQUALIFIED_refuse;
    out->first_arrival_stops = yes_by_default(raw->first_arrival_stops);
    out->remote_fix_stops = yes_by_default(raw->remote_fix_stops);
    out->repair_start_refuse = raw->repair_start_checks == RAW_CHECKS_refuse;
    if (out->repeat_window_days == 0) out->repeat_window_days = 30; /* DSP-063 */
    /* plan */
    if (out->contract_notice_months == 0) out->contract_notice_months = 1; /* INT-057 */
    if (out->pm_lead_days == 0) out->pm_lead_days = 7;                     /* INT-059 */
    /* staff */
    if (out->cards_by_day == 0) out->cards_by_day = 5;                 /* DSP-054 */
    out->suggest_technician = yes_by_default(raw->suggest_technician); /* DSP-003 */
    followup_keys(raw, out);
    /* goods */
    struct str low = or_default(raw->low_fee_max, "500.00");                       /* DSP-043 */
    if (!exact_money_parse(low, &out->low_fee_max_fen)) out->low_fee_max_fen = -1; /* a fault */
    if (out->promised_default_days == 0) out->promised_default_days = 3;           /* DSP-040 */
    /* shop, plant */
    if (out->trial_fit_photos_min == 0) out->trial_fit_photos_min = 1; /* DSP-013 */
    out->exit_inspector_differs = yes_by_default(raw->exit_inspector_differs);
    out->exit_sheets = yes_by_default(raw->exit_sheets);
    out->rework_free = yes_by_default(raw->rework_free);
    out->workorder_signed = yes_by_default(raw->workorder_signed);
    if (out->sorting_areas.n == 0) { /* DSP-075, source */
        out->sorting_areas = (struct words){four_areas, COUNT_OF(four_areas)};
    }
    desk_keys(out);
}
