/* deadline.c - clocks as rows: arming, stopping, moving, dropping and firing.
 *
 * Invariant: an open row has exactly one entry in the due index, at the instant of its next level,
 * and one timer in Redis; an ended row has none. Every armed deadline ends once: stopped, late,
 * superseded or cancelled. All instants of the ladder are computed when it is armed, so a new
 * policy version never moves an open deadline (CV-11). Rules CV-2, CV-3, CV-5, CV-8, CV-11, CV-12.
 */
#include "common/deadline.h"
#include "common/contract.h"
#include "common/node.h"
#include "common/plant.h"
#include "common/step_work.h"
#include <string.h>

#define LEVELS_MAX 16

struct key deadline_key(struct str case_no, uint8_t item, struct str name)
{
    struct key k = key_of(case_no);
    key_u8(&k, item);
    key_str(&k, name);
    return k;
}

static struct key due_key(int64_t at_ms, const struct key *row_key)
{
    struct key k = {.n = 0};
    key_u64(&k, (uint64_t)at_ms);
    REQUIRE(k.n + row_key->n <= sizeof k.b);
    memcpy(k.b + k.n, row_key->b, row_key->n);
    k.n += row_key->n;
    return k;
}

/* The instant after which the row wants to be looked at again. */
int64_t deadline_next_at(const struct rec_row_deadline *row)
{
    uint64_t n = row->levels.n;
    if (row->held) return 0;
    if (row->passed < n) return row->levels.v[row->passed].at;
    if (!row->repeat_ms || n == 0) return 0;
    uint64_t after_ms;
    if (__builtin_mul_overflow(row->repeat_ms, row->passed - n + 1, &after_ms) ||
        after_ms > TIME_SPAN_MIN * MINUTE_MS) {
        return TIME_MAX_MS + 1; /* after the end of time: never */
    }
    return row->levels.v[n - 1].at + (int64_t)after_ms;
}

static void index_put(struct step *st, const struct key *rk, const struct rec_row_deadline *row)
{
    int64_t at = deadline_next_at(row);
    if (row->end != deadline_end_open || at == 0) return;
    struct key k = due_key(at, rk);
    step_put_raw(st, TABLE_DUE, &k, (struct slice){(const uint8_t *)"", 0});
    step_timer(st, row->member, at);
}

static void index_del(struct step *st, const struct key *rk, const struct rec_row_deadline *row)
{
    int64_t at = deadline_next_at(row);
    if (row->end != deadline_end_open || at == 0) return;
    struct key k = due_key(at, rk);
    step_put_raw(st, TABLE_DUE, &k, (struct slice){0});
    step_timer(st, row->member, 0);
}

enum err deadline_get(struct step *st, struct str case_no, uint8_t item, const char *name,
                      struct rec_row_deadline *out)
{
    struct key k = deadline_key(case_no, item, str_of(name));
    return step_get(st, &table_deadline, &k, out);
}

/* ---- when it is due ---- */

struct plan {
    int64_t start, due;
    enum clock_kind clock;
    uint32_t minutes;
    struct str set;
    const struct calendar *calendar;
};

/* An instant that a record can hold: what lies beyond the last one stands there and is never
 * reached, and the one that means "absent" is taken a millisecond later. */
static int64_t within_time(int64_t at_ms)
{
    if (at_ms == 0) return 1;
    return at_ms > TIME_MAX_MS ? TIME_MAX_MS : at_ms < TIME_MIN_MS ? TIME_MIN_MS : at_ms;
}

static int64_t clock_add(const struct plan *p, const struct service_policy *sp, int64_t from,
                         int64_t ms)
{
    if (p->clock != clock_kind_working) return from + ms;
    bool right = sp && sp->boundary == BOUNDARY_right;
    return right ? calendar_add_right(p->calendar, from, ms) : calendar_add(p->calendar, from, ms);
}

/* 24:00 of a day; a day beyond the calendar is never over. */
static int64_t end_of_day(const struct zone *z, int32_t day)
{
    return day == INT32_MAX ? TIME_MAX_MS : zone_day_start(z, day + 1);
}

/* CV-8: n working days, or days of the calendar, after the day of `start`, at a minute of that day
 * (1440 = 24:00). */
static int64_t day_due(const struct plan *p, const struct deadline_setting *set)
{
    const struct zone *z = calendar_zone(p->calendar);
    int32_t day = zone_day(z, p->start);
    if (set->every_day)
        day += set->days;
    else if (set->days > 0)
        day = calendar_workday(p->calendar, day, set->days);
    if (set->at_min >= 1440 || day == INT32_MAX) return end_of_day(z, day);
    return zone_to_utc(z, (int64_t)day * DAY_MS + set->at_min * MINUTE_MS);
}

static bool plan_setting(struct plan *p, const struct deadline_setting *set,
                         const struct deadline_ctx *c)
{
    if (!set) return false;
    p->clock = set->clock;
    p->minutes = c->foreign && set->foreign_minutes ? set->foreign_minutes : set->minutes;
    if (set->clock == clock_kind_day && set->days >= 0) {
        p->due = day_due(p, set);
        return true;
    }
    if (p->minutes == 0) return false;
    p->due = clock_add(p, c->sp, p->start, p->minutes * MINUTE_MS);
    return true;
}

/* The minutes are those of the service policy, else of the deadline in the set. The clock is that
 * of the deadline in the set (intake section 18: a reply is counted day and night also where the
 * service is not), else the row's, else the service policy's. */
static bool plan_service(struct plan *p, const struct deadline_row *row,
                         const struct deadline_setting *set, const struct deadline_ctx *c)
{
    if (!c->sp) return false;
    memcpy(&p->minutes, (const char *)c->sp + row->minutes, sizeof p->minutes);
    if (p->minutes == 0 && set) p->minutes = set->minutes;
    if (p->minutes == 0) return false;
    p->clock = row->clock != clock_kind_none ? row->clock : c->sp->clock;
    if (set && (set->clock == clock_kind_elapsed || set->clock == clock_kind_working))
        p->clock = set->clock;
    p->due = clock_add(p, c->sp, p->start, p->minutes * MINUTE_MS);
    return true;
}

/* False when the policy gives this deadline no duration, or the company does not use it. */
static bool make_plan(struct step *st, const struct deadline_row *row, const struct deadline_ctx *c,
                      struct plan *p)
{
    const struct deadline_setting *set = policy_deadline(st->policy, str_of(row->name));
    if (set && set->off) return false;
    *p = (struct plan){.calendar = step_calendar(st, c->unit, c->sp)};
    p->start = row->from == FROM_RECEIVED   ? c->received_ms
               : row->from == FROM_OCCURRED ? c->occurred_ms
                                            : c->start_ms;
    p->set = set && set->set.n ? set->set : c->sp ? c->sp->escalation : (struct str){0};
    if (c->given_ms) {
        p->clock = clock_kind_given;
        p->due = c->given_ms;
        return true;
    }
    if (row->due == DUE_GIVEN) return false;
    return row->due == DUE_SERVICE ? plan_service(p, row, set, c) : plan_setting(p, set, c);
}

/* ---- the ladder ---- */

static int64_t level_at(const struct plan *p, const struct escalation_set *set, int64_t offset)
{
    if (set->clock == clock_kind_working)
        return calendar_add(p->calendar, p->due, offset * MINUTE_MS);
    if (set->clock != clock_kind_day) return p->due + offset * MINUTE_MS;
    if (offset == 0) return p->due;
    const struct zone *z = calendar_zone(p->calendar);
    int32_t day = zone_day(z, p->due - 1); /* 24:00 belongs to the day it ends */
    return end_of_day(z, calendar_workday(p->calendar, day, (int)offset));
}

/* The due index orders instants as unsigned: what was due before 1970 passes at its beginning. */
static int64_t indexable(int64_t at_ms)
{
    return at_ms > 0 ? at_ms : 1;
}

static void level_insert(struct rec_level_line *v, uint32_t *n, struct rec_level_line x)
{
    uint32_t i = (*n)++;
    for (; i > 0 && v[i - 1].at > x.at; i--)
        v[i] = v[i - 1];
    v[i] = x;
}

/* All instants at which something happens. A level before the start is not part of the ladder; the
 * due instant always is, as level 0 where the set has none there. */
static void make_ladder(struct step *st, const struct plan *p, struct rec_row_deadline *row)
{
    const struct escalation_set *set = policy_set(st->policy, p->set);
    row->levels.v = arena_take(st->arena, LEVELS_MAX * sizeof *row->levels.v);
    bool has_due = false;
    for (uint32_t i = 0; set && i < set->level_count; i++) {
        const struct escalation_level *l = &set->levels[i];
        int64_t at = within_time(level_at(p, set, l->offset_min));
        if (l->offset_min < 0 && at < p->start) continue;
        has_due |= at == p->due;
        level_insert(row->levels.v, &row->levels.n,
                     (struct rec_level_line){
                         .level = l->level, .at = indexable(at), .to = l->to, .copy = l->copy});
    }
    if (!has_due) {
        level_insert(row->levels.v, &row->levels.n,
                     (struct rec_level_line){.at = indexable(p->due)});
    }
    row->repeat_ms = set ? (uint64_t)set->repeat_min * (uint64_t)MINUTE_MS : 0;
}

/* ---- ends ---- */

static void emit_dropped(struct step *st, const struct deadline_ctx *c, struct str name,
                         const struct rec_row_deadline *row, struct str reason)
{
    struct ev_deadline_dropped ev = {.case_no = c->case_no,
                                     .item = c->item,
                                     .name = name,
                                     .round = row->round,
                                     .unit = row->unit,
                                     .policy = row->policy,
                                     .start = row->start,
                                     .due = row->due,
                                     .at = row->done,
                                     .end = row->end,
                                     .was_passed = row->due_passed,
                                     .reason = reason};
    step_emit(st, EV_deadline_dropped, &ev);
}

static void end_row(struct step *st, const struct deadline_ctx *c, struct str name,
                    struct rec_row_deadline *row, enum deadline_end end)
{
    struct key k = deadline_key(c->case_no, c->item, name);
    if (!PLANTED(stop_keeps_index)) index_del(st, &k, row);
    row->end = end;
    step_put(st, &table_deadline, &k, row);
}

static int64_t instant_of(const struct step *st, const struct deadline_ctx *c)
{
    return c->occurred_ms ? c->occurred_ms : st->now_ms;
}

static enum err arm(struct step *st, const struct deadline_row *def, const struct deadline_ctx *c,
                    const struct plan *p, struct str basis)
{
    struct str name = str_of(def->name);
    struct key k = deadline_key(c->case_no, c->item, name);
    struct rec_row_deadline old, row = {.unit = c->unit, .person = c->person};
    enum err e = step_get(st, &table_deadline, &k, &old);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && old.end == deadline_end_open) {
        if (old.due == p->due && old.start == p->start && !old.held) return ERR_OK;
        old.done = instant_of(st, c);
        end_row(st, c, name, &old, deadline_end_superseded);
        emit_dropped(st, c, name, &old, basis);
    }
    row.round = e == ERR_OK ? old.round + 1 : 0;
    row.policy = c->sp ? c->sp->id : (struct str){0};
    row.set = p->set;
    row.start = p->start;
    row.due = p->due;
    row.end = deadline_end_open;
    row.rule = str_of(def->rule);
    row.clock = p->clock;
    row.calendar = calendar_name(p->calendar);
    row.member = node_member(st->node);
    make_ladder(st, p, &row);
    step_put(st, &table_deadline, &k, &row);
    index_put(st, &k, &row);
    struct ev_deadline_armed ev = {.case_no = c->case_no,
                                   .item = c->item,
                                   .name = name,
                                   .round = row.round,
                                   .unit = row.unit,
                                   .person = row.person,
                                   .policy = row.policy,
                                   .clock = p->clock,
                                   .minutes = p->minutes,
                                   .calendar = row.calendar,
                                   .start = row.start,
                                   .due = row.due,
                                   .set = row.set,
                                   .basis = basis};
    st->rule = def->rule;
    step_emit(st, EV_deadline_armed, &ev);
    return ERR_OK;
}

/* The service policy of now knows no such clock: one that runs under an earlier choice ends
 * (INT-095). */
static enum err end_unplanned(struct step *st, const struct deadline_row *def,
                              const struct deadline_ctx *c)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->case_no, c->item, def->name, &row);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK || row.end != deadline_end_open || row.clock == clock_kind_given) return e;
    row.done = instant_of(st, c);
    end_row(st, c, str_of(def->name), &row, deadline_end_cancelled);
    emit_dropped(st, c, str_of(def->name), &row, STR("not in the policy"));
    return ERR_OK;
}

enum err deadline_arm(struct step *st, const struct deadline_row *row, const struct deadline_ctx *c,
                      struct str basis)
{
    struct plan p;
    const char *rule = st->rule;
    enum err e = ERR_OK;
    if (make_plan(st, row, c, &p)) {
        p.start = within_time(p.start);
        p.due = within_time(p.due);
        e = arm(st, row, c, &p, basis);
    } else if (row->due == DUE_SERVICE) {
        e = end_unplanned(st, row, c);
    }
    st->rule = rule;
    return e;
}

static void emit_withdrawn(struct step *st, const struct deadline_ctx *c, struct str name,
                           const struct rec_row_deadline *row)
{
    struct ev_deadline_withdrawn ev = {.case_no = c->case_no,
                                       .item = c->item,
                                       .name = name,
                                       .round = row->round,
                                       .unit = row->unit,
                                       .policy = row->policy,
                                       .start = row->start,
                                       .due = row->due,
                                       .at = row->done};
    step_emit(st, EV_deadline_withdrawn, &ev);
}

static void emit_stopped(struct step *st, const struct deadline_ctx *c, struct str name,
                         const struct rec_row_deadline *row)
{
    struct ev_deadline_stopped ev = {.case_no = c->case_no,
                                     .item = c->item,
                                     .name = name,
                                     .round = row->round,
                                     .unit = row->unit,
                                     .policy = row->policy,
                                     .start = row->start,
                                     .due = row->due,
                                     .at = row->done,
                                     .late = row->end == deadline_end_late,
                                     .levels = row->passed};
    step_emit(st, EV_deadline_stopped, &ev);
}

/* The earliest instant at which the work was done counts (DSP-019); a report that comes later and
 * proves it in time takes the 催辦單 back (CV-12). */
enum err deadline_stop(struct step *st, const struct deadline_row *def,
                       const struct deadline_ctx *c)
{
    struct str name = str_of(def->name);
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->case_no, c->item, def->name, &row);
    if (e == ERR_NOT_FOUND || PLANTED_LOST("stops", name)) return ERR_OK;
    if (e != ERR_OK) return e;
    int64_t at = instant_of(st, c);
    bool better = row.end == deadline_end_late && at <= row.due;
    if (row.end != deadline_end_open && !better) return ERR_OK;
    const char *rule = st->rule;
    st->rule = def->rule;
    row.done = at;
    end_row(st, c, name, &row, at <= row.due ? deadline_end_stopped : deadline_end_late);
    if (!better) emit_stopped(st, c, name, &row);
    if (better || (at <= row.due && row.due_passed)) emit_withdrawn(st, c, name, &row);
    st->rule = rule;
    return ERR_OK;
}

static bool in_kinds(const enum event_kind *v, enum event_kind kind)
{
    for (int i = 0; i < DEADLINE_KINDS_MAX && v[i] != EV_NONE; i++) {
        if (v[i] == kind) return true;
    }
    return false;
}

enum err deadline_run(struct step *st, const struct deadline_row *rows, size_t count,
                      enum event_kind kind, const struct deadline_ctx *c, const void *payload)
{
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < count; i++) {
        if (!in_kinds(rows[i].stop, kind)) continue;
        if (!rows[i].stops || rows[i].stops(st, c, payload)) e = deadline_stop(st, &rows[i], c);
    }
    for (size_t i = 0; e == ERR_OK && i < count; i++) {
        if (!in_kinds(rows[i].start, kind)) continue;
        if (!rows[i].starts || rows[i].starts(st, c, payload))
            e = deadline_arm(st, &rows[i], c, (struct str){0});
    }
    return e;
}

enum err deadline_drop(struct step *st, struct str case_no, uint8_t item, struct str reason)
{
    struct key prefix = key_of(case_no), at = {.n = 0};
    if (item) key_u8(&prefix, item);
    struct rec_row_deadline row;
    enum err e;
    while ((e = step_next(st, &table_deadline, &prefix, &at, &row)) == ERR_OK) {
        struct key_reader r = {{at.b, at.n}};
        struct deadline_ctx c = {0};
        struct str name;
        if (key_take_str(&r, &c.case_no) || key_take_u8(&r, &c.item) || key_take_str(&r, &name))
            return ERR_CORRUPT;
        /* An earlier act of this same step may have ended it. */
        struct key k = deadline_key(case_no, c.item, name);
        e = step_get(st, &table_deadline, &k, &row);
        if (e != ERR_OK) return e;
        if (row.end != deadline_end_open) continue;
        c.case_no = case_no;
        name = arena_str(st->arena, name);
        row.done = st->in && st->in->occurred ? st->in->occurred : st->now_ms;
        end_row(st, &c, name, &row, deadline_end_cancelled);
        emit_dropped(st, &c, name, &row, reason);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err deadline_cancel(struct step *st, const struct deadline_row *def,
                         const struct deadline_ctx *c, struct str reason)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->case_no, c->item, def->name, &row);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && row.end != deadline_end_open)) return ERR_OK;
    if (e != ERR_OK) return e;
    row.done = instant_of(st, c);
    end_row(st, c, str_of(def->name), &row, deadline_end_cancelled);
    emit_dropped(st, c, str_of(def->name), &row, reason);
    return ERR_OK;
}

enum err deadline_hold(struct step *st, const struct deadline_row *def,
                       const struct deadline_ctx *c)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->case_no, c->item, def->name, &row);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && row.end != deadline_end_open)) return ERR_OK;
    if (e != ERR_OK) return e;
    struct key k = deadline_key(c->case_no, c->item, str_of(def->name));
    index_del(st, &k, &row);
    row.held = true;
    step_put(st, &table_deadline, &k, &row);
    return ERR_OK;
}

enum err deadline_shift(struct step *st, const struct deadline_row *def,
                        const struct deadline_ctx *c, int64_t by_ms)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->case_no, c->item, def->name, &row);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && row.end != deadline_end_open)) return ERR_OK;
    if (e != ERR_OK) return e;
    struct plan p = {.start = row.start,
                     .clock = row.clock,
                     .set = row.set,
                     .calendar = step_calendar(st, c->unit, c->sp)};
    p.due = within_time(clock_add(&p, c->sp, row.due, by_ms));
    return arm(st, def, c, &p, STR("paused"));
}

/* ---- firing ---- */

static struct rec_level_line level_now(struct step *st, const struct rec_row_deadline *row)
{
    if (row->passed < row->levels.n) return row->levels.v[row->passed];
    struct rec_level_line l = row->levels.v[row->levels.n - 1];
    l.level += row->passed - row->levels.n + 1;
    l.at = deadline_next_at(row);
    const struct escalation_set *set = policy_set(st->policy, row->set);
    if (!set) return l;
    if (set->repeat_to.n) l.to = set->repeat_to;
    if (set->repeat_copy_from && l.level >= set->repeat_copy_from) l.copy = set->repeat_copy;
    return l;
}

static void emit_level(struct step *st, const struct passed *x, const struct rec_row_deadline *row,
                       const struct rec_level_line *l)
{
    if (l->at < row->due) {
        struct ev_deadline_approaching ev = {.case_no = x->case_no,
                                             .item = x->item,
                                             .name = x->name,
                                             .round = row->round,
                                             .level = l->level,
                                             .to = l->to,
                                             .unit = x->unit,
                                             .person = x->person,
                                             .policy = row->policy,
                                             .start = row->start,
                                             .due = row->due,
                                             .at = l->at};
        step_emit(st, EV_deadline_approaching, &ev);
        return;
    }
    struct ev_deadline_passed ev = {.case_no = x->case_no,
                                    .item = x->item,
                                    .name = x->name,
                                    .round = row->round,
                                    .level = l->level,
                                    .to = l->to,
                                    .copy = l->copy,
                                    .unit = x->unit,
                                    .person = x->person,
                                    .policy = row->policy,
                                    .start = row->start,
                                    .due = row->due,
                                    .at = l->at,
                                    .overdue_ms = (uint64_t)(st->now_ms - row->due)};
    step_emit(st, EV_deadline_passed, &ev);
}

enum err deadline_fire(struct step *st, const struct key *due, const struct service *svc)
{
    struct key_reader r = {{due->b, due->n}};
    struct passed x = {0};
    uint64_t at;
    if (key_take_u64(&r, &at)) return ERR_CORRUPT;
    struct key rk = {.n = r.rest.n};
    memcpy(rk.b, r.rest.p, r.rest.n);
    if (key_take_str(&r, &x.case_no) || key_take_u8(&r, &x.item) || key_take_str(&r, &x.name))
        return ERR_CORRUPT;
    struct rec_row_deadline row;
    enum err e = step_get(st, &table_deadline, &rk, &row);
    if (e != ERR_OK || row.end != deadline_end_open || deadline_next_at(&row) != (int64_t)at)
        return ERR_CORRUPT;
    struct rec_level_line l = level_now(st, &row);
    index_del(st, &rk, &row);
    row.passed++;
    if (l.at >= row.due) row.due_passed = true;
    step_put(st, &table_deadline, &rk, &row);
    if (!PLANTED(level_not_rearmed)) index_put(st, &rk, &row);
    st->rule = row.rule.n ? arena_printf(st->arena, "%.*s%c", STR_ARG(row.rule), 0).p : "CV-12";
    x.round = row.round;
    x.level = l.level;
    x.before = l.at < row.due;
    x.is_due = l.at == row.due;
    x.start_ms = row.start;
    x.due_ms = row.due;
    x.unit = row.unit;
    x.person = row.person;
    x.policy = row.policy;
    x.to = l.to;
    x.copy = l.copy;
    if (svc->address) e = svc->address(st, &x);
    if (e != ERR_OK || PLANTED_LOST("passes", x.name)) return e;
    emit_level(st, &x, &row, &l);
    return svc->on_passed ? svc->on_passed(st, &x) : ERR_OK;
}
