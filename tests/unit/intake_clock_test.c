/* intake_clock_test.c - the deadlines of intake (section 18): when each is due, and what becomes of
 * it when the work is done in time, exactly at the due instant, and a second too late. */
#include "tests/unit/intake_fixture.h"

#define C1 "'call_no':'C1'"
#define REG "call.registered"

struct told {
    const char *type, *time, *data;
};

/* A deadline that a fact stops. `due` is local time; the stop is told at, before and after it. */
struct row {
    const char *id, *policy;
    struct told facts[3];
    const char *name, *due;
    const char *stop, *stop_data;
};

#define IT_WARRANTY                                                                                \
    {                                                                                              \
        "product.upserted", "2026-01-05T08:00:00+08:00",                                           \
            "{'product':'S1','model':'srv','accepted':'2025-06-01'}"                               \
    }
#define BUS(extra)                                                                                 \
    "{" C1 "," FULL ",'product':'B1','reporter':'李','fault':'異響','product_line':'bus'," extra "}"

static const struct row rows[] = {
    {"INT-008 SP-IT-TRIAL",
     "it-project",
     {{REG, "2026-03-02T22:10:00+08:00", "{" C1 "," FULL "}"}},
     "call.reply",
     "2026-03-02T22:40:00",
     "call.replied",
     "{" C1 ",'kind':'response'}"},
    {"INT-008 SP-IT-WARR-MAINT",
     "it-project",
     {IT_WARRANTY,
      {REG, "2026-03-02T22:10:00+08:00",
       "{" C1 "," FULL ",'product':'S1','fault_group':'maintenance'}"}},
     "call.reply",
     "2026-03-03T00:10:00",
     "call.replied",
     "{" C1 ",'kind':'substantive'}"},
    {"INT-004",
     "it-project", /* from the call time, not from the entry */
     {{REG, "2026-03-02T09:20:00+08:00",
       "{" C1 "," FULL ",'received_at':'2026-03-02T09:00:00+08:00'}"}},
     "call.reply",
     "2026-03-02T09:30:00",
     "call.replied",
     "{" C1 "}"},
    {"INT-EX-24",
     "bus",
     {{REG, "2026-03-06T18:00:00+08:00", BUS("'fault_group':'body','distance_m':100100")}},
     "call.reply",
     "2026-03-07T06:00:00",
     "call.replied",
     "{" C1 "}"},
    {"INT-EX-25",
     "bus",
     {{REG, "2026-03-06T18:00:00+08:00",
       BUS("'fault_group':'body','distance_m':40000,'needs_maker':'yes'")}},
     "call.reply",
     "2026-03-07T06:00:00",
     "call.replied",
     "{" C1 "}"},
    {"INT-EX-26",
     "bus",
     {{REG, "2026-03-08T23:30:00+08:00", BUS("'fault_group':'engine','distance_m':12000")}},
     "call.contact_maker",
     "2026-03-09T11:30:00",
     "call.forwarded",
     "{" C1 ",'to':'廠','written':true}"},
    {"INT-EX-45",
     "bus",
     {{REG, "2026-02-28T11:00:00+08:00", BUS("'fault_group':'chassis'")}},
     "call.contact_maker",
     "2026-02-28T23:00:00",
     "call.forwarded",
     "{" C1 ",'to':'廠','written':true}"},
    {"INT-013 call.feedback",
     "bus",
     {{REG, "2026-03-06T09:00:00+08:00", BUS("'fault_group':'chassis'")},
      {"call.forwarded", "2026-03-06T10:00:00+08:00", "{" C1 ",'to':'廠','written':true}"},
      {"call.forwarded", "2026-03-06T16:00:00+08:00", "{" C1 ",'to':'廠','written':true}"}},
     "call.feedback",
     "2026-03-07T10:00:00",
     "call.replied",
     "{" C1 "}"},
    {"INT-014 at the entry",
     "it-project",
     {{REG, "2026-03-02T22:10:00+08:00", "{" C1 "," FULL ",'severity':'major'}"}},
     "call.major_report",
     "2026-03-02T23:10:00",
     "call.major_reported",
     "{" C1 "}"},
    {"INT-014 graded later",
     "it-project",
     {{REG, "2026-03-02T22:10:00+08:00", "{" C1 "," FULL ",'severity':'ordinary'}"},
      {"call.graded", "2026-03-03T08:00:00+08:00", "{" C1 ",'severity':'major'}"},
      {"call.graded", "2026-03-03T08:30:00+08:00", "{" C1 ",'severity':'major'}"}},
     "call.major_report",
     "2026-03-03T09:00:00",
     "call.major_reported",
     "{" C1 "}"},
    {"INT-028 call.dispatch",
     "appliance", /* a call in the lunch hour belongs to the day */
     {{REG, "2026-03-06T12:30:00+08:00", "{" C1 "," FULL ",'product_line':'appliance'}"}},
     "call.dispatch",
     "2026-03-06T17:30:00",
     "job.assigned",
     "{" C1 ",'technician':'T1'}"},
    {"INT-043",
     "appliance", /* 480 working minutes: Friday 15:00 to Monday 15:00 */
     {{REG, "2026-03-06T15:00:00+08:00", "{" C1 "," FULL ",'product_line':'appliance'}"}},
     "warranty.query",
     "2026-03-09T15:00:00",
     "warranty.answered",
     "{" C1 ",'inside':'yes'}"},
    {"INT-100",
     "civic-requests",
     {{REG, "2026-03-06T15:00:00+08:00", "{" C1 "}"},
      {"promise.made", "2026-03-06T15:01:00+08:00", "{" C1 ",'due':'2026-03-20T08:30:00+08:00'}"}},
     "promise.due",
     "2026-03-20T08:30:00",
     "promise.kept",
     "{" C1 "}"},
    {"INT-030",
     "appliance", /* 30 September is followed by the holiday week: INT-EX-33 */
     {{REG, "2026-09-30T10:00:00+08:00", "{" C1 "," FULL ",'product_line':'appliance'}"}},
     "register.send",
     "2026-10-09T00:00:00",
     "register.sent",
     "{'register_no':'U1/2026-09-30'}"},
};

static int64_t local(const char *time)
{
    char text[40];
    int64_t t;
    struct fault why;
    snprintf(text, sizeof text, "%s+08:00", time);
    assert_int_equal(time_parse(str_of(text), &t, &why), ERR_OK);
    return t;
}

static const char *utc(int64_t t, char out[40])
{
    time_format(t, NULL, out);
    return out;
}

static struct stage *armed(const struct row *r)
{
    struct stage *s = door_open(r->policy);
    for (size_t i = 0; i < COUNT_OF(r->facts) && r->facts[i].type; i++) {
        tell(s, r->facts[i].type, r->facts[i].time, r->facts[i].data);
    }
    if (strcmp(r->name, "register.send") == 0) stage_until(s, "2026-09-30T23:00:00+08:00");
    char due[40];
    utc(local(r->due), due);
    const char *is = last_with(s, "deadline.armed", "name", r->name, "due");
    if (strcmp(is, due) != 0) fail_msg("%s: %s is due %s, not %s", r->id, r->name, is, due);
    if (count_with(s, "deadline.armed", "name", r->name) != 1) fail_msg("%s: armed twice", r->id);
    return s;
}

static void stop_at(struct stage *s, const struct row *r, int64_t at)
{
    char text[40];
    utc(at, text);
    tell(s, r->stop, text, r->stop_data);
}

static void every_deadline_in_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = armed(&rows[i]);
        stop_at(s, &rows[i], local(rows[i].due) - 1000);
        if (count_with(s, "deadline.stopped", "name", rows[i].name) != 1)
            fail_msg("%s", rows[i].id);
        stage_until(s, "2026-10-20T00:00:00+08:00");
        size_t passed = count_with(s, "deadline.passed", "name", rows[i].name);
        if (passed) fail_msg("%s: passed although stopped", rows[i].id);
        stage_close(s);
    }
}

static void every_deadline_exactly_at_due(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = armed(&rows[i]);
        stop_at(s, &rows[i], local(rows[i].due));
        const char *late = last_with(s, "deadline.stopped", "name", rows[i].name, "late");
        size_t n = count_with(s, "deadline.stopped", "name", rows[i].name);
        size_t passed = count_with(s, "deadline.passed", "name", rows[i].name);
        if (n != 1 || passed || *late) fail_msg("%s: not in time at the due instant", rows[i].id);
        stage_close(s);
    }
}

static void every_deadline_one_second_late(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *r = &rows[i];
        if (strcmp(r->name, "call.dispatch") == 0) continue; /* carried over: intake_book_test.c */
        struct stage *s = armed(r);
        stop_at(s, r, local(r->due) + 1000);
        const char *late = last_with(s, "deadline.stopped", "name", r->name, "late");
        if (count_with(s, "deadline.passed", "name", r->name) != 1)
            fail_msg("%s: not passed", r->id);
        if (strcmp(late, "true") != 0) fail_msg("%s: not late", r->id);
        stage_close(s);
    }
}

/* CV-5, CV-12: done in time, told after the 催辦單. */
static void CV_12_a_late_report_takes_it_back(void **state)
{
    (void)state;
    struct stage *s = armed(&rows[0]);
    stage_until(s, "2026-03-02T23:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "call.reply"), 1);
    tell(s, "call.replied", "2026-03-02T22:39:00+08:00", "{" C1 ",'kind':'response'}");
    assert_int_equal(count_with(s, "deadline.withdrawn", "name", "call.reply"), 1);
    stage_close(s);
}

/* The kind demanded or a stronger one: response < answer < substantive < written. */
static void INT_008_a_weaker_reply_does_not_stop_the_clock(void **state)
{
    (void)state;
    struct stage *s = armed(&rows[1]);
    tell(s, "call.replied", "2026-03-02T22:20:00+08:00", "{" C1 ",'kind':'response'}");
    tell(s, "call.replied", "2026-03-02T22:21:00+08:00", "{" C1 "}");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "call.reply"), 0);
    tell(s, "call.replied", "2026-03-02T22:22:00+08:00", "{" C1 ",'kind':'written'}");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "call.reply"), 1);
    stage_close(s);
}

static void INT_013_only_a_written_forwarding_counts_as_contact(void **state)
{
    (void)state;
    struct stage *s = armed(&rows[5]);
    tell(s, "call.forwarded", "2026-03-09T00:00:00+08:00", "{" C1 ",'to':'廠'}");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "call.contact_maker"), 0);
    stage_close(s);
}

/* feedback_min of the service policy, else the minutes of the deadline. */
static void INT_013_minutes_for_policies_that_leave_them_out(void **state)
{
    (void)state;
    static const struct {
        const char *policy, *fault, *minutes, *due;
    } cases[] = {{"bus", "engine", " minutes: 60,", "2026-03-07T01:00:00Z"},
                 {"bus", "body", " minutes: 60,", "2026-03-06T02:00:00Z"},
                 {"bus", "body", "", ""}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char sed[80], data[200];
        snprintf(sed, sizeof sed, "s/name: call.feedback,/&%s/", cases[i].minutes);
        struct stage *s = door_open_changed(cases[i].policy, "../common/deadlines.yaml", sed);
        snprintf(data, sizeof data, "{" C1 "," FULL ",'product_line':'bus','fault_group':'%s'}",
                 cases[i].fault);
        tell(s, REG, "2026-03-06T09:00:00+08:00", data);
        tell(s, "call.forwarded", "2026-03-06T09:00:00+08:00", "{" C1 ",'to':'廠','written':true}");
        const char *due = last_with(s, "deadline.armed", "name", "call.feedback", "due");
        if (strcmp(due, cases[i].due) != 0) fail_msg("%zu: %s", i, due);
        stage_close(s);
    }
}

/* INT-014: told after the call was closed, only a major grading starts the clock. It did for any.
 */
static void INT_014_an_ordinary_grading_told_late_starts_nothing(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, REG, "2026-03-02T22:10:00+08:00", "{" C1 "," FULL ",'severity':'ordinary'}");
    tell(s, "job.assigned", "2026-03-03T08:00:00+08:00", "{" C1 "}");
    tell(s, "job.completed", "2026-03-03T08:00:00+08:00", "{" C1 "}");
    tell(s, "job.signed", "2026-03-03T08:00:00+08:00", "{" C1 "}");
    tell(s, "call.written_off", "2026-03-03T09:00:00+08:00", "{" C1 ",'solution':'換件'}");
    tell(s, "call.graded", "2026-03-03T08:30:00+08:00", "{" C1 ",'severity':'ordinary'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.major_report"), 0);
    tell(s, "call.graded", "2026-03-03T08:40:00+08:00", "{" C1 ",'severity':'major'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.major_report"), 1);
    tell(s, "call.graded", "2026-03-03T08:50:00+08:00", "{" C1 ",'severity':'major'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.major_report"), 1);
    stage_close(s);
}

/* Reported up from the site, graded by others afterwards. */
static void INT_014_reported_before_it_was_graded(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, REG, "2026-03-02T15:00:00+08:00", "{" C1 "," FULL "}");
    tell(s, "call.major_reported", "2026-03-02T15:50:00+08:00", "{" C1 ",'proposal':'停用'}");
    tell(s, "call.graded", "2026-03-02T15:55:00+08:00", "{" C1 ",'severity':'major'}");
    stage_until(s, "2026-03-03T15:55:00+08:00");
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.major_report"), 0);
    stage_close(s);
}

/* A call that goes on as another one takes what is major with it. */
static void INT_014_a_linked_call_is_major(void **state)
{
    (void)state;
#define SAME(no, fault, more)                                                                      \
    "{'call_no':'" no "'," FULL ",'product_line':'appliance','customer':'K1','product':'P1',"      \
    "'fault':'" fault "'" more "}"
    static const struct {
        const char *linked, *verdict;
    } links[] = {
        {SAME("C2", "f", ",'severity':'major'"), "call.duplicate_linked"},
        {SAME("C2", "g", ",'severity':'major'"), "call.joined"},
    };
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        for (int reported = 0; reported < 2; reported++) {
            struct stage *s = door_open("appliance");
            tell(s, REG, "2026-03-02T09:00:00+08:00", SAME("C1", "f", ""));
            if (reported) tell(s, "call.major_reported", "2026-03-02T09:20:00+08:00", "{" C1 "}");
            tell(s, REG, "2026-03-02T09:30:00+08:00", links[i].linked);
            tell(s, REG, "2026-03-02T09:40:00+08:00",
                 SAME("C3", "f", ",'severity':'major'")); /* it is major already */
            assert_string_equal(last_with(s, links[i].verdict, "call_no", "C2", "first"), "C1");
            assert_int_equal(stage_count(s, LOG, "call.graded"), 1);
            assert_string_equal(stage_last(s, LOG, "call.graded", "call_no"), "C1");
            assert_int_equal(count_with(s, "deadline.armed", "name", "call.major_report"),
                             !reported);
            assert_string_equal(
                last_with(s, "deadline.armed", "name", "call.major_report", "case_no"),
                reported ? "" : "C1");
            assert_string_equal(last_with(s, "deadline.armed", "name", "call.major_report", "due"),
                                reported ? "" : "2026-03-02T02:30:00Z");
            /* A call that had joined is taken up again, and owes what nobody did for it. */
            tell(s, "call.cancelled", "2026-03-02T09:50:00+08:00", "{" C1 ",'reason':'r'}");
            bool owes = i == 1 && !reported;
            assert_int_equal(count_with(s, "deadline.armed", "name", "call.major_report"),
                             !reported + owes);
            assert_string_equal(
                last_with(s, "deadline.armed", "name", "call.major_report", "case_no"),
                reported ? ""
                : owes   ? "C2"
                         : "C1");
            stage_close(s);
        }
    }
}

static void INT_EX_23_near_body_fault_has_no_reply_clock(void **state)
{
    (void)state;
    struct stage *s = door_open("bus");
    tell(s, REG, "2026-03-06T18:00:00+08:00", BUS("'fault_group':'body','distance_m':100000"));
    assert_string_equal(stage_last(s, LOG, "call.classified", "policy"), "SP-BUS-BODY-NEAR");
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.reply"), 0);
    stage_close(s);
}

/* INT-001: 15 working minutes; breach is logged and nothing else. */
static void INT_001_late_registration_is_logged(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, "2026-03-02T08:45:00+08:00", /* received before opening: 15 minutes of work used */
         "{'call_no':'A'," FULL ",'received_at':'2026-03-02T07:00:00+08:00'}");
    assert_int_equal(stage_count(s, LOG, "call.late_registration"), 0);
    tell(s, REG, "2026-03-02T08:45:01+08:00",
         "{'call_no':'B'," FULL ",'received_at':'2026-03-02T07:00:00+08:00'}");
    assert_int_equal(stage_count(s, LOG, "call.late_registration"), 1);
    assert_string_equal(stage_last(s, LOG, "call.late_registration", "due"),
                        "2026-03-02T00:45:00Z");
    stage_until(s, "2026-03-02T17:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "call.register"), 0);
    stage_close(s);
}

/* A call entered late has its deadlines already behind it: they fire at once (INT-004). */
static void INT_004_deadline_already_past_fires_at_once(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, REG, "2026-03-02T12:00:00+08:00",
         "{" C1 "," FULL ",'received_at':'2026-03-02T09:00:00+08:00'}");
    stage_until(s, "2026-03-02T12:00:01+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "call.reply"),
                     2); /* levels 1 and 2 */
    stage_close(s);
}

static void INT_100_promises_are_items_of_their_own(void **state)
{
    (void)state;
    struct stage *s = door_open("civic-requests");
    tell(s, "unit.upserted", "2026-03-01T09:00:00+08:00", "{'unit':'U2'}");
    tell(s, REG, "2026-03-02T09:00:00+08:00", "{" C1 "}");
    tell(s, "promise.made", "2026-03-02T09:01:00+08:00",
         "{" C1 ",'due':'2026-03-05T09:00:00+08:00'}");
    tell(s, "promise.made", "2026-03-02T09:02:00+08:00",
         "{" C1 ",'promise':2,'unit':'U2','due':'2026-03-04T09:00:00+08:00'}");
    assert_string_equal(stage_last(s, LOG, "deadline.armed", "unit"), "U2");
    assert_string_equal(stage_last(s, LOG, "deadline.armed", "set"), "ESC-CIVIC");
    refuse(s, "promise.made", "2026-03-02T09:03:00+08:00",
           "{" C1 ",'due':'2026-03-06T09:00:00+08:00'}", "INT-100", "promise_open");
    refuse(s, "promise.kept", "2026-03-02T09:04:00+08:00", "{" C1 ",'promise':3}", "INT-100",
           "promise_unknown");
    tell(s, "promise.kept", "2026-03-03T10:00:00+08:00", "{" C1 ",'promise':2}");
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "item"), "2");
    stage_until(s, "2026-03-05T10:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.approaching", "item", "1"), 1); /* the day before */
    assert_int_equal(count_with(s, "deadline.passed", "item", "1"), 1);
    assert_int_equal(count_with(s, "deadline.passed", "item", "2"), 0);
    stage_close(s);
}

/* Intake section 18: a reply runs on elapsed time also where the service runs on working time. */
static void INT_008_a_reply_is_counted_day_and_night(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("appliance", "services.yaml",
                                        "s/arrival_min: 360/arrival_min: 360\\n    reply_min: 60/");
    tell(s, REG, "2026-03-06T17:00:00+08:00",
         "{" C1 "," FULL ",'product_line':'appliance','zone':'urban'}");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.reply", "clock"), "elapsed");
    stage_until(s, "2026-03-06T18:00:01+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "call.reply"), 1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_deadline_in_time),
        cmocka_unit_test(every_deadline_exactly_at_due),
        cmocka_unit_test(every_deadline_one_second_late),
        cmocka_unit_test(CV_12_a_late_report_takes_it_back),
        cmocka_unit_test(INT_008_a_weaker_reply_does_not_stop_the_clock),
        cmocka_unit_test(INT_008_a_reply_is_counted_day_and_night),
        cmocka_unit_test(INT_013_only_a_written_forwarding_counts_as_contact),
        cmocka_unit_test(INT_013_minutes_for_policies_that_leave_them_out),
        cmocka_unit_test(INT_014_an_ordinary_grading_told_late_starts_nothing),
        cmocka_unit_test(INT_014_reported_before_it_was_graded),
        cmocka_unit_test(INT_014_a_linked_call_is_major),
        cmocka_unit_test(INT_EX_23_near_body_fault_has_no_reply_clock),
        cmocka_unit_test(INT_001_late_registration_is_logged),
        cmocka_unit_test(INT_004_deadline_already_past_fires_at_once),
        cmocka_unit_test(INT_100_promises_are_items_of_their_own),
    };
    return cmocka_run_group_tests_name("intake_clock", tests, NULL, NULL);
}
