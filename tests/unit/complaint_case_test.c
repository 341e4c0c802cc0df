/* complaint_case_test.c - a complaint is entered, inspected, filed, accepted and numbered; who may
 * do what; grades, suppliers, visits, callbacks. Rules CMP-001, CMP-006, CMP-008, CMP-009, CMP-012,
 * CMP-014, CMP-015, CMP-017, CMP-019, CMP-020, CMP-022 … CMP-028, CMP-031 … CMP-035, CMP-039,
 * CMP-116, CMP-120, CMP-141. */
#include "tests/unit/complaint_door.h"

#define ROUTE "tests/unit/data/policy-complaint-route"
#define DAY "2024-03-01T10:00"

static struct stage *at(enum walked to, const char *local)
{
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", to, local);
    return s;
}

static bool text_is(struct str have, const char *want)
{
    return str_is(have, want);
}

/* ---- receiving ---- */

static void CMP_001_a_case_walks_to_its_close(void **state)
{
    (void)state;
    struct stage *s = at(W_CLOSED, "2024-03-01T16:00");
    assert_string_equal(state_of(s, "A1"), "closed");
    assert_string_equal(last(s, "complaint.opened", "customer"), "K1");
    assert_string_equal(last(s, "complaint.closed", "complaint_no"), "240301");
    assert_string_equal(last(s, "complaint.closed", "outcome"), "accepted");
    stage_close(s);
}

static void CMP_001_customer_and_product_in_scope(void **state)
{
    (void)state;
    struct stage *s = desk_open(ROUTE);
    bar(s, "BIZ", "A1", "complaint.received", DAY, COMPLAINT ",'family':'TV'", "CMP-001",
        "out_of_scope");
    act(s, "BIZ", "A1", "complaint.received", DAY, COMPLAINT ",'family':'FPC'");
    bar(s, "BIZ", "A1", "complaint.received", DAY, COMPLAINT ",'family':'FPC'", "CMP-001",
        "known_number");
    stage_close(s);
    s = desk_open(POLICY_STD); /* all, where the company does not say */
    act(s, "BIZ", "A1", "complaint.received", DAY, COMPLAINT ",'family':'TV'");
    bar(s, "BIZ", "A2", "complaint.received", DAY, COMPLAINT ",'category':'noise'", "CMP-128",
        "unknown_word");
    bar(s, "BIZ", "A2", "complaint.form_filed", DAY, FORM, "CMP-022", "unknown_number");
    stage_close(s);
}

static void CMP_006_every_origin_makes_a_record(void **state)
{
    (void)state;
    static const char *const v[] = {"direct",   "indirect",      "opinion_card", "callback",
                                    "platform", "site_feedback", "proactive"};
    struct stage *s = desk_open(POLICY_STD);
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        char no[8], data[160];
        snprintf(no, sizeof no, "A%zu", i);
        snprintf(data, sizeof data, "%s,'origin':'%s'", COMPLAINT, v[i]);
        act(s, "BIZ", no, "complaint.received", DAY, data);
        assert_string_equal(code_word(&codes_complaint_origin, case_row(s, no).origin), v[i]);
    }
    act(s, "BIZ", "B1", "complaint.received", DAY, COMPLAINT);
    assert_int_equal(case_row(s, "B1").origin, complaint_origin_direct);
    assert_int_equal(count(s, "complaint.opened"), COUNT_OF(v) + 1);
    stage_close(s);
}

static void CMP_009_disputes_on_a_platform_have_their_kinds(void **state)
{
    (void)state;
    static const char *const v[] = {"complaint", "rights_claim", "report", "refund_dispute"};
    struct stage *s = desk_open(POLICY_STD);
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        char no[8], data[160];
        snprintf(no, sizeof no, "P%zu", i);
        snprintf(data, sizeof data,
                 "'kind':'platform','platform_kind':'%s','customer':'K','product':'x'", v[i]);
        act(s, CENTRE, no, "complaint.received", DAY, data);
        assert_string_equal(code_word(&codes_platform_kind, case_row(s, no).platform_kind), v[i]);
        char clock[24];
        snprintf(clock, sizeof clock, "complaint/%s", no);
        assert_string_equal(end_of(s, clock, "complaint.form_filing"), "none"); /* no goods */
    }
    bar(s, CENTRE, "P9", "complaint.received", DAY,
        "'kind':'platform','customer':'K','product':'x'", "CMP-009", "missing");
    bar(s, CENTRE, "P9", "complaint.received", DAY, COMPLAINT ",'platform_kind':'report'",
        "CMP-009", "missing");
    stage_close(s);
}

static void CMP_017_an_outside_body_is_answered_too(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    bar(s, "BIZ", "A1", "complaint.received", DAY, COMPLAINT ",'origin':'authority'", "CMP-017",
        "missing");
    act(s, "BIZ", "A1", "complaint.received", DAY,
        COMPLAINT ",'origin':'authority','authority_body':'消協','authority_ref':'X-7',"
                  "'centre':'" CENTRE "'");
    struct rec_row_complaint r = case_row(s, "A1");
    assert_int_equal(r.severity, severity_major);
    assert_int_equal(r.rd_required, yes_no_yes);
    assert_true(text_is(r.authority_ref, "X-7"));
    due_is(s, "complaint/A1", "complaint.major_report", "2024-03-01T11:00");
    walk(s, "A1", W_RECEIVED, W_FINAL, DAY);
    bar(s, "GMO", "A1", "complaint.closed", DAY, "", "CMP-050", "missing");
    act(s, "BIZ", "A1", "complaint.customer_replied", DAY,
        "'channel':'letter','by':'B. Li','summary':'as agreed','to_body':'yes'");
    walk(s, "A1", W_FINAL, W_CLOSED, DAY);
    stage_close(s);
}

static void CMP_116_a_key_project_is_known_to_its_departments(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    act(s, CENTRE, "A1", "complaint.received", DAY, COMPLAINT ",'project':'METRO'");
    static const char *const units[] = {"QA", "MFG", "RD"};
    assert_int_equal(count(s, "complaint.dept_notified"), COUNT_OF(units));
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        assert_string_equal(stage_field(s, OWNER_complaint, "complaint.dept_notified", i, "unit"),
                            units[i]);
    }
    assert_string_equal(last(s, "complaint.dept_notified", "project"), "METRO");
    stage_close(s);
}

/* ---- joint inspection ---- */

static void CMP_025_the_form_waits_for_the_inspection(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, DAY);
    bar(s, "BIZ", "A1", "complaint.joint_inspection_requested", DAY, "", "CMP-025", "state");
    act(s, "BIZ", "A1", "complaint.joint_inspection_needed", "2024-03-01T11:00", "");
    due_is(s, "complaint/A1", "complaint.joint_notify", "2024-03-01T16:00");
    bar(s, "BIZ", "A1", "complaint.form_filed", "2024-03-01T11:30", FORM, "CMP-025", "state");
    act(s, "BIZ", "A1", "complaint.joint_inspection_requested", "2024-03-01T12:00", "");
    assert_string_equal(state_of(s, "A1"), "inspecting");
    until(s, "2024-03-04T10:00"); /* nobody is pressed for the form meanwhile */
    assert_int_equal(reminders(s, "complaint.form_filing"), 0);
    act(s, "QA", "A1", "complaint.investigated", "2024-03-04T10:00", "'result':'bad plating'");
    due_is(s, "complaint/A1", "complaint.form_filing", "2024-03-04T15:00");
    walk(s, "A1", W_RECEIVED, W_FILED, "2024-03-04T15:00");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.form_filing"), "stopped");
    stage_close(s);
}

static void CMP_026_a_substitute_reports_to_the_general_manager(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, DAY);
    act(s, "BIZ", "A1", "complaint.joint_inspection_needed", DAY, "");
    act(s, "BIZ", "A1", "complaint.joint_inspection_requested", DAY, "");
    bar(s, CENTRE, "A1", "complaint.joint_substitute_appointed", DAY, "'person':'X','by':'Y'",
        "CMP-028", "no_right");
    act(s, "GM", "A1", "complaint.joint_substitute_appointed", DAY, "'person':'X','by':'GM'");
    bar(s, "GM", "A1", "complaint.investigated", DAY, "'result':'bad'", "CMP-026", "missing");
    act(s, "GM", "A1", "complaint.investigated", DAY, "'result':'bad','report_to_gm':'yes'");
    assert_string_equal(state_of(s, "A1"), "received");
    stage_close(s);
}

static void CMP_027_C_09_the_report_is_due_after_three_days(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, "2024-02-26T10:00");
    act(s, "BIZ", "A1", "complaint.joint_inspection_needed", "2024-02-26T11:00", "");
    act(s, "BIZ", "A1", "complaint.joint_inspection_requested", "2024-02-26T11:00", "");
    act(s, "MFG", "A1", "complaint.investigated", "2024-02-27T14:00", "'result':'bad'");
    due_is(s, "complaint/A1", "complaint.investigation_report", "2024-03-01T14:00");
    until(s, "2024-03-01T14:00:01"); /* to whoever investigated */
    assert_int_equal(count_of(s, OWNER_escalation, "reminder.issued", "unit", "MFG"), 1);
    act(s, "MFG", "A1", "complaint.report_submitted", "2024-03-01T15:00", "'text':'bath'");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.investigation_report"), "late");
    stage_close(s);
}

/* ---- the form ---- */

static void CMP_022_the_form_is_filled_at_once(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, DAY);
    due_is(s, "complaint/A1", "complaint.form_filing", "2024-03-01T15:00"); /* 4 working hours */
    bar(s, "GMO", "A1", "complaint.accepted", DAY, "", "CMP-039", "state");
    act(s, CENTRE, "A1", "complaint.form_filed", "2024-03-01T11:00", FORM);
    assert_string_equal(state_of(s, "A1"), "filed");
    stage_close(s);
}

#define DELIVERED "'order_no':'O1','material':'M1','shipped_on':'2024-01-10','market':'domestic',"

static void CMP_023_no_more_are_defective_than_delivered(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, DAY);
    bar(s, "BIZ", "A1", "complaint.form_filed", DAY,
        DELIVERED "'qty':10,'defective_qty':11,'demand':'x'", "CMP-023", "range");
    act(s, "BIZ", "A1", "complaint.form_filed", DAY,
        DELIVERED "'qty':10,'defective_qty':10,'demand':'x'");
    assert_int_equal(case_row(s, "A1").defective_qty, 10);
    stage_close(s);
}

static void CMP_023_six_fields_are_mandatory(void **state)
{
    (void)state;
    static const char *const each[] = {"'order_no':'O1'", "'material':'M1'",
                                       "'shipped_on':'2024-01-10'", "'qty':10", "'demand':'x'"};
    struct stage *s = at(W_RECEIVED, DAY);
    for (size_t without = 0; without < COUNT_OF(each); without++) {
        char data[300] = "'market':'domestic','defective_qty':0";
        size_t n = strlen(data);
        for (size_t i = 0; i < COUNT_OF(each); i++) {
            if (i == without) continue;
            n += (size_t)snprintf(data + n, sizeof data - n, ",%s", each[i]);
        }
        bar(s, "BIZ", "A1", "complaint.form_filed", DAY, data, "CMP-023", "missing");
    }
    /* The sixth may be zero, which is always said. */
    assert_true(shape_field(shape_ev_complaint_form_filed(), STR("defective_qty"))->must);
    stage_close(s);
}

static void CMP_024_a_quantity_that_is_not_known_yet(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, DAY);
    bar(s, "BIZ", "A1", "complaint.form_filed", DAY,
        DELIVERED "'qty':10,'defective_qty':2,'demand':'x','demand_method':'exchange'", "CMP-024",
        "missing");
    act(s, "BIZ", "A1", "complaint.form_filed", DAY,
        DELIVERED "'qty':10,'defective_qty':2,'demand':'x','demand_method':'exchange',"
                  "'demand_note':'客戶加工中未確定'");
    walk(s, "A1", W_FILED, W_SYNTHESIS, DAY);
    bar(s, "GMO", "A1", "complaint.decided", DAY, DECISION("1.00"), "CMP-024", "missing");
    act(s, "BIZ", "A1", "complaint.demand_set", DAY, "'demand_qty':2");
    act(s, "GMO", "A1", "complaint.decided", DAY, DECISION("1.00"));
    stage_close(s);
}

/* ---- CMP-028: who may do what ---- */

static void CMP_028_each_unit_does_its_own(void **state)
{
    (void)state;
    static const struct {
        enum walked at;
        const char *unit, *type, *data;
    } no[] = {
        {W_RECEIVED, "QA", "complaint.form_filed", FORM},
        {W_RECEIVED, "GMO", "complaint.form_filed", FORM},
        {W_RECEIVED, "RD", "complaint.joint_inspection_needed", ""},
        {W_FILED, "BIZ", "complaint.accepted", ""},
        {W_ACCEPTED, CENTRE, "complaint.registered", ""},
        {W_REGISTERED, "WH", "complaint.step_done", QA_SAYS},
        {W_SYNTHESIS, "BIZ", "complaint.decided", DECISION("1.00")},
        {W_SYNTHESIS, CENTRE, "complaint.not_established", "'reason':'x'"},
        {W_RETURNED, "MFG", "complaint.customer_replied",
         "'channel':'letter','by':'x','summary':'x'"},
        {W_RETURNED, "QA", "complaint.negotiated", "'result':'accepted'"},
        {W_FINAL, "BIZ", "complaint.closed", ""},
        {W_RECEIVED, CENTRE, "complaint.severity_set", "'severity':'major'"},
    };
    for (size_t i = 0; i < COUNT_OF(no); i++) {
        struct stage *s = at(no[i].at, DAY);
        bar(s, no[i].unit, "A1", no[i].type, DAY, no[i].data, "CMP-028", "no_right");
        stage_close(s);
    }
}

static void CMP_028_what_nobody_is_named_for_everybody_may(void **state)
{
    (void)state;
    struct stage *s =
        desk_open_changed("common/complaint.yaml", "s/complaint.accepted, complaint.registered,//");
    drive(s, "A1", W_FILED, DAY);
    act(s, CENTRE, "A1", "complaint.accepted", DAY, "");
    act(s, "HR", "A1", "complaint.registered", DAY, "");
    stage_close(s);
}

/* ---- the number ---- */

static void number_cases(struct stage *s, int from, int count_, const char *local)
{
    for (int i = from; i < from + count_; i++) {
        char no[16];
        snprintf(no, sizeof no, "N%d", i);
        for (int w = W_RECEIVED; w <= W_REGISTERED; w++)
            tell(s, walk_facts[w].unit, walk_facts[w].type, local,
                 about(no, walk_facts[w].data).text);
        assert_string_equal(state_of(s, no), "relay");
    }
}

static const char *number_of(struct stage *s)
{
    return last(s, "complaint.registered", "complaint_no");
}

static void CMP_033_C_01_the_serial_begins_anew_each_month(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    number_cases(s, 0, 11, "2024-03-04T10:00");
    assert_string_equal(number_of(s), "240311");
    number_cases(s, 11, 1, "2024-03-29T10:00");
    assert_string_equal(number_of(s), "240312");
    number_cases(s, 12, 1, "2024-04-01T10:00");
    assert_string_equal(number_of(s), "240401");
    number_cases(s, 13, 51, "2024-12-02T10:00");
    number_cases(s, 64, 1, "2024-12-31T10:00");
    assert_string_equal(number_of(s), "241252");
    number_cases(s, 65, 1, "2025-01-01T10:00");
    assert_string_equal(number_of(s), "250101");
    stage_close(s);
}

static void CMP_032_C_02_the_month_is_that_of_the_registration(void **state)
{
    (void)state;
    struct stage *s = at(W_ACCEPTED, "2024-03-31T23:50");
    walk(s, "A1", W_ACCEPTED, W_REGISTERED, "2024-04-01T08:31");
    assert_string_equal(number_of(s), "240401");
    assert_string_equal(last(s, "complaint.step_entered", "complaint_no"), "240401");
    /* From now on the case has both names. */
    act(s, "QA", "240401", "complaint.step_done", "2024-04-01T09:00", QA_SAYS);
    assert_true(text_is(case_row(s, "A1").step, "manufacturing"));
    stage_close(s);
}

static void CMP_032_a_number_is_one_case_s(void **state)
{
    (void)state;
    struct stage *s = at(W_ACCEPTED, DAY);
    act(s, "GMO", "A1", "complaint.registered", DAY, "'complaint_no':'240302'"); /* by hand */
    drive(s, "A2", W_ACCEPTED, DAY);
    bar(s, "GMO", "A2", "complaint.registered", DAY, "'complaint_no':'240302'", "CMP-032",
        "known_number");
    act(s, "GMO", "A2", "complaint.registered", DAY, "");
    assert_string_equal(number_of(s), "240301");
    drive(s, "A3", W_REGISTERED, DAY);
    assert_string_equal(number_of(s), "240303"); /* 240302 is taken */
    stage_close(s);
}

static void CMP_034_C_03_more_than_99_in_a_month(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    number_cases(s, 0, 99, "2024-03-04T10:00");
    assert_string_equal(number_of(s), "240399");
    assert_int_equal(count(s, "complaint.number_overflow"), 0);
    number_cases(s, 99, 1, "2024-03-05T10:00");
    assert_string_equal(number_of(s), "2403100");
    assert_string_equal(last(s, "complaint.number_overflow", "complaint_no"), "2403100");
    stage_close(s);
    s = desk_open_changed("policy.yaml", "$acomplaint: {number_on_overflow: reject}");
    number_cases(s, 0, 99, "2024-03-04T10:00");
    drive(s, "N99", W_ACCEPTED, "2024-03-04T10:00");
    bar(s, "GMO", "N99", "complaint.registered", "2024-03-04T10:00", "", "CMP-034", "overflow");
    assert_string_equal(state_of(s, "N99"), "accepted");
    number_cases(s, 100, 1, "2024-04-01T10:00");
    assert_string_equal(number_of(s), "240401");
    stage_close(s);
}

static void CMP_032_years_of_the_republic(void **state)
{
    (void)state;
    struct stage *s = desk_open(ROUTE);
    act(s, "BIZ", "A1", "complaint.received", DAY, COMPLAINT ",'family':'PCB'");
    walk(s, "A1", W_RECEIVED, W_REGISTERED, DAY);
    assert_string_equal(number_of(s), "130301"); /* 民國 113 */
    stage_close(s);
}

static void CMP_035_registered_it_goes_to_quality(void **state)
{
    (void)state;
    struct stage *s = at(W_ACCEPTED, DAY);
    due_is(s, "complaint/A1", "complaint.total", "2024-03-14T10:00"); /* CMP-039 */
    walk(s, "A1", W_ACCEPTED, W_REGISTERED, "2024-03-01T11:00");
    assert_string_equal(last(s, "complaint.step_entered", "step"), "qa");
    assert_string_equal(last(s, "complaint.step_entered", "unit"), "QA");
    due_is(s, "complaint/A1", "complaint.total", "2024-03-14T10:00");
    stage_close(s);
}

/* ---- at any time ---- */

static void CMP_008_valid_and_invalid(void **state)
{
    (void)state;
    struct stage *s = at(W_QA, DAY);
    assert_int_equal(case_row(s, "A1").validity, validity_pending);
    act(s, "QA", "A1", "complaint.validated", DAY, "'by':'Q','service_caused':'yes'");
    assert_int_equal(case_row(s, "A1").validity, validity_valid);
    assert_true(case_row(s, "A1").service_caused);
    assert_string_equal(last(s, "complaint.dept_notified", "unit"), "MFG");
    stage_close(s);

    s = at(W_RECEIVED, DAY);
    act(s, "BIZ", "A1", "complaint.invalidated", "2024-03-01T11:00", "'reason':'not our goods'");
    assert_string_equal(state_of(s, "A1"), "not_established");
    assert_int_equal(case_row(s, "A1").validity, validity_invalid);
    assert_string_equal(end_of(s, "complaint/A1", "complaint.form_filing"), "stopped");
    bar(s, "GMO", "A1", "complaint.closed", DAY, "", "CMP-050", "missing"); /* CMP-138 */
    act(s, "BIZ", "A1", "complaint.customer_replied", "2024-03-01T12:00",
        "'channel':'phone','by':'B','summary':'explained patiently'");
    act(s, "GMO", "A1", "complaint.closed", "2024-03-01T13:00", "");
    assert_string_equal(last(s, "complaint.closed", "outcome"), "invalid");
    stage_close(s);

    s = at(W_REGISTERED, DAY); /* the step of the relay need not be done any more */
    act(s, "QA", "A1", "complaint.invalidated", "2024-03-01T11:00", "'reason':'not ours'");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.qa_review"), "stopped");
    stage_close(s);
}

static void CMP_012_a_grave_case_needs_research(void **state)
{
    (void)state;
    struct stage *s = at(W_MANUFACTURING, DAY);
    assert_int_equal(case_row(s, "A1").severity, severity_ordinary); /* until classified */
    act(s, "QA", "A1", "complaint.severity_set", DAY, "'severity':'serious'");
    act(s, "GMO", "A1", "complaint.step_done", DAY, "'rd_required':'no'");
    assert_true(text_is(case_row(s, "A1").step, "rd"));
    stage_close(s);
}

static void CMP_141_a_focal_problem_is_marked(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, DAY);
    act(s, "QA", "A1", "complaint.severity_set", DAY, "'severity':'ordinary','focal':'yes'");
    assert_true(case_row(s, "A1").focal);
    act(s, "QA", "A1", "complaint.severity_set", DAY, "'severity':'ordinary'");
    assert_true(case_row(s, "A1").focal);
    act(s, "QA", "A1", "complaint.severity_set", DAY, "'severity':'ordinary','focal':'no'");
    assert_false(case_row(s, "A1").focal);
    stage_close(s);
}

static void CMP_015_a_supplier_bears_his_share(void **state)
{
    (void)state;
    struct stage *s = at(W_QA, DAY);
    bar(s, "GMO", "A1", "complaint.supplier_share_set", DAY, "'supplier':'S','amount':'10.00'",
        "CMP-015", "unknown_word");
    act(s, "GMO", "A1", "complaint.supplier_involved", DAY, "'supplier':'S'");
    due_is(s, "complaint/A1", "complaint.mfg_analysis", "2024-03-04T10:00"); /* no pause */
    act(s, "ACC", "A1", "complaint.supplier_share_set", DAY, "'supplier':'S','amount':'10.00'");
    assert_int_equal(case_row(s, "A1").supplier_share, 1000);
    stage_close(s);
}

static void CMP_120_a_major_case_is_told_to_the_departments(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, DAY);
    act(s, CENTRE, "A1", "complaint.major_reported", DAY,
        "'own_opinion':'recall','user_demand':'new ones','to':'QA, RD'");
    assert_string_equal(last(s, "complaint.major_reported", "to"), "QA, RD");
    assert_true(case_row(s, "A1").major_at != 0);
    stage_close(s);
}

static void CMP_031_the_head_goes_himself(void **state)
{
    (void)state;
    struct stage *s = at(W_RECEIVED, DAY);
    bar(s, CENTRE, "A1", "complaint.visited", DAY, "'visitor_role':'technician'", "CMP-031",
        "role");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.visit"), "open");
    act(s, CENTRE, "A1", "complaint.visited", DAY, "'visitor_role':'special_delegate'");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.visit"), "stopped");
    stage_close(s);
}

static void CMP_019_the_customer_is_called_back(void **state)
{
    (void)state;
    struct stage *s = at(W_FINAL, DAY);
    bar(s, CENTRE, "A1", "complaint.called_back", DAY, "'satisfied':'no'", "CMP-019", "state");
    walk(s, "A1", W_FINAL, W_CLOSED, DAY);
    due_is(s, "complaint/A1", "complaint.callback", "2024-03-04T10:00");
    act(s, CENTRE, "A1", "complaint.called_back", "2024-03-02T10:00", "'satisfied':'no'");
    assert_string_equal(last(s, "complaint.satisfaction_recorded", "satisfied"), "no");
    act(s, CENTRE, "A1", "complaint.satisfaction_recorded", "2024-03-03T10:00",
        "'satisfied':'yes'");
    assert_int_equal(case_row(s, "A1").satisfied, yes_no_yes);
    stage_close(s);
}

static void CMP_020_the_close_says_what_files_are_sorted_by(void **state)
{
    (void)state;
    struct stage *s = at(W_FINAL, DAY);
    act(s, "GMO", "A1", "complaint.supplier_involved", DAY, "'supplier':'S'");
    walk(s, "A1", W_FINAL, W_CLOSED, DAY);
    static const char *const v[][2] = {
        {"customer", "K1"},         {"product", "PCB"},     {"material", "M1"},
        {"cause_class", "quality"}, {"supplier", "S"},      {"centre", CENTRE},
        {"opened_as", "A1"},        {"market", "domestic"}, {"responsible_unit", "MFG"}};
    for (size_t i = 0; i < COUNT_OF(v); i++)
        assert_string_equal(last(s, "complaint.closed", v[i][0]), v[i][1]);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_001_a_case_walks_to_its_close),
        cmocka_unit_test(CMP_001_customer_and_product_in_scope),
        cmocka_unit_test(CMP_006_every_origin_makes_a_record),
        cmocka_unit_test(CMP_009_disputes_on_a_platform_have_their_kinds),
        cmocka_unit_test(CMP_017_an_outside_body_is_answered_too),
        cmocka_unit_test(CMP_116_a_key_project_is_known_to_its_departments),
        cmocka_unit_test(CMP_025_the_form_waits_for_the_inspection),
        cmocka_unit_test(CMP_026_a_substitute_reports_to_the_general_manager),
        cmocka_unit_test(CMP_027_C_09_the_report_is_due_after_three_days),
        cmocka_unit_test(CMP_022_the_form_is_filled_at_once),
        cmocka_unit_test(CMP_023_no_more_are_defective_than_delivered),
        cmocka_unit_test(CMP_023_six_fields_are_mandatory),
        cmocka_unit_test(CMP_024_a_quantity_that_is_not_known_yet),
        cmocka_unit_test(CMP_028_each_unit_does_its_own),
        cmocka_unit_test(CMP_028_what_nobody_is_named_for_everybody_may),
        cmocka_unit_test(CMP_033_C_01_the_serial_begins_anew_each_month),
        cmocka_unit_test(CMP_032_C_02_the_month_is_that_of_the_registration),
        cmocka_unit_test(CMP_032_a_number_is_one_case_s),
        cmocka_unit_test(CMP_034_C_03_more_than_99_in_a_month),
        cmocka_unit_test(CMP_032_years_of_the_republic),
        cmocka_unit_test(CMP_035_registered_it_goes_to_quality),
        cmocka_unit_test(CMP_008_valid_and_invalid),
        cmocka_unit_test(CMP_012_a_grave_case_needs_research),
        cmocka_unit_test(CMP_141_a_focal_problem_is_marked),
        cmocka_unit_test(CMP_015_a_supplier_bears_his_share),
        cmocka_unit_test(CMP_120_a_major_case_is_told_to_the_departments),
        cmocka_unit_test(CMP_031_the_head_goes_himself),
        cmocka_unit_test(CMP_019_the_customer_is_called_back),
        cmocka_unit_test(CMP_020_the_close_says_what_files_are_sorted_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
