/* proto_decode_fuzz.c - the first byte chooses the contract, the others are decoded without a scan.
 * What decodes and scans satisfies its contract: it can be encoded, and decoding that gives the
 * same bytes. Build: clang -fsanitize=fuzzer,address,undefined; see proto/README.md. */
#include "common/contract.h"
#include "proto/proto.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static uint32_t shape_count(void)
{
    uint32_t n = 0;
    while (shape_at(n))
        n++;
    return n;
}

static void check_again(const struct shape *s, const void *obj, struct arena *a)
{
    struct fault why;
    struct buf first = {0}, second = {0};
    void *again = arena_take(a, s->size);
    proto_encode(s, obj, &first);
    enum err e = proto_decode(s, buf_slice(&first), a, again, &why);
    REQUIRE(e == ERR_OK);
    proto_encode(s, again, &second);
    REQUIRE(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
    buf_fini(&first);
    buf_fini(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena a = {0};
    struct fault why;
    if (n == 0) return 0;
    const struct shape *s = shape_at(p[0] % shape_count());
    struct slice in = {p + 1, n - 1};
    void *obj = arena_take(&a, s->size);
    enum err e = proto_decode(s, in, &a, obj, &why);
    if (e == ERR_OK && proto_scan(in, &why) == ERR_OK) check_again(s, obj, &a);
    arena_fini(&a);
    return 0;
}
