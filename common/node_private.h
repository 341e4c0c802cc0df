/* node_private.h - what node.c, node_open.c and node_again.c share; nobody else includes it. */
#ifndef CUIBAN_COMMON_NODE_PRIVATE_H
#define CUIBAN_COMMON_NODE_PRIVATE_H

#include "common/node.h"
#include "common/step_work.h"

#define NODE_HASH_BYTES 32

struct node {
    const struct service *service;
    const struct policy *policy;
    struct store *store;
    enum clock_mode mode;
    int64_t clock_ms;
    uint64_t cursor[STORE_CURSORS_MAX];
    uint64_t member, member_stored;
    uint64_t refused; /* of other logs */
    int64_t due_ms;   /* of the first entry of the due index, INT64_MAX when there is none */
    bool due_known;
    uint8_t hears[EVENT_KIND_COUNT]; /* IN(log) of the upstream logs the service hears it in */
    uint8_t prev[NODE_HASH_BYTES];
    bool adopted;
    struct arena arena;
    struct step_work work;
    struct buf record;
    struct buf runs; /* of the open batch, as is the seal */
    uint64_t seal;
    struct timer_change *timers;
    size_t timer_count, timer_cap;
};

void node_hash(struct slice bytes, uint8_t out[NODE_HASH_BYTES]); /* of a record */
/* A fact whose envelope is in order. content 0: the hash of its bytes decides what is a duplicate.
 */
MUST_CHECK enum err node_fact_apply(struct node *n, const struct rec_fact *f,
                                    const struct event_type *type, uint64_t content,
                                    struct rec_outcome *out);
MUST_CHECK enum err node_policy_adopt(struct node *n);
/* The entry of the due index is passed, whether it is due or not. */
MUST_CHECK enum err node_fire(struct node *n, struct slice due);
uint64_t node_content(const struct rec_fact *f);

#endif
