/* scoring_year_quota.c - forced distribution 強制分布: grades of a unit's month against the quotas
 * (SCO-027). Reported after the last sheet of the unit's month is published; in the modes force and
 * cap the results whose grade goes by rank are published again with it. */
#include "common/contract.h"
#include "services/scoring/scoring_year.h"

struct month_at {
    struct step *st;
    const struct scheme *s;
    const struct rec_row_score_result *r;
    struct year_place *v;
    uint32_t n, room;
};

static struct key month_key(const struct scheme *s, const struct rec_row_score_result *r)
{
    struct key k = key_of(s->id);
    key_day(&k, r->first);
    key_str(&k, r->unit);
    return k;
}

static struct key place_key(const struct scheme *s, const struct rec_row_score_result *r,
                            struct str person)
{
    struct key k = month_key(s, r);
    key_str(&k, person);
    return k;
}

/* The result at hand takes its place; *complete: was it the last one of the unit's month? */
static enum err take_place(struct step *st, const struct scheme *s,
                           const struct rec_row_score_result *r, bool *complete)
{
    const struct score_grade *band = reckon_grade(s, (struct frac){r->score_num, r->score_den});
    struct rec_row_score_place row, before;
    struct rec_row_score_distribution d = {0};
    struct rec_row_score_round round = {0};
    struct key k = month_key(s, r), at = place_key(s, r, r->person), of = key_of(r->unit);
    key_str(&of, s->id);
    key_day(&of, r->first);
    enum err e = step_get(st, SCORING_TABLE(DISTRIBUTION), &k, &d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    e = step_get(st, SCORING_TABLE(PLACE), &at, &before);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    row = (struct rec_row_score_place){.score_num = r->score_num,
                                       .score_den = r->score_den,
                                       .grade = band ? band->grade : (struct str){0},
                                       .given = r->grade};
    step_put(st, SCORING_TABLE(PLACE), &at, &row);
    if (e == ERR_NOT_FOUND) d.n++;
    step_put(st, SCORING_TABLE(DISTRIBUTION), &k, &d);
    e = step_get(st, SCORING_TABLE(ROUND), &of, &round);
    *complete = e == ERR_OK && d.n >= round.sheets;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void add(struct month_at *x, struct str person, const struct rec_row_score_place *row)
{
    if (row->score_den <= 0 || x->n == x->room) return;
    x->v[x->n++] = (struct year_place){.person = person,
                                       .score = {row->score_num, row->score_den},
                                       .band = year_rank(x->s, row->grade)};
}

static enum err read_places(struct month_at *x, uint64_t n)
{
    struct key prefix = month_key(x->s, x->r), at = {.n = 0};
    struct rec_row_score_place row;
    x->room = (uint32_t)n;
    x->v = arena_take(x->st->arena, (n + 1) * sizeof *x->v);
    enum err e;
    while ((e = step_next(x->st, SCORING_TABLE(PLACE), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader left = {{at.b + prefix.n, at.n - prefix.n}};
        struct str person;
        e = key_take_str(&left, &person);
        if (e != ERR_OK) return e;
        if (!str_eq(person, x->r->person)) add(x, arena_str(x->st->arena, person), &row);
    }
    if (e != ERR_END) return e;
    struct key k = place_key(x->s, x->r, x->r->person);
    e = step_get(x->st, SCORING_TABLE(PLACE), &k, &row);
    if (e == ERR_OK) add(x, x->r->person, &row);
    return e;
}

/* Its sheet has the new revision, to be told and signed again (SCO-004). Where nothing is under way
 * it is published anew, and one may appeal against it (SCO-038). */
static enum err regrade_sheet(struct step *st, const struct rec_row_score_result *r)
{
    const uint32_t told = IN(score_sheet_state_published) | IN(score_sheet_state_acknowledged) |
                          IN(score_sheet_state_archived);
    struct rec_row_score_sheet sheet;
    enum err e = scoring_sheet_get(st, r->person, r->scheme, r->first, &sheet);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    sheet.revision = r->revision;
    sheet.grade = r->grade;
    sheet.signed_employee = sheet.signed_manager = (struct str){0};
    sheet.interviewed_on = 0;
    sheet.acknowledged_at = sheet.archived_at = 0;
    if (told & IN(sheet.state)) {
        sheet.state = score_sheet_state_published;
        sheet.appeal = 0;
        e = scoring_appeal_open(st, &sheet, step_occurred(st));
    }
    if (e == ERR_OK) scoring_sheet_put(st, &sheet);
    return e;
}

/* Publishes the result again, with the grade of its rank. */
static enum err regrade(struct month_at *x, const struct year_place *p, struct year_changed *out,
                        bool *changed)
{
    const struct score_grade *g = &x->s->grades[p->given];
    struct key k = place_key(x->s, x->r, p->person),
               of = year_key(p->person, x->s->id, x->r->first);
    struct rec_row_score_place place;
    *changed = false;
    enum err e = step_get(x->st, SCORING_TABLE(PLACE), &k, &place);
    if (e != ERR_OK || str_eq(place.given, g->grade)) return e;
    e = step_get(x->st, SCORING_TABLE(RESULT), &of, &out->before);
    if (e != ERR_OK) return e;
    out->now = out->before;
    out->now.grade = g->grade, out->now.label = g->label;
    out->now.revision += out->now.revision < UINT8_MAX;
    out->now.published_at = step_occurred(x->st);
    place.given = g->grade;
    step_put(x->st, SCORING_TABLE(PLACE), &k, &place);
    step_put(x->st, SCORING_TABLE(RESULT), &of, &out->now);
    *changed = true;
    return regrade_sheet(x->st, &out->now);
}

static bool same_lines(const struct rec_row_score_distribution *d,
                       const struct rec_distribution_line *v, uint32_t n)
{
    bool same = d->lines.n == n;
    for (uint32_t i = 0; same && i < n; i++) {
        const struct rec_distribution_line *was = &d->lines.v[i];
        same = str_eq(was->grade, v[i].grade) && was->quota == v[i].quota &&
               was->actual == v[i].actual;
    }
    return same;
}

static struct str percent(struct step *st, struct frac share)
{
    char text[FRAC_TEXT_MAX];
    bool range = false;
    frac_text(frac_mul(share, FRAC_INT(100), &range), 2, text);
    return arena_str(st->arena, str_of(text));
}

static enum err report(struct month_at *x, bool by_band)
{
    const struct scheme_year *y = &x->s->year;
    uint64_t quota[SCORE_QUOTAS_MAX];
    struct rec_distribution_line *v = arena_take(x->st->arena, SCORE_QUOTAS_MAX * sizeof *v);
    struct rec_row_score_distribution d;
    struct key k = month_key(x->s, x->r);
    enum err e = step_get(x->st, SCORING_TABLE(DISTRIBUTION), &k, &d);
    if (e != ERR_OK) return e;
    year_quotas(y->quotas, y->quota_count, x->n, quota);
    for (uint32_t g = 0; g < y->quota_count; g++) {
        v[g] = (struct rec_distribution_line){.grade = y->quotas[g].grade,
                                              .share = percent(x->st, y->quotas[g].share),
                                              .quota = quota[g]};
        for (uint32_t i = 0; i < x->n; i++)
            v[g].actual += x->v[i].given == g;
        v[g].deviation = (int64_t)v[g].actual - (int64_t)quota[g];
    }
    if (same_lines(&d, v, y->quota_count)) return ERR_OK;
    d.lines.v = v, d.lines.n = y->quota_count;
    step_put(x->st, SCORING_TABLE(DISTRIBUTION), &k, &d);
    struct ev_scoring_distribution_reported ev = {.unit = x->r->unit,
                                                  .scheme = x->s->id,
                                                  .month = x->r->first,
                                                  .n = x->n,
                                                  .mode = by_band ? distribution_mode_report
                                                                  : y->distribution,
                                                  .lines = {v, y->quota_count}};
    step_emit_as(x->st, "SCO-027", EV_scoring_distribution_reported, &ev);
    return ERR_OK;
}

enum err year_distribution(struct step *st, const struct scheme *s,
                           const struct rec_row_score_result *r, struct year_changed **out,
                           uint32_t *n)
{
    const struct scheme_year *y = &s->year;
    struct month_at x = {.st = st, .s = s, .r = r};
    struct rec_row_score_distribution d;
    struct key k = month_key(s, r);
    bool complete = false;
    *n = 0, *out = NULL;
    if (r->score_den <= 0) return ERR_OK;
    enum err e = take_place(st, s, r, &complete);
    if (e != ERR_OK || !complete || y->quota_count == 0) return e;
    e = step_get(st, SCORING_TABLE(DISTRIBUTION), &k, &d);
    if (e == ERR_OK) e = read_places(&x, d.n);
    if (e != ERR_OK || x.n == 0) return e;
    year_grades(y, x.v, x.n);
    bool by_band = x.n < y->distribution_min || y->distribution == distribution_mode_report;
    *out = arena_take(st->arena, x.n * sizeof **out);
    for (uint32_t i = 0; e == ERR_OK && !by_band && i < x.n; i++) {
        bool changed;
        e = regrade(&x, &x.v[i], *out + *n, &changed);
        if (e == ERR_OK) *n += changed;
    }
    return e == ERR_OK ? report(&x, by_band) : e;
}
