/* complaint_quality_test.c - a quality issue at the customer's: report, form, type, cause,
 * measures, close, and the cases that grow from it. Rules CMP-093 … CMP-098, CMP-100, CMP-101,
 * CMP-114, CMP-134, CMP-135, CMP-142; INT-072, INT-073; examples C-28, C-42, INT-EX-29, INT-EX-46.
 */
#include "tests/unit/complaint_quality_door.h"

#define FORM_CLOCK "quality.feedback_form"
#define RECTIFICATION "quality.rectification"

/* ---- found and reported ---- */

static void CMP_093_the_quarter_hour_starts_with_the_report_not_the_finding(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.observed", "2024-02-01T08:30",
        "{'quality_no':'Q1','person':'P7','first_analysis':'die worn?'}");
    assert_string_equal(state_of(s, "Q1"), "observed");
    assert_int_equal(clock_count(s, "deadline.armed", FORM_CLOCK), 0);
    say(s, "quality.reported", "2024-02-01T09:00", "{'quality_no':'Q1','customer':'CUST'}");
    struct rec_row_quality q = issue(s, "Q1");
    assert_int_equal(q.state, quality_state_reported);
    assert_int_equal(q.origin, quality_origin_patrol);
    assert_true(str_is(q.first_analysis, "die worn?"));
    assert_due(s, "quality/Q1", FORM_CLOCK, "2024-02-01T09:15");
    deny(s, "quality.observed", "2024-02-01T09:05", "{'quality_no':'Q1','first_analysis':'x'}",
         "CMP-093", "state");
    stage_close(s);
}

static void CMP_093_other_origins(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:00", "{'quality_no':'A','customer':'CUST'}");
    assert_int_equal(issue(s, "A").origin, quality_origin_customer);
    /* CMP-135: what a station names in its forms BD-21, BD-23 */
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'B','customer':'CUST','origin':'station'}");
    assert_int_equal(issue(s, "B").origin, quality_origin_station);
    /* CMP-142: a trial fitting follows the same way */
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'C','customer':'CUST','origin':'trial'}");
    assert_int_equal(issue(s, "C").origin, quality_origin_trial);
    assert_due(s, "quality/C", FORM_CLOCK, "2024-02-01T09:15");
    stage_close(s);
}

#define TEN                                                                                        \
    TIME_AT ",'place':'station 7','product':'bracket','drawing':'D-100','description':'crack',"    \
            "'suspect_area':'line store','quantity':12,'type':'quality','measure':'sorted',"       \
            "'talk':'agreed'"

static const struct complete_example {
    const char *id, *fields, *complete, *missing;
} complete_examples[] = {
    {"INT-EX-29", TEN, "no", "breakpoint"},
    {"INT-EX-46", ELEVEN, "yes", ""},
    {"none at all", "'none':[]", "no", "time"},
    {"explicit none", TEN ",'none':[{'name':'breakpoint'}]", "yes", ""},
};

static void CMP_094_eleven_fields_make_a_complete_report(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(complete_examples); i++) {
        const struct complete_example *x = &complete_examples[i];
        struct stage *s = site_open();
        char data[800];
        snprintf(data, sizeof data, "{'quality_no':'Q1'," WHO ",%s}", x->fields);
        say(s, "quality.reported", "2024-02-01T09:00", data);
        assert_string_equal(last(s, "quality.reported", "complete"), x->complete);
        const json_t *e = stage_nth(s, OWNER_complaint, "quality.reported", 0);
        const json_t *missing = json_object_get(json_object_get(e, "data"), "missing");
        const char *first = json_string_value(json_object_get(json_array_get(missing, 0), "name"));
        if (strcmp(first ? first : "", x->missing) != 0) fail_msg("%s: %s", x->id, first);
        assert_string_equal(state_of(s, "Q1"), "reported");
        assert_due(s, "quality/Q1", FORM_CLOCK, "2024-02-01T09:15"); /* CMP-096 all the same */
        stage_close(s);
    }
}

static void CMP_094_what_cannot_be_is_refused(void **state)
{
    (void)state;
    struct stage *s = site_open();
    deny(s, "quality.reported", "2024-02-01T09:00",
         "{'quality_no':'Q1','customer':'CUST','none':[{'name':'station'}]}", "CMP-094",
         "unknown_word");
    deny(s, "quality.reported", "2024-02-01T09:00",
         "{'quality_no':'Q1','customer':'CUST','complete':'yes'}", "CMP-094", "contradiction");
    deny(s, "quality.form_sent", "2024-02-01T09:00", FORM("Q1"), "CMP-096", "unknown_number");
    stage_close(s);
}

/* A second report completes the first; the clock stays where it is. */
static void CMP_094_completed_by_another_report(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'Q1','customer':'CUST','product':'bracket'}");
    say(s, "quality.reported", "2024-02-01T09:08", REPORT("Q1"));
    assert_string_equal(last(s, "quality.reported", "complete"), "yes");
    assert_int_equal(clock_count(s, "deadline.armed", FORM_CLOCK), 1);
    assert_due(s, "quality/Q1", FORM_CLOCK, "2024-02-01T09:15");
    stage_close(s);
}

/* CMP-134: customer, product, type and severity stand on each issue for the month's statistics. */
static void CMP_134_an_issue_can_be_counted_by_its_four_marks(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'Q1'," WHO ",'severity':'major','focal':'yes'," ELEVEN "}");
    assert_string_equal(last(s, "quality.reported", "customer"), "CUST");
    assert_string_equal(last(s, "quality.reported", "product"), "bracket");
    assert_string_equal(last(s, "quality.reported", "type"), "quality");
    assert_string_equal(last(s, "quality.reported", "severity"), "major");
    assert_int_equal(issue(s, "Q1").focal, yes_no_yes);
    stage_close(s);
}

/* ---- the form: fifteen minutes ---- */

static const struct form_example {
    const char *id, *sent, *end;
} form_examples[] = {
    {"C-28 on time", "2024-02-02T00:05:00", "stopped"},
    {"C-28 a second late", "2024-02-02T00:05:01", "late"},
};

static void CMP_096_fifteen_minutes_across_midnight(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(form_examples); i++) {
        struct stage *s = site_open();
        say(s, "quality.reported", "2024-02-01T23:50:00", REPORT("Q1"));
        assert_due(s, "quality/Q1", FORM_CLOCK, "2024-02-02T00:05:00");
        say(s, "quality.form_sent", form_examples[i].sent, FORM("Q1"));
        assert_string_equal(clock_end(s, "quality/Q1", FORM_CLOCK), form_examples[i].end);
        assert_string_equal(state_of(s, "Q1"), "form_sent");
        stage_close(s);
    }
}

/* INT-072: from when it was fed back, not from when that was typed. */
static void INT_072_the_clock_runs_from_the_feedback(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:10",
        "{'quality_no':'Q1'," WHO ",'fed_back_at':'2024-02-01T09:00:00+08:00'}");
    assert_due(s, "quality/Q1", FORM_CLOCK, "2024-02-01T09:15");
    stage_close(s);
}

/* CMP-097: the clock that passed names the person; scoring proposes the training. */
static void CMP_096_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = site_open();
    reported(s);
    assert_level(s, FORM_CLOCK, 0, "2024-02-01T09:15", "服務主任");
    assert_level(s, FORM_CLOCK, 1, "2024-02-01T10:15", "服務部");
    assert_level(s, FORM_CLOCK, 2, "2024-02-01T13:15", "副總經理");
    until(s, "2024-02-20T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", FORM_CLOCK), 3);
    assert_string_equal(clock_field(s, "deadline.passed", FORM_CLOCK, 0, "person"), "P1");
    assert_string_equal(clock_field(s, "deadline.passed", FORM_CLOCK, 0, "unit"), "U1");
    stage_close(s);
}

static void CMP_096_a_form_told_of_late_was_sent_in_time(void **state)
{
    (void)state;
    struct stage *s = site_open();
    reported(s);
    until(s, "2024-02-01T09:40");
    assert_int_equal(clock_count(s, "deadline.passed", FORM_CLOCK), 1);
    say(s, "quality.form_sent", "2024-02-01T09:12", FORM("Q1"));
    assert_string_equal(clock_end(s, "quality/Q1", FORM_CLOCK), "stopped");
    assert_int_equal(clock_count(s, "deadline.withdrawn", FORM_CLOCK), 1);
    until(s, "2024-02-20T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", FORM_CLOCK), 1);
    stage_close(s);
}

static void CMP_096_the_form_is_complete_and_goes_to_the_quality_department(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:00", "{'quality_no':'Q1'," WHO "," TEN "}");
    deny(s, "quality.form_sent", "2024-02-01T09:05", FORM("Q1"), "CMP-096", "missing");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "lacks: breakpoint."));
    deny(s, "quality.form_sent", "2024-02-01T09:05",
         "{'quality_no':'Q1','breakpoint':'lot 7','addressees':[{'name':'生產部'}]}", "CMP-096",
         "quality_department_missing");
    assert_string_equal(clock_end(s, "quality/Q1", FORM_CLOCK), "open");
    say(s, "quality.form_sent", "2024-02-01T09:15",
        "{'quality_no':'Q1','breakpoint':'lot 7','addressees':[{'name':'QA'}]}");
    assert_string_equal(clock_end(s, "quality/Q1", FORM_CLOCK), "stopped");
    deny(s, "quality.form_sent", "2024-02-01T09:20", FORM("Q1"), "CMP-096", "state");
    stage_close(s);
}

static void CMP_096_the_names_of_the_quality_department_are_policy(void **state)
{
    (void)state;
    struct stage *s = site_open_with("form_addressees: [品保課]");
    reported(s);
    deny(s, "quality.form_sent", "2024-02-01T09:05", FORM("Q1"), "CMP-096",
         "quality_department_missing");
    say(s, "quality.form_sent", "2024-02-01T09:05",
        "{'quality_no':'Q1','addressees':[{'name':'品保課'}]}");
    stage_close(s);
}

/* ---- its type ---- */

#define TYPE(no, to) "{'quality_no':'" no "','to':'" to "','by':'E1','reason':'gauge'}"

static void CMP_095_a_tracked_problem_turns_into_either_other_with_history(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:00", "{'quality_no':'Q1','customer':'CUST'}");
    say(s, "quality.type_changed", "2024-02-01T09:30", TYPE("Q1", "tracking"));
    deny(s, "quality.type_changed", "2024-02-01T09:40", TYPE("Q1", "tracking"), "CMP-095",
         "nothing_changes");
    say(s, "quality.type_changed", "2024-02-02T09:30", TYPE("Q1", "quality"));
    assert_int_equal(issue(s, "Q1").type, quality_type_quality);
    deny(s, "quality.type_changed", "2024-02-02T10:30", TYPE("Q1", "disputed"), "CMP-095",
         "type_final");
    struct rec_row_quality_type h;
    struct key k = key_of(STR("Q1"));
    key_u64(&k, 2);
    assert_true(stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_QUALITY_TYPE], k, &h));
    assert_int_equal(h.from, quality_type_tracking);
    assert_int_equal(h.to, quality_type_quality);
    assert_int_equal(h.at, instant("2024-02-02T09:30"));
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'Q2','customer':'CUST','type':'tracking'}");
    say(s, "quality.type_changed", "2024-02-01T09:30", TYPE("Q2", "disputed"));
    deny(s, "quality.type_changed", "2024-02-02T11:30", TYPE("Q2", "quality"), "CMP-095",
         "type_final");
    stage_close(s);
}

#define COMPLAIN(no, issue)                                                                        \
    "{'case_no':'" no                                                                              \
    "','kind':'goods','customer':'CUST','product':'bracket','quality_no':'" issue                  \
    "','origin':'site_feedback'}"

static void CMP_095_only_a_confirmed_defect_leads_to_a_case(void **state)
{
    (void)state;
    struct stage *s = site_open();
    deny(s, "complaint.received", "2024-02-01T08:00", COMPLAIN("K1", "Q1"), "CMP-001",
         "unknown_number");
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'Q1','customer':'CUST','type':'tracking'}");
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'Q2','customer':'CUST','type':'disputed'}");
    until(s, "2024-02-02T08:00");
    deny(s, "complaint.received", "2024-02-02T08:00", COMPLAIN("K1", "Q1"), "CMP-095",
         "not_our_defect");
    deny(s, "complaint.received", "2024-02-02T08:00", COMPLAIN("K1", "Q2"), "CMP-095",
         "not_our_defect");
    say(s, "quality.type_changed", "2024-02-02T09:30", TYPE("Q1", "quality"));
    say(s, "complaint.received", "2024-02-02T10:00", COMPLAIN("K1", "Q1"));
    assert_true(str_is(issue(s, "Q1").case_no, "K1"));
    stage_close(s);
}

/* ---- cause, measures, close ---- */

static const struct node_example {
    const char *id, *due, *local;
} node_examples[] = {
    {"C-42 no node given", "", "2024-04-01T00:00"},
    {"C-42 node 2024-03-20", ",'due':'2024-03-20'", "2024-03-21T00:00"},
};

static void CMP_098_rectification_is_due_at_its_node(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(node_examples); i++) {
        struct stage *s = site_open();
        cause_found(s);
        assert_due(s, "quality/Q1", RECTIFICATION, "2024-04-01T00:00"); /* 31 March, 24:00 */
        char data[200];
        snprintf(data, sizeof data, "{'quality_no':'Q1','measures':[{'text':'new die'}]%s}",
                 node_examples[i].due);
        say(s, "quality.measure_planned", "2024-03-04T10:00", data);
        assert_due(s, "quality/Q1", RECTIFICATION, node_examples[i].local);
        assert_string_equal(state_of(s, "Q1"), "measure_planned");
        assert_true(str_is(clock_row(s, "quality/Q1", RECTIFICATION).unit, "QA"));
        stage_close(s);
    }
}

/* Wednesday 2024-03-20: its 24:00, then 24:00 of Thursday and of Monday (INT-073, ESC-D). */
static void CMP_098_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = site_open();
    cause_found(s);
    say(s, "quality.measure_planned", "2024-03-04T10:00",
        "{'quality_no':'Q1','measures':[{'text':'new die'}],'due':'2024-03-20'}");
    assert_level(s, RECTIFICATION, 0, "2024-03-21T00:00", "服務主任");
    assert_level(s, RECTIFICATION, 1, "2024-03-22T00:00", "服務部");
    assert_level(s, RECTIFICATION, 2, "2024-03-26T00:00", "副總經理");
    until(s, "2024-05-20T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", RECTIFICATION), 3);
    stage_close(s);
}

/* INT-073: followed until it is closed; at 24:00 of the node it is in time. */
static void INT_073_closing_stops_the_rectification(void **state)
{
    (void)state;
    static const struct {
        const char *closed, *end;
    } rows[] = {{"2024-04-01T00:00:00", "stopped"}, {"2024-04-01T00:00:01", "late"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = site_open();
        planned(s);
        say(s, "quality.closed", rows[i].closed, CLOSE("Q1"));
        assert_string_equal(clock_end(s, "quality/Q1", RECTIFICATION), rows[i].end);
        assert_string_equal(state_of(s, "Q1"), "closed");
        until(s, "2024-06-01T00:00");
        assert_int_equal(clock_count(s, "deadline.passed", RECTIFICATION), i);
        stage_close(s);
    }
}

/* A deeper cause and a second plan move neither the start nor the node that was set. */
static void CMP_098_the_node_stays_when_more_is_found(void **state)
{
    (void)state;
    struct stage *s = site_open();
    cause_found(s);
    say(s, "quality.measure_planned", "2024-03-04T10:00",
        "{'quality_no':'Q1','measures':[{'text':'new die'}],'due':'2024-03-20'}");
    say(s, "quality.cause_found", "2024-03-10T10:00", CAUSE("Q1"));
    assert_string_equal(state_of(s, "Q1"), "measure_planned");
    say(s, "quality.measure_planned", "2024-03-11T10:00", MEASURE("Q1"));
    assert_due(s, "quality/Q1", RECTIFICATION, "2024-03-21T00:00");
    assert_int_equal(issue(s, "Q1").cause_at, instant("2024-03-01T10:00"));
    stage_close(s);
}

static void CMP_098_the_order_of_things(void **state)
{
    (void)state;
    struct stage *s = site_open();
    deny(s, "quality.cause_found", "2024-02-01T08:00", CAUSE("Q1"), "CMP-098", "unknown_number");
    reported(s);
    deny(s, "quality.cause_found", "2024-02-01T09:05", CAUSE("Q1"), "CMP-098", "state");
    say(s, "quality.form_sent", "2024-02-01T09:10", FORM("Q1"));
    deny(s, "quality.measure_planned", "2024-02-02T09:00", MEASURE("Q1"), "CMP-098", "state");
    deny(s, "quality.closed", "2024-02-02T09:00", CLOSE("Q1"), "CMP-098", "measure_missing");
    say(s, "quality.cause_found", "2024-02-02T10:00", CAUSE("Q1"));
    assert_string_equal(state_of(s, "Q1"), "analysing");
    deny(s, "quality.closed", "2024-02-02T11:00", CLOSE("Q1"), "CMP-098", "measure_missing");
    say(s, "quality.measure_planned", "2024-02-02T12:00", MEASURE("Q1"));
    say(s, "quality.closed", "2024-02-05T12:00", CLOSE("Q1"));
    deny(s, "quality.closed", "2024-02-05T13:00", CLOSE("Q1"), "CMP-098", "state");
    stage_close(s);
}

static void CMP_098_a_disputed_problem_needs_no_measures(void **state)
{
    (void)state;
    struct stage *s = site_open();
    say(s, "quality.reported", "2024-02-01T09:00",
        "{'quality_no':'Q1'," WHO "," TIME_AT ",'place':'7','product':'p','drawing':'D',"
        "'description':'d','suspect_area':'a','quantity':1,'type':'disputed','measure':'m',"
        "'breakpoint':'none','talk':'t'}");
    say(s, "quality.form_sent", "2024-02-01T09:10", FORM("Q1"));
    say(s, "quality.closed", "2024-02-03T09:10", CLOSE("Q1"));
    assert_string_equal(state_of(s, "Q1"), "closed");
    stage_close(s);
}

/* ---- rework and return ---- */

static void CMP_100_the_sheet_needs_the_signature_of_the_sqe(void **state)
{
    (void)state;
    struct stage *s = site_open();
    form_sent(s);
    deny(s, "quality.rework_confirmed", "2024-02-02T09:00",
         "{'quality_no':'Q1','sheet_result':'as_required'}", "CMP-100", "sqe_signature_missing");
    say(s, "quality.rework_confirmed", "2024-02-02T09:00",
        "{'quality_no':'Q1','sheet_no':'B7','sheet_result':'not_as_required','signed_by':'SQE Li',"
        "'reworked_by':'P2'}");
    struct rec_row_quality q = issue(s, "Q1");
    assert_true(str_is(q.signed_by, "SQE Li"));
    assert_int_equal(q.sheet_result, quality_sheet_not_as_required);
    assert_true(str_is(q.person, "P1")); /* the reporter stays */
    assert_string_equal(last(s, "quality.rework_confirmed", "sheet_result"), "not_as_required");
    deny(s, "quality.rework_confirmed", "2024-02-02T10:00",
         "{'quality_no':'Q9','sheet_result':'as_required','signed_by':'L'}", "CMP-100",
         "unknown_number");
    stage_close(s);
}

static void CMP_101_a_return_is_arranged_with_the_customers_logistics(void **state)
{
    (void)state;
    struct stage *s = site_open();
    form_sent(s);
    deny(s, "quality.return_arranged", "2024-02-02T09:00",
         "{'quality_no':'Q1','slip_no':'R1','method':'allowance'}", "CMP-101", "unknown_word");
    say(s, "quality.return_arranged", "2024-02-02T09:00",
        "{'quality_no':'Q1','slip_no':'R1','method':'exchange','qty':12}");
    assert_true(str_is(issue(s, "Q1").slip_no, "R1"));
    stage_close(s);
}

/* ---- who may (CMP-028) ---- */

static void CMP_028_what_a_department_may_is_policy(void **state)
{
    (void)state;
    struct stage *s = site_open_changed(
        "sed -i 's/complaint.step_done, complaint.severity_set,/& quality.observed, "
        "quality.cause_found, quality.measure_planned, quality.rework_confirmed, "
        "quality.return_arranged, quality.type_changed, quality.project_archived,/' "
        "common/complaint.yaml"); /* the quality department's now */
    form_sent(s);
    deny(s, "quality.cause_found", "2024-02-02T09:00", CAUSE("Q1"), "CMP-028", "no_right");
    deny(s, "quality.observed", "2024-02-02T09:00", "{'quality_no':'Q2','first_analysis':'x'}",
         "CMP-028", "no_right");
    deny(s, "quality.rework_confirmed", "2024-02-02T09:00",
         "{'quality_no':'Q1','sheet_result':'as_required','signed_by':'L'}", "CMP-028", "no_right");
    deny(s, "quality.return_arranged", "2024-02-02T09:00", "{'quality_no':'Q1','slip_no':'R'}",
         "CMP-028", "no_right");
    deny(s, "quality.type_changed", "2024-02-02T09:00", TYPE("Q1", "disputed"), "CMP-028",
         "no_right");
    deny(s, "quality.project_archived", "2024-02-02T09:00", "{'project':'KP'}", "CMP-028",
         "no_right");
    say(s, "quality.cause_found", "2024-02-02T10:00",
        "{'quality_no':'Q1','root_cause':'worn die','by_unit':'QA'}");
    deny(s, "quality.measure_planned", "2024-02-02T11:00", MEASURE("Q1"), "CMP-028", "no_right");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_093_the_quarter_hour_starts_with_the_report_not_the_finding),
        cmocka_unit_test(CMP_093_other_origins),
        cmocka_unit_test(CMP_094_eleven_fields_make_a_complete_report),
        cmocka_unit_test(CMP_094_what_cannot_be_is_refused),
        cmocka_unit_test(CMP_094_completed_by_another_report),
        cmocka_unit_test(CMP_134_an_issue_can_be_counted_by_its_four_marks),
        cmocka_unit_test(CMP_096_fifteen_minutes_across_midnight),
        cmocka_unit_test(INT_072_the_clock_runs_from_the_feedback),
        cmocka_unit_test(CMP_096_the_whole_ladder),
        cmocka_unit_test(CMP_096_a_form_told_of_late_was_sent_in_time),
        cmocka_unit_test(CMP_096_the_form_is_complete_and_goes_to_the_quality_department),
        cmocka_unit_test(CMP_096_the_names_of_the_quality_department_are_policy),
        cmocka_unit_test(CMP_095_a_tracked_problem_turns_into_either_other_with_history),
        cmocka_unit_test(CMP_095_only_a_confirmed_defect_leads_to_a_case),
        cmocka_unit_test(CMP_098_rectification_is_due_at_its_node),
        cmocka_unit_test(CMP_098_the_whole_ladder),
        cmocka_unit_test(INT_073_closing_stops_the_rectification),
        cmocka_unit_test(CMP_098_the_node_stays_when_more_is_found),
        cmocka_unit_test(CMP_098_the_order_of_things),
        cmocka_unit_test(CMP_098_a_disputed_problem_needs_no_measures),
        cmocka_unit_test(CMP_100_the_sheet_needs_the_signature_of_the_sqe),
        cmocka_unit_test(CMP_101_a_return_is_arranged_with_the_customers_logistics),
        cmocka_unit_test(CMP_028_what_a_department_may_is_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
