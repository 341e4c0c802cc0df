/* timeform.c - see timeform.h. One pass over format and text, no allocation, no locale. */
#include "services/cli/timeform.h"
#include "common/calendar.h"
#include "common/contract.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ROC_YEAR_0 1911

struct scan {
    const char *p, *end; /* what is left of the text */
    int year, month, mday, hour, minute, second, ms;
    int half;       /* 0: no %p; 1: before noon; 2: after */
    bool twelve;    /* the hour is %I */
    bool has_epoch; /* %s or %L gave everything */
    int64_t epoch_ms;
    bool has_offset;
    int64_t offset_ms;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_number(struct scan *s, int digits_min, int digits_max, int *value)
{
    int n = 0, v = 0;
    while (n < digits_max && s->p < s->end && is_digit(*s->p)) {
        v = v * 10 + (*s->p++ - '0');
        n++;
    }
    *value = v;
    return n >= digits_min;
}

static bool take_range(struct scan *s, int min, int max, int *value)
{
    return take_number(s, 1, 2, value) && *value >= min && *value <= max;
}

static bool take_word(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || strncasecmp(s->p, word, n) != 0) return false;
    s->p += n;
    return true;
}

static bool take_half(struct scan *s)
{
    s->half = take_word(s, "AM") || take_word(s, "A.M.") || take_word(s, "上午")   ? 1
              : take_word(s, "PM") || take_word(s, "P.M.") || take_word(s, "下午") ? 2
                                                                                   : 0;
    return s->half != 0;
}

/* The long name or its first three letters; returns its place from 1, 0 when it is none. */
static int take_name(struct scan *s, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        char abbreviation[4];
        snprintf(abbreviation, sizeof abbreviation, "%.3s", names[i]);
        if (take_word(s, names[i]) || take_word(s, abbreviation)) return i + 1;
    }
    return 0;
}

static bool take_month(struct scan *s)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    s->month = take_name(s, names, 12);
    return s->month != 0;
}

static bool take_weekday(struct scan *s)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    return take_name(s, names, 7) != 0;
}

/* after_point: the format has the point itself, as in "%S.%f". */
static bool take_fraction(struct scan *s, bool after_point)
{
    if (!after_point) {
        if (s->p == s->end || (*s->p != '.' && *s->p != ',')) return true;
        s->p++;
    }
    int weight = 100, n = 0;
    s->ms = 0;
    for (; s->p < s->end && is_digit(*s->p); n++, weight /= 10)
        s->ms += weight * (*s->p++ - '0');
    return n > 0;
}

static bool take_offset(struct scan *s)
{
    int h, m = 0;
    s->has_offset = true;
    s->offset_ms = 0;
    if (take_word(s, "Z")) return true;
    if (s->p == s->end || (*s->p != '+' && *s->p != '-')) return false;
    int64_t sign = *s->p++ == '-' ? -1 : 1;
    if (!take_number(s, 2, 2, &h) || h > 14) return false;
    bool colon = s->p < s->end && *s->p == ':';
    s->p += colon;
    if ((colon || (s->p < s->end && is_digit(*s->p))) && (!take_number(s, 2, 2, &m) || m > 59)) {
        return false;
    }
    s->offset_ms = sign * (h * HOUR_MS + m * MINUTE_MS);
    return true;
}

static bool take_epoch(struct scan *s, int64_t unit_ms)
{
    int64_t v = 0;
    int n = 0;
    bool minus = s->p < s->end && *s->p == '-';
    s->p += minus;
    for (; n < 15 && s->p < s->end && is_digit(*s->p); n++)
        v = v * 10 + (*s->p++ - '0');
    s->has_epoch = true;
    s->epoch_ms = (minus ? -v : v) * unit_ms;
    return n > 0;
}

static bool take_year(struct scan *s, char kind)
{
    bool ok = kind == 'Y'   ? take_number(s, 4, 4, &s->year)
              : kind == 'y' ? take_number(s, 2, 2, &s->year)
                            : take_number(s, 1, 3, &s->year);
    if (kind == 'y') s->year += s->year < 69 ? 2000 : 1900;
    if (kind == 'E') s->year += ROC_YEAR_0;
    return ok;
}

static bool take_part(struct scan *s, char kind, bool after_point)
{
    s->twelve = s->twelve || kind == 'I';
    switch (kind) {
    case 'Y':
    case 'y':
    case 'E':
        return take_year(s, kind);
    case 'm':
        return take_range(s, 1, 12, &s->month);
    case 'd':
        return take_range(s, 1, 31, &s->mday);
    case 'H':
        return take_range(s, 0, 23, &s->hour);
    case 'I':
        return take_range(s, 1, 12, &s->hour);
    case 'M':
        return take_range(s, 0, 59, &s->minute);
    case 'S':
        return take_range(s, 0, 59, &s->second);
    case 'p':
        return take_half(s);
    case 'b':
        return take_month(s);
    case 'a':
        return take_weekday(s);
    case 'f':
        return take_fraction(s, after_point);
    case 'z':
        return take_offset(s);
    case 's':
        return take_epoch(s, 1000);
    case 'L':
        return take_epoch(s, 1);
    case '%':
        return take_word(s, "%");
    default: /* timeform_check let none through */
        return false;
    }
}

static void skip_blanks(struct scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t'))
        s->p++;
}

static bool take_format(struct scan *s, struct str format)
{
    for (uint32_t i = 0; i < format.n; i++) {
        char c = format.p[i];
        if (c == ' ') {
            skip_blanks(s);
        } else if (c != '%') {
            if (s->p == s->end || *s->p++ != c) return false;
        } else {
            bool after_point = i > 0 && (format.p[i - 1] == '.' || format.p[i - 1] == ',');
            if (++i == format.n || !take_part(s, format.p[i], after_point)) return false;
            i += format.p[i] == 'E'; /* %EY */
        }
    }
    return s->p == s->end;
}

static enum err stamp_of(const struct scan *s, struct timeform_stamp *out)
{
    int hour = s->hour;
    if (s->has_epoch) {
        int64_t day = s->epoch_ms / DAY_MS - (s->epoch_ms % DAY_MS < 0);
        if (s->epoch_ms < TIME_MIN_MS || s->epoch_ms > TIME_MAX_MS) return ERR_REFUSED;
        *out = (struct timeform_stamp){(int32_t)day, s->epoch_ms - day * DAY_MS, true, 0};
        return ERR_OK;
    }
    if (!day_valid(s->year, s->month, s->mday)) return ERR_REFUSED;
    if (s->twelve && s->half) hour = hour % 12 + (s->half == 2 ? 12 : 0);
    int64_t of_day_ms = hour * HOUR_MS + s->minute * MINUTE_MS + s->second * INT64_C(1000) + s->ms;
    *out = (struct timeform_stamp){day_of(s->year, s->month, s->mday), of_day_ms, s->has_offset,
                                   s->offset_ms};
    return ERR_OK;
}

static bool take_iso_clock(struct scan *s)
{
    if (!take_range(s, 0, 23, &s->hour) || !take_word(s, ":")) return false;
    if (!take_range(s, 0, 59, &s->minute)) return false;
    if (take_word(s, ":") && (!take_range(s, 0, 59, &s->second) || !take_fraction(s, false))) {
        return false;
    }
    skip_blanks(s);
    return s->p == s->end || take_offset(s);
}

static bool take_iso(struct scan *s)
{
    if (!take_year(s, 'Y') || !take_word(s, "-")) return false;
    if (!take_range(s, 1, 12, &s->month) || !take_word(s, "-")) return false;
    if (!take_range(s, 1, 31, &s->mday)) return false;
    if (s->p == s->end) return true;
    if (*s->p != 'T' && *s->p != 't' && *s->p != ' ') return false;
    s->p++;
    skip_blanks(s);
    return take_iso_clock(s) && s->p == s->end;
}

enum err timeform_read(struct str format, struct str text, struct timeform_stamp *out)
{
    struct scan s = {.p = text.p, .end = text.p + text.n, .month = 1, .mday = 1};
    bool fits = str_is(format, "iso") ? take_iso(&s) : take_format(&s, format);
    return fits ? stamp_of(&s, out) : ERR_REFUSED;
}

enum err timeform_any(const struct timeform_set *set, struct str text, struct timeform_stamp *out,
                      struct fault *why)
{
    char shown[120];
    size_t n = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        if (timeform_read(set->formats[i], text, out) == ERR_OK) return ERR_OK;
    }
    shown[0] = 0;
    for (uint32_t i = 0; i < set->count && n < sizeof shown; i++) {
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%s\"%.*s\"", i ? " or " : "",
                              STR_ARG(set->formats[i]));
    }
    struct str cut = {text.p, text.n > 40 ? 40 : text.n};
    return fault_set(why, "feed", "time_invalid", "", "\"%.*s\" is no time of the form %s",
                     STR_ARG(cut), shown);
}

int64_t timeform_utc(const struct timeform_stamp *s, const struct zone *zone)
{
    int64_t local_ms = s->day * DAY_MS + s->of_day_ms;
    if (s->has_offset) return local_ms - s->offset_ms;
    REQUIRE(zone != NULL);
    return zone_to_utc(zone, local_ms);
}

/* ---- the format itself ---- */

static enum err format_fault(struct fault *why, struct str format, const char *text)
{
    return fault_set(why, "feed", "format_invalid", "", "time format \"%.*s\" %s", STR_ARG(format),
                     text);
}

enum err timeform_check(struct str format, struct fault *why)
{
    static const char letters[] = "YymdHIMSpbafzsL%";
    bool seen[128] = {0};
    if (str_is(format, "iso")) return ERR_OK;
    for (uint32_t i = 0; i < format.n; i++) {
        if (format.p[i] != '%') continue;
        char c = ++i < format.n ? format.p[i] : 0;
        bool era = c == 'E' && i + 1 < format.n && format.p[i + 1] == 'Y';
        if (c == 0 || (!era && !strchr(letters, c))) {
            return format_fault(why, format,
                                "has an unknown part; known are %Y %y %EY %m %d %H %I %M %S "
                                "%p %b %a %f %z %s %L %%, or the word iso");
        }
        seen[era ? 'Y' : (unsigned char)c] = true;
        i += era;
    }
    bool date = (seen['Y'] || seen['y']) && (seen['m'] || seen['b']) && seen['d'];
    if (!date && !seen['s'] && !seen['L']) {
        return format_fault(why, format, "does not name a day; it needs %Y, %m and %d, or %s");
    }
    if (seen['I'] != seen['p']) return format_fault(why, format, "needs %I and %p together");
    if (seen['I'] && seen['H']) return format_fault(why, format, "has both %H and %I");
    return ERR_OK;
}
