/* policy_scoring_pay_test.c - the keys under `scoring: pay:`: their defaults are those of the
 * rules, and what cannot be is found (SCO-061, SCO-064, SCO-066, SCO-067, SCO-077, SCO-139). */
#include "common/contract.h"
#include "common/policy.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

/* The policy of the tests of scoring with this line at its end; faults as text. */
static enum err load(const char *line, struct policy **p, char *text, size_t size)
{
    char dir[] = "/tmp/pay_keys.XXXXXX", cmd[900];
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    assert_non_null(mkdtemp(dir));
    int len = snprintf(cmd, sizeof cmd,
                       "cp -r deploy/policy/common %s/common && "
                       "cp -r tests/unit/data/policy-scoring/. %s/own && "
                       "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
                       "printf 'scoring:\\n  pay:\\n    %s\\n' >> %s/own/policy.yaml",
                       dir, dir, dir, line, dir);
    assert_true(len > 0 && (size_t)len < sizeof cmd);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    enum err e = policy_load(cmd, p, faults, POLICY_FAULTS_MAX, &n);
    text[0] = 0;
    for (uint32_t i = 0; i < n; i++) {
        snprintf(text + strlen(text), size - strlen(text), "%s: %s; ", faults[i].fault.field,
                 faults[i].fault.text);
    }
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return e;
}

static void SCO_139_the_defaults_are_those_of_the_rules(void **state)
{
    (void)state;
    char text[2000];
    struct policy *p = NULL;
    assert_int_equal(load("pay_month: assessed", &p, text, sizeof text), ERR_OK);
    const struct scoring_pay_keys *k = &p->scoring.pay;
    assert_int_equal(k->pay_month, PAY_MONTH_assessed);
    assert_true(str_is(k->bonus_kind, "效益獎金"));
    assert_int_equal(k->bonus_metric.n, 0);
    assert_int_equal(k->cap_bp, 5000);
    assert_true(k->sanction_first && k->zero_counts && !k->conduct_takes_bonus);
    assert_int_equal(k->vip_a_fen + k->vip_b_fen + k->maintenance_fen, 0); /* SCO-077, SCO-078 */
    assert_int_equal(frac_cmp(k->staff_share, (struct frac){8, 100}), 0);  /* SCO-066 */
    assert_int_equal(frac_cmp(k->engineer_factor, FRAC_INT(2)), 0);        /* SCO-067 */
    assert_int_equal(k->exclusion_count, 2);                               /* SCO-064 */
    assert_int_equal(k->exclusions[0].mark, PROFIT_demerit_minor);
    assert_int_equal(k->exclusions[0].at_least, 3);
    assert_int_equal(k->exclusions[1].mark, PROFIT_demerit_major);
    assert_int_equal(k->exclusions[1].at_least, 2);
    policy_close(&p);
}

static void SCO_061_the_second_quarter_has_ten_per_cent(void **state)
{
    (void)state;
    char text[2000];
    struct policy *p = NULL;
    assert_int_equal(load("penalty_cap_bp: 2500", &p, text, sizeof text), ERR_OK);
    const struct frac *shares = p->scoring.pay.quarter_shares;
    assert_int_equal(frac_cmp(shares[1], (struct frac){10, 100}), 0);
    assert_false(frac_has(shares[0]) || frac_has(shares[2]) || frac_has(shares[3]));
    assert_int_equal(p->scoring.pay.cap_bp, 2500);
    policy_close(&p);
    assert_int_equal(load("quarter_shares: [Q1 20%%, Q4 0.5]", &p, text, sizeof text), ERR_OK);
    shares = p->scoring.pay.quarter_shares;
    assert_int_equal(frac_cmp(shares[0], (struct frac){1, 5}), 0);
    assert_int_equal(frac_cmp(shares[3], (struct frac){1, 2}), 0);
    assert_false(frac_has(shares[1]));
    policy_close(&p);
}

static void SCO_139_what_cannot_be_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *line, *key;
    } rows[] = {{"penalty_cap_bp: 10001", "penalty_cap_bp"},
                {"sanction_carry: [major_demerit]", "sanction_carry"},
                {"vip_rate_a: a lot", "vip_rate_a"},
                {"vip_rate_b: 1000000.01", "vip_rate_b"},
                {"maintenance_reward: -1.00", "maintenance_reward"},
                {"staff_share: 101%%", "staff_share"},
                {"staff_share: some", "staff_share"},
                {"engineer_factor: 101", "engineer_factor"},
                {"quarter_shares: [Q5 10%%]", "quarter_shares"},
                {"quarter_shares: [Q2 110%%]", "quarter_shares"},
                {"quarter_shares: [Q2]", "quarter_shares"},
                {"profit_exclusions: [merit 3]", "profit_exclusions"},
                {"profit_exclusions: [demerit_minor]", "profit_exclusions"},
                {"profit_exclusions: [demerit_minor 0]", "profit_exclusions"},
                {"profit_exclusions: [demerit_minor x]", "profit_exclusions"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[2000];
        struct policy *p = NULL;
        enum err e = load(rows[i].line, &p, text, sizeof text);
        if (e != ERR_REFUSED || !strstr(text, rows[i].key))
            fail_msg("%s: %d %s", rows[i].line, e, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_139_the_defaults_are_those_of_the_rules),
        cmocka_unit_test(SCO_061_the_second_quarter_has_ten_per_cent),
        cmocka_unit_test(SCO_139_what_cannot_be_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
