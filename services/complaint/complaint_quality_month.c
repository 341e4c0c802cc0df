/* complaint_quality_month.c - what comes back, and the report for the month-end morning meeting
 * 月底晨會 (CMP-099, INT-074).
 *
 * The seeds say "at the month-end morning meeting"; it is on the last working day of the month (by
 * the calendar of the quality department), so the report is written when that day begins, 00:00:
 * it lies ready at the meeting, and a time node that ended the evening before counts. Its own
 * clock, quality.month, runs from the first issue on. The table of watched issues holds those that
 * are open and those that recurred since the last report: nothing else is looked at. */
#include "services/complaint/complaint_private.h"
#include <string.h>

/* ---- watched issues ---- */

static enum err watch(struct step *st, struct str no, const bool *open, const bool *recurred)
{
    struct key k = key_of(no);
    struct rec_row_quality_watch w = {0};
    enum err e = step_get(st, COMPLAINT_TABLE(QUALITY_WATCH), &k, &w);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (open) w.open = *open;
    if (recurred) w.recurred = *recurred;
    if (w.open || w.recurred)
        step_put(st, COMPLAINT_TABLE(QUALITY_WATCH), &k, &w);
    else
        step_del(st, COMPLAINT_TABLE(QUALITY_WATCH), &k);
    return ERR_OK;
}

/* ---- recurrence ---- */

static bool closed_key(const struct rec_row_quality *r, struct key *k)
{
    *k = key_of(r->customer);
    key_str(k, r->drawing);
    key_str(k, r->defect_code);
    return r->customer.n && r->drawing.n && r->defect_code.n;
}

/* Within the months after the close, the last day included (CV-6). */
static bool is_within(struct step *st, const struct rec_row_quality *r, int64_t closed_ms)
{
    const struct zone *z = step_zone(st, r->unit);
    int32_t last =
        day_add_months(zone_day(z, closed_ms), (int)st->policy->complaint.recurrence_months);
    return r->fed_back_at >= closed_ms && zone_day(z, r->fed_back_at) <= last;
}

enum err complaint_quality_recur(struct step *st, struct str no, struct rec_row_quality *r)
{
    struct key k;
    struct rec_row_quality_closed c;
    if (r->recurred || !closed_key(r, &k)) return ERR_OK;
    enum err e = step_get(st, COMPLAINT_TABLE(QUALITY_CLOSED), &k, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (!is_within(st, r, c.closed_at)) return ERR_OK;
    r->recurred = true;
    r->earlier_no = c.quality_no;
    struct ev_quality_recurred ev = {.quality_no = no,
                                     .earlier_no = c.quality_no,
                                     .closed_on = zone_day(step_zone(st, r->unit), c.closed_at)};
    step_emit_as(st, "CMP-099", EV_quality_recurred, &ev);
    return watch(st, no, NULL, &r->recurred);
}

enum err complaint_quality_ended(struct step *st, struct str no, const struct rec_row_quality *r)
{
    struct key k;
    if (closed_key(r, &k)) {
        struct rec_row_quality_closed c = {no, step_occurred(st)};
        step_put(st, COMPLAINT_TABLE(QUALITY_CLOSED), &k, &c);
    }
    return watch(st, no, &(bool){false}, NULL);
}

/* ---- the clock ---- */

static const struct deadline_row month_clock = {
    .name = "quality.month", .rule = "CMP-099", .from = FROM_START, .due = DUE_GIVEN};

#define MONTH_CASE STR("quality_month/all")

#define MONTHS_MAX 13 /* without a working day; the calendar ends there */

/* The beginning of the last working day of the month of `day`, or of the first later month where
 * that is after `after_ms`. */
static enum err arm(struct step *st, struct str unit, int32_t day, int64_t after_ms)
{
    const struct calendar *cal = step_calendar(st, unit, NULL);
    for (int i = 0; i < MONTHS_MAX; i++) {
        int y, m, d;
        day_split(day, &y, &m, &d);
        int32_t last = calendar_last_workday(cal, y, m);
        day = day_add_months(day - d + 1, 1);
        if (last == INT32_MAX) continue;
        int64_t begins = zone_day_start(calendar_zone(cal), last);
        struct deadline_ctx c = {
            .case_no = MONTH_CASE, .unit = unit, .start_ms = begins, .given_ms = begins};
        if (begins > after_ms) return deadline_arm(st, &month_clock, &c, (struct str){0});
    }
    return ERR_OK;
}

enum err complaint_quality_opened(struct step *st, struct str no)
{
    struct rec_row_deadline d;
    enum err e = watch(st, no, &(bool){true}, NULL);
    if (e == ERR_OK) e = deadline_get(st, MONTH_CASE, 0, month_clock.name, &d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && d.end == deadline_end_open) return ERR_OK;
    struct str unit = complaint_department(st, "qa");
    if (!unit.n) unit = st->in->source;
    return arm(st, unit, zone_day(step_zone(st, unit), st->now_ms), st->now_ms);
}

/* ---- the report ---- */

#define LINES_MAX 64u /* of a part */

struct report {
    struct ev_quality_gm_report ev;
    struct rec_quality_gm_line *overdue, *recurred;
};

static void flush(struct step *st, struct report *p, bool more)
{
    p->ev.more = more;
    p->ev.overdue.v = p->overdue;
    p->ev.recurred.v = p->recurred;
    step_emit_as(st, "CMP-099", EV_quality_gm_report, &p->ev);
    p->ev.overdue.n = p->ev.recurred.n = 0;
    p->ev.part++;
}

static void add(struct step *st, struct report *p, bool overdue, bool recurred,
                const struct rec_quality_gm_line *l)
{
    if (p->ev.overdue.n == LINES_MAX || p->ev.recurred.n == LINES_MAX) flush(st, p, true);
    if (overdue) p->overdue[p->ev.overdue.n++] = *l;
    if (recurred) p->recurred[p->ev.recurred.n++] = *l;
}

/* CV-5 as the clock of the issue has it; `at_ms` is the end of the day before. */
static enum err is_overdue(struct step *st, struct str no, int64_t at_ms, int64_t *due)
{
    struct rec_row_deadline d;
    struct str case_no = arena_printf(st->arena, "quality/%.*s", STR_ARG(no));
    *due = 0;
    enum err e = deadline_get(st, case_no, 0, complaint_quality_rectification.name, &d);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (d.end == deadline_end_open && d.due <= at_ms) *due = d.due;
    return ERR_OK;
}

static enum err look(struct step *st, struct report *p, struct str no,
                     const struct rec_row_quality_watch *w, int64_t at_ms)
{
    struct rec_row_quality r;
    int64_t due = 0;
    enum err e = complaint_quality_get(st, no, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (w->open) e = is_overdue(st, no, at_ms, &due);
    if (e != ERR_OK || (!due && !w->recurred)) return e;
    struct rec_quality_gm_line l = {.quality_no = no,
                                    .unit = r.unit,
                                    .customer = r.customer,
                                    .product = r.product,
                                    .drawing = r.drawing,
                                    .defect_code = r.defect_code,
                                    .due = due,
                                    .earlier_no = r.earlier_no};
    add(st, p, due != 0, w->recurred, &l);
    return watch(st, no, NULL, &(bool){false});
}

enum err complaint_quality_report(struct step *st, const struct passed *what)
{
    struct str unit = arena_str(st->arena, what->unit);
    int32_t day = zone_day(step_zone(st, unit), what->due_ms);
    int y, m, d;
    day_split(day, &y, &m, &d);
    struct report p = {.ev = {.month = day - d + 1, .day = day, .part = 1}};
    p.overdue = arena_take(st->arena, LINES_MAX * sizeof *p.overdue);
    p.recurred = arena_take(st->arena, LINES_MAX * sizeof *p.recurred);
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_quality_watch w;
    enum err e;
    while ((e = step_next(st, COMPLAINT_TABLE(QUALITY_WATCH), &prefix, &at, &w)) == ERR_OK) {
        struct key_reader rest = {{at.b, at.n}};
        struct str no;
        if (key_take_str(&rest, &no) != ERR_OK) return ERR_CORRUPT;
        e = look(st, &p, arena_str(st->arena, no), &w, what->due_ms);
        if (e != ERR_OK) return e;
    }
    if (e != ERR_END) return e;
    flush(st, &p, false);
    return arm(st, unit, day, what->due_ms);
}
