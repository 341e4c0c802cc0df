/* intake_goods_test.c - a call whose goods are away for repair 攜回修護, and its voucher, alone and
 * with dispatch behind the door. Rule INT-026. */
#include "services/dispatch/dispatch.h"
#include "tests/unit/intake_fixture.h"

#define TAKE(no) "{'receipt_no':'" no "','call_no':'C1','product':'TV','condition':'scratched'}"
#define SIGN(purpose) "{'call_no':'C1','purpose':'" purpose "'}"
#define OFF "{'call_no':'C1','solution':'new tube'}"

static void dispatch_it(struct stage *s)
{
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00",
         "{'call_no':'C1'," FULL ",'customer':'K1','product':'P1','product_line':'appliance',"
         "'district':'城區','fault':'f'}");
    tell(s, "job.assigned", "2026-03-02T09:30:00+08:00", "{'call_no':'C1','technician':'T1'}");
    tell(s, "job.arrived", "2026-03-02T11:00:00+08:00", "{'call_no':'C1'}");
    assert_int_equal(state_of(s, "C1"), call_state_dispatched);
}

static struct stage *dispatched(void)
{
    struct stage *s = door_open("appliance");
    dispatch_it(s);
    return s;
}

static enum voucher_state voucher_of(struct stage *s)
{
    struct rec_row_voucher row;
    struct key k = key_of(STR("K1"));
    key_str(&k, STR("P1"));
    assert_true(stage_row(s, LOG, INTAKE_TABLE(VOUCHER), k, &row));
    return row.state;
}

static void INT_026_written_off_only_after_the_return(void **state)
{
    (void)state;
    struct stage *s = dispatched();
    tell(s, "goods.taken_away", "2026-03-02T12:00:00+08:00", TAKE("R1"));
    assert_int_equal(state_of(s, "C1"), call_state_goods_away);
    tell(s, "voucher.signed", "2026-03-02T12:01:00+08:00", SIGN("take_away"));
    assert_int_equal(voucher_of(s), voucher_state_signed_take_away);
    refuse(s, "call.written_off", "2026-03-02T15:00:00+08:00", OFF, "INT-026", "goods_away");
    tell(s, "goods.returned", "2026-03-04T10:00:00+08:00", "{'receipt_no':'R1'}");
    refuse(s, "call.written_off", "2026-03-04T10:00:00+08:00", OFF, "INT-026", "goods_away");
    tell(s, "voucher.signed", "2026-03-04T10:05:00+08:00", SIGN("return"));
    assert_int_equal(voucher_of(s), voucher_state_signed_return);
    refuse(s, "call.written_off", "2026-03-04T10:06:00+08:00", OFF, "INT-026", "goods_away");
    tell(s, "receipt.voided", "2026-03-04T10:10:00+08:00", "{'receipt_no':'R1'}");
    assert_int_equal(state_of(s, "C1"), call_state_done);
    tell(s, "call.written_off", "2026-03-04T14:00:00+08:00", OFF);
    assert_int_equal(voucher_of(s), voucher_state_filed);
    assert_int_equal(stage_count(s, LOG, "voucher.filed"), 1);
    stage_close(s);
}

/* The end of the goods is the end of the work: the customer is called back as after a signature on
 * the spot (INT-082, INT-083), and the result of a request is owed from then on (INT-053). */
static void INT_026_what_follows_from_done_follows(void **state)
{
    (void)state;
    static const char *const last[] = {"voucher.signed", "receipt.voided", "goods.returned"};
    static const char *const data[] = {SIGN("return"), "{'receipt_no':'R1'}",
                                       "{'receipt_no':'R1'}"};
    for (size_t i = 0; i < COUNT_OF(last); i++) {
        struct stage *s = dispatched();
        tell(s, "request.created", "2026-03-02T11:30:00+08:00",
             "{'request_no':'RQ1','call_no':'C1','text':'f'}");
        tell(s, "goods.taken_away", "2026-03-02T12:00:00+08:00", TAKE("R1"));
        for (size_t n = 0; n < COUNT_OF(last); n++) {
            if (n != i) tell(s, last[n], "2026-03-04T10:00:00+08:00", data[n]);
        }
        assert_int_equal(stage_count(s, LOG, "followup.created"), 0);
        assert_int_equal(count_with(s, "deadline.armed", "name", "request.result"), 0);
        tell(s, last[i], "2026-03-04T11:00:00+08:00", data[i]);
        assert_int_equal(state_of(s, "C1"), call_state_done);
        assert_int_equal(count_with(s, "followup.created", "followup_no", "paid/C1"), 1);
        assert_int_equal(count_with(s, "followup.created", "followup_no", "regular/C1"), 1);
        assert_string_equal(last_with(s, "deadline.armed", "name", "request.result", "start"),
                            "2026-03-04T03:00:00Z");
        tell(s, "call.written_off", "2026-03-04T14:00:00+08:00", OFF);
        stage_close(s);
    }
}

/* In whatever order the three are told. */
static void INT_026_in_any_order(void **state)
{
    (void)state;
    static const struct {
        const char *type, *data;
    } facts[] = {
        {"goods.returned", "{'receipt_no':'R1'}"},
        {"voucher.signed", SIGN("return")},
        {"receipt.voided", "{'receipt_no':'R1'}"},
    };
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct stage *s = dispatched();
        tell(s, "goods.taken_away", "2026-03-02T12:00:00+08:00", TAKE("R1"));
        for (int n = 0; n < 3; n++) {
            assert_int_equal(state_of(s, "C1"), call_state_goods_away);
            tell(s, facts[orders[i][n]].type, "2026-03-04T10:00:00+08:00",
                 facts[orders[i][n]].data);
        }
        assert_int_equal(state_of(s, "C1"), call_state_done);
        stage_close(s);
    }
}

static void INT_026_every_receipt(void **state)
{
    (void)state;
    struct stage *s = dispatched();
    tell(s, "goods.taken_away", "2026-03-02T12:00:00+08:00", TAKE("R1"));
    tell(s, "goods.taken_away", "2026-03-02T12:00:00+08:00", TAKE("R2"));
    tell(s, "goods.taken_away", "2026-03-02T12:05:00+08:00", TAKE("R2")); /* told again */
    tell(s, "goods.returned", "2026-03-04T10:00:00+08:00", "{'receipt_no':'R1'}");
    tell(s, "receipt.lost", "2026-03-04T10:00:00+08:00",
         "{'receipt_no':'R1','declaration':'burnt','approved_by':'S1'}");
    tell(s, "goods.returned", "2026-03-04T10:00:00+08:00", "{'receipt_no':'R1'}");
    tell(s, "voucher.signed", "2026-03-04T10:05:00+08:00", SIGN("return"));
    assert_int_equal(state_of(s, "C1"), call_state_goods_away);
    tell(s, "goods.returned", "2026-03-05T10:00:00+08:00", "{'receipt_no':'R2'}");
    tell(s, "receipt.voided", "2026-03-05T10:00:00+08:00", "{'receipt_no':'R2'}");
    assert_int_equal(state_of(s, "C1"), call_state_done);
    stage_close(s);
}

static void INT_026_signatures_that_do_not_fit(void **state)
{
    (void)state;
    struct stage *s = dispatched();
    refuse(s, "voucher.signed", "2026-03-02T12:00:00+08:00",
           "{'call_no':'C9','purpose':'take_away'}", "INT-026", "call_unknown");
    refuse(s, "voucher.signed", "2026-03-02T12:00:00+08:00", SIGN("return"), "INT-026", "state");
    tell(s, "job.completed", "2026-03-02T12:10:00+08:00", "{'call_no':'C1'}");
    tell(s, "job.signed", "2026-03-02T12:20:00+08:00", "{'call_no':'C1'}");
    refuse(s, "voucher.signed", "2026-03-02T12:30:00+08:00", SIGN("take_away"), "INT-026", "state");
    stage_close(s);
}

/* CV-13: facts of dispatch are never refused here, and change nothing where they fit nothing. */
static void INT_026_facts_that_fit_no_call(void **state)
{
    (void)state;
    struct stage *s = dispatched();
    tell(s, "goods.taken_away", "2026-03-02T12:00:00+08:00",
         "{'receipt_no':'R1','call_no':'C9','product':'TV','condition':'ok'}");
    tell(s, "goods.returned", "2026-03-02T12:00:00+08:00", "{'receipt_no':'R1'}");
    tell(s, "receipt.voided", "2026-03-02T12:00:00+08:00", "{'receipt_no':'R1'}");
    assert_int_equal(state_of(s, "C1"), call_state_dispatched);
    stage_close(s);
}

/* The call is taken up again after the return: what is taken away then is signed for anew. */
static void INT_026_taken_away_a_second_time(void **state)
{
    (void)state;
    struct stage *s = dispatched();
    tell(s, "goods.taken_away", "2026-03-02T12:00:00+08:00", TAKE("R1"));
    tell(s, "goods.returned", "2026-03-04T10:00:00+08:00", "{'receipt_no':'R1'}");
    tell(s, "receipt.voided", "2026-03-04T10:00:00+08:00", "{'receipt_no':'R1'}");
    tell(s, "voucher.signed", "2026-03-04T10:00:00+08:00", SIGN("return"));
    tell(s, "job.reopened", "2026-03-04T11:00:00+08:00", "{'call_no':'C1'}");
    tell(s, "goods.taken_away", "2026-03-04T12:00:00+08:00", TAKE("R2"));
    tell(s, "goods.returned", "2026-03-05T10:00:00+08:00", "{'receipt_no':'R2'}");
    tell(s, "receipt.voided", "2026-03-05T10:00:00+08:00", "{'receipt_no':'R2'}");
    assert_int_equal(state_of(s, "C1"), call_state_goods_away);
    tell(s, "voucher.signed", "2026-03-05T10:00:00+08:00", SIGN("return"));
    assert_int_equal(state_of(s, "C1"), call_state_done);
    stage_close(s);
}

/* From the call to the file, through both services. */
static void INT_026_with_dispatch_behind_the_door(void **state)
{
    (void)state;
    static const struct service *const services[] = {&intake_service, &dispatch_service};
    static const struct {
        const char *type, *time, *data;
    } facts[] = {
        {"person.upserted", "2026-03-02T08:00:00+08:00",
         "{'person':'T1','unit':'U1','role':'technician','certified_to':'2026-12-31'}"},
        {"person.upserted", "2026-03-02T08:00:00+08:00",
         "{'person':'S1','unit':'U1','role':'supervisor'}"},
        {"call.registered", "2026-03-02T09:00:00+08:00",
         "{'call_no':'C1'," FULL ",'customer':'K1','product':'P1','product_line':'appliance',"
         "'zone':'urban','fault':'f'}"},
        {"job.assigned", "2026-03-02T09:30:00+08:00", "{'call_no':'C1','technician':'T1'}"},
        {"job.arrived", "2026-03-02T11:00:00+08:00", "{'call_no':'C1'}"},
        {"goods.taken_away", "2026-03-02T12:00:00+08:00", TAKE("R1")},
        {"voucher.signed", "2026-03-02T12:00:00+08:00", SIGN("take_away")},
        {"goods.logged_in", "2026-03-02T15:00:00+08:00", "{'receipt_no':'R1','register_no':'E1'}"},
        {"repaircard.opened", "2026-03-02T16:00:00+08:00", "{'card_no':'K1','register_no':'E1'}"},
        {"repaircard.work_added", "2026-03-03T10:00:00+08:00", "{'card_no':'K1','minutes':30}"},
        {"repair.done", "2026-03-03T11:00:00+08:00", "{'card_no':'K1'}"},
        {"repair.inspected", "2026-03-03T11:30:00+08:00",
         "{'card_no':'K1','result':'pass','by':'S1'}"},
        {"goods.returned", "2026-03-04T10:00:00+08:00", "{'receipt_no':'R1'}"},
        {"voucher.signed", "2026-03-04T10:00:00+08:00", SIGN("return")},
        {"receipt.voided", "2026-03-04T10:10:00+08:00", "{'receipt_no':'R1'}"},
        {"call.written_off", "2026-03-04T14:00:00+08:00", OFF},
    };
    struct stage *s = stage_open("deploy/policy/appliance", services, COUNT_OF(services));
    tell(s, "unit.upserted", "2026-01-05T08:00:00+08:00", "{'unit':'U1','calendar':'CAL-EX'}");
    for (size_t i = 0; i < COUNT_OF(facts); i++)
        tell(s, facts[i].type, facts[i].time, facts[i].data);
    assert_int_equal(stage_count(s, OWNER_dispatch, "refused.fact"), 0);
    assert_int_equal(stage_count(s, OWNER_dispatch, "job.closed"), 1);
    assert_int_equal(state_of(s, "C1"), call_state_closed);
    assert_int_equal(voucher_of(s), voucher_state_filed);
    stage_until(s, "2026-04-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, OWNER_dispatch, "custody.mismatch"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_026_written_off_only_after_the_return),
        cmocka_unit_test(INT_026_what_follows_from_done_follows),
        cmocka_unit_test(INT_026_in_any_order),
        cmocka_unit_test(INT_026_every_receipt),
        cmocka_unit_test(INT_026_signatures_that_do_not_fit),
        cmocka_unit_test(INT_026_facts_that_fit_no_call),
        cmocka_unit_test(INT_026_taken_away_a_second_time),
        cmocka_unit_test(INT_026_with_dispatch_behind_the_door),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
