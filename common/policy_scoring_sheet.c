/* policy_scoring_sheet.c - the part `sheet` of a scheme: the days on which its sheets and the
 * figures of their providers are due, fines for delay, targets, trainings that come first, roles
 * (SCO-005, SCO-009, SCO-017, SCO-019, SCO-022, SCO-023, SCO-030 … SCO-032). */
#include "common/exact.h"
#include "common/policy_schema.h"
#include <stdio.h>
#include <string.h>

/* ---- schema ---- */

static const cyaml_strval_t date_for[] = {{"targets", SCORE_DATE_targets},
                                          {"provider", SCORE_DATE_provider},
                                          {"sheets", SCORE_DATE_sheets},
                                          {"assess", SCORE_DATE_assess}};
static const cyaml_strval_t shift[] = {
    {"none", SCORE_SHIFT_none}, {"weekend", SCORE_SHIFT_weekend}, {"workday", SCORE_SHIFT_workday}};
static const cyaml_strval_t role[] = {{"admin", score_role_admin},
                                      {"hr", score_role_hr},
                                      {"dept", score_role_dept},
                                      {"cs", score_role_cs},
                                      {"finance", score_role_finance}};
static const cyaml_strval_t late_days[] = {{"started_24h", SCORE_LATE_started_24h},
                                           {"calendar_date", SCORE_LATE_calendar_date}};

static const cyaml_schema_field_t date[] = {
    NAME("deadline", MUST, struct raw_score_date, d.deadline),
    WORD("for", MUST, struct raw_score_date, d.what, date_for),
    WORD("role", OPT, struct raw_score_date, d.role, role),
    FLAG("sheets", OPT, struct raw_score_date, d.sheets),
    UINT("from", OPT, struct raw_score_date, d.from),
    UINT("day", MUST, struct raw_score_date, d.day),
    NAME("at", OPT, struct raw_score_date, at),
    WORD("shift", OPT, struct raw_score_date, d.shift, shift),
    CALENDAR("holder", OPT, struct raw_score_date, d.holder),
    FLAG("fined", OPT, struct raw_score_date, d.fined),
    CYAML_FIELD_END};
static const cyaml_schema_value_t date_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_score_date, date)};

const cyaml_schema_field_t policy_schema_scheme_sheet[] = {
    ROLE("form", OPT, struct raw_scheme_sheet, s.form),
    {.key = "dates",
     .data_offset = offsetof(struct raw_scheme_sheet, dates.v),
     .count_offset = offsetof(struct raw_scheme_sheet, dates.n),
     .count_size = sizeof(uint32_t),
     .value = {CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER | OPT, struct raw_score_date, &date_value, 0,
                                    SCORE_DATES_MAX)}},
    UINT("targets_min", OPT, struct raw_scheme_sheet, s.targets_min),
    UINT("targets_max", OPT, struct raw_scheme_sheet, s.targets_max),
    FLAG("targets_refused", OPT, struct raw_scheme_sheet, s.targets_refused),
    NAME("late_fine", OPT, struct raw_scheme_sheet, late_fine),
    WORD("late_days", OPT, struct raw_scheme_sheet, s.late_days, late_days),
    WORDS("trainings", OPT, struct raw_scheme_sheet, s.trainings),
    WORDS("may_assign", OPT, struct raw_scheme_sheet, s.assign),
    WORDS("may_score", OPT, struct raw_scheme_sheet, s.score),
    WORDS("may_review", OPT, struct raw_scheme_sheet, s.review),
    WORDS("may_archive", OPT, struct raw_scheme_sheet, s.archive),
    CYAML_FIELD_END};

static const cyaml_schema_field_t approvers[] = {
    NAME("scheme", MUST, struct scheme_approvers, scheme),
    WORDS_OF("roles", MUST, struct scheme_approvers, roles, &policy_schema_word, 1,
             POLICY_WORDS_MAX),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_approvers = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct scheme_approvers, approvers)};

void policy_scoring_approvers(struct policy_build *b, const void *raw, void *out,
                              struct policy_origin at)
{
    (void)b, (void)at;
    *(struct scheme_approvers *)out = *(const struct scheme_approvers *)raw;
}

/* ---- days ---- */

#define AT_DAY_END 1440

static void make_date(struct policy_scheme_make *m, uint32_t i, struct score_date *d)
{
    const struct raw_score_date *r = &m->raw->sheet.dates.v[i];
    *d = r->d;
    d->at_min = r->at.n ? policy_calendar_minute(r->at) : AT_DAY_END;
    if (d->at_min < 0) {
        d->at_min = AT_DAY_END;
        policy_scheme_fault(m, "sheet.dates", i, "at", "must be a time of day, like 17:30");
    }
    if (d->day < 1 || d->day > 31 || d->from > d->day) {
        policy_scheme_fault(m, "sheet.dates", i, "day",
                            "must be a day of the month, 1 to 31, not before `from`");
        d->day = 1;
        d->from = 0;
    }
    if (d->from == 0) d->from = 1;
    if ((d->what == SCORE_DATE_provider) != (d->role != 0)) {
        policy_scheme_fault(m, "sheet.dates", i, "role",
                            "a date for a provider names his role, and no other does");
    }
    for (uint32_t j = 0; j < i; j++) {
        const struct score_date *o = &m->s->sheet.dates[j];
        bool same = d->what == o->what && d->role == o->role;
        if (same || str_eq(d->deadline, o->deadline))
            policy_scheme_fault(m, "sheet.dates", i, "for", "stands there before; keep one");
    }
}

static void make_dates(struct policy_scheme_make *m)
{
    uint32_t n = m->raw->sheet.dates.n;
    struct score_date *v = arena_take(m->b->arena, (n + 1) * sizeof *v);
    m->s->sheet.dates = v, m->s->sheet.date_count = n;
    for (uint32_t i = 0; i < n; i++)
        make_date(m, i, &v[i]);
}

/* ---- the whole ---- */

#define FINE_MAX INT64_C(10000000) /* so that the fine of 100000 days stays an amount */

static bool is_training(struct str word)
{
    return str_is(word, "entry") || str_is(word, "post");
}

void policy_scheme_sheet(struct policy_scheme_make *m)
{
    const struct raw_scheme_sheet *r = &m->raw->sheet;
    struct scheme_sheet *s = &m->s->sheet;
    *s = r->s;
    make_dates(m);
    bool fine = !r->late_fine.n || exact_money_parse(r->late_fine, &s->late_fine);
    if (!fine || s->late_fine < 0 || s->late_fine > FINE_MAX) {
        s->late_fine = 0;
        policy_scheme_fault(m, NULL, 0, "sheet.late_fine",
                            "must be an amount in yuan, like 500.00, up to 100000.00");
    }
    if (s->targets_max && s->targets_min > s->targets_max)
        policy_scheme_fault(m, NULL, 0, "sheet.targets_min", "must not be more than targets_max");
    for (uint32_t i = 0; i < s->trainings.n; i++) {
        if (!is_training(s->trainings.v[i]))
            policy_scheme_fault(m, NULL, 0, "sheet.trainings", "\"%.*s\" is neither entry nor post",
                                STR_ARG(s->trainings.v[i]));
    }
    for (uint32_t i = 0; i < m->s->id.n; i++) {
        if (m->s->id.p[i] == '/')
            policy_scheme_fault(m, NULL, 0, "id", "must not have a /, it parts the case numbers");
    }
}

/* SCO-005: who may approve it; NULL: anybody. */
static const struct scheme_approvers *approvers_of(const struct policy *p, struct str scheme)
{
    for (uint32_t i = 0; i < p->approvers_count; i++) {
        if (str_eq(p->approvers[i].scheme, scheme)) return &p->approvers[i];
    }
    return NULL;
}

static void check_approved(struct policy_build *b, uint32_t i)
{
    const struct scheme *s = &b->policy->schemes[i];
    const struct scheme_approvers *may = approvers_of(b->policy, s->id);
    char roles[120] = "";
    if (!may || words_have(may->roles, s->approved_by)) return;
    for (uint32_t r = 0; r < may->roles.n; r++) {
        size_t n = strlen(roles);
        snprintf(roles + n, sizeof roles - n, "%s%.*s", r ? ", " : "", STR_ARG(may->roles.v[r]));
    }
    policy_fault_item(b, PART_schemes, b->lists[PART_schemes].at[i], "approved_by",
                      "%.*s: \"%.*s\" must be one of those who may approve it: %s", STR_ARG(s->id),
                      STR_ARG(s->approved_by), roles);
}

static void check_dates(struct policy_build *b, uint32_t i)
{
    const struct scheme *s = &b->policy->schemes[i];
    for (uint32_t d = 0; d < s->sheet.date_count; d++) {
        char key[40];
        struct str name = s->sheet.dates[d].deadline;
        if (policy_deadline(b->policy, name)) continue;
        snprintf(key, sizeof key, "sheet.dates[%u].deadline", d);
        policy_fault_item(b, PART_schemes, b->lists[PART_schemes].at[i], key,
                          "%.*s: a date of its sheets has no such deadline in the set: \"%.*s\"",
                          STR_ARG(s->id), STR_ARG(name));
    }
}

void policy_scoring_sheet_check(struct policy_build *b)
{
    for (uint32_t i = 0; i < b->policy->scheme_count; i++) {
        check_approved(b, i);
        check_dates(b, i);
    }
    for (uint32_t i = 0; i < b->policy->approvers_count; i++) {
        policy_check_name(b, PART_approvers, b->lists[PART_approvers].at[i], "scheme",
                          b->policy->approvers[i].scheme, PART_schemes, "a scheme");
    }
}
