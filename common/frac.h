/* frac.h - exact fractions for scores, rates and formulas: nothing is rounded before it is shown
 * (score.precision, score.compare).
 *
 * A fraction is in lowest terms with den > 0; den = 0 is "no value" (a rate of nothing, a figure
 * nobody has reported): whatever is reckoned with it has no value either, and compares as neither
 * met nor missed. What does not fit 64 bits after reduction has no value and sets *range. */
#ifndef CUIBAN_COMMON_FRAC_H
#define CUIBAN_COMMON_FRAC_H

#include "common/bytes.h"

struct frac {
    int64_t num, den;
};
#define FRAC_NONE ((struct frac){0, 0})
#define FRAC_INT(n) ((struct frac){(n), 1})
#define FRAC_TEXT_MAX 48

static inline bool frac_has(struct frac a)
{
    return a.den > 0;
}
/* In lowest terms; den = 0 or what does not fit: no value. */
struct frac frac_make(int64_t num, int64_t den, bool *range);
struct frac frac_add(struct frac a, struct frac b, bool *range);
struct frac frac_sub(struct frac a, struct frac b, bool *range);
struct frac frac_mul(struct frac a, struct frac b, bool *range);
/* Divided by 0: no value, no fault. */
struct frac frac_div(struct frac a, struct frac b, bool *range);
/* The sum of weight × value, exact where it fits. What does not is cut to ten decimals, of which
 * the last is odd: so it lies where the exact sum lies, above or below each number of fewer
 * decimals, and is rounded and compared like it. */
struct frac_part {
    struct frac weight, value;
};
struct frac frac_weigh(const struct frac_part *v, size_t n, bool *range);
/* -1, 0, 1; both must have a value. Never overflows. */
int frac_cmp(struct frac a, struct frac b);
/* Half up (away from zero for what is below it is not needed: money and points are >= 0), in units
 * of 1/10^decimals, 0…4; e.g. fen of an amount in yuan with decimals 2. False when it has no value
 * or does not fit. */
bool frac_round(struct frac a, unsigned decimals, int64_t *out);
/* Down instead (penalty.cap_rounding). */
bool frac_floor(struct frac a, unsigned decimals, int64_t *out);
/* "89.90": rounded half up to so many decimals; "n/a" without a value. */
void frac_text(struct frac a, unsigned decimals, char out[FRAC_TEXT_MAX]);
/* "63.748", "-5", "0.5": a decimal number of at most 9 decimals, nothing else. */
bool frac_parse(struct str s, struct frac *out);

#endif
