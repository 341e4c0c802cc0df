/* parts_store_test.c - the store 備用件庫: what comes in, what is counted, the safe stock; and the
 * service stations. Rules PRT-037 … PRT-039, PRT-042, PRT-043. */
#include "tests/unit/parts_store_door.h"

/* ---- PRT-037 … PRT-039, PRT-041 ---- */

static void PRT_038_note_in_two_copies(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    item(s, "A", "");
    const char *line = "'note_no':'N1','lines':[{'part_no':'A','qty':3,'unit_cost':'2.00'}]";
    char data[300];
    deny(s, "BUS", "stock.received", D1, line, "PRT-038", "copies");
    snprintf(data, sizeof data, "%s,'copies':1", line);
    deny(s, "BUS", "stock.received", D1, data, "PRT-038", "copies");
    snprintf(data, sizeof data, "%s,'copies':2", line);
    say(s, "BUS", "stock.received", D1, data);
    deny(s, "BUS", "stock.received", D1, data, "PRT-038", "state");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 3);
    assert_string_equal(last(s, "ledger.moved", "value"), "6.00");
    assert_string_equal(last(s, "ledger.moved", "from"), "outside");
    stage_close(s);
}

static void PRT_038_a_note_enters_each_of_its_lines(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    item(s, "A", "");
    const char *lines = "'note_no':'N1','copies':2,'lines':[{'part_no':'A','qty':3},"
                        "{'part_no':'B','qty':2}]";
    deny(s, "BUS", "stock.received", D1, lines, "PRT-037", "no_spec"); /* and nothing of A */
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 0);
    item(s, "B", "");
    say(s, "BUS", "stock.received", D1, lines);
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 3);
    assert_int_equal(balance(s, ledger_place_store, "BUS", "B"), 2);
    stage_close(s);
}

static void PRT_039_drawn_and_exchanged_by_voucher(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    item(s, "A", "");
    deny(s, "BUS", "stock.received", D1,
         "'note_no':'N1','source':'draw','lines':[{'part_no':'A','qty':3}]", "PRT-039",
         "no_voucher");
    deny(s, "BUS", "stock.received", D1,
         "'note_no':'N1','source':'exchange','lines':[{'part_no':'A','qty':3}]", "PRT-039",
         "no_voucher");
    say(s, "BUS", "stock.received", D1,
        "'note_no':'N1','source':'draw','voucher':'V1','lines':[{'part_no':'A','qty':3}]");
    say(s, "BUS", "stock.received", D1,
        "'note_no':'N2','source':'exchange','voucher':'V2','lines':[{'part_no':'A','qty':1}]");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 4);
    stage_close(s);
}

static void PRT_037_clear_specification_and_quality(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    deny(s, "BUS", "stock.received", D1,
         "'note_no':'N1','copies':2,'lines':[{'part_no':'X','qty':3}]", "PRT-037", "no_spec");
    item(s, "A", "");
    say(s, "BUS", "stock.received", D1,
        "'note_no':'N1','copies':2,'quality':'to_inspect','lines':[{'part_no':'A','qty':3}]");
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "A"), 3);
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 0);
    deny(s, "BUS", "stock.received", "2026-03-03T09:00",
         "'note_no':'N2','source':'inspected','lines':[{'part_no':'A','qty':4}]", "PRT-038",
         "balance");
    deny(s, "BUS", "stock.received", "2026-03-03T09:00",
         "'note_no':'N2','source':'inspected','quality':'to_inspect','lines':[{'part_no':'A',"
         "'qty':2}]",
         "PRT-038", "quality");
    say(s, "BUS", "stock.received", "2026-03-03T09:00",
        "'note_no':'N2','source':'inspected','lines':[{'part_no':'A','qty':2}]");
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "A"), 1);
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 2);
    stage_close(s);
}

static void PRT_037_goods_and_books(void **state) /* PRT-EX-23 */
{
    (void)state;
    struct stage *s = store_open_with(20);
    say(s, "BUS", "stock.received", "2026-03-03T09:00",
        "'note_no':'N1','copies':2,'lines':[{'part_no':'A','qty':30}]");
    approve(s, 18, "2026-03-04T09:00");
    say(s, "BUS", "stock.issued", "2026-03-04T10:00", ISSUE(18));
    say(s, "BUS", "stock.returned_unused", "2026-03-05T10:00", BACK(3));
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 35);
    say(s, "BUS", "stock.counted", "2026-03-06T10:00",
        "'count_no':'K1','lines':[{'part_no':'A','physical':34}]");
    assert_string_equal(last(s, "stock.mismatch", "book"), "35");
    assert_string_equal(last(s, "stock.mismatch", "physical"), "34");
    assert_string_equal(last(s, "stock.mismatch", "diff"), "-1");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 34);
    assert_int_equal(balance(s, ledger_place_difference, "BUS", "A"), 1);
    say(s, "BUS", "stock.counted", "2026-03-07T10:00",
        "'count_no':'K2','lines':[{'part_no':'A','physical':34}]");
    assert_int_equal(count(s, "stock.mismatch"), 1);
    say(s, "BUS", "stock.counted", "2026-03-08T10:00",
        "'count_no':'K3','lines':[{'part_no':'A','physical':36}]");
    assert_string_equal(last(s, "stock.mismatch", "diff"), "2");
    assert_int_equal(balance(s, ledger_place_difference, "BUS", "A"), -1);
    stage_close(s);
}

static void PRT_037_the_books_may_wait_for_a_decision(void **state)
{
    (void)state;
    struct stage *s = parts_open_changed("policy.yaml", "$ a parts: {count_posts: no}");
    item(s, "A", "");
    opening(s, "A", 20, D1);
    say(s, "BUS", "stock.counted", "2026-03-06T10:00",
        "'count_no':'K1','lines':[{'part_no':'A','physical':19}]");
    assert_int_equal(count(s, "stock.mismatch"), 1);
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 20);
    stage_close(s);
}

static void PRT_037_a_difference_too_large_for_a_move(void **state)
{
    (void)state;
    struct stage *s = store_open_with(1000000000);
    opening(s, "A", 1000000000, "2026-03-03T09:00");
    deny(s, "BUS", "stock.counted", "2026-03-06T10:00", "'count_no':'K1','lines':[{'part_no':'A'}]",
         "PRT-037", "range");
    stage_close(s);
}

static void PRT_037_sheets_of_a_count(void **state)
{
    (void)state;
    struct stage *s = store_open_with(20);
    item(s, "B", "");
    opening(s, "B", 2, D1);
    deny(s, "BUS", "stock.counted", "2026-03-06T10:00", "'count_no':'K1'", "PRT-037", "missing");
    deny(s, "BUS", "stock.counted", "2026-03-06T10:00",
         "'count_no':'K1','full':'yes','lines':[{'part_no':'A','physical':20}]", "PRT-037",
         "not_counted");
    say(s, "BUS", "stock.counted", "2026-03-06T10:00",
        "'count_no':'K1','lines':[{'part_no':'A','physical':20}]");
    deny(s, "BUS", "stock.counted", "2026-03-06T11:00",
         "'count_no':'K1','lines':[{'part_no':'A','physical':20}]", "PRT-037", "count_line");
    deny(s, "BUS", "stock.counted", "2026-03-06T11:00",
         "'count_no':'K1','lines':[{'part_no':'B','physical':2,'missing':1}]", "PRT-037",
         "count_line");
    deny(s, "BUS", "stock.counted", "2026-03-06T11:00",
         "'count_no':'K1','store':'GEN','lines':[{'part_no':'B','physical':2}]", "PRT-037",
         "store");
    say(s, "BUS", "stock.counted", "2026-03-06T11:00",
        "'count_no':'K1','full':'yes','lines':[{'part_no':'B','missing':2}]");
    assert_string_equal(last(s, "stock.mismatch", "diff"), "-2");
    deny(s, "BUS", "stock.counted", "2026-03-06T12:00", "'count_no':'K1','full':'yes'", "PRT-037",
         "state");
    stage_close(s);
}

/* March 2026 ends on a Tuesday, April on a Thursday, May on a Sunday: its last working day is the
 * 29th. A late count makes up for the month before and leaves its own to come. */
static void PRT_037_stock_count_ladder(void **state)
{
    (void)state;
    struct stage *s = store_open_with(20);
    due_is(s, "stock/BUS/2026-03-01", "stock.count", "2026-04-01T00:00");
    until(s, "2026-03-31T23:59");
    assert_int_equal(passed(s, "stock.count"), 0);
    until(s, "2026-04-01T00:01");
    assert_int_equal(passed(s, "stock.count"), 1);
    due_is(s, "stock/BUS/2026-04-01", "stock.count", "2026-05-01T00:00");
    until(s, "2026-04-20T00:00");
    assert_int_equal(passed(s, "stock.count"), 1); /* level 1 alone */
    say(s, "BUS", "stock.counted", "2026-04-20T10:00",
        "'count_no':'K1','full':'yes','lines':[{'part_no':'A','physical':20}]");
    assert_string_equal(end_of(s, "stock/BUS/2026-03-01", "stock.count"), "late");
    assert_string_equal(end_of(s, "stock/BUS/2026-04-01", "stock.count"), "open");
    until(s, "2026-05-30T00:01");
    due_is(s, "stock/BUS/2026-05-01", "stock.count", "2026-05-30T00:00");
    assert_int_equal(passed(s, "stock.count"), 3);
    stage_close(s);
}

static void PRT_037_stock_count_stopped(void **state)
{
    (void)state;
    struct stage *s = store_open_with(20);
    say(s, "BUS", "stock.counted", "2026-03-31T23:00",
        "'count_no':'K1','lines':[{'part_no':'A','physical':20}]");
    assert_string_equal(end_of(s, "stock/BUS/2026-03-01", "stock.count"), "open");
    say(s, "BUS", "stock.counted", "2026-03-31T23:30", "'count_no':'K1','full':'yes'");
    assert_string_equal(end_of(s, "stock/BUS/2026-03-01", "stock.count"), "stopped");
    due_is(s, "stock/BUS/2026-04-01", "stock.count", "2026-05-01T00:00");
    /* A second count of the month stops nothing more. */
    say(s, "BUS", "stock.counted", "2026-03-31T23:40",
        "'count_no':'K2','full':'yes','lines':[{'part_no':'A','physical':20}]");
    assert_string_equal(end_of(s, "stock/BUS/2026-04-01", "stock.count"), "open");
    stage_close(s);
}

static void PRT_037_a_count_told_late_was_in_time(void **state)
{
    (void)state;
    struct stage *s = store_open_with(20);
    until(s, "2026-04-02T10:00");
    assert_int_equal(passed(s, "stock.count"), 1);
    say(s, "BUS", "stock.counted", "2026-03-31T15:00",
        "'count_no':'K1','full':'yes','lines':[{'part_no':'A','physical':20}]");
    assert_string_equal(end_of(s, "stock/BUS/2026-03-01", "stock.count"), "stopped");
    assert_int_equal(count(s, "deadline.withdrawn"), 1);
    assert_string_equal(end_of(s, "stock/BUS/2026-04-01", "stock.count"), "open");
    stage_close(s);
}

/* ---- PRT-042 ---- */

static void PRT_042_safe_stock(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    item(s, "A", ",'safety_qty':10");
    opening(s, "A", 12, D1);
    approve(s, 9, "2026-03-02T10:00");
    say(s, "BUS", "stock.issued", "2026-03-02T10:10", ISSUE(2));
    assert_int_equal(count(s, "stock.low"), 0); /* 10 are enough */
    say(s, "BUS", "stock.issued", "2026-03-02T10:20", ISSUE(1));
    assert_int_equal(count(s, "stock.low"), 1);
    assert_string_equal(last(s, "stock.low", "book"), "9");
    assert_string_equal(last(s, "stock.low", "safety_qty"), "10");
    say(s, "BUS", "stock.issued", "2026-03-02T10:30", ISSUE(1));
    assert_int_equal(count(s, "stock.low"), 1); /* once, until it is enough again */
    say(s, "BUS", "stock.returned_unused", "2026-03-02T10:40", BACK(2));
    say(s, "BUS", "stock.issued", "2026-03-02T10:50", ISSUE(1));
    assert_int_equal(count(s, "stock.low"), 2);
    stage_close(s);
}

/* ---- PRT-043 ---- */

#define T "'transfer_no':'S1'"

static void PRT_043_a_station_has_its_own_account(void **state) /* PRT-EX-24 */
{
    (void)state;
    struct stage *s = store_open_with(40);
    say(s, "BUS", "station.shipped", "2026-03-03T09:00",
        T ",'station':'ST1','lines':[{'part_no':'A','qty':15}]");
    assert_int_equal(balance(s, ledger_place_transit, "ST1", "A"), 15);
    assert_int_equal(balance(s, ledger_place_station, "ST1", "A"), 0);
    say(s, "ST1", "station.received", "2026-03-04T09:00", T ",'line':1,'qty':12");
    say(s, "ST1", "station.used", "2026-03-05T09:00",
        T ",'line':1,'qty':7,'person':'T3','old_qty':5," SIGNED);
    say(s, "ST1", "station.returned", "2026-03-06T09:00", T ",'line':1,'qty':2");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 25);
    assert_int_equal(balance(s, ledger_place_transit, "ST1", "A"), 3);
    assert_int_equal(balance(s, ledger_place_station, "ST1", "A"), 3);
    assert_int_equal(balance(s, ledger_place_old, "ST1", "A"), 5);
    assert_int_equal(balance(s, ledger_place_owed, "T3", "A"), 2);
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "A"), 2);
    say(s, "BUS", "stock.received", "2026-03-09T09:00",
        "'note_no':'N9','source':'inspected','lines':[{'part_no':'A','qty':2}]");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "A"), 27);
    say(s, "ST1", "station.received", "2026-03-09T10:00", T);
    assert_int_equal(balance(s, ledger_place_transit, "ST1", "A"), 0);
    stage_close(s);
}

/* Six are sent, five arrive, one is lost on the way; of the five the count finds four. */
static void PRT_043_the_account_of_a_station_is_counted(void **state)
{
    (void)state;
    struct stage *s = store_open_with(40);
    say(s, "BUS", "station.shipped", "2026-03-03T09:00",
        T ",'station':'ST1','lines':[{'part_no':'A','qty':6}]");
    deny(s, "ST1", "station.received", "2026-03-04T09:00", T ",'line':1,'lost':1", "PRT-043",
         "no_document");
    deny(s, "ST1", "station.received", "2026-03-04T09:00", T ",'lost':1,'document':'D1'", "PRT-043",
         "line");
    deny(s, "ST1", "station.received", "2026-03-04T09:00", T ",'line':1,'lost':7,'document':'D1'",
         "PRT-043", "balance");
    say(s, "ST1", "station.received", "2026-03-04T09:00", T ",'line':1,'lost':1,'document':'D1'");
    assert_int_equal(balance(s, ledger_place_transit, "ST1", "A"), 0);
    assert_int_equal(balance(s, ledger_place_lost, "ST1", "A"), 1);
    assert_int_equal(balance(s, ledger_place_station, "ST1", "A"), 5);
    say(s, "ST1", "stock.counted", "2026-03-05T09:00",
        "'count_no':'C1','lines':[{'part_no':'A','physical':4}]");
    assert_string_equal(last(s, "stock.mismatch", "place"), "station");
    assert_string_equal(last(s, "stock.mismatch", "book"), "5");
    assert_string_equal(last(s, "stock.mismatch", "diff"), "-1");
    assert_int_equal(balance(s, ledger_place_station, "ST1", "A"), 4);
    assert_int_equal(balance(s, ledger_place_store, "ST1", "A"), 0);
    assert_int_equal(balance(s, ledger_place_difference, "ST1", "A"), 1);
    deny(s, "ST1", "stock.counted", "2026-03-05T10:00", "'count_no':'C2','full':'yes'", "PRT-037",
         "not_counted");
    say(s, "ST1", "stock.counted", "2026-03-05T10:00", "'count_no':'C1','full':'yes'");
    stage_close(s);
}

static void PRT_043_a_transfer_of_several_lines(void **state)
{
    (void)state;
    struct stage *s = store_open_with(40);
    item(s, "B", "");
    opening(s, "B", 10, D1);
    say(s, "BUS", "station.shipped", "2026-03-03T09:00",
        T ",'station':'ST1','lines':[{'part_no':'A','qty':6},{'part_no':'B','qty':4}]");
    say(s, "ST1", "station.received", "2026-03-04T09:00", T ",'line':2,'qty':1");
    assert_int_equal(balance(s, ledger_place_station, "ST1", "B"), 1);
    assert_int_equal(balance(s, ledger_place_transit, "ST1", "A"), 6);
    say(s, "ST1", "station.received", "2026-03-05T09:00", T);
    assert_int_equal(balance(s, ledger_place_station, "ST1", "A"), 6);
    assert_int_equal(balance(s, ledger_place_station, "ST1", "B"), 4);
    say(s, "ST1", "station.returned", "2026-03-06T09:00", T ",'line':2,'qty':4");
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "B"), 4);
    assert_int_equal(balance(s, ledger_place_station, "ST1", "A"), 6);
    stage_close(s);
}

/* ST1 also sends parts on: it has a store, too. */
static void PRT_043_who_has_both_says_what_was_counted(void **state)
{
    (void)state;
    struct stage *s = store_open_with(40);
    say(s, "BUS", "station.shipped", "2026-03-03T09:00",
        T ",'station':'ST1','lines':[{'part_no':'A','qty':6}]");
    say(s, "ST1", "station.received", "2026-03-04T09:00", T);
    say(s, "ST1", "stock.received", "2026-03-04T10:00",
        "'note_no':'N1','source':'opening','lines':[{'part_no':'A','qty':9}]");
#define SHEET(no, physical) "'count_no':'" no "','lines':[{'part_no':'A','physical':" #physical "}]"
    deny(s, "ST1", "stock.counted", "2026-03-05T09:00", SHEET("C1", 6), "PRT-037", "place");
    deny(s, "ST1", "stock.counted", "2026-03-05T09:00", SHEET("C1", 6) ",'place':'hand'", "PRT-037",
         "place");
    say(s, "ST1", "stock.counted", "2026-03-05T09:00", SHEET("C1", 6) ",'place':'station'");
    say(s, "ST1", "stock.counted", "2026-03-05T09:00", SHEET("C2", 9) ",'place':'store'");
    assert_int_equal(count(s, "stock.mismatch"), 0);
    deny(s, "ST1", "stock.counted", "2026-03-05T10:00",
         "'count_no':'C1','full':'yes','place':'store'", "PRT-037", "place");
    say(s, "ST1", "stock.counted", "2026-03-05T10:00", "'count_no':'C1','full':'yes'");
    assert_string_equal(end_of(s, "stock/ST1/2026-03-01", "stock.count"), "open");
    say(s, "ST1", "stock.counted", "2026-03-05T11:00", "'count_no':'C2','full':'yes'");
    assert_string_equal(end_of(s, "stock/ST1/2026-03-01", "stock.count"), "stopped");
    stage_close(s);
}

/* Of a count the line is the place of the part in it, over all its sheets. */
static void PRT_043_what_a_count_finds_is_used(void **state)
{
    (void)state;
    struct stage *s = store_open_with(40);
    item(s, "B", "");
    say(s, "BUS", "station.shipped", "2026-03-03T09:00",
        T ",'station':'ST1','lines':[{'part_no':'A','qty':5}]");
    say(s, "ST1", "station.received", "2026-03-04T09:00", T);
    say(s, "ST1", "stock.counted", "2026-03-05T09:00",
        "'count_no':'C1','lines':[{'part_no':'B','physical':0},{'part_no':'A','physical':7}]");
    assert_int_equal(balance(s, ledger_place_station, "ST1", "A"), 7);
    deny(s, "ST1", "station.used", "2026-03-05T10:00", T ",'line':1,'qty':6," SIGNED, "PRT-021",
         "balance");
    deny(s, "ST1", "station.used", "2026-03-05T10:00",
         "'transfer_no':'C1','line':1,'qty':1," SIGNED, "PRT-043", "unknown_line");
    deny(s, "ST1", "station.used", "2026-03-05T10:00",
         "'transfer_no':'C1','line':2,'qty':3," SIGNED, "PRT-021", "balance");
    deny(s, "ST1", "station.used", "2026-03-05T10:00", "'transfer_no':'C1','line':2,'qty':1",
         "PRT-021", "no_report");
    say(s, "ST1", "station.used", "2026-03-05T10:00",
        "'transfer_no':'C1','line':2,'qty':2,'person':'T3','old_qty':1," SIGNED);
    assert_int_equal(balance(s, ledger_place_station, "ST1", "A"), 5);
    assert_int_equal(balance(s, ledger_place_old, "ST1", "A"), 1);
    assert_int_equal(balance(s, ledger_place_owed, "T3", "A"), 1);
    assert_string_equal(last(s, "oldpart.expected", "doc"), "count");
    struct rec_row_oldpart_debt debt = {0};
    assert_true(row_at(s, PARTS_OLDPART_DEBT, key_of(STR("T3")), &debt));
    assert_int_equal(debt.pieces, 1);
    assert_int_equal(debt.value, 1250);
    say(s, "ST1", "oldpart.returned", "2026-03-06T10:00", "'doc':'count','doc_no':'C1','line':2");
    assert_int_equal(balance(s, ledger_place_owed, "T3", "A"), 0);
    assert_true(!row_at(s, PARTS_OLDPART_DEBT, key_of(STR("T3")), &debt) || debt.pieces == 0);
    stage_close(s);
}

/* Nor is what is missing there, nor what a store has too many of. */
static void PRT_043_only_what_a_station_has_is_used(void **state)
{
    (void)state;
    struct stage *s = store_open_with(40);
    say(s, "BUS", "station.shipped", "2026-03-03T09:00",
        T ",'station':'ST1','lines':[{'part_no':'A','qty':5}]");
    say(s, "ST1", "station.received", "2026-03-04T09:00", T);
    say(s, "ST1", "stock.counted", "2026-03-05T09:00", SHEET("C2", 4));
    deny(s, "ST1", "station.used", "2026-03-05T10:00",
         "'transfer_no':'C2','line':1,'qty':1," SIGNED, "PRT-043", "no_surplus");
    say(s, "BUS", "stock.counted", "2026-03-05T09:00", SHEET("C3", 50));
    deny(s, "ST1", "station.used", "2026-03-05T10:00",
         "'transfer_no':'C3','line':1,'qty':1," SIGNED, "PRT-043", "unknown_number");
    stage_close(s);
}

static void PRT_043_unhappy_transfers(void **state)
{
    (void)state;
    struct stage *s = store_open_with(40);
    const char *lines = "'lines':[{'part_no':'A','qty':15}]";
    char data[200];
    snprintf(data, sizeof data, T ",'station':'BUS',%s", lines);
    deny(s, "BUS", "station.shipped", D1, data, "PRT-043", "station");
    snprintf(data, sizeof data, T ",'station':'NOBODY',%s", lines);
    deny(s, "BUS", "station.shipped", D1, data, "PRT-043", "unknown_unit");
    deny(s, "BUS", "station.shipped", D1, T ",'station':'ST1','lines':[{'part_no':'A','qty':41}]",
         "PRT-043", "balance");
    deny(s, "ST1", "station.received", D1, T, "PRT-043", "unknown_number");
    snprintf(data, sizeof data, T ",'station':'ST1',%s", lines);
    say(s, "BUS", "station.shipped", D1, data);
    deny(s, "BUS", "station.shipped", D1, data, "PRT-043", "state");
    deny(s, "ST1", "station.received", D1, T ",'qty':3", "PRT-043", "line");
    deny(s, "ST1", "station.received", D1, T ",'line':2", "PRT-043", "unknown_line");
    deny(s, "ST1", "station.received", D1, T ",'line':1,'qty':16", "PRT-043", "balance");
    deny(s, "ST1", "station.used", D1, T ",'line':1,'qty':1," SIGNED, "PRT-021", "balance");
    say(s, "ST1", "station.received", "2026-03-03T09:00", T);
    deny(s, "ST1", "station.received", "2026-03-03T10:00", T, "PRT-043", "balance");
    deny(s, "ST1", "station.used", "2026-03-03T11:00", T ",'line':1,'qty':1", "PRT-021",
         "no_report");
    deny(s, "ST1", "station.returned", "2026-03-03T11:00", T ",'line':1,'qty':16", "PRT-043",
         "balance");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_038_note_in_two_copies),
        cmocka_unit_test(PRT_038_a_note_enters_each_of_its_lines),
        cmocka_unit_test(PRT_039_drawn_and_exchanged_by_voucher),
        cmocka_unit_test(PRT_037_clear_specification_and_quality),
        cmocka_unit_test(PRT_037_goods_and_books),
        cmocka_unit_test(PRT_037_the_books_may_wait_for_a_decision),
        cmocka_unit_test(PRT_037_a_difference_too_large_for_a_move),
        cmocka_unit_test(PRT_037_sheets_of_a_count),
        cmocka_unit_test(PRT_037_stock_count_ladder),
        cmocka_unit_test(PRT_037_stock_count_stopped),
        cmocka_unit_test(PRT_037_a_count_told_late_was_in_time),
        cmocka_unit_test(PRT_042_safe_stock),
        cmocka_unit_test(PRT_043_a_station_has_its_own_account),
        cmocka_unit_test(PRT_043_the_account_of_a_station_is_counted),
        cmocka_unit_test(PRT_043_a_transfer_of_several_lines),
        cmocka_unit_test(PRT_043_who_has_both_says_what_was_counted),
        cmocka_unit_test(PRT_043_what_a_count_finds_is_used),
        cmocka_unit_test(PRT_043_only_what_a_station_has_is_used),
        cmocka_unit_test(PRT_043_unhappy_transfers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
