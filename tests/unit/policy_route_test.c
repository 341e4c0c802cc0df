/* policy_route_test.c - can the relay fit its total, by examples counted by hand; the brute-force
 * walk beside it is tests/property/policy_route_property_test.c. All times are UTC+08:00. */
#include "common/contract.h"
#include "common/policy_route.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define STD_SET "tests/unit/data/policy-complaint"

struct loaded {
    struct policy *p;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n;
    enum err e;
};

static void load(struct loaded *l, const char *dir)
{
    *l = (struct loaded){0};
    l->e = policy_load(dir, &l->p, l->faults, POLICY_FAULTS_MAX, &l->n);
}

/* The set of the tests with a change in a file: "own/policy.yaml" or one below "common/". */
static void load_changed(struct loaded *l, const char *file, const char *sed)
{
    char dir[] = "/tmp/route_policy.XXXXXX", cmd[700];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && sed -i '%s' %s/%s",
             dir, STD_SET, dir, dir, sed, dir, file);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    load(l, cmd);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
}

static int64_t instant(const char *local)
{
    char text[40];
    int64_t ms;
    struct fault why;
    snprintf(text, sizeof text, "%s:00+08:00", local);
    assert_int_equal(time_parse(str_of(text), &ms, &why), ERR_OK);
    return ms;
}

static void worst_case(const struct policy *p, bool foreign, const char *start, const char *end,
                       const char *due)
{
    struct route r;
    int64_t end_ms, due_ms;
    assert_true(policy_route_make(p, foreign, &r));
    assert_true(policy_route_at(&r, instant(start), &end_ms, &due_ms));
    assert_int_equal(end_ms, instant(end));
    assert_int_equal(due_ms, instant(due));
}

static void C_06_every_step_uses_its_limit(void **state)
{
    (void)state;
    struct loaded l;
    load(&l, STD_SET);
    assert_int_equal(l.e, ERR_OK);
    worst_case(l.p, false, "2024-03-01T16:00", "2024-03-12T16:00", "2024-03-14T16:00");
    /* Foreign: rd ends Thu 03-07 11:00; 12 days on is Tue 03-19 11:00; half a working day more. */
    worst_case(l.p, true, "2024-03-01T16:00", "2024-03-19T16:00", "2024-03-18T16:00");
    policy_close(&l.p);
}

static void says_days(const struct policy *p, bool foreign, const char *steps, const char *total)
{
    struct route r;
    char text[EXACT_TEXT_MAX];
    assert_true(policy_route_make(p, foreign, &r));
    policy_route_days(p, r.legs, r.leg_count, text);
    assert_string_equal(text, steps);
    policy_route_days(p, &r.total, 1, text);
    assert_string_equal(text, total);
}

static void C_44_the_printed_limits_add_up(void **state)
{
    (void)state;
    struct loaded l;
    load(&l, STD_SET);
    assert_int_equal(l.e, ERR_OK);
    says_days(l.p, true, "16.0", "17.0");
    says_days(l.p, false, "9.0", "13.0");
    policy_close(&l.p);
}

static struct route_fit fit_of(const struct policy *p, bool foreign)
{
    struct route r;
    struct route_fit f;
    assert_true(policy_route_make(p, foreign, &r));
    policy_route_walk(&r, calendar_begins(r.calendar), calendar_ends(r.calendar), &f);
    return f;
}

/* CAL-STD has no holidays: the 4 working days before and the ½ after cannot meet more than two
 * weekends. The worst start is Tuesday 13:31: ½ day to Wed 08:31, three days to Mon 08:31, five to
 * Sat 08:31, ½ from Monday's opening to 13:30; total Mon 13:31: one minute is left. */
static void CMP_036_domestic_fits_every_week_without_holidays(void **state)
{
    (void)state;
    struct loaded l;
    load(&l, STD_SET);
    assert_int_equal(l.e, ERR_OK);
    struct route_fit f = fit_of(l.p, false);
    assert_int_equal(f.late_starts, 0);
    assert_int_equal(f.worst_ms, instant("2010-01-05T13:31"));
    assert_int_equal(f.worst_end_ms, instant("2010-01-18T13:30"));
    assert_int_equal(f.worst_due_ms, instant("2010-01-18T13:31"));
    assert_int_equal(f.first_ms, instant("2010-01-01T00:00"));
    assert_int_equal((uint64_t)((f.last_ms - f.first_ms) / MINUTE_MS) + 1, f.starts);
    policy_close(&l.p);
}

/* The same start abroad: Sat after 12 days, Mon 01-25 13:30; the total is over on Fri 01-22. */
static void CMP_036_foreign_exceeds_its_total_over_a_weekend(void **state)
{
    (void)state;
    struct loaded l;
    struct policy_fault found[POLICY_ROUTE_FINDINGS_MAX];
    load(&l, STD_SET);
    assert_int_equal(l.e, ERR_OK);
    assert_int_equal(policy_route_findings(l.p, found), 1);
    assert_string_equal(found[0].fault.field, "complaint.total");
    assert_string_equal(found[0].fault.rule, "CMP-036");
    assert_non_null(strstr(found[0].file, "deploy/policy/common/complaint.yaml"));
    assert_true(found[0].line > 0);
    assert_non_null(strstr(found[0].fault.text,
                           "a foreign case accepted on 2010-01-05 13:31 may take until 2010-01-25 "
                           "13:30 if every step uses its limit, 71 h 59 min past the total"));
    policy_close(&l.p);
}

/* Spring festival 2026: off 02-16 … 02-23, work on Sat 02-14. From Fri 02-13 17:30: ½ day to Sat
 * 13:30, then Tue 02-24, Wed, Thu 02-26 13:30; five days to Tue 03-03 13:30; ½ day to 17:30. */
static void CMP_051_a_long_holiday_exceeds_the_domestic_total(void **state)
{
    (void)state;
    struct loaded l;
    load(&l, "deploy/policy/appliance");
    assert_int_equal(l.e, ERR_OK);
    worst_case(l.p, false, "2026-02-13T17:30", "2026-03-03T17:30", "2026-02-26T17:30");
    struct route_fit f = fit_of(l.p, false);
    assert_true(f.late_starts > 0 && f.late_starts < f.starts);
    assert_true(f.worst_end_ms - f.worst_due_ms >= 5 * DAY_MS);
    policy_close(&l.p);
}

/* A total of 13 days on the working clock, or steps without limits: nothing can be exceeded. */
static void CMP_051_findings_follow_the_settings(void **state)
{
    (void)state;
    struct loaded l;
    struct policy_fault found[POLICY_ROUTE_FINDINGS_MAX];
    load_changed(&l, "common/complaint.yaml",
                 "s/name: complaint.total, minutes: 18720, foreign_minutes: 24480, clock: elapsed/"
                 "name: complaint.total, minutes: 6240, foreign_minutes: 8160, clock: working/");
    assert_int_equal(l.e, ERR_OK);
    assert_int_equal(policy_route_findings(l.p, found), 0);
    policy_close(&l.p);
    load_changed(&l, "common/complaint.yaml",
                 "s/name: complaint.total, minutes/name: complaint.total, off: yes, minutes/");
    assert_int_equal(l.e, ERR_OK);
    assert_int_equal(policy_route_findings(l.p, found), 0);
    policy_close(&l.p);
    /* One minute more at the last step, and the Tuesday of above exceeds by nothing yet; two do. */
    load_changed(&l, "common/complaint.yaml",
                 "s/name: complaint.gmo_synthesis, minutes: 240/name: complaint.gmo_synthesis, "
                 "minutes: 241/");
    assert_int_equal(l.e, ERR_OK);
    assert_int_equal(fit_of(l.p, false).late_starts, 0);
    policy_close(&l.p);
    load_changed(&l, "common/complaint.yaml",
                 "s/name: complaint.gmo_synthesis, minutes: 240/name: complaint.gmo_synthesis, "
                 "minutes: 242/");
    assert_int_equal(l.e, ERR_OK);
    assert_int_equal(policy_route_findings(l.p, found), 2);
    assert_non_null(strstr(found[0].fault.text, "a domestic case accepted on 2010-01-05 13:31"));
    assert_non_null(strstr(found[0].fault.text, "0 h 1 min past the total"));
    policy_close(&l.p);
}

/* Until 17:30 of the day, then five hours, inside the day: what begins after 19:00 does not fit,
 * and the last start, 23:59, ends at 04:59. */
static void CMP_036_a_limit_that_is_over_when_it_begins_takes_no_time(void **state)
{
    (void)state;
    struct loaded l;
    load(&l, STD_SET);
    assert_int_equal(l.e, ERR_OK);
    struct route r = {.calendar = policy_calendar(l.p, (struct str){0}),
                      .legs = {{.clock = clock_kind_day, .at_min = 17 * 60 + 30},
                               {.clock = clock_kind_elapsed, .minutes = 300}},
                      .leg_count = 2,
                      .total = {.clock = clock_kind_day, .at_min = 1440}};
    struct route_fit f;
    policy_route_walk(&r, instant("2024-03-01T00:00"), instant("2024-03-02T00:00"), &f);
    assert_int_equal(f.starts, 1440);
    assert_int_equal(f.late_starts, 299);
    assert_int_equal(f.first_late_ms, instant("2024-03-01T19:01"));
    assert_int_equal(f.worst_ms, instant("2024-03-01T23:59"));
    assert_int_equal(f.worst_end_ms, instant("2024-03-02T04:59"));
    policy_close(&l.p);
}

static void CMP_036_route_fit_refuse_is_a_fault_of_the_load(void **state)
{
    (void)state;
    struct loaded l;
    load_changed(&l, "own/policy.yaml", "$ a complaint: {route_fit: warn}");
    assert_int_equal(l.e, ERR_OK);
    policy_close(&l.p);
    load_changed(&l, "own/policy.yaml", "$ a complaint: {route_fit: refuse}");
    assert_int_equal(l.e, ERR_REFUSED);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.faults[0].fault.field, "complaint.total");
    assert_non_null(strstr(l.faults[0].file, "common/complaint.yaml"));
    assert_true(l.faults[0].line > 0);
    assert_non_null(strstr(l.faults[0].fault.text, "a foreign case accepted on 2010-01-05 13:31"));
    load_changed(&l, "own/policy.yaml", "$ a complaint: {route_fit: never}");
    assert_int_equal(l.e, ERR_REFUSED);
    assert_string_equal(l.faults[0].fault.field, "complaint.route_fit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(C_06_every_step_uses_its_limit),
        cmocka_unit_test(C_44_the_printed_limits_add_up),
        cmocka_unit_test(CMP_036_domestic_fits_every_week_without_holidays),
        cmocka_unit_test(CMP_036_foreign_exceeds_its_total_over_a_weekend),
        cmocka_unit_test(CMP_051_a_long_holiday_exceeds_the_domestic_total),
        cmocka_unit_test(CMP_051_findings_follow_the_settings),
        cmocka_unit_test(CMP_036_a_limit_that_is_over_when_it_begins_takes_no_time),
        cmocka_unit_test(CMP_036_route_fit_refuse_is_a_fault_of_the_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
