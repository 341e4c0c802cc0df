/* policy_scoring_names.c - what the formulas of a scheme may speak of, and the formulas themselves,
 * compiled and typed when the set is loaded (scoring_names.h). A name is known to all formulas of a
 * scheme, so that a place means one thing; that no formula speaks of what is reckoned after it is
 * checked on what it uses. */
#include "common/policy_schema.h"
#include <string.h>

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

bool policy_scoring_is_name(struct str id)
{
    static const char *const language[] = {
        "if",    "then",   "else",  "and",   "or",      "not",          "min",
        "max",   "clamp",  "ratio", "yuan",  "or_else", "points",       "point",
        "count", "actual", "score", "total", "passed",  "quarter_share"};
    bool fits = id.n > 0 && is_small(id.p[0]);
    for (uint32_t i = 0; fits && i < id.n; i++)
        fits = is_small(id.p[i]) || id.p[i] == '_' || (id.p[i] >= '0' && id.p[i] <= '9');
    for (size_t i = 0; fits && i < COUNT_OF(language); i++)
        fits = !str_is(id, language[i]);
    return fits;
}

/* ---- names ---- */

static bool is_known(const struct policy_scheme_make *m, uint32_t n, struct str id)
{
    for (uint32_t i = 0; i < n; i++) {
        if (str_eq(m->names[i].name, id)) return true;
    }
    return false;
}

static void add(struct policy_scheme_make *m, uint32_t *n, struct str id, enum formula_type type)
{
    m->names[(*n)++] = (struct formula_name){id, type};
}

/* A name of the scheme's own, which must be new. */
static void add_own(struct policy_scheme_make *m, uint32_t *n, const char *list, uint32_t row,
                    struct formula_name name)
{
    const char *key = str_eq(str_of(list), STR("values")) ? "name" : "id";
    if (!policy_scoring_is_name(name.name))
        policy_scheme_fault(m, list, row, key, POLICY_NAME_TEXT, STR_ARG(name.name));
    else if (is_known(m, *n, name.name))
        policy_scheme_fault(m, list, row, key,
                            "%.*s is a fact, an item, a value or a figure already; take another "
                            "name",
                            STR_ARG(name.name));
    add(m, n, name.name, name.type);
}

static void add_values(struct policy_scheme_make *m, uint32_t *n)
{
    const struct scheme *s = m->s;
    for (uint32_t i = 0; i < s->value_count; i++) {
        const struct score_value *v = &s->values[i];
        bool before = false;
        for (uint32_t j = 0; j < i; j++)
            before = before || str_eq(s->values[j].name, v->name);
        if (!before) add_own(m, n, "values", i, (struct formula_name){v->name, v->type});
    }
}

static void add_lists(struct policy_scheme_make *m, uint32_t *n)
{
    const struct raw_scheme *raw = m->raw;
    m->s->at.items = *n;
    for (uint32_t i = 0; i < raw->items.n; i++)
        add_own(m, n, "items", i, (struct formula_name){raw->items.v[i].i.id, FORMULA_points});
    m->s->at.values = *n;
    add_values(m, n);
    m->s->at.figures = *n;
    for (uint32_t i = 0; i < raw->figures.n; i++)
        add_own(m, n, "figures", i,
                (struct formula_name){raw->figures.v[i].f.id, raw->figures.v[i].f.type});
    m->s->at.pay = *n;
    for (uint32_t i = 0; i < raw->pay.n; i++)
        add_own(m, n, "pay", i, (struct formula_name){raw->pay.v[i].p.id, FORMULA_money});
    m->s->at.n = *n;
}

/* An entry names an item, a deduction or a bonus by its id alone. */
static void check_adjusts(struct policy_scheme_make *m)
{
    const struct scheme *s = m->s;
    for (uint32_t i = 0; i < s->adjust_count; i++) {
        const struct score_adjust *a = &s->adjusts[i];
        bool taken = scheme_item(s, a->id) || scheme_adjust(s, a->id) != a;
        uint32_t row = a->bonus ? i - m->raw->deductions.n : i;
        if (taken)
            policy_scheme_fault(m, a->bonus ? "bonuses" : "deductions", row, "id",
                                "%.*s stands twice; an entry could mean either", STR_ARG(a->id));
    }
}

void policy_scheme_names(struct policy_scheme_make *m)
{
    const struct policy_list *facts = &m->b->lists[PART_score_facts];
    const struct raw_scheme *raw = m->raw;
    uint32_t n = 0, most = SCORING_NAME_FIXED + facts->n + raw->items.n + m->s->value_count +
                           raw->figures.n + raw->pay.n;
    m->names = arena_take(m->b->arena, most * sizeof *m->names);
    add(m, &n, STR("actual"), FORMULA_none);
    add(m, &n, STR("score"), FORMULA_points);
    add(m, &n, STR("total"), FORMULA_points);
    add(m, &n, STR("passed"), FORMULA_truth);
    add(m, &n, STR("quarter_share"), FORMULA_ratio);
    m->s->at.facts = n;
    for (uint32_t i = 0; i < facts->n; i++) {
        const struct score_fact *f = (const struct score_fact *)facts->v + i;
        add(m, &n, f->id, f->type);
    }
    add_lists(m, &n);
    check_adjusts(m);
    struct formula_names *names = arena_take(m->b->arena, sizeof *names);
    *names = (struct formula_names){m->names, n};
    m->s->names = names;
    if (n > SCORING_NAMES_MAX)
        policy_scheme_fault(m, NULL, 0, "id", "speaks of %u facts, items and values; at most %u", n,
                            SCORING_NAMES_MAX);
}

/* ---- formulas ---- */

/* Which names a formula may use: those before `until`, and of those of the sheet which. */
struct formula_wish {
    const char *list, *key;
    uint32_t row, until;
    struct str text;
    enum formula_type type;
    bool actual, score, passed;
};

/* The values of the post's class stand behind the items, but are known before them. */
static bool may_use(const struct scoring_places *at, const struct formula_wish *w, uint32_t place)
{
    if (place == SCORING_NAME_actual) return w->actual;
    if (place == SCORING_NAME_score) return w->score;
    if (place == SCORING_NAME_passed) return w->passed;
    return place < w->until || (place >= at->values && place < at->figures);
}

static const struct formula *compile(struct policy_scheme_make *m, const struct formula_wish *w)
{
    const struct formula *f = NULL;
    struct fault why = {0};
    if (formula_compile(w->text, m->s->names, w->type, m->b->arena, &f, &why) != ERR_OK) {
        policy_scheme_fault(m, w->list, w->row, w->key, "%s", why.text);
        return NULL;
    }
    struct formula_uses uses = formula_uses(f);
    for (uint32_t i = 0; i < uses.n; i++) {
        if (may_use(&m->s->at, w, uses.v[i])) continue;
        policy_scheme_fault(m, w->list, w->row, w->key,
                            "%.*s is not known here, it is reckoned later%s",
                            STR_ARG(m->s->names->v[uses.v[i]].name),
                            uses.v[i] == SCORING_NAME_actual ? ", or not entered at all" : "");
    }
    return f;
}

/* `actual` is the figure that was entered, or the points. */
static void compile_items(struct policy_scheme_make *m, struct score_item *items)
{
    for (uint32_t i = 0; i < m->s->item_count; i++) {
        const struct raw_item *raw = &m->raw->items.v[i];
        if (raw->award.n == 0) continue;
        bool figure = items[i].entry == SCORE_ENTRY_actual;
        m->names[SCORING_NAME_actual].type = figure ? items[i].actual : FORMULA_points;
        items[i].award =
            compile(m, &(struct formula_wish){.list = "items",
                                              .row = i,
                                              .key = "award",
                                              .text = raw->award,
                                              .type = FORMULA_points,
                                              .actual = items[i].entry != SCORE_ENTRY_facts,
                                              .until = m->s->at.items + i});
    }
    m->names[SCORING_NAME_actual].type = FORMULA_none;
}

/* SCO-048: an entry names the fact it judges by the value of its ref. */
static void check_judged(struct policy_scheme_make *m, const struct formula_wish *w,
                         const struct formula *judged)
{
    const struct score_fact *facts = m->b->lists[PART_score_facts].v;
    struct formula_uses uses = judged ? formula_uses(judged) : (struct formula_uses){0};
    for (uint32_t i = 0; i < uses.n; i++) {
        if (uses.v[i] < m->s->at.facts || uses.v[i] >= m->s->at.items) continue;
        const struct score_fact *f = &facts[uses.v[i] - m->s->at.facts];
        if (f->person.n && f->ref.n == 1) continue;
        policy_scheme_fault(m, w->list, w->row, w->key,
                            "%.*s cannot be named by an entry; take facts of a person with one "
                            "field as ref",
                            STR_ARG(f->id));
    }
}

static void compile_adjusts(struct policy_scheme_make *m, struct score_adjust *adjusts)
{
    uint32_t deductions = m->raw->deductions.n;
    for (uint32_t i = 0; i < m->s->adjust_count; i++) {
        bool bonus = i >= deductions;
        struct formula_wish w = {.list = bonus ? "bonuses" : "deductions",
                                 .row = bonus ? i - deductions : i,
                                 .until = m->s->at.figures};
        const struct raw_adjust *raw =
            bonus ? &m->raw->bonuses.v[w.row] : &m->raw->deductions.v[w.row];
        w.key = "points", w.text = raw->points, w.type = FORMULA_points;
        if (raw->points.n) adjusts[i].points = compile(m, &w);
        w.key = "judged", w.text = raw->judged, w.type = FORMULA_count;
        if (!raw->judged.n) continue;
        adjusts[i].judged = compile(m, &w);
        check_judged(m, &w, adjusts[i].judged);
    }
}

static void compile_pay(struct policy_scheme_make *m)
{
    const struct raw_scheme *raw = m->raw;
    struct score_figure *figures = arena_take(m->b->arena, (raw->figures.n + 1) * sizeof *figures);
    struct score_pay *pay = arena_take(m->b->arena, (raw->pay.n + 1) * sizeof *pay);
    struct formula_wish w = {.score = true, .passed = true};
    for (uint32_t i = 0; i < raw->figures.n; i++) {
        w.list = "figures", w.key = "value", w.row = i, w.until = m->s->at.figures + i;
        w.text = raw->figures.v[i].value, w.type = raw->figures.v[i].f.type;
        figures[i] = raw->figures.v[i].f;
        figures[i].value = compile(m, &w);
    }
    for (uint32_t i = 0; i < raw->pay.n; i++) {
        w.list = "pay", w.key = "amount", w.row = i, w.until = m->s->at.pay + i;
        w.text = raw->pay.v[i].amount, w.type = FORMULA_money;
        pay[i] = raw->pay.v[i].p;
        pay[i].amount = compile(m, &w);
    }
    m->s->figures = figures, m->s->figure_count = raw->figures.n;
    m->s->pay = pay, m->s->pay_count = raw->pay.n;
}

void policy_scheme_formulas(struct policy_scheme_make *m)
{
    compile_items(m, (struct score_item *)m->s->items);
    compile_adjusts(m, (struct score_adjust *)m->s->adjusts);
    if (m->raw->passes.n)
        m->s->passes = compile(m, &(struct formula_wish){.key = "passes",
                                                         .text = m->raw->passes,
                                                         .type = FORMULA_truth,
                                                         .score = true,
                                                         .until = m->s->at.figures});
    compile_pay(m);
}
