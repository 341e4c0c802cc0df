/* complaint_relay.c - the form 客戶抱怨處理表 on its way from unit to unit, and who holds it.
 *
 * The route is policy (`steps`); a case keeps the place it has come to, so a changed route only
 * changes what lies before it. Invariant: the links of a case follow each other without a gap, from
 * the complaint to the close: every second belongs to one holder. Rules CMP-036 … CMP-038, CMP-052,
 * CMP-054, CMP-055. */
#include "proto/value.h"
#include "services/complaint/complaint_private.h"
#include <string.h>

/* ---- the chain of holders ---- */

static struct key link_key(const struct complaint *c, uint64_t n)
{
    struct key k = key_of(c->no);
    key_u64(&k, n);
    return k;
}

/* Seconds between two instants on the clock of a deadline. */
static uint64_t seconds(struct step *st, const struct rec_row_deadline *d, int64_t from_ms,
                        int64_t to_ms)
{
    if (to_ms <= from_ms) return 0;
    if (d->clock != clock_kind_working) return (uint64_t)(to_ms - from_ms) / 1000;
    const struct calendar *cal = policy_calendar(st->policy, d->calendar);
    REQUIRE(cal != NULL);
    return (uint64_t)calendar_worked(cal, from_ms, to_ms) / 1000;
}

/* What the link that ends took, on the clock of its step. */
static enum err measure(struct step *st, const struct complaint *c,
                        struct rec_row_complaint_link *l)
{
    struct rec_row_deadline d = {.clock = clock_kind_elapsed};
    enum err e = ERR_NOT_FOUND;
    if (l->deadline.n) {
        e = deadline_get(st, complaint_case_of(st, c->no), 0,
                         arena_printf(st->arena, "%.*s%c", STR_ARG(l->deadline), 0).p, &d);
    }
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    l->taken_s = seconds(st, &d, l->since, l->until);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    l->due = d.due;
    l->round = d.round;
    l->limit_s = seconds(st, &d, d.start, d.due);
    l->overdue_s = seconds(st, &d, d.due, l->until);
    return ERR_OK;
}

static enum err end_link(struct step *st, struct complaint *c, int64_t at_ms)
{
    struct rec_row_complaint_link l;
    struct key k = link_key(c, c->r.links);
    enum err e = step_get(st, COMPLAINT_TABLE(LINK), &k, &l);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (at_ms < l.since) {
        char since[40];
        time_format_local(l.since, step_zone(st, l.unit), since);
        return step_refuse(st, "order", "time",
                           "%.*s holds the form since %s only; this happened before",
                           STR_ARG(l.unit), since);
    }
    l.until = at_ms;
    e = measure(st, c, &l);
    step_put(st, COMPLAINT_TABLE(LINK), &k, &l);
    return e;
}

enum err complaint_pass(struct step *st, struct complaint *c, const struct relay_step *step,
                        struct str unit, int64_t at_ms)
{
    enum err e = c->r.links && c->r.held_at ? end_link(st, c, at_ms) : ERR_OK;
    if (e != ERR_OK) return e;
    bool over = c->r.state == complaint_state_closed || c->r.state == complaint_state_superseded;
    c->r.holder = over ? (struct str){0} : unit;
    c->r.held_at = over ? 0 : at_ms;
    if (over) return ERR_OK;
    c->r.links++;
    struct rec_row_complaint_link l = {.step = step ? step->name : (struct str){0},
                                       .state = c->r.state,
                                       .unit = unit,
                                       .since = at_ms,
                                       .deadline = step ? step->deadline : (struct str){0}};
    struct key k = link_key(c, c->r.links);
    step_put(st, COMPLAINT_TABLE(LINK), &k, &l);
    return ERR_OK;
}

enum err complaint_relay_steps(struct step *st, const struct complaint *c,
                               struct rec_complaint_step_line **v, uint32_t *n)
{
    *n = 0;
    *v = arena_take(st->arena, (c->r.links + 1) * sizeof **v);
    for (uint64_t i = 1; i <= c->r.links; i++) {
        struct rec_row_complaint_link l;
        struct key k = link_key(c, i);
        enum err e = step_get(st, COMPLAINT_TABLE(LINK), &k, &l);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        if (l.step.n == 0 || l.skipped) continue;
        (*v)[(*n)++] = (struct rec_complaint_step_line){.step = l.step,
                                                        .unit = l.unit,
                                                        .deadline = l.deadline,
                                                        .due = l.due,
                                                        .done = l.until,
                                                        .limit_s = l.limit_s,
                                                        .taken_s = l.taken_s,
                                                        .overdue_s = l.overdue_s,
                                                        .round = l.round};
    }
    return ERR_OK;
}

/* ---- from step to step ---- */

static const struct relay_step *step_after(const struct step *st, uint64_t place, bool late)
{
    for (uint32_t i = 0; i < st->policy->step_count; i++) {
        const struct relay_step *s = &st->policy->steps[i];
        if (s->at > place && s->late == late) return s;
    }
    return NULL;
}

static struct str unit_of(struct step *st, const struct relay_step *s)
{
    const struct department *d = policy_department(st->policy, s->department);
    return d ? d->unit : (struct str){0};
}

static enum err clock_start(struct step *st, const struct complaint *c, const struct relay_step *s)
{
    if (s->deadline.n == 0) return ERR_OK;
    struct deadline_row row = complaint_clock_of(s);
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, unit_of(st, s), c->r.step_at);
    return deadline_arm(st, &row, &ctx, (struct str){0});
}

static enum err clock_stop(struct step *st, const struct complaint *c, const struct relay_step *s,
                           int64_t at_ms)
{
    if (!s || s->deadline.n == 0) return ERR_OK;
    struct deadline_row row = complaint_clock_of(s);
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, unit_of(st, s), c->r.step_at);
    ctx.occurred_ms = at_ms;
    return deadline_stop(st, &row, &ctx);
}

static enum err enter(struct step *st, struct complaint *c, const struct relay_step *s,
                      int64_t at_ms)
{
    c->r.state = complaint_state_relay;
    c->r.step = s->name;
    c->r.step_at = at_ms;
    c->r.place = s->at;
    enum err e = complaint_pass(st, c, s, unit_of(st, s), at_ms);
    if (e != ERR_OK) return e;
    struct ev_complaint_step_entered ev = {.case_no = c->no,
                                           .complaint_no = c->r.complaint_no,
                                           .step = s->name,
                                           .unit = unit_of(st, s),
                                           .at = at_ms};
    step_emit_as(st, "CMP-036", EV_complaint_step_entered, &ev);
    return clock_start(st, c, s);
}

/* The route is at its end: to the decision; after the late steps to the final one. */
static enum err leave(struct step *st, struct complaint *c, bool late, int64_t at_ms)
{
    c->r.step = (struct str){0};
    c->r.step_at = 0;
    c->r.state = late ? complaint_state_final_opinion : complaint_state_decision;
    if (late) c->r.opinion_at = at_ms;
    struct ev_complaint_proposed ev = {c->no, complaint_outcome_not_established};
    if (!late && c->r.fault_origin == fault_origin_non_quality)
        step_emit_as(st, "CMP-011", EV_complaint_proposed, &ev);
    return complaint_pass(st, c, NULL, complaint_department(st, "gm"), at_ms);
}

static bool is_left_out(const struct complaint *c, const struct relay_step *s)
{
    return s->optional && c->r.rd_required == yes_no_no;
}

/* A case that stands still takes no step (CMP-055). */
static enum err check_runs(struct step *st, const struct complaint *c)
{
    if (!c->r.paused_at) return ERR_OK;
    st->rule = "CMP-055";
    return step_refuse(st, "state", "case_no", "it stands still; complaint.resumed comes first");
}

enum err complaint_relay_next(struct step *st, struct complaint *c, bool late, int64_t at_ms)
{
    const struct relay_step *s;
    enum err e = check_runs(st, c);
    if (e != ERR_OK) return e;
    while ((s = step_after(st, c->r.place, late)) && is_left_out(c, s)) {
        struct ev_complaint_step_skipped ev = {.case_no = c->no, .step = s->name};
        step_emit_as(st, "CMP-038", EV_complaint_step_skipped, &ev);
        c->r.place = s->at;
    }
    if (!s) return leave(st, c, late, at_ms);
    if (s->optional && c->r.rd_required == yes_no_none) {
        st->rule = "CMP-038";
        return step_refuse(st, "missing", "rd_required",
                           "is %.*s needed for this case? Say rd_required yes or no",
                           STR_ARG(s->name));
    }
    return enter(st, c, s, at_ms);
}

/* ---- a step is done ---- */

static enum err check_said(struct step *st, const struct relay_step *s, const void *payload)
{
    const struct shape *shape = st->type->shape();
    char missing[160] = "";
    for (uint32_t i = 0; s && i < s->needs.n; i++) {
        const struct field *f = shape_field(shape, s->needs.v[i]);
        if (!f || !value_is_zero(f, value_in(f, payload))) continue;
        size_t n = strlen(missing);
        snprintf(missing + n, sizeof missing - n, "%s%s", n ? ", " : "", f->name);
    }
    if (!missing[0]) return ERR_OK;
    st->rule = str_is(s->name, "manufacturing") ? "CMP-029" : "CMP-036";
    return step_refuse(st, "missing", "step", "step %.*s is done only with %s", STR_ARG(s->name),
                       missing);
}

static void note_said(struct rec_row_complaint *r, const struct ev_complaint_step_done *ev)
{
    if (ev->cause_class) r->cause_class = ev->cause_class;
    if (ev->fault_origin) r->fault_origin = ev->fault_origin;
    if (ev->quality_severity) r->quality_severity = ev->quality_severity;
    if (ev->responsible_unit.n) r->responsible_unit = ev->responsible_unit;
    bool free_to_say = r->severity == severity_none || r->severity == severity_ordinary;
    if (ev->rd_required && free_to_say) r->rd_required = ev->rd_required;
}

/* The unit that has the form does its step; clerks of business sit in the centres, too. */
static enum err check_holder(struct step *st, const struct complaint *c, struct str by_unit,
                             const struct relay_step *s)
{
    const struct department *d =
        policy_department_of(st->policy, by_unit.n ? by_unit : st->in->source);
    if (!s || !d || str_eq(d->name, s->department)) return ERR_OK;
    if (d->unit.n == 0 && str_is(s->department, "business")) return ERR_OK;
    st->rule = "CMP-028";
    return step_refuse(st, "no_right", "by_unit", "the form is with %.*s; %.*s cannot do its step",
                       STR_ARG(c->r.holder), STR_ARG(d->label));
}

/* How long it took, for the log and the 洽辦單 (CMP-054). */
static enum err complete(struct step *st, const struct complaint *c,
                         const struct ev_complaint_step_done *said)
{
    struct rec_row_complaint_link l;
    struct key k = link_key(c, c->r.links);
    enum err e = step_get(st, COMPLAINT_TABLE(LINK), &k, &l);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    l.until = step_occurred(st);
    e = measure(st, c, &l);
    struct ev_complaint_step_done ev = *said;
    if (!ev.step.n) ev.step = l.step;
    if (!ev.taken_s) ev.taken_s = l.taken_s;
    if (!ev.overdue_s) ev.overdue_s = l.overdue_s;
    step_complete(st, &ev);
    return e;
}

enum err complaint_relay_on_step_done(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_step_done *ev = payload;
    struct complaint *c = row;
    const struct relay_step *s = policy_step(st->policy, c->r.step);
    bool late = s && s->late;
    int64_t at_ms = step_occurred(st);
    if (ev->step.n && !str_eq(ev->step, c->r.step)) {
        return step_refuse(st, "state", "step", "the form is at step %.*s, not at %.*s",
                           STR_ARG(c->r.step), STR_ARG(ev->step));
    }
    enum err e = check_holder(st, c, ev->by_unit, s);
    if (e == ERR_OK) e = check_said(st, s, payload);
    if (e == ERR_OK) e = complete(st, c, ev);
    if (e == ERR_OK) e = clock_stop(st, c, s, at_ms);
    if (e != ERR_OK) return e;
    note_said(&c->r, ev);
    return complaint_relay_next(st, c, late, at_ms);
}

static enum err mark_skipped(struct step *st, const struct complaint *c)
{
    struct rec_row_complaint_link l;
    struct key k = link_key(c, c->r.links);
    enum err e = step_get(st, COMPLAINT_TABLE(LINK), &k, &l);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    l.skipped = true;
    step_put(st, COMPLAINT_TABLE(LINK), &k, &l);
    return ERR_OK;
}

enum err complaint_relay_on_step_skipped(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_step_skipped *ev = payload;
    struct complaint *c = row;
    const struct relay_step *s = policy_step(st->policy, c->r.step);
    if (!s || !str_eq(ev->step, c->r.step) || !s->optional) {
        return step_refuse(st, "state", "step",
                           "the form is at step %.*s; only an optional step can be left out, while "
                           "the form is there",
                           STR_ARG(c->r.step));
    }
    int64_t at_ms = step_occurred(st);
    enum err e = mark_skipped(st, c);
    if (e == ERR_OK && s->deadline.n) { /* nobody is asked about a step that was not wanted */
        struct deadline_row clock = complaint_clock_of(s);
        struct deadline_ctx ctx = complaint_clock_ctx(st, c, c->r.holder, c->r.step_at);
        e = deadline_cancel(st, &clock, &ctx, STR("left out"));
    }
    return e == ERR_OK ? complaint_relay_next(st, c, s->late, at_ms) : e;
}

/* ---- domestic or foreign (CMP-052) ---- */

/* From its original start, when it is still open. */
static enum err recompute(struct step *st, const struct complaint *c,
                          const struct deadline_row *row)
{
    struct rec_row_deadline d;
    enum err e = deadline_get(st, complaint_case_of(st, c->no), 0, row->name, &d);
    if (e != ERR_OK || d.end != deadline_end_open) return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, d.unit, d.start);
    return deadline_arm(st, row, &ctx, STR("market corrected"));
}

enum err complaint_relay_on_market_corrected(struct step *st, const void *payload, void *row)
{
    struct complaint *c = row;
    const struct deadline_row *total = &complaint_clock_rows[COMPLAINT_CLOCK_TOTAL];
    enum err e = check_runs(st, c);
    if (e != ERR_OK) return e;
    c->r.market = ((const struct ev_complaint_market_corrected *)payload)->market;
    e = recompute(st, c, total);
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, complaint_department(st, "gmo"), 0);
    if (e == ERR_OK && c->r.paused_s)
        e = deadline_shift(st, total, &ctx, (int64_t)c->r.paused_s * 1000);
    const struct relay_step *s = policy_step(st->policy, c->r.step);
    if (e != ERR_OK || !s || s->deadline.n == 0) return e;
    struct deadline_row step_row = complaint_clock_of(s);
    return recompute(st, c, &step_row);
}

/* ---- a pause, for the reasons of the policy (CMP-055; the source knows none) ---- */

enum err complaint_relay_on_paused(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_paused *ev = payload;
    struct complaint *c = row;
    if (!words_have(st->policy->complaint.pause_reasons, ev->reason)) {
        return step_refuse(st, "no_pause", "reason",
                           "the clock of a complaint does not stand still for \"%.*s\" "
                           "(complaint.pause_reasons)",
                           STR_ARG(ev->reason));
    }
    if (c->r.paused_at) return step_refuse(st, "state", "case_no", "it stands still already");
    c->r.paused_at = step_occurred(st);
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, c->r.holder, c->r.paused_at);
    enum err e = deadline_hold(st, &complaint_clock_rows[COMPLAINT_CLOCK_TOTAL], &ctx);
    const struct relay_step *s = policy_step(st->policy, c->r.step);
    if (e != ERR_OK || !s || s->deadline.n == 0) return e;
    struct deadline_row step_row = complaint_clock_of(s);
    return deadline_hold(st, &step_row, &ctx);
}

static enum err shift(struct step *st, const struct complaint *c, const struct deadline_row *row,
                      int64_t to_ms)
{
    struct rec_row_deadline d;
    enum err e = deadline_get(st, complaint_case_of(st, c->no), 0, row->name, &d);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    int64_t by_ms = (int64_t)seconds(st, &d, c->r.paused_at, to_ms) * 1000;
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, d.unit, d.start);
    return deadline_shift(st, row, &ctx, by_ms);
}

enum err complaint_relay_on_resumed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct complaint *c = row;
    int64_t at_ms = step_occurred(st);
    if (!c->r.paused_at || at_ms < c->r.paused_at)
        return step_refuse(st, "state", "case_no", "it does not stand still");
    enum err e = shift(st, c, &complaint_clock_rows[COMPLAINT_CLOCK_TOTAL], at_ms);
    const struct relay_step *s = policy_step(st->policy, c->r.step);
    if (e == ERR_OK && s && s->deadline.n) {
        struct deadline_row step_row = complaint_clock_of(s);
        e = shift(st, c, &step_row, at_ms);
    }
    c->r.paused_s += (uint64_t)(at_ms - c->r.paused_at) / 1000;
    c->r.paused_at = 0;
    return e;
}
