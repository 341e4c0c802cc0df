/* intake_pm_test.c - maintenance plans and the inspection orders made from them. Rule INT-059. */
#include "tests/unit/intake_fixture.h"

/* the contract and the plan of INT-EX-21 */
#define ENTERED "2026-01-31T09:00:00+08:00"
#define CONTRACT "{'contract':'M1','customer':'K1','start':'2026-01-31','expiry':'2026-04-30'}"
#define PLAN                                                                                       \
    "{'contract':'M1','equipment':'E1','plan_start':'2026-01-31','interval_months':1,'lead_days':" \
    "7}"
#define MADE "pm.order_generated"
#define ORDER1 "{'order_no':'M1/1/1'}"

static size_t passed(struct stage *s, const char *deadline)
{
    return count_with(s, "deadline.passed", "name", deadline);
}

static enum pm_state order_is(struct stage *s, const char *order_no)
{
    struct rec_row_pm row;
    return stage_row(s, LOG, INTAKE_TABLE(PM), key_of(str_of(order_no)), &row) ? row.state
                                                                               : pm_state_none;
}

static struct stage *planned(void)
{
    struct stage *s = door_open("general");
    tell(s, "contract.upserted", ENTERED, CONTRACT);
    tell(s, "pm.planned", ENTERED, PLAN);
    return s;
}

/* ---- the orders of a plan ---- */

static void INT_EX_21_visits_due_days_and_generation(void **state)
{
    (void)state;
    static const struct {
        const char *visit, *due, *due_ms, *before, *day;
    } rows[] = {
        {"2026-02-28", "2026-03-02", "2026-03-02T16:00:00Z", "2026-02-21T00:00:00+08:00",
         "2026-02-21T00:00:01+08:00"},
        {"2026-03-31", "2026-03-31", "2026-03-31T16:00:00Z", "2026-03-24T00:00:00+08:00",
         "2026-03-24T00:00:01+08:00"},
        {"2026-04-30", "2026-04-30", "2026-04-30T16:00:00Z", "2026-04-23T00:00:00+08:00",
         "2026-04-23T00:00:01+08:00"},
    };
    struct stage *s = planned();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        stage_until(s, rows[i].before);
        assert_int_equal(stage_count(s, LOG, MADE), i);
        stage_until(s, rows[i].day);
        assert_int_equal(stage_count(s, LOG, MADE), i + 1);
        assert_string_equal(stage_last(s, LOG, MADE, "visit"), rows[i].visit);
        assert_string_equal(stage_last(s, LOG, MADE, "due"), rows[i].due);
        assert_string_equal(last_with(s, "deadline.armed", "name", "pm.visit", "due"),
                            rows[i].due_ms);
    }
    assert_string_equal(stage_last(s, LOG, MADE, "order_no"), "M1/1/3");
    stage_until(s, "2026-12-31T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 3);
    stage_close(s);
}

static void INT_059_interval_in_days(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "contract.upserted", ENTERED, CONTRACT);
    tell(s, "pm.planned", ENTERED,
         "{'contract':'M1','equipment':'E1','plan_start':'2026-02-02','interval_days':14}");
    stage_until(s, "2026-06-01T00:00:00+08:00"); /* 16 February + 14 n up to 27 April */
    assert_int_equal(stage_count(s, LOG, MADE), 6);
    assert_string_equal(stage_field(s, LOG, MADE, 0, "visit"), "2026-02-16");
    assert_string_equal(stage_last(s, LOG, MADE, "visit"), "2026-04-27");
    stage_close(s);
}

static void INT_059_lead_is_policy(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("general", "policy.yaml", "s/^keys:/keys:\\n  pm_lead_days: 3/");
    tell(s, "contract.upserted", ENTERED, CONTRACT);
    tell(s, "pm.planned", ENTERED,
         "{'contract':'M1','equipment':'E1','plan_start':'2026-01-31','interval_months':1}");
    assert_string_equal(last_with(s, "deadline.armed", "name", "pm.generate", "due"),
                        "2026-02-24T16:00:00Z"); /* the 25th begins */
    stage_close(s);
}

/* Daily rounds: the default lead is no longer than the interval. */
static void INT_059_lead_of_a_short_interval(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "contract.upserted", ENTERED, CONTRACT);
    tell(s, "pm.planned", ENTERED,
         "{'contract':'M1','equipment':'E1','plan_start':'2026-02-02','interval_days':1}");
    assert_string_equal(last_with(s, "deadline.armed", "name", "pm.generate", "due"),
                        "2026-02-01T16:00:00Z");
    stage_close(s);
}

static void INT_059_told_again_creates_nothing_new(void **state)
{
    (void)state;
    struct stage *s = planned();
    tell(s, "pm.planned", "2026-02-01T09:00:00+08:00", PLAN);
    stage_until(s, "2026-02-22T00:00:00+08:00");
    tell(s, "pm.planned", "2026-02-22T09:00:00+08:00", PLAN);
    tell(s, "contract.upserted", "2026-02-22T09:00:00+08:00", CONTRACT);
    stage_until(s, "2026-03-25T00:00:00+08:00");
    tell(s, "pm.planned", "2026-03-25T09:00:00+08:00", PLAN);
    stage_until(s, "2026-06-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 3);
    assert_int_equal(count_with(s, "deadline.armed", "name", "pm.generate"), 3);
    stage_close(s);
}

static void INT_059_two_machines_have_their_own_orders(void **state)
{
    (void)state;
    struct stage *s = planned();
    tell(s, "pm.planned", ENTERED,
         "{'contract':'M1','equipment':'E2','plan_start':'2026-01-31','interval_months':2}");
    stage_until(s, "2026-06-01T00:00:00+08:00"); /* 31 March */
    assert_int_equal(stage_count(s, LOG, MADE), 4);
    assert_string_equal(last_with(s, MADE, "order_no", "M1/2/1", "visit"), "2026-03-31");
    assert_string_equal(last_with(s, MADE, "order_no", "M1/2/1", "equipment"), "E2");
    stage_close(s);
}

/* Numbered on, counted anew. */
static void INT_059_changed_plan(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-03-01T09:00:00+08:00");
    tell(s, "pm.planned", "2026-03-01T10:00:00+08:00",
         "{'contract':'M1','equipment':'E1','plan_start':'2026-03-02','interval_days':30,'lead_"
         "days':5}");
    stage_until(s, "2026-03-27T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 1);
    stage_until(s, "2026-03-28T00:00:00+08:00");
    assert_string_equal(stage_last(s, LOG, MADE, "order_no"), "M1/1/2");
    assert_string_equal(stage_last(s, LOG, MADE, "visit"), "2026-04-01");
    stage_until(s, "2026-06-01T00:00:00+08:00"); /* the next would be 1 May */
    assert_int_equal(stage_count(s, LOG, MADE), 2);
    stage_close(s);
}

/* Visits that are over when the plan is told get no order. */
static void INT_059_plan_told_in_the_middle(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "contract.upserted", ENTERED, CONTRACT);
    tell(s, "pm.planned", "2026-03-28T09:00:00+08:00", PLAN);
    stage_until(s, "2026-03-28T09:01:00+08:00"); /* its day is over, the visit is to come */
    assert_string_equal(stage_last(s, LOG, MADE, "order_no"), "M1/1/2");
    assert_string_equal(stage_last(s, LOG, MADE, "visit"), "2026-03-31");
    assert_int_equal(stage_count(s, LOG, MADE), 1);
    stage_close(s);
}

/* ---- an order ---- */

static void INT_059_nobody_goes(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-03-03T00:00:00+08:00");
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_generated);
    assert_int_equal(passed(s, "pm.visit"), 0);
    stage_until(s, "2026-03-03T00:00:00.001+08:00"); /* 24:00 of Monday, 2 March */
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_missed);
    assert_int_equal(passed(s, "pm.visit"), 1);
    stage_until(s, "2026-03-04T00:00:00.001+08:00"); /* Tuesday */
    assert_int_equal(passed(s, "pm.visit"), 2);
    stage_until(s, "2026-03-06T00:00:00.001+08:00"); /* Thursday */
    assert_int_equal(passed(s, "pm.visit"), 3);
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(passed(s, "pm.visit"), 3);
    stage_close(s);
}

static void INT_059_notified_visited_recorded(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-02-23T08:00:00+08:00");
    tell(s, "pm.notified", "2026-02-23T09:00:00+08:00", "{'order_no':'M1/1/1','person':'T1'}");
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_notified);
    tell(s, "pm.visited", "2026-03-02T15:00:00+08:00", ORDER1);
    assert_string_equal(last_with(s, "deadline.stopped", "name", "pm.visit", "late"), "");
    assert_string_equal(last_with(s, "deadline.armed", "name", "pm.record", "due"),
                        "2026-03-04T16:00:00Z"); /* Wednesday */
    tell(s, "pm.result_recorded", "2026-03-04T23:00:00+08:00",
         "{'order_no':'M1/1/1','result':'filter changed','in_order':'yes'}");
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_result_recorded);
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(passed(s, "pm.visit") + passed(s, "pm.record"), 0);
    struct rec_row_pm row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(PM), key_of(STR("M1/1/1")), &row));
    assert_true(str_is(row.person, "T1") && str_is(row.result, "filter changed"));
    stage_close(s);
}

static void INT_059_result_not_entered(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-02-23T08:00:00+08:00");
    tell(s, "pm.visited", "2026-03-02T15:00:00+08:00", "{'order_no':'M1/1/1','person':'T1'}");
    stage_until(s, "2026-03-05T00:00:00.001+08:00");
    assert_int_equal(passed(s, "pm.record"), 1);
    stage_until(s, "2026-03-06T00:00:00.001+08:00");
    assert_int_equal(passed(s, "pm.record"), 2);
    stage_until(s, "2026-03-20T00:00:00+08:00"); /* Monday the 9th */
    assert_int_equal(passed(s, "pm.record"), 3);
    stage_close(s);
}

static void INT_059_missed_and_visited_late(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-03-04T10:00:00+08:00");
    tell(s, "pm.notified", "2026-03-04T11:00:00+08:00", "{'order_no':'M1/1/1','person':'T1'}");
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_missed);
    tell(s, "pm.visited", "2026-03-04T15:00:00+08:00", ORDER1);
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_visited);
    assert_string_equal(last_with(s, "deadline.stopped", "name", "pm.visit", "late"), "true");
    stage_close(s);
}

/* CV-5: it was in time, the report was not. */
static void INT_059_told_late(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-03-04T10:00:00+08:00");
    tell(s, "pm.visited", "2026-03-02T23:00:00+08:00", ORDER1);
    assert_int_equal(count_with(s, "deadline.withdrawn", "name", "pm.visit"), 1);
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_visited);
    stage_close(s);
}

/* ---- the contract ends or goes on ---- */

static void INT_059_terminated(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-03-25T08:00:00+08:00"); /* orders 1, missed, and 2, for 31 March */
    tell(s, "contract.terminated", "2026-03-25T09:00:00+08:00",
         "{'contract':'M1','last_day':'2026-03-30','reason':'sold'}");
    assert_int_equal(stage_count(s, LOG, "pm.order_ended"), 1);
    assert_string_equal(stage_last(s, LOG, "pm.order_ended", "order_no"), "M1/1/2");
    assert_int_equal(order_is(s, "M1/1/2"), pm_state_ended);
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_missed); /* it is owed all the same */
    refuse(s, "pm.visited", "2026-03-26T09:00:00+08:00", "{'order_no':'M1/1/2'}", "INT-059",
           "state");
    stage_until(s, "2026-06-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 2);
    assert_int_equal(passed(s, "pm.visit"), 3); /* of order 1 */
    refuse(s, "pm.planned", "2026-06-01T09:00:00+08:00", PLAN, "INT-059", "state");
    stage_close(s);
}

static void INT_059_terminated_before_the_order_is_made(void **state)
{
    (void)state;
    struct stage *s = planned();
    tell(s, "contract.terminated", "2026-02-10T09:00:00+08:00",
         "{'contract':'M1','reason':'sold'}");
    stage_until(s, "2026-06-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE) + stage_count(s, LOG, "pm.order_ended"), 0);
    stage_close(s);
}

/* The visit of the last day is owed, also when the contract is over. */
static void INT_059_expired(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-05-01T10:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "contract.expired"), 1);
    assert_int_equal(order_is(s, "M1/1/3"), pm_state_missed);
    tell(s, "pm.visited", "2026-05-04T10:00:00+08:00", "{'order_no':'M1/1/3'}");
    assert_int_equal(order_is(s, "M1/1/3"), pm_state_visited);
    stage_close(s);
}

static void INT_059_renewed_it_goes_on(void **state)
{
    (void)state;
    struct stage *s = planned();
    tell(s, "contract.renewed", "2026-04-20T09:00:00+08:00",
         "{'contract':'M1','expiry':'2026-06-30'}");
    stage_until(s, "2026-09-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 5);
    assert_string_equal(stage_field(s, LOG, MADE, 3, "visit"), "2026-05-31"); /* a Sunday */
    assert_string_equal(stage_field(s, LOG, MADE, 3, "due"), "2026-06-01");
    assert_string_equal(stage_last(s, LOG, MADE, "order_no"), "M1/1/5");
    stage_close(s);
}

static void INT_059_renewed_after_the_last_order(void **state)
{
    (void)state;
    struct stage *s = planned();
    tell(s, "contract.renewed", "2026-06-15T09:00:00+08:00",
         "{'contract':'M1','expiry':'2026-07-31'}");
    stage_until(s, "2026-09-01T00:00:00+08:00"); /* not for 31 May, which no term covers */
    assert_int_equal(stage_count(s, LOG, MADE), 5);
    assert_string_equal(stage_field(s, LOG, MADE, 3, "visit"), "2026-06-30");
    assert_string_equal(stage_last(s, LOG, MADE, "visit"), "2026-07-31");
    stage_close(s);
}

static void INT_059_shortened(void **state)
{
    (void)state;
    struct stage *s = planned();
    tell(s, "contract.upserted", "2026-02-10T09:00:00+08:00",
         "{'contract':'M1','customer':'K1','start':'2026-01-31','expiry':'2026-03-30'}");
    stage_until(s, "2026-09-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 1);
    stage_close(s);
}

/* ---- refusals ---- */

static void INT_059_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *data, *code;
    } rows[] = {
        {"{'contract':'M9','equipment':'E1','plan_start':'2026-01-31','interval_months':1}",
         "unknown_number"},
        {"{'contract':'M1','equipment':'E1','plan_start':'2026-01-31'}", "interval"},
        {"{'contract':'M1','equipment':'E1','plan_start':'2026-01-31','interval_months':1,"
         "'interval_days':30}",
         "interval"},
        {"{'contract':'M1','equipment':'E1','plan_start':'2026-01-31','interval_days':7,"
         "'lead_days':8}",
         "lead_too_long"},
    };
    struct stage *s = planned();
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        refuse(s, "pm.planned", ENTERED, rows[i].data, "INT-059", rows[i].code);
    refuse(s, "pm.visited", ENTERED, "{'order_no':'M1/1/9'}", "INT-059", "unknown_number");
    refuse(s, "pm.notified", ENTERED, "{'order_no':'M1/1/1','person':'T1'}", "INT-059", "state");
    stage_until(s, "2026-02-23T08:00:00+08:00");
    refuse(s, "pm.result_recorded", "2026-02-23T09:00:00+08:00",
           "{'order_no':'M1/1/1','result':'r'}", "INT-059", "state");
    stage_close(s);
}

static void INT_059_too_many_plans_and_too_long_a_number(void **state)
{
    (void)state;
    struct stage *s = planned();
    char data[256];
    for (int i = 2; i <= 257; i++) {
        snprintf(
            data, sizeof data,
            "{'contract':'M1','equipment':'E%d','plan_start':'2026-01-31','interval_months':1}", i);
        if (i <= 256) tell(s, "pm.planned", ENTERED, data);
    }
    refuse(s, "pm.planned", ENTERED, data, "INT-059", "too_many");
    stage_until(s, "2026-02-22T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 256);
    tell(s, "contract.terminated", "2026-02-22T09:00:00+08:00",
         "{'contract':'M1','last_day':'2026-02-23','reason':'sold'}"); /* in one step */
    assert_int_equal(stage_count(s, LOG, "pm.order_ended"), 256);
#define LONG "123456789012345678901234567890123456789012345678901"
    tell(s, "contract.upserted", "2026-02-23T09:00:00+08:00",
         "{'contract':'" LONG "','customer':'K1','start':'2026-01-31','expiry':'2026-04-30'}");
    refuse(s, "pm.planned", "2026-02-23T09:00:00+08:00",
           "{'contract':'" LONG "','equipment':'E1','plan_start':'2026-01-31','interval_months':1}",
           "INT-059", "too_long");
    stage_close(s);
}

/* ---- told wrongly, taken back ---- */

#define NO_ORDER "{'order_no':'M1/1/1','by':'S1','reason':'wrong day'}"
#define NO_PLAN "{'contract':'M1','equipment':'E1','reason':'not under contract'}"

static void INT_059_an_order_taken_back_reminds_nobody(void **state)
{
    (void)state;
    static const struct {
        const char *local;
        size_t passed;
    } rows[] = {{"2026-02-22T09:00:00+08:00", 0}, {"2026-03-03T00:00:01+08:00", 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) { /* before its day and when it was missed */
        struct stage *s = planned();
        stage_until(s, rows[i].local);
        tell(s, "pm.cancelled", rows[i].local, NO_ORDER);
        assert_int_equal(order_is(s, "M1/1/1"), pm_state_ended);
        assert_int_equal(count_with(s, "deadline.dropped", "name", "pm.visit"), 1);
        stage_until(s, "2026-03-25T00:00:00+08:00");
        assert_int_equal(passed(s, "pm.visit"), rows[i].passed);
        assert_int_equal(stage_count(s, LOG, MADE), 2); /* the plan goes on */
        refuse(s, "pm.cancelled", "2026-03-25T09:00:00+08:00", NO_ORDER, "INT-059", "state");
        stage_close(s);
    }
}

static void INT_059_an_inspection_that_took_place_is_not_taken_back(void **state)
{
    (void)state;
    struct stage *s = planned();
    refuse(s, "pm.cancelled", "2026-02-01T09:00:00+08:00", NO_ORDER, "INT-059", "state");
    stage_until(s, "2026-02-22T00:00:00+08:00");
    tell(s, "pm.visited", "2026-03-02T15:00:00+08:00", ORDER1);
    refuse(s, "pm.cancelled", "2026-03-02T16:00:00+08:00", NO_ORDER, "INT-059", "state");
    stage_close(s);
}

static void INT_059_a_plan_taken_back_makes_no_more_orders(void **state)
{
    (void)state;
    struct stage *s = planned();
    stage_until(s, "2026-02-22T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 1);
    tell(s, "pm.plan_cancelled", "2026-02-22T09:00:00+08:00", NO_PLAN);
    assert_int_equal(order_is(s, "M1/1/1"), pm_state_generated); /* it stands */
    assert_int_equal(order_is(s, "M1/1/2"), pm_state_none);
    refuse(s, "pm.plan_cancelled", "2026-02-22T09:01:00+08:00", NO_PLAN, "INT-059",
           "unknown_number");
    stage_until(s, "2026-04-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 1);
    tell(s, "pm.planned", "2026-04-01T09:00:00+08:00", PLAN); /* another plan */
    stage_until(s, "2026-06-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, MADE), 2);
    assert_string_equal(stage_last(s, LOG, MADE, "order_no"), "M1/2/3");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_EX_21_visits_due_days_and_generation),
        cmocka_unit_test(INT_059_interval_in_days),
        cmocka_unit_test(INT_059_lead_is_policy),
        cmocka_unit_test(INT_059_lead_of_a_short_interval),
        cmocka_unit_test(INT_059_told_again_creates_nothing_new),
        cmocka_unit_test(INT_059_two_machines_have_their_own_orders),
        cmocka_unit_test(INT_059_changed_plan),
        cmocka_unit_test(INT_059_plan_told_in_the_middle),
        cmocka_unit_test(INT_059_nobody_goes),
        cmocka_unit_test(INT_059_notified_visited_recorded),
        cmocka_unit_test(INT_059_result_not_entered),
        cmocka_unit_test(INT_059_missed_and_visited_late),
        cmocka_unit_test(INT_059_told_late),
        cmocka_unit_test(INT_059_terminated),
        cmocka_unit_test(INT_059_terminated_before_the_order_is_made),
        cmocka_unit_test(INT_059_expired),
        cmocka_unit_test(INT_059_renewed_it_goes_on),
        cmocka_unit_test(INT_059_renewed_after_the_last_order),
        cmocka_unit_test(INT_059_shortened),
        cmocka_unit_test(INT_059_refusals),
        cmocka_unit_test(INT_059_too_many_plans_and_too_long_a_number),
        cmocka_unit_test(INT_059_an_order_taken_back_reminds_nobody),
        cmocka_unit_test(INT_059_an_inspection_that_took_place_is_not_taken_back),
        cmocka_unit_test(INT_059_a_plan_taken_back_makes_no_more_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
