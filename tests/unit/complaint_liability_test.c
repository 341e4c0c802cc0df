/* complaint_liability_test.c - who is liable, the resale month, the loss and its shares. Rules
 * CMP-044, CMP-050, CMP-059, CMP-061 … CMP-070, CMP-139. */
#include "tests/unit/complaint_money_door.h"

#define DAY1 "2024-01-31T10:00"

/* ---- CMP-044, CMP-050 ---- */

static void CMP_044_proposed_and_approved(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", ALLOWANCE("100.00"));
    bar(s, "GMO", "C1", "complaint.liability_approved", DAY1, "'by':'head'", "CMP-044",
        "unknown_number");
    bar(s, "GMO", "C1", "complaint.closed", DAY1, "", "CMP-050", "missing");
    assert_true(strstr(last(s, "refused.fact", "text"), "who is responsible") != NULL);
    bar(s, "BIZ", "C1", "complaint.liability_proposed", DAY1, "'own_quality':'no'", "CMP-028",
        "no_right"); /* the GMO decides who is responsible */
    act(s, "GMO", "C1", "complaint.liability_proposed", DAY1,
        "'own_quality':'no','responsible_unit':'WH','loss':'90.00'");
    bar(s, "GMO", "C1", "complaint.closed", DAY1, "", "CMP-050", "missing");
    act(s, "GMO", "C1", "complaint.liability_approved", DAY1, "'by':'head'");
    struct rec_row_liability l = liability_of(s, "C1");
    assert_int_equal(l.state, liability_state_approved);
    assert_int_equal(l.loss, 9000);
    assert_int_equal(l.loss_kind, loss_kind_estimated);
    assert_true(str_is(case_row(s, "C1").responsible_unit, "WH"));
    bar(s, "GMO", "C9", "complaint.liability_proposed", DAY1, "'own_quality':'no'", "CMP-044",
        "unknown_number");
    stage_close(s);
}

static void CMP_050_a_loss_needs_parties_and_own_quality_a_word_on_tracking(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", ALLOWANCE("100.00"));
    liable(s, "C1", DAY1, "'own_quality':'yes'");
    bar(s, "GMO", "C1", "complaint.closed", DAY1, "", "CMP-050", "missing");
    assert_true(strstr(last(s, "refused.fact", "text"), "100 %") != NULL);
    liable(s, "C1", DAY1, "'own_quality':'yes','parties':[{'type':'person','party':'T1'}]");
    bar(s, "GMO", "C1", "complaint.closed", DAY1, "", "CMP-050", "missing");
    assert_true(strstr(last(s, "refused.fact", "text"), "track_improvement") != NULL);
    liable(s, "C1", DAY1, "'own_quality':'yes','track_improvement':'no'");
    close_it(s, "C1", DAY1);
    stage_close(s);
}

static void CMP_044_by_the_number_of_the_case_itself(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", ALLOWANCE("100.00"));
    bar(s, "GMO", "240101", "complaint.liability_proposed", DAY1, "'own_quality':'no'", "CMP-044",
        "unknown_number");
    assert_true(strstr(last(s, "refused.fact", "text"), "C1") != NULL);
    stage_close(s);
}

/* ---- CMP-065 … CMP-069 ---- */

static void CMP_066_ratios(void **state)
{
    (void)state;
    static const struct {
        const char *id, *parties, *rule;
    } rows[] = {
        {"C-16", TWO("6000", "3000"), "CMP-066"},
        {"", TWO("9999", "2"), "CMP-066"},
        {"", TWO("10000", "0"), "CMP-066"},
        {"", "'own_quality':'no','parties':[{'type':'person','party':'T1','ratio_bp':9000}]",
         "CMP-065"},
        {"",
         "'own_quality':'no','parties':[{'type':'person','party':'T1','ratio_bp':5000},"
         "{'type':'person','party':'T2','weight':1}]",
         "CMP-066"},
    };
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", ALLOWANCE("100.00"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bar(s, "GMO", "C1", "complaint.liability_proposed", DAY1, rows[i].parties, rows[i].rule,
            "ratios");
    }
    assert_true(strstr(last(s, "refused.fact", "text"), "not both") != NULL);
    stage_close(s);
}

static void CMP_067_to_069_the_smallest_unit(void **state)
{
    (void)state;
    static const struct {
        const char *department, *type, *more, *rule; /* rule "": accepted */
    } rows[] = {
        {"manufacturing", "unit", "", ""},
        {"MFG", "section", "", "CMP-068"},
        {"manufacturing", "section", ",'not_attributable':'yes'", "CMP-068"},
        {"manufacturing", "section", ",'not_attributable':'yes','reason':'all lines'", ""},
        {"manufacturing", "person", "", "CMP-068"},
        {"business", "person", "", ""},
        {"business", "department", "", "CMP-069"},
        {"service", "department", ",'not_attributable':'yes','reason':'nobody found'", ""},
        {"SVC", "unit", ",'not_attributable':'yes','reason':'x'", "CMP-069"},
        {"", "shift", "", ""},
        {"manufacturing", "external", "", ""},
    };
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", ALLOWANCE("100.00"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[300];
        snprintf(data, sizeof data,
                 "'own_quality':'no','parties':[{'type':'%s','party':'P1','department':'%s'%s}]",
                 rows[i].type, rows[i].department, rows[i].more);
        if (*rows[i].rule)
            bar(s, "GMO", "C1", "complaint.liability_proposed", DAY1, data, rows[i].rule,
                "party_type");
        else
            act(s, "GMO", "C1", "complaint.liability_proposed", DAY1, data);
    }
    stage_close(s);
}

/* ---- shares ---- */

static void CMP_066_the_loss_is_split(void **state)
{
    (void)state;
    static const struct {
        const char *id, *loss, *parties, *shares[3];
    } rows[] = {
        {"C-14", "17500.00", TWO("7000", "3000"), {"12250.00", "5250.00"}},
        {"C-15", "1000.01", TWO("5000", "5000"), {"500.01", "500.00"}},
        {"C-15",
         "10000.00",
         "'own_quality':'no','parties':[{'type':'person','party':'A','weight':1},"
         "{'type':'person','party':'B','weight':1},{'type':'person','party':'C','weight':1}]",
         {"3333.34", "3333.33", "3333.33"}},
        {"C-15",
         "9999.99",
         "'own_quality':'no','parties':[{'type':'person','party':'A','weight':2},"
         "{'type':'person','party':'B','weight':1}]",
         {"6666.66", "3333.33"}},
        {"CMP-065", "17500.00", ONE("T1"), {"17500.00"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = desk_open(POLICY_STD);
        char decision[120];
        snprintf(decision, sizeof decision,
                 "'level':'總經理','method':'compensation','amount':'%s'", rows[i].loss);
        closed(s, "C1", DAY1, decision, rows[i].parties);
        act(s, "GMO", "C1", "complaint.loss_apportioned", "2024-02-05T10:00", "");
        assert_string_equal(last(s, "complaint.loss_apportioned", "loss"), rows[i].loss);
        assert_string_equal(last(s, "complaint.loss_apportioned", "loss_kind"), "final");
        for (size_t j = 0; j < 3 && rows[i].shares[j]; j++) {
            assert_string_equal(list_field(s, "complaint.loss_apportioned", "shares", j, "share"),
                                rows[i].shares[j]);
        }
        bar(s, "GMO", "C1", "complaint.loss_apportioned", "2024-02-06T10:00", "", "CMP-059",
            "state");
        stage_close(s);
    }
}

static void CMP_064_the_loss_by_method(void **state)
{
    (void)state;
    static const struct {
        const char *method, *stated, *loss;
    } rows[] = {
        {"allowance", "", "120.00"},
        {"rework", "'rework_cost':'70.00','freight':'5.50'", "75.50"},
        {"exchange", "'replacement_cost':'900.00','freight':'20.00','returned_value':'300.00'",
         "620.00"},
        {"exchange", "'replacement_cost':'100.00','returned_value':'300.00'", "0.00"},
        {"nothing", "", "0.00"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = desk_open(POLICY_STD);
        char decision[120];
        snprintf(decision, sizeof decision, "'level':'總經理','method':'%s','amount':'120.00'",
                 rows[i].method);
        closed(s, "C1", DAY1, decision, ONE("T1"));
        if (*rows[i].stated) {
            bar(s, "GMO", "C1", "complaint.loss_apportioned", "2024-02-05T10:00", "", "CMP-064",
                "missing");
            act(s, "ACC", "C1", "complaint.loss_stated", "2024-02-05T10:00", rows[i].stated);
        }
        act(s, "GMO", "C1", "complaint.loss_apportioned", "2024-02-05T11:00", "");
        char loss[EXACT_TEXT_MAX];
        exact_decimal(liability_of(s, "C1").loss, 100, 2, loss);
        assert_string_equal(loss, rows[i].loss);
        stage_close(s);
    }
}

static void CMP_059_only_closed_cases_with_parties(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", "'level':'總經理','method':'nothing','amount':'0.00'");
    liable(s, "C1", DAY1, "'own_quality':'no'");
    bar(s, "GMO", "C1", "complaint.loss_apportioned", DAY1, "", "CMP-059", "state");
    close_it(s, "C1", DAY1);
    bar(s, "GMO", "C1", "complaint.loss_apportioned", DAY1, "", "CMP-059", "missing");
    stage_close(s);
}

/* ---- CMP-061 … CMP-063 ---- */

static void CMP_061_the_month(void **state)
{
    (void)state;
    static const struct {
        const char *id, *judged, *ends; /* 24:00 of the day given by the rule */
    } rows[] = {
        {"C-11", "2024-01-31T10:00", "2024-03-01T00:00"},
        {"C-11", "2023-01-31T10:00", "2023-03-01T00:00"},
        {"C-11", "2024-03-15T10:00", "2024-04-16T00:00"},
        {"C-11", "2024-08-31T10:00", "2024-10-01T00:00"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = desk_open(POLICY_STD);
        closed(s, "C1", rows[i].judged, RETURN, ONE("T1"));
        act(s, "GMO", "C1", "sanction.judged", rows[i].judged, "'by':'GM'");
        due_is(s, "resale/C1", "complaint.resale", rows[i].ends);
        bar(s, "GMO", "C1", "sanction.judged", rows[i].judged, "", "CMP-061", "state");
        stage_close(s);
    }
}

static void CMP_061_unsold_when_the_month_is_over(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", DAY1, RETURN, ONE("T1"));
    act(s, "GMO", "C1", "sanction.judged", DAY1, "");
    act(s, "BIZ", "C1", "resale.sold", "2024-02-20T10:00", "'qty':600,'proceeds':'19500.00'");
    until(s, "2024-03-01T00:00");
    assert_int_equal(count(s, "resale.unsold"), 0);
    until(s, "2024-03-01T00:01");
    assert_int_equal(count(s, "resale.unsold"), 1);
    assert_string_equal(last(s, "resale.unsold", "left"), "400");
    assert_int_equal(reminders(s, "complaint.resale"), 0);
    bar(s, "BIZ", "C1", "resale.sold", "2024-03-02T10:00", "'qty':1,'proceeds':'1.00'", "CMP-062",
        "late");
    /* Told late, done in time: it counts. */
    act(s, "BIZ", "C1", "resale.sold", "2024-02-29T10:00", "'qty':1,'proceeds':'1.00'");
    bar(s, "BIZ", "C1", "resale.sold", "2024-02-29T10:00", "'qty':400,'proceeds':'1.00'", "CMP-062",
        "range");
    stage_close(s);
}

static void CMP_062_063_what_the_goods_lost(void **state)
{
    (void)state;
    static const struct {
        const char *id, *sold, *stated, *loss;
    } rows[] = {
        {"C-12", "'qty':1000,'proceeds':'32500.00'", "", "17500.00"},
        {"C-13", "'qty':600,'proceeds':'19500.00'", "'actual_unit_loss':'38.00'", "25700.00"},
        {"CMP-062", "'qty':1000,'proceeds':'60000.00'", "", "0.00"},
        {"CMP-063", "", "'actual_loss':'41000.00'", "41000.00"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = desk_open(POLICY_STD);
        closed(s, "C1", DAY1, RETURN, ONE("T1"));
        act(s, "GMO", "C1", "sanction.judged", DAY1, "");
        if (*rows[i].sold) act(s, "BIZ", "C1", "resale.sold", "2024-02-20T10:00", rows[i].sold);
        assert_string_equal(end_of(s, "resale/C1", "complaint.resale"),
                            *rows[i].stated ? "open" : "stopped");
        until(s, "2024-03-02T00:00");
        if (*rows[i].stated) {
            bar(s, "GMO", "C1", "complaint.loss_apportioned", "2024-03-05T10:00", "", "CMP-063",
                "missing");
            act(s, "ACC", "C1", "complaint.loss_stated", "2024-03-05T10:00", rows[i].stated);
        }
        act(s, "GMO", "C1", "complaint.loss_apportioned", "2024-03-05T11:00", "");
        char loss[EXACT_TEXT_MAX];
        exact_decimal(liability_of(s, "C1").loss, 100, 2, loss);
        assert_string_equal(loss, rows[i].loss);
        stage_close(s);
    }
}

static void CMP_061_scope_all_gives_every_return_its_month(void **state)
{
    (void)state;
    struct stage *s = desk_with("policy.yaml", "complaint: {resale_scope: all, resale_months: 2}");
    closed(s, "C1", "2024-01-15T10:00", RETURN, ONE("T1"));
    due_is(s, "resale/C1", "complaint.resale", "2024-03-16T00:00");
    stage_close(s);
}

/* ---- CMP-070 ---- */

static void CMP_070_items(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    to_final(s, "C1", DAY1, "", ALLOWANCE("100.00"));
    bar(s, "GMO", "C1", "complaint.liability_proposed", DAY1, "'own_quality':'no','item':'A16'",
        "CMP-070", "unknown_word");
    bar(s, "GMO", "C1", "complaint.liability_proposed", DAY1, "'own_quality':'no','item':'A15'",
        "CMP-070", "missing");
    act(s, "GMO", "C1", "complaint.liability_proposed", DAY1,
        "'own_quality':'no','item':'A15','item_text':'lost the seal'");
    stage_close(s);
}

/* ---- CMP-139 ---- */

static void CMP_139_the_settlement_waits_unless_the_company_answers_first(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", DAY1, ALLOWANCE("100.00"), ONE("T1"));
    say(s, "BIZ", "allowance.issued", DAY1, "'slip_no':'A1','case_no':'C1','amount':'100.00'");
    say(s, "BIZ", "allowance.approved", DAY1, "'slip_no':'A1','manager':'M','gm':'G'");
    say(s, "BIZ", "allowance.customer_sealed", DAY1, "'slip_no':'A1'");
    say(s, "BIZ", "allowance.proof_obtained", DAY1,
        "'slip_no':'A1','proof_kind':'allowance_certificate'");
    deny(s, "ACC", "allowance.booked", DAY1, "'slip_no':'A1'", "CMP-139", "waits");
    act(s, "GM", "C1", "complaint.first_responsibility_set", DAY1,
        "'by':'GM','first_responsibility':'yes'");
    say(s, "ACC", "allowance.booked", DAY1, "'slip_no':'A1'");
    assert_string_equal(state_of(s, "C1"), "settled");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_044_proposed_and_approved),
        cmocka_unit_test(CMP_050_a_loss_needs_parties_and_own_quality_a_word_on_tracking),
        cmocka_unit_test(CMP_044_by_the_number_of_the_case_itself),
        cmocka_unit_test(CMP_066_ratios),
        cmocka_unit_test(CMP_067_to_069_the_smallest_unit),
        cmocka_unit_test(CMP_066_the_loss_is_split),
        cmocka_unit_test(CMP_064_the_loss_by_method),
        cmocka_unit_test(CMP_059_only_closed_cases_with_parties),
        cmocka_unit_test(CMP_061_the_month),
        cmocka_unit_test(CMP_061_unsold_when_the_month_is_over),
        cmocka_unit_test(CMP_062_063_what_the_goods_lost),
        cmocka_unit_test(CMP_061_scope_all_gives_every_return_its_month),
        cmocka_unit_test(CMP_070_items),
        cmocka_unit_test(CMP_139_the_settlement_waits_unless_the_company_answers_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
