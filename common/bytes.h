/* bytes.h - the four ways bytes travel: str and slice (borrowed), buf (owned, grows), arena (batch
 * memory). */
#ifndef CUIBAN_COMMON_BYTES_H
#define CUIBAN_COMMON_BYTES_H

#include "common/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed UTF-8 text, not terminated. n == 0 means absent. */
struct str {
    const char *p;
    uint32_t n;
};

/* Borrowed bytes. */
struct slice {
    const uint8_t *p;
    size_t n;
};

#define STR(literal) ((struct str){(literal), (uint32_t)sizeof(literal) - 1})
/* For printf("%.*s"). */
#define STR_ARG(s) (int)(s).n, (s).n ? (s).p : ""

struct str str_of(const char *terminated);
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *terminated);
/* Copies at most cap-1 bytes and terminates; returns false when it had to cut. */
bool str_copy(struct str s, char *out, size_t cap);

/* Owned, growing buffer. Zero-initialised is valid and empty. Growth failure is a bug of the
 * configuration (REQUIRE), because every writer is bounded by a named maximum before. */
struct buf {
    uint8_t *p;
    size_t n, cap;
};

void buf_reserve(struct buf *b, size_t more);
void buf_put(struct buf *b, const void *p, size_t n);
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *b, const char *fmt, ...);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_fini(struct buf *b);
struct slice buf_slice(const struct buf *b);

/* Memory of one batch: take, take, take, reset. Never frees in between; grows by whole blocks that
 * are kept, so the steady state allocates nothing. */
struct arena_block;
struct arena {
    struct arena_block *first, *now;
};

void *arena_take(struct arena *a, size_t n); /* aligned to 16, zeroed */
struct str arena_str(struct arena *a, struct str s);
struct slice arena_copy(struct arena *a, struct slice s);
__attribute__((format(printf, 2, 3))) struct str arena_printf(struct arena *a, const char *fmt,
                                                              ...);
void arena_reset(struct arena *a);
void arena_fini(struct arena *a);

/* Big-endian, so that bytewise order is numeric order. */
static inline void be_put64(uint8_t *p, uint64_t v)
{
    v = __builtin_bswap64(v);
    memcpy(p, &v, 8);
}

static inline uint64_t be_get64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return __builtin_bswap64(v);
}

/* CRC-32C (Castagnoli), the check value kept with every stored value. */
uint32_t crc32c(uint32_t seed, const void *p, size_t n);

#endif
