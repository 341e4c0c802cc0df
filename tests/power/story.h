/* story.h - what the recorded processes do, batch by batch, as a function of the batch's number
 * alone, so that each batch can be told again.
 *
 * plain: rows and records of every size into one bare store, with a model beside it that never asks
 * the store. nodes: intake and dispatch as they are, fed with the made-up company; expected is what
 * the live stores held right after the commit. */
#ifndef CUIBAN_TESTS_POWER_STORY_H
#define CUIBAN_TESTS_POWER_STORY_H

#include "common/node.h"
#include "tests/power/sums.h"

#define PLAIN_ROWS 160u

struct plain {
    uint64_t rows[PLAIN_ROWS]; /* sums_row, 0 = absent */
    uint64_t chance;
    struct sums sums; /* expected after the last batch told */
};

/* Tells batch sums.batch + 1 to the model and, unless s is NULL, into the open batch of s. */
void plain_tell(struct plain *p, struct store *s, struct journal *j);

#define NODES 2u
struct nodes {
    struct policy *policy;
    struct buf facts; /* length-prefixed, in order */
    size_t at;        /* the next one */
    uint64_t batch;
    struct node *node[NODES]; /* intake, dispatch */
};

MUST_CHECK enum err nodes_init(struct nodes *n);
void nodes_fini(struct nodes *n);
/* dir: printf of the store's number. */
MUST_CHECK enum err nodes_open(struct nodes *n, const char *const dirs[NODES], uint64_t map_bytes,
                               struct fault *why);
void nodes_close(struct nodes *n);
/* The facts of the next batch into intake; without a node they are only skipped. Not committed. */
MUST_CHECK enum err nodes_facts(struct nodes *n);
/* What dispatch has not read yet of intake's log, into dispatch. Not committed. */
MUST_CHECK enum err nodes_entries(struct nodes *n);
bool nodes_done(const struct nodes *n);

#endif
