/* policy_route.c - the worst case of every start minute, in one pass over what changes it; see
 * policy_route.h.
 *
 * How it works: start, end of each limit and total move together with the start, minute for minute,
 * or stand still while the clock of a limit does; that changes only where one of them meets an
 * opening, a closing or a midnight. So each start is asked how far it may move before that happens,
 * and only the two ends of the stretch are looked at: on it the slack is linear. Rules CMP-036,
 * CMP-051, C-44. */
#include "common/policy_route.h"
#include "common/contract.h"
#include <inttypes.h>
#include <string.h>

/* ---- the limits ---- */

static bool leg_of(const struct policy *p, const char *name, uint32_t n, bool foreign,
                   struct route_leg *out)
{
    const struct deadline_setting *d = policy_deadline(p, (struct str){name, n});
    if (!d || d->off) return false;
    uint32_t minutes = foreign && d->foreign_minutes ? d->foreign_minutes : d->minutes;
    *out = (struct route_leg){d->clock, minutes, d->days, d->at_min, d->every_day};
    if (d->clock == clock_kind_day) return d->days >= 0;
    return minutes && (d->clock == clock_kind_elapsed || d->clock == clock_kind_working);
}

bool policy_route_make(const struct policy *p, bool foreign, struct route *out)
{
    REQUIRE(p->step_count <= ROUTE_STEPS_MAX);
    *out = (struct route){.calendar = policy_calendar(p, (struct str){0})};
    struct str first = STR(ROUTE_REGISTER), total = STR(ROUTE_TOTAL);
    if (leg_of(p, first.p, first.n, foreign, &out->legs[0])) out->leg_count++;
    for (uint32_t i = 0; i < p->step_count; i++) {
        struct str name = p->steps[i].deadline;
        if (!p->steps[i].off && leg_of(p, name.p, name.n, foreign, &out->legs[out->leg_count]))
            out->leg_count++;
    }
    return out->calendar && leg_of(p, total.p, total.n, foreign, &out->total) && out->leg_count;
}

void policy_route_days(const struct policy *p, const struct route_leg *legs, uint32_t n,
                       char out[EXACT_TEXT_MAX])
{
    int64_t workday = p->keys.workday_min ? p->keys.workday_min : 480, day = 1440, sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct route_leg *l = &legs[i];
        int64_t elapsed = l->clock == clock_kind_elapsed ? l->minutes : l->days * day;
        sum += l->clock == clock_kind_working ? l->minutes * day : elapsed * workday;
    }
    exact_decimal(sum, day * workday, 1, out);
}

/* ---- one start ---- */

/* An instant on the way of a case. */
struct moving {
    int64_t at_ms;
    bool moves;      /* with the start; else it stands still while the start moves */
    int64_t room_ms; /* so far the start may move before any of this changes */
};

static void bound(struct moving *m, int64_t room_ms)
{
    if (m->moves && room_ms < m->room_ms) m->room_ms = room_ms;
}

/* Instants past a closing are the next span's, so the way there is bounded on both sides: where the
 * limit begins by the next change, where it ends by the closing of its span. */
static bool over_working(const struct calendar *c, int64_t amount_ms, struct moving *m)
{
    int64_t from = m->at_ms, to = calendar_add(c, from, amount_ms);
    if (to == TIME_MAX_MS) return false;
    bound(m, calendar_change(c, from) - from);
    m->moves = m->moves && calendar_add_right(c, from, 0) == from;
    bound(m, calendar_change(c, to - 1) - to);
    m->at_ms = to;
    return true;
}

static bool over_days(const struct calendar *c, const struct route_leg *l, struct moving *m)
{
    const struct zone *z = calendar_zone(c);
    int32_t day = zone_day(z, m->at_ms);
    bound(m, zone_day_start(z, day + 1) - 1 - m->at_ms);
    if (l->every_day)
        day += l->days;
    else if (l->days > 0)
        day = calendar_workday(c, day, l->days);
    if (day == INT32_MAX) return false;
    int64_t due = l->at_min >= 1440 ? zone_day_start(z, day + 1)
                                    : zone_to_utc(z, day * DAY_MS + l->at_min * MINUTE_MS);
    if (due <= m->at_ms) return true; /* over when it begins */
    bound(m, due - m->at_ms);
    m->moves = false;
    m->at_ms = due;
    return true;
}

static bool over(const struct calendar *c, const struct route_leg *l, struct moving *m)
{
    if (l->clock == clock_kind_working) return over_working(c, l->minutes * MINUTE_MS, m);
    if (l->clock == clock_kind_day) return over_days(c, l, m);
    m->at_ms += l->minutes * MINUTE_MS;
    return true;
}

static bool both(const struct route *r, int64_t start_ms, struct moving *end, struct moving *due)
{
    *end = *due = (struct moving){start_ms, true, INT64_MAX};
    for (uint32_t i = 0; i < r->leg_count; i++) {
        if (!over(r->calendar, &r->legs[i], end)) return false;
    }
    return over(r->calendar, &r->total, due);
}

bool policy_route_at(const struct route *r, int64_t start_ms, int64_t *end_ms, int64_t *due_ms)
{
    struct moving end, due;
    if (!both(r, start_ms, &end, &due)) return false;
    *end_ms = end.at_ms;
    *due_ms = due.at_ms;
    return true;
}

/* ---- all of them ---- */

static void note_worst(struct route_fit *f, int64_t start_ms, int64_t end_ms, int64_t due_ms)
{
    if (f->starts && end_ms - due_ms <= f->worst_end_ms - f->worst_due_ms) return;
    f->worst_ms = start_ms;
    f->worst_end_ms = end_ms;
    f->worst_due_ms = due_ms;
}

/* Of the starts 0 … n, `late` past the total and growing by `slope` a minute, those that are late:
 * how many, and the first. */
static uint64_t late_of(int64_t late_ms, int slope, int64_t n, int64_t *first)
{
    *first = 0;
    if (slope == 0) return late_ms > 0 ? (uint64_t)n + 1 : 0;
    if (slope < 0) {
        int64_t last = (late_ms - 1) / MINUTE_MS;
        return late_ms > 0 ? (uint64_t)(last < n ? last : n) + 1 : 0;
    }
    if (late_ms <= 0) *first = -late_ms / MINUTE_MS + 1;
    return *first <= n ? (uint64_t)(n - *first) + 1 : 0;
}

/* The starts from start_ms on, n minutes after it the last, are alike. */
static void note_stretch(struct route_fit *f, int64_t start_ms, const struct moving *end,
                         const struct moving *due, int64_t n)
{
    int64_t by_ms = n * MINUTE_MS, first, end_by = end->moves ? by_ms : 0;
    int64_t due_by = due->moves ? by_ms : 0;
    note_worst(f, start_ms, end->at_ms, due->at_ms);
    uint64_t late = late_of(end->at_ms - due->at_ms, (int)end->moves - (int)due->moves, n, &first);
    if (late && !f->late_starts) f->first_late_ms = start_ms + first * MINUTE_MS;
    f->late_starts += late;
    f->starts += (uint64_t)n + 1;
    note_worst(f, start_ms + by_ms, end->at_ms + end_by, due->at_ms + due_by);
    f->last_ms = start_ms + by_ms;
}

void policy_route_walk(const struct route *r, int64_t from_ms, int64_t to_ms, struct route_fit *out)
{
    struct moving end, due;
    *out = (struct route_fit){.first_ms = from_ms};
    for (int64_t at = from_ms; at < to_ms && both(r, at, &end, &due);) {
        int64_t room = end.room_ms < due.room_ms ? end.room_ms : due.room_ms;
        if (room > to_ms - 1 - at) room = to_ms - 1 - at;
        ENSURE(room >= 0);
        note_stretch(out, at, &end, &due, room / MINUTE_MS);
        at = out->last_ms + MINUTE_MS;
    }
}

/* ---- findings ---- */

static void say(const struct policy *p, const struct route *r, const struct route_fit *f,
                bool foreign, struct policy_fault *out)
{
    const struct zone *z = calendar_zone(r->calendar);
    char start[40], end[40];
    time_format_local(f->worst_ms, z, start);
    time_format_local(f->worst_end_ms, z, end);
    int64_t min = (f->worst_end_ms - f->worst_due_ms + MINUTE_MS - 1) / MINUTE_MS;
    *out = (struct policy_fault){.line = p->total_at.line};
    (void)str_copy(p->total_at.file, out->file, sizeof out->file);
    (void)fault_set(&out->fault, "CMP-036", "route", ROUTE_TOTAL,
                    "a %s case accepted on %s may take until %s if every step uses its limit, "
                    "%" PRId64 " h %" PRId64 " min past the total; %" PRIu64 " of %" PRIu64
                    " starts do not fit",
                    foreign ? "foreign" : "domestic", start, end, min / 60, min % 60,
                    f->late_starts, f->starts);
}

uint32_t policy_route_findings(const struct policy *p,
                               struct policy_fault out[POLICY_ROUTE_FINDINGS_MAX])
{
    uint32_t n = 0;
    for (int foreign = 0; foreign < POLICY_ROUTE_FINDINGS_MAX; foreign++) {
        struct route r;
        struct route_fit f;
        if (!policy_route_make(p, foreign, &r)) continue;
        policy_route_walk(&r, calendar_begins(r.calendar), calendar_ends(r.calendar), &f);
        if (f.late_starts) say(p, &r, &f, foreign, &out[n++]);
    }
    return n;
}
