/* complaint_month_test.c - the closed cases of a month, and the receivable a complaint disputes.
 * Rules CMP-047, CMP-049, CMP-057 … CMP-060, CMP-092. */
#include "tests/unit/complaint_money_door.h"

#define NOTHING "'level':'總經理','method':'nothing','amount':'0.00'"
#define MARCH "month/2024-03-01"

static void reviewed(struct stage *s, const char *local, const char *month)
{
    char data[40];
    snprintf(data, sizeof data, "'month':'%s'", month);
    say(s, "GMO", "complaint.month_reviewed", local, data);
}

/* ---- CMP-057 ---- */

static void CMP_057_the_batch_of_a_month(void **state)
{
    (void)state;
    static const struct {
        const char *id, *closed, *month, *due;
    } rows[] = {
        {"C-10", "2024-03-31T23:59:59", "month/2024-03-01", "2024-04-11T00:00"},
        {"C-10", "2024-04-01T00:00:00", "month/2024-04-01", "2024-05-11T00:00"},
        {"C-37", "2024-02-15T10:00:00", "month/2024-02-01",
         "2024-03-11T00:00"}, /* a Sunday's end */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = desk_open(POLICY_STD);
        to_final(s, "C1", "2024-02-15T10:00", "", NOTHING);
        liable(s, "C1", "2024-02-15T10:00", "'own_quality':'no'");
        close_it(s, "C1", rows[i].closed);
        due_is(s, rows[i].month, "complaint.month_review", rows[i].due);
        due_is(s, rows[i].month, "complaint.month_sanction", rows[i].due);
        due_is(s, rows[i].month, "complaint.month_loss", rows[i].due);
        stage_close(s);
    }
}

static void CMP_057_the_clocks_run_from_the_end_of_the_month(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", "2024-03-05T10:00", NOTHING, "'own_quality':'no'");
    struct rec_row_deadline row;
    assert_true(clock_row(s, MARCH, "complaint.month_review", &row));
    assert_int_equal(row.start, instant("2024-04-01T00:00"));
    assert_true(str_is(row.unit, "GMO"));
    stage_close(s);
}

static void CMP_057_month_review_pressed(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", "2024-03-05T10:00", NOTHING, "'own_quality':'no'");
    until(s, "2024-04-13T00:01"); /* 04-11, -12, -13 at 00:00 */
    assert_int_equal(reminders(s, "complaint.month_review"), 3);
    assert_int_equal(reminders(s, "complaint.month_sanction"), 3);
    assert_int_equal(reminders(s, "complaint.month_loss"), 3);
    assert_true(count_of(s, OWNER_escalation, "reminder.issued", "unit", "GMO") >= 9);
    reviewed(s, "2024-04-13T09:00", "2024-03-01");
    assert_string_equal(end_of(s, MARCH, "complaint.month_review"), "late");
    assert_string_equal(end_of(s, MARCH, "complaint.month_sanction"), "late");
    assert_string_equal(end_of(s, MARCH, "complaint.month_loss"), "late");
    stage_close(s);
}

static void CMP_057_what_cannot_be_reviewed(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", "2024-03-05T10:00", NOTHING, "'own_quality':'no'");
    deny(s, "GMO", "complaint.month_reviewed", "2024-03-31T10:00", "'month':'2024-03-01'",
         "CMP-057", "early");
    deny(s, "GMO", "complaint.month_reviewed", "2024-04-02T10:00", "'month':'2024-03-02'",
         "CMP-057", "month");
    deny(s, "GMO", "complaint.month_reviewed", "2024-04-02T10:00", "'month':'2024-02-01'",
         "CMP-057", "unknown_number");
    stage_close(s);
}

static void CMP_060_the_table_and_the_times_of_departments(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", "2024-03-05T10:00", ALLOWANCE("100.00"), TWO("7000", "3000"));
    /* C2: quality takes from Friday 10:00 to Tuesday 10:00, a working day too long. */
    drive(s, "C2", W_REGISTERED, "2024-03-08T10:00");
    walk(s, "C2", W_REGISTERED, W_SYNTHESIS, "2024-03-12T10:00");
    act(s, "GMO", "C2", "complaint.decided", "2024-03-12T10:00", NOTHING);
    walk(s, "C2", W_DECIDED, W_OPINION, "2024-03-12T10:00");
    act(s, "GMO", "C2", "complaint.decided", "2024-03-12T10:00", NOTHING ",'final':'yes'");
    liable(s, "C2", "2024-03-12T10:00", "'own_quality':'no'");
    close_it(s, "C2", "2024-03-12T10:00");
    reviewed(s, "2024-04-08T10:00", "2024-03-01");
    const char *type = "complaint.month_reviewed";
    assert_string_equal(last(s, type, "cases"), "2");
    assert_string_equal(list_field(s, type, "lines", 0, "case_no"), "C1");
    assert_string_equal(list_field(s, type, "lines", 0, "complaint_no"), "240301");
    assert_string_equal(list_field(s, type, "lines", 0, "ratios"), "T1 70.00%; T2 30.00%");
    assert_string_equal(list_field(s, type, "lines", 0, "method"), "allowance");
    assert_string_equal(list_field(s, type, "lines", 0, "market"), "domestic");
    assert_string_equal(list_field(s, type, "lines", 0, "cause_class"), "quality");
    assert_string_equal(list_field(s, type, "lines", 1, "used_s"), "345600"); /* 4 days */
    assert_string_equal(list_field(s, type, "lines", 1, "overdue"), "no");
    size_t qa = 0;
    while (strcmp(list_field(s, type, "departments", qa, "unit"), "QA") != 0 && qa < 20)
        qa++;
    assert_string_equal(list_field(s, type, "departments", qa, "cases"), "2");
    assert_string_equal(list_field(s, type, "departments", qa, "steps"), "2");
    assert_string_equal(list_field(s, type, "departments", qa, "overdue"), "1");
    assert_string_equal(state_of(s, "C1"), "reviewed");
    stage_close(s);
}

static void CMP_047_a_superseded_case_stands_in_its_month(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "C1", W_REPLIED, "2024-03-05T10:00");
    act(s, "BIZ", "C1", "complaint.negotiated", "2024-03-06T10:00", "'result':'refused'");
    act(s, "BIZ", "C1", "complaint.resubmitted", "2024-03-06T10:00", "'new_case_no':'C2'");
    reviewed(s, "2024-04-08T10:00", "2024-03-01");
    assert_string_equal(list_field(s, "complaint.month_reviewed", "lines", 0, "outcome"),
                        "superseded");
    assert_string_equal(state_of(s, "C1"), "superseded");
    stage_close(s);
}

/* ---- CMP-058 ---- */

static void CMP_058_the_list_is_sent_when_all_are(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", "2024-03-05T10:00", NOTHING, "'own_quality':'no'");
    for (int i = 1; i <= 2; i++) {
        char data[80];
        snprintf(data, sizeof data, "'no':%d,'person':'T%d','kind':'warning'", i, i);
        act(s, "GMO", "C1", "sanction.proposed", "2024-03-06T10:00", data);
        snprintf(data, sizeof data, "'no':%d", i);
        act(s, "GMO", "C1", "sanction.circulated", "2024-03-06T10:00", data);
    }
    reviewed(s, "2024-04-08T10:00", "2024-03-01");
    assert_string_equal(end_of(s, MARCH, "complaint.month_review"), "stopped");
    act(s, "GM", "C1", "sanction.gm_approved", "2024-04-09T10:00", "'no':1,'by':'GM'");
    act(s, "GMO", "C1", "sanction.submitted_to_hr", "2024-04-09T11:00", "'no':1");
    assert_string_equal(end_of(s, MARCH, "complaint.month_sanction"), "open");
    act(s, "GM", "C1", "sanction.rejected", "2024-04-09T12:00", "'no':2,'reason':'no proof'");
    assert_string_equal(end_of(s, MARCH, "complaint.month_sanction"), "stopped");
    stage_close(s);
}

/* ---- CMP-059 ---- */

static void CMP_059_all_losses_apportioned(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", "2024-03-05T10:00", ALLOWANCE("100.00"), ONE("T1"));
    closed(s, "C2", "2024-03-06T10:00", ALLOWANCE("50.00"), ONE("T2"));
    act(s, "GMO", "C1", "complaint.loss_apportioned", "2024-04-08T10:00", "");
    reviewed(s, "2024-04-08T10:00", "2024-03-01");
    assert_string_equal(end_of(s, MARCH, "complaint.month_loss"), "open");
    act(s, "GMO", "C2", "complaint.loss_apportioned", "2024-04-10T23:59", "");
    assert_string_equal(end_of(s, MARCH, "complaint.month_loss"), "stopped");
    stage_close(s);
}

static void CMP_059_provisional_while_the_resale_runs(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", "2024-03-05T10:00", RETURN, ONE("T1") ",'loss':'20000.00'");
    act(s, "GMO", "C1", "sanction.judged", "2024-03-15T10:00", "");
    act(s, "BIZ", "C1", "resale.sold", "2024-04-01T10:00", "'qty':600,'proceeds':'19500.00'");
    act(s, "GMO", "C1", "complaint.loss_apportioned", "2024-04-08T10:00", "");
    assert_string_equal(last(s, "complaint.loss_apportioned", "loss_kind"), "provisional");
    /* 600 x 17.50 and the estimate for the others */
    assert_string_equal(last(s, "complaint.loss_apportioned", "loss"), "30500.00");
    assert_int_equal(count(s, "penalty.assessed"), 0);
    assert_string_equal(end_of(s, MARCH, "complaint.month_loss"), "stopped");
    /* The window ends on 04-15: the first review after it is that of April, by 05-10. */
    due_is(s, "month/2024-04-01", "complaint.month_loss", "2024-05-11T00:00");
    until(s, "2024-04-16T09:00");
    act(s, "ACC", "C1", "complaint.loss_stated", "2024-05-02T10:00", "'actual_unit_loss':'38.00'");
    act(s, "GMO", "C1", "complaint.loss_apportioned", "2024-05-08T10:00", "");
    assert_string_equal(last(s, "complaint.loss_apportioned", "loss_kind"), "final");
    assert_string_equal(last(s, "complaint.loss_apportioned", "loss"), "25700.00"); /* C-13 */
    assert_string_equal(last(s, "penalty.assessed", "amount"), "25700.00");
    assert_string_equal(end_of(s, "month/2024-04-01", "complaint.month_loss"), "stopped");
    stage_close(s);
}

/* ---- CMP-092, CMP-049 ---- */

static void CMP_092_excluded_while_it_lasts(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", "2024-03-05T10:00", "'receivable':'40000.00'", NOTHING);
    assert_string_equal(last(s, "complaint.receivable_excluded", "amount"), "40000.00"); /* C-27 */
    assert_string_equal(last(s, "complaint.receivable_excluded", "material"), "M1");
    char rate[EXACT_TEXT_MAX]; /* as scoring reckons it: 150,000 of 200,000 less 40,000 */
    exact_percent(150000, 200000 - 40000, rate);
    assert_string_equal(rate, "93.75");
    assert_int_equal(count(s, "complaint.receivable_restored"), 0);
    liable(s, "C1", "2024-03-06T10:00", "'own_quality':'no'");
    close_it(s, "C1", "2024-03-06T10:00");
    assert_string_equal(last(s, "complaint.receivable_restored", "amount"), "40000.00");
    act(s, "BIZ", "C1", "receivable.collected", "2024-03-07T10:00", "'collected':'40000.00'");
    bar(s, "BIZ", "C1", "receivable.collected", "2024-03-07T10:00", "", "CMP-049", "state");
    stage_close(s);
}

static void CMP_092_no_receivable_no_exclusion(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", "2024-03-05T10:00", NOTHING, "'own_quality':'no'");
    assert_int_equal(count(s, "complaint.receivable_excluded"), 0);
    assert_int_equal(count(s, "complaint.receivable_restored"), 0);
    stage_close(s);
}

static void CMP_049_collected_within_the_term(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    for (int i = 1; i <= 2; i++) {
        const char *no = i == 1 ? "C1" : "C2";
        drive(s, no, W_RECEIVED, "2024-03-05T10:00");
        act(s, "BIZ", no, "complaint.form_filed", "2024-03-05T10:00",
            MONEY_FORM ",'receivable':'40000.00'");
        walk(s, no, W_FILED, W_SYNTHESIS, "2024-03-05T10:00");
        act(s, "GMO", no, "complaint.not_established", "2024-03-05T10:00",
            "'reason':'no fault','term_days':30,'level':'總經理'");
    }
    assert_int_equal(count(s, "complaint.receivable_restored"), 2);
    due_is(s, "receivable/C1", "complaint.receivable", "2024-04-04T10:00");
    act(s, "BIZ", "C1", "receivable.collected", "2024-04-04T10:00", "");
    assert_string_equal(end_of(s, "receivable/C1", "complaint.receivable"), "stopped");
    until(s, "2024-04-06T10:01");
    assert_int_equal(reminders(s, "complaint.receivable"), 3);
    /* Nobody is liable for a complaint that does not stand. */
    bar(s, "GMO", "C1", "complaint.liability_proposed", "2024-04-06T10:01", "'own_quality':'no'",
        "CMP-044", "state");
    act(s, "BIZ", "C1", "complaint.customer_replied", "2024-04-06T10:01",
        "'channel':'phone','by':'B','summary':'explained'");
    close_it(s, "C1", "2024-04-06T10:01");
    stage_close(s);
}

static void CMP_092_from_the_form_on_when_the_company_says_so(void **state)
{
    (void)state;
    struct stage *s = desk_with("policy.yaml", "complaint: {receivable_excluded_from: filed}");
    drive(s, "C1", W_RECEIVED, "2024-03-05T10:00");
    act(s, "BIZ", "C1", "complaint.form_filed", "2024-03-05T11:00",
        MONEY_FORM ",'receivable':'40000.00'");
    assert_int_equal(count(s, "complaint.receivable_excluded"), 1);
    act(s, "GMO", "C1", "complaint.accepted", "2024-03-05T12:00", "");
    assert_int_equal(count(s, "complaint.receivable_excluded"), 1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_057_the_batch_of_a_month),
        cmocka_unit_test(CMP_057_the_clocks_run_from_the_end_of_the_month),
        cmocka_unit_test(CMP_057_month_review_pressed),
        cmocka_unit_test(CMP_057_what_cannot_be_reviewed),
        cmocka_unit_test(CMP_060_the_table_and_the_times_of_departments),
        cmocka_unit_test(CMP_047_a_superseded_case_stands_in_its_month),
        cmocka_unit_test(CMP_058_the_list_is_sent_when_all_are),
        cmocka_unit_test(CMP_059_all_losses_apportioned),
        cmocka_unit_test(CMP_059_provisional_while_the_resale_runs),
        cmocka_unit_test(CMP_092_excluded_while_it_lasts),
        cmocka_unit_test(CMP_092_no_receivable_no_exclusion),
        cmocka_unit_test(CMP_049_collected_within_the_term),
        cmocka_unit_test(CMP_092_from_the_form_on_when_the_company_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
