/* cli_scores_test.c - `cuiban scores` and `cuiban explain score` over known sheets of February: T1
 * in the shop (20 + 30 + 20 + 20 + 15 + 15 = 120 of 130), T2 a head rated by one (60 of 75 legible
 * points: 80), T4 in the 4S shop (80, commission 1,000.00). Rules SCO-003, SCO-006, SCO-008,
 * SCO-026. */
#include "services/cli/score_sheet.h"
#include "tests/unit/cli_story.h"

static struct story story;

#define FEB(person, scheme) "'person':'" person "','scheme':'" scheme "','first':'2026-02-01'"

static void assign(const char *person, const char *scheme, const char *post)
{
    char data[300];
    snprintf(data, sizeof data, "{'person':'%s','unit':'U1','role':'staff'}", person);
    story_tell(&story, "person.upserted", "03T14:05", data);
    snprintf(data, sizeof data, "{'person':'%s','scheme':'%s','post':'%s','from':'2026-02-01'}",
             person, scheme, post);
    story_tell(&story, "scoring.scheme_assigned", "03T14:06", data);
}

static void enter(const char *person, const char *scheme, const char *item, const char *more)
{
    char data[400];
    snprintf(data, sizeof data,
             "{'person':'%s','scheme':'%s','first':'2026-02-01','item':'%s',%s,'by':'M1'}", person,
             scheme, item, more);
    story_tell(&story, "scoring.item_scored", "03T15:00", data);
}

static void publish(const char *person, const char *scheme)
{
    char data[200];
    snprintf(data, sizeof data, "{'person':'%s','scheme':'%s','first':'2026-02-01','by':'M1'}",
             person, scheme);
    story_tell(&story, "scoring.sheet_submitted", "03T16:00", data);
    data[strlen(data) - 3] = '2';
    story_tell(&story, "scoring.reviewed", "03T16:10", data);
}

static void commission(const char *time, const char *value)
{
    char data[160];
    snprintf(data, sizeof data,
             "{'metric':'commission','person':'T4','month':'2026-02-01','value':'%s'}", value);
    story_tell(&story, "kpi.actual_reported", time, data);
}

static void tell_shop(void)
{
    assign("T1", "tb_130", "普通售後客服");
    story_tell(&story, "order.counted", "03T14:10",
               "{'order_no':'O1','person':'T1','day':'2026-02-20','orders':100}");
    story_tell(&story, "order.refunded", "03T14:11",
               "{'order_no':'O1','person':'T1','day':'2026-02-25','orders':4,'after_sales':'yes'}");
    story_tell(&story, "attendance.recorded", "03T14:12",
               "{'person':'T1','day':'2026-02-10','kind':'late'}");
    enter("T1", "tb_130", "quality", "'word':'優'");
    enter("T1", "tb_130", "disputes", "'word':'優'");
    enter("T1", "tb_130", "cooperation", "'word':'優'");
    enter("T1", "tb_130", "execution", "'word':'良'");
    publish("T1", "tb_130");
}

static int open_story(void **state)
{
    static const char *const head[][2] = {{"fault_reports", "8"},    {"faults", "12"},
                                          {"callback_survey", "12"}, {"parts_management", "12"},
                                          {"time_and_cost", "8"},    {"company_values", "8"}};
    static const char *const shop[] = {"finance", "market", "kpi_profit", "learning"};
    (void)state;
    story_open(&story);
    tell_shop();
    assign("T2", "sup_100", "售後主管");
    for (size_t i = 0; i < COUNT_OF(head); i++) {
        char more[100];
        snprintf(more, sizeof more, "'rater':'leader','points':'%s','reason':'visit'", head[i][1]);
        enter("T2", "sup_100", head[i][0], more);
    }
    publish("T2", "sup_100");
    assign("T4", "4s_ae", "服務站機修工");
    story_tell(&story, "scoring.targets_filed", "03T14:30",
               "{" FEB("T4", "4s_ae") ",'targets':[],'signed_employee':'T4',"
                                      "'signed_manager':'M1','signed_next_level':'M2'}");
    commission("03T14:31", "1000.00");
    for (size_t i = 0; i < COUNT_OF(shop); i++)
        enter("T4", "4s_ae", shop[i], "'points':'80'");
    publish("T4", "4s_ae");
    return 0;
}

static int close_story(void **state)
{
    (void)state;
    story_close(&story);
    return 0;
}

static void print_list(struct scores_query q, enum listing_form form)
{
    struct view v = story_view(&story, form);
    assert_int_equal(scores_list(&v, &q), CLI_OK);
    story_done(&v);
}

static int explain(const char *person, const char *scheme, const char *period,
                   enum listing_form form)
{
    struct view v = story_view(&story, form);
    int rc = explain_score(&v, str_of(person), str_of(scheme), score_period_parse(period));
    story_done(&v);
    return rc;
}

static json_t *parsed(void)
{
    json_error_t error;
    json_t *j = json_loads(story.out_text, 0, &error);
    if (!j) fail_msg("%s in:\n%s", error.text, story.out_text);
    return j;
}

static json_t *explained(const char *person, const char *scheme)
{
    assert_int_equal(explain(person, scheme, "2026-02", LISTING_json), CLI_OK);
    return parsed();
}

static size_t listed(struct scores_query q)
{
    print_list(q, LISTING_json);
    json_t *j = parsed();
    size_t n = json_array_size(j);
    json_decref(j);
    return n;
}

static const char *text_at(const json_t *j, const char *name)
{
    const char *text = json_string_value(json_object_get(j, name));
    return text ? text : "";
}

static const json_t *named(const json_t *list, const char *field, const char *id)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(text_at(json_array_get(list, i), field), id) == 0)
            return json_array_get(list, i);
    }
    fail_msg("no %s in:\n%s", id, story.out_text);
    return NULL;
}

static bool is_stale(const json_t *j)
{
    return json_is_true(json_object_get(j, "stale"));
}

/* ---- the list ---- */

/* Three sheets of February, and those of March that are not collected yet. */
static void SCO_024_sheets_with_state_score_and_grade(void **state)
{
    (void)state;
    print_list((struct scores_query){.first = score_period_parse("2026-02")}, LISTING_csv);
    says(story.out_text, "person,unit,scheme,period,state,revision,score,grade,stale,appeal");
    says(story.out_text, "T1,U1,tb_130,2026-02,published,1,120.00,,,");
    says(story.out_text, "T2,U1,sup_100,2026-02,published,1,80.00,良好,,");
    says(story.out_text, "T4,U1,4s_ae,2026-02,published,1,80.00,D,,");
    says_not(story.out_text, "2026-03");
    assert_int_equal(listed((struct scores_query){0}), 6);
    assert_int_equal(listed((struct scores_query){.person = STR("T1")}), 2);
    assert_int_equal(listed((struct scores_query){.scheme = STR("sup_100")}), 2);
    assert_int_equal(listed((struct scores_query){.unit = STR("U2")}), 0);
    assert_int_equal(listed((struct scores_query){.stale = true}), 0);
    print_list((struct scores_query){.person = STR("T")}, LISTING_table);
    says(story.out_text, "no score sheets");
}

static void SCO_008_only_stale_sheets(void **state)
{
    (void)state;
    story_tell(&story, "attendance.recorded", "03T17:00",
               "{'person':'T1','day':'2026-02-11','kind':'late'}");
    assert_int_equal(listed((struct scores_query){.stale = true}), 1);
    says(story.out_text, "\"person\":\"T1\"");
    says(story.out_text, "\"stale\":\"yes\"");
}

/* ---- what a score is made of ---- */

static void SCO_008_items_with_entries_and_counted_events(void **state)
{
    (void)state;
    json_t *j = explained("T1", "tb_130");
    const json_t *items = json_object_get(j, "items");
    static const char *const points[][2] = {{"quality", "20.00"},   {"refund_rate", "30.00"},
                                            {"disputes", "20.00"},  {"cooperation", "20.00"},
                                            {"execution", "15.00"}, {"attendance", "15.00"}};
    assert_int_equal(json_array_size(items), COUNT_OF(points));
    for (size_t i = 0; i < COUNT_OF(points); i++)
        assert_string_equal(text_at(named(items, "id", points[i][0]), "points"), points[i][1]);
    const json_t *entries = json_object_get(named(items, "id", "execution"), "entries");
    assert_int_equal(json_array_size(entries), 1);
    assert_string_equal(text_at(json_array_get(entries, 0), "word"), "良");
    assert_string_equal(text_at(json_array_get(entries, 0), "by"), "M1");
    const json_t *counted = json_object_get(named(items, "id", "refund_rate"), "counted");
    const json_t *refunds = named(counted, "fact", "orders_refunded");
    assert_string_equal(text_at(named(counted, "fact", "orders"), "value"), "100.00");
    assert_string_equal(text_at(refunds, "value"), "4.00");
    const json_t *event = json_array_get(json_object_get(refunds, "events"), 0);
    assert_string_equal(text_at(event, "type"), "order.refunded");
    assert_string_equal(text_at(event, "log"), "intake");
    assert_string_equal(text_at(event, "day"), "2026-02-25");
    assert_string_equal(text_at(event, "event"), "f13");
    assert_int_equal(json_integer_value(json_object_get(event, "amount")), 4);
    assert_string_equal(text_at(j, "score"), "120.00");
    assert_false(is_stale(j));
    /* 1,000 x 120 / 130 */
    assert_true(
        json_is_true(json_object_get(named(json_object_get(j, "pay"), "id", "kpi"), "booked")));
    const json_t *pay = json_object_get(j, "pay");
    assert_string_equal(text_at(named(pay, "id", "kpi"), "yuan"), "923.08");
    json_decref(j);
}

static void SCO_008_a_score_as_text(void **state)
{
    (void)state;
    assert_int_equal(explain("T1", "tb_130", "2026-02", LISTING_table), CLI_OK);
    says(story.out_text, "T1  tb_130 淘寶店鋪售後客服  2026-02  U1 普通售後客服\n");
    says(story.out_text, "published, revision 1: 120.00 of 130.00, passed\n");
    says(story.out_text, "orders_refunded = 4.00\n        2026-02-25  f13  order.refunded  4\n");
    says(story.out_text, "attendance_late = 1.00\n        2026-02-10  f14  attendance.recorded\n");
    says(story.out_text, "items 120.00 of 130.00, deductions 0.00, bonuses 0.00: 120.00\n");
    says_not(story.out_text, "stale");
}

/* Under a set in which the scheme was changed in place; `was`: the set before it is given, too. */
static json_t *explained_under(const struct policy *changed, const struct policy *was)
{
    struct view v = story_view(&story, LISTING_json);
    v.policy = v.policies[0] = changed;
    if (was) v.policies[v.policy_count++] = was;
    assert_int_equal(explain_score(&v, STR("T1"), STR("tb_130"), score_period_parse("2026-02")),
                     CLI_OK);
    story_done(&v);
    return parsed();
}

static void SCO_003_a_sheet_is_shown_by_the_content_its_period_began_with(void **state)
{
    (void)state;
    char dir[] = "/tmp/cli_scores.XXXXXX", cmd[400];
    struct policy *changed = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy %s/policy && "
             "sed -i 's/then 30 points/then 29 points/' %s/policy/common/scoring.yaml",
             dir, dir);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/policy/appliance", dir);
    assert_int_equal(policy_load(cmd, &changed, faults, POLICY_FAULTS_MAX, &n), ERR_OK);
    json_t *j = explained_under(changed, NULL);
    assert_string_equal(text_at(j, "score"), "119.00");
    assert_true(json_is_true(json_object_get(j, "scheme_changed")));
    assert_false(is_stale(j));
    json_decref(j);
    j = explained_under(changed, story.policy);
    assert_string_equal(text_at(j, "score"), "120.00");
    assert_false(json_is_true(json_object_get(j, "scheme_changed")));
    json_decref(j);
    policy_close(&changed);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
}

/* The latest is March's, of which nothing is known. */
static void SCO_050_what_a_score_lacks(void **state)
{
    (void)state;
    assert_int_equal(explain("T1", "", "", LISTING_table), CLI_OK);
    says(story.out_text, "2026-03");
    says(story.out_text, "targets_set, not published\n");
    says(story.out_text, "without a value yet: quality 售後客服素質\n");
    says_not(story.out_text, "without a value yet: refund_rate"); /* no order, no refund */
    says_not(story.out_text, "without a value yet: attendance");
}

/* 60 of 75 is 80; what an item could still bring is scaled like the score: 2 x 100 / 75. */
static void SCO_006_SCO_026_the_next_grade(void **state)
{
    (void)state;
    json_t *j = explained("T2", "sup_100");
    assert_string_equal(text_at(j, "grade"), "良好");
    assert_string_equal(text_at(j, "next_grade"), "優秀");
    assert_string_equal(text_at(j, "to_next"), "5.00");
    json_decref(j);
    assert_int_equal(explain("T2", "sup_100", "2026-02", LISTING_table), CLI_OK);
    says(story.out_text, "revision 1: 80.00 of 100.00, 良好\n");
    says(story.out_text, "8 by leader (M1)  2026-03-03T15:00:00+08:00  ");
    says(story.out_text,
         "to 優秀: 5.00 points more; there was room in fault_reports 2.67, faults 4.00, "
         "callback_survey 4.00, parts_management 4.00, time_and_cost 2.67, company_values 2.67\n");
    /* D owns 90 */
    assert_int_equal(explain("T4", "4s_ae", "2026-02", LISTING_table), CLI_OK);
    says(story.out_text, "to C 良好: more than 10.00 points more; there was room in finance 12.50");
}

static void SCO_008_a_stale_score_is_shown_with_what_it_would_be(void **state)
{
    (void)state;
    story_tell(&story, "attendance.recorded", "03T17:00",
               "{'person':'T1','day':'2026-02-11','kind':'late'}");
    json_t *j = explained("T1", "tb_130");
    assert_true(is_stale(j));
    assert_string_equal(text_at(j, "published"), "120.00");
    assert_string_equal(text_at(j, "score"), "115.00");
    json_decref(j);
    assert_int_equal(explain("T1", "tb_130", "2026-02", LISTING_table), CLI_OK);
    says(story.out_text, "the entries and facts give 115.00 now: the published score is stale\n");
}

/* 80 % of another commission: nothing but the pay is other. */
static void SCO_008_stale_though_the_score_is_the_same(void **state)
{
    (void)state;
    commission("03T17:00", "1200.00");
    json_t *j = explained("T4", "4s_ae");
    assert_true(is_stale(j));
    assert_string_equal(text_at(j, "score"), "80.00");
    const json_t *pay = named(json_object_get(j, "pay"), "id", "perf_pay");
    assert_string_equal(text_at(pay, "yuan"), "800.00"); /* as booked */
    assert_string_equal(text_at(pay, "formula"), "960.00");
    json_decref(j);
    assert_int_equal(explain("T4", "4s_ae", "2026-02", LISTING_table), CLI_OK);
    says(story.out_text, "a counted fact changed, the score did not: the published result is "
                         "stale\n");
    says(story.out_text, "  perf_pay 800.00 yuan  ");
    says(story.out_text, "; the formula gives 960.00 now\n");
}

static void SCO_125_the_pay_is_shown_as_it_was_booked(void **state)
{
    (void)state;
    const char *entry = "'person':'T1','kind':'missed_sorting','day':'2026-02-12'";
    char data[200];
    story_tell(&story, "person.upserted", "03T16:50",
               "{'person':'M1','unit':'U1','role':'manager'}");
    story_tell(&story, "conduct.recorded", "03T17:00",
               "{'kind':'missed_sorting','person':'T1','day':'2026-02-12','site':'L1','by':'M1'}");
    snprintf(data, sizeof data, "{%s,'case_no':'L1','by':'M1'}", entry);
    story_tell(&story, "conduct.confirmed", "03T17:10", data);
    json_t *j = explained("T1", "tb_130");
    const json_t *pay = json_object_get(j, "pay");
    assert_string_equal(text_at(named(pay, "id", "kpi"), "yuan"), "0.00");
    assert_string_equal(text_at(named(pay, "id", "kpi"), "gross"), "923.08");
    assert_string_equal(text_at(named(pay, "id", "kpi"), "why"),
                        "the award of the month is cancelled: missed_sorting");
    assert_string_equal(text_at(named(pay, "id", "basic"), "yuan"), "2000.00");
    json_decref(j);
    assert_int_equal(explain("T1", "tb_130", "2026-02", LISTING_table), CLI_OK);
    says(story.out_text, "  kpi 0.00 yuan  ");
    says(story.out_text, "; of 923.08, the award of the month is cancelled: missed_sorting\n");
    assert_int_equal(explain("T1", "tb_130", "2026-03", LISTING_table), CLI_OK);
    says(story.out_text, "; not booked\n");
}

/* The last quarter of the year before, by a scheme that shares the excess profit. */
static void SCO_065_why_a_share_is_not_paid(void **state)
{
    (void)state;
    static const char *const items[] = {"work_attitude", "work_conduct", "report_quality", "rules"};
    static const char *const figures[][2] = {{"collected", "90.00"},
                                             {"receivable", "100.00"},
                                             {"collected_2003", "28345.00"},
                                             {"excess_profit", "8500.00"}};
    const char *sheet = "'person':'T5','scheme':'q_post','first':'2025-10-01'";
    char data[300];
    story_tell(&story, "person.upserted", "03T17:00", "{'person':'T5','unit':'U1','role':'staff'}");
    story_tell(&story, "scoring.scheme_assigned", "03T17:01",
               "{'person':'T5','scheme':'q_post','post':'售後人員','from':'2025-10-01'}");
    for (size_t i = 0; i < COUNT_OF(figures); i++) {
        snprintf(data, sizeof data,
                 "{'metric':'%s','person':'T5','month':'2025-12-01','value':'%s'}", figures[i][0],
                 figures[i][1]);
        story_tell(&story, "kpi.actual_reported", "03T17:02", data);
    }
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        snprintf(data, sizeof data, "{%s,'item':'%s','word':'優','by':'M1'}", sheet, items[i]);
        story_tell(&story, "scoring.item_scored", "03T17:03", data);
    }
    snprintf(data, sizeof data, "{%s,'by':'M1'}", sheet);
    story_tell(&story, "scoring.sheet_submitted", "03T17:04", data);
    snprintf(data, sizeof data, "{%s,'by':'M2'}", sheet);
    story_tell(&story, "scoring.reviewed", "03T17:05", data);
    assert_int_equal(explain("T5", "q_post", "2025-Q4", LISTING_table), CLI_OK);
    says(story.out_text, "  profit_share 0.00 yuan  超額利潤獎勵; of 8500.00, the target of the "
                         "division is not met\n");
    story_tell(&story, "kpi.actual_reported", "03T17:06",
               "{'metric':'division_target_met','unit':'U1','month':'2025-12-01','value':'1'}");
    assert_int_equal(explain("T5", "q_post", "2025-Q4", LISTING_table), CLI_OK);
    says(story.out_text, "  profit_share 8500.00 yuan  超額利潤獎勵\n");
}

static void SCO_008_a_sheet_nobody_has_is_said(void **state)
{
    (void)state;
    char *longer = test_malloc(4000);
    assert_int_equal(explain("T9", "", "", LISTING_table), CLI_REFUSED);
    says(story.err_text, "no such score sheet of T9; `cuiban scores --person T9` lists");
    assert_string_equal(story.out_text, "");
    assert_int_equal(explain("T1", "4s_ae", "", LISTING_json), CLI_REFUSED);
    assert_int_equal(explain("T1", "tb_130", "2025-12", LISTING_table), CLI_REFUSED);
    memset(longer, 'x', 3999);
    longer[3999] = '\0';
    assert_int_equal(explain(longer, "", "", LISTING_table), CLI_REFUSED);
    assert_int_equal(explain("T1", longer, "", LISTING_table), CLI_REFUSED);
    assert_int_equal(listed((struct scores_query){.person = str_of(longer)}), 0);
    test_free(longer);
}

static void SCO_033_periods_as_people_write_them(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",        "26",      "2026-13", "2026-00",   "2026/03",
                                        "2026-Q5", "2026Q10", "2026-Q0", "2026-03-01"};
    char text[SCORE_PERIOD_TEXT_MAX];
    assert_int_equal(score_period_parse("2026-03"), day_of(2026, 3, 1));
    assert_int_equal(score_period_parse("2026-Q4"), day_of(2026, 10, 1));
    assert_int_equal(score_period_parse("2026"), day_of(2026, 1, 1));
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        if (score_period_parse(wrong[i])) fail_msg("%s is a period", wrong[i]);
    }
    score_period_text(SCORE_PERIOD_quarter, day_of(2026, 10, 1), text);
    assert_string_equal(text, "2026-Q4");
    score_period_text(SCORE_PERIOD_year, day_of(2026, 1, 1), text);
    assert_string_equal(text, "2026");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_story, close_story)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(SCO_024_sheets_with_state_score_and_grade),
        TEST(SCO_008_only_stale_sheets),
        TEST(SCO_008_items_with_entries_and_counted_events),
        TEST(SCO_008_a_score_as_text),
        TEST(SCO_003_a_sheet_is_shown_by_the_content_its_period_began_with),
        TEST(SCO_050_what_a_score_lacks),
        TEST(SCO_006_SCO_026_the_next_grade),
        TEST(SCO_008_a_stale_score_is_shown_with_what_it_would_be),
        TEST(SCO_008_stale_though_the_score_is_the_same),
        TEST(SCO_125_the_pay_is_shown_as_it_was_booked),
        TEST(SCO_065_why_a_share_is_not_paid),
        TEST(SCO_008_a_sheet_nobody_has_is_said),
        cmocka_unit_test(SCO_033_periods_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
