/* parts_secondary_test.c - secondary claims 二次索賠 and clearing 清退. Rules PRT-047 … PRT-049;
 * examples PRT-EX-31, PRT-EX-32. */
#include "tests/unit/parts_old_door.h"

#define NO_AGREEMENT ""
#define EVERYTHING "supplier_agreements: [{supplier: SupX, items: [parts, freight, labour]}]"

static struct rec_row_secondary claim_row(struct stage *s, const char *no)
{
    struct rec_row_secondary row;
    assert_true(row_at(s, PARTS_SECONDARY, key_of(str_of(no)), &row));
    return row;
}

static const char *claim_state(struct stage *s, const char *no)
{
    return code_word(&codes_secondary_state, claim_row(s, no).state);
}

static struct stage *opened(const char *agreement)
{
    struct stage *s = old_open_with(agreement);
    catalogue(s);
    return s;
}

#define BLAMED "'cause':'coil','liable':'supplier','freight':'60.00','labour':'200.00'"

/* OP-<n>: three contactors (purchase cost 450.00), inspected. */
static void blamed(struct stage *s, unsigned n, const char *local, const char *more)
{
    struct text no = text_of("OP-%u", n), note = text_of("N%u", n);
    used(s, "IND", note.text, "CON", 3, "460.00", local);
    inspected(s, no.text, local);
    old_act(s, "oldpart.analysed", no.text, local, text_of(BLAMED "%s", more).text);
}

/* ---- PRT-047 ---- */

static void PRT_047_the_amount_follows_the_agreement(void **state)
{
    (void)state;
    static const struct {
        const char *id, *agreement, *amount;
    } cases[] = {
        {"PRT-EX-31", "supplier_agreements: [{supplier: SupX, items: [parts]}]", "1350.00"},
        {"PRT-EX-32", EVERYTHING, "1610.00"},
        {"no agreement", NO_AGREEMENT, "1350.00"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct stage *s = opened(cases[i].agreement);
        blamed(s, 1, DAY1, "");
        assert_string_equal(last(s, "oldpart.analysed", "supplier"), "SupX");
        assert_string_equal(last(s, "secondary.opened", "secondary_no"), "SC-OP-1");
        if (strcmp(last(s, "secondary.opened", "amount"), cases[i].amount))
            fail_msg("%s: %s", cases[i].id, last(s, "secondary.opened", "amount"));
        stage_close(s);
    }
}

static void PRT_047_a_part_is_claimed_once(void **state)
{
    (void)state;
    static const char again[] = "'secondary_no':'S1','supplier':'SupX','lines':[{'old_no':'OP-1'}]";
    struct stage *s = opened(NO_AGREEMENT);
    blamed(s, 1, DAY1, "");
    deny(s, "IND", "secondary.opened", DAY1, again, "PRT-047", "used_twice");
    used(s, "IND", "N2", "CON", 1, "460.00", DAY1);
    analysed(s, "OP-2", DAY1, "own");
    assert_int_equal(count(s, "secondary.opened"), 1); /* only when the supplier is to blame */
    deny(s, "IND", "secondary.opened", DAY1,
         "'secondary_no':'S1','supplier':'SupX','lines':[{'old_no':'OP-2'}]", "PRT-047",
         "not_liable");
    say(s, "IND", "item.upserted", DAY1, "'part_no':'FUSE','class':'electrical'");
    used(s, "IND", "N3", "FUSE", 1, "460.00", DAY1);
    inspected(s, "OP-3", DAY1);
    old_bar(s, "oldpart.analysed", "OP-3", DAY1, BLAMED, "PRT-047", "missing"); /* which one? */
    old_act(s, "oldpart.analysed", "OP-3", DAY1, BLAMED ",'supplier':'SupY'");
    assert_string_equal(last(s, "secondary.opened", "supplier"), "SupY");
    stage_close(s);
}

static void PRT_047_several_parts_in_one_claim(void **state)
{
    (void)state;
    struct stage *s = opened(NO_AGREEMENT);
    for (int n = 1; n <= 2; n++) { /* PP-PLANT claims nothing by itself */
        struct text no = text_of("OP-%d", n), note = text_of("N%d", n);
        used(s, "PLANT", note.text, "CON", n, "460.00", DAY1);
        inspected(s, no.text, DAY1);
        old_act(s, "oldpart.analysed", no.text, DAY1, "'cause':'coil','liable':'supplier'");
    }
    assert_int_equal(count(s, "secondary.opened"), 0);
    deny(s, "PLANT", "secondary.opened", DAY1,
         "'secondary_no':'S1','supplier':'SupX','lines':[{'old_no':'OP-1'},{'old_no':'OP-1'}]",
         "PRT-047", "used_twice");
    deny(s, "PLANT", "secondary.opened", DAY1,
         "'secondary_no':'S1','supplier':'SupX','amount':'5.00','lines':[{'old_no':'OP-1'}]",
         "PRT-047", "filled_in");
    say(s, "PLANT", "secondary.opened", DAY1,
        "'secondary_no':'S1','supplier':'SupX','lines':[{'old_no':'OP-1'},{'old_no':'OP-2'}]");
    assert_string_equal(last(s, "secondary.opened", "amount"), "1350.00"); /* (1 + 2) × 450.00 */
    stage_close(s);
}

static void PRT_047_sent_answered_settled(void **state)
{
    (void)state;
    struct stage *s = opened(NO_AGREEMENT);
    blamed(s, 1, DAY1, ",'case_no':'C1','quality_no':'Q1'");
    deny(s, "IND", "secondary.accepted", DAY1, "'secondary_no':'SC-OP-1'", "PRT-047", "state");
    deny(s, "IND", "secondary.sent", DAY1, "'secondary_no':'SC-OP-9'", "PRT-047", "unknown_number");
    say(s, "IND", "secondary.sent", DAY1, "'secondary_no':'SC-OP-1','document':'letter 4'");
    deny(s, "IND", "secondary.accepted", DAY1, "'secondary_no':'SC-OP-1','amount':'1350.01'",
         "PRT-047", "amount");
    say(s, "IND", "secondary.accepted", DAY1, "'secondary_no':'SC-OP-1','amount':'1000.00'");
    assert_string_equal(claim_state(s, "SC-OP-1"), "partly");
    deny(s, "IND", "secondary.settled", DAY1, "'secondary_no':'SC-OP-1','amount':'1000.01'",
         "PRT-047", "amount");
    say(s, "IND", "secondary.settled", DAY1, "'secondary_no':'SC-OP-1','amount':'400.00'");
    assert_string_equal(claim_state(s, "SC-OP-1"), "settled");
    assert_string_equal(last(s, "secondary.settled", "case_no"), "C1");
    say(s, "IND", "secondary.settled", DAY1, "'secondary_no':'SC-OP-1','amount':'600.00'");
    assert_string_equal(claim_state(s, "SC-OP-1"), "closed");
    assert_int_equal(claim_row(s, "SC-OP-1").recovered, 100000);
    blamed(s, 2, DAY1, "");
    say(s, "IND", "secondary.sent", DAY1, "'secondary_no':'SC-OP-2'");
    say(s, "IND", "secondary.refused", DAY1, "'secondary_no':'SC-OP-2','reason':'misuse'");
    assert_string_equal(claim_state(s, "SC-OP-2"), "refused");
    deny(s, "IND", "secondary.settled", DAY1, "'secondary_no':'SC-OP-2','amount':'1.00'", "PRT-047",
         "state");
    stage_close(s);
}

static void PRT_047_claim_within_ten_working_days(void **state)
{
    (void)state;
    struct stage *s = opened(NO_AGREEMENT);
    blamed(s, 1, DAY1, "");
    due_is(s, "secondary/SC-OP-1", "secondary.claim", "2026-03-17T00:00"); /* 24:00 of 16 March */
    until(s, "2026-03-17T00:00");
    assert_int_equal(reminders(s, "secondary.claim"), 0);
    until(s, "2026-03-17T00:01");
    assert_int_equal(reminders(s, "secondary.claim"), 1);
    until(s, "2026-03-18T00:01");
    assert_int_equal(reminders(s, "secondary.claim"), 2);
    until(s, "2026-03-20T00:01");
    assert_int_equal(reminders(s, "secondary.claim"), 3);
    say(s, "IND", "secondary.sent", "2026-03-20T10:00", "'secondary_no':'SC-OP-1'");
    assert_string_equal(end_of(s, "secondary/SC-OP-1", "secondary.claim"), "late");
    blamed(s, 2, "2026-03-20T10:00", "");
    say(s, "IND", "secondary.sent", "2026-04-03T23:59", "'secondary_no':'SC-OP-2'");
    assert_string_equal(end_of(s, "secondary/SC-OP-2", "secondary.claim"), "stopped");
    assert_int_equal(reminders(s, "secondary.claim"), 3);
    stage_close(s);
}

static void PRT_047_an_answer_within_thirty_days(void **state)
{
    (void)state;
    struct stage *s = opened(NO_AGREEMENT);
    blamed(s, 1, DAY1, "");
    say(s, "IND", "secondary.sent", DAY1, "'secondary_no':'SC-OP-1'");
    due_is(s, "secondary/SC-OP-1", "secondary.answer", "2026-04-02T00:00"); /* 24:00 of 1 April */
    until(s, "2026-04-02T00:00");
    assert_int_equal(reminders(s, "secondary.answer"), 0);
    until(s, "2026-06-01T00:00"); /* level 1 only */
    assert_int_equal(reminders(s, "secondary.answer"), 1);
    say(s, "IND", "secondary.accepted", "2026-06-01T10:00", "'secondary_no':'SC-OP-1'");
    assert_string_equal(end_of(s, "secondary/SC-OP-1", "secondary.answer"), "late");
    assert_string_equal(claim_state(s, "SC-OP-1"), "accepted"); /* all of it */
    blamed(s, 2, "2026-06-01T10:00", "");
    say(s, "IND", "secondary.sent", "2026-06-01T10:00", "'secondary_no':'SC-OP-2'");
    say(s, "IND", "secondary.refused", "2026-07-01T10:00", "'secondary_no':'SC-OP-2','reason':'x'");
    assert_string_equal(end_of(s, "secondary/SC-OP-2", "secondary.answer"), "stopped");
    until(s, "2026-09-01T00:00");
    assert_int_equal(reminders(s, "secondary.answer"), 1);
    stage_close(s);
}

/* ---- PRT-048 ---- */

static void PRT_048_goods_are_cleared_back_to_their_supplier(void **state)
{
    (void)state;
    static const char one[] = "'return_no':'%s','supplier':'%s','lines':[{'old_no':'%s'}]";
    struct stage *s = opened(NO_AGREEMENT);
    blamed(s, 1, DAY1, "");
    used(s, "IND", "N2", "CON", 1, "460.00", DAY1);
    char data[200];
    snprintf(data, sizeof data, one, "B1", "SupY", "OP-1");
    deny(s, "IND", "supplier_return.done", DAY1, data, "PRT-048", "supplier");
    snprintf(data, sizeof data, one, "B1", "SupX", "OP-2");
    deny(s, "IND", "supplier_return.done", DAY1, data, "PRT-048", "state"); /* not here yet */
    snprintf(data, sizeof data, one, "B1", "SupX", "OP-1");
    say(s, "IND", "supplier_return.done", DAY1, data);
    assert_string_equal(old_state(s, "OP-1"), "disposed");
    assert_int_equal(ledger_line(s, parts_doc_issue, "N1", 1).in_gone, 3);
    deny(s, "IND", "supplier_return.done", DAY1, data, "PRT-048", "state");
    snprintf(data, sizeof data, one, "B2", "SupX", "OP-1");
    deny(s, "IND", "supplier_return.done", DAY1, data, "PRT-048", "state"); /* once */
    stage_close(s);
}

/* ---- PRT-049 ---- */

static void PRT_049_a_claim_without_own_repair(void **state)
{
    (void)state;
    struct stage *s = opened(NO_AGREEMENT);
    deny(s, "GEN", "secondary.opened", DAY1,
         "'secondary_no':'S1','supplier':'SupX','lines':[{'part_no':'PUMP'}]", "PRT-047",
         "missing");
    say(s, "GEN", "secondary.opened", DAY1,
        "'secondary_no':'S1','supplier':'SupX','lines':[{'part_no':'PUMP','qty':1,"
        "'unit_cost':'800.00'}],'freight':'50.00'");
    assert_string_equal(last(s, "secondary.opened", "amount"), "800.00");
    assert_string_equal(end_of(s, "secondary/S1", "secondary.claim"), "open");
    deny(s, "GEN", "secondary.opened", DAY1,
         "'secondary_no':'S2','supplier':'SupX','lines':[{'part_no':'PUMP','qty':1000000000,"
         "'unit_cost':'10000000000.00'}]",
         "PRT-047", "range");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_047_the_amount_follows_the_agreement),
        cmocka_unit_test(PRT_047_a_part_is_claimed_once),
        cmocka_unit_test(PRT_047_several_parts_in_one_claim),
        cmocka_unit_test(PRT_047_sent_answered_settled),
        cmocka_unit_test(PRT_047_claim_within_ten_working_days),
        cmocka_unit_test(PRT_047_an_answer_within_thirty_days),
        cmocka_unit_test(PRT_048_goods_are_cleared_back_to_their_supplier),
        cmocka_unit_test(PRT_049_a_claim_without_own_repair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
