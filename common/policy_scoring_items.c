/* policy_scoring_items.c - items, raters, deductions, bonuses and grades of a scheme: all of it
 * that needs no formula (SCO-006, SCO-007, SCO-011, SCO-014, SCO-026, SCO-055, SCO-056). */
#include "common/policy_schema.h"
#include <string.h>

/* ---- items ---- */

static const char *const level_words[] = {"優", "良", "中", "差"};

static void make_levels(struct policy_scheme_make *m, struct score_item *item)
{
    struct frac own[4];
    const struct frac *levels = m->b->policy->scoring.quality_levels;
    if (m->raw->quality_levels.n && policy_scoring_levels(m->raw->quality_levels, own))
        levels = own;
    struct score_option *o = arena_take(m->b->arena, COUNT_OF(level_words) * sizeof *o);
    bool range = false;
    for (uint32_t i = 0; i < COUNT_OF(level_words); i++) {
        o[i].word = str_of(level_words[i]);
        o[i].points = frac_mul(levels[i], item->max, &range);
    }
    item->options = o, item->option_count = COUNT_OF(level_words);
}

/* Words and their points, each once and none above `most`. */
static const struct score_option *make_options(struct policy_scheme_make *m, const char *list,
                                               uint32_t row, const struct raw_option *raw,
                                               uint32_t n, struct frac most)
{
    struct score_option *o = arena_take(m->b->arena, (n + 1) * sizeof *o);
    for (uint32_t k = 0; k < n; k++) {
        o[k].word = raw[k].word;
        if (policy_scheme_number(m, list, row, "options", raw[k].points, &o[k].points) &&
            frac_cmp(o[k].points, most) > 0)
            policy_scheme_fault(m, list, row, "options", "%.*s has more points than the maximum",
                                STR_ARG(o[k].word));
        for (uint32_t before = 0; before < k; before++) {
            if (!str_eq(o[before].word, o[k].word)) continue;
            policy_scheme_fault(m, list, row, "options", "%.*s stands twice; keep one",
                                STR_ARG(o[k].word));
            break;
        }
    }
    return o;
}

static void check_entry(struct policy_scheme_make *m, uint32_t i, const struct score_item *item)
{
    const struct raw_item *raw = &m->raw->items.v[i];
    bool actual = item->entry == SCORE_ENTRY_actual;
    bool formula = actual || item->entry == SCORE_ENTRY_facts;
    bool options = item->entry == SCORE_ENTRY_option || item->entry == SCORE_ENTRY_deduct;
    bool may = item->entry == SCORE_ENTRY_points || item->entry == SCORE_ENTRY_deduct;
    if ((formula && raw->award.n == 0) || (raw->award.n && !formula && !may))
        policy_scheme_fault(m, "items", i, "award",
                            "entries actual and facts have a formula award; points and deduct may, "
                            "of the points entered");
    if (actual != (item->actual != FORMULA_none))
        policy_scheme_fault(m, "items", i, "actual",
                            "entry actual says what is entered: ratio, money, count or points");
    if (raw->option.n && !options)
        policy_scheme_fault(m, "items", i, "options", "only entries option and deduct have words");
    if (item->placeholder && item->entry != SCORE_ENTRY_points)
        policy_scheme_fault(m, "items", i, "placeholder",
                            "a lost row takes no score; give it no entry, or entry: points");
}

static void make_item(struct policy_scheme_make *m, uint32_t i, struct score_item *item)
{
    const struct raw_item *raw = &m->raw->items.v[i];
    *item = raw->i;
    if (policy_scheme_number(m, "items", i, "max", raw->max, &item->max) && item->max.num == 0)
        policy_scheme_fault(m, "items", i, "max", "must be more than 0 points");
    item->cap = item->max;
    if (raw->cap.n && policy_scheme_number(m, "items", i, "cap", raw->cap, &item->cap) &&
        frac_cmp(item->cap, item->max) < 0)
        policy_scheme_fault(m, "items", i, "cap", "must not be below the maximum of the item");
    item->weight = FRAC_INT(1);
    if (raw->weight.n &&
        policy_scheme_number(m, "items", i, "weight", raw->weight, &item->weight) &&
        item->weight.num == 0)
        policy_scheme_fault(m, "items", i, "weight", "must be more than 0");
    if (raw->option.n) {
        item->options = make_options(m, "items", i, raw->option.v, raw->option.n, item->max);
        item->option_count = raw->option.n;
    } else if (item->entry == SCORE_ENTRY_option) {
        make_levels(m, item);
    }
    for (uint32_t c = 0; c < item->classes.n; c++)
        policy_scheme_class(m, "items", i, "classes", item->classes.v[c]);
    check_entry(m, i, item);
}

/* What the maxima of the items of a class come to; *lost counts placeholders. */
static struct frac sum_of(const struct scheme *s, struct str class)
{
    struct frac sum = FRAC_INT(0);
    bool range = false;
    for (uint32_t i = 0; i < s->item_count; i++) {
        const struct score_item *item = &s->items[i];
        if (!score_item_of(item, class)) continue;
        sum = frac_add(sum, frac_mul(item->max, item->weight, &range), &range);
    }
    return range ? FRAC_NONE : sum;
}

/* SCO-006: maxima that do not reach the total are meant only where the scheme says what then. */
static bool sum_fits(struct policy_scheme_make *m, struct str class)
{
    struct frac sum = sum_of(m->s, class);
    char shown[FRAC_TEXT_MAX], total[FRAC_TEXT_MAX];
    int order = frac_has(sum) ? frac_cmp(sum, m->s->total) : 1;
    if (order == 0 || (order < 0 && sum.num > 0 && m->raw->missing != RAW_MISSING_none))
        return true;
    frac_text(sum, 2, shown);
    frac_text(m->s->total, 2, total);
    policy_scheme_fault(m, NULL, 0, "items",
                        "the maxima come to %s of %s points%s%.*s; mend them%s", shown, total,
                        class.n ? " for " : "", STR_ARG(class),
                        order < 0 ? ", or say missing_items for rows that are lost" : "");
    return false;
}

static void check_sums(struct policy_scheme_make *m)
{
    const struct scheme *s = m->s;
    if (s->post_count == 0) (void)sum_fits(m, (struct str){0});
    for (uint32_t i = 0; i < s->post_count; i++) {
        bool before = false;
        for (uint32_t j = 0; j < i; j++)
            before = before || str_eq(s->posts[i].class, s->posts[j].class);
        if (!before && !sum_fits(m, s->posts[i].class)) return;
    }
}

void policy_scheme_items(struct policy_scheme_make *m)
{
    uint32_t n = m->raw->items.n;
    struct score_item *v = arena_take(m->b->arena, n * sizeof *v);
    struct frac own[4];
    if (m->raw->quality_levels.n && !policy_scoring_levels(m->raw->quality_levels, own))
        policy_scheme_fault(m, NULL, 0, "quality_levels", "%s", POLICY_LEVELS_TEXT);
    for (uint32_t i = 0; i < n; i++)
        make_item(m, i, &v[i]);
    m->s->items = v, m->s->item_count = n;
    check_sums(m);
}

/* ---- raters ---- */

void policy_scheme_raters(struct policy_scheme_make *m)
{
    uint32_t n = m->raw->raters.n;
    struct score_rater *v = arena_take(m->b->arena, (n + 1) * sizeof *v);
    struct frac sum = FRAC_INT(0);
    bool range = false;
    for (uint32_t i = 0; i < n; i++) {
        v[i] = m->raw->raters.v[i].r;
        (void)policy_scheme_number(m, "raters", i, "weight", m->raw->raters.v[i].weight,
                                   &v[i].weight);
        sum = frac_add(sum, v[i].weight, &range);
        for (uint32_t j = 0; j < i; j++) {
            if (!str_eq(v[j].id, v[i].id)) continue;
            policy_scheme_fault(m, "raters", i, "id", "%.*s stands twice; keep one",
                                STR_ARG(v[i].id));
        }
    }
    m->s->raters = v, m->s->rater_count = n;
    if (n && (range || frac_cmp(sum, FRAC_INT(1)) != 0))
        policy_scheme_fault(m, NULL, 0, "raters", "the weights must come to 100%%");
}

/* ---- deductions and bonuses ---- */

static void make_adjust(struct policy_scheme_make *m, const char *list, uint32_t i,
                        const struct raw_adjust *raw, struct score_adjust *out)
{
    *out = raw->a;
    out->least = out->most = FRAC_NONE;
    bool entered = raw->points.n == 0, bounds = raw->least.n && raw->most.n;
    if ((raw->least.n > 0) != (raw->most.n > 0) || (entered && !bounds)) {
        policy_scheme_fault(m, list, i, "points",
                            "has a formula points, or is entered, with least and most");
        return;
    }
    if (!bounds) return;
    bool read = policy_scheme_number(m, list, i, "least", raw->least, &out->least) &&
                policy_scheme_number(m, list, i, "most", raw->most, &out->most);
    if (read && (out->most.num == 0 || frac_cmp(out->least, out->most) > 0))
        policy_scheme_fault(m, list, i, "most", "must be more than 0 and not below least");
    if (raw->a.times > 255) policy_scheme_fault(m, list, i, "times", "must be at most 255");
    if (raw->option.n) {
        out->options = make_options(m, list, i, raw->option.v, raw->option.n, out->most);
        out->option_count = raw->option.n;
    }
    if ((raw->judged.n > 0) != (raw->each.n > 0) || (raw->judged.n && !entered))
        policy_scheme_fault(m, list, i, "judged",
                            "what is entered for facts says how many (judged) and what one counts "
                            "that has no entry (each)");
    else if (raw->each.n)
        (void)policy_scheme_number(m, list, i, "each", raw->each, &out->each);
}

void policy_scheme_adjusts(struct policy_scheme_make *m)
{
    const struct raw_scheme *raw = m->raw;
    uint32_t n = raw->deductions.n + raw->bonuses.n;
    struct score_adjust *v = arena_take(m->b->arena, (n + 1) * sizeof *v);
    for (uint32_t i = 0; i < raw->deductions.n; i++)
        make_adjust(m, "deductions", i, &raw->deductions.v[i], &v[i]);
    for (uint32_t i = 0; i < raw->bonuses.n; i++) {
        struct score_adjust *a = &v[raw->deductions.n + i];
        make_adjust(m, "bonuses", i, &raw->bonuses.v[i], a);
        a->bonus = true;
    }
    m->s->adjusts = v, m->s->adjust_count = n;
}

/* ---- grades ---- */

void policy_scheme_grades(struct policy_scheme_make *m)
{
    uint32_t n = m->raw->grades.n;
    struct score_grade *v = arena_take(m->b->arena, (n + 1) * sizeof *v);
    for (uint32_t i = 0; i < n; i++) {
        const struct raw_grade *raw = &m->raw->grades.v[i];
        bool last = i + 1 == n;
        v[i] = raw->g;
        v[i].boundary = raw->boundary == RAW_BOUNDARY_none
                            ? m->s->boundary
                            : (enum score_boundary)(raw->boundary - RAW_BOUNDARY_lower);
        v[i].from = FRAC_NONE;
        if (last != (raw->from.n == 0)) {
            policy_scheme_fault(m, "grades", i, "from",
                                "every grade says from how many points, but the worst, the last");
            v[i].from = FRAC_INT(0);
            continue;
        }
        if (last) continue;
        bool read = policy_scheme_number(m, "grades", i, "from", raw->from, &v[i].from);
        if (read && i && frac_cmp(v[i].from, v[i - 1].from) >= 0)
            policy_scheme_fault(m, "grades", i, "from",
                                "the best grade stands first; from must be below the one before");
    }
    m->s->grades = v, m->s->grade_count = n;
}
