/* timefmt.c - instants as text: RFC 3339 for programs, a plain local clock for people; see
 * calendar.h.
 *
 * What time_format writes, time_parse reads back to the same instant. Offsets are whole minutes in
 * RFC 3339: where a zone had seconds (local mean time, before 1928) the offset written is cut to
 * the minute and the clock beside it is computed from the cut one. Rule: CV-1. */
#include "common/calendar.h"
#include <string.h>

#define TIME_TEXT_MAX 40 /* of the callers, and shown in a fault */

/* A place in the text; every take_ refuses to run past its end. */
struct cursor {
    const char *p, *end;
};

static bool take_char(struct cursor *c, const char *allowed)
{
    if (c->p == c->end || *c->p == 0 || !strchr(allowed, *c->p)) return false;
    c->p++;
    return true;
}

static bool take_two(struct cursor *c, int max, int *value)
{
    if (c->end - c->p < 2) return false;
    char a = c->p[0], b = c->p[1];
    if (a < '0' || a > '9' || b < '0' || b > '9') return false;
    c->p += 2;
    *value = (a - '0') * 10 + (b - '0');
    return *value <= max;
}

static bool take_date(struct cursor *c, int32_t *day)
{
    if (c->end - c->p < 10) return false;
    if (day_parse((struct str){c->p, 10}, day) != ERR_OK) return false;
    c->p += 10;
    return true;
}

/* ".5" = 500 ms; digits behind the third are cut, not rounded, so that no instant moves forward. */
static bool take_fraction(struct cursor *c, int *ms)
{
    *ms = 0;
    if (!take_char(c, ".")) return true;
    int digits = 0;
    for (int weight = 100; c->p < c->end && *c->p >= '0' && *c->p <= '9'; weight /= 10, digits++) {
        *ms += weight * (*c->p++ - '0');
    }
    return digits > 0;
}

static bool take_clock(struct cursor *c, int64_t *of_day_ms)
{
    int h, m, s, ms;
    if (!take_two(c, 23, &h) || !take_char(c, ":") || !take_two(c, 59, &m)) return false;
    if (!take_char(c, ":") || !take_two(c, 59, &s) || !take_fraction(c, &ms)) return false;
    *of_day_ms = h * HOUR_MS + m * MINUTE_MS + s * 1000 + ms;
    return true;
}

static bool take_offset(struct cursor *c, int64_t *offset_ms)
{
    int h, m;
    *offset_ms = 0;
    if (take_char(c, "Zz")) return true;
    if (c->p == c->end) return false;
    int64_t sign = *c->p == '-' ? -1 : 1;
    if (!take_char(c, "+-")) return false;
    if (!take_two(c, 23, &h) || !take_char(c, ":") || !take_two(c, 59, &m)) return false;
    *offset_ms = sign * (h * HOUR_MS + m * MINUTE_MS);
    return true;
}

static enum err time_refused(struct fault *why, struct str s, const char *code, const char *text)
{
    struct str shown = {s.p, s.n > TIME_TEXT_MAX ? TIME_TEXT_MAX : s.n};
    return fault_set(why, "CV-1", code, "", "\"%.*s\" %s", STR_ARG(shown), text);
}

enum err time_parse(struct str s, int64_t *utc_ms, struct fault *why)
{
    static const char example[] = "is not a time: write it as 2026-03-02T09:00:00+08:00";
    struct cursor c = {s.p, s.p + s.n};
    int32_t day;
    int64_t of_day_ms, offset_ms;
    if (s.n == 0) return time_refused(why, s, "time_invalid", example);
    if (!take_date(&c, &day) || !take_char(&c, "Tt "))
        return time_refused(why, s, "time_invalid", example);
    if (!take_clock(&c, &of_day_ms)) return time_refused(why, s, "time_invalid", example);
    if (c.p == c.end) {
        return time_refused(why, s, "time_zone_missing",
                            "has no zone: add Z or an offset, as in 2026-03-02T09:00:00+08:00");
    }
    if (!take_offset(&c, &offset_ms) || c.p != c.end)
        return time_refused(why, s, "time_invalid", example);
    int64_t t = day * DAY_MS + of_day_ms - offset_ms;
    if (t < TIME_MIN_MS || t >= TIME_MAX_MS) {
        return time_refused(why, s, "time_out_of_range", "is outside the years 1900 to 2099");
    }
    *utc_ms = t;
    return ERR_OK;
}

/* Beyond the instants we hold the text would not be one time_parse reads; it stays at the border.
 */
static int64_t clamp(int64_t utc_ms)
{
    if (utc_ms < TIME_MIN_MS) return TIME_MIN_MS;
    return utc_ms > TIME_MAX_MS ? TIME_MAX_MS : utc_ms;
}

/* Writing, too, moves one place along; every text here is shorter than TIME_TEXT_MAX. */
static char *put_number(char *p, int width, int value)
{
    for (int i = width - 1; i >= 0; i--) {
        p[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return p + width;
}

static char *put_lead(char *p, char lead, int width, int value)
{
    *p = lead;
    return put_number(p + 1, width, value);
}

/* Date, hours and minutes; what is left of the minute goes to *rest_ms. */
static char *put_minute(char *p, int64_t local_ms, char between, int *rest_ms)
{
    int64_t day = local_ms / DAY_MS - (local_ms % DAY_MS < 0);
    int of_day_ms = (int)(local_ms - day * DAY_MS);
    day_format((int32_t)day, p);
    p = put_lead(p + 10, between, 2, of_day_ms / (int)HOUR_MS);
    *rest_ms = of_day_ms % (int)MINUTE_MS;
    return put_lead(p, ':', 2, of_day_ms / (int)MINUTE_MS % 60);
}

static char *put_offset(char *p, int offset_min)
{
    int size_min = offset_min < 0 ? -offset_min : offset_min;
    p = put_lead(p, offset_min < 0 ? '-' : '+', 2, size_min / 60);
    return put_lead(p, ':', 2, size_min % 60);
}

void time_format(int64_t utc_ms, const struct zone *z, char out[40])
{
    int rest_ms;
    utc_ms = clamp(utc_ms);
    int offset_min = z ? zone_offset_ms(z, utc_ms) / (int)MINUTE_MS : 0;
    char *p = put_minute(out, utc_ms + offset_min * MINUTE_MS, 'T', &rest_ms);
    p = put_lead(p, ':', 2, rest_ms / 1000);
    if (rest_ms % 1000 != 0) p = put_lead(p, '.', 3, rest_ms % 1000);
    if (z) {
        p = put_offset(p, offset_min);
    } else {
        *p++ = 'Z';
    }
    *p = 0;
}

void time_format_local(int64_t utc_ms, const struct zone *z, char out[40])
{
    int rest_ms;
    utc_ms = clamp(utc_ms);
    char *p = put_minute(out, utc_ms + (z ? zone_offset_ms(z, utc_ms) : 0), ' ', &rest_ms);
    if (rest_ms >= 1000) p = put_lead(p, ':', 2, rest_ms / 1000);
    *p = 0;
}
