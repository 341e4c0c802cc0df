/* scoring_sheet.c - score sheets: their machine (Appendix 1), and what this room hears.
 *
 * scoring_assign.c opens the sheets and lets periods turn, scoring_entry.c holds what stands on
 * them, scoring_publish.c the results, scoring_appeal.c the objections, scoring_round.c and
 * scoring_dates.c the days they are due on. A sheet is reckoned when it is handed in and again
 * when the next level approves it, which publishes it. Rules SCO-004, SCO-008, SCO-009, SCO-019,
 * SCO-022 … SCO-024, SCO-039, SCO-050, SCO-086. */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"

#define RATER_SELF "self" /* who rates himself (SCO-055) */

/* ---- rows ---- */

struct key scoring_sheet_key(struct str person, struct str scheme, int32_t first)
{
    struct key k = key_of(person);
    key_str(&k, scheme);
    key_day(&k, first);
    return k;
}

enum err scoring_sheet_get(struct step *st, struct str person, struct str scheme, int32_t first,
                           struct rec_row_score_sheet *out)
{
    struct key k = scoring_sheet_key(person, scheme, first);
    return step_get(st, SCORING_TABLE(SHEET), &k, out);
}

void scoring_sheet_put(struct step *st, const struct rec_row_score_sheet *row)
{
    struct key k = scoring_sheet_key(row->person, row->scheme, row->first);
    step_put(st, SCORING_TABLE(SHEET), &k, row);
}

enum err scoring_scheme(struct step *st, struct str id, int32_t first, const struct scheme **out)
{
    char day[11];
    *out = policy_scheme_at(st->policy, id, first);
    if (*out) return ERR_OK;
    if (!policy_scheme(st->policy, id)) {
        return step_refuse(st, "unknown", "scheme",
                           "%.*s is no scheme of the policy; say the id of one of its schemes",
                           STR_ARG(id));
    }
    day_format(first, day);
    st->rule = "SCO-003";
    return step_refuse(st, "no_version", "scheme",
                       "no version of %.*s is in force on %s; the policy keeps the one before "
                       "beside a new one",
                       STR_ARG(id), day);
}

static struct key standard_key(const struct scheme *s, int32_t first)
{
    struct key k = key_of(s->id);
    key_day(&k, first);
    return k;
}

/* The first sheet of a period says by which content all of them are assessed. */
static enum err begin_standard(struct step *st, const struct scheme *s, int32_t first)
{
    struct rec_row_score_standard row;
    struct key k = standard_key(s, first);
    enum err e = step_get(st, SCORING_TABLE(STANDARD), &k, &row);
    if (e != ERR_NOT_FOUND) return e;
    row = (struct rec_row_score_standard){.print = s->print};
    step_put(st, SCORING_TABLE(STANDARD), &k, &row);
    return ERR_OK;
}

enum err scoring_standard_held(struct step *st, const struct scheme *s, int32_t first, bool *out)
{
    struct rec_row_score_standard row;
    struct key k = standard_key(s, first);
    enum err e = step_get(st, SCORING_TABLE(STANDARD), &k, &row);
    *out = e != ERR_OK || row.print == s->print;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err scoring_standard(struct step *st, const struct rec_row_score_sheet *sheet,
                          const struct scheme **out)
{
    char day[11], from[11] = "none";
    bool held = false;
    enum err e = scoring_scheme(st, sheet->scheme, sheet->first, out);
    if (e == ERR_OK) e = scoring_standard_held(st, *out, sheet->first, &held);
    if (e != ERR_OK || held) return e;
    day_format(sheet->first, day);
    if ((*out)->effective_from) day_format((*out)->effective_from, from);
    st->rule = "SCO-003";
    return step_refuse(st, "changed", "scheme",
                       "the policy's row of %.*s (effective_from: %s) was changed after the period "
                       "from %s began; put it back, and add the change as a row with an "
                       "effective_from of its own",
                       STR_ARG(sheet->scheme), from, day);
}

int64_t scoring_period_end(struct step *st, struct str unit, enum score_period p, int32_t first)
{
    return zone_day_start(step_zone(st, unit), scoring_period_next(p, first, 1));
}

/* ---- who may (SCO-009, SCO-024) ---- */

struct str scoring_actor(const struct step *st, struct str by)
{
    return by.n || !st->in ? by : st->in->actor;
}

enum err scoring_may(struct step *st, struct words roles, struct str by, const char *what)
{
    struct rec_row_person who;
    struct str person = scoring_actor(st, by);
    if (!roles.n) return ERR_OK;
    if (!person.n)
        return step_refuse(st, "missing", "by", "say who %s; only certain roles may", what);
    enum err e = scoring_person(st, person, "by", &who);
    if (e != ERR_OK || words_have(roles, who.role)) return e;
    return step_refuse(st, "role", "by", "%.*s is %.*s, which is no role that %s", STR_ARG(person),
                       STR_ARG(who.role), what);
}

enum err scoring_judge(struct step *st, const struct rec_row_score_sheet *sheet, struct str named,
                       struct str by, const char *what)
{
    struct str who = scoring_actor(st, by);
    struct rec_row_person row;
    if (!who.n) return step_refuse(st, "missing", "by", "say who %s", what);
    if (str_eq(who, sheet->person)) {
        return step_refuse(st, "own", "by", "%.*s is assessed by this sheet; another %s",
                           STR_ARG(who), what);
    }
    if (!named.n || str_eq(named, who) || str_eq(named, sheet->person)) return ERR_OK;
    struct key k = key_of(named);
    enum err e = step_get(st, &table_person, &k, &row);
    if (e == ERR_OK && row.left) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "no_right", "by", "it is %.*s who %s, not %.*s", STR_ARG(named), what,
                       STR_ARG(who));
}

/* SCO-004, SCO-022: the employee is the person of the sheet, who signs above him another. */
static enum err check_signers(struct step *st, const struct rec_row_score_sheet *sheet,
                              struct str employee, struct str manager, struct str next_level)
{
    struct str own = sheet->person;
    bool both = sheet->manager.n && str_eq(sheet->manager, sheet->next_level);
    if (employee.n && !str_eq(employee, own)) {
        return step_refuse(st, "signature", "signed_employee",
                           "the sheet is that of %.*s, who signs it as the employee", STR_ARG(own));
    }
    bool twice = manager.n && str_eq(manager, next_level) && !both;
    if (!twice && !str_eq(manager, own) && !str_eq(next_level, own)) return ERR_OK;
    const char *field = str_eq(manager, own) ? "signed_manager" : "signed_next_level";
    return step_refuse(st, "signature", field,
                       "%.*s signs once; the employee, his manager and the next level are three",
                       STR_ARG(twice ? manager : own));
}

/* ---- opened, targets ---- */

static enum err targets_clock(struct step *st, const struct paper_at *a, const struct scheme *s,
                              bool begins)
{
    const struct rec_row_score_sheet *row = a->row;
    const struct score_date *d = scoring_date(s, SCORE_DATE_targets, 0);
    if (!d) return ERR_OK;
    struct deadline_ctx c = {.case_no = a->case_no,
                             .unit = row->unit,
                             .person = row->manager,
                             .occurred_ms = step_occurred(st)};
    const struct deadline_row *clock = scoring_date_clock(st, d);
    if (!begins) return deadline_stop(st, clock, &c);
    c.start_ms = scoring_date_start(st, row->unit, s, d, row->first);
    c.given_ms = scoring_date_due(st, row->unit, s, d, row->first);
    return deadline_arm(st, clock, &c, (struct str){0});
}

/* Targets are set, or not asked for: it collects as soon as the period is over. */
static uint32_t set_state(struct step *st, const struct scheme *s,
                          const struct rec_row_score_sheet *row)
{
    bool over = st->now_ms >= scoring_period_end(st, row->unit, s->period, row->first);
    return over ? score_sheet_state_collecting : score_sheet_state_targets_set;
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    struct rec_row_score_sheet *sheet = a->row;
    const struct scheme *s;
    (void)payload;
    enum err e = scoring_scheme(st, sheet->scheme, sheet->first, &s);
    if (e == ERR_OK) e = begin_standard(st, s, sheet->first);
    if (e == ERR_OK) e = scoring_assign_fill(st, sheet);
    if (e != ERR_OK) return e;
    bool targets = scoring_date(s, SCORE_DATE_targets, 0) != NULL;
    sheet->state = targets ? score_sheet_state_open : set_state(st, s, sheet);
    e = targets_clock(st, a, s, true);
    return e == ERR_OK ? scoring_round_opened(st, sheet) : e;
}

/* As if it had never been handed in: it may be opened again. */
static enum err on_cancelled(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    struct rec_row_score_sheet *sheet = a->row, was = *sheet;
    (void)payload;
    was.state = a->before;
    sheet->sheet_submitted_at = sheet->reviewed_at = 0;
    sheet->submitted_by = (struct str){0};
    return scoring_round_left(st, &was, sheet);
}

/* SCO-023: so many are suitable. */
static enum err check_count(struct step *st, const struct scheme *s,
                            const struct ev_scoring_targets_filed *ev)
{
    uint32_t n = ev->targets.n, least = s->sheet.targets_min, most = s->sheet.targets_max;
    if (n >= least && (most == 0 || n <= most)) return ERR_OK;
    st->rule = "SCO-023";
    if (s->sheet.targets_refused) {
        return step_refuse(st, "targets", "targets", "%u targets; from %u to %u are suitable", n,
                           least, most);
    }
    struct ev_scoring_targets_count_warned warned = {.person = ev->person,
                                                     .scheme = ev->scheme,
                                                     .first = ev->first,
                                                     .count = n,
                                                     .least = least,
                                                     .most = most};
    step_emit_as(st, "SCO-023", EV_scoring_targets_count_warned, &warned);
    st->rule = "SCO-022";
    return ERR_OK;
}

static enum err on_targets(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_targets_filed *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_score_sheet *sheet = a->row;
    const struct scheme *s;
    enum err e = scoring_scheme(st, sheet->scheme, sheet->first, &s);
    if (e != ERR_OK) return e;
    if (!ev->signed_employee.n || !ev->signed_manager.n || !ev->signed_next_level.n) {
        return step_refuse(st, "signature",
                           !ev->signed_employee.n  ? "signed_employee"
                           : !ev->signed_manager.n ? "signed_manager"
                                                   : "signed_next_level",
                           "three sign the targets: the employee, the direct manager and the "
                           "next-level manager");
    }
    e = check_signers(st, sheet, ev->signed_employee, ev->signed_manager, ev->signed_next_level);
    if (e == ERR_OK) e = check_count(st, s, ev);
    if (e != ERR_OK) return e;
    sheet->signed_employee = sheet->signed_manager = (struct str){0}; /* are those of the result */
    sheet->state = set_state(st, s, sheet);
    return targets_clock(st, a, s, false);
}

/* ---- scored, handed in ---- */

/* Of his own sheet he gives his own rating, where the scheme asks for it. */
static enum err check_own(struct step *st, const struct rec_row_score_sheet *sheet,
                          const struct ev_scoring_item_scored *ev)
{
    struct str who = scoring_actor(st, ev->by);
    if (!str_eq(who, sheet->person) || str_is(ev->rater, RATER_SELF)) return ERR_OK;
    return step_refuse(st, "own", "by",
                       "%.*s is assessed by this sheet; another enters this, or he as rater %s",
                       STR_ARG(who), RATER_SELF);
}

static enum err on_item(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_item_scored *ev = payload;
    struct rec_row_score_sheet *sheet = ((struct paper_at *)row)->row;
    struct scoring_entries all;
    const struct scheme *s;
    enum err e = scoring_scheme(st, sheet->scheme, sheet->first, &s);
    if (e == ERR_OK) e = scoring_may(st, s->sheet.score, ev->by, "scores");
    if (e == ERR_OK) e = check_own(st, sheet, ev);
    if (e == ERR_OK && (ev->counted || ev->sources.n)) {
        e = step_refuse(st, "counted", "counted",
                        "facts are counted by the service; leave counted and sources out");
    }
    if (e == ERR_OK) e = scoring_entries_load(st, sheet, &all);
    return e == ERR_OK ? scoring_entry_add(st, sheet, &all, ev) : e;
}

/* When it was handed in for the first time counts. */
static enum err came_first(struct step *st, const struct paper_at *a, struct str by)
{
    struct rec_row_score_sheet before;
    enum err e = step_get(st, a->paper->table, &a->key, &before);
    if (e != ERR_OK || before.sheet_submitted_at) return e;
    return scoring_round_sheet_came(st, a->row, by);
}

static struct reckoned *reckon_now(struct step *st, const struct rec_row_score_sheet *sheet,
                                   enum err *e)
{
    struct scoring_entries all;
    *e = scoring_entries_load(st, sheet, &all);
    return *e == ERR_OK ? scoring_entries_reckon(st, &all, e) : NULL;
}

static enum err on_submitted(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_sheet_submitted *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_score_sheet *sheet = a->row;
    enum err e;
    if (ev->unit.n) {
        return step_refuse(st, "unit", "unit",
                           "a sheet has its centre; unit is said with the role of a provider");
    }
    const struct reckoned *r = reckon_now(st, sheet, &e);
    if (e == ERR_OK) e = scoring_score_take(st, sheet, r);
    if (e == ERR_OK) e = scoring_entries_tell(st, sheet, r);
    sheet->submitted_by = scoring_actor(st, ev->by);
    return e == ERR_OK ? came_first(st, a, sheet->submitted_by) : e;
}

/* ---- reviewed ---- */

static bool same(struct str a, struct str b)
{
    return a.n && str_eq(a, b);
}

static enum err check_reviewer(struct step *st, const struct scheme *s,
                               const struct rec_row_score_sheet *sheet, struct str by)
{
    struct str who = scoring_actor(st, by), named = sheet->next_level;
    enum err e = scoring_may(st, s->sheet.review, by, "reviews a sheet");
    if (same(named, sheet->submitted_by)) named = (struct str){0};
    bool own = same(who, sheet->person) || same(who, sheet->submitted_by);
    if (e == ERR_OK && !own) e = scoring_judge(st, sheet, named, by, "reviews this sheet");
    if (e != ERR_OK || !own) return e;
    return step_refuse(st, "reviewer", "by", "%.*s %s; the next level reviews it", STR_ARG(who),
                       same(who, sheet->person) ? "is assessed by this sheet" : "handed it in");
}

static enum err check_stale(struct step *st, const struct rec_row_score_sheet *sheet,
                            enum score_review result)
{
    if (sheet->state == score_sheet_state_submitted) return ERR_OK;
    if (result != score_review_returned) {
        return step_refuse(st, "published", "result",
                           "the result is published; a stale one is returned, an objection is an "
                           "appeal");
    }
    st->rule = "SCO-008";
    if (sheet->stale == yes_no_yes) return ERR_OK;
    return step_refuse(st, "not_stale", "result",
                       "no fact of the published result has changed; it stands until an appeal "
                       "changes it");
}

static enum err on_reviewed(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_reviewed *ev = payload;
    struct rec_row_score_sheet *sheet = ((struct paper_at *)row)->row;
    const struct scheme *s;
    enum err e = scoring_scheme(st, sheet->scheme, sheet->first, &s);
    if (e == ERR_OK) e = check_reviewer(st, s, sheet, ev->by);
    if (e == ERR_OK) e = check_stale(st, sheet, ev->result);
    if (e != ERR_OK) return e;
    if (ev->result == score_review_returned) {
        sheet->state = score_sheet_state_collecting;
        return ERR_OK;
    }
    sheet->state = score_sheet_state_reviewed;
    const struct reckoned *r = reckon_now(st, sheet, &e);
    return e == ERR_OK ? scoring_publish(st, sheet, r) : e;
}

/* ---- acknowledged, archived ---- */

/* SCO-004: final with both signatures, after the interview. */
static enum err on_acknowledged(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_acknowledged *ev = payload;
    struct rec_row_score_sheet *sheet = ((struct paper_at *)row)->row;
    if (!ev->signed_employee.n && !ev->signed_manager.n) {
        return step_refuse(st, "signature", "signed_employee",
                           "the employee signs the result, or the manager, or both");
    }
    enum err e = check_signers(st, sheet, ev->signed_employee, ev->signed_manager, (struct str){0});
    if (e != ERR_OK || !sheet->signed_employee.n || !sheet->signed_manager.n) return e;
    if (!sheet->interviewed_on) {
        st->rule = "SCO-024";
        return step_refuse(st, "interview", "interviewed_on",
                           "both sign in an interview; say its day");
    }
    sheet->state = score_sheet_state_acknowledged;
    return ERR_OK;
}

static enum err on_archived(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_archived *ev = payload;
    const struct rec_row_score_sheet *sheet = ((struct paper_at *)row)->row;
    const struct scheme *s;
    enum err e = scoring_scheme(st, sheet->scheme, sheet->first, &s);
    return e == ERR_OK ? scoring_may(st, s->sheet.archive, ev->by, "files a sheet") : e;
}

/* ---- the machine ---- */

#define OPEN IN(score_sheet_state_open)
#define TARGETS_SET IN(score_sheet_state_targets_set)
#define COLLECTING IN(score_sheet_state_collecting)
#define SUBMITTED IN(score_sheet_state_submitted)
#define PUBLISHED IN(score_sheet_state_published)
#define ACKNOWLEDGED IN(score_sheet_state_acknowledged)
#define ARCHIVED IN(score_sheet_state_archived)
#define APPEALED IN(score_sheet_state_appealed)
#define CANCELLED IN(score_sheet_state_cancelled)

/* scoring.result_published is no row: it is written where the next level approves and where an
 * appeal changes something, with the state. */
static const struct transition rows[] = {
    {EV_scoring_sheet_opened, PAPER_NEW | CANCELLED, 0, on_opened, "SCO-024"},
    {EV_scoring_sheet_cancelled, OPEN | TARGETS_SET | COLLECTING | SUBMITTED,
     score_sheet_state_cancelled, on_cancelled, "SCO-001"},
    {EV_scoring_targets_filed, OPEN, 0, on_targets, "SCO-022"},
    {EV_scoring_item_scored, COLLECTING, 0, on_item, "SCO-008"},
    {EV_scoring_sheet_submitted, COLLECTING, score_sheet_state_submitted, on_submitted, "SCO-050"},
    {EV_scoring_reviewed, SUBMITTED | PUBLISHED | ACKNOWLEDGED | ARCHIVED, 0, on_reviewed,
     "SCO-024"},
    {EV_scoring_acknowledged, PUBLISHED, 0, on_acknowledged, "SCO-004"},
    {EV_scoring_archived, ACKNOWLEDGED, score_sheet_state_archived, on_archived, "SCO-024"},
    {EV_scoring_appeal_filed, PUBLISHED | ACKNOWLEDGED | APPEALED, score_sheet_state_appealed,
     scoring_appeal_filed, "SCO-038"},
    {EV_scoring_appeal_ruled, APPEALED, 0, scoring_appeal_ruled, "SCO-038"},
};
const struct paper scoring_sheet_paper = {.name = "sheet",
                                          .label = "score sheet 績效考核表",
                                          .table = SCORING_TABLE(SHEET),
                                          .states = &codes_score_sheet_state,
                                          .keys = {"person", "scheme", "first"},
                                          .drops = CANCELLED,
                                          PAPER_ROWS(rows)};
static const struct paper *const papers[] = {&scoring_sheet_paper, NULL};

/* ---- the room ---- */

/* Person, scheme and first day of an event about a sheet, as a row of it. */
static enum err sheet_of(struct step *st, const struct paper *p, const void *payload,
                         struct rec_row_score_sheet *out)
{
    *out = (struct rec_row_score_sheet){0};
    enum err e = paper_get(st, p, st->type->shape(), payload, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err on_sheet(struct step *st, const struct paper *p, const void *payload)
{
    struct rec_row_score_sheet before, now;
    enum err e = sheet_of(st, p, payload, &before);
    if (e == ERR_OK) e = paper_fact(st, p, payload);
    if (e == ERR_OK) e = sheet_of(st, p, payload, &now);
    return e == ERR_OK ? scoring_round_moved(st, &now, before.state) : e;
}

enum err scoring_sheet_fact(struct step *st, const void *payload)
{
    enum event_kind kind = st->type->kind;
    if (kind == EV_scoring_scheme_assigned) return scoring_assign(st, payload);
    const struct ev_scoring_sheet_submitted *ev = payload;
    bool figures = kind == EV_scoring_sheet_submitted && (ev->role || !ev->person.n);
    if (figures) return scoring_round_provided(st, ev);
    const struct paper *p = paper_of(papers, kind);
    return p ? on_sheet(st, p, payload) : ERR_STALE;
}

enum err scoring_sheet_passed(struct step *st, const struct passed *what)
{
    if (str_is(what->name, "scoring.period")) return scoring_assign_turned(st, what);
    enum err e = scoring_appeal_passed(st, what);
    return e == ERR_OK ? scoring_round_passed(st, what) : e;
}

enum err scoring_sheet_address(struct step *st, struct passed *what)
{
    struct rec_row_score_sheet row;
    struct str no = arena_str(st->arena, what->case_no), person, scheme;
    int32_t first;
    if (!scoring_case_read(no, STR("sheet/"), &person, &scheme, &first)) return ERR_OK;
    enum err e = scoring_sheet_get(st, person, scheme, first, &row);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    bool higher = row.appeal == score_appeal_state_level2;
    struct str who = higher ? row.next_level : row.manager;
    if (row.state != score_sheet_state_open && row.state != score_sheet_state_appealed)
        return ERR_OK;
    what->person = who;
    what->unit = row.unit;
    return ERR_OK;
}
