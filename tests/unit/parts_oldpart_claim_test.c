/* parts_oldpart_claim_test.c - old parts on claims lists 三包索賠件返廠清單. Rules PRT-021,
 * PRT-028, PRT-031, PRT-034, PRT-035, PRT-047. */
#include "tests/unit/parts_old_door.h"

#define HEAD(no, unit)                                                                             \
    "'list_no':'" no "','unit':'" unit "','date':'2026-03-04','packer':'P. Wu',"                   \
    "'prepared_by':'Z. Hu','manager':'M. He','stamped':'yes'"
#define DAY3 "2026-03-04T10:00"

/* A vehicle station that fed back its repairs K3 and K4. */
static struct stage *station(void)
{
    struct stage *s = old_open();
    catalogue(s);
    say(s, "VEH", "feedback.submitted", "2026-03-01T09:00",
        "'unit':'VEH','lines':[{'repair_no':'K3','repaired':'2026-03-01','in_warranty':'yes'},"
        "{'repair_no':'K4','repaired':'2026-03-01','in_warranty':'yes'}]");
    return s;
}

static void repaired(struct stage *s, const char *note, int qty, const char *repair)
{
    drawn_at(s, "VEH", note, "CON", qty, "560.00", DAY1, text_of(",'call_no':'%s'", repair).text);
    used_at(s, "VEH", note, qty, DAY1, SIGNED);
}

/* Sent and there; the goods counted are `received` pieces of CON. */
static void counted(struct stage *s, const char *no, int received)
{
    struct text key = text_of("'list_no':'%s'", no), lines = {"'lines':[]"};
    if (received) lines = text_of("'lines':[{'part_no':'CON','qty':%d}]", received);
    say(s, "VEH", "claimlist.shipped", DAY3, key.text);
    say(s, "VEH", "claimlist.received", DAY3, key.text);
    say(s, "VEH", "claimlist.counted", DAY3, text_of("%s,%s", key.text, lines.text).text);
}

static void resolved(struct stage *s, const char *no, const char *local, const char *more)
{
    say(s, "VEH", "claimlist.contacted", local, text_of("'list_no':'%s','whom':'c'", no).text);
    say(s, "VEH", "claimlist.resolved", local,
        text_of("'list_no':'%s','by':'M','text':'t'%s", no, more).text);
}

static struct rec_row_oldpart_offset offset_of(struct stage *s, const char *note)
{
    struct rec_row_oldpart_offset row = {0};
    struct key k = {.n = 0};
    key_u8(&k, parts_doc_issue);
    key_str(&k, str_of(note));
    (void)row_at(s, PARTS_OLDPART_OFFSET, k, &row);
    return row;
}

/* The line says its repair; packing it is the return of the old part. */
static void PRT_035_credit_closes_the_old_parts_of_the_list(void **state)
{
    (void)state;
    struct stage *s = station();
    struct rec_row_oldpart_debt debt;
    repaired(s, "N1", 2, "K3");
    say(s, "VEH", "claimlist.packed", DAY3,
        HEAD("L1", "VEH") ",'lines':[{'part_no':'CON','qty':2,'repair_no':'K3'}]");
    assert_string_equal(old_state(s, "OP-1"), "on_claimlist");
    assert_int_equal(count(s, "oldpart.returned"), 1);
    assert_true(row_at(s, PARTS_OLDPART_DEBT, key_of(STR("T1")), &debt));
    assert_int_equal(debt.pieces, 0);
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_old, 2);
    old_bar(s, "oldpart.disposed", "OP-1", DAY3, "'disposal':'scrap'", "PRT-031", "state");
    counted(s, "L1", 2);
    assert_string_equal(old_state(s, "OP-1"), "offset");
    assert_true(str_is(old_row(s, "OP-1").list_no, "L1"));
    assert_int_equal(old_row(s, "OP-1").disposal, oldpart_disposal_claim);
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_gone, 2);
    assert_string_equal(last(s, "oldpart.claimed", "credited"), "2");
    assert_string_equal(last(s, "oldpart.claimed", "value"), "1120.00");
    assert_int_equal(offset_of(s, "N1").value, 112000);
    assert_string_equal(last(s, "ledger.offset", "note_no"), "L1");
    assert_string_equal(last(s, "charge.reckoned", "net"), "0.00"); /* 1120.00 - 1120.00 */
    stage_close(s);
}

/* Three listed, one received and credited: the first line has it, the others are here again, and go
 * with the next list. */
static void PRT_035_what_is_not_credited_is_open_again(void **state)
{
    (void)state;
    struct stage *s = station();
    repaired(s, "N1", 2, "K3");
    repaired(s, "N2", 1, "K4");
    old_act(s, "oldpart.returned", "OP-2", DAY1, "");
    old_act(s, "oldpart.labelled", "OP-2", DAY1, "'tag':'T1'");
    say(s, "VEH", "claimlist.packed", DAY3,
        HEAD("L1", "VEH") ",'lines':[{'part_no':'CON','qty':2,'repair_no':'K3','old_no':'OP-1'},"
                          "{'part_no':'CON','qty':1,'repair_no':'K4'}]");
    counted(s, "L1", 1);
    assert_string_equal(old_state(s, "OP-1"), "on_claimlist"); /* not resolved yet */
    assert_int_equal(count(s, "oldpart.claimed"), 0);
    resolved(s, "L1", DAY3, "");
    assert_string_equal(old_state(s, "OP-1"), "offset");
    assert_int_equal(old_row(s, "OP-1").qty, 1);
    assert_string_equal(old_state(s, "OP-2"), "labelled");
    assert_int_equal(old_row(s, "OP-2").list_no.n, 0);
    assert_string_equal(old_state(s, "OP-3"), "returned");
    assert_true(str_is(old_row(s, "OP-3").remains_of, "OP-1"));
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_gone, 1);
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_old, 1);
    assert_int_equal(ledger_line(s, parts_doc_issue, "N2", 1).in_old, 1);
    assert_int_equal(offset_of(s, "N1").value, 56000);
    say(s, "VEH", "claimlist.packed", DAY3,
        HEAD("L2", "VEH") ",'lines':[{'part_no':'CON','qty':1,'repair_no':'K3'},"
                          "{'part_no':'CON','qty':1,'repair_no':'K4','old_no':'OP-2'}]");
    counted(s, "L2", 2);
    assert_string_equal(old_state(s, "OP-2"), "offset");
    assert_string_equal(old_state(s, "OP-3"), "offset");
    assert_int_equal(offset_of(s, "N1").value, 112000);
    stage_close(s);
}

/* Two pieces, claimed from the supplier and put on a list that credits one: what is left is in the
 * same claim, analysed as it was. */
static void PRT_047_what_is_not_credited_is_not_claimed_again(void **state)
{
    (void)state;
    struct stage *s = station();
    used(s, "IND", "N1", "CON", 2, "560.00", DAY1);
    analysed(s, "OP-1", DAY1, "supplier");
    assert_string_equal(last(s, "secondary.opened", "amount"), "900.00");
    say(s, "IND", "claimlist.packed", DAY3,
        HEAD("L1", "IND") ",'lines':[{'part_no':'CON','qty':2,'old_no':'OP-1'}]");
    counted(s, "L1", 1);
    resolved(s, "L1", DAY3, "");
    struct rec_row_oldpart rest = old_row(s, "OP-2");
    assert_string_equal(old_state(s, "OP-2"), "analysed");
    assert_int_equal(rest.qty, 1);
    assert_true(str_is(rest.secondary_no, "SC-OP-1"));
    assert_true(str_is(rest.supplier, "SupX"));
    assert_int_equal(rest.liable, oldpart_liable_supplier);
    assert_string_equal(end_of(s, "oldpart/OP-2", "oldpart.analyse"), "none");
    old_bar(s, "oldpart.analysed", "OP-2", "2026-03-05T10:00", "'cause':'c','liable':'supplier'",
            "PRT-027", "state");
    deny(s, "IND", "secondary.opened", "2026-03-05T10:00",
         "'secondary_no':'S2','supplier':'SupX','lines':[{'old_no':'OP-2'}]", "PRT-047",
         "used_twice");
    assert_int_equal(count(s, "secondary.opened"), 1);
    old_act(s, "oldpart.disposed", "OP-2", "2026-03-05T11:00", "'disposal':'scrap'");
    stage_close(s);
}

static void packing(struct stage *s, const char *lines, const char *rule, const char *code)
{
    deny(s, "VEH", "claimlist.packed", DAY3, text_of(HEAD("L9", "VEH") ",'lines':[%s]", lines).text,
         rule, code);
}

static void PRT_034_a_line_and_its_old_part_agree(void **state)
{
    (void)state;
    struct stage *s = station();
    repaired(s, "N1", 2, "K3");
    packing(s, "{'part_no':'SEAT','qty':2,'repair_no':'K3','old_no':'OP-1'}", "PRT-034",
            "other_part");
    packing(s, "{'part_no':'CON','qty':1,'repair_no':'K3','old_no':'OP-1'}", "PRT-034", "quantity");
    packing(s, "{'part_no':'CON','qty':2,'repair_no':'K3','old_no':'OP-7'}", "PRT-034",
            "unknown_number");
    packing(s,
            "{'part_no':'CON','qty':2,'repair_no':'K3','old_no':'OP-1'},"
            "{'part_no':'CON','qty':2,'repair_no':'K3','old_no':'OP-1'}",
            "PRT-034", "state");
    assert_string_equal(old_state(s, "OP-1"),
                        "expected");        /* a list that is refused moves nothing */
    say(s, "VEH", "claimlist.packed", DAY3, /* of a repair without an old part */
        HEAD("L1", "VEH") ",'lines':[{'part_no':'CON','qty':2,'repair_no':'K4'}]");
    counted(s, "L1", 2);
    assert_string_equal(old_state(s, "OP-1"), "expected");
    stage_close(s);
}

/* PP-BUS: with the report as the basis, nothing unsigned goes. */
static void PRT_021_unsigned_it_goes_on_no_list(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    drawn_at(s, "BUS", "N1", "CON", 1, "10.00", DAY1, "");
    used_at(s, "BUS", "N1", 1, DAY1, ",'user_signed':'no','leader_ok':'yes'");
    deny(s, "BUS", "claimlist.packed", DAY3,
         HEAD("L1", "BUS") ",'lines':[{'part_no':'CON','qty':1,'old_no':'OP-1'}]", "PRT-034",
         "not_written_off");
    assert_string_equal(old_state(s, "OP-1"), "expected");
    stage_close(s);
}

/* On a list it is dealt with; when nothing is credited it is not, from then on. */
static void PRT_031_on_a_list_it_is_dealt_with(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "BUS", "N1", "CON", 1, "10.00", DAY1);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "");
    due_is(s, "oldpart/OP-1", "oldpart.analyse", "2026-03-18T00:00"); /* 4-6, 9-13, 16, 17 March */
    say(s, "BUS", "claimlist.packed", DAY3,
        HEAD("L1", "BUS") ",'lines':[{'part_no':'CON','qty':1,'old_no':'OP-1'}]");
    assert_string_equal(end_of(s, "oldpart_month/BUS/2026-03-01", "oldpart.monthly"), "stopped");
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.analyse"), "cancelled");
    counted(s, "L1", 0);
    resolved(s, "L1", "2026-04-10T10:00", "");
    assert_string_equal(last(s, "oldpart.claimed", "old_no"), "OP-1");
    assert_string_equal(old_state(s, "OP-1"), "returned");
    due_is(s, "oldpart/OP-1", "oldpart.analyse", "2026-04-25T00:00"); /* 13-17, 20-24 April */
    due_is(s, "oldpart_month/BUS/2026-04-01", "oldpart.monthly", "2026-05-01T00:00");
    old_act(s, "oldpart.disposed", "OP-1", "2026-04-13T10:00", "'disposal':'scrap'");
    assert_string_equal(end_of(s, "oldpart_month/BUS/2026-04-01", "oldpart.monthly"), "stopped");
    stage_close(s);
}

/* One that no document of ours brought reduces no cost. */
static void PRT_028_a_stranger_on_a_list_offsets_nothing(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    old_act(s, "oldpart.returned", "X1", DAY1, "'part_no':'CON','qty':3");
    say(s, "BUS", "claimlist.packed", DAY3,
        HEAD("L1", "BUS") ",'lines':[{'part_no':'CON','qty':3,'old_no':'X1'}]");
    counted(s, "L1", 2);
    resolved(s, "L1", DAY3, "");
    assert_string_equal(old_state(s, "X1"), "disposed");
    assert_int_equal(old_row(s, "X1").qty, 2);
    assert_string_equal(old_state(s, "OP-1"), "returned"); /* the third */
    assert_int_equal(count(s, "ledger.offset"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_035_credit_closes_the_old_parts_of_the_list),
        cmocka_unit_test(PRT_035_what_is_not_credited_is_open_again),
        cmocka_unit_test(PRT_047_what_is_not_credited_is_not_claimed_again),
        cmocka_unit_test(PRT_034_a_line_and_its_old_part_agree),
        cmocka_unit_test(PRT_021_unsigned_it_goes_on_no_list),
        cmocka_unit_test(PRT_031_on_a_list_it_is_dealt_with),
        cmocka_unit_test(PRT_028_a_stranger_on_a_list_offsets_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
