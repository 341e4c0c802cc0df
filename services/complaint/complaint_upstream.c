/* complaint_upstream.c - what the logs of intake and dispatch tell about a case: it is found by the
 * call it came with, or by its key project. Rules CMP-010, CMP-012, CMP-014, CMP-116, CMP-119,
 * CMP-120. */
#include "services/complaint/complaint_private.h"

/* ---- finding cases ---- */

static struct str of_call(struct step *st, struct str call)
{
    return arena_printf(st->arena, "call/%.*s", STR_ARG(call));
}

static struct str of_project(struct step *st, struct str project)
{
    return arena_printf(st->arena, "project/%.*s", STR_ARG(project));
}

static void keep(struct step *st, struct str what, struct str no)
{
    struct key k = key_of(what);
    key_str(&k, no);
    struct rec_row_complaint_by row = {no};
    step_put(st, COMPLAINT_TABLE(BY), &k, &row);
}

void complaint_upstream_keep(struct step *st, const struct complaint *c)
{
    if (c->r.call_no.n) keep(st, of_call(st, c->r.call_no), c->no);
    if (c->r.project.n) keep(st, of_project(st, c->r.project), c->no);
}

/* What a fact does to one case that is not done with yet. */
typedef enum err on_case(struct step *st, struct complaint *c, const void *payload);

static bool is_done_with(const struct complaint *c)
{
    return c->r.state == complaint_state_archived || c->r.state == complaint_state_superseded ||
           c->r.state == complaint_state_no_loss;
}

/* ERR_STALE when there is no such case. */
static enum err each_case(struct step *st, struct str what, on_case *handle, const void *payload)
{
    struct key prefix = key_of(what), at = {.n = 0};
    struct rec_row_complaint_by of;
    enum err e, found = ERR_STALE;
    while ((e = step_next(st, COMPLAINT_TABLE(BY), &prefix, &at, &of)) == ERR_OK) {
        struct complaint c;
        e = complaint_get(st, of.case_no, &c);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        if (is_done_with(&c)) continue;
        e = handle(st, &c, payload);
        if (e != ERR_OK) return e;
        found = ERR_OK;
    }
    return e == ERR_END ? found : e;
}

/* ---- quality: ordinary or serious (CMP-010) ---- */

static void raise_quality(struct step *st, struct complaint *c, struct str call_no)
{
    if (c->r.quality_severity == quality_severity_serious) return;
    c->r.quality_severity = quality_severity_serious;
    struct ev_complaint_severity_raised ev = {c->no, call_no};
    step_emit_as(st, "CMP-010", EV_complaint_severity_raised, &ev);
}

/* The class dispatch found; what a step of the relay says later stands over it. */
static enum err note_class(struct step *st, struct complaint *c, struct str call_no,
                           enum cause_class class)
{
    bool blames = class != cause_class_non_quality;
    if (!c->r.fault_origin)
        c->r.fault_origin = blames ? fault_origin_quality : fault_origin_non_quality;
    if (class == cause_class_ordinary && !c->r.quality_severity)
        c->r.quality_severity = quality_severity_ordinary;
    if (class == cause_class_serious) raise_quality(st, c, call_no);
    complaint_put(st, c);
    return ERR_OK;
}

static enum err on_diagnosed(struct step *st, struct complaint *c, const void *payload)
{
    const struct ev_job_diagnosed *ev = payload;
    return note_class(st, c, ev->call_no, ev->class);
}

static enum err on_class_raised(struct step *st, struct complaint *c, const void *payload)
{
    const struct ev_job_class_raised *ev = payload;
    return note_class(st, c, ev->call_no, ev->class);
}

static enum err on_repeat(struct step *st, struct complaint *c, const void *payload)
{
    raise_quality(st, c, ((const struct ev_repeat_detected *)payload)->call_no);
    complaint_put(st, c);
    return ERR_OK;
}

/* The case may have come with the first call or with the second. */
static enum err repeat_detected(struct step *st, const struct ev_repeat_detected *ev)
{
    enum err first = each_case(st, of_call(st, ev->first_call), on_repeat, ev);
    if (first != ERR_OK && first != ERR_STALE) return first;
    if (str_eq(ev->first_call, ev->call_no)) return first;
    enum err e = each_case(st, of_call(st, ev->call_no), on_repeat, ev);
    return e == ERR_STALE ? first : e;
}

/* ---- grade, report, meeting, project ---- */

static enum err grade(struct step *st, struct complaint *c, enum severity severity)
{
    if (c->r.severity == severity) return ERR_OK;
    struct ev_complaint_severity_set ev = {.case_no = c->no, .severity = severity};
    return complaint_case_act(st, c, EV_complaint_severity_set, &ev);
}

static enum err on_graded(struct step *st, struct complaint *c, const void *payload)
{
    return grade(st, c, ((const struct ev_call_graded *)payload)->severity);
}

/* A major problem was reported at the door: the case is major, and reported. */
static enum err on_major(struct step *st, struct complaint *c, const void *payload)
{
    const struct ev_call_major_reported *ev = payload;
    enum err e = grade(st, c, severity_major);
    if (e != ERR_OK || c->r.major_at || !ev->proposal.n || !ev->user_demand.n) return e;
    struct ev_complaint_major_reported out = {
        .case_no = c->no, .own_opinion = ev->proposal, .user_demand = ev->user_demand};
    return complaint_case_act(st, c, EV_complaint_major_reported, &out);
}

static enum err on_plan_reviewed(struct step *st, struct complaint *c, const void *payload)
{
    (void)payload;
    c->r.plan_reviewed_at = step_occurred(st);
    complaint_put(st, c);
    return ERR_OK;
}

static enum err on_meeting(struct step *st, struct complaint *c, const void *payload)
{
    const struct ev_call_meeting_called *ev = payload;
    c->r.meeting_at = ev->held_at ? ev->held_at : step_occurred(st);
    if (ev->plan.n) c->r.meeting_plan = ev->plan;
    complaint_put(st, c);
    return ERR_OK;
}

static enum err on_feedback(struct step *st, struct complaint *c, const void *payload)
{
    const struct ev_project_feedback *ev = payload;
    for (uint32_t i = 0; i < ev->departments.n; i++) {
        struct ev_complaint_dept_notified out = {c->no, ev->departments.v[i].name, ev->project};
        step_emit_as(st, "CMP-116", EV_complaint_dept_notified, &out);
    }
    return ERR_OK;
}

static const struct upstream {
    enum event_kind on;
    on_case *handle;
} by_call[] = {
    {EV_job_diagnosed, on_diagnosed},         {EV_job_class_raised, on_class_raised},
    {EV_job_plan_reviewed, on_plan_reviewed}, {EV_call_graded, on_graded},
    {EV_call_major_reported, on_major},       {EV_call_meeting_called, on_meeting},
};

enum err complaint_case_upstream(struct step *st, const void *payload)
{
    if (st->type->kind == EV_repeat_detected) return repeat_detected(st, payload);
    if (st->type->kind == EV_project_feedback) {
        const struct ev_project_feedback *ev = payload;
        return each_case(st, of_project(st, ev->project), on_feedback, ev);
    }
    for (size_t i = 0; i < COUNT_OF(by_call); i++) {
        if (by_call[i].on != st->type->kind) continue;
        struct str call = paper_text(st->type->shape(), payload, "call_no");
        return each_case(st, of_call(st, call), by_call[i].handle, payload);
    }
    return ERR_STALE;
}
