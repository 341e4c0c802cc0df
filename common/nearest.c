/* nearest.c - see nearest.h. */
#include "common/nearest.h"
#include <stdio.h>
#include <string.h>

#define WORD_MAX 64u

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Levenshtein distance in bytes, one row kept; both words at most WORD_MAX long. */
static uint32_t distance(struct str a, struct str b)
{
    uint32_t row[WORD_MAX + 1];
    for (uint32_t k = 0; k <= b.n; k++)
        row[k] = k;
    for (uint32_t i = 0; i < a.n; i++) {
        uint32_t diagonal = row[0];
        row[0] = i + 1;
        for (uint32_t k = 0; k < b.n; k++) {
            uint32_t replaced = diagonal + (a.p[i] != b.p[k]);
            diagonal = row[k + 1];
            row[k + 1] = smaller(replaced, smaller(row[k], row[k + 1]) + 1);
        }
    }
    return row[b.n];
}

/* A third of the word may differ, and one letter more. */
struct nearest nearest_begin(struct str written)
{
    return (struct nearest){.written = written, .distance = written.n / 3 + 2};
}

void nearest_offer(struct nearest *n, struct str word)
{
    if (n->written.n > WORD_MAX || word.n > WORD_MAX) return;
    uint32_t d = distance(n->written, word);
    if (d >= n->distance) return;
    n->distance = d;
    n->best = word;
}

void nearest_hint(const struct nearest *n, char out[NEAREST_HINT_MAX])
{
    int shown = n->best.n < 60 ? (int)n->best.n : 60;
    out[0] = 0;
    if (n->best.n) {
        snprintf(out, NEAREST_HINT_MAX, "; did you mean \"%.*s\"?", shown, n->best.p);
    }
}
