/* intake_rules_test.c - rules of intake that are rows of the policy or of a contract: one short
 * story each. Rules INT-003, INT-021, INT-032…035, INT-040…045, INT-047, INT-048, INT-050, INT-051.
 */
#include "tests/unit/intake_fixture.h"

#define REG "call.registered"
#define DAY "2026-03-02T09:00:00+08:00"
#define ON_P1 "{'call_no':'C1'," FULL ",'reporter':'李','product':'P1','fault':'f'}"

static const char *last_of(struct stage *s, const char *type, const char *field)
{
    return stage_last(s, LOG, type, field);
}

/* A door with one product, and a call about it. */
static struct stage *called(const char *policy, const char *product)
{
    struct stage *s = door_open(policy);
    char data[300];
    snprintf(data, sizeof data, "{'product':'P1','model':'M','product_line':'%s',%s}", policy,
             product);
    tell(s, "product.upserted", "2026-03-02T08:00:00+08:00", data);
    tell(s, REG, DAY, ON_P1);
    return s;
}

static void INT_003_every_channel_is_recorded(void **state)
{
    (void)state;
    static const char *const words[] = {"phone",        "letter", "visit", "fax",
                                        "request_form", "patrol", "other"};
    struct stage *s = door_open("general");
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        char data[300];
        snprintf(data, sizeof data, "{'call_no':'C%zu'," FULL ",'channel':'%s'}", i, words[i]);
        tell(s, REG, DAY, data);
        assert_string_equal(last_of(s, REG, "channel"), words[i]);
    }
    assert_int_equal(code_number(&codes_channel, STR("pigeon")), 0);
    stage_close(s);
}

static void INT_021_a_call_is_taken_at_any_hour(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-10-03T03:00:00+08:00", /* a Saturday night in the holidays */
         "{'call_no':'C1'," FULL ",'product_line':'appliance','district':'城區'}");
    assert_string_equal(last_of(s, "call.classified", "register_day"), "2026-10-08");
    stage_close(s);
}

static void INT_032_INT_034_paid_outside_and_free_inside_the_guarantee(void **state)
{
    (void)state;
    struct stage *s = called("appliance", "'purchased':'2025-03-02'");
    assert_string_equal(last_of(s, "call.classified", "category"), "c"); /* its last day */
    stage_close(s);
    s = called("appliance", "'purchased':'2025-03-01'");
    assert_string_equal(last_of(s, "call.classified", "category"), "a");
    stage_close(s);
}

static void INT_033_under_a_maintenance_contract(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, "contract.upserted", "2026-03-02T08:00:00+08:00",
         "{'contract':'K1','customer':'王','start':'2026-01-01','expiry':'2026-12-31'}");
    tell(s, "product.upserted", "2026-03-02T08:00:00+08:00",
         "{'product':'P1','model':'M','customer':'王','purchased':'2020-01-01'}");
    tell(s, REG, DAY, ON_P1);
    assert_string_equal(last_of(s, "call.classified", "category"), "b");
    stage_close(s);
}

/* A call cannot even say it: D stands in daily reports alone. */
static void INT_035_administration_is_no_call(void **state)
{
    (void)state;
    assert_null(shape_field(shape_ev_call_registered(), STR("category")));
}

/* The rest of the table of guarantee policies: product's dates, last day, inside on 2026-03-02. */
static const struct {
    const char *rule, *product, *last_day, *inside;
} guarantees[] = {
    {"INT-040",
     "'warranty_policy':'W-IND-SPECIAL','shipped':'2024-08-31','commissioned':'2025-03-20',"
     "'evidence':'yes','domain':'地鐵','contract_party':'direct_user',"
     "'signed_in_company_name':'yes'",
     "2026-08-31", "yes"},
    {"INT-041", "'warranty_policy':'W-IND-USERSPEC','supplied':'2025-03-01'", "2026-03-01", "no"},
    {"INT-042", "'warranty_policy':'W-IND-NONQUAL','supplied':'2025-03-02'", "2026-03-02", "yes"},
    {"INT-044", "'warranty_policy':'W-IND-AGENT','term_end':'2026-06-30'", "2026-06-30", "yes"},
    {"INT-047", "'warranty_policy':'W-GEN','term_end':'2026-03-01'", "2026-03-01", "no"},
    {"INT-047", "'warranty_policy':'W-GEN','delivered':'2025-03-02'", "2026-03-02", "yes"},
};

static void INT_040_INT_041_INT_042_INT_044_INT_047_last_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(guarantees); i++) {
        struct stage *s = called("general", guarantees[i].product);
        if (strcmp(last_of(s, "warranty.determined", "last_day"), guarantees[i].last_day) != 0 ||
            strcmp(last_of(s, "warranty.determined", "inside"), guarantees[i].inside) != 0) {
            fail_msg("%s %s: %s, %s", guarantees[i].rule, guarantees[i].product,
                     last_of(s, "warranty.determined", "last_day"),
                     last_of(s, "warranty.determined", "inside"));
        }
        stage_close(s);
    }
}

static void INT_045_inside_but_no_quality_problem_is_chargeable(void **state)
{
    (void)state;
    struct stage *s = called("general", "'delivered':'2026-01-01'");
    tell(s, "job.diagnosed", DAY, "{'call_no':'C1','class':'non_quality'}");
    assert_string_equal(last_of(s, "call.reclassified", "category"), "a");
    stage_close(s);
}

static void INT_048_appliances_are_free_whatever_the_cause(void **state)
{
    (void)state;
    struct stage *s = called("appliance", "'purchased':'2026-01-01'");
    tell(s, "job.diagnosed", DAY, "{'call_no':'C1','class':'non_quality'}");
    assert_int_equal(stage_count(s, LOG, "call.reclassified"), 0);
    stage_close(s);
}

static void INT_050_entitlement_is_kept_as_determined(void **state)
{
    (void)state;
    struct stage *s = called("appliance", "'purchased':'2026-01-01'");
    tell(s, "product.upserted", "2026-03-02T10:00:00+08:00",
         "{'product':'P1','model':'M','product_line':'appliance','purchased':'2020-01-01'}");
    struct rec_row_call row;
    assert_true(row_of_call(s, "C1", &row));
    assert_int_equal(row.inside, entitled_yes);
    assert_true(str_is(row.warranty_policy, "W-APPL"));
    assert_int_equal(stage_count(s, LOG, "warranty.determined"), 1);
    stage_close(s);
}

static void INT_051_classes_of_causes(void **state)
{
    (void)state;
    static const struct {
        const char *class;
        enum yes_no quality;
    } rows[] = {{"non_quality", yes_no_no}, {"ordinary", yes_no_yes}, {"serious", yes_no_yes}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = called("general", "'delivered':'2026-01-01'");
        char data[120];
        snprintf(data, sizeof data, "{'call_no':'C1','class':'%s','cause_code':'MISUSE'}",
                 rows[i].class);
        tell(s, "job.diagnosed", DAY, data);
        struct rec_row_call row;
        assert_true(row_of_call(s, "C1", &row));
        assert_int_equal(row.quality, rows[i].quality);
        stage_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_003_every_channel_is_recorded),
        cmocka_unit_test(INT_021_a_call_is_taken_at_any_hour),
        cmocka_unit_test(INT_032_INT_034_paid_outside_and_free_inside_the_guarantee),
        cmocka_unit_test(INT_033_under_a_maintenance_contract),
        cmocka_unit_test(INT_035_administration_is_no_call),
        cmocka_unit_test(INT_040_INT_041_INT_042_INT_044_INT_047_last_days),
        cmocka_unit_test(INT_045_inside_but_no_quality_problem_is_chargeable),
        cmocka_unit_test(INT_048_appliances_are_free_whatever_the_cause),
        cmocka_unit_test(INT_050_entitlement_is_kept_as_determined),
        cmocka_unit_test(INT_051_classes_of_causes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
