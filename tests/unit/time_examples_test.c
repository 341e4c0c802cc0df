/* time_examples_test.c - the worked examples of intake, dispatch and head office that ask for
 * nothing but time and dates. Each row is the row of the rules: id, calculation, inputs, expected.
 * The calculations below are written with calendar.h alone, in the words of the rule, on the
 * calendar CAL-EX. */
#include "common/calendar.h"
#include "common/contract.h"
#include "tests/lib/calendar_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ESC_LEVEL_2_MS (240 * MINUTE_MS)
#define ESC_LEVEL_3_MS (480 * MINUTE_MS)
#define CARRYOVER_MS (60 * MINUTE_MS) /* DSP-009 */
#define WARRANTY_IT_MONTHS 36         /* INT-046 */

/* One example being computed: its inputs, and the answer as it is written down. */
struct example {
    const struct calendar *c;
    const char *inputs;
    char value[40]; /* of the last input read */
    char out[256];
};

struct row {
    const char *id;
    void (*fn)(struct example *x);
    const char *inputs, *expected;
};

/* ---- reading inputs, writing answers ---- */

static const char *input(struct example *x, const char *key)
{
    size_t n = strlen(key);
    const char *p = x->inputs;
    while (strncmp(p, key, n) != 0 || p[n] != '=') {
        p = strstr(p, "; ");
        REQUIRE(p != NULL);
        p += 2;
    }
    p += n + 1;
    (void)str_copy((struct str){p, (uint32_t)strcspn(p, ";")}, x->value, sizeof x->value);
    return x->value;
}

static int64_t at(struct example *x, const char *key)
{
    return calendar_fixture_at(input(x, key));
}

static int32_t day(struct example *x, const char *key)
{
    return calendar_fixture_day(input(x, key));
}

static int number(struct example *x, const char *key)
{
    return (int)strtol(input(x, key), NULL, 10);
}

static int64_t minutes(struct example *x)
{
    return number(x, "minutes") * MINUTE_MS;
}

static void say(struct example *x, const char *key, const char *value)
{
    size_t n = strlen(x->out);
    snprintf(x->out + n, sizeof x->out - n, "%s%s=%s", n ? "; " : "", key, value);
}

static void say_yes(struct example *x, const char *key, bool yes)
{
    say(x, key, yes ? "yes" : "no");
}

static void say_number(struct example *x, const char *key, int64_t v)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)v);
    say(x, key, text);
}

static void say_day(struct example *x, const char *key, int32_t d)
{
    char text[11];
    day_format(d, text);
    say(x, key, text);
}

static void say_cut(struct example *x, const char *key, int64_t t, size_t length)
{
    char text[40];
    time_format(t, calendar_zone(x->c), text);
    text[length] = 0;
    say(x, key, text);
}

static void say_minute(struct example *x, const char *key, int64_t t)
{
    say_cut(x, key, t, strlen("2026-03-02T09:00"));
}

static void say_second(struct example *x, const char *key, int64_t t)
{
    say_cut(x, key, t, strlen("2026-03-02T09:00:00"));
}

static int64_t day_end(struct example *x, int32_t d)
{
    return zone_day_start(calendar_zone(x->c), d + 1);
}

/* ---- the calculations ---- */

static void work_due(struct example *x)
{
    say_minute(x, "due", calendar_add(x->c, at(x, "start"), minutes(x)));
}

static void worked(struct example *x)
{
    say_number(x, "minutes", calendar_worked(x->c, at(x, "from"), at(x, "to")) / MINUTE_MS);
}

static void arrival(struct example *x)
{
    int64_t start = at(x, "start"), stop = at(x, "stop");
    bool right = strcmp(input(x, "boundary"), "right") == 0;
    int64_t due =
        right ? calendar_add_right(x->c, start, minutes(x)) : calendar_add(x->c, start, minutes(x));
    say_yes(x, "on_time", stop <= due);
}

static void elapsed_due(struct example *x)
{
    say_minute(x, "due", at(x, "start") + minutes(x));
}

static void ontime(struct example *x)
{
    int64_t due = at(x, "start") + minutes(x);
    say_second(x, "due", due);
    say_yes(x, "on_time", at(x, "stop") <= due);
}

static void agreed(struct example *x)
{
    int64_t due = at(x, "agreed");
    say_yes(x, "on_time", at(x, "stop") <= due);
}

static void first_arrival(struct example *x)
{
    int64_t a = at(x, "T1"), b = at(x, "T2");
    int64_t first = a < b ? a : b;
    say_minute(x, "arrived", first);
    say_yes(x, "on_time", first <= at(x, "due"));
}

static void register_day(struct example *x)
{
    say_day(x, "day", calendar_register_day(x->c, at(x, "received")));
}

static void next_day(struct example *x)
{
    say_day(x, "next", calendar_workday(x->c, day(x, "day"), 1));
}

static void add_workdays(struct example *x)
{
    int32_t from = day(x, "date");
    say_day(x, "due", calendar_workday(x->c, from, number(x, "days")));
}

static void carryover_due(struct example *x)
{
    int32_t next = calendar_workday(x->c, day(x, "day"), 1);
    say_minute(x, "due", calendar_add(x->c, calendar_open(x->c, next), CARRYOVER_MS));
}

static void esc_w(struct example *x)
{
    int64_t due = at(x, "due");
    say_minute(x, "L1", due);
    say_minute(x, "L2", calendar_add(x->c, due, ESC_LEVEL_2_MS));
    say_minute(x, "L3", calendar_add(x->c, due, ESC_LEVEL_3_MS));
}

static void esc_e(struct example *x)
{
    int64_t due = at(x, "due");
    say_minute(x, "L1", due);
    say_minute(x, "L2", due + HOUR_MS);
    say_minute(x, "L3", due + 4 * HOUR_MS);
}

static void esc_d(struct example *x)
{
    static const char *const keys[] = {"L1", "L2", "L3"};
    int32_t due = day(x, "due_day");
    int32_t days[] = {due, calendar_workday(x->c, due, 1), calendar_workday(x->c, due, 3)};
    for (int i = 0; i < 3; i++) {
        say_minute(x, keys[i], day_end(x, days[i]));
    }
}

static void covered(struct example *x)
{
    int32_t last = day(x, "last_day");
    say_yes(x, "covered", day(x, "date") <= last);
}

static void phase(struct example *x)
{
    if (strcmp(input(x, "accepted"), "none") == 0) {
        say(x, "phase", "trial");
        return;
    }
    int32_t last = day_add_months(day(x, "accepted"), WARRANTY_IT_MONTHS);
    say(x, "phase", day(x, "date") <= last ? "warranty" : "post");
}

static void recurrence(struct example *x)
{
    int32_t last = day_add_months(day(x, "closed"), number(x, "months"));
    say_yes(x, "recurred", day(x, "found") <= last);
}

static void repeat(struct example *x)
{
    int32_t days = day(x, "received") - day(x, "closed");
    say_number(x, "days", days);
    say_yes(x, "repeat", days <= number(x, "window"));
}

/* INT-057: one month before, back to a working day. */
static void notice(struct example *x)
{
    int32_t d = day_add_months(day(x, "expiry"), -1);
    say_day(x, "notice_due", calendar_is_workday(x->c, d) ? d : calendar_workday(x->c, d, -1));
}

static void list_day(char *list, size_t cap, int32_t d)
{
    char text[11];
    size_t n = strlen(list);
    day_format(d, text);
    snprintf(list + n, cap - n, "%s%s", n ? "," : "", text);
}

/* INT-059: each visit from the anchor; the due day rolls forward, the day of generating does not.
 */
static void pm(struct example *x)
{
    char visits[64] = "", dues[64] = "", generates[64] = "";
    int32_t start = day(x, "plan_start"), expiry = day(x, "expiry");
    int months = number(x, "interval_months"), lead = number(x, "lead_days");
    for (int k = 1; day_add_months(start, k * months) <= expiry; k++) {
        int32_t visit = day_add_months(start, k * months);
        list_day(visits, sizeof visits, visit);
        list_day(dues, sizeof dues, calendar_workday(x->c, visit, 0));
        list_day(generates, sizeof generates, visit - lead);
    }
    say(x, "visits", visits);
    say(x, "due_days", dues);
    say(x, "generate", generates);
}

static int32_t month_first(struct example *x, const char *key)
{
    char date[16];
    snprintf(date, sizeof date, "%.7s-01", input(x, key));
    return calendar_fixture_day(date);
}

/* CV-7: day N included, cut-off 24:00, no roll. */
static void day_deadline(struct example *x)
{
    int32_t month = day_add_months(month_first(x, "period"), number(x, "offset"));
    int32_t due = month + number(x, "day") - 1;
    say_day(x, "due_day", due);
    say_yes(x, "on_time", at(x, "submitted") < day_end(x, due));
}

static void isoweek(struct example *x)
{
    int year, week;
    char text[16];
    day_iso_week(day(x, "date"), &year, &week);
    snprintf(text, sizeof text, "%04d-W%02d", year % 10000, week % 100);
    say(x, "week", text);
}

static void last_workday(struct example *x)
{
    int year, month, mday;
    day_split(month_first(x, "month"), &year, &month, &mday);
    say_day(x, "day", calendar_last_workday(x->c, year, month));
}

static const struct row rows[] = {
    {"INT-EX-11", covered, "last_day=2026-01-15; date=2026-01-15", "covered=yes"},
    {"INT-EX-12", covered, "last_day=2026-01-15; date=2026-01-16", "covered=no"},
    {"INT-EX-18", notice, "expiry=2026-03-31", "notice_due=2026-02-27"},
    {"INT-EX-19", notice, "expiry=2026-04-15", "notice_due=2026-03-13"},
    {"INT-EX-20", notice, "expiry=2026-05-29", "notice_due=2026-04-29"},
    {"INT-EX-21", pm, "plan_start=2026-01-31; interval_months=1; lead_days=7; expiry=2026-04-30",
     "visits=2026-02-28,2026-03-31,2026-04-30; due_days=2026-03-02,2026-03-31,2026-04-30; "
     "generate=2026-02-21,2026-03-24,2026-04-23"},
    {"INT-EX-22", elapsed_due, "start=2026-03-06T17:50; minutes=1440", "due=2026-03-07T17:50"},
    {"INT-EX-27", ontime, "start=2026-03-05T23:52:30; minutes=15; stop=2026-03-06T00:07:30",
     "due=2026-03-06T00:07:30; on_time=yes"},
    {"INT-EX-28", ontime, "start=2026-03-05T23:52:30; minutes=15; stop=2026-03-06T00:07:31",
     "due=2026-03-06T00:07:30; on_time=no"},
    {"INT-EX-30", register_day, "received=2026-03-06T17:30:00", "day=2026-03-06"},
    {"INT-EX-31", register_day, "received=2026-03-06T17:30:01", "day=2026-03-09"},
    {"INT-EX-32", register_day, "received=2026-10-09T18:00", "day=2026-10-10"},
    {"INT-EX-33", next_day, "day=2026-09-30", "next=2026-10-08"},
    {"INT-EX-37", phase, "accepted=none; date=2026-03-01", "phase=trial"},
    {"INT-EX-38", phase, "accepted=2023-03-01; date=2026-03-01", "phase=warranty"},
    {"INT-EX-39", phase, "accepted=2023-03-01; date=2026-03-02", "phase=post"},
    {"INT-EX-41", recurrence, "closed=2025-03-31; found=2026-03-31; months=12", "recurred=yes"},
    {"INT-EX-42", recurrence, "closed=2025-03-31; found=2026-04-01; months=12", "recurred=no"},
    {"INT-EX-44", add_workdays, "date=2026-09-29; days=7", "due=2026-10-14"},
    {"INT-EX-45", elapsed_due, "start=2026-02-28T11:00; minutes=720", "due=2026-02-28T23:00"},
    {"DSP-EX-01", work_due, "start=2026-03-02T09:00; minutes=360", "due=2026-03-02T16:00"},
    {"DSP-EX-02", work_due, "start=2026-03-02T09:00; minutes=420", "due=2026-03-02T17:00"},
    {"DSP-EX-03", work_due, "start=2026-03-02T15:00; minutes=360", "due=2026-03-03T12:00"},
    {"DSP-EX-04", work_due, "start=2026-03-06T16:30; minutes=360", "due=2026-03-09T14:30"},
    {"DSP-EX-05", work_due, "start=2026-03-02T12:20; minutes=360", "due=2026-03-03T10:00"},
    {"DSP-EX-06", work_due, "start=2026-03-07T10:00; minutes=360", "due=2026-03-09T15:30"},
    {"DSP-EX-07", work_due, "start=2026-09-30T17:00; minutes=360", "due=2026-10-08T15:00"},
    {"DSP-EX-08", work_due, "start=2026-10-09T16:30; minutes=420", "due=2026-10-10T15:30"},
    {"DSP-EX-09", work_due, "start=2026-03-02T10:30; minutes=360", "due=2026-03-02T17:30"},
    {"DSP-EX-10", arrival,
     "start=2026-03-02T10:30; minutes=360; boundary=left; stop=2026-03-02T17:30:00", "on_time=yes"},
    {"DSP-EX-11", arrival,
     "start=2026-03-02T10:30; minutes=360; boundary=left; stop=2026-03-03T08:30:00", "on_time=no"},
    {"DSP-EX-12", arrival,
     "start=2026-03-02T10:30; minutes=360; boundary=right; stop=2026-03-03T08:30:00",
     "on_time=yes"},
    {"DSP-EX-13", arrival,
     "start=2026-03-02T10:30; minutes=360; boundary=right; stop=2026-03-03T08:31:00", "on_time=no"},
    {"DSP-EX-14", worked, "from=2026-03-06T11:45; to=2026-03-09T08:45", "minutes=300"},
    {"DSP-EX-15", elapsed_due, "start=2026-10-03T23:10; minutes=30", "due=2026-10-03T23:40"},
    {"DSP-EX-16", elapsed_due, "start=2026-10-03T23:10; minutes=120", "due=2026-10-04T01:10"},
    {"DSP-EX-17", elapsed_due, "start=2026-10-03T23:10; minutes=240", "due=2026-10-04T03:10"},
    {"DSP-EX-18", ontime, "start=2026-10-03T23:10:00; minutes=240; stop=2026-10-04T03:10:01",
     "due=2026-10-04T03:10:00; on_time=no"},
    {"DSP-EX-20", work_due, "start=2026-03-02T15:05; minutes=360", "due=2026-03-03T13:05"},
    {"DSP-EX-21", carryover_due, "day=2026-03-02", "due=2026-03-03T09:30"},
    {"DSP-EX-22", carryover_due, "day=2026-09-30", "due=2026-10-08T09:30"},
    {"DSP-EX-23", esc_w, "due=2026-03-03T12:00",
     "L1=2026-03-03T12:00; L2=2026-03-03T17:00; L3=2026-03-04T12:00"},
    {"DSP-EX-31", repeat, "closed=2026-01-31; received=2026-03-02; window=30",
     "days=30; repeat=yes"},
    {"DSP-EX-32", repeat, "closed=2026-01-31; received=2026-03-03; window=30",
     "days=31; repeat=no"},
    {"DSP-EX-40", next_day, "day=2026-09-19", "next=2026-09-20"},
    {"DSP-EX-41", agreed, "agreed=2026-03-10T14:00; stop=2026-03-10T14:00", "on_time=yes"},
    {"DSP-EX-42", agreed, "agreed=2026-03-10T14:00; stop=2026-03-10T14:05", "on_time=no"},
    {"DSP-EX-43", first_arrival, "due=2026-03-02T16:00; T1=2026-03-02T16:10; T2=2026-03-02T15:55",
     "arrived=2026-03-02T15:55; on_time=yes"},
    {"DSP-EX-44", esc_e, "due=2026-10-04T03:10",
     "L1=2026-10-04T03:10; L2=2026-10-04T04:10; L3=2026-10-04T07:10"},
    {"HQ-EX-14", isoweek, "date=2013-04-01", "week=2013-W14"},
    {"HQ-EX-15", isoweek, "date=2013-04-08", "week=2013-W15"},
    {"HQ-EX-16", isoweek, "date=2027-01-01", "week=2026-W53"},
    {"HQ-EX-17", day_deadline, "period=2026-02; day=5; offset=1; submitted=2026-03-05T23:59:59",
     "due_day=2026-03-05; on_time=yes"},
    {"HQ-EX-18", day_deadline, "period=2026-02; day=5; offset=1; submitted=2026-03-06T00:00:00",
     "due_day=2026-03-05; on_time=no"},
    {"HQ-EX-19", day_deadline, "period=2026-12; day=5; offset=1; submitted=2027-01-04T10:00:00",
     "due_day=2027-01-05; on_time=yes"},
    {"HQ-EX-20", day_deadline, "period=2026-03; day=22; offset=0; submitted=2026-03-22T20:00:00",
     "due_day=2026-03-22; on_time=yes"},
    {"HQ-EX-31", last_workday, "month=2026-05", "day=2026-05-29"},
    {"HQ-EX-33", esc_d, "due_day=2026-03-05",
     "L1=2026-03-06T00:00; L2=2026-03-07T00:00; L3=2026-03-11T00:00"},
};

static void run(void **state)
{
    const struct row *r = *state;
    struct calendar *c = calendar_fixture_load("ex", NULL);
    struct example x = {.c = c, .inputs = r->inputs};
    r->fn(&x);
    assert_string_equal(x.out, r->expected);
    calendar_close(&c);
}

int main(void)
{
    static struct CMUnitTest tests[COUNT_OF(rows)];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        tests[i] = (struct CMUnitTest){
            .name = rows[i].id, .test_func = run, .initial_state = (void *)(uintptr_t)&rows[i]};
    }
    return cmocka_run_group_tests_name("time_examples", tests, NULL, NULL);
}
