/* parts_return_note_test.c - the return note 三包銷退單 and the offset 沖賬. Rules PRT-027,
 * PRT-028; example PRT-EX-29. */
#include "tests/unit/parts_old_door.h"

static struct rec_row_oldpart_offset offset_of(struct stage *s, const char *note)
{
    struct rec_row_oldpart_offset row = {0};
    struct key k = {.n = 0};
    key_u8(&k, parts_doc_issue);
    key_str(&k, str_of(note));
    (void)row_at(s, PARTS_OLDPART_OFFSET, k, &row);
    return row;
}

static const json_t *group(struct stage *s, size_t i)
{
    const json_t *ev = stage_nth(s, OWNER_parts, "return_note.opened", 0);
    return json_array_get(json_object_get(json_object_get(ev, "data"), "groups"), i);
}

static void assert_group(struct stage *s, size_t i, const char *manufacturer, const char *spec,
                         int64_t qty)
{
    const json_t *g = group(s, i);
    assert_non_null(g);
    assert_string_equal(json_string_value(json_object_get(g, "manufacturer")), manufacturer);
    assert_string_equal(json_string_value(json_object_get(g, "spec")), spec);
    assert_int_equal(json_integer_value(json_object_get(g, "qty")), qty);
}

#define FOUR "[{'old_no':'OP-1'},{'old_no':'OP-2'},{'old_no':'OP-3'},{'old_no':'OP-4'}]"

static void PRT_027_EX_29_summed_by_manufacturer_and_specification(void **state)
{
    (void)state;
    static const struct {
        const char *part, *manufacturer, *spec;
        int qty;
    } parts[] = {{"A", "MakerX", "R1", 2},
                 {"B", "MakerY", "R1", 1},
                 {"A", "MakerX", "R1", 3},
                 {"C", "MakerX", "R2", 1}};
    struct stage *s = old_open();
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct text no = text_of("OP-%zu", i + 1), note = text_of("N%zu", i + 1);
        say(s, "IND", "item.upserted", DAY1,
            text_of("'part_no':'%s','manufacturer':'%s','spec':'%s','class':'electrical'",
                    parts[i].part, parts[i].manufacturer, parts[i].spec)
                .text);
        used(s, "IND", note.text, parts[i].part, parts[i].qty, "10.00", DAY1);
        analysed(s, no.text, DAY1, "own");
    }
    say(s, "IND", "return_note.opened", DAY1, "'note_no':'R1','by':'admin','lines':" FOUR);
    assert_group(s, 0, "MakerX", "R1", 5);
    assert_group(s, 1, "MakerX", "R2", 1);
    assert_group(s, 2, "MakerY", "R1", 1);
    assert_null(group(s, 3));
    assert_string_equal(last(s, "return_note.opened", "dept"), "供銷部");
    assert_string_equal(last(s, "return_note.opened", "value"), "70.00");
    stage_close(s);
}

static void PRT_027_a_note_is_of_analysed_parts_for_one_department(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    say(s, "IND", "item.upserted", DAY1,
        "'part_no':'OWN','class':'electrical','origin':'self_made'");
    used(s, "IND", "N1", "CON", 1, "10.00", DAY1);
    used(s, "IND", "N2", "OWN", 1, "10.00", DAY1);
    deny(s, "IND", "return_note.opened", DAY1, "'note_no':'R1','lines':[{'old_no':'OP-1'}]",
         "PRT-027", "state");
    analysed(s, "OP-1", DAY1, "own");
    analysed(s, "OP-2", DAY1, "own");
    deny(s, "IND", "return_note.opened", DAY1,
         "'note_no':'R1','lines':[{'old_no':'OP-1'},{'old_no':'OP-2'}]", "PRT-027", "dept");
    deny(s, "IND", "return_note.opened", DAY1,
         "'note_no':'R1','dept':'供銷部','lines':[{'old_no':'OP-2'}]", "PRT-027", "dept");
    deny(s, "IND", "return_note.opened", DAY1,
         "'note_no':'R1','lines':[{'old_no':'OP-1'},{'old_no':'OP-1'}]", "PRT-027", "state");
    deny(s, "IND", "return_note.opened", DAY1, "'note_no':'R1','lines':[{'old_no':'OP-9'}]",
         "PRT-027", "unknown_number");
    deny(s, "IND", "return_note.opened", DAY1,
         "'note_no':'R1','value':'1.00','lines':[{'old_no':'OP-1'}]", "PRT-027", "filled_in");
    say(s, "IND", "return_note.opened", DAY1, "'note_no':'R1','lines':[{'old_no':'OP-2'}]");
    assert_string_equal(last(s, "return_note.opened", "dept"), "生產部");
    assert_string_equal(old_state(s, "OP-2"), "on_return_note");
    deny(s, "IND", "return_note.opened", DAY1, "'note_no':'R1','lines':[{'old_no':'OP-1'}]",
         "PRT-027", "state"); /* the number is used */
    old_bar(s, "oldpart.disposed", "OP-2", DAY1, "'disposal':'scrap'", "PRT-031", "state");
    stage_close(s);
}

static void PRT_028_offset_in_store_at_the_cost_of_issue(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    drawn_at(s, "IND", "N1", "CON", 5, "460.00", DAY1, "");
    used_at(s, "IND", "N1", 3, DAY1, SIGNED);
    old_act(s, "oldpart.returned", "OP-1", DAY1, "'qty':2");
    old_act(s, "oldpart.labelled", "OP-1", DAY1, "'tag':'L1'");
    old_act(s, "oldpart.inspected", "OP-1", DAY1, "'match':'yes'");
    old_act(s, "oldpart.analysed", "OP-1", DAY1, "'cause':'burnt','liable':'own'");
    say(s, "IND", "return_note.opened", DAY1, "'note_no':'R1','lines':[{'old_no':'OP-1'}]");
    deny(s, "IND", "return_note.in_store", DAY1, "'note_no':'R1'", "PRT-028", "state");
    deny(s, "IND", "return_note.signed", DAY1, "'note_no':'R9','by':'Z'", "PRT-027",
         "unknown_number");
    say(s, "IND", "return_note.signed", DAY1, "'note_no':'R1','by':'Z'");
    assert_int_equal(count(s, "ledger.offset"), 0);
    say(s, "IND", "return_note.in_store", DAY1, "'note_no':'R1'");
    assert_string_equal(last(s, "ledger.offset", "qty"), "2");
    assert_string_equal(last(s, "ledger.offset", "value"), "920.00"); /* 2 × 460.00 of 5 issued */
    assert_string_equal(last(s, "ledger.offset", "doc_no"), "N1");
    assert_string_equal(old_state(s, "OP-1"), "offset");
    assert_int_equal(offset_of(s, "N1").qty, 2);
    assert_int_equal(offset_of(s, "N1").value, 92000);
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.in_gone, 2);
    assert_int_equal(l.in_owed, 1);
    assert_int_equal(l.in_hand, 2);
    stage_close(s);
}

/* What nobody had issued goes into the store and reduces no cost. */
static void PRT_028_a_stranger_is_not_offset(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    old_act(s, "oldpart.returned", "X1", DAY1, "'part_no':'CON'");
    old_act(s, "oldpart.labelled", "X1", DAY1, "'tag':'L1'");
    old_act(s, "oldpart.inspected", "X1", DAY1, "'match':'yes'");
    old_act(s, "oldpart.analysed", "X1", DAY1, "'cause':'burnt','liable':'own'");
    say(s, "IND", "return_note.opened", DAY1, "'note_no':'R1','lines':[{'old_no':'X1'}]");
    say(s, "IND", "return_note.signed", DAY1, "'note_no':'R1','by':'Z'");
    say(s, "IND", "return_note.in_store", DAY1, "'note_no':'R1'");
    assert_string_equal(old_state(s, "X1"), "in_store");
    assert_int_equal(count(s, "ledger.offset"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_027_EX_29_summed_by_manufacturer_and_specification),
        cmocka_unit_test(PRT_027_a_note_is_of_analysed_parts_for_one_department),
        cmocka_unit_test(PRT_028_offset_in_store_at_the_cost_of_issue),
        cmocka_unit_test(PRT_028_a_stranger_is_not_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
