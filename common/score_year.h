/* score_year.h - what a scheme says about several of its months: quarter and year, tracks of bad
 * months, quotas of grades, rights of the year, the year's mix (SCO-013 … SCO-037). Part of
 * policy_scoring.h. */
#ifndef CUIBAN_COMMON_SCORE_YEAR_H
#define CUIBAN_COMMON_SCORE_YEAR_H

#include "common/frac.h"
#include "proto/proto.h"

#define SCORE_QUOTAS_MAX 16
#define SCORE_TRACKS_MAX 4

/* What the improvement period says (4s_ae.improvement_result). */
enum score_improvement {
    SCORE_IMPROVEMENT_mean, /* the grade of the mean of its months */
    SCORE_IMPROVEMENT_all,  /* bad when all of its months are */
    SCORE_IMPROVEMENT_last  /* the grade of its last month */
};
/* `run` months in a row with `grade` or worse open it. With an improvement period there is a plan,
 * and its result brings the warning; without one the run itself does. One more bad month after the
 * warning brings the proposal to separate. */
struct score_track {
    struct str id, grade;
    uint32_t run, improvement; /* months; improvement 0 = none */
    enum score_improvement result;
    enum warned_by warned_by;
};
/* Share of the persons assessed that a grade may have, the best first. */
struct score_quota {
    struct str grade;
    struct frac share; /* 0 … 1; together 1 */
};
struct score_right {
    struct str grade, right;
};
/* The year's total: shares of the means of the checks and months, and of the year-end assessment;
 * together 1. Without a share a part is recorded only. */
struct score_mix {
    struct frac checks, months, year_end, spot;
    struct str assessment;       /* scheme of the year-end assessment; "" = no total is reckoned */
    struct str as;               /* the total is published as the result of this */
    struct frac excellent_above; /* strictly; FRAC_NONE = nobody is named */
};
struct scheme_year {
    const struct score_track *tracks;
    const struct score_quota *quotas; /* none: no distribution */
    const struct score_right *rights;
    uint32_t track_count, quota_count, right_count;
    enum distribution_mode distribution;
    uint32_t distribution_min; /* fewer persons: only a report */
    uint32_t quota_capped;     /* mode cap: so many of the best grades go by rank */
    struct str award_grade;    /* so many months of it in a row in a year … */
    uint32_t award_run;        /* … bring the award; 0 = none */
    struct str quarter, year;  /* the means are published as results of these; "" = none */
    struct score_mix mix;
    struct str bonus;     /* the bonus points of awards go into this line; "" = none are taken */
    struct str counts;    /* … as sums of this fact, in 1/10000 */
    struct str plus;      /* a single-item award or enough merits counts one of this fact in the
                             quarter; "" = none (SCO-062) */
    uint32_t plus_merits; /* so many merit records 記功 */
};

#endif
