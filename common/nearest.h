/* nearest.h - "did you mean": the offered word that differs least from the one that was written. */
#ifndef CUIBAN_COMMON_NEAREST_H
#define CUIBAN_COMMON_NEAREST_H

#include "common/bytes.h"

struct nearest {
    struct str written, best; /* best: none when nothing is near enough; borrowed */
    uint32_t distance;
};

#define NEAREST_HINT_MAX 80

struct nearest nearest_begin(struct str written);
void nearest_offer(struct nearest *n, struct str word);
/* "; did you mean \"word\"?" or "". */
void nearest_hint(const struct nearest *n, char out[NEAREST_HINT_MAX]);

#endif
