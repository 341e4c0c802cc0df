/* parts_expense_test.c - the travel expense form 差旅費報銷單: what is handed in, and its way to
 * the money. Rules PRT-054, PRT-055, PRT-065, PRT-071, PRT-074. */
#include "tests/unit/parts_money.h"

#define MARCH TRIP("T1", "2026-03-02", "2026-03-04")
#define HOTEL(amount) LINE("2026-03-02", "hotel", amount, AT("Ningbo"))
#define TRAIN(amount) LINE("2026-03-02", "train", amount, THERE)
#define TWO                                                                                        \
    PAPERS(TRAIN("186.00") "," HOTEL("260.00"), VOUCHER("V1", "186.00") "," VOUCHER("V2", "260."   \
                                                                                          "00"))
#define ONE(voucher, amount) PAPERS(HOTEL(amount), VOUCHER(voucher, amount))

static void bar(struct stage *s, const char *local, const char *no, const char *data,
                const char *rule, const char *code)
{
    deny(s, "BUS", "expense.submitted", local, form(no, data).text, rule, code);
}

/* ---- PRT-054 ---- */

static void PRT_054_the_form_as_it_is(void **state)
{
    (void)state;
    struct stage *s = money_open();
    submit(s, "BUS", "2026-03-05T10:00", "E1", MARCH ",'project':'P1','days':3" TWO);
    struct rec_row_expense r = form_row(s, "E1");
    assert_true(r.state == expense_state_submitted && r.claimed == 44600 && r.lines.n == 2);
    assert_true(str_is(r.unit, "BUS") && str_is(r.rank, "engineer") && str_is(r.project, "P1"));
    assert_true(str_is(r.lines.v[0].from, "Taipei") && r.lines.v[1].kind == expense_kind_hotel);
    stage_close(s);
}

static void PRT_054_form_and_vouchers_agree_line_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *papers, *code;
    } rows[] = {
        {PAPERS(TRAIN("186.00") "," HOTEL("260.00"), VOUCHER("V1", "186.00")), "vouchers"},
        {PAPERS(TRAIN("186.00"), VOUCHER("V1", "186.00") "," VOUCHER("V2", "260.00")), "vouchers"},
        {PAPERS(TRAIN("186.00") "," HOTEL("260.00"),
                VOUCHER("V2", "260.00") "," VOUCHER("V1", "186.00")),
         "vouchers"},
        {PAPERS(TRAIN("186.00"), VOUCHER("V1", "186.01")), "vouchers"},
        {PAPERS("", ""), "missing"},
        {PAPERS(LINE("2026-03-02", "train", "186.00", "'to':'Ningbo'"), VOUCHER("V1", "186.00")),
         "missing"},
    };
    struct stage *s = money_open();
    char data[2000];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(data, sizeof data, "%s%s", MARCH, rows[i].papers);
        bar(s, "2026-03-05T10:00", "E1", data, "PRT-054", rows[i].code);
    }
    bar(s, "2026-03-05T10:00", "E1",
        "'person':'T1','rank':'engineer','reason':'repair','from_day':'2026-03-02',"
        "'until_day':'2026-03-04'" TWO,
        "PRT-054", "missing"); /* no place of the trip */
    submit(s, "BUS", "2026-03-05T11:00", "E1", MARCH TWO);
    stage_close(s);
}

/* ---- PRT-055, PRT-074 ---- */

static void PRT_055_days_of_the_trip(void **state)
{
    (void)state;
    struct stage *s = money_open();
    bar(s, "2026-03-05T10:00", "E1", MARCH ",'days':4" TWO, "PRT-055", "days");
    bar(s, "2026-03-05T10:00", "E1",
        MARCH PAPERS(LINE("2026-03-05", "hotel", "1.00", AT("Ningbo")), VOUCHER("V1", "1.00")),
        "PRT-055", "day");
    bar(s, "2026-03-05T10:00", "E1",
        MARCH PAPERS(LINE("2026-03-04", "hotel", "1.00", AT("Ningbo") ",'days':4"),
                     VOUCHER("V1", "1.00")),
        "PRT-055", "days");
    bar(s, "2026-03-05T10:00", "E1", TRIP("T1", "2026-03-04", "2026-03-02") TWO, "PRT-054", "day");
    bar(s, "2027-03-05T10:00", "E1", TRIP("T1", "2026-03-02", "2027-03-03") TWO, "PRT-054", "day");
    stage_close(s);
}

static void PRT_055_audit_signature_approval_money_in_this_order(void **state)
{
    (void)state;
    static const char *const types[] = {"expense.audited", "expense.reviewed", "expense.approved",
                                        "expense.paid"};
    struct stage *s = money_open();
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const char *rule = i ? "PRT-055" : "PRT-065";
        deny(s, "BUS", types[i], "2026-03-05T09:00", "'expense_no':'E1','by':'L1'", rule,
             "unknown_number");
    }
    submit(s, "BUS", "2026-03-05T10:00", "E1", MARCH TWO);
    for (size_t done = 0; done < COUNT_OF(types); done++) {
        for (size_t i = done + 1; i < COUNT_OF(types); i++) {
            deny(s, "BUS", types[i], "2026-03-05T11:00", "'expense_no':'E1','by':'L1'", "PRT-055",
                 "state");
        }
        say(s, "BUS", types[done], "2026-03-05T12:00", "'expense_no':'E1','by':'L1'");
    }
    struct rec_row_expense r = form_row(s, "E1");
    assert_int_equal(r.state, expense_state_paid);
    assert_true(str_is(r.reviewed_by, "L1") && str_is(r.approved_by, "L1"));
    assert_true(r.paid_at == instant("2026-03-05T12:00") && r.approved == 44600);
    stage_close(s);
}

static void PRT_055_what_is_paid_is_what_was_approved(void **state)
{
    (void)state;
    struct stage *s = money_open();
    submit(s, "BUS", "2026-03-05T10:00", "E1", MARCH TWO);
    approve(s, "2026-03-05T12:00", "E1");
    deny(s, "BUS", "expense.paid", "2026-03-05T13:00", "'expense_no':'E1','amount':'446.01'",
         "PRT-055", "amount");
    say(s, "BUS", "expense.paid", "2026-03-05T13:00", "'expense_no':'E1','amount':'446.00'");
    stage_close(s);
}

static void PRT_055_standard_of_rank_place_and_kind(void **state)
{
    (void)state;
    static const struct {
        const char *rank, *place, *line, *standard, *approved;
    } rows[] = {
        {"engineer", "Ningbo", "'days':2", "600.00", "600.00"}, /* rank and place: 300 */
        {"engineer", "Wuxi", "'days':2", "500.00", "500.00"},   /* of the rank: 250 */
        {"clerk", "Ningbo", "'days':2", "400.00", "400.00"},    /* of the place: 200 */
        {"clerk", "Suzhou", "'days':2", "300.00", "300.00"},    /* anybody's: 150 */
        {"engineer", "Ningbo", "'days':3", "900.00", "700.00"}, /* below it */
    };
    struct stage *s = money_open_with(
        "", "allowances: [{name: a, kind: hotel, per_day: 150.00},"
            " {name: b, kind: hotel, place: Ningbo, per_day: 200},"
            " {name: f, kind: hotel, place: Wuxi, per_day: 10},"
            " {name: c, kind: hotel, rank: engineer, per_day: 250.00},"
            " {name: d, kind: hotel, rank: engineer, place: Ningbo, per_day: 300.00},"
            " {name: e, kind: meal, per_day: 1.00}]");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char no[8], data[900];
        snprintf(no, sizeof no, "E%zu", i);
        snprintf(data, sizeof data,
                 "'person':'P%zu','rank':'%s','reason':'repair','places':[{'name':'%s'}],"
                 "'from_day':'2026-03-02','until_day':'2026-03-04','lines':[{'day':'2026-03-02',"
                 "'kind':'hotel','amount':'700.00','place':'%s',%s}],"
                 "'vouchers':[{'voucher_no':'V%zu','amount':'700.00'}]",
                 i, rows[i].rank, rows[i].place, rows[i].place, rows[i].line, i);
        submit(s, "BUS", "2026-03-05T10:00", no, data);
        step(s, "2026-03-05T12:00", "expense.audited", no, "'by':'A1'");
        assert_string_equal(of_line(s, i, "standard"), rows[i].standard);
        assert_string_equal(of_line(s, i, "approved"), rows[i].approved);
        assert_string_equal(of_line(s, i, "ok"), "yes");
        assert_string_equal(last(s, "expense.audited", "approved"), rows[i].approved);
        bool cut = strcmp(rows[i].approved, "700.00") != 0;
        assert_true((strlen(of_line(s, i, "reason")) > 0) == cut);
    }
    stage_close(s);
}

#define HOTEL_200 "allowances: [{name: a, kind: hotel, per_day: 200.00}]"
#define NIGHT(day, amount, more)                                                                   \
    "{'day':'" day "','kind':'hotel','amount':'" amount "','place':'Ningbo'" more "}"

/* The standard is that of a day, however many lines share it. */
static void PRT_055_the_standard_of_a_day_is_paid_once(void **state)
{
    (void)state;
    static const char lines[] =
        NIGHT("2026-03-02", "150.00", "") "," NIGHT("2026-03-02", "200.00", "") "," NIGHT(
            "2026-03-04", "300.00", ",'days':2") "," NIGHT("2026-03-05", "200.00", "");
    static const char vouchers[] = VOUCHER("V1", "150.00") "," VOUCHER("V2", "200.00") "," VOUCHER(
        "V3", "300.00") "," VOUCHER("V4", "200.00");
    static const char *const approved[] = {"150.00", "50.00", "300.00", "50.00"};
    struct stage *s = money_open_with("", HOTEL_200);
    char data[1600];
    snprintf(data, sizeof data, TRIP("T1", "2026-03-02", "2026-03-06") PAPERS("%s", "%s"), lines,
             vouchers);
    submit(s, "BUS", "2026-03-09T10:00", "E1", data);
    step(s, "2026-03-09T12:00", "expense.audited", "E1", "'by':'A1'");
    for (size_t i = 0; i < COUNT_OF(approved); i++)
        assert_string_equal(of_line(s, i, "approved"), approved[i]);
    assert_true(strlen(of_line(s, 1, "reason")) > 0);
    assert_string_equal(last(s, "expense.audited", "approved"), "550.00");
    stage_close(s);
}

static void PRT_055_a_line_that_is_taken_back_keeps_the_standard(void **state)
{
    (void)state;
    struct stage *s = money_open_with("", HOTEL_200);
    submit(s, "BUS", "2026-03-09T10:00", "E1",
           "'person':'T1','rank':'clerk','reason':'repair','places':[{'name':'Ningbo'}],"
           "'from_day':'2026-03-02','until_day':'2026-03-06','lines':[" NIGHT(
               "2026-03-02", "900.00",
               "") "," NIGHT("2026-03-02", "80.00",
                             "") "],'vouchers':[{'voucher_no':'V1','amount':'900.00'},{'voucher_no'"
                                 ":'V2','amount':'80.00'}]");
    step(s, "2026-03-09T12:00", "expense.audited", "E1", "'by':'A1','false_lines':[{'line':1}]");
    assert_int_equal(form_row(s, "E1").approved, 8000);
    say(s, "BUS", "audit.reversed", "2026-03-10T10:00",
        "'subject':'expense_line','ref':'E1','line':1,'by':'HD','reason':'it was genuine'");
    assert_string_equal(last(s, "audit.reversed", "amount"), "120.00");
    assert_int_equal(form_row(s, "E1").approved, 20000);
    stage_close(s);
}

#define TRIP_NIGHT(person, from, until, day, amount, voucher)                                      \
    TRIP(person, from, until) PAPERS(NIGHT(day, amount, ""), VOUCHER(voucher, amount))

static void night(struct stage *s, const char *no, const char *data, const char *approved)
{
    size_t n = count(s, "expense.line_audited");
    submit(s, "BUS", "2026-03-09T10:00", no, data);
    step(s, "2026-03-09T12:00", "expense.audited", no, "'by':'A1'");
    assert_string_equal(of_line(s, n, "approved"), approved);
}

/* Both trips touch February and March. */
static void PRT_055_a_night_of_two_forms_is_paid_once(void **state)
{
    (void)state;
    struct stage *s = money_open_with("", HOTEL_200);
    submit(s, "BUS", "2026-03-09T09:00", "E0", /* not audited yet: nothing is paid for it */
           TRIP_NIGHT("T1", "2026-02-26", "2026-03-02", "2026-03-02", "200.00", "V0"));
    night(s, "E1", TRIP_NIGHT("T1", "2026-02-26", "2026-03-02", "2026-03-02", "150.00", "V1"),
          "150.00");
    night(s, "E2", TRIP_NIGHT("T1", "2026-02-27", "2026-03-03", "2026-03-02", "120.00", "V2"),
          "50.00");
    assert_string_equal(last(s, "expense.line_audited", "reason"),
                        "above the standard a with form E1");
    night(s, "E3", TRIP_NIGHT("T1", "2026-03-02", "2026-03-03", "2026-03-03", "200.00", "V3"),
          "200.00");
    night(s, "E4", TRIP_NIGHT("T2", "2026-03-02", "2026-03-03", "2026-03-02", "200.00", "V4"),
          "200.00");
    step(s, "2026-03-09T13:00", "expense.audited", "E0", "'by':'A1','false_lines':[{'line':1}]");
    say(s, "BUS", "audit.reversed", "2026-03-10T10:00",
        "'subject':'expense_line','ref':'E0','line':1,'by':'HD','reason':'it was genuine'");
    assert_int_equal(form_row(s, "E0").approved, 0); /* E1 and E2 have the night */
    stage_close(s);
}

static void PRT_055_nobody_signs_his_own_form(void **state)
{
    (void)state;
    struct stage *s = money_open_with("", HOTEL_200);
    submit(s, "BUS", "2026-03-09T10:00", "E1",
           TRIP("T1", "2026-03-02", "2026-03-03")
               PAPERS(NIGHT("2026-03-02", "80.00", ""), VOUCHER("V1", "80.00")));
    step(s, "2026-03-09T12:00", "expense.audited", "E1", "'by':'A1'");
    deny(s, "BUS", "expense.reviewed", "2026-03-09T12:10", "'expense_no':'E1','by':'T1'", "PRT-055",
         "same_person");
    step(s, "2026-03-09T12:20", "expense.reviewed", "E1", "'by':'L1'");
    deny(s, "BUS", "expense.approved", "2026-03-09T12:30", "'expense_no':'E1','by':'T1'", "PRT-055",
         "same_person");
    step(s, "2026-03-09T12:40", "expense.approved", "E1", "'by':'GM'");
    stage_close(s);
}

static void PRT_055_who_reviews_and_who_approves(void **state)
{
    (void)state;
    struct stage *s =
        money_open_with("expense_reviewer: [head, manager], expense_approver: [總經理]", HOTEL_200);
    (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00",
                     "{'person':'GM','unit':'IND','role':'總經理'}");
    submit(s, "BUS", "2026-03-09T10:00", "E1",
           TRIP("T1", "2026-03-02", "2026-03-03")
               PAPERS(NIGHT("2026-03-02", "80.00", ""), VOUCHER("V1", "80.00")));
    step(s, "2026-03-09T12:00", "expense.audited", "E1", "'by':'A1'");
    deny(s, "BUS", "expense.reviewed", "2026-03-09T12:10", "'expense_no':'E1','by':'L1'", "PRT-055",
         "not_entitled");
    deny(s, "BUS", "expense.reviewed", "2026-03-09T12:10", "'expense_no':'E1','by':'GM'", "PRT-055",
         "not_entitled");
    step(s, "2026-03-09T12:20", "expense.reviewed", "E1", "'by':'HD'");
    deny(s, "BUS", "expense.approved", "2026-03-09T12:30", "'expense_no':'E1','by':'HD'", "PRT-055",
         "not_entitled");
    step(s, "2026-03-09T12:40", "expense.approved", "E1", "'by':'GM'");
    stage_close(s);
}

static void PRT_074_the_form_comes_after_the_trip(void **state)
{
    (void)state;
    struct stage *s = money_open();
    bar(s, "2026-03-03T10:00", "E1", MARCH TWO, "PRT-074", "early");
    submit(s, "BUS", "2026-03-04T23:00", "E1", MARCH TWO); /* the day of the return */
    stage_close(s);
}

/* ---- PRT-065 ---- */

static void PRT_065_not_older_than_two_months(void **state)
{
    (void)state;
    struct stage *s = money_open();
    bar(s, "2026-05-05T00:00", "E1", MARCH TWO, "PRT-065", "too_old");
    submit(s, "BUS", "2026-05-04T23:59", "E1", MARCH TWO);
    stage_close(s);
    s = money_open_with("slip_max_age_months: 1", ALL_FIVE);
    bar(s, "2026-04-05T00:00", "E1", MARCH TWO, "PRT-065", "too_old");
    stage_close(s);
}

/* Handed in on Thursday 5 March: five working days are over at 24:00 of Thursday 12 March. */
static void PRT_065_audit_within_five_working_days(void **state)
{
    (void)state;
    struct stage *s = money_open();
    submit(s, "BUS", "2026-03-05T10:00", "E1", MARCH TWO);
    due_is(s, "expense/E1", "expense.audit", "2026-03-13T00:00");
    until(s, "2026-03-12T23:59");
    assert_int_equal(reminders(s, "expense.audit"), 0);
    until(s, "2026-03-13T00:01");
    assert_int_equal(reminders(s, "expense.audit"), 1);
    until(s, "2026-03-14T00:01"); /* 24:00 of the working day after */
    assert_int_equal(reminders(s, "expense.audit"), 2);
    until(s, "2026-03-18T00:01"); /* 24:00 of the third one, Tuesday */
    assert_int_equal(reminders(s, "expense.audit"), 3);
    until(s, "2026-04-30T00:00");
    assert_int_equal(count_of(s, OWNER_parts, "deadline.passed", "name", "expense.audit"), 3);
    step(s, "2026-04-30T10:00", "expense.audited", "E1", "'by':'A1'");
    assert_string_equal(end_of(s, "expense/E1", "expense.audit"), "late");
    stage_close(s);
}

static void PRT_065_audited_in_time(void **state)
{
    (void)state;
    struct stage *s = money_open();
    submit(s, "BUS", "2026-03-05T10:00", "E1", MARCH TWO);
    step(s, "2026-03-13T00:00", "expense.audited", "E1", "'by':'A1'"); /* at the due instant */
    assert_string_equal(end_of(s, "expense/E1", "expense.audit"), "stopped");
    until(s, "2026-04-30T00:00");
    assert_int_equal(count_of(s, OWNER_parts, "deadline.passed", "name", "expense.audit"), 0);
    stage_close(s);
}

#define T9_MARCH TRIP("T9", "2026-03-02", "2026-03-04")

static void PRT_065_a_form_is_awaited_by_the_fifth(void **state)
{
    (void)state;
    struct stage *s = money_open();
    card(s, "2026-03-20T10:00", "K1", OF("2026-03-03"));
    due_is(s, "expense_month/T9/2026-03", "expense.monthly", "2026-04-06T00:00");
    sms(s, "2026-03-31T10:00", "S1", OF("2026-03-31"));
    until(s, "2026-04-05T23:59");
    assert_int_equal(count_of(s, OWNER_parts, "deadline.passed", "name", "expense.monthly"), 0);
    until(s, "2026-05-01T00:00");
    assert_int_equal(count_of(s, OWNER_parts, "deadline.passed", "name", "expense.monthly"), 1);
    assert_int_equal(reminders(s, "expense.monthly"), 0); /* none: it is logged only */
    submit(s, "IND", "2026-05-02T10:00", "E1", T9_MARCH TWO);
    assert_string_equal(end_of(s, "expense_month/T9/2026-03", "expense.monthly"), "late");
    stage_close(s);
}

static void PRT_065_a_form_ends_the_wait_for_its_months(void **state)
{
    (void)state;
    struct stage *s = money_open();
    card(s, "2026-03-31T10:00", "K1", OF("2026-03-31"));
    card(s, "2026-04-01T10:00", "K2", OF("2026-04-01"));
    due_is(s, "expense_month/T9/2026-04", "expense.monthly", "2026-05-06T00:00");
    submit(s, "IND", "2026-04-02T10:00", "E1",
           TRIP("T9", "2026-03-31", "2026-04-01")
               PAPERS(LINE("2026-03-31", "hotel", "9.00", AT("Ningbo")), VOUCHER("V1", "9.00")));
    assert_string_equal(end_of(s, "expense_month/T9/2026-03", "expense.monthly"), "stopped");
    assert_string_equal(end_of(s, "expense_month/T9/2026-04", "expense.monthly"), "stopped");
    card(s, "2026-04-03T10:00", "K3", OF("2026-04-02"));
    assert_string_equal(end_of(s, "expense_month/T9/2026-04", "expense.monthly"), "stopped");
    tell(s, "BUS", "card.returned", "2026-04-03T10:00",
         "'card_no':'K4','technician':'T1','day':'2026-04-02'"); /* a unit without such checks */
    assert_string_equal(end_of(s, "expense_month/T1/2026-04", "expense.monthly"), "none");
    stage_close(s);
}

static void PRT_065_a_card_that_comes_behind_its_form(void **state)
{
    (void)state;
    struct stage *s = money_open();
    submit(s, "IND", "2026-03-05T10:00", "E1", T9_MARCH TWO);
    card(s, "2026-03-09T10:00", "K1", OF("2026-03-03"));
    assert_string_equal(end_of(s, "expense_month/T9/2026-03", "expense.monthly"), "none");
    stage_close(s);
}

static void PRT_065_the_day_is_the_company_s(void **state)
{
    (void)state;
    struct stage *s = money_open_with("expense_monthly_day: 10", ALL_FIVE);
    card(s, "2026-02-28T10:00", "K1", OF("2026-02-28"));
    due_is(s, "expense_month/T9/2026-02", "expense.monthly", "2026-03-11T00:00");
    stage_close(s);
}

/* ---- PRT-071, corrections ---- */

static void PRT_071_a_voucher_is_used_once_over_all_claims(void **state)
{
    (void)state;
    struct stage *s = money_open();
    submit(s, "BUS", "2026-03-05T10:00", "E1", MARCH TWO);
    bar(s, "2026-03-05T11:00", "E2", MARCH ONE("V2", "260.00"), "PRT-071", "used_twice");
    deny(s, "IND", "expense.submitted", "2026-03-05T11:00",
         form("E2", T9_MARCH ONE("V2", "260.00")).text, "PRT-071", "used_twice"); /* anybody's */
    bar(s, "2026-03-05T11:00", "E2",
        MARCH PAPERS(HOTEL("9.00") "," HOTEL("9.00"),
                     VOUCHER("V9", "9.00") "," VOUCHER("V9", "9.00")),
        "PRT-071", "used_twice");                                        /* twice in one form */
    submit(s, "BUS", "2026-03-05T12:00", "E2", MARCH ONE("V9", "9.00")); /* refused, not used */
    stage_close(s);
}

static void PRT_071_a_correction_frees_the_vouchers_it_drops(void **state)
{
    (void)state;
    struct stage *s = money_open();
    submit(s, "BUS", "2026-03-05T10:00", "E1", MARCH TWO);
    bar(s, "2026-03-05T11:00", "E1", TRIP("T2", "2026-03-02", "2026-03-04") TWO, "PRT-054",
        "person");
    submit(s, "BUS", "2026-03-06T10:00", "E1", MARCH ONE("V1", "9.00"));
    assert_true(form_row(s, "E1").claimed == 900);
    due_is(s, "expense/E1", "expense.audit", "2026-03-14T00:00"); /* from the correction on */
    submit(s, "BUS", "2026-03-06T11:00", "E2", MARCH ONE("V2", "260.00"));
    bar(s, "2026-03-06T12:00", "E3", MARCH ONE("V1", "9.00"), "PRT-071", "used_twice");
    step(s, "2026-03-06T13:00", "expense.audited", "E1", "'by':'A1'");
    bar(s, "2026-03-06T14:00", "E1", MARCH ONE("V1", "8.00"), "PRT-054", "state");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_054_the_form_as_it_is),
        cmocka_unit_test(PRT_054_form_and_vouchers_agree_line_by_line),
        cmocka_unit_test(PRT_055_days_of_the_trip),
        cmocka_unit_test(PRT_055_audit_signature_approval_money_in_this_order),
        cmocka_unit_test(PRT_055_what_is_paid_is_what_was_approved),
        cmocka_unit_test(PRT_055_standard_of_rank_place_and_kind),
        cmocka_unit_test(PRT_055_a_night_of_two_forms_is_paid_once),
        cmocka_unit_test(PRT_055_nobody_signs_his_own_form),
        cmocka_unit_test(PRT_055_the_standard_of_a_day_is_paid_once),
        cmocka_unit_test(PRT_055_a_line_that_is_taken_back_keeps_the_standard),
        cmocka_unit_test(PRT_055_who_reviews_and_who_approves),
        cmocka_unit_test(PRT_074_the_form_comes_after_the_trip),
        cmocka_unit_test(PRT_065_not_older_than_two_months),
        cmocka_unit_test(PRT_065_audit_within_five_working_days),
        cmocka_unit_test(PRT_065_audited_in_time),
        cmocka_unit_test(PRT_065_a_form_is_awaited_by_the_fifth),
        cmocka_unit_test(PRT_065_a_form_ends_the_wait_for_its_months),
        cmocka_unit_test(PRT_065_a_card_that_comes_behind_its_form),
        cmocka_unit_test(PRT_065_the_day_is_the_company_s),
        cmocka_unit_test(PRT_071_a_voucher_is_used_once_over_all_claims),
        cmocka_unit_test(PRT_071_a_correction_frees_the_vouchers_it_drops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
