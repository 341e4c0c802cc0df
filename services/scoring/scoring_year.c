/* scoring_year.c - what follows from published results: quarter and year, rights of the year, runs
 * of the best grade; how long records are kept (SCO-033 … SCO-035, SCO-138).
 *
 * A result may come in any order of its months, and again. Whatever follows from several of them is
 * reckoned anew from all that stand, and compared with what was told: what is new is told, what
 * does not follow any more is taken back (scoring.consequence_withdrawn). Tracks of bad months:
 * scoring_year_track.c; quotas: scoring_year_quota.c; the year's total: scoring_year_total.c; the
 * pure part: year_runs.c. */
#include "services/scoring/scoring_year.h"
#include "common/contract.h"
#include <string.h>

/* ---- months of a person ---- */

struct key year_key(struct str person, struct str scheme, int32_t first)
{
    struct key k = key_of(person);
    key_str(&k, scheme);
    key_day(&k, first);
    return k;
}

static struct year_month month_of(const struct scheme *s, const struct rec_row_score_result *r)
{
    struct frac score = {r->score_num, r->score_den};
    return (struct year_month){.first = r->first,
                               .score = frac_has(score) ? score : FRAC_NONE,
                               .rank = year_rank(s, r->grade),
                               .provisional = r->provisional == yes_no_yes};
}

/* Room for one more, ascending by first day; one of the same month is replaced. */
static void put_month(struct step *st, struct year_person *p, uint32_t *room, struct year_month m)
{
    if (p->n == *room) {
        *room *= 2;
        struct year_month *v = arena_take(st->arena, *room * sizeof *v);
        memcpy(v, p->m, p->n * sizeof *v);
        p->m = v;
    }
    uint32_t i = p->n;
    while (i > 0 && p->m[i - 1].first > m.first)
        i--;
    bool again = i > 0 && p->m[i - 1].first == m.first;
    if (!again) memmove(&p->m[i + 1], &p->m[i], (p->n - i) * sizeof m);
    p->m[again ? i - 1 : i] = m;
    p->n += !again;
}

enum err year_months(struct step *st, const struct scheme *s,
                     const struct rec_row_score_result *at_hand, struct year_person *out)
{
    struct key prefix = key_of(at_hand->person), at = {.n = 0};
    struct rec_row_score_result r;
    uint32_t room = 32;
    enum err e;
    key_str(&prefix, s->id);
    *out = (struct year_person){.s = s,
                                .person = at_hand->person,
                                .unit = at_hand->unit,
                                .post = at_hand->post,
                                .m = arena_take(st->arena, room * sizeof *out->m)};
    while ((e = step_next(st, SCORING_TABLE(RESULT), &prefix, &at, &r)) == ERR_OK)
        put_month(st, out, &room, month_of(s, &r));
    if (e != ERR_END) return e;
    if (at_hand->first) put_month(st, out, &room, month_of(s, at_hand));
    return ERR_OK;
}

uint32_t year_within(const struct year_person *p, enum score_period period, int32_t first,
                     const struct year_month **v)
{
    uint32_t from = 0, to;
    int32_t end = scoring_period_next(period, first, 1);
    while (from < p->n && p->m[from].first < first)
        from++;
    for (to = from; to < p->n && p->m[to].first < end;)
        to++;
    *v = p->m + from;
    return to - from;
}

struct frac year_mean(const struct year_month *m, uint32_t n)
{
    struct frac_part v[YEAR_MONTHS];
    bool range = false;
    REQUIRE(n <= YEAR_MONTHS);
    for (uint32_t i = 0; i < n; i++)
        v[i] = (struct frac_part){.weight = {1, n}, .value = m[i].score};
    return n ? frac_weigh(v, n, &range) : FRAC_NONE;
}

/* ---- results that are reckoned from others ---- */

enum err year_publish(struct step *st, const char *rule, struct rec_row_score_result *r,
                      bool *published)
{
    struct rec_row_score_result old = {0};
    struct key k = year_key(r->person, r->scheme, r->first);
    enum err e = step_get(st, SCORING_TABLE(RESULT), &k, &old);
    *published = false;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && old.score_num == r->score_num && old.score_den == r->score_den &&
        str_eq(old.grade, r->grade) && old.provisional == r->provisional)
        return ERR_OK;
    r->revision = old.revision < UINT8_MAX ? old.revision + 1 : UINT8_MAX;
    r->published_at = step_occurred(st);
    step_put(st, SCORING_TABLE(RESULT), &k, r);
    scoring_result_tell(st, rule, r);
    year_keep(st, &k, step_day(st, r->unit));
    *published = true;
    return ERR_OK;
}

/* ---- retention (SCO-138) ---- */

/* SCO-138: the last day on which a paper that is final on this day must be kept. */
static int32_t keep_until(const struct step *st, int32_t final)
{
    return day_add_months(final, 12 * (int32_t)st->policy->scoring.retention_years);
}

void year_keep(struct step *st, const struct key *key, int32_t final)
{
    struct rec_row_score_keep row = {.final = final, .keep_until = keep_until(st, final)};
    step_put(st, SCORING_TABLE(KEEP), key, &row);
}

/* A result is final with both signatures (SCO-004). */
static enum err keep_sheet(struct step *st, const struct ev_scoring_acknowledged *ev)
{
    struct key k = year_key(ev->person, ev->scheme, ev->first);
    struct rec_row_score_sheet sheet;
    enum err e = step_get(st, SCORING_TABLE(SHEET), &k, &sheet);
    if (e == ERR_OK && sheet.state == score_sheet_state_acknowledged)
        year_keep(st, &k, step_day(st, sheet.unit));
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- quarter and year (SCO-033), rights of the year (SCO-034) ---- */

enum err year_row(struct step *st, const struct key *key, struct rec_row_score_year *out)
{
    enum err e = step_get(st, SCORING_TABLE(YEAR), key, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_score_year){0};
    return ERR_OK;
}

void year_withdraw(struct step *st, const char *rule, const struct year_person *p,
                   enum score_consequence what, int32_t first)
{
    struct ev_scoring_consequence_withdrawn ev = {
        .person = p->person, .scheme = p->s->id, .what = what, .first = first, .unit = p->unit};
    step_emit_as(st, rule, EV_scoring_consequence_withdrawn, &ev);
}

static struct str right_of(const struct scheme_year *y, struct str grade)
{
    for (uint32_t i = 0; i < y->right_count; i++) {
        if (str_eq(y->rights[i].grade, grade)) return y->rights[i].right;
    }
    return (struct str){0};
}

static enum err give_right(struct step *st, const struct year_person *p, int32_t first,
                           struct str grade)
{
    struct key k = year_key(p->person, p->s->id, first);
    struct rec_row_score_year row;
    struct str right = right_of(&p->s->year, grade);
    enum err e = year_row(st, &k, &row);
    if (e != ERR_OK) return e;
    bool same = str_eq(row.right, right);
    if (row.right.n && !same) year_withdraw(st, "SCO-034", p, score_consequence_year_right, first);
    row.grade = grade, row.right = right;
    step_put(st, SCORING_TABLE(YEAR), &k, &row);
    if (right.n == 0 || same) return ERR_OK;
    struct ev_scoring_year_right_given ev = {.person = p->person,
                                             .scheme = p->s->id,
                                             .first = first,
                                             .grade = grade,
                                             .right = right,
                                             .unit = p->unit};
    step_emit_as(st, "SCO-034", EV_scoring_year_right_given, &ev);
    return ERR_OK;
}

/* A period is closed by the result of its last month, or of any later one: who was not assessed in
 * its last month has his mean, too. */
static enum err mean_of(struct step *st, const struct year_person *p, enum score_period period,
                        int32_t month)
{
    struct str as = period == SCORE_PERIOD_year ? p->s->year.year : p->s->year.quarter;
    int32_t first = scoring_period(period, month);
    const struct scheme *s = policy_scheme_at(st->policy, p->s->id, first);
    int32_t last_month = day_add_months(scoring_period_next(period, first, 1), -1);
    const struct year_month *m;
    uint32_t n = year_within(p, period, first, &m);
    if (as.n == 0 || n == 0 || first < YEAR_DAY_MIN || p->m[p->n - 1].first < last_month)
        return ERR_OK;
    struct frac mean = year_mean(m, n);
    const struct score_grade *g = reckon_grade(s ? s : p->s, mean);
    if (!frac_has(mean) || mean.num < 0) return ERR_OK;
    struct rec_row_score_result r = {.person = p->person,
                                     .scheme = as,
                                     .first = first,
                                     .unit = p->unit,
                                     .post = p->post,
                                     .score_num = mean.num,
                                     .score_den = mean.den,
                                     .grade = g ? g->grade : (struct str){0},
                                     .label = g ? g->label : (struct str){0}};
    for (uint32_t i = 0; i < n; i++) {
        if (m[i].provisional) r.provisional = yes_no_yes;
    }
    bool published;
    enum err e = year_publish(st, "SCO-033", &r, &published);
    if (e != ERR_OK || !published || period != SCORE_PERIOD_year) return e;
    return give_right(st, p, first, r.grade);
}

/* Of the month at hand, and of the month before it, whose quarter or year it may have closed. */
static enum err means(struct step *st, const struct year_person *p, int32_t month)
{
    static const enum score_period periods[] = {SCORE_PERIOD_quarter, SCORE_PERIOD_year};
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < p->n; i++) {
        bool next = i + 1 < p->n && p->m[i + 1].first == month;
        if (p->m[i].first != month && !next) continue;
        for (size_t j = 0; e == ERR_OK && j < COUNT_OF(periods); j++)
            e = mean_of(st, p, periods[j], p->m[i].first);
    }
    return e;
}

/* ---- three A in a row (SCO-035) ---- */

static enum err award(struct step *st, const struct year_person *p, int32_t month)
{
    const struct scheme_year *y = &p->s->year;
    int32_t first = scoring_period(SCORE_PERIOD_year, month);
    struct key k = year_key(p->person, p->s->id, first);
    struct rec_row_score_year row;
    const struct year_month *m;
    uint32_t n = year_within(p, SCORE_PERIOD_year, first, &m);
    if (y->award_run == 0 || first < YEAR_DAY_MIN) return ERR_OK;
    enum err e = year_row(st, &k, &row);
    if (e != ERR_OK) return e;
    bool had = row.run_from != 0;
    int32_t from = 0, to = 0;
    bool has = year_best(m, n, year_rank(p->s, y->award_grade), y->award_run, &from, &to);
    if (!had && !has) return ERR_OK;
    row.run_from = from, row.run_to = to;
    step_put(st, SCORING_TABLE(YEAR), &k, &row);
    if (had && !has) year_withdraw(st, "SCO-035", p, score_consequence_three_a, first);
    if (had || !has) return ERR_OK;
    struct ev_scoring_three_a_reached ev = {.person = p->person,
                                            .scheme = p->s->id,
                                            .first = first,
                                            .from = from,
                                            .to = to,
                                            .grade = y->award_grade,
                                            .unit = p->unit};
    step_emit_as(st, "SCO-035", EV_scoring_three_a_reached, &ev);
    return ERR_OK;
}

/* ---- what the room hears ---- */

static enum err follow(struct step *st, const struct scheme *s,
                       const struct rec_row_score_result *r)
{
    struct year_person p;
    enum err e = year_months(st, s, r, &p);
    if (e == ERR_OK) e = year_tracks(st, &p);
    if (e == ERR_OK) e = award(st, &p, r->first);
    if (e == ERR_OK) e = means(st, &p, r->first);
    return e == ERR_OK ? year_totals(st, r) : e;
}

enum err scoring_year_published(struct step *st, const struct rec_row_score_result *r,
                                const struct rec_row_score_result *before)
{
    const struct scheme *s = policy_scheme_at(st->policy, r->scheme, r->first);
    struct year_changed *changed;
    uint32_t n;
    (void)before;
    if (!s) return ERR_OK;
    if (s->period != SCORE_PERIOD_month) return year_totals(st, r);
    enum err e = year_distribution(st, s, r, &changed, &n);
    bool regraded = false;
    for (uint32_t i = 0; e == ERR_OK && i < n; i++) {
        regraded |= str_eq(changed[i].now.person, r->person);
        scoring_result_tell(st, "SCO-027", &changed[i].now);
        e = scoring_pay_published(st, &changed[i].now, NULL);
        if (e == ERR_OK) e = follow(st, s, &changed[i].now);
    }
    return e != ERR_OK || regraded ? e : follow(st, s, r);
}

static const struct paper *const papers[] = {&scoring_track_paper, NULL};

enum err scoring_year_fact(struct step *st, const void *payload)
{
    if (st->type->kind == EV_scoring_bonus_points_added) return year_bonus_added(st, payload);
    if (st->type->kind == EV_scoring_check_recorded) return year_check_recorded(st, payload);
    const struct paper *p = paper_of(papers, st->type->kind);
    if (!p) return ERR_STALE;
    enum err e = paper_fact(st, p, payload);
    bool dropped = st->type->kind == EV_scoring_separation_dropped;
    return e == ERR_OK && dropped ? year_track_decided(st, payload) : e;
}

enum err scoring_year_heard(struct step *st, const void *payload)
{
    if (st->type->kind == EV_conduct_confirmed) return year_plus(st, payload);
    if (st->type->kind != EV_scoring_acknowledged) return ERR_OK;
    enum err e = year_track_acknowledged(st, payload);
    return e == ERR_OK ? keep_sheet(st, payload) : e;
}

enum err scoring_year_passed(struct step *st, const struct passed *what)
{
    return what->is_due && str_is(what->name, "scoring.dqnj_year") ? year_assessment_late(st, what)
                                                                   : ERR_OK;
}
