/* policy_complaint.c - what a company says about its complaints: departments and what they may do
 * (CMP-028), the route of the 客戶抱怨處理表 (CMP-036, CMP-037), the authority table 核決權限
 * (CMP-042) and the keys under `complaint:` of policy.yaml; their schema, defaults and checks. */
#include "common/policy_route.h"
#include "common/policy_schema.h"
#include <stdlib.h>
#include <string.h>

/* ---- schema ---- */

/* money */
static const cyaml_strval_t resale_scope[] = {{"administrative", RESALE_administrative},
                                              {"all", RESALE_all}};
static const cyaml_strval_t excluded_from[] = {{"accepted", EXCLUDED_accepted},
                                               {"filed", EXCLUDED_filed}};
static const cyaml_strval_t on_overflow[] = {{"extend", NUMBER_extend}, {"reject", NUMBER_reject}};
static const cyaml_strval_t route_fit[] = {{"warn", ROUTE_FIT_warn}, {"refuse", ROUTE_FIT_refuse}};

static const cyaml_schema_field_t department[] = {
    CALENDAR("name", MUST, struct department, name), CALENDAR("unit", OPT, struct department, unit),
    TEXT("label", MUST, struct department, label), WORDS("may", OPT, struct department, may),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_department = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct department, department)};

static const cyaml_schema_field_t step[] = {
    CALENDAR("step", MUST, struct raw_step, s.name),
    UINT("at", MUST, struct raw_step, s.at),
    CALENDAR("department", MUST, struct raw_step, s.department),
    NAME("deadline", OPT, struct raw_step, s.deadline),
    WORDS("needs", OPT, struct raw_step, s.needs),
    FLAG("optional", OPT, struct raw_step, s.optional),
    FLAG("late", OPT, struct raw_step, s.late),
    FLAG("off", OPT, struct raw_step, s.off),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_step = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_step, step)};

static const cyaml_schema_field_t authority[] = {NAME("level", MUST, struct raw_authority, level),
                                                 TEXT("up_to", OPT, struct raw_authority, up_to),
                                                 CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_authority = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_authority, authority)};

const cyaml_schema_field_t policy_schema_complaint_keys[] = {
    /* case */
    WORD("number_on_overflow", OPT, struct raw_complaint_keys, k.number_on_overflow, on_overflow),
    FLAG("number_year_roc", OPT, struct raw_complaint_keys, k.number_year_roc),
    WORDS("scope_products", OPT, struct raw_complaint_keys, k.scope_products),
    WORDS("pause_reasons", OPT, struct raw_complaint_keys, k.pause_reasons),
    WORDS("categories", OPT, struct raw_complaint_keys, k.categories),
    WORDS("form_fields", OPT, struct raw_complaint_keys, k.form_fields),
    WORDS("close_requires", OPT, struct raw_complaint_keys, k.close_requires),
    TEXT("unknown_quantity_note", OPT, struct raw_complaint_keys, k.unknown_quantity_note),
    UINT("case_years", OPT, struct raw_complaint_keys, k.case_years),
    /* money */
    UINT("review_day", OPT, struct raw_complaint_keys, k.review_day),
    UINT("resale_months", OPT, struct raw_complaint_keys, k.resale_months),
    WORD("resale_scope", OPT, struct raw_complaint_keys, k.resale_scope, resale_scope),
    TEXT("resale_loss_floor", OPT, struct raw_complaint_keys, resale_loss_floor),
    TEXT("warn_min", OPT, struct raw_complaint_keys, warn_min),
    TEXT("minor_min_per_base", OPT, struct raw_complaint_keys, minor_min_per_base),
    UINT("bases_default", OPT, struct raw_complaint_keys, k.bases_default),
    WORDS("unit_departments", OPT, struct raw_complaint_keys, k.unit_departments),
    WORDS("person_departments", OPT, struct raw_complaint_keys, k.person_departments),
    WORDS("return_proofs", OPT, struct raw_complaint_keys, k.return_proofs),
    WORDS("allowance_proofs", OPT, struct raw_complaint_keys, k.allowance_proofs),
    UINT("over_ratio_bp", OPT, struct raw_complaint_keys, k.over_ratio_bp),
    FLAG("first_responsibility", OPT, struct raw_complaint_keys, k.first_responsibility),
    WORD("receivable_excluded_from", OPT, struct raw_complaint_keys, k.receivable_excluded_from,
         excluded_from),
    /* quality */
    UINT("recurrence_months", OPT, struct raw_complaint_keys, k.recurrence_months),
    WORDS("form_addressees", OPT, struct raw_complaint_keys, k.form_addressees),
    WORDS("project_departments", OPT, struct raw_complaint_keys, k.project_departments),
    /* voice */
    ROLE("approved_by", OPT, struct raw_complaint_keys, k.approved_by),
    WORDS("sanction_causes", OPT, struct raw_complaint_keys, k.sanction_causes),
    /* fit */
    WORD("route_fit", OPT, struct raw_complaint_keys, k.route_fit, route_fit), CYAML_FIELD_END};

/* ---- defaults ---- */

/* CMP-128, source S003 售后服务情况表 1. */
static const struct str categories[] = {
    {"product_quality", 15}, {"service_attitude", 16}, {"delivery_time", 13}, {"other", 5}};
static const struct str form_addressees[] = {{"質保部", 9}};
static const struct str project_departments[] = {{"qa", 2}, {"manufacturing", 13}, {"rd", 2}};

/* CMP-023, source S000 (九)1; the sixth, defective_qty, is needed by the contract. */
static const struct str form_fields[] = {
    {"order_no", 8}, {"material", 8}, {"shipped_on", 10}, {"qty", 3}, {"demand", 6}};
/* CMP-050, the list itself is default (source silent). */
static const struct str close_requires[] = {
    {"reply", 5}, {"opinion", 7}, {"decision", 8}, {"liability", 9}, {"improvement", 11}};

/* A list that is written is the company's own; [none] is an empty one. */
static struct words list_or(struct words written, const struct str *otherwise, uint32_t n)
{
    return written.n ? written : (struct words){otherwise, n};
}

/* CMP-021, source S000 (十五). */
#define GENERAL_MANAGER "總經理"

/* CMP-076, source S003 售后服务管理制度 四.2.1 … 2.4. */
static const struct str sanction_causes[] = {
    {"quarrel", 7}, {"solicitation", 12}, {"untimely", 8}, {"repeat_repair", 13}};

void policy_complaint_keys(const struct raw_complaint_keys *raw, struct complaint_keys *out)
{
    *out = raw->k;
    /* case */
    out->categories = list_or(out->categories, categories, COUNT_OF(categories));
    out->form_fields = list_or(out->form_fields, form_fields, COUNT_OF(form_fields));
    out->close_requires = list_or(out->close_requires, close_requires, COUNT_OF(close_requires));
    if (out->unknown_quantity_note.n == 0)
        out->unknown_quantity_note = STR("客戶加工中未確定"); /* CMP-024 */
    if (out->case_years == 0) out->case_years = 2;            /* CMP-136 */
    /* money */
    policy_money_keys(raw, out);
    /* quality */
    if (out->recurrence_months == 0) out->recurrence_months = 12; /* CMP-099 */
    if (out->form_addressees.n == 0)
        out->form_addressees = (struct words){form_addressees, COUNT_OF(form_addressees)};
    if (out->project_departments.n == 0) {
        out->project_departments =
            (struct words){project_departments, COUNT_OF(project_departments)};
    }
    /* voice */
    if (out->approved_by.n == 0) out->approved_by = STR(GENERAL_MANAGER);
    if (out->sanction_causes.n == 0)
        out->sanction_causes = (struct words){sanction_causes, COUNT_OF(sanction_causes)};
}

void policy_complaint_department(struct policy_build *b, const void *raw, void *out,
                                 struct policy_origin at)
{
    (void)b, (void)at;
    memcpy(out, raw, sizeof(struct department));
}

void policy_complaint_step(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at)
{
    (void)b, (void)at;
    *(struct relay_step *)out = ((const struct raw_step *)raw)->s;
}

void policy_complaint_authority(struct policy_build *b, const void *raw, void *out,
                                struct policy_origin at)
{
    const struct raw_authority *r = raw;
    struct authority_level *l = out;
    *l = (struct authority_level){.level = r->level};
    if (r->up_to.n == 0) return;
    if (!exact_money_parse(r->up_to, &l->up_to_fen) || l->up_to_fen <= 0) {
        policy_fault_item(b, PART_authority, at, "up_to",
                          "must be an amount in yuan above 0, like 10000.00");
    }
}

static int by_place(const void *a, const void *b)
{
    const struct relay_step *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

void policy_complaint_order(struct policy_build *b)
{
    const struct policy_list *l = &b->lists[PART_steps];
    struct policy *p = b->policy;
    struct relay_step *v = arena_take(b->arena, (l->n + 1) * sizeof *v);
    for (uint32_t i = 0; i < l->n; i++) {
        const struct relay_step *s = (const struct relay_step *)l->v + i;
        if (!s->off) v[p->step_count++] = *s;
    }
    qsort(v, p->step_count, sizeof *v, by_place);
    p->steps = v;
}

/* Where the total stands: findings about the route name this line. */
static void place_total(struct policy_build *b)
{
    const struct policy_list *l = &b->lists[PART_deadlines];
    for (uint32_t i = 0; i < l->n; i++) {
        const struct deadline_setting *d = (const struct deadline_setting *)l->v + i;
        char path[40];
        if (!str_is(d->name, ROUTE_TOTAL)) continue;
        snprintf(path, sizeof path, "deadlines[%u]", l->at[i].index);
        b->policy->total_at =
            (struct policy_place){l->at[i].file->shown, policy_yaml_line(l->at[i].file, path)};
    }
}

/* ---- checks ---- */

static void check_needs(struct policy_build *b, const struct relay_step *s, struct policy_origin at)
{
    const struct shape *said = shape_ev_complaint_step_done();
    for (uint32_t i = 0; i < s->needs.n; i++) {
        if (shape_field(said, s->needs.v[i])) continue;
        policy_fault_item(b, PART_steps, at, "needs",
                          "\"%.*s\" is no field of complaint.step_done; `cuiban schema` lists them",
                          STR_ARG(s->needs.v[i]));
    }
}

static void check_step(struct policy_build *b, uint32_t i)
{
    const struct policy_list *l = &b->lists[PART_steps];
    const struct relay_step *v = l->v, *s = &v[i];
    policy_check_name(b, PART_steps, l->at[i], "department", s->department, PART_departments,
                      "a department that is defined here");
    if (s->deadline.n) {
        policy_check_name(b, PART_steps, l->at[i], "deadline", s->deadline, PART_deadlines,
                          "a deadline that is defined here");
    }
    for (uint32_t j = 0; j < i; j++) {
        if (v[j].at != s->at || v[j].off || s->off) continue;
        policy_fault_item(b, PART_steps, l->at[i], "at", "%u is the place of step %.*s already",
                          s->at, STR_ARG(v[j].name));
    }
    check_needs(b, s, l->at[i]);
}

static void check_department(struct policy_build *b, uint32_t i)
{
    const struct policy_list *l = &b->lists[PART_departments];
    const struct department *v = l->v, *d = &v[i];
    for (uint32_t j = 0; j < d->may.n; j++) {
        const struct event_type *t = event_by_type(d->may.v[j]);
        if (t && t->owner == OWNER_complaint) continue;
        policy_fault_item(b, PART_departments, l->at[i], "may",
                          "\"%.*s\" is no event of the complaint service", STR_ARG(d->may.v[j]));
    }
    for (uint32_t j = 0; j < i; j++) {
        if (!str_eq(v[j].unit, d->unit)) continue;
        policy_fault_item(b, PART_departments, l->at[i], "unit",
                          "is department %.*s already; a unit belongs to one", STR_ARG(v[j].name));
    }
}

/* Rising, and somebody decides whatever it costs. */
static void check_authority(struct policy_build *b)
{
    const struct policy_list *l = &b->lists[PART_authority];
    const struct authority_level *v = l->v;
    for (uint32_t i = 0; i < l->n; i++) {
        bool last = i + 1 == l->n;
        int64_t below = i ? v[i - 1].up_to_fen : 0;
        if (last ? v[i].up_to_fen == 0 : v[i].up_to_fen > below) continue;
        policy_fault_item(b, PART_authority, l->at[i], "up_to",
                          "levels stand by rising amounts, the last one without up_to");
    }
}

/* CMP-023, CMP-050: words somebody understands. */
static void check_words(struct policy_build *b)
{
    const struct complaint_keys *k = &b->policy->complaint;
    const struct words known = {close_requires, COUNT_OF(close_requires)};
    for (uint32_t i = 0; i < k->form_fields.n; i++) {
        struct str f = k->form_fields.v[i];
        if (str_is(f, "none") || shape_field(shape_ev_complaint_form_filed(), f)) continue;
        policy_check_key(b, "complaint.form_fields",
                         "must list fields of complaint.form_filed, or be [none]");
    }
    for (uint32_t i = 0; i < k->close_requires.n; i++) {
        struct str f = k->close_requires.v[i];
        if (str_is(f, "none") || words_have(known, f)) continue;
        policy_check_key(b, "complaint.close_requires",
                         "must list reply, opinion, decision, liability or improvement, or be "
                         "[none]");
    }
}

/* A case that is closed tells of all its steps at once. */
static void check_length(struct policy_build *b)
{
    if (b->policy->step_count <= ROUTE_STEPS_MAX) return;
    const struct policy_list *l = &b->lists[PART_steps];
    policy_fault_item(b, PART_steps, l->at[l->n - 1], "", "a route has at most %d steps",
                      ROUTE_STEPS_MAX);
}

/* Only a set without any other fault can be walked. */
static void check_route(struct policy_build *b)
{
    struct policy_fault found[POLICY_ROUTE_FINDINGS_MAX];
    place_total(b);
    if (b->policy->complaint.route_fit != ROUTE_FIT_refuse || b->faults.found) return;
    uint32_t n = policy_route_findings(b->policy, found);
    for (uint32_t i = 0; i < n; i++) {
        struct policy_yaml at = {.shown = b->policy->total_at.file};
        policy_fault_add(&b->faults, &at, found[i].line, found[i].fault.field, found[i].fault.code,
                         "%s", found[i].fault.text);
    }
}

/* The default may name departments a set does not have; what a set says itself must be there. */
static void check_quality(struct policy_build *b)
{
    const struct policy *p = b->policy;
    const struct words *told = &p->complaint.project_departments;
    if (p->complaint.recurrence_months > 120)
        policy_check_key(b, "complaint.recurrence_months", "must be at most 120 months");
    if (told->v == project_departments) return;
    for (uint32_t i = 0; i < told->n; i++) {
        if (policy_department(p, told->v[i])) continue;
        policy_check_key(b, "complaint.project_departments",
                         "must name departments that are defined here");
        return;
    }
}

/* CMP-021: the rules of complaints are in force by who decides without limit. CMP-076: causes. */
static void check_voice(struct policy_build *b)
{
    const struct policy *p = b->policy;
    const struct complaint_keys *k = &p->complaint;
    const struct authority_level *top =
        p->authority_count ? &p->authority[p->authority_count - 1] : NULL;
    bool given = !str_is(k->approved_by, GENERAL_MANAGER);
    if (given && top && !str_eq(k->approved_by, top->level)) {
        policy_check_key(b, "complaint.approved_by",
                         "must be the last level of the authority table, who approves the rules "
                         "of complaints");
    }
    for (uint32_t i = 0; i < k->sanction_causes.n; i++) {
        if (code_number(&codes_conduct_cause, k->sanction_causes.v[i])) continue;
        policy_check_key(b, "complaint.sanction_causes",
                         "may hold quarrel, solicitation, untimely, repeat_repair, other");
    }
}

void policy_complaint_check(struct policy_build *b)
{
    const struct policy *p = b->policy;
    for (uint32_t i = 0; i < p->department_count; i++)
        check_department(b, i);
    for (uint32_t i = 0; i < b->lists[PART_steps].n; i++)
        check_step(b, i);
    check_authority(b);
    check_words(b);
    if (p->complaint.case_years > 100)
        policy_check_key(b, "complaint.case_years", "must be at most 100 years");
    check_length(b);
    check_route(b);
    check_quality(b);
    check_voice(b);
    /* money */
    policy_money_check(b);
}
