/* explain_clock.c - the arithmetic of a due instant, made again and spelled out: each piece of
 * working time between start and due by asking the compiled calendar where work begins and ends, so
 * that what is shown is what the engine counted. Rules CV-2, CV-3, CV-8. */
#include "common/contract.h"
#include "services/cli/explain.h"

/* Opening at or after t, or t itself inside working hours; TIME_MAX_MS when there is none. */
static int64_t work_begins(const struct calendar *c, int64_t t_ms)
{
    int64_t first = calendar_add(c, t_ms, 1);
    return first >= TIME_MAX_MS ? TIME_MAX_MS : first - 1;
}

/* The end of the unbroken work that goes on at t: the last instant up to which all time is work. */
static int64_t work_ends(const struct calendar *c, int64_t t_ms, int64_t limit_ms)
{
    int64_t lo = t_ms, hi = limit_ms;
    while (lo < hi) {
        int64_t middle = lo + (hi - lo + 1) / 2;
        if (calendar_worked(c, t_ms, middle) == middle - t_ms) {
            lo = middle;
        } else {
            hi = middle - 1;
        }
    }
    return lo;
}

static void walk(struct explain_clock *k, int64_t start_ms, int64_t due_ms)
{
    int64_t t = start_ms;
    k->worked_ms = calendar_worked(k->calendar, start_ms, due_ms);
    while ((t = work_begins(k->calendar, t)) < due_ms) {
        /* A day at a time: a break inside a day must not be taken for its end. */
        int64_t until = due_ms - t > DAY_MS ? t + DAY_MS : due_ms;
        int64_t end = work_ends(k->calendar, t, until);
        if (k->span_count == EXPLAIN_SPANS_MAX) {
            k->cut = true;
            return;
        }
        k->spans[k->span_count++] = (struct explain_span){t, end};
        t = end;
    }
}

static bool boundary_is_right(const struct explain_instance *i)
{
    const struct policy *p = i->of->view->policy;
    const struct service_policy *sp = i->ev->policy.n ? policy_service(p, i->ev->policy) : NULL;
    return sp && sp->boundary == BOUNDARY_right;
}

static int64_t add_work(const struct explain_instance *i, const struct calendar *c, int64_t from_ms,
                        int64_t ms)
{
    return boundary_is_right(i) ? calendar_add_right(c, from_ms, ms) : calendar_add(c, from_ms, ms);
}

/* CV-8: the n-th day after the day of the start, working days or all, at a minute of it. */
static void count_days(const struct explain_instance *i, struct explain_clock *k)
{
    const struct deadline_setting *set = policy_deadline(i->of->view->policy, i->ev->name);
    const struct zone *z = calendar_zone(k->calendar);
    if (!set || set->days < 0 || i->ev->clock != clock_kind_day) return;
    int32_t day = zone_day(z, i->ev->start);
    for (int n = 1; n <= set->days && !set->every_day; n++) {
        int32_t next = calendar_workday(k->calendar, day, n);
        if (k->day_count < EXPLAIN_SPANS_MAX) k->days[k->day_count++] = next;
    }
    if (set->every_day)
        day += set->days;
    else if (set->days > 0)
        day = calendar_workday(k->calendar, day, set->days);
    k->known = day != INT32_MAX;
    if (!k->known) return;
    k->due_ms = set->at_min >= 1440
                    ? zone_day_start(z, day + 1)
                    : zone_to_utc(z, (int64_t)day * DAY_MS + set->at_min * MINUTE_MS);
}

/* Due instant of the round before, 0 when there is none. */
static int64_t due_before(const struct explain_instance *i)
{
    for (uint32_t k = 0; i->ev->round > 0 && k < i->of->count; k++) {
        const struct view_record *r = &i->of->records[k];
        if (r->type->kind != EV_deadline_armed || r->log != i->holder) continue;
        const struct ev_deadline_armed *x = r->payload;
        if (x->round == i->ev->round - 1 && x->item == i->ev->item && str_eq(x->name, i->ev->name))
            return x->due;
    }
    return 0;
}

void explain_clock(const struct explain_instance *i, struct explain_clock *out)
{
    const struct ev_deadline_armed *ev = i->ev;
    const struct policy *policy = i->of->view->policy;
    *out = (struct explain_clock){0};
    /* No other calendar than the one on record may be shown as if it had been used. */
    if (policy && ev->calendar.n) out->calendar = policy_calendar(policy, ev->calendar);
    if (ev->clock != clock_kind_given && ev->minutes == 0 && str_is(ev->basis, "paused")) {
        out->moved_from_ms = due_before(i);
    }
    if (ev->clock == clock_kind_elapsed && ev->minutes) {
        out->known = true;
        out->due_ms = ev->start + (int64_t)ev->minutes * MINUTE_MS;
    }
    if (!out->calendar) return;
    if (ev->clock == clock_kind_working) {
        walk(out, out->moved_from_ms ? out->moved_from_ms : ev->start, ev->due);
        out->known = ev->minutes > 0;
        out->due_ms = add_work(i, out->calendar, ev->start, (int64_t)ev->minutes * MINUTE_MS);
    }
    if (ev->clock == clock_kind_day) count_days(i, out);
}
