/* dispatch_daily_test.c - daily reports of technicians and supervisors, SMS and service cards, and
 * which of them a unit owes. Rules DSP-049 … DSP-054, DSP-081, DSP-087. */
#include "tests/unit/dispatch_staff.h"

#define APPL "'default_policy':'SP-APPL-URBAN'"
#define IND "'default_policy':'SP-IND'"

/* C1 and C2 are T1's, C3 is T2's. */
static struct stage *appliance(const char *unit_more)
{
    char more[200];
    snprintf(more, sizeof more, "%s%s", APPL, unit_more);
    struct stage *s = staff_open("appliance", more);
    const char *const calls[] = {"C1", "C2", "C3"};
    for (int i = 0; i < 3; i++) {
        queue(s, calls[i], "2026-03-02T09:00", "SP-APPL-URBAN", i == 1 ? "'district':'b'" : "");
        tell(s, calls[i], "job.assigned", "2026-03-02T09:10",
             i < 2 ? "'technician':'T1'" : "'technician':'T2'");
    }
    return s;
}

#define T1_ON_2 "'technician':'T1','day':'2026-03-02'"
#define LINES_1                                                                                    \
    "'lines':[{'call_no':'C1','category':'a','minutes':120},"                                      \
    "{'call_no':'C1','category':'b','minutes':60},{'call_no':'C2','category':'c','minutes':240},"  \
    "{'category':'d','minutes':60}]"
#define LINES_2                                                                                    \
    "'lines':[{'call_no':'C3','category':'b','minutes':180},"                                      \
    "{'call_no':'C3','category':'c','minutes':210},{'category':'d','minutes':90}]"

/* ---- DSP-049 ---- */

static void DSP_049_every_technician_owes_a_report_of_each_working_day(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    assert_armed(s, "tech.daily", "daily/T1/2026-03-02", "2026-03-02T16:00:00Z"); /* 24:00 */
    assert_armed(s, "tech.daily", "daily/T9/2026-03-02", "2026-03-02T16:00:00Z");
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/S1/2026-03-02"), 0);
    until(s, "2026-03-10T00:00");
    /* The whole ladder of ESC-D: 2, 3 and 5 March, each 24:00. */
    assert_int_equal(times(s, "deadline.passed", "tech.daily", "daily/T1/2026-03-02"), 3);
    assert_string_equal(of_case(s, "deadline.passed", "tech.daily", "daily/T1/2026-03-02", "at"),
                        "2026-03-05T16:00:00Z");
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T1/2026-03-06"), 1);
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T1/2026-03-07"), 0); /* Sat */
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T1/2026-03-09"), 1);
    /* The unit's day begins from Monday to Friday and on Monday the 9th. */
    assert_int_equal(times(s, "deadline.passed", "staff.day", "staff/U1"), 6);
    stage_close(s);
}

static void DSP_049_the_report_stops_the_clock(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    say(s, "tech.daily_reported", "2026-03-02T17:00", "{" T1_ON_2 "," LINES_1 "}");
    assert_string_equal(of_case(s, "deadline.stopped", "tech.daily", "daily/T1/2026-03-02", "late"),
                        "");
    until(s, "2026-03-10T00:00");
    assert_int_equal(times(s, "deadline.passed", "tech.daily", "daily/T1/2026-03-02"), 0);
    /* A report told late of work reported in time takes the reminders back. */
    say(s, "tech.daily_reported", "2026-03-02T18:00",
        "{'technician':'T2','day':'2026-03-02'," LINES_2 "}");
    assert_int_equal(times(s, "deadline.withdrawn", "tech.daily", "daily/T2/2026-03-02"), 1);
    say(s, "tech.daily_reported", "2026-03-10T00:00", "{'technician':'T2','day':'2026-03-03'}");
    assert_string_equal(of_case(s, "deadline.stopped", "tech.daily", "daily/T2/2026-03-03", "late"),
                        "true");
    stage_close(s);
}

static void DSP_049_a_report_before_the_day_begins_is_not_asked_for_again(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    say(s, "tech.daily_reported", "2026-03-03T07:00", "{'technician':'T1','day':'2026-03-03'}");
    until(s, "2026-03-03T09:00");
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T1/2026-03-03"), 0);
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T2/2026-03-03"), 1);
    stage_close(s);
}

static void DSP_049_lines_name_his_own_jobs(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    const struct {
        const char *line, *code;
    } rows[] = {
        {"'call_no':'C3','category':'a','minutes':10", "not_his_job"},
        {"'call_no':'C8','category':'a','minutes':10", "not_his_job"},
        {"'call_no':'C1','job':2,'category':'a','minutes':10", "not_his_job"},
        {"'category':'b','minutes':10", "call_missing"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[200];
        snprintf(data, sizeof data, "{" T1_ON_2 ",'lines':[{%s}]}", rows[i].line);
        deny(s, "tech.daily_reported", "2026-03-02T17:00", data, "DSP-049", rows[i].code);
    }
    deny(s, "tech.daily_reported", "2026-03-02T17:00", "{'technician':'T1','day':'2026-03-03'}",
         "DSP-049", "future_day");
    struct rec_daily_line zero = {.category = category_d};
    struct fault why[4];
    assert_int_equal(proto_check(shape_daily_line(), &zero, why, 4), 1); /* no minutes */
    zero.minutes = 1;
    assert_int_equal(proto_check(shape_daily_line(), &zero, why, 4), 0);
    stage_close(s);
}

static void DSP_049_reviewed_and_kept(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    deny(s, "tech.daily_reviewed", "2026-03-02T17:00", "{" T1_ON_2 ",'by':'S1'}", "DSP-049",
         "unknown_number");
    say(s, "tech.daily_reported", "2026-03-02T17:00", "{" T1_ON_2 "," LINES_1 "}");
    say(s, "tech.daily_reviewed", "2026-03-02T17:20", "{" T1_ON_2 ",'by':'S1'}");
    deny(s, "tech.daily_reported", "2026-03-02T17:30", "{" T1_ON_2 "}", "DSP-049", "state");
    stage_close(s);
}

static void DSP_049_people_come_and_go(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    say(s, "person.upserted", "2026-03-02T10:00",
        "{'person':'T1','unit':'U1','role':'technician','left':true}");
    say(s, "person.upserted", "2026-03-02T10:00",
        "{'person':'T2','unit':'U7','role':'technician'}");
    say(s, "person.upserted", "2026-03-02T10:00",
        "{'person':'T5','unit':'U1','role':'technician'}");
    until(s, "2026-03-03T09:00");
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T1/2026-03-03"), 0);
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T2/2026-03-03"), 0);
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T5/2026-03-03"), 1);
    stage_close(s);
}

/* ---- DSP-081, DSP-051 ---- */

static void DSP_081_travel_stands_under_the_category_of_the_job(void **unused)
{
    (void)unused;
    struct stage *s = appliance(""); /* C2 is category b */
    deny(s, "tech.daily_reported", "2026-03-02T17:00",
         "{" T1_ON_2
         ",'lines':[{'call_no':'C2','category':'a','minutes':30,'time_kind':'travel'}]}",
         "DSP-081", "other_category");
    say(s, "tech.daily_reported", "2026-03-02T17:00",
        "{" T1_ON_2 ",'lines':[{'call_no':'C2','category':'b','minutes':30,'time_kind':'travel'},"
        "{'call_no':'C2','category':'b','minutes':45,'time_kind':'out_of_hours'}]}");
    say(s, "supervisor.daily_reported", "2026-03-03T09:00", "{'unit':'U1','day':'2026-03-02'}");
    assert_string_equal(last(s, "supervisor.daily_computed", "b_min"), "75");
    stage_close(s);
}

static void DSP_051_internal_work_belongs_to_no_call(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    deny(s, "tech.daily_reported", "2026-03-02T17:00",
         "{" T1_ON_2 ",'lines':[{'call_no':'C1','category':'d','minutes':30}]}", "DSP-051",
         "internal_work");
    say(s, "tech.daily_reported", "2026-03-02T17:00",
        "{" T1_ON_2 ",'lines':[{'category':'d','minutes':30}]}");
    stage_close(s);
}

/* ---- DSP-050 ---- */

/* DSP-EX-24: t1=A120,B60,C240,D60; t2=B180,C210,D90 -> A=120; B=240; C=450; D=150; total=960. */
static void DSP_050_DSP_EX_24_the_sums_are_computed(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    say(s, "tech.daily_reported", "2026-03-02T17:00", "{" T1_ON_2 "," LINES_1 "}");
    say(s, "tech.daily_reported", "2026-03-02T17:10",
        "{'technician':'T2','day':'2026-03-02'," LINES_2 "}");
    say(s, "supervisor.daily_reported", "2026-03-03T09:00",
        "{'unit':'U1','day':'2026-03-02','by':'S1','a_min':120,'total_min':960}");
    const struct {
        const char *field, *text;
    } sums[] = {{"a_min", "120"}, {"b_min", "240"},     {"c_min", "450"},
                {"d_min", "150"}, {"total_min", "960"}, {"reports", "2"}};
    for (size_t i = 0; i < COUNT_OF(sums); i++)
        assert_string_equal(last(s, "supervisor.daily_computed", sums[i].field), sums[i].text);
    const json_t *e = stage_nth(s, OWNER_dispatch, "supervisor.daily_computed", 0);
    const json_t *missing = json_object_get(json_object_get(e, "data"), "missing");
    assert_int_equal(json_array_size(missing), 3); /* T3, T4, T9 */
    assert_string_equal(json_string_value(json_object_get(json_array_get(missing, 0), "person")),
                        "T3");
    stage_close(s);
}

static void DSP_050_a_wrong_sum_is_refused_and_a_correction_counts(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    say(s, "tech.daily_reported", "2026-03-02T17:00", "{" T1_ON_2 "," LINES_1 "}");
    deny(s, "supervisor.daily_reported", "2026-03-03T09:00",
         "{'unit':'U1','day':'2026-03-02','c_min':241}", "DSP-050", "wrong_sum");
    deny(s, "supervisor.daily_reported", "2026-03-03T09:00",
         "{'unit':'U1','day':'2026-03-02','total_min':479}", "DSP-050", "wrong_sum");
    deny(s, "supervisor.daily_reported", "2026-03-03T09:00", "{'unit':'U1','day':'2026-03-04'}",
         "DSP-050", "future_day");
    say(s, "tech.daily_reported", "2026-03-03T09:10",
        "{" T1_ON_2 ",'lines':[{'call_no':'C1','category':'c','minutes':241}]}");
    say(s, "supervisor.daily_reported", "2026-03-03T09:20",
        "{'unit':'U1','day':'2026-03-02','c_min':241,'total_min':241}");
    say(s, "tech.daily_reported", "2026-03-03T09:30", "{" T1_ON_2 "}"); /* nothing after all */
    say(s, "supervisor.daily_reported", "2026-03-03T09:40", "{'unit':'U1','day':'2026-03-02'}");
    assert_string_equal(last(s, "supervisor.daily_computed", "total_min"), "");
    assert_string_equal(last(s, "supervisor.daily_computed", "reports"), "1");
    stage_close(s);
}

/* The report was sent; who reports after it is in the sums of the day all the same. */
static void DSP_050_a_later_report_has_the_sums_told_anew(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    say(s, "tech.daily_reported", "2026-03-02T17:00", "{" T1_ON_2 "," LINES_1 "}");
    assert_int_equal(count(s, "supervisor.daily_computed"), 0);
    say(s, "supervisor.daily_reported", "2026-03-03T09:00", "{'unit':'U1','day':'2026-03-02'}");
    say(s, "supervisor.daily_forwarded", "2026-03-03T09:10", "{'unit':'U1','day':'2026-03-02'}");
    say(s, "tech.daily_reported", "2026-03-03T09:20",
        "{'technician':'T2','day':'2026-03-02'," LINES_2 "}");
    assert_int_equal(count(s, "supervisor.daily_computed"), 2);
    assert_string_equal(last(s, "supervisor.daily_computed", "total_min"), "960");
    assert_string_equal(last(s, "supervisor.daily_computed", "reports"), "2");
    const json_t *e = stage_nth(s, OWNER_dispatch, "supervisor.daily_computed", 1);
    const json_t *missing = json_object_get(json_object_get(e, "data"), "missing");
    assert_int_equal(json_array_size(missing), 3); /* T3, T4, T9 */
    stage_close(s);
}

static void DSP_050_due_the_next_working_day_at_noon(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    assert_armed(s, "supervisor.daily", "supervisor/U1/2026-03-02", "2026-03-03T04:00:00Z");
    until(s, "2026-03-06T09:00"); /* the Friday's report is due on Monday */
    assert_armed(s, "supervisor.daily", "supervisor/U1/2026-03-06", "2026-03-09T04:00:00Z");
    say(s, "supervisor.daily_reported", "2026-03-06T17:00", "{'unit':'U1','day':'2026-03-06'}");
    until(s, "2026-03-12T09:00");
    /* ESC-D: at the cut-off, then 24:00 of 4 and 6 March. */
    assert_int_equal(times(s, "deadline.passed", "supervisor.daily", "supervisor/U1/2026-03-02"),
                     3);
    assert_string_equal(
        of_case(s, "deadline.passed", "supervisor.daily", "supervisor/U1/2026-03-02", "at"),
        "2026-03-06T16:00:00Z");
    assert_string_equal(
        of_case(s, "deadline.passed", "supervisor.daily", "supervisor/U1/2026-03-02", "person"),
        "S1");
    assert_int_equal(times(s, "deadline.passed", "supervisor.daily", "supervisor/U1/2026-03-06"),
                     0);
    stage_close(s);
}

/* ---- DSP-052 ---- */

#define DAY_2 "{'unit':'U1','day':'2026-03-02'}"
#define SIGNED "{'unit':'U1','day':'2026-03-02','by':'M1'}"

static void DSP_052_a_branch_has_its_manager_sign_first(void **unused)
{
    (void)unused;
    struct stage *s = appliance(",'kind':'branch','manager':'M1'");
    deny(s, "supervisor.daily_signed", "2026-03-03T10:00", SIGNED, "DSP-052", "unknown_number");
    say(s, "supervisor.daily_reported", "2026-03-03T10:00", DAY_2);
    assert_armed(s, "branch.sign", "supervisor/U1/2026-03-02", "2026-03-04T09:30:00Z"); /* 17:30 */
    deny(s, "supervisor.daily_forwarded", "2026-03-03T10:10", DAY_2, "DSP-052", "not_signed");
    say(s, "supervisor.daily_reported", "2026-03-04T10:00", DAY_2); /* corrected: no more time */
    assert_int_equal(times(s, "deadline.armed", "branch.sign", "supervisor/U1/2026-03-02"), 1);
    say(s, "supervisor.daily_signed", "2026-03-04T17:30", SIGNED);
    assert_string_equal(
        of_case(s, "deadline.stopped", "branch.sign", "supervisor/U1/2026-03-02", "late"), "");
    deny(s, "supervisor.daily_reported", "2026-03-04T17:40", DAY_2, "DSP-050", "state");
    say(s, "supervisor.daily_forwarded", "2026-03-04T17:50", DAY_2);
    deny(s, "supervisor.daily_forwarded", "2026-03-04T17:55", DAY_2, "DSP-052", "state");
    stage_close(s);
}

static void DSP_052_an_unsigned_report_climbs_the_ladder(void **unused)
{
    (void)unused;
    struct stage *s = appliance(",'kind':'branch'");
    say(s, "supervisor.daily_reported", "2026-03-03T10:00", DAY_2);
    until(s, "2026-03-12T00:00");
    assert_int_equal(times(s, "deadline.passed", "branch.sign", "supervisor/U1/2026-03-02"), 3);
    stage_close(s);
}

static void DSP_052_a_centre_sends_directly(void **unused)
{
    (void)unused;
    struct stage *s = appliance(",'kind':'center'");
    say(s, "supervisor.daily_reported", "2026-03-03T10:00", DAY_2);
    assert_int_equal(clock_count(s, "deadline.armed", "branch.sign"), 0);
    deny(s, "supervisor.daily_signed", "2026-03-03T10:10", SIGNED, "DSP-052", "not_a_branch");
    say(s, "supervisor.daily_forwarded", "2026-03-03T10:20", DAY_2);
    stage_close(s);
}

/* ---- DSP-053 ---- */

static struct stage *industrial(void)
{
    struct stage *s = staff_open("general", IND);
    queue(s, "C1", "2026-03-02T09:00", "SP-IND", "");
    queue(s, "C2", "2026-03-02T09:01", "SP-IND", "");
    tell(s, "C1", "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    tell(s, "C2", "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    return s;
}

static void DSP_053_a_day_of_service_owes_an_sms(void **unused)
{
    (void)unused;
    struct stage *s = industrial();
    tell(s, "C1", "job.arrived", "2026-03-02T11:00", "");
    tell(s, "C2", "job.arrived", "2026-03-02T15:00", "");
    assert_int_equal(clock_count(s, "deadline.armed", "tech.sms"), 1); /* one for the day */
    assert_armed(s, "tech.sms", "sms/T1/2026-03-02", "2026-03-02T16:00:00Z");
    until(s, "2026-03-10T00:00");
    assert_int_equal(times(s, "deadline.passed", "tech.sms", "sms/T1/2026-03-02"), 1);
    verdict(s, "C1", "2026-03-10T09:00", "sms T1 2026-03-02");
    assert_string_equal(of_case(s, "deadline.stopped", "tech.sms", "sms/T1/2026-03-02", "late"),
                        "true");
    stage_close(s);
}

static void DSP_053_the_sms_stops_it_whichever_is_told_first(void **unused)
{
    (void)unused;
    struct stage *s = industrial();
    tell(s, "C1", "job.arrived", "2026-03-02T11:00", "");
    verdict(s, "C1", "2026-03-02T18:00", "sms T1 2026-03-02");
    assert_string_equal(of_case(s, "deadline.stopped", "tech.sms", "sms/T1/2026-03-02", "late"),
                        "");
    verdict(s, "C1", "2026-03-03T18:00", "sms T1 2026-03-03");
    tell(s, "C2", "job.arrived", "2026-03-03T15:00", ""); /* told after its SMS */
    assert_int_equal(clock_count(s, "deadline.armed", "tech.sms"), 1);
    until(s, "2026-03-08T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "tech.sms"), 0);
    stage_close(s);
}

/* ---- DSP-054 ---- */

static void DSP_054_cards_are_back_by_the_fifth(void **unused)
{
    (void)unused;
    struct stage *s = industrial();
    tell(s, "C1", "job.arrived", "2026-03-02T11:00", "");
    tell(s, "C2", "job.arrived", "2026-03-03T15:00", "");
    assert_int_equal(clock_count(s, "deadline.armed", "card.monthly"), 1);
    assert_armed(s, "card.monthly", "cards/T1/2026-03", "2026-04-05T16:00:00Z"); /* 5th, 24:00 */
    assert_string_equal(of_case(s, "deadline.armed", "card.monthly", "cards/T1/2026-03", "start"),
                        "2026-03-31T16:00:00Z"); /* the month's end */
    verdict(s, "C1", "2026-03-20T09:00", "card T1");
    verdict(s, "C1", "2026-03-20T09:05", "card T1"); /* told twice */
    until(s, "2026-04-05T23:59");
    assert_int_equal(clock_count(s, "deadline.passed", "card.monthly"), 0);
    until(s, "2026-04-20T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "card.monthly"), 3); /* ESC-D */
    assert_int_equal(count(s, "tech.cards_missing"), 1);
    const json_t *e = stage_nth(s, OWNER_dispatch, "tech.cards_missing", 0);
    const json_t *calls = json_object_get(json_object_get(e, "data"), "calls");
    assert_int_equal(json_array_size(calls), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(calls, 0), "name")), "C2");
    assert_string_equal(last(s, "tech.cards_missing", "month"), "2026-03-01");
    verdict(s, "C2", "2026-04-20T09:00", "card -"); /* nobody named: whoever was there */
    assert_string_equal(of_case(s, "deadline.stopped", "card.monthly", "cards/T1/2026-03", "late"),
                        "true");
    stage_close(s);
}

static void DSP_054_all_cards_back_stop_it(void **unused)
{
    (void)unused;
    struct stage *s = industrial();
    verdict(s, "C1", "2026-03-02T18:00", "card T1"); /* before its arrival is told */
    tell(s, "C1", "job.arrived", "2026-03-02T11:00", "");
    assert_int_equal(clock_count(s, "deadline.armed", "card.monthly"), 0);
    tell(s, "C2", "job.arrived", "2026-03-03T15:00", "");
    verdict(s, "C2", "2026-03-30T09:00", "card T1");
    assert_int_equal(clock_count(s, "deadline.stopped", "card.monthly"), 1);
    until(s, "2026-04-20T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "card.monthly"), 0);
    assert_int_equal(count(s, "tech.cards_missing"), 0);
    verdict(s, "C9", "2026-04-20T09:00", "card T1"); /* of a call nobody knows */
    stage_close(s);
}

static void DSP_054_work_over_two_months_has_one_card(void **unused)
{
    (void)unused;
    for (int late = 0; late < 2; late++) {
        struct stage *s = industrial();
        tell(s, "C1", "job.arrived", late ? "2026-04-01T09:00" : "2026-03-31T11:00", "");
        tell(s, "C1", "job.arrived", late ? "2026-03-31T11:00" : "2026-04-01T09:00", "");
        assert_int_equal(clock_count(s, "deadline.armed", "card.monthly"), 1);
        verdict(s, "C1", "2026-04-02T09:00", "card T1");
        assert_int_equal(clock_count(s, "deadline.stopped", "card.monthly"), 1);
        tell(s, "C1", "job.arrived", "2026-05-04T09:00", ""); /* its card is back */
        until(s, "2026-06-20T00:00");
        assert_int_equal(clock_count(s, "deadline.passed", "card.monthly"), 0);
        assert_int_equal(count(s, "tech.cards_missing"), 0);
        stage_close(s);
    }
}

/* Sent again, he arrives again: his leg begins anew, the card does not. */
static void DSP_054_a_second_assignment_keeps_the_card(void **unused)
{
    (void)unused;
    struct stage *s = industrial();
    tell(s, "C1", "job.arrived", "2026-03-30T11:00", "");
    tell(s, "C1", "job.completed", "2026-03-30T12:00", "");
    tell(s, "C1", "job.assigned", "2026-04-01T08:00", "'technician':'T1'");
    verdict(s, "C1", "2026-04-02T09:00", "card T1");
    assert_string_equal(of_case(s, "deadline.stopped", "card.monthly", "cards/T1/2026-03", "late"),
                        "");
    stage_close(s);
}

static void DSP_054_the_day_is_policy(void **unused)
{
    (void)unused;
    struct stage *s = staff_open_changed("general", "s/^keys:/keys:\\n  cards_by_day: 10/", IND);
    queue(s, "C1", "2026-03-02T09:00", "SP-IND", "");
    tell(s, "C1", "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    tell(s, "C1", "job.arrived", "2026-03-02T11:00", "");
    assert_armed(s, "card.monthly", "cards/T1/2026-03", "2026-04-10T16:00:00Z");
    stage_close(s);
}

/* ---- DSP-087 ---- */

static bool owes(const char *unit_policy, const char *sed, const char *report)
{
    char more[80] = "", data[120];
    if (*unit_policy) snprintf(more, sizeof more, "'default_policy':'%s'", unit_policy);
    struct stage *s = staff_open_changed("general", sed, more);
    queue(s, "C1", "2026-03-02T09:00", "SP-IND", "");
    tell(s, "C1", "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    tell(s, "C1", "job.arrived", "2026-03-02T11:00", "");
    snprintf(data, sizeof data,
             "{'shift':'H1','site':'P1','person':'T1','start':'2026-03-02T08:00:00+08:00',"
             "'end':'2026-03-02T20:00:00+08:00'}");
    say(s, "shift.rostered", "2026-03-02T07:00", data);
    const char *const name = strcmp(report, "daily") == 0   ? "tech.daily"
                             : strcmp(report, "sms") == 0   ? "tech.sms"
                             : strcmp(report, "cards") == 0 ? "card.monthly"
                                                            : "shift.report";
    bool armed = clock_count(s, "deadline.armed", name) > 0;
    stage_close(s);
    return armed;
}

static void DSP_087_which_reports_a_unit_owes(void **unused)
{
    (void)unused;
    static const char *const reports[] = {"daily", "sms", "cards", "shift"};
    const struct {
        const char *policy, *sed, *owed;
    } rows[] = {
        {"SP-IND", "", "0110"},
        {"SP-4S-SHOP", "", "1000"},
        {"SP-PLANT-QINFO", "", "0001"},
        {"SP-SUPPLY", "", "0000"},
        {"", "", "0000"},
        {"SP-IND", "staff_reports: [{unit: U1, owes: [daily, shift]}]", "1001"},
        {"SP-IND", "staff_reports: [{unit: U1, owes: []}]", "0000"},
        {"SP-IND", "staff_reports: [{unit: U2, owes: [daily]}]", "0110"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char sed[120] = "";
        if (*rows[i].sed) snprintf(sed, sizeof sed, "s/^services:/%s\\nservices:/", rows[i].sed);
        for (size_t r = 0; r < COUNT_OF(reports); r++) {
            if (owes(rows[i].policy, sed, reports[r]) != (rows[i].owed[r] == '1'))
                fail_msg("row %zu: %s", i, reports[r]);
        }
    }
}

static void DSP_087_a_report_that_is_not_owed_is_accepted(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    say(s, "tech.daily_reported", "2026-03-02T17:00",
        "{" T1_ON_2 ",'lines':[{'category':'d','minutes':30}]}");
    say(s, "supervisor.daily_reported", "2026-03-02T17:10", DAY_2);
    assert_string_equal(last(s, "supervisor.daily_computed", "d_min"), "30");
    assert_int_equal(count(s, "deadline.armed"), 0);
    stage_close(s);
}

static void DSP_087_the_clock_ends_when_nothing_is_owed_any_more(void **unused)
{
    (void)unused;
    struct stage *s = appliance("");
    say(s, "unit.upserted", "2026-03-02T18:00", "{'unit':'U1','calendar':'CAL-EX'}");
    until(s, "2026-03-04T00:00");
    assert_int_equal(times(s, "deadline.armed", "tech.daily", "daily/T1/2026-03-03"), 0);
    stage_close(s);
}

static void DSP_087_a_branch_that_owes_no_daily_report_needs_no_signature(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", IND ",'kind':'branch'");
    say(s, "supervisor.daily_reported", "2026-03-03T10:00", DAY_2);
    assert_int_equal(clock_count(s, "deadline.armed", "branch.sign"), 0);
    say(s, "supervisor.daily_signed", "2026-03-03T11:00", SIGNED); /* and may have it */
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_049_every_technician_owes_a_report_of_each_working_day),
        cmocka_unit_test(DSP_049_the_report_stops_the_clock),
        cmocka_unit_test(DSP_049_a_report_before_the_day_begins_is_not_asked_for_again),
        cmocka_unit_test(DSP_049_lines_name_his_own_jobs),
        cmocka_unit_test(DSP_049_reviewed_and_kept),
        cmocka_unit_test(DSP_049_people_come_and_go),
        cmocka_unit_test(DSP_081_travel_stands_under_the_category_of_the_job),
        cmocka_unit_test(DSP_051_internal_work_belongs_to_no_call),
        cmocka_unit_test(DSP_050_DSP_EX_24_the_sums_are_computed),
        cmocka_unit_test(DSP_050_a_wrong_sum_is_refused_and_a_correction_counts),
        cmocka_unit_test(DSP_050_a_later_report_has_the_sums_told_anew),
        cmocka_unit_test(DSP_050_due_the_next_working_day_at_noon),
        cmocka_unit_test(DSP_052_a_branch_has_its_manager_sign_first),
        cmocka_unit_test(DSP_052_an_unsigned_report_climbs_the_ladder),
        cmocka_unit_test(DSP_052_a_centre_sends_directly),
        cmocka_unit_test(DSP_053_a_day_of_service_owes_an_sms),
        cmocka_unit_test(DSP_053_the_sms_stops_it_whichever_is_told_first),
        cmocka_unit_test(DSP_054_cards_are_back_by_the_fifth),
        cmocka_unit_test(DSP_054_all_cards_back_stop_it),
        cmocka_unit_test(DSP_054_work_over_two_months_has_one_card),
        cmocka_unit_test(DSP_054_a_second_assignment_keeps_the_card),
        cmocka_unit_test(DSP_054_the_day_is_policy),
        cmocka_unit_test(DSP_087_which_reports_a_unit_owes),
        cmocka_unit_test(DSP_087_a_report_that_is_not_owed_is_accepted),
        cmocka_unit_test(DSP_087_the_clock_ends_when_nothing_is_owed_any_more),
        cmocka_unit_test(DSP_087_a_branch_that_owes_no_daily_report_needs_no_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
