/* dispatch_plant_test.c - defective parts at a customer's plant: sorting, break points, suspect
 * goods, defects built in. Rules DSP-070, DSP-072…DSP-078; examples DSP-EX-33, 34, 39. */
#include "tests/unit/dispatch_floor.h"

#define Q1 "'quality_no':'Q1'"
#define SHIFTS "'shifts':[{'from':'08:00','to':'20:00'},{'from':'20:00','to':'08:00'}]"

static struct rec_row_sorting q1(struct stage *s)
{
    struct rec_row_sorting row = {0};
    assert_true(floor_row(s, DISPATCH_SORTING, "Q1", &row));
    return row;
}

static struct stage *sorting(void)
{
    struct stage *s = floor_open();
    say(s, "sorting.opened", "2026-03-02T10:00", "{" Q1 ",'person':'T1'," SHIFTS "}");
    return s;
}

static void sorted(struct stage *s, const char *local, const char *area)
{
    char data[200];
    snprintf(data, sizeof data, "{" Q1 ",'area':'%s','checked':100,'bad':2}", area);
    say(s, "sorting.area_done", local, data);
}

static void sort_all(struct stage *s)
{
    sorted(s, "2026-03-02T10:10", "assembly");
    sorted(s, "2026-03-02T10:20", "paint");
    sorted(s, "2026-03-02T10:30", "body");
    sorted(s, "2026-03-02T10:40", "logistics");
}

#define GIVE "{" Q1 ",'identifier':'lot 7','sqe':'Q'}"

/* On line from then on. */
static struct stage *online(const char *local)
{
    struct stage *s = sorting();
    sort_all(s);
    say(s, "breakpoint.given", "2026-03-02T11:00", GIVE);
    say(s, "breakpoint.online", local, "{" Q1 "}");
    return s;
}

/* ---- sorting ---- */

static void DSP_070_plan_agreed_with_the_customer(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    say(s, "sorting.plan_agreed", "2026-03-02T09:00",
        "{" Q1 ",'agreed_with':'SQE','plan':'grind the edge'}");
    say(s, "sorting.started", "2026-03-02T09:30", "{" Q1 ",'started_by':'T1'}");
    assert_int_equal(q1(s).state, sorting_state_sorting);
    assert_true(str_is(q1(s).plan, "grind the edge"));
    assert_int_equal(clock_count(s, "deadline.armed", "sorting.start"), 0);
    deny(s, "sorting.started", "2026-03-02T09:40", "{'quality_no':'Q9'}", "DSP-070",
         "unknown_number");
    stage_close(s);
}

static void DSP_075_sorting_begins_at_once(void **state)
{
    (void)state;
    struct stage *s = sorting();
    assert_armed(s, "sorting.start", "2026-03-02T10:30"); /* 30 elapsed minutes */
    until(s, "2026-03-02T14:31");                         /* ESC-E: 10:30, 11:30, 14:30 */
    assert_passed(s, "sorting.start", 3);
    say(s, "sorting.started", "2026-03-02T15:00", "{" Q1 "}");
    assert_string_equal(of_clock(s, "deadline.stopped", "sorting.start", "late"), "true");
    stage_close(s);
}

static void DSP_075_the_first_area_stops_the_clock_too(void **state)
{
    (void)state;
    struct stage *s = sorting();
    sorted(s, "2026-03-02T10:30", "paint");
    assert_string_equal(of_clock(s, "deadline.stopped", "sorting.start", "late"), "");
    until(s, "2026-03-10T00:00");
    assert_passed(s, "sorting.start", 0);
    assert_int_equal(q1(s).checked_sum, 100);
    assert_int_equal(q1(s).bad_sum, 2);
    stage_close(s);
}

/* DSP-EX-39: done = assembly, paint, body; may_give_breakpoint = no; missing = logistics */
static void DSP_075_break_point_only_when_all_areas_are_done(void **state)
{
    (void)state;
    struct stage *s = sorting();
    sorted(s, "2026-03-02T10:10", "assembly");
    sorted(s, "2026-03-02T10:20", "paint");
    sorted(s, "2026-03-02T10:30", "body");
    deny(s, "breakpoint.given", "2026-03-02T11:00", GIVE, "DSP-075", "areas_missing");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "missing: logistics"));
    sorted(s, "2026-03-02T10:40", "logistics");
    say(s, "breakpoint.given", "2026-03-02T11:00", GIVE);
    assert_int_equal(q1(s).state, sorting_state_given);
    stage_close(s);
}

static void DSP_075_the_areas_are_policy(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("general", "general/policy.yaml", "/^keys:/a \\  sorting_areas: [yard]");
    say(s, "sorting.opened", "2026-03-02T10:00", "{" Q1 "}");
    sorted(s, "2026-03-02T10:10", "yard");
    say(s, "breakpoint.given", "2026-03-02T11:00", GIVE);
    stage_close(s);
}

static void DSP_076_extra_areas_are_sorted_too(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    say(s, "sorting.opened", "2026-03-02T10:00", "{" Q1 ",'areas':[{'name':'spares'}]}");
    sort_all(s);
    deny(s, "breakpoint.given", "2026-03-02T11:00", GIVE, "DSP-075", "areas_missing");
    sorted(s, "2026-03-02T11:00", "spares");
    assert_int_equal(q1(s).state, sorting_state_areas_done);
    say(s, "sorting.area_added", "2026-03-02T11:10", "{" Q1 ",'area':'rework'}");
    assert_int_equal(q1(s).state, sorting_state_sorting);
    deny(s, "breakpoint.given", "2026-03-02T11:20", GIVE, "DSP-075", "areas_missing");
    stage_close(s);
}

/* ---- break points ---- */

static const struct track_example {
    const char *id, *online, *shifts, *due;
} track_examples[] = {
    {"DSP-EX-33", "2026-03-05T10:15", SHIFTS, "2026-03-06T08:00"},
    {"DSP-EX-34", "2026-03-05T20:00", SHIFTS, "2026-03-06T08:00"},
    /* one shift a day: the next one is tomorrow's */
    {"one shift", "2026-03-05T10:15", "'shifts':[{'from':'08:00','to':'16:30'}]",
     "2026-03-06T16:30"},
};

static void DSP_077_first_complete_shift_is_tracked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(track_examples); i++) {
        const struct track_example *x = &track_examples[i];
        struct stage *s = sorting();
        char data[200];
        sort_all(s);
        say(s, "breakpoint.given", "2026-03-02T11:00", GIVE);
        snprintf(data, sizeof data, "{" Q1 ",%s}", x->shifts);
        say(s, "breakpoint.online", x->online, data);
        assert_armed(s, "breakpoint.track", x->due);
        stage_close(s);
    }
}

static void DSP_077_valid_after_the_shift(void **state)
{
    (void)state;
    struct stage *s = online("2026-03-05T10:15");
    deny(s, "breakpoint.valid", "2026-03-06T07:59", "{" Q1 "}", "DSP-077", "shift_not_over");
    say(s, "breakpoint.valid", "2026-03-06T08:00", "{" Q1 ",'by':'T1'}");
    assert_string_equal(of_clock(s, "deadline.stopped", "breakpoint.track", "late"), "");
    until(s, "2026-03-20T00:00");
    assert_passed(s, "breakpoint.track", 0);
    assert_int_equal(q1(s).state, sorting_state_valid);
    stage_close(s);
}

static void DSP_077_nobody_says_whether_it_is_valid(void **state)
{
    (void)state;
    struct stage *s = online("2026-03-05T10:15");
    until(s, "2026-03-06T12:01"); /* ESC-E: 08:00, 09:00, 12:00 */
    assert_passed(s, "breakpoint.track", 3);
    assert_int_equal(count(s, "breakpoint.tracked"), 1);
    assert_string_equal(last(s, "breakpoint.tracked", "quality_no"), "Q1");
    assert_int_equal(q1(s).state, sorting_state_tracked);
    say(s, "breakpoint.valid", "2026-03-06T13:00", "{" Q1 "}");
    assert_string_equal(of_clock(s, "deadline.stopped", "breakpoint.track", "late"), "true");
    stage_close(s);
}

static void DSP_077_not_valid_with_a_defect(void **state)
{
    (void)state;
    struct stage *s = online("2026-03-05T10:15");
    say(s, "defect.tracked", "2026-03-05T22:00", "{" Q1 ",'body_no':'B1'}");
    deny(s, "breakpoint.valid", "2026-03-06T08:00", "{" Q1 "}", "DSP-077", "defect_found");
    say(s, "breakpoint.failed", "2026-03-06T08:10", "{" Q1 ",'reason':'B1'}");
    assert_int_equal(clock_count(s, "deadline.stopped", "breakpoint.track"), 1);
    deny(s, "breakpoint.given", "2026-03-06T09:00", GIVE, "DSP-075", "areas_missing");
    stage_close(s);
}

static void DSP_077_shifts_have_to_be_known(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    say(s, "sorting.opened", "2026-03-02T10:00", "{" Q1 "}");
    sort_all(s);
    say(s, "breakpoint.given", "2026-03-02T11:00", GIVE);
    deny(s, "breakpoint.online", "2026-03-02T12:00", "{" Q1 "}", "DSP-077", "shifts_missing");
    const char *const bad[] = {"8:000", "25:00", "08:60", "0800h"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char data[120];
        snprintf(data, sizeof data, "{" Q1 ",'shifts':[{'from':'%s','to':'20:00'}]}", bad[i]);
        deny(s, "breakpoint.online", "2026-03-02T12:00", data, "DSP-077", "bad_shift");
    }
    stage_close(s);
}

static void DSP_076_a_missed_area_is_sorted_again(void **state)
{
    (void)state;
    struct stage *s = online("2026-03-05T10:15");
    say(s, "breakpoint.failed", "2026-03-05T15:00",
        "{" Q1 ",'missed_area':'paint','missed_by':'T2'}");
    assert_int_equal(q1(s).state, sorting_state_sorting);
    assert_int_equal(q1(s).failures, 1);
    assert_string_equal(last(s, "conduct.recorded", "kind"), "missed_sorting");
    assert_string_equal(last(s, "conduct.recorded", "person"), "T2");
    deny(s, "breakpoint.given", "2026-03-05T15:30", GIVE, "DSP-075", "areas_missing");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "missing: paint"));
    sorted(s, "2026-03-05T16:00", "paint");
    say(s, "breakpoint.given", "2026-03-05T16:30", GIVE);
    say(s, "breakpoint.online", "2026-03-05T17:00", "{" Q1 "}");
    assert_armed(s, "breakpoint.track", "2026-03-06T08:00");
    deny(s, "breakpoint.online", "2026-03-05T17:10", "{" Q1 "}", "DSP-077", "state");
    stage_close(s);
}

/* ---- suspect goods ---- */

#define F1 "{'form_no':'F1'}"

static struct stage *suspect(void)
{
    struct stage *s = floor_open();
    say(s, "suspect.opened", "2026-03-02T10:00",
        "{'form_no':'F1'," Q1 ",'part':'bracket','qty':12,'area':'A3'}");
    return s;
}

static struct rec_row_suspect f1(struct stage *s)
{
    struct rec_row_suspect row = {0};
    assert_true(floor_row(s, DISPATCH_SUSPECT, "F1", &row));
    return row;
}

static void DSP_073_reworked_signed_released(void **state)
{
    (void)state;
    struct stage *s = suspect();
    say(s, "suspect.rework_started", "2026-03-02T10:30", F1);
    deny(s, "suspect.sqe_signed", "2026-03-02T10:40", "{'form_no':'F1','sqe':'Q'}", "DSP-073",
         "state");
    say(s, "suspect.reworked", "2026-03-02T11:00", "{'form_no':'F1','reworked_by':'T1'}");
    deny(s, "suspect.released", "2026-03-02T11:10", F1, "DSP-073", "sqe_signature_missing");
    deny(s, "suspect.exchange_requested", "2026-03-02T11:10", F1, "DSP-073",
         "sqe_signature_missing");
    say(s, "suspect.sqe_signed", "2026-03-02T11:20", "{'form_no':'F1','sqe':'Q'}");
    say(s, "suspect.released", "2026-03-02T11:30", F1);
    assert_int_equal(f1(s).state, suspect_state_released);
    assert_string_equal(last(s, "suspect.released", "quality_no"), "Q1"); /* DSP-078 */
    assert_string_equal(last(s, "suspect.sqe_signed", "quality_no"), "Q1");
    deny(s, "suspect.released", "2026-03-02T11:30", "{'form_no':'F9'}", "DSP-073",
         "unknown_number");
    stage_close(s);
}

static void DSP_073_not_reworkable_is_exchanged(void **state)
{
    (void)state;
    struct stage *s = suspect();
    deny(s, "suspect.exchange_requested", "2026-03-02T10:10", F1, "DSP-073",
         "sqe_signature_missing");
    say(s, "suspect.sqe_signed", "2026-03-02T10:20", "{'form_no':'F1','sqe':'Q'}");
    deny(s, "suspect.released", "2026-03-02T10:30", F1, "DSP-073", "not_reworked");
    say(s, "suspect.exchange_requested", "2026-03-02T10:40", "{'form_no':'F1','slip_no':'RN1'}");
    say(s, "suspect.exchanged", "2026-03-03T10:40", F1);
    assert_int_equal(f1(s).state, suspect_state_exchanged);
    assert_true(str_is(f1(s).slip_no, "RN1"));
    stage_close(s);
}

static void DSP_073_what_needs_the_fixture_is_exchanged(void **state)
{
    (void)state;
    struct stage *s = suspect();
    say(s, "suspect.reworked", "2026-03-02T11:00", "{'form_no':'F1','needs_fixture':'yes'}");
    say(s, "suspect.sqe_signed", "2026-03-02T11:20", "{'form_no':'F1','sqe':'Q'}");
    deny(s, "suspect.released", "2026-03-02T11:30", F1, "DSP-073", "needs_fixture");
    say(s, "suspect.exchange_requested", "2026-03-02T11:40", F1);
    stage_close(s);
}

/* ---- built in ---- */

#define BODY "{" Q1 ",'body_no':'B1'"

static void followed_until_effective(const char *place)
{
    struct stage *s = floor_open();
    char data[120];
    deny(s, "defect.verified", "2026-03-02T10:00", BODY "}", "DSP-072", "unknown_number");
    snprintf(data, sizeof data, BODY ",'place':'%s'}", place);
    say(s, "defect.tracked", "2026-03-02T10:00", data);
    say(s, "defect.verified", "2026-03-03T10:00", BODY ",'effective':'no'}");
    say(s, "defect.verified", "2026-03-04T10:00", BODY ",'by':'T1'}");
    deny(s, "defect.verified", "2026-03-05T10:00", BODY "}", "DSP-072", "state");
    stage_close(s);
}

static void DSP_072_welded_in_is_followed_by_body_number(void **state)
{
    (void)state;
    followed_until_effective("welded");
}

static void DSP_074_on_the_line_is_followed_likewise(void **state)
{
    (void)state;
    followed_until_effective("assembly line");
}

#define SLIP(no) "{'form_no':'" no "'," Q1 ",'part':'bracket','qty':12}"
#define REPORT "{" Q1 ",'customer':'K1'}"

static bool defect_linked(struct stage *s, const char *body_no)
{
    struct rec_row_defect row = {0};
    struct key k = key_of(STR("Q1"));
    key_str(&k, str_of(body_no));
    row_read(s, dispatch_tables[DISPATCH_DEFECT].id, &k, shape_row_defect(), &row);
    return row.linked;
}

static bool slip_linked(struct stage *s, const char *form_no)
{
    struct rec_row_suspect row = {0};
    assert_true(floor_row(s, DISPATCH_SUSPECT, form_no, &row));
    return row.linked;
}

/* Everything about a number nobody has told of is accepted, and linked when the door hears of it.
 */
static void DSP_078_what_waits_for_its_quality_issue_is_linked_to_it(void **state)
{
    (void)state;
    struct stage *s = sorting();
    say(s, "suspect.opened", "2026-03-02T10:00", SLIP("F1"));
    say(s, "suspect.opened", "2026-03-02T10:00", SLIP("F2"));
    say(s, "defect.tracked", "2026-03-02T10:00", "{" Q1 ",'body_no':'B1'}");
    say(s, "suspect.opened", "2026-03-02T10:00",
        "{'form_no':'F9','quality_no':'Q10','part':'bracket','qty':1}");
    assert_false(q1(s).linked || slip_linked(s, "F1") || defect_linked(s, "B1"));
    say(s, "quality.reported", "2026-03-02T11:00", REPORT);
    assert_true(q1(s).linked && slip_linked(s, "F1") && slip_linked(s, "F2"));
    assert_true(defect_linked(s, "B1"));
    assert_false(slip_linked(s, "F9"));                /* of another issue */
    assert_int_equal(count(s, "quality.reported"), 0); /* complaint answers it */
    stage_close(s);
}

static void DSP_078_what_begins_under_a_known_number_is_linked(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    say(s, "quality.reported", "2026-03-02T09:00", REPORT);
    say(s, "quality.reported", "2026-03-02T09:10", REPORT);
    say(s, "sorting.opened", "2026-03-02T10:00", "{" Q1 "," SHIFTS "}");
    say(s, "suspect.opened", "2026-03-02T10:00", SLIP("F1"));
    say(s, "defect.tracked", "2026-03-02T10:00", "{" Q1 ",'body_no':'B1'}");
    say(s, "defect.tracked", "2026-03-02T10:10", "{" Q1 ",'body_no':'B1','place':'line'}");
    assert_true(q1(s).linked && slip_linked(s, "F1") && defect_linked(s, "B1"));
    stage_close(s);
}

static void DSP_078_a_thousand_papers_wait_and_no_more(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    char data[120];
    for (unsigned i = 1; i <= 1000; i++) {
        const char *slip = "{'form_no':'F%u'," Q1 ",'part':'bracket','qty':1}";
        snprintf(data, sizeof data, i % 2 ? slip : "{" Q1 ",'body_no':'B%u'}", i);
        say(s, i % 2 ? "suspect.opened" : "defect.tracked", "2026-03-02T10:00", data);
    }
    deny(s, "sorting.opened", "2026-03-02T10:00", "{" Q1 "}", "DSP-078", "too_many_unlinked");
    say(s, "quality.reported", "2026-03-02T11:00", REPORT);
    assert_true(slip_linked(s, "F1") && slip_linked(s, "F999") && defect_linked(s, "B1000"));
    say(s, "sorting.opened", "2026-03-02T11:10", "{" Q1 "}");
    assert_true(q1(s).linked);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_070_plan_agreed_with_the_customer),
        cmocka_unit_test(DSP_075_sorting_begins_at_once),
        cmocka_unit_test(DSP_075_the_first_area_stops_the_clock_too),
        cmocka_unit_test(DSP_075_break_point_only_when_all_areas_are_done),
        cmocka_unit_test(DSP_075_the_areas_are_policy),
        cmocka_unit_test(DSP_076_extra_areas_are_sorted_too),
        cmocka_unit_test(DSP_077_first_complete_shift_is_tracked),
        cmocka_unit_test(DSP_077_valid_after_the_shift),
        cmocka_unit_test(DSP_077_nobody_says_whether_it_is_valid),
        cmocka_unit_test(DSP_077_not_valid_with_a_defect),
        cmocka_unit_test(DSP_077_shifts_have_to_be_known),
        cmocka_unit_test(DSP_076_a_missed_area_is_sorted_again),
        cmocka_unit_test(DSP_073_reworked_signed_released),
        cmocka_unit_test(DSP_073_not_reworkable_is_exchanged),
        cmocka_unit_test(DSP_073_what_needs_the_fixture_is_exchanged),
        cmocka_unit_test(DSP_072_welded_in_is_followed_by_body_number),
        cmocka_unit_test(DSP_074_on_the_line_is_followed_likewise),
        cmocka_unit_test(DSP_078_what_waits_for_its_quality_issue_is_linked_to_it),
        cmocka_unit_test(DSP_078_what_begins_under_a_known_number_is_linked),
        cmocka_unit_test(DSP_078_a_thousand_papers_wait_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
