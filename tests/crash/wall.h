/* wall.h - the scene on the wall clock: a handful of calls that nobody reaches in time, with a
 * Redis. Its logs hold the time of day, so they are not compared byte by byte but by what must be
 * in them. */
#ifndef CUIBAN_TESTS_CRASH_WALL_H
#define CUIBAN_TESTS_CRASH_WALL_H

#include "tests/crash/scene.h"

#define WALL_CALLS 6

struct wall_calls {
    int64_t due_ms[WALL_CALLS];
    int64_t offset_ms; /* wall clock minus monotonic clock */
};

/* Feeds the calls and waits until each has its 催辦單. NULL, or what went wrong. */
const char *wall_feed(struct wall_calls *w, struct stack *s, struct answers *out);
/* N2, N3, N4 on the log of the desk: each call one 催辦單 of the first level, none before it was
 * due, none later than 5 s after due or after the death at died_ms (monotonic; 0: nobody died).
 * NULL, or what is wrong. */
const char *wall_judge(const struct wall_calls *w, const char *dir, int64_t died_ms);

#endif
