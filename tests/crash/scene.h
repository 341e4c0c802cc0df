/* scene.h - what is fed to a stack, and what must stand in its stores afterwards, whatever happened
 * on the way. */
#ifndef CUIBAN_TESTS_CRASH_SCENE_H
#define CUIBAN_TESTS_CRASH_SCENE_H

#include "tests/crash/stack.h"

#define SCENE_FACTS_MAX 2000

/* Facts as the door takes them, in order. */
struct facts {
    struct slice v[SCENE_FACTS_MAX]; /* owned */
    int64_t at_ms[SCENE_FACTS_MAX];  /* when it happened */
    size_t n;
};
MUST_CHECK enum err facts_load(const char *path, struct facts *out, struct fault *why);
void facts_free(struct facts *f);

struct answers {
    uint64_t accepted, duplicate, refused;
};
/* Facts from..to, FRAME_FACTS in a message, each answered before the next is sent; then, when
 * until_ms is not 0, time passes from the last of them to it in PASSAGES steps. ERR_AGAIN: the door
 * stayed silent. */
MUST_CHECK enum err scene_feed(const char *run, const struct facts *f, size_t from, size_t to,
                               int64_t until_ms, struct answers *out);

#define PRINT_HASH 32
/* What the stores of a stopped stack say. Equal prints: equal logs and equal rows. */
struct print {
    struct {
        uint64_t records;
        uint8_t log[PRINT_HASH];  /* BLAKE2b of the last record, which holds that of the one before
                                   */
        uint8_t rows[PRINT_HASH]; /* of every key and value of every table */
    } of[STACK_SERVICES];
};
MUST_CHECK enum err print_take(const char *run, struct print *out, struct fault *why);
/* NULL when equal, else what differs, e.g. "log of dispatch". */
const char *print_differs(const struct print *a, const struct print *b);

#endif
