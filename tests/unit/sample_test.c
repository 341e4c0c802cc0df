/* sample_test.c - the generated operations are facts the door can read, in order, the same every
 * time, and contain what the quick start wants to show. */
#include "common/calendar.h"
#include "common/contract.h"
#include "proto/proto.h"
#include "services/cli/sample.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define END_MS INT64_C(1773736200000) /* Tuesday 2026-03-17 16:30 at +08:00 */
#define DEPARTMENTS 10                /* of head office, each with its manager and supervisor */

static char *text_of(const struct sample_options *o, size_t *n)
{
    char *text = NULL;
    struct fault why;
    FILE *f = open_memstream(&text, n);
    assert_non_null(f);
    assert_int_equal(sample_write(f, o, &why), ERR_OK);
    fclose(f);
    return text;
}

static struct sample_options options(void)
{
    struct sample_options o = SAMPLE_DEFAULTS;
    o.end_ms = END_MS;
    return o;
}

/* Calls look with every fact of the text; data is decoded. */
struct seen {
    uint32_t facts, by_kind[EVENT_KIND_COUNT], late_told;
    struct {
        char unit[16];
        uint32_t facts;
    } sources[SAMPLE_UNITS_MAX];
    int64_t latest_ms, live_ms[SAMPLE_LIVE];
    uint32_t live;
};

static void look(struct seen *seen, const struct rec_fact *f, struct arena *a, int64_t end_ms)
{
    struct fault why;
    const struct event_type *t = event_by_number(f->number);
    assert_non_null(t);
    seen->facts++;
    seen->by_kind[t->kind]++;
    seen->late_told += f->occurred < seen->latest_ms;
    if (f->occurred > seen->latest_ms) seen->latest_ms = f->occurred;
    if (t->kind != EV_job_time_agreed) return;
    struct ev_job_time_agreed agreed;
    assert_int_equal(proto_decode(t->shape(), f->data, a, &agreed, &why), ERR_OK);
    if (agreed.agreed_at <= end_ms || agreed.agreed_at > end_ms + 90 * 1000) return;
    assert_true(seen->live < SAMPLE_LIVE);
    seen->live_ms[seen->live++] = agreed.agreed_at;
}

/* "U01-000123": ids of a unit run without a gap in the order of sending. */
static void id_follows(struct seen *seen, const struct rec_fact *f)
{
    uint32_t i = 0;
    char id[40];
    while (seen->sources[i].facts && !str_is(f->source, seen->sources[i].unit))
        assert_true(++i < COUNT_OF(seen->sources));
    snprintf(seen->sources[i].unit, sizeof seen->sources[i].unit, "%.*s", STR_ARG(f->source));
    snprintf(id, sizeof id, "%.*s-%06u", STR_ARG(f->source), ++seen->sources[i].facts);
    assert_true(str_is(f->id, id));
}

static struct seen look_until(const char *text, size_t n, int64_t end_ms)
{
    struct seen seen = {0};
    struct arena arena = {0};
    struct fault faults[8];
    uint32_t fault_count;
    for (const char *line = text, *end; line < text + n; line = end + 1) {
        struct rec_fact f;
        end = strchr(line, '\n');
        assert_non_null(end);
        struct str s = {line, (uint32_t)(end - line)};
        if (fact_from_json(s, &arena, &f, faults, 8, &fault_count) != ERR_OK) {
            fail_msg("%.*s: %s: %s", (int)s.n, s.p, faults[0].field, faults[0].text);
        }
        id_follows(&seen, &f);
        look(&seen, &f, &arena, end_ms);
        arena_reset(&arena);
    }
    arena_fini(&arena);
    return seen;
}

static struct seen look_at(const char *text, size_t n)
{
    return look_until(text, n, END_MS);
}

static void every_line_is_a_fact_the_door_can_read(void **state)
{
    (void)state;
    size_t n;
    struct sample_options o = options();
    char *text = text_of(&o, &n);
    struct seen seen = look_at(text, n);
    assert_in_range(seen.facts, 15000, 40000);
    assert_in_range(seen.latest_ms, END_MS - 600 * 1000, END_MS);
    free(text);
}

static void same_options_give_the_same_bytes(void **state)
{
    (void)state;
    size_t n[3];
    struct sample_options o = options();
    o.days = 5;
    char *first = text_of(&o, &n[0]), *second = text_of(&o, &n[1]);
    o.seed++;
    char *other = text_of(&o, &n[2]);
    assert_int_equal(n[0], n[1]);
    assert_memory_equal(first, second, n[0]);
    assert_true(n[2] != n[0] || memcmp(first, other, n[0]) != 0);
    free(first);
    free(second);
    free(other);
}

/* About 8 calls a unit and working day; each kind of story is there, none swamps the rest. */
static void counts_are_those_of_a_working_month(void **state)
{
    (void)state;
    size_t n;
    struct sample_options o = options();
    char *text = text_of(&o, &n);
    struct seen seen = look_at(text, n);
    const uint32_t *k = seen.by_kind;
    assert_int_equal(k[EV_unit_upserted], 12 + DEPARTMENTS);
    assert_int_equal(k[EV_person_upserted], 12 * 9 + DEPARTMENTS * 2);
    assert_int_equal(k[EV_product_upserted], k[EV_customer_upserted]);
    uint32_t calls = k[EV_call_registered];
    assert_in_range(calls, 12 * 21 * 6, 12 * 22 * 10);
    assert_in_range(k[EV_job_assigned], calls * 8 / 10, calls);
    assert_in_range(k[EV_job_arrived], calls * 7 / 10, calls * 12 / 10);
    assert_in_range(k[EV_call_written_off], calls * 6 / 10, calls);
    assert_in_range(k[EV_call_cancelled], calls / 100, calls / 10);
    assert_in_range(k[EV_job_reassigned], calls / 100, calls / 10);
    assert_in_range(k[EV_job_paused], calls / 50, calls / 8);
    assert_in_range(k[EV_promise_made], calls / 20, calls / 5);
    assert_true(k[EV_promise_kept] < k[EV_promise_made]);
    assert_in_range(k[EV_register_sent], 12 * 15, 12 * 22);
    assert_in_range(k[EV_survey_sent], calls * 8 / 10, calls); /* INT-088 */
    free(text);
}

/* DSP-015: arrivals told hours later stand behind facts that happened after them; all else is in
 * order. */
static void late_reports_are_few_and_there(void **state)
{
    (void)state;
    size_t n;
    struct sample_options o = options();
    char *text = text_of(&o, &n);
    struct seen seen = look_at(text, n);
    assert_in_range(seen.late_told, 50, seen.facts / 20);
    free(text);
}

/* INT-098: the calls a person sees turn overdue, one after the other, right after the quick start.
 */
static void live_calls_fall_due_right_after_the_end(void **state)
{
    (void)state;
    size_t n;
    const int64_t ends[] = {0, 12 * HOUR_MS, -3 * DAY_MS}; /* working hours, night, weekend */
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct sample_options o = options();
        o.days = 5;
        o.end_ms += ends[i];
        char *text = text_of(&o, &n);
        struct seen seen = look_until(text, n, o.end_ms);
        assert_int_equal(seen.live, SAMPLE_LIVE);
        for (uint32_t j = 0; j < SAMPLE_LIVE; j++) {
            assert_in_range(seen.live_ms[j], o.end_ms + 20 * 1000, o.end_ms + 90 * 1000);
        }
        o.live = false;
        free(text);
        text = text_of(&o, &n);
        assert_int_equal(look_until(text, n, o.end_ms).live, 0);
        free(text);
    }
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    struct fault why;
    struct sample_options o = options();
    o.units = 0;
    assert_int_equal(sample_write(stdout, &o, &why), ERR_REFUSED);
    assert_string_equal(why.field, "units");
    o = options();
    o.days = SAMPLE_DAYS_MAX + 1;
    assert_int_equal(sample_write(stdout, &o, &why), ERR_REFUSED);
    assert_string_equal(why.field, "days");
    o = options();
    o.end_ms = TIME_MAX_MS;
    assert_int_equal(sample_write(stdout, &o, &why), ERR_REFUSED);
    assert_string_equal(why.field, "end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_a_fact_the_door_can_read),
        cmocka_unit_test(same_options_give_the_same_bytes),
        cmocka_unit_test(counts_are_those_of_a_working_month),
        cmocka_unit_test(late_reports_are_few_and_there),
        cmocka_unit_test(live_calls_fall_due_right_after_the_end),
        cmocka_unit_test(options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
