/* key.c - keys whose bytewise order is the order of their parts. */
#include "common/contract.h"
#include "common/step.h"
#include <string.h>

static void key_bytes(struct key *k, const void *p, size_t n)
{
    REQUIRE(k->n + n <= sizeof k->b);
    if (n) memcpy(k->b + k->n, p, n);
    k->n += n;
}

struct key key_of(struct str s)
{
    struct key k;
    k.n = 0;
    key_str(&k, s);
    return k;
}

void key_str(struct key *k, struct str s)
{
    key_bytes(k, s.p, s.n);
    key_bytes(k, "", 1);
}

void key_u8(struct key *k, uint8_t v)
{
    key_bytes(k, &v, 1);
}

void key_u64(struct key *k, uint64_t v)
{
    uint8_t b[8];
    be_put64(b, v);
    key_bytes(k, b, 8);
}

void key_day(struct key *k, int32_t day)
{
    key_u64(k, (uint64_t)((int64_t)day + INT64_C(0x100000000)));
}

void key_time(struct key *k, int64_t at_ms)
{
    REQUIRE(at_ms >= TIME_MIN_MS);
    key_u64(k, (uint64_t)(at_ms - TIME_MIN_MS));
}

enum err key_take_str(struct key_reader *r, struct str *out)
{
    const uint8_t *end = r->rest.n ? memchr(r->rest.p, 0, r->rest.n) : NULL;
    if (!end) return ERR_CORRUPT;
    *out = (struct str){(const char *)r->rest.p, (uint32_t)(end - r->rest.p)};
    r->rest.n -= out->n + 1u;
    r->rest.p = end + 1;
    return ERR_OK;
}

enum err key_take_u8(struct key_reader *r, uint8_t *out)
{
    if (r->rest.n < 1) return ERR_CORRUPT;
    *out = *r->rest.p++;
    r->rest.n--;
    return ERR_OK;
}

enum err key_take_u64(struct key_reader *r, uint64_t *out)
{
    if (r->rest.n < 8) return ERR_CORRUPT;
    *out = be_get64(r->rest.p);
    r->rest.p += 8;
    r->rest.n -= 8;
    return ERR_OK;
}
