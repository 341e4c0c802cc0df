/* parts_use_test.c - use of parts, what may be written off, parts on repair cards. Rules PRT-021,
 * PRT-022, PRT-023. */
#include "tests/unit/parts_issue_door.h"

#include "services/parts/parts_private.h"

#define N1 "'doc':'issue','doc_no':'N1','line':1"
#define WHY "'reason':'burnt','name':'relay'"

static struct rec_row_part_use use_row(struct stage *s, const char *doc_no)
{
    struct rec_row_part_use row = {0};
    struct key k = {.n = 0};
    key_u8(&k, parts_doc_issue);
    key_str(&k, str_of(doc_no));
    key_u64(&k, 1);
    assert_true(row_at(s, PARTS_USE, k, &row));
    return row;
}

/* ---- PRT-021 ---- */

/* PRT-EX-20 … PRT-EX-22: issued 5, used 4, unused 1. */
static void PRT_021_what_may_be_written_off(void **state)
{
    static const struct {
        const char *id;
        uint64_t issued, used, unused, old;
        bool user_signed, leader_ok;
        uint64_t written_off, outstanding;
    } rows[] = {{"PRT-EX-20", 5, 4, 1, 4, true, true, 4, 0},
                {"PRT-EX-21", 5, 4, 1, 3, true, true, 3, 1},
                {"PRT-EX-22", 5, 4, 1, 4, false, true, 0, 4},
                {"no leader", 5, 4, 1, 4, true, false, 0, 4},
                {"more old parts than were used", 5, 4, 1, 9, true, true, 4, 0}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t off = parts_write_off_allowed(rows[i].used, rows[i].old,
                                               rows[i].user_signed ? yes_no_yes : yes_no_no,
                                               rows[i].leader_ok ? yes_no_yes : yes_no_none);
        if (off != rows[i].written_off ||
            rows[i].issued - rows[i].unused - off != rows[i].outstanding)
            fail_msg("%s: %llu", rows[i].id, (unsigned long long)off);
    }
}

/* The same through the door: what is used leaves the hand and is owed until its old part is back.
 */
static void PRT_021_what_is_used_is_owed(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    note_drawn(s, "N1", 5, "2026-03-02T10:00", "");
    say(s, "BUS", "part.used", "2026-03-03T10:00",
        N1 "," WHY ",'qty':3,'old_part_qty':2,'user_signed':'yes','leader_ok':'yes',"
           "'report':'S1','person':'T1'");
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.in_hand, 2);
    assert_int_equal(l.in_owed, 3);
    assert_int_equal(balance(s, ledger_place_hand, "T1", "P1"), 2);
    assert_int_equal(balance(s, ledger_place_owed, "T1", "P1"), 3);
    say(s, "BUS", "part.used", "2026-03-04T10:00",
        N1 "," WHY ",'qty':1,'old_part_qty':1,'leader_ok':'yes','user_signed':'no'");
    struct rec_row_part_use u = use_row(s, "N1");
    assert_int_equal(u.used, 4);
    assert_int_equal(u.old_parts, 3);
    assert_int_equal(u.write_off, 2); /* the second report is not signed */
    assert_true(str_is(u.holder, "T1"));
    stage_close(s);
}

static void PRT_021_nobody_uses_what_he_does_not_have(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    deny(s, "BUS", "part.used", "2026-03-03T10:00", N1 "," WHY ",'qty':1", "PRT-021",
         "unknown_line");
    note_drawn(s, "N1", 2, "2026-03-02T10:00", "");
    deny(s, "BUS", "part.used", "2026-03-03T10:00", N1 "," WHY ",'qty':1,'part_no':'P9'", "PRT-021",
         "other_part");
    deny(s, "BUS", "part.used", "2026-03-03T10:00", N1 "," WHY ",'qty':1,'person':'T2'", "PRT-021",
         "balance");
    deny(s, "BUS", "part.used", "2026-03-03T10:00", N1 "," WHY ",'qty':3", "PRT-021", "balance");
    deny(s, "BUS", "part.used", "2026-03-03T10:00",
         "'doc':'issue','doc_no':'N1','line':2," WHY ",'qty':1", "PRT-021", "unknown_line");
    note_drawn(s, "N2", 5, "2026-03-03T11:00", ""); /* T1 has 7, but only 2 by N1 */
    deny(s, "BUS", "part.used", "2026-03-03T12:00", N1 "," WHY ",'qty':3", "PRT-021", "balance");
    say(s, "BUS", "part.used", "2026-03-03T12:00", N1 "," WHY ",'qty':2");
    stage_close(s);
}

#define DRAWN(no, person)                                                                          \
    say(s, "BUS", "requisition.opened", "2026-03-02T09:00",                                        \
        "'requisition_no':'" no "','person':'" person "','lines':[{'part_no':'P1','qty':1}]");     \
    say(s, "BUS", "requisition.approved", "2026-03-02T09:10",                                      \
        "'requisition_no':'" no "','by':'boss'");                                                  \
    say(s, "BUS", "stock.issued", "2026-03-02T09:20",                                              \
        "'requisition_no':'" no "','line':1,'part_no':'P1','qty':1")

/* Both have one; each uses and gives back his own, and nobody has more or fewer than none. */
static void PRT_017_what_a_document_brought_is_with_who_drew_it(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    DRAWN("QA", "T1");
    DRAWN("QB", "T2");
    deny(s, "BUS", "part.used", "2026-03-03T10:00",
         "'doc':'requisition','doc_no':'QA','line':1,'qty':1,'person':'T2'," WHY, "PRT-021",
         "balance");
    say(s, "BUS", "part.used", "2026-03-03T10:00",
        "'doc':'requisition','doc_no':'QA','line':1,'qty':1," WHY);
    assert_int_equal(balance(s, ledger_place_owed, "T1", "P1"), 1);
    assert_string_equal(last(s, "oldpart.expected", "person"), "T1");
    say(s, "BUS", "stock.returned_unused", "2026-03-03T11:00",
        "'requisition_no':'QB','line':1,'part_no':'P1','qty':1");
    assert_int_equal(balance(s, ledger_place_hand, "T1", "P1"), 0);
    assert_int_equal(balance(s, ledger_place_hand, "T2", "P1"), 0);
    stage_close(s);
}

/* Under PP-IND only the classes of the policy come back; under PP-GEN nothing does. */
static void PRT_021_where_no_old_part_comes_back_it_is_used_for_good(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "IND", "item.upserted", "2026-03-02T08:00", "'part_no':'E1','class':'electrical'");
    say(s, "IND", "item.upserted", "2026-03-02T08:00", "'part_no':'S1','class':'seal'");
    report(s, "A1", "[{'part_no':'E1','qty':1},{'part_no':'S1','qty':1}]", "2026-03-02T08:30");
    report_signed(s, "A1", "2026-03-02T09:00");
    say(s, "IND", "issue.opened", "2026-03-02T09:10",
        "'note_no':'N1','abnormal_no':'A1','person':'T9','lines':[{'part_no':'E1','qty':1},"
        "{'part_no':'S1','qty':1}]");
    say(s, "IND", "issue.signed", "2026-03-02T09:20", "'note_no':'N1'");
    say(s, "IND", "issue.stamped", "2026-03-02T09:20", "'note_no':'N1'");
    say(s, "IND", "issue.drawn", "2026-03-02T09:20", "'note_no':'N1'");
    say(s, "IND", "part.used", "2026-03-02T15:00", N1 "," WHY ",'qty':1");
    say(s, "IND", "part.used", "2026-03-02T15:00",
        "'doc':'issue','doc_no':'N1','line':2," WHY ",'qty':1");
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_owed, 1);
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 2).in_owed, 0);
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 2).in_used, 1);
    request(s, "GEN", "R2", 1, "2026-03-03T09:00");
    approve(s, "GEN", "R2", "2026-03-03T09:00");
    say(s, "GEN", "issue.opened", "2026-03-03T09:10",
        "'note_no':'N2','request_no':'R2','lines':[{'part_no':'P1','qty':1}]");
    say(s, "GEN", "issue.drawn", "2026-03-03T09:20", "'note_no':'N2'");
    say(s, "GEN", "part.used", "2026-03-03T10:00",
        "'doc':'issue','doc_no':'N2','line':1," WHY ",'qty':1");
    assert_int_equal(ledger_line(s, parts_doc_issue, "N2", 1).in_used, 1);
    assert_int_equal(balance(s, ledger_place_used, "GEN", "P1"), 1);
    stage_close(s);
}

/* ---- PRT-022 ---- */

static void PRT_022_reason_name_and_quantity_are_in_the_report(void **state)
{
    static const char *const rows[] = {"'name':'relay','qty':1", "'reason':'burnt','qty':1", WHY};
    (void)state;
    struct stage *s = issue_open(false);
    note_drawn(s, "N1", 2, "2026-03-02T10:00", "");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[200];
        snprintf(data, sizeof data, N1 ",%s", rows[i]);
        deny(s, "BUS", "part.used", "2026-03-03T10:00", data, "PRT-022", "missing");
    }
    assert_int_equal(count(s, "part.used"), 0);
    stage_close(s);
}

/* ---- PRT-023 ---- */

/* Card K1 of goods that were taken away for call C1. */
static struct stage *card_open(void)
{
    struct stage *s = issue_open(true);
    call_of(s, "BUS", "C1", "2026-01-10", "2026-03-02T09:00");
    tell(s, "BUS", "job.assigned", "2026-03-02T10:00", "'call_no':'C1','technician':'T1'");
    tell(s, "BUS", "job.arrived", "2026-03-02T11:00", "'call_no':'C1','technician':'T1'");
    tell(s, "BUS", "goods.taken_away", "2026-03-02T12:00",
         "'receipt_no':'G1','call_no':'C1','product':'TV','condition':'scratched',"
         "'technician':'T1'");
    tell(s, "BUS", "voucher.signed", "2026-03-02T12:00", "'call_no':'C1','purpose':'take_away'");
    tell(s, "BUS", "goods.logged_in", "2026-03-02T15:00", "'receipt_no':'G1','register_no':'E1'");
    tell(s, "BUS", "repaircard.opened", "2026-03-02T16:00", "'card_no':'K1','register_no':'E1'");
    return s;
}

static void work(struct stage *s, const char *local, const char *part, unsigned qty)
{
    struct fact_words w;
    snprintf(w.text, sizeof w.text,
             "'card_no':'K1','minutes':40,'parts':[{'part_no':'%s','qty':%u}]", part, qty);
    tell(s, "BUS", "repaircard.work_added", local, w.text);
}

static void mismatch_is(struct stage *s, size_t n, const char *part, const char *on_card,
                        const char *issued, const char *diff)
{
    assert_int_equal(count(s, "repaircard.parts_mismatch"), n);
    assert_string_equal(last(s, "repaircard.parts_mismatch", "card_no"), "K1");
    assert_string_equal(last(s, "repaircard.parts_mismatch", "part_no"), part);
    assert_string_equal(last(s, "repaircard.parts_mismatch", "on_card"), on_card);
    assert_string_equal(last(s, "repaircard.parts_mismatch", "issued"), issued);
    assert_string_equal(last(s, "repaircard.parts_mismatch", "diff"), diff);
}

/* What came back unused was not issued for the card. */
static void PRT_023_unused_parts_leave_the_card(void **state)
{
    (void)state;
    struct stage *s = card_open();
    note_drawn(s, "N1", 3, "2026-03-02T16:30", "'card_no':'K1'");
    work(s, "2026-03-03T10:00", "P1", 2);
    say(s, "BUS", "stock.returned_unused", "2026-03-03T10:30",
        "'note_no':'N1','line':1,'part_no':'P1','qty':1");
    tell(s, "BUS", "repair.done", "2026-03-03T11:00", "'card_no':'K1'");
    assert_int_equal(count(s, "repaircard.parts_mismatch"), 0);
    stage_close(s);
}

static void PRT_023_parts_on_the_card_equal_those_issued_for_it(void **state)
{
    (void)state;
    struct stage *s = card_open();
    note_drawn(s, "N1", 2, "2026-03-02T16:30", "'card_no':'K1'");
    work(s, "2026-03-03T10:00", "P1", 2);
    say(s, "BUS", "part.used", "2026-03-03T10:30", N1 "," WHY ",'qty':2,'card_no':'K1'");
    tell(s, "BUS", "repair.done", "2026-03-03T11:00", "'card_no':'K1'");
    until(s, "2026-03-03T12:00");
    assert_int_equal(count(s, "repaircard.parts_mismatch"), 0);
    stage_close(s);
}

static void PRT_023_a_difference_is_told_when_the_repair_is_finished(void **state)
{
    (void)state;
    struct stage *s = card_open();
    note_drawn(s, "N1", 3, "2026-03-02T16:30", ""); /* names no card: what is used of it counts */
    work(s, "2026-03-03T10:00", "P1", 3);
    work(s, "2026-03-03T10:10", "P2", 1);
    say(s, "BUS", "part.used", "2026-03-03T10:30", N1 "," WHY ",'qty':3,'card_no':'K1'");
    assert_int_equal(count(s, "repaircard.parts_mismatch"), 0);
    tell(s, "BUS", "repair.done", "2026-03-03T11:00", "'card_no':'K1'");
    until(s, "2026-03-03T11:30");
    mismatch_is(s, 1, "P2", "1", "0", "1"); /* nobody issued it */
    work(s, "2026-03-03T12:00", "P1", 1);   /* told later */
    until(s, "2026-03-03T12:30");
    mismatch_is(s, 2, "P1", "4", "3", "1");
    note_drawn(s, "N2", 2, "2026-03-03T13:00", "'card_no':'K1'");
    mismatch_is(s, 3, "P1", "4", "5", "-1");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_021_what_may_be_written_off),
        cmocka_unit_test(PRT_021_what_is_used_is_owed),
        cmocka_unit_test(PRT_021_nobody_uses_what_he_does_not_have),
        cmocka_unit_test(PRT_017_what_a_document_brought_is_with_who_drew_it),
        cmocka_unit_test(PRT_021_where_no_old_part_comes_back_it_is_used_for_good),
        cmocka_unit_test(PRT_022_reason_name_and_quantity_are_in_the_report),
        cmocka_unit_test(PRT_023_unused_parts_leave_the_card),
        cmocka_unit_test(PRT_023_parts_on_the_card_equal_those_issued_for_it),
        cmocka_unit_test(PRT_023_a_difference_is_told_when_the_repair_is_finished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
