/* warranty_test.c - the guarantee against the worked examples of the rules; rows are named by their
 * ids. */
#include "common/contract.h"
#include "common/warranty.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* "" = not known. */
static int32_t day(const char *s)
{
    int32_t d = 0;
    if (s && s[0]) assert_int_equal(day_parse(str_of(s), &d), ERR_OK);
    return d;
}

static struct policy *load(const char *dir)
{
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    enum err e = policy_load(dir, &p, faults, POLICY_FAULTS_MAX, &n);
    policy_print_faults(stderr, faults, n);
    assert_int_equal(e, ERR_OK);
    return p;
}

struct row {
    const char *id, *policy;
    enum extension_mode mode;
    const char *shipped, *commissioned, *supplied, *accepted;
    bool evidence;
    const char *last_day; /* "" = refused with the code */
    const char *code;
};

static const struct row rows[] = {
    {"INT-EX-01", "W-IND-STD", 0, "2024-12-01", "2025-01-15", "", "", true, "2026-01-15", ""},
    {"INT-EX-02", "W-IND-STD", 0, "2024-03-31", "2025-01-10", "", "", true, "2025-09-30", ""},
    {"INT-EX-03", "W-IND-STD", 0, "2023-12-20", "2024-02-29", "", "", true, "2025-02-28", ""},
    {"INT-EX-04", "W-IND-SPECIAL", EXTENSION_anchor, "2024-08-31", "2025-03-20", "", "", true,
     "2026-08-31", ""},
    {"INT-EX-05", "W-IND-SPECIAL", EXTENSION_result, "2024-08-31", "2025-03-20", "", "", true,
     "2026-08-28", ""},
    {"INT-EX-06", "W-IND-STD", 0, "2025-05-31", "2025-09-01", "", "", false, "2026-05-31", ""},
    {"INT-EX-07", "W-IND-STD", 0, "2025-05-31", "", "", "", false, "2026-11-30", ""},
    {"INT-EX-08", "W-IND-USERSPEC", 0, "", "", "2024-02-29", "", false, "2025-02-28", ""},
    {"INT-EX-09", "W-IT", 0, "", "", "", "2024-02-29", false, "2027-02-28", ""},
    {"INT-EX-09 resident", "W-IT-RESIDENT", 0, "", "", "", "2024-02-29", false, "2025-02-28", ""},
    {"INT-EX-10", "W-IND-STD", 0, "2025-06-10", "2025-06-01", "", "", true, "",
     "commissioned_before_shipped"},
};

static void int_038_last_day(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/general");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *r = &rows[i];
        struct policy_keys keys = p->keys;
        keys.extension_mode = r->mode;
        struct warranty_facts f = {.shipped = day(r->shipped),
                                   .commissioned = day(r->commissioned),
                                   .supplied = day(r->supplied),
                                   .accepted = day(r->accepted),
                                   .evidence = r->evidence};
        struct warranty_result out = {0};
        struct fault why = {0};
        const struct warranty_policy *w = policy_warranty(p, str_of(r->policy));
        assert_non_null(w);
        enum err e = warranty_last_day(&keys, w, &f, &out, &why);
        char got[11] = "";
        if (e == ERR_OK) day_format(out.last_day, got);
        if (strcmp(got, r->last_day) != 0) fail_msg("%s: %s, not %s", r->id, got, r->last_day);
        assert_string_equal(why.code, r->code);
        if (r->code[0]) assert_string_equal(why.rule, "INT-038");
    }
    policy_close(&p);
}

static struct warranty_result result_of(const struct policy *p, const char *policy,
                                        struct warranty_facts f)
{
    struct warranty_result out = {0};
    struct fault why = {0};
    assert_int_equal(
        warranty_last_day(&p->keys, policy_warranty(p, str_of(policy)), &f, &out, &why), ERR_OK);
    return out;
}

static void int_039_unproven_is_provisional(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/general");
    struct warranty_facts f = {.shipped = day("2025-05-31"), .commissioned = day("2025-09-01")};
    struct warranty_result r = result_of(p, "W-IND-STD", f);
    assert_int_equal(r.kind, entitled_provisional);
    assert_true(r.provisional);
    f.evidence = true; /* evidence comes later: computed again, now certain */
    r = result_of(p, "W-IND-STD", f);
    assert_int_equal(r.kind, entitled_yes);
    assert_int_equal(r.last_day, day("2026-09-01"));
    assert_string_equal(r.basis, "commissioned + 12 months");

    f.evidence = false;
    struct policy changed = *p;
    changed.keys.no_evidence = NO_EVIDENCE_ship_cap;
    assert_int_equal(result_of(&changed, "W-IND-STD", f).last_day, day("2026-11-30"));
    changed.keys.no_evidence = NO_EVIDENCE_refuse;
    assert_int_equal(result_of(&changed, "W-IND-STD", f).kind, entitled_undetermined);
    /* The special fields: 12 becomes 18 months from shipment. */
    assert_int_equal(result_of(p, "W-IND-SPECIAL", f).last_day, day("2026-11-30"));
    policy_close(&p);
}

static void int_041_to_049_other_policies(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/general");
    const struct warranty_facts none = {0};
    assert_int_equal(result_of(p, "W-IND-USERSPEC", none).kind, entitled_undetermined);
    assert_int_equal(result_of(p, "W-IND-OEM", none).kind, entitled_undetermined);
    assert_int_equal(result_of(p, "W-VEH", none).kind, entitled_on_hold);
    assert_int_equal(result_of(p, "W-IT", none).kind, entitled_provisional);

    struct warranty_facts f = {.delivered = day("2024-08-31"), .purchased = day("2024-08-31")};
    assert_int_equal(result_of(p, "W-GEN", f).last_day, day("2025-08-31"));
    assert_int_equal(result_of(p, "W-APPL", f).last_day, day("2025-08-31"));
    f.term_months = 6; /* an agreement goes before the default term */
    assert_int_equal(result_of(p, "W-GEN", f).last_day, day("2025-02-28"));
    assert_int_equal(result_of(p, "W-IND-OEM", f).last_day, day("2025-02-28"));
    f.term_end = day("2030-01-01");
    assert_int_equal(result_of(p, "W-GEN", f).last_day, day("2030-01-01"));
    assert_int_equal(result_of(p, "W-IND-AGENT", f).last_day, day("2030-01-01"));
    policy_close(&p);
}

static void int_046_makers_letter(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/it-project");
    struct warranty_facts f = {.accepted = day("2024-02-29"), .maker_months = 60};
    assert_int_equal(result_of(p, "W-IT", f).last_day, day("2029-02-28"));
    assert_int_equal(result_of(p, "W-IT-RESIDENT", f).last_day, day("2025-02-28"));
    policy_close(&p);
}

static void int_ex_11_12_last_day_included(void **state)
{
    (void)state;
    int32_t last = day("2026-01-15");
    assert_true(warranty_covers(last, day("2026-01-15")));  /* INT-EX-11 */
    assert_false(warranty_covers(last, day("2026-01-16"))); /* INT-EX-12 */
    struct warranty_result r = {.kind = entitled_provisional, .last_day = last};
    assert_int_equal(warranty_inside(&r, last), entitled_provisional);
    assert_int_equal(warranty_inside(&r, last + 1), entitled_no);
}

static void int_036_category(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        struct warranty_case c; /* internal, inside, requires_quality, quality, contract */
        enum category expected;
    } cases[] = {
        {"INT-EX-13", {false, true, true, false, false}, category_a},
        {"INT-EX-14", {false, true, true, true, true}, category_c},
        {"INT-EX-15", {false, true, false, false, false}, category_c},
        {"INT-EX-16", {false, false, true, true, true}, category_b},
        {"INT-EX-17", {false, false, false, true, false}, category_a},
        {"INT-036 row 1", {true, true, true, true, true}, category_d},
        {"INT-036 row 4", {false, true, true, false, true}, category_b},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum category got = warranty_category(cases[i].c);
        if (got != cases[i].expected) fail_msg("%s: %d", cases[i].id, (int)got);
    }
}

static void int_064_phase(void **state)
{
    (void)state;
    int32_t accepted = day("2023-03-01"), last = day_add_months(day("2023-03-01"), 36);
    assert_int_equal(project_phase(0, day("2026-03-01"), 0), phase_trial); /* INT-EX-37 */
    assert_int_equal(project_phase(accepted, day("2026-03-01"), last), phase_warranty); /* -38 */
    assert_int_equal(project_phase(accepted, day("2026-03-02"), last), phase_post);     /* -39 */
    assert_int_equal(project_phase(accepted, accepted, last), phase_warranty);
    assert_int_equal(project_phase(accepted, accepted - 1, last), phase_trial);
}

static void cv_6_roll_last_day(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/general");
    const struct calendar *c = policy_calendar(p, STR("CAL-EX"));
    assert_non_null(c);
    struct policy_keys keys = p->keys;
    int32_t saturday = day("2026-02-28");
    assert_int_equal(warranty_roll(&keys, c, saturday), saturday); /* off by default */
    keys.roll_last_day = true;
    assert_int_equal(warranty_roll(&keys, c, saturday), day("2026-03-02"));
    policy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int_038_last_day),
        cmocka_unit_test(int_039_unproven_is_provisional),
        cmocka_unit_test(int_041_to_049_other_policies),
        cmocka_unit_test(int_046_makers_letter),
        cmocka_unit_test(int_ex_11_12_last_day_included),
        cmocka_unit_test(int_036_category),
        cmocka_unit_test(int_064_phase),
        cmocka_unit_test(cv_6_roll_last_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
