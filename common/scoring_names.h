/* scoring_names.h - what the formulas of a scheme may speak of, and its places among the values of
 * formula_value(): the five of the sheet, every fact of the policy, then of the scheme its items
 * (their points), the values of the post's class, its figures and what it pays, in the order of
 * the policy. */
#ifndef CUIBAN_COMMON_SCORING_NAMES_H
#define CUIBAN_COMMON_SCORING_NAMES_H

#include <stdint.h>

enum scoring_name {
    SCORING_NAME_actual, /* what was entered for the item at hand; its type is the item's */
    SCORING_NAME_score,
    SCORING_NAME_total,
    SCORING_NAME_passed,
    SCORING_NAME_quarter_share, /* of the year's target; a quarter whose share is lost has none */
    SCORING_NAME_FIXED          /* the facts begin here, by place in policy->score_facts */
};
#define SCORING_NAMES_MAX 768u

/* First place of each kind; each ends where the next begins. */
struct scoring_places {
    uint32_t facts, items, values, figures, pay, n;
};

#endif
