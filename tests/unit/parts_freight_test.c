/* parts_freight_test.c - freight and postage: audited against the shipping notice, or written off
 * with two signatures, and booked once to the document whose waybill the bill names. Rules PRT-019,
 * PRT-020, PRT-069, PRT-071, PRT-076. */
#include "tests/unit/parts_audit_door.h"

static struct rec_row_freight bill(struct stage *s, const char *waybill)
{
    struct rec_row_freight row = {0};
    assert_true(row_at(s, PARTS_FREIGHT, key_of(str_of(waybill)), &row));
    return row;
}

static const char *bill_state(struct stage *s, const char *waybill)
{
    return code_word(&codes_freight_state, bill(s, waybill).state);
}

#define BILL(waybill, to) "'waybill':'" waybill "','amount':'85.00','destination':'" to "'"
#define AUDIT(waybill) "'waybill':'" waybill "','by':'A1'"

/* Note N1 went to Ningbo under waybill W1. */
static struct stage *note_open(const char *more)
{
    struct stage *s = audit_open(false);
    drawn(s, "N1", "CON", 2, "100.00", "2026-03-02T10:00");
    shipped(s, "N1", "W1", more, "2026-03-02T11:00");
    return s;
}
#define NINGBO ",'notice_no':'D1','destination':'Ningbo'"

static void PRT_019_the_bill_against_notice_and_destination(void **state)
{
    (void)state;
    static const struct {
        const char *id, *shipped, *bill, *audit;
        const char *state;
        int64_t paid;
    } rows[] = {
        {"PRT-EX-30", NINGBO, BILL("W1", "Hangzhou"), AUDIT("W1"), "rejected", 0},
        {"agrees", NINGBO, BILL("W1", "Ningbo"), AUDIT("W1"), "audited", 8500},
        {"agrees, as he says", NINGBO, BILL("W1", "Ningbo"), AUDIT("W1") ",'match':'yes'",
         "audited", 8500},
        {"he sees more", NINGBO, BILL("W1", "Ningbo"), AUDIT("W1") ",'match':'no'", "rejected", 0},
        {"no notice", ",'destination':'Ningbo'", BILL("W1", "Ningbo"), AUDIT("W1"), "rejected", 0},
        {"the audit names it", "", BILL("W1", "Ningbo"),
         AUDIT("W1") ",'notice_no':'D1','notice_destination':'Ningbo'", "audited", 8500},
        {"the notice decides", NINGBO, BILL("W1", "Ningbo"),
         AUDIT("W1") ",'notice_destination':'Hangzhou'", "rejected", 0},
        {"bill without destination", NINGBO, "'waybill':'W1','amount':'85.00'", AUDIT("W1"),
         "rejected", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = note_open(rows[i].shipped);
        say(s, "IND", "freight.billed", "2026-03-09T10:00", rows[i].bill);
        say(s, "IND", "freight.audited", "2026-03-10T10:00", rows[i].audit);
        bool paid = rows[i].paid > 0;
        if (strcmp(bill_state(s, "W1"), rows[i].state)) fail_msg("%s", rows[i].id);
        assert_int_equal(bill(s, "W1").paid, rows[i].paid);
        assert_string_equal(last(s, "freight.audited", "match"), paid ? "yes" : "no");
        assert_int_equal(count(s, "freight.rejected"), !paid);
        assert_int_equal(count(s, "freight.booked"), paid);
        assert_int_equal(cost_of(s, parts_doc_issue, "N1").freight_out, rows[i].paid);
        if (!paid) assert_string_equal(last(s, "freight.rejected", "amount"), "85.00");
        stage_close(s);
    }
}

static void PRT_019_what_cannot_be_audited(void **state)
{
    (void)state;
    struct stage *s = note_open(NINGBO);
    deny(s, "IND", "freight.audited", "2026-03-10T10:00", AUDIT("W1"), "PRT-019", "unknown_number");
    say(s, "IND", "freight.billed", "2026-03-09T10:00", BILL("W1", "Hangzhou"));
    deny(s, "IND", "freight.audited", "2026-03-10T10:00", AUDIT("W1") ",'match':'yes'", "PRT-019",
         "match");
    assert_string_equal(bill_state(s, "W1"), "billed");
    /* Under freight: audited two signatures are not enough. */
    deny(s, "IND", "freight.written_off", "2026-03-10T10:00",
         "'waybill':'W1','signed_handler':'A','signed_leader':'B'", "PRT-020", "freight");
    stage_close(s);
}

/* A list of BUS that went to its maker under W5. */
static void claims_list(struct stage *s)
{
    say(s, "BUS", "claimlist.packed", "2026-03-02T09:00",
        "'list_no':'L1','unit':'BUS','date':'2026-03-02','packer':'P','prepared_by':'Z',"
        "'manager':'M','stamped':'yes','lines':[{'part_no':'A','qty':1}]");
    say(s, "BUS", "claimlist.shipped", "2026-03-02T09:00", "'list_no':'L1','waybill':'W5'");
}

static void PRT_020_two_signatures(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    claims_list(s);
    say(s, "BUS", "freight.billed", "2026-03-09T10:00", BILL("W5", "Ningbo"));
    deny(s, "BUS", "freight.written_off", "2026-03-10T10:00",
         "'waybill':'W5','signed_handler':'A','signed_leader':'A'", "PRT-020", "same_person");
    deny(s, "BUS", "freight.audited", "2026-03-10T10:00", AUDIT("W5"), "PRT-019", "freight");
    const struct shape *form = shape_ev_freight_written_off();
    assert_true(shape_field(form, STR("signed_handler"))->must);
    assert_true(shape_field(form, STR("signed_leader"))->must);
    say(s, "BUS", "freight.written_off", "2026-03-10T10:00",
        "'waybill':'W5','signed_handler':'A','signed_leader':'B'");
    assert_string_equal(bill_state(s, "W5"), "written_off");
    assert_int_equal(bill(s, "W5").paid, 8500);
    /* A claims list goes back to the maker. */
    assert_string_equal(last(s, "freight.booked", "doc"), "claimlist");
    assert_string_equal(last(s, "freight.booked", "doc_no"), "L1");
    assert_string_equal(last(s, "freight.booked", "direction"), "back");
    assert_int_equal(cost_of(s, parts_doc_claimlist, "L1").freight_back, 8500);
    assert_int_equal(month_cost(s, "BUS", day_of(2026, 3, 1)).freight_back, 8500);
    stage_close(s);
}

static void PRT_076_a_bill_is_booked_once(void **state)
{
    (void)state;
    struct stage *s = note_open(NINGBO);
    say(s, "IND", "freight.billed", "2026-03-09T10:00", BILL("W1", "Ningbo"));
    deny(s, "IND", "freight.billed", "2026-03-09T11:00", BILL("W1", "Ningbo"), "PRT-076", "state");
    say(s, "IND", "freight.audited", "2026-03-10T10:00", AUDIT("W1"));
    deny(s, "IND", "freight.audited", "2026-03-10T11:00", AUDIT("W1"), "PRT-019", "state");
    assert_int_equal(cost_of(s, parts_doc_issue, "N1").freight_out, 8500);
    /* Another note under the same waybill: the first one has it. */
    drawn(s, "N2", "CON", 1, "100.00", "2026-03-11T10:00");
    shipped(s, "N2", "W1", NINGBO, "2026-03-11T11:00");
    assert_int_equal(cost_of(s, parts_doc_issue, "N2").freight_out, 0);
    stage_close(s);
}

static void PRT_076_whose_waybill_it_is(void **state)
{
    (void)state;
    struct stage *s = note_open(NINGBO);
    /* The bill came first. */
    say(s, "IND", "freight.billed", "2026-03-03T10:00", BILL("W2", "Ningbo"));
    drawn(s, "N2", "CON", 1, "100.00", "2026-03-04T10:00");
    shipped(s, "N2", "W2", NINGBO, "2026-03-04T11:00");
    say(s, "IND", "freight.audited", "2026-03-10T10:00", AUDIT("W2"));
    assert_int_equal(cost_of(s, parts_doc_issue, "N2").freight_out, 8500);
    /* Nobody's. */
    say(s, "IND", "freight.billed", "2026-03-03T10:00", BILL("W3", "Ningbo"));
    say(s, "IND", "freight.audited", "2026-03-10T10:00",
        AUDIT("W3") ",'notice_no':'D3','notice_destination':'Ningbo'");
    assert_string_equal(bill_state(s, "W3"), "rejected");
    say(s, "BUS", "freight.billed", "2026-03-03T10:00", BILL("W4", "Ningbo"));
    deny(s, "BUS", "freight.written_off", "2026-03-10T10:00",
         "'waybill':'W4','signed_handler':'A','signed_leader':'B'", "PRT-020", "unknown_document");
    /* Old parts that come back: the bill names their note. */
    say(s, "IND", "freight.billed", "2026-03-03T10:00", BILL("W6", "Works") ",'note_no':'N1'");
    say(s, "IND", "freight.audited", "2026-03-10T10:00",
        AUDIT("W6") ",'notice_no':'D6','notice_destination':'Works'");
    assert_int_equal(cost_of(s, parts_doc_issue, "N1").freight_back, 8500);
    deny(s, "IND", "freight.billed", "2026-03-03T10:00", BILL("W7", "Works") ",'note_no':'N9'",
         "PRT-076", "unknown_note");
    stage_close(s);
}

static void PRT_069_a_rejected_bill_is_paid_all_the_same(void **state)
{
    (void)state;
    struct stage *s = note_open(NINGBO);
    say(s, "IND", "freight.billed", "2026-03-09T10:00", BILL("W1", "Hangzhou"));
    say(s, "IND", "freight.audited", "2026-03-10T10:00", AUDIT("W1"));
    deny(s, "IND", "freight.billed", "2026-03-11T10:00", BILL("W1", "Ningbo"), "PRT-076", "state");
    say(s, "IND", "audit.reversed", "2026-03-12T10:00",
        "'subject':'freight','ref':'W1','by':'H1','reason':'sent on from Hangzhou'");
    assert_string_equal(last(s, "audit.reversed", "amount"), "85.00");
    assert_string_equal(bill_state(s, "W1"), "audited");
    assert_int_equal(cost_of(s, parts_doc_issue, "N1").freight_out, 8500);
    assert_int_equal(count(s, "freight.rejected"), 1);
    deny(s, "IND", "audit.reversed", "2026-03-13T10:00",
         "'subject':'freight','ref':'W1','by':'H1','reason':'again'", "PRT-069",
         "unknown_decision");
    /* A bill of nobody's has no document to be booked to. */
    say(s, "IND", "freight.billed", "2026-03-09T10:00", BILL("W3", "Ningbo"));
    say(s, "IND", "freight.audited", "2026-03-10T10:00", AUDIT("W3"));
    deny(s, "IND", "audit.reversed", "2026-03-13T10:00",
         "'subject':'freight','ref':'W3','by':'H1','reason':'pay'", "PRT-069", "unknown_document");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_019_the_bill_against_notice_and_destination),
        cmocka_unit_test(PRT_019_what_cannot_be_audited),
        cmocka_unit_test(PRT_020_two_signatures),
        cmocka_unit_test(PRT_076_a_bill_is_booked_once),
        cmocka_unit_test(PRT_076_whose_waybill_it_is),
        cmocka_unit_test(PRT_069_a_rejected_bill_is_paid_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
