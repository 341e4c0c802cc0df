/* scoring_ledger_test.c - the ledgers of conduct: what a fact costs, which events tell it, what is
 * one fact, who confirms it. Rules SCO-107, SCO-108, SCO-110 … SCO-114, SCO-119, SCO-123. */
#include "tests/unit/scoring_conduct_door.h"

#define BOOKED "conduct.booked"

/* ---- the policy table ---- */

static void SCO_107_each_fact_costs_what_the_table_says(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *rule, *fine, *ledger;
    } rows[] = {
        {"late", "SCO-107", "100.00", "2"},
        {"early_leave", "SCO-107", "100.00", "2"},
        {"off_post", "SCO-107", "100.00", "2"},
        {"absent", "SCO-107", "100.00", "2"},
        {"site_breach", "SCO-108", "100.00", "2"},
        {"missed_handover", "SCO-111", "100.00", "2"},
        {"unreported_problem", "SCO-112", "100.00", "2"},
        {"missed_sorting", "SCO-113", "200.00", "2"},
        {"bad_feedback", "SCO-110", "", "2"},
        {"drunk_at_work", "SCO-109", "", "2"},
        {"left_without_call", "SCO-118", "50.00", "3"},
        {"late_arrival", "SCO-119", "50.00", "3"},
        {"vague_report", "SCO-120", "20.00", "3"},
        {"refused_direction", "SCO-121", "100.00", "3"},
        {"unapproved_expense", "SCO-117", "", "3"},
        {"pre_signed", "SCO-122", "", "4"},
        {"forged_signature", "SCO-122", "", "4"},
        {"private_charging", "SCO-123", "", "4"},
    };
    struct stage *s = ledger_open();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        proved(s, "T1", rows[i].kind, "2025-03-04");
        assert_int_equal(count(s, BOOKED), i + 1);
        is_last(s, BOOKED, "kind", rows[i].kind);
        is_last(s, BOOKED, "fine", rows[i].fine);
        is_last(s, BOOKED, "ledger", rows[i].ledger);
        is_last(s, BOOKED, "month", "2025-03-01");
        is_last(s, BOOKED, "unit", "C1");
        const json_t *r = stage_nth(s, OWNER_scoring, BOOKED, i);
        assert_string_equal(json_string_value(json_object_get(r, "rule")), rows[i].rule);
    }
    stage_close(s);
}

static void SCO_107_other_words_mean_the_same_fact(void **state)
{
    (void)state;
    static const struct {
        const char *word, *id;
    } rows[] = {{"early_signature", "pre_signed"},      {"disobedience", "refused_direction"},
                {"false_voucher", "false_claim"},       {"bad_report", "bad_feedback"},
                {"missed_screening", "missed_sorting"}, {"taking_advantage", "private_charging"},
                {"not_as_required", "site_breach"}};
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        reported(s, "T1", rows[i].word, "X", "2025-03-04T10:00");
        assert_true(entry_of(s, "T1", rows[i].id, "X", "2025-03-04", &r));
        assert_false(entry_of(s, "T1", rows[i].word, "X", "2025-03-04", &r));
    }
    stage_close(s);
}

/* ---- recorded, confirmed, booked, rejected ---- */

static void SCO_107_nothing_is_booked_before_a_manager_confirms(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    reported(s, "P1", "late", "GATE", "2025-03-04T08:40");
    assert_true(entry_of(s, "P1", "late", "GATE", "2025-03-04", &r));
    assert_true(r.state == conduct_state_recorded && r.told == 1 && r.ledger == 2);
    assert_int_equal(count(s, BOOKED), 0);
    confirm(s, "P1", "late", "GATE", "2025-03-04", "2025-04-02T09:00");
    assert_true(entry_of(s, "P1", "late", "GATE", "2025-03-04", &r));
    assert_true(r.state == conduct_state_booked && r.fine == 10000 && str_is(r.by, "M1"));
    assert_true(r.confirmed_at == instant("2025-04-02T09:00"));
    is_last(s, BOOKED, "month", "2025-03-01"); /* that of the fact */
    deny(s, "C1", "conduct.confirmed", "2025-04-02T10:00",
         named("P1", "late", "GATE", "2025-03-04", ""), "SCO-107", "state");
    assert_int_equal(count(s, BOOKED), 1);
    stage_close(s);
}

static void SCO_107_what_is_rejected_is_never_booked(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    reported(s, "P1", "late", "GATE", "2025-03-04T08:40");
    say(s, "C1", "conduct.rejected", "2025-03-05T09:00",
        named("P1", "late", "GATE", "2025-03-04", ",'reason':'he was sent to C2'"));
    reported(s, "P1", "late", "GATE", "2025-03-04T08:50");
    deny(s, "C1", "conduct.confirmed", "2025-03-05T10:00",
         named("P1", "late", "GATE", "2025-03-04", ""), "SCO-107", "state");
    assert_true(entry_of(s, "P1", "late", "GATE", "2025-03-04", &r));
    assert_true(r.state == conduct_state_rejected && r.told == 2);
    assert_int_equal(count(s, BOOKED), 0);
    stage_close(s);
}

static void SCO_107_only_what_was_told_is_confirmed(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    reported(s, "P1", "late", "GATE", "2025-03-04T08:40");
    deny(s, "C1", "conduct.confirmed", "2025-03-05T09:00",
         named("P1", "late", "GATE", "2025-03-05", ""), "SCO-107", "unknown_number");
    deny(s, "C1", "conduct.confirmed", "2025-03-05T09:00",
         named("P2", "late", "GATE", "2025-03-04", ""), "SCO-107", "unknown_number");
    deny(s, "C1", "conduct.confirmed", "2025-03-05T09:00",
         named("P1", "absent", "GATE", "2025-03-04", ""), "SCO-107", "unknown_number");
    deny(s, "C1", "conduct.confirmed", "2025-03-05T09:00",
         named("P1", "yawning", "GATE", "2025-03-04", ""), "SCO-107", "unknown_word");
    /* what parts, the sheets or the pay enforce is not confirmed here */
    deny(s, "C1", "conduct.confirmed", "2025-03-05T09:00",
         named("P1", "part_mismatch", "GATE", "2025-03-04", ""), "SCO-107", "unknown_word");
    stage_close(s);
}

static void SCO_107_a_report_scoring_cannot_use_is_answered(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    tell(s, "C1", "conduct.recorded", "2025-03-04T10:00", "'kind':'yawning','person':'P1'");
    assert_int_equal(count(s, "refused.fact"), 1);
    is_last(s, "refused.fact", "code", "unknown_word");
    tell(s, "C1", "conduct.recorded", "2025-03-04T10:00", "'kind':'late','person':'NOBODY'");
    assert_int_equal(count(s, "refused.fact"), 2);
    is_last(s, "refused.fact", "code", "unknown");
    stage_close(s);
}

static void SCO_107_a_managers_report_passes_dispatch_by(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    reported(s, "P1", "late", "GATE", "2025-03-04T08:40");
    until(s, "2025-03-05T08:40");
    assert_int_equal(stage_count(s, OWNER_intake, "conduct.recorded"), 1);
    assert_int_equal(stage_count(s, OWNER_dispatch, "conduct.recorded"), 0);
    assert_int_equal(stage_count(s, OWNER_dispatch, "refused.fact"), 0);
    stage_close(s);
}

static void SCO_107_the_day_may_be_told(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    tell(s, "C1", "conduct.recorded", "2025-03-06T10:00",
         "'kind':'late','person':'P1','day':'2025-03-04','evidence':'gate list'");
    assert_true(entry_of(s, "P1", "late", "", "2025-03-04", &r));
    assert_true(str_is(r.reports.v[0].text, "gate list"));
    stage_close(s);
}

static void SCO_107_attendance_and_spot_checks_tell_it(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *fact;
    } rows[] = {{"late", "late"},
                {"early_leave", "early_leave"},
                {"off_post", "off_post"},
                {"absent", "absent"}};
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    char data[200];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(data, sizeof data, "'person':'P1','day':'2025-03-04','kind':'%s'", rows[i].kind);
        tell(s, "C1", "attendance.recorded", "2025-03-05T09:00", data);
        assert_true(entry_of(s, "P1", rows[i].fact, "", "2025-03-04", &r));
    }
    snprintf(data, sizeof data, "'person':'P2','day':'2025-03-04','kind':'leave'");
    tell(s, "C1", "attendance.recorded", "2025-03-05T09:00", data);
    tell(s, "C1", "spotcheck.recorded", "2025-03-05T09:00",
         "'check_no':'K1','kind':'handover','result':'right','person':'P2'");
    tell(s, "C1", "spotcheck.recorded", "2025-03-05T09:00",
         "'check_no':'K2','kind':'attendance','result':'wrong','person':'P1','day':'2025-03-04'");
    assert_true(entry_of(s, "P1", "off_post", "", "2025-03-04", &r));
    assert_int_equal(r.told, 2); /* the check and the list: one fact */
    assert_false(entry_of(s, "P2", "missed_handover", "K1", "2025-03-05", &r));
    stage_close(s);
}

/* ---- one fact once (ledger.same_fact) ---- */

static void SCO_113_two_events_of_one_missed_area_are_one_entry(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    told(s, "C1", "sorting.opened", "2025-03-03T10:00", "'quality_no':'Q1','person':'T1'");
    told(s, "C1", "breakpoint.failed", "2025-03-05T15:00",
         "'quality_no':'Q1','missed_area':'paint','missed_by':'T2'");
    reported(s, "T2", "missed_sorting", "Q1", "2025-03-05T16:00");
    if (stage_count(s, OWNER_dispatch, "breakpoint.failed") != 0) {
        assert_true(entry_of(s, "T2", "missed_sorting", "Q1", "2025-03-05", &r));
        assert_int_equal(r.told, 3);
    }
    confirm(s, "T2", "missed_sorting", "Q1", "2025-03-05", "2025-03-06T09:00");
    assert_int_equal(fines_of(s, "T2"), 20000);
    assert_int_equal(count(s, "scoring.award_cancelled"), 1);
    stage_close(s);
}

static void SCO_111_two_events_of_one_handover_are_one_entry(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    told(s, "C1", "shift.rostered", "2025-03-02T08:00",
         "'shift':'H1','site':'P1','person':'T1','next':'T2','start':'2025-03-02T08:00:00+08:00',"
         "'end':'2025-03-02T20:00:00+08:00'");
    told(s, "C1", "shift.ended", "2025-03-02T20:05", "'shift':'H1'");
    assert_int_equal(stage_count(s, OWNER_dispatch, "shift.handover_violated"), 1);
    assert_int_equal(stage_count(s, OWNER_dispatch, "conduct.recorded"), 1);
    assert_true(entry_of(s, "T1", "missed_handover", "H1", "2025-03-02", &r));
    assert_int_equal(r.told, 2);
    assert_true(str_is(r.reports.v[0].log, "dispatch"));
    confirm(s, "T1", "missed_handover", "H1", "2025-03-02", "2025-03-03T09:00");
    assert_int_equal(fines_of(s, "T1"), 10000);
    stage_close(s);
}

/* Whoever names the site and whoever names the shift there tell one hand-over, in any order, and it
 * is confirmed by either. */
static void SCO_111_a_shift_and_its_site_are_one_handover(void **state)
{
    (void)state;
    for (int site_first = 0; site_first < 2; site_first++) {
        for (int by_site = 0; by_site < 2; by_site++) {
            struct stage *s = ledger_open();
            struct rec_row_conduct r;
            told(s, "C1", "shift.rostered", "2025-03-02T08:00",
                 "'shift':'H1','site':'P1','person':'T1','next':'T2',"
                 "'start':'2025-03-02T08:00:00+08:00','end':'2025-03-02T20:00:00+08:00'");
            if (site_first) reported(s, "T1", "missed_handover", "P1", "2025-03-02T19:59");
            told(s, "C1", "shift.ended", "2025-03-02T20:05", "'shift':'H1'");
            if (!site_first) reported(s, "T1", "missed_handover", "P1", "2025-03-02T20:10");
            assert_true(entry_of(s, "T1", "missed_handover", "H1", "2025-03-02", &r));
            assert_int_equal(r.told, 3);
            assert_false(entry_of(s, "T1", "missed_handover", "P1", "2025-03-02", &r));
            confirm(s, "T1", "missed_handover", by_site ? "P1" : "H1", "2025-03-02",
                    "2025-03-03T09:00");
            is_last(s, BOOKED, "case_no", "H1");
            assert_int_equal(fines_of(s, "T1"), 10000);
            stage_close(s);
        }
    }
}

/* Another day, another site, and a second shift there are others. */
static void SCO_111_two_shifts_of_a_site_stay_apart(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    for (int n = 1; n <= 2; n++) {
        char data[240];
        snprintf(data, sizeof data,
                 "'shift':'H%d','site':'P1','person':'T1','next':'T2',"
                 "'start':'2025-03-02T0%d:00:00+08:00','end':'2025-03-02T1%d:00:00+08:00'",
                 n, 2 * n, 2 * n);
        told(s, "C1", "shift.rostered", "2025-03-02T01:00", data);
    }
    told(s, "C1", "shift.ended", "2025-03-02T12:05", "'shift':'H1'");
    told(s, "C1", "shift.ended", "2025-03-02T14:05", "'shift':'H2'");
    reported(s, "T1", "missed_handover", "P2", "2025-03-02T20:10");
    tell(s, "C1", "conduct.recorded", "2025-03-03T10:00",
         "'kind':'missed_handover','person':'T1','site':'P1','day':'2025-03-01','by':'M1'");
    static const struct {
        const char *case_no, *day;
        unsigned told;
    } rows[] = {{"H1", "2025-03-02", 2},
                {"H2", "2025-03-02", 2},
                {"P2", "2025-03-02", 1},
                {"P1", "2025-03-01", 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_true(entry_of(s, "T1", "missed_handover", rows[i].case_no, rows[i].day, &r));
        assert_int_equal(r.told, rows[i].told);
    }
    deny(s, "C1", "conduct.confirmed", "2025-03-04T09:00",
         named("T1", "missed_handover", "P1", "2025-03-02", ""), "SCO-107", "unknown_number");
    stage_close(s);
}

/* A look without notice names no case; it tells the handover of its day, before the shift's own
 * report or after it. */
static void SCO_111_a_spot_check_tells_the_same_handover(void **state)
{
    (void)state;
    for (int check_first = 0; check_first < 2; check_first++) {
        struct stage *s = ledger_open();
        struct rec_row_conduct r;
        const char *check = "'check_no':'CK9','kind':'handover','result':'wrong','person':'T1',"
                            "'day':'2025-03-02','by':'M1'";
        if (check_first) tell(s, "C1", "spotcheck.recorded", "2025-03-02T19:00", check);
        reported(s, "T1", "missed_handover", "P1", "2025-03-02T20:10");
        if (!check_first) tell(s, "C1", "spotcheck.recorded", "2025-03-02T21:00", check);
        assert_true(entry_of(s, "T1", "missed_handover", "P1", "2025-03-02", &r));
        assert_int_equal(r.told, 2);
        assert_false(entry_of(s, "T1", "missed_handover", "", "2025-03-02", &r));
        assert_false(entry_of(s, "T1", "missed_handover", "CK9", "2025-03-02", &r));
        confirm(s, "T1", "missed_handover", "P1", "2025-03-02", "2025-03-03T09:00");
        assert_int_equal(fines_of(s, "T1"), 10000);
        stage_close(s);
    }
}

/* Somebody who was off his post twice on a day, and was seen there once. */
static void SCO_107_attendance_of_one_day_stays_apart(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    const char *off = "'person':'T1','day':'2025-03-02','kind':'off_post'";
    char second[100];
    snprintf(second, sizeof second, "%s,'no':'2'", off);
    say(s, "C1", "attendance.recorded", "2025-03-02T18:00", off);
    say(s, "C1", "attendance.recorded", "2025-03-02T18:00", second);
    tell(s, "C1", "spotcheck.recorded", "2025-03-02T19:00",
         "'check_no':'CK1','kind':'attendance','result':'wrong','person':'T1','day':'2025-03-02'");
    assert_true(entry_of(s, "T1", "off_post", "", "2025-03-02", &r));
    assert_int_equal(r.told, 2);
    assert_true(entry_of(s, "T1", "off_post", "2", "2025-03-02", &r));
    assert_int_equal(r.told, 1);
    stage_close(s);
}

static void SCO_119_a_complaint_about_the_visit_is_the_same_fact(void **state)
{
    (void)state;
    for (int complaint_first = 0; complaint_first < 2; complaint_first++) {
        struct stage *s = ledger_open();
        struct rec_row_conduct r;
        const char *late = "'kind':'late_arrival','person':'T1','call_no':'CALL1'";
        if (!complaint_first) tell(s, "C1", "conduct.recorded", "2025-03-04T10:00", late);
        told(s, "C1", "service_complaint.received", "2025-03-05T15:00",
             "'case_no':'S1','channel':'call','customer':'K1','text':'he came late',"
             "'accused':'T1','call_no':'CALL1'");
        told(s, "C1", "service_complaint.verified", "2025-03-07T15:00",
             "'case_no':'S1','cause':'untimely'");
        if (complaint_first) {
            assert_true(entry_of(s, "T1", "late_arrival", "CALL1", "2025-03-07", &r));
            assert_true(r.undated);
            tell(s, "C1", "conduct.recorded", "2025-03-04T10:00", late);
        }
        assert_true(entry_of(s, "T1", "late_arrival", "CALL1", "2025-03-04", &r));
        assert_int_equal(r.told, 2);
        assert_false(entry_of(s, "T1", "late_arrival", "CALL1", "2025-03-07", &r));
        confirm(s, "T1", "late_arrival", "CALL1", "2025-03-04", "2025-03-08T09:00");
        assert_int_equal(fines_of(s, "T1"), 5000);
        stage_close(s);
    }
}

static void SCO_123_solicitation_is_taking_advantage(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    told(s, "C1", "service_complaint.received", "2025-03-05T15:00",
         "'case_no':'S1','channel':'call','customer':'K1','text':'he asked for money'");
    told(s, "C1", "service_complaint.verified", "2025-03-07T15:00",
         "'case_no':'S1','cause':'solicitation','accused':'T1'");
    assert_true(entry_of(s, "T1", "private_charging", "S1", "2025-03-07", &r));
    stage_close(s);
}

static void SCO_110_incomplete_and_late_is_one_report(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    told(s, "C1", "quality.reported", "2025-03-04T10:00",
         "'quality_no':'Q1','person':'T1','customer':'K1','complete':'no'");
    told(s, "C1", "quality.reported", "2025-03-04T10:00",
         "'quality_no':'Q2','person':'T1','customer':'K1','complete':'yes'");
    assert_true(entry_of(s, "T1", "bad_feedback", "Q1", "2025-03-04", &r));
    assert_false(entry_of(s, "T1", "bad_feedback", "Q2", "2025-03-04", &r));
    stage_close(s);
}

static void SCO_110_a_form_that_is_late_tells_of_its_report(void **state)
{
    (void)state;
    struct stage *s = scoring_open_with(WITH_COMPLAINT);
    struct rec_row_conduct r;
    told(s, "C1", "quality.reported", "2025-03-04T10:00",
         "'quality_no':'Q1','person':'T1','customer':'K1'");
    until(s, "2025-03-31T10:00");
    assert_true(stage_count(s, OWNER_complaint, "deadline.passed") > 1);
    assert_true(entry_of(s, "T1", "bad_feedback", "Q1", "2025-03-04", &r));
    assert_true(r.told > 1 && str_is(r.reports.v[0].type, "quality.reported"));
    assert_true(str_is(r.reports.v[1].type, "deadline.passed"));
    confirm(s, "T1", "bad_feedback", "Q1", "2025-03-04", "2025-03-31T12:00");
    assert_int_equal(count(s, "conduct.training_proposed"), 1);
    stage_close(s);
}

static void SCO_108_a_sheet_that_says_not_as_required_is_a_breach(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    told(s, "C1", "quality.rework_confirmed", "2025-03-04T10:00",
         "'quality_no':'Q1','sheet_result':'not_as_required','reworked_by':'T1'");
    told(s, "C1", "quality.rework_confirmed", "2025-03-04T10:00",
         "'quality_no':'Q2','sheet_result':'as_required','reworked_by':'T1'");
    told(s, "C1", "quality.rework_confirmed", "2025-03-04T10:00",
         "'quality_no':'Q3','sheet_result':'not_as_required'"); /* nobody is named */
    assert_true(entry_of(s, "T1", "site_breach", "Q1", "2025-03-04", &r));
    assert_false(entry_of(s, "T1", "site_breach", "Q2", "2025-03-04", &r));
    stage_close(s);
}

static void SCO_112_dispatch_tells_what_was_not_reported(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    told(s, "C1", "shift.rostered", "2025-03-02T08:00",
         "'shift':'H1','site':'P1','person':'T1','next':'T2','start':'2025-03-02T08:00:00+08:00',"
         "'end':'2025-03-02T20:00:00+08:00'");
    told(s, "C1", "shift.handover_written", "2025-03-02T19:50",
         "'shift':'H1','handed_problems':[{'name':'noise'}]");
    told(s, "C1", "shift.handover_confirmed", "2025-03-02T20:00",
         "'shift':'H1','by':'T2','mode':'face_to_face'");
    told(s, "C1", "shift.ended", "2025-03-02T20:05", "'shift':'H1'");
    assert_true(entry_of(s, "T1", "unreported_problem", "H1", "2025-03-02", &r));
    assert_int_equal(count(s, BOOKED), 0);
    stage_close(s);
}

static void SCO_114_breaches_of_daily_duties_are_candidates_only(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "shift.rostered", "2025-03-02T08:00",
         "'shift':'H1','site':'P1','person':'T1','next':'T2','start':'2025-03-02T08:00:00+08:00',"
         "'end':'2025-03-02T20:00:00+08:00'");
    told(s, "C1", "shift.ended", "2025-03-02T20:05", "'shift':'H1'");
    until(s, "2025-04-30T00:00");
    assert_int_equal(count(s, BOOKED), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_107_each_fact_costs_what_the_table_says),
        cmocka_unit_test(SCO_107_other_words_mean_the_same_fact),
        cmocka_unit_test(SCO_107_nothing_is_booked_before_a_manager_confirms),
        cmocka_unit_test(SCO_107_what_is_rejected_is_never_booked),
        cmocka_unit_test(SCO_107_only_what_was_told_is_confirmed),
        cmocka_unit_test(SCO_107_a_report_scoring_cannot_use_is_answered),
        cmocka_unit_test(SCO_107_a_managers_report_passes_dispatch_by),
        cmocka_unit_test(SCO_107_the_day_may_be_told),
        cmocka_unit_test(SCO_107_attendance_and_spot_checks_tell_it),
        cmocka_unit_test(SCO_113_two_events_of_one_missed_area_are_one_entry),
        cmocka_unit_test(SCO_111_two_events_of_one_handover_are_one_entry),
        cmocka_unit_test(SCO_111_a_shift_and_its_site_are_one_handover),
        cmocka_unit_test(SCO_111_two_shifts_of_a_site_stay_apart),
        cmocka_unit_test(SCO_111_a_spot_check_tells_the_same_handover),
        cmocka_unit_test(SCO_107_attendance_of_one_day_stays_apart),
        cmocka_unit_test(SCO_119_a_complaint_about_the_visit_is_the_same_fact),
        cmocka_unit_test(SCO_123_solicitation_is_taking_advantage),
        cmocka_unit_test(SCO_110_incomplete_and_late_is_one_report),
        cmocka_unit_test(SCO_110_a_form_that_is_late_tells_of_its_report),
        cmocka_unit_test(SCO_108_a_sheet_that_says_not_as_required_is_a_breach),
        cmocka_unit_test(SCO_112_dispatch_tells_what_was_not_reported),
        cmocka_unit_test(SCO_114_breaches_of_daily_duties_are_candidates_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
