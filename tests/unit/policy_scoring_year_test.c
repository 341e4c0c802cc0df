/* policy_scoring_year_test.c - `year:` of a scheme: the delivered one as it is used, and every
 * fault of it at its place (SCO-013 … SCO-015, SCO-027, SCO-033 … SCO-037, SCO-062, SCO-138). */
#include "tests/unit/scoring_set.h"

static void load(const char *find, const char *put, const char *keys, struct policy **p,
                 struct policy_fault *faults, uint32_t *n)
{
    struct scratch_set x;
    scratch_open(&x, keys);
    char *text = replaced(file_text(SCORING_YAML), find, put);
    scratch_write(&x, "scoring.yaml", text);
    free(text);
    *p = NULL, *n = 0;
    enum err e = policy_load(x.path, p, faults, POLICY_FAULTS_MAX, n);
    scratch_close(&x);
    assert_true((e == ERR_OK) == (*p != NULL));
}

static void SCO_036_the_delivered_year_as_it_is_used(void **state)
{
    (void)state;
    struct policy *p = scratch_policy("total: 130", "total: 130");
    const struct scheme_year *y = &policy_scheme(p, STR("4s_ae"))->year;
    assert_true(y->track_count == 2 && y->quota_count == 5 && y->right_count == 3);
    assert_true(str_is(y->tracks[0].id, "D") && y->tracks[0].run == 2);
    assert_true(y->tracks[0].improvement == 2 && y->tracks[0].warned_by == warned_by_hr);
    assert_int_equal(y->tracks[0].result, SCORE_IMPROVEMENT_mean);
    assert_true(str_is(y->tracks[1].grade, "E") && y->tracks[1].improvement == 0);
    assert_int_equal(y->tracks[1].warned_by, warned_by_manager);
    assert_int_equal(y->distribution, distribution_mode_report);
    assert_true(y->distribution_min == 10 && y->award_run == 3);
    assert_int_equal(frac_cmp(y->quotas[3].share, (struct frac){1, 10}), 0);
    const struct score_mix *mix = &policy_scheme(p, STR("dqnj_100"))->year.mix;
    assert_int_equal(frac_cmp(mix->checks, (struct frac){1, 5}), 0);
    assert_int_equal(frac_cmp(mix->months, (struct frac){3, 10}), 0);
    assert_int_equal(frac_cmp(mix->year_end, (struct frac){1, 2}), 0);
    assert_int_equal(mix->spot.num, 0);
    assert_int_equal(frac_cmp(mix->excellent_above, FRAC_INT(100)), 0);
    assert_int_equal(policy_scheme(p, STR("q_post"))->year.plus_merits, 3);
    assert_false(frac_has(policy_scheme(p, STR("tb_130"))->year.mix.excellent_above));
    assert_int_equal(p->scoring.retention_years, 2);
    policy_close(&p);
}

static void SCO_036_every_fault_of_a_year_is_said_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put, *path, *says;
    } rows[] = {
        {"{id: D, grade: D, run: 2", "{id: D, grade: F, run: 2", "year.tracks[0].grade",
         "F is no grade"},
        {"{id: D, grade: D, run: 2", "{id: D, grade: D, run: 13", "year.tracks[0].run",
         "12 months"},
        {"{id: E, grade: E, run: 2", "{id: D, grade: E, run: 2", "year.tracks[1].id", "keep one"},
        {"{id: E, grade: E, run: 2", "{id: E, grade: E, run: 0", "tracks[1].run", ""},
        {"improvement_result: mean", "improvement_result: best", "improvement_result",
         "mean, all, last"},
        {"warned_by: manager", "warned_by: nobody", "warned_by", "hr, manager"},
        {"{grade: D, share: 10%}", "{grade: D, share: 11%}", "year.quotas", "together they are"},
        {"{grade: D, share: 10%}\n        - {grade: E, share: 5%}",
         "{grade: E, share: 10%}\n        - {grade: D, share: 5%}", "year.quotas[3].grade",
         "order of the grades"},
        {"quota_capped: 2", "quota_capped: 6", "year.quota_capped", "not so many"},
        {"{grade: A, right: raise", "{grade: X, right: raise", "year.rights[0].grade",
         "X is no grade"},
        {"award_grade: A", "award_grade: S", "year.award_grade", "S is no grade"},
        {"award_run: 3", "award_run: 13", "year.award_run", "12 months"},
        {"quarter: 4s_quarter", "quarter: tb_130", "schemes", "which no scheme has"},
        {"assessment: dqnj_year_end", "assessment: 4s_ae", "schemes", "period year"},
        {"checks: 20%", "checks: 21%", "year.total", "together 100%"},
        {"checks: 20%", "checks: much", "year.checks", "must be a number"},
        {"excellent_above: 100", "excellent_above: top", "year.excellent_above",
         "must be a number"},
        {"bonus: award,", "bonus: prize,", "year.bonus", "one of the bonuses"},
        {"bonus_counts: award_points", "bonus_counts: prizes", "schemes", "counted facts"},
        {"{plus: quarter_plus", "{plus: prizes", "schemes", "counted facts"},
    };
    static struct policy_fault faults[POLICY_FAULTS_MAX];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy *p;
        uint32_t n;
        bool found = false;
        load(rows[i].find, rows[i].put, "", &p, faults, &n);
        for (uint32_t j = 0; j < n; j++)
            found |= strstr(faults[j].fault.field, rows[i].path) &&
                     strstr(faults[j].fault.text, rows[i].says);
        if (found && !p) continue;
        policy_print_faults(stderr, faults, n);
        fail_msg("%s -> %s: not at %s: %s", rows[i].find, rows[i].put, rows[i].path, rows[i].says);
    }
}

static void SCO_138_years_of_retention(void **state)
{
    (void)state;
    static struct policy_fault faults[POLICY_FAULTS_MAX];
    struct policy *p;
    uint32_t n;
    load("total: 130", "total: 130", "scoring: {retention_years: 101}\n", &p, faults, &n);
    assert_true(!p && n == 1 && strstr(faults[0].fault.text, "1 to 100"));
    load("total: 130", "total: 130", "scoring: {retention_years: 5}\n", &p, faults, &n);
    assert_true(p && p->scoring.retention_years == 5);
    policy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_036_the_delivered_year_as_it_is_used),
        cmocka_unit_test(SCO_036_every_fault_of_a_year_is_said_at_its_place),
        cmocka_unit_test(SCO_138_years_of_retention)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
