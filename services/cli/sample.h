/* sample.h - made-up operations of a service company: what `cuiban sample` prints, the quick start
 * feeds and the load tests repeat. The same options give the same bytes on every machine. */
#ifndef CUIBAN_SERVICES_CLI_SAMPLE_H
#define CUIBAN_SERVICES_CLI_SAMPLE_H

#include "common/err.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SAMPLE_UNITS_MAX 99u
#define SAMPLE_DAYS_MAX 3660u
#define SAMPLE_CALLS_MAX 500u /* a unit and day */
#define SAMPLE_LIVE 6u        /* calls that fall due right after the end */

struct sample_options {
    uint32_t units;         /* 1 … SAMPLE_UNITS_MAX */
    uint32_t days;          /* 1 … SAMPLE_DAYS_MAX, the last of them ending at end_ms */
    uint32_t calls_per_day; /* a unit and working day, on the average; 1 … SAMPLE_CALLS_MAX */
    uint64_t seed;
    int64_t end_ms; /* no fact is sent after this instant */
    bool live; /* leave SAMPLE_LIVE calls open whose agreed arrival falls 20 to 90 s after end_ms */
};
#define SAMPLE_DEFAULTS ((struct sample_options){12, 30, 8, 20260101, 0, true})

/* One CloudEvents fact a line, in the order in which they are sent: a fact reported late stands
 * where the door would see it, with the earlier time it happened. ERR_REFUSED when an option is out
 * of range, ERR_IO when out cannot be written. */
MUST_CHECK enum err sample_write(FILE *out, const struct sample_options *o, struct fault *why);

#endif
