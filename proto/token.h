/* token.h - the one reader of msgpack bytes: a head at a time, never past the end. Internal to
 * proto.
 *
 * Everything that looks at msgpack (scan, decode, the check of RAW) goes through token_read, so
 * bounds are checked in one place. Why not msgpack_unpack: a header of 5 bytes can announce 2^32
 * elements, and the library reserves memory for them before it has seen the first. */
#ifndef CUIBAN_PROTO_TOKEN_H
#define CUIBAN_PROTO_TOKEN_H

#include "common/bytes.h"

enum token_kind {
    TOKEN_NIL,
    TOKEN_BOOL,
    TOKEN_UINT, /* any integer >= 0, whatever its width */
    TOKEN_INT,  /* any integer < 0 */
    TOKEN_TEXT,
    TOKEN_BYTES,
    TOKEN_ARRAY,
    TOKEN_FLOAT,
    TOKEN_MAP,
    TOKEN_EXT,
    TOKEN_NEVER, /* 0xc1 */
    TOKEN_CUT    /* the bytes end inside the token */
};

struct token {
    enum token_kind kind;
    uint64_t v; /* integer (two's complement), bool, length in bytes or count of elements */
    const uint8_t *bytes; /* TEXT, BYTES: v bytes */
};

struct token_reader {
    const uint8_t *p, *end;
};

const char *token_name(enum token_kind kind); /* "a text" */

/* Step over exactly one object: depth, counts, total elements, no map, no ext; with texts also
 * UTF-8. Returns NULL, or a stable code ("truncated", "too_deep" …) with r->p at or after the
 * culprit. */
const char *token_skip(struct token_reader *r, bool texts);

/* Kind and width of the argument for the heads 0xc0 … 0xdf. */
struct token_head {
    uint8_t kind, width;
};
extern const struct token_head token_heads[32];

static inline uint64_t token_argument(const uint8_t *p, unsigned width)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < width; i++)
        v = v << 8 | p[i];
    return v;
}

/* Heads 0xc0 … 0xdf, the argument behind them, and for texts and bytes what they hold. */
static inline struct token token_read_wide(struct token_reader *r, uint8_t head)
{
    const struct token_head h = token_heads[head - 0xc0];
    if ((size_t)(r->end - r->p) < h.width) return (struct token){.kind = TOKEN_CUT};
    struct token t = {.kind = (enum token_kind)h.kind, .v = token_argument(r->p, h.width)};
    r->p += h.width;
    if (t.kind == TOKEN_BOOL) t.v = head & 1;
    if (t.kind == TOKEN_INT) {
        unsigned shift = 64 - 8 * (unsigned)h.width;
        t.v = (uint64_t)((int64_t)(t.v << shift) >> shift);
        if (!(t.v >> 63)) t.kind = TOKEN_UINT;
    }
    return t;
}

/* The next token. Texts and bytes are stepped over; an array leaves r at its first element. */
static inline struct token token_read(struct token_reader *r)
{
    if (r->p == r->end) return (struct token){.kind = TOKEN_CUT};
    uint8_t head = *r->p++;
    struct token t;
    if (head < 0x80) return (struct token){.kind = TOKEN_UINT, .v = head};
    if (head >= 0xe0) return (struct token){.kind = TOKEN_INT, .v = (uint64_t)(int8_t)head};
    if (head >= 0xc0) {
        t = token_read_wide(r, head);
    } else if (head >= 0xa0) {
        t = (struct token){.kind = TOKEN_TEXT, .v = head & 0x1f};
    } else {
        t = (struct token){.kind = head >= 0x90 ? TOKEN_ARRAY : TOKEN_MAP, .v = head & 0x0f};
    }
    size_t left = (size_t)(r->end - r->p);
    if (t.kind == TOKEN_TEXT || t.kind == TOKEN_BYTES) {
        if (t.v > left) return (struct token){.kind = TOKEN_CUT};
        t.bytes = r->p;
        r->p += t.v;
    } else if (t.kind == TOKEN_ARRAY && t.v > left) { /* an element is a byte at least */
        t.kind = TOKEN_CUT;
    }
    return t;
}

#endif
