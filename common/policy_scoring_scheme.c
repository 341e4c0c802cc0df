/* policy_scoring_scheme.c - a scheme as written into a scheme as used: its own keys, posts and the
 * values of their classes, what it pays; then policy_scoring_items.c and policy_scoring_names.c
 * (SCO-003, SCO-020, SCO-021, SCO-028, SCO-052). */
#include "common/policy_schema.h"
#include <stdarg.h>
#include <string.h>

void policy_scheme_fault(struct policy_scheme_make *m, const char *list, uint32_t row,
                         const char *key, const char *text, ...)
{
    char said[200], path[40];
    va_list args;
    va_start(args, text);
    vsnprintf(said, sizeof said, text, args);
    va_end(args);
    if (list)
        snprintf(path, sizeof path, "%.12s[%u].%.16s", list, row, key);
    else
        snprintf(path, sizeof path, "%.32s", key);
    struct str id = m->raw->s.id;
    policy_fault_item(m->b, PART_schemes, m->at, path, "%.*s: %s", STR_ARG(id), said);
}

bool policy_scheme_number(struct policy_scheme_make *m, const char *list, uint32_t row,
                          const char *key, struct str text, struct frac *out)
{
    const struct frac most = FRAC_INT(1000000);
    bool read = policy_scoring_number(text, out) && out->num >= 0 && frac_cmp(*out, most) <= 0;
    if (!read) {
        *out = FRAC_INT(1);
        policy_scheme_fault(m, list, row, key,
                            "\"%.24s\" must be a number of 0 to 1000000, like 20, 7.5, 25%% or 1/3",
                            text.n ? text.p : "");
    }
    return read;
}

/* ---- the scheme's own keys ---- */

/* SCO-003: content and standard stay the same within a period. */
static void make_effective(struct policy_scheme_make *m)
{
    struct str text = m->raw->effective_from;
    int y, month, mday;
    if (text.n == 0) return;
    if (day_parse(text, &m->s->effective_from) != ERR_OK) {
        policy_scheme_fault(m, NULL, 0, "effective_from", "must be a day, like 2026-01-01");
        return;
    }
    day_split(m->s->effective_from, &y, &month, &mday);
    static const int months[] = {
        [SCORE_PERIOD_month] = 1, [SCORE_PERIOD_quarter] = 3, [SCORE_PERIOD_year] = 12};
    if (mday != 1 || (month - 1) % months[m->s->period] != 0)
        policy_scheme_fault(m, NULL, 0, "effective_from",
                            "a version begins on the first day of a period (SCO-003)");
}

static void make_numbers(struct policy_scheme_make *m)
{
    const struct raw_scheme *raw = m->raw;
    struct scheme *s = m->s;
    bool total = policy_scheme_number(m, NULL, 0, "total", raw->total, &s->total);
    if (total && s->total.num == 0) {
        s->total = FRAC_INT(1);
        policy_scheme_fault(m, NULL, 0, "total", "must be more than 0 points");
    }
    s->cut = FRAC_NONE;
    if (raw->cut.n && policy_scheme_number(m, NULL, 0, "cut", raw->cut, &s->cut) &&
        frac_cmp(s->cut, s->total) < 0)
        policy_scheme_fault(m, NULL, 0, "cut", "must not be below the total");
    s->wage_min = FRAC_NONE;
    if (raw->wage_min.n)
        (void)policy_scheme_number(m, NULL, 0, "wage_min", raw->wage_min, &s->wage_min);
    s->missing = raw->missing == RAW_MISSING_none
                     ? SCORE_MISSING_scale
                     : (enum score_missing)(raw->missing - RAW_MISSING_scale);
}

/* ---- posts and the values of their classes ---- */

static bool is_pattern(struct str post)
{
    for (uint32_t i = 0; i < post.n; i++) {
        if (post.p[i] == '*' && (post.n == 1 || (i > 0 && i + 1 < post.n))) return false;
    }
    return post.n < 2 || post.p[0] != '*' || post.p[post.n - 1] != '*';
}

static void make_posts(struct policy_scheme_make *m)
{
    struct scheme *s = m->s;
    s->posts = m->raw->posts.v, s->post_count = m->raw->posts.n;
    for (uint32_t i = 0; i < s->post_count; i++) {
        if (!is_pattern(s->posts[i].post))
            policy_scheme_fault(m, "posts", i, "post",
                                "a * stands at the beginning or the end, for all that is there");
        for (uint32_t j = 0; j < i; j++) {
            if (!str_eq(s->posts[i].post, s->posts[j].post)) continue;
            policy_scheme_fault(m, "posts", i, "post", "%.*s has its class already; keep one",
                                STR_ARG(s->posts[i].post));
            break;
        }
    }
}

static bool is_class(const struct scheme *s, struct str class)
{
    for (uint32_t i = 0; i < s->post_count; i++) {
        if (str_eq(s->posts[i].class, class)) return true;
    }
    return false;
}

void policy_scheme_class(struct policy_scheme_make *m, const char *list, uint32_t row,
                         const char *key, struct str class)
{
    if (is_class(m->s, class)) return;
    policy_scheme_fault(m, list, row, key, "%.*s is no class of its posts", STR_ARG(class));
}

/* "2000 yuan", "30%", "5 points", "3": the type is the one it is written in. */
static void make_value(struct policy_scheme_make *m, uint32_t i, struct score_value *out)
{
    static const enum formula_type types[] = {FORMULA_money, FORMULA_ratio, FORMULA_points,
                                              FORMULA_count};
    const struct raw_value *raw = &m->raw->values.v[i];
    const struct formula_names none = {0};
    struct fault why = {0};
    bool range = false;
    *out = raw->v;
    policy_scheme_class(m, "values", i, "class", out->class);
    for (size_t t = 0; t < COUNT_OF(types); t++) {
        const struct formula *f = NULL;
        if (formula_compile(raw->value, &none, types[t], m->b->arena, &f, &why) != ERR_OK) continue;
        out->type = types[t];
        out->value = formula_value(f, NULL, &range);
        return;
    }
    out->type = FORMULA_money;
    policy_scheme_fault(m, "values", i, "value",
                        "\"%.24s\" must be a value, like 2000.00 yuan, 30%%, 5 points or 3",
                        raw->value.p);
}

static void make_values(struct policy_scheme_make *m)
{
    uint32_t n = m->raw->values.n;
    struct score_value *v = arena_take(m->b->arena, (n + 1) * sizeof *v);
    for (uint32_t i = 0; i < n; i++) {
        make_value(m, i, &v[i]);
        for (uint32_t j = 0; j < i; j++) {
            if (!str_eq(v[i].name, v[j].name)) continue;
            if (v[i].type != v[j].type)
                policy_scheme_fault(m, "values", i, "value", "%.*s is %s here and %s before",
                                    STR_ARG(v[i].name), formula_type_name(v[i].type),
                                    formula_type_name(v[j].type));
            if (str_eq(v[i].class, v[j].class))
                policy_scheme_fault(m, "values", i, "name", "%.*s has a value already; keep one",
                                    STR_ARG(v[i].name));
            break;
        }
    }
    m->s->values = v, m->s->value_count = n;
}

/* ---- the whole ---- */

void policy_scoring_scheme(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at)
{
    struct policy_scheme_make m = {.b = b, .raw = raw, .s = out, .at = at};
    *m.s = m.raw->s;
    make_effective(&m);
    make_numbers(&m);
    make_posts(&m);
    make_values(&m);
    policy_scheme_items(&m);
    policy_scheme_raters(&m);
    policy_scheme_adjusts(&m);
    policy_scheme_grades(&m);
    policy_scheme_names(&m);
    policy_scheme_formulas(&m);
    /* sheet */
    policy_scheme_sheet(&m);
    /* year */
    policy_scheme_year(&m);
    /* pay */
}
