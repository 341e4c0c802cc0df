/* scoring_engineer_test.c - technicians and the service staff: opinion cards, service cards that
 * count, evaluations, workload, the quarter; collection rates of clerks. */
#include "tests/unit/scoring_voice.h"

/* ---- opinion cards (SCO-068, SCO-069) ---- */

static void card(struct stage *s, const char *no, const char *local, int a, int b, int c, int d)
{
    char data[200];
    snprintf(data, sizeof data,
             "'call_no':'%s','technician':'T1','attitude':%d,'skill':%d,'arrival':%d,'promise':%d",
             no, a, b, c, d);
    tell(s, "C1", "survey.returned", local, data);
}

/* S-31: 81.25, 100, 62.50; month 81.25. Points are kept in 12/25. */
static void SCO_069_S31_cards_of_a_month(void **state)
{
    static const struct {
        int v[4], parts;
    } rows[] = {{{4, 3, 4, 2}, 39}, {{4, 4, 4, 4}, 48}, {{3, 2, 3, 2}, 30}};
    struct stage *s = voices_open();
    int64_t sum = 0;
    char no[8];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(no, sizeof no, "C%zu", i);
        const int *v = rows[i].v;
        card(s, no, "2024-03-20T10:00", v[0], v[1], v[2], v[3]);
        sum += rows[i].parts;
        assert_int_equal(summed(s, "T1", 202403, "card_points"), sum);
        assert_int_equal(counted(s, "T1", 202403, "cards"), (int)i + 1);
    }
    until(s, "2024-04-11T00:01");
    assert_string_equal(figure(s, "tech_rating", "T1", "month", "2024-03-01", "value"), "81.25");
    assert_string_equal(figure(s, "tech_rating", "T1", "month", "2024-03-01", "value_num"), "325");
    assert_string_equal(figure(s, "tech_rating", "T1", "month", "2024-03-01", "value_den"), "4");
    stage_close(s);
    (void)state;
}

/* SCO-068: four items; what is blank is left out of both sums; a card without a tick is none. */
static void SCO_068_blanks_are_left_out(void **state)
{
    struct stage *s = voices_open();
    card(s, "A", "2024-03-20T10:00", 4, 0, 3, 3); /* 10 of 12 */
    card(s, "B", "2024-03-20T10:00", 0, 0, 0, 0);
    card(s, "C", "2024-03-20T10:00", 0, 1, 0, 0); /* 1 of 4 */
    card(s, "D", "2024-04-02T10:00", 4, 4, 4, 4); /* late: of the month of return */
    assert_int_equal(counted(s, "T1", 202403, "cards"), 2);
    assert_int_equal(counted(s, "T1", 202404, "cards"), 1);
    until(s, "2024-04-11T00:01");
    /* (10/12 + 1/4) / 2 = 13/24 = 54.1666… of 100 */
    assert_string_equal(figure(s, "tech_rating", "T1", "month", "2024-03-01", "value"), "54.17");
    assert_string_equal(figure(s, "tech_rating", "T1", "month", "2024-03-01", "value_den"), "6");
    stage_close(s);
    (void)state;
}

/* SCO-070: the rating is what the sheets of a technician have as item customer_rating: points of
 * the cards over their number, as a formula of the scheme speaks of them. */
static void SCO_070_facts_of_the_rating(void **state)
{
    struct stage *s = voices_open();
    struct rec_row_score_fact row;
    struct key k = {.n = 0};
    card(s, "A", "2024-03-20T10:00", 4, 3, 4, 2);
    key_u8(&k, 0);
    key_str(&k, STR("T1"));
    key_day(&k, day_of(2024, 3, 1));
    key_str(&k, STR("card_points"));
    key_str(&k, STR("\x1f"
                    "A\x1fT1"));
    assert_true(row_at(s, SCORING_FACT, k, &row));
    assert_int_equal(row.amount, 39); /* × 25/12 = 81.25 */
    assert_true(str_is(row.type, "survey.returned"));
    stage_close(s);
    (void)state;
}

/* ---- service cards and workload (SCO-073, SCO-074, SCO-076) ---- */

static void entered(struct stage *s, const char *no)
{
    char data[120];
    snprintf(data, sizeof data, "'card_no':'%s','technician':'T1','followup_no':'card/%s'", no, no);
    heard_from(s, OWNER_intake, "C1", "card.entered", "2024-03-20T10:00", data);
}

static void evaluate(struct stage *s, const char *by, int attitude, int skill, int efficiency)
{
    char data[200];
    snprintf(data, sizeof data,
             "'person':'T1','month':'2024-03-01','attitude':%d,'skill':%d,'efficiency':%d,"
             "'by':'%s'",
             attitude, skill, efficiency, by);
    say(s, "C1", "engineer.evaluated", "2024-03-31T10:00", data);
}

static void SCO_074_workload(void **state)
{
    struct stage *s = voices_open();
    for (int i = 0; i < 10; i++) {
        char no[8];
        snprintf(no, sizeof no, "K%d", i);
        entered(s, no);
    }
    assert_int_equal(count(s, "scoring.workload_computed"), 0); /* no evaluation yet */
    evaluate(s, "sales", 90, 80, 75);
    assert_string_equal(last(s, "scoring.workload_computed", "cards"), "10");
    assert_string_equal(last(s, "scoring.workload_computed", "eval"), "81.67"); /* 245/3 */
    assert_string_equal(last(s, "scoring.workload_computed", "load"), "8.17");
    assert_string_equal(last(s, "scoring.workload_computed", "load_num"), "49");
    assert_string_equal(last(s, "scoring.workload_computed", "load_den"), "6");
    evaluate(s, "quality", 100, 100, 100); /* a second department: mean of both */
    assert_string_equal(last(s, "scoring.workload_computed", "eval"), "90.83");
    evaluate(s, "quality", 0, 0, 0); /* told again */
    assert_string_equal(last(s, "scoring.workload_computed", "eval"), "40.83");
    assert_string_equal(last(s, "scoring.workload_computed", "revision"), "3");
    deny(s, "C1", "engineer.evaluated", "2024-03-31T10:00",
         "'person':'T1','month':'2024-03-05','attitude':1,'skill':1,'efficiency':1,'by':'x'",
         "SCO-073", "month");
    deny(s, "C1", "engineer.evaluated", "2024-03-31T10:00",
         "'person':'NOBODY','month':'2024-03-01','attitude':1,'skill':1,'efficiency':1,'by':'x'",
         "SCO-073", "unknown");
    stage_close(s);
    (void)state;
}

/* SCO-076: only valid cards; void ones do not count, in whatever order it is heard. */
static void SCO_076_only_cards_that_stand(void **state)
{
    struct stage *s = voices_open();
    const char *voided = "'card_no':'K1','technician':'T1','reason':'unmatched'";
    const char *reversed = "'subject':'card','ref':'K1','reason':'found'";
    evaluate(s, "sales", 100, 100, 100);
    entered(s, "K0");
    heard_from(s, OWNER_intake, "C1", "card.rejected", "2024-03-20T10:00",
               "'card_no':'K9','technician':'T1','followup_no':'card/K9','reason':'not real'");
    heard_from(s, OWNER_parts, "C1", "card.void", "2024-03-21T10:00", voided);
    entered(s, "K1"); /* intake is heard after parts */
    assert_int_equal(counted(s, "T1", 202403, "cards_valid"), 1);
    assert_int_equal(counted(s, "T1", 202403, "cards_rejected"), 1);
    assert_string_equal(last(s, "scoring.workload_computed", "load"), "1.00");
    heard_from(s, OWNER_parts, "C1", "audit.reversed", "2024-03-22T10:00", reversed);
    assert_int_equal(counted(s, "T1", 202403, "cards_valid"), 2);
    assert_string_equal(last(s, "scoring.workload_computed", "load"), "2.00");
    heard_from(s, OWNER_parts, "C1", "card.void", "2024-03-23T10:00", voided);
    assert_int_equal(counted(s, "T1", 202403, "cards_valid"), 1);
    assert_int_equal(counted_unit(s, "C1", 202403, "cards_valid"), 1);
    entered(s, "K1"); /* entering it again does not make it stand */
    assert_int_equal(counted(s, "T1", 202403, "cards_valid"), 1);
    stage_close(s);
    (void)state;
}

/* SCO-077, SCO-078: cards of VIP customers by class, and maintenance leads, when the call-back is
 * valid. */
static void SCO_073_vip_cards_and_leads(void **state)
{
    static const struct {
        const char *no, *kind, *class, *result;
    } rows[] = {{"vip/1", "vip", ",'vip_class':'a'", "valid"},
                {"vip/2", "vip", ",'vip_class':'b'", "valid"},
                {"vip/3", "vip", ",'vip_class':'b'", "invalid"},
                {"maintenance/1", "maintenance", "", "valid"},
                {"card/1", "card", "", "valid"}};
    struct stage *s = voices_open();
    char data[300];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(data, sizeof data,
                 "'followup_no':'%s','kind':'%s','ref':'1','unit':'C1','technician':'T1'%s",
                 rows[i].no, rows[i].kind, rows[i].class);
        heard_from(s, OWNER_intake, "C1", "followup.created", "2024-03-05T10:00", data);
        snprintf(data, sizeof data, "'followup_no':'%s','result':'%s'", rows[i].no, rows[i].result);
        tell(s, "C1", "followup.done", "2024-03-06T10:00", data);
    }
    assert_int_equal(counted(s, "T1", 202403, "vip_cards_a"), 1);
    assert_int_equal(counted(s, "T1", 202403, "vip_cards_b"), 1);
    assert_int_equal(counted(s, "T1", 202403, "maintenance_leads"), 1);
    stage_close(s);
    (void)state;
}

/* Messages, anomaly reports and work summaries, each once however often it is told. */
static void SCO_073_the_other_papers(void **state)
{
    struct stage *s = voices_open();
    for (int again = 0; again < 2; again++) {
        heard_from(s, OWNER_intake, "C1", "sms.reported", "2024-03-05T10:00",
                   "'sms_no':'S1','technician':'T1','call_no':'K1'");
        heard_from(s, OWNER_intake, "C1", "abnormal.logged", "2024-03-06T10:00",
                   "'report_no':'A1','person':'T1','fault':'noise'");
        tell(s, "C1", "report.submitted", "2024-04-01T10:00",
             "'form':'工作總結','unit':'C1','period':'2024-03-01','by':'T1'");
    }
    heard_from(s, OWNER_intake, "C1", "sms.reported", "2024-03-07T10:00",
               "'sms_no':'S2','technician':'T1'");
    heard_from(s, OWNER_intake, "C1", "abnormal.logged", "2024-03-08T10:00",
               "'report_no':'A2','fault':'a fax that names nobody'");
    assert_int_equal(counted(s, "T1", 202403, "sms_reports"), 2);
    assert_int_equal(counted(s, "T1", 202403, "abnormal_reports"), 1);
    assert_int_equal(counted(s, "T1", 202403, "work_summaries"), 1);
    stage_close(s);
    (void)state;
}

/* ---- the quarter (SCO-075) ---- */

#define QUARTER "engineer_quarter/C1/2024-01-01"
#define CLOCK "report.engineer_quarter"

static void SCO_075_the_whole_ladder_until_it_is_reported(void **state)
{
    struct stage *s = voices_open();
    assert_string_equal(end_of(s, QUARTER, CLOCK), "none");
    entered(s, "K0");
    due_is(s, QUARTER, CLOCK, "2024-04-11T00:00"); /* 10 April 24:00 */
    until(s, "2024-04-11T00:00");
    assert_int_equal(reminders(s, CLOCK), 0);
    until(s, "2024-04-11T00:01");
    assert_int_equal(reminders(s, CLOCK), 1);
    until(s, "2024-04-12T00:01");
    assert_int_equal(reminders(s, CLOCK), 2);
    until(s, "2024-04-13T00:01"); /* every 24 h, the third with a copy to the head */
    assert_int_equal(reminders(s, CLOCK), 3);
    assert_string_equal(stage_last(s, OWNER_scoring, "deadline.passed", "copy"), "責任單位主管");
    until(s, "2024-04-15T12:00");
    assert_int_equal(reminders(s, CLOCK), 5);
    say(s, "C1", "scoring.quarter_reported", "2024-04-15T13:00",
        "'quarter':'2024-01-01','by':'S1','to':'M1','announced':'yes'");
    assert_string_equal(end_of(s, QUARTER, CLOCK), "late");
    until(s, "2024-05-15T12:00");
    assert_int_equal(reminders(s, CLOCK), 5);
    stage_close(s);
    (void)state;
}

static void SCO_075_stopped_in_time(void **state)
{
    struct stage *s = voices_open();
    struct rec_row_engineer_quarter row;
    evaluate(s, "sales", 90, 80, 75);
    deny(s, "C1", "scoring.quarter_reported", "2024-03-31T23:59", "'quarter':'2024-01-01'",
         "SCO-075", "early");
    deny(s, "C1", "scoring.quarter_reported", "2024-04-05T10:00", "'quarter':'2024-02-01'",
         "SCO-075", "quarter");
    say(s, "C1", "scoring.quarter_reported", "2024-04-05T10:00", "'quarter':'2024-01-01'");
    assert_string_equal(last(s, "scoring.quarter_reported", "unit"), "C1"); /* filled in */
    assert_string_equal(end_of(s, QUARTER, CLOCK), "stopped");
    until(s, "2024-05-01T00:00");
    assert_int_equal(reminders(s, CLOCK), 0);
    struct key k = key_of(STR("C1"));
    key_day(&k, day_of(2024, 1, 1));
    assert_true(row_at(s, SCORING_ENGINEER_QUARTER, k, &row));
    assert_int_equal(row.state, engineer_quarter_state_reported);
    evaluate(s, "quality", 90, 80, 75); /* a late paper begins no new clock */
    assert_string_equal(end_of(s, QUARTER, CLOCK), "stopped");
    say(s, "C1", "scoring.quarter_reported", "2024-05-05T10:00",
        "'quarter':'2024-01-01','by':'S1'"); /* summed up anew */
    stage_close(s);
    (void)state;
}

/* ---- collection (SCO-098, CMP-092) ---- */

static void money(struct stage *s, const char *metric, const char *month, const char *value)
{
    char data[200];
    snprintf(data, sizeof data, "'metric':'%s','person':'P1','month':'%s','value':'%s'", metric,
             month, value);
    say(s, "C1", "kpi.actual_reported", "2024-06-02T10:00", data);
}

static void dispute(struct stage *s, const char *verb, const char *from, const char *amount)
{
    char data[200], type[64];
    snprintf(type, sizeof type, "complaint.receivable_%s", verb);
    snprintf(data, sizeof data,
             "'case_no':'D1','clerk':'P1','material':'M','amount':'%s','from':'%s'", amount, from);
    heard_from(s, OWNER_complaint, "C1", type, "2024-06-02T10:00", data);
}

static const char *rate(struct stage *s, const char *month)
{
    const char *type = "scoring.collection_rate_computed";
    for (size_t i = count(s, type); i-- > 0;) {
        if (strcmp(stage_field(s, OWNER_scoring, type, i, "month"), month) == 0)
            return stage_field(s, OWNER_scoring, type, i, "rate");
    }
    return "";
}

/* C-27: receivable 200,000, disputed 40,000, collected 150,000: 93.75%, not 75%. */
static void SCO_098_C27_disputed_receivables(void **state)
{
    struct stage *s = voices_open();
    dispute(s, "excluded", "2024-03-10T02:00:00Z", "40000");
    money(s, "receivable", "2024-03-01", "200000");
    assert_string_equal(rate(s, "2024-03-01"), ""); /* what was collected is not known */
    money(s, "collected", "2024-03-01", "150000");
    assert_string_equal(rate(s, "2024-03-01"), "93.75%");
    stage_close(s);
    (void)state;
}

/* Disputed from the month it is excluded in until it is restored; whatever comes first. */
static void SCO_098_months_of_a_dispute(void **state)
{
    static const char *const months[] = {"2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01"};
    struct stage *s = voices_open();
    for (size_t i = 0; i < COUNT_OF(months); i++) {
        money(s, "receivable", months[i], "200000");
        money(s, "collected", months[i], "150000");
        assert_string_equal(rate(s, months[i]), "75.00%");
    }
    dispute(s, "excluded", "2024-03-10T02:00:00Z", "40000");
    assert_string_equal(rate(s, "2024-02-01"), "75.00%");
    assert_string_equal(rate(s, "2024-03-01"), "93.75%");
    assert_string_equal(rate(s, "2024-05-01"), "93.75%");
    dispute(s, "restored", "2024-05-10T02:00:00Z", "40000");
    assert_string_equal(rate(s, "2024-03-01"), "93.75%");
    assert_string_equal(rate(s, "2024-04-01"), "93.75%");
    assert_string_equal(rate(s, "2024-05-01"), "75.00%");
    money(s, "receivable", "2024-04-01", "40000"); /* nothing that is not disputed */
    assert_string_equal(rate(s, "2024-04-01"), "n/a");
    stage_close(s);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_069_S31_cards_of_a_month),
        cmocka_unit_test(SCO_068_blanks_are_left_out),
        cmocka_unit_test(SCO_070_facts_of_the_rating),
        cmocka_unit_test(SCO_074_workload),
        cmocka_unit_test(SCO_076_only_cards_that_stand),
        cmocka_unit_test(SCO_073_vip_cards_and_leads),
        cmocka_unit_test(SCO_073_the_other_papers),
        cmocka_unit_test(SCO_075_the_whole_ladder_until_it_is_reported),
        cmocka_unit_test(SCO_075_stopped_in_time),
        cmocka_unit_test(SCO_098_C27_disputed_receivables),
        cmocka_unit_test(SCO_098_months_of_a_dispute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
