/* node.h - one service with its store, its clock and its place in the house, but without sockets.
 * The loop puts it on the wire, the replay chains several in one process, the simulator does worse
 * to it.
 *
 * Per batch: node_begin, then facts or entries and node_advance in any number, node_commit, and
 * only then is anything acknowledged, streamed or published. Any result but ERR_OK from node_*
 * means: stop, close, open again; what was committed is in effect once, the rest comes again. */
#ifndef CUIBAN_COMMON_NODE_H
#define CUIBAN_COMMON_NODE_H

#include "common/step.h"

enum clock_mode {
    CLOCK_MODE_wall, /* now is handed in, never goes back */
    CLOCK_MODE_event /* now is the latest occurred seen; deadlines due before the next event fire
                        first */
};

struct node_options {
    const struct service *service;
    const struct policy *policy;
    const char *dir;
    bool scratch;
    enum clock_mode clock;
    uint64_t map_bytes; /* 0 = STORE_MAP_BYTES */
};

struct node;
MUST_CHECK enum err node_open(const struct node_options *o, struct node **out, struct fault *why);
void node_close(struct node **n);

/* Starts a batch; forgets the outcomes, timers and arena of the one before. */
void node_begin(struct node *n, int64_t wall_ms);
/* The door: one fact as bytes (rec_fact). Fills `out` with accepted, duplicate or refused; its
 * texts live until the next node_begin. */
MUST_CHECK enum err node_fact(struct node *n, struct slice fact, struct rec_outcome *out);
/* The next record of an upstream log, in order. ERR_STALE when its seq was taken before (dropped),
 * ERR_REFUSED when there is a gap (ask again from node_cursor + 1). */
MUST_CHECK enum err node_entry(struct node *n, enum owner log, struct slice record);
/* Fires deadlines whose instant is strictly before t, at most `limit`; on the event clock t is at
 * least the clock, which moves there when all are fired. *fired may be NULL. */
MUST_CHECK enum err node_advance(struct node *n, int64_t t_ms, uint32_t limit, uint32_t *fired);
MUST_CHECK enum err node_commit(struct node *n);
MUST_CHECK enum err node_checkpoint(struct node *n);

int64_t node_clock(const struct node *n); /* watermark: no later record has an earlier now */
int64_t node_next_due(struct node *n); /* instant of the earliest deadline, INT64_MAX when none */
uint64_t node_cursor(const struct node *n, enum owner log); /* last seq taken */
struct store *node_store(struct node *n);
const struct service *node_service(const struct node *n);

/* What the batch did to the timers: due_ms 0 = gone. Valid until the next node_begin. */
struct timer_change {
    uint64_t member;
    int64_t due_ms;
};
const struct timer_change *node_timers(const struct node *n, size_t *count);
/* All open timers, from member `*at` on in order of instants; for refilling Redis. */
MUST_CHECK enum err node_timer_next(struct node *n, struct key *at, struct timer_change *out);

/* ---- again (node_again.c): what a journal row and the logs say happened, on a scratch node ----
 * The same records come out byte for byte, and the same rows, or somebody has changed something. */

/* The inputs of a batch of a service with upstream logs, in their order: entries of upstream logs,
 * and under the service's own name deadlines that fired. The door has none; its inputs are the
 * records of its log that no other record caused. */
struct node_run {
    enum owner log;
    uint32_t count;
};
bool node_run_next(struct slice *runs, struct node_run *out); /* takes one off; false at the end */
/* The set a batch ran under, as its journal row names it. */
uint64_t node_policy_number(const struct policy *p);
/* Between batches: what the next one runs under. The policy is borrowed. */
void node_again_under(struct node *n, const struct policy *p, enum clock_mode mode);
/* The door's record e, which nothing in the logs caused: that fact again, or that refusal, adoption
 * or level. ERR_CORRUPT when nothing here could have written it. */
MUST_CHECK enum err node_again(struct node *n, const struct rec_entry *e);
/* Passes the first level of the due index. ERR_END: there is none. */
MUST_CHECK enum err node_again_fire(struct node *n);
/* Of the open batch, as its journal row should have it. */
uint64_t node_again_seal(const struct node *n);
/* Ends the batch at the clock of its journal row. ERR_CORRUPT: the node is past it. */
MUST_CHECK enum err node_again_commit(struct node *n, int64_t now_ms);

/* Facts of other logs that it refused since it was opened: those for this service, and what is too
 * large for one step of it. */
uint64_t node_refused(const struct node *n);

/* For step.c and deadline.c. */
void node_timer(struct node *n, uint64_t member, int64_t due_ms);
uint64_t node_member(struct node *n); /* a number never used before by this node */

#endif
