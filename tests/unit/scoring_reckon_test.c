/* scoring_reckon_test.c - the worked examples of scoring Appendix 4 that are the reckoning of one
 * sheet, with the schemes as they are delivered (SCO-006 … SCO-063). */
#include "tests/unit/scoring_set.h"
#include "tests/unit/scoring_sheet_rows.h"

#define SHIPPED "deploy/policy/general"

/* ---- tb_130 ---- */

#define GOOD "quality=良 disputes=良 cooperation=良 execution=良"
#define BEST "quality=優 disputes=優 cooperation=優 execution=優"

static const struct tb {
    const char *id, *post, *facts, *lines, *score, *kpi, *wage;
    bool passed;
} tb_rows[] = {
    {"S-01", "普通售後客服", "orders=100 orders_refunded=6 attendance_late=1 rating_low=2 praise=3",
     GOOD, "91.00", "700.00", "2700.00", true},
    {"S-02", "普通售後客服", "orders=100 orders_refunded=6 attendance_late=1 rating_low=2 praise=2",
     GOOD, "89.00", "0.00", "2000.00", false},
    /* 15+30+20+20+15+20 = 120, −15 +2 = 107 */
    {"S-03", "高級售後客服", "orders=100 orders_refunded=1 rating_low=3 praise=1",
     "quality=良 disputes=優 cooperation=優 execution=良", "107.00", "823.08", "3323.08", true},
    {"S-04", "售後組長", "orders=100 praise=1", BEST " outstanding=5", "137.00", "1000.00",
     "4000.00", true},
};

static void check_tb(const struct policy *p, const struct tb *row)
{
    struct sheet x;
    sheet_of(p, "tb_130", row->post, row->facts, row->lines, &x);
    assert_shown(x.out.score, row->score);
    assert_int_equal(x.out.passed, row->passed);
    assert_shown(pay_of(&x, "kpi"), row->kpi);
    bool range = false;
    assert_shown(frac_add(pay_of(&x, "basic"), pay_of(&x, "kpi"), &range), row->wage);
    sheet_end(&x);
}

static void SCO_040_seventy_per_cent_pass(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(tb_rows); i++)
        check_tb(p, &tb_rows[i]);
    policy_close(&p);
}

/* S-04 with cap_at_total=false. */
static void SCO_050_the_bonus_is_cut_at_the_total_only_where_the_policy_says(void **state)
{
    (void)state;
    struct policy *p = scratch_policy("(min(score, total) / total)", "(score / total)");
    const struct tb row = {
        "S-04",    "售後組長", "orders=100 praise=1", BEST " outstanding=5", "137.00", "1053.85",
        "4053.85", true};
    check_tb(p, &row);
    policy_close(&p);
}

/* Nothing is below 0, neither the score nor what is paid. */
static void SCO_050_a_score_is_not_below_0(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "tb_130", "售後組長", "orders=10 orders_refunded=9 rating_low=40", GOOD, &x);
    assert_shown(x.out.score, "0.00");
    assert_shown(x.out.deductions, "200.00");
    assert_shown(pay_of(&x, "kpi"), "0.00");
    sheet_end(&x);
    policy_close(&p);
}

/* S-05 and what the rule says of one each. */
static void SCO_046_attendance_is_counted_and_not_below_0(void **state)
{
    (void)state;
    static const struct {
        const char *facts, *points;
    } rows[] = {{"", "20.00"},
                {"attendance_late=1", "15.00"},
                {"attendance_leave=1", "15.00"},
                {"attendance_absent=1", "10.00"},
                {"attendance_late=3 attendance_absent=1", "0.00"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "tb_130", "普通售後客服", rows[i].facts, "", &x);
        assert_shown(award_of_item(&x, "attendance"), rows[i].points);
        sheet_end(&x);
    }
    policy_close(&p);
}

/* S-06 */
static void SCO_042_bands_of_the_refund_rate(void **state)
{
    (void)state;
    static const struct {
        const char *refunded, *points;
    } rows[] = {{"500", "30.00"}, {"501", "20.00"},  {"800", "20.00"},
                {"801", "10.00"}, {"1100", "10.00"}, {"1101", "0.00"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char facts[80];
        struct sheet x;
        snprintf(facts, sizeof facts, "orders=10000 orders_refunded=%s", rows[i].refunded);
        sheet_of(p, "tb_130", "普通售後客服", facts, "", &x);
        assert_shown(award_of_item(&x, "refund_rate"), rows[i].points);
        sheet_end(&x);
    }
    policy_close(&p);
}

static void SCO_042_refunds_without_orders_are_no_rate(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "tb_130", "普通售後客服", "orders_refunded=1", BEST, &x);
    assert_false(frac_has(award_of_item(&x, "refund_rate")));
    assert_false(frac_has(x.out.score));
    assert_false(x.out.passed || x.out.judged);
    assert_false(frac_has(pay_of(&x, "kpi")));
    assert_shown(pay_of(&x, "basic"), "2000.00");
    sheet_end(&x);
    sheet_of(p, "tb_130", "普通售後客服", "", BEST, &x);
    assert_shown(award_of_item(&x, "refund_rate"), "30.00");
    assert_shown(pay_of(&x, "kpi"), "1000.00");
    sheet_end(&x);
    policy_close(&p);
}

/* SCO-041, SCO-043, SCO-044, SCO-045: 20 15 10 0. */
static void SCO_041_SCO_043_SCO_044_SCO_045_words_and_their_points(void **state)
{
    (void)state;
    static const char *const items[] = {"quality", "disputes", "cooperation", "execution"};
    static const struct {
        const char *word, *points;
    } words[] = {{"優", "20.00"}, {"良", "15.00"}, {"中", "10.00"}, {"差", "0.00"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(items) * COUNT_OF(words); i++) {
        char lines[64];
        struct sheet x;
        const char *item = items[i / COUNT_OF(words)];
        snprintf(lines, sizeof lines, "%s=%s", item, words[i % COUNT_OF(words)].word);
        sheet_of(p, "tb_130", "普通售後客服", "", lines, &x);
        assert_shown(award_of_item(&x, item), words[i % COUNT_OF(words)].points);
        sheet_end(&x);
    }
    policy_close(&p);
}

static void SCO_047_SCO_049_ratings_and_praises_are_counted(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "tb_130", "普通售後客服", "rating_low=7 praise=11 orders=1", BEST, &x);
    assert_shown(x.out.deductions, "35.00");
    assert_shown(x.out.bonuses, "22.00");
    sheet_end(&x);
    policy_close(&p);
}

/* By severity 5, 10, 20; what nobody has judged 5; an entry for what is not found true nothing. */
static void SCO_048_a_complaint_counts_by_its_severity(void **state)
{
    (void)state;
    static const struct {
        const char *facts, *lines, *points;
    } rows[] = {{"complaint_verified=K1,K2 dispute_valid=D1", "", "15.00"},
                {"complaint_verified=K1,K2 dispute_valid=D1", "complaint#D1=serious", "30.00"},
                {"complaint_verified=K1,K2", "complaint#K1=medium complaint#K2=17", "27.00"},
                {"complaint_verified=K1", "complaint#K1=minor complaint#K2=0", "5.00"},
                {"complaint_verified=K1", "complaint#K1=0", "5.00"},
                {"complaint_verified=K1", "complaint#K2=serious", "5.00"},
                {"complaint_verified=K1", "complaint=serious", "5.00"},
                {"praise=K2", "complaint#K2=serious", "0.00"},
                {"", "complaint#K1=20", "0.00"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "tb_130", "普通售後客服", rows[i].facts, rows[i].lines, &x);
        assert_shown(x.out.deductions, rows[i].points);
        sheet_end(&x);
    }
    policy_close(&p);
}

static void SCO_052_basic_wage_by_post(void **state)
{
    (void)state;
    static const struct {
        const char *post, *basic;
    } rows[] = {{"普通售後客服", "2000.00"}, {"高級售後客服", "2500.00"}, {"售後組長", "3000.00"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "tb_130", rows[i].post, "orders=1", BEST, &x);
        assert_shown(pay_of(&x, "basic"), rows[i].basic);
        sheet_end(&x);
    }
    assert_false(scheme_takes(scheme_of(p, "tb_130"), STR("司機")));
    policy_close(&p);
}

/* ---- dqnj_100 ---- */

static void SCO_011_SCO_012_areas_and_deductions(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    const struct scheme *s = scheme_of(p, "dqnj_100");
    static const struct {
        const char *area;
        int64_t points;
    } areas[] = {{"德", 20}, {"勤", 20}, {"能", 30}, {"績", 30}};
    for (size_t a = 0; a < COUNT_OF(areas); a++) {
        struct frac sum = FRAC_INT(0);
        bool range = false;
        for (uint32_t i = 0; i < s->item_count; i++) {
            if (str_is(s->items[i].area, areas[a].area))
                sum = frac_add(sum, s->items[i].max, &range);
        }
        assert_int_equal(frac_cmp(sum, FRAC_INT(areas[a].points)), 0);
    }
    struct sheet x;
    sheet_of(p, "dqnj_100", "", "", "", &x);
    assert_shown(x.out.score, "100.00");
    sheet_end(&x);
    sheet_of(p, "dqnj_100", "", "", "attitude=1.5 attitude=0.5 skill=7 discipline=4 discipline=4",
             &x);
    assert_shown(award_of_item(&x, "attitude"), "3.00");
    assert_shown(award_of_item(&x, "skill"), "0.50");
    assert_shown(award_of_item(&x, "discipline"), "0.00");
    assert_shown(x.out.score, "86.00");
    sheet_end(&x);
    policy_close(&p);
}

/* S-12: bounds of one award; a period has at most 10. */
static void SCO_014_bonus_of_awards(void **state)
{
    (void)state;
    static const struct {
        const char *points;
        bool ok;
    } rows[] = {{"0.5", false}, {"1", true}, {"10", true}, {"11", false}};
    struct policy *p = policy_of(SHIPPED);
    const struct score_adjust *a = scheme_adjust(scheme_of(p, "dqnj_100"), STR("award"));
    assert_non_null(a);
    assert_true(a->bonus);
    assert_int_equal(a->times, 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct frac v;
        assert_true(frac_parse(str_of(rows[i].points), &v));
        assert_int_equal(frac_cmp(v, a->least) >= 0 && frac_cmp(v, a->most) <= 0, rows[i].ok);
    }
    struct sheet x;
    sheet_of(p, "dqnj_100", "", "award_points=3.5", "", &x);
    assert_shown(x.out.score, "103.50"); /* no cap at 100 */
    sheet_end(&x);
    sheet_of(p, "dqnj_100", "", "award_points=17", "", &x);
    assert_shown(x.out.score, "110.00");
    sheet_end(&x);
    policy_close(&p);
}

/* ---- 4s_ae ---- */

struct band {
    const char *score, *grade;
};

static void check_bands(const struct policy *p, const char *scheme, const struct band *rows,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct frac v;
        assert_true(frac_parse(str_of(rows[i].score), &v));
        const struct score_grade *g = reckon_grade(scheme_of(p, scheme), v);
        assert_non_null(g);
        if (!str_is(g->grade, rows[i].grade))
            fail_msg("%s is %.*s, not %s", rows[i].score, STR_ARG(g->grade), rows[i].grade);
    }
}

/* S-13 and S-14. */
static void SCO_026_the_lower_grade_owns_the_shared_point(void **state)
{
    (void)state;
    static const struct band s_13[] = {{"130", "A"},    {"120.01", "A"}, {"120", "B"},
                                       {"105.01", "B"}, {"105", "C"},    {"90.01", "C"},
                                       {"90", "D"},     {"70.01", "D"},  {"70", "E"}};
    static const struct band s_14[] = {{"130", "A"},    {"120.01", "A"}, {"120", "A"},
                                       {"105.01", "B"}, {"105", "B"},    {"90.01", "C"},
                                       {"90", "C"},     {"70.01", "D"},  {"70", "E"}};
    struct policy *p = policy_of(SHIPPED);
    check_bands(p, "4s_ae", s_13, COUNT_OF(s_13));
    policy_close(&p);
    p = scratch_policy("boundary_owner: lower", "boundary_owner: upper");
    check_bands(p, "4s_ae", s_14, COUNT_OF(s_14));
    policy_close(&p);
}

/* S-16; the four items alike, so that their mean is the score. */
static void SCO_025_SCO_028_SCO_029_base_and_performance_pay(void **state)
{
    (void)state;
    static const struct {
        const char *post, *facts, *lines, *score, *pay;
    } rows[] = {
        {"服務站維修技工", "commission=6000", "finance=105 market=105 kpi_profit=105 learning=105",
         "105.00", "6300.00"},
        {"行政部文員", "wage=5000",
         "targets=96 satisfaction=96 kpi_functional=96 work_discipline=96", "96.00", "1440.00"},
        {"市場部經理", "wage=12000",
         "targets=88 satisfaction=88 kpi_functional=88 work_discipline=88", "88.00", "5280.00"},
        {"客服部經理", "wage=12000",
         "targets=88 satisfaction=88 kpi_functional=88 work_discipline=88", "88.00", "3168.00"},
        /* the manager rule goes before the department rule; weights of 25% */
        {"服務站經理", "commission=6000 wage=10000",
         "finance=130 market=100 kpi_profit=90 learning=80", "100.00", "5000.00"}};
    struct policy *p = policy_of(SHIPPED);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "4s_ae", rows[i].post, rows[i].facts, rows[i].lines, &x);
        assert_shown(x.out.score, rows[i].score);
        assert_shown(pay_of(&x, "perf_pay"), rows[i].pay);
        assert_int_equal(x.out.item_count, 4);
        sheet_end(&x);
    }
    policy_close(&p);
}

static void SCO_020_SCO_021_who_is_assessed(void **state)
{
    (void)state;
    static const struct {
        const char *post, *class;
    } rows[] = {{"服務站維修技工", "profit"},
                {"服務站工具管理員", "functional"},
                {"服務站經理", "manager_profit"},
                {"銷售部銷售顧問", "profit"},
                {"銷售部信息員", "functional"},
                {"VIP會所經理", "manager_profit"},
                {"精品主管", "profit"},
                {"行政部經理", "manager_30"},
                {"客服部回訪員", "functional"},
                {"市場部經理", "manager"},
                {"VIP會所茶藝師", "functional"},
                {"財務部經理", ""},
                {"總經理", ""},
                {"服務", ""}};
    struct policy *p = policy_of(SHIPPED);
    const struct scheme *s = scheme_of(p, "4s_ae");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str class = scheme_class(s, str_of(rows[i].post));
        if (!str_is(class, rows[i].class))
            fail_msg("%s is %.*s, not %s", rows[i].post, STR_ARG(class), rows[i].class);
        assert_int_equal(scheme_takes(s, str_of(rows[i].post)), rows[i].class[0] != 0);
    }
    assert_shown(s->wage_min, "800.00");
    assert_true(s->excludes_probation);
    policy_close(&p);
}

/* ---- bounds ---- */

/* Facts beyond all measure: no score, and nothing wraps around. */
static void SCO_050_what_does_not_fit_has_no_score(void **state)
{
    (void)state;
    struct policy *p = policy_of(SHIPPED);
    struct sheet x;
    sheet_of(p, "tb_130", "普通售後客服", "orders=1", BEST, &x);
    uint32_t place;
    assert_true(policy_score_fact(p, STR("rating_low"), &place));
    x.facts[place] = FRAC_INT(INT64_MAX / 2);
    reckon(&x.in, &x.out);
    assert_true(x.out.range);
    assert_false(frac_has(x.out.score));
    assert_null(x.out.grade);
    assert_false(x.out.passed);
    assert_false(frac_has(pay_of(&x, "kpi")));
    sheet_end(&x);
    policy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_040_seventy_per_cent_pass),
        cmocka_unit_test(SCO_050_the_bonus_is_cut_at_the_total_only_where_the_policy_says),
        cmocka_unit_test(SCO_050_a_score_is_not_below_0),
        cmocka_unit_test(SCO_046_attendance_is_counted_and_not_below_0),
        cmocka_unit_test(SCO_042_bands_of_the_refund_rate),
        cmocka_unit_test(SCO_042_refunds_without_orders_are_no_rate),
        cmocka_unit_test(SCO_041_SCO_043_SCO_044_SCO_045_words_and_their_points),
        cmocka_unit_test(SCO_047_SCO_049_ratings_and_praises_are_counted),
        cmocka_unit_test(SCO_048_a_complaint_counts_by_its_severity),
        cmocka_unit_test(SCO_052_basic_wage_by_post),
        cmocka_unit_test(SCO_011_SCO_012_areas_and_deductions),
        cmocka_unit_test(SCO_014_bonus_of_awards),
        cmocka_unit_test(SCO_026_the_lower_grade_owns_the_shared_point),
        cmocka_unit_test(SCO_025_SCO_028_SCO_029_base_and_performance_pay),
        cmocka_unit_test(SCO_020_SCO_021_who_is_assessed),
        cmocka_unit_test(SCO_050_what_does_not_fit_has_no_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
