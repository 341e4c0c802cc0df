/* dispatch_people_test.c - who does a job: parties, qualification, complaints, priority, legs,
 * hand-over. Rules DSP-002, DSP-004, DSP-006…DSP-009, DSP-011, DSP-015, DSP-019, DSP-028. */
#include "tests/unit/dispatch_door.h"

static struct stage *job_at(const char *dir, const char *policy, const char *more)
{
    struct stage *s = door_open(dir);
    queue(s, CALL, "2026-03-02T09:00", policy, more);
    return s;
}

static struct stage *plain_job(void)
{
    return job_at("deploy/policy/appliance", "SP-APPL-URBAN", "");
}

static uint64_t busy(struct stage *s, const char *technician)
{
    struct rec_row_technician row;
    struct key k = key_of(str_of(technician));
    row_read(s, dispatch_tables[DISPATCH_TECHNICIAN].id, &k, shape_row_technician(), &row);
    return row.legs_open;
}

#define PAIR "'party':[{'person':'T1'},{'person':'T2'}]"

/* ---- DSP-004 ---- */

static void DSP_004_two_people_need_one_in_charge(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    refused(s, "job.assigned", "2026-03-02T09:05", PAIR, "DSP-004", "lead_missing");
    refused(s, "job.assigned", "2026-03-02T09:05", PAIR ",'lead':'T3'", "DSP-004", "lead_not_sent");
    refused(s, "job.assigned", "2026-03-02T09:05", "'technician':'T3'," PAIR, "DSP-004",
            "lead_missing");
    refused(s, "job.assigned", "2026-03-02T09:05", "", "DSP-001", "technician_missing");
    fact(s, "job.assigned", "2026-03-02T09:06", PAIR ",'lead':'T2'");
    assert_true(str_is(job_row(s, CALL).lead, "T2"));
    assert_int_equal(job_row(s, CALL).legs_open, 2);
    stage_close(s);
}

static void DSP_004_the_first_one_sent_is_in_charge_until_another_is_named(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T2'");
    assert_true(str_is(job_row(s, CALL).lead, "T1"));
    fact(s, "job.assigned", "2026-03-02T09:15",
         "'technician':'T3','lead':'T2'"); /* on it already */
    assert_true(str_is(job_row(s, CALL).lead, "T2"));
    fact(s, "job.reassigned", "2026-03-02T09:20", "'from':'T2','to':'T4'");
    assert_true(str_is(job_row(s, CALL).lead, "T4"));
    stage_close(s);
}

/* ---- DSP-006 ---- */

static void DSP_006_a_task_order_policy_needs_its_number(void **unused)
{
    (void)unused;
    struct stage *s = job_at("deploy/policy/general", "SP-TASK-2017", "");
    refused(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'", "DSP-006",
            "task_order_missing");
    fact(s, "job.assigned", "2026-03-02T09:06", "'technician':'T1','task_order_no':'R7'");
    assert_true(str_is(job_row(s, CALL).task_order_no, "R7"));
    fact(s, "job.assigned", "2026-03-02T09:07", "'technician':'T2'"); /* known by now */
    assert_int_equal(count(s, "refused.fact"), 1);
    stage_close(s);
}

/* ---- DSP-007 ---- */

static void DSP_007_without_certificate_is_a_warning(void **unused)
{
    (void)unused;
    static const struct {
        const char *who, *missing;
    } people[] = {{"T9", "certificate expired"},
                  {"nobody", "not registered"},
                  {"L1", "has left the company"},
                  {"N1", "no certificate"}};
    struct stage *s = plain_job();
    (void)stage_tell(s, "person.upserted", MASTER_TIME,
                     "{'person':'L1','unit':'U1','role':'technician','certified_to':'2026-12-31',"
                     "'left':true}");
    (void)stage_tell(s, "person.upserted", MASTER_TIME,
                     "{'person':'N1','unit':'U1','role':'technician'}");
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        char more[60];
        snprintf(more, sizeof more, "'technician':'%s'", people[i].who);
        fact(s, "job.assigned", "2026-03-02T09:05", more);
        assert_int_equal(count(s, "assignment.unqualified"), i + 1);
        assert_string_equal(last(s, "assignment.unqualified", "reason"), people[i].missing);
        assert_string_equal(last(s, "assignment.unqualified", "technician"), people[i].who);
    }
    fact(s, "job.assigned", "2026-03-02T09:06", "'technician':'T1'");
    assert_int_equal(count(s, "assignment.unqualified"), COUNT_OF(people));
    assert_int_equal(job_row(s, CALL).legs_open, 5);
    stage_close(s);
}

static void DSP_007_the_last_day_of_the_certificate_counts(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-01-31T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-01-31T23:59:59", "'technician':'T9'");
    assert_int_equal(count(s, "assignment.unqualified"), 0);
    queue(s, "C2", "2026-02-01T00:00", "SP-APPL-URBAN", "");
    tell(s, "C2", "job.assigned", "2026-02-01T00:00", "'technician':'T9'");
    assert_int_equal(count(s, "assignment.unqualified"), 1);
    stage_close(s);
}

static void DSP_007_refused_where_the_policy_says_so(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("appliance", "appliance/policy.yaml",
                                        "s/^keys:/&\\n  unqualified_mode: refuse/");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    refused(s, "job.assigned", "2026-03-02T09:05", "'technician':'T9'", "DSP-007", "unqualified");
    refused(s, "job.reassigned", "2026-03-02T09:05", "'to':'T9'", "DSP-007", "unqualified");
    fact(s, "job.assigned", "2026-03-02T09:06", "'technician':'T1'");
    assert_string_equal(state_of(s, CALL), "assigned");
    stage_close(s);
}

/* ---- DSP-008 ---- */

static void DSP_008_a_complaining_customer_gets_the_supervisor(void **unused)
{
    (void)unused;
    struct stage *s = job_at("deploy/policy/appliance", "SP-APPL-URBAN", "'from_complaint':'yes'");
    refused(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'", "DSP-008",
            "supervisor_needed");
    refused(s, "job.reassigned", "2026-03-02T09:05", "'to':'T1'", "DSP-008", "supervisor_needed");
    fact(s, "job.assigned", "2026-03-02T09:06", "'technician':'S1'");
    fact(s, "job.assigned", "2026-03-02T09:07", "'technician':'T1','delegated_by':'S1'");
    fact(s, "job.assigned", "2026-03-02T09:08",
         "'party':[{'person':'T2'},{'person':'S1'}],'lead':'S1'");
    assert_int_equal(job_row(s, CALL).legs_open, 3);
    stage_close(s);
}

static void DSP_008_dissatisfaction_told_before_or_after_the_queue(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    fact(s, "customer.dissatisfied", "2026-03-02T08:50", "'text':'again!'");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    queue(s, "C2", "2026-03-02T09:00", "SP-APPL-URBAN", "");
    refused(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'", "DSP-008",
            "supervisor_needed");
    tell(s, "C2", "customer.dissatisfied", "2026-03-02T09:06", "");
    tell(s, "C2", "job.assigned", "2026-03-02T09:07", "'technician':'T1'");
    assert_int_equal(count(s, "refused.fact"), 2);
    assert_int_equal(stage_count(s, OWNER_dispatch, "customer.dissatisfied"), 0);
    stage_close(s);
}

static void DSP_008_a_complaint_told_before_or_after_the_queue(void **unused)
{
    (void)unused;
    static const struct {
        const char *type, *more;
    } rows[] = {
        {"complaint.received", "'case_no':'K1','kind':'goods','customer':'L','product':'P'"},
        {"service_complaint.received",
         "'case_no':'K1','channel':'call','customer':'L','text':'nobody came'"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = door_open("deploy/policy/appliance");
        fact(s, rows[i].type, "2026-03-02T08:50", rows[i].more);
        queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
        queue(s, "C2", "2026-03-02T09:00", "SP-APPL-URBAN", "");
        refused(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'", "DSP-008",
                "supervisor_needed");
        tell(s, "C2", rows[i].type, "2026-03-02T09:06", rows[i].more);
        tell(s, "C2", "job.assigned", "2026-03-02T09:07", "'technician':'T1'");
        assert_int_equal(count(s, "refused.fact"), 2);
        assert_int_equal(stage_count(s, OWNER_dispatch, rows[i].type), 0);
        stage_close(s);
    }
}

/* It takes a supervisor to send somebody else, whichever fact names him. */
static void DSP_008_only_a_supervisor_delegates(void **unused)
{
    (void)unused;
    static const struct {
        const char *type, *more, *field;
    } rows[] = {
        {"job.assigned", "'technician':'T1','delegated_by':'T1'", "delegated_by"},
        {"job.assigned", "'technician':'T1','delegated_by':'nobody'", "delegated_by"},
        {"job.reassigned", "'to':'T1','by':'T2'", "by"},
    };
    struct stage *s = job_at("deploy/policy/appliance", "SP-APPL-URBAN", "'from_complaint':'yes'");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        refused(s, rows[i].type, "2026-03-02T09:05", rows[i].more, "DSP-008", "supervisor_needed");
        assert_string_equal(last(s, "refused.fact", "field"), rows[i].field);
    }
    fact(s, "job.reassigned", "2026-03-02T09:06", "'to':'S1','by':'T2'"); /* he goes himself */
    fact(s, "job.reassigned", "2026-03-02T09:07", "'to':'T1','by':'S1'");
    assert_string_equal(state_of(s, CALL), "assigned");
    assert_int_equal(count(s, "refused.fact"), COUNT_OF(rows));
    stage_close(s);
}

/* ---- DSP-009 ---- */

static void DSP_009_a_newer_call_before_a_carried_over_one(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, "old", "2026-03-02T16:00", "SP-APPL-URBAN", "");
    queue(s, "older", "2026-03-02T15:00", "SP-APPL-URBAN", "");
    queue(s, "new", "2026-03-03T08:40", "SP-APPL-URBAN", "");
    tell(s, "new", "job.assigned", "2026-03-03T08:41",
         "'technician':'T1'"); /* nothing carried over */
    assert_int_equal(count(s, "dispatch.priority_skipped"), 0);
    verdict(s, "old", "2026-03-03T17:30", "carried 1 2026-03-02");
    verdict(s, "older", "2026-03-03T17:30", "carried 1 2026-03-02");
    queue(s, CALL, "2026-03-04T08:40", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-04T08:41", "'technician':'T2'");
    assert_int_equal(count(s, "dispatch.priority_skipped"), 1);
    assert_string_equal(last(s, "dispatch.priority_skipped", "call_no"), CALL);
    assert_string_equal(last(s, "dispatch.priority_skipped", "waiting"), "older");
    fact(s, "job.assigned", "2026-03-04T08:42", "'technician':'T3'"); /* reinforcement: not again */
    tell(s, "older", "job.assigned", "2026-03-04T08:43",
         "'technician':'T4'"); /* first of the queue */
    assert_int_equal(count(s, "dispatch.priority_skipped"), 1);
    stage_close(s);
}

static void DSP_009_whom_the_carried_over_call_could_not_have_had(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, "old", "2026-03-02T16:00", "SP-APPL-URBAN", "");
    queue(s, "C3", "2026-03-02T16:30", "SP-APPL-URBAN", "");
    tell(s, "C3", "job.assigned", "2026-03-02T16:31", "'technician':'T1'");
    verdict(s, "old", "2026-03-02T17:30", "carried 1 2026-03-02");
    queue(s, CALL, "2026-03-03T08:40", "SP-APPL-URBAN", "");
    queue(s, "C2", "2026-03-03T08:40", "SP-APPL-URBAN", "'unit':'U2'");
    fact(s, "job.assigned", "2026-03-03T08:41", "'technician':'T1'"); /* not free */
    queue(s, "C4", "2026-03-03T08:42", "SP-APPL-URBAN", "");
    tell(s, "C4", "job.assigned", "2026-03-03T08:43", "'technician':'T9'"); /* not qualified */
    tell(s, "C2", "job.assigned", "2026-03-03T08:44",
         "'technician':'T2'"); /* another unit's queue */
    assert_int_equal(count(s, "dispatch.priority_skipped"), 0);
    stage_close(s);
}

/* ---- legs ---- */

static void DSP_002_the_only_one_needs_no_name_several_do(void **unused)
{
    (void)unused;
    static const char *const types[] = {"job.accepted", "job.departed", "job.arrived"};
    struct stage *s = plain_job();
    fact(s, "job.assigned", "2026-03-02T09:05", PAIR ",'lead':'T1'");
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        size_t n = count(s, types[i]);
        fact(s, types[i], "2026-03-02T09:10", "");
        assert_int_equal(count(s, types[i]), n);
        assert_string_equal(last(s, "refused.fact", "code"), "technician_missing");
        assert_non_null(strstr(last(s, "refused.fact", "text"), "T1, T2"));
    }
    fact(s, "job.recalled", "2026-03-02T09:15", "'technician':'T2'");
    fact(s, "job.departed", "2026-03-02T09:20", ""); /* one is left */
    assert_true(leg_row(s, CALL, "T1").departed_at == instant("2026-03-02T09:20"));
    stage_close(s);
}

static void DSP_002_of_several_who_have_finished_one_must_be_named(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    fact(s, "job.assigned", "2026-03-02T09:05", PAIR ",'lead':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "'technician':'T1'");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    refused(s, "job.departed", "2026-03-02T09:10", "", "DSP-002", "technician_missing");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "T1, T2"));
    fact(s, "job.departed", "2026-03-02T09:10", "'technician':'T2'");
    assert_true(leg_row(s, CALL, "T2").departed_at == instant("2026-03-02T09:10"));
    stage_close(s);
}

static void a_job_has_room_for_255_people(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    char more[40];
    for (unsigned i = 1; i <= 256; i++) {
        snprintf(more, sizeof more, "'technician':'P%u'", i);
        fact(s, "job.assigned", "2026-03-02T09:05", more);
    }
    assert_int_equal(count(s, "job.assigned"), 255);
    assert_string_equal(last(s, "refused.fact", "code"), "too_many");
    fact(s, "job.arrived", "2026-03-02T10:00", "'technician':'P7'");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    assert_int_equal(job_row(s, CALL).legs_done, 255);
    assert_string_equal(state_of(s, CALL), "completed");
    stage_close(s);
}

static void DSP_015_whoever_was_not_sent_cannot_report(void **unused)
{
    (void)unused;
    static const char *const types[] = {"job.departed", "job.arrived", "job.recalled"};
    struct stage *s = plain_job();
    refused(s, "job.departed", "2026-03-02T09:04", "", "DSP-002", "not_assigned");
    refused(s, "job.arrived", "2026-03-02T09:04", "'technician':'T1'", "DSP-015", "not_assigned");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        fact(s, types[i], "2026-03-02T09:10", "'technician':'T2'");
        assert_string_equal(last(s, "refused.fact", "code"), "not_assigned");
    }
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    refused(s, "job.completed", "2026-03-02T10:30", "'technician':'T2'", "DSP-028", "not_assigned");
    assert_int_equal(count(s, "refused.fact"), 6);
    stage_close(s);
}

static void DSP_015_nobody_arrives_before_the_call(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T13:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-02T13:30", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-03T16:00", "");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "late");
    refused(s, "job.arrived", "2026-03-02T12:59:59", "", "DSP-015", "before_call");
    refused(s, "job.departed", "2026-03-01T14:00", "", "DSP-002", "before_call");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "2026-03-02T13:00:00+08:00"));
    assert_int_equal(count(s, "deadline.withdrawn"), 0);
    fact(s, "job.arrived", "2026-03-02T13:00", ""); /* he happened to be there */
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "stopped");
    stage_close(s);
}

static void DSP_086_reports_out_of_order_are_kept_as_they_are(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.diagnosed", "2026-03-02T11:30", "'class':'ordinary'");
    fact(s, "job.arrived", "2026-03-02T11:00", "");
    fact(s, "job.completed", "2026-03-02T12:00", "");
    fact(s, "job.departed", "2026-03-02T10:00", "");
    fact(s, "job.accepted", "2026-03-02T09:30", "");
    fact(s, "job.arrived", "2026-03-02T11:10", ""); /* said twice: the earlier one counts */
    struct rec_row_leg l = leg_row(s, CALL, "T1");
    assert_true(l.accepted_at == instant("2026-03-02T09:30"));
    assert_true(l.departed_at == instant("2026-03-02T10:00"));
    assert_true(l.arrived_at == instant("2026-03-02T11:00"));
    assert_true(l.completed_at == instant("2026-03-02T12:00"));
    assert_string_equal(state_of(s, CALL), "completed");
    assert_int_equal(count(s, "refused.fact"), 0);
    stage_close(s);
}

static void DSP_028_finished_when_the_last_one_is(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    fact(s, "job.assigned", "2026-03-02T09:05",
         "'party':[{'person':'T1'},{'person':'T2'},{'person':'T3'}],'lead':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "'technician':'T1'");
    fact(s, "job.completed", "2026-03-02T12:00", "'technician':'T1'");
    assert_string_equal(state_of(s, CALL), "on_site");
    fact(s, "job.recalled", "2026-03-02T12:10", "'technician':'T3'");
    assert_string_equal(state_of(s, CALL), "on_site");
    refused(s, "job.completed", "2026-03-02T12:15", "'technician':'T3'", "DSP-028", "not_assigned");
    fact(s, "job.completed", "2026-03-02T11:50", "'technician':'T2'"); /* reported late */
    assert_string_equal(state_of(s, CALL), "completed");
    assert_true(job_row(s, CALL).finished_at == instant("2026-03-02T12:00"));
    refused(s, "job.completed", "2026-03-02T12:30", "'technician':'T3'", "DSP-028", "state");
    stage_close(s);
}

static void DSP_028_the_last_one_left_had_nothing_to_finish(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    fact(s, "job.assigned", "2026-03-02T09:05", PAIR ",'lead':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "'technician':'T1'");
    fact(s, "job.completed", "2026-03-02T11:00", "'technician':'T1'");
    fact(s, "job.recalled", "2026-03-02T11:30", "'technician':'T2'");
    assert_string_equal(state_of(s, CALL), "completed");
    assert_true(job_row(s, CALL).finished_at == instant("2026-03-02T11:00"));
    stage_close(s);
}

static void DSP_028_finished_by_somebody_who_was_there(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    refused(s, "job.completed", "2026-03-02T09:04", "", "DSP-028", "not_assigned");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    refused(s, "job.completed", "2026-03-02T10:00", "", "DSP-028", "not_arrived");
    fact(s, "job.departed", "2026-03-02T10:00", "");
    refused(s, "job.completed", "2026-03-02T10:30", "'technician':'T1'", "DSP-028", "not_arrived");
    refused(s, "job.unrepairable", "2026-03-02T10:30", "", "DSP-021", "not_arrived");
    refused(s, "job.repair_started", "2026-03-02T10:30", "", "DSP-085", "not_arrived");
    fact(s, "job.arrived", "2026-03-02T10:20", "");
    fact(s, "job.completed", "2026-03-02T10:30", "");
    assert_string_equal(state_of(s, CALL), "completed");
    stage_close(s);
}

static void reinforcement_takes_finished_work_up_again(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    fact(s, "job.assigned", "2026-03-02T11:10", "'technician':'T1'"); /* the same one again */
    assert_string_equal(state_of(s, CALL), "working");
    assert_int_equal(job_row(s, CALL).legs, 1);
    assert_int_equal(job_row(s, CALL).finished_at, 0);
    fact(s, "job.assigned", "2026-03-02T11:20", "'technician':'T2'");
    fact(s, "job.completed", "2026-03-02T12:00", "'technician':'T1'");
    assert_string_equal(state_of(s, CALL), "working");
    fact(s, "job.completed", "2026-03-02T12:10", "'technician':'T2'");
    assert_string_equal(state_of(s, CALL), "completed");
    stage_close(s);
}

/* ---- leaving ---- */

static void DSP_011_a_refusal_is_a_matter_of_conduct(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    fact(s, "job.assigned", "2026-03-02T09:05", PAIR ",'lead':'T1'");
    fact(s, "job.refused", "2026-03-02T09:10", "'technician':'T1','reason':'too far'");
    assert_string_equal(state_of(s, CALL), "assigned"); /* T2 is left */
    assert_string_equal(last(s, "conduct.recorded", "kind"), "refused_direction");
    assert_string_equal(last(s, "conduct.recorded", "person"), "T1");
    assert_string_equal(last(s, "conduct.recorded", "text"), "too far");
    refused(s, "job.refused", "2026-03-02T09:11", "'technician':'T1','reason':'still'", "DSP-011",
            "not_assigned");
    fact(s, "job.refused", "2026-03-02T09:12", "'reason':'me neither'");
    assert_string_equal(state_of(s, CALL), "pending");
    assert_int_equal(count(s, "conduct.recorded"), 2);
    fact(s, "job.assigned", "2026-03-02T09:20", "'technician':'T1'"); /* he may be sent again */
    assert_string_equal(state_of(s, CALL), "assigned");
    assert_int_equal(leg_row(s, CALL, "T1").ended_at, 0);
    stage_close(s);
}

static void DSP_019_reassigned_to_somebody_to_nobody_and_by_count(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    fact(s, "job.reassigned", "2026-03-02T09:01", "'count':3"); /* the reporter's own count */
    assert_string_equal(state_of(s, CALL), "pending");
    fact(s, "job.reassigned", "2026-03-02T09:02", "'to':'T1'"); /* works as assignment */
    assert_string_equal(state_of(s, CALL), "assigned");
    assert_int_equal(job_row(s, CALL).reassignments, 4);
    fact(s, "job.reassigned", "2026-03-02T09:03", "'count':2"); /* never backwards */
    assert_int_equal(job_row(s, CALL).reassignments, 5);
    assert_int_equal(job_row(s, CALL).legs_open, 1);
    fact(s, "job.assigned", "2026-03-02T09:04", "'technician':'T2'");
    fact(s, "job.reassigned", "2026-03-02T09:05", "'to':'T3'"); /* everybody gives it up */
    assert_int_equal(job_row(s, CALL).legs_open, 1);
    assert_true(str_is(leg_row(s, CALL, "T1").end, "reassigned"));
    assert_true(str_is(leg_row(s, CALL, "T2").end, "reassigned"));
    refused(s, "job.reassigned", "2026-03-02T09:06", "'from':'T1','to':'T4'", "DSP-019",
            "not_assigned");
    assert_int_equal(job_row(s, CALL).reassignments, 6); /* a refused one does not count */
    fact(s, "job.reassigned", "2026-03-02T09:07", "'from':'T3'");
    assert_string_equal(state_of(s, CALL), "pending");
    stage_close(s);
}

static void DSP_019_nobody_takes_over_what_is_signed(void **unused)
{
    (void)unused;
    struct stage *s = job_at("deploy/policy/it-project", "SP-IT-TRIAL", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    fact(s, "job.signed", "2026-03-02T11:05", "");
    refused(s, "job.reassigned", "2026-03-02T11:10", "'to':'T2'", "DSP-019", "state");
    fact(s, "job.reassigned", "2026-03-02T11:10", "'count':1");
    assert_string_equal(state_of(s, CALL), "signed");
    stage_close(s);
}

static void somebody_is_busy_while_he_is_on_a_job(void **unused)
{
    (void)unused;
    struct stage *s = plain_job();
    queue(s, "C2", "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.assigned", "2026-03-02T09:06", "'technician':'T1'"); /* told twice */
    tell(s, "C2", "job.assigned", "2026-03-02T09:07", "'technician':'T1'");
    assert_int_equal(busy(s, "T1"), 2);
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.assigned", "2026-03-02T10:01",
         "'technician':'T1'"); /* and once more: no new leg */
    assert_true(leg_row(s, CALL, "T1").arrived_at == instant("2026-03-02T10:00"));
    fact(s, "job.completed", "2026-03-02T11:00", "");
    assert_int_equal(busy(s, "T1"), 1);
    tell(s, "C2", "call.cancelled", "2026-03-02T11:10", "'reason':'sold'");
    assert_int_equal(busy(s, "T1"), 0);
    stage_close(s);
}

/* Somebody who was never on it reports after the end: noted, but finished work stays finished. */
static void DSP_028_finished_work_takes_nobody_up(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "'order_kind':'desk'");
    fact(s, "job.accepted", "2026-03-02T09:10", "'technician':'T1'");
    fact(s, "job.completed", "2026-03-02T09:20", "");
    fact(s, "job.accepted", "2026-03-02T09:30", "'technician':'T2'");
    assert_string_equal(state_of(s, CALL), "completed");
    assert_int_equal(job_row(s, CALL).legs_open, 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_028_finished_work_takes_nobody_up),
        cmocka_unit_test(DSP_004_two_people_need_one_in_charge),
        cmocka_unit_test(DSP_004_the_first_one_sent_is_in_charge_until_another_is_named),
        cmocka_unit_test(DSP_006_a_task_order_policy_needs_its_number),
        cmocka_unit_test(DSP_007_without_certificate_is_a_warning),
        cmocka_unit_test(DSP_007_the_last_day_of_the_certificate_counts),
        cmocka_unit_test(DSP_007_refused_where_the_policy_says_so),
        cmocka_unit_test(DSP_008_a_complaining_customer_gets_the_supervisor),
        cmocka_unit_test(DSP_008_dissatisfaction_told_before_or_after_the_queue),
        cmocka_unit_test(DSP_008_a_complaint_told_before_or_after_the_queue),
        cmocka_unit_test(DSP_008_only_a_supervisor_delegates),
        cmocka_unit_test(DSP_009_a_newer_call_before_a_carried_over_one),
        cmocka_unit_test(DSP_009_whom_the_carried_over_call_could_not_have_had),
        cmocka_unit_test(DSP_002_the_only_one_needs_no_name_several_do),
        cmocka_unit_test(DSP_002_of_several_who_have_finished_one_must_be_named),
        cmocka_unit_test(a_job_has_room_for_255_people),
        cmocka_unit_test(DSP_015_whoever_was_not_sent_cannot_report),
        cmocka_unit_test(DSP_015_nobody_arrives_before_the_call),
        cmocka_unit_test(DSP_086_reports_out_of_order_are_kept_as_they_are),
        cmocka_unit_test(DSP_028_finished_when_the_last_one_is),
        cmocka_unit_test(DSP_028_the_last_one_left_had_nothing_to_finish),
        cmocka_unit_test(DSP_028_finished_by_somebody_who_was_there),
        cmocka_unit_test(reinforcement_takes_finished_work_up_again),
        cmocka_unit_test(DSP_011_a_refusal_is_a_matter_of_conduct),
        cmocka_unit_test(DSP_019_reassigned_to_somebody_to_nobody_and_by_count),
        cmocka_unit_test(DSP_019_nobody_takes_over_what_is_signed),
        cmocka_unit_test(somebody_is_busy_while_he_is_on_a_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
