/* parts_feedback_test.c - the form 維修信息反饋 twice a month, and what it is for: nothing is
 * exchanged for a repair that is not fed back. Rule PRT-016. */
#include "tests/unit/parts_door.h"

#define VEH "'unit':'VEH'"
#define REPAIR(no, day, inside)                                                                    \
    "{'repair_no':'" no "','repaired':'" day "','in_warranty':'" inside "','frame_no':'F1'}"
#define LIST(no, repair)                                                                           \
    "'list_no':'" no "','unit':'VEH','date':'2026-03-16','packer':'P. Wu','prepared_by':'Z. Hu',"  \
    "'manager':'M. He','stamped':'yes','lines':[{'part_no':'X1','qty':1" repair "}]"

static size_t passes(struct stage *s, const char *unit)
{
    size_t n = count(s, "deadline.passed"), found = 0;
    for (size_t i = 0; i < n; i++) {
        bool half =
            !strcmp(stage_field(s, OWNER_parts, "deadline.passed", i, "name"), "feedback.half");
        found += half && !strcmp(stage_field(s, OWNER_parts, "deadline.passed", i, "unit"), unit);
    }
    return found;
}

static const char *form_state(struct stage *s, const char *unit, int32_t window)
{
    struct rec_row_feedback_form row;
    struct key k = key_of(str_of(unit));
    key_day(&k, window);
    if (!row_at(s, PARTS_FEEDBACK_FORM, k, &row)) return "none";
    return code_word(&codes_feedback_form_state, row.state);
}

static bool repair_row(struct stage *s, const char *no, struct rec_row_feedback_repair *row)
{
    struct key k = key_of(STR("VEH"));
    key_str(&k, str_of(no));
    return row_at(s, PARTS_FEEDBACK_REPAIR, k, row);
}

/* Of a unit that was registered the day before, so that nothing of years ago is late. */
static struct stage *open_at(const char *local)
{
    struct stage *s = parts_open();
    until(s, local);
    return s;
}

/* ---- worked examples ---- */

static void PRT_016_examples(void **state)
{
    (void)state;
    static const struct {
        const char *id, *at, *line, *case_no, *due, *no;
        int32_t window; /* of the repair */
        bool fed_back, exchange;
    } rows[] = {
        {"PRT-EX-26", "2026-03-15T17:00", REPAIR("R26", "2026-03-15", "yes"),
         "feedback_form/VEH/2026-03-15", "2026-03-16T00:00", "R26", 0, true, true},
        {"PRT-EX-27", "2026-02-16T17:00", "", "feedback_form/VEH/2026-02-28", "2026-03-01T00:00",
         "R27", 0, false, false},
        {"PRT-EX-28", "2028-02-20T17:00", REPAIR("R28", "2028-02-20", "no"),
         "feedback_form/VEH/2028-02-29", "2028-03-01T00:00", "R28", 0, true, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = open_at(rows[i].at);
        char data[400];
        due_is(s, rows[i].case_no, "feedback.half", rows[i].due);
        snprintf(data, sizeof data, VEH ",'lines':[%s]", rows[i].line);
        if (rows[i].fed_back) say(s, "VEH", "feedback.submitted", rows[i].at, data);
        struct rec_row_feedback_repair r;
        assert_int_equal(repair_row(s, rows[i].no, &r), rows[i].exchange);
        snprintf(data, sizeof data, LIST("L1", ",'repair_no':'%s'"), rows[i].no);
        if (rows[i].exchange)
            say(s, "VEH", "claimlist.packed", rows[i].at, data);
        else
            deny(s, "VEH", "claimlist.packed", rows[i].at, data, "PRT-016", "no_feedback");
        stage_close(s);
    }
}

/* A free part of a station waits for the feedback of its repair, by its call or its card. */
static void PRT_016_no_feedback_no_note(void **state)
{
    (void)state;
#define ASKED(no) "'request_no':'" no "','entitlement':'yes','lines':[{'part_no':'X1','qty':1}]"
#define NOTE(no, more) "'note_no':'" no "','lines':[{'part_no':'X1','qty':1}]" more
    struct stage *s = open_at("2026-03-17T08:00");
    const char *at = "2026-03-17T09:00";
    say(s, "VEH", "part.requested", at, ASKED("Q1"));
    say(s, "VEH", "part.approved", at, "'request_no':'Q1','by':'boss'");
    deny(s, "VEH", "issue.opened", at, NOTE("N1", ",'request_no':'Q1'"), "PRT-016", "no_feedback");
    deny(s, "VEH", "issue.opened", at, NOTE("N1", ",'request_no':'Q1','card_no':'R1'"), "PRT-016",
         "no_feedback");
    say(s, "VEH", "feedback.submitted", at, VEH ",'lines':[" REPAIR("R1", "2026-03-16", "yes") "]");
    say(s, "VEH", "issue.opened", at, NOTE("N1", ",'request_no':'Q1','card_no':'R1'"));
    say(s, "BUS", "part.requested", at, ASKED("Q2")); /* nobody asks BUS for feedback */
    say(s, "BUS", "part.approved", at, "'request_no':'Q2','by':'boss'");
    say(s, "BUS", "issue.opened", at, NOTE("N2", ",'request_no':'Q2'"));
    stage_close(s);
}

/* ---- windows ---- */

/* ESC-D: 24:00 of the due day, of the first working day after it, of the third. */
static void PRT_016_ladder_of_a_window_and_the_next_one(void **state)
{
    (void)state;
    struct stage *s = open_at("2026-03-10T08:00");
    size_t before = passes(s, "VEH"), told = reminders(s, "feedback.half");
    until(s, "2026-03-16T00:00:01"); /* the 15th is a Sunday */
    assert_int_equal(passes(s, "VEH"), before + 1);
    assert_string_equal(form_state(s, "VEH", day_of(2026, 3, 15)), "missing");
    due_is(s, "feedback_form/VEH/2026-03-31", "feedback.half", "2026-04-01T00:00");
    until(s, "2026-03-16T23:59:59");
    assert_int_equal(passes(s, "VEH"), before + 1);
    until(s, "2026-03-17T00:00:01"); /* Monday the 16th is over */
    assert_int_equal(passes(s, "VEH"), before + 2);
    until(s, "2026-03-19T00:00:01"); /* Wednesday the 18th */
    assert_int_equal(passes(s, "VEH"), before + 3);
    assert_int_equal(reminders(s, "feedback.half"), told + 3);
    until(s, "2026-03-31T23:59:59");
    assert_int_equal(passes(s, "VEH"), before + 3);
    stage_close(s);
}

static void PRT_016_a_form_stops_the_clock_and_sets_the_next(void **state)
{
    (void)state;
    struct stage *s = open_at("2026-03-10T08:00");
    say(s, "VEH", "feedback.submitted", "2026-03-12T09:00", VEH ",'pages':2");
    assert_string_equal(last(s, "feedback.submitted", "window"), "2026-03-15");
    assert_string_equal(end_of(s, "feedback_form/VEH/2026-03-15", "feedback.half"), "stopped");
    due_is(s, "feedback_form/VEH/2026-03-31", "feedback.half", "2026-04-01T00:00");
    assert_string_equal(form_state(s, "VEH", day_of(2026, 3, 15)), "accepted");
    size_t before = passes(s, "VEH");
    until(s, "2026-04-01T00:00");
    assert_int_equal(passes(s, "VEH"), before);
    say(s, "VEH", "feedback.submitted", "2026-03-31T23:59", VEH ",'window':'2026-03-31'");
    assert_string_equal(end_of(s, "feedback_form/VEH/2026-03-31", "feedback.half"), "stopped");
    stage_close(s);
}

/* The window is missed; its repairs are exchanged when they are fed back in a later form. */
static void PRT_016_a_later_form_may_have_the_repair(void **state)
{
    (void)state;
    struct stage *s = open_at("2026-03-17T08:00");
    struct rec_row_feedback_repair r;
    deny(s, "VEH", "claimlist.packed", "2026-03-17T09:00", LIST("L1", ",'repair_no':'R1'"),
         "PRT-016", "no_feedback");
    deny(s, "VEH", "claimlist.packed", "2026-03-17T09:00", LIST("L1", ""), "PRT-016",
         "no_feedback");
    say(s, "VEH", "feedback.submitted", "2026-03-20T09:00",
        VEH ",'lines':[" REPAIR("R1", "2026-03-14", "yes") "]");
    assert_true(repair_row(s, "R1", &r));
    assert_int_equal(r.window, day_of(2026, 3, 15));
    assert_int_equal(r.submitted_in, day_of(2026, 3, 31));
    say(s, "VEH", "claimlist.packed", "2026-03-20T10:00", LIST("L1", ",'repair_no':'R1'"));
    assert_string_equal(form_state(s, "VEH", day_of(2026, 3, 15)), "missing");
    say(s, "VEH", "feedback.submitted", "2026-03-21T09:00", VEH ",'window':'2026-03-15'");
    assert_string_equal(end_of(s, "feedback_form/VEH/2026-03-15", "feedback.half"), "late");
    assert_string_equal(form_state(s, "VEH", day_of(2026, 3, 15)), "accepted");
    stage_close(s);
}

static void PRT_016_lines_that_are_not_taken(void **state)
{
    (void)state;
    struct stage *s = open_at("2026-03-17T08:00");
    say(s, "VEH", "feedback.submitted", "2026-03-20T09:00",
        VEH
        ",'lines':[" REPAIR("R1", "2026-03-14", "yes") "," REPAIR("R2", "2026-03-14", "no") "]");
    assert_string_equal(last(s, "feedback.line_refused", "repair_no"), "R2");
    assert_string_equal(last(s, "feedback.line_refused", "reason"), "out_of_warranty");
    assert_string_equal(form_state(s, "VEH", day_of(2026, 3, 31)), "lines_refused");
    say(s, "VEH", "feedback.submitted", "2026-03-20T09:10", /* a further page */
        VEH ",'lines':[" REPAIR("R1", "2026-03-14", "yes") "]");
    assert_string_equal(last(s, "feedback.line_refused", "reason"), "again");
    say(s, "VEH", "feedback.submitted", "2026-03-20T09:20",
        VEH ",'lines':[" REPAIR("R3", "2026-03-21", "yes") "]");
    assert_string_equal(last(s, "feedback.line_refused", "reason"), "not_yet");
    assert_string_equal(last(s, "feedback.line_refused", "window"), "2026-03-31");
    assert_int_equal(count(s, "feedback.line_refused"), 3);
    deny(s, "VEH", "claimlist.packed", "2026-03-20T10:00", LIST("L1", ",'repair_no':'R2'"),
         "PRT-016", "no_feedback");
    stage_close(s);
}

/* What the guarantee of a call says counts for more than the form. */
static void PRT_016_a_call_outside_the_guarantee_is_refused(void **state)
{
    (void)state;
    struct stage *s = open_at("2026-03-17T08:00");
    tell(s, "VEH", "product.upserted", "2026-03-17T09:00",
         "'product':'P1','model':'M','product_line':'veh','delivered':'2024-01-10'");
    tell(s, "VEH", "call.registered", "2026-03-18T09:00",
         "'call_no':'C1','product':'P1','customer_name':'W','address':'A','phone':'1'");
    assert_string_equal(stage_last(s, OWNER_intake, "warranty.determined", "inside"), "no");
    say(s, "VEH", "feedback.submitted", "2026-03-20T09:00",
        VEH ",'lines':[" REPAIR("C1", "2026-03-19", "yes") "]");
    assert_string_equal(last(s, "feedback.line_refused", "repair_no"), "C1");
    assert_string_equal(last(s, "feedback.line_refused", "reason"), "out_of_warranty");
    stage_close(s);
}

static void PRT_016_a_window_that_is_none(void **state)
{
    (void)state;
    struct stage *s = open_at("2026-03-17T08:00");
    deny(s, "VEH", "feedback.submitted", "2026-03-20T09:00", VEH ",'window':'2026-03-20'",
         "PRT-016", "window");
    deny(s, "VEH", "feedback.submitted", "2026-03-20T09:00", VEH ",'window':'2026-04-15'",
         "PRT-016", "early");
    stage_close(s);
}

static void PRT_016_the_days_are_the_company_s(void **state)
{
    (void)state;
    struct stage *s =
        parts_open_changed("policy.yaml", "s/^keys:/parts:\\n  feedback_days: [10, 20]\\nkeys:/");
    until(s, "2026-03-15T08:00");
    due_is(s, "feedback_form/VEH/2026-03-20", "feedback.half", "2026-03-21T00:00");
    until(s, "2026-03-25T08:00"); /* the 21st to the 10th is one window */
    due_is(s, "feedback_form/VEH/2026-04-10", "feedback.half", "2026-04-11T00:00");
    deny(s, "VEH", "feedback.submitted", "2026-03-25T09:00", VEH ",'window':'2026-04-20'",
         "PRT-016", "early");
    say(s, "VEH", "feedback.submitted", "2026-03-25T09:00", VEH);
    assert_string_equal(last(s, "feedback.submitted", "window"), "2026-04-10");
    stage_close(s);
}

static void PRT_016_only_units_whose_policy_asks_for_it(void **state)
{
    (void)state;
    struct stage *s = open_at("2026-03-17T08:00");
    assert_int_equal(passes(s, "BUS"), 0);
    say(s, "BUS", "feedback.submitted", "2026-03-20T09:00", "'unit':'BUS'"); /* nobody is barred */
    assert_string_equal(end_of(s, "feedback_form/BUS/2026-03-31", "feedback.half"), "none");
    /* a list of such a unit names no repairs */
    say(s, "BUS", "claimlist.packed", "2026-03-20T10:00",
        "'list_no':'L1','unit':'BUS','date':'2026-03-16','packer':'P','prepared_by':'Z',"
        "'manager':'M','stamped':'yes','lines':[{'part_no':'X1','qty':1}]");
    /* and one that is asked no more has no open window */
    assert_string_equal(end_of(s, "feedback_form/VEH/2026-03-31", "feedback.half"), "open");
    (void)stage_tell(s, "unit.upserted", "2026-03-21T09:00:00+08:00",
                     "{'unit':'VEH','default_policy':'SP-BUS'}");
    assert_string_equal(end_of(s, "feedback_form/VEH/2026-03-31", "feedback.half"), "cancelled");
    (void)stage_tell(s, "unit.upserted", "2026-03-22T09:00:00+08:00",
                     "{'unit':'VEH','default_policy':'SP-VEH'}");
    assert_string_equal(end_of(s, "feedback_form/VEH/2026-03-31", "feedback.half"), "open");
    say(s, "VEH", "feedback.submitted", "2026-03-23T09:00", VEH); /* the next one runs */
    (void)stage_tell(s, "unit.upserted", "2026-03-24T09:00:00+08:00",
                     "{'unit':'VEH','default_policy':'SP-BUS'}");
    assert_string_equal(end_of(s, "feedback_form/VEH/2026-03-31", "feedback.half"), "stopped");
    assert_string_equal(end_of(s, "feedback_form/VEH/2026-04-15", "feedback.half"), "cancelled");
    size_t before = passes(s, "VEH");
    until(s, "2026-05-01T09:00");
    assert_int_equal(passes(s, "VEH"), before);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_016_examples),
        cmocka_unit_test(PRT_016_no_feedback_no_note),
        cmocka_unit_test(PRT_016_ladder_of_a_window_and_the_next_one),
        cmocka_unit_test(PRT_016_a_form_stops_the_clock_and_sets_the_next),
        cmocka_unit_test(PRT_016_a_later_form_may_have_the_repair),
        cmocka_unit_test(PRT_016_lines_that_are_not_taken),
        cmocka_unit_test(PRT_016_a_call_outside_the_guarantee_is_refused),
        cmocka_unit_test(PRT_016_a_window_that_is_none),
        cmocka_unit_test(PRT_016_the_days_are_the_company_s),
        cmocka_unit_test(PRT_016_only_units_whose_policy_asks_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
