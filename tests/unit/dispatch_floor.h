/* dispatch_floor.h - what the tests of workshop and plant share: facts about papers, which carry no
 * call, and looks at the clocks of papers. */
#ifndef CUIBAN_TESTS_UNIT_DISPATCH_FLOOR_H
#define CUIBAN_TESTS_UNIT_DISPATCH_FLOOR_H

#include "tests/unit/dispatch_door.h"

static inline struct stage *floor_open(void)
{
    return door_open("deploy/policy/general");
}

/* The fact is accepted. */
static inline void say(struct stage *s, const char *type, const char *local, const char *data)
{
    size_t refusals = count(s, "refused.fact");
    if (strcmp(stage_tell(s, type, moment(local).text, data), "accepted") != 0)
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    if (count(s, "refused.fact") != refusals)
        fail_msg("%s: %s", type, last(s, "refused.fact", "text"));
}

/* It is refused by this rule with this code, and nothing else is written. */
static inline void deny(struct stage *s, const char *type, const char *local, const char *data,
                        const char *rule, const char *code)
{
    size_t before = count(s, "");
    if (strcmp(stage_tell(s, type, moment(local).text, data), "accepted") != 0)
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    refused_with(s, before, rule, code, 0);
}

/* data.<field> of the last record of the type about the deadline; "" when there is none. */
static inline const char *of_clock(struct stage *s, const char *type, const char *name,
                                   const char *field)
{
    for (size_t i = count(s, type); i-- > 0;) {
        if (strcmp(stage_field(s, OWNER_dispatch, type, i, "name"), name) == 0)
            return stage_field(s, OWNER_dispatch, type, i, field);
    }
    fail_msg("no %s of %s", type, name);
    return "";
}

/* Its due instant is this local time. */
static inline void assert_armed(struct stage *s, const char *name, const char *local)
{
    int64_t due = 0;
    struct fault why;
    assert_int_equal(time_parse(str_of(of_clock(s, "deadline.armed", name, "due")), &due, &why),
                     ERR_OK);
    assert_int_equal(due, instant(local));
}

/* Its whole ladder has passed: these many levels and no more. */
static inline void assert_passed(struct stage *s, const char *name, size_t levels)
{
    assert_int_equal(clock_count(s, "deadline.passed", name), levels);
}

static inline bool floor_row(struct stage *s, int table, const char *key, void *row)
{
    return stage_row(s, OWNER_dispatch, &dispatch_tables[table], key_of(str_of(key)), row);
}

static inline struct rec_row_sheet sheet_row(struct stage *s, const char *call)
{
    struct rec_row_sheet row = {0};
    struct key k = key_of(str_of(call));
    key_u8(&k, 1);
    assert_true(stage_row(s, OWNER_dispatch, &dispatch_tables[DISPATCH_SHEET], k, &row));
    return row;
}

#endif
