/* parts_cost_test.c - costs applied for outside the house, budgets of the year, and money of paid
 * service against what dispatch has. Rules PRT-050, PRT-051, PRT-052, PRT-071. */
#include "tests/unit/parts_money.h"

/* ---- PRT-050 ---- */

#define APPLIED(no, amount)                                                                        \
    "'cost_no':'" no "','person':'T1','customer':'K1','product':'M1','project':'P1',"              \
    "'purpose':'crane','amount':'" amount "'"

static struct rec_row_external_cost cost_row(struct stage *s, const char *no)
{
    struct rec_row_external_cost row;
    assert_true(row_at(s, PARTS_EXTERNAL_COST, key_of(str_of(no)), &row));
    return row;
}

static void PRT_050_a_line_of_the_ledger(void **state)
{
    (void)state;
    struct stage *s = money_open();
    deny(s, "BUS", "external_cost.approved", "2026-03-02T09:00", "'cost_no':'X1','by':'L1'",
         "PRT-050", "unknown_number");
    say(s, "BUS", "external_cost.applied", "2026-03-02T09:00", APPLIED("X1", "500.00"));
    deny(s, "BUS", "external_cost.paid", "2026-03-02T09:30", "'cost_no':'X1','document':'D1'",
         "PRT-050", "state");
    deny(s, "BUS", "external_cost.approved", "2026-03-02T10:00",
         "'cost_no':'X1','by':'L1','approved':'500.01'", "PRT-050", "amount");
    say(s, "BUS", "external_cost.approved", "2026-03-02T10:00",
        "'cost_no':'X1','by':'L1','approved':'480.00'");
    deny(s, "BUS", "external_cost.paid", "2026-03-03T10:00",
         "'cost_no':'X1','document':'D1','paid':'500.00'", "PRT-050", "amount");
    say(s, "BUS", "external_cost.paid", "2026-03-03T10:00", "'cost_no':'X1','document':'D1'");
    assert_string_equal(last(s, "external_cost.paid", "paid"), "480.00");
    struct rec_row_external_cost r = cost_row(s, "X1");
    assert_true(r.state == external_cost_state_paid && r.amount == 50000 && r.approved == 48000);
    assert_true(str_is(r.person, "T1") && str_is(r.customer, "K1") && str_is(r.document, "D1"));
    assert_true(r.applied_at == instant("2026-03-02T09:00") &&
                r.paid_at == instant("2026-03-03T10:00"));
    stage_close(s);
}

static void PRT_050_approved_as_applied_for(void **state)
{
    (void)state;
    struct stage *s = money_open();
    say(s, "BUS", "external_cost.applied", "2026-03-02T09:00", APPLIED("X1", "500.00"));
    say(s, "BUS", "external_cost.approved", "2026-03-02T10:00", "'cost_no':'X1','by':'L1'");
    assert_string_equal(last(s, "external_cost.approved", "approved"), "500.00");
    assert_true(cost_row(s, "X1").approved == 50000);
    stage_close(s);
}

static void PRT_071_its_document_is_a_voucher_like_any_other(void **state)
{
    (void)state;
    struct stage *s = money_open();
    submit(s, "BUS", "2026-03-05T10:00", "E1",
           TRIP("T1", "2026-03-02", "2026-03-02")
               PAPERS(LINE("2026-03-02", "hotel", "9.00", AT("Ningbo")), VOUCHER("D1", "9.00")));
    say(s, "BUS", "external_cost.applied", "2026-03-05T11:00", APPLIED("X1", "9.00"));
    say(s, "BUS", "external_cost.approved", "2026-03-05T11:00", "'cost_no':'X1','by':'L1'");
    deny(s, "BUS", "external_cost.paid", "2026-03-05T12:00", "'cost_no':'X1','document':'D1'",
         "PRT-071", "used_twice");
    say(s, "BUS", "external_cost.paid", "2026-03-05T12:00", "'cost_no':'X1','document':'D2'");
    stage_close(s);
}

/* ---- PRT-051 ---- */

static void spend(struct stage *s, const char *local, const char *unit, const char *no,
                  const char *amount, const char *project)
{
    char data[300];
    snprintf(data, sizeof data, "'cost_no':'%s','person':'T1','purpose':'x','amount':'%s'%s", no,
             amount, project);
    say(s, unit, "external_cost.applied", local, data);
    snprintf(data, sizeof data, "'cost_no':'%s','by':'L1'", no);
    say(s, unit, "external_cost.approved", local, data);
}

static void PRT_051_over_the_budget_is_a_warning(void **state)
{
    (void)state;
    struct stage *s = money_open();
    say(s, "U1", "budget.set", "2026-01-05T09:00",
        "'year':2026,'kind':'external','amount':'1000.00','by':'finance'");
    spend(s, "2026-03-02T09:00", "BUS", "X1", "600.00", "");
    spend(s, "2026-03-03T09:00", "IND", "X2", "400.00", ""); /* just spent */
    assert_int_equal(count(s, "budget.exceeded"), 0);
    spend(s, "2027-01-01T00:00", "BUS", "X3", "400.00", ""); /* another year */
    assert_int_equal(count(s, "budget.exceeded"), 0);
    spend(s, "2026-12-31T23:59", "BUS", "X4", "0.01", "");
    assert_int_equal(count(s, "budget.exceeded"), 1);
    assert_string_equal(last(s, "budget.exceeded", "spent"), "1000.01");
    assert_string_equal(last(s, "budget.exceeded", "amount"), "1000.00");
    spend(s, "2026-12-31T23:59", "BUS", "X5", "5.00", ""); /* it is over already */
    assert_int_equal(count(s, "budget.exceeded"), 1);
    say(s, "U1", "budget.set", "2026-12-31T23:59",
        "'year':2026,'kind':'external','amount':'2000.00'");
    assert_int_equal(count(s, "budget.exceeded"), 1);
    say(s, "U1", "budget.set", "2026-12-31T23:59",
        "'year':2026,'kind':'external','amount':'1005.00'"); /* cut below what is spent */
    assert_int_equal(count(s, "budget.exceeded"), 2);
    stage_close(s);
}

static void PRT_051_budgets_of_units_projects_and_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *scope;
        int64_t fen; /* spent in it below */
    } rows[] = {
        {"'kind':'external'", 10000},
        {"'kind':'external','unit':'BUS'", 7000},
        {"'kind':'external','project':'P1'", 6000},
        {"'kind':'external','unit':'BUS','project':'P1'", 4000},
        {"'kind':'service'", 15000}, /* the after-sales budget as a whole */
        {"'kind':'travel'", 5000},
        {"'kind':'travel','unit':'BUS','project':'P1'", 5000},
    };
    struct stage *s = money_open();
    spend(s, "2026-03-02T09:00", "BUS", "X1", "40.00", ",'project':'P1'");
    spend(s, "2026-03-02T09:00", "BUS", "X2", "30.00", "");
    spend(s, "2026-03-02T09:00", "IND", "X3", "20.00", ",'project':'P1'");
    spend(s, "2026-03-02T09:00", "IND", "X4", "10.00", ",'project':'P2'");
    submit(s, "BUS", "2026-03-05T10:00", "E1",
           TRIP("T1", "2026-03-02", "2026-03-02") ",'project':'P1'" PAPERS(
               LINE("2026-03-02", "hotel", "50.00", AT("Ningbo")) "," LINE(
                   "2026-03-02", "taxi", "9.00", AT("Ningbo")), /* not reimbursed, no cost */
               VOUCHER("V1", "50.00") "," VOUCHER("V2", "9.00")));
    approve(s, "2026-03-06T10:00", "E1");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[200];
        size_t before = count(s, "budget.exceeded");
        snprintf(data, sizeof data, "'year':2026,%s,'amount':'%lld.%02lld'", rows[i].scope,
                 (long long)rows[i].fen / 100, (long long)rows[i].fen % 100);
        say(s, "U1", "budget.set", "2026-04-01T09:00", data);
        assert_int_equal(count(s, "budget.exceeded"), before);
        snprintf(data, sizeof data, "'year':2026,%s,'amount':'%lld.%02lld'", rows[i].scope,
                 (long long)(rows[i].fen - 1) / 100, (long long)(rows[i].fen - 1) % 100);
        say(s, "U1", "budget.set", "2026-04-01T09:00", data);
        assert_int_equal(count(s, "budget.exceeded"), before + 1);
    }
    stage_close(s);
}

/* Net three-guarantee cost (PRT-018): 4 × 12.50, then one brought back. */
static void PRT_051_three_guarantee_cost_counts(void **state)
{
    (void)state;
    static const char issued[] = "'requisition_no':'R1','line':1,'part_no':'A','qty':4";
    struct stage *s = money_open();
    say(s, "BUS", "item.upserted", "2026-03-02T08:00",
        "'part_no':'A','name':'relay','spec':'24V','unit_cost':'12.50'");
    say(s, "BUS", "stock.received", "2026-03-02T09:00",
        "'note_no':'O1','source':'opening','lines':[{'part_no':'A','qty':10}]");
    say(s, "U1", "budget.set", "2026-03-02T09:00",
        "'year':2026,'kind':'guarantee','unit':'BUS','amount':'49.99'");
    say(s, "BUS", "requisition.opened", "2026-03-02T10:00",
        "'requisition_no':'R1','person':'T1','lines':[{'part_no':'A','qty':4}]");
    say(s, "BUS", "requisition.approved", "2026-03-02T10:00", "'requisition_no':'R1','by':'boss'");
    assert_int_equal(count(s, "budget.exceeded"), 0);
    say(s, "BUS", "stock.issued", "2026-03-02T11:00", issued);
    assert_int_equal(count(s, "budget.exceeded"), 1);
    assert_string_equal(last(s, "budget.exceeded", "kind"), "guarantee");
    assert_string_equal(last(s, "budget.exceeded", "spent"), "50.00");
    say(s, "BUS", "stock.returned_unused", "2026-03-02T12:00",
        "'requisition_no':'R1','line':1,'part_no':'A','qty':1");
    say(s, "U1", "budget.set", "2026-03-02T13:00",
        "'year':2026,'kind':'guarantee','unit':'BUS','amount':'37.49'");
    assert_string_equal(last(s, "budget.exceeded", "spent"), "37.50");
    stage_close(s);
}

/* ---- PRT-052 ---- */

static struct stage *paid_call(void)
{
    struct stage *s = parts_open_with_dispatch();
    tell(s, "GEN", "call.registered", "2026-03-02T09:00",
         "'call_no':'C1','customer':'K1','product_line':'gen'");
    return s;
}

#define CHARGED(amount) "'call_no':'C1','amount':'" amount "','by':'Q1'"

static void PRT_052_collected_is_what_was_handed_in(void **state)
{
    (void)state;
    struct stage *s = paid_call();
    tell(s, "GEN", "fee.collected", "2026-03-02T11:00",
         "'call_no':'C1','amount':'120.00','technician':'T1','approved_by':'L1'");
    tell(s, "GEN", "fee.handed_in", "2026-03-02T17:00", "'call_no':'C1','amount':'100.00'");
    assert_int_equal(stage_count(s, OWNER_dispatch, "fee.handed_in"), 1);
    assert_int_equal(count(s, "charge.matched"), 0); /* one side alone */
    say(s, "GEN", "charge.collected", "2026-03-03T09:00", CHARGED("100.00"));
    assert_string_equal(last(s, "charge.matched", "match"), "yes");
    tell(s, "GEN", "fee.handed_in", "2026-03-03T17:00", "'call_no':'C1','amount':'20.00'");
    until(s, "2026-03-03T17:01");
    assert_string_equal(last(s, "charge.matched", "match"), "no");
    assert_string_equal(last(s, "charge.matched", "handed_in"), "120.00");
    assert_string_equal(last(s, "charge.matched", "collected"), "100.00");
    say(s, "GEN", "charge.collected", "2026-03-04T09:00", CHARGED("20.00"));
    assert_string_equal(last(s, "charge.matched", "match"), "yes");
    stage_close(s);
}

static void PRT_052_the_order_does_not_matter(void **state)
{
    (void)state;
    struct stage *s = paid_call();
    deny(s, "GEN", "charge.collected", "2026-03-02T10:00",
         "'call_no':'C9','amount':'1.00','by':'Q1'", "PRT-052", "unknown_number");
    say(s, "GEN", "charge.collected", "2026-03-02T10:00", CHARGED("120.00"));
    assert_int_equal(count(s, "charge.matched"), 0);
    tell(s, "GEN", "fee.collected", "2026-03-02T11:00",
         "'call_no':'C1','amount':'120.00','technician':'T1','approved_by':'L1'");
    tell(s, "GEN", "fee.handed_in", "2026-03-02T17:00", "'call_no':'C1','amount':'119.99'");
    until(s, "2026-03-02T17:01");
    assert_string_equal(last(s, "charge.matched", "match"), "no");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_050_a_line_of_the_ledger),
        cmocka_unit_test(PRT_050_approved_as_applied_for),
        cmocka_unit_test(PRT_071_its_document_is_a_voucher_like_any_other),
        cmocka_unit_test(PRT_051_over_the_budget_is_a_warning),
        cmocka_unit_test(PRT_051_budgets_of_units_projects_and_kinds),
        cmocka_unit_test(PRT_051_three_guarantee_cost_counts),
        cmocka_unit_test(PRT_052_collected_is_what_was_handed_in),
        cmocka_unit_test(PRT_052_the_order_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
