/* intake_guarantee_test.c - what becomes of the guarantee of a call after its registration: another
 * product, an answer of 供銷部, a hold, dates proven later. */
#include "tests/unit/intake_fixture.h"

#define REG "call.registered"
#define T0 "2025-06-20T09:00:00+08:00"
#define T1 "2025-06-20T10:00:00+08:00"
#define T2 "2025-06-20T11:00:00+08:00"
#define C1 "'call_no':'C1'"
#define SITE C1 "," FULL ",'reporter':'李','fault':'f'"
#define ON_P1 "{" SITE ",'product':'P1'}"
#define OEM "{'product':'P1','model':'M','warranty_policy':'W-IND-OEM'}"

static const char *last(struct stage *s, const char *type, const char *field)
{
    return stage_last(s, LOG, type, field);
}

/* ---- another product ---- */

static void INT_012_a_product_told_later_brings_its_guarantee(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0,
         "{'product':'P1','model':'M','warranty_policy':'W-GEN','delivered':'2025-01-10'}");
    tell(s, REG, T0, "{" SITE ",'product_line':'industrial'}");
    assert_string_equal(last(s, "call.classified", "category"), "a");
    tell(s, "call.clarified", T1, "{" C1 ",'product':'P1'}");
    assert_string_equal(last(s, "warranty.determined", "policy"), "W-GEN");
    assert_string_equal(last(s, "warranty.determined", "last_day"), "2026-01-10");
    assert_string_equal(last(s, "call.reclassified", "category"), "c");
    assert_string_equal(last(s, "call.queued", "category"), "c");
    assert_string_equal(last_with(s, "deadline.stopped", "name", "warranty.query", "late"), "");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "warranty.query"), 1);
    assert_int_equal(stage_count(s, LOG, "warranty.query"), 1);
    stage_close(s);
}

static void INT_036_a_corrected_serial_number_is_judged_by_its_own_dates(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0, "{'product':'P1','model':'M','delivered':'2025-01-10'}");
    tell(s, "product.upserted", T0, "{'product':'P2','model':'M','delivered':'2020-01-10'}");
    tell(s, REG, T0, "{" SITE ",'product':'P1','disposition':'answered'}");
    assert_string_equal(last(s, "call.classified", "category"), "c");
    tell(s, "call.clarified", T1, "{" C1 ",'address':'和平路2號'}"); /* the same product */
    assert_int_equal(stage_count(s, LOG, "warranty.determined"), 1);
    tell(s, "call.clarified", T1, "{" C1 ",'product':'P2'}");
    assert_string_equal(last(s, "warranty.determined", "inside"), "no");
    assert_string_equal(last(s, "call.reclassified", "category"), "a");
    stage_close(s);
}

static void is_text(struct str got, const char *want)
{
    if (!str_is(got, want)) fail_msg("%.*s instead of %s", STR_ARG(got), want);
}

/* What stood in the files of the wrong one goes with it; what the caller said stays. */
static void INT_007_a_corrected_serial_number_is_filled_anew(void **state)
{
    (void)state;
    struct rec_row_call c;
    struct stage *s = door_open("general");
    tell(s, "customer.upserted", T0,
         "{'customer':'K1','name':'甲','address':'a1','phone':'1','district':'城區'}");
    tell(s, "customer.upserted", T0,
         "{'customer':'K2','name':'乙','address':'a2','phone':'2','district':'郊縣'}");
    tell(s, "product.upserted", T0,
         "{'product':'P1','customer':'K1','model':'M1','product_line':'industrial'}");
    tell(s, "product.upserted", T0, "{'product':'P2','customer':'K2','model':'M2'}");
    tell(s, REG, T0,
         "{" C1 ",'reporter':'李','fault':'f','phone':'9','product':'P1',"
         "'disposition':'answered'}");
    assert_true(row_of_call(s, "C1", &c));
    is_text(c.customer_name, "甲");
    assert_int_equal(c.zone, zone_kind_urban);
    tell(s, "call.clarified", T1, "{" C1 ",'product':'P2'}");
    assert_true(row_of_call(s, "C1", &c));
    is_text(c.customer, "K2");
    is_text(c.model, "M2");
    is_text(c.product_line, "");
    is_text(c.customer_name, "乙");
    is_text(c.address, "a2");
    is_text(c.district, "郊縣");
    is_text(c.phone, "9");
    assert_int_equal(c.zone, zone_kind_suburban);
    tell(s, "call.clarified", T1, "{" C1 ",'model':'M9','address':'a9','zone':'urban'}");
    tell(s, "call.clarified", T2, "{" C1 ",'product':'P1'}");
    assert_true(row_of_call(s, "C1", &c));
    is_text(c.customer, "K1");
    is_text(c.product_line, "industrial");
    is_text(c.model, "M9");
    is_text(c.address, "a9");
    assert_int_equal(c.zone, zone_kind_urban);
    stage_close(s);
}

/* What was answered was said of the product before. */
static void INT_043_another_product_is_asked_about_anew(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0, OEM);
    tell(s, "product.upserted", T0, "{'product':'P2','model':'M','warranty_policy':'W-IND-OEM'}");
    tell(s, REG, T0, "{" SITE ",'product':'P1','disposition':'answered'}");
    tell(s, "warranty.answered", T1, "{" C1 ",'inside':'yes'}");
    tell(s, "call.clarified", T2, "{" C1 ",'product':'P2'}");
    assert_int_equal(stage_count(s, LOG, "warranty.query"), 2);
    assert_string_equal(last(s, "call.reclassified", "category"), "a");
    stage_close(s);
}

/* ---- answers ---- */

static void INT_043_what_was_answered_stands(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0, OEM);
    tell(s, REG, T0, ON_P1);
    tell(s, "warranty.answered", T1, "{" C1 ",'inside':'yes','last_day':'2026-12-31'}");
    tell(s, "install.delivered", T2, "{'product':'P1','delivered':'2025-06-19'}");
    struct rec_row_call row;
    assert_true(row_of_call(s, "C1", &row));
    assert_int_equal(row.inside, entitled_yes);
    assert_int_equal(row.category, category_c);
    assert_string_equal(last(s, "warranty.determined", "last_day"), "2026-12-31");
    assert_int_equal(stage_count(s, LOG, "warranty.query"), 1);
    assert_int_equal(stage_count(s, LOG, "call.reclassified"), 1);
    stage_close(s);
}

static void INT_050_an_answer_says_yes_or_no(void **state)
{
    (void)state;
    static const char *const none[] = {"undetermined", "on_hold", "provisional"};
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0, OEM);
    tell(s, REG, T0, ON_P1);
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        char data[80];
        snprintf(data, sizeof data, "{" C1 ",'inside':'%s'}", none[i]);
        refuse(s, "warranty.answered", T1, data, "INT-043", "no_answer");
    }
    refuse(s, "warranty.answered", T1, "{" C1 ",'inside':'yes','last_day':'2025-06-19'}", "INT-043",
           "over_before_call");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "warranty.query"), 0);
    tell(s, "warranty.answered", T1, "{" C1 ",'inside':'yes','last_day':'2025-06-20'}");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "warranty.query"), 1);
    tell(s, "warranty.answered", T2, "{" C1 ",'inside':'no','last_day':'2025-06-19'}");
    assert_string_equal(last(s, "call.reclassified", "category"), "a");
    stage_close(s);
}

/* INT-050: the call that is still unclear keeps the answer too. */
static void INT_050_an_answer_before_the_classification(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0, OEM);
    tell(s, REG, T0, "{" C1 ",'customer_name':'王','product':'P1'}");
    assert_int_equal(state_of(s, "C1"), call_state_clarifying);
    tell(s, "warranty.answered", T1, "{" C1 ",'inside':'yes'}");
    tell(s, "call.clarified", T2, "{" C1 ",'address':'a','phone':'1','model':'M'}");
    assert_string_equal(last(s, "call.classified", "category"), "c");
    assert_int_equal(stage_count(s, LOG, "warranty.query"), 0);
    struct rec_row_call row;
    assert_true(row_of_call(s, "C1", &row));
    assert_true(str_is(row.warranty_policy, "W-IND-OEM"));
    stage_close(s);
}

static void INT_049_a_hold_waits_for_the_supervisor(void **state)
{
    (void)state;
    struct stage *s = door_open("bus");
    tell(s, "product.upserted", T0,
         "{'product':'P1','model':'M','product_line':'bus','purchased':'2025-01-01'}");
    tell(s, REG, T0, "{" SITE ",'product':'P1','fault_group':'body'}");
    tell(s, "job.diagnosed", T1, "{" C1 ",'class':'ordinary','dismantled_before':'yes'}");
    tell(s, "install.delivered", T2, "{'product':'P1','delivered':'2025-06-19'}");
    struct rec_row_call row;
    assert_true(row_of_call(s, "C1", &row));
    assert_int_equal(row.inside, entitled_on_hold);
    tell(s, "warranty.answered", T2, "{" C1 ",'inside':'no'}");
    tell(s, "install.delivered", T2, "{'product':'P1','delivered':'2025-06-18'}");
    assert_true(row_of_call(s, "C1", &row));
    assert_int_equal(row.inside, entitled_no);
    stage_close(s);
}

/* ---- dates proven later ---- */

/* The file told again says the same days, and nothing of the proof. */
static void INT_039_proof_outlives_the_next_file(void **state)
{
    (void)state;
    static const char *const file =
        "{'product':'P1','model':'M','product_line':'industrial','shipped':'2024-05-31',"
        "'commissioned':'2024-08-01'}";
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0, file);
    tell(s, "warranty.evidence_added", T0, "{'product':'P1','commissioned':'2024-08-01'}");
    tell(s, "product.upserted", T1, file);
    tell(s, REG, T2, ON_P1);
    assert_string_equal(last(s, "warranty.determined", "inside"), "yes");
    assert_string_equal(last(s, "warranty.determined", "last_day"), "2025-08-01");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_012_a_product_told_later_brings_its_guarantee),
        cmocka_unit_test(INT_036_a_corrected_serial_number_is_judged_by_its_own_dates),
        cmocka_unit_test(INT_007_a_corrected_serial_number_is_filled_anew),
        cmocka_unit_test(INT_043_another_product_is_asked_about_anew),
        cmocka_unit_test(INT_043_what_was_answered_stands),
        cmocka_unit_test(INT_050_an_answer_says_yes_or_no),
        cmocka_unit_test(INT_050_an_answer_before_the_classification),
        cmocka_unit_test(INT_049_a_hold_waits_for_the_supervisor),
        cmocka_unit_test(INT_039_proof_outlives_the_next_file),
    };
    return cmocka_run_group_tests_name("intake_guarantee", tests, NULL, NULL);
}
