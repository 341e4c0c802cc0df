/* proto_decode_fuzz.c - two bytes choose the contract, the others are decoded without a scan.
 *
 * What decodes and scans satisfies its contract: it can be encoded, and decoding that gives the
 * same bytes; it can be printed; and through JSON it comes back as the same bytes, but for RAW,
 * which JSON does not bring. */
#include "common/contract.h"
#include "proto/proto.h"
#include "tests/fuzz/lib/fuzz.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static uint32_t shape_count(void)
{
    uint32_t n = 0;
    while (shape_at(n))
        n++;
    return n;
}

static void check_same(const struct shape *s, const void *obj, const struct buf *bytes)
{
    struct buf again = {0};
    proto_encode(s, obj, &again);
    REQUIRE(again.n == bytes->n && memcmp(again.p, bytes->p, again.n) == 0);
    buf_fini(&again);
}

static void check_bytes(const struct shape *s, const void *obj, struct arena *a)
{
    struct fault why;
    struct buf bytes = {0};
    void *again = arena_take(a, s->size);
    proto_encode(s, obj, &bytes);
    enum err e = proto_decode(s, buf_slice(&bytes), a, again, &why);
    REQUIRE(e == ERR_OK);
    check_same(s, again, &bytes);
    buf_fini(&bytes);
}

static void check_print(const struct shape *s, const void *obj)
{
    static FILE *nowhere;
    if (!nowhere) nowhere = fopen("/dev/null", "w");
    proto_print(nowhere, s, obj);
}

/* A line of a list has no list, but it may have RAW; drop both kinds. */
static void drop_raw(const struct shape *s, void *obj)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->fields[i].type == FT_RAW)
            memset((uint8_t *)obj + s->fields[i].offset, 0, sizeof(struct slice));
    }
}

static void check_json(const struct shape *s, void *obj, struct arena *a)
{
    struct fault why = {0};
    struct buf bytes = {0};
    uint32_t wrong = 0;
    void *again = arena_take(a, s->size);
    drop_raw(s, obj);
    if (proto_check(s, obj, NULL, 0) > 0) return; /* it needs its RAW */
    proto_encode(s, obj, &bytes);
    json_t *json = proto_to_json(s, obj);
    char *text = json_dumps(json, 0);
    json_t *back = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    REQUIRE(back != NULL);
    enum err e = proto_from_json(s, back, a, again, &why, 1, &wrong);
    REQUIRE(e == ERR_OK);
    check_same(s, again, &bytes);
    json_decref(back);
    json_decref(json);
    free(text);
    buf_fini(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena a = {0};
    struct fault why;
    if (n < 2) return 0;
    const struct shape *s = shape_at((p[0] + 256u * p[1]) % shape_count());
    struct slice in = {p + 2, n - 2};
    void *obj = arena_take(&a, s->size);
    enum err e = proto_decode(s, in, &a, obj, &why);
    if (e == ERR_OK && proto_scan(in, &why) == ERR_OK) {
        check_bytes(s, obj, &a);
        check_print(s, obj);
        check_json(s, obj, &a);
    }
    arena_fini(&a);
    return 0;
}
