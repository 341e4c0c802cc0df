/* parts_expense_audit_test.c - expense forms against messages, cards and abnormality reports, line
 * by line: the worked examples and each check. Rules PRT-056, PRT-057, PRT-064. */
#include "tests/unit/parts_money.h"

#define MARCH TRIP("T9", "2026-03-02", "2026-03-06")
#define SEEN "2026-03-07T10:00" /* when it is handed in; audited two hours later */

static void audit(struct stage *s, const char *no)
{
    step(s, "2026-03-07T12:00", "expense.audited", no, "'by':'A1'");
}

/* Message and card of K1 on a day. */
static void both(struct stage *s, const char *day, const char *no)
{
    char data[120], local[24];
    snprintf(data, sizeof data, "'technician':'T9','day':'%s','customer':'K1'", day);
    snprintf(local, sizeof local, "%sT18:00", day);
    sms(s, local, no, data);
    card(s, local, no, data);
}

/* Submits a form of one line and audits it. */
static void one(struct stage *s, const char *no, const char *line, const char *amount)
{
    char data[1200];
    snprintf(data, sizeof data, "%s,'lines':[%s],'vouchers':[{'voucher_no':'V-%s','amount':'%s'}]",
             MARCH, line, no, amount);
    submit(s, "IND", SEEN, no, data);
    audit(s, no);
}

static const char *said(struct stage *s, const char *field)
{
    return last(s, "expense.line_audited", field);
}

/* ---- the worked examples ---- */

static void PRT_064_examples(void **state)
{
    (void)state;
    static const struct {
        const char *id, *papers, *claimed, *approved, *rejected, *lines;
    } rows[] = {
        {"PRT-EX-15",
         PAPERS(LINE("2026-03-02", "train", "186.00", THERE FOR("K1")) ","          /* */
                LINE("2026-03-02", "hotel", "260.00", AT("Ningbo") FOR("K1")) ","   /* */
                LINE("2026-03-02", "taxi", "58.00", AT("Ningbo") FOR("K1")) ","     /* consent0 */
                LINE("2026-03-02", "hotel", "240.00", AT("Hangzhou") FOR("K1")) "," /* place0 */
                LINE("2026-03-06", "train", "186.00", THERE FOR("K1")),             /* sms0 */
                VOUCHER("A1", "186.00") "," VOUCHER("A2", "260.00") "," VOUCHER(
                    "A3", "58.00") "," VOUCHER("A4", "240.00") "," VOUCHER("A5", "186.00")),
         "930.00", "446.00", "484.00", "3,4,5"},
        {"PRT-EX-16",
         PAPERS(LINE("2026-03-02", "train", "186.00", THERE FOR("K1")) "," LINE(
                    "2026-03-02", "taxi", "58.00",
                    AT("Ningbo") FOR("K1") CONSENT) "," LINE("2026-03-04", "meal", "45.00",
                                                             AT("Ningbo") FOR("K1")
                                                                 CONSENT), /* card0 */
                VOUCHER("B1", "186.00") "," VOUCHER("B2", "58.00") "," VOUCHER("B3", "45.00")),
         "289.00", "244.00", "45.00", "3"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = money_open();
        char data[3000];
        both(s, "2026-03-02", "S1");
        sms(s, "2026-03-04T18:00", "S2", OF("2026-03-04") FOR("K1"));
        card(s, "2026-03-06T18:00", "C3", OF("2026-03-06") FOR("K1"));
        snprintf(data, sizeof data, "%s%s", MARCH, rows[i].papers);
        submit(s, "IND", SEEN, rows[i].id, data);
        audit(s, rows[i].id);
        assert_string_equal(last(s, "expense.audited", "claimed"), rows[i].claimed);
        assert_string_equal(last(s, "expense.audited", "approved"), rows[i].approved);
        assert_string_equal(last(s, "expense.audited", "rejected"), rows[i].rejected);
        assert_string_equal(rejected(s), rows[i].lines);
        struct rec_row_expense r = form_row(s, rows[i].id);
        assert_int_equal(r.results.n, r.lines.n); /* what was rejected stays to be seen */
        stage_close(s);
    }
}

/* ---- PRT-056, PRT-057 ---- */

static void PRT_056_consent_before_the_expense(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *more, *consent, *ok;
    } rows[] = {
        {"taxi", "", "no", "no"},        {"meal", "", "no", "no"},      {"labour", "", "no", "no"},
        {"material", "", "no", "no"},    {"hotel", "", "", "yes"},      {"postage", "", "", "yes"},
        {"taxi", CONSENT, "yes", "yes"}, {"hotel", CONSENT, "", "yes"},
    };
    struct stage *s = money_open();
    both(s, "2026-03-02", "S1");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char no[8], line[300];
        snprintf(no, sizeof no, "E%zu", i);
        snprintf(line, sizeof line,
                 "{'day':'2026-03-02','kind':'%s','amount':'9.00','place':'Ningbo'%s}",
                 rows[i].kind, rows[i].more);
        one(s, no, line, "9.00");
        assert_string_equal(said(s, "consent"), rows[i].consent);
        assert_string_equal(said(s, "ok"), rows[i].ok);
    }
    stage_close(s);
}

static void PRT_056_the_kinds_are_the_company_s(void **state)
{
    (void)state;
    struct stage *s = money_open_with("needs_prior_consent: [hotel]",
                                      "expense_checks: [{unit: IND, checks: [consent]}]");
    one(s, "E1", LINE("2026-03-02", "taxi", "9.00", AT("Ningbo")), "9.00");
    assert_string_equal(said(s, "ok"), "yes");
    one(s, "E2", LINE("2026-03-02", "hotel", "9.00", AT("Ningbo")), "9.00");
    assert_string_equal(said(s, "consent"), "no");
    stage_close(s);
}

static void PRT_057_tickets_match_the_place_of_the_trip(void **state)
{
    (void)state;
    static const struct {
        const char *line, *place;
    } rows[] = {
        {LINE("2026-03-02", "train", "9.00", "'from':'Taipei','to':'Ningbo'"), "yes"},
        {LINE("2026-03-02", "train", "9.00", "'from':'Ningbo','to':'Taipei'"), "yes"},
        {LINE("2026-03-02", "train", "9.00", "'from':'Taipei','to':'Hangzhou'"), "no"},
        {LINE("2026-03-02", "train", "9.00", "'from':'Hangzhou','to':'Ningbo'"), "no"},
        {LINE("2026-03-02", "hotel", "9.00", AT("Taipei")), "no"}, /* home is not the trip */
        {LINE("2026-03-02", "hotel", "9.00", "'to':'Ningbo'"), "yes"},
        {LINE("2026-03-02", "hotel", "9.00", "'text':'somewhere'"), "no"},
    };
    struct stage *s = money_open();
    both(s, "2026-03-02", "S1");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char no[8];
        snprintf(no, sizeof no, "E%zu", i);
        one(s, no, rows[i].line, "9.00");
        assert_string_equal(said(s, "place"), rows[i].place);
        assert_string_equal(said(s, "ok"), rows[i].place);
    }
    stage_close(s);
}

static void PRT_057_a_false_claim_is_a_person_s_finding(void **state)
{
    (void)state;
    struct stage *s = money_open();
    both(s, "2026-03-02", "S1");
    one(s, "E1", LINE("2026-03-02", "hotel", "9.00", AT("Hangzhou")), "9.00");
    assert_int_equal(count(s, "conduct.recorded"), 0); /* a wrong place alone is no fraud */
    submit(s, "IND", SEEN, "E2",
           MARCH PAPERS(LINE("2026-03-02", "hotel", "7.00",
                             AT("Ningbo")) "," LINE("2026-03-02", "hotel", "9.00", AT("Ningbo")),
                        VOUCHER("W1", "7.00") "," VOUCHER("W2", "9.00")));
    deny(s, "IND", "expense.audited", "2026-03-07T12:00",
         "'expense_no':'E2','by':'A1','false_lines':[{'line':3}]", "PRT-065", "unknown_line");
    deny(s, "IND", "expense.audited", "2026-03-07T12:00",
         "'expense_no':'E2','by':'A1','approved':'16.01'", "PRT-065", "amount");
    step(s, "2026-03-07T12:00", "expense.audited", "E2", "'by':'A1','false_lines':[{'line':2}]");
    assert_string_equal(said(s, "genuine"), "no");
    assert_string_equal(last(s, "expense.audited", "approved"), "7.00");
    assert_int_equal(count(s, "conduct.recorded"), 1);
    assert_string_equal(last(s, "conduct.recorded", "kind"), "false_claim");
    assert_string_equal(last(s, "conduct.recorded", "person"), "T9");
    stage_close(s);
}

/* ---- PRT-064: counterparts ---- */

static void PRT_064_same_person_day_and_site(void **state)
{
    (void)state;
    static const struct {
        const char *line, *sms, *card;
    } rows[] = {
        {LINE("2026-03-03", "hotel", "9.00", AT("Ningbo") FOR("K1")), "yes", "yes"},
        {LINE("2026-03-03", "hotel", "9.00", AT("Ningbo")), "yes", "yes"}, /* names no site */
        {LINE("2026-03-03", "hotel", "9.00", AT("Ningbo") FOR("K2")), "no", "no"},
        {LINE("2026-03-02", "hotel", "9.00", AT("Ningbo") FOR("K1")), "no", "no"},
        {LINE("2026-03-04", "hotel", "9.00", AT("Ningbo") FOR("K1")), "no", "no"},
        {LINE("2026-03-02", "train", "9.00", THERE FOR("K1")), "yes", "yes"}, /* ± 1 day */
        {LINE("2026-03-04", "train", "9.00", THERE FOR("K1")), "yes", "yes"},
        {LINE("2026-03-05", "train", "9.00", THERE FOR("K1")), "no", "no"},
        {LINE("2026-03-03", "hotel", "9.00", AT("Ningbo") ",'call_no':'C1'"), "yes", "yes"},
        {LINE("2026-03-03", "hotel", "9.00", AT("Ningbo") ",'call_no':'C2'"), "no", "no"},
        {LINE("2026-03-06", "hotel", "9.00", AT("Ningbo") ",'call_no':'C3'"), "yes", "yes"},
        {LINE("2026-03-06", "hotel", "9.00", AT("Ningbo") ",'call_no':'C4'"), "no", "no"},
    };
    struct stage *s = money_open();
    tell(s, "IND", "call.registered", "2026-03-01T09:00",
         "'call_no':'C1','customer':'K1','product_line':'ind'");
    tell(s, "IND", "call.registered", "2026-03-01T09:00",
         "'call_no':'C2','customer':'K2','product_line':'ind'");
    both(s, "2026-03-03", "S1");
    tell(s, "IND", "call.registered", "2026-03-01T09:00",
         "'call_no':'C3','customer':'K3','product_line':'ind'");
    tell(s, "IND", "call.registered", "2026-03-01T09:00",
         "'call_no':'C4','customer':'K3','product_line':'ind'"); /* the same customer */
    sms(s, "2026-03-06T18:00", "S6", OF("2026-03-06") ",'call_no':'C3'");
    card(s, "2026-03-06T18:00", "S6", OF("2026-03-06") ",'call_no':'C3'");
    tell(s, "IND", "sms.reported", "2026-03-04T18:00",
         "'sms_no':'X1','technician':'T8','day':'2026-03-04','customer':'K1'"); /* not T9's */
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char no[8];
        snprintf(no, sizeof no, "E%zu", i);
        one(s, no, rows[i].line, "9.00");
        if (strcmp(said(s, "sms"), rows[i].sms) || strcmp(said(s, "card"), rows[i].card))
            fail_msg("row %zu: sms %s", i, said(s, "sms"));
    }
    stage_close(s);
}

static void PRT_064_the_tolerance_is_the_company_s(void **state)
{
    (void)state;
    static const struct {
        const char *key, *sms;
    } rows[] = {{"travel_tolerance_days: 0", "no"},
                {"travel_tolerance_days: 2", "yes"},
                {"travel_tolerance_days: 2, travel_kinds: [coach]", "no"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = money_open_with(rows[i].key, ALL_FIVE);
        both(s, "2026-03-03", "S1");
        one(s, "E1", LINE("2026-03-05", "train", "9.00", THERE), "9.00");
        assert_string_equal(said(s, "sms"), rows[i].sms);
        stage_close(s);
    }
}

/* Parts were asked for, so a report is there. */
static void PRT_064_a_job_that_asked_for_parts_has_a_report(void **state)
{
    (void)state;
    struct stage *s = money_open();
    sms(s, "2026-03-03T18:00", "S1",
        OF("2026-03-03") FOR("K1") ",'report_no':'R7','parts':[{'part_no':'P1','qty':1}]");
    card(s, "2026-03-03T18:00", "C1", OF("2026-03-03") FOR("K1"));
    one(s, "E1", LINE("2026-03-03", "hotel", "9.00", AT("Ningbo") FOR("K1")), "9.00");
    assert_string_equal(said(s, "abnormal"), "no");
    assert_string_equal(said(s, "ok"), "no");
    tell(s, "IND", "abnormal.logged", "2026-03-04T09:00",
         "'report_no':'R6','person':'T9','customer':'K2'"); /* another site */
    one(s, "E2", LINE("2026-03-03", "hotel", "9.00", AT("Ningbo") FOR("K1")), "9.00");
    assert_string_equal(said(s, "abnormal"), "no");
    tell(s, "IND", "abnormal.logged", "2026-03-04T10:00", "'report_no':'R7','person':'T9'");
    one(s, "E3", LINE("2026-03-03", "hotel", "9.00", AT("Ningbo") FOR("K1")), "9.00");
    assert_string_equal(said(s, "abnormal"), "yes"); /* the message names it */
    assert_string_equal(said(s, "ok"), "yes");
    stage_close(s);
}

static void PRT_064_a_report_of_the_same_site(void **state)
{
    (void)state;
    struct stage *s = money_open();
    sms(s, "2026-03-03T18:00", "S1",
        OF("2026-03-03") FOR("K1") ",'parts':[{'part_no':'P1','qty':1}]");
    card(s, "2026-03-03T18:00", "C1", OF("2026-03-03") FOR("K1"));
    tell(s, "IND", "abnormal.logged", "2026-03-02T10:00",
         "'report_no':'R5','person':'T9','customer':'K1'"); /* older than the work */
    one(s, "E1", LINE("2026-03-03", "hotel", "9.00", AT("Ningbo")), "9.00");
    assert_string_equal(said(s, "abnormal"), "no");
    tell(s, "IND", "abnormal.logged", "2026-03-06T10:00",
         "'report_no':'R8','person':'T9','customer':'K1'");
    one(s, "E2", LINE("2026-03-03", "hotel", "9.00", AT("Ningbo")), "9.00");
    assert_string_equal(said(s, "abnormal"), "yes"); /* the site is that of the message */
    stage_close(s);
}

/* The message is silent about parts, but parts asked for them. */
static void PRT_064_parts_asked_for_on_the_call(void **state)
{
    (void)state;
    struct stage *s = money_open();
    tell(s, "IND", "call.registered", "2026-03-01T09:00",
         "'call_no':'C1','customer':'K1','product_line':'it'");
    sms(s, "2026-03-03T18:00", "S1", OF("2026-03-03") ",'call_no':'C1'");
    card(s, "2026-03-03T18:00", "C1", OF("2026-03-03") ",'call_no':'C1'");
    one(s, "E1", LINE("2026-03-03", "hotel", "9.00", AT("Ningbo")), "9.00");
    assert_string_equal(said(s, "abnormal"), "");
    say(s, "IND", "part.requested", "2026-03-03T19:00",
        "'request_no':'Q1','person':'T9','call_no':'C1','lines':[{'part_no':'P1','qty':1}]");
    one(s, "E2", LINE("2026-03-03", "hotel", "9.00", AT("Ningbo")), "9.00");
    assert_string_equal(said(s, "abnormal"), "no");
    assert_true(strstr(said(s, "reason"), "abnormality report") != NULL);
    stage_close(s);
}

/* A report without a counterpart makes the card of that day void (PRT-063). */
static void PRT_064_a_void_card_is_no_counterpart(void **state)
{
    (void)state;
    static const char *const nos[] = {"E1", "E2"};
    struct stage *s = money_open();
    say(s, "IND", "item.upserted", "2026-03-01T09:00", "'part_no':'P1','unit_cost':'460.00'");
    tell(s, "IND", "abnormal.logged", "2026-03-10T10:00",
         "'report_no':'R1','person':'T9','customer':'M1','call_no':'C-1',"
         "'parts_requested':[{'part_no':'P1','qty':1}]");
    card(s, "2026-03-11T09:00", "K1", OF("2026-03-10") ",'customer':'M1','call_no':'C-2'");
    for (size_t i = 0; i < COUNT_OF(nos); i++) {
        char data[900], day[24];
        snprintf(data, sizeof data,
                 TRIP("T9", "2026-03-10", "2026-03-11") ",'lines':[" LINE(
                     "2026-03-10", "hotel", "9.00",
                     AT("Ningbo") FOR("M1")) "],'vouchers':[{'voucher_no':'%s','amount':'9.00'}]",
                 nos[i]);
        snprintf(day, sizeof day, "2026-04-0%zuT10:00", 5 + 2 * i);
        until(s, day); /* the month is audited between the two */
        submit(s, "IND", day, nos[i], data);
        step(s, day, "expense.audited", nos[i], "'by':'A1'");
        assert_int_equal(count(s, "card.void"), i);
        assert_string_equal(said(s, "card"), i ? "no" : "yes");
    }
    stage_close(s);
}

/* ---- PRT-064: which checks ---- */

static void PRT_064_checks_are_the_unit_s(void **state)
{
    (void)state;
    static const struct {
        const char *lists, *sms, *card, *place, *ok;
    } rows[] = {
        {"expense_checks: [{unit: IND, checks: [sms]}]", "no", "", "", "no"},
        {"expense_checks: [{unit: IND, checks: [card, place]}]", "", "no", "no", "no"},
        {"expense_checks: [{unit: IND, checks: []}]", "", "", "", "yes"},
        {"expense_checks: [{unit: BUS, checks: [sms]}]", "", "", "no", "no"}, /* owes none */
        {"staff_reports: [{unit: IND, owes: [sms]}]", "no", "", "no", "no"},
        {"staff_reports: [{unit: IND, owes: [cards]}]", "", "no", "no", "no"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = money_open_with("", rows[i].lists);
        one(s, "E1", LINE("2026-03-03", "hotel", "9.00", AT("Hangzhou")), "9.00");
        assert_string_equal(said(s, "sms"), rows[i].sms);
        assert_string_equal(said(s, "card"), rows[i].card);
        assert_string_equal(said(s, "place"), rows[i].place);
        assert_string_equal(said(s, "ok"), rows[i].ok);
        stage_close(s);
    }
}

/* ---- the documents themselves (PRT-061) ---- */

static void PRT_064_documents_stand_under_person_and_day(void **state)
{
    (void)state;
    struct stage *s = money_open();
    tell(s, "IND", "call.registered", "2026-03-01T09:00",
         "'call_no':'C1','customer':'K1','product':'M1','product_line':'ind'");
    card(s, "2026-03-03T00:30", "D1", "'technician':'T9','call_no':'C1'"); /* names no day */
    struct rec_row_parts_document d;
    struct key k = key_of(STR("T9"));
    key_day(&k, day_of(2026, 3, 3)); /* the local one */
    key_u8(&k, parts_document_card);
    key_str(&k, STR("D1"));
    assert_true(row_at(s, PARTS_DOCUMENT, k, &d));
    assert_true(str_is(d.customer, "K1") && str_is(d.product, "M1") && str_is(d.unit, "IND"));
    assert_true(d.at == instant("2026-03-03T00:30") && !d.parts);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_064_examples),
        cmocka_unit_test(PRT_056_consent_before_the_expense),
        cmocka_unit_test(PRT_056_the_kinds_are_the_company_s),
        cmocka_unit_test(PRT_057_tickets_match_the_place_of_the_trip),
        cmocka_unit_test(PRT_057_a_false_claim_is_a_person_s_finding),
        cmocka_unit_test(PRT_064_same_person_day_and_site),
        cmocka_unit_test(PRT_064_the_tolerance_is_the_company_s),
        cmocka_unit_test(PRT_064_a_job_that_asked_for_parts_has_a_report),
        cmocka_unit_test(PRT_064_a_report_of_the_same_site),
        cmocka_unit_test(PRT_064_parts_asked_for_on_the_call),
        cmocka_unit_test(PRT_064_a_void_card_is_no_counterpart),
        cmocka_unit_test(PRT_064_checks_are_the_unit_s),
        cmocka_unit_test(PRT_064_documents_stand_under_person_and_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
