/* policy_scoring_year.c - `year:` of a scheme: quarter and year, tracks of bad months, quotas of
 * grades, rights of the year, the year's mix, bonus points (SCO-013 … SCO-015, SCO-027, SCO-033 …
 * SCO-037, SCO-062); the key scoring.retention_years (SCO-138). */
#include "common/policy_schema.h"
#include <string.h>

/* ---- schema ---- */

#define ROWS(key_, member, value_, max_)                                                           \
    {                                                                                              \
        .key = key_, .data_offset = offsetof(struct raw_scheme_year, member.v),                    \
        .count_offset = offsetof(struct raw_scheme_year, member.n),                                \
        .count_size = sizeof(uint32_t), .value = {                                                 \
            CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER | OPT,                                         \
                                 *((struct raw_scheme_year *)NULL)->member.v, value_, 1, max_)     \
        }                                                                                          \
    }
#define VALUE_OF(type, fields)                                                                     \
    {                                                                                              \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, type, fields)                                      \
    }
#define TRACK_ID(key_, need, type, member) TEXT_UPTO(key_, need, type, member, 8)

static const cyaml_strval_t improvement[] = {
    {"mean", RAW_IMPROVEMENT_mean}, {"all", RAW_IMPROVEMENT_all}, {"last", RAW_IMPROVEMENT_last}};
static const cyaml_strval_t warner[] = {{"hr", warned_by_hr}, {"manager", warned_by_manager}};
static const cyaml_strval_t distribution[] = {{"report", distribution_mode_report},
                                              {"force", distribution_mode_force},
                                              {"cap", distribution_mode_cap}};

static const cyaml_schema_field_t track[] = {
    TRACK_ID("id", MUST, struct raw_track, t.id),
    CALENDAR("grade", MUST, struct raw_track, t.grade),
    UINT("run", MUST, struct raw_track, t.run),
    UINT("improvement_months", OPT, struct raw_track, t.improvement),
    WORD("improvement_result", OPT, struct raw_track, result, improvement),
    WORD("warned_by", MUST, struct raw_track, t.warned_by, warner),
    CYAML_FIELD_END};
static const cyaml_schema_value_t track_value = VALUE_OF(struct raw_track, track);

static const cyaml_schema_field_t quota[] = {CALENDAR("grade", MUST, struct raw_quota, q.grade),
                                             NAME("share", MUST, struct raw_quota, share),
                                             CYAML_FIELD_END};
static const cyaml_schema_value_t quota_value = VALUE_OF(struct raw_quota, quota);

static const cyaml_schema_field_t right[] = {CALENDAR("grade", MUST, struct score_right, grade),
                                             NAME("right", MUST, struct score_right, right),
                                             CYAML_FIELD_END};
static const cyaml_schema_value_t right_value = VALUE_OF(struct score_right, right);

const cyaml_schema_field_t policy_schema_scheme_year[] = {
    ROWS("tracks", tracks, &track_value, SCORE_TRACKS_MAX),
    ROWS("quotas", quotas, &quota_value, SCORE_QUOTAS_MAX),
    WORD("distribution", OPT, struct raw_scheme_year, y.distribution, distribution),
    UINT("distribution_min", OPT, struct raw_scheme_year, y.distribution_min),
    UINT("quota_capped", OPT, struct raw_scheme_year, y.quota_capped),
    ROWS("rights", rights, &right_value, SCORE_QUOTAS_MAX),
    CALENDAR("award_grade", OPT, struct raw_scheme_year, y.award_grade),
    UINT("award_run", OPT, struct raw_scheme_year, y.award_run),
    NAME("quarter", OPT, struct raw_scheme_year, y.quarter),
    NAME("year", OPT, struct raw_scheme_year, y.year),
    NAME("assessment", OPT, struct raw_scheme_year, y.mix.assessment),
    NAME("total", OPT, struct raw_scheme_year, y.mix.as),
    NAME("checks", OPT, struct raw_scheme_year, checks),
    NAME("months", OPT, struct raw_scheme_year, months),
    NAME("year_end", OPT, struct raw_scheme_year, year_end),
    NAME("spot", OPT, struct raw_scheme_year, spot),
    NAME("excellent_above", OPT, struct raw_scheme_year, excellent_above),
    NAME("bonus", OPT, struct raw_scheme_year, y.bonus),
    NAME("bonus_counts", OPT, struct raw_scheme_year, y.counts),
    NAME("plus", OPT, struct raw_scheme_year, y.plus),
    UINT("plus_merits", OPT, struct raw_scheme_year, y.plus_merits),
    CYAML_FIELD_END};

/* ---- as used ---- */

static bool is_grade(const struct scheme *s, struct str grade)
{
    for (uint32_t i = 0; i < s->grade_count; i++) {
        if (str_eq(s->grades[i].grade, grade)) return true;
    }
    return false;
}

static void check_grade(struct policy_scheme_make *m, const char *list, uint32_t row,
                        const char *key, struct str grade)
{
    if (is_grade(m->s, grade)) return;
    policy_scheme_fault(m, list, row, key, "%.*s is no grade of this scheme", STR_ARG(grade));
}

static void make_tracks(struct policy_scheme_make *m)
{
    static const enum score_improvement results[] = {
        [RAW_IMPROVEMENT_none] = SCORE_IMPROVEMENT_mean,
        [RAW_IMPROVEMENT_mean] = SCORE_IMPROVEMENT_mean,
        [RAW_IMPROVEMENT_all] = SCORE_IMPROVEMENT_all,
        [RAW_IMPROVEMENT_last] = SCORE_IMPROVEMENT_last};
    uint32_t n = m->raw->year.tracks.n;
    struct score_track *v = arena_take(m->b->arena, (n + 1) * sizeof *v);
    for (uint32_t i = 0; i < n; i++) {
        const struct raw_track *raw = &m->raw->year.tracks.v[i];
        v[i] = raw->t;
        v[i].result = results[raw->result];
        check_grade(m, "year.tracks", i, "grade", v[i].grade);
        if (v[i].run > 12 || v[i].improvement > 12)
            policy_scheme_fault(m, "year.tracks", i, "run",
                                "a run and its improvement have 12 months "
                                "at most");
        for (uint32_t j = 0; j < i; j++) {
            if (str_eq(v[i].id, v[j].id))
                policy_scheme_fault(m, "year.tracks", i, "id", "is there already; keep one");
        }
    }
    m->s->year.tracks = v, m->s->year.track_count = n;
}

static void make_quotas(struct policy_scheme_make *m)
{
    uint32_t n = m->raw->year.quotas.n;
    struct score_quota *v = arena_take(m->b->arena, (n + 1) * sizeof *v);
    struct frac sum = FRAC_INT(0);
    bool range = false;
    for (uint32_t i = 0; i < n; i++) {
        v[i] = m->raw->year.quotas.v[i].q;
        (void)policy_scheme_number(m, "year.quotas", i, "share", m->raw->year.quotas.v[i].share,
                                   &v[i].share);
        sum = frac_add(sum, v[i].share, &range);
        if (i >= m->s->grade_count || !str_eq(v[i].grade, m->s->grades[i].grade))
            policy_scheme_fault(m, "year.quotas", i, "grade",
                                "quotas stand in the order of the grades, one for each");
    }
    if (n && (n != m->s->grade_count || range || frac_cmp(sum, FRAC_INT(1)) != 0))
        policy_scheme_fault(m, NULL, 0, "year.quotas",
                            "every grade has its share, and together they are 100%%");
    m->s->year.quotas = v, m->s->year.quota_count = n;
    if (m->s->year.quota_capped > n)
        policy_scheme_fault(m, NULL, 0, "year.quota_capped", "there are not so many grades");
}

static void make_rights(struct policy_scheme_make *m)
{
    m->s->year.rights = m->raw->year.rights.v;
    m->s->year.right_count = m->raw->year.rights.n;
    for (uint32_t i = 0; i < m->s->year.right_count; i++)
        check_grade(m, "year.rights", i, "grade", m->s->year.rights[i].grade);
}

static void share_of(struct policy_scheme_make *m, const char *key, struct str text,
                     struct frac *out)
{
    *out = FRAC_INT(0);
    if (text.n) (void)policy_scheme_number(m, NULL, 0, key, text, out);
}

static void make_mix(struct policy_scheme_make *m)
{
    const struct raw_scheme_year *raw = &m->raw->year;
    struct score_mix *x = &m->s->year.mix;
    bool range = false;
    share_of(m, "year.checks", raw->checks, &x->checks);
    share_of(m, "year.months", raw->months, &x->months);
    share_of(m, "year.year_end", raw->year_end, &x->year_end);
    share_of(m, "year.spot", raw->spot, &x->spot);
    x->excellent_above = FRAC_NONE;
    if (raw->excellent_above.n)
        (void)policy_scheme_number(m, NULL, 0, "year.excellent_above", raw->excellent_above,
                                   &x->excellent_above);
    struct frac sum = frac_add(frac_add(x->checks, x->months, &range),
                               frac_add(x->year_end, x->spot, &range), &range);
    if (!x->assessment.n && !x->as.n) return;
    if (!x->assessment.n || !x->as.n || range || frac_cmp(sum, FRAC_INT(1)) != 0)
        policy_scheme_fault(m, NULL, 0, "year.total",
                            "a year's total needs assessment, total, and the shares checks, "
                            "months, year_end and spot, together 100%%");
}

void policy_scheme_year(struct policy_scheme_make *m)
{
    struct scheme_year *y = &m->s->year;
    *y = m->raw->year.y;
    if (!y->distribution) y->distribution = distribution_mode_report;
    if (!y->distribution_min) y->distribution_min = 10;
    make_tracks(m);
    make_quotas(m);
    make_rights(m);
    make_mix(m);
    if (y->award_run) check_grade(m, NULL, 0, "year.award_grade", y->award_grade);
    if (y->award_run > 12)
        policy_scheme_fault(m, NULL, 0, "year.award_run", "a year has 12 months");
    if (y->bonus.n && (!scheme_adjust(m->s, y->bonus) || !y->counts.n))
        policy_scheme_fault(m, NULL, 0, "year.bonus",
                            "must be one of the bonuses, with bonus_counts, the fact it is of");
}

/* ---- keys, and what the schemes say of each other ---- */

void policy_scoring_year_keys(struct scoring_keys *out)
{
    if (!out->retention_years) out->retention_years = 2; /* SCO-138, source */
}

static void check_result(struct policy_build *b, struct str id)
{
    if (id.n && policy_scheme(b->policy, id))
        policy_check_key(b, "schemes",
                         "quarter, year and total of a year are published under "
                         "names of their own, which no scheme has");
}

void policy_scoring_year_check(struct policy_build *b)
{
    const struct policy *p = b->policy;
    uint32_t place;
    if (p->scoring.retention_years > 100)
        policy_check_key(b, "scoring.retention_years", "must be 1 to 100");
    for (uint32_t i = 0; i < p->scheme_count; i++) {
        const struct scheme_year *y = &p->schemes[i].year;
        const struct scheme *e = policy_scheme(p, y->mix.assessment);
        check_result(b, y->quarter);
        check_result(b, y->year);
        check_result(b, y->mix.as);
        if (y->mix.assessment.n && (!e || e->period != SCORE_PERIOD_year))
            policy_check_key(b, "schemes",
                             "the assessment of a year must be a scheme of the "
                             "period year");
        bool known = (!y->counts.n || policy_score_fact(p, y->counts, &place)) &&
                     (!y->plus.n || policy_score_fact(p, y->plus, &place));
        if (!known)
            policy_check_key(b, "schemes",
                             "bonus_counts and plus of a year must be counted "
                             "facts");
    }
}
