/* sender.c - a centre that tells its story to the door and keeps what was not answered, with the
 * same ids, until it is. On the event clock one frame at a time, because there the order of the
 * facts is the order of the world. */
#include "common/contract.h"
#include "common/wire.h"
#include "tests/sim/sim.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 4000 /* without an answer, then the frame is sent again */

static void dial(struct sim *s)
{
    char endpoint[LOOP_ENDPOINT_SIZE];
    loop_endpoint(endpoint, s->dir, "intake");
    REQUIRE(bus_connect(s->sender.bus, endpoint, "centre", &s->sender.socket) == ERR_OK);
}

void sender_open(struct sim *s)
{
    REQUIRE(bus_open(&s->sender.bus) == ERR_OK);
    s->sender.left = 12 + (uint32_t)lot_below(&s->lot, 110);
    s->sender.clock_to = s->mode == MODE_event ? world.wall_ms + INT64_C(7) * 86400000 : 0;
    dial(s);
}

static void frame_drop(struct sender *d, size_t at)
{
    for (size_t i = 0; i < FRAME_FACTS; i++)
        buf_fini(&d->pending[at].facts[i]);
    memmove(&d->pending[at], &d->pending[at + 1], (--d->pending_count - at) * sizeof d->pending[0]);
    memset(&d->pending[d->pending_count], 0, sizeof d->pending[0]);
}

void sender_close(struct sim *s)
{
    struct sender *d = &s->sender;
    while (d->pending_count)
        frame_drop(d, 0);
    bus_close(&d->bus);
    buf_fini(&d->fact);
    buf_fini(&d->bytes);
}

/* ---- the story ---- */

static int64_t pause_ms(struct sim *s)
{
    static const struct {
        uint64_t share, up_to_ms;
    } rows[] = {{10, 3},       {15, 300},        {20, 5000},       {20, 60000},
                {28, 1800000}, {6, 3 * 3600000}, {1, 10 * 3600000}};
    uint64_t pick = lot_below(&s->lot, 100);
    size_t i = 0;
    for (; pick >= rows[i].share; i++)
        pick -= rows[i].share;
    return 1 + (int64_t)lot_below(&s->lot, rows[i].up_to_ms);
}

/* On the event clock the story has its own time, which no service sees but through the facts. */
static int64_t story_now(struct sim *s)
{
    if (s->mode == MODE_event) world.wall_ms += pause_ms(s);
    return world.wall_ms - world.skew_ms; /* the centre's clock is another */
}

static int64_t pace_ms(struct sim *s)
{
    return s->mode == MODE_event ? 1 + (int64_t)lot_below(&s->lot, 50) : pause_ms(s);
}

static void tell(struct sim *s)
{
    struct sender *d = &s->sender;
    struct frame *f = &d->pending[d->pending_count];
    uint32_t wanted = 1 + (uint32_t)lot_below(&s->lot, FRAME_FACTS);
    f->count = 0;
    while (f->count < wanted && d->left) {
        if (!story_next(s->story, story_now(s), &d->fact)) {
            d->left = 0;
            break;
        }
        buf_put(&f->facts[f->count++], d->fact.p, d->fact.n);
        if (s->mode == MODE_event) wire_bytes(&s->told, buf_slice(&d->fact));
        d->left--;
    }
    if (f->count == 0) return;
    f->tag = ++d->tags;
    f->sent_ms = 0;
    d->pending_count++;
}

static void frame_send(struct sim *s, struct frame *f)
{
    struct sender *d = &s->sender;
    buf_clear(&d->bytes);
    wire_u8(&d->bytes, 'P');
    wire_u64(&d->bytes, f->tag);
    wire_u32(&d->bytes, (uint32_t)f->count);
    for (size_t i = 0; i < f->count; i++)
        wire_bytes(&d->bytes, buf_slice(&f->facts[i]));
    f->sent_ms = world.mono_ms;
    (void)!bus_send(d->socket, NULL, buf_slice(&d->bytes));
}

/* ---- answers ---- */

/* False: the door did not take it; it is to be sent again. */
static bool answered(struct sim *s, struct slice bytes, struct slice outcome)
{
    struct rec_fact fact;
    struct rec_outcome out;
    struct fault why;
    if (proto_decode(shape_outcome(), outcome, &s->arena, &out, &why) != ERR_OK) return false;
    if (str_is(out.code, "unavailable") || str_is(out.code, "frame_broken")) return false;
    REQUIRE(proto_decode(shape_fact(), bytes, &s->arena, &fact, &why) == ERR_OK);
    story_told(s->story, &fact, &out);
    model_acked(s->model, &fact, &out, world.wall_ms);
    world_trace("answer %.*s %.*s %.*s", STR_ARG(fact.id), STR_ARG(out.verdict), STR_ARG(out.code));
    return true;
}

static void on_facts(struct sim *s, struct wire *w)
{
    struct sender *d = &s->sender;
    uint64_t tag = wire_take_u64(w);
    uint32_t count = wire_take_u32(w);
    size_t at = 0;
    while (at < d->pending_count && d->pending[at].tag != tag)
        at++;
    if (at == d->pending_count || w->bad) return;
    struct frame *f = &d->pending[at];
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++) {
        struct slice outcome = i < count ? wire_take_bytes(w) : (struct slice){0};
        bool taken = i < count && !w->bad && answered(s, buf_slice(&f->facts[i]), outcome);
        if (taken) continue;
        struct buf keep = f->facts[i];
        f->facts[i] = f->facts[kept];
        f->facts[kept++] = keep;
    }
    for (size_t i = kept; i < f->count; i++)
        buf_clear(&f->facts[i]);
    f->count = kept;
    f->tag = ++d->tags; /* what is sent again is another question */
    if (kept == 0) frame_drop(d, at);
    arena_reset(&s->arena);
}

static void receive(struct sim *s)
{
    struct bus_message m;
    while (bus_receive(s->sender.socket, &m) == ERR_OK) {
        struct wire w = {m.bytes, false};
        uint8_t kind = wire_take_u8(&w);
        if (kind == 'p') on_facts(s, &w);
        if (kind == 'c' && s->sender.clock_asked) s->sender.clock_to = 0;
        bus_message_fini(&m);
    }
}

/* ---- work ---- */

static bool story_over(const struct sim *s)
{
    return s->sender.left == 0 && s->sender.pending_count == 0;
}

/* When all is told, time passes, and what is open falls due. */
static void let_time_pass(struct sim *s)
{
    struct sender *d = &s->sender;
    buf_clear(&d->bytes);
    wire_u8(&d->bytes, 'C');
    wire_u64(&d->bytes, (uint64_t)d->clock_to);
    d->clock_asked = bus_send(d->socket, NULL, buf_slice(&d->bytes)) == ERR_OK;
    d->next_ms = world.mono_ms + PATIENCE_MS;
}

void sender_work(struct sim *s)
{
    struct sender *d = &s->sender;
    receive(s);
    for (size_t i = 0; i < d->pending_count; i++) {
        struct frame *f = &d->pending[i];
        if (!f->sent_ms || world.mono_ms - f->sent_ms >= PATIENCE_MS) frame_send(s, f);
    }
    if (world.mono_ms < d->next_ms) return;
    if (story_over(s) && d->clock_to) {
        let_time_pass(s);
        return;
    }
    size_t most = s->mode == MODE_event ? 1 : PENDING_MAX;
    if (d->left && d->pending_count < most) tell(s);
    d->next_ms = world.mono_ms + pace_ms(s);
}

int64_t sender_next(const struct sim *s)
{
    const struct sender *d = &s->sender;
    int64_t at = wires_next(NULL);
    for (size_t i = 0; i < d->pending_count; i++) {
        int64_t again = d->pending[i].sent_ms ? d->pending[i].sent_ms + PATIENCE_MS : 0;
        if (again < at) at = again;
    }
    if ((d->left || d->clock_to) && d->next_ms < at) at = d->next_ms;
    return at;
}

bool sender_done(const struct sim *s)
{
    return story_over(s) && !s->sender.clock_to;
}
