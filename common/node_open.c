/* node_open.c - a node opened where its store left off, and closed. */
#include "common/contract.h"
#include "common/node_private.h"
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static enum err node_resume(struct node *n)
{
    struct journal j;
    store_last_journal(n->store, &j);
    n->clock_ms = j.now_ms;
    memcpy(n->cursor, j.cursor, sizeof n->cursor);
    struct slice v;
    enum err e = store_get(n->store, TABLE_META, (struct slice){(const uint8_t *)"member", 6}, &v);
    if (e == ERR_OK && v.n == 8) n->member = n->member_stored = be_get64(v.p);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    uint64_t last = store_last_seq(n->store);
    if (last == 0) return ERR_OK;
    struct slice record;
    e = store_record(n->store, last, &record);
    if (e == ERR_OK) node_hash(record, n->prev);
    return e;
}

static void hears_make(struct node *n)
{
    static_assert(OWNER_COUNT <= 8, "a log is one bit");
    const struct service *s = n->service;
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        for (int log = 0; log < OWNER_COUNT; log++) {
            if (!(s->upstream & IN(log))) continue;
            if (!s->hears || s->hears((enum owner)log, (enum event_kind)k))
                n->hears[k] |= (uint8_t)IN(log);
        }
    }
}

enum err node_open(const struct node_options *o, struct node **out, struct fault *why)
{
    static_assert(OWNER_COUNT <= STORE_CURSORS_MAX, "a cursor for every log");
    REQUIRE(sodium_init() >= 0);
    struct node *n = calloc(1, sizeof *n);
    if (!n) return ERR_IO;
    n->service = o->service;
    n->policy = o->policy;
    n->mode = o->clock;
    hears_make(n);
    n->adopted = o->service->upstream != 0; /* the door adopts */
    struct store_options so = {.dir = o->dir, .scratch = o->scratch, .map_bytes = o->map_bytes};
    enum err e = store_open(&so, &n->store, why);
    if (e == ERR_OK) e = node_resume(n);
    if (e != ERR_OK) {
        node_close(&n);
        return e;
    }
    *out = n;
    return ERR_OK;
}

void node_close(struct node **np)
{
    struct node *n = *np;
    if (!n) return;
    store_close(&n->store);
    arena_fini(&n->arena);
    step_work_fini(&n->work);
    buf_fini(&n->record);
    buf_fini(&n->runs);
    free(n->timers);
    free(n);
    *np = NULL;
}
