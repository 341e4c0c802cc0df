/* model_clock.c - the life of every clock, whoever holds it.
 *
 * Followed for all names: armed once for each round, never twice at a time; due instant, minutes,
 * clock, calendar and ladder from the policy by this model's own arithmetic; each level once, in
 * order, after its instant and not after the end; late exactly when done after the due instant; one
 * end. At quiet no level of an open clock is behind.
 *
 * Predicted besides (model_predict.c), so that nothing is missing and nothing too much: call.reply,
 * call.contact_maker, call.major_report, promise.due; job.arrival, job.agree_time, job.repair,
 * job.restore, job.contingency; inquiry.answer; the clocks of a complaint case (model_case.c). Only
 * followed: call.feedback, call.dispatch, warranty.query, register.close, register.send,
 * carryover.assign, contingency.activate, and those of all other papers.
 *
 * Rules CV-2, CV-3, CV-5, CV-8, CV-11, CV-12, INT-022; promises N2, N3, N4. */
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/model_private.h"
#include <string.h>

#define GRACE_MS 1000 /* N2 */

struct clock *clock_nth(struct model *m, size_t i)
{
    return ((struct clock **)m->clocks.v)[i];
}

size_t clock_index(const struct model *m, const struct clock *c)
{
    size_t i = m->clocks.n;
    while (i-- > 0) {
        if (((struct clock **)m->clocks.v)[i] == c) break;
    }
    return i;
}

struct clock *clock_find(struct model *m, enum owner owner, struct str case_no, uint8_t item,
                         struct str name)
{
    for (size_t i = m->clocks.n; i-- > 0;) {
        struct clock *c = clock_nth(m, i);
        if (c->owner == owner && c->a->item == item && str_eq(c->a->case_no, case_no) &&
            str_eq(c->a->name, name))
            return c;
    }
    return NULL;
}

struct clock *clock_instance(struct model *m, enum owner owner, struct str case_no, uint64_t item,
                             struct str name, uint64_t round)
{
    for (size_t i = m->clocks.n; i-- > 0;) {
        struct clock *c = clock_nth(m, i);
        if (c->owner == owner && c->a->round == round && c->a->item == item &&
            str_eq(c->a->case_no, case_no) && str_eq(c->a->name, name))
            return c;
    }
    return NULL;
}

/* ---- limits ---- */

static const struct {
    const char *name;
    size_t minutes; /* of the service policy */
} limits[] = {{"call.reply", offsetof(struct service_policy, reply_min)},
              {"job.agree_time", offsetof(struct service_policy, reply_min)},
              {"call.contact_maker", offsetof(struct service_policy, contact_maker_min)},
              {"call.feedback", offsetof(struct service_policy, feedback_min)},
              {"job.arrival", offsetof(struct service_policy, arrival_min)},
              {"job.repair", offsetof(struct service_policy, repair_min)},
              {"job.restore", offsetof(struct service_policy, restore_min)},
              {"job.contingency", offsetof(struct service_policy, contingency_min)}};

static bool is_service_limit(struct str name, size_t *at)
{
    for (*at = 0; *at < COUNT_OF(limits); ++*at) {
        if (str_is(name, limits[*at].name)) return true;
    }
    return false;
}

bool clock_limit(const struct model *m, const struct service_policy *sp, struct str name,
                 struct limit *out)
{
    const struct deadline_setting *set = policy_deadline(m->policy, name);
    size_t at;
    *out = (struct limit){0};
    if (set && set->off) return false;
    out->set = set && set->set.n ? set->set : sp ? sp->escalation : (struct str){0};
    if (is_service_limit(name, &at)) {
        if (!sp) return false;
        memcpy(&out->minutes, (const char *)sp + limits[at].minutes, sizeof out->minutes);
        out->clock = set && set->clock != clock_kind_none ? set->clock : sp->clock;
        return out->minutes > 0;
    }
    if (!set) return false;
    out->minutes = set->minutes;
    out->clock = set->clock;
    return true;
}

struct str clock_calendar(struct model *m, const struct service_policy *sp, struct str unit)
{
    if (sp && sp->calendar.n) return sp->calendar;
    const struct ev_unit_upserted *const *units = m->units.v;
    for (size_t i = m->units.n; i-- > 0;) {
        if (!str_eq(units[i]->unit, unit)) continue;
        if (units[i]->calendar.n) return units[i]->calendar;
        break;
    }
    return m->policy->keys.default_calendar;
}

/* ---- arming ---- */

#define KEY_FORMAT "%.*s/%u %.*s"
#define KEY_ARG(e) STR_ARG((e)->case_no), (unsigned)(e)->item, STR_ARG((e)->name)

static void check_due(struct model *m, const struct clock *c, const struct service_policy *sp)
{
    const struct ev_deadline_armed *a = c->a;
    const struct deadline_setting *set = policy_deadline(m->policy, a->name);
    struct limit limit;
    int64_t due = a->due;
    bool known = clock_limit(m, sp, a->name, &limit);
    if (known && set && c->owner == OWNER_complaint)
        limit.minutes = case_minutes(m, a->case_no, set);
    if (!str_eq(limit.set, a->set))
        model_break(m, "N2", KEY_FORMAT ": armed with the set %.*s", KEY_ARG(a), STR_ARG(a->set));
    if (a->clock == clock_kind_given || str_is(a->basis, "paused")) return; /* model_predict.c */
    if (!known || a->clock != limit.clock || a->minutes != limit.minutes) {
        model_break(m, "N2", KEY_FORMAT ": %llu minutes of clock %u are not the policy's",
                    KEY_ARG(a), (unsigned long long)a->minutes, (unsigned)a->clock);
        return;
    }
    const struct hours *h = hours_of(a->calendar);
    int64_t ms = (int64_t)a->minutes * MINUTE_MS;
    if (a->clock == clock_kind_elapsed) due = a->start + ms;
    if (a->clock == clock_kind_working)
        due = hours_add(h, a->start, ms, sp && sp->boundary == BOUNDARY_right);
    if (a->clock == clock_kind_day) due = hours_end_of(h, hours_day(a->start), set->days);
    if (due != a->due)
        model_break(m, "N2", KEY_FORMAT ": due %lld and not %lld, started %lld", KEY_ARG(a),
                    (long long)a->due, (long long)due, (long long)a->start);
}

static void on_armed(struct model *m, enum owner log, const struct ev_deadline_armed *a)
{
    const struct clock *old = clock_find(m, log, a->case_no, (uint8_t)a->item, a->name);
    const struct service_policy *sp = policy_service(m->policy, a->policy);
    uint64_t round = old ? old->a->round + 1 : 0;
    if (old && old->end == deadline_end_open)
        model_break(m, "N3", KEY_FORMAT ": armed while it runs", KEY_ARG(a));
    if (a->round != round)
        model_break(m, "N3", KEY_FORMAT ": round %llu comes after %llu rounds", KEY_ARG(a),
                    (unsigned long long)a->round, (unsigned long long)round);
    if (!str_eq(a->calendar, clock_calendar(m, sp, a->unit)))
        model_break(m, "N2", KEY_FORMAT ": counted with calendar %.*s", KEY_ARG(a),
                    STR_ARG(a->calendar));
    struct clock *c = arena_take(&m->arena, sizeof *c);
    *c = (struct clock){.owner = log, .a = a, .end = deadline_end_open};
    c->held = log == OWNER_complaint && case_holds(m, a->case_no, a->name);
    c->set = policy_set(m->policy, a->set);
    c->armed_ms = model_at(m, log, m->logs[log].records.n)->e.now;
    if (m->broken[0]) return;
    check_due(m, c, sp);
    if (m->broken[0]) return;
    ladder_make(c);
    *(struct clock **)list_add(&m->clocks, sizeof c) = c;
    m->seen.clocks++;
}

/* ---- levels ---- */

/* What approaching and passed have in common. */
struct level {
    struct str case_no, name, to, copy;
    uint64_t item, round, level;
    int64_t start, due, at;
};

static struct level level_of(const struct record *r)
{
    if (r->type->kind == EV_deadline_approaching) {
        const struct ev_deadline_approaching *e = r->p;
        return (struct level){.case_no = e->case_no,
                              .name = e->name,
                              .to = e->to,
                              .item = e->item,
                              .round = e->round,
                              .level = e->level,
                              .start = e->start,
                              .due = e->due,
                              .at = e->at};
    }
    const struct ev_deadline_passed *e = r->p;
    return (struct level){.case_no = e->case_no,
                          .name = e->name,
                          .to = e->to,
                          .copy = e->copy,
                          .item = e->item,
                          .round = e->round,
                          .level = e->level,
                          .start = e->start,
                          .due = e->due,
                          .at = e->at};
}

static void check_level(struct model *m, const struct clock *c, const struct level *l,
                        const struct record *r)
{
    struct rung next = ladder_next(c);
    unsigned long long level = l->level;
    bool before = r->type->kind == EV_deadline_approaching;
    if (l->level != next.level || l->at != next.at_ms) {
        bool again = next.level == UINT64_MAX || l->at < next.at_ms;
        model_break(m, again ? "N3" : "N4", KEY_FORMAT ": level %llu at %lld is %s", KEY_ARG(l),
                    level, (long long)l->at, again ? "passed again" : "not the next");
    } else if (r->e.now <= l->at) {
        model_break(m, "N4", KEY_FORMAT ": level %llu was passed at %lld, its instant is %lld",
                    KEY_ARG(l), level, (long long)r->e.now, (long long)l->at);
    } else if (l->start != c->a->start || l->due != c->a->due || before != (l->at < l->due)) {
        model_break(m, "N4", KEY_FORMAT ": level %llu names another start or due", KEY_ARG(l),
                    level);
    } else if (!str_eq(l->to, next.to) || (!before && !str_eq(l->copy, next.copy))) {
        model_break(m, "N4", KEY_FORMAT ": level %llu goes to %.*s", KEY_ARG(l), level,
                    STR_ARG(l->to));
    } else if (!before && (int64_t)((const struct ev_deadline_passed *)r->p)->overdue_ms !=
                              r->e.now - l->due) {
        model_break(m, "N4", KEY_FORMAT ": level %llu miscounts what is overdue", KEY_ARG(l),
                    level);
    }
}

/* N2: late although its holder was up since the instant, or since it was armed. */
static void check_late(struct model *m, const struct clock *c, const struct level *l,
                       const struct record *r)
{
    if (!m->slack.was_up) return;
    int64_t from = l->at > c->armed_ms ? l->at : c->armed_ms;
    if (r->e.now <= from + GRACE_MS + m->slack.owner_slack_ms) return;
    if (!m->slack.was_up(m->slack.ctx, c->owner, from, from + m->slack.owner_slack_ms)) return;
    model_break(m, "N2", KEY_FORMAT ": level %llu of %lld was passed at %lld though %s was up",
                KEY_ARG(l), (unsigned long long)l->level, (long long)l->at, (long long)r->e.now,
                owner_name(c->owner));
}

static void on_level(struct model *m, enum owner log, struct record *r)
{
    struct level l = level_of(r);
    struct clock *c = clock_find(m, log, l.case_no, (uint8_t)l.item, l.name);
    m->seen.levels++;
    if (!c || c->end != deadline_end_open || c->held || c->a->round != l.round) {
        model_break(m, "N4", KEY_FORMAT ": level %llu of round %llu passes, and no clock runs",
                    KEY_ARG(&l), (unsigned long long)l.level, (unsigned long long)l.round);
        return;
    }
    check_level(m, c, &l, r);
    check_late(m, c, &l, r);
    c->passed++;
    if (l.at >= l.due) c->due_passed = true;
    if (l.level > c->level) c->level = l.level;
    r->slip_wanted = l.level > 0;
}

/* ---- ends ---- */

static struct clock *running(struct model *m, enum owner log, struct str case_no, uint64_t item,
                             struct str name, uint64_t round)
{
    struct clock *c = clock_find(m, log, case_no, (uint8_t)item, name);
    if (c && c->end == deadline_end_open && c->a->round == round) return c;
    model_break(m, "N3", "%.*s/%u %.*s: ends in round %llu, and no such clock runs",
                STR_ARG(case_no), (unsigned)item, STR_ARG(name), (unsigned long long)round);
    return NULL;
}

static void on_stopped(struct model *m, enum owner log, const struct ev_deadline_stopped *e)
{
    struct clock *c = running(m, log, e->case_no, e->item, e->name, e->round);
    if (!c) return;
    if (e->late != (e->at > c->a->due) || e->due != c->a->due || e->start != c->a->start)
        model_break(m, "N4", KEY_FORMAT ": done at %lld, due %lld, and late=%d", KEY_ARG(e),
                    (long long)e->at, (long long)c->a->due, e->late);
    if (e->levels != c->passed)
        model_break(m, "N4", KEY_FORMAT ": says %llu levels, %zu were passed", KEY_ARG(e),
                    (unsigned long long)e->levels, c->passed);
    c->end = e->late ? deadline_end_late : deadline_end_stopped;
    c->was_late = e->late;
    c->done_ms = e->at;
    if (e->late) c->late_ms = e->at;
}

/* In time after all: it had ended late, or had been passed when the stop came. */
static void on_withdrawn(struct model *m, enum owner log, const struct ev_deadline_withdrawn *e)
{
    struct clock *c = clock_find(m, log, e->case_no, (uint8_t)e->item, e->name);
    bool ended = c && c->a->round == e->round && !c->withdrawn &&
                 (c->end == deadline_end_late || (c->end == deadline_end_stopped && c->due_passed));
    if (!ended || e->at > c->a->due || e->due != c->a->due) {
        model_break(m, "N4", KEY_FORMAT ": round %llu is withdrawn without reason", KEY_ARG(e),
                    (unsigned long long)e->round);
        return;
    }
    c->end = deadline_end_stopped;
    c->withdrawn = true;
    c->done_ms = e->at;
}

static void on_dropped(struct model *m, enum owner log, const struct ev_deadline_dropped *e)
{
    struct clock *c = running(m, log, e->case_no, e->item, e->name, e->round);
    if (!c) return;
    if (e->end != deadline_end_superseded && e->end != deadline_end_cancelled)
        model_break(m, "N3", KEY_FORMAT ": dropped without an end", KEY_ARG(e));
    if (e->was_passed != c->due_passed)
        model_break(m, "N4", KEY_FORMAT ": dropped with was_passed=%d", KEY_ARG(e), e->was_passed);
    c->end = e->end;
    c->done_ms = e->at;
}

void clock_take(struct model *m, enum owner log, struct record *r)
{
    enum event_kind kind = r->type->kind;
    if (m->broken[0]) return;
    if (kind == EV_unit_upserted && log == OWNER_intake) {
        *(void **)list_add(&m->units, sizeof(void *)) = r->p;
    } else if (kind == EV_product_upserted && log == OWNER_intake) {
        *(void **)list_add(&m->products, sizeof(void *)) = r->p;
    } else if (kind == EV_deadline_armed) {
        on_armed(m, log, r->p);
    } else if (kind == EV_deadline_approaching || kind == EV_deadline_passed) {
        on_level(m, log, r);
    } else if (kind == EV_deadline_stopped) {
        on_stopped(m, log, r->p);
    } else if (kind == EV_deadline_withdrawn) {
        on_withdrawn(m, log, r->p);
    } else if (kind == EV_deadline_dropped) {
        on_dropped(m, log, r->p);
    }
}

void clock_quiet(struct model *m)
{
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct clock *c = clock_nth(m, i);
        if (c->end != deadline_end_open || c->held) continue;
        struct rung next = ladder_next(c);
        if (next.level == UINT64_MAX || next.at_ms >= m->now_ms) continue;
        model_break(m, "N2", KEY_FORMAT " of %s: level %llu at %lld was never passed, it is %lld",
                    KEY_ARG(c->a), owner_name(c->owner), (unsigned long long)next.level,
                    (long long)next.at_ms, (long long)m->now_ms);
    }
}
