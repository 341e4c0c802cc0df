/* scoring_unit_facts_test.c - a person whose post answers for a unit is scored by facts of the
 * unit, from the log of complaint and the reports at the door to the published score (SCO-083,
 * SCO-084, SCO-085), and marked when they change (SCO-008); a quarter sheet by the facts of its
 * person (SCO-059). */
#include "tests/unit/scoring_voice.h"

#define SHEET "'person':'P1','scheme':'cs_manager','first':'2024-09-01'"

static void assigned(struct stage *s)
{
    say(s, "HR", "scoring.scheme_assigned", "2024-08-20T09:00",
        "'person':'P1','scheme':'cs_manager','post':'客戶服務部經理','from':'2024-09-01',"
        "'manager':'M1','next_level':'M2'");
}

/* Papers of August, due on 22 September. */
static void reported(struct stage *s, const char *form, const char *local)
{
    char data[256];
    snprintf(data, sizeof data, "'form':'%s','period':'2024-08-01','unit':'C1','by':'P1'", form);
    say(s, "C1", "report.submitted", local, data);
}

static void papers(struct stage *s, const char *plan_at)
{
    reported(s, "每月交付質量(外供件)演示文稿", "2024-09-20T10:00");
    reported(s, "每月造成主要顧客停工或生產停線的累積分鐘數演示文稿", "2024-09-20T10:00");
    reported(s, "每月工作計畫", plan_at);
}

static void counted_month(struct stage *s, const char *unit, int due, int handled)
{
    char data[160];
    snprintf(data, sizeof data, "'unit':'%s','month':'2024-09-01','due':%d,'due_handled':%d", unit,
             due, handled);
    heard_from(s, OWNER_complaint, unit, "complaint.month_counted", "2024-10-02T09:00", data);
}

static void handed_in(struct stage *s)
{
    say(s, "C1", "scoring.sheet_submitted", "2024-10-03T09:00", SHEET ",'by':'M1'");
    say(s, "C1", "scoring.reviewed", "2024-10-04T09:00", SHEET ",'by':'M2'");
}

static void SCO_083_SCO_084_SCO_085_of_his_unit(void **state)
{
    (void)state;
    struct stage *s = voices_open();
    assigned(s);
    papers(s, "2024-09-22T23:00");
    counted_month(s, "C1", 10, 10);
    counted_month(s, "C2", 10, 3); /* another unit's */
    handed_in(s);
    assert_string_equal(last(s, "scoring.result_published", "score"), "4.00");
    assert_string_equal(last(s, "scoring.result_published", "passed"), "yes");
    stage_close(s);
}

static void SCO_083_SCO_084_one_unhandled_and_one_late(void **state)
{
    (void)state;
    struct stage *s = voices_open();
    assigned(s);
    papers(s, "2024-09-23T00:00:01");
    counted_month(s, "C1", 1000, 999);
    handed_in(s);
    assert_string_equal(last(s, "scoring.result_published", "score"), "2.00");
    assert_string_equal(last(s, "scoring.result_published", "passed"), "no");
    stage_close(s);
}

/* Nothing was due: the sheet has its score, which neither passes nor fails. */
static void SCO_083_a_month_without_complaints_does_not_stop_the_sheet(void **state)
{
    (void)state;
    struct stage *s = voices_open();
    assigned(s);
    papers(s, "2024-09-22T23:00");
    handed_in(s);
    assert_string_equal(last(s, "scoring.result_published", "score"), "4.00");
    assert_string_equal(last(s, "scoring.result_published", "passed"), "");
    counted_month(s, "C1", 2, 1); /* told after all */
    assert_int_equal(count(s, "scoring.result_stale"), 1);
    stage_close(s);
}

/* A fact of the unit that changes after the publication marks the result of who answers for it,
 * once; one of another unit marks nobody's. */
static void SCO_008_a_changed_fact_of_the_unit_marks_the_result(void **state)
{
    (void)state;
    struct stage *s = voices_open();
    assigned(s);
    papers(s, "2024-09-22T23:00");
    counted_month(s, "C1", 10, 10);
    counted_month(s, "C2", 10, 10);
    handed_in(s);
    heard_from(s, OWNER_complaint, "C2", "complaint.month_counted", "2024-10-05T09:00",
               "'unit':'C2','month':'2024-09-01','due':10,'due_handled':3");
    assert_int_equal(count(s, "scoring.result_stale"), 0);
    heard_from(s, OWNER_complaint, "C1", "complaint.month_counted", "2024-10-05T10:00",
               "'unit':'C1','month':'2024-09-01','due':10,'due_handled':9");
    assert_int_equal(count(s, "scoring.result_stale"), 1);
    assert_string_equal(last(s, "scoring.result_stale", "person"), "P1");
    assert_string_equal(last(s, "scoring.result_stale", "was"), "4.00");
    assert_string_equal(last(s, "scoring.result_stale", "would_be"), "3.00");
    stage_close(s);
}

/* ---- the quarter sheet: figures of the person from the logs and from accounting ---- */

#define QUARTER "'person':'P1','scheme':'q_post','first':'2024-07-01'"

static void quarter_told(struct stage *s)
{
    static const char *const metrics[] = {"'metric':'receivable','value':'100.00'",
                                          "'metric':'collected','value':'99.00'",
                                          "'metric':'collected_2003','value':'25510.50'"};
    char data[200], local[24];
    for (int n = 0; n < 3; n++) {
        snprintf(data, sizeof data,
                 "'case_no':'D%d','kind':'goods','customer':'K','product':'X','clerk':'P1'", n);
        heard_from(s, OWNER_complaint, "C1", "complaint.received", "2024-07-05T10:00", data);
        snprintf(data, sizeof data, "'case_no':'V%d','cause':'other','accused':'P1'", n);
        heard_from(s, OWNER_complaint, "C1", "service_complaint.verified", "2024-08-05T10:00",
                   data);
        snprintf(local, sizeof local, "2024-08-0%dT10:00", 6 + n); /* each day another exam */
        say(s, "HR", "training.passed", local, "'person':'P1','kind':'post'");
    }
    say(s, "HR", "training.failed", "2024-08-12T10:00",
        "'person':'P1','kind':'post','points':'50'");
    for (int n = 0; n < 2; n++) {
        snprintf(data, sizeof data, "'case_no':'D%d','satisfied':'yes'", n);
        heard_from(s, OWNER_complaint, "QA", "complaint.satisfaction_recorded", "2024-09-01T10:00",
                   data);
    }
    for (size_t i = 0; i < COUNT_OF(metrics); i++) {
        snprintf(data, sizeof data, "'person':'P1','month':'2024-09-01',%s", metrics[i]);
        say(s, "C1", "kpi.actual_reported", "2024-10-01T09:00", data);
    }
}

/* 11 + 9 + 16.5 + 15 x 2/3 + 10 x 75/80 + 25 = 80.875 of 85; then accounting corrects what was
 * collected, 81 % of it: 9 instead of 11. */
static void SCO_059_SCO_008_a_quarter_from_its_events(void **state)
{
    (void)state;
    static const char *const judged[] = {"work_attitude", "work_conduct", "report_quality",
                                         "rules"};
    struct stage *s = voices_open();
    say(s, "HR", "scoring.scheme_assigned", "2024-06-20T09:00",
        "'person':'P1','scheme':'q_post','post':'售後人員','from':'2024-07-01','manager':'M1',"
        "'next_level':'M2'");
    quarter_told(s);
    for (size_t i = 0; i < COUNT_OF(judged); i++) {
        char data[160];
        snprintf(data, sizeof data, QUARTER ",'item':'%s','word':'優','by':'M1'", judged[i]);
        say(s, "C1", "scoring.item_scored", "2024-10-02T09:00", data);
    }
    say(s, "C1", "scoring.sheet_submitted", "2024-10-03T09:00", QUARTER ",'by':'M1'");
    say(s, "C1", "scoring.reviewed", "2024-10-04T09:00", QUARTER ",'by':'M2'");
    assert_string_equal(last(s, "scoring.result_published", "score"), "95.15");
    assert_int_equal(count(s, "scoring.result_stale"), 0);
    say(s, "C1", "kpi.actual_reported", "2024-10-08T10:00",
        "'person':'P1','month':'2024-09-01','metric':'collected','value':'81.00'");
    assert_int_equal(count(s, "scoring.result_stale"), 1);
    assert_string_equal(last(s, "scoring.result_stale", "fact"), "collected");
    assert_string_equal(last(s, "scoring.result_stale", "would_be"), "92.79");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_083_SCO_084_SCO_085_of_his_unit),
        cmocka_unit_test(SCO_083_SCO_084_one_unhandled_and_one_late),
        cmocka_unit_test(SCO_083_a_month_without_complaints_does_not_stop_the_sheet),
        cmocka_unit_test(SCO_008_a_changed_fact_of_the_unit_marks_the_result),
        cmocka_unit_test(SCO_059_SCO_008_a_quarter_from_its_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
