/* sim_tape.h - what the simulator's model is told of a story, on a tape: it can be changed and
 * played to a model again. */
#ifndef CUIBAN_TESTS_UNIT_SIM_TAPE_H
#define CUIBAN_TESTS_UNIT_SIM_TAPE_H

#include "tests/sim/model.h"
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

enum told { TOLD_RECORD, TOLD_ACK, TOLD_ROW };

struct item {
    enum told what;
    enum owner log;
    struct rec_entry e; /* TOLD_RECORD */
    struct rec_fact fact;
    struct rec_outcome answer;
    uint8_t table;
    struct slice key, value;
    bool forged; /* keeps the hash it carries, right or wrong */
};

struct tape {
    struct arena arena;
    struct item *v;
    size_t n, cap;
    int64_t quiet_ms;
};

static inline struct item *tape_insert(struct tape *t, size_t at)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 1024;
        t->v = realloc(t->v, t->cap * sizeof *t->v);
        assert_non_null(t->v);
    }
    memmove(t->v + at + 1, t->v + at, (t->n++ - at) * sizeof *t->v);
    memset(&t->v[at], 0, sizeof *t->v);
    return &t->v[at];
}

static inline void tape_fini(struct tape *t)
{
    arena_fini(&t->arena);
    free(t->v);
}

static inline bool always_up(void *ctx, enum owner owner, int64_t from_ms, int64_t to_ms)
{
    (void)ctx, (void)owner, (void)from_ms, (void)to_ms;
    return true;
}

/* Tells a new model; every record gets the hash of the one before, as if the log had been written
 * so. The first broken promise into `out`, "" when all hold. */
static inline struct model_seen play(const struct tape *t, const struct policy *policy,
                                     char out[600])
{
    struct model *m = model_open(policy);
    struct buf bytes = {0};
    uint8_t prev[OWNER_COUNT][32] = {{0}};
    bool rows = false;
    model_set_up(m, &(struct model_slack){.was_up = always_up});
    for (size_t i = 0; i < t->n; i++) {
        struct item x = t->v[i];
        if (x.what == TOLD_ACK) model_acked(m, &x.fact, &x.answer, x.fact.occurred);
        if (x.what == TOLD_ROW && !rows) {
            model_quiet(m, t->quiet_ms);
            model_rows_begin(m);
            rows = true;
        }
        if (x.what == TOLD_ROW && x.log == OWNER_parts)
            model_ledger_row(m, x.table, x.key, x.value);
        else if (x.what == TOLD_ROW && x.log == OWNER_scoring)
            model_tally_row(m, x.table, x.key, x.value);
        else if (x.what == TOLD_ROW)
            model_row(m, x.table, x.key, x.value);
        if (x.what != TOLD_RECORD) continue;
        if (!x.forged) memcpy(x.e.prev, prev[x.log], 32);
        model_record(m, x.log, &x.e);
        buf_clear(&bytes);
        proto_encode(shape_entry(), &x.e, &bytes);
        crypto_generichash(prev[x.log], 32, bytes.p, bytes.n, NULL, 0);
    }
    model_rows_end(m);
    model_ledger_end(m);
    model_tally_end(m);
    snprintf(out, 600, "%s", model_broken(m) ? model_broken(m) : "");
    struct model_seen seen = model_seen(m);
    buf_fini(&bytes);
    model_close(&m);
    return seen;
}

#endif
