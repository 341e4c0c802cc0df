/* policy_route_property_test.c - the walk over stretches against one that asks of every start
 * minute, and knows neither sums nor stretches: a list of working minutes that is walked along.
 *
 * Each run draws a route (one to seven limits on any clock, a total) and a piece of a calendar with
 * long holidays from a seed that a failure prints. Rules CMP-036, CMP-051. */
#include "common/contract.h"
#include "common/policy_route.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define RUNS 24
#define STARTS (2 * 1440)
#define AFTER (90 * 1440) /* minutes that a route may take */
#define MINUTES (STARTS + AFTER)

struct world {
    uint64_t random;
    struct policy *policy;
    const struct calendar *c;
    const struct zone *z;
    int64_t from_ms;
    bool work[MINUTES];
    bool workday[MINUTES / 1440 + 2]; /* of the local days from that of from_ms on */
    int32_t first_day;
};

static uint32_t draw(struct world *w, uint32_t below)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (uint32_t)((w->random >> 20) % below);
}

/* ---- the reference: minutes since from_ms ---- */

static int32_t slow_working(const struct world *w, int32_t at, int64_t minutes)
{
    for (; minutes > 0; at++)
        minutes -= w->work[at];
    return at;
}

static int32_t slow_days(const struct world *w, int32_t at, const struct route_leg *l)
{
    int32_t offset_min = (int32_t)((w->from_ms + 8 * HOUR_MS) / MINUTE_MS % 1440);
    int32_t day = (at + offset_min) / 1440;
    for (int32_t n = l->days; n > 0; n -= l->every_day || w->workday[day])
        day++;
    int32_t due = day * 1440 + l->at_min - offset_min;
    return due < at ? at : due;
}

static int32_t slow(const struct world *w, int32_t at, const struct route_leg *l)
{
    if (l->clock == clock_kind_working) return slow_working(w, at, l->minutes);
    if (l->clock == clock_kind_day) return slow_days(w, at, l);
    return at + (int32_t)l->minutes;
}

static void slow_walk(const struct world *w, const struct route *r, struct route_fit *f)
{
    *f = (struct route_fit){.first_ms = w->from_ms};
    for (int32_t start = 0; start < STARTS; start++) {
        int32_t end = start, due = slow(w, start, &r->total);
        for (uint32_t i = 0; i < r->leg_count; i++)
            end = slow(w, end, &r->legs[i]);
        int64_t start_ms = w->from_ms + start * MINUTE_MS;
        if (end > due && !f->late_starts) f->first_late_ms = start_ms;
        f->late_starts += end > due;
        f->last_ms = start_ms;
        if (!f->starts++ || (end - due) * MINUTE_MS > f->worst_end_ms - f->worst_due_ms) {
            f->worst_ms = start_ms;
            f->worst_end_ms = w->from_ms + end * MINUTE_MS;
            f->worst_due_ms = w->from_ms + due * MINUTE_MS;
        }
    }
}

/* ---- drawing ---- */

static struct route_leg draw_leg(struct world *w, uint32_t at_most_days)
{
    static const int64_t working[] = {60, 210, 240, 270, 480, 481, 720, 960};
    uint32_t which = draw(w, 6);
    if (which < 3)
        return (struct route_leg){.clock = clock_kind_working,
                                  .minutes = working[draw(w, COUNT_OF(working))]};
    if (which == 3)
        return (struct route_leg){.clock = clock_kind_elapsed,
                                  .minutes = 1 + draw(w, at_most_days * 1440)};
    return (struct route_leg){.clock = clock_kind_day,
                              .days = (int32_t)draw(w, 3),
                              .every_day = draw(w, 2),
                              .at_min = draw(w, 2) ? 1440 : 17 * 60 + 30};
}

static void draw_route(struct world *w, struct route *r)
{
    *r = (struct route){.calendar = w->c, .leg_count = 1 + draw(w, 7)};
    for (uint32_t i = 0; i < r->leg_count; i++)
        r->legs[i] = draw_leg(w, 5);
    r->total = draw_leg(w, 14);
    if (r->total.clock != clock_kind_elapsed) r->total.minutes *= 1 + draw(w, 6);
}

/* From a minute of the fortnight before a long holiday. */
static void draw_piece(struct world *w)
{
    static const int days[][3] = {{2026, 2, 4},  {2026, 9, 20}, {2024, 9, 26},
                                  {2020, 1, 14}, {2025, 4, 22}, {2023, 9, 21}};
    const int *d = days[draw(w, COUNT_OF(days))];
    w->first_day = day_of(d[0], d[1], d[2]) + (int32_t)draw(w, 12);
    w->from_ms = zone_day_start(w->z, w->first_day) + draw(w, 1440) * MINUTE_MS;
    for (int32_t i = 0; i < MINUTES; i++) {
        int64_t at = w->from_ms + i * MINUTE_MS;
        w->work[i] = calendar_worked(w->c, at, at + MINUTE_MS) > 0;
    }
    for (size_t i = 0; i < COUNT_OF(w->workday); i++)
        w->workday[i] = calendar_is_workday(w->c, w->first_day + (int32_t)i);
}

static void CMP_036_walk_is_that_of_every_minute(void **state)
{
    (void)state;
    static struct world w;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n, late = 0, fits = 0;
    assert_int_equal(
        policy_load("deploy/policy/appliance", &w.policy, faults, POLICY_FAULTS_MAX, &n), ERR_OK);
    w.c = policy_calendar(w.policy, (struct str){0});
    w.z = calendar_zone(w.c);
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct route r;
        struct route_fit fast, ref;
        w.random = seed * UINT64_C(0x9e3779b97f4a7c15);
        draw_piece(&w);
        /* Every third run walks the route of the set itself. */
        if (seed % 3 == 0)
            assert_true(policy_route_make(w.policy, seed % 2, &r));
        else
            draw_route(&w, &r);
        policy_route_walk(&r, w.from_ms, w.from_ms + STARTS * MINUTE_MS, &fast);
        slow_walk(&w, &r, &ref);
        if (memcmp(&fast, &ref, sizeof fast) != 0) {
            fail_msg("seed %llu: starts %llu/%llu late %llu/%llu worst %lld/%lld by %lld/%lld",
                     (unsigned long long)seed, (unsigned long long)fast.starts,
                     (unsigned long long)ref.starts, (unsigned long long)fast.late_starts,
                     (unsigned long long)ref.late_starts, (long long)fast.worst_ms,
                     (long long)ref.worst_ms, (long long)(fast.worst_end_ms - fast.worst_due_ms),
                     (long long)(ref.worst_end_ms - ref.worst_due_ms));
        }
        late += ref.late_starts > 0;
        fits += ref.late_starts < ref.starts;
    }
    assert_true(late > RUNS / 4 && fits > RUNS / 4); /* neither answer is always right */
    policy_close(&w.policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_036_walk_is_that_of_every_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
