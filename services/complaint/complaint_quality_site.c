/* complaint_quality_site.c - lines that stood still because of our parts, and key projects.
 *
 * Stops of a line are kept merged, by the instant they end: what two reports share counts once, and
 * a new one meets only those it touches. Rules CMP-108, CMP-116; HQ-035 for the sum. */
#include "services/complaint/complaint_private.h"
#include <string.h>

/* ---- line stops (CMP-108) ---- */

#define STOP_MAX_MS (31 * DAY_MS)

struct stop {
    const struct ev_quality_line_stop *ev;
    struct str unit;
    int64_t counted_ms;
};

static struct key line_key(const struct ev_quality_line_stop *ev)
{
    struct key k = key_of(ev->customer);
    key_str(&k, ev->line);
    return k;
}

/* So much of a month; the verdict tells the sum. */
static enum err count_month(struct step *st, const struct stop *s, int32_t month, int64_t ms)
{
    struct key k = key_of(s->ev->customer);
    key_day(&k, month);
    struct rec_row_line_stop_month row = {0};
    enum err e = step_get(st, COMPLAINT_TABLE(LINE_STOP_MONTH), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    row.stopped_ms += (uint64_t)ms;
    row.stops++;
    step_put(st, COMPLAINT_TABLE(LINE_STOP_MONTH), &k, &row);
    struct ev_quality_line_stopped ev = {
        .customer = s->ev->customer, .month = month, .stopped_s = row.stopped_ms / 1000};
    step_emit_as(st, "CMP-108", EV_quality_line_stopped, &ev);
    return ERR_OK;
}

/* A piece nobody told of yet, cut at the ends of months. */
static enum err count_piece(struct step *st, struct stop *s, int64_t from, int64_t to)
{
    const struct zone *z = step_zone(st, s->unit);
    enum err e = ERR_OK;
    while (e == ERR_OK && from < to) {
        int y, m, d;
        int32_t day = zone_day(z, from);
        day_split(day, &y, &m, &d);
        int32_t month = day - d + 1;
        int64_t next = zone_day_start(z, day_add_months(month, 1));
        int64_t end = to < next ? to : next;
        s->counted_ms += end - from;
        e = count_month(st, s, month, end - from);
        from = end;
    }
    return e;
}

/* The stop takes the place of all it touches. */
static enum err merge(struct step *st, struct stop *s)
{
    const struct table *t = COMPLAINT_TABLE(LINE_STOP);
    struct rec_row_line_stop whole = {s->ev->stop_start, s->ev->stop_end}, row;
    struct key prefix = line_key(s->ev), at = prefix;
    int64_t from = whole.start;
    key_u64(&at, (uint64_t)whole.start - 1); /* those that end at its start, or later */
    enum err e;
    while ((e = step_next(st, t, &prefix, &at, &row)) == ERR_OK && row.start <= s->ev->stop_end) {
        e = count_piece(st, s, from, row.start);
        if (e != ERR_OK) return e;
        if (row.end > from) from = row.end;
        if (row.start < whole.start) whole.start = row.start;
        if (row.end > whole.end) whole.end = row.end;
        step_del(st, t, &at);
    }
    if (e != ERR_OK && e != ERR_END) return e;
    struct key k = prefix;
    key_u64(&k, (uint64_t)whole.end);
    step_put(st, t, &k, &whole);
    return count_piece(st, s, from, s->ev->stop_end);
}

static enum err on_line_stop(struct step *st, const struct ev_quality_line_stop *ev)
{
    struct stop s = {.ev = ev, .unit = ev->by_unit.n ? ev->by_unit : st->in->source};
    if (ev->stop_start <= 0 || ev->stop_end <= ev->stop_start) {
        return step_refuse(st, "range", "stop_end", "a stop ends after it began");
    }
    if (ev->stop_end - ev->stop_start > STOP_MAX_MS) {
        return step_refuse(st, "range", "stop_end",
                           "a line that stood still for more than 31 days is told of in parts");
    }
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK && ev->quality_no.n) {
        struct rec_row_quality issue;
        e = complaint_quality_find(st, ev->quality_no, "quality_no", &issue);
    }
    if (e == ERR_OK) e = merge(st, &s);
    struct ev_quality_line_stop whole = *ev;
    whole.counted_s = (uint64_t)s.counted_ms / 1000;
    if (e == ERR_OK && !ev->counted_s && whole.counted_s) step_complete(st, &whole);
    return e;
}

/* ---- key projects (CMP-116) ---- */

static struct key project_key(struct str project, enum quality_project_kind kind, struct str no)
{
    struct key k = key_of(project);
    key_u8(&k, (uint8_t)kind);
    key_str(&k, no);
    return k;
}

enum err complaint_quality_project(struct step *st, struct str project,
                                   enum quality_project_kind kind, struct str no)
{
    const struct words *told = &st->policy->complaint.project_departments;
    struct key k = project_key(project, kind, no);
    struct rec_row_quality_project row;
    enum err e = step_get(st, COMPLAINT_TABLE(QUALITY_PROJECT), &k, &row);
    if (e != ERR_NOT_FOUND) return e;
    row.since = step_occurred(st);
    step_put(st, COMPLAINT_TABLE(QUALITY_PROJECT), &k, &row);
    for (uint32_t i = 0; i < told->n; i++) {
        const struct department *d = policy_department(st->policy, told->v[i]);
        struct ev_complaint_dept_notified ev = {.case_no = no, .project = project};
        if (!d) continue;
        ev.unit = d->unit;
        step_emit_as(st, "CMP-116", EV_complaint_dept_notified, &ev);
    }
    return ERR_OK;
}

/* Is the issue or case of this row still open, and of this project? */
static enum err is_open(struct step *st, enum quality_project_kind kind, struct str no,
                        struct str project, bool *open)
{
    if (kind == PROJECT_ISSUE) {
        struct rec_row_quality r = {0};
        enum err e = complaint_quality_get(st, no, &r);
        *open = str_eq(r.project, project) && r.state != quality_state_closed;
        return e;
    }
    struct complaint c;
    enum err e = complaint_get(st, no, &c);
    if (e != ERR_OK) return e;
    uint32_t over = IN(complaint_state_no_loss) | IN(complaint_state_closed) |
                    IN(complaint_state_settled) | IN(complaint_state_reviewed) |
                    IN(complaint_state_archived) | IN(complaint_state_superseded);
    *open = !(over & IN(c.r.state));
    return ERR_OK;
}

static enum err on_archived(struct step *st, const struct ev_quality_project_archived *ev)
{
    struct key prefix = key_of(ev->project), at = {.n = 0};
    struct rec_row_quality_project row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    while ((e = step_next(st, COMPLAINT_TABLE(QUALITY_PROJECT), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader rest = {{at.b + prefix.n, at.n - prefix.n}};
        uint8_t kind;
        struct str no;
        bool open = false;
        if (key_take_u8(&rest, &kind) != ERR_OK || key_take_str(&rest, &no) != ERR_OK)
            return ERR_CORRUPT;
        no = arena_str(st->arena, no);
        e = is_open(st, kind, no, ev->project, &open);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        if (!open) continue;
        return step_refuse(st, "issue_open", "project",
                           "%s %.*s of this key project 重點項目 is open; the project is filed "
                           "away when all are closed",
                           kind == PROJECT_ISSUE ? "quality issue" : "complaint", STR_ARG(no));
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err complaint_quality_fact(struct step *st, const void *payload)
{
    if (st->type->kind == EV_quality_line_stop) return on_line_stop(st, payload);
    if (st->type->kind == EV_quality_project_archived) return on_archived(st, payload);
    return ERR_STALE;
}
