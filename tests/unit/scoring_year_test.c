/* scoring_year_test.c - quarter and year, rights, three A, distribution, retention
 * (SCO-027, SCO-033 … SCO-035, SCO-138). */
#include "tests/unit/scoring_year_door.h"

/* ---- SCO-033 ---- */

static void SCO_033_quarter_is_the_mean_of_its_months(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "88 92");
    assert_string_equal(result_at(s, "P1", "4s_quarter", day_of(2024, 1, 1)), "");
    results(s, "P1", 2024, "- - 93");
    /* S-15 */
    assert_string_equal(result_at(s, "P1", "4s_quarter", day_of(2024, 1, 1)), "91.00 C 1");
    assert_string_equal(last(s, "scoring.result_published", "scheme"), "4s_quarter");
    assert_string_equal(last(s, "scoring.result_published", "grade"), "C");
    assert_string_equal(last(s, "scoring.result_published", "score"), "91.00");
    /* a revised month revises the quarter; the same score does not */
    result(s, "P1", "4s_ae", "2024-02", "104");
    assert_string_equal(result_at(s, "P1", "4s_quarter", day_of(2024, 1, 1)), "95.00 C 2");
    result(s, "P1", "4s_ae", "2024-02", "104");
    assert_string_equal(result_at(s, "P1", "4s_quarter", day_of(2024, 1, 1)), "95.00 C 2");
    stage_close(s);
}

static void SCO_033_a_missing_month_is_not_a_zero(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "100 - - 90.5");
    /* mean of what was assessed; closed by the next month that was */
    assert_string_equal(result_at(s, "P1", "4s_quarter", day_of(2024, 1, 1)), "100.00 C 1");
    assert_string_equal(result_at(s, "P1", "4s_quarter", day_of(2024, 4, 1)), "");
    results(s, "P1", 2024, "- - - - 106 - - - - - - 130");
    assert_string_equal(result_at(s, "P1", "4s_quarter", day_of(2024, 4, 1)), "98.25 C 1");
    assert_string_equal(result_at(s, "P1", "4s_quarter", day_of(2024, 7, 1)), "");
    /* (100 + 90.5 + 106 + 130) / 4 = 106.625 */
    assert_string_equal(result_at(s, "P1", "4s_year", day_of(2024, 1, 1)), "106.63 B 1");
    stage_close(s);
}

/* Months scored by other numbers of cards have no common denominator that fits: the year has its
 * mean and its grade all the same, and D owns 90 by what is a hair below it. */
static void SCO_033_the_mean_of_a_year_of_cards(void **state)
{
    (void)state;
    static const int cards[] = {41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89};
    static const struct {
        const char *person, *mean, *right;
        int above;
    } rows[] = {{"P1", "90.02 C 1", "priority_adjust_promote", 1}, {"P2", "89.98 D 1", "", -1}};
    struct stage *s = year_open("");
    for (size_t k = 0; k < COUNT_OF(rows); k++) {
        for (size_t i = 0; i < COUNT_OF(cards); i++) {
            char month[24], score[40];
            snprintf(month, sizeof month, "2024-%02zu", i + 1);
            snprintf(score, sizeof score, "%d/%d", 90 * cards[i] + rows[k].above, cards[i]);
            result(s, rows[k].person, "4s_ae", month, score);
        }
        assert_string_equal(result_at(s, rows[k].person, "4s_year", day_of(2024, 1, 1)),
                            rows[k].mean);
        assert_int_equal(count(s, "scoring.year_right_given"), 1);
    }
    assert_string_equal(last(s, "scoring.year_right_given", "right"), rows[0].right);
    stage_close(s);
}

/* ---- SCO-034 ---- */

static void SCO_034_right_of_the_year(void **state)
{
    (void)state;
    static const struct {
        const char *person, *score, *right;
    } rows[] = {{"P1", "121", "raise_chance"},
                {"P2", "106", "raise_chance"},
                {"P3", "91", "priority_adjust_promote"},
                {"P4", "80", ""},
                {"P5", "60", ""}};
    struct stage *s = year_open("");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t n = count(s, "scoring.year_right_given");
        result(s, rows[i].person, "4s_ae", "2024-11", rows[i].score);
        assert_int_equal(count(s, "scoring.year_right_given"), n);
        result(s, rows[i].person, "4s_ae", "2024-12", rows[i].score);
        assert_int_equal(count(s, "scoring.year_right_given"), n + (rows[i].right[0] != 0));
        if (!rows[i].right[0]) continue;
        assert_string_equal(last(s, "scoring.year_right_given", "right"), rows[i].right);
        assert_string_equal(last(s, "scoring.year_right_given", "person"), rows[i].person);
        assert_string_equal(last(s, "scoring.year_right_given", "first"), "2024-01-01");
    }
    stage_close(s);
}

static void SCO_034_a_revised_year_takes_its_right_back(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    result(s, "P1", "4s_ae", "2024-12", "106");
    result(s, "P1", "4s_ae", "2024-12", "121"); /* A: the same right stands */
    assert_int_equal(count(s, "scoring.year_right_given"), 1);
    assert_int_equal(count(s, "scoring.consequence_withdrawn"), 0);
    result(s, "P1", "4s_ae", "2024-12", "91");
    assert_string_equal(last(s, "scoring.consequence_withdrawn", "what"), "year_right");
    assert_string_equal(last(s, "scoring.consequence_withdrawn", "first"), "2024-01-01");
    assert_string_equal(last(s, "scoring.year_right_given", "right"), "priority_adjust_promote");
    result(s, "P1", "4s_ae", "2024-12", "85");
    assert_int_equal(count(s, "scoring.consequence_withdrawn"), 2);
    assert_int_equal(count(s, "scoring.year_right_given"), 2);
    stage_close(s);
}

/* ---- SCO-035 ---- */

static void SCO_035_three_a_in_a_year_once(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "121 125 120"); /* S-23: the third is B */
    assert_int_equal(count(s, "scoring.three_a_reached"), 0);
    results(s, "P2", 2024, "121 125 120.5"); /* S-23 */
    assert_int_equal(count(s, "scoring.three_a_reached"), 1);
    assert_string_equal(last(s, "scoring.three_a_reached", "person"), "P2");
    assert_string_equal(last(s, "scoring.three_a_reached", "from"), "2024-01-01");
    assert_string_equal(last(s, "scoring.three_a_reached", "to"), "2024-03-01");
    assert_string_equal(last(s, "scoring.three_a_reached", "first"), "2024-01-01");
    results(s, "P2", 2024, "- - - 125 125 125 125");
    assert_int_equal(count(s, "scoring.three_a_reached"), 1);
    stage_close(s);
}

static void SCO_035_the_months_lie_in_one_year(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "- - - - - - - - - - 125 125");
    results(s, "P1", 2025, "125");
    assert_int_equal(count(s, "scoring.three_a_reached"), 0);
    results(s, "P1", 2025, "- 125 125");
    assert_int_equal(count(s, "scoring.three_a_reached"), 1);
    assert_string_equal(last(s, "scoring.three_a_reached", "first"), "2025-01-01");
    stage_close(s);
}

static void SCO_035_a_revised_month_takes_it_back(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    results(s, "P1", 2024, "121 125 121");
    result(s, "P1", "4s_ae", "2024-02", "120");
    assert_string_equal(last(s, "scoring.consequence_withdrawn", "what"), "three_a");
    assert_string_equal(last(s, "scoring.consequence_withdrawn", "first"), "2024-01-01");
    result(s, "P1", "4s_ae", "2024-02", "121");
    assert_int_equal(count(s, "scoring.three_a_reached"), 2);
    stage_close(s);
}

/* ---- SCO-027 ---- */

static void sheets(struct stage *s, const char *month, int n)
{
    char data[200];
    snprintf(data, sizeof data, "'person':'P1','scheme':'4s_ae','first':'%s-01','use':'%d'", month,
             n);
    say(s, "C1", "scoring.archived", "2024-01-05T09:00", data);
}

/* P1 … P6, T1 … T3, M1 of C1. */
static const char *const ten[] = {"P1", "P2", "P3", "P4", "P5", "P6", "T1", "T2", "T3", "M1"};
static const char *const their[] = {"60",  "121", "122", "123", "106",
                                    "107", "95",  "96",  "97",  "98"};

/* "A 3 of 1 +2; …" of the last report. */
static void reported(struct stage *s, const char *expected)
{
    char text[300] = "";
    size_t n = count(s, "scoring.distribution_reported");
    assert_true(n > 0);
    const json_t *data = json_object_get(
        stage_nth(s, OWNER_scoring, "scoring.distribution_reported", n - 1), "data");
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(data, "lines"), i, line)
    {
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s%s %lld of %lld %+lld", i ? "; " : "",
                 json_string_value(json_object_get(line, "grade")),
                 json_integer_value(json_object_get(line, "actual")),
                 json_integer_value(json_object_get(line, "quota")),
                 json_integer_value(json_object_get(line, "deviation")));
    }
    assert_string_equal(text, expected);
}

static void SCO_027_reported_after_the_last_sheet(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    sheets(s, "2024-01", 10);
    for (size_t i = 0; i < COUNT_OF(ten); i++) {
        assert_int_equal(count(s, "scoring.distribution_reported"), 0);
        result(s, ten[i], "4s_ae", "2024-01", their[i]);
    }
    assert_int_equal(count(s, "scoring.distribution_reported"), 1);
    assert_string_equal(last(s, "scoring.distribution_reported", "unit"), "C1");
    assert_string_equal(last(s, "scoring.distribution_reported", "month"), "2024-01-01");
    assert_string_equal(last(s, "scoring.distribution_reported", "n"), "10");
    assert_string_equal(last(s, "scoring.distribution_reported", "mode"), "report");
    reported(s, "A 3 of 1 +2; B 2 of 2 +0; C 4 of 6 -2; D 0 of 1 -1; E 1 of 0 +1");
    /* the grades stay those of the bands */
    assert_string_equal(result_at(s, "P2", "4s_ae", day_of(2024, 1, 1)), "121.00 A 1");
    /* the same grade again: nothing new; another one: reported again */
    result(s, "P2", "4s_ae", "2024-01", "121.5");
    assert_int_equal(count(s, "scoring.distribution_reported"), 1);
    result(s, "P2", "4s_ae", "2024-01", "95");
    assert_int_equal(count(s, "scoring.distribution_reported"), 2);
    reported(s, "A 2 of 1 +1; B 2 of 2 +0; C 5 of 6 -1; D 0 of 1 -1; E 1 of 0 +1");
    stage_close(s);
}

static void SCO_027_small_teams_are_only_reported(void **state)
{
    (void)state;
    struct stage *s = year_open("s/distribution: report/distribution: force/");
    sheets(s, "2024-01", 9);
    for (size_t i = 1; i < COUNT_OF(ten); i++)
        result(s, ten[i], "4s_ae", "2024-01", their[i]);
    assert_string_equal(last(s, "scoring.distribution_reported", "mode"), "report");
    assert_string_equal(last(s, "scoring.distribution_reported", "n"), "9");
    assert_string_equal(result_at(s, "P2", "4s_ae", day_of(2024, 1, 1)), "121.00 A 1");
    stage_close(s);
}

static void SCO_027_force_publishes_the_grade_of_the_rank(void **state)
{
    (void)state;
    struct stage *s = year_open("s/distribution: report/distribution: force/");
    sheets(s, "2024-01", 10);
    for (size_t i = 0; i < COUNT_OF(ten); i++)
        result(s, ten[i], "4s_ae", "2024-01", their[i]);
    assert_string_equal(last(s, "scoring.distribution_reported", "mode"), "force");
    reported(s, "A 1 of 1 +0; B 2 of 2 +0; C 6 of 6 +0; D 1 of 1 +0; E 0 of 0 +0");
    assert_string_equal(result_at(s, "P4", "4s_ae", day_of(2024, 1, 1)), "123.00 A 1");
    assert_string_equal(result_at(s, "P3", "4s_ae", day_of(2024, 1, 1)), "122.00 B 2");
    assert_string_equal(result_at(s, "P5", "4s_ae", day_of(2024, 1, 1)), "106.00 C 2");
    assert_string_equal(result_at(s, "P1", "4s_ae", day_of(2024, 1, 1)), "60.00 D 2");
    /* another month of another unit does not mix */
    assert_string_equal(result_at(s, "T1", "4s_ae", day_of(2024, 1, 1)), "95.00 C 1");
    stage_close(s);
}

static void SCO_027_cap_holds_a_and_b(void **state)
{
    (void)state;
    struct stage *s = year_open("s/distribution: report/distribution: cap/");
    sheets(s, "2024-01", 10);
    for (size_t i = 0; i < COUNT_OF(ten); i++)
        result(s, ten[i], "4s_ae", "2024-01", their[i]);
    reported(s, "A 1 of 1 +0; B 2 of 2 +0; C 6 of 6 +0; D 0 of 1 -1; E 1 of 0 +1");
    assert_string_equal(result_at(s, "P6", "4s_ae", day_of(2024, 1, 1)), "107.00 C 2");
    assert_string_equal(result_at(s, "P1", "4s_ae", day_of(2024, 1, 1)), "60.00 E 1");
    stage_close(s);
}

/* ---- SCO-138 ---- */

static const char *kept(struct stage *s, const char *person, const char *scheme, int32_t first)
{
    static char text[11];
    struct rec_row_score_keep row = {0};
    struct key k = key_of(str_of(person));
    key_str(&k, str_of(scheme));
    key_day(&k, first);
    if (!row_at(s, SCORING_KEEP, k, &row)) return "";
    day_format(row.keep_until, text);
    return text;
}

static void SCO_138_two_years_from_the_day_it_is_final(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    const char *sign = "'person':'P1','scheme':'4s_ae','first':'2024-02-01',"
                       "'signed_employee':'P1'%s";
    char data[200];
    snprintf(data, sizeof data, sign, "");
    say(s, "C1", "scoring.acknowledged", "2024-02-29T09:00", data);
    assert_string_equal(kept(s, "P1", "4s_ae", day_of(2024, 2, 1)), ""); /* one signature */
    snprintf(data, sizeof data, sign, ",'signed_manager':'M1'");
    say(s, "C1", "scoring.acknowledged", "2024-02-29T10:00", data); /* S-39 */
    assert_string_equal(kept(s, "P1", "4s_ae", day_of(2024, 2, 1)), "2026-02-28");
    say(s, "C1", "scoring.acknowledged", "2024-03-31T10:00", data); /* S-39; after an appeal */
    assert_string_equal(kept(s, "P1", "4s_ae", day_of(2024, 2, 1)), "2026-03-31");
    /* what is reckoned from others is final when it is published */
    result(s, "P1", "4s_ae", "2024-03", "95");
    assert_string_equal(kept(s, "P1", "4s_quarter", day_of(2024, 1, 1)), "2026-04-10");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_033_quarter_is_the_mean_of_its_months),
        cmocka_unit_test(SCO_033_a_missing_month_is_not_a_zero),
        cmocka_unit_test(SCO_033_the_mean_of_a_year_of_cards),
        cmocka_unit_test(SCO_034_right_of_the_year),
        cmocka_unit_test(SCO_034_a_revised_year_takes_its_right_back),
        cmocka_unit_test(SCO_035_three_a_in_a_year_once),
        cmocka_unit_test(SCO_035_the_months_lie_in_one_year),
        cmocka_unit_test(SCO_035_a_revised_month_takes_it_back),
        cmocka_unit_test(SCO_027_reported_after_the_last_sheet),
        cmocka_unit_test(SCO_027_small_teams_are_only_reported),
        cmocka_unit_test(SCO_027_force_publishes_the_grade_of_the_rank),
        cmocka_unit_test(SCO_027_cap_holds_a_and_b),
        cmocka_unit_test(SCO_138_two_years_from_the_day_it_is_final)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
