/* scoring_survey.c - surveys among customers and merchants: the share of satisfied answers and the
 * index of each subject, and the mean over the subjects (SCO-089, SCO-103, SCO-104). A survey has
 * three levels when the policy says so, else four. */
#include "common/contract.h"
#include "services/scoring/scoring_facts.h"

#define LEVELS 4

static bool of_three(struct step *st, struct str survey)
{
    return words_have(st->policy->scoring.surveys_of_3, survey);
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

/* SCO-103: the levels are all the answers; nobody answers on a level that is not there. */
static enum err check(struct step *st, const struct ev_campaign_closed *ev)
{
    for (uint32_t i = 0; i < ev->dims.n; i++) {
        const struct rec_campaign_dim *d = &ev->dims.v[i];
        if (of_three(st, ev->survey) && d->n4) {
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
        for (uint32_t j = 0; j < i; j++) {
            if (!str_eq(ev->dims.v[j].dim, d->dim)) continue;
            return step_refuse(st, "twice", "dims", "%.*s is there twice; tell it once",
                               STR_ARG(d->dim));
        }
    }
    return ERR_OK;
}

/* Σ share × weight of its level. */
static struct frac index_of(struct step *st, struct str survey, const struct rec_campaign_dim *d)
{
    const struct scoring_keys *keys = &st->policy->scoring;
    const struct frac *weights = of_three(st, survey) ? keys->survey_index_3 : keys->survey_index_4;
    int count = of_three(st, survey) ? LEVELS - 1 : LEVELS;
    int64_t n[LEVELS];
    struct frac sum = FRAC_INT(0);
    bool range = false;
    levels(d, n);
    for (int i = 0; i < count; i++)
        sum = frac_add(sum, frac_mul(weights[i], FRAC_INT(n[i]), &range), &range);
    return frac_div(sum, FRAC_INT(answers_of(d)), &range);
}

static struct kpi_figure figure_of(struct step *st, const struct ev_campaign_closed *ev)
{
    struct str unit = ev->unit.n || !st->in ? ev->unit : st->in->source;
    if (unit.n > TOLD_UNIT_MAX) unit.n = 0;
    return (struct kpi_figure){
        .kpi = ev->survey,
        .campaign_no = ev->campaign_no,
        .unit = unit,
        .period = kpi_period_campaign,
        .first = ev->day ? ev->day : zone_day(step_zone(st, unit), scoring_instant(st)),
        .type = FORMULA_ratio,
        .target = st->policy->scoring.survey_target,
        .known = true};
}

static enum err publish_dim(struct step *st, const struct ev_campaign_closed *ev,
                            const struct rec_campaign_dim *d)
{
    bool range = false;
    struct kpi_figure f = figure_of(st, ev);
    f.dim = d->dim;
    f.numerator = FRAC_INT((int64_t)(d->n1 + d->n2));
    f.denominator = FRAC_INT(answers_of(d));
    f.value = frac_div(f.numerator, f.denominator, &range);
    f.pass = scoring_kpi_pass(f.value, f.target, SCORE_COMPARE_ge);
    enum err e = scoring_kpi_publish(st, &f);
    if (e != ERR_OK) return e;
    f.kpi = arena_printf(st->arena, "%.*s_index", STR_ARG(ev->survey));
    f.numerator = f.value = index_of(st, ev->survey, d);
    f.denominator = f.target = FRAC_NONE;
    f.pass = kpi_pass_none;
    return scoring_kpi_publish(st, &f);
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
    const uint32_t longest = 48 - (uint32_t)sizeof "_index" + 1;
    if (ev->survey.n > longest)
        return step_refuse(st, "long", "survey", "the name of a survey has at most %u bytes",
                           longest);
    enum err e = check(st, ev);
    if (e != ERR_OK || !scoring_first_fits(figure_of(st, ev).first)) return e;
    for (uint32_t i = 0; e == ERR_OK && i < ev->dims.n; i++)
        e = publish_dim(st, ev, &ev->dims.v[i]);
    return e == ERR_OK ? publish_mean(st, ev) : e;
}
