/* intake_desk_test.c - papers of the liaison officer's desk: order documents, abnormality reports,
 * the record of letters, filing, meetings, feedback, leads; and what the engine of papers promises.
 * Rules INT-006, INT-009, INT-010, INT-054 … INT-056, INT-060. */
#include "tests/unit/intake_contract.h"

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

static void CV_7_a_day_before_1970_is_long_over(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "docs.requested", "2026-03-02T10:00:00+08:00", "{'order':'O-1','due':'1960-05-05'}");
    assert_string_equal(due_of(s, "docs.deliver"), "1960-05-05T16:00:00Z");
    stage_until(s, "2026-03-02T10:01:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 1); /* no calendar knows more */
    tell(s, "docs.delivered", "2026-03-02T11:00:00+08:00", "{'order':'O-1'}");
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "late"), "true");
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

/* A number that would not fit the case of a deadline is refused, not cut. */
static void INT_055_the_longest_number_fits_into_its_case(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    char data[120], wanted[80];
    snprintf(data, sizeof data, "{'order':'%064d'}", 7);
    snprintf(wanted, sizeof wanted, "docs/%064d", 7);
    tell(s, "docs.requested", "2026-03-02T10:00:00+08:00", data);
    assert_string_equal(stage_last(s, LOG, "deadline.armed", "case_no"), wanted);
    stage_close(s);
}

/* ---- INT-006 ---- */

static const char *entry_of(struct stage *s)
{
    return stage_last(s, LOG, "mail.logged", "entry");
}

static void INT_006_entries_stand_in_the_order_of_their_time(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "mail.logged", "2026-03-02T10:00:00+08:00", "{'text':'first told','channel':'letter'}");
    assert_string_equal(entry_of(s), "1");
    assert_string_equal(stage_last(s, LOG, "mail.logged", "unit"), "U1");
    tell(s, "mail.logged", "2026-03-02T11:00:00+08:00",
         "{'text':'came before','received_at':'2026-03-02T08:00:00+08:00'}");
    assert_string_equal(entry_of(s), "2"); /* told later, stands earlier */
    tell(s, "mail.logged", "2026-03-02T12:00:00+08:00",
         "{'text':'same time','received_at':'2026-03-02T08:00:00+08:00'}");
    static const struct {
        int64_t at;
        uint64_t entry;
        const char *text;
    } rows[] = {{1772409600000, 2, "came before"}, /* 2026-03-02T00:00:00Z */
                {1772409600000, 3, "same time"},
                {1772416800000, 1, "first told"}};
    struct key before = {.n = 0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rec_row_mail row;
        struct key k = key_of(STR("U1"));
        key_u64(&k, (uint64_t)(rows[i].at - TIME_MIN_MS));
        key_u64(&k, rows[i].entry);
        assert_true(stage_row(s, LOG, INTAKE_TABLE(MAIL), k, &row));
        assert_true(str_is(row.text, rows[i].text));
        assert_true(before.n == 0 || memcmp(before.b, k.b, k.n) < 0);
        before = k;
    }
    stage_close(s);
}

static void INT_006_nothing_is_renumbered_or_invented(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    refuse(s, "mail.logged", "2026-03-02T10:00:00+08:00", "{'text':'x','entry':7}", "INT-006",
           "entry_given");
    refuse(s, "mail.logged", "2026-03-02T10:00:00+08:00",
           "{'text':'x','received_at':'2026-03-02T10:00:01+08:00'}", "INT-006",
           "received_after_logged");
    refuse(s, "mail.logged", "2026-03-02T10:00:00+08:00", "{'text':'x','call_no':'C9'}", "INT-006",
           "call_unknown");
    refuse(s, "mail.logged", "2026-03-02T10:00:00+08:00", "{'text':'x','unit':'U9'}", "INT-105",
           "unknown_unit");
    no_fact("mail.logged", "{}", "text");
    tell(s, "mail.logged", "2026-03-02T10:00:00+08:00", "{'text':'x'}");
    assert_string_equal(entry_of(s), "1");
    stage_close(s);
}

/* ---- INT-009 ---- */

#define C1 "'call_no':'C1'"

static struct stage *with_call(const char *policy, const char *more)
{
    struct stage *s = door_open(policy);
    char data[300];
    snprintf(data, sizeof data, "{" C1 "," FULL "%s%s}", *more ? "," : "", more);
    tell(s, "call.registered", "2026-03-06T09:00:00+08:00", data);
    return s;
}

static void INT_009_a_reply_letter_is_filed(void **state)
{
    (void)state;
    struct stage *s = with_call("general", "'disposition':'answered'");
    refuse(s, "reply.filed", "2026-03-06T09:30:00+08:00", "{" C1 "}", "INT-009", "not_replied");
    tell(s, "call.replied", "2026-03-06T10:00:00+08:00", "{" C1 ",'kind':'written'}"); /* Friday */
    assert_string_equal(due_of(s, "reply.file"), "2026-03-09T16:00:00Z");
    tell(s, "call.closed", "2026-03-06T11:00:00+08:00", "{" C1 ",'solution':'explained'}");
    tell(s, "reply.filed", "2026-03-09T17:00:00+08:00", "{" C1 ",'file':'2026-3'}");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "reply.file"), 1);
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "reply.file"), 0);
    stage_close(s);
}

static void INT_009_not_filed_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = with_call("general", "'disposition':'answered'");
    tell(s, "call.replied", "2026-03-06T10:00:00+08:00", "{" C1 ",'kind':'written'}");
    tell(s, "call.replied", "2026-03-09T10:00:00+08:00", "{" C1 ",'kind':'written'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "reply.file"), 1);
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "reply.file"), 3);
    tell(s, "reply.filed", "2026-03-20T09:00:00+08:00", "{" C1 "}");
    assert_string_equal(last_with(s, "deadline.stopped", "name", "reply.file", "late"), "true");
    refuse(s, "reply.filed", "2026-03-20T09:00:00+08:00", "{'call_no':'C9'}", "INT-009",
           "call_unknown");
    stage_close(s);
}

static void INT_009_which_replies_are_filed_is_policy(void **state)
{
    (void)state;
    struct stage *s = with_call("general", "'disposition':'answered'");
    tell(s, "call.replied", "2026-03-06T10:00:00+08:00", "{" C1 "}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "reply.file"), 0);
    tell(s, "reply.filed", "2026-03-06T10:10:00+08:00", "{" C1 "}"); /* may be filed all the same */
    stage_close(s);
    s = door_open_changed("general", "policy.yaml", "s/^keys:/&\\n  filed_replies: all/");
    tell(s, "call.registered", "2026-03-06T09:00:00+08:00", "{" C1 "," FULL "}");
    tell(s, "call.replied", "2026-03-06T10:00:00+08:00", "{" C1 "}");
    assert_string_equal(due_of(s, "reply.file"), "2026-03-09T16:00:00Z");
    stage_close(s);
}

/* The result of what the maker was asked is filed, however it was told (INT-013). */
static void INT_013_the_result_of_a_forwarding_is_filed(void **state)
{
    (void)state;
    struct stage *s = with_call("bus", "'disposition':'answered','needs_maker':'yes',"
                                       "'product_line':'bus','fault_group':'engine'");
    tell(s, "call.replied", "2026-03-06T09:30:00+08:00", "{" C1 "}"); /* a first answer */
    tell(s, "call.forwarded", "2026-03-06T10:00:00+08:00", "{" C1 ",'to':'配套廠','written':true}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "reply.file"), 0);
    tell(s, "call.replied", "2026-03-06T15:00:00+08:00", "{" C1 ",'text':'they send one'}");
    assert_string_equal(due_of(s, "reply.file"), "2026-03-09T16:00:00Z");
    tell(s, "reply.filed", "2026-03-06T16:00:00+08:00", "{" C1 "}");
    tell(s, "call.replied", "2026-03-09T15:00:00+08:00", "{" C1 "}"); /* another answer */
    assert_int_equal(count_with(s, "deadline.armed", "name", "reply.file"), 1);
    stage_close(s);
}

/* ---- INT-010 ---- */

static void INT_010_a_special_meeting(void **state)
{
    (void)state;
    struct stage *s = with_call("general", "'disposition':'answered'");
    refuse(s, "call.meeting_called", "2026-03-06T10:00:00+08:00", "{" C1 "}", "INT-010",
           "not_for_meeting");
    refuse(s, "call.meeting_called", "2026-03-06T10:00:00+08:00", "{'call_no':'C9'}", "INT-010",
           "call_unknown");
    tell(s, "call.disposed", "2026-03-06T10:05:00+08:00", "{" C1 ",'disposition':'meeting'}");
    refuse(s, "call.closed", "2026-03-06T10:06:00+08:00", "{" C1 ",'solution':'s'}", "INT-017",
           "no_meeting");
    tell(s, "call.meeting_called", "2026-03-06T10:10:00+08:00",
         "{" C1 ",'by':'L','held_at':'2026-03-09T09:00:00+08:00','topic':'crack'}");
    tell(s, "call.meeting_called", "2026-03-09T11:00:00+08:00", "{" C1 ",'plan':'new casting'}");
    struct rec_row_meeting row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(MEETING), key_of(STR("C1")), &row));
    assert_true(str_is(row.topic, "crack") && str_is(row.plan, "new casting"));
    tell(s, "call.closed", "2026-03-10T10:00:00+08:00", "{" C1 ",'solution':'new casting'}");
    assert_int_equal(state_of(s, "C1"), call_state_closed);
    refuse(s, "call.meeting_called", "2026-03-10T11:00:00+08:00", "{" C1 "}", "INT-010", "state");
    stage_close(s);
}

static void INT_010_parts_and_documents_are_supplied(void **state)
{
    (void)state;
    struct stage *s = with_call("general", "'disposition':'supply'");
    assert_int_equal(state_of(s, "C1"), call_state_classified);
    assert_int_equal(stage_count(s, LOG, "call.queued"), 0);
    tell(s, "call.closed", "2026-03-06T12:00:00+08:00", "{" C1 ",'solution':'drawing sent'}");
    assert_int_equal(state_of(s, "C1"), call_state_closed);
    stage_close(s);
}

/* Further dispositions may follow: after the meeting people are sent. */
static void INT_010_from_the_meeting_to_the_site(void **state)
{
    (void)state;
    struct stage *s =
        with_call("general", "'disposition':'meeting','product':'P1','reporter':'R','fault':'f'");
    tell(s, "call.meeting_called", "2026-03-06T10:10:00+08:00", "{" C1 "}");
    tell(s, "call.disposed", "2026-03-06T12:00:00+08:00", "{" C1 ",'disposition':'site'}");
    assert_int_equal(state_of(s, "C1"), call_state_queued);
    refuse(s, "call.closed", "2026-03-06T13:00:00+08:00", "{" C1 ",'solution':'s'}", "INT-017",
           "not_signed");
    stage_close(s);
}

/* ---- INT-056, INT-060 ---- */

static void INT_056_feedback_is_answered_and_filed(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    refuse(s, "project.feedback_answered", "2026-03-02T10:00:00+08:00",
           "{'feedback_no':'F-1','outcome':'o'}", "INT-056", "unknown_number");
    no_fact("project.feedback", "{'feedback_no':'F-1','project':'J','text':'t'}",
            NULL); /* to which departments? */
    tell(s, "project.feedback", "2026-03-02T10:00:00+08:00",
         "{'feedback_no':'F-1','project':'J','text':'noise','departments':[{'name':'技術部'}]}");
    tell(s, "project.feedback_answered", "2026-03-04T10:00:00+08:00",
         "{'feedback_no':'F-1','outcome':'other bearing','file':'J-7'}");
    struct rec_row_feedback row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(FEEDBACK), key_of(STR("F-1")), &row));
    assert_true(row.state == feedback_state_answered && str_is(row.file, "J-7"));
    assert_true(row.feedback_answered_at - row.feedback_at == 2 * DAY_MS);
    refuse(s, "project.feedback_answered", "2026-03-05T10:00:00+08:00",
           "{'feedback_no':'F-1','outcome':'o'}", "INT-056", "state");
    stage_close(s);
}

static void INT_060_INT_087_a_lead_is_registered_once_and_verified(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "maintenance.lead_registered", "2026-03-02T10:00:00+08:00",
         "{'lead_no':'L-1','person':'T1','customer_name':'王','phone':'02-1','project':'pumps'}");
    struct rec_row_lead row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(LEAD), key_of(STR("L-1")), &row));
    assert_true(str_is(row.person, "T1") && str_is(row.unit, "U1"));
    assert_string_equal(stage_last(s, LOG, "followup.created", "followup_no"), "maintenance/L-1");
    refuse(s, "maintenance.lead_registered", "2026-03-03T10:00:00+08:00",
           "{'lead_no':'L-1','person':'T2'}", "INT-060", "state");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_055_documents_by_the_set_time),
        cmocka_unit_test(INT_055_three_working_days_when_no_time_is_set),
        cmocka_unit_test(INT_055_another_day_moves_the_clock),
        cmocka_unit_test(INT_055_unknown_and_delivered_orders_are_refused),
        cmocka_unit_test(CV_7_a_day_before_1970_is_long_over),
        cmocka_unit_test(INT_054_approval_within_a_working_day),
        cmocka_unit_test(INT_054_refused_may_be_asked_again),
        cmocka_unit_test(INT_054_forwarded_to_the_maker_and_followed),
        cmocka_unit_test(INT_055_the_longest_number_fits_into_its_case),
        cmocka_unit_test(INT_006_entries_stand_in_the_order_of_their_time),
        cmocka_unit_test(INT_006_nothing_is_renumbered_or_invented),
        cmocka_unit_test(INT_009_a_reply_letter_is_filed),
        cmocka_unit_test(INT_009_not_filed_the_whole_ladder),
        cmocka_unit_test(INT_009_which_replies_are_filed_is_policy),
        cmocka_unit_test(INT_013_the_result_of_a_forwarding_is_filed),
        cmocka_unit_test(INT_010_a_special_meeting),
        cmocka_unit_test(INT_010_parts_and_documents_are_supplied),
        cmocka_unit_test(INT_010_from_the_meeting_to_the_site),
        cmocka_unit_test(INT_056_feedback_is_answered_and_filed),
        cmocka_unit_test(INT_060_INT_087_a_lead_is_registered_once_and_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
