/* scoring_year_track_test.c - improvement plan, serious warning, separation: the tracks D and E,
 * from results to what people decide (SCO-036, SCO-037), and back when a result is revised. */
#include "tests/unit/scoring_year_door.h"

#define TRACK(person, track) "'person':'" person "','scheme':'4s_ae','track':'" track "'"
#define CASE(person, track) "track/" person "/4s_ae/" track
#define PLAN_CLOCK "scoring.improvement_plan"

static void signed_with(struct stage *s, const char *person, const char *month, const char *local,
                        const char *more)
{
    char data[300];
    snprintf(data, sizeof data,
             "'person':'%s','scheme':'4s_ae','first':'%s-01','signed_manager':'M1'%s", person,
             month, more);
    say(s, "C1", "scoring.acknowledged", local, data);
}

/* ---- the worked examples, event by event ---- */

static void SCO_036_S_20_plan_warning_separation(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "85");
    assert_string_equal(track_state(s, "P1", "D"), "none");
    results(s, "P1", 2024, "- 88");
    assert_int_equal(count(s, "scoring.improvement_opened"), 1);
    assert_string_equal(last(s, "scoring.improvement_opened", "person"), "P1");
    assert_string_equal(last(s, "scoring.improvement_opened", "track"), "D");
    assert_string_equal(last(s, "scoring.improvement_opened", "begins"), "2024-01-01");
    assert_string_equal(last(s, "scoring.improvement_opened", "opened"), "2024-02-01");
    assert_string_equal(track_state(s, "P1", "D"), "plan_open");
    results(s, "P1", 2024, "- - 87");
    assert_int_equal(count(s, "scoring.serious_warning_issued"), 0);
    results(s, "P1", 2024, "- - - 89");
    assert_int_equal(count(s, "scoring.serious_warning_issued"), 1);
    assert_string_equal(last(s, "scoring.serious_warning_issued", "by"), "hr");
    assert_string_equal(last(s, "scoring.serious_warning_issued", "score"), "88.00");
    assert_string_equal(last(s, "scoring.serious_warning_issued", "grade"), "D");
    assert_string_equal(last(s, "scoring.serious_warning_issued", "warned"), "2024-04-01");
    assert_string_equal(track_state(s, "P1", "D"), "warned");
    results(s, "P1", 2024, "- - - - 90");
    assert_int_equal(count(s, "scoring.separation_proposed"), 1);
    assert_string_equal(last(s, "scoring.separation_proposed", "proposed"), "2024-05-01");
    assert_string_equal(last(s, "scoring.separation_proposed", "grade"), "D");
    assert_string_equal(track_state(s, "P1", "D"), "separation_proposed");
    assert_string_equal(track_state(s, "P1", "E"), "none");
    stage_close(s);
}

static void SCO_036_S_20_upper_closes_in_the_fifth(void **state)
{
    (void)state;
    struct stage *s = year_open("s/boundary_owner: lower # SCO-026/boundary_owner: upper #/");
    results(s, "P1", 2024, "85 88 87 89 90");
    assert_int_equal(count(s, "scoring.separation_proposed"), 0);
    assert_int_equal(count(s, "scoring.improvement_closed"), 1);
    assert_string_equal(last(s, "scoring.improvement_closed", "closed"), "2024-05-01");
    assert_string_equal(last(s, "scoring.improvement_closed", "grade"), "C");
    assert_string_equal(track_state(s, "P1", "D"), "closed");
    stage_close(s);
}

static void SCO_036_S_21_month_six_starts_from_nothing(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "85 88 88 92");
    assert_string_equal(last(s, "scoring.serious_warning_issued", "score"), "90.00");
    results(s, "P1", 2024, "- - - - 91 85");
    assert_string_equal(last(s, "scoring.improvement_closed", "closed"), "2024-05-01");
    assert_int_equal(count(s, "scoring.improvement_opened"), 1);
    assert_string_equal(track_state(s, "P1", "D"), "closed");
    stage_close(s);
    s = year_open("s/improvement_result: mean/improvement_result: last/");
    results(s, "P1", 2024, "85 88 88 92");
    assert_int_equal(count(s, "scoring.serious_warning_issued"), 0);
    assert_string_equal(last(s, "scoring.improvement_closed", "closed"), "2024-04-01");
    assert_string_equal(last(s, "scoring.improvement_closed", "score"), "92.00");
    assert_string_equal(last(s, "scoring.improvement_closed", "grade"), "C");
    stage_close(s);
}

static void SCO_037_S_22_the_tracks_run_independently(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "65 70");
    assert_int_equal(count(s, "scoring.serious_warning_issued"), 1);
    assert_string_equal(last(s, "scoring.serious_warning_issued", "by"), "manager");
    assert_string_equal(last(s, "scoring.serious_warning_issued", "track"), "E");
    assert_string_equal(track_state(s, "P1", "E"), "warned");
    assert_string_equal(track_state(s, "P1", "D"), "plan_open");
    results(s, "P1", 2024, "- - 70");
    assert_string_equal(last(s, "scoring.separation_proposed", "track"), "E");
    assert_string_equal(last(s, "scoring.separation_proposed", "grade"), "E");
    results(s, "P2", 2024, "65 70 70.01");
    assert_int_equal(count(s, "scoring.separation_proposed"), 1);
    assert_string_equal(last(s, "scoring.improvement_closed", "track"), "E");
    assert_string_equal(track_state(s, "P2", "E"), "closed");
    assert_string_equal(track_state(s, "P2", "D"), "plan_open");
    stage_close(s);
}

/* ---- the plan and its clock (Appendix 2) ---- */

/* Friday 2024-03-15 10:00: five working days, to Friday the 22nd 24:00. */
static void SCO_036_the_plan_is_due_in_five_working_days(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "85 88");
    signed_with(s, "P1", "2024-02", "2024-03-15T10:00", ",'improvement':'yes'");
    due_is(s, CASE("P1", "D"), PLAN_CLOCK, "2024-03-23T00:00");
    until(s, "2024-03-23T00:00:00");
    assert_int_equal(reminders(s, PLAN_CLOCK), 0);
    until(s, "2024-03-23T00:00:01");
    assert_int_equal(reminders(s, PLAN_CLOCK), 1);
    assert_string_equal(stage_last(s, OWNER_escalation, "reminder.issued", "person"), "M1");
    until(s, "2024-03-25T00:00:01"); /* every 24 h until it is done */
    assert_int_equal(reminders(s, PLAN_CLOCK), 3);
    assert_true(stage_last(s, OWNER_escalation, "reminder.issued", "copy")[0] != 0);
    say(s, "C1", "scoring.improvement_planned", "2024-03-25T09:00",
        TRACK("P1", "D") ",'plan':'listen first','planned_by':'M1'");
    assert_string_equal(end_of(s, CASE("P1", "D"), PLAN_CLOCK), "late");
    until(s, "2024-03-30T00:00:01");
    assert_int_equal(reminders(s, PLAN_CLOCK), 3);
    stage_close(s);
}

static void SCO_036_a_plan_in_time_stops_the_clock(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "85 88");
    /* not said: it starts with both signatures */
    signed_with(s, "P1", "2024-02", "2024-03-15T10:00", "");
    assert_string_equal(end_of(s, CASE("P1", "D"), PLAN_CLOCK), "none");
    signed_with(s, "P1", "2024-02", "2024-03-15T11:00", ",'signed_employee':'P1'");
    assert_string_equal(end_of(s, CASE("P1", "D"), PLAN_CLOCK), "open");
    say(s, "C1", "scoring.improvement_planned", "2024-03-22T23:59",
        TRACK("P1", "D") ",'plan':'listen first','planned_by':'M1'");
    assert_string_equal(end_of(s, CASE("P1", "D"), PLAN_CLOCK), "stopped");
    struct rec_row_score_track r = track_row(s, "P1", "D");
    assert_true(r.state == track_state_improving && str_is(r.plan, "listen first"));
    assert_true(str_is(r.planned_by, "M1") && r.improvement_planned_at == instant("2024-03-22T23:"
                                                                                  "59"));
    until(s, "2024-04-20T00:00:00");
    assert_int_equal(reminders(s, PLAN_CLOCK), 0);
    stage_close(s);
}

static void SCO_036_a_wrong_mark_is_refused(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    const char *first = "'person':'P1','scheme':'4s_ae','first':'2024-01-01','signed_manager':"
                        "'M1','improvement':'yes'";
    const char *no = "'person':'P1','scheme':'4s_ae','first':'2024-02-01','signed_manager':'M1',"
                     "'improvement':'no'";
    results(s, "P1", 2024, "85 88");
    deny(s, "C1", "scoring.acknowledged", "2024-03-15T10:00", first, "SCO-036", "improvement");
    deny(s, "C1", "scoring.acknowledged", "2024-03-15T10:00", no, "SCO-036", "improvement");
    signed_with(s, "P1", "2024-01", "2024-03-15T10:00", ",'improvement':'no'");
    assert_string_equal(end_of(s, CASE("P1", "D"), PLAN_CLOCK), "none");
    stage_close(s);
}

static void SCO_036_who_plans_and_for_which_track(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    const char *type = "scoring.improvement_planned", *at = "2024-03-15T10:00";
    deny(s, "C1", type, at, TRACK("P1", "D") ",'plan':'x','planned_by':'M1'", "SCO-036",
         "unknown_number");
    results(s, "P1", 2024, "65 70");
    deny(s, "C1", type, at, TRACK("P1", "D") ",'plan':'x','planned_by':'P1'", "SCO-036", "self");
    deny(s, "C1", type, at, TRACK("P1", "D") ",'plan':'x','planned_by':'X1'", "SCO-036", "unknown");
    deny(s, "C1", type, at, TRACK("P1", "E") ",'plan':'x','planned_by':'M1'", "SCO-036", "track");
    say(s, "C1", type, at, TRACK("P1", "D") ",'plan':'x','planned_by':'M1'");
    say(s, "C1", type, at, TRACK("P1", "D") ",'plan':'y','planned_by':'M1'"); /* a better one */
    assert_true(str_is(track_row(s, "P1", "D").plan, "y"));
    stage_close(s);
}

/* ---- the letter ---- */

static void SCO_036_the_letter_is_told_by_who_issues_it(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    const char *type = "scoring.serious_warning_issued", *at = "2024-06-01T10:00";
    const char *letter = TRACK("P1", "D") ",'letter':'W-7','warned_who':'H1'";
    results(s, "P1", 2024, "85 88");
    deny(s, "HR", type, at, letter, "SCO-036", "state"); /* no warning is due yet */
    results(s, "P1", 2024, "- - 87 89");
    deny(s, "HR", type, at, TRACK("P1", "D") ",'letter':'W-7'", "SCO-036", "missing");
    deny(s, "HR", type, at, TRACK("P1", "D") ",'warned_who':'H1'", "SCO-036", "missing");
    deny(s, "HR", type, at, TRACK("P1", "D") ",'letter':'W-7','warned_who':'P1'", "SCO-036",
         "self");
    deny(s, "HR", type, at, TRACK("P1", "D") ",'letter':'W','warned_who':'H1','by':'manager'",
         "SCO-036", "by");
    deny(s, "HR", type, at,
         TRACK("P1", "D") ",'letter':'W','warned_who':'H1','warned':'2024-09-01'", "SCO-036",
         "given");
    say(s, "HR", type, at, letter);
    struct rec_row_score_track r = track_row(s, "P1", "D");
    assert_true(r.state == track_state_warned && r.letter_at == instant(at));
    assert_true(str_is(r.letter, "W-7") && str_is(r.warned_who, "H1"));
    stage_close(s);
}

static void SCO_037_the_letter_of_the_manager(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "65 70");
    deny(s, "C1", "scoring.serious_warning_issued", "2024-04-01T10:00",
         TRACK("P1", "E") ",'letter':'W-1','warned_who':'H1','by':'hr'", "SCO-037", "by");
    say(s, "C1", "scoring.serious_warning_issued", "2024-04-01T10:00",
        TRACK("P1", "E") ",'letter':'W-1','warned_who':'M1','by':'manager'");
    stage_close(s);
}

/* ---- the decision ---- */

static void SCO_036_a_person_confirms_or_drops(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    const char *confirmed = "scoring.separation_confirmed", *dropped = "scoring.separation_dropped";
    const char *yes = TRACK("P1", "D") ",'decided_by':'H1'";
    const char *no = TRACK("P2", "D") ",'decided_by':'H1','reason':'was ill'";
    results(s, "P1", 2024, "85 88 87 89");
    deny(s, "HR", confirmed, "2024-06-20T10:00", yes, "SCO-036", "state");
    results(s, "P1", 2024, "- - - - 90");
    deny(s, "HR", confirmed, "2024-06-20T10:00", TRACK("P1", "D") ",'decided_by':'P1'", "SCO-036",
         "self");
    say(s, "HR", confirmed, "2024-06-20T10:00", yes);
    assert_string_equal(track_state(s, "P1", "D"), "confirmed");
    results(s, "P2", 2024, "85 88 87 89 90");
    say(s, "HR", dropped, "2024-06-20T10:00", no);
    assert_string_equal(track_state(s, "P2", "D"), "dropped");
    deny(s, "HR", confirmed, "2024-06-21T10:00", TRACK("P2", "D") ",'decided_by':'H1'", "SCO-036",
         "state");
    /* the months so far are settled: two more open the track again */
    results(s, "P2", 2024, "- - - - - 85");
    assert_string_equal(track_state(s, "P2", "D"), "dropped");
    results(s, "P2", 2024, "- - - - - - 85");
    assert_string_equal(track_state(s, "P2", "D"), "plan_open");
    assert_string_equal(last(s, "scoring.improvement_opened", "begins"), "2024-06-01");
    assert_true(track_row(s, "P2", "D").letter_at == 0);
    stage_close(s);
}

static void SCO_036_months_while_a_proposal_waited_count_when_it_is_dropped(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "85 88 87 89 90 85 85");
    assert_string_equal(track_state(s, "P1", "D"), "separation_proposed");
    say(s, "HR", "scoring.separation_dropped", "2024-08-20T10:00",
        TRACK("P1", "D") ",'decided_by':'H1','reason':'x'");
    assert_string_equal(track_state(s, "P1", "D"), "plan_open");
    assert_string_equal(last(s, "scoring.improvement_opened", "begins"), "2024-06-01");
    stage_close(s);
}

/* ---- revised ---- */

static void SCO_036_what_does_not_follow_any_more_is_withdrawn(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    const char *type = "scoring.consequence_withdrawn";
    results(s, "P1", 2024, "85 88 87 89 90");
    result(s, "P1", "4s_ae", "2024-04", "95"); /* mean of 3 and 4 is 91: C in time */
    assert_int_equal(count(s, type), 2);
    assert_string_equal(stage_field(s, OWNER_scoring, type, 0, "what"), "separation");
    assert_string_equal(stage_field(s, OWNER_scoring, type, 1, "what"), "warning");
    assert_string_equal(last(s, type, "told"), "no");
    assert_string_equal(last(s, "scoring.improvement_closed", "closed"), "2024-04-01");
    assert_string_equal(track_state(s, "P1", "D"), "closed");
    /* month 5 = D is 1 of 2 now; and back again */
    result(s, "P1", "4s_ae", "2024-04", "89");
    assert_string_equal(track_state(s, "P1", "D"), "separation_proposed");
    assert_int_equal(count(s, "scoring.separation_proposed"), 2);
    stage_close(s);
}

static void SCO_036_papers_of_people_stand(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    const char *type = "scoring.consequence_withdrawn";
    results(s, "P1", 2024, "85 88");
    signed_with(s, "P1", "2024-02", "2024-03-15T10:00", ",'improvement':'yes'");
    result(s, "P1", "4s_ae", "2024-02", "91");
    assert_string_equal(last(s, type, "what"), "improvement");
    assert_string_equal(last(s, type, "told"), "no");
    assert_string_equal(last(s, type, "state"), "closed");
    assert_string_equal(end_of(s, CASE("P1", "D"), PLAN_CLOCK), "cancelled");
    results(s, "P2", 2024, "85 88");
    say(s, "C1", "scoring.improvement_planned", "2024-03-20T10:00",
        TRACK("P2", "D") ",'plan':'x','planned_by':'M1'");
    results(s, "P2", 2024, "- - 87 89");
    say(s, "HR", "scoring.serious_warning_issued", "2024-05-20T10:00",
        TRACK("P2", "D") ",'letter':'W-1','warned_who':'H1'");
    result(s, "P2", "4s_ae", "2024-01", "91"); /* the run is 2, 3 now; 4 is half of it */
    assert_string_equal(last(s, type, "what"), "warning");
    assert_string_equal(last(s, type, "told"), "yes");
    assert_string_equal(last(s, type, "state"), "improving");
    assert_true(track_row(s, "P2", "D").begins == day_of(2024, 2, 1));
    result(s, "P2", "4s_ae", "2024-02", "91");
    result(s, "P2", "4s_ae", "2024-03", "91");
    assert_string_equal(last(s, type, "what"), "improvement");
    assert_string_equal(last(s, type, "told"), "yes");
    stage_close(s);
}

static void SCO_036_a_decision_stands_when_its_months_change(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "85 88 87 89 90");
    say(s, "HR", "scoring.separation_confirmed", "2024-06-20T10:00",
        TRACK("P1", "D") ",'decided_by':'H1'");
    result(s, "P1", "4s_ae", "2024-02", "121");
    results(s, "P1", 2024, "- - - - - 85 85"); /* he leaves: no plan any more */
    assert_string_equal(track_state(s, "P1", "D"), "confirmed");
    assert_int_equal(count(s, "scoring.improvement_opened"), 1);
    assert_int_equal(count(s, "scoring.consequence_withdrawn"), 0);
    stage_close(s);
}

static void SCO_037_a_revised_month_takes_the_warning_back(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "65 70 60");
    result(s, "P1", "4s_ae", "2024-02", "71");
    assert_int_equal(count(s, "scoring.consequence_withdrawn"), 2);
    assert_string_equal(last(s, "scoring.consequence_withdrawn", "what"), "warning");
    assert_string_equal(last(s, "scoring.consequence_withdrawn", "track"), "E");
    assert_string_equal(track_state(s, "P1", "E"), "closed");
    assert_string_equal(track_state(s, "P1", "D"), "plan_open");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_036_S_20_plan_warning_separation),
        cmocka_unit_test(SCO_036_S_20_upper_closes_in_the_fifth),
        cmocka_unit_test(SCO_036_S_21_month_six_starts_from_nothing),
        cmocka_unit_test(SCO_037_S_22_the_tracks_run_independently),
        cmocka_unit_test(SCO_036_the_plan_is_due_in_five_working_days),
        cmocka_unit_test(SCO_036_a_plan_in_time_stops_the_clock),
        cmocka_unit_test(SCO_036_a_wrong_mark_is_refused),
        cmocka_unit_test(SCO_036_who_plans_and_for_which_track),
        cmocka_unit_test(SCO_036_the_letter_is_told_by_who_issues_it),
        cmocka_unit_test(SCO_037_the_letter_of_the_manager),
        cmocka_unit_test(SCO_036_a_person_confirms_or_drops),
        cmocka_unit_test(SCO_036_months_while_a_proposal_waited_count_when_it_is_dropped),
        cmocka_unit_test(SCO_036_what_does_not_follow_any_more_is_withdrawn),
        cmocka_unit_test(SCO_036_papers_of_people_stand),
        cmocka_unit_test(SCO_036_a_decision_stands_when_its_months_change),
        cmocka_unit_test(SCO_037_a_revised_month_takes_the_warning_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
