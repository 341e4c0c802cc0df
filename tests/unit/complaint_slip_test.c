/* complaint_slip_test.c - anomaly slips, special reports, improvements. Rules CMP-002, CMP-007,
 * CMP-045, CMP-048, CMP-049, CMP-114. */
#include "tests/unit/complaint_door.h"

#define SLIP "'anomaly_no':'A1','unit':'MFG','text':'scratches, no loss'"
#define ENDS SLIP ",'case_no':'P1','answer':'we look after it'"

static struct rec_row_anomaly slip(struct stage *s)
{
    struct rec_row_anomaly row;
    assert_true(row_at(s, COMPLAINT_ANOMALY, key_of(STR("A1")), &row));
    return row;
}

/* ---- CMP-002 ---- */

static void CMP_002_a_slip_is_improved(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    say(s, "BIZ", "anomaly.slip_filed", "2024-03-01T10:00", SLIP);
    due_is(s, "anomaly/A1", "anomaly.improve", "2024-03-14T10:00"); /* 13 days */
    assert_int_equal(count(s, "complaint.opened"), 0);
    say(s, "MFG", "anomaly.improved", "2024-03-14T10:00",
        "'anomaly_no':'A1','measure':'new trays'");
    assert_string_equal(end_of(s, "anomaly/A1", "anomaly.improve"), "stopped");
    assert_int_equal(slip(s).state, anomaly_state_improved);
    deny(s, "MFG", "anomaly.improved", "2024-03-15T10:00", "'anomaly_no':'A1','measure':'again'",
         "CMP-002", "state");
    deny(s, "MFG", "anomaly.improved", "2024-03-15T10:00", "'anomaly_no':'A9','measure':'x'",
         "CMP-002", "unknown_number");
    stage_close(s);
}

static void CMP_002_ladder_of_a_slip(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    say(s, "BIZ", "anomaly.slip_filed", "2024-03-01T10:00", SLIP);
    until(s, "2024-03-16T10:01"); /* 14, 15 and 16 March 10:00 */
    assert_int_equal(reminders(s, "anomaly.improve"), 3);
    assert_string_equal(stage_last(s, OWNER_escalation, "reminder.issued", "unit"), "MFG");
    say(s, "MFG", "anomaly.improved", "2024-03-16T11:00", "'anomaly_no':'A1','measure':'trays'");
    until(s, "2024-03-18T10:01");
    assert_int_equal(reminders(s, "anomaly.improve"), 3);
    stage_close(s);
}

static void CMP_002_a_complaint_without_loss_ends_as_a_slip(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_RECEIVED, "2024-03-01T09:00");
    say(s, "BIZ", "anomaly.slip_filed", "2024-03-01T10:00", ENDS);
    assert_string_equal(state_of(s, "P1"), "no_loss");
    assert_string_equal(end_of(s, "complaint/P1", "complaint.form_filing"), "stopped");
    assert_int_equal(case_row(s, "P1").holder.n, 0);
    bar(s, "BIZ", "P1", "complaint.form_filed", "2024-03-01T11:00", FORM, "CMP-022", "state");
    stage_close(s);
}

static void CMP_002_not_after_the_form(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_FILED, "2024-03-01T09:00");
    deny(s, "BIZ", "anomaly.slip_filed", "2024-03-01T10:00", ENDS, "CMP-002", "state");
    deny(s, "BIZ", "anomaly.slip_filed", "2024-03-01T10:00", SLIP ",'case_no':'P9','answer':'x'",
         "CMP-002", "unknown_number");
    assert_string_equal(state_of(s, "P1"), "filed");
    stage_close(s);
}

static void CMP_007_a_complaint_without_loss_is_answered_too(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_RECEIVED, "2024-03-01T09:00");
    deny(s, "BIZ", "anomaly.slip_filed", "2024-03-01T10:00", SLIP ",'case_no':'P1'", "CMP-007",
         "missing");
    assert_string_equal(state_of(s, "P1"), "received");
    stage_close(s);
}

static void CMP_002_a_loss_found_later_opens_a_case(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    say(s, "BIZ", "anomaly.slip_filed", "2024-03-01T10:00", SLIP);
    bar(s, "BIZ", "P1", "complaint.received", "2024-03-05T10:00", COMPLAINT ",'anomaly_no':'A9'",
        "CMP-002", "unknown_number");
    act(s, "BIZ", "P1", "complaint.received", "2024-03-05T10:00", COMPLAINT ",'anomaly_no':'A1'");
    drive(s, "P2", W_RECEIVED, "2024-03-05T10:00");
    deny(s, "BIZ", "anomaly.converted", "2024-03-05T10:10", "'anomaly_no':'A1','case_no':'P2'",
         "CMP-002", "link");
    deny(s, "BIZ", "anomaly.converted", "2024-03-05T10:10", "'anomaly_no':'A1','case_no':'P9'",
         "CMP-002", "unknown_number");
    say(s, "BIZ", "anomaly.converted", "2024-03-05T10:10", "'anomaly_no':'A1','case_no':'P1'");
    assert_string_equal(end_of(s, "anomaly/A1", "anomaly.improve"), "stopped");
    assert_true(str_is(slip(s).to_case, "P1"));
    assert_string_equal(end_of(s, "complaint/P1", "complaint.total"), "none"); /* own acceptance */
    bar(s, "BIZ", "P3", "complaint.received", "2024-03-05T11:00", COMPLAINT ",'anomaly_no':'A1'",
        "CMP-002", "link");
    stage_close(s);
}

/* ---- CMP-048, CMP-049 ---- */

#define PETITION(kind) "'petition_no':'J1','case_no':'P1','kind':'" kind "','text':'not ours'"
#define RULING "'petition_no':'J1','by':'GM','upheld':'no','ruling':'it is'"

static void CMP_048_a_department_objects(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_DECIDED, "2024-03-01T09:00");
    say(s, "MFG", "petition.filed", "2024-03-02T09:00", PETITION("department"));
    assert_string_equal(end_of(s, "complaint/P1", "complaint.total"), "open");
    due_is(s, "complaint/P1", "complaint.total", "2024-03-14T09:00"); /* it goes on: 13 days */
    say(s, "GM", "petition.ruled", "2024-03-03T09:00", RULING);
    due_is(s, "complaint/P1", "complaint.total", "2024-03-14T09:00");
    deny(s, "GM", "petition.ruled", "2024-03-03T10:00", RULING, "CMP-048", "state");
    deny(s, "GM", "petition.ruled", "2024-03-03T10:00",
         "'petition_no':'J9','by':'GM','upheld':'no','ruling':'it is'", "CMP-048",
         "unknown_number");
    struct rec_row_petition row;
    assert_true(row_at(s, COMPLAINT_PETITION, key_of(STR("J1")), &row));
    assert_true(row.state == petition_state_ruled && row.upheld == yes_no_no);
    stage_close(s);
}

static void CMP_048_the_clock_stands_still_where_the_policy_says_so(void **state)
{
    (void)state;
    struct stage *s =
        desk_open_changed("policy.yaml", "$ a complaint: {pause_reasons: [petition]}");
    drive(s, "P1", W_DECIDED, "2024-03-01T09:00");
    say(s, "MFG", "petition.filed", "2024-03-02T09:00", PETITION("department"));
    say(s, "MFG", "petition.filed", "2024-03-02T10:00",
        "'petition_no':'J2','case_no':'P1','kind':'department','text':'nor ours'");
    say(s, "GM", "petition.ruled", "2024-03-02T12:00",
        "'petition_no':'J2','by':'GM','upheld':'no','ruling':'it is'");
    say(s, "GM", "petition.ruled", "2024-03-03T09:00", RULING); /* a day later */
    due_is(s, "complaint/P1", "complaint.total", "2024-03-15T09:00");
    assert_true(case_row(s, "P1").paused_s == 24 * 3600);
    stage_close(s);
}

static void CMP_048_not_about_what_has_ended(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_RECEIVED, "2024-03-01T09:00");
    say(s, "BIZ", "anomaly.slip_filed", "2024-03-01T10:00", ENDS);
    deny(s, "MFG", "petition.filed", "2024-03-02T09:00", PETITION("department"), "CMP-048",
         "state");
    stage_close(s);
}

static void CMP_049_the_customer_objects_when_it_does_not_stand(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_SYNTHESIS, "2024-03-01T09:00");
    deny(s, "BIZ", "petition.filed", "2024-03-02T09:00", PETITION("customer"), "CMP-049", "state");
    act(s, "GMO", "P1", "complaint.not_established", "2024-03-02T10:00",
        "'reason':'damaged by him'");
    say(s, "BIZ", "petition.filed", "2024-03-02T11:00", PETITION("customer"));
    stage_close(s);
}

/* ---- CMP-045, CMP-114 ---- */

#define IMPROVE "'improvement_no':'M1','unit':'MFG','text':'bath temperature'"

static struct rec_row_improvement improvement(struct stage *s)
{
    struct rec_row_improvement row;
    assert_true(row_at(s, COMPLAINT_IMPROVEMENT, key_of(STR("M1")), &row));
    return row;
}

static uint64_t improvements_open(struct stage *s)
{
    struct rec_row_improvement_open row = {0};
    (void)row_at(s, COMPLAINT_IMPROVEMENT_OPEN, key_of(STR("P1")), &row);
    return row.open;
}

static void CMP_045_tracked_until_its_effect_is_confirmed(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_QA, "2024-03-01T09:00");
    deny(s, "GMO", "improvement.opened", "2024-03-04T09:00", IMPROVE ",'case_no':'P1'", "CMP-045",
         "missing");
    say(s, "GMO", "improvement.opened", "2024-03-04T09:00",
        IMPROVE ",'case_no':'P1','due':'2024-03-20'");
    due_is(s, "improvement/M1", "improvement.target", "2024-03-21T00:00");
    assert_int_equal(improvements_open(s), 1);
    deny(s, "GMO", "improvement.effect_confirmed", "2024-03-05T09:00",
         "'improvement_no':'M1','effective':'yes'", "CMP-045", "state");
    say(s, "GMO", "improvement.handed_out", "2024-03-05T09:00", "'improvement_no':'M1'");
    assert_int_equal(improvement(s).state, improvement_state_executing);
    say(s, "MFG", "improvement.done", "2024-03-20T23:59", "'improvement_no':'M1','measure':'x'");
    assert_string_equal(end_of(s, "improvement/M1", "improvement.target"), "stopped");
    deny(s, "GMO", "improvement.effect_confirmed", "2024-04-09T09:00",
         "'improvement_no':'M1','effective':'no'", "CMP-045", "missing");
    say(s, "GMO", "improvement.effect_confirmed", "2024-04-09T09:00",
        "'improvement_no':'M1','effective':'no','due':'2024-04-30'");
    due_is(s, "improvement/M1", "improvement.target", "2024-05-01T00:00");
    say(s, "MFG", "improvement.done", "2024-04-20T10:00", "'improvement_no':'M1','measure':'y'");
    say(s, "GMO", "improvement.effect_confirmed", "2024-05-09T09:00",
        "'improvement_no':'M1','effective':'yes'");
    assert_int_equal(improvement(s).state, improvement_state_effect_confirmed);
    assert_int_equal(improvements_open(s), 0);
    stage_close(s);
}

static void CMP_045_ladder_of_the_target(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    say(s, "GMO", "improvement.opened", "2024-03-04T09:00", IMPROVE ",'due':'2024-03-20'");
    until(s, "2024-03-23T00:01"); /* 24:00 of 20, 21 and 22 March */
    assert_int_equal(reminders(s, "improvement.target"), 3);
    assert_string_equal(stage_last(s, OWNER_escalation, "reminder.issued", "unit"), "MFG");
    say(s, "MFG", "improvement.done", "2024-03-23T10:00", "'improvement_no':'M1','measure':'x'");
    until(s, "2024-03-25T00:01");
    assert_int_equal(reminders(s, "improvement.target"), 3);
    stage_close(s);
}

static void CMP_045_only_a_human_oversight_is_exempt(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_QA, "2024-03-01T09:00"); /* cause_class quality */
    deny(s, "GMO", "improvement.opened", "2024-03-04T09:00",
         IMPROVE ",'case_no':'P1','exempt':'yes'", "CMP-045", "not_exempt");
    drive(s, "P2", W_REGISTERED, "2024-03-01T09:00");
    act(s, "QA", "P2", "complaint.step_done", "2024-03-01T10:00",
        "'cause':'typed wrong','responsible_unit':'BIZ','cause_class':'non_quality'");
    say(s, "GMO", "improvement.opened", "2024-03-04T09:00",
        IMPROVE ",'case_no':'P2','exempt':'yes'");
    assert_int_equal(improvement(s).state, improvement_state_exempt);
    assert_string_equal(end_of(s, "improvement/M1", "improvement.target"), "none");
    stage_close(s);
}

static void CMP_114_a_typical_problem_becomes_an_improvement(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    deny(s, "GMO", "improvement.opened", "2024-03-04T08:00",
         IMPROVE ",'quality_no':'Q1','due':'2024-03-20'", "CMP-045", "unknown_number");
    say(s, "SVC", "quality.reported", "2024-03-04T08:30", "'quality_no':'Q1','customer':'CUST'");
    say(s, "GMO", "improvement.opened", "2024-03-04T09:00",
        IMPROVE ",'quality_no':'Q1','due':'2024-03-20'");
    assert_true(str_is(improvement(s).quality_no, "Q1"));
    deny(s, "GMO", "improvement.opened", "2024-03-04T10:00",
         "'improvement_no':'M2','text':'x','case_no':'P9','due':'2024-03-20'", "CMP-045",
         "unknown_number");
    deny(s, "MFG", "improvement.handed_out", "2024-03-04T10:00", "'improvement_no':'M9'", "CMP-045",
         "unknown_number");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_002_a_slip_is_improved),
        cmocka_unit_test(CMP_002_ladder_of_a_slip),
        cmocka_unit_test(CMP_002_a_complaint_without_loss_ends_as_a_slip),
        cmocka_unit_test(CMP_002_not_after_the_form),
        cmocka_unit_test(CMP_007_a_complaint_without_loss_is_answered_too),
        cmocka_unit_test(CMP_002_a_loss_found_later_opens_a_case),
        cmocka_unit_test(CMP_048_a_department_objects),
        cmocka_unit_test(CMP_048_the_clock_stands_still_where_the_policy_says_so),
        cmocka_unit_test(CMP_048_not_about_what_has_ended),
        cmocka_unit_test(CMP_049_the_customer_objects_when_it_does_not_stand),
        cmocka_unit_test(CMP_045_tracked_until_its_effect_is_confirmed),
        cmocka_unit_test(CMP_045_ladder_of_the_target),
        cmocka_unit_test(CMP_045_only_a_human_oversight_is_exempt),
        cmocka_unit_test(CMP_114_a_typical_problem_becomes_an_improvement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
