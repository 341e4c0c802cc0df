/* scoring_year_door.h - what the tests of the year share: results that come without their sheets,
 * in any order. A scoring.reviewed with the score (a decimal number or a fraction) as its reason
 * publishes that score; a scoring.archived with a number as its use says how many sheets the unit's
 * month has; a scoring.acknowledged signs a sheet that needs not be there. Everything else is the
 * real service.
 */
#ifndef CUIBAN_TESTS_UNIT_SCORING_YEAR_DOOR_H
#define CUIBAN_TESTS_UNIT_SCORING_YEAR_DOOR_H

#include "services/scoring/scoring_private.h"
#include "tests/unit/scoring_door.h"

/* "88.5", or "1325/41". */
static bool year_score(struct str s, struct frac *out)
{
    const char *over = memchr(s.p, '/', s.n);
    struct frac by = FRAC_INT(1);
    bool range = false;
    uint32_t n = over ? (uint32_t)(over - s.p) : s.n;
    if (!frac_parse((struct str){s.p, n}, out)) return false;
    if (over && !frac_parse((struct str){over + 1, s.n - n - 1}, &by)) return false;
    *out = frac_div(*out, by, &range);
    return frac_has(*out);
}

static enum err year_result(struct step *st, const struct ev_scoring_reviewed *ev)
{
    const struct scheme *s = policy_scheme(st->policy, ev->scheme);
    struct rec_row_score_result r = {0}, before = {0};
    struct rec_row_person person;
    struct frac score;
    struct key k = key_of(ev->person);
    assert_true(s && year_score(ev->reason, &score));
    assert_int_equal(step_get(st, &table_person, &k, &person), ERR_OK);
    key_str(&k, ev->scheme);
    key_day(&k, ev->first);
    bool again = step_get(st, SCORING_TABLE(RESULT), &k, &before) == ERR_OK;
    const struct score_grade *g = reckon_grade(s, score);
    r = (struct rec_row_score_result){.revision = before.revision + 1,
                                      .person = ev->person,
                                      .scheme = ev->scheme,
                                      .first = ev->first,
                                      .unit = person.unit,
                                      .score_num = score.num,
                                      .score_den = score.den,
                                      .grade = g ? g->grade : (struct str){0},
                                      .label = g ? g->label : (struct str){0}};
    step_put(st, SCORING_TABLE(RESULT), &k, &r);
    return scoring_year_published(st, &r, again ? &before : NULL);
}

static enum err year_round(struct step *st, const struct ev_scoring_archived *ev)
{
    struct rec_row_person person;
    struct key k = key_of(ev->person);
    assert_int_equal(step_get(st, &table_person, &k, &person), ERR_OK);
    k = key_of(person.unit);
    key_str(&k, ev->scheme);
    key_day(&k, ev->first);
    char n[16];
    snprintf(n, sizeof n, "%.*s", STR_ARG(ev->use));
    struct rec_row_score_round row = {.sheets = strtoul(n, NULL, 10)};
    step_put(st, SCORING_TABLE(ROUND), &k, &row);
    return ERR_OK;
}

static enum err year_signed(struct step *st, const struct ev_scoring_acknowledged *ev)
{
    struct key k = key_of(ev->person);
    key_str(&k, ev->scheme);
    key_day(&k, ev->first);
    bool both = ev->signed_employee.n && ev->signed_manager.n;
    struct rec_row_score_sheet row = {.state = both ? score_sheet_state_acknowledged
                                                    : score_sheet_state_published,
                                      .person = ev->person,
                                      .unit = STR("C1"),
                                      .manager = STR("M1")};
    step_put(st, SCORING_TABLE(SHEET), &k, &row);
    return scoring_year_heard(st, ev);
}

static enum err year_step(struct step *st, const void *payload)
{
    st->rule = st->type->rule;
    if (st->type->kind == EV_scoring_reviewed) return year_result(st, payload);
    if (st->type->kind == EV_scoring_archived) return year_round(st, payload);
    if (st->type->kind == EV_scoring_acknowledged) return year_signed(st, payload);
    return scoring_service.step(st, payload);
}

/* On the policy of the tests; sed changes its schemes. */
static inline struct stage *year_open(const char *sed)
{
    static struct service year;
    year = scoring_service;
    year.step = year_step;
    const struct service *house[] = {&intake_service, &year, &escalation_service};
    char dir[] = "/tmp/year_policy.XXXXXX", cmd[2000];
    assert_non_null(mkdtemp(dir));
    int n = snprintf(cmd, sizeof cmd,
                     "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
                     "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
                     "sed -i '%s' %s/common/scoring.yaml",
                     dir, POLICY_SCORING, dir, dir, sed, dir);
    assert_true(n > 0 && (size_t)n < sizeof cmd);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = stage_open(cmd, house, COUNT_OF(house));
    units_tell(s);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* A result is published on the 10th of the month after; told again it is a revision. */
static inline void result(struct stage *s, const char *person, const char *scheme,
                          const char *month, const char *score)
{
    char data[300], at[24];
    int y = 0, m = 0;
    assert_int_equal(sscanf(month, "%d-%d", &y, &m), 2);
    snprintf(at, sizeof at, "%04d-%02d-10T09:00", m == 12 ? y + 1 : y, m % 12 + 1);
    snprintf(data, sizeof data, "'person':'%s','scheme':'%s','first':'%s-01','reason':'%s'", person,
             scheme, month, score);
    say(s, "C1", "scoring.reviewed", at, data);
}

/* "85 88 - 87.5": months of a year of 4s_ae from January on, as they are published. */
static inline void results(struct stage *s, const char *person, int year, const char *scores)
{
    char copy[200], month[24];
    int m = 1;
    snprintf(copy, sizeof copy, "%s", scores);
    for (char *save, *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save), m++) {
        snprintf(month, sizeof month, "%04d-%02d", year, m);
        if (strcmp(w, "-")) result(s, person, "4s_ae", month, w);
    }
}

static inline struct rec_row_score_track track_row(struct stage *s, const char *person,
                                                   const char *track)
{
    struct rec_row_score_track row = {0};
    struct key k = key_of(str_of(person));
    key_str(&k, STR("4s_ae"));
    key_str(&k, str_of(track));
    (void)row_at(s, SCORING_TRACK, k, &row);
    return row;
}

static inline const char *track_state(struct stage *s, const char *person, const char *track)
{
    struct rec_row_score_track row = track_row(s, person, track);
    return row.state ? code_word(&codes_track_state, row.state) : "none";
}

/* "91.00 C 2" - score, grade, revision of a result; "" when there is none. */
static inline const char *result_at(struct stage *s, const char *person, const char *scheme,
                                    int32_t first)
{
    static char text[80];
    struct rec_row_score_result r = {0};
    char score[FRAC_TEXT_MAX];
    struct key k = key_of(str_of(person));
    key_str(&k, str_of(scheme));
    key_day(&k, first);
    if (!row_at(s, SCORING_RESULT, k, &r)) return "";
    frac_text((struct frac){r.score_num, r.score_den}, 2, score);
    snprintf(text, sizeof text, "%s %.*s %u", score, STR_ARG(r.grade), (unsigned)r.revision);
    return text;
}

#endif
