/* reckon.c - a score sheet made into a score: items, then the sum scaled where rows are lost, then
 * deductions and bonuses, the grade, what is paid (SCO-006, SCO-011, SCO-012, SCO-026, SCO-040 …
 * SCO-063). Which entries a scheme takes: reckon_check.c.
 *
 * All of it is exact; what is shown is rounded elsewhere. The order of the entries does not matter:
 * of two for the same thing the later counts, of two at once the lower. */
#include "services/scoring/reckon.h"
#include "common/contract.h"
#include "services/scoring/reckon_private.h"
#include <string.h>

struct work {
    const struct reckon_input *in;
    const struct scheme *s;
    struct reckoned *out;
    struct str class;
    struct frac values[SCORING_NAMES_MAX]; /* scoring_names.h */
};

static struct frac limited(struct frac v, struct frac most)
{
    if (!frac_has(v)) return v;
    if (v.num < 0) return FRAC_INT(0);
    return frac_has(most) && frac_cmp(v, most) > 0 ? most : v;
}

/* ---- values of the post's class ---- */

static void set_values(struct work *w)
{
    const struct scheme *s = w->s;
    for (uint32_t i = 0; i < s->value_count; i++) {
        const struct score_value *v = &s->values[i];
        if (!str_eq(v->class, w->class)) continue;
        for (uint32_t place = s->at.values; place < s->at.figures; place++) {
            if (str_eq(s->names->v[place].name, v->name)) w->values[place] = v->value;
        }
    }
}

/* ---- items ---- */

/* Points an entry gives to its item; no value: it says nothing. */
static struct frac points_of(struct work *w, const struct score_item *item,
                             const struct rec_score_line *line)
{
    struct frac v = FRAC_NONE;
    if (item->entry == SCORE_ENTRY_actual) {
        if (!item->award || !reckon_actual(item->actual, line->actual, &v)) return FRAC_NONE;
        w->values[SCORING_NAME_actual] = v;
        v = formula_value(item->award, w->values, &w->out->range);
        w->values[SCORING_NAME_actual] = FRAC_NONE;
        return v;
    }
    for (uint32_t i = 0; line->word.n && i < item->option_count; i++) {
        if (str_eq(item->options[i].word, line->word)) return item->options[i].points;
    }
    return frac_parse(line->points, &v) ? v : FRAC_NONE;
}

/* What counts of two entries for the same: the later one, of two at once the lower. */
struct pick {
    struct frac points;
    int64_t at;
};

static void pick(struct pick *best, struct frac points, int64_t at)
{
    if (!frac_has(points)) return;
    bool later = !frac_has(best->points) || at > best->at;
    if (later || (at == best->at && frac_cmp(points, best->points) < 0))
        *best = (struct pick){points, at};
}

static struct frac rated(struct work *w, const struct score_item *item, struct str rater)
{
    struct pick best = {.points = FRAC_NONE};
    for (uint32_t i = 0; i < w->in->line_count; i++) {
        const struct rec_score_line *line = &w->in->lines[i];
        if (!str_eq(line->item, item->id) || !str_eq(line->rater, rater)) continue;
        pick(&best, limited(points_of(w, item, line), item->cap), line->at);
    }
    return best.points;
}

/* SCO-055: the weighted mean of those who rated. */
static struct frac rated_by_all(struct work *w, const struct score_item *item)
{
    struct frac sum = FRAC_INT(0), weights = FRAC_INT(0);
    bool *range = &w->out->range;
    for (uint32_t i = 0; i < w->s->rater_count; i++) {
        const struct score_rater *r = &w->s->raters[i];
        struct frac points = rated(w, item, r->id);
        if (!frac_has(points)) continue;
        sum = frac_add(sum, frac_mul(points, r->weight, range), range);
        weights = frac_add(weights, r->weight, range);
    }
    return frac_div(sum, weights, range);
}

/* SCO-012: from the maximum down. */
static struct frac deducted(struct work *w, const struct score_item *item)
{
    struct frac rest = item->max;
    bool *range = &w->out->range;
    for (uint32_t i = 0; i < w->in->line_count; i++) {
        const struct rec_score_line *line = &w->in->lines[i];
        if (!str_eq(line->item, item->id)) continue;
        struct frac points = points_of(w, item, line);
        if (frac_has(points) && points.num > 0) rest = frac_sub(rest, points, range);
    }
    return rest;
}

/* What is made of the points that were entered, e.g. with a share of the customers' (SCO-070). */
static struct frac remade(struct work *w, const struct score_item *item, struct frac points)
{
    if (!item->award || !frac_has(points)) return points;
    w->values[SCORING_NAME_actual] = limited(points, item->cap);
    points = formula_value(item->award, w->values, &w->out->range);
    w->values[SCORING_NAME_actual] = FRAC_NONE;
    return points;
}

static struct frac award_of(struct work *w, const struct score_item *item)
{
    struct frac award = FRAC_NONE;
    switch (item->entry) {
    case SCORE_ENTRY_option:
    case SCORE_ENTRY_points:
    case SCORE_ENTRY_actual:
        award = w->s->rater_count ? rated_by_all(w, item) : rated(w, item, (struct str){0});
        if (item->entry == SCORE_ENTRY_points) award = remade(w, item, award);
        break;
    case SCORE_ENTRY_deduct:
        award = remade(w, item, deducted(w, item));
        break;
    case SCORE_ENTRY_facts:
        if (item->award) award = formula_value(item->award, w->values, &w->out->range);
        break;
    }
    return limited(award, item->cap);
}

/* All of them present: their sum stands in out->awarded; otherwise it has no value. */
static void reckon_items(struct work *w)
{
    struct reckoned *out = w->out;
    out->awarded = out->visible = FRAC_INT(0);
    for (uint32_t i = 0; i < w->s->item_count; i++) {
        const struct score_item *item = &w->s->items[i];
        if (item->placeholder || !score_item_of(item, w->class)) continue;
        struct frac award = award_of(w, item);
        w->values[w->s->at.items + i] = award;
        out->items[out->item_count++] = (struct reckoned_item){item, award};
        out->awarded =
            frac_add(out->awarded, frac_mul(award, item->weight, &out->range), &out->range);
        out->visible =
            frac_add(out->visible, frac_mul(item->max, item->weight, &out->range), &out->range);
    }
}

/* SCO-006 */
static struct frac whole_sum(const struct work *w)
{
    struct reckoned *out = w->out;
    if (!frac_has(out->visible) || out->visible.num == 0) return FRAC_NONE;
    if (frac_cmp(out->visible, w->s->total) >= 0) return out->awarded;
    struct frac scale = frac_div(w->s->total, out->visible, &out->range);
    switch (w->s->missing) {
    case SCORE_MISSING_scale:
        return frac_mul(out->awarded, scale, &out->range);
    case SCORE_MISSING_as_is:
        return out->awarded;
    case SCORE_MISSING_placeholder:
        break; /* until its rows are there, it has no score */
    }
    return FRAC_NONE;
}

/* ---- deductions and bonuses ---- */

/* The facts nobody has judged yet, at what one counts by itself (SCO-048). */
static struct frac unjudged(struct work *w, const struct score_adjust *a, uint32_t judged)
{
    bool *range = &w->out->range;
    if (!a->judged) return FRAC_INT(0);
    struct frac n = formula_value(a->judged, w->values, range);
    return frac_mul(limited(frac_sub(n, FRAC_INT(judged), range), FRAC_NONE), a->each, range);
}

/* Is it about one of the facts that are to be judged? */
static bool judges(const struct work *w, const struct score_adjust *a,
                   const struct rec_score_line *line)
{
    struct formula_uses uses = formula_uses(a->judged);
    for (uint32_t i = 0; i < w->in->case_count; i++) {
        const struct reckon_case *c = &w->in->cases[i];
        for (uint32_t k = 0; k < uses.n && str_eq(c->no, line->event); k++) {
            if (uses.v[k] == w->s->at.facts + c->fact) return true;
        }
    }
    return false;
}

static struct frac entered(struct work *w, const struct score_adjust *a)
{
    struct frac sum = FRAC_INT(0), most = FRAC_NONE, points;
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->in->line_count; i++) {
        const struct rec_score_line *line = &w->in->lines[i];
        if (!str_eq(line->item, a->id) || !reckon_adjust_points(a, line, &points)) continue;
        if (points.num == 0 || (a->judged && !judges(w, a, line))) continue; /* taken back */
        sum = frac_add(sum, limited(points, a->most), &w->out->range);
        n++;
    }
    if (a->times) most = frac_mul(a->most, FRAC_INT(a->times), &w->out->range);
    return frac_add(limited(sum, most), unjudged(w, a, n), &w->out->range);
}

static void reckon_adjusts(struct work *w)
{
    struct reckoned *out = w->out;
    out->deductions = out->bonuses = FRAC_INT(0);
    for (uint32_t i = 0; i < w->s->adjust_count; i++) {
        const struct score_adjust *a = &w->s->adjusts[i];
        struct frac points =
            a->points ? limited(formula_value(a->points, w->values, &out->range), FRAC_NONE)
                      : entered(w, a);
        out->adjusts[out->adjust_count++] = (struct reckoned_adjust){a, points};
        struct frac *sum = a->bonus ? &out->bonuses : &out->deductions;
        *sum = frac_add(*sum, points, &out->range);
    }
}

/* ---- score, grade, pay ---- */

static bool reaches(const struct score_grade *g, struct frac score)
{
    if (!frac_has(g->from)) return true;
    int order = frac_cmp(score, g->from);
    return g->boundary == SCORE_BOUNDARY_upper ? order >= 0 : order > 0;
}

const struct score_grade *reckon_grade(const struct scheme *s, struct frac score)
{
    if (!frac_has(score)) return NULL;
    for (uint32_t i = 0; i < s->grade_count; i++) {
        if (reaches(&s->grades[i], score)) return &s->grades[i];
    }
    return NULL;
}

static void set_grade(struct work *w)
{
    struct reckoned *out = w->out;
    out->to_next = FRAC_NONE;
    out->grade = reckon_grade(w->s, out->score);
    if (!out->grade || out->grade == w->s->grades) return;
    out->next = out->grade - 1;
    out->to_next = frac_sub(out->next->from, out->score, &out->range);
}

/* A sheet without a mark to pass is passed once it has a score. */
static void set_passed(struct work *w)
{
    struct frac truth = FRAC_INT(1);
    struct reckoned *out = w->out;
    if (w->s->passes) truth = formula_value(w->s->passes, w->values, &out->range);
    out->judged = frac_has(out->score) && frac_has(truth);
    out->passed = out->judged && truth.num > 0;
    w->values[SCORING_NAME_passed] = out->judged ? FRAC_INT(out->passed) : FRAC_NONE;
}

/* The values of the class the pay goes by. */
static void set_pay_class(struct work *w, struct str post)
{
    w->class = scheme_class(w->s, post);
    for (uint32_t place = w->s->at.values; place < w->s->at.figures; place++)
        w->values[place] = FRAC_NONE;
    set_values(w);
}

static void reckon_pay(struct work *w)
{
    struct reckoned *out = w->out;
    const struct scheme *s = w->s;
    for (uint32_t i = 0; i < s->figure_count; i++) {
        struct frac v = formula_value(s->figures[i].value, w->values, &out->range);
        w->values[s->at.figures + i] = v;
        out->figures[out->figure_count++] = (struct reckoned_figure){&s->figures[i], v};
    }
    for (uint32_t i = 0; i < s->pay_count; i++) {
        struct frac v = limited(formula_value(s->pay[i].amount, w->values, &out->range), FRAC_NONE);
        w->values[s->at.pay + i] = v;
        out->pay[out->pay_count++] = (struct reckoned_pay){&s->pay[i], v};
    }
}

static void set_score(struct work *w)
{
    struct reckoned *out = w->out;
    struct frac score = frac_sub(whole_sum(w), out->deductions, &out->range);
    score = limited(frac_add(score, out->bonuses, &out->range), w->s->cut);
    out->score = w->values[SCORING_NAME_score] = score;
}

/* What did not fit says nothing. */
static void forget(struct reckoned *out)
{
    out->score = out->to_next = FRAC_NONE;
    out->grade = out->next = NULL;
    out->passed = out->judged = false;
    for (uint32_t i = 0; i < out->pay_count; i++)
        out->pay[i].yuan = FRAC_NONE;
    for (uint32_t i = 0; i < out->figure_count; i++)
        out->figures[i].value = FRAC_NONE;
}

struct frac reckon_quarter_share(const struct policy *p, const struct scheme *s, int32_t first)
{
    const int months = 3;
    int y, m, d;
    if (s->period != SCORE_PERIOD_quarter) return FRAC_NONE;
    day_split(first, &y, &m, &d);
    return p->scoring.pay.quarter_shares[(m - 1) / months];
}

void reckon(const struct reckon_input *in, struct reckoned *out)
{
    struct work w = {.in = in, .s = in->scheme, .out = out};
    memset(out, 0, sizeof *out);
    REQUIRE(w.s->names->n <= SCORING_NAMES_MAX); /* policy_scoring_names.c */
    w.class = scheme_class(w.s, in->post);
    w.values[SCORING_NAME_total] = w.s->total;
    w.values[SCORING_NAME_quarter_share] = in->quarter_share;
    for (uint32_t i = w.s->at.facts; in->facts && i < w.s->at.items; i++)
        w.values[i] = in->facts[i - w.s->at.facts];
    set_values(&w);
    reckon_items(&w);
    reckon_adjusts(&w);
    set_score(&w);
    set_passed(&w);
    set_grade(&w);
    if (in->pay_post.n) set_pay_class(&w, in->pay_post);
    reckon_pay(&w);
    if (out->range) forget(out);
}
