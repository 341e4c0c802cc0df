/* parts_note_test.c - the three-guarantee note 三包單: what it is opened on, its steps, its limit.
 * Rules PRT-001, PRT-003, PRT-008, PRT-009, PRT-013, PRT-014, PRT-015, PRT-067. */
#include "tests/unit/parts_issue_door.h"

static struct rec_row_issue note(struct stage *s, const char *no)
{
    struct rec_row_issue row = {0};
    assert_true(row_at(s, PARTS_ISSUE, key_of(str_of(no)), &row));
    return row;
}

static struct fact_words lines_of(const char *no, const char *basis, const char *part, unsigned qty)
{
    struct fact_words w;
    snprintf(w.text, sizeof w.text, "'note_no':'%s',%s,'lines':[{'part_no':'%s','qty':%u}]", no,
             basis, part, qty);
    return w;
}

/* A signed report for parts, at 09:00. */
static void signed_report(struct stage *s, const char *no, const char *parts)
{
    report(s, no, parts, "2026-03-02T08:40");
    report_signed(s, no, "2026-03-02T09:00");
}

static void step(struct stage *s, const char *unit, const char *type, const char *local)
{
    say(s, unit, type, local, "'note_no':'N1'");
}

static void out_of_order(struct stage *s, const char *unit, const char *type)
{
    deny(s, unit, type, "2026-03-02T15:00", "'note_no':'N1'", "PRT-014", "step_order");
}

/* ---- PRT-003: signed before it is opened ---- */

static void PRT_003_a_note_is_opened_on_what_is_signed(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    deny(s, "BUS", "issue.opened", "2026-03-02T09:00",
         "'note_no':'N1','lines':[{'part_no':'P1','qty':1}]", "PRT-003", "missing");
    deny(s, "BUS", "issue.opened", "2026-03-02T09:00",
         lines_of("N1", "'request_no':'R1'", "P1", 1).text, "PRT-003", "unknown_request");
    request(s, "BUS", "R1", 1, "2026-03-02T09:00");
    deny(s, "BUS", "issue.opened", "2026-03-02T09:10",
         lines_of("N1", "'request_no':'R1'", "P1", 1).text, "PRT-003", "not_approved");
    approve(s, "BUS", "R1", "2026-03-02T09:20");
    say(s, "BUS", "issue.opened", "2026-03-02T09:30",
        lines_of("N1", "'request_no':'R1'", "P1", 1).text);
    deny(s, "IND", "issue.opened", "2026-03-02T09:30",
         lines_of("N2", "'abnormal_no':'A1'", "P1", 1).text, "PRT-002", "unknown_report");
    report(s, "A1", "[{'part_no':'P1','qty':1}]", "2026-03-02T09:30");
    deny(s, "IND", "issue.opened", "2026-03-02T09:40",
         lines_of("N2", "'abnormal_no':'A1'", "P1", 1).text, "PRT-003", "not_approved");
    report_signed(s, "A1", "2026-03-02T10:00");
    say(s, "IND", "issue.opened", "2026-03-02T10:10",
        lines_of("N2", "'abnormal_no':'A1'", "P1", 1).text);
    deny(s, "IND", "issue.opened", "2026-03-02T10:10",
         lines_of("N2", "'abnormal_no':'A1'", "P1", 1).text, "PRT-014", "state");
    stage_close(s);
}

static void PRT_002_a_note_and_its_request_rest_on_one_report(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    signed_report(s, "A1", "[{'part_no':'P1','qty':1}]");
    signed_report(s, "A2", "[{'part_no':'P1','qty':1}]");
    say(s, "IND", "part.requested", "2026-03-02T09:20", "'request_no':'R1','abnormal_no':'A1'");
    deny(s, "IND", "issue.opened", "2026-03-02T09:30",
         lines_of("N1", "'request_no':'R1','abnormal_no':'A2'", "P1", 1).text, "PRT-002",
         "other_report");
    say(s, "IND", "issue.opened", "2026-03-02T09:30",
        lines_of("N1", "'request_no':'R1'", "P1", 1).text);
    assert_true(str_is(note(s, "N1").abnormal_no, "A1"));
    request(s, "BUS", "R2", 1, "2026-03-02T09:40");
    approve(s, "BUS", "R2", "2026-03-02T09:40");
    deny(s, "IND", "issue.opened", "2026-03-02T09:50",
         "'note_no':'N2','unit':'IND','request_no':'R2','lines':[{'part_no':'P1','qty':1}]",
         "PRT-002", "missing");
    stage_close(s);
}

/* ---- PRT-014 ---- */

static void PRT_014_each_step_once_and_in_this_order(void **state)
{
    static const char *const steps[] = {"issue.signed",  "issue.stamped", "issue.drawn",
                                        "issue.shipped", "issue.tracked", "issue.received"};
    (void)state;
    struct stage *s = issue_open(false);
    signed_report(s, "A1", "[{'part_no':'P1','qty':2}]");
    deny(s, "IND", "issue.signed", "2026-03-02T09:30", "'note_no':'N1'", "PRT-014",
         "unknown_number");
    say(s, "IND", "issue.opened", "2026-03-02T09:30",
        lines_of("N1", "'abnormal_no':'A1'", "P1", 2).text);
    for (size_t done = 0; done < COUNT_OF(steps); done++) {
        for (size_t i = 0; i < COUNT_OF(steps); i++) {
            if (i != done) out_of_order(s, "IND", steps[i]);
        }
        step(s, "IND", steps[done], "2026-03-02T15:00");
        assert_int_equal(note(s, "N1").state, issue_state_signed + done);
    }
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        out_of_order(s, "IND", steps[i]);
    struct rec_row_issue r = note(s, "N1");
    assert_int_equal(r.opened_at, instant("2026-03-02T09:30"));
    assert_int_equal(r.tracked_at, instant("2026-03-02T15:00"));
    stage_close(s);
}

static void PRT_014_steps_the_policy_does_not_ask_for_may_be_left_out(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    note_drawn(s, "N1", 1, "2026-03-02T10:00", ""); /* neither signed nor stamped */
    out_of_order(s, "BUS", "issue.signed");         /* too late for it */
    step(s, "BUS", "issue.received", "2026-03-02T11:00");
    out_of_order(s, "BUS", "issue.shipped");
    request(s, "BUS", "R2", 1, "2026-03-02T12:00");
    approve(s, "BUS", "R2", "2026-03-02T12:00");
    say(s, "BUS", "issue.opened", "2026-03-02T12:00",
        lines_of("N2", "'request_no':'R2'", "P1", 1).text);
    deny(s, "BUS", "issue.shipped", "2026-03-02T12:00", "'note_no':'N2'", "PRT-014", "step_order");
    stage_close(s);
}

static void PRT_014_drawing_takes_the_pieces_from_the_store_into_the_hand(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "BUS", "item.upserted", "2026-03-02T08:00", "'part_no':'P2','unit_cost':'3.50'");
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        "'request_no':'R1','lines':[{'part_no':'P1','qty':5},{'part_no':'P2','qty':2}]");
    approve(s, "BUS", "R1", "2026-03-02T09:00");
    say(s, "BUS", "issue.opened", "2026-03-02T09:30",
        "'note_no':'N1','request_no':'R1','person':'T1','store':'GEN','lines':[{'part_no':'P1',"
        "'qty':5,'unit_cost':'12.00'},{'part_no':'P2','qty':2}]");
    assert_int_equal(count(s, "ledger.moved"), 0);
    step(s, "BUS", "issue.drawn", "2026-03-02T10:00");
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.issued, 5);
    assert_int_equal(l.in_hand, 5);
    assert_int_equal(l.unit_cost, 1200);
    l = ledger_line(s, parts_doc_issue, "N1", 2);
    assert_int_equal(l.in_hand, 2);
    assert_int_equal(l.unit_cost, 350); /* as the catalogue says */
    assert_int_equal(balance(s, ledger_place_store, "GEN", "P1"), -5);
    assert_int_equal(balance(s, ledger_place_hand, "T1", "P1"), 5);
    assert_int_equal(balance(s, ledger_place_hand, "T1", "P2"), 2);
    stage_close(s);
}

/* Nobody named: the unit has them, from its own store. */
static void PRT_014_a_note_without_a_person_is_the_units(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    signed_report(s, "A1", "[{'part_no':'P1','qty':1}]");
    say(s, "IND", "issue.opened", "2026-03-02T09:30",
        lines_of("N1", "'abnormal_no':'A1'", "P1", 1).text);
    step(s, "IND", "issue.signed", "2026-03-02T10:00");
    step(s, "IND", "issue.stamped", "2026-03-02T10:00");
    step(s, "IND", "issue.drawn", "2026-03-02T10:00");
    assert_int_equal(balance(s, ledger_place_store, "IND", "P1"), -1);
    assert_int_equal(balance(s, ledger_place_hand, "IND", "P1"), 1);
    stage_close(s);
}

/* Where shelves may not be empty, what is not there is not drawn (PRT-041). */
static void PRT_014_what_is_not_in_the_store_is_not_drawn(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    request(s, "BUS", "R1", 1, "2026-03-02T09:00");
    approve(s, "BUS", "R1", "2026-03-02T09:00");
    say(s, "BUS", "issue.opened", "2026-03-02T09:30",
        lines_of("N1", "'request_no':'R1'", "P1", 1).text);
    deny(s, "BUS", "issue.drawn", "2026-03-02T10:00", "'note_no':'N1'", "PRT-014", "balance");
    assert_int_equal(note(s, "N1").state, issue_state_opened);
    stage_close(s);
}

static void PRT_014_only_what_is_not_drawn_is_cancelled(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    signed_report(s, "A1", "[{'part_no':'P1','qty':2}]");
    const char *basis = "'abnormal_no':'A1'";
    say(s, "IND", "issue.opened", "2026-03-02T09:30", lines_of("N1", basis, "P1", 2).text);
    step(s, "IND", "issue.signed", "2026-03-02T10:00");
    step(s, "IND", "issue.stamped", "2026-03-02T10:00");
    deny(s, "IND", "issue.opened", "2026-03-02T10:10", lines_of("N2", basis, "P1", 1).text,
         "PRT-015", "over_approved");
    say(s, "IND", "issue.cancelled", "2026-03-02T10:20", "'note_no':'N1','reason':'wrong unit'");
    deny(s, "IND", "issue.drawn", "2026-03-02T10:30", "'note_no':'N1'", "PRT-014", "state");
    say(s, "IND", "issue.opened", "2026-03-02T10:40", lines_of("N2", basis, "P1", 2).text);
    say(s, "IND", "issue.signed", "2026-03-02T10:40", "'note_no':'N2'");
    say(s, "IND", "issue.stamped", "2026-03-02T10:40", "'note_no':'N2'");
    say(s, "IND", "issue.drawn", "2026-03-02T10:40", "'note_no':'N2'");
    deny(s, "IND", "issue.cancelled", "2026-03-02T10:50", "'note_no':'N2','reason':'too late'",
         "PRT-014", "state");
    stage_close(s);
}

/* ---- PRT-015 ---- */

/* PRT-EX-33: approved A:2, already A:1, new A:2 → not accepted, 1 allowed. */
static void PRT_015_no_more_is_issued_than_was_approved(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    signed_report(s, "A1", "[{'part_no':'A','qty':2}]");
    const char *basis = "'abnormal_no':'A1'";
    say(s, "IND", "issue.opened", "2026-03-02T09:30", lines_of("N1", basis, "A", 1).text);
    deny(s, "IND", "issue.opened", "2026-03-02T09:40", lines_of("N2", basis, "A", 2).text,
         "PRT-015", "over_approved");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "1 are allowed")); /* PRT-EX-33 */
    deny(s, "IND", "issue.opened", "2026-03-02T09:40", lines_of("N2", basis, "B", 1).text,
         "PRT-015", "over_approved");
    say(s, "IND", "issue.opened", "2026-03-02T09:50", lines_of("N2", basis, "A", 1).text);
    deny(s, "IND", "issue.opened", "2026-03-02T09:50", lines_of("N3", basis, "A", 1).text,
         "PRT-015", "over_approved");
    stage_close(s);
}

/* Two lines of one part count together; a refused note leaves the limit as it was. */
static void PRT_015_lines_of_one_part_count_together(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    request(s, "BUS", "R1", 3, "2026-03-02T09:00");
    say(s, "BUS", "part.approved", "2026-03-02T09:00",
        "'request_no':'R1','by':'boss','approved':[{'part_no':'P1','qty':2}]");
    deny(s, "BUS", "issue.opened", "2026-03-02T09:30",
         "'note_no':'N1','request_no':'R1','lines':[{'part_no':'P1','qty':2},{'part_no':'P1',"
         "'qty':1}]",
         "PRT-015", "over_approved");
    say(s, "BUS", "issue.opened", "2026-03-02T09:30",
        "'note_no':'N1','request_no':'R1','lines':[{'part_no':'P1','qty':1},{'part_no':'P1',"
        "'qty':1}]");
    stage_close(s);
}

/* The report asked for what the catalogue calls by another number. */
static void PRT_015_a_number_that_was_looked_up_counts_for_the_one_in_the_report(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    signed_report(s, "A1", "[{'part_no':'P1','qty':1}]");
    say(s, "IND", "part.requested", "2026-03-02T09:20", "'request_no':'R1','abnormal_no':'A1'");
    say(s, "IND", "part.number_resolved", "2026-03-02T09:30",
        "'request_no':'R1','line':1,'part_no':'P1-B'");
    deny(s, "IND", "issue.opened", "2026-03-02T09:40",
         lines_of("N1", "'request_no':'R1'", "P1", 1).text, "PRT-015", "over_approved");
    say(s, "IND", "issue.opened", "2026-03-02T09:40",
        lines_of("N1", "'request_no':'R1'", "P1-B", 1).text);
    deny(s, "IND", "part.number_resolved", "2026-03-02T09:50",
         "'request_no':'R1','line':1,'part_no':'P1-C'", "PRT-002", "issued");
    stage_close(s);
}

/* ---- PRT-008, PRT-009 ---- */

static void PRT_008_used_or_refurbished_goods_are_refused_under_the_it_guarantee(void **state)
{
    static const char *const conditions[] = {"used", "refurbished"};
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "IT", "item.upserted", "2026-03-02T08:00", "'part_no':'P2','original':'no'");
    say(s, "IT", "part.requested", "2026-03-02T09:00",
        "'request_no':'R1','lines':[{'part_no':'P1','qty':1},{'part_no':'P2','qty':1}]");
    approve(s, "IT", "R1", "2026-03-02T09:00");
    for (size_t i = 0; i < COUNT_OF(conditions); i++) {
        struct fact_words w;
        snprintf(w.text, sizeof w.text,
                 "'note_no':'N1','request_no':'R1','lines':[{'part_no':'P1','qty':1,'condition':"
                 "'%s'}]",
                 conditions[i]);
        deny(s, "IT", "issue.opened", "2026-03-02T09:30", w.text, "PRT-008", "not_original");
    }
    deny(s, "IT", "issue.opened", "2026-03-02T09:30",
         lines_of("N1", "'request_no':'R1'", "P2", 1).text, "PRT-008", "not_original");
    say(s, "IT", "issue.opened", "2026-03-02T09:30",
        lines_of("N1", "'request_no':'R1'", "P1", 1).text);
    /* Other guarantees do not ask. */
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        "'request_no':'R2','lines':[{'part_no':'P2','qty':1}]");
    approve(s, "BUS", "R2", "2026-03-02T09:00");
    say(s, "BUS", "issue.opened", "2026-03-02T09:30",
        lines_of("N2", "'request_no':'R2'", "P2", 1).text);
    stage_close(s);
}

static void PRT_009_a_paid_part_is_quoted_first(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    call_of(s, "GEN", "C1", "2024-01-10", "2026-03-02T08:30"); /* outside: paid */
    say(s, "GEN", "part.requested", "2026-03-02T09:00",
        request_said("R1", 1, "'call_no':'C1'").text);
    approve(s, "GEN", "R1", "2026-03-02T09:00");
    struct fact_words w = lines_of("N1", "'request_no':'R1'", "P1", 1);
    deny(s, "GEN", "issue.opened", "2026-03-02T09:30", w.text, "PRT-009", "no_quote");
    tell(s, "GEN", "quote.issued", "2026-03-02T10:00",
         "'quote_no':'Q1','call_no':'C1','lines':[{'item':'relay','qty':1,'price':'20.00'}]");
    deny(s, "GEN", "issue.opened", "2026-03-02T10:10", w.text, "PRT-009", "no_quote");
    tell(s, "GEN", "quote.accepted", "2026-03-02T10:20", "'quote_no':'Q1','accepted_by':'Li'");
    say(s, "GEN", "issue.opened", "2026-03-02T10:30", w.text);
    assert_int_equal(note(s, "N1").class, part_class_paid);
    stage_close(s);
}

static void PRT_009_free_parts_and_policies_without_quotations_need_none(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    call_of(s, "GEN", "C1", "2026-01-10", "2026-03-02T08:30");
    call_of(s, "BUS", "C2", "2024-01-10", "2026-03-02T08:30");
    say(s, "GEN", "part.requested", "2026-03-02T09:00",
        request_said("R1", 1, "'call_no':'C1'").text);
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        request_said("R2", 1, "'call_no':'C2'").text);
    approve(s, "GEN", "R1", "2026-03-02T09:00");
    approve(s, "BUS", "R2", "2026-03-02T09:00");
    say(s, "GEN", "issue.opened", "2026-03-02T09:30",
        lines_of("N1", "'request_no':'R1'", "P1", 1).text);
    say(s, "BUS", "issue.opened", "2026-03-02T09:30",
        lines_of("N2", "'request_no':'R2'", "P1", 1).text);
    assert_int_equal(note(s, "N1").class, part_class_free);
    assert_int_equal(note(s, "N2").class, part_class_paid);
    stage_close(s);
}

/* ---- part.arrive_confirm (PRT-013) ---- */

static void shipped(struct stage *s, const char *more)
{
    note_drawn(s, "N1", 1, "2026-03-02T10:00", "");
    say(s, "BUS", "issue.shipped", "2026-03-02T15:00", about("note_no", "N1", more).text);
}

/* 10 days of the calendar after the 2nd: 24:00 of Thursday the 12th; then of the 13th and of
 * Tuesday the 17th. */
static void PRT_013_part_arrive_confirm_passes_its_ladder(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    shipped(s, "'waybill':'W1','destination':'Harbin','freight':'80.00','notice_no':'F1'");
    due_is(s, "issue/N1", "part.arrive_confirm", "2026-03-13T00:00");
    until(s, "2026-03-25T00:00");
    ladder_is(s, "issue/N1", "part.arrive_confirm",
              "2026-03-13T00:00 2026-03-14T00:00 2026-03-18T00:00");
    assert_int_equal(reminders(s, "part.arrive_confirm"), 3);
    assert_int_equal(note(s, "N1").freight, 8000);
    stage_close(s);
}

static void PRT_013_part_arrive_confirm_is_stopped_and_follows_the_required_day(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    shipped(s, "'due':'2026-03-05'");
    due_is(s, "issue/N1", "part.arrive_confirm", "2026-03-06T00:00");
    step(s, "BUS", "issue.received", "2026-03-05T23:59");
    until(s, "2026-03-25T00:00");
    assert_int_equal(reminders(s, "part.arrive_confirm"), 0);
    assert_string_equal(end_of(s, "issue/N1", "part.arrive_confirm"), "stopped");
    stage_close(s);
}

/* ---- notes of several lines ---- */

#define TWO_LINES(no)                                                                              \
    "'note_no':'" no "','request_no':'R1','person':'T1','lines':[{'part_no':'P1','qty':5},"        \
    "{'part_no':'P2','qty':2}]"

/* N1: five P1 and two P2 for T1, opened. */
static void two_lines(struct stage *s)
{
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        "'request_no':'R1','lines':[{'part_no':'P1','qty':5},{'part_no':'P2','qty':2}]");
    approve(s, "BUS", "R1", "2026-03-02T09:00");
    say(s, "BUS", "issue.opened", "2026-03-02T09:30", TWO_LINES("N1"));
}

static void PRT_015_a_void_note_gives_back_each_line(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    two_lines(s);
    deny(s, "BUS", "issue.opened", "2026-03-02T10:00", TWO_LINES("N2"), "PRT-015", "over_approved");
    say(s, "BUS", "issue.cancelled", "2026-03-02T10:20", "'note_no':'N1','reason':'wrong unit'");
    say(s, "BUS", "issue.opened", "2026-03-02T10:40", TWO_LINES("N2"));
    deny(s, "BUS", "issue.opened", "2026-03-02T10:50",
         lines_of("N3", "'request_no':'R1'", "P2", 1).text, "PRT-015", "over_approved");
    stage_close(s);
}

static void PRT_067_each_line_comes_back_by_itself(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    two_lines(s);
    step(s, "BUS", "issue.drawn", "2026-03-02T10:00");
    deny(s, "BUS", "stock.returned_unused", "2026-03-03T10:00",
         "'note_no':'N1','line':2,'part_no':'P1','qty':1", "PRT-067", "part_no");
    deny(s, "BUS", "stock.returned_unused", "2026-03-03T10:00",
         "'note_no':'N1','line':2,'part_no':'P2','qty':3", "PRT-067", "balance");
    say(s, "BUS", "stock.returned_unused", "2026-03-03T10:10",
        "'note_no':'N1','line':2,'part_no':'P2','qty':1");
    say(s, "BUS", "stock.written_off", "2026-03-03T10:20",
        "'note_no':'N1','line':2,'lost':1,'document':'D1'");
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 2);
    assert_true(l.in_hand == 0 && l.in_lost == 1 && l.back == 1);
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_hand, 5);
    say(s, "BUS", "stock.returned_unused", "2026-03-03T10:30",
        "'note_no':'N1','line':1,'part_no':'P1','qty':5");
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_hand, 0);
    assert_int_equal(balance(s, ledger_place_hand, "T1", "P1"), 0);
    stage_close(s);
}

/* The note arrives whole; its lines are used one by one. */
static void PRT_014_a_note_arrives_with_all_its_lines(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    two_lines(s);
    step(s, "BUS", "issue.drawn", "2026-03-02T10:00");
    step(s, "BUS", "issue.shipped", "2026-03-02T11:00");
    step(s, "BUS", "issue.received", "2026-03-04T11:00");
    assert_int_equal(count_of(s, OWNER_parts, "deadline.armed", "name", "part.arrive_confirm"), 1);
    assert_string_equal(end_of(s, "issue/N1", "part.arrive_confirm"), "stopped");
    say(s, "BUS", "part.used", "2026-03-05T11:00",
        "'doc':'issue','doc_no':'N1','line':2,'qty':2,'reason':'worn','name':'seal'");
    assert_int_equal(balance(s, ledger_place_hand, "T1", "P1"), 5);
    assert_int_equal(balance(s, ledger_place_owed, "T1", "P2"), 2);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_003_a_note_is_opened_on_what_is_signed),
        cmocka_unit_test(PRT_002_a_note_and_its_request_rest_on_one_report),
        cmocka_unit_test(PRT_014_each_step_once_and_in_this_order),
        cmocka_unit_test(PRT_014_steps_the_policy_does_not_ask_for_may_be_left_out),
        cmocka_unit_test(PRT_014_drawing_takes_the_pieces_from_the_store_into_the_hand),
        cmocka_unit_test(PRT_014_a_note_without_a_person_is_the_units),
        cmocka_unit_test(PRT_014_what_is_not_in_the_store_is_not_drawn),
        cmocka_unit_test(PRT_014_only_what_is_not_drawn_is_cancelled),
        cmocka_unit_test(PRT_015_no_more_is_issued_than_was_approved),
        cmocka_unit_test(PRT_015_lines_of_one_part_count_together),
        cmocka_unit_test(PRT_015_a_number_that_was_looked_up_counts_for_the_one_in_the_report),
        cmocka_unit_test(PRT_008_used_or_refurbished_goods_are_refused_under_the_it_guarantee),
        cmocka_unit_test(PRT_009_a_paid_part_is_quoted_first),
        cmocka_unit_test(PRT_009_free_parts_and_policies_without_quotations_need_none),
        cmocka_unit_test(PRT_013_part_arrive_confirm_passes_its_ladder),
        cmocka_unit_test(PRT_013_part_arrive_confirm_is_stopped_and_follows_the_required_day),
        cmocka_unit_test(PRT_015_a_void_note_gives_back_each_line),
        cmocka_unit_test(PRT_067_each_line_comes_back_by_itself),
        cmocka_unit_test(PRT_014_a_note_arrives_with_all_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
