/* codec.c - nanoseconds to encode, look over and decode what travels most; prints R lines. */
#include "common/contract.h"
#include "proto/proto.h"
#include <stdlib.h>
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

int main(void)
{
    measure(shape_entry());
    measure(shape_ev_call_registered());
    measure(shape_ev_job_assigned());
    measure(shape_ev_deadline_armed());
    return 0;
}
