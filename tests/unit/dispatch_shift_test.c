/* dispatch_shift_test.c - shifts at a customer's plant: reports and hand-over. Rules DSP-065 …
 * DSP-069, examples DSP-EX-35 and DSP-EX-36. */
#include "tests/unit/dispatch_staff.h"

#define PLANT "'default_policy':'SP-PLANT-QINFO'"
#define ROSTER                                                                                     \
    "{'shift':'H1','site':'P1','person':'T1','next':'T2','start':'2026-03-02T08:00:00+08:00',"     \
    "'end':'2026-03-02T20:00:00+08:00'}"
#define H1 "{'shift':'H1'}"

static struct stage *plant(void)
{
    struct stage *s = staff_open("general", PLANT);
    say(s, "shift.rostered", "2026-03-02T08:00", ROSTER);
    return s;
}

static struct rec_row_shift row_of(struct stage *s, const char *shift)
{
    struct rec_row_shift row;
    struct key k = key_of(str_of(shift));
    row_read(s, dispatch_tables[DISPATCH_SHIFT].id, &k, shape_row_shift(), &row);
    return row;
}

/* ---- DSP-066 ---- */

static void DSP_066_every_shift_is_reported_by_its_end(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    assert_armed(s, "shift.report", "shift/H1", "2026-03-02T12:00:00Z"); /* 20:00 */
    assert_string_equal(of_case(s, "deadline.armed", "shift.report", "shift/H1", "start"),
                        "2026-03-02T00:00:00Z");
    until(s, "2026-03-02T20:00");
    assert_int_equal(clock_count(s, "deadline.passed", "shift.report"), 0);
    until(s, "2026-03-09T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "shift.report"), 1); /* ESC-D level 1 */
    say(s, "shift.reported", "2026-03-02T19:50", "{'shift':'H1','condition':'quiet'}");
    assert_int_equal(clock_count(s, "deadline.withdrawn", "shift.report"), 1);
    stage_close(s);
}

static void DSP_066_the_report_stops_the_clock(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    say(s, "shift.reported", "2026-03-02T20:00", "{'shift':'H1','problems':[{'name':'noise'}]}");
    until(s, "2026-03-09T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "shift.report"), 0);
    assert_int_equal(row_of(s, "H1").problems.n, 1);
    stage_close(s);
}

static void DSP_066_a_problem_that_was_not_reported_is_conduct(void **unused)
{
    (void)unused;
    for (int reported = 0; reported < 2; reported++) {
        struct stage *s = plant();
        say(s, "shift.reported", "2026-03-02T19:00",
            reported ? "{'shift':'H1','problems':[{'name':'noise'}]}" : H1);
        say(s, "shift.handover_written", "2026-03-02T19:50",
            "{'shift':'H1','handed_problems':[{'name':'noise'}]}");
        say(s, "shift.handover_confirmed", "2026-03-02T20:00",
            "{'shift':'H1','by':'T2','mode':'face_to_face'}");
        say(s, "shift.ended", "2026-03-02T20:05", H1);
        assert_int_equal(count(s, "conduct.recorded"), reported ? 0 : 1);
        if (!reported) {
            assert_string_equal(last(s, "conduct.recorded", "kind"), "unreported_problem");
            assert_string_equal(last(s, "conduct.recorded", "person"), "T1");
        }
        stage_close(s);
    }
}

/* ---- DSP-067 ---- */

static void DSP_067_written_confirmed_ended(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    deny(s, "shift.handover_confirmed", "2026-03-02T19:40",
         "{'shift':'H1','by':'T2','mode':'phone'}", "DSP-067", "state");
    say(s, "shift.handover_written", "2026-03-02T19:50", "{'shift':'H1','text':'all well'}");
    deny(s, "shift.handover_confirmed", "2026-03-02T19:55",
         "{'shift':'H1','by':'T1','mode':'phone'}", "DSP-067", "own_confirmation");
    deny(s, "shift.handover_confirmed", "2026-03-02T19:55",
         "{'shift':'H1','by':'T3','mode':'phone'}", "DSP-067", "not_incoming");
    say(s, "shift.handover_confirmed", "2026-03-02T20:00",
        "{'shift':'H1','by':'T2','mode':'phone'}");
    assert_int_equal(row_of(s, "H1").state, shift_state_confirmed);
    deny(s, "shift.handover_written", "2026-03-02T20:01", H1, "DSP-067", "state");
    say(s, "shift.ended", "2026-03-02T20:05", H1);
    assert_int_equal(row_of(s, "H1").state, shift_state_ended);
    assert_int_equal(count(s, "shift.handover_violated"), 0);
    deny(s, "shift.ended", "2026-03-02T20:06", H1, "DSP-067", "state");
    deny(s, "shift.ended", "2026-03-02T20:06", "{'shift':'H9'}", "DSP-067", "unknown_number");
    stage_close(s);
}

static void DSP_067_leaving_unconfirmed_is_a_violation(void **unused)
{
    (void)unused;
    for (int written = 0; written < 2; written++) {
        struct stage *s = plant();
        if (written) say(s, "shift.handover_written", "2026-03-02T19:50", H1);
        say(s, "shift.ended", "2026-03-02T20:05", H1);
        assert_int_equal(count(s, "shift.handover_violated"), 1);
        assert_string_equal(last(s, "shift.handover_violated", "reason"), "left_unconfirmed");
        assert_string_equal(last(s, "conduct.recorded", "kind"), "missed_handover");
        assert_string_equal(last(s, "conduct.recorded", "person"), "T1");
        /* What is told afterwards is a late report. */
        if (!written)
            deny(s, "shift.handover_confirmed", "2026-03-02T20:10",
                 "{'shift':'H1','by':'T2','mode':'phone'}", "DSP-067", "not_written");
        say(s, "shift.handover_written", "2026-03-02T20:15", H1);
        say(s, "shift.handover_confirmed", "2026-03-02T20:20",
            "{'shift':'H1','by':'T2','mode':'phone'}");
        assert_int_equal(row_of(s, "H1").state, shift_state_ended);
        assert_int_equal(clock_count(s, "deadline.stopped", "shift.handover"), 1);
        assert_int_equal(count(s, "shift.handover_violated"), 1);
        stage_close(s);
    }
}

/* The confirmation is told first, the end that came before it second. */
static void DSP_067_leaving_is_judged_by_the_times_that_were_told(void **unused)
{
    (void)unused;
    const struct {
        const char *left;
        int violations;
    } rows[] = {{"2026-03-02T20:29:59", 1}, {"2026-03-02T20:30", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = plant();
        say(s, "shift.handover_written", "2026-03-02T19:50", H1);
        say(s, "shift.handover_confirmed", "2026-03-02T20:30",
            "{'shift':'H1','by':'T2','mode':'phone'}");
        say(s, "shift.ended", rows[i].left, H1);
        assert_int_equal(count(s, "shift.handover_violated"), rows[i].violations);
        if (rows[i].violations)
            assert_string_equal(last(s, "shift.handover_violated", "reason"), "left_unconfirmed");
        stage_close(s);
    }
}

/* ---- DSP-068 ---- */

static void DSP_068_how_a_shift_may_be_handed_over(void **unused)
{
    (void)unused;
    const struct {
        const char *id;
        int problems;
        const char *mode;
        bool valid;
    } rows[] = {
        {"DSP-EX-35", 2, "sms", false},          {"DSP-EX-36", 0, "sms", true},
        {"problems, phone", 2, "phone", false},  {"problems", 1, "face_to_face", true},
        {"no problem, phone", 0, "phone", true}, {"no problem", 0, "face_to_face", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = plant();
        const char *const records[] = {H1, "{'shift':'H1','handed_problems':[{'name':'a'}]}",
                                       "{'shift':'H1','handed_problems':[{'name':'a'},"
                                       "{'name':'b'}]}"};
        char data[100];
        snprintf(data, sizeof data, "{'shift':'H1','by':'T2','mode':'%s'}", rows[i].mode);
        say(s, "shift.handover_written", "2026-03-02T19:50", records[rows[i].problems]);
        say(s, "shift.handover_confirmed", "2026-03-02T20:00", data);
        bool valid = row_of(s, "H1").state == shift_state_confirmed;
        if (valid != rows[i].valid) fail_msg("%s", rows[i].id);
        assert_int_equal(count(s, "shift.handover_violated"), valid ? 0 : 1);
        assert_int_equal(clock_count(s, "deadline.stopped", "shift.handover"), valid ? 1 : 0);
        stage_close(s);
    }
}

static void DSP_068_the_right_hand_over_may_follow(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    say(s, "shift.handover_written", "2026-03-02T19:50",
        "{'shift':'H1','handed_problems':[{'name':'a'}]}");
    say(s, "shift.handover_confirmed", "2026-03-02T20:00", "{'shift':'H1','by':'T2','mode':'sms'}");
    assert_string_equal(last(s, "shift.handover_violated", "reason"), "not_face_to_face");
    say(s, "shift.handover_confirmed", "2026-03-02T20:10",
        "{'shift':'H1','by':'T2','mode':'face_to_face'}");
    assert_string_equal(of_case(s, "deadline.stopped", "shift.handover", "shift/H1", "late"), "");
    say(s, "shift.ended", "2026-03-02T20:11", H1);
    assert_int_equal(count(s, "shift.handover_violated"), 1);
    stage_close(s);
}

/* The problems of the day are handed over face to face, also when the record leaves them out. */
static void DSP_068_reported_problems_count_as_those_of_the_record(void **unused)
{
    (void)unused;
    const char *const report = "{'shift':'H1','problems':[{'name':'noise'}]}";
    for (int late = 0; late < 2; late++) {
        struct stage *s = plant();
        if (!late) say(s, "shift.reported", "2026-03-02T19:00", report);
        say(s, "shift.handover_written", "2026-03-02T19:50", H1);
        say(s, "shift.handover_confirmed", "2026-03-02T20:00",
            "{'shift':'H1','by':'T2','mode':'sms'}");
        if (late) say(s, "shift.reported", "2026-03-02T19:00", report);
        say(s, "shift.ended", "2026-03-02T20:05", H1);
        assert_int_equal(count(s, "shift.handover_violated"), 1);
        assert_string_equal(last(s, "shift.handover_violated", "reason"), "not_face_to_face");
        stage_close(s);
    }
}

static void DSP_068_one_hand_over_is_one_violation(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    say(s, "shift.handover_written", "2026-03-02T19:50",
        "{'shift':'H1','handed_problems':[{'name':'a'}]}");
    say(s, "shift.handover_confirmed", "2026-03-02T20:00", "{'shift':'H1','by':'T2','mode':'sms'}");
    say(s, "shift.handover_confirmed", "2026-03-02T20:01",
        "{'shift':'H1','by':'T2','mode':'phone'}");
    say(s, "shift.ended", "2026-03-02T20:05", H1);
    assert_int_equal(count(s, "shift.handover_violated"), 1);
    assert_int_equal(count(s, "conduct.recorded"), 2); /* missed, and a problem not reported */
    stage_close(s);
}

static void DSP_068_a_record_written_anew_replaces_the_one_before(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    say(s, "shift.handover_written", "2026-03-02T19:50",
        "{'shift':'H1','handed_problems':[{'name':'a'}]}");
    say(s, "shift.handover_written", "2026-03-02T19:55", H1); /* it was solved */
    say(s, "shift.handover_confirmed", "2026-03-02T20:00", "{'shift':'H1','by':'T2','mode':'sms'}");
    assert_int_equal(row_of(s, "H1").state, shift_state_confirmed);
    stage_close(s);
}

/* ---- DSP-069 ---- */

static void DSP_069_handed_over_half_an_hour_after_the_end(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    assert_armed(s, "shift.handover", "shift/H1", "2026-03-02T12:30:00Z"); /* 20:30 */
    until(s, "2026-03-09T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "shift.handover"), 1); /* ESC-E level 1 */
    assert_string_equal(of_case(s, "deadline.passed", "shift.handover", "shift/H1", "to"),
                        "客戶服務部經理");
    stage_close(s);
}

static void DSP_069_a_new_roster_moves_the_clocks(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    say(s, "shift.rostered", "2026-03-02T10:00",
        "{'shift':'H1','site':'P1','person':'T1','next':'T3','start':'2026-03-02T08:00:00+08:00',"
        "'end':'2026-03-02T22:00:00+08:00'}");
    assert_armed(s, "shift.report", "shift/H1", "2026-03-02T14:00:00Z");
    assert_armed(s, "shift.handover", "shift/H1", "2026-03-02T14:30:00Z");
    say(s, "shift.handover_written", "2026-03-02T21:50", H1);
    say(s, "shift.handover_confirmed", "2026-03-02T22:30",
        "{'shift':'H1','by':'T3','mode':'face_to_face'}");
    assert_string_equal(of_case(s, "deadline.stopped", "shift.handover", "shift/H1", "late"), "");
    stage_close(s);
}

static void DSP_069_impossible_shifts_are_refused(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    deny(s, "shift.rostered", "2026-03-02T10:00",
         "{'shift':'H2','site':'P1','person':'T1','start':'2026-03-02T08:00:00+08:00',"
         "'end':'2026-03-02T08:00:00+08:00'}",
         "DSP-069", "no_time");
    deny(s, "shift.rostered", "2026-03-02T10:00",
         "{'shift':'H2','site':'P1','person':'T1','next':'T1',"
         "'start':'2026-03-02T08:00:00+08:00','end':'2026-03-02T20:00:00+08:00'}",
         "DSP-069", "same_person");
    stage_close(s);
}

/* A unit that owes none tells of its shifts all the same, without a roster. */
static void DSP_067_shifts_without_roster_are_accepted(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    say(s, "shift.reported", "2026-03-02T19:00", "{'shift':'H5','site':'P1'}");
    say(s, "shift.handover_written", "2026-03-02T19:50", "{'shift':'H5','person':'T1'}");
    say(s, "shift.handover_confirmed", "2026-03-02T20:00", "{'shift':'H5','by':'T2','mode':'sms'}");
    say(s, "shift.ended", "2026-03-02T20:10", "{'shift':'H5'}");
    assert_int_equal(count(s, "deadline.armed"), 0);
    assert_int_equal(count(s, "shift.handover_violated"), 0);
    assert_true(str_is(row_of(s, "H5").unit, "U1"));
    stage_close(s);
}

/* ---- a shift that is not worked (DSP-069) ---- */

#define NOT_WORKED "{'shift':'H1','by':'S1','reason':'wrong day'}"

static void DSP_069_a_shift_taken_back_owes_nothing(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    say(s, "shift.cancelled", "2026-03-02T09:00", NOT_WORKED);
    assert_int_equal(times(s, "deadline.dropped", "shift.report", "shift/H1"), 1);
    assert_int_equal(times(s, "deadline.dropped", "shift.handover", "shift/H1"), 1);
    deny(s, "shift.cancelled", "2026-03-02T09:01", NOT_WORKED, "DSP-069", "state");
    until(s, "2026-03-09T00:00");
    assert_int_equal(count(s, "deadline.passed"), 0);
    say(s, "shift.rostered", "2026-03-09T08:00",
        "{'shift':'H1','site':'P1','person':'T1','start':'2026-03-09T08:00:00+08:00',"
        "'end':'2026-03-09T20:00:00+08:00'}");
    assert_armed(s, "shift.report", "shift/H1", "2026-03-09T12:00:00Z");
    assert_int_equal(row_of(s, "H1").by.n, 0);
    stage_close(s);
}

static void DSP_069_a_shift_that_was_worked_is_not_taken_back(void **unused)
{
    (void)unused;
    struct stage *s = plant();
    say(s, "shift.reported", "2026-03-02T19:00", H1);
    deny(s, "shift.cancelled", "2026-03-02T19:10", NOT_WORKED, "DSP-069", "reported");
    say(s, "shift.handover_written", "2026-03-02T19:50", H1);
    deny(s, "shift.cancelled", "2026-03-02T19:55", NOT_WORKED, "DSP-069", "state");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_066_every_shift_is_reported_by_its_end),
        cmocka_unit_test(DSP_066_the_report_stops_the_clock),
        cmocka_unit_test(DSP_066_a_problem_that_was_not_reported_is_conduct),
        cmocka_unit_test(DSP_067_written_confirmed_ended),
        cmocka_unit_test(DSP_067_leaving_unconfirmed_is_a_violation),
        cmocka_unit_test(DSP_067_leaving_is_judged_by_the_times_that_were_told),
        cmocka_unit_test(DSP_068_how_a_shift_may_be_handed_over),
        cmocka_unit_test(DSP_068_the_right_hand_over_may_follow),
        cmocka_unit_test(DSP_068_reported_problems_count_as_those_of_the_record),
        cmocka_unit_test(DSP_068_one_hand_over_is_one_violation),
        cmocka_unit_test(DSP_068_a_record_written_anew_replaces_the_one_before),
        cmocka_unit_test(DSP_069_handed_over_half_an_hour_after_the_end),
        cmocka_unit_test(DSP_069_a_new_roster_moves_the_clocks),
        cmocka_unit_test(DSP_069_impossible_shifts_are_refused),
        cmocka_unit_test(DSP_067_shifts_without_roster_are_accepted),
        cmocka_unit_test(DSP_069_a_shift_taken_back_owes_nothing),
        cmocka_unit_test(DSP_069_a_shift_that_was_worked_is_not_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
