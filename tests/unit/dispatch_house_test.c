/* dispatch_house_test.c - dispatch behind the real door: what intake makes of a call becomes jobs
 * and clocks, and the facts of the job go through intake's log to dispatch. */
#include "services/intake/intake.h"
#include "tests/unit/dispatch_door.h"

#define ADDRESS "'customer_name':'王','address':'1 Road','phone':'1','model':'AC-1'"
#define APPLIANCE "'customer':'K1','product':'P1','product_line':'appliance',"

static struct stage *house(const char *dir)
{
    static const struct service *const services[] = {&intake_service, &dispatch_service};
    struct stage *s = stage_open(dir, services, COUNT_OF(services));
    master_tell(s);
    return s;
}

static struct stage *urban(const char *local)
{
    struct stage *s = house("deploy/policy/appliance");
    fact(s, "call.registered", local, APPLIANCE ADDRESS ",'fault':'dead','zone':'urban'");
    assert_int_equal(count(s, "job.created"), 1);
    assert_string_equal(last(s, "job.created", "policy"), "SP-APPL-URBAN");
    return s;
}

static void from_the_call_to_the_file(void **unused)
{
    (void)unused;
    struct stage *s = urban("2026-03-02T09:00");
    assert_due(s, CALL, "job.arrival", "2026-03-02T16:00");
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    fact(s, "job.departed", "2026-03-02T09:40", "");
    fact(s, "job.arrived", "2026-03-02T11:00", "");
    fact(s, "job.diagnosed", "2026-03-02T11:10", "'class':'ordinary'");
    fact(s, "job.completed", "2026-03-02T11:40", "");
    fact(s, "job.signed", "2026-03-02T11:45", "");
    assert_string_equal(state_of(s, CALL), "closed");
    fact(s, "call.written_off", "2026-03-02T14:00", "'solution':'new fuse'");
    until(s, "2026-03-10T00:00");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "stopped");
    assert_int_equal(count(s, "refused.fact"), 0);
    assert_int_equal(count(s, "deadline.passed"), 0);
    assert_int_equal(count(s, "deadline.armed"), count(s, "deadline.stopped"));
    stage_close(s);
}

/* The door sees one completion and a signature after it; that T2 is still at work only dispatch
 * knows. */
static void INT_025_DSP_027_written_off_on_a_signature_that_does_not_count(void **unused)
{
    (void)unused;
    struct stage *s = urban("2026-03-02T09:00");
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    fact(s, "job.assigned", "2026-03-02T09:31", "'technician':'T2'");
    fact(s, "job.arrived", "2026-03-02T11:00", "'technician':'T1'");
    fact(s, "job.diagnosed", "2026-03-02T11:10", "'class':'ordinary'");
    fact(s, "job.completed", "2026-03-02T11:40", "'technician':'T1'");
    refused(s, "job.signed", "2026-03-02T11:45", "", "DSP-027", "not_finished");
    fact(s, "call.written_off", "2026-03-02T14:00", "'solution':'new fuse'");
    until(s, "2026-03-10T00:00");
    assert_int_equal(stage_count(s, OWNER_intake, "call.written_off"), 1);
    assert_int_equal(stage_count(s, OWNER_intake, "register.mismatch"), 0);
    assert_int_equal(count(s, "register.mismatch"), 1);
    assert_string_equal(last(s, "register.mismatch", "call_no"), CALL);
    assert_string_equal(last(s, "register.mismatch", "register_state"), "closed");
    assert_string_equal(last(s, "register.mismatch", "voucher_state"), "filed");
    assert_string_equal(last(s, "register.mismatch", "code"), "not_finished");
    stage_close(s);
}

static void DSP_009_not_dispatched_on_its_day(void **unused)
{
    (void)unused;
    struct stage *s = urban("2026-03-02T15:05");
    until(s, "2026-03-03T08:31");
    assert_int_equal(job_row(s, CALL).carried_over, 1);
    assert_due(s, CALL, "carryover.assign", "2026-03-03T09:30");
    assert_due(s, CALL, "job.arrival", "2026-03-03T13:05");
    until(s, "2026-03-03T09:30:01");
    assert_string_equal(last(s, "deadline.passed", "name"), "carryover.assign");
    fact(s, "job.assigned", "2026-03-03T09:40", "'technician':'T1'");
    assert_string_equal(clock_end(s, CALL, "carryover.assign"), "late");
    stage_close(s);
}

static void INT_022_cancelled_at_the_door(void **unused)
{
    (void)unused;
    struct stage *s = urban("2026-03-02T09:00");
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    fact(s, "call.cancelled", "2026-03-02T10:00", "'reason':'sold it'");
    assert_string_equal(state_of(s, CALL), "cancelled");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "cancelled");
    stage_close(s);
}

static void DSP_018_the_time_in_the_reply(void **unused)
{
    (void)unused;
    struct stage *s = house("deploy/policy/general");
    fact(s, "call.registered", "2026-03-02T09:00",
         ADDRESS ",'fault':'dead','product':'P1','reporter':'Li'");
    assert_due(s, CALL, "job.agree_time", "2026-03-03T09:00");
    fact(s, "call.replied", "2026-03-02T10:00", "'agreed_at':'2026-03-03T14:00:00+08:00'");
    assert_string_equal(clock_end(s, CALL, "job.agree_time"), "stopped");
    assert_due(s, CALL, "job.arrival", "2026-03-03T14:00");
    stage_close(s);
}

/* The message of the day and the card of the month come through the door as intake's own facts. */
static void DSP_053_DSP_054_the_door_brings_message_and_card(void **unused)
{
    (void)unused;
    struct stage *s = house("deploy/policy/general");
    (void)stage_tell(s, "unit.upserted", "2026-03-02T08:00:00+08:00",
                     "{'unit':'U1','calendar':'CAL-EX','default_policy':'SP-IND'}");
    fact(s, "call.registered", "2026-03-02T09:00",
         "'product_line':'industrial','product':'P1'," ADDRESS ",'reporter':'李','fault':'dead'");
    fact(s, "job.assigned", "2026-03-02T09:30",
         "'technician':'T1','agreed_at':'2026-03-02T11:00:00+08:00'");
    fact(s, "job.arrived", "2026-03-02T11:00", "");
    fact(s, "sms.reported", "2026-03-02T17:00", "'sms_no':'M1','technician':'T1'");
    assert_string_equal(last(s, "deadline.stopped", "case_no"), "sms/T1/2026-03-02");
    assert_string_equal(last(s, "deadline.stopped", "late"), "");
    fact(s, "card.returned", "2026-03-31T17:00", "'card_no':'K1','technician':'T1'");
    until(s, "2026-04-20T00:00");
    assert_int_equal(count(s, "tech.cards_missing"), 0);
    stage_close(s);
}

/* Another call about the same appliance, of another fault. */
static void call_again(struct stage *s, const char *call, const char *local, const char *fault)
{
    char data[300];
    snprintf(data, sizeof data, APPLIANCE ADDRESS ",'fault':'%s','zone':'urban'", fault);
    tell(s, call, "call.registered", local, data);
}

/* Who goes for the first fault is told of the second. */
static void INT_024_who_goes_knows_what_joined(void **unused)
{
    (void)unused;
    struct stage *s = urban("2026-03-02T09:00");
    call_again(s, "C2", "2026-03-02T09:10", "leaks");
    assert_string_equal(last(s, "job.joined", "joined"), "C2");
    assert_string_equal(last(s, "job.joined", "person"), "");
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    call_again(s, "C3", "2026-03-02T09:40", "smells");
    assert_string_equal(last(s, "job.joined", "call_no"), CALL);
    assert_string_equal(last(s, "job.joined", "fault"), "smells");
    assert_string_equal(last(s, "job.joined", "person"), "T1");
    assert_int_equal(count(s, "job.joined"), 2);
    assert_int_equal(count(s, "job.created") + count(s, "job.reopened"), 1);
    stage_close(s);
}

/* The door was told to take it up again, which dispatch refused: it does when somebody joins. */
static void INT_024_a_job_that_was_over_is_taken_up(void **unused)
{
    (void)unused;
    struct stage *s = urban("2026-03-02T09:00");
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T11:00", "");
    fact(s, "job.diagnosed", "2026-03-02T11:10", "'class':'ordinary','cause_code':'X'");
    fact(s, "job.completed", "2026-03-02T11:40", "");
    fact(s, "job.signed", "2026-03-02T11:45", "");
    fact(s, "job.reopened", "2026-03-02T12:00", "");
    assert_string_equal(last(s, "refused.fact", "code"), "closed");
    call_again(s, "C2", "2026-03-02T12:10", "leaks");
    assert_string_equal(last(s, "job.joined", "joined"), "C2");
    assert_string_equal(last(s, "job.reopened", "call_no"), CALL);
    assert_string_equal(state_of(s, CALL), "working");
    fact(s, "job.diagnosed", "2026-03-02T12:20", "'class':'ordinary','cause_code':'X'");
    assert_int_equal(count(s, "repeat.detected"), 0); /* of itself */
    fact(s, "job.completed", "2026-03-02T12:40", "");
    fact(s, "job.signed", "2026-03-02T12:45", "");
    assert_string_equal(state_of(s, CALL), "closed");
    assert_int_equal(count(s, "job.closed"), 2);
    assert_int_equal(count(s, "refused.fact"), 1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_the_call_to_the_file),
        cmocka_unit_test(INT_025_DSP_027_written_off_on_a_signature_that_does_not_count),
        cmocka_unit_test(DSP_009_not_dispatched_on_its_day),
        cmocka_unit_test(INT_022_cancelled_at_the_door),
        cmocka_unit_test(INT_024_who_goes_knows_what_joined),
        cmocka_unit_test(INT_024_a_job_that_was_over_is_taken_up),
        cmocka_unit_test(DSP_018_the_time_in_the_reply),
        cmocka_unit_test(DSP_053_DSP_054_the_door_brings_message_and_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
