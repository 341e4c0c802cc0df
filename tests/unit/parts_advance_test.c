/* parts_advance_test.c - advances 借據: figures and words, approval, payment, the settlement
 * against expense forms, and who gets no new one. Rule PRT-058. */
#include "common/capital.h"
#include "tests/unit/parts_money.h"

#define LOAN(amount, words)                                                                        \
    "'department':'service','person':'T1','amount':'" amount "','amount_words':'" words            \
    "','purpose':'trip to Ningbo','scope':'domestic','from_day':'2026-03-02',"                     \
    "'return_day':'2026-03-06','distance':150"
#define THREE_THOUSAND LOAN("3000.00", "叁仟元整")
#define SIGNED "'reviewed_by':'L1','by':'GM'"

static struct form loan(const char *no, const char *data)
{
    struct form f;
    snprintf(f.text, sizeof f.text, "'advance_no':'%s'%s%s", no, *data ? "," : "", data);
    return f;
}

static void act(struct stage *s, const char *type, const char *local, const char *no,
                const char *data)
{
    say(s, "BUS", type, local, loan(no, data).text);
}

static void bar(struct stage *s, const char *type, const char *local, const char *no,
                const char *data, const char *code)
{
    deny(s, "BUS", type, local, loan(no, data).text, "PRT-058", code);
}

static void pay(struct stage *s, const char *no, const char *data)
{
    act(s, "advance.opened", "2026-02-26T09:00", no, data);
    act(s, "advance.approved", "2026-02-26T10:00", no, SIGNED);
    act(s, "advance.paid", "2026-02-27T10:00", no, "");
}

static struct rec_row_advance loan_row(struct stage *s, const char *no)
{
    struct rec_row_advance row;
    assert_true(row_at(s, PARTS_ADVANCE, key_of(str_of(no)), &row));
    return row;
}

/* A form of one line that names an advance, up to its approval. */
static void claim(struct stage *s, const char *no, const char *advance, const char *amount,
                  const char *until_day)
{
    char data[900];
    snprintf(data, sizeof data,
             "'person':'T1','rank':'engineer','reason':'repair','places':[{'name':'Ningbo'}],"
             "'advance_no':'%s','from_day':'2026-03-02','until_day':'%s','lines':[{'day':"
             "'2026-03-02','kind':'postage','amount':'%s','place':'Ningbo'}],"
             "'vouchers':[{'voucher_no':'V-%s','amount':'%s'}]",
             advance, until_day, amount, no, amount);
    submit(s, "BUS", "2026-03-09T10:00", no, data);
}

/* ---- figures and words ---- */

static void PRT_058_words_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int64_t fen; /* -1 = not so */
    } rows[] = {
        {"叁仟元整", 300000},
        {"參仟圓正", 300000},
        {"人民幣叁仟元", 300000},
        {"壹萬零伍拾元零叁分", 1005003},
        {"壹万零伍拾圆零叁分", 1005003},
        {"陸佰捌拾元零叁角", 68030}, /* 零 may stand or not after an empty end */
        {"陆佰捌拾元叁角整", 68030},
        {"壹拾萬伍仟元整", 10500000},
        {"壹拾萬零伍仟元整", 10500000},
        {"壹億零伍仟元整", 10000500000},
        {"貳億元整", 20000000000},
        {"玖仟玖佰玖拾玖億玖仟玖佰玖拾玖萬玖仟玖佰玖拾玖元玖角玖分", 99999999999999},
        {"伍角", 50},
        {"零元柒分", 7},
        {"", -1},
        {"元整", -1},
        {"拾元整", -1},         /* a figure could be put before it */
        {"叁仟", -1},           /* of what */
        {"壹仟伍元整", -1},     /* 1005 or 1500 */
        {"壹億伍仟元整", -1},   /* a whole section is empty */
        {"壹仟零伍佰元整", -1}, /* nothing is empty there */
        {"壹萬零伍仟元整", -1},
        {"伍元零叁角", -1},
        {"壹佰元零", -1},
        {"伍佰伍佰元整", -1},
        {"壹拾貳拾元整", -1},
        {"壹元貳分叁角", -1},
        {"叁仟元整整", -1},
        {"三千元整", -1}, /* no capital figures */
        {"3000元整", -1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t fen = -1;
        bool ok = capital_parse(str_of(rows[i].words), &fen);
        if (ok != (rows[i].fen >= 0) || (ok && fen != rows[i].fen))
            fail_msg("%s: %lld", rows[i].words, (long long)fen);
    }
}

static void PRT_058_words_equal_the_figures(void **state)
{
    (void)state;
    static const char *const wrong[] = {LOAN("3000.00", "叁仟零壹元整"),
                                        LOAN("3000.00", "叁佰元整"),
                                        LOAN("3000.00", "叁仟元零壹分"), LOAN("3000.00", "三千元")};
    struct stage *s = money_open();
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        bar(s, "advance.opened", "2026-02-26T09:00", "B1", wrong[i], "amount_words");
    act(s, "advance.opened", "2026-02-26T09:00", "B1", LOAN("3000.50", "人民币叁仟圆零伍角整"));
    struct rec_row_advance r = loan_row(s, "B1");
    assert_true(r.state == advance_state_opened && r.amount == 300050);
    assert_true(r.scope == trip_scope_domestic && str_is(r.department, "service"));
    stage_close(s);
}

static void PRT_058_the_steps_in_order(void **state)
{
    (void)state;
    static const char *const types[] = {"advance.approved", "advance.paid", "advance.settled"};
    struct stage *s = money_open();
    for (size_t i = 0; i < COUNT_OF(types); i++)
        bar(s, types[i], "2026-02-26T09:00", "B1", i ? "" : SIGNED, "unknown_number");
    bar(s, "advance.opened", "2026-02-26T09:00", "B1",
        "'department':'service','person':'T1','amount':'1','amount_words':'壹元整','purpose':'x',"
        "'scope':'foreign','from_day':'2026-03-06','return_day':'2026-03-02'",
        "day");
    act(s, "advance.opened", "2026-02-26T09:00", "B1", THREE_THOUSAND);
    bar(s, "advance.opened", "2026-02-26T09:00", "B1", THREE_THOUSAND, "state");
    bar(s, "advance.paid", "2026-02-26T09:00", "B1", "", "state");
    act(s, "advance.approved", "2026-02-26T10:00", "B1", SIGNED);
    bar(s, "advance.settled", "2026-02-26T10:00", "B1", "", "state");
    act(s, "advance.paid", "2026-02-26T11:00", "B1", "");
    assert_true(str_is(loan_row(s, "B1").reviewed_by, "L1") && str_is(loan_row(s, "B1").by, "GM"));
    stage_close(s);
}

static void PRT_058_nobody_approves_his_own_advance(void **state)
{
    (void)state;
    struct stage *s = money_open();
    act(s, "advance.opened", "2026-02-26T09:00", "B1", THREE_THOUSAND);
    bar(s, "advance.approved", "2026-02-26T10:00", "B1", "'reviewed_by':'L1','by':'T1'",
        "same_person");
    bar(s, "advance.approved", "2026-02-26T10:00", "B1", "'reviewed_by':'T1','by':'GM'",
        "same_person");
    assert_int_equal(loan_row(s, "B1").state, advance_state_opened);
    act(s, "advance.approved", "2026-02-26T10:10", "B1", SIGNED);
    stage_close(s);
}

static void PRT_058_who_reviews_and_who_approves(void **state)
{
    (void)state;
    struct stage *s =
        money_open_with("advance_reviewer: [head], advance_approver: [總經理]", ALL_FIVE);
    (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00",
                     "{'person':'GM','unit':'IND','role':'總經理'}");
    act(s, "advance.opened", "2026-02-26T09:00", "B1", THREE_THOUSAND);
    bar(s, "advance.approved", "2026-02-26T10:00", "B1", SIGNED, "not_entitled"); /* L1 */
    assert_string_equal(last(s, "refused.fact", "field"), "reviewed_by");
    bar(s, "advance.approved", "2026-02-26T10:00", "B1", "'reviewed_by':'HD','by':'HD'",
        "not_entitled");
    assert_string_equal(last(s, "refused.fact", "field"), "by");
    act(s, "advance.approved", "2026-02-26T10:10", "B1", "'reviewed_by':'HD','by':'GM'");
    stage_close(s);
}

/* ---- settlement ---- */

static void PRT_058_examples(void **state)
{
    (void)state;
    static const struct {
        const char *id, *approved;
        int64_t fen;
        const char *settlement;
    } rows[] = {
        {"PRT-EX-17", "2750.50", 275050, "-24950"}, /* paid back */
        {"PRT-EX-18", "3200.00", 320000, "20000"},  /* paid out */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = money_open();
        pay(s, "B1", THREE_THOUSAND);
        claim(s, "E1", "B1", rows[i].approved, "2026-03-06");
        bar(s, "advance.settled", "2026-03-10T09:00", "B1", "", "claims_open");
        approve(s, "2026-03-10T10:00", "E1");
        deny(s, "BUS", "expense.paid", "2026-03-10T10:30", "'expense_no':'E1'", "PRT-058",
             "advance"); /* the settlement pays it */
        bar(s, "advance.settled", "2026-03-10T11:00", "B1", "'approved_expenses':'3000.00'",
            "amount");
        bar(s, "advance.settled", "2026-03-10T11:00", "B1", "'settlement':1", "amount");
        act(s, "advance.settled", "2026-03-10T11:00", "B1", "");
        assert_string_equal(last(s, "advance.settled", "settlement"), rows[i].settlement);
        assert_string_equal(last(s, "advance.settled", "approved_expenses"), rows[i].approved);
        assert_int_equal(loan_row(s, "B1").expenses, rows[i].fen);
        say(s, "BUS", "expense.paid", "2026-03-10T12:00", "'expense_no':'E1'");
        stage_close(s);
    }
}

static void PRT_058_forms_of_one_s_own_paid_advance(void **state)
{
    (void)state;
    struct stage *s = money_open();
    const char *data = TRIP("T2", "2026-03-02", "2026-03-03") ",'advance_no':'B1'" PAPERS(
        LINE("2026-03-02", "postage", "9.00", AT("Ningbo")), VOUCHER("V1", "9.00"));
    deny(s, "BUS", "expense.submitted", "2026-03-09T10:00", form("E1", data).text, "PRT-058",
         "advance"); /* unknown */
    act(s, "advance.opened", "2026-02-26T09:00", "B1", THREE_THOUSAND);
    deny(s, "BUS", "expense.submitted", "2026-03-09T10:00", form("E1", data).text, "PRT-058",
         "advance"); /* not paid */
    act(s, "advance.approved", "2026-02-26T10:00", "B1", SIGNED);
    act(s, "advance.paid", "2026-02-27T10:00", "B1", "");
    deny(s, "BUS", "expense.submitted", "2026-03-09T10:00", form("E1", data).text, "PRT-058",
         "advance"); /* T1's */
    assert_int_equal(loan_row(s, "B1").claims_open, 0);
    claim(s, "E1", "B1", "100.00", "2026-03-06");
    claim(s, "E2", "B1", "200.00", "2026-03-06");
    assert_int_equal(loan_row(s, "B1").claims_open, 2);
    claim(s, "E2", "B1", "250.00", "2026-03-06"); /* corrected */
    assert_int_equal(loan_row(s, "B1").claims_open, 2);
    pay(s, "B2", THREE_THOUSAND);
    claim(s, "E2", "B2", "250.00", "2026-03-06");
    assert_int_equal(loan_row(s, "B1").claims_open, 1);
    assert_int_equal(loan_row(s, "B2").claims_open, 1);
    approve(s, "2026-03-10T10:00", "E1");
    act(s, "advance.settled", "2026-03-10T11:00", "B1", "'settlement':-290000");
    stage_close(s);
}

/* ---- the clock: five working days after the return ---- */

/* Return on Friday 6 March: over at 24:00 of Friday 13 March. */
static void PRT_058_settled_within_five_working_days(void **state)
{
    (void)state;
    struct stage *s = money_open();
    pay(s, "B1", THREE_THOUSAND);
    due_is(s, "advance/B1", "advance.settle", "2026-03-14T00:00");
    until(s, "2026-03-14T00:00");
    assert_int_equal(reminders(s, "advance.settle"), 0);
    until(s, "2026-03-14T00:01");
    assert_int_equal(reminders(s, "advance.settle"), 1);
    until(s, "2026-03-17T00:01"); /* 24:00 of Monday */
    assert_int_equal(reminders(s, "advance.settle"), 2);
    until(s, "2026-03-19T00:01"); /* 24:00 of Wednesday */
    assert_int_equal(reminders(s, "advance.settle"), 3);
    until(s, "2026-04-30T00:00");
    assert_int_equal(count_of(s, OWNER_parts, "deadline.passed", "name", "advance.settle"), 3);
    act(s, "advance.settled", "2026-04-30T10:00", "B1", "");
    assert_string_equal(end_of(s, "advance/B1", "advance.settle"), "late");
    assert_string_equal(last(s, "advance.settled", "settlement"), "-300000"); /* all of it */
    stage_close(s);
}

static void PRT_058_settled_in_time(void **state)
{
    (void)state;
    struct stage *s = money_open();
    pay(s, "B1", THREE_THOUSAND);
    act(s, "advance.settled", "2026-03-14T00:00", "B1", ""); /* at the due instant */
    assert_string_equal(end_of(s, "advance/B1", "advance.settle"), "stopped");
    until(s, "2026-04-30T00:00");
    assert_int_equal(count_of(s, OWNER_parts, "deadline.passed", "name", "advance.settle"), 0);
    stage_close(s);
}

static void PRT_058_the_return_is_the_last_day_of_the_form(void **state)
{
    (void)state;
    struct stage *s = money_open();
    pay(s, "B1", THREE_THOUSAND);
    claim(s, "E1", "B1", "100.00", "2026-03-04"); /* earlier than planned */
    due_is(s, "advance/B1", "advance.settle", "2026-03-12T00:00");
    claim(s, "E2", "B1", "100.00", "2026-03-03"); /* not the last of them */
    due_is(s, "advance/B1", "advance.settle", "2026-03-12T00:00");
    claim(s, "E3", "B1", "100.00", "2026-03-09");
    due_is(s, "advance/B1", "advance.settle", "2026-03-17T00:00");
    stage_close(s);
}

static void PRT_058_no_new_advance_while_one_is_overdue(void **state)
{
    (void)state;
    struct stage *s = money_open();
    pay(s, "B1", THREE_THOUSAND);
    act(s, "advance.opened", "2026-03-13T09:00", "B2", THREE_THOUSAND); /* not overdue yet */
    until(s, "2026-03-14T00:01");
    bar(s, "advance.opened", "2026-03-16T09:00", "B3", THREE_THOUSAND, "overdue");
    bar(s, "advance.approved", "2026-03-16T09:00", "B2", SIGNED, "overdue");
    act(s, "advance.settled", "2026-03-16T10:00", "B1", "");
    act(s, "advance.approved", "2026-03-16T11:00", "B2", SIGNED);
    act(s, "advance.opened", "2026-03-16T12:00", "B3", THREE_THOUSAND);
    stage_close(s);
    s = money_open_with("advance_block_overdue: no", ALL_FIVE);
    pay(s, "B1", THREE_THOUSAND);
    until(s, "2026-03-14T00:01");
    act(s, "advance.opened", "2026-03-16T09:00", "B3", THREE_THOUSAND);
    stage_close(s);
}

/* The form shows that the trip went on: the advance was not overdue. */
static void PRT_058_a_later_return_is_no_delay(void **state)
{
    (void)state;
    struct stage *s = money_open();
    pay(s, "B1", THREE_THOUSAND);
    until(s, "2026-03-14T00:01");
    assert_true(loan_row(s, "B1").overdue);
    const char *data = TRIP("T1", "2026-03-02", "2026-03-16") ",'advance_no':'B1'" PAPERS(
        LINE("2026-03-02", "postage", "9.00", AT("Ningbo")), VOUCHER("V1", "9.00"));
    submit(s, "BUS", "2026-03-16T10:00", "E1", data);
    assert_false(loan_row(s, "B1").overdue);
    due_is(s, "advance/B1", "advance.settle", "2026-03-24T00:00");
    act(s, "advance.opened", "2026-03-16T11:00", "B2", THREE_THOUSAND);
    until(s, "2026-03-24T00:01");
    bar(s, "advance.opened", "2026-03-24T09:00", "B3", THREE_THOUSAND, "overdue");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_058_words_are_read),
        cmocka_unit_test(PRT_058_words_equal_the_figures),
        cmocka_unit_test(PRT_058_the_steps_in_order),
        cmocka_unit_test(PRT_058_nobody_approves_his_own_advance),
        cmocka_unit_test(PRT_058_who_reviews_and_who_approves),
        cmocka_unit_test(PRT_058_examples),
        cmocka_unit_test(PRT_058_forms_of_one_s_own_paid_advance),
        cmocka_unit_test(PRT_058_settled_within_five_working_days),
        cmocka_unit_test(PRT_058_settled_in_time),
        cmocka_unit_test(PRT_058_the_return_is_the_last_day_of_the_form),
        cmocka_unit_test(PRT_058_no_new_advance_while_one_is_overdue),
        cmocka_unit_test(PRT_058_a_later_return_is_no_delay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
