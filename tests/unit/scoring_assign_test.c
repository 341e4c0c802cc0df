/* scoring_assign_test.c - who is assessed by what, and which sheets follow (SCO-001 … SCO-003,
 * SCO-005, SCO-009, SCO-010, SCO-017, SCO-019, SCO-021, SCO-086). */
#include "tests/unit/scoring_sheet.h"

#define CLERK "普通售後客服" /* of tb_130 */

static void SCO_001_a_person_has_one_primary_scheme_and_any_number_beside_it(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    assert_string_equal(last(s, "scoring.scheme_assigned", "scheme"), "4s_ae");
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'sup_100','post':'" MECHANIC "','from':'2024-08-01','reason':'x'").text,
         "SCO-001", "primary");
    until(s, "2024-08-01T00:00");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-08-01"), "none");
    until(s, "2024-08-01T00:01");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-08-01"), "open");
    assert_string_equal(state_of(s, "P1", "sup_100", "2024-08-01"), "none");
    stage_close(s);
}

/* Of several primary ones the latest is in force. */
static void SCO_001_another_primary_scheme_ends_the_one_before(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "4s_ae", MECHANIC, "2024-08-01", "2024-07-20T09:00");
    assign(s, "P1", "tb_130", CLERK, "2024-10-01", "2024-07-20T09:00");
    until(s, "2024-11-15T00:00");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-09-01"), "open");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-10-01"), "none");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-09-01"), "none");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-10-01"), "collecting");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-11-01"), "targets_set");
    stage_close(s);
}

static void SCO_001_what_cannot_be_assigned(void **state)
{
    (void)state;
    char name[70], long_person[200];
    struct stage *s = scoring_open();
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'no_such','post':'x','from':'2024-08-01'").text, "SCO-001", "unknown");
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("NN", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01'").text, "SCO-001",
         "unknown");
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01','to':'2024-07-31'")
             .text,
         "SCO-001", "day");
    memset(name, 'n', 64), name[64] = 0;
    snprintf(long_person, sizeof long_person, "'person':'%s','unit':'C1','role':'staff'", name);
    tell(s, "HR", "person.upserted", "2024-07-20T10:00", long_person);
    snprintf(long_person, sizeof long_person, "'scheme':'%s','post':'x','from':'2024-08-01'",
             "dqnj_year_end");
    say(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00", of(name, long_person).text);
    stage_close(s);
}

static void SCO_002_the_standard_goes_by_the_post(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'4s_ae','post':'財務部出納','from':'2024-08-01'").text, "SCO-002",
         "reason");
    /* a scheme for any post, but his has one of its own */
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'sup_100','post':'" MECHANIC "','from':'2024-08-01'").text, "SCO-002",
         "reason");
    say(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
        of("P1", "'scheme':'4s_ae','post':'財務部出納','from':'2024-08-01',"
                 "'reason':'works in the station'")
            .text);
    assert_string_equal(last(s, "scoring.scheme_assigned", "override"), "yes");
    assign_4s(s, "P2");
    assert_string_equal(last(s, "scoring.scheme_assigned", "override"), "");
    stage_close(s);
}

static void SCO_003_a_change_takes_effect_at_the_start_of_a_period(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'tb_130','post':'" CLERK "','from':'2024-09-15'").text, "SCO-003",
         "inside_period");
    /* August is no first month of a quarter */
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
         of("P1", "'scheme':'q_post','post':'售後人員','from':'2024-09-01'").text, "SCO-003",
         "inside_period");
    assign(s, "P1", "q_post", "售後人員", "2024-10-01", "2024-07-20T10:00");
    until(s, "2024-10-02T00:00");
    assert_string_equal(state_of(s, "P1", "q_post", "2024-10-01"), "targets_set");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-09-01"), "open");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-10-01"), "none");
    stage_close(s);
}

static void refuse_primary(struct stage *s, const char *scheme, const char *post, const char *from,
                           const char *local)
{
    char data[200];
    snprintf(data, sizeof data, "'scheme':'%s','post':'%s','from':'%s'", scheme, post, from);
    deny(s, "HR", "scoring.scheme_assigned", local, of("P1", data).text, "SCO-003",
         "inside_period");
}

/* The month runs, or is being assessed: one sheet and one pay of it. */
static void SCO_003_SCO_001_a_begun_period_is_not_changed_backwards(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    until(s, "2024-09-10T00:00");
    refuse_primary(s, "tb_130", CLERK, "2024-09-01", "2024-09-10T10:00");
    refuse_primary(s, "q_post", "售後人員", "2024-07-01", "2024-09-10T10:00");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-09-01"), "none");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-08-01"), "none");
    assign(s, "P1", "tb_130", CLERK, "2024-10-01", "2024-09-10T11:00");
    until(s, "2024-10-02T00:00");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-10-01"), "none");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-10-01"), "targets_set");
    /* what changes nothing of the others' periods: the same scheme, a month before them */
    assign(s, "P1", "tb_130", CLERK, "2024-10-02", "2024-10-02T10:00");
    assign(s, "P1", "sup_100", "售後主管", "2024-07-01", "2024-10-02T10:00");
    stage_close(s);
}

/* Loads the policy of the tests with changed lines; true when a fault says this. */
static bool faulty(const char *file, const char *sed, const char *text)
{
    char dir[] = "/tmp/scoring_faulty.XXXXXX", cmd[2000];
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    bool found = false;
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && sed -i '%s' %s/%s",
             dir, POLICY_SCORING, dir, dir, sed, dir, file);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    enum err e = policy_load(cmd, &p, faults, POLICY_FAULTS_MAX, &n);
    for (uint32_t i = 0; i < n && i < POLICY_FAULTS_MAX; i++)
        found |= strstr(faults[i].fault.text, text) != NULL;
    if (e == ERR_OK) policy_close(&p);
    if (!found) policy_print_faults(stderr, faults, n);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return e == ERR_REFUSED && found;
}

/* Of each scheme others may: 4S the general manager, 德勤能績 the customer manager. */
static void SCO_005_a_scheme_is_approved_by_its_role(void **state)
{
    (void)state;
    const char *common = "common/scoring.yaml";
    assert_true(faulty(common, "/- id: 4s_ae/,/total/s/approved_by: 總經理/approved_by: 客戶經理/",
                       "4s_ae: \"客戶經理\" must be one of those who may approve it: 總經理"));
    assert_true(faulty(common, "/- id: dqnj_100/,/total/s/客戶經理/總經理/",
                       "dqnj_100: \"總經理\" must be one of those who may approve it: 客戶經理"));
    assert_true(faulty(common, "/- id: tb_130/,/total/{/approved_by/d}", "tb_130: \"\" must be"));
    assert_true(faulty(common, "s/scheme: tb_130, roles/scheme: tb_13, roles/", "not a scheme"));
}

static void SCO_030_what_a_scheme_cannot_say_of_its_days(void **state)
{
    (void)state;
    const char *common = "common/scoring.yaml";
    assert_true(
        faulty(common, "s/for: targets, day: 5/for: targets, day: 32/", "day of the month"));
    assert_true(faulty(common, "s/for: targets, day: 5/for: provider, day: 5/", "names his role"));
    assert_true(faulty(common, "s/role: admin, day: 2, at: \"17:30\"/role: admin, day: 2, at: x/",
                       "time of day"));
    assert_true(faulty(common, "s/role: hr, day/role: admin, day/", "keep one"));
    assert_true(faulty(common, "s/late_fine: 500/late_fine: 500000/", "amount in yuan"));
    assert_true(faulty(common, "s/targets_min: 3/targets_min: 9/", "targets_max"));
    assert_true(faulty(common, "s/trainings: .entry, post./trainings: [swim]/", "neither entry"));
    assert_true(
        faulty(common, "s/deadline: scoring.dqnj_year/deadline: scoring.nix/", "no such deadline"));
    assert_true(faulty(common, "s/id: dqnj_year_end/id: dqnj\\/year/", "must not have a /"));
}

static void SCO_009_only_his_roles_carry_out_a_scheme(void **state)
{
    (void)state;
    struct stage *s = scoring_open_changed(
        0, "common/scoring.yaml",
        "s/      form: 售後客服考核標準/&\\n      may_assign: [hr]\\n      may_score: [manager]\\n"
        "      may_review: [manager]\\n      may_archive: [hr]/");
    const char *data = "'scheme':'tb_130','post':'" CLERK "','from':'2024-08-01'";
    char by[300];
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00", of("P1", data).text, "SCO-001",
         "missing");
    snprintf(by, sizeof by, "%s,'by':'P2'", data);
    deny(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00", of("P1", by).text, "SCO-001",
         "role");
    snprintf(by, sizeof by, "%s,'by':'H1'", data);
    say(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00", of("P1", by).text);
    const char *item = "'scheme':'tb_130','first':'2024-08-01','item':'quality','word':'優'";
    snprintf(by, sizeof by, "%s,'by':'P2'", item);
    deny(s, "C1", "scoring.item_scored", "2024-09-02T10:00", of("P1", by).text, "SCO-008", "role");
    snprintf(by, sizeof by, "%s,'by':'M1'", item);
    say(s, "C1", "scoring.item_scored", "2024-09-02T10:00", of("P1", by).text);
    stage_close(s);
}

static void SCO_010_SCO_019_a_sheet_says_its_kind_and_its_form(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    say(s, "HR", "scoring.scheme_assigned", "2023-12-20T10:00",
        of("P1", "'scheme':'dqnj_year_end','post':'客服員','from':'2024-01-01',"
                 "'level':'management'")
            .text);
    assign(s, "P2", "q_post", "售後人員", "2024-01-01", "2023-12-20T10:00");
    assign(s, "P3", "4s_ae", MECHANIC, "2024-01-01", "2023-12-20T10:00");
    until(s, "2024-01-02T00:00");
    static const struct {
        const char *person, *by_time, *level, *last, *form;
    } rows[] = {{"P1", "year_end", "management", "2024-12-31", "員工年終績效考核記錄表"},
                {"P2", "quarter", "", "2024-03-31", "季度績效考核表"},
                {"P3", "month", "", "2024-01-31", "績效評估表"}};
    assert_int_equal(count(s, "scoring.sheet_opened"), COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t n = 0; n < COUNT_OF(rows); n++) {
            const char *type = "scoring.sheet_opened";
            if (strcmp(stage_field(s, OWNER_scoring, type, n, "person"), rows[i].person)) continue;
            assert_string_equal(stage_field(s, OWNER_scoring, type, n, "by_time"), rows[i].by_time);
            assert_string_equal(stage_field(s, OWNER_scoring, type, n, "level"), rows[i].level);
            assert_string_equal(stage_field(s, OWNER_scoring, type, n, "last"), rows[i].last);
            assert_string_equal(stage_field(s, OWNER_scoring, type, n, "form"), rows[i].form);
        }
    }
    stage_close(s);
}

static void SCO_017_training_comes_before_the_post(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    const char *data = "'scheme':'dqnj_100','post':'客服員','from':'2024-08-01'";
    const char *type = "scoring.scheme_assigned";
    deny(s, "HR", type, "2024-07-20T10:00", of("P1", data).text, "SCO-017", "training");
    say(s, "HR", "training.passed", "2024-07-20T11:00", "'person':'P1','kind':'entry'");
    deny(s, "HR", type, "2024-07-20T12:00", of("P1", data).text, "SCO-017", "training");
    say(s, "HR", "training.passed", "2024-07-20T13:00", "'person':'P1','kind':'post'");
    say(s, "HR", type, "2024-07-20T14:00", of("P1", data).text);
    stage_close(s);
}

/* S-17: 799.99 / 800.00 yuan → excluded / included. */
static void SCO_021_S_17_who_earns_less_than_the_minimum_is_excluded(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    const char *data = "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01','wage':'%s'";
    static const char *const wages[] = {"799.99", "800.00"};
    for (size_t i = 0; i < COUNT_OF(wages); i++) {
        char more[200];
        snprintf(more, sizeof more, data, wages[i]);
        say(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00", of(i ? "P2" : "P1", more).text);
    }
    /* P1 earns more from September on: from the first day of the month */
    say(s, "HR", "scoring.scheme_assigned", "2024-08-20T10:00",
        of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-15','wage':'900.00'")
            .text);
    until(s, "2024-09-02T00:00");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-08-01"), "none");
    assert_string_equal(state_of(s, "P2", "4s_ae", "2024-08-01"), "open");
    assert_string_equal(state_of(s, "P1", "4s_ae", "2024-09-01"), "open");
    stage_close(s);
}

static void SCO_021_who_leaves_probation_in_mid_month_starts_next_month(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    static const struct {
        const char *person, *to, *august;
    } rows[] = {
        {"P1", "2024-07-31", "open"}, {"P2", "2024-08-01", "none"}, {"P3", "2024-08-15", "none"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char more[200];
        snprintf(more, sizeof more,
                 "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-01','probation_to':'%s'",
                 rows[i].to);
        say(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00", of(rows[i].person, more).text);
    }
    until(s, "2024-09-02T00:00");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(state_of(s, rows[i].person, "4s_ae", "2024-08-01"), rows[i].august);
        assert_string_equal(state_of(s, rows[i].person, "4s_ae", "2024-09-01"), "open");
    }
    stage_close(s);
}

/* Staff are assessed monthly, by any scheme of the policy: the slot of SCO-086. */
static void SCO_086_SCO_030_a_sheet_is_opened_every_month(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    say(s, "HR", "scoring.scheme_assigned", "2024-07-20T10:00",
        of("P1", "'scheme':'sup_100','post':'售後主管','from':'2024-08-01','to':'2024-10-31'")
            .text);
    until(s, "2025-06-02T00:00");
    assert_int_equal(count(s, "scoring.sheet_opened"), 3);
    assert_string_equal(state_of(s, "P1", "sup_100", "2024-10-01"), "collecting");
    assert_string_equal(state_of(s, "P1", "sup_100", "2024-11-01"), "none");
    until(s, "2025-12-02T00:00"); /* a year after his last day nothing of his is open */
    assert_string_equal(end_of(s, "assignee/P1", "scoring.period"), "cancelled");
    stage_close(s);
}

/* Told on 10 September from 1 June on: the month that is collected, and this one. */
static void SCO_001_who_is_assigned_late_gets_the_sheets_of_two_periods(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "sup_100", "售後主管", "2024-06-01", "2024-09-10T10:00");
    assert_string_equal(state_of(s, "P1", "sup_100", "2024-07-01"), "none");
    assert_string_equal(state_of(s, "P1", "sup_100", "2024-08-01"), "collecting");
    assert_string_equal(state_of(s, "P1", "sup_100", "2024-09-01"), "targets_set");
    /* who has left gets no further ones */
    tell(s, "HR", "person.upserted", "2024-09-20T10:00",
         "'person':'P1','unit':'C1','role':'staff','left':true");
    until(s, "2024-10-02T00:00");
    assert_string_equal(state_of(s, "P1", "sup_100", "2024-09-01"), "collecting");
    assert_string_equal(state_of(s, "P1", "sup_100", "2024-10-01"), "none");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_001_a_person_has_one_primary_scheme_and_any_number_beside_it),
        cmocka_unit_test(SCO_001_another_primary_scheme_ends_the_one_before),
        cmocka_unit_test(SCO_001_what_cannot_be_assigned),
        cmocka_unit_test(SCO_001_who_is_assigned_late_gets_the_sheets_of_two_periods),
        cmocka_unit_test(SCO_002_the_standard_goes_by_the_post),
        cmocka_unit_test(SCO_003_a_change_takes_effect_at_the_start_of_a_period),
        cmocka_unit_test(SCO_003_SCO_001_a_begun_period_is_not_changed_backwards),
        cmocka_unit_test(SCO_005_a_scheme_is_approved_by_its_role),
        cmocka_unit_test(SCO_009_only_his_roles_carry_out_a_scheme),
        cmocka_unit_test(SCO_010_SCO_019_a_sheet_says_its_kind_and_its_form),
        cmocka_unit_test(SCO_017_training_comes_before_the_post),
        cmocka_unit_test(SCO_021_S_17_who_earns_less_than_the_minimum_is_excluded),
        cmocka_unit_test(SCO_021_who_leaves_probation_in_mid_month_starts_next_month),
        cmocka_unit_test(SCO_030_what_a_scheme_cannot_say_of_its_days),
        cmocka_unit_test(SCO_086_SCO_030_a_sheet_is_opened_every_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
