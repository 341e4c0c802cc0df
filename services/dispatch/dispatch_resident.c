/* dispatch_resident.c - residents at a customer's site, and the rota of the dispatch room.
 *
 * A site with a roster for a working day has at least one resident there by the closing of that
 * day, else resident.missing. The rota of a unit that has one is looked through at the beginning of
 * every day, the first time on the first whole day after it began; each stretch with nobody on duty
 * is one duty.gap_found. A duty taken out leaves its gap also in a day that was looked through.
 * Rules DSP-022, DSP-023. */
#include "services/dispatch/dispatch_private.h"
#include <string.h>

/* ---- residents (DSP-022) ---- */

static enum err on_rostered(struct step *st, const void *payload, void *row)
{
    const struct ev_resident_rostered *ev = payload;
    struct paper_at *a = row;
    const struct rec_row_resident *r = a->row;
    const struct calendar *cal = step_calendar(st, r->unit, NULL);
    if (!calendar_is_workday(cal, ev->day)) return ERR_OK;
    a->start_ms = calendar_open(cal, ev->day);
    a->given_ms = calendar_close_of(cal, ev->day);
    return ERR_OK;
}

/* On a day off nobody is owed; when somebody was there already, neither. */
static bool resident_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    const struct rec_row_resident *r = c->row;
    return r->state == resident_state_rostered && c->given_ms != 0;
}

#define ROSTERED IN(resident_state_rostered)
#define PRESENT IN(resident_state_present)
#define MISSING IN(resident_state_missing)
#define CANCELLED IN(resident_state_cancelled)

/* Several may be rostered for a day; presence may be reported late. */
static const struct transition resident_rows[] = {
    {EV_resident_rostered, PAPER_NEW | ROSTERED | CANCELLED, resident_state_rostered, on_rostered,
     "DSP-022"},
    {EV_resident_rostered, PRESENT | MISSING, 0, NULL, "DSP-022"},
    {EV_resident_present, PAPER_NEW | ROSTERED | PRESENT | MISSING | CANCELLED,
     resident_state_present, NULL, "DSP-022"},
    {EV_resident_missing, ROSTERED, resident_state_missing, NULL, "DSP-022"},
    {EV_resident_cancelled, ROSTERED | MISSING, resident_state_cancelled, NULL, "DSP-022"},
};

static const struct deadline_row resident_clocks[] = {
    {.name = "resident.day",
     .rule = "DSP-022",
     .from = FROM_START,
     .due = DUE_GIVEN,
     .start = {EV_resident_rostered},
     .stop = {EV_resident_present},
     .starts = resident_starts},
};

const struct paper dispatch_resident = {.name = "resident",
                                        .label = "day of resident staff 駐廠人員",
                                        .table = &dispatch_tables[DISPATCH_RESIDENT],
                                        .states = &codes_resident_state,
                                        .keys = {"site", "day"},
                                        PAPER_ROWS(resident_rows),
                                        PAPER_CLOCKS(resident_clocks),
                                        .drops = CANCELLED};

/* The case is resident/SITE/YYYY-MM-DD. */
enum err dispatch_resident_passed(struct step *st, const struct passed *what)
{
    const uint32_t head = sizeof "resident/" - 1, tail = sizeof "/YYYY-MM-DD" - 1;
    struct ev_resident_missing ev = {.day = 0};
    struct str no = arena_str(st->arena, what->case_no);
    if (no.n <= head + tail) return ERR_CORRUPT;
    if (day_parse((struct str){no.p + no.n - tail + 1, tail - 1}, &ev.day)) return ERR_CORRUPT;
    ev.site = (struct str){no.p + head, no.n - head - tail};
    return paper_act(st, &dispatch_resident, EV_resident_missing, &ev);
}

/* ---- the rota (DSP-023) ---- */

#define DUTY_MS DAY_MS
#define DUTIES_MAX 128u /* of a day and the day before */

static const struct deadline_row duty_clock = {
    .name = "duty.day", .rule = "DSP-023", .from = FROM_START, .due = DUE_GIVEN};

static struct str rota_case(struct step *st, struct str unit)
{
    return arena_printf(st->arena, "rota/%.*s", STR_ARG(unit));
}

static enum err arm_duty(struct step *st, struct str unit, int32_t day)
{
    int64_t at = zone_day_start(step_zone(st, unit), day);
    struct deadline_ctx c = {
        .case_no = rota_case(st, unit), .unit = unit, .start_ms = at, .given_ms = at};
    return deadline_arm(st, &duty_clock, &c, (struct str){0});
}

struct rota {
    struct str unit;
    int32_t day;
    int64_t from, to; /* gaps are looked for in between; the whole day */
    struct rec_row_duty v[DUTIES_MAX];
    uint32_t n;
};

static enum err rota_add(struct step *st, struct rota *r, int32_t day)
{
    struct key prefix = key_of(r->unit), at = {.n = 0};
    key_day(&prefix, day);
    while (r->n < DUTIES_MAX) {
        struct rec_row_duty *duty = &r->v[r->n];
        enum err e = step_next(st, &dispatch_tables[DISPATCH_DUTY], &prefix, &at, duty);
        if (e != ERR_OK) return e == ERR_END ? ERR_OK : e;
        r->n += duty->state == duty_state_rostered;
    }
    return ERR_OK;
}

/* Who is on duty on a day: what begins on it, or the day before. */
static enum err rota_of(struct step *st, struct str unit, int32_t day, struct rota **out)
{
    const struct zone *z = step_zone(st, unit);
    struct rota *r = arena_take(st->arena, sizeof *r);
    r->unit = unit;
    r->day = day;
    r->from = zone_day_start(z, day);
    r->to = zone_day_start(z, day + 1);
    r->n = 0;
    *out = r;
    enum err e = rota_add(st, r, day - 1);
    return e == ERR_OK ? rota_add(st, r, day) : e;
}

/* How far the rota goes on without a gap from here. */
static int64_t covered(const struct rota *r, int64_t at)
{
    for (uint32_t i = 0; i < r->n; i++) { /* each round ends, or moves on over one duty more */
        int64_t before = at;
        for (uint32_t k = 0; k < r->n; k++) {
            if (r->v[k].start <= at && r->v[k].end > at) at = r->v[k].end;
        }
        if (at == before) break;
    }
    return at;
}

static int64_t next_start(const struct rota *r, int64_t at)
{
    int64_t end = r->to;
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->v[i].start > at && r->v[i].start < end) end = r->v[i].start;
    }
    return end;
}

static void tell_gaps(struct step *st, const struct rota *r)
{
    int64_t at = covered(r, r->from);
    while (at < r->to) {
        struct ev_duty_gap_found ev = {.unit = r->unit, .day = r->day, .start = at};
        ev.end = next_start(r, at);
        step_emit_as(st, "DSP-023", EV_duty_gap_found, &ev);
        at = covered(r, ev.end);
    }
}

enum err dispatch_resident_duty_passed(struct step *st, const struct passed *what)
{
    struct str unit = arena_str(st->arena, what->unit);
    int32_t day = zone_day(step_zone(st, unit), what->due_ms);
    struct rota *r;
    enum err e = rota_of(st, unit, day, &r);
    if (e != ERR_OK) return e;
    tell_gaps(st, r);
    return arm_duty(st, unit, day + 1);
}

/* ---- a duty is rostered, or taken out ---- */

/* The same duty under the key of earlier versions, which had no start: one a person and day. */
static enum err take_old(struct step *st, const struct paper_at *a, struct rec_row_duty *out)
{
    const struct rec_row_duty *now = a->row;
    struct key k = a->key;
    k.n -= sizeof(uint64_t);
    enum err e = step_get(st, &dispatch_tables[DISPATCH_DUTY], &k, out);
    if (e == ERR_OK && out->start != now->start) return ERR_NOT_FOUND;
    if (e == ERR_OK) step_del(st, &dispatch_tables[DISPATCH_DUTY], &k);
    return e;
}

static enum err check_duty(struct step *st, const struct ev_duty_rostered *ev)
{
    if (ev->end <= ev->start || ev->end - ev->start > DUTY_MS)
        return step_refuse(st, "no_duty", "end",
                           "a duty ends after it began and lasts at most 24 hours");
    if (zone_day(step_zone(st, ev->unit), ev->start) != ev->day)
        return step_refuse(st, "other_day", "day",
                           "the duty begins on another day; give the local day of its start");
    return ERR_OK;
}

static enum err on_duty(struct step *st, const void *payload, void *row)
{
    const struct ev_duty_rostered *ev = payload;
    struct rec_row_duty old;
    struct rec_row_deadline d;
    enum err e = check_duty(st, ev);
    if (e != ERR_OK) return e;
    e = take_old(st, row, &old);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    e = deadline_get(st, rota_case(st, ev->unit), 0, duty_clock.name, &d);
    if (e == ERR_OK && d.end == deadline_end_open) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    const struct zone *z = step_zone(st, ev->unit);
    int32_t whole = zone_day(z, ev->start - 1) + 1, tomorrow = zone_day(z, st->now_ms) + 1;
    return arm_duty(st, ev->unit, whole > tomorrow ? whole : tomorrow);
}

/* What it alone covered of a day, as the rota stood before. */
static enum err tell_uncovered(struct step *st, struct str unit, int32_t day,
                               const struct rec_row_duty *gone)
{
    struct rota *r;
    enum err e = rota_of(st, unit, day, &r);
    if (e != ERR_OK) return e;
    if (gone->start > r->from) r->from = gone->start;
    if (gone->end < r->to) r->to = gone->end;
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->v[i].start != gone->start || r->v[i].end != gone->end) continue;
        r->v[i] = r->v[--r->n];
        break;
    }
    tell_gaps(st, r);
    return ERR_OK;
}

/* Days that were looked through are looked through again; the others wait for their turn. The clock
 * stands on the next one, and was armed anew after each. */
static enum err look_again(struct step *st, struct str unit, const struct rec_row_duty *gone)
{
    struct rec_row_deadline d;
    enum err e = deadline_get(st, rota_case(st, unit), 0, duty_clock.name, &d);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    const struct zone *z = step_zone(st, unit);
    int32_t next = zone_day(z, d.due), last = zone_day(z, gone->end - 1);
    for (int32_t day = zone_day(z, gone->start); e == ERR_OK && day <= last; day++) {
        if (day < next && (uint64_t)(next - day) <= d.round)
            e = tell_uncovered(st, unit, day, gone);
    }
    return e;
}

static enum err on_duty_cancelled(struct step *st, const void *payload, void *row)
{
    const struct ev_duty_cancelled *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_duty *r = a->row, old;
    enum err e = a->before ? ERR_OK : take_old(st, a, &old);
    if (e == ERR_NOT_FOUND)
        return step_refuse(st, "unknown_number", "start",
                           "%.*s has no duty that begins then; name day and start as in "
                           "duty.rostered",
                           STR_ARG(ev->person));
    if (e != ERR_OK) return e;
    if (!a->before) r->end = old.end;
    return look_again(st, ev->unit, r);
}

static const struct transition duty_rows[] = {
    {EV_duty_rostered, PAPER_NEW | IN(duty_state_rostered) | IN(duty_state_cancelled),
     duty_state_rostered, on_duty, "DSP-023"},
    {EV_duty_cancelled, PAPER_NEW | IN(duty_state_rostered), duty_state_cancelled,
     on_duty_cancelled, "DSP-023"},
};

const struct paper dispatch_resident_duty = {.name = "duty",
                                             .label = "duty of the rota",
                                             .table = &dispatch_tables[DISPATCH_DUTY],
                                             .states = &codes_duty_state,
                                             .keys = {"unit", "day", "person", "start"},
                                             PAPER_ROWS(duty_rows)};
