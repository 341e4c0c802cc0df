/* scoring_training_test.c - the qualification for the post, exams, planned trainings, the yearly
 * rating of the technicians. Rules SCO-017, SCO-110, SCO-127 … SCO-130; deadlines training.month,
 * training.held, rating.yearly. */
#include "tests/unit/scoring_conduct_door.h"

#define LOSS "conduct.qualification_loss_proposed"
#define T1 "qualification/T1"
#define PASS "'person':'T1','kind':'month'"

/* A report that was not prompt is confirmed, and the manager orders the training on 31 January. */
static struct stage *ordered(void)
{
    struct stage *s = ledger_open();
    proved(s, "T1", "bad_feedback", "2025-01-30");
    say(s, "C1", "conduct.training_ordered", "2025-01-31T09:00", "'person':'T1','by':'M1'");
    return s;
}

/* ---- SCO-110, SCO-128 ---- */

static void SCO_110_each_confirmed_failure_proposes_a_training(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    deny(s, "C1", "conduct.training_ordered", "2025-01-30T09:00", "'person':'T1','by':'M1'",
         "SCO-128", "unknown_number");
    proved(s, "T1", "bad_feedback", "2025-01-30");
    assert_int_equal(count(s, "conduct.training_proposed"), 1);
    assert_string_equal(last(s, "conduct.training_proposed", "case_no"), "SITE");
    assert_int_equal(standing(s, "T1").state, qualification_state_held);
    proved(s, "T1", "bad_feedback", "2025-01-31");
    assert_int_equal(count(s, "conduct.training_proposed"), 2);
    assert_int_equal(count(s, LOSS), 0);
    stage_close(s);
}

static void SCO_128_one_month_from_the_order(void **state)
{
    (void)state;
    struct stage *s = ordered();
    assert_int_equal(standing(s, "T1").state, qualification_state_training);
    due_is(s, T1, "training.month", "2025-03-01T00:00"); /* 28 February, 24:00 */
    deny(s, "C1", "conduct.training_ordered", "2025-02-01T09:00", "'person':'T1','by':'M1'",
         "SCO-128", "state");
    say(s, "C1", "training.passed", "2025-02-20T15:00", PASS ",'points':'60'");
    assert_string_equal(end_of(s, T1, "training.month"), "stopped");
    assert_int_equal(standing(s, "T1").state, qualification_state_held);
    until(s, "2025-04-01T00:00");
    assert_int_equal(count(s, LOSS), 0);
    assert_int_equal(reminders(s, "training.month"), 0);
    deny(s, "C1", "conduct.training_ordered", "2025-04-01T09:00", "'person':'T1','by':'M1'",
         "SCO-128", "not_proposed"); /* each failure brings one training */
    stage_close(s);
}

static void SCO_128_expiry_proposes_the_loss_and_reminds_daily(void **state)
{
    (void)state;
    struct stage *s = ordered();
    until(s, "2025-03-01T00:00");
    assert_int_equal(count(s, LOSS), 0); /* due, and not late */
    until(s, "2025-03-04T00:01");        /* from 1 March 00:00 every 24 hours */
    assert_int_equal(reminders(s, "training.month"), 4);
    assert_int_equal(count(s, LOSS), 1);
    assert_string_equal(last(s, LOSS, "cause"), "training_expired");
    assert_int_equal(standing(s, "T1").state, qualification_state_training);
    say(s, "C1", "conduct.qualification_lost", "2025-03-04T09:00", "'person':'T1','by':'M1'");
    assert_int_equal(standing(s, "T1").state, qualification_state_lost);
    until(s, "2025-03-10T00:00"); /* no more reminders */
    assert_int_equal(reminders(s, "training.month"), 4);
    deny(s, "C1", "training.passed", "2025-03-10T09:00", PASS, "SCO-128", "state");
    stage_close(s);
}

static void SCO_128_passing_late_restores(void **state)
{
    (void)state;
    struct stage *s = ordered();
    until(s, "2025-03-02T00:01");
    assert_int_equal(count(s, LOSS), 1);
    say(s, "C1", "training.passed", "2025-03-02T15:00", PASS);
    assert_string_equal(end_of(s, T1, "training.month"), "late");
    assert_int_equal(standing(s, "T1").state, qualification_state_held);
    deny(s, "C1", "conduct.qualification_lost", "2025-03-03T09:00", "'person':'T1','by':'M1'",
         "SCO-108", "not_proposed");
    stage_close(s);
}

static void SCO_128_failing_proposes_the_loss(void **state)
{
    (void)state;
    struct stage *s = ordered();
    say(s, "C1", "training.failed", "2025-02-20T15:00", PASS ",'points':'59.5'");
    assert_int_equal(count(s, LOSS), 1);
    assert_string_equal(last(s, LOSS, "cause"), "exam_failed");
    assert_string_equal(end_of(s, T1, "training.month"), "stopped");
    until(s, "2025-04-01T00:00");
    assert_int_equal(count(s, LOSS), 1);
    say(s, "C1", "conduct.qualification_lost", "2025-04-01T09:00", "'person':'T1','by':'M1'");
    assert_int_equal(standing(s, "T1").state, qualification_state_lost);
    stage_close(s);
}

static void SCO_128_a_loss_by_count_stays_proposed(void **state)
{
    (void)state;
    struct stage *s = ordered();
    proved(s, "T1", "site_breach", "2025-02-03");
    proved(s, "T1", "site_breach", "2025-02-04");
    say(s, "C1", "training.passed", "2025-02-20T15:00", PASS);
    say(s, "C1", "conduct.qualification_lost", "2025-02-21T09:00", "'person':'T1','by':'M1'");
    assert_int_equal(standing(s, "T1").state, qualification_state_lost);
    stage_close(s);
}

static void SCO_128_who_is_dismissed_is_not_awaited(void **state)
{
    (void)state;
    struct stage *s = ordered();
    proved(s, "T1", "drunk_at_work", "2025-02-03");
    say(s, "C1", "conduct.dismissed", "2025-02-04T09:00", "'person':'T1','by':'M1'");
    assert_string_equal(end_of(s, T1, "training.month"), "cancelled");
    stage_close(s);
}

/* ---- SCO-129 ---- */

static void SCO_129_the_mark_is_60_of_100(void **state)
{
    (void)state;
    struct stage *s = ordered();
    deny(s, "C1", "training.passed", "2025-02-20T15:00", PASS ",'points':'59.99'", "SCO-129",
         "points");
    deny(s, "C1", "training.passed", "2025-02-20T15:00", PASS ",'points':'101'", "SCO-129",
         "points");
    deny(s, "C1", "training.passed", "2025-02-20T15:00", PASS ",'points':'many'", "SCO-129",
         "points");
    deny(s, "C1", "training.passed", "2025-02-20T15:00",
         PASS ",'subjects':[{'subject':'astronomy','points':'90'}]", "SCO-129", "unknown_word");
    deny(s, "C1", "training.passed", "2025-02-20T15:00",
         PASS ",'subjects':[{'subject':'part_name','points':'90'},{'subject':'safety_rules',"
              "'points':'40'}]",
         "SCO-129", "points");
    say(s, "C1", "training.passed", "2025-02-20T15:00",
        PASS ",'points':'60','subjects':[{'subject':'part_name','points':'60'}]");
    stage_close(s);
}

/* ---- SCO-017 ---- */

static bool has_passed(struct stage *s, const char *person, enum training_kind kind)
{
    struct rec_row_trained r = {0};
    struct key k = key_of(str_of(person));
    key_u8(&k, (uint8_t)kind);
    return row_at(s, SCORING_TRAINED, k, &r) && r.passed_at;
}

static void SCO_017_entry_and_post_trainings_are_known(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    say(s, "C1", "training.failed", "2025-02-20T15:00", "'person':'P1','kind':'entry'");
    assert_false(has_passed(s, "P1", training_kind_entry));
    say(s, "C1", "training.passed", "2025-02-21T15:00", "'person':'P1','kind':'entry'");
    assert_true(has_passed(s, "P1", training_kind_entry));
    assert_false(has_passed(s, "P1", training_kind_post));
    assert_false(has_passed(s, "P2", training_kind_entry));
    deny(s, "C1", "training.passed", "2025-02-21T15:00", "'person':'NOBODY','kind':'entry'",
         "SCO-128", "unknown");
    stage_close(s);
}

/* ---- SCO-130 ---- */

#define PLAN                                                                                       \
    "'plan_no':'L1','due':'2025-03-14','manager':'M1','subject':'part_name',"                      \
    "'persons':[{'person':'P1'},{'person':'P2'},{'person':'P1'}]"
#define RESULT(person) "'person':'" person "','kind':'plan','plan_no':'L1'"

static struct rec_row_training_plan plan_of(struct stage *s)
{
    struct rec_row_training_plan r = {0};
    assert_true(row_at(s, SCORING_TRAINING_PLAN, key_of(STR("L1")), &r));
    return r;
}

static void SCO_130_a_planned_training_is_awaited_for_everybody(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    say(s, "C1", "training.planned", "2025-03-01T09:00", PLAN);
    due_is(s, "training/L1", "training.held", "2025-03-15T00:00");
    assert_int_equal(plan_of(s).results.n, 2);
    say(s, "C1", "training.passed", "2025-03-14T16:00", RESULT("P1"));
    assert_string_equal(end_of(s, "training/L1", "training.held"), "open");
    assert_true(str_is(plan_of(s).person, "M1"));
    say(s, "C1", "training.failed", "2025-03-14T17:00", RESULT("P2"));
    assert_string_equal(end_of(s, "training/L1", "training.held"), "stopped");
    assert_true(plan_of(s).state == training_plan_state_held && plan_of(s).passed == 1);
    until(s, "2025-03-20T00:00");
    assert_int_equal(reminders(s, "training.held"), 0);
    stage_close(s);
}

static void SCO_130_what_is_not_held_is_reminded_of_daily(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    say(s, "C1", "training.planned", "2025-03-01T09:00", PLAN);
    until(s, "2025-03-15T00:00");
    assert_int_equal(reminders(s, "training.held"), 0);
    until(s, "2025-03-17T00:01");
    assert_int_equal(reminders(s, "training.held"), 3);
    say(s, "C1", "training.passed", "2025-03-17T16:00", RESULT("P1"));
    say(s, "C1", "training.passed", "2025-03-17T16:00", RESULT("P2"));
    assert_string_equal(end_of(s, "training/L1", "training.held"), "late");
    until(s, "2025-03-25T00:00");
    assert_int_equal(reminders(s, "training.held"), 3);
    stage_close(s);
}

static void SCO_130_planned_anew_it_keeps_its_results(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    say(s, "C1", "training.planned", "2025-03-01T09:00", PLAN);
    say(s, "C1", "training.passed", "2025-03-10T16:00", RESULT("P1"));
    deny(s, "C1", "training.passed", "2025-03-10T16:00", RESULT("P3"), "SCO-130", "unknown");
    say(s, "C1", "training.planned", "2025-03-11T09:00",
        "'plan_no':'L1','due':'2025-03-21','persons':[{'person':'P3'},{'person':'P1'}]");
    due_is(s, "training/L1", "training.held", "2025-03-22T00:00");
    assert_int_equal(plan_of(s).open, 1);
    say(s, "C1", "training.planned", "2025-03-12T09:00",
        "'plan_no':'L1','due':'2025-03-21','persons':[{'person':'P1'}]");
    assert_string_equal(end_of(s, "training/L1", "training.held"), "stopped");
    stage_close(s);
}

static void SCO_130_a_result_names_its_plan(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    deny(s, "C1", "training.passed", "2025-03-10T16:00", "'person':'P1','kind':'plan'", "SCO-130",
         "missing");
    deny(s, "C1", "training.passed", "2025-03-10T16:00", RESULT("P1"), "SCO-130", "unknown_number");
    deny(s, "C1", "training.planned", "2025-03-10T16:00",
         "'plan_no':'L1','due':'2025-03-14','persons':[{'person':'NOBODY'}]", "SCO-130", "unknown");
    stage_close(s);
}

/* ---- SCO-127 ---- */

static void SCO_127_certified_staff_is_rated_every_year(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "tech.certified", "2024-05-06T09:00",
         "'technician':'T1','valid_to':'2026-05-06'");
    told(s, "C1", "tech.certified", "2024-05-07T09:00",
         "'technician':'T2','valid_to':'2026-05-06'");
    due_is(s, "rating/2024", "rating.yearly", "2025-02-01T00:00"); /* 31 January, 24:00 */
    told(s, "C1", "tech.rated", "2025-01-20T09:00", "'technician':'T1','year':2024,'grade':'A'");
    assert_string_equal(end_of(s, "rating/2024", "rating.yearly"), "open");
    told(s, "C1", "tech.rated", "2025-01-31T23:00", "'technician':'T2','year':2024,'grade':'B'");
    assert_string_equal(end_of(s, "rating/2024", "rating.yearly"), "stopped");
    due_is(s, "rating/2025", "rating.yearly", "2026-02-01T00:00"); /* renewed every year */
    assert_int_equal(reminders(s, "rating.yearly"), 0);
    stage_close(s);
}

static void SCO_127_who_is_not_rated_is_reminded_of(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "tech.certified", "2024-05-06T09:00",
         "'technician':'T1','valid_to':'2026-05-06'");
    until(s, "2025-02-01T00:00");
    assert_int_equal(reminders(s, "rating.yearly"), 0);
    until(s, "2025-02-03T00:01");
    assert_int_equal(reminders(s, "rating.yearly"), 3);
    told(s, "C1", "tech.rated", "2025-02-03T09:00", "'technician':'T1','year':2024,'grade':'A'");
    assert_string_equal(end_of(s, "rating/2024", "rating.yearly"), "late");
    until(s, "2025-02-10T00:00");
    assert_int_equal(reminders(s, "rating.yearly"), 3);
    stage_close(s);
}

static void SCO_127_a_rating_told_again_changes_nothing(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_rating_year y;
    struct key k = {.n = 0};
    told(s, "C1", "tech.rated", "2024-12-20T09:00", "'technician':'T1','year':2024,'grade':'A'");
    told(s, "C1", "tech.rated", "2024-12-21T09:00", "'technician':'T1','year':2024,'grade':'B'");
    told(s, "C1", "tech.certified", "2024-12-22T09:00",
         "'technician':'T1','valid_to':'2026-05-06'");
    key_u64(&k, 2024);
    assert_true(row_at(s, SCORING_RATING_YEAR, k, &y));
    assert_true(y.staff == 1 && y.open == 0);
    assert_string_equal(end_of(s, "rating/2024", "rating.yearly"), "none");
    assert_string_equal(end_of(s, "rating/2025", "rating.yearly"), "open");
    stage_close(s);
}

static void SCO_127_who_has_left_is_not_awaited(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "tech.certified", "2024-05-06T09:00",
         "'technician':'T1','valid_to':'2026-05-06'");
    told(s, "C1", "tech.certified", "2024-05-07T09:00",
         "'technician':'T2','valid_to':'2026-05-06'");
    told(s, "C1", "tech.rated", "2025-01-20T09:00", "'technician':'T1','year':2024,'grade':'A'");
    tell(s, "C1", "person.upserted", "2025-01-21T09:00",
         "'person':'T2','unit':'C1','role':'technician','left':true");
    until(s, "2025-02-10T00:00");
    assert_string_equal(end_of(s, "rating/2024", "rating.yearly"), "cancelled");
    assert_true(reminders(s, "rating.yearly") <= 1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_110_each_confirmed_failure_proposes_a_training),
        cmocka_unit_test(SCO_128_one_month_from_the_order),
        cmocka_unit_test(SCO_128_expiry_proposes_the_loss_and_reminds_daily),
        cmocka_unit_test(SCO_128_passing_late_restores),
        cmocka_unit_test(SCO_128_failing_proposes_the_loss),
        cmocka_unit_test(SCO_128_a_loss_by_count_stays_proposed),
        cmocka_unit_test(SCO_128_who_is_dismissed_is_not_awaited),
        cmocka_unit_test(SCO_129_the_mark_is_60_of_100),
        cmocka_unit_test(SCO_017_entry_and_post_trainings_are_known),
        cmocka_unit_test(SCO_130_a_planned_training_is_awaited_for_everybody),
        cmocka_unit_test(SCO_130_what_is_not_held_is_reminded_of_daily),
        cmocka_unit_test(SCO_130_planned_anew_it_keeps_its_results),
        cmocka_unit_test(SCO_130_a_result_names_its_plan),
        cmocka_unit_test(SCO_127_certified_staff_is_rated_every_year),
        cmocka_unit_test(SCO_127_who_is_not_rated_is_reminded_of),
        cmocka_unit_test(SCO_127_a_rating_told_again_changes_nothing),
        cmocka_unit_test(SCO_127_who_has_left_is_not_awaited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
