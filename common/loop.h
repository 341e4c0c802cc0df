/* loop.h - a service on the wire: the only place that knows node, bus, Redis and the clock at once.
 *
 *   receive <= batch_max -> step each -> LOG COMMIT (one sync) -> acknowledge -> stream -> publish
 * timers
 *
 * The order is the durability argument: nothing is acknowledged or streamed before the commit.
 * State is checkpointed when no input waits, and at least every checkpoint_batches / checkpoint_ms.
 */
#ifndef CUIBAN_COMMON_LOOP_H
#define CUIBAN_COMMON_LOOP_H

#include "common/settings.h"
#include "common/step.h"

struct loop_options {
    const struct service *service;
    bool claims; /* the desk: claims due timers and wakes their owners */
};

/* main of a service: reads the settings, loads the policy, runs until SIGTERM or SIGINT. Returns
 * the exit status: 0 stopped cleanly, 1 settings or policy refused, 2 storage failed (start again
 * and recover). */
int loop_main(int argc, char **argv, const struct loop_options *o);

/* The same in other hands, turn by turn. settings and policy are borrowed until the close. */
struct loop;
struct node;
MUST_CHECK enum err loop_open(const struct settings *settings, const struct policy *policy,
                              const struct loop_options *o, struct loop **out, struct fault *why);
/* Waits for input, at most loop_wait_ms; then one batch as above. Any result but ERR_OK: close. */
MUST_CHECK enum err loop_turn(struct loop *l);
int64_t loop_wait_ms(struct loop *l);
void loop_close(struct loop **l);
struct node *loop_node(struct loop *l);

/* Endpoints of a service in the run directory; out needs 300 bytes. */
#define LOOP_ENDPOINT_SIZE 300
void loop_endpoint(char out[LOOP_ENDPOINT_SIZE], const char *run, const char *service);
void loop_query_endpoint(char out[LOOP_ENDPOINT_SIZE], const char *run, const char *service);

#endif
