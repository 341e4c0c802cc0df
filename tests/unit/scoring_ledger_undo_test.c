/* scoring_ledger_undo_test.c - the ledgers of conduct put right: what is booked is rejected, what
 * told it is taken back, what is proposed is declined. Rules SCO-016, SCO-107 … SCO-111, SCO-115,
 * SCO-119, SCO-123 … SCO-125, SCO-128. */
#include "tests/unit/scoring_conduct_door.h"

#define BOOKED "conduct.booked"
#define LOSS "conduct.qualification_loss_proposed"
#define DROPPED "conduct.proposal_dropped"

static void undo(struct stage *s, const char *person, const char *kind, const char *day,
                 const char *local)
{
    say(s, "C1", "conduct.rejected", local,
        named(person, kind, "SITE", day, ",'reason':'it was another'"));
}

/* ---- what is booked is rejected ---- */

static void SCO_107_what_is_booked_can_be_taken_back(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    proved(s, "T1", "late", "2025-03-04");
    deny(s, "C1", "conduct.rejected", "2025-03-05T09:00",
         "'person':'T1','kind':'late','case_no':'SITE','day':'2025-03-04','by':'T1','reason':'no'",
         "SCO-107", "own");
    undo(s, "T1", "late", "2025-03-04", "2025-03-06T09:00");
    assert_int_equal(count(s, BOOKED), 2);
    is_last(s, BOOKED, "withdrawn", "yes");
    is_last(s, BOOKED, "kind", "late");
    is_last(s, BOOKED, "fine", "");
    is_last(s, BOOKED, "month", "2025-03-01");
    is_last(s, BOOKED, "case_no", "SITE");
    assert_true(entry_of(s, "T1", "late", "SITE", "2025-03-04", &r));
    assert_true(r.state == conduct_state_rejected && r.fine == 0);
    assert_true(str_is(r.by, "M1") && str_is(r.reason, "it was another"));
    deny(s, "C1", "conduct.rejected", "2025-03-06T10:00",
         named("T1", "late", "SITE", "2025-03-04", ",'reason':'again'"), "SCO-107", "state");
    assert_int_equal(count(s, BOOKED), 2);
    stage_close(s);
}

static void SCO_108_SCO_111_the_count_goes_down_and_the_loss_falls(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "T1", "site_breach", "2025-03-03");
    proved(s, "T1", "site_breach", "2025-03-04");
    assert_int_equal(count(s, LOSS), 1);
    undo(s, "T1", "site_breach", "2025-03-03",
         "2025-03-05T09:00"); /* not the one that brought it */
    is_last(s, BOOKED, "count", "1");
    assert_int_equal(conduct_counted(s, "T1", 2025, "site_breach"), 1);
    assert_int_equal(count(s, DROPPED), 1);
    is_last(s, DROPPED, "what", "qualification_loss");
    is_last(s, DROPPED, "reason", "it was another");
    deny(s, "C1", "conduct.qualification_lost", "2025-03-05T10:00", "'person':'T1','by':'M1'",
         "SCO-108", "not_proposed");
    proved(s, "T1", "site_breach", "2025-03-06");
    assert_int_equal(count(s, LOSS), 2);
    is_last(s, LOSS, "count", "2");
    say(s, "C1", "conduct.qualification_lost", "2025-03-07T10:00", "'person':'T1','by':'M1'");
    undo(s, "T1", "site_breach", "2025-03-06", "2025-03-08T09:00"); /* it is decided */
    assert_int_equal(count(s, DROPPED), 1);
    assert_int_equal(standing(s, "T1").state, qualification_state_lost);
    stage_close(s);
}

static void SCO_108_a_loss_that_rests_on_more_stays(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    for (int n = 3; n <= 5; n++) {
        char day[16];
        snprintf(day, sizeof day, "2025-03-0%c", (char)('0' + n));
        proved(s, "T1", "missed_handover", day);
        proved(s, "T1", "site_breach", day);
    }
    undo(s, "T1", "site_breach", "2025-03-03", "2025-03-06T09:00"); /* two are left */
    undo(s, "T1", "site_breach", "2025-03-04", "2025-03-06T09:00"); /* the hand-overs stay */
    assert_int_equal(count(s, DROPPED), 0);
    assert_int_equal(standing(s, "T1").loss_proposed, loss_cause_limit);
    undo(s, "T1", "missed_handover", "2025-03-05", "2025-03-06T09:00");
    assert_int_equal(count(s, DROPPED), 1);
    assert_int_equal(standing(s, "T1").loss_proposed, loss_cause_none);
    stage_close(s);
}

static void SCO_128_a_failed_exam_stands_beside_the_limit(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "T1", "bad_feedback", "2025-03-03");
    say(s, "C1", "conduct.training_ordered", "2025-03-04T09:00", "'person':'T1','by':'M1'");
    say(s, "C1", "training.failed", "2025-03-05T09:00", "'person':'T1','kind':'month'");
    proved(s, "T1", "site_breach", "2025-03-06");
    proved(s, "T1", "site_breach", "2025-03-07");
    assert_int_equal(standing(s, "T1").loss_proposed, loss_cause_limit);
    undo(s, "T1", "site_breach", "2025-03-06", "2025-03-08T09:00");
    assert_int_equal(standing(s, "T1").loss_proposed, loss_cause_exam_failed);
    assert_int_equal(count(s, DROPPED), 0);
    stage_close(s);
}

static void SCO_109_SCO_110_a_proposal_falls_with_its_last_fact(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *decided, *what, *rule;
    } rows[] = {{"drunk_at_work", "conduct.dismissed", "dismissal", "SCO-109"},
                {"bad_feedback", "conduct.training_ordered", "training", "SCO-128"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = ledger_open();
        proved(s, "T1", rows[i].kind, "2025-03-03");
        proved(s, "T1", rows[i].kind, "2025-03-04");
        undo(s, "T1", rows[i].kind, "2025-03-03", "2025-03-05T09:00");
        assert_int_equal(count(s, DROPPED), 0);
        undo(s, "T1", rows[i].kind, "2025-03-04", "2025-03-05T09:00");
        assert_int_equal(count(s, DROPPED), 1);
        is_last(s, DROPPED, "what", rows[i].what);
        deny(s, "C1", rows[i].decided, "2025-03-05T10:00", "'person':'T1','by':'M1'", rows[i].rule,
             "not_proposed");
        proved(s, "T1", rows[i].kind, "2025-03-06");
        say(s, "C1", rows[i].decided, "2025-03-07T10:00", "'person':'T1','by':'M1'");
        proved(s, "T1", rows[i].kind, "2025-03-08");
        undo(s, "T1", rows[i].kind, "2025-03-06", "2025-03-09T09:00"); /* of the decided one */
        assert_int_equal(count(s, DROPPED), 1);
        stage_close(s);
    }
}

static void SCO_124_the_mark_goes_with_its_entry(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "P1", "merit", "2025-03-04");
    proved(s, "P1", "merit", "2025-03-05");
    undo(s, "P1", "merit", "2025-03-04", "2025-03-06T09:00");
    assert_int_equal(marks_of(s, "P1", 2025).merit, 1);
    stage_close(s);
}

static void SCO_125_the_award_returns_with_the_last_entry_of_the_month(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_award_cancelled r;
    struct key march = key_of(STR("T1"));
    key_day(&march, day_of(2025, 3, 1));
    proved(s, "T1", "missed_sorting", "2025-03-12");
    proved(s, "T1", "missed_sorting", "2025-03-13");
    proved(s, "T1", "missed_sorting", "2025-04-13");
    undo(s, "T1", "missed_sorting", "2025-03-12", "2025-04-14T09:00");
    assert_int_equal(count(s, "scoring.award_cancelled"), 2);
    assert_true(row_at(s, SCORING_CONDUCT_AWARD, march, &r) && r.day == day_of(2025, 3, 13));
    undo(s, "T1", "missed_sorting", "2025-03-13", "2025-04-14T09:00");
    assert_int_equal(count(s, "scoring.award_cancelled"), 3);
    is_last(s, "scoring.award_cancelled", "withdrawn", "yes");
    is_last(s, "scoring.award_cancelled", "month", "2025-03-01");
    assert_false(row_at(s, SCORING_CONDUCT_AWARD, march, &r));
    stage_close(s);
}

static void SCO_016_the_punishment_is_taken_back(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    say(s, "C1", "training.passed", "2024-11-01T09:00", "'person':'P1','kind':'entry'");
    say(s, "C1", "training.passed", "2024-11-02T09:00", "'person':'P1','kind':'post'");
    say(s, "C1", "scoring.scheme_assigned", "2024-12-01T09:00",
        "'person':'P1','scheme':'dqnj_100','post':'clerk','from':'2025-01-01'");
    proved(s, "P1", "late", "2025-03-04");
    undo(s, "P1", "late", "2025-03-04", "2025-03-06T09:00");
    assert_int_equal(count(s, "conduct.punished"), 2);
    is_last(s, "conduct.punished", "withdrawn", "yes");
    stage_close(s);
}

/* The sanction is published; what a manager finds of the entry does not take its mark back. */
static void SCO_115_the_mark_of_a_sanction_stays_with_it(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "service_complaint.verified", "2025-03-07T15:00",
         "'case_no':'S1','cause':'quarrel','accused':'T1'");
    told(s, "HR", "sanction.published", "2025-03-20T10:00",
         "'case_no':'S1','no':1,'person':'T1','kind':'major_demerit','count':1,"
         "'month':'2025-03-01'");
    assert_int_equal(marks_of(s, "T1", 2025).demerit_major, 1);
    say(s, "C1", "conduct.rejected", "2025-03-21T10:00",
        named("T1", "verified_complaint", "S1", "2025-03-07", ",'reason':'no'"));
    is_last(s, BOOKED, "withdrawn", "yes");
    assert_int_equal(marks_of(s, "T1", 2025).demerit_major, 1);
    stage_close(s);
}

/* SCO-008: who counts what a manager confirmed counts it no more. */
static void SCO_107_what_is_taken_back_is_not_counted(void **state)
{
    (void)state;
    struct stage *s = scoring_open_changed(
        0, "common/scoring_facts.yaml",
        "s/^score_facts:/&\\n  - {id: proved, on: conduct.confirmed, person: person, day: day, "
        "ref: [person, case_no]}/");
    struct rec_row_score_tally t;
    struct key k = {.n = 0};
    key_u8(&k, 0);
    key_str(&k, STR("T1"));
    key_day(&k, day_of(2025, 3, 1));
    key_str(&k, STR("proved"));
    say(s, "C1", "attendance.recorded", "2025-03-04T10:00",
        "'person':'T1','day':'2025-03-04','kind':'late','no':'SITE'");
    confirm(s, "T1", "late", "SITE", "2025-03-04", "2025-03-05T09:00");
    assert_true(row_at(s, SCORING_TALLY, k, &t) && t.n == 1);
    undo(s, "T1", "late", "2025-03-04", "2025-03-06T09:00");
    assert_false(row_at(s, SCORING_TALLY, k, &t));
    stage_close(s);
}

/* ---- what told it is taken back ---- */

#define VERIFIED "'case_no':'S1','cause':'untimely','accused':'T1'"
#define INVALID "'case_no':'S1','reason':'the customer was not at home'"

static void SCO_119_a_complaint_found_invalid_takes_its_entry_back(void **state)
{
    (void)state;
    for (int booked = 0; booked < 2; booked++) {
        struct stage *s = ledger_open();
        struct rec_row_conduct r;
        told(s, "C1", "service_complaint.verified", "2025-03-07T15:00", VERIFIED);
        if (booked) confirm(s, "T1", "late_arrival", "S1", "2025-03-07", "2025-03-08T09:00");
        told(s, "C1", "service_complaint.invalidated", "2025-03-09T10:00", INVALID);
        assert_true(entry_of(s, "T1", "late_arrival", "S1", "2025-03-07", &r));
        assert_int_equal(r.state, conduct_state_withdrawn);
        assert_true(str_is(r.reason, "service_complaint.invalidated"));
        assert_int_equal(count(s, BOOKED), booked ? 2 : 0);
        if (booked) is_last(s, BOOKED, "withdrawn", "yes");
        deny(s, "C1", "conduct.confirmed", "2025-03-09T11:00",
             named("T1", "late_arrival", "S1", "2025-03-07", ""), "SCO-107", "state");
        told(s, "C1", "service_complaint.verified", "2025-03-10T15:00", VERIFIED);
        assert_true(entry_of(s, "T1", "late_arrival", "S1", "2025-03-07", &r));
        assert_int_equal(r.state, conduct_state_recorded);
        stage_close(s);
    }
}

/* Somebody else saw it, too: of other complaints nothing is taken back. */
static void SCO_123_what_others_told_stands(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    told(s, "C1", "service_complaint.verified", "2025-03-07T15:00",
         "'case_no':'S1','cause':'solicitation','accused':'T1'");
    tell(s, "C1", "conduct.recorded", "2025-03-07T16:00",
         "'kind':'private_charging','person':'T1','site':'S1','day':'2025-03-06'");
    told(s, "C1", "service_complaint.verified", "2025-03-07T15:00",
         "'case_no':'S2','cause':'solicitation','accused':'T1'");
    confirm(s, "T1", "private_charging", "S1", "2025-03-06", "2025-03-08T09:00");
    told(s, "C1", "service_complaint.invalidated", "2025-03-09T10:00", INVALID);
    assert_true(entry_of(s, "T1", "private_charging", "S1", "2025-03-06", &r));
    assert_int_equal(r.state, conduct_state_booked);
    assert_true(entry_of(s, "T1", "private_charging", "S2", "2025-03-07", &r));
    assert_int_equal(r.state, conduct_state_recorded);
    assert_int_equal(count(s, BOOKED), 1);
    stage_close(s);
}

#define COMPLETE                                                                                   \
    "'quality_no':'Q1','person':'T1','customer':'K1','time':'2025-03-04T08:00:00+08:00',"          \
    "'place':'station 7','product':'bracket','drawing':'D-100','description':'crack',"             \
    "'suspect_area':'line store','quantity':12,'type':'quality','measure':'sorted',"               \
    "'breakpoint':'lot 7','talk':'agreed with the SQE'"
#define FORM                                                                                       \
    "'quality_no':'Q1','defect_code':'F1','addressees':[{'name':'生產部'},{'name':'質保部'}]"

/* The form came in time after all: it was told late. */
static void SCO_110_a_form_that_was_in_time_takes_its_entry_back(void **state)
{
    (void)state;
    struct stage *s = scoring_open_with(WITH_COMPLAINT);
    struct rec_row_conduct r;
    told(s, "C1", "quality.reported", "2025-03-04T10:00", COMPLETE);
    until(s, "2025-03-04T10:40");
    assert_true(stage_count(s, OWNER_complaint, "deadline.passed") > 0);
    assert_true(entry_of(s, "T1", "bad_feedback", "Q1", "2025-03-04", &r));
    assert_int_equal(r.state, conduct_state_recorded);
    tell(s, "C1", "quality.form_sent", "2025-03-04T10:12", FORM);
    until(s, "2025-03-04T10:45");
    assert_int_equal(stage_count(s, OWNER_complaint, "deadline.withdrawn"), 1);
    assert_true(entry_of(s, "T1", "bad_feedback", "Q1", "2025-03-04", &r));
    assert_int_equal(r.state, conduct_state_withdrawn);
    stage_close(s);
}

/* ---- what is proposed is declined ---- */

static void SCO_109_SCO_128_a_proposal_is_declined(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *what, *decided, *rule;
        int times; /* until it is proposed */
    } rows[] = {{"drunk_at_work", "dismissal", "conduct.dismissed", "SCO-109", 1},
                {"bad_feedback", "training", "conduct.training_ordered", "SCO-128", 1},
                {"site_breach", "qualification_loss", "conduct.qualification_lost", "SCO-108", 2}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = ledger_open();
        char data[160], self[160];
        snprintf(data, sizeof data, "'person':'T1','what':'%s','by':'H1','reason':'a first time'",
                 rows[i].what);
        snprintf(self, sizeof self, "'person':'T1','what':'%s','by':'T1','reason':'please'",
                 rows[i].what);
        deny(s, "C1", DROPPED, "2025-03-01T09:00", data, "SCO-109", "not_proposed");
        for (int n = 1; n <= rows[i].times; n++) {
            char day[16];
            snprintf(day, sizeof day, "2025-03-0%c", (char)('0' + n));
            proved(s, "T1", rows[i].kind, day);
        }
        deny(s, "C1", DROPPED, "2025-03-04T09:00", self, "SCO-109", "own");
        say(s, "C1", DROPPED, "2025-03-04T09:00", data);
        deny(s, "C1", DROPPED, "2025-03-04T10:00", data, "SCO-109", "not_proposed");
        deny(s, "C1", rows[i].decided, "2025-03-04T11:00", "'person':'T1','by':'H1'", rows[i].rule,
             "not_proposed");
        proved(s, "T1", rows[i].kind, "2025-03-05"); /* and again */
        say(s, "C1", rows[i].decided, "2025-03-06T11:00", "'person':'T1','by':'H1'");
        stage_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_107_what_is_booked_can_be_taken_back),
        cmocka_unit_test(SCO_108_SCO_111_the_count_goes_down_and_the_loss_falls),
        cmocka_unit_test(SCO_108_a_loss_that_rests_on_more_stays),
        cmocka_unit_test(SCO_128_a_failed_exam_stands_beside_the_limit),
        cmocka_unit_test(SCO_109_SCO_110_a_proposal_falls_with_its_last_fact),
        cmocka_unit_test(SCO_124_the_mark_goes_with_its_entry),
        cmocka_unit_test(SCO_125_the_award_returns_with_the_last_entry_of_the_month),
        cmocka_unit_test(SCO_016_the_punishment_is_taken_back),
        cmocka_unit_test(SCO_115_the_mark_of_a_sanction_stays_with_it),
        cmocka_unit_test(SCO_107_what_is_taken_back_is_not_counted),
        cmocka_unit_test(SCO_119_a_complaint_found_invalid_takes_its_entry_back),
        cmocka_unit_test(SCO_123_what_others_told_stands),
        cmocka_unit_test(SCO_110_a_form_that_was_in_time_takes_its_entry_back),
        cmocka_unit_test(SCO_109_SCO_128_a_proposal_is_declined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
