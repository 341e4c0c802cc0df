/* calendar.c - working time in closed form; see calendar.h.
 *
 * How it works: compiling turns every day of the range into its work intervals, in UTC, in order,
 * and keeps for each the work before it. "Work before instant t" is then one search and one
 * subtraction, and each question is a difference of two such sums or the search turned around. Days
 * have their own running count of working days, so that the n-th working day is one look into a
 * list.
 *
 * Invariants (checked at the end of compiling): open[i] < close of i <= open[i+1]; before[] ascends
 * strictly; intervals of one day are neighbours and touch nowhere inside the day.
 * Outside the compiled range there is no work. Rules: CV-3, CV-4, CV-8, INT-029. */
#include "common/calendar.h"
#include "common/contract.h"
#include "common/search.h"
#include <stdlib.h>
#include <string.h>

#define CALENDAR_DAYS_MAX 73415 /* 1900 to 2100, the instants we hold */
#define CALENDAR_EXCEPTIONS_MAX 65536
#define CALENDAR_NAME_MAX 64

struct calendar {
    struct zone *zone;
    int32_t first_day;
    uint32_t days; /* in the range */
    uint32_t n;    /* intervals */
    uint32_t workdays_n;
    int64_t *open;         /* [n] opening, UTC ms */
    int64_t *before;       /* [n + 1] work before interval i; [n] = all of it */
    int32_t *interval_day; /* [n] the local day it belongs to */
    struct search_index by_open, by_before;
    uint32_t *first_interval;  /* [days + 1] of the day */
    uint32_t *workdays_before; /* [days + 1] working days in the range before the day */
    int32_t *workdays;         /* [workdays_n] in order */
    char name[CALENDAR_NAME_MAX + 1];
};

static int64_t interval_close(const struct calendar *c, uint32_t i)
{
    return c->open[i] + (c->before[i + 1] - c->before[i]);
}

/* ---- checking the source ---- */

static enum err refused(struct fault *why, const char *code, const char *field, const char *text)
{
    return fault_set(why, "CV-4", code, field, "%s", text);
}

static enum err plan_check(const struct calendar_day_plan *p, const char *field, struct fault *why)
{
    if (p->count > CALENDAR_SPANS_MAX) {
        return refused(why, "calendar_spans", field,
                       "a day has more than 8 spans; join those that touch");
    }
    int32_t close_min = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct calendar_span *s = &p->spans[i];
        if (s->open_min < 0 || s->open_min >= s->close_min || s->close_min > 1440) {
            return refused(why, "calendar_span", field,
                           "a span must open before it closes, within 00:00-24:00");
        }
        if (s->open_min < close_min) {
            return refused(why, "calendar_overlap", field,
                           "spans of a day must be in order and must not overlap");
        }
        close_min = s->close_min;
    }
    return ERR_OK;
}

static enum err exception_check(const struct calendar_source *s, const struct calendar_exception *x,
                                struct fault *why)
{
    char day[11];
    if (x->day < s->first_day || x->day > s->last_day) {
        day_format(x->day, day);
        return fault_set(why, "CV-4", "calendar_exception", "exceptions",
                         "the exception %s lies outside the range of the calendar", day);
    }
    return x->work ? plan_check(&x->plan, "exceptions", why) : ERR_OK;
}

static enum err source_check(const struct calendar_source *s, struct fault *why)
{
    static const char *const days[] = {"week.monday",   "week.tuesday", "week.wednesday",
                                       "week.thursday", "week.friday",  "week.saturday",
                                       "week.sunday"};
    if (s->name.n == 0 || s->name.n > CALENDAR_NAME_MAX) {
        return refused(why, "calendar_name", "name", "a calendar needs a name of 1 to 64 bytes");
    }
    if (s->first_day > s->last_day || s->first_day < TIME_MIN_MS / DAY_MS ||
        s->last_day >= TIME_MAX_MS / DAY_MS) {
        return refused(why, "calendar_range", "from",
                       "the range must run forward, between 1900 and 2099");
    }
    if (s->exception_count > CALENDAR_EXCEPTIONS_MAX) {
        return refused(why, "calendar_exceptions", "exceptions", "more than 65536 exceptions");
    }
    for (int i = 0; i < 7; i++) {
        enum err e = plan_check(&s->week[i], days[i], why);
        if (e != ERR_OK) return e;
    }
    enum err e = plan_check(&s->makeup, "makeup", why);
    for (uint32_t i = 0; e == ERR_OK && i < s->exception_count; i++) {
        e = exception_check(s, &s->exceptions[i], why);
    }
    return e;
}

/* ---- compiling ---- */

static const struct calendar_day_plan *exception_plan(const struct calendar_source *s,
                                                      const struct calendar_exception *x)
{
    static const struct calendar_day_plan rest = {.count = 0};
    if (!x->work) return &rest;
    if (x->plan.count > 0) return &x->plan;
    return s->makeup.count > 0 ? &s->makeup : &s->week[0];
}

static void plans_choose(const struct calendar_source *s, uint32_t days,
                         const struct calendar_day_plan **plans)
{
    for (uint32_t d = 0; d < days; d++) {
        plans[d] = &s->week[day_weekday(s->first_day + (int32_t)d) - 1];
    }
    for (uint32_t i = 0; i < s->exception_count; i++) {
        const struct calendar_exception *x = &s->exceptions[i];
        plans[x->day - s->first_day] = exception_plan(s, x);
    }
}

/* Appends one span. Where the clocks jump over its ends it shrinks, or vanishes: never may it reach
 * back before what is there. A span that touches the one before in the same day lengthens it. */
static void span_append(struct calendar *c, int32_t day, const struct calendar_span *s)
{
    int64_t midnight = (int64_t)day * DAY_MS;
    int64_t open = zone_to_utc(c->zone, midnight + s->open_min * MINUTE_MS);
    int64_t close = zone_to_utc(c->zone, midnight + s->close_min * MINUTE_MS);
    uint32_t i = c->n;
    int64_t last = i > 0 ? interval_close(c, i - 1) : open;
    if (open < last) open = last;
    if (close <= open) return;
    if (i > 0 && open == last && c->interval_day[i - 1] == day) {
        c->before[i] += close - open;
        return;
    }
    c->open[i] = open;
    c->interval_day[i] = day;
    c->before[i + 1] = c->before[i] + (close - open);
    c->n = i + 1;
}

static void days_fill(struct calendar *c, const struct calendar_day_plan *const *plans)
{
    for (uint32_t d = 0; d < c->days; d++) {
        int32_t day = c->first_day + (int32_t)d;
        c->first_interval[d] = c->n;
        c->workdays_before[d] = c->workdays_n;
        for (uint32_t i = 0; i < plans[d]->count; i++)
            span_append(c, day, &plans[d]->spans[i]);
        if (c->n > c->first_interval[d]) c->workdays[c->workdays_n++] = day;
    }
    c->first_interval[c->days] = c->n;
    c->workdays_before[c->days] = c->workdays_n;
}

static bool arrays_take(struct calendar *c, size_t spans)
{
    c->open = calloc(spans + 1, sizeof *c->open);
    c->before = calloc(spans + 1, sizeof *c->before);
    c->interval_day = calloc(spans + 1, sizeof *c->interval_day);
    c->first_interval = calloc((size_t)c->days + 1, sizeof *c->first_interval);
    c->workdays_before = calloc((size_t)c->days + 1, sizeof *c->workdays_before);
    c->workdays = calloc(c->days, sizeof *c->workdays);
    return c->open && c->before && c->interval_day && c->first_interval && c->workdays_before &&
           c->workdays;
}

static bool is_sound(const struct calendar *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->before[i + 1] <= c->before[i]) return false;
        if (i + 1 < c->n && c->open[i + 1] < interval_close(c, i)) return false;
    }
    return c->workdays_n <= c->days && c->first_interval[c->days] == c->n;
}

static enum err calendar_fill(struct calendar *c, const struct calendar_source *s,
                              const struct calendar_day_plan **plans, struct fault *why)
{
    size_t spans = 0;
    plans_choose(s, c->days, plans);
    for (uint32_t d = 0; d < c->days; d++)
        spans += plans[d]->count;
    if (!arrays_take(c, spans)) return ERR_IO;
    days_fill(c, plans);
    ENSURE(c->n <= spans && is_sound(c));
    enum err e = search_index_init(&c->by_open, c->open, c->n);
    if (e == ERR_OK) e = search_index_init(&c->by_before, c->before, c->n);
    if (e != ERR_OK) return e;
    if (c->n == 0)
        return refused(why, "calendar_empty", "week", "the calendar has no working time at all");
    return ERR_OK;
}

enum err calendar_compile(const struct calendar_source *s, struct calendar **out, struct fault *why)
{
    enum err e = source_check(s, why);
    if (e != ERR_OK) return e;
    uint32_t days = (uint32_t)(s->last_day - s->first_day) + 1;
    ENSURE(days <= CALENDAR_DAYS_MAX);
    const struct calendar_day_plan **plans = calloc(days, sizeof *plans);
    struct calendar *c = calloc(1, sizeof *c);
    e = plans && c ? zone_open(s->zone, &c->zone, why) : ERR_IO;
    if (e != ERR_OK) goto out;
    c->first_day = s->first_day;
    c->days = days;
    (void)str_copy(s->name, c->name, sizeof c->name); /* source_check saw that it fits */
    e = calendar_fill(c, s, plans, why);
    if (e != ERR_OK) goto out;
    *out = c;
    c = NULL; /* moved to the caller */
out:
    free(plans);
    calendar_close(&c);
    return e;
}

void calendar_close(struct calendar **c)
{
    struct calendar *k = *c;
    if (!k) return;
    zone_close(&k->zone);
    search_index_fini(&k->by_open);
    search_index_fini(&k->by_before);
    free(k->open);
    free(k->before);
    free(k->interval_day);
    free(k->first_interval);
    free(k->workdays_before);
    free(k->workdays);
    free(k);
    *c = NULL;
}

const struct zone *calendar_zone(const struct calendar *c)
{
    return c->zone;
}

int64_t calendar_begins(const struct calendar *c)
{
    return zone_day_start(c->zone, c->first_day);
}

int64_t calendar_ends(const struct calendar *c)
{
    return zone_day_start(c->zone, c->first_day + (int32_t)c->days);
}

struct str calendar_name(const struct calendar *c)
{
    return str_of(c->name);
}

/* ---- working time ---- */

static int64_t min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Work in the range before t. */
static int64_t work_before(const struct calendar *c, int64_t t)
{
    uint32_t i = search_index_upto(&c->by_open, t);
    if (i == 0) return 0;
    return min64(c->before[i - 1] + (t - c->open[i - 1]), c->before[i]);
}

int64_t calendar_worked(const struct calendar *c, int64_t a_ms, int64_t b_ms)
{
    if (b_ms <= a_ms) return 0;
    return work_before(c, b_ms) - work_before(c, a_ms);
}

/* Latest instant with `work` before it: inside an interval, or the opening that ends the gap. */
static int64_t latest_with(const struct calendar *c, int64_t work)
{
    if (work < 0) return TIME_MIN_MS;
    if (work >= c->before[c->n]) return TIME_MAX_MS;
    uint32_t i =
        search_index_upto(&c->by_before, work) - 1; /* before[0] = 0: at least one counts */
    return c->open[i] + (work - c->before[i]);
}

/* Earliest instant with `work` (> 0) before it: inside an interval, or the closing that uses it up.
 */
static int64_t earliest_with(const struct calendar *c, int64_t work)
{
    uint32_t i = search_index_upto(&c->by_before, work - 1) - 1;
    return c->open[i] + (work - c->before[i]);
}

int64_t calendar_add(const struct calendar *c, int64_t start_ms, int64_t amount_ms)
{
    if (amount_ms == 0) return start_ms;
    int64_t done = work_before(c, start_ms);
    if (amount_ms < 0) return amount_ms < -done ? TIME_MIN_MS : latest_with(c, done + amount_ms);
    if (amount_ms > c->before[c->n] - done) return TIME_MAX_MS;
    return earliest_with(c, done + amount_ms);
}

int64_t calendar_add_right(const struct calendar *c, int64_t start_ms, int64_t amount_ms)
{
    int64_t done = work_before(c, start_ms);
    if (amount_ms > c->before[c->n] - done) return TIME_MAX_MS;
    return amount_ms < -done ? TIME_MIN_MS : latest_with(c, done + amount_ms);
}

int64_t calendar_change(const struct calendar *c, int64_t utc_ms)
{
    uint32_t i = search_index_upto(&c->by_open, utc_ms);
    if (i > 0 && interval_close(c, i - 1) > utc_ms) return interval_close(c, i - 1);
    return i < c->n ? c->open[i] : TIME_MAX_MS;
}

/* ---- working days ---- */

static bool in_range(const struct calendar *c, int64_t day)
{
    return day >= c->first_day && day < (int64_t)c->first_day + c->days;
}

static uint32_t day_index(const struct calendar *c, int32_t day)
{
    REQUIRE(in_range(c, day));
    return (uint32_t)(day - c->first_day);
}

bool calendar_is_workday(const struct calendar *c, int32_t day)
{
    if (!in_range(c, day)) return false;
    uint32_t d = day_index(c, day);
    return c->first_interval[d] < c->first_interval[d + 1];
}

int64_t calendar_open(const struct calendar *c, int32_t day)
{
    REQUIRE(calendar_is_workday(c, day));
    return c->open[c->first_interval[day_index(c, day)]];
}

int64_t calendar_close_of(const struct calendar *c, int32_t day)
{
    REQUIRE(calendar_is_workday(c, day));
    return interval_close(c, c->first_interval[day_index(c, day) + 1] - 1);
}

static int32_t workday_at(const struct calendar *c, int64_t i)
{
    return i >= 0 && i < c->workdays_n ? c->workdays[i] : INT32_MAX;
}

int32_t calendar_workday(const struct calendar *c, int32_t day, int n)
{
    if (!in_range(c, day)) return INT32_MAX;
    uint32_t d = day_index(c, day);
    if (n > 0) return workday_at(c, (int64_t)c->workdays_before[d + 1] + n - 1);
    return workday_at(c, (int64_t)c->workdays_before[d] + n);
}

int32_t calendar_last_workday(const struct calendar *c, int year, int month)
{
    if (!day_valid(year, month, 1)) return INT32_MAX;
    int32_t first = day_of(year, month, 1);
    int32_t last = day_add_months(first, 1) - 1;
    if (!in_range(c, first) || !in_range(c, last)) return INT32_MAX;
    uint32_t i = c->workdays_before[day_index(c, last) + 1];
    return i > c->workdays_before[day_index(c, first)] ? c->workdays[i - 1] : INT32_MAX;
}

/* The first interval that closes at or after the instant names the day; a call in the lunch break
 * belongs to the same day as the afternoon it waits for. */
int32_t calendar_register_day(const struct calendar *c, int64_t utc_ms)
{
    if (utc_ms < zone_day_start(c->zone, c->first_day)) return INT32_MAX;
    uint32_t i = search_index_upto(&c->by_open, utc_ms);
    while (i > 0 && interval_close(c, i - 1) >= utc_ms)
        i--; /* twice at most: intervals may touch */
    return i < c->n ? c->interval_day[i] : INT32_MAX;
}
