/* policy_conduct_test.c - the lists and keys of the ledgers: what is shipped, each fault at its
 * place, and what the keys change. Rules SCO-107, SCO-127 … SCO-129. */
#include "tests/unit/scoring_conduct_door.h"
#include <glob.h>

/* A copy of the tests' policy with a changed line, in `dir`. */
static void copy_changed(char *dir, const char *file, const char *sed)
{
    char cmd[2000];
    assert_non_null(mkdtemp(dir));
    int n = snprintf(cmd, sizeof cmd,
                     "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
                     "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
                     "sed -i '%s' %s/%s",
                     dir, POLICY_SCORING, dir, dir, sed, dir, file);
    assert_true(n > 0 && (size_t)n < sizeof cmd);
    assert_int_equal(system(cmd), 0);
}

static void scrap(const char *dir)
{
    char cmd[200];
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
}

static void breaks(const char *file, const char *sed, const char *field, const char *text)
{
    char dir[] = "/tmp/policy_conduct.XXXXXX", own[64];
    struct policy_fault faults[POLICY_FAULTS_MAX];
    struct policy *p = NULL;
    uint32_t n = 0, found = 0;
    copy_changed(dir, file, sed);
    snprintf(own, sizeof own, "%s/own", dir);
    if (policy_load(own, &p, faults, POLICY_FAULTS_MAX, &n) != ERR_REFUSED)
        fail_msg("%s: not refused", sed);
    for (uint32_t i = 0; i < n; i++)
        found += strstr(faults[i].fault.field, field) && strstr(faults[i].fault.text, text);
    if (found != 1) {
        policy_print_faults(stderr, faults, n);
        fail_msg("%s: wanted %s: %s", sed, field, text);
    }
    scrap(dir);
}

#define LIST "common/scoring.yaml"

static void SCO_107_each_fault_of_a_fact_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *sed, *field, *text;
    } rows[] = {
        {"s/fine: \"20.00\"/fine: \"twenty\"/", ".fine", "amount in yuan"},
        {"s/fine: \"20.00\"/fine: \"-1.00\"/", ".fine", "amount in yuan"},
        {"s/id: late, ledger: 2/id: late, ledger: 10/", ".ledger", "1 to 9"},
        {"s/marks: \\[award\\]/marks: [medal]/", ".marks", "demerit_minor"},
        {"s/limit: 2, effect/limit: 1001, effect/", ".limit", "at most 1000"},
        {"s/counter: site_breach, limit: 2, effect: qualification_loss/counter: site_breach, "
         "limit: 2/",
         ".effect", "what the limit brings"},
        {"s/counter: site_breach, limit: 2/limit: 2/", ".counter", "a limit counts something"},
        {"s/kinds: \\[bad_report\\]/kinds: [late]/", ".kinds", "means late already"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        breaks(LIST, rows[i].sed, rows[i].field, rows[i].text);
}

static void SCO_107_each_fault_of_a_source_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *sed, *field, *text;
    } rows[] = {
        {"s/on: shift.handover_violated/on: job.closed/", ".on", "no event the ledgers hear"},
        {"s/on: shift.handover_violated/on: conduct.booked/", ".on", "no event the ledgers hear"},
        {"s/on: shift.handover_violated/on: shift.flown/", ".on", "no event the ledgers hear"},
        {"s/person: missed_by/person: nobody/", ".person", "no field nobody"},
        {"s/case: shift,/case: ship,/", ".case", "no field ship"},
        {"s/fact: absent, person: person, case: \"no\", day: day/fact: absent, person: person, "
         "case: \"no\", day: person/",
         ".day", "a date or an instant"},
        {"s/case: shift, text: reason/case: shift, text: rhyme/", ".text", "no field rhyme"},
        {"s/where: \\[cause=untimely\\]/where: [cause=weather]/", ".where", "cause=weather"},
        {"s/where: \\[cause=untimely\\]/where: [untimely]/", ".where", "untimely"},
        {"s/fact: missed_handover, person: person, case: shift/fact: yawning, person: person, "
         "case: shift/",
         ".fact", "a fact of ledger_facts"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        breaks(LIST, rows[i].sed, rows[i].field, rows[i].text);
}

static void SCO_127_each_fault_of_a_key_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *sed, *field, *text;
    } rows[] = {
        {"$a scoring: {training_months: 25}", "training_months", "at most 24"},
        {"$a scoring: {training_pass_mark: 101}", "training_pass_mark", "100 points"},
        {"$a scoring: {rating_day: 32}", "rating_day", "1 to 31"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        breaks("own/policy.yaml", rows[i].sed, rows[i].field, rows[i].text);
}

/* ---- what the keys change ---- */

static struct stage *with_keys(const char *sed)
{
    char dir[] = "/tmp/policy_conduct.XXXXXX", own[64];
    copy_changed(dir, "own/policy.yaml", sed);
    snprintf(own, sizeof own, "%s/own", dir);
    struct stage *s = ledger_house(own);
    scrap(dir);
    return s;
}

static void SCO_107_what_is_one_fact_is_policy(void **state)
{
    (void)state;
    static const struct {
        const char *sed;
        uint64_t with_x; /* reports in the entry of site X */
        const char *case_no;
    } rows[] = {{"$a scoring: {same_fact: case}", 2, "X"},
                {"$a scoring: {same_fact: day}", 3, ""},
                {"$a scoring: {same_fact: each}", 0, "X"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = with_keys(rows[i].sed);
        struct rec_row_conduct r = {0};
        reported(s, "P1", "late", "X", "2025-03-04T08:40");
        reported(s, "P1", "late", "X", "2025-03-04T08:41");
        reported(s, "P1", "late", "Y", "2025-03-04T08:42");
        bool there = entry_of(s, "P1", "late", rows[i].case_no, "2025-03-04", &r);
        assert_int_equal(there ? r.told : 0, rows[i].with_x);
        stage_close(s);
    }
}

static void SCO_107_each_report_its_own_entry_is_confirmed_by_its_id(void **state)
{
    (void)state;
    struct stage *s = with_keys("$a scoring: {same_fact: each}");
    struct rec_row_conduct r;
    (void)stage_tell_as(s, "C1", "E-1", "conduct.recorded", moment("2025-03-04T08:40").text,
                        "{'kind':'late','person':'P1','site':'X'}");
    assert_true(entry_of(s, "P1", "late", "E-1", "2025-03-04", &r));
    confirm(s, "P1", "late", "E-1", "2025-03-04", "2025-03-04T12:00");
    assert_int_equal(fines_of(s, "P1"), 10000);
    stage_close(s);
}

static void SCO_128_an_expiry_without_proposal_is_policy(void **state)
{
    (void)state;
    struct stage *s = with_keys("$a scoring: {training_expiry: no, training_months: 2}");
    proved(s, "T1", "bad_feedback", "2025-01-30");
    say(s, "C1", "conduct.training_ordered", "2025-01-31T09:00", "'person':'T1','by':'M1'");
    due_is(s, "qualification/T1", "training.month", "2025-04-01T00:00"); /* 31 March, 24:00 */
    until(s, "2025-04-02T00:00");
    assert_true(reminders(s, "training.month") > 0);
    assert_int_equal(count(s, "conduct.qualification_loss_proposed"), 0);
    stage_close(s);
}

static void SCO_129_mark_and_subjects_are_policy(void **state)
{
    (void)state;
    struct stage *s =
        with_keys("$a scoring: {training_pass_mark: 80, training_subjects: [astronomy]}");
    deny(s, "C1", "training.passed", "2025-02-20T15:00",
         "'person':'P1','kind':'post','points':'79.99'", "SCO-129", "points");
    deny(s, "C1", "training.passed", "2025-02-20T15:00",
         "'person':'P1','kind':'post','subjects':[{'subject':'part_name','points':'90'}]",
         "SCO-129", "unknown_word");
    say(s, "C1", "training.passed", "2025-02-20T15:00",
        "'person':'P1','kind':'post','subjects':[{'subject':'astronomy','points':'80'}]");
    stage_close(s);
}

static void SCO_127_the_day_of_the_ratings_is_policy(void **state)
{
    (void)state;
    struct stage *s = with_keys("$a scoring: {rating_day: 15, rating_department: hr}");
    struct rec_row_deadline row;
    told(s, "C1", "tech.certified", "2024-05-06T09:00",
         "'technician':'T1','valid_to':'2026-05-06'");
    due_is(s, "rating/2024", "rating.yearly", "2025-01-16T00:00");
    assert_true(clock_row(s, "rating/2024", "rating.yearly", &row));
    assert_true(str_is(row.unit, "HR"));
    stage_close(s);
}

/* Every set that is delivered with ledgers says who confirms and decides. */
static void SCO_107_SCO_047_the_delivered_sets_name_roles(void **state)
{
    (void)state;
    glob_t sets = {0};
    assert_int_equal(glob("deploy/policy/*/policy.yaml", 0, NULL, &sets), 0);
    size_t with_ledgers = 0;
    for (size_t i = 0; i < sets.gl_pathc; i++) {
        struct policy_fault faults[POLICY_FAULTS_MAX];
        struct policy *p = NULL;
        uint32_t n = 0;
        *strrchr(sets.gl_pathv[i], '/') = '\0';
        assert_int_equal(policy_load(sets.gl_pathv[i], &p, faults, POLICY_FAULTS_MAX, &n), ERR_OK);
        const struct scoring_keys *k = &p->scoring;
        bool all = words_have(k->may_confirm, STR("manager")) &&
                   words_have(k->may_decide, STR("manager")) &&
                   words_have(k->may_decide, STR("總經理")) &&
                   words_have(k->low_rating_heads, STR("客服經理"));
        if (p->ledger_fact_count && !all) fail_msg("%s names no roles", sets.gl_pathv[i]);
        with_ledgers += p->ledger_fact_count > 0;
        policy_close(&p);
    }
    assert_true(with_ledgers >= 4);
    globfree(&sets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_107_each_fault_of_a_fact_is_named),
        cmocka_unit_test(SCO_107_each_fault_of_a_source_is_named),
        cmocka_unit_test(SCO_127_each_fault_of_a_key_is_named),
        cmocka_unit_test(SCO_107_what_is_one_fact_is_policy),
        cmocka_unit_test(SCO_107_each_report_its_own_entry_is_confirmed_by_its_id),
        cmocka_unit_test(SCO_128_an_expiry_without_proposal_is_policy),
        cmocka_unit_test(SCO_129_mark_and_subjects_are_policy),
        cmocka_unit_test(SCO_127_the_day_of_the_ratings_is_policy),
        cmocka_unit_test(SCO_107_SCO_047_the_delivered_sets_name_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
