/* kpi.c - one pass over each table: calls, deadlines, legs, slips; see kpi.h.
 *
 * Calls are read first and kept in the order of their keys; deadlines and legs begin with the same
 * key part and come in the same order, so each is joined to its call by walking along. Every row is
 * booked to four lines: the total, its unit, its policy and its class of service. */
#include "services/headoffice/kpi.h"
#include "common/contract.h"
#include "common/step.h"
#include "services/headoffice/headoffice.h"
#include "services/headoffice/kpi_private.h"
#include <stdlib.h>
#include <string.h>

enum { LINE_TOTAL, LINE_UNIT, LINE_POLICY, LINE_CLASS, LINE_COUNT };

struct call {
    struct str no;
    int64_t received_ms, end_ms; /* end: closed or cancelled, 0 = open */
    int64_t arrival_due_ms;      /* of the job.arrival in force; 0 = none */
    uint32_t legs;
    bool in_period, assigned;
    struct kpi_line *lines[LINE_COUNT];
};

struct fold {
    struct kpi_report *r;
    const struct kpi_rows *rows;
    struct arena arena; /* of the row at hand */
    struct call *calls;
    uint32_t n, cap, at;    /* at: where the walk stands */
    uint32_t *overdue_call; /* per instant: the call counted last + 1 */
};

/* ---- walking ---- */

static bool in_period(const struct kpi_query *q, int32_t day)
{
    if (q->from_day == 0 && q->to_day == 0) return true;
    return day >= q->from_day && day <= q->to_day;
}

/* Calls `each` for every row of the table. */
static enum err walk(struct fold *f, uint8_t table, const struct shape *shape, void *row,
                     enum err (*each)(struct fold *f, struct key_reader *key, const void *row))
{
    struct key at = {.n = 0};
    enum err e = ERR_OK;
    while (e == ERR_OK) {
        struct slice key, value;
        e = f->rows->next(f->rows->ctx, table, (struct slice){at.b, at.n}, at.n > 0, &key, &value);
        if (e != ERR_OK) break;
        if (key.n == 0 || key.n > sizeof at.b) return ERR_CORRUPT;
        memcpy(at.b, key.p, key.n);
        at.n = key.n;
        arena_reset(&f->arena);
        struct fault why;
        if (proto_decode(shape, value, &f->arena, row, &why) != ERR_OK) return ERR_CORRUPT;
        struct key_reader reader = {{at.b, at.n}};
        e = each(f, &reader, row);
    }
    return e == ERR_END ? ERR_OK : e;
}

/* Bytewise, as keys are ordered: texts end with a zero byte. */
static int call_order(const void *a, const void *b)
{
    struct str x = ((const struct call *)a)->no, y = ((const struct call *)b)->no;
    uint32_t n = x.n < y.n ? x.n : y.n;
    int c = n ? memcmp(x.p, y.p, n) : 0;
    return c ? c : (x.n > y.n) - (x.n < y.n);
}

/* The call of that number, going on from where the walk stands; NULL when it is none. */
static struct call *join(struct fold *f, struct str no)
{
    struct call want = {.no = no};
    while (f->at < f->n && call_order(&f->calls[f->at], &want) < 0)
        f->at++;
    return f->at < f->n && str_eq(f->calls[f->at].no, no) ? &f->calls[f->at] : NULL;
}

/* ---- calls ---- */

static void call_lines(struct kpi_report *r, struct call *c, const struct rec_row_hq_case *row)
{
    c->lines[LINE_TOTAL] = &r->total;
    c->lines[LINE_UNIT] = kpi_line_of(r, &r->units, row->unit);
    c->lines[LINE_POLICY] = kpi_line_of(r, &r->policies, row->policy);
    c->lines[LINE_CLASS] = kpi_line_of(r, &r->classes, row->service_class);
}

/* Opened at or before the instant and closed strictly after it. */
static bool open_at(const struct call *c, int64_t t_ms)
{
    return c->received_ms <= t_ms && (c->end_ms == 0 || t_ms < c->end_ms);
}

static void book_backlog(const struct kpi_query *q, const struct call *c, struct kpi_line *line)
{
    for (uint32_t i = 0; i < q->at_count; i++) {
        if (open_at(c, q->at[i])) line->open_at[i]++;
    }
    if (open_at(c, q->as_of_ms)) line->open++;
}

static void book_call(struct kpi_line *line, const struct rec_row_hq_case *row)
{
    line->calls++;
    line->cancelled += row->cancelled != 0;
    line->never_assigned += row->assigned == 0;
    line->never_arrived += row->arrived == 0;
    line->reassigned_calls += row->reassigned > 0;
    line->reassignments += row->reassigned;
    line->reopened_calls += row->reopened > 0;
    line->paused_calls += row->paused;
    line->assigned_on_day += row->assigned && row->assigned <= row->register_until;
    kpi_span_add(line, KPI_SPAN_reply, row->received, row->replied);
    kpi_span_add(line, KPI_SPAN_first_assign, row->received, row->assigned);
    kpi_span_add(line, KPI_SPAN_first_arrival, row->received, row->arrived);
    kpi_span_add(line, KPI_SPAN_resolve, row->received, row->completed);
}

static struct call *call_new(struct fold *f)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 256;
        f->calls = realloc(f->calls, f->cap * sizeof *f->calls);
        REQUIRE(f->calls != NULL);
    }
    struct call *c = &f->calls[f->n++];
    *c = (struct call){0};
    return c;
}

static enum err each_case(struct fold *f, struct key_reader *key, const void *row_)
{
    const struct rec_row_hq_case *row = row_;
    const struct kpi_query *q = &f->r->query;
    struct str no;
    if (key_take_str(key, &no)) return ERR_CORRUPT;
    if (row->received == 0) return ERR_OK; /* intake has not spoken yet */
    struct call *c = call_new(f);
    c->no = arena_str(&f->r->arena, no);
    c->received_ms = row->received;
    c->end_ms = row->closed && row->cancelled
                    ? (row->closed < row->cancelled ? row->closed : row->cancelled)
                : row->closed ? row->closed
                              : row->cancelled;
    c->in_period = in_period(q, row->received_day);
    call_lines(f->r, c, row);
    if (c->in_period) kpi_day_add(f->r, row->received_day);
    for (int i = 0; i < LINE_COUNT; i++) {
        struct kpi_line *line = c->lines[i];
        book_backlog(q, c, line);
        if (c->in_period) book_call(line, row);
        if (row->closed == 0 || !in_period(q, row->closed_day)) continue;
        line->closed++;
        kpi_span_add(line, KPI_SPAN_close, row->received, row->closed);
    }
    return ERR_OK;
}

/* ---- deadlines ---- */

/* The count of its outcome. */
static uint64_t *outcome(struct kpi_deadline *d, const struct rec_row_hq_deadline *row,
                         int64_t as_of_ms)
{
    switch (row->end) {
    case deadline_end_stopped:
        return &d->on_time;
    case deadline_end_late:
        return &d->late;
    case deadline_end_superseded:
        return &d->superseded;
    case deadline_end_cancelled:
        return row->ended > row->due ? &d->cancelled_late : &d->cancelled;
    case deadline_end_none:
    case deadline_end_open:
        break;
    }
    return as_of_ms > row->due ? &d->open_past : &d->open_ahead;
}

static void book_deadline(struct kpi_deadline *d, const struct rec_row_hq_deadline *row,
                          int64_t as_of_ms)
{
    uint64_t *n = outcome(d, row, as_of_ms);
    ++*n;
    d->armed++;
    d->withdrawn += row->withdrawn;
    if (row->bookkeeping) return;
    d->met += n == &d->on_time;
    d->due += n != &d->cancelled && n != &d->superseded && n != &d->open_ahead;
}

/* Overdue backlog: the call is open and one of its deadlines was due before and not yet ended. */
static void book_overdue(struct fold *f, const struct call *c,
                         const struct rec_row_hq_deadline *row)
{
    const struct kpi_query *q = &f->r->query;
    uint32_t mark = (uint32_t)(c - f->calls) + 1;
    for (uint32_t i = 0; i < q->at_count; i++) {
        int64_t t = q->at[i];
        bool stands = row->due < t && (row->ended == 0 || row->ended > t);
        if (!stands || !open_at(c, t) || f->overdue_call[i] == mark) continue;
        f->overdue_call[i] = mark;
        for (int l = 0; l < LINE_COUNT; l++)
            c->lines[l]->overdue_at[i]++;
    }
}

static enum err each_deadline(struct fold *f, struct key_reader *key, const void *row_)
{
    const struct rec_row_hq_deadline *row = row_;
    struct kpi_report *r = f->r;
    struct str case_no, name;
    uint8_t holder, item;
    if (key_take_str(key, &case_no) || key_take_u8(key, &holder) || key_take_u8(key, &item)) {
        return ERR_CORRUPT;
    }
    if (key_take_str(key, &name)) return ERR_CORRUPT;
    struct call *c = join(f, case_no);
    if (c && !row->bookkeeping) book_overdue(f, c, row);
    if (c && str_is(name, "job.arrival") && row->end != deadline_end_superseded) {
        c->arrival_due_ms = row->due;
    }
    if (!in_period(&r->query, row->due_day)) return ERR_OK;
    struct kpi_line *lines[LINE_COUNT] = {&r->total, kpi_line_of(r, &r->units, row->unit),
                                          kpi_line_of(r, &r->policies, row->policy),
                                          c ? c->lines[LINE_CLASS] : NULL};
    for (int i = 0; i < LINE_COUNT; i++) {
        if (!lines[i]) continue;
        book_deadline(kpi_line_deadline(r, lines[i], name), row, r->query.as_of_ms);
        if (row->primary) book_deadline(&lines[i]->primary, row, r->query.as_of_ms);
        if (row->end != deadline_end_late || row->bookkeeping) continue;
        kpi_span_add(lines[i], KPI_SPAN_lateness, row->due, row->ended);
    }
    return ERR_OK;
}

/* ---- legs ---- */

static void book_leg(struct kpi_line *line, const struct call *c, const struct rec_row_hq_leg *row)
{
    line->legs++;
    line->several_legs += c->legs == 2;
    line->legs_not_departed += row->departed == 0;
    line->legs_not_arrived += row->arrived == 0;
    line->legs_not_completed += row->completed == 0;
    line->legs_recalled += row->recalled;
    line->legs_late += row->arrived && c->arrival_due_ms && row->arrived > c->arrival_due_ms;
    kpi_span_add(line, KPI_SPAN_assign, c->received_ms, row->assigned);
    kpi_span_add(line, KPI_SPAN_turnout, row->assigned, row->departed);
    kpi_span_add(line, KPI_SPAN_travel, row->departed, row->arrived);
    kpi_span_add(line, KPI_SPAN_arrival, c->received_ms, row->arrived);
    kpi_span_add(line, KPI_SPAN_on_site, row->arrived, row->completed);
}

static enum err each_leg(struct fold *f, struct key_reader *key, const void *row_)
{
    const struct rec_row_hq_leg *row = row_;
    struct str no;
    if (key_take_str(key, &no)) return ERR_CORRUPT;
    struct call *c = join(f, no);
    if (!c || !c->in_period) return ERR_OK;
    c->legs++;
    for (int i = 0; i < LINE_COUNT; i++)
        book_leg(c->lines[i], c, row);
    return ERR_OK;
}

/* ---- slips ---- */

static enum err each_reminder(struct fold *f, struct key_reader *key, const void *row_)
{
    (void)key;
    const struct rec_row_hq_reminder *row = row_;
    struct kpi_report *r = f->r;
    if (!in_period(&r->query, row->issued_day)) return ERR_OK;
    struct str name = row->kind == reminder_kind_manual ? STR("manual") : row->name;
    struct kpi_line *lines[] = {&r->total, kpi_line_of(r, &r->units, row->unit),
                                kpi_line_of(r, &r->policies, row->policy)};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        lines[i]->reminders++;
        struct kpi_reminder *x = kpi_line_reminder(r, lines[i], name, row->level);
        x->issued++;
        x->withdrawn += row->withdrawn != 0;
        x->answered += row->answered != 0;
    }
    return ERR_OK;
}

static enum err each_inquiry(struct fold *f, struct key_reader *key, const void *row_)
{
    (void)key;
    const struct rec_row_hq_inquiry *row = row_;
    struct kpi_report *r = f->r;
    if (!in_period(&r->query, row->issued_day)) return ERR_OK;
    struct kpi_line *lines[] = {&r->total, kpi_line_of(r, &r->units, row->unit),
                                kpi_line_of(r, &r->policies, row->policy)};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        lines[i]->inquiries++;
        lines[i]->inquiries_answered += row->answered != 0;
        lines[i]->inquiries_closed += row->closed != 0;
    }
    return ERR_OK;
}

/* ---- the report ---- */

static enum err fold(struct fold *f)
{
    struct rec_row_hq_case call;
    enum err e = walk(f, TABLE_HQ_CASE, shape_row_hq_case(), &call, each_case);
    if (e != ERR_OK) return e;
    struct rec_row_hq_deadline deadline;
    e = walk(f, TABLE_HQ_DEADLINE, shape_row_hq_deadline(), &deadline, each_deadline);
    if (e != ERR_OK) return e;
    f->at = 0;
    struct rec_row_hq_leg leg;
    e = walk(f, TABLE_HQ_LEG, shape_row_hq_leg(), &leg, each_leg);
    if (e != ERR_OK) return e;
    struct rec_row_hq_reminder reminder;
    e = walk(f, TABLE_HQ_REMINDER, shape_row_hq_reminder(), &reminder, each_reminder);
    if (e != ERR_OK) return e;
    struct rec_row_hq_inquiry inquiry;
    return walk(f, TABLE_HQ_INQUIRY, shape_row_hq_inquiry(), &inquiry, each_inquiry);
}

static void finish(struct kpi_lines *lines)
{
    for (uint32_t i = 0; i < lines->n; i++)
        kpi_line_finish(lines->v[i]);
}

enum err kpi_compute(const struct kpi_query *query, const struct kpi_rows *rows,
                     struct kpi_report *out)
{
    *out = (struct kpi_report){.query = *query};
    if (out->query.span_unit_ms == 0) out->query.span_unit_ms = 1000;
    kpi_line_init(out, &out->total);
    struct fold f = {.r = out, .rows = rows};
    f.overdue_call = arena_take(&out->arena, sizeof *f.overdue_call * (query->at_count + 1));
    enum err e = fold(&f);
    free(f.calls);
    arena_fini(&f.arena);
    if (e != ERR_OK) {
        kpi_fini(out);
        return e;
    }
    kpi_line_finish(&out->total);
    finish(&out->units);
    finish(&out->policies);
    finish(&out->classes);
    return ERR_OK;
}

static void lines_fini(struct kpi_lines *lines)
{
    for (uint32_t i = 0; i < lines->n; i++)
        kpi_line_fini(lines->v[i]);
}

void kpi_fini(struct kpi_report *r)
{
    kpi_line_fini(&r->total);
    lines_fini(&r->units);
    lines_fini(&r->policies);
    lines_fini(&r->classes);
    arena_fini(&r->arena);
    *r = (struct kpi_report){0};
}
