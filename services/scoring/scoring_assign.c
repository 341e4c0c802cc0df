/* scoring_assign.c - who is assessed by what, and the sheets that follow from it.
 *
 * An assignment holds from its first day until another one of its scheme begins; of the primary
 * schemes only the latest is in force. At the beginning of each month (clock scoring.period of each
 * person who is assessed) a sheet is opened for every scheme whose period begins, unless he is
 * excluded on that day; a sheet whose period is over begins to collect. Who is assigned later than
 * on the first day gets the sheets of this period and of the one before, which is being collected.
 * An assignment told again, or taken back, reaches every sheet of its scheme from its day on. Rules
 * SCO-001 … SCO-003, SCO-009, SCO-010, SCO-017, SCO-021. */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"
#include <string.h>

#define ASSIGNMENTS_MAX 64u
#define CASE_NO_REST 25 /* what stands around person and scheme in a case number */

static enum err load(struct step *st, struct str person, struct rec_row_score_assignee *out)
{
    struct key k = key_of(person);
    enum err e = step_get(st, SCORING_TABLE(ASSIGNEE), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_score_assignee){0};
    return ERR_OK;
}

/* ---- what is in force ---- */

/* Told with a last day before its first: it never held. */
static bool is_back(int32_t from, int32_t to)
{
    return to && to < from;
}

/* Of one scheme, or (NULL) of the primary ones. A later one ends the earlier, also when it has
 * ended itself. */
static const struct rec_score_assignment *in_force(const struct step *st,
                                                   const struct rec_row_score_assignee *r,
                                                   const struct scheme *only, int32_t day)
{
    const struct rec_score_assignment *best = NULL;
    struct str id = only && !only->primary ? only->id : (struct str){0};
    for (uint32_t i = 0; i < r->assignments.n; i++) {
        const struct rec_score_assignment *a = &r->assignments.v[i];
        const struct scheme *s = policy_scheme_at(st->policy, a->scheme, day);
        bool of = s && (id.n ? str_eq(s->id, id) : s->primary);
        if (!of || a->from > day || is_back(a->from, a->to)) continue;
        if (!best || a->from > best->from) best = a;
    }
    if (!best || (best->to && best->to < day)) return NULL;
    return !only || str_eq(best->scheme, only->id) ? best : NULL;
}

enum err scoring_scheme_of(struct step *st, struct str person, int32_t day,
                           const struct scheme **out, struct str *post)
{
    struct rec_row_score_assignee r;
    enum err e = load(st, person, &r);
    const struct rec_score_assignment *a = e == ERR_OK ? in_force(st, &r, NULL, day) : NULL;
    if (e != ERR_OK) return e;
    if (!a) return ERR_NOT_FOUND;
    *out = policy_scheme_at(st->policy, a->scheme, day);
    *post = a->post;
    return ERR_OK;
}

/* SCO-021: on probation, or paid too little, on the first day. */
static bool excluded(const struct scheme *s, const struct rec_score_assignment *a, int32_t first)
{
    bool range = false;
    if (s->excludes_probation && a->probation_to >= first && a->probation_to) return true;
    if (!frac_has(s->wage_min) || !a->wage) return false;
    struct frac wage = frac_make(a->wage, 100, &range);
    return frac_has(wage) && frac_cmp(wage, s->wage_min) < 0;
}

/* The day of its period a sheet is seen from: today, within it. */
static int32_t day_of_sheet(struct step *st, const struct scheme *s,
                            const struct rec_row_score_sheet *row)
{
    int32_t last = scoring_period_next(s->period, row->first, 1) - 1;
    int32_t today = zone_day(step_zone(st, row->unit), st->now_ms);
    return today < row->first ? row->first : today < last ? today : last;
}

enum err scoring_assign_fill(struct step *st, struct rec_row_score_sheet *row)
{
    struct rec_row_score_assignee r;
    struct rec_row_unit unit = {0};
    const struct scheme *s = policy_scheme_at(st->policy, row->scheme, row->first);
    enum err e = load(st, row->person, &r);
    if (e != ERR_OK) return e;
    const struct rec_score_assignment *a = s ? in_force(st, &r, s, row->first) : NULL;
    if (!a) return ERR_OK;
    const struct rec_score_assignment *now = in_force(st, &r, s, day_of_sheet(st, s, row));
    row->post = a->post;
    row->level = a->level;
    row->manager = now ? now->manager : a->manager;
    row->next_level = now ? now->next_level : a->next_level;
    if (row->manager.n) return ERR_OK;
    e = step_unit(st, row->unit, &unit);
    if (e == ERR_OK) row->manager = unit.manager;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- sheets of a person ---- */

static const enum score_time times[] = {[SCORE_PERIOD_month] = score_time_month,
                                        [SCORE_PERIOD_quarter] = score_time_quarter,
                                        [SCORE_PERIOD_year] = score_time_year_end};

static enum err open_sheet(struct step *st, const struct scheme *s, int32_t first,
                           struct str person, const struct rec_row_person *who)
{
    struct rec_row_score_assignee r;
    enum err e = load(st, person, &r);
    if (e != ERR_OK) return e;
    const struct rec_score_assignment *a = in_force(st, &r, s, first);
    if (!a || excluded(s, a, first)) return ERR_OK;
    struct ev_scoring_sheet_opened ev = {.person = person,
                                         .scheme = s->id,
                                         .first = first,
                                         .last = scoring_period_next(s->period, first, 1) - 1,
                                         .unit = who->unit,
                                         .post = a->post,
                                         .by_time = times[s->period],
                                         .level = a->level,
                                         .form = s->sheet.form};
    return paper_act(st, &scoring_sheet_paper, EV_scoring_sheet_opened, &ev);
}

/* His post, and who assesses him, as they are known now; published, it stays with its unit. */
static enum err renew(struct step *st, struct str unit, struct rec_row_score_sheet *row)
{
    const struct rec_row_score_sheet was = *row;
    if (row->revision == 0) row->unit = unit;
    enum err e = scoring_assign_fill(st, row);
    if (e == ERR_OK) e = scoring_round_renewed(st, &was, row);
    if (e == ERR_OK) scoring_sheet_put(st, row);
    return e;
}

/* The sheet of one period: opened, or set to collect when the period is over. */
static enum err turn_period(struct step *st, const struct scheme *s, int32_t first,
                            struct str person, const struct rec_row_person *who)
{
    struct rec_row_score_sheet row;
    enum err e = scoring_sheet_get(st, person, s->id, first, &row);
    bool none = e == ERR_NOT_FOUND || (e == ERR_OK && row.state == score_sheet_state_cancelled);
    if (none) return open_sheet(st, s, first, person, who);
    if (e == ERR_OK) e = renew(st, row.unit, &row);
    if (e != ERR_OK || row.state != score_sheet_state_targets_set) return e;
    if (st->now_ms < scoring_period_end(st, row.unit, s->period, first)) return ERR_OK;
    row.state = score_sheet_state_collecting;
    scoring_sheet_put(st, &row);
    return ERR_OK;
}

static const struct deadline_row period_clock = {
    .name = "scoring.period", .rule = "SCO-030", .from = FROM_START, .due = DUE_GIVEN};

static enum err arm_next(struct step *st, struct str person, struct str unit, int32_t today)
{
    struct rec_row_score_assignee r;
    int32_t next =
        scoring_period_next(SCORE_PERIOD_month, scoring_period(SCORE_PERIOD_month, today), 1);
    bool goes_on = false;
    enum err e = load(st, person, &r);
    for (uint32_t i = 0; e == ERR_OK && i < r.assignments.n; i++) {
        /* its last sheet still has to be set to collect */
        int32_t to = r.assignments.v[i].to;
        goes_on |= !to || scoring_period_next(SCORE_PERIOD_year, to, 1) >= next;
    }
    if (e != ERR_OK) return e;
    int64_t at = zone_day_start(step_zone(st, unit), next);
    struct deadline_ctx c = {.case_no = arena_printf(st->arena, "assignee/%.*s", STR_ARG(person)),
                             .unit = unit,
                             .person = person,
                             .start_ms = at,
                             .given_ms = at};
    if (!goes_on) return deadline_cancel(st, &period_clock, &c, STR("nothing is assessed further"));
    return deadline_arm(st, &period_clock, &c, (struct str){0});
}

static enum err turn(struct step *st, struct str person)
{
    struct rec_row_person who;
    struct key k = key_of(person);
    enum err e = step_get(st, &table_person, &k, &who);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    int32_t today = zone_day(step_zone(st, who.unit), st->now_ms);
    for (uint32_t i = 0; e == ERR_OK && i < st->policy->scheme_count; i++) {
        const struct scheme *s = &st->policy->schemes[i];
        int32_t first = scoring_period(s->period, today);
        int32_t before = scoring_period_next(s->period, first, -1);
        if (scheme_holds(s, before)) e = turn_period(st, s, before, person, &who);
        if (e == ERR_OK && !who.left && scheme_holds(s, first))
            e = turn_period(st, s, first, person, &who);
    }
    return e == ERR_OK ? arm_next(st, person, who.unit, today) : e;
}

enum err scoring_assign_turned(struct step *st, const struct passed *what)
{
    return turn(st, arena_str(st->arena, what->person));
}

/* ---- a new assignment ---- */

/* SCO-002: the standard goes by the post. */
static bool fits_post(const struct step *st, const struct scheme *s, struct str post, int32_t day)
{
    if (s->post_count) return scheme_takes(s, post);
    for (uint32_t i = 0; s->primary && i < st->policy->scheme_count; i++) {
        const struct scheme *o = &st->policy->schemes[i];
        bool other = scheme_holds(o, day) && o->primary && o->post_count;
        if (other && scheme_takes(o, post)) return false;
    }
    return true;
}

static enum err check_post(struct step *st, const struct scheme *s,
                           const struct ev_scoring_scheme_assigned *ev, enum yes_no *override)
{
    if (fits_post(st, s, ev->post, ev->from)) return ERR_OK;
    *override = yes_no_yes;
    if (ev->reason.n) return ERR_OK;
    st->rule = "SCO-002";
    return step_refuse(st, "reason", "post",
                       "%.*s is not assessed by %.*s; who is, against the standard of his post, "
                       "needs a reason",
                       STR_ARG(ev->post), STR_ARG(s->id));
}

static enum err check_days(struct step *st, const struct ev_scoring_scheme_assigned *ev)
{
    st->rule = "SCO-001";
    if (ev->person.n + ev->scheme.n + CASE_NO_REST <= CASE_NO_MAX) return ERR_OK;
    return step_refuse(st, "too_long", "person",
                       "the names of person and scheme together are longer than %d bytes; one of "
                       "them must be shorter",
                       CASE_NO_MAX - CASE_NO_REST);
}

static bool stands(const struct rec_row_score_assignee *r,
                   const struct ev_scoring_scheme_assigned *ev)
{
    for (uint32_t i = 0; i < r->assignments.n; i++) {
        const struct rec_score_assignment *a = &r->assignments.v[i];
        if (a->from == ev->from && str_eq(a->scheme, ev->scheme)) return true;
    }
    return false;
}

/* Taken back is an assignment that was told, by which nothing is published yet. */
static enum err check_back(struct step *st, const struct rec_row_score_assignee *r,
                           const struct scheme *s, const struct ev_scoring_scheme_assigned *ev)
{
    struct key prefix = key_of(ev->person), at = {.n = 0};
    struct rec_row_score_sheet row;
    enum err e = ERR_OK;
    if (!is_back(ev->from, ev->to)) return ERR_OK;
    if (!stands(r, ev)) {
        return step_refuse(st, "day", "to",
                           "the last day is before the first, which takes an assignment back, and "
                           "there is none from that day; give a later one");
    }
    key_str(&prefix, s->id);
    while ((e = step_next(st, SCORING_TABLE(SHEET), &prefix, &at, &row)) == ERR_OK) {
        char first[11];
        if (!row.revision || scoring_period_next(s->period, row.first, 1) <= ev->from) continue;
        day_format(row.first, first);
        return step_refuse(st, "published", "to",
                           "his result for the period from %s is published and stands; end the "
                           "assignment on a later day",
                           first);
    }
    return e == ERR_END ? ERR_OK : e;
}

/* The primary scheme that is the first to begin after a day; NULL. */
static const struct rec_score_assignment *primary_after(const struct step *st,
                                                        const struct rec_row_score_assignee *r,
                                                        const struct scheme *s, int32_t day)
{
    const struct rec_score_assignment *next = NULL;
    for (uint32_t i = 0; i < r->assignments.n; i++) {
        const struct rec_score_assignment *a = &r->assignments.v[i];
        const struct scheme *o = policy_scheme(st->policy, a->scheme);
        bool other = o && !str_eq(o->id, s->id) && o->primary && a->from > day;
        if (!other || is_back(a->from, a->to)) continue;
        if (!next || a->from < next->from) next = a;
    }
    return next;
}

static enum err refuse_inside(struct step *st, struct str scheme)
{
    st->rule = "SCO-003";
    return step_refuse(st, "inside_period", "from",
                       "he is assessed by %.*s; a change takes effect on the first day of a period",
                       STR_ARG(scheme));
}

/* A period of which he has a sheet by another primary scheme has begun: what is told late does not
 * change it. until: first day of the next primary scheme; 0 = none. */
static enum err check_sheets(struct step *st, struct str person, const struct scheme *s,
                             int32_t from, int32_t until)
{
    struct key prefix = key_of(person), at = {.n = 0};
    struct rec_row_score_sheet row;
    enum err e;
    while ((e = step_next(st, SCORING_TABLE(SHEET), &prefix, &at, &row)) == ERR_OK) {
        const struct scheme *o = policy_scheme(st->policy, row.scheme);
        if (!o || str_eq(o->id, s->id) || !o->primary || (until && row.first >= until)) continue;
        if (row.state == score_sheet_state_cancelled) continue;
        int32_t end = scoring_period_next(o->period, row.first, 1);
        char first[11], next[11];
        if (end <= from) continue;
        day_format(row.first, first), day_format(end, next);
        st->rule = "SCO-003";
        return step_refuse(st, "inside_period", "from",
                           "he has a sheet of %.*s for the period from %s; another scheme takes "
                           "effect from %s on",
                           STR_ARG(row.scheme), first, next);
    }
    return e == ERR_END ? ERR_OK : e;
}

/* SCO-001, SCO-003: one primary scheme in a period. */
static enum err check_primary(struct step *st, const struct rec_row_score_assignee *r,
                              const struct scheme *s, const struct ev_scoring_scheme_assigned *ev)
{
    const struct rec_score_assignment *old = in_force(st, r, NULL, ev->from);
    const struct rec_score_assignment *next = primary_after(st, r, s, ev->from);
    if (!s->primary || is_back(ev->from, ev->to)) return ERR_OK;
    if (old && !str_eq(old->scheme, s->id)) {
        const struct scheme *o = policy_scheme(st->policy, old->scheme);
        st->rule = "SCO-001";
        if (old->from == ev->from) {
            return step_refuse(st, "primary", "scheme",
                               "he is assessed by %.*s from that day on; a person has one primary "
                               "scheme in a period",
                               STR_ARG(old->scheme));
        }
        if (scoring_period(s->period, ev->from) != ev->from ||
            scoring_period(o->period, ev->from) != ev->from)
            return refuse_inside(st, old->scheme);
    }
    if (next && scoring_period(s->period, next->from) != next->from)
        return refuse_inside(st, next->scheme);
    return check_sheets(st, ev->person, s, ev->from, next ? next->from : 0);
}

/* SCO-017 */
static enum err check_trained(struct step *st, const struct scheme *s, struct str person)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < s->sheet.trainings.n; i++) {
        struct str word = s->sheet.trainings.v[i];
        bool passed = false;
        e = scoring_training_passed(
            st, person, (enum training_kind)code_number(&codes_training_kind, word), &passed);
        if (e != ERR_OK || passed) continue;
        st->rule = "SCO-017";
        return step_refuse(
            st, "training", "person",
            "%.*s has not passed the %s; he takes the post after training.passed", STR_ARG(person),
            str_is(word, "entry") ? "entry training 入職培訓" : "post training 上崗培訓");
    }
    return e;
}

static bool comes_before(const struct rec_score_assignment *a, const struct rec_score_assignment *b)
{
    size_t n = a->scheme.n < b->scheme.n ? a->scheme.n : b->scheme.n;
    int order = n ? memcmp(a->scheme.p, b->scheme.p, n) : 0;
    if (order == 0) order = (int)a->scheme.n - (int)b->scheme.n;
    return order < 0 || (order == 0 && a->from < b->from);
}

static enum err insert(struct step *st, struct rec_row_score_assignee *r,
                       const struct rec_score_assignment *new)
{
    struct rec_score_assignment *v = arena_take(st->arena, ASSIGNMENTS_MAX * sizeof *v);
    uint32_t n = 0;
    bool done = false;
    for (uint32_t i = 0; i < r->assignments.n; i++) {
        const struct rec_score_assignment *a = &r->assignments.v[i];
        bool same = a->from == new->from &&str_eq(a->scheme, new->scheme);
        if (!done && (same || comes_before(new, a)) && n < ASSIGNMENTS_MAX)
            v[n++] = *new, done = true;
        if (!same && n < ASSIGNMENTS_MAX) v[n++] = *a;
    }
    if (!done && n < ASSIGNMENTS_MAX) v[n++] = *new, done = true;
    st->rule = "SCO-001";
    if (!done || r->assignments.n == ASSIGNMENTS_MAX) {
        return step_refuse(st, "too_many", "person", "a person has at most %u assignments",
                           ASSIGNMENTS_MAX);
    }
    r->assignments.v = v;
    r->assignments.n = n;
    return ERR_OK;
}

static enum err keep(struct step *st, const struct ev_scoring_scheme_assigned *ev,
                     const struct scheme *s, enum yes_no override)
{
    struct rec_row_score_assignee r;
    const struct rec_score_assignment new = {.scheme = ev->scheme,
                                             .post = ev->post,
                                             .from = ev->from,
                                             .to = ev->to,
                                             .level = ev->level,
                                             .probation_to = ev->probation_to,
                                             .wage = ev->wage,
                                             .manager = ev->manager,
                                             .next_level = ev->next_level,
                                             .override = override};
    struct key k = key_of(ev->person);
    enum err e = load(st, ev->person, &r);
    if (e == ERR_OK) e = check_back(st, &r, s, ev);
    if (e == ERR_OK) e = check_primary(st, &r, s, ev);
    if (e == ERR_OK) e = insert(st, &r, &new);
    if (e == ERR_OK) step_put(st, SCORING_TABLE(ASSIGNEE), &k, &r);
    return e;
}

/* ---- what it changes of the sheets there are ---- */

static enum err cancel(struct step *st, const struct rec_row_score_sheet *row,
                       enum score_cancel reason)
{
    struct ev_scoring_sheet_cancelled ev = {
        .person = row->person, .scheme = row->scheme, .first = row->first, .reason = reason};
    return paper_act(st, &scoring_sheet_paper, EV_scoring_sheet_cancelled, &ev);
}

/* What is published stands, and is stale where it would be another one (SCO-008). */
static enum err follow(struct step *st, struct str unit, int32_t from,
                       struct rec_row_score_sheet *row)
{
    struct rec_row_score_assignee r;
    const struct scheme *s = policy_scheme_at(st->policy, row->scheme, row->first);
    enum err e = load(st, row->person, &r);
    if (e != ERR_OK || !s) return e;
    const struct rec_score_assignment *a = in_force(st, &r, s, row->first);
    bool published = row->revision > 0;
    if (!a && !published) return cancel(st, row, score_cancel_not_assigned);
    if (a && !published && excluded(s, a, row->first))
        return cancel(st, row, score_cancel_excluded);
    e = renew(st, unit, row);
    if (e != ERR_OK || !published) return e;
    int32_t day = from > row->first ? from : row->first;
    return scoring_sheet_touched(st, row->person, day, (struct str){0});
}

static enum err follow_all(struct step *st, const struct scheme *s,
                           const struct ev_scoring_scheme_assigned *ev, struct str unit)
{
    struct key prefix = key_of(ev->person), at = {.n = 0};
    struct rec_row_score_sheet row;
    enum err e;
    key_str(&prefix, s->id);
    while ((e = step_next(st, SCORING_TABLE(SHEET), &prefix, &at, &row)) == ERR_OK) {
        bool before = scoring_period_next(s->period, row.first, 1) <= ev->from;
        if (before || row.state == score_sheet_state_cancelled) continue;
        e = follow(st, unit, ev->from, &row);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err scoring_assign(struct step *st, const struct ev_scoring_scheme_assigned *ev)
{
    struct rec_row_person who;
    const struct scheme *s;
    enum yes_no override = ev->override;
    enum err e = scoring_person(st, ev->person, "person", &who);
    if (e == ERR_OK) e = scoring_scheme(st, ev->scheme, ev->from, &s);
    if (e == ERR_OK) e = check_days(st, ev);
    if (e == ERR_OK) e = scoring_may(st, s->sheet.assign, ev->by, "assigns a scheme");
    if (e == ERR_OK) e = check_post(st, s, ev, &override);
    if (e == ERR_OK) e = check_trained(st, s, ev->person);
    if (e == ERR_OK) e = keep(st, ev, s, override);
    if (e != ERR_OK) return e;
    if (override != ev->override) {
        struct ev_scoring_scheme_assigned whole = *ev;
        whole.override = override;
        step_complete(st, &whole);
    }
    st->rule = "SCO-001";
    e = follow_all(st, s, ev, who.unit);
    return e == ERR_OK ? turn(st, ev->person) : e;
}
