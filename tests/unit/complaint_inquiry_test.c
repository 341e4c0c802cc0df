/* complaint_inquiry_test.c - when the desk asks a department why it was late: not when the step
 * ends, but when the case is closed (CMP-054); the whole way through intake, complaint and
 * escalation. All times are UTC+08:00 on CAL-STD. */
#include "tests/unit/complaint_door.h"

#define ESC OWNER_escalation

/* What happened at the last instant reaches the desk when time goes on. */
static void go_on(struct stage *s)
{
    char at[40];
    time_format(node_clock(stage_node(s, OWNER_intake)) + MINUTE_MS, NULL, at);
    stage_until(s, at);
}

static size_t asked(struct stage *s)
{
    go_on(s);
    return stage_count(s, ESC, "inquiry.issued");
}

static void asked_is(struct stage *s, size_t n, const char *field, const char *text)
{
    assert_string_equal(stage_field(s, ESC, "inquiry.issued", n, field), text);
}

/* The set of the tests with a line more under keys. */
static struct stage *desk_of_mode(const char *mode)
{
    char dir[] = "/tmp/inquiry_policy.XXXXXX", cmd[700];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
             "sed -i 's/^keys:/keys:\\n  inquiry_mode: %s/' %s/own/policy.yaml",
             dir, POLICY_STD, dir, dir, mode, dir);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = desk_open(cmd);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* Accepted, registered and with quality on Fri 03-08 11:00: qa due Mon 03-11 11:00; done Mon 15:00,
 * one hour before noon and two after late. */
static void late_at_quality(struct stage *s, const char *no)
{
    drive(s, no, W_REGISTERED, "2024-03-08T11:00");
    walk(s, no, W_REGISTERED, W_QA, "2024-03-11T15:00");
}

/* C-08: what is left of the case is done in time; the total is due 03-21 11:00. */
static void C_08_asked_at_the_close(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    late_at_quality(s, "K8");
    go_on(s);
    assert_int_equal(reminders(s, "complaint.qa_review"), 1);
    assert_int_equal(count_of(s, ESC, "reminder.issued", "unit", "QA"), 1);
    assert_int_equal(count_of(s, ESC, "reminder.stopped", "name", "complaint.qa_review"), 1);
    assert_int_equal(asked(s), 0);
    walk(s, "K8", W_QA, W_FINAL, "2024-03-11T15:00");
    until(s, "2024-03-20T11:00");
    assert_int_equal(asked(s), 0);
    walk(s, "K8", W_FINAL, W_CLOSED, "2024-03-20T11:00");
    assert_int_equal(asked(s), 1);
    asked_is(s, 0, "case_no", "complaint/K8");
    asked_is(s, 0, "unit", "QA");
    asked_is(s, 0, "name", "complaint.qa_review");
    asked_is(s, 0, "step", "qa");
    asked_is(s, 0, "limit_s", "28800");
    asked_is(s, 0, "taken_s", "39600");
    asked_is(s, 0, "overdue_s", "10800");
    asked_is(s, 0, "due", "2024-03-11T03:00:00Z");
    asked_is(s, 0, "done", "2024-03-11T07:00:00Z");
    asked_is(s, 0, "late_min", "240");
    asked_is(s, 0, "number", "QA-QA-20240320-001");
    assert_int_equal(reminders(s, "complaint.total"), 0);
    stage_close(s);
}

/* Three days for the answer, from the close on. */
static void C_08_the_answer_is_due_after_the_close(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    late_at_quality(s, "K8");
    walk(s, "K8", W_QA, W_CLOSED, "2024-03-20T11:00");
    assert_true(asked(s) >= 1);
    until(s, "2024-03-23T10:59");
    assert_int_equal(reminders(s, "inquiry.answer"), 0);
    until(s, "2024-03-23T11:01");
    assert_int_equal(reminders(s, "inquiry.answer"), asked(s));
    stage_close(s);
}

/* C-41: entered Fri 03-08 11:00, reported Thu 12:00 as done Mon 10:59. */
static void C_41_reported_late_but_done_in_time(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "K41", W_REGISTERED, "2024-03-08T11:00");
    until(s, "2024-03-14T12:00");
    assert_int_equal(reminders(s, "complaint.qa_review"), 4);
    walk(s, "K41", W_REGISTERED, W_QA, "2024-03-11T10:59");
    go_on(s);
    assert_int_equal(count_of(s, ESC, "reminder.withdrawn", "name", "complaint.qa_review"), 4);
    walk(s, "K41", W_QA, W_CLOSED, "2024-03-11T11:00");
    until(s, "2024-03-20T11:00");
    assert_int_equal(asked(s), 0);
    stage_close(s);
}

/* A clock whose late end is proven wrong while the case is open: the visit (24 h). */
static void CMP_054_withdrawn_before_the_close_is_not_asked_about(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "K1", W_REGISTERED, "2024-03-08T11:00");
    act(s, "SVC", "K1", "complaint.visited", "2024-03-09T12:00", "'visitor_role':'supervisor'");
    assert_string_equal(end_of(s, "complaint/K1", "complaint.visit"), "late");
    assert_int_equal(asked(s), 0);
    act(s, "SVC", "K1", "complaint.visited", "2024-03-09T10:00", "'visitor_role':'supervisor'");
    assert_string_equal(end_of(s, "complaint/K1", "complaint.visit"), "stopped");
    walk(s, "K1", W_REGISTERED, W_CLOSED, "2024-03-11T10:00");
    assert_int_equal(asked(s), 0);
    stage_close(s);
}

/* The same proof after the close: what was asked is closed. */
static void CMP_054_withdrawn_after_the_close_closes_the_inquiry(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "K1", W_REGISTERED, "2024-03-08T11:00");
    act(s, "SVC", "K1", "complaint.visited", "2024-03-09T12:00", "'visitor_role':'supervisor'");
    walk(s, "K1", W_REGISTERED, W_CLOSED, "2024-03-11T10:00");
    assert_int_equal(asked(s), 1);
    asked_is(s, 0, "name", "complaint.visit");
    asked_is(s, 0, "step", "");
    act(s, "SVC", "K1", "complaint.visited", "2024-03-09T10:00", "'visitor_role':'supervisor'");
    go_on(s);
    assert_int_equal(stage_count(s, ESC, "inquiry.closed"), 1);
    stage_close(s);
}

/* Each late one is asked about, also the registration before the first step; the total is not. */
static void CMP_054_each_late_clock_but_the_total(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "K2", W_ACCEPTED, "2024-03-08T11:00"); /* register due 16:00, total 03-21 11:00 */
    walk(s, "K2", W_ACCEPTED, W_REGISTERED, "2024-03-08T16:30");
    walk(s, "K2", W_REGISTERED, W_QA, "2024-03-12T09:00"); /* due Mon 16:30 */
    walk(s, "K2", W_QA, W_FINAL, "2024-03-12T09:00");
    until(s, "2024-03-22T11:00");
    assert_int_equal(asked(s), 0);
    walk(s, "K2", W_FINAL, W_CLOSED, "2024-03-22T11:00");
    assert_true(reminders(s, "complaint.total") > 0);
    assert_string_equal(end_of(s, "complaint/K2", "complaint.total"), "late");
    assert_string_equal(last(s, "complaint.closed", "overdue"), "yes");
    assert_int_equal(asked(s), 2);
    asked_is(s, 0, "name", "complaint.gmo_register");
    asked_is(s, 0, "unit", "GMO");
    asked_is(s, 0, "late_min", "30");
    asked_is(s, 1, "name", "complaint.qa_review");
    asked_is(s, 1, "unit", "QA");
    stage_close(s);
}

/* After the close there is nothing to wait for: the callback is due three days later. */
static void CMP_054_late_after_the_close_is_asked_at_once(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "K3", W_CLOSED, "2024-03-08T11:00");
    assert_int_equal(asked(s), 0);
    act(s, "SVC", "K3", "complaint.called_back", "2024-03-11T11:30", "'satisfied':'yes'");
    assert_int_equal(asked(s), 1);
    asked_is(s, 0, "name", "complaint.callback");
    stage_close(s);
}

/* The customer refuses: the case is superseded, and named here by its complaint number. */
static void CMP_054_a_resubmitted_case_is_asked_about_too(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    late_at_quality(s, "K4");
    walk(s, "K4", W_QA, W_REPLIED, "2024-03-11T15:00");
    act(s, "BIZ", "240301", "complaint.negotiated", "2024-03-11T16:00", "'result':'refused'");
    assert_int_equal(asked(s), 0);
    act(s, "BIZ", "240301", "complaint.resubmitted", "2024-03-12T09:00", "'new_case_no':'K5'");
    assert_int_equal(asked(s), 1);
    asked_is(s, 0, "case_no", "complaint/K4");
    asked_is(s, 0, "name", "complaint.qa_review");
    /* The new round has its own clocks: nothing waits for it. */
    drive(s, "K6", W_CLOSED, "2024-03-12T10:00");
    assert_int_equal(asked(s), 1);
    stage_close(s);
}

/* Named by its complaint number, and refused by complaint the first time, though intake took it. */
static void CMP_054_only_a_close_that_complaint_accepts(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    late_at_quality(s, "K7");
    walk(s, "K7", W_QA, W_OPINION, "2024-03-11T15:00");
    bar(s, "GMO", "240301", "complaint.closed", "2024-03-11T16:00", "", "CMP-050", "missing");
    assert_int_equal(asked(s), 0);
    walk(s, "240301", W_OPINION, W_CLOSED, "2024-03-11T17:00");
    assert_int_equal(asked(s), 1);
    asked_is(s, 0, "case_no", "complaint/K7");
    asked_is(s, 0, "step", "qa");
    stage_close(s);
}

static void CMP_054_draft_waits_for_a_person_and_off_asks_nobody(void **state)
{
    (void)state;
    struct stage *s = desk_of_mode("draft");
    late_at_quality(s, "K8");
    walk(s, "K8", W_QA, W_CLOSED, "2024-03-11T16:00");
    assert_int_equal(asked(s), 1);
    asked_is(s, 0, "draft", "true");
    until(s, "2024-03-20T11:00");
    assert_int_equal(reminders(s, "inquiry.answer"), 0);
    stage_close(s);
    s = desk_of_mode("off");
    late_at_quality(s, "K8");
    walk(s, "K8", W_QA, W_CLOSED, "2024-03-11T16:00");
    assert_int_equal(asked(s), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(C_08_asked_at_the_close),
        cmocka_unit_test(C_08_the_answer_is_due_after_the_close),
        cmocka_unit_test(C_41_reported_late_but_done_in_time),
        cmocka_unit_test(CMP_054_withdrawn_before_the_close_is_not_asked_about),
        cmocka_unit_test(CMP_054_withdrawn_after_the_close_closes_the_inquiry),
        cmocka_unit_test(CMP_054_each_late_clock_but_the_total),
        cmocka_unit_test(CMP_054_late_after_the_close_is_asked_at_once),
        cmocka_unit_test(CMP_054_a_resubmitted_case_is_asked_about_too),
        cmocka_unit_test(CMP_054_only_a_close_that_complaint_accepts),
        cmocka_unit_test(CMP_054_draft_waits_for_a_person_and_off_asks_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
