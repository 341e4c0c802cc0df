/* house.c - see house.h. */
#include "common/house.h"
#include "common/contract.h"
#include "common/merge.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define HOUSE_BATCH 1024 /* facts, and levels fired, per batch: a transaction has its bounds */
#define HOUSE_BEHIND 64  /* batches; then the state is committed */

struct room {
    struct node *node;
    const struct service *service;
};

struct house {
    struct room rooms[HOUSE_SERVICES_MAX];
    size_t count;
    uint32_t facts; /* in the door's open batch */
};

enum err house_open(const char *dir, const struct policy *policy,
                    const struct service *const *services, size_t count, struct house **out,
                    struct fault *why)
{
    REQUIRE(count > 0 && count <= HOUSE_SERVICES_MAX);
    struct house *h = calloc(1, sizeof *h);
    if (!h) return ERR_IO;
    enum err e = mkdir(dir, 0700) && errno != EEXIST ? ERR_IO : ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < count; i++) {
        char path[512];
        REQUIRE(snprintf(path, sizeof path, "%s/%s", dir, services[i]->name) < (int)sizeof path);
        struct node_options o = {.service = services[i],
                                 .policy = policy,
                                 .dir = path,
                                 .scratch = true,
                                 .clock = CLOCK_MODE_event};
        e = node_open(&o, &h->rooms[i].node, why);
        h->rooms[i].service = services[i];
        h->count = i + 1;
    }
    if (e != ERR_OK) {
        house_close(&h);
        return e;
    }
    node_begin(h->rooms[0].node, 0);
    *out = h;
    return ERR_OK;
}

void house_close(struct house **hp)
{
    struct house *h = *hp;
    if (!h) return;
    for (size_t i = 0; i < h->count; i++)
        node_close(&h->rooms[i].node);
    free(h);
    *hp = NULL;
}

struct node *house_node(struct house *h, enum owner service)
{
    for (size_t i = 0; i < h->count; i++) {
        if (h->rooms[i].service->owner == service) return h->rooms[i].node;
    }
    return NULL;
}

/* What each upstream log has next for this room. */
struct heads {
    struct merge_input in[HOUSE_SERVICES_MAX];
    struct slice record[HOUSE_SERVICES_MAX];
    struct node *up[HOUSE_SERVICES_MAX];
    enum owner log[HOUSE_SERVICES_MAX];
    size_t n;
};

static enum err look(struct node *node, struct heads *x, size_t i)
{
    x->in[i] = (struct merge_input){.watermark_ms = node_clock(x->up[i])};
    uint64_t seq = node_cursor(node, x->log[i]) + 1;
    enum err e = store_record(node_store(x->up[i]), seq, &x->record[i]);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    x->in[i].ready = true;
    return entry_now(x->record[i], &x->in[i].now_ms);
}

/* While this room works the logs before it stand still: only the head it takes moves on. */
static enum err heads_look(struct house *h, size_t at, struct heads *x)
{
    enum err e = ERR_OK;
    x->n = 0;
    for (size_t i = 0; e == ERR_OK && i < at; i++) {
        enum owner log = h->rooms[i].service->owner;
        if (!(h->rooms[at].service->upstream & IN(log))) continue;
        x->up[x->n] = h->rooms[i].node;
        x->log[x->n] = log;
        e = look(h->rooms[at].node, x, x->n++);
    }
    return e;
}

static enum err room_commit(struct room *room)
{
    enum err e = node_commit(room->node);
    if (e == ERR_OK && store_behind(node_store(room->node)) >= HOUSE_BEHIND) {
        e = node_checkpoint(room->node);
    }
    return e;
}

/* One batch of a room; *idle when it had nothing left to do. */
static enum err room_batch(struct house *h, size_t at, bool *idle)
{
    struct room *room = &h->rooms[at];
    struct heads heads;
    uint32_t fired = 0;
    node_begin(room->node, 0);
    enum err e = heads_look(h, at, &heads);
    for (uint32_t taken = 0; e == ERR_OK && taken < HOUSE_BATCH; taken++) {
        int pick = merge_pick(heads.in, heads.n, true);
        int64_t until = pick >= 0 ? heads.in[pick].now_ms : merge_watermark(heads.in, heads.n);
        e = node_advance(room->node, until, HOUSE_BATCH, &fired);
        *idle = pick < 0 && fired < HOUSE_BATCH;
        if (e != ERR_OK || pick < 0 || fired == HOUSE_BATCH) break;
        e = node_entry(room->node, heads.log[pick], heads.record[pick]);
        if (e == ERR_OK) e = look(room->node, &heads, (size_t)pick);
    }
    return e == ERR_OK ? room_commit(room) : e;
}

enum err house_settle(struct house *h)
{
    enum err e = room_commit(&h->rooms[0]);
    for (size_t i = 1; e == ERR_OK && i < h->count; i++) {
        bool idle = false;
        while (e == ERR_OK && !idle)
            e = room_batch(h, i, &idle);
    }
    h->facts = 0;
    node_begin(h->rooms[0].node, 0);
    return e;
}

enum err house_fact(struct house *h, struct slice fact, struct rec_outcome *out)
{
    if (h->facts >= HOUSE_BATCH) {
        enum err e = house_settle(h);
        if (e != ERR_OK) return e;
    }
    h->facts++;
    return node_fact(h->rooms[0].node, fact, out);
}

enum err house_until(struct house *h, int64_t t_ms)
{
    uint32_t fired = HOUSE_BATCH;
    enum err e = ERR_OK;
    while (e == ERR_OK && fired == HOUSE_BATCH) {
        e = node_advance(h->rooms[0].node, t_ms, HOUSE_BATCH, &fired);
        if (e == ERR_OK) e = house_settle(h);
    }
    return e;
}
