/* view_key.c - keys of rows for people, read back by the layout that stands in the table lists. */
#include "common/contract.h"
#include "services/cli/line_reader.h"
#include "services/cli/view.h"
#include <inttypes.h>
#include <string.h>

struct str view_layout_part(const char *layout, unsigned n)
{
    const char *p = layout;
    for (; p && n > 0; n--) {
        p = strchr(p, ',');
        if (p) p += strspn(p, ", ");
    }
    return p ? (struct str){p, (uint32_t)strcspn(p, ",")} : (struct str){0};
}

enum part {
    PART_text,
    PART_u8,
    PART_u64,
    PART_time,
    PART_since, /* an instant counted from TIME_MIN_MS, to stand in order before 1970 too */
    PART_day
};

static enum part part_of(struct str name)
{
    static const struct {
        const char *name;
        enum part part;
    } parts[] = {{"item", PART_u8},
                 {"job", PART_u8},
                 {"holder", PART_u8},
                 {"level", PART_u64},
                 {"round", PART_u64},
                 {"seq", PART_u64},
                 {"due", PART_time},
                 {"received", PART_time},
                 {"day", PART_day},
                 {"first day", PART_day},
                 {"period kind", PART_u8},
                 {"received_at", PART_since},
                 {"start", PART_since},
                 {"entry", PART_u64},
                 {"month", PART_day},
                 {"week", PART_day},
                 {"register day", PART_day},
                 {"checksum of the fault", PART_u64},
                 {"n", PART_u64},
                 {"slip or vehicle", PART_u8},
                 {"issue or case", PART_u8},
                 {"end", PART_time}};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (str_is(name, parts[i].name)) return parts[i].part;
    }
    return PART_text;
}

bool view_layout_is_text(struct str part)
{
    return part_of(part) == PART_text;
}

/* A row of a damaged store may have any bytes in its key; a terminal must not obey them. */
static void text_print(struct buf *out, struct str text)
{
    bool whole = line_reader_utf8(text);
    for (uint32_t i = 0; i < text.n; i++) {
        uint8_t c = (uint8_t)text.p[i];
        bool bad = c < 0x20 || c == 0x7f || (c >= 0x80 && !whole);
        buf_put(out, bad ? "?" : text.p + i, 1);
    }
}

static enum err part_print(struct buf *out, struct str name, struct key_reader *r,
                           const struct zone *z)
{
    struct str text;
    uint8_t small;
    uint64_t n;
    char when[40];
    enum part part = part_of(name);
    enum err e = ERR_OK;
    if (part == PART_text) {
        e = key_take_str(r, &text);
        if (e == ERR_OK) text_print(out, text);
        return e;
    }
    if (part == PART_u8) {
        e = key_take_u8(r, &small);
        if (e == ERR_OK) buf_printf(out, "%u", small);
        return e;
    }
    e = key_take_u64(r, &n);
    if (e != ERR_OK) return e;
    if (part == PART_time) time_format_local((int64_t)n, z, when);
    if (part == PART_since) time_format_local((int64_t)n + TIME_MIN_MS, z, when);
    if (part == PART_day) day_format((int32_t)(int64_t)(n - UINT64_C(0x100000000)), when);
    if (part == PART_u64) {
        buf_printf(out, "%" PRIu64, n);
    } else {
        buf_printf(out, "%s", when);
    }
    return ERR_OK;
}

static bool number_of(struct str text, uint64_t *out)
{
    *out = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9' || *out > UINT32_MAX) return false;
        *out = *out * 10 + (uint64_t)(text.p[i] - '0');
    }
    return text.n > 0;
}

static bool has_room(const struct key *k, size_t n)
{
    return n <= sizeof k->b - k->n;
}

bool view_key_of(struct str name, struct key *out)
{
    *out = (struct key){.n = 0};
    if (!has_room(out, (size_t)name.n + 1)) return false;
    key_str(out, name);
    return true;
}

static bool part_put(struct key *k, struct str name, struct str text)
{
    uint64_t n;
    int32_t day;
    if (!has_room(k, text.n < sizeof n ? sizeof n : (size_t)text.n + 1)) return false;
    switch (part_of(name)) {
    case PART_text:
        key_str(k, text);
        return name.n > 0;
    case PART_day:
        if (day_parse(text, &day) != ERR_OK) return false;
        key_day(k, day);
        return true;
    case PART_u8:
        if (!number_of(text, &n) || n > UINT8_MAX) return false;
        key_u8(k, (uint8_t)n);
        return true;
    case PART_u64:
        if (!number_of(text, &n)) return false;
        key_u64(k, n);
        return true;
    case PART_time:
    case PART_since:
        break;
    }
    return false;
}

bool view_key_from(const char *layout, struct str text, struct key *out)
{
    *out = (struct key){.n = 0};
    for (unsigned i = 0; text.n > 0; i++) {
        const char *slash = memchr(text.p, '/', text.n);
        uint32_t n = slash ? (uint32_t)(slash - text.p) : text.n;
        if (!part_put(out, view_layout_part(layout, i), (struct str){text.p, n})) return false;
        if (slash) n++;
        text = (struct str){text.p + n, text.n - n};
    }
    return out->n > 0;
}

void view_print_key(struct buf *out, const char *layout, const struct key *k, const struct zone *z)
{
    struct key_reader r = {{k->b, k->n}};
    for (unsigned i = 0; r.rest.n > 0; i++) {
        struct str name = view_layout_part(layout, i);
        if (i) buf_printf(out, " / ");
        if (part_print(out, name, &r, z) != ERR_OK) return;
    }
}
