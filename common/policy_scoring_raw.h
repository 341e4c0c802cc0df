/* policy_scoring_raw.h - the lists score_facts and schemes and the keys `scoring:` as libcyaml
 * fills them, and what the policy_scoring_*.c files share; for policy_private.h and them only.
 *
 * policy_scoring.c         keys, questions asked of a loaded policy
 * policy_scoring_facts.c   score_facts: what is counted, checked against the contracts
 * policy_scoring_kpi.c     score_kpis, score_reports and the keys of counting
 * policy_scoring_schema.c  schema of a scheme
 * policy_scoring_scheme.c  a scheme as written into a scheme as used
 * policy_scoring_items.c   … its items, deductions, bonuses, grades
 * policy_scoring_pay.c     keys of pay, rewards and deductions
 * policy_scoring_versions.c  versions of a scheme beside each other
 * policy_scoring_names.c   its formulas: names, types, what may speak of what */
#ifndef CUIBAN_COMMON_POLICY_SCORING_RAW_H
#define CUIBAN_COMMON_POLICY_SCORING_RAW_H

#include "common/policy_scoring.h"
#include "common/policy_scoring_year.h"

#define POLICY_SCHEME_ITEMS_MAX 64
#define POLICY_SCHEME_ROWS_MAX 32
#define POLICY_SCHEME_POSTS_MAX 256
#define POLICY_SCHEME_PAY_MAX 16

struct raw_option {
    struct str word, points;
};
struct raw_item {
    struct score_item i;
    struct str max, cap, weight, award;
    struct {
        struct raw_option *v;
        uint32_t n;
    } option;
};
struct raw_adjust {
    struct score_adjust a;
    struct str points, least, most, judged, each;
    struct {
        struct raw_option *v;
        uint32_t n;
    } option;
};
enum raw_boundary { RAW_BOUNDARY_none, RAW_BOUNDARY_lower, RAW_BOUNDARY_upper };
struct raw_grade {
    struct score_grade g;
    struct str from;
    enum raw_boundary boundary;
};
struct raw_figure {
    struct score_figure f;
    struct str value;
};
struct raw_pay {
    struct score_pay p;
    struct str amount;
};
struct raw_value {
    struct score_value v;
    struct str value;
};
struct raw_rater {
    struct score_rater r;
    struct str weight;
};
/* sheet */
struct raw_score_date {
    struct score_date d;
    struct str at;
};
struct raw_scheme_sheet {
    struct scheme_sheet s; /* without its dates */
    struct {
        struct raw_score_date *v;
        uint32_t n;
    } dates;
    struct str late_fine;
};
struct raw_scheme {
    struct scheme s; /* without its lists */
    struct str effective_from, total, cut, passes, wage_min;
    enum {
        RAW_MISSING_none,
        RAW_MISSING_scale,
        RAW_MISSING_as_is,
        RAW_MISSING_placeholder
    } missing;
    struct words quality_levels;
    struct {
        struct raw_item *v;
        uint32_t n;
    } items;
    struct {
        struct raw_rater *v;
        uint32_t n;
    } raters;
    struct {
        struct raw_adjust *v;
        uint32_t n;
    } deductions, bonuses;
    struct {
        struct raw_grade *v;
        uint32_t n;
    } grades;
    struct {
        struct raw_figure *v;
        uint32_t n;
    } figures;
    struct {
        struct raw_pay *v;
        uint32_t n;
    } pay;
    struct {
        struct score_post *v;
        uint32_t n;
    } posts;
    struct {
        struct raw_value *v;
        uint32_t n;
    } values;
    /* sheet */
    struct raw_scheme_sheet sheet;
    /* year */
    struct raw_scheme_year year;
    /* pay */
};

/* pay */
struct raw_scoring_pay_keys {
    struct scoring_pay_keys k;
    uint32_t cap_bp;
    enum yes_no sanction_first, zero_counts;
    struct str vip_a, vip_b, maintenance, staff_share, engineer_factor;
    struct words quarter_shares, exclusions;
};

/* facts */
struct raw_score_kpi {
    struct score_kpi k;
    struct str target;
    enum yes_no reviewed, falls;
};
struct raw_scoring_keys {
    struct scoring_keys k;
    struct words quality_levels;
    int32_t *decimals;
    /* sheet */
    /* facts */
    struct str card_points, survey_target;
    struct words evaluation, survey_index_3, survey_index_4;
    /* conduct */
    enum yes_no training_expiry;
    /* pay */
    struct raw_scoring_pay_keys pay;
    /* year */
};

#endif
