/* dispatch_fee_test.c - fees 有費服務: assessed, collected, handed in, invoiced. Rules DSP-043 …
 * DSP-047. */
#include "tests/unit/dispatch_goods_door.h"

#define FEE(amount) "'call_no':'C1','amount':'" amount "'"
#define PAID(amount) FEE(amount) ",'technician':'T1','approved_by':'L1'"

static struct rec_row_fee fee_row(struct stage *s)
{
    static struct rec_row_fee row;
    row_at(s, DISPATCH_FEE, CALL, &row);
    return row;
}

static void finish_and_sign(struct stage *s, const char *local)
{
    fact(s, "job.completed", "2026-03-02T13:00", "");
    fact(s, "job.signed", local, "");
}

/* ---- DSP-043, DSP-044 ---- */

static void DSP_043_low_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *id, *fee, *mode, *invoice;
    } rows[] = {
        {"DSP-EX-27", "500.00", "collect_on_spot", "none"},
        {"DSP-EX-28", "500.01", "invoice_same_day", "open"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = site_open("a");
        char data[80];
        snprintf(data, sizeof data, "'call_no':'C1','amount':'%s'", rows[i].fee);
        say(s, "fee.assessed", "2026-03-02T12:00", data);
        assert_string_equal(last(s, "fee.mode_set", "mode"), rows[i].mode);
        assert_string_equal(last(s, "fee.mode_set", "amount"), rows[i].fee);
        finish_and_sign(s, "2026-03-02T13:10");
        assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), rows[i].invoice);
        stage_close(s);
    }
}

static void DSP_043_the_limit_is_the_company_s(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("appliance", "appliance/policy.yaml",
                                        "s/^keys:/keys:\\n  low_fee_max: 20.50/");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "'district':'a'");
    say(s, "fee.assessed", "2026-03-02T12:00", FEE("20.50"));
    assert_string_equal(last(s, "fee.mode_set", "mode"), "collect_on_spot");
    say(s, "fee.assessed", "2026-03-02T12:10", FEE("20.51"));
    assert_string_equal(last(s, "fee.mode_set", "mode"), "invoice_same_day");
    stage_close(s);
}

static void DSP_043_collected_handed_in_mailed(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "fee.assessed", "2026-03-02T12:00", FEE("120.00"));
    deny(s, "fee.handed_in", "2026-03-02T12:05", FEE("120.00"), "DSP-043", "state", 0);
    say(s, "fee.collected", "2026-03-02T12:10", PAID("120.00"));
    due_is(s, "fee/C1", "cash.handin", "2026-03-03T00:00");
    deny(s, "invoice.mailed", "2026-03-02T12:20", "'call_no':'C1'", "DSP-043", "not_handed_in", 0);
    deny(s, "fee.collected", "2026-03-02T12:30", PAID("120.00"), "DSP-043", "state", 0);
    say(s, "fee.handed_in", "2026-03-02T17:00", FEE("120.00"));
    assert_string_equal(end_of(s, "fee/C1", "cash.handin"), "stopped");
    assert_int_equal(count(s, "fee.mismatch"), 0);
    due_is(s, "fee/C1", "invoice.mail", "2026-03-06T00:00"); /* 24:00 of Thursday */
    say(s, "invoice.mailed", "2026-03-05T10:00", "'call_no':'C1','invoice_no':'I1'");
    assert_string_equal(end_of(s, "fee/C1", "invoice.mail"), "stopped");
    struct rec_row_fee row = fee_row(s);
    assert_int_equal(row.state, fee_state_handed_in);
    assert_true(row.assessed == 12000 && row.collected == 12000 && row.handed_in == 12000);
    stage_close(s);
}

static void DSP_043_ladders_of_hand_in_and_mail(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "fee.collected", "2026-03-02T12:10", PAID("80.00")); /* nobody assessed it */
    until(s, "2026-03-13T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "cash.handin"), 3);
    say(s, "fee.handed_in", "2026-03-13T09:00", FEE("80.00"));
    assert_string_equal(end_of(s, "fee/C1", "cash.handin"), "late");
    until(s, "2026-04-13T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "invoice.mail"), 3);
    stage_close(s);
}

static void DSP_044_invoice_on_the_day_of_the_signature(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "fee.assessed", "2026-03-02T12:00", FEE("800.00"));
    deny(s, "fee.collected", "2026-03-02T12:10", PAID("800.00"), "DSP-044", "invoice_first", 0);
    finish_and_sign(s, "2026-03-02T13:10");
    due_is(s, "fee/C1", "invoice.same_day", "2026-03-03T00:00");
    deny(s, "invoice.issued", "2026-03-02T16:00",
         "'call_no':'C1','invoice_no':'I1','amount':'700.00'", "DSP-044", "amount", 0);
    say(s, "invoice.issued", "2026-03-02T16:00", "'call_no':'C1','invoice_no':'I1'");
    assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), "stopped");
    say(s, "fee.collected", "2026-03-09T12:10", PAID("800.00"));
    say(s, "fee.handed_in", "2026-03-09T13:10", FEE("800.00"));
    assert_string_equal(end_of(s, "fee/C1", "invoice.mail"), "none");
    stage_close(s);
}

static void DSP_044_invoice_same_day_ladder(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    finish_and_sign(s, "2026-03-02T13:10");
    say(s, "fee.assessed", "2026-03-02T17:00", FEE("800.00")); /* after the signature */
    due_is(s, "fee/C1", "invoice.same_day", "2026-03-03T00:00");
    until(s, "2026-03-13T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "invoice.same_day"), 3);
    stage_close(s);
}

/* What is no longer owed cannot be urged: nobody could issue that invoice. */
static void DSP_044_a_corrected_fee_ends_what_is_no_longer_owed(void **state)
{
    (void)state;
    static const char *const fees[] = {FEE("0.00"), FEE("500.00")};
    for (size_t i = 0; i < COUNT_OF(fees); i++) {
        struct stage *s = site_open("a");
        say(s, "fee.assessed", "2026-03-02T12:00", FEE("600.00"));
        finish_and_sign(s, "2026-03-02T13:10");
        due_is(s, "fee/C1", "invoice.same_day", "2026-03-03T00:00");
        say(s, "fee.assessed", "2026-03-02T14:00", fees[i]);
        assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), "cancelled");
        assert_string_equal(last(s, "deadline.dropped", "reason"), "no invoice is owed");
        until(s, "2026-03-13T00:00");
        assert_int_equal(clock_count(s, "deadline.passed", "invoice.same_day"), 0);
        say(s, "fee.assessed", "2026-03-13T09:00", FEE("600.00")); /* owed since that day */
        due_is(s, "fee/C1", "invoice.same_day", "2026-03-03T00:00");
        say(s, "invoice.issued", "2026-03-13T10:00", "'call_no':'C1','invoice_no':'I1'");
        assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), "late");
        stage_close(s);
    }
}

/* SP-APPL-URBAN closes its job with the signature; the fee goes on. */
static void DSP_047_another_category_moves_the_invoice(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "fee.assessed", "2026-03-02T12:00", FEE("600.00"));
    finish_and_sign(s, "2026-03-02T13:10");
    assert_string_equal(state_of(s, CALL), "closed");
    verdict(s, CALL, "2026-03-02T14:00", "category c");
    assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), "cancelled");
    deny(s, "fee.assessed", "2026-03-02T14:10", FEE("700.00"), "DSP-047", "free_category", 0);
    verdict(s, CALL, "2026-03-02T15:00", "category a");
    assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), "open");
    due_is(s, "fee/C1", "invoice.same_day", "2026-03-03T00:00");
    stage_close(s);
}

/* ---- DSP-045 ---- */

static void DSP_045_goods_taken_away_are_invoiced_on_their_return(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    say(s, "fee.assessed", "2026-03-03T12:00", FEE("90.00")); /* however low */
    assert_string_equal(last(s, "fee.mode_set", "mode"), "invoice_same_day");
    assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), "none");
    say(s, "goods.returned", "2026-03-04T10:00", "'receipt_no':'R1'");
    due_is(s, "fee/C1", "invoice.same_day", "2026-03-05T00:00");
    stage_close(s);
}

static void DSP_045_not_before_the_last_item_is_back(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "goods.taken_away", "2026-03-02T12:00", TAKE("R2"));
    inspect_one(s);
    say(s, "fee.assessed", "2026-03-03T12:00", FEE("900.00"));
    say(s, "goods.returned", "2026-03-04T10:00", "'receipt_no':'R1'");
    assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), "none");
    stage_close(s);
}

/* ---- DSP-046 ---- */

static void DSP_046_all_the_money_is_handed_in(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "fee.collected", "2026-03-02T12:10", PAID("120.00"));
    say(s, "fee.handed_in", "2026-03-02T17:00", FEE("100.00"));
    assert_string_equal(last(s, "fee.mismatch", "technician"), "T1");
    assert_string_equal(last(s, "fee.mismatch", "handed_in"), "100.00");
    assert_string_equal(end_of(s, "fee/C1", "cash.handin"), "open");
    say(s, "fee.handed_in", "2026-03-02T18:00", FEE("20.00"));
    assert_int_equal(count(s, "fee.mismatch"), 1);
    assert_string_equal(end_of(s, "fee/C1", "cash.handin"), "stopped");
    stage_close(s);
}

static void DSP_046_more_than_was_collected(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "fee.collected", "2026-03-02T12:10", PAID("120.00"));
    say(s, "fee.handed_in", "2026-03-02T17:00", FEE("121.00"));
    assert_string_equal(last(s, "fee.mismatch", "collected"), "120.00");
    assert_string_equal(end_of(s, "fee/C1", "cash.handin"), "stopped");
    stage_close(s);
}

/* However wrong the sum, it is shown like any other difference. */
static void DSP_046_the_largest_sum_there_is(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "fee.collected", "2026-03-02T12:10", PAID("500.00"));
    say(s, "fee.handed_in", "2026-03-02T17:00", FEE("499.99"));
    say(s, "fee.handed_in", "2026-03-02T17:10", FEE("10000000000.00"));
    assert_string_equal(last(s, "fee.mismatch", "handed_in"), "10000000499.99");
    assert_int_equal(fee_row(s).state, fee_state_handed_in);
    stage_close(s);
}

static void DSP_046_no_private_charging(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    deny(s, "fee.collected", "2026-03-02T12:10", FEE("50.00") ",'technician':'T1'", "DSP-046",
         "not_approved", 1);
    assert_string_equal(last(s, "conduct.recorded", "kind"), "private_charging");
    assert_string_equal(last(s, "conduct.recorded", "person"), "T1");
    say(s, "fee.assessed", "2026-03-02T12:20", FEE("120.00"));
    deny(s, "fee.collected", "2026-03-02T12:30", PAID("150.00"), "DSP-046", "amount", 1);
    assert_int_equal(count(s, "conduct.recorded"), 2);
    stage_close(s);
}

/* ---- DSP-047 ---- */

static void DSP_047_free_categories_carry_no_fee(void **state)
{
    (void)state;
    static const char *const free[] = {"c", "d"};
    for (size_t i = 0; i < COUNT_OF(free); i++) {
        struct stage *s = site_open(free[i]);
        deny(s, "fee.assessed", "2026-03-02T12:00", FEE("1.00"), "DSP-047", "free_category", 0);
        say(s, "fee.assessed", "2026-03-02T12:00", FEE("0"));
        deny(s, "fee.collected", "2026-03-02T12:10", PAID("1.00"), "DSP-047", "free_category", 1);
        assert_string_equal(last(s, "conduct.recorded", "kind"), "private_charging");
        deny(s, "invoice.issued", "2026-03-02T16:00", "'call_no':'C1','invoice_no':'I1'", "DSP-044",
             "amount", 0);
        finish_and_sign(s, "2026-03-02T13:10");
        assert_string_equal(end_of(s, "fee/C1", "invoice.same_day"), "none");
        stage_close(s);
    }
}

static void DSP_047_contract_only_as_it_says(void **state)
{
    (void)state;
    struct stage *s = site_open("b");
    deny(s, "fee.collected", "2026-03-02T12:10", PAID("30.00"), "DSP-047",
         "contract_clause_missing", 1);
    deny(s, "fee.assessed", "2026-03-02T12:10", FEE("30.00"), "DSP-047", "contract_clause_missing",
         0);
    say(s, "fee.assessed", "2026-03-02T12:20", FEE("30.00") ",'contract_clause':'parts of § 4'");
    say(s, "fee.collected", "2026-03-02T12:30", PAID("30.00"));
    stage_close(s);
}

static void DSP_047_the_category_of_now_counts(void **state)
{
    (void)state;
    struct stage *s = site_open("c");
    verdict(s, CALL, "2026-03-02T12:00", "category a");
    say(s, "fee.assessed", "2026-03-02T12:20", FEE("30.00"));
    deny(s, "fee.assessed", "2026-03-02T12:20", "'call_no':'C9','amount':'1.00'", "DSP-043",
         "unknown_job", 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_043_low_or_not),
        cmocka_unit_test(DSP_043_the_limit_is_the_company_s),
        cmocka_unit_test(DSP_043_collected_handed_in_mailed),
        cmocka_unit_test(DSP_043_ladders_of_hand_in_and_mail),
        cmocka_unit_test(DSP_044_invoice_on_the_day_of_the_signature),
        cmocka_unit_test(DSP_044_invoice_same_day_ladder),
        cmocka_unit_test(DSP_044_a_corrected_fee_ends_what_is_no_longer_owed),
        cmocka_unit_test(DSP_047_another_category_moves_the_invoice),
        cmocka_unit_test(DSP_045_goods_taken_away_are_invoiced_on_their_return),
        cmocka_unit_test(DSP_045_not_before_the_last_item_is_back),
        cmocka_unit_test(DSP_046_all_the_money_is_handed_in),
        cmocka_unit_test(DSP_046_more_than_was_collected),
        cmocka_unit_test(DSP_046_the_largest_sum_there_is),
        cmocka_unit_test(DSP_046_no_private_charging),
        cmocka_unit_test(DSP_047_free_categories_carry_no_fee),
        cmocka_unit_test(DSP_047_contract_only_as_it_says),
        cmocka_unit_test(DSP_047_the_category_of_now_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
