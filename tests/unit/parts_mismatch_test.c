/* parts_mismatch_test.c - old parts that do not agree with their 產品異常信息報告, and the list of
 * the month. Rules PRT-029, PRT-030, CMP-112; examples PRT-EX-05 … PRT-EX-11, C-29. */
#include "tests/unit/parts_old_door.h"

#define LIST "mismatch/IND/2026-03-01"
#define MARCH "'month':'2026-03-01'"

static struct rec_row_mismatch_line line_of(struct stage *s, const char *month, const char *no)
{
    struct rec_row_mismatch_line row;
    struct key k = key_of(STR("IND"));
    int32_t day;
    assert_int_equal(day_parse(str_of(month), &day), ERR_OK);
    key_day(&k, day);
    key_str(&k, str_of(no));
    assert_true(row_at(s, PARTS_MISMATCH_LINE, k, &row));
    return row;
}

/* Used, back and marked: OP-n of a contactor ×2 at 560.00. */
static void marked(struct stage *s, const char *no, const char *note, const char *local)
{
    used(s, "IND", note, "CON", 2, "560.00", local);
    old_act(s, "oldpart.returned", no, local, "");
    old_act(s, "oldpart.labelled", no, local, "'tag':'L1'");
}

static void wrong(struct stage *s, const char *no, const char *local, const char *more)
{
    struct text data =
        text_of("'match':'no','differences':'relays, not contactors','by':'QC'%s", more);
    old_act(s, "oldpart.inspected", no, local, data.text);
}

static struct stage *opened(void)
{
    struct stage *s = old_open();
    catalogue(s);
    return s;
}

/* ---- PRT-029 ---- */

static void PRT_029_the_loss_is_parts_and_freight(void **state)
{
    (void)state;
    struct stage *s = opened();
    marked(s, "OP-1", "N1", DAY1);
    old_bar(s, "oldpart.inspected", "OP-1", DAY1, "'match':'no'", "PRT-029", "missing");
    wrong(s, "OP-1", DAY1, ",'freight_out':'85.00','freight_back':'75.00'");
    assert_string_equal(last(s, "oldpart.inspected", "loss"), "1280.00"); /* PRT-EX-11 */
    assert_string_equal(last(s, "oldpart.mismatch", "responsible"), "T1");
    assert_string_equal(last(s, "oldpart.mismatch", "amount"), "128.00"); /* 10 %, undecided */
    old_act(s, "oldpart.mismatch", "OP-1", DAY1, "'rate_bp':2000,'decided_by':'HD'");
    assert_string_equal(last(s, "oldpart.mismatch", "amount"), "256.00"); /* PRT-EX-11 */
    assert_int_equal(line_of(s, "2026-03-01", "OP-1").amount, 25600);
    stage_close(s);
    s = parts_open_changed("policy.yaml",
                           "$ a parts: {loss_items: [parts], stock_nonnegative: no}");
    catalogue(s);
    marked(s, "OP-1", "N1", DAY1);
    wrong(s, "OP-1", DAY1, ",'freight_out':'85.00','freight_back':'75.00'");
    assert_string_equal(last(s, "oldpart.inspected", "loss"), "1120.00");
    stage_close(s);
}

static void PRT_029_examples_of_the_share(void **state)
{
    (void)state;
    static const struct {
        const char *id, *loss;
        unsigned rate_bp;
        const char *amount; /* NULL = refused */
    } cases[] = {
        {"PRT-EX-05", "1280.00", 1000, "128.00"}, {"PRT-EX-06", "1280.00", 1500, "192.00"},
        {"PRT-EX-07", "1280.00", 2000, "256.00"}, {"PRT-EX-08", "333.33", 1500, "50.00"},
        {"PRT-EX-09", "1280.00", 999, NULL},      {"PRT-EX-10", "1280.00", 2001, NULL},
        {"C-29", "1250.00", 1000, "125.00"},      {"C-29", "1250.00", 1500, "187.50"},
        {"C-29", "1250.00", 2000, "250.00"},      {"C-29", "1250.00", 2100, NULL},
    };
    struct stage *s = opened();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct text no = text_of("OP-%zu", i + 1), note = text_of("N%zu", i);
        marked(s, no.text, note.text, DAY1);
        wrong(s, no.text, DAY1, text_of(",'loss':'%s'", cases[i].loss).text);
        struct text rate = text_of("'rate_bp':%u,'decided_by':'HD'", cases[i].rate_bp);
        if (!cases[i].amount) {
            old_bar(s, "oldpart.mismatch", no.text, DAY1, rate.text, "PRT-029",
                    "rate_out_of_range");
            continue;
        }
        old_act(s, "oldpart.mismatch", no.text, DAY1, rate.text);
        if (strcmp(last(s, "oldpart.mismatch", "amount"), cases[i].amount))
            fail_msg("%s: %s", cases[i].id, last(s, "oldpart.mismatch", "amount"));
    }
    stage_close(s);
}

/* By the master data: a technician is none, nor is one who left, nor somebody nobody knows. */
static void PRT_029_the_head_of_department_decides(void **state)
{
    (void)state;
    static const char *const nobody[] = {"'rate_bp':1500", "'rate_bp':1500,'decided_by':'T9'",
                                         "'rate_bp':1500,'decided_by':'H2'",
                                         "'rate_bp':1500,'decided_by':'H3'"};
    struct stage *s = opened();
    (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00",
                     "{'person':'H2','unit':'IND','role':'head','left':true}");
    marked(s, "OP-1", "N1", DAY1);
    wrong(s, "OP-1", DAY1, ",'loss':'1280.00'");
    for (size_t i = 0; i < COUNT_OF(nobody); i++)
        old_bar(s, "oldpart.mismatch", "OP-1", DAY1, nobody[i], "PRT-029", "not_entitled");
    assert_int_equal(line_of(s, "2026-03-01", "OP-1").amount,
                     12800); /* at the rate of the policy */
    old_act(s, "oldpart.mismatch", "OP-1", DAY1, "'rate_bp':1500,'decided_by':'HD'");
    assert_int_equal(line_of(s, "2026-03-01", "OP-1").amount, 19200);
    stage_close(s);
    s = parts_open_changed("policy.yaml",
                           "$ a parts: {liability_decider: technician, stock_nonnegative: no}");
    catalogue(s);
    marked(s, "OP-1", "N1", DAY1);
    wrong(s, "OP-1", DAY1, ",'loss':'1280.00'");
    old_bar(s, "oldpart.mismatch", "OP-1", DAY1, "'rate_bp':1500,'decided_by':'HD'", "PRT-029",
            "not_entitled");
    old_act(s, "oldpart.mismatch", "OP-1", DAY1, "'rate_bp':1500,'decided_by':'T9'");
    stage_close(s);
}

static void PRT_029_only_where_the_policy_says_so(void **state)
{
    (void)state;
    struct stage *s = opened();
    used(s, "BUS", "N1", "SEAT", 1, "10.00", DAY1);
    old_act(s, "oldpart.returned", "OP-1", DAY1, "");
    old_act(s, "oldpart.labelled", "OP-1", DAY1, "'tag':'L1'");
    wrong(s, "OP-1", DAY1, "");
    assert_int_equal(count(s, "oldpart.mismatch"), 0);
    old_bar(s, "oldpart.mismatch", "OP-1", DAY1, "'rate_bp':1000", "PRT-029", "state");
    marked(s, "OP-2", "N2", DAY1);
    old_act(s, "oldpart.inspected", "OP-2", DAY1, "'match':'yes'");
    old_bar(s, "oldpart.mismatch", "OP-2", DAY1, "'rate_bp':1000", "PRT-029", "state");
    old_act(s, "oldpart.returned", "X1", DAY1, "'part_no':'CON'");
    old_act(s, "oldpart.labelled", "X1", DAY1, "'tag':'L2'");
    old_bar(s, "oldpart.inspected", "X1", DAY1, "'match':'no','differences':'unknown'", "PRT-029",
            "missing"); /* who answers for it? */
    stage_close(s);
}

/* ---- PRT-030 ---- */

static void PRT_030_the_head_of_department_approves(void **state)
{
    (void)state;
    struct stage *s = opened();
    marked(s, "OP-1", "N1", DAY1);
    wrong(s, "OP-1", DAY1, "");
    say(s, "IND", "mismatch.list_submitted", "2026-04-01T09:00", MARCH);
    deny(s, "IND", "mismatch.list_approved", "2026-04-02T09:00", MARCH ",'approved_by':'T9'",
         "PRT-030", "not_entitled");
    assert_int_equal(line_of(s, "2026-03-01", "OP-1").approved, yes_no_none);
    say(s, "IND", "mismatch.list_approved", "2026-04-02T09:00", MARCH ",'approved_by':'HD'");
    stage_close(s);
}

static void PRT_030_only_approved_lines_are_charged(void **state)
{
    (void)state;
    struct stage *s = opened();
    deny(s, "IND", "mismatch.list_submitted", "2026-04-01T09:00", MARCH, "PRT-030", "nothing");
    deny(s, "IND", "mismatch.list_approved", "2026-04-01T09:00", MARCH ",'approved_by':'HD'",
         "PRT-030", "unknown_number");
    marked(s, "OP-1", "N1", DAY1);
    marked(s, "OP-2", "N2", DAY1);
    wrong(s, "OP-1", DAY1, ",'loss':'1280.00'");
    wrong(s, "OP-2", DAY1, ",'loss':'333.33'");
    deny(s, "IND", "mismatch.list_approved", "2026-04-01T09:00", MARCH ",'approved_by':'HD'",
         "PRT-030", "state");
    deny(s, "IND", "mismatch.list_submitted", "2026-04-01T09:00", MARCH ",'total':'1.00'",
         "PRT-030", "filled_in");
    say(s, "IND", "mismatch.list_submitted", "2026-04-01T09:00", MARCH ",'by':'admin'");
    assert_string_equal(last(s, "mismatch.list_submitted", "total"), "161.33"); /* 128.00 + 33.33 */
    deny(s, "IND", "mismatch.list_approved", "2026-04-02T09:00",
         MARCH ",'approved_by':'HD','struck':[{'old_no':'OP-9'}]", "PRT-030", "unknown_number");
    say(s, "IND", "mismatch.list_approved", "2026-04-02T09:00",
        MARCH ",'approved_by':'HD','struck':[{'old_no':'OP-2'}]");
    assert_string_equal(last(s, "mismatch.list_approved", "total"), "128.00");
    assert_int_equal(line_of(s, "2026-03-01", "OP-1").approved, yes_no_none); /* as its list */
    assert_int_equal(line_of(s, "2026-03-01", "OP-2").approved, yes_no_no);
    old_bar(s, "oldpart.mismatch", "OP-1", "2026-04-03T09:00", "'rate_bp':2000", "PRT-029",
            "approved");
    marked(s, "OP-3", "N3", DAY1); /* told late: the list of March is approved */
    wrong(s, "OP-3", "2026-03-31T10:00", ",'loss':'100.00'");
    assert_int_equal(line_of(s, "2026-04-01", "OP-3").amount, 1000);
    stage_close(s);
}

static void PRT_030_a_decision_lists_it_anew(void **state)
{
    (void)state;
    struct stage *s = opened();
    marked(s, "OP-1", "N1", DAY1);
    wrong(s, "OP-1", DAY1, ",'loss':'1280.00'");
    say(s, "IND", "mismatch.list_submitted", "2026-04-01T09:00", MARCH);
    old_act(s, "oldpart.mismatch", "OP-1", "2026-04-01T10:00",
            "'rate_bp':1500,'responsible':'T2','decided_by':'HD'");
    deny(s, "IND", "mismatch.list_approved", "2026-04-02T09:00", MARCH ",'approved_by':'HD'",
         "PRT-030", "state");
    say(s, "IND", "mismatch.list_submitted", "2026-04-02T10:00", MARCH);
    assert_string_equal(last(s, "mismatch.list_submitted", "total"), "192.00");
    say(s, "IND", "mismatch.list_approved", "2026-04-02T11:00",
        "'unit':'IND'," MARCH ",'approved_by':'HD'");
    assert_true(str_is(line_of(s, "2026-03-01", "OP-1").responsible, "T2"));
    stage_close(s);
}

static void PRT_030_the_list_is_due_by_the_fifth(void **state)
{
    (void)state;
    struct stage *s = opened();
    marked(s, "OP-1", "N1", DAY1);
    wrong(s, "OP-1", DAY1, "");
    due_is(s, LIST, "mismatch.list", "2026-04-06T00:00"); /* 24:00 of Sunday 5 April */
    until(s, "2026-04-06T00:00");
    assert_int_equal(reminders(s, "mismatch.list"), 0);
    until(s, "2026-04-06T00:01");
    assert_int_equal(reminders(s, "mismatch.list"), 1);
    until(s, "2026-04-07T00:01"); /* 24:00 of Monday */
    assert_int_equal(reminders(s, "mismatch.list"), 2);
    until(s, "2026-04-09T00:01"); /* and of Wednesday */
    assert_int_equal(reminders(s, "mismatch.list"), 3);
    say(s, "IND", "mismatch.list_submitted", "2026-04-09T09:00", MARCH);
    assert_string_equal(end_of(s, LIST, "mismatch.list"), "open"); /* not approved yet */
    say(s, "IND", "mismatch.list_approved", "2026-04-09T10:00", MARCH ",'approved_by':'HD'");
    assert_string_equal(end_of(s, LIST, "mismatch.list"), "late");
    marked(s, "OP-2", "N2", "2026-04-10T10:00");
    wrong(s, "OP-2", "2026-04-10T10:00", "");
    say(s, "IND", "mismatch.list_submitted", "2026-05-05T09:00", "'month':'2026-04-01'");
    say(s, "IND", "mismatch.list_approved", "2026-05-05T23:59",
        "'month':'2026-04-01','approved_by':'HD'");
    until(s, "2026-06-01T00:00");
    assert_string_equal(end_of(s, "mismatch/IND/2026-04-01", "mismatch.list"), "stopped");
    assert_int_equal(reminders(s, "mismatch.list"), 3);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_029_the_loss_is_parts_and_freight),
        cmocka_unit_test(PRT_029_examples_of_the_share),
        cmocka_unit_test(PRT_029_the_head_of_department_decides),
        cmocka_unit_test(PRT_029_only_where_the_policy_says_so),
        cmocka_unit_test(PRT_030_the_head_of_department_approves),
        cmocka_unit_test(PRT_030_only_approved_lines_are_charged),
        cmocka_unit_test(PRT_030_a_decision_lists_it_anew),
        cmocka_unit_test(PRT_030_the_list_is_due_by_the_fifth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
