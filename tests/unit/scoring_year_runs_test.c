/* scoring_year_runs_test.c - tracks of bad months, runs of the best grade, quotas and ranks: the
 * pure part of the year (SCO-027, SCO-035 … SCO-037), the worked examples S-20 … S-24. */
#include "common/contract.h"
#include "services/scoring/year_runs.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define MONTHS_MAX 12

/* Bands of 4s_ae; 70 stays E whoever owns the shared points (SCO-026). */
static struct score_grade bands[5];
static struct scheme scheme_of(enum score_boundary owner)
{
    static const int from[] = {120, 105, 90, 70};
    static const char *const names[] = {"A", "B", "C", "D", "E"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        bands[i] = (struct score_grade){.grade = str_of(names[i]),
                                        .from = i < 4 ? FRAC_INT(from[i]) : FRAC_NONE,
                                        .boundary = i < 3 ? owner : SCORE_BOUNDARY_lower};
    }
    return (struct scheme){.grades = bands, .grade_count = 5};
}

static const struct score_track D_TRACK = {
    .id = {"D", 1}, .grade = {"D", 1}, .run = 2, .improvement = 2, .warned_by = warned_by_hr};
static const struct score_track E_TRACK = {
    .id = {"E", 1}, .grade = {"E", 1}, .run = 2, .warned_by = warned_by_manager};

/* "85 88 - 87.5": months from January 2024 on; - = not assessed. */
static uint32_t months(const struct scheme *s, const char *text, struct year_month *m)
{
    uint32_t n = 0;
    int month = 1;
    char copy[200];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *save, *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save), month++) {
        struct frac score;
        if (!strcmp(w, "-")) continue;
        assert_true(frac_parse(str_of(w), &score));
        const struct score_grade *g = reckon_grade(s, score);
        assert_non_null(g);
        m[n++] =
            (struct year_month){.first = day_of(2024 + (month - 1) / 12, (month - 1) % 12 + 1, 1),
                                .score = score,
                                .rank = year_rank(s, g->grade)};
    }
    return n;
}

static int month_no(int32_t day)
{
    int y = 0, m = 0, d = 0;
    if (day) day_split(day, &y, &m, &d);
    return m;
}

/* "1-2 w4 p5 c0 88.00": begins, opened, month of warning, of proposal, of closing, result. */
static void episode_is(const struct year_episode *e, const char *expected)
{
    char text[80], score[FRAC_TEXT_MAX] = "";
    if (frac_has(e->score)) frac_text(e->score, 2, score);
    snprintf(text, sizeof text, "%d-%d w%d p%d c%d %s", month_no(e->begins), month_no(e->opened),
             month_no(e->warned), month_no(e->proposed), month_no(e->closed), score);
    assert_string_equal(text, expected);
}

struct row {
    const char *id;
    const struct score_track *track;
    enum score_improvement result;
    enum score_boundary owner;
    const char *months;
    const char *episodes[3];
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct scheme s = scheme_of(rows[i].owner);
        struct score_track t = *rows[i].track;
        struct year_month m[MONTHS_MAX];
        struct year_episode v[MONTHS_MAX];
        t.result = rows[i].result;
        uint32_t n = year_runs(&s, &t, m, months(&s, rows[i].months, m), v);
        for (uint32_t j = 0; j < n; j++) {
            if (!rows[i].episodes[j]) fail_msg("%s: %u passages", rows[i].id, n);
            episode_is(&v[j], rows[i].episodes[j]);
        }
        if (rows[i].episodes[n]) fail_msg("%s: only %u passages", rows[i].id, n);
    }
}

#define LOWER SCORE_BOUNDARY_lower
#define UPPER SCORE_BOUNDARY_upper
#define MEAN SCORE_IMPROVEMENT_mean
#define ALL SCORE_IMPROVEMENT_all
#define LAST SCORE_IMPROVEMENT_last

static void SCO_036_worked_examples_of_the_d_track(void **state)
{
    (void)state;
    const struct row rows[] = {
        {"S-20", &D_TRACK, MEAN, LOWER, "85 88 87 89 90", {"1-2 w4 p5 c0 88.00"}},
        {"S-20 upper", &D_TRACK, MEAN, UPPER, "85 88 87 89 90", {"1-2 w4 p0 c5 88.00"}},
        {"S-21", &D_TRACK, MEAN, LOWER, "85 88 88 92 91 85", {"1-2 w4 p0 c5 90.00"}},
        {"S-21 last", &D_TRACK, LAST, LOWER, "85 88 88 92 91 85", {"1-2 w0 p0 c4 92.00"}},
    };
    check(rows, COUNT_OF(rows));
}

static void SCO_036_runs_results_and_gaps(void **state)
{
    (void)state;
    const struct row rows[] = {
        {"one", &D_TRACK, MEAN, LOWER, "85 91 85 91", {NULL}},
        {"open", &D_TRACK, MEAN, LOWER, "85 88", {"1-2 w0 p0 c0 "}},
        {"half of it", &D_TRACK, MEAN, LOWER, "85 88 60", {"1-2 w0 p0 c0 "}},
        {"E is D or worse", &D_TRACK, MEAN, LOWER, "65 70 60 60 60", {"1-2 w4 p5 c0 60.00"}},
        /* months without an assessment neither break a run nor count */
        {"gaps", &D_TRACK, MEAN, LOWER, "85 - 88 - 87 89 - 90", {"1-3 w6 p8 c0 88.00"}},
        {"all", &D_TRACK, ALL, LOWER, "85 88 88 90.01 85", {"1-2 w0 p0 c4 90.01"}},
        {"all bad", &D_TRACK, ALL, LOWER, "85 88 88 89 91", {"1-2 w4 p0 c5 89.00"}},
        /* the months of a closed track are used up */
        {"again",
         &D_TRACK,
         MEAN,
         LOWER,
         "85 88 95 86 85 85",
         {"1-2 w0 p0 c4 90.50", "5-6 w0 p0 c0 "}},
        {"after the fifth",
         &D_TRACK,
         MEAN,
         LOWER,
         "85 88 88 88 95 85 85",
         {"1-2 w4 p0 c5 88.00", "6-7 w0 p0 c0 "}},
        /* a proposal waits for a person, whatever comes */
        {"waits", &D_TRACK, MEAN, LOWER, "85 88 88 88 88 100 100", {"1-2 w4 p5 c0 88.00"}},
    };
    check(rows, COUNT_OF(rows));
}

static void SCO_037_worked_examples_of_the_e_track(void **state)
{
    (void)state;
    const struct row rows[] = {
        {"S-22", &E_TRACK, MEAN, LOWER, "65 70 70", {"1-2 w2 p3 c0 "}},
        {"S-22 better", &E_TRACK, MEAN, LOWER, "65 70 70.01", {"1-2 w2 p0 c3 "}},
        {"S-22 D goes on", &D_TRACK, MEAN, LOWER, "65 70 70.01", {"1-2 w0 p0 c0 "}},
        {"D is not E", &E_TRACK, MEAN, LOWER, "85 88 88", {NULL}},
    };
    check(rows, COUNT_OF(rows));
}

static void SCO_035_three_in_a_row(void **state)
{
    (void)state;
    static const struct {
        const char *id, *months;
        int from, to;
    } rows[] = {
        {"S-23", "121 125 120.5", 1, 3}, {"S-23 third is B", "121 125 120", 0, 0},
        {"gap", "121 - 125 130", 1, 4},  {"broken", "121 125 100 121 125 121 130", 4, 6},
        {"two", "121 125", 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scheme s = scheme_of(LOWER);
        struct year_month m[MONTHS_MAX];
        int32_t from = 0, to = 0;
        bool has = year_best(m, months(&s, rows[i].months, m), 0, 3, &from, &to);
        assert_int_equal(has, rows[i].from != 0);
        assert_int_equal(month_no(from), rows[i].from);
        assert_int_equal(month_no(to), rows[i].to);
    }
}

static const struct score_quota QUOTAS[] = {{{"A", 1}, {5, 100}},
                                            {{"B", 1}, {20, 100}},
                                            {{"C", 1}, {60, 100}},
                                            {{"D", 1}, {10, 100}},
                                            {{"E", 1}, {5, 100}}};

static void SCO_027_quotas_by_largest_remainder(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        uint64_t n, quota[5];
    } rows[] = {{"S-24", 37, {2, 7, 22, 4, 2}},
                {"S-24", 20, {1, 4, 12, 2, 1}},
                {"S-24 tie to A", 10, {1, 2, 6, 1, 0}},
                {"one", 1, {0, 0, 1, 0, 0}},
                {"none", 0, {0, 0, 0, 0, 0}}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t out[5];
        year_quotas(QUOTAS, 5, rows[i].n, out);
        assert_memory_equal(out, rows[i].quota, sizeof out);
    }
}

static struct scheme_year year_of(enum distribution_mode mode)
{
    return (struct scheme_year){.quotas = QUOTAS,
                                .quota_count = 5,
                                .distribution = mode,
                                .distribution_min = 10,
                                .quota_capped = 2};
}

/* Grades of these scores, the best first, as one word. */
static void grades_are(const struct scheme_year *y, const char *scores, const char *expected)
{
    struct scheme s = scheme_of(LOWER);
    struct year_month m[32];
    struct year_place v[32];
    static const char ids[] = "abcdefghijklmnopqrstuvwxyz";
    uint32_t n = 0;
    char copy[200], text[33];
    snprintf(copy, sizeof copy, "%s", scores);
    for (char *save, *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save), n++) {
        assert_int_equal(months(&s, w, &m[n]), 1);
        v[n] = (struct year_place){.person = {ids + n, 1}, .score = m[n].score, .band = m[n].rank};
    }
    year_grades(y, v, n);
    for (uint32_t i = 0; i < n; i++)
        text[i] = v[i].given < 5 ? "ABCDE"[v[i].given] : '?';
    text[n] = 0;
    assert_string_equal(text, expected);
}

static void SCO_027_report_force_and_cap(void **state)
{
    (void)state;
    static const char ten[] = "60 121 122 123 106 107 95 96 97 98";
    struct scheme_year report = year_of(distribution_mode_report),
                       force = year_of(distribution_mode_force),
                       cap = year_of(distribution_mode_cap);
    grades_are(&report, ten, "AAABBCCCCE");
    grades_are(&force, ten, "ABBCCCCCCD"); /* quotas 1 2 6 1 0 */
    grades_are(&cap, ten, "ABBCCCCCCE");   /* one A, two B; the others by band, at most C */
    /* fewer than ten: only a report */
    grades_are(&force, "121 122 123 106 107 95 96 97 98", "AAABBCCCC");
    grades_are(&cap, "121 122 123 106 107 95 96 97 98", "AAABBCCCC");
}

static void SCO_027_equal_scores_at_a_cut_get_the_better_grade(void **state)
{
    (void)state;
    static const char tied[] = "123 123 122 106 106 95 96 97 98 60";
    struct scheme_year force = year_of(distribution_mode_force),
                       cap = year_of(distribution_mode_cap);
    grades_are(&force, tied, "AABCCCCCCD"); /* two A for one; the third place is B, the fourth C */
    grades_are(&cap, tied, "AABBBCCCCE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_036_worked_examples_of_the_d_track),
        cmocka_unit_test(SCO_036_runs_results_and_gaps),
        cmocka_unit_test(SCO_037_worked_examples_of_the_e_track),
        cmocka_unit_test(SCO_035_three_in_a_row),
        cmocka_unit_test(SCO_027_quotas_by_largest_remainder),
        cmocka_unit_test(SCO_027_report_force_and_cap),
        cmocka_unit_test(SCO_027_equal_scores_at_a_cut_get_the_better_grade)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
