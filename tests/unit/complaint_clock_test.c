/* complaint_clock_test.c - every deadline of a case fires its ladder and is stopped (complaint
 * appendix 2). Due instants are computed by hand on CAL-STD from Friday 2024-03-01 10:00: ½ day =
 * 15:00, 1 day = Monday 10:00. Rules CMP-014, CMP-019, CMP-022, CMP-025, CMP-027, CMP-031, CMP-036,
 * CMP-040, CMP-041, CMP-051, CMP-053. */
#include "tests/unit/complaint_door.h"

#define START "2024-03-01T10:00"
#define HALF_DAY "2024-03-01T15:00"
#define ONE_DAY "2024-03-04T10:00"

/* A case at `at`, then these facts, at START; `stop` is told by `by`. */
static const struct row {
    const char *name;
    enum walked at;
    struct walk_fact then[3];
    const char *due, *unit, *copy, *third; /* copy of the first 催辦單 and from the third on */
    struct walk_fact stop;
} rows[] = {
    {"complaint.form_filing",
     W_RECEIVED,
     {{0}},
     HALF_DAY,
     "BIZ",
     "",
     "責任單位主管",
     {"BIZ", "complaint.form_filed", FORM}},
    {"complaint.joint_notify",
     W_RECEIVED,
     {{"BIZ", "complaint.joint_inspection_needed", ""}},
     HALF_DAY,
     "BIZ",
     "",
     "責任單位主管",
     {"BIZ", "complaint.joint_inspection_requested", "'informed':'QA desk'"}},
    {"complaint.investigation_report",
     W_RECEIVED,
     {{"BIZ", "complaint.joint_inspection_needed", ""},
      {"BIZ", "complaint.joint_inspection_requested", ""},
      {"QA", "complaint.investigated", "'result':'200 of 1000 are bad'"}},
     "2024-03-04T10:00",
     "QA",
     "",
     "責任單位主管",
     {"QA", "complaint.report_submitted", "'text':'plating'"}},
    {"complaint.gmo_register",
     W_ACCEPTED,
     {{0}},
     HALF_DAY,
     "GMO",
     "",
     "責任單位主管",
     {"GMO", "complaint.registered", ""}},
    {"complaint.qa_review",
     W_REGISTERED,
     {{0}},
     ONE_DAY,
     "QA",
     "",
     "責任單位主管",
     {"QA", "complaint.step_done", QA_SAYS}},
    {"complaint.mfg_analysis",
     W_QA,
     {{0}},
     ONE_DAY,
     "MFG",
     "",
     "責任單位主管",
     {"MFG", "complaint.step_done", MFG_SAYS}},
    {"complaint.rd_opinion",
     W_MGMT,
     {{0}},
     ONE_DAY,
     "RD",
     "",
     "責任單位主管",
     {"RD", "complaint.step_done", ""}},
    {"complaint.biz_handling",
     W_GMO_CHECK,
     {{0}},
     "2024-03-06T10:00",
     "BIZ",
     "",
     "責任單位主管",
     {"BIZ", "complaint.step_done", "'opinion':'take back'"}},
    {"complaint.gmo_synthesis",
     W_BUSINESS,
     {{0}},
     HALF_DAY,
     "GMO",
     "",
     "責任單位主管",
     {"GMO", "complaint.step_done", "'opinion':'yes'"}},
    {"complaint.negotiation_start",
     W_RETURNED,
     {{0}},
     HALF_DAY,
     "BIZ",
     "",
     "責任單位主管",
     {"BIZ", "complaint.customer_contacted", ""}},
    {"complaint.gmo_final_opinion",
     W_REVIEWED,
     {{0}},
     ONE_DAY,
     "GMO",
     "總經理",
     "總經理",
     {"GMO", "complaint.final_opinion_done", ""}},
    {"complaint.visit",
     W_RECEIVED,
     {{0}},
     "2024-03-02T10:00",
     CENTRE,
     "",
     "責任單位主管",
     {CENTRE, "complaint.visited", "'visitor_role':'supervisor','person':'S1'"}},
    {"complaint.callback",
     W_CLOSED,
     {{0}},
     "2024-03-04T10:00",
     CENTRE,
     "",
     "責任單位主管",
     {CENTRE, "complaint.called_back", "'satisfied':'yes'"}},
};

static struct stage *begin(const struct row *r)
{
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", r->at, START);
    for (size_t i = 0; i < COUNT_OF(r->then) && r->then[i].type; i++)
        act(s, r->then[i].unit, "A1", r->then[i].type, START, r->then[i].data);
    due_is(s, "complaint/A1", r->name, r->due);
    return s;
}

/* Everything due until so long after this instant has fired. */
static void until_after(struct stage *s, const char *local, int64_t ms)
{
    char text[40];
    time_format(instant(local) + ms, NULL, text);
    stage_until(s, text);
}

/* The n-th 催辦單 for this deadline. */
static void reminder_is(struct stage *s, const char *name, size_t n, const char *unit,
                        const char *copy)
{
    size_t total = stage_count(s, OWNER_escalation, "reminder.issued");
    for (size_t i = 0; i < total; i++) {
        if (strcmp(stage_field(s, OWNER_escalation, "reminder.issued", i, "name"), name)) continue;
        if (n--) continue;
        assert_string_equal(stage_field(s, OWNER_escalation, "reminder.issued", i, "unit"), unit);
        assert_string_equal(stage_field(s, OWNER_escalation, "reminder.issued", i, "copy"), copy);
        return;
    }
    fail_msg("%s: too few reminders", name);
}

static void CMP_053_every_deadline_of_a_case_fires_its_ladder(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *r = &rows[i];
        struct stage *s = begin(r);
        until(s, r->due);
        assert_int_equal(reminders(s, r->name), 0); /* strictly after */
        for (size_t n = 0; n < 4; n++) {
            until_after(s, r->due, (int64_t)n * DAY_MS + 1000);
            if (reminders(s, r->name) != n + 1) fail_msg("%s: not %zu reminders", r->name, n + 1);
            reminder_is(s, r->name, n, r->unit, n < 2 ? r->copy : r->third);
        }
        stage_close(s);
    }
}

static void CMP_053_every_deadline_of_a_case_is_stopped_at_its_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *r = &rows[i];
        struct stage *s = begin(r);
        act(s, r->stop.unit, "A1", r->stop.type, r->due, r->stop.data);
        if (strcmp(end_of(s, "complaint/A1", r->name), "stopped"))
            fail_msg("%s: %s", r->name, end_of(s, "complaint/A1", r->name));
        until_after(s, r->due, 3 * DAY_MS);
        assert_int_equal(reminders(s, r->name), 0);
        stage_close(s);
    }
}

/* ---- CMP-051: the total ---- */

static void CMP_051_the_total_follows_the_form_and_copies_the_desk(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", W_REGISTERED, START);
    due_is(s, "complaint/A1", "complaint.total", "2024-03-14T10:00");
    until(s, "2024-03-14T10:00:01");
    assert_int_equal(reminders(s, "complaint.total"), 1);
    reminder_is(s, "complaint.total", 0, "QA", "總經理室生產管理組");
    walk(s, "A1", W_REGISTERED, W_QA, "2024-03-14T12:00");
    until(s, "2024-03-15T10:00:01");
    reminder_is(s, "complaint.total", 1, "MFG", "總經理室生產管理組");
    until(s, "2024-03-16T10:00:01"); /* from the third on the unit's head */
    reminder_is(s, "complaint.total", 2, "MFG", "責任單位主管");
    stage_close(s);
}

static void CMP_051_the_total_ends_with_the_close(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", W_FINAL, START);
    walk(s, "A1", W_FINAL, W_CLOSED, "2024-03-14T10:00");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.total"), "stopped");
    assert_string_equal(last(s, "complaint.closed", "overdue"), "no");
    until(s, "2024-03-30T10:00");
    assert_int_equal(reminders(s, "complaint.total"), 0);
    stage_close(s);
}

static void CMP_051_examples_of_due_instants(void **state)
{
    (void)state;
    static const struct {
        const char *id, *accepted, *due;
    } v[] = {
        {"C-04", "2024-01-25T10:00", "2024-02-07T10:00"},
        {"C-04", "2024-02-20T10:00", "2024-03-04T10:00"},
        {"C-04", "2023-02-20T10:00", "2023-03-05T10:00"},
    };
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        struct stage *s = desk_open(POLICY_STD);
        drive(s, "A1", W_ACCEPTED, v[i].accepted);
        due_is(s, "complaint/A1", "complaint.total", v[i].due);
        stage_close(s);
    }
}

/* C-05: foreign, 17 days. */
static struct stage *foreign_case(enum walked to)
{
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", W_FILED, "2024-12-20T15:30");
    act(s, "BIZ", "A1", "complaint.market_corrected", "2024-12-20T15:30", "'market':'foreign'");
    walk(s, "A1", W_FILED, to, "2024-12-20T15:30");
    due_is(s, "complaint/A1", "complaint.total", "2025-01-06T15:30");
    return s;
}

static void CMP_051_C_05_a_foreign_case(void **state)
{
    (void)state;
    struct stage *s = foreign_case(W_FINAL);
    walk(s, "A1", W_FINAL, W_CLOSED, "2025-01-06T15:30:00");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.total"), "stopped");
    stage_close(s);

    s = foreign_case(W_FINAL);
    until(s, "2025-01-06T15:30:01");
    walk(s, "A1", W_FINAL, W_CLOSED, "2025-01-06T15:30:01");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.total"), "late");
    assert_string_equal(last(s, "complaint.closed", "overdue"), "yes");
    assert_int_equal(reminders(s, "complaint.total"), 1);
    until(s, "2025-01-06T15:31"); /* the desk reads a minute later */
    assert_int_equal(count_of(s, OWNER_escalation, "reminder.stopped", "name", "complaint.total"),
                     1);
    stage_close(s);

    s = foreign_case(W_ACCEPTED);
    until(s, "2025-01-08T15:30:01");
    assert_int_equal(reminders(s, "complaint.total"), 3);
    reminder_is(s, "complaint.total", 2, "GMO", "責任單位主管");
    stage_close(s);
}

/* ---- CMP-014: major ---- */

#define REPORT "'own_opinion':'recall the batch','user_demand':'new boards by Friday'"

static struct stage *major_case(void)
{
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", W_RECEIVED, START);
    assert_string_equal(end_of(s, "complaint/A1", "complaint.major_report"), "none");
    act(s, "QA", "A1", "complaint.severity_set", START, "'severity':'major'");
    due_is(s, "complaint/A1", "complaint.major_report", "2024-03-01T11:00");
    return s;
}

static void CMP_014_a_major_case_is_reported_within_the_hour(void **state)
{
    (void)state;
    struct stage *s = major_case(); /* ESC-E: at once, after an hour, after four */
    static const char *const at[] = {"2024-03-01T11:00:01", "2024-03-01T12:00:01",
                                     "2024-03-01T15:00:01"};
    static const char *const to[] = {"服務主任", "服務部", "副總經理"};
    for (size_t i = 0; i < 3; i++) {
        until(s, at[i]);
        assert_int_equal(reminders(s, "complaint.major_report"), i + 1);
        assert_int_equal(count_of(s, OWNER_escalation, "reminder.issued", "to", to[i]), 1);
    }
    until(s, "2024-03-05T11:00");
    assert_int_equal(reminders(s, "complaint.major_report"), 3);
    stage_close(s);
}

static void CMP_014_the_report_stops_the_clock_and_says_both(void **state)
{
    (void)state;
    struct stage *s = major_case();
    act(s, "QA", "A1", "complaint.severity_set", "2024-03-01T10:30", "'severity':'major'");
    due_is(s, "complaint/A1", "complaint.major_report", "2024-03-01T11:00"); /* not again */
    act(s, CENTRE, "A1", "complaint.major_reported", "2024-03-01T11:00", REPORT);
    assert_string_equal(end_of(s, "complaint/A1", "complaint.major_report"), "stopped");
    act(s, "QA", "A1", "complaint.severity_set", "2024-03-01T12:00", "'severity':'major'");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.major_report"), "stopped");
    stage_close(s);

    s = major_case();
    act(s, "QA", "A1", "complaint.severity_set", "2024-03-01T10:40", "'severity':'serious'");
    assert_string_equal(end_of(s, "complaint/A1", "complaint.major_report"), "stopped");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_053_every_deadline_of_a_case_fires_its_ladder),
        cmocka_unit_test(CMP_053_every_deadline_of_a_case_is_stopped_at_its_limit),
        cmocka_unit_test(CMP_051_the_total_follows_the_form_and_copies_the_desk),
        cmocka_unit_test(CMP_051_the_total_ends_with_the_close),
        cmocka_unit_test(CMP_051_examples_of_due_instants),
        cmocka_unit_test(CMP_051_C_05_a_foreign_case),
        cmocka_unit_test(CMP_014_a_major_case_is_reported_within_the_hour),
        cmocka_unit_test(CMP_014_the_report_stops_the_clock_and_says_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
