/* scoring_sheet.h - what the tests of the sheets share: a person under the 4S scheme, his sheet
 * brought to any state, and looks into it. The 4S sheet of a profit post has four items of 25%, 0
 * to 130 each, so that four times the same points are the score. */
#ifndef CUIBAN_TESTS_UNIT_SCORING_SHEET_H
#define CUIBAN_TESTS_UNIT_SCORING_SHEET_H

#include "tests/unit/scoring_door.h"

#define MECHANIC "服務站機修工" /* class profit */
#define AUG "'scheme':'4s_ae','first':'2024-08-01'"
#define SIGNED3 "'signed_employee':'P1','signed_manager':'M1','signed_next_level':'M2'"
#define TARGET "{'name':'sales','measure':'units','due':'2024-08-31'}"

/* "'person':'P1'," and what follows it. */
struct words_of {
    char text[3000];
};
static inline struct words_of of(const char *person, const char *more)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, "'person':'%s',%s", person, more);
    return w;
}

static inline void assign(struct stage *s, const char *person, const char *scheme, const char *post,
                          const char *from, const char *local)
{
    char more[400];
    snprintf(more, sizeof more,
             "'scheme':'%s','post':'%s','from':'%s','manager':'M1','next_level':'M2'", scheme, post,
             from);
    say(s, "HR", "scoring.scheme_assigned", local, of(person, more).text);
}

/* Under the 4S scheme from August 2024 on, told on 20 July. */
static inline void assign_4s(struct stage *s, const char *person)
{
    assign(s, person, "4s_ae", MECHANIC, "2024-08-01", "2024-07-20T09:00");
}

/* About a sheet of August 2024. */
static inline void act(struct stage *s, const char *person, const char *type, const char *local,
                       const char *more)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, AUG "%s%s", *more ? "," : "", more);
    say(s, "C1", type, local, of(person, w.text).text);
}

static inline void bar(struct stage *s, const char *person, const char *type, const char *local,
                       const char *more, const char *rule, const char *code)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, AUG "%s%s", *more ? "," : "", more);
    deny(s, "C1", type, local, of(person, w.text).text, rule, code);
}

static inline void targets(struct stage *s, const char *person)
{
    char more[600];
    snprintf(more, sizeof more,
             "'targets':[" TARGET "," TARGET "," TARGET "],'signed_employee':'%s',"
             "'signed_manager':'M1','signed_next_level':'M2'",
             person);
    act(s, person, "scoring.targets_filed", "2024-08-02T10:00", more);
}

static inline void score(struct stage *s, const char *person, const char *item, const char *points,
                         const char *local)
{
    char more[160];
    snprintf(more, sizeof more, "'item':'%s','points':'%s'", item, points);
    act(s, person, "scoring.item_scored", local, more);
}

static inline void score_all(struct stage *s, const char *person, const char *points,
                             const char *local)
{
    score(s, person, "finance", points, local);
    score(s, person, "market", points, local);
    score(s, person, "kpi_profit", points, local);
    score(s, person, "learning", points, local);
}

/* Targets filed, the month over, four times these points, handed in by M1. */
static inline void submit(struct stage *s, const char *person, const char *points)
{
    targets(s, person);
    score_all(s, person, points, "2024-09-03T10:00");
    act(s, person, "scoring.sheet_submitted", "2024-09-03T11:00", "'by':'M1'");
}

static inline void publish(struct stage *s, const char *person, const char *points)
{
    submit(s, person, points);
    act(s, person, "scoring.reviewed", "2024-09-04T09:00", "'by':'M2'");
}

/* ---- looking ---- */

static inline struct key sheet_key(const char *person, const char *scheme, const char *first)
{
    int32_t day = 0;
    assert_int_equal(day_parse(str_of(first), &day), ERR_OK);
    struct key k = key_of(str_of(person));
    key_str(&k, str_of(scheme));
    key_day(&k, day);
    return k;
}

static inline bool sheet_row(struct stage *s, const char *person, const char *scheme,
                             const char *first, struct rec_row_score_sheet *row)
{
    return row_at(s, SCORING_SHEET, sheet_key(person, scheme, first), row);
}

/* "none" when there is no such sheet. */
static inline const char *state_of(struct stage *s, const char *person, const char *scheme,
                                   const char *first)
{
    struct rec_row_score_sheet row;
    return sheet_row(s, person, scheme, first, &row)
               ? code_word(&codes_score_sheet_state, row.state)
               : "none";
}

static inline void state_is(struct stage *s, const char *person, const char *state)
{
    assert_string_equal(state_of(s, person, "4s_ae", "2024-08-01"), state);
}

static inline struct rec_row_score_result result_of(struct stage *s, const char *person,
                                                    const char *scheme, const char *first)
{
    struct rec_row_score_result row = {0};
    (void)row_at(s, SCORING_RESULT, sheet_key(person, scheme, first), &row);
    return row;
}

#define ROUND_AUG "round/C1/4s_ae/2024-08-01"
#define SHEET_AUG "sheet/P1/4s_ae/2024-08-01"

#endif
