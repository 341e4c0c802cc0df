/* scoring_penalty_house_test.c - complaint and scoring in one house: a case that is closed, its
 * loss apportioned, its penalty approved and its sanction published, until the bonuses have borne
 * both (SCO-139 … SCO-141). */
#include "services/scoring/scoring.h"
#include "tests/unit/complaint_money_door.h"

#define CLOSED_AT "2024-01-15T09:00"
#define FEB "2024-02-05T10:00"

/* The procedure of the tests of complaint; a bonus may be reported. */
static struct stage *house(void)
{
    static const struct service *const services[] = {&intake_service, &complaint_service,
                                                     &scoring_service};
    char dir[] = "/tmp/penalty_house.XXXXXX", cmd[900];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
             "printf 'scoring:\\n  pay:\\n    bonus_metric: bonus\\n' >> %s/own/policy.yaml",
             dir, POLICY_STD, dir, dir, dir);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = stage_open(cmd, services, COUNT_OF(services));
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    units_tell(s);
    (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00",
                     "{'person':'T1','unit':'" CENTRE "','role':'technician'}");
    return s;
}

static void bonus(struct stage *s, const char *month, const char *at, const char *yuan)
{
    char data[160];
    snprintf(data, sizeof data, "'metric':'bonus','person':'T1','month':'%s-01','value':'%s'",
             month, yuan);
    tell(s, "HR", "kpi.actual_reported", at, data);
}

static const char *scored(struct stage *s, const char *type, const char *field)
{
    return stage_last(s, OWNER_scoring, type, field);
}

static void SCO_139_S_45_S_48_from_the_case_to_the_last_instalment(void **state)
{
    (void)state;
    struct stage *s = house();
    closed(s, "C1", CLOSED_AT, ALLOWANCE("5000.00"), ONE("T1"));
    act(s, "GMO", "C1", "complaint.loss_apportioned", FEB, "");
    assert_string_equal(last(s, "penalty.assessed", "amount"), "5000.00");
    bonus(s, "2024-02", "2024-03-05T10:00", "3000.00");
    assert_int_equal(stage_count(s, OWNER_scoring, "penalty.instalment_due"), 0);
    act(s, "GMO", "C1", "penalty.notice_issued", "2024-03-08T10:00", "'no':1");
    act(s, "GM", "C1", "penalty.gm_approved", "2024-03-10T10:00", "'no':1,'by':'GM'");
    static const struct {
        const char *month, *at, *bonus, *instalment;
    } rows[] = {{"2024-03", "2024-04-05T10:00", "3000.00", "1500.00"},
                {"2024-04", "2024-05-06T10:00", "2800.00", "1400.00"},
                {"2024-05", "2024-06-05T10:00", "3200.00", "1600.00"},
                {"2024-06", "2024-07-05T10:00", "3000.00", "500.00"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bonus(s, rows[i].month, rows[i].at, rows[i].bonus);
        assert_string_equal(scored(s, "penalty.instalment_due", "amount"), rows[i].instalment);
    }
    assert_int_equal(stage_count(s, OWNER_scoring, "penalty.instalment_due"), 4);
    assert_string_equal(scored(s, "penalty.settled", "case_no"), "C1");
    stage_close(s);
}

static void SCO_141_S_47_a_sanction_of_a_case(void **state)
{
    (void)state;
    struct stage *s = house();
    closed(s, "C1", CLOSED_AT, ALLOWANCE("100.00"), ONE("T1"));
    act(s, "GMO", "C1", "sanction.proposed", FEB, "'no':1,'person':'T1','kind':'warning'");
    act(s, "GMO", "C1", "sanction.circulated", FEB, "'no':1");
    act(s, "GM", "C1", "sanction.gm_approved", FEB, "'no':1,'by':'GM'");
    act(s, "GMO", "C1", "sanction.submitted_to_hr", FEB, "'no':1");
    act(s, "HR", "C1", "sanction.published", "2024-02-20T10:00", "'no':1");
    bonus(s, "2024-02", "2024-03-05T10:00", "300.00");
    assert_string_equal(scored(s, "sanction.deducted", "amount"), "300.00");
    bonus(s, "2024-03", "2024-04-05T10:00", "2000.00");
    assert_string_equal(scored(s, "sanction.deducted", "amount"), "100.00");
    assert_string_equal(scored(s, "sanction.deducted", "case_no"), "C1");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_139_S_45_S_48_from_the_case_to_the_last_instalment),
        cmocka_unit_test(SCO_141_S_47_a_sanction_of_a_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
