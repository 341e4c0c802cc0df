/* policy_scoring.c - the keys under `scoring:` of policy.yaml, and the questions asked of the
 * schemes and counted facts of a loaded policy (SCO-007, SCO-020, SCO-025, score.decimals). */
#include "common/policy_schema.h"
#include <string.h>

/* ---- keys ---- */

/* conduct */
static const cyaml_strval_t yes_no[] = {{"yes", yes_no_yes}, {"no", yes_no_no}};
static const cyaml_strval_t same_fact[] = {
    {"case", SAME_FACT_case}, {"day", SAME_FACT_day}, {"each", SAME_FACT_each}};

const cyaml_schema_field_t policy_schema_scoring_keys[] = {
    WORDS("quality_levels", OPT, struct raw_scoring_keys, quality_levels),
    INT_PTR("decimals", OPT, struct raw_scoring_keys, decimals),
    /* facts */
    UINT("kpi_day", OPT, struct raw_scoring_keys, k.kpi_day),
    UINT("quarter_day", OPT, struct raw_scoring_keys, k.quarter_day),
    WORDS("low_rating_heads", OPT, struct raw_scoring_keys, k.low_rating_heads),
    TEXT("card_points", OPT, struct raw_scoring_keys, card_points),
    WORDS("evaluation", OPT, struct raw_scoring_keys, evaluation),
    TEXT("survey_target", OPT, struct raw_scoring_keys, survey_target),
    WORDS("survey_index_3", OPT, struct raw_scoring_keys, survey_index_3),
    WORDS("survey_index_4", OPT, struct raw_scoring_keys, survey_index_4),
    WORDS("surveys_of_3", OPT, struct raw_scoring_keys, k.surveys_of_3),
    WORDS("surveys_of_4", OPT, struct raw_scoring_keys, k.surveys_of_4),
    WORDS("survey_subjects_3", OPT, struct raw_scoring_keys, k.survey_subjects_3),
    WORDS("survey_subjects_4", OPT, struct raw_scoring_keys, k.survey_subjects_4),
    /* conduct */
    WORD("same_fact", OPT, struct raw_scoring_keys, k.same_fact, same_fact),
    WORDS("may_confirm", OPT, struct raw_scoring_keys, k.may_confirm),
    WORDS("may_decide", OPT, struct raw_scoring_keys, k.may_decide),
    WORDS("punished_schemes", OPT, struct raw_scoring_keys, k.punished_schemes),
    UINT("training_months", OPT, struct raw_scoring_keys, k.training_months),
    UINT("training_pass_mark", OPT, struct raw_scoring_keys, k.training_pass_mark),
    WORDS("training_subjects", OPT, struct raw_scoring_keys, k.training_subjects),
    WORD("training_expiry", OPT, struct raw_scoring_keys, training_expiry, yes_no),
    NAME("rating_department", OPT, struct raw_scoring_keys, k.rating_department),
    UINT("rating_day", OPT, struct raw_scoring_keys, k.rating_day),
    /* pay */
    CYAML_FIELD_MAPPING("pay", OPT, struct raw_scoring_keys, pay, policy_schema_scoring_pay_keys),
    /* year */
    UINT("retention_years", OPT, struct raw_scoring_keys, k.retention_years), CYAML_FIELD_END};

static struct str part_of(struct str s, char sign, struct str *rest)
{
    const char *at = s.n ? memchr(s.p, sign, s.n) : NULL;
    *rest = (struct str){0};
    if (!at) return s;
    uint32_t n = (uint32_t)(at - s.p);
    *rest = (struct str){at + 1, s.n - n - 1};
    return (struct str){s.p, n};
}

bool policy_scoring_number(struct str s, struct frac *out)
{
    bool range = false;
    struct str below;
    struct str above = part_of(s, '/', &below);
    struct frac a, divisor = FRAC_INT(1);
    if (above.n < s.n) {
        if (!frac_parse(above, &a) || !frac_parse(below, &divisor)) return false;
    } else {
        bool rate = s.n > 1 && s.p[s.n - 1] == '%';
        if (rate) s.n--, divisor = FRAC_INT(100);
        if (!frac_parse(s, &a)) return false;
    }
    a = frac_div(a, divisor, &range);
    if (range || !frac_has(a)) return false;
    *out = a;
    return true;
}

static const struct frac levels_default[4] = {{1, 1}, {3, 4}, {1, 2}, {0, 1}};

/* The four shares of 優 良 中 差, none of them above the one before. */
bool policy_scoring_levels(struct words written, struct frac out[4])
{
    if (written.n != 4) return false;
    for (uint32_t i = 0; i < 4; i++) {
        if (!policy_scoring_number(written.v[i], &out[i])) return false;
        struct frac above = i ? out[i - 1] : FRAC_INT(1);
        if (out[i].num < 0 || frac_cmp(out[i], above) > 0) return false;
    }
    return true;
}

void policy_scoring_keys(struct policy_build *b, const struct raw_scoring_keys *raw,
                         struct scoring_keys *out)
{
    *out = raw->k;
    memcpy(out->quality_levels, levels_default, sizeof levels_default);
    if (raw->quality_levels.n && !policy_scoring_levels(raw->quality_levels, out->quality_levels))
        policy_check_key(b, "scoring.quality_levels", POLICY_LEVELS_TEXT);
    int32_t decimals = raw->decimals ? *raw->decimals : 2;
    if (decimals < 0 || decimals > 4)
        policy_check_key(b, "scoring.decimals", "must be 0 to 4, a published score is rounded to");
    out->decimals = (uint32_t)decimals;
    /* sheet */
    /* facts */
    policy_scoring_facts_keys(b, raw, out);
    /* conduct */
    policy_conduct_keys(raw, out);
    /* pay */
    policy_scoring_pay_keys(b, &raw->pay, &out->pay);
    /* year */
    policy_scoring_year_keys(out);
}

void policy_scoring_check(struct policy_build *b)
{
    policy_scoring_versions(b);
    /* sheet */
    policy_scoring_sheet_check(b);
    /* facts */
    policy_scoring_facts_check(b);
    /* conduct */
    policy_conduct_check(b);
    /* pay */
    policy_scoring_pay_check(b);
    /* year */
    policy_scoring_year_check(b);
}

/* ---- questions ---- */

const struct scheme *policy_scheme(const struct policy *p, struct str id)
{
    for (uint32_t i = 0; i < p->scheme_count; i++) {
        if (str_eq(p->schemes[i].id, id)) return &p->schemes[i];
    }
    return NULL;
}

bool scheme_holds(const struct scheme *s, int32_t day)
{
    return s->effective_from <= day && (s->effective_until == 0 || day < s->effective_until);
}

const struct scheme *policy_scheme_at(const struct policy *p, struct str id, int32_t first)
{
    for (uint32_t i = 0; i < p->scheme_count; i++) {
        const struct scheme *s = &p->schemes[i];
        if (str_eq(s->id, id) && scheme_holds(s, first)) return s;
    }
    return NULL;
}

bool policy_score_fact(const struct policy *p, struct str id, uint32_t *place)
{
    for (uint32_t i = 0; i < p->score_fact_count; i++) {
        if (!str_eq(p->score_facts[i].id, id)) continue;
        *place = i;
        return true;
    }
    return false;
}

/* Length of what a pattern of posts has in common with this one; 0: it does not fit. */
static uint32_t post_fit(struct str pattern, struct str post)
{
    if (str_eq(pattern, post)) return UINT32_MAX;
    uint32_t n = pattern.n - 1; /* never empty */
    if (n == 0 || n > post.n) return 0;
    if (pattern.p[n] == '*' && memcmp(pattern.p, post.p, n) == 0) return n;
    bool ends = pattern.p[0] == '*' && memcmp(pattern.p + 1, post.p + post.n - n, n) == 0;
    return ends ? n : 0;
}

struct str scheme_class(const struct scheme *s, struct str post)
{
    struct str class = {0};
    uint32_t best = 0;
    for (uint32_t i = 0; post.n && i < s->post_count; i++) {
        uint32_t fit = post_fit(s->posts[i].post, post);
        if (fit <= best) continue;
        best = fit;
        class = s->posts[i].class;
    }
    return class;
}

bool scheme_takes(const struct scheme *s, struct str post)
{
    return s->post_count == 0 || scheme_class(s, post).n > 0;
}

const struct score_item *scheme_item(const struct scheme *s, struct str id)
{
    for (uint32_t i = 0; i < s->item_count; i++) {
        if (str_eq(s->items[i].id, id)) return &s->items[i];
    }
    return NULL;
}

const struct score_adjust *scheme_adjust(const struct scheme *s, struct str id)
{
    for (uint32_t i = 0; i < s->adjust_count; i++) {
        if (str_eq(s->adjusts[i].id, id)) return &s->adjusts[i];
    }
    return NULL;
}

bool score_item_of(const struct score_item *i, struct str class)
{
    return i->classes.n == 0 || words_have(i->classes, class);
}
