/* reckon_check.c - which entries a scheme takes: its own items and words, points within their
 * bounds, raters, evidence (SCO-006, SCO-007, SCO-011, SCO-014, SCO-046, SCO-048, SCO-055,
 * SCO-057). */
#include "common/nearest.h"
#include "services/scoring/reckon_private.h"

#define FIGURE_MAX INT64_C(1000000000000)

struct check {
    const struct scheme *s;
    const struct rec_score_line *line;
    struct fault *why;
};

bool reckon_actual(enum formula_type type, struct str text, struct frac *out)
{
    bool range = false, rate = text.n > 1 && text.p[text.n - 1] == '%';
    struct frac v;
    if (rate && type != FORMULA_ratio) return false;
    if (rate) text.n--;
    if (!frac_parse(text, &v) || v.num < 0) return false;
    if (type == FORMULA_count && v.den != 1) return false;
    if (frac_cmp(v, FRAC_INT(FIGURE_MAX)) > 0) return false;
    if (rate) v = frac_div(v, FRAC_INT(100), &range);
    *out = v;
    return !range;
}

/* ---- an entry for an item ---- */

/* The words it could have been: "優, 良, 中, 差". */
static enum err fault_word(const struct check *c, struct str id, const struct score_option *o,
                           uint32_t n)
{
    char words[120] = "none; leave it out";
    for (uint32_t i = 0, used = 0; i < n && used + o[i].word.n + 3 < sizeof words; i++)
        used += (uint32_t)snprintf(words + used, sizeof words - used, "%s%.*s", i ? ", " : "",
                                   STR_ARG(o[i].word));
    return fault_set(c->why, "SCO-007", "word", "word", "%.*s is scored with one of: %s",
                     STR_ARG(id), words);
}

static enum err check_word(const struct check *c, const struct score_item *item,
                           struct frac *points)
{
    for (uint32_t i = 0; i < item->option_count; i++) {
        if (!str_eq(item->options[i].word, c->line->word)) continue;
        *points = item->options[i].points;
        return ERR_OK;
    }
    return fault_word(c, item->id, item->options, item->option_count);
}

static enum err check_points(const struct check *c, const struct score_item *item,
                             struct frac *points)
{
    char most[FRAC_TEXT_MAX];
    frac_text(item->cap, 2, most);
    if (frac_parse(c->line->points, points) && points->num >= 0 &&
        frac_cmp(*points, item->cap) <= 0)
        return ERR_OK;
    return fault_set(c->why, "SCO-011", "points", "points",
                     "%.*s takes 0 to %s points, as a decimal number", STR_ARG(item->id), most);
}

static enum err check_actual(const struct check *c, const struct score_item *item)
{
    static const char *const shapes[] = {[FORMULA_none] = "nothing",
                                         [FORMULA_points] = "points, like 12.5",
                                         [FORMULA_money] = "yuan, like 25510.50",
                                         [FORMULA_ratio] = "a rate, like 88% or 0.88",
                                         [FORMULA_count] = "a whole number",
                                         [FORMULA_truth] = "nothing"};
    struct frac v;
    if (reckon_actual(item->actual, c->line->actual, &v)) return ERR_OK;
    return fault_set(c->why, "SCO-058", "actual", "actual", "the figure of %.*s is %s, not below 0",
                     STR_ARG(item->id), shapes[item->actual]);
}

/* SCO-055 */
static enum err check_rater(const struct check *c)
{
    const struct scheme *s = c->s;
    if (s->rater_count == 0 && c->line->rater.n == 0) return ERR_OK;
    for (uint32_t i = 0; i < s->rater_count; i++) {
        if (str_eq(s->raters[i].id, c->line->rater)) return ERR_OK;
    }
    char list[100] = "nobody; leave it out";
    for (uint32_t i = 0, n = 0; i < s->rater_count && n < sizeof list; i++)
        n += (uint32_t)snprintf(list + n, sizeof list - n, "%s%.*s", i ? ", " : "",
                                STR_ARG(s->raters[i].id));
    return fault_set(c->why, "SCO-055", "rater", "rater", "those who rate by %.*s are %s",
                     STR_ARG(s->id), list);
}

static enum err needs_reason(const struct check *c, const char *why)
{
    if (c->line->reason.n) return ERR_OK;
    return fault_set(c->why, c->s->evidence ? "SCO-057" : "SCO-012", "reason", "reason",
                     "%.*s needs its reason, %s", STR_ARG(c->line->item), why);
}

static enum err check_deduction(const struct check *c, const struct score_item *item)
{
    struct frac points = FRAC_INT(0);
    enum err e = item->option_count && c->line->word.n ? check_word(c, item, &points)
                                                       : check_points(c, item, &points);
    if (e == ERR_OK && item->option_count && c->line->word.n == 0) e = check_word(c, item, &points);
    if (e != ERR_OK || points.num == 0) return e; /* 0: the deduction is taken back */
    return needs_reason(c, "for which the points are deducted");
}

static enum err check_judged(const struct check *c, const struct score_item *item)
{
    struct frac points = FRAC_INT(0);
    enum err e = check_rater(c);
    if (e != ERR_OK) return e;
    e = item->entry == SCORE_ENTRY_option ? check_word(c, item, &points)
                                          : check_points(c, item, &points);
    if (e != ERR_OK || !c->s->evidence || frac_cmp(points, item->max) >= 0) return e;
    return needs_reason(c, "a score below the maximum has its evidence 評分依據");
}

static enum err check_item(const struct check *c, const struct score_item *item)
{
    if (item->placeholder)
        return fault_set(c->why, "SCO-006", "placeholder", "item",
                         "%.*s is a lost row and takes no score; score the others",
                         STR_ARG(item->id));
    switch (item->entry) {
    case SCORE_ENTRY_option:
    case SCORE_ENTRY_points:
        return check_judged(c, item);
    case SCORE_ENTRY_deduct:
        return check_deduction(c, item);
    case SCORE_ENTRY_actual: {
        enum err e = check_rater(c);
        return e == ERR_OK ? check_actual(c, item) : e;
    }
    case SCORE_ENTRY_facts:
        break;
    }
    return fault_set(c->why, "SCO-008", "counted", "item",
                     "%.*s is counted from facts; nothing is entered for it", STR_ARG(item->id));
}

/* ---- an entry for a deduction or bonus ---- */

bool reckon_adjust_points(const struct score_adjust *a, const struct rec_score_line *line,
                          struct frac *out)
{
    for (uint32_t i = 0; line->word.n && i < a->option_count; i++) {
        if (!str_eq(a->options[i].word, line->word)) continue;
        *out = a->options[i].points;
        return true;
    }
    return line->word.n == 0 && frac_parse(line->points, out) && out->num >= 0;
}

static enum err check_adjust(const struct check *c, const struct score_adjust *a)
{
    struct frac points;
    char least[FRAC_TEXT_MAX], most[FRAC_TEXT_MAX];
    if (a->points)
        return fault_set(c->why, "SCO-008", "counted", "item",
                         "%.*s is counted from facts; nothing is entered for it", STR_ARG(a->id));
    bool read = reckon_adjust_points(a, c->line, &points);
    bool back = read && points.num == 0; /* taken back */
    if (back || (read && frac_cmp(points, a->least) >= 0 && frac_cmp(points, a->most) <= 0))
        return ERR_OK;
    frac_text(a->least, 2, least);
    frac_text(a->most, 2, most);
    if (c->line->word.n) return fault_word(c, a->id, a->options, a->option_count);
    return fault_set(c->why, "SCO-048", "points", "points", "%.*s takes %s to %s points each",
                     STR_ARG(a->id), least, most);
}

/* ---- the whole ---- */

static enum err unknown(const struct check *c)
{
    struct nearest near = nearest_begin(c->line->item);
    for (uint32_t i = 0; i < c->s->item_count; i++)
        nearest_offer(&near, c->s->items[i].id);
    for (uint32_t i = 0; i < c->s->adjust_count; i++)
        nearest_offer(&near, c->s->adjusts[i].id);
    char hint[NEAREST_HINT_MAX];
    nearest_hint(&near, hint);
    return fault_set(c->why, "SCO-008", "unknown", "item",
                     "%.*s is no item, deduction or bonus of %.*s%s", STR_ARG(c->line->item),
                     STR_ARG(c->s->id), hint);
}

enum err reckon_check_line(const struct scheme *s, const struct rec_score_line *line,
                           struct fault *why)
{
    const struct check c = {s, line, why};
    const struct score_item *item = scheme_item(s, line->item);
    const struct score_adjust *adjust = item ? NULL : scheme_adjust(s, line->item);
    if (item) return check_item(&c, item);
    return adjust ? check_adjust(&c, adjust) : unknown(&c);
}

enum err reckon_check_times(const struct scheme *s, const struct rec_score_line *lines, uint32_t n,
                            struct fault *why)
{
    for (uint32_t i = 0; i < s->adjust_count; i++) {
        const struct score_adjust *a = &s->adjusts[i];
        uint32_t times = 0;
        struct frac points;
        for (uint32_t k = 0; k < n; k++) {
            bool counts =
                str_eq(lines[k].item, a->id) && reckon_adjust_points(a, &lines[k], &points);
            times += counts && points.num > 0;
        }
        if (!a->times || times <= a->times) continue;
        return fault_set(why, "SCO-049", "times", "item",
                         "%.*s is given at most %u times in a period", STR_ARG(a->id), a->times);
    }
    return ERR_OK;
}
