/* unit_memo_test.c - a unit's row is what was told last, whether it is known from before, changed
 * in the step at work, refused with it, or one of more than are kept. */
#include "common/house.h"
#include "common/unit_memo.h"
#include "tests/lib/stage.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

/* The name each unit had when a call was registered there: before and after the step's own write.
 */
static char seen[2][32];

static void look(struct step *st, struct str unit, char out[32])
{
    struct rec_row_unit row = {0};
    enum err e = step_unit(st, unit, &row);
    snprintf(out, 32, "%.*s", e == ERR_OK ? (int)row.name.n : 1, e == ERR_OK ? row.name.p : "-");
}

static enum err asking_step(struct step *st, const void *payload)
{
    st->rule = "INT-100";
    if (st->type->kind == EV_unit_upserted) return step_master(st, payload);
    if (st->type->kind != EV_promise_made) return ERR_STALE;
    const struct ev_promise_made *ev = payload;
    look(st, ev->call_no, seen[0]);
    struct rec_row_unit row = {.name = STR("in the step")};
    struct key k = key_of(ev->call_no);
    step_put(st, &table_unit, &k, &row);
    look(st, ev->call_no, seen[1]);
    return step_refuse(st, "no", "call_no", "not taken");
}

static const struct service asking = {.name = "intake", .owner = OWNER_intake, .step = asking_step};

static int setup(void **state)
{
    static const struct service *const services[] = {&asking};
    *state = stage_open("deploy/policy/civic-requests", services, 1);
    return 0;
}

static int teardown(void **state)
{
    stage_close(*state);
    return 0;
}

#define AT "2026-03-02T09:00:00+08:00"

static void name_unit(struct stage *s, const char *unit, const char *name)
{
    char data[128];
    snprintf(data, sizeof data, "{'unit':'%s','name':'%s','urban':[{'name':'中區'}]}", unit, name);
    assert_string_equal(stage_tell(s, "unit.upserted", AT, data), "accepted");
}

static void ask(struct stage *s, const char *unit)
{
    char data[128];
    snprintf(data, sizeof data, "{'call_no':'%s','due':'2026-03-03T09:00:00+08:00'}", unit);
    assert_string_equal(stage_tell(s, "promise.made", AT, data), "refused");
}

static void a_unit_is_what_was_told_last(void **state)
{
    struct stage *s = *state;
    ask(s, "A");
    assert_string_equal(seen[0], "-");
    name_unit(s, "A", "one");
    ask(s, "A");
    assert_string_equal(seen[0], "one");
    name_unit(s, "A", "two");
    name_unit(s, "B", "other");
    ask(s, "A");
    assert_string_equal(seen[0], "two");
    ask(s, "B");
    assert_string_equal(seen[0], "other");
}

static void a_write_of_the_step_at_work_is_seen_and_gone_with_it(void **state)
{
    struct stage *s = *state;
    name_unit(s, "A", "one");
    for (int i = 0; i < 2; i++) {
        ask(s, "A");
        assert_string_equal(seen[0], "one");
        assert_string_equal(seen[1], "in the step");
    }
}

static void more_units_than_are_kept_are_known_all_the_same(void **state)
{
    struct stage *s = *state;
    char unit[16];
    for (int i = 0; i < UNIT_MEMO_MAX + 20; i++) {
        snprintf(unit, sizeof unit, "U%d", i);
        name_unit(s, unit, unit);
    }
    for (int i = 0; i < 2 * (UNIT_MEMO_MAX + 20); i++) {
        snprintf(unit, sizeof unit, "U%d", i % (UNIT_MEMO_MAX + 20));
        ask(s, unit);
        assert_string_equal(seen[0], unit);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_unit_is_what_was_told_last),
        TEST(a_write_of_the_step_at_work_is_seen_and_gone_with_it),
        TEST(more_units_than_are_kept_are_known_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
