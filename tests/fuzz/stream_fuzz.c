/* stream_fuzz.c - any frames from the logs a service reads, taken by the real loop of each of the
 * six that read.
 *
 * Whatever comes: a turn succeeds, or finds that a log's own bytes do not decode (the service then
 * stops and asks again); the cursor moves over whole records only, one by one; nothing is written
 * when nothing was taken and no time passed; the service's time never goes back; and what is
 * committed is there again after a crash.
 *
 * Bytes: the service and its clock; then commands: a turn, time, a frame with records drawn from
 * their contracts and well numbered (or nearly), or a raw frame. */
#include "common/contract.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include "tests/fuzz/lib/fake_bus.h"
#include "tests/fuzz/lib/loop_stage.h"
#include "tests/fuzz/lib/world.h"
#include <string.h>

#define COMMANDS_MAX 200

struct reading {
    struct loop *loop;
    struct fuzz_in in;
    int64_t now_ms;
    uint64_t sent[OWNER_COUNT]; /* last record of each log put on the wire */
    uint64_t cursor[OWNER_COUNT];
    int64_t clock_ms;
    struct arena arena;
};

static void put_record(struct reading *r, struct buf *to, uint64_t seq)
{
    wire_bytes(to, world_record(&r->in, seq, &r->now_ms, &r->arena));
}

static enum owner a_log(struct reading *r, uint8_t which)
{
    struct loop *l = r->loop;
    return l->upstreams[which % l->upstream_count].owner;
}

/* how: low bits the number of records, then gaps, repetitions and wrong counts. */
static void put_frame(struct reading *r, uint8_t which)
{
    enum owner from = a_log(r, which);
    uint8_t how = fuzz_u8(&r->in);
    uint64_t n = how & 7, first = r->sent[from] + 1;
    if ((how & 0x38) == 8) first++;
    if ((how & 0x38) == 16 && first > 2) first -= 2;
    struct buf b = {0};
    wire_u8(&b, 'g');
    wire_u64(&b, how & 0x80 ? (uint64_t)r->now_ms : 0);
    wire_u64(&b, first);
    wire_u32(&b, (uint32_t)n + ((how & 0x78) == 0x40));
    for (uint64_t i = 0; i < n; i++)
        put_record(r, &b, first + i);
    bool put = fake_bus_put(loop_stage_endpoint(owner_name(from)), 0, buf_slice(&b));
    if (put && first <= r->sent[from] + 1) r->sent[from] = first + n - 1;
    buf_fini(&b);
}

static void put_raw(struct reading *r, uint8_t which)
{
    const char *endpoint = loop_stage_endpoint(owner_name(a_log(r, which)));
    (void)fake_bus_put(endpoint, 0, fuzz_bytes(&r->in));
}

static struct reading *the_reading;

/* The producer hears where the reader stands: what it sends next is what it was asked for. */
static enum err on_sent(const char *endpoint, uint8_t peer, struct slice bytes)
{
    (void)peer;
    struct wire w = {bytes, false};
    if (wire_take_u8(&w) != 'G' || wire_take_u8(&w) == 0 || !the_reading->loop) return ERR_OK;
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        if (strcmp(endpoint, loop_stage_endpoint(owner_name((enum owner)o))) == 0)
            the_reading->sent[o] = wire_take_u64(&w) - 1;
    }
    return ERR_OK;
}

static void check(struct reading *r)
{
    struct loop *l = r->loop;
    uint64_t taken = 0;
    for (size_t i = 0; i < l->upstream_count; i++) {
        enum owner o = l->upstreams[i].owner;
        uint64_t at = node_cursor(l->node, o);
        REQUIRE(at >= r->cursor[o]);
        taken += at - r->cursor[o];
        r->cursor[o] = at;
    }
    REQUIRE(taken <= l->taken);
    REQUIRE(node_clock(l->node) >= r->clock_ms);
    REQUIRE(store_last_seq(node_store(l->node)) == store_committed_seq(node_store(l->node)));
    r->clock_ms = node_clock(l->node);
}

static enum err turn_once(struct reading *r)
{
    enum err e = loop_stage_turn(r->loop);
    REQUIRE(e == ERR_OK || e == ERR_CORRUPT);
    if (e == ERR_OK) check(r);
    arena_reset(&r->arena);
    return e;
}

static enum err command(struct reading *r)
{
    uint8_t c = fuzz_u8(&r->in);
    switch (c >> 4) {
    case 0:
    case 1:
    case 2:
        return turn_once(r);
    case 3:
        loop_stage_clock(loop_stage_now() + fuzz_u16(&r->in));
        return ERR_OK;
    case 4:
        loop_stage_clock(loop_stage_now() + fuzz_u16(&r->in) * MINUTE_MS);
        return ERR_OK;
    case 5:
    case 6:
        put_raw(r, c);
        return ERR_OK;
    default:
        put_frame(r, c);
        return ERR_OK;
    }
}

/* Stop without a word, open the store again. */
static void check_recovers(struct reading *r, const struct loop_stage_options *o)
{
    char dir[SETTING_TEXT_SIZE + 32];
    struct fault why;
    struct node *n;
    uint64_t committed = store_committed_seq(node_store(r->loop->node));
    snprintf(dir, sizeof dir, "%s/%s", r->loop->settings.dir, o->service->name);
    loop_stage_close(&r->loop);
    struct node_options no = {.service = o->service, .policy = o->policy, .dir = dir};
    no.clock = o->event_clock ? CLOCK_MODE_event : CLOCK_MODE_wall;
    no.map_bytes = UINT64_C(64) << 20;
    enum err e = node_open(&no, &n, &why);
    REQUIRE(e == ERR_OK);
    REQUIRE(store_last_seq(node_store(n)) == committed);
    for (int k = OWNER_intake; k < OWNER_COUNT; k++)
        REQUIRE(node_cursor(n, (enum owner)k) == r->cursor[k]);
    node_close(&n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct service *const services[] = {&dispatch_service,   &parts_service,
                                                     &complaint_service,  &scoring_service,
                                                     &escalation_service, &headoffice_service};
    struct reading r = {.in = {bytes, n}, .now_ms = WORLD_START_MS};
    uint8_t how = fuzz_u8(&r.in);
    struct loop_stage_options o = {.service = services[how % 6],
                                   .policy = world_policy(how >> 2),
                                   .event_clock = how & 128,
                                   .claims = how % 6 == 4,
                                   .batch_max = 1 + (how >> 2)};
    loop_stage_clock(WORLD_START_MS);
    the_reading = &r;
    fake_bus_on_sent(on_sent);
    r.loop = loop_stage_open(&o);
    enum err e = ERR_OK;
    for (unsigned i = 0; e == ERR_OK && i < COMMANDS_MAX && r.in.n > 0; i++)
        e = command(&r);
    for (unsigned i = 0; e == ERR_OK && i < 4; i++)
        e = turn_once(&r);
    check_recovers(&r, &o);
    arena_fini(&r.arena);
    return 0;
}
