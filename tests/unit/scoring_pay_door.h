/* scoring_pay_door.h - what the tests of pay and deductions share: a house whose complaint service
 * writes down what it is told and nothing else, so that penalties and sanctions can be told as the
 * real one publishes them; bonuses, penalties and sanctions by amounts; ways to look into the
 * books.
 */
#ifndef CUIBAN_TESTS_UNIT_SCORING_PAY_DOOR_H
#define CUIBAN_TESTS_UNIT_SCORING_PAY_DOOR_H

#include "tests/unit/scoring_door.h"

#define POLICY_PAY "tests/unit/data/policy-scoring-pay"

/* ---- the house ---- */

static inline enum err written_down(struct step *st, const void *payload)
{
    (void)payload;
    return st->type->owner == OWNER_complaint ? ERR_OK : ERR_STALE;
}

static const struct service complaint_log = {.name = "complaint",
                                             .owner = OWNER_complaint,
                                             .upstream = IN(OWNER_intake),
                                             .step = written_down};

static inline struct stage *pay_house(const char *policy_dir)
{
    static const struct service *const house[] = {&intake_service, &complaint_log,
                                                  &scoring_service};
    struct stage *s = stage_open(policy_dir, house, COUNT_OF(house));
    units_tell(s);
    return s;
}

static inline struct stage *pay_open(void)
{
    return pay_house(POLICY_PAY);
}

/* With changed lines of a file: "own/policy.yaml", "common/scoring.yaml". */
static inline struct stage *pay_open_edited(const char *file, const char *sed)
{
    char dir[] = "/tmp/pay_policy.XXXXXX", cmd[1500];
    assert_non_null(mkdtemp(dir));
    int n = snprintf(cmd, sizeof cmd,
                     "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
                     "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
                     "sed -i '%s' %s/%s",
                     dir, POLICY_PAY, dir, dir, sed, dir, file);
    assert_true(n > 0 && (size_t)n < sizeof cmd);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = pay_house(cmd);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

static inline struct stage *pay_open_changed(const char *sed)
{
    return pay_open_edited("own/policy.yaml", sed);
}

/* ---- telling; months are "2024-03", amounts yuan ---- */

/* The bonus of a month, on the 5th of the next one. */
static inline void bonus(struct stage *s, const char *person, const char *month, const char *yuan)
{
    char data[200], at[48];
    int year = (int)strtol(month, NULL, 10), m = (int)strtol(month + 5, NULL, 10);
    snprintf(data, sizeof data, "'metric':'bonus','person':'%s','month':'%s-01','value':'%s'",
             person, month, yuan);
    snprintf(at, sizeof at, "%04d-%02d-05T10:00", m == 12 ? year + 1 : year, m == 12 ? 1 : m + 1);
    say(s, "HR", "kpi.actual_reported", at, data);
}

static inline void closed(struct stage *s, const char *case_no, const char *at)
{
    char data[80];
    snprintf(data, sizeof data, "'case_no':'%s'", case_no);
    tell(s, "GMO", "complaint.closed", at, data);
}

static inline void assessed(struct stage *s, const char *case_no, const char *at,
                            const char *person, const char *yuan)
{
    char data[300];
    snprintf(data, sizeof data,
             "'case_no':'%s','no':1,'type':'person','party':'%s','amount':'%s',"
             "'persons':[{'person':'%s','amount':'%s'}]",
             case_no, person, yuan, person, yuan);
    tell(s, "GMO", "penalty.assessed", at, data);
}

static inline void approved(struct stage *s, const char *case_no, const char *at)
{
    char data[80];
    snprintf(data, sizeof data, "'case_no':'%s','no':1,'by':'GM'", case_no);
    tell(s, "GM", "penalty.gm_approved", at, data);
}

/* All three at one instant. */
static inline void penalty(struct stage *s, const char *case_no, const char *at, const char *person,
                           const char *yuan)
{
    closed(s, case_no, at);
    assessed(s, case_no, at, person, yuan);
    approved(s, case_no, at);
}

/* more: "'amount':'400.00'", empty for a major demerit. */
static inline void sanction(struct stage *s, const char *case_no, const char *month,
                            const char *person, const char *kind, const char *more)
{
    char data[300], at[48];
    snprintf(data, sizeof data,
             "'case_no':'%s','no':1,'person':'%s','kind':'%s','count':1,'month':'%s-01'%s%s",
             case_no, person, kind, month, *more ? "," : "", more);
    snprintf(at, sizeof at, "%s-25T10:00", month);
    tell(s, "HR", "sanction.published", at, data);
}

static inline void leaves(struct stage *s, const char *person, const char *at, bool left)
{
    char data[120];
    snprintf(data, sizeof data, "'person':'%s','unit':'C1','role':'staff','left':%s", person,
             left ? "true" : "false");
    tell(s, "HR", "person.upserted", at, data);
}

/* ---- looking ---- */

/* "case:amount" of every record of this type for this month, in order; "" for none. */
struct booked {
    char text[400];
};

static inline struct booked booked(struct stage *s, const char *type, const char *month)
{
    struct booked b = {""};
    char first[40];
    snprintf(first, sizeof first, "%s-01", month);
    size_t n = count(s, type), size = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(stage_field(s, OWNER_scoring, type, i, "month"), first) != 0) continue;
        size += (size_t)snprintf(b.text + size, sizeof b.text - size, "%s%s:", size ? " " : "",
                                 stage_field(s, OWNER_scoring, type, i, "case_no"));
        size += (size_t)snprintf(b.text + size, sizeof b.text - size, "%s",
                                 stage_field(s, OWNER_scoring, type, i, "amount"));
    }
    return b;
}

#define INSTALMENTS(s, month, expected)                                                            \
    assert_string_equal(booked(s, "penalty.instalment_due", month).text, expected)
#define SANCTIONS(s, month, expected)                                                              \
    assert_string_equal(booked(s, "sanction.deducted", month).text, expected)

#endif
