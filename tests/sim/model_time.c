/* model_time.c - working time as a person counts it: from span to span with a pencil. The hours are
 * those of tests/sim/policy/calendars; all are at +08:00. Rules CV-3, CV-8, CV-12. */
#include "common/contract.h"
#include "tests/sim/model_private.h"

#define ZONE_MS (8 * HOUR_MS)
#define SPANS 2
#define WALK_DAYS_MAX 400

struct span {
    int open, close; /* minutes of the day; both 0 = none */
};

static const struct span round_day[SPANS] = {{0, 1440}},
                         office_day[SPANS] = {{510, 720}, {780, 1050}},
                         friday[SPANS] = {{510, 720}, {780, 960}}, makeup_day[SPANS] = {{540, 720}},
                         no_work[SPANS];

struct hours {
    const char *name;
    const struct span *week[7], *makeup;
    int off[4], work[2]; /* month * 100 + day of 2026; 0 = none */
};

static const struct hours all_hours[] = {
    {.name = "SIM-ROUND",
     .week = {round_day, round_day, round_day, round_day, round_day, round_day, round_day},
     .makeup = round_day},
    {.name = "SIM-OFFICE",
     .week = {office_day, office_day, office_day, office_day, friday, no_work, no_work},
     .makeup = makeup_day,
     .off = {916, 924, 925},
     .work = {919}}};

const struct hours *hours_of(struct str calendar)
{
    for (size_t i = 0; i < COUNT_OF(all_hours); i++) {
        if (str_is(calendar, all_hours[i].name)) return &all_hours[i];
    }
    return NULL;
}

int32_t hours_day(int64_t at_ms)
{
    return (int32_t)((at_ms + ZONE_MS) / DAY_MS);
}

int64_t hours_midnight(int32_t day)
{
    return day * DAY_MS - ZONE_MS;
}

static bool named(const int *days, size_t n, int32_t day)
{
    for (size_t i = 0; i < n; i++) {
        if (days[i] && day_of(2026, days[i] / 100, days[i] % 100) == day) return true;
    }
    return false;
}

static const struct span *spans_of(const struct hours *h, int32_t day)
{
    if (named(h->work, COUNT_OF(h->work), day)) return h->makeup;
    if (named(h->off, COUNT_OF(h->off), day)) return no_work;
    return h->week[(day + 3) % 7]; /* 1970-01-01 was a Thursday */
}

bool hours_workday(const struct hours *h, int32_t day)
{
    return spans_of(h, day)[0].close > 0;
}

static int64_t walk_on(const struct hours *h, int64_t from_ms, int64_t left, bool right)
{
    int32_t first = hours_day(from_ms);
    for (int32_t day = first; day < first + WALK_DAYS_MAX; day++) {
        const struct span *s = spans_of(h, day);
        for (int i = 0; i < SPANS; i++) {
            int64_t open = hours_midnight(day) + s[i].open * MINUTE_MS;
            int64_t close = hours_midnight(day) + s[i].close * MINUTE_MS;
            int64_t at = from_ms > open ? from_ms : open;
            if (at >= close) continue;
            if (right && left == 0) return at;
            if (at + left < close || (at + left == close && !right)) return at + left;
            left -= close - at;
        }
    }
    return TIME_MAX_MS;
}

static int64_t walk_back(const struct hours *h, int64_t from_ms, int64_t left)
{
    int32_t first = hours_day(from_ms);
    for (int32_t day = first; day > first - WALK_DAYS_MAX; day--) {
        const struct span *s = spans_of(h, day);
        for (int i = SPANS - 1; i >= 0; i--) {
            int64_t open = hours_midnight(day) + s[i].open * MINUTE_MS;
            int64_t close = hours_midnight(day) + s[i].close * MINUTE_MS;
            int64_t at = from_ms < close ? from_ms : close;
            if (at <= open) continue;
            if (at - left >= open) return at - left;
            left -= at - open;
        }
    }
    return TIME_MIN_MS;
}

int64_t hours_add(const struct hours *h, int64_t from_ms, int64_t ms, bool right)
{
    if (ms == 0) return from_ms;
    return ms > 0 ? walk_on(h, from_ms, ms, right) : walk_back(h, from_ms, -ms);
}

int64_t hours_end_of(const struct hours *h, int32_t day, int64_t n)
{
    for (; n > 0; n--) {
        day++;
        while (!hours_workday(h, day))
            day++;
    }
    return hours_midnight(day + 1);
}

/* ---- ladders ---- */

static int64_t rung_at(const struct clock *c, int64_t offset)
{
    int64_t due = c->a->due;
    const struct hours *h = hours_of(c->a->calendar);
    if (c->set->clock == clock_kind_working) return hours_add(h, due, offset * MINUTE_MS, false);
    if (c->set->clock != clock_kind_day) return due + offset * MINUTE_MS;
    return offset == 0 ? due : hours_end_of(h, hours_day(due - 1), offset);
}

/* A warning that would lie before the start is not given; the due instant is always a rung, without
 * a number where the set has none there. */
void ladder_make(struct clock *c)
{
    bool due_is_rung = false;
    for (uint32_t i = 0; c->set && i < c->set->level_count; i++) {
        const struct escalation_level *l = &c->set->levels[i];
        struct rung r = {.level = l->level, .at_ms = rung_at(c, l->offset_min)};
        r.to = l->to;
        r.copy = l->copy;
        if (l->offset_min < 0 && r.at_ms < c->a->start) continue;
        due_is_rung |= r.at_ms == c->a->due;
        c->ladder[c->rungs++] = r;
    }
    if (!due_is_rung) c->ladder[c->rungs++] = (struct rung){.at_ms = c->a->due};
    for (size_t i = 1; i < c->rungs; i++) { /* few, and almost in order */
        for (size_t j = i; j > 0 && c->ladder[j - 1].at_ms > c->ladder[j].at_ms; j--) {
            struct rung swap = c->ladder[j];
            c->ladder[j] = c->ladder[j - 1];
            c->ladder[j - 1] = swap;
        }
    }
}

struct rung ladder_next(const struct clock *c)
{
    if (c->passed < c->rungs) return c->ladder[c->passed];
    struct rung last = c->ladder[c->rungs - 1];
    if (!c->set || c->set->repeat_min == 0) return (struct rung){.level = UINT64_MAX};
    uint64_t more = c->passed - c->rungs + 1;
    last.level += more;
    last.at_ms += (int64_t)more * c->set->repeat_min * MINUTE_MS;
    if (c->set->repeat_to.n) last.to = c->set->repeat_to;
    if (c->set->repeat_copy_from && last.level >= c->set->repeat_copy_from)
        last.copy = c->set->repeat_copy;
    return last;
}
