/* parts_oldpart_test.c - old parts from the use of the new one to their end. Rules PRT-024 …
 * PRT-026, PRT-031, PRT-067, PRT-071; examples PRT-EX-25. */
#include "tests/unit/parts_old_door.h"

static struct rec_row_oldpart_debt debt_of(struct stage *s, const char *person)
{
    struct rec_row_oldpart_debt row = {0};
    (void)row_at(s, PARTS_OLDPART_DEBT, key_of(str_of(person)), &row);
    return row;
}

static void assert_place(struct stage *s, const char *note, enum ledger_place place, int64_t qty)
{
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, note, 1);
    int64_t is = line_at(&l, place);
    if (is != qty)
        fail_msg("%s: %lld at %s, not %lld", note, (long long)is,
                 code_word(&codes_ledger_place, place), (long long)qty);
}

/* ---- PRT-024 ---- */

static void PRT_024_the_policy_says_what_must_come_back(void **state)
{
    (void)state;
    static const struct {
        const char *unit, *part, *duty; /* "" = nothing is expected */
        enum ledger_place place;
    } cases[] = {{"IND", "CON", "must", ledger_place_owed},
                 {"IND", "SEAT", "wanted", ledger_place_used},
                 {"BUS", "SEAT", "must", ledger_place_owed},
                 {"IT", "CON", "", ledger_place_used}};
    struct stage *s = old_open();
    catalogue(s);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t before = count(s, "oldpart.expected");
        struct text note = text_of("N%zu", i);
        used(s, cases[i].unit, note.text, cases[i].part, 2, "460.00", DAY1);
        assert_place(s, note.text, cases[i].place, 2);
        bool expected = *cases[i].duty != '\0';
        assert_int_equal(count(s, "oldpart.expected"), before + expected);
        if (!expected) continue;
        assert_string_equal(last(s, "oldpart.expected", "duty"), cases[i].duty);
        assert_string_equal(last(s, "oldpart.expected", "qty"), "2");
        assert_string_equal(last(s, "oldpart.expected", "value"), "920.00");
        assert_string_equal(last(s, "oldpart.expected", "person"), "T1");
    }
    assert_int_equal(debt_of(s, "T1").pieces, 4); /* what is wanted is no debt */
    assert_int_equal(debt_of(s, "T1").value, 184000);
    stage_close(s);
}

static void PRT_024_what_was_only_wanted_may_come_back(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "SEAT", 3, "10.00", DAY1);
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "none");
    old_act(s, "oldpart.returned", "OP-1", "2026-03-04T10:00", "'qty':2");
    assert_place(s, "N1", ledger_place_old, 2);
    assert_place(s, "N1", ledger_place_used, 1);
    assert_string_equal(old_state(s, "OP-2"), "expected"); /* the third one */
    assert_int_equal(old_row(s, "OP-2").qty, 1);
    assert_string_equal(last(s, "oldpart.expected", "remains_of"), "OP-1");
    stage_close(s);
}

/* ---- PRT-025 ---- */

static void PRT_025_EX_25_thirty_days_then_three_reminders(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 2, "560.00", "2026-01-31T11:00");
    due_is(s, "oldpart/OP-1", "oldpart.return", "2026-03-03T00:00"); /* PRT-EX-25: 2 March 24:00 */
    until(s, "2026-03-03T00:00");
    assert_int_equal(reminders(s, "oldpart.return"), 0);
    until(s, "2026-03-03T00:01");
    assert_int_equal(reminders(s, "oldpart.return"), 1);
    assert_string_equal(old_state(s, "OP-1"), "overdue");
    assert_int_equal(debt_of(s, "T1").overdue, 1);
    until(s, "2026-03-04T00:00"); /* 24:00 of the first working day after 2 March */
    assert_int_equal(reminders(s, "oldpart.return"), 1);
    until(s, "2026-03-04T00:01");
    assert_int_equal(reminders(s, "oldpart.return"), 2);
    until(s, "2026-03-06T00:01"); /* and of the third */
    assert_int_equal(reminders(s, "oldpart.return"), 3);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-06T09:00", ""); /* still returnable */
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "late");
    assert_string_equal(old_state(s, "OP-1"), "returned");
    assert_int_equal(debt_of(s, "T1").overdue, 0);
    assert_int_equal(debt_of(s, "T1").pieces, 0);
    assert_int_equal(debt_of(s, "T1").value, 0);
    stage_close(s);
}

static void PRT_025_back_in_time_stops_the_clock(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 1, "560.00", "2026-01-31T11:00");
    until(s, "2026-03-05T00:01"); /* reported late, brought back in time */
    assert_int_equal(reminders(s, "oldpart.return"), 2);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-02T23:59", "'packed':'yes','by':'T1'");
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "stopped");
    assert_int_equal(count_of(s, OWNER_parts, "deadline.withdrawn", "name", "oldpart.return"), 1);
    used(s, "IND", "N2", "CON", 1, "560.00", "2026-03-05T11:00");
    old_act(s, "oldpart.returned", "OP-2", "2026-03-05T12:00", "");
    until(s, "2026-06-01T00:00");
    assert_int_equal(reminders(s, "oldpart.return"), 2);
    assert_int_equal(debt_of(s, "T1").overdue, 0);
    stage_close(s);
}

/* One piece of SEAT used at call C1 and taken along, of `qty`. */
static void carried_use(struct stage *s, const char *note, int qty, const char *local)
{
    struct text data = note_of(s, "BUS", note, "SEAT", qty, "10.00", local);
    say(s, "BUS", "issue.opened", local, text_of("%s,'call_no':'C1'", data.text).text);
    say(s, "BUS", "issue.drawn", local, text_of("'note_no':'%s'", note).text);
    used_at(s, "BUS", note, qty, local, SIGNED ",'old_part_qty':1");
}

/* PP-BUS: what the technician carries is due two working days after he is back. */
static void PRT_025_carried_by_the_technician(void **state)
{
    (void)state;
    static const char call[] = "'call_no':'C1','customer':'K1','reporter':'Li','phone':'1',"
                               "'product_line':'bus','fault':'seat','unit':'BUS'";
    struct stage *s = old_open_with_dispatch();
    catalogue(s);
    say(s, "BUS", "item.upserted", DAY1, "'part_no':'P'");
    tell(s, "BUS", "call.registered", DAY1, call);
    tell(s, "BUS", "job.assigned", DAY1, "'call_no':'C1','technician':'T1'");
    carried_use(s, "N1", 2, DAY1);
    due_is(s, "oldpart/OP-1", "oldpart.return", "2026-04-02T00:00"); /* taken along */
    due_is(s, "oldpart/OP-2", "oldpart.return", "2026-04-02T00:00"); /* left there */
    tell(s, "BUS", "job.returned_to_unit", "2026-03-05T16:00", "'call_no':'C1','technician':'T1'");
    assert_int_equal(stage_count(s, OWNER_dispatch, "job.returned_to_unit"), 1);
    until(s, "2026-03-05T16:01");
    due_is(s, "oldpart/OP-1", "oldpart.return", "2026-03-10T00:00"); /* Friday, Monday 24:00 */
    due_is(s, "oldpart/OP-2", "oldpart.return", "2026-04-02T00:00");
    carried_use(s, "N2", 1, DAY1); /* told after he was back */
    due_is(s, "oldpart/OP-3", "oldpart.return", "2026-03-10T00:00");
    until(s, "2026-03-10T00:01");
    assert_int_equal(reminders(s, "oldpart.return"), 2);
    stage_close(s);
}

/* One step brings forward as many as it holds. */
static void PRT_025_carried_in_any_number(void **state)
{
    (void)state;
    enum { MANY = 258 };
    char case_no[40];
    struct stage *s = old_open_with_dispatch();
    catalogue(s);
    tell(s, "BUS", "call.registered", DAY1,
         "'call_no':'C1','customer':'K1','reporter':'Li','phone':'1','product_line':'bus',"
         "'fault':'seat','unit':'BUS'");
    tell(s, "BUS", "job.assigned", DAY1, "'call_no':'C1','technician':'T1'");
    struct text data = note_of(s, "BUS", "N1", "SEAT", MANY, "10.00", DAY1);
    say(s, "BUS", "issue.opened", DAY1, text_of("%s,'call_no':'C1'", data.text).text);
    say(s, "BUS", "issue.drawn", DAY1, "'note_no':'N1'");
    for (int i = 0; i < MANY; i++)
        used_at(s, "BUS", "N1", 1, DAY1, SIGNED ",'old_part_qty':1");
    tell(s, "BUS", "job.returned_to_unit", "2026-03-05T16:00", "'call_no':'C1','technician':'T1'");
    until(s, "2026-03-05T16:01");
    assert_string_equal(end_of(s, "carried/C1/T1", "oldpart.portion"), "cancelled");
    for (int i = 1; i <= MANY; i++) {
        snprintf(case_no, sizeof case_no, "oldpart/OP-%d", i);
        due_is(s, case_no, "oldpart.return", "2026-03-10T00:00");
    }
    stage_close(s);
}

/* ---- PRT-026 ---- */

static void PRT_026_returned_parts_are_cleared_marked_and_linked(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 2, "560.00", DAY1);
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "open");
    say(s, "IND", "oldpart.returned", "2026-03-03T10:00",
        "'doc':'issue','doc_no':'N1','line':1"); /* no number: the first owed */
    assert_string_equal(last(s, "oldpart.returned", "old_no"), "OP-1");
    assert_string_equal(last(s, "oldpart.linked", "abnormal_no"), "AB-N1");
    assert_int_equal(count(s, "oldpart.unmatched"), 0);
    assert_place(s, "N1", ledger_place_old, 2);
    assert_place(s, "N1", ledger_place_owed, 0);
    assert_int_equal(balance(s, ledger_place_old, "IND", "CON"), 2);
    old_act(s, "oldpart.labelled", "OP-1", "2026-03-03T11:00", "'tag':'L1'");
    assert_string_equal(old_state(s, "OP-1"), "labelled");
    deny(s, "IND", "oldpart.returned", "2026-03-03T12:00", "'doc':'issue','doc_no':'N1','line':1",
         "PRT-026", "not_expected");
    deny(s, "IND", "oldpart.returned", "2026-03-03T12:00", "'part_no':'CON'", "PRT-026", "missing");
    stage_close(s);
}

static void PRT_026_without_a_report_it_is_unmatched(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "BUS", "N1", "SEAT", 1, "10.00", DAY1); /* PP-BUS knows no such report */
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "");
    assert_int_equal(count(s, "oldpart.unmatched") + count(s, "oldpart.linked"), 0);
    old_bar(s, "oldpart.returned", "X1", "2026-03-03T10:00", "", "PRT-026", "missing");
    old_bar(s, "oldpart.returned", "X1", "2026-03-03T10:00", "'doc':'issue','doc_no':'N1'",
            "PRT-026", "unknown_number");
    old_act(s, "oldpart.returned", "X1", "2026-03-03T10:00", "'part_no':'CON','serial':'S1'");
    assert_string_equal(last(s, "oldpart.unmatched", "lacks"), "not_expected");
    assert_string_equal(old_state(s, "X1"), "returned");
    old_act(s, "oldpart.linked", "X1", "2026-03-04T10:00", "'abnormal_no':'AB-8'");
    assert_true(str_is(old_row(s, "X1").abnormal_no, "AB-8"));
    stage_close(s);
}

static void PRT_026_a_return_is_of_what_was_used(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 2, "560.00", DAY1);
    old_bar(s, "oldpart.returned", "OP-1", DAY1, "'qty':3", "PRT-026", "quantity");
    old_bar(s, "oldpart.returned", "OP-1", DAY1, "'part_no':'SEAT'", "PRT-026", "other_part");
    old_bar(s, "oldpart.returned", "OP-1", DAY1, "'doc':'issue','doc_no':'N9','line':1", "PRT-026",
            "other_part");
    old_bar(s, "oldpart.labelled", "OP-1", DAY1, "'tag':'L1'", "PRT-026", "state");
    old_bar(s, "oldpart.labelled", "OP-9", DAY1, "'tag':'L1'", "PRT-026", "unknown_number");
    stage_close(s);
}

/* Four used, three brought back: one is still owed, as of the same use. */
static void PRT_026_what_does_not_come_is_still_owed(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "BUS", "N1", "SEAT", 4, "10.00", DAY1);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-20T10:00", "'qty':3");
    assert_int_equal(old_row(s, "OP-1").qty, 3);
    assert_int_equal(old_row(s, "OP-1").value, 3000);
    assert_int_equal(old_row(s, "OP-2").qty, 1);
    due_is(s, "oldpart/OP-2", "oldpart.return", "2026-04-02T00:00"); /* 30 days after 2 March */
    assert_place(s, "N1", ledger_place_owed, 1);
    assert_int_equal(debt_of(s, "T1").pieces, 1);
    assert_int_equal(debt_of(s, "T1").value, 1000);
    stage_close(s);
}

/* ---- PRT-040: the store writes off, the old parts come with it ---- */

static void requisition(struct stage *s, const char *unit, const char *no, int qty)
{
    say(s, unit, "requisition.opened", DAY1,
        text_of("'requisition_no':'%s','person':'T1','lines':[{'part_no':'CON','qty':%d}]", no, qty)
            .text);
    say(s, unit, "requisition.approved", DAY1,
        text_of("'requisition_no':'%s','by':'boss'", no).text);
    say(s, unit, "stock.issued", DAY1,
        text_of("'requisition_no':'%s','line':1,'part_no':'CON','qty':%d,'unit_cost':'10.00'", no,
                qty)
            .text);
}

static void written_off(struct stage *s, const char *no, const char *more)
{
    say(s, "BUS", "stock.written_off", "2026-03-05T10:00",
        text_of("'requisition_no':'%s','line':1,'report':'R1','user_signed':'yes',"
                "'leader_ok':'yes'%s",
                no, more)
            .text);
}

static void PRT_026_old_parts_that_the_store_takes(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    requisition(s, "BUS", "Q1", 5);
    written_off(s, "Q1", ",'used':4,'old_qty':3"); /* one is owed, three are here */
    assert_string_equal(old_state(s, "OP-1"), "expected");
    assert_int_equal(old_row(s, "OP-1").qty, 1);
    assert_string_equal(old_state(s, "OP-2"), "returned");
    assert_int_equal(old_row(s, "OP-2").qty, 3);
    assert_int_equal(debt_of(s, "T1").pieces, 1);
    written_off(s, "Q1", ",'old_qty':1"); /* that one */
    assert_string_equal(old_state(s, "OP-1"), "returned");
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "stopped");
    assert_int_equal(debt_of(s, "T1").pieces, 0);
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_requisition, "Q1", 1);
    assert_int_equal(l.in_old, 4);
    old_act(s, "oldpart.disposed", "OP-2", "2026-03-06T10:00", "'disposal':'scrap'");
    l = ledger_line(s, parts_doc_requisition, "Q1", 1);
    assert_int_equal(l.in_gone, 3);
    requisition(s, "BUS", "Q2", 3); /* told as used first, then written off in part */
    say(s, "BUS", "part.used", "2026-03-05T09:00",
        "'doc':'requisition','doc_no':'Q2','line':1,'qty':3,'reason':'x','name':'y','report':'R',"
        "'person':'T1'" SIGNED);
    assert_int_equal(old_row(s, "OP-3").qty, 3);
    written_off(s, "Q2", ",'old_qty':2");
    assert_int_equal(old_row(s, "OP-3").qty, 2);
    assert_int_equal(old_row(s, "OP-4").qty, 1);
    assert_int_equal(debt_of(s, "T1").pieces, 1);
    assert_int_equal(debt_of(s, "T1").value, 1000);
    old_act(s, "oldpart.returned", "OP-4", "2026-03-06T10:00", "");
    l = ledger_line(s, parts_doc_requisition, "Q2", 1);
    assert_int_equal(l.in_old, 3);
    stage_close(s);
}

/* Drawn by a requisition, where the policy asks for a report: there is none. */
static void PRT_026_no_report_to_attach(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    requisition(s, "IND", "Q1", 1);
    say(s, "IND", "part.used", DAY1,
        "'doc':'requisition','doc_no':'Q1','line':1,'qty':1,'reason':'x','name':'y','report':'R',"
        "'person':'T1'" SIGNED);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "");
    assert_string_equal(last(s, "oldpart.unmatched", "lacks"), "no_report");
    old_act(s, "oldpart.linked", "OP-1", "2026-03-04T10:00", "'abnormal_no':'AB-8'");
    assert_string_equal(last(s, "oldpart.linked", "abnormal_no"), "AB-8");
    stage_close(s);
}

/* ---- PRT-021: no signature, no write-off ---- */

static void PRT_021_unsigned_it_stays_on_the_account(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    drawn_at(s, "BUS", "N1", "SEAT", 4, "10.00", DAY1, "");
    used_at(s, "BUS", "N1", 4, DAY1, ",'user_signed':'no','leader_ok':'yes'");
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "");
    assert_place(s, "N1", ledger_place_owed, 4);
    old_bar(s, "oldpart.disposed", "OP-1", "2026-03-04T10:00", "'disposal':'scrap'", "PRT-031",
            "not_written_off");
    old_act(s, "oldpart.labelled", "OP-1", "2026-03-05T10:00",
            "'tag':'L1','user_signed':'yes','leader_ok':'yes'");
    assert_place(s, "N1", ledger_place_old, 4);
    old_act(s, "oldpart.disposed", "OP-1", "2026-03-06T10:00", "'disposal':'scrap'");
    assert_place(s, "N1", ledger_place_gone, 4);
    stage_close(s);
}

/* ---- PRT-071 ---- */

static void PRT_071_an_old_part_counts_once(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 1, "560.00", DAY1);
    used(s, "IND", "N2", "CON", 2, "560.00", DAY1);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-03T10:00", "'serial':'S77'");
    old_bar(s, "oldpart.returned", "OP-2", "2026-03-03T10:00", "'serial':'S78'", "PRT-071",
            "quantity");
    old_bar(s, "oldpart.returned", "OP-2", "2026-03-03T10:00", "'serial':'S77','qty':1", "PRT-071",
            "used_twice");
    old_act(s, "oldpart.returned", "OP-2", "2026-03-03T10:00", "'serial':'S78','qty':1");
    stage_close(s);
}

/* ---- PRT-067 ---- */

static void PRT_067_a_loss_needs_a_document(void **state)
{
    (void)state;
    static const char why[] = "'gap':'%s','document':'D1','reason':'thrown away',"
                              "'approved_by':'boss'";
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 1, "560.00", DAY1);
    used(s, "IND", "N2", "CON", 1, "560.00", DAY1);
    tell(s, "IND", "oldpart.returned", DAY1, "'part_no':'CON'"); /* refused: no number */
    char lost[120], kept[120];
    snprintf(lost, sizeof lost, why, "lost");
    snprintf(kept, sizeof kept, why, "not_recoverable");
    old_act(s, "oldpart.lost", "OP-1", "2026-03-03T10:00", lost);
    assert_place(s, "N1", ledger_place_lost, 1);
    old_act(s, "oldpart.lost", "OP-2", "2026-03-03T10:00", kept); /* written off without return */
    assert_place(s, "N2", ledger_place_used, 1);
    assert_string_equal(end_of(s, "oldpart/OP-1", "oldpart.return"), "cancelled");
    assert_int_equal(debt_of(s, "T1").pieces, 0);
    old_bar(s, "oldpart.returned", "OP-1", "2026-03-05T10:00", "", "PRT-026", "state");
    stage_close(s);
}

/* ---- PRT-027: the analysis is due ---- */

/* Two used, one old part there: it is with the station, the other is owed. */
static void PRT_024_a_station_owes_what_it_used(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    say(s, "IND", "stock.received", DAY1,
        "'note_no':'G7','copies':2,'lines':[{'part_no':'CON','qty':5,'unit_cost':'10.00'}]");
    say(s, "IND", "station.shipped", DAY1,
        "'transfer_no':'TR1','station':'BUS','lines':[{'part_no':'CON','qty':3}]");
    say(s, "BUS", "station.received", DAY1, "'transfer_no':'TR1'");
    say(s, "BUS", "station.used", DAY1,
        "'transfer_no':'TR1','line':1,'qty':2,'old_qty':1,'report':'R','user_signed':'yes',"
        "'leader_ok':'yes'");
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_station, "TR1", 1);
    assert_int_equal(l.in_old, 1);
    assert_int_equal(l.in_owed, 1);
    assert_int_equal(count(s, "oldpart.expected"), 2);
    assert_int_equal(count(s, "oldpart.returned"), 1);
    const char *back = last(s, "oldpart.returned", "old_no");
    assert_string_equal(old_state(s, back), "returned");
    assert_true(str_is(old_row(s, back).unit, "BUS"));
    stage_close(s);
}

static void PRT_027_analysis_within_ten_working_days(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 1, "560.00", DAY1);
    old_act(s, "oldpart.returned", "OP-1", DAY1, "");
    due_is(s, "oldpart/OP-1", "oldpart.analyse", "2026-03-17T00:00"); /* 3 … 6, 9 … 13, 16 March */
    until(s, "2026-03-17T00:00");
    assert_int_equal(reminders(s, "oldpart.analyse"), 0);
    until(s, "2026-03-17T00:01");
    assert_int_equal(reminders(s, "oldpart.analyse"), 1);
    until(s, "2026-03-18T00:01");
    assert_int_equal(reminders(s, "oldpart.analyse"), 2);
    until(s, "2026-03-20T00:01");
    assert_int_equal(reminders(s, "oldpart.analyse"), 3);
    used(s, "IND", "N2", "CON", 1, "560.00", "2026-03-20T10:00");
    analysed(s, "OP-2", "2026-03-21T10:00", "own");
    assert_string_equal(end_of(s, "oldpart/OP-2", "oldpart.analyse"), "stopped");
    until(s, "2026-05-01T00:00");
    assert_int_equal(reminders(s, "oldpart.analyse"), 3);
    say(s, "VEH", "feedback.submitted", "2026-05-01T09:00",
        "'unit':'VEH','lines':[{'repair_no':'K3','repaired':'2026-05-01','in_warranty':'yes'}]");
    drawn_at(s, "VEH", "N3", "CON", 1, "560.00", "2026-05-01T10:00", ",'card_no':'K3'");
    used_at(s, "VEH", "N3", 1, "2026-05-01T10:00", SIGNED); /* goes on a claims list */
    old_act(s, "oldpart.returned", "OP-3", "2026-05-02T10:00", "");
    assert_string_equal(end_of(s, "oldpart/OP-3", "oldpart.analyse"), "none");
    assert_string_equal(end_of(s, "oldpart/OP-3", "oldpart.return"), "none");
    stage_close(s);
}

static void PRT_027_the_steps_stand_in_order(void **state)
{
    (void)state;
    static const char cause[] = "'cause':'burnt','liable':'own'";
    struct stage *s = old_open();
    catalogue(s);
    used(s, "IND", "N1", "CON", 1, "560.00", DAY1);
    old_bar(s, "oldpart.analysed", "OP-1", DAY1, cause, "PRT-027", "state");
    old_act(s, "oldpart.returned", "OP-1", DAY1, "");
    old_bar(s, "oldpart.inspected", "OP-1", DAY1, "'match':'yes'", "PRT-029", "state");
    old_act(s, "oldpart.labelled", "OP-1", DAY1, "'tag':'L1'");
    old_bar(s, "oldpart.analysed", "OP-1", DAY1, cause, "PRT-027", "state");
    old_act(s, "oldpart.inspected", "OP-1", DAY1, "'match':'yes'");
    old_act(s, "oldpart.analysed", "OP-1", DAY1, cause);
    old_bar(s, "oldpart.returned", "OP-1", DAY1, "", "PRT-026", "state");
    assert_string_equal(old_state(s, "OP-1"), "analysed");
    stage_close(s);
}

/* ---- PRT-031 ---- */

static void PRT_031_old_parts_are_dealt_with_by_the_end_of_the_month(void **state)
{
    (void)state;
    struct stage *s = old_open();
    catalogue(s);
    used(s, "BUS", "N1", "SEAT", 1, "10.00", DAY1);
    used(s, "BUS", "N2", "SEAT", 1, "10.00", DAY1);
    used(s, "BUS", "N3", "SEAT", 1, "10.00", DAY1);
    used(s, "IND", "N4", "CON", 1, "10.00", DAY1);
    old_act(s, "oldpart.returned", "OP-1", "2026-03-25T23:59", "");
    old_act(s, "oldpart.returned", "OP-2", "2026-03-25T12:00", "");
    old_act(s, "oldpart.returned", "OP-3", "2026-03-26T00:00", ""); /* that of the next month */
    old_act(s, "oldpart.returned", "OP-4", "2026-03-20T10:00", ""); /* PP-IND: no such rule */
    due_is(s, "oldpart_month/BUS/2026-03-01", "oldpart.monthly", "2026-04-01T00:00");
    due_is(s, "oldpart_month/BUS/2026-04-01", "oldpart.monthly", "2026-05-01T00:00");
    assert_string_equal(end_of(s, "oldpart_month/IND/2026-03-01", "oldpart.monthly"), "none");
    old_act(s, "oldpart.disposed", "OP-1", "2026-03-30T10:00", "'disposal':'maker_return'");
    assert_string_equal(end_of(s, "oldpart_month/BUS/2026-03-01", "oldpart.monthly"), "open");
    until(s, "2026-04-01T00:00");
    assert_int_equal(reminders(s, "oldpart.monthly"), 0);
    until(s, "2026-04-01T00:01");
    assert_int_equal(reminders(s, "oldpart.monthly"), 1);
    until(s, "2026-04-02T00:01"); /* 24:00 of Wednesday 1 April */
    assert_int_equal(reminders(s, "oldpart.monthly"), 2);
    until(s, "2026-04-04T00:01"); /* and of Friday */
    assert_int_equal(reminders(s, "oldpart.monthly"), 3);
    old_act(s, "oldpart.disposed", "OP-2", "2026-04-06T10:00", "'disposal':'claim'");
    assert_string_equal(end_of(s, "oldpart_month/BUS/2026-03-01", "oldpart.monthly"), "late");
    old_act(s, "oldpart.disposed", "OP-3", "2026-04-30T23:59", "'disposal':'scrap'");
    assert_string_equal(end_of(s, "oldpart_month/BUS/2026-04-01", "oldpart.monthly"), "stopped");
    assert_string_equal(end_of(s, "oldpart/OP-3", "oldpart.analyse"), "cancelled");
    until(s, "2026-06-01T00:00");
    assert_int_equal(reminders(s, "oldpart.monthly"), 3);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_024_the_policy_says_what_must_come_back),
        cmocka_unit_test(PRT_024_what_was_only_wanted_may_come_back),
        cmocka_unit_test(PRT_025_EX_25_thirty_days_then_three_reminders),
        cmocka_unit_test(PRT_025_back_in_time_stops_the_clock),
        cmocka_unit_test(PRT_025_carried_by_the_technician),
        cmocka_unit_test(PRT_025_carried_in_any_number),
        cmocka_unit_test(PRT_026_returned_parts_are_cleared_marked_and_linked),
        cmocka_unit_test(PRT_026_without_a_report_it_is_unmatched),
        cmocka_unit_test(PRT_026_a_return_is_of_what_was_used),
        cmocka_unit_test(PRT_026_what_does_not_come_is_still_owed),
        cmocka_unit_test(PRT_026_old_parts_that_the_store_takes),
        cmocka_unit_test(PRT_026_no_report_to_attach),
        cmocka_unit_test(PRT_021_unsigned_it_stays_on_the_account),
        cmocka_unit_test(PRT_071_an_old_part_counts_once),
        cmocka_unit_test(PRT_067_a_loss_needs_a_document),
        cmocka_unit_test(PRT_024_a_station_owes_what_it_used),
        cmocka_unit_test(PRT_027_analysis_within_ten_working_days),
        cmocka_unit_test(PRT_027_the_steps_stand_in_order),
        cmocka_unit_test(PRT_031_old_parts_are_dealt_with_by_the_end_of_the_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
