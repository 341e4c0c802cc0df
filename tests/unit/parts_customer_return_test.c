/* parts_customer_return_test.c - returns and exchanges of customers 退換貨. Rules PRT-032, PRT-059.
 */
#include "tests/unit/parts_door.h"

#define NOTE "'return_no':'R1'"
#define OPENED NOTE ",'customer':'K1','reason':'cracked','lines':[{'part_no':'A','qty':3}]"
#define MON "2026-03-02T09:00"

static const char *state_of(struct stage *s)
{
    struct rec_row_customer_return row;
    assert_true(row_at(s, PARTS_CUSTOMER_RETURN, key_of(STR("R1")), &row));
    return code_word(&codes_customer_return_state, row.state);
}

static struct rec_row_customer_return note(struct stage *s)
{
    struct rec_row_customer_return row;
    assert_true(row_at(s, PARTS_CUSTOMER_RETURN, key_of(STR("R1")), &row));
    return row;
}

static size_t passes(struct stage *s)
{
    return count_of(s, OWNER_parts, "deadline.passed", "name", "customer_return.dismantle");
}

/* Three pieces of A have come and wait for inspection. */
static struct stage *received(void)
{
    struct stage *s = parts_open();
    say(s, "BUS", "item.upserted", MON, "'part_no':'A','unit_cost':'12.50'");
    say(s, "BUS", "customer_return.opened", MON, OPENED);
    say(s, "BUS", "customer_return.received", MON, NOTE ",'goods':[{'part_no':'A','qty':3}]");
    return s;
}

static void PRT_059_dismantled(void **state)
{
    (void)state;
    struct stage *s = received();
    assert_int_equal(count(s, "customer_return.mismatch"), 0);
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "A"), 3);
    assert_int_equal(balance(s, ledger_place_outside, "", "A"), -3);
    assert_string_equal(last(s, "ledger.moved", "value"), "37.50");
    deny(s, "BUS", "customer_return.dismantled", MON, NOTE, "PRT-059", "state");
    say(s, "BUS", "customer_return.inspected", "2026-03-03T09:00",
        NOTE ",'finding':'defective','by':'Q'");
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "A"), 3);
    say(s, "BUS", "customer_return.dismantled", "2026-03-04T09:00", NOTE ",'text':'shaft broken'");
    assert_string_equal(state_of(s), "dismantled");
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "A"), 0);
    assert_int_equal(balance(s, ledger_place_gone, "BUS", "A"), 3);
    assert_int_equal(ledger_line(s, parts_doc_customer_return, "R1", 1).in_gone, 3);
    assert_string_equal(end_of(s, "customer_return/R1", "customer_return.dismantle"), "stopped");
    say(s, "BUS", "customer_return.exchanged", "2026-03-05T09:00", NOTE ",'replacement_no':'D9'");
    assert_string_equal(state_of(s), "closed");
    deny(s, "BUS", "customer_return.exchanged", "2026-03-05T09:00", NOTE ",'replacement_no':'D9'",
         "PRT-059", "state");
    stage_close(s);
}

/* The customer has his goods; the old ones are still to be dismantled. */
static void PRT_059_exchanged_first(void **state)
{
    (void)state;
    struct stage *s = received();
    say(s, "BUS", "customer_return.inspected", "2026-03-03T09:00",
        NOTE ",'finding':'defective','by':'Q'");
    say(s, "BUS", "customer_return.exchanged", "2026-03-04T09:00", NOTE ",'replacement_no':'D9'");
    assert_string_equal(state_of(s), "exchanged");
    assert_string_equal(end_of(s, "customer_return/R1", "customer_return.dismantle"), "open");
    say(s, "BUS", "customer_return.dismantled", "2026-03-05T09:00", NOTE);
    assert_string_equal(state_of(s), "closed");
    assert_string_equal(end_of(s, "customer_return/R1", "customer_return.dismantle"), "stopped");
    assert_int_equal(balance(s, ledger_place_gone, "BUS", "A"), 3);
    stage_close(s);
}

static void PRT_059_good_goods_go_into_a_store(void **state)
{
    (void)state;
    static const struct {
        const char *store, *holder;
    } rows[] = {{"", "BUS"}, {",'store':'ST1'", "ST1"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = received();
        char data[120];
        snprintf(data, sizeof data, NOTE ",'finding':'good','by':'Q'%s", rows[i].store);
        say(s, "BUS", "customer_return.inspected", "2026-03-03T09:00", data);
        assert_string_equal(state_of(s), "closed");
        assert_int_equal(balance(s, ledger_place_store, rows[i].holder, "A"), 3);
        assert_string_equal(end_of(s, "customer_return/R1", "customer_return.dismantle"),
                            "cancelled");
        until(s, "2026-04-01T09:00");
        assert_int_equal(passes(s), 0);
        stage_close(s);
    }
}

/* By part: equal totals do not heal a difference, and what was not noted counts with 0. */
static void PRT_059_received_is_not_what_was_noted(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    say(s, "BUS", "customer_return.opened", MON, OPENED);
    deny(s, "BUS", "customer_return.received", MON,
         "'return_no':'R9','goods':[{'part_no':'A','qty':1}]", "PRT-059", "unknown_number");
    say(s, "BUS", "customer_return.received", MON,
        NOTE ",'goods':[{'part_no':'A','qty':1},{'part_no':'A','qty':1},{'part_no':'B','qty':1}]");
    assert_int_equal(count(s, "customer_return.mismatch"), 2);
    static const char *const want[2][4] = {{"A", "3", "2", "-1"}, {"B", "0", "1", "1"}};
    static const char *const field[] = {"part_no", "noted", "received", "diff"};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < COUNT_OF(field); k++) {
            assert_string_equal(
                stage_field(s, OWNER_parts, "customer_return.mismatch", i, field[k]), want[i][k]);
        }
    }
    assert_true(note(s).mismatch);
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "A"), 2); /* what is there */
    assert_int_equal(balance(s, ledger_place_inspect, "BUS", "B"), 1);
    stage_close(s);
}

/* Received on Monday the 2nd, ten working days: Monday the 16th, 24:00. */
static void PRT_059_ladder_of_the_dismantling(void **state)
{
    (void)state;
    struct stage *s = received();
    due_is(s, "customer_return/R1", "customer_return.dismantle", "2026-03-17T00:00");
    until(s, "2026-03-17T00:00");
    assert_int_equal(passes(s), 0);
    until(s, "2026-03-17T00:00:01");
    assert_int_equal(passes(s), 1);
    until(s, "2026-03-18T00:00:01");
    assert_int_equal(passes(s), 2);
    until(s, "2026-03-20T00:00:01");
    assert_int_equal(passes(s), 3);
    assert_int_equal(reminders(s, "customer_return.dismantle"), 3);
    say(s, "BUS", "customer_return.inspected", "2026-03-20T09:00",
        NOTE ",'finding':'defective','by':'Q'");
    /* it was done in time, the report came late */
    say(s, "BUS", "customer_return.dismantled", "2026-03-16T23:00", NOTE);
    assert_string_equal(end_of(s, "customer_return/R1", "customer_return.dismantle"), "stopped");
    assert_int_equal(
        count_of(s, OWNER_parts, "deadline.withdrawn", "name", "customer_return.dismantle"), 1);
    stage_close(s);
}

static void PRT_032_opened_on_the_day_it_was_found(void **state)
{
    (void)state;
    static const struct {
        const char *recognised;
        bool late;
    } rows[] = {
        {"", false}, {",'recognised':'2026-03-02'", false}, {",'recognised':'2026-03-01'", true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = parts_open();
        char data[200];
        deny(s, "BUS", "customer_return.opened", "2026-03-02T23:59",
             OPENED ",'recognised':'2026-03-03'", "PRT-032", "future_day");
        snprintf(data, sizeof data, OPENED "%s", rows[i].recognised);
        say(s, "BUS", "customer_return.opened", "2026-03-02T23:59", data);
        assert_int_equal(note(s).late, rows[i].late);
        assert_int_equal(count(s, "customer_return.late"), rows[i].late ? 1 : 0);
        if (rows[i].late) {
            assert_string_equal(last(s, "customer_return.late", "recognised"), "2026-03-01");
            assert_string_equal(last(s, "customer_return.late", "opened"), "2026-03-02");
        }
        stage_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_059_dismantled),
        cmocka_unit_test(PRT_059_exchanged_first),
        cmocka_unit_test(PRT_059_good_goods_go_into_a_store),
        cmocka_unit_test(PRT_059_received_is_not_what_was_noted),
        cmocka_unit_test(PRT_059_ladder_of_the_dismantling),
        cmocka_unit_test(PRT_032_opened_on_the_day_it_was_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
