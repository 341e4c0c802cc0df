/* scoring_pay_test.c - the pay of a month by the scheme of a published score, its bonus, what a
 * cancelled award and the excess profit make of it (SCO-028, SCO-029, SCO-051, SCO-052, SCO-062 …
 * SCO-065, SCO-125, SCO-126). Worked examples S-01 … S-04, S-16, S-28, S-30, S-33, S-49. */
#include "tests/unit/scoring_pay_door.h"

/* ---- sheets ---- */

static void assign_at(struct stage *s, const char *person, const char *scheme, const char *post,
                      const char *wage)
{
    char data[300];
    snprintf(data, sizeof data,
             "'person':'%s','scheme':'%s','post':'%s','from':'2024-01-01','wage':'%s',"
             "'manager':'M1','next_level':'M2'",
             person, scheme, post, wage);
    say(s, "HR", "scoring.scheme_assigned", "2024-03-01T08:00", data);
}

static void assign(struct stage *s, const char *person, const char *scheme, const char *post)
{
    assign_at(s, person, scheme, post, "5000.00");
}

static void enter(struct stage *s, const char *person, const char *scheme, const char *first,
                  const char *item, const char *what)
{
    char data[300];
    snprintf(data, sizeof data, "'person':'%s','scheme':'%s','first':'%s','item':'%s','by':'M1',%s",
             person, scheme, first, item, what);
    say(s, "C1", "scoring.item_scored", "2024-04-02T10:00", data);
}

static void publish(struct stage *s, const char *person, const char *scheme, const char *first,
                    const char *at)
{
    char data[200];
    snprintf(data, sizeof data, "'person':'%s','scheme':'%s','first':'%s','by':'M1'", person,
             scheme, first);
    say(s, "C1", "scoring.sheet_submitted", at, data);
    snprintf(data, sizeof data, "'person':'%s','scheme':'%s','first':'%s','by':'M2'", person,
             scheme, first);
    say(s, "C1", "scoring.reviewed", at, data);
}

static void actual(struct stage *s, const char *metric, const char *person, const char *month,
                   const char *value)
{
    char data[200];
    snprintf(data, sizeof data, "'metric':'%s',%s%s%s'month':'%s','value':'%s'", metric,
             *person ? "'person':'" : "", person, *person ? "'," : "", month, value);
    say(s, "C1", "kpi.actual_reported", "2024-04-02T09:00", data);
}

/* Amount of a part of the last pay; "" when it has no such part. */
static const char *part(struct stage *s, const char *id)
{
    static char text[32];
    size_t n = count(s, "scoring.pay_computed"), i;
    const json_t *line, *lines = NULL;
    if (n > 0) {
        const json_t *event = stage_nth(s, OWNER_scoring, "scoring.pay_computed", n - 1);
        lines = json_object_get(json_object_get(event, "data"), "lines");
    }
    json_array_foreach(lines, i, line)
    {
        if (strcmp(json_string_value(json_object_get(line, "id")), id) != 0) continue;
        const char *amount = json_string_value(json_object_get(line, "amount"));
        snprintf(text, sizeof text, "%s", amount ? amount : "0.00");
        return text;
    }
    return "";
}

#define PAY(s, field) last(s, "scoring.pay_computed", field)
#define MARCH "2024-03-01"

/* ---- tb_130: S-01 … S-04 ---- */

static void facts_of(struct stage *s, unsigned late, unsigned low, unsigned praises,
                     const char *refunded)
{
    char data[200];
    say(s, "C1", "order.counted", "2024-03-31T10:00",
        "'order_no':'B1','person':'P1','day':'2024-03-31','orders':100");
    snprintf(data, sizeof data,
             "'order_no':'B2','person':'P1','day':'2024-03-31','orders':%s,'after_sales':'yes'",
             refunded);
    if (*refunded) say(s, "C1", "order.refunded", "2024-03-31T10:00", data);
    for (unsigned i = 0; i < late; i++) {
        snprintf(data, sizeof data, "'person':'P1','day':'2024-03-%02u','kind':'late'", i + 4);
        say(s, "C1", "attendance.recorded", "2024-03-31T10:00", data);
    }
    for (unsigned i = 0; i < low; i++) {
        snprintf(data, sizeof data,
                 "'rating_no':'L%u','person':'P1','day':'2024-03-05','after_sales_reason':'yes',"
                 "'confirmed_by':'S1'",
                 i);
        say(s, "C1", "rating.low_given", "2024-03-31T10:00", data);
    }
    for (unsigned i = 0; i < praises; i++) {
        snprintf(data, sizeof data, "'praise_no':'K%u','person':'P1','day':'2024-03-05'", i);
        say(s, "C1", "praise.given", "2024-03-31T10:00", data);
    }
}

static void words_of_four(struct stage *s, const char *word)
{
    static const char *const items[] = {"quality", "disputes", "cooperation", "execution"};
    char what[64];
    snprintf(what, sizeof what, "'word':'%s'", word);
    for (size_t i = 0; i < COUNT_OF(items); i++)
        enter(s, "P1", "tb_130", MARCH, items[i], what);
}

static struct stage *shop(const char *post)
{
    struct stage *s = pay_open();
    assign(s, "P1", "tb_130", post);
    return s;
}

static void SCO_051_S_01_seventy_per_cent_passes(void **state)
{
    (void)state;
    struct stage *s = shop("普通售後客服");
    facts_of(s, 1, 2, 3, "6");
    until(s, "2024-04-01T08:00");
    words_of_four(s, "良");
    publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
    assert_string_equal(PAY(s, "score"), "91.00");
    assert_string_equal(part(s, "kpi"), "700.00");
    assert_string_equal(part(s, "basic"), "2000.00");
    assert_string_equal(PAY(s, "total"), "2700.00");
    assert_string_equal(PAY(s, "bonus"), "700.00");
    assert_string_equal(PAY(s, "month"), MARCH);
    assert_string_equal(PAY(s, "paid_month"), "2024-04-01");
    assert_string_equal(PAY(s, "revision"), "1");
    assert_string_equal(last(s, "scoring.bonus_published", "amount"), "700.00"); /* SCO-126 */
    assert_string_equal(last(s, "scoring.bonus_published", "month"), MARCH);
    stage_close(s);
}

static void SCO_051_S_02_below_it_there_is_none(void **state)
{
    (void)state;
    struct stage *s = shop("普通售後客服");
    facts_of(s, 1, 2, 2, "6");
    until(s, "2024-04-01T08:00");
    words_of_four(s, "良");
    publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
    assert_string_equal(PAY(s, "score"), "89.00");
    assert_string_equal(part(s, "kpi"), "0.00");
    assert_string_equal(PAY(s, "total"), "2000.00");
    assert_string_equal(last(s, "scoring.bonus_published", "amount"), "0.00");
    stage_close(s);
}

/* 20 + 30 + 20 + 20 + 20 + 0 late x 4 … makes 110; less 5 for a low rating and 2 more: 107. */
static void SCO_051_SCO_052_S_03_rounded_once(void **state)
{
    (void)state;
    struct stage *s = shop("高級售後客服");
    facts_of(s, 4, 1, 1, "");
    until(s, "2024-04-01T08:00");
    words_of_four(s, "優");
    publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
    assert_string_equal(PAY(s, "score"), "107.00");
    assert_string_equal(part(s, "kpi"), "823.08");
    assert_string_equal(PAY(s, "total"), "3323.08");
    stage_close(s);
}

/* Cut at the total, unless the scheme does not (tb_130.cap_at_total). */
static void SCO_052_S_04_cut_at_the_total(void **state)
{
    (void)state;
    for (int cut = 0; cut < 2; cut++) {
        struct stage *s = cut ? pay_open()
                              : pay_open_edited("common/scoring.yaml",
                                                "s/min(score, total) . total/score \\/ total/");
        assign(s, "P1", "tb_130", "售後組長");
        facts_of(s, 0, 0, 1, "");
        until(s, "2024-04-01T08:00");
        words_of_four(s, "優");
        enter(s, "P1", "tb_130", MARCH, "outstanding", "'points':'5'");
        publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
        assert_string_equal(PAY(s, "score"), "137.00");
        assert_string_equal(part(s, "kpi"), cut ? "1000.00" : "1053.85");
        assert_string_equal(PAY(s, "total"), cut ? "4000.00" : "4053.85");
        stage_close(s);
    }
}

/* SCO-052: the level on the last day of the month. */
static void SCO_052_who_is_promoted_within_the_month(void **state)
{
    (void)state;
    struct stage *s = shop("普通售後客服");
    facts_of(s, 0, 0, 0, "");
    say(s, "HR", "scoring.scheme_assigned", "2024-03-15T08:00",
        "'person':'P1','scheme':'tb_130','post':'高級售後客服','from':'2024-03-31'");
    until(s, "2024-04-01T08:00");
    words_of_four(s, "優");
    publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
    assert_string_equal(part(s, "basic"), "2500.00");
    assert_string_equal(PAY(s, "total"), "3500.00");
    stage_close(s);
}

/* ---- 4s_ae: S-16 ---- */

static const char *const profit_items[] = {"finance", "market", "kpi_profit", "learning"};
static const char *const functional_items[] = {"targets", "satisfaction", "kpi_functional",
                                               "work_discipline"};

static void station(struct stage *s, const char *person, const char *post, const char *wage,
                    const char *const items[4], const char *score)
{
    char what[64], data[700];
    assign_at(s, person, "4s_ae", post, wage);
    snprintf(data, sizeof data,
             "'person':'%s','scheme':'4s_ae','first':'" MARCH "','targets':["
             "{'name':'a','measure':'m','due':'2024-03-31'},{'name':'b','measure':'m','due':"
             "'2024-03-31'},{'name':'c','measure':'m','due':'2024-03-31'}],"
             "'signed_employee':'%s','signed_manager':'M1','signed_next_level':'M2'",
             person, person);
    say(s, "C1", "scoring.targets_filed", "2024-03-04T10:00", data);
    until(s, "2024-04-01T08:00");
    snprintf(what, sizeof what, "'points':'%s','reason':'as seen'", score);
    for (size_t i = 0; i < 4; i++)
        enter(s, person, "4s_ae", MARCH, items[i], what);
}

static void SCO_028_SCO_029_S_16_base_times_score(void **state)
{
    (void)state;
    static const struct {
        const char *post, *metric, *amount, *score, *pay;
        const char *const *items;
    } rows[] = {
        {"精品主管", "commission", "6000.00", "105", "6300.00", profit_items},
        {"行政部文員", "wage", "5000.00", "96", "1440.00", functional_items},
        {"市場部經理", "wage", "12000.00", "88", "5280.00", functional_items},
        {"客服部經理", "wage", "12000.00", "88", "3168.00", functional_items},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool wage = strcmp(rows[i].metric, "wage") == 0;
        struct stage *s = pay_open();
        station(s, "P1", rows[i].post, wage ? rows[i].amount : "5000.00", rows[i].items,
                rows[i].score);
        actual(s, rows[i].metric, "P1", MARCH, rows[i].amount);
        publish(s, "P1", "4s_ae", MARCH, "2024-04-16T10:00");
        if (strcmp(part(s, "perf_pay"), rows[i].pay) != 0)
            fail_msg("%s: %s, not %s", rows[i].post, part(s, "perf_pay"), rows[i].pay);
        assert_string_equal(last(s, "scoring.bonus_published", "amount"), rows[i].pay);
        assert_string_equal(PAY(s, "paid_month"), "2024-04-01"); /* SCO-029 */
        stage_close(s);
    }
}

/* ---- SCO-125, SCO-126: a cancelled award, a revision ---- */

/* A missed screening of that day, confirmed by the manager. */
static void missed(struct stage *s, const char *day, const char *at)
{
    char data[200];
    snprintf(data, sizeof data,
             "'kind':'missed_sorting','person':'P1','site':'SITE','day':'%s','by':'M1'", day);
    tell(s, "C1", "conduct.recorded", at, data);
    snprintf(data, sizeof data,
             "'person':'P1','kind':'missed_sorting','case_no':'SITE','day':'%s','by':'M1'", day);
    say(s, "C1", "conduct.confirmed", at, data);
}

static struct stage *shop_of_107(void)
{
    struct stage *s = shop("高級售後客服");
    facts_of(s, 4, 1, 1, "");
    until(s, "2024-04-01T08:00");
    words_of_four(s, "優");
    return s;
}

static void SCO_125_S_33_the_basic_wage_is_untouched(void **state)
{
    (void)state;
    for (int after = 0; after < 2; after++) { /* confirmed before the pay, and after it */
        struct stage *s = shop_of_107();
        if (!after) missed(s, "2024-03-20", "2024-04-02T12:00");
        publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
        if (after) {
            assert_string_equal(PAY(s, "total"), "3323.08");
            missed(s, "2024-03-20", "2024-04-05T12:00");
            assert_string_equal(PAY(s, "change"), "-823.08");
            assert_string_equal(last(s, "scoring.bonus_published", "change"), "-823.08");
        }
        assert_string_equal(part(s, "kpi"), "0.00");
        assert_string_equal(part(s, "basic"), "2500.00");
        assert_string_equal(PAY(s, "total"), "2500.00");
        assert_string_equal(PAY(s, "cancelled"), "yes");
        assert_string_equal(PAY(s, "revision"), after ? "2" : "1");
        assert_string_equal(last(s, "scoring.bonus_published", "amount"), "0.00");
        assert_string_equal(last(s, "scoring.bonus_published", "cancelled"), "yes");
        stage_close(s);
    }
}

/* What was confirmed turns out wrong: the award of the month is paid after all. */
static void SCO_125_an_entry_that_is_taken_back_returns_the_award(void **state)
{
    (void)state;
    struct stage *s = shop_of_107();
    const char *no = "'person':'P1','kind':'missed_sorting','case_no':'SITE','day':'2024-03-20',"
                     "'by':'M1','reason':'another line'";
    missed(s, "2024-03-20", "2024-04-02T12:00");
    publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
    assert_string_equal(PAY(s, "total"), "2500.00");
    say(s, "C1", "conduct.rejected", "2024-04-05T12:00", no);
    assert_string_equal(last(s, "scoring.award_cancelled", "withdrawn"), "yes");
    assert_string_equal(PAY(s, "change"), "823.08");
    assert_string_equal(PAY(s, "total"), "3323.08");
    assert_string_equal(PAY(s, "cancelled"), "");
    assert_string_equal(last(s, "scoring.bonus_published", "amount"), "823.08");
    stage_close(s);
}

static void SCO_125_another_month_is_another_award(void **state)
{
    (void)state;
    struct stage *s = shop_of_107();
    missed(s, "2024-02-20", "2024-04-02T12:00");
    publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
    assert_string_equal(part(s, "kpi"), "823.08");
    stage_close(s);
}

static void SCO_125_SCO_139_S_49_a_cancelled_bonus_takes_nothing(void **state)
{
    (void)state;
    struct stage *s = pay_open();
    penalty(s, "A", "2024-03-10T10:00", "P1", "1000.00");
    bonus(s, "P1", "2024-03", "800.00");
    INSTALMENTS(s, "2024-03", "A:400.00");
    missed(s, "2024-03-20", "2024-04-06T12:00");
    INSTALMENTS(s, "2024-03", "A:400.00 A:0.00"); /* taken back */
    assert_string_equal(last(s, "scoring.bonus_published", "amount"), "0.00");
    bonus(s, "P1", "2024-04", "3000.00");
    INSTALMENTS(s, "2024-04", "A:1000.00");
    stage_close(s);
}

/* A fact that changes afterwards: the result is returned, published again, the pay computed anew.
 */
static void SCO_126_SCO_139_a_revision_of_the_score(void **state)
{
    (void)state;
    struct stage *s = shop_of_107();
    penalty(s, "A", "2024-03-10T10:00", "P1", "1000.00");
    publish(s, "P1", "tb_130", MARCH, "2024-04-03T10:00");
    INSTALMENTS(s, "2024-03", "A:411.54"); /* half of 823.08 */
    say(s, "C1", "praise.given", "2024-04-04T10:00",
        "'praise_no':'K9','person':'P1','day':'2024-03-30'");
    assert_int_equal(count(s, "scoring.pay_computed"), 1);
    say(s, "C1", "scoring.reviewed", "2024-04-05T10:00",
        "'person':'P1','scheme':'tb_130','first':'" MARCH "','by':'M2','result':'returned',"
        "'reason':'a praise more'");
    publish(s, "P1", "tb_130", MARCH, "2024-04-06T10:00");
    assert_string_equal(PAY(s, "score"), "109.00");
    assert_string_equal(part(s, "kpi"), "838.46"); /* 1,000 x 109 / 130 = 838.4615… */
    assert_string_equal(PAY(s, "change"), "15.38");
    assert_string_equal(PAY(s, "revision"), "2");
    INSTALMENTS(s, "2024-03", "A:411.54 A:419.23");
    assert_string_equal(last(s, "penalty.instalment_due", "change"), "7.69");
    stage_close(s);
}

/* ---- q_post: the excess profit ---- */

#define QUARTER "2024-01-01"

/* Every item with a figure met; the four others as this word: 差 makes 60 of 85. */
static struct stage *quarter(const char *word)
{
    static const struct {
        const char *metric, *value;
    } rows[] = {{"collected", "90.00"}, {"receivable", "100.00"}, {"collected_2003", "28345.00"}};
    static const char *const judged[] = {"work_attitude", "work_conduct", "report_quality",
                                         "rules"};
    char what[64];
    struct stage *s = pay_open();
    assign(s, "P1", "q_post", "售後人員");
    until(s, "2024-04-01T08:00");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        actual(s, rows[i].metric, "P1", MARCH, rows[i].value);
    snprintf(what, sizeof what, "'word':'%s'", word);
    for (size_t i = 0; i < COUNT_OF(judged); i++)
        enter(s, "P1", "q_post", QUARTER, judged[i], what);
    actual(s, "excess_profit", "P1", MARCH, "8500.00");
    return s;
}

/* 60 / 85 = 12/17 of the total, below 80 %: 12/17 ÷ 0.8 = 15/17 of 8,500.00. */
static void SCO_063_SCO_065_a_share_where_the_target_is_met(void **state)
{
    (void)state;
    static const struct {
        const char *word, *met, *share;
    } rows[] = {
        {"優", "1", "8500.00"}, {"差", "1", "7500.00"}, {"優", "0", "0.00"}, {"優", "", "0.00"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = quarter(rows[i].word);
        if (*rows[i].met) actual(s, "division_target_met", "", MARCH, rows[i].met);
        publish(s, "P1", "q_post", QUARTER, "2024-04-08T10:00");
        if (strcmp(part(s, "profit_share"), rows[i].share) != 0)
            fail_msg("%s %s: %s, not %s", rows[i].word, rows[i].met, part(s, "profit_share"),
                     rows[i].share);
        assert_int_equal(count(s, "scoring.profit_share_excluded"), 0);
        assert_int_equal(count(s, "scoring.bonus_published"), 0); /* no bonus of a month */
        stage_close(s);
    }
}

/* Known after the publication, corrected, and of another unit or quarter: what it changes is told,
 * and is no change of the result. */
static void SCO_065_the_target_is_told_after_the_publication(void **state)
{
    (void)state;
    static const struct {
        const char *unit, *month, *met, *share, *change;
    } rows[] = {{"C2", MARCH, "1", "0.00", ""},
                {"C1", "2024-04-01", "1", "0.00", ""},
                {"C1", MARCH, "1", "8500.00", "8500.00"},
                {"C1", MARCH, "0", "0.00", "-8500.00"}};
    struct stage *s = quarter("優");
    publish(s, "P1", "q_post", QUARTER, "2024-04-08T10:00");
    assert_string_equal(part(s, "profit_share"), "0.00");
    size_t told = count(s, "scoring.pay_computed");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[160];
        snprintf(data, sizeof data,
                 "'metric':'division_target_met','unit':'%s','month':'%s','value':'%s'",
                 rows[i].unit, rows[i].month, rows[i].met);
        say(s, rows[i].unit, "kpi.actual_reported", "2024-04-20T10:00", data);
        assert_string_equal(part(s, "profit_share"), rows[i].share);
        told += *rows[i].change != 0;
        assert_int_equal(count(s, "scoring.pay_computed"), told);
        if (*rows[i].change)
            assert_string_equal(last(s, "scoring.pay_computed", "change"), rows[i].change);
    }
    assert_int_equal(count(s, "scoring.result_stale"), 0);
    assert_int_equal(count(s, "scoring.result_published"), 1);
    stage_close(s);
}

static void SCO_064_S_30_who_is_excluded(void **state)
{
    (void)state;
    static const struct {
        int minor, major;
        const char *share, *condition, *count;
    } rows[] = {{2, 1, "8500.00", "", ""},
                {3, 0, "0.00", "demerit_minor", "3"},
                {0, 2, "0.00", "demerit_major", "2"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int after = 0; after < 2; after++) { /* the pay is computed before the last mark */
            struct stage *s = quarter("優");
            actual(s, "division_target_met", "", MARCH, "1");
            if (after) publish(s, "P1", "q_post", QUARTER, "2024-04-08T10:00");
            for (int n = 0; n < rows[i].minor + rows[i].major; n++) {
                char no[32];
                snprintf(no, sizeof no, "S%d", n);
                bool minor = n < rows[i].minor;
                sanction(s, no, "2024-04", "P1", minor ? "minor_demerit" : "major_demerit",
                         minor ? "'amount':'800.00'" : "");
            }
            until(s, "2024-04-26T10:00");
            if (!after) publish(s, "P1", "q_post", QUARTER, "2024-04-27T10:00");
            assert_string_equal(part(s, "profit_share"), rows[i].share);
            assert_int_equal(count(s, "scoring.profit_share_excluded"), *rows[i].condition != 0);
            assert_string_equal(last(s, "scoring.profit_share_excluded", "condition"),
                                rows[i].condition);
            assert_string_equal(last(s, "scoring.profit_share_excluded", "count"), rows[i].count);
            stage_close(s);
        }
    }
}

static void SCO_064_a_mark_that_is_taken_back_excludes_nobody(void **state)
{
    (void)state;
    static const char *const cases[] = {"E1", "E2"};
    struct stage *s = quarter("優");
    char data[200];
    actual(s, "division_target_met", "", MARCH, "1");
    publish(s, "P1", "q_post", QUARTER, "2024-04-08T10:00");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        snprintf(data, sizeof data,
                 "'kind':'false_claim','person':'P1','site':'%s','day':'2024-04-09','by':'M1'",
                 cases[i]);
        tell(s, "C1", "conduct.recorded", "2024-04-09T10:00", data);
        snprintf(data, sizeof data,
                 "'person':'P1','kind':'false_claim','case_no':'%s','day':'2024-04-09','by':'M1',"
                 "'mark':'demerit_major'",
                 cases[i]);
        say(s, "C1", "conduct.confirmed", "2024-04-10T10:00", data);
    }
    assert_string_equal(part(s, "profit_share"), "0.00");
    assert_string_equal(last(s, "scoring.profit_share_excluded", "withdrawn"), "");
    say(s, "C1", "conduct.rejected", "2024-04-11T10:00",
        "'person':'P1','kind':'false_claim','case_no':'E1','day':'2024-04-09','by':'M1',"
        "'reason':'the voucher is genuine'");
    assert_string_equal(last(s, "scoring.profit_share_excluded", "withdrawn"), "yes");
    assert_string_equal(last(s, "scoring.profit_share_excluded", "condition"), "demerit_major");
    assert_string_equal(part(s, "profit_share"), "8500.00");
    stage_close(s);
}

/* A mark of another year, or of somebody under another scheme, excludes nobody. */
static void SCO_064_of_the_year_and_the_scheme(void **state)
{
    (void)state;
    struct stage *s = quarter("優");
    actual(s, "division_target_met", "", MARCH, "1");
    for (int n = 0; n < 2; n++) {
        char no[32];
        snprintf(no, sizeof no, "S%d", n);
        sanction(s, no, n ? "2024-04" : "2023-12", "P1", "major_demerit", "");
        snprintf(no, sizeof no, "X%d", n);
        sanction(s, no, "2024-04", "P2", "major_demerit", "");
    }
    until(s, "2024-04-26T10:00");
    publish(s, "P1", "q_post", QUARTER, "2024-04-27T10:00");
    assert_string_equal(part(s, "profit_share"), "8500.00");
    assert_int_equal(count(s, "scoring.profit_share_excluded"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_051_S_01_seventy_per_cent_passes),
        cmocka_unit_test(SCO_051_S_02_below_it_there_is_none),
        cmocka_unit_test(SCO_051_SCO_052_S_03_rounded_once),
        cmocka_unit_test(SCO_052_S_04_cut_at_the_total),
        cmocka_unit_test(SCO_052_who_is_promoted_within_the_month),
        cmocka_unit_test(SCO_028_SCO_029_S_16_base_times_score),
        cmocka_unit_test(SCO_125_S_33_the_basic_wage_is_untouched),
        cmocka_unit_test(SCO_125_an_entry_that_is_taken_back_returns_the_award),
        cmocka_unit_test(SCO_064_a_mark_that_is_taken_back_excludes_nobody),
        cmocka_unit_test(SCO_125_another_month_is_another_award),
        cmocka_unit_test(SCO_125_SCO_139_S_49_a_cancelled_bonus_takes_nothing),
        cmocka_unit_test(SCO_126_SCO_139_a_revision_of_the_score),
        cmocka_unit_test(SCO_063_SCO_065_a_share_where_the_target_is_met),
        cmocka_unit_test(SCO_065_the_target_is_told_after_the_publication),
        cmocka_unit_test(SCO_064_S_30_who_is_excluded),
        cmocka_unit_test(SCO_064_of_the_year_and_the_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
