/* scoring_reward_test.c - rewards: VIP cards, maintenance leads, over-collection (SCO-066, SCO-067,
 * SCO-077, SCO-078, SCO-082). Worked example S-29. */
#include "tests/unit/scoring_pay_door.h"

/* The n-th reward, from the last back; "" when there are not so many. */
static const char *reward(struct stage *s, size_t back, const char *field)
{
    size_t n = count(s, "scoring.reward_booked");
    return n > back ? stage_field(s, OWNER_scoring, "scoring.reward_booked", n - 1 - back, field)
                    : "";
}

/* ---- SCO-077: VIP cards ---- */

#define VALID "'result':'valid','real':'yes','satisfaction':4"

static struct stage *listed(void)
{
    struct stage *s = pay_open();
    tell(s, "C1", "vip.list_loaded", "2024-03-01T09:00",
         "'list_no':'L-1','customers':[{'customer':'M','class':'a'},{'customer':'N','class':'b'}]");
    return s;
}

static void card(struct stage *s, const char *no, const char *customer, const char *technician,
                 const char *at)
{
    char data[160];
    snprintf(data, sizeof data, "'card_no':'%s','customer':'%s'%s%s%s", no, customer,
             *technician ? ",'technician':'" : "", technician, *technician ? "'" : "");
    tell(s, "C1", "vip.card_returned", at, data);
}

static void called(struct stage *s, const char *no, const char *at, const char *result)
{
    char data[200];
    snprintf(data, sizeof data, "'followup_no':'%s',%s", no, result);
    tell(s, "C1", "followup.done", at, data);
}

static void SCO_077_a_card_counts_when_it_is_called_back(void **state)
{
    (void)state;
    struct stage *s = listed();
    card(s, "V-1", "M", "T1", "2024-03-04T10:00");
    card(s, "V-2", "N", "T1", "2024-03-04T10:00");
    card(s, "V-3", "M", "T1", "2024-03-04T10:00");
    card(s, "V-4", "M", "T2", "2024-03-04T10:00");
    assert_int_equal(count(s, "scoring.reward_booked"), 0);
    called(s, "vip/V-1", "2024-03-05T10:00", VALID);
    assert_string_equal(reward(s, 0, "kind"), "vip");
    assert_string_equal(reward(s, 0, "person"), "T1");
    assert_string_equal(reward(s, 0, "period"), "2024-03-01");
    assert_string_equal(reward(s, 0, "amount"), "20.00");
    assert_string_equal(reward(s, 0, "ref"), "V-1");
    called(s, "vip/V-2", "2024-03-05T11:00", VALID);
    called(s, "vip/V-3", "2024-03-05T12:00", VALID);
    assert_string_equal(reward(s, 0, "cards_a"), "2");
    assert_string_equal(reward(s, 0, "cards_b"), "1");
    assert_string_equal(reward(s, 0, "amount"), "52.50"); /* 2 x 20.00 + 1 x 12.50 */
    assert_string_equal(reward(s, 0, "change"), "20.00");
    called(s, "vip/V-4", "2024-03-05T13:00", VALID);
    assert_string_equal(reward(s, 0, "person"), "T2");
    assert_string_equal(reward(s, 0, "amount"), "20.00");
    stage_close(s);
}

static void SCO_077_what_is_not_valid_or_nobodys_does_not_count(void **state)
{
    (void)state;
    struct stage *s = listed();
    card(s, "V-1", "M", "T1", "2024-03-04T10:00");
    card(s, "V-2", "M", "", "2024-03-04T10:00");
    called(s, "vip/V-1", "2024-03-05T10:00", "'result':'invalid','text':'he was not there'");
    called(s, "vip/V-2", "2024-03-05T10:00", VALID);
    stage_until(s, "2024-06-02T10:00:00+08:00"); /* the turn of M comes without a card */
    called(s, "vip/M#1", "2024-06-02T11:00", VALID);
    assert_int_equal(count(s, "scoring.reward_booked"), 0);
    stage_close(s);
}

static void SCO_077_each_month_by_itself_and_no_rate_is_nothing(void **state)
{
    (void)state;
    struct stage *s = pay_open_changed("/vip_rate_a/d");
    tell(s, "C1", "vip.list_loaded", "2024-03-01T09:00",
         "'list_no':'L-1','customers':[{'customer':'M','class':'a'},{'customer':'N','class':'b'}]");
    card(s, "V-1", "M", "T1", "2024-03-29T10:00");
    card(s, "V-2", "N", "T1", "2024-03-29T10:00");
    called(s, "vip/V-1", "2024-03-31T23:59", VALID);
    assert_string_equal(reward(s, 0, "amount"), "0.00");
    assert_string_equal(reward(s, 0, "cards_a"), "1");
    called(s, "vip/V-2", "2024-04-01T00:00", VALID);
    assert_string_equal(reward(s, 0, "period"), "2024-04-01");
    assert_string_equal(reward(s, 0, "amount"), "12.50");
    stage_close(s);
}

/* ---- SCO-078: maintenance leads ---- */

static void SCO_078_SCO_082_a_lead_counts_when_it_is_called_back(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    tell(s, "C1", "maintenance.lead_registered", "2024-03-04T10:00",
         "'lead_no':'L-1','person':'T1','customer_name':'M','phone':'1','project':'pumps'");
    tell(s, "C1", "maintenance.lead_registered", "2024-03-04T10:00",
         "'lead_no':'L-2','person':'T1','customer_name':'M','phone':'1','project':'lifts'");
    called(s, "maintenance/L-1", "2024-03-05T10:00", VALID);
    called(s, "maintenance/L-2", "2024-03-06T10:00", VALID);
    assert_string_equal(reward(s, 0, "kind"), "maintenance");
    assert_string_equal(reward(s, 0, "projects"), "2");
    assert_string_equal(reward(s, 0, "amount"), "300.00");
    assert_string_equal(reward(s, 0, "change"), "150.00");
    assert_int_equal(count(s, "scoring.reward_booked"), 2); /* SCO-082: each goes out */
    stage_close(s);
}

static void SCO_078_a_call_back_without_a_lead_does_not(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    tell(s, "C1", "followup.requested", "2024-03-04T10:00", "'ref':'X-1','kind':'maintenance'");
    called(s, "maintenance/X-1", "2024-03-05T10:00", VALID);
    assert_int_equal(count(s, "scoring.reward_booked"), 0);
    stage_close(s);
}

/* ---- SCO-066, SCO-067: over-collection ---- */

/* Three offices of the region east with one of the staff each, two engineers, one elsewhere. */
static struct stage *region(const char *sed)
{
    static const char *const offices[] = {"E1", "E2", "E3", "W1"};
    static const struct {
        const char *person, *unit, *role;
    } persons[] = {{"A1", "E1", "staff"},    {"A2", "E2", "staff"},     {"A3", "E3", "staff"},
                   {"B1", "E1", "engineer"}, {"B2", "E3", "assistant"}, {"B9", "W1", "engineer"},
                   {"A9", "W1", "staff"},    {"Z1", "E1", "technician"}};
    struct stage *s = sed ? pay_open_changed(sed) : pay_open();
    char data[160];
    for (size_t i = 0; i < COUNT_OF(offices); i++) {
        snprintf(data, sizeof data, "'unit':'%s','calendar':'CAL-STD','region':'%s'", offices[i],
                 offices[i][0] == 'E' ? "east" : "west");
        tell(s, "HR", "unit.upserted", "2024-01-01T08:00", data);
    }
    for (size_t i = 0; i < COUNT_OF(persons); i++) {
        snprintf(data, sizeof data, "'person':'%s','unit':'%s','role':'%s'", persons[i].person,
                 persons[i].unit, persons[i].role);
        tell(s, "HR", "person.upserted", "2024-01-01T08:00", data);
    }
    return s;
}

static void confirm(struct stage *s, const char *office, const char *first, const char *second)
{
    char data[200];
    snprintf(data, sizeof data,
             "'year':2024,'office':'%s','by':'F1','salesmen':[{'person':'X','amount':'%s'},"
             "{'person':'Y','amount':'%s'}]",
             office, first, second);
    say(s, "FIN", "sales_bonus.confirmed", "2025-01-10T10:00", data);
}

/* The last reward of a person; "" for none. */
static const char *reward_of(struct stage *s, const char *person, const char *field)
{
    for (size_t n = count(s, "scoring.reward_booked"); n > 0; n--) {
        const char *who = stage_field(s, OWNER_scoring, "scoring.reward_booked", n - 1, "person");
        if (strcmp(who, person) == 0)
            return stage_field(s, OWNER_scoring, "scoring.reward_booked", n - 1, field);
    }
    return "";
}

static void SCO_066_S_29_eight_per_cent_of_the_office(void **state)
{
    (void)state;
    struct stage *s = region(NULL);
    confirm(s, "E1", "7000.00", "5000.00"); /* the office's total */
    assert_string_equal(reward_of(s, "A1", "amount"), "960.00");
    assert_string_equal(reward_of(s, "A1", "kind"), "collection");
    assert_string_equal(reward_of(s, "A1", "period"), "2024-01-01");
    assert_string_equal(reward_of(s, "A1", "base"), "12000.00");
    assert_int_equal(count(s, "scoring.reward_booked"), 1);
    stage_close(s);
}

static void SCO_067_S_29_twice_the_mean_of_the_region(void **state)
{
    (void)state;
    struct stage *s = region(NULL);
    confirm(s, "E1", "7000.00", "5000.00");
    confirm(s, "E2", "9000.00", "0.00");
    assert_string_equal(reward_of(s, "B1", "amount"), ""); /* E3 is not confirmed */
    confirm(s, "E3", "7500.00", "0.00");
    assert_string_equal(reward_of(s, "A2", "amount"), "720.00");
    assert_string_equal(reward_of(s, "A3", "amount"), "600.00");
    assert_string_equal(reward_of(s, "B1", "amount"), "1520.00");
    assert_string_equal(reward_of(s, "B2", "amount"), "1520.00");
    assert_string_equal(reward_of(s, "B1", "staff"), "3");
    assert_string_equal(reward_of(s, "B9", "amount"), "");
    assert_string_equal(reward_of(s, "Z1", "amount"), "");
    assert_int_equal(count(s, "scoring.reward_booked"), 5);
    stage_close(s);
}

/* (960 + 720 + 0) / 3 x 2 = 1,120.00; without those who have none 1,680.00. */
static void SCO_067_who_has_nothing_counts_in_the_mean(void **state)
{
    (void)state;
    for (int counts = 0; counts < 2; counts++) {
        struct stage *s = region(counts ? NULL : "$a\\    zero_counts: no");
        confirm(s, "E1", "12000.00", "0.00");
        confirm(s, "E2", "9000.00", "0.00");
        confirm(s, "E3", "0.00", "0.00");
        assert_string_equal(reward_of(s, "A3", "amount"), "0.00");
        assert_string_equal(reward_of(s, "B1", "amount"), counts ? "1120.00" : "1680.00");
        stage_close(s);
    }
}

/* 8 % of 0.07 and of 0.06: 0.0056 and 0.0048; twice a mean of thirds is rounded at the end. */
static void SCO_066_SCO_067_half_up_to_the_fen_at_the_end(void **state)
{
    (void)state;
    struct stage *s = region(NULL);
    confirm(s, "E1", "0.07", "0.00");
    assert_string_equal(reward_of(s, "A1", "amount"), "0.01");
    confirm(s, "E2", "0.06", "0.00");
    assert_string_equal(reward_of(s, "A2", "amount"), "0.00");
    confirm(s, "E3", "0.13", "0.00");
    assert_string_equal(reward_of(s, "A3", "amount"), "0.01"); /* 0.0104 */
    assert_string_equal(reward_of(s, "B1", "amount"), "0.01"); /* 2 x 0.02 / 3 = 0.0133 */
    stage_close(s);
}

static void SCO_066_told_again_it_replaces_the_last(void **state)
{
    (void)state;
    struct stage *s = region(NULL);
    confirm(s, "W1", "1000.00", "0.00");
    assert_string_equal(reward_of(s, "A9", "amount"), "80.00");
    assert_string_equal(reward_of(s, "B9", "amount"), "160.00");
    confirm(s, "W1", "500.00", "0.00");
    assert_string_equal(reward_of(s, "A9", "amount"), "40.00");
    assert_string_equal(reward_of(s, "A9", "change"), "-40.00");
    assert_string_equal(reward_of(s, "B9", "change"), "-80.00");
    confirm(s, "W1", "500.00", "0.00");
    assert_int_equal(count(s, "scoring.reward_booked"), 4);
    stage_close(s);
}

static void SCO_066_refused(void **state)
{
    (void)state;
    struct stage *s = region(NULL);
    deny(s, "FIN", "sales_bonus.confirmed", "2025-01-10T10:00", "'year':2024,'office':'Q7'",
         "SCO-066", "unknown");
    deny(s, "FIN", "sales_bonus.confirmed", "2025-01-10T10:00", "'year':2026,'office':'E1'",
         "SCO-066", "early");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_077_a_card_counts_when_it_is_called_back),
        cmocka_unit_test(SCO_077_what_is_not_valid_or_nobodys_does_not_count),
        cmocka_unit_test(SCO_077_each_month_by_itself_and_no_rate_is_nothing),
        cmocka_unit_test(SCO_078_SCO_082_a_lead_counts_when_it_is_called_back),
        cmocka_unit_test(SCO_078_a_call_back_without_a_lead_does_not),
        cmocka_unit_test(SCO_066_S_29_eight_per_cent_of_the_office),
        cmocka_unit_test(SCO_067_S_29_twice_the_mean_of_the_region),
        cmocka_unit_test(SCO_067_who_has_nothing_counts_in_the_mean),
        cmocka_unit_test(SCO_066_SCO_067_half_up_to_the_fen_at_the_end),
        cmocka_unit_test(SCO_066_told_again_it_replaces_the_last),
        cmocka_unit_test(SCO_066_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
