/* formula_property_test.c - formulas drawn by lot: the compiled one has the value that its tree has
 * when it is walked; and text drawn by lot never does harm. A failure prints its seed. */
#include "common/formula.h"
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define RUNS 30000
#define NAMES 6

static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (random_state >> 11) % below;
}

static const struct formula_name names_v[NAMES] = {
    {{"a", 1}, FORMULA_count},  {{"b", 1}, FORMULA_count}, {{"p", 1}, FORMULA_points},
    {{"q", 1}, FORMULA_points}, {{"r", 1}, FORMULA_ratio}, {{"t", 1}, FORMULA_truth}};
static const struct formula_names names = {names_v, NAMES};
static struct frac values[NAMES];

/* ---- the second opinion: text and value are made together, from the leaves up ---- */

struct part {
    char *text;
    bool has;         /* a value */
    int64_t num, den; /* small: checked below */
};
static struct arena arena;
static bool too_large; /* for the second opinion; the formula is drawn anew */

static struct part value(char *text, bool has, int64_t num, int64_t den)
{
    if (den < 0) num = -num, den = -den;
    int64_t a = llabs(num), b = den;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    if (a > 1) num /= a, den /= a;
    if (llabs(num) > 1000000 || den > 1000000) too_large = true;
    return (struct part){text, has && den, num, den ? den : 1};
}

static char *text_of(const char *format, const char *a, const char *b, const char *c)
{
    struct str s = arena_printf(&arena, format, a, b, c);
    char *out = arena_take(&arena, s.n + 1);
    memcpy(out, s.p, s.n);
    return out;
}

static struct part leaf(enum formula_type type)
{
    static const char *const units[] = {
        [FORMULA_points] = " points", [FORMULA_ratio] = "%", [FORMULA_count] = ""};
    if (draw(2)) {
        for (uint32_t i = (uint32_t)draw(NAMES), n = 0; n < NAMES; n++, i = (i + 1) % NAMES) {
            if (names_v[i].type != type) continue;
            return value(text_of("%s%s%s", names_v[i].name.p, "", ""), frac_has(values[i]),
                         values[i].num, values[i].den ? values[i].den : 1);
        }
    }
    if (type == FORMULA_truth) return value(text_of("(%s)%s%s", "1 < 2", "", ""), true, 1, 1);
    char digits[8];
    int64_t n = (int64_t)draw(40);
    snprintf(digits, sizeof digits, "%" PRId64, n);
    return value(text_of("%s%s%s", digits, units[type], ""), true, n,
                 type == FORMULA_ratio ? 100 : 1);
}

static struct part tree(enum formula_type type, unsigned depth);

static struct part sum(enum formula_type type, unsigned depth)
{
    struct part a = tree(type, depth), b = tree(type, depth);
    bool minus = draw(2);
    return value(text_of(minus ? "(%s - %s)%s" : "(%s + %s)%s", a.text, b.text, ""), a.has && b.has,
                 a.num * b.den + (minus ? -1 : 1) * b.num * a.den, a.den * b.den);
}

static struct part product(enum formula_type type, unsigned depth)
{
    struct part a = tree(type, depth), b = tree(FORMULA_count, depth);
    if (type == FORMULA_ratio && draw(2)) { /* points / points */
        a = tree(FORMULA_points, depth);
        b = tree(FORMULA_points, depth);
        return value(text_of("(%s / %s)%s", a.text, b.text, ""), a.has && b.has && b.num,
                     a.num * b.den, a.den * b.num);
    }
    return value(text_of("(%s * %s)%s", a.text, b.text, ""), a.has && b.has, a.num * b.num,
                 a.den * b.den);
}

static struct part least(enum formula_type type, unsigned depth)
{
    struct part a = tree(type, depth), b = tree(type, depth);
    bool first = a.num * b.den <= b.num * a.den;
    return value(text_of("min(%s, %s)%s", a.text, b.text, ""), a.has && b.has,
                 first ? a.num : b.num, first ? a.den : b.den);
}

static struct part otherwise(enum formula_type type, unsigned depth)
{
    struct part a = tree(type, depth), b = tree(type, depth);
    return value(text_of("or_else(%s, %s)%s", a.text, b.text, ""), a.has || b.has,
                 a.has ? a.num : b.num, a.has ? a.den : b.den);
}

static struct part choice(enum formula_type type, unsigned depth)
{
    struct part c = tree(FORMULA_truth, depth), a = tree(type, depth), b = tree(type, depth);
    struct part made = c.num ? a : b;
    return value(text_of("(if %s then %s else %s)", c.text, a.text, b.text), c.has && made.has,
                 made.num, made.den);
}

static struct part truth(unsigned depth)
{
    enum formula_type type = draw(2) ? FORMULA_points : FORMULA_count;
    if (draw(3)) {
        struct part a = tree(type, depth), b = tree(type, depth);
        bool yes = a.num * b.den < b.num * a.den;
        return value(text_of("(%s < %s)%s", a.text, b.text, ""), a.has && b.has, yes, 1);
    }
    struct part a = tree(FORMULA_truth, depth), b = tree(FORMULA_truth, depth);
    return value(text_of("(%s and not %s)%s", a.text, b.text, ""), a.has && b.has, a.num && !b.num,
                 1);
}

static struct part tree(enum formula_type type, unsigned depth)
{
    static struct part (*const makers[])(enum formula_type, unsigned) = {sum, product, least,
                                                                         otherwise, choice};
    if (depth == 0 || draw(4) == 0) return leaf(type);
    if (type == FORMULA_truth) return truth(depth - 1);
    return makers[draw(COUNT_OF(makers))](type, depth - 1);
}

static void draw_values(void)
{
    for (size_t i = 0; i < NAMES; i++) {
        bool range = false;
        values[i] = names_v[i].type == FORMULA_truth
                        ? FRAC_INT((int64_t)draw(2))
                        : frac_make((int64_t)draw(60) - 20, 1 + (int64_t)draw(6), &range);
        if (draw(6) == 0) values[i] = FRAC_NONE;
    }
}

static void a_formula_has_the_value_of_its_tree(void **state)
{
    (void)state;
    uint32_t with = 0, without = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        random_state = seed * UINT64_C(0x9e3779b97f4a7c15);
        arena_reset(&arena);
        too_large = false;
        draw_values();
        enum formula_type type = FORMULA_points + (enum formula_type)(draw(2) ? 0 : 3);
        struct part t = tree(type, 1 + (unsigned)draw(4));
        const struct formula *f;
        struct fault why = {.text = ""};
        if (too_large) continue;
        if (formula_compile(str_of(t.text), &names, type, &arena, &f, &why) != ERR_OK)
            fail_msg("seed %" PRIu64 ": %s: %s", seed, t.text, why.text);
        bool range = false;
        struct frac v = formula_value(f, values, &range);
        bool same =
            !range && frac_has(v) == t.has && (!t.has || (v.num == t.num && v.den == t.den));
        if (!same)
            fail_msg("seed %" PRIu64 ": %s is %" PRId64 "/%" PRId64 ", not %" PRId64 "/%" PRId64,
                     seed, t.text, v.num, v.den, t.has ? t.num : 0, t.has ? t.den : 0);
        with += t.has;
        without += !t.has;
    }
    assert_true(with > RUNS / 4 && without > RUNS / 10);
}

static void text_by_lot_does_no_harm(void **state)
{
    (void)state;
    static const char *const bits[] = {
        "if", " then ", " else ", "a",     "b",  "p",  "(",      ")",  ",",
        "+",  "-",      "*",      "/",     "<",  "=",  "1",      ".5", "%",
        " ",  "min(",   "and",    " not ", "遲", "\n", "points", "<=", "or_else("};
    uint32_t taken = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        random_state = seed * UINT64_C(0xd1342543de82ef95);
        arena_reset(&arena);
        char text[400] = "";
        size_t at = 0;
        for (uint64_t n = draw(12); n; n--)
            at += (size_t)snprintf(text + at, sizeof text - at, "%s", bits[draw(COUNT_OF(bits))]);
        draw_values();
        const struct formula *f;
        struct fault why = {.text = ""};
        enum err e = formula_compile(str_of(text), &names, FORMULA_count, &arena, &f, &why);
        bool range = false;
        if (e == ERR_OK) {
            (void)formula_value(f, values, &range);
            taken++;
        } else {
            assert_non_null(strstr(why.text, "column "));
        }
    }
    assert_true(taken > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_formula_has_the_value_of_its_tree),
        cmocka_unit_test(text_by_lot_does_no_harm),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_fini(&arena);
    return failed;
}
