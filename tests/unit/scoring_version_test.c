/* scoring_version_test.c - the content of a scheme in a period that has begun (SCO-003): another
 * one is not reckoned with, whatever policy is taken over. */
#include "tests/unit/scoring_sheet.h"

/* The policy of the tests, its schemes edited by sed. */
static struct policy *edited(const char *sed)
{
    char dir[] = "/tmp/scoring_version.XXXXXX", cmd[2000];
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
             "sed -i '%s' %s/common/scoring.yaml",
             dir, POLICY_SCORING, dir, dir, sed, dir);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    enum err e = policy_load(cmd, &p, faults, POLICY_FAULTS_MAX, &n);
    policy_print_faults(stderr, faults, n);
    assert_int_equal(e, ERR_OK);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return p;
}

/* The service goes on under another set. */
static struct policy *take_over(struct stage *s, const char *sed)
{
    struct policy *p = edited(sed);
    node_again_under(stage_node(s, OWNER_scoring), p, CLOCK_MODE_event);
    return p;
}

/* P1 is published with 100 points, P2 is not scored yet. */
static struct stage *open_august(void)
{
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    assign_4s(s, "P2");
    publish(s, "P1", "100");
    targets(s, "P2");
    return s;
}

static void late(struct stage *s, const char *day, const char *local)
{
    char data[100];
    snprintf(data, sizeof data, "'person':'P1','day':'%s','kind':'late'", day);
    say(s, "C1", "attendance.recorded", local, data);
}

#define WEIGHTS "s/weight: 25%/weight: 40%/;s/weight: 25%/weight: 10%/"
#define IN_PLACE "/- id: 4s_ae/,/kpi_profit/{/id: finance/s/25%/40%/;/id: kpi_profit/s/25%/10%/}"
#define BESIDE                                                                                     \
    "/- id: 4s_ae/,/---- 淘寶/{/---- 淘寶/!H;/---- 淘寶/{x;s/- id: 4s_ae/&\\n    "           \
    "effective_from: 2024-10-01/;" WEIGHTS ";p;x}}"

static void SCO_003_a_change_inside_a_period_is_refused(void **state)
{
    (void)state;
    struct stage *s = open_august();
    struct policy *p = take_over(s, IN_PLACE);
    bar(s, "P2", "scoring.item_scored", "2024-09-05T10:00", "'item':'finance','points':'100'",
        "SCO-003", "changed");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "4s_ae (effective_from: none)"));
    /* what was published may be another: nobody can say, by this set */
    late(s, "2024-08-14", "2024-09-05T11:00");
    assert_int_equal(count(s, "scoring.result_stale"), 1);
    assert_string_equal(last(s, "scoring.result_stale", "would_be"), "");
    act(s, "P1", "scoring.reviewed", "2024-09-05T12:00", "'by':'M2','result':'returned'");
    bar(s, "P1", "scoring.sheet_submitted", "2024-09-05T13:00", "'by':'M1'", "SCO-003", "changed");
    stage_close(s);
    policy_close(&p);
}

/* The change as a version of its own: August goes on, October is another. */
static void SCO_003_a_change_is_a_version_of_its_own(void **state)
{
    (void)state;
    struct stage *s = open_august();
    struct policy *p = take_over(s, BESIDE);
    late(s, "2024-08-14", "2024-09-05T11:00");
    assert_int_equal(count(s, "scoring.result_stale"), 0);
    score_all(s, "P2", "100", "2024-09-05T12:00");
    act(s, "P2", "scoring.sheet_submitted", "2024-09-05T13:00", "'by':'M1'");
    act(s, "P2", "scoring.reviewed", "2024-09-05T14:00", "'by':'M2'");
    assert_int_equal(result_of(s, "P2", "4s_ae", "2024-08-01").score_num, 100);
    stage_close(s);
    policy_close(&p);
}

/* Names, roles, days, and how it is written down are not the content. */
static void SCO_003_what_may_be_corrected_at_any_time(void **state)
{
    (void)state;
    static const char *const seds[] = {
        "s/label: 傑出/label: 杰出/;s/name: 財務指標/name: 財務/;s/name: 汽車4S店.*/name: 4S/",
        "s/owner: 人力資源部/owner: 人事部/;s/may_archive: .hr/may_archive: [hr2, hr/",
        "s/late_fine: 500/late_fine: 600/;s/for: targets, day: 5/for: targets, day: 6/",
        "s/total: 130 .*/total: \"130\"/;s/{id: finance, name: 財務指標/{name: 財務指標, id: "
        "finance/",
    };
    for (size_t i = 0; i < COUNT_OF(seds); i++) {
        struct stage *s = open_august();
        struct policy *p = take_over(s, seds[i]);
        score(s, "P2", "finance", "100", "2024-09-05T10:00");
        stage_close(s);
        policy_close(&p);
    }
}

/* Whatever a sheet is scored by is content: of the words also what the keys of the house say. */
static void SCO_003_what_is_the_content_of_a_scheme(void **state)
{
    (void)state;
    static const char *const seds[] = {
        "s/cut: 130/cut: 140/",
        "s/from: 120}/from: 121}/",
        "s/boundary_owner: lower # SCO-026: default (source garbled)/boundary_owner: upper/",
        "s/amount: base . .score . 100 points./amount: base/",
    };
    struct policy *was = edited("s/x/x/");
    const struct scheme *s = policy_scheme(was, STR("4s_ae"));
    for (size_t i = 0; i < COUNT_OF(seds); i++) {
        struct policy *p = edited(seds[i]);
        if (policy_scheme(p, STR("4s_ae"))->print == s->print) fail_msg("%s", seds[i]);
        assert_true(policy_scheme(p, STR("q_post"))->print ==
                    policy_scheme(was, STR("q_post"))->print);
        policy_close(&p);
    }
    policy_close(&was);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_003_a_change_inside_a_period_is_refused),
        cmocka_unit_test(SCO_003_a_change_is_a_version_of_its_own),
        cmocka_unit_test(SCO_003_what_may_be_corrected_at_any_time),
        cmocka_unit_test(SCO_003_what_is_the_content_of_a_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
