/* parts_audit_month.c - the audit of a month: at 24:00 of a day of the next month (audit.month)
 * every report without counterpart gets its verdict (PRT-062), and the notes drawn in the month are
 * added up: issued = used + unused, each part used that must come back has its old part or a
 * documented loss (PRT-067).
 *
 * Reports and notes of a unit and month have a clock each, "audit/<unit>/<month>" and
 * "notes/<unit>/<month>". That of the reports stops when none waits any more.
 * Invariant: row_audit_month.waiting = rows of audit_open of that unit and month. */
#include "services/parts/parts_private.h"

#define REPORTS_MAX 256u /* judged in one go; the clock is armed again for the others */
#define DIFFERENCES_MAX 200u

static const struct deadline_row clock_row = {
    .name = "audit.month", .rule = "PRT-062", .from = FROM_START, .due = DUE_GIVEN};

/* ---- the clocks ---- */

int64_t parts_audit_cutoff(struct step *st, struct str unit, int32_t month)
{
    int32_t last = day_add_months(month, 1) + (int32_t)st->policy->parts.audit_day - 1;
    return paper_day_end(st, unit, last);
}

static struct deadline_ctx ctx_of(struct step *st, const char *what, struct str unit, int32_t month)
{
    char day[11];
    day_format(month, day);
    return (struct deadline_ctx){
        .case_no = arena_printf(st->arena, "%s/%.*s/%s", what, STR_ARG(unit), day),
        .unit = unit,
        .occurred_ms = step_occurred(st),
        .start_ms = zone_day_start(step_zone(st, unit), day_add_months(month, 1)),
        .given_ms = parts_audit_cutoff(st, unit, month)};
}

static enum err arm(struct step *st, const char *what, struct str unit, int32_t month)
{
    struct deadline_ctx c = ctx_of(st, what, unit, month);
    return deadline_arm(st, &clock_row, &c, (struct str){0});
}

/* The audit itself ends the clock: it passed, and nobody is late. */
static enum err end(struct step *st, const char *what, struct str unit, int32_t month)
{
    struct deadline_ctx c = ctx_of(st, what, unit, month);
    if (c.occurred_ms > c.given_ms) return deadline_cancel(st, &clock_row, &c, STR("audited"));
    return deadline_stop(st, &clock_row, &c);
}

static struct key month_key(struct str unit, int32_t month)
{
    struct key k = key_of(unit);
    key_day(&k, month);
    return k;
}

static enum err load(struct step *st, struct str unit, int32_t month,
                     struct rec_row_audit_month *out)
{
    struct key k = month_key(unit, month);
    *out = (struct rec_row_audit_month){0};
    enum err e = step_get(st, PARTS_TABLE(AUDIT_MONTH), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void save(struct step *st, struct str unit, int32_t month,
                 const struct rec_row_audit_month *m)
{
    struct key k = month_key(unit, month);
    step_put(st, PARTS_TABLE(AUDIT_MONTH), &k, m);
}

/* ---- reports that wait ---- */

static struct key open_key(const struct rec_row_audit_report *r, struct str report_no)
{
    struct key k = month_key(r->unit, r->month);
    key_str(&k, report_no);
    return k;
}

enum err parts_audit_wait(struct step *st, const struct rec_row_audit_report *r,
                          struct str report_no)
{
    struct rec_row_audit_month m;
    struct key k = open_key(r, report_no);
    enum err e = load(st, r->unit, r->month, &m);
    if (e != ERR_OK) return e;
    m.waiting++;
    save(st, r->unit, r->month, &m);
    step_put(st, PARTS_TABLE(AUDIT_OPEN), &k, &(struct rec_row_mark){0});
    return arm(st, "audit", r->unit, r->month);
}

enum err parts_audit_done(struct step *st, const struct rec_row_audit_report *r,
                          struct str report_no)
{
    struct rec_row_audit_month m;
    struct key k = open_key(r, report_no);
    enum err e = load(st, r->unit, r->month, &m);
    if (e != ERR_OK) return e;
    ENSURE(m.waiting > 0);
    m.waiting--;
    save(st, r->unit, r->month, &m);
    step_del(st, PARTS_TABLE(AUDIT_OPEN), &k);
    return m.waiting ? ERR_OK : end(st, "audit", r->unit, r->month);
}

static enum err judge_all(struct step *st, struct str unit, int32_t month)
{
    struct key prefix = month_key(unit, month), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < REPORTS_MAX; i++) {
        e = step_next(st, PARTS_TABLE(AUDIT_OPEN), &prefix, &at, &mark);
        if (e != ERR_OK) break;
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        e = key_take_str(&r, &no);
        if (e == ERR_OK) e = parts_report_judge(st, arena_str(st->arena, no));
    }
    if (e != ERR_OK) return e == ERR_END ? ERR_OK : e;
    struct rec_row_audit_month m;
    e = load(st, unit, month, &m);
    if (e != ERR_OK || !m.waiting) return e;
    e = end(st, "audit", unit, month);
    return e == ERR_OK ? arm(st, "audit", unit, month) : e;
}

/* ---- notes (PRT-067) ---- */

static struct key doc_key(struct str unit, int32_t month, enum parts_doc doc, struct str doc_no)
{
    struct key k = month_key(unit, month);
    key_u8(&k, (uint8_t)doc);
    key_str(&k, doc_no);
    return k;
}

enum err parts_audit_drawn(struct step *st, enum parts_doc doc, struct str doc_no,
                           const struct rec_row_net_cost *r)
{
    struct key k = doc_key(r->unit, r->month, doc, doc_no);
    step_put(st, PARTS_TABLE(AUDIT_DOC), &k, &(struct rec_row_mark){0});
    return arm(st, "notes", r->unit, r->month);
}

/* A document of the month and the policy its parts are under. */
struct note {
    enum parts_doc doc;
    struct str doc_no;
    const struct parts_policy *policy;
};

/* Must the old part of this line come back (PRT-024). */
static enum err must_return(struct step *st, const struct note *n, struct str part_no, bool *out)
{
    struct rec_row_item item;
    *out = n->policy->old_parts == PARTS_OLD_all;
    if (n->policy->old_parts != PARTS_OLD_classes) return ERR_OK;
    enum err e = parts_item_get(st, part_no, &item);
    *out = e == ERR_OK && words_have(n->policy->return_classes, item.class);
    return e;
}

static enum err take_line(struct step *st, const struct note *n, uint64_t line,
                          const struct rec_row_ledger_line *l, struct ev_audit_parts *ev)
{
    bool must;
    enum err e = must_return(st, n, l->part_no, &must);
    if (e != ERR_OK) return e;
    struct rec_audit_parts_line d = {.doc = n->doc,
                                     .doc_no = n->doc_no,
                                     .line = line,
                                     .part_no = arena_str(st->arena, l->part_no),
                                     .issued = l->issued,
                                     .unused = l->back,
                                     .owed = must ? (uint64_t)l->in_owed : 0};
    d.used = (uint64_t)(l->in_owed + l->in_used + l->in_old + l->in_gone);
    d.open = d.issued - d.unused - d.used - (uint64_t)l->in_lost;
    ev->lines++;
    ev->issued += d.issued, ev->used += d.used, ev->unused += d.unused;
    ev->lost += (uint64_t)l->in_lost, ev->open += d.open, ev->owed += d.owed;
    ev->agreed += d.open == 0 && d.owed == 0;
    if (d.open || d.owed) {
        if (ev->differences.n < DIFFERENCES_MAX) ev->differences.v[ev->differences.n++] = d;
    }
    return ERR_OK;
}

static enum err take_note(struct step *st, struct note *n, struct ev_audit_parts *ev)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_ledger_line l;
    struct rec_row_net_cost cost;
    enum err e = parts_charge_of(st, n->doc, n->doc_no, &cost);
    if (e == ERR_OK) e = parts_policy_for(st, cost.call_no, cost.unit, &n->policy);
    key_u8(&prefix, (uint8_t)n->doc);
    key_str(&prefix, n->doc_no);
    while (e == ERR_OK) {
        e = step_next(st, PARTS_TABLE(LEDGER_LINE), &prefix, &at, &l);
        if (e != ERR_OK) break;
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        uint64_t line;
        e = key_take_u64(&r, &line);
        if (e == ERR_OK) e = take_line(st, n, line, &l, ev);
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err add_up(struct step *st, struct str unit, int32_t month)
{
    struct ev_audit_parts ev = {.unit = unit, .month = month};
    struct key prefix = month_key(unit, month), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e = ERR_OK;
    ev.differences.v = arena_take(st->arena, DIFFERENCES_MAX * sizeof *ev.differences.v);
    while (e == ERR_OK) {
        e = step_next(st, PARTS_TABLE(AUDIT_DOC), &prefix, &at, &mark);
        if (e != ERR_OK) break;
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct note n = {0};
        uint8_t doc;
        e = key_take_u8(&r, &doc);
        if (e == ERR_OK) e = key_take_str(&r, &n.doc_no);
        if (e != ERR_OK) return e;
        n.doc = (enum parts_doc)doc;
        n.doc_no = arena_str(st->arena, n.doc_no);
        e = take_note(st, &n, &ev);
    }
    if (e != ERR_END) return e;
    struct rec_row_audit_month m;
    e = load(st, unit, month, &m);
    if (e != ERR_OK) return e;
    m.audited_at = st->now_ms;
    save(st, unit, month, &m);
    step_emit_as(st, "PRT-067", EV_audit_parts, &ev);
    return end(st, "notes", unit, month);
}

enum err parts_audit_passed(struct step *st, const struct passed *what)
{
    if (!what->is_due || !str_is(what->name, clock_row.name)) return ERR_OK;
    struct str unit = arena_str(st->arena, what->unit);
    int32_t month = day_add_months(zone_day(step_zone(st, unit), what->start_ms), -1);
    bool notes = what->case_no.n > 6 && str_is((struct str){what->case_no.p, 6}, "notes/");
    return notes ? add_up(st, unit, month) : judge_all(st, unit, month);
}
