/* scoring_assigned_again_test.c - an assignment that is corrected or taken back, and the sheets
 * there are (SCO-001, SCO-002, SCO-021, SCO-030). */
#include "tests/unit/scoring_sheet.h"

#define CLERK "普通售後客服" /* of tb_130 */

static struct rec_row_score_round round_of(struct stage *s, const char *unit)
{
    struct rec_row_score_round row = {0};
    struct key k = key_of(str_of(unit));
    key_str(&k, STR("4s_ae"));
    key_day(&k, day_of(2024, 8, 1));
    (void)row_at(s, SCORING_ROUND, k, &row);
    return row;
}

/* Told again for P1 on 4 August: post, from, and what follows it. */
static void correct(struct stage *s, const char *post, const char *from, const char *more)
{
    char data[400];
    snprintf(data, sizeof data, "'scheme':'4s_ae','post':'%s','from':'%s'%s%s", post, from,
             *more ? "," : "", more);
    say(s, "HR", "scoring.scheme_assigned", "2024-08-04T10:00", of("P1", data).text);
}

static void SCO_002_a_corrected_post_is_that_of_the_open_sheet(void **state)
{
    (void)state;
    struct rec_row_score_sheet row;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    until(s, "2024-08-02T10:00");
    correct(s, "服務站檔案管理員", "2024-08-01",
            "'level':'management','manager':'M2','next_level':'H1'");
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_true(str_is(row.post, "服務站檔案管理員") && row.level == score_level_management);
    assert_true(str_is(row.manager, "M2") && str_is(row.next_level, "H1"));
    until(s, "2024-08-06T00:01"); /* 5 August is over */
    assert_string_equal(last(s, "deadline.passed", "name"), "scoring.4s_targets");
    assert_string_equal(last(s, "deadline.passed", "person"), "M2");
    /* from the middle of the month on: the post is that of the first day, the manager that of now
     */
    until(s, "2024-08-20T10:00");
    correct(s, MECHANIC, "2024-08-15", "'manager':'M1'");
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_true(str_is(row.post, "服務站檔案管理員") && str_is(row.manager, "M1"));
    stage_close(s);
}

/* Told before its day: at the turn of the month. */
static void SCO_002_who_assesses_is_known_at_the_end_of_the_month(void **state)
{
    (void)state;
    struct rec_row_score_sheet row;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    until(s, "2024-08-02T10:00");
    correct(s, MECHANIC, "2024-08-15", "'manager':'M2'");
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_true(str_is(row.manager, "M1"));
    until(s, "2024-09-01T00:01");
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_true(str_is(row.manager, "M2"));
    stage_close(s);
}

static void SCO_002_a_sheet_goes_to_the_unit_of_the_person(void **state)
{
    (void)state;
    struct rec_row_score_sheet row;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    assign_4s(s, "P2");
    until(s, "2024-08-02T10:00");
    assert_int_equal(round_of(s, "C1").sheets, 2);
    tell(s, "HR", "person.upserted", "2024-08-03T10:00",
         "'person':'P1','unit':'C2','role':'staff'");
    correct(s, MECHANIC, "2024-08-01", "'manager':'M2'");
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row) && str_is(row.unit, "C2"));
    assert_int_equal(round_of(s, "C1").sheets, 1);
    assert_int_equal(round_of(s, "C2").sheets, 1);
    assert_string_equal(end_of(s, "round/C2/4s_ae/2024-08-01", "scoring.4s_assess"), "open");
    stage_close(s);
}

/* scoring.sheet_cancelled: on probation after all; and off it again. */
static void SCO_021_who_is_excluded_after_all_has_no_sheet(void **state)
{
    (void)state;
    const char *type = "scoring.sheet_cancelled";
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    assign_4s(s, "P2");
    until(s, "2024-08-02T10:00");
    correct(s, MECHANIC, "2024-08-01", "'wage':'799.99'");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-08-01"), "cancelled");
    assert_string_equal(last(s, type, "person"), "P1");
    assert_string_equal(last(s, type, "first"), "2024-08-01");
    assert_string_equal(last(s, type, "reason"), "excluded");
    assert_string_equal(end_of(s, SHEET_AUG, "scoring.4s_targets"), "cancelled");
    assert_int_equal(round_of(s, "C1").sheets, 1);
    bar(s, "P1", "scoring.item_scored", "2024-08-04T11:00", "'item':'finance','points':'1'",
        "SCO-008", "state");
    correct(s, MECHANIC, "2024-08-01", "'wage':'800.00'");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-08-01"), "open");
    assert_string_equal(end_of(s, SHEET_AUG, "scoring.4s_targets"), "open");
    assert_int_equal(round_of(s, "C1").sheets, 2);
    assert_int_equal(count(s, type), 1);
    stage_close(s);
}

/* Of a round without a sheet nothing is due. */
static void SCO_030_the_clocks_of_a_round_end_with_its_last_sheet(void **state)
{
    (void)state;
    const char *finance = "scoring.4s_sheet_finance", *assess = "scoring.4s_assess";
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    until(s, "2024-08-02T10:00");
    correct(s, MECHANIC, "2024-08-01", "'probation_to':'2024-08-01'");
    assert_string_equal(end_of(s, ROUND_AUG, finance), "cancelled");
    assert_string_equal(end_of(s, ROUND_AUG, assess), "cancelled");
    correct(s, MECHANIC, "2024-08-01", "");
    assert_string_equal(end_of(s, ROUND_AUG, finance), "open");
    assert_string_equal(end_of(s, ROUND_AUG, assess), "open");
    stage_close(s);
}

/* A wrong assignment never held: its sheet is closed, what stood before stands again. */
static void SCO_001_an_assignment_is_taken_back(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "tb_130", CLERK, "2024-07-01", "2024-06-20T09:00");
    assign_4s(s, "P1");
    until(s, "2024-08-02T10:00");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-08-01"), "none");
    deny(s, "HR", "scoring.scheme_assigned", "2024-08-04T09:00",
         of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-02','to':'2024-08-01'")
             .text,
         "SCO-001", "day");
    correct(s, MECHANIC, "2024-08-01", "'to':'2024-07-31'");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-08-01"), "cancelled");
    assert_string_equal(last(s, "scoring.sheet_cancelled", "reason"), "not_assigned");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-08-01"), "targets_set");
    assert_int_equal(round_of(s, "C1").sheets, 0);
    stage_close(s);
}

/* Its sheet is closed: another scheme may take its period. */
static void SCO_001_another_scheme_after_one_that_was_taken_back(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    until(s, "2024-08-02T10:00");
    correct(s, MECHANIC, "2024-08-01", "'to':'2024-07-31'");
    assign(s, "P1", "tb_130", CLERK, "2024-08-01", "2024-08-04T11:00");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-08-01"), "targets_set");
    until(s, "2024-09-02T10:00");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-09-01"), "none");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-09-01"), "targets_set");
    stage_close(s);
}

/* What is published stands; from a later day on he is assessed no more. */
static void SCO_001_SCO_021_a_published_result_stands(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    publish(s, "P1", "100");
    deny(s, "HR", "scoring.scheme_assigned", "2024-09-05T10:00",
         of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01','to':'2024-07-31'")
             .text,
         "SCO-001", "published");
    say(s, "HR", "scoring.scheme_assigned", "2024-09-05T10:00",
        of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01','to':'2024-08-31',"
                 "'wage':'700.00'")
            .text);
    state_is(s, "P1", "published");
    assert_int_equal(count(s, "scoring.result_stale"), 0);
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-09-01"), "cancelled");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_002_a_corrected_post_is_that_of_the_open_sheet),
        cmocka_unit_test(SCO_002_who_assesses_is_known_at_the_end_of_the_month),
        cmocka_unit_test(SCO_002_a_sheet_goes_to_the_unit_of_the_person),
        cmocka_unit_test(SCO_021_who_is_excluded_after_all_has_no_sheet),
        cmocka_unit_test(SCO_030_the_clocks_of_a_round_end_with_its_last_sheet),
        cmocka_unit_test(SCO_001_an_assignment_is_taken_back),
        cmocka_unit_test(SCO_001_another_scheme_after_one_that_was_taken_back),
        cmocka_unit_test(SCO_001_SCO_021_a_published_result_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
