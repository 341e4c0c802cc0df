/* codec.c - nanoseconds to encode, look over and decode what travels most; prints R lines. */
#include "common/contract.h"
#include "proto/proto.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 400000

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void measure(const struct shape *s)
{
    uint64_t seed = 7;
    struct arena a = {0};
    struct buf b = {0};
    struct fault why;
    void *obj = calloc(1, s->size), *back = calloc(1, s->size);
    REQUIRE(obj != NULL && back != NULL);
    proto_random(s, &seed, &a, obj);
    int64_t t0 = now_ns();
    for (int i = 0; i < ROUNDS; i++) {
        buf_clear(&b);
        proto_encode(s, obj, &b);
    }
    int64_t t1 = now_ns();
    struct arena lines = {0};
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(&lines);
        REQUIRE(proto_decode(s, buf_slice(&b), &lines, back, &why) == ERR_OK);
    }
    int64_t t2 = now_ns();
    for (int i = 0; i < ROUNDS; i++)
        REQUIRE(proto_scan(buf_slice(&b), &why) == ERR_OK);
    int64_t t3 = now_ns();
    printf("# %s: %u fields, %zu bytes\n", s->name, s->count, b.n);
    printf("R\t%s\tencode\tns\t%.1f\n", s->name, (double)(t1 - t0) / ROUNDS);
    printf("R\t%s\tdecode\tns\t%.1f\n", s->name, (double)(t2 - t1) / ROUNDS);
    printf("R\t%s\tscan\tns\t%.1f\n", s->name, (double)(t3 - t2) / ROUNDS);
    buf_fini(&b);
    arena_fini(&a);
    arena_fini(&lines);
    free(obj);
    free(back);
}

/* An entry as the door writes one, and what it holds: what a reader of the log does to each. */
static void measure_reading(void)
{
    struct arena a = {0};
    struct buf data = {0}, b = {0};
    struct fault why;
    struct ev_promise_made made = {
        .call_no = STR("B000001234"),
        .due = INT64_C(1796204800123),
        .text = STR("\xe7\x94\xb2\xe5\xb7\xa5\xe7\xa8\x8b\xe5\xb8\xab\xe5\x9b\x9e\xe9\x9b\xbb")};
    proto_encode(shape_ev_promise_made(), &made, &data);
    struct rec_entry e = {.seq = 123456,
                          .now = INT64_C(1795600000123),
                          .number = event_of(EV_promise_made)->number,
                          .occurred = INT64_C(1795600000001),
                          .received = INT64_C(1795600000123),
                          .id = STR("19c4f1a2b3d-123456"),
                          .source = STR("BENCH"),
                          .actor = STR("clerk-0172"),
                          .rule = STR("INT-090"),
                          .policy = 1,
                          .data = buf_slice(&data)};
    memset(e.prev, 7, sizeof e.prev);
    proto_encode(shape_entry(), &e, &b);
    int64_t t0 = now_ns();
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(&a);
        REQUIRE(proto_decode(shape_entry(), buf_slice(&b), &a, &e, &why) == ERR_OK);
        REQUIRE(proto_decode(shape_ev_promise_made(), e.data, &a, &made, &why) == ERR_OK);
    }
    printf("# an entry of the log and its event: %zu bytes\n", b.n);
    printf("R\tread\tdecode\tns\t%.1f\n", (double)(now_ns() - t0) / ROUNDS);
    buf_fini(&data);
    buf_fini(&b);
    arena_fini(&a);
}

int main(void)
{
    measure_reading();
    measure(shape_entry());
    measure(shape_ev_call_registered());
    measure(shape_ev_job_assigned());
    measure(shape_ev_deadline_armed());
    return 0;
}
