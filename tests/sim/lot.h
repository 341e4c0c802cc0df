/* lot.h - drawing lots: splitmix64, the same on every machine for the same seed. */
#ifndef CUIBAN_TESTS_SIM_LOT_H
#define CUIBAN_TESTS_SIM_LOT_H

#include <stdbool.h>
#include <stdint.h>

struct lot {
    uint64_t state; /* any seed, zero included */
};

static inline uint64_t lot_draw(struct lot *l)
{
    uint64_t z = (l->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 … n-1; 0 when n is 0. The bias of the remainder is below n/2^64. */
static inline uint64_t lot_below(struct lot *l, uint64_t n)
{
    return n ? lot_draw(l) % n : 0;
}

static inline bool lot_chance(struct lot *l, unsigned per_mille)
{
    return lot_below(l, 1000) < per_mille;
}

#endif
