/* tally.h - what the driver and the preloaded library tell each other about one life of a service,
 * in a small file that both map: it survives the kill. Written by the service, except `kind` and
 * `at`, which the driver writes before the start. */
#ifndef CUIBAN_TESTS_CRASH_TALLY_H
#define CUIBAN_TESTS_CRASH_TALLY_H

#include <stdint.h>

/* What happens at the call of interest number `at`. Each kind has its own calls of interest. */
#define CRASH_KINDS(K)                                                                             \
    K(kill, "SIGKILL before the call (a receive: after it; a store call: 5 ms later, as on a "     \
            "slow disk)")                                                                          \
    K(killed_after, "SIGKILL after the call")                                                      \
    K(eio, "EIO, the call is not made")                                                            \
    K(enospc, "ENOSPC, the call is not made")                                                      \
    K(short, "half of the bytes are written, and so it is said")                                   \
    K(oom, "malloc, calloc or realloc return NULL")

enum crash_kind {
#define CRASH_ENUM(name, text) CRASH_##name,
    CRASH_KINDS(CRASH_ENUM)
#undef CRASH_ENUM
        CRASH_KIND_COUNT
};

struct tally {
    uint32_t kind;
    uint32_t fired; /* the fault happened */
    uint64_t at;    /* from 1; 0 = only count */
    uint64_t calls;
    uint32_t sync_failed;  /* the fault was a failed sync … */
    uint32_t sync_retried; /* … and so many syncs of the store were tried after it */
    char what[104];        /* the call that was hit, e.g. "pwrite intake/log/data.mdb" */
};

/* Environment of the library: the file of the tally, and the directory that holds the stores. */
#define CRASH_TALLY_ENV "CRASH_TALLY"
#define CRASH_STORES_ENV "CRASH_STORES"

#endif
