/* scoring_check_test.c - which entries a scheme takes and what is said of those it does not, and a
 * scheme that is written in YAML alone (SCO-006, SCO-007, SCO-011, SCO-048, SCO-055, SCO-057). */
#include "tests/unit/scoring_sheet_rows.h"

#define SHIPPED "deploy/policy/general"
#define NEW "tests/unit/data/policy-scoring-new"

struct entry {
    const char *line, *reason; /* "faults@leader=8", reason or NULL */
    const char *code, *said;   /* "" = taken; what the refusal says */
};

static void check_scheme(const struct scheme *s, const struct entry *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct sheet x = {.line_count = 0};
        struct fault why = {0};
        set_lines(s, &x, rows[i].line);
        if (rows[i].reason) x.lines[0].reason = str_of(rows[i].reason);
        enum err e = reckon_check_line(s, &x.lines[0], &why);
        if (strcmp(why.code, rows[i].code) != 0)
            fail_msg("%s: \"%s\" (%s), expected \"%s\"", rows[i].line, why.code, why.text,
                     rows[i].code);
        assert_int_equal(e, rows[i].code[0] ? ERR_REFUSED : ERR_OK);
        if (!strstr(why.text, rows[i].said))
            fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].line, why.text, rows[i].said);
    }
}

static void check_entries(const struct policy *p, const char *scheme, const struct entry *rows,
                          size_t n)
{
    check_scheme(scheme_of(p, scheme), rows, n);
}

static void SCO_007_only_the_words_listed(void **state)
{
    (void)state;
    static const struct entry rows[] = {
        {"quality=優", NULL, "", ""},
        {"quality=好", NULL, "word", "優, 良, 中, 差"},
        {"quality=20", NULL, "word", "優, 良, 中, 差"},
        {"refund_rate=30", NULL, "counted", "counted from facts"},
        {"low_rating=5", NULL, "counted", "counted from facts"},
        {"qualty=優", NULL, "unknown", "did you mean \"quality\""},
    };
    struct policy *p = policy_of(SHIPPED);
    check_entries(p, "tb_130", rows, COUNT_OF(rows));
    policy_close(&p);
}

/* S-07 */
static void SCO_048_a_complaint_takes_5_to_20(void **state)
{
    (void)state;
    static const struct entry rows[] = {
        {"complaint=4", NULL, "points", "5.00 to 20.00"},
        {"complaint=5", NULL, "", ""},
        {"complaint=20", NULL, "", ""},
        {"complaint=21", NULL, "points", "5.00 to 20.00"},
        {"complaint=-5", NULL, "points", "5.00 to 20.00"},
        {"complaint=12.5", NULL, "", ""},
        {"complaint=serious", NULL, "", ""},
        {"complaint=awful", NULL, "word", "minor, medium, serious"},
        {"complaint=0", NULL, "", ""}, /* taken back */
    };
    struct policy *p = policy_of(SHIPPED);
    check_entries(p, "tb_130", rows, COUNT_OF(rows));
    policy_close(&p);
}

static void SCO_049_outstanding_is_2_to_5_once(void **state)
{
    (void)state;
    static const struct entry rows[] = {{"outstanding=1", NULL, "points", "2.00 to 5.00"},
                                        {"outstanding=2", NULL, "", ""},
                                        {"outstanding=5", NULL, "", ""},
                                        {"outstanding=5.01", NULL, "points", "2.00 to 5.00"}};
    struct policy *p = policy_of(SHIPPED);
    check_entries(p, "tb_130", rows, COUNT_OF(rows));
    const struct scheme *s = scheme_of(p, "tb_130");
    struct sheet x = {.line_count = 0};
    struct fault why = {0};
    set_lines(s, &x, "outstanding=2 complaint=5 complaint=5 outstanding=0");
    assert_int_equal(reckon_check_times(s, x.lines, x.line_count, &why), ERR_OK);
    x.lines[3].points = STR("3");
    assert_int_equal(reckon_check_times(s, x.lines, x.line_count, &why), ERR_REFUSED);
    assert_string_equal(why.code, "times");
    policy_close(&p);
}

static void SCO_011_SCO_012_points_within_the_maximum(void **state)
{
    (void)state;
    static const struct entry rows[] = {
        {"attitude=2.5", "客戶投訴", "", ""},
        {"attitude=5", "客戶投訴", "", ""},
        {"attitude=5.01", "客戶投訴", "points", "0 to 5.00 points"},
        {"attitude=-1", "客戶投訴", "points", "0 to 5.00 points"},
        {"attitude=2.5", NULL, "reason", "needs its reason"},
        {"attitude=0", NULL, "", ""},
        {"attitude=much", "客戶投訴", "points", "0 to 5.00 points"},
    };
    struct policy *p = policy_of(SHIPPED);
    check_entries(p, "dqnj_100", rows, COUNT_OF(rows));
    policy_close(&p);
}

static void SCO_006_SCO_055_SCO_057_raters_and_evidence(void **state)
{
    (void)state;
    static const struct entry rows[] = {
        {"faults@leader=15", NULL, "", ""},
        {"faults@leader=14.99", NULL, "reason", "評分依據"},
        {"faults@leader=14.99", "兩件未記錄", "", ""},
        {"faults@self=3", NULL, "reason", "評分依據"},
        {"faults=15", NULL, "rater", "self, supervisor, leader"},
        {"faults@boss=15", NULL, "rater", "self, supervisor, leader"},
        {"faults@leader=16", NULL, "points", "0 to 15.00 points"},
        {"lost_task@leader=15", NULL, "placeholder", "lost row"},
    };
    struct policy *p = policy_of(SHIPPED);
    check_entries(p, "sup_100", rows, COUNT_OF(rows));
    static const struct entry none[] = {{"quality@leader=優", NULL, "rater", "nobody"}};
    check_entries(p, "tb_130", none, COUNT_OF(none));
    policy_close(&p);
}

static void SCO_058_figures_of_their_kind(void **state)
{
    (void)state;
    static const struct entry rows[] = {
        {"rate=99%", NULL, "", ""},
        {"rate=0.99", NULL, "", ""},
        {"rate=-1%", NULL, "actual", "a rate"},
        {"rate=%", NULL, "actual", "a rate"},
        {"rate=", NULL, "actual", "a rate"},
        {"amount=25510.50", NULL, "", ""},
        {"amount=90%", NULL, "actual", "yuan"},
        {"amount=1000000000001", NULL, "actual", "yuan"},
        {"times=3", NULL, "", ""},
        {"times=2.5", NULL, "actual", "a whole number"},
    };
    const struct score_item items[] = {
        {.id = STR("rate"), .entry = SCORE_ENTRY_actual, .actual = FORMULA_ratio},
        {.id = STR("amount"), .entry = SCORE_ENTRY_actual, .actual = FORMULA_money},
        {.id = STR("times"), .entry = SCORE_ENTRY_actual, .actual = FORMULA_count}};
    const struct scheme figures = {
        .id = STR("figures"), .items = items, .item_count = COUNT_OF(items)};
    check_scheme(&figures, rows, COUNT_OF(rows));
}

/* The quarter sheet: what is counted takes no figure, what is judged its word. */
static void SCO_059_SCO_060_counted_and_judged(void **state)
{
    (void)state;
    static const struct entry rows[] = {
        {"parts_collection=10", NULL, "counted", "counted from facts"},
        {"parts_collection_2003=10", NULL, "counted", "counted from facts"},
        {"complaint_satisfaction=15", NULL, "counted", "counted from facts"},
        {"complaint_count=3", NULL, "counted", "counted from facts"},
        {"training_effect=8", NULL, "counted", "counted from facts"},
        {"work_attitude=優", NULL, "", ""},
        {"work_attitude=可", NULL, "word", "優, 良, 中, 差"},
    };
    struct policy *p = policy_of(SHIPPED);
    check_entries(p, "q_post", rows, COUNT_OF(rows));
    policy_close(&p);
}

/* ---- a scheme without any C ---- */

static void a_new_scheme_is_written_in_yaml_alone(void **state)
{
    (void)state;
    static const struct {
        const char *post, *facts, *lines, *score, *grade, *rides, *bonus;
    } rows[] = {
        /* 14 + 24 + 20×1.1 + 15 + 2×4 = 83, −2 +4 = 85; 40 rides */
        {"重型貨車司機", "services=10 services_on_time=8 attendance_late=1 rides=40",
         "manner=良 fuel=81% car=dirty night=4 idea=3 idea=1", "85.00", "silver", "500.00",
         "425.00"},
        /* 20 + 30 + 18 + 20 + 4, ideas at most twice 3 */
        {"司機甲", "services=3 services_on_time=3 rides=10",
         "manner=優 fuel=100% town=4 idea=3 idea=3 idea=3", "98.00", "gold", "80.00", "78.40"},
        /* absent: not passed; car 0, not below */
        {"司機甲", "services=3 services_on_time=3 rides=10 attendance_absent=1",
         "manner=差 fuel=90% town=9 car=dirty car=scratched", "61.00", "none", "80.00", "0.00"},
        /* 102 + 2×3, cut at 105 */
        {"司機甲", "services=3 services_on_time=3",
         "manner=優 fuel=10% town=10 idea=3 idea=3 idea=3", "105.00", "gold", "0.00", "0.00"}};
    struct policy *p = policy_of(NEW);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet x;
        sheet_of(p, "fleet", rows[i].post, rows[i].facts, rows[i].lines, &x);
        assert_shown(x.out.score, rows[i].score);
        assert_true(str_is(x.out.grade->grade, rows[i].grade));
        assert_shown(pay_of(&x, "rides_pay"), rows[i].rides);
        assert_shown(pay_of(&x, "bonus_pay"), rows[i].bonus);
        sheet_end(&x);
    }
    static const struct entry entries[] = {
        {"car=dirty", "抽查", "", ""},      {"car=5", "抽查", "word", "dirty, scratched"},
        {"night=5", NULL, "", ""},          {"night=5.5", NULL, "points", "0 to 5.00"},
        {"manner=良", NULL, "", ""},        {"idea=3.5", NULL, "points", "0.50 to 3.00"},
        {"punctual=3", NULL, "counted", ""}};
    check_entries(p, "fleet", entries, COUNT_OF(entries));
    policy_close(&p);
}

/* The house's own levels, and those a scheme has for itself; words of a scheme go before both. */
static void SCO_007_quality_levels_of_house_and_scheme(void **state)
{
    (void)state;
    struct policy *p = policy_of(NEW);
    struct sheet x;
    sheet_of(p, "q_post", "", "", "work_attitude=良 report_quality=中", &x);
    assert_shown(award_of_item(&x, "work_attitude"), "4.00");
    assert_shown(award_of_item(&x, "report_quality"), "6.00");
    sheet_end(&x);
    sheet_of(p, "fleet", "司機甲", "", "manner=差", &x);
    assert_shown(award_of_item(&x, "manner"), "2.00");
    sheet_end(&x);
    sheet_of(p, "tb_130", "", "", "quality=良", &x);
    assert_shown(award_of_item(&x, "quality"), "15.00");
    sheet_end(&x);
    assert_int_equal(p->scoring.decimals, 1);
    policy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_007_only_the_words_listed),
        cmocka_unit_test(SCO_048_a_complaint_takes_5_to_20),
        cmocka_unit_test(SCO_049_outstanding_is_2_to_5_once),
        cmocka_unit_test(SCO_011_SCO_012_points_within_the_maximum),
        cmocka_unit_test(SCO_006_SCO_055_SCO_057_raters_and_evidence),
        cmocka_unit_test(SCO_058_figures_of_their_kind),
        cmocka_unit_test(SCO_059_SCO_060_counted_and_judged),
        cmocka_unit_test(a_new_scheme_is_written_in_yaml_alone),
        cmocka_unit_test(SCO_007_quality_levels_of_house_and_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
