/* scoring_door.h - what the tests of scoring share: the house of intake, scoring and escalation
 * (with dispatch, parts and complaint where they are asked for) on the calendar of the worked
 * examples (CAL-STD, +08:00), units and persons, facts told by a unit, and ways to look into rows,
 * deadlines and refusals. */
#ifndef CUIBAN_TESTS_UNIT_SCORING_DOOR_H
#define CUIBAN_TESTS_UNIT_SCORING_DOOR_H

#include "common/contract.h"
#include "common/deadline.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include "tests/lib/stage.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include "tests/unit/moment.h"

#define CLOCKS_OWNER OWNER_scoring
#include "tests/unit/clocks.h"

#define POLICY_SCORING "tests/unit/data/policy-scoring"

/* Units: C1 and C2 are centres; HR, ADM, CS, FIN and DEP the departments that provide data; BIZ,
 * GMO, GM, QA, MFG, RD, ACC, WH and SVC those of the complaint procedure; U1 is the source of
 * stage_tell. P1 … P6 are staff, T1 … T3 technicians, M1 a manager of C1; P7, T4 and M2 are of C2;
 * H1 is of HR, F1 of FIN, A1 of ADM, S1 of CS, D1 of DEP. */

/* ---- the house ---- */

static inline void units_tell(struct stage *s)
{
    static const char *const units[] = {"C1", "C2", "HR",  "ADM", "CS",  "FIN", "DEP", "BIZ", "GMO",
                                        "GM", "QA", "MFG", "RD",  "ACC", "WH",  "SVC", "U1"};
    static const struct {
        const char *person, *unit, *role;
    } persons[] = {
        {"P1", "C1", "staff"},      {"P2", "C1", "staff"},      {"P3", "C1", "staff"},
        {"P4", "C1", "staff"},      {"P5", "C1", "staff"},      {"P6", "C1", "staff"},
        {"P7", "C2", "staff"},      {"T1", "C1", "technician"}, {"T2", "C1", "technician"},
        {"T3", "C1", "technician"}, {"T4", "C2", "technician"}, {"M1", "C1", "manager"},
        {"M2", "C2", "manager"},    {"H1", "HR", "hr"},         {"F1", "FIN", "finance"},
        {"A1", "ADM", "admin"},     {"S1", "CS", "cs"},         {"D1", "DEP", "dept"}};
    char data[160];
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        snprintf(data, sizeof data, "{'unit':'%s','calendar':'CAL-STD','supervisor':'boss'}",
                 units[i]);
        (void)stage_tell(s, "unit.upserted", "2020-01-01T08:00:00+08:00", data);
    }
    for (size_t i = 0; i < COUNT_OF(persons); i++) {
        snprintf(data, sizeof data, "{'person':'%s','unit':'%s','role':'%s'}", persons[i].person,
                 persons[i].unit, persons[i].role);
        (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00", data);
    }
}

/* The logs before scoring that a test asks for, besides intake. */
enum { WITH_DISPATCH = 1, WITH_PARTS = 2, WITH_COMPLAINT = 4 };

static inline struct stage *house_of(const char *policy_dir, unsigned with)
{
    const struct service *house[6];
    size_t n = 0;
    house[n++] = &intake_service;
    if (with & WITH_DISPATCH) house[n++] = &dispatch_service;
    if (with & WITH_PARTS) house[n++] = &parts_service;
    if (with & WITH_COMPLAINT) house[n++] = &complaint_service;
    house[n++] = &scoring_service;
    house[n++] = &escalation_service;
    struct stage *s = stage_open(policy_dir, house, n);
    units_tell(s);
    return s;
}

static inline struct stage *scoring_open(void)
{
    return house_of(POLICY_SCORING, 0);
}

static inline struct stage *scoring_open_with(unsigned with)
{
    return house_of(POLICY_SCORING, with);
}

/* The policy of the tests with changed lines; `sed` edits its file, e.g. "policy.yaml". A file of
 * the common ones is edited as "common/scoring.yaml". */
static inline struct stage *scoring_open_changed(unsigned with, const char *file, const char *sed)
{
    char dir[] = "/tmp/scoring_policy.XXXXXX", cmd[2000];
    assert_non_null(mkdtemp(dir));
    int n = snprintf(cmd, sizeof cmd,
                     "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
                     "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
                     "sed -i '%s' %s/%s%s",
                     dir, POLICY_SCORING, dir, dir, sed, dir,
                     strncmp(file, "common/", 7) ? "own/" : "", file);
    assert_true(n > 0 && (size_t)n < sizeof cmd);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = house_of(cmd, with);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* ---- telling; times are local, "2024-03-02T16:00" with or without seconds ---- */

static inline void until(struct stage *s, const char *local)
{
    stage_until(s, moment(local).text);
}

static inline size_t count(struct stage *s, const char *type)
{
    return stage_count(s, OWNER_scoring, type);
}

static inline const char *last(struct stage *s, const char *type, const char *field)
{
    return stage_last(s, OWNER_scoring, type, field);
}

/* A fact the door takes, whatever scoring says to it; also one that belongs to another service. */
static inline void tell(struct stage *s, const char *unit, const char *type, const char *local,
                        const char *data)
{
    static unsigned facts;
    char text[4000], id[24];
    snprintf(id, sizeof id, "s%u", ++facts);
    snprintf(text, sizeof text, "{%s}", data);
    if (strcmp(stage_tell_as(s, unit, id, type, moment(local).text, text), "accepted") != 0)
        fail_msg("%s {%s}: %.*s", type, data, STR_ARG(stage_outcome(s)->text));
}

/* Accepted by scoring. */
static inline void say(struct stage *s, const char *unit, const char *type, const char *local,
                       const char *data)
{
    size_t before = count(s, "refused.fact"), own = count(s, type);
    tell(s, unit, type, local, data);
    if (count(s, "refused.fact") != before)
        fail_msg("%s {%s}: %s", type, data, last(s, "refused.fact", "text"));
    if (count(s, type) <= own) fail_msg("%s {%s}: scoring did not hear it", type, data);
}

/* Refused by scoring with this rule and code, in a sentence. */
static inline void deny(struct stage *s, const char *unit, const char *type, const char *local,
                        const char *data, const char *rule, const char *code)
{
    size_t before = count(s, "refused.fact"), own = count(s, type);
    tell(s, unit, type, local, data);
    if (count(s, "refused.fact") != before + 1) fail_msg("%s {%s}: not refused", type, data);
    if (strcmp(last(s, "refused.fact", "rule"), rule) ||
        strcmp(last(s, "refused.fact", "code"), code)) {
        fail_msg("%s {%s}: %s %s: %s", type, data, last(s, "refused.fact", "rule"),
                 last(s, "refused.fact", "code"), last(s, "refused.fact", "text"));
    }
    assert_int_equal(count(s, type), own);
    assert_true(strlen(last(s, "refused.fact", "text")) > 20);
}

/* ---- looking ---- */

static inline bool row_at(struct stage *s, int which, struct key k, void *row)
{
    return stage_row(s, OWNER_scoring, &scoring_tables[which], k, row);
}

#endif
