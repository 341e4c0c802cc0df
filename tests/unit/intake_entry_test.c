/* intake_entry_test.c - the door and the entering of calls: who may speak, numbers, missing fields,
 * calls that repeat another, vouchers. */
#include "tests/unit/intake_fixture.h"

#define REG "call.registered"
#define T0 "2026-03-02T09:00:00+08:00"
#define T1 "2026-03-02T09:10:00+08:00"
#define T2 "2026-03-02T09:20:00+08:00"
#define T3 "2026-03-02T09:30:00+08:00"
#define APPL FULL ",'product_line':'appliance'"
#define P1(fault) "'customer':'K1','product':'P1','fault':'" fault "'"

/* ---- the door ---- */

static void INT_105_unknown_sender_or_unit_is_refused(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    assert_string_equal(stage_tell_as(s, "NIX", "1", REG, T0, "{" FULL "}"), "refused");
    assert_true(str_is(stage_outcome(s)->rule, "INT-105"));
    assert_true(str_is(stage_outcome(s)->field, "source"));
    refuse(s, REG, T0, "{" FULL ",'unit':'NIX'}", "INT-105", "unknown_unit");
    refuse(s, "person.upserted", T0, "{'person':'T1','unit':'NIX','role':'r'}", "INT-105",
           "unknown_unit");
    assert_string_equal(stage_tell_as(s, "NIX", "2", "job.arrived", T0, "{'call_no':'C1'}"),
                        "refused");
    assert_int_equal(stage_count(s, LOG, "refused.fact"), 4);
    assert_int_equal(stage_count(s, LOG, REG), 0);
    tell(s, "unit.upserted", T0, "{'unit':'NIX'}");
    assert_string_equal(stage_tell_as(s, "NIX", "3", REG, T0, "{" FULL "}"), "accepted");
    stage_close(s);
}

static void INT_105_open_units_lifts_it(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("civic-requests", "policy.yaml", "s/open_units: no/open_units: yes/");
    assert_string_equal(stage_tell_as(s, "NIX", "1", REG, T0, "{}"), "accepted");
    assert_string_equal(stage_last(s, LOG, "call.classified", "unit"), "NIX");
    const char *longer = "a source of more than thirty-two bytes";
    assert_string_equal(stage_tell_as(s, longer, "2", REG, T0, "{}"), "refused");
    assert_true(str_is(stage_outcome(s)->code, "unit_too_long"));
    stage_close(s);
}

static void INT_104_same_id_other_content(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    assert_string_equal(stage_tell_as(s, "U1", "x", REG, T0, "{'call_no':'C1'," FULL "}"),
                        "accepted");
    assert_string_equal(stage_tell_as(s, "U1", "x", REG, T0, "{'call_no':'C1'," FULL "}"),
                        "duplicate");
    assert_string_equal(stage_tell_as(s, "U1", "x", REG, T0, "{'call_no':'C2'," FULL "}"),
                        "refused");
    assert_true(str_is(stage_outcome(s)->code, "id_reused"));
    assert_int_equal(state_of(s, "C2"), call_state_none);
    stage_close(s);
}

static void CV_11_another_policy_cannot_be_adopted_from_outside(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    refuse(s, "policy.adopted", T0,
           "{'name':'x','version':1,'hash':'"
           "0123456789012345678901234567890123456789012345678901234567890123'}",
           "CV-11", "not_loaded");
    stage_close(s);
}

/* ---- numbers and times ---- */

static void INT_005_numbers_run_per_unit_and_register_day(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{" APPL "}");
    assert_true(str_is(stage_outcome(s)->subject, "U1-20260302-001"));
    tell(s, REG, T1, "{" APPL "}");
    assert_true(str_is(stage_outcome(s)->subject, "U1-20260302-002"));
    tell(s, REG, "2026-03-02T17:30:01+08:00",
         "{" APPL "}"); /* after the close: tomorrow's register */
    assert_true(str_is(stage_outcome(s)->subject, "U1-20260303-001"));
    tell(s, REG, "2026-03-03T09:00:00+08:00", "{" APPL ",'call_no':'U1-20260303-002'}");
    assert_true(str_is(stage_outcome(s)->subject, "U1-20260303-002"));
    tell(s, REG, "2026-03-03T09:01:00+08:00",
         "{" APPL "}"); /* the number in its way is passed over */
    assert_true(str_is(stage_outcome(s)->subject, "U1-20260303-003"));
    refuse(s, REG, "2026-03-03T09:02:00+08:00", "{" APPL ",'call_no':'U1-20260303-002'}", "INT-005",
           "call_no_taken");
    stage_close(s);
}

static void INT_005_the_format_is_policy(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("appliance", "policy.yaml",
                                        "/^keys:/a\\  call_no_format: \"R{day}.{n}/{unit}\"");
    tell(s, REG, T0, "{" APPL "}");
    assert_true(str_is(stage_outcome(s)->subject, "R20260302.001/U1"));
    stage_close(s);
}

static void INT_005_number_too_long_is_refused(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, "unit.upserted", T0, "{'unit':'U234567890123456789012345678901'}");
    refuse(s, REG, T0, "{'unit':'U234567890123456789012345678901'," APPL "}", "INT-005",
           "no_number");
    stage_close(s);
}

static void INT_004_received_after_entered_is_refused(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    refuse(s, REG, T0, "{" APPL ",'received_at':'2026-03-02T09:00:01+08:00'}", "INT-004",
           "received_after_registered");
    tell(s, REG, T0, "{" APPL ",'received_at':'2026-03-02T09:00:00+08:00'}");
    stage_close(s);
}

static void INT_029_call_outside_the_calendar_is_refused(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    refuse(s, REG, T0, "{" FULL ",'received_at':'1950-03-02T09:00:00+08:00'}", "INT-029",
           "out_of_calendar");
    stage_close(s);
}

static void INT_092_unknown_order_kind_is_refused(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    refuse(s, REG, T0, "{" APPL ",'order_kind':'nix'}", "INT-092", "unknown_order_kind");
    stage_close(s);
}

/* ---- missing fields ---- */

static void INT_002_each_missing_field_keeps_the_call_clarifying(void **state)
{
    (void)state;
    static const char *const fields[] = {"customer_name", "address", "phone", "model"};
    for (size_t lack = 0; lack < 4; lack++) {
        struct stage *s = door_open("appliance");
        char data[256] = "{'call_no':'C1'", clarified[128];
        for (size_t i = 0; i < 4; i++) {
            size_t n = strlen(data);
            if (i != lack) snprintf(data + n, sizeof data - n, ",'%s':'x'", fields[i]);
        }
        snprintf(data + strlen(data), sizeof data - strlen(data), "}");
        tell(s, REG, T0, data);
        assert_true(str_is(stage_outcome(s)->code, "clarifying")); /* the sender is told at once */
        assert_true(str_is(stage_outcome(s)->rule, "INT-002"));
        assert_int_equal(state_of(s, "C1"), call_state_clarifying);
        assert_int_equal(stage_count(s, LOG, "call.classified"), 0);
        const json_t *missing = json_object_get(
            json_object_get(stage_nth(s, LOG, "call.clarifying", 0), "data"), "missing");
        assert_int_equal(json_array_size(missing), 1);
        assert_string_equal(json_string_value(json_object_get(json_array_get(missing, 0), "name")),
                            fields[lack]);
        snprintf(clarified, sizeof clarified, "{'call_no':'C1','%s':'y'}", fields[lack]);
        tell(s, "call.clarified", T1, clarified);
        assert_int_equal(state_of(s, "C1"), call_state_queued);
        stage_close(s);
    }
}

static void INT_007_clarified_in_part_stays_clarifying(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1','customer_name':'王'}");
    tell(s, "call.clarified", T1, "{'call_no':'C1','address':'a','phone':'p'}");
    assert_true(str_is(stage_outcome(s)->code, "clarifying"));
    assert_int_equal(state_of(s, "C1"), call_state_clarifying);
    tell(s, "call.clarified", T2, "{'call_no':'C1','model':'m'}");
    assert_true(stage_outcome(s)->code.n == 0);
    assert_int_equal(state_of(s, "C1"), call_state_queued);
    stage_close(s);
}

/* INT-015: what stands in the files need not be asked. */
static void INT_015_files_complete_the_call(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, "customer.upserted", T0,
         "{'customer':'K1','name':'王','address':'和平路1號','phone':'02-1','district':'城區'}");
    tell(s, "product.upserted", T0,
         "{'product':'P1','customer':'K1','model':'AC-1','product_line':'appliance','purchased':'"
         "2025-06-01'}");
    tell(s, REG, T1, "{'call_no':'C1','product':'P1','fault':'不冷'}");
    assert_int_equal(state_of(s, "C1"), call_state_queued);
    assert_string_equal(stage_last(s, LOG, "call.queued", "policy"), "SP-APPL-URBAN");
    assert_string_equal(stage_last(s, LOG, "call.queued", "customer"), "K1");
    stage_close(s);
}

/* Whatever a policy may ask for is missed, and can be told. */
static void INT_002_every_field_that_can_be_asked_for(void **state)
{
    (void)state;
    const struct shape *told = shape_ev_call_clarified();
    for (uint32_t i = 1; i < told->count; i++) {
        if (told->fields[i].type != FT_TEXT) continue;
        const char *name = told->fields[i].name;
        char sed[80], data[80];
        snprintf(sed, sizeof sed, "s/register_fields:.*/register_fields: [%s]/", name);
        struct stage *s = door_open_changed("general", "policy.yaml", sed);
        tell(s, REG, T0, "{'call_no':'C1'}");
        if (state_of(s, "C1") != call_state_clarifying) fail_msg("%s is not missed", name);
        snprintf(data, sizeof data, "{'call_no':'C1','%s':'x'}", name);
        tell(s, "call.clarified", T1, data);
        if (state_of(s, "C1") == call_state_clarifying) fail_msg("%s cannot be told", name);
        stage_close(s);
    }
}

static void INT_012_site_data_block_the_queue(void **state)
{
    (void)state;
    struct stage *s = door_open("bus");
    tell(s, REG, T0,
         "{'call_no':'C1'," FULL ",'product':'B1','fault':'f'}"); /* no contact person */
    assert_int_equal(state_of(s, "C1"), call_state_classified);
    assert_true(str_is(stage_outcome(s)->rule, "INT-012"));
    assert_int_equal(stage_count(s, LOG, "call.queued"), 0);
    assert_int_equal(stage_count(s, LOG, "call.clarifying"), 1);
    tell(s, "call.clarified", T1, "{'call_no':'C1','reporter':'李'}");
    assert_int_equal(state_of(s, "C1"), call_state_queued);
    stage_close(s);
}

static void INT_007_clocks_run_on_while_clarifying(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, REG, T0, "{'call_no':'C1','customer_name':'王'}");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.reply", "due"),
                        "2026-03-02T01:30:00Z");
    tell(s, "call.clarified", T2, "{'call_no':'C1','address':'a','phone':'p','model':'m'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.reply"), 1);
    stage_close(s);
    s = door_open_changed("it-project", "services.yaml",
                          "s/reply_min: 30.*/reply_min: 30\\n    clarify_stops_clock: yes/");
    tell(s, REG, T0, "{'call_no':'C1','customer_name':'王'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.reply"), 0);
    tell(s, "call.clarified", T2, "{'call_no':'C1','address':'a','phone':'p','model':'m'}");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.reply", "due"),
                        "2026-03-02T01:50:00Z");
    stage_close(s);
}

/* On a working clock the pause counts in working time: 17:00 to 08:40 is 40 minutes of work. */
static void INT_007_a_pause_on_the_working_clock(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("appliance", "services.yaml",
                          "s/arrival_min: 420.*/reply_min: 60\\n    clarify_stops_clock: yes/");
    tell(s, REG, "2026-03-02T17:00:00+08:00", "{'call_no':'C1','product_line':'appliance'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "call.reply"), 0);
    tell(s, "call.clarified", "2026-03-03T08:40:00+08:00",
         "{'call_no':'C1','customer_name':'n','address':'a','phone':'p','model':'m'}");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.reply", "due"),
                        "2026-03-03T01:40:00Z"); /* 17:00 + 60 + 40 working minutes = 09:40 */
    stage_close(s);
}

/* ---- calls that repeat another (INT-022) ---- */

static void INT_022_duplicate_is_linked_and_gets_no_job(void **state)
{
    (void)state;
    struct stage *s = door_open("bus");
#define BUS FULL ",'reporter':'李','product_line':'bus','fault_group':'body','distance_m':200000,"
    tell(s, REG, T1, "{'call_no':'C1'," BUS P1("異響") "}");
    tell(s, REG, T2, "{'call_no':'C2'," BUS P1("漏水") "}"); /* another fault: a call of its own */
    tell(s, REG, T3, "{'call_no':'C3'," BUS P1("異響") ",'received_at':'" T0 "'}");
    assert_int_equal(stage_count(s, LOG, "call.queued"), 2);
    assert_string_equal(stage_last(s, LOG, "call.duplicate_linked", "first"), "C1");
    /* The earlier call time counts: 12 hours from 09:00. */
    assert_string_equal(stage_last(s, LOG, "call.duplicate_linked", "received_at"),
                        "2026-03-02T01:00:00Z");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.reply", "due"),
                        "2026-03-02T13:00:00Z");
    assert_string_equal(last_with(s, "deadline.armed", "name", "call.reply", "case_no"), "C1");
    assert_int_equal(count_with(s, "deadline.armed", "case_no", "C3"), 0);
    refuse(s, "call.replied", T3, "{'call_no':'C3'}", "INT-008", "linked");
    stage_close(s);
}

static void INT_022_nothing_is_linked_to_a_call_that_ended(void **state)
{
    (void)state;
    struct stage *s = door_open("bus");
    tell(s, REG, T0, "{'call_no':'C1'," BUS P1("異響") "}");
    tell(s, "call.cancelled", T1, "{'call_no':'C1','reason':'r'}");
    tell(s, REG, T2, "{'call_no':'C2'," BUS P1("異響") "}");
    assert_int_equal(stage_count(s, LOG, "call.duplicate_linked"), 0);
    assert_int_equal(state_of(s, "C2"), call_state_queued);
    stage_close(s);
}

static void INT_022_other_customer_or_no_product_is_no_duplicate(void **state)
{
    (void)state;
    struct stage *s = door_open("bus");
    tell(s, REG, T0, "{'call_no':'C1'," BUS P1("異響") "}");
    tell(s, REG, T1, "{'call_no':'C2'," BUS "'customer':'K2','product':'P1','fault':'異響'}");
    tell(s, REG, T2, "{'call_no':'C3'," BUS "'customer':'K1','fault':'異響'}");
    assert_int_equal(stage_count(s, LOG, "call.duplicate_linked"), 0);
    stage_close(s);
}

static void INT_022_nothing_is_linked_to_a_call_that_is_done(void **state)
{
    (void)state;
    struct stage *s = door_open("bus");
    tell(s, REG, T0, "{'call_no':'C1'," BUS P1("異響") "}");
    tell(s, "job.assigned", T1, "{'call_no':'C1','technician':'T1'}");
    tell(s, "job.completed", T1, "{'call_no':'C1'}");
    tell(s, "job.signed", T1, "{'call_no':'C1'}");
    tell(s, REG, T2, "{'call_no':'C2'," BUS P1("異響") "}");
    assert_int_equal(stage_count(s, LOG, "call.duplicate_linked"), 0);
    assert_int_equal(state_of(s, "C2"), call_state_queued);
    tell(s, REG, T3, "{'call_no':'C3'," BUS P1("異響") "}"); /* repeats the open one of the two */
    assert_string_equal(stage_last(s, LOG, "call.duplicate_linked", "first"), "C2");
    stage_close(s);
}

/* ---- vouchers (INT-023, INT-024) ---- */

static void INT_023_one_voucher_per_customer_and_product(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
    assert_string_equal(stage_last(s, LOG, "voucher.created", "voucher"), "V-C1");
    assert_string_equal(stage_last(s, LOG, "call.queued", "voucher"), "V-C1");
    tell(s, "job.assigned", T1, "{'call_no':'C1','technician':'T1'}");
    tell(s, "job.completed", T2, "{'call_no':'C1'}");
    tell(s, "job.signed", T2, "{'call_no':'C1'}");
    tell(s, "call.written_off", T2, "{'call_no':'C1','solution':'s'}");
    assert_string_equal(stage_last(s, LOG, "voucher.filed", "voucher"), "V-C1");
    tell(s, REG, T3, "{'call_no':'C2'," APPL "," P1("漏水") "}");
    assert_int_equal(stage_count(s, LOG, "voucher.created"), 1);
    assert_string_equal(stage_last(s, LOG, "voucher.pulled", "call_no"), "C2");
    assert_string_equal(stage_last(s, LOG, "call.queued", "voucher"), "V-C1");
    stage_close(s);
}

static void INT_024_a_second_call_joins(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
    tell(s, REG, T1, "{'call_no':'C2'," APPL "," P1("漏水") "}");
    assert_string_equal(stage_last(s, LOG, "call.joined", "first"), "C1");
    assert_string_equal(stage_last(s, LOG, "call.joined", "fault"), "漏水");
    assert_int_equal(stage_count(s, LOG, "call.queued"), 1);
    assert_int_equal(stage_count(s, LOG, "voucher.pulled"), 1);
    /* The first is cancelled: the other fault is still there and gets the voucher. */
    tell(s, "call.cancelled", T2, "{'call_no':'C1','reason':'r'}");
    assert_int_equal(state_of(s, "C2"), call_state_queued);
    assert_string_equal(stage_last(s, LOG, "voucher.pulled", "call_no"), "C2");
    stage_close(s);
}

static void finish(struct stage *s, const char *call_no, const char *time)
{
    char data[64];
    snprintf(data, sizeof data, "{'call_no':'%s','technician':'T1'}", call_no);
    tell(s, "job.assigned", time, data);
    snprintf(data, sizeof data, "{'call_no':'%s'}", call_no);
    tell(s, "job.completed", time, data);
    tell(s, "job.signed", time, data);
    assert_int_equal(state_of(s, call_no), call_state_done);
}

/* The work is signed for, the card not filed yet: who calls now joins nothing that is over. */
static void INT_024_nobody_joins_what_is_done(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
    finish(s, "C1", T1);
    tell(s, REG, T2, "{'call_no':'C2'," APPL "," P1("漏水") "}");
    tell(s, REG, T2, "{'call_no':'C3'," APPL "," P1("不冷") "}"); /* the same fault again */
    assert_int_equal(stage_count(s, LOG, "call.waiting_voucher"), 2);
    assert_int_equal(state_of(s, "C2"), call_state_classified);
    assert_int_equal(state_of(s, "C3"), call_state_classified);
    tell(s, "call.written_off", T3, "{'call_no':'C1','solution':'s'}");
    assert_int_equal(state_of(s, "C2"), call_state_queued);
    assert_string_equal(stage_last(s, LOG, "call.joined", "first"), "C2");
    assert_string_equal(stage_last(s, LOG, "call.joined", "call_no"), "C3");
    tell(s, "call.cancelled", T3, "{'call_no':'C2','reason':'r'}");
    assert_int_equal(state_of(s, "C3"), call_state_queued);
    stage_close(s);
}

/* Reported as finished and not signed yet: who was there has left. */
static void INT_024_nobody_joins_what_is_finished(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
    tell(s, "job.completed", T1, "{'call_no':'C1'}");
    tell(s, REG, T1, "{'call_no':'C2'," APPL "," P1("漏水") "}");
    assert_int_equal(stage_count(s, LOG, "call.joined"), 0);
    tell(s, "job.signed", T2, "{'call_no':'C1'}");
    tell(s, "call.written_off", T2, "{'call_no':'C1','solution':'s'}");
    assert_int_equal(state_of(s, "C2"), call_state_queued);
    stage_close(s);
}

/* Nobody can answer for a call that goes on as another one; taken up again it is asked again. */
static void INT_043_a_call_that_joins_asks_nothing(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
    tell(s, REG, T1, "{'call_no':'C2'," APPL "," P1("漏水") "}");
    tell(s, REG, T1, "{'call_no':'C3'," APPL "," P1("異味") "}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "warranty.query"), 3);
    assert_string_equal(last_with(s, "deadline.dropped", "case_no", "C2", "name"),
                        "warranty.query");
    assert_string_equal(last_with(s, "deadline.dropped", "case_no", "C3", "name"),
                        "warranty.query");
    tell(s, "call.cancelled", T2, "{'call_no':'C1','reason':'r'}"); /* C3 goes with C2 now */
    assert_int_equal(count_with(s, "warranty.query", "call_no", "C2"), 2);
    stage_until(s, "2026-03-09T09:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "case_no", "C1"), 0);
    assert_true(count_with(s, "deadline.passed", "case_no", "C2") > 0);
    assert_int_equal(count_with(s, "deadline.passed", "case_no", "C3"), 0);
    tell(s, "warranty.answered", "2026-03-09T09:00:00+08:00", "{'call_no':'C2','inside':'no'}");
    stage_close(s);
}

/* How the one was handled is the result of the other (INT-077). */
static void INT_024_those_who_joined_end_as_the_first(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
    tell(s, REG, T1, "{'call_no':'C2'," APPL "," P1("漏水") "}");
    tell(s, REG, T1, "{'call_no':'C3'," APPL "," P1("異味") "}");
    finish(s, "C1", T2);
    assert_int_equal(stage_count(s, LOG, "call.closed"), 0);
    tell(s, "call.written_off", T3, "{'call_no':'C1','solution':'加冷媒'}");
    assert_int_equal(stage_count(s, LOG, "call.closed"), 2);
    assert_string_equal(last_with(s, "call.closed", "call_no", "C2", "solution"), "加冷媒");
    assert_string_equal(last_with(s, "call.closed", "call_no", "C3", "solution"), "加冷媒");
    stage_close(s);
}

/* As many as one step can see to; who comes after them waits and is served like them. */
static void INT_024_more_than_can_join(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
    for (int i = 0; i < 70; i++) {
        char data[256];
        snprintf(data, sizeof data,
                 "{'call_no':'J%d'," APPL ",'customer':'K1','product':'P1','fault':'f%d'}", i, i);
        tell(s, REG, T1, data);
    }
    assert_int_equal(stage_count(s, LOG, "call.joined"), 32);
    assert_int_equal(stage_count(s, LOG, "call.waiting_voucher"), 38);
    finish(s, "C1", T2);
    tell(s, "call.written_off", T3, "{'call_no':'C1','solution':'s'}");
    assert_int_equal(stage_count(s, LOG, "call.closed"), 32);
    assert_int_equal(stage_count(s, LOG, "call.queued"), 2);
    assert_int_equal(stage_count(s, LOG, "call.joined"), 32 + 31);
    stage_close(s);
}

static void INT_024_or_waits_for_the_voucher(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("appliance", "policy.yaml", "/^keys:/a\\  second_call_mode: wait");
    tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
    tell(s, REG, T1, "{'call_no':'C2'," APPL "," P1("漏水") "}");
    tell(s, REG, T2, "{'call_no':'C3'," APPL "," P1("異味") "}");
    assert_string_equal(stage_last(s, LOG, "call.waiting_voucher", "other"), "C1");
    assert_int_equal(state_of(s, "C2"), call_state_classified);
    tell(s, "call.cancelled", T2, "{'call_no':'C2','reason':'r'}"); /* gives up waiting */
    tell(s, "job.assigned", T2, "{'call_no':'C1','technician':'T1'}");
    tell(s, "job.completed", T3, "{'call_no':'C1'}");
    tell(s, "job.signed", T3, "{'call_no':'C1'}");
    tell(s, "call.written_off", T3, "{'call_no':'C1','solution':'s'}");
    assert_int_equal(state_of(s, "C3"), call_state_queued);
    assert_string_equal(stage_last(s, LOG, "voucher.pulled", "call_no"), "C3");
    assert_int_equal(state_of(s, "C2"), call_state_cancelled);
    stage_close(s);
}

/* A call that waits turns out to be about another product: it waits no longer for the first card,
 * and who waits behind it still gets it. */
static void INT_024_a_waiting_call_is_clarified(void **state)
{
    (void)state;
    static const struct {
        const char *clarified, *second, *third;
    } rows[] = {
        {"'product':'P2'", "V-C2", "V-C1"},
        {"'product':'P1'", "V-C1", ""},
        {"'phone':'02-9'", "V-C1", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s =
            door_open_changed("appliance", "policy.yaml", "/^keys:/a\\  second_call_mode: wait");
        tell(s, REG, T0, "{'call_no':'C1'," APPL "," P1("不冷") "}");
        tell(s, REG, T1, "{'call_no':'C2'," APPL "," P1("漏水") "}");
        tell(s, REG, T1, "{'call_no':'C3'," APPL "," P1("異味") "}");
        char data[128];
        snprintf(data, sizeof data, "{'call_no':'C2',%s}", rows[i].clarified);
        tell(s, "call.clarified", T2, data);
        tell(s, "call.cancelled", T3, "{'call_no':'C1','reason':'r'}");
        assert_int_equal(state_of(s, "C2"), call_state_queued);
        assert_string_equal(last_with(s, "call.queued", "call_no", "C2", "voucher"),
                            rows[i].second);
        assert_string_equal(last_with(s, "call.queued", "call_no", "C3", "voucher"), rows[i].third);
        stage_close(s);
    }
}

/* A card of its own for a call that names not both customer and product. */
static void INT_023_calls_without_a_product_share_nothing(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, REG, T0, "{'call_no':'C1'," APPL ",'customer':'K1'}");
    tell(s, REG, T1, "{'call_no':'C2'," APPL ",'customer':'K1'}");
    assert_int_equal(stage_count(s, LOG, "voucher.created"), 2);
    assert_int_equal(stage_count(s, LOG, "call.queued"), 2);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_105_unknown_sender_or_unit_is_refused),
        cmocka_unit_test(INT_105_open_units_lifts_it),
        cmocka_unit_test(INT_104_same_id_other_content),
        cmocka_unit_test(CV_11_another_policy_cannot_be_adopted_from_outside),
        cmocka_unit_test(INT_005_numbers_run_per_unit_and_register_day),
        cmocka_unit_test(INT_005_the_format_is_policy),
        cmocka_unit_test(INT_005_number_too_long_is_refused),
        cmocka_unit_test(INT_004_received_after_entered_is_refused),
        cmocka_unit_test(INT_029_call_outside_the_calendar_is_refused),
        cmocka_unit_test(INT_092_unknown_order_kind_is_refused),
        cmocka_unit_test(INT_002_each_missing_field_keeps_the_call_clarifying),
        cmocka_unit_test(INT_007_clarified_in_part_stays_clarifying),
        cmocka_unit_test(INT_015_files_complete_the_call),
        cmocka_unit_test(INT_002_every_field_that_can_be_asked_for),
        cmocka_unit_test(INT_012_site_data_block_the_queue),
        cmocka_unit_test(INT_007_clocks_run_on_while_clarifying),
        cmocka_unit_test(INT_007_a_pause_on_the_working_clock),
        cmocka_unit_test(INT_022_duplicate_is_linked_and_gets_no_job),
        cmocka_unit_test(INT_022_nothing_is_linked_to_a_call_that_ended),
        cmocka_unit_test(INT_022_nothing_is_linked_to_a_call_that_is_done),
        cmocka_unit_test(INT_022_other_customer_or_no_product_is_no_duplicate),
        cmocka_unit_test(INT_023_one_voucher_per_customer_and_product),
        cmocka_unit_test(INT_024_a_second_call_joins),
        cmocka_unit_test(INT_024_nobody_joins_what_is_done),
        cmocka_unit_test(INT_024_nobody_joins_what_is_finished),
        cmocka_unit_test(INT_043_a_call_that_joins_asks_nothing),
        cmocka_unit_test(INT_024_those_who_joined_end_as_the_first),
        cmocka_unit_test(INT_024_more_than_can_join),
        cmocka_unit_test(INT_024_or_waits_for_the_voucher),
        cmocka_unit_test(INT_024_a_waiting_call_is_clarified),
        cmocka_unit_test(INT_023_calls_without_a_product_share_nothing),
    };
    return cmocka_run_group_tests_name("intake_entry", tests, NULL, NULL);
}
