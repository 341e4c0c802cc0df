/* parts_audit_test.c - abnormality reports 產品異常信息報告 against service cards 現場服務卡: the
 * verdict of each report, what follows when it has no counterpart, and decisions that are taken
 * back. Rules PRT-061 … PRT-063, PRT-069, PRT-071. */
#include "tests/unit/parts_door.h"

#define MARCH "audit/IND/2026-03-01"

/* H1 is the head of department; the catalogue has prices for P-460, P-75, P-120, P-860. */
static struct stage *people(struct stage *s)
{
    static const struct {
        const char *part, *cost;
    } items[] = {{"P-460", "460.00"}, {"P-75", "75.50"}, {"P-120", "120.00"}, {"P-860", "860.00"}};
    char data[100];
    (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00",
                     "{'person':'H1','unit':'IND','role':'head'}");
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        snprintf(data, sizeof data, "'part_no':'%s','unit_cost':'%s'", items[i].part,
                 items[i].cost);
        say(s, "IND", "item.upserted", "2026-01-02T08:00", data);
    }
    return s;
}

static struct stage *audit_open(void)
{
    return people(parts_open());
}

#define ONE_460 "{'part_no':'P-460','qty':1}"

static void report(struct stage *s, const char *no, const char *local, const char *parts,
                   const char *more)
{
    char data[600];
    snprintf(data, sizeof data,
             "'report_no':'%s','person':'T9','customer':'M1','parts_requested':[%s]%s", no, parts,
             more);
    tell(s, "IND", "abnormal.logged", local, data);
}

static void card(struct stage *s, const char *no, const char *local, const char *day,
                 const char *more)
{
    char data[300];
    snprintf(data, sizeof data, "'card_no':'%s','technician':'T9','day':'%s'%s", no, day, more);
    tell(s, "IND", "card.returned", local, data);
}

static struct rec_row_audit_report report_row(struct stage *s, const char *no)
{
    struct rec_row_audit_report row = {0};
    assert_true(row_at(s, PARTS_AUDIT_REPORT, key_of(str_of(no)), &row));
    return row;
}

static const char *report_state(struct stage *s, const char *no)
{
    return code_word(&codes_audit_state, report_row(s, no).state);
}

static const char *card_state(struct stage *s, const char *no)
{
    struct rec_row_audit_card row = {0};
    assert_true(row_at(s, PARTS_AUDIT_CARD, key_of(str_of(no)), &row));
    return code_word(&codes_card_audit_state, row.state);
}

static struct rec_row_audit_month month_row(struct stage *s)
{
    struct rec_row_audit_month row = {0};
    struct key k = key_of(STR("IND"));
    key_day(&k, day_of(2026, 3, 1));
    assert_true(row_at(s, PARTS_AUDIT_MONTH, k, &row));
    return row;
}

/* ---- PRT-062, PRT-063: worked examples ---- */

static void PRT_063_the_worked_examples(void **state)
{
    (void)state;
    static const struct {
        const char *id, *parts;
        bool matched;
        const char *value, *assessment, *card;
    } rows[] = {
        {"PRT-EX-12", ONE_460, false, "460.00", "920.00", "void"},
        {"PRT-EX-13", "{'part_no':'P-75','qty':2},{'part_no':'P-120','qty':1}", false, "271.00",
         "542.00", "void"},
        {"C-30", "{'part_no':'P-860','qty':1}", false, "860.00", "1720.00", "void"},
        {"PRT-EX-14", ONE_460, true, "460.00", "", "valid"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = audit_open();
        report(s, "R1", "2026-03-10T10:00", rows[i].parts, ",'call_no':'C-1'");
        /* The same customer; of another call it is no counterpart. */
        card(s, "K1", "2026-03-11T09:00", "2026-03-10",
             rows[i].matched ? ",'customer':'M1','call_no':'C-1'"
                             : ",'customer':'M1','call_no':'C-2'");
        until(s, "2026-04-06T00:01");
        assert_int_equal(count(s, "audit.abnormal"), 1);
        assert_string_equal(last(s, "audit.abnormal", "report_no"), "R1");
        assert_string_equal(last(s, "audit.abnormal", "card_no"), rows[i].matched ? "K1" : "");
        assert_string_equal(last(s, "audit.abnormal", "value"), rows[i].value);
        assert_int_equal(count(s, "assessment.raised"), !rows[i].matched);
        assert_int_equal(count(s, "card.void"), !rows[i].matched);
        if (!rows[i].matched) {
            assert_string_equal(last(s, "assessment.raised", "amount"), rows[i].assessment);
            assert_string_equal(last(s, "assessment.raised", "factor"), "2");
            assert_string_equal(last(s, "assessment.raised", "person"), "T9");
            assert_string_equal(last(s, "assessment.raised", "day"), "2026-03-10");
            assert_string_equal(last(s, "card.void", "card_no"), "K1");
            assert_string_equal(last(s, "card.void", "reason"), "unmatched");
        }
        assert_string_equal(card_state(s, "K1"), rows[i].card);
        stage_close(s);
    }
}

static void PRT_063_no_card_at_all_is_no_void_card(void **state)
{
    (void)state;
    struct stage *s = audit_open();
    report(s, "R1", "2026-03-10T10:00", ONE_460, "");
    card(s, "K1", "2026-03-11T09:00", "2026-03-11", ",'customer':'M1'"); /* the day after */
    card(s, "K2", "2026-03-11T09:00", "2026-03-10", ",'customer':'M9'"); /* cites nothing of it */
    until(s, "2026-04-06T00:01");
    assert_string_equal(last(s, "assessment.raised", "amount"), "920.00");
    assert_int_equal(count(s, "card.void"), 0);
    assert_string_equal(card_state(s, "K2"), "valid");
    stage_close(s);
}

static void PRT_063_value_without_a_price_is_what_the_report_says(void **state)
{
    (void)state;
    struct stage *s = audit_open();
    report(s, "R1", "2026-03-10T10:00", ONE_460 ",{'part_no':'P-X','qty':1}", ",'value':'500.00'");
    report(s, "R2", "2026-03-10T10:00", "{'part_no':'P-X','qty':1}", "");
    until(s, "2026-04-06T00:01");
    assert_int_equal(count(s, "audit.abnormal"), 2);
    assert_int_equal(count(s, "assessment.raised"), 1); /* R2: nobody knows what it is worth */
    assert_string_equal(last(s, "assessment.raised", "amount"), "1000.00");
    stage_close(s);
}

static void PRT_063_values_end_where_an_amount_ends(void **state)
{
    (void)state;
    struct stage *s = audit_open();
    say(s, "IND", "item.upserted", "2026-01-02T08:00",
        "'part_no':'P-MAX','unit_cost':'10000000000.00'");
    report(s, "R1", "2026-03-10T10:00",
           "{'part_no':'P-MAX','qty':1000000},{'part_no':'P-MAX','qty':1000000}", "");
    until(s, "2026-04-06T00:01");
    assert_string_equal(last(s, "assessment.raised", "amount"), "10000000000000.00");
    stage_close(s);
}

/* ---- PRT-062: one verdict a report ---- */

static void PRT_062_a_card_gives_the_verdict_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        bool card_first;
    } rows[] = {{"the card comes later", false}, {"the card is there", true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = audit_open();
        if (rows[i].card_first) card(s, "K1", "2026-03-10T09:00", "2026-03-10", ",'customer':'M1'");
        report(s, "R1", "2026-03-10T10:00", ONE_460, "");
        if (!rows[i].card_first) {
            assert_string_equal(report_state(s, "R1"), "waiting");
            due_is(s, MARCH, "audit.month", "2026-04-06T00:00");
            card(s, "K1", "2026-03-12T09:00", "2026-03-10", ",'customer':'M1'");
            assert_string_equal(end_of(s, MARCH, "audit.month"), "stopped");
            assert_int_equal(month_row(s).waiting, 0);
        }
        assert_string_equal(report_state(s, "R1"), "matched");
        until(s, "2026-04-07T00:00");
        assert_int_equal(count(s, "audit.abnormal"), 1);
        assert_string_equal(last(s, "audit.abnormal", "card_no"), "K1");
        assert_int_equal(count(s, "assessment.raised"), 0);
        assert_int_equal(reminders(s, "audit.month"), 0);
        stage_close(s);
    }
}

static void PRT_062_the_cut_off_of_the_month(void **state)
{
    (void)state;
    struct stage *s = audit_open();
    report(s, "R1", "2026-03-31T23:59", ONE_460, "");
    report(s, "R2", "2026-04-01T00:00", ONE_460, "");
    until(s, "2026-04-06T00:00");
    assert_int_equal(count(s, "audit.abnormal"), 0);
    until(s, "2026-04-06T00:01");
    assert_int_equal(count(s, "audit.abnormal"), 1);
    assert_string_equal(report_state(s, "R1"), "unmatched");
    assert_string_equal(end_of(s, MARCH, "audit.month"), "cancelled");
    assert_int_equal(reminders(s, "audit.month"), 0); /* the audit itself; nobody is urged */
    until(s, "2026-05-06T00:01");
    assert_string_equal(report_state(s, "R2"), "unmatched");
    /* One that comes when its month is audited has its verdict soon. */
    report(s, "R3", "2026-04-30T10:00", ONE_460, "");
    until(s, "2026-05-06T00:10");
    assert_string_equal(report_state(s, "R3"), "unmatched");
    assert_int_equal(count(s, "audit.abnormal"), 3);
    stage_close(s);
}

static void PRT_062_the_day_of_the_cut_off_is_policy(void **state)
{
    (void)state;
    struct stage *s = people(parts_open_changed("policy.yaml", "$ a parts: {audit_day: 10}"));
    report(s, "R1", "2026-03-10T10:00", ONE_460, "");
    due_is(s, MARCH, "audit.month", "2026-04-11T00:00");
    stage_close(s);
}

static void PRT_062_what_is_not_audited(void **state)
{
    (void)state;
    struct stage *s = audit_open();
    report(s, "R1", "2026-03-10T10:00", "", ""); /* applies for no part */
    tell(s, "IND", "abnormal.logged", "2026-03-10T10:00",
         "'report_no':'R2','parts_requested':[" ONE_460 "]"); /* nobody's */
    tell(s, "BUS", "abnormal.logged", "2026-03-10T10:00",
         "'report_no':'R3','person':'T1','parts_requested':[" ONE_460
         "]"); /* PP-BUS has no factor */
    until(s, "2026-04-07T00:00");
    assert_string_equal(report_state(s, "R1"), "exempt");
    assert_string_equal(report_state(s, "R2"), "exempt");
    assert_string_equal(report_state(s, "R3"), "exempt");
    assert_int_equal(count(s, "audit.abnormal"), 0);
    stage_close(s);
}

static void PRT_062_more_reports_than_are_judged_in_one_go(void **state)
{
    (void)state;
    struct stage *s = audit_open();
    char no[16];
    for (int i = 0; i < 300; i++) {
        snprintf(no, sizeof no, "R%03d", i);
        report(s, no, "2026-03-10T10:00", ONE_460, "");
    }
    assert_int_equal(month_row(s).waiting, 300);
    until(s, "2026-04-06T00:10");
    assert_int_equal(count(s, "audit.abnormal"), 300);
    assert_int_equal(count(s, "assessment.raised"), 300);
    assert_int_equal(month_row(s).waiting, 0);
    stage_close(s);
}

/* ---- PRT-061: what documents agree in ---- */

static void PRT_061_what_two_documents_agree_in(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *report, *card;
        bool agree;
    } rows[] = {
        {"staff, day, site", "", ",'customer':'M1'", true},
        {"staff, day, site", "", ",'customer':'M2'", false},
        {"staff, day, site", "", "", false}, /* no word in common */
        {"staff, day, site", ",'call_no':'C1'", ",'call_no':'C1'", true},
        {"staff, day, site", ",'call_no':'C1'", ",'call_no':'C2','customer':'M1'", false},
        {"staff, day, site", ",'product':'S1'", ",'customer':'M1','product':'S2'", true},
        {"staff, day, site, product", ",'product':'S1'", ",'customer':'M1','product':'S2'", false},
        {"staff, day, site, product", ",'product':'S1'", ",'customer':'M1'", true},
        {"staff, day", "", ",'customer':'M2'", true},
    };
    char sed[100];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(sed, sizeof sed, "$ a parts: {match_keys: [%s]}", rows[i].keys);
        struct stage *s = people(parts_open_changed("policy.yaml", sed));
        report(s, "R1", "2026-03-10T10:00", ONE_460, rows[i].report);
        card(s, "K1", "2026-03-11T09:00", "2026-03-10", rows[i].card);
        if ((count(s, "audit.abnormal") == 1) != rows[i].agree) fail_msg("row %zu", i);
        stage_close(s);
    }
}

/* A document of a call that says nothing of the customer has the customer of the call. */
static void PRT_061_another_persons_card_is_no_counterpart(void **state)
{
    (void)state;
    struct stage *s = audit_open();
    report(s, "R1", "2026-03-10T10:00", ONE_460, "");
    tell(s, "IND", "card.returned", "2026-03-11T09:00",
         "'card_no':'K1','technician':'T8','day':'2026-03-10','customer':'M1'");
    assert_string_equal(report_state(s, "R1"), "waiting");
    stage_close(s);
}

/* ---- PRT-071 ---- */

static void PRT_071_a_card_is_the_counterpart_of_one_report(void **state)
{
    (void)state;
    static const struct {
        const char *sed;
        const char *second;
    } rows[] = {{"", "unmatched"}, {"$ a parts: {card_once: no}", "matched"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = people(parts_open_changed("policy.yaml", rows[i].sed));
        report(s, "R1", "2026-03-10T10:00", ONE_460, "");
        report(s, "R2", "2026-03-10T10:00", ONE_460, "");
        card(s, "K1", "2026-03-11T09:00", "2026-03-10", ",'customer':'M1'");
        until(s, "2026-04-06T00:01");
        assert_string_equal(report_state(s, "R1"), "matched");
        assert_string_equal(report_state(s, "R2"), rows[i].second);
        /* The card of one report is not void for another. */
        assert_int_equal(count(s, "card.void"), 0);
        stage_close(s);
    }
}

/* ---- PRT-069 ---- */

static struct stage *unmatched_open(void)
{
    struct stage *s = audit_open();
    report(s, "R1", "2026-03-10T10:00", ONE_460, ",'call_no':'C1'");
    card(s, "K1", "2026-03-11T09:00", "2026-03-10", ",'customer':'M1','call_no':'C2'");
    until(s, "2026-04-06T00:01");
    assert_string_equal(report_state(s, "R1"), "unmatched");
    assert_string_equal(card_state(s, "K1"), "void");
    return s;
}

#define BACK(subject, ref) "'subject':'" subject "','ref':'" ref "','by':'H1','reason':'see letter'"

static void PRT_069_the_head_of_department_takes_a_report_back(void **state)
{
    (void)state;
    struct stage *s = unmatched_open();
    say(s, "IND", "audit.reversed", "2026-04-08T10:00", BACK("abnormal", "R1"));
    assert_int_equal(count(s, "audit.reversed"), 2); /* the report and its void card */
    assert_string_equal(stage_field(s, OWNER_parts, "audit.reversed", 0, "amount"), "920.00");
    assert_string_equal(stage_field(s, OWNER_parts, "audit.reversed", 0, "person"), "T9");
    assert_string_equal(last(s, "audit.reversed", "ref"), "K1");
    assert_string_equal(last(s, "audit.reversed", "subject"), "card");
    assert_string_equal(report_state(s, "R1"), "reversed");
    assert_string_equal(card_state(s, "K1"), "reversed");
    /* Both stay visible. */
    struct rec_row_audit_report r = report_row(s, "R1");
    assert_int_equal(r.assessment, 92000);
    assert_true(str_is(r.reason, "see letter"));
    assert_int_equal(count(s, "assessment.raised"), 1);
    deny(s, "IND", "audit.reversed", "2026-04-09T10:00", BACK("abnormal", "R1"), "PRT-069",
         "unknown_decision");
    stage_close(s);
}

static void PRT_069_a_void_card_alone_is_taken_back(void **state)
{
    (void)state;
    struct stage *s = unmatched_open();
    say(s, "IND", "audit.reversed", "2026-04-08T10:00", BACK("card", "K1"));
    assert_string_equal(card_state(s, "K1"), "reversed");
    assert_string_equal(report_state(s, "R1"), "unmatched");
    /* It may be the counterpart of another report now. */
    report(s, "R2", "2026-03-10T15:00", ONE_460, ",'call_no':'C2'");
    assert_string_equal(report_state(s, "R2"), "matched");
    stage_close(s);
}

static void PRT_069_nobody_else_does(void **state)
{
    (void)state;
    struct stage *s = unmatched_open();
    static const struct {
        const char *data, *code;
    } rows[] = {
        {"'subject':'abnormal','ref':'R1','by':'T9','reason':'please'", "not_entitled"},
        {"'subject':'abnormal','ref':'R1','by':'nobody','reason':'please'", "not_entitled"},
        {"'subject':'abnormal','ref':'R1','reason':'please'", "not_entitled"},
        {"'subject':'abnormal','ref':'R1','by':'H1','reason':'x','automatic':'yes'", "automatic"},
        {BACK("abnormal", "R9"), "unknown_decision"},
        {BACK("card", "K9"), "unknown_decision"},
        {BACK("paid_card", "K1"), "unknown_decision"},
        {BACK("freight", "W9"), "unknown_decision"},
        {BACK("expense_line", "E9"), "unknown_decision"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        deny(s, "IND", "audit.reversed", "2026-04-08T10:00", rows[i].data, "PRT-069", rows[i].code);
    }
    /* Who has left decides nothing. */
    (void)stage_tell(s, "person.upserted", "2026-04-08T11:00:00+08:00",
                     "{'person':'H1','unit':'IND','role':'head','left':true}");
    deny(s, "IND", "audit.reversed", "2026-04-08T12:00", BACK("abnormal", "R1"), "PRT-069",
         "not_entitled");
    stage_close(s);
}

static void PRT_069_who_it_is_is_policy(void **state)
{
    (void)state;
    struct stage *s =
        people(parts_open_changed("policy.yaml", "$ a parts: {reversed_by: technician}"));
    report(s, "R1", "2026-03-10T10:00", ONE_460, "");
    until(s, "2026-04-06T00:01");
    deny(s, "IND", "audit.reversed", "2026-04-08T10:00", BACK("abnormal", "R1"), "PRT-069",
         "not_entitled");
    say(s, "IND", "audit.reversed", "2026-04-08T10:00",
        "'subject':'abnormal','ref':'R1','by':'T1','reason':'seen'");
    stage_close(s);
}

/* CV-5: judged by when it was handed in, not by when that was told. */
static void PRT_069_a_card_handed_in_in_time_and_told_of_late(void **state)
{
    (void)state;
    struct stage *s = unmatched_open();
    until(s, "2026-04-10T00:00");
    card(s, "K2", "2026-04-05T23:59", "2026-03-10", ",'customer':'M1','call_no':'C1'");
    assert_string_equal(report_state(s, "R1"), "reversed");
    assert_true(str_is(report_row(s, "R1").card_no, "K2"));
    assert_string_equal(stage_field(s, OWNER_parts, "audit.reversed", 1, "subject"), "abnormal");
    assert_string_equal(stage_field(s, OWNER_parts, "audit.reversed", 1, "automatic"), "yes");
    assert_string_equal(stage_field(s, OWNER_parts, "audit.reversed", 1, "amount"), "920.00");
    assert_string_equal(card_state(s, "K1"), "reversed");
    assert_int_equal(count(s, "audit.abnormal"), 1); /* one verdict; its end is visible */
    stage_close(s);
}

static void PRT_069_a_card_handed_in_late_takes_nothing_back(void **state)
{
    (void)state;
    struct stage *s = unmatched_open();
    until(s, "2026-04-10T00:00");
    card(s, "K2", "2026-04-06T00:01", "2026-03-10", ",'customer':'M1','call_no':'C1'");
    assert_string_equal(report_state(s, "R1"), "unmatched");
    assert_int_equal(count(s, "audit.reversed"), 0);
    stage_close(s);
}

/* A taxi nobody consented to (PRT-056). */
static void PRT_069_a_rejected_line_of_an_expense_form(void **state)
{
    (void)state;
    struct stage *s = audit_open();
#define LINE_BACK(line)                                                                            \
    "'subject':'expense_line','ref':'E1','line':" #line ",'by':'H1','reason':'no bus at night'"
    say(s, "GEN", "expense.submitted", "2026-03-05T10:00",
        "'expense_no':'E1','person':'T1','rank':'engineer','reason':'repair','home':'Taipei',"
        "'places':[{'name':'Ningbo'}],'from_day':'2026-03-02','until_day':'2026-03-04',"
        "'lines':[{'day':'2026-03-02','kind':'train','amount':'186.00','from':'Taipei',"
        "'to':'Ningbo'},{'day':'2026-03-02','kind':'taxi','amount':'58.00','place':'Ningbo'}],"
        "'vouchers':[{'voucher_no':'V1','amount':'186.00'},{'voucher_no':'V2',"
        "'amount':'58.00'}]");
    deny(s, "GEN", "audit.reversed", "2026-03-06T09:00", LINE_BACK(2), "PRT-069",
         "unknown_decision"); /* not audited yet */
    say(s, "GEN", "expense.audited", "2026-03-06T10:00", "'expense_no':'E1','by':'L1'");
    struct rec_row_expense r = {0};
    assert_true(row_at(s, PARTS_EXPENSE, key_of(STR("E1")), &r));
    assert_int_equal(r.approved, 18600);
    deny(s, "GEN", "audit.reversed", "2026-03-06T11:00", LINE_BACK(1), "PRT-069",
         "unknown_decision"); /* it passed */
    deny(s, "GEN", "audit.reversed", "2026-03-06T11:00", LINE_BACK(3), "PRT-069",
         "unknown_decision");
    say(s, "GEN", "audit.reversed", "2026-03-06T12:00", LINE_BACK(2));
    assert_string_equal(last(s, "audit.reversed", "amount"), "58.00");
    assert_string_equal(last(s, "audit.reversed", "person"), "T1");
    assert_true(row_at(s, PARTS_EXPENSE, key_of(STR("E1")), &r));
    assert_int_equal(r.approved, 24400);
    assert_int_equal(r.results.v[1].ok, yes_no_yes);
    stage_close(s);
}

static void PRT_069_a_line_of_an_approved_form_stays_rejected(void **state)
{
    (void)state;
    struct stage *s = audit_open();
    say(s, "GEN", "expense.submitted", "2026-03-05T10:00",
        "'expense_no':'E1','person':'T1','rank':'engineer','reason':'repair','home':'Taipei',"
        "'places':[{'name':'Ningbo'}],'from_day':'2026-03-02','until_day':'2026-03-04',"
        "'lines':[{'day':'2026-03-02','kind':'taxi','amount':'58.00','place':'Ningbo'}],"
        "'vouchers':[{'voucher_no':'V2','amount':'58.00'}]");
    static const char *const steps[] = {"expense.audited", "expense.reviewed", "expense.approved"};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        say(s, "GEN", steps[i], "2026-03-06T10:00", "'expense_no':'E1','by':'L1'");
    deny(s, "GEN", "audit.reversed", "2026-03-06T12:00", LINE_BACK(1), "PRT-069", "state");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_063_the_worked_examples),
        cmocka_unit_test(PRT_063_no_card_at_all_is_no_void_card),
        cmocka_unit_test(PRT_063_value_without_a_price_is_what_the_report_says),
        cmocka_unit_test(PRT_063_values_end_where_an_amount_ends),
        cmocka_unit_test(PRT_062_a_card_gives_the_verdict_at_once),
        cmocka_unit_test(PRT_062_the_cut_off_of_the_month),
        cmocka_unit_test(PRT_062_the_day_of_the_cut_off_is_policy),
        cmocka_unit_test(PRT_062_what_is_not_audited),
        cmocka_unit_test(PRT_062_more_reports_than_are_judged_in_one_go),
        cmocka_unit_test(PRT_061_what_two_documents_agree_in),
        cmocka_unit_test(PRT_061_another_persons_card_is_no_counterpart),
        cmocka_unit_test(PRT_071_a_card_is_the_counterpart_of_one_report),
        cmocka_unit_test(PRT_069_the_head_of_department_takes_a_report_back),
        cmocka_unit_test(PRT_069_a_void_card_alone_is_taken_back),
        cmocka_unit_test(PRT_069_nobody_else_does),
        cmocka_unit_test(PRT_069_who_it_is_is_policy),
        cmocka_unit_test(PRT_069_a_card_handed_in_in_time_and_told_of_late),
        cmocka_unit_test(PRT_069_a_rejected_line_of_an_expense_form),
        cmocka_unit_test(PRT_069_a_line_of_an_approved_form_stays_rejected),
        cmocka_unit_test(PRT_069_a_card_handed_in_late_takes_nothing_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
