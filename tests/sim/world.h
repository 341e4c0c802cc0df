/* world.h - the machine of the simulator: one time, one disk, one bus, one Redis, and whose turn it
 * is. The fakes (fake_lmdb.c, fake_bus.c, fake_redis.c, fake_machine.c) stand in the place of the
 * libraries; everything above them is the product's own code.
 *
 * A process dies at an effect: a step that others can see (a commit, a message, a command to
 * Redis). From then on none of its effects happens, until whatever it was doing has unwound and the
 * simulator takes it away. */
#ifndef CUIBAN_TESTS_SIM_WORLD_H
#define CUIBAN_TESTS_SIM_WORLD_H

#include "common/bus.h"
#include "tests/sim/lot.h"

/* Chances in a thousand, drawn at each message, commit or command. */
struct rates {
    unsigned drop, twice, delay, reorder, cut;    /* a message */
    unsigned commit_fails, commit_slow, map_full; /* the disk */
    unsigned redis_slow, redis_lies, redis_error;
};

struct process {
    const char *name;
    uint32_t die_in; /* effects until it dies; 0 = lives */
    bool dead;
};

struct world {
    struct lot lot;
    int64_t wall_ms, mono_ms;
    struct process *at; /* whose turn it is; NULL: the simulator's own */
    struct rates rates;
    uint64_t free_bytes; /* of the disk */
    unsigned fill_percent;
    int64_t skew_ms; /* how wrong wall_ms is */
    bool redis_up;
    int64_t disturbed_ms; /* mono: Redis, the bus or the disk was last at fault */
    /* The sender's wires lose and cut, but neither double nor delay: a fact that was refused may be
     * taken when it comes again, and on the event clock that would be another story. */
    bool sender_in_order;
    bool trace;
    uint64_t effects, messages, commits, deaths; /* figures of this seed */
};
extern struct world world;

enum effect { EFFECT_commit, EFFECT_send, EFFECT_receive, EFFECT_redis };
/* Called before an effect; false: the process is dead and it must not happen. */
bool world_effect(enum effect kind);
void world_pass(int64_t ms); /* time goes by */
__attribute__((format(printf, 1, 2))) void world_trace(const char *fmt, ...);

/* fake_lmdb.c */
void disk_reset(void);
/* Hash of all rows that the store in `dir` has at this moment, uncommitted ones included. */
uint64_t disk_state_hash(const char *dir);
/* The state as it was when the last batch of that store became durable. */
uint64_t disk_durable_hash(const char *dir);
/* A record of that store's log, to be asked between turns; false past its end. Lives until the next
 * turn. */
bool disk_record(const char *dir, uint64_t seq, struct slice *record);

/* fake_bus.c */
void wires_reset(void);
/* Time of arrival of the next message for a socket of this process, INT64_MAX when there is none.
 */
int64_t wires_next(const struct process *p);
size_t wires_on_the_way(void);

/* fake_redis.c */
void redis_reset(void);
void redis_flush(void);
void redis_remember(void); /* what an old file would bring back */
void redis_recall(void);
void redis_wrong_type(void);
/* Members in due:{region}:<service>, leases included. */
size_t redis_count(const char *service);
bool redis_has(const char *service, const uint8_t member[8], int64_t due_ms);

#endif
