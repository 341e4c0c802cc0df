/* merge_test.c - the order in which a service takes several logs on the event clock. */
#include "common/merge.h"
#include "common/wire.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define READY(now, mark)                                                                           \
    {                                                                                              \
        true, now, mark                                                                            \
    }
#define EMPTY(mark)                                                                                \
    {                                                                                              \
        false, 0, mark                                                                             \
    }

static const struct row {
    const char *name;
    struct merge_input in[3];
    int pick;
    int64_t watermark;
} rows[] = {
    {"the earliest goes first", {READY(20, 30), READY(10, 30), EMPTY(30)}, 1, 10},
    {"equal times go in house order", {READY(10, 30), READY(10, 30), EMPTY(30)}, 0, 10},
    {"an earlier house may still speak at that time",
     {EMPTY(10), READY(10, 30), EMPTY(30)},
     -1,
     10},
    {"an earlier house that is past that time cannot",
     {EMPTY(11), READY(10, 30), EMPTY(30)},
     1,
     10},
    {"a later house may still speak before that time", {READY(10, 30), EMPTY(9), EMPTY(30)}, -1, 9},
    {"a later house at that time comes after", {READY(10, 30), EMPTY(10), EMPTY(30)}, 0, 10},
    {"nothing there", {EMPTY(5), EMPTY(7), EMPTY(6)}, -1, 5},
};

static void event_clock_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (merge_pick(rows[i].in, 3, true) != rows[i].pick) fail_msg("%s", rows[i].name);
        if (merge_watermark(rows[i].in, 3) != rows[i].watermark)
            fail_msg("watermark: %s", rows[i].name);
    }
}

/* What comes later than the instant to which all have come is behind, not waiting. */
static void only_what_stands_at_the_instant_that_is_not_over_waits_for_time(void **state)
{
    (void)state;
    const struct merge_input at_the_instant[3] = {EMPTY(10), READY(10, 10), EMPTY(10)};
    const struct merge_input one_is_behind[3] = {EMPTY(10), READY(10, 10), EMPTY(9)};
    const struct merge_input two[3] = {EMPTY(10), READY(10, 10), READY(12, 12)};
    assert_int_equal(merge_pick(at_the_instant, 3, true), -1);
    assert_true(merge_waits(at_the_instant, 3, 1));
    assert_false(merge_waits(at_the_instant, 3, 0));
    assert_false(merge_waits(one_is_behind, 3, 1));
    assert_true(merge_waits(two, 3, 1));
    assert_false(merge_waits(two, 3, 2));
}

static void wall_clock_takes_what_is_there(void **state)
{
    (void)state;
    const struct merge_input in[3] = {EMPTY(0), READY(20, 0), READY(10, 0)};
    assert_int_equal(merge_pick(in, 3, false), 1);
}

static void a_short_frame_reads_as_zero_and_bad(void **state)
{
    (void)state;
    struct buf b = {0};
    wire_u8(&b, 'P');
    wire_u64(&b, 7);
    wire_bytes(&b, (struct slice){(const uint8_t *)"abc", 3});
    struct wire w = {buf_slice(&b), false};
    assert_int_equal(wire_take_u8(&w), 'P');
    assert_int_equal(wire_take_u64(&w), 7);
    struct slice s = wire_take_bytes(&w);
    assert_memory_equal(s.p, "abc", 3);
    assert_false(w.bad);
    assert_int_equal(wire_take_u32(&w), 0);
    assert_true(w.bad);
    for (size_t n = 0; n < b.n; n++) {
        struct wire cut = {{b.p, n}, false};
        (void)wire_take_u8(&cut);
        (void)wire_take_u64(&cut);
        assert_int_equal(wire_take_bytes(&cut).n, 0);
        assert_true(cut.bad);
    }
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event_clock_order),
        cmocka_unit_test(only_what_stands_at_the_instant_that_is_not_over_waits_for_time),
        cmocka_unit_test(wall_clock_takes_what_is_there),
        cmocka_unit_test(a_short_frame_reads_as_zero_and_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
