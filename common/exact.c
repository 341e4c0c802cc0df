/* exact.c - see exact.h. */
#include "common/exact.h"
#include "common/contract.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MONEY_DIGITS_MAX 15u /* of whole yuan */

enum exact_met exact_compare(uint64_t a, uint64_t b, enum compare compare, int64_t target)
{
    if (b == 0) return EXACT_na;
    uint64_t left = 10000 * a, right = (uint64_t)target * b;
    bool met = false;
    switch (compare) {
    case COMPARE_ge:
        met = left >= right;
        break;
    case COMPARE_le:
        met = left <= right;
        break;
    case COMPARE_lt:
        met = left < right;
        break;
    case COMPARE_eq:
        met = left == right;
        break;
    }
    return met ? EXACT_yes : EXACT_no;
}

const char *exact_met_word(enum exact_met m)
{
    static const char *const words[] = {[EXACT_na] = "n/a", [EXACT_no] = "no", [EXACT_yes] = "yes"};
    return words[m];
}

/* Whole part and rest apart, so that a sum of milliseconds times 10^4 never overflows. */
void exact_decimal(int64_t num, int64_t den, unsigned decimals, char out[EXACT_TEXT_MAX])
{
    REQUIRE(den > 0 && decimals <= 4);
    int64_t scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    int64_t whole = num / den, rest = num % den;
    if (rest < 0) { /* down to the floor: half up means towards plus infinity */
        whole--;
        rest += den;
    }
    int64_t part = (2 * rest * scale + den) / (2 * den);
    whole += part / scale;
    part %= scale;
    bool minus = whole < 0;
    if (minus && part) { /* -1 + 0.25 is written -0.75 */
        whole++;
        part = scale - part;
    }
    uint64_t magnitude = minus ? (uint64_t)-whole : (uint64_t)whole;
    int n = snprintf(out, EXACT_TEXT_MAX, "%s%" PRIu64, minus ? "-" : "", magnitude);
    if (decimals) snprintf(out + n, EXACT_TEXT_MAX - (size_t)n, ".%0*" PRId64, (int)decimals, part);
}

void exact_percent(uint64_t a, uint64_t b, char out[EXACT_TEXT_MAX])
{
    if (b == 0) {
        memcpy(out, "n/a", 4);
        return;
    }
    exact_decimal((int64_t)(100 * a), (int64_t)b, 2, out);
}

int64_t exact_rank(const int64_t *sorted, uint64_t n, unsigned percent)
{
    REQUIRE(n > 0 && percent > 0 && percent <= 100);
    return sorted[(n * percent + 99) / 100 - 1];
}

/* total * w / sum as quotient and rest, without a product that overflows: bit by bit. */
static uint64_t divide(uint64_t total, uint64_t w, uint64_t sum, uint64_t *rest)
{
    uint64_t q = 0, r = 0;
    for (int bit = 63; bit >= 0; bit--) {
        q <<= 1;
        r <<= 1;
        if ((total >> bit) & 1) r += w;
        q += r / sum;
        r %= sum;
    }
    *rest = r;
    return q;
}

bool exact_split(int64_t total, const uint64_t *weights, uint32_t n, int64_t *shares)
{
    REQUIRE(total >= 0 && n <= EXACT_SPLIT_MAX);
    uint64_t sum = 0, rest[EXACT_SPLIT_MAX];
    for (uint32_t i = 0; i < n; i++) {
        REQUIRE(weights[i] <= UINT64_C(1000000000000));
        sum += weights[i];
    }
    if (sum == 0) return false;
    int64_t left = total;
    for (uint32_t i = 0; i < n; i++) {
        shares[i] = (int64_t)divide((uint64_t)total, weights[i], sum, &rest[i]);
        left -= shares[i];
    }
    for (; left > 0; left--) { /* fewer than n, each to another one */
        uint32_t best = 0;
        for (uint32_t i = 1; i < n; i++) {
            if (rest[i] > rest[best]) best = i;
        }
        REQUIRE(rest[best] > 0);
        shares[best]++;
        rest[best] = 0;
    }
    return true;
}

bool exact_money_parse(struct str s, int64_t *fen)
{
    int64_t yuan = 0, cents = 0;
    uint32_t i = s.n > 0 && s.p[0] == '-', first = i;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
        if (i - first >= MONEY_DIGITS_MAX) return false;
        yuan = yuan * 10 + (s.p[i] - '0');
    }
    if (i == first) return false;
    if (i < s.n) {
        uint32_t digits = s.n - i - 1;
        if (s.p[i] != '.' || digits < 1 || digits > 2) return false;
        for (i++; i < s.n; i++) {
            if (s.p[i] < '0' || s.p[i] > '9') return false;
            cents = cents * 10 + (s.p[i] - '0');
        }
        if (digits == 1) cents *= 10;
    }
    *fen = (first ? -1 : 1) * (yuan * 100 + cents);
    return true;
}
