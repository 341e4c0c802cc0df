/* complaint_return_test.c - return slip 成品退貨單 and allowance slip 銷貨折讓證明單. Rules CMP-085
 * … CMP-091, CMP-140. */
#include "tests/unit/complaint_money_door.h"

#define DAY1 "2024-01-31T10:00"
#define FEB1 "2024-02-01T10:00"
#define SLIP "'slip_no':'R1','case_no':'C1','reason':'bad','method':'back','basis':'copy 3'"
#define FIRST ",'first_responsibility':'yes'"

static struct rec_row_return slip_row(struct stage *s)
{
    struct rec_row_return row;
    assert_true(row_at(s, COMPLAINT_RETURN, key_of(STR("R1")), &row));
    return row;
}

static const char *slip_state(struct stage *s)
{
    return code_word(&codes_return_state, slip_row(s).state);
}

/* Case C1 closed with 1,000 to come back, the company answering first; its slip R1 at the
 * warehouse. `more` follows the fields of the form. */
static struct stage *at_warehouse(const char *more)
{
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, more, RETURN);
    liable(s, "C1", DAY1, ONE("T1") FIRST);
    close_it(s, "C1", DAY1);
    say(s, "BIZ", "return.slip_issued", FEB1, SLIP);
    say(s, "BIZ", "return.approved", FEB1, "'slip_no':'R1','by':'M'");
    say(s, "BIZ", "return.sent_to_warehouse", FEB1, "'slip_no':'R1'");
    return s;
}

static void receive(struct stage *s, const char *qty)
{
    char data[60];
    snprintf(data, sizeof data, "'slip_no':'R1','actual_qty':%s", qty);
    if (strcmp(qty, "1000")) {
        deny(s, "WH", "return.received", FEB1, data, "CMP-087", "missing");
        say(s, "BIZ", "return.instructed", FEB1, "'slip_no':'R1','by':'M'");
    }
    say(s, "WH", "return.received", FEB1, data);
}

/* ---- CMP-086, CMP-140 ---- */

static void CMP_086_a_slip_follows_from_the_closed_form(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", RETURN);
    deny(s, "BIZ", "return.slip_issued", DAY1, SLIP, "CMP-086", "state");
    liable(s, "C1", DAY1, ONE("T1"));
    close_it(s, "C1", DAY1);
    deny(s, "BIZ", "return.slip_issued", DAY1, SLIP ",'approved_qty':999", "CMP-086", "quantity");
    deny(s, "WH", "return.received", DAY1, "'slip_no':'R1','actual_qty':1", "CMP-087",
         "unknown_number");
    say(s, "BIZ", "return.slip_issued", DAY1, SLIP);
    assert_int_equal(slip_row(s).approved_qty, 1000);
    deny(s, "BIZ", "return.sent_to_warehouse", DAY1, "'slip_no':'R1'", "CMP-086", "state");
    closed(s, "C2", DAY1, ALLOWANCE("10.00"), ONE("T1"));
    deny(s, "BIZ", "return.slip_issued", DAY1,
         "'slip_no':'R2','case_no':'C2','reason':'r','method':'m','basis':'b'", "CMP-086",
         "method");
    stage_close(s);
}

static void CMP_140_return_start(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    /* Wednesday 10:00: 2 working hours until lunch, 2 from 13:00. */
    closed(s, "C1", DAY1, RETURN, ONE("T1"));
    due_is(s, "complaint/C1", "complaint.return_start", "2024-01-31T15:00");
    say(s, "BIZ", "return.slip_issued", "2024-01-31T15:00", SLIP);
    assert_string_equal(end_of(s, "complaint/C1", "complaint.return_start"), "stopped");
    closed(s, "C2", FEB1, RETURN, ONE("T1"));
    until(s, "2024-02-03T15:01"); /* due Thursday 15:00 and every 24 h */
    assert_int_equal(reminders(s, "complaint.return_start"), 3);
    closed(s, "C3", "2024-02-04T10:00", ALLOWANCE("10.00"), ONE("T1"));
    assert_string_equal(end_of(s, "complaint/C3", "complaint.return_start"), "none");
    stage_close(s);
}

/* ---- CMP-087 … CMP-089 ---- */

static void CMP_089_the_voucher_follows_what_came(void **state)
{
    (void)state;
    static const struct {
        const char *id, *ratio, *actual, *voucher; /* "": held */
    } rows[] = {
        {"C-25", "'over_ratio_bp':300", "1000", "1000"},
        {"C-25", "'over_ratio_bp':300", "980", "980"},
        {"C-25", "'over_ratio_bp':300", "1030", "1030"},
        {"C-25", "'over_ratio_bp':300", "1031", ""},
        {"C-26", "", "1001", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = at_warehouse(rows[i].ratio);
        receive(s, rows[i].actual);
        assert_int_equal(count(s, "return.held"), *rows[i].voucher ? 0 : 1);
        if (*rows[i].voucher) {
            say(s, "BIZ", "return.proof_obtained", FEB1,
                "'slip_no':'R1','proof_kind':'original_invoice'");
            deny(s, "ACC", "return.vouchered", FEB1, "'slip_no':'R1','amount':'1.00','qty':7",
                 "CMP-089", "quantity");
            say(s, "ACC", "return.vouchered", FEB1, "'slip_no':'R1','amount':'50000.00'");
            assert_string_equal(last(s, "return.vouchered", "qty"), rows[i].voucher);
            assert_string_equal(state_of(s, "C1"), "settled");
        } else {
            assert_string_equal(slip_state(s), "held");
            assert_string_equal(last(s, "return.held", "actual_qty"), rows[i].actual);
        }
        stage_close(s);
    }
}

static void CMP_089_held_until_it_is_ruled(void **state)
{
    (void)state;
    struct stage *s = at_warehouse("'over_ratio_bp':300");
    receive(s, "1031");
    deny(s, "ACC", "return.vouchered", FEB1, "'slip_no':'R1','amount':'1.00'", "CMP-089", "held");
    deny(s, "BIZ", "return.proof_obtained", FEB1, "'slip_no':'R1','proof_kind':'original_invoice'",
         "CMP-090", "state");
    say(s, "GM", "return.ruled", FEB1, "'slip_no':'R1','by':'GM','voucher_qty':1010");
    say(s, "BIZ", "return.proof_obtained", FEB1,
        "'slip_no':'R1','proof_kind':'return_certificate'");
    say(s, "ACC", "return.vouchered", FEB1, "'slip_no':'R1','amount':'1.00'");
    assert_string_equal(last(s, "return.vouchered", "qty"), "1010");
    stage_close(s);
}

static void CMP_089_the_company_s_own_ratio(void **state)
{
    (void)state;
    struct stage *s = desk_with("policy.yaml", "complaint: {over_ratio_bp: 10}");
    closed(s, "C1", DAY1, RETURN, ONE("T1"));
    say(s, "BIZ", "return.slip_issued", FEB1, SLIP);
    say(s, "BIZ", "return.approved", FEB1, "'slip_no':'R1','by':'M'");
    say(s, "BIZ", "return.sent_to_warehouse", FEB1, "'slip_no':'R1'");
    receive(s, "1001"); /* 1000 x 1.001: the boundary */
    assert_string_equal(slip_state(s), "received");
    stage_close(s);
}

static void CMP_088_nothing_is_booked_twice(void **state)
{
    (void)state;
    struct stage *s = at_warehouse("");
    receive(s, "1000");
    say(s, "BIZ", "return.proof_obtained", FEB1, "'slip_no':'R1','proof_kind':'annotated_copy'");
    say(s, "ACC", "return.vouchered", FEB1, "'slip_no':'R1','amount':'1.00'");
    deny(s, "ACC", "return.vouchered", FEB1, "'slip_no':'R1','amount':'1.00'", "CMP-088", "state");
    stage_close(s);
}

/* ---- CMP-090, CMP-091 ---- */

static void CMP_090_proof_in_seven_days(void **state)
{
    (void)state;
    struct stage *s = at_warehouse("");
    receive(s, "1000");
    deny(s, "ACC", "return.vouchered", FEB1, "'slip_no':'R1','amount':'1.00'", "CMP-090",
         "missing");
    say(s, "WH", "return.returned_to_business", FEB1, "'slip_no':'R1'");
    due_is(s, "return/R1", "complaint.proof", "2024-02-08T10:00");
    deny(s, "BIZ", "return.proof_obtained", FEB1,
         "'slip_no':'R1','proof_kind':'allowance_certificate'", "CMP-090", "proof");
    until(s, "2024-02-10T10:01");
    assert_int_equal(reminders(s, "complaint.proof"), 3);
    say(s, "BIZ", "return.proof_obtained", "2024-02-10T11:00",
        "'slip_no':'R1','proof_kind':'original_invoice'");
    assert_string_equal(end_of(s, "return/R1", "complaint.proof"), "late");
    stage_close(s);
}

#define A1 "'slip_no':'A1'"

static void CMP_085_allowance(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", ALLOWANCE("100.00"));
    deny(s, "BIZ", "allowance.issued", DAY1, A1 ",'case_no':'C1','amount':'100.00'", "CMP-085",
         "state");
    liable(s, "C1", DAY1, ONE("T1") FIRST);
    close_it(s, "C1", DAY1);
    deny(s, "BIZ", "allowance.issued", DAY1, A1 ",'case_no':'C1','amount':'99.99'", "CMP-085",
         "amount");
    say(s, "BIZ", "allowance.issued", DAY1, A1 ",'case_no':'C1','amount':'100.00'");
    deny(s, "BIZ", "allowance.customer_sealed", DAY1, A1, "CMP-085", "state");
    say(s, "BIZ", "allowance.approved", DAY1, A1 ",'manager':'M','gm':'G'");
    due_is(s, "allowance/A1", "complaint.proof", "2024-02-07T10:00");
    deny(s, "ACC", "allowance.booked", DAY1, A1, "CMP-085", "state");
    say(s, "BIZ", "allowance.customer_sealed", DAY1, A1);
    deny(s, "ACC", "allowance.booked", DAY1, A1, "CMP-091", "missing");
    deny(s, "BIZ", "allowance.proof_obtained", DAY1, A1 ",'proof_kind':'return_certificate'",
         "CMP-091", "proof");
    say(s, "BIZ", "allowance.proof_obtained", "2024-02-07T10:00",
        A1 ",'proof_kind':'original_invoice'");
    assert_string_equal(end_of(s, "allowance/A1", "complaint.proof"), "stopped");
    say(s, "ACC", "allowance.booked", "2024-02-07T10:00", A1);
    assert_string_equal(state_of(s, "C1"), "settled");
    stage_close(s);
}

static void CMP_091_the_third_kind_may_be_switched_off(void **state)
{
    (void)state;
    struct stage *s = desk_with(
        "policy.yaml", "complaint: {allowance_proofs: [annotated_copy, allowance_certificate]}");
    closed(s, "C1", DAY1, ALLOWANCE("100.00"), ONE("T1"));
    say(s, "BIZ", "allowance.issued", DAY1, A1 ",'case_no':'C1','amount':'100.00'");
    say(s, "BIZ", "allowance.approved", DAY1, A1 ",'manager':'M','gm':'G'");
    deny(s, "BIZ", "allowance.proof_obtained", DAY1, A1 ",'proof_kind':'original_invoice'",
         "CMP-091", "proof");
    until(s, "2024-02-09T10:01");
    assert_int_equal(reminders(s, "complaint.proof"), 3);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_086_a_slip_follows_from_the_closed_form),
        cmocka_unit_test(CMP_140_return_start),
        cmocka_unit_test(CMP_089_the_voucher_follows_what_came),
        cmocka_unit_test(CMP_089_held_until_it_is_ruled),
        cmocka_unit_test(CMP_089_the_company_s_own_ratio),
        cmocka_unit_test(CMP_088_nothing_is_booked_twice),
        cmocka_unit_test(CMP_090_proof_in_seven_days),
        cmocka_unit_test(CMP_085_allowance),
        cmocka_unit_test(CMP_091_the_third_kind_may_be_switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
