/* scoring_stale_test.c - counted facts on a sheet, results that become stale, appeals and
 * revisions (SCO-008, SCO-024, SCO-038). */
#include "tests/unit/scoring_sheet.h"

/* ---- the sheet of the shop: attendance and refunds are counted ---- */

#define TB "'scheme':'tb_130','first':'2024-08-01'"

static void say_tb(struct stage *s, const char *type, const char *local, const char *more)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, TB "%s%s", *more ? "," : "", more);
    say(s, "C1", type, local, of("P1", w.text).text);
}

static void deny_tb(struct stage *s, const char *type, const char *local, const char *more,
                    const char *rule, const char *code)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, TB "%s%s", *more ? "," : "", more);
    deny(s, "C1", type, local, of("P1", w.text).text, rule, code);
}

/* On 14 August one late arrival, and orders without a refund. */
static struct stage *open_shop(void)
{
    struct stage *s = scoring_open();
    assign(s, "P1", "tb_130", "普通售後客服", "2024-08-01", "2024-07-20T09:00");
    say(s, "C1", "attendance.recorded", "2024-08-14T18:00",
        "'person':'P1','day':'2024-08-14','kind':'late'");
    say(s, "C1", "order.counted", "2024-08-30T18:00",
        "'order_no':'8','person':'P1','day':'2024-08-30','orders':100");
    return s;
}

/* 20 + 30 + 20 + 20 + 20 + 15 = 125 */
static void enter_shop(struct stage *s)
{
    static const char *const items[] = {"quality", "disputes", "cooperation", "execution"};
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        char more[100];
        snprintf(more, sizeof more, "'item':'%s','word':'優'", items[i]);
        say_tb(s, "scoring.item_scored", "2024-09-02T10:00", more);
    }
}

static void publish_shop(struct stage *s)
{
    enter_shop(s);
    say_tb(s, "scoring.sheet_submitted", "2024-09-02T11:00", "'by':'M1'");
    say_tb(s, "scoring.reviewed", "2024-09-02T12:00", "'by':'M2'");
}

static void late_again(struct stage *s, const char *day, const char *local)
{
    char data[100];
    snprintf(data, sizeof data, "'person':'P1','day':'%s','kind':'late'", day);
    say(s, "C1", "attendance.recorded", local, data);
}

static void SCO_008_counted_facts_stand_on_the_sheet_with_their_events(void **state)
{
    (void)state;
    struct stage *s = open_shop();
    enter_shop(s);
    deny_tb(s, "scoring.item_scored", "2024-09-02T10:00", "'item':'attendance','points':'20'",
            "SCO-008", "counted");
    say_tb(s, "scoring.sheet_submitted", "2024-09-02T11:00", "'by':'M1'");
    size_t n = count(s, "scoring.item_scored"), found = 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *data =
            json_object_get(stage_nth(s, OWNER_scoring, "scoring.item_scored", i), "data");
        const char *item = json_string_value(json_object_get(data, "item"));
        if (strcmp(item, "attendance") != 0) continue;
        const json_t *sources = json_object_get(data, "sources");
        found++;
        assert_string_equal(json_string_value(json_object_get(data, "points")), "15.00");
        assert_int_equal(json_integer_value(json_object_get(data, "counted")), 1);
        assert_int_equal(json_array_size(sources), 1);
        const json_t *one = json_array_get(sources, 0);
        assert_string_equal(json_string_value(json_object_get(one, "fact")), "attendance_late");
        assert_string_equal(json_string_value(json_object_get(one, "day")), "2024-08-14");
        assert_true(strlen(json_string_value(json_object_get(one, "event"))) > 0);
    }
    assert_int_equal(found, 1);
    stage_close(s);
}

/* What is corrected before the publication changes the score, and nothing is stale. */
static void SCO_008_a_sheet_that_is_not_published_is_reckoned_anew(void **state)
{
    (void)state;
    struct stage *s = open_shop();
    enter_shop(s);
    say_tb(s, "scoring.sheet_submitted", "2024-09-02T11:00", "'by':'M1'");
    late_again(s, "2024-08-15", "2024-09-02T11:30");
    say_tb(s, "scoring.reviewed", "2024-09-02T12:00", "'by':'M2'");
    assert_string_equal(last(s, "scoring.result_published", "score"), "120.00");
    assert_int_equal(count(s, "scoring.result_stale"), 0);
    stage_close(s);
}

static void SCO_008_a_corrected_fact_makes_a_published_result_stale_once(void **state)
{
    (void)state;
    struct stage *s = open_shop();
    publish_shop(s);
    assert_string_equal(last(s, "scoring.result_published", "score"), "125.00");
    assert_string_equal(last(s, "scoring.result_published", "passed"), "yes");
    /* of another month, or what changes nothing on the sheet */
    late_again(s, "2024-09-02", "2024-09-02T13:00");
    say(s, "C1", "order.counted", "2024-09-02T13:00",
        "'order_no':'9','person':'P1','day':'2024-08-31','orders':3");
    deny_tb(s, "scoring.reviewed", "2024-09-02T13:30", "'result':'returned','by':'M2'", "SCO-008",
            "not_stale");
    assert_int_equal(count(s, "scoring.result_stale"), 0);
    late_again(s, "2024-08-16", "2024-09-02T14:00");
    assert_int_equal(count(s, "scoring.result_stale"), 1);
    assert_string_equal(last(s, "scoring.result_stale", "revision"), "1");
    assert_string_equal(last(s, "scoring.result_stale", "fact"), "attendance_late");
    assert_string_equal(last(s, "scoring.result_stale", "was"), "125.00");
    assert_string_equal(last(s, "scoring.result_stale", "would_be"), "120.00");
    late_again(s, "2024-08-17", "2024-09-02T15:00");
    assert_int_equal(count(s, "scoring.result_stale"), 1);
    /* the result stands until it is published again */
    assert_int_equal(result_of(s, "P1", "tb_130", "2024-08-01").score_num, 125);
    stage_close(s);
}

static void SCO_008_a_stale_result_is_returned_and_published_again(void **state)
{
    (void)state;
    struct stage *s = open_shop();
    publish_shop(s);
    say_tb(s, "scoring.acknowledged", "2024-09-02T13:00",
           "'signed_employee':'P1','signed_manager':'M1','interviewed_on':'2024-09-02'");
    late_again(s, "2024-08-16", "2024-09-02T14:00");
    deny_tb(s, "scoring.reviewed", "2024-09-02T15:00", "'by':'M2'", "SCO-024", "published");
    say_tb(s, "scoring.reviewed", "2024-09-02T15:00", "'by':'M2','result':'returned'");
    assert_string_equal(state_of(s, "P1", "tb_130", "2024-08-01"), "collecting");
    assert_int_equal(result_of(s, "P1", "tb_130", "2024-08-01").revision, 1);
    say_tb(s, "scoring.sheet_submitted", "2024-09-02T16:00", "'by':'M1'");
    say_tb(s, "scoring.reviewed", "2024-09-02T17:00", "'by':'M2'");
    assert_string_equal(last(s, "scoring.result_published", "revision"), "2");
    assert_string_equal(last(s, "scoring.result_published", "score"), "120.00");
    assert_int_equal(result_of(s, "P1", "tb_130", "2024-08-01").revision, 2);
    struct rec_row_score_sheet row;
    assert_true(sheet_row(s, "P1", "tb_130", "2024-08-01", &row));
    assert_int_equal(row.state, score_sheet_state_published);
    assert_true(row.signed_employee.n == 0); /* both sign again (SCO-004) */
    late_again(s, "2024-08-17", "2024-09-02T18:00");
    assert_int_equal(count(s, "scoring.result_stale"), 2);
    stage_close(s);
}

/* The level is that of the last day of the month; told late, the difference is paid. */
static void SCO_052_SCO_008_a_level_that_is_told_late_is_paid(void **state)
{
    (void)state;
    struct stage *s = open_shop();
    publish_shop(s);
    assert_string_equal(last(s, "scoring.pay_computed", "total"), "2961.54");
    assign(s, "P1", "tb_130", "高級售後客服", "2024-08-15", "2024-09-03T09:00");
    assert_int_equal(count(s, "scoring.result_stale"), 1);
    assert_string_equal(last(s, "scoring.result_stale", "would_be"), "125.00");
    assert_string_equal(last(s, "scoring.result_stale", "fact"), "");
    assert_string_equal(last(s, "scoring.result_stale", "day"), "2024-08-15");
    say_tb(s, "scoring.reviewed", "2024-09-03T10:00", "'by':'M2','result':'returned'");
    say_tb(s, "scoring.sheet_submitted", "2024-09-03T11:00", "'by':'M1'");
    say_tb(s, "scoring.reviewed", "2024-09-03T12:00", "'by':'M2'");
    assert_string_equal(last(s, "scoring.pay_computed", "total"), "3461.54");
    assert_string_equal(last(s, "scoring.pay_computed", "change"), "500.00");
    /* what changes nothing of it, and another month */
    assign(s, "P1", "tb_130", "高級售後客服", "2024-08-20", "2024-09-04T09:00");
    assign(s, "P1", "tb_130", "售後組長", "2024-09-01", "2024-09-04T09:00");
    assert_int_equal(count(s, "scoring.result_stale"), 1);
    stage_close(s);
}

/* Refunds without their orders: what cannot be reckoned is not handed in, and nobody is asked to
 * enter what is counted. */
static void SCO_050_a_missing_fact_is_no_value(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "tb_130", "普通售後客服", "2024-08-01", "2024-07-20T09:00");
    say(s, "C1", "order.refunded", "2024-08-30T18:00",
        "'order_no':'8','person':'P1','day':'2024-08-30','orders':1,'after_sales':'yes'");
    until(s, "2024-09-01T01:00");
    deny_tb(s, "scoring.sheet_submitted", "2024-09-02T09:00", "", "SCO-050", "incomplete");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "enter it"));
    enter_shop(s);
    deny_tb(s, "scoring.sheet_submitted", "2024-09-02T11:00", "", "SCO-050", "incomplete");
    assert_null(strstr(last(s, "refused.fact", "text"), "enter"));
    assert_non_null(strstr(last(s, "refused.fact", "text"), "not reported"));
    stage_close(s);
}

/* A month without an order, on leave or as a newcomer: he has a score and his basic wage. */
static void SCO_042_SCO_052_a_month_without_orders_is_scored_and_paid(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "tb_130", "普通售後客服", "2024-08-01", "2024-07-20T09:00");
    until(s, "2024-09-01T01:00");
    publish_shop(s);
    assert_string_equal(last(s, "scoring.result_published", "score"), "130.00");
    assert_int_equal(count(s, "scoring.pay_computed"), 1);
    assert_string_equal(last(s, "scoring.pay_computed", "total"), "3000.00");
    stage_close(s);
}

/* ---- appeals ---- */

static struct stage *open_published(const char *points)
{
    struct stage *s = scoring_open();
    assign_4s(s, "P1");
    publish(s, "P1", points); /* Wednesday 4 September 2024, 09:00 */
    return s;
}

static const char *appeal_of(struct stage *s)
{
    struct rec_row_score_sheet row;
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    return row.appeal ? code_word(&codes_score_appeal_state, row.appeal) : "none";
}

/* Five working days after 4 September: 24:00 of the 11th. */
static void SCO_038_an_appeal_is_filed_within_five_working_days(void **state)
{
    (void)state;
    struct stage *s = open_published("100");
    due_is(s, SHEET_AUG, "scoring.appeal_file", "2024-09-12T00:00");
    until(s, "2024-09-12T00:01"); /* nobody is reminded; the right lapses */
    assert_int_equal(reminders(s, "scoring.appeal_file"), 0);
    assert_string_equal(end_of(s, SHEET_AUG, "scoring.appeal_file"), "cancelled");
    bar(s, "P1", "scoring.appeal_filed", "2024-09-12T00:02", "'text':'unfair'", "SCO-038",
        "lapsed");
    stage_close(s);
    s = open_published("100");
    act(s, "P1", "scoring.appeal_filed", "2024-09-11T23:59", "'text':'unfair'");
    assert_string_equal(end_of(s, SHEET_AUG, "scoring.appeal_file"), "stopped");
    state_is(s, "P1", "appealed");
    assert_string_equal(appeal_of(s), "level1");
    stage_close(s);
}

static void SCO_038_each_level_answers_in_five_working_days(void **state)
{
    (void)state;
    struct stage *s = open_published("100");
    act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00", "'text':'unfair'");
    due_is(s, SHEET_AUG, "scoring.appeal_answer", "2024-09-13T00:00");
    until(s, "2024-09-13T00:01");
    assert_int_equal(reminders(s, "scoring.appeal_answer"), 1);
    assert_string_equal(stage_field(s, OWNER_scoring, "deadline.passed",
                                    stage_count(s, OWNER_scoring, "deadline.passed") - 1, "person"),
                        "M1");
    until(s, "2024-09-15T00:01");
    assert_int_equal(reminders(s, "scoring.appeal_answer"), 3);
    /* the superior is silent: to the higher manager, in writing */
    bar(s, "P1", "scoring.appeal_filed", "2024-09-16T09:00", "'level':2,'to':'higher'", "SCO-038",
        "written");
    act(s, "P1", "scoring.appeal_filed", "2024-09-16T09:00",
        "'level':2,'to':'higher','written':'yes'");
    assert_string_equal(appeal_of(s), "level2");
    due_is(s, SHEET_AUG, "scoring.appeal_answer", "2024-09-24T00:00");
    act(s, "P1", "scoring.appeal_ruled", "2024-09-20T09:00", "'changed':'no','by':'M2'");
    assert_string_equal(end_of(s, SHEET_AUG, "scoring.appeal_answer"), "stopped");
    assert_string_equal(appeal_of(s), "ruled");
    state_is(s, "P1", "published"); /* nobody has signed it */
    bar(s, "P1", "scoring.appeal_filed", "2024-09-20T10:00", "'level':2,'to':'hr','written':'yes'",
        "SCO-038", "level");
    stage_close(s);
}

/* Another manager while he waits for the answer: it is his to give, and he is reminded. */
static void SCO_038_SCO_002_another_superior_answers(void **state)
{
    (void)state;
    struct stage *s = open_published("100");
    act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00", "'text':'unfair'");
    say(s, "HR", "scoring.scheme_assigned", "2024-09-06T09:00",
        of("P1", "'scheme':'4s_ae','post':'" MECHANIC "','from':'2024-08-31','manager':'H1'").text);
    until(s, "2024-09-13T00:01");
    assert_int_equal(reminders(s, "scoring.appeal_answer"), 1);
    assert_string_equal(last(s, "deadline.passed", "person"), "H1");
    bar(s, "P1", "scoring.appeal_ruled", "2024-09-13T09:00", "'changed':'no','by':'M1'", "SCO-038",
        "no_right");
    act(s, "P1", "scoring.appeal_ruled", "2024-09-13T09:00", "'changed':'no','by':'H1'");
    stage_close(s);
}

static void SCO_038_both_levels_on_one_day(void **state)
{
    (void)state;
    struct stage *s = open_published("100");
    act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00", "");
    assert_string_equal(last(s, "deadline.armed", "person"), "M1");
    act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00",
        "'level':2,'to':'higher','written':'yes'");
    assert_string_equal(last(s, "deadline.dropped", "reason"), "to the next level");
    assert_string_equal(last(s, "deadline.armed", "person"), "M2");
    due_is(s, SHEET_AUG, "scoring.appeal_answer", "2024-09-13T00:00");
    stage_close(s);
}

static void SCO_038_first_the_superior_then_in_writing(void **state)
{
    (void)state;
    struct stage *s = open_published("100");
    bar(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00",
        "'level':2,'to':'higher','written':'yes'", "SCO-038", "level");
    bar(s, "P1", "scoring.appeal_ruled", "2024-09-05T09:00", "'changed':'no'", "SCO-038", "state");
    act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00", "");
    bar(s, "P1", "scoring.appeal_filed", "2024-09-05T10:00", "", "SCO-038", "level");
    bar(s, "P1", "scoring.appeal_ruled", "2024-09-06T09:00",
        "'changed':'no','lines':[{'item':'finance','points':'110'}]", "SCO-038", "unchanged");
    act(s, "P1", "scoring.appeal_ruled", "2024-09-06T09:00", "'changed':'no','by':'M1'");
    assert_string_equal(appeal_of(s), "settled");
    state_is(s, "P1", "published");
    act(s, "P1", "scoring.appeal_filed", "2024-09-09T09:00",
        "'level':2,'to':'hr','written':'yes','text':'still unfair'");
    assert_string_equal(appeal_of(s), "level2");
    state_is(s, "P1", "appealed");
    stage_close(s);
}

static void SCO_038_a_change_publishes_a_new_revision(void **state)
{
    (void)state;
    struct stage *s = open_published("100");
    act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00", "");
    bar(s, "P1", "scoring.appeal_ruled", "2024-09-06T09:00", "'changed':'yes','by':'M1'", "SCO-038",
        "unchanged");
    bar(s, "P1", "scoring.appeal_ruled", "2024-09-06T09:00",
        "'changed':'yes','by':'M1','lines':[{'item':'finance','points':'100'}]", "SCO-038",
        "unchanged");
    /* 124 + 3 x 100 = 424, a quarter: 106, grade B */
    act(s, "P1", "scoring.appeal_ruled", "2024-09-06T09:00",
        "'changed':'yes','by':'M1','lines':[{'item':'finance','points':'124'}]");
    assert_int_equal(count(s, "scoring.result_published"), 2);
    assert_string_equal(last(s, "scoring.result_published", "revision"), "2");
    assert_string_equal(last(s, "scoring.result_published", "score"), "106.00");
    assert_string_equal(last(s, "scoring.result_published", "grade"), "B");
    state_is(s, "P1", "published");
    assert_int_equal(result_of(s, "P1", "4s_ae", "2024-08-01").score_num, 106);
    /* one may appeal against the revision */
    due_is(s, SHEET_AUG, "scoring.appeal_file", "2024-09-14T00:00");
    act(s, "P1", "scoring.appeal_filed", "2024-09-09T09:00", "");
    assert_string_equal(appeal_of(s), "level1");
    stage_close(s);
}

#define SIGNED "'signed_employee':'P1','signed_manager':'M1','interviewed_on':'2024-09-10'"

/* Unchanged, it is final if it was: an unsigned one is still signed by both, and only then filed.
 */
static void SCO_038_SCO_004_an_unchanged_result_is_final_only_if_it_was_signed(void **state)
{
    (void)state;
    struct rec_row_score_sheet row;
    struct stage *s = open_published("100");
    act(s, "P1", "scoring.acknowledged", "2024-09-04T17:00", "'signed_employee':'P1'");
    act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00", "");
    act(s, "P1", "scoring.appeal_ruled", "2024-09-06T09:00", "'changed':'no','by':'M1'");
    state_is(s, "P1", "published");
    bar(s, "P1", "scoring.archived", "2024-09-06T10:00", "", "SCO-024", "state");
    act(s, "P1", "scoring.acknowledged", "2024-09-10T09:00", SIGNED);
    state_is(s, "P1", "acknowledged");
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_true(row.acknowledged_at == instant("2024-09-10T09:00"));
    assert_int_equal(count(s, "scoring.result_published"), 1);
    /* signed before the appeal to the next level, it is final again after it */
    act(s, "P1", "scoring.appeal_filed", "2024-09-11T09:00",
        "'level':2,'to':'higher','written':'yes'");
    act(s, "P1", "scoring.appeal_ruled", "2024-09-12T09:00", "'changed':'no','by':'M2'");
    state_is(s, "P1", "acknowledged");
    stage_close(s);
}

/* Level 1 is the superior's. */
static void SCO_038_nobody_rules_his_own_appeal(void **state)
{
    (void)state;
    static const struct {
        const char *more, *code;
    } rows[] = {{"'changed':'no'", "missing"},
                {"'changed':'no','by':'P1'", "own"},
                {"'changed':'yes','by':'P1','lines':[{'item':'finance','points':'124'}]", "own"},
                {"'changed':'no','by':'M2'", "no_right"}};
    struct stage *s = open_published("100");
    act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00", "");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        bar(s, "P1", "scoring.appeal_ruled", "2024-09-06T09:00", rows[i].more, "SCO-038",
            rows[i].code);
    due_is(s, SHEET_AUG, "scoring.appeal_answer", "2024-09-13T00:00");
    /* he has left: another answers */
    tell(s, "C1", "person.upserted", "2024-09-06T10:00",
         "'person':'M1','unit':'C1','role':'manager','left':true");
    act(s, "P1", "scoring.appeal_ruled", "2024-09-06T11:00", "'changed':'no','by':'M2'");
    stage_close(s);
}

/* Level 2 is the next level's, or HR's: of who may file its sheets, where the scheme says so. */
static void SCO_038_the_second_level_is_above_the_first(void **state)
{
    (void)state;
    static const struct {
        const char *to, *barred, *rules;
    } rows[] = {{"higher", "M1", "M2"},
                {"higher", "H1", "M2"},
                {"hr", "M1", "H1"},
                {"hr", "M2", "H1"},
                {"hr", "P1", "H1"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char filed[80], by[60];
        struct stage *s = scoring_open();
        assign_4s(s, "P1");
        publish(s, "P1", "100");
        act(s, "P1", "scoring.appeal_filed", "2024-09-05T09:00", "");
        act(s, "P1", "scoring.appeal_ruled", "2024-09-06T09:00", "'changed':'no','by':'M1'");
        snprintf(filed, sizeof filed, "'level':2,'written':'yes','to':'%s'", rows[i].to);
        act(s, "P1", "scoring.appeal_filed", "2024-09-09T09:00", filed);
        snprintf(by, sizeof by, "'changed':'no','by':'%s'", rows[i].barred);
        bar(s, "P1", "scoring.appeal_ruled", "2024-09-10T09:00", by, "SCO-038",
            i == 4   ? "own"
            : i >= 2 ? "role"
                     : "no_right");
        snprintf(by, sizeof by, "'changed':'no','by':'%s'", rows[i].rules);
        act(s, "P1", "scoring.appeal_ruled", "2024-09-10T10:00", by);
        stage_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_008_a_corrected_fact_makes_a_published_result_stale_once),
        cmocka_unit_test(SCO_008_a_sheet_that_is_not_published_is_reckoned_anew),
        cmocka_unit_test(SCO_008_a_stale_result_is_returned_and_published_again),
        cmocka_unit_test(SCO_008_counted_facts_stand_on_the_sheet_with_their_events),
        cmocka_unit_test(SCO_038_a_change_publishes_a_new_revision),
        cmocka_unit_test(SCO_038_an_appeal_is_filed_within_five_working_days),
        cmocka_unit_test(SCO_038_SCO_004_an_unchanged_result_is_final_only_if_it_was_signed),
        cmocka_unit_test(SCO_038_nobody_rules_his_own_appeal),
        cmocka_unit_test(SCO_038_the_second_level_is_above_the_first),
        cmocka_unit_test(SCO_038_each_level_answers_in_five_working_days),
        cmocka_unit_test(SCO_038_SCO_002_another_superior_answers),
        cmocka_unit_test(SCO_038_both_levels_on_one_day),
        cmocka_unit_test(SCO_038_first_the_superior_then_in_writing),
        cmocka_unit_test(SCO_042_SCO_052_a_month_without_orders_is_scored_and_paid),
        cmocka_unit_test(SCO_052_SCO_008_a_level_that_is_told_late_is_paid),
        cmocka_unit_test(SCO_050_a_missing_fact_is_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
