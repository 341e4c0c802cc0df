/* calendar_official_test.c - the calendars of two administrations, 2019 to 2026, as the policy
 * states them: every working day, and working-time questions (CV-3) with answers found
 * independently. */
#include "common/calendar.h"
#include "common/contract.h"
#include "tests/lib/calendar_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OFFICE "08:30-12:00, 13:00-17:30"
#define FIELD "09:00-18:00"

static int64_t at(const char *local)
{
    return calendar_fixture_at(local);
}

static int32_t day(const char *date)
{
    return calendar_fixture_day(date);
}

struct vector {
    const char *op, *calendar, *shift, *start, *end_or_seconds, *answer;
};

/* A selection of independent questions and answers; the whole set is read below when it is there.
 */
static const struct vector vectors[] = {
    {"add", "cn", "field", "2025-12-29 02:59:31", "60", "2025-12-29 09:01:00"},
    {"add", "cn", "field", "2019-12-21 20:10:40", "3600", "2019-12-23 10:00:00"},
    {"add", "cn", "field", "2020-06-14 11:59:59", "25200", "2020-06-15 16:00:00"},
    {"add", "cn", "field", "2025-01-09 08:30:00", "21600", "2025-01-09 15:00:00"},
    {"add", "cn", "field", "2020-01-14 14:39:46", "1800", "2020-01-14 15:09:46"},
    {"add", "cn", "field", "2025-01-24 13:34:39", "144000", "2025-02-06 17:34:39"},
    {"add", "cn", "field", "2020-02-19 05:24:31", "25200", "2020-02-19 16:00:00"},
    {"add", "cn", "field", "2019-07-13 21:20:30", "3600", "2019-07-15 10:00:00"},
    {"add", "cn", "office", "2023-02-03 11:59:59", "43200", "2023-02-06 16:59:59"},
    {"add", "cn", "office", "2019-09-19 23:59:59", "28800", "2019-09-20 17:30:00"},
    {"add", "cn", "office", "2021-08-28 23:17:27", "25200", "2021-08-30 16:30:00"},
    {"add", "cn", "office", "2021-08-03 01:09:38", "86400", "2021-08-05 17:30:00"},
    {"add", "cn", "office", "2022-07-16 17:30:00", "60", "2022-07-18 08:31:00"},
    {"add", "cn", "office", "2024-06-10 23:59:59", "144000", "2024-06-17 17:30:00"},
    {"add", "cn", "office", "2023-09-28 08:00:59", "1", "2023-09-28 08:30:01"},
    {"add", "cn", "office", "2025-07-01 06:02:31", "43200", "2025-07-02 13:30:00"},
    {"add", "tw", "field", "2019-06-05 07:07:24", "28800", "2019-06-05 17:00:00"},
    {"add", "tw", "field", "2022-12-30 06:42:04", "28800", "2022-12-30 17:00:00"},
    {"add", "tw", "field", "2019-12-12 12:30:00", "43200", "2019-12-13 15:30:00"},
    {"add", "tw", "field", "2021-12-19 06:44:59", "3600", "2021-12-20 10:00:00"},
    {"add", "tw", "field", "2024-11-26 00:24:14", "60", "2024-11-26 09:01:00"},
    {"add", "tw", "field", "2021-07-15 11:59:59", "21600", "2021-07-15 17:59:59"},
    {"add", "tw", "field", "2022-06-25 06:23:15", "3600", "2022-06-27 10:00:00"},
    {"add", "tw", "field", "2022-04-16 08:29:59", "7200", "2022-04-18 11:00:00"},
    {"add", "tw", "office", "2020-08-27 19:47:00", "1800", "2020-08-28 09:00:00"},
    {"add", "tw", "office", "2022-06-20 11:59:59", "144000", "2022-06-27 11:59:59"},
    {"add", "tw", "office", "2022-05-25 12:24:41", "43200", "2022-05-26 17:00:00"},
    {"add", "tw", "office", "2019-09-18 04:31:14", "14400", "2019-09-18 13:30:00"},
    {"add", "tw", "office", "2025-05-01 08:07:26", "14400", "2025-05-01 13:30:00"},
    {"add", "tw", "office", "2021-09-26 17:30:00", "14400", "2021-09-27 13:30:00"},
    {"add", "tw", "office", "2026-01-11 06:46:36", "43200", "2026-01-13 13:30:00"},
    {"add", "tw", "office", "2025-01-29 11:59:59", "21600", "2025-02-03 15:30:00"},
    {"between", "cn", "field", "2025-01-25 11:59:59", "2025-02-02 23:02:00", "64800"},
    {"between", "cn", "field", "2025-05-19 11:31:50", "2025-05-26 16:26:29", "179679"},
    {"between", "cn", "field", "2020-11-03 22:36:49", "2020-11-05 11:29:51", "41391"},
    {"between", "cn", "field", "2023-10-14 15:20:54", "2023-10-16 00:21:05", "0"},
    {"between", "cn", "field", "2019-03-24 08:30:00", "2019-04-11 08:30:25", "388800"},
    {"between", "cn", "field", "2022-02-09 11:27:57", "2022-02-14 10:28:05", "93608"},
    {"between", "cn", "field", "2020-10-11 04:04:43", "2020-10-23 17:07:29", "320849"},
    {"between", "cn", "field", "2025-06-22 10:08:51", "2025-06-26 20:31:08", "129600"},
    {"between", "cn", "office", "2019-03-17 06:34:42", "2019-03-26 01:12:47", "172800"},
    {"between", "cn", "office", "2025-07-16 01:03:42", "2025-07-28 12:37:48", "243000"},
    {"between", "cn", "office", "2024-05-02 11:00:18", "2024-05-08 11:16:33", "67593"},
    {"between", "cn", "office", "2020-09-05 17:29:59", "2020-09-18 03:47:24", "259200"},
    {"between", "cn", "office", "2021-01-02 10:33:48", "2021-01-04 15:45:17", "22517"},
    {"between", "cn", "office", "2024-09-12 17:30:01", "2024-09-19 02:11:39", "86400"},
    {"between", "cn", "office", "2023-06-15 05:25:27", "2023-06-21 08:37:03", "115623"},
    {"between", "cn", "office", "2019-12-03 17:29:59", "2019-12-04 00:43:08", "1"},
    {"between", "tw", "field", "2025-02-01 21:30:01", "2025-02-18 09:53:43", "392023"},
    {"between", "tw", "field", "2019-06-27 11:59:59", "2019-07-10 01:19:27", "280801"},
    {"between", "tw", "field", "2024-11-12 12:14:07", "2024-11-30 04:26:26", "441953"},
    {"between", "tw", "field", "2026-02-13 20:20:23", "2026-02-25 18:17:04", "97200"},
    {"between", "tw", "field", "2020-03-15 11:59:59", "2020-03-27 12:15:04", "303304"},
    {"between", "tw", "field", "2025-03-12 17:29:03", "2025-03-13 22:59:08", "34257"},
    {"between", "tw", "field", "2022-10-08 04:02:55", "2022-10-14 12:44:52", "110692"},
    {"between", "tw", "field", "2021-09-15 08:29:59", "2021-09-23 02:41:54", "129600"},
    {"between", "tw", "office", "2022-05-15 17:30:01", "2022-05-25 07:22:42", "201600"},
    {"between", "tw", "office", "2022-05-27 17:29:59", "2022-06-09 09:27:16", "205037"},
    {"between", "tw", "office", "2021-05-13 11:51:15", "2021-05-18 05:11:13", "74325"},
    {"between", "tw", "office", "2019-11-30 20:46:14", "2019-12-03 12:06:27", "41400"},
    {"between", "tw", "office", "2023-02-27 22:09:44", "2023-03-01 19:41:50", "28800"},
    {"between", "tw", "office", "2023-12-01 04:40:51", "2023-12-09 23:10:28", "172800"},
    {"between", "tw", "office", "2020-11-02 12:00:00", "2020-11-19 08:34:31", "362071"},
    {"between", "tw", "office", "2020-10-15 09:37:35", "2020-10-25 09:57:47", "197545"},
};

/* The four calendars the questions need: cn and tw, office and field. */
struct pair {
    const char *calendar, *shift;
    struct calendar *c;
};

struct pairs {
    struct pair v[4];
};

static struct pairs pairs_open(void)
{
    struct pairs p = {{{"cn", "office", NULL},
                       {"cn", "field", NULL},
                       {"tw", "office", NULL},
                       {"tw", "field", NULL}}};
    for (int i = 0; i < 4; i++) {
        p.v[i].c = calendar_fixture_load(p.v[i].calendar,
                                         strcmp(p.v[i].shift, "field") == 0 ? FIELD : OFFICE);
    }
    return p;
}

static void pairs_close(struct pairs *p)
{
    for (int i = 0; i < 4; i++)
        calendar_close(&p->v[i].c);
}

static void vector_check(const struct pairs *p, const struct vector *v)
{
    const struct calendar *c = NULL;
    for (int i = 0; i < 4; i++) {
        if (strcmp(p->v[i].calendar, v->calendar) == 0 && strcmp(p->v[i].shift, v->shift) == 0)
            c = p->v[i].c;
    }
    assert_non_null(c);
    int64_t got, expected;
    if (strcmp(v->op, "add") == 0) {
        got = calendar_add(c, at(v->start), strtoll(v->end_or_seconds, NULL, 10) * 1000);
        expected = at(v->answer);
    } else {
        got = calendar_worked(c, at(v->start), at(v->end_or_seconds));
        expected = strtoll(v->answer, NULL, 10) * 1000;
    }
    if (got != expected)
        fail_msg("%s %s %s %s %s", v->op, v->calendar, v->shift, v->start, v->end_or_seconds);
}

static void CV_3_questions_and_answers_of_others(void **state)
{
    (void)state;
    struct pairs p = pairs_open();
    for (size_t i = 0; i < COUNT_OF(vectors); i++)
        vector_check(&p, &vectors[i]);
    pairs_close(&p);
}

/* Opens a file of the shared test data; skips the test, visibly, when the data is not there. */
static FILE *shared_open(const char *name)
{
    const char *root = getenv("CUIBAN_SHARED");
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s", root ? root : "../shared", name);
    FILE *f = fopen(path, "r");
    if (f) return f;
    print_message("SKIPPED: %s is not there\n", path);
    skip();
    return NULL;
}

/* Cuts a line at its commas, in place; these files quote nothing. */
static int fields_split(char *line, char **out, int max)
{
    int n = 0;
    line[strcspn(line, "\r\n")] = 0;
    for (char *p = line; p && n < max; n++) {
        out[n] = p;
        p = strchr(p, ',');
        if (p) *p++ = 0;
    }
    return n;
}

static void CV_3_all_questions_of_the_shared_data(void **state)
{
    (void)state;
    FILE *f = shared_open("worktime-vectors.csv");
    struct pairs p = pairs_open();
    char line[256], *x[6];
    int checked = 0;
    assert_non_null(fgets(line, sizeof line, f)); /* the header */
    for (; fgets(line, sizeof line, f); checked++) {
        assert_int_equal(fields_split(line, x, 6), 6);
        vector_check(&p, &(struct vector){x[0], x[1], x[2], x[3], x[4], x[5]});
    }
    assert_int_equal(checked, 800);
    pairs_close(&p);
    fclose(f);
}

static void days_check(const char *name, const char *file)
{
    FILE *f = shared_open(file);
    struct calendar *c = calendar_fixture_load(name, NULL);
    char line[256], *x[5];
    int checked = 0;
    assert_non_null(fgets(line, sizeof line, f)); /* the header */
    for (; fgets(line, sizeof line, f); checked++) {
        assert_int_equal(fields_split(line, x, 5), 5);
        bool work = strcmp(x[2], "1") == 0;
        if (calendar_is_workday(c, day(x[0])) != work) fail_msg("%s %s", name, x[0]);
        assert_int_equal(day_weekday(day(x[0])), strtol(x[1], NULL, 10));
    }
    assert_int_equal(checked, 2922);
    calendar_close(&c);
    fclose(f);
}

static void cn_is_the_official_calendar_day_by_day(void **state)
{
    (void)state;
    days_check("cn", "calendar-cn/days.csv");
}

static void tw_is_the_official_calendar_day_by_day(void **state)
{
    (void)state;
    days_check("tw", "calendar-tw/days.csv");
}

/* Also where the shared data is absent: the working days of each year, counted from the official
 * lists. */
static void official_calendars_have_the_right_number_of_working_days(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int days[8]; /* 2019 to 2026 */
    } rows[] = {{"cn", {250, 249, 250, 249, 249, 251, 248, 248}},
                {"tw", {250, 251, 249, 250, 249, 251, 247, 245}}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct calendar *c = calendar_fixture_load(rows[i].name, NULL);
        for (int y = 0; y < 8; y++) {
            int n = 0;
            for (int32_t d = day_of(2019 + y, 1, 1); d < day_of(2020 + y, 1, 1); d++)
                n += calendar_is_workday(c, d);
            assert_int_equal(n, rows[i].days[y]);
        }
        calendar_close(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CV_3_questions_and_answers_of_others),
        cmocka_unit_test(CV_3_all_questions_of_the_shared_data),
        cmocka_unit_test(cn_is_the_official_calendar_day_by_day),
        cmocka_unit_test(tw_is_the_official_calendar_day_by_day),
        cmocka_unit_test(official_calendars_have_the_right_number_of_working_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
