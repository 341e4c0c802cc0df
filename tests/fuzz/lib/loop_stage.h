/* loop_stage.h - the real loop of a service, turn by turn, on the fake bus, a clock that the target
 * sets, and stores in memory. */
#ifndef CUIBAN_TESTS_FUZZ_LOOP_STAGE_H
#define CUIBAN_TESTS_FUZZ_LOOP_STAGE_H

#include "common/loop_private.h"

struct loop_stage_options {
    const struct service *service;
    struct policy *policy; /* borrowed */
    bool event_clock, claims;
    int64_t batch_max;
};

/* A service on empty stores. */
struct loop *loop_stage_open(const struct loop_stage_options *o);
void loop_stage_close(struct loop **l);
/* Waits, takes, commits, answers and streams, once. */
MUST_CHECK enum err loop_stage_turn(struct loop *l);
/* Where frames for this service, or from this log, are put in. */
const char *loop_stage_endpoint(const char *service);
void loop_stage_clock(int64_t wall_ms); /* both clocks go on from here */
int64_t loop_stage_now(void);

#endif
