/* scoring_reckon_property_test.c - random sheets of every scheme that is delivered, and of one that
 * is not: the order of the entries does not matter, no item, score or pay leaves its bounds, the
 * grade is that of the score, and who is given more points never has a lower score (SCO-006,
 * SCO-011, SCO-026, SCO-050, SCO-055). */
#include "tests/unit/scoring_sheet_rows.h"

#define SETS 2
#define ROUNDS 400
#define ENTRIES_MAX 48
static const char *const sets[SETS] = {"deploy/policy/general",
                                       "tests/unit/data/policy-scoring-new"};

static uint64_t seed = 20260322;

static uint32_t below(uint32_t n)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(seed >> 33) % n;
}

struct random_sheet {
    char texts[ENTRIES_MAX][24];
    struct rec_score_line lines[ENTRIES_MAX];
    uint32_t n;
    struct frac *facts;
};

/* A decimal of 0 … most with up to 3 decimals, as text. */
static struct str random_points(struct random_sheet *x, struct frac most)
{
    char *text = x->texts[x->n];
    int64_t thousandths = 0;
    assert_true(frac_floor(most, 3, &thousandths));
    int64_t v = thousandths ? (int64_t)below((uint32_t)thousandths + 1) : 0;
    if (below(4) == 0) v = v / 1000 * 1000;
    snprintf(text, sizeof x->texts[0], "%d.%03d", (int)(v / 1000), (int)(v % 1000));
    return str_of(text);
}

static struct rec_score_line *add(struct random_sheet *x, struct str item)
{
    struct rec_score_line *line = &x->lines[x->n];
    *line = (struct rec_score_line){.item = item, .reason = STR("why"), .at = 1 + (int)below(5)};
    return line;
}

static void random_value(struct random_sheet *x, const struct score_item *item,
                         struct rec_score_line *line)
{
    bool words = item->entry == SCORE_ENTRY_option ||
                 (item->entry == SCORE_ENTRY_deduct && item->option_count);
    if (words)
        line->word = item->options[below(item->option_count)].word;
    else if (item->entry != SCORE_ENTRY_actual)
        line->points = random_points(x, item->cap);
    else if (item->actual == FORMULA_count)
        snprintf(x->texts[x->n], sizeof x->texts[0], "%u", below(9)),
            line->actual = str_of(x->texts[x->n]);
    else
        line->actual =
            random_points(x, item->actual == FORMULA_money ? FRAC_INT(60000) : FRAC_INT(2));
}

static void random_entries(struct random_sheet *x, const struct scheme *s)
{
    for (uint32_t i = 0; i < s->item_count; i++) {
        const struct score_item *item = &s->items[i];
        if (item->placeholder || item->entry == SCORE_ENTRY_facts) continue;
        uint32_t n = item->entry == SCORE_ENTRY_deduct ? below(3) : 1 + below(2);
        for (; n > 0 && x->n < ENTRIES_MAX; n--) {
            struct rec_score_line *line = add(x, item->id);
            if (s->rater_count && item->entry != SCORE_ENTRY_deduct)
                line->rater = s->raters[below(s->rater_count)].id;
            random_value(x, item, line);
            x->n++;
        }
    }
    for (uint32_t i = 0; i < s->adjust_count && x->n < ENTRIES_MAX; i++) {
        const struct score_adjust *a = &s->adjusts[i];
        if (a->points || below(2)) continue;
        struct rec_score_line *line = add(x, a->id);
        line->points = random_points(x, a->most);
        x->n++;
    }
}

static void random_facts(struct random_sheet *x, const struct policy *p)
{
    for (uint32_t i = 0; i < p->score_fact_count; i++)
        x->facts[i] = below(9) ? (struct frac){(int64_t)below(40), 1} : FRAC_NONE;
}

/* Every entry is one the scheme takes; a share of deductions may be 0, taken back. */
static void check_taken(const struct scheme *s, const struct random_sheet *x)
{
    for (uint32_t i = 0; i < x->n; i++) {
        struct fault why = {0};
        const struct score_adjust *a = scheme_adjust(s, x->lines[i].item);
        struct frac points = FRAC_NONE;
        if (a && frac_parse(x->lines[i].points, &points) && frac_cmp(points, a->least) < 0)
            continue;
        if (reckon_check_line(s, &x->lines[i], &why) != ERR_OK)
            fail_msg("%.*s: %s", STR_ARG(x->lines[i].item), why.text);
    }
}

static bool same(struct frac a, struct frac b)
{
    if (!frac_has(a) || !frac_has(b)) return frac_has(a) == frac_has(b);
    return frac_cmp(a, b) == 0;
}

static bool within(struct frac v, struct frac most)
{
    if (!frac_has(v)) return true;
    return v.num >= 0 && (!frac_has(most) || frac_cmp(v, most) <= 0);
}

static void check_bounds(const struct scheme *s, const struct reckoned *r)
{
    struct frac most = FRAC_INT(0);
    bool range = false;
    assert_false(r->range);
    for (uint32_t i = 0; i < r->item_count; i++) {
        const struct score_item *item = r->items[i].item;
        assert_true(within(r->items[i].award, item->cap));
        most = frac_add(most, frac_mul(item->cap, item->weight, &range), &range);
    }
    if (s->missing == SCORE_MISSING_scale && frac_cmp(r->visible, s->total) < 0)
        most = frac_mul(most, frac_div(s->total, r->visible, &range), &range);
    most = frac_add(most, r->bonuses, &range);
    assert_false(range);
    assert_true(within(r->score, s->cut));
    if (frac_has(most)) assert_true(within(r->score, most));
    for (uint32_t i = 0; i < r->pay_count; i++)
        assert_true(within(r->pay[i].yuan, FRAC_NONE));
}

static void check_grade(const struct scheme *s, const struct reckoned *r)
{
    if (!frac_has(r->score) || s->grade_count == 0) {
        assert_null(r->grade);
        return;
    }
    assert_non_null(r->grade);
    if (frac_has(r->grade->from)) assert_true(frac_cmp(r->score, r->grade->from) >= 0);
    if (r->grade == s->grades) {
        assert_null(r->next);
        return;
    }
    assert_ptr_equal(r->next, r->grade - 1);
    assert_true(frac_cmp(r->score, r->next->from) <= 0);
    bool range = false;
    assert_true(same(frac_add(r->score, r->to_next, &range), r->next->from));
}

static void check_order(const struct reckon_input *in, const struct reckoned *before)
{
    static struct reckoned after;
    struct rec_score_line lines[ENTRIES_MAX];
    struct reckon_input other = *in;
    memcpy(lines, in->lines, in->line_count * sizeof *lines);
    for (uint32_t i = in->line_count; i > 1; i--) {
        uint32_t k = below(i);
        struct rec_score_line line = lines[k];
        lines[k] = lines[i - 1], lines[i - 1] = line;
    }
    other.lines = lines;
    reckon(&other, &after);
    assert_true(same(after.score, before->score));
    assert_ptr_equal(after.grade, before->grade);
    for (uint32_t i = 0; i < before->pay_count; i++)
        assert_true(same(after.pay[i].yuan, before->pay[i].yuan));
}

/* One entry by points, raised to the most: an award raises the score or leaves it, a deduction
 * lowers it or leaves it. */
static void check_monotone(const struct reckon_input *in, const struct reckoned *before)
{
    static struct reckoned after;
    struct rec_score_line lines[ENTRIES_MAX];
    struct reckon_input other = *in;
    char most[FRAC_TEXT_MAX];
    if (!in->line_count || !frac_has(before->score)) return;
    memcpy(lines, in->lines, in->line_count * sizeof *lines);
    struct rec_score_line *line = &lines[below(in->line_count)];
    const struct score_item *item = scheme_item(in->scheme, line->item);
    const struct score_adjust *a = item ? NULL : scheme_adjust(in->scheme, line->item);
    if (!line->points.n) return;
    bool down = item ? item->entry == SCORE_ENTRY_deduct : !a->bonus;
    if (a && a->judged) return; /* an entry takes the place of a counted fact */
    frac_text(item ? item->cap : a->most, 3, most);
    line->points = str_of(most);
    other.lines = lines;
    reckon(&other, &after);
    int order = frac_cmp(after.score, before->score);
    assert_true(down ? order <= 0 : order >= 0);
}

static void check_sheet(const struct policy *p, const struct scheme *s, struct random_sheet *x)
{
    static struct reckoned r;
    struct str post = {0};
    if (s->post_count) post = s->posts[below(s->post_count)].post;
    x->n = 0;
    random_entries(x, s);
    random_facts(x, p);
    check_taken(s, x);
    const struct reckon_input in = {
        .scheme = s, .post = post, .lines = x->lines, .line_count = x->n, .facts = x->facts};
    reckon(&in, &r);
    check_bounds(s, &r);
    check_grade(s, &r);
    check_order(&in, &r);
    check_monotone(&in, &r);
}

static void SCO_050_random_sheets(void **state)
{
    (void)state;
    static struct random_sheet x;
    for (size_t k = 0; k < SETS; k++) {
        struct policy *p = policy_of(sets[k]);
        x.facts = calloc(p->score_fact_count, sizeof *x.facts);
        assert_non_null(x.facts);
        for (uint32_t i = 0; i < p->scheme_count; i++) {
            for (uint32_t round = 0; round < ROUNDS; round++)
                check_sheet(p, &p->schemes[i], &x);
        }
        free(x.facts);
        policy_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(SCO_050_random_sheets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
