/* fieldform.c - see fieldform.h. */
#include "services/cli/fieldform.h"
#include "common/calendar.h"
#include "common/contract.h"
#include <string.h>
#include <strings.h>

#define SHOWN_MAX 40

enum err fieldform_number(struct str text, int64_t scale, int64_t *out)
{
    bool minus = text.n > 0 && text.p[0] == '-';
    uint32_t i = text.n > 0 && (text.p[0] == '-' || text.p[0] == '+');
    int64_t mantissa = 0, divisor = 1, product;
    bool point = false, digits = false;
    for (; i < text.n; i++) {
        char c = text.p[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return ERR_REFUSED;
        digits = true;
        if (__builtin_mul_overflow(mantissa, 10, &mantissa)) return ERR_FULL;
        if (__builtin_add_overflow(mantissa, c - '0', &mantissa)) return ERR_FULL;
        if (point && __builtin_mul_overflow(divisor, 10, &divisor)) return ERR_FULL;
    }
    if (!digits) return ERR_REFUSED;
    while (divisor > 1 && mantissa % 10 == 0)
        mantissa /= 10, divisor /= 10; /* 12.500 is 12.5 */
    if (__builtin_mul_overflow(mantissa, scale, &product)) return ERR_FULL;
    *out = (minus ? -product : product) / divisor;
    return product % divisor == 0 ? ERR_OK : ERR_STALE;
}

static enum err form_fault(struct fault *why, const struct field *f, struct str text,
                           const char *wanted)
{
    struct str shown = {text.p, text.n > SHOWN_MAX ? SHOWN_MAX : text.n};
    return fault_set(why, "contract", "wrong_form", f->name, "%s: \"%.*s\" is not %s", f->name,
                     STR_ARG(shown), wanted);
}

static enum err put_number(const struct fieldform *how, struct str text, int64_t scale, int64_t *x,
                           struct fault *why)
{
    enum err e = fieldform_number(text, scale, x);
    if (e == ERR_OK) return ERR_OK;
    if (e == ERR_FULL) return form_fault(why, how->field, text, "a number of at most 18 digits");
    if (how->field->type == FT_MONEY) {
        return form_fault(why, how->field, text,
                          "an amount in yuan with at most two decimals and no commas");
    }
    return form_fault(why, how->field, text, "a whole number without commas");
}

static bool is_one_of(struct str s, const char *const *words)
{
    for (; *words; words++) {
        if (s.n == strlen(*words) && strncasecmp(s.p, *words, s.n) == 0) return true;
    }
    return false;
}

static enum err put_flag(const struct field *f, struct str text, bool *out, struct fault *why)
{
    static const char *const yes[] = {"true", "yes", "y", "t", "1", NULL};
    static const char *const no[] = {"false", "no", "n", "f", "0", NULL};
    *out = is_one_of(text, yes);
    if (*out || is_one_of(text, no)) return ERR_OK;
    return form_fault(why, f, text, "true or false; translate it with a table");
}

static enum err put_code(const struct field *f, struct str text, uint32_t *out, struct fault *why)
{
    char words[120] = "";
    size_t n = 0;
    *out = code_number(f->codes, text);
    if (*out != 0) return ERR_OK;
    for (uint32_t i = 0; i < f->codes->count && n + 32 < sizeof words; i++) {
        str_copy(str_of(f->codes->values[i].word), words + n, sizeof words - n - 2);
        n += strlen(words + n);
        if (i + 1 < f->codes->count) memcpy(words + n, ", ", 3), n += 2;
    }
    struct str shown = {text.p, text.n > SHOWN_MAX ? SHOWN_MAX : text.n};
    return fault_set(why, "contract", "unknown_word", f->name,
                     "%s: \"%.*s\" is none of %s; translate it with a table", f->name,
                     STR_ARG(shown), words);
}

static enum err put_time(const struct fieldform *how, struct str text, void *member,
                         struct fault *why)
{
    struct timeform_stamp stamp;
    enum err e = timeform_any(&how->times, text, &stamp, why);
    if (e != ERR_OK) {
        if (why) str_copy(str_of(how->field->name), why->field, sizeof why->field);
        return e;
    }
    if (how->field->type == FT_DATE) {
        *(int32_t *)member = stamp.day;
    } else {
        *(int64_t *)member = timeform_utc(&stamp, how->times.zone);
    }
    return ERR_OK;
}

/* At most max bytes, and no character cut in two. */
static struct str shorten(struct str s, int64_t max)
{
    if (s.n <= max) return s;
    s.n = (uint32_t)max;
    while (s.n > 0 && ((uint8_t)s.p[s.n] & 0xc0) == 0x80)
        s.n--;
    return s;
}

enum err fieldform_put(const struct fieldform *how, struct str text, void *member,
                       struct fault *why)
{
    const struct field *f = how->field;
    int64_t scale = how->scale ? how->scale : 1, x = 0;
    enum err e;
    switch (f->type) {
    case FT_TEXT:
        *(struct str *)member = how->cut ? shorten(text, f->max) : text;
        return ERR_OK;
    case FT_UINT:
        e = put_number(how, text, scale, &x, why);
        if (e != ERR_OK) return e;
        if (x < 0) return form_fault(why, f, text, "a number of 0 or more");
        *(uint64_t *)member = (uint64_t)x;
        return ERR_OK;
    case FT_INT:
        return put_number(how, text, scale, member, why);
    case FT_MONEY:
        return put_number(how, text, 100 * scale, member, why);
    case FT_FLAG:
        return put_flag(f, text, member, why);
    case FT_CODE:
        return put_code(f, text, member, why);
    case FT_TIME:
    case FT_DATE:
        return put_time(how, text, member, why);
    case FT_LIST:
    case FT_RAW:
    case FT_HASH:
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}
