/* cli_parts_test.c - `cuiban parts` over a known store, and the laws of the ledger in `cuiban
 * verify`. The store of U1 begins on 3 March with 20 pieces of A at 12.50; T1 draws five, brings
 * two back on the 4th and uses two; the station U2 gets four on the 5th and has received three.
 * Rules PRT-017, PRT-041, PRT-043, PRT-044, PRT-053. */
#include "tests/unit/cli_story.h"

static struct story story;

static int open_story(void **state)
{
    (void)state;
    story_open(&story);
    struct story *s = &story;
    story_tell(s, "person.upserted", "03T14:04", "{'person':'boss','unit':'U1','role':'manager'}");
    story_tell(s, "unit.upserted", "03T14:05", "{'unit':'U2','name':'站','calendar':'CN'}");
    story_tell(s, "item.upserted", "03T14:06", "{'part_no':'A','spec':'24V','unit_cost':'12.50'}");
    story_tell(s, "stock.received", "03T14:10",
               "{'note_no':'N1','source':'opening','lines':[{'part_no':'A','qty':20}]}");
    story_tell(s, "requisition.opened", "03T14:20",
               "{'requisition_no':'R1','person':'T1','lines':[{'part_no':'A','qty':5}]}");
    story_tell(s, "requisition.approved", "03T14:30", "{'requisition_no':'R1','by':'boss'}");
    story_tell(s, "stock.issued", "03T15:00",
               "{'requisition_no':'R1','line':1,'part_no':'A','qty':5}");
    story_tell(s, "stock.returned_unused", "04T09:00",
               "{'requisition_no':'R1','line':1,'part_no':'A','qty':2}");
    story_tell(s, "stock.written_off", "04T10:00",
               "{'requisition_no':'R1','line':1,'used':2,'report':'SR1','user_signed':'yes',"
               "'leader_ok':'yes'}");
    story_tell(s, "station.shipped", "05T09:00",
               "{'transfer_no':'S1','station':'U2','lines':[{'part_no':'A','qty':4}]}");
    story_tell(s, "station.received", "05T15:00", "{'transfer_no':'S1','line':1,'qty':3}");
    return 0;
}

static int close_story(void **state)
{
    (void)state;
    story_close(&story);
    return 0;
}

static json_t *listed(struct parts_query q)
{
    json_error_t error;
    struct view v = story_view(&story, LISTING_json);
    assert_int_equal(parts_list(&v, &q), CLI_OK);
    story_done(&v);
    json_t *j = json_loads(story.out_text, 0, &error);
    if (!j) fail_msg("%s in:\n%s", error.text, story.out_text);
    return j;
}

static const char *text_at(const json_t *j, const char *name)
{
    const char *text = json_string_value(json_object_get(j, name));
    return text ? text : "";
}

struct account {
    const char *place, *holder;
    int qty;
    const char *value;
};

static void balances_are(struct parts_query q, const struct account *rows, size_t n)
{
    json_t *j = listed(q);
    if (json_array_size(j) != n) fail_msg("%zu rows wanted:\n%s", n, story.out_text);
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(j, i);
        assert_string_equal(text_at(row, "place"), rows[i].place);
        assert_string_equal(text_at(row, "holder"), rows[i].holder);
        assert_string_equal(text_at(row, "part_no"), "A");
        assert_int_equal(json_integer_value(json_object_get(row, "qty")), rows[i].qty);
        assert_string_equal(text_at(row, "value"), rows[i].value);
    }
    json_decref(j);
}

static int32_t march(int day)
{
    return day_of(2026, 3, day);
}

static void PRT_041_balances_now(void **state)
{
    (void)state;
    static const struct account now[] = {
        {"outside", "", -20, "-250.00"}, {"store", "U1", 13, "162.50"},
        {"transit", "U2", 1, "12.50"},   {"station", "U2", 3, "37.50"},
        {"hand", "T1", 1, "12.50"},      {"used", "T1", 2, "25.00"},
    };
    balances_are((struct parts_query){0}, now, COUNT_OF(now));
    static const struct account one[] = {{"station", "U2", 3, "37.50"}};
    balances_are((struct parts_query){.place = ledger_place_station}, one, 1);
    balances_are((struct parts_query){.holder = STR("T1")}, now + 4, 2);
    balances_are((struct parts_query){.part_no = STR("B")}, NULL, 0);
    /* What was owed for a moment is an account without anything in it. */
    static const struct account all[] = {{"owed", "T1", 0, "0.00"}};
    balances_are((struct parts_query){.place = ledger_place_owed}, NULL, 0);
    balances_are((struct parts_query){.place = ledger_place_owed, .all = true}, all, 1);
}

static void PRT_041_balances_of_past_days(void **state)
{
    (void)state;
    static const struct account third[] = {
        {"outside", "", -20, "-250.00"}, {"store", "U1", 15, "187.50"}, {"hand", "T1", 5, "62.50"}};
    static const struct account fourth[] = {{"outside", "", -20, "-250.00"},
                                            {"store", "U1", 17, "212.50"},
                                            {"hand", "T1", 1, "12.50"},
                                            {"used", "T1", 2, "25.00"}};
    balances_are((struct parts_query){.at = march(2)}, NULL, 0);
    balances_are((struct parts_query){.at = march(3)}, third, COUNT_OF(third));
    balances_are((struct parts_query){.at = march(4)}, fourth, COUNT_OF(fourth));
    static const struct account store[] = {{"store", "U1", 13, "162.50"}};
    balances_are((struct parts_query){.at = march(31), .place = ledger_place_store}, store, 1);
}

static void PRT_017_a_line_says_where_its_pieces_are(void **state)
{
    (void)state;
    json_t *j = listed((struct parts_query){.what = PARTS_LIST_lines, .doc_no = STR("R1")});
    assert_int_equal(json_array_size(j), 1);
    const json_t *row = json_array_get(j, 0);
    static const struct {
        const char *name;
        int n;
    } numbers[] = {{"line", 1}, {"issued", 5}, {"back", 2}, {"outstanding", 1}, {"store", -3},
                   {"hand", 1}, {"used", 2},   {"owed", 0}, {"lost", 0}};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        if (json_integer_value(json_object_get(row, numbers[i].name)) != numbers[i].n)
            fail_msg("%s in:\n%s", numbers[i].name, story.out_text);
    }
    assert_string_equal(text_at(row, "doc"), "requisition");
    assert_string_equal(text_at(row, "where"), "hand 1, used 2");
    assert_string_equal(text_at(row, "unit_cost"), "12.50");
    json_decref(j);
    j = listed((struct parts_query){.what = PARTS_LIST_lines});
    assert_int_equal(json_array_size(j), 3);
    json_decref(j);
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(parts_list(&v, &(struct parts_query){.what = PARTS_LIST_lines}), CLI_OK);
    story_done(&v);
    says(story.out_text, "transit 1, station 3");
}

static void PRT_044_PRT_053_moves_for_the_books(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_csv);
    struct parts_query q = {
        .what = PARTS_LIST_moves, .from = march(4), .to = march(4), .holder = STR("T1")};
    assert_int_equal(parts_list(&v, &q), CLI_OK);
    story_done(&v);
    says(story.out_text, "move,record,day,doc,doc_no,line,part_no,qty,value,from,from_holder,to,");
    says(story.out_text, "2026-03-04,requisition,R1,1,A,2,25.00,hand,T1,store,U1,");
    says(story.out_text, "2026-03-04,requisition,R1,1,A,2,25.00,hand,T1,owed,T1,");
    says(story.out_text, "2026-03-04,requisition,R1,1,A,2,25.00,owed,T1,used,T1,");
    says_not(story.out_text, "2026-03-03");
    says_not(story.out_text, "2026-03-05");
    static const struct {
        int from, to; /* 0: open */
        size_t moves;
    } spans[] = {{3, 3, 2}, {4, 4, 3}, {5, 5, 2}, {4, 0, 5}, {0, 4, 5}, {6, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        q = (struct parts_query){.what = PARTS_LIST_moves};
        if (spans[i].from) q.from = march(spans[i].from);
        if (spans[i].to) q.to = march(spans[i].to);
        json_t *some = listed(q);
        assert_int_equal(json_array_size(some), spans[i].moves);
        json_decref(some);
    }
    json_t *j = listed((struct parts_query){.what = PARTS_LIST_moves});
    assert_int_equal(json_array_size(j), 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(json_integer_value(json_object_get(json_array_get(j, i), "move")),
                         (json_int_t)i + 1);
    }
    json_decref(j);
}

/* ---- the laws, in verify ---- */

static int verify(void)
{
    struct view v = story_view(&story, LISTING_table);
    int rc = verify_all(&v, NULL, recompute_tmp());
    story_done(&v);
    return rc;
}

static struct store *parts_store(void)
{
    return node_store(house_node(story.house, OWNER_parts));
}

static struct key account_key(enum ledger_place place, const char *holder)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)place);
    key_str(&k, str_of(holder));
    key_str(&k, STR("A"));
    return k;
}

static void row_get(int which, const struct key *k, struct arena *a, void *row)
{
    struct slice value;
    struct fault why;
    const struct table *t = &parts_tables[which];
    assert_int_equal(store_get(parts_store(), t->id, (struct slice){k->b, k->n}, &value), ERR_OK);
    value = arena_copy(a, value);
    assert_int_equal(proto_decode(t->shape(), value, a, row, &why), ERR_OK);
}

static void row_put(int which, const struct key *k, const void *row)
{
    struct buf bytes = {0};
    const struct table *t = &parts_tables[which];
    proto_encode(t->shape(), row, &bytes);
    store_put(parts_store(), t->id, (struct slice){k->b, k->n}, buf_slice(&bytes));
    buf_fini(&bytes);
}

static void row_gone(int which, const struct key *k)
{
    store_del(parts_store(), parts_tables[which].id, (struct slice){k->b, k->n});
}

static void PRT_017_a_true_ledger_verifies(void **state)
{
    (void)state;
    if (verify() != CLI_OK) fail_msg("%s", story.out_text);
    says(story.out_text, "ledger              7 moves of parts");
    says_not(story.out_text, "WRONG");
}

static void PRT_017_a_line_that_lies_is_named(void **state)
{
    (void)state;
    struct arena a = {0};
    struct rec_row_ledger_line l;
    struct key k = {.n = 0};
    key_u8(&k, parts_doc_requisition);
    key_str(&k, STR("R1"));
    key_u64(&k, 1);
    row_get(PARTS_LEDGER_LINE, &k, &a, &l);
    l.in_hand += 2;
    row_put(PARTS_LEDGER_LINE, &k, &l);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "line 1 of requisition R1: the row says 3 hand, the log 1");
    says(story.out_text, "line 1 of requisition R1, part A: its places add up to 2, not 0");
    row_gone(PARTS_LEDGER_LINE, &k);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "line 1 of requisition R1: there is no row");
    arena_fini(&a);
}

static void PRT_041_a_balance_that_lies_is_named(void **state)
{
    (void)state;
    struct arena a = {0};
    struct rec_row_ledger_balance b;
    struct key k = account_key(ledger_place_hand, "T1");
    row_get(PARTS_LEDGER_BALANCE, &k, &a, &b);
    b.qty = 9, b.value = 11250;
    row_put(PARTS_LEDGER_BALANCE, &k, &b);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "hand of \"T1\", part A: the row says 9 pieces, the log 1");
    says(story.out_text, "hand of \"T1\", part A: the row says 11250 fen, the log 1250");
    says(story.out_text, "hand of \"T1\", part A: the balance is 9 pieces, 11250 fen; its days add "
                         "up to 1 pieces, 1250 fen");
    says(story.out_text, "part A: over all places and holders 8 pieces, 10000 fen, not 0 and 0");
    row_gone(PARTS_LEDGER_BALANCE, &k);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "hand of \"T1\", part A: there is no row, the log says 1 pieces");
    says(story.out_text, "part A: over all places and holders -1 pieces, -1250 fen");
    arena_fini(&a);
}

static void PRT_041_a_day_that_lies_is_named(void **state)
{
    (void)state;
    struct arena a = {0};
    struct rec_row_ledger_day d;
    struct key k = account_key(ledger_place_store, "U1");
    key_day(&k, march(4));
    row_get(PARTS_LEDGER_DAY, &k, &a, &d);
    d.qty_in = 7;
    row_put(PARTS_LEDGER_DAY, &k, &d);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text,
         "store of \"U1\", part A on 2026-03-04: the row says 7 pieces in, the log 2");
    says(story.out_text, "store of \"U1\", part A: the balance is 13 pieces, 16250 fen; its days "
                         "add up to 18 pieces, 16250 fen");
    row_gone(PARTS_LEDGER_DAY, &k);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "store of \"U1\", part A on 2026-03-04: there is no row");
    arena_fini(&a);
}

/* Rows that agree with each other and with no move. */
static void PRT_017_pieces_out_of_nothing_are_named(void **state)
{
    (void)state;
    struct rec_row_ledger_balance more = {.qty = 5, .value = 500},
                                  less = {.qty = -5, .value = -500};
    struct rec_row_ledger_day in = {.qty_in = 5, .value_in = 500},
                              out = {.qty_out = 5, .value_out = 500};
    struct key to = account_key(ledger_place_hand, "T7");
    struct key from = account_key(ledger_place_outside, "T7");
    row_put(PARTS_LEDGER_BALANCE, &to, &more);
    row_put(PARTS_LEDGER_BALANCE, &from, &less);
    key_day(&to, march(4));
    key_day(&from, march(4));
    row_put(PARTS_LEDGER_DAY, &to, &in);
    row_put(PARTS_LEDGER_DAY, &from, &out);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "hand of \"T7\", part A: the row says 5 pieces, the log 0");
    says_not(story.out_text, "over all places and holders");
    says_not(story.out_text, "its days add up to");
}

/* An old part that is owed, of a line and a person of which the ledger knows nothing owed. */
static void PRT_021_an_old_part_and_a_ledger_that_disagree_are_named(void **state)
{
    (void)state;
    struct rec_row_oldpart old = {.state = oldpart_state_overdue,
                                  .person = STR("T1"),
                                  .doc = parts_doc_requisition,
                                  .doc_no = STR("R1"),
                                  .line = 1,
                                  .part_no = STR("A"),
                                  .qty = 2,
                                  .duty = oldpart_duty_must,
                                  .unit_cost = 1250,
                                  .value = 2500,
                                  .place = ledger_place_owed};
    struct rec_row_oldpart_debt debt = {.pieces = 2, .value = 2500, .overdue = 1};
    struct key k = key_of(STR("OP-9")), by = key_of(STR("T1"));
    row_put(PARTS_OLDPART, &k, &old);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "line 1 of requisition R1: the row says 0 pieces owed, the old parts 2");
    says(story.out_text, "\"T1\": the row says 0 pieces owed, the old parts 2");
    says(story.out_text, "\"T1\": the row says 0 fen owed, the old parts 2500");
    says(story.out_text, "\"T1\": the row says 0 overdue, the old parts 1");
    row_put(PARTS_OLDPART_DEBT, &by, &debt);
    assert_int_equal(verify(), CLI_REFUSED);
    says_not(story.out_text, "\"T1\": the row says");
    row_gone(PARTS_OLDPART, &k);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "\"T1\": the row says 2 pieces owed, the old parts 0");
}

static void PRT_017_a_move_outside_the_rows_is_named(void **state)
{
    (void)state;
    struct arena a = {0};
    struct slice bytes;
    struct view_record r = {0};
    struct buf again = {0};
    uint64_t last = store_last_seq(parts_store());
    for (uint64_t seq = 1; seq <= last; seq++) {
        assert_int_equal(store_record(parts_store(), seq, &bytes), ERR_OK);
        assert_int_equal(view_record(&a, OWNER_parts, arena_copy(&a, bytes), &r), ERR_OK);
        if (r.type && r.type->kind == EV_ledger_moved) break;
    }
    r.entry.seq = last + 1;
    r.entry.now = INT64_C(1772700000000);
    proto_encode(shape_entry(), &r.entry, &again);
    store_append(parts_store(), buf_slice(&again));
    struct journal j;
    store_last_journal(parts_store(), &j);
    assert_int_equal(store_commit(parts_store(), &j), ERR_OK);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "store of \"U1\", part A: the row says 13 pieces, the log 33");
    says(story.out_text, "line 1 of receipt N1: the row says 20 store, the log 40");
    buf_fini(&again);
    arena_fini(&a);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_story, close_story)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(PRT_041_balances_now),
        TEST(PRT_041_balances_of_past_days),
        TEST(PRT_017_a_line_says_where_its_pieces_are),
        TEST(PRT_044_PRT_053_moves_for_the_books),
        TEST(PRT_017_a_true_ledger_verifies),
        TEST(PRT_017_a_line_that_lies_is_named),
        TEST(PRT_041_a_balance_that_lies_is_named),
        TEST(PRT_041_a_day_that_lies_is_named),
        TEST(PRT_017_pieces_out_of_nothing_are_named),
        TEST(PRT_017_a_move_outside_the_rows_is_named),
        TEST(PRT_021_an_old_part_and_a_ledger_that_disagree_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
