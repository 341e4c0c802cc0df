/* complaint_conduct_test.c - complaints about conduct and service. Rules CMP-005, CMP-007, CMP-008,
 * CMP-031, CMP-076; worked example C-38. */
#include "tests/unit/complaint_door.h"

#define PAPER "service_complaint/S1"
#define SAID "'channel':'call','customer':'K1','text':'he shouted at me'"
#define FIRST "'channel':'phone','by':'D. Ho','summary':'we look into it'"
#define FINAL "'channel':'letter','by':'D. Ho','summary':'we are sorry','final':'yes'"

static struct stage *received(const char *more)
{
    struct stage *s = desk_open(POLICY_STD);
    char data[300];
    snprintf(data, sizeof data, SAID "%s%s", *more ? "," : "", more);
    act(s, CENTRE, "S1", "service_complaint.received", "2024-03-07T15:00", data);
    return s;
}

static struct rec_row_service_complaint paper(struct stage *s)
{
    struct rec_row_service_complaint row;
    assert_true(row_at(s, COMPLAINT_SERVICE, key_of(STR("S1")), &row));
    return row;
}

/* ---- CMP-005 ---- */

static void CMP_005_every_message_about_conduct_is_a_complaint(void **state)
{
    (void)state;
    static const char *const channels[] = {"call", "letter", "visit"};
    struct stage *s = desk_open(POLICY_STD);
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        char no[8], data[120];
        snprintf(no, sizeof no, "S%zu", i);
        snprintf(data, sizeof data, "'channel':'%s','customer':'K1','text':'rude'", channels[i]);
        act(s, CENTRE, no, "service_complaint.received", "2024-03-07T15:00", data);
    }
    assert_int_equal(count(s, "complaint.registered"), 0); /* no number */
    bar(s, "BIZ", "S1", "complaint.received", "2024-03-07T16:00", COMPLAINT, "CMP-001",
        "known_number");
    drive(s, "P1", W_RECEIVED, "2024-03-07T16:00");
    bar(s, CENTRE, "P1", "service_complaint.received", "2024-03-07T16:00", SAID, "CMP-005",
        "known_number");
    bar(s, CENTRE, "S1", "service_complaint.received", "2024-03-07T16:00", SAID, "CMP-005",
        "state");
    bar(s, CENTRE, "S7", "service_complaint.received", "2024-03-07T16:00",
        SAID ",'category':'weather'", "CMP-128", "unknown_word");
    stage_close(s);
}

static void CMP_005_answered_and_verified_in_time(void **state)
{
    (void)state;
    struct stage *s = received("'received_at':'2024-03-07T14:00:00+08:00'");
    due_is(s, PAPER, "complaint.first_answer", "2024-03-08T14:00");
    due_is(s, PAPER, "complaint.verify", "2024-03-10T14:00");
    due_is(s, PAPER, "complaint.visit", "2024-03-08T14:00");
    act(s, CENTRE, "S1", "service_complaint.answered", "2024-03-08T14:00", FIRST);
    assert_string_equal(end_of(s, PAPER, "complaint.first_answer"), "stopped");
    act(s, CENTRE, "S1", "service_complaint.verified", "2024-03-10T14:00", "'cause':'other'");
    assert_string_equal(end_of(s, PAPER, "complaint.verify"), "stopped");
    assert_int_equal(reminders(s, "complaint.verify"), 0);
    stage_close(s);
}

static void CMP_005_ladders_of_answer_and_verification(void **state)
{
    (void)state;
    struct stage *s = received("");
    until(s, "2024-03-08T15:00");
    assert_int_equal(reminders(s, "complaint.first_answer"), 0); /* due, and not late */
    until(s, "2024-03-12T15:01"); /* due 8 March 15:00, then every 24 hours */
    assert_int_equal(reminders(s, "complaint.first_answer"), 5);
    assert_int_equal(reminders(s, "complaint.verify"), 3); /* due 10 March 15:00 */
    act(s, CENTRE, "S1", "service_complaint.answered", "2024-03-12T16:00", FIRST);
    assert_string_equal(end_of(s, PAPER, "complaint.first_answer"), "late");
    until(s, "2024-03-14T15:01");
    assert_int_equal(reminders(s, "complaint.first_answer"), 5);
    assert_int_equal(reminders(s, "complaint.verify"), 5);
    act(s, CENTRE, "S1", "service_complaint.invalidated", "2024-03-14T16:00", "'reason':'a joke'");
    assert_string_equal(end_of(s, PAPER, "complaint.verify"), "late");
    stage_close(s);
}

static void CMP_005_a_late_report_of_an_answer_in_time(void **state)
{
    (void)state;
    struct stage *s = received("");
    until(s, "2024-03-09T16:00");
    assert_int_equal(reminders(s, "complaint.first_answer"), 2);
    act(s, CENTRE, "S1", "service_complaint.answered", "2024-03-07T17:00", FIRST);
    assert_string_equal(end_of(s, PAPER, "complaint.first_answer"), "stopped");
    assert_true(count(s, "deadline.withdrawn") > 0);
    stage_close(s);
}

/* ---- CMP-007, CMP-008 ---- */

static void CMP_007_no_end_without_a_final_answer(void **state)
{
    (void)state;
    struct stage *s = received("");
    bar(s, CENTRE, "S1", "service_complaint.closed", "2024-03-07T16:00", "", "CMP-076", "state");
    bar(s, CENTRE, "S1", "service_complaint.answered", "2024-03-07T16:00", FINAL, "CMP-007",
        "state");
    act(s, CENTRE, "S1", "service_complaint.answered", "2024-03-07T16:00", FIRST);
    assert_int_equal(paper(s).state, service_complaint_state_verifying);
    act(s, CENTRE, "S1", "service_complaint.verified", "2024-03-08T10:00", "'cause':'other'");
    assert_int_equal(paper(s).state, service_complaint_state_valid);
    bar(s, CENTRE, "S1", "service_complaint.closed", "2024-03-08T10:30", "", "CMP-007", "missing");
    act(s, CENTRE, "S1", "service_complaint.answered", "2024-03-08T11:00", FINAL);
    act(s, CENTRE, "S1", "service_complaint.closed", "2024-03-08T12:00", "");
    assert_int_equal(paper(s).state, service_complaint_state_closed);
    bar(s, CENTRE, "S1", "service_complaint.answered", "2024-03-08T13:00", FIRST, "CMP-007",
        "state");
    stage_close(s);
}

static void CMP_008_invalid_is_explained(void **state)
{
    (void)state;
    struct stage *s = received("");
    act(s, CENTRE, "S1", "service_complaint.invalidated", "2024-03-08T10:00",
        "'reason':'he was never there'");
    assert_int_equal(paper(s).validity, validity_invalid);
    bar(s, CENTRE, "S1", "service_complaint.closed", "2024-03-08T10:30", "", "CMP-007", "missing");
    bar(s, CENTRE, "S1", "service_complaint.verified", "2024-03-08T10:30", "'cause':'other'",
        "CMP-076", "state");
    act(s, CENTRE, "S1", "service_complaint.answered", "2024-03-08T11:00", FINAL);
    assert_int_equal(paper(s).state, service_complaint_state_explained);
    act(s, CENTRE, "S1", "service_complaint.closed", "2024-03-08T12:00", "");
    assert_int_equal(count(s, "complaint.dept_notified"), 0);
    assert_int_equal(count(s, "service_complaint.sanction_due"), 0);
    stage_close(s);
}

static void CMP_008_valid_is_told_to_the_department(void **state)
{
    (void)state;
    struct stage *s = received("");
    act(s, CENTRE, "S1", "service_complaint.verified", "2024-03-08T10:00", "'cause':'other'");
    assert_string_equal(last(s, "complaint.dept_notified", "case_no"), "S1");
    assert_string_equal(last(s, "complaint.dept_notified", "unit"), CENTRE);
    act(s, "SVC", "S2", "service_complaint.received", "2024-03-07T15:00",
        SAID ",'centre':'" CENTRE "'"); /* reported by another unit than its own */
    act(s, "SVC", "S2", "service_complaint.verified", "2024-03-08T11:00", "'cause':'other'");
    assert_string_equal(last(s, "complaint.dept_notified", "case_no"), "S2");
    assert_string_equal(last(s, "complaint.dept_notified", "unit"), CENTRE);
    assert_int_equal(paper(s).validity, validity_valid);
    bar(s, CENTRE, "S9", "service_complaint.verified", "2024-03-08T10:00", "'cause':'other'",
        "CMP-076", "unknown_number");
    stage_close(s);
}

/* ---- CMP-076, C-38 ---- */

static void CMP_076_conduct_brings_one_major_demerit(void **state)
{
    (void)state;
    static const struct {
        const char *id, *cause;
        size_t sanctions;
    } rows[] = {{"C-38", "quarrel", 1},
                {"CMP-076 2", "solicitation", 1},
                {"CMP-076 3", "untimely", 1},
                {"CMP-076 4", "repeat_repair", 1},
                {"CMP-005", "other", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = received("");
        char data[80];
        snprintf(data, sizeof data, "'cause':'%s','accused':'T1'", rows[i].cause);
        act(s, CENTRE, "S1", "service_complaint.verified", "2024-03-08T10:00", data);
        size_t n = count(s, "service_complaint.sanction_due");
        if (n != rows[i].sanctions) fail_msg("%s: %zu sanctions", rows[i].id, n);
        if (n) {
            assert_string_equal(last(s, "service_complaint.sanction_due", "person"), "T1");
            assert_string_equal(last(s, "service_complaint.sanction_due", "kind"), "major_demerit");
            assert_string_equal(last(s, "service_complaint.sanction_due", "count"), "1");
            assert_string_equal(last(s, "service_complaint.sanction_due", "cause"), rows[i].cause);
        }
        stage_close(s);
    }
}

static void CMP_076_it_is_somebody_s(void **state)
{
    (void)state;
    struct stage *s = received("");
    bar(s, CENTRE, "S1", "service_complaint.verified", "2024-03-08T10:00", "'cause':'quarrel'",
        "CMP-076", "missing");
    assert_int_equal(count(s, "service_complaint.sanction_due"), 0);
    stage_close(s);
    s = received("'accused':'T2'"); /* named when it was received */
    act(s, CENTRE, "S1", "service_complaint.verified", "2024-03-08T10:00", "'cause':'quarrel'");
    assert_string_equal(last(s, "service_complaint.sanction_due", "person"), "T2");
    stage_close(s);
}

static void CMP_076_the_effect_is_repaired_before_the_end(void **state)
{
    (void)state;
    struct stage *s = received("'accused':'T1'");
    act(s, CENTRE, "S1", "service_complaint.verified", "2024-03-08T10:00", "'cause':'quarrel'");
    act(s, CENTRE, "S1", "service_complaint.answered", "2024-03-08T11:00", FINAL);
    bar(s, CENTRE, "S1", "service_complaint.closed", "2024-03-08T12:00", "", "CMP-076", "missing");
    act(s, CENTRE, "S1", "service_complaint.closed", "2024-03-08T12:00",
        "'repair_measure':'the head apologised'");
    assert_int_equal(paper(s).state, service_complaint_state_closed);
    stage_close(s);
}

static void CMP_076_the_list_of_causes_is_the_company_s(void **state)
{
    (void)state;
    struct stage *s =
        desk_open_changed("policy.yaml", "$ a complaint: {sanction_causes: [quarrel]}");
    act(s, CENTRE, "S1", "service_complaint.received", "2024-03-07T15:00", SAID);
    act(s, CENTRE, "S1", "service_complaint.verified", "2024-03-08T10:00", "'cause':'untimely'");
    assert_int_equal(count(s, "service_complaint.sanction_due"), 0);
    stage_close(s);
}

static void CMP_028_only_who_may(void **state)
{
    (void)state;
    struct stage *s = desk_open_changed("common/complaint.yaml",
                                        "s/label: 服務部, may: \\[/&service_complaint.received, "
                                        "service_complaint.verified, opinion.classified, /");
    bar(s, CENTRE, "S1", "service_complaint.received", "2024-03-07T15:00", SAID, "CMP-028",
        "no_right");
    act(s, "SVC", "S1", "service_complaint.received", "2024-03-07T15:00", SAID);
    bar(s, CENTRE, "S1", "service_complaint.verified", "2024-03-07T15:00", "'cause':'other'",
        "CMP-028", "no_right");
    deny(s, CENTRE, "opinion.classified", "2024-03-07T15:00",
         "'opinion_no':'O1','severity':'major'", "CMP-122", "unknown_number");
    say(s, CENTRE, "opinion.received", "2024-03-07T15:00",
        "'opinion_no':'O1','kind':'complaint','text':'burnt'");
    deny(s, CENTRE, "opinion.classified", "2024-03-07T15:00",
         "'opinion_no':'O1','severity':'major'", "CMP-028", "no_right");
    stage_close(s);
}

/* ---- CMP-031 ---- */

static void CMP_031_the_head_visits_who_complains_about_service(void **state)
{
    (void)state;
    struct stage *s = received("");
    bar(s, CENTRE, "S1", "complaint.visited", "2024-03-08T10:00", "'visitor_role':'technician'",
        "CMP-031", "role");
    act(s, CENTRE, "S1", "complaint.visited", "2024-03-08T10:00",
        "'visitor_role':'supervisor','person':'H. Su'");
    assert_string_equal(end_of(s, PAPER, "complaint.visit"), "stopped");
    assert_true(paper(s).visited_at == instant("2024-03-08T10:00"));
    bar(s, CENTRE, "S9", "complaint.visited", "2024-03-08T10:00", "'visitor_role':'supervisor'",
        "CMP-031", "unknown_number");
    stage_close(s);
}

static void CMP_031_ladder_of_the_visit(void **state)
{
    (void)state;
    struct stage *s = received("");
    until(s, "2024-03-10T15:01"); /* 8, 9 and 10 March 15:00 */
    assert_int_equal(reminders(s, "complaint.visit"), 3);
    act(s, CENTRE, "S1", "complaint.visited", "2024-03-10T16:00",
        "'visitor_role':'special_delegate'");
    until(s, "2024-03-12T16:00");
    assert_int_equal(reminders(s, "complaint.visit"), 3);
    assert_string_equal(end_of(s, PAPER, "complaint.visit"), "late");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_005_every_message_about_conduct_is_a_complaint),
        cmocka_unit_test(CMP_005_answered_and_verified_in_time),
        cmocka_unit_test(CMP_005_ladders_of_answer_and_verification),
        cmocka_unit_test(CMP_005_a_late_report_of_an_answer_in_time),
        cmocka_unit_test(CMP_007_no_end_without_a_final_answer),
        cmocka_unit_test(CMP_008_invalid_is_explained),
        cmocka_unit_test(CMP_008_valid_is_told_to_the_department),
        cmocka_unit_test(CMP_076_conduct_brings_one_major_demerit),
        cmocka_unit_test(CMP_076_it_is_somebody_s),
        cmocka_unit_test(CMP_076_the_effect_is_repaired_before_the_end),
        cmocka_unit_test(CMP_076_the_list_of_causes_is_the_company_s),
        cmocka_unit_test(CMP_028_only_who_may),
        cmocka_unit_test(CMP_031_the_head_visits_who_complains_about_service),
        cmocka_unit_test(CMP_031_ladder_of_the_visit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
