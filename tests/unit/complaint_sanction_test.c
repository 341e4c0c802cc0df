/* complaint_sanction_test.c - administrative punishment 行政處分 and economic penalty 罰扣. Rules
 * CMP-058, CMP-070 … CMP-075, CMP-077 … CMP-081, CMP-084; the case archived (appendix 1). */
#include "tests/unit/complaint_money_door.h"

#define DAY1 "2024-01-31T10:00"
#define FEB5 "2024-02-05T10:00"
#define PROPOSE(no, more) "'no':" no ",'person':'T1'," more

static const char *sanction_state_of(struct stage *s, const char *no, uint8_t n)
{
    struct rec_row_sanction row;
    assert_true(row_at(s, COMPLAINT_SANCTION, key_no(no, n), &row));
    return code_word(&codes_sanction_state, row.state);
}

static const char *penalty_state_of(struct stage *s, const char *no, uint8_t n)
{
    struct rec_row_penalty row;
    if (!row_at(s, COMPLAINT_PENALTY, key_no(no, n), &row)) return "none";
    return code_word(&codes_penalty_state, row.state);
}

/* ---- CMP-072 … CMP-074 ---- */

static void CMP_072_074_amounts(void **state)
{
    (void)state;
    static const struct {
        const char *id, *said, *amount, *rule; /* rule: refused by it */
    } rows[] = {
        {"C-24", "'kind':'warning','count':2", "800.00", ""},
        {"C-24", "'kind':'minor_demerit','bases':3", "2400.00", ""},
        {"C-24", "'kind':'warning','amount':'399.99'", "", "CMP-072"},
        {"CMP-072", "'kind':'warning','amount':'400.00'", "400.00", ""},
        {"CMP-072", "'kind':'warning','count':2,'amount':'799.99'", "", "CMP-072"},
        {"CMP-073", "'kind':'minor_demerit'", "800.00", ""},
        {"CMP-073", "'kind':'minor_demerit','bases':2,'amount':'1599.99'", "", "CMP-073"},
        {"CMP-073", "'kind':'minor_demerit','amount':'900.00'", "900.00", ""},
        {"CMP-074", "'kind':'major_demerit'", "", ""},
        {"CMP-074", "'kind':'major_demerit','amount':'1.00'", "", "CMP-074"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = desk_open(POLICY_STD);
        char data[200];
        snprintf(data, sizeof data, PROPOSE("1", "%s"), rows[i].said);
        drive(s, "C1", W_RECEIVED, DAY1);
        if (*rows[i].rule) {
            bar(s, "GMO", "C1", "sanction.proposed", DAY1, data, rows[i].rule, "amount");
        } else {
            act(s, "GMO", "C1", "sanction.proposed", DAY1, data);
            assert_string_equal(last(s, "sanction.proposed", "amount"), rows[i].amount);
        }
        stage_close(s);
    }
}

static void CMP_072_the_least_is_the_company_s(void **state)
{
    (void)state;
    struct stage *s =
        desk_with("policy.yaml", "complaint: {warn_min: 50.50, minor_min_per_base: 60.00, "
                                 "bases_default: 2}");
    drive(s, "C1", W_RECEIVED, DAY1);
    act(s, "GMO", "C1", "sanction.proposed", DAY1, PROPOSE("1", "'kind':'warning'"));
    assert_string_equal(last(s, "sanction.proposed", "amount"), "50.50");
    act(s, "GMO", "C1", "sanction.proposed", DAY1, PROPOSE("2", "'kind':'minor_demerit'"));
    assert_string_equal(last(s, "sanction.proposed", "amount"), "120.00");
    stage_close(s);
}

/* ---- CMP-070, CMP-071 ---- */

static void CMP_071_proposed_by_the_amount_borne(void **state)
{
    (void)state;
    static const struct {
        const char *amount, *kind; /* "": none */
    } rows[] = {
        {"999.99", ""},
        {"1000.00", "warning"},
        {"4999.99", "warning"},
        {"5000.00", "minor_demerit"},
        {"19999.99", "minor_demerit"},
        {"20000.00", "major_demerit"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = desk_open(POLICY_STD);
        char decision[120];
        snprintf(decision, sizeof decision, ALLOWANCE("%s"), rows[i].amount);
        closed(s, "C1", DAY1, decision, ONE("T1") ",'item':'A08'");
        act(s, "GMO", "C1", "complaint.loss_apportioned", FEB5, "");
        assert_int_equal(count(s, "sanction.proposed"), *rows[i].kind ? 1 : 0);
        if (*rows[i].kind) {
            assert_string_equal(last(s, "sanction.proposed", "kind"), rows[i].kind);
            assert_string_equal(last(s, "sanction.proposed", "person"), "T1");
            assert_string_equal(last(s, "sanction.proposed", "item"), "A08");
            assert_string_equal(sanction_state_of(s, "C1", 1), "proposed");
        }
        stage_close(s);
    }
}

static void CMP_070_without_an_item_nobody_is_punished(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", DAY1, ALLOWANCE("30000.00"), ONE("T1"));
    act(s, "GMO", "C1", "complaint.loss_apportioned", FEB5, "");
    assert_int_equal(count(s, "sanction.proposed"), 0);
    bar(s, "GMO", "C1", "sanction.proposed", FEB5, PROPOSE("1", "'kind':'warning','item':'B01'"),
        "CMP-070", "unknown_word");
    bar(s, "GMO", "C1", "sanction.proposed", FEB5, PROPOSE("1", "'kind':'warning','item':'A15'"),
        "CMP-070", "missing");
    stage_close(s);
}

static void CMP_071_who_has_one_by_hand_gets_no_second(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", DAY1, ALLOWANCE("30000.00"), ONE("T1") ",'item':'A08'");
    act(s, "GMO", "C1", "sanction.proposed", DAY1, PROPOSE("1", "'kind':'warning'"));
    act(s, "GMO", "C1", "complaint.loss_apportioned", FEB5, "");
    assert_int_equal(count(s, "sanction.proposed"), 1);
    stage_close(s);
}

/* ---- CMP-058, CMP-075 ---- */

static void to_hr(struct stage *s, const char *no, const char *local)
{
    act(s, "GMO", no, "sanction.circulated", local, "'no':1");
    act(s, "GM", no, "sanction.gm_approved", local, "'no':1,'by':'GM'");
    act(s, "GMO", no, "sanction.submitted_to_hr", local, "'no':1");
}

static void CMP_075_the_way_to_hr(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "C1", W_RECEIVED, DAY1);
    bar(s, "GMO", "C1", "sanction.circulated", DAY1, "'no':1", "CMP-075", "unknown_number");
    act(s, "GMO", "C1", "sanction.proposed", DAY1, PROPOSE("1", "'kind':'warning'"));
    bar(s, "GM", "C1", "sanction.gm_approved", DAY1, "'no':1,'by':'GM'", "CMP-075", "state");
    to_hr(s, "C1", FEB5);
    due_is(s, "sanction/C1/1", "sanction.publish", "2024-03-01T00:00");
    act(s, "HR", "C1", "sanction.published", "2024-02-20T10:00", "'no':1");
    assert_string_equal(end_of(s, "sanction/C1/1", "sanction.publish"), "stopped");
    assert_string_equal(last(s, "sanction.published", "person"), "T1");
    assert_string_equal(last(s, "sanction.published", "kind"), "warning");
    assert_string_equal(last(s, "sanction.published", "amount"), "400.00");
    assert_string_equal(last(s, "sanction.published", "month"), "2024-02-01");
    bar(s, "GM", "C1", "sanction.rejected", "2024-02-21T10:00", "'no':1,'reason':'x'", "CMP-075",
        "state");
    stage_close(s);
}

static void CMP_058_hr_is_pressed_and_a_rejected_one_is_not(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "C1", W_RECEIVED, DAY1);
    drive(s, "C2", W_RECEIVED, DAY1);
    act(s, "GMO", "C1", "sanction.proposed", DAY1, PROPOSE("1", "'kind':'warning'"));
    act(s, "GMO", "C2", "sanction.proposed", DAY1, PROPOSE("1", "'kind':'warning'"));
    to_hr(s, "C1", FEB5);
    to_hr(s, "C2", FEB5);
    act(s, "GM", "C2", "sanction.rejected", "2024-02-06T10:00", "'no':1,'reason':'no proof'");
    assert_string_equal(end_of(s, "sanction/C2/1", "sanction.publish"), "cancelled");
    until(s, "2024-03-03T00:01"); /* ESC-C: at the due instant and every 24 h */
    assert_int_equal(reminders(s, "sanction.publish"), 3);
    assert_string_equal(stage_last(s, OWNER_complaint, "deadline.passed", "unit"), "HR");
    act(s, "HR", "C1", "sanction.published", "2024-03-03T09:00", "'no':1");
    assert_string_equal(end_of(s, "sanction/C1/1", "sanction.publish"), "late");
    assert_string_equal(last(s, "sanction.published", "month"), "2024-03-01");
    stage_close(s);
}

/* ---- CMP-077 … CMP-081 ---- */

#define POINTS(party, person, points)                                                              \
    "{'party':'" party "','person':'" person "','points':" points "}"
#define UNIT(type)                                                                                 \
    "'own_quality':'no','parties':[{'type':'" type "','party':'L2','department':'manufacturing',"  \
    "'not_attributable':'yes','reason':'all of it'}]"

/* CMP-079, CMP-080: a group unit and a whole section are spread the same way. */
static void CMP_079_spread_by_base_points(void **state)
{
    (void)state;
    static const struct {
        const char *id, *loss, *members, *paid[4], *parties, *basis;
    } rows[] = {
        {"C-17",
         "9000.00",
         POINTS("L2", "A", "15") "," POINTS("L2", "B", "20") "," POINTS("L2", "C", "8") "," POINTS(
             "L2", "D", "77"),
         {"1125.00", "1500.00", "600.00", "5775.00"},
         UNIT("section"),
         "section"},
        {"C-18",
         "10000.00",
         POINTS("L2", "A", "3") "," POINTS("L2", "B", "2") "," POINTS("L2", "C", "2"),
         {"4285.72", "2857.14", "2857.14"},
         UNIT("unit"),
         "unit"},
        {"CMP-079: none without points",
         "100.00",
         POINTS("L2", "A", "0") "," POINTS("L2", "B", "2") "," POINTS("X", "C", "2"),
         {"100.00"},
         UNIT("unit"),
         "unit"},
        {"CMP-081: a person pays all",
         "100.00",
         POINTS("X", "C", "2"),
         {"100.00"},
         ONE("T1"),
         "person"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = desk_open(POLICY_STD);
        char text[400];
        snprintf(text, sizeof text, ALLOWANCE("%s"), rows[i].loss);
        closed(s, "C1", DAY1, text, rows[i].parties);
        snprintf(text, sizeof text, "'members':[%s]", rows[i].members);
        act(s, "GMO", "C1", "complaint.loss_apportioned", FEB5, text);
        assert_int_equal(count(s, "penalty.assessed"), 1);
        assert_string_equal(last(s, "penalty.assessed", "basis"), rows[i].basis);
        assert_string_equal(last(s, "penalty.assessed", "amount"), rows[i].loss);
        assert_string_equal(last(s, "penalty.assessed", "beneficiary"), "company");
        for (size_t j = 0; j < 4; j++) {
            const char *paid = rows[i].paid[j] ? rows[i].paid[j] : "";
            assert_string_equal(list_field(s, "penalty.assessed", "persons", j, "amount"), paid);
        }
        stage_close(s);
    }
}

static void CMP_079_nobody_has_points(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", DAY1, ALLOWANCE("100.00"), UNIT("section"));
    act(s, "GMO", "C1", "complaint.loss_apportioned", FEB5, "");
    assert_int_equal(count(s, "penalty.assessed"), 0);
    assert_string_equal(last(s, "penalty.unassignable", "amount"), "100.00");
    bar(s, "GMO", "C1", "penalty.notice_issued", FEB5, "'no':1", "CMP-084", "state");
    bar(s, "GMO", "C1", "penalty.assessed", FEB5,
        "'no':1,'persons':[{'person':'A','amount':'99.99'}]", "CMP-079", "sum");
    act(s, "GMO", "C1", "penalty.assessed", FEB5,
        "'no':1,'persons':[{'person':'A','amount':'60.00'},{'person':'B','amount':'40.00'}]");
    assert_string_equal(penalty_state_of(s, "C1", 1), "assessed");
    bar(s, "GMO", "C1", "penalty.assessed", FEB5, "'no':2", "CMP-079", "unknown_number");
    stage_close(s);
}

static void CMP_078_each_case_by_itself_and_outsiders_not(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", DAY1, ALLOWANCE("100.00"), ONE("T1"));
    closed(s, "C2", DAY1, ALLOWANCE("50.00"),
           "'own_quality':'no','parties':[{'type':'external','party':'S9','ratio_bp':4000},"
           "{'type':'person','party':'T1','ratio_bp':6000}]");
    act(s, "GMO", "C1", "complaint.loss_apportioned", FEB5, "");
    act(s, "GMO", "C2", "complaint.loss_apportioned", FEB5, "");
    assert_int_equal(count(s, "penalty.assessed"), 2);
    assert_string_equal(last(s, "penalty.assessed", "amount"), "30.00");
    assert_string_equal(penalty_state_of(s, "C1", 1), "assessed");
    assert_string_equal(penalty_state_of(s, "C2", 1), "none");
    assert_string_equal(penalty_state_of(s, "C2", 2), "assessed");
    stage_close(s);
}

/* ---- CMP-084, and the case archived ---- */

static void CMP_084_the_notice_and_its_three_copies(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", DAY1, ALLOWANCE("1500.00"), ONE("T1") ",'item':'A08'");
    act(s, "GMO", "C1", "complaint.loss_apportioned", FEB5, "");
    say(s, "GMO", "complaint.month_reviewed", FEB5, "'month':'2024-01-01'");
    assert_string_equal(state_of(s, "C1"), "reviewed");
    bar(s, "GM", "C1", "penalty.gm_approved", FEB5, "'no':1,'by':'GM'", "CMP-084", "state");
    act(s, "GMO", "C1", "penalty.notice_issued", FEB5, "'no':1,'notice_no':'N1'");
    bar(s, "GMO", "C1", "penalty.distributed", FEB5, "'no':1,'gmo':'yes'", "CMP-084", "state");
    act(s, "GM", "C1", "penalty.gm_approved", FEB5, "'no':1,'by':'GM'");
    act(s, "GMO", "C1", "penalty.distributed", FEB5, "'no':1,'gmo':'yes','dept':'yes'");
    assert_string_equal(penalty_state_of(s, "C1", 1), "gm_approved");
    act(s, "GMO", "C1", "penalty.distributed", FEB5, "'no':1,'accounting':'yes'");
    assert_string_equal(penalty_state_of(s, "C1", 1), "distributed");
    assert_string_equal(state_of(s, "C1"), "reviewed"); /* its sanction is open */
    to_hr(s, "C1", FEB5);
    act(s, "HR", "C1", "sanction.published", "2024-02-20T10:00", "'no':1");
    assert_string_equal(state_of(s, "C1"), "archived");
    assert_string_equal(last(s, "complaint.archived", "keep_until"), "2026-02-20");
    stage_close(s);
}

static void CMP_136_archived_when_reviewed_last(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    closed(s, "C1", DAY1, "'level':'總經理','method':'nothing','amount':'0.00'",
           "'own_quality':'no'");
    closed(s, "C2", DAY1, "'level':'總經理','method':'nothing','amount':'0.00'",
           "'own_quality':'yes','track_improvement':'yes'");
    say(s, "GMO", "complaint.month_reviewed", FEB5, "'month':'2024-01-01'");
    assert_string_equal(state_of(s, "C1"), "archived");
    assert_string_equal(state_of(s, "C2"), "reviewed"); /* nothing is verified yet */
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_072_074_amounts),
        cmocka_unit_test(CMP_072_the_least_is_the_company_s),
        cmocka_unit_test(CMP_071_proposed_by_the_amount_borne),
        cmocka_unit_test(CMP_070_without_an_item_nobody_is_punished),
        cmocka_unit_test(CMP_071_who_has_one_by_hand_gets_no_second),
        cmocka_unit_test(CMP_075_the_way_to_hr),
        cmocka_unit_test(CMP_058_hr_is_pressed_and_a_rejected_one_is_not),
        cmocka_unit_test(CMP_079_spread_by_base_points),
        cmocka_unit_test(CMP_079_nobody_has_points),
        cmocka_unit_test(CMP_078_each_case_by_itself_and_outsiders_not),
        cmocka_unit_test(CMP_084_the_notice_and_its_three_copies),
        cmocka_unit_test(CMP_136_archived_when_reviewed_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
