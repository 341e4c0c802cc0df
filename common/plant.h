/* plant.h - known bugs that a test build (-DCUIBAN_PLANT=ON) can plant one at a time, named by the
 * environment variable PLANTED_BUG, so that the suite can show that each would be found. In every
 * other build PLANTED is false and nothing of this remains. */
#ifndef CUIBAN_COMMON_PLANT_H
#define CUIBAN_COMMON_PLANT_H

#include <stdbool.h>
#include <stddef.h>

#define PLANTS(P)                                                                                  \
    P(ack_before_commit)  /* the door answers before the batch is durable */                       \
    P(cursor_behind)      /* the journal holds the cursors of the batch before */                  \
    P(level_not_rearmed)  /* a passed level does not bring the next one into the due index */      \
    P(duplicate_taken)    /* the door does not know a fact again */                                \
    P(gap_taken)          /* a record is taken though one before it is missing */                  \
    P(repeat_taken)       /* a record is taken again */                                            \
    P(stream_skips)       /* after a reconnect the stream goes on one record too late */           \
    P(stop_keeps_index)   /* a stopped deadline stays in the due index */                          \
    P(redo_incomplete)    /* the redo row lacks what the batch deleted */                          \
    P(redo_dropped_early) /* redo rows are forgotten before the checkpoint */                      \
    P(redis_is_truth)     /* an owner fires only when it was woken */                              \
    P(wake_not_sent)      /* the desk claims a timer and tells nobody */                           \
    P(fires_early)        /* a level passes a second before its instant */                         \
    P(clock_believed)     /* a step of the wall clock is followed at once */                       \
    P(timer_not_removed)  /* what was stopped stays in Redis */                                    \
    P(refill_forgotten)   /* after a flush Redis is not filled again */                            \
    P(chain_broken)       /* now and then a record holds a wrong hash */                           \
    P(checkpoint_ahead)   /* a checkpoint says it holds one batch more than it does */

enum plant {
    PLANT_none,
#define PLANT_ENUM(name) PLANT_##name,
    PLANTS(PLANT_ENUM)
#undef PLANT_ENUM
};

/* Beside them, of one deadline: PLANTED_DEADLINE=passes:NAME (nobody hears that it passed) or
 * stops:NAME (it never stops). A test that sees either fails (tests/tools/deadlines). */
#ifdef CUIBAN_PLANT
bool plant_is(enum plant p);
bool plant_lost(const char *what, const char *name, size_t name_bytes);
#define PLANTED(name) plant_is(PLANT_##name)
#define PLANTED_LOST(what, name) plant_lost(what, (name).p, (name).n)
#else
#define PLANTED(name) false
#define PLANTED_LOST(what, name) false
#endif

#endif
