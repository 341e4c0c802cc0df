/* formula_test.c - the language of schemes: types, values, and what is said of a wrong formula. */
#include "common/formula.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

enum { LATE, ABSENT, ORDERS, REFUNDS, SCORE, TOTAL, PASSED, WAGE, SHARE, NAMES };
static const struct formula_name names_v[NAMES] = {
    [LATE] = {{"late", 4}, FORMULA_count},     [ABSENT] = {{"absent", 6}, FORMULA_count},
    [ORDERS] = {{"orders", 6}, FORMULA_count}, [REFUNDS] = {{"refunds", 7}, FORMULA_count},
    [SCORE] = {{"score", 5}, FORMULA_points},  [TOTAL] = {{"total", 5}, FORMULA_points},
    [PASSED] = {{"passed", 6}, FORMULA_truth}, [WAGE] = {{"wage", 4}, FORMULA_money},
    [SHARE] = {{"share", 5}, FORMULA_ratio}};
static const struct formula_names names = {names_v, NAMES};
static struct arena arena;

static const struct formula *compiled(const char *text, enum formula_type want)
{
    const struct formula *f = NULL;
    struct fault why = {.text = ""};
    if (formula_compile(str_of(text), &names, want, &arena, &f, &why) != ERR_OK)
        fail_msg("%s: %s", text, why.text);
    return f;
}

static void assert_value(const char *text, enum formula_type want, const struct frac *values,
                         const char *expected)
{
    char out[FRAC_TEXT_MAX];
    bool range = false;
    frac_text(formula_value(compiled(text, want), values, &range), 2, out);
    assert_false(range);
    if (strcmp(out, expected) != 0) fail_msg("%s is %s, not %s", text, out, expected);
}

#define ATTENDANCE "clamp(20 points - 5 points * late - 10 points * absent, 0 points, 20 points)"
#define REFUND                                                                                     \
    "if refunds / orders <= 5% then 30 points else if refunds / orders <= 8% then 20 points "      \
    "else if refunds / orders <= 11% then 10 points else 0 points"
#define KPI "if passed then 1000.00 yuan * (min(score, total) / total) else 0 yuan"

static void the_sheets_of_the_seeds_can_be_said(void **state)
{
    (void)state;
    struct frac v[NAMES] = {[LATE] = FRAC_INT(3), [ABSENT] = FRAC_INT(1)};
    assert_value(ATTENDANCE, FORMULA_points, v, "0.00"); /* S-05 */
    v[ABSENT] = FRAC_INT(0);
    assert_value(ATTENDANCE, FORMULA_points, v, "5.00");
    static const struct { /* S-06 */
        int64_t refunds;
        const char *points;
    } bands[] = {{500, "30.00"}, {501, "20.00"},  {800, "20.00"},
                 {801, "10.00"}, {1100, "10.00"}, {1101, "0.00"}};
    v[ORDERS] = FRAC_INT(10000);
    for (size_t i = 0; i < COUNT_OF(bands); i++) {
        v[REFUNDS] = FRAC_INT(bands[i].refunds);
        assert_value(REFUND, FORMULA_points, v, bands[i].points);
    }
    v[SCORE] = FRAC_INT(107);
    v[TOTAL] = FRAC_INT(130);
    v[PASSED] = FRAC_INT(1);
    assert_value(KPI, FORMULA_money, v, "823.08"); /* S-03 */
    v[SCORE] = FRAC_INT(137);
    assert_value(KPI, FORMULA_money, v, "1000.00"); /* S-04 */
    v[PASSED] = FRAC_INT(0);
    assert_value(KPI, FORMULA_money, v, "0.00");
}

static void operations_bind_as_in_arithmetic(void **state)
{
    (void)state;
    struct frac v[NAMES] = {[LATE] = FRAC_INT(2), [PASSED] = FRAC_INT(0), [SHARE] = {1, 2}};
    assert_value("1 + 2 * 3 - 4", FORMULA_count, v, "3.00");
    assert_value("10 - 3 - 2", FORMULA_count, v, "5.00");
    assert_value("8 points / 2 / 2", FORMULA_points, v, "2.00");
    assert_value("(1 + 2) * 3", FORMULA_count, v, "9.00");
    assert_value("--late", FORMULA_count, v, "2.00");
    assert_value("-late * 3", FORMULA_count, v, "-6.00");
    assert_value("share * share + 25%", FORMULA_ratio, v, "0.50");
    assert_value("max(1, late, 3)", FORMULA_count, v, "3.00");
    assert_value("points(late) + points(share)", FORMULA_points, v, "2.50");
    assert_value("if not passed and late = 2 or 1 > 2 then 1 else 0", FORMULA_count, v, "1.00");
    assert_value("if passed or late <> 2 and 1 < 2 then 1 else 0", FORMULA_count, v, "0.00");
    assert_value("if passed then 1 else if late >= 2 then 2 else 3", FORMULA_count, v, "2.00");
}

static void without_a_value_there_is_none(void **state)
{
    (void)state;
    struct frac v[NAMES] = {[ORDERS] = FRAC_INT(0), [REFUNDS] = FRAC_INT(0)};
    assert_value(REFUND, FORMULA_points, v, "n/a");
    assert_value("late + 1", FORMULA_count, v, "n/a");
    assert_value("if late > 0 then 1 else 2", FORMULA_count, v, "n/a");
    assert_value("min(late, 1)", FORMULA_count, v, "n/a");
    assert_value("or_else(late, 7) + 1", FORMULA_count, v, "8.00");
    assert_value("or_else(refunds / orders, 100%)", FORMULA_ratio, v, "1.00");
    /* What is not chosen need not have a value. */
    assert_value("if orders = 0 then 0% else refunds / orders", FORMULA_ratio, v, "0.00");
}

static void what_does_not_fit_has_no_value_and_is_said(void **state)
{
    (void)state;
    struct frac v[NAMES] = {[LATE] = FRAC_INT(INT64_MAX)};
    bool range = false;
    struct frac f = formula_value(compiled("late * late", FORMULA_count), v, &range);
    assert_true(range);
    assert_false(frac_has(f));
}

static void a_wrong_formula_is_refused_with_its_column(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum formula_type want;
        const char *said;
    } rows[] = {
        {"late + score", FORMULA_count, "column 13: count + points cannot be; both sides"},
        {"score * score", FORMULA_points, "points * points cannot be"},
        {"late / score", FORMULA_ratio, "count / points cannot be"},
        {"latte + 1", FORMULA_count, "column 1: latte is no fact, item or value here"},
        {"late +", FORMULA_count, "column 7: here must stand a number, a name or a bracket"},
        {"late late", FORMULA_count, "column 6: the formula ends before `late`"},
        {"(late", FORMULA_count, "column 6: here must stand `)`"},
        {"late > 1", FORMULA_count, "the formula gives truth; wanted is count"},
        {"if late then 1 else 2", FORMULA_count,
         "column 9: `if` needs a comparison, here is count"},
        {"if passed then 1 else 1 points", FORMULA_count,
         "`then` gives count, `else` gives points"},
        {"if passed then 1", FORMULA_count, "here must stand `else`"},
        {"late > score", FORMULA_truth, "count is compared with points"},
        {"1 < 2 < 3", FORMULA_truth, "the formula ends before `<`"},
        {"min(late)", FORMULA_count, "min() takes 2 to 16 values, here are 1"},
        {"min(late, score)", FORMULA_count, "min() takes values of one type, here are count and"},
        {"count(score)", FORMULA_count, "count() is made of a count or a ratio, not of points"},
        {"ratio(share)", FORMULA_ratio, "ratio() is made of"},
        {"passed + passed", FORMULA_truth, "truth + truth cannot be"},
        {"-passed", FORMULA_truth, "- before a truth"},
        {"not late", FORMULA_truth, "`not` needs a comparison"},
        {"1.2.3 points", FORMULA_points, "1.2.3 is no number"},
        {"1.0123456789 points", FORMULA_points, "is no number of at most 9 decimals"},
        {"", FORMULA_count, "column 1: here must stand a number"},
        {"遲到 + 1", FORMULA_count, "column 1: here must stand a number"},
        {"late 遲", FORMULA_count, "column 6: the formula ends before `遲`"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct formula *f;
        struct fault why = {.text = ""};
        assert_int_equal(
            formula_compile(str_of(rows[i].text), &names, rows[i].want, &arena, &f, &why),
            ERR_REFUSED);
        if (!strstr(why.text, rows[i].said)) fail_msg("%s: %s", rows[i].text, why.text);
    }
}

/* One character too deep or too long is refused, and nothing else happens. */
static void depth_and_length_are_bounded(void **state)
{
    (void)state;
    static char text[8000];
    const struct formula *f;
    struct fault why;
    for (size_t n = 1; n < 400; n++) {
        memset(text, '(', n);
        text[n] = '1';
        memset(text + n + 1, ')', n);
        text[2 * n + 1] = 0;
        bool taken =
            formula_compile(str_of(text), &names, FORMULA_count, &arena, &f, &why) == ERR_OK;
        assert_int_equal(taken, n < 24);
    }
    memset(text, '-', 4000);
    text[4000] = 0;
    assert_int_equal(formula_compile(str_of(text), &names, FORMULA_count, &arena, &f, &why),
                     ERR_REFUSED);
    for (size_t n = 0; n < 600; n++)
        memcpy(text + 2 * n, "1+", 2);
    memcpy(text + 1200, "1", 2);
    assert_int_equal(formula_compile(str_of(text), &names, FORMULA_count, &arena, &f, &why),
                     ERR_REFUSED);
    assert_non_null(strstr(why.text, "too long"));
    text[401] = 0; /* 200 additions */
    bool range = false;
    struct frac sum = formula_value(compiled(text, FORMULA_count), NULL, &range);
    assert_int_equal(sum.num, 201);
}

static void it_tells_what_it_speaks_of(void **state)
{
    (void)state;
    struct formula_uses u = formula_uses(compiled("late + absent * 2 + late", FORMULA_count));
    assert_int_equal(u.n, 2);
    assert_int_equal(u.v[0], LATE);
    assert_int_equal(u.v[1], ABSENT);
    assert_int_equal(formula_uses(compiled("1", FORMULA_count)).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sheets_of_the_seeds_can_be_said),
        cmocka_unit_test(operations_bind_as_in_arithmetic),
        cmocka_unit_test(without_a_value_there_is_none),
        cmocka_unit_test(what_does_not_fit_has_no_value_and_is_said),
        cmocka_unit_test(a_wrong_formula_is_refused_with_its_column),
        cmocka_unit_test(depth_and_length_are_bounded),
        cmocka_unit_test(it_tells_what_it_speaks_of),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_fini(&arena);
    return failed;
}
