/* dispatch_moves_test.c - what arms, moves and ends a clock beyond its row: given times, fixes from
 * afar, reassignment, waiting, late reports, the contingency task. Rules DSP-009, DSP-016…DSP-020,
 * DSP-086, INT-098. */
#include "tests/unit/dispatch_door.h"

/* ---- what a policy leaves out ---- */

static void no_clock_without_a_duration(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-MAINT", "");
    assert_int_equal(count(s, "deadline.armed"), 0);
    queue(s, "C2", "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "'order_kind':'desk'");
    assert_string_equal(clock_end(s, "C2", "job.arrival"),
                        "none"); /* nobody goes there (DSP-012) */
    assert_string_equal(clock_end(s, "C2", "job.repair"), "open");
    stage_close(s);
    s = door_open("deploy/policy/field-dispatch"); /* carryover.assign: off */
    queue(s, CALL, "2026-03-02T09:00", "SP-FD-OTHER", "");
    verdict(s, CALL, "2026-03-02T17:30", "carried 1 2026-03-02");
    assert_string_equal(clock_end(s, CALL, "carryover.assign"), "none");
    stage_close(s);
}

/* ---- given times: INT-098, DSP-018 ---- */

static void INT_098_a_time_set_before_the_due_replaces_it(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.time_agreed", "2026-03-02T16:00", "'agreed_at':'2026-03-03T10:00:00+08:00'");
    assert_due(s, CALL, "job.arrival", "2026-03-03T10:00");
    assert_string_equal(last(s, "deadline.armed", "basis"), "agreed");
    assert_string_equal(last(s, "deadline.dropped", "end"), "superseded"); /* history is kept */
    fact(s, "job.time_agreed", "2026-03-03T09:00", "'agreed_at':'2026-03-03T15:00:00+08:00'");
    assert_due(s, CALL, "job.arrival", "2026-03-03T15:00");
    assert_int_equal(count(s, "deadline.passed"), 0);
    stage_close(s);
}

static void INT_098_a_time_set_too_late_or_by_others_does_not(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.time_agreed", "2026-03-02T15:00",
         "'agreed_at':'2026-03-03T10:00:00+08:00','by_customer':'no'");
    assert_due(s, CALL, "job.arrival", "2026-03-02T16:00");
    fact(s, "job.time_agreed", "2026-03-02T16:00:01", "'agreed_at':'2026-03-03T10:00:00+08:00'");
    assert_due(s, CALL, "job.arrival", "2026-03-02T16:00");
    assert_int_equal(job_row(s, CALL).agreed_at, 0);
    assert_int_equal(count(s, "job.time_agreed"), 2); /* both are kept */
    stage_close(s);
    s = door_open("deploy/policy/it-project"); /* agreed_time_overrides: no */
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-SYS", "");
    fact(s, "job.time_agreed", "2026-03-02T09:30", "'agreed_at':'2026-03-03T10:00:00+08:00'");
    assert_due(s, CALL, "job.arrival", "2026-03-02T11:00");
    stage_close(s);
}

static void DSP_018_no_arrival_clock_until_the_customer_set_a_time(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/general");
    queue(s, CALL, "2026-03-02T09:00", "SP-GEN-24H", "");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "none");
    fact(s, "job.time_agreed", "2026-03-02T10:00",
         "'agreed_at':'2026-03-03T10:00:00+08:00','by_customer':'no'");
    assert_string_equal(clock_end(s, CALL, "job.agree_time"), "open");
    fact(s, "job.time_agreed", "2026-03-02T10:30", "'agreed_at':'2026-03-03T10:00:00+08:00'");
    assert_string_equal(clock_end(s, CALL, "job.agree_time"), "stopped");
    assert_due(s, CALL, "job.arrival", "2026-03-03T10:00");
    stage_close(s);
}

static void DSP_018_a_time_given_in_the_reply_before_the_call_was_queued(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/general");
    fact(s, "call.replied", "2026-03-02T09:00", "'agreed_at':'2026-03-03T10:00:00+08:00'");
    fact(s, "call.charge_explained", "2026-03-02T09:00", "");
    queue(s, CALL, "2026-03-02T09:30", "SP-GEN-24H", "");
    assert_string_equal(clock_end(s, CALL, "job.agree_time"), "none");
    assert_due(s, CALL, "job.arrival", "2026-03-03T10:00");
    assert_true(job_row(s, CALL).charge_explained);
    stage_close(s);
}

/* ---- DSP-019 ---- */

static void DSP_019_a_fix_from_afar_stops_the_clocks(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-SYS", "");
    queue(s, "C2", "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    verdict(s, "C2", "2026-03-02T09:00", "carried 1 2026-03-01");
    const char *both = "'remote':'yes','user_confirms':'yes'";
    fact(s, "job.restored", "2026-03-02T10:59", both);
    tell(s, "C2", "job.restored", "2026-03-02T10:59", both);
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "stopped");
    assert_string_equal(clock_end(s, CALL, "job.restore"), "stopped");
    assert_string_equal(clock_end(s, CALL, "job.contingency"), "stopped");
    assert_string_equal(clock_end(s, "C2", "job.repair"), "stopped");
    assert_string_equal(clock_end(s, "C2", "carryover.assign"), "late");
    fact(s, "job.completed", "2026-03-02T11:10", ""); /* nobody had to be sent */
    assert_string_equal(state_of(s, CALL), "completed");
    stage_close(s);
}

static void DSP_019_what_is_not_a_fix_from_afar(void **unused)
{
    (void)unused;
    const char *const words[] = {"'remote':'yes'", "'user_confirms':'yes'",
                                 "'remote':'yes','user_confirms':'no'"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct stage *s = door_open("deploy/policy/it-project");
        queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-SYS", "");
        fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
        fact(s, "job.restored", "2026-03-02T09:30", words[i]);
        assert_string_equal(clock_end(s, CALL, "job.arrival"), "open");
        assert_string_equal(clock_end(s, CALL, "job.restore"), "stopped");
        refused(s, "job.completed", "2026-03-02T09:40", "", "DSP-028", "not_arrived");
        stage_close(s);
    }
    struct stage *s = door_open("deploy/policy/it-project"); /* somebody was there before */
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T09:20", "");
    fact(s, "job.restored", "2026-03-02T09:30", "'remote':'yes','user_confirms':'yes'");
    assert_string_equal(clock_end(s, CALL, "job.repair"), "open");
    stage_close(s);
    s = door_open_changed("it-project", "it-project/policy.yaml",
                          "s/^keys:/&\\n  remote_fix_stops: no/");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-SYS", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.restored", "2026-03-02T09:30", "'remote':'yes','user_confirms':'yes'");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "open");
    stage_close(s);
}

static void DSP_019_the_last_arrival_where_the_policy_wants_everybody(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("appliance", "appliance/policy.yaml",
                                        "s/^keys:/&\\n  first_arrival_stops: no/");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-02T09:05",
         "'party':[{'person':'T1'},{'person':'T2'},{'person':'T3'}],'lead':'T1'");
    fact(s, "job.recalled", "2026-03-02T09:30", "'technician':'T3'");
    fact(s, "job.arrived", "2026-03-02T15:00", "'technician':'T1'");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "open");
    fact(s, "job.arrived", "2026-03-02T16:30", "'technician':'T2'");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "late");
    assert_true(clock_row(s, CALL, "job.arrival").done == instant("2026-03-02T16:30"));
    stage_close(s);
}

static void DSP_019_a_reassigned_job_keeps_its_clock(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.reassigned", "2026-03-02T14:00", "'from':'T1','to':'T2'");
    assert_due(s, CALL, "job.arrival", "2026-03-02T16:00");
    assert_int_equal(count(s, "deadline.armed"), 1);
    fact(s, "job.arrived", "2026-03-02T16:30", "");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "late");
    stage_close(s);
}

/* ---- waiting ---- */

#define PAUSE_STOPS "s/clock: \\(elapsed\\|working\\).*/&\\n    pause_stops_clock: yes/"

static void a_pause_moves_no_clock_by_default(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    fact(s, "job.paused", "2026-03-02T09:30", "'reason':'no key'");
    fact(s, "job.paused", "2026-03-02T09:40", "'reason':'still none'"); /* since the first time */
    fact(s, "job.resumed", "2026-03-02T10:00", "");
    assert_due(s, CALL, "job.arrival", "2026-03-02T11:00");
    assert_int_equal(job_row(s, CALL).paused_ms, 30 * MINUTE_MS);
    refused(s, "job.resumed", "2026-03-02T10:01", "", "DSP-019", "not_paused");
    fact(s, "job.paused", "2026-03-02T10:10", "'reason':'no key'");
    refused(s, "job.resumed", "2026-03-02T10:05", "", "DSP-019", "before_pause");
    stage_close(s);
}

static void pause_stops_clock_moves_every_open_one(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("it-project", "it-project/services.yaml", PAUSE_STOPS);
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.paused", "2026-03-02T10:30", "'reason':'no key'");
    fact(s, "job.resumed", "2026-03-02T12:45", "");
    assert_due(s, CALL, "job.repair", "2026-03-02T15:15");
    assert_due(s, CALL, "job.arrival", "2026-03-02T11:00"); /* was stopped before */
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "stopped");
    assert_int_equal(clock_count(s, "deadline.armed", "job.repair"), 2);
    stage_close(s);
}

static void PRT_046_a_job_goes_on_when_its_parts_are_there(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("it-project", "it-project/services.yaml", PAUSE_STOPS);
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.paused", "2026-03-02T10:30", "'reason':'a part','part_request':'R1'");
    tell(s, CALL, "part.arrived", "2026-03-02T11:00", "'request_no':'R2'");
    assert_int_equal(count(s, "job.resumed"), 0);
    tell(s, CALL, "part.arrived", "2026-03-02T12:45", "'request_no':'R1'");
    assert_int_equal(count(s, "job.resumed"), 1);
    assert_due(s, CALL, "job.repair", "2026-03-02T15:15");
    fact(s, "job.paused", "2026-03-02T13:00", "'reason':'no key'"); /* for something else */
    tell(s, CALL, "part.arrived", "2026-03-02T13:10", "");
    assert_int_equal(count(s, "job.resumed"), 1);
    stage_close(s);
}

static void no_clock_passes_while_it_stands_still(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("it-project", "it-project/services.yaml", PAUSE_STOPS);
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    fact(s, "job.paused", "2026-03-02T10:30", "'reason':'no key'");
    stage_until(s, "2026-03-02T23:00:00+08:00"); /* due 11:00, and 4 h for the repair */
    assert_int_equal(clock_count(s, "deadline.passed", "job.arrival"), 0);
    fact(s, "job.resumed", "2026-03-02T23:30", "");
    assert_due(s, CALL, "job.arrival", "2026-03-03T00:00");
    stage_until(s, "2026-03-03T00:00:00.001+08:00");
    assert_int_equal(clock_count(s, "deadline.passed", "job.arrival"), 1);
    stage_close(s);
}

static void a_clock_that_stands_still_can_be_stopped(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("it-project", "it-project/services.yaml", PAUSE_STOPS);
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.paused", "2026-03-02T10:30", "'reason':'no key'");
    fact(s, "job.arrived", "2026-03-02T10:50", "");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "stopped");
    stage_close(s);
}

static void a_pause_saves_nothing_that_was_late_and_moves_no_given_time(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("it-project", "it-project/services.yaml", PAUSE_STOPS);
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    queue(s, "C2", "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    tell(s, "C2", "job.time_agreed", "2026-03-02T09:10", "'agreed_at':'2026-03-02T16:00:00+08:00'");
    fact(s, "job.paused", "2026-03-02T11:30", "'reason':'no key'");
    tell(s, "C2", "job.paused", "2026-03-02T11:30", "'reason':'no key'");
    fact(s, "job.resumed", "2026-03-02T12:00", "");
    tell(s, "C2", "job.resumed", "2026-03-02T12:00", "");
    assert_due(s, CALL, "job.arrival", "2026-03-02T11:00");
    assert_due(s, "C2", "job.arrival", "2026-03-02T16:00");
    assert_due(s, CALL, "job.repair", "2026-03-02T13:30");
    stage_close(s);
}

/* ---- repair and restore ---- */

static void DSP_016_repair_from_arrival(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed("it-project", "it-project/services.yaml",
                                        "s/repair_from: received/repair_from: arrival/");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    assert_string_equal(clock_end(s, CALL, "job.repair"), "none");
    fact(s, "job.assigned", "2026-03-02T09:05",
         "'party':[{'person':'T1'},{'person':'T2'}],'lead':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:30", "'technician':'T1'");
    assert_due(s, CALL, "job.repair", "2026-03-02T14:30");
    fact(s, "job.arrived", "2026-03-02T10:00", "'technician':'T2'"); /* was there before him */
    assert_due(s, CALL, "job.repair", "2026-03-02T14:00");
    fact(s, "job.repaired", "2026-03-02T14:00", "");
    assert_string_equal(clock_end(s, CALL, "job.repair"), "stopped");
    fact(s, "job.arrived", "2026-03-02T09:50", "'technician':'T2'"); /* changes nothing any more */
    assert_string_equal(clock_end(s, CALL, "job.repair"), "stopped");
    stage_close(s);
}

static void a_clock_that_began_while_the_job_waited_moves_from_its_beginning(void **unused)
{
    (void)unused;
    struct stage *s =
        door_open_changed("it-project", "it-project/services.yaml",
                          "s/repair_from: received/repair_from: arrival/;" PAUSE_STOPS);
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-WARR-EQUIP", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.paused", "2026-03-02T09:30", "'reason':'no key'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.resumed", "2026-03-02T10:20", "");
    assert_due(s, CALL, "job.repair", "2026-03-02T14:20");
    stage_close(s);
}

static void DSP_016_restored_when_arrived(void **unused)
{
    (void)unused;
    struct stage *s = door_open_changed(
        "it-project", "it-project/services.yaml",
        "/SP-IT-TRIAL/,/escalation/ s/arrival_min: 120.*/&\\n    restore_at_arrival: yes/");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    assert_due(s, CALL, "job.restore", "2026-03-02T11:00");
    stage_close(s);
    s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    assert_string_equal(clock_end(s, CALL, "job.restore"), "none");
    stage_close(s);
}

/* ---- DSP-020 ---- */

static void DSP_020_the_passing_opens_the_contingency_task(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    queue(s, "C2", "2026-03-02T09:00", "SP-IT-TRIAL", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    until(s, "2026-03-02T13:00");
    assert_string_equal(state_of(s, CALL), "on_site");
    until(s, "2026-03-02T13:00:01");
    assert_string_equal(state_of(s, CALL), "contingency");
    assert_string_equal(state_of(s, "C2"), "pending"); /* its assignment is still owed */
    assert_due(s, CALL, "contingency.activate", "2026-03-02T13:30");
    assert_due(s, "C2", "contingency.activate", "2026-03-02T13:30");
    fact(s, "job.contingency_activated", "2026-03-02T13:20", "'plan':'spare system'");
    assert_string_equal(state_of(s, CALL), "working");
    assert_string_equal(clock_end(s, CALL, "contingency.activate"), "stopped");
    assert_string_equal(clock_end(s, CALL, "job.contingency"), "open"); /* it does not run yet */
    stage_close(s);
}

static void DSP_020_no_plan_in_time_goes_to_level_2_at_once(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    until(s, "2026-03-02T13:30:01");
    assert_string_equal(last(s, "deadline.passed", "name"), "contingency.activate");
    assert_string_equal(last(s, "deadline.passed", "level"), "2");
    stage_close(s);
}

static void DSP_086_told_late_that_it_ran_in_time(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    until(s, "2026-03-02T13:10");
    fact(s, "job.restored", "2026-03-02T12:50", "");
    assert_string_equal(clock_end(s, CALL, "job.contingency"), "stopped");
    assert_int_equal(clock_count(s, "deadline.withdrawn", "job.contingency"), 1);
    assert_string_equal(clock_end(s, CALL, "contingency.activate"), "stopped");
    assert_string_equal(state_of(s, CALL), "working");
    stage_close(s);
}

/* A job that closed of itself at 11:20; when its system ran again nobody has said. */
static struct stage *closed_trial(void)
{
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T09:20", "");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    fact(s, "job.signed", "2026-03-02T11:05", "");
    fact(s, "job.leave_reported", "2026-03-02T11:10", "");
    fact(s, "evidence.completed", "2026-03-02T11:15", "'cause':'a','solution':'b'");
    fact(s, "evidence.approved", "2026-03-02T11:20", "");
    assert_string_equal(state_of(s, CALL), "closed");
    return s;
}

static void DSP_086_a_repair_reported_after_the_close(void **unused)
{
    (void)unused;
    struct stage *s = closed_trial();
    until(s, "2026-03-02T13:00:01");
    assert_int_equal(clock_count(s, "deadline.passed", "job.contingency"), 1);
    fact(s, "job.repaired", "2026-03-02T10:50", "");
    assert_int_equal(count(s, "refused.fact"), 0);
    assert_string_equal(state_of(s, CALL), "closed");
    assert_string_equal(clock_end(s, CALL, "job.contingency"), "stopped");
    assert_int_equal(clock_count(s, "deadline.withdrawn", "job.contingency"), 1);
    assert_true(job_row(s, CALL).repaired_at == instant("2026-03-02T10:50"));
    fact(s, "job.restored", "2026-03-02T10:40", "");
    assert_true(job_row(s, CALL).restored_at == instant("2026-03-02T10:40"));
    stage_close(s);
}

static void DSP_020_finished_work_needs_no_plan(void **unused)
{
    (void)unused;
    struct stage *s = closed_trial();
    queue(s, "C2", "2026-03-02T11:30", "SP-IT-TRIAL", "");
    tell(s, "C2", "job.assigned", "2026-03-02T11:31", "'technician':'T1'");
    tell(s, "C2", "job.arrived", "2026-03-02T11:40", "");
    tell(s, "C2", "job.completed", "2026-03-02T12:00", "");
    until(s, "2026-03-02T16:10");
    assert_string_equal(clock_end(s, CALL, "contingency.activate"), "none");
    assert_string_equal(clock_end(s, "C2", "contingency.activate"), "none");
    stage_close(s);
}

static void DSP_020_a_plan_told_after_the_work_is_finished(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    until(s, "2026-03-02T13:31");
    fact(s, "job.completed", "2026-03-02T13:40", "");
    fact(s, "job.contingency_activated", "2026-03-02T13:20", "'plan':'spare system'");
    assert_string_equal(clock_end(s, CALL, "contingency.activate"), "stopped");
    assert_int_equal(clock_count(s, "deadline.withdrawn", "contingency.activate"), 1);
    assert_string_equal(state_of(s, CALL), "completed");
    stage_close(s);
}

static void DSP_012_an_installation_reported_after_the_close(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN",
          "'order_kind':'install','due_day':'2026-03-02'");
    fact(s, "job.assigned", "2026-03-02T09:05", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    fact(s, "job.signed", "2026-03-02T11:05", "");
    assert_string_equal(state_of(s, CALL), "closed");
    until(s, "2026-03-03T08:00");
    fact(s, "job.install_done", "2026-03-02T10:50", "");
    assert_string_equal(clock_end(s, CALL, "job.install"), "stopped");
    assert_int_equal(clock_count(s, "deadline.withdrawn", "job.install"), 1);
    stage_close(s);
}

/* A job that closed of itself keeps its clocks until its call ends, so a late report still counts.
 */
static void DSP_086_an_arrival_reported_after_the_close(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-02T09:05",
         "'party':[{'person':'T1'},{'person':'T2'}],'lead':'T1'");
    fact(s, "job.arrived", "2026-03-02T16:20", "'technician':'T1'");
    fact(s, "job.completed", "2026-03-02T17:00", "");
    fact(s, "job.signed", "2026-03-02T17:05", "");
    assert_string_equal(state_of(s, CALL), "closed");
    fact(s, "job.arrived", "2026-03-02T15:40", "'technician':'T2'");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "stopped");
    assert_int_equal(count(s, "deadline.withdrawn"), 1);
    assert_true(job_row(s, CALL).arrived_at == instant("2026-03-02T15:40"));
    stage_close(s);
}

/* ---- DSP-009 ---- */

static void DSP_009_carried_over_again_runs_on(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    verdict(s, CALL, "2026-03-02T17:30", "carried 1 2026-03-02");
    verdict(s, CALL, "2026-03-03T17:30", "carried 2 2026-03-03");
    verdict(s, CALL, "2026-03-04T17:30", "carried 3 2026-03-04");
    assert_due(s, CALL, "carryover.assign", "2026-03-03T09:30");
    assert_int_equal(job_row(s, CALL).carried_over, 3);
    assert_int_equal(clock_count(s, "deadline.armed", "carryover.assign"), 1);
    assert_int_equal(clock_count(s, "deadline.dropped", "carryover.assign"), 0);
    assert_int_equal(clock_count(s, "deadline.passed", "carryover.assign"), 3);
    assert_string_equal(last(s, "deadline.passed", "level"), "3");
    fact(s, "job.assigned", "2026-03-05T08:40", "'technician':'T1'");
    verdict(s, CALL, "2026-03-05T17:30", "carried 4 2026-03-05"); /* no longer waits */
    assert_int_equal(job_row(s, CALL).carried_over, 3);
    assert_string_equal(clock_end(s, CALL, "carryover.assign"), "late");
    stage_close(s);
}

static void DSP_009_waiting_again_has_a_new_morning(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    verdict(s, CALL, "2026-03-02T17:30", "carried 1 2026-03-02");
    fact(s, "job.assigned", "2026-03-03T09:00", "'technician':'T1'");
    fact(s, "job.recalled", "2026-03-03T15:00", "'technician':'T1'");
    verdict(s, CALL, "2026-03-03T17:30", "carried 2 2026-03-03");
    assert_due(s, CALL, "carryover.assign", "2026-03-04T09:30");
    assert_string_equal(clock_end(s, CALL, "carryover.assign"), "open");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_clock_without_a_duration),
        cmocka_unit_test(INT_098_a_time_set_before_the_due_replaces_it),
        cmocka_unit_test(INT_098_a_time_set_too_late_or_by_others_does_not),
        cmocka_unit_test(DSP_018_no_arrival_clock_until_the_customer_set_a_time),
        cmocka_unit_test(DSP_018_a_time_given_in_the_reply_before_the_call_was_queued),
        cmocka_unit_test(DSP_019_a_fix_from_afar_stops_the_clocks),
        cmocka_unit_test(DSP_019_what_is_not_a_fix_from_afar),
        cmocka_unit_test(DSP_019_the_last_arrival_where_the_policy_wants_everybody),
        cmocka_unit_test(DSP_019_a_reassigned_job_keeps_its_clock),
        cmocka_unit_test(a_pause_moves_no_clock_by_default),
        cmocka_unit_test(pause_stops_clock_moves_every_open_one),
        cmocka_unit_test(PRT_046_a_job_goes_on_when_its_parts_are_there),
        cmocka_unit_test(no_clock_passes_while_it_stands_still),
        cmocka_unit_test(a_clock_that_stands_still_can_be_stopped),
        cmocka_unit_test(a_pause_saves_nothing_that_was_late_and_moves_no_given_time),
        cmocka_unit_test(DSP_016_repair_from_arrival),
        cmocka_unit_test(a_clock_that_began_while_the_job_waited_moves_from_its_beginning),
        cmocka_unit_test(DSP_016_restored_when_arrived),
        cmocka_unit_test(DSP_020_the_passing_opens_the_contingency_task),
        cmocka_unit_test(DSP_020_no_plan_in_time_goes_to_level_2_at_once),
        cmocka_unit_test(DSP_086_told_late_that_it_ran_in_time),
        cmocka_unit_test(DSP_086_an_arrival_reported_after_the_close),
        cmocka_unit_test(DSP_086_a_repair_reported_after_the_close),
        cmocka_unit_test(DSP_020_finished_work_needs_no_plan),
        cmocka_unit_test(DSP_020_a_plan_told_after_the_work_is_finished),
        cmocka_unit_test(DSP_012_an_installation_reported_after_the_close),
        cmocka_unit_test(DSP_009_carried_over_again_runs_on),
        cmocka_unit_test(DSP_009_waiting_again_has_a_new_morning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
