/* json.c - from struct to JSON: times in RFC 3339 (UTC), dates, money "120.00", codes as words,
 * absent fields left out. HASH and RAW become hex; what a RAW means is known only by entry_to_json.
 */
#include "proto/json.h"
#include "common/calendar.h"

json_t *json_of_str(struct str s)
{
    json_t *v = json_stringn(s.n ? s.p : "", s.n);
    REQUIRE(v != NULL); /* out of memory, or a text that never went through a check */
    return v;
}

void json_put(json_t *to, const char *name, json_t *v)
{
    int failed = json_object_set_new(to, name, v);
    REQUIRE(!failed);
}

static json_t *hex_of(const uint8_t *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    struct buf hex = {0};
    buf_reserve(&hex, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        hex.p[hex.n++] = (uint8_t)digits[p[i] >> 4];
        hex.p[hex.n++] = (uint8_t)digits[p[i] & 15];
    }
    json_t *v = json_stringn((const char *)hex.p, hex.n);
    buf_fini(&hex);
    REQUIRE(v != NULL);
    return v;
}

static json_t *number_of(const struct field *f, const void *member)
{
    char text[40];
    int64_t x = value_number(f, member);
    if (f->type == FT_UINT || f->type == FT_INT) return json_integer(x);
    if (f->type == FT_FLAG) return json_boolean(x != 0);
    if (f->type == FT_CODE) return json_of_str(str_of(code_word(f->codes, (uint32_t)x)));
    value_number_print(f, x, text);
    return json_of_str(str_of(text));
}

/* Any value but a list. */
static json_t *value_of_field(const struct field *f, const void *member)
{
    const struct slice *raw = member;
    switch (f->type) {
    case FT_TEXT:
        return json_of_str(*(const struct str *)member);
    case FT_RAW:
        return hex_of(raw->p, raw->n);
    case FT_HASH:
        return hex_of(member, 32);
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_FLAG:
    case FT_CODE:
        return number_of(f, member);
    case FT_LIST: /* a line holds no list */
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

static bool is_left_out(const struct field *f, const void *obj)
{
    return !f->must && value_is_zero(f, value_in(f, obj));
}

static json_t *line_of(const struct shape *s, const void *line)
{
    json_t *out = json_object();
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        if (!is_left_out(f, line)) json_put(out, f->name, value_of_field(f, value_in(f, line)));
    }
    return out;
}

static json_t *list_of(const struct field *f, struct value_list list)
{
    const struct shape *line = f->record();
    json_t *out = json_array();
    for (uint32_t i = 0; i < list.n; i++) {
        int failed = json_array_append_new(out, line_of(line, value_line(line, list, i)));
        REQUIRE(!failed);
    }
    return out;
}

json_t *proto_to_json(const struct shape *s, const void *obj)
{
    json_t *out = json_object();
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        const void *member = value_in(f, obj);
        if (is_left_out(f, obj)) continue;
        json_put(out, f->name,
                 f->type == FT_LIST ? list_of(f, value_list(member)) : value_of_field(f, member));
    }
    return out;
}
