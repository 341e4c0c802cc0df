/* intake_contract_test.c - maintenance contracts after their registration: notice, visit, renewal,
 * expiry, termination, and what they cover. Rules INT-057, INT-058. */
#include "tests/unit/intake_fixture.h"

#define UP "contract.upserted"
#define C1 "{'contract':'M1'}"
/* a year up to 15 April 2026; its notice day is Friday, 13 March (INT-EX-19) */
#define YEAR "{'contract':'M1','customer':'K1','start':'2025-04-16','expiry':'2026-04-15'}"
#define ENTERED "2025-04-16T09:00:00+08:00"

static const char *due_of(struct stage *s, const char *deadline)
{
    return last_with(s, "deadline.armed", "name", deadline, "due");
}

static size_t passed(struct stage *s, const char *deadline)
{
    return count_with(s, "deadline.passed", "name", deadline);
}

static enum contract_state contract_is(struct stage *s)
{
    struct rec_row_contract row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(CONTRACT_LIFE), key_of(STR("M1")), &row));
    return row.state;
}

static struct stage *year_entered(void)
{
    struct stage *s = door_open("general");
    tell(s, UP, ENTERED, YEAR);
    return s;
}

/* ---- INT-057: the notice day ---- */

static void INT_057_worked_examples(void **state)
{
    (void)state;
    static const struct {
        const char *id, *expiry, *notice_by, *begins, *due;
    } rows[] = {
        {"INT-EX-18", "2026-03-31", "2026-02-27", "2026-02-26T16:00:00Z", "2026-02-27T16:00:00Z"},
        {"INT-EX-19", "2026-04-15", "2026-03-13", "2026-03-12T16:00:00Z", "2026-03-13T16:00:00Z"},
        {"INT-EX-20", "2026-05-29", "2026-04-29", "2026-04-28T16:00:00Z", "2026-04-29T16:00:00Z"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = door_open("general");
        char data[160];
        snprintf(data, sizeof data,
                 "{'contract':'M1','customer':'K1','start':'2025-01-01','expiry':'%s'}",
                 rows[i].expiry);
        tell(s, UP, "2025-01-01T09:00:00+08:00", data);
        if (strcmp(due_of(s, "contract.notice"), rows[i].due) != 0)
            fail_msg("%s: %s", rows[i].id, due_of(s, "contract.notice"));
        stage_until(s, rows[i].begins);
        assert_int_equal(stage_count(s, LOG, "contract.notice_due"), 0);
        stage_until(s, rows[i].due); /* some time of the notice day */
        assert_string_equal(stage_last(s, LOG, "contract.notice_due", "notice_by"),
                            rows[i].notice_by);
        assert_int_equal(contract_is(s), contract_state_notice_due);
        stage_close(s);
    }
}

static void INT_057_less_than_a_month_is_due_the_next_working_day(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, UP, "2026-03-20T10:00:00+08:00", YEAR); /* a Friday */
    assert_string_equal(due_of(s, "contract.notice"), "2026-03-23T16:00:00Z");
    stage_until(s, "2026-03-20T10:01:00+08:00");
    assert_string_equal(stage_last(s, LOG, "contract.notice_due", "notice_by"), "2026-03-23");
    assert_string_equal(due_of(s, "contract.visit"), "2026-04-15T16:00:00Z");
    stage_close(s);
}

static void INT_057_entered_on_the_notice_day(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, UP, "2026-03-13T17:00:00+08:00", YEAR);
    assert_string_equal(due_of(s, "contract.notice"), "2026-03-13T16:00:00Z");
    stage_close(s);
}

/* Nobody is urged about what was over when it was told. */
static void INT_057_entered_after_expiry(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, UP, "2026-04-16T10:00:00+08:00", YEAR);
    stage_until(s, "2026-05-16T10:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "contract.notice_due"), 0);
    assert_int_equal(stage_count(s, LOG, "contract.expired"), 1);
    assert_int_equal(passed(s, "contract.notice") + passed(s, "contract.visit"), 0);
    stage_close(s);
}

static void INT_057_a_company_may_want_it_earlier(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("general", "policy.yaml",
                                        "s/^keys:/keys:\\n  contract_notice_months: 2/");
    tell(s, UP, ENTERED, YEAR); /* 15 February 2026 is a Sunday */
    assert_string_equal(due_of(s, "contract.notice"), "2026-02-13T16:00:00Z");
    stage_close(s);
    s = door_open_changed("general", "../common/deadlines.yaml",
                          "s/name: contract.notice,/name: contract.notice, off: yes,/");
    tell(s, UP, ENTERED, YEAR);
    stage_until(s, "2026-04-20T10:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "contract.notice_due"), 0);
    assert_int_equal(contract_is(s), contract_state_expired);
    stage_close(s);
}

/* ---- INT-057: the clocks ---- */

static void INT_057_nobody_does_anything(void **state)
{
    (void)state;
    struct stage *s = year_entered();
    stage_until(s, "2026-03-14T00:00:00.001+08:00"); /* 24:00 of Friday the 13th */
    assert_int_equal(passed(s, "contract.notice"), 1);
    stage_until(s, "2026-03-17T00:00:00+08:00"); /* Monday is the 1st working day after */
    assert_int_equal(passed(s, "contract.notice"), 1);
    stage_until(s, "2026-03-17T00:00:00.001+08:00");
    assert_int_equal(passed(s, "contract.notice"), 2);
    stage_until(s, "2026-03-19T00:00:00.001+08:00"); /* Wednesday the 3rd */
    assert_int_equal(passed(s, "contract.notice"), 3);
    stage_until(s, "2026-04-16T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "contract.expired"), 0);
    assert_int_equal(passed(s, "contract.turn"), 1); /* the notice day */
    assert_int_equal(passed(s, "contract.visit"), 0);
    stage_until(s, "2026-04-16T00:00:00.001+08:00");
    assert_int_equal(passed(s, "contract.turn"), 2); /* the end of the last day */
    assert_string_equal(stage_last(s, LOG, "contract.expired", "expiry"), "2026-04-15");
    assert_int_equal(passed(s, "contract.visit"), 1);
    stage_until(s, "2026-06-01T00:00:00+08:00");
    assert_int_equal(passed(s, "contract.notice"), 3);
    assert_int_equal(passed(s, "contract.visit"), 3);
    assert_int_equal(contract_is(s), contract_state_expired);
    stage_close(s);
}

static void INT_057_notice_then_visit(void **state)
{
    (void)state;
    struct stage *s = year_entered();
    tell(s, "contract.notice_sent", "2026-03-13T20:00:00+08:00", "{'contract':'M1','by':'E1'}");
    assert_int_equal(contract_is(s), contract_state_notified);
    tell(s, "contract.visit_planned", "2026-03-16T09:00:00+08:00",
         "{'contract':'M1','person':'E2','visit_day':'2026-04-01'}");
    tell(s, "contract.visited", "2026-04-01T15:00:00+08:00",
         "{'contract':'M1','outcome':'wants a lower price'}");
    assert_int_equal(contract_is(s), contract_state_visited);
    stage_until(s, "2026-06-01T00:00:00+08:00");
    assert_int_equal(passed(s, "contract.notice") + passed(s, "contract.visit"), 0);
    assert_int_equal(stage_count(s, LOG, "deadline.stopped"), 2);
    struct rec_row_contract row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(CONTRACT_LIFE), key_of(STR("M1")), &row));
    assert_true(str_is(row.person, "E2") && str_is(row.outcome, "wants a lower price"));
    assert_int_equal(row.state, contract_state_expired); /* he did not renew */
    stage_close(s);
}

static void INT_057_visit_then_notice(void **state)
{
    (void)state;
    struct stage *s = year_entered();
    tell(s, "contract.visited", "2026-03-13T10:00:00+08:00", "{'contract':'M1','person':'E2'}");
    tell(s, "contract.notice_sent", "2026-03-13T11:00:00+08:00", C1);
    assert_int_equal(contract_is(s), contract_state_visited);
    assert_int_equal(stage_count(s, LOG, "deadline.stopped"), 2);
    stage_close(s);
}

/* Both before the notice day: when it comes nothing is left to do. */
static void INT_057_ahead_of_time(void **state)
{
    (void)state;
    struct stage *s = year_entered();
    tell(s, "contract.notice_sent", "2026-02-10T10:00:00+08:00", C1);
    tell(s, "contract.visited", "2026-02-11T10:00:00+08:00", C1);
    stage_until(s, "2026-04-10T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "contract.notice_due"), 1);
    assert_int_equal(contract_is(s), contract_state_visited);
    assert_string_equal(due_of(s, "contract.visit"), "");
    assert_int_equal(stage_count(s, LOG, "deadline.stopped"), 1);
    stage_close(s);
}

/* CV-5: the proof that it was done in time comes late, after expiry even. */
static void INT_057_told_late(void **state)
{
    (void)state;
    struct stage *s = year_entered();
    stage_until(s, "2026-04-20T00:00:00+08:00");
    tell(s, "contract.notice_sent", "2026-03-12T10:00:00+08:00", C1);
    tell(s, "contract.visited", "2026-04-15T10:00:00+08:00", C1);
    assert_int_equal(count_with(s, "deadline.withdrawn", "name", "contract.notice"), 1);
    assert_int_equal(count_with(s, "deadline.withdrawn", "name", "contract.visit"), 1);
    assert_int_equal(contract_is(s), contract_state_expired);
    stage_close(s);
}

/* The day that cannot be written down, in every place where a day is computed; and what was due
 * before it. */
static void INT_057_at_the_beginning_of_1970(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, UP, "1970-01-01T10:00:00+08:00",
         "{'contract':'M1','customer':'K1','start':'1969-01-02','expiry':'1970-02-01'}");
    tell(s, UP, "1970-01-01T10:00:00+08:00",
         "{'contract':'M2','customer':'K1','start':'1969-01-02','expiry':'1969-12-31'}");
    tell(s, "contract.renewed", "1970-01-01T11:00:00+08:00",
         "{'contract':'M2','expiry':'2030-06-30'}");
    tell(s, "pm.planned", "1970-01-01T11:00:00+08:00",
         "{'contract':'M2','equipment':'E1','plan_start':'1969-01-01','interval_months':12}");
    tell(s, "contract.terminated", "1970-01-01T12:00:00+08:00",
         "{'contract':'M2','reason':'sold'}");
    tell(s, UP, "2020-01-01T09:00:00+08:00",
         "{'contract':'M3','customer':'K1','start':'1900-01-02','expiry':'1901-01-01'}");
    stage_until(s, "2020-02-01T00:00:00+08:00");
    assert_string_equal(last_with(s, "contract.expired", "contract", "M3", "expiry"), "1901-01-01");
    assert_string_equal(stage_field(s, LOG, "pm.order_generated", 0, "visit"), "1971-01-01");
    assert_string_equal(last_with(s, "contract.notice_due", "contract", "M1", "notice_by"),
                        "1970-01-02");
    stage_close(s);
}

static void INT_057_refusals(void **state)
{
    (void)state;
    struct stage *s = year_entered();
    static const char *const types[] = {"contract.notice_sent", "contract.visited"};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        refuse(s, types[i], ENTERED, "{'contract':'M9'}", "INT-057", "unknown_number");
    refuse(s, "contract.visit_planned", "2026-03-16T09:00:00+08:00",
           "{'contract':'M1','person':'E2','visit_day':'2026-04-16'}", "INT-057", "after_expiry");
    tell(s, "contract.notice_sent", "2026-03-16T10:00:00+08:00", C1);
    refuse(s, "contract.notice_sent", "2026-03-16T11:00:00+08:00", C1, "INT-057", "state");
    refuse(s, "contract.renewed", "2026-03-16T11:00:00+08:00",
           "{'contract':'M1','expiry':'2026-04-15'}", "INT-057", "expiry_not_later");
    refuse(s, "contract.renewed", "2026-03-16T11:00:00+08:00",
           "{'contract':'M1','expiry':'2027-04-15','start':'2026-04-15'}", "INT-057",
           "terms_overlap");
    tell(s, UP, "2026-03-16T12:00:00+08:00", /* the longest number there is */
         "{'contract':'1234567890123456789012345678901234567890123456789012345678901234',"
         "'customer':'K1','start':'2026-01-01','expiry':'2026-12-31'}");
    stage_close(s);
}

/* ---- INT-057: renewal ---- */

static void INT_057_renewed_it_begins_anew(void **state)
{
    (void)state;
    struct stage *s = year_entered();
    tell(s, "contract.notice_sent", "2026-03-13T10:00:00+08:00", C1);
    tell(s, "contract.renewed", "2026-04-10T10:00:00+08:00",
         "{'contract':'M1','expiry':'2027-04-15'}");
    assert_int_equal(contract_is(s), contract_state_active);
    assert_string_equal(last_with(s, "deadline.dropped", "name", "contract.visit", "reason"),
                        "a new term");
    assert_string_equal(due_of(s, "contract.notice"), "2027-03-15T16:00:00Z"); /* a Monday */
    /* of the old term, told afterwards */
    tell(s, "contract.visited", "2026-04-09T10:00:00+08:00", C1);
    assert_int_equal(contract_is(s), contract_state_active);
    stage_until(s, "2027-03-15T09:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "contract.expired"), 0);
    assert_int_equal(stage_count(s, LOG, "contract.notice_due"), 2);
    assert_string_equal(due_of(s, "contract.visit"), "2027-04-15T16:00:00Z");
    stage_close(s);
}

/* A correction of the file begins anew only when the dates are others. */
static void INT_057_the_file_is_told_again(void **state)
{
    (void)state;
    struct stage *s = year_entered();
    tell(s, "contract.notice_sent", "2026-03-13T10:00:00+08:00", C1);
    tell(s, UP, "2026-03-16T10:00:00+08:00", YEAR);
    assert_int_equal(contract_is(s), contract_state_notified);
    assert_int_equal(count_with(s, "deadline.armed", "name", "contract.notice"), 1);
    tell(s, UP, "2026-03-17T10:00:00+08:00",
         "{'contract':'M1','customer':'K1','start':'2025-04-16','expiry':'2026-05-29'}");
    assert_int_equal(contract_is(s), contract_state_active);
    assert_string_equal(due_of(s, "contract.notice"), "2026-04-29T16:00:00Z");
    stage_close(s);
}

/* ---- INT-058 ---- */

/* Category of a call of this day, outside any guarantee. */
static const char *category_on(struct stage *s, const char *time)
{
    char no[48], data[256];
    snprintf(no, sizeof no, "C%zu", stage_count(s, LOG, "call.registered"));
    snprintf(data, sizeof data,
             "{'call_no':'%s'," FULL ",'reporter':'李','product':'P1','fault':'%s'}", no, no);
    tell(s, "call.registered", time, data);
    return last_with(s, "call.classified", "call_no", no, "category");
}

static struct stage *year_with_product(void)
{
    struct stage *s = year_entered();
    tell(s, "product.upserted", ENTERED,
         "{'product':'P1','customer':'K1','model':'M','delivered':'2020-01-01'}");
    return s;
}

static void INT_058_renewed_without_a_gap(void **state)
{
    (void)state;
    struct stage *s = year_with_product();
    tell(s, "contract.renewed", "2026-04-15T10:00:00+08:00",
         "{'contract':'M1','expiry':'2027-04-15'}");
    assert_string_equal(category_on(s, "2026-04-16T08:00:00+08:00"), "b");
    assert_string_equal(category_on(s, "2027-04-15T23:59:00+08:00"), "b");
    assert_string_equal(category_on(s, "2027-04-16T00:00:00+08:00"), "a");
    stage_close(s);
}

static void INT_058_between_two_terms_it_is_not_in_force(void **state)
{
    (void)state;
    struct stage *s = year_with_product();
    tell(s, "contract.renewed", "2026-05-04T10:00:00+08:00",
         "{'contract':'M1','expiry':'2027-05-03'}");
    assert_string_equal(category_on(s, "2026-05-04T12:00:00+08:00"), "b");
    assert_string_equal(category_on(s, "2026-05-03T12:00:00+08:00"), "a"); /* told late */
    assert_string_equal(category_on(s, "2026-04-15T12:00:00+08:00"), "b");
    stage_close(s);
}

static void INT_058_terminated(void **state)
{
    (void)state;
    struct stage *s = year_with_product();
    tell(s, "contract.terminated", "2025-09-01T10:00:00+08:00",
         "{'contract':'M1','last_day':'2025-09-30','reason':'plant closed'}");
    assert_int_equal(contract_is(s), contract_state_terminated);
    assert_string_equal(category_on(s, "2025-09-30T12:00:00+08:00"), "b");
    assert_string_equal(category_on(s, "2025-10-01T12:00:00+08:00"), "a");
    stage_until(s, "2026-06-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "contract.notice_due"), 0);
    assert_int_equal(passed(s, "contract.notice"), 0);
    refuse(s, "contract.renewed", "2026-06-01T10:00:00+08:00",
           "{'contract':'M1','expiry':'2027-04-15'}", "INT-057", "state");
    refuse(s, UP, "2026-06-01T10:00:00+08:00", YEAR, "INT-058", "state");
    stage_close(s);
}

static void INT_058_terminated_at_once(void **state)
{
    (void)state;
    struct stage *s = year_with_product();
    tell(s, "contract.terminated", "2025-09-01T10:00:00+08:00",
         "{'contract':'M1','reason':'sold'}");
    assert_string_equal(category_on(s, "2025-09-01T12:00:00+08:00"), "b"); /* its last day */
    assert_string_equal(category_on(s, "2025-09-02T12:00:00+08:00"), "a");
    stage_close(s);
}

static void INT_058_a_draft_covers_nothing(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, UP, ENTERED,
         "{'contract':'M1','customer':'K1','start':'2025-04-16','expiry':'2026-04-15','draft':true"
         "}");
    tell(s, "product.upserted", ENTERED,
         "{'product':'P1','customer':'K1','model':'M','delivered':'2020-01-01'}");
    assert_int_equal(contract_is(s), contract_state_draft);
    assert_string_equal(due_of(s, "contract.notice"), "");
    assert_string_equal(category_on(s, "2025-05-05T12:00:00+08:00"), "a");
    refuse(s, "contract.renewed", "2025-05-05T12:00:00+08:00",
           "{'contract':'M1','expiry':'2027-04-15'}", "INT-057", "state");
    tell(s, UP, "2025-05-06T09:00:00+08:00", YEAR);
    assert_int_equal(contract_is(s), contract_state_active);
    assert_string_equal(category_on(s, "2025-05-06T12:00:00+08:00"), "b");
    refuse(
        s, UP, "2025-05-07T09:00:00+08:00",
        "{'contract':'M1','customer':'K1','start':'2025-04-16','expiry':'2026-04-15','draft':true"
        "}",
        "INT-058", "state");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_057_worked_examples),
        cmocka_unit_test(INT_057_less_than_a_month_is_due_the_next_working_day),
        cmocka_unit_test(INT_057_entered_on_the_notice_day),
        cmocka_unit_test(INT_057_entered_after_expiry),
        cmocka_unit_test(INT_057_a_company_may_want_it_earlier),
        cmocka_unit_test(INT_057_nobody_does_anything),
        cmocka_unit_test(INT_057_notice_then_visit),
        cmocka_unit_test(INT_057_visit_then_notice),
        cmocka_unit_test(INT_057_ahead_of_time),
        cmocka_unit_test(INT_057_told_late),
        cmocka_unit_test(INT_057_at_the_beginning_of_1970),
        cmocka_unit_test(INT_057_refusals),
        cmocka_unit_test(INT_057_renewed_it_begins_anew),
        cmocka_unit_test(INT_057_the_file_is_told_again),
        cmocka_unit_test(INT_058_renewed_without_a_gap),
        cmocka_unit_test(INT_058_between_two_terms_it_is_not_in_force),
        cmocka_unit_test(INT_058_terminated),
        cmocka_unit_test(INT_058_terminated_at_once),
        cmocka_unit_test(INT_058_a_draft_covers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
