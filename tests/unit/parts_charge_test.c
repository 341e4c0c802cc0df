/* parts_charge_test.c - what notes cost, charges that reduce it, cards outside the guarantee, and
 * the notes of a month. Rules PRT-018, PRT-066, PRT-067, PRT-069, PRT-071. */
#include "tests/unit/parts_audit_door.h"

#define MARCH day_of(2026, 3, 1)
#define APRIL day_of(2026, 4, 1)

/* ---- PRT-018 ---- */

static void freight(struct stage *s, const char *waybill, const char *amount, const char *more)
{
    say(s, "IND", "freight.billed", "2026-03-09T10:00",
        said("'waybill':'%s','amount':'%s','destination':'Ningbo'%s", waybill, amount, more).text);
    say(s, "IND", "freight.audited", "2026-03-10T10:00",
        said("'waybill':'%s','notice_no':'D','notice_destination':'Ningbo'", waybill).text);
}

/* PRT-EX-19: issued=5400.00; freight_out=80.00; freight_back=40.00; offset=3900.00; charges=800.00;
 * net=820.00. */
static void PRT_018_the_net_cost_of_a_note(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    drawn(s, "N1", "CON", 18, "300.00", "2026-03-02T10:00");
    assert_string_equal(last(s, "charge.reckoned", "net"), "5400.00");
    shipped(s, "N1", "W1", "", "2026-03-02T11:00");
    freight(s, "W1", "80.00", "");
    assert_string_equal(last(s, "charge.reckoned", "net"), "5480.00");
    freight(s, "W2", "40.00", ",'note_no':'N1'");
    assert_string_equal(last(s, "charge.reckoned", "net"), "5520.00");
    used(s, "N1", 13, "2026-03-12T10:00");
    offset(s, "B1", "2026-04-02T10:00");
    assert_string_equal(last(s, "charge.reckoned", "net"), "1620.00");
    say(s, "IND", "charge.offset", "2026-04-03T10:00",
        "'voucher_no':'V1','note_no':'N1','amount':'800.00','by':'accountant'");
    const char *type = "charge.reckoned";
    assert_string_equal(last(s, type, "doc"), "issue");
    assert_string_equal(last(s, type, "doc_no"), "N1");
    assert_string_equal(last(s, type, "unit"), "IND");
    assert_string_equal(last(s, type, "month"), "2026-04-01");
    assert_string_equal(last(s, type, "issued"), "5400.00");
    assert_string_equal(last(s, type, "freight_out"), "80.00");
    assert_string_equal(last(s, type, "freight_back"), "40.00");
    assert_string_equal(last(s, type, "offset"), "3900.00");
    assert_string_equal(last(s, type, "charges"), "800.00");
    assert_string_equal(last(s, type, "net"), "820.00");
    /* Booked in the month in which it happened; the months of the unit sum to its notes. */
    struct rec_row_net_cost march = month_cost(s, "IND", MARCH),
                            april = month_cost(s, "IND", APRIL);
    assert_int_equal(march.issued, 540000);
    assert_int_equal(march.freight_out + march.freight_back, 12000);
    assert_int_equal(march.offset + march.charges, 0);
    assert_int_equal(april.offset, 390000);
    assert_int_equal(april.charges, 80000);
    stage_close(s);
}

static void PRT_018_of_two_notes_the_right_one(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    drawn(s, "N1", "CON", 1, "300.00", "2026-03-02T10:00");
    drawn(s, "N2", "SEAT", 2, "50.00", "2026-03-31T23:59");
    say(s, "IND", "charge.offset", "2026-04-03T10:00",
        "'voucher_no':'V1','note_no':'N2','amount':'120.00'");
    assert_int_equal(cost_of(s, parts_doc_issue, "N1").charges, 0);
    assert_int_equal(cost_of(s, parts_doc_issue, "N2").charges, 12000); /* more than it cost */
    assert_string_equal(last(s, "charge.reckoned", "net"), "-20.00");
    assert_int_equal(month_cost(s, "IND", MARCH).issued, 40000);
    stage_close(s);
}

static void PRT_018_what_cannot_be_offset(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    drawn(s, "N1", "CON", 1, "300.00", "2026-03-02T10:00");
    deny(s, "IND", "charge.offset", "2026-04-03T10:00",
         "'voucher_no':'V1','note_no':'N9','amount':'120.00'", "PRT-018", "unknown_note");
    /* No fee of that call was collected. */
    deny(s, "IND", "charge.offset", "2026-04-03T10:00",
         "'voucher_no':'V1','note_no':'N1','amount':'120.00','call_no':'C1'", "PRT-018", "amount");
    say(s, "IND", "charge.offset", "2026-04-03T10:00",
        "'voucher_no':'V1','note_no':'N1','amount':'10000000000.00'");
    /* A voucher is used once (PRT-071). */
    deny(s, "IND", "charge.offset", "2026-04-03T10:00",
         "'voucher_no':'V1','note_no':'N1','amount':'1.00'", "PRT-018", "state");
    stage_close(s);
}

/* Sums end where an amount ends: a thousand bills of the largest amount fit, one more does not. */
/* What was drawn by requisition costs as what was drawn by note. */
static void PRT_018_a_requisition_is_offset_too(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    say(s, "BUS", "requisition.opened", "2026-03-02T10:00",
        "'requisition_no':'Q1','person':'T1','lines':[{'part_no':'CON','qty':2}]");
    say(s, "BUS", "requisition.approved", "2026-03-02T10:10", "'requisition_no':'Q1','by':'boss'");
    say(s, "BUS", "stock.issued", "2026-03-02T10:20",
        "'requisition_no':'Q1','line':1,'part_no':'CON','qty':2,'unit_cost':'300.00'");
    deny(s, "BUS", "charge.offset", "2026-03-03T10:00",
         "'voucher_no':'V1','note_no':'Q1','amount':'120.00'", "PRT-018", "unknown_note");
    say(s, "BUS", "charge.offset", "2026-03-03T10:00",
        "'voucher_no':'V1','note_no':'Q1','note_kind':'requisition','amount':'120.00'");
    assert_int_equal(cost_of(s, parts_doc_requisition, "Q1").charges, 12000);
    assert_string_equal(last(s, "charge.reckoned", "net"), "480.00");
    say(s, "BUS", "freight.billed", "2026-03-09T10:00",
        "'waybill':'W9','amount':'15.00','note_no':'Q1','note_kind':'requisition'");
    say(s, "BUS", "freight.written_off", "2026-03-09T11:00",
        "'waybill':'W9','signed_handler':'T1','signed_leader':'boss'");
    assert_int_equal(cost_of(s, parts_doc_requisition, "Q1").freight_back, 1500);
    stage_close(s);
}

static void PRT_018_more_than_an_amount_holds(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    drawn(s, "N1", "CON", 1, "300.00", "2026-03-02T10:00");
    for (int i = 0; i < 1000; i++) {
        say(s, "IND", "charge.offset", "2026-04-03T10:00",
            said("'voucher_no':'V%d','note_no':'N1','amount':'10000000000.00'", i).text);
    }
    deny(s, "IND", "charge.offset", "2026-04-03T10:00",
         "'voucher_no':'V','note_no':'N1','amount':'0.01'", "PRT-018", "range");
    stage_close(s);
}

/* ---- a fee that dispatch collected ---- */

/* Call C1 at BUS about a product with twelve months of guarantee. */
static struct stage *call_open(const char *delivered)
{
    struct stage *s = audit_open(true);
    tell(s, "BUS", "product.upserted", "2026-03-02T08:00",
         said("'product':'X1','model':'M1','delivered':'%s'", delivered).text);
    tell(s, "BUS", "call.registered", "2026-03-02T09:00",
         "'call_no':'C1','product':'X1','customer':'M1','customer_name':'Li','address':'Road 1',"
         "'phone':'1','model':'M1','fault':'dead'");
    tell(s, "BUS", "card.returned", "2026-03-03T09:00",
         "'card_no':'K1','technician':'T9','day':'2026-03-02','call_no':'C1'");
    return s;
}

static void collect(struct stage *s, const char *collected, const char *handed_in)
{
    tell(s, "BUS", "fee.collected", "2026-03-02T12:00",
         said("'call_no':'C1','technician':'T9','approved_by':'boss','amount':'%s'", collected)
             .text);
    tell(s, "BUS", "fee.handed_in", "2026-03-03T12:00",
         said("'call_no':'C1','technician':'T9','amount':'%s'", handed_in).text);
    assert_int_equal(stage_count(s, OWNER_dispatch, "fee.handed_in"), 1);
}

static void PRT_018_no_more_than_was_collected(void **state)
{
    (void)state;
    struct stage *s = call_open("2020-01-01");
    drawn(s, "N1", "CON", 1, "300.00", "2026-03-02T10:00");
    collect(s, "120.00", "120.00");
    say(s, "IND", "charge.offset", "2026-03-04T10:00",
        "'voucher_no':'V1','note_no':'N1','amount':'80.00','call_no':'C1'");
    deny(s, "IND", "charge.offset", "2026-03-04T10:00",
         "'voucher_no':'V2','note_no':'N1','amount':'40.01','call_no':'C1'", "PRT-018", "amount");
    say(s, "IND", "charge.offset", "2026-03-04T10:00",
        "'voucher_no':'V2','note_no':'N1','amount':'40.00','call_no':'C1'");
    stage_close(s);
}

/* ---- PRT-066 ---- */

static void PRT_066_charged_on_the_card_and_handed_in(void **state)
{
    (void)state;
    static const struct {
        const char *collected, *handed_in, *says;
        const char *finding; /* "" = agreed */
    } rows[] = {
        {"120.00", "120.00", "'card_fee':'120.00','user_says':'120.00','sales_says':'120.00'", ""},
        {"120.00", "120.00", "'card_fee':'120.00','user_says':'150.00','sales_says':'120.00'",
         "charged"},
        {"120.00", "120.00", "'card_fee':'120.00','user_says':'120.00','sales_says':'100.00'",
         "sales"},
        {"120.00", "100.00", "'card_fee':'120.00','user_says':'120.00','sales_says':'120.00'",
         "handed_in"},
        /* The auditor names another amount than the accountant has. */
        {"120.00", "120.00",
         "'card_fee':'120.00','user_says':'120.00','sales_says':'120.00','handed_in':'90.00'",
         "handed_in"},
        {"", "", "'card_fee':'0.00','user_says':'0.00','sales_says':'0.00'", "no_reason"},
        {"", "", "'card_fee':'0.00','user_says':'0.00','sales_says':'0.00','reason':'goodwill'",
         ""},
        {"", "", "'card_fee':'120.00','user_says':'120.00','sales_says':'120.00'", "handed_in"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = call_open("2020-01-01");
        if (rows[i].collected[0]) collect(s, rows[i].collected, rows[i].handed_in);
        say(s, "IND", "audit.paid_card", "2026-03-10T10:00",
            said("'card_no':'K1',%s", rows[i].says).text);
        bool agreed = rows[i].finding[0] == 0;
        assert_int_equal(count(s, "audit.fee_mismatch"), !agreed);
        if (strcmp(last(s, "audit.fee_mismatch", "finding"), rows[i].finding))
            fail_msg("row %zu: %s", i, last(s, "audit.fee_mismatch", "finding"));
        if (!agreed) {
            assert_string_equal(last(s, "audit.fee_mismatch", "technician"), "T9");
            assert_string_equal(last(s, "audit.fee_mismatch", "call_no"), "C1");
        }
        stage_close(s);
    }
}

static void PRT_066_what_is_not_asked_about(void **state)
{
    (void)state;
    static const char same[] =
        "'card_fee':'120.00','user_says':'120.00','sales_says':'120.00','card_no'";
    struct stage *s = call_open("2026-01-01");
    deny(s, "IND", "audit.paid_card", "2026-03-10T10:00", said("%s:'K9'", same).text, "PRT-066",
         "unknown_card");
    deny(s, "IND", "audit.paid_card", "2026-03-10T10:00", said("%s:'K1'", same).text, "PRT-066",
         "inside_guarantee");
    stage_close(s);
    s = call_open("2020-01-01");
    say(s, "IND", "audit.paid_card", "2026-03-10T10:00", said("%s:'K1'", same).text);
    deny(s, "IND", "audit.paid_card", "2026-03-10T11:00", said("%s:'K1'", same).text, "PRT-066",
         "state"); /* a card is used once (PRT-071) */
    /* Taken back by the head of department, it stays visible (PRT-069). */
    say(s, "IND", "audit.reversed", "2026-03-11T10:00",
        "'subject':'paid_card','ref':'K1','by':'H1','reason':'paid by transfer'");
    assert_string_equal(last(s, "audit.reversed", "person"), "T9");
    assert_int_equal(count(s, "audit.fee_mismatch"), 1);
    deny(s, "IND", "audit.reversed", "2026-03-11T10:00",
         "'subject':'paid_card','ref':'K1','by':'H1','reason':'again'", "PRT-069",
         "unknown_decision");
    stage_close(s);
}

/* ---- PRT-067 ---- */

#define NOTES "notes/IND/2026-03-01"

static const char *difference(struct stage *s, size_t i, const char *field)
{
    size_t n = count(s, "audit.parts");
    const json_t *data = json_object_get(stage_nth(s, OWNER_parts, "audit.parts", n - 1), "data");
    const json_t *line = json_array_get(json_object_get(data, "differences"), i);
    const json_t *v = json_object_get(line, field);
    static char text[40];
    if (json_is_integer(v)) snprintf(text, sizeof text, "%lld", (long long)json_integer_value(v));
    return json_is_integer(v) ? text : v ? json_string_value(v) : "";
}

#define OF_N1 "'note_no':'N1','line':1"

/* Of ten drawn 5 are used, 3 come back unused and 2 are lost: nothing is open. */
static void PRT_067_what_was_drawn_and_not_used(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    drawn(s, "N1", "CON", 10, "300.00", "2026-03-02T10:00");
    used(s, "N1", 5, "2026-03-03T10:00");
    offset(s, "B1", "2026-03-04T10:00");
    assert_string_equal(last(s, "charge.reckoned", "issued"), "3000.00");
    say(s, "IND", "stock.returned_unused", "2026-03-05T10:00",
        OF_N1 ",'part_no':'CON','qty':3,'store':'IND'");
    assert_string_equal(last(s, "charge.reckoned", "issued"), "2100.00");
    say(s, "IND", "stock.written_off", "2026-03-06T10:00", OF_N1 ",'lost':2,'document':'D1'");
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_issue, "N1", 1);
    assert_int_equal(l.in_hand, 0);
    assert_int_equal(l.back, 3);
    assert_int_equal(l.in_lost, 2);
    until(s, "2026-04-06T00:01");
    static const char *const sums[][2] = {
        {"agreed", "1"}, {"issued", "10"}, {"used", "5"}, {"unused", "3"}, {"lost", "2"}};
    for (size_t i = 0; i < COUNT_OF(sums); i++)
        assert_string_equal(last(s, "audit.parts", sums[i][0]), sums[i][1]);
    assert_string_equal(last(s, "audit.parts", "open"), "0");
    stage_close(s);
}

static void PRT_067_unhappy_ends_of_what_was_drawn(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    drawn(s, "N1", "CON", 2, "300.00", "2026-03-02T10:00");
    static const struct {
        const char *type, *data, *rule, *code;
    } rows[] = {
        {"stock.returned_unused", "'line':1,'part_no':'CON','qty':1", "PRT-040", "missing"},
        {"stock.written_off", "'line':1,'lost':1,'document':'D'", "PRT-040", "missing"},
        {"stock.returned_unused", OF_N1 ",'requisition_no':'R1','part_no':'CON','qty':1", "PRT-040",
         "missing"},
        {"stock.returned_unused", "'note_no':'N9','line':1,'part_no':'CON','qty':1", "PRT-067",
         "unknown_number"},
        {"stock.returned_unused", "'note_no':'N1','line':2,'part_no':'CON','qty':1", "PRT-067",
         "unknown_line"},
        {"stock.returned_unused", OF_N1 ",'part_no':'SEAT','qty':1", "PRT-067", "part_no"},
        {"stock.returned_unused", OF_N1 ",'part_no':'CON','qty':3", "PRT-067", "balance"},
        {"stock.written_off", OF_N1 ",'lost':3,'document':'D'", "PRT-067", "balance"},
        {"stock.written_off", OF_N1 ",'lost':1", "PRT-040", "no_document"},
        {"stock.written_off", OF_N1 ",'used':1,'report':'R'", "PRT-040", "lost"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        deny(s, "IND", rows[i].type, "2026-03-03T10:00", rows[i].data, rows[i].rule, rows[i].code);
    stage_close(s);
}

static void PRT_067_the_notes_of_a_month(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    drawn(s, "N1", "CON", 5, "300.00", "2026-03-02T10:00"); /* 3 used, 2 in hand */
    drawn(s, "N2", "CON", 2, "300.00", "2026-03-03T10:00"); /* used, and back */
    drawn(s, "N3", "SEAT", 4, "50.00", "2026-03-31T23:00"); /* used, none wanted */
    drawn(s, "N4", "CON", 1, "300.00", "2026-03-31T23:00"); /* used, lost with a document */
    drawn(s, "N6", "CON", 1, "300.00", "2026-03-31T23:00"); /* used, its old part is owed */
    drawn(s, "N5", "CON", 9, "300.00", "2026-04-01T00:00"); /* April's */
    due_is(s, NOTES, "audit.month", "2026-04-06T00:00");
    used(s, "N2", 2, "2026-03-04T10:00");
    offset(s, "B1", "2026-03-20T10:00");
    used(s, "N3", 4, "2026-04-01T10:00");
    used(s, "N4", 1, "2026-04-01T10:00");
    say(s, "IND", "oldpart.lost", "2026-04-02T10:00",
        said("'old_no':'%s','gap':'lost','document':'D1','reason':'stolen','approved_by':'boss'",
             last(s, "oldpart.expected", "old_no"))
            .text);
    used(s, "N1", 3, "2026-04-02T10:00");
    used(s, "N6", 1, "2026-04-02T10:00");
    until(s, "2026-04-06T00:00");
    assert_int_equal(count(s, "audit.parts"), 0);
    until(s, "2026-04-06T00:01");
    assert_int_equal(count(s, "audit.parts"), 1);
    static const struct {
        const char *field, *value;
    } sums[] = {
        {"unit", "IND"}, {"month", "2026-03-01"}, {"lines", "5"}, {"agreed", "3"}, {"issued", "13"},
        {"used", "10"},  {"unused", "0"},         {"lost", "1"},  {"open", "2"},   {"owed", "4"}};
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        if (strcmp(last(s, "audit.parts", sums[i].field), sums[i].value)) {
            fail_msg("%s: %s, not %s", sums[i].field, last(s, "audit.parts", sums[i].field),
                     sums[i].value);
        }
    }
    assert_string_equal(difference(s, 0, "doc_no"), "N1");
    assert_string_equal(difference(s, 0, "issued"), "5");
    assert_string_equal(difference(s, 0, "used"), "3");
    assert_string_equal(difference(s, 0, "open"), "2");
    assert_string_equal(difference(s, 0, "owed"), "3");
    assert_string_equal(difference(s, 1, "doc_no"), "N6");
    assert_string_equal(difference(s, 1, "owed"), "1");
    assert_string_equal(difference(s, 2, "doc_no"), "");
    assert_string_equal(end_of(s, NOTES, "audit.month"), "cancelled");
    assert_int_equal(reminders(s, "audit.month"), 0);
    until(s, "2026-05-06T00:01");
    assert_int_equal(count(s, "audit.parts"), 2);
    assert_string_equal(last(s, "audit.parts", "open"), "9");
    stage_close(s);
}

/* Spare parts of BUS by requisition: 5 = 4 + 1. */
static void PRT_067_a_requisition_with_unused_parts(void **state)
{
    (void)state;
    struct stage *s = audit_open(false);
    say(s, "BUS", "requisition.opened", "2026-03-02T10:00",
        "'requisition_no':'R1','person':'T1','lines':[{'part_no':'CON','qty':5}]");
    say(s, "BUS", "requisition.approved", "2026-03-02T10:00", "'requisition_no':'R1','by':'boss'");
    say(s, "BUS", "stock.issued", "2026-03-02T10:00",
        "'requisition_no':'R1','line':1,'part_no':'CON','qty':5,'unit_cost':'300.00'");
    assert_int_equal(cost_of(s, parts_doc_requisition, "R1").issued, 150000);
    say(s, "BUS", "stock.returned_unused", "2026-03-04T10:00",
        "'requisition_no':'R1','line':1,'part_no':'CON','qty':1");
    assert_int_equal(cost_of(s, parts_doc_requisition, "R1").issued, 120000);
    say(s, "BUS", "part.used", "2026-03-03T10:00",
        "'doc':'requisition','doc_no':'R1','line':1,'qty':4,'reason':'burnt','name':'part',"
        "'person':'T1','report':'S1','user_signed':'yes','leader_ok':'yes','old_part_qty':4");
    say(s, "BUS", "oldpart.returned", "2026-03-05T10:00",
        said("'old_no':'%s'", last(s, "oldpart.expected", "old_no")).text);
    until(s, "2026-04-06T00:01");
    assert_string_equal(last(s, "audit.parts", "unit"), "BUS");
    assert_string_equal(last(s, "audit.parts", "issued"), "5");
    assert_string_equal(last(s, "audit.parts", "used"), "4");
    assert_string_equal(last(s, "audit.parts", "unused"), "1");
    assert_string_equal(last(s, "audit.parts", "agreed"), "1");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_018_the_net_cost_of_a_note),
        cmocka_unit_test(PRT_018_of_two_notes_the_right_one),
        cmocka_unit_test(PRT_018_what_cannot_be_offset),
        cmocka_unit_test(PRT_018_a_requisition_is_offset_too),
        cmocka_unit_test(PRT_018_more_than_an_amount_holds),
        cmocka_unit_test(PRT_018_no_more_than_was_collected),
        cmocka_unit_test(PRT_066_charged_on_the_card_and_handed_in),
        cmocka_unit_test(PRT_066_what_is_not_asked_about),
        cmocka_unit_test(PRT_067_what_was_drawn_and_not_used),
        cmocka_unit_test(PRT_067_unhappy_ends_of_what_was_drawn),
        cmocka_unit_test(PRT_067_the_notes_of_a_month),
        cmocka_unit_test(PRT_067_a_requisition_with_unused_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
