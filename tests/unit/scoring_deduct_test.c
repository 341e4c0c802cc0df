/* scoring_deduct_test.c - the books of deduction: caps and instalments of penalties, sanctions,
 * both in one month, revisions, leaving (SCO-138 … SCO-141). Worked examples S-45 … S-49 and C-19 …
 * C-24.
 */
#include "tests/unit/scoring_pay_door.h"

/* ---- SCO-139: cap and instalments ---- */

static void SCO_139_S_45_C_19_instalments_until_it_is_settled(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "5000.00");
    bonus(s, "P1", "2024-03", "3000.00");
    bonus(s, "P1", "2024-04", "2800.00");
    bonus(s, "P1", "2024-05", "3200.00");
    assert_int_equal(count(s, "penalty.settled"), 0);
    bonus(s, "P1", "2024-06", "3000.00");
    INSTALMENTS(s, "2024-03", "A:1500.00");
    INSTALMENTS(s, "2024-04", "A:1400.00");
    INSTALMENTS(s, "2024-05", "A:1600.00");
    INSTALMENTS(s, "2024-06", "A:500.00");
    assert_int_equal(count(s, "penalty.settled"), 1);
    assert_string_equal(last(s, "penalty.settled", "month"), "2024-06-01");
    assert_string_equal(last(s, "penalty.settled", "amount"), "5000.00");
    assert_string_equal(last(s, "penalty.settled", "person"), "P1");
    assert_string_equal(last(s, "penalty.instalment_due", "outstanding"), "0.00");
    bonus(s, "P1", "2024-07", "3000.00");
    INSTALMENTS(s, "2024-07", "");
    stage_close(s);
}

static void SCO_139_C_20_exactly_half_and_one_fen_more(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "1500.00");
    penalty(s, "B", "2024-03-10T10:00", "P2", "1500.01");
    bonus(s, "P1", "2024-03", "3000.00");
    bonus(s, "P2", "2024-03", "3000.00");
    INSTALMENTS(s, "2024-03", "A:1500.00 B:1500.00");
    assert_int_equal(count(s, "penalty.settled"), 1);
    bonus(s, "P1", "2024-04", "3000.00");
    bonus(s, "P2", "2024-04", "3000.00");
    INSTALMENTS(s, "2024-04", "B:0.01");
    assert_int_equal(count(s, "penalty.settled"), 2);
    stage_close(s);
}

/* A was closed first, though B was approved first. */
static void SCO_139_C_21_oldest_case_first(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    closed(s, "A", "2024-02-01T10:00");
    closed(s, "B", "2024-02-02T10:00");
    assessed(s, "B", "2024-03-09T10:00", "P1", "900.00");
    approved(s, "B", "2024-03-09T11:00");
    assessed(s, "A", "2024-03-10T10:00", "P1", "1000.00");
    approved(s, "A", "2024-03-10T11:00");
    bonus(s, "P1", "2024-03", "3000.00");
    penalty(s, "C", "2024-04-10T10:00", "P1", "1200.00");
    bonus(s, "P1", "2024-04", "3000.00");
    bonus(s, "P1", "2024-05", "3000.00");
    INSTALMENTS(s, "2024-03", "A:1000.00 B:500.00");
    INSTALMENTS(s, "2024-04", "B:400.00 C:1100.00");
    INSTALMENTS(s, "2024-05", "C:100.00");
    stage_close(s);
}

static void SCO_139_of_one_instant_the_number_decides(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "B", "2024-03-10T10:00", "P1", "900.00");
    penalty(s, "A", "2024-03-10T10:00", "P1", "900.00");
    bonus(s, "P1", "2024-03", "2000.00");
    INSTALMENTS(s, "2024-03", "A:900.00 B:100.00");
    stage_close(s);
}

static void SCO_139_S_46_the_cap_is_rounded_down(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "2000.00");
    bonus(s, "P1", "2024-03", "2345.67");
    bonus(s, "P1", "2024-04", "2345.67");
    INSTALMENTS(s, "2024-03", "A:1172.83");
    INSTALMENTS(s, "2024-04", "A:827.17");
    stage_close(s);
}

static void SCO_139_S_48_without_the_general_manager_nothing(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    closed(s, "A", "2024-03-10T10:00");
    assessed(s, "A", "2024-03-10T11:00", "P1", "1000.00");
    bonus(s, "P1", "2024-03", "3000.00");
    INSTALMENTS(s, "2024-03", "");
    approved(s, "A", "2024-04-02T10:00");
    bonus(s, "P1", "2024-04", "3000.00");
    INSTALMENTS(s, "2024-04", "A:1000.00");
    stage_close(s);
}

static void SCO_139_a_month_without_bonus_takes_nothing(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "1000.00");
    bonus(s, "P1", "2024-03", "0.00");
    INSTALMENTS(s, "2024-03", "");
    assert_string_equal(last(s, "scoring.bonus_published", "amount"), "0.00");
    bonus(s, "P1", "2024-05", "3000.00"); /* of April nobody knows one */
    INSTALMENTS(s, "2024-05", "A:1000.00");
    stage_close(s);
}

/* The months of the approval and before it are asked; what is run is changed by its bonus alone. */
static void SCO_139_first_month(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-04-01T00:00", "P1", "1000.00");
    bonus(s, "P1", "2024-03", "3000.00");
    INSTALMENTS(s, "2024-03", "");
    bonus(s, "P1", "2024-04", "3000.00");
    INSTALMENTS(s, "2024-04", "A:1000.00");
    penalty(s, "B", "2024-04-30T23:59", "P1", "100.00"); /* heard when April is run */
    INSTALMENTS(s, "2024-04", "A:1000.00");
    bonus(s, "P1", "2024-05", "3000.00");
    INSTALMENTS(s, "2024-05", "B:100.00");
    bonus(s, "P1", "2024-04", "3500.00"); /* nor does a revision draw it into April */
    INSTALMENTS(s, "2024-04", "A:1000.00");
    INSTALMENTS(s, "2024-05", "B:100.00");
    stage_close(s);
}

static void SCO_139_a_penalty_of_several_persons(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    tell(s, "GMO", "penalty.assessed", "2024-03-10T10:00",
         "'case_no':'A','no':2,'type':'section','party':'L1','amount':'300.00','persons':["
         "{'person':'P1','points':1,'amount':'100.00'},{'person':'P2','points':2,'amount':"
         "'200.00'},{'person':'P3','points':0}]");
    tell(s, "GM", "penalty.gm_approved", "2024-03-10T11:00", "'case_no':'A','no':2,'by':'GM'");
    bonus(s, "P1", "2024-03", "1000.00");
    bonus(s, "P2", "2024-03", "300.00");
    bonus(s, "P3", "2024-03", "300.00");
    INSTALMENTS(s, "2024-03", "A:100.00 A:150.00");
    assert_int_equal(count(s, "penalty.settled"), 1);
    assert_string_equal(last(s, "penalty.settled", "no"), "2");
    stage_close(s);
}

/* ---- policy keys of SCO-139 ---- */

static void SCO_139_the_keys_decide(void **state)
{
    (void)state;
    static const struct {
        const char *sed, *march, *april;
    } rows[] = {
        {"$a\\    penalty_cap_bp: 2500", "A:500.25", "A:500.25"},
        {"$a\\    penalty_cap_rounding: half_up", "A:1000.51", "A:199.49 B:801.02"},
        {"$a\\    penalty_cap_scope: case", "A:1000.50 B:1000.50", "A:199.50 B:99.50"},
        {"$a\\    penalty_order: approval", "B:1000.50", "B:99.50 A:901.00"},
        {"$a\\    penalty_first_month: next", "", "A:1000.50"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = pay_open_changed(rows[i].sed);
        closed(s, "A", "2024-02-01T10:00");
        closed(s, "B", "2024-02-02T10:00");
        assessed(s, "A", "2024-03-09T10:00", "P1", "1200.00");
        assessed(s, "B", "2024-03-09T10:00", "P1", "1100.00");
        approved(s, "B", "2024-03-09T11:00");
        approved(s, "A", "2024-03-10T11:00");
        bonus(s, "P1", "2024-03", "2001.01");
        INSTALMENTS(s, "2024-03", rows[i].march);
        bonus(s, "P1", "2024-04", "2001.01");
        INSTALMENTS(s, "2024-04", rows[i].april);
        stage_close(s);
    }
}

/* ---- SCO-140: both kinds in one month ---- */

static void SCO_140_C_22_a_major_demerit_leaves_nothing(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    sanction(s, "S", "2024-03", "P1", "major_demerit", "");
    penalty(s, "A", "2024-03-10T10:00", "P1", "1000.00");
    bonus(s, "P1", "2024-03", "3000.00");
    SANCTIONS(s, "2024-03", "S:3000.00");
    INSTALMENTS(s, "2024-03", "");
    bonus(s, "P1", "2024-04", "3000.00");
    SANCTIONS(s, "2024-04", "");
    INSTALMENTS(s, "2024-04", "A:1000.00");
    stage_close(s);
}

static void SCO_140_C_23_a_warning_and_a_penalty(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    sanction(s, "S", "2024-03", "P1", "warning", "'amount':'400.00'");
    penalty(s, "A", "2024-03-10T10:00", "P1", "2000.00");
    bonus(s, "P1", "2024-03", "3000.00");
    SANCTIONS(s, "2024-03", "S:400.00");
    INSTALMENTS(s, "2024-03", "A:1500.00");
    assert_string_equal(last(s, "penalty.instalment_due", "outstanding"), "500.00");
    assert_string_equal(last(s, "penalty.instalment_due", "administrative"), "400.00");
    assert_string_equal(last(s, "penalty.instalment_due", "cap"), "1500.00");
    assert_string_equal(last(s, "penalty.instalment_due", "bonus"), "3000.00");
    stage_close(s);
}

/* min(outstanding, 50 % of 1,000, 1,000 - 800): the rest of the bonus is the least. */
static void SCO_140_the_rest_of_the_bonus_may_be_the_least(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    sanction(s, "S", "2024-03", "P1", "minor_demerit", "'amount':'800.00'");
    penalty(s, "A", "2024-03-10T10:00", "P1", "2000.00");
    bonus(s, "P1", "2024-03", "1000.00");
    SANCTIONS(s, "2024-03", "S:800.00");
    INSTALMENTS(s, "2024-03", "A:200.00");
    stage_close(s);
}

static void SCO_140_or_the_penalties_first(void **state)
{
    (void)state;
    struct stage *s = pay_open_changed("$a\\    sanction_before_penalty: no");
    sanction(s, "S", "2024-03", "P1", "major_demerit", "");
    penalty(s, "A", "2024-03-10T10:00", "P1", "1000.00");
    bonus(s, "P1", "2024-03", "3000.00");
    SANCTIONS(s, "2024-03", "S:2000.00");
    INSTALMENTS(s, "2024-03", "A:1000.00");
    stage_close(s);
}

/* ---- SCO-141: administrative deductions ---- */

static void SCO_141_C_24_warnings_and_bases(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    sanction(s, "S", "2024-03", "P1", "warning", "'amount':'800.00'"); /* two of them */
    sanction(s, "T", "2024-03", "P2", "minor_demerit", "'amount':'2400.00'");
    bonus(s, "P1", "2024-03", "3000.00");
    bonus(s, "P2", "2024-03", "3000.00");
    SANCTIONS(s, "2024-03", "S:800.00 T:2400.00");
    assert_string_equal(last(s, "sanction.deducted", "kind"), "minor_demerit");
    stage_close(s);
}

static void SCO_141_S_47_what_the_bonus_cannot_bear_is_carried(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    sanction(s, "S", "2024-03", "P1", "warning", "'amount':'400.00'");
    bonus(s, "P1", "2024-03", "300.00");
    SANCTIONS(s, "2024-03", "S:300.00");
    assert_string_equal(last(s, "sanction.deducted", "outstanding"), "100.00");
    bonus(s, "P1", "2024-04", "2000.00");
    SANCTIONS(s, "2024-04", "S:100.00");
    stage_close(s);
}

static void SCO_141_or_it_is_not(void **state)
{
    (void)state;
    struct stage *s = pay_open_changed("$a\\    sanction_carry: [none]");
    sanction(s, "S", "2024-03", "P1", "warning", "'amount':'400.00'");
    bonus(s, "P1", "2024-03", "300.00");
    bonus(s, "P1", "2024-04", "2000.00");
    SANCTIONS(s, "2024-03", "S:300.00");
    SANCTIONS(s, "2024-04", "");
    stage_close(s);
}

static void SCO_141_a_major_demerit_takes_its_month_alone(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    sanction(s, "W", "2024-03", "P1", "warning", "'amount':'400.00'");
    sanction(s, "M", "2024-03", "P1", "major_demerit", "");
    bonus(s, "P1", "2024-03", "3000.00");
    SANCTIONS(s, "2024-03", "M:3000.00");
    bonus(s, "P1", "2024-04", "3000.00");
    SANCTIONS(s, "2024-04", "W:400.00");
    stage_close(s);
}

/* CMP-076: it is of another company's rules, unless the policy links them. */
static void SCO_141_a_demerit_for_conduct_leaves_the_bonus(void **state)
{
    (void)state;
    for (int linked = 0; linked < 2; linked++) {
        struct stage *s =
            linked ? pay_open_changed("$a\\    conduct_takes_bonus: yes") : pay_open();
        tell(s, "C1", "service_complaint.verified", "2024-03-02T10:00",
             "'case_no':'V','cause':'quarrel','accused':'P1'");
        sanction(s, "V", "2024-03", "P1", "major_demerit", "");
        bonus(s, "P1", "2024-03", "3000.00");
        SANCTIONS(s, "2024-03", linked ? "V:3000.00" : "");
        stage_close(s);
    }
}

static void SCO_141_the_month_is_that_of_publication_or_the_next(void **state)
{
    (void)state;
    for (int next = 0; next < 2; next++) {
        struct stage *s = next ? pay_open_changed("$a\\    sanction_month: next") : pay_open();
        sanction(s, "S", "2024-03", "P1", "warning", "'amount':'400.00'");
        bonus(s, "P1", "2024-03", "3000.00");
        bonus(s, "P1", "2024-04", "3000.00");
        SANCTIONS(s, "2024-03", next ? "" : "S:400.00");
        SANCTIONS(s, "2024-04", next ? "S:400.00" : "");
        stage_close(s);
    }
}

/* ---- revisions ---- */

static const char *change(struct stage *s, size_t n)
{
    return stage_field(s, OWNER_scoring, "penalty.instalment_due", n, "change");
}

/* March's bonus falls from 3,000 to 2,000: its instalment falls to 1,000, and June bears 1,000. */
static void SCO_139_a_revision_books_the_difference(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "5000.00");
    bonus(s, "P1", "2024-03", "3000.00");
    bonus(s, "P1", "2024-04", "2800.00");
    bonus(s, "P1", "2024-05", "3200.00");
    bonus(s, "P1", "2024-03", "2000.00");
    INSTALMENTS(s, "2024-03", "A:1500.00 A:1000.00");
    INSTALMENTS(s, "2024-04", "A:1400.00");
    INSTALMENTS(s, "2024-05", "A:1600.00");
    assert_int_equal(count(s, "penalty.instalment_due"), 4);
    assert_string_equal(change(s, 0), "1500.00");
    assert_string_equal(change(s, 3), "-500.00");
    assert_string_equal(last(s, "scoring.bonus_published", "change"), "-1000.00");
    bonus(s, "P1", "2024-06", "3000.00");
    INSTALMENTS(s, "2024-06", "A:1000.00");
    assert_int_equal(count(s, "penalty.settled"), 1);
    stage_close(s);
}

/* March rises to 6,000: 3,000 then, so that April ends at 1,400 and May has 600 left. */
static void SCO_139_a_revision_runs_the_months_behind_it(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "4500.00");
    bonus(s, "P1", "2024-03", "3000.00");
    bonus(s, "P1", "2024-04", "2800.00");
    bonus(s, "P1", "2024-05", "3200.00");
    assert_int_equal(count(s, "penalty.settled"), 1);
    bonus(s, "P1", "2024-03", "6000.00");
    INSTALMENTS(s, "2024-03", "A:1500.00 A:3000.00");
    INSTALMENTS(s, "2024-04", "A:1400.00");
    INSTALMENTS(s, "2024-05", "A:1600.00 A:100.00");
    assert_string_equal(change(s, 4), "-1500.00");
    assert_int_equal(count(s, "penalty.settled"), 1);
    bonus(s, "P1", "2024-03", "6000.00"); /* the same again */
    assert_int_equal(count(s, "penalty.instalment_due"), 5);
    stage_close(s);
}

/* A month that is published late bears what it would have borne. */
static void SCO_139_a_month_that_comes_late(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "2000.00");
    bonus(s, "P1", "2024-04", "3000.00");
    bonus(s, "P1", "2024-03", "2000.00");
    INSTALMENTS(s, "2024-03", "A:1000.00");
    INSTALMENTS(s, "2024-04", "A:1500.00 A:1000.00");
    assert_int_equal(count(s, "penalty.settled"), 1);
    stage_close(s);
}

/* ---- leaving ---- */

static void SCO_139_the_balance_of_who_leaves_goes_to_accounting(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "2000.00");
    penalty(s, "B", "2024-03-11T10:00", "P1", "300.00");
    sanction(s, "S", "2024-03", "P1", "warning", "'amount':'1200.00'");
    bonus(s, "P1", "2024-03", "1000.00");
    leaves(s, "P1", "2024-04-20T10:00", true);
    assert_int_equal(count(s, "penalty.balance_on_exit"), 1);
    assert_string_equal(last(s, "penalty.balance_on_exit", "amount"), "2300.00");
    assert_string_equal(last(s, "penalty.balance_on_exit", "administrative"), "200.00");
    leaves(s, "P1", "2024-04-21T10:00", true); /* told again */
    assert_int_equal(count(s, "penalty.balance_on_exit"), 1);
    bonus(s, "P1", "2024-04", "5000.00"); /* first run afterwards: it is accounting's */
    INSTALMENTS(s, "2024-04", "");
    SANCTIONS(s, "2024-04", "");
    bonus(s, "P1", "2024-03", "1600.00"); /* a month that had borne it is still revised */
    SANCTIONS(s, "2024-03", "S:1000.00 S:1200.00");
    INSTALMENTS(s, "2024-03", "A:400.00");
    assert_int_equal(count(s, "penalty.balance_on_exit"), 2);
    assert_string_equal(last(s, "penalty.balance_on_exit", "amount"), "1900.00");
    assert_string_equal(last(s, "penalty.balance_on_exit", "administrative"), "0.00");
    stage_close(s);
}

static void SCO_139_who_has_left_owes_a_new_one_at_once(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    leaves(s, "P1", "2024-03-01T10:00", true);
    assert_int_equal(count(s, "penalty.balance_on_exit"), 0);
    penalty(s, "A", "2024-03-10T10:00", "P1", "700.00");
    until(s, "2024-03-10T10:01"); /* the log of complaint is heard a moment later */
    assert_string_equal(last(s, "penalty.balance_on_exit", "amount"), "700.00");
    leaves(s, "P1", "2024-04-01T10:00", false); /* back again: what is new is deducted again */
    penalty(s, "B", "2024-04-10T10:00", "P1", "50.00");
    bonus(s, "P1", "2024-04", "3000.00");
    INSTALMENTS(s, "2024-04", "B:50.00");
    stage_close(s);
}

static void SCO_139_or_it_is_kept(void **state)
{
    (void)state;
    struct stage *s = pay_open_changed("$a\\    penalty_on_exit: keep");
    penalty(s, "A", "2024-03-10T10:00", "P1", "2000.00");
    leaves(s, "P1", "2024-04-01T10:00", true);
    assert_int_equal(count(s, "penalty.balance_on_exit"), 0);
    bonus(s, "P1", "2024-03", "3000.00");
    INSTALMENTS(s, "2024-03", "A:1500.00");
    stage_close(s);
}

/* Two penalties of all a contract holds, and a bonus of as much. */
static void SCO_139_the_largest_amounts(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "10000000000.00");
    penalty(s, "B", "2024-03-11T10:00", "P1", "10000000000.00");
    sanction(s, "S", "2024-03", "P1", "minor_demerit", "'amount':'10000000000.00'");
    bonus(s, "P1", "2024-03", "10000000000.00");
    SANCTIONS(s, "2024-03", "S:10000000000.00");
    bonus(s, "P1", "2024-04", "10000000000.00");
    INSTALMENTS(s, "2024-04", "A:5000000000.00");
    deny(s, "HR", "kpi.actual_reported", "2024-05-31T10:00",
         "'metric':'bonus','person':'P1','month':'2024-05-01','value':'10000000000.01'", "SCO-126",
         "amount");
    leaves(s, "P1", "2024-06-01T10:00", true);
    assert_string_equal(last(s, "penalty.balance_on_exit", "amount"), "15000000000.00");
    stage_close(s);
}

/* ---- SCO-138 ---- */

static void SCO_138_S_39_a_settled_penalty_is_kept_two_years(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-01-10T10:00", "P1", "100.00");
    say(s, "HR", "kpi.actual_reported", "2024-02-29T10:00",
        "'metric':'bonus','person':'P1','month':'2024-01-01','value':'500.00'");
    assert_string_equal(last(s, "penalty.settled", "keep_until"), "2026-02-28");
    penalty(s, "B", "2024-02-10T10:00", "P1", "100.00");
    say(s, "HR", "kpi.actual_reported", "2024-03-31T10:00",
        "'metric':'bonus','person':'P1','month':'2024-02-01','value':'500.00'");
    assert_string_equal(last(s, "penalty.settled", "keep_until"), "2026-03-31");
    stage_close(s);
}

/* ---- SCO-126: a bonus that is reported ---- */

static void SCO_126_a_reported_bonus(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    bonus(s, "P1", "2024-03", "800");
    assert_string_equal(last(s, "scoring.bonus_published", "amount"), "800.00");
    assert_string_equal(last(s, "scoring.bonus_published", "kind"), "效益獎金");
    assert_string_equal(last(s, "scoring.bonus_published", "person"), "P1");
    deny(s, "HR", "kpi.actual_reported", "2024-03-31T10:00",
         "'metric':'bonus','person':'P1','month':'2024-04-01','value':'800'", "SCO-126", "early");
    deny(s, "HR", "kpi.actual_reported", "2024-04-30T10:00",
         "'metric':'bonus','person':'P1','month':'2024-04-01','value':'-1'", "SCO-126", "amount");
    assert_int_equal(count(s, "scoring.bonus_published"), 1);
    stage_close(s);
}

static void SCO_126_without_a_metric_nobody_reports_one(void **state)
{
    (void)state;
    struct stage *s = pay_open_changed("/bonus_metric/d");
    penalty(s, "A", "2024-03-10T10:00", "P1", "100.00");
    bonus(s, "P1", "2024-03", "800");
    assert_int_equal(count(s, "scoring.bonus_published"), 0);
    INSTALMENTS(s, "2024-03", "");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_139_S_45_C_19_instalments_until_it_is_settled),
        cmocka_unit_test(SCO_139_C_20_exactly_half_and_one_fen_more),
        cmocka_unit_test(SCO_139_C_21_oldest_case_first),
        cmocka_unit_test(SCO_139_of_one_instant_the_number_decides),
        cmocka_unit_test(SCO_139_S_46_the_cap_is_rounded_down),
        cmocka_unit_test(SCO_139_S_48_without_the_general_manager_nothing),
        cmocka_unit_test(SCO_139_a_month_without_bonus_takes_nothing),
        cmocka_unit_test(SCO_139_first_month),
        cmocka_unit_test(SCO_139_a_penalty_of_several_persons),
        cmocka_unit_test(SCO_139_the_keys_decide),
        cmocka_unit_test(SCO_140_C_22_a_major_demerit_leaves_nothing),
        cmocka_unit_test(SCO_140_C_23_a_warning_and_a_penalty),
        cmocka_unit_test(SCO_140_the_rest_of_the_bonus_may_be_the_least),
        cmocka_unit_test(SCO_140_or_the_penalties_first),
        cmocka_unit_test(SCO_141_C_24_warnings_and_bases),
        cmocka_unit_test(SCO_141_S_47_what_the_bonus_cannot_bear_is_carried),
        cmocka_unit_test(SCO_141_or_it_is_not),
        cmocka_unit_test(SCO_141_a_major_demerit_takes_its_month_alone),
        cmocka_unit_test(SCO_141_a_demerit_for_conduct_leaves_the_bonus),
        cmocka_unit_test(SCO_141_the_month_is_that_of_publication_or_the_next),
        cmocka_unit_test(SCO_139_a_revision_books_the_difference),
        cmocka_unit_test(SCO_139_a_revision_runs_the_months_behind_it),
        cmocka_unit_test(SCO_139_a_month_that_comes_late),
        cmocka_unit_test(SCO_139_the_balance_of_who_leaves_goes_to_accounting),
        cmocka_unit_test(SCO_139_who_has_left_owes_a_new_one_at_once),
        cmocka_unit_test(SCO_139_or_it_is_kept),
        cmocka_unit_test(SCO_139_the_largest_amounts),
        cmocka_unit_test(SCO_138_S_39_a_settled_penalty_is_kept_two_years),
        cmocka_unit_test(SCO_126_a_reported_bonus),
        cmocka_unit_test(SCO_126_without_a_metric_nobody_reports_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
