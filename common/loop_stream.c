/* loop_stream.c - logs on the wire. A consumer asks "from N, with so many bytes of credit"; the
 * producer sends what it has and goes on as it commits; each new credit lets more come. Nothing is
 * acknowledged one by one and nothing is sent twice, because every question names the position. */
#include "common/contract.h"
#include "common/loop_private.h"
#include "common/note.h"
#include "common/plant.h"
#include <stdlib.h>
#include <string.h>

/* ---- producer ---- */

static struct consumer *consumer_of(struct loop *l, const struct bus_peer *peer)
{
    for (size_t i = 0; i < l->consumer_count; i++) {
        struct consumer *c = &l->consumers[i];
        if (c->peer.n == peer->n && memcmp(c->peer.id, peer->id, peer->n) == 0) return c;
    }
    if (l->consumer_count == CONSUMERS_MAX) return NULL;
    struct consumer *c = &l->consumers[l->consumer_count++];
    *c = (struct consumer){.peer = *peer};
    return c;
}

void loop_credit(struct loop *l, const struct bus_peer *peer, struct wire *w)
{
    bool reset = wire_take_u8(w) != 0;
    uint64_t from = wire_take_u64(w);
    uint32_t credit = wire_take_u32(w);
    struct consumer *c = w->bad ? NULL : consumer_of(l, peer);
    if (!c) return;
    if (reset || c->next == 0) {
        c->next = from;
        c->credit = 0;
        c->said_ms = 0;
    }
    c->credit += credit;
    if (c->credit > CREDIT_BYTES) c->credit = CREDIT_BYTES;
}

/* As many records as fit; returns how many. */
static uint32_t fill_frame(struct loop *l, const struct consumer *c)
{
    struct store *s = node_store(l->node);
    uint64_t last = store_committed_seq(s);
    buf_clear(&l->frame);
    wire_u8(&l->frame, 'g');
    wire_u64(&l->frame, (uint64_t)node_clock(l->node));
    wire_u64(&l->frame, c->next);
    wire_u32(&l->frame, 0);
    uint32_t n = 0;
    for (uint64_t seq = c->next; seq <= last && c->credit > 0; seq++, n++) {
        struct slice record;
        if (l->frame.n > STREAM_FRAME_BYTES || (int64_t)l->frame.n > c->credit) break;
        if (store_record(s, seq, &record) != ERR_OK) break;
        wire_bytes(&l->frame, record);
    }
    memcpy(l->frame.p + 17, &n, 4);
    return n;
}

static bool stream_to(struct loop *l, struct consumer *c)
{
    for (;;) {
        uint32_t n = fill_frame(l, c);
        /* The watermark counts only behind the last record of the log. */
        bool caught_up = c->next + n > store_committed_seq(node_store(l->node));
        bool news =
            n > 0 || (caught_up && l->event_clock && node_clock(l->node) != c->watermark_ms);
        if (!news && l->mono_ms - c->said_ms < KEEPALIVE_MS) return true;
        if (!caught_up && n == 0) return true; /* out of credit */
        if (!caught_up) memset(l->frame.p + 1, 0, 8);
        enum err e = bus_send(l->server, &c->peer, buf_slice(&l->frame));
        if (e == ERR_NOT_FOUND) return false;
        if (e != ERR_OK) return true;
        c->next += n;
        c->credit -= (int64_t)l->frame.n;
        c->said_ms = l->mono_ms;
        if (caught_up) c->watermark_ms = node_clock(l->node);
        if (caught_up) return true;
    }
}

void loop_stream_out(struct loop *l)
{
    for (size_t i = 0; i < l->consumer_count;) {
        if (stream_to(l, &l->consumers[i])) {
            i++;
        } else {
            l->consumers[i] = l->consumers[--l->consumer_count];
        }
    }
}

/* ---- consumer ---- */

static void ask(struct loop *l, struct upstream *u, bool reset, uint32_t credit)
{
    struct buf b = {0};
    wire_u8(&b, 'G');
    wire_u8(&b, reset);
    wire_u64(&b, u->expect);
    wire_u32(&b, credit);
    u->unsent = bus_send(u->socket, NULL, buf_slice(&b)) != ERR_OK;
    buf_fini(&b);
    u->heard_ms = l->mono_ms;
}

static void forget_frames(struct upstream *u)
{
    for (; u->count; u->count--) {
        bus_message_fini(&u->frames[u->first]);
        u->first = (u->first + 1) % FRAMES_MAX;
    }
    u->left = 0;
    u->at = (struct wire){0}; /* or the next frame would be taken for the one that was being read */
    u->head = (struct slice){0};
    u->taken_bytes = 0;
}

static void restart(struct loop *l, struct upstream *u)
{
    forget_frames(u);
    u->expect = node_cursor(l->node, u->owner) + (PLANTED(stream_skips) ? 2 : 1);
    u->watermark_ms = u->last_watermark_ms = 0;
    u->asked = true;
    ask(l, u, true, CREDIT_BYTES);
}

enum err loop_upstreams_open(struct loop *l)
{
    const struct service *s = l->options->service;
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        if (!(s->upstream & IN(o))) continue;
        struct upstream *u = &l->upstreams[l->upstream_count++];
        u->owner = (enum owner)o;
        char endpoint[LOOP_ENDPOINT_SIZE];
        loop_endpoint(endpoint, l->settings.run, owner_name(u->owner));
        enum err e = bus_connect(l->bus, endpoint, s->name, &u->socket);
        if (e != ERR_OK) return e;
        restart(l, u);
    }
    return ERR_OK;
}

/* Put the next record of the first frame at the head, moving on over used frames. */
static void refresh_head(struct loop *l, struct upstream *u)
{
    while (u->head.n == 0 && u->count) {
        if (u->left == 0) {
            struct bus_message *done = &u->frames[u->first];
            if (u->at.rest.p) {
                u->taken_bytes += (uint32_t)done->bytes.n;
                bus_message_fini(done);
                u->first = (u->first + 1) % FRAMES_MAX;
                u->count--;
                u->at = (struct wire){0};
                continue;
            }
            u->at = (struct wire){done->bytes, false};
            (void)wire_take_u8(&u->at);
            u->last_watermark_ms = (int64_t)wire_take_u64(&u->at);
            (void)wire_take_u64(&u->at);
            u->left = wire_take_u32(&u->at);
            continue;
        }
        u->head = wire_take_bytes(&u->at);
        if (--u->left == 0 && u->last_watermark_ms) u->watermark_ms = u->last_watermark_ms;
        if (u->at.bad || entry_now(u->head, &u->head_now_ms) != ERR_OK) {
            note(NOTE_warn, "stream_broken", "log", owner_name(u->owner), NULL);
            restart(l, u);
            return;
        }
    }
}

/* A frame of the stream: in order, or the stream is asked for anew. What was on its way when it was
 * asked is passed over without a word; asking again for each such frame would bring as many again,
 * and never end. */
static void on_frame(struct loop *l, struct upstream *u, struct bus_message *m)
{
    struct wire w = {m->bytes, false};
    uint8_t kind = wire_take_u8(&w);
    int64_t watermark = (int64_t)wire_take_u64(&w);
    uint64_t first = wire_take_u64(&w);
    uint32_t n = wire_take_u32(&w);
    bool strange = w.bad || kind != 'g' || u->count == FRAMES_MAX;
    if (strange || (first > u->expect && !PLANTED(gap_taken))) {
        bus_message_fini(m);
        if (!strange && !u->asked) restart(l, u);
        return;
    }
    u->asked = false;
    u->heard_ms = l->mono_ms;
    if (first + n <= u->expect) {
        /* Nothing new, or an answer to an older question. */
        if (n == 0 && u->count == 0 && watermark > u->watermark_ms) u->watermark_ms = watermark;
        if (n == 0 && u->count && watermark) u->last_watermark_ms = watermark;
        u->taken_bytes += (uint32_t)m->bytes.n;
        bus_message_fini(m);
        return;
    }
    u->expect = first + n; /* records that are here already are stale to the node */
    u->frames[(u->first + u->count++) % FRAMES_MAX] = *m;
}

void loop_upstreams_receive(struct loop *l)
{
    for (size_t i = 0; i < l->upstream_count; i++) {
        struct upstream *u = &l->upstreams[i];
        struct bus_message m = {0};
        while (u->count < FRAMES_MAX && bus_receive(u->socket, &m) == ERR_OK)
            on_frame(l, u, &m);
        bool silent = l->mono_ms - u->heard_ms > SILENCE_MS;
        /* Nothing can be on its way to us when our question did not leave. */
        if ((silent || u->unsent) && u->count == 0) restart(l, u);
    }
}

/* The event clock goes first, in steps of FIRE_MAX; true when it has to go on in another batch. */
static enum err let_time_pass(struct loop *l, int64_t until_ms, bool *more)
{
    uint32_t fired = 0;
    *more = false;
    if (!l->event_clock || !l->upstream_count) return ERR_OK;
    enum err e = node_advance(l->node, until_ms, FIRE_MAX, &fired);
    l->taken += fired;
    *more = fired == FIRE_MAX;
    return e;
}

static enum err apply_head(struct loop *l, struct upstream *u)
{
    enum err e = node_entry(l->node, u->owner, u->head);
    u->head = (struct slice){0};
    l->taken++;
    loop_count(l, LOOP_METRIC_entries, 1);
    if (e == ERR_REFUSED) restart(l, u);
    return e == ERR_STALE || e == ERR_REFUSED ? ERR_OK : e;
}

static void note_waiting(struct loop *l, const struct merge_input *in)
{
    for (size_t i = 0; l->event_clock && i < l->upstream_count; i++)
        l->upstreams[i].waits = merge_waits(in, l->upstream_count, i);
}

enum err loop_upstreams_apply(struct loop *l)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < l->upstream_count; i++)
        l->upstreams[i].waits = false;
    while (e == ERR_OK && l->taken < (uint32_t)l->settings.batch_max) {
        struct merge_input in[OWNER_COUNT];
        for (size_t i = 0; i < l->upstream_count; i++) {
            struct upstream *u = &l->upstreams[i];
            refresh_head(l, u);
            in[i] = (struct merge_input){u->head.n > 0, u->head_now_ms, u->watermark_ms};
        }
        int pick = merge_pick(in, l->upstream_count, l->event_clock);
        bool more;
        int64_t until = pick >= 0 ? in[pick].now_ms : merge_watermark(in, l->upstream_count);
        e = let_time_pass(l, until, &more);
        if (pick < 0 && !more) note_waiting(l, in);
        if (pick < 0 || more) return e;
        if (e == ERR_OK) e = apply_head(l, &l->upstreams[pick]);
    }
    return e;
}

void loop_upstreams_credit(struct loop *l)
{
    for (size_t i = 0; i < l->upstream_count; i++) {
        struct upstream *u = &l->upstreams[i];
        l->committed_cursor[u->owner] = node_cursor(l->node, u->owner);
        if (u->taken_bytes < CREDIT_BYTES / 4) continue;
        ask(l, u, false, u->taken_bytes);
        u->taken_bytes = 0;
    }
}

void loop_upstreams_close(struct loop *l)
{
    for (size_t i = 0; i < l->upstream_count; i++)
        forget_frames(&l->upstreams[i]);
}

void loop_wake(struct loop *l, uint32_t owners)
{
    struct slice w = {(const uint8_t *)"W", 1};
    if (PLANTED(wake_not_sent)) return;
    if (owners & IN(l->options->service->owner)) l->woken = true;
    for (size_t i = 0; i < l->upstream_count; i++) {
        struct upstream *u = &l->upstreams[i];
        if (owners & IN(u->owner)) (void)!bus_send(u->socket, NULL, w);
    }
}
