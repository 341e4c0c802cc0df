/* complaint_split_test.c - a loss split by ratios or base points, whatever they are (CMP-066,
 * CMP-079): the shares sum to the whole, none is a fen or more away from the exact one, and of two
 * equal remainders the earlier listed gets the fen. A failure prints its seed. */
#include "common/contract.h"
#include "common/exact.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define RUNS 20000
#define PARTIES 40

struct lot {
    uint64_t seed, random;
    int64_t total, shares[PARTIES];
    uint64_t weights[PARTIES], sum;
    uint32_t n;
};

static uint64_t draw(struct lot *l, uint64_t below)
{
    l->random ^= l->random << 13;
    l->random ^= l->random >> 7;
    l->random ^= l->random << 17;
    return (l->random >> 11) % below;
}

/* Small, usual and the largest amounts; equal weights often, so that remainders tie. */
static void cast(struct lot *l, uint64_t seed)
{
    static const uint64_t totals[] = {2, 1000, 10000000, UINT64_C(1000000000001)};
    static const uint64_t weights[] = {2, 4, 10001, 1000001};
    *l = (struct lot){.seed = seed, .random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    l->total = (int64_t)draw(l, totals[draw(l, COUNT_OF(totals))]);
    l->n = 1 + (uint32_t)draw(l, PARTIES);
    uint64_t below = weights[draw(l, COUNT_OF(weights))];
    for (uint32_t i = 0; i < l->n; i++)
        l->sum += l->weights[i] = draw(l, below);
}

__extension__ typedef __int128 wide;

/* share * sum - total * weight; the exact share is where it is 0. */
static wide off(const struct lot *l, uint32_t i)
{
    return (wide)l->shares[i] * (wide)l->sum -
           (wide)l->total * (wide)l->weights[i];
}

static void check(const struct lot *l)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        wide d = off(l, i), whole = (wide)l->sum;
        sum += l->shares[i];
        if (d >= whole || d <= -whole) fail_msg("seed %llu: share %u", (unsigned long long)l->seed, i);
        if (l->weights[i] == 0) assert_int_equal(l->shares[i], 0);
        for (uint32_t j = 0; j < i; j++) { /* equal weights: the earlier has no less */
            bool tie = l->weights[i] == l->weights[j];
            if (tie && l->shares[j] < l->shares[i])
                fail_msg("seed %llu: %u before %u", (unsigned long long)l->seed, i, j);
            /* nobody got a fen whose remainder was smaller */
            if (off(l, i) > 0 && off(l, j) < 0 && off(l, i) - off(l, j) > whole)
                fail_msg("seed %llu: remainder of %u", (unsigned long long)l->seed, j);
            if (off(l, j) > 0 && off(l, i) < 0 && off(l, j) - off(l, i) > whole)
                fail_msg("seed %llu: remainder of %u", (unsigned long long)l->seed, i);
        }
    }
    if (sum != l->total) fail_msg("seed %llu: sum", (unsigned long long)l->seed);
}

static void CMP_066_any_loss_and_any_ratios(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct lot l;
        cast(&l, seed);
        bool split = exact_split(l.total, l.weights, l.n, l.shares);
        if (split != (l.sum > 0)) fail_msg("seed %llu: weights", (unsigned long long)seed);
        if (split) check(&l);
    }
}

static void CMP_079_the_worked_examples(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        int64_t total;
        uint64_t weights[4];
        uint32_t n;
        int64_t shares[4];
    } rows[] = {
        {"C-14", 1750000, {7000, 3000}, 2, {1225000, 525000}},
        {"C-15", 100001, {5000, 5000}, 2, {50001, 50000}},
        {"C-15", 1000000, {1, 1, 1}, 3, {333334, 333333, 333333}},
        {"C-15", 999999, {2, 1}, 2, {666666, 333333}},
        {"C-17", 900000, {15, 20, 8, 77}, 4, {112500, 150000, 60000, 577500}},
        {"C-18", 1000000, {3, 2, 2}, 3, {428572, 285714, 285714}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t shares[4];
        assert_true(exact_split(rows[i].total, rows[i].weights, rows[i].n, shares));
        for (uint32_t j = 0; j < rows[i].n; j++)
            assert_int_equal(shares[j], rows[i].shares[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_066_any_loss_and_any_ratios),
        cmocka_unit_test(CMP_079_the_worked_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
