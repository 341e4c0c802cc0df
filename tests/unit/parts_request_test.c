/* parts_request_test.c - requests for parts: entitlement, the abnormality report, the signature,
 * replacements, arrival. Rules PRT-001, PRT-002, PRT-003, PRT-008, PRT-046. */
#include "tests/unit/parts_issue_door.h"

static struct rec_row_part_request request_row(struct stage *s, const char *no)
{
    struct rec_row_part_request row = {0};
    assert_true(row_at(s, PARTS_REQUEST, key_of(str_of(no)), &row));
    return row;
}

static const char *state_of(struct stage *s, const char *no)
{
    return code_word(&codes_part_request_state, request_row(s, no).state);
}

/* ---- PRT-001 ---- */

static void PRT_001_who_pays_where_no_call_says(void **state)
{
    static const struct {
        const char *said, *class;
    } rows[] = {
        {"'entitlement':'yes'", "free"},
        {"'entitlement':'yes','charge_later':'yes'", "free"},
        {"'entitlement':'no'", "paid"},
        {"'entitlement':'provisional'", "paid"},
        {"", "paid"},
        {"'entitlement':'no','charge_later':'no'", "paid"},
        {"'entitlement':'no','charge_later':'yes'", "charge_later"},
    };
    (void)state;
    struct stage *s = issue_open(false);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char no[8];
        snprintf(no, sizeof no, "R%zu", i);
        say(s, "BUS", "part.requested", "2026-03-02T09:00", request_said(no, 1, rows[i].said).text);
        assert_string_equal(last(s, "part.classified", "request_no"), no);
        assert_string_equal(last(s, "part.classified", "class"), rows[i].class);
    }
    stage_close(s);
}

/* Delivered 2026-01-10: covered up to and including 2027-01-10. The request's own word counts for
 * nothing then. */
static void PRT_001_the_call_says_whether_it_is_inside(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    call_of(s, "BUS", "C-IN", "2026-01-10", "2026-03-02T08:30");
    call_of(s, "BUS", "C-OUT", "2024-01-10", "2026-03-02T08:30");
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        request_said("R1", 1, "'call_no':'C-IN','entitlement':'no'").text);
    assert_string_equal(last(s, "part.classified", "class"), "free");
    assert_string_equal(last(s, "part.classified", "entitlement"), "yes");
    assert_string_equal(last(s, "part.classified", "category"), "c");
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        request_said("R2", 1, "'call_no':'C-OUT','entitlement':'yes'").text);
    assert_string_equal(last(s, "part.classified", "class"), "paid");
    assert_string_equal(last(s, "part.classified", "entitlement"), "no");
    stage_close(s);
}

/* Inside, but the caller's own doing: the guarantee is for quality problems (category A). */
static void PRT_001_inside_but_no_quality_problem_is_paid(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    tell(s, "BUS", "product.upserted", "2026-03-02T08:00",
         "'product':'X1','model':'M1','delivered':'2026-01-10'");
    tell(s, "BUS", "call.registered", "2026-03-02T08:30",
         "'call_no':'C1','product':'X1','model':'M1','fault':'broken','quality':'no'");
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        request_said("R1", 1, "'call_no':'C1'").text);
    assert_string_equal(last(s, "part.classified", "entitlement"), "yes");
    assert_string_equal(last(s, "part.classified", "category"), "a");
    assert_string_equal(last(s, "part.classified", "class"), "paid");
    stage_close(s);
}

static void PRT_001_a_request_says_what_is_needed(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    deny(s, "BUS", "part.requested", "2026-03-02T09:00", "'request_no':'R1'", "PRT-001", "missing");
    deny(s, "BUS", "part.requested", "2026-03-02T09:00", "'request_no':'R1','lines':[{'qty':1}]",
         "PRT-001", "missing");
    request(s, "BUS", "R1", 1, "2026-03-02T09:00");
    deny(s, "BUS", "part.requested", "2026-03-02T09:05", request_said("R1", 1, "").text, "PRT-001",
         "state");
    stage_close(s);
}

/* ---- PRT-002 ---- */

static void PRT_002_under_the_industrial_policy_the_report_is_the_basis(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    deny(s, "IND", "part.requested", "2026-03-02T09:00", request_said("R1", 1, "").text, "PRT-002",
         "missing");
    deny(s, "IND", "part.requested", "2026-03-02T09:00",
         request_said("R1", 1, "'abnormal_no':'A1'").text, "PRT-002", "unknown_report");
    report(s, "A1", "[{'part_no':'P1','name':'relay','qty':2}]", "2026-03-02T09:10");
    say(s, "IND", "part.requested", "2026-03-02T09:20", "'request_no':'R1','abnormal_no':'A1'");
    struct rec_row_part_request r = request_row(s, "R1");
    assert_int_equal(r.lines.n, 1);
    assert_true(str_is(r.lines.v[0].part_no, "P1") && r.lines.v[0].qty == 2);
    assert_true(str_is(r.product, "X7") && str_is(r.policy, "PP-IND"));
    request(s, "BUS", "R2", 1, "2026-03-02T09:30"); /* others need none */
    stage_close(s);
}

static void PRT_002_the_item_number_is_looked_up(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        "'request_no':'R1','lines':[{'name':'relay','qty':1}]");
    deny(s, "BUS", "part.number_resolved", "2026-03-02T10:00",
         "'request_no':'R1','line':2,'part_no':'P7'", "PRT-002", "unknown_line");
    deny(s, "BUS", "part.number_resolved", "2026-03-02T10:00",
         "'request_no':'R9','line':1,'part_no':'P7'", "PRT-002", "unknown_number");
    say(s, "BUS", "part.number_resolved", "2026-03-02T10:00",
        "'request_no':'R1','line':1,'part_no':'P7','clerk':'K1'");
    assert_true(str_is(request_row(s, "R1").lines.v[0].part_no, "P7"));
    stage_close(s);
}

/* ---- PRT-003 ---- */

static void PRT_003_the_signature_of_the_report_is_taken_over(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    report(s, "A1", "[{'part_no':'P1','qty':2}]", "2026-03-02T09:00");
    say(s, "IND", "part.requested", "2026-03-02T09:20", "'request_no':'R1','abnormal_no':'A1'");
    assert_string_equal(state_of(s, "R1"), "requested");
    deny(s, "IND", "part.approved", "2026-03-02T09:30", "'request_no':'R1','by':'boss'", "PRT-003",
         "by_report");
    deny(s, "IND", "part.refused", "2026-03-02T09:30",
         "'request_no':'R1','by':'boss','reason':'no'", "PRT-003", "by_report");
    report_signed(s, "A1", "2026-03-02T10:00");
    assert_string_equal(state_of(s, "R1"), "approved");
    assert_string_equal(last(s, "part.approved", "by"), "chief");
    assert_string_equal(end_of(s, "part/R1", "part.decide"), "none");
    stage_close(s);
}

static void PRT_003_a_report_that_is_refused_refuses_its_requests(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    report(s, "A1", "[{'part_no':'P1','qty':2}]", "2026-03-02T09:00");
    say(s, "IND", "part.requested", "2026-03-02T09:20", "'request_no':'R1','abnormal_no':'A1'");
    tell(s, "IND", "abnormal.refused", "2026-03-02T10:00",
         "'report_no':'A1','by':'chief','reason':'repair it'");
    assert_string_equal(state_of(s, "R1"), "refused");
    assert_string_equal(last(s, "part.refused", "reason"), "repair it");
    say(s, "IND", "part.requested", "2026-03-02T10:20", "'request_no':'R2','abnormal_no':'A1'");
    assert_string_equal(state_of(s, "R2"), "refused");
    /* Asked again at intake, and signed. */
    tell(s, "IND", "abnormal.approval_requested", "2026-03-02T11:00", "'report_no':'A1'");
    report_signed(s, "A1", "2026-03-02T12:00");
    assert_string_equal(state_of(s, "R1"), "approved");
    assert_string_equal(state_of(s, "R2"), "approved");
    stage_close(s);
}

/* PRT-EX-36, PRT-EX-37. */
static void PRT_003_examples(void **state)
{
    static const struct {
        const char *id, *unit;
        bool by_report, armed, approved;
    } rows[] = {{"PRT-EX-36", "IND", true, false, true}, {"PRT-EX-37", "BUS", false, true, false}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = issue_open(false);
        if (rows[i].by_report) {
            report(s, "A1", "[{'part_no':'P1','qty':1}]", "2026-03-02T08:30");
            report_signed(s, "A1", "2026-03-02T08:40");
        }
        const char *basis = rows[i].by_report ? "'abnormal_no':'A1'" : "";
        say(s, rows[i].unit, "part.requested", "2026-03-02T09:00",
            request_said("R1", 1, basis).text);
        bool armed = strcmp(end_of(s, "part/R1", "part.decide"), "none") != 0;
        bool approved = strcmp(state_of(s, "R1"), "approved") == 0;
        if (armed != rows[i].armed || approved != rows[i].approved) fail_msg("%s", rows[i].id);
        assert_int_equal(count(s, "part.approved"), rows[i].approved);
        stage_close(s);
    }
}

/* Monday 09:00 + 480 working minutes: 180 + 270 on Monday, 30 on Tuesday. ESC-W: due, + 240, + 480
 * working minutes. */
static void PRT_003_part_decide_passes_its_ladder(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    request(s, "BUS", "R1", 1, "2026-03-02T09:00");
    due_is(s, "part/R1", "part.decide", "2026-03-03T09:00");
    until(s, "2026-03-10T00:00");
    ladder_is(s, "part/R1", "part.decide", "2026-03-03T09:00 2026-03-03T14:00 2026-03-04T09:00");
    assert_int_equal(reminders(s, "part.decide"), 3);
    approve(s, "BUS", "R1", "2026-03-10T09:00");
    assert_string_equal(end_of(s, "part/R1", "part.decide"), "late");
    stage_close(s);
}

static void PRT_003_part_decide_is_stopped_by_either_answer(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    request(s, "BUS", "R1", 1, "2026-03-02T09:00");
    request(s, "BUS", "R2", 1, "2026-03-02T09:00");
    approve(s, "BUS", "R1", "2026-03-03T09:00"); /* exactly in time */
    say(s, "BUS", "part.refused", "2026-03-02T16:00",
        "'request_no':'R2','by':'boss','reason':'no'");
    until(s, "2026-03-10T00:00");
    assert_int_equal(reminders(s, "part.decide"), 0);
    assert_string_equal(end_of(s, "part/R1", "part.decide"), "stopped");
    assert_string_equal(end_of(s, "part/R2", "part.decide"), "stopped");
    deny(s, "BUS", "part.approved", "2026-03-10T09:00", "'request_no':'R2','by':'boss'", "PRT-003",
         "state");
    deny(s, "BUS", "part.approved", "2026-03-10T09:00", "'request_no':'R3','by':'boss'", "PRT-003",
         "unknown_number");
    stage_close(s);
}

static void PRT_003_less_may_be_approved_and_not_more(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    request(s, "BUS", "R1", 3, "2026-03-02T09:00");
    deny(s, "BUS", "part.approved", "2026-03-02T10:00",
         "'request_no':'R1','by':'boss','approved':[{'part_no':'P1','qty':4}]", "PRT-003",
         "over_requested");
    deny(s, "BUS", "part.approved", "2026-03-02T10:00",
         "'request_no':'R1','by':'boss','approved':[{'part_no':'P2','qty':1}]", "PRT-003",
         "over_requested");
    say(s, "BUS", "part.approved", "2026-03-02T10:00",
        "'request_no':'R1','by':'boss','approved':[{'part_no':'P1','qty':2}]");
    assert_int_equal(request_row(s, "R1").approved.v[0].qty, 2);
    stage_close(s);
}

/* A parts policy without an approver asks for no signature. */
static void PRT_003_where_nobody_has_to_sign_it_is_approved_at_once(void **state)
{
    (void)state;
    struct stage *s = parts_open_changed("common/parts.yaml", "/approver: .領導/d");
    request(s, "BUS", "R1", 1, "2026-03-02T09:00");
    assert_string_equal(state_of(s, "R1"), "approved");
    assert_string_equal(last(s, "part.approved", "by"), "PP-BUS");
    assert_string_equal(end_of(s, "part/R1", "part.decide"), "none");
    stage_close(s);
}

/* ---- PRT-008 ---- */

static void work_begins(struct stage *s, const char *unit, const char *call, const char *local)
{
    struct fact_words w = about("call_no", call, "'technician':'T1'");
    tell(s, unit, "job.assigned", local, w.text);
    tell(s, unit, "job.arrived", local, w.text);
}

static void PRT_008_an_unrepairable_unit_is_replaced_free_of_charge(void **state)
{
    (void)state;
    struct stage *s = issue_open(true);
    call_of(s, "IT", "C1", "2026-01-10", "2026-03-02T09:00");
    call_of(s, "BUS", "C2", "2026-01-10", "2026-03-02T09:00");
    work_begins(s, "IT", "C1", "2026-03-02T10:00");
    work_begins(s, "BUS", "C2", "2026-03-02T10:00");
    tell(s, "IT", "job.unrepairable", "2026-03-02T11:00", "'call_no':'C1','job':1");
    tell(s, "BUS", "job.unrepairable", "2026-03-02T11:00", "'call_no':'C2','job':1");
    until(s, "2026-03-02T11:30"); /* parts hears dispatch when the clock of the door has moved on */
    assert_int_equal(count(s, "part.replacement_requested"), 1); /* not under SP-BUS */
    assert_string_equal(last(s, "part.replacement_requested", "call_no"), "C1");
    assert_string_equal(last(s, "part.replacement_requested", "condition"), "new_original");
    assert_string_equal(last(s, "part.replacement_requested", "product"), "X-C1");
    assert_string_equal(last(s, "part.classified", "class"), "free");
    struct rec_row_part_request r = request_row(s, "C1/new-1");
    assert_int_equal(r.lines.v[0].qty, 1);
    assert_true(str_is(r.unit, "IT") && str_is(r.policy, "PP-IT"));
    assert_string_equal(end_of(s, "part/C1/new-1", "part.decide"), "open");
    tell(s, "IT", "job.unrepairable", "2026-03-02T12:00", "'call_no':'C1'");
    until(s, "2026-03-02T12:30");
    assert_int_equal(count(s, "part.replacement_requested"), 1);
    /* One unit, whose number is looked up. */
    approve(s, "IT", "C1/new-1", "2026-03-02T13:00");
    const char *one = "'note_no':'N1','request_no':'C1/new-1','lines':[{'part_no':'U1','qty':1}]";
    deny(s, "IT", "issue.opened", "2026-03-02T13:10", one, "PRT-015", "over_approved");
    say(s, "IT", "part.number_resolved", "2026-03-02T13:20",
        "'request_no':'C1/new-1','line':1,'part_no':'U1'");
    say(s, "IT", "issue.opened", "2026-03-02T13:30", one);
    stage_close(s);
}

/* Accepted 2020-01-10, 36 months: over since 2023-01-10. */
static void PRT_008_outside_the_guarantee_nothing_is_free(void **state)
{
    (void)state;
    struct stage *s = issue_open(true);
    tell(s, "IT", "product.upserted", "2026-03-02T08:00",
         "'product':'X1','model':'M1','accepted':'2020-01-10'");
    tell(s, "IT", "call.registered", "2026-03-02T08:30",
         "'call_no':'C1','product':'X1','model':'M1','fault':'dead'");
    work_begins(s, "IT", "C1", "2026-03-02T10:00");
    tell(s, "IT", "job.unrepairable", "2026-03-02T11:00", "'call_no':'C1','job':1");
    until(s, "2026-03-02T11:30");
    assert_int_equal(stage_count(s, OWNER_dispatch, "job.unrepairable"), 1);
    assert_int_equal(count(s, "part.replacement_requested"), 0);
    stage_close(s);
}

/* ---- PRT-046 ---- */

static void PRT_046_part_arrived_marks_what_waited(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        request_said("R1", 1, "'call_no':'C1'").text);
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        request_said("R2", 1, "'workorder':'W1'").text);
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        request_said("R3", 1, "'call_no':'C1'").text);
    deny(s, "BUS", "part.arrived", "2026-03-03T09:00", "'person':'T1'", "PRT-046", "missing");
    deny(s, "BUS", "part.arrived", "2026-03-03T09:00", "'request_no':'R9'", "PRT-046",
         "unknown_request");
    say(s, "BUS", "part.arrived", "2026-03-03T09:00", "'request_no':'R1','call_no':'C1'");
    assert_int_equal(request_row(s, "R1").arrived_at, instant("2026-03-03T09:00"));
    assert_int_equal(request_row(s, "R3").arrived_at, 0);
    say(s, "BUS", "part.arrived", "2026-03-04T09:00", "'call_no':'C1'");
    assert_int_equal(request_row(s, "R1").arrived_at, instant("2026-03-03T09:00"));
    assert_int_equal(request_row(s, "R3").arrived_at, instant("2026-03-04T09:00"));
    assert_int_equal(request_row(s, "R2").arrived_at, 0);
    say(s, "BUS", "part.arrived", "2026-03-05T09:00", "'workorder':'W1'");
    assert_int_equal(request_row(s, "R2").arrived_at, instant("2026-03-05T09:00"));
    say(s, "BUS", "part.arrived", "2026-03-05T09:00", "'workorder':'W7'"); /* nothing waited */
    stage_close(s);
}

static enum board_state board_of(struct stage *s)
{
    struct rec_row_workorder row = {0};
    assert_true(stage_row(s, OWNER_dispatch, &dispatch_tables[DISPATCH_WORKORDER],
                          key_of(STR("W1")), &row));
    return row.board;
}

static void waits(struct stage *s, const char *local)
{
    tell(s, "BUS", "board.changed", local,
         "'workorder':'W1','to':'waiting_parts','part_request':'R1'");
    assert_int_equal(board_of(s), board_state_waiting_parts);
}

static void PRT_046_a_repair_order_in_waiting_goes_on(void **state)
{
    (void)state;
    struct stage *s = issue_open(true);
    tell(s, "BUS", "vehicle.received", "2026-03-02T09:00",
         "'vehicle':'V1','adviser':'T2','work':'mechanical','phone':'1'");
    tell(s, "BUS", "workorder.opened", "2026-03-02T09:10",
         "'workorder':'W1','vehicle':'V1','adviser':'T2','signed_by':'Li'");
    say(s, "BUS", "part.requested", "2026-03-02T09:20",
        request_said("R1", 1, "'workorder':'W1'").text);
    waits(s, "2026-03-02T09:30");
    tell(s, "BUS", "part.arrived", "2026-03-02T09:29", "'workorder':'W1'"); /* told late */
    assert_int_equal(board_of(s), board_state_waiting_parts);
    tell(s, "BUS", "part.arrived", "2026-03-02T10:00", "'workorder':'W1','request_no':'R1'");
    assert_int_equal(board_of(s), board_state_in_repair);
    waits(s, "2026-03-02T11:00");
    request(s, "BUS", "R2", 1, "2026-03-02T11:30");
    tell(s, "BUS", "part.arrived", "2026-03-02T12:00", "'workorder':'W1','request_no':'R2'");
    assert_int_equal(board_of(s), board_state_waiting_parts); /* another request */
    tell(s, "BUS", "part.arrived", "2026-03-02T13:00", "'workorder':'W1'");
    assert_int_equal(board_of(s), board_state_in_repair);
    assert_string_equal(stage_last(s, OWNER_dispatch, "board.changed", "to"), "in_repair");
    stage_close(s);
}

static void PRT_003_nobody_signs_his_own_request(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        request_said("R1", 1, "'person':'T1'").text);
    deny(s, "BUS", "part.approved", "2026-03-02T09:10", "'request_no':'R1','by':'T1'", "PRT-003",
         "same_person");
    deny(s, "BUS", "part.refused", "2026-03-02T09:10", "'request_no':'R1','by':'T1','reason':'r'",
         "PRT-003", "same_person");
    approve(s, "BUS", "R1", "2026-03-02T09:20");
    stage_close(s);
}

#define BY(who) "'request_no':'R1','by':'" who "'"

/* Of the roles of PP-BUS; not who is unknown, has another role, or has left. */
static void PRT_003_the_leader_signs(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00",
                     "{'person':'L9','unit':'BUS','role':'head','left':true}");
    request(s, "BUS", "R1", 1, "2026-03-02T09:00");
    deny(s, "BUS", "part.approved", "2026-03-02T09:10", BY("X9"), "PRT-003", "not_entitled");
    assert_string_equal(last(s, "refused.fact", "text"),
                        "X9 is no member of staff (person.upserted); name in by somebody whose "
                        "role is 領導, supervisor, manager or head");
    deny(s, "BUS", "part.approved", "2026-03-02T09:10", BY("K1"), "PRT-003", "not_entitled");
    deny(s, "BUS", "part.approved", "2026-03-02T09:10", BY("L9"), "PRT-003", "not_entitled");
    deny(s, "BUS", "part.refused", "2026-03-02T09:10", BY("K1") ",'reason':'r'", "PRT-003",
         "not_entitled");
    say(s, "BUS", "part.approved", "2026-03-02T09:20", BY("HD"));
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_003_the_leader_signs),
        cmocka_unit_test(PRT_003_nobody_signs_his_own_request),
        cmocka_unit_test(PRT_001_who_pays_where_no_call_says),
        cmocka_unit_test(PRT_001_the_call_says_whether_it_is_inside),
        cmocka_unit_test(PRT_001_inside_but_no_quality_problem_is_paid),
        cmocka_unit_test(PRT_001_a_request_says_what_is_needed),
        cmocka_unit_test(PRT_002_under_the_industrial_policy_the_report_is_the_basis),
        cmocka_unit_test(PRT_002_the_item_number_is_looked_up),
        cmocka_unit_test(PRT_003_the_signature_of_the_report_is_taken_over),
        cmocka_unit_test(PRT_003_a_report_that_is_refused_refuses_its_requests),
        cmocka_unit_test(PRT_003_examples),
        cmocka_unit_test(PRT_003_part_decide_passes_its_ladder),
        cmocka_unit_test(PRT_003_part_decide_is_stopped_by_either_answer),
        cmocka_unit_test(PRT_003_less_may_be_approved_and_not_more),
        cmocka_unit_test(PRT_003_where_nobody_has_to_sign_it_is_approved_at_once),
        cmocka_unit_test(PRT_008_an_unrepairable_unit_is_replaced_free_of_charge),
        cmocka_unit_test(PRT_008_outside_the_guarantee_nothing_is_free),
        cmocka_unit_test(PRT_046_part_arrived_marks_what_waited),
        cmocka_unit_test(PRT_046_a_repair_order_in_waiting_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
