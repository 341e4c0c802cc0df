/* scoring_version_test.c - versions of a scheme beside each other, and the content of a period that
 * has begun: another one is not reckoned with, whatever policy is taken over (SCO-002, SCO-003). */
#include "tests/unit/scoring_sheet.h"

/* ---- versions beside each other ---- */

/* 4s_ae once more, from September on: 40% for finance, 10% for the market, B from 102, and a post.
 */
#define VERSIONS                                                                                   \
    "/- id: 4s_ae/,/---- 淘寶/{/---- 淘寶/!H;/---- 淘寶/{x;s/- id: 4s_ae/&\\n    "           \
    "effective_from: 2024-09-01/;s/weight: 25%/weight: 40%/;s/weight: 25%/weight: 10%/;"           \
    "s/from: 105/from: 102/;s/服務站工具管理員/試車員/;p;x}}"

static void publish_month(struct stage *s, const char *first, const char *local)
{
    static const char *const points[][2] = {
        {"finance", "120"}, {"market", "80"}, {"kpi_profit", "100"}, {"learning", "100"}};
    char more[400];
    snprintf(more, sizeof more,
             "'scheme':'4s_ae','first':'%s','targets':[" TARGET "," TARGET "," TARGET "]," SIGNED3,
             first);
    say(s, "C1", "scoring.targets_filed", local, of("P1", more).text);
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        snprintf(more, sizeof more, "'scheme':'4s_ae','first':'%s','item':'%s','points':'%s'",
                 first, points[i][0], points[i][1]);
        say(s, "C1", "scoring.item_scored", local, of("P1", more).text);
    }
    snprintf(more, sizeof more, "'scheme':'4s_ae','first':'%s','by':'M1'", first);
    say(s, "C1", "scoring.sheet_submitted", local, of("P1", more).text);
    snprintf(more, sizeof more, "'scheme':'4s_ae','first':'%s','by':'M2','result':'approved'",
             first);
    say(s, "C1", "scoring.reviewed", local, of("P1", more).text);
}

static int64_t score_of(struct stage *s, const char *first)
{
    struct rec_row_score_result r = result_of(s, "P1", "4s_ae", first);
    assert_int_equal(r.score_den, 1);
    return r.score_num;
}

/* Each month by the version it began under; a fact that comes later changes nothing of that. */
static void SCO_003_versions_of_a_scheme_stand_beside_each_other(void **state)
{
    (void)state;
    struct stage *s = scoring_open_changed(0, "common/scoring.yaml", VERSIONS);
    assign_4s(s, "P1");
    until(s, "2024-10-02T00:00");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-08-01"), "open");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-09-01"), "open");
    assert_int_equal(count(s, "scoring.sheet_opened"), 3);
    publish_month(s, "2024-08-01", "2024-10-03T10:00");
    assert_int_equal(score_of(s, "2024-08-01"), 100);
    publish_month(s, "2024-09-01", "2024-10-03T11:00");
    assert_int_equal(score_of(s, "2024-09-01"), 106);
    /* the quarter began under the first one: 103 is C there, B by the second */
    struct rec_row_score_result quarter = result_of(s, "P1", "4s_quarter", "2024-07-01");
    assert_int_equal(quarter.score_num, 103);
    assert_true(str_is(quarter.grade, "C"));
    say(s, "C1", "attendance.recorded", "2024-10-04T10:00",
        "'person':'P1','day':'2024-08-14','kind':'late'");
    assert_int_equal(count(s, "scoring.result_stale"), 0);
    stage_close(s);
}

/* A post that only the later version has may have any scheme until then. */
static void SCO_003_SCO_002_a_post_is_that_of_the_version(void **state)
{
    (void)state;
    struct stage *s = scoring_open_changed(0, "common/scoring.yaml", VERSIONS);
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'4s_ae','post':'試車員','from':'2024-08-01'").text, "SCO-002",
         "reason");
    assign(s, "P1", "4s_ae", "試車員", "2024-09-01", "2024-07-20T10:00");
    assign(s, "P2", "sup_100", "試車員", "2024-08-01", "2024-07-20T10:00");
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P3", "'scheme':'sup_100','post':'試車員','from':'2024-09-01'").text, "SCO-002",
         "reason");
    stage_close(s);
}

/* Before its first version a scheme opens no sheet and takes nobody. */
static void SCO_003_a_version_begins_with_a_period(void **state)
{
    (void)state;
    struct stage *s = scoring_open_changed(0, "common/scoring.yaml",
                                           "/- id: 4s_ae/a\\    effective_from: 2024-09-01");
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01'").text, "SCO-003",
         "no_version");
    assign(s, "P1", "4s_ae", MECHANIC, "2024-09-01", "2024-07-20T11:00");
    until(s, "2024-09-02T00:00");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-08-01"), "none");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-09-01"), "open");
    stage_close(s);
}

/* ---- a change in place ---- */

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
        "s/total: 130 .*/total: \"130\"/",
        "s/{id: finance, name: 財務指標/{name: 財務指標, id: finance/",
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
        cmocka_unit_test(SCO_003_versions_of_a_scheme_stand_beside_each_other),
        cmocka_unit_test(SCO_003_SCO_002_a_post_is_that_of_the_version),
        cmocka_unit_test(SCO_003_a_version_begins_with_a_period),
        cmocka_unit_test(SCO_003_a_change_inside_a_period_is_refused),
        cmocka_unit_test(SCO_003_a_change_is_a_version_of_its_own),
        cmocka_unit_test(SCO_003_what_may_be_corrected_at_any_time),
        cmocka_unit_test(SCO_003_what_is_the_content_of_a_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
