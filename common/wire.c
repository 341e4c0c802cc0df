/* wire.c - see wire.h. */
#include "common/wire.h"
#include <string.h>

void wire_u8(struct buf *b, uint8_t v)
{
    buf_put(b, &v, 1);
}

void wire_u32(struct buf *b, uint32_t v)
{
    buf_put(b, &v, 4);
}

void wire_u64(struct buf *b, uint64_t v)
{
    buf_put(b, &v, 8);
}

void wire_bytes(struct buf *b, struct slice s)
{
    wire_u32(b, (uint32_t)s.n);
    buf_put(b, s.p, s.n);
}

static void take(struct wire *w, void *out, size_t n)
{
    if (w->bad || w->rest.n < n) {
        w->bad = true;
        memset(out, 0, n);
        return;
    }
    memcpy(out, w->rest.p, n);
    w->rest.p += n;
    w->rest.n -= n;
}

uint8_t wire_take_u8(struct wire *w)
{
    uint8_t v;
    take(w, &v, 1);
    return v;
}

uint32_t wire_take_u32(struct wire *w)
{
    uint32_t v;
    take(w, &v, 4);
    return v;
}

uint64_t wire_take_u64(struct wire *w)
{
    uint64_t v;
    take(w, &v, 8);
    return v;
}

struct slice wire_take_bytes(struct wire *w)
{
    uint32_t n = wire_take_u32(w);
    if (w->bad || w->rest.n < n) {
        w->bad = true;
        return (struct slice){0};
    }
    struct slice s = {w->rest.p, n};
    w->rest.p += n;
    w->rest.n -= n;
    return s;
}
