/* encode.c - from struct to msgpack, through the packer of msgpack-c. Wire form: README.md.
 *
 * Trailing absent fields are not written. So a field appended to a contract does not change the
 * bytes of objects that do not have it: what was hashed or signed before stays as it was. */
#include "proto/proto.h"
#include "proto/value.h"
#include <msgpack/pack.h>

static int write_out(void *data, const char *p, size_t n)
{
    struct buf *out = data;
    if (out->cap - out->n < n) buf_reserve(out, n);
    memcpy(out->p + out->n, p, n);
    out->n += n;
    return 0;
}

static void pack_bytes(msgpack_packer *to, const void *p, size_t n)
{
    msgpack_pack_bin(to, n);
    msgpack_pack_bin_body(to, p, n);
}

static void pack_text(msgpack_packer *to, struct str s)
{
    msgpack_pack_str(to, s.n);
    if (s.n) msgpack_pack_str_body(to, s.p, s.n);
}

/* Everything but a list. The value has been checked and is to be written. */
static void pack_value(msgpack_packer *to, const struct field *f, const void *member)
{
    const struct slice *raw = member;
    switch (f->type) {
    case FT_TEXT:
        pack_text(to, *(const struct str *)member);
        return;
    case FT_FLAG:
        msgpack_pack_true(to);
        return;
    case FT_HASH:
        pack_bytes(to, member, 32);
        return;
    case FT_RAW:
        write_out(to->data, (const char *)raw->p, raw->n);
        return;
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_CODE:
        msgpack_pack_int64(to, value_number(f, member));
        return;
    case FT_LIST: /* a line holds no list */
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

/* A wrong value here is a bug of the writer; name the field, because it aborts. */
static void value_require(const struct shape *s, uint32_t i, const void *obj)
{
    int64_t found;
    const struct field *f = &s->fields[i];
    if (value_wrong(f, value_in(f, obj), &found) == WRONG_NOT) return;
    contract_broken(f->name, s->name, (int)i);
}

static bool value_is_absent(const struct field *f, const void *obj)
{
    return !f->must && value_is_zero(f, value_in(f, obj));
}

/* Head of the array: as many elements as there are fields up to the last one present. */
static uint32_t pack_head(msgpack_packer *to, const struct shape *s, const void *obj)
{
    uint32_t n = s->count;
    while (n > 0 && value_is_absent(&s->fields[n - 1], obj))
        n--;
    msgpack_pack_array(to, n);
    return n;
}

static void pack_line(msgpack_packer *to, const struct shape *s, const void *line)
{
    uint32_t n = pack_head(to, s, line);
    for (uint32_t i = 0; i < n; i++) {
        const struct field *f = &s->fields[i];
        if (value_is_absent(f, line)) {
            msgpack_pack_nil(to);
            continue;
        }
        value_require(s, i, line);
        pack_value(to, f, value_in(f, line));
    }
}

static void pack_list(msgpack_packer *to, const struct field *f, struct value_list list)
{
    const struct shape *line = f->record();
    msgpack_pack_array(to, list.n);
    for (uint32_t i = 0; i < list.n; i++)
        pack_line(to, line, value_line(line, list, i));
}

void proto_encode(const struct shape *s, const void *obj, struct buf *out)
{
    msgpack_packer to;
    msgpack_packer_init(&to, out, write_out);
    uint32_t n = pack_head(&to, s, obj);
    for (uint32_t i = 0; i < n; i++) {
        const struct field *f = &s->fields[i];
        const void *member = value_in(f, obj);
        if (value_is_absent(f, obj)) {
            msgpack_pack_nil(&to);
            continue;
        }
        value_require(s, i, obj);
        if (f->type == FT_LIST) {
            pack_list(&to, f, value_list(member));
        } else {
            pack_value(&to, f, member);
        }
    }
}
