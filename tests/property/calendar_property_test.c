/* calendar_property_test.c - working calendars against a slow reference, and the laws they must
 * keep.
 *
 * The reference knows no intervals and no sums: it asks of every UTC minute whether the clock on
 * the wall then shows a working minute of a working day, and walks. Each run draws a calendar
 * (zone, spans, exceptions) from a seed that a failure prints. Where clocks change, no span ends
 * between 01:00 and 03:00: what happens there is stated, and tested, in the unit tests. */
#include "common/calendar.h"
#include "common/contract.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define RUNS 60
#define QUESTIONS 40
#define DAYS 12
#define EXCEPTIONS 5
#define MARGIN_MIN (2 * 1440) /* minutes looked at before and after the range */
#define MINUTES (DAYS * 1440 + 2 * MARGIN_MIN + 120)

struct world {
    uint64_t seed, random;
    struct calendar_source s;
    struct calendar_exception x[EXCEPTIONS];
    struct calendar *c;
    int64_t from_ms; /* of minute 0 */
    bool work[MINUTES];
};

static uint32_t draw(struct world *w, uint32_t below)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (uint32_t)((w->random >> 20) % below);
}

static int32_t draw_minute(struct world *w)
{
    uint32_t m = draw(w, 60 + 1440 - 180 + 1);
    return (int32_t)(m < 60 ? m : m - 60 + 180);
}

/* Ascending minutes in pairs; some pairs touch. */
static struct calendar_day_plan draw_plan(struct world *w)
{
    struct calendar_day_plan p = {.count = 0};
    int32_t last = 0;
    uint32_t wanted = draw(w, 5);
    while (p.count < wanted) {
        int32_t a = draw(w, 4) == 0 ? last : draw_minute(w), b = draw_minute(w);
        if (a < last || b <= a) {
            if (draw(w, 8) == 0) break;
            continue;
        }
        p.spans[p.count++] = (struct calendar_span){a, b};
        last = b;
    }
    return p;
}

static const struct calendar_day_plan *reference_plan(const struct world *w, int32_t day)
{
    static const struct calendar_day_plan none = {.count = 0};
    if (day < w->s.first_day || day > w->s.last_day) return &none;
    for (uint32_t i = w->s.exception_count; i-- > 0;) {
        if (w->x[i].day != day) continue;
        if (!w->x[i].work) return &none;
        if (w->x[i].plan.count) return &w->x[i].plan;
        return w->s.makeup.count ? &w->s.makeup : &w->s.week[0];
    }
    return &w->s.week[(day % 7 + 7 + 3) % 7];
}

static bool reference_works(const struct world *w, int64_t utc_ms)
{
    int64_t local = utc_ms + zone_offset_ms(calendar_zone(w->c), utc_ms);
    int32_t day = (int32_t)(local / DAY_MS), minute = (int32_t)(local % DAY_MS / MINUTE_MS);
    const struct calendar_day_plan *p = reference_plan(w, day);
    for (uint32_t i = 0; i < p->count; i++) {
        if (minute >= p->spans[i].open_min && minute < p->spans[i].close_min) return true;
    }
    return false;
}

static void world_draw_source(struct world *w)
{
    static const struct {
        const char *zone;
        int year, month, day; /* shortly before a change of the clocks, where there is one */
    } places[] = {{"+08:00", 2026, 9, 28},          {"UTC", 2024, 2, 25},
                  {"America/New_York", 2025, 3, 5}, {"America/New_York", 2025, 10, 28},
                  {"Europe/Berlin", 2024, 3, 26},   {"Europe/Berlin", 2025, 10, 20},
                  {"Asia/Taipei", 2026, 2, 14},     {"-09:30", 2025, 12, 28}};
    size_t k = draw(w, (uint32_t)COUNT_OF(places));
    w->s = (struct calendar_source){.name = STR("R"), .zone = str_of(places[k].zone)};
    w->s.first_day = day_of(places[k].year, places[k].month, places[k].day) + (int32_t)draw(w, 4);
    w->s.last_day = w->s.first_day + DAYS - 1;
    for (int i = 0; i < 7; i++)
        w->s.week[i] = draw_plan(w);
    w->s.week[2] =
        (struct calendar_day_plan){{{510, 720}, {780, 1050}}, 2}; /* never without any work */
    w->s.makeup = draw_plan(w);
    w->s.exceptions = w->x;
    w->s.exception_count = draw(w, EXCEPTIONS);
    for (uint32_t i = 0; i < w->s.exception_count; i++) {
        w->x[i] = (struct calendar_exception){.day = w->s.first_day + (int32_t)draw(w, DAYS),
                                              .work = draw(w, 2) == 0,
                                              .plan = draw_plan(w)};
    }
}

static bool world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    w->seed = seed;
    w->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    world_draw_source(w);
    struct fault why = {.text = ""};
    enum err e = calendar_compile(&w->s, &w->c, &why);
    if (e == ERR_REFUSED && strcmp(why.code, "calendar_empty") == 0) return false;
    if (e != ERR_OK) fail_msg("seed %llu: %s", (unsigned long long)seed, why.text);
    w->from_ms = zone_day_start(calendar_zone(w->c), w->s.first_day) - MARGIN_MIN * MINUTE_MS;
    for (int i = 0; i < MINUTES; i++)
        w->work[i] = reference_works(w, w->from_ms + i * MINUTE_MS);
    return true;
}

/* Work of [a, b), minute by minute, with the parts of the first and the last. */
static int64_t reference_worked(const struct world *w, int64_t a, int64_t b)
{
    int64_t sum = 0;
    for (int64_t i = (a - w->from_ms) / MINUTE_MS; i < MINUTES; i++) {
        int64_t open = w->from_ms + i * MINUTE_MS, close = open + MINUTE_MS;
        if (open >= b) break;
        if (open < a) open = a;
        if (close > b) close = b;
        if (w->work[i] && close > open) sum += close - open;
    }
    return sum;
}

/* Walks forward. left: the first instant at which `amount` is done; right: the last before more is.
 */
static int64_t reference_add(const struct world *w, int64_t start, int64_t amount, bool right)
{
    if (amount == 0 && !right) return start;
    for (int64_t i = (start - w->from_ms) / MINUTE_MS; i < MINUTES; i++) {
        int64_t open = w->from_ms + i * MINUTE_MS, close = open + MINUTE_MS;
        if (!w->work[i]) continue;
        if (open < start) open = start;
        if (amount < close - open || (!right && amount == close - open)) return open + amount;
        amount -= close - open;
    }
    return TIME_MAX_MS;
}

/* Walks back to the latest instant from which `amount` (> 0) of work lies before `start`. */
static int64_t reference_back(const struct world *w, int64_t start, int64_t amount)
{
    for (int64_t i = (start - w->from_ms) / MINUTE_MS; i >= 0; i--) {
        int64_t open = w->from_ms + i * MINUTE_MS, close = open + MINUTE_MS;
        if (!w->work[i]) continue;
        if (close > start) close = start;
        if (close <= open) continue;
        if (amount <= close - open) return close - amount;
        amount -= close - open;
    }
    return TIME_MIN_MS;
}

static int64_t draw_instant(struct world *w)
{
    int64_t minute = draw(w, MINUTES - 1);
    int64_t exact = draw(w, 3) == 0 ? draw(w, (uint32_t)MINUTE_MS) : 0;
    return w->from_ms + minute * MINUTE_MS + exact;
}

static int64_t draw_amount(struct world *w)
{
    int64_t exact = draw(w, 3) == 0 ? draw(w, (uint32_t)MINUTE_MS) : 0;
    return draw(w, 2500) * MINUTE_MS + exact;
}

static void same(const struct world *w, const char *what, int64_t got, int64_t expected)
{
    if (got == expected) return;
    fail_msg("seed %llu, %s: got %lld, expected %lld", (unsigned long long)w->seed, what,
             (long long)got, (long long)expected);
}

/* Runs `question` many times on many calendars. */
static void ask(void (*question)(struct world *w))
{
    static struct world w;
    uint32_t asked = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        if (!world_open(&w, seed)) continue;
        for (int i = 0; i < QUESTIONS; i++)
            question(&w);
        calendar_close(&w.c);
        asked++;
    }
    assert_true(asked > RUNS / 2);
}

static void question_worked(struct world *w)
{
    int64_t a = draw_instant(w), b = draw_instant(w);
    same(w, "worked", calendar_worked(w->c, a, b), reference_worked(w, a, b));
}

static void question_add(struct world *w)
{
    int64_t start = draw_instant(w), amount = draw_amount(w);
    same(w, "add", calendar_add(w->c, start, amount), reference_add(w, start, amount, false));
    same(w, "right", calendar_add_right(w->c, start, amount),
         reference_add(w, start, amount, true));
    if (amount == 0) return;
    same(w, "back", calendar_add(w->c, start, -amount), reference_back(w, start, amount));
}

/* Amounts that end exactly where an interval ends, which random ones seldom do. */
static void question_boundary(struct world *w)
{
    int64_t start = draw_instant(w), stop = start;
    while (stop < w->from_ms + (MINUTES - 2) * MINUTE_MS) {
        int64_t i = (stop - w->from_ms) / MINUTE_MS;
        stop = w->from_ms + (i + 1) * MINUTE_MS;
        if (w->work[i] && !w->work[i + 1] && draw(w, 3) != 0) break;
    }
    int64_t amount = calendar_worked(w->c, start, stop);
    same(w, "left", calendar_add(w->c, start, amount), reference_add(w, start, amount, false));
    same(w, "right", calendar_add_right(w->c, start, amount),
         reference_add(w, start, amount, true));
}

static void question_laws(struct world *w)
{
    int64_t t[3] = {draw_instant(w), draw_instant(w), draw_instant(w)};
    int64_t a = t[0], b = t[1], c = t[2], amount = draw_amount(w);
    if (a <= b && b <= c) {
        same(w, "sum", calendar_worked(w->c, a, b) + calendar_worked(w->c, b, c),
             calendar_worked(w->c, a, c));
    }
    int64_t left = calendar_add(w->c, a, amount), right = calendar_add_right(w->c, a, amount);
    if (left == TIME_MAX_MS) return;
    same(w, "worked(s, add(s, n)) = n", calendar_worked(w->c, a, left), amount);
    if (amount > 0) same(w, "earliest", calendar_worked(w->c, a, left - 1), amount - 1);
    assert_true(a <= left && left <= right);
    if (right == TIME_MAX_MS) return;
    same(w, "right too", calendar_worked(w->c, a, right), amount);
    same(w, "latest", calendar_worked(w->c, a, right + 1), amount + 1);
}

static bool reference_workday(const struct world *w, int32_t day)
{
    return reference_plan(w, day)->count > 0;
}

static int32_t reference_nth(const struct world *w, int32_t day, int n)
{
    int step = n < 0 ? -1 : 1, left = n < 0 ? -n : n;
    if (left == 0 && reference_workday(w, day)) return day;
    if (left == 0) left = 1;
    while (left > 0) {
        day += step;
        if (day < w->s.first_day || day > w->s.last_day) return INT32_MAX;
        left -= reference_workday(w, day);
    }
    return day;
}

static void question_workday(struct world *w)
{
    int32_t day = w->s.first_day + (int32_t)draw(w, DAYS);
    int n = (int)draw(w, 15) - 7;
    same(w, "is_workday", calendar_is_workday(w->c, day), reference_workday(w, day));
    same(w, "workday", calendar_workday(w->c, day, n), reference_nth(w, day, n));
}

/* INT-029: the first working day whose last working minute ends at or after the instant. */
static void question_register_day(struct world *w)
{
    const struct zone *z = calendar_zone(w->c);
    int64_t t = draw_instant(w);
    int32_t expected = INT32_MAX;
    for (int32_t day = w->s.last_day; day >= w->s.first_day; day--) {
        const struct calendar_day_plan *p = reference_plan(w, day);
        if (p->count == 0) continue;
        if (zone_to_utc(z, day * DAY_MS + p->spans[p->count - 1].close_min * MINUTE_MS) >= t)
            expected = day;
    }
    if (t < zone_day_start(z, w->s.first_day)) expected = INT32_MAX;
    same(w, "register_day", calendar_register_day(w->c, t), expected);
}

static void question_open_close(struct world *w)
{
    const struct zone *z = calendar_zone(w->c);
    int32_t day = w->s.first_day + (int32_t)draw(w, DAYS);
    const struct calendar_day_plan *p = reference_plan(w, day);
    if (p->count == 0) return;
    same(w, "open", calendar_open(w->c, day),
         zone_to_utc(z, day * DAY_MS + p->spans[0].open_min * MINUTE_MS));
    same(w, "close", calendar_close_of(w->c, day),
         zone_to_utc(z, day * DAY_MS + p->spans[p->count - 1].close_min * MINUTE_MS));
}

static void CV_3_worked_is_the_minutes_one_by_one(void **state)
{
    (void)state;
    ask(question_worked);
}

static void CV_3_add_is_the_walk_forward_and_back(void **state)
{
    (void)state;
    ask(question_add);
}

static void CV_3_left_and_right_at_every_kind_of_closing(void **state)
{
    (void)state;
    ask(question_boundary);
}

static void CV_3_the_laws_of_working_time(void **state)
{
    (void)state;
    ask(question_laws);
}

static void CV_8_working_days_are_the_days_one_by_one(void **state)
{
    (void)state;
    ask(question_workday);
}

static void INT_029_register_day_is_the_first_to_close_late_enough(void **state)
{
    (void)state;
    ask(question_register_day);
}

static void opening_and_closing_are_those_on_the_wall(void **state)
{
    (void)state;
    ask(question_open_close);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CV_3_worked_is_the_minutes_one_by_one),
        cmocka_unit_test(CV_3_add_is_the_walk_forward_and_back),
        cmocka_unit_test(CV_3_left_and_right_at_every_kind_of_closing),
        cmocka_unit_test(CV_3_the_laws_of_working_time),
        cmocka_unit_test(CV_8_working_days_are_the_days_one_by_one),
        cmocka_unit_test(INT_029_register_day_is_the_first_to_close_late_enough),
        cmocka_unit_test(opening_and_closing_are_those_on_the_wall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
