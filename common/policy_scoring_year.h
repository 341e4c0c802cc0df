/* policy_scoring_year.h - `year:` of a scheme as libcyaml fills it; for policy_scoring_raw.h. */
#ifndef CUIBAN_COMMON_POLICY_SCORING_YEAR_H
#define CUIBAN_COMMON_POLICY_SCORING_YEAR_H

#include "common/score_year.h"

enum raw_improvement {
    RAW_IMPROVEMENT_none,
    RAW_IMPROVEMENT_mean,
    RAW_IMPROVEMENT_all,
    RAW_IMPROVEMENT_last
};
struct raw_track {
    struct score_track t;
    enum raw_improvement result;
};
struct raw_quota {
    struct score_quota q;
    struct str share;
};
struct raw_scheme_year {
    struct scheme_year y; /* without its lists */
    struct {
        struct raw_track *v;
        uint32_t n;
    } tracks;
    struct {
        struct raw_quota *v;
        uint32_t n;
    } quotas;
    struct {
        struct score_right *v;
        uint32_t n;
    } rights;
    struct str checks, months, year_end, spot, excellent_above;
};

#endif
