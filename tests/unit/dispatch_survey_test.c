/* dispatch_survey_test.c - the satisfaction form 售後服務滿意度調查表 of each job, where the policy
 * wants one. Rules INT-084, DSP-031. */
#include "tests/unit/dispatch_door.h"

static const struct {
    const char *dir, *policy;
    bool wanted; /* survey=form_per_job */
} policies[] = {
    {"general", "SP-GEN-24H", true},       {"general", "SP-TASK-2017", true},
    {"bus", "SP-BUS-BODY-NEAR", true},     {"bus", "SP-BUS-BODY-FAR", true},
    {"it-project", "SP-IT-TRIAL", false},  {"general", "SP-IND", false},
    {"appliance", "SP-APPL-URBAN", false},
};

static struct stage *finished(const char *dir, const char *policy)
{
    char path[64];
    snprintf(path, sizeof path, "deploy/policy/%s", dir);
    struct stage *s = door_open(path);
    queue(s, CALL, "2026-03-02T09:00", policy, "'district':'c'");
    fact(s, "job.assigned", "2026-03-02T09:05",
         "'technician':'T1','task_order_no':'N-1','agreed_at':'2026-03-02T10:00:00+08:00'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    return s;
}

/* Everything but the form; leave and report count only where the policy asks. */
static void all_but_the_form(struct stage *s)
{
    fact(s, "evidence.completed", "2026-03-02T11:01",
         "'cause':'a','solution':'b','user_opinion':'good'");
    fact(s, "job.leave_reported", "2026-03-02T11:02", "");
    fact(s, "evidence.approved", "2026-03-02T11:03", "'by':'S1'");
    fact(s, "job.signed", "2026-03-02T11:10", "");
}

static void INT_084_no_close_without_the_form(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct stage *s = finished(policies[i].dir, policies[i].policy);
        all_but_the_form(s);
        if (strcmp(state_of(s, CALL), policies[i].wanted ? "signed" : "closed") != 0)
            fail_msg("%s: %s", policies[i].policy, state_of(s, CALL));
        if (policies[i].wanted) {
            fact(s, "evidence.survey_attached", "2026-03-02T11:20",
                 "'attitude':4,'skill':4,'arrival':3,'promise':4");
            assert_string_equal(state_of(s, CALL), "closed");
            assert_int_equal(count(s, "job.closed"), 1);
            assert_true(job_row(s, CALL).survey_at == instant("2026-03-02T11:20"));
        }
        assert_int_equal(count(s, "refused.fact"), 0);
        stage_close(s);
    }
}

static void INT_084_or_the_reason_why_there_is_none(void **unused)
{
    (void)unused;
    struct stage *s = finished("bus", "SP-BUS-BODY-NEAR");
    all_but_the_form(s);
    refused(s, "evidence.survey_attached", "2026-03-02T11:20", "", "INT-084", "survey_empty");
    refused(s, "evidence.survey_attached", "2026-03-02T11:20", "'text':'thanks'", "INT-084",
            "survey_empty");
    assert_string_equal(state_of(s, CALL), "signed");
    fact(s, "evidence.survey_attached", "2026-03-02T11:21", "'reason':'no time'");
    assert_string_equal(state_of(s, CALL), "closed");
    stage_close(s);
}

/* Filled in after the work, handed in before the signature: the last of all closes the job. */
static void INT_084_in_any_order_and_partly_blank(void **unused)
{
    (void)unused;
    struct stage *s = finished("bus", "SP-BUS-BODY-NEAR");
    fact(s, "evidence.survey_attached", "2026-03-02T11:00", "'skill':2");
    assert_string_equal(state_of(s, CALL), "completed");
    all_but_the_form(s);
    assert_string_equal(state_of(s, CALL), "closed");
    refused(s, "evidence.survey_attached", "2026-03-02T12:00", "'skill':3", "INT-084", "state");
    stage_close(s);
}

static void INT_084_of_a_job_that_is_there(void **unused)
{
    (void)unused;
    struct stage *s = finished("bus", "SP-BUS-BODY-NEAR");
    size_t before = count(s, "");
    tell(s, "X", "evidence.survey_attached", "2026-03-02T11:20", "'skill':3");
    refused_with(s, before, "DSP-001", "unknown_job", 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_084_no_close_without_the_form),
        cmocka_unit_test(INT_084_or_the_reason_why_there_is_none),
        cmocka_unit_test(INT_084_in_any_order_and_partly_blank),
        cmocka_unit_test(INT_084_of_a_job_that_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
