/* policy_scoring_kpi.c - the lists score_kpis and score_reports, and the keys of counting: figures
 * for head office with their targets, dates of reports, weights of evaluations and surveys
 * (SCO-047, SCO-074, SCO-075, SCO-084, SCO-088 … SCO-104, SCO-134). */
#include "common/policy_schema.h"
#include "common/score_events.h"
#include <string.h>

/* ---- schema ---- */

static const cyaml_strval_t compare[] = {{"ge", SCORE_COMPARE_ge},
                                         {"le", SCORE_COMPARE_le},
                                         {"lt", SCORE_COMPARE_lt},
                                         {"gt", SCORE_COMPARE_gt},
                                         {"eq", SCORE_COMPARE_eq}};
static const cyaml_strval_t growth[] = {
    {"last", SCORE_GROWTH_last}, {"year", SCORE_GROWTH_year}, {"points", SCORE_GROWTH_points}};
static const cyaml_strval_t type[] = {{"ratio", FORMULA_ratio},
                                      {"points", FORMULA_points},
                                      {"count", FORMULA_count},
                                      {"money", FORMULA_money}};
static const cyaml_strval_t period[] = {
    {"month", SCORE_PERIOD_month}, {"quarter", SCORE_PERIOD_quarter}, {"year", SCORE_PERIOD_year}};
static const cyaml_strval_t yes_no[] = {{"yes", yes_no_yes}, {"no", yes_no_no}};

static const cyaml_schema_field_t kpi[] = {
    TEXT_UPTO("id", MUST, struct raw_score_kpi, k.id, 40),
    TEXT("name", OPT, struct raw_score_kpi, k.name),
    WORDS("numerator", MUST, struct raw_score_kpi, k.numerator),
    WORDS("denominator", OPT, struct raw_score_kpi, k.denominator),
    TEXT("target", OPT, struct raw_score_kpi, target),
    WORD("compare", OPT, struct raw_score_kpi, k.compare, compare),
    WORDS("of", OPT, struct raw_score_kpi, k.of),
    WORD("type", OPT, struct raw_score_kpi, k.type, type),
    UINT("per", OPT, struct raw_score_kpi, k.per),
    WORD("reviewed", OPT, struct raw_score_kpi, reviewed, yes_no),
    WORD("falls", OPT, struct raw_score_kpi, falls, yes_no),
    UINT("alert", OPT, struct raw_score_kpi, k.alert),
    WORD("growth", OPT, struct raw_score_kpi, k.growth, growth),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_score_kpi = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_score_kpi, kpi)};

static const cyaml_schema_field_t report[] = {
    TEXT_UPTO("form", MUST, struct score_report, form, 96),
    WORD("period", MUST, struct score_report, period, period),
    UINT("day", MUST, struct score_report, day), CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_score_report = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct score_report, report)};

/* ---- items ---- */

#define DAY_MAX 28 /* a day that every month has */
#define ALERT_MAX 12
#define PER_MAX 1000000
#define FACTS_MAX 16

static const struct str unit_only[] = {{"unit", 4}};

static void fault(struct policy_build *b, struct policy_origin at, const char *key,
                  const char *text)
{
    policy_fault_item(b, PART_score_kpis, at, key, "%s", text);
}

static void check_kpi(struct policy_build *b, const struct raw_score_kpi *raw,
                      const struct score_kpi *k, struct policy_origin at)
{
    if (k->numerator.n == 0 || k->numerator.n > FACTS_MAX || k->denominator.n > FACTS_MAX)
        fault(b, at, "numerator",
              "names one to sixteen facts, and the denominator at most as many");
    for (uint32_t i = 0; i < k->of.n; i++) {
        if (!str_is(k->of.v[i], "unit") && !str_is(k->of.v[i], "person"))
            fault(b, at, "of", "lists unit, person or both");
    }
    if ((raw->target.n > 0) != (k->compare != SCORE_COMPARE_none))
        fault(b, at, "target", "needs compare: ge, le, lt, gt or eq; and compare needs a target");
    if (k->alert > ALERT_MAX) fault(b, at, "alert", "must be at most 12 months");
    if (k->per > PER_MAX) fault(b, at, "per", "must be at most 1000000");
    if (k->growth == SCORE_GROWTH_points && k->denominator.n == 0)
        fault(b, at, "growth", "points is the difference of two rates; name a denominator");
    if (k->growth != SCORE_GROWTH_none && k->type != FORMULA_ratio)
        fault(b, at, "type", "a growth is a ratio");
}

void policy_scoring_kpi(struct policy_build *b, const void *raw, void *out, struct policy_origin at)
{
    const struct raw_score_kpi *r = raw;
    struct score_kpi *k = out;
    *k = r->k;
    k->target = FRAC_NONE;
    k->reviewed = r->reviewed == yes_no_yes;
    k->falls = r->falls == yes_no_yes;
    if (k->of.n == 0) k->of = (struct words){unit_only, COUNT_OF(unit_only)};
    if (k->per == 0) k->per = 1;
    bool rate = k->denominator.n || k->growth != SCORE_GROWTH_none;
    if (k->type == FORMULA_none) k->type = rate ? FORMULA_ratio : FORMULA_count;
    if (r->target.n && !policy_scoring_number(r->target, &k->target))
        fault(b, at, "target", "must be a number or a rate, like 90%");
    check_kpi(b, r, k, at);
}

void policy_scoring_report(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at)
{
    struct score_report *r = out;
    memcpy(r, raw, sizeof *r);
    if (r->day >= 1 && r->day <= DAY_MAX) return;
    policy_fault_item(b, PART_score_reports, at, "day", "must be a day from 1 to 28");
}

/* ---- keys ---- */

static const struct str three[] = {{"survey_3", 8}}, four[] = {{"survey_4", 8}};
static const struct str subjects_3[] = {
    {"產品質量", 12}, {"服務質量", 12}, {"價格合理性", 15}, {"售後服務", 12}};
static const struct str subjects_4[] = {{"產品質量", 12}, {"服務質量", 12},   {"售後支持", 12},
                                        {"響應速度", 12}, {"價格合理性", 15}, {"公司形象", 12}};

static void number(struct policy_build *b, const char *key, struct str written, struct frac least,
                   struct frac otherwise, struct frac *out)
{
    *out = otherwise;
    if (!written.n) return;
    if (policy_scoring_number(written, out) && frac_cmp(*out, least) >= 0) return;
    *out = otherwise;
    policy_check_key(b, key, "must be a number that is not below 0, like 1, 0.5 or 85%");
}

static void numbers(struct policy_build *b, const char *key, struct words written, uint32_t n,
                    const struct frac *otherwise, struct frac *out)
{
    bool right = written.n == n;
    memcpy(out, otherwise, n * sizeof *out);
    for (uint32_t i = 0; right && i < n; i++)
        right = policy_scoring_number(written.v[i], &out[i]) && out[i].num >= 0;
    if (right || written.n == 0) return;
    memcpy(out, otherwise, n * sizeof *out);
    policy_check_key(b, key, "must be so many numbers that are not below 0, like [1, 1, 1]");
}

static void otherwise(struct words *written, const struct str *v, uint32_t n)
{
    if (written->n == 0) *written = (struct words){v, n};
}

void policy_scoring_facts_keys(struct policy_build *b, const struct raw_scoring_keys *raw,
                               struct scoring_keys *out)
{
    static const struct frac thirds[] = {{1, 1}, {1, 1}, {1, 1}};
    static const struct frac index_3[] = {{1, 1}, {1, 2}, {0, 1}};
    static const struct frac index_4[] = {{1, 1}, {3, 4}, {1, 2}, {0, 1}};
    const struct frac target = {17, 20};
    if (!out->kpi_day) out->kpi_day = 10;
    if (!out->quarter_day) out->quarter_day = 10;
    otherwise(&out->surveys_of_3, three, COUNT_OF(three));
    otherwise(&out->surveys_of_4, four, COUNT_OF(four));
    otherwise(&out->survey_subjects_3, subjects_3, COUNT_OF(subjects_3));
    otherwise(&out->survey_subjects_4, subjects_4, COUNT_OF(subjects_4));
    for (uint32_t i = 0; i < out->surveys_of_3.n; i++) {
        if (words_have(out->surveys_of_4, out->surveys_of_3.v[i]))
            policy_check_key(b, "scoring.surveys_of_4",
                             "has a survey of surveys_of_3; it has three levels or four");
    }
    number(b, "scoring.card_points", raw->card_points, FRAC_INT(0), FRAC_INT(1), &out->card_points);
    number(b, "scoring.survey_target", raw->survey_target, FRAC_INT(0), target,
           &out->survey_target);
    numbers(b, "scoring.evaluation", raw->evaluation, 3, thirds, out->evaluation);
    numbers(b, "scoring.survey_index_3", raw->survey_index_3, 3, index_3, out->survey_index_3);
    numbers(b, "scoring.survey_index_4", raw->survey_index_4, 4, index_4, out->survey_index_4);
    if (out->evaluation[0].num + out->evaluation[1].num + out->evaluation[2].num == 0)
        policy_check_key(b, "scoring.evaluation", "needs a weight that is above 0");
}

/* ---- between the items ---- */

static void check_facts(struct policy_build *b, struct policy_origin at, const char *key,
                        struct words facts)
{
    for (uint32_t i = 0; i < facts.n; i++) {
        struct str id = facts.v[i];
        if (id.n > 1 && id.p[0] == '-') id.p++, id.n--;
        policy_check_name(b, PART_score_kpis, at, key, id, PART_score_facts,
                          "a fact that is counted");
    }
}

void policy_scoring_facts_check(struct policy_build *b)
{
    const struct policy_list *l = &b->lists[PART_score_kpis];
    const struct score_kpi *v = l->v;
    const struct scoring_keys *k = &b->policy->scoring;
    for (uint32_t i = 0; i < l->n; i++) {
        check_facts(b, l->at[i], "numerator", v[i].numerator);
        check_facts(b, l->at[i], "denominator", v[i].denominator);
    }
    if (k->kpi_day > DAY_MAX) policy_check_key(b, "scoring.kpi_day", "must be a day from 1 to 28");
    if (k->quarter_day > DAY_MAX)
        policy_check_key(b, "scoring.quarter_day", "must be a day from 1 to 28");
}
