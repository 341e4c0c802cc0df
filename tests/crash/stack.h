/* stack.h - the services of one case: started, watched and started again as `cuiban up` does it,
 * but without a moment lost, and with one of them under the preloaded library in its first life. */
#ifndef CUIBAN_TESTS_CRASH_STACK_H
#define CUIBAN_TESTS_CRASH_STACK_H

#include "common/bus.h"
#include "proto/proto.h"
#include "tests/crash/tally.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define STACK_SERVICES 7
#define STACK_PATH_SIZE 256
#define STACK_LIVES_MAX 20 /* a service that dies more often than that is in a crash loop */

struct stack_options {
    const char *bin;     /* directory of the programs */
    const char *preload; /* the library */
    const char *policy;  /* directory of the policy set */
    const char *redis;   /* path of its socket, or "off" */
    const char *region;
    bool event_clock;
};

/* One service through all its lives. */
struct life {
    struct stack *stack;
    struct tally *tally; /* NULL: it runs without the library */
    pthread_t warden;
    pthread_mutex_t lock; /* of what follows */
    pid_t pid;            /* 0: not alive at the moment */
    bool stopping;
    uint32_t deaths;
    int first_status, last_status; /* as waitpid gives it */
    int64_t died_ms;               /* monotonic, of the first death; 0 = none */
};

struct stack {
    const struct stack_options *options;
    char dir[STACK_PATH_SIZE]; /* sockets here, stores in dir/data, output in dir/<service>.log */
    struct life lives[STACK_SERVICES];
    struct bus *bus;
    struct bus_socket *asked[STACK_SERVICES];
    struct arena arena;
};

const char *stack_service(size_t i); /* by place in `lives` */
/* kinds[i] and at[i] of the tally of service i; kinds[i] < 0: without the library. */
void stack_start(struct stack *s, const struct stack_options *o, const char *dir,
                 const int kinds[STACK_SERVICES], const uint64_t at[STACK_SERVICES]);
/* All answer. False when they do not within limit_ms, or one is in a crash loop. */
bool stack_ready(struct stack *s, int64_t limit_ms);
/* Everything that came in has had its consequences, as `cuiban status --settled` defines it. */
bool stack_settled(struct stack *s, int64_t limit_ms);
uint32_t life_deaths(struct life *l);
/* SIGTERM to all. True when each ended with status 0 in time. */
bool stack_stop(struct stack *s);

#endif
