/* search.h - searches of the time modules in sorted int64_t: how many values are at or below x. */
#ifndef CUIBAN_COMMON_SEARCH_H
#define CUIBAN_COMMON_SEARCH_H

#include "common/err.h"
#include <stdint.h>

/* The step is a select and not a jump: instants come in no order, and a mispredicted jump costs
 * more than the whole loop. */
static inline uint32_t search_upto(const int64_t *v, uint32_t n, int64_t x)
{
    const int64_t *p = v;
    while (n > 1) {
        uint32_t half = n / 2;
        p += half & (0u - (uint32_t)(p[half - 1] <= x));
        n -= half;
    }
    return (uint32_t)(p - v) + (n == 1 && *p <= x);
}

/* The same for a large array that is asked often: about as many equal steps of a power of two as
 * there are values, and where each begins, so that a handful of values is left to search. Borrows
 * v. */
struct search_index {
    const int64_t *v;
    uint32_t *below; /* [steps + 1] values before step k begins */
    uint64_t steps;
    uint32_t n;
    uint32_t shift;
};

MUST_CHECK enum err search_index_init(struct search_index *s, const int64_t *v, uint32_t n);
void search_index_fini(struct search_index *s);

static inline uint32_t search_index_upto(const struct search_index *s, int64_t x)
{
    if (s->n == 0 || x < s->v[0]) return 0;
    uint64_t k = ((uint64_t)x - (uint64_t)s->v[0]) >> s->shift;
    if (k >= s->steps) return s->n;
    uint32_t from = s->below[k];
    return from + search_upto(s->v + from, s->below[k + 1] - from, x);
}

#endif
