/* scoring_year_sheet_test.c - the year behind real sheets: what is published opens the track, the
 * acknowledged sheet starts the plan's clock, the bonus points of an award are in the total, quotas
 * give another grade (SCO-014, SCO-027, SCO-036, SCO-062). */
#include "tests/unit/scoring_door.h"

#define TARGET(last) "{'name':'sales','measure':'units','due':'" last "'}"

static void assign(struct stage *s, const char *person, const char *scheme, const char *post)
{
    char data[300];
    snprintf(data, sizeof data,
             "'person':'%s','scheme':'%s','post':'%s','from':'2024-01-01','manager':'M1',"
             "'next_level':'M2'",
             person, scheme, post);
    say(s, "HR", "scoring.scheme_assigned", "2023-12-20T09:00", data);
}

/* An act on a sheet, on a day of the month after. */
static void act(struct stage *s, const char *person, const char *scheme, const char *first,
                const char *type, const char *at, const char *more)
{
    char data[1000];
    snprintf(data, sizeof data, "'person':'%s','scheme':'%s','first':'%s'%s%s", person, scheme,
             first, *more ? "," : "", more);
    say(s, "C1", type, at, data);
}

/* The 4S sheet of a month, four times these points. */
static void submit_4s(struct stage *s, const char *person, int month, const char *points)
{
    static const char *const items[] = {"finance", "market", "kpi_profit", "learning"};
    char first[32], at[40], more[600];
    snprintf(first, sizeof first, "2024-%02d-01", month);
    snprintf(at, sizeof at, "2024-%02d-02T09:00", month);
    snprintf(more, sizeof more,
             "'targets':[%s,%s,%s],'signed_employee':'%s','signed_manager':'M1',"
             "'signed_next_level':'M2'",
             TARGET("2024-12-31"), TARGET("2024-12-31"), TARGET("2024-12-31"), person);
    act(s, person, "4s_ae", first, "scoring.targets_filed", at, more);
    snprintf(at, sizeof at, "2024-%02d-03T09:00", month + 1);
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        snprintf(more, sizeof more, "'item':'%s','points':'%s','reason':'x'", items[i], points);
        act(s, person, "4s_ae", first, "scoring.item_scored", at, more);
    }
    act(s, person, "4s_ae", first, "scoring.sheet_submitted", at, "'by':'M1'");
}

static void publish_4s(struct stage *s, const char *person, int month, const char *points)
{
    char first[32], at[40];
    snprintf(first, sizeof first, "2024-%02d-01", month);
    snprintf(at, sizeof at, "2024-%02d-04T09:00", month + 1);
    submit_4s(s, person, month, points);
    act(s, person, "4s_ae", first, "scoring.reviewed", at, "'by':'M2'");
}

static void SCO_036_two_sheets_open_the_track_and_the_second_its_clock(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "4s_ae", "服務站機修工");
    publish_4s(s, "P1", 1, "85");
    assert_int_equal(count(s, "scoring.improvement_opened"), 0);
    publish_4s(s, "P1", 2, "88");
    assert_int_equal(count(s, "scoring.improvement_opened"), 1);
    deny(s, "C1", "scoring.acknowledged", "2024-03-05T10:00",
         "'person':'P1','scheme':'4s_ae','first':'2024-01-01','signed_employee':'P1',"
         "'signed_manager':'M1','interviewed_on':'2024-03-05','improvement':'yes'",
         "SCO-036", "improvement");
    act(s, "P1", "4s_ae", "2024-02-01", "scoring.acknowledged", "2024-03-05T10:00",
        "'signed_employee':'P1','signed_manager':'M1','interviewed_on':'2024-03-05',"
        "'improvement':'yes'");
    /* Tuesday the 5th: the fifth working day is Tuesday the 12th */
    due_is(s, "track/P1/4s_ae/D", "scoring.improvement_plan", "2024-03-13T00:00");
    struct rec_row_deadline d;
    assert_true(clock_row(s, "track/P1/4s_ae/D", "scoring.improvement_plan", &d));
    assert_true(str_is(d.person, "M1") && str_is(d.unit, "C1"));
    stage_close(s);
}

/* Who appeals before he signs does not escape the plan. */
static void SCO_036_SCO_038_after_an_unchanged_ruling_the_plan_is_due_all_the_same(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "4s_ae", "服務站機修工");
    publish_4s(s, "P1", 1, "85");
    publish_4s(s, "P1", 2, "88");
    act(s, "P1", "4s_ae", "2024-02-01", "scoring.appeal_filed", "2024-03-05T09:00", "");
    act(s, "P1", "4s_ae", "2024-02-01", "scoring.appeal_ruled", "2024-03-05T10:00",
        "'changed':'no','by':'M1'");
    act(s, "P1", "4s_ae", "2024-02-01", "scoring.acknowledged", "2024-03-05T11:00",
        "'signed_employee':'P1','signed_manager':'M1','interviewed_on':'2024-03-05',"
        "'improvement':'yes'");
    due_is(s, "track/P1/4s_ae/D", "scoring.improvement_plan", "2024-03-13T00:00");
    stage_close(s);
}

static struct rec_row_score_result result_row(struct stage *s, const char *person,
                                              const char *scheme, int32_t first)
{
    struct rec_row_score_result r = {0};
    struct key k = key_of(str_of(person));
    key_str(&k, str_of(scheme));
    key_day(&k, first);
    (void)row_at(s, SCORING_RESULT, k, &r);
    return r;
}

static struct rec_row_score_sheet sheet_row(struct stage *s, const char *person)
{
    struct rec_row_score_sheet r = {0};
    struct key k = key_of(str_of(person));
    key_str(&k, STR("4s_ae"));
    key_day(&k, day_of(2024, 1, 1));
    assert_true(row_at(s, SCORING_SHEET, k, &r));
    return r;
}

/* Quotas of two persons: 0.1, 0.4, 1.2, 0.2, 0.1 are 0, 1, 1, 0, 0. */
static struct stage *open_forced(void)
{
    struct stage *s = scoring_open_changed(0, "common/scoring.yaml",
                                           "s/distribution: report/distribution: force/; "
                                           "s/distribution_min: 10/distribution_min: 2/");
    assign(s, "P1", "4s_ae", "服務站機修工");
    assign(s, "P2", "4s_ae", "服務站機修工");
    return s;
}

static void january(struct stage *s, const char *person, const char *type, const char *at,
                    const char *more)
{
    act(s, person, "4s_ae", "2024-01-01", type, at, more);
}

/* The grade of the rank comes while he appeals: the appeal goes on, the answer is signed anew. */
static void SCO_027_SCO_038_a_new_grade_leaves_an_appeal_running(void **state)
{
    (void)state;
    struct stage *s = open_forced();
    publish_4s(s, "P1", 1, "125");
    january(s, "P1", "scoring.acknowledged", "2024-02-05T08:00",
            "'signed_employee':'P1','signed_manager':'M1','interviewed_on':'2024-02-05'");
    january(s, "P1", "scoring.appeal_filed", "2024-02-05T09:00", "");
    publish_4s(s, "P2", 1, "124");
    struct rec_row_score_sheet row = sheet_row(s, "P1");
    assert_true(row.revision == 2 && str_is(row.grade, "B"));
    assert_true(row.state == score_sheet_state_appealed);
    assert_true(row.appeal == score_appeal_state_level1);
    january(s, "P1", "scoring.appeal_ruled", "2024-02-06T09:00", "'changed':'no','by':'M1'");
    assert_true(sheet_row(s, "P1").state == score_sheet_state_published);
    stage_close(s);
}

/* … while a stale result is reckoned anew: it is still to be handed in. */
static void SCO_027_SCO_008_a_new_grade_leaves_a_returned_sheet_open(void **state)
{
    (void)state;
    struct rec_row_score_round round = {0};
    struct key k = key_of(STR("C1"));
    struct stage *s = open_forced();
    key_str(&k, STR("4s_ae"));
    key_day(&k, day_of(2024, 1, 1));
    publish_4s(s, "P1", 1, "125");
    say(s, "C1", "kpi.actual_reported", "2024-02-05T09:00",
        "'metric':'commission','person':'P1','month':'2024-01-01','value':'5000'");
    january(s, "P1", "scoring.reviewed", "2024-02-05T10:00", "'result':'returned','by':'M2'");
    publish_4s(s, "P2", 1, "124");
    assert_true(sheet_row(s, "P1").state == score_sheet_state_collecting);
    assert_true(sheet_row(s, "P1").revision == 2);
    january(s, "P1", "scoring.sheet_submitted", "2024-02-06T09:00", "'by':'M1'");
    january(s, "P1", "scoring.reviewed", "2024-02-06T10:00", "'by':'M2'");
    assert_true(sheet_row(s, "P1").state == score_sheet_state_published);
    assert_true(str_is(sheet_row(s, "P1").grade, "B"));
    assert_true(row_at(s, SCORING_ROUND, k, &round));
    assert_int_equal(round.submitted, 2);
    stage_close(s);
}

/* … when his time to appeal is over: it begins again, and the result is told again. */
static void SCO_027_SCO_038_one_may_appeal_against_a_new_grade(void **state)
{
    (void)state;
    struct stage *s = open_forced();
    publish_4s(s, "P1", 1, "125");
    january(s, "P1", "scoring.acknowledged", "2024-02-05T08:00",
            "'signed_employee':'P1','signed_manager':'M1','interviewed_on':'2024-02-05'");
    submit_4s(s, "P2", 1, "124");
    january(s, "P2", "scoring.reviewed", "2024-03-18T09:00", "'by':'M2'");
    struct rec_row_score_sheet row = sheet_row(s, "P1");
    assert_true(row.state == score_sheet_state_published && row.interviewed_on == 0);
    assert_true(row.signed_employee.n == 0 && row.signed_manager.n == 0);
    due_is(s, "sheet/P1/4s_ae/2024-01-01", "scoring.appeal_file", "2024-03-26T00:00");
    january(s, "P1", "scoring.appeal_filed", "2024-03-19T09:00", "");
    stage_close(s);
}

/* Whose sheet is cancelled is not waited for. */
static void SCO_027_SCO_021_the_distribution_of_those_who_are_left(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "4s_ae", "服務站機修工");
    assign(s, "P2", "4s_ae", "服務站機修工");
    publish_4s(s, "P1", 1, "125");
    assert_int_equal(count(s, "scoring.distribution_reported"), 0);
    say(s, "HR", "scoring.scheme_assigned", "2024-02-10T09:00",
        "'person':'P2','scheme':'4s_ae','post':'服務站機修工','from':'2024-01-01',"
        "'probation_to':'2024-01-31'");
    assert_int_equal(count(s, "scoring.distribution_reported"), 1);
    assert_string_equal(last(s, "scoring.distribution_reported", "n"), "1");
    stage_close(s);
}

static void SCO_027_the_last_sheet_brings_the_distribution(void **state)
{
    (void)state;
    struct stage *s = open_forced();
    publish_4s(s, "P1", 1, "125");
    assert_int_equal(count(s, "scoring.distribution_reported"), 0);
    publish_4s(s, "P2", 1, "124");
    assert_int_equal(count(s, "scoring.distribution_reported"), 1);
    assert_string_equal(last(s, "scoring.distribution_reported", "n"), "2");
    struct rec_row_score_result r = result_row(s, "P1", "4s_ae", day_of(2024, 1, 1));
    assert_true(str_is(r.grade, "B") && str_is(r.label, "優秀") && r.revision == 2);
    assert_true(sheet_row(s, "P1").revision == 2 && str_is(sheet_row(s, "P1").grade, "B"));
    r = result_row(s, "P2", "4s_ae", day_of(2024, 1, 1));
    assert_true(str_is(r.grade, "C") && r.revision == 2);
    assert_true(sheet_row(s, "P2").revision == 2 && str_is(sheet_row(s, "P2").grade, "C"));
    stage_close(s);
}

static void SCO_014_bonus_points_are_in_the_total(void **state)
{
    (void)state;
    static const char *const kinds[] = {"entry", "post"};
    struct stage *s = scoring_open();
    char data[160];
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        snprintf(data, sizeof data, "'person':'P1','kind':'%s'", kinds[i]);
        say(s, "HR", "training.passed", "2023-12-01T09:00", data);
    }
    assign(s, "P1", "dqnj_100", "客服");
    say(s, "HR", "scoring.bonus_points_added", "2024-01-15T10:00",
        "'person':'P1','award':'A1','points':'4.5'");
    act(s, "P1", "dqnj_100", "2024-01-01", "scoring.sheet_submitted", "2024-02-02T09:00",
        "'by':'M1'");
    act(s, "P1", "dqnj_100", "2024-01-01", "scoring.reviewed", "2024-02-03T09:00", "'by':'M2'");
    struct rec_row_score_result r = result_row(s, "P1", "dqnj_100", day_of(2024, 1, 1));
    assert_true(r.score_num == 209 && r.score_den == 2); /* 104.5, no cap at 100 */
    /* an award told later marks the published result stale; together they are at most 10 */
    say(s, "HR", "scoring.bonus_points_added", "2024-02-05T10:00",
        "'person':'P1','award':'A2','points':'9','day':'2024-01-20'");
    assert_string_equal(last(s, "scoring.result_stale", "would_be"), "110.00");
    assert_string_equal(last(s, "scoring.result_stale", "fact"), "award_points");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_036_two_sheets_open_the_track_and_the_second_its_clock),
        cmocka_unit_test(SCO_036_SCO_038_after_an_unchanged_ruling_the_plan_is_due_all_the_same),
        cmocka_unit_test(SCO_027_the_last_sheet_brings_the_distribution),
        cmocka_unit_test(SCO_027_SCO_038_a_new_grade_leaves_an_appeal_running),
        cmocka_unit_test(SCO_027_SCO_008_a_new_grade_leaves_a_returned_sheet_open),
        cmocka_unit_test(SCO_027_SCO_038_one_may_appeal_against_a_new_grade),
        cmocka_unit_test(SCO_027_SCO_021_the_distribution_of_those_who_are_left),
        cmocka_unit_test(SCO_014_bonus_points_are_in_the_total)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
