/* parts_oldpart_posted_test.c - old parts of what was posted 郵寄發運. Rules PRT-017, PRT-020,
 * PRT-021. */
#include "tests/unit/parts_old_door.h"

static struct rec_row_oldpart_debt debt_of(struct stage *s, const char *person)
{
    struct rec_row_oldpart_debt row = {0};
    (void)row_at(s, PARTS_OLDPART_DEBT, key_of(str_of(person)), &row);
    return row;
}

static void ship(struct stage *s, const char *unit, const char *note, const char *local)
{
    say(s, unit, "issue.shipped", local,
        text_of("'note_no':'%s','waybill':'W-%s'", note, note).text);
}

static void assert_eased(struct stage *s, const char *no, const char *note, int64_t qty)
{
    struct rec_row_oldpart r = old_row(s, no);
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, note, 1);
    assert_string_equal(old_state(s, no), "expected_if_possible");
    assert_int_equal(r.duty, oldpart_duty_wanted);
    assert_true(r.posted);
    assert_int_equal(l.in_used, qty);
    assert_int_equal(l.in_owed, 0);
    assert_int_equal(debt_of(s, "T1").pieces, 0);
    assert_int_equal(debt_of(s, "T1").value, 0);
    assert_int_equal(debt_of(s, "T1").overdue, 0);
}

/* PP-BUS: all old parts must come back, those of posted parts as far as possible. */
static void PRT_020_old_parts_of_posted_parts_come_back_if_possible(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    drawn_at(s, "BUS", "N1", "SEAT", 2, "10.00", DAY1, "");
    ship(s, "BUS", "N1", DAY1);
    used_at(s, "BUS", "N1", 2, DAY1, SIGNED);
    assert_eased(s, "OP-1", "N1", 2);
    assert_string_equal(last(s, "oldpart.expected", "duty"), "wanted");
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "none");
    until(s, "2026-06-01T00:00");
    assert_int_equal(reminders(s, "oldpart.return"), 0);
    old_act(s, "oldpart.returned", "OP-1", "2026-06-01T10:00", "'qty':1"); /* one was recovered */
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.in_old, 1);
    assert_int_equal(l.in_used, 1);
    assert_string_equal(old_state(s, "OP-2"), "expected_if_possible");
    old_act(s, "oldpart.disposed", "OP-1", "2026-06-02T10:00", "'disposal':'scrap'");
    stage_close(s);
}

static void PRT_020_the_shipment_is_told_after_the_use(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "BUS", "N1", "SEAT", 2, "10.00", DAY1);
    used(s, "BUS", "N2", "SEAT", 1, "10.00", DAY1);
    assert_int_equal(debt_of(s, "T1").pieces, 3);
    ship(s, "BUS", "N1", "2026-03-03T10:00");
    assert_string_equal(last(s, "oldpart.posted", "old_no"), "OP-1");
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "cancelled");
    assert_int_equal(debt_of(s, "T1").pieces, 1); /* of N2, which somebody carried */
    until(s, "2026-04-02T00:01");
    assert_int_equal(debt_of(s, "T1").overdue, 1);
    ship(s, "BUS", "N2", "2026-04-02T10:00"); /* overdue until now */
    assert_eased(s, "OP-1", "N1", 2);
    assert_eased(s, "OP-2", "N2", 1);
    stage_close(s);
}

#define MANY 260 /* old parts of one note; a step eases fewer */

/* Of each two pieces one was taken along, so that each use has two old parts. */
static void PRT_020_more_old_parts_than_one_step_eases(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    drawn_at(s, "BUS", "N1", "SEAT", MANY, "10.00", DAY1, "");
    for (int i = 0; i < MANY / 2; i++)
        used_at(s, "BUS", "N1", 2, DAY1, SIGNED ",'old_part_qty':1");
    assert_int_equal(debt_of(s, "T1").pieces, MANY);
    ship(s, "BUS", "N1", "2026-03-03T10:00");
    size_t at_once = count(s, "oldpart.posted");
    assert_true(at_once >= 200 && at_once < MANY);
    assert_string_equal(end_of(s, "posted/issue/N1", "oldpart.portion"), "open");
    until(s, "2026-03-03T10:01");
    assert_int_equal(count(s, "oldpart.posted"), MANY);
    assert_string_equal(end_of(s, "posted/issue/N1", "oldpart.portion"), "cancelled");
    assert_int_equal(reminders(s, "oldpart.portion"), 0);
    assert_eased(s, "OP-1", "N1", MANY);
    assert_eased(s, "OP-260", "N1", MANY);
    stage_close(s);
}

/* PP-IND ships every note, and its classes must come back. */
static void PRT_020_only_where_the_policy_says_so(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    drawn_at(s, "IND", "N1", "CON", 1, "560.00", DAY1, "");
    ship(s, "IND", "N1", DAY1);
    used_at(s, "IND", "N1", 1, DAY1, SIGNED);
    assert_string_equal(old_state(s, "OP-1"), "expected");
    assert_int_equal(debt_of(s, "T1").pieces, 1);
    used(s, "IND", "N2", "CON", 1, "560.00", DAY1);
    ship(s, "IND", "N2", DAY1);
    assert_string_equal(old_state(s, "OP-2"), "expected");
    assert_int_equal(count(s, "oldpart.posted"), 0);
    stage_close(s);
}

/* 備用件領料單: 5 issued and posted, 4 used, 3 old parts there; the fourth is no debt, and with the
 * fifth back unused nothing is outstanding. Its postage is written off with two signatures. */
static void PRT_020_a_requisition_that_was_posted(void **state)
{
    (void)state;
    struct stage *s = old_open();
    struct rec_row_requisition r;
    catalogue(s);
    say(s, "BUS", "requisition.opened", DAY1,
        "'requisition_no':'Q1','person':'T1','lines':[{'part_no':'CON','qty':5}]");
    say(s, "BUS", "requisition.approved", DAY1, "'requisition_no':'Q1','by':'boss'");
    say(s, "BUS", "stock.issued", DAY1,
        "'requisition_no':'Q1','line':1,'part_no':'CON','qty':5,'unit_cost':'10.00',"
        "'waybill':'W1','destination':'Ningbo'");
    say(s, "BUS", "stock.written_off", "2026-03-05T10:00",
        "'requisition_no':'Q1','line':1,'report':'R1','user_signed':'yes','leader_ok':'yes',"
        "'used':4,'old_qty':3");
    assert_string_equal(old_state(s, "OP-1"), "expected_if_possible");
    assert_int_equal(debt_of(s, "T1").pieces, 0);
    say(s, "BUS", "stock.returned_unused", "2026-03-05T11:00",
        "'requisition_no':'Q1','line':1,'part_no':'CON','qty':1");
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_requisition, "Q1", 1);
    assert_int_equal(l.in_used, 1);
    assert_int_equal(l.in_old, 3);
    assert_int_equal(l.in_owed, 0);
    assert_true(row_at(s, PARTS_REQUISITION, key_of(STR("Q1")), &r));
    assert_int_equal(r.state, requisition_state_cleared);
    say(s, "BUS", "freight.billed", "2026-03-06T10:00", "'waybill':'W1','amount':'12.00'");
    say(s, "BUS", "freight.written_off", "2026-03-06T11:00",
        "'waybill':'W1','signed_handler':'T1','signed_leader':'boss'");
    assert_string_equal(last(s, "freight.booked", "doc_no"), "Q1");
    assert_string_equal(last(s, "freight.booked", "amount"), "12.00");
    stage_close(s);
}

/* The shipment spares the clock and the debt, not the signatures: those of the return clear it. */
static void PRT_021_posted_and_not_signed_stays_owed(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    drawn_at(s, "BUS", "N1", "SEAT", 2, "10.00", DAY1, "");
    ship(s, "BUS", "N1", DAY1);
    used_at(s, "BUS", "N1", 1, DAY1, ",'user_signed':'yes'");
    used_at(s, "BUS", "N1", 1, DAY1, SIGNED);
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.in_owed, 1);
    assert_int_equal(l.in_used, 1);
    assert_int_equal(old_row(s, "OP-1").place, ledger_place_owed);
    assert_int_equal(old_row(s, "OP-2").place, ledger_place_used);
    assert_string_equal(old_state(s, "OP-1"), "expected_if_possible");
    assert_int_equal(debt_of(s, "T1").pieces, 0);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-05T10:00",
            "'user_signed':'yes','leader_ok':'yes'");
    l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.in_owed, 0);
    assert_int_equal(l.in_old, 1);
    stage_close(s);
}

/* Told after the use; a document that it cannot be had back ends it. */
static void PRT_021_the_shipment_does_not_sign_the_report(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    drawn_at(s, "BUS", "N1", "SEAT", 1, "10.00", DAY1, "");
    used_at(s, "BUS", "N1", 1, DAY1, "");
    ship(s, "BUS", "N1", "2026-03-03T10:00");
    assert_string_equal(old_state(s, "OP-1"), "expected_if_possible");
    assert_int_equal(debt_of(s, "T1").pieces, 0);
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "cancelled");
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_owed, 1);
    old_act(s, "oldpart.lost", "OP-1", "2026-03-10T10:00",
            "'gap':'not_recoverable','document':'D','reason':'r','approved_by':'boss'");
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_owed, 0);
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_used, 1);
    stage_close(s);
}

/* 備用件領料單, posted and used without a signature: it is cleared by the signed write-off. */
static void PRT_021_a_requisition_waits_for_the_signatures(void **state)
{
    (void)state;
    struct stage *s = old_open();
    struct rec_row_requisition r;
    catalogue(s);
    say(s, "BUS", "requisition.opened", DAY1,
        "'requisition_no':'Q1','person':'T1','lines':[{'part_no':'SEAT','qty':1}]");
    say(s, "BUS", "requisition.approved", DAY1, "'requisition_no':'Q1','by':'boss'");
    say(s, "BUS", "stock.issued", DAY1,
        "'requisition_no':'Q1','line':1,'part_no':'SEAT','qty':1,'waybill':'W1'");
    say(s, "BUS", "part.used", "2026-03-03T10:00",
        "'doc':'requisition','doc_no':'Q1','line':1,'qty':1,'person':'T1','reason':'burnt',"
        "'name':'seat'");
    assert_true(row_at(s, PARTS_REQUISITION, key_of(STR("Q1")), &r));
    assert_int_equal(r.state, requisition_state_issued);
    assert_int_equal(count(s, "stock.written_off"), 0);
    assert_string_equal(end_of(s, "requisition/Q1", "requisition.clear"), "open");
    say(s, "BUS", "stock.written_off", "2026-03-05T10:00",
        "'requisition_no':'Q1','line':1,'report':'R1','user_signed':'yes','leader_ok':'yes',"
        "'old_qty':1");
    assert_true(row_at(s, PARTS_REQUISITION, key_of(STR("Q1")), &r));
    assert_int_equal(r.state, requisition_state_cleared);
    assert_string_equal(old_state(s, "OP-1"), "returned");
    assert_int_equal(old_row(s, "OP-1").place, ledger_place_old);
    stage_close(s);
}

/* What was used for good stands with who used it, until it comes back after all. */
static void PRT_017_a_piece_leaves_whoever_had_it(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "SEAT", 3, "10.00", DAY1); /* wanted, not owed */
    assert_int_equal(balance(s, ledger_place_used, "T1", "SEAT"), 3);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-04T10:00", "'qty':2");
    assert_int_equal(balance(s, ledger_place_used, "T1", "SEAT"), 1);
    assert_int_equal(balance(s, ledger_place_used, "", "SEAT"), 0);
    used(s, "IND", "N2", "CON", 1, "10.00", DAY1);
    old_act(s, "oldpart.lost", "OP-3", "2026-03-04T10:00",
            "'gap':'not_recoverable','document':'D','reason':'r','approved_by':'boss'");
    assert_int_equal(balance(s, ledger_place_used, "T1", "CON"), 1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_020_old_parts_of_posted_parts_come_back_if_possible),
        cmocka_unit_test(PRT_020_the_shipment_is_told_after_the_use),
        cmocka_unit_test(PRT_020_more_old_parts_than_one_step_eases),
        cmocka_unit_test(PRT_020_only_where_the_policy_says_so),
        cmocka_unit_test(PRT_020_a_requisition_that_was_posted),
        cmocka_unit_test(PRT_021_posted_and_not_signed_stays_owed),
        cmocka_unit_test(PRT_021_the_shipment_does_not_sign_the_report),
        cmocka_unit_test(PRT_021_a_requisition_waits_for_the_signatures),
        cmocka_unit_test(PRT_017_a_piece_leaves_whoever_had_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
