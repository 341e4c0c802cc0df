/* case.h - one case: a service, a kind of fault, the number of the call it hits; run from an empty
 * directory to a verdict. */
#ifndef CUIBAN_TESTS_CRASH_CASE_H
#define CUIBAN_TESTS_CRASH_CASE_H

#include "tests/crash/scene.h"

#define SCENES(S)                                                                                  \
    S(birth, "no store yet: birth, the first half of the facts, all deadlines")                    \
    S(grown, "the first half is in the stores: opening, the second half, all deadlines")           \
    S(wall, "the wall clock and a Redis: calls that fall due within a second")

enum scene {
#define SCENE_ENUM(name, text) SCENE_##name,
    SCENES(SCENE_ENUM)
#undef SCENE_ENUM
        SCENE_COUNT
};
const char *scene_name(enum scene s);
const char *kind_name(enum crash_kind k);

/* What all cases have in common; filled by bench_prepare. */
struct bench {
    const char *bin, *preload, *policy, *wall_policy, *redis;
    char work[STACK_PATH_SIZE - 64]; /* cases live in work/<slot> */
    struct facts facts;
    size_t half;
    int64_t until_ms;
    bool wanted[SCENE_COUNT];
    struct print calm[SCENE_COUNT]; /* of the undisturbed run */
    uint8_t figures[SCENE_COUNT][PRINT_HASH];
    struct answers answers[SCENE_COUNT];
    /* Calls of interest of each service in the undisturbed run: all, and until the stack was up. */
    uint64_t points[SCENE_COUNT][CRASH_KIND_COUNT][STACK_SERVICES];
    uint64_t begun[SCENE_COUNT][CRASH_KIND_COUNT][STACK_SERVICES];
};

struct crash_case {
    enum scene scene;
    enum crash_kind kind;
    size_t service;
    uint64_t n;
    bool verify; /* also run `cuiban verify` */
};

struct outcome {
    uint32_t index; /* for the caller */
    bool fired, died;
    uint64_t duplicates;
    int64_t recovery_ms; /* from the death until everything fed had its consequences */
    char what[104];      /* the call that was hit */
    char failure[256];   /* "" = everything held */
};

/* Runs the scenes undisturbed, counts the calls, keeps what has to come out. False: said why. */
bool bench_prepare(struct bench *b);
/* Runs one case in work/<slot>. */
void case_run(const struct bench *b, const struct crash_case *c, unsigned slot,
              struct outcome *out);

#endif
