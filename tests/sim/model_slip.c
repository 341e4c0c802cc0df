/* model_slip.c - 催辦單 and 洽辦單: one for each level that calls for one, one for each end that
 * came late, none else; numbers that run; taken back when the work was in time. Rules CV-12,
 * CMP-054, DSP-010; promises N2, N3, N4. */
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/model_private.h"
#include <stdio.h>
#include <string.h>

#define GRACE_MS 1000
#define DESK OWNER_escalation

static struct slip *slips(struct model *m)
{
    return m->slips.v;
}

struct slip *slip_find(struct model *m, struct str number)
{
    for (size_t i = m->slips.n; i-- > 0;) {
        if (str_eq(slips(m)[i].e->number, number)) return &slips(m)[i];
    }
    return NULL;
}

struct question *question_find(struct model *m, struct str number)
{
    struct question *v = m->questions.v;
    for (size_t i = m->questions.n; i-- > 0;) {
        if (str_eq(v[i].e->number, number)) return &v[i];
    }
    return NULL;
}

/* CV-12: mark, unit, local day, and the number after the last one of these three. */
static void check_number(struct model *m, const char *mark, struct str unit, struct str number,
                         int64_t now_ms)
{
    int y, mo, d;
    char head[96], whole[112];
    day_split(hours_day(now_ms), &y, &mo, &d);
    int n = snprintf(head, sizeof head, "%s-%.*s%s%04d%02d%02d-", mark, STR_ARG(unit),
                     unit.n ? "-" : "", y, mo, d);
    size_t before = 0;
    const struct question *q = m->questions.v;
    for (size_t i = 0; *mark == 'C' && i < m->slips.n; i++)
        before += strncmp(slips(m)[i].e->number.p, head, (size_t)n) == 0;
    for (size_t i = 0; *mark == 'Q' && i < m->questions.n; i++)
        before += strncmp(q[i].e->number.p, head, (size_t)n) == 0;
    snprintf(whole, sizeof whole, "%s%03zu", head, before + 1);
    if (!str_is(number, whole))
        model_break(m, "N3", "paper %.*s should have the number %s", STR_ARG(number), whole);
}

/* ---- 催辦單 ---- */

/* The record that says the level was passed. */
static struct record *level_record(struct model *m, const struct ev_reminder_issued *e)
{
    enum owner holder = (enum owner)e->holder;
    if (holder <= OWNER_any || holder >= OWNER_COUNT) return NULL;
    for (uint64_t seq = m->logs[holder].records.n; seq > 0; seq--) {
        struct record *r = model_at(m, holder, seq);
        const struct ev_deadline_passed *p = r->p;
        const struct ev_deadline_approaching *a = r->p;
        if (r->type->kind == EV_deadline_passed && p->level == e->level && p->round == e->round &&
            p->item == e->item && str_eq(p->case_no, e->case_no) && str_eq(p->name, e->name))
            return r;
        if (r->type->kind == EV_deadline_approaching && a->level == e->level &&
            a->round == e->round && a->item == e->item && str_eq(a->case_no, e->case_no) &&
            str_eq(a->name, e->name))
            return r;
    }
    return NULL;
}

static void check_content(struct model *m, const struct ev_reminder_issued *e,
                          const struct record *level, const struct clock *c, int64_t now_ms)
{
    bool before = level->type->kind == EV_deadline_approaching;
    const struct ev_deadline_passed *p = level->p;
    const struct ev_deadline_approaching *a = level->p;
    struct str to = before ? a->to : p->to, copy = before ? (struct str){0} : p->copy;
    int64_t over_ms = now_ms > c->a->due ? now_ms - c->a->due : 0;
    uint64_t overdue = (uint64_t)(over_ms / MINUTE_MS);
    struct str unit = c->a->unit;
    if (str_is(e->name, "complaint.total")) unit = case_holder(m, e->case_no, level->e.seq);
    if (unit.n == 0) unit = e->unit;
    bool same = e->due == c->a->due && e->start == c->a->start && str_eq(e->unit, unit) &&
                str_eq(e->person, c->a->person) && str_eq(e->policy, c->a->policy) &&
                str_eq(e->to, to) && str_eq(e->copy, copy) && str_eq(e->rule, level->e.rule);
    if (!same || e->kind != (before ? reminder_kind_before : reminder_kind_overdue))
        model_break(m, "N4", "催辦單 %.*s does not say what its clock says", STR_ARG(e->number));
    if (e->overdue_min != overdue)
        model_break(m, "N4", "催辦單 %.*s counts %llu minutes overdue, they are %llu",
                    STR_ARG(e->number), (unsigned long long)e->overdue_min,
                    (unsigned long long)overdue);
}

static void check_desk_late(struct model *m, const struct record *r, const struct record *level)
{
    int64_t from = level->e.now, slack = m->slack.desk_slack_ms;
    if (!m->slack.was_up || r->e.now <= from + GRACE_MS + slack) return;
    if (m->slack.was_up(m->slack.ctx, DESK, from, from + slack))
        model_break(m, "N2", "催辦單 of record %llu came %lld ms later though the desk was up",
                    (unsigned long long)level->e.seq, (long long)(r->e.now - from));
}

static void add_slip(struct model *m, const struct record *r, size_t clock)
{
    const struct ev_reminder_issued *e = r->p;
    check_number(m, "CB", e->unit, e->number, r->e.now);
    struct slip *s = list_add(&m->slips, sizeof *s);
    *s = (struct slip){.e = e, .clock = clock, .issued_ms = r->e.now};
    m->seen.reminders++;
}

static void on_issued(struct model *m, struct record *r)
{
    const struct ev_reminder_issued *e = r->p;
    if (e->kind == reminder_kind_manual) {
        const struct record *order = model_at(m, DESK, m->groups[DESK].root);
        if (!order || order->type->kind != EV_reminder_requested || order->slip_made)
            model_break(m, "N3", "manual 催辦單 %.*s: nobody ordered it, or it is the second",
                        STR_ARG(e->number));
        else
            model_at(m, DESK, m->groups[DESK].root)->slip_made = true;
        add_slip(m, r, SIZE_MAX);
        return;
    }
    struct record *level = level_record(m, e);
    struct clock *c =
        clock_instance(m, (enum owner)e->holder, e->case_no, e->item, e->name, e->round);
    if (!level || !c || e->level == 0) {
        model_break(m, "N4", "催辦單 %.*s for level %llu of %.*s/%u %.*s, which was not passed",
                    STR_ARG(e->number), (unsigned long long)e->level, STR_ARG(e->case_no),
                    (unsigned)e->item, STR_ARG(e->name));
        return;
    }
    if (level->slip_made)
        model_break(m, "N3", "催辦單 %.*s is the second one for level %llu of %.*s/%u %.*s",
                    STR_ARG(e->number), (unsigned long long)e->level, STR_ARG(e->case_no),
                    (unsigned)e->item, STR_ARG(e->name));
    level->slip_made = true;
    check_content(m, e, level, c, r->e.now);
    check_desk_late(m, r, level);
    add_slip(m, r, clock_index(m, c));
}

static void on_ended(struct model *m, struct str number, enum reminder_state how)
{
    struct slip *s = slip_find(m, number);
    const struct clock *c = s && s->clock != SIZE_MAX ? clock_nth(m, s->clock) : NULL;
    bool again = s && (s->end == how || s->end == reminder_state_withdrawn);
    if (!c || again || c->end == deadline_end_open) {
        model_break(m, again ? "N3" : "N4", "催辦單 %.*s ends as %u; %s", STR_ARG(number),
                    (unsigned)how, again ? "it had ended" : "its clock runs, or it has none");
        return;
    }
    s->end = how;
}

/* CV-12: what went out after work was done that was in time is taken back; the others end. */
static enum reminder_state end_wanted(const struct clock *c, const struct slip *s)
{
    if (c->end == deadline_end_open) return reminder_state_none;
    bool in_time = c->end == deadline_end_stopped;
    if (in_time && c->done_ms < s->issued_ms) return reminder_state_withdrawn;
    return reminder_state_stopped;
}

/* ---- 洽辦單 ---- */

static struct clock *late_clock(struct model *m, const struct ev_inquiry_issued *e)
{
    for (size_t i = m->clocks.n; i-- > 0;) {
        struct clock *c = clock_nth(m, i);
        if (c->owner != DESK && c->was_late && c->a->round == e->round && c->a->item == e->item &&
            str_eq(c->a->case_no, e->case_no) && str_eq(c->a->name, e->name))
            return c;
    }
    return NULL;
}

static void on_asked(struct model *m, const struct record *r)
{
    const struct ev_inquiry_issued *e = r->p;
    struct clock *c = late_clock(m, e);
    const struct question *q = m->questions.v;
    for (size_t i = 0; c && i < m->questions.n; i++) {
        if (q[i].clock == clock_index(m, c))
            model_break(m, "N3", "洽辦單 %.*s asks what %.*s asked", STR_ARG(e->number),
                        STR_ARG(q[i].e->number));
    }
    if (!c) {
        model_break(m, "N4", "洽辦單 %.*s: %.*s of %.*s was not late", STR_ARG(e->number),
                    STR_ARG(e->name), STR_ARG(e->case_no));
        return;
    }
    uint64_t late_min = (uint64_t)((e->done - e->due) / MINUTE_MS);
    if (e->due != c->a->due || e->done != c->late_ms || e->late_min != late_min ||
        !str_eq(e->unit, c->a->unit) || !str_eq(e->policy, c->a->policy))
        model_break(m, "N4", "洽辦單 %.*s does not say what its clock says", STR_ARG(e->number));
    check_number(m, "QA", e->unit, e->number, r->e.now);
    struct question *x = list_add(&m->questions, sizeof *x);
    *x = (struct question){.e = e, .clock = clock_index(m, c), .issued_ms = r->e.now};
    m->seen.inquiries++;
}

void slip_take(struct model *m, enum owner log, struct record *r)
{
    enum event_kind kind = r->type->kind;
    if (m->broken[0] || log != DESK) return;
    struct slip *s = NULL;
    struct question *q = NULL;
    if (kind == EV_reminder_issued) {
        on_issued(m, r);
    } else if (kind == EV_reminder_stopped) {
        on_ended(m, ((struct ev_reminder_stopped *)r->p)->number, reminder_state_stopped);
    } else if (kind == EV_reminder_withdrawn) {
        on_ended(m, ((struct ev_reminder_withdrawn *)r->p)->number, reminder_state_withdrawn);
    } else if (kind == EV_inquiry_issued) {
        on_asked(m, r);
    } else if (kind == EV_reminder_acknowledged || kind == EV_reminder_answered) {
        s = slip_find(m, ((struct ev_reminder_acknowledged *)r->p)->number);
        if (!s || s->end == reminder_state_withdrawn)
            model_break(m, "N4", "record %llu of the desk takes a word about no 催辦單",
                        (unsigned long long)r->e.seq);
    } else if (kind == EV_inquiry_answered || kind == EV_inquiry_closed) {
        q = question_find(m, ((struct ev_inquiry_answered *)r->p)->number);
        if (!q || q->closed)
            model_break(m, "N4", "record %llu of the desk takes a word about no open 洽辦單",
                        (unsigned long long)r->e.seq);
        else
            q->closed = kind == EV_inquiry_closed;
    }
}

/* ---- quiet: nothing is missing ---- */

static void check_slips_of(struct model *m, enum owner log)
{
    for (uint64_t seq = 1; seq <= m->logs[log].records.n; seq++) {
        const struct record *r = model_at(m, log, seq);
        bool ordered = log == DESK && r->type->kind == EV_reminder_requested;
        if ((!r->slip_wanted && !ordered) || r->slip_made) continue;
        model_break(m, "N2", "no 催辦單 for record %llu of %s (%s)", (unsigned long long)seq,
                    owner_name(log), r->type->type);
    }
}

static void check_asked(struct model *m, size_t clock)
{
    const struct clock *c = clock_nth(m, clock);
    const struct question *q = m->questions.v, *found = NULL;
    /* When a case's questions are asked is the company's affair: at once, or at its close. */
    if (!c->was_late || c->owner == DESK || c->owner == OWNER_complaint) return;
    for (size_t i = 0; i < m->questions.n; i++)
        if (q[i].clock == clock) found = &q[i];
    if (!found)
        model_break(m, "N2", "no 洽辦單 asks why %.*s of %.*s was late", STR_ARG(c->a->name),
                    STR_ARG(c->a->case_no));
    else if (c->withdrawn && !found->closed)
        model_break(m, "N4", "洽辦單 %.*s still asks about work that was in time",
                    STR_ARG(found->e->number));
}

void slip_quiet(struct model *m)
{
    for (int log = OWNER_intake; log < OWNER_COUNT; log++)
        check_slips_of(m, (enum owner)log);
    for (size_t i = 0; i < m->slips.n; i++) {
        const struct slip *s = &slips(m)[i];
        if (s->clock == SIZE_MAX) continue;
        enum reminder_state wanted = end_wanted(clock_nth(m, s->clock), s);
        if (s->end == wanted) continue;
        model_break(m, "N4", "催辦單 %.*s of %.*s stands as %u and should as %u",
                    STR_ARG(s->e->number), STR_ARG(s->e->name), (unsigned)s->end, (unsigned)wanted);
    }
    for (size_t i = 0; i < m->clocks.n; i++)
        check_asked(m, i);
}
