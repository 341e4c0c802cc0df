/* calendar_test.c - working calendars: compiling, the working clock (CV-3), working days (CV-8),
 * register days (INT-029). The official calendars are in calendar_official_test.c. */
#include "common/calendar.h"
#include "common/contract.h"
#include "tests/lib/calendar_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct calendar_day_plan office = {{{510, 720}, {780, 1050}}, 2};
static const struct calendar_day_plan round_the_clock = {{{0, 1440}}, 1};

static int64_t at(const char *local)
{
    return calendar_fixture_at(local);
}

static int32_t day(const char *date)
{
    return calendar_fixture_day(date);
}

static struct calendar_source source_of(const struct calendar_day_plan *weekday)
{
    struct calendar_source s = {.name = STR("T"), .zone = STR("+08:00")};
    s.first_day = day("2026-03-02"); /* a Monday */
    s.last_day = day("2026-03-15");
    for (int i = 0; i < 5; i++)
        s.week[i] = *weekday;
    return s;
}

static struct calendar *compile(const struct calendar_source *s)
{
    struct calendar *c = NULL;
    struct fault why = {.text = ""};
    enum err e = calendar_compile(s, &c, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(e, ERR_OK);
    return c;
}

static struct calendar *two_weeks(void)
{
    struct calendar_source s = source_of(&office);
    return compile(&s);
}

/* ---- compiling ---- */

static void assert_refused(const struct calendar_source *s, const char *code)
{
    struct calendar *c = NULL;
    struct fault why = {.text = ""};
    assert_int_equal(calendar_compile(s, &c, &why), ERR_REFUSED);
    assert_string_equal(why.code, code);
    assert_true(why.text[0] != 0 && c == NULL);
    assert_int_equal(calendar_compile(s, &c, NULL), ERR_REFUSED);
}

static void spans_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        struct calendar_day_plan plan;
        const char *code;
    } rows[] = {
        {{{{510, 510}}, 1}, "calendar_span"},
        {{{{720, 510}}, 1}, "calendar_span"},
        {{{{-1, 510}}, 1}, "calendar_span"},
        {{{{510, 1441}}, 1}, "calendar_span"},
        {{{{510, 720}, {700, 800}}, 2}, "calendar_overlap"},
        {{{{780, 1050}, {510, 720}}, 2}, "calendar_overlap"},
        {{{{510, 720}}, CALENDAR_SPANS_MAX + 1}, "calendar_spans"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct calendar_source s = source_of(&rows[i].plan);
        assert_refused(&s, rows[i].code);
        s = source_of(&office);
        s.makeup = rows[i].plan;
        assert_refused(&s, rows[i].code);
        struct calendar_exception x = {.day = s.first_day, .work = true, .plan = rows[i].plan};
        s = source_of(&office);
        s.exceptions = &x;
        s.exception_count = 1;
        assert_refused(&s, rows[i].code);
    }
}

static void ranges_names_and_zones_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct calendar_source s = source_of(&office);
    s.last_day = s.first_day - 1;
    assert_refused(&s, "calendar_range");
    s = source_of(&office);
    s.first_day = INT32_MIN;
    s.last_day = INT32_MAX;
    assert_refused(&s, "calendar_range");
    s = source_of(&office);
    s.name = STR("");
    assert_refused(&s, "calendar_name");
    s = source_of(&office);
    s.zone = STR("Nowhere/Land");
    assert_refused(&s, "zone_invalid");
    s = source_of(&(struct calendar_day_plan){.count = 0});
    assert_refused(&s, "calendar_empty");
}

static void an_exception_out_of_range_is_refused(void **state)
{
    (void)state;
    struct calendar_source s = source_of(&office);
    struct calendar_exception x = {.day = s.last_day + 1};
    s.exceptions = &x;
    s.exception_count = 1;
    assert_refused(&s, "calendar_exception");
    x.day = s.first_day - 1;
    assert_refused(&s, "calendar_exception");
}

static void the_later_of_two_exceptions_wins_and_a_makeup_day_has_its_spans(void **state)
{
    (void)state;
    struct calendar_source s = source_of(&office);
    const struct calendar_day_plan morning = {{{480, 600}}, 1};
    const struct calendar_exception x[] = {
        {.day = s.first_day + 5, .work = true},                  /* Saturday, as makeup says */
        {.day = s.first_day + 6, .work = true, .plan = morning}, /* Sunday, as it says itself */
        {.day = s.first_day, .work = true},
        {.day = s.first_day}, /* Monday: off, said last */
        {.day = s.first_day + 1},
        {.day = s.first_day + 1, .work = true},
    };
    s.exceptions = x;
    s.exception_count = COUNT_OF(x);
    struct calendar *c = compile(&s);
    assert_false(calendar_is_workday(c, s.first_day));
    assert_true(calendar_is_workday(c, s.first_day + 1));
    assert_int_equal(calendar_open(c, s.first_day + 5), at("2026-03-07 08:30")); /* as Monday */
    assert_int_equal(calendar_close_of(c, s.first_day + 6), at("2026-03-08 10:00"));
    calendar_close(&c);
    s.makeup = morning;
    c = compile(&s);
    assert_int_equal(calendar_open(c, s.first_day + 5), at("2026-03-07 08:00"));
    assert_true(str_is(calendar_name(c), "T"));
    calendar_close(&c);
    calendar_close(&c); /* nothing left to close */
}

static void spans_that_touch_are_one(void **state)
{
    (void)state;
    const struct calendar_day_plan split = {{{510, 720}, {720, 1050}}, 2};
    struct calendar_source s = source_of(&split);
    struct calendar *c = compile(&s);
    assert_int_equal(calendar_add_right(c, at("2026-03-02 08:30"), 210 * MINUTE_MS),
                     at("2026-03-02 12:00"));
    assert_int_equal(calendar_add(c, at("2026-03-02 08:30"), 540 * MINUTE_MS),
                     at("2026-03-02 17:30"));
    calendar_close(&c);
}

/* ---- CV-3 ---- */

static void CV_3_left_is_due_at_closing_right_at_the_next_opening(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        int minutes;
        const char *left, *right;
    } rows[] = {
        {"2026-03-02 10:30", 360, "2026-03-02 17:30", "2026-03-03 08:30"},
        {"2026-03-06 10:30", 360, "2026-03-06 17:30", "2026-03-09 08:30"}, /* over the weekend */
        {"2026-03-02 08:30", 210, "2026-03-02 12:00", "2026-03-02 13:00"}, /* over lunch */
        {"2026-03-02 08:30", 211, "2026-03-02 13:01", "2026-03-02 13:01"},
        {"2026-03-02 17:30", 1, "2026-03-03 08:31", "2026-03-03 08:31"}, /* closing is no work */
        {"2026-03-02 12:00", 0, "2026-03-02 12:00", "2026-03-02 13:00"},
        {"2026-03-02 09:00", 0, "2026-03-02 09:00", "2026-03-02 09:00"},
        {"2026-03-07 23:59", 0, "2026-03-07 23:59", "2026-03-09 08:30"},
    };
    struct calendar *c = two_weeks();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t amount = rows[i].minutes * MINUTE_MS;
        assert_int_equal(calendar_add(c, at(rows[i].start), amount), at(rows[i].left));
        assert_int_equal(calendar_add_right(c, at(rows[i].start), amount), at(rows[i].right));
    }
    calendar_close(&c);
}

static void CV_3_a_negative_amount_counts_back_to_the_latest_start(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        int minutes;
        const char *before;
    } rows[] = {
        {"2026-03-03 12:00", -210, "2026-03-03 08:30"},
        {"2026-03-03 12:00", -240, "2026-03-02 17:00"},
        {"2026-03-09 08:30", -30, "2026-03-06 17:00"},
        {"2026-03-08 10:00", -480, "2026-03-06 08:30"},
        {"2026-03-03 13:00", -210, "2026-03-03 08:30"},
        {"2026-03-03 13:30", -30, "2026-03-03 13:00"},
        {"2026-03-02 17:30", -480, "2026-03-02 08:30"},
    };
    struct calendar *c = two_weeks();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t amount = rows[i].minutes * MINUTE_MS;
        assert_int_equal(calendar_add(c, at(rows[i].start), amount), at(rows[i].before));
        assert_int_equal(calendar_add_right(c, at(rows[i].start), amount), at(rows[i].before));
    }
    calendar_close(&c);
}

static void CV_3_beyond_the_range_there_is_no_work(void **state)
{
    (void)state;
    struct calendar *c = two_weeks();
    int64_t all = 10 * 480 * MINUTE_MS, early = at("2026-01-01 00:00"),
            late = at("2027-01-01 00:00");
    assert_int_equal(calendar_worked(c, early, late), all);
    assert_int_equal(calendar_worked(c, late, early), 0);
    assert_int_equal(calendar_worked(c, TIME_MIN_MS, TIME_MAX_MS), all);
    assert_int_equal(calendar_add(c, early, all), at("2026-03-13 17:30"));
    assert_int_equal(calendar_add(c, early, all + 1), TIME_MAX_MS);
    assert_int_equal(calendar_add(c, late, 1), TIME_MAX_MS);
    assert_int_equal(calendar_add_right(c, early, all),
                     TIME_MAX_MS); /* the next opening is unknown */
    assert_int_equal(calendar_add(c, late, -all), at("2026-03-02 08:30"));
    assert_int_equal(calendar_add(c, late, -all - 1), TIME_MIN_MS);
    assert_int_equal(calendar_add(c, early, INT64_MAX), TIME_MAX_MS);
    assert_int_equal(calendar_add(c, late, INT64_MIN), TIME_MIN_MS);
    assert_int_equal(calendar_add_right(c, late, INT64_MAX), TIME_MAX_MS);
    assert_int_equal(calendar_add_right(c, early, INT64_MIN), TIME_MIN_MS);
    calendar_close(&c);
}

static void duty_day_and_night_is_elapsed_time(void **state)
{
    (void)state;
    struct calendar *c = calendar_fixture_load("full", NULL);
    int64_t start = at("2026-03-02 17:17:17");
    assert_int_equal(calendar_add(c, start, 100 * DAY_MS + 7), start + 100 * DAY_MS + 7);
    assert_int_equal(calendar_add_right(c, start, 100 * DAY_MS + 7), start + 100 * DAY_MS + 7);
    assert_int_equal(calendar_add(c, start, -DAY_MS), start - DAY_MS);
    assert_int_equal(calendar_worked(c, start, start + 365 * DAY_MS), 365 * DAY_MS);
    assert_int_equal(calendar_register_day(c, at("2026-03-02 00:00")),
                     day("2026-03-01")); /* 24:00 included */
    assert_int_equal(calendar_register_day(c, at("2026-03-02 00:00:01")), day("2026-03-02"));
    calendar_close(&c);
}

/* New York 2025: 9 March has 23 hours, 2 November 25. Spans that end inside the missing hour
 * shrink. */
static void days_of_23_and_25_hours(void **state)
{
    (void)state;
    struct calendar_source s = {.name = STR("NY"), .zone = STR("America/New_York")};
    s.first_day = day("2025-01-01");
    s.last_day = day("2025-12-31");
    for (int i = 0; i < 7; i++)
        s.week[i] = round_the_clock;
    struct calendar *c = compile(&s);
    int32_t spring = day("2025-03-09"), autumn = day("2025-11-02");
    assert_int_equal(calendar_close_of(c, spring) - calendar_open(c, spring), 23 * HOUR_MS);
    assert_int_equal(calendar_close_of(c, autumn) - calendar_open(c, autumn), 25 * HOUR_MS);
    calendar_close(&c);

    const struct calendar_day_plan night = {{{0, 90}, {120, 150}, {150, 180}, {180, 240}}, 4};
    for (int i = 0; i < 7; i++)
        s.week[i] = night;
    c = compile(&s);
    int64_t from = calendar_open(c, spring);
    assert_int_equal(calendar_worked(c, from, from + 12 * HOUR_MS),
                     150 * MINUTE_MS); /* 90 and 03:00-04:00 */
    assert_int_equal(calendar_close_of(c, spring) - from, 3 * HOUR_MS);
    from = calendar_open(c, autumn);
    assert_int_equal(calendar_worked(c, from, from + 12 * HOUR_MS),
                     210 * MINUTE_MS); /* 01:30 is the first */
    calendar_close(&c);
}

static void a_working_day_lost_in_a_gap_is_none(void **state)
{
    (void)state;
    const struct calendar_day_plan lost = {{{120, 180}}, 1};
    struct calendar_source s = {.name = STR("NY"), .zone = STR("America/New_York")};
    s.first_day = day("2025-03-08");
    s.last_day = day("2025-03-10");
    for (int i = 0; i < 7; i++)
        s.week[i] = lost;
    struct calendar *c = compile(&s);
    assert_false(calendar_is_workday(c, day("2025-03-09")));
    assert_int_equal(calendar_workday(c, day("2025-03-08"), 1), day("2025-03-10"));
    calendar_close(&c);
}

/* ---- working days ---- */

static void CV_8_the_nth_working_day(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int n;
        const char *to;
    } rows[] = {
        {"2026-09-29", 7, "2026-10-14"},  {"2026-09-19", 1, "2026-09-20"},
        {"2026-09-30", 1, "2026-10-08"},  {"2026-10-08", -1, "2026-09-30"},
        {"2026-10-03", -1, "2026-09-30"}, {"2026-10-03", 0, "2026-10-08"},
        {"2026-10-10", 0, "2026-10-10"},  {"2026-10-12", -2, "2026-10-09"},
        {"2026-10-14", -7, "2026-09-29"},
    };
    struct calendar *c = calendar_fixture_load("ex", NULL);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(calendar_workday(c, day(rows[i].from), rows[i].n), day(rows[i].to));
    }
    calendar_close(&c);
}

static void CV_8_out_of_range_is_said(void **state)
{
    (void)state;
    struct calendar *c = two_weeks();
    assert_int_equal(calendar_workday(c, day("2026-03-01"), 1), INT32_MAX);
    assert_int_equal(calendar_workday(c, day("2026-03-16"), -1), INT32_MAX);
    assert_int_equal(calendar_workday(c, day("2026-03-02"), -1), INT32_MAX);
    assert_int_equal(calendar_workday(c, day("2026-03-02"), 9), day("2026-03-13"));
    assert_int_equal(calendar_workday(c, day("2026-03-02"), 10), INT32_MAX);
    assert_int_equal(calendar_workday(c, day("2026-03-14"), 0), INT32_MAX);
    assert_int_equal(calendar_workday(c, day("2026-03-02"), INT32_MAX), INT32_MAX);
    assert_int_equal(calendar_workday(c, day("2026-03-02"), INT32_MIN), INT32_MAX);
    assert_false(calendar_is_workday(c, INT32_MIN) || calendar_is_workday(c, INT32_MAX));
    assert_int_equal(calendar_last_workday(c, 2026, 3), INT32_MAX); /* the month is not whole */
    calendar_close(&c);
}

static void HQ_012_last_working_day_of_a_month(void **state)
{
    (void)state;
    struct calendar *c = calendar_fixture_load("cn", NULL);
    assert_int_equal(calendar_last_workday(c, 2026, 5), day("2026-05-29"));
    assert_int_equal(calendar_last_workday(c, 2026, 2), day("2026-02-28")); /* a make-up Saturday */
    assert_int_equal(calendar_last_workday(c, 2019, 1), day("2019-01-31"));
    assert_int_equal(calendar_last_workday(c, 2030, 12), day("2030-12-31"));
    assert_int_equal(calendar_last_workday(c, 2031, 1), INT32_MAX);
    assert_int_equal(calendar_last_workday(c, 2018, 12), INT32_MAX);
    assert_int_equal(calendar_last_workday(c, 2026, 13), INT32_MAX);
    calendar_close(&c);
}

static void INT_029_register_day(void **state)
{
    (void)state;
    static const struct {
        const char *received, *day;
    } rows[] = {
        {"2026-03-06 17:30:00", "2026-03-06"}, {"2026-03-06 17:30:01", "2026-03-09"},
        {"2026-03-06 12:30:00", "2026-03-06"}, {"2026-03-06 12:00:00", "2026-03-06"},
        {"2026-03-06 00:00:00", "2026-03-06"}, {"2026-03-07 23:59:59", "2026-03-09"},
        {"2026-03-02 00:00:00", "2026-03-02"},
    };
    struct calendar *c = two_weeks();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(calendar_register_day(c, at(rows[i].received)), day(rows[i].day));
    }
    assert_int_equal(calendar_register_day(c, at("2026-03-01 23:59:59")), INT32_MAX);
    assert_int_equal(calendar_register_day(c, at("2026-03-13 17:30:00")), day("2026-03-13"));
    assert_int_equal(calendar_register_day(c, at("2026-03-13 17:30:01")), INT32_MAX);
    calendar_close(&c);
}

static void CV_4_the_standard_calendar_has_480_minutes_from_2010_to_2035(void **state)
{
    (void)state;
    struct calendar *c = calendar_fixture_load("std", NULL);
    assert_int_equal(calendar_worked(c, at("2026-03-02 00:00"), at("2026-03-09 00:00")),
                     5 * 480 * MINUTE_MS);
    assert_true(calendar_is_workday(c, day("2010-01-01")) &&
                calendar_is_workday(c, day("2035-12-31")));
    assert_int_equal(calendar_workday(c, day("2035-12-31"), 1), INT32_MAX);
    calendar_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_that_cannot_be_are_refused),
        cmocka_unit_test(ranges_names_and_zones_that_cannot_be_are_refused),
        cmocka_unit_test(an_exception_out_of_range_is_refused),
        cmocka_unit_test(the_later_of_two_exceptions_wins_and_a_makeup_day_has_its_spans),
        cmocka_unit_test(spans_that_touch_are_one),
        cmocka_unit_test(CV_3_left_is_due_at_closing_right_at_the_next_opening),
        cmocka_unit_test(CV_3_a_negative_amount_counts_back_to_the_latest_start),
        cmocka_unit_test(CV_3_beyond_the_range_there_is_no_work),
        cmocka_unit_test(duty_day_and_night_is_elapsed_time),
        cmocka_unit_test(days_of_23_and_25_hours),
        cmocka_unit_test(a_working_day_lost_in_a_gap_is_none),
        cmocka_unit_test(CV_8_the_nth_working_day),
        cmocka_unit_test(CV_8_out_of_range_is_said),
        cmocka_unit_test(HQ_012_last_working_day_of_a_month),
        cmocka_unit_test(INT_029_register_day),
        cmocka_unit_test(CV_4_the_standard_calendar_has_480_minutes_from_2010_to_2035),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
