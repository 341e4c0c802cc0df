/* policy_calendar.c - a calendar file into a compiled calendar.
 *
 * Days and hours stand in the file as people write them: "08:30-12:00, 13:00-17:30" for a day, and
 * "01-01, 10-01..10-07" for the days of a year that are off or, by way of exchange (調休), work.
 * Days under `work` are applied after those under `off`. Rules CV-3, CV-4. */
#include "common/contract.h"
#include "common/policy_private.h"
#include <string.h>

#define EXCEPTIONS_MAX 8192
#define YEAR_MIN 1900 /* what calendar.h can hold */
#define YEAR_MAX 2099

struct reader {
    struct policy_build *b;
    const struct policy_yaml *f;
    struct calendar_exception *v;
    uint32_t n;
};

__attribute__((format(printf, 3, 4))) static void wrong(struct reader *r, const char *path,
                                                        const char *text, ...)
{
    char said[200];
    va_list ap;
    va_start(ap, text);
    vsnprintf(said, sizeof said, text, ap);
    va_end(ap);
    policy_fault_add(&r->b->faults, r->f, policy_yaml_line(r->f, path), path, "calendar", "%s",
                     said);
}

static struct str trim(struct str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\n'))
        s.p++, s.n--;
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n'))
        s.n--;
    return s;
}

/* Take what stands before the separator off the front of *rest. */
static struct str take(struct str *rest, const char *separator)
{
    size_t m = strlen(separator);
    for (uint32_t i = 0; i + m <= rest->n; i++) {
        if (memcmp(rest->p + i, separator, m) != 0) continue;
        struct str head = {rest->p, i};
        *rest = (struct str){rest->p + i + m, rest->n - i - (uint32_t)m};
        return trim(head);
    }
    struct str all = trim(*rest);
    rest->n = 0;
    return all;
}

/* Two digits, or -1. */
static int32_t two_digits(const char *p)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9') return -1;
    return (p[0] - '0') * 10 + (p[1] - '0');
}

int32_t policy_calendar_minute(struct str s)
{
    if (s.n != 5 || s.p[2] != ':') return -1;
    int32_t hour = two_digits(s.p), minute = two_digits(s.p + 3);
    if (hour < 0 || minute < 0 || minute > 59) return -1;
    int32_t all = hour * 60 + minute;
    return all <= 1440 ? all : -1;
}

/* "08:30-12:00, 13:00-17:30"; "" is a day without work. */
static void read_plan(struct reader *r, struct str s, const char *path,
                      struct calendar_day_plan *out)
{
    *out = (struct calendar_day_plan){0};
    while (trim(s).n) {
        struct str span = take(&s, ",");
        struct str open = take(&span, "-"), close = trim(span);
        struct calendar_span x = {policy_calendar_minute(open), policy_calendar_minute(close)};
        if (x.open_min < 0 || x.close_min < 0 || out->count == CALENDAR_SPANS_MAX) {
            wrong(r, path, "must be at most %d spans like \"08:30-12:00, 13:00-17:30\"",
                  CALENDAR_SPANS_MAX);
            return;
        }
        out->spans[out->count++] = x;
    }
}

/* "MM-DD" of the year; INT32_MIN when there is no such day. */
static int32_t read_day(struct str s, uint32_t year)
{
    if (s.n != 5 || s.p[2] != '-' || year < YEAR_MIN || year > YEAR_MAX) return INT32_MIN;
    int month = two_digits(s.p), mday = two_digits(s.p + 3);
    return day_valid((int)year, month, mday) ? day_of((int)year, month, mday) : INT32_MIN;
}

static void read_range(struct reader *r, const char *path, uint32_t year, bool work, struct str s)
{
    struct str first_s = take(&s, "..");
    struct str last_s = s.n ? trim(s) : first_s;
    int32_t first = read_day(first_s, year), last = read_day(last_s, year);
    if (first == INT32_MIN || last == INT32_MIN || first > last) {
        wrong(r, path, "\"%.*s\" must be a day of %u like 10-01 or a range like 10-01..10-07",
              STR_ARG(first_s), year);
        return;
    }
    for (int32_t day = first; day <= last && r->n < EXCEPTIONS_MAX; day++) {
        r->v[r->n++] = (struct calendar_exception){.day = day, .work = work};
    }
}

static void read_days(struct reader *r, uint32_t i, const char *key, const struct raw_exceptions *x)
{
    bool work = strcmp(key, "work") == 0;
    struct str s = work ? x->work : x->off;
    char path[40];
    snprintf(path, sizeof path, "exceptions[%u].%s", i, key);
    while (trim(s).n)
        read_range(r, path, x->year, work, take(&s, ","));
}

static void read_exceptions(struct reader *r, const struct raw_calendar *raw)
{
    r->v = arena_take(r->b->arena, EXCEPTIONS_MAX * sizeof *r->v);
    for (uint32_t i = 0; i < raw->exception_count; i++) {
        read_days(r, i, "off", &raw->exceptions[i]);
        read_days(r, i, "work", &raw->exceptions[i]); /* after off: the later of two wins */
    }
    if (r->n == EXCEPTIONS_MAX) {
        wrong(r, "exceptions", "names more than %d days", EXCEPTIONS_MAX);
    }
}

static int32_t read_date(struct reader *r, struct str s, const char *path)
{
    int32_t day = 0;
    if (day_parse(s, &day) != ERR_OK) {
        wrong(r, path, "\"%.*s\" must be a date like 2026-01-31", (int)(s.n < 40 ? s.n : 40), s.p);
    }
    return day;
}

static void read_week(struct reader *r, const struct raw_calendar *raw, struct calendar_source *s)
{
    for (uint32_t i = 0; i < 7; i++) {
        char path[16];
        snprintf(path, sizeof path, "week[%u]", i);
        read_plan(r, raw->week.v[i], path, &s->week[i]);
    }
    read_plan(r, raw->makeup, "makeup", &s->makeup);
}

/* calendar.h names the days, the file numbers them. */
static const char *path_in_file(const char *field)
{
    static const char *const pairs[][2] = {
        {"week.monday", "week[0]"},   {"week.tuesday", "week[1]"}, {"week.wednesday", "week[2]"},
        {"week.thursday", "week[3]"}, {"week.friday", "week[4]"},  {"week.saturday", "week[5]"},
        {"week.sunday", "week[6]"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (strcmp(field, pairs[i][0]) == 0) return pairs[i][1];
    }
    return field[0] ? field : "file";
}

struct calendar *policy_calendar_make(struct policy_build *b, const struct policy_yaml *f)
{
    REQUIRE(f->v != NULL); /* filled, so that the week has its seven days */
    const struct raw_calendar *raw = f->v;
    struct reader r = {.b = b, .f = f};
    uint32_t before = b->faults.found;
    struct calendar_source s = {.name = raw->name, .zone = raw->zone};
    s.first_day = read_date(&r, raw->from, "from");
    s.last_day = read_date(&r, raw->to, "to");
    read_week(&r, raw, &s);
    read_exceptions(&r, raw);
    s.exceptions = r.v;
    s.exception_count = r.n;
    if (b->faults.found > before) return NULL;

    struct calendar *c = NULL;
    struct fault why = {0};
    enum err e = calendar_compile(&s, &c, &why);
    REQUIRE(e != ERR_IO); /* memory or a zone file: no fault of the set, a later start may go */
    if (e == ERR_OK) return c;
    wrong(&r, path_in_file(why.field), "%.190s", why.text);
    return NULL;
}
