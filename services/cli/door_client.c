/* door_client.c - see door_client.h. */
#include "services/cli/door_client.h"
#include "common/bus.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop.h"
#include "common/wire.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MS 1000 /* nothing heard for so long: look after the line */
#define FAR_MS 5000    /* and of a door on another machine */
#define LOST_MS 15000  /* the line stands but nothing is answered: dial anew all the same */
#define DIAL_MS 100    /* pause before dialling again */
#define PATIENCE_MS 60000
#define FRAME_HEAD 13 /* letter, tag, count */

struct frame {
    uint64_t tag;
    uint32_t count, sent; /* facts; sent: on the present connection */
    struct buf bytes;
};

struct door_client {
    char endpoint[LOOP_ENDPOINT_SIZE]; /* over the network host:port */
    const struct keys *keys;           /* NULL: on this machine */
    char trouble[DOOR_TROUBLE_SIZE];
    struct bus *bus;
    struct bus_socket *socket;
    struct frame *frames; /* a ring of window + 1; the last one is being filled */
    uint32_t size, first, full;
    uint64_t next_tag;
    int64_t heard_ms, answered_ms, dialled_ms, patience_ms;
    door_answer *on_answer;
    void *arg;
    struct arena arena;
    bool clock_answered, turned_away;
};

static struct frame *frame_at(struct door_client *d, uint32_t i)
{
    return &d->frames[(d->first + i) % d->size];
}

static void frame_begin(struct door_client *d, struct frame *f)
{
    f->tag = ++d->next_tag;
    f->count = f->sent = 0;
    buf_clear(&f->bytes);
    wire_u8(&f->bytes, 'P');
    wire_u64(&f->bytes, f->tag);
    wire_u32(&f->bytes, 0);
}

static enum err dial(struct door_client *d)
{
    if (d->socket) bus_socket_close(&d->socket);
    for (uint32_t i = 0; i < d->full; i++)
        frame_at(d, i)->sent = 0;
    d->heard_ms = d->dialled_ms = clock_mono_ms();
    if (!d->keys) return bus_connect(d->bus, d->endpoint, NULL, &d->socket);
    return bus_connect_curve(d->bus, d->endpoint, &d->keys->own, d->keys->door, &d->socket);
}

static enum err open_at(const char *endpoint, const struct keys *keys, uint32_t window_frames,
                        struct door_client **out)
{
    struct door_client *d = calloc(1, sizeof *d);
    if (!d) return ERR_IO;
    d->keys = keys;
    d->size = window_frames + 1;
    d->frames = calloc(d->size, sizeof *d->frames);
    d->patience_ms = PATIENCE_MS;
    d->answered_ms = clock_mono_ms();
    (void)snprintf(d->endpoint, sizeof d->endpoint, "%s", endpoint);
    enum err e = d->frames ? bus_open(&d->bus) : ERR_IO;
    if (e == ERR_OK) e = dial(d);
    if (e != ERR_OK) {
        door_client_close(&d);
        return e;
    }
    frame_begin(d, frame_at(d, 0));
    *out = d;
    return ERR_OK;
}

enum err door_client_open(const char *run, uint32_t window_frames, door_answer *on_answer,
                          void *arg, struct door_client **out)
{
    char endpoint[LOOP_ENDPOINT_SIZE];
    loop_endpoint(endpoint, run, "intake");
    enum err e = open_at(endpoint, NULL, window_frames, out);
    if (e != ERR_OK) return e;
    (*out)->on_answer = on_answer;
    (*out)->arg = arg;
    return ERR_OK;
}

enum err door_client_open_far(const struct door_far *far, door_answer *on_answer, void *arg,
                              struct door_client **out)
{
    enum err e = open_at(far->host_port, far->keys, DOOR_WINDOW_FRAMES, out);
    if (e != ERR_OK) return e;
    (*out)->on_answer = on_answer;
    (*out)->arg = arg;
    return ERR_OK;
}

const char *door_client_trouble(const struct door_client *d)
{
    return d->trouble;
}

void door_client_close(struct door_client **dp)
{
    struct door_client *d = *dp;
    if (!d) return;
    bus_close(&d->bus);
    for (uint32_t i = 0; d->frames && i < d->size; i++)
        buf_fini(&d->frames[i].bytes);
    free(d->frames);
    arena_fini(&d->arena);
    free(d);
    *dp = NULL;
}

void door_client_patience(struct door_client *d, int64_t ms)
{
    d->patience_ms = ms;
}

/* ---- sending ---- */

static void send_full(struct door_client *d)
{
    for (uint32_t i = 0; i < d->full; i++) {
        struct frame *f = frame_at(d, i);
        if (f->sent) continue;
        if (bus_send(d->socket, NULL, buf_slice(&f->bytes)) != ERR_OK)
            return; /* in order, or not at all */
        f->sent = 1;
    }
}

static void seal(struct door_client *d)
{
    struct frame *f = frame_at(d, d->full);
    if (f->count == 0) return;
    if (d->full == 0) d->answered_ms = clock_mono_ms(); /* the wait begins */
    memcpy(f->bytes.p + FRAME_HEAD - 4, &f->count, 4);
    d->full++;
    if (d->full < d->size) frame_begin(d, frame_at(d, d->full));
}

/* ---- answers ---- */

static bool on_outcomes(struct door_client *d, struct wire *w)
{
    uint64_t tag = wire_take_u64(w);
    uint32_t count = wire_take_u32(w);
    struct frame *f = frame_at(d, 0);
    if (w->bad || d->full == 0 || f->tag != tag || f->count != count)
        return false; /* answered before */
    arena_reset(&d->arena);
    struct rec_outcome *all = arena_take(&d->arena, count * sizeof *all);
    for (uint32_t i = 0; i < count; i++) {
        struct fault why;
        struct slice one = wire_take_bytes(w);
        if (w->bad || proto_decode(shape_outcome(), one, &d->arena, &all[i], &why) != ERR_OK)
            return false;
    }
    struct wire facts = {{f->bytes.p + FRAME_HEAD, f->bytes.n - FRAME_HEAD}, false};
    for (uint32_t i = 0; i < count; i++)
        d->on_answer(d->arg, wire_take_bytes(&facts), &all[i]);
    bool was_full = d->full == d->size;
    d->first = (d->first + 1) % d->size;
    d->full--;
    if (was_full) frame_begin(d, frame_at(d, d->full));
    return true;
}

/* A frame of ours was refused as a whole; its facts stay unanswered. */
static void on_refused(struct door_client *d, struct wire w)
{
    struct rec_outcome o;
    struct fault why;
    if (wire_take_u64(&w) != 0) return;
    (void)wire_take_u32(&w);
    struct slice one = wire_take_bytes(&w);
    arena_reset(&d->arena);
    if (w.bad || proto_decode(shape_outcome(), one, &d->arena, &o, &why) != ERR_OK) return;
    (void)snprintf(d->trouble, sizeof d->trouble, "%.*s", STR_ARG(o.text));
    d->turned_away = true;
}

static void receive(struct door_client *d)
{
    struct bus_message m = {0};
    while (bus_receive(d->socket, &m) == ERR_OK) {
        struct wire w = {m.bytes, false};
        uint8_t kind = wire_take_u8(&w);
        d->heard_ms = clock_mono_ms();
        if (kind == 'p') on_refused(d, w);
        if (kind == 'p' && on_outcomes(d, &w)) d->answered_ms = d->heard_ms;
        if (kind == 'c') d->clock_answered = true;
        bus_message_fini(&m);
    }
}

/* Over the network: what became of the handshake. */
static enum err look_at_handshake(struct door_client *d)
{
    if (d->turned_away) return ERR_REFUSED; /* its words stand */
    enum bus_handshake h = d->keys ? bus_handshake(d->socket) : BUS_HANDSHAKE_none;
    if (h == BUS_HANDSHAKE_done) d->trouble[0] = 0;
    if (h == BUS_HANDSHAKE_broken)
        (void)snprintf(d->trouble, sizeof d->trouble,
                       "it hangs up: is the key after `door` that of this door?");
    if (h == BUS_HANDSHAKE_turned_away) {
        (void)snprintf(d->trouble, sizeof d->trouble,
                       "it does not let this key in; its list wants a line: allow %s SOURCE...",
                       d->keys->own.public_key);
        d->turned_away = true;
    }
    return d->turned_away ? ERR_REFUSED : ERR_OK;
}

/* Dials anew when the line is gone. A door that says nothing because it is busy answers after its
 * commit; to send it everything again would only keep it longer. Only a standing line takes the
 * question how it is. */
static enum err keep_line(struct door_client *d, bool *anew)
{
    int64_t now = clock_mono_ms();
    *anew = false;
    enum err e = look_at_handshake(d);
    if (e != ERR_OK || now - d->heard_ms < (d->keys ? FAR_MS : ANSWER_MS)) return e;
    bool stands = bus_send(d->socket, NULL, (struct slice){(const uint8_t *)"I", 1}) == ERR_OK;
    bool lost = now - d->answered_ms > LOST_MS && now - d->dialled_ms > LOST_MS;
    d->heard_ms = now;
    if (stands && !lost) return ERR_OK;
    *anew = true;
    clock_sleep_ms(DIAL_MS);
    return dial(d);
}

static enum err pump(struct door_client *d)
{
    send_full(d);
    bus_wait(d->bus, 20);
    receive(d);
    int64_t now = clock_mono_ms();
    if (d->full == 0) d->answered_ms = now;
    if (now - d->answered_ms > d->patience_ms) return ERR_AGAIN;
    bool anew;
    return d->full ? keep_line(d, &anew) : ERR_OK;
}

enum err door_client_put(struct door_client *d, struct slice fact)
{
    while (d->full == d->size) {
        enum err e = pump(d);
        if (e != ERR_OK) return e;
    }
    struct frame *f = frame_at(d, d->full);
    wire_bytes(&f->bytes, fact);
    f->count++;
    if (f->count < DOOR_FRAME_FACTS && f->bytes.n < DOOR_FRAME_BYTES) return ERR_OK;
    bool anew;
    seal(d);
    send_full(d);
    receive(d);
    return keep_line(d, &anew); /* the door may have gone while nothing was put */
}

enum err door_client_drain(struct door_client *d)
{
    if (d->full < d->size) seal(d);
    enum err e = ERR_OK;
    while (e == ERR_OK && d->full)
        e = pump(d);
    return e;
}

enum err door_client_until(struct door_client *d, int64_t t_ms)
{
    struct buf b = {0};
    wire_u8(&b, 'C');
    wire_u64(&b, (uint64_t)t_ms);
    d->clock_answered = false;
    d->answered_ms = clock_mono_ms();
    enum err e = ERR_OK;
    bool sent = false;
    while (e == ERR_OK && !d->clock_answered) {
        bool anew;
        if (!sent) sent = bus_send(d->socket, NULL, buf_slice(&b)) == ERR_OK;
        bus_wait(d->bus, 20);
        receive(d);
        e = keep_line(d, &anew);
        if (anew) sent = false;
        if (clock_mono_ms() - d->answered_ms > d->patience_ms) e = ERR_AGAIN;
    }
    buf_fini(&b);
    return d->clock_answered ? ERR_OK : e;
}
