/* random.c - objects that satisfy their shape, for tests and golden bytes.
 *
 * Only integer arithmetic on the seed (splitmix64), so the same seed gives the same object on every
 * machine. Edges are drawn often: the smallest and largest value, the longest text. */
#include "common/calendar.h"
#include "proto/proto.h"
#include "proto/value.h"

#define LINES_MAX 4u
#define TEXT_USUAL_MAX 40

static uint64_t draw(uint64_t *seed)
{
    uint64_t x = *seed += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint64_t draw_below(uint64_t *seed, uint64_t n)
{
    return draw(seed) % n;
}

static int64_t draw_between(uint64_t *seed, int64_t low, int64_t high)
{
    uint64_t span = (uint64_t)high - (uint64_t)low;
    uint64_t step = span == UINT64_MAX ? draw(seed) : draw_below(seed, span + 1);
    return (int64_t)((uint64_t)low + step);
}

static int64_t draw_number(uint64_t *seed, const struct field *f)
{
    /* The last instant is the calendar's "never", which nobody can write. */
    int64_t x, max = f->type == FT_TIME ? f->max - 1 : f->max;
    switch (draw_below(seed, 8)) {
    case 0:
        x = f->min;
        break;
    case 1:
        x = max;
        break;
    case 2:
    case 3:
        x = draw_between(seed, f->min, (uint64_t)max - (uint64_t)f->min > 100 ? f->min + 100 : max);
        break;
    default:
        x = draw_between(seed, f->min, max);
    }
    bool zero_is_absent = f->type == FT_TIME || f->type == FT_DATE;
    return x == 0 && zero_is_absent ? 1 : x;
}

static int64_t draw_code(uint64_t *seed, const struct codeset *set)
{
    return set->values[draw_below(seed, set->count)].number;
}

/* A character that fits into `room` bytes: Latin, Chinese, accents, an emoji, and what JSON
 * escapes. */
static struct str draw_char(uint64_t *seed, size_t room)
{
    static const char *const chars[] = {"a", "Z",  "7",  "-",  " ",  "\"", "\\", "\n", "\t",
                                        "é", "叫", "修", "派", "工", "憑", "證", "，", "🔧"};
    struct str c = str_of(chars[draw_below(seed, COUNT_OF(chars))]);
    return c.n <= room ? c : STR("x");
}

static struct str draw_text(uint64_t *seed, const struct field *f, struct arena *a)
{
    int64_t low = f->min > 0 ? f->min : f->must ? 0 : 1;
    int64_t usual = f->max < TEXT_USUAL_MAX ? f->max : TEXT_USUAL_MAX;
    uint64_t edge = draw_below(seed, 8);
    int64_t n = edge == 0   ? low
                : edge == 1 ? f->max
                            : draw_between(seed, low, usual < low ? low : usual);
    char *p = arena_take(a, (size_t)n + 1);
    for (size_t k = 0; k < (size_t)n;) {
        struct str c = draw_char(seed, (size_t)n - k);
        memcpy(p + k, c.p, c.n);
        k += c.n;
    }
    return (struct str){p, (uint32_t)n};
}

/* A msgpack array of a small number, a word and true. */
static struct slice draw_raw(uint64_t *seed, struct arena *a)
{
    uint8_t bytes[] = {0x93, (uint8_t)draw_below(seed, 128), 0xa2, 'o', 'k', 0xc3};
    return arena_copy(a, (struct slice){bytes, sizeof bytes});
}

/* Any value but a list. */
static void fill_value(uint64_t *seed, const struct field *f, struct arena *a, void *member)
{
    if (!f->must && draw_below(seed, 2)) return;
    switch (f->type) {
    case FT_TEXT:
        *(struct str *)member = draw_text(seed, f, a);
        return;
    case FT_RAW:
        *(struct slice *)member = draw_raw(seed, a);
        return;
    case FT_HASH:
        for (uint32_t i = 0; i < 32; i++)
            ((uint8_t *)member)[i] = (uint8_t)draw(seed);
        return;
    case FT_CODE:
        value_put_number(f, member, draw_code(seed, f->codes));
        return;
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_FLAG:
        value_put_number(f, member, draw_number(seed, f));
        return;
    case FT_LIST: /* a line holds no list */
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

static void fill_list(uint64_t *seed, const struct field *f, struct arena *a, void *member)
{
    const struct shape *s = f->record();
    uint64_t most = (uint64_t)f->max < LINES_MAX ? (uint64_t)f->max : LINES_MAX;
    uint64_t n = f->must ? 1 + draw_below(seed, most) : draw_below(seed, most + 1);
    if (n == 0) return;
    struct value_list list = {arena_take(a, (size_t)n * s->size), (uint32_t)n};
    memcpy(member, &list.v, sizeof list.v);
    memcpy((uint8_t *)member + sizeof list.v, &list.n, sizeof list.n);
    for (uint32_t i = 0; i < list.n; i++) {
        for (uint32_t k = 0; k < s->count; k++) {
            const struct field *in_line = &s->fields[k];
            fill_value(seed, in_line, a, value_of(in_line, value_line(s, list, i)));
        }
    }
}

void proto_random(const struct shape *s, uint64_t *seed, struct arena *a, void *obj)
{
    memset(obj, 0, s->size);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        if (f->type == FT_LIST) {
            fill_list(seed, f, a, value_of(f, obj));
        } else {
            fill_value(seed, f, a, value_of(f, obj));
        }
    }
}
