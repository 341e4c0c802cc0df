/* value_fault.c - the sentences: what was found, and what would be right. See value.h. */
#include "common/calendar.h"
#include "proto/token.h"
#include "proto/value.h"
#include <inttypes.h>

#define DAY_PRINT_MIN                                                                              \
    (-719000) /* years of four digits; what lies beyond is printed as a number                     \
               */
#define DAY_PRINT_MAX 2932000

void value_path_print(struct value_path at, const char *name, char out[64])
{
    if (at.list) {
        snprintf(out, 64, "%s[%" PRIu32 "]%s%s", at.list->name, at.line, *name ? "." : "", name);
    } else {
        snprintf(out, 64, "%s", name);
    }
}

static void money_print(int64_t fen, char out[40])
{
    uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    snprintf(out, 40, "%s%" PRIu64 ".%02u", fen < 0 ? "-" : "", size / 100, (unsigned)(size % 100));
}

void value_number_print(const struct field *f, int64_t x, char out[40])
{
    if (f->type == FT_MONEY) {
        money_print(x, out);
    } else if (f->type == FT_TIME && x / DAY_MS >= DAY_PRINT_MIN && x / DAY_MS <= DAY_PRINT_MAX) {
        time_format(x, NULL, out);
    } else if (f->type == FT_DATE && x >= DAY_PRINT_MIN && x <= DAY_PRINT_MAX) {
        day_format((int32_t)x, out);
    } else {
        snprintf(out, 40, "%" PRId64, x);
    }
}

void value_words(const struct codeset *set, char *out, size_t cap)
{
    REQUIRE(cap > 8);
    size_t n = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        size_t more = strlen(set->values[i].word) + 2;
        if (n + more + 5 > cap) {
            snprintf(out + n, cap - n, ", …");
            return;
        }
        n += (size_t)snprintf(out + n, cap - n, "%s%s", i ? ", " : "", set->values[i].word);
    }
}

static const char *wanted(const struct field *f)
{
    static const char *const names[] = {
        [FT_TEXT] = "a text",        [FT_UINT] = "a whole number",
        [FT_INT] = "a whole number", [FT_TIME] = "a time",
        [FT_DATE] = "a date",        [FT_MONEY] = "an amount of money",
        [FT_FLAG] = "true or false", [FT_CODE] = "one of its words",
        [FT_LIST] = "a list",        [FT_RAW] = "an object",
        [FT_HASH] = "32 bytes"};
    return names[f->type];
}

static enum err fault_range(struct fault *out, const char *path, const struct field *f, int64_t x)
{
    char found[40], min[40], max[40];
    value_number_print(f, x, found);
    value_number_print(f, f->min, min);
    value_number_print(f, f->max, max);
    return fault_set(out, VALUE_RULE, "out_of_range", path, "%s: %s is not between %s and %s%s%s",
                     path, found, min, max, *f->unit ? " " : "", f->unit);
}

static enum err fault_word(struct fault *out, const char *path, const struct field *f, int64_t x)
{
    char words[150];
    value_words(f->codes, words, sizeof words);
    return fault_set(out, VALUE_RULE, "unknown_word", path,
                     "%s: number %" PRId64 " is no %s; one of %s", path, x, f->codes->name, words);
}

static enum err fault_size(struct fault *out, const char *path, const struct field *f, int64_t size)
{
    bool longer = size > f->max;
    return fault_set(out, VALUE_RULE, longer ? "too_long" : "too_short", path,
                     "%s: %" PRId64 " %s, at %s %" PRId64, path, size, f->unit,
                     longer ? "most" : "least", longer ? f->max : f->min);
}

static enum err fault_fill(struct fault *out, const char *path, const struct field *f, enum wrong w,
                           int64_t found)
{
    switch (w) {
    case WRONG_MISSING:
        return fault_set(out, VALUE_RULE, "missing", path, "%s: missing; wanted: %s", path,
                         f->help);
    case WRONG_TYPE:
        return fault_set(out, VALUE_RULE, "wrong_type", path, "%s: %s, wanted %s", path,
                         token_name((enum token_kind)found), wanted(f));
    case WRONG_RANGE:
        return fault_range(out, path, f, found);
    case WRONG_BIG:
        return fault_set(out, VALUE_RULE, "out_of_range", path,
                         "%s: a number above 9223372036854775807; at most %" PRId64, path, f->max);
    case WRONG_SHORT:
    case WRONG_LONG:
        return fault_size(out, path, f, found);
    case WRONG_UTF8:
        return fault_set(out, VALUE_RULE, "utf8", path,
                         "%s: byte %" PRId64 " is not valid UTF-8; send the text as UTF-8", path,
                         found);
    case WRONG_CONTROL:
        return fault_set(out, VALUE_RULE, "control", path,
                         "%s: byte %" PRId64 " is a control character; only line feed and tab are "
                         "allowed",
                         path, found);
    case WRONG_WORD:
        return fault_word(out, path, f, found);
    case WRONG_CUT:
        return fault_set(out, VALUE_RULE, "truncated", path, "%s: the bytes end inside it", path);
    case WRONG_DEPTH:
        return fault_set(out, VALUE_RULE, "too_deep", path, "%s: deeper than %d arrays", path,
                         PROTO_DEPTH_MAX);
    case WRONG_RAW:
        return fault_set(out, VALUE_RULE, "not_msgpack", path,
                         "%s: not one msgpack object without maps and extension types", path);
    case WRONG_NOT:
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

/* Drops a character cut off at the end, then puts ? for every byte that our own contracts refuse.
 */
static void text_clean(char *text)
{
    int64_t at = 0;
    struct str s = str_of(text);
    for (uint32_t i = 0; i < s.n; i++) {
        uint8_t c = (uint8_t)text[i];
        if (c < 0x20 && c != '\n' && c != '\t') text[i] = '?';
    }
    while (!value_utf8(s, &at)) {
        bool tail = (uint8_t)text[at] >= 0xc2 && s.n - (uint32_t)at < 4;
        text[at] = tail ? 0 : '?';
        s.n = (uint32_t)strlen(text);
    }
}

enum err value_fault(struct fault *out, struct value_path at, const struct field *f, enum wrong w,
                     int64_t found)
{
    char path[64];
    value_path_print(at, f->name, path);
    enum err e = fault_fill(out, path, f, w, found);
    if (out) value_fault_clean(out);
    return e;
}

void value_fault_clean(struct fault *out)
{
    text_clean(out->field);
    text_clean(out->text);
}
