/* proto_property_test.c - what holds for every contract and every object: bytes and JSON lose
 * nothing, damaged bytes are refused or decode to an object that satisfies its contract, and
 * nothing reads outside of what it was given (build with CUIBAN_SANITIZE). A failure prints shape
 * and seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/contract.h"
#include "proto/proto.h"

#define SEEDS 60u
#define SEEDS_DAMAGED 2u
#define FLIPPED_BYTES_MAX 400u /* of a long object every n-th byte is flipped */

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

struct sample {
    const struct shape *s;
    uint32_t number;
    void *obj;
    struct buf bytes;
};

static struct sample sample_make(const struct shape *s, uint32_t number)
{
    uint64_t seed = (uint64_t)number << 32 | crc32c(0, s->name, strlen(s->name));
    struct sample x = {.s = s, .number = number, .obj = arena_take(&arena, s->size)};
    proto_random(s, &seed, &arena, x.obj);
    proto_encode(s, x.obj, &x.bytes);
    return x;
}

static void sample_done(struct sample *x)
{
    buf_fini(&x->bytes);
    arena_reset(&arena);
}

static void assert_same(const struct sample *x, const void *obj, const char *way)
{
    struct buf again = {0};
    proto_encode(x->s, obj, &again);
    if (again.n != x->bytes.n || memcmp(again.p, x->bytes.p, again.n) != 0) {
        fail_msg("%s seed %u: changed by %s", x->s->name, x->number, way);
    }
    buf_fini(&again);
}

static void for_all(uint32_t seeds, void (*check)(const struct sample *x))
{
    for (uint32_t i = 0; shape_at(i); i++) {
        for (uint32_t number = 0; number < seeds; number++) {
            struct sample x = sample_make(shape_at(i), number);
            check(&x);
            sample_done(&x);
        }
    }
}

static void check_random(const struct sample *x)
{
    struct fault first = {0};
    if (proto_check(x->s, x->obj, &first, 1) != 0) {
        fail_msg("%s seed %u: %s", x->s->name, x->number, first.text);
    }
}

static void random_objects_satisfy_their_contract(void **state)
{
    (void)state;
    for_all(SEEDS, check_random);
}

static void check_bytes(const struct sample *x)
{
    struct fault why = {0};
    void *obj = arena_take(&arena, x->s->size);
    struct slice in = buf_slice(&x->bytes);
    if (proto_scan(in, &why) != ERR_OK) fail_msg("%s seed %u: %s", x->s->name, x->number, why.text);
    if (proto_decode(x->s, in, &arena, obj, &why) != ERR_OK) {
        fail_msg("%s seed %u: %s", x->s->name, x->number, why.text);
    }
    assert_same(x, obj, "bytes");
}

static void bytes_lose_nothing(void **state)
{
    (void)state;
    for_all(SEEDS, check_bytes);
}

/* RAW is not taken from JSON, so it is left out on the way there. */
static void drop_raw(const struct shape *s, void *obj)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->fields[i].type != FT_RAW) continue;
        *(struct slice *)((uint8_t *)obj + s->fields[i].offset) = (struct slice){0};
    }
}

static void check_json(const struct sample *x)
{
    struct fault why = {0};
    uint32_t count = 0;
    struct sample y = {.s = x->s, .number = x->number};
    void *obj = arena_take(&arena, x->s->size);
    drop_raw(x->s, x->obj);
    proto_encode(x->s, x->obj, &y.bytes);
    json_t *json = proto_to_json(x->s, x->obj);
    char *text = json_dumps(json, 0); /* through text, as it travels */
    json_t *back = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (proto_from_json(x->s, back, &arena, obj, &why, 1, &count) != ERR_OK) {
        fail_msg("%s seed %u: %s", x->s->name, x->number, why.text);
    }
    assert_same(&y, obj, "JSON");
    json_decref(back);
    json_decref(json);
    free(text);
    buf_fini(&y.bytes);
}

static void json_loses_nothing(void **state)
{
    (void)state;
    for_all(SEEDS, check_json);
}

/* Whatever decodes satisfies its contract, so that it can be encoded. Bytes that pass both looks
 * are the ones a service would go on with. The copy is exact: a read behind it is seen by the
 * sanitizer. */
static void try_bytes(const struct shape *s, const uint8_t *p, size_t n)
{
    struct fault why = {0};
    uint8_t *copy = malloc(n + !n);
    void *obj = arena_take(&arena, s->size);
    assert_non_null(copy);
    memcpy(copy, p, n);
    struct slice in = {copy, n};
    enum err scanned = proto_scan(in, &why);
    enum err e = proto_decode(s, in, &arena, obj, &why);
    if (e == ERR_OK && scanned == ERR_OK) {
        struct buf again = {0};
        proto_encode(s, obj, &again);
        buf_fini(&again);
    } else {
        assert_true(why.code[0] && why.text[0]);
    }
    free(copy);
}

static void check_cut(const struct sample *x)
{
    for (size_t n = 0; n < x->bytes.n; n++) {
        struct fault why = {0};
        struct slice in = {x->bytes.p, n};
        assert_int_equal(proto_scan(in, &why), ERR_REFUSED);
        try_bytes(x->s, x->bytes.p, n);
    }
}

/* What is read of an entry without decoding it, of the whole and of what is left when it is cut. */
static void check_ends(const struct sample *x)
{
    struct rec_entry *e = x->obj, ends;
    if (x->s != shape_entry() || e->now < 0) return; /* nothing was written before 1970 */
    static const uint8_t no_hash[sizeof e->prev];
    bool nothing_behind = e->filled == 0 && e->content == 0;
    int64_t now;
    assert_int_equal(entry_now(buf_slice(&x->bytes), &now), ERR_OK);
    assert_int_equal(now, e->now);
    bool seen = entry_ends(buf_slice(&x->bytes), &ends);
    assert_int_equal(seen, nothing_behind && memcmp(e->prev, no_hash, sizeof no_hash) != 0);
    if (seen) {
        assert_int_equal(ends.seq, e->seq);
        assert_int_equal(ends.now, e->now);
        assert_int_equal(ends.number, e->number);
        assert_memory_equal(ends.prev, e->prev, sizeof e->prev);
    }
    for (size_t n = 0; n < x->bytes.n; n++) {
        uint8_t *cut = malloc(n + !n);
        assert_non_null(cut);
        memcpy(cut, x->bytes.p, n);
        if (entry_now((struct slice){cut, n}, &now) == ERR_OK) assert_int_equal(now, e->now);
        (void)entry_ends((struct slice){cut, n}, &ends);
        free(cut);
    }
}

static void an_entry_is_seen_by_its_ends_as_it_is_decoded(void **state)
{
    (void)state;
    for_all(SEEDS, check_ends);
}

static void cut_bytes_are_refused(void **state)
{
    (void)state;
    for_all(SEEDS_DAMAGED, check_cut);
}

static void check_flipped(const struct sample *x)
{
    static const uint8_t flips[] = {0x01, 0x80, 0x40, 0xff, 0x10};
    size_t step = x->bytes.n / FLIPPED_BYTES_MAX + 1;
    for (size_t at = 0; at < x->bytes.n; at += step) {
        for (size_t k = 0; k < COUNT_OF(flips); k++) {
            x->bytes.p[at] ^= flips[k];
            try_bytes(x->s, x->bytes.p, x->bytes.n);
            x->bytes.p[at] ^= flips[k];
        }
    }
}

static void damaged_bytes_never_pass_for_something_they_are_not(void **state)
{
    (void)state;
    for_all(SEEDS_DAMAGED, check_flipped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_objects_satisfy_their_contract),
        cmocka_unit_test(bytes_lose_nothing),
        cmocka_unit_test(json_loses_nothing),
        cmocka_unit_test(an_entry_is_seen_by_its_ends_as_it_is_decoded),
        cmocka_unit_test(cut_bytes_are_refused),
        cmocka_unit_test(damaged_bytes_never_pass_for_something_they_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
