/* load.c - the product's load program for the door: keeps WINDOW facts in flight, FRAME in each
 * frame, for SECONDS, each moving a deadline of one of CASES open calls; latency = send of a frame
 * to its answer.
 *
 * load RUN CASES WINDOW FRAME SECONDS [WINDOW FRAME SECONDS]...
 * First registers a unit and CASES calls, each with a promise; then one measurement per triple.
 *
 * Prints lines R<TAB>product<TAB>metric<TAB>unit<TAB>value, to stand beside those of the limit
 * programs; "# prepared" before the first measurement and "# ..." after each, for who watches the
 * service meanwhile. */
#include "common/bus.h"
#include "common/calendar.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop.h"
#include "common/wire.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UNIT STR("BENCH")
#define LATENCIES_MAX ((size_t)1 << 22)

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t rng(uint64_t *s)
{
    uint64_t z = (*s += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct load {
    struct bus *bus;
    struct bus_socket *socket;
    struct buf frame, data, fact;
    uint32_t count;  /* facts in the frame being filled */
    uint64_t serial; /* of facts */
    uint64_t refused;
    char prefix[32]; /* of fact ids: another one each run */
    uint8_t *kept;   /* by case: its promise is kept */
};

static void frame_begin(struct load *l, uint64_t tag)
{
    buf_clear(&l->frame);
    wire_u8(&l->frame, 'P');
    wire_u64(&l->frame, tag);
    wire_u32(&l->frame, 0);
    l->count = 0;
}

static void add(struct load *l, enum event_kind kind, const void *payload)
{
    char id[64];
    int n = snprintf(id, sizeof id, "%s-%" PRIu64, l->prefix, ++l->serial);
    buf_clear(&l->data);
    buf_clear(&l->fact);
    proto_encode(event_of(kind)->shape(), payload, &l->data);
    struct rec_fact f = {.number = event_of(kind)->number,
                         .id = {id, (uint32_t)n},
                         .source = UNIT,
                         .occurred = clock_wall_ms(),
                         .actor = STR("clerk-0172"),
                         .data = buf_slice(&l->data)};
    proto_encode(shape_fact(), &f, &l->fact);
    wire_bytes(&l->frame, buf_slice(&l->fact));
    l->count++;
    memcpy(l->frame.p + 9, &l->count, 4);
}

static void send_frame(struct load *l)
{
    while (bus_send(l->socket, NULL, buf_slice(&l->frame)) != ERR_OK)
        clock_sleep_ms(1);
}

/* One answer; returns its tag. */
static uint64_t take_answer(struct load *l)
{
    struct bus_message m = {0};
    int64_t until = clock_mono_ms() + 20000;
    while (bus_receive(l->socket, &m) != ERR_OK) {
        bus_wait(l->bus, 100);
        if (clock_mono_ms() > until) {
            fprintf(stderr, "load: no answer in 20 s\n");
            exit(1);
        }
    }
    struct wire w = {m.bytes, false};
    struct arena a = {0};
    REQUIRE(wire_take_u8(&w) == 'p');
    uint64_t tag = wire_take_u64(&w);
    uint32_t n = wire_take_u32(&w);
    for (uint32_t i = 0; i < n; i++) {
        struct rec_outcome o;
        struct fault why;
        REQUIRE(proto_decode(shape_outcome(), wire_take_bytes(&w), &a, &o, &why) == ERR_OK);
        if (!str_is(o.verdict, "refused")) continue;
        if (!l->refused++) fprintf(stderr, "load: refused: %.*s\n", STR_ARG(o.text));
    }
    arena_fini(&a);
    bus_message_fini(&m);
    return tag;
}

static int64_t promise_due(uint64_t *seed)
{
    return clock_wall_ms() + DAY_MS + (int64_t)(rng(seed) % (uint64_t)(60 * DAY_MS));
}

/* Makes the promise of a case, or keeps it: the deadline is armed, or stopped, in turn. */
static void add_promise(struct load *l, uint64_t c, uint64_t *seed)
{
    char call[40];
    int n = snprintf(call, sizeof call, "B%09" PRIu64, c);
    l->kept[c] ^= 1;
    if (!l->kept[c]) {
        struct ev_promise_kept kept = {.call_no = {call, (uint32_t)n}};
        add(l, EV_promise_kept, &kept);
        return;
    }
    struct ev_promise_made ev = {
        .call_no = {call, (uint32_t)n},
        .due = promise_due(seed),
        .text = STR("\xe7\x94\xb2\xe5\xb7\xa5\xe7\xa8\x8b\xe5\xb8\xab\xe5\x9b\x9e\xe9\x9b\xbb")};
    add(l, EV_promise_made, &ev);
}

static int prepare(struct load *l, uint64_t cases)
{
    uint64_t seed = 7, answered = 0, sent = 0;
    frame_begin(l, 0);
    struct ev_unit_upserted unit = {.unit = UNIT, .name = STR("Bench"), .kind = unit_kind_center};
    add(l, EV_unit_upserted, &unit);
    send_frame(l);
    take_answer(l);
    for (uint64_t c = 0; c < cases;) {
        frame_begin(l, ++sent);
        for (int i = 0; i < 32 && c < cases; i++, c++) {
            char call[40];
            int n = snprintf(call, sizeof call, "B%09" PRIu64, c);
            struct ev_call_registered ev = {.call_no = {call, (uint32_t)n},
                                            .unit = UNIT,
                                            .channel = channel_phone,
                                            .order_kind = STR("desk")};
            add(l, EV_call_registered, &ev);
            add_promise(l, c, &seed);
        }
        send_frame(l);
        if (sent - answered >= 64) {
            take_answer(l);
            answered++;
        }
    }
    while (answered++ < sent)
        take_answer(l);
    printf("# prepared\n");
    return l->refused ? 1 : 0;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

struct shape_of_run {
    uint64_t cases, window, frame;
    double seconds;
};

static int run(struct load *l, const struct shape_of_run *r)
{
    uint64_t seed = (uint64_t)now_ns(), flying = 0, acked = 0, n = 0, before = l->serial;
    int64_t *took = malloc(LATENCIES_MAX * sizeof *took);
    REQUIRE(took != NULL);
    int64_t start = now_ns(), warm = start + 300000000, end = warm + (int64_t)(r->seconds * 1e9),
            first = 0, now = start;
    while (now < end || flying > 0) {
        while (now < end && flying + r->frame <= (r->window < r->frame ? r->frame : r->window)) {
            frame_begin(l, (uint64_t)now_ns());
            for (uint64_t i = 0; i < r->frame; i++)
                add_promise(l, rng(&seed) % r->cases, &seed);
            send_frame(l);
            flying += r->frame;
        }
        int64_t sent = (int64_t)take_answer(l);
        flying -= r->frame;
        now = now_ns();
        if (now <= warm || now > end) continue;
        if (!first) first = now;
        acked += r->frame;
        if (n < LATENCIES_MAX) took[n++] = now - sent;
    }
    qsort(took, n, sizeof *took, compare);
    printf("# %" PRIu64 " cases, %" PRIu64 " in flight, %" PRIu64 " a frame\n", r->cases, r->window,
           r->frame);
    printf("R\tproduct\tsent\tfacts\t%" PRIu64 "\n", l->serial - before);
    printf("R\tproduct\tdurable events\t1/s\t%.6g\n",
           (double)acked / ((double)(end - first) / 1e9));
    printf("R\tproduct\tack p50\tus\t%.6g\n", n ? (double)took[n / 2] / 1e3 : 0);
    printf("R\tproduct\tack p99\tus\t%.6g\n", n ? (double)took[n * 99 / 100] / 1e3 : 0);
    printf("R\tproduct\tack max\tus\t%.6g\n", n ? (double)took[n - 1] / 1e3 : 0);
    free(took);
    return l->refused ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc < 6 || argc % 3 != 0) {
        fprintf(stderr, "usage: load RUN CASES WINDOW FRAME SECONDS [WINDOW FRAME SECONDS]...\n");
        return 2;
    }
    struct load l = {0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    char endpoint[LOOP_ENDPOINT_SIZE];
    snprintf(l.prefix, sizeof l.prefix, "%" PRIx64, (uint64_t)clock_wall_ms());
    loop_endpoint(endpoint, argv[1], "intake");
    REQUIRE(bus_open(&l.bus) == ERR_OK && bus_connect(l.bus, endpoint, NULL, &l.socket) == ERR_OK);
    uint64_t cases = strtoull(argv[2], NULL, 10);
    l.kept = calloc(cases, 1);
    REQUIRE(l.kept != NULL);
    int rc = prepare(&l, cases);
    for (int i = 3; rc == 0 && i < argc; i += 3) {
        struct shape_of_run r = {cases, strtoull(argv[i], NULL, 10),
                                 strtoull(argv[i + 1], NULL, 10), strtod(argv[i + 2], NULL)};
        rc = run(&l, &r);
    }
    free(l.kept);
    bus_close(&l.bus);
    buf_fini(&l.frame);
    buf_fini(&l.data);
    buf_fini(&l.fact);
    return rc;
}
