/* parts_move_test.c - the ledger by itself: a stage whose parts service does one thing, a move that
 * is written in the text of issue.tracked. Rules PRT-017, PRT-041, PRT-043. */
#include "tests/unit/parts_mover.h"

/* ---- PRT-017 ---- */

static void PRT_017_a_move_is_in_line_balances_days_and_log(void **state)
{
    (void)state;
    struct stage *s = mover_open(false);
    moved(s, "2026-03-02T10:00", "issue N1 1 P1 store BUS hand T1 5 1200");
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.source, ledger_place_store);
    assert_int_equal(l.issued, 5);
    assert_int_equal(l.in_store, -5);
    assert_int_equal(l.in_hand, 5);
    assert_int_equal(l.unit_cost, 1200);
    assert_int_equal(balance(s, ledger_place_store, "BUS", "P1"), -5);
    assert_int_equal(balance(s, ledger_place_hand, "T1", "P1"), 5);
    struct rec_row_ledger_balance b;
    assert_true(row_at(s, PARTS_LEDGER_BALANCE, balance_key(ledger_place_hand, "T1", "P1"), &b));
    assert_int_equal(b.value, 6000);
    assert_int_equal(on_day(s, ledger_place_hand, "T1", "P1", "2026-03-02").qty_in, 5);
    assert_int_equal(on_day(s, ledger_place_store, "BUS", "P1", "2026-03-02").value_out, 6000);
    assert_int_equal(count(s, "ledger.moved"), 1);
    assert_string_equal(last(s, "ledger.moved", "move"), "1");
    assert_string_equal(last(s, "ledger.moved", "doc_no"), "N1");
    assert_string_equal(last(s, "ledger.moved", "from"), "store");
    assert_string_equal(last(s, "ledger.moved", "to_holder"), "T1");
    assert_string_equal(last(s, "ledger.moved", "qty"), "5");
    assert_string_equal(last(s, "ledger.moved", "value"), "60.00");
    assert_string_equal(last(s, "ledger.moved", "day"), "2026-03-02");
    stage_close(s);
}

/* outstanding = issued − offset − written off without return = in transit + in hand + owed. */
static void PRT_017_of_each_line_issued_is_where_its_pieces_are(void **state)
{
    (void)state;
    struct stage *s = mover_open(false);
    moved(s, "2026-03-02T10:00", "issue N1 1 P1 store BUS transit T1 10 100");
    moved(s, "2026-03-03T10:00", "issue N1 1 P1 transit T1 hand T1 9 0");
    moved(s, "2026-03-04T10:00", "issue N1 1 P1 hand T1 owed T1 7 0");
    moved(s, "2026-03-05T10:00", "issue N1 1 P1 owed T1 old BUS 3 0");
    moved(s, "2026-03-05T11:00", "issue N1 1 P1 owed T1 used T1 1 0");
    moved(s, "2026-03-06T10:00", "issue N1 1 P1 hand T1 store BUS 1 0");
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.issued, 10);
    assert_int_equal(l.back, 1);
    assert_int_equal(l.in_transit, 1);
    assert_int_equal(l.in_hand, 1);
    assert_int_equal(l.in_owed, 3);
    assert_int_equal(l.in_old, 3);
    assert_int_equal(l.in_used, 1);
    assert_int_equal(l.in_transit + l.in_hand + l.in_owed,
                     (int64_t)(l.issued - l.back) - l.in_old - l.in_used);
    assert_string_equal(last(s, "ledger.moved", "move"), "6");
    stage_close(s);
}

/* The cost of one is that of the first move, whatever later ones say. */
static void PRT_017_a_line_keeps_the_cost_it_was_issued_at(void **state)
{
    (void)state;
    struct stage *s = mover_open(false);
    moved(s, "2026-03-02T10:00", "issue N1 1 P1 store BUS hand T1 2 700");
    moved(s, "2026-03-03T10:00", "issue N1 1 P1 hand T1 owed T1 2 999");
    assert_string_equal(last(s, "ledger.moved", "value"), "14.00");
    stage_close(s);
}

static void PRT_017_nothing_is_moved_that_is_not_there(void **state)
{
    (void)state;
    struct stage *s = mover_open(false);
    moved(s, "2026-03-02T10:00", "issue N1 1 P1 store BUS hand T1 2 700");
    not_moved(s, "2026-03-03T10:00", "issue N1 1 P1 hand T1 owed T1 3 0", "balance");
    not_moved(s, "2026-03-03T10:00", "issue N1 1 P1 owed T1 used T1 1 0", "balance");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "1 of P1 asked for, 0 are"));
    not_moved(s, "2026-03-03T10:00", "issue N2 1 P1 store BUS hand T1 1000000000 1000000000000",
              "range");
    stage_close(s);
}

/* A row holds 10^12 pieces; more are refused, not miscounted. */
static void PRT_017_no_account_grows_beyond_its_row(void **state)
{
    (void)state;
    struct stage *s = mover_open(false);
    char text[96];
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "issue N%d 1 P1 outside - store BUS 1000000000 0", i);
        moved(s, "2026-03-02T10:00", text);
    }
    not_moved(s, "2026-03-02T10:00", "issue M1 1 P1 outside - store BUS 1 0", "range");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "P1"), INT64_C(1000000000000));
    stage_close(s);
}

/* Local days: 23:59 and 00:00 at +08:00 are two days though one UTC day. */
static void PRT_017_a_balance_of_a_past_date_is_the_sum_of_its_days(void **state)
{
    (void)state;
    struct stage *s = mover_open(false);
    moved(s, "2026-03-02T23:59:59", "issue N1 1 P1 store BUS hand T1 2 100");
    moved(s, "2026-03-03T00:00:00", "issue N1 1 P1 hand T1 owed T1 1 0");
    moved(s, "2026-03-04T10:00", "issue N2 1 P1 store BUS hand T1 4 100");
    assert_int_equal(balance_on(s, ledger_place_hand, "T1", "P1", "2026-03-01"), 0);
    assert_int_equal(balance_on(s, ledger_place_hand, "T1", "P1", "2026-03-02"), 2);
    assert_int_equal(balance_on(s, ledger_place_hand, "T1", "P1", "2026-03-03"), 1);
    assert_int_equal(balance_on(s, ledger_place_hand, "T1", "P1", "2026-03-04"), 5);
    assert_int_equal(balance_on(s, ledger_place_owed, "T1", "P1", "2026-03-04"), 1);
    stage_close(s);
}

/* ---- PRT-041, PRT-043 ---- */

static void PRT_041_a_shelf_is_never_below_nothing(void **state)
{
    (void)state;
    struct stage *s = mover_open(true);
    not_moved(s, "2026-03-02T10:00", "issue N1 1 P1 store BUS hand T1 1 100", "balance");
    moved(s, "2026-03-02T10:00", "receipt R1 1 P1 outside none store BUS 3 100");
    moved(s, "2026-03-02T11:00", "issue N1 1 P1 store BUS hand T1 3 100");
    not_moved(s, "2026-03-02T12:00", "issue N1 2 P1 store BUS hand T1 1 100", "balance");
    moved(s, "2026-03-02T13:00", "issue N1 1 P1 hand T1 store BUS 1 0");
    moved(s, "2026-03-02T14:00", "station S1 1 P1 store BUS transit ST1 1 100");
    moved(s, "2026-03-02T15:00", "station S1 1 P1 transit ST1 station ST1 1 0");
    /* What a station has is not the store's, nor another station's. */
    not_moved(s, "2026-03-02T16:00", "station S2 1 P1 station ST2 used ST2 1 0", "balance");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "P1"), 0);
    assert_int_equal(balance(s, ledger_place_station, "ST1", "P1"), 1);
    stage_close(s);
}

static void PRT_041_who_begins_without_opening_stock_may_be_below(void **state)
{
    (void)state;
    struct stage *s = mover_open(false);
    moved(s, "2026-03-02T10:00", "issue N1 1 P1 store BUS hand T1 1 100");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "P1"), -1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_017_a_move_is_in_line_balances_days_and_log),
        cmocka_unit_test(PRT_017_of_each_line_issued_is_where_its_pieces_are),
        cmocka_unit_test(PRT_017_a_line_keeps_the_cost_it_was_issued_at),
        cmocka_unit_test(PRT_017_nothing_is_moved_that_is_not_there),
        cmocka_unit_test(PRT_017_no_account_grows_beyond_its_row),
        cmocka_unit_test(PRT_017_a_balance_of_a_past_date_is_the_sum_of_its_days),
        cmocka_unit_test(PRT_041_a_shelf_is_never_below_nothing),
        cmocka_unit_test(PRT_041_who_begins_without_opening_stock_may_be_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
