/* scoring_year_total_test.c - the year's total of 德勤能績, who is 優秀員工 by it, bonus points of
 * awards, the plus of a quarter (SCO-013 … SCO-015, SCO-062), the worked examples S-08 … S-12. */
#include "tests/unit/scoring_year_door.h"

#define YEAR_2024 day_of(2024, 1, 1)

static void assign(struct stage *s, const char *person, const char *scheme, const char *from)
{
    char data[300];
    snprintf(data, sizeof data,
             "'person':'%s','scheme':'%s','post':'客服','from':'%s','manager':'M1','next_level':"
             "'M2'",
             person, scheme, from);
    say(s, "HR", "scoring.scheme_assigned", "2023-11-20T09:00", data);
}

static struct stage *dqnj_open(const char *sed)
{
    struct stage *s = year_open(sed);
    static const char *const persons[] = {"P1", "P2", "P3", "P4"};
    static const char *const kinds[] = {"entry", "post"};
    char data[120];
    for (size_t i = 0; i < COUNT_OF(persons); i++) {
        for (size_t j = 0; j < COUNT_OF(kinds); j++) {
            snprintf(data, sizeof data, "'person':'%s','kind':'%s'", persons[i], kinds[j]);
            say(s, "HR", "training.passed", "2023-11-01T09:00", data);
        }
        assign(s, persons[i], "dqnj_100", "2023-12-01");
    }
    return s;
}

static void check_told(struct stage *s, const char *person, const char *kind, const char *day,
                       const char *points)
{
    char data[200], at[24];
    snprintf(data, sizeof data, "'person':'%s','kind':'%s','day':'%s','points':'%s','by':'M1'",
             person, kind, day, points);
    snprintf(at, sizeof at, "%sT17:00", day);
    say(s, "C1", "scoring.check_recorded", at, data);
}

/* ---- SCO-013 ---- */

static void SCO_013_worked_examples_of_the_total(void **state)
{
    (void)state;
    static const struct {
        const char *id, *person, *check, *month, *end, *total;
        bool excellent;
    } rows[] = {{"S-08", "P1", "92.5", "88", "90", "89.90  1", false},
                {"S-09", "P2", "98", "103.5", "100", "100.65  1", true},
                {"S-10", "P3", "100", "100", "100", "100.00  1", false}};
    struct stage *s = dqnj_open("");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_told(s, rows[i].person, "month", "2024-05-31", rows[i].check);
        result(s, rows[i].person, "dqnj_100", "2024-05", rows[i].month);
        assert_string_equal(result_at(s, rows[i].person, "dqnj_year", YEAR_2024), "");
        result(s, rows[i].person, "dqnj_year_end", "2024-01", rows[i].end);
        assert_string_equal(result_at(s, rows[i].person, "dqnj_year", YEAR_2024), rows[i].total);
        assert_int_equal(count_of(s, OWNER_scoring, "scoring.excellent_employee_named", "person",
                                  rows[i].person),
                         rows[i].excellent);
    }
    assert_string_equal(last(s, "scoring.excellent_employee_named", "score"), "100.65");
    assert_string_equal(last(s, "scoring.excellent_employee_named", "first"), "2024-01-01");
    assert_int_equal(count(s, "scoring.year_incomplete"), 0);
    stage_close(s);
}

static void SCO_013_S_11_exact_means_of_checks_and_months(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("");
    for (int day = 5; day <= 9; day++) {
        char text[16];
        snprintf(text, sizeof text, "2024-01-%02d", day);
        check_told(s, "P1", "week", text, "90");
    }
    check_told(s, "P1", "month", "2024-01-31", "95");
    check_told(s, "P1", "spot", "2024-01-31", "10"); /* recorded, without a share */
    check_told(s, "P1", "week", "2023-12-31", "1");  /* of the year before */
    check_told(s, "P1", "week", "2025-01-01", "1");  /* of the next one */
    result(s, "P1", "dqnj_100", "2024-01", "88");
    result(s, "P1", "dqnj_100", "2024-02", "91");
    result(s, "P1", "dqnj_year_end", "2024-01", "92");
    assert_string_equal(result_at(s, "P1", "dqnj_year", YEAR_2024), "91.02  1");
    struct rec_row_score_result r;
    struct key k = key_of(STR("P1"));
    key_str(&k, STR("dqnj_year"));
    key_day(&k, YEAR_2024);
    assert_true(row_at(s, SCORING_RESULT, k, &r));
    assert_true(r.score_num == 5461 && r.score_den == 60); /* 91.01666… */
    stage_close(s);
}

static void SCO_013_a_part_that_changes_changes_the_total(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("");
    check_told(s, "P1", "month", "2024-05-31", "92.5");
    result(s, "P1", "dqnj_100", "2024-05", "88");
    result(s, "P1", "dqnj_year_end", "2024-01", "90");
    check_told(s, "P1", "month", "2024-05-31", "97.5"); /* corrected: one check, +1.00 */
    assert_string_equal(result_at(s, "P1", "dqnj_year", YEAR_2024), "90.90  2");
    check_told(s, "P1", "week", "2024-06-07", "87.5"); /* a second one: mean 92.5 */
    assert_string_equal(result_at(s, "P1", "dqnj_year", YEAR_2024), "89.90  3");
    result(s, "P1", "dqnj_100", "2024-06", "98"); /* months: 93 */
    assert_string_equal(result_at(s, "P1", "dqnj_year", YEAR_2024), "91.40  4");
    result(s, "P1", "dqnj_year_end", "2024-01", "80");
    assert_string_equal(result_at(s, "P1", "dqnj_year", YEAR_2024), "86.40  5");
    stage_close(s);
}

static void SCO_013_spot_checks_may_have_a_share(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("s/year_end: 50%, spot: 0%/year_end: 40%, spot: 10%/");
    check_told(s, "P1", "month", "2024-05-31", "90");
    result(s, "P1", "dqnj_100", "2024-05", "90");
    result(s, "P1", "dqnj_year_end", "2024-01", "90");
    assert_string_equal(last(s, "scoring.year_incomplete", "missing"), "spot");
    check_told(s, "P1", "spot", "2024-05-31", "50");
    assert_string_equal(result_at(s, "P1", "dqnj_year", YEAR_2024), "86.00  1");
    stage_close(s);
}

static void SCO_013_without_a_part_it_is_not_reckoned(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("");
    result(s, "P1", "dqnj_year_end", "2024-01", "92");
    assert_string_equal(last(s, "scoring.year_incomplete", "missing"), "checks, months");
    assert_string_equal(last(s, "scoring.year_incomplete", "first"), "2024-01-01");
    result(s, "P1", "dqnj_100", "2024-03", "88");
    assert_string_equal(last(s, "scoring.year_incomplete", "missing"), "checks");
    result(s, "P1", "dqnj_100", "2024-04", "88"); /* the same is missing: told already */
    assert_int_equal(count(s, "scoring.year_incomplete"), 2);
    assert_string_equal(result_at(s, "P1", "dqnj_year", YEAR_2024), "");
    check_told(s, "P1", "week", "2024-04-05", "90");
    assert_string_equal(result_at(s, "P1", "dqnj_year", YEAR_2024), "90.40  1");
    assert_int_equal(count(s, "scoring.year_incomplete"), 2);
    stage_close(s);
}

/* Nobody assessed the year by 31 January: told when its clock passes. */
static void SCO_013_the_assessment_is_late(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("");
    assign(s, "P1", "dqnj_year_end", "2024-01-01");
    until(s, "2024-01-02T00:00");
    check_told(s, "P1", "week", "2024-04-05", "90");
    result(s, "P1", "dqnj_100", "2024-03", "88");
    until(s, "2025-01-31T23:59:59");
    assert_int_equal(count(s, "scoring.year_incomplete"), 0);
    until(s, "2025-02-01T00:00:01");
    assert_int_equal(count(s, "scoring.year_incomplete"), 1);
    assert_string_equal(last(s, "scoring.year_incomplete", "missing"), "year_end");
    assert_string_equal(last(s, "scoring.year_incomplete", "person"), "P1");
    stage_close(s);
}

static void SCO_013_checks_are_of_a_100_point_scale(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("");
    const char *type = "scoring.check_recorded", *at = "2024-05-31T10:00";
    deny(s, "C1", type, at, "'person':'P1','kind':'week','points':'100.01'", "SCO-013", "points");
    deny(s, "C1", type, at, "'person':'P1','kind':'week','points':'-1'", "SCO-013", "points");
    deny(s, "C1", type, at, "'person':'P1','kind':'week','points':'good'", "SCO-013", "points");
    deny(s, "C1", type, at, "'person':'P1','kind':'week','points':'9','day':'1970-06-01'",
         "SCO-013", "day");
    deny(s, "C1", type, at, "'person':'X1','kind':'week','points':'9'", "SCO-013", "unknown");
    deny(s, "C1", type, at, "'person':'P5','kind':'week','points':'9'", "SCO-013", "scheme");
    say(s, "C1", type, at, "'person':'P1','kind':'week','points':'100'");
    say(s, "C1", type, at, "'person':'P1','kind':'month','points':'0'");
    stage_close(s);
}

/* ---- SCO-015 ---- */

static void SCO_015_a_revised_total_takes_the_name_back(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("");
    check_told(s, "P2", "month", "2024-05-31", "98");
    result(s, "P2", "dqnj_100", "2024-05", "103.5");
    result(s, "P2", "dqnj_year_end", "2024-01", "100");
    result(s, "P2", "dqnj_year_end", "2024-01", "99"); /* 100.15: stands */
    assert_int_equal(count(s, "scoring.excellent_employee_named"), 1);
    assert_int_equal(count(s, "scoring.consequence_withdrawn"), 0);
    result(s, "P2", "dqnj_year_end", "2024-01", "98.7"); /* 100.00 exactly */
    assert_string_equal(last(s, "scoring.consequence_withdrawn", "what"), "excellent");
    assert_string_equal(last(s, "scoring.consequence_withdrawn", "first"), "2024-01-01");
    stage_close(s);
}

/* ---- SCO-014 ---- */

/* Sum of the bonus points of a person in a month, in 1/10000. */
static int64_t bonus(struct stage *s, const char *person, int32_t month)
{
    struct rec_row_score_tally row = {0};
    struct key k = {.n = 0};
    key_u8(&k, 0);
    key_str(&k, str_of(person));
    key_day(&k, month);
    key_str(&k, STR("award_points"));
    (void)row_at(s, SCORING_TALLY, k, &row);
    return row.sum;
}

static void SCO_014_S_12_one_to_ten_points(void **state)
{
    (void)state;
    static const struct {
        const char *points;
        bool ok;
    } rows[] = {{"0.5", false},  {"1", true},   {"10", true}, {"11", false},
                {"0.99", false}, {"2.5", true}, {"x", false}, {"1.00001", false}};
    struct stage *s = dqnj_open("");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[160];
        snprintf(data, sizeof data, "'person':'P1','award':'嘉獎 %zu','points':'%s'", i,
                 rows[i].points);
        if (rows[i].ok)
            say(s, "HR", "scoring.bonus_points_added", "2024-03-15T10:00", data);
        else
            deny(s, "HR", "scoring.bonus_points_added", "2024-03-15T10:00", data, "SCO-014",
                 "points");
    }
    assert_int_equal(bonus(s, "P1", day_of(2024, 3, 1)), 135000);
    stage_close(s);
}

static void SCO_014_in_the_period_in_which_it_was_given(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("");
    const char *type = "scoring.bonus_points_added", *at = "2024-04-02T10:00";
    say(s, "HR", type, at, "'person':'P1','award':'A1','points':'4','day':'2024-03-29'");
    assert_int_equal(bonus(s, "P1", day_of(2024, 3, 1)), 40000);
    /* told again for the same award it replaces what was told */
    say(s, "HR", type, at, "'person':'P1','award':'A1','points':'5','day':'2024-02-29'");
    assert_int_equal(bonus(s, "P1", day_of(2024, 3, 1)), 0);
    assert_int_equal(bonus(s, "P1", day_of(2024, 2, 1)), 50000);
    say(s, "HR", type, at, "'person':'P2','award':'A1','points':'1'"); /* somebody else's */
    assert_int_equal(bonus(s, "P1", day_of(2024, 2, 1)), 50000);
    assert_int_equal(bonus(s, "P2", day_of(2024, 4, 1)), 10000);
    deny(s, "HR", type, at, "'person':'P5','award':'A1','points':'1'", "SCO-014", "scheme");
    stage_close(s);
}

/* ---- SCO-062 ---- */

static int64_t plus_count(struct stage *s, const char *person, int32_t quarter)
{
    int64_t n = 0;
    for (int m = 0; m < 3; m++) {
        struct rec_row_score_tally row = {0};
        struct key k = {.n = 0};
        key_u8(&k, 0);
        key_str(&k, str_of(person));
        key_day(&k, day_add_months(quarter, m));
        key_str(&k, STR("quarter_plus"));
        (void)row_at(s, SCORING_TALLY, k, &row);
        n += row.sum;
    }
    return n;
}

static void mark(struct stage *s, const char *person, const char *kind, const char *day)
{
    char data[160], at[24];
    snprintf(at, sizeof at, "%sT16:00", day);
    snprintf(data, sizeof data, "'person':'%s','kind':'%s','text':'x'", person, kind);
    tell(s, "C1", "conduct.recorded", at, data);
    snprintf(data, sizeof data, "'person':'%s','kind':'%s','day':'%s','by':'M1'", person, kind,
             day);
    snprintf(at, sizeof at, "%sT17:00", day);
    say(s, "C1", "conduct.confirmed", at, data);
}

static void SCO_062_a_single_award_or_three_merits_once_a_quarter(void **state)
{
    (void)state;
    struct stage *s = year_open("");
    assign(s, "P5", "q_post", "2024-01-01");
    mark(s, "P5", "single_award", "2024-02-01");
    assert_int_equal(plus_count(s, "P5", day_of(2024, 1, 1)), 1);
    mark(s, "P5", "single_award", "2024-03-01");
    assert_int_equal(plus_count(s, "P5", day_of(2024, 1, 1)), 1); /* once */
    mark(s, "P5", "merit", "2024-04-01");
    mark(s, "P5", "merit", "2024-05-01");
    assert_int_equal(plus_count(s, "P5", day_of(2024, 4, 1)), 0);
    mark(s, "P5", "merit", "2024-07-01"); /* the third of the year, in the third quarter */
    assert_int_equal(plus_count(s, "P5", day_of(2024, 4, 1)), 0);
    assert_int_equal(plus_count(s, "P5", day_of(2024, 7, 1)), 1);
    mark(s, "P5", "merit", "2024-10-01");
    assert_int_equal(plus_count(s, "P5", day_of(2024, 10, 1)), 0);
    assert_int_equal(plus_count(s, "P5", day_of(2024, 1, 1)), 1); /* each quarter its own */
    stage_close(s);
}

static void SCO_062_only_for_the_scheme_that_has_it(void **state)
{
    (void)state;
    struct stage *s = dqnj_open("");
    mark(s, "P1", "single_award", "2024-02-01");
    mark(s, "P6", "single_award", "2024-02-01"); /* assessed by nothing */
    assert_int_equal(plus_count(s, "P1", day_of(2024, 1, 1)), 0);
    assert_int_equal(plus_count(s, "P6", day_of(2024, 1, 1)), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_013_worked_examples_of_the_total),
        cmocka_unit_test(SCO_013_S_11_exact_means_of_checks_and_months),
        cmocka_unit_test(SCO_013_a_part_that_changes_changes_the_total),
        cmocka_unit_test(SCO_013_spot_checks_may_have_a_share),
        cmocka_unit_test(SCO_013_without_a_part_it_is_not_reckoned),
        cmocka_unit_test(SCO_013_the_assessment_is_late),
        cmocka_unit_test(SCO_013_checks_are_of_a_100_point_scale),
        cmocka_unit_test(SCO_015_a_revised_total_takes_the_name_back),
        cmocka_unit_test(SCO_014_S_12_one_to_ten_points),
        cmocka_unit_test(SCO_014_in_the_period_in_which_it_was_given),
        cmocka_unit_test(SCO_062_a_single_award_or_three_merits_once_a_quarter),
        cmocka_unit_test(SCO_062_only_for_the_scheme_that_has_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
