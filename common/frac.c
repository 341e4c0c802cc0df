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
