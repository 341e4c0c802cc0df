/* scoring_sheet_test.c - the machine of a score sheet and what stands on it (Appendix 1; SCO-004,
 * SCO-008, SCO-010, SCO-016, SCO-018, SCO-022 … SCO-024, SCO-039, SCO-050, SCO-055, SCO-057). */
#include "tests/unit/scoring_sheet.h"

static struct stage *open_with(const char *person)
{
    struct stage *s = scoring_open();
    assign_4s(s, person);
    return s;
}

/* ---- targets ---- */

static void SCO_022_three_sign_the_targets(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    const char *type = "scoring.targets_filed";
    bar(s, "P1", type, "2024-08-02T10:00", "'targets':[" TARGET "," TARGET "," TARGET "]",
        "SCO-022", "signature");
    bar(s, "P1", type, "2024-08-02T10:00",
        "'targets':[" TARGET "," TARGET "," TARGET "],'signed_employee':'P1','signed_manager':'M1'",
        "SCO-022", "signature");
    static const char *const wrong[] = {
        "'signed_employee':'P2','signed_manager':'M1','signed_next_level':'M2'",
        "'signed_employee':'P1','signed_manager':'P1','signed_next_level':'M2'",
        "'signed_employee':'P1','signed_manager':'M1','signed_next_level':'P1'",
        "'signed_employee':'P1','signed_manager':'M1','signed_next_level':'M1'"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char more[400];
        snprintf(more, sizeof more, "'targets':[" TARGET "," TARGET "," TARGET "],%s", wrong[i]);
        bar(s, "P1", type, "2024-08-02T10:00", more, "SCO-022", "signature");
    }
    targets(s, "P1");
    state_is(s, "P1", "targets_set");
    struct rec_row_score_sheet row;
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_int_equal(row.targets.n, 3);
    assert_true(row.signed_employee.n == 0);
    /* SCO-003: they do not change within the period */
    bar(s, "P1", type, "2024-08-03T10:00", "'targets':[" TARGET "," TARGET "," TARGET "]," SIGNED3,
        "SCO-022", "state");
    stage_close(s);
}

static void SCO_022_targets_filed_after_the_month_let_it_collect(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    until(s, "2024-09-02T09:00");
    state_is(s, "P1", "open");
    act(s, "P1", "scoring.targets_filed", "2024-09-02T10:00",
        "'targets':[" TARGET "," TARGET "," TARGET "]," SIGNED3);
    state_is(s, "P1", "collecting");
    stage_close(s);
}

static struct words_of so_many(unsigned n)
{
    struct words_of w;
    int at = snprintf(w.text, sizeof w.text, "'targets':[");
    for (unsigned i = 0; i < n; i++)
        at += snprintf(w.text + at, sizeof w.text - (size_t)at, i ? "," TARGET : TARGET);
    snprintf(w.text + at, sizeof w.text - (size_t)at, "]," SIGNED3);
    return w;
}

static void SCO_023_three_to_eight_targets_are_suitable(void **state)
{
    (void)state;
    static const struct {
        unsigned n;
        size_t warned;
    } rows[] = {{2, 1}, {3, 0}, {8, 0}, {9, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = open_with("P1");
        act(s, "P1", "scoring.targets_filed", "2024-08-02T10:00", so_many(rows[i].n).text);
        assert_int_equal(count(s, "scoring.targets_count_warned"), rows[i].warned);
        state_is(s, "P1", "targets_set");
        stage_close(s);
    }
    struct stage *s = scoring_open_changed(
        0, "common/scoring.yaml", "s/      targets_max: 8/&\\n      targets_refused: yes/");
    assign_4s(s, "P1");
    bar(s, "P1", "scoring.targets_filed", "2024-08-02T10:00", so_many(9).text, "SCO-023",
        "targets");
    act(s, "P1", "scoring.targets_filed", "2024-08-02T10:00", so_many(8).text);
    stage_close(s);
}

/* A target without its measure or its day does not pass the door. */
static void SCO_023_measure_and_due_date_are_mandatory(void **state)
{
    (void)state;
    static const char *const fields[] = {"measure", "due"};
    const struct field *targets_of = shape_field(shape_ev_scoring_targets_filed(), STR("targets"));
    assert_ptr_equal(targets_of->record(), shape_score_target());
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        assert_true(shape_field(shape_score_target(), str_of(fields[i]))->must);
}

/* ---- the machine ---- */

static void SCO_024_SCO_039_from_the_opening_to_the_archive(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    until(s, "2024-08-01T01:00");
    state_is(s, "P1", "open");
    bar(s, "P1", "scoring.item_scored", "2024-08-01T10:00", "'item':'finance','points':'90'",
        "SCO-008", "state");
    targets(s, "P1");
    state_is(s, "P1", "targets_set");
    bar(s, "P1", "scoring.item_scored", "2024-08-30T10:00", "'item':'finance','points':'90'",
        "SCO-008", "state");
    until(s, "2024-09-01T00:01");
    state_is(s, "P1", "collecting");
    bar(s, "P1", "scoring.reviewed", "2024-09-03T09:00", "", "SCO-024", "state");
    score_all(s, "P1", "100", "2024-09-03T10:00");
    act(s, "P1", "scoring.sheet_submitted", "2024-09-03T11:00", "'by':'M1'");
    state_is(s, "P1", "submitted");
    bar(s, "P1", "scoring.item_scored", "2024-09-03T12:00", "'item':'finance','points':'90'",
        "SCO-008", "state");
    act(s, "P1", "scoring.reviewed", "2024-09-04T09:00", "'by':'M2'");
    state_is(s, "P1", "published");
    bar(s, "P1", "scoring.archived", "2024-09-04T10:00", "", "SCO-024", "state");
    act(s, "P1", "scoring.acknowledged", "2024-09-05T09:00",
        "'signed_employee':'P1','signed_manager':'M1','interviewed_on':'2024-09-05'");
    state_is(s, "P1", "acknowledged");
    act(s, "P1", "scoring.archived", "2024-09-06T09:00", "'by':'H1','use':'pay'"); /* SCO-039 */
    state_is(s, "P1", "archived");
    struct rec_row_score_sheet row;
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_true(str_is(row.use, "pay"));
    assert_true(row.archived_at == instant("2024-09-06T09:00"));
    deny(s, "C1", "scoring.archived", "2024-09-06T10:00",
         of("P9", "'scheme':'4s_ae','first':'2024-08-01'").text, "SCO-024", "unknown_number");
    stage_close(s);
}

static void SCO_024_the_next_level_may_return_a_sheet(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    submit(s, "P1", "100");
    /* the next level: neither who is assessed nor who handed it in */
    bar(s, "P1", "scoring.reviewed", "2024-09-04T09:00", "'by':'M1'", "SCO-024", "reviewer");
    bar(s, "P1", "scoring.reviewed", "2024-09-04T09:00", "'by':'P1'", "SCO-024", "reviewer");
    act(s, "P1", "scoring.reviewed", "2024-09-04T09:00",
        "'by':'M2','result':'returned','reason':'market is too good'");
    state_is(s, "P1", "collecting");
    assert_int_equal(count(s, "scoring.result_published"), 0);
    score(s, "P1", "market", "80", "2024-09-04T10:00");
    act(s, "P1", "scoring.sheet_submitted", "2024-09-04T11:00", "'by':'M1'");
    act(s, "P1", "scoring.reviewed", "2024-09-04T12:00", "'by':'M2'");
    assert_string_equal(last(s, "scoring.result_published", "score"), "95.00");
    assert_string_equal(last(s, "scoring.result_published", "revision"), "1");
    stage_close(s);
}

/* Who reviews it is named with the assignment; if he handed it in himself or has left, another. */
static void SCO_024_the_next_level_of_the_sheet_reviews_it(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    submit(s, "P1", "100");
    bar(s, "P1", "scoring.reviewed", "2024-09-04T09:00", "", "SCO-024", "missing");
    bar(s, "P1", "scoring.reviewed", "2024-09-04T09:00", "'by':'H1'", "SCO-024", "no_right");
    act(s, "P1", "scoring.reviewed", "2024-09-04T09:00", "'by':'M2','result':'returned'");
    act(s, "P1", "scoring.sheet_submitted", "2024-09-04T10:00", "'by':'M2'");
    bar(s, "P1", "scoring.reviewed", "2024-09-04T11:00", "'by':'M2'", "SCO-024", "reviewer");
    act(s, "P1", "scoring.reviewed", "2024-09-04T11:00", "'by':'H1'");
    state_is(s, "P1", "published");
    stage_close(s);
    s = open_with("P1");
    submit(s, "P1", "100");
    tell(s, "HR", "person.upserted", "2024-09-04T08:00",
         "'person':'M2','unit':'C2','role':'manager','left':true");
    act(s, "P1", "scoring.reviewed", "2024-09-04T09:00", "'by':'H1'");
    stage_close(s);
}

static void SCO_009_nobody_enters_his_own_score(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    targets(s, "P1");
    until(s, "2024-09-01T01:00");
    bar(s, "P1", "scoring.item_scored", "2024-09-03T10:00",
        "'item':'finance','points':'130','by':'P1'", "SCO-008", "own");
    act(s, "P1", "scoring.item_scored", "2024-09-03T10:00",
        "'item':'finance','points':'100','by':'M1'");
    stage_close(s);
}

static void SCO_004_the_employee_and_another_sign(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    publish(s, "P1", "100");
    bar(s, "P1", "scoring.acknowledged", "2024-09-05T09:00", "'signed_employee':'M1'", "SCO-004",
        "signature");
    bar(s, "P1", "scoring.acknowledged", "2024-09-05T09:00", "'signed_manager':'P1'", "SCO-004",
        "signature");
    bar(s, "P1", "scoring.acknowledged", "2024-09-05T09:00",
        "'signed_employee':'ZZ','signed_manager':'ZZ','interviewed_on':'2024-09-05'", "SCO-004",
        "signature");
    act(s, "P1", "scoring.acknowledged", "2024-09-05T09:00",
        "'signed_employee':'P1','signed_manager':'M1','interviewed_on':'2024-09-05'");
    state_is(s, "P1", "acknowledged");
    stage_close(s);
}

static void SCO_004_both_sign_in_an_interview(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    publish(s, "P1", "100");
    bar(s, "P1", "scoring.acknowledged", "2024-09-05T09:00", "'interviewed_on':'2024-09-05'",
        "SCO-004", "signature");
    act(s, "P1", "scoring.acknowledged", "2024-09-05T09:00", "'signed_employee':'P1'");
    state_is(s, "P1", "published"); /* not final before both signatures */
    bar(s, "P1", "scoring.acknowledged", "2024-09-05T10:00", "'signed_manager':'M1'", "SCO-024",
        "interview");
    act(s, "P1", "scoring.acknowledged", "2024-09-05T11:00",
        "'signed_manager':'M1','interviewed_on':'2024-09-05'");
    state_is(s, "P1", "acknowledged");
    stage_close(s);
}

/* ---- entries ---- */

static void SCO_050_the_score_is_made_when_the_sheet_is_handed_in(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    targets(s, "P1");
    score(s, "P1", "finance", "120", "2024-09-03T10:00");
    score(s, "P1", "market", "90.5", "2024-09-03T10:00");
    score(s, "P1", "kpi_profit", "88", "2024-09-03T10:00");
    bar(s, "P1", "scoring.sheet_submitted", "2024-09-03T11:00", "", "SCO-050", "incomplete");
    score(s, "P1", "learning", "101.5", "2024-09-03T10:00");
    bar(s, "P1", "scoring.sheet_submitted", "2024-09-03T11:00", "'unit':'C1'", "SCO-050", "unit");
    act(s, "P1", "scoring.sheet_submitted", "2024-09-03T11:00", "'by':'M1'");
    struct rec_row_score_sheet row; /* 120 + 90.5 + 88 + 101.5 = 400, a quarter: 100 */
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_int_equal(row.score_num, 100);
    assert_int_equal(row.score_den, 1);
    assert_true(str_is(row.grade, "C"));
    act(s, "P1", "scoring.reviewed", "2024-09-04T09:00", "'by':'M2'");
    assert_string_equal(last(s, "scoring.result_published", "score"), "100.00");
    assert_string_equal(last(s, "scoring.result_published", "grade"), "C");
    assert_string_equal(last(s, "scoring.result_published", "label"), "良好");
    struct rec_row_score_result r = result_of(s, "P1", "4s_ae", "2024-08-01");
    assert_int_equal(r.score_num, 100);
    assert_int_equal(r.revision, 1);
    assert_true(str_is(r.post, MECHANIC));
    assert_true(str_is(r.unit, "C1"));
    stage_close(s);
}

static void SCO_008_what_does_not_fit_the_sheet_is_refused(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    targets(s, "P1");
    const char *type = "scoring.item_scored", *at = "2024-09-03T10:00";
    static const char *const lines[] = {
        "'item':'nix','points':'90'", "'item':'finance','points':'131'",
        "'item':'finance','points':'x'", "'item':'finance','word':'優'"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        size_t before = count(s, "refused.fact");
        struct words_of w;
        snprintf(w.text, sizeof w.text, AUG ",%s", lines[i]);
        tell(s, "C1", type, at, of("P1", w.text).text);
        assert_int_equal(count(s, "refused.fact"), before + 1);
    }
    /* on the sheet of functional posts */
    bar(s, "P1", type, at, "'item':'targets','points':'90'", "SCO-008", "item");
    bar(s, "P1", type, at, "'item':'finance','points':'90','counted':3", "SCO-008", "counted");
    bar(s, "P1", type, at, "'item':'finance','points':'90','conduct':'K1'", "SCO-016", "conduct");
    stage_close(s);
}

/* By when it happened, whatever arrives last. */
static void SCO_008_the_later_entry_of_an_item_stands(void **state)
{
    (void)state;
    struct stage *s = open_with("P1");
    targets(s, "P1");
    score_all(s, "P1", "100", "2024-09-03T12:00");
    score(s, "P1", "finance", "60", "2024-09-03T11:00"); /* told late */
    score(s, "P1", "market", "60", "2024-09-03T13:00");
    act(s, "P1", "scoring.sheet_submitted", "2024-09-03T14:00", "'by':'M1'");
    struct rec_row_score_sheet row;
    assert_true(sheet_row(s, "P1", "4s_ae", "2024-08-01", &row));
    assert_int_equal(row.score_num, 90);
    stage_close(s);
}

/* ---- deductions: the sheet of 德勤能績 ---- */

#define YEAR "'scheme':'dqnj_year_end','first':'2023-01-01'"

static struct stage *open_deductions(void)
{
    struct stage *s = scoring_open();
    assign(s, "P1", "dqnj_year_end", "客服員", "2023-01-01", "2024-01-02T09:00");
    return s;
}

static void deduct(struct stage *s, const char *more)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, YEAR ",'by':'M1',%s", more);
    say(s, "C1", "scoring.item_scored", "2024-01-03T10:00", of("P1", w.text).text);
}

static int64_t year_score(struct stage *s)
{
    struct rec_row_score_sheet row;
    say(s, "C1", "scoring.sheet_submitted", "2024-01-04T10:00", of("P1", YEAR ",'by':'M1'").text);
    assert_true(sheet_row(s, "P1", "dqnj_year_end", "2023-01-01", &row));
    assert_int_equal(row.score_den, 1);
    return row.score_num;
}

/* The manager and who carries it out for him. */
static void SCO_009_who_assesses_by_the_scheme_of_the_department(void **state)
{
    (void)state;
    struct stage *s = open_deductions();
    const char *more = YEAR ",'item':'skill','points':'1','reason':'d','by':'P2'";
    deny(s, "C1", "scoring.item_scored", "2024-01-03T10:00", of("P1", more).text, "SCO-008",
         "role");
    assert_int_equal(year_score(s), 100);
    deny(s, "C1", "scoring.reviewed", "2024-01-05T10:00", of("P1", YEAR ",'by':'P2'").text,
         "SCO-024", "role");
    say(s, "C1", "scoring.reviewed", "2024-01-05T10:00", of("P1", YEAR ",'by':'M2'").text);
    stage_close(s);
}

/* One deduction and, by its conduct, one punishment; told again it is the same one. */
static void SCO_016_punished_conduct_is_deducted_once(void **state)
{
    (void)state;
    struct stage *s = open_deductions();
    deduct(s, "'item':'attitude','points':'2','reason':'shouted','conduct':'K7'");
    deduct(s, "'item':'attitude','points':'3','reason':'shouted','conduct':'K7'");
    deduct(s, "'item':'attitude','points':'1','reason':'late answer'");
    assert_int_equal(year_score(s), 96);
    stage_close(s);
}

/* A deduction without a number is corrected by the id of the event that told it; one of another
 * item with this id is another one. */
static void SCO_008_a_deduction_is_corrected_by_its_event(void **state)
{
    (void)state;
    struct stage *s = open_deductions();
    struct key k = sheet_key("P1", "dqnj_year_end", "2023-01-01");
    struct rec_row_score_entry row;
    struct words_of w;
    deduct(s, "'item':'skill','points':'3','reason':'d'");
    deduct(s, "'item':'skill','points':'2','reason':'e'");
    key_str(&k, STR("skill"));
    key_str(&k, STR(""));
    key_str(&k, STR("#1"));
    assert_true(row_at(s, SCORING_ENTRY, k, &row));
    snprintf(w.text, sizeof w.text, "'entry':'%.*s','reason':'g','item':", STR_ARG(row.event));
    char more[sizeof w.text + 40];
    snprintf(more, sizeof more, "%s'effect','points':'1'", w.text);
    deduct(s, more);
    snprintf(more, sizeof more, "%s'skill','points':'0'", w.text);
    deduct(s, more);
    assert_int_equal(year_score(s), 97); /* 100 - 2 - 1 */
    stage_close(s);
}

static void SCO_018_deductions_add_up_with_their_reasons_and_labels(void **state)
{
    (void)state;
    struct stage *s = open_deductions();
    deduct(s, "'item':'discipline','points':'1','reason':'a','standard':'procedure','by_content':"
              "'skill'");
    deduct(s, "'item':'discipline','points':'1','reason':'b','standard':'law'");
    deduct(s, "'item':'morals','points':'2','reason':'c','entry':'7'");
    deduct(s, "'item':'morals','points':'0','reason':'c','entry':'7'"); /* taken back */
    deduct(s, "'item':'skill','points':'7','reason':'d'");
    deduct(s, "'item':'skill','points':'7','reason':'e'"); /* never below 0: 7.5 at most */
    struct key k = sheet_key("P1", "dqnj_year_end", "2023-01-01");
    struct rec_row_score_entry row;
    key_str(&k, STR("discipline"));
    key_str(&k, STR(""));
    key_str(&k, STR("#1"));
    assert_true(row_at(s, SCORING_ENTRY, k, &row));
    assert_int_equal(row.standard, score_standard_procedure);
    assert_int_equal(row.by_content, score_content_skill); /* SCO-010 */
    /* 100 - 2 - 7.5 = 90.5: that of another half point is 90 */
    deduct(s, "'item':'effect','points':'0.5','reason':'f'");
    assert_int_equal(year_score(s), 90);
    stage_close(s);
}

/* ---- raters and evidence: the sheet of the service supervisor ---- */

#define SUP "'scheme':'sup_100','first':'2024-08-01'"

static const char *const sup_items[] = {"fault_reports",    "faults",        "callback_survey",
                                        "parts_management", "time_and_cost", "company_values"};
static const char *const sup_max[] = {"10", "15", "15", "15", "10", "10"};

static void rate(struct stage *s, size_t item, const char *rater, const char *points,
                 const char *reason)
{
    char more[300];
    snprintf(more, sizeof more, SUP ",'item':'%s','rater':'%s','points':'%s'%s%s%s",
             sup_items[item], rater, points, *reason ? ",'reason':'" : "", reason,
             *reason ? "'" : "");
    say(s, "C1", "scoring.item_scored", "2024-09-03T10:00", of("P1", more).text);
}

static void SCO_055_supervisor_and_leader_count_half_each_the_person_himself_nothing(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "sup_100", "售後主管", "2024-08-01", "2024-07-20T09:00");
    until(s, "2024-09-01T01:00");
    rate(s, 0, "self", "10", "");
    rate(s, 0, "supervisor", "6", "some late");
    rate(s, 0, "leader", "4", "some lost");
    for (size_t i = 1; i < COUNT_OF(sup_items); i++)
        rate(s, i, "supervisor", sup_max[i], ""); /* alone it counts 100 % */
    say(s, "C1", "scoring.sheet_submitted", "2024-09-03T11:00", of("P1", SUP).text);
    struct rec_row_score_sheet row; /* 5 + 65 of 75: 93.33… */
    assert_true(sheet_row(s, "P1", "sup_100", "2024-08-01", &row));
    assert_int_equal(row.score_num, 280);
    assert_int_equal(row.score_den, 3);
    size_t before = count(s, "refused.fact");
    tell(s, "C1", "scoring.item_scored", "2024-09-03T12:00",
         of("P1", SUP ",'item':'faults','rater':'nobody','points':'15'").text);
    assert_int_equal(count(s, "refused.fact"), before + 1);
    stage_close(s);
}

static void SCO_057_a_score_below_the_maximum_needs_its_reason(void **state)
{
    (void)state;
    struct stage *s = scoring_open();
    assign(s, "P1", "sup_100", "售後主管", "2024-08-01", "2024-07-20T09:00");
    until(s, "2024-09-01T01:00");
    size_t before = count(s, "refused.fact");
    tell(s, "C1", "scoring.item_scored", "2024-09-03T10:00",
         of("P1", SUP ",'item':'faults','rater':'leader','points':'14.9'").text);
    assert_int_equal(count(s, "refused.fact"), before + 1);
    assert_string_equal(last(s, "refused.fact", "rule"), "SCO-057");
    rate(s, 1, "leader", "14.9", "one left open");
    rate(s, 1, "leader", "15", "");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_004_the_employee_and_another_sign),
        cmocka_unit_test(SCO_009_who_assesses_by_the_scheme_of_the_department),
        cmocka_unit_test(SCO_009_nobody_enters_his_own_score),
        cmocka_unit_test(SCO_024_the_next_level_of_the_sheet_reviews_it),
        cmocka_unit_test(SCO_004_both_sign_in_an_interview),
        cmocka_unit_test(SCO_008_the_later_entry_of_an_item_stands),
        cmocka_unit_test(SCO_008_what_does_not_fit_the_sheet_is_refused),
        cmocka_unit_test(SCO_008_a_deduction_is_corrected_by_its_event),
        cmocka_unit_test(SCO_016_punished_conduct_is_deducted_once),
        cmocka_unit_test(SCO_018_deductions_add_up_with_their_reasons_and_labels),
        cmocka_unit_test(SCO_022_targets_filed_after_the_month_let_it_collect),
        cmocka_unit_test(SCO_022_three_sign_the_targets),
        cmocka_unit_test(SCO_023_measure_and_due_date_are_mandatory),
        cmocka_unit_test(SCO_023_three_to_eight_targets_are_suitable),
        cmocka_unit_test(SCO_024_SCO_039_from_the_opening_to_the_archive),
        cmocka_unit_test(SCO_024_the_next_level_may_return_a_sheet),
        cmocka_unit_test(SCO_050_the_score_is_made_when_the_sheet_is_handed_in),
        cmocka_unit_test(SCO_055_supervisor_and_leader_count_half_each_the_person_himself_nothing),
        cmocka_unit_test(SCO_057_a_score_below_the_maximum_needs_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
