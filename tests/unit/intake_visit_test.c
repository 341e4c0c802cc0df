/* intake_visit_test.c - visits, the web shop, files of customers' sites, kinds of order. Rules
 * INT-091 … INT-094, INT-101 … INT-103. */
#include "tests/unit/intake_contract.h"

/* ---- INT-091 ---- */

#define V1 "'visit_no':'V-1'"
#define PLAN "'visit_no':'V-1','customer':'K1'"
#define DONE "{" V1 ",'record':'r','summary':'s','opinions':'o'}"

static const char *visit_due(struct stage *s)
{
    return last_with(s, "deadline.armed", "name", "visit.planned", "due");
}

static void INT_091_by_the_plan_date(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "visit.planned", "2026-03-02T10:00:00+08:00",
         "{" PLAN ",'due':'2026-03-13','person':'L1','kind':'yearly'}");
    assert_string_equal(visit_due(s), "2026-03-13T16:00:00Z");
    tell(s, "visit.planned", "2026-03-10T10:00:00+08:00", "{" PLAN ",'due':'2026-03-20'}");
    assert_string_equal(visit_due(s), "2026-03-20T16:00:00Z"); /* moved */
    tell(s, "visit.done", "2026-03-20T15:00:00+08:00", DONE);
    assert_int_equal(count_with(s, "deadline.stopped", "name", "visit.planned"), 1);
    assert_int_equal(stage_count(s, LOG, "visit.scheduled"), 0); /* no key customer */
    stage_until(s, "2026-04-10T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    struct rec_row_visit row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(VISIT), key_of(STR("V-1")), &row));
    assert_true(row.state == visit_state_done && str_is(row.opinions, "o"));
    stage_close(s);
}

static void INT_091_not_visited_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "visit.planned", "2026-03-02T10:00:00+08:00", "{" PLAN ",'due':'2026-03-13'}");
    stage_until(s, "2026-04-10T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "visit.planned"), 3);
    tell(s, "visit.done", "2026-04-10T09:00:00+08:00", DONE);
    assert_string_equal(last_with(s, "deadline.stopped", "name", "visit.planned", "late"), "true");
    stage_close(s);
}

static void INT_091_a_key_customer_is_seen_once_a_year(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "visit.planned", "2026-03-02T10:00:00+08:00",
         "{" PLAN ",'due':'2026-03-13','key':'yes','person':'L1'}");
    tell(s, "visit.done", "2026-03-12T15:00:00+08:00", DONE);
    assert_string_equal(stage_last(s, LOG, "visit.scheduled", "visit_no"), "K1/2027-03-12");
    assert_string_equal(stage_last(s, LOG, "visit.scheduled", "person"), "L1");
    assert_string_equal(visit_due(s), "2027-03-12T16:00:00Z");
    tell(s, "visit.done", "2027-03-01T15:00:00+08:00", "{'visit_no':'K1/2027-03-12','record':'r'}");
    assert_string_equal(stage_last(s, LOG, "visit.scheduled", "due"), "2028-03-01");
    stage_close(s);
}

static void INT_091_nothing_is_planned_twice(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "visit.planned", "2026-03-02T10:00:00+08:00",
         "{" PLAN ",'due':'2026-03-13','key':'yes'}");
    tell(s, "visit.planned", "2026-03-02T10:00:00+08:00",
         "{'visit_no':'V-2','customer':'K1','due':'2026-09-14'}");
    tell(s, "visit.done", "2026-03-12T15:00:00+08:00", DONE);
    assert_int_equal(stage_count(s, LOG, "visit.scheduled"), 0); /* V-2 is planned already */
    stage_close(s);
}

static void INT_091_who_becomes_a_key_customer_is_planned_for(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("general", "policy.yaml", "s/^keys:/&\\n  key_customer_visit_months: 6/");
    tell(s, "customer.upserted", "2026-08-31T10:00:00+08:00", "{'customer':'K1','name':'王'}");
    assert_int_equal(stage_count(s, LOG, "visit.scheduled"), 0);
    tell(s, "customer.upserted", "2026-08-31T10:00:00+08:00",
         "{'customer':'K1','name':'王','vip':'yes'}");
    assert_string_equal(stage_last(s, LOG, "visit.scheduled", "due"), "2027-02-28"); /* CV-6 */
    tell(s, "customer.upserted", "2026-09-01T10:00:00+08:00",
         "{'customer':'K1','name':'王','vip':'yes'}");
    assert_int_equal(stage_count(s, LOG, "visit.scheduled"), 1);
    tell(s, "visit.done", "2027-02-01T10:00:00+08:00", "{'visit_no':'K1/2027-02-28','record':'r'}");
    assert_string_equal(stage_last(s, LOG, "visit.scheduled", "due"), "2027-08-01");
    stage_close(s);
}

static void INT_091_unknown_visits_and_missing_records(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    refuse(s, "visit.done", "2026-03-12T15:00:00+08:00", DONE, "INT-091", "unknown_number");
    tell(s, "visit.planned", "2026-03-02T10:00:00+08:00", "{" PLAN ",'due':'2026-03-13'}");
    no_fact("visit.done", "{" V1 "}", NULL); /* no 客戶拜訪記錄 */
    tell(s, "visit.done", "2026-03-12T15:00:00+08:00", DONE);
    refuse(s, "visit.done", "2026-03-12T16:00:00+08:00", DONE, "INT-091", "state");
    refuse(s, "visit.planned", "2026-03-12T16:00:00+08:00", "{" PLAN ",'due':'2026-03-20'}",
           "INT-091", "state");
    no_fact("visit.scheduled", "{" PLAN ",'due':'2026-03-20'}",
            NULL); /* a verdict of the service */
    stage_close(s);
}

#define NOT_MADE "{" V1 ",'by':'S1','reason':'wrong customer'}"

static void INT_091_a_visit_taken_back_reminds_nobody(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    refuse(s, "visit.cancelled", "2026-03-02T10:00:00+08:00", NOT_MADE, "INT-091",
           "unknown_number");
    tell(s, "visit.planned", "2026-03-02T10:00:00+08:00", "{" PLAN ",'due':'2026-03-13'}");
    tell(s, "visit.cancelled", "2026-03-03T10:00:00+08:00", NOT_MADE);
    assert_int_equal(count_with(s, "deadline.dropped", "name", "visit.planned"), 1);
    refuse(s, "visit.done", "2026-03-12T15:00:00+08:00", DONE, "INT-091", "state");
    stage_until(s, "2026-04-10T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    tell(s, "visit.planned", "2026-04-10T10:00:00+08:00", "{" PLAN ",'due':'2026-04-20'}");
    assert_string_equal(visit_due(s), "2026-04-20T16:00:00Z");
    stage_close(s);
}

static void INT_091_a_key_customer_keeps_a_planned_visit(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "visit.planned", "2026-03-02T10:00:00+08:00",
         "{" PLAN ",'due':'2026-03-13','key':'yes'}");
    refuse(s, "visit.cancelled", "2026-03-03T10:00:00+08:00", NOT_MADE, "INT-091", "key_customer");
    tell(s, "visit.planned", "2026-03-03T10:00:00+08:00",
         "{'visit_no':'V-2','customer':'K1','due':'2026-09-14'}");
    tell(s, "visit.cancelled", "2026-03-03T10:01:00+08:00", NOT_MADE);
    tell(s, "visit.planned", "2026-03-03T10:02:00+08:00",
         "{'visit_no':'V-2','customer':'K1','due':'2026-09-14','key':'yes'}");
    refuse(s, "visit.cancelled", "2026-03-03T10:03:00+08:00", "{'visit_no':'V-2','reason':'r'}",
           "INT-091", "key_customer"); /* V-1 does not count any more */
    stage_close(s);
}

/* ---- INT-092 ---- */

static void INT_092_what_an_order_may_be_for(void **state)
{
    (void)state;
    static const char *const kinds[] = {"repair",
                                        "rescue",
                                        "install",
                                        "install_guidance",
                                        "delivery",
                                        "inspection",
                                        "quality",
                                        "value_added",
                                        "routine_maintenance",
                                        "onsite_maintenance",
                                        "trial_fitting",
                                        "visit",
                                        "training",
                                        "desk"};
    struct stage *s = door_open("general");
    char data[200];
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        snprintf(data, sizeof data, "{" FULL ",'order_kind':'%s'}", kinds[i]);
        tell(s, "call.registered", "2026-03-02T10:00:00+08:00", data);
    }
    refuse(s, "call.registered", "2026-03-02T10:00:00+08:00", "{" FULL ",'order_kind':'party'}",
           "INT-092", "unknown_order_kind");
    stage_close(s);
}

/* ---- INT-093, INT-094 ---- */

static void INT_093_thirteen_categories(void **state)
{
    (void)state;
    static const char *const categories[] = {"無網點返回",
                                             "客戶未收到貨",
                                             "丟件,無物流信息",
                                             "錯發、漏發",
                                             "噴頭噴不出來",
                                             "產品碎了",
                                             "客戶原因(電話停機,聯繫不上)",
                                             "件破損客戶拒簽了",
                                             "蓋子裂了",
                                             "產品滲漏",
                                             "發貨後要求修改地址",
                                             "客戶原因(要求換貨)",
                                             "客服原因"};
    assert_int_equal(COUNT_OF(categories), 13);
    struct stage *s = door_open("general");
    char data[300];
    for (size_t i = 0; i < COUNT_OF(categories); i++) {
        snprintf(data, sizeof data, "{'order':'O-%zu','category':'%s'}", i, categories[i]);
        tell(s, "ecom.case_opened", "2026-03-02T10:00:00+08:00", data);
    }
    refuse(s, "ecom.case_opened", "2026-03-02T10:00:00+08:00", "{'order':'O-99','category':'其他'}",
           "INT-093", "unknown_category");
    stage_close(s);
    s = door_open_changed("general", "policy.yaml", "s/^keys:/&\\n  ecom_categories: [其他]/");
    tell(s, "ecom.case_opened", "2026-03-02T10:00:00+08:00", "{'order':'O-1','category':'其他'}");
    refuse(s, "ecom.case_opened", "2026-03-02T10:00:00+08:00",
           "{'order':'O-2','category':'客服原因'}", "INT-093", "unknown_category");
    stage_close(s);
}

static void INT_093_cases_of_an_order_and_what_is_sent_again(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    refuse(s, "ecom.reissued", "2026-03-02T10:00:00+08:00", "{'order':'O-1'}", "INT-093",
           "unknown_number");
    tell(s, "ecom.case_opened", "2026-03-02T10:00:00+08:00",
         "{'order':'O-1','category':'產品碎了'}");
    refuse(s, "ecom.case_opened", "2026-03-02T10:00:00+08:00",
           "{'order':'O-1','category':'蓋子裂了'}", "INT-093", "state"); /* exactly one */
    tell(s, "ecom.case_opened", "2026-03-02T10:00:00+08:00",
         "{'order':'O-1','item':2,'category':'蓋子裂了'}"); /* another problem, another case */
    tell(s, "ecom.reissued", "2026-03-03T10:00:00+08:00",
         "{'order':'O-1','courier':'X','tracking_no':'7'}");
    struct key k = key_of(STR("O-1"));
    key_u8(&k, 0);
    struct rec_row_ecom row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(ECOM), k, &row));
    assert_true(row.state == ecom_state_reissued && str_is(row.category, "產品碎了"));
    stage_close(s);
}

static void INT_093_the_orders_of_a_week(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "ecom.orders_counted", "2026-03-09T10:00:00+08:00",
         "{'unit':'U1','week':'2026-03-02','orders':120}");
    tell(s, "ecom.orders_counted", "2026-03-09T11:00:00+08:00",
         "{'unit':'U1','week':'2026-03-02','orders':121}");
    refuse(s, "ecom.orders_counted", "2026-03-09T10:00:00+08:00",
           "{'unit':'U1','week':'2026-03-03','orders':1}", "INT-093", "not_a_monday");
    struct key k = key_of(STR("U1"));
    int32_t monday = 0;
    assert_int_equal(day_parse(STR("2026-03-02"), &monday), ERR_OK);
    key_day(&k, monday);
    struct rec_row_ecom_week row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(ECOM_WEEK), k, &row));
    assert_int_equal(row.orders, 121);
    stage_close(s);
}

static void INT_094_queries_are_noted(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "ecom.query_answered", "2026-03-02T10:00:00+08:00",
         "{'order':'O-1','courier':'X','question':'where','answer':'on its way'}");
    assert_string_equal(stage_last(s, LOG, "ecom.query_answered", "answer"), "on its way");
    refuse(s, "ecom.query_answered", "2026-03-02T10:00:00+08:00",
           "{'order':'O-1','category':'其他','answer':'a'}", "INT-094", "unknown_category");
    no_fact("ecom.query_answered", "{'order':'O-1'}", NULL);
    stage_close(s);
}

/* ---- INT-101 … INT-103 ---- */

static void INT_101_a_contact_for_every_role(void **state)
{
    (void)state;
    static const char *const roles[] = {"sqe",
                                        "project_engineer",
                                        "product_engineer",
                                        "logistics_engineer",
                                        "incoming_inspection",
                                        "section_leader",
                                        "team_leader",
                                        "operator"};
    struct stage *s = door_open("general");
    char data[200];
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        snprintf(data, sizeof data, "{'site':'F1','role':'%s','name':'n','phone':'1'}", roles[i]);
        tell(s, "contact.upserted", "2026-03-02T10:00:00+08:00", data);
    }
    refuse(s, "contact.upserted", "2026-03-02T10:00:00+08:00",
           "{'site':'F1','role':'cook','name':'n','phone':'1'}", "INT-101", "unknown_role");
    no_fact("contact.upserted", "{'site':'F1','role':'sqe','name':'n'}", NULL); /* no number */
    tell(s, "contact.upserted", "2026-03-03T10:00:00+08:00",
         "{'site':'F1','role':'sqe','name':'m','phone':'2','our_person':'T1','our_phone':'3'}");
    struct key k = key_of(STR("F1"));
    key_str(&k, STR("sqe"));
    key_str(&k, (struct str){0});
    key_str(&k, (struct str){0});
    struct rec_row_contact row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(CONTACT), k, &row));
    assert_true(str_is(row.name, "m") && str_is(row.phone, "2") && str_is(row.our_phone, "3"));
    stage_close(s);
}

static void INT_102_parts_as_they_are_used_at_a_site(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "site_part.upserted", "2026-03-02T10:00:00+08:00",
         "{'site':'F1','part_no':'X-1','name':'護板','place':'door','shop':'assembly',"
         "'section':'2','station':'7'}");
    tell(s, "site_part.upserted", "2026-03-09T10:00:00+08:00",
         "{'site':'F1','part_no':'X-1','name':'護板','defects':[{'name':'scratch'}]}");
    struct key k = key_of(STR("F1"));
    key_str(&k, STR("X-1"));
    struct rec_row_site_part row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(SITE_PART), k, &row));
    assert_true(str_is(row.station, "7") && row.defects.n == 1);
    assert_true(str_is(row.defects.v[0].name, "scratch"));
    stage_close(s);
}

static void INT_103_the_handling_rules_of_a_site(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(
        s, "site.upserted", "2026-03-02T10:00:00+08:00",
        "{'site':'F1','name':'plant 1','calendar':'FULL','process':'call the SQE','safety':'hat'}");
    refuse(s, "site.upserted", "2026-03-02T10:00:00+08:00",
           "{'site':'F1','name':'plant 1','calendar':'MOON'}", "INT-103", "unknown_calendar");
    struct rec_row_site row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(SITE), key_of(STR("F1")), &row));
    assert_true(str_is(row.calendar, "FULL") && str_is(row.unit, "U1"));
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_091_by_the_plan_date),
        cmocka_unit_test(INT_091_not_visited_the_whole_ladder),
        cmocka_unit_test(INT_091_a_key_customer_is_seen_once_a_year),
        cmocka_unit_test(INT_091_nothing_is_planned_twice),
        cmocka_unit_test(INT_091_who_becomes_a_key_customer_is_planned_for),
        cmocka_unit_test(INT_091_unknown_visits_and_missing_records),
        cmocka_unit_test(INT_091_a_visit_taken_back_reminds_nobody),
        cmocka_unit_test(INT_091_a_key_customer_keeps_a_planned_visit),
        cmocka_unit_test(INT_092_what_an_order_may_be_for),
        cmocka_unit_test(INT_093_thirteen_categories),
        cmocka_unit_test(INT_093_cases_of_an_order_and_what_is_sent_again),
        cmocka_unit_test(INT_093_the_orders_of_a_week),
        cmocka_unit_test(INT_094_queries_are_noted),
        cmocka_unit_test(INT_101_a_contact_for_every_role),
        cmocka_unit_test(INT_102_parts_as_they_are_used_at_a_site),
        cmocka_unit_test(INT_103_the_handling_rules_of_a_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
