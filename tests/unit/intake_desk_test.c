/* intake_desk_test.c - papers of the liaison officer's desk: order documents, abnormality reports;
 * and what the engine of papers promises. Rules INT-054, INT-055. */
#include "tests/unit/intake_fixture.h"

static const char *due_of(struct stage *s, const char *deadline)
{
    return last_with(s, "deadline.armed", "name", deadline, "due");
}

/* ---- INT-055 ---- */

static void INT_055_documents_by_the_set_time(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "docs.requested", "2026-03-02T10:00:00+08:00",
         "{'order':'O-1','documents':[{'name':'合格證'}],'due':'2026-03-05'}");
    assert_string_equal(due_of(s, "docs.deliver"), "2026-03-05T16:00:00Z"); /* its 24:00 */
    tell(s, "docs.delivered", "2026-03-05T17:00:00+08:00", "{'order':'O-1','to':'跟單員'}");
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "case_no"), "docs/O-1");
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    stage_close(s);
}

static void INT_055_three_working_days_when_no_time_is_set(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "docs.requested", "2026-03-06T10:00:00+08:00", "{'order':'O-1'}"); /* a Friday */
    assert_string_equal(due_of(s, "docs.deliver"), "2026-03-11T16:00:00Z");
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 3); /* the whole ladder of ESC-D */
    stage_close(s);
}

static void INT_055_another_day_moves_the_clock(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "docs.requested", "2026-03-02T10:00:00+08:00", "{'order':'O-1','due':'2026-03-05'}");
    tell(s, "docs.requested", "2026-03-03T10:00:00+08:00", "{'order':'O-1','due':'2026-03-09'}");
    assert_int_equal(stage_count(s, LOG, "deadline.dropped"), 1);
    assert_string_equal(due_of(s, "docs.deliver"), "2026-03-09T16:00:00Z");
    stage_close(s);
}

static void INT_055_unknown_and_delivered_orders_are_refused(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    refuse(s, "docs.delivered", "2026-03-02T10:00:00+08:00", "{'order':'O-9'}", "INT-055",
           "unknown_number");
    tell(s, "docs.requested", "2026-03-02T10:00:00+08:00", "{'order':'O-1'}");
    tell(s, "docs.delivered", "2026-03-02T11:00:00+08:00", "{'order':'O-1'}");
    refuse(s, "docs.delivered", "2026-03-02T12:00:00+08:00", "{'order':'O-1'}", "INT-055", "state");
    stage_close(s);
}

/* ---- INT-054 ---- */

#define REPORT "{'report_no':'R-1'}"

static void INT_054_approval_within_a_working_day(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "abnormal.logged", "2026-03-06T09:00:00+08:00",
         "{'report_no':'R-1','product':'P1','fault':'f','value':'120.00',"
         "'parts_requested':[{'part_no':'X','qty':2}]}");
    tell(s, "abnormal.approval_requested", "2026-03-06T16:30:00+08:00", REPORT);
    assert_string_equal(due_of(s, "abnormal.approve"), "2026-03-09T08:30:00Z"); /* 480 min */
    stage_until(s, "2026-03-09T16:31:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 1);
    tell(s, "abnormal.approved", "2026-03-09T17:00:00+08:00", "{'report_no':'R-1','by':'L'}");
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "late"), "true");
    stage_close(s);
}

static void INT_054_refused_may_be_asked_again(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "abnormal.logged", "2026-03-02T09:00:00+08:00", REPORT);
    tell(s, "abnormal.approval_requested", "2026-03-02T09:10:00+08:00", REPORT);
    tell(s, "abnormal.refused", "2026-03-02T09:20:00+08:00",
         "{'report_no':'R-1','by':'L','reason':'too dear'}");
    assert_int_equal(stage_count(s, LOG, "deadline.stopped"), 1);
    refuse(s, "abnormal.forwarded", "2026-03-02T09:30:00+08:00", "{'report_no':'R-1','to':'M'}",
           "INT-054", "state");
    tell(s, "abnormal.approval_requested", "2026-03-02T09:40:00+08:00", REPORT);
    assert_string_equal(last_with(s, "deadline.armed", "name", "abnormal.approve", "round"), "1");
    stage_close(s);
}

static void INT_054_forwarded_to_the_maker_and_followed(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "abnormal.logged", "2026-03-02T09:00:00+08:00", REPORT);
    refuse(s, "abnormal.handled", "2026-03-02T09:05:00+08:00", "{'report_no':'R-1','outcome':'o'}",
           "INT-054", "state");
    tell(s, "abnormal.forwarded", "2026-03-02T09:30:00+08:00", "{'report_no':'R-1','to':'M'}");
    tell(s, "abnormal.handled", "2026-03-04T09:30:00+08:00",
         "{'report_no':'R-1','outcome':'parts sent'}");
    struct rec_row_abnormal row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(ABNORMAL), key_of(STR("R-1")), &row));
    assert_int_equal(row.state, abnormal_state_handled);
    assert_true(str_is(row.to, "M") && str_is(row.outcome, "parts sent"));
    assert_true(str_is(row.unit, "U1")); /* the source, nobody said otherwise */
    assert_true(row.forwarded_at > row.logged_at && row.handled_at > row.forwarded_at);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_055_documents_by_the_set_time),
        cmocka_unit_test(INT_055_three_working_days_when_no_time_is_set),
        cmocka_unit_test(INT_055_another_day_moves_the_clock),
        cmocka_unit_test(INT_055_unknown_and_delivered_orders_are_refused),
        cmocka_unit_test(INT_054_approval_within_a_working_day),
        cmocka_unit_test(INT_054_refused_may_be_asked_again),
        cmocka_unit_test(INT_054_forwarded_to_the_maker_and_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
