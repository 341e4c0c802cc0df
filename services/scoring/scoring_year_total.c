/* scoring_year_total.c - the year's total of checks, months and year-end assessment 年終考評, and
 * who is 優秀員工 by it; the bonus points of awards and the plus of a quarter (SCO-013 … SCO-015,
 * SCO-062).
 *
 * The total is reckoned when the year-end assessment is published, and again whenever a part of it
 * changes; without one of its parts it is told what is missing. */
#include "common/contract.h"
#include "services/scoring/scoring_year.h"
#include <string.h>

/* ---- awards ---- */

#define POINT_PARTS 10000 /* a counted ratio is in 1/10000 */

static enum err refuse_points(struct step *st, struct frac least, struct frac most)
{
    char from[FRAC_TEXT_MAX], to[FRAC_TEXT_MAX];
    frac_text(least, 0, from);
    frac_text(most, 0, to);
    return step_refuse(st, "points", "points", "points are a decimal number from %s to %s", from,
                       to);
}

/* The day said, or that of the event; refused where it is before all periods. */
static enum err day_of_event(struct step *st, struct str unit, int32_t said, int32_t *out)
{
    *out = said ? said : step_day(st, unit);
    if (*out >= YEAR_DAY_MIN) return ERR_OK;
    return step_refuse(st, "day", "day", "the day must be one from 1971 on");
}

/* The person and the scheme he is assessed by on a day. */
static enum err assessed(struct step *st, struct str who, int32_t said, struct rec_row_person *p,
                         int32_t *day, const struct scheme **s)
{
    struct str post;
    enum err e = scoring_person(st, who, "person", p);
    if (e == ERR_OK) e = day_of_event(st, p->unit, said, day);
    if (e == ERR_OK) e = scoring_scheme_of(st, who, *day, s, &post);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "scheme", "person",
                       "%.*s is assessed by no scheme on that day; send scoring.scheme_assigned",
                       STR_ARG(who));
}

enum err year_bonus_added(struct step *st, const struct ev_scoring_bonus_points_added *ev)
{
    struct rec_row_person p;
    const struct scheme *s;
    int32_t day;
    int64_t parts;
    struct frac points;
    bool range = false;
    enum err e = assessed(st, ev->person, ev->day, &p, &day, &s);
    if (e != ERR_OK) return e;
    const struct score_adjust *a = scheme_adjust(s, s->year.bonus);
    if (!s->year.bonus.n || !a) {
        return step_refuse(st, "scheme", "person", "%.*s takes no bonus points for awards",
                           STR_ARG(s->id));
    }
    bool number = frac_parse(ev->points, &points);
    if (!number || frac_cmp(points, a->least) < 0 || frac_cmp(points, a->most) > 0)
        return refuse_points(st, a->least, a->most);
    struct frac scaled = frac_mul(points, FRAC_INT(POINT_PARTS), &range);
    if (!frac_floor(scaled, 0, &parts) || frac_cmp(scaled, FRAC_INT(parts)) != 0)
        return step_refuse(st, "points", "points", "points have at most 4 decimals");
    struct scoring_count c = {.fact = s->year.counts,
                              .person = ev->person,
                              .unit = p.unit,
                              .ref = arena_printf(st->arena, "%u/%.*s/%.*s", (unsigned)ev->person.n,
                                                  STR_ARG(ev->person), STR_ARG(ev->award)),
                              .day = day,
                              .amount = parts};
    return scoring_count(st, &c);
}

/* ---- plus five (SCO-062) ---- */

static enum err count_plus(struct step *st, const struct scheme *s, struct str person, int32_t day)
{
    char quarter[11];
    int32_t first = scoring_period(SCORE_PERIOD_quarter, day);
    day_format(first, quarter);
    struct scoring_count c = {.fact = s->year.plus,
                              .person = person,
                              .ref = arena_printf(st->arena, "%.*s/%s", STR_ARG(person), quarter),
                              .day = day,
                              .amount = 1};
    return scoring_count(st, &c);
}

/* A single-item award 單項獎, or a merit record 記功 that makes enough of them, in the quarter of
 * its day; once a quarter. */
enum err year_plus(struct step *st, const struct ev_conduct_confirmed *ev)
{
    const struct scheme *s;
    struct str post;
    struct scoring_marks now;
    struct rec_row_score_plus row = {0};
    int y, m, d;
    if (ev->day < YEAR_DAY_MIN) return ERR_OK;
    day_split(ev->day, &y, &m, &d);
    struct key k = key_of(ev->person);
    key_day(&k, scoring_period(SCORE_PERIOD_year, ev->day));
    enum err e = scoring_scheme_of(st, ev->person, ev->day, &s, &post);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && !s->year.plus.n)) return ERR_OK;
    if (e == ERR_OK) e = scoring_marks(st, ev->person, y, &now);
    if (e != ERR_OK) return e;
    e = step_get(st, SCORING_TABLE(PLUS), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    uint64_t each = s->year.plus_merits;
    bool enough = each && now.merit / each > row.merits / each, award = now.award > row.awards;
    row = (struct rec_row_score_plus){.awards = now.award, .merits = now.merit};
    step_put(st, SCORING_TABLE(PLUS), &k, &row);
    return enough || award ? count_plus(st, s, ev->person, ev->day) : ERR_OK;
}

/* ---- the parts of the total (SCO-013) ---- */

/* A check that is stored in this very step. */
struct check_at {
    struct key key;
    struct frac points;
    int32_t day;
    enum score_check kind;
};
struct sum {
    struct frac of;
    int64_t n;
    bool range;
};
struct parts {
    struct year_person p;
    int32_t first;
    struct sum checks, spot;
    const struct check_at *now; /* NULL = none */
};

static void add(struct parts *x, enum score_check kind, int32_t day, struct frac points)
{
    struct sum *s = kind == score_check_spot ? &x->spot : &x->checks;
    if (day < x->first || day >= day_add_months(x->first, 12)) return;
    s->of = frac_add(s->of, points, &s->range);
    s->n++;
}

static struct frac mean_of(struct sum *s)
{
    return frac_div(s->of, FRAC_INT(s->n), &s->range);
}

static struct key check_key(struct str person, struct str scheme, int32_t day,
                            enum score_check kind)
{
    struct key k = key_of(person);
    key_str(&k, scheme);
    key_day(&k, day);
    key_u8(&k, (uint8_t)kind);
    return k;
}

static enum err read_checks(struct step *st, struct parts *x)
{
    struct key prefix = key_of(x->p.person), at = {.n = 0};
    struct rec_row_score_check row;
    enum err e;
    key_str(&prefix, x->p.s->id);
    x->checks.of = x->spot.of = FRAC_INT(0);
    while ((e = step_next(st, SCORING_TABLE(CHECK), &prefix, &at, &row)) == ERR_OK) {
        const struct check_at *now = x->now;
        bool replaced = now && now->key.n == at.n && memcmp(now->key.b, at.b, at.n) == 0;
        if (!replaced && row.kind)
            add(x, row.kind, row.day, (struct frac){row.points_num, row.points_den});
    }
    if (x->now) add(x, x->now->kind, x->now->day, x->now->points);
    return e == ERR_END ? ERR_OK : e;
}

#define PARTS 4u
struct part {
    const char *name;
    struct frac share, value;
};

/* The total; no value, and what is missing, when a part that has a share has none. */
static struct frac total_of(struct step *st, const struct part *v, size_t n, struct str *missing)
{
    struct frac_part sum[PARTS];
    size_t count = 0;
    bool range = false;
    REQUIRE(n <= PARTS);
    *missing = (struct str){0};
    for (size_t i = 0; i < n; i++) {
        if (v[i].share.num == 0) continue;
        sum[count++] = (struct frac_part){v[i].share, v[i].value};
        if (frac_has(v[i].value)) continue;
        *missing = arena_printf(st->arena, "%.*s%s%s", STR_ARG(*missing), missing->n ? ", " : "",
                                v[i].name);
    }
    return frac_weigh(sum, count, &range);
}

static void incomplete(struct step *st, const struct parts *x, struct rec_row_score_year *row,
                       struct str missing)
{
    if (missing.n && !str_eq(row->missing, missing)) {
        struct ev_scoring_year_incomplete ev = {.person = x->p.person,
                                                .scheme = x->p.s->id,
                                                .first = x->first,
                                                .missing = missing,
                                                .unit = x->p.unit};
        step_emit_as(st, "SCO-013", EV_scoring_year_incomplete, &ev);
    }
    row->missing = missing;
}

/* SCO-015: strictly above, by the exact value. */
static void name_excellent(struct step *st, const struct parts *x, struct rec_row_score_year *row,
                           struct frac total)
{
    struct frac above = x->p.s->year.mix.excellent_above;
    bool is = frac_has(above) && frac_cmp(total, above) > 0;
    bool was = row->excellent == yes_no_yes;
    row->excellent = is ? yes_no_yes : yes_no_none;
    if (was && !is) year_withdraw(st, "SCO-015", &x->p, score_consequence_excellent, x->first);
    if (was || !is) return;
    struct ev_scoring_excellent_employee_named ev = {.person = x->p.person,
                                                     .scheme = x->p.s->id,
                                                     .first = x->first,
                                                     .score_num = total.num,
                                                     .score_den = total.den,
                                                     .score = scoring_score_text(st, total),
                                                     .unit = x->p.unit};
    step_emit_as(st, "SCO-015", EV_scoring_excellent_employee_named, &ev);
}

static enum err publish_total(struct step *st, const struct parts *x, struct frac total)
{
    struct rec_row_score_result r = {.person = x->p.person,
                                     .scheme = x->p.s->year.mix.as,
                                     .first = x->first,
                                     .unit = x->p.unit,
                                     .post = x->p.post,
                                     .score_num = total.num,
                                     .score_den = total.den};
    bool published;
    return total.num < 0 ? ERR_OK : year_publish(st, "SCO-013", &r, &published);
}

/* x->p and x->first are set; end: the year-end assessment. */
static enum err reckon_total(struct step *st, struct parts *x, struct frac end)
{
    const struct score_mix *mix = &x->p.s->year.mix;
    struct key k = year_key(x->p.person, x->p.s->id, x->first);
    const struct year_month *m;
    uint32_t n = year_within(&x->p, SCORE_PERIOD_year, x->first, &m);
    struct rec_row_score_year row;
    struct str missing;
    enum err e = read_checks(st, x);
    if (e == ERR_OK) e = year_row(st, &k, &row);
    if (e != ERR_OK) return e;
    const struct part parts[] = {{"checks", mix->checks, mean_of(&x->checks)},
                                 {"months", mix->months, year_mean(m, n)},
                                 {"year_end", mix->year_end, end},
                                 {"spot", mix->spot, mean_of(&x->spot)}};
    struct frac total = total_of(st, parts, COUNT_OF(parts), &missing);
    incomplete(st, x, &row, missing);
    if (frac_has(total)) name_excellent(st, x, &row, total);
    step_put(st, SCORING_TABLE(YEAR), &k, &row);
    return frac_has(total) ? publish_total(st, x, total) : ERR_OK;
}

/* With the year-end assessment, or where late, without it. */
static enum err total_for(struct step *st, const struct scheme *s,
                          const struct rec_row_score_result *at_hand, int32_t day,
                          const struct check_at *now, bool late)
{
    struct parts x = {.first = scoring_period(SCORE_PERIOD_year, day), .now = now};
    struct key k = year_key(at_hand->person, s->year.mix.assessment, x.first);
    struct rec_row_score_result end = {0}, month = *at_hand;
    if (x.first < YEAR_DAY_MIN) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(RESULT), &k, &end);
    if (e == ERR_NOT_FOUND && late) e = ERR_OK;
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (!str_eq(at_hand->scheme, s->id)) month.first = 0;
    e = year_months(st, s, &month, &x.p);
    return e == ERR_OK ? reckon_total(st, &x, (struct frac){end.score_num, end.score_den}) : e;
}

enum err year_totals(struct step *st, const struct rec_row_score_result *r)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < st->policy->scheme_count; i++) {
        const struct scheme *s = &st->policy->schemes[i];
        if (!s->year.mix.assessment.n || s->effective_until) continue;
        bool part = str_eq(r->scheme, s->id) || str_eq(r->scheme, s->year.mix.assessment);
        if (part) e = total_for(st, s, r, r->first, NULL, false);
    }
    return e;
}

/* ---- checks ---- */

enum err year_check_recorded(struct step *st, const struct ev_scoring_check_recorded *ev)
{
    struct rec_row_person p;
    const struct scheme *s;
    struct check_at now = {.kind = ev->kind};
    enum err e = assessed(st, ev->person, ev->day, &p, &now.day, &s);
    if (e != ERR_OK) return e;
    if (!s->year.mix.assessment.n) {
        return step_refuse(st, "scheme", "person",
                           "%.*s has no checks, its year is not made of them", STR_ARG(s->id));
    }
    bool number = frac_parse(ev->points, &now.points);
    if (!number || now.points.num < 0 || frac_cmp(now.points, s->total) > 0)
        return refuse_points(st, FRAC_INT(0), s->total);
    now.key = check_key(ev->person, s->id, now.day, ev->kind);
    struct rec_row_score_check row = {.day = now.day,
                                      .kind = ev->kind,
                                      .points_num = now.points.num,
                                      .points_den = now.points.den,
                                      .by = ev->by,
                                      .reason = ev->reason};
    struct rec_row_score_result none = {.person = ev->person, .unit = p.unit};
    step_put(st, SCORING_TABLE(CHECK), &now.key, &row);
    return total_for(st, s, &none, now.day, &now, false);
}

/* ---- the year-end assessment is late ---- */

/* Who had a result in a month of the unit. */
static enum err late_month(struct step *st, const struct scheme *s, struct str unit, int32_t month)
{
    struct key prefix = key_of(s->id), at = {.n = 0};
    struct rec_row_score_place row;
    enum err e;
    key_day(&prefix, month);
    key_str(&prefix, unit);
    while ((e = step_next(st, SCORING_TABLE(PLACE), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader left = {{at.b + prefix.n, at.n - prefix.n}};
        struct rec_row_score_result none = {.unit = unit};
        e = key_take_str(&left, &none.person);
        if (e != ERR_OK) return e;
        none.person = arena_str(st->arena, none.person);
        e = total_for(st, s, &none, month, NULL, true);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* The clock is that of a unit's round: "round/C1/dqnj_year_end/2024-01-01". */
enum err year_assessment_late(struct step *st, const struct passed *what)
{
    int32_t first;
    enum err e = ERR_OK;
    struct str day = what->case_no;
    if (day.n < 10) return ERR_OK;
    day = (struct str){day.p + day.n - 10, 10};
    if (day_parse(day, &first) != ERR_OK) return ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < st->policy->scheme_count; i++) {
        const struct scheme *s = &st->policy->schemes[i];
        struct str of = arena_printf(st->arena, "round/%.*s/%.*s/%.*s", STR_ARG(what->unit),
                                     STR_ARG(s->year.mix.assessment), STR_ARG(day));
        if (!s->year.mix.assessment.n || s->effective_until) continue;
        if (!str_eq(of, what->case_no)) continue;
        for (int m = 0; e == ERR_OK && m < 12; m++)
            e = late_month(st, s, what->unit, day_add_months(first, m));
    }
    return e;
}
