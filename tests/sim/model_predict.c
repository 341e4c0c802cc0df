/* model_predict.c - from a fact and what is known of its call: which clocks start, stop, move or
 * fall. One function for each kind of fact that can; every other kind must leave them alone. Rules
 * INT-004, INT-007, INT-008, INT-013, INT-014, INT-022, INT-098, INT-100, DSP-014 … DSP-020. */
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/model_private.h"

/* The fact at hand. */
struct fact {
    struct model *m;
    struct group *g;
    const struct record *r;
    const void *p;
    int64_t at_ms; /* occurred */
    struct matter *x;
};

struct matter *matter_find(struct model *m, struct str no)
{
    struct matter *v = m->matters.v;
    for (size_t i = m->matters.n; i-- > 0;) {
        if (str_eq(v[i].no, no)) return &v[i];
    }
    return NULL;
}

static struct what intake_clock(const struct fact *f, const char *name)
{
    return (struct what){OWNER_intake, f->x->no, 0, name};
}

static struct what job_clock(const struct fact *f, const char *name)
{
    return (struct what){OWNER_dispatch, f->x->no, 1, name};
}

/* ---- intake ---- */

/* INT-095 as far as the simulator's set goes: the line of the call decides, else the product's. */
static const struct service_policy *choose(const struct model *m,
                                           const struct ev_call_registered *e)
{
    struct str line = e->product_line;
    const struct ev_product_upserted *const *files = m->products.v;
    for (size_t i = m->products.n; line.n == 0 && i-- > 0;) {
        if (str_eq(files[i]->product, e->product)) line = files[i]->product_line;
    }
    const struct service_policy *fallback = NULL;
    for (uint32_t i = 0; i < m->policy->service_count; i++) {
        const struct service_policy *sp = &m->policy->services[i];
        if (sp->fallback) fallback = sp;
        if (line.n && words_have(sp->selects_on.product_line, line)) return sp;
    }
    return fallback;
}

static void call_clocks(const struct fact *f, bool reply)
{
    const struct matter *x = f->x;
    struct what w = intake_clock(f, "call.reply"), c = intake_clock(f, "call.contact_maker");
    if (reply) {
        must_start(f->m, f->g, &w, x->sp, x->unit, x->received_ms);
        must_start(f->m, f->g, &c, x->sp, x->unit, x->received_ms);
    }
}

static void major(const struct fact *f)
{
    struct what w = intake_clock(f, "call.major_report");
    must_start(f->m, f->g, &w, f->x->sp, f->x->unit, f->at_ms);
}

static void on_registered(struct fact *f)
{
    const struct ev_call_registered *e = f->p;
    struct matter *x = f->x = list_add(&f->m->matters, sizeof *f->x);
    x->no = e->call_no;
    x->unit = e->unit.n ? e->unit : f->r->e.source;
    x->received_ms = e->received_at ? e->received_at : f->at_ms;
    x->sp = choose(f->m, e);
    call_clocks(f, true);
    x->severity = e->severity;
    if (e->severity == severity_major) major(f);
}

static bool is_reply(enum reply_kind said, enum reply_kind wanted)
{
    return (said ? said : reply_kind_answer) >= (wanted ? wanted : reply_kind_answer);
}

static void on_replied(struct fact *f)
{
    const struct ev_call_replied *e = f->p;
    struct what w = intake_clock(f, "call.reply");
    if (is_reply(e->kind, f->x->sp->reply_kind)) must_stop(f->m, f->g, &w, f->at_ms);
}

static void on_forwarded(struct fact *f)
{
    struct what w = intake_clock(f, "call.contact_maker");
    if (((const struct ev_call_forwarded *)f->p)->written) must_stop(f->m, f->g, &w, f->at_ms);
}

static void on_closed(struct fact *f)
{
    struct what w = intake_clock(f, "call.reply"), c = intake_clock(f, "call.contact_maker");
    must_stop(f->m, f->g, &w, f->at_ms);
    must_stop(f->m, f->g, &c, f->at_ms);
}

/* Calls that went with this one are taken up again; their clocks are followed, not predicted. */
static void on_cancelled(struct fact *f)
{
    const struct matter *v = f->m->matters.v;
    must_drop_case(f->m, f->g, OWNER_intake, f->x->no);
    for (size_t i = 0; i < f->m->matters.n; i++)
        f->g->exact &= !str_eq(v[i].joined, f->x->no);
}

static void on_graded(struct fact *f)
{
    enum severity severity = ((const struct ev_call_graded *)f->p)->severity;
    bool rises = severity == severity_major && f->x->severity != severity_major;
    if (rises && !f->x->major_reported) major(f);
    f->x->severity = severity;
}

static void on_major_reported(struct fact *f)
{
    struct what w = intake_clock(f, "call.major_report");
    f->x->major_reported = true;
    must_stop(f->m, f->g, &w, f->at_ms);
}

static void on_promise(struct fact *f)
{
    const struct ev_promise_made *e = f->p;
    struct what w = intake_clock(f, "promise.due");
    w.item = e->promise ? (uint8_t)e->promise : 1;
    must_arm(f->m, f->g, &w, f->at_ms, e->due);
}

static void on_kept(struct fact *f)
{
    const struct ev_promise_kept *e = f->p;
    struct what w = intake_clock(f, "promise.due");
    w.item = e->promise ? (uint8_t)e->promise : 1;
    must_stop(f->m, f->g, &w, f->at_ms);
}

/* ---- dispatch ---- */

static void job_start(const struct fact *f, const char *name, int64_t start_ms)
{
    struct what w = job_clock(f, name);
    must_start(f->m, f->g, &w, f->x->job_sp, f->x->unit, start_ms);
}

static void job_stop(const struct fact *f, const char *name)
{
    struct what w = job_clock(f, name);
    must_stop(f->m, f->g, &w, f->at_ms);
}

/* INT-098, DSP-018: a time the customer sets rules when he set it before the due passed, or where
 * the policy waits for it, and set none later; nobody is there yet. Under arrival_from it is the
 * due. */
static bool may_agree(const struct matter *x)
{
    bool waits = x->job_sp->arrival_from != ARRIVAL_FROM_none;
    return (waits || x->job_sp->agreed_time_overrides) && !x->arrived_ms && !x->remote;
}

static void arrive_by(const struct fact *f)
{
    struct matter *x = f->x;
    struct limit limit;
    struct what w = job_clock(f, "job.arrival");
    bool has = clock_limit(f->m, x->job_sp, STR("job.arrival"), &limit);
    job_start(f, "job.arrival", x->job_received_ms);
    if (x->agreed_ms && may_agree(x)) {
        if (!has) {
            must_arm(f->m, f->g, &w, x->job_received_ms, x->agreed_ms);
        } else if (x->agreed_said_ms <= f->g->must[0].due_ms) {
            must_replace(f->g, &w, x->job_received_ms, x->agreed_ms);
        } else {
            x->agreed_said_ms = 0;
        }
    } else if (x->job_sp->arrival_from == ARRIVAL_FROM_agreed) {
        job_start(f, "job.agree_time", x->job_received_ms);
    }
}

static void on_queued(struct fact *f)
{
    const struct ev_call_queued *e = f->p;
    struct matter *x = f->x;
    if (x->queued) return;
    x->queued = true;
    x->job_sp = policy_service(f->m->policy, e->policy);
    x->unit = e->unit;
    x->job_received_ms = e->received_at;
    arrive_by(f);
    if (x->job_sp->repair_from == REPAIR_FROM_received) job_start(f, "job.repair", e->received_at);
    job_start(f, "job.restore", e->received_at);
    job_start(f, "job.contingency", e->received_at);
}

static void agree(struct fact *f, int64_t agreed_ms)
{
    struct matter *x = f->x;
    if (!x->queued) {
        x->agreed_ms = agreed_ms;
        x->agreed_said_ms = f->at_ms;
        return;
    }
    const struct clock *c = clock_find(f->m, OWNER_dispatch, x->no, 1, STR("job.arrival"));
    bool ended = c && (c->end == deadline_end_stopped || c->end == deadline_end_late);
    bool too_late = c && c->end == deadline_end_open && f->at_ms > c->a->due;
    bool older = f->at_ms < x->agreed_said_ms;
    if (!may_agree(x) || x->over || ended || too_late || older) return;
    x->agreed_said_ms = f->at_ms;
    struct what w = job_clock(f, "job.arrival");
    must_arm(f->m, f->g, &w, x->job_received_ms, agreed_ms);
}

static void on_time_agreed(struct fact *f)
{
    const struct ev_job_time_agreed *e = f->p;
    if (e->by_customer == yes_no_no) return;
    job_stop(f, "job.agree_time");
    agree(f, e->agreed_at);
}

static void on_replied_with_time(struct fact *f)
{
    const struct ev_call_replied *e = f->p;
    if (!e->agreed_at) return;
    job_stop(f, "job.agree_time");
    agree(f, e->agreed_at);
}

static void on_assigned(struct fact *f)
{
    const struct ev_job_assigned *e = f->p;
    if (e->agreed_at) agree(f, e->agreed_at);
}

static void on_arrived(struct fact *f)
{
    struct matter *x = f->x;
    job_stop(f, "job.arrival");
    job_stop(f, "job.agree_time");
    if (!x->arrived_ms || f->at_ms < x->arrived_ms) x->arrived_ms = f->at_ms;
    if (x->job_sp->repair_from == REPAIR_FROM_arrival && !x->repaired && !x->remote)
        job_start(f, "job.repair", x->arrived_ms);
}

static void on_repaired(struct fact *f)
{
    f->x->repaired = true;
    job_stop(f, "job.repair");
    job_stop(f, "job.contingency");
}

static void on_restored(struct fact *f)
{
    const struct ev_job_restored *e = f->p;
    bool there = f->x->arrived_ms && f->x->arrived_ms <= f->at_ms;
    bool afar = e->remote == yes_no_yes && !there;
    if (afar && e->user_confirms != yes_no_yes) return;
    job_stop(f, "job.restore");
    job_stop(f, "job.contingency");
    if (!afar) return;
    f->x->remote = true;
    job_stop(f, "job.arrival");
    job_stop(f, "job.agree_time");
    job_stop(f, "job.repair");
}

static void on_job_over(struct fact *f)
{
    must_drop_case(f->m, f->g, OWNER_dispatch, f->x->no);
    f->x->over = true;
}

static void on_reopened(struct fact *f)
{
    f->x->over = false;
}

/* DSP-019: a given time does not move, nor what was late before the wait. */
static bool waits_too(const struct clock *c, const struct matter *x)
{
    bool counts = c->a->clock == clock_kind_elapsed || c->a->clock == clock_kind_working;
    return c->owner == OWNER_dispatch && c->end == deadline_end_open && counts &&
           str_eq(c->a->case_no, x->no) && c->a->due >= x->paused_ms;
}

/* Under pause_stops_clock the clocks stand from the pause on. */
static void on_paused(struct fact *f)
{
    struct matter *x = f->x;
    if (x->paused_ms) return;
    x->paused_ms = f->at_ms;
    for (size_t i = 0; x->job_sp->pause_stops_clock && i < f->m->clocks.n; i++) {
        struct clock *c = clock_nth(f->m, i);
        if (waits_too(c, x)) c->held = true;
    }
}

static void shifted(const struct fact *f, const struct clock *c, int64_t by_ms)
{
    static const char *const names[] = {"job.arrival", "job.agree_time", "job.repair",
                                        "job.restore", "job.contingency"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!str_is(c->a->name, names[i])) continue;
        struct what w = job_clock(f, names[i]);
        must_replace(f->g, &w, c->a->start, c->a->due + by_ms);
    }
}

static void on_resumed(struct fact *f)
{
    struct matter *x = f->x;
    for (size_t i = 0; x->paused_ms && x->job_sp->pause_stops_clock && i < f->m->clocks.n; i++) {
        struct clock *c = clock_nth(f->m, i);
        if (!waits_too(c, x)) continue;
        int64_t from = x->paused_ms > c->a->start ? x->paused_ms : c->a->start;
        int64_t by = f->at_ms > from ? f->at_ms - from : 0;
        REQUIRE(c->a->clock == clock_kind_elapsed || by == 0); /* by the simulator's policy */
        if (by > 0 || c->held) shifted(f, c, by);
    }
    x->paused_ms = 0;
}

/* ---- the desk ---- */

static void on_inquiry_answered(struct fact *f)
{
    const struct ev_inquiry_answered *e = f->p;
    struct what w = {OWNER_escalation, e->number, 0, "inquiry.answer"};
    must_stop(f->m, f->g, &w, f->at_ms);
}

static void on_inquiry_closed(struct fact *f)
{
    const struct ev_inquiry_closed *e = f->p;
    struct what w = {OWNER_escalation, e->number, 0, "inquiry.answer"};
    must_drop(f->m, f->g, &w, deadline_end_cancelled);
}

/* CMP-054: what was in time after all needs no answer. */
static void on_in_time(struct fact *f)
{
    const struct ev_deadline_withdrawn *e = f->p;
    const struct question *q = f->m->questions.v;
    for (size_t i = 0; i < f->m->questions.n; i++) {
        const struct clock *c = clock_nth(f->m, q[i].clock);
        struct what w = {OWNER_escalation, q[i].e->number, 0, "inquiry.answer"};
        if (c->a->item == e->item && c->a->round == e->round && str_eq(c->a->name, e->name) &&
            str_eq(c->a->case_no, e->case_no) && !q[i].closed)
            must_drop(f->m, f->g, &w, deadline_end_cancelled);
    }
}

/* ---- which ---- */

static const struct {
    enum owner log;
    enum event_kind kind;
    void (*work)(struct fact *f);
} works[] = {{OWNER_intake, EV_call_registered, on_registered},
             {OWNER_intake, EV_call_replied, on_replied},
             {OWNER_intake, EV_call_forwarded, on_forwarded},
             {OWNER_intake, EV_call_closed, on_closed},
             {OWNER_intake, EV_call_written_off, on_closed},
             {OWNER_intake, EV_call_cancelled, on_cancelled},
             {OWNER_intake, EV_call_graded, on_graded},
             {OWNER_intake, EV_call_major_reported, on_major_reported},
             {OWNER_intake, EV_promise_made, on_promise},
             {OWNER_intake, EV_promise_kept, on_kept},
             {OWNER_dispatch, EV_call_queued, on_queued},
             {OWNER_dispatch, EV_call_replied, on_replied_with_time},
             {OWNER_dispatch, EV_call_cancelled, on_job_over},
             {OWNER_dispatch, EV_call_closed, on_job_over},
             {OWNER_dispatch, EV_call_written_off, on_job_over},
             {OWNER_dispatch, EV_job_reopened, on_reopened},
             {OWNER_dispatch, EV_job_assigned, on_assigned},
             {OWNER_dispatch, EV_job_time_agreed, on_time_agreed},
             {OWNER_dispatch, EV_job_arrived, on_arrived},
             {OWNER_dispatch, EV_job_repaired, on_repaired},
             {OWNER_dispatch, EV_job_restored, on_restored},
             {OWNER_dispatch, EV_job_paused, on_paused},
             {OWNER_dispatch, EV_job_resumed, on_resumed},
             {OWNER_escalation, EV_deadline_withdrawn, on_in_time},
             {OWNER_escalation, EV_inquiry_answered, on_inquiry_answered},
             {OWNER_escalation, EV_inquiry_closed, on_inquiry_closed}};

/* The call a fact is about stands first in all of them; the desk's name a paper there. */
static struct matter *matter_of(struct model *m, enum owner log, const struct record *why)
{
    if (log == OWNER_escalation || why->type->shape()->fields[0].type != FT_TEXT) return NULL;
    return matter_find(m, *(const struct str *)why->p);
}

/* INT-022: the earlier call time of the two counts; all clocks of the first call run from it. */
static void earlier(struct model *m, const struct ev_call_duplicate_linked *e, bool at_dispatch)
{
    struct matter *x = matter_find(m, e->first);
    if (!x || !e->received_at) return;
    if (!at_dispatch && e->received_at < x->received_ms) x->received_ms = e->received_at;
    if (at_dispatch && e->received_at < x->job_received_ms) x->job_received_ms = e->received_at;
}

void predict_open(struct model *m, enum owner log, struct group *g, const struct record *why,
                  const struct record *first)
{
    if (first && first->type->kind == EV_refused_fact) return; /* and nothing moves */
    if (why->type->owner == log && first && first->type != why->type) return;
    if (log == OWNER_dispatch && why->type->kind == EV_call_duplicate_linked && first)
        earlier(m, why->p, true); /* a job somebody is on keeps its clocks, and says nothing */
    if (log == OWNER_complaint && why->type->owner == log) case_predict(m, g, why);
    if (log == OWNER_complaint) {
        g->exact &= why->type->owner == log; /* what other logs say of a case is followed only */
        return;
    }
    struct fact f = {.m = m, .g = g, .r = why, .p = why->p, .at_ms = why->e.occurred};
    f.x = matter_of(m, log, why);
    bool new_call = log == OWNER_intake && why->type->kind == EV_call_registered;
    if (!f.x && !new_call && log != OWNER_escalation) return;
    if (f.x && f.x->changed) g->exact = false; /* from then on its clocks are followed only */
    if (log == OWNER_dispatch && why->type->owner == log && !f.x->queued) return;
    for (size_t i = 0; i < COUNT_OF(works); i++) {
        if (works[i].log == log && works[i].kind == why->type->kind) works[i].work(&f);
    }
}

/* What a service makes of the fact changes what its clocks must do. */
void predict_verdict(struct model *m, enum owner log, struct group *g, const struct record *r)
{
    enum event_kind kind = r->type->kind;
    if (log == OWNER_complaint) case_verdict(m, g, r);
    const struct matter *x =
        kind == EV_call_clarifying ? matter_find(m, *(struct str *)r->p) : NULL;
    if (x && x->sp->clarify_stops_clock) g->exact = false;
    if (kind == EV_call_joined) {
        const struct ev_call_joined *e = r->p;
        matter_find(m, e->call_no)->joined = e->first;
    }
    if (log == OWNER_intake && kind == EV_call_graded) { /* INT-014: by a call linked to it */
        const struct ev_call_graded *e = r->p;
        matter_find(m, e->call_no)->severity = e->severity;
    }
    if (kind == EV_call_policy_changed)
        matter_find(m, ((const struct ev_call_policy_changed *)r->p)->call_no)->changed = true;
    if (log == OWNER_intake && kind == EV_call_duplicate_linked) earlier(m, r->p, false);
    if (log == OWNER_intake && (kind == EV_call_duplicate_linked || kind == EV_call_joined ||
                                kind == EV_call_policy_changed || kind == EV_call_clarified))
        g->exact = false;
    if (log == OWNER_dispatch && g->why &&
        (g->why->type->kind == EV_call_policy_changed ||
         g->why->type->kind == EV_call_duplicate_linked || g->why->type->kind == EV_call_joined))
        g->exact = false;
    if (kind == EV_inquiry_issued) {
        const struct ev_inquiry_issued *e = r->p;
        struct what w = {OWNER_escalation, e->number, 0, "inquiry.answer"};
        must_start(m, g, &w, NULL, e->unit, r->e.now);
    }
}
