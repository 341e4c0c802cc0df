/* exact.h - money and ratios in integers: nothing is compared or added that was rounded before.
 *
 * Money is fen (CV-9). Ratios are compared as integers, a/b >= p % as 10000 a >= 100 p b, and only
 * shown with two decimals, half up; b = 0 is n/a, neither met nor missed (CV-10). */
#ifndef CUIBAN_COMMON_EXACT_H
#define CUIBAN_COMMON_EXACT_H

#include "common/bytes.h"

#define EXACT_TEXT_MAX 40

enum compare { COMPARE_ge, COMPARE_le, COMPARE_lt, COMPARE_eq };
enum exact_met { EXACT_na, EXACT_no, EXACT_yes };

/* a/b against a target in per cent x 100. */
enum exact_met exact_compare(uint64_t a, uint64_t b, enum compare compare, int64_t target);
const char *exact_met_word(enum exact_met m); /* "yes", "no", "n/a" */
/* num / den with that many decimals (0…4), half up; den > 0. */
void exact_decimal(int64_t num, int64_t den, unsigned decimals, char out[EXACT_TEXT_MAX]);
/* 100 a / b with two decimals half up, "n/a" for b = 0. */
void exact_percent(uint64_t a, uint64_t b, char out[EXACT_TEXT_MAX]);
/* Nearest rank: the ceil(percent/100 * n)-th of n > 0 ascending values (HQ-033). */
int64_t exact_rank(const int64_t *sorted, uint64_t n, unsigned percent);

/* Splits total >= 0 in the ratio of n weights, each 0…10^12, exactly: largest remainder, ties to
 * the earlier one. False when the weights are all 0. The shares sum to total. */
#define EXACT_SPLIT_MAX 512
bool exact_split(int64_t total, const uint64_t *weights, uint32_t n, int64_t *shares);

/* An amount in yuan as text: "120", "120.5", "120.00", "-3"; nothing else. */
bool exact_money_parse(struct str s, int64_t *fen);

#endif
