/* intake_book_test.c - the register of a day: which day a call belongs to, closing it, carry-over,
 * sending. */
#include "tests/unit/intake_fixture.h"

#define REG "call.registered"
#define APPL(no) "{'call_no':'" no "'," FULL ",'product_line':'appliance'}"
#define CALL(no) "{'call_no':'" no "'}"

/* INT-EX-30 … 32, as they stand in the rules; the service policy is one of the working clock. */
static const struct {
    const char *id, *received, *day;
} register_day_rows[] = {
    {"INT-EX-30", "2026-03-06T17:30:00", "2026-03-06"},
    {"INT-EX-31", "2026-03-06T17:30:01", "2026-03-09"},
    {"INT-EX-32", "2026-10-09T18:00:00", "2026-10-10"},
};

static void INT_029_worked_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(register_day_rows); i++) {
        struct stage *s = door_open("appliance");
        char time[40];
        snprintf(time, sizeof time, "%s+08:00", register_day_rows[i].received);
        tell(s, REG, time, APPL("C1"));
        const char *day = stage_last(s, LOG, "call.classified", "register_day");
        if (strcmp(day, register_day_rows[i].day) != 0)
            fail_msg("%s: %s", register_day_rows[i].id, day);
        stage_close(s);
    }
}

static void INT_029_calendar_day_under_an_elapsed_clock(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, REG, "2026-03-07T23:59:59+08:00", "{'call_no':'C1'," FULL "}"); /* a Saturday */
    assert_string_equal(stage_last(s, LOG, "call.classified", "register_day"), "2026-03-07");
    assert_string_equal(last_with(s, "deadline.armed", "name", "register.close", "due"),
                        "2026-03-07T16:00:00Z");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.dispatch", "due"),
                        "2026-03-07T16:00:00Z");
    stage_close(s);
}

static void INT_028_day_closed_counts_and_names(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-03-06T09:00:00+08:00", APPL("A"));
    tell(s, REG, "2026-03-06T09:10:00+08:00", APPL("B"));
    tell(s, REG, "2026-03-06T09:20:00+08:00", APPL("C"));
    tell(s, REG, "2026-03-06T09:30:00+08:00",
         "{'call_no':'D'," FULL ",'product_line':'appliance','disposition':'answered'}");
    tell(s, "job.assigned", "2026-03-06T10:00:00+08:00", "{'call_no':'A','technician':'T1'}");
    tell(s, "call.cancelled", "2026-03-06T10:10:00+08:00", "{'call_no':'C','reason':'r'}");
    stage_until(s, "2026-03-06T17:30:00+08:00");
    assert_int_equal(stage_count(s, LOG, "register.day_closed"),
                     0); /* the closing time is still in the day */
    stage_until(s, "2026-03-06T17:31:00+08:00");
    assert_int_equal(stage_count(s, LOG, "register.day_closed"), 1);
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "register_no"), "U1/2026-03-06");
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "calls"), "4");
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "dispatched"), "1");
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "undispatched"),
                        "[{\"name\":\"B\"}]");
    assert_int_equal(stage_count(s, LOG, "register.mismatch"), 0);
    stage_close(s);
}

/* Day by day until somebody is sent; no 催辦單 (level 0), and the other clocks run on. */
static void INT_028_carry_over_day_by_day(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-03-06T09:00:00+08:00", APPL("B"));
    stage_until(s, "2026-03-07T00:00:00+08:00");
    assert_string_equal(stage_last(s, LOG, "call.carried_over", "times"), "1");
    assert_string_equal(stage_last(s, LOG, "call.carried_over", "day"), "2026-03-06");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.dispatch", "due"),
                        "2026-03-09T09:30:00Z");
    assert_string_equal(last_with(s, "deadline.passed", "name", "call.dispatch", "level"),
                        ""); /* 0 */
    stage_until(s, "2026-03-10T08:00:00+08:00");
    assert_string_equal(stage_last(s, LOG, "call.carried_over", "times"), "2");
    assert_string_equal(stage_last(s, LOG, "call.carried_over", "day"), "2026-03-09");
    tell(s, "job.assigned", "2026-03-10T09:00:00+08:00", "{'call_no':'B','technician':'T1'}");
    stage_until(s, "2026-03-20T08:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "call.carried_over"), 2);
    assert_int_equal(state_of(s, "B"), call_state_dispatched);
    stage_close(s);
}

static void INT_028_assigned_at_the_close_is_dispatched_a_second_later_is_carried_over(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-03-06T09:00:00+08:00", APPL("A"));
    tell(s, REG, "2026-03-06T09:00:00+08:00", APPL("B"));
    tell(s, "job.assigned", "2026-03-06T17:30:00+08:00", "{'call_no':'A','technician':'T1'}");
    tell(s, "job.assigned", "2026-03-06T17:30:01+08:00", "{'call_no':'B','technician':'T1'}");
    assert_int_equal(stage_count(s, LOG, "call.carried_over"), 1);
    assert_string_equal(stage_last(s, LOG, "call.carried_over", "call_no"), "B");
    stage_close(s);
}

/* CV-5: "dispatched" is what the door has been told, even after the call was closed. */
static void INT_028_assignment_told_after_the_close(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, REG, "2026-03-02T09:00:00+08:00", "{'call_no':'C1'," FULL "}");
    tell(s, "job.completed", "2026-03-02T11:00:00+08:00", CALL("C1"));
    tell(s, "job.signed", "2026-03-02T11:00:00+08:00", CALL("C1"));
    tell(s, "call.closed", "2026-03-02T12:00:00+08:00", "{'call_no':'C1','solution':'s'}");
    tell(s, "job.assigned", "2026-03-02T12:30:00+08:00",
         CALL("C1")); /* after the end: another story */
    struct rec_row_call row;
    assert_true(row_of_call(s, "C1", &row) && !row.assigned);
    tell(s, "job.assigned", "2026-03-02T10:00:00+08:00", CALL("C1"));
    assert_true(row_of_call(s, "C1", &row) && row.assigned);
    stage_until(s, "2026-03-03T01:00:00+08:00");
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "dispatched"), "1");
    stage_close(s);
}

/* INT-EX-33: next_day, day=2026-09-30, next=2026-10-08. */
static void INT_EX_33_next_day_after_the_holiday_week(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-09-30T09:00:00+08:00", APPL("A"));
    stage_until(s, "2026-10-05T00:00:00+08:00");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.dispatch", "due"),
                        "2026-10-08T09:30:00Z");
    assert_string_equal(last_with(s, "deadline.armed", "name", "register.send", "due"),
                        "2026-10-08T16:00:00Z");
    stage_close(s);
}

static void INT_028_carry_over_is_off_where_the_policy_says_so(void **state)
{
    (void)state;
    struct stage *s = door_open("civic-requests");
    tell(s, REG, "2026-03-06T09:00:00+08:00", CALL("A"));
    assert_int_equal(stage_count(s, LOG, "deadline.armed"), 0);
    tell(s, "register.sent", "2026-03-06T18:00:00+08:00", "{'register_no':'U1/2026-03-06'}");
    stage_close(s);
    s = door_open_changed("appliance", "services.yaml",
                          "s/same_day_dispatch: yes/same_day_dispatch: no/");
    tell(s, REG, "2026-03-06T09:00:00+08:00", APPL("A"));
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.dispatch"), 0);
    stage_until(s, "2026-03-08T09:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "call.carried_over"), 0);
    stage_close(s);
}

/* A call entered days after it was received: carried over once, its register closed once more. */
static void INT_004_entered_late_amends_the_register(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-03-02T09:00:00+08:00", APPL("A"));
    tell(s, "job.assigned", "2026-03-02T10:00:00+08:00", "{'call_no':'A','technician':'T1'}");
    tell(s, "register.sent", "2026-03-03T09:00:00+08:00", "{'register_no':'U1/2026-03-02'}");
    tell(s, REG, "2026-03-05T09:00:00+08:00",
         "{'call_no':'B'," FULL
         ",'product_line':'appliance','received_at':'2026-03-02T11:00:00+08:00'}");
    tell(s, REG, "2026-03-05T09:00:00+08:00",
         "{'call_no':'C'," FULL
         ",'product_line':'appliance','received_at':'2026-03-02T11:00:00+08:00'}");
    stage_until(s, "2026-03-05T09:00:01+08:00");
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "amended"), "true");
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "calls"), "3");
    assert_int_equal(count_with(s, "call.carried_over", "call_no", "B"), 1);
    assert_string_equal(last_with(s, "deadline.armed", "case_no", "B", "due"),
                        "2026-03-05T09:30:00Z");
    assert_int_equal(count_with(s, "deadline.armed", "name", "register.send"),
                     1); /* sent is sent */
    stage_until(s, "2026-03-12T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "register.send"), 0);
    stage_close(s);
}

/* One register of a unit's day for calls of both kinds: it closes at 24:00 when it holds a calendar
 * call. */
static void INT_028_register_of_both_kinds(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-03-02T09:00:00+08:00", APPL("A"));
    tell(s, REG, "2026-03-02T09:01:00+08:00", "{'call_no':'G'," FULL "}"); /* SP-GEN-24H: elapsed */
    stage_until(s, "2026-03-02T23:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "register.day_closed"), 0);
    stage_until(s, "2026-03-03T00:00:01+08:00");
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "calls"), "2");
    assert_string_equal(stage_last(s, LOG, "register.day_closed", "day"), "2026-03-02");
    stage_close(s);
}

static void INT_030_only_a_closed_register_can_be_sent(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-03-06T09:00:00+08:00", APPL("A"));
    static const char *const wrong[] = {"U1/2026-03-06", "U1/2026-03-05", "U1", "/",
                                        "U1/x",          "2026-03-06"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char data[64];
        snprintf(data, sizeof data, "{'register_no':'%s'}", wrong[i]);
        refuse(s, "register.sent", "2026-03-06T17:30:00+08:00", data, "INT-030",
               "register_not_closed");
    }
    tell(s, "register.sent", "2026-03-06T17:31:00+08:00", "{'register_no':'U1/2026-03-06'}");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "register.send"), 1);
    stage_close(s);
}

/* CV-8: 次日 is the next working day, or the next day of the calendar. */
static void INT_030_next_day_as_the_key_says(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"working", "2026-03-09T16:00:00Z"},
                                          {"calendar", "2026-03-07T16:00:00Z"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char sed[60];
        snprintf(sed, sizeof sed, "/^keys:/a\\  next_day: %s", rows[i][0]);
        struct stage *s = door_open_changed("appliance", "policy.yaml", sed);
        tell(s, REG, "2026-03-06T09:00:00+08:00", APPL("A")); /* a Friday */
        stage_until(s, "2026-03-06T17:31:00+08:00");
        assert_string_equal(last_with(s, "deadline.armed", "name", "register.send", "due"),
                            rows[i][1]);
        stage_close(s);
    }
}

/* A call that waits for a voucher is open, and its voucher is out for another one. */
static void INT_031_register_and_voucher_disagree(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("appliance", "policy.yaml", "/^keys:/a\\  second_call_mode: wait");
    tell(s, REG, "2026-03-06T09:00:00+08:00",
         "{'call_no':'A'," FULL
         ",'product_line':'appliance','customer':'K','product':'P','fault':'1'}");
    tell(s, REG, "2026-03-06T09:01:00+08:00",
         "{'call_no':'B'," FULL
         ",'product_line':'appliance','customer':'K','product':'P','fault':'2'}");
    stage_until(s, "2026-03-06T18:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "register.mismatch"), 1);
    assert_string_equal(stage_last(s, LOG, "register.mismatch", "call_no"), "B");
    assert_string_equal(stage_last(s, LOG, "register.mismatch", "register_state"), "classified");
    assert_string_equal(stage_last(s, LOG, "register.mismatch", "voucher_state"),
                        "with_supervisor");
    stage_close(s);
}

static void INT_031_written_off_calls_agree(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-03-06T09:00:00+08:00", APPL("A"));
    tell(s, "job.assigned", "2026-03-06T10:00:00+08:00", "{'call_no':'A','technician':'T1'}");
    tell(s, "job.completed", "2026-03-06T11:00:00+08:00", CALL("A"));
    tell(s, "job.signed", "2026-03-06T11:00:00+08:00", CALL("A"));
    tell(s, "call.written_off", "2026-03-06T12:00:00+08:00", "{'call_no':'A','solution':'s'}");
    stage_until(s, "2026-03-06T18:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "register.day_closed"), 1);
    assert_int_equal(stage_count(s, LOG, "register.mismatch"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_029_worked_examples),
        cmocka_unit_test(INT_029_calendar_day_under_an_elapsed_clock),
        cmocka_unit_test(INT_028_day_closed_counts_and_names),
        cmocka_unit_test(INT_028_carry_over_day_by_day),
        cmocka_unit_test(
            INT_028_assigned_at_the_close_is_dispatched_a_second_later_is_carried_over),
        cmocka_unit_test(INT_028_assignment_told_after_the_close),
        cmocka_unit_test(INT_EX_33_next_day_after_the_holiday_week),
        cmocka_unit_test(INT_028_carry_over_is_off_where_the_policy_says_so),
        cmocka_unit_test(INT_004_entered_late_amends_the_register),
        cmocka_unit_test(INT_028_register_of_both_kinds),
        cmocka_unit_test(INT_030_only_a_closed_register_can_be_sent),
        cmocka_unit_test(INT_030_next_day_as_the_key_says),
        cmocka_unit_test(INT_031_register_and_voucher_disagree),
        cmocka_unit_test(INT_031_written_off_calls_agree),
    };
    return cmocka_run_group_tests_name("intake_book", tests, NULL, NULL);
}
