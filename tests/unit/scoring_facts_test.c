/* scoring_facts_test.c - what is counted of persons and units: told, told again, moved, taken back;
 * facts at the door and of the logs before scoring. */
#include "tests/unit/scoring_voice.h"

/* ---- attendance (SCO-046, SCO-008) ---- */

static void attend(struct stage *s, const char *person, const char *day, const char *kind)
{
    char data[160], local[32];
    snprintf(data, sizeof data, "'person':'%s','day':'%s','kind':'%s'", person, day, kind);
    snprintf(local, sizeof local, "%sT18:00", day);
    say(s, "C1", "attendance.recorded", local, data);
}

/* S-05: 3 late, 1 absence. */
static void SCO_046_S05_three_late_one_absent(void **state)
{
    struct stage *s = voices_open();
    attend(s, "P1", "2024-03-04", "late");
    attend(s, "P1", "2024-03-05", "late");
    attend(s, "P1", "2024-03-06", "late");
    attend(s, "P1", "2024-03-07", "absent");
    attend(s, "P1", "2024-03-08", "full");
    attend(s, "P1", "2024-04-01", "leave");
    attend(s, "P7", "2024-03-04", "late");
    assert_int_equal(counted(s, "P1", 202403, "attendance_late"), 3);
    assert_int_equal(counted(s, "P1", 202403, "attendance_absent"), 1);
    assert_int_equal(counted(s, "P1", 202403, "attendance_full"), 1);
    assert_int_equal(counted(s, "P1", 202403, "attendance_leave"), 0);
    assert_int_equal(counted(s, "P1", 202404, "attendance_leave"), 1);
    assert_int_equal(counted_unit(s, "C1", 202403, "attendance_late"), 3);
    assert_int_equal(counted_unit(s, "C2", 202403, "attendance_late"), 1);
    stage_close(s);
    (void)state;
}

static void SCO_008_told_again_it_replaces(void **state)
{
    struct stage *s = voices_open();
    attend(s, "P1", "2024-03-04", "late");
    attend(s, "P1", "2024-03-04", "late");
    assert_int_equal(counted(s, "P1", 202403, "attendance_late"), 1);
    attend(s, "P1", "2024-03-04", "leave"); /* it was leave after all */
    assert_int_equal(counted(s, "P1", 202403, "attendance_late"), 0);
    assert_int_equal(counted_unit(s, "C1", 202403, "attendance_late"), 0);
    assert_int_equal(counted(s, "P1", 202403, "attendance_leave"), 1);
    say(s, "C1", "attendance.recorded", "2024-03-04T18:00",
        "'person':'P1','day':'2024-03-04','kind':'late','no':'2'"); /* a second thing of that day */
    assert_int_equal(counted(s, "P1", 202403, "attendance_late"), 1);
    assert_int_equal(counted(s, "P1", 202403, "attendance_leave"), 1);
    stage_close(s);
    (void)state;
}

/* Each counted fact names its event; what was replaced stays visible. */
static void SCO_008_a_fact_names_its_event(void **state)
{
    struct stage *s = voices_open();
    struct rec_row_score_fact row;
    struct key k = {.n = 0};
    attend(s, "P1", "2024-03-04", "late");
    key_u8(&k, 0);
    key_str(&k, STR("P1"));
    key_day(&k, day_of(2024, 3, 1));
    key_str(&k, STR("attendance_late"));
    key_str(&k, STR("\x1fP1\x1f"
                    "19786\x1f")); /* person, day 2024-03-04, no */
    assert_true(row_at(s, SCORING_FACT, k, &row));
    assert_true(str_is(row.type, "attendance.recorded"));
    assert_true(str_is(row.source, "C1"));
    assert_true(row.event.n > 0);
    assert_int_equal(row.day, day_of(2024, 3, 4));
    assert_int_equal(row.withdrawn, 0);
    attend(s, "P1", "2024-03-04", "full");
    assert_true(row_at(s, SCORING_FACT, k, &row));
    assert_int_equal(row.withdrawn, yes_no_yes);
    stage_close(s);
    (void)state;
}

/* ---- the shop ---- */

static void orders(struct stage *s, const char *type, const char *person, const char *no, int n)
{
    char data[200];
    bool refund = strcmp(type, "order.refunded") == 0;
    snprintf(data, sizeof data, "'order_no':'%s','person':'%s','day':'2024-03-10','orders':%d%s",
             no, person, n, refund ? ",'after_sales':'yes'" : "");
    say(s, "C1", type, "2024-03-31T18:00", data);
}

/* S-06: the counts of which the refund rates are made, exactly. */
static void SCO_042_S06_refund_counts(void **state)
{
    static const struct {
        const char *person;
        int refunded, of;
    } rows[] = {{"P1", 500, 10000}, {"P2", 501, 10000},  {"P3", 800, 10000},
                {"P4", 801, 10000}, {"P5", 1100, 10000}, {"P6", 1101, 10000}};
    struct stage *s = voices_open();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char no[16];
        snprintf(no, sizeof no, "B%zu", i);
        orders(s, "order.counted", rows[i].person, no, rows[i].of);
        orders(s, "order.refunded", rows[i].person, no, rows[i].refunded);
        assert_int_equal(summed(s, rows[i].person, 202403, "orders"), rows[i].of);
        assert_int_equal(summed(s, rows[i].person, 202403, "orders_refunded"), rows[i].refunded);
    }
    say(s, "C1", "order.refunded", "2024-03-31T18:00",
        "'order_no':'X','person':'P1','orders':7,'after_sales':'no'"); /* not of after-sales */
    assert_int_equal(summed(s, "P1", 202403, "orders_refunded"), 500);
    orders(s, "order.refunded", "P2", "B0", 20); /* the batch was P2's */
    assert_int_equal(summed(s, "P1", 202403, "orders_refunded"), 0);
    assert_int_equal(summed(s, "P2", 202403, "orders_refunded"), 521);
    assert_int_equal(summed_unit(s, "C1", 202403, "orders_refunded"),
                     20 + 501 + 800 + 801 + 1100 + 1101);
    stage_close(s);
    (void)state;
}

static void SCO_047_a_low_rating_counts_when_confirmed(void **state)
{
    struct stage *s = voices_open();
    const char *rating = "'rating_no':'R1','person':'P1','after_sales_reason':'yes'";
    char data[200];
    say(s, "C1", "rating.low_given", "2024-03-10T10:00", rating);
    assert_int_equal(counted(s, "P1", 202403, "rating_low"), 0);
    snprintf(data, sizeof data, "%s,'day':'2024-03-10','confirmed_by':'S1'", rating);
    say(s, "C1", "rating.low_given", "2024-03-12T10:00", data);
    assert_int_equal(counted(s, "P1", 202403, "rating_low"), 1);
    say(s, "C1", "rating.low_given", "2024-03-12T10:00",
        "'rating_no':'R2','person':'P1','after_sales_reason':'no','confirmed_by':'S1'");
    assert_int_equal(counted(s, "P1", 202403, "rating_low"), 1);
    deny(s, "C1", "rating.low_given", "2024-03-12T10:00",
         "'rating_no':'R3','person':'P1','after_sales_reason':'yes','confirmed_by':'NOBODY'",
         "SCO-047", "unknown");
    stage_close(s);
    (void)state;
}

static void SCO_047_only_its_head_confirms(void **state)
{
    char dir[64];
    struct stage *s = scoring_open_changed(0, "policy.yaml",
                                           "s/^keys:/scoring: {low_rating_heads: [cs]}\\nkeys:/");
    (void)dir;
    const char *by_staff =
        "'rating_no':'R1','person':'P1','after_sales_reason':'yes','confirmed_by':'P2'";
    deny(s, "C1", "rating.low_given", "2024-03-10T10:00", by_staff, "SCO-047", "role");
    say(s, "C1", "rating.low_given", "2024-03-10T10:00",
        "'rating_no':'R1','person':'P1','after_sales_reason':'yes','confirmed_by':'S1'");
    assert_int_equal(counted(s, "P1", 202403, "rating_low"), 1);
    stage_close(s);
    (void)state;
}

static void SCO_049_each_praise_counts(void **state)
{
    struct stage *s = voices_open();
    say(s, "C1", "praise.given", "2024-03-10T10:00", "'praise_no':'1','person':'P1'");
    say(s, "C1", "praise.given", "2024-03-11T10:00", "'praise_no':'2','person':'P1'");
    say(s, "C1", "praise.given", "2024-03-11T10:00", "'praise_no':'2','person':'P1','text':'!'");
    assert_int_equal(counted(s, "P1", 202403, "praise"), 2);
    deny(s, "C1", "praise.given", "2024-03-11T10:00", "'praise_no':'3','person':'NOBODY'",
         "SCO-049", "unknown");
    stage_close(s);
    (void)state;
}

/* ---- complaints ---- */

static void SCO_048_verified_complaints_and_valid_disputes(void **state)
{
    struct stage *s = voices_open();
    heard_from(s, OWNER_complaint, "C1", "service_complaint.received", "2024-03-05T10:00",
               "'case_no':'V1','channel':'call','customer':'K','text':'rude','accused':'P1'");
    heard_from(s, OWNER_complaint, "QA", "service_complaint.verified", "2024-03-08T10:00",
               "'case_no':'V1','cause':'quarrel'"); /* whom is known from before */
    heard_from(s, OWNER_complaint, "C1", "service_complaint.verified", "2024-03-09T10:00",
               "'case_no':'V2','cause':'other','accused':'P2'");
    assert_int_equal(counted(s, "P1", 202403, "complaint_verified"), 1);
    assert_int_equal(counted(s, "P2", 202403, "complaint_verified"), 1);
    assert_int_equal(counted_unit(s, "C1", 202403, "complaint_verified"), 2);
    heard_from(s, OWNER_complaint, "QA", "service_complaint.invalidated", "2024-03-10T10:00",
               "'case_no':'V2','reason':'no'");
    assert_int_equal(counted(s, "P2", 202403, "complaint_verified"), 0);

    heard_from(s, OWNER_complaint, "C1", "complaint.received", "2024-03-05T10:00",
               "'case_no':'D1','kind':'platform','platform_kind':'rights_claim','customer':'K',"
               "'product':'X','clerk':'P3'");
    heard_from(s, OWNER_complaint, "GMO", "complaint.registered", "2024-03-05T11:00",
               "'case_no':'D1','complaint_no':'240301'");
    heard_from(s, OWNER_complaint, "C1", "complaint.received", "2024-03-05T10:00",
               "'case_no':'G1','kind':'goods','customer':'K','product':'X','clerk':'P3'");
    heard_from(s, OWNER_complaint, "QA", "complaint.validated", "2024-03-07T10:00",
               "'case_no':'240301'"); /* by the number it was given */
    heard_from(s, OWNER_complaint, "QA", "complaint.validated", "2024-03-07T10:00",
               "'case_no':'G1'"); /* goods: no dispute on a platform */
    assert_int_equal(counted(s, "P3", 202403, "dispute_valid"), 1);
    assert_int_equal(counted_unit(s, "C1", 202403, "dispute_valid"), 1);
    heard_from(s, OWNER_complaint, "QA", "complaint.invalidated", "2024-03-09T10:00",
               "'case_no':'240301','reason':'no'");
    assert_int_equal(counted(s, "P3", 202403, "dispute_valid"), 0);
    stage_close(s);
    (void)state;
}

static void SCO_101_deadlines_one_per_level_less_those_withdrawn(void **state)
{
    struct stage *s = voices_open();
    const char *passed = "'case_no':'C1','item':1,'name':'job.arrival','unit':'C1','person':'T1',"
                         "'start':'2024-03-04T01:00:00Z','due':'2024-03-04T08:00:00Z',"
                         "'at':'2024-03-04T08:00:00Z'";
    const char *withdrawn = "'case_no':'C1','item':1,'name':'job.arrival','unit':'C1',"
                            "'start':'2024-03-04T01:00:00Z','due':'2024-03-04T08:00:00Z',"
                            "'at':'2024-03-04T07:00:00Z'";
    const char *stopped = "'case_no':'C1','item':1,'name':'job.arrival','unit':'C1','late':true,"
                          "'start':'2024-03-04T01:00:00Z','due':'2024-03-04T08:00:00Z',"
                          "'at':'2024-03-04T09:00:00Z'";
    char level[400];
    for (int i = 1; i <= 3; i++) {
        snprintf(level, sizeof level, "%s,'level':%d", passed, i);
        heard_from(s, OWNER_dispatch, "C1", "deadline.passed", "2024-03-04T17:00", level);
    }
    heard_from(s, OWNER_parts, "C1", "deadline.passed", "2024-03-04T17:00", level);
    assert_int_equal(counted(s, "T1", 202403, "deadlines_passed"), 3 + 1 - 1); /* level 3: parts */
    stage_close(s);

    s = voices_open();
    heard_from(s, OWNER_dispatch, "C1", "job.assigned", "2024-03-04T09:00",
               "'call_no':'C1','technician':'T1'");
    for (int i = 1; i <= 3; i++) {
        snprintf(level, sizeof level, "%s,'level':%d", passed, i);
        heard_from(s, OWNER_dispatch, "C1", "deadline.passed", "2024-03-04T17:00", level);
    }
    heard_from(s, OWNER_dispatch, "C1", "deadline.stopped", "2024-03-04T17:00", stopped);
    assert_int_equal(counted(s, "T1", 202403, "services"), 1);
    assert_int_equal(counted(s, "T1", 202403, "services_on_time"), 0);
    heard_from(s, OWNER_dispatch, "C1", "deadline.withdrawn", "2024-03-05T17:00", withdrawn);
    assert_int_equal(counted(s, "T1", 202403, "deadlines_passed"), 0);
    assert_int_equal(counted_unit(s, "C1", 202403, "deadlines_passed"), 0);
    /* SCO-091: it was in time after all */
    assert_int_equal(counted(s, "T1", 202403, "services"), 1);
    assert_int_equal(counted(s, "T1", 202403, "services_on_time"), 1);
    stage_close(s);
    (void)state;
}

static void SCO_101_steps_and_those_closed_late(void **state)
{
    struct stage *s = voices_open();
    heard_from(s, OWNER_complaint, "QA", "complaint.step_done", "2024-03-05T10:00",
               "'case_no':'D1','by_unit':'QA','step':'qa_review','taken_s':3600");
    heard_from(s, OWNER_complaint, "MFG", "complaint.step_done", "2024-03-06T10:00",
               "'case_no':'D1','by_unit':'QA','step':'second','taken_s':7200,'overdue_s':60");
    assert_int_equal(counted_unit(s, "QA", 202403, "complaint_steps"), 2);
    assert_int_equal(counted_unit(s, "QA", 202403, "complaint_steps_late"), 1);
    assert_int_equal(summed_unit(s, "QA", 202403, "complaint_steps_s"), 10800);
    stage_close(s);
    (void)state;
}

/* ---- jobs, hours, visits, papers ---- */

static void SCO_094_jobs_and_repeats_are_of_the_technician(void **state)
{
    struct stage *s = voices_open();
    heard_from(s, OWNER_dispatch, "C1", "job.created", "2024-03-04T08:00",
               "'call_no':'A','job':1,'unit':'C1','received_at':'2024-03-04T00:00:00Z',"
               "'policy':'SP-BUS'");
    heard_from(s, OWNER_dispatch, "C1", "job.assigned", "2024-03-04T09:00",
               "'call_no':'A','party':[{'person':'T2'},{'person':'T3'}]");
    heard_from(s, OWNER_dispatch, "C1", "job.reassigned", "2024-03-04T09:30",
               "'call_no':'A','from':'T2','to':'T1'");
    heard_from(s, OWNER_dispatch, "C1", "job.reassigned", "2024-03-04T09:40",
               "'call_no':'A','from':'T3','to':'T2'"); /* not who is in charge */
    heard_from(s, OWNER_dispatch, "C1", "job.arrived", "2024-03-04T10:00", "'call_no':'A'");
    heard_from(s, OWNER_dispatch, "C1", "job.closed", "2024-03-05T10:00", "'call_no':'A','job':1");
    assert_int_equal(counted(s, "T1", 202403, "jobs_closed"), 1);
    assert_int_equal(counted(s, "T1", 202403, "jobs_arrived"), 1);
    heard_from(s, OWNER_dispatch, "C1", "repeat.detected", "2024-04-02T10:00",
               "'call_no':'B','job':1,'first_call':'A','first_job':1,'days':28,'product':'SN1',"
               "'cause_code':'K'");
    assert_int_equal(counted(s, "T1", 202404, "jobs_repeated"), 1);
    assert_int_equal(counted_unit(s, "C1", 202404, "jobs_repeated"), 1);
    stage_close(s);
    (void)state;
}

static void SCO_102_hours_by_kind_of_work(void **state)
{
    struct stage *s = voices_open();
    heard_from(s, OWNER_dispatch, "C1", "tech.daily_reported", "2024-03-04T18:00",
               "'technician':'T1','day':'2024-03-04','lines':[{'category':'a','minutes':60,"
               "'call_no':'A'},{'category':'d','minutes':30},{'category':'a','minutes':90,"
               "'call_no':'B'}]");
    assert_int_equal(summed(s, "T1", 202403, "minutes_a"), 150);
    assert_int_equal(summed(s, "T1", 202403, "minutes_d"), 30);
    heard_from(s, OWNER_dispatch, "C1", "tech.daily_reported", "2024-03-05T18:00",
               "'technician':'T1','day':'2024-03-04','lines':[{'category':'b','minutes':45,"
               "'call_no':'A'}]"); /* told again */
    assert_int_equal(summed(s, "T1", 202403, "minutes_a"), 0);
    assert_int_equal(summed(s, "T1", 202403, "minutes_b"), 45);
    stage_close(s);
    (void)state;
}

static void SCO_081_refused_lines_of_expenses(void **state)
{
    struct stage *s = voices_open();
    heard_from(s, OWNER_parts, "C1", "expense.line_audited", "2024-03-04T18:00",
               "'expense_no':'E1','line':1,'person':'T1','ok':'no','claimed':'50.00'");
    heard_from(s, OWNER_parts, "C1", "expense.line_audited", "2024-03-04T18:00",
               "'expense_no':'E1','line':2,'person':'T1','ok':'yes','claimed':'50.00'");
    assert_int_equal(counted(s, "T1", 202403, "expense_refused"), 1);
    heard_from(s, OWNER_parts, "C1", "audit.reversed", "2024-03-06T18:00",
               "'subject':'expense_line','ref':'E1','line':1,'reason':'found'");
    assert_int_equal(counted(s, "T1", 202403, "expense_refused"), 0);
    heard_from(s, OWNER_parts, "C1", "expense.line_audited", "2024-03-07T18:00",
               "'expense_no':'E1','line':1,'person':'T1','ok':'no','claimed':'50.00'");
    assert_int_equal(counted(s, "T1", 202403, "expense_refused"), 1); /* decided anew */
    stage_close(s);
    (void)state;
}

static void SCO_085_visits_planned_and_done(void **state)
{
    struct stage *s = voices_open();
    const char *plan = "'visit_no':'V1','customer':'K','person':'P1','due':'2024-03-20'";
    tell(s, "C1", "visit.planned", "2024-02-20T10:00", plan);
    tell(s, "C1", "visit.planned", "2024-02-20T10:00",
         "'visit_no':'V2','customer':'K','person':'P1','due':'2024-03-25'");
    tell(s, "C1", "visit.planned", "2024-02-21T10:00",
         "'visit_no':'V2','customer':'K','due':'2024-04-25'"); /* moved; the person is not said */
    tell(s, "C1", "visit.done", "2024-04-01T10:00", "'visit_no':'V1','record':'seen'");
    assert_int_equal(counted(s, "P1", 202403, "visits_planned"), 1);
    assert_int_equal(counted(s, "P1", 202403, "visits_done"), 1); /* in the month of the plan */
    assert_int_equal(counted_unit(s, "C1", 202404, "visits_planned"), 1);
    assert_int_equal(counted_unit(s, "C1", 202404, "visits_done"), 0);
    stage_close(s);
    (void)state;
}

/* SCO-087, SCO-142: no frequency, five kinds. */
static void SCO_087_spot_checks(void **state)
{
    static const char *const kinds[] = {"attendance", "handover", "field", "back_office",
                                        "standard"};
    struct stage *s = voices_open();
    char data[160];
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        snprintf(data, sizeof data, "'check_no':'S%zu','kind':'%s','result':'%s','person':'P1'", i,
                 kinds[i], i == 1 ? "wrong" : "right");
        say(s, "C1", "spotcheck.recorded", "2024-03-10T10:00", data);
    }
    say(s, "C1", "spotcheck.recorded", "2024-03-10T10:00",
        "'check_no':'S9','kind':'field','result':'right'"); /* of the unit alone */
    assert_int_equal(counted(s, "P1", 202403, "spotchecks"), 5);
    assert_int_equal(counted(s, "P1", 202403, "spotchecks_wrong"), 1);
    assert_int_equal(counted_unit(s, "C1", 202403, "spotchecks"), 6);
    deny(s, "C1", "spotcheck.recorded", "2024-03-10T10:00",
         "'check_no':'S8','kind':'field','result':'right','person':'NOBODY'", "SCO-087", "unknown");
    stage_close(s);
    (void)state;
}

/* SCO-142: the five kinds feed the month's file of who was checked. */
static void SCO_142_reviews_are_spot_checks(void **state)
{
    struct stage *s = voices_open();
    say(s, "C1", "spotcheck.recorded", "2024-03-10T10:00",
        "'check_no':'S1','kind':'standard','result':'wrong','person':'M1','day':'2024-02-28'");
    assert_int_equal(counted(s, "M1", 202402, "spotchecks_wrong"), 1);
    assert_int_equal(counted(s, "M1", 202403, "spotchecks_wrong"), 0);
    stage_close(s);
    (void)state;
}

/* ---- reports and their dates ---- */

#define SLIDES "'form':'每月交付質量(外供件)演示文稿'"

/* S-43: 22 June 2024 is a Saturday; the presentations are due on it all the same. */
static void SCO_084_S43_due_on_a_saturday(void **state)
{
    static const struct {
        const char *local;
        int on_time;
    } rows[] = {{"2024-06-22T23:59", 1},
                {"2024-06-23T00:00", 0},
                {"2024-06-23T00:01", 0},
                {"2024-06-24T08:00", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = voices_open();
        say(s, "C1", "report.submitted", rows[i].local, SLIDES ",'period':'2024-05-01','by':'M1'");
        assert_int_equal(counted(s, "M1", 202406, "reports"), 1);
        assert_int_equal(counted(s, "M1", 202406, "reports_on_time"), rows[i].on_time);
        stage_close(s);
    }
    (void)state;
}

/* A centre that names no unit reports for itself, whoever of whatever unit hands it in. */
static void SCO_084_centres_do_not_replace_each_other(void **state)
{
    static const char *const centres[] = {"C1", "C2"};
    struct stage *s = voices_open();
    for (size_t i = 0; i < COUNT_OF(centres); i++)
        say(s, centres[i], "report.submitted", "2024-06-20T10:00",
            SLIDES ",'period':'2024-05-01','by':'H1'");
    for (size_t i = 0; i < COUNT_OF(centres); i++) {
        assert_int_equal(counted_unit(s, centres[i], 202406, "reports_on_time"), 1);
        assert_int_equal(counted_unit(s, centres[i], 202406, "quality_slides"), 1);
    }
    say(s, "HR", "report.submitted", "2024-06-21T10:00",
        SLIDES ",'period':'2024-05-01','unit':'C1'"); /* the same report, named */
    assert_int_equal(counted_unit(s, "C1", 202406, "reports_on_time"), 1);
    assert_int_equal(counted_unit(s, "HR", 202406, "reports_on_time"), 0);
    stage_close(s);
    (void)state;
}

/* Handed in again after its day, a report that was in time stays in time; one that was late is in
 * time once an earlier hand-in is told. */
static void SCO_084_SCO_131_in_time_once_is_in_time(void **state)
{
    struct stage *s = voices_open();
    const char *plan = "'form':'每月工作計畫','period':'2024-05-01','by':'M1'";
    const char *bd24 = "'form':'BD-24','period':'2024-05-01'";
    say(s, "C1", "report.submitted", "2024-06-20T10:00", plan);
    say(s, "C1", "report.submitted", "2024-06-25T10:00", plan);
    assert_int_equal(counted(s, "M1", 202406, "work_plans"), 1);
    say(s, "C1", "report.submitted", "2024-06-25T10:00", bd24);
    assert_int_equal(counted_unit(s, "C1", 202406, "reports"), 2);
    assert_int_equal(counted_unit(s, "C1", 202406, "reports_on_time"), 1);
    say(s, "C1", "report.submitted", "2024-06-04T10:00", bd24);
    say(s, "C1", "report.submitted", "2024-06-26T10:00", bd24);
    assert_int_equal(counted_unit(s, "C1", 202406, "reports"), 2);
    assert_int_equal(counted_unit(s, "C1", 202406, "reports_on_time"), 2);
    stage_close(s);
    (void)state;
}

static void SCO_084_a_report_is_of_a_whole_period(void **state)
{
    struct stage *s = voices_open();
    deny(s, "C1", "report.submitted", "2024-06-04T10:00", "'form':'BD-24','period':'2024-05-17'",
         "SCO-084", "period");
    deny(s, "C1", "report.submitted", "2024-06-04T10:00",
         "'form':'維修評核表','period':'2024-05-01'", "SCO-084", "period");
    say(s, "C1", "report.submitted", "2024-06-04T10:00", "'form':'表格08','period':'2024-05-17'");
    stage_close(s);
    (void)state;
}

static void figure_told(struct stage *s, const char *unit, const char *metric, const char *more)
{
    char data[200];
    snprintf(data, sizeof data, "'metric':'%s','month':'2024-03-01'%s", metric, more);
    say(s, unit, "kpi.actual_reported", "2024-04-02T10:00", data);
}

/* The figures of two centres that name none stand side by side; a person's is one, wherever he is
 * by the time it is corrected. */
static void SCO_093_figures_of_two_centres(void **state)
{
    const int64_t yuan = 10000;
    struct stage *s = voices_open();
    figure_told(s, "C1", "labour_cost", ",'value':'100'");
    figure_told(s, "C2", "labour_cost", ",'value':'200'");
    figure_told(s, "C1", "labour_cost", ",'value':'150','unit':'C1'");
    figure_told(s, "C1", "repair_output", ",'value':'10'");
    figure_told(s, "C2", "repair_output", ",'value':'20'");
    assert_int_equal(summed_unit(s, "C1", 202403, "labour_cost"), 150 * yuan);
    assert_int_equal(summed_unit(s, "C2", 202403, "labour_cost"), 200 * yuan);
    assert_int_equal(summed_unit(s, "C1", 202403, "repair_output"), 10 * yuan);
    assert_int_equal(summed_unit(s, "C2", 202403, "repair_output"), 20 * yuan);
    figure_told(s, "HR", "wage", ",'value':'300','person':'P1'");
    tell(s, "HR", "person.upserted", "2024-04-03T10:00",
         "'person':'P1','unit':'C2','role':'staff'");
    figure_told(s, "HR", "wage", ",'value':'310','person':'P1'");
    assert_int_equal(summed(s, "P1", 202403, "wage"), 310 * yuan);
    stage_close(s);
    (void)state;
}

/* SCO-131, SCO-132: the station's forms by the 5th; SCO-136: the quarter's by the 10th. */
static void SCO_131_station_forms_by_the_fifth(void **state)
{
    static const struct {
        const char *form, *period, *local;
        int month, on_time;
    } rows[] = {{"BD-24", "2024-05-01", "2024-06-05T23:00", 202406, 1},
                {"BD-24", "2024-05-01", "2024-06-06T08:00", 202406, 0},
                {"BD-20", "2024-12-01", "2025-01-05T10:00", 202501, 1},
                {"BD-22", "2024-12-01", "2025-01-06T10:00", 202501, 0},
                {"維修評核表", "2024-04-01", "2024-07-10T20:00", 202407, 1},
                {"維修評核表", "2024-04-01", "2024-07-11T20:00", 202407, 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = voices_open();
        char data[200];
        snprintf(data, sizeof data, "'form':'%s','period':'%s'", rows[i].form, rows[i].period);
        say(s, "C1", "report.submitted", rows[i].local, data);
        assert_int_equal(counted_unit(s, "C1", rows[i].month, "reports"), 1);
        assert_int_equal(counted_unit(s, "C1", rows[i].month, "reports_on_time"), rows[i].on_time);
        stage_close(s);
    }
    (void)state;
}

/* A report whose date nobody judges is heard and not counted. */
static void SCO_136_another_report_has_no_date(void **state)
{
    struct stage *s = voices_open();
    say(s, "C1", "report.submitted", "2024-06-06T08:00", "'form':'表格08','period':'2024-05-01'");
    assert_int_equal(counted_unit(s, "C1", 202406, "reports"), 0);
    assert_int_equal(counted_unit(s, "C1", 202405, "reports"), 0);
    stage_close(s);
    (void)state;
}

/* ---- figures at the door ---- */

static void SCO_093_a_figure_is_a_number(void **state)
{
    struct stage *s = voices_open();
    const char *head = "'metric':'repair_output','month':'2024-03-01'";
    char data[200];
    static const char *const wrong[] = {"abc", "1.23456", "99999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        snprintf(data, sizeof data, "%s,'value':'%s'", head, wrong[i]);
        deny(s, "C1", "kpi.actual_reported", "2024-04-02T10:00", data, "SCO-093", "figure");
    }
    deny(s, "C1", "kpi.actual_reported", "2024-04-02T10:00",
         "'metric':'repair_output','month':'2024-03-02','value':'1'", "SCO-093", "month");
    deny(s, "C1", "kpi.actual_reported", "2024-04-02T10:00",
         "'metric':'wage','month':'2024-03-01','value':'1','person':'NOBODY'", "SCO-093",
         "unknown");
    deny(s, "C1", "plan.set", "2024-04-02T10:00", "'year':2024,'kpi':'repair_output','target':'x'",
         "SCO-093", "figure");
    snprintf(data, sizeof data, "%s,'value':'1250000.5'", head);
    say(s, "C1", "kpi.actual_reported", "2024-04-02T10:00", data);
    assert_int_equal(summed_unit(s, "C1", 202403, "repair_output"), INT64_C(12500005000));
    snprintf(data, sizeof data, "%s,'value':'0'", head);
    say(s, "C1", "kpi.actual_reported", "2024-04-02T10:00", data); /* told, and it is 0 */
    assert_int_equal(summed_unit(s, "C1", 202403, "repair_output"), 0);
    assert_int_equal(counted_unit(s, "C1", 202403, "repair_output"), 1);
    stage_close(s);
    (void)state;
}

/* A reference that is too long for a key is still one of its own. */
static void SCO_008_long_references(void **state)
{
    struct stage *s = voices_open();
    char data[300], no[41];
    for (int i = 0; i < 3; i++) {
        memset(no, 'x', sizeof no - 1);
        no[sizeof no - 1] = 0;
        no[39] = (char)('a' + i % 2);
        snprintf(data, sizeof data, "'person':'%s','day':'2024-03-04','kind':'late','no':'%s'",
                 "P1", no);
        say(s, "C1", "attendance.recorded", "2024-03-04T18:00", data);
    }
    assert_int_equal(counted(s, "P1", 202403, "attendance_late"), 2);
    stage_close(s);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_046_S05_three_late_one_absent),
        cmocka_unit_test(SCO_008_told_again_it_replaces),
        cmocka_unit_test(SCO_008_a_fact_names_its_event),
        cmocka_unit_test(SCO_008_long_references),
        cmocka_unit_test(SCO_042_S06_refund_counts),
        cmocka_unit_test(SCO_047_a_low_rating_counts_when_confirmed),
        cmocka_unit_test(SCO_047_only_its_head_confirms),
        cmocka_unit_test(SCO_049_each_praise_counts),
        cmocka_unit_test(SCO_048_verified_complaints_and_valid_disputes),
        cmocka_unit_test(SCO_101_deadlines_one_per_level_less_those_withdrawn),
        cmocka_unit_test(SCO_101_steps_and_those_closed_late),
        cmocka_unit_test(SCO_094_jobs_and_repeats_are_of_the_technician),
        cmocka_unit_test(SCO_102_hours_by_kind_of_work),
        cmocka_unit_test(SCO_081_refused_lines_of_expenses),
        cmocka_unit_test(SCO_085_visits_planned_and_done),
        cmocka_unit_test(SCO_087_spot_checks),
        cmocka_unit_test(SCO_142_reviews_are_spot_checks),
        cmocka_unit_test(SCO_084_S43_due_on_a_saturday),
        cmocka_unit_test(SCO_084_centres_do_not_replace_each_other),
        cmocka_unit_test(SCO_084_SCO_131_in_time_once_is_in_time),
        cmocka_unit_test(SCO_084_a_report_is_of_a_whole_period),
        cmocka_unit_test(SCO_093_figures_of_two_centres),
        cmocka_unit_test(SCO_131_station_forms_by_the_fifth),
        cmocka_unit_test(SCO_136_another_report_has_no_date),
        cmocka_unit_test(SCO_093_a_figure_is_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
