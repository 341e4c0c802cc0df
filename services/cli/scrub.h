/* scrub.h - every row of every store looked at where it lies (N10): check values, order of keys, no
 * number left out. Reads the files beside whatever process writes them and changes nothing. Each
 * store is read by a process of its own, because damaged pages can lead LMDB astray. */
#ifndef CUIBAN_SERVICES_CLI_SCRUB_H
#define CUIBAN_SERVICES_CLI_SCRUB_H

#include "services/cli/view.h"

struct scrub {
    uint64_t stores, rows, wrong;
    struct buf places; /* the first ones of each store, as lines of text */
};

/* The stores in dir/data that are there; none is no error. */
MUST_CHECK enum err scrub_run(const char *dir, struct scrub *out);
void scrub_fini(struct scrub *s);

#endif
