/* fake_bus.c - common/bus.h on wires that lose, double, delay, reorder and cut what they carry.
 * Between two sockets that both live a message arrives later and, by default, in order; what is on
 * its way to a process that goes away is lost, what it sent may arrive, and the other side connects
 * anew after a while, as ZeroMQ does. */
#include "common/contract.h"
#include "tests/sim/world.h"
#include <stdlib.h>
#include <string.h>

#define SOCKETS_MAX 64
#define LINK_MS 500 /* at most, until a dealer has found a new router */

struct bus_socket {
    struct bus *bus;
    struct process *owner;
    bool router;
    char endpoint[300];
    struct bus_peer id;    /* dealer: its own */
    struct bus_socket *to; /* dealer: the router it is linked to */
    int64_t link_at, late; /* earliest time of a link; arrival of the last message sent from here */
};

struct bus {
    struct process *owner;
    bool shared;
};

/* A message on its way. */
struct parcel {
    struct bus_socket *to;
    struct bus_peer from;
    int64_t at_ms;
    uint64_t order;
    size_t n;
    uint8_t *bytes;
};

static struct bus_socket *sockets[SOCKETS_MAX];
static size_t socket_count;
static struct parcel *parcels;
static size_t parcel_count, parcel_cap;
static uint64_t parcel_order, id_count;

/* ---- parcels ---- */

static void parcel_drop(size_t i)
{
    free(parcels[i].bytes);
    parcels[i] = parcels[--parcel_count];
}

static void parcel_put(struct bus_socket *to, const struct bus_peer *from, struct slice b,
                       int64_t at)
{
    if (parcel_count == parcel_cap) {
        parcel_cap = parcel_cap ? 2 * parcel_cap : 256;
        parcels = realloc(parcels, parcel_cap * sizeof *parcels);
    }
    struct parcel *p = &parcels[parcel_count++];
    *p = (struct parcel){.to = to, .at_ms = at, .order = parcel_order++, .n = b.n};
    if (from) p->from = *from;
    p->bytes = malloc(b.n + 1);
    memcpy(p->bytes, b.p, b.n);
}

static void send_parcel(struct bus_socket *s, struct bus_socket *to, struct slice b)
{
    const struct rates *r = &world.rates;
    struct lot *l = &world.lot;
    world.messages++;
    if (lot_chance(l, r->drop)) {
        world.disturbed_ms = world.mono_ms;
        return;
    }
    int64_t at = world.mono_ms + (int64_t)lot_below(l, 3);
    bool plain = world.sender_in_order && (!s->owner || !to->owner);
    if (!plain && lot_chance(l, r->delay)) {
        at += (int64_t)lot_below(l, 4000);
        world.disturbed_ms = at;
    }
    if ((plain || !lot_chance(l, r->reorder)) && at < s->late) at = s->late;
    if (at > s->late) s->late = at;
    if (lot_chance(l, r->cut) && b.n) {
        b.n = lot_below(l, b.n);
        world.disturbed_ms = at;
    }
    const struct bus_peer *from = s->router ? NULL : &s->id;
    parcel_put(to, from, b, at);
    if (!plain && lot_chance(l, r->twice))
        parcel_put(to, from, b, at + (int64_t)lot_below(l, 2000));
}

static struct parcel *next_for(const struct bus_socket *s)
{
    struct parcel *best = NULL;
    for (size_t i = 0; i < parcel_count; i++) {
        struct parcel *p = &parcels[i];
        if (p->to != s) continue;
        if (!best || p->at_ms < best->at_ms || (p->at_ms == best->at_ms && p->order < best->order))
            best = p;
    }
    return best;
}

int64_t wires_next(const struct process *owner)
{
    int64_t at = INT64_MAX;
    for (size_t i = 0; i < parcel_count; i++) {
        if (parcels[i].to->owner == owner && parcels[i].at_ms < at) at = parcels[i].at_ms;
    }
    return at;
}

size_t wires_on_the_way(void)
{
    return parcel_count;
}

void wires_reset(void)
{
    REQUIRE(socket_count == 0);
    while (parcel_count)
        parcel_drop(0);
    parcel_order = id_count = 0;
}

/* ---- sockets ---- */

enum err bus_open(struct bus **out)
{
    *out = calloc(1, sizeof **out);
    (*out)->owner = world.at;
    return ERR_OK;
}

enum err bus_share(struct bus *b, struct bus **out)
{
    enum err e = bus_open(out);
    (*out)->owner = b->owner;
    (*out)->shared = true;
    return e;
}

static struct bus_socket *socket_new(struct bus *b, const char *endpoint)
{
    REQUIRE(socket_count < SOCKETS_MAX);
    struct bus_socket *s = calloc(1, sizeof *s);
    s->bus = b;
    s->owner = b->owner;
    strncpy(s->endpoint, endpoint, sizeof s->endpoint - 1);
    sockets[socket_count++] = s;
    return s;
}

enum err bus_listen(struct bus *b, const char *endpoint, struct bus_socket **out)
{
    *out = socket_new(b, endpoint);
    (*out)->router = true;
    return ERR_OK;
}

enum err bus_connect(struct bus *b, const char *endpoint, const char *identity,
                     struct bus_socket **out)
{
    struct bus_socket *s = *out = socket_new(b, endpoint);
    uint64_t n = ++id_count;
    s->id.n = identity ? (uint8_t)strlen(identity) : sizeof n;
    memcpy(s->id.id, identity ? (const void *)identity : &n, s->id.n);
    return ERR_OK;
}

/* No network between machines is made up; this is what bus_curve.c wants of bus.c. */
enum err bus_socket_new(struct bus *b, int type, struct bus_socket **out);
enum err bus_socket_new(struct bus *b, int type, struct bus_socket **out)
{
    (void)b, (void)type, (void)out;
    return ERR_IO;
}

static bool sent_by(const struct parcel *p, const struct bus_socket *s)
{
    if (s->router) return p->to->to == s;
    return p->to == s->to && p->from.n == s->id.n && memcmp(p->from.id, s->id.id, s->id.n) == 0;
}

/* What was for it is lost; what it sent may have got out already. */
void bus_socket_close(struct bus_socket **sp)
{
    struct bus_socket *s = *sp;
    if (!s) return;
    for (size_t i = 0; i < parcel_count;) {
        if (parcels[i].to == s || (sent_by(&parcels[i], s) && lot_chance(&world.lot, 500))) {
            parcel_drop(i);
        } else {
            i++;
        }
    }
    for (size_t i = 0; i < socket_count; i++) {
        struct bus_socket *o = sockets[i];
        if (o->to == s) {
            o->to = NULL;
            o->link_at = world.mono_ms + 1 + (int64_t)lot_below(&world.lot, LINK_MS);
        }
        if (o == s) sockets[i--] = sockets[--socket_count];
    }
    free(s);
    *sp = NULL;
}

void bus_close(struct bus **bp)
{
    struct bus *b = *bp;
    if (!b) return;
    for (size_t i = 0; i < socket_count;) {
        struct bus_socket *s = sockets[i];
        if (s->bus == b) {
            bus_socket_close(&s);
            i = 0;
        } else {
            i++;
        }
    }
    free(b);
    *bp = NULL;
}

static bool linked(struct bus_socket *s)
{
    if (s->to) return true;
    if (world.mono_ms < s->link_at) return false;
    for (size_t i = 0; i < socket_count; i++) {
        if (sockets[i]->router && strcmp(sockets[i]->endpoint, s->endpoint) == 0)
            s->to = sockets[i];
    }
    s->late = 0;
    return s->to != NULL;
}

/* ---- messages ---- */

/* The simulator turns a process when there is something for it. */
void bus_wait(struct bus *b, int64_t timeout_ms)
{
    (void)b, (void)timeout_ms;
}

enum err bus_receive(struct bus_socket *s, struct bus_message *out)
{
    struct parcel *p = next_for(s);
    if (!s->router) (void)linked(s);
    if (!p || p->at_ms > world.mono_ms || !world_effect(EFFECT_receive)) return ERR_AGAIN;
    *out = (struct bus_message){.peer = p->from, .bytes = {p->bytes, p->n}, .held = p->bytes};
    p->bytes = NULL;
    parcel_drop((size_t)(p - parcels));
    return ERR_OK;
}

void bus_message_fini(struct bus_message *m)
{
    free(m->held);
    *m = (struct bus_message){0};
}

static struct bus_socket *dealer_of(struct bus_socket *router, const struct bus_peer *peer)
{
    for (size_t i = 0; i < socket_count; i++) {
        struct bus_socket *s = sockets[i];
        if (s->to == router && s->id.n == peer->n && memcmp(s->id.id, peer->id, peer->n) == 0)
            return s;
    }
    return NULL;
}

enum err bus_send(struct bus_socket *s, const struct bus_peer *peer, struct slice bytes)
{
    REQUIRE(s->router == (peer != NULL));
    struct bus_socket *to = s->router ? dealer_of(s, peer) : linked(s) ? s->to : NULL;
    if (!to) return s->router ? ERR_NOT_FOUND : ERR_AGAIN;
    if (world_effect(EFFECT_send)) send_parcel(s, to, bytes);
    return ERR_OK;
}
