/* parts_write_off_test.c - the ledger and the old parts agree, whoever writes off: the store, the
 * label that brings the signatures, the document of a loss. Rules PRT-021, PRT-026, PRT-067. */
#include "tests/unit/parts_store_door.h"

static struct rec_row_oldpart old_row(struct stage *s, const char *no)
{
    struct rec_row_oldpart row;
    if (!row_at(s, PARTS_OLDPART, key_of(str_of(no)), &row)) fail_msg("no old part %s", no);
    return row;
}

static const char *old_state(struct stage *s, const char *no)
{
    return code_word(&codes_oldpart_state, old_row(s, no).state);
}

static int64_t owed_by(struct stage *s, const char *person)
{
    struct rec_row_oldpart_debt row = {0};
    (void)row_at(s, PARTS_OLDPART_DEBT, key_of(str_of(person)), &row);
    return row.pieces;
}

static int64_t line_has(struct stage *s, enum ledger_place place)
{
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_requisition, "R1", 1);
    return line_at(&l, place);
}

#define USED(qty)                                                                                  \
    "'doc':'requisition','doc_no':'R1','line':1,'qty':" #qty                                       \
    ",'reason':'burnt','name':'relay','report':'SR1'"
#define LOST(qty) R1 ",'line':1,'document':'D1','lost':" #qty

/* Two in hand and three used: what is lost is taken from the hand first. */
static void PRT_067_what_the_store_documents_as_lost_is_owed_no_more(void **state)
{
    (void)state;
    struct stage *s = five_out();
    say(s, "BUS", "part.used", "2026-03-03T09:00", USED(3) ",'person':'T1'");
    assert_int_equal(owed_by(s, "T1"), 3);
    say(s, "BUS", "stock.written_off", "2026-03-04T09:00", LOST(3));
    assert_int_equal(line_has(s, ledger_place_owed), 2);
    assert_int_equal(line_has(s, ledger_place_lost), 3);
    assert_int_equal(old_row(s, "OP-1").qty, 2);
    assert_string_equal(old_state(s, "OP-2"), "lost");
    assert_int_equal(owed_by(s, "T1"), 2);
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "open");
    say(s, "BUS", "stock.written_off", "2026-03-05T09:00", LOST(2));
    assert_string_equal(old_state(s, "OP-1"), "lost");
    assert_string_equal(last(s, "oldpart.lost", "document"), "D1");
    assert_int_equal(owed_by(s, "T1"), 0);
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "cancelled");
    assert_string_equal(state_of(s, "R1"), "cleared");
    until(s, "2026-06-01T00:00");
    assert_int_equal(reminders(s, "oldpart.return"), 0);
    stage_close(s);
}

/* Overdue until the document comes. */
static void PRT_067_a_loss_ends_what_is_overdue(void **state)
{
    (void)state;
    struct stage *s = five_out();
    struct rec_row_oldpart_debt debt;
    say(s, "BUS", "part.used", "2026-03-03T09:00", USED(5) ",'person':'T1'");
    until(s, "2026-04-03T00:01");
    assert_string_equal(old_state(s, "OP-1"), "overdue");
    say(s, "BUS", "stock.written_off", "2026-04-03T09:00", LOST(5));
    assert_true(row_at(s, PARTS_OLDPART_DEBT, key_of(STR("T1")), &debt));
    assert_int_equal(debt.pieces, 0);
    assert_int_equal(debt.overdue, 0);
    stage_close(s);
}

static void PRT_067_a_leader_consents_to_what_is_told_as_lost(void **state)
{
    (void)state;
    struct stage *s = five_out();
    say(s, "BUS", "part.used", "2026-03-03T09:00", USED(1) ",'person':'T1'");
    deny(s, "BUS", "oldpart.lost", "2026-03-04T09:00",
         "'old_no':'OP-1','gap':'lost','document':'D1','reason':'stolen'", "PRT-067", "missing");
    say(s, "BUS", "oldpart.lost", "2026-03-04T09:00",
        "'old_no':'OP-1','gap':'lost','document':'D1','reason':'stolen','approved_by':'boss'");
    stage_close(s);
}

/* Back without signatures, marked, inspected; then the signatures come. */
static void PRT_021_signatures_that_come_late(void **state)
{
    (void)state;
    struct stage *s = five_out();
    say(s, "BUS", "part.used", "2026-03-03T09:00", USED(1) ",'person':'T1'");
    say(s, "BUS", "oldpart.returned", "2026-03-04T09:00", "'old_no':'OP-1'");
    say(s, "BUS", "oldpart.labelled", "2026-03-04T10:00", "'old_no':'OP-1','tag':'L1'");
    say(s, "BUS", "oldpart.inspected", "2026-03-04T11:00", "'old_no':'OP-1','match':'yes'");
    deny(s, "BUS", "oldpart.disposed", "2026-03-05T09:00", "'old_no':'OP-1','disposal':'scrap'",
         "PRT-031", "not_written_off");
    deny(s, "BUS", "stock.written_off", "2026-03-05T09:00", LOST(5), "PRT-040", "not_lost");
    say(s, "BUS", "oldpart.labelled", "2026-03-05T10:00",
        "'old_no':'OP-1','tag':'L1','user_signed':'yes','leader_ok':'yes'");
    assert_string_equal(old_state(s, "OP-1"), "inspected");
    assert_int_equal(line_has(s, ledger_place_old), 1);
    deny(s, "BUS", "oldpart.labelled", "2026-03-05T11:00", "'old_no':'OP-1','tag':'L2'", "PRT-026",
         "state");
    say(s, "BUS", "oldpart.disposed", "2026-03-05T12:00", "'old_no':'OP-1','disposal':'scrap'");
    stage_close(s);
}

/* One is out and two are back together without signatures: what comes with the write-off is the
 * one that was out, then those that are back, which stay where they are. */
static void PRT_021_the_store_writes_off_what_is_back_already(void **state)
{
    (void)state;
    struct stage *s = five_out();
    say(s, "BUS", "part.used", "2026-03-03T09:00", USED(2) ",'person':'T1'");
    say(s, "BUS", "part.used", "2026-03-03T10:00", USED(1) ",'person':'T1'");
    say(s, "BUS", "oldpart.returned", "2026-03-04T09:00", "'old_no':'OP-1'");
    deny(s, "BUS", "stock.written_off", "2026-03-05T09:00", R1 ",'line':1,'old_qty':2," SIGNED,
         "PRT-021", "quantity");
    say(s, "BUS", "stock.written_off", "2026-03-05T10:00", R1 ",'line':1,'old_qty':1," SIGNED);
    assert_string_equal(old_state(s, "OP-2"), "returned");
    assert_int_equal(old_row(s, "OP-1").place, ledger_place_owed);
    say(s, "BUS", "stock.written_off", "2026-03-05T11:00", R1 ",'line':1,'old_qty':2," SIGNED);
    assert_string_equal(last(s, "stock.written_off", "written_off"), "2");
    assert_int_equal(old_row(s, "OP-1").place, ledger_place_old);
    assert_int_equal(line_has(s, ledger_place_owed), 0);
    assert_int_equal(line_has(s, ledger_place_old), 3);
    say(s, "BUS", "oldpart.disposed", "2026-03-05T12:00", "'old_no':'OP-1','disposal':'scrap'");
    say(s, "BUS", "oldpart.disposed", "2026-03-05T12:00", "'old_no':'OP-2','disposal':'scrap'");
    stage_close(s);
}

/* More old parts than a step holds are lost in portions; nothing of a refused one stays. */
static void PRT_067_so_many_lost_at_once_are_refused(void **state)
{
    (void)state;
    enum { MANY = 1500 };
    struct stage *s = store_open_with(MANY);
    char id[16];
    approve(s, MANY, "2026-03-02T10:00");
    say(s, "BUS", "stock.issued", "2026-03-02T11:00", ISSUE(1500));
    for (int i = 0; i < MANY / 2; i++) {
        snprintf(id, sizeof id, "use%d", i);
        (void)stage_tell_as(s, "BUS", id, "part.used", moment("2026-03-03T09:00").text,
                            "{" USED(2) ",'person':'T1','old_part_qty':1}");
    }
    assert_int_equal(owed_by(s, "T1"), MANY);
    deny(s, "BUS", "stock.written_off", "2026-03-04T09:00", LOST(1500), "PRT-040", "too_large");
    assert_int_equal(owed_by(s, "T1"), MANY);
    say(s, "BUS", "stock.written_off", "2026-03-04T10:00", LOST(750));
    say(s, "BUS", "stock.written_off", "2026-03-04T11:00", LOST(750));
    assert_int_equal(owed_by(s, "T1"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_067_what_the_store_documents_as_lost_is_owed_no_more),
        cmocka_unit_test(PRT_067_a_loss_ends_what_is_overdue),
        cmocka_unit_test(PRT_067_a_leader_consents_to_what_is_told_as_lost),
        cmocka_unit_test(PRT_067_so_many_lost_at_once_are_refused),
        cmocka_unit_test(PRT_021_signatures_that_come_late),
        cmocka_unit_test(PRT_021_the_store_writes_off_what_is_back_already),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
