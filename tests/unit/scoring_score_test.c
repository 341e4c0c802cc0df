/* scoring_score_test.c - the worked examples of scoring Appendix 4 that are the reckoning of one
 * sheet, continued: sup_100, q_post and the schemes of rates (SCO-006, SCO-054 … SCO-090). */
#include "tests/unit/scoring_set.h"
#include "tests/unit/scoring_sheet_rows.h"

#define SHIPPED "deploy/policy/general"

/* ---- sup_100 ---- */

static void SCO_006_SCO_054_SCO_056_seventy_five_of_a_hundred(void **state)
{
    (void)state;
    static const struct {
        const char *id, *rest, *score, *grade, *label;
    } rows[] = {
        {"S-25", "time_and_cost=8.75 company_values=0", "85.00", "優秀", ""},
        {"S-25", "time_and_cost=8.74 company_values=0", "84.99", "良好", ""},
        {"S-42", "time_and_cost=8.748 company_values=0", "85.00", "良好", ""},
        {"S-25", "time_and_cost=1.25 company_values=0", "75.00", "良好", ""},
        {"full", "time_and_cost=10 company_values=10", "100.00", "優秀", "非常好"},
    };
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char lines[300];
        struct sheet x;
        snprintf(lines, sizeof lines,
                 "fault_reports=10 faults=15 callback_survey=15 "
                 "parts_management=15 %s",
                 rows[i].rest);
        for (char *at = strchr(lines, '='); at; at = strchr(at, '=')) { /* one rater counts 100% */
            memmove(at + 11, at, strlen(at) + 1);
            memcpy(at, "@supervisor", 11);
            at += 12;
        }
        sheet_of(p, "sup_100", "", "", lines, &x);
        assert_shown(x.out.visible, "75.00");
        assert_shown(x.out.score, rows[i].score);
        assert_true(str_is(x.out.grade->grade, rows[i].grade));
        assert_true(str_is(x.out.grade->label, rows[i].label));
        sheet_end(&x);
    }
    policy_close(&p);
}

/* S-25, the two that are below */
static void SCO_054_sixty_is_the_mark(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    static const struct {
        const char *first, *score, *grade;
    } rows[] = {{"15", "60.00", "及格"}, {"14.9", "59.87", "不及格"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char lines[300];
        struct sheet x;
        snprintf(lines, sizeof lines,
                 "fault_reports@leader=0 faults@leader=%s callback_survey@leader=15 "
                 "parts_management@leader=15 time_and_cost@leader=0 company_values@leader=0",
                 rows[i].first);
        sheet_of(p, "sup_100", "", "", lines, &x);
        assert_shown(x.out.score, rows[i].score);
        assert_true(str_is(x.out.grade->grade, rows[i].grade));
        sheet_end(&x);
    }
    policy_close(&p);
}

/* The next better grade and what is missing to it, exact: 85 − 84.99. */
static void SCO_054_the_next_grade(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "sup_100", "", "",
             "fault_reports@leader=10 faults@leader=15 callback_survey@leader=15 "
             "parts_management@leader=15 time_and_cost@leader=5 company_values@leader=0",
             &x);
    assert_shown(x.out.score, "80.00");
    assert_true(str_is(x.out.next->grade, "優秀"));
    assert_shown(x.out.to_next, "5.00");
    sheet_end(&x);
    policy_close(&p);
}

static void SCO_055_three_raters(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *points;
    } rows[] = {{"faults@self=15 faults@supervisor=10 faults@leader=13", "11.50"},
                {"faults@self=15 faults@leader=13", "13.00"},
                {"faults@self=15", "n/a"},
                {"faults@supervisor=9 faults@supervisor=10", "10.00"}}; /* the later one */
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "sup_100", "", "", rows[i].lines, &x);
        assert_shown(award_of_item(&x, "faults"), rows[i].points);
        assert_false(frac_has(x.out.score));
        sheet_end(&x);
    }
    policy_close(&p);
}

static void SCO_006_as_is_and_placeholder(void **state)
{
    (void)state;
    static const char lines[] =
        "fault_reports@leader=10 faults@leader=15 callback_survey@leader=15 "
        "parts_management@leader=15 time_and_cost@leader=5 company_values@leader=0";
    struct sheet x;
    struct policy *p = scratch_policy("missing_items: scale # SCO-006", "missing_items: as_is #");
    sheet_of(p, "sup_100", "", "", lines, &x);
    assert_shown(x.out.score, "60.00");
    sheet_end(&x);
    policy_close(&p);
    p = scratch_policy("missing_items: scale # SCO-006", "missing_items: placeholder #");
    sheet_of(p, "sup_100", "", "", lines, &x);
    assert_false(frac_has(x.out.score)); /* until the lost rows are there */
    sheet_end(&x);
    policy_close(&p);
    /* the owner fills a row without any code: 60 of 90 */
    p = scratch_policy("(缺行), entry: points, max: 15, area: 目標任務, placeholder: yes",
                       "新, entry: points, max: 15, area: 目標任務");
    char more[400];
    snprintf(more, sizeof more, "%s lost_task@leader=0", lines);
    sheet_of(p, "sup_100", "", "", more, &x);
    assert_shown(x.out.score, "66.67");
    sheet_end(&x);
    policy_close(&p);
}

/* ---- q_post ---- */

#define QUALITIES "work_attitude=優 work_conduct=良 report_quality=優 rules=中"
#define S_26                                                                                       \
    "collected=99 receivable=100 collected_2003=25510.50 complaints_rated=25 "                     \
    "complaints_satisfied=22 complaint_verified=K1,K2,K3 trainings_passed=18 trainings_failed=7"

static void SCO_058_SCO_059_SCO_060_SCO_062_a_quarter(void **state)
{
    (void)state;
    static const struct {
        const char *item, *points;
    } s_26[] = {{"parts_collection", "11.00"},
                {"parts_collection_2003", "9.00"},
                {"complaint_satisfaction", "15.00"},
                {"complaint_count", "10.00"},
                {"training_effect", "9.00"},
                {"work_attitude", "5.00"},
                {"work_conduct", "3.75"},
                {"report_quality", "10.00"},
                {"rules", "2.50"}};
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "q_post", "", S_26, QUALITIES, &x);
    for (size_t i = 0; i < COUNT_OF(s_26); i++)
        assert_shown(award_of_item(&x, s_26[i].item), s_26[i].points);
    assert_shown(x.out.awarded, "75.25");
    assert_shown(x.out.visible, "85.00");
    assert_shown(x.out.score, "88.53");
    sheet_end(&x);
    sheet_of(p, "q_post", "", S_26 " quarter_plus=1", QUALITIES, &x);
    assert_shown(x.out.score, "93.53"); /* after scaling */
    sheet_end(&x);
    sheet_of(p, "q_post", "", S_26 " quarter_plus=2", QUALITIES, &x);
    assert_shown(x.out.score, "93.53"); /* once a quarter */
    sheet_end(&x);
    policy_close(&p);
}

/* S-27, and the limit of what is controlled. */
static void SCO_058_over_achievement_is_cut(void **state)
{
    (void)state;
    static const struct {
        const char *facts, *item, *points;
    } rows[] = {{"collected=108 receivable=100", "parts_collection", "11.00"},
                {"collected=45 receivable=100", "parts_collection", "5.00"},
                {"complaints_rated=4 complaints_satisfied=4", "complaint_satisfaction", "16.50"},
                {"trainings_passed=9 trainings_failed=1", "training_effect", "11.00"},
                {"", "complaint_count", "15.00"},
                {"complaint_verified=K1,K2", "complaint_count", "15.00"},
                {"complaint_verified=K1,K2,K3,K4", "complaint_count", "7.50"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "q_post", "", rows[i].facts, "", &x);
        assert_shown(award_of_item(&x, rows[i].item), rows[i].points);
        sheet_end(&x);
    }
    policy_close(&p);
}

/* A rate of nothing is met; what accounting did not report has no value. */
static void SCO_059_what_was_not_told(void **state)
{
    (void)state;
    static const char *const met[] = {"parts_collection", "complaint_satisfaction",
                                      "training_effect"};
    static const char *const untold[] = {"collected", "receivable", "collected_2003"};
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "q_post", "", "collected=0 receivable=0", QUALITIES, &x);
    for (size_t i = 0; i < COUNT_OF(met); i++) {
        struct frac award = award_of_item(&x, met[i]);
        assert_int_equal(frac_cmp(award, scheme_item(x.in.scheme, str_of(met[i]))->max), 0);
    }
    sheet_end(&x);
    sheet_of(p, "q_post", "", "collected=9 receivable=10", QUALITIES, &x);
    assert_true(frac_has(x.out.score));
    for (size_t i = 0; i < COUNT_OF(untold); i++) {
        uint32_t place;
        assert_true(policy_score_fact(p, str_of(untold[i]), &place));
        struct frac was = x.facts[place];
        x.facts[place] = FRAC_NONE;
        reckon(&x.in, &x.out);
        assert_false(frac_has(x.out.score));
        x.facts[place] = was;
    }
    sheet_end(&x);
    policy_close(&p);
}

/* The year's target 283,450: 10 % of it in the second quarter, and where the share is lost. */
static void SCO_061_the_share_of_the_quarter(void **state)
{
    (void)state;
    static const struct {
        int month;
        struct frac share;
        const char *points;
    } rows[] = {{1, {0, 0}, "10.00"}, {4, {1, 10}, "10.00"}, {7, {1, 5}, "5.00"}};
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "q_post", "", "collected_2003=28345", "", &x);
    p->scoring.pay.quarter_shares[2] = rows[2].share;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int32_t first = day_of(2024, rows[i].month, 1);
        x.in.quarter_share = reckon_quarter_share(p, x.in.scheme, first);
        reckon(&x.in, &x.out);
        assert_shown(award_of_item(&x, "parts_collection_2003"), rows[i].points);
        assert_false(frac_has(reckon_quarter_share(p, scheme_of(p, "tb_130"), first)));
    }
    sheet_end(&x);
    policy_close(&p);
}

/* S-28: the sheets come to 68, 67.9915 and 61.2 of 85. */
static void SCO_063_payout_from_eighty_per_cent(void **state)
{
    (void)state;
    static const struct {
        const char *collected, *quality, *score;
        struct frac coefficient;
    } rows[] = {{"94.5", "差", "80.00", {1, 1}},
                {"94.4235", "差", "79.99", {7999, 8000}},
                {"78.3", "中", "72.00", {9, 10}}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char facts[300], lines[200];
        struct sheet x;
        snprintf(facts, sizeof facts,
                 "collected=%s receivable=100 collected_2003=%s complaints_rated=25 "
                 "complaints_satisfied=22 complaint_verified=1 trainings_passed=4 "
                 "trainings_failed=1",
                 rows[i].collected, i == 2 ? "0" : "28345");
        snprintf(lines, sizeof lines, "work_attitude=優 work_conduct=中 report_quality=%s rules=差",
                 rows[i].quality);
        sheet_of(p, "q_post", "", facts, lines, &x);
        assert_shown(x.out.score, rows[i].score);
        assert_int_equal(x.out.figure_count, 1);
        assert_int_equal(frac_cmp(x.out.figures[0].value, rows[i].coefficient), 0);
        sheet_end(&x);
    }
    policy_close(&p);
}

/* ---- the small ones ---- */

static void SCO_069_the_mean_of_the_cards(void **state)
{
    (void)state; /* S-31: 81.25, 100, 62.5 */
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "tech_survey", "", "cards=3 card_points=243.75", "", &x);
    assert_shown(x.out.score, "81.25");
    sheet_end(&x);
    policy_close(&p);
}

/* 20% of the slot, where there are cards: 80% of 100 and 20% of 75/100 of 130 = 99.5. */
static void SCO_070_a_share_of_the_slot(void **state)
{
    (void)state;
    static const struct {
        const char *scheme, *facts, *lines, *item, *points, *score;
    } rows[] = {{"4s_ae", "cards=2 card_points=150",
                 "finance=100 market=100 kpi_profit=100 learning=100", "market", "99.50", "99.88"},
                {"4s_ae", "", "finance=100 market=100 kpi_profit=100 learning=100", "market",
                 "100.00", "100.00"},
                /* 80% of 4 and 20% of 75/100 of 5 */
                {"dqnj_100", "cards=2 card_points=150", "attitude=1", "attitude", "3.95", "98.95"},
                {"dqnj_100", "", "attitude=1", "attitude", "4.00", "99.00"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, rows[i].scheme, "服務站維修技工", rows[i].facts, rows[i].lines, &x);
        assert_shown(award_of_item(&x, rows[i].item), rows[i].points);
        assert_shown(x.out.score, rows[i].score);
        sheet_end(&x);
    }
    policy_close(&p);
}

static void SCO_074_workload(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "engineer_file", "",
             "evaluations=2 eval_attitude=180 eval_skill=160 eval_efficiency=140 cards_valid=25",
             "", &x);
    assert_shown(x.out.score, "80.00");
    assert_shown(x.out.figures[1].value, "20.00");
    sheet_end(&x);
    policy_close(&p);
}

static void SCO_083_SCO_084_SCO_085_the_manager_of_customer_service(void **state)
{
    (void)state;
    static const struct {
        const char *facts, *score;
        bool passed;
    } rows[] = {
        {"complaints_due=7 complaints_handled=7 quality_slides=1 stop_slides=1 work_plans=1 "
         "visits_planned=2 visits_done=2",
         "4.00", true},
        {"complaints_due=1000 complaints_handled=999 quality_slides=1 stop_slides=1 "
         "work_plans=1",
         "3.00", false},
        {"complaints_due=7 complaints_handled=7 quality_slides=1 visits_planned=2 "
         "visits_done=1",
         "1.00", true}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "cs_manager", "", rows[i].facts, "", &x);
        assert_shown(x.out.score, rows[i].score);
        assert_int_equal(x.out.passed, rows[i].passed);
        sheet_end(&x);
    }
    policy_close(&p);
}

/* S-35, and the other two rates at their edges. */
static void SCO_088_SCO_089_SCO_090_three_rates(void **state)
{
    (void)state;
    static const struct {
        const char *facts, *item, *points;
    } rows[] = {{"services=997 services_on_time=897", "timely", "0.00"},
                {"services=100 services_on_time=90", "timely", "1.00"},
                {"survey_answers=100 survey_satisfied=85", "satisfied", "1.00"},
                {"survey_answers=60 survey_satisfied=51 callbacks=40 callbacks_satisfied=33",
                 "satisfied", "0.00"},
                {"services_done=100 complaints_service=3", "complained", "0.00"},
                {"services_done=1000 complaints_service=29", "complained", "1.00"},
                {"", "timely", "1.00"}, /* nothing was asked for, nothing was missed */
                {"", "satisfied", "1.00"},
                {"", "complained", "1.00"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "svc_target", "", rows[i].facts, "", &x);
        assert_shown(award_of_item(&x, rows[i].item), rows[i].points);
        sheet_end(&x);
    }
    policy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_006_SCO_054_SCO_056_seventy_five_of_a_hundred),
        cmocka_unit_test(SCO_054_sixty_is_the_mark),
        cmocka_unit_test(SCO_054_the_next_grade),
        cmocka_unit_test(SCO_055_three_raters),
        cmocka_unit_test(SCO_006_as_is_and_placeholder),
        cmocka_unit_test(SCO_058_SCO_059_SCO_060_SCO_062_a_quarter),
        cmocka_unit_test(SCO_058_over_achievement_is_cut),
        cmocka_unit_test(SCO_059_what_was_not_told),
        cmocka_unit_test(SCO_061_the_share_of_the_quarter),
        cmocka_unit_test(SCO_063_payout_from_eighty_per_cent),
        cmocka_unit_test(SCO_069_the_mean_of_the_cards),
        cmocka_unit_test(SCO_070_a_share_of_the_slot),
        cmocka_unit_test(SCO_074_workload),
        cmocka_unit_test(SCO_083_SCO_084_SCO_085_the_manager_of_customer_service),
        cmocka_unit_test(SCO_088_SCO_089_SCO_090_three_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
