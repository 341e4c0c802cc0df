/* complaint_quality_site_test.c - what comes to a quality issue from dispatch, what recurs, the
 * report of the month, stopped lines and key projects. Rules CMP-099, CMP-102 … CMP-106, CMP-108,
 * CMP-116; example HQ-EX-25. */
#include "tests/unit/complaint_quality_door.h"

#define SHIFTS "'shifts':[{'from':'08:00','to':'20:00'},{'from':'20:00','to':'08:00'}]"
#define AREA(no, area) "{'quality_no':'" no "','area':'" area "','checked':100,'bad':2}"

/* ---- break points (CMP-105, CMP-106) ---- */

static struct rec_row_quality_plant plant(struct stage *s, const char *no)
{
    struct rec_row_quality_plant row = {0};
    assert_true(stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_QUALITY_PLANT],
                          key_of(str_of(no)), &row));
    return row;
}

static void sort_all(struct stage *s, const char *local)
{
    say(s, "sorting.area_done", local, AREA("Q1", "assembly"));
    say(s, "sorting.area_done", local, AREA("Q1", "paint"));
    say(s, "sorting.area_done", local, AREA("Q1", "body"));
    say(s, "sorting.area_done", local, AREA("Q1", "logistics"));
}

static void give(struct stage *s, const char *local)
{
    say(s, "breakpoint.given", local, "{'quality_no':'Q1','identifier':'lot 8','sqe':'Li'}");
}

/* Sorted, given and on line on Monday 2024-03-04 from 08:00 on; the shift ends at 20:00. */
static void go_online(struct stage *s)
{
    say(s, "sorting.opened", "2024-03-03T10:00", "{'quality_no':'Q1'," SHIFTS "}");
    sort_all(s, "2024-03-03T12:00");
    give(s, "2024-03-03T13:00");
    say(s, "breakpoint.online", "2024-03-04T08:00", Q("Q1"));
}

static void CMP_106_an_issue_with_a_break_point_closes_after_breakpoint_valid(void **state)
{
    (void)state;
    struct stage *s = site_open();
    planned(s);
    go_online(s);
    until(s, "2024-03-04T08:01"); /* no log can bring an earlier record any more */
    assert_string_equal(state_of(s, "Q1"), "verifying");
    assert_int_equal(plant(s, "Q1").areas_done, 4); /* CMP-105 */
    assert_true(str_is(plant(s, "Q1").identifier, "lot 8"));
    deny(s, "quality.closed", "2024-03-04T19:00", CLOSE("Q1"), "CMP-106", "breakpoint_open");
    say(s, "breakpoint.valid", "2024-03-04T20:00", Q("Q1"));
    say(s, "quality.closed", "2024-03-04T20:30", CLOSE("Q1"));
    stage_close(s);
}

static void CMP_106_a_break_point_that_fails_reopens_the_measure(void **state)
{
    (void)state;
    struct stage *s = site_open();
    planned(s);
    go_online(s);
    say(s, "breakpoint.failed", "2024-03-04T15:00", "{'quality_no':'Q1','missed_area':'paint'}");
    until(s, "2024-03-04T15:01");
    assert_string_equal(state_of(s, "Q1"), "measure_planned");
    assert_string_equal(last(s, "quality.measure_reopened", "missed_area"), "paint");
    assert_int_equal(issue(s, "Q1").failures, 1);
    deny(s, "quality.closed", "2024-03-04T16:00", CLOSE("Q1"), "CMP-106", "breakpoint_open");
    assert_string_equal(clock_end(s, "quality/Q1", "quality.rectification"), "open");
    say(s, "sorting.area_done", "2024-03-04T17:00", AREA("Q1", "paint"));
    give(s, "2024-03-04T18:00");
    say(s, "breakpoint.online", "2024-03-04T20:00", Q("Q1"));
    until(s, "2024-03-04T20:01");
    assert_string_equal(state_of(s, "Q1"), "verifying");
    say(s, "breakpoint.valid", "2024-03-05T08:00", Q("Q1"));
    say(s, "quality.closed", "2024-03-05T09:00", CLOSE("Q1"));
    stage_close(s);
}

/* Dispatch is told before anybody reports the issue here. */
static void CMP_106_what_comes_before_the_report_is_kept(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "sorting.opened", "2024-01-31T10:00", "{'quality_no':'Q1'," SHIFTS "}");
    sort_all(s, "2024-01-31T12:00");
    give(s, "2024-01-31T13:00");
    say(s, "breakpoint.online", "2024-01-31T20:00", Q("Q1"));
    planned(s);
    assert_string_equal(state_of(s, "Q1"), "verifying");
    deny(s, "quality.closed", "2024-03-04T16:00", CLOSE("Q1"), "CMP-106", "breakpoint_open");
    say(s, "breakpoint.valid", "2024-03-04T17:00", Q("Q1"));
    say(s, "quality.closed", "2024-03-04T18:00", CLOSE("Q1"));
    stage_close(s);
}

static void CMP_106_a_given_break_point_keeps_a_disputed_issue_open_too(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'Q1'," WHO "," TIME_AT ",'place':'7','product':'p','drawing':'D',"
        "'description':'d','suspect_area':'a','quantity':1,'type':'disputed','measure':'m',"
        "'breakpoint':'none','talk':'t'}");
    say(s, "quality.form_sent", "2024-02-01T09:10", FORM("Q1"));
    say(s, "sorting.opened", "2024-02-01T10:00", "{'quality_no':'Q1'," SHIFTS "}");
    sort_all(s, "2024-02-01T12:00");
    give(s, "2024-02-01T13:00");
    deny(s, "quality.closed", "2024-02-01T16:00", CLOSE("Q1"), "CMP-106", "breakpoint_open");
    stage_close(s);
}

/* ---- vehicles and suspect goods (CMP-102 … CMP-104) ---- */

#define BODY(no, more) "{'quality_no':'Q1','body_no':'" no "'" more "}"

/* CMP-104: the same on the final line. */
static void CMP_102_a_tracked_vehicle_is_verified_before_the_close(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "defect.tracked", "2024-02-01T08:00", BODY("V1", ",'place':'welded'"));
    planned(s);
    say(s, "defect.tracked", "2024-03-02T09:00", BODY("V2", ",'place':'on the line'"));
    say(s, "defect.tracked", "2024-03-02T09:10", BODY("V2", "")); /* again: one vehicle */
    until(s, "2024-03-02T09:11");
    assert_int_equal(plant(s, "Q1").defects, 2);
    say(s, "defect.verified", "2024-03-02T10:00", BODY("V1", ""));
    say(s, "defect.verified", "2024-03-02T10:00", BODY("V2", ",'effective':'no'"));
    deny(s, "quality.closed", "2024-03-02T11:00", CLOSE("Q1"), "CMP-102", "defect_open");
    say(s, "defect.verified", "2024-03-02T12:00", BODY("V2", ""));
    say(s, "quality.closed", "2024-03-02T13:00", CLOSE("Q1"));
    stage_close(s);
}

#define SLIP(no) "{'form_no':'" no "'}"
#define OPEN_SLIP(no) "{'form_no':'" no "','quality_no':'Q1','part':'bracket','qty':5}"

static void CMP_103_suspect_goods_are_released_or_exchanged_before_the_close(void **state)
{
    (void)state;
    struct stage *s = site_open();
    planned(s);
    say(s, "suspect.opened", "2024-03-02T09:00", OPEN_SLIP("S1"));
    say(s, "suspect.opened", "2024-03-02T09:00", OPEN_SLIP("S2"));
    say(s, "suspect.reworked", "2024-03-02T10:00", SLIP("S1"));
    say(s, "suspect.sqe_signed", "2024-03-02T10:10", "{'form_no':'S1','sqe':'Li'}");
    say(s, "suspect.sqe_signed", "2024-03-02T10:10", "{'form_no':'S2','sqe':'Li'}");
    deny(s, "quality.closed", "2024-03-02T10:30", CLOSE("Q1"), "CMP-103", "suspect_open");
    say(s, "suspect.released", "2024-03-02T11:00", SLIP("S1"));
    say(s, "suspect.exchange_requested", "2024-03-02T11:00", SLIP("S2"));
    deny(s, "quality.closed", "2024-03-02T11:30", CLOSE("Q1"), "CMP-103", "suspect_open");
    say(s, "suspect.exchanged", "2024-03-02T12:00", SLIP("S2"));
    until(s, "2024-03-02T12:01");
    assert_int_equal(plant(s, "Q1").suspects, 0);
    say(s, "quality.closed", "2024-03-02T13:00", CLOSE("Q1"));
    stage_close(s);
}

/* A fact that dispatch refuses stands in intake's log only. */
static void CMP_103_only_what_dispatch_accepts_counts(void **state)
{
    (void)state;
    struct stage *s = site_open();
    planned(s);
    say(s, "suspect.opened", "2024-03-02T09:00", OPEN_SLIP("S1"));
    size_t refusals = stage_count(s, OWNER_dispatch, "refused.fact");
    (void)stage_tell(s, "suspect.released", "2024-03-02T11:00:00+08:00", SLIP("S1"));
    assert_int_equal(stage_count(s, OWNER_dispatch, "refused.fact"), refusals + 1);
    until(s, "2024-03-02T11:01");
    assert_int_equal(plant(s, "Q1").suspects, 1);
    stage_close(s);
}

/* ---- recurrence (CMP-099) ---- */

static const json_t *report_list(struct stage *s, size_t n, const char *list)
{
    const json_t *e = stage_nth(s, OWNER_complaint, "quality.gm_report", n);
    return json_object_get(json_object_get(e, "data"), list);
}

static const char *in_report(struct stage *s, size_t n, const char *list, size_t i)
{
    const json_t *line = json_array_get(report_list(s, n, list), i);
    const char *no = json_string_value(json_object_get(line, "quality_no"));
    return no ? no : "";
}

/* Closed on Thursday 2024-02-29 at 17:00. */
static struct stage *closed(void)
{
    struct stage *s = site_open();
    form_sent(s);
    say(s, "quality.cause_found", "2024-02-02T10:00", CAUSE("Q1"));
    say(s, "quality.measure_planned", "2024-02-02T11:00", MEASURE("Q1"));
    say(s, "quality.closed", "2024-02-29T17:00", CLOSE("Q1"));
    return s;
}

#define AGAIN(customer, drawing, code)                                                             \
    "{'quality_no':'Q2','customer':'" customer "','drawing':'" drawing "'" code "}"

static const struct recur_example {
    const char *local, *data, *recurred;
} recur_examples[] = {
    {"2024-02-29T17:00:01", AGAIN("CUST", "D-100", ",'defect_code':'F1'"), "yes"},
    /* CV-6: 12 months after 29 February end with 28 February, included */
    {"2025-02-28T23:59:59", AGAIN("CUST", "D-100", ",'defect_code':'F1'"), "yes"},
    {"2025-03-01T00:00:00", AGAIN("CUST", "D-100", ",'defect_code':'F1'"), "no"},
    {"2024-03-10T08:00:00", AGAIN("OTHER", "D-100", ",'defect_code':'F1'"), "no"},
    {"2024-03-10T08:00:00", AGAIN("CUST", "D-101", ",'defect_code':'F1'"), "no"},
    {"2024-03-10T08:00:00", AGAIN("CUST", "D-100", ",'defect_code':'F2'"), "no"},
    {"2024-03-10T08:00:00", AGAIN("CUST", "D-100", ""), "no"},
};

static void CMP_099_same_customer_drawing_and_code_within_twelve_months(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(recur_examples); i++) {
        const struct recur_example *x = &recur_examples[i];
        struct stage *s = closed();
        say(s, "quality.reported", x->local, x->data);
        bool again = strcmp(x->recurred, "yes") == 0;
        assert_string_equal(last(s, "quality.reported", "recurred"), x->recurred);
        assert_int_equal(count(s, "quality.recurred"), again);
        if (again) {
            assert_string_equal(last(s, "quality.recurred", "earlier_no"), "Q1");
            assert_string_equal(last(s, "quality.recurred", "closed_on"), "2024-02-29");
        }
        stage_close(s);
    }
}

static void CMP_099_the_months_are_policy(void **state)
{
    (void)state;
    struct stage *s = site_open_with("recurrence_months: 1");
    planned(s);
    say(s, "quality.closed", "2024-03-10T08:00", CLOSE("Q1"));
    say(s, "quality.reported", "2024-04-11T08:00", AGAIN("CUST", "D-100", ",'defect_code':'F1'"));
    assert_string_equal(last(s, "quality.reported", "recurred"), "no");
    stage_close(s);
}

/* Appendix 1: closed -> reported with recurred. */
static void CMP_099_a_closed_issue_comes_back_under_its_own_number(void **state)
{
    (void)state;
    struct stage *s = closed();
    deny(s, "quality.reported", "2024-03-10T08:00",
         "{'quality_no':'Q1','customer':'CUST','drawing':'D-100','defect_code':'F2'}", "CMP-099",
         "state");
    say(s, "quality.reported", "2024-03-11T08:00",
        "{'quality_no':'Q1','customer':'CUST','drawing':'D-100','defect_code':'F1'}");
    struct rec_row_quality q = issue(s, "Q1");
    assert_int_equal(q.state, quality_state_reported);
    assert_true(q.recurred);
    assert_int_equal(q.cause_at, 0); /* the new round begins with nothing of the old */
    assert_string_equal(last(s, "quality.reported", "complete"), "no");
    assert_due(s, "quality/Q1", "quality.feedback_form", "2024-03-11T08:15");
    stage_close(s);
}

/* The clock of the round before, due on 2024-03-03, is none of the new round's. */
static void CMP_099_a_new_round_has_no_node_yet(void **state)
{
    (void)state;
    struct stage *s = closed();
    say(s, "quality.reported", "2024-03-11T08:00",
        "{'quality_no':'Q1','customer':'CUST','drawing':'D-100','defect_code':'F1'}");
    until(s, "2024-03-29T08:30");
    assert_string_equal(in_report(s, 1, "recurred", 0), "Q1");
    assert_int_equal(json_array_size(report_list(s, 1, "overdue")), 0);
    stage_close(s);
}

static void CMP_099_seen_when_the_code_is_known(void **state)
{
    (void)state;
    struct stage *s = closed();
    say(s, "quality.reported", "2024-03-10T08:00", "{'quality_no':'Q2'," WHO "," ELEVEN "}");
    assert_int_equal(count(s, "quality.recurred"), 0);
    say(s, "quality.form_sent", "2024-03-10T08:10", FORM("Q2"));
    say(s, "quality.cause_found", "2024-03-12T08:00",
        "{'quality_no':'Q2','root_cause':'die','defect_code':'F1'}");
    assert_int_equal(count(s, "quality.recurred"), 1);
    say(s, "quality.cause_found", "2024-03-13T08:00", CAUSE("Q2"));
    assert_int_equal(count(s, "quality.recurred"), 1); /* once */
    stage_close(s);
}

/* ---- the report of the month (CMP-099, INT-074) ---- */

/* March 2024 ends with a weekend: its last working day is Friday the 29th. */
static void CMP_099_the_report_lies_ready_when_the_last_working_day_begins(void **state)
{
    (void)state;
    struct stage *s = site_open();
    cause_found(s);
    assert_due(s, "quality_month/all", "quality.month", "2024-03-29T00:00");
    say(s, "quality.measure_planned", "2024-03-04T10:00",
        "{'quality_no':'Q1','measures':[{'text':'new die'}],'due':'2024-03-28'}");
    until(s, "2024-03-29T00:00");
    assert_int_equal(count(s, "quality.gm_report"), 1); /* February's */
    until(s, "2024-03-29T08:30");
    assert_int_equal(count(s, "quality.gm_report"), 2);
    assert_string_equal(last(s, "quality.gm_report", "month"), "2024-03-01");
    assert_string_equal(last(s, "quality.gm_report", "day"), "2024-03-29");
    assert_string_equal(in_report(s, 1, "overdue", 0), "Q1"); /* its node ended at 24:00 */
    assert_int_equal(json_array_size(report_list(s, 1, "overdue")), 1);
    assert_int_equal(json_array_size(report_list(s, 1, "recurred")), 0);
    assert_due(s, "quality_month/all", "quality.month", "2024-04-30T00:00");
    stage_close(s);
}

/* A node on the day of the meeting is not past yet; a closed issue is none of its business. */
static void CMP_099_what_is_not_past_its_node_is_not_in_the_report(void **state)
{
    (void)state;
    struct stage *s = site_open();
    cause_found(s);
    say(s, "quality.measure_planned", "2024-03-04T10:00",
        "{'quality_no':'Q1','measures':[{'text':'new die'}],'due':'2024-03-29'}");
    until(s, "2024-03-29T12:00");
    assert_int_equal(json_array_size(report_list(s, 1, "overdue")), 0);
    say(s, "quality.closed", "2024-04-29T12:00", CLOSE("Q1")); /* late, but closed */
    until(s, "2024-05-01T00:00");
    assert_int_equal(count(s, "quality.gm_report"), 3);
    assert_int_equal(json_array_size(report_list(s, 2, "overdue")), 0);
    stage_close(s);
}

/* March 2024 is a holiday as a whole. */
static void CMP_099_a_month_without_a_working_day_is_passed_over(void **state)
{
    (void)state;
    struct stage *s =
        site_open_changed("printf 'exceptions:\\n  - {year: 2024, off: \"03-01..03-31\"}\\n' >> "
                          "calendars/std.yaml");
    reported(s);
    assert_due(s, "quality_month/all", "quality.month", "2024-02-29T00:00");
    until(s, "2024-03-15T00:00");
    assert_due(s, "quality_month/all", "quality.month", "2024-04-30T00:00");
    stage_close(s);
}

/* Once, in the month it came back; also when it was closed again by then. */
static void CMP_099_what_recurred_is_in_the_next_report(void **state)
{
    (void)state;
    struct stage *s = closed();
    say(s, "quality.reported", "2024-03-10T08:00",
        "{'quality_no':'Q2'," WHO "," ELEVEN ",'defect_code':'F1'}");
    say(s, "quality.form_sent", "2024-03-10T08:10", FORM("Q2"));
    say(s, "quality.cause_found", "2024-03-12T08:00", CAUSE("Q2"));
    say(s, "quality.measure_planned", "2024-03-12T09:00", MEASURE("Q2"));
    say(s, "quality.closed", "2024-03-20T09:00", CLOSE("Q2"));
    until(s, "2024-06-01T00:00");
    assert_int_equal(count(s, "quality.gm_report"), 4); /* February … May */
    assert_string_equal(in_report(s, 1, "recurred", 0), "Q2");
    assert_int_equal(json_array_size(report_list(s, 1, "recurred")), 1);
    assert_int_equal(json_array_size(report_list(s, 2, "recurred")), 0);
    stage_close(s);
}

/* A part holds 64 issues; 65 make two parts. */
static void CMP_099_a_long_report_comes_in_parts(void **state)
{
    (void)state;
    struct stage *s = closed();
    char data[200];
    for (int i = 0; i < 65; i++) {
        snprintf(data, sizeof data,
                 "{'quality_no':'R%02d','customer':'CUST','drawing':'D-100','defect_code':'F1'}",
                 i);
        say(s, "quality.reported", "2024-03-10T08:00", data);
    }
    until(s, "2024-03-29T08:30");
    assert_int_equal(count(s, "quality.gm_report"), 3);
    assert_int_equal(json_array_size(report_list(s, 1, "recurred")), 64);
    assert_string_equal(stage_field(s, OWNER_complaint, "quality.gm_report", 1, "more"), "true");
    assert_int_equal(json_array_size(report_list(s, 2, "recurred")), 1);
    assert_string_equal(last(s, "quality.gm_report", "part"), "2");
    assert_string_equal(in_report(s, 2, "recurred", 0), "R64");
    stage_close(s);
}

/* ---- stopped lines (CMP-108) ---- */

static void stop(struct stage *s, const char *line, const char *from, const char *to)
{
    char data[300];
    snprintf(data, sizeof data, "{'customer':'CUST','line':'%s','stop_start':'%s','stop_end':'%s'}",
             line, moment(from).text, moment(to).text);
    say(s, "quality.line_stop", "2026-04-05T09:00", data);
}

static uint64_t stopped(struct stage *s, const char *month)
{
    struct rec_row_line_stop_month row = {0};
    int32_t day = 0;
    assert_int_equal(day_parse(str_of(month), &day), ERR_OK);
    struct key k = key_of(STR("CUST"));
    key_day(&k, day);
    if (!stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_LINE_STOP_MONTH], k, &row))
        return 0;
    return row.stopped_ms / (uint64_t)MINUTE_MS;
}

static bool stop_ends(struct stage *s, const char *local)
{
    struct rec_row_line_stop row;
    struct key k = key_of(STR("CUST"));
    key_str(&k, STR("L1"));
    key_u64(&k, (uint64_t)instant(local));
    return stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_LINE_STOP], k, &row);
}

/* HQ-EX-25: 08:10-08:50 merged = 40, + 7 */
static void CMP_108_stop_minutes_add_up_per_customer_and_month(void **state)
{
    (void)state;
    struct stage *s = site_open();
    stop(s, "L1", "2026-03-02T08:10", "2026-03-02T08:35");
    assert_string_equal(last(s, "quality.line_stop", "counted_s"), "1500");
    stop(s, "L1", "2026-03-02T08:30", "2026-03-02T08:50");
    assert_string_equal(last(s, "quality.line_stop", "counted_s"), "900");
    assert_false(stop_ends(s, "2026-03-02T08:35")); /* merged into the longer one */
    assert_true(stop_ends(s, "2026-03-02T08:50"));
    stop(s, "L1", "2026-03-09T14:00", "2026-03-09T14:07");
    assert_int_equal(stopped(s, "2026-03-01"), 47);
    assert_string_equal(last(s, "quality.line_stopped", "stopped_s"), "2820");
    assert_string_equal(last(s, "quality.line_stopped", "month"), "2026-03-01");
    stop(s, "L1", "2026-03-02T08:20", "2026-03-02T08:40"); /* all of it known */
    assert_int_equal(stopped(s, "2026-03-01"), 47);
    stop(s, "L2", "2026-03-02T08:20", "2026-03-02T08:40"); /* another line stood still too */
    assert_int_equal(stopped(s, "2026-03-01"), 67);
    stop(s, "L1", "2026-03-02T08:00", "2026-03-09T14:10"); /* around both: 10 070 min less 47 */
    assert_int_equal(stopped(s, "2026-03-01"), 67 + 10450 - 47);
    stage_close(s);
}

static void CMP_108_a_stop_across_the_end_of_a_month_belongs_to_both(void **state)
{
    (void)state;
    struct stage *s = site_open();
    stop(s, "L1", "2026-02-28T23:30", "2026-03-01T00:20");
    assert_int_equal(stopped(s, "2026-02-01"), 30);
    assert_int_equal(stopped(s, "2026-03-01"), 20);
    stop(s, "L1", "2026-03-01T00:20", "2026-03-01T00:25"); /* touches, shares nothing */
    assert_int_equal(stopped(s, "2026-03-01"), 25);
    stage_close(s);
}

#define STOP(from, to, more)                                                                       \
    "{'customer':'CUST','line':'L1','stop_start':'" from ":00+08:00','stop_end':'" to              \
    ":00+08:00'" more "}"

static void CMP_108_what_cannot_be_is_refused(void **state)
{
    (void)state;
    struct stage *s = site_open();
    deny(s, "quality.line_stop", "2026-03-02T10:00",
         STOP("2026-03-02T09:00", "2026-03-02T09:00", ""), "CMP-108", "range");
    deny(s, "quality.line_stop", "2026-03-02T10:00",
         STOP("2026-01-01T09:00", "2026-02-02T09:00", ""), "CMP-108", "range");
    deny(s, "quality.line_stop", "2026-03-02T10:00",
         STOP("2026-03-02T09:00", "2026-03-02T09:30", ",'quality_no':'Q9'"), "CMP-108",
         "unknown_number");
    stage_close(s);
}

/* ---- key projects (CMP-116) ---- */

#define PROJECT(no) "{'quality_no':'" no "','customer':'CUST','project':'KP'}"

static void CMP_116_departments_are_told_at_once(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:00", PROJECT("Q1"));
    assert_int_equal(count(s, "complaint.dept_notified"), 3);
    assert_string_equal(stage_field(s, OWNER_complaint, "complaint.dept_notified", 0, "unit"),
                        "QA");
    assert_string_equal(last(s, "complaint.dept_notified", "unit"), "RD");
    assert_string_equal(last(s, "complaint.dept_notified", "case_no"), "Q1");
    say(s, "quality.reported", "2024-02-01T09:05", PROJECT("Q1")); /* told once */
    assert_int_equal(count(s, "complaint.dept_notified"), 3);
    say(s, "complaint.received", "2024-02-01T09:10",
        "{'case_no':'K1','kind':'goods','customer':'CUST','product':'p','project':'KP'}");
    size_t told = 0; /* the quality department, of the case */
    for (size_t n = 3; n < count(s, "complaint.dept_notified"); n++) {
        told += strcmp(stage_field(s, OWNER_complaint, "complaint.dept_notified", n, "unit"),
                       "QA") == 0;
    }
    assert_int_equal(told, 1);
    assert_string_equal(last(s, "complaint.dept_notified", "case_no"), "K1");
    stage_close(s);
}

static void CMP_116_who_is_told_is_policy(void **state)
{
    (void)state;
    struct stage *s = site_open_with("project_departments: [gmo]");
    say(s, "quality.reported", "2024-02-01T09:00", PROJECT("Q1"));
    assert_int_equal(count(s, "complaint.dept_notified"), 1);
    assert_string_equal(last(s, "complaint.dept_notified", "unit"), "GMO");
    stage_close(s);
}

static void CMP_116_a_project_with_an_open_issue_is_not_filed_away(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.project_archived", "2024-01-01T09:00", "{'project':'OTHER'}");
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'Q1'," WHO "," ELEVEN ",'project':'KP'}");
    deny(s, "quality.project_archived", "2024-02-01T09:05", "{'project':'KP'}", "CMP-116",
         "issue_open");
    say(s, "quality.form_sent", "2024-02-01T09:10", FORM("Q1"));
    say(s, "quality.cause_found", "2024-02-02T10:00", CAUSE("Q1"));
    say(s, "quality.measure_planned", "2024-02-02T11:00", MEASURE("Q1"));
    say(s, "quality.closed", "2024-02-05T17:00", CLOSE("Q1"));
    say(s, "quality.project_archived", "2024-02-06T09:00", "{'project':'KP','file':'A-3'}");
    say(s, "complaint.received", "2024-02-07T09:10",
        "{'case_no':'K1','kind':'goods','customer':'CUST','product':'p','project':'KP'}");
    deny(s, "quality.project_archived", "2024-02-07T09:20", "{'project':'KP'}", "CMP-116",
         "issue_open");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_106_an_issue_with_a_break_point_closes_after_breakpoint_valid),
        cmocka_unit_test(CMP_106_a_break_point_that_fails_reopens_the_measure),
        cmocka_unit_test(CMP_106_what_comes_before_the_report_is_kept),
        cmocka_unit_test(CMP_106_a_given_break_point_keeps_a_disputed_issue_open_too),
        cmocka_unit_test(CMP_102_a_tracked_vehicle_is_verified_before_the_close),
        cmocka_unit_test(CMP_103_suspect_goods_are_released_or_exchanged_before_the_close),
        cmocka_unit_test(CMP_103_only_what_dispatch_accepts_counts),
        cmocka_unit_test(CMP_099_same_customer_drawing_and_code_within_twelve_months),
        cmocka_unit_test(CMP_099_the_months_are_policy),
        cmocka_unit_test(CMP_099_a_closed_issue_comes_back_under_its_own_number),
        cmocka_unit_test(CMP_099_a_new_round_has_no_node_yet),
        cmocka_unit_test(CMP_099_seen_when_the_code_is_known),
        cmocka_unit_test(CMP_099_the_report_lies_ready_when_the_last_working_day_begins),
        cmocka_unit_test(CMP_099_what_is_not_past_its_node_is_not_in_the_report),
        cmocka_unit_test(CMP_099_a_month_without_a_working_day_is_passed_over),
        cmocka_unit_test(CMP_099_what_recurred_is_in_the_next_report),
        cmocka_unit_test(CMP_099_a_long_report_comes_in_parts),
        cmocka_unit_test(CMP_108_stop_minutes_add_up_per_customer_and_month),
        cmocka_unit_test(CMP_108_a_stop_across_the_end_of_a_month_belongs_to_both),
        cmocka_unit_test(CMP_108_what_cannot_be_is_refused),
        cmocka_unit_test(CMP_116_departments_are_told_at_once),
        cmocka_unit_test(CMP_116_who_is_told_is_policy),
        cmocka_unit_test(CMP_116_a_project_with_an_open_issue_is_not_filed_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
