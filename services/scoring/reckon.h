/* reckon.h - a score sheet made into a score: pure, exact, without a store, so that the service,
 * `cuiban explain score` and the tests reckon alike (SCO-006, SCO-007, SCO-040 … SCO-060). */
#ifndef CUIBAN_SERVICES_SCORING_RECKON_H
#define CUIBAN_SERVICES_SCORING_RECKON_H

#include "common/policy.h"

#define RECKON_ITEMS_MAX 64
#define RECKON_ADJUSTS_MAX 64
#define RECKON_PAY_MAX 16

/* A counted fact that stands and is judged by an entry (SCO-048). */
struct reckon_case {
    uint32_t fact; /* place in policy->score_facts */
    struct str no; /* what names it: the event of its entry */
};
/* What a sheet holds. */
struct reckon_input {
    const struct scheme *scheme;
    struct str post; /* for its class; may be empty */
    struct str
        pay_post; /* for the class its pay goes by, where that is another (SCO-052); or empty */
    const struct rec_score_line *lines; /* entries, in any order */
    uint32_t line_count;
    const struct frac *facts;  /* by place in policy->score_facts: count or sum in the period */
    struct frac quarter_share; /* reckon_quarter_share(): SCO-061 */
    const struct reckon_case *cases; /* those the entries name; of others an entry says nothing */
    uint32_t case_count;
};
struct reckoned_item {
    const struct score_item *item;
    struct frac award; /* exact; no value: nothing entered, or a fact is missing */
};
struct reckoned_adjust {
    const struct score_adjust *adjust;
    struct frac points; /* >= 0 */
};
struct reckoned_figure {
    const struct score_figure *figure;
    struct frac value;
};
struct reckoned_pay {
    const struct score_pay *pay;
    struct frac yuan;
};
struct reckoned {
    struct reckoned_item items[RECKON_ITEMS_MAX];
    struct reckoned_adjust adjusts[RECKON_ADJUSTS_MAX];
    struct reckoned_figure figures[RECKON_PAY_MAX];
    struct reckoned_pay pay[RECKON_PAY_MAX];
    uint32_t item_count, adjust_count, figure_count, pay_count;
    struct frac awarded, visible;    /* sum of awards; sum of maxima without placeholders */
    struct frac deductions, bonuses; /* >= 0 */
    struct frac score;               /* no value while an item has none */
    const struct score_grade *grade; /* NULL without score or bands */
    bool passed; /* by the mark of the scheme; without one, once it has a score */
    bool judged; /* it has a score and a mark that has a value: a rate of nothing does not fail */
    const struct score_grade *next; /* the next better grade; NULL at the best */
    struct frac to_next; /* points that are missing to it; where the lower grade owns the shared
                            point, it takes more than these */
    bool range;          /* something did not fit 64 bits: no score */
};
void reckon(const struct reckon_input *in, struct reckoned *out);
/* Share of the year's target of the quarter that begins on this day; no value: it is lost, or the
 * scheme is of months or years. */
struct frac reckon_quarter_share(const struct policy *p, const struct scheme *s, int32_t first);
/* Is this entry one the scheme takes? ERR_REFUSED: why says field and what would be right. */
MUST_CHECK enum err reckon_check_line(const struct scheme *s, const struct rec_score_line *line,
                                      struct fault *why);
/* How often a deduction or bonus stands on a sheet, this entry included (SCO-049). */
MUST_CHECK enum err reckon_check_times(const struct scheme *s, const struct rec_score_line *lines,
                                       uint32_t n, struct fault *why);
/* Grade of a score; NULL without bands. */
const struct score_grade *reckon_grade(const struct scheme *s, struct frac score);

#endif
