/* zone_test.c - zones (CV-1): offsets, gaps and doubled hours, and what is refused. */
#include "common/calendar.h"
#include "common/contract.h"
#include "tests/unit/zone_rows.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILE_MAX 65536

static struct zone *zone(const char *name)
{
    struct zone *z = NULL;
    struct fault why = {.text = ""};
    enum err e = zone_open(str_of(name), &z, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(e, ERR_OK);
    return z;
}

static void CV_1_offsets_agree_with_another_implementation(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(zone_offset_rows); i++) {
        const struct zone_row *r = &zone_offset_rows[i];
        struct zone *z = zone(r->zone);
        if (zone_offset_ms(z, r->from_s * 1000) != r->to_s * 1000) {
            fail_msg("%s at %lld", r->zone, (long long)r->from_s);
        }
        zone_close(&z);
    }
}

static void CV_1_wall_clocks_agree_with_another_implementation(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(zone_wall_rows); i++) {
        const struct zone_row *r = &zone_wall_rows[i];
        struct zone *z = zone(r->zone);
        if (zone_to_utc(z, r->from_s * 1000) != r->to_s * 1000) {
            fail_msg("%s reading %lld", r->zone, (long long)r->from_s);
        }
        zone_close(&z);
    }
}

static int64_t reading(const char *utc_text)
{
    int64_t t = 0;
    assert_int_equal(time_parse(str_of(utc_text), &t, NULL), ERR_OK);
    return t;
}

static void a_gap_moves_forward_and_a_doubled_hour_is_the_earlier(void **state)
{
    (void)state;
    struct zone *z = zone("America/New_York");
    assert_int_equal(zone_to_utc(z, reading("2025-03-09T02:30:00Z")),
                     reading("2025-03-09T07:30:00Z"));
    assert_int_equal(zone_to_utc(z, reading("2025-03-09T03:30:00Z")),
                     reading("2025-03-09T07:30:00Z"));
    assert_int_equal(zone_to_utc(z, reading("2025-11-02T01:30:00Z")),
                     reading("2025-11-02T05:30:00Z"));
    assert_int_equal(zone_to_utc(z, reading("2025-11-02T02:00:00Z")),
                     reading("2025-11-02T07:00:00Z"));
    assert_int_equal(zone_day_start(z, day_of(2025, 3, 10)) - zone_day_start(z, day_of(2025, 3, 9)),
                     23 * HOUR_MS);
    assert_int_equal(zone_day_start(z, day_of(2025, 11, 3)) -
                         zone_day_start(z, day_of(2025, 11, 2)),
                     25 * HOUR_MS);
    assert_int_equal(zone_day(z, reading("2025-07-01T03:59:59.999Z")), day_of(2025, 6, 30));
    assert_int_equal(zone_day(z, reading("2025-07-01T04:00:00Z")), day_of(2025, 7, 1));
    zone_close(&z);
}

static void fixed_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t minutes;
    } rows[] = {{"+08:00", 480}, {"-05:00", -300}, {"+05:45", 345}, {"-00:30", -30},
                {"UTC", 0},      {"Z", 0},         {"+00:00", 0},   {"+14:00", 840}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct zone *z = zone(rows[i].name);
        assert_int_equal(zone_offset_ms(z, 0), rows[i].minutes * MINUTE_MS);
        assert_int_equal(zone_to_utc(z, 0), -rows[i].minutes * MINUTE_MS);
        zone_close(&z);
    }
    struct zone *z = zone("+08:00");
    assert_int_equal(zone_day(z, -8 * HOUR_MS), 0);
    assert_int_equal(zone_day(z, -8 * HOUR_MS - 1), -1);
    zone_close(&z);
    zone_close(&z); /* nothing left to close */
}

static void names_that_are_no_zone_are_refused_with_a_sentence(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "/etc/passwd",
                                      "../../etc/passwd",
                                      "Asia/../Asia/Taipei",
                                      "Mars/Base",
                                      "Asia",
                                      "+8:00",
                                      "+08:60",
                                      "+24:00",
                                      "+08:00x",
                                      "zone.tab",
                                      "Asia/Taipei/",
                                      "Asia Taipei",
                                      "-",
                                      ".",
                                      "right/Asia/Taipei"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct zone *z = NULL;
        struct fault why = {.text = ""};
        assert_int_equal(zone_open(str_of(bad[i]), &z, &why), ERR_REFUSED);
        assert_string_equal(why.rule, "CV-1");
        assert_true(why.text[0] != 0 && z == NULL);
    }
}

static size_t file_read(const char *path, uint8_t *out)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(out, 1, FILE_MAX, f);
    fclose(f);
    return n;
}

static enum err decode(const uint8_t *p, size_t n)
{
    struct zone *z = NULL;
    uint8_t *exact = malloc(n ? n : 1); /* its own block, so that one byte too far is seen */
    memcpy(exact, p, n);
    enum err e = zone_decode((struct slice){exact, n}, &z, NULL);
    if (e == ERR_OK) {
        for (int64_t t = TIME_MIN_MS; t < TIME_MAX_MS; t += 3000 * DAY_MS) {
            assert_in_range(zone_offset_ms(z, t) + 26 * HOUR_MS, 0, 52 * HOUR_MS);
            (void)zone_to_utc(z, t);
        }
    }
    zone_close(&z);
    free(exact);
    return e;
}

/* The footer is optional for us, so a file cut inside it may pass; cut before, never. */
static void a_tz_file_cut_short_is_refused(void **state)
{
    (void)state;
    static uint8_t file[FILE_MAX];
    size_t n = file_read("/usr/share/zoneinfo/America/New_York", file);
    assert_int_equal(decode(file, n), ERR_OK);
    for (size_t cut = 0; cut + 32 < n; cut++)
        assert_int_equal(decode(file, cut), ERR_REFUSED);
}

static void a_damaged_tz_file_is_refused_or_read_within_bounds(void **state)
{
    (void)state;
    static uint8_t file[FILE_MAX];
    size_t n = file_read("/usr/share/zoneinfo/America/New_York", file);
    for (size_t i = 0; i < n; i++) {
        static const uint8_t flips[] = {0x01, 0x80, 0xff};
        for (size_t k = 0; k < COUNT_OF(flips); k++) {
            file[i] ^= flips[k];
            enum err e = decode(file, n);
            assert_true(e == ERR_OK || e == ERR_REFUSED);
            file[i] ^= flips[k];
        }
    }
}

/* TZif version 2: an empty first block, then `times` transitions to +01:00 and back, and the
 * footer. */
static size_t made_file(uint8_t *p, const int64_t *times, uint32_t times_n, const char *footer)
{
    memset(p, 0, 1024);
    size_t n = 0;
    for (int block = 0; block < 2; block++) {
        memcpy(p + n, "TZif2", 5);
        if (block == 1) {
            p[n + 35] = (uint8_t)times_n;
            p[n + 39] = 2;
            p[n + 43] = 4;
        }
        n += 44;
    }
    for (uint32_t i = 0; i < times_n; i++)
        be_put64(p + n + 8 * i, (uint64_t)times[i]);
    n += 8 * times_n;
    for (uint32_t i = 0; i < times_n; i++)
        p[n++] = i % 2 == 0;
    p[n + 8] = 0x0e; /* second type: 3600 s */
    p[n + 9] = 0x10;
    n += 2 * 6 + 4;
    size_t length = strlen(footer);
    memcpy(p + n, footer, length);
    return n + length;
}

static void a_tz_file_must_be_long_form_ascending_and_without_leap_seconds(void **state)
{
    (void)state;
    uint8_t p[1024];
    const int64_t rising[] = {1000000000, 1010000000}, falling[] = {1010000000, 1000000000};
    assert_int_equal(decode(p, made_file(p, rising, 2, "\nUTC0\n")), ERR_OK);
    assert_int_equal(decode(p, made_file(p, rising, 2, "\nCET-1CEST,M3.5.0,M10.5.0/3\n")),
                     ERR_REFUSED);
    assert_int_equal(decode(p, made_file(p, falling, 2, "\nUTC0\n")), ERR_REFUSED);
    size_t n = made_file(p, rising, 2, "\nUTC0\n");
    p[44 + 31] = 1; /* one leap second, 12 bytes */
    assert_int_equal(decode(p, n + 12), ERR_REFUSED);
    n = made_file(p, rising, 2, "\nUTC0\n");
    p[4] = 0; /* version 1 knows no years after 2037 */
    assert_int_equal(decode(p, n), ERR_REFUSED);
}

static void TZDIR_names_another_database(void **state)
{
    (void)state;
    struct zone *z = NULL;
    struct fault why = {.text = ""};
    assert_int_equal(setenv("TZDIR", "/nonexistent", 1), 0);
    assert_int_equal(zone_open(STR("Asia/Taipei"), &z, &why), ERR_REFUSED);
    assert_non_null(strstr(why.text, "Asia/Taipei"));
    assert_int_equal(setenv("TZDIR", "/usr/share/zoneinfo/Asia", 1), 0);
    assert_int_equal(zone_open(STR("Taipei"), &z, &why), ERR_OK);
    assert_int_equal(zone_offset_ms(z, reading("2026-01-01T00:00:00Z")), 8 * HOUR_MS);
    zone_close(&z);
    assert_int_equal(unsetenv("TZDIR"), 0);
}

static void every_zone_of_this_machine_opens(void **state)
{
    (void)state;
    static const char *const areas[] = {"Africa",    "America", "Asia",   "Atlantic",
                                        "Australia", "Europe",  "Pacific"};
    uint32_t opened = 0;
    for (size_t i = 0; i < COUNT_OF(areas); i++) {
        char path[128];
        snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", areas[i]);
        DIR *d = opendir(path);
        assert_non_null(d);
        for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
            if (e->d_type != DT_REG) continue;
            char name[300];
            snprintf(name, sizeof name, "%s/%s", areas[i], e->d_name);
            struct zone *z = zone(name);
            zone_close(&z);
            opened++;
        }
        closedir(d);
    }
    assert_true(opened > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CV_1_offsets_agree_with_another_implementation),
        cmocka_unit_test(CV_1_wall_clocks_agree_with_another_implementation),
        cmocka_unit_test(a_gap_moves_forward_and_a_doubled_hour_is_the_earlier),
        cmocka_unit_test(fixed_offsets),
        cmocka_unit_test(names_that_are_no_zone_are_refused_with_a_sentence),
        cmocka_unit_test(a_tz_file_cut_short_is_refused),
        cmocka_unit_test(a_damaged_tz_file_is_refused_or_read_within_bounds),
        cmocka_unit_test(a_tz_file_must_be_long_form_ascending_and_without_leap_seconds),
        cmocka_unit_test(TZDIR_names_another_database),
        cmocka_unit_test(every_zone_of_this_machine_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
