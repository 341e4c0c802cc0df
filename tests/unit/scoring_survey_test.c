/* scoring_survey_test.c - surveys among customers and merchants: shares, index, mean, what is
 * refused. */
#include "tests/unit/scoring_voice.h"

struct sample {
    const char *dim;
    int n[4];
    const char *share;
};

static void close_survey(struct stage *s, const char *survey, const struct sample *v, size_t n)
{
    char data[2000];
    int at = snprintf(data, sizeof data,
                      "'campaign_no':'K1','survey':'%s','kind':'customer',"
                      "'half':'2024-1','day':'2024-06-30','dims':[",
                      survey);
    for (size_t i = 0; i < n; i++) {
        at += snprintf(data + at, sizeof data - (size_t)at,
                       "%s{'dim':'%s','n1':%d,'n2':%d,'n3':%d,'n4':%d}", i ? "," : "", v[i].dim,
                       v[i].n[0], v[i].n[1], v[i].n[2], v[i].n[3]);
    }
    snprintf(data + at, sizeof data - (size_t)at, "]");
    say(s, "C1", "campaign.closed", "2024-06-30T18:00", data);
}

static const char *dim_of(struct stage *s, const char *kpi, const char *dim, const char *field)
{
    const char *type = "scoring.kpi_published";
    for (size_t i = count(s, type); i-- > 0;) {
        if (strcmp(stage_field(s, OWNER_scoring, type, i, "kpi"), kpi) == 0 &&
            strcmp(stage_field(s, OWNER_scoring, type, i, "dim"), dim) == 0)
            return stage_field(s, OWNER_scoring, type, i, field);
    }
    return "";
}

/* S-36: the sample of survey-3; SCO-089: all at least 85%. */
static void SCO_103_S36_survey_3(void **state)
{
    static const struct sample v[] = {{"產品質量", {54, 33, 13, 0}, "87.00%"},
                                      {"服務質量", {63, 32, 5, 0}, "95.00%"},
                                      {"價格合理性", {48, 38, 14, 0}, "86.00%"},
                                      {"售後服務", {58, 34, 8, 0}, "92.00%"}};
    struct stage *s = voices_open();
    close_survey(s, "survey_3", v, COUNT_OF(v));
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        assert_string_equal(dim_of(s, "survey_3", v[i].dim, "value"), v[i].share);
        assert_string_equal(dim_of(s, "survey_3", v[i].dim, "pass"), "yes");
    }
    assert_string_equal(dim_of(s, "survey_3", "", "value"), "90.00%");
    assert_string_equal(dim_of(s, "survey_3", "", "pass"), "yes");
    assert_string_equal(dim_of(s, "survey_3_index", "產品質量", "value"), "70.50%");
    stage_close(s);
    (void)state;
}

/* S-37: the sample of survey-4; S-41: its index. */
static void SCO_104_S37_S41_survey_4(void **state)
{
    static const struct sample v[] = {
        {"產品質量", {30, 50, 15, 5}, "80.00%"},    {"服務質量", {25, 55, 15, 5}, "80.00%"},
        {"售後支持", {35, 40, 20, 5}, "75.00%"},    {"響應速度", {20, 55, 20, 5}, "75.00%"},
        {"價格合理性", {10, 50, 25, 15}, "60.00%"}, {"公司形象", {15, 50, 25, 10}, "65.00%"}};
    struct stage *s = voices_open();
    close_survey(s, "survey_4", v, COUNT_OF(v));
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        assert_string_equal(dim_of(s, "survey_4", v[i].dim, "value"), v[i].share);
        assert_string_equal(dim_of(s, "survey_4", v[i].dim, "pass"), "no");
    }
    assert_string_equal(dim_of(s, "survey_4", "", "value"), "72.50%");
    assert_string_equal(dim_of(s, "survey_4", "", "pass"), "no"); /* SCO-089: below 85% */
    assert_string_equal(dim_of(s, "survey_4_index", "產品質量", "value"), "75.00%");
    stage_close(s);
    (void)state;
}

/* SCO-089: exactly 85% passes. SCO-103: the levels are all the answers. */
static void SCO_089_SCO_103_levels_and_threshold(void **state)
{
    static const struct sample v[] = {{"產品質量", {50, 35, 10, 5}, "85.00%"}};
    struct stage *s = voices_open();
    close_survey(s, "survey_4", v, COUNT_OF(v));
    assert_string_equal(dim_of(s, "survey_4", "產品質量", "pass"), "yes");
    until(s, "2024-07-11T00:01"); /* SCO-089 for the centre */
    assert_string_equal(figure(s, "satisfaction", "C1", "month", "2024-06-01", "value"), "85.00%");
    const char *head = "'campaign_no':'X','survey':'survey_3','dims':[";
    static const char *const wrong[][2] = {
        {"{'dim':'服務質量','n1':1,'n4':1}", "levels"},
        {"{'dim':'服務質量','n1':54,'n2':33,'n3':12,'answers':100}", "answers"},
        {"{'dim':'服務質量'}", "answers"},
        {"{'dim':'服務質量','n1':1},{'dim':'服務質量','n1':1}", "twice"},
        {"{'dim':'響應速度','n1':1}", "unknown_subject"}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char data[300];
        snprintf(data, sizeof data, "%s%s]", head, wrong[i][0]);
        deny(s, "C1", "campaign.closed", "2024-07-12T10:00", data, "SCO-104", wrong[i][1]);
    }
    deny(s, "C1", "campaign.closed", "2024-07-12T10:00",
         "'campaign_no':'X','survey':'survey3','dims':[{'dim':'服務質量','n1':1}]", "SCO-104",
         "unknown_survey");
    deny(s, "C1", "campaign.closed", "2024-07-12T10:00",
         "'campaign_no':'X','survey':'a_survey_with_a_name_that_is_rather_too_long_x','dims':"
         "[{'dim':'服務質量','n1':1}]",
         "SCO-104", "long");
    stage_close(s);
    (void)state;
}

/* Whole per cent that add up to 100: 1/3 each leaves one for the best level, 2/7 … the largest
 * remainder. */
static void SCO_103_shares_add_up(void **state)
{
    static const struct {
        struct sample v;
        const char *share[3];
    } rows[] = {{{"產品質量", {54, 33, 13, 0}, ""}, {"54.00%", "33.00%", "13.00%"}},
                {{"服務質量", {1, 1, 1, 0}, ""}, {"34.00%", "33.00%", "33.00%"}},
                {{"價格合理性", {2, 2, 3, 0}, ""}, {"29.00%", "28.00%", "43.00%"}},
                {{"售後服務", {0, 1, 5, 0}, ""}, {"0.00%", "17.00%", "83.00%"}}};
    struct sample v[COUNT_OF(rows)];
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        v[i] = rows[i].v;
    struct stage *s = voices_open();
    close_survey(s, "survey_3", v, COUNT_OF(v));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int level = 0; level < 3; level++) {
            char kpi[40];
            snprintf(kpi, sizeof kpi, "survey_3_level_%d", level + 1);
            assert_string_equal(dim_of(s, kpi, v[i].dim, "value"), rows[i].share[level]);
        }
    }
    assert_string_equal(dim_of(s, "survey_3_level_4", "產品質量", "value"), "");
    stage_close(s);
    (void)state;
}

/* SCO-105: merchants and customers, each half-year; told again it replaces. */
static void SCO_105_a_campaign_told_again(void **state)
{
    struct stage *s = voices_open();
    const char *first = "'campaign_no':'M','survey':'survey_4','kind':'merchant','half':'2024-1',"
                        "'day':'2024-06-30','dims':[{'dim':'服務質量','n1':1,'n2':1,'n3':2}]";
    const char *again = "'campaign_no':'M','survey':'survey_4','kind':'merchant','half':'2024-1',"
                        "'day':'2024-06-30','dims':[{'dim':'服務質量','n1':3,'n2':1,'n3':0}]";
    say(s, "C1", "campaign.closed", "2024-06-30T18:00", first);
    assert_string_equal(dim_of(s, "survey_4", "服務質量", "value"), "50.00%");
    say(s, "C1", "campaign.closed", "2024-07-01T18:00", again);
    assert_string_equal(dim_of(s, "survey_4", "服務質量", "value"), "100.00%");
    assert_string_equal(dim_of(s, "survey_4", "服務質量", "revision"), "2");
    assert_int_equal(summed_unit(s, "C1", 202406, "survey_satisfied"), 4);
    assert_int_equal(summed_unit(s, "C1", 202406, "survey_answers"), 4);
    stage_close(s);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_103_S36_survey_3),
        cmocka_unit_test(SCO_103_shares_add_up),
        cmocka_unit_test(SCO_104_S37_S41_survey_4),
        cmocka_unit_test(SCO_089_SCO_103_levels_and_threshold),
        cmocka_unit_test(SCO_105_a_campaign_told_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
