/* dispatch_goods_test.c - goods taken away for repair 攜回修護: receipt, register, repair card,
 * return, custody; products returned to the factory. Rules DSP-033 … DSP-042. */
#include "tests/unit/dispatch_goods_door.h"

static enum goods_state item_state(struct stage *s, const char *receipt)
{
    struct rec_row_goods row;
    row_at(s, DISPATCH_GOODS, receipt, &row);
    return row.state;
}

/* ---- DSP-033, DSP-034 ---- */

static void DSP_033_receipt_and_signature_before_the_register(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "goods.taken_away", "2026-03-02T12:00",
        TAKE("R1") ",'serial':'S9','accessories':'aerial'");
    assert_string_equal(state_of(s, CALL), "taken_away");
    deny(s, "goods.logged_in", "2026-03-02T15:00", "'receipt_no':'R1','register_no':'E1'",
         "DSP-033", "not_signed", 0);
    deny(s, "goods.logged_in", "2026-03-02T15:00", "'receipt_no':'R9','register_no':'E1'",
         "DSP-034", "unknown_number", 0);
    say(s, "voucher.signed", "2026-03-02T12:05", "'call_no':'C1','purpose':'take_away'");
    say(s, "goods.logged_in", "2026-03-02T15:00", "'receipt_no':'R1','register_no':'E1'");
    struct rec_row_goods row;
    row_at(s, DISPATCH_GOODS, "R1", &row);
    assert_int_equal(row.state, goods_state_logged_in);
    assert_true(str_is(row.unit, "U1") && str_is(row.serial, "S9") && str_is(row.product, "TV"));
    assert_int_equal(row.date_in, day_of(2026, 3, 2));
    stage_close(s);
}

static void DSP_033_only_from_where_somebody_is(void **state)
{
    (void)state;
    struct stage *s = door_open("deploy/policy/appliance");
    deny(s, "goods.taken_away", "2026-03-02T10:00", TAKE("R1"), "DSP-033", "unknown_job", 0);
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "'district':'a'");
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    deny(s, "goods.taken_away", "2026-03-02T10:00", TAKE("R1"), "DSP-033", "state", 0);
    fact(s, "job.arrived", "2026-03-02T11:00", "");
    say(s, "goods.taken_away", "2026-03-02T12:00", TAKE("R1"));
    deny(s, "goods.taken_away", "2026-03-02T12:10", TAKE("R1"), "DSP-033", "state", 0);
    stage_close(s);
}

/* dispatch section 13: what a job whose goods are away still allows. */
static void DSP_033_a_job_whose_goods_are_away(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    log_in_one(s);
    refused(s, "job.completed", "2026-03-02T16:00", "", "DSP-028", "state");
    refused(s, "job.signed", "2026-03-02T16:00", "", "DSP-027", "state");
    fact(s, "job.assigned", "2026-03-02T16:10", "'technician':'T2'");
    fact(s, "job.leave_reported", "2026-03-02T16:20", "");
    fact(s, "job.repaired", "2026-03-02T16:30", "");
    fact(s, "job.recalled", "2026-03-02T16:40", "'technician':'T2'");
    fact(s, "job.recalled", "2026-03-02T16:45", "'technician':'T1'");
    assert_string_equal(state_of(s, CALL), "taken_away");
    stage_close(s);
}

/* The door had them back and signed for; here they were refused, nobody inspected them. */
static void INT_031_written_off_while_the_goods_are_away(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    log_in_one(s);
    deny(s, "goods.returned", "2026-03-03T10:00", "'receipt_no':'R1'", "DSP-038", "state", 0);
    say(s, "voucher.signed", "2026-03-03T10:05", "'call_no':'C1','purpose':'return'");
    fact(s, "call.written_off", "2026-03-03T12:00", "'solution':'s'");
    assert_int_equal(count(s, "register.mismatch"), 1);
    assert_string_equal(last(s, "register.mismatch", "rule"), "DSP-038");
    assert_string_equal(last(s, "register.mismatch", "code"), "goods_away");
    stage_close(s);
}

static void DSP_034_logged_in_by_the_next_working_day(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "goods.taken_away", "2026-03-02T12:00", TAKE("R1"));
    say(s, "voucher.signed", "2026-03-02T12:00", "'call_no':'C1','purpose':'take_away'");
    due_is(s, "goods/R1", "goods.log_in", "2026-03-04T00:00"); /* 24:00 of Tuesday */
    say(s, "goods.logged_in", "2026-03-03T23:00", "'receipt_no':'R1','register_no':'E1'");
    assert_string_equal(end_of(s, "goods/R1", "goods.log_in"), "stopped");
    stage_close(s);
}

static void DSP_034_goods_log_in_ladder(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "goods.taken_away", "2026-03-02T12:00", TAKE("R1"));
    say(s, "voucher.signed", "2026-03-02T12:00", "'call_no':'C1','purpose':'take_away'");
    until(s, "2026-03-20T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "goods.log_in"), 3);
    say(s, "goods.logged_in", "2026-03-20T09:00", "'receipt_no':'R1','register_no':'E1'");
    assert_string_equal(end_of(s, "goods/R1", "goods.log_in"), "late");
    stage_close(s);
}

static void DSP_034_a_late_report_takes_the_reminder_back(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "goods.taken_away", "2026-03-02T12:00", TAKE("R1"));
    say(s, "voucher.signed", "2026-03-02T12:00", "'call_no':'C1','purpose':'take_away'");
    until(s, "2026-03-04T08:00");
    say(s, "goods.logged_in", "2026-03-03T16:00", "'receipt_no':'R1','register_no':'E1'");
    assert_int_equal(clock_count(s, "deadline.withdrawn", "goods.log_in"), 1);
    stage_close(s);
}

/* ---- DSP-035, DSP-036 ---- */

static void DSP_035_one_card_one_item(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    log_in_one(s);
    say(s, "goods.taken_away", "2026-03-02T12:00", TAKE("R2"));
    deny(s, "goods.logged_in", "2026-03-02T15:10", "'receipt_no':'R2','register_no':'E1'",
         "DSP-034", "entry_taken", 0);
    deny(s, "repaircard.opened", "2026-03-02T16:00", "'card_no':'K1','register_no':'E9'", "DSP-035",
         "unknown_number", 0);
    say(s, "repaircard.opened", "2026-03-02T16:00", "'card_no':'K1','register_no':'E1'");
    assert_int_equal(item_state(s, "R1"), goods_state_card_open);
    deny(s, "repaircard.opened", "2026-03-02T16:10", "'card_no':'K2','register_no':'E1'", "DSP-035",
         "card_exists", 0);
    deny(s, "repaircard.opened", "2026-03-02T16:10", "'card_no':'K1','register_no':'E1'", "DSP-035",
         "state", 0);
    stage_close(s);
}

static void DSP_036_time_and_parts_on_the_card(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    repair_one(s);
    deny(s, "repaircard.work_added", "2026-03-03T10:00", "'card_no':'K9','minutes':5", "DSP-036",
         "unknown_number", 0);
    assert_int_equal(item_state(s, "R1"), goods_state_in_repair);
    say(s, "repair.done", "2026-03-03T11:00", "'card_no':'K1'");
    say(s, "repaircard.work_added", "2026-03-03T11:05",
        "'card_no':'K1','minutes':20"); /* told later */
    struct rec_row_repaircard row;
    row_at(s, DISPATCH_REPAIRCARD, "K1", &row);
    assert_int_equal(row.worked, 60);
    assert_int_equal(row.state, goods_state_done);
    assert_true(str_is(row.receipt_no, "R1") && str_is(row.technician, "T1"));
    stage_close(s);
}

static void DSP_036_no_repair_without_work_on_the_card(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    log_in_one(s);
    say(s, "repaircard.opened", "2026-03-02T16:00", "'card_no':'K1','register_no':'E1'");
    deny(s, "repair.done", "2026-03-03T11:00", "'card_no':'K1'", "DSP-037", "state", 0);
    stage_close(s);
}

/* ---- DSP-037, DSP-041 ---- */

static void DSP_037_DSP_062_the_supervisor_inspects(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    repair_one(s);
    deny(s, "repair.inspected", "2026-03-03T10:30", "'card_no':'K1','result':'pass','by':'S1'",
         "DSP-037", "state", 0);
    say(s, "repair.done", "2026-03-03T11:00", "'card_no':'K1'");
    deny(s, "repair.inspected", "2026-03-03T11:30", "'card_no':'K1','result':'pass','by':'T1'",
         "DSP-037", "supervisor_needed", 0);
    deny(s, "goods.returned", "2026-03-03T11:40", "'receipt_no':'R1'", "DSP-038", "state", 0);
    say(s, "rework.opened", "2026-03-03T11:20", "'rework_no':'K1-R1','kind':'internal'");
    say(s, "repair.inspected", "2026-03-03T11:30",
        "'card_no':'K1','result':'fail','by':'S1','text':'hums'");
    assert_int_equal(item_state(s, "R1"), goods_state_in_repair);
    struct rec_row_rework slip;
    row_at(s, DISPATCH_REWORK, "K1-R2", &slip); /* the first number is taken */
    assert_int_equal(slip.kind, rework_kind_internal);
    assert_true(str_is(slip.cause, "hums") && str_is(slip.call_no, CALL));
    due_is(s, "repaircard/K1", "repair.promised", "2026-03-10T15:00");
    assert_string_equal(end_of(s, "repaircard/K1", "repair.promised"), "open"); /* again */
    assert_string_equal(end_of(s, "goods/R1", "goods.return"), "none");
    say(s, "repair.done", "2026-03-03T14:00", "'card_no':'K1'");
    say(s, "repair.inspected", "2026-03-03T14:30", "'card_no':'K1','result':'pass','by':'S1'");
    struct rec_row_repaircard row;
    row_at(s, DISPATCH_REPAIRCARD, "K1", &row);
    assert_int_equal(row.failures, 1);
    assert_string_equal(end_of(s, "repaircard/K1", "repair.promised"), "stopped");
    assert_int_equal(count(s, "rework.opened"), 2);
    assert_int_equal(item_state(s, "R1"), goods_state_inspected);
    stage_close(s);
}

static void DSP_041_back_within_two_working_days(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    due_is(s, "goods/R1", "goods.return", "2026-03-06T00:00"); /* 24:00 of Thursday */
    say(s, "goods.returned", "2026-03-05T17:00", "'receipt_no':'R1'");
    assert_string_equal(end_of(s, "goods/R1", "goods.return"), "stopped");
    stage_close(s);
}

static void DSP_041_goods_return_ladder(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    until(s, "2026-03-20T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "goods.return"), 3);
    stage_close(s);
}

/* ---- DSP-038 ---- */

static void DSP_038_returned_signed_and_voided(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    say(s, "goods.returned", "2026-03-04T10:00", "'receipt_no':'R1'");
    assert_string_equal(state_of(s, CALL), "taken_away");
    say(s, "voucher.signed", "2026-03-04T10:05", "'call_no':'C1','purpose':'return'");
    assert_string_equal(state_of(s, CALL), "taken_away");
    say(s, "receipt.voided", "2026-03-04T10:10", "'receipt_no':'R1','by':'clerk'");
    assert_string_equal(state_of(s, CALL), "closed"); /* a signature is all the policy wants */
    assert_int_equal(item_state(s, "R1"), goods_state_receipt_voided);
    struct rec_row_job job = job_row(s, CALL);
    assert_true(job.signed_at == instant("2026-03-04T10:05"));
    assert_int_equal(job.legs_open, 0);
    assert_int_equal(job.legs_done, 1);
    deny(s, "receipt.voided", "2026-03-04T11:00", "'receipt_no':'R1'", "DSP-038", "state", 0);
    stage_close(s);
}

static void DSP_038_every_item_of_the_job(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    say(s, "goods.taken_away", "2026-03-03T15:00", TAKE("R2"));
    say(s, "goods.returned", "2026-03-04T10:00", "'receipt_no':'R1'");
    say(s, "receipt.voided", "2026-03-04T10:10", "'receipt_no':'R1'");
    say(s, "voucher.signed", "2026-03-04T10:05", "'call_no':'C1','purpose':'return'");
    assert_string_equal(state_of(s, CALL), "taken_away");
    stage_close(s);
}

static void DSP_027_signed_for_before_the_goods_were_back(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    say(s, "voucher.signed", "2026-03-02T12:05", "'call_no':'C1','purpose':'return'");
    say(s, "goods.returned", "2026-03-06T10:00", "'receipt_no':'R1'");
    say(s, "receipt.voided", "2026-03-06T10:00", "'receipt_no':'R1'");
    assert_string_equal(state_of(s, CALL), "taken_away");
    assert_int_equal(count(s, "conduct.recorded"), 1);
    assert_string_equal(last(s, "conduct.recorded", "kind"), "pre_signed");
    say(s, "voucher.signed", "2026-03-06T10:05", "'call_no':'C1','purpose':'return'");
    assert_string_equal(state_of(s, CALL), "closed");
    assert_true(job_row(s, CALL).signed_at == instant("2026-03-06T10:05"));
    stage_close(s);
}

/* Told after the return, but given before it: it is not the last word. */
static void DSP_027_the_last_signature_counts(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    say(s, "goods.returned", "2026-03-06T10:00", "'receipt_no':'R1'");
    say(s, "voucher.signed", "2026-03-06T09:59", "'call_no':'C1','purpose':'return'");
    say(s, "receipt.voided", "2026-03-06T10:10", "'receipt_no':'R1'");
    assert_string_equal(state_of(s, CALL), "taken_away");
    say(s, "voucher.signed", "2026-03-06T10:00", "'call_no':'C1','purpose':'return'");
    assert_string_equal(state_of(s, CALL), "closed");
    stage_close(s);
}

/* The receipt is taken back at once, the clerk enters the return date afterwards. */
static void DSP_038_voided_before_the_return_is_entered(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    say(s, "receipt.voided", "2026-03-04T10:00", "'receipt_no':'R1'");
    assert_int_equal(item_state(s, "R1"), goods_state_inspected);
    deny(s, "receipt.voided", "2026-03-04T10:05", "'receipt_no':'R1'", "DSP-038", "receipt_ended",
         0);
    say(s, "voucher.signed", "2026-03-04T10:05", "'call_no':'C1','purpose':'return'");
    assert_string_equal(state_of(s, CALL), "taken_away");
    say(s, "goods.returned", "2026-03-04T10:00", "'receipt_no':'R1','date_returned':'2026-03-04'");
    assert_int_equal(item_state(s, "R1"), goods_state_receipt_voided);
    assert_string_equal(state_of(s, CALL), "closed");
    stage_close(s);
}

static void DSP_038_the_receipt_is_lost(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    say(s, "goods.returned", "2026-03-04T10:00", "'receipt_no':'R1'");
    say(s, "voucher.signed", "2026-03-04T10:05", "'call_no':'C1','purpose':'return'");
    deny(s, "receipt.lost", "2026-03-04T10:10",
         "'receipt_no':'R1','declaration':'burnt','approved_by':'T1'", "DSP-038",
         "supervisor_needed", 0);
    say(s, "receipt.lost", "2026-03-04T10:20",
        "'receipt_no':'R1','declaration':'burnt','approved_by':'S1'");
    assert_string_equal(state_of(s, CALL), "closed");
    stage_close(s);
}

/* ---- DSP-040 ---- */

static void DSP_040_three_working_days_when_no_time_is_set(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    log_in_one(s);
    say(s, "repaircard.opened", "2026-03-05T16:30", "'card_no':'K1','register_no':'E1'");
    /* 3 x 480 working minutes from Thursday 16:30: Tuesday 16:30 */
    due_is(s, "repaircard/K1", "repair.promised", "2026-03-10T16:30");
    stage_close(s);
}

static void DSP_040_the_default_is_the_company_s(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("appliance", "appliance/policy.yaml",
                                        "s/^keys:/keys:\\n  promised_default_days: 1/");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "'district':'a'");
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T11:00", "");
    log_in_one(s);
    say(s, "repaircard.opened", "2026-03-05T16:30", "'card_no':'K1','register_no':'E1'");
    due_is(s, "repaircard/K1", "repair.promised", "2026-03-06T16:30");
    stage_close(s);
}

/* DSP-EX-29. */
static void DSP_040_help_asked_before_the_time(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    repair_one(s);
    due_is(s, "repaircard/K1", "repair.promised", "2026-03-10T15:00");
    say(s, "repair.assist_requested", "2026-03-10T14:30", "'card_no':'K1','text':'no tube'");
    until(s, "2026-03-16T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "repair.promised"), 0);
    assert_int_equal(count(s, "repair.assist_requested"), 1);
    assert_int_equal(item_state(s, "R1"), goods_state_assist_requested);
    stage_close(s);
}

/* DSP-EX-30. */
static void DSP_040_nobody_asked(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    repair_one(s);
    until(s, "2026-03-10T15:20");
    assert_int_equal(clock_count(s, "deadline.passed", "repair.promised"), 1);
    assert_string_equal(last(s, "deadline.passed", "at"), "2026-03-10T07:00:00Z");
    assert_string_equal(last(s, "repair.assist_requested", "automatic"), "yes");
    assert_string_equal(last(s, "repair.assist_requested", "technician"), "T1");
    assert_int_equal(item_state(s, "R1"), goods_state_assist_requested);
    say(s, "repair.done", "2026-03-10T15:20", "'card_no':'K1'");
    assert_string_equal(end_of(s, "repaircard/K1", "repair.promised"), "late");
    until(s, "2026-03-16T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "repair.promised"), 1);
    stage_close(s);
}

/* The request the clock makes does not end its ladder: 15:00, + 240 and + 480 working minutes. */
static void DSP_040_repair_promised_ladder(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    repair_one(s);
    until(s, "2026-03-16T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "repair.promised"), 3);
    assert_int_equal(count(s, "repair.assist_requested"), 1);
    say(s, "repair.assist_requested", "2026-03-16T09:00", "'card_no':'K1'");
    assert_string_equal(end_of(s, "repaircard/K1", "repair.promised"), "late");
    stage_close(s);
}

static void DSP_040_only_the_supervisor_reschedules(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    repair_one(s);
    deny(s, "repair.rescheduled", "2026-03-09T09:00",
         "'card_no':'K1','promised_at':'2026-03-12T15:00:00+08:00','by':'T1'", "DSP-040",
         "supervisor_needed", 0);
    say(s, "repair.rescheduled", "2026-03-09T09:00",
        "'card_no':'K1','promised_at':'2026-03-12T15:00:00+08:00','by':'S1','reason':'no tube'");
    due_is(s, "repaircard/K1", "repair.promised", "2026-03-12T15:00");
    assert_int_equal(clock_count(s, "deadline.dropped", "repair.promised"), 1);
    say(s, "repair.done", "2026-03-12T15:00", "'card_no':'K1'"); /* at the due instant */
    assert_string_equal(end_of(s, "repaircard/K1", "repair.promised"), "stopped");
    stage_close(s);
}

/* ---- DSP-039 ---- */

struct custody_case {
    const char *id;
    int issued, voided, lost, open_entries; /* of the register */
    int in_custody;
    bool ok;
};

/* One item of a job with `issued` of them; `n` names receipt, entry and card. */
static void with_number(struct stage *s, const char *type, const char *local, const char *format,
                        int n)
{
    char data[300];
    snprintf(data, sizeof data, format, n, n, n);
    say(s, type, local, data);
}

static void repair_numbered(struct stage *s, int n)
{
    with_number(s, "repaircard.opened", "2026-03-02T13:20", "'card_no':'K%d','register_no':'E%d'",
                n);
    with_number(s, "repaircard.work_added", "2026-03-02T13:30", "'card_no':'K%d','minutes':5", n);
    with_number(s, "repair.done", "2026-03-02T13:40", "'card_no':'K%d'", n);
    with_number(s, "repair.inspected", "2026-03-02T13:50",
                "'card_no':'K%d','result':'pass','by':'S1'", n);
}

static void custody_story(struct stage *s, const struct custody_case *c)
{
    for (int n = 1; n <= c->issued; n++) {
        with_number(s, "goods.taken_away", "2026-03-02T12:00",
                    "'receipt_no':'R%d','call_no':'C1','product':'TV','condition':'ok'", n);
    }
    say(s, "voucher.signed", "2026-03-02T12:00", "'call_no':'C1','purpose':'take_away'");
    int returned = c->issued - c->open_entries, ended = c->voided + c->lost;
    for (int n = 1; n <= c->issued; n++) {
        with_number(s, "goods.logged_in", "2026-03-02T13:10",
                    "'receipt_no':'R%d','register_no':'E%d'", n);
        if (n > returned && n > ended) continue;
        repair_numbered(s, n);
        if (n <= returned) {
            with_number(s, "goods.returned", "2026-03-02T14:00", "'receipt_no':'R%d'", n);
        }
        if (n <= c->voided) {
            with_number(s, "receipt.voided", "2026-03-02T14:10", "'receipt_no':'R%d'", n);
        } else if (n <= ended) {
            with_number(s, "receipt.lost", "2026-03-02T14:10",
                        "'receipt_no':'R%d','declaration':'d','approved_by':'S1'", n);
        }
    }
}

static void DSP_039_register_and_receipts_agree(void **state)
{
    (void)state;
    static const struct custody_case cases[] = {
        {"DSP-EX-25", 14, 10, 1, 3, 3, true},
        {"DSP-EX-26", 14, 11, 0, 4, 3, false}, /* one voided, its return not entered */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct custody_case *c = &cases[i];
        struct stage *s = site_open("a");
        custody_story(s, c);
        until(s, "2026-03-03T00:01");
        assert_int_equal(clock_count(s, "deadline.passed", "custody.check"), 1);
        assert_int_equal(count(s, "custody.mismatch"), c->ok ? 0 : 1);
        struct rec_row_custody row;
        row_at(s, DISPATCH_CUSTODY, "U1", &row);
        assert_int_equal(row.issued - row.voided - row.lost, c->in_custody);
        assert_int_equal(row.entries - row.returned, c->open_entries);
        if (!c->ok) {
            assert_string_equal(last(s, "custody.mismatch", "in_custody"), "3");
            assert_string_equal(last(s, "custody.mismatch", "open_entries"), "4");
            assert_string_equal(last(s, "custody.mismatch", "day"), "2026-03-02");
        }
        stage_close(s);
    }
}

/* While it may still be logged in in time nothing is wrong; afterwards every day says so. */
static void DSP_039_not_logged_in(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    say(s, "goods.taken_away", "2026-03-02T12:00", TAKE("R1"));
    say(s, "voucher.signed", "2026-03-02T12:00", "'call_no':'C1','purpose':'take_away'");
    until(s, "2026-03-03T12:00");
    assert_int_equal(count(s, "custody.mismatch"), 0);
    until(s, "2026-03-05T12:00"); /* due on Tuesday at 24:00 */
    size_t so_far = count(s, "custody.mismatch");
    assert_true(so_far >= 1);
    assert_string_equal(last(s, "custody.mismatch", "issued"), "1");
    say(s, "goods.logged_in", "2026-03-05T13:00", "'receipt_no':'R1','register_no':'E1'");
    until(s, "2026-03-07T12:00");
    assert_int_equal(count(s, "custody.mismatch"), so_far);
    stage_close(s);
}

static void DSP_039_the_check_rests_when_nothing_is_there(void **state)
{
    (void)state;
    struct stage *s = site_open("a");
    inspect_one(s);
    say(s, "goods.returned", "2026-03-04T10:00", "'receipt_no':'R1'");
    say(s, "receipt.voided", "2026-03-04T10:10", "'receipt_no':'R1'");
    until(s, "2026-03-20T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "custody.check"), 3); /* 2, 3 and 4 March */
    assert_int_equal(count(s, "custody.mismatch"), 0);
    stage_close(s);
}

/* ---- DSP-042 ---- */

static void DSP_042_steps_in_their_order(void **state)
{
    (void)state;
    static const char *const steps[] = {"issued",   "cause_analysed", "plan_made", "notified",
                                        "executed", "accepted",       "stored",    "shipped"};
    struct stage *s = site_open("a");
    char data[120];
    deny(s, "factory.step_done", "2026-03-02T12:00", "'form_no':'F1','step':'cause_analysed'",
         "DSP-042", "step_order", 0);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        snprintf(data, sizeof data, "'form_no':'F1','step':'%s','by':'Q'", steps[i]);
        say(s, "factory.step_done", "2026-03-02T13:00", data);
        deny(s, "factory.step_done", "2026-03-02T13:00", data, "DSP-042", "step_order", 0);
        if (i + 2 >= COUNT_OF(steps)) continue;
        snprintf(data, sizeof data, "'form_no':'F1','step':'%s'", steps[i + 2]);
        deny(s, "factory.step_done", "2026-03-02T13:00", data, "DSP-042", "step_order", 0);
    }
    struct rec_row_factory row;
    row_at(s, DISPATCH_FACTORY, "F1", &row);
    assert_int_equal(row.state, factory_step_shipped);
    assert_true(row.issued_at == instant("2026-03-02T13:00") && row.shipped_at == row.issued_at);
    assert_true(row.accepted_at && row.stored_at && row.notified_at && row.executed_at);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_033_receipt_and_signature_before_the_register),
        cmocka_unit_test(DSP_033_only_from_where_somebody_is),
        cmocka_unit_test(DSP_033_a_job_whose_goods_are_away),
        cmocka_unit_test(INT_031_written_off_while_the_goods_are_away),
        cmocka_unit_test(DSP_034_logged_in_by_the_next_working_day),
        cmocka_unit_test(DSP_034_goods_log_in_ladder),
        cmocka_unit_test(DSP_034_a_late_report_takes_the_reminder_back),
        cmocka_unit_test(DSP_035_one_card_one_item),
        cmocka_unit_test(DSP_036_time_and_parts_on_the_card),
        cmocka_unit_test(DSP_036_no_repair_without_work_on_the_card),
        cmocka_unit_test(DSP_037_DSP_062_the_supervisor_inspects),
        cmocka_unit_test(DSP_041_back_within_two_working_days),
        cmocka_unit_test(DSP_041_goods_return_ladder),
        cmocka_unit_test(DSP_038_returned_signed_and_voided),
        cmocka_unit_test(DSP_038_every_item_of_the_job),
        cmocka_unit_test(DSP_027_signed_for_before_the_goods_were_back),
        cmocka_unit_test(DSP_027_the_last_signature_counts),
        cmocka_unit_test(DSP_038_voided_before_the_return_is_entered),
        cmocka_unit_test(DSP_038_the_receipt_is_lost),
        cmocka_unit_test(DSP_040_three_working_days_when_no_time_is_set),
        cmocka_unit_test(DSP_040_the_default_is_the_company_s),
        cmocka_unit_test(DSP_040_help_asked_before_the_time),
        cmocka_unit_test(DSP_040_nobody_asked),
        cmocka_unit_test(DSP_040_repair_promised_ladder),
        cmocka_unit_test(DSP_040_only_the_supervisor_reschedules),
        cmocka_unit_test(DSP_039_register_and_receipts_agree),
        cmocka_unit_test(DSP_039_not_logged_in),
        cmocka_unit_test(DSP_039_the_check_rests_when_nothing_is_there),
        cmocka_unit_test(DSP_042_steps_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
