/* model_case.c - complaint cases: what the log of the complaint service says of one, read backwards
 * whenever it is asked, and which clocks must start, stop, stand still and go on because of it.
 *
 * Foretold is that nothing is passed while a case stands still. Not foretold: a clock that is armed
 * anew because the market was corrected, what ends when a complaint is found invalid or a new one
 * takes its place, the clock of the grade, and everything of a case that has stood still. Rules
 * CMP-022 … CMP-027, CMP-031, CMP-036, CMP-040, CMP-041, CMP-051, CMP-052, CMP-055. */
#include "common/contract.h"
#include "tests/sim/model_private.h"
#include <string.h>

#define PREFIX "complaint/"

static struct str number_of(struct str case_no)
{
    uint32_t n = (uint32_t)sizeof PREFIX - 1;
    bool ours = case_no.n > n && memcmp(case_no.p, PREFIX, n) == 0;
    return ours ? (struct str){case_no.p + n, case_no.n - n} : (struct str){0};
}

/* Is a record about this case? All of them begin with its number. */
static bool is_about(const struct record *r, struct str no)
{
    return r->type->owner == OWNER_complaint && str_eq(*(const struct str *)r->p, no);
}

/* ---- what the log says ---- */

/* The parent's last word counts for its child. */
static enum market market_at(struct model *m, struct str no, uint64_t seq)
{
    for (; seq > 0; seq--) {
        const struct record *r = model_at(m, OWNER_complaint, seq);
        enum event_kind kind = r->type->kind;
        enum market said = market_none;
        if (kind == EV_complaint_resubmitted &&
            str_eq(((const struct ev_complaint_resubmitted *)r->p)->new_case_no, no))
            return market_at(m, *(const struct str *)r->p, seq - 1);
        if (!is_about(r, no)) continue;
        if (kind == EV_complaint_received)
            return ((const struct ev_complaint_received *)r->p)->market;
        if (kind == EV_complaint_form_filed)
            said = ((const struct ev_complaint_form_filed *)r->p)->market;
        if (kind == EV_complaint_market_corrected)
            said = ((const struct ev_complaint_market_corrected *)r->p)->market;
        if (said) return said;
    }
    return market_none;
}

uint32_t case_minutes(struct model *m, struct str case_no, const struct deadline_setting *set)
{
    struct str no = number_of(case_no);
    if (no.n == 0 || !set->foreign_minutes) return set->minutes;
    bool foreign = market_at(m, no, m->logs[OWNER_complaint].records.n) == market_foreign;
    return foreign ? set->foreign_minutes : set->minutes;
}

static struct str unit_of(const struct model *m, const char *department)
{
    const struct department *d = policy_department(m->policy, str_of(department));
    return d ? d->unit : (struct str){0};
}

/* Who holds the form after a record; nobody: as before. Whoever looks at it between the combined
 * opinion and the final decision is not foretold. */
static const char *passed_to(enum event_kind kind, bool decided)
{
    switch ((int)kind) {
    case EV_complaint_opened:
    case EV_complaint_investigated:
    case EV_complaint_not_established:
    case EV_complaint_invalidated:
        return "business";
    case EV_complaint_joint_inspection_requested:
        return "qa";
    case EV_complaint_accepted:
    case EV_complaint_result_reviewed:
        return "gmo";
    case EV_complaint_step_done: /* unless a step is entered after it */
    case EV_complaint_step_skipped:
        return "gm";
    case EV_complaint_decided:
        return decided ? NULL : "business";
    }
    return NULL;
}

/* Empty: not foretold. */
struct str case_holder(struct model *m, struct str case_no, uint64_t before)
{
    struct str no = number_of(case_no), holder = {0};
    bool decided = false;
    for (uint64_t seq = 1; seq < before; seq++) {
        const struct record *r = model_at(m, OWNER_complaint, seq);
        if (!is_about(r, no)) continue;
        enum event_kind kind = r->type->kind;
        const char *to = passed_to(kind, decided);
        if (to) holder = unit_of(m, to);
        if (kind == EV_complaint_decided && decided) holder = unit_of(m, "gmo");
        if (kind == EV_complaint_decided) decided = true;
        if (kind == EV_complaint_final_opinion_done) holder = (struct str){0};
        if (kind == EV_complaint_step_entered)
            holder = ((const struct ev_complaint_step_entered *)r->p)->unit;
    }
    return holder;
}

static const struct relay_step *step_at(struct model *m, struct str no, uint64_t seq)
{
    for (; seq > 0; seq--) {
        const struct record *r = model_at(m, OWNER_complaint, seq);
        enum event_kind kind = r->type->kind;
        if (!is_about(r, no)) continue;
        if (kind == EV_complaint_step_entered)
            return policy_step(m->policy, ((const struct ev_complaint_step_entered *)r->p)->step);
        if (kind == EV_complaint_step_done || kind == EV_complaint_invalidated) return NULL;
    }
    return NULL;
}

/* CMP-055: between the pause and the end of it. */
static bool stands_still(struct model *m, struct str no)
{
    for (uint64_t seq = m->logs[OWNER_complaint].records.n; seq > 0; seq--) {
        const struct record *r = model_at(m, OWNER_complaint, seq);
        if (!is_about(r, no)) continue;
        if (r->type->kind == EV_complaint_resumed) return false;
        if (r->type->kind == EV_complaint_paused) return true;
    }
    return false;
}

static bool stood_still(struct model *m, struct str no)
{
    for (uint64_t seq = m->logs[OWNER_complaint].records.n; seq > 0; seq--) {
        const struct record *r = model_at(m, OWNER_complaint, seq);
        if (is_about(r, no) && r->type->kind == EV_complaint_paused) return true;
    }
    return false;
}

static bool is_goods(struct model *m, struct str no)
{
    for (uint64_t seq = m->logs[OWNER_complaint].records.n; seq > 0; seq--) {
        const struct record *r = model_at(m, OWNER_complaint, seq);
        const struct ev_complaint_resubmitted *again = r->p;
        if (r->type->kind == EV_complaint_resubmitted && str_eq(again->new_case_no, no))
            return is_goods(m, again->case_no);
        if (r->type->kind == EV_complaint_received && is_about(r, no))
            return ((const struct ev_complaint_received *)r->p)->kind == complaint_kind_goods;
    }
    return false;
}

/* ---- what the clocks must do ---- */

static void start(struct model *m, struct group *g, struct str case_no, const char *name,
                  int64_t at_ms)
{
    const struct deadline_setting *set = policy_deadline(m->policy, str_of(name));
    struct what w = {OWNER_complaint, case_no, 0, name};
    int64_t ms = (int64_t)case_minutes(m, case_no, set) * MINUTE_MS, due_ms = at_ms + ms;
    if (set->clock == clock_kind_working)
        due_ms = hours_add(hours_of(m->policy->keys.default_calendar), at_ms, ms, false);
    must_arm(m, g, &w, at_ms, due_ms);
}

static void stop(struct model *m, struct group *g, struct str case_no, const char *name,
                 int64_t at_ms)
{
    struct what w = {OWNER_complaint, case_no, 0, name};
    must_stop(m, g, &w, at_ms);
}

static const struct {
    enum event_kind on;
    const char *starts, *stops;
} rows[] = {
    {EV_complaint_joint_inspection_needed, "complaint.joint_notify", NULL},
    {EV_complaint_joint_inspection_requested, NULL, "complaint.joint_notify"},
    {EV_complaint_investigated, "complaint.investigation_report", NULL},
    {EV_complaint_report_submitted, NULL, "complaint.investigation_report"},
    {EV_complaint_form_filed, NULL, "complaint.form_filing"},
    {EV_complaint_accepted, "complaint.gmo_register", NULL},
    {EV_complaint_accepted, "complaint.total", NULL},
    {EV_complaint_registered, NULL, "complaint.gmo_register"},
    {EV_complaint_decision_returned, "complaint.negotiation_start", NULL},
    {EV_complaint_customer_contacted, NULL, "complaint.negotiation_start"},
    {EV_complaint_result_reviewed, "complaint.gmo_final_opinion", NULL},
    {EV_complaint_final_opinion_done, NULL, "complaint.gmo_final_opinion"},
    {EV_complaint_closed, NULL, "complaint.total"},
    {EV_complaint_resubmitted, NULL, "complaint.total"},
    {EV_complaint_closed, "complaint.callback", NULL},
    {EV_complaint_called_back, NULL, "complaint.callback"},
    {EV_complaint_received, "complaint.visit", NULL},
    {EV_complaint_visited, NULL, "complaint.visit"},
};

/* Clocks that start under a condition. */
static void on_condition(struct model *m, struct group *g, struct str case_no,
                         const struct record *r, int64_t at_ms)
{
    struct str no = number_of(case_no);
    const struct ev_complaint_received *e = r->p;
    enum event_kind kind = r->type->kind;
    bool form = kind == EV_complaint_investigated && is_goods(m, no);
    if (kind == EV_complaint_received) form = e->kind == complaint_kind_goods;
    if (form) start(m, g, case_no, "complaint.form_filing", at_ms);
    bool leaves = kind == EV_complaint_step_done || kind == EV_complaint_step_skipped;
    const struct relay_step *s =
        leaves ? step_at(m, no, m->logs[OWNER_complaint].records.n - 1) : NULL;
    if (!s || !s->deadline.n) return;
    struct what w = {OWNER_complaint, case_no, 0, s->deadline.p};
    if (kind == EV_complaint_step_skipped) {
        must_drop(m, g, &w, deadline_end_cancelled); /* what is left out was not late */
    } else {
        must_stop(m, g, &w, at_ms);
    }
}

void case_predict(struct model *m, struct group *g, const struct record *r)
{
    enum event_kind kind = r->type->kind;
    struct str no = *(const struct str *)r->p;
    struct str case_no = arena_printf(&m->arena, PREFIX "%.*s", STR_ARG(no));
    const struct ev_complaint_received *e = r->p;
    bool said = kind == EV_complaint_received && e->received_at;
    int64_t at_ms = said ? e->received_at : r->e.occurred;
    if (kind == EV_complaint_market_corrected || kind == EV_complaint_resubmitted ||
        kind == EV_complaint_invalidated || stood_still(m, no))
        g->exact = false;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].on != kind) continue;
        if (rows[i].starts) start(m, g, case_no, rows[i].starts, at_ms);
        if (rows[i].stops) stop(m, g, case_no, rows[i].stops, at_ms);
    }
    on_condition(m, g, case_no, r, at_ms);
}

/* ---- what stands still ---- */

static bool can_be_held(const struct model *m, struct str name)
{
    bool yes = str_is(name, "complaint.total");
    for (uint32_t i = 0; i < m->policy->step_count; i++)
        yes |= str_eq(name, m->policy->steps[i].deadline);
    return yes;
}

static void hold(struct model *m, struct str no, bool form)
{
    for (size_t i = 0; i < m->clocks.n; i++) {
        struct clock *c = clock_nth(m, i);
        bool ours = c->owner == OWNER_complaint && str_eq(number_of(c->a->case_no), no);
        if (!ours || c->end != deadline_end_open) continue;
        bool held = form ? str_is(c->a->name, "complaint.form_filing") : can_be_held(m, c->a->name);
        if (held) c->held = true;
    }
}

bool case_holds(struct model *m, struct str case_no, struct str name)
{
    return can_be_held(m, name) && stands_still(m, number_of(case_no));
}

static void on_level(struct model *m, struct str case_no, struct str name)
{
    if (case_holds(m, case_no, name))
        model_break(m, "N4", "%.*s %.*s passes a level while the case stands still",
                    STR_ARG(case_no), STR_ARG(name));
}

void case_verdict(struct model *m, struct group *g, const struct record *r)
{
    enum event_kind kind = r->type->kind;
    struct str no = r->type->owner == OWNER_complaint ? *(const struct str *)r->p : (struct str){0};
    if (kind == EV_complaint_paused || kind == EV_complaint_joint_inspection_needed)
        hold(m, no, kind != EV_complaint_paused);
    if (kind == EV_deadline_passed)
        on_level(m, *(const struct str *)r->p, ((const struct ev_deadline_passed *)r->p)->name);
    if (kind != EV_complaint_step_entered) return;
    const struct ev_complaint_step_entered *e = r->p;
    const struct relay_step *s = policy_step(m->policy, e->step);
    struct str case_no = arena_printf(&m->arena, PREFIX "%.*s", STR_ARG(no));
    if (s->deadline.n) start(m, g, case_no, s->deadline.p, e->at);
}

/* A clock that stands still belongs to a case that does. */
void case_quiet(struct model *m)
{
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct clock *c = clock_nth(m, i);
        if (c->owner != OWNER_complaint || c->end != deadline_end_open || !c->held) continue;
        uint64_t seq = m->logs[OWNER_complaint].records.n;
        for (; seq > 0; seq--) {
            const struct record *r = model_at(m, OWNER_complaint, seq);
            enum event_kind kind = r->type->kind;
            if (!is_about(r, number_of(c->a->case_no))) continue;
            if (kind == EV_complaint_paused || kind == EV_complaint_joint_inspection_needed) break;
            if (kind == EV_complaint_resumed || kind == EV_complaint_investigated) seq = 1;
        }
        if (seq == 0)
            model_break(m, "N2", "%.*s %.*s stands still and its case does not",
                        STR_ARG(c->a->case_no), STR_ARG(c->a->name));
    }
}
