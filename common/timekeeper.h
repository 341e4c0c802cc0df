/* timekeeper.h - the wall clock, believed as long as it goes on like the monotonic one. After a
 * step of more than TIMEKEEPER_STEP_MS in either direction the old time is carried on by the
 * monotonic clock (held), until the wall clock is back within that of it. A process that starts
 * takes the wall clock as it is: whoever has set a clock by hours says so by starting the services
 * anew. */
#ifndef CUIBAN_COMMON_TIMEKEEPER_H
#define CUIBAN_COMMON_TIMEKEEPER_H

#include <stdbool.h>
#include <stdint.h>

#define TIMEKEEPER_STEP_MS (10 * INT64_C(60000))

struct timekeeper {
    int64_t now_ms, mono_ms; /* as believed at the last look; mono_ms 0 = never looked */
    bool held;
};

/* The time to go by. Small steps, back too, are taken as they are (N4 stands on the records' own
 * order, not on this). */
int64_t timekeeper_now(struct timekeeper *k, int64_t wall_ms, int64_t mono_ms);

#endif
