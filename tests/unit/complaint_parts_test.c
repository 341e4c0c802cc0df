/* complaint_parts_test.c - what the log of parts brings to a case and a quality issue. Rules
 * CMP-015, CMP-086, CMP-101, CMP-118. */
#include "services/complaint/complaint.h"
#include "tests/unit/parts_old_door.h"

/* The house with complaint behind parts; its policy has departments and the parts policies. */
static struct stage *house(void)
{
    static const struct service *const services[] = {&intake_service, &parts_service,
                                                     &complaint_service, &escalation_service};
    struct stage *s = old_house(services, COUNT_OF(services), "");
    catalogue(s);
    return s;
}

static bool attached(struct stage *s, uint8_t cites, const char *no, const char *old_no,
                     struct rec_row_complaint_oldpart *row)
{
    struct key k = {.n = 0};
    key_u8(&k, cites);
    key_str(&k, str_of(no));
    key_str(&k, str_of(old_no));
    return stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_OLDPART], k, row);
}

static struct rec_row_complaint case_row(struct stage *s, const char *no)
{
    struct rec_row_complaint row;
    assert_true(
        stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_CASE], key_of(str_of(no)), &row));
    return row;
}

#define LATER "2026-03-02T11:00" /* what is told at an instant is read when it is over */
#define CASE "'case_no':'C1','kind':'goods','customer':'K1','product':'PCB'"

static void CMP_118_the_analysis_stands_with_case_and_issue(void **state)
{
    (void)state;
    struct rec_row_complaint_oldpart row;
    struct stage *s = house();
    tell(s, "GEN", "complaint.received", DAY1, CASE);
    assert_int_equal(stage_count(s, OWNER_complaint, "complaint.received"), 1);
    used(s, "IND", "N1", "CON", 1, "460.00", DAY1);
    inspected(s, "OP-1", DAY1);
    old_act(s, "oldpart.analysed", "OP-1", DAY1,
            "'cause':'coil burnt','liable':'supplier','led_by':'head','case_no':'C1',"
            "'quality_no':'Q1'");
    until(s, LATER);
    assert_true(attached(s, 1, "C1", "OP-1", &row));
    assert_true(str_is(row.cause, "coil burnt") && str_is(row.supplier, "SupX"));
    assert_int_equal(row.liable, oldpart_liable_supplier);
    assert_int_equal(row.analysed_at, instant(DAY1));
    assert_true(attached(s, 2, "Q1", "OP-1", &row));
    assert_true(str_is(row.led_by, "head"));
    used(s, "IND", "N2", "CON", 1, "460.00", DAY1);
    analysed(s, "OP-2", DAY1, "own"); /* cites nothing */
    assert_false(attached(s, 1, "", "OP-2", &row));
    used(s, "IND", "N3", "CON", 1, "460.00", DAY1);
    inspected(s, "OP-3", DAY1);
    old_act(s, "oldpart.analysed", "OP-3", DAY1, "'cause':'x','liable':'own','case_no':'C9'");
    until(s, "2026-03-02T12:00");
    assert_true(attached(s, 1, "C9", "OP-3", &row)); /* the case may be told later */
    stage_close(s);
}

static void CMP_015_money_recovered_from_the_supplier(void **state)
{
    (void)state;
    struct stage *s = house();
    tell(s, "GEN", "complaint.received", DAY1, CASE);
    used(s, "IND", "N1", "CON", 3, "460.00", DAY1);
    inspected(s, "OP-1", DAY1);
    old_act(s, "oldpart.analysed", "OP-1", DAY1,
            "'cause':'coil','liable':'supplier','case_no':'C1'");
    say(s, "IND", "secondary.sent", DAY1, "'secondary_no':'SC-OP-1'");
    say(s, "IND", "secondary.accepted", DAY1, "'secondary_no':'SC-OP-1'");
    assert_int_equal(case_row(s, "C1").recovered, 0);
    say(s, "IND", "secondary.settled", DAY1, "'secondary_no':'SC-OP-1','amount':'1000.00'");
    until(s, LATER);
    assert_int_equal(case_row(s, "C1").recovered, 100000);
    say(s, "IND", "secondary.settled", DAY1, "'secondary_no':'SC-OP-1','amount':'350.00'");
    until(s, "2026-03-02T12:00");
    assert_int_equal(case_row(s, "C1").recovered, 135000);
    say(s, "IND", "secondary.opened", DAY1,
        "'secondary_no':'S9','supplier':'SupX','lines':[{'part_no':'P','qty':1,"
        "'unit_cost':'9.00'}]"); /* of no case */
    say(s, "IND", "secondary.sent", DAY1, "'secondary_no':'S9'");
    say(s, "IND", "secondary.accepted", DAY1, "'secondary_no':'S9'");
    say(s, "IND", "secondary.settled", DAY1, "'secondary_no':'S9','amount':'9.00'");
    until(s, "2026-03-02T13:00");
    assert_int_equal(case_row(s, "C1").recovered, 135000);
    stage_close(s);
}

/* ---- goods that customers return ---- */

static struct rec_row_quality issue(struct stage *s, const char *no)
{
    struct rec_row_quality row;
    assert_true(stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_QUALITY],
                          key_of(str_of(no)), &row));
    return row;
}

static bool goods(struct stage *s, uint8_t cites, const char *no, const char *return_no,
                  struct rec_row_complaint_goods *row)
{
    struct key k = {.n = 0};
    key_u8(&k, cites);
    key_str(&k, str_of(no));
    key_str(&k, str_of(return_no));
    return stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_GOODS], k, row);
}

static const char *arranged(struct stage *s, size_t i, const char *field)
{
    return stage_field(s, OWNER_complaint, "quality.return_arranged", i, field);
}

#define RETURN(no)                                                                                 \
    "'return_no':'" no "','customer':'K1','reason':'cracked','lines':"                             \
    "[{'part_no':'A','qty':3},{'part_no':'B','qty':2}]"

static void CMP_101_a_return_is_linked_to_its_issue(void **state)
{
    (void)state;
    struct rec_row_complaint_goods row;
    struct stage *s = house();
    tell(s, "GEN", "quality.reported", DAY1, "'quality_no':'Q1','customer':'K1'");
    say(s, "PLANT", "customer_return.opened", DAY1, RETURN("R1") ",'quality_no':'Q1'");
    until(s, LATER);
    assert_int_equal(stage_count(s, OWNER_complaint, "quality.return_arranged"), 1);
    assert_string_equal(arranged(s, 0, "quality_no"), "Q1");
    assert_string_equal(arranged(s, 0, "slip_no"), "R1"); /* the note is the slip */
    assert_string_equal(arranged(s, 0, "qty"), "5");
    assert_string_equal(arranged(s, 0, "by_unit"), "PLANT");
    assert_true(str_is(issue(s, "Q1").slip_no, "R1"));
    assert_int_equal(issue(s, "Q1").return_arranged_at, instant(DAY1));
    assert_true(goods(s, 2, "Q1", "R1", &row));
    assert_true(row.linked && row.qty == 5 && str_is(row.customer, "K1"));
    tell(s, "GEN", "quality.reported", LATER, "'quality_no':'Q2','customer':'K1'");
    tell(s, "GEN", "quality.return_arranged", LATER, "'quality_no':'Q2','slip_no':'S7'");
    say(s, "PLANT", "customer_return.opened", "2026-03-02T11:30",
        RETURN("R2") ",'quality_no':'Q2','slip_no':'S7'"); /* a person told it already */
    until(s, "2026-03-02T12:00");
    assert_int_equal(stage_count(s, OWNER_complaint, "quality.return_arranged"), 2);
    assert_true(goods(s, 2, "Q2", "R2", &row) && row.linked);
    stage_close(s);
}

/* The goods are back before the issue is reported; found on patrol is not reported. */
static void CMP_101_a_return_waits_for_its_issue(void **state)
{
    (void)state;
    struct rec_row_complaint_goods row;
    struct stage *s = house();
    tell(s, "GEN", "quality.observed", DAY1,
         "'quality_no':'Q1','customer':'K1','first_analysis':'rust'");
    say(s, "PLANT", "customer_return.opened", DAY1, RETURN("R1") ",'quality_no':'Q1'");
    say(s, "PLANT", "customer_return.opened", DAY1, RETURN("R2") ",'quality_no':'Q2'");
    until(s, LATER);
    assert_true(goods(s, 2, "Q1", "R1", &row) && !row.linked);
    assert_int_equal(stage_count(s, OWNER_complaint, "quality.return_arranged"), 0);
    tell(s, "GEN", "quality.reported", LATER, "'quality_no':'Q1','customer':'K1'");
    tell(s, "GEN", "quality.reported", LATER, "'quality_no':'Q2','customer':'K1'");
    until(s, "2026-03-02T12:00");
    assert_int_equal(stage_count(s, OWNER_complaint, "quality.return_arranged"), 2);
    assert_true(str_is(issue(s, "Q1").slip_no, "R1"));
    assert_true(str_is(issue(s, "Q2").slip_no, "R2"));
    assert_int_equal(issue(s, "Q2").return_arranged_at, instant(DAY1));
    assert_true(goods(s, 2, "Q2", "R2", &row) && row.linked);
    stage_close(s);
}

static void CMP_086_a_return_carries_the_number_of_its_case(void **state)
{
    (void)state;
    struct rec_row_complaint_goods row;
    struct stage *s = house();
    tell(s, "GEN", "complaint.received", DAY1, CASE);
    say(s, "PLANT", "customer_return.opened", DAY1, RETURN("R1") ",'case_no':'C1'");
    say(s, "PLANT", "customer_return.opened", DAY1, RETURN("R2") ",'case_no':'C9'");
    say(s, "PLANT", "customer_return.opened", DAY1, RETURN("R3")); /* of neither */
    until(s, LATER);
    assert_true(goods(s, 1, "C1", "R1", &row) && row.linked);
    assert_true(goods(s, 1, "C9", "R2", &row) && !row.linked); /* the case may be told later */
    assert_false(goods(s, 1, "", "R3", &row) || goods(s, 2, "", "R3", &row));
    assert_int_equal(stage_count(s, OWNER_complaint, "quality.return_arranged"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_118_the_analysis_stands_with_case_and_issue),
        cmocka_unit_test(CMP_015_money_recovered_from_the_supplier),
        cmocka_unit_test(CMP_101_a_return_is_linked_to_its_issue),
        cmocka_unit_test(CMP_101_a_return_waits_for_its_issue),
        cmocka_unit_test(CMP_086_a_return_carries_the_number_of_its_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
