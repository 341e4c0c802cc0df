/* escalation_desk_test.c - the desk with real ladders: each test is named by the example or rule it
 * shows. All times are UTC+08:00. */
#include "services/escalation/escalation.h"
#include "tests/unit/escalation_door.h"
#include <setjmp.h>
#include <stdarg.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define ESC OWNER_escalation
static const struct service *const services[] = {&door_service, &escalation_service};

struct bench {
    char policy[64];
    struct stage *s;
};

static struct stage *open_mode(struct bench *b, const char *mode)
{
    door_policy(mode, b->policy);
    return b->s = stage_open(b->policy, services, COUNT_OF(services));
}

static void close_bench(struct bench *b)
{
    stage_close(b->s);
    door_policy_remove(b->policy);
}

static size_t count(struct bench *b, const char *type)
{
    return stage_count(b->s, ESC, type);
}

/* On the event clock a level is passed one millisecond after its instant. */
static void expect_issued(struct bench *b, size_t n, const char *local, const char *level,
                          const char *copy)
{
    const json_t *e = stage_nth(b->s, ESC, "reminder.issued", n);
    assert_non_null(e);
    int64_t t;
    struct fault why;
    assert_int_equal(time_parse(str_of(json_string_value(json_object_get(e, "now"))), &t, &why),
                     ERR_OK);
    struct zone *z;
    assert_int_equal(zone_open(STR("+08:00"), &z, &why), ERR_OK);
    char text[40];
    time_format_local(t - 1, z, text);
    zone_close(&z);
    assert_memory_equal(text, local, strlen(local));
    assert_string_equal(stage_field(b->s, ESC, "reminder.issued", n, "level"), level);
    assert_string_equal(stage_field(b->s, ESC, "reminder.issued", n, "copy"), copy);
}

/* ---- ladders ---- */

static void DSP_EX_23_working_ladder(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2026-03-03T09:00:00+08:00", "C1", "job.arrival", "2026-03-03T12:00:00+08:00");
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 3);
    expect_issued(&b, 0, "2026-03-03 12:00", "1", "");
    expect_issued(&b, 1, "2026-03-03 17:00", "2", "");
    expect_issued(&b, 2, "2026-03-04 12:00", "3", "");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 0, "rule"), "DSP-014");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 1, "to"), "服務部");
    close_bench(&b);
}

static void DSP_EX_44_elapsed_ladder(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2026-10-03T09:00:00+08:00", "C1", "job.restore", "2026-10-04T03:10:00+08:00");
    stage_until(s, "2026-10-20T00:00:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 3);
    expect_issued(&b, 0, "2026-10-04 03:10", "1", "");
    expect_issued(&b, 1, "2026-10-04 04:10", "2", "");
    expect_issued(&b, 2, "2026-10-04 07:10", "3", "");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 1, "overdue_min"), "60");
    close_bench(&b);
}

static void HQ_EX_33_day_ladder(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2026-03-01T09:00:00+08:00", "R1", "day.report", "2026-03-06T00:00:00+08:00");
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 3);
    expect_issued(&b, 0, "2026-03-06 00:00", "1", "");
    expect_issued(&b, 1, "2026-03-07 00:00", "2", "");
    expect_issued(&b, 2, "2026-03-11 00:00", "3", "");
    close_bench(&b);
}

static void HQ_EX_34_repeats_until_the_stop(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2026-09-30T09:00:00+08:00", "C1", "complaint.qa_review",
                 "2026-10-01T09:00:00+08:00");
    stage_tell(s, "promise.kept", "2026-10-03T10:00:00+08:00", "{'call_no':'C1','promise':1}");
    stage_until(s, "2026-10-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, ESC, "inquiry.issued"), 1);
    expect_issued(&b, 0, "2026-10-01 09:00", "1", "");
    expect_issued(&b, 1, "2026-10-02 09:00", "2", "");
    expect_issued(&b, 2, "2026-10-03 09:00", "3", "責任單位主管");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 3, "name"), "inquiry.answer");
    assert_int_equal(count(&b, "reminder.stopped"), 3);
    close_bench(&b);
}

static void HQ_EX_35_done_at_the_due_instant_is_on_time(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2026-09-30T09:00:00+08:00", "C1", "complaint.qa_review",
                 "2026-10-01T09:00:00+08:00");
    stage_tell(s, "promise.kept", "2026-10-01T09:00:00+08:00", "{'call_no':'C1','promise':1}");
    stage_until(s, "2026-10-20T00:00:00+08:00");
    assert_int_equal(count(&b, ""), 0);
    close_bench(&b);
}

static void C_05_total(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    const char *due = "2025-01-06T15:30:00+08:00";
    door_promise(s, "2024-12-20T15:30:00+08:00", "ontime", "complaint.total", due);
    door_promise(s, "2024-12-20T15:30:00+08:00", "late", "complaint.total", due);
    door_promise(s, "2024-12-20T15:30:00+08:00", "open", "complaint.total", due);
    stage_tell(s, "promise.kept", "2025-01-06T15:30:00+08:00", "{'call_no':'ontime','promise':1}");
    stage_tell(s, "promise.kept", "2025-01-06T15:30:01+08:00", "{'call_no':'late','promise':1}");
    assert_int_equal(count(&b, "reminder.issued"), 2);
    assert_int_equal(count(&b, "reminder.stopped"), 1);
    assert_string_equal(stage_field(s, ESC, "reminder.stopped", 0, "case_no"), "late");
    assert_string_equal(stage_field(s, ESC, "inquiry.issued", 0, "case_no"), "late");
    stage_until(s, "2025-01-08T15:30:01+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 4);
    assert_string_equal(stage_last(s, ESC, "reminder.issued", "case_no"), "open");
    expect_issued(&b, 3, "2025-01-08 15:30", "3", "責任單位主管");
    close_bench(&b);
}

static void C_08_late_step_in_a_case_closed_in_time(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2024-03-08T11:00:00+08:00", "C8", "complaint.qa_review",
                 "2024-03-11T11:00:00+08:00");
    stage_tell(
        s, "promise.made", "2024-03-08T11:00:00+08:00",
        "{'call_no':'C8','promise':2,'text':'complaint.total','due':'2024-03-21T11:00:00+08:00'}");
    stage_tell(s, "promise.kept", "2024-03-11T15:00:00+08:00", "{'call_no':'C8','promise':1}");
    stage_tell(s, "promise.kept", "2024-03-12T11:00:00+08:00", "{'call_no':'C8','promise':2}");
    assert_int_equal(count(&b, "reminder.issued"), 1);
    assert_int_equal(count(&b, "reminder.stopped"), 1);
    assert_int_equal(count(&b, "inquiry.issued"), 1);
    assert_string_equal(stage_field(s, ESC, "inquiry.issued", 0, "name"), "complaint.qa_review");
    assert_string_equal(stage_field(s, ESC, "inquiry.issued", 0, "late_min"), "240");
    close_bench(&b);
}

static void C_40_four_slips_then_stopped(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2024-03-08T11:00:00+08:00", "C40", "complaint.qa_review",
                 "2024-03-11T11:00:00+08:00");
    stage_tell(s, "promise.kept", "2024-03-14T12:00:00+08:00", "{'call_no':'C40','promise':1}");
    assert_int_equal(count(&b, "reminder.issued"), 4);
    expect_issued(&b, 0, "2024-03-11 11:00", "1", "");
    expect_issued(&b, 1, "2024-03-12 11:00", "2", "");
    expect_issued(&b, 2, "2024-03-13 11:00", "3", "責任單位主管");
    expect_issued(&b, 3, "2024-03-14 11:00", "4", "責任單位主管");
    assert_int_equal(count(&b, "reminder.stopped"), 4);
    assert_string_equal(stage_field(s, ESC, "reminder.stopped", 3, "at"), "2024-03-14T04:00:00Z");
    close_bench(&b);
}

static void C_41_late_report_withdraws_all_four(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2024-03-08T11:00:00+08:00", "C41", "complaint.qa_review",
                 "2024-03-11T11:00:00+08:00");
    stage_until(s, "2024-03-14T12:00:00+08:00");
    stage_tell(s, "promise.kept", "2024-03-11T10:59:00+08:00", "{'call_no':'C41','promise':1}");
    assert_int_equal(count(&b, "reminder.issued"), 4);
    assert_int_equal(count(&b, "reminder.withdrawn"), 4);
    assert_int_equal(count(&b, "inquiry.issued"), 0);
    close_bench(&b);
}

/* ---- late facts ---- */

static struct stage *arrival_at_16(struct bench *b)
{
    struct stage *s = open_mode(b, "auto");
    door_promise(s, "2026-03-02T10:00:00+08:00", "C1", "job.arrival", "2026-03-02T16:00:00+08:00");
    return s;
}

static void DSP_EX_45_in_time_but_reported_late(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    stage_until(s, "2026-03-02T18:30:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 1);
    stage_tell(s, "promise.kept", "2026-03-02T15:50:00+08:00", "{'call_no':'C1','promise':1}");
    stage_until(s, "2026-03-20T18:30:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 1);
    assert_int_equal(count(&b, "reminder.withdrawn"), 1);
    assert_int_equal(count(&b, "inquiry.issued"), 0);
    close_bench(&b);
}

static void DSP_EX_46_really_late(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    stage_until(s, "2026-03-02T18:30:00+08:00");
    stage_tell(s, "promise.kept", "2026-03-02T16:20:00+08:00", "{'call_no':'C1','promise':1}");
    assert_int_equal(count(&b, "reminder.issued"), 1);
    assert_int_equal(count(&b, "reminder.stopped"), 1);
    assert_int_equal(count(&b, "reminder.withdrawn"), 0);
    assert_string_equal(stage_field(s, ESC, "inquiry.issued", 0, "late_min"), "20");
    close_bench(&b);
}

static void DSP_EX_47_nothing_was_issued(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    stage_until(s, "2026-03-02T15:55:00+08:00");
    stage_tell(s, "promise.kept", "2026-03-02T15:50:00+08:00", "{'call_no':'C1','promise':1}");
    stage_until(s, "2026-03-20T15:55:00+08:00");
    assert_int_equal(count(&b, ""), 0);
    close_bench(&b);
}

/* A late end is asked about; the proof that it was in time closes the question, its clock and its
 * slips. */
static void CMP_054_proof_in_time_closes_the_inquiry(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    stage_tell(s, "promise.kept", "2026-03-02T16:20:00+08:00", "{'call_no':'C1','promise':1}");
    stage_until(s, "2026-03-05T16:30:00+08:00"); /* the answer is past due: its own slip */
    assert_int_equal(count(&b, "inquiry.issued"), 1);
    assert_string_equal(stage_last(s, ESC, "reminder.issued", "name"), "inquiry.answer");
    size_t stopped = count(&b, "reminder.stopped");
    stage_tell(s, "promise.kept", "2026-03-02T15:50:00+08:00", "{'call_no':'C1','promise':1}");
    assert_int_equal(count(&b, "reminder.withdrawn"), 1); /* stopped before: withdrawn wins */
    assert_int_equal(count(&b, "inquiry.closed"), 1);
    assert_int_equal(count(&b, "deadline.dropped"), 1);
    assert_int_equal(count(&b, "reminder.stopped"), stopped + 1); /* that of the answer */
    close_bench(&b);
}

static void CV_12_dropped_stops_without_inquiry(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    stage_until(s, "2026-03-02T18:30:00+08:00");
    stage_tell(s, "call.cancelled", "2026-03-02T18:30:00+08:00", "{'call_no':'C1','reason':'x'}");
    assert_int_equal(count(&b, "reminder.stopped"), 1);
    assert_int_equal(count(&b, "inquiry.issued"), 0);
    close_bench(&b);
}

/* A warning is in place when it is sent: only the slip after the due is taken back. */
static void CV_12_warning_before_the_due(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2026-03-01T10:00:00+08:00", "A", "warned.step", "2026-03-04T10:00:00+08:00");
    door_promise(s, "2026-03-01T10:00:00+08:00", "B", "warned.step", "2026-03-04T10:00:00+08:00");
    stage_until(s, "2026-03-03T12:00:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 2);
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 0, "kind"), "before");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 0, "overdue_min"), "");
    stage_tell(s, "promise.kept", "2026-03-03T13:00:00+08:00", "{'call_no':'A','promise':1}");
    assert_int_equal(count(&b, "reminder.stopped"), 1);
    assert_int_equal(count(&b, "reminder.withdrawn"), 0);
    stage_until(s, "2026-03-04T12:00:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 3);
    stage_tell(s, "promise.kept", "2026-03-04T09:00:00+08:00", "{'call_no':'B','promise':1}");
    assert_int_equal(count(&b, "reminder.withdrawn"), 1);
    assert_string_equal(stage_field(s, ESC, "reminder.withdrawn", 0, "number"),
                        "CB-U1-20260304-001");
    door_promise(s, "2026-03-04T13:00:00+08:00", "C", "warned.step", "2026-03-08T10:00:00+08:00");
    stage_until(s, "2026-03-07T12:00:00+08:00");
    stage_tell(s, "promise.kept", "2026-03-06T09:00:00+08:00", "{'call_no':'C','promise':1}");
    assert_int_equal(count(&b, "reminder.withdrawn"), 2);
    close_bench(&b);
}

static void CV_12_level_0_is_no_slip(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    door_promise(s, "2026-03-01T10:00:00+08:00", "A", "quiet.step", "2026-03-04T10:00:00+08:00");
    stage_until(s, "2026-03-20T12:00:00+08:00");
    assert_int_equal(stage_count(s, OWNER_intake, "deadline.passed"), 1);
    assert_int_equal(count(&b, "reminder.issued"), 0);
    close_bench(&b);
}

/* ---- numbers ---- */

static void CV_12_numbers_run_per_unit_and_local_day(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "off");
    stage_tell(s, "promise.made", "2026-03-02T10:00:00+08:00",
               "{'call_no':'A','promise':1,'text':'job.restore','due':'2026-03-02T23:30:00+08:00','"
               "unit':'U1'}");
    stage_tell(s, "promise.made", "2026-03-02T10:00:00+08:00",
               "{'call_no':'B','promise':1,'text':'quiet.step','due':'2026-03-02T23:30:00+08:00','"
               "unit':'U1'}");
    stage_tell(s, "promise.made", "2026-03-02T10:00:00+08:00",
               "{'call_no':'C','promise':1,'text':'job.restore','due':'2026-03-02T23:31:00+08:00','"
               "unit':'U1'}");
    stage_tell(s, "promise.made", "2026-03-02T10:00:00+08:00",
               "{'call_no':'D','promise':1,'text':'job.restore','due':'2026-03-02T23:32:00+08:00','"
               "unit':'U2'}");
    stage_until(s, "2026-03-03T00:31:00+08:00");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 0, "number"), "CB-U1-20260302-001");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 1, "number"), "CB-U1-20260302-002");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 2, "number"), "CB-U2-20260302-001");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 3, "number"), "CB-U1-20260303-001");
    close_bench(&b);
}

/* ---- people ---- */

static void CV_12_acknowledged_and_answered(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    stage_until(s, "2026-03-02T16:30:00+08:00");
    const char *data = "{'number':'CB-U1-20260302-001'}";
    const char *text = "{'number':'CB-U1-20260302-001','text':'on the way'}";
    stage_tell(s, "reminder.acknowledged", "2026-03-02T16:31:00+08:00", data);
    stage_tell(s, "reminder.answered", "2026-03-02T16:32:00+08:00", text);
    assert_int_equal(count(&b, "reminder.acknowledged"), 1);
    assert_int_equal(count(&b, "reminder.answered"), 1);
    stage_tell(s, "reminder.acknowledged", "2026-03-02T16:33:00+08:00", data);
    assert_string_equal(stage_last(s, ESC, "refused.fact", "code"), "acknowledged");
    stage_tell(s, "promise.kept", "2026-03-02T16:40:00+08:00", "{'call_no':'C1','promise':1}");
    stage_tell(s, "reminder.answered", "2026-03-02T16:41:00+08:00", text); /* still possible */
    assert_int_equal(count(&b, "reminder.answered"), 2);
    stage_tell(s, "promise.kept", "2026-03-02T15:40:00+08:00", "{'call_no':'C1','promise':1}");
    stage_tell(s, "reminder.answered", "2026-03-02T16:43:00+08:00", text);
    assert_int_equal(count(&b, "reminder.answered"), 2);
    assert_string_equal(stage_last(s, ESC, "refused.fact", "code"), "state");
    stage_tell(s, "reminder.acknowledged", "2026-03-02T16:44:00+08:00", "{'number':'CB-X'}");
    assert_string_equal(stage_last(s, ESC, "refused.fact", "code"), "unknown_number");
    assert_int_equal(count(&b, "refused.fact"), 3);
    close_bench(&b);
}

static void DSP_010_manual(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    const char *time = "2026-03-02T11:00:00+08:00";
    stage_tell_as(s, "HQ", "m1", "reminder.requested", time,
                  "{'case_no':'C1','text':'hurry','to':'主任'}");
    stage_tell_as(s, "HQ", "m2", "reminder.requested", time,
                  "{'case_no':'C1','text':'hurry','unit':'U7'}");
    stage_tell_as(s, "HQ", "m3", "reminder.requested", time, "{'case_no':'new','text':'hurry'}");
    assert_int_equal(count(&b, "reminder.issued"), 3);
    assert_int_equal(count(&b, "reminder.requested"), 3);
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 0, "kind"), "manual");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 0, "unit"), "U1"); /* the case's */
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 0, "to"), "主任");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 0, "text"), "hurry");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 1, "unit"), "U7");
    assert_string_equal(stage_field(s, ESC, "reminder.issued", 2, "unit"), "HQ"); /* the source */
    close_bench(&b);
}

/* ---- 洽辦單 ---- */

static void late_by_20(struct stage *s)
{
    stage_tell(s, "promise.kept", "2026-03-02T16:20:00+08:00", "{'call_no':'C1','promise':1}");
}

static void CMP_054_auto_answered_in_three_days(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    late_by_20(s);
    late_by_20(s); /* one per deadline instance */
    assert_int_equal(count(&b, "inquiry.issued"), 1);
    assert_string_equal(stage_field(s, ESC, "inquiry.issued", 0, "number"), "QA-U1-20260302-001");
    assert_string_equal(stage_last(s, ESC, "deadline.armed", "due"), "2026-03-05T08:20:00Z");
    assert_string_equal(stage_last(s, ESC, "deadline.armed", "case_no"), "QA-U1-20260302-001");
    const char *answer = "{'number':'QA-U1-20260302-001','cause':'rain'}";
    stage_tell(s, "inquiry.answered", "2026-03-05T16:20:00+08:00", answer);
    assert_int_equal(count(&b, "deadline.stopped"), 1);
    stage_tell(s, "inquiry.answered", "2026-03-05T16:21:00+08:00", answer);
    assert_string_equal(stage_last(s, ESC, "refused.fact", "code"), "state");
    stage_tell(s, "inquiry.closed", "2026-03-06T16:20:00+08:00", "{'number':'QA-U1-20260302-001'}");
    assert_int_equal(count(&b, "inquiry.closed"), 1);
    stage_tell(s, "inquiry.closed", "2026-03-06T16:21:00+08:00", "{'number':'QA-U1-20260302-001'}");
    assert_int_equal(count(&b, "inquiry.closed"), 1);
    stage_until(s, "2026-03-20T16:20:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 1); /* only that of the arrival */
    close_bench(&b);
}

static void CMP_054_no_answer_is_reminded(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    late_by_20(s);
    stage_until(s, "2026-03-05T17:30:00+08:00"); /* due 16:20, ESC-E: +0, +60 */
    assert_int_equal(count(&b, "reminder.issued"), 3);
    expect_issued(&b, 1, "2026-03-05 16:20", "1", "");
    expect_issued(&b, 2, "2026-03-05 17:20", "2", "");
    assert_string_equal(stage_last(s, ESC, "reminder.issued", "to"), "服務部");
    assert_string_equal(stage_last(s, ESC, "reminder.issued", "case_no"), "QA-U1-20260302-001");
    assert_string_equal(stage_last(s, ESC, "reminder.issued", "unit"), "U1");
    assert_string_equal(stage_last(s, ESC, "reminder.issued", "rule"), "CMP-054");
    /* The cause was given in time, says a report that comes late. */
    stage_tell(s, "inquiry.answered", "2026-03-05T16:00:00+08:00",
               "{'number':'QA-U1-20260302-001','cause':'rain'}");
    assert_int_equal(count(&b, "reminder.withdrawn"), 2);
    assert_int_equal(count(&b, "inquiry.issued"), 1); /* nobody asks about a question */
    close_bench(&b);
}

static void CMP_054_late_answer_stops_its_slips(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = arrival_at_16(&b);
    late_by_20(s);
    size_t before = count(&b, "reminder.stopped");
    stage_tell(s, "inquiry.answered", "2026-03-05T16:30:00+08:00",
               "{'number':'QA-U1-20260302-001','cause':'rain'}");
    assert_int_equal(count(&b, "reminder.stopped"), before + 1);
    assert_int_equal(count(&b, "reminder.withdrawn"), 0);
    assert_int_equal(count(&b, "inquiry.issued"), 1);
    close_bench(&b);
}

static void CMP_054_draft_waits_for_a_person(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "draft");
    door_promise(s, "2026-03-02T10:00:00+08:00", "C1", "job.arrival", "2026-03-02T16:00:00+08:00");
    late_by_20(s);
    assert_string_equal(stage_field(s, ESC, "inquiry.issued", 0, "draft"), "true");
    assert_int_equal(count(&b, "deadline.armed"), 0);
    stage_tell(s, "inquiry.answered", "2026-03-02T17:00:00+08:00",
               "{'number':'QA-U1-20260302-001','cause':'rain'}");
    assert_string_equal(stage_last(s, ESC, "refused.fact", "code"), "state");
    stage_tell(s, "inquiry.released", "2026-03-03T09:00:00+08:00",
               "{'number':'QA-U1-20260302-001'}");
    assert_string_equal(stage_last(s, ESC, "deadline.armed", "due"), "2026-03-06T01:00:00Z");
    stage_tell(s, "inquiry.released", "2026-03-03T09:01:00+08:00",
               "{'number':'QA-U1-20260302-001'}");
    assert_int_equal(count(&b, "inquiry.released"), 1);
    stage_tell(s, "inquiry.closed", "2026-03-03T10:00:00+08:00", "{'number':'QA-U1-20260302-001'}");
    assert_int_equal(count(&b, "deadline.dropped"), 1);
    stage_until(s, "2026-03-20T10:00:00+08:00");
    assert_int_equal(count(&b, "reminder.issued"), 1);
    close_bench(&b);
}

static void CMP_054_off_asks_nobody(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "off");
    door_promise(s, "2026-03-02T10:00:00+08:00", "C1", "job.arrival", "2026-03-02T16:00:00+08:00");
    late_by_20(s);
    assert_int_equal(count(&b, "reminder.issued"), 1);
    assert_int_equal(count(&b, "inquiry.issued"), 0);
    close_bench(&b);
}

/* ---- N3: told twice, issued once ---- */

static void tell_entry(struct node *n, uint64_t seq, enum event_kind kind, const void *payload)
{
    struct buf data = {0}, record = {0};
    proto_encode(event_of(kind)->shape(), payload, &data);
    struct rec_entry e = {.seq = seq,
                          .now = 1000000 + (int64_t)seq,
                          .number = event_of(kind)->number,
                          .occurred = 1000000,
                          .rule = STR("DSP-014"),
                          .data = buf_slice(&data)};
    proto_encode(shape_entry(), &e, &record);
    assert_int_equal(node_entry(n, OWNER_dispatch, buf_slice(&record)), ERR_OK);
    buf_fini(&data);
    buf_fini(&record);
}

static void N3_one_slip_per_level_whatever_is_told_twice(void **state)
{
    (void)state;
    struct bench b;
    struct stage *s = open_mode(&b, "auto");
    struct node *n = stage_node(s, ESC);
    struct ev_deadline_passed p = {.case_no = STR("C9"),
                                   .item = 1,
                                   .name = STR("job.arrival"),
                                   .level = 1,
                                   .unit = STR("U1"),
                                   .start = 1,
                                   .due = 900000,
                                   .at = 900000};
    tell_entry(n, 1, EV_deadline_passed, &p);
    tell_entry(n, 2, EV_deadline_passed, &p);
    assert_int_equal(count(&b, "reminder.issued"), 1);
    p.round = 1; /* armed again: another instance */
    tell_entry(n, 3, EV_deadline_passed, &p);
    p.level = 2;
    tell_entry(n, 4, EV_deadline_passed, &p);
    p.item = 2;
    tell_entry(n, 5, EV_deadline_passed, &p);
    assert_int_equal(count(&b, "reminder.issued"), 4);
    assert_int_equal(node_commit(n), ERR_OK);
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_EX_23_working_ladder),
        cmocka_unit_test(DSP_EX_44_elapsed_ladder),
        cmocka_unit_test(HQ_EX_33_day_ladder),
        cmocka_unit_test(HQ_EX_34_repeats_until_the_stop),
        cmocka_unit_test(HQ_EX_35_done_at_the_due_instant_is_on_time),
        cmocka_unit_test(C_05_total),
        cmocka_unit_test(C_08_late_step_in_a_case_closed_in_time),
        cmocka_unit_test(C_40_four_slips_then_stopped),
        cmocka_unit_test(C_41_late_report_withdraws_all_four),
        cmocka_unit_test(DSP_EX_45_in_time_but_reported_late),
        cmocka_unit_test(DSP_EX_46_really_late),
        cmocka_unit_test(DSP_EX_47_nothing_was_issued),
        cmocka_unit_test(CMP_054_proof_in_time_closes_the_inquiry),
        cmocka_unit_test(CV_12_dropped_stops_without_inquiry),
        cmocka_unit_test(CV_12_warning_before_the_due),
        cmocka_unit_test(CV_12_level_0_is_no_slip),
        cmocka_unit_test(CV_12_numbers_run_per_unit_and_local_day),
        cmocka_unit_test(CV_12_acknowledged_and_answered),
        cmocka_unit_test(DSP_010_manual),
        cmocka_unit_test(CMP_054_auto_answered_in_three_days),
        cmocka_unit_test(CMP_054_no_answer_is_reminded),
        cmocka_unit_test(CMP_054_late_answer_stops_its_slips),
        cmocka_unit_test(CMP_054_draft_waits_for_a_person),
        cmocka_unit_test(CMP_054_off_asks_nobody),
        cmocka_unit_test(N3_one_slip_per_level_whatever_is_told_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
