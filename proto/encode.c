/* encode.c - from struct to msgpack. Wire form: README.md. Every number and length in as few bytes
 * as it fits, as the packer of msgpack-c does; the tests read our bytes with its unpacker.
 *
 * Trailing absent fields are not written. So a field appended to a contract does not change the
 * bytes of objects that do not have it: what was hashed or signed before stays as it was. */
#include "proto/proto.h"
#include "proto/value.h"

#define HEAD_MAX 9 /* bytes: head and the widest number */

/* A head and `width` bytes behind it, big-endian. Writes all of HEAD_MAX and keeps what counts. */
static inline void put_head(struct buf *out, uint8_t head, uint64_t v, unsigned width)
{
    if (out->cap - out->n < HEAD_MAX) buf_reserve(out, HEAD_MAX);
    uint8_t *p = out->p + out->n;
    *p = head;
    if (width) be_put64(p + 1, v << (64 - 8 * width));
    out->n += 1 + width;
}

static inline void put_body(struct buf *out, const void *p, size_t n)
{
    if (out->cap - out->n < n) buf_reserve(out, n);
    memcpy(out->p + out->n, p, n);
    out->n += n;
}

static void put_nil(struct buf *out)
{
    put_head(out, 0xc0, 0, 0);
}

static void put_array(struct buf *out, uint32_t n)
{
    if (n < 16) {
        put_head(out, (uint8_t)(0x90 | n), 0, 0);
    } else if (n <= UINT16_MAX) {
        put_head(out, 0xdc, n, 2);
    } else {
        put_head(out, 0xdd, n, 4);
    }
}

static void put_text(struct buf *out, struct str s)
{
    if (s.n < 32) {
        put_head(out, (uint8_t)(0xa0 | s.n), 0, 0);
    } else if (s.n <= UINT8_MAX) {
        put_head(out, 0xd9, s.n, 1);
    } else if (s.n <= UINT16_MAX) {
        put_head(out, 0xda, s.n, 2);
    } else {
        put_head(out, 0xdb, s.n, 4);
    }
    if (s.n) put_body(out, s.p, s.n);
}

static void put_negative(struct buf *out, int64_t x)
{
    if (x >= -32) {
        put_head(out, (uint8_t)x, 0, 0);
    } else if (x >= INT8_MIN) {
        put_head(out, 0xd0, (uint64_t)x, 1);
    } else if (x >= INT16_MIN) {
        put_head(out, 0xd1, (uint64_t)x, 2);
    } else if (x >= INT32_MIN) {
        put_head(out, 0xd2, (uint64_t)x, 4);
    } else {
        put_head(out, 0xd3, (uint64_t)x, 8);
    }
}

static void put_number(struct buf *out, int64_t x)
{
    uint64_t v = (uint64_t)x;
    if (x < 0) {
        put_negative(out, x);
    } else if (v < 0x80) {
        put_head(out, (uint8_t)v, 0, 0);
    } else if (v <= UINT8_MAX) {
        put_head(out, 0xcc, v, 1);
    } else if (v <= UINT16_MAX) {
        put_head(out, 0xcd, v, 2);
    } else if (v <= UINT32_MAX) {
        put_head(out, 0xce, v, 4);
    } else {
        put_head(out, 0xcf, v, 8);
    }
}

static inline bool value_is_absent(const struct field *f, const void *obj)
{
    return !f->must && value_is_zero(f, value_in(f, obj));
}

/* A wrong value here is a bug of the writer; name the field, because it aborts. */
static void value_require(const struct shape *s, const struct field *f, const void *member)
{
    int64_t found;
    if (value_wrong(f, member, &found) == WRONG_NOT) return;
    contract_broken(f->name, s->name, (int)(f - s->fields));
}

static void put_number_field(struct buf *out, const struct shape *s, const struct field *f,
                             const void *member, int64_t x)
{
    if (x == 0 && !f->must) {
        put_nil(out);
        return;
    }
    if (!value_number_seems_right(f, x)) value_require(s, f, member);
    put_number(out, x);
}

static void put_text_field(struct buf *out, const struct shape *s, const struct field *f,
                           struct str text)
{
    if (text.n == 0 && !f->must) {
        put_nil(out);
        return;
    }
    if (!value_text_seems_right(f, text)) value_require(s, f, &text);
    put_text(out, text);
}

/* FLAG, RAW and HASH. */
static void put_other_field(struct buf *out, const struct shape *s, const struct field *f,
                            const void *member)
{
    const struct slice *raw = member;
    if (!f->must && value_is_zero(f, member)) {
        put_nil(out);
        return;
    }
    value_require(s, f, member);
    if (f->type == FT_FLAG) {
        put_head(out, 0xc3, 0, 0);
    } else if (f->type == FT_RAW) {
        put_body(out, raw->p, raw->n);
    } else {
        put_head(out, 0xc4, 32, 1);
        put_body(out, member, 32);
    }
}

/* One value, checked, or nil; anything but a list. */
static inline void put_field(struct buf *out, const struct shape *s, const struct field *f,
                             const void *member)
{
    switch (f->type) {
    case FT_TEXT:
        put_text_field(out, s, f, *(const struct str *)member);
        return;
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_MONEY:
        put_number_field(out, s, f, member, *(const int64_t *)member);
        return;
    case FT_DATE:
    case FT_CODE:
        put_number_field(out, s, f, member, value_number(f, member));
        return;
    case FT_FLAG:
    case FT_RAW:
    case FT_HASH:
        put_other_field(out, s, f, member);
        return;
    case FT_LIST:
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

/* Head of the array: as many elements as there are fields up to the last one present. */
static uint32_t put_count(struct buf *out, const struct shape *s, const void *obj)
{
    uint32_t n = s->count;
    while (n > 0 && value_is_absent(&s->fields[n - 1], obj))
        n--;
    put_array(out, n);
    return n;
}

static void put_line(struct buf *out, const struct shape *s, const void *line)
{
    uint32_t n = put_count(out, s, line);
    for (const struct field *f = s->fields; f < s->fields + n; f++)
        put_field(out, s, f, value_in(f, line)); /* a line holds no list */
}

static void put_list(struct buf *out, const struct shape *s, const struct field *f,
                     const void *member)
{
    const struct shape *line = f->record();
    struct value_list list = value_list(member);
    if (list.n == 0 && !f->must) {
        put_nil(out);
        return;
    }
    value_require(s, f, member);
    put_array(out, list.n);
    for (uint32_t i = 0; i < list.n; i++)
        put_line(out, line, value_line(line, list, i));
}

void proto_encode(const struct shape *s, const void *obj, struct buf *out)
{
    uint32_t n = put_count(out, s, obj);
    for (const struct field *f = s->fields; f < s->fields + n; f++) {
        if (f->type == FT_LIST) {
            put_list(out, s, f, value_in(f, obj));
        } else {
            put_field(out, s, f, value_in(f, obj));
        }
    }
}
