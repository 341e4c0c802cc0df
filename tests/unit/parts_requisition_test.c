/* parts_requisition_test.c - requisitions 備用件領料單: approved, issued, brought back, written
 * off. Rules PRT-004, PRT-021, PRT-040, PRT-041. */
#include "tests/unit/parts_store_door.h"

/* ---- PRT-004 ---- */

static void PRT_004_no_issue_without_an_approved_requisition(void **state)
{
    (void)state;
    struct stage *s = store_open_with(20);
    deny(s, "BUS", "stock.issued", "2026-03-02T10:00", ISSUE(2), "PRT-004", "unknown_number");
    deny(s, "BUS", "requisition.approved", "2026-03-02T10:00", R1 ",'by':'boss'", "PRT-004",
         "unknown_number");
    say(s, "BUS", "requisition.opened", "2026-03-02T10:00",
        R1 ",'person':'T1','lines':[{'part_no':'A','qty':5}]");
    deny(s, "BUS", "stock.issued", "2026-03-02T10:10", ISSUE(2), "PRT-040", "state");
    say(s, "BUS", "requisition.refused", "2026-03-02T10:20", R1 ",'by':'boss','reason':'why'");
    assert_string_equal(state_of(s, "R1"), "refused");
    deny(s, "BUS", "stock.issued", "2026-03-02T10:30", ISSUE(2), "PRT-040", "state");
    deny(s, "BUS", "requisition.approved", "2026-03-02T10:40", R1 ",'by':'boss'", "PRT-004",
         "state");
    stage_close(s);
}

static void PRT_004_what_was_approved_and_no_more(void **state)
{
    (void)state;
    struct stage *s = store_open_with(20);
    item(s, "B", "");
    approve(s, 5, "2026-03-02T10:00");
    deny(s, "BUS", "stock.issued", "2026-03-02T11:00", ISSUE(6), "PRT-040", "too_many");
    deny(s, "BUS", "stock.issued", "2026-03-02T11:00", R1 ",'line':2,'part_no':'A','qty':1",
         "PRT-040", "unknown_line");
    deny(s, "BUS", "stock.issued", "2026-03-02T11:00", R1 ",'line':1,'part_no':'B','qty':1",
         "PRT-040", "part_no");
    say(s, "BUS", "stock.issued", "2026-03-02T11:00", ISSUE(3));
    deny(s, "BUS", "stock.issued", "2026-03-02T11:10", ISSUE(3), "PRT-040", "too_many");
    deny(s, "BUS", "stock.issued", "2026-03-02T11:10", ISSUE(2) ",'receiver':'T2'", "PRT-040",
         "receiver");
    say(s, "BUS", "stock.issued", "2026-03-02T11:20", ISSUE(2));
    assert_int_equal(balance(s, ledger_place_hand, "T1", "A"), 5);
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 15);
    stage_close(s);
}

static void PRT_004_nobody_approves_his_own_requisition(void **state)
{
    (void)state;
    struct stage *s = store_open_with(20);
    say(s, "BUS", "requisition.opened", "2026-03-02T10:00",
        R1 ",'person':'T1','lines':[{'part_no':'A','qty':5}]");
    deny(s, "BUS", "requisition.approved", "2026-03-02T10:10", R1 ",'by':'T1'", "PRT-004",
         "same_person");
    deny(s, "BUS", "requisition.refused", "2026-03-02T10:10", R1 ",'by':'T1','reason':'why'",
         "PRT-004", "same_person");
    say(s, "BUS", "requisition.approved", "2026-03-02T10:20", R1 ",'by':'boss'");
    stage_close(s);
}

/* PRT-041 */
/* Under PP-PLANT that is the quality engineer or the head of department. */
static void PRT_004_the_leader_of_its_policy_signs(void **state)
{
    (void)state;
    struct stage *s = store_open_with(20);
    say(s, "PLANT", "requisition.opened", "2026-03-02T10:00",
        R1 ",'lines':[{'part_no':'A','qty':1}]");
    deny(s, "PLANT", "requisition.approved", "2026-03-02T10:10", R1 ",'by':'X9'", "PRT-004",
         "not_entitled");
    deny(s, "PLANT", "requisition.refused", "2026-03-02T10:10", R1 ",'by':'boss','reason':'r'",
         "PRT-004", "not_entitled");
    say(s, "PLANT", "requisition.approved", "2026-03-02T10:20", R1 ",'by':'SQ'");
    stage_close(s);
}

/* An import has nobody to sign. */
static void PRT_004_without_roles_anybody_signs(void **state)
{
    (void)state;
    struct stage *s = parts_open_changed("common/parts.yaml", "/approver: .領導/d");
    say(s, "BUS", "requisition.opened", "2026-03-02T10:00",
        R1 ",'lines':[{'part_no':'A','qty':1}]");
    say(s, "BUS", "requisition.approved", "2026-03-02T10:20", R1 ",'by':'X9'");
    stage_close(s);
}

static void PRT_041_a_store_cannot_fall_below_nothing(void **state)
{
    (void)state;
    struct stage *s = store_open_with(4);
    approve(s, 5, "2026-03-02T10:00");
    deny(s, "BUS", "stock.issued", "2026-03-02T11:00", ISSUE(5), "PRT-040", "balance");
    say(s, "BUS", "stock.issued", "2026-03-02T11:00", ISSUE(4));
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 0);
    stage_close(s);
}

/* ---- PRT-040 and PRT-021 ---- */

static void PRT_040_written_off_by_report_and_old_part(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        int used, unused, old;
        const char *user_signed;
        int written_off, outstanding;
        const char *state;
    } rows[] = {
        {"PRT-EX-20", 4, 1, 4, "yes", 4, 0, "cleared"},
        {"PRT-EX-21", 4, 1, 3, "yes", 3, 1, "partly_cleared"},
        {"PRT-EX-22", 4, 1, 4, "no", 0, 4, "partly_cleared"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = five_out();
        char data[300];
        snprintf(data, sizeof data, R1 ",'line':1,'part_no':'A','qty':%d", rows[i].unused);
        say(s, "BUS", "stock.returned_unused", "2026-03-03T09:00", data);
        snprintf(data, sizeof data,
                 R1 ",'line':1,'used':%d,'old_qty':%d,'report':'SR1','user_signed':'%s',"
                    "'leader_ok':'yes'",
                 rows[i].used, rows[i].old, rows[i].user_signed);
        bool sign = strcmp(rows[i].user_signed, "yes") == 0;
        if (sign)
            say(s, "BUS", "stock.written_off", "2026-03-03T10:00", data);
        else
            deny(s, "BUS", "stock.written_off", "2026-03-03T10:00", data, "PRT-021", "not_signed");
        struct rec_row_requisition r = requisition(s, "R1");
        if (r.issued != 5 || r.unused != 1 || (int)r.written_off != rows[i].written_off ||
            strcmp(state_of(s, "R1"), rows[i].state) != 0)
            fail_msg("%s: %d written off, %s", rows[i].id, (int)r.written_off, state_of(s, "R1"));
        struct rec_row_ledger_line l = ledger_line(s, parts_doc_requisition, "R1", 1);
        assert_int_equal(l.in_transit + l.in_hand + l.in_owed, rows[i].outstanding);
        assert_int_equal(l.in_old + l.in_used, rows[i].written_off);
        if (sign) {
            snprintf(data, sizeof data, "%d", rows[i].outstanding);
            const char *left = last(s, "stock.written_off", "outstanding");
            assert_string_equal(*left ? left : "0", data);
        }
        stage_close(s);
    }
}

static void PRT_040_unhappy_returns_and_write_offs(void **state)
{
    (void)state;
    struct stage *s = five_out();
    deny(s, "BUS", "stock.returned_unused", "2026-03-03T09:00", BACK(6), "PRT-040", "balance");
    deny(s, "BUS", "stock.returned_unused", "2026-03-03T09:00",
         R1 ",'line':2,'part_no':'A','qty':1", "PRT-040", "unknown_line");
    deny(s, "BUS", "stock.returned_unused", "2026-03-03T09:00",
         R1 ",'line':1,'part_no':'B','qty':1", "PRT-040", "part_no");
    deny(s, "BUS", "stock.returned_unused", "2026-03-03T09:00",
         "'requisition_no':'R9','line':1,'part_no':'A','qty':1", "PRT-040", "unknown_number");
    deny(s, "BUS", "stock.written_off", "2026-03-03T09:00",
         R1 ",'line':1,'used':1,'user_signed':'yes','leader_ok':'yes'", "PRT-021", "no_report");
    deny(s, "BUS", "stock.written_off", "2026-03-03T09:00",
         R1 ",'line':1,'used':1,'report':'SR1','user_signed':'yes'", "PRT-021", "not_approved");
    deny(s, "BUS", "stock.written_off", "2026-03-03T09:00", R1 ",'line':1," SIGNED, "PRT-040",
         "nothing");
    deny(s, "BUS", "stock.written_off", "2026-03-03T09:00", R1 ",'line':1,'used':6," SIGNED,
         "PRT-021", "balance");
    deny(s, "BUS", "stock.written_off", "2026-03-03T09:00", R1 ",'line':1,'lost':1", "PRT-040",
         "no_document");
    say(s, "BUS", "stock.written_off", "2026-03-03T09:00", R1 ",'line':1,'lost':2,'document':'D1'");
    assert_int_equal(balance(s, ledger_place_lost, "T1", "A"), 2);
    say(s, "BUS", "stock.written_off", "2026-03-03T10:00", R1 ",'line':1,'used':3," SIGNED);
    assert_int_equal(balance(s, ledger_place_owed, "T1", "A"), 3);
    say(s, "BUS", "stock.written_off", "2026-03-04T10:00", R1 ",'line':1,'old_qty':3," SIGNED);
    assert_string_equal(state_of(s, "R1"), "cleared");
    assert_int_equal(balance(s, ledger_place_old, "BUS", "A"), 3);
    stage_close(s);
}

/* PRT-024: where no old part is asked for, use alone writes off. */
static void PRT_021_no_old_part_asked_for(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    item(s, "A", "");
    say(s, "GEN", "stock.received", D1,
        "'note_no':'G1','source':'opening','lines':[{'part_no':'A','qty':9}]");
    say(s, "GEN", "requisition.opened", "2026-03-02T10:00",
        R1 ",'lines':[{'part_no':'A','qty':5}]");
    say(s, "GEN", "requisition.approved", "2026-03-02T10:00", R1 ",'by':'boss'");
    say(s, "GEN", "stock.issued", "2026-03-02T11:00", ISSUE(5));
    say(s, "GEN", "stock.written_off", "2026-03-03T10:00",
        R1 ",'line':1,'used':5,'old_qty':1," SIGNED);
    assert_int_equal(balance(s, ledger_place_used, "GEN", "A"), 4);
    assert_int_equal(balance(s, ledger_place_old, "GEN", "A"), 1);
    assert_string_equal(state_of(s, "R1"), "cleared");
    stage_close(s);
}

/* What other rooms move of its pieces is written off, and ends the clock. */
static void PRT_040_use_on_site_writes_off(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    const char *use = "'doc':'requisition','doc_no':'R1','line':1,'reason':'burnt','name':'relay',"
                      "'report':'SR1','user_signed':'yes','leader_ok':'yes'";
    char data[300];
    item(s, "A", "");
    say(s, "GEN", "stock.received", D1,
        "'note_no':'G1','source':'opening','lines':[{'part_no':'A','qty':9}]");
    say(s, "GEN", "requisition.opened", "2026-03-02T10:00",
        R1 ",'lines':[{'part_no':'A','qty':5}]");
    say(s, "GEN", "requisition.approved", "2026-03-02T10:00", R1 ",'by':'boss'");
    say(s, "GEN", "stock.issued", "2026-03-02T11:00", ISSUE(5));
    snprintf(data, sizeof data, "%s,'qty':3", use);
    say(s, "GEN", "part.used", "2026-03-03T10:00", data);
    assert_string_equal(last(s, "stock.written_off", "written_off"), "3");
    assert_string_equal(last(s, "stock.written_off", "outstanding"), "2");
    assert_string_equal(state_of(s, "R1"), "partly_cleared");
    assert_string_equal(end_of(s, "requisition/R1", "requisition.clear"), "open");
    snprintf(data, sizeof data, "%s,'qty':2", use);
    say(s, "GEN", "part.used", "2026-03-04T10:00", data);
    assert_int_equal(count(s, "stock.written_off"), 2);
    assert_string_equal(state_of(s, "R1"), "cleared");
    assert_string_equal(end_of(s, "requisition/R1", "requisition.clear"), "stopped");
    stage_close(s);
    /* Where the old part must come back, it is owed first. */
    s = five_out();
    snprintf(data, sizeof data, "%s,'qty':2,'person':'T1'", use);
    say(s, "BUS", "part.used", "2026-03-03T10:00", data);
    assert_int_equal(balance(s, ledger_place_owed, "T1", "A"), 2);
    assert_int_equal(count(s, "stock.written_off"), 0);
    say(s, "BUS", "stock.written_off", "2026-03-04T10:00", R1 ",'line':1,'old_qty':2," SIGNED);
    assert_string_equal(state_of(s, "R1"), "partly_cleared");
    assert_int_equal(requisition(s, "R1").written_off, 2);
    stage_close(s);
}

/* requisition.clear: 30 days after Monday, 2 March, to the 24:00 of 1 April (a Wednesday); levels
 * at 24:00 of the 1st and 3rd working day after: 2 April, 6 April (CAL-EX has no holiday there). */
static void PRT_040_requisition_clear_ladder(void **state)
{
    (void)state;
    struct stage *s = five_out();
    due_is(s, "requisition/R1", "requisition.clear", "2026-04-02T00:00");
    until(s, "2026-04-01T23:59");
    assert_int_equal(passed(s, "requisition.clear"), 0);
    until(s, "2026-04-02T00:01");
    assert_int_equal(passed(s, "requisition.clear"), 1);
    until(s, "2026-04-03T00:01");
    assert_int_equal(passed(s, "requisition.clear"), 2);
    until(s, "2026-05-01T00:00");
    assert_int_equal(passed(s, "requisition.clear"), 3);
    say(s, "BUS", "stock.returned_unused", "2026-05-02T09:00", BACK(5));
    assert_string_equal(end_of(s, "requisition/R1", "requisition.clear"), "late");
    stage_close(s);
}

static void PRT_040_requisition_clear_stopped(void **state)
{
    (void)state;
    struct stage *s = five_out();
    say(s, "BUS", "stock.returned_unused", "2026-03-20T09:00", BACK(4));
    assert_string_equal(end_of(s, "requisition/R1", "requisition.clear"), "open");
    say(s, "BUS", "stock.written_off", "2026-04-01T23:00",
        R1 ",'line':1,'used':1,'old_qty':1," SIGNED);
    assert_string_equal(end_of(s, "requisition/R1", "requisition.clear"), "stopped");
    /* Four may be drawn again: the clock begins anew, from the first of them. */
    say(s, "BUS", "stock.issued", "2026-04-08T09:00", ISSUE(1));
    say(s, "BUS", "stock.issued", "2026-04-10T09:00", ISSUE(1));
    due_is(s, "requisition/R1", "requisition.clear", "2026-05-09T00:00");
    stage_close(s);
}

static void PRT_040_free_returns_are_covered_as_far_as_the_books_show(void **state)
{
    (void)state;
    struct stage *s =
        parts_open_changed("policy.yaml", "$ a parts: {requisition_required: no, free_returns: "
                                          "yes, stock_nonnegative: no, stock_spec: no}");
    say(s, "BUS", "stock.issued", D1, ISSUE(5) ",'receiver':'T1','unit_cost':'2.00'");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), -5);
    say(s, "BUS", "stock.returned_unused", "2026-03-02T10:00",
        "'requisition_no':'C1','line':1,'part_no':'A','qty':2,'brought_by':'T1'");
    assert_string_equal(last(s, "stock.returned_unused", "covered"), "2");
    say(s, "BUS", "stock.returned_unused", "2026-03-02T11:00",
        "'requisition_no':'C1','line':2,'part_no':'A','qty':4,'brought_by':'T1'");
    assert_string_equal(last(s, "stock.returned_unused", "covered"), "3");
    say(s, "BUS", "stock.returned_unused", "2026-03-02T12:00",
        "'requisition_no':'C1','line':3,'part_no':'A','qty':4,'brought_by':'T1'");
    assert_string_equal(last(s, "stock.returned_unused", "covered"), "");
    deny(s, "BUS", "stock.returned_unused", "2026-03-02T12:00",
         "'requisition_no':'C1','line':3,'part_no':'B','qty':4,'brought_by':'T1'", "PRT-040",
         "part_no");
    assert_int_equal(balance(s, ledger_place_hand, "T1", "A"), -5);
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 5);
    assert_string_equal(end_of(s, "requisition/C1", "requisition.clear"), "none");
    /* What came back without an issue is not set against a later one. */
    say(s, "BUS", "stock.issued", "2026-03-02T13:00",
        "'requisition_no':'R2','line':1,'part_no':'A','qty':3,'receiver':'T1'");
    say(s, "BUS", "stock.returned_unused", "2026-03-02T14:00",
        "'requisition_no':'C2','line':1,'part_no':'A','qty':4,'brought_by':'T1'");
    assert_string_equal(last(s, "stock.returned_unused", "covered"), "3");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_004_no_issue_without_an_approved_requisition),
        cmocka_unit_test(PRT_004_what_was_approved_and_no_more),
        cmocka_unit_test(PRT_004_nobody_approves_his_own_requisition),
        cmocka_unit_test(PRT_004_the_leader_of_its_policy_signs),
        cmocka_unit_test(PRT_004_without_roles_anybody_signs),
        cmocka_unit_test(PRT_041_a_store_cannot_fall_below_nothing),
        cmocka_unit_test(PRT_040_written_off_by_report_and_old_part),
        cmocka_unit_test(PRT_040_unhappy_returns_and_write_offs),
        cmocka_unit_test(PRT_021_no_old_part_asked_for),
        cmocka_unit_test(PRT_040_use_on_site_writes_off),
        cmocka_unit_test(PRT_040_requisition_clear_ladder),
        cmocka_unit_test(PRT_040_requisition_clear_stopped),
        cmocka_unit_test(PRT_040_free_returns_are_covered_as_far_as_the_books_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
