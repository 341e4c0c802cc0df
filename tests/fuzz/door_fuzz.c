/* door_fuzz.c - any frames at the socket of the door or the desk, served by the real loop.
 *
 * Whatever comes: a turn succeeds; every P is answered once, with one outcome for each whole fact
 * and one more for a fact that is cut; every C that is whole is answered once in the end; I is
 * answered by a status; an unknown letter by "frame_broken"; outcomes and statuses satisfy their
 * contracts. A log is streamed without gaps from where it was asked for, only what is committed,
 * and never more than a frame above the credit.
 *
 * Bytes: wall or event clock, door or desk; then commands: the first byte's low half the sender,
 * its high half what: a turn, time, a well-formed frame, or a raw one. */
#include "common/contract.h"
#include "services/escalation/escalation.h"
#include "services/intake/intake.h"
#include "tests/fuzz/lib/fake_bus.h"
#include "tests/fuzz/lib/loop_stage.h"
#include "tests/fuzz/lib/world.h"
#include <string.h>

#define PEERS 4u
#define COMMANDS_MAX 200

/* What one sender is owed, and what it has been sent of the log. */
struct peer {
    uint32_t facts, statuses, clocks; /* answers to come */
    uint64_t next, credit;
    bool reads;
};

struct talk {
    struct loop *loop;
    bool is_door;
    uint32_t waiting; /* frames the loop has not seen yet */
    struct peer peers[PEERS];
    struct arena arena;
};

static struct talk *the_talk;

/* ---- what is sent ---- */

static void check_outcomes(struct peer *p, struct wire *w)
{
    (void)wire_take_u64(w);
    uint32_t n = wire_take_u32(w);
    for (uint32_t i = 0; i < n; i++) {
        struct rec_outcome o;
        struct fault why;
        enum err e = proto_decode(shape_outcome(), wire_take_bytes(w), &the_talk->arena, &o, &why);
        REQUIRE(e == ERR_OK);
    }
    REQUIRE(!w->bad && w->rest.n == 0);
    REQUIRE(p->facts > 0);
    p->facts--;
}

static void check_status(struct peer *p, struct wire *w)
{
    struct rec_status s;
    struct fault why;
    enum err e = proto_decode(shape_status(), w->rest, &the_talk->arena, &s, &why);
    REQUIRE(e == ERR_OK && p->statuses > 0);
    p->statuses--;
}

static void check_stream(struct peer *p, struct wire *w)
{
    (void)wire_take_u64(w);
    uint64_t first = wire_take_u64(w), n = wire_take_u32(w);
    size_t bytes = w->rest.n;
    REQUIRE(p->reads && first == p->next);
    for (uint64_t i = 0; i < n; i++) {
        struct rec_entry entry;
        struct fault why;
        enum err e =
            proto_decode(shape_entry(), wire_take_bytes(w), &the_talk->arena, &entry, &why);
        REQUIRE(e == ERR_OK && entry.seq == first + i);
    }
    REQUIRE(!w->bad && w->rest.n == 0);
    REQUIRE(n == 0 || first + n - 1 <= store_committed_seq(node_store(the_talk->loop->node)));
    REQUIRE(n == 0 || p->credit > 0);
    p->credit = p->credit > bytes ? p->credit - bytes : 0;
    p->next += n;
}

static enum err on_sent(const char *endpoint, uint8_t peer, struct slice bytes)
{
    struct wire w = {bytes, false};
    struct peer *p = &the_talk->peers[peer % PEERS];
    if (strcmp(endpoint, loop_stage_endpoint(the_talk->loop->options->service->name)) != 0)
        return ERR_OK; /* a question to an upstream */
    switch (wire_take_u8(&w)) {
    case 'p':
        check_outcomes(p, &w);
        return ERR_OK;
    case 'i':
        check_status(p, &w);
        return ERR_OK;
    case 'c':
        REQUIRE(p->clocks > 0);
        p->clocks--;
        return ERR_OK;
    case 'g':
        check_stream(p, &w);
        return ERR_OK;
    }
    contract_broken("a known letter", __FILE__, __LINE__);
}

/* ---- what is asked ---- */

/* A frame reaches the loop: what it asks for, read the way wire.h says. */
static void on_received(const char *endpoint, uint8_t peer, struct slice frame)
{
    struct wire w = {frame, false};
    struct peer *p = &the_talk->peers[peer % PEERS];
    (void)endpoint;
    the_talk->waiting--;
    uint8_t letter = wire_take_u8(&w);
    if (letter == 'W') return;
    if (letter == 'G') {
        bool reset = wire_take_u8(&w) != 0;
        uint64_t from = wire_take_u64(&w);
        uint32_t credit = wire_take_u32(&w);
        if (w.bad) return;
        bool begin = reset || !p->reads || p->next == 0;
        if (begin) p->next = from;
        p->credit = (begin ? 0 : p->credit) + credit;
        p->reads = true;
    } else if (letter == 'I') {
        p->statuses++;
    } else if (letter == 'C') {
        (void)wire_take_u64(&w);
        if (w.bad) p->facts++;
        if (!w.bad && the_talk->is_door) p->clocks++;
    } else {
        p->facts++;
    }
}

static void put(struct talk *t, uint8_t who, struct slice frame)
{
    const char *endpoint = loop_stage_endpoint(t->loop->options->service->name);
    t->waiting += fake_bus_put(endpoint, who, frame);
}

static void put_facts(struct talk *t, uint8_t who, struct fuzz_in *in)
{
    struct buf b = {0};
    uint8_t n = fuzz_u8(in) % 4;
    wire_u8(&b, 'P');
    wire_u64(&b, fuzz_u8(in));
    wire_u32(&b, n);
    for (uint8_t i = 0; i < n; i++)
        wire_bytes(&b, world_fact(in, WORLD_START_MS, &t->arena));
    put(t, who, buf_slice(&b));
    buf_fini(&b);
}

static void put_numbers(struct talk *t, uint8_t who, uint8_t letter, struct fuzz_in *in)
{
    struct buf b = {0};
    wire_u8(&b, letter);
    if (letter == 'G') {
        wire_u8(&b, fuzz_u8(in) & 1);
        wire_u64(&b, fuzz_u8(in));
        wire_u32(&b, fuzz_u16(in));
    } else {
        wire_u64(&b, (uint64_t)(WORLD_START_MS + fuzz_u16(in) * INT64_C(60000)));
    }
    put(t, who, buf_slice(&b));
    buf_fini(&b);
}

static void turn_once(struct talk *t)
{
    enum err e = loop_stage_turn(t->loop);
    REQUIRE(e == ERR_OK);
    arena_reset(&t->arena);
}

static void command(struct talk *t, struct fuzz_in *in)
{
    uint8_t c = fuzz_u8(in), who = c % PEERS;
    switch (c >> 4) {
    case 0:
    case 1:
        turn_once(t);
        return;
    case 2:
        loop_stage_clock(loop_stage_now() + fuzz_u16(in));
        return;
    case 3:
        loop_stage_clock(loop_stage_now() + fuzz_u16(in) * INT64_C(60000));
        return;
    case 4:
        put(t, who, (struct slice){(const uint8_t *)"IW" + (c >> 3 & 1), 1});
        return;
    case 5:
    case 6:
        put_numbers(t, who, 'G', in);
        return;
    case 7:
        put_numbers(t, who, 'C', in);
        return;
    case 8:
    case 9:
        put(t, who, fuzz_bytes(in));
        return;
    default:
        put_facts(t, who, in);
    }
}

static bool all_answered(const struct talk *t)
{
    uint32_t owed = t->waiting;
    for (uint32_t i = 0; i < PEERS; i++)
        owed += t->peers[i].facts + t->peers[i].statuses + t->peers[i].clocks;
    return owed == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_in in = {bytes, n};
    struct talk t = {.loop = NULL};
    uint8_t how = fuzz_u8(&in);
    t.is_door = !(how & 2);
    the_talk = &t;
    loop_stage_clock(WORLD_START_MS);
    struct loop_stage_options o = {.service = t.is_door ? &intake_service : &escalation_service,
                                   .policy = world_policy(how >> 2),
                                   .event_clock = how & 1,
                                   .claims = !t.is_door,
                                   .batch_max = 1 + (how >> 4)};
    fake_bus_on_sent(NULL);
    t.loop = loop_stage_open(&o);
    fake_bus_on_sent(on_sent);
    fake_bus_on_received(on_received);
    for (unsigned i = 0; i < COMMANDS_MAX && in.n > 0; i++)
        command(&t, &in);
    for (unsigned i = 0; i < COMMANDS_MAX + 2 && !all_answered(&t); i++)
        turn_once(&t);
    REQUIRE(all_answered(&t));
    fake_bus_on_received(NULL);
    loop_stage_close(&t.loop);
    arena_fini(&t.arena);
    return 0;
}
