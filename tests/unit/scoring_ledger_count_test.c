/* scoring_ledger_count_test.c - the ledgers of conduct: what counts together and what follows, by
 * year, month, severity and policy; marks, charges, punishment on top of points. Rules SCO-016,
 * SCO-079, SCO-080, SCO-108, SCO-109, SCO-111, SCO-113, SCO-115 … SCO-125, examples S-30, S-32,
 * S-33, S-34, S-44. */
#include "tests/unit/scoring_conduct_door.h"

#define BOOKED "conduct.booked"
#define LOSS "conduct.qualification_loss_proposed"

/* ---- worked examples ---- */

static void SCO_108_S_32_two_site_breaches_in_a_year(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "T1", "site_breach", "2024-12-20");
    proved(s, "T1", "site_breach", "2025-01-05");
    assert_int_equal(count(s, LOSS), 0); /* one in each year */
    proved(s, "T1", "site_breach", "2025-11-30");
    assert_int_equal(fines_of(s, "T1"), 30000);
    assert_int_equal(count(s, LOSS), 1);
    is_last(s, LOSS, "year", "2025");
    is_last(s, LOSS, "count", "2");
    is_last(s, LOSS, "day", "2025-11-30");
    is_last(s, LOSS, "cause", "limit");
    assert_int_equal(standing(s, "T1").state, qualification_state_held); /* a person confirms */
    say(s, "C1", "conduct.qualification_lost", "2025-11-30T16:00", "'person':'T1','by':'M1'");
    assert_int_equal(standing(s, "T1").state, qualification_state_lost);
    assert_true(standing(s, "T1").qualification_lost_at == instant("2025-11-30T16:00"));
    stage_close(s);
}

static void SCO_111_S_44_three_handovers_in_a_year(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "T1", "missed_handover", "2025-03-03");
    proved(s, "T1", "missed_handover", "2025-05-09");
    proved(s, "T2", "missed_handover", "2025-05-10"); /* somebody else's */
    proved(s, "T1", "site_breach", "2025-05-11");     /* something else */
    assert_int_equal(count(s, LOSS), 0);
    proved(s, "T1", "missed_handover", "2025-07-01");
    assert_int_equal(fines_of(s, "T1"), 30000 + 10000);
    assert_int_equal(count(s, LOSS), 1);
    is_last(s, LOSS, "day", "2025-07-01");
    is_last(s, LOSS, "count", "3");
    stage_close(s);
}

static void SCO_113_S_33_fines_of_one_month_and_no_award(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "T1", "late", "2025-03-03");
    proved(s, "T1", "late", "2025-03-04");
    proved(s, "T1", "missed_handover", "2025-03-10");
    assert_int_equal(count(s, "scoring.award_cancelled"), 0);
    proved(s, "T1", "missed_sorting", "2025-03-12");
    assert_int_equal(fines_of(s, "T1"), 20000 + 10000 + 20000);
    assert_int_equal(count(s, "scoring.award_cancelled"), 1);
    is_last(s, "scoring.award_cancelled", "month", "2025-03-01");
    is_last(s, "scoring.award_cancelled", "person", "T1");
    stage_close(s);
}

static void SCO_125_the_award_of_a_month_is_cancelled_once(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_award_cancelled r;
    struct key march = key_of(STR("T1")), april = march;
    proved(s, "T1", "missed_sorting", "2025-03-12");
    proved(s, "T1", "missed_sorting", "2025-03-13");
    assert_int_equal(count(s, "scoring.award_cancelled"), 1);
    key_day(&march, day_of(2025, 3, 1));
    key_day(&april, day_of(2025, 4, 1));
    assert_true(row_at(s, SCORING_CONDUCT_AWARD, march, &r));
    assert_true(str_is(r.kind, "missed_sorting") && r.day == day_of(2025, 3, 12));
    assert_false(row_at(s, SCORING_CONDUCT_AWARD, april, &r));
    proved(s, "T1", "missed_sorting", "2025-04-01");
    assert_int_equal(count(s, "scoring.award_cancelled"), 2);
    stage_close(s);
}

static void SCO_118_S_34_ledger_3(void **state)
{
    (void)state;
    static const char *const kinds[] = {"left_without_call", "late_arrival", "vague_report",
                                        "refused_direction"};
    struct stage *s = ledger_open();
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        proved(s, "T1", kinds[i], "2025-03-03");
    proved(s, "T1", "late_arrival", "2025-03-07");
    assert_int_equal(fines_of(s, "T1"), 5000 + 10000 + 2000 + 10000);
    stage_close(s);
}

static void vouchers(struct stage *s, const char *day, const char *mark)
{
    char local[24], more[40];
    snprintf(local, sizeof local, "%sT10:00", day);
    reported(s, "P1", "false_claim", "E1", local);
    snprintf(local, sizeof local, "%sT12:00", day);
    snprintf(more, sizeof more, ",'mark':'%s'", mark);
    say(s, "C1", "conduct.confirmed", local, named("P1", "false_claim", "E1", day, more));
}

static void SCO_124_S_30_marks_of_a_year(void **state)
{
    (void)state;
    static const struct {
        const char *marks[4];
        uint64_t minor, major;
    } rows[] = {{{"demerit_minor", "demerit_minor", "demerit_major"}, 2, 1},
                {{"demerit_minor", "demerit_minor", "demerit_minor"}, 3, 0},
                {{"demerit_major", "demerit_major"}, 0, 2}};
    static const char *const days[] = {"2025-02-03", "2025-05-04", "2025-12-31"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = ledger_open();
        vouchers(s, "2024-12-31", "demerit_major"); /* of another year */
        for (size_t k = 0; rows[i].marks[k]; k++)
            vouchers(s, days[k], rows[i].marks[k]);
        struct rec_row_conduct_marks m = marks_of(s, "P1", 2025);
        assert_int_equal(m.demerit_minor, rows[i].minor);
        assert_int_equal(m.demerit_major, rows[i].major);
        assert_int_equal(marks_of(s, "P1", 2024).demerit_major, 1);
        assert_int_equal(marks_of(s, "P1", 2026).demerit_major, 0);
        stage_close(s);
    }
}

static void SCO_124_merits_and_awards_count_too(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "P1", "merit", "2025-03-04");
    proved(s, "P1", "single_award", "2025-03-04");
    proved(s, "P1", "single_award", "2025-03-05");
    assert_int_equal(marks_of(s, "P1", 2025).merit, 1);
    assert_int_equal(marks_of(s, "P1", 2025).award, 2);
    stage_close(s);
}

static void SCO_124_sanctions_count_in_the_year_of_their_month(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "HR", "sanction.published", "2025-01-02T10:00",
         "'case_no':'C1','no':1,'person':'P1','kind':'minor_demerit','count':2,"
         "'amount':'1600.00','month':'2024-12-01'");
    told(s, "HR", "sanction.published", "2025-01-03T10:00",
         "'case_no':'C2','no':1,'person':'P1','kind':'major_demerit','count':1,"
         "'month':'2025-01-01'");
    told(s, "HR", "sanction.published", "2025-01-04T10:00",
         "'case_no':'C3','no':1,'person':'P1','kind':'warning','count':1,'amount':'400.00',"
         "'month':'2025-01-01'");
    assert_int_equal(marks_of(s, "P1", 2024).demerit_minor, 2);
    assert_int_equal(marks_of(s, "P1", 2024).demerit_major, 0);
    assert_int_equal(marks_of(s, "P1", 2025).demerit_minor, 0);
    assert_int_equal(marks_of(s, "P1", 2025).demerit_major, 1);
    assert_int_equal(count(s, BOOKED), 0); /* no complaint about service */
    stage_close(s);
}

static void SCO_115_a_verified_complaint_is_booked_by_its_sanction(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "service_complaint.received", "2025-03-05T15:00",
         "'case_no':'S1','channel':'call','customer':'K1','text':'he shouted','accused':'T1'");
    told(s, "C1", "service_complaint.verified", "2025-03-07T15:00",
         "'case_no':'S1','cause':'quarrel'");
    assert_int_equal(count(s, BOOKED), 0);
    told(s, "HR", "sanction.published", "2025-03-20T10:00",
         "'case_no':'S1','no':1,'person':'T1','kind':'major_demerit','count':1,"
         "'month':'2025-03-01'");
    assert_int_equal(count(s, BOOKED), 1);
    is_last(s, BOOKED, "kind", "verified_complaint");
    is_last(s, BOOKED, "mark", "demerit_major");
    is_last(s, BOOKED, "fine", "");
    is_last(s, BOOKED, "ledger", "3");
    assert_int_equal(marks_of(s, "T1", 2025).demerit_major, 1); /* once */
    stage_close(s);
}

static void SCO_115_what_a_manager_booked_before_is_not_counted_again(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "service_complaint.verified", "2025-03-07T15:00",
         "'case_no':'S1','cause':'quarrel','accused':'T1'");
    tell(s, "C1", "conduct.recorded", "2025-03-07T16:00",
         "'kind':'verified_complaint','person':'T1','site':'S1'");
    confirm(s, "T1", "verified_complaint", "S1", "2025-03-07", "2025-03-08T10:00");
    assert_int_equal(marks_of(s, "T1", 2025).demerit_major, 1);
    told(s, "HR", "sanction.published", "2025-03-20T10:00",
         "'case_no':'S1','no':1,'person':'T1','kind':'major_demerit','count':1,"
         "'month':'2025-03-01'");
    assert_int_equal(count(s, BOOKED), 1);
    assert_int_equal(marks_of(s, "T1", 2025).demerit_major, 1);
    stage_close(s);
}

/* ---- severity, dismissal ---- */

static void SCO_116_by_severity(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    reported(s, "P1", "false_claim", "E1", "2025-03-04T10:00");
    deny(s, "C1", "conduct.confirmed", "2025-03-04T12:00",
         named("P1", "false_claim", "E1", "2025-03-04", ""), "SCO-116", "mark");
    deny(s, "C1", "conduct.confirmed", "2025-03-04T12:00",
         named("P1", "false_claim", "E1", "2025-03-04", ",'mark':'merit'"), "SCO-116", "mark");
    say(s, "C1", "conduct.confirmed", "2025-03-04T12:00",
        named("P1", "false_claim", "E1", "2025-03-04", ",'mark':'dismissal'"));
    assert_int_equal(count(s, "conduct.dismissal_proposed"), 1);
    assert_int_equal(marks_of(s, "P1", 2025).demerit_major, 0);
    reported(s, "P1", "late", "GATE", "2025-03-04T10:00");
    deny(s, "C1", "conduct.confirmed", "2025-03-04T12:00",
         named("P1", "late", "GATE", "2025-03-04", ",'mark':'demerit_minor'"), "SCO-107", "mark");
    stage_close(s);
}

static void SCO_117_an_expense_without_consent_is_noted(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "T1", "unapproved_expense", "2025-03-04");
    assert_int_equal(count(s, BOOKED), 1);
    assert_int_equal(fines_of(s, "T1"), 0); /* it is not reimbursed */
    stage_close(s);
}

static void dismissal(const char *kind)
{
    struct stage *s = ledger_open();
    deny(s, "C1", "conduct.dismissed", "2025-03-04T09:00", "'person':'T1','by':'M1'", "SCO-109",
         "not_proposed");
    proved(s, "T1", kind, "2025-03-04");
    assert_int_equal(count(s, "conduct.dismissal_proposed"), 1);
    is_last(s, "conduct.dismissal_proposed", "kind", kind);
    assert_int_equal(standing(s, "T1").dismissed_at, 0);
    say(s, "C1", "conduct.dismissed", "2025-03-05T09:00", "'person':'T1','by':'H1'");
    assert_true(standing(s, "T1").dismissed_at == instant("2025-03-05T09:00"));
    deny(s, "C1", "conduct.dismissed", "2025-03-05T10:00", "'person':'T1','by':'H1'", "SCO-109",
         "not_proposed");
    stage_close(s);
}

static void SCO_109_drunk_at_work_dismissal_is_proposed(void **state)
{
    (void)state;
    dismissal("drunk_at_work");
}

static void SCO_122_signatures_dismissal_is_proposed(void **state)
{
    (void)state;
    dismissal("pre_signed");
    dismissal("forged_signature");
}

static void SCO_123_fees_dismissal_is_proposed(void **state)
{
    (void)state;
    dismissal("private_charging");
}

static void SCO_121_disobedience_and_SCO_120_reports(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    proved(s, "T1", "refused_direction", "2025-03-04");
    assert_int_equal(fines_of(s, "T1"), 10000);
    proved(s, "T1", "vague_report", "2025-03-04");
    assert_int_equal(fines_of(s, "T1"), 12000);
    stage_close(s);
}

static void SCO_108_what_is_lost_is_not_proposed_again(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    deny(s, "C1", "conduct.qualification_lost", "2025-01-05T09:00", "'person':'T1','by':'M1'",
         "SCO-108", "unknown_number");
    proved(s, "T1", "site_breach", "2025-01-05");
    proved(s, "T1", "site_breach", "2025-01-06");
    proved(s, "T1", "site_breach", "2025-01-07"); /* nobody confirmed yet: proposed again */
    assert_int_equal(count(s, LOSS), 2);
    say(s, "C1", "conduct.qualification_lost", "2025-01-08T09:00", "'person':'T1','by':'M1'");
    proved(s, "T1", "site_breach", "2025-01-09");
    assert_int_equal(count(s, LOSS), 2);
    deny(s, "C1", "conduct.qualification_lost", "2025-01-09T16:00", "'person':'T1','by':'M1'",
         "SCO-108", "state");
    proved(s, "T1", "site_breach", "2026-01-05"); /* a new year, and it did not come back */
    proved(s, "T1", "site_breach", "2026-01-06");
    assert_int_equal(count(s, LOSS), 2);
    assert_int_equal(standing(s, "T1").state, qualification_state_lost);
    stage_close(s);
}

/* ---- SCO-016 ---- */

static void assigned(struct stage *s, const char *person, const char *scheme)
{
    char data[200];
    snprintf(data, sizeof data, "'person':'%s','kind':'entry'", person);
    say(s, "C1", "training.passed", "2024-11-01T09:00", data);
    snprintf(data, sizeof data, "'person':'%s','kind':'post'", person);
    say(s, "C1", "training.passed", "2024-11-02T09:00", data);
    snprintf(data, sizeof data, "'person':'%s','scheme':'%s','post':'clerk','from':'2025-01-01'",
             person, scheme);
    say(s, "C1", "scoring.scheme_assigned", "2024-12-01T09:00", data);
}

static void SCO_016_punished_on_top_of_the_points(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    struct rec_row_conduct r;
    assigned(s, "P1", "dqnj_100");
    (void)stage_tell_as(s, "C1", "E-1", "conduct.recorded", moment("2025-03-04T08:40").text,
                        "{'kind':'late','person':'P1','site':'GATE'}");
    deny(s, "C1", "conduct.confirmed", "2025-03-04T12:00",
         named("P1", "late", "GATE", "2025-03-04", ",'item':'attendance'"), "SCO-016", "points");
    deny(s, "C1", "conduct.confirmed", "2025-03-04T12:00",
         named("P1", "late", "GATE", "2025-03-04", ",'item':'attendance','points':'0'"), "SCO-016",
         "points");
    say(s, "C1", "conduct.confirmed", "2025-03-04T12:00",
        named("P1", "late", "GATE", "2025-03-04", ",'item':'attendance','points':'1.5'"));
    assert_int_equal(count(s, "conduct.punished"), 1);
    is_last(s, "conduct.punished", "scheme", "dqnj_100");
    is_last(s, "conduct.punished", "event", "E-1"); /* the fact of the deduction, too */
    is_last(s, "conduct.punished", "item", "attendance");
    is_last(s, "conduct.punished", "points", "1.5");
    is_last(s, "conduct.punished", "fine", "100.00");
    assert_true(entry_of(s, "P1", "late", "GATE", "2025-03-04", &r));
    assert_true(str_is(r.reports.v[0].event, "E-1") && str_is(r.points, "1.5"));
    proved(s, "P1", "merit", "2025-03-05"); /* no punishment */
    proved(s, "P1", "late", "2024-12-05");  /* before he was assessed so */
    assert_int_equal(count(s, "conduct.punished"), 1);
    stage_close(s);
}

static void SCO_016_other_schemes_do_not_punish(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    reported(s, "P2", "late", "GATE", "2025-03-04T08:40");
    deny(s, "C1", "conduct.confirmed", "2025-03-04T12:00",
         named("P2", "late", "GATE", "2025-03-04", ",'item':'attendance','points':'1'"), "SCO-016",
         "scheme");
    confirm(s, "P2", "late", "GATE", "2025-03-04", "2025-03-04T12:00");
    assert_int_equal(count(s, "conduct.punished"), 0);
    assert_int_equal(fines_of(s, "P2"), 10000);
    stage_close(s);
}

/* ---- ledger 1 ---- */

static void SCO_079_an_assessment_is_charged_once(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "item.upserted", "2025-03-12T10:00", "'part_no':'R1','name':'a report'");
    assert_int_equal(count(s, "conduct.charged"), 1);
    is_last(s, "conduct.charged", "amount", "460.00");
    is_last(s, "conduct.charged", "kind", "unmatched_report");
    is_last(s, "conduct.charged", "case_no", "R1");
    is_last(s, "conduct.charged", "month", "2025-03-01");
    told(s, "C1", "item.upserted", "2025-03-13T10:00", "'part_no':'R1','name':'again'");
    assert_int_equal(count(s, "conduct.charged"), 1);
    stage_close(s);
}

static void SCO_080_the_approved_lines_of_the_list_are_charged(void **state)
{
    (void)state;
    struct stage *s = ledger_open();
    told(s, "C1", "mismatch.list_approved", "2025-04-05T10:00",
         "'unit':'C1','month':'2025-03-01','approved_by':'head','struck':[{'old_no':'O3'}],"
         "'lines':[{'old_no':'O1','responsible':'T1','loss':'300.00','rate_bp':1000,"
         "'amount':'30.00'},{'old_no':'O2','responsible':'T2','loss':'300.00','rate_bp':2000,"
         "'amount':'60.00'}]");
    assert_int_equal(count(s, "conduct.charged"), 2);
    is_last(s, "conduct.charged", "person", "T2");
    is_last(s, "conduct.charged", "amount", "60.00");
    is_last(s, "conduct.charged", "month", "2025-03-01");
    is_last(s, "conduct.charged", "kind", "part_mismatch");
    stage_close(s);
}

/* ---- the policy decides ---- */

static struct stage *changed(const char *sed)
{
    char dir[] = "/tmp/scoring_ledger.XXXXXX", cmd[2000];
    assert_non_null(mkdtemp(dir));
    int n = snprintf(cmd, sizeof cmd,
                     "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
                     "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
                     "sed -i '%s' %s/common/scoring.yaml",
                     dir, POLICY_SCORING, dir, dir, sed, dir);
    assert_true(n > 0 && (size_t)n < sizeof cmd);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = ledger_house(cmd);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

static void SCO_108_the_scope_of_the_count_is_policy(void **state)
{
    (void)state;
    struct stage *s =
        changed("s/id: late, ledger: 2,/id: late, ledger: 2, counter: site_breach, limit: 2, "
                "effect: qualification_loss,/");
    proved(s, "T1", "late", "2025-01-05");
    proved(s, "T1", "site_breach", "2025-01-06");
    assert_int_equal(count(s, LOSS), 1); /* ledger_2.count_scope: attendance counts too */
    stage_close(s);
}

static void SCO_120_the_fine_is_policy(void **state)
{
    (void)state;
    struct stage *s = changed("s/fine: \"20.00\"/fine: \"25.50\"/");
    proved(s, "T1", "vague_report", "2025-01-05");
    assert_int_equal(fines_of(s, "T1"), 2550);
    stage_close(s);
}

/* Nobody decides about himself, nor does who is no member of staff. */
static void SCO_107_SCO_109_SCO_128_who_decides(void **state)
{
    static const struct {
        const char *by, *code;
    } rows[] = {{"T1", "own"}, {"NOBODY", "unknown"}};
    struct stage *s = ledger_open();
    (void)state;
    reported(s, "T1", "drunk_at_work", "SITE", "2025-03-04T10:00");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[200];
        const char *entry = "'person':'T1','kind':'drunk_at_work','case_no':'SITE',"
                            "'day':'2025-03-04','reason':'no'";
        snprintf(data, sizeof data, "%s,'by':'%s'", entry, rows[i].by);
        deny(s, "C1", "conduct.confirmed", "2025-03-04T11:00", data, "SCO-107", rows[i].code);
        deny(s, "C1", "conduct.rejected", "2025-03-04T11:00", data, "SCO-107", rows[i].code);
    }
    confirm(s, "T1", "drunk_at_work", "SITE", "2025-03-04", "2025-03-04T12:00");
    proved(s, "T1", "bad_feedback", "2025-03-05");
    proved(s, "T1", "site_breach", "2025-03-05");
    proved(s, "T1", "site_breach", "2025-03-06");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[80];
        snprintf(data, sizeof data, "'person':'T1','by':'%s'", rows[i].by);
        deny(s, "C1", "conduct.dismissed", "2025-03-07T11:00", data, "SCO-109", rows[i].code);
        deny(s, "C1", "conduct.training_ordered", "2025-03-07T11:00", data, "SCO-128",
             rows[i].code);
        deny(s, "C1", "conduct.qualification_lost", "2025-03-07T11:00", data, "SCO-108",
             rows[i].code);
    }
    stage_close(s);
}

/* may_confirm, may_decide: roles. */
static void SCO_107_SCO_109_roles_decide(void **state)
{
    struct stage *s = scoring_open_changed(
        0, "policy.yaml", "s/^keys:/scoring: {may_confirm: [manager], may_decide: [hr]}\\nkeys:/");
    const char *entry = "'person':'T1','kind':'drunk_at_work','case_no':'SITE','day':'2025-03-04'";
    char data[200];
    (void)state;
    reported(s, "T1", "drunk_at_work", "SITE", "2025-03-04T10:00");
    snprintf(data, sizeof data, "%s,'by':'P1'", entry);
    deny(s, "C1", "conduct.confirmed", "2025-03-04T11:00", data, "SCO-107", "role");
    confirm(s, "T1", "drunk_at_work", "SITE", "2025-03-04", "2025-03-04T12:00");
    deny(s, "C1", "conduct.dismissed", "2025-03-05T11:00", "'person':'T1','by':'M1'", "SCO-109",
         "role");
    say(s, "C1", "conduct.dismissed", "2025-03-05T12:00", "'person':'T1','by':'H1'");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_107_SCO_109_SCO_128_who_decides),
        cmocka_unit_test(SCO_107_SCO_109_roles_decide),
        cmocka_unit_test(SCO_108_S_32_two_site_breaches_in_a_year),
        cmocka_unit_test(SCO_111_S_44_three_handovers_in_a_year),
        cmocka_unit_test(SCO_113_S_33_fines_of_one_month_and_no_award),
        cmocka_unit_test(SCO_125_the_award_of_a_month_is_cancelled_once),
        cmocka_unit_test(SCO_118_S_34_ledger_3),
        cmocka_unit_test(SCO_124_S_30_marks_of_a_year),
        cmocka_unit_test(SCO_124_merits_and_awards_count_too),
        cmocka_unit_test(SCO_124_sanctions_count_in_the_year_of_their_month),
        cmocka_unit_test(SCO_115_a_verified_complaint_is_booked_by_its_sanction),
        cmocka_unit_test(SCO_115_what_a_manager_booked_before_is_not_counted_again),
        cmocka_unit_test(SCO_116_by_severity),
        cmocka_unit_test(SCO_117_an_expense_without_consent_is_noted),
        cmocka_unit_test(SCO_109_drunk_at_work_dismissal_is_proposed),
        cmocka_unit_test(SCO_122_signatures_dismissal_is_proposed),
        cmocka_unit_test(SCO_123_fees_dismissal_is_proposed),
        cmocka_unit_test(SCO_121_disobedience_and_SCO_120_reports),
        cmocka_unit_test(SCO_108_what_is_lost_is_not_proposed_again),
        cmocka_unit_test(SCO_016_punished_on_top_of_the_points),
        cmocka_unit_test(SCO_016_other_schemes_do_not_punish),
        cmocka_unit_test(SCO_079_an_assessment_is_charged_once),
        cmocka_unit_test(SCO_080_the_approved_lines_of_the_list_are_charged),
        cmocka_unit_test(SCO_108_the_scope_of_the_count_is_policy),
        cmocka_unit_test(SCO_120_the_fine_is_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
