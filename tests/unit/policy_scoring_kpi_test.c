/* policy_scoring_kpi_test.c - figures, dates of reports and the keys of counting as policy: their
 * defaults, and every fault at its place (SCO-047, SCO-074, SCO-075, SCO-084, SCO-089, SCO-104,
 * SCO-134). */
#include "tests/unit/scoring_set.h"

static const char small[] =
    "score_kpis:\n"                                                                    /* 1 */
    "  - {id: rate, numerator: [orders_refunded], denominator: [orders], target: 5%, " /* 2 */
    "compare: le, of: [unit, person]}\n"
    "  - {id: net, numerator: [receivable, -collected], growth: last}\n" /* 3 */
    "score_reports:\n"                                                   /* 4 */
    "  - {form: BD-24, period: month, day: 5}\n";                        /* 5 */

static enum err load(const char *find, const char *put, const char *keys, struct policy **p,
                     struct policy_fault *faults, uint32_t *n)
{
    struct scratch_set x;
    scratch_open(&x, keys);
    char *text = replaced(small, find, put);
    scratch_write(&x, "scoring.yaml", text);
    free(text);
    *p = NULL, *n = 0;
    enum err e = policy_load(x.path, p, faults, POLICY_FAULTS_MAX, n);
    scratch_close(&x);
    return e;
}

static void SCO_134_defaults(void **state)
{
    (void)state;
    static struct policy_fault faults[POLICY_FAULTS_MAX];
    struct policy *p;
    uint32_t n;
    assert_int_equal(load("BD-24", "BD-24", "", &p, faults, &n), ERR_OK);
    const struct scoring_keys *k = &p->scoring;
    assert_int_equal(k->kpi_day, 10);
    assert_int_equal(k->quarter_day, 10);
    assert_int_equal(k->low_rating_heads.n, 0);
    assert_int_equal(frac_cmp(k->card_points, FRAC_INT(1)), 0);
    assert_int_equal(frac_cmp(k->survey_target, (struct frac){17, 20}), 0);
    assert_int_equal(frac_cmp(k->survey_index_4[1], (struct frac){3, 4}), 0);
    assert_int_equal(frac_cmp(k->survey_index_3[1], (struct frac){1, 2}), 0);
    assert_int_equal(p->score_kpi_count, 2);
    assert_int_equal(p->score_kpis[0].type, FORMULA_ratio);
    assert_int_equal(frac_cmp(p->score_kpis[0].target, (struct frac){1, 20}), 0);
    assert_int_equal(p->score_kpis[1].of.n, 1);
    assert_false(frac_has(p->score_kpis[1].target));
    assert_int_equal(p->score_report_count, 1);
    policy_close(&p);
}

static void SCO_134_keys_that_are_written(void **state)
{
    (void)state;
    static struct policy_fault faults[POLICY_FAULTS_MAX];
    struct policy *p;
    uint32_t n;
    assert_int_equal(load("BD-24", "BD-24",
                          "scoring: {kpi_day: 12, quarter_day: 15, card_points: 0.5, "
                          "evaluation: [2, 1, 1], survey_target: 90%, surveys_of_3: [s], "
                          "survey_index_3: [100%, 60%, 10%], low_rating_heads: [cs]}\n",
                          &p, faults, &n),
                     ERR_OK);
    const struct scoring_keys *k = &p->scoring;
    assert_true(k->kpi_day == 12 && k->quarter_day == 15);
    assert_int_equal(frac_cmp(k->card_points, (struct frac){1, 2}), 0);
    assert_int_equal(frac_cmp(k->evaluation[0], FRAC_INT(2)), 0);
    assert_int_equal(frac_cmp(k->survey_index_3[2], (struct frac){1, 10}), 0);
    assert_true(str_is(k->surveys_of_3.v[0], "s"));
    policy_close(&p);
}

static void SCO_134_every_fault_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put, *keys, *path, *says;
    } rows[] = {
        {"[orders]", "[oders]", "", "score_kpis[0].denominator", "orders"},
        {"-collected", "-colected", "", "score_kpis[1].numerator", "collected"},
        {"[orders_refunded]", "[]", "", "score_kpis[0].numerator", "one to sixteen"},
        {"[unit, person]", "[unit, team]", "", "score_kpis[0].of", "unit, person"},
        {"target: 5%, ", "", "", "score_kpis[0].target", "needs a target"},
        {"target: 5%", "target: five", "", "score_kpis[0].target", "must be a number"},
        {"growth: last", "growth: points", "", "score_kpis[1].growth", "difference of two rates"},
        {"growth: last", "growth: last, type: money", "", "score_kpis[1].type", "ratio"},
        {"growth: last", "alert: 13", "", "score_kpis[1].alert", "12 months"},
        {"growth: last", "per: 1000001", "", "score_kpis[1].per", "1000000"},
        {"day: 5", "day: 29", "", "score_reports[0].day", "1 to 28"},
        {"", "", "scoring: {kpi_day: 29}\n", "scoring.kpi_day", "1 to 28"},
        {"", "", "scoring: {quarter_day: 31}\n", "scoring.quarter_day", "1 to 28"},
        {"", "", "scoring: {card_points: much}\n", "scoring.card_points", "must be a number"},
        {"", "", "scoring: {card_points: -1}\n", "scoring.card_points", "not below 0"},
        {"", "", "scoring: {survey_target: x}\n", "scoring.survey_target", "must be a number"},
        {"", "", "scoring: {evaluation: [1, 1]}\n", "scoring.evaluation", "so many numbers"},
        {"", "", "scoring: {evaluation: [0, 0, 0]}\n", "scoring.evaluation", "above 0"},
        {"", "", "scoring: {survey_index_4: [1, 1, 1]}\n", "scoring.survey_index_4",
         "so many numbers"},
        {"", "", "scoring: {survey_index_3: [1, 1, x]}\n", "scoring.survey_index_3",
         "so many numbers"},
        {"", "", "scoring: {surveys_of_4: [a, survey_3]}\n", "scoring.surveys_of_4",
         "three levels or four"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct policy_fault faults[POLICY_FAULTS_MAX];
        struct policy *p;
        uint32_t n = 0;
        const char *find = *rows[i].find ? rows[i].find : "BD-24";
        const char *put = *rows[i].find ? rows[i].put : "BD-24";
        if (load(find, put, rows[i].keys, &p, faults, &n) == ERR_OK) {
            policy_close(&p);
            fail_msg("%s: loads", rows[i].path);
        }
        bool found = false;
        for (uint32_t j = 0; j < n; j++)
            found |= strstr(faults[j].fault.field, rows[i].path) &&
                     strstr(faults[j].fault.text, rows[i].says);
        if (!found)
            fail_msg("%s: %s: %s", rows[i].path, faults[0].fault.field, faults[0].fault.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(SCO_134_defaults),
                                       cmocka_unit_test(SCO_134_keys_that_are_written),
                                       cmocka_unit_test(SCO_134_every_fault_at_its_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
