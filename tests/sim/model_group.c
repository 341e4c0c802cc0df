/* model_group.c - one fact and all that a service wrote because of it: what the clocks did in it,
 * held against what they had to do (model_predict.c). A group is known complete when the next one
 * of the same log begins, or at quiet. Rules N2, N3, N4, N6. */
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/model_private.h"

static const char *const predicted[][20] = {
    [OWNER_intake] = {"call.reply", "call.contact_maker", "call.major_report", "promise.due"},
    [OWNER_dispatch] = {"job.arrival", "job.agree_time", "job.repair", "job.restore",
                        "job.contingency"},
    [OWNER_complaint] = {"complaint.form_filing", "complaint.joint_notify",
                         "complaint.investigation_report", "complaint.gmo_register",
                         "complaint.qa_review", "complaint.rd_opinion", "complaint.biz_handling",
                         "complaint.negotiation_start", "complaint.gmo_final_opinion",
                         "complaint.total", "complaint.visit", "complaint.callback"},
    [OWNER_escalation] = {"inquiry.answer"}};

static bool is_predicted(enum owner log, struct str name)
{
    if (log > OWNER_escalation) return false;
    for (size_t i = 0; predicted[log][i]; i++) {
        if (str_is(name, predicted[log][i])) return true;
    }
    return false;
}

/* ---- what must happen ---- */

static struct effect *must(struct group *g, enum event_kind kind, const struct what *w)
{
    REQUIRE(g->must_n < EFFECTS_MAX);
    struct effect *x = &g->must[g->must_n++];
    *x = (struct effect){
        .kind = kind, .case_no = w->case_no, .item = w->item, .name = str_of(w->name)};
    return x;
}

void must_stop(struct model *m, struct group *g, const struct what *w, int64_t at_ms)
{
    const struct clock *c = clock_find(m, w->owner, w->case_no, w->item, str_of(w->name));
    if (!c) return;
    bool in_time = at_ms <= c->a->due;
    bool was_open = c->end == deadline_end_open;
    bool better = c->end == deadline_end_late && in_time;
    if (was_open) {
        struct effect *x = must(g, EV_deadline_stopped, w);
        x->at_ms = at_ms;
        x->late = !in_time;
    }
    if (better || (was_open && in_time && c->due_passed)) {
        must(g, EV_deadline_withdrawn, w)->at_ms = at_ms;
    }
}

void must_drop(struct model *m, struct group *g, const struct what *w, enum deadline_end end)
{
    const struct clock *c = clock_find(m, w->owner, w->case_no, w->item, str_of(w->name));
    if (!c || c->end != deadline_end_open) return;
    must(g, EV_deadline_dropped, w)->end = end;
}

void must_drop_case(struct model *m, struct group *g, enum owner owner, struct str case_no)
{
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct clock *c = clock_nth(m, i);
        if (c->owner != owner || c->end != deadline_end_open || !str_eq(c->a->case_no, case_no))
            continue;
        for (size_t k = 0; predicted[owner][k]; k++) {
            if (!str_is(c->a->name, predicted[owner][k])) continue;
            struct what w = {owner, case_no, (uint8_t)c->a->item, predicted[owner][k]};
            must_drop(m, g, &w, deadline_end_cancelled);
        }
    }
}

void must_arm(struct model *m, struct group *g, const struct what *w, int64_t start_ms,
              int64_t due_ms)
{
    const struct clock *c = clock_find(m, w->owner, w->case_no, w->item, str_of(w->name));
    bool open = c && c->end == deadline_end_open;
    if (open && !c->held && c->a->start == start_ms && c->a->due == due_ms) return;
    if (open) must(g, EV_deadline_dropped, w)->end = deadline_end_superseded;
    struct effect *x = must(g, EV_deadline_armed, w);
    x->start_ms = start_ms;
    x->due_ms = due_ms;
}

void must_replace(struct group *g, const struct what *w, int64_t start_ms, int64_t due_ms)
{
    must(g, EV_deadline_dropped, w)->end = deadline_end_superseded;
    struct effect *x = must(g, EV_deadline_armed, w);
    x->start_ms = start_ms;
    x->due_ms = due_ms;
}

void must_start(struct model *m, struct group *g, const struct what *w,
                const struct service_policy *sp, struct str unit, int64_t start_ms)
{
    struct limit limit;
    if (!clock_limit(m, sp, str_of(w->name), &limit)) return;
    int64_t ms = (int64_t)limit.minutes * MINUTE_MS, due_ms = start_ms + ms;
    if (limit.clock == clock_kind_working) {
        const struct hours *h = hours_of(clock_calendar(m, sp, unit));
        due_ms = hours_add(h, start_ms, ms, sp && sp->boundary == BOUNDARY_right);
    }
    must_arm(m, g, w, start_ms, due_ms);
}

/* ---- what did happen ---- */

static bool read_effect(const struct record *r, struct effect *x)
{
    enum event_kind kind = r->type->kind;
    *x = (struct effect){.kind = kind};
    if (kind == EV_deadline_armed) {
        const struct ev_deadline_armed *e = r->p;
        x->case_no = e->case_no, x->name = e->name, x->item = (uint8_t)e->item;
        x->start_ms = e->start, x->due_ms = e->due;
    } else if (kind == EV_deadline_stopped) {
        const struct ev_deadline_stopped *e = r->p;
        x->case_no = e->case_no, x->name = e->name, x->item = (uint8_t)e->item;
        x->at_ms = e->at, x->late = e->late;
    } else if (kind == EV_deadline_withdrawn) {
        const struct ev_deadline_withdrawn *e = r->p;
        x->case_no = e->case_no, x->name = e->name, x->item = (uint8_t)e->item;
        x->at_ms = e->at;
    } else if (kind == EV_deadline_dropped) {
        const struct ev_deadline_dropped *e = r->p;
        x->case_no = e->case_no, x->name = e->name, x->item = (uint8_t)e->item;
        x->end = e->end;
    } else {
        return false;
    }
    return true;
}

static bool same(const struct effect *a, const struct effect *b)
{
    return a->kind == b->kind && a->item == b->item && str_eq(a->name, b->name) &&
           str_eq(a->case_no, b->case_no) && a->start_ms == b->start_ms && a->due_ms == b->due_ms &&
           a->at_ms == b->at_ms && a->late == b->late && a->end == b->end;
}

static void complain(struct model *m, enum owner log, const struct effect *x, bool wanted)
{
    const struct group *g = &m->groups[log];
    const char *id = !wanted                                              ? "N4"
                     : x->kind == EV_deadline_armed                       ? "N2"
                     : x->kind == EV_deadline_stopped && x->late == false ? "N4"
                                                                          : "N3";
    model_break(m, id,
                "%s at %llu (%s): %s of %.*s/%u %.*s %s; start %lld, due %lld, at %lld, late=%d",
                owner_name(log), (unsigned long long)g->root, g->why ? g->why->type->type : "time",
                event_of(x->kind)->type, STR_ARG(x->case_no), x->item, STR_ARG(x->name),
                wanted ? "is missing" : "should not be", (long long)x->start_ms,
                (long long)x->due_ms, (long long)x->at_ms, x->late);
}

/* ---- groups ---- */

static void group_close(struct model *m, enum owner log)
{
    struct group *g = &m->groups[log];
    if (!g->root) return;
    for (size_t i = 0; i < g->did_n; i++) {
        size_t k = 0;
        while (k < g->must_n && (g->must[k].met || !same(&g->must[k], &g->did[i])))
            k++;
        if (k < g->must_n) g->must[k].met = true;
        if (k == g->must_n && g->exact) complain(m, log, &g->did[i], false);
    }
    for (size_t k = 0; k < g->must_n && g->exact; k++) {
        if (!g->must[k].met) complain(m, log, &g->must[k], true);
        m->seen.predicted++;
    }
    *g = (struct group){0};
}

/* Does a record belong to the group that is open in its log? */
static bool belongs(const struct model *m, enum owner log, const struct record *r)
{
    const struct group *g = &m->groups[log];
    enum event_kind kind = r->type->kind;
    if (!g->root) return false;
    if (r->e.cause_seq == 0) {
        bool fires = kind == EV_deadline_passed || kind == EV_deadline_approaching;
        return r->e.id.n == 0 && !fires && g->why == NULL;
    }
    if (r->e.cause_log == log) return r->e.cause_seq == g->root;
    return g->cause == r->e.cause_log && g->cause_seq == r->e.cause_seq;
}

static void group_open(struct model *m, enum owner log, struct record *r)
{
    struct group *g = &m->groups[log];
    g->root = r->e.seq;
    g->exact = true;
    if (r->e.cause_seq == 0) {
        g->why = r->e.id.n ? r : NULL;
        g->cause = log;
        g->cause_seq = r->e.seq;
    } else {
        g->cause = (enum owner)r->e.cause_log;
        g->cause_seq = r->e.cause_seq;
        g->why = model_at(m, g->cause, g->cause_seq);
        if (g->cause == log || g->cause_seq <= m->logs[log].applied[g->cause])
            model_break(m, "N6", "record %llu of %s: %llu, its cause, was applied before",
                        (unsigned long long)r->e.seq, owner_name(log),
                        (unsigned long long)g->cause_seq);
        m->logs[log].applied[g->cause] = g->cause_seq;
    }
}

/* Facts of intake's log that dispatch passed over without a word must not have moved a clock. */
static void pass_over(struct model *m, uint64_t until)
{
    while (++m->dispatch_read < until) {
        struct group g = {.root = m->dispatch_read, .exact = true};
        struct record *why = model_at(m, OWNER_intake, m->dispatch_read);
        if (!why) continue;
        predict_open(m, OWNER_dispatch, &g, why, NULL);
        if (g.must_n == 0) continue;
        m->groups[OWNER_dispatch] = g;
        m->groups[OWNER_dispatch].why = why;
        complain(m, OWNER_dispatch, &g.must[0], true);
    }
}

void group_take(struct model *m, enum owner log, struct record *r)
{
    struct group *g = &m->groups[log];
    if (!belongs(m, log, r)) {
        group_close(m, log);
        if (m->broken[0]) return;
        bool reads = log == OWNER_dispatch && r->e.cause_log == OWNER_intake;
        if (reads) pass_over(m, r->e.cause_seq);
        if (m->broken[0]) return;
        group_open(m, log, r);
        if (g->why) predict_open(m, log, g, g->why, r);
    }
    predict_verdict(m, log, g, r);
    struct effect x;
    if (!read_effect(r, &x) || !is_predicted(log, x.name)) return;
    REQUIRE(g->did_n < EFFECTS_MAX);
    g->did[g->did_n++] = x;
}

void group_quiet(struct model *m)
{
    for (int log = OWNER_intake; log < OWNER_COUNT && !m->broken[0]; log++)
        group_close(m, (enum owner)log);
    if (!m->broken[0]) pass_over(m, m->logs[OWNER_intake].records.n + 1);
    if (m->dispatch_read) m->dispatch_read--; /* the last one passed over is still the last read */
}
