/* recompute_private.h - what recompute.c (the whole, rows) and recompute_log.c (batches, records)
 * share; nobody else includes it. */
#ifndef CUIBAN_SERVICES_CLI_RECOMPUTE_PRIVATE_H
#define CUIBAN_SERVICES_CLI_RECOMPUTE_PRIVATE_H

#include "services/cli/recompute.h"

struct recompute {
    struct view *v;
    const struct service *service;
    struct node *node;
    struct recompute_result *r;
    uint64_t batch, seq; /* last ones made again */
    struct arena arena;
    char dir[RECOMPUTE_DIR_SIZE];
};

/* The next batch of the journal. When its log is not what comes out, r->broken is set and the place
 * is named; when its policy set is not there, r->unproven. */
MUST_CHECK enum err recompute_batch(struct recompute *c);
void recompute_put_fields(struct buf *out, const struct shape *s, const void *obj,
                          const char *const *skip);

#endif
