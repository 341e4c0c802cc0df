/* year_runs.h - what follows from the grades of several months: tracks of bad months, runs of the
 * best grade, quotas of a unit's month. Pure, without a store (SCO-027, SCO-035 … SCO-037). */
#ifndef CUIBAN_SERVICES_SCORING_YEAR_RUNS_H
#define CUIBAN_SERVICES_SCORING_YEAR_RUNS_H

#include "services/scoring/reckon.h"

/* An assessed month of a person. Months without an assessment are not there: they neither break a
 * run nor count. */
struct year_month {
    int32_t first;
    struct frac score;
    uint32_t rank; /* place of its grade among the grades, 0 = the best */
    bool provisional;
};
/* Place of a grade; grade_count when the scheme has no such grade. */
uint32_t year_rank(const struct scheme *s, struct str grade);

/* One passage of a track; months by their first days, 0 = did not happen. */
struct year_episode {
    int32_t begins, opened;
    int32_t warned, proposed, closed;
    struct frac score;                /* result of the improvement period, when it is over */
    const struct score_grade *result; /* its grade */
};
/* The passages of a track in these months, which ascend; v has room for n of them. Only the last
 * one may be open: closed == 0. */
uint32_t year_runs(const struct scheme *s, const struct score_track *t, const struct year_month *m,
                   uint32_t n, struct year_episode *v);
/* The first `run` months in a row with this grade or a better one; false when there are none. */
bool year_best(const struct year_month *m, uint32_t n, uint32_t rank, uint32_t run, int32_t *from,
               int32_t *to);

/* Persons that each grade may have: n x share, the rest by largest remainder, ties to the better
 * grade. */
void year_quotas(const struct score_quota *q, uint32_t count, uint64_t n, uint64_t *out);
/* A person of the unit's month. */
struct year_place {
    struct str person;
    struct frac score;
    uint32_t band;  /* place of the grade of its band */
    uint32_t given; /* of the grade that it gets */
};
/* Sorts v by score, the best first, and gives the grades; equal scores get the same one. */
void year_grades(const struct scheme_year *y, struct year_place *v, uint32_t n);

#endif
