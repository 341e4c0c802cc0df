/* frac_test.c - exact fractions: score.precision, score.compare, score.rounding. */
#include "common/contract.h"
#include "common/frac.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

static struct frac of(const char *text)
{
    struct frac f;
    assert_true(frac_parse(str_of(text), &f));
    return f;
}

static void assert_shown(struct frac f, unsigned decimals, const char *text)
{
    char out[FRAC_TEXT_MAX];
    frac_text(f, decimals, out);
    assert_string_equal(out, text);
}

static void a_score_is_exact_until_it_is_shown(void **state)
{
    (void)state;
    bool range = false;
    /* S-11: checks 90 x 5 and 95, months 88 and 91, year-end 92: exact 91.01666… */
    struct frac c = frac_div(of("545"), of("6"), &range), m = of("89.5"), e = of("92");
    struct frac y = frac_add(
        frac_mul(of("0.2"), c, &range),
        frac_add(frac_mul(of("0.3"), m, &range), frac_mul(of("0.5"), e, &range), &range), &range);
    assert_int_equal(y.num, 5461);
    assert_int_equal(y.den, 60);
    assert_shown(y, 2, "91.02");
    /* S-42: 63.748 of 75 is shown as 85.00 and is below 85. */
    struct frac s = frac_mul(frac_div(of("63.748"), of("75"), &range), of("100"), &range);
    assert_shown(s, 2, "85.00");
    assert_int_equal(frac_cmp(s, of("85")), -1);
    assert_false(range);
}

static void it_is_rounded_half_up(void **state)
{
    (void)state;
    static const struct {
        const char *value, *two, *none;
    } rows[] = {{"0.005", "0.01", "0"},       {"0.0049", "0.00", "0"},  {"0.5", "0.50", "1"},
                {"-0.5", "-0.50", "0"},       {"-0.51", "-0.51", "-1"}, {"12.345", "12.35", "12"},
                {"-12.345", "-12.34", "-12"}, {"0", "0.00", "0"},       {"-1.5", "-1.50", "-1"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_shown(of(rows[i].value), 2, rows[i].two);
        assert_shown(of(rows[i].value), 0, rows[i].none);
    }
    int64_t fen;
    assert_true(frac_floor(of("1172.835"), 2, &fen)); /* S-46: the cap, rounded down */
    assert_int_equal(fen, 117283);
    assert_true(frac_floor(of("-0.001"), 2, &fen));
    assert_int_equal(fen, -1);
}

static void what_is_no_decimal_number_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",    "-",     ".5",  "5.",           "1e3", "1 ",
        "0x1", "1.2.3", "--1", "1.0123456789", "９",  "9999999999999999999"};
    struct frac f;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(frac_parse(str_of(bad[i]), &f));
    assert_true(frac_parse(str_of("-63.748"), &f));
    assert_int_equal(f.num, -15937);
    assert_int_equal(f.den, 250);
}

static void a_rate_of_nothing_has_no_value(void **state)
{
    (void)state;
    bool range = false;
    struct frac none = frac_div(of("1"), of("0"), &range);
    assert_false(frac_has(none));
    assert_false(frac_has(frac_add(none, of("1"), &range)));
    assert_false(frac_has(frac_mul(of("1"), none, &range)));
    assert_false(frac_has(frac_make(1, 0, &range)));
    assert_shown(none, 2, "n/a");
    assert_false(range);
}

static void what_does_not_fit_is_said(void **state)
{
    (void)state;
    bool range = false;
    struct frac big = FRAC_INT(INT64_MAX);
    assert_false(frac_has(frac_mul(big, FRAC_INT(2), &range)));
    assert_true(range);
    range = false;
    assert_int_equal(frac_mul(big, (struct frac){1, INT64_MAX}, &range).num, 1);
    assert_false(
        frac_has(frac_add((struct frac){1, INT64_MAX}, (struct frac){1, INT64_MAX - 1}, &range)));
    assert_true(range);
    assert_int_equal(frac_cmp((struct frac){INT64_MAX, INT64_MAX - 1}, FRAC_INT(1)), 1);
    int64_t out;
    assert_false(frac_round(big, 2, &out));
}

/* A year of shares of cards: its denominators have no common one in 64 bits, nor have 126. */
static void a_sum_of_many_is_exact_or_lies_where_the_exact_one_lies(void **state)
{
    (void)state;
    static const int64_t cards[] = {41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89};
    static const int64_t large[] = {1999999973, 1999999943, 1999999927, 1999999913,
                                    1999999873, 1999999861, 1999999853, 1999999817,
                                    1999999811, 1999999807, 1999999783, 1999999739};
    const int64_t *const dens[] = {cards, large};
    for (size_t k = 0; k < COUNT_OF(dens); k++) {
        for (int above = -1; above <= 1; above += 2) {
            struct frac_part v[12];
            bool range = false;
            for (size_t i = 0; i < COUNT_OF(v); i++)
                v[i] = (struct frac_part){{1, 12}, {90 * dens[k][i] + above, dens[k][i]}};
            struct frac mean = frac_weigh(v, COUNT_OF(v), &range);
            assert_false(range);
            assert_true(frac_has(mean));
            assert_int_equal(frac_cmp(mean, FRAC_INT(90)), above);
            assert_shown(mean, 2, k ? "90.00" : above < 0 ? "89.98" : "90.02");
        }
    }
    bool range = false;
    struct frac_part two[] = {{{3, 10}, {1, 3}}, {{7, 10}, {1, 7}}};
    assert_int_equal(frac_weigh(two, 2, &range).num, 1); /* 1/10 + 1/10 */
    assert_int_equal(frac_weigh(two, 2, &range).den, 5);
    two[1].value = FRAC_NONE;
    assert_false(frac_has(frac_weigh(two, 2, &range)) || range);
    two[1].value = FRAC_INT(INT64_MAX);
    two[1].weight = FRAC_INT(INT64_MAX);
    assert_false(frac_has(frac_weigh(two, 2, &range)));
    assert_true(range);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_score_is_exact_until_it_is_shown),
        cmocka_unit_test(it_is_rounded_half_up),
        cmocka_unit_test(what_is_no_decimal_number_is_refused),
        cmocka_unit_test(a_rate_of_nothing_has_no_value),
        cmocka_unit_test(what_does_not_fit_is_said),
        cmocka_unit_test(a_sum_of_many_is_exact_or_lies_where_the_exact_one_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
