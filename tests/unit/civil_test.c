/* civil_test.c - dates (CV-6, HQ-005) and RFC 3339 text. */
#include "common/calendar.h"
#include "common/contract.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int32_t date(const char *text)
{
    int32_t day = 0;
    assert_int_equal(day_parse(str_of(text), &day), ERR_OK);
    return day;
}

static void assert_day(int32_t day, const char *expected)
{
    char text[11];
    day_format(day, text);
    assert_string_equal(text, expected);
}

/* Counts two centuries day by day with nothing but the lengths of months. */
static void every_day_from_1900_to_2100_counts_on(void **state)
{
    (void)state;
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y = 1900, m = 1, d = 1, weekday = 1; /* 1900-01-01 was a Monday */
    for (int32_t day = (int32_t)(TIME_MIN_MS / DAY_MS); day <= TIME_MAX_MS / DAY_MS; day++) {
        int sy, sm, sd;
        day_split(day, &sy, &sm, &sd);
        assert_true(sy == y && sm == m && sd == d);
        assert_int_equal(day_of(y, m, d), day);
        assert_int_equal(day_weekday(day), weekday);
        weekday = weekday % 7 + 1;
        bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
        if (++d <= days[m - 1] + (m == 2 && leap)) continue;
        d = 1;
        if (++m <= 12) continue;
        m = 1;
        y++;
    }
    assert_int_equal(y, 2100);
}

static void day_valid_knows_months_and_leap_years(void **state)
{
    (void)state;
    assert_true(day_valid(2024, 2, 29) && day_valid(2000, 2, 29) && day_valid(2026, 12, 31));
    assert_false(day_valid(2026, 2, 29) || day_valid(1900, 2, 29) || day_valid(2026, 4, 31));
    assert_false(day_valid(2026, 0, 1) || day_valid(2026, 13, 1) || day_valid(2026, 1, 0));
    assert_false(day_valid(0, 1, 1) || day_valid(10000, 1, 1) || day_valid(-5, 1, 1));
}

/* The month sums behind the guarantee examples INT-EX-01 … INT-EX-09, and the way back. */
static void CV_6_months_clamp_to_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int months;
        const char *to;
    } rows[] = {
        {"2025-01-15", 12, "2026-01-15"}, {"2024-12-01", 18, "2026-06-01"},
        {"2024-03-31", 18, "2025-09-30"}, {"2024-02-29", 12, "2025-02-28"},
        {"2025-03-20", 18, "2026-09-20"}, {"2024-08-31", 24, "2026-08-31"},
        {"2024-08-31", 18, "2026-02-28"}, {"2026-02-28", 6, "2026-08-28"},
        {"2025-05-31", 18, "2026-11-30"}, {"2024-02-29", 36, "2027-02-28"},
        {"2024-02-29", 48, "2028-02-29"}, {"2026-03-31", -1, "2026-02-28"},
        {"2026-01-15", -1, "2025-12-15"}, {"2026-01-31", -23, "2024-02-29"},
        {"2026-12-31", 0, "2026-12-31"},  {"1970-01-01", -1, "1969-12-01"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_day(day_add_months(date(rows[i].from), rows[i].months), rows[i].to);
    }
}

static void CV_6_is_computed_from_the_anchor_never_chained(void **state)
{
    (void)state;
    int32_t anchor = date("2026-01-31");
    assert_day(day_add_months(anchor, 2), "2026-03-31");
    assert_day(day_add_months(day_add_months(anchor, 1), 1), "2026-03-28");
}

static void months_beyond_the_calendar_stay_at_its_border(void **state)
{
    (void)state;
    assert_day(day_add_months(date("2026-01-31"), INT32_MAX), "9999-12-31");
    assert_day(day_add_months(date("2026-01-31"), INT32_MIN), "0001-01-01");
}

static void HQ_005_iso_weeks(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        int year, week;
    } rows[] = {{"2013-04-01", 2013, 14}, {"2013-04-08", 2013, 15}, {"2027-01-01", 2026, 53},
                {"2026-12-31", 2026, 53}, {"2027-01-04", 2027, 1},  {"2024-12-30", 2025, 1},
                {"2021-01-03", 2020, 53}, {"2018-12-31", 2019, 1},  {"2023-01-01", 2022, 52}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int year, week;
        day_iso_week(date(rows[i].day), &year, &week);
        assert_int_equal(year, rows[i].year);
        assert_int_equal(week, rows[i].week);
    }
}

/* A week is the same for its seven days and one more, or 1, on the next Monday; 4 January is in
 * week 1. */
static void HQ_005_weeks_run_without_holes(void **state)
{
    (void)state;
    int year = 0, week = 0;
    for (int32_t day = date("1999-01-04"); day < date("2041-01-01"); day++) {
        int y, w, month, mday, civil;
        day_iso_week(day, &y, &w);
        day_split(day, &civil, &month, &mday);
        if (day_weekday(day) != 1) {
            assert_true(y == year && w == week);
        } else if (year != 0) {
            assert_true((y == year && w == week + 1) || (y == year + 1 && w == 1 && week >= 52));
        }
        if (month == 1 && mday == 4) assert_true(y == civil && w == 1);
        year = y;
        week = w;
    }
}

static void day_parse_is_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "2026-3-02",  "2026-02-29", "2026-13-01",
                                      "20260302",   "2026-03-2x", "2026/03/02", "0000-01-01",
                                      "+026-03-02", " 2026-03-2", "2026-03-00", "2026-03-02T",
                                      "2026-03-32", "-001-01-01", "2026-03- 2"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        int32_t day = 77;
        assert_int_equal(day_parse(str_of(bad[i]), &day), ERR_REFUSED);
        assert_int_equal(day, 77);
    }
    assert_day(date("0001-01-01"), "0001-01-01");
    assert_day(date("9999-12-31"), "9999-12-31");
    assert_day(INT32_MAX, "9999-07-11"); /* no room for more, and no overrun */
}

static int64_t at(const char *text)
{
    struct fault why = {.text = ""};
    int64_t t = 0;
    enum err e = time_parse(str_of(text), &t, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(e, ERR_OK);
    return t;
}

static void time_parse_reads_rfc_3339(void **state)
{
    (void)state;
    assert_int_equal(at("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(at("2026-03-02T09:00:00+08:00"), at("2026-03-02T01:00:00Z"));
    assert_int_equal(at("2026-03-01T20:00:00.5-05:00"), at("2026-03-02T01:00:00Z") + 500);
    assert_int_equal(at("2026-03-02t01:00:00z"), at("2026-03-02 01:00:00Z"));
    assert_int_equal(at("2026-03-02T01:00:00.1239999Z"), at("2026-03-02T01:00:00Z") + 123);
    assert_int_equal(at("2026-03-02T01:00:00.007-00:00"), at("2026-03-02T01:00:00Z") + 7);
    assert_int_equal(at("1900-01-01T00:00:00Z"), TIME_MIN_MS);
    assert_int_equal(at("2099-12-31T23:59:59.999Z"), TIME_MAX_MS - 1);
}

static void time_parse_refuses_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
    } rows[] = {
        {"", "time_invalid"},
        {"2026-03-02", "time_invalid"},
        {"2026-03-02T09:00", "time_invalid"},
        {"2026-03-02T09:00:00", "time_zone_missing"},
        {"2026-03-02T09:00:00.5", "time_zone_missing"},
        {"2026-03-02T09:00:00.Z", "time_invalid"},
        {"2026-02-30T09:00:00Z", "time_invalid"},
        {"2026-03-02T24:00:00Z", "time_invalid"},
        {"2026-03-02T09:60:00Z", "time_invalid"},
        {"2026-03-02T09:00:60Z", "time_invalid"},
        {"2026-03-02T09:00:00+0800", "time_invalid"},
        {"2026-03-02T09:00:00+08", "time_invalid"},
        {"2026-03-02T09:00:00+24:00", "time_invalid"},
        {"2026-03-02T09:00:00Z ", "time_invalid"},
        {"2026-03-02X09:00:00Z", "time_invalid"},
        {"1899-12-31T23:59:59Z", "time_out_of_range"},
        {"1900-01-01T00:00:00+08:00", "time_out_of_range"},
        {"2100-01-01T00:00:00Z", "time_out_of_range"},
        {"9999-12-31T23:59:59Z", "time_out_of_range"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fault why = {.text = ""};
        int64_t t = 77;
        assert_int_equal(time_parse(str_of(rows[i].text), &t, &why), ERR_REFUSED);
        assert_string_equal(why.code, rows[i].code);
        assert_true(why.text[0] != 0);
        assert_int_equal(t, 77);
        assert_int_equal(time_parse(str_of(rows[i].text), &t, NULL), ERR_REFUSED);
    }
}

/* A NUL in the middle must not pass for the end of a list of allowed characters. */
static void time_parse_refuses_every_cut_and_a_nul_anywhere(void **state)
{
    (void)state;
    const char whole[] = "2026-03-02T09:00:00.250+08:00";
    for (uint32_t i = 0; i < sizeof whole - 1; i++) {
        char text[sizeof whole];
        int64_t t;
        memcpy(text, whole, sizeof whole);
        assert_int_equal(time_parse((struct str){text, i}, &t, NULL), ERR_REFUSED);
        text[i] = 0;
        assert_int_equal(time_parse((struct str){text, sizeof whole - 1}, &t, NULL), ERR_REFUSED);
    }
}

static void assert_formats(int64_t t, const char *zone, const char *rfc, const char *local)
{
    struct zone *z = NULL;
    char text[40];
    if (zone) assert_int_equal(zone_open(str_of(zone), &z, NULL), ERR_OK);
    time_format(t, z, text);
    assert_string_equal(text, rfc);
    time_format_local(t, z, text);
    assert_string_equal(text, local);
    zone_close(&z);
}

static void time_format_writes_the_zone(void **state)
{
    (void)state;
    int64_t t = at("2026-03-02T01:00:00Z");
    assert_formats(t, NULL, "2026-03-02T01:00:00Z", "2026-03-02 01:00");
    assert_formats(t + 1007, NULL, "2026-03-02T01:00:01.007Z", "2026-03-02 01:00:01");
    assert_formats(t, "+08:00", "2026-03-02T09:00:00+08:00", "2026-03-02 09:00");
    assert_formats(t, "-09:30", "2026-03-01T15:30:00-09:30", "2026-03-01 15:30");
    assert_formats(t, "UTC", "2026-03-02T01:00:00+00:00", "2026-03-02 01:00");
    assert_formats(t, "Asia/Kathmandu", "2026-03-02T06:45:00+05:45", "2026-03-02 06:45");
    assert_formats(-1, NULL, "1969-12-31T23:59:59.999Z", "1969-12-31 23:59:59");
    assert_formats(INT64_MAX, NULL, "2100-01-01T00:00:00Z", "2100-01-01 00:00");
    assert_formats(INT64_MIN, NULL, "1900-01-01T00:00:00Z", "1900-01-01 00:00");
}

/* Shanghai kept local mean time, +08:05:43, until 1901. */
static void an_offset_with_seconds_still_names_the_same_instant(void **state)
{
    (void)state;
    int64_t t = at("1900-06-01T00:00:00Z");
    assert_formats(t, "Asia/Shanghai", "1900-06-01T08:05:00+08:05", "1900-06-01 08:05:43");
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    static const char *const zones[] = {"America/New_York", "Asia/Shanghai", "Australia/Lord_Howe",
                                        "-00:30"};
    for (size_t k = 0; k < COUNT_OF(zones); k++) {
        struct zone *z = NULL;
        assert_int_equal(zone_open(str_of(zones[k]), &z, NULL), ERR_OK);
        for (int64_t t = TIME_MIN_MS + 2 * DAY_MS; t < TIME_MAX_MS; t += 37 * DAY_MS + 12345679) {
            char text[40];
            time_format(t, z, text);
            assert_int_equal(at(text), t);
        }
        zone_close(&z);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_from_1900_to_2100_counts_on),
        cmocka_unit_test(day_valid_knows_months_and_leap_years),
        cmocka_unit_test(CV_6_months_clamp_to_the_end),
        cmocka_unit_test(CV_6_is_computed_from_the_anchor_never_chained),
        cmocka_unit_test(months_beyond_the_calendar_stay_at_its_border),
        cmocka_unit_test(HQ_005_iso_weeks),
        cmocka_unit_test(HQ_005_weeks_run_without_holes),
        cmocka_unit_test(day_parse_is_strict),
        cmocka_unit_test(time_parse_reads_rfc_3339),
        cmocka_unit_test(time_parse_refuses_with_a_sentence),
        cmocka_unit_test(time_parse_refuses_every_cut_and_a_nul_anywhere),
        cmocka_unit_test(time_format_writes_the_zone),
        cmocka_unit_test(an_offset_with_seconds_still_names_the_same_instant),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
