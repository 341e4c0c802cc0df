/* formula.h - the language in which a scheme says how points and money are reckoned; typed, exact,
 * checked when the policy is loaded, so that a formula that is in force can only lack a value,
 * never fail.
 *
 *   if refunds / orders <= 5% then 30 points else if … then 20 points else 0 points
 *   clamp(20 points - 5 points * late - 10 points * absent, 0 points, 20 points)
 *   if passed then 1000.00 yuan * min(score, total) / total else 0 yuan
 *
 * Types: points, money (yuan), ratio, count, truth. Numbers carry their type: `20 points`,
 * `1000.00 yuan`, `70%` or `0.5` (ratio), `3` (count). Sums need equal types; points and money are
 * multiplied and divided by counts and ratios; equal types divided give a ratio; comparisons need
 * equal types and give a truth (not for chains); `and or not`, `if … then … else`, `min max clamp
 * (x, least, most)`, `or_else(x, y)`: y where x has no value. A count is not a ratio: `count(x)`
 * and `ratio(x)` convert. */
#ifndef CUIBAN_COMMON_FORMULA_H
#define CUIBAN_COMMON_FORMULA_H

#include "common/bytes.h"
#include "common/contract.h"
#include "common/err.h"
#include "common/frac.h"

enum formula_type {
    FORMULA_none,
    FORMULA_points,
    FORMULA_money,
    FORMULA_ratio,
    FORMULA_count,
    FORMULA_truth /* 0 or 1 */
};
const char *formula_type_name(enum formula_type t);

/* What a formula may speak of: its place in the list is its place among the values. */
struct formula_name {
    struct str name;
    enum formula_type type;
};
struct formula_names {
    const struct formula_name *v;
    uint32_t n;
};
struct formula; /* lives in the arena it was compiled into */

/* ERR_REFUSED: why->text says what is wrong, at which column, and what would be right. */
MUST_CHECK enum err formula_compile(struct str text, const struct formula_names *names,
                                    enum formula_type want, struct arena *a,
                                    const struct formula **out, struct fault *why);
/* Its value with values[i] for names->v[i] (money in yuan). No value (FRAC_NONE) when one it needs
 * has none; *range is set when something did not fit 64 bits. Does not allocate. */
struct frac formula_value(const struct formula *f, const struct frac *values, bool *range);
/* The names it speaks of, ascending by place; for explaining a score. */
struct formula_uses {
    const uint32_t *v;
    uint32_t n;
};
struct formula_uses formula_uses(const struct formula *f);

#endif
