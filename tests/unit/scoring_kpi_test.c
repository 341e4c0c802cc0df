/* scoring_kpi_test.c - figures for head office: reckoned from sums, compared, published by month,
 * quarter and year, published again when what they are made of changes; trends and growth. */
#include "tests/unit/scoring_voice.h"

/* The figures of March 2024 are published after 10 April 24:00. */
#define AFTER_MARCH "2024-04-11T00:01"

static void actual(struct stage *s, const char *metric, const char *month, const char *value,
                   const char *local)
{
    char data[200];
    snprintf(data, sizeof data, "'metric':'%s','month':'%s','value':'%s'", metric, month, value);
    say(s, "C1", "kpi.actual_reported", local, data);
}

static void counted_month(struct stage *s, const char *month, const char *fields)
{
    char data[300];
    snprintf(data, sizeof data, "'unit':'C1','month':'%s',%s", month, fields);
    heard_from(s, OWNER_complaint, "C1", "complaint.month_counted", "2024-04-02T10:00", data);
}

/* ---- rates and thresholds ---- */

static void arrive(struct stage *s, int n, bool late)
{
    char data[400];
    snprintf(data, sizeof data,
             "'case_no':'C%d','item':1,'name':'job.arrival','unit':'C1','late':%s,"
             "'start':'2024-03-04T01:00:00Z','due':'2024-03-04T08:00:00Z',"
             "'at':'2024-03-04T07:00:00Z'",
             n, late ? "true" : "false");
    heard_from(s, OWNER_dispatch, "C1", "deadline.stopped", "2024-03-04T17:00", data);
}

/* S-35: 897 of 997 on time; 90 of 100. */
static void SCO_088_S35_on_time_rate(void **state)
{
    static const struct {
        int on_time, of;
        const char *value, *pass;
    } rows[] = {{90, 100, "90.00%", "yes"}, {897, 997, "89.97%", "no"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = voices_open();
        for (int n = 0; n < rows[i].of; n++)
            arrive(s, n, n >= rows[i].on_time);
        until(s, "2024-04-11T00:00");
        assert_string_equal(figure(s, "on_time_rate", "C1", "month", "2024-03-01", "value"), "");
        until(s, AFTER_MARCH);
        assert_string_equal(figure(s, "on_time_rate", "C1", "month", "2024-03-01", "value"),
                            rows[i].value);
        assert_string_equal(figure(s, "on_time_rate", "C1", "month", "2024-03-01", "pass"),
                            rows[i].pass);
        assert_string_equal(figure(s, "on_time_rate", "C1", "month", "2024-03-01", "target"),
                            "90.00%");
        stage_close(s);
    }
    (void)state;
}

/* SCO-090: exactly 3% fails; SCO-083: only 100% passes; nothing to divide by is neither. */
static void SCO_090_thresholds_are_exact(void **state)
{
    static const struct {
        const char *fields, *kpi, *value, *pass;
    } rows[] = {
        {"'service_caused':3,'services':100", "complaint_rate", "3.00%", "no"},
        {"'service_caused':29999,'services':1000000", "complaint_rate", "3.00%", "yes"},
        {"'service_caused':1,'services':0", "complaint_rate", "n/a", ""},
        {"'due':10,'due_handled':10", "complaint_handling", "100.00%", "yes"},
        {"'due':100000,'due_handled':99999", "complaint_handling", "100.00%", "no"},
        {"'on_hand':8,'solved':6", "complaint_resolution", "75.00%", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = voices_open();
        counted_month(s, "2024-03-01", rows[i].fields);
        until(s, AFTER_MARCH);
        assert_string_equal(figure(s, rows[i].kpi, "C1", "month", "2024-03-01", "value"),
                            rows[i].value);
        assert_string_equal(figure(s, rows[i].kpi, "C1", "month", "2024-03-01", "pass"),
                            rows[i].pass);
        stage_close(s);
    }
    (void)state;
}

/* SCO-083: 客戶抱怨處理率, pass only at exactly 100%; told again by complaint it replaces. */
static void SCO_083_told_again(void **state)
{
    struct stage *s = voices_open();
    counted_month(s, "2024-03-01", "'due':10,'due_handled':9");
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "complaint_handling", "C1", "month", "2024-03-01", "pass"), "no");
    counted_month(s, "2024-03-01", "'due':10,'due_handled':10");
    assert_string_equal(figure(s, "complaint_handling", "C1", "month", "2024-03-01", "pass"),
                        "yes");
    assert_string_equal(figure(s, "complaint_handling", "C1", "month", "2024-03-01", "revision"),
                        "2");
    stage_close(s);
    (void)state;
}

static void SCO_094_first_time_fix(void **state)
{
    struct stage *s = voices_open();
    char data[200];
    for (int i = 0; i < 8; i++) {
        snprintf(data, sizeof data, "'call_no':'A%d','technician':'T1'", i);
        heard_from(s, OWNER_dispatch, "C1", "job.assigned", "2024-03-04T09:00", data);
        snprintf(data, sizeof data, "'call_no':'A%d','job':1", i);
        heard_from(s, OWNER_dispatch, "C1", "job.closed", "2024-03-05T09:00", data);
    }
    heard_from(s, OWNER_dispatch, "C1", "repeat.detected", "2024-03-20T10:00",
               "'call_no':'B','job':1,'first_call':'A3','first_job':1,'days':15,'product':'SN',"
               "'cause_code':'K'");
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "first_fix", "T1", "month", "2024-03-01", "value"), "87.50%");
    assert_string_equal(figure(s, "first_fix", "C1", "month", "2024-03-01", "value"), "87.50%");
    stage_close(s);
    (void)state;
}

/* SCO-106: call-backs feed the satisfaction of the centre. */
static void SCO_106_callbacks_feed_satisfaction(void **state)
{
    struct stage *s = voices_open();
    char data[200];
    for (int i = 0; i < 20; i++) {
        snprintf(data, sizeof data,
                 "'followup_no':'quality/%d','kind':'quality','ref':'%d','unit':'C1'", i, i);
        heard_from(s, OWNER_intake, "C1", "followup.created", "2024-03-05T10:00", data);
        snprintf(data, sizeof data, "'followup_no':'quality/%d','result':'valid'%s", i,
                 i < 17 ? i % 2 ? ",'satisfaction':3" : ",'satisfaction':4" : ",'satisfaction':2");
        tell(s, "C1", "followup.done", "2024-03-06T10:00", data);
    }
    tell(s, "C1", "followup.done", "2024-03-06T10:00",
         "'followup_no':'quality/99','result':'unreachable'"); /* no answer, no share */
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "satisfaction", "C1", "month", "2024-03-01", "value"), "85.00%");
    assert_string_equal(figure(s, "satisfaction", "C1", "month", "2024-03-01", "pass"), "yes");
    stage_close(s);
    (void)state;
}

static void SCO_059_satisfaction_with_the_handling(void **state)
{
    struct stage *s = voices_open();
    char data[200];
    for (int i = 0; i < 25; i++) {
        snprintf(data, sizeof data,
                 "'case_no':'D%d','kind':'goods','customer':'K','product':'X','clerk':'P1'", i);
        heard_from(s, OWNER_complaint, "C1", "complaint.received", "2024-03-05T10:00", data);
        snprintf(data, sizeof data, "'case_no':'D%d','satisfied':'%s'", i, i < 22 ? "yes" : "no");
        heard_from(s, OWNER_complaint, "QA", "complaint.satisfaction_recorded", "2024-03-15T10:00",
                   data);
    }
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "complaint_satisfaction", "P1", "month", "2024-03-01", "value"),
                        "88.00%");
    assert_string_equal(figure(s, "complaint_satisfaction", "P1", "month", "2024-03-01", "pass"),
                        "yes");
    stage_close(s);
    (void)state;
}

/* SCO-053: the two counts of the group. */
static void SCO_053_team_figures(void **state)
{
    struct stage *s = voices_open();
    say(s, "C1", "order.counted", "2024-03-31T10:00",
        "'order_no':'1','person':'P1','day':'2024-03-31','orders':150");
    say(s, "C1", "order.counted", "2024-03-31T10:00",
        "'order_no':'2','person':'P2','day':'2024-03-31','orders':50");
    say(s, "C1", "order.refunded", "2024-03-31T10:00",
        "'order_no':'1','person':'P1','day':'2024-03-31','orders':10,'after_sales':'yes'");
    heard_from(s, OWNER_complaint, "C1", "service_complaint.verified", "2024-03-09T10:00",
               "'case_no':'V2','cause':'other','accused':'P2'");
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "refund_rate", "C1", "month", "2024-03-01", "value"), "5.00%");
    assert_string_equal(figure(s, "team_complaints", "C1", "month", "2024-03-01", "value"), "1.00");
    stage_close(s);
    (void)state;
}

/* SCO-097: pass rate of those examined, points, and how much of the plan was done. */
static void SCO_097_training(void **state)
{
    static const struct {
        const char *type, *person, *more;
    } rows[] = {{"training.passed", "P1", ",'plan_no':'L1','points':'90'"},
                {"training.passed", "P2", ",'plan_no':'L1','points':'75.5'"},
                {"training.failed", "P3", ",'plan_no':'L1','points':'40'"},
                {"training.failed", "P4", ",'plan_no':'L1'"}}; /* not held for him */
    struct stage *s = voices_open();
    char data[200];
    say(s, "C1", "training.planned", "2024-02-20T10:00",
        "'plan_no':'L1','due':'2024-03-20','persons':[{'person':'P1'},{'person':'P2'},"
        "{'person':'P3'},{'person':'P4'}]");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(data, sizeof data, "'person':'%s','kind':'plan'%s", rows[i].person, rows[i].more);
        say(s, "C1", rows[i].type, "2024-03-20T10:00", data);
    }
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "training_pass_rate", "C1", "month", "2024-03-01", "value"),
                        "66.67%");
    assert_string_equal(figure(s, "training_completion", "C1", "month", "2024-03-01", "value"),
                        "75.00%");
    assert_string_equal(figure(s, "training_score", "C1", "month", "2024-03-01", "value"), "68.50");
    stage_close(s);
    (void)state;
}

/* Planned anew it is one plan, and who takes the exam again has had it once; both in the month of
 * the plan, whenever the exam was. */
static void SCO_097_planned_anew_and_taken_again(void **state)
{
    struct stage *s = voices_open();
    const char *plan = "'plan_no':'L1','persons':[{'person':'P1'},{'person':'P2'}],'due':";
    const char *result = "'kind':'plan','plan_no':'L1','person':";
    char data[200];
    snprintf(data, sizeof data, "%s'2024-02-20'", plan);
    say(s, "C1", "training.planned", "2024-02-10T10:00", data);
    snprintf(data, sizeof data, "%s'P1','points':'70'", result);
    say(s, "C1", "training.passed", "2024-02-20T10:00", data);
    snprintf(data, sizeof data, "%s'2024-03-28'", plan);
    say(s, "C1", "training.planned", "2024-02-21T10:00", data);
    snprintf(data, sizeof data, "%s'P2','points':'40'", result);
    say(s, "C1", "training.failed", "2024-03-28T10:00", data);
    snprintf(data, sizeof data, "%s'P2','points':'80'", result);
    say(s, "C1", "training.passed", "2024-04-01T10:00", data);
    assert_int_equal(summed_unit(s, "C1", 202402, "trainings_planned"), 0);
    assert_int_equal(summed_unit(s, "C1", 202402, "trainings_done"), 0);
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "training_completion", "C1", "month", "2024-03-01", "value"),
                        "100.00%");
    stage_close(s);
    (void)state;
}

/* A result that is told again on its day is one exam, whatever was told first; another day, another
 * training, another person is another. */
static void SCO_097_a_result_told_again_is_one_exam(void **state)
{
    static const struct {
        const char *type, *local, *more;
    } rows[] = {{"training.failed", "2024-03-20T10:00", "'person':'P1','points':'40'"},
                {"training.passed", "2024-03-20T15:00", "'person':'P1','points':'60'"},
                {"training.passed", "2024-03-20T16:00", "'person':'P1','points':'90'"},
                {"training.passed", "2024-03-20T16:00", "'person':'P2','points':'80'"},
                {"training.failed", "2024-03-20T17:00", "'person':'P2'"}, /* not held for him */
                {"training.failed", "2024-03-21T10:00", "'person':'P1','points':'30'"}};
    struct stage *s = voices_open();
    char data[200];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(data, sizeof data, "'kind':'post',%s", rows[i].more);
        say(s, "C1", rows[i].type, rows[i].local, data);
    }
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "training_pass_rate", "C1", "month", "2024-03-01", "value"),
                        "50.00%");
    assert_string_equal(figure(s, "training_score", "C1", "month", "2024-03-01", "value"), "60.00");
    say(s, "C1", "training.passed", "2024-03-21T11:00",
        "'person':'P1','kind':'entry','points':'90'");
    assert_string_equal(figure(s, "training_pass_rate", "C1", "month", "2024-03-01", "value"),
                        "66.67%");
    stage_close(s);
    (void)state;
}

/* ---- targets, budgets, growth ---- */

static void SCO_093_actual_against_target(void **state)
{
    struct stage *s = voices_open();
    actual(s, "repair_output", "2024-03-01", "1250000", "2024-04-02T10:00");
    say(s, "C1", "plan.set", "2024-01-02T10:00",
        "'year':2024,'kpi':'repair_output','target':'15000000'"); /* of the year: of no month */
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "repair_output", "C1", "month", "2024-03-01", "value"), "n/a");
    say(s, "C1", "plan.set", "2024-04-12T10:00",
        "'year':2024,'month':3,'kpi':'repair_output','target':'1000000'");
    assert_string_equal(figure(s, "repair_output", "C1", "month", "2024-03-01", "value"),
                        "125.00%");
    say(s, "C1", "plan.set", "2024-04-13T10:00",
        "'year':2024,'month':3,'kpi':'repair_output','target':'2000000'"); /* changed */
    assert_string_equal(figure(s, "repair_output", "C1", "month", "2024-03-01", "value"), "62.50%");
    stage_close(s);
    (void)state;
}

/* S-38: repair output 1,250,000; last year 1,000,000; last month 1,400,000. */
static void SCO_099_S38_growth(void **state)
{
    struct stage *s = voices_open();
    actual(s, "repair_output", "2024-03-01", "1250000", "2024-04-02T10:00");
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "repair_output_yoy", "C1", "month", "2024-03-01", "value"),
                        "n/a"); /* no base */
    actual(s, "repair_output", "2023-03-01", "1000000", "2024-04-12T10:00");
    actual(s, "repair_output", "2024-02-01", "1400000", "2024-04-12T10:00");
    assert_string_equal(figure(s, "repair_output_yoy", "C1", "month", "2024-03-01", "value"),
                        "25.00%");
    assert_string_equal(figure(s, "repair_output_mom", "C1", "month", "2024-03-01", "value"),
                        "-10.71%");
    actual(s, "repair_output", "2024-02-01", "0", "2024-04-12T10:00"); /* null at base 0 */
    assert_string_equal(figure(s, "repair_output_mom", "C1", "month", "2024-03-01", "value"),
                        "n/a");
    stage_close(s);
    (void)state;
}

/* SCO-099: satisfaction changes by points. */
static void SCO_099_satisfaction_in_points(void **state)
{
    struct stage *s = voices_open();
    say(s, "C1", "campaign.closed", "2024-02-20T10:00",
        "'campaign_no':'1','survey':'survey_4','dims':[{'dim':'產品質量','n1':80,'n4':20}]");
    say(s, "C1", "campaign.closed", "2024-03-20T10:00",
        "'campaign_no':'2','survey':'survey_4','dims':[{'dim':'產品質量','n1':87,'n4':13}]");
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "satisfaction_change", "C1", "month", "2024-03-01", "value"),
                        "7.00%");
    stage_close(s);
    (void)state;
}

/* SCO-082, SCO-135: cost of the year against its budget. */
static void SCO_135_actual_against_budget(void **state)
{
    struct stage *s = voices_open();
    heard_from(s, OWNER_parts, "C1", "budget.set", "2024-01-02T10:00",
               "'year':2024,'kind':'guarantee','unit':'C1','amount':'1200000'");
    actual(s, "warranty_cost", "2024-03-01", "200000", "2024-04-02T10:00");
    actual(s, "warranty_cost", "2024-06-01", "700000", "2024-07-02T10:00");
    actual(s, "travel_cost", "2024-06-01", "100000", "2024-07-02T10:00");
    until(s, "2025-01-11T00:01");
    assert_string_equal(figure(s, "budget_use", "C1", "year", "2024-01-01", "value"), "83.33%");
    stage_close(s);
    (void)state;
}

/* ---- the trend ---- */

static void losses(struct stage *s, const char *const v[4])
{
    static const char *const months[] = {"2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"};
    for (int i = 0; i < 4; i++) {
        if (v[i]) actual(s, "warranty_cost", months[i], v[i], "2024-04-02T10:00");
    }
}

static void SCO_095_two_months_running_up(void **state)
{
    static const struct {
        const char *v[4];
        int alerts;
        const char *month;
    } rows[] = {{{"100", "200", "300", NULL}, 1, "2024-03-01"},
                {{"100", "200", "200", NULL}, 0, ""}, /* not up */
                {{"300", "200", "250", NULL}, 0, ""}, /* one month up */
                {{"300", "200", "250", "251"}, 1, "2024-04-01"},
                {{NULL, "200", "300", NULL}, 0, ""}, /* nothing is known of January */
                {{NULL, NULL, "300", "400"}, 0, ""}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = voices_open();
        losses(s, rows[i].v);
        until(s, "2024-05-11T00:01");
        assert_int_equal(count_of(s, OWNER_scoring, "scoring.trend_alerted", "kpi", "quality_loss"),
                         rows[i].alerts);
        assert_string_equal(last(s, "scoring.trend_alerted", "month"), rows[i].month);
        stage_close(s);
    }
    (void)state;
}

/* A correction makes it a trend; it is told once. */
static void SCO_095_a_correction_makes_a_trend(void **state)
{
    static const char *const v[4] = {"100", "200", "150", NULL};
    struct stage *s = voices_open();
    losses(s, v);
    until(s, AFTER_MARCH);
    assert_int_equal(count(s, "scoring.trend_alerted"), 0);
    actual(s, "warranty_cost", "2024-02-01", "120", "2024-04-12T10:00");
    assert_int_equal(count(s, "scoring.trend_alerted"), 1);
    assert_string_equal(last(s, "scoring.trend_alerted", "from"), "100.00");
    assert_string_equal(last(s, "scoring.trend_alerted", "to"), "150.00");
    actual(s, "warranty_cost", "2024-03-01", "160", "2024-04-13T10:00");
    assert_int_equal(count(s, "scoring.trend_alerted"), 1);
    /* losses that complaint apportioned count with it */
    heard_from(s, OWNER_complaint, "C1", "complaint.received", "2024-03-05T10:00",
               "'case_no':'D1','kind':'goods','customer':'K','product':'X','clerk':'P1'");
    heard_from(s, OWNER_complaint, "ACC", "complaint.loss_apportioned", "2024-03-15T10:00",
               "'case_no':'D1','loss':'40.50'");
    assert_string_equal(figure(s, "quality_loss", "C1", "month", "2024-03-01", "value"), "200.50");
    stage_close(s);
    (void)state;
}

static void SCO_096_stops_of_a_line(void **state)
{
    struct stage *s = voices_open();
    const char *stop = "'customer':'K','line':'L1','by_unit':'C1',"
                       "'stop_start':'2024-03-04T01:00:00Z','stop_end':'2024-03-04T02:00:00Z'";
    char data[300];
    snprintf(data, sizeof data, "%s,'counted_s':3600", stop);
    heard_from(s, OWNER_complaint, "C1", "quality.line_stop", "2024-03-05T10:00", data);
    snprintf(data, sizeof data, "%s,'counted_s':900", stop); /* the rest was covered */
    heard_from(s, OWNER_complaint, "C1", "quality.line_stop", "2024-03-05T10:00", data);
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "line_stop", "C1", "month", "2024-03-01", "value"), "75.00");
    stage_close(s);
    (void)state;
}

/* SCO-100: mean time of a step, share of late ones. */
static void SCO_100_times_of_the_steps(void **state)
{
    struct stage *s = voices_open();
    heard_from(s, OWNER_complaint, "C1", "complaint.step_done", "2024-03-05T10:00",
               "'case_no':'D1','by_unit':'C1','step':'a','taken_s':3600");
    heard_from(s, OWNER_complaint, "C1", "complaint.step_done", "2024-03-06T10:00",
               "'case_no':'D1','by_unit':'C1','step':'b','taken_s':7200,'overdue_s':60");
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "step_time", "C1", "month", "2024-03-01", "value"), "90.00");
    assert_string_equal(figure(s, "step_late_rate", "C1", "month", "2024-03-01", "value"),
                        "50.00%");
    stage_close(s);
    (void)state;
}

/* ---- months, quarters, years (SCO-134) ---- */

static void order_of(struct stage *s, int month, int of, int refunded)
{
    char data[200];
    snprintf(data, sizeof data, "'order_no':'%d','day':'2024-%02d-15','orders':%d", month, month,
             of);
    say(s, "C1", "order.counted", "2024-01-31T10:00", data);
    if (!refunded) return;
    snprintf(data, sizeof data,
             "'order_no':'%d','day':'2024-%02d-15','orders':%d,'after_sales':'yes'", month, month,
             refunded);
    say(s, "C1", "order.refunded", "2024-01-31T10:00", data);
}

static void SCO_134_quarters_and_years_from_their_sums(void **state)
{
    struct stage *s = voices_open();
    order_of(s, 1, 100, 10); /* 10% */
    order_of(s, 2, 300, 0);  /*  0% */
    order_of(s, 5, 100, 60); /* 60% */
    until(s, "2024-02-11T00:01");
    assert_string_equal(figure(s, "refund_rate", "C1", "month", "2024-01-01", "value"), "10.00%");
    until(s, "2024-03-11T00:01");
    assert_string_equal(figure(s, "refund_rate", "C1", "month", "2024-02-01", "value"), "0.00%");
    assert_string_equal(figure(s, "refund_rate", "C1", "quarter", "2024-01-01", "value"), "");
    until(s, AFTER_MARCH); /* March has no orders; the quarter has */
    assert_string_equal(figure(s, "refund_rate", "C1", "month", "2024-03-01", "value"), "");
    assert_string_equal(figure(s, "refund_rate", "C1", "quarter", "2024-01-01", "value"), "2.50%");
    assert_string_equal(figure(s, "refund_rate", "C1", "quarter", "2024-01-01", "numerator"), "10");
    assert_string_equal(figure(s, "refund_rate", "C1", "quarter", "2024-01-01", "denominator"),
                        "400");
    until(s, "2025-01-11T00:01");
    assert_string_equal(figure(s, "refund_rate", "C1", "year", "2024-01-01", "value"), "14.00%");
    stage_close(s);
    (void)state;
}

static void SCO_134_a_late_fact_publishes_again(void **state)
{
    struct stage *s = voices_open();
    order_of(s, 1, 100, 10);
    until(s, AFTER_MARCH);
    size_t before = count(s, "scoring.kpi_published");
    order_of(s, 1, 100, 10); /* nothing new */
    assert_int_equal(count(s, "scoring.kpi_published"), before);
    order_of(s, 1, 100, 20);
    assert_string_equal(figure(s, "refund_rate", "C1", "month", "2024-01-01", "value"), "20.00%");
    assert_string_equal(figure(s, "refund_rate", "C1", "month", "2024-01-01", "revision"), "2");
    assert_string_equal(figure(s, "refund_rate", "C1", "quarter", "2024-01-01", "value"), "20.00%");
    assert_int_equal(count(s, "scoring.kpi_published"), before + 2);
    order_of(s, 2, 100, 0); /* a month that is long over */
    until(s, "2024-04-11T00:02");
    assert_string_equal(figure(s, "refund_rate", "C1", "month", "2024-02-01", "value"), "0.00%");
    assert_string_equal(figure(s, "refund_rate", "C1", "quarter", "2024-01-01", "value"), "10.00%");
    stage_close(s);
    (void)state;
}

/* The day of the month is over, for other facts; the year's is not. */
static void SCO_134_a_figure_first_told_after_its_day_is_published(void **state)
{
    struct stage *s = voices_open();
    order_of(s, 1, 100, 10);
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "labour_cost", "C1", "month", "2024-01-01", "value"), "");
    actual(s, "labour_cost", "2024-01-01", "5000.00", "2024-04-12T09:00");
    assert_string_equal(figure(s, "labour_cost", "C1", "month", "2024-01-01", "value"), "5000.00");
    assert_string_equal(figure(s, "labour_cost", "C1", "quarter", "2024-01-01", "value"),
                        "5000.00");
    assert_string_equal(figure(s, "labour_cost", "C1", "year", "2024-01-01", "value"), "");
    actual(s, "labour_cost", "2024-04-01", "100.00", "2024-04-12T09:01"); /* its day is to come */
    assert_string_equal(figure(s, "labour_cost", "C1", "month", "2024-04-01", "value"), "");
    stage_close(s);
    (void)state;
}

/* The clock reminds nobody, and is over when the figures are there. */
static void SCO_134_its_clock(void **state)
{
    struct stage *s = voices_open();
    order_of(s, 1, 100, 10);
    due_is(s, "figures/unit/C1/2024-01", "scoring.kpi_month", "2024-02-11T00:00");
    assert_string_equal(end_of(s, "figures/unit/C1/2024-01", "scoring.kpi_month"), "open");
    until(s, "2024-02-20T00:00");
    assert_string_equal(end_of(s, "figures/unit/C1/2024-01", "scoring.kpi_month"), "cancelled");
    assert_int_equal(reminders(s, "scoring.kpi_month"), 0);
    stage_close(s);
    (void)state;
}

static void SCO_133_provisional_until_reviewed(void **state)
{
    struct stage *s = voices_open();
    counted_month(s, "2024-03-01", "'due':10,'due_handled':10");
    heard_from(s, OWNER_complaint, "C1", "complaint.closed", "2024-03-20T10:00", "'case_no':'D1'");
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "complaint_handling", "C1", "month", "2024-03-01", "provisional"),
                        "yes");
    assert_string_equal(
        figure(s, "complaint_handling", "C1", "quarter", "2024-01-01", "provisional"), "yes");
    heard_from(s, OWNER_complaint, "GMO", "complaint.month_reviewed", "2024-04-12T10:00",
               "'month':'2024-03-01','cases':1");
    assert_string_equal(figure(s, "complaint_handling", "C1", "month", "2024-03-01", "provisional"),
                        "");
    assert_string_equal(figure(s, "complaint_handling", "C1", "month", "2024-03-01", "revision"),
                        "2");
    assert_string_equal(
        figure(s, "complaint_handling", "C1", "quarter", "2024-01-01", "provisional"), "");
    stage_close(s);

    s = voices_open(); /* reviewed in time; a month in which nothing was closed needs no review */
    counted_month(s, "2024-02-01", "'due':10,'due_handled':10");
    counted_month(s, "2024-03-01", "'due':10,'due_handled':10");
    heard_from(s, OWNER_complaint, "C1", "complaint.closed", "2024-03-20T10:00", "'case_no':'D1'");
    heard_from(s, OWNER_complaint, "GMO", "complaint.month_reviewed", "2024-04-05T10:00",
               "'month':'2024-03-01','cases':1");
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "complaint_handling", "C1", "month", "2024-03-01", "provisional"),
                        "");
    assert_string_equal(figure(s, "complaint_handling", "C1", "month", "2024-02-01", "provisional"),
                        "");
    stage_close(s);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_088_S35_on_time_rate),
        cmocka_unit_test(SCO_090_thresholds_are_exact),
        cmocka_unit_test(SCO_083_told_again),
        cmocka_unit_test(SCO_094_first_time_fix),
        cmocka_unit_test(SCO_106_callbacks_feed_satisfaction),
        cmocka_unit_test(SCO_059_satisfaction_with_the_handling),
        cmocka_unit_test(SCO_053_team_figures),
        cmocka_unit_test(SCO_097_training),
        cmocka_unit_test(SCO_097_planned_anew_and_taken_again),
        cmocka_unit_test(SCO_097_a_result_told_again_is_one_exam),
        cmocka_unit_test(SCO_093_actual_against_target),
        cmocka_unit_test(SCO_099_S38_growth),
        cmocka_unit_test(SCO_099_satisfaction_in_points),
        cmocka_unit_test(SCO_135_actual_against_budget),
        cmocka_unit_test(SCO_095_two_months_running_up),
        cmocka_unit_test(SCO_095_a_correction_makes_a_trend),
        cmocka_unit_test(SCO_096_stops_of_a_line),
        cmocka_unit_test(SCO_100_times_of_the_steps),
        cmocka_unit_test(SCO_134_quarters_and_years_from_their_sums),
        cmocka_unit_test(SCO_134_a_late_fact_publishes_again),
        cmocka_unit_test(SCO_134_a_figure_first_told_after_its_day_is_published),
        cmocka_unit_test(SCO_134_its_clock),
        cmocka_unit_test(SCO_133_provisional_until_reviewed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
