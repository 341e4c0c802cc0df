/* import_data_test.c - the shipped mappings against the real data: how many facts of each type, no
 * rejects, and the published answers recomputed from nothing but the facts. Skipped when the data
 * is not there (CUIBAN_SHARED, else ../shared). */
#include "services/cli/import.h"
#include "services/cli/import_keys.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define CASES_MAX 16384

/* What the facts say of a case; UTC ms, 0: not said. */
struct told {
    int64_t opened, due, kept, arrived, completed, closed;
    uint64_t reassigned, reopened;
    bool paused, urgent;
};

static struct told told[CASES_MAX];
static uint32_t cases;
static struct import_keys places;
static struct import_counts counts;
static int64_t spans[CASES_MAX];
static uint32_t span_count;
static json_t *answers;

static struct told *told_of(struct str call_no)
{
    uint64_t *place = import_keys_at(&places, STR(""), call_no);
    if (*place == 0) {
        assert_true(cases < CASES_MAX);
        *place = ++cases;
    }
    return &told[*place - 1];
}

/* The first member of every event used here but unit.upserted is call_no. */
static void take(enum event_kind kind, const void *obj, int64_t t)
{
    if (kind == EV_unit_upserted) return;
    struct told *c = told_of(*(const struct str *)obj);
    if (kind == EV_call_registered) {
        c->opened = t;
        c->urgent = str_is(((const struct ev_call_registered *)obj)->service_class, "3");
    }
    assert_true(c->opened != 0); /* nothing is told of a call before it is registered */
    if (kind == EV_promise_made) c->due = ((const struct ev_promise_made *)obj)->due;
    if (kind == EV_promise_kept) c->kept = t;
    if (kind == EV_job_arrived && !c->arrived) c->arrived = t;
    if (kind == EV_job_completed) c->completed = t;
    if (kind == EV_call_closed) c->closed = t;
    if (kind == EV_job_reassigned) c->reassigned = ((const struct ev_job_reassigned *)obj)->count;
    if (kind == EV_job_reopened) c->reopened = ((const struct ev_job_reopened *)obj)->count;
    if (kind == EV_job_resumed) assert_true(c->paused);
    if (kind == EV_job_paused) assert_true(!c->completed || c->reopened);
    if (kind == EV_job_paused) c->paused = true;
}

static void take_all(struct import *i)
{
    struct slice bytes;
    struct arena a = {0};
    struct fault why;
    int64_t t, last = INT64_MIN;
    enum err e;
    while ((e = import_next(i, &bytes, &t, &why)) == ERR_OK) {
        struct rec_fact fact;
        assert_true(t >= last);
        last = t;
        arena_reset(&a);
        assert_int_equal(proto_decode(shape_fact(), bytes, &a, &fact, &why), ERR_OK);
        const struct event_type *type = event_by_number(fact.number);
        void *obj = arena_take(&a, type->shape()->size);
        assert_int_equal(proto_decode(type->shape(), fact.data, &a, obj, &why), ERR_OK);
        take(type->kind, obj, t);
    }
    assert_int_equal(e, ERR_END);
    arena_fini(&a);
}

static const char *shared(const char *name)
{
    static char path[256];
    const char *dir = getenv("CUIBAN_SHARED");
    snprintf(path, sizeof path, "%s/data/%s", dir ? dir : "../shared", name);
    return path;
}

/* Fills `told`, `counts` and `answers`. */
static void import_through(const char *mapping, const char *table, const char *answers_of)
{
    struct mapping_fault faults[4];
    struct mapping *m = NULL;
    struct import *i = NULL;
    uint32_t n;
    const char *path = shared(table);
    if (access(path, R_OK) != 0) {
        print_message("SKIPPED: %s is not there\n", path);
        skip();
    }
    memset(told, 0, sizeof told);
    cases = 0;
    import_keys_fini(&places);
    assert_int_equal(mapping_load(mapping, &m, faults, 4, &n), ERR_OK);
    struct import_options o = {.paths = &path, .path_count = 1, .mapping = m};
    assert_int_equal(import_open(&o, &i, faults, 4, &n), ERR_OK);
    take_all(i);
    counts = *import_counts(i);
    assert_int_equal(counts.rejected_rows + counts.rejected_facts, 0);
    import_close(&i);
    mapping_close(&m);
    json_decref(answers);
    answers = json_load_file(shared("answers.json"), 0, NULL);
    assert_non_null(answers);
    json_t *ours = json_incref(json_object_get(answers, answers_of));
    json_decref(answers);
    answers = ours;
}

static int64_t answer(const char *key)
{
    return json_integer_value(json_object_get(answers, key));
}

static int span_order(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void add_span(int64_t from, int64_t to)
{
    if (from && to) spans[span_count++] = to - from;
}

/* n, median, p90 (nearest rank) and max of the spans, in the unit of the answers; then none are
 * left. */
static void assert_spans(const char *key, int64_t unit_ms)
{
    json_t *wanted = json_object_get(answers, key);
    uint32_t n = span_count;
    qsort(spans, n, sizeof spans[0], span_order);
    assert_int_equal(n, json_integer_value(json_object_get(wanted, "n")));
    assert_int_equal(spans[(n + 1) / 2 - 1] / unit_ms,
                     json_integer_value(json_object_get(wanted, "median")));
    assert_int_equal(spans[(n * 9 + 9) / 10 - 1] / unit_ms,
                     json_integer_value(json_object_get(wanted, "p90")));
    assert_int_equal(spans[n - 1] / unit_ms, json_integer_value(json_object_get(wanted, "max")));
    span_count = 0;
}

static void civic_requests_give_their_targets_and_lateness(void **state)
{
    int64_t late = 0;
    (void)state;
    import_through("deploy/mappings/civic-requests-boston.yaml",
                   "civic-requests-boston/requests.csv.gz", "civic-requests-boston");
    assert_int_equal(counts.by_kind[EV_call_registered], answer("requests"));
    assert_int_equal(counts.by_kind[EV_promise_made], answer("with_target"));
    assert_int_equal(counts.by_kind[EV_promise_kept], answer("with_target"));
    assert_int_equal(counts.by_kind[EV_call_closed], answer("requests"));
    assert_int_equal(counts.by_kind[EV_unit_upserted], 11);
    for (uint32_t i = 0; i < cases; i++)
        late += told[i].due && told[i].kept > told[i].due;
    assert_int_equal(late, answer("late_closed_after_target"));
    for (uint32_t i = 0; i < cases; i++)
        add_span(told[i].opened, told[i].closed);
    assert_spans("resolve_seconds", 1000);
}

static void field_dispatch_gives_every_leg_and_the_late_calls(void **state)
{
    int64_t late[2] = {0};
    (void)state;
    import_through("deploy/mappings/field-dispatch-sf.yaml", "field-dispatch/units.csv.gz",
                   "field-dispatch");
    uint64_t rows = (uint64_t)answer("unit_rows");
    assert_int_equal(counts.by_kind[EV_call_registered], answer("calls"));
    assert_int_equal(counts.by_kind[EV_job_assigned], rows);
    assert_int_equal(counts.by_kind[EV_job_departed], rows - (uint64_t)answer("rows_no_response"));
    assert_int_equal(counts.by_kind[EV_job_arrived],
                     rows - (uint64_t)answer("rows_never_on_scene"));
    assert_int_equal(counts.by_kind[EV_job_completed] + counts.by_kind[EV_job_recalled],
                     rows - (uint64_t)answer("rows_no_available"));
    assert_int_equal(counts.by_kind[EV_job_recalled], 1550);
    assert_int_equal(counts.by_kind[EV_unit_upserted], 12);
    for (uint32_t i = 0; i < cases; i++) {
        const struct told *c = &told[i];
        add_span(c->opened, c->arrived);
        late[c->urgent] += c->arrived && c->arrived - c->opened > (c->urgent ? 600000 : 1200000);
    }
    assert_spans("arrival_seconds_first_unit_per_call", 1000);
    json_t *wanted = json_object_get(answers, "sla_calls_late");
    assert_int_equal(late[0], json_integer_value(json_object_get(wanted, "2")));
    assert_int_equal(late[1], json_integer_value(json_object_get(wanted, "3")));
}

static void itsm_incidents_give_counters_pauses_and_spans(void **state)
{
    int64_t reassigned = 0, reassignments = 0, reopened = 0, paused = 0;
    (void)state;
    import_through("deploy/mappings/itsm-incidents.yaml", "itsm-incidents/events.csv.gz",
                   "itsm-incidents");
    assert_int_equal(counts.rows, answer("events"));
    assert_int_equal(cases, answer("cases"));
    assert_int_equal(counts.by_kind[EV_job_assigned], 9174);
    assert_int_equal(counts.by_kind[EV_job_paused], counts.by_kind[EV_job_resumed]);
    for (uint32_t i = 0; i < cases; i++) {
        reassigned += told[i].reassigned > 0;
        reassignments += (int64_t)told[i].reassigned;
        reopened += told[i].reopened > 0;
        paused += told[i].paused;
    }
    assert_int_equal(reassigned, answer("cases_reassigned"));
    assert_int_equal(reassignments, answer("reassignments_total"));
    assert_int_equal(reopened, answer("cases_reopened"));
    assert_int_equal(paused, answer("cases_ever_awaiting"));
    for (uint32_t i = 0; i < cases; i++)
        add_span(told[i].opened, told[i].completed);
    assert_spans("resolve_minutes", 60000);
    for (uint32_t i = 0; i < cases; i++)
        add_span(told[i].opened, told[i].closed);
    assert_spans("close_minutes", 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(civic_requests_give_their_targets_and_lateness),
        cmocka_unit_test(field_dispatch_gives_every_leg_and_the_late_calls),
        cmocka_unit_test(itsm_incidents_give_counters_pauses_and_spans),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_decref(answers);
    import_keys_fini(&places);
    return failed;
}
