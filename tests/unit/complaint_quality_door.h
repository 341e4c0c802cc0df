/* complaint_quality_door.h - what the tests of the quality issues share: the house of intake,
 * dispatch and complaint on the calendar of the worked examples (CAL-STD, +08:00), an issue driven
 * to any state, and ways to look into rows, clocks and refusals. */
#ifndef CUIBAN_TESTS_UNIT_COMPLAINT_QUALITY_DOOR_H
#define CUIBAN_TESTS_UNIT_COMPLAINT_QUALITY_DOOR_H

#include "common/contract.h"
#include "common/deadline.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/intake/intake.h"
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

/* The eleven fields, those behind the number of the issue; `Q1` and so on are said apart. */
#define TIME_AT "'time':'2024-02-01T08:00:00+08:00'"
#define ELEVEN                                                                                     \
    TIME_AT ",'place':'station 7','product':'bracket','drawing':'D-100','description':'crack',"    \
            "'suspect_area':'line store','quantity':12,'type':'quality','measure':'sorted',"       \
            "'breakpoint':'lot 7','talk':'agreed with the SQE'"
#define WHO "'customer':'CUST','person':'P1'"
#define Q(no) "{'quality_no':'" no "'}"
#define REPORT(no) "{'quality_no':'" no "'," WHO ",'defect_code':'F1'," ELEVEN "}"
#define FORM(no) "{'quality_no':'" no "','addressees':[{'name':'生產部'},{'name':'質保部'}]}"
#define CAUSE(no) "{'quality_no':'" no "','root_cause':'worn die'}"
#define MEASURE(no) "{'quality_no':'" no "','measures':[{'text':'new die'}]}"
#define CLOSE(no) "{'quality_no':'" no "','summary':'no crack since'}"

static inline struct stage *site_open_of(const char *policy_dir)
{
    static const struct service *const services[] = {&intake_service, &dispatch_service,
                                                     &complaint_service};
    static const char *const units[] = {"U1", "QA", "MFG", "RD", "GMO", "BIZ"};
    struct stage *s = stage_open(policy_dir, services, COUNT_OF(services));
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        char data[80];
        snprintf(data, sizeof data, "{'unit':'%s','calendar':'CAL-STD'}", units[i]);
        (void)stage_tell(s, "unit.upserted", "2020-01-01T08:00:00+08:00", data);
    }
    return s;
}

static inline struct stage *site_open(void)
{
    return site_open_of("deploy/policy/general");
}

/* A copy of the set, `cmd` run in it: general/policy.yaml, common/complaint.yaml, calendars/. */
static inline struct stage *site_open_changed(const char *change)
{
    char dir[] = "/tmp/quality_policy.XXXXXX", cmd[500], path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common deploy/policy/calendars deploy/policy/general %s && "
             "cd %s && %s",
             dir, dir, change);
    assert_int_equal(system(cmd), 0);
    snprintf(path, sizeof path, "%s/general", dir);
    struct stage *s = site_open_of(path);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* The set with one key under `complaint:` of its policy.yaml. */
static inline struct stage *site_open_with(const char *key)
{
    char change[200];
    snprintf(change, sizeof change, "printf 'complaint:\\n  %s\\n' >> general/policy.yaml", key);
    return site_open_changed(change);
}

/* ---- the log of complaint ---- */

static inline size_t count(struct stage *s, const char *type)
{
    return stage_count(s, OWNER_complaint, type);
}

static inline const char *last(struct stage *s, const char *type, const char *field)
{
    return stage_last(s, OWNER_complaint, type, field);
}

static inline size_t clock_count(struct stage *s, const char *type, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < count(s, type); i++)
        n += strcmp(stage_field(s, OWNER_complaint, type, i, "name"), name) == 0;
    return n;
}

/* data.<field> of the n-th record of the type about the deadline. */
static inline const char *clock_field(struct stage *s, const char *type, const char *name, size_t n,
                                      const char *field)
{
    for (size_t i = 0; i < count(s, type); i++) {
        if (strcmp(stage_field(s, OWNER_complaint, type, i, "name"), name) != 0) continue;
        if (n-- == 0) return stage_field(s, OWNER_complaint, type, i, field);
    }
    return "";
}

static inline void until(struct stage *s, const char *local)
{
    stage_until(s, moment(local).text);
}

/* ---- telling ---- */

static inline void say(struct stage *s, const char *type, const char *local, const char *data)
{
    size_t refusals = count(s, "refused.fact");
    size_t elsewhere = stage_count(s, OWNER_dispatch, "refused.fact");
    if (strcmp(stage_tell(s, type, moment(local).text, data), "accepted") != 0)
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    if (count(s, "refused.fact") != refusals)
        fail_msg("%s: %s", type, last(s, "refused.fact", "text"));
    if (stage_count(s, OWNER_dispatch, "refused.fact") != elsewhere)
        fail_msg("%s: %s", type, stage_last(s, OWNER_dispatch, "refused.fact", "text"));
}

/* Refused by complaint with this rule and code, and nothing else is written. */
static inline void deny(struct stage *s, const char *type, const char *local, const char *data,
                        const char *rule, const char *code)
{
    until(s, local); /* what falls due until then is not the refusal's */
    size_t before = count(s, "");
    if (strcmp(stage_tell(s, type, moment(local).text, data), "accepted") != 0)
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    if (count(s, "") != before + 1)
        fail_msg("%s: %zu records, not one", type, count(s, "") - before);
    const json_t *e = stage_nth(s, OWNER_complaint, "", before);
    assert_string_equal(json_string_value(json_object_get(e, "type")), "refused.fact");
    assert_string_equal(last(s, "refused.fact", "rule"), rule);
    assert_string_equal(last(s, "refused.fact", "code"), code);
    assert_true(strlen(last(s, "refused.fact", "text")) > 20);
}

/* ---- an issue on its way; all by default in February and March 2024 ---- */

static inline void reported(struct stage *s)
{
    say(s, "quality.reported", "2024-02-01T09:00", REPORT("Q1"));
}

static inline void form_sent(struct stage *s)
{
    reported(s);
    say(s, "quality.form_sent", "2024-02-01T09:10", FORM("Q1"));
}

static inline void cause_found(struct stage *s)
{
    form_sent(s);
    say(s, "quality.cause_found", "2024-03-01T10:00", CAUSE("Q1"));
}

static inline void planned(struct stage *s)
{
    cause_found(s);
    say(s, "quality.measure_planned", "2024-03-01T11:00", MEASURE("Q1"));
}

/* ---- looking ---- */

static inline struct rec_row_quality issue(struct stage *s, const char *no)
{
    struct rec_row_quality row = {0};
    assert_true(stage_row(s, OWNER_complaint, &complaint_tables[COMPLAINT_QUALITY],
                          key_of(str_of(no)), &row));
    return row;
}

static inline const char *state_of(struct stage *s, const char *no)
{
    return code_word(&codes_quality_state, issue(s, no).state);
}

static inline struct rec_row_deadline clock_row(struct stage *s, const char *case_no,
                                                const char *name)
{
    struct rec_row_deadline row = {0};
    struct key k = deadline_key(str_of(case_no), 0, str_of(name));
    if (!stage_row(s, OWNER_complaint, &table_deadline, k, &row))
        fail_msg("no clock %s %s", case_no, name);
    return row;
}

static inline const char *clock_end(struct stage *s, const char *case_no, const char *name)
{
    return code_word(&codes_deadline_end, clock_row(s, case_no, name).end);
}

static inline void assert_due(struct stage *s, const char *case_no, const char *name,
                              const char *local)
{
    struct rec_row_deadline row = clock_row(s, case_no, name);
    char due[40];
    time_format(row.due + 8 * HOUR_MS, NULL, due);
    if (row.due != instant(local)) fail_msg("%s %s: due %s, not %s", case_no, name, due, local);
}

/* The n-th level of the deadline passes at this instant, and goes to this role. */
static inline void assert_level(struct stage *s, const char *name, size_t n, const char *local,
                                const char *to)
{
    until(s, local);
    if (clock_count(s, "deadline.passed", name) != n) {
        fail_msg("%s: %zu levels before %s, not %zu", name, clock_count(s, "deadline.passed", name),
                 local, n);
    }
    char after[40];
    snprintf(after, sizeof after, "%s:01", local);
    until(s, after);
    assert_int_equal(clock_count(s, "deadline.passed", name), n + 1);
    assert_string_equal(clock_field(s, "deadline.passed", name, n, "to"), to);
}

#endif
