/* intake_fixture.h - a door on a stage, and the shortest way to say what the intake tests say
 * often. */
#ifndef CUIBAN_TESTS_INTAKE_FIXTURE_H
#define CUIBAN_TESTS_INTAKE_FIXTURE_H

#include "common/contract.h"
#include "services/intake/intake_private.h"
#include "tests/lib/stage.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define LOG OWNER_intake
#define FULL "'customer_name':'王','address':'和平路1號','phone':'02-1','model':'AC-1'"

/* U1 works by CAL-EX; its urban district is 城區. */
static inline struct stage *door_open_in(const char *root, const char *policy)
{
    static const struct service *const services[] = {&intake_service};
    char dir[128];
    snprintf(dir, sizeof dir, "%s/%s", root, policy);
    struct stage *s = stage_open(dir, services, 1);
    const char *unit =
        "{'unit':'U1','calendar':'CAL-EX','urban':[{'name':'城區'}],'suburban':[{'name':'郊縣'}]}";
    assert_string_equal(stage_tell(s, "unit.upserted", "2020-01-02T08:00:00+08:00", unit),
                        "accepted");
    return s;
}

static inline struct stage *door_open(const char *policy)
{
    return door_open_in("deploy/policy", policy);
}

/* A company that wants one line of its policy file otherwise: sed script on a copy of all sets. */
static inline struct stage *door_open_changed(const char *policy, const char *file,
                                              const char *script)
{
    char root[] = "/tmp/intake.XXXXXX", cmd[512];
    assert_non_null(mkdtemp(root));
    snprintf(cmd, sizeof cmd, "cp -r deploy/policy/. %s && sed -i '%s' %s/%s/%s", root, script,
             root, policy, file);
    assert_int_equal(system(cmd), 0);
    struct stage *s = door_open_in(root, policy);
    snprintf(cmd, sizeof cmd, "rm -rf %s", root);
    assert_int_equal(system(cmd), 0);
    return s;
}

static inline void tell(struct stage *s, const char *type, const char *time, const char *data)
{
    const char *verdict = stage_tell(s, type, time, data);
    if (strcmp(verdict, "accepted") == 0) return;
    fail_msg("%s %s: %s: %.*s", type, data, verdict, STR_ARG(stage_outcome(s)->text));
}

/* The fact is refused with this rule and code. */
static inline void refuse(struct stage *s, const char *type, const char *time, const char *data,
                          const char *rule, const char *code)
{
    assert_string_equal(stage_tell(s, type, time, data), "refused");
    const struct rec_outcome *o = stage_outcome(s);
    if (!str_is(o->rule, rule) || !str_is(o->code, code)) {
        fail_msg("%s: %.*s %.*s: %.*s", type, STR_ARG(o->rule), STR_ARG(o->code), STR_ARG(o->text));
    }
    assert_true(o->text.n > 0);
}

static inline bool row_of_call(struct stage *s, const char *call_no, struct rec_row_call *out)
{
    return stage_row(s, LOG, INTAKE_TABLE(CALL), key_of(str_of(call_no)), out);
}

static inline enum call_state state_of(struct stage *s, const char *call_no)
{
    struct rec_row_call row;
    return row_of_call(s, call_no, &row) ? row.state : call_state_none;
}

/* How many records of the type have this text in the field. */
static inline size_t count_with(struct stage *s, const char *type, const char *field,
                                const char *text)
{
    size_t found = 0, n = stage_count(s, LOG, type);
    for (size_t i = 0; i < n; i++)
        found += strcmp(stage_field(s, LOG, type, i, field), text) == 0;
    return found;
}

/* data.<field> of the last record of the type whose `key` is `text`; "" when there is none. */
static inline const char *last_with(struct stage *s, const char *type, const char *key,
                                    const char *text, const char *field)
{
    for (size_t i = stage_count(s, LOG, type); i-- > 0;) {
        if (strcmp(stage_field(s, LOG, type, i, key), text) == 0)
            return stage_field(s, LOG, type, i, field);
    }
    return "";
}

#endif
