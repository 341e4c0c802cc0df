/* parts_oldpart_report_test.c - the abnormality report of an old part. Rule PRT-026. */
#include "tests/unit/parts_old_door.h"

static void PRT_026_the_report_is_known_and_that_of_the_note(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 1, "10.00", DAY1);
    (void)basis(s, "IND", "8", "CON", 1, DAY1);
    old_bar(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "'abnormal_no':'AB-9'", "PRT-026",
            "unknown_report");
    old_bar(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "'abnormal_no':'AB-8'", "PRT-026",
            "other_report");
    assert_string_equal(old_state(s, "OP-1"), "expected");
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "'abnormal_no':'AB-N1'");
    old_bar(s, "oldpart.linked", "OP-1", "2026-03-03T11:00", "'abnormal_no':'AB-8'", "PRT-026",
            "other_report");
    assert_true(str_is(old_row(s, "OP-1").abnormal_no, "AB-N1"));
    stage_close(s);
}

static void PRT_026_what_nobody_expected_has_a_known_report_too(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    old_bar(s, "oldpart.returned", "X1", DAY1, "'part_no':'CON','abnormal_no':'AB-8'", "PRT-026",
            "unknown_report");
    old_act(s, "oldpart.returned", "X1", DAY1, "'part_no':'CON'");
    old_bar(s, "oldpart.linked", "X1", DAY1, "'abnormal_no':'AB-8'", "PRT-026", "unknown_report");
    (void)basis(s, "IND", "8", "CON", 1, DAY1);
    old_act(s, "oldpart.linked", "X1", "2026-03-03T10:00", "'abnormal_no':'AB-8'");
    assert_true(str_is(old_row(s, "X1").abnormal_no, "AB-8"));
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_026_the_report_is_known_and_that_of_the_note),
        cmocka_unit_test(PRT_026_what_nobody_expected_has_a_known_report_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
