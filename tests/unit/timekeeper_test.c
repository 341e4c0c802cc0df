/* timekeeper_test.c - the wall clock is believed as long as it goes on like the monotonic one (N4).
 */
#include "common/timekeeper.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define WALL INT64_C(1772499600000)
#define MONO INT64_C(5000)
#define HOUR INT64_C(3600000)

static struct timekeeper started(void)
{
    struct timekeeper k = {0};
    assert_int_equal(timekeeper_now(&k, WALL, MONO), WALL);
    assert_false(k.held);
    return k;
}

static void the_first_look_believes_the_wall_clock(void **state)
{
    (void)state;
    (void)started();
}

static void small_steps_and_long_pauses_are_taken_as_they_are(void **state)
{
    (void)state;
    struct timekeeper k = started();
    assert_int_equal(timekeeper_now(&k, WALL + 9 * HOUR, MONO + 9 * HOUR), WALL + 9 * HOUR);
    int64_t step = WALL + 9 * HOUR + TIMEKEEPER_STEP_MS;
    assert_int_equal(timekeeper_now(&k, step, MONO + 9 * HOUR), step);
    assert_int_equal(timekeeper_now(&k, step - 1000, MONO + 9 * HOUR), step - 1000);
    assert_false(k.held);
}

static void n4_a_large_step_is_held_until_the_clock_is_back(void **state)
{
    (void)state;
    struct timekeeper k = started();
    assert_int_equal(timekeeper_now(&k, WALL + TIMEKEEPER_STEP_MS + 101, MONO + 100), WALL + 100);
    assert_true(k.held);
    assert_int_equal(timekeeper_now(&k, WALL + 87600 * HOUR, MONO + HOUR), WALL + HOUR);
    assert_true(k.held);
    assert_int_equal(timekeeper_now(&k, WALL + HOUR + 77, MONO + HOUR + 1), WALL + HOUR + 77);
    assert_false(k.held);
}

static void n4_so_is_one_that_goes_back(void **state)
{
    (void)state;
    struct timekeeper k = started();
    assert_int_equal(timekeeper_now(&k, WALL - HOUR, MONO + 100), WALL + 100);
    assert_true(k.held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_look_believes_the_wall_clock),
        cmocka_unit_test(small_steps_and_long_pauses_are_taken_as_they_are),
        cmocka_unit_test(n4_a_large_step_is_held_until_the_clock_is_back),
        cmocka_unit_test(n4_so_is_one_that_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
