/* scoring_dates_test.c - the days of the sheets: when they are due, what is late, fines (SCO-013
 * and SCO-059 as to their day, SCO-022, SCO-030 … SCO-032). */
#include "tests/unit/scoring_round.h"

/* S-18: September 2024: the 7th is a Saturday: due Mon 2024-09-09 17:30. November: 4, 4, 4, 5, 7,
 * assessment Mon 18. */
static void SCO_031_S_18_saturday_and_sunday_go_to_monday(void **state)
{
    (void)state;
    static const struct {
        const char *no, *name, *due;
    } rows[] = {
        {ROUND_AUG, "scoring.4s_sheet_finance", "2024-09-09T17:30"},
        {ROUND_AUG, "scoring.4s_sheet_admin", "2024-09-02T17:30"},
        {ROUND_AUG, "scoring.4s_sheet_hr", "2024-09-03T17:30"},
        {ROUND_AUG, "scoring.4s_assess", "2024-09-18T00:00"},
        {"round/C1/4s_ae/2024-10-01", "scoring.4s_sheet_admin", "2024-11-04T17:30"},
        {"round/C1/4s_ae/2024-10-01", "scoring.4s_sheet_hr", "2024-11-04T17:30"},
        {"round/C1/4s_ae/2024-10-01", "scoring.4s_sheet_dept", "2024-11-04T17:30"},
        {"round/C1/4s_ae/2024-10-01", "scoring.4s_sheet_cs", "2024-11-05T17:30"},
        {"round/C1/4s_ae/2024-10-01", "scoring.4s_sheet_finance", "2024-11-07T17:30"},
        {"round/C1/4s_ae/2024-10-01", "scoring.4s_assess", "2024-11-19T00:00"},
        /* by day, without a shift: Thursday 5 September; Saturday 5 October */
        {"sheet/P1/4s_ae/2024-09-01", "scoring.4s_targets", "2024-09-06T00:00"},
        {"sheet/P1/4s_ae/2024-10-01", "scoring.4s_targets", "2024-10-06T00:00"},
    };
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    until(s, "2024-10-01T01:00");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        due_is(s, rows[i].no, rows[i].name, rows[i].due);
    struct rec_row_deadline row;
    assert_true(clock_row(s, ROUND_AUG, "scoring.4s_sheet_cs", &row));
    assert_true(row.start == instant("2024-09-01T00:00"));
    assert_true(clock_row(s, ROUND_AUG, "scoring.4s_assess", &row));
    assert_true(row.start == instant("2024-09-07T00:00"));
    stage_close(s);
}

/* 4s_ae.holiday_shift: with a calendar whose Monday the 9th is off, shift: workday. */
static void SCO_031_holidays_shift_only_where_the_policy_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *sed, *due;
    } rows[] = {{"s/NONE//", "2024-09-09T17:30"},
                {"/4s_sheet_finance, for/s/shift: weekend/shift: workday/", "2024-09-10T17:30"},
                {"/4s_sheet_finance, for/s/shift: weekend, //", "2024-09-07T17:30"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = scoring_open_changed(0, "common/scoring.yaml", rows[i].sed);
        tell(s, "HR", "unit.upserted", "2024-07-01T08:00", "'unit':'C1','calendar':'CAL-HOL'");
        assign_4s(s, "P1");
        until(s, "2024-08-01T01:00");
        due_is(s, ROUND_AUG, "scoring.4s_sheet_finance", rows[i].due);
        stage_close(s);
    }
}

/* S-19: due 2024-09-09 17:30:00. */
static void SCO_032_S_19_a_started_day_counts(void **state)
{
    (void)state;
    static const struct {
        const char *at;
        int64_t fine;
        uint64_t days;
    } rows[] = {{"2024-09-09T17:30:00", 0, 0},      {"2024-09-09T17:30:01", 50000, 1},
                {"2024-09-10T17:30:00", 50000, 1},  {"2024-09-10T17:30:01", 100000, 2},
                {"2024-09-11T17:30:00", 100000, 2}, {"2024-09-11T17:30:01", 150000, 3}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = open_with_providers();
        struct rec_row_score_provider row;
        assign_4s(s, "P1");
        provide(s, "finance", "2024-08-01", rows[i].at);
        struct key k = key_of(STR("C1"));
        key_str(&k, STR("4s_ae"));
        key_day(&k, day_of(2024, 8, 1));
        key_u8(&k, score_role_finance);
        assert_true(row_at(s, SCORING_PROVIDER, k, &row));
        assert_int_equal(row.fine, rows[i].fine);
        assert_int_equal(row.days, rows[i].days);
        if (rows[i].fine) {
            char days[8];
            snprintf(days, sizeof days, "%u", (unsigned)rows[i].days);
            assert_string_equal(last(s, "scoring.late_fined", "days"), days);
            assert_string_equal(last(s, "scoring.late_fined", "role"), "finance");
            assert_string_equal(last(s, "scoring.late_fined", "responsible"), "PF");
            assert_true(strlen(last(s, "scoring.late_fined", "at")) > 0);
        } else {
            assert_int_equal(count_of(s, OWNER_scoring, "scoring.late_fined", "role", "finance"),
                             0);
        }
        stage_close(s);
    }
}

/* late_days: calendar_date: each date on which it was still missing. */
static void SCO_032_dates_count_where_the_policy_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *at, *days;
    } rows[] = {{"2024-09-09T17:30:01", "1"},
                {"2024-09-09T23:59:59", "1"},
                {"2024-09-10T00:00:00", "2"},
                {"2024-09-11T00:00:00", "3"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = scoring_open_changed(
            0, "common/scoring.yaml", "s/late_days: started_24h/late_days: calendar_date/");
        providers_tell(s);
        assign_4s(s, "P1");
        provide(s, "finance", "2024-08-01", rows[i].at);
        assert_string_equal(last(s, "scoring.late_fined", "days"), rows[i].days);
        stage_close(s);
    }
}

/* The whole ladder of a provider's day: late at once, a fine that grows every 24 hours, 催辦單 to
 * the person until the figures come. */
static void SCO_031_SCO_032_what_does_not_come_is_late_and_fined_until_it_comes(void **state)
{
    (void)state;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    targets(s, "P1");
    until(s, "2024-09-02T17:30");
    assert_int_equal(count(s, "scoring.sheet_late"), 0);
    until(s, "2024-09-02T17:31"); /* admin: the 2nd */
    assert_int_equal(count(s, "scoring.sheet_late"), 1);
    assert_string_equal(last(s, "scoring.sheet_late", "role"), "admin");
    assert_string_equal(last(s, "scoring.sheet_late", "responsible"), "PA");
    assert_string_equal(last(s, "scoring.sheet_late", "name"), "scoring.4s_sheet_admin");
    assert_string_equal(last(s, "scoring.late_fined", "amount"), "500.00");
    assert_int_equal(reminders(s, "scoring.4s_sheet_admin"), 1);
    until(s, "2024-09-03T17:29");
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.late_fined", "role", "admin"), 1);
    until(s, "2024-09-05T17:29"); /* 3 started days */
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.late_fined", "role", "admin"), 3);
    assert_int_equal(reminders(s, "scoring.4s_sheet_admin"), 3);
    provide(s, "admin", "2024-08-01", "2024-09-05T17:30");
    assert_string_equal(last(s, "scoring.late_fined", "amount"), "1500.00");
    assert_string_equal(last(s, "scoring.late_fined", "days"), "3");
    assert_string_equal(end_of(s, ROUND_AUG, "scoring.4s_sheet_admin"), "late");
    size_t sent = reminders(s, "scoring.4s_sheet_admin");
    until(s, "2024-09-12T00:00");
    assert_int_equal(reminders(s, "scoring.4s_sheet_admin"), sent);
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.sheet_late", "role", "admin"), 1);
    static const char *const roles[] = {"hr", "dept", "cs", "finance"};
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        assert_int_equal(count_of(s, OWNER_scoring, "scoring.sheet_late", "role", roles[i]), 1);
        assert_true(count_of(s, OWNER_scoring, "scoring.late_fined", "role", roles[i]) >= 3);
    }
    stage_close(s);
}

static void SCO_031_figures_in_time_stop_the_clock(void **state)
{
    (void)state;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    static const struct {
        const char *role, *name, *at;
    } rows[] = {{"admin", "scoring.4s_sheet_admin", "2024-09-02T17:30"},
                {"hr", "scoring.4s_sheet_hr", "2024-09-03T17:30"},
                {"dept", "scoring.4s_sheet_dept", "2024-09-04T17:30"},
                {"cs", "scoring.4s_sheet_cs", "2024-09-05T17:30"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        provide(s, rows[i].role, "2024-08-01", rows[i].at);
        assert_string_equal(end_of(s, ROUND_AUG, rows[i].name), "stopped");
    }
    until(s, "2024-09-20T00:00");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(count_of(s, OWNER_scoring, "scoring.late_fined", "role", rows[i].role), 0);
    }
    stage_close(s);
}

/* A report that comes later and proves that the figures were in time takes the fine back. */
static void SCO_032_a_fine_is_taken_back(void **state)
{
    (void)state;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    provide(s, "admin", "2024-08-01", "2024-09-04T09:00");
    assert_string_equal(last(s, "scoring.late_fined", "amount"), "1000.00");
    until(s, "2024-09-04T10:00");
    provide(s, "admin", "2024-08-01", "2024-09-02T16:00");
    assert_string_equal(last(s, "scoring.late_fined", "role"), "admin");
    assert_string_equal(last(s, "scoring.late_fined", "days"), "0");
    assert_string_equal(end_of(s, ROUND_AUG, "scoring.4s_sheet_admin"), "stopped");
    size_t fines = count(s, "scoring.late_fined");
    provide(s, "admin", "2024-08-01", "2024-09-04T11:00"); /* the first time counts */
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.late_fined", "role", "admin"), fines - 1);
    stage_close(s);
}

/* The 7th: the figures of finance and all sheets. */
static void SCO_030_the_seventh_waits_for_all_sheets(void **state)
{
    (void)state;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    assign_4s(s, "P2");
    submit(s, "P1", "100");
    targets(s, "P2");
    provide(s, "finance", "2024-08-01", "2024-09-06T10:00");
    assert_string_equal(end_of(s, ROUND_AUG, FINANCE), "stopped");
    assert_string_equal(manager_end(s, ROUND_AUG, 1, FINANCE), "open");
    until(s, "2024-09-09T18:00");
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.late_fined", "role", "finance"), 0);
    assert_int_equal(reminders(s, "scoring.4s_sheet_finance"), 1);
    score_all(s, "P2", "90", "2024-09-10T18:00");
    act(s, "P2", "scoring.sheet_submitted", "2024-09-10T18:00", "'by':'M1'");
    assert_string_equal(manager_end(s, ROUND_AUG, 1, FINANCE), "late");
    /* P2's sheet came in the second started 24 h; his manager is responsible */
    assert_string_equal(last(s, "scoring.late_fined", "person"), "P2");
    assert_string_equal(last(s, "scoring.late_fined", "responsible"), "M1");
    assert_string_equal(last(s, "scoring.late_fined", "amount"), "1000.00");
    assert_string_equal(last(s, "scoring.sheet_late", "person"), "P2");
    stage_close(s);
}

/* A sheet that never comes is late and fined from its day on, day by day, to who was to hand it in;
 * he is reminded, and not finance, who was in time. */
static void SCO_032_a_sheet_that_never_comes(void **state)
{
    (void)state;
    const char *fined = "scoring.late_fined", *passed = "scoring.4s_sheet_finance";
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    assign_4s(s, "P2");
    submit(s, "P1", "100");
    provide(s, "finance", "2024-08-01", "2024-09-06T10:00");
    until(s, "2024-09-09T17:30");
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.sheet_late", "person", "P2"), 0);
    until(s, "2024-09-12T17:29"); /* 3 started days */
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.sheet_late", "person", "P2"), 1);
    assert_int_equal(count_of(s, OWNER_scoring, fined, "person", "P2"), 3);
    assert_int_equal(count_of(s, OWNER_scoring, fined, "person", "P1"), 0);
    assert_int_equal(count_of(s, OWNER_scoring, fined, "role", "finance"), 0);
    assert_string_equal(last_of(s, fined, "person", "P2", "responsible"), "M1");
    assert_string_equal(last_of(s, fined, "person", "P2", "amount"), "1500.00");
    assert_string_equal(last_of(s, fined, "person", "P2", "at"), "");
    assert_string_equal(last_of(s, "deadline.passed", "name", passed, "person"), "M1");
    targets(s, "P2");
    score_all(s, "P2", "90", "2024-09-13T10:00");
    act(s, "P2", "scoring.sheet_submitted", "2024-09-13T10:00", "'by':'M1'");
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.sheet_late", "person", "P2"), 1);
    assert_string_equal(last_of(s, fined, "person", "P2", "days"), "4");
    assert_string_equal(last_of(s, fined, "person", "P2", "amount"), "2000.00");
    assert_string_equal(manager_end(s, ROUND_AUG, 1, passed), "late");
    size_t fines = count_of(s, OWNER_scoring, fined, "person", "P2");
    until(s, "2024-09-20T00:00");
    assert_int_equal(count_of(s, OWNER_scoring, fined, "person", "P2"), fines);
    stage_close(s);
}

/* Finance is late itself: it is reminded, and both are fined. */
static void SCO_032_finance_and_a_sheet_are_late(void **state)
{
    (void)state;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    until(s, "2024-09-09T17:31");
    assert_int_equal(passed_of(s, FINANCE, "PF"), 1);
    assert_int_equal(passed_of(s, FINANCE, "M1"), 1);
    assert_string_equal(last_of(s, "scoring.late_fined", "role", "finance", "responsible"), "PF");
    assert_string_equal(last_of(s, "scoring.late_fined", "person", "P1", "responsible"), "M1");
    stage_close(s);
}

/* Handed in in time, told later: the fine is taken back. */
static void SCO_032_a_sheet_that_was_in_time_after_all(void **state)
{
    (void)state;
    struct rec_row_score_sheet row;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    targets(s, "P1");
    score_all(s, "P1", "90", "2024-09-06T09:00");
    until(s, "2024-09-10T09:00");
    assert_string_equal(last_of(s, "scoring.late_fined", "person", "P1", "days"), "1");
    act(s, "P1", "scoring.sheet_submitted", "2024-09-09T16:00", "'by':'M1'");
    assert_string_equal(last_of(s, "scoring.late_fined", "person", "P1", "days"), "0");
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_int_equal(row.fine, 0);
    assert_int_equal(row.late_due, 0);
    stage_close(s);
}

/* The post is in a department: the only one who has it, else the manager of the centre. */
static void SCO_031_the_post_sits_elsewhere(void **state)
{
    (void)state;
    const char *late = "scoring.sheet_late";
    struct stage *s = scoring_open();
    tell(s, "HR", "unit.upserted", "2024-07-01T08:00", "'unit':'C1','manager':'M1'");
    tell(s, "HR", "person.upserted", "2024-07-01T08:00",
         "'person':'AD','unit':'ADM','role':'行政部經理'");
    tell(s, "HR", "person.upserted", "2024-07-01T08:00",
         "'person':'D2','unit':'DEP','role':'部門經理'");
    tell(s, "HR", "person.upserted", "2024-07-01T08:00",
         "'person':'D3','unit':'C2','role':'部門經理'");
    assign_4s(s, "P1");
    until(s, "2024-09-05T00:00");
    assert_string_equal(last_of(s, late, "role", "admin", "responsible"), "AD");
    assert_string_equal(last_of(s, late, "role", "hr", "responsible"), "M1");
    assert_string_equal(last_of(s, late, "role", "dept", "responsible"), "M1");
    stage_close(s);
}

static void SCO_030_all_in_time_on_the_seventh(void **state)
{
    (void)state;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    targets(s, "P1");
    score_all(s, "P1", "90", "2024-09-06T09:00");
    act(s, "P1", "scoring.sheet_submitted", "2024-09-09T17:30", "'by':'M1'");
    assert_string_equal(end_of(s, ROUND_AUG, "scoring.4s_sheet_finance"), "open");
    assert_string_equal(manager_end(s, ROUND_AUG, 1, FINANCE), "stopped");
    provide(s, "finance", "2024-08-01", "2024-09-09T17:30");
    assert_string_equal(end_of(s, ROUND_AUG, "scoring.4s_sheet_finance"), "stopped");
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.late_fined", "role", "finance"), 0);
    assert_int_equal(count_of(s, OWNER_scoring, "scoring.late_fined", "person", "P1"), 0);
    stage_close(s);
}

static void SCO_030_the_assessment_is_concluded_on_the_17th(void **state)
{
    (void)state;
    struct stage *s = open_with_providers();
    assign_4s(s, "P1");
    assign_4s(s, "P2");
    publish(s, "P1", "100");
    submit(s, "P2", "95");
    assert_string_equal(end_of(s, ROUND_AUG, "scoring.4s_assess"), "open");
    act(s, "P2", "scoring.reviewed", "2024-09-17T23:00", "'by':'M2'");
    assert_string_equal(end_of(s, ROUND_AUG, "scoring.4s_assess"), "stopped");
    until(s, "2024-10-18T00:00"); /* September: nothing came; the 17th is a Thursday */
    assert_int_equal(reminders(s, "scoring.4s_assess"), 0);
    until(s, "2024-10-18T00:01");
    assert_int_equal(reminders(s, "scoring.4s_assess"), 1);
    until(s, "2024-10-20T00:01");
    assert_int_equal(reminders(s, "scoring.4s_assess"), 3);
    stage_close(s);
}

/* 4s_ae.assessment_day = 7, the other reading: 7 September 2024 is a Saturday. */
static void SCO_030_the_other_reading_is_policy(void **state)
{
    (void)state;
    struct stage *s =
        scoring_open_changed(0, "common/scoring.yaml", "s/from: 7, day: 17/from: 1, day: 7/");
    assign_4s(s, "P1");
    until(s, "2024-08-01T01:00");
    due_is(s, ROUND_AUG, "scoring.4s_assess", "2024-09-10T00:00");
    stage_close(s);
}

static void SCO_022_targets_are_due_on_the_fifth(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    assign_4s(s, "P2");
    targets(s, "P2");
    assert_string_equal(end_of(s, "sheet/P2/4s_ae/2024-08-01", "scoring.4s_targets"), "stopped");
    until(s, "2024-08-06T00:00");
    assert_int_equal(reminders(s, "scoring.4s_targets"), 0);
    until(s, "2024-08-06T00:01");
    assert_int_equal(reminders(s, "scoring.4s_targets"), 1);
    assert_string_equal(stage_last(s, OWNER_scoring, "deadline.passed", "person"), "M1");
    until(s, "2024-08-08T00:01");
    assert_int_equal(reminders(s, "scoring.4s_targets"), 3);
    act(s, "P1", "scoring.targets_filed", "2024-08-08T10:00",
        "'targets':[" TARGET "," TARGET "," TARGET "]," SIGNED3);
    assert_string_equal(end_of(s, SHEET_AUG, "scoring.4s_targets"), "late");
    until(s, "2024-08-30T00:00");
    assert_int_equal(reminders(s, "scoring.4s_targets"), 3);
    stage_close(s);
}

static void SCO_031_what_a_provider_cannot_hand_in(void **state)
{
    (void)state;
    struct stage *s = open_with_providers();
    const char *type = "scoring.sheet_submitted";
    assign_4s(s, "P1");
    until(s, "2024-08-01T01:00");
    deny(s, "C1", type, "2024-09-02T10:00", "'scheme':'sup_100','first':'2024-08-01','role':'hr'",
         "SCO-031", "role");
    deny(s, "C1", type, "2024-09-02T10:00", "'scheme':'4s_ae','first':'2024-08-01'", "SCO-031",
         "role");
    deny(s, "C1", type, "2024-09-02T10:00", "'scheme':'4s_ae','first':'2024-07-01','role':'hr'",
         "SCO-031", "unknown_number");
    deny(s, "C1", type, "2024-09-02T10:00",
         "'person':'P1','scheme':'4s_ae','first':'2024-08-01','role':'hr'", "SCO-031", "role");
    deny(s, "C1", type, "2024-09-02T10:00", "'scheme':'nix','first':'2024-07-01','role':'hr'",
         "SCO-031", "unknown");
    deny(s, "C2", type, "2024-09-02T10:00", "'scheme':'4s_ae','first':'2024-08-01','role':'hr'",
         "SCO-031", "unknown_number");
    stage_close(s);
}

/* ---- the other schemes' days ---- */

/* 10 October 2024, 24:00, for the third quarter. */
static void SCO_059_the_quarterly_sheet_is_due_ten_days_after_it(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "q_post", "售後人員", "2024-07-01", "2024-06-20T10:00");
    assign(s, "P7", "q_post", "售後人員", "2024-07-01", "2024-06-20T10:00");
    until(s, "2024-10-01T01:00");
    const char *round = "round/C1/q_post/2024-07-01", *day = "scoring.q_post_sheet";
    struct rec_row_deadline row;
    assert_true(manager_clock(s, round, 1, day, &row));
    assert_int_equal(row.due, instant("2024-10-11T00:00"));
    static const struct {
        const char *item, *value;
    } rows[] = {{"work_attitude", "'word':'優'"},
                {"work_conduct", "'word':'優'"},
                {"report_quality", "'word':'優'"},
                {"rules", "'word':'優'"}};
    static const char *const told[] = {"'metric':'collected','value':'90.00'",
                                       "'metric':'receivable','value':'100.00'",
                                       "'metric':'collected_2003','value':'28345.00'"};
    const char *sheet = "'scheme':'q_post','first':'2024-07-01'";
    char more[200];
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        snprintf(more, sizeof more, "'month':'2024-09-01',%s", told[i]);
        say(s, "C1", "kpi.actual_reported", "2024-10-08T09:00", of("P1", more).text);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(more, sizeof more, "%s,'item':'%s',%s", sheet, rows[i].item, rows[i].value);
        say(s, "C1", "scoring.item_scored", "2024-10-08T10:00", of("P1", more).text);
    }
    say(s, "C1", "scoring.sheet_submitted", "2024-10-10T23:59", of("P1", sheet).text);
    assert_string_equal(manager_end(s, round, 1, day), "stopped");
    until(s, "2024-10-11T00:01");
    assert_int_equal(reminders(s, "scoring.q_post_sheet"), 1); /* that of C2 */
    until(s, "2024-10-13T00:01");
    assert_int_equal(reminders(s, "scoring.q_post_sheet"), 3);
    stage_close(s);
}

/* 31 January 2025, 24:00; a sheet of deductions only is complete without an entry. */
static void SCO_013_the_year_is_reviewed_by_31_january(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    const char *no = "round/C1/dqnj_year_end/2024-01-01";
    const char *sheet = "'scheme':'dqnj_year_end','first':'2024-01-01','by':'M1'";
    assign(s, "P1", "dqnj_year_end", "客服員", "2024-01-01", "2023-12-20T10:00");
    assign(s, "P7", "dqnj_year_end", "客服員", "2024-01-01", "2023-12-20T10:00");
    until(s, "2024-01-01T01:00");
    due_is(s, no, "scoring.dqnj_year", "2025-02-01T00:00");
    say(s, "C1", "scoring.sheet_submitted", "2025-01-20T10:00", of("P1", sheet).text);
    say(s, "C1", "scoring.reviewed", "2025-01-31T10:00",
        of("P1", "'scheme':'dqnj_year_end','first':'2024-01-01','by':'M2'").text);
    assert_string_equal(end_of(s, no, "scoring.dqnj_year"), "stopped");
    until(s, "2025-02-01T00:01");
    assert_int_equal(reminders(s, "scoring.dqnj_year"), 1); /* that of C2 */
    until(s, "2025-02-03T00:01");
    assert_int_equal(reminders(s, "scoring.dqnj_year"), 3);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_013_the_year_is_reviewed_by_31_january),
        cmocka_unit_test(SCO_022_targets_are_due_on_the_fifth),
        cmocka_unit_test(SCO_030_all_in_time_on_the_seventh),
        cmocka_unit_test(SCO_030_the_assessment_is_concluded_on_the_17th),
        cmocka_unit_test(SCO_030_the_other_reading_is_policy),
        cmocka_unit_test(SCO_030_the_seventh_waits_for_all_sheets),
        cmocka_unit_test(SCO_031_S_18_saturday_and_sunday_go_to_monday),
        cmocka_unit_test(SCO_031_SCO_032_what_does_not_come_is_late_and_fined_until_it_comes),
        cmocka_unit_test(SCO_031_figures_in_time_stop_the_clock),
        cmocka_unit_test(SCO_031_holidays_shift_only_where_the_policy_says_so),
        cmocka_unit_test(SCO_031_what_a_provider_cannot_hand_in),
        cmocka_unit_test(SCO_031_the_post_sits_elsewhere),
        cmocka_unit_test(SCO_032_a_sheet_that_never_comes),
        cmocka_unit_test(SCO_032_finance_and_a_sheet_are_late),
        cmocka_unit_test(SCO_032_a_sheet_that_was_in_time_after_all),
        cmocka_unit_test(SCO_032_S_19_a_started_day_counts),
        cmocka_unit_test(SCO_032_a_fine_is_taken_back),
        cmocka_unit_test(SCO_032_dates_count_where_the_policy_says_so),
        cmocka_unit_test(SCO_059_the_quarterly_sheet_is_due_ten_days_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
