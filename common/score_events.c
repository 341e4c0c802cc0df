/* score_events.c - the table of what may be counted. */
#include "common/score_events.h"
#include "common/contract.h"

#define LOG(owner) (UINT32_C(1) << (OWNER_##owner))
#define EVERY_LOG (LOG(intake) | LOG(dispatch) | LOG(parts) | LOG(complaint))

static const struct score_more job[] = {{.name = "technician", .type = FT_TEXT},
                                        {.name = "unit", .type = FT_TEXT},
                                        {.name = "job", .type = FT_UINT},
                                        {.name = NULL}};
static const struct score_more clock[] = {
    {.name = "technician", .type = FT_TEXT},
    {.name = "unit", .type = FT_TEXT},
    {.name = "job", .type = FT_UINT},
    {.name = "primary", .type = FT_CODE, .codes = &codes_yes_no},
    {.name = NULL}};
static const struct score_more complaint[] = {
    {.name = "clerk", .type = FT_TEXT},
    {.name = "accused", .type = FT_TEXT},
    {.name = "centre", .type = FT_TEXT},
    {.name = "kind", .type = FT_CODE, .codes = &codes_complaint_kind},
    {.name = NULL}};
static const struct score_more visit[] = {{.name = "person", .type = FT_TEXT},
                                          {.name = "unit", .type = FT_TEXT},
                                          {.name = "due", .type = FT_DATE},
                                          {.name = NULL}};
static const struct score_more followup[] = {
    {.name = "technician", .type = FT_TEXT},
    {.name = "unit", .type = FT_TEXT},
    {.name = "kind", .type = FT_CODE, .codes = &codes_followup_kind},
    {.name = "vip_class", .type = FT_CODE, .codes = &codes_vip_class},
    {.name = "satisfied", .type = FT_CODE, .codes = &codes_yes_no},
    {.name = NULL}};
/* SCO-069: Σ points ÷ (4 × answered) × 100, in 1/12 of a point of 4: exact for 1 to 4 answers. */
static const struct score_more survey[] = {
    {.name = "answered", .type = FT_UINT},
    {.name = "satisfied", .type = FT_UINT},
    {.name = "card_points", .type = FT_UINT, .num = 25, .den = 12},
    {.name = NULL}};
static const struct score_more daily[] = {{.name = "a_min", .type = FT_UINT},
                                          {.name = "b_min", .type = FT_UINT},
                                          {.name = "c_min", .type = FT_UINT},
                                          {.name = "d_min", .type = FT_UINT},
                                          {.name = NULL}};
static const struct score_more report[] = {
    {.name = "unit", .type = FT_TEXT},
    {.name = "due", .type = FT_DATE},
    {.name = "on_time", .type = FT_CODE, .codes = &codes_yes_no},
    {.name = NULL}};
static const struct score_more training[] = {{.name = "members", .type = FT_UINT}, {.name = NULL}};
static const struct score_more exam[] = {{.name = "day", .type = FT_DATE}, {.name = NULL}};
static const struct score_more plan[] = {{.name = "first", .type = FT_DATE}, {.name = NULL}};
static const struct score_more campaign[] = {
    {.name = "answers", .type = FT_UINT}, {.name = "satisfied", .type = FT_UINT}, {.name = NULL}};

static const struct score_event events[] = {
    /* intake */
    {EV_survey_returned, LOG(intake), {NULL}, survey, false, false},
    {EV_followup_done, LOG(intake), {NULL}, followup, false, false},
    {EV_card_entered, LOG(intake), {"card_no"}, NULL, false, false},
    {EV_card_rejected, LOG(intake), {NULL}, NULL, false, false},
    {EV_sms_reported, LOG(intake), {NULL}, NULL, false, false},
    {EV_abnormal_logged, LOG(intake), {NULL}, NULL, false, false},
    {EV_vip_card_returned, LOG(intake), {NULL}, NULL, false, false},
    {EV_maintenance_lead_registered, LOG(intake), {NULL}, NULL, false, false},
    {EV_visit_planned, LOG(intake), {NULL}, NULL, false, false},
    {EV_visit_done, LOG(intake), {NULL}, visit, false, false},
    /* dispatch */
    {EV_job_arrived, LOG(dispatch), {NULL}, job, false, false},
    {EV_job_closed, LOG(dispatch), {NULL}, job, false, false},
    {EV_repeat_detected, LOG(dispatch), {NULL}, job, false, false},
    {EV_shift_handover_violated, LOG(dispatch), {NULL}, NULL, false, false},
    {EV_breakpoint_failed, LOG(dispatch), {NULL}, NULL, false, false},
    {EV_tech_daily_reported, LOG(dispatch), {NULL}, daily, false, false},
    {EV_supervisor_daily_reported, LOG(dispatch), {NULL}, NULL, false, false},
    {EV_tech_rated, LOG(dispatch), {NULL}, NULL, false, false},
    {EV_tech_certified, LOG(dispatch), {NULL}, NULL, false, false},
    /* dispatch and parts */
    {EV_conduct_recorded, LOG(dispatch) | LOG(parts), {NULL}, job, false, false},
    /* parts */
    {EV_card_void, LOG(parts), {NULL}, NULL, false, false},
    {EV_assessment_raised, LOG(parts), {"report_no"}, NULL, false, false},
    {EV_mismatch_list_approved, LOG(parts), {NULL}, NULL, false, false},
    {EV_expense_line_audited, LOG(parts), {"expense_no", "line"}, NULL, false, false},
    {EV_audit_fee_mismatch, LOG(parts), {"card_no"}, NULL, false, false},
    {EV_budget_set, LOG(parts), {NULL}, plan, true, false},
    /* complaint */
    {EV_complaint_validated, LOG(complaint), {"case_no"}, complaint, false, false},
    {EV_complaint_step_done, LOG(complaint), {NULL}, complaint, false, false},
    {EV_complaint_closed, LOG(complaint), {NULL}, complaint, false, false},
    {EV_complaint_month_counted, LOG(complaint), {NULL}, NULL, false, false},
    {EV_complaint_month_reviewed, LOG(complaint), {NULL}, NULL, false, false},
    {EV_complaint_loss_apportioned, LOG(complaint), {NULL}, complaint, false, false},
    {EV_complaint_satisfaction_recorded, LOG(complaint), {NULL}, complaint, false, false},
    {EV_complaint_receivable_excluded, LOG(complaint), {"case_no"}, complaint, false, false},
    {EV_complaint_receivable_restored, LOG(complaint), {NULL}, complaint, false, false},
    {EV_service_complaint_verified, LOG(complaint), {"case_no"}, complaint, false, false},
    {EV_penalty_assessed, LOG(complaint), {NULL}, NULL, false, false},
    {EV_penalty_gm_approved, LOG(complaint), {NULL}, NULL, false, false},
    {EV_sanction_published, LOG(complaint), {NULL}, NULL, false, false},
    {EV_quality_reported, LOG(complaint), {NULL}, NULL, false, false},
    {EV_quality_rework_confirmed, LOG(complaint), {NULL}, NULL, false, false},
    {EV_quality_line_stop, LOG(complaint), {NULL}, NULL, false, false},
    /* of every service before it */
    {EV_deadline_passed, EVERY_LOG, {"case_no", "item", "name", "round"}, NULL, false, false},
    {EV_deadline_stopped, EVERY_LOG, {"case_no", "item", "name", "round"}, clock, false, false},
    /* the door, where there is more to know; every other fact of scoring stands for itself */
    {EV_report_submitted, 0, {NULL}, report, false, true}, /* in time once is in time */
    {EV_plan_set, 0, {NULL}, plan, true, false},
    {EV_training_planned, 0, {NULL}, training, false, false},
    {EV_training_passed, 0, {NULL}, exam, false, false},
    {EV_training_failed, 0, {NULL}, exam, false, false},
    {EV_kpi_actual_reported, 0, {NULL}, NULL, true, false},
    {EV_conduct_confirmed, 0, {"person", "kind", "case_no", "day"}, NULL, false, false},
    {EV_campaign_closed, 0, {NULL}, campaign, false, false},
};

/* The facts of scoring at the door that the table has no row for. */
static const struct score_event *own(enum event_kind kind)
{
    static const struct score_event rows[EVENT_KIND_COUNT] = {
#define RECORD(name, help, fields)
#define EVENT(entity, verb, number, owner, rule, help, fields)                                     \
    [EV_##entity##_##verb] = {.on = EV_##entity##_##verb},
#include "proto/all.def"
#undef RECORD
#undef EVENT
    };
    const struct event_type *t = event_of(kind);
    return t->owner == OWNER_scoring && !event_is_verdict(t) ? &rows[kind] : NULL;
}

const struct score_event *score_event_of(enum event_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        if (events[i].on == kind) return &events[i];
    }
    return kind == EV_NONE ? NULL : own(kind);
}

bool score_field_of(const struct score_event *e, struct str name, struct score_field *out)
{
    for (const struct score_more *m = e->more; m && m->name; m++) {
        if (!str_is(name, m->name)) continue;
        *out = (struct score_field){.more = m, .type = m->type, .codes = m->codes};
        return true;
    }
    const struct field *f = shape_field(event_of(e->on)->shape(), name);
    if (!f || f->type == FT_LIST || f->type == FT_RAW || f->type == FT_HASH) return false;
    *out = (struct score_field){.field = f, .type = f->type, .codes = f->codes};
    return true;
}

struct frac score_scale(const struct score_fact *f)
{
    const struct frac tenth_of_a_thousandth = {1, 10000}, fen = {1, 100};
    const struct score_event *e = score_event_of(f->kind);
    struct score_field field;
    if (!e && f->type != FORMULA_count && f->type != FORMULA_money) return tenth_of_a_thousandth;
    if (!e) return f->type == FORMULA_money ? fen : FRAC_INT(1);
    if (!f->amount.n || !score_field_of(e, f->amount, &field)) return FRAC_INT(1);
    if (field.more && field.more->den)
        return (struct frac){(int64_t)field.more->num, (int64_t)field.more->den};
    if (field.type == FT_TEXT || f->type == FORMULA_ratio) return tenth_of_a_thousandth;
    return f->type == FORMULA_money ? fen : FRAC_INT(1);
}
