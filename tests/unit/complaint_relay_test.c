/* complaint_relay_test.c - the form from unit to unit, late facts, 洽辦單 and the market. Rules
 * CMP-003, CMP-004, CMP-011, CMP-028, CMP-029, CMP-036 … CMP-041, CMP-051 … CMP-056. */
#include "tests/unit/complaint_door.h"

#define ROUTE "tests/unit/data/policy-complaint-route"
#define LATE "tests/unit/data/policy-complaint-late"

static struct stage *at(enum walked to, const char *local)
{
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", to, local);
    return s;
}

static const char *step_of(struct stage *s)
{
    static char text[40];
    assert_true(str_copy(case_row(s, "A1").step, text, sizeof text));
    return text;
}

/* ---- CMP-036: C-06, C-07, C-39, C-44 ---- */

static void CMP_036_C_06_every_step_at_its_limit(void **state)
{
    (void)state;
    static const struct {
        enum walked done;
        const char *name, *due;
    } v[] = {
        {W_REGISTERED, "complaint.gmo_register", "2024-03-04T11:00"},
        {W_QA, "complaint.qa_review", "2024-03-05T11:00"},
        {W_MANUFACTURING, "complaint.mfg_analysis", "2024-03-06T11:00"},
        {W_RD, "complaint.rd_opinion", "2024-03-07T11:00"},
        {W_BUSINESS, "complaint.biz_handling", "2024-03-12T11:00"},
        {W_SYNTHESIS, "complaint.gmo_synthesis", "2024-03-12T16:00"},
    };
    struct stage *s = at(W_ACCEPTED, "2024-03-01T16:00");
    const char *now = "2024-03-01T16:00";
    enum walked done = W_ACCEPTED;
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        walk(s, "A1", done, v[i].done - 1, now); /* the steps that take no time */
        due_is(s, "complaint/A1", v[i].name, v[i].due);
        walk(s, "A1", v[i].done - 1, v[i].done, v[i].due);
        assert_string_equal(end_of(s, "complaint/A1", v[i].name), "stopped");
        now = v[i].due;
        done = v[i].done;
    }
    due_is(s, "complaint/A1", "complaint.total", "2024-03-14T16:00");
    assert_string_equal(state_of(s, "A1"), "decision");
    assert_int_equal(count_of(s, OWNER_escalation, "reminder.issued", "unit", "QA"), 0);
    assert_string_equal(last(s, "complaint.step_done", "taken_s"), "14400"); /* ½ day */
    assert_string_equal(last(s, "complaint.step_done", "overdue_s"), "");
    stage_close(s);
}

static void CMP_036_half_a_day_and_a_day_are_working_time(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        enum walked at;
        const char *name, *from, *due;
    } v[] = {
        {"C-07", W_ACCEPTED, "complaint.gmo_register", "2024-03-08T13:30", "2024-03-08T17:30"},
        {"C-07", W_ACCEPTED, "complaint.gmo_register", "2024-03-08T08:30", "2024-03-08T13:30"},
        {"C-07", W_ACCEPTED, "complaint.gmo_register", "2024-03-09T10:00", "2024-03-11T13:30"},
        {"C-39", W_REGISTERED, "complaint.qa_review", "2024-03-07T17:30", "2024-03-08T17:30"},
        {"C-39", W_REGISTERED, "complaint.qa_review", "2024-03-08T08:30", "2024-03-08T17:30"},
        {"C-39", W_REGISTERED, "complaint.qa_review", "2024-03-08T17:30", "2024-03-11T17:30"},
    };
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        struct stage *s = at(v[i].at, v[i].from);
        due_is(s, "complaint/A1", v[i].name, v[i].due);
        stage_close(s);
    }
}

/* A working day is 480 minutes, a day of elapsed time 1440. */
static int64_t half_days_of(const struct policy *p, const char *name, bool foreign)
{
    const struct deadline_setting *d = policy_deadline(p, str_of(name));
    assert_non_null(d);
    uint32_t minutes = foreign && d->foreign_minutes ? d->foreign_minutes : d->minutes;
    uint32_t half = d->clock == clock_kind_working ? 240 : 720;
    assert_int_equal(minutes % half, 0);
    return minutes / half;
}

static void CMP_051_C_44_the_limits_leave_slack(void **state)
{
    (void)state;
    static const char *const steps[] = {"complaint.gmo_register", "complaint.qa_review",
                                        "complaint.mfg_analysis", "complaint.rd_opinion",
                                        "complaint.biz_handling", "complaint.gmo_synthesis"};
    struct policy *p;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n;
    assert_int_equal(policy_load(POLICY_STD, &p, faults, POLICY_FAULTS_MAX, &n), ERR_OK);
    int64_t domestic = 0, foreign = 0;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        domestic += half_days_of(p, steps[i], false);
        foreign += half_days_of(p, steps[i], true);
    }
    assert_int_equal(foreign, 32); /* 16 days against 17 */
    assert_int_equal(half_days_of(p, "complaint.total", true), 34);
    assert_int_equal(domestic, 18); /* 9 against 13 */
    assert_int_equal(half_days_of(p, "complaint.total", false), 26);
    policy_close(&p);
}

static void CMP_037_both_steps_of_the_text_are_walked_without_a_limit(void **state)
{
    (void)state;
    struct stage *s = at(W_MANUFACTURING, "2024-03-01T16:00");
    assert_string_equal(step_of(s), "mgmt_comment");
    walk(s, "A1", W_MANUFACTURING, W_RD, "2024-03-01T16:30");
    assert_string_equal(step_of(s), "gmo_check");
    static const char *const names[] = {"complaint.qa_review", "complaint.mfg_analysis",
                                        "complaint.rd_opinion"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_string_equal(end_of(s, "complaint/A1", names[i]), "stopped");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.biz_handling"), "none");
    walk(s, "A1", W_RD, W_SYNTHESIS, "2024-03-01T17:00");
    static const char *const route[] = {"qa",        "manufacturing", "mgmt_comment", "rd",
                                        "gmo_check", "business",      "gmo_synthesis"};
    assert_int_equal(count(s, "complaint.step_entered"), COUNT_OF(route));
    for (size_t i = 0; i < COUNT_OF(route); i++) {
        assert_string_equal(stage_field(s, OWNER_complaint, "complaint.step_entered", i, "step"),
                            route[i]);
    }
    assert_string_equal(stage_field(s, OWNER_complaint, "complaint.step_entered", 1, "unit"),
                        "MFG");
    stage_close(s);
}

static void CMP_036_a_step_is_done_where_the_form_is(void **state)
{
    (void)state;
    struct stage *s = at(W_REGISTERED, "2024-03-01T10:00");
    bar(s, "MFG", "A1", "complaint.step_done", "2024-03-01T11:00", MFG_SAYS, "CMP-028", "no_right");
    bar(s, CENTRE, "A1", "complaint.step_done", "2024-03-01T11:00", QA_SAYS, "CMP-028", "no_right");
    bar(s, "QA", "A1", "complaint.step_done", "2024-03-01T11:00", QA_SAYS ",'step':'rd'", "CMP-036",
        "state");
    bar(s, "QA", "A1", "complaint.step_done", "2024-03-01T11:00", "'cause':'plating'", "CMP-036",
        "missing");
    bar(s, "QA", "A1", "complaint.step_done", "2024-03-01T09:00", QA_SAYS, "CMP-036", "order");
    bar(s, "QA", "A9", "complaint.step_done", "2024-03-01T11:00", QA_SAYS, "CMP-036",
        "unknown_number");
    act(s, CENTRE, "A1", "complaint.step_done", "2024-03-01T11:00", QA_SAYS ",'by_unit':'QA'");
    assert_string_equal(step_of(s), "manufacturing");
    stage_close(s);
    s = at(W_GMO_CHECK, "2024-03-01T10:00"); /* a clerk of business sits in a centre */
    act(s, CENTRE, "A1", "complaint.step_done", "2024-03-01T11:00", "'opinion':'exchange'");
    assert_string_equal(step_of(s), "gmo_synthesis");
    stage_close(s);
}

static void CMP_029_manufacturing_says_six_things(void **state)
{
    (void)state;
    static const char *const each[] = {
        "'production_unit':'L2'", "'machine_shift':'M3'",           "'production_staff':'A'",
        "'cause':'cold'",         "'production_date':'2023-12-20'", "'countermeasure':'check'"};
    struct stage *s = at(W_QA, "2024-03-01T10:00");
    for (size_t without = 0; without < COUNT_OF(each); without++) {
        char data[300] = "";
        size_t n = 0;
        for (size_t i = 0; i < COUNT_OF(each); i++) {
            if (i == without) continue;
            n += (size_t)snprintf(data + n, sizeof data - n, "%s%s", n ? "," : "", each[i]);
        }
        bar(s, "MFG", "A1", "complaint.step_done", "2024-03-01T11:00", data, "CMP-029", "missing");
    }
    act(s, "MFG", "A1", "complaint.step_done", "2024-03-01T11:00", MFG_SAYS);
    stage_close(s);
}

static void CMP_038_research_only_when_needed(void **state)
{
    (void)state;
    struct stage *s = at(W_MANUFACTURING, "2024-03-01T10:00");
    bar(s, "GMO", "A1", "complaint.step_done", "2024-03-01T11:00", "", "CMP-038", "missing");
    act(s, "GMO", "A1", "complaint.step_done", "2024-03-01T11:00", "'rd_required':'no'");
    assert_string_equal(step_of(s), "gmo_check");
    assert_string_equal(last(s, "complaint.step_skipped", "step"), "rd");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.rd_opinion"), "none");
    bar(s, "GMO", "A1", "complaint.step_skipped", "2024-03-01T12:00", "'step':'gmo_check'",
        "CMP-038", "state");
    stage_close(s);
    s = at(W_MGMT, "2024-03-01T10:00"); /* the form is there, and not needed after all */
    act(s, "GMO", "A1", "complaint.step_skipped", "2024-03-08T11:00", "'step':'rd','reason':'x'");
    assert_string_equal(step_of(s), "gmo_check");
    walk(s, "A1", W_RD, W_CLOSED, "2024-03-08T11:00");
    const json_t *e = stage_nth(s, OWNER_complaint, "complaint.closed", 0);
    const json_t *steps = json_object_get(json_object_get(e, "data"), "steps");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_object_get(json_array_get(steps, i), "step");
        assert_string_not_equal(json_string_value(step), "rd"); /* nobody did it */
    }
    stage_close(s);
}

/* ---- CMP-003, CMP-004, CMP-011 ---- */

static void CMP_003_the_class_stands_before_the_decision(void **state)
{
    (void)state;
    struct stage *s = at(W_REGISTERED, "2024-03-01T10:00");
    act(s, "QA", "A1", "complaint.step_done", "2024-03-01T10:00",
        "'cause':'x','responsible_unit':'MFG'");
    walk(s, "A1", W_QA, W_SYNTHESIS, "2024-03-01T10:00");
    bar(s, "GMO", "A1", "complaint.decided", "2024-03-01T10:00", DECISION("1.00"), "CMP-003",
        "missing");
    stage_close(s);
}

static void CMP_004_both_classes_walk_the_whole_route(void **state)
{
    (void)state;
    static const char *const classes[] = {"quality", "non_quality"};
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        struct stage *s = at(W_REGISTERED, "2024-03-01T10:00");
        char data[120];
        snprintf(data, sizeof data, "'cause':'x','responsible_unit':'MFG','cause_class':'%s'",
                 classes[i]);
        act(s, "QA", "A1", "complaint.step_done", "2024-03-01T10:00", data);
        walk(s, "A1", W_QA, W_SYNTHESIS, "2024-03-01T10:00");
        assert_int_equal(count(s, "complaint.step_entered"), 7);
        assert_string_equal(state_of(s, "A1"), "decision");
        stage_close(s);
    }
}

static void CMP_011_a_person_confirms_that_it_does_not_stand(void **state)
{
    (void)state;
    struct stage *s = at(W_REGISTERED, "2024-03-01T10:00");
    act(s, "QA", "A1", "complaint.step_done", "2024-03-01T10:00",
        QA_SAYS ",'fault_origin':'non_quality'");
    walk(s, "A1", W_QA, W_SYNTHESIS, "2024-03-01T10:00");
    assert_string_equal(last(s, "complaint.proposed", "outcome"), "not_established");
    assert_string_equal(state_of(s, "A1"), "decision");
    act(s, "GM", "A1", "complaint.not_established", "2024-03-01T11:00", "'reason':'wrong wiring'");
    assert_string_equal(state_of(s, "A1"), "not_established");
    stage_close(s);
    s = at(W_SYNTHESIS, "2024-03-01T10:00");
    assert_int_equal(count(s, "complaint.proposed"), 0);
    stage_close(s);
}

/* ---- CMP-053, CMP-054: 催辦單 and 洽辦單 ---- */

/* qa_review is due on Monday 2024-03-11 at 11:00: registered on Friday at 11:00. */
static struct stage *late_case(void)
{
    struct stage *s = at(W_REGISTERED, "2024-03-08T11:00");
    due_is(s, "complaint/A1", "complaint.qa_review", "2024-03-11T11:00");
    until(s, "2024-03-14T12:00");
    assert_int_equal(reminders(s, "complaint.qa_review"), 4);
    return s;
}

static size_t ended(struct stage *s, const char *type)
{
    return count_of(s, OWNER_escalation, type, "name", "complaint.qa_review");
}

static void CMP_053_C_40_four_reminders_until_it_is_done(void **state)
{
    (void)state;
    struct stage *s = late_case();
    walk(s, "A1", W_REGISTERED, W_QA, "2024-03-14T12:00");
    until(s, "2024-03-14T12:01"); /* the desk reads a minute later */
    assert_int_equal(ended(s, "reminder.stopped"), 4);
    assert_int_equal(ended(s, "reminder.withdrawn"), 0);
    assert_string_equal(end_of(s, "complaint/A1", "complaint.qa_review"), "late");
    assert_string_equal(last(s, "complaint.step_done", "overdue_s"), "90000"); /* 25 h of work */
    until(s, "2024-03-18T12:00");
    assert_int_equal(reminders(s, "complaint.qa_review"), 4);
    stage_close(s);
}

static void CMP_053_C_41_a_late_fact_takes_them_back(void **state)
{
    (void)state;
    struct stage *s = late_case();
    act(s, CENTRE, "A1", "complaint.step_done", "2024-03-11T10:59", QA_SAYS ",'by_unit':'QA'");
    until(s, "2024-03-14T12:01");
    assert_int_equal(ended(s, "reminder.withdrawn"), 4);
    assert_string_equal(end_of(s, "complaint/A1", "complaint.qa_review"), "stopped");
    assert_string_equal(last(s, "complaint.step_done", "overdue_s"), "");
    assert_string_equal(step_of(s), "manufacturing");
    due_is(s, "complaint/A1", "complaint.mfg_analysis", "2024-03-12T10:59");
    walk(s, "A1", W_QA, W_CLOSED, "2024-03-12T10:59");
    until(s, "2024-03-14T12:02");
    assert_int_equal(stage_count(s, OWNER_escalation, "inquiry.issued"), 0);
    stage_close(s);
}

static void CMP_054_C_08_one_inquiry_for_the_late_step(void **state)
{
    (void)state;
    struct stage *s = at(W_REGISTERED, "2024-03-01T10:00");
    until(s, "2024-03-04T14:00"); /* due at 10:00; three working hours late */
    walk(s, "A1", W_REGISTERED, W_FINAL, "2024-03-04T14:00");
    until(s, "2024-03-04T14:01");
    assert_int_equal(reminders(s, "complaint.qa_review"), 1);
    assert_int_equal(ended(s, "reminder.stopped"), 1);
    until(s, "2024-03-13T09:00");
    walk(s, "A1", W_FINAL, W_CLOSED, "2024-03-13T09:00"); /* the twelfth day */
    until(s, "2024-03-13T09:01");
    assert_int_equal(stage_count(s, OWNER_escalation, "inquiry.issued"), 1);
    assert_string_equal(stage_last(s, OWNER_escalation, "inquiry.issued", "unit"), "QA");
    assert_string_equal(stage_last(s, OWNER_escalation, "inquiry.issued", "case_no"),
                        "complaint/A1");
    assert_string_equal(stage_last(s, OWNER_escalation, "inquiry.issued", "name"),
                        "complaint.qa_review");
    assert_int_equal(reminders(s, "complaint.total"), 0);
    assert_string_equal(last(s, "complaint.closed", "overdue"), "no");
    stage_close(s);
}

static void CMP_054_the_close_tells_the_time_of_each_step(void **state)
{
    (void)state;
    struct stage *s = at(W_REGISTERED, "2024-03-01T10:00");
    walk(s, "A1", W_REGISTERED, W_QA, "2024-03-04T14:00");
    walk(s, "A1", W_QA, W_CLOSED, "2024-03-04T15:00");
    const json_t *e = stage_nth(s, OWNER_complaint, "complaint.closed", 0);
    const json_t *steps = json_object_get(json_object_get(e, "data"), "steps");
    assert_int_equal(json_array_size(steps), 9); /* with registration and combined opinion */
    const json_t *qa = json_array_get(steps, 1);
    assert_string_equal(json_string_value(json_object_get(qa, "step")), "qa");
    assert_int_equal(json_integer_value(json_object_get(qa, "limit_s")), 8 * 3600);
    assert_int_equal(json_integer_value(json_object_get(qa, "taken_s")), 11 * 3600);
    assert_int_equal(json_integer_value(json_object_get(qa, "overdue_s")), 3 * 3600);
    stage_close(s);
}

static void CMP_056_it_may_be_pressed_at_any_time(void **state)
{
    (void)state;
    struct stage *s = at(W_REGISTERED, "2024-03-01T10:00");
    tell(s, "SVC", "reminder.requested", "2024-03-01T10:30",
         "'case_no':'complaint/A1','unit':'QA','text':'the customer waits'");
    until(s, "2024-03-01T10:31");
    assert_int_equal(count_of(s, OWNER_escalation, "reminder.issued", "kind", "manual"), 1);
    assert_string_equal(stage_last(s, OWNER_escalation, "reminder.issued", "unit"), "QA");
    stage_close(s);
}

/* ---- CMP-052: the market ---- */

static void CMP_052_C_36_a_corrected_market_counts_from_the_same_start(void **state)
{
    (void)state;
    struct stage *s = at(W_GMO_CHECK, "2024-01-25T10:00");
    due_is(s, "complaint/A1", "complaint.total", "2024-02-07T10:00");
    due_is(s, "complaint/A1", "complaint.biz_handling", "2024-01-30T10:00");
    until(s, "2024-02-04T11:00");
    assert_int_equal(reminders(s, "complaint.biz_handling"), 6);
    act(s, "GMO", "A1", "complaint.market_corrected", "2024-02-04T11:00", "'market':'foreign'");
    due_is(s, "complaint/A1", "complaint.total", "2024-02-11T10:00");
    due_is(s, "complaint/A1", "complaint.biz_handling", "2024-02-06T10:00");
    until(s, "2024-02-11T10:00");
    assert_int_equal(reminders(s, "complaint.total"), 0);
    until(s, "2024-02-11T10:00:01");
    assert_int_equal(reminders(s, "complaint.total"), 1);
    stage_close(s);
}

static void CMP_052_the_market_is_known_with_the_form(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, "2024-03-01T10:00");
    bar(s, "BIZ", "A1", "complaint.form_filed", "2024-03-01T11:00",
        "'order_no':'O1','material':'M1','shipped_on':'2024-01-10','qty':10,'defective_qty':2,"
        "'demand':'x'",
        "CMP-052", "missing");
    act(s, "BIZ", "A1", "complaint.market_corrected", "2024-03-01T11:00", "'market':'foreign'");
    act(s, "BIZ", "A1", "complaint.form_filed", "2024-03-01T11:00",
        "'order_no':'O1','material':'M1','shipped_on':'2024-01-10','qty':10,'defective_qty':2,"
        "'demand':'x'");
    stage_close(s);
}

/* ---- CMP-055: no pause, unless the company knows a reason ---- */

static void CMP_055_the_clock_does_not_stand_still(void **state)
{
    (void)state;
    struct stage *s = at(W_REGISTERED, "2024-03-01T10:00");
    bar(s, "GMO", "A1", "complaint.paused", "2024-03-01T11:00", "'reason':'waiting_for_sample'",
        "CMP-055", "no_pause");
    bar(s, "GMO", "A1", "complaint.resumed", "2024-03-01T11:00", "", "CMP-055", "state");
    assert_int_equal(case_row(s, "A1").paused_s, 0);
    stage_close(s);
}

#define OF_FAMILY COMPLAINT ",'family':'FPC','centre':'" CENTRE "'"

static struct stage *other_route(enum walked to, const char *local)
{
    struct stage *s = desk_open(ROUTE);
    (void)stage_tell(s, "unit.upserted", "2020-01-01T08:00:00+08:00",
                     "{'unit':'LAB','calendar':'CAL-STD'}");
    act(s, "BIZ", "A1", "complaint.received", local, OF_FAMILY);
    walk(s, "A1", W_RECEIVED, to, local);
    return s;
}

static void CMP_055_for_a_reason_of_the_policy_it_does(void **state)
{
    (void)state;
    struct stage *s = other_route(W_REGISTERED, "2024-03-01T10:00"); /* qa until Monday 10:00 */
    act(s, "GMO", "A1", "complaint.paused", "2024-03-01T11:00", "'reason':'waiting_for_sample'");
    bar(s, "GMO", "A1", "complaint.paused", "2024-03-01T12:00", "'reason':'waiting_for_sample'",
        "CMP-055", "state");
    bar(s, "QA", "A1", "complaint.step_done", "2024-03-01T12:00", QA_SAYS, "CMP-055", "state");
    until(s, "2024-03-20T11:00");
    assert_int_equal(reminders(s, "complaint.qa_review") + reminders(s, "complaint.total"), 0);
    act(s, "GMO", "A1", "complaint.resumed", "2024-03-20T11:00", "");
    assert_int_equal(case_row(s, "A1").paused_s, 19 * 24 * 3600);
    due_is(s, "complaint/A1", "complaint.total", "2024-04-02T10:00"); /* 13 days and 19 */
    /* One hour of the day of work was used up; seven are left: 11:00 … 12:00, 13:00 … 17:30 and
     * one and a half on Thursday. */
    due_is(s, "complaint/A1", "complaint.qa_review", "2024-03-21T10:00");
    stage_close(s);
}

/* Not even the first one: a clock that began meanwhile would run on. */
static void CMP_055_a_case_that_stands_still_is_not_registered(void **state)
{
    (void)state;
    struct stage *s = other_route(W_ACCEPTED, "2024-03-01T10:00");
    act(s, "GMO", "A1", "complaint.paused", "2024-03-01T10:30", "'reason':'waiting_for_sample'");
    bar(s, "GMO", "A1", "complaint.registered", "2024-03-01T11:00", "", "CMP-055", "state");
    act(s, "GMO", "A1", "complaint.resumed", "2024-03-01T12:00", "");
    act(s, "GMO", "A1", "complaint.registered", "2024-03-01T13:00", "");
    assert_string_equal(step_of(s), "qa");
    stage_close(s);
}

/* ---- the route is policy ---- */

static void CMP_036_another_company_has_another_route(void **state)
{
    (void)state;
    struct stage *s = other_route(W_QA, "2024-03-01T10:00");
    assert_string_equal(step_of(s), "laboratory");
    due_is(s, "complaint/A1", "complaint.lab_test", "2024-03-05T10:00"); /* two days */
    bar(s, "LAB", "A1", "complaint.step_done", "2024-03-01T11:00", "", "CMP-036", "missing");
    bar(s, "RD", "A1", "complaint.step_done", "2024-03-01T11:00", "'opinion':'x'", "CMP-028",
        "no_right");
    act(s, "LAB", "A1", "complaint.step_done", "2024-03-01T11:00", "'opinion':'cold solder'");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.lab_test"), "stopped");
    walk(s, "A1", W_QA, W_MANUFACTURING, "2024-03-01T12:00");
    act(s, "GMO", "A1", "complaint.step_done", "2024-03-01T12:00", ""); /* R&D is not asked about */
    walk(s, "A1", W_RD, W_CLOSED, "2024-03-01T12:00");
    assert_int_equal(count_of(s, OWNER_complaint, "complaint.step_entered", "step", "rd"), 0);
    assert_string_equal(state_of(s, "A1"), "closed");
    stage_close(s);
}

static void CMP_040_business_may_have_its_days_for_the_talk(void **state)
{
    (void)state;
    struct stage *s = desk_open(LATE);
    drive(s, "A1", W_GMO_CHECK, "2024-03-01T10:00");
    assert_string_equal(state_of(s, "A1"), "decision");
    walk(s, "A1", W_SYNTHESIS, W_REVIEWED, "2024-03-01T10:00");
    assert_string_equal(state_of(s, "A1"), "relay");
    assert_string_equal(step_of(s), "business");
    due_is(s, "complaint/A1", "complaint.biz_handling", "2024-03-06T10:00");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.gmo_final_opinion"), "none");
    walk(s, "A1", W_GMO_CHECK, W_BUSINESS, "2024-03-04T10:00");
    due_is(s, "complaint/A1", "complaint.gmo_synthesis", "2024-03-04T15:00");
    walk(s, "A1", W_BUSINESS, W_SYNTHESIS, "2024-03-04T15:00");
    assert_string_equal(state_of(s, "A1"), "final_opinion");
    walk(s, "A1", W_OPINION, W_CLOSED, "2024-03-04T16:00");
    assert_string_equal(state_of(s, "A1"), "closed");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_036_C_06_every_step_at_its_limit),
        cmocka_unit_test(CMP_036_half_a_day_and_a_day_are_working_time),
        cmocka_unit_test(CMP_051_C_44_the_limits_leave_slack),
        cmocka_unit_test(CMP_037_both_steps_of_the_text_are_walked_without_a_limit),
        cmocka_unit_test(CMP_036_a_step_is_done_where_the_form_is),
        cmocka_unit_test(CMP_029_manufacturing_says_six_things),
        cmocka_unit_test(CMP_038_research_only_when_needed),
        cmocka_unit_test(CMP_003_the_class_stands_before_the_decision),
        cmocka_unit_test(CMP_004_both_classes_walk_the_whole_route),
        cmocka_unit_test(CMP_011_a_person_confirms_that_it_does_not_stand),
        cmocka_unit_test(CMP_053_C_40_four_reminders_until_it_is_done),
        cmocka_unit_test(CMP_053_C_41_a_late_fact_takes_them_back),
        cmocka_unit_test(CMP_054_C_08_one_inquiry_for_the_late_step),
        cmocka_unit_test(CMP_054_the_close_tells_the_time_of_each_step),
        cmocka_unit_test(CMP_056_it_may_be_pressed_at_any_time),
        cmocka_unit_test(CMP_052_C_36_a_corrected_market_counts_from_the_same_start),
        cmocka_unit_test(CMP_052_the_market_is_known_with_the_form),
        cmocka_unit_test(CMP_055_the_clock_does_not_stand_still),
        cmocka_unit_test(CMP_055_for_a_reason_of_the_policy_it_does),
        cmocka_unit_test(CMP_055_a_case_that_stands_still_is_not_registered),
        cmocka_unit_test(CMP_036_another_company_has_another_route),
        cmocka_unit_test(CMP_040_business_may_have_its_days_for_the_talk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
