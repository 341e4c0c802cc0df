/* scoring.c - the scoring service: its tables and rooms, and the step.
 *
 * Facts (scoring_facts.c …) counts what the logs tell, by the list of the policy. Sheet holds who
 * is assessed by which scheme and the score sheets; reckon.c makes the score of a sheet. Conduct
 * keeps the ledgers 1–5, pay the money of a month, year what follows from several months. Rules by
 * id in RULES.md. */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"

const struct table scoring_tables[SCORING_TABLES] = {
    [SCORING_RESULT] = {TABLE_OWN, "score_result", "person, scheme, first day",
                        shape_row_score_result},
    [SCORING_FACT] = {TABLE_OWN + 1, "score_fact", "0, person or 1, unit; month, fact, ref",
                      shape_row_score_fact},
    [SCORING_TALLY] = {TABLE_OWN + 2, "score_tally", "0, person or 1, unit; month, fact",
                       shape_row_score_tally},
    /* sheet: TABLE_OWN + 10 … */
    [SCORING_ASSIGNEE] = {TABLE_OWN + 10, "score_assignee", "person", shape_row_score_assignee},
    [SCORING_SHEET] = {TABLE_OWN + 11, "score_sheet", "person, scheme, first day",
                       shape_row_score_sheet},
    [SCORING_ENTRY] = {TABLE_OWN + 12, "score_entry",
                       "person, scheme, first day, item, rater, entry", shape_row_score_entry},
    [SCORING_ROUND] = {TABLE_OWN + 13, "score_round", "unit, scheme, first day",
                       shape_row_score_round},
    [SCORING_PROVIDER] = {TABLE_OWN + 14, "score_provider", "unit, scheme, first day, role",
                          shape_row_score_provider},
    [SCORING_OF_UNIT] = {TABLE_OWN + 15, "score_of_unit", "unit, scheme, first day, person",
                         shape_row_mark},
    [SCORING_OF_ROUND] = {TABLE_OWN + 16, "score_of_round", "unit, scheme, first day, person",
                          shape_row_mark},
    [SCORING_DUTY] = {TABLE_OWN + 17, "score_duty", "unit, scheme, first day, manager",
                      shape_row_score_duty},
    [SCORING_STANDARD] = {TABLE_OWN + 18, "score_standard", "scheme, first day",
                          shape_row_score_standard},
    /* facts: TABLE_OWN + 30 … */
    [SCORING_STOOD] = {TABLE_OWN + 30, "score_stood", "fact, ref", shape_row_score_stood},
    [SCORING_NAMED] = {TABLE_OWN + 31, "score_named", "event, its name, fact, ref",
                       shape_row_score_named},
    [SCORING_TAKEN] = {TABLE_OWN + 32, "score_taken", "event, its name", shape_row_score_taken},
    [SCORING_KNOWN] = {TABLE_OWN + 33, "score_known", "kind, number", shape_row_score_known},
    [SCORING_ACTIVE] = {TABLE_OWN + 34, "score_active", "month; 0, person or 1, unit",
                        shape_row_score_active},
    [SCORING_REVIEW] = {TABLE_OWN + 35, "score_review", "month", shape_row_score_review},
    [SCORING_KPI] = {TABLE_OWN + 36, "score_kpi",
                     "0, person or 1, unit; figure, survey and subject, period, first day",
                     shape_row_score_kpi},
    [SCORING_LOAD] = {TABLE_OWN + 37, "score_load", "person, month", shape_row_score_load},
    [SCORING_COLLECTION] = {TABLE_OWN + 38, "score_collection", "clerk, month",
                            shape_row_score_collection},
    [SCORING_DISPUTE] = {TABLE_OWN + 39, "score_dispute", "clerk, case", shape_row_score_dispute},
    [SCORING_ENGINEER_QUARTER] = {TABLE_OWN + 40, "engineer_quarter", "unit, quarter",
                                  shape_row_engineer_quarter},
    /* conduct: TABLE_OWN + 50 … */
    [SCORING_CONDUCT] = {TABLE_OWN + 50, "conduct", "person, kind, case or site, day",
                         shape_row_conduct},
    [SCORING_CONDUCT_COUNT] = {TABLE_OWN + 51, "conduct_count", "person, year, counter",
                               shape_row_conduct_count},
    [SCORING_CONDUCT_MARKS] = {TABLE_OWN + 52, "conduct_marks", "person, year",
                               shape_row_conduct_marks},
    [SCORING_CONDUCT_AWARD] = {TABLE_OWN + 53, "award_cancelled", "person, month",
                               shape_row_award_cancelled},
    [SCORING_CONDUCT_CASE] = {TABLE_OWN + 54, "conduct_case", "case_no", shape_row_conduct_case},
    [SCORING_CONDUCT_CHARGE] = {TABLE_OWN + 55, "conduct_charge",
                                "kind, unit, report or part, person", shape_row_conduct_charge},
    [SCORING_QUALIFICATION] = {TABLE_OWN + 56, "qualification", "person", shape_row_qualification},
    [SCORING_TRAINED] = {TABLE_OWN + 57, "trained", "person, kind", shape_row_trained},
    [SCORING_TRAINING_PLAN] = {TABLE_OWN + 58, "training_plan", "plan_no", shape_row_training_plan},
    [SCORING_RATING_YEAR] = {TABLE_OWN + 59, "rating_year", "year", shape_row_rating_year},
    [SCORING_CONDUCT_SHIFT] = {TABLE_OWN + 61, "conduct_shift", "shift", shape_row_conduct_shift},
    [SCORING_CONDUCT_NAMED] = {TABLE_OWN + 62, "conduct_named",
                               "number of the event, its name, person, kind", shape_row_mark},
    [SCORING_RATING_DUE] = {TABLE_OWN + 60, "rating_due", "year, person", shape_row_rating_due},
    /* pay: TABLE_OWN + 70 … */
    [SCORING_PAY_MONTH] = {TABLE_OWN + 70, "pay", "person, month, scheme", shape_row_pay},
    [SCORING_PAY_BONUS] = {TABLE_OWN + 71, "pay_bonus", "person, month", shape_row_pay_bonus},
    [SCORING_PAY_DUE] = {TABLE_OWN + 72, "pay_due",
                         "person, 0 sanction or 1 penalty, age, case_no, no", shape_row_pay_due},
    [SCORING_PAY_TAKE] = {TABLE_OWN + 73, "pay_take", "person, month, 0 or 1, age, case_no, no",
                          shape_row_pay_take},
    [SCORING_PAY_PENALTY] = {TABLE_OWN + 74, "pay_penalty", "case_no, no", shape_row_pay_penalty},
    [SCORING_PAY_CASE] = {TABLE_OWN + 75, "pay_case", "case_no", shape_row_pay_case},
    [SCORING_PAY_SOURCE] = {TABLE_OWN + 76, "pay_source", "0, followup_no or 1, lead_no",
                            shape_row_pay_source},
    [SCORING_PAY_REWARD] = {TABLE_OWN + 77, "pay_reward", "person, kind, first day",
                            shape_row_pay_reward},
    [SCORING_PAY_OFFICE] = {TABLE_OWN + 78, "pay_office", "year, unit", shape_row_pay_office},
    [SCORING_PAY_ACCOUNT] = {TABLE_OWN + 79, "pay_account", "person", shape_row_pay_account},
    /* year: TABLE_OWN + 90 … */
    [SCORING_TRACK] = {TABLE_OWN + 90, "score_track", "person, scheme, track",
                       shape_row_score_track},
    [SCORING_YEAR] = {TABLE_OWN + 91, "score_year", "person, scheme, first day",
                      shape_row_score_year},
    [SCORING_CHECK] = {TABLE_OWN + 92, "score_check", "person, scheme, day, kind",
                       shape_row_score_check},
    [SCORING_PLACE] = {TABLE_OWN + 94, "score_place", "scheme, first day, unit, person",
                       shape_row_score_place},
    [SCORING_DISTRIBUTION] = {TABLE_OWN + 95, "score_distribution", "scheme, first day, unit",
                              shape_row_score_distribution},
    [SCORING_KEEP] = {TABLE_OWN + 96, "score_keep", "person, scheme, first day",
                      shape_row_score_keep},
    [SCORING_PLUS] = {TABLE_OWN + 93, "score_plus", "person, first day of the year",
                      shape_row_score_plus},
};

static enum err on_fact(struct step *st, const void *payload)
{
    scoring_hears *const applies[] = {scoring_sheet_fact, scoring_facts_fact, scoring_conduct_fact,
                                      scoring_pay_fact, scoring_year_fact};
    scoring_hears *const hears[] = {scoring_facts_heard, scoring_conduct_heard, scoring_pay_heard,
                                    scoring_year_heard};
    enum err e = ERR_STALE;
    for (size_t i = 0; e == ERR_STALE && i < COUNT_OF(applies); i++)
        e = applies[i](st, payload);
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(hears); i++)
        e = hears[i](st, payload);
    return e;
}

/* What other logs tell, and what came through the door for others, and which rooms it is for; the
 * rows of an event add up. */
#define HEARING_ROOMS_MAX 3
static const struct heard {
    enum event_kind on;
    enum owner log;
    scoring_hears *rooms[HEARING_ROOMS_MAX];
} heard[] = {
    /* conduct */
    {EV_conduct_recorded, OWNER_intake, {scoring_conduct_upstream}},
    {EV_conduct_recorded, OWNER_dispatch, {scoring_conduct_upstream}},
    {EV_conduct_recorded, OWNER_parts, {scoring_conduct_upstream}},
    {EV_shift_rostered, OWNER_dispatch, {scoring_conduct_upstream}},
    {EV_shift_handover_violated, OWNER_dispatch, {scoring_conduct_upstream}},
    {EV_breakpoint_failed, OWNER_dispatch, {scoring_conduct_upstream}},
    {EV_tech_rated, OWNER_dispatch, {scoring_conduct_upstream}},
    {EV_tech_certified, OWNER_dispatch, {scoring_conduct_upstream}},
    {EV_assessment_raised, OWNER_parts, {scoring_conduct_upstream}},
    {EV_mismatch_list_approved, OWNER_parts, {scoring_conduct_upstream}},
    {EV_service_complaint_received, OWNER_complaint, {scoring_conduct_upstream}},
    {EV_service_complaint_verified, OWNER_complaint, {scoring_conduct_upstream}},
    {EV_service_complaint_invalidated, OWNER_complaint, {scoring_conduct_upstream}},
    {EV_sanction_published, OWNER_complaint, {scoring_conduct_upstream}},
    {EV_quality_reported, OWNER_complaint, {scoring_conduct_upstream}},
    {EV_quality_rework_confirmed, OWNER_complaint, {scoring_conduct_upstream}},
    {EV_deadline_passed, OWNER_complaint, {scoring_conduct_upstream}},
    {EV_deadline_withdrawn, OWNER_complaint, {scoring_conduct_upstream}},
    /* pay */
    {EV_penalty_assessed, OWNER_complaint, {scoring_pay_upstream}},
    {EV_penalty_gm_approved, OWNER_complaint, {scoring_pay_upstream}},
    {EV_sanction_published, OWNER_complaint, {scoring_pay_upstream}},
    {EV_complaint_closed, OWNER_complaint, {scoring_pay_upstream}},
    {EV_service_complaint_verified, OWNER_complaint, {scoring_pay_upstream}},
    {EV_followup_created, OWNER_intake, {scoring_pay_upstream}},
    {EV_followup_done, OWNER_intake, {scoring_pay_upstream}},
    {EV_maintenance_lead_registered, OWNER_intake, {scoring_pay_upstream}},
};

static const struct heard *heard_after(const struct heard *h, enum owner from, enum event_kind kind)
{
    for (h = h ? h + 1 : heard; h < heard + COUNT_OF(heard); h++) {
        if (h->on == kind && h->log == from) return h;
    }
    return NULL;
}

static bool is_own(enum owner from, enum event_kind kind)
{
    return from == OWNER_intake && event_of(kind)->owner == OWNER_scoring;
}

static bool hears(enum owner from, enum event_kind kind)
{
    return step_is_master(kind) || is_own(from, kind) || heard_after(NULL, from, kind) ||
           scoring_facts_hears(from, kind);
}

static enum err on_upstream(struct step *st, const void *payload)
{
    enum event_kind kind = st->type->kind;
    enum err whole = scoring_facts_upstream(st, payload);
    if (whole != ERR_OK && whole != ERR_STALE) return whole;
    for (const struct heard *h = NULL; (h = heard_after(h, st->from, kind)) != NULL;) {
        for (size_t i = 0; i < HEARING_ROOMS_MAX && h->rooms[i]; i++) {
            enum err e = h->rooms[i](st, payload);
            if (e != ERR_OK && e != ERR_STALE) return e;
            if (e == ERR_OK) whole = ERR_OK;
        }
    }
    return whole;
}

static enum err on_master(struct step *st, const void *payload)
{
    enum err e = step_master(st, payload);
    bool person = e == ERR_OK && st->type->kind == EV_person_upserted;
    return person ? scoring_pay_person(st, payload) : e;
}

static enum err scoring_step(struct step *st, const void *payload)
{
    REQUIRE(st->type != NULL);
    st->rule = st->type->rule;
    if (step_is_master(st->type->kind)) return on_master(st, payload);
    return is_own(st->from, st->type->kind) ? on_fact(st, payload) : on_upstream(st, payload);
}

static enum err on_passed(struct step *st, const struct passed *what)
{
    scoring_passes *const rooms[] = {scoring_sheet_passed, scoring_facts_passed,
                                     scoring_conduct_passed, scoring_pay_passed,
                                     scoring_year_passed};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(rooms); i++)
        e = rooms[i](st, what);
    return e;
}

static const int months_of[] = {
    [SCORE_PERIOD_month] = 1, [SCORE_PERIOD_quarter] = 3, [SCORE_PERIOD_year] = 12};

int32_t scoring_period(enum score_period p, int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return day_of(y, (m - 1) / months_of[p] * months_of[p] + 1, 1);
}

int32_t scoring_period_next(enum score_period p, int32_t first, int32_t n)
{
    return day_add_months(first, n * months_of[p]);
}

enum err scoring_person(struct step *st, struct str person, const char *field,
                        struct rec_row_person *out)
{
    struct key key = key_of(person);
    enum err e = step_get(st, &table_person, &key, out);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown", field,
                       "%.*s is not a member of staff; send person.upserted first",
                       STR_ARG(person));
}

const struct service scoring_service = {.name = "scoring",
                                        .owner = OWNER_scoring,
                                        .upstream = IN(OWNER_intake) | IN(OWNER_dispatch) |
                                                    IN(OWNER_parts) | IN(OWNER_complaint),
                                        .tables = scoring_tables,
                                        .table_count = SCORING_TABLES,
                                        .step = scoring_step,
                                        .hears = hears,
                                        .address = scoring_sheet_address,
                                        .on_passed = on_passed};
