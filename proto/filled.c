/* filled.c - what a service added to an event it took: which fields, and the event without them. */
#include "proto/value.h"

uint64_t proto_filled(const struct shape *s, const void *before, const void *after)
{
    uint64_t fields = 0;
    REQUIRE(s->count < 63); /* it travels as a UINT */
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        bool was = !value_is_zero(f, value_in(f, before));
        bool is = !value_is_zero(f, value_in(f, after));
        if (is && !was) fields |= UINT64_C(1) << i;
    }
    return fields;
}

static void clear(const struct field *f, void *member)
{
    switch (f->type) {
    case FT_TEXT:
        *(struct str *)member = (struct str){0};
        return;
    case FT_LIST:
        memset(member, 0, offsetof(struct value_list, n) + sizeof(uint32_t));
        return;
    case FT_RAW:
        *(struct slice *)member = (struct slice){0};
        return;
    case FT_HASH:
        memset(member, 0, 32);
        return;
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_FLAG:
    case FT_CODE:
        break;
    }
    value_put_number(f, member, 0);
}

void proto_unfill(const struct shape *s, uint64_t fields, void *obj)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (fields >> i & 1) clear(&s->fields[i], value_of(&s->fields[i], obj));
    }
}
