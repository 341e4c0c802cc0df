/* intake_vip_test.c - VIP customers: their list, their turns, their cards. Rules INT-081, CV-6. */
#include "tests/unit/intake_fixture.h"

#define CARD "{'card_no':'V-1','customer':'M','technician':'T1'}"

static const char *turn_of(struct stage *s, const char *customer)
{
    char case_no[64];
    snprintf(case_no, sizeof case_no, "vip/%s", customer);
    return last_with(s, "deadline.armed", "case_no", case_no, "due");
}

static struct stage *listed(const char *time, const char *customers)
{
    char data[300];
    struct stage *s = door_open("general");
    snprintf(data, sizeof data, "{'list_no':'L-1','customers':[%s]}", customers);
    tell(s, "vip.list_loaded", time, data);
    return s;
}

#define M_A "{'customer':'M','class':'a'}"
#define N_B "{'customer':'N','class':'b'}"

/* ---- cards ---- */

static void INT_081_a_card_is_verified_within_seven_working_days(void **state)
{
    (void)state;
    struct stage *s = listed("2026-03-02T09:00:00+08:00", M_A);
    tell(s, "vip.card_returned", "2026-03-02T10:00:00+08:00", CARD);
    assert_string_equal(stage_last(s, LOG, "followup.created", "followup_no"), "vip/V-1");
    assert_string_equal(stage_last(s, LOG, "followup.created", "vip_class"), "a");
    assert_string_equal(last_with(s, "deadline.armed", "name", "followup.vip", "due"),
                        "2026-03-11T16:00:00Z");
    tell(s, "followup.done", "2026-03-11T23:59:59+08:00",
         "{'followup_no':'vip/V-1','result':'valid','real':'yes','satisfaction':4}");
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "name"), "followup.vip");
    assert_int_equal(stage_count(s, LOG, "card.entered"), 0); /* no service card */
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    stage_close(s);
}

static void INT_081_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = listed("2026-03-02T09:00:00+08:00", M_A);
    tell(s, "vip.card_returned", "2026-03-02T10:00:00+08:00", CARD);
    stage_until(s, "2026-03-12T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "followup.vip"), 0);
    stage_until(s, "2026-03-31T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "followup.vip"), 3);
    stage_close(s);
}

static void INT_081_who_is_not_in_the_list(void **state)
{
    (void)state;
    struct stage *s = listed("2026-03-02T09:00:00+08:00", M_A);
    refuse(s, "vip.card_returned", "2026-03-02T10:00:00+08:00", "{'card_no':'V-1','customer':'Z'}",
           "INT-081", "not_vip");
    tell(s, "vip.card_returned", "2026-03-02T10:00:00+08:00", CARD);
    refuse(s, "vip.card_returned", "2026-03-02T10:10:00+08:00", CARD, "INT-081", "state");
    stage_close(s);
}

/* ---- turns ---- */

static void INT_081_class_a_each_quarter_class_b_each_half_year(void **state)
{
    (void)state;
    struct stage *s = listed("2026-01-31T09:00:00+08:00", M_A "," N_B);
    assert_string_equal(turn_of(s, "M"), "2026-04-29T16:00:00Z"); /* April has 30 days */
    assert_string_equal(turn_of(s, "N"), "2026-07-30T16:00:00Z"); /* the 31st, 0:00 */
    stage_until(s, "2026-04-30T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "followup.created"), 0);
    assert_int_equal(count_with(s, "deadline.passed", "name", "followup.vip_turn"), 0);
    stage_until(s, "2026-04-30T00:00:01+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "followup.vip_turn"), 1);
    assert_int_equal(stage_count(s, LOG, "followup.created"), 1);
    assert_string_equal(stage_last(s, LOG, "followup.created", "followup_no"), "vip/M#1");
    assert_string_equal(stage_last(s, LOG, "followup.created", "vip_class"), "a");
    assert_string_equal(turn_of(s, "M"), "2026-07-30T16:00:00Z"); /* not chained (CV-6) */
    stage_until(s, "2026-07-31T00:00:01+08:00");
    assert_int_equal(stage_count(s, LOG, "followup.created"), 3);
    assert_int_equal(count_with(s, "followup.created", "followup_no", "vip/M#2"), 1);
    assert_int_equal(count_with(s, "followup.created", "followup_no", "vip/N#1"), 1);
    stage_close(s);
}

static void INT_081_a_list_replaces_the_one_before(void **state)
{
    (void)state;
    struct stage *s = listed("2026-03-02T09:00:00+08:00", M_A "," N_B);
    tell(s, "vip.list_loaded", "2026-04-01T09:00:00+08:00",
         "{'list_no':'L-2','customers':[" M_A ",{'customer':'O','class':'b'}]}");
    assert_string_equal(turn_of(s, "M"), "2026-06-01T16:00:00Z"); /* as before */
    assert_int_equal(count_with(s, "deadline.armed", "case_no", "vip/M"), 1);
    assert_string_equal(stage_last(s, LOG, "deadline.dropped", "case_no"), "vip/N");
    tell(s, "vip.list_loaded", "2026-04-02T09:00:00+08:00",
         "{'list_no':'L-3','customers':[{'customer':'M','class':'b'},{'customer':'O','class':'b'}]"
         "}");
    assert_string_equal(turn_of(s, "M"), "2026-10-01T16:00:00Z"); /* from its day in class B */
    refuse(s, "vip.card_returned", "2026-04-03T10:00:00+08:00", "{'card_no':'V-1','customer':'N'}",
           "INT-081", "not_vip");
    stage_until(s, "2026-09-30T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "followup.created"), 0);
    stage_close(s);
}

static void INT_081_the_months_are_policy(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("general", "policy.yaml",
                                        "s/^keys:/&\\n  vip_a_months: 1\\n  vip_b_months: 2/");
    tell(s, "vip.list_loaded", "2026-03-02T09:00:00+08:00",
         "{'list_no':'L-1','customers':[" M_A "," N_B "]}");
    assert_string_equal(turn_of(s, "M"), "2026-04-01T16:00:00Z");
    assert_string_equal(turn_of(s, "N"), "2026-05-01T16:00:00Z");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_081_a_card_is_verified_within_seven_working_days),
        cmocka_unit_test(INT_081_the_whole_ladder),
        cmocka_unit_test(INT_081_who_is_not_in_the_list),
        cmocka_unit_test(INT_081_class_a_each_quarter_class_b_each_half_year),
        cmocka_unit_test(INT_081_a_list_replaces_the_one_before),
        cmocka_unit_test(INT_081_the_months_are_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
