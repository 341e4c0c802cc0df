/* scoring_survey.c - surveys among customers and merchants: of each subject the share of satisfied
 * answers, the index and the share of each level, and the mean over the subjects (SCO-089, SCO-103,
 * SCO-104). The policy knows the surveys, by their levels, and what they ask about. */
#include "common/contract.h"
#include "common/words.h"
#include "services/scoring/scoring_facts.h"

#define LEVELS 4

struct survey {
    int levels;
    struct words subjects;
    const struct frac *weights; /* of the levels in the index */
};

/* SCO-103, SCO-104: levels 0 when the policy has no such survey. */
static struct survey survey_of(struct step *st, struct str name)
{
    const struct scoring_keys *k = &st->policy->scoring;
    if (words_have(k->surveys_of_3, name))
        return (struct survey){3, k->survey_subjects_3, k->survey_index_3};
    if (words_have(k->surveys_of_4, name))
        return (struct survey){4, k->survey_subjects_4, k->survey_index_4};
    return (struct survey){0};
}

static void levels(const struct rec_campaign_dim *d, int64_t out[LEVELS])
{
    const uint64_t n[LEVELS] = {d->n1, d->n2, d->n3, d->n4};
    for (int i = 0; i < LEVELS; i++)
        out[i] = (int64_t)n[i];
}

static int64_t answers_of(const struct rec_campaign_dim *d)
{
    return (int64_t)(d->n1 + d->n2 + d->n3 + d->n4);
}

static struct str listed(struct step *st, struct words w)
{
    struct str out = {0};
    for (uint32_t i = 0; i < w.n; i++)
        out = arena_printf(st->arena, "%.*s%s%.*s", STR_ARG(out), i ? ", " : "", STR_ARG(w.v[i]));
    return out;
}

static enum err check_survey(struct step *st, const struct ev_campaign_closed *ev,
                             const struct survey *s)
{
    const struct scoring_keys *k = &st->policy->scoring;
    if (s->levels) return ERR_OK;
    return step_refuse(st, "unknown_survey", "survey",
                       "there is no survey %.*s; there is %.*s, %.*s (surveys_of_3, surveys_of_4)",
                       STR_ARG(ev->survey), STR_ARG(listed(st, k->surveys_of_3)),
                       STR_ARG(listed(st, k->surveys_of_4)));
}

static enum err check_dim(struct step *st, const struct ev_campaign_closed *ev,
                          const struct survey *s, const struct rec_campaign_dim *d)
{
    if (!words_have(s->subjects, d->dim) && !words_have(s->subjects, STR("any"))) {
        return step_refuse(st, "unknown_subject", "dims",
                           "%.*s does not ask about %.*s; it asks about %.*s", STR_ARG(ev->survey),
                           STR_ARG(d->dim), STR_ARG(listed(st, s->subjects)));
    }
    if (s->levels == 3 && d->n4) {
        return step_refuse(st, "levels", "dims", "%.*s has three levels; n4 of %.*s is not one",
                           STR_ARG(ev->survey), STR_ARG(d->dim));
    }
    if (answers_of(d) == 0)
        return step_refuse(st, "answers", "dims", "%.*s has no answers; leave it out",
                           STR_ARG(d->dim));
    if (d->answers && (int64_t)d->answers != answers_of(d)) {
        return step_refuse(st, "answers", "dims", "the levels of %.*s add up to %lld, not %llu",
                           STR_ARG(d->dim), (long long)answers_of(d),
                           (unsigned long long)d->answers);
    }
    return ERR_OK;
}

/* SCO-103: the levels are all the answers; nobody answers on a level that is not there. */
static enum err check(struct step *st, const struct ev_campaign_closed *ev, const struct survey *s)
{
    enum err e = check_survey(st, ev, s);
    for (uint32_t i = 0; e == ERR_OK && i < ev->dims.n; i++) {
        const struct rec_campaign_dim *d = &ev->dims.v[i];
        e = check_dim(st, ev, s, d);
        for (uint32_t j = 0; e == ERR_OK && j < i; j++) {
            if (!str_eq(ev->dims.v[j].dim, d->dim)) continue;
            e = step_refuse(st, "twice", "dims", "%.*s is there twice; tell it once",
                            STR_ARG(d->dim));
        }
    }
    return e;
}

/* Σ share × weight of its level. */
static struct frac index_of(const struct survey *s, const struct rec_campaign_dim *d)
{
    int64_t n[LEVELS];
    struct frac sum = FRAC_INT(0);
    bool range = false;
    levels(d, n);
    for (int i = 0; i < s->levels; i++)
        sum = frac_add(sum, frac_mul(s->weights[i], FRAC_INT(n[i]), &range), &range);
    return frac_div(sum, FRAC_INT(answers_of(d)), &range);
}

/* SCO-103: whole per cent that add up to 100 by the largest remainder; of equal ones the better
 * level first. */
static void shares_of(const struct rec_campaign_dim *d, int64_t out[LEVELS])
{
    int64_t n[LEVELS], all = answers_of(d), left = 100;
    levels(d, n);
    for (int i = 0; i < LEVELS; i++) {
        out[i] = n[i] * 100 / all;
        left -= out[i];
    }
    for (; left > 0; left--) {
        int most = 0;
        for (int i = 1; i < LEVELS; i++) {
            if (n[i] * 100 - out[i] * all > n[most] * 100 - out[most] * all) most = i;
        }
        out[most]++;
    }
}

static struct kpi_figure figure_of(struct step *st, const struct ev_campaign_closed *ev)
{
    struct str unit = ev->unit.n || !st->in ? ev->unit : st->in->source;
    if (unit.n > TOLD_UNIT_MAX) unit.n = 0;
    return (struct kpi_figure){.kpi = ev->survey,
                               .campaign_no = ev->campaign_no,
                               .unit = unit,
                               .period = kpi_period_campaign,
                               .first = ev->day ? ev->day
                                                : zone_day(step_zone(st, unit), step_occurred(st)),
                               .type = FORMULA_ratio,
                               .target = st->policy->scoring.survey_target,
                               .known = true};
}

/* What is only shown has no target. */
static enum err publish_shown(struct step *st, struct kpi_figure f, struct str kpi)
{
    f.kpi = kpi;
    f.denominator = f.target = FRAC_NONE;
    f.pass = kpi_pass_none;
    return scoring_kpi_publish(st, &f);
}

static enum err publish_levels(struct step *st, struct kpi_figure f, const struct survey *s,
                               const struct rec_campaign_dim *d)
{
    int64_t share[LEVELS];
    bool range = false;
    struct str survey = f.kpi;
    enum err e = ERR_OK;
    shares_of(d, share);
    for (int i = 0; e == ERR_OK && i < s->levels; i++) {
        f.numerator = f.value = frac_div(FRAC_INT(share[i]), FRAC_INT(100), &range);
        e = publish_shown(st, f, arena_printf(st->arena, "%.*s_level_%d", STR_ARG(survey), i + 1));
    }
    return e;
}

static enum err publish_dim(struct step *st, const struct ev_campaign_closed *ev,
                            const struct survey *s, const struct rec_campaign_dim *d)
{
    bool range = false;
    struct kpi_figure f = figure_of(st, ev);
    f.dim = d->dim;
    f.numerator = FRAC_INT((int64_t)(d->n1 + d->n2));
    f.denominator = FRAC_INT(answers_of(d));
    f.value = frac_div(f.numerator, f.denominator, &range);
    f.pass = scoring_kpi_pass(f.value, f.target, SCORE_COMPARE_ge);
    enum err e = scoring_kpi_publish(st, &f);
    if (e == ERR_OK) e = publish_levels(st, f, s, d);
    f.numerator = f.value = index_of(s, d);
    struct str index = arena_printf(st->arena, "%.*s_index", STR_ARG(ev->survey));
    return e == ERR_OK ? publish_shown(st, f, index) : e;
}

/* Every subject counts alike, however many answered to it. */
static enum err publish_mean(struct step *st, const struct ev_campaign_closed *ev)
{
    bool range = false;
    struct kpi_figure f = figure_of(st, ev);
    f.numerator = FRAC_INT(0);
    f.denominator = FRAC_INT((int64_t)ev->dims.n);
    for (uint32_t i = 0; i < ev->dims.n; i++) {
        const struct rec_campaign_dim *d = &ev->dims.v[i];
        struct frac share =
            frac_div(FRAC_INT((int64_t)(d->n1 + d->n2)), FRAC_INT(answers_of(d)), &range);
        f.numerator = frac_add(f.numerator, share, &range);
    }
    f.value = frac_div(f.numerator, f.denominator, &range);
    f.pass = scoring_kpi_pass(f.value, f.target, SCORE_COMPARE_ge);
    return scoring_kpi_publish(st, &f);
}

enum err scoring_survey_closed(struct step *st, const void *payload)
{
    const struct ev_campaign_closed *ev = payload;
    const uint32_t longest = 48 - (uint32_t)sizeof "_level_4" + 1;
    const struct survey s = survey_of(st, ev->survey);
    if (ev->survey.n > longest)
        return step_refuse(st, "long", "survey", "the name of a survey has at most %u bytes",
                           longest);
    enum err e = check(st, ev, &s);
    if (e != ERR_OK || !scoring_first_fits(figure_of(st, ev).first)) return e;
    for (uint32_t i = 0; e == ERR_OK && i < ev->dims.n; i++)
        e = publish_dim(st, ev, &s, &ev->dims.v[i]);
    return e == ERR_OK ? publish_mean(st, ev) : e;
}
