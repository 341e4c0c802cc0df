/* intake_entitle_test.c - guarantee, category, phase, zone and service policy of a call, through
 * the door: the worked examples of intake section 20, copied as rows, and what changes them later.
 */
#include "tests/unit/intake_fixture.h"

#define REG "call.registered"
#define T0 "2025-06-20T09:00:00+08:00"
#define T1 "2025-06-20T10:00:00+08:00"
#define T2 "2025-06-20T11:00:00+08:00"
#define C1 "'call_no':'C1'"
#define ON_P1 "{" C1 "," FULL ",'reporter':'李','product':'P1','fault':'f'}"

/* One input "key=value" of an example; false when it is not there or "none". */
static bool input(const char *inputs, const char *key, char out[64])
{
    size_t n = strlen(key);
    for (const char *p = inputs; p; p = strchr(p, ' ')) {
        if (*p == ' ') p++;
        if (strncmp(p, key, n) != 0 || p[n] != '=') continue;
        snprintf(out, 64, "%.*s", (int)strcspn(p + n + 1, ";"), p + n + 1);
        return strcmp(out, "none") != 0;
    }
    return false;
}

/* ---- INT-EX-01 … INT-EX-10: warranty ---- */

struct example {
    const char *id, *inputs, *expected;
};

static const struct example warranty_rows[] = {
    {"INT-EX-01", "policy=W-IND-STD; shipped=2024-12-01; commissioned=2025-01-15; evidence=yes",
     "last_day=2026-01-15"},
    {"INT-EX-02", "policy=W-IND-STD; shipped=2024-03-31; commissioned=2025-01-10; evidence=yes",
     "last_day=2025-09-30"},
    {"INT-EX-03", "policy=W-IND-STD; shipped=2023-12-20; commissioned=2024-02-29; evidence=yes",
     "last_day=2025-02-28"},
    {"INT-EX-04",
     "policy=W-IND-SPECIAL; mode=anchor; shipped=2024-08-31; commissioned=2025-03-20; evidence=yes",
     "last_day=2026-08-31"},
    {"INT-EX-05",
     "policy=W-IND-SPECIAL; mode=result; shipped=2024-08-31; commissioned=2025-03-20; evidence=yes",
     "last_day=2026-08-28"},
    {"INT-EX-06", "policy=W-IND-STD; shipped=2025-05-31; commissioned=2025-09-01; evidence=no",
     "last_day=2026-05-31"},
    {"INT-EX-07", "policy=W-IND-STD; shipped=2025-05-31; commissioned=none; evidence=no",
     "last_day=2026-11-30"},
    {"INT-EX-08", "policy=W-IND-USERSPEC; supplied=2024-02-29", "last_day=2025-02-28"},
    {"INT-EX-09", "policy=W-IT; accepted=2024-02-29",
     "last_day=2027-02-28; resident_last_day=2025-02-28"},
    {"INT-EX-10", "policy=W-IND-STD; shipped=2025-06-10; commissioned=2025-06-01; evidence=yes",
     "error=commissioned_before_shipped"},
};

static void product_of(const char *inputs, const char *policy, char out[512])
{
    static const char *const keys[] = {"shipped", "commissioned", "supplied", "accepted",
                                       "evidence"};
    int n = snprintf(
        out, 512, "{'product':'P1','model':'M','product_line':'industrial','warranty_policy':'%s'",
        policy);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        char value[64];
        if (input(inputs, keys[i], value))
            n += snprintf(out + n, (size_t)(512 - n), ",'%s':'%s'", keys[i], value);
    }
    snprintf(out + n, (size_t)(512 - n), "}");
}

static struct stage *open_mode(const char *inputs)
{
    char mode[64];
    if (!input(inputs, "mode", mode) || strcmp(mode, "anchor") == 0) return door_open("general");
    return door_open_changed("general", "policy.yaml", "/^keys:/a\\  extension_mode: result");
}

static void expect_last_day(const struct example *x, const char *policy, const char *key)
{
    char data[512], want[64];
    if (!input(x->expected, key, want)) return;
    struct stage *s = open_mode(x->inputs);
    product_of(x->inputs, policy, data);
    tell(s, "product.upserted", T0, data);
    tell(s, REG, T1, ON_P1);
    const char *is = stage_last(s, LOG, "warranty.determined", "last_day");
    if (strcmp(is, want) != 0) fail_msg("%s: %s, not %s", x->id, is, want);
    stage_close(s);
}

static void INT_038_worked_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(warranty_rows); i++) {
        const struct example *x = &warranty_rows[i];
        char policy[64], error[64], data[512];
        assert_true(input(x->inputs, "policy", policy));
        expect_last_day(x, policy, "last_day");
        expect_last_day(x, "W-IT-RESIDENT", "resident_last_day");
        if (!input(x->expected, "error", error)) continue;
        struct stage *s = door_open("general");
        product_of(x->inputs, policy, data);
        refuse(s, "product.upserted", T0, data, "INT-038", error);
        stage_close(s);
    }
}

/* INT-EX-11, 12: covered, last_day=2026-01-15. */
static const struct example covered_rows[] = {
    {"INT-EX-11", "last_day=2026-01-15; date=2026-01-15", "covered=yes"},
    {"INT-EX-12", "last_day=2026-01-15; date=2026-01-16", "covered=no"},
};

static void CV_6_worked_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(covered_rows); i++) {
        char date[64], want[64], time[80], data[512];
        assert_true(input(covered_rows[i].inputs, "date", date) &&
                    input(covered_rows[i].expected, "covered", want));
        struct stage *s = door_open("general");
        product_of(warranty_rows[0].inputs, "W-IND-STD", data); /* INT-EX-01 ends on that day */
        tell(s, "product.upserted", T0, data);
        snprintf(time, sizeof time, "%sT23:30:00+08:00",
                 date); /* the local day counts, not the UTC one */
        tell(s, REG, time, ON_P1);
        assert_string_equal(stage_last(s, LOG, "warranty.determined", "last_day"), "2026-01-15");
        assert_string_equal(stage_last(s, LOG, "warranty.determined", "inside"), want);
        stage_close(s);
    }
}

/* ---- INT-EX-13 … INT-EX-17: category ---- */

static const struct example category_rows[] = {
    {"INT-EX-13", "internal=no; inside=yes; requires_quality=yes; quality=no; contract=no",
     "category=A"},
    {"INT-EX-14", "internal=no; inside=yes; requires_quality=yes; quality=yes; contract=yes",
     "category=C"},
    {"INT-EX-15", "internal=no; inside=yes; requires_quality=no; quality=no; contract=no",
     "category=C"},
    {"INT-EX-16", "internal=no; inside=no; requires_quality=yes; quality=yes; contract=yes",
     "category=B"},
    {"INT-EX-17", "internal=no; inside=no; requires_quality=no; quality=yes; contract=no",
     "category=A"},
};

static bool says_yes(const char *inputs, const char *key)
{
    char value[64];
    assert_true(input(inputs, key, value));
    return strcmp(value, "yes") == 0;
}

static void INT_036_worked_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(category_rows); i++) {
        const char *in = category_rows[i].inputs;
        struct stage *s = door_open("general");
        char data[512], want[64];
        snprintf(data, sizeof data,
                 "{'product':'P1','customer':'K1','model':'M','warranty_policy':'%s','delivered':'%"
                 "s','purchased':'%s'}",
                 says_yes(in, "requires_quality") ? "W-GEN" : "W-APPL",
                 says_yes(in, "inside") ? "2025-01-01" : "2023-01-01",
                 says_yes(in, "inside") ? "2025-01-01" : "2023-01-01");
        tell(s, "product.upserted", T0, data);
        if (says_yes(in, "contract")) {
            tell(s, "contract.upserted", T0,
                 "{'contract':'M1','customer':'K1','start':'2025-01-01','expiry':'2025-12-31'}");
        }
        snprintf(data, sizeof data, "{" C1 "," FULL ",'product':'P1','quality':'%s'}",
                 says_yes(in, "quality") ? "yes" : "no");
        tell(s, REG, T1, data);
        assert_true(input(category_rows[i].expected, "category", want));
        want[0] = (char)(want[0] - 'A' + 'a');
        const char *is = stage_last(s, LOG, "call.classified", "category");
        if (strcmp(is, want) != 0) fail_msg("%s: %s", category_rows[i].id, is);
        stage_close(s);
    }
}

/* INT-058: first and last day included. */
static void INT_058_contract_is_in_force_from_first_to_last_day(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"2025-01-01T09:00:00+08:00", "b"},
                                          {"2025-12-31T23:59:00+08:00", "b"},
                                          {"2024-12-31T23:59:00+08:00", "a"},
                                          {"2026-01-01T00:00:00+08:00", "a"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = door_open("general");
        tell(s, "contract.upserted", "2024-12-01T09:00:00+08:00",
             "{'contract':'M1','customer':'K1','start':'2025-01-01','expiry':'2025-12-31'}");
        tell(s, "product.upserted", "2024-12-01T09:00:00+08:00",
             "{'product':'P1','customer':'K1','model':'M','delivered':'2020-01-01'}");
        tell(s, REG, rows[i][0], ON_P1);
        assert_string_equal(stage_last(s, LOG, "call.classified", "category"), rows[i][1]);
        stage_close(s);
    }
}

static void INT_058_contract_of_another_product_does_not_count(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "contract.upserted", T0,
         "{'contract':'M1','customer':'K1','product':'P9','start':'2025-01-01','expiry':'2025-12-"
         "31'}");
    tell(s, "product.upserted", T0,
         "{'product':'P1','customer':'K1','model':'M','delivered':'2020-01-01'}");
    tell(s, REG, T1, ON_P1);
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "a");
    refuse(s, "contract.upserted", T2,
           "{'contract':'M2','customer':'K1','start':'2025-01-02','expiry':'2025-01-01'}",
           "INT-058", "expiry_before_start");
    refuse(s, "contract.upserted", T2,
           "{'contract':'M2','customer':'K1','start':'2025-01-01','expiry':'2025-01-01','service_"
           "policy':'SP-NIX'}",
           "INT-058", "unknown_service_policy");
    stage_close(s);
}

/* A contract without a product is for all HIS products. */
static void INT_058_contract_of_another_customer_is_refused(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("general", "services.yaml",
                                        "0,/selects_on: {/s//selects_on: {contract: [FRAME], /");
    tell(s, "contract.upserted", T0,
         "{'contract':'M1','customer':'K1','start':'2025-01-01','expiry':'2025-12-31'}");
    tell(s, "product.upserted", T0,
         "{'product':'P1','customer':'K2','model':'M','delivered':'2020-01-01'}");
    refuse(s, REG, T1, "{" FULL ",'product':'P1','contract':'M1'}", "INT-058",
           "contract_of_another");
    refuse(s, REG, T1, "{" FULL ",'customer':'K1','contract':'NIX'}", "INT-058",
           "unknown_contract");
    tell(s, REG, T1, "{" FULL ",'contract':'FRAME'}"); /* the set knows it */
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "a");
    tell(s, REG, T1, "{" FULL ",'contract':'M1'}");
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "b");
    stage_close(s);
}

/* ---- later changes ---- */

static void INT_036_diagnosis_reclassifies(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0, "{'product':'P1','model':'M','delivered':'2025-01-01'}");
    tell(s, REG, T0, ON_P1); /* inside, cause not known: C, provisional */
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "c");
    assert_string_equal(stage_last(s, LOG, "call.classified", "provisional"), "true");
    tell(s, "job.diagnosed", T1, "{" C1 ",'class':'serious'}");
    assert_int_equal(stage_count(s, LOG, "call.reclassified"), 0);
    tell(s, "job.diagnosed", T2, "{" C1 ",'class':'non_quality'}");
    assert_string_equal(stage_last(s, LOG, "call.reclassified", "before"), "c");
    assert_string_equal(stage_last(s, LOG, "call.reclassified", "category"), "a");
    stage_close(s);
}

static void INT_039_evidence_judges_open_calls_again(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0,
         "{'product':'P1','model':'M','product_line':'industrial','shipped':'2024-05-31','"
         "commissioned':'2024-08-01'}");
    tell(s, REG, T0, ON_P1); /* shipment taken as commissioning: ended 2025-05-31 */
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "inside"), "no");
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "a");
    refuse(s, "warranty.evidence_added", T1, "{'product':'P1','commissioned':'2024-05-30'}",
           "INT-038", "commissioned_before_shipped");
    refuse(s, "warranty.evidence_added", T1, "{'product':'NIX','commissioned':'2024-05-30'}",
           "INT-039", "product_unknown");
    tell(s, "warranty.evidence_added", T1, "{'product':'P1','commissioned':'2024-08-01'}");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "inside"), "yes");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "last_day"), "2025-08-01");
    assert_string_equal(stage_last(s, LOG, "call.reclassified", "category"), "c");
    tell(s, "call.cancelled", T2, "{" C1 ",'reason':'r'}");
    size_t n = stage_count(s, LOG, "warranty.determined");
    tell(s, "warranty.evidence_added", T2,
         "{'product':'P1','commissioned':'2024-08-02'}"); /* no open call left */
    assert_int_equal(stage_count(s, LOG, "warranty.determined"), n);
    stage_close(s);
}

static void INT_043_undetermined_is_asked_and_chargeable_until_answered(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "product.upserted", T0, "{'product':'P1','model':'M','warranty_policy':'W-IND-OEM'}");
    tell(s, REG, T0, ON_P1);
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "inside"), "undetermined");
    assert_string_equal(stage_last(s, LOG, "warranty.query", "policy"), "W-IND-OEM");
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "a");
    assert_string_equal(stage_last(s, LOG, "call.classified", "provisional"), "true");
    tell(s, "warranty.answered", T1, "{" C1 ",'inside':'yes','last_day':'2026-01-01'}");
    assert_string_equal(stage_last(s, LOG, "call.reclassified", "category"), "c");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "last_day"), "2026-01-01");
    stage_close(s);
}

/* The list of the service policy: the first that the product's dates can answer. */
static void INT_038_policy_of_the_list_by_the_facts(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"'shipped':'2025-01-01'", "W-IND-STD"},
                                          {"'supplied':'2025-01-01'", "W-IND-USERSPEC"},
                                          {"'term_end':'2026-01-01'", "W-IND-OEM"},
                                          {"'evidence':'no'", "W-IND-STD"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = door_open("general");
        char data[256];
        snprintf(data, sizeof data, "{'product':'P1','model':'M','product_line':'industrial',%s}",
                 rows[i][0]);
        tell(s, "product.upserted", T0, data);
        tell(s, REG, T0, ON_P1);
        assert_string_equal(stage_last(s, LOG, "warranty.determined", "policy"), rows[i][1]);
        stage_close(s);
    }
    struct stage *s = door_open("general");
    refuse(s, "product.upserted", T0, "{'product':'P1','model':'M','warranty_policy':'W-NIX'}",
           "INT-015", "unknown_warranty_policy");
    stage_close(s);
}

static void INT_046_maker_below_the_commitment(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, "product.upserted", T0,
         "{'product':'P1','model':'M','accepted':'2025-01-01','maker_months':24}");
    tell(s, REG, T0, ON_P1);
    assert_string_equal(stage_last(s, LOG, "warranty.below_commitment", "months"), "24");
    assert_string_equal(stage_last(s, LOG, "warranty.below_commitment", "committed"), "36");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "last_day"), "2027-01-01");
    stage_close(s);
}

static void INT_049_dismantled_before_is_held_for_a_supervisor(void **state)
{
    (void)state;
    struct stage *s = door_open("bus");
    tell(s, "product.upserted", T0,
         "{'product':'P1','model':'M','product_line':'bus','purchased':'2025-01-01'}");
    tell(s, REG, T0,
         "{" C1 "," FULL ",'reporter':'李','product':'P1','fault':'f','fault_group':'body'}");
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "c");
    tell(s, "job.diagnosed", T1, "{" C1 ",'class':'ordinary','dismantled_before':'yes'}");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "inside"), "on_hold");
    assert_string_equal(stage_last(s, LOG, "call.reclassified", "category"), "a");
    tell(s, "warranty.answered", T2, "{" C1 ",'inside':'yes'}");
    assert_string_equal(stage_last(s, LOG, "call.reclassified", "category"), "c");
    stage_close(s);
}

/* ---- phase, zone, policy ---- */

/* INT-EX-37 … 39, and the service policy the phase leads to. */
static const struct {
    const char *id, *inputs, *expected, *policy;
} phase_rows[] = {
    {"INT-EX-37", "accepted=none; date=2026-03-01", "phase=trial", "SP-IT-TRIAL"},
    {"INT-EX-38", "accepted=2023-03-01; date=2026-03-01", "phase=warranty", "SP-IT-WARR-EQUIP"},
    {"INT-EX-39", "accepted=2023-03-01; date=2026-03-02", "phase=post", "SP-IT-POST"},
};

static void INT_064_worked_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(phase_rows); i++) {
        char accepted[64], date[64], want[64], data[128], time[80];
        bool is_accepted = input(phase_rows[i].inputs, "accepted", accepted);
        assert_true(input(phase_rows[i].inputs, "date", date) &&
                    input(phase_rows[i].expected, "phase", want));
        struct stage *s = door_open("it-project");
        snprintf(data, sizeof data, "{'product':'P1','model':'M'%s%s%s}",
                 is_accepted ? ",'accepted':'" : "", is_accepted ? accepted : "",
                 is_accepted ? "'" : "");
        tell(s, "product.upserted", T0, data);
        snprintf(time, sizeof time, "%sT12:00:00+08:00", date);
        tell(s, REG, time, ON_P1);
        assert_string_equal(stage_last(s, LOG, "call.classified", "phase"), want);
        assert_string_equal(stage_last(s, LOG, "call.classified", "policy"), phase_rows[i].policy);
        stage_close(s);
    }
}

/* INT-EX-43: zone_minutes, district=unknown; urban=360; suburban=420 -> zone=suburban; minutes=420.
 */
static void INT_EX_43_and_the_lists_of_the_unit(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {",'district':'unknown'", "suburban", "SP-APPL-SUBURB"},
        {"", "suburban", "SP-APPL-SUBURB"},
        {",'district':'城區'", "urban", "SP-APPL-URBAN"},
        {",'district':'郊縣'", "suburban", "SP-APPL-SUBURB"},
        {",'district':'郊縣','zone':'urban'", "urban", "SP-APPL-URBAN"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = door_open("appliance");
        char data[512];
        snprintf(data, sizeof data, "{" C1 "," FULL ",'product_line':'appliance'%s}", rows[i][0]);
        tell(s, REG, T0, data);
        assert_string_equal(stage_last(s, LOG, "call.queued", "zone"), rows[i][1]);
        assert_string_equal(stage_last(s, LOG, "call.queued", "policy"), rows[i][2]);
        stage_close(s);
    }
    char root[] = "deploy/policy/appliance";
    struct policy *p;
    uint32_t n = 0;
    assert_int_equal(policy_load(root, &p, NULL, 0, &n), ERR_OK);
    assert_int_equal(policy_service(p, STR("SP-APPL-SUBURB"))->arrival_min, 420);
    assert_int_equal(policy_service(p, STR("SP-APPL-URBAN"))->arrival_min, 360);
    policy_close(&p);
}

static void INT_095_contract_then_match_then_unit_then_fallback(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
#define CALL(no, more) "{'call_no':'" no "'," FULL "," more "}"
    tell(s, "unit.upserted", T0, "{'unit':'U2','default_policy':'SP-SUPPLY'}");
    tell(s, "contract.upserted", T0,
         "{'contract':'M1','customer':'K1','start':'2025-01-01','expiry':'2025-12-31','service_"
         "policy':'SP-TASK-2017'}");
    tell(s, REG, T1, CALL("A", "'customer':'K1','product_line':'industrial'"));
    assert_string_equal(stage_last(s, LOG, "call.classified", "policy"), "SP-TASK-2017");
    tell(s, REG, T1, CALL("B", "'unit':'U2','product_line':'industrial'"));
    assert_string_equal(stage_last(s, LOG, "call.classified", "policy"), "SP-IND");
    tell(s, REG, T1, CALL("C", "'unit':'U2'"));
    assert_string_equal(stage_last(s, LOG, "call.classified", "policy"), "SP-SUPPLY");
    tell(s, REG, T1, CALL("D", "'fault':'f'"));
    assert_string_equal(stage_last(s, LOG, "call.classified", "policy"), "SP-GEN-24H");
    stage_close(s);
}

/* Before the assignment only; all clocks still from the call time. */
static void INT_095_another_fault_group_selects_again(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, "product.upserted", T0, "{'product':'P1','model':'M','accepted':'2025-01-01'}");
    tell(s, REG, T1, ON_P1);
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.reply", "due"),
                        "2025-06-20T02:30:00Z");
    tell(s, "call.clarified", "2025-06-20T10:10:00+08:00", "{" C1 ",'fault_group':'maintenance'}");
    assert_string_equal(stage_last(s, LOG, "call.policy_changed", "before"), "SP-IT-WARR-EQUIP");
    assert_string_equal(stage_last(s, LOG, "call.policy_changed", "policy"), "SP-IT-WARR-MAINT");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.reply", "due"),
                        "2025-06-20T04:00:00Z");
    assert_string_equal(last_with(s, "deadline.dropped", "name", "call.reply", "end"),
                        "superseded");
    tell(s, "job.assigned", "2025-06-20T10:20:00+08:00", "{" C1 "}");
    refuse(s, "call.clarified", T2, "{" C1 ",'fault_group':'system'}", "INT-007", "state");
    assert_int_equal(stage_count(s, LOG, "call.policy_changed"), 1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_038_worked_examples),
        cmocka_unit_test(CV_6_worked_examples),
        cmocka_unit_test(INT_036_worked_examples),
        cmocka_unit_test(INT_058_contract_is_in_force_from_first_to_last_day),
        cmocka_unit_test(INT_058_contract_of_another_product_does_not_count),
        cmocka_unit_test(INT_058_contract_of_another_customer_is_refused),
        cmocka_unit_test(INT_036_diagnosis_reclassifies),
        cmocka_unit_test(INT_039_evidence_judges_open_calls_again),
        cmocka_unit_test(INT_043_undetermined_is_asked_and_chargeable_until_answered),
        cmocka_unit_test(INT_038_policy_of_the_list_by_the_facts),
        cmocka_unit_test(INT_046_maker_below_the_commitment),
        cmocka_unit_test(INT_049_dismantled_before_is_held_for_a_supervisor),
        cmocka_unit_test(INT_064_worked_examples),
        cmocka_unit_test(INT_EX_43_and_the_lists_of_the_unit),
        cmocka_unit_test(INT_095_contract_then_match_then_unit_then_fallback),
        cmocka_unit_test(INT_095_another_fault_group_selects_again),
    };
    return cmocka_run_group_tests_name("intake_entitle", tests, NULL, NULL);
}
