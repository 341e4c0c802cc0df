/* scoring_judged_test.c - a deduction for a complaint names the complaint it judges, and goes with
 * it (SCO-048, SCO-008). */
#include "tests/unit/scoring_sheet.h"
#include "tests/unit/scoring_voice.h"

#define TB "'scheme':'tb_130','first':'2024-08-01'"

static void about(struct stage *s, const char *type, const char *local, const char *more)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, TB "%s", more);
    say(s, "C1", type, local, of("P1", w.text).text);
}

static void complained(struct stage *s, const char *no, const char *accused, const char *local)
{
    char data[200];
    snprintf(data, sizeof data, "'case_no':'%s','cause':'other','accused':'%s'", no, accused);
    heard_from(s, OWNER_complaint, "C1", "service_complaint.verified", local, data);
}

static void taken_back(struct stage *s, const char *no, const char *local)
{
    char data[200];
    snprintf(data, sizeof data, "'case_no':'%s','reason':'no'", no);
    heard_from(s, OWNER_complaint, "QA", "service_complaint.invalidated", local, data);
}

/* V1 and V2 of August; V0 of July, V9 of P2. Without them 20 + 30 + 20 + 20 + 20 + 20 = 130. */
static struct stage *shop(bool complaints)
{
    static const char *const items[] = {"quality", "disputes", "cooperation", "execution"};
    struct stage *s = voices_open();
    assign(s, "P1", "tb_130", "普通售後客服", "2024-08-01", "2024-07-20T09:00");
    complained(s, "V0", "P1", "2024-07-30T10:00");
    complained(s, "V9", "P2", "2024-08-06T10:00");
    if (complaints) complained(s, "V1", "P1", "2024-08-07T10:00");
    if (complaints) complained(s, "V2", "P1", "2024-08-08T10:00");
    until(s, "2024-09-02T09:00");
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        char more[100];
        snprintf(more, sizeof more, ",'item':'%s','word':'優'", items[i]);
        about(s, "scoring.item_scored", "2024-09-02T10:00", more);
    }
    return s;
}

static void judge(struct stage *s, const char *local, const char *more)
{
    char text[200];
    snprintf(text, sizeof text, ",'item':'complaint',%s", more);
    about(s, "scoring.item_scored", local, text);
}

static void refuse(struct stage *s, const char *more, const char *code, const char *said)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, TB ",'item':'complaint','points':'20'%s", more);
    deny(s, "C1", "scoring.item_scored", "2024-09-02T10:30", of("P1", w.text).text, "SCO-048",
         code);
    const char *text = last(s, "refused.fact", "text");
    if (!strstr(text, said)) fail_msg("\"%s\" does not say \"%s\"", text, said);
}

static void publish_tb(struct stage *s, const char *day)
{
    char at[24];
    snprintf(at, sizeof at, "%sT11:00", day);
    about(s, "scoring.sheet_submitted", at, ",'by':'M1'");
    snprintf(at, sizeof at, "%sT12:00", day);
    about(s, "scoring.reviewed", at, ",'by':'M2'");
}

static void score_is(struct stage *s, int64_t score)
{
    struct rec_row_score_result r = result_of(s, "P1", "tb_130", "2024-08-01");
    assert_int_equal(r.score_num, score * r.score_den);
}

static void SCO_048_without_a_complaint_nothing_is_deducted(void **state)
{
    (void)state;
    struct stage *s = shop(false);
    refuse(s, "", "case", "no case of P1 was found true in the period");
    refuse(s, ",'entry':'V1'", "case", "no case of P1");
    refuse(s, ",'entry':'V0'", "case", "no case of P1"); /* of July */
    refuse(s, ",'entry':'V9'", "case", "no case of P1"); /* another's */
    publish_tb(s, "2024-09-02");
    score_is(s, 130);
    stage_close(s);
}

static void SCO_048_an_entry_names_the_complaint_it_judges(void **state)
{
    (void)state;
    struct stage *s = shop(true);
    refuse(s, "", "case", "say in entry which: V1, V2");
    refuse(s, ",'entry':'V3'", "case", "say in entry which: V1, V2");
    refuse(s, ",'conduct':'V1'", "case", "say in entry which: V1, V2");
    refuse(s, ",'entry':'V1','rater':'leader'", "rater", "judged once");
    judge(s, "2024-09-02T10:40", "'entry':'V1','word':'serious'");
    judge(s, "2024-09-02T10:41", "'entry':'V1','conduct':'A7','word':'medium'"); /* one a case */
    publish_tb(s, "2024-09-02");
    score_is(s, 130 - 10 - 5);
    stage_close(s);
}

static void SCO_048_a_judgement_is_taken_back(void **state)
{
    (void)state;
    struct stage *s = shop(true);
    judge(s, "2024-09-02T10:40", "'entry':'V1','word':'serious'");
    judge(s, "2024-09-02T10:41", "'entry':'V1','points':'0'");
    publish_tb(s, "2024-09-02");
    score_is(s, 130 - 5 - 5);
    stage_close(s);
}

/* Of an open sheet and of a published one. */
static void SCO_048_SCO_008_the_deduction_goes_with_the_complaint(void **state)
{
    (void)state;
    for (int published = 0; published < 2; published++) {
        struct stage *s = shop(true);
        judge(s, "2024-09-02T10:40", "'entry':'V1','word':'serious'");
        if (published) publish_tb(s, "2024-09-02");
        if (published) score_is(s, 130 - 20 - 5);
        taken_back(s, "V1", "2024-09-03T09:00");
        assert_int_equal(count(s, "scoring.result_stale"), published);
        if (published) {
            assert_string_equal(last(s, "scoring.result_stale", "fact"), "complaint_verified");
            assert_string_equal(last(s, "scoring.result_stale", "would_be"), "125.00");
            about(s, "scoring.reviewed", "2024-09-04T09:00", ",'by':'M2','result':'returned'");
        }
        publish_tb(s, "2024-09-05");
        score_is(s, 130 - 5); /* V2, which nobody has judged */
        stage_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_048_without_a_complaint_nothing_is_deducted),
        cmocka_unit_test(SCO_048_an_entry_names_the_complaint_it_judges),
        cmocka_unit_test(SCO_048_a_judgement_is_taken_back),
        cmocka_unit_test(SCO_048_SCO_008_the_deduction_goes_with_the_complaint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
