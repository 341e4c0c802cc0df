/* node_test.c - the door and the deadline engine, with a service of three events: a promise is
 * made, kept, its call cancelled. */
#include "common/house.h"
#include "tests/lib/stage.h"
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

static const struct deadline_row promise_rows[] = {
    {.name = "promise.due",
     .rule = "INT-100",
     .from = FROM_OCCURRED,
     .due = DUE_GIVEN,
     .start = {EV_promise_made},
     .stop = {EV_promise_kept}},
};

static enum err tiny_step(struct step *st, const void *payload)
{
    st->rule = "INT-100";
    struct deadline_ctx c = {
        .unit = STR("U1"), .occurred_ms = st->in->occurred, .received_ms = st->in->occurred};
    if (st->type->kind == EV_promise_made) {
        const struct ev_promise_made *ev = payload;
        c.case_no = ev->call_no;
        c.given_ms = ev->due;
        if (ev->due < st->in->occurred)
            return step_refuse(st, "due_passed", "due",
                               "the time promised lies before the promise");
    } else if (st->type->kind == EV_promise_kept) {
        c.case_no = ((const struct ev_promise_kept *)payload)->call_no;
    } else if (st->type->kind == EV_call_cancelled) {
        return deadline_drop(st, ((const struct ev_call_cancelled *)payload)->call_no, 0,
                             STR("cancelled"));
    } else {
        return ERR_STALE;
    }
    return deadline_run(st, promise_rows, 1, st->type->kind, &c, payload);
}

static const struct service tiny = {.name = "intake",
                                    .owner = OWNER_intake,
                                    .deadlines = promise_rows,
                                    .deadline_count = 1,
                                    .step = tiny_step};

static int setup(void **state)
{
    static const struct service *const services[] = {&tiny};
    *state = stage_open("deploy/policy/civic-requests", services, 1);
    return 0;
}

static int teardown(void **state)
{
    stage_close(*state);
    return 0;
}

#define AT(hm) "2026-03-02T" hm ":00+08:00"
#define MADE(due) "{'call_no':'C1','due':'2026-03-03T" due "+08:00'}"
#define LOG OWNER_intake

static void promised(struct stage *s)
{
    assert_string_equal(stage_tell(s, "promise.made", AT("09:00"), MADE("09:00:00")), "accepted");
}

static void cv11_arming_writes_what_is_counted(void **state)
{
    struct stage *s = *state;
    promised(s);
    assert_string_equal(stage_field(s, LOG, "deadline.armed", 0, "due"), "2026-03-03T01:00:00Z");
    assert_string_equal(stage_field(s, LOG, "deadline.armed", 0, "set"), "ESC-CIVIC");
    assert_string_equal(stage_field(s, LOG, "deadline.armed", 0, "clock"), "given");
}

static void cv5_done_at_the_due_instant_is_in_time(void **state)
{
    struct stage *s = *state;
    promised(s);
    stage_tell(s, "promise.kept", "2026-03-03T09:00:00+08:00", "{'call_no':'C1'}");
    stage_until(s, "2026-04-01T00:00:00Z");
    assert_string_equal(stage_field(s, LOG, "deadline.stopped", 0, "late"), ""); /* not late */
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    assert_int_equal(stage_count(s, LOG, "deadline.withdrawn"), 0);
}

static void cv5_done_one_millisecond_later_is_late(void **state)
{
    struct stage *s = *state;
    promised(s);
    stage_tell(s, "promise.kept", "2026-03-03T09:00:00.001+08:00", "{'call_no':'C1'}");
    assert_string_equal(stage_field(s, LOG, "deadline.passed", 0, "level"), "2");
    assert_string_equal(stage_field(s, LOG, "deadline.stopped", 0, "late"), "true");
}

static void cv12_every_level_of_the_ladder_once_strictly_after_its_instant(void **state)
{
    struct stage *s = *state;
    promised(s); /* the level 24 h before the due time is the instant of the start itself */
    stage_until(s, "2026-03-02T01:00:00Z");
    assert_int_equal(stage_count(s, LOG, "deadline.approaching"), 0);
    stage_until(s, "2026-03-02T01:00:00.001Z");
    assert_int_equal(stage_count(s, LOG, "deadline.approaching"), 1);
    stage_until(s, "2026-05-01T00:00:00Z");
    assert_int_equal(stage_count(s, LOG, "deadline.approaching"), 1);
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 4);
    static const char *const at[] = {"2026-03-03T01:00:00Z", "2026-03-04T01:00:00Z",
                                     "2026-03-06T01:00:00Z", "2026-03-10T01:00:00Z"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(stage_field(s, LOG, "deadline.passed", i, "at"), at[i]);
}

static void cv12_a_level_before_the_start_is_not_part_of_the_ladder(void **state)
{
    struct stage *s = *state;
    stage_tell(s, "promise.made", AT("09:00"),
               "{'call_no':'C1','due':'2026-03-02T12:00:00+08:00'}");
    stage_until(s, "2026-03-02T05:00:00Z");
    assert_int_equal(stage_count(s, LOG, "deadline.approaching"), 0);
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 1);
}

static void cv12_a_late_fact_that_was_in_time_withdraws(void **state)
{
    struct stage *s = *state;
    promised(s);
    stage_until(s, "2026-03-03T06:00:00Z");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 1);
    stage_tell(s, "promise.kept", "2026-03-03T08:59:00+08:00", "{'call_no':'C1'}");
    assert_string_equal(stage_field(s, LOG, "deadline.stopped", 0, "late"), ""); /* not late */
    assert_int_equal(stage_count(s, LOG, "deadline.withdrawn"), 1);
    stage_until(s, "2026-05-01T00:00:00Z");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 1);
}

static void cv12_a_better_report_turns_late_into_in_time(void **state)
{
    struct stage *s = *state;
    promised(s);
    stage_tell(s, "promise.kept", "2026-03-03T09:10:00+08:00", "{'call_no':'C1'}");
    stage_tell(s, "promise.kept", "2026-03-03T08:55:00+08:00", "{'call_no':'C1'}");
    assert_int_equal(stage_count(s, LOG, "deadline.stopped"), 1);
    assert_int_equal(stage_count(s, LOG, "deadline.withdrawn"), 1);
}

static void a_second_time_supersedes_the_first(void **state)
{
    struct stage *s = *state;
    promised(s);
    stage_tell(s, "promise.made", AT("10:00"), MADE("12:00:00"));
    assert_string_equal(stage_field(s, LOG, "deadline.dropped", 0, "end"), "superseded");
    assert_string_equal(stage_field(s, LOG, "deadline.armed", 1, "round"), "1");
    stage_until(s, "2026-03-03T03:00:00Z");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
}

static void int022_cancelling_ends_all_clocks(void **state)
{
    struct stage *s = *state;
    promised(s);
    stage_tell(s, "call.cancelled", AT("10:00"), "{'call_no':'C1','reason':'x'}");
    assert_string_equal(stage_field(s, LOG, "deadline.dropped", 0, "end"), "cancelled");
    stage_until(s, "2026-05-01T00:00:00Z");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    assert_true(node_next_due(stage_node(s, LOG)) == INT64_MAX);
}

static void int104_the_same_fact_twice_is_one_and_other_content_is_refused(void **state)
{
    struct stage *s = *state;
    assert_string_equal(stage_tell_as(s, "U1", "7", "promise.made", AT("09:00"), MADE("09:00:00")),
                        "accepted");
    size_t n = stage_count(s, LOG, "");
    assert_string_equal(stage_tell_as(s, "U1", "7", "promise.made", AT("09:00"), MADE("09:00:00")),
                        "duplicate");
    assert_int_equal(stage_count(s, LOG, ""), n);
    assert_string_equal(stage_tell_as(s, "U1", "7", "promise.made", AT("09:00"), MADE("10:00:00")),
                        "refused");
    assert_true(str_is(stage_outcome(s)->code, "id_reused"));
    assert_string_equal(stage_tell_as(s, "U2", "7", "promise.made", AT("09:00"), MADE("11:00:00")),
                        "accepted");
}

/* A late report arms a clock that is over already: it fires before the next event, however far back
 * that one lies. It did not, unless a repetition of an older fact came between. */
static void promise3_what_was_armed_in_the_past_fires_before_the_next_event(void **state)
{
    struct stage *s = *state;
    promised(s);
    assert_string_equal(stage_tell(s, "promise.made", AT("08:00"),
                                   "{'call_no':'C2','due':'2026-03-02T08:30:00+08:00'}"),
                        "accepted");
    stage_tell(s, "promise.kept", AT("08:20"), "{'call_no':'C2'}");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 1);
    assert_int_equal(stage_count(s, LOG, "deadline.withdrawn"), 1);
}

static void int104_a_refused_fact_is_kept_once_and_may_be_corrected(void **state)
{
    struct stage *s = *state;
    assert_string_equal(
        stage_tell_as(s, "U1", "7", "promise.made", "2026-03-09T09:00:00Z", MADE("09:00:00")),
        "refused");
    assert_true(str_is(stage_outcome(s)->code, "due_passed"));
    assert_true(str_is(stage_outcome(s)->rule, "INT-100"));
    assert_string_equal(
        stage_tell_as(s, "U1", "7", "promise.made", "2026-03-09T09:00:00Z", MADE("09:00:00")),
        "refused");
    assert_int_equal(stage_count(s, LOG, "refused.fact"), 1);
    assert_string_equal(stage_field(s, LOG, "refused.fact", 0, "subject"), "C1");
    assert_int_equal(stage_count(s, LOG, "deadline.armed"), 0);
    assert_string_equal(
        stage_tell_as(s, "U1", "7", "promise.made", "2026-03-02T09:00:00Z", MADE("09:00:00")),
        "accepted");
}

/* A ladder that would lie beyond what a record can hold, or on the instant that means absent, is
 * cut to what can be said; the fact is no poison. */
static void deadlines_at_the_ends_of_time_break_nothing(void **state)
{
    struct stage *s = *state;
    static const struct {
        const char *made, *due;
    } rows[] = {{"1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.002Z"},
                {"1970-01-01T00:00:01Z", "1970-01-02T00:00:00Z"},
                {"2026-03-02T01:00:00Z", "2099-12-31T23:59:00Z"},
                {"2099-12-31T23:58:00Z", "2099-12-31T23:59:59Z"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char data[96];
        snprintf(data, sizeof data, "{'call_no':'E%zu','due':'%s'}", i, rows[i].due);
        assert_string_equal(stage_tell(s, "promise.made", rows[i].made, data), "accepted");
    }
    assert_string_equal(stage_tell(s, "promise.made", "1969-12-31T23:59:59Z",
                                   "{'call_no':'E9','due':'2026-03-02T00:00:00Z'}"),
                        "refused");
    stage_until(s, "2099-12-31T23:59:59.999Z");
    assert_int_equal(stage_count(s, LOG, "deadline.armed"), 4);
    assert_string_equal(stage_last(s, LOG, "deadline.passed", "case_no"), "E3");
    assert_int_equal(house_until(stage_house(s), INT64_MAX), ERR_OK);
}

/* CMP-053: a set that repeats has no cap; 300 days are 300 催辦單. */
static void cmp053_repeats_have_no_cap(void **state)
{
    (void)state;
    static const struct service *const services[] = {&tiny};
    struct stage *s = stage_open("tests/unit/data/policy-repeats", services, 1);
    stage_tell(s, "promise.made", AT("09:00"),
               "{'call_no':'REPEATS','due':'2026-03-02T10:00:00+08:00'}");
    stage_until(s, "2026-12-27T02:00:00.001Z");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 301);
    assert_string_equal(stage_last(s, LOG, "deadline.passed", "level"), "301");
    stage_close(s);
}

/* ---- bytes at the door ---- */

static void told_bytes(struct stage *s, struct buf *b, const char *code)
{
    struct rec_outcome out;
    struct node *n = stage_node(s, LOG);
    assert_int_equal(node_fact(n, buf_slice(b), &out), ERR_OK);
    assert_true(str_is(out.verdict, "refused"));
    if (!str_is(out.code, code))
        fail_msg("%.*s instead of %s: %.*s", STR_ARG(out.code), code, STR_ARG(out.text));
    assert_true(out.text.n > 0);
}

static struct buf fact_bytes(uint64_t number, const struct ev_promise_made *ev)
{
    struct buf data = {0}, b = {0};
    proto_encode(shape_ev_promise_made(), ev, &data);
    struct rec_fact f = {.number = number,
                         .id = STR("9"),
                         .source = STR("U1"),
                         .occurred = 1772413200000,
                         .data = buf_slice(&data)};
    proto_encode(shape_fact(), &f, &b);
    buf_fini(&data);
    return b;
}

static void bad_bytes_are_refused_with_a_reason(void **state)
{
    struct stage *s = *state;
    struct ev_promise_made ev = {.call_no = STR("C1"), .due = 1772499600000};
    struct buf b = fact_bytes(event_of(EV_promise_made)->number, &ev);
    size_t whole = b.n;
    b.n = whole - 3;
    told_bytes(s, &b, "truncated");
    b.n = whole;
    buf_put(&b, "\xc0", 1);
    told_bytes(s, &b, "trailing");
    buf_fini(&b);
    b = fact_bytes(65000, &ev);
    told_bytes(s, &b, "unknown_event");
    buf_fini(&b);
    b = fact_bytes(event_of(EV_reminder_issued)->number, &ev);
    told_bytes(s, &b, "verdict_only");
    buf_fini(&b);
    assert_int_equal(stage_count(s, LOG, ""), 0);
}

static void n10_every_record_carries_the_hash_of_the_one_before(void **state)
{
    struct stage *s = *state;
    promised(s);
    stage_until(s, "2026-05-01T00:00:00Z");
    struct store *store = node_store(stage_node(s, LOG));
    uint8_t want[32] = {0};
    struct arena a = {0};
    assert_true(store_last_seq(store) > 5);
    for (uint64_t seq = 1; seq <= store_last_seq(store); seq++) {
        struct slice r;
        struct rec_entry e;
        struct fault why;
        assert_int_equal(store_record(store, seq, &r), ERR_OK);
        assert_int_equal(proto_decode(shape_entry(), r, &a, &e, &why), ERR_OK);
        assert_int_equal(e.seq, seq);
        assert_memory_equal(e.prev, want, 32);
        crypto_generichash(want, 32, r.p, r.n, NULL, 0);
    }
    arena_fini(&a);
}

/* ---- a step that is too large ---- */

/* Writes as many records as the call's number says, and looks something up after each. */
static enum err greedy_step(struct step *st, const void *payload)
{
    const struct ev_promise_kept *ev = payload;
    struct rec_row_unit unit;
    if (st->type->kind != EV_promise_kept) return ERR_STALE;
    long n = strtol(arena_printf(st->arena, "%.*s%c", STR_ARG(ev->call_no), 0).p, NULL, 10);
    enum err e = ERR_NOT_FOUND;
    for (long i = 0; e == ERR_NOT_FOUND && i < n; i++) {
        step_emit(st, EV_promise_kept, ev);
        struct key k = key_of(STR("nobody"));
        e = step_get(st, &table_unit, &k, &unit);
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void int104_what_no_step_can_hold_is_refused(void **state)
{
    (void)state;
    static const struct service greedy = {
        .name = "intake", .owner = OWNER_intake, .step = greedy_step};
    static const struct service *const services[] = {&greedy};
    struct stage *s = stage_open("deploy/policy/civic-requests", services, 1);
    assert_string_equal(stage_tell(s, "promise.kept", AT("09:00"), "{'call_no':'4096'}"),
                        "accepted");
    assert_int_equal(stage_count(s, LOG, "promise.kept"), 4097); /* the fact itself */
    assert_string_equal(stage_tell(s, "promise.kept", AT("09:01"), "{'call_no':'1000000'}"),
                        "refused");
    assert_true(str_is(stage_outcome(s)->code, "too_large"));
    assert_int_equal(stage_count(s, LOG, "promise.kept"), 4097); /* nothing of it stays */
    assert_string_equal(stage_tell(s, "promise.kept", AT("09:02"), "{'call_no':'1'}"), "accepted");
    assert_int_equal(stage_count(s, LOG, "promise.kept"), 4099);
    stage_close(s);
}

/* Of another service's fact nobody is to judge here, but what is left out of it is told. */
static void int104_a_heard_fact_that_no_step_can_hold_is_told(void **state)
{
    (void)state;
    static const struct service hearer = {.name = "dispatch",
                                          .owner = OWNER_dispatch,
                                          .upstream = IN(OWNER_intake),
                                          .step = greedy_step};
    static const struct service *const services[] = {&tiny, &hearer};
    struct stage *s = stage_open("deploy/policy/civic-requests", services, 2);
    stage_tell(s, "promise.kept", AT("09:00"), "{'call_no':'1000000'}");
    assert_int_equal(stage_count(s, OWNER_dispatch, "promise.kept"), 0);
    assert_string_equal(stage_last(s, OWNER_dispatch, "refused.fact", "code"), "too_large");
    assert_string_equal(stage_last(s, OWNER_dispatch, "refused.fact", "subject"), "1000000");
    assert_int_equal(node_refused(stage_node(s, OWNER_dispatch)), 1);
    stage_tell(s, "promise.kept", AT("09:01"), "{'call_no':'2'}");
    assert_int_equal(stage_count(s, OWNER_dispatch, "promise.kept"), 2); /* it goes on */
    assert_int_equal(stage_count(s, OWNER_dispatch, "refused.fact"), 1);
    stage_close(s);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(cv11_arming_writes_what_is_counted),
        T(cv5_done_at_the_due_instant_is_in_time),
        T(cv5_done_one_millisecond_later_is_late),
        T(cv12_every_level_of_the_ladder_once_strictly_after_its_instant),
        T(cv12_a_level_before_the_start_is_not_part_of_the_ladder),
        T(cv12_a_late_fact_that_was_in_time_withdraws),
        T(cv12_a_better_report_turns_late_into_in_time),
        T(a_second_time_supersedes_the_first),
        T(int022_cancelling_ends_all_clocks),
        T(deadlines_at_the_ends_of_time_break_nothing),
        cmocka_unit_test(cmp053_repeats_have_no_cap),
        T(promise3_what_was_armed_in_the_past_fires_before_the_next_event),
        T(int104_the_same_fact_twice_is_one_and_other_content_is_refused),
        T(int104_a_refused_fact_is_kept_once_and_may_be_corrected),
        cmocka_unit_test(int104_what_no_step_can_hold_is_refused),
        cmocka_unit_test(int104_a_heard_fact_that_no_step_can_hold_is_told),
        T(bad_bytes_are_refused_with_a_reason),
        T(n10_every_record_carries_the_hash_of_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
