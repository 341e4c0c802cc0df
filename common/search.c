/* search.c - see search.h. */
#include "common/search.h"
#include <stdlib.h>

static uint64_t step_of(const struct search_index *s, uint32_t i)
{
    return ((uint64_t)s->v[i] - (uint64_t)s->v[0]) >> s->shift;
}

enum err search_index_init(struct search_index *s, const int64_t *v, uint32_t n)
{
    *s = (struct search_index){.v = v, .n = n};
    if (n == 0) return ERR_OK;
    while (step_of(s, n - 1) > n)
        s->shift++;
    s->steps = step_of(s, n - 1) + 1;
    s->below = calloc(s->steps + 1, sizeof *s->below);
    if (!s->below) return ERR_IO;
    uint32_t i = 0;
    for (uint64_t k = 0; k <= s->steps; k++) {
        while (i < n && step_of(s, i) < k)
            i++;
        s->below[k] = i;
    }
    return ERR_OK;
}

void search_index_fini(struct search_index *s)
{
    free(s->below);
    *s = (struct search_index){0};
}
