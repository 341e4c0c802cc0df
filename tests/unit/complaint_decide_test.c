/* complaint_decide_test.c - the decision, the talk with the customer, refusal, the close, and what
 * other logs tell of a case. Rules CMP-007, CMP-010, CMP-012, CMP-014, CMP-040 … CMP-043, CMP-046,
 * CMP-047, CMP-049, CMP-050, CMP-116, CMP-119, CMP-120, CMP-137, CMP-138. */
#include "tests/unit/complaint_door.h"

#define DAY "2024-03-01T10:00"
#define REPLY "'channel':'letter','by':'B. Li','summary':'we take them back'"

static struct stage *at(enum walked to)
{
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", to, DAY);
    return s;
}

/* ---- CMP-042: authority ---- */

static void CMP_042_decided_by_whom_it_is_for(void **state)
{
    (void)state;
    static const struct {
        const char *id, *level, *amount;
        bool enough;
    } v[] = {
        {"C-34", "副總經理", "60000.00", false},   {"C-34", "總經理", "60000.00", true},
        {"limit", "業務部經理", "10000.00", true}, {"above", "業務部經理", "10000.01", false},
        {"limit", "副總經理", "50000.00", true},   {"above", "副總經理", "50000.01", false},
        {"higher", "總經理", "0.00", true},        {"nobody", "科長", "0.00", false},
    };
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        struct stage *s = at(W_SYNTHESIS);
        char data[160];
        snprintf(data, sizeof data, "'level':'%s','method':'allowance','amount':'%s'", v[i].level,
                 v[i].amount);
        if (v[i].enough)
            act(s, "GMO", "A1", "complaint.decided", DAY, data);
        else
            bar(s, "GMO", "A1", "complaint.decided", DAY, data, "CMP-042", "authority");
        assert_string_equal(state_of(s, "A1"), v[i].enough ? "negotiating" : "decision");
        stage_close(s);
    }
}

static void CMP_042_the_refusal_names_who_can(void **state)
{
    (void)state;
    struct stage *s = at(W_SYNTHESIS);
    bar(s, "GMO", "A1", "complaint.decided", DAY,
        "'level':'副總經理','method':'return','amount':'60000.00'", "CMP-042", "authority");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "總經理 can"));
    walk(s, "A1", W_SYNTHESIS, W_OPINION, DAY); /* the last decision likewise */
    bar(s, "GMO", "A1", "complaint.decided", DAY,
        "'level':'副總經理','method':'return','amount':'60000.00','final':'yes'", "CMP-042",
        "authority");
    stage_close(s);
}

/* ---- CMP-040, CMP-041 ---- */

static void CMP_040_talk_review_opinion_in_that_order(void **state)
{
    (void)state;
    struct stage *s = at(W_DECIDED);
    assert_true(str_is(case_row(s, "A1").holder, "BIZ"));
    bar(s, "BIZ", "A1", "complaint.result_reviewed", DAY, "'by':'H'", "CMP-040", "state");
    walk(s, "A1", W_DECIDED, W_CONTACTED, DAY);
    act(s, "BIZ", "A1", "complaint.negotiated", DAY, "'result':'refused'");
    bar(s, "BIZ", "A1", "complaint.result_reviewed", DAY, "'by':'H'", "CMP-040", "state");
    act(s, "BIZ", "A1", "complaint.negotiated", DAY, "'result':'accepted','terms':'ten boards'");
    act(s, "BIZ", "A1", "complaint.result_reviewed", DAY, "'by':'H'");
    assert_string_equal(state_of(s, "A1"), "final_opinion");
    assert_true(str_is(case_row(s, "A1").holder, "GMO"));
    bar(s, "GMO", "A1", "complaint.decided", DAY, DECISION("1.00") ",'final':'yes'", "CMP-042",
        "state");
    act(s, "GMO", "A1", "complaint.final_opinion_done", DAY, ""); /* CMP-041 */
    assert_true(str_is(case_row(s, "A1").holder, "GM"));
    bar(s, "GMO", "A1", "complaint.final_opinion_done", DAY, "", "CMP-041", "state");
    stage_close(s);
}

/* ---- CMP-007, CMP-043, CMP-137: the answer ---- */

static void CMP_043_no_answer_before_the_decision(void **state)
{
    (void)state;
    struct stage *s = at(W_SYNTHESIS);
    bar(s, "BIZ", "A1", "complaint.customer_replied", DAY, REPLY, "CMP-043", "no_decision");
    act(s, "GMO", "A1", "complaint.decided", "2024-03-01T12:00", DECISION("9000.00"));
    /* Told now, given before: it was not covered. */
    bar(s, "BIZ", "A1", "complaint.customer_replied", "2024-03-01T11:59", REPLY, "CMP-043",
        "no_decision");
    act(s, "BIZ", "A1", "complaint.customer_replied", "2024-03-01T12:00", REPLY);
    stage_close(s);
}

static void CMP_043_nothing_beyond_the_decision(void **state)
{
    (void)state;
    struct stage *s = at(W_RETURNED);
    static const struct {
        const char *more, *rule, *code;
    } no[] = {
        {",'promised_amount':'9000.01'", "CMP-043", "authority"},
        {",'promised_method':'exchange'", "CMP-043", "authority"},
        {",'form_enclosed':'yes'", "CMP-137", "form"},
    };
    char data[300];
    for (size_t i = 0; i < COUNT_OF(no); i++) {
        snprintf(data, sizeof data, "%s%s", REPLY, no[i].more);
        bar(s, "BIZ", "A1", "complaint.customer_replied", DAY, data, no[i].rule, no[i].code);
    }
    bar(s, "BIZ", "A1", "complaint.customer_replied", DAY,
        "'channel':'visit','by':'B','summary':'x'", "CMP-043", "channel");
    act(s, "BIZ", "A1", "complaint.customer_replied", DAY,
        REPLY ",'promised_method':'return','promised_amount':'9000.00'");
    stage_close(s);
}

/* ---- CMP-046: five copies ---- */

static void CMP_046_five_readers(void **state)
{
    (void)state;
    static const char *const v[] = {"qa", "manufacturing", "business", "accounting", "gmo"};
    struct stage *s = at(W_FINAL);
    bar(s, "GMO", "A1", "complaint.copy_delivered", DAY, "'reader':'qa'", "CMP-046", "state");
    walk(s, "A1", W_FINAL, W_CLOSED, DAY);
    uint64_t want = 0;
    for (uint32_t i = 0; i < COUNT_OF(v); i++) {
        char data[40];
        snprintf(data, sizeof data, "'reader':'%s'", v[i]);
        act(s, "GMO", "A1", "complaint.copy_delivered", DAY, data);
        want |= UINT64_C(1) << (i + 1);
        assert_int_equal(case_row(s, "A1").copies, want);
    }
    stage_close(s);
}

/* ---- CMP-047: refused ---- */

static void CMP_047_C_35_a_refused_conclusion_is_a_new_case(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", W_FILED, "2024-03-28T10:00");
    walk(s, "A1", W_FILED, W_ACCEPTED, "2024-03-28T10:00");
    act(s, "GMO", "A1", "complaint.registered", "2024-03-28T10:00", "'complaint_no':'240312'");
    walk(s, "A1", W_REGISTERED, W_RETURNED, "2024-03-29T10:00");
    bar(s, "BIZ", "A1", "complaint.resubmitted", "2024-04-08T10:00", "'new_case_no':'A2'",
        "CMP-047", "state");
    act(s, "BIZ", "240312", "complaint.negotiated", "2024-04-08T10:00", "'result':'refused'");
    bar(s, "BIZ", "A1", "complaint.resubmitted", "2024-04-08T10:00", "'new_case_no':'A1'",
        "CMP-047", "known_number");
    act(s, "BIZ", "240312", "complaint.resubmitted", "2024-04-08T10:00", "'new_case_no':'A2'");
    assert_string_equal(state_of(s, "A1"), "superseded");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.total"), "stopped");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.visit"), "cancelled");
    assert_string_equal(last(s, "complaint.opened", "parent_no"), "A1");
    walk(s, "A2", W_RECEIVED, W_REGISTERED, "2024-04-09T10:00");
    assert_string_equal(last(s, "complaint.registered", "complaint_no"), "240401");
    due_is(s, "complaint/A2", "complaint.total", "2024-04-22T10:00"); /* its own 13 days */
    struct rec_row_complaint old = case_row(s, "A1");
    assert_true(str_is(old.child_no, "A2"));
    bar(s, "BIZ", "A1", "complaint.customer_contacted", "2024-04-09T10:00", "", "CMP-040", "state");
    stage_close(s);
}

/* ---- CMP-049, CMP-050, CMP-138: the close ---- */

static void CMP_049_a_case_that_does_not_stand(void **state)
{
    (void)state;
    struct stage *s = at(W_SYNTHESIS);
    act(s, "GM", "A1", "complaint.not_established", DAY, "'reason':'used wrongly','term_days':30");
    assert_true(str_is(case_row(s, "A1").holder, "BIZ"));
    bar(s, "BIZ", "A1", "complaint.customer_replied", DAY, REPLY ",'promised_amount':'1.00'",
        "CMP-043", "no_decision");
    bar(s, "GMO", "A1", "complaint.closed", DAY, "", "CMP-050", "missing"); /* CMP-138 */
    act(s, "BIZ", "A1", "complaint.customer_replied", DAY, REPLY);
    act(s, "GMO", "A1", "complaint.closed", DAY, "");
    assert_string_equal(last(s, "complaint.closed", "outcome"), "not_established");
    stage_close(s);
}

static void CMP_050_the_refusal_names_what_is_missing(void **state)
{
    (void)state;
    struct stage *s = at(W_CONTACTED);
    walk(s, "A1", W_REPLIED, W_REVIEWED, DAY); /* no answer is recorded: CMP-007 */
    bar(s, "GMO", "A1", "complaint.closed", DAY, "", "CMP-050", "missing");
    static const char *const names[] = {"complaint.customer_replied",
                                        "complaint.final_opinion_done", "complaint.decided"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_non_null(strstr(last(s, "refused.fact", "text"), names[i]));
    walk(s, "A1", W_REVIEWED, W_FINAL, DAY);
    bar(s, "GMO", "A1", "complaint.closed", DAY, "", "CMP-050", "missing");
    assert_null(strstr(last(s, "refused.fact", "text"), "complaint.decided"));
    act(s, "BIZ", "A1", "complaint.customer_replied", DAY, REPLY);
    walk(s, "A1", W_FINAL, W_CLOSED, DAY);
    bar(s, "GMO", "A1", "complaint.closed", DAY, "", "CMP-050", "state");
    stage_close(s);
    s = at(W_NEGOTIATED); /* not reviewed */
    bar(s, "GMO", "A1", "complaint.closed", DAY, "", "CMP-050", "state");
    stage_close(s);
}

/* ---- what other logs tell ---- */

/* Stands in for dispatch: it logs what it is told, and job.diagnosed with a mileage of so many days
 * makes the verdicts of a repeated repair after call F1; from ten on the class is raised, too. */
static enum err fake_step(struct step *st, const void *payload)
{
    if (st->type->kind == EV_unit_upserted) return step_master(st, payload);
    if (st->type->owner != OWNER_dispatch) return ERR_STALE;
    if (st->type->kind != EV_job_diagnosed) return ERR_OK;
    const struct ev_job_diagnosed *ev = payload;
    if (ev->mileage == 0) return ERR_OK;
    struct ev_repeat_detected twice = {.call_no = ev->call_no,
                                       .job = 1,
                                       .first_call = STR("F1"),
                                       .first_job = 1,
                                       .days = ev->mileage,
                                       .product = STR("SN1"),
                                       .cause_code = STR("plating")};
    struct ev_job_class_raised raised = {ev->call_no, 1, ev->class, cause_class_serious};
    st->rule = "DSP-063";
    step_emit(st, EV_repeat_detected, &twice);
    if (ev->mileage >= 10) step_emit(st, EV_job_class_raised, &raised);
    return ERR_OK;
}

/* … and for intake: it keeps what stands at the door. */
static enum err fake_door(struct step *st, const void *payload)
{
    if (st->type->kind == EV_unit_upserted) return step_master(st, payload);
    return st->type->owner == OWNER_intake ? ERR_OK : ERR_STALE;
}

static struct stage *with_dispatch(void)
{
    static const struct service door = {.name = "intake", .owner = OWNER_intake, .step = fake_door};
    static const struct service dispatch = {.name = "dispatch",
                                            .owner = OWNER_dispatch,
                                            .upstream = IN(OWNER_intake),
                                            .step = fake_step};
    static const struct service *const services[] = {&door, &dispatch, &complaint_service,
                                                     &escalation_service};
    struct stage *s = stage_open(POLICY_STD, services, COUNT_OF(services));
    units_tell(s);
    act(s, "BIZ", "A1", "complaint.received", DAY,
        COMPLAINT ",'call_no':'C1','project':'METRO','centre':'" CENTRE "'");
    return s;
}

/* A fact of another log; complaint reads it a minute later. */
static void hear(struct stage *s, const char *type, const char *local, const char *data)
{
    tell(s, CENTRE, type, local, data);
    until(s, "2024-03-01T10:50");
}

static void CMP_010_a_repeated_repair_makes_it_serious(void **state)
{
    (void)state;
    struct stage *s = with_dispatch();
    hear(s, "job.diagnosed", "2024-03-01T10:10", "'call_no':'C1','class':'ordinary'");
    assert_int_equal(case_row(s, "A1").quality_severity, quality_severity_ordinary);
    assert_int_equal(case_row(s, "A1").fault_origin, fault_origin_quality);
    assert_int_equal(count(s, "complaint.severity_raised"), 0);
    hear(s, "job.diagnosed", "2024-03-01T10:51", "'call_no':'C1','class':'ordinary','mileage':9");
    until(s, "2024-03-01T10:52");
    assert_int_equal(count(s, "complaint.severity_raised"), 1); /* by repeat.detected */
    tell(s, CENTRE, "job.diagnosed", "2024-03-01T10:53",
         "'call_no':'C1','class':'ordinary','mileage':19"); /* job.class_raised, too */
    until(s, "2024-03-01T10:54");
    assert_int_equal(count(s, "complaint.severity_raised"), 1); /* once */
    assert_string_equal(last(s, "complaint.severity_raised", "call_no"), "C1");
    assert_int_equal(case_row(s, "A1").quality_severity, quality_severity_serious);
    stage_close(s);
    s = with_dispatch(); /* the case came with the first call */
    act(s, "BIZ", "A2", "complaint.received", DAY, COMPLAINT ",'call_no':'F1'");
    hear(s, "job.diagnosed", "2024-03-01T10:10", "'call_no':'C7','class':'ordinary','mileage':9");
    assert_string_equal(last(s, "complaint.severity_raised", "case_no"), "A2");
    assert_int_equal(case_row(s, "A1").quality_severity, quality_severity_none);
    stage_close(s);
}

static void CMP_010_a_serious_class_and_a_wrong_use(void **state)
{
    (void)state;
    struct stage *s = with_dispatch();
    hear(s, "job.diagnosed", "2024-03-01T10:10", "'call_no':'C1','class':'serious'");
    assert_int_equal(count(s, "complaint.severity_raised"), 1);
    stage_close(s);
    s = with_dispatch(); /* CMP-011 */
    hear(s, "job.diagnosed", "2024-03-01T10:10", "'call_no':'C1','class':'non_quality'");
    assert_int_equal(case_row(s, "A1").fault_origin, fault_origin_non_quality);
    hear(s, "job.diagnosed", "2024-03-01T10:51", "'call_no':'C9','class':'serious'");
    assert_int_equal(count(s, "complaint.severity_raised"), 0); /* another call */
    stage_close(s);
}

static void CMP_047_the_new_round_hears_of_the_call(void **state)
{
    (void)state;
    struct stage *s = with_dispatch();
    walk(s, "A1", W_RECEIVED, W_RETURNED, DAY);
    act(s, "BIZ", "A1", "complaint.negotiated", DAY, "'result':'refused'");
    act(s, "BIZ", "A1", "complaint.resubmitted", DAY, "'new_case_no':'A2'");
    hear(s, "job.diagnosed", "2024-03-01T10:10", "'call_no':'C1','class':'serious'");
    assert_int_equal(count(s, "complaint.severity_raised"), 1);
    assert_string_equal(last(s, "complaint.severity_raised", "case_no"), "A2");
    stage_close(s);
}

static void CMP_012_the_grade_comes_from_the_call(void **state)
{
    (void)state;
    struct stage *s = with_dispatch();
    hear(s, "job.plan_reviewed", "2024-03-01T10:10", "'call_no':'C1','by':'RD'");
    assert_true(case_row(s, "A1").plan_reviewed_at == instant("2024-03-01T10:10"));
    hear(s, "call.graded", "2024-03-01T10:51", "'call_no':'C1','severity':'serious'");
    until(s, "2024-03-01T10:52");
    assert_string_equal(last(s, "complaint.severity_set", "severity"), "serious");
    assert_int_equal(case_row(s, "A1").rd_required, yes_no_yes);
    stage_close(s);
}

static void CMP_014_reported_at_the_door_it_is_reported(void **state)
{
    (void)state;
    struct stage *s = with_dispatch();
    hear(s, "call.major_reported", "2024-03-01T10:10",
         "'call_no':'C1','proposal':'recall','user_demand':'new ones'");
    assert_int_equal(case_row(s, "A1").severity, severity_major);
    assert_string_equal(last(s, "complaint.major_reported", "own_opinion"), "recall");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.major_report"), "stopped");
    stage_close(s);
    s = with_dispatch(); /* half a report starts the clock and no more */
    hear(s, "call.major_reported", "2024-03-01T10:10", "'call_no':'C1'");
    due_is(s, "complaint/A1", "complaint.major_report", "2024-03-01T11:10");
    stage_close(s);
}

static void CMP_119_the_plan_of_the_meeting_stands_on_the_case(void **state)
{
    (void)state;
    struct stage *s = with_dispatch();
    hear(s, "call.meeting_called", "2024-03-01T10:10",
         "'call_no':'C1','held_at':'2024-03-02T09:00:00+08:00','plan':'replace the line'");
    assert_true(str_is(case_row(s, "A1").meeting_plan, "replace the line"));
    assert_true(case_row(s, "A1").meeting_at == instant("2024-03-02T09:00"));
    stage_close(s);
}

static void CMP_116_feedback_from_a_key_project_goes_to_its_departments(void **state)
{
    (void)state;
    struct stage *s = with_dispatch();
    size_t before = count(s, "complaint.dept_notified");
    hear(s, "project.feedback", "2024-03-01T10:10",
         "'feedback_no':'F7','project':'METRO','text':'again',"
         "'departments':[{'name':'QA'},{'name':'研發部'}]");
    assert_int_equal(count(s, "complaint.dept_notified"), before + 2);
    assert_string_equal(last(s, "complaint.dept_notified", "unit"), "研發部");
    hear(s, "project.feedback", "2024-03-01T10:51",
         "'feedback_no':'F8','project':'OTHER','text':'x','departments':[{'name':'QA'}]");
    until(s, "2024-03-01T10:52");
    assert_int_equal(count(s, "complaint.dept_notified"), before + 2);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_042_decided_by_whom_it_is_for),
        cmocka_unit_test(CMP_042_the_refusal_names_who_can),
        cmocka_unit_test(CMP_040_talk_review_opinion_in_that_order),
        cmocka_unit_test(CMP_043_no_answer_before_the_decision),
        cmocka_unit_test(CMP_043_nothing_beyond_the_decision),
        cmocka_unit_test(CMP_046_five_readers),
        cmocka_unit_test(CMP_047_C_35_a_refused_conclusion_is_a_new_case),
        cmocka_unit_test(CMP_049_a_case_that_does_not_stand),
        cmocka_unit_test(CMP_050_the_refusal_names_what_is_missing),
        cmocka_unit_test(CMP_010_a_repeated_repair_makes_it_serious),
        cmocka_unit_test(CMP_010_a_serious_class_and_a_wrong_use),
        cmocka_unit_test(CMP_047_the_new_round_hears_of_the_call),
        cmocka_unit_test(CMP_012_the_grade_comes_from_the_call),
        cmocka_unit_test(CMP_014_reported_at_the_door_it_is_reported),
        cmocka_unit_test(CMP_119_the_plan_of_the_meeting_stands_on_the_case),
        cmocka_unit_test(CMP_116_feedback_from_a_key_project_goes_to_its_departments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
