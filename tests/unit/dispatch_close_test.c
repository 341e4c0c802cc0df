/* dispatch_close_test.c - before the repair and after it: what must be there, signature, leaving,
 * report, closing, taking up again. Rules INT-031, DSP-026, DSP-027, DSP-030, DSP-031, DSP-032,
 * DSP-085. */
#include "tests/unit/dispatch_door.h"

/* On site since 10:00. */
static struct stage *on_site(const char *dir, const char *policy, const char *more)
{
    struct stage *s = door_open(dir);
    queue(s, CALL, "2026-03-02T09:00", policy, more);
    fact(s, "job.assigned", "2026-03-02T09:05",
         "'technician':'T1','agreed_at':'2026-03-02T10:00:00+08:00'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    return s;
}

static struct stage *finished(const char *dir, const char *policy)
{
    struct stage *s = on_site(dir, policy, "");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    return s;
}

/* ---- DSP-085 ---- */

static void DSP_085_a_review_lets_the_repair_start(void **unused)
{
    (void)unused;
    static const char *const grades[] = {"serious", "major"};
    for (size_t i = 0; i < COUNT_OF(grades); i++) {
        char more[60];
        snprintf(more, sizeof more, "'district':'c','severity':'%s'", grades[i]);
        struct stage *s = on_site("deploy/policy/general", "SP-GEN-24H", more);
        refused(s, "job.repair_started", "2026-03-02T10:10", "", "DSP-085", "review_missing");
        fact(s, "job.plan_reviewed", "2026-03-02T10:15", "'by':'R&D'");
        fact(s, "job.repair_started", "2026-03-02T10:20", "");
        assert_string_equal(state_of(s, CALL), "working");
        stage_close(s);
    }
}

/* Before the repair, as it happened and not as it was told. */
static void DSP_085_a_review_after_the_start_is_none(void **unused)
{
    (void)unused;
    struct stage *s =
        on_site("deploy/policy/general", "SP-GEN-24H", "'district':'c','severity':'major'");
    fact(s, "job.plan_reviewed", "2026-03-02T10:15", "'by':'R&D'");
    refused(s, "job.repair_started", "2026-03-02T10:10", "", "DSP-085", "review_missing");
    fact(s, "job.plan_reviewed", "2026-03-02T10:05", "'by':'R&D'");
    fact(s, "job.plan_reviewed", "2026-03-02T10:20", "'by':'R&D'"); /* once more */
    fact(s, "job.repair_started", "2026-03-02T10:10", "");
    assert_string_equal(state_of(s, CALL), "working");
    stage_close(s);
}

static void DSP_085_R_and_D_reviews(void **unused)
{
    (void)unused;
    struct stage *s = on_site("deploy/policy/general", "SP-GEN-24H", "");
    refused(s, "job.plan_reviewed", "2026-03-02T10:05", "'by':'T1'", "DSP-085", "not_entitled");
    refused(s, "job.plan_reviewed", "2026-03-02T10:05", "'by':'nobody'", "DSP-085", "not_entitled");
    fact(s, "job.plan_reviewed", "2026-03-02T10:05", "'by':'R&D'");
    stage_close(s);
    s = door_open_changed("general", "general/policy.yaml",
                          "s/^  plan_reviewers:.*/  plan_reviewers: [supervisor]/");
    queue(s, CALL, "2026-03-02T09:00", "SP-GEN-24H", "");
    refused(s, "job.plan_reviewed", "2026-03-02T10:05", "'by':'T1'", "DSP-085", "not_entitled");
    fact(s, "job.plan_reviewed", "2026-03-02T10:05", "'by':'S1'");
    assert_true(job_row(s, CALL).plan_reviewed);
    stage_close(s);
    s = on_site("deploy/policy/appliance", "SP-APPL-URBAN", ""); /* nobody is asked */
    fact(s, "job.plan_reviewed", "2026-03-02T10:05", "'by':'T1'");
    assert_true(job_row(s, CALL).plan_reviewed);
    stage_close(s);
}

static void DSP_085_graded_and_reclassified_on_site(void **unused)
{
    (void)unused;
    struct stage *s = on_site("deploy/policy/general", "SP-GEN-24H", "'district':'c'");
    fact(s, "call.graded", "2026-03-02T10:05", "'severity':'major'");
    refused(s, "job.repair_started", "2026-03-02T10:10", "", "DSP-085", "review_missing");
    fact(s, "call.graded", "2026-03-02T10:15", "'severity':'ordinary'");
    verdict(s, CALL, "2026-03-02T10:16", "category a");
    refused(s, "job.repair_started", "2026-03-02T10:20", "", "DSP-085", "quote_missing");
    fact(s, "quote.accepted", "2026-03-02T10:25", "'quote_no':'Q1'");
    fact(s, "job.repair_started", "2026-03-02T10:30", "");
    assert_string_equal(state_of(s, CALL), "working");
    stage_close(s);
}

/* Accepted before the call became a job; accepted for another call. */
static void DSP_085_an_acceptance_before_the_job(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/general");
    tell(s, "C2", "quote.accepted", "2026-03-02T08:50", "'quote_no':'Q2'");
    for (int i = 0; i < 2; i++) {
        const char *call = i ? "C2" : CALL;
        queue(s, call, "2026-03-02T09:00", "SP-GEN-24H", "'district':'a'");
        tell(s, call, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
        tell(s, call, "job.arrived", "2026-03-02T10:00", "'technician':'T1'");
        tell(s, call, "job.repair_started", "2026-03-02T10:10", "");
        assert_string_equal(state_of(s, call), i ? "working" : "on_site");
    }
    stage_close(s);
}

static void DSP_085_only_seen_where_the_policy_does_not_refuse(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("general", "general/policy.yaml",
                                        "s/^keys:/&\\n  repair_start_checks: warn/");
    queue(s, CALL, "2026-03-02T09:00", "SP-GEN-24H", "'district':'a','severity':'major'");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.repair_started", "2026-03-02T10:10", "");
    assert_string_equal(state_of(s, CALL), "working");
    assert_string_equal(last(s, "job.requirement_missing", "missing"), "plan_reviewed");
    assert_int_equal(count(s, "job.requirement_missing"), 3); /* charges, quotation, review */
    fact(s, "job.plan_reviewed", "2026-03-02T10:20", "'by':'R&D'");
    fact(s, "job.repair_started", "2026-03-02T10:30", "");
    assert_int_equal(count(s, "job.requirement_missing"), 4);
    assert_string_equal(last(s, "job.requirement_missing", "missing"), "quote_accepted");
    stage_close(s);
}

static void DSP_085_an_assignment_without_charges_explained_is_a_warning(void **unused)
{
    (void)unused;
    const struct {
        const char *category;
        bool explained, warned;
    } rows[] = {{"a", false, true},  {"b", false, true}, {"c", false, false},
                {"d", false, false}, {"a", true, false}, {"b", true, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = door_open("deploy/policy/appliance");
        char more[40];
        snprintf(more, sizeof more, "'district':'%s'", rows[i].category);
        queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", more);
        if (rows[i].explained) fact(s, "call.charge_explained", "2026-03-02T09:01", "");
        fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
        assert_int_equal(count(s, "job.requirement_missing"), rows[i].warned);
        if (rows[i].warned)
            assert_string_equal(last(s, "job.requirement_missing", "missing"), "charge_explained");
        fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T2'"); /* once */
        assert_int_equal(count(s, "job.requirement_missing"), rows[i].warned);
        stage_close(s);
    }
}

/* ---- DSP-027 ---- */

/* Refused, and the attempt itself goes to scoring (DSP-079). */
static void pre_signed(struct stage *s, const char *local)
{
    size_t before = count(s, "");
    fact(s, "job.signed", local, "");
    refused_with(s, before, "DSP-027", "pre_signed", 1);
    assert_string_equal(last(s, "conduct.recorded", "kind"), "pre_signed");
}

static void DSP_027_signed_after_the_service(void **unused)
{
    (void)unused;
    struct stage *s = on_site("deploy/policy/it-project", "SP-IT-TRIAL", "");
    refused(s, "job.signed", "2026-03-02T10:30", "", "DSP-027", "not_finished");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    pre_signed(s, "2026-03-02T10:59:59");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "11:00"));
    assert_int_equal(job_row(s, CALL).signed_at, 0);
    fact(s, "job.signed", "2026-03-02T11:00", "");
    assert_string_equal(state_of(s, CALL), "signed");
    refused(s, "job.signed", "2026-03-02T11:10", "", "DSP-027", "state"); /* immutable */
    stage_close(s);
}

static void DSP_027_judged_by_the_last_one_who_finished(void **unused)
{
    (void)unused;
    struct stage *s = on_site("deploy/policy/it-project", "SP-IT-TRIAL", "");
    fact(s, "job.assigned", "2026-03-02T10:05", "'technician':'T2'");
    fact(s, "job.completed", "2026-03-02T11:30", "'technician':'T1'");
    fact(s, "job.completed", "2026-03-02T11:00", "'technician':'T2'");
    pre_signed(s, "2026-03-02T11:10");
    stage_close(s);
}

/* A report made after the signature or the approval needs new ones. */
static void DSP_027_a_corrected_report_is_signed_and_approved_again(void **unused)
{
    (void)unused;
    const struct {
        const char *corrected, *state;
        bool approved;
    } rows[] = {{"2026-03-02T11:10", "signed", true},
                {"2026-03-02T11:15", "signed", false},
                {"2026-03-02T11:25", "completed", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = finished("deploy/policy/it-project", "SP-IT-TRIAL");
        fact(s, "evidence.completed", "2026-03-02T11:05", "'cause':'a','solution':'b'");
        fact(s, "evidence.approved", "2026-03-02T11:12", "'by':'S1'");
        fact(s, "job.signed", "2026-03-02T11:20", "");
        fact(s, "evidence.completed", rows[i].corrected, "'cause':'c','solution':'d'");
        assert_string_equal(state_of(s, CALL), rows[i].state);
        assert_true((job_row(s, CALL).approved_at != 0) == rows[i].approved);
        if (strcmp(rows[i].state, "completed") == 0) fact(s, "job.signed", "2026-03-02T11:40", "");
        if (!rows[i].approved) fact(s, "evidence.approved", "2026-03-02T11:45", "'by':'S1'");
        fact(s, "job.leave_reported", "2026-03-02T11:50", "");
        assert_string_equal(state_of(s, CALL), "closed");
        stage_close(s);
    }
}

static void DSP_027_where_the_policy_does_not_ask(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/field-dispatch", "SP-FD-2");
    fact(s, "job.signed", "2026-03-02T10:59", "");
    assert_int_equal(count(s, "refused.fact"), 0);
    stage_close(s);
}

static void DSP_027_a_kind_without_completion_is_finished_by_the_signature(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-MAINT", "'order_kind':'desk'");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.signed", "2026-03-02T09:30", "");
    assert_string_equal(state_of(s, CALL), "signed");
    assert_true(job_row(s, CALL).finished_at == instant("2026-03-02T09:30"));
    stage_close(s);
}

/* ---- INT-031: intake took a signature that does not count here ---- */

#define WRITE_OFF(s, local) fact(s, "call.written_off", local, "'solution':'s'")

static void assert_mismatch(struct stage *s, const char *rule, const char *code)
{
    const char *const said[][2] = {{"call_no", CALL},
                                   {"register_state", "closed"},
                                   {"voucher_state", "filed"},
                                   {"rule", rule},
                                   {"code", code}};
    assert_int_equal(count(s, "register.mismatch"), 1);
    for (size_t i = 0; i < COUNT_OF(said); i++)
        assert_string_equal(last(s, "register.mismatch", said[i][0]), said[i][1]);
}

static void INT_031_a_second_technician_is_still_at_work(void **unused)
{
    (void)unused;
    struct stage *s = on_site("deploy/policy/it-project", "SP-IT-TRIAL", "");
    fact(s, "job.assigned", "2026-03-02T10:05", "'technician':'T2'");
    fact(s, "job.completed", "2026-03-02T11:00", "'technician':'T1'");
    refused(s, "job.signed", "2026-03-02T11:05", "", "DSP-027", "not_finished");
    assert_int_equal(count(s, "register.mismatch"), 0); /* another signature may come in time */
    WRITE_OFF(s, "2026-03-02T12:00");
    assert_mismatch(s, "DSP-027", "not_finished");
    assert_string_equal(state_of(s, CALL), "closed");
    WRITE_OFF(s, "2026-03-02T12:10");
    assert_int_equal(count(s, "register.mismatch"), 1);
    refused(s, "job.signed", "2026-03-02T12:20", "", "DSP-027", "state"); /* never finished */
    stage_close(s);
}

static void INT_031_nobody_was_there(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.completed", "2026-03-02T09:20", ""); /* refused here, taken by the door */
    refused(s, "job.signed", "2026-03-02T09:25", "", "DSP-027", "not_finished");
    WRITE_OFF(s, "2026-03-02T09:30");
    assert_mismatch(s, "DSP-027", "not_finished");
    stage_close(s);
}

static void INT_031_signed_too_early_and_again_after_the_write_off(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/it-project", "SP-IT-TRIAL");
    pre_signed(s, "2026-03-02T10:59");
    WRITE_OFF(s, "2026-03-02T12:00");
    assert_mismatch(s, "DSP-027", "not_signed");
    pre_signed(s, "2026-03-02T10:58");
    fact(s, "job.signed", "2026-03-02T12:30", "");
    assert_int_equal(count(s, "job.signed"), 1);
    assert_true(job_row(s, CALL).signed_at == instant("2026-03-02T12:30"));
    assert_string_equal(state_of(s, CALL), "closed");
    refused(s, "job.signed", "2026-03-02T12:40", "", "DSP-027", "state"); /* immutable */
    WRITE_OFF(s, "2026-03-02T12:50");
    assert_int_equal(count(s, "register.mismatch"), 1);
    stage_close(s);
}

static void INT_031_a_signature_that_counts_or_none_wanted(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/it-project", "SP-IT-TRIAL");
    pre_signed(s, "2026-03-02T10:59");
    fact(s, "job.signed", "2026-03-02T11:05", "");
    WRITE_OFF(s, "2026-03-02T12:00");
    assert_int_equal(count(s, "register.mismatch"), 0);
    stage_close(s);
    s = on_site("deploy/policy/it-project", "SP-IT-TRIAL", "'order_kind':'visit'");
    WRITE_OFF(s, "2026-03-02T12:00"); /* nobody signs for a visit */
    assert_int_equal(count(s, "register.mismatch"), 0);
    stage_close(s);
}

/* ---- DSP-031 ---- */

static void DSP_031_left_without_the_call(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/it-project", "SP-IT-TRIAL");
    fact(s, "job.left_site", "2026-03-02T11:10", "");
    assert_int_equal(count(s, "conduct.recorded"), 1);
    assert_string_equal(last(s, "conduct.recorded", "kind"), "left_without_call");
    assert_string_equal(last(s, "conduct.recorded", "person"), "T1"); /* who is in charge */
    fact(s, "job.leave_reported", "2026-03-02T11:20", "");
    fact(s, "job.left_site", "2026-03-02T11:15", "'technician':'T1'"); /* called only afterwards */
    assert_int_equal(count(s, "conduct.recorded"), 2);
    stage_close(s);
}

static void DSP_031_called_before_leaving(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/it-project", "SP-IT-TRIAL");
    fact(s, "job.leave_reported", "2026-03-02T11:10", "");
    fact(s, "job.left_site", "2026-03-02T11:10", "");
    assert_int_equal(count(s, "conduct.recorded"), 0);
    stage_close(s);
    s = finished("deploy/policy/appliance", "SP-APPL-URBAN"); /* leave_call: no */
    fact(s, "job.left_site", "2026-03-02T11:10", "");
    assert_int_equal(count(s, "conduct.recorded"), 0);
    stage_close(s);
}

static void DSP_031_leaving_may_be_reported_after_the_close(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/appliance", "SP-APPL-URBAN");
    fact(s, "job.signed", "2026-03-02T11:05", "");
    assert_string_equal(state_of(s, CALL), "closed");
    fact(s, "job.left_site", "2026-03-02T11:10", "");
    assert_true(job_row(s, CALL).left_at == instant("2026-03-02T11:10"));
    stage_close(s);
}

/* ---- DSP-026 ---- */

static const struct report {
    const char *dir, *policy, *data;
    const char *missing; /* names, in order; "" = complete */
} reports[] = {
    {"it-project", "SP-IT-TRIAL", "'cause':'fuse','solution':'new fuse'", ""},
    {"it-project", "SP-IT-TRIAL", "'cause':'fuse'", "solution"},
    {"it-project", "SP-IT-TRIAL", "", "cause solution"},
    {"general", "SP-GEN-24H", "'cause':'a','solution':'b','user_opinion':'good'", ""},
    {"general", "SP-GEN-24H", "'cause':'a','solution':'b'", "user_opinion"},
    {"bus", "SP-BUS-BODY-NEAR", "'cause':'a'", ""},
    {"bus", "SP-BUS-BODY-NEAR",
     "'cause':'a','parts':[{'part_no':'P1','name':'door','qty':1,'reason':'bent'}]", ""},
    {"bus", "SP-BUS-BODY-NEAR", "'cause':'a','parts':[{'part_no':'P1','name':'door','qty':1}]",
     "parts"},
    {"bus", "SP-BUS-BODY-NEAR",
     "'cause':'a','parts':[{'part_no':'P1','name':'door','qty':1,'reason':'bent'},"
     "{'part_no':'P2','qty':2,'reason':'bent'}]",
     "parts"},
    {"appliance", "SP-APPL-URBAN", "", ""}, /* the signature is all it asks for */
};

static void DSP_026_what_the_policy_demands_of_the_report(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(reports); i++) {
        const struct report *r = &reports[i];
        char dir[64], missing[80] = "";
        snprintf(dir, sizeof dir, "deploy/policy/%s", r->dir);
        struct stage *s = finished(dir, r->policy);
        fact(s, "evidence.completed", "2026-03-02T11:10", r->data);
        assert_int_equal(count(s, "evidence.incomplete"), *r->missing ? 1 : 0);
        assert_int_equal(job_row(s, CALL).evidence_complete, *r->missing ? 0 : 1);
        const json_t *e =
            *r->missing ? stage_nth(s, OWNER_dispatch, "evidence.incomplete", 0) : NULL;
        const json_t *lines = json_object_get(json_object_get(e, "data"), "missing");
        for (size_t k = 0; k < json_array_size(lines); k++) {
            const json_t *name = json_object_get(json_array_get(lines, k), "name");
            size_t n = strlen(missing);
            snprintf(missing + n, sizeof missing - n, "%s%s", n ? " " : "",
                     json_string_value(name));
        }
        assert_string_equal(missing, r->missing);
        stage_close(s);
    }
}

/* A paper the report does not carry is judged by whoever approves it, so an approval is needed. */
static void DSP_026_a_word_the_report_cannot_answer(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("appliance", "appliance/services.yaml",
                                        "s/evidence_fields: .*/evidence_fields: [service_card]/");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    fact(s, "job.signed", "2026-03-02T11:05", "");
    assert_string_equal(state_of(s, CALL), "signed");
    fact(s, "evidence.completed", "2026-03-02T11:10", "");
    assert_int_equal(count(s, "evidence.incomplete"), 0);
    fact(s, "evidence.approved", "2026-03-02T11:20", "");
    assert_string_equal(state_of(s, CALL), "closed");
    stage_close(s);
}

static void DSP_032_no_report_no_approval(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/it-project", "SP-IT-TRIAL");
    refused(s, "evidence.approved", "2026-03-02T11:10", "'by':'S1'", "DSP-032", "evidence_missing");
    fact(s, "evidence.completed", "2026-03-02T11:20", "'cause':'a','solution':'b'");
    fact(s, "evidence.approved", "2026-03-02T11:30", "'by':'S1'");
    assert_true(job_row(s, CALL).approved_at == instant("2026-03-02T11:30"));
    stage_close(s);
}

/* ---- closing ---- */

/* The last of what the policy demands closes the job, whatever the order. */
static void DSP_031_closed_when_everything_is_there(void **unused)
{
    (void)unused;
    static const struct {
        const char *type, *more;
    } steps[3] = {
        {"job.signed", ""}, {"job.leave_reported", ""}, {"evidence.approved", "'by':'S1'"}};
    static const unsigned orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                          {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct stage *s = finished("deploy/policy/it-project", "SP-IT-TRIAL");
        fact(s, "evidence.completed", "2026-03-02T11:01", "'cause':'a','solution':'b'");
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(count(s, "job.closed"), 0);
            fact(s, steps[orders[i][k]].type, "2026-03-02T11:10", steps[orders[i][k]].more);
        }
        assert_int_equal(count(s, "job.closed"), 1);
        assert_string_equal(state_of(s, CALL), "closed");
        fact(s, "call.closed", "2026-03-02T11:30", "'solution':'new fuse'");
        assert_int_equal(count(s, "job.closed"), 1);
        assert_int_equal(count(s, "refused.fact"), 0);
        stage_close(s);
    }
}

static void DSP_031_the_signature_alone_where_nothing_more_is_demanded(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/appliance", "SP-APPL-URBAN");
    fact(s, "job.signed", "2026-03-02T11:10", "");
    assert_string_equal(state_of(s, CALL), "closed");
    assert_int_equal(count(s, "job.closed"), 1);
    stage_close(s);
}

/* ---- DSP-030 ---- */

static void DSP_030_taken_up_again_before_the_close(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/it-project", "SP-IT-TRIAL");
    fact(s, "job.signed", "2026-03-02T11:05", "");
    fact(s, "job.reopened", "2026-03-02T11:10", "'count':4");
    assert_string_equal(state_of(s, CALL), "working");
    assert_int_equal(job_row(s, CALL).reopenings, 4);
    assert_int_equal(job_row(s, CALL).signed_at, 0); /* a correction needs a new signature */
    fact(s, "job.reopened", "2026-03-02T11:11", ""); /* only counts */
    assert_string_equal(state_of(s, CALL), "working");
    assert_int_equal(job_row(s, CALL).reopenings, 5);
    fact(s, "job.completed", "2026-03-02T11:40", "'technician':'T1'");
    assert_string_equal(state_of(s, CALL), "completed");
    pre_signed(s, "2026-03-02T11:30");
    fact(s, "job.signed", "2026-03-02T11:45", "");
    assert_string_equal(state_of(s, CALL), "signed");
    stage_close(s);
}

static void DSP_030_after_the_close_a_new_call(void **unused)
{
    (void)unused;
    struct stage *s = finished("deploy/policy/appliance", "SP-APPL-URBAN");
    fact(s, "job.signed", "2026-03-02T11:05", "");
    refused(s, "job.reopened", "2026-03-02T11:10", "", "DSP-030", "closed");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "repeat_of=" CALL));
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_085_a_review_lets_the_repair_start),
        cmocka_unit_test(DSP_085_a_review_after_the_start_is_none),
        cmocka_unit_test(DSP_085_R_and_D_reviews),
        cmocka_unit_test(DSP_085_graded_and_reclassified_on_site),
        cmocka_unit_test(DSP_085_an_acceptance_before_the_job),
        cmocka_unit_test(DSP_085_only_seen_where_the_policy_does_not_refuse),
        cmocka_unit_test(DSP_085_an_assignment_without_charges_explained_is_a_warning),
        cmocka_unit_test(DSP_027_signed_after_the_service),
        cmocka_unit_test(DSP_027_judged_by_the_last_one_who_finished),
        cmocka_unit_test(DSP_027_a_corrected_report_is_signed_and_approved_again),
        cmocka_unit_test(DSP_027_where_the_policy_does_not_ask),
        cmocka_unit_test(DSP_027_a_kind_without_completion_is_finished_by_the_signature),
        cmocka_unit_test(INT_031_a_second_technician_is_still_at_work),
        cmocka_unit_test(INT_031_nobody_was_there),
        cmocka_unit_test(INT_031_signed_too_early_and_again_after_the_write_off),
        cmocka_unit_test(INT_031_a_signature_that_counts_or_none_wanted),
        cmocka_unit_test(DSP_031_left_without_the_call),
        cmocka_unit_test(DSP_031_called_before_leaving),
        cmocka_unit_test(DSP_031_leaving_may_be_reported_after_the_close),
        cmocka_unit_test(DSP_026_what_the_policy_demands_of_the_report),
        cmocka_unit_test(DSP_026_a_word_the_report_cannot_answer),
        cmocka_unit_test(DSP_032_no_report_no_approval),
        cmocka_unit_test(DSP_031_closed_when_everything_is_there),
        cmocka_unit_test(DSP_031_the_signature_alone_where_nothing_more_is_demanded),
        cmocka_unit_test(DSP_030_taken_up_again_before_the_close),
        cmocka_unit_test(DSP_030_after_the_close_a_new_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
