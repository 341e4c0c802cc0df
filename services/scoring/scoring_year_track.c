/* scoring_year_track.c - tracks of bad months: improvement plan 改進計劃, serious warning letter
 * 嚴重警告信, proposal to separate 離職 (SCO-036, SCO-037).
 *
 * How far a track is, is reckoned from the months (year_runs.c); what is new is told, what the
 * months do not say any more is taken back. People set the plan, sign the letter and decide on the
 * separation at the door. A plan that is set and a letter that is signed stand as papers when the
 * months change; a decision settles the months up to its proposal, which are not reckoned again. */
#include "common/contract.h"
#include "services/scoring/scoring_year.h"
#include <string.h>

static const struct deadline_row plan_clock = {.name = "scoring.improvement_plan",
                                               .rule = "SCO-036",
                                               .from = FROM_OCCURRED,
                                               .due = DUE_SETTING};

static const struct score_track *track_of(const struct scheme *s, struct str id)
{
    for (uint32_t i = 0; s && i < s->year.track_count; i++) {
        if (str_eq(s->year.tracks[i].id, id)) return &s->year.tracks[i];
    }
    return NULL;
}

static struct deadline_ctx clock_of(struct step *st, struct str case_no, struct str unit,
                                    struct str manager)
{
    return (struct deadline_ctx){.case_no = case_no,
                                 .unit = unit,
                                 .person = manager,
                                 .received_ms = step_occurred(st),
                                 .occurred_ms = step_occurred(st),
                                 .start_ms = step_occurred(st)};
}

/* ---- what people do ---- */

static enum err refuse_own(struct step *st, const char *field)
{
    return step_refuse(st, "self", field, "must be somebody else than the person it is about");
}

static enum err on_planned(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_improvement_planned *ev = payload;
    struct paper_at *a = row;
    const struct rec_row_score_track *r = a->row;
    const struct score_track *t = track_of(policy_scheme(st->policy, ev->scheme), ev->track);
    struct rec_row_person manager;
    if (t && t->improvement == 0) {
        return step_refuse(st, "track", "track",
                           "track %.*s has no improvement plan; the warning letter is its measure",
                           STR_ARG(ev->track));
    }
    if (str_eq(ev->planned_by, ev->person)) return refuse_own(st, "planned_by");
    enum err e = scoring_person(st, ev->planned_by, "planned_by", &manager);
    if (e != ERR_OK) return e;
    struct deadline_ctx c = clock_of(st, a->case_no, r->unit, (struct str){0});
    return deadline_stop(st, &plan_clock, &c);
}

static enum err on_letter(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_serious_warning_issued *ev = payload;
    struct rec_row_score_track *r = ((struct paper_at *)row)->row;
    const struct score_track *t = track_of(policy_scheme(st->policy, ev->scheme), ev->track);
    struct rec_row_person signer;
    if (t && t->improvement == 0) st->rule = "SCO-037";
    if (ev->begins || ev->opened || ev->warned || ev->score.n || ev->grade.n || ev->unit.n) {
        return step_refuse(st, "given", "warned",
                           "months, score, grade and unit of a warning are the service's; tell "
                           "letter and warned_who");
    }
    if (!ev->letter.n || !ev->warned_who.n) {
        return step_refuse(st, "missing", ev->letter.n ? "warned_who" : "letter",
                           "a warning letter is told with its number and who signed it");
    }
    if (t && ev->by && ev->by != t->warned_by) {
        return step_refuse(st, "by", "by", "the letter of track %.*s is issued by %s",
                           STR_ARG(ev->track), code_word(&codes_warned_by, t->warned_by));
    }
    if (str_eq(ev->warned_who, ev->person)) return refuse_own(st, "warned_who");
    enum err e = scoring_person(st, ev->warned_who, "warned_who", &signer);
    if (e == ERR_OK) r->letter_at = step_occurred(st);
    return e;
}

static enum err on_decided(struct step *st, const void *payload, void *row)
{
    const struct shape *shape = st->type->shape();
    struct rec_row_score_track *r = ((struct paper_at *)row)->row;
    struct rec_row_person who;
    struct str by = paper_text(shape, payload, "decided_by");
    if (str_eq(by, paper_text(shape, payload, "person"))) return refuse_own(st, "decided_by");
    enum err e = scoring_person(st, by, "decided_by", &who);
    if (e != ERR_OK) return e;
    r->decided_at = step_occurred(st);
    r->settled = r->proposed;
    struct deadline_ctx c = clock_of(st, ((struct paper_at *)row)->case_no, r->unit, by);
    return deadline_cancel(st, &plan_clock, &c, STR("decided"));
}

#define AFTER_WARNING (IN(track_state_warned) | IN(track_state_separation_proposed))
static const struct transition rows[] = {
    {EV_scoring_improvement_opened, PAPER_NEW, track_state_plan_open, NULL, "SCO-036"},
    {EV_scoring_improvement_planned, IN(track_state_plan_open) | IN(track_state_improving),
     track_state_improving, on_planned, "SCO-036"},
    {EV_scoring_improvement_planned, AFTER_WARNING, 0, on_planned, "SCO-036"},
    {EV_scoring_serious_warning_issued, AFTER_WARNING, 0, on_letter, "SCO-036"},
    {EV_scoring_separation_confirmed, IN(track_state_separation_proposed), track_state_confirmed,
     on_decided, "SCO-036"},
    {EV_scoring_separation_dropped, IN(track_state_separation_proposed), track_state_dropped,
     on_decided, "SCO-036"},
};
const struct paper scoring_track_paper = {.name = "track",
                                          .label = "track of bad months",
                                          .table = SCORING_TABLE(TRACK),
                                          .states = &codes_track_state,
                                          .keys = {"person", "scheme", "track"},
                                          PAPER_ROWS(rows)};

/* ---- what the months say ---- */

enum level { LEVEL_NONE, LEVEL_OPENED, LEVEL_WARNED, LEVEL_PROPOSED };

struct track_work {
    struct step *st;
    const struct year_person *p;
    const struct score_track *t;
    struct str case_no;
    struct rec_row_score_track r;
    const char *rule;
};

static enum level level_of_row(const struct rec_row_score_track *r)
{
    if (r->state == track_state_separation_proposed) return LEVEL_PROPOSED;
    if (r->state == track_state_warned) return LEVEL_WARNED;
    bool open = r->state == track_state_plan_open || r->state == track_state_improving;
    return open ? LEVEL_OPENED : LEVEL_NONE;
}

static enum level level_of(const struct year_episode *e)
{
    if (e->proposed) return LEVEL_PROPOSED;
    return e->warned ? LEVEL_WARNED : LEVEL_OPENED;
}

static enum err end_clock(struct track_work *w, const char *reason)
{
    struct deadline_ctx c = clock_of(w->st, w->case_no, w->r.unit, (struct str){0});
    return deadline_cancel(w->st, &plan_clock, &c, str_of(reason));
}

static void withdraw(struct track_work *w, enum score_consequence what, bool told,
                     enum track_state state)
{
    struct ev_scoring_consequence_withdrawn ev = {.person = w->p->person,
                                                  .scheme = w->p->s->id,
                                                  .what = what,
                                                  .track = w->t->id,
                                                  .told = told ? yes_no_yes : yes_no_no,
                                                  .state = state,
                                                  .unit = w->r.unit};
    step_emit_as(w->st, w->rule, EV_scoring_consequence_withdrawn, &ev);
    w->r.state = state;
}

/* Takes back what is above a level. */
static enum err lower(struct track_work *w, enum level to)
{
    struct rec_row_score_track *r = &w->r;
    bool plan = w->t->improvement > 0;
    if (to < LEVEL_PROPOSED && level_of_row(r) == LEVEL_PROPOSED) {
        r->proposed = 0;
        withdraw(w, score_consequence_separation, false, track_state_warned);
    }
    if (to < LEVEL_WARNED && level_of_row(r) == LEVEL_WARNED) {
        enum track_state back = r->plan.n ? track_state_improving : track_state_plan_open;
        withdraw(w, score_consequence_warning, r->letter_at != 0, plan ? back : track_state_closed);
        r->warned = 0, r->letter_at = 0;
        r->letter = r->warned_who = (struct str){0};
    }
    if (to > LEVEL_NONE || level_of_row(r) == LEVEL_NONE) return ERR_OK;
    withdraw(w, score_consequence_improvement, r->plan.n > 0, track_state_closed);
    return end_clock(w, "withdrawn");
}

static void warn(struct track_work *w, const struct year_episode *e)
{
    bool result = w->t->improvement > 0;
    struct ev_scoring_serious_warning_issued ev = {
        .person = w->p->person,
        .scheme = w->p->s->id,
        .track = w->t->id,
        .by = w->t->warned_by,
        .begins = e->begins,
        .opened = e->opened,
        .warned = e->warned,
        .score = result ? scoring_score_text(w->st, e->score) : (struct str){0},
        .grade = result && e->result ? e->result->grade : w->t->grade,
        .unit = w->r.unit};
    step_emit_as(w->st, w->rule, EV_scoring_serious_warning_issued, &ev);
    w->r.state = track_state_warned;
}

static struct str grade_at(const struct year_person *p, int32_t month)
{
    for (uint32_t i = 0; i < p->n; i++) {
        bool is = p->m[i].first == month && p->m[i].rank < p->s->grade_count;
        if (is) return p->s->grades[p->m[i].rank].grade;
    }
    return (struct str){0};
}

static void propose(struct track_work *w, const struct year_episode *e)
{
    struct ev_scoring_separation_proposed ev = {.person = w->p->person,
                                                .scheme = w->p->s->id,
                                                .track = w->t->id,
                                                .begins = e->begins,
                                                .proposed = e->proposed,
                                                .grade = grade_at(w->p, e->proposed),
                                                .unit = w->r.unit};
    step_emit_as(w->st, w->rule, EV_scoring_separation_proposed, &ev);
    w->r.state = track_state_separation_proposed;
}

static void open_track(struct track_work *w, const struct year_episode *e)
{
    w->r = (struct rec_row_score_track){
        .state = track_state_plan_open, .unit = w->p->unit, .settled = w->r.settled};
    if (w->t->improvement == 0) return;
    struct ev_scoring_improvement_opened ev = {.person = w->p->person,
                                               .scheme = w->p->s->id,
                                               .track = w->t->id,
                                               .begins = e->begins,
                                               .opened = e->opened,
                                               .unit = w->r.unit};
    step_emit_as(w->st, w->rule, EV_scoring_improvement_opened, &ev);
}

static void raise_to(struct track_work *w, const struct year_episode *e)
{
    if (level_of_row(&w->r) == LEVEL_NONE) open_track(w, e);
    if (e->warned && level_of_row(&w->r) < LEVEL_WARNED) warn(w, e);
    if (e->proposed && level_of_row(&w->r) < LEVEL_PROPOSED) propose(w, e);
    w->r.begins = e->begins, w->r.opened = e->opened;
    w->r.warned = e->warned, w->r.proposed = e->proposed;
}

static enum err close_track(struct track_work *w, const struct year_episode *e)
{
    bool result = e->result && !e->warned;
    struct ev_scoring_improvement_closed ev = {
        .person = w->p->person,
        .scheme = w->p->s->id,
        .track = w->t->id,
        .begins = e->begins,
        .closed = e->closed,
        .score = result ? scoring_score_text(w->st, e->score) : (struct str){0},
        .grade = result ? e->result->grade : grade_at(w->p, e->closed),
        .unit = w->r.unit};
    step_emit_as(w->st, w->rule, EV_scoring_improvement_closed, &ev);
    w->r.state = track_state_closed;
    return end_clock(w, "closed");
}

/* The passage that is the open track: the one whose run has a month with it in common. */
static const struct year_episode *same(const struct rec_row_score_track *r,
                                       const struct year_episode *v, uint32_t n)
{
    while (n-- > 0) {
        if (v[n].begins <= r->opened && r->begins <= v[n].opened) return &v[n];
    }
    return NULL;
}

static enum err reconcile(struct track_work *w, const struct year_episode *v, uint32_t n)
{
    enum err e = ERR_OK;
    const struct year_episode *open = n && !v[n - 1].closed ? &v[n - 1] : NULL;
    if (level_of_row(&w->r) != LEVEL_NONE) {
        const struct year_episode *now = same(&w->r, v, n);
        e = lower(w, now ? level_of(now) : LEVEL_NONE);
        if (e == ERR_OK && now && now->closed) e = close_track(w, now);
    }
    if (e == ERR_OK && open) raise_to(w, open);
    return e;
}

static enum err follow_track(struct step *st, const struct year_person *p,
                             const struct score_track *t)
{
    struct track_work w = {
        .st = st, .p = p, .t = t, .rule = t->improvement ? "SCO-036" : "SCO-037"};
    struct key k = key_of(p->person);
    key_str(&k, p->s->id);
    key_str(&k, t->id);
    enum err e = step_get(st, SCORING_TABLE(TRACK), &k, &w.r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND) w.r = (struct rec_row_score_track){0};
    if (w.r.state == track_state_confirmed) return ERR_OK;
    w.case_no = arena_printf(st->arena, "track/%.*s/%.*s/%.*s", STR_ARG(p->person),
                             STR_ARG(p->s->id), STR_ARG(t->id));
    uint32_t from = 0;
    while (from < p->n && p->m[from].first <= w.r.settled)
        from++;
    struct year_episode *v = arena_take(st->arena, (p->n + 1) * sizeof *v);
    uint32_t n = year_runs(p->s, t, p->m + from, p->n - from, v);
    if (n == 0 && w.r.state == 0) return ERR_OK;
    e = reconcile(&w, v, n);
    if (e == ERR_OK && w.r.state) step_put(st, SCORING_TABLE(TRACK), &k, &w.r);
    return e;
}

enum err year_tracks(struct step *st, const struct year_person *p)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < p->s->year.track_count; i++)
        e = follow_track(st, p, &p->s->year.tracks[i]);
    return e;
}

/* Months after the ones that a dropped proposal settled may have opened the track again. */
enum err year_track_decided(struct step *st, const void *payload)
{
    const struct ev_scoring_separation_dropped *ev = payload;
    const struct scheme *s = policy_scheme(st->policy, ev->scheme);
    const struct score_track *t = track_of(s, ev->track);
    struct rec_row_score_result none = {.person = ev->person, .scheme = ev->scheme};
    struct rec_row_person person;
    struct year_person p;
    if (!t) return ERR_OK;
    enum err e = scoring_person(st, ev->person, "person", &person);
    if (e != ERR_OK) return e;
    none.unit = person.unit;
    e = year_months(st, s, &none, &p);
    return e == ERR_OK ? follow_track(st, &p, t) : e;
}

/* ---- the second month's sheet is acknowledged (Appendix 2) ---- */

static enum err arm_plan(struct step *st, const struct ev_scoring_acknowledged *ev,
                         const struct score_track *t, const struct rec_row_score_sheet *sheet)
{
    struct rec_row_deadline d;
    struct str case_no = arena_printf(st->arena, "track/%.*s/%.*s/%.*s", STR_ARG(ev->person),
                                      STR_ARG(ev->scheme), STR_ARG(t->id));
    enum err e = deadline_get(st, case_no, 0, plan_clock.name, &d);
    if (e == ERR_OK && d.end == deadline_end_open) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    struct deadline_ctx c = clock_of(st, case_no, sheet->unit, sheet->manager);
    return deadline_arm(st, &plan_clock, &c, (struct str){0});
}

/* The track whose plan this sheet brings; NULL. */
static enum err track_due(struct step *st, const struct ev_scoring_acknowledged *ev,
                          const struct score_track **out, struct rec_row_score_track *r)
{
    const struct scheme *s = policy_scheme(st->policy, ev->scheme);
    *out = NULL;
    for (uint32_t i = 0; s && i < s->year.track_count && !*out; i++) {
        const struct score_track *t = &s->year.tracks[i];
        struct key k = key_of(ev->person);
        key_str(&k, ev->scheme);
        key_str(&k, t->id);
        enum err e = step_get(st, SCORING_TABLE(TRACK), &k, r);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        bool open = e == ERR_OK && level_of_row(r) != LEVEL_NONE && r->opened == ev->first;
        if (open && t->improvement) *out = t;
    }
    return ERR_OK;
}

enum err year_track_acknowledged(struct step *st, const struct ev_scoring_acknowledged *ev)
{
    const struct score_track *t;
    struct rec_row_score_track r;
    struct rec_row_score_sheet sheet = {0};
    struct key k = year_key(ev->person, ev->scheme, ev->first);
    enum err e = track_due(st, ev, &t, &r);
    if (e == ERR_OK) e = step_get(st, SCORING_TABLE(SHEET), &k, &sheet);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    const char *before = st->rule;
    st->rule = "SCO-036";
    if (!t && ev->improvement == yes_no_yes) {
        return step_refuse(st, "improvement", "improvement",
                           "no improvement plan is due with this sheet; it is with the month that "
                           "completes a run of bad ones");
    }
    if (t && ev->improvement == yes_no_no) {
        return step_refuse(st, "improvement", "improvement",
                           "an improvement plan is due with this sheet; say yes, or nothing");
    }
    st->rule = before;
    /* Not said, the clock starts with both signatures. */
    bool starts = ev->improvement == yes_no_yes || sheet.state == score_sheet_state_acknowledged;
    return t && starts && !r.plan.n ? arm_plan(st, ev, t, &sheet) : ERR_OK;
}
