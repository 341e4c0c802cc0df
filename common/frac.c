/* frac.c - see frac.h. Products of two 64-bit numbers are reckoned in 128 bits, so only what does
 * not fit after reduction is lost, and that is said. */
#include "common/frac.h"
#include "common/contract.h"
#include <inttypes.h>
#include <stdio.h>

#define DECIMALS_MAX 9u
#define DIGITS_MAX 18u

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

static uwide magnitude(wide v)
{
    return v < 0 ? (uwide)-v : (uwide)v;
}

static uwide gcd(uwide a, uwide b)
{
    while (b) {
        uwide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* In lowest terms; den > 0. */
static struct frac fit(wide num, wide den, bool *range)
{
    wide by = (wide)gcd(magnitude(num), magnitude(den));
    num /= by;
    den /= by;
    if (magnitude(num) > INT64_MAX || den > INT64_MAX) {
        *range = true;
        return FRAC_NONE;
    }
    return (struct frac){(int64_t)num, (int64_t)den};
}

struct frac frac_make(int64_t num, int64_t den, bool *range)
{
    if (den == 0) return FRAC_NONE;
    return den < 0 ? fit(-(wide)num, -(wide)den, range) : fit(num, den, range);
}

struct frac frac_add(struct frac a, struct frac b, bool *range)
{
    if (!frac_has(a) || !frac_has(b)) return FRAC_NONE;
    return fit((wide)a.num * b.den + (wide)b.num * a.den, (wide)a.den * b.den, range);
}

struct frac frac_sub(struct frac a, struct frac b, bool *range)
{
    b.num = -b.num;
    return frac_add(a, b, range);
}

struct frac frac_mul(struct frac a, struct frac b, bool *range)
{
    if (!frac_has(a) || !frac_has(b)) return FRAC_NONE;
    return fit((wide)a.num * b.num, (wide)a.den * b.den, range);
}

struct frac frac_div(struct frac a, struct frac b, bool *range)
{
    if (!frac_has(a) || !frac_has(b) || b.num == 0) return FRAC_NONE;
    wide sign = b.num < 0 ? -1 : 1;
    return fit(sign * a.num * b.den, sign * a.den * b.num, range);
}

/* ---- a sum of many ---- */

#define SUM_DECIMALS 10u
#define TERM_DECIMALS 18u /* while the sum is made, where its denominator grows too large */
#define SUM_DEN_MAX ((wide)1 << 123) /* ten times as much still fits */

struct ratio {
    wide num, den;
};

/* To so many decimals; a rest makes the last one odd. False when it does not fit. */
static bool cut(struct ratio *r, unsigned decimals)
{
    wide whole = r->num / r->den - (r->num % r->den < 0), rest = r->num - whole * r->den, den = 1;
    for (unsigned i = 0; i < decimals; i++) {
        if (magnitude(whole) > SUM_DEN_MAX / 10) return false;
        rest *= 10;
        whole = whole * 10 + rest / r->den;
        rest %= r->den;
        den *= 10;
    }
    if (rest && whole % 2 == 0) whole++;
    *r = (struct ratio){whole, den};
    return true;
}

static bool add(struct ratio *sum, const struct ratio *r)
{
    wide by = r->den / (wide)gcd((uwide)sum->den, (uwide)r->den), own = sum->den / (r->den / by);
    struct ratio left, right;
    if (__builtin_mul_overflow(sum->den, by, &left.den) || left.den > SUM_DEN_MAX) return false;
    if (__builtin_mul_overflow(sum->num, by, &left.num)) return false;
    if (__builtin_mul_overflow(r->num, own, &right.num)) return false;
    if (__builtin_add_overflow(left.num, right.num, &left.num)) return false;
    *sum = left;
    return true;
}

static bool add_near(struct ratio *sum, struct ratio r)
{
    if (r.den > SUM_DEN_MAX) return false;
    return add(sum, &r) || (cut(sum, TERM_DECIMALS) && cut(&r, TERM_DECIMALS) && add(sum, &r));
}

struct frac frac_weigh(const struct frac_part *v, size_t n, bool *range)
{
    struct ratio sum = {0, 1};
    bool over = false, fits = true;
    for (size_t i = 0; i < n; i++) {
        struct frac a = v[i].weight, b = v[i].value;
        if (!frac_has(a) || !frac_has(b)) return FRAC_NONE;
        struct ratio term = {(wide)a.num * b.num, (wide)a.den * b.den};
        fits = fits && add_near(&sum, term);
    }
    struct frac exact = fits ? fit(sum.num, sum.den, &over) : FRAC_NONE;
    if (frac_has(exact)) return exact;
    if (fits && cut(&sum, SUM_DECIMALS)) return fit(sum.num, sum.den, range);
    *range = true;
    return FRAC_NONE;
}

int frac_cmp(struct frac a, struct frac b)
{
    REQUIRE(frac_has(a) && frac_has(b));
    wide left = (wide)a.num * b.den, right = (wide)b.num * a.den;
    return (left > right) - (left < right);
}

static wide scale_of(unsigned decimals)
{
    REQUIRE(decimals <= 4);
    wide scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    return scale;
}

/* Largest whole number not above num / den. */
static bool floor_of(wide num, wide den, int64_t *out)
{
    wide whole = num / den - (num % den < 0);
    if (magnitude(whole) > INT64_MAX) return false;
    *out = (int64_t)whole;
    return true;
}

bool frac_round(struct frac a, unsigned decimals, int64_t *out)
{
    return frac_has(a) &&
           floor_of((wide)2 * a.num * scale_of(decimals) + a.den, 2 * (wide)a.den, out);
}

bool frac_floor(struct frac a, unsigned decimals, int64_t *out)
{
    return frac_has(a) && floor_of(a.num * scale_of(decimals), a.den, out);
}

void frac_text(struct frac a, unsigned decimals, char out[FRAC_TEXT_MAX])
{
    int64_t units;
    if (!frac_round(a, decimals, &units)) {
        snprintf(out, FRAC_TEXT_MAX, "n/a");
        return;
    }
    uint64_t scale = (uint64_t)scale_of(decimals), u = (uint64_t)(units < 0 ? -units : units);
    int n = snprintf(out, FRAC_TEXT_MAX, "%s%" PRIu64, units < 0 ? "-" : "", u / scale);
    if (decimals)
        snprintf(out + n, FRAC_TEXT_MAX - (size_t)n, ".%0*" PRIu64, (int)decimals, u % scale);
}

static size_t digits_take(struct str s, size_t at, int64_t *num)
{
    size_t n = 0;
    for (; at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9' && n <= DIGITS_MAX; n++)
        *num = 10 * *num + (s.p[at + n] - '0');
    return n;
}

bool frac_parse(struct str s, struct frac *out)
{
    int64_t num = 0, den = 1;
    bool range = false;
    if (s.n > DIGITS_MAX) return false;
    size_t at = s.n && s.p[0] == '-', minus = at;
    size_t whole = digits_take(s, at, &num), part = 0;
    at += whole;
    if (whole && at < s.n && s.p[at] == '.') {
        part = digits_take(s, at + 1, &num);
        at += 1 + part;
        if (part == 0 || part > DECIMALS_MAX) return false;
    }
    for (size_t i = 0; i < part; i++)
        den *= 10;
    if (!whole || at != s.n) return false;
    *out = frac_make(minus ? -num : num, den, &range);
    return true;
}
