/* parts_old_block_test.c - who lets old parts become overdue draws no more of them free of charge.
 * Rule PRT-025. */
#include "tests/unit/parts_old_door.h"

static void PRT_025_who_lets_them_become_overdue_may_be_blocked(void **state)
{
    (void)state;
    struct stage *s = parts_open_changed(
        "policy.yaml", "$ a parts: {block_on_overdue: yes, stock_nonnegative: no}");
    catalogue(s);
    used(s, "BUS", "N1", "SEAT", 1, "560.00", "2026-01-31T11:00");
    until(s, "2026-03-03T00:01");
    struct text next = note_of(s, "BUS", "N2", "SEAT", 1, "560.00", "2026-03-03T08:40");
    deny(s, "BUS", "issue.opened", "2026-03-03T09:00", next.text, "PRT-025", "overdue");
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "");
    say(s, "BUS", "issue.opened", "2026-03-03T11:00", next.text);
    stage_close(s);
    s = old_open(); /* default: no */
    catalogue(s);
    used(s, "BUS", "N1", "SEAT", 1, "560.00", "2026-01-31T11:00");
    until(s, "2026-03-03T00:01");
    drawn_at(s, "BUS", "N2", "SEAT", 1, "560.00", "2026-03-03T09:00", "");
    stage_close(s);
}

#define ASKS(no) "'requisition_no':'" no "','person':'T1','lines':[{'part_no':'SEAT','qty':1}]"
#define OUT(no) "'requisition_no':'" no "','line':1,'part_no':'SEAT','qty':1"

/* By requisition as by note; one for a call outside the guarantee is paid for. */
static void PRT_025_the_block_holds_for_requisitions(void **state)
{
    (void)state;
    struct stage *s = parts_open_changed(
        "policy.yaml", "$ a parts: {block_on_overdue: yes, stock_nonnegative: no}");
    catalogue(s);
    used(s, "BUS", "N1", "SEAT", 1, "560.00", "2026-01-31T11:00");
    until(s, "2026-03-03T00:01");
    tell(s, "BUS", "product.upserted", "2026-03-03T08:00",
         "'product':'X1','model':'M1','delivered':'2020-01-01'");
    tell(s, "BUS", "call.registered", "2026-03-03T08:00",
         "'call_no':'C1','product':'X1','customer_name':'Li','address':'Road 1','phone':'1',"
         "'model':'M1','fault':'f','customer':'K1'");
    say(s, "BUS", "requisition.opened", "2026-03-03T08:40", ASKS("Q1"));
    say(s, "BUS", "requisition.opened", "2026-03-03T08:40", ASKS("Q2") ",'call_no':'C1'");
    say(s, "BUS", "requisition.approved", "2026-03-03T08:50", "'requisition_no':'Q1','by':'boss'");
    say(s, "BUS", "requisition.approved", "2026-03-03T08:50", "'requisition_no':'Q2','by':'boss'");
    deny(s, "BUS", "stock.issued", "2026-03-03T09:00", OUT("Q1"), "PRT-025", "overdue");
    say(s, "BUS", "stock.issued", "2026-03-03T09:00", OUT("Q2"));
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "");
    say(s, "BUS", "stock.issued", "2026-03-03T11:00", OUT("Q1"));
    stage_close(s);
}

static void PRT_025_the_block_holds_for_stations(void **state)
{
    (void)state;
    struct stage *s = parts_open_changed(
        "policy.yaml", "$ a parts: {block_on_overdue: yes, stock_nonnegative: no}");
    catalogue(s);
    say(s, "BUS", "station.shipped", "2026-01-30T10:00",
        "'transfer_no':'TR1','station':'ST1','lines':[{'part_no':'SEAT','qty':2}]");
    say(s, "ST1", "station.received", "2026-01-31T10:00", "'transfer_no':'TR1'");
    say(s, "ST1", "station.used", "2026-01-31T11:00",
        "'transfer_no':'TR1','line':1,'qty':1,'report':'SR1','user_signed':'yes',"
        "'leader_ok':'yes'");
    until(s, "2026-03-03T00:01");
    deny(s, "BUS", "station.shipped", "2026-03-03T09:00",
         "'transfer_no':'TR2','station':'ST1','lines':[{'part_no':'SEAT','qty':1}]", "PRT-025",
         "overdue");
    say(s, "BUS", "station.shipped", "2026-03-03T09:00",
        "'transfer_no':'TR3','station':'ST2','lines':[{'part_no':'SEAT','qty':1}]");
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "");
    say(s, "BUS", "station.shipped", "2026-03-03T11:00",
        "'transfer_no':'TR2','station':'ST1','lines':[{'part_no':'SEAT','qty':1}]");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_025_who_lets_them_become_overdue_may_be_blocked),
        cmocka_unit_test(PRT_025_the_block_holds_for_requisitions),
        cmocka_unit_test(PRT_025_the_block_holds_for_stations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
