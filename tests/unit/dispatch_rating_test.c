/* dispatch_rating_test.c - certificates and ratings told at the door, and the technician who is
 * suggested. Rules DSP-003, DSP-007. */
#include "tests/unit/dispatch_staff.h"

/* What DSP-007 says of T9 (certificate of master data to 2026-01-31) or another; "" = qualified. */
static const char *missing_of(struct stage *s, const char *call, const char *technician)
{
    char data[60];
    size_t before = count(s, "assignment.unqualified");
    snprintf(data, sizeof data, "'technician':'%s'", technician);
    queue(s, call, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    tell(s, call, "job.assigned", "2026-03-02T09:10", data);
    if (count(s, "assignment.unqualified") == before) return "";
    return last(s, "assignment.unqualified", "reason");
}

static void DSP_007_a_certificate_told_at_the_door_counts(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("appliance", "");
    assert_string_equal(missing_of(s, "C1", "T9"), "certificate expired");
    say(s, "tech.certified", "2026-02-01T08:00", "{'technician':'T9','valid_to':'2026-03-01'}");
    assert_string_equal(missing_of(s, "C2", "T9"), "certificate expired");
    say(s, "tech.certified", "2026-02-01T08:00", "{'technician':'T9','valid_to':'2026-03-02'}");
    assert_string_equal(missing_of(s, "C3", "T9"), ""); /* last day included */
    say(s, "tech.certified", "2026-01-31T08:00", "{'technician':'T9','valid_to':'2026-02-02'}");
    assert_string_equal(missing_of(s, "C4", "T9"), ""); /* an older one told later */
    stage_close(s);
}

static void DSP_007_a_mistyped_certificate_is_told_again(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("appliance", "");
    say(s, "tech.certified", "2026-02-01T08:00", "{'technician':'T9','valid_to':'2062-02-28'}");
    assert_string_equal(missing_of(s, "C1", "T9"), "");
    say(s, "tech.certified", "2026-02-01T08:00", "{'technician':'T9','valid_to':'2026-02-28'}");
    assert_string_equal(missing_of(s, "C2", "T9"), "certificate expired");
    stage_close(s);
}

static void DSP_007_a_rating_of_a_year_to_come_is_refused(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("appliance", "");
    deny(s, "tech.rated", "2026-03-02T08:30", "{'technician':'T1','year':2062,'grade':'二級'}",
         "DSP-007", "future_year");
    deny(s, "tech.rated", "2026-12-31T23:59", "{'technician':'T1','year':2027,'grade':'二級'}",
         "DSP-007", "future_year");
    say(s, "tech.rated", "2027-01-01T00:00", "{'technician':'T1','year':2027,'grade':'二級'}");
    stage_close(s);
}

static void DSP_007_a_rating_is_good_for_its_year_and_the_next(void **unused)
{
    (void)unused;
    const struct {
        const char *year, *missing;
    } rows[] = {{"2026", ""}, {"2025", ""}, {"2024", "rating too old"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = staff_open("appliance", "");
        char data[80];
        snprintf(data, sizeof data, "{'technician':'T1','year':%s,'grade':'二級'}", rows[i].year);
        say(s, "tech.rated", "2026-03-02T08:30", data);
        assert_string_equal(missing_of(s, "C1", "T1"), rows[i].missing);
        say(s, "tech.rated", "2026-03-02T08:40", "{'technician':'T1','year':2026,'grade':'一級'}");
        say(s, "tech.rated", "2026-03-02T08:45", "{'technician':'T1','year':2020,'grade':'三級'}");
        assert_string_equal(missing_of(s, "C2", "T1"), ""); /* the last year counts */
        stage_close(s);
    }
}

static void DSP_007_an_old_rating_refuses_where_the_policy_says_so(void **unused)
{
    (void)unused;
    struct stage *s =
        staff_open_changed("appliance", "s/^keys:/keys:\\n  unqualified_mode: refuse/", "");
    say(s, "tech.rated", "2026-03-02T08:30", "{'technician':'T1','year':2024,'grade':'二級'}");
    queue(s, "C1", "2026-03-02T09:00", "SP-APPL-URBAN", "");
    deny(s, "job.assigned", "2026-03-02T09:10", "{'call_no':'C1','technician':'T1'}", "DSP-007",
         "unqualified");
    stage_close(s);
}

static void DSP_003_qualified_fewest_jobs_then_smallest_key(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("appliance", "");
    say(s, "tech.rated", "2026-03-02T08:30", "{'technician':'T1','year':2020,'grade':'二級'}");
    queue(s, "C1", "2026-03-02T09:00", "SP-APPL-URBAN", "");
    assert_string_equal(last(s, "job.suggested", "technician"), "T2"); /* T1's rating is old */
    tell(s, "C1", "job.assigned", "2026-03-02T09:10", "'technician':'T2'");
    queue(s, "C2", "2026-03-02T09:20", "SP-APPL-URBAN", "");
    assert_string_equal(last(s, "job.suggested", "technician"), "T3");
    tell(s, "C2", "job.assigned", "2026-03-02T09:30", "'technician':'T4'"); /* overridden */
    tell(s, "C1", "job.assigned", "2026-03-02T09:40", "'technician':'T3'");
    queue(s, "C3", "2026-03-02T09:50", "SP-APPL-URBAN", "");
    assert_string_equal(last(s, "job.suggested", "technician"), "T2"); /* all on one job */
    assert_string_equal(last(s, "job.suggested", "open_jobs"), "1");
    assert_string_equal(last(s, "job.suggested", "call_no"), "C3");
    stage_close(s);
}

static void DSP_003_nobody_is_suggested_where_the_policy_does_not_want_it(void **unused)
{
    (void)unused;
    struct stage *s =
        staff_open_changed("appliance", "s/^keys:/keys:\\n  suggest_technician: no/", "");
    queue(s, "C1", "2026-03-02T09:00", "SP-APPL-URBAN", "");
    assert_int_equal(count(s, "job.suggested"), 0);
    stage_close(s);
}

static void DSP_003_nobody_is_qualified_nobody_is_suggested(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("appliance", "");
    queue(s, "C1", "2027-01-04T09:00", "SP-APPL-URBAN", ""); /* every certificate has expired */
    assert_int_equal(count(s, "job.suggested"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_007_a_certificate_told_at_the_door_counts),
        cmocka_unit_test(DSP_007_a_mistyped_certificate_is_told_again),
        cmocka_unit_test(DSP_007_a_rating_of_a_year_to_come_is_refused),
        cmocka_unit_test(DSP_007_a_rating_is_good_for_its_year_and_the_next),
        cmocka_unit_test(DSP_007_an_old_rating_refuses_where_the_policy_says_so),
        cmocka_unit_test(DSP_003_qualified_fewest_jobs_then_smallest_key),
        cmocka_unit_test(DSP_003_nobody_is_suggested_where_the_policy_does_not_want_it),
        cmocka_unit_test(DSP_003_nobody_is_qualified_nobody_is_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
