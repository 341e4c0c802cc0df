/* scoring_round_test.c - whose sheets of a centre are missing (SCO-030 … SCO-032). */
#include "tests/unit/scoring_round.h"

/* Two managers have sheets to hand in: each is late, fined and reminded for his own, until the last
 * of them is there. */
static void SCO_030_SCO_031_SCO_032_each_manager_is_late_for_his_own(void **state)
{
    (void)state;
    const char *fined = "scoring.late_fined", *by = "responsible";
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    assign_4s(s, "P3");
    say(s, "HR", "scoring.scheme_assigned", "2024-07-20T09:00",
        of("P2", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01','manager':'M2'").text);
    provide(s, "finance", "2024-08-01", "2024-09-06T10:00");
    until(s, "2024-09-09T17:31");
    assert_int_equal(reminders(s, FINANCE), 2);
    assert_int_equal(passed_of(s, FINANCE, "M1"), 1);
    assert_int_equal(passed_of(s, FINANCE, "M2"), 1);
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.sheet_late", by, "M1"), 2);
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.sheet_late", by, "M2"), 1);
    submit(s, "P1", "100");
    submit(s, "P2", "100");
    assert_string_equal(manager_end(s, ROUND_AUG, 1, FINANCE), "open");
    assert_string_equal(manager_end(s, ROUND_AUG, 2, FINANCE), "stopped");
    size_t fines = count_of(s, OWNER_scoring, fined, "person", "P3");
    until(s, "2024-09-10T17:31");
    assert_int_equal(reminders(s, FINANCE), 3);
    assert_int_equal(count_of(s, OWNER_scoring, fined, "person", "P3"), fines + 1);
    assert_string_equal(last_of(s, fined, "person", "P3", by), "M1");
    stage_close(s);
}

/* Another manager, in the middle of the month: the sheet is his to hand in. */
static void SCO_031_another_manager_takes_the_sheet_over(void **state)
{
    (void)state;
    struct rec_row_deadline row;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    provide(s, "finance", "2024-08-01", "2024-09-06T10:00");
    say(s, "HR", "scoring.scheme_assigned", "2024-09-06T11:00",
        of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-15','manager':'M2'").text);
    assert_string_equal(manager_end(s, ROUND_AUG, 1, FINANCE), "cancelled");
    assert_true(manager_clock(s, ROUND_AUG, 2, FINANCE, &row));
    assert_true(row.end == deadline_end_open && str_is(row.person, "M2"));
    until(s, "2024-09-09T17:31");
    assert_string_equal(last_of(s, "scoring.late_fined", "person", "P1", "responsible"), "M2");
    stage_close(s);
}

/* What was fined for a sheet that nobody has to hand in. */
static void SCO_032_SCO_021_the_fine_for_a_cancelled_sheet_is_taken_back(void **state)
{
    (void)state;
    const char *fined = "scoring.late_fined";
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    assign_4s(s, "P2");
    until(s, "2024-09-10T18:00");
    assert_string_equal(last_of(s, fined, "person", "P1", "days"), "2");
    say(s, "HR", "scoring.scheme_assigned", "2024-09-10T18:00",
        of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01',"
                 "'probation_to':'2024-08-31','manager':'M1'")
            .text);
    assert_string_equal(last_of(s, fined, "person", "P1", "days"), "0");
    assert_string_equal(manager_end(s, ROUND_AUG, 1, FINANCE), "open");
    size_t fines = count_of(s, OWNER_scoring, fined, "person", "P1");
    until(s, "2024-09-12T18:00");
    assert_int_equal(count_of(s, OWNER_scoring, fined, "person", "P1"), fines);
    assert_string_equal(last_of(s, fined, "person", "P2", "days"), "4");
    stage_close(s);
}

/* Who comes after the last clock is late when his sheet comes, and not reminded before. */
static void SCO_031_a_round_has_clocks_for_so_many_managers(void **state)
{
    const int managers = 256, clocks = 255;
    struct stage *s = scoring_open();
    char data[200];
    (void)state;
    for (int i = 0; i < managers; i++) {
        snprintf(data, sizeof data, "'person':'X%d','unit':'C1','role':'staff'", i);
        tell(s, "HR", "person.upserted", "2024-07-01T08:00", data);
        snprintf(data, sizeof data,
                 "'person':'X%d','scheme':'q_post','post':'售後人員','from':'2024-07-01',"
                 "'manager':'B%d'",
                 i, i);
        say(s, "HR", "scoring.scheme_assigned", "2024-10-09T10:00", data);
    }
    until(s, "2024-10-11T00:01");
    assert_int_equal(reminders(s, "scoring.q_post_sheet"), clocks);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_030_SCO_031_SCO_032_each_manager_is_late_for_his_own),
        cmocka_unit_test(SCO_031_a_round_has_clocks_for_so_many_managers),
        cmocka_unit_test(SCO_031_another_manager_takes_the_sheet_over),
        cmocka_unit_test(SCO_032_SCO_021_the_fine_for_a_cancelled_sheet_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
