/* scoring_year.h - what the files of the year share (scoring_year*.c). */
#ifndef CUIBAN_SERVICES_SCORING_YEAR_H
#define CUIBAN_SERVICES_SCORING_YEAR_H

#include "services/scoring/scoring_private.h"
#include "services/scoring/year_runs.h"

#define YEAR_MONTHS 12u
#define YEAR_DAY_MIN 365 /* periods before 1971 have no first day that can be said */

/* The months of a person by a scheme, ascending, with the result at hand. */
struct year_person {
    const struct scheme *s;
    struct str person, unit, post;
    struct year_month *m;
    uint32_t n;
};
MUST_CHECK enum err year_months(struct step *st, const struct scheme *s,
                                const struct rec_row_score_result *at_hand,
                                struct year_person *out);
/* Months of p from the first day of a period to its end. */
uint32_t year_within(const struct year_person *p, enum score_period period, int32_t first,
                     const struct year_month **v);
struct frac year_mean(const struct year_month *m, uint32_t n);

/* A result that is reckoned from others: published when it is new or another one than before.
 * r without revision; *published: was it? */
MUST_CHECK enum err year_publish(struct step *st, const char *rule, struct rec_row_score_result *r,
                                 bool *published);
/* SCO-138: kept from the day on which it is final. */
void year_keep(struct step *st, const struct key *key, int32_t final);
struct key year_key(struct str person, struct str scheme, int32_t first);
MUST_CHECK enum err year_row(struct step *st, const struct key *key,
                             struct rec_row_score_year *out);
void year_withdraw(struct step *st, const char *rule, const struct year_person *p,
                   enum score_consequence what, int32_t first);

/* scoring_year_track.c */
extern const struct paper scoring_track_paper;
MUST_CHECK enum err year_tracks(struct step *st, const struct year_person *p);
MUST_CHECK enum err year_track_decided(struct step *st, const void *payload);
MUST_CHECK enum err year_track_acknowledged(struct step *st,
                                            const struct ev_scoring_acknowledged *ev);

/* scoring_year_total.c */
MUST_CHECK enum err year_bonus_added(struct step *st,
                                     const struct ev_scoring_bonus_points_added *ev);
MUST_CHECK enum err year_check_recorded(struct step *st,
                                        const struct ev_scoring_check_recorded *ev);
/* Every year's total that this result is a part of. */
MUST_CHECK enum err year_totals(struct step *st, const struct rec_row_score_result *r);
MUST_CHECK enum err year_plus(struct step *st, const struct ev_conduct_confirmed *ev);
/* The year is over and its assessment is due (deadline scoring.dqnj_year). */
MUST_CHECK enum err year_assessment_late(struct step *st, const struct passed *what);

/* scoring_year_quota.c: results that were published again with another grade. */
struct year_changed {
    struct rec_row_score_result now, before;
};
MUST_CHECK enum err year_distribution(struct step *st, const struct scheme *s,
                                      const struct rec_row_score_result *r,
                                      struct year_changed **out, uint32_t *n);

#endif
