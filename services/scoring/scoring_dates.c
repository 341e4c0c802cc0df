/* scoring_dates.c - the days on which sheets are due: when, on which clock, whose, how late.
 * Rules SCO-022, SCO-030 … SCO-032. */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"
#include <string.h>

#define DAY_MINUTES 1440
#define LATE_DAYS_MAX 100000
#define PERSONS_MAX 20000u /* who are looked through for a role */

const struct score_date *scoring_date(const struct scheme *s, enum score_date_for what,
                                      enum score_role role)
{
    for (uint32_t i = 0; i < s->sheet.date_count; i++) {
        const struct score_date *d = &s->sheet.dates[i];
        if (d->what == what && d->role == role) return d;
    }
    return NULL;
}

/* That day of a month, or its last one. */
static int32_t day_in(int32_t month, uint32_t day)
{
    int32_t last = day_add_months(month, 1) - 1, at = month + (int32_t)day - 1;
    return at < last ? at : last;
}

static int32_t shifted(struct step *st, struct str unit, enum score_shift shift, int32_t day)
{
    int weekday = day_weekday(day);
    int32_t work;
    switch (shift) {
    case SCORE_SHIFT_none:
        return day;
    case SCORE_SHIFT_weekend:
        return weekday < 6 ? day : day + 8 - weekday;
    case SCORE_SHIFT_workday:
        work = calendar_workday(step_calendar(st, unit, NULL), day, 0);
        return work == INT32_MAX ? day : work;
    }
    return day;
}

/* Targets are set in the month in which the period begins, the rest is due in the one behind. */
static int32_t month_of(const struct scheme *s, const struct score_date *d, int32_t first)
{
    return d->what == SCORE_DATE_targets ? first : scoring_period_next(s->period, first, 1);
}

int64_t scoring_date_start(struct step *st, struct str unit, const struct scheme *s,
                           const struct score_date *d, int32_t first)
{
    return zone_day_start(step_zone(st, unit), day_in(month_of(s, d, first), d->from));
}

int64_t scoring_date_due(struct step *st, struct str unit, const struct scheme *s,
                         const struct score_date *d, int32_t first)
{
    const struct zone *z = step_zone(st, unit);
    int32_t day = shifted(st, unit, d->shift, day_in(month_of(s, d, first), d->day));
    if (d->at_min >= DAY_MINUTES) return zone_day_start(z, day + 1);
    return zone_to_utc(z, (int64_t)day * DAY_MS + d->at_min * MINUTE_MS);
}

const struct deadline_row *scoring_date_clock(struct step *st, const struct score_date *d)
{
    static const struct deadline_row known[] = {
        {.name = "scoring.4s_targets", .rule = "SCO-022"},
        {.name = "scoring.4s_sheet_admin", .rule = "SCO-031"},
        {.name = "scoring.4s_sheet_hr", .rule = "SCO-031"},
        {.name = "scoring.4s_sheet_dept", .rule = "SCO-031"},
        {.name = "scoring.4s_sheet_cs", .rule = "SCO-031"},
        {.name = "scoring.4s_sheet_finance", .rule = "SCO-031"},
        {.name = "scoring.4s_assess", .rule = "SCO-030"},
        {.name = "scoring.dqnj_year", .rule = "SCO-013"},
        {.name = "scoring.q_post_sheet", .rule = "SCO-059"},
    };
    struct deadline_row *row = arena_take(st->arena, sizeof *row);
    *row = (struct deadline_row){.from = FROM_START, .due = DUE_GIVEN, .rule = "SCO-024"};
    row->name = arena_printf(st->arena, "%.*s%c", STR_ARG(d->deadline), 0).p;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (str_is(d->deadline, known[i].name)) row->rule = known[i].rule;
    }
    return row;
}

static enum err role_holder(struct step *st, struct str unit, struct str role, struct str *out)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_person row;
    enum err e = ERR_OK;
    uint32_t elsewhere = 0;
    for (uint32_t i = 0; i < PERSONS_MAX; i++) {
        e = step_next(st, &table_person, &prefix, &at, &row);
        if (e != ERR_OK) break;
        if (row.left || !str_eq(row.role, role)) continue;
        bool in = str_eq(row.unit, unit);
        if (!in && elsewhere++) continue;
        struct key_reader r = {{at.b, at.n}};
        struct str name;
        if (key_take_str(&r, &name) != ERR_OK) return ERR_CORRUPT;
        *out = arena_str(st->arena, name);
        if (in) return ERR_OK;
    }
    if (elsewhere > 1) *out = (struct str){0};
    return e == ERR_END ? ERR_OK : e;
}

static enum err unit_manager(struct step *st, struct str unit, struct str *out)
{
    struct rec_row_unit row = {0};
    enum err e = step_unit(st, unit, &row);
    if (e == ERR_OK) *out = row.manager;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err scoring_date_holder(struct step *st, struct str unit, const struct score_date *d,
                             struct str *out)
{
    enum err e = ERR_OK;
    *out = (struct str){0};
    if (d->holder.n) e = role_holder(st, unit, d->holder, out);
    return e == ERR_OK && !out->n ? unit_manager(st, unit, out) : e;
}

bool scoring_case_read(struct str no, struct str head, struct str *whose, struct str *scheme,
                       int32_t *first)
{
    const uint32_t tail = 11; /* "/2024-08-01" */
    if (no.n <= head.n + tail || memcmp(no.p, head.p, head.n) != 0) return false;
    if (day_parse((struct str){no.p + no.n - tail + 1, tail - 1}, first) != ERR_OK) return false;
    uint32_t end = no.n - tail, i = end;
    while (i > head.n && no.p[i - 1] != '/')
        i--;
    if (i <= head.n) return false;
    *whose = (struct str){no.p + head.n, i - 1 - head.n};
    *scheme = (struct str){no.p + i, end - i};
    return true;
}

uint32_t scoring_late_days(struct step *st, struct str unit, const struct scheme *s, int64_t due_ms,
                           int64_t at_ms)
{
    if (at_ms <= due_ms) return 0;
    const struct zone *z = step_zone(st, unit);
    int64_t days = s->sheet.late_days == SCORE_LATE_started_24h
                       ? (at_ms - due_ms + DAY_MS - 1) / DAY_MS
                       : (int64_t)zone_day(z, at_ms) - zone_day(z, due_ms + 1) + 1;
    return days > LATE_DAYS_MAX ? LATE_DAYS_MAX : (uint32_t)days;
}
