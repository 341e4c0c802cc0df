/* headoffice_tables_test.c - head office, fed with logs by hand, in any interleaving (HQ-001). */
#include "common/contract.h"
#include "common/node.h"
#include "services/headoffice/headoffice.h"
#include "services/headoffice/kpi.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define RECORDS_MAX 4096
#define BASE INT64_C(1772380800000) /* 2026-03-02T00:00+08:00 */
#define MIN(n) (BASE + (n)*MINUTE_MS)

/* ---- logs ---- */

struct log {
    enum owner owner;
    struct slice v[RECORDS_MAX];
    size_t n;
    int64_t now_ms;
};

struct logs {
    struct log of[3];
    struct arena arena;
};
#define INTAKE(l) (&(l)->of[0])
#define DISPATCH(l) (&(l)->of[1])
#define ESCALATION(l) (&(l)->of[2])

static struct logs *logs_new(void)
{
    struct logs *l = calloc(1, sizeof *l);
    l->of[0].owner = OWNER_intake;
    l->of[1].owner = OWNER_dispatch;
    l->of[2].owner = OWNER_escalation;
    return l;
}

static void logs_free(struct logs *l)
{
    arena_fini(&l->arena);
    free(l);
}

/* Returns the position of the record. `cause` is a position in intake's log, 0 = none. */
static uint64_t tell(struct logs *l, struct log *log, int64_t occurred_ms, uint64_t cause,
                     enum event_kind kind, const void *payload)
{
    REQUIRE(log->n < RECORDS_MAX);
    struct buf data = {0}, record = {0};
    proto_encode(event_of(kind)->shape(), payload, &data);
    if (occurred_ms > log->now_ms) log->now_ms = occurred_ms;
    struct rec_entry e = {.seq = log->n + 1,
                          .now = log->now_ms,
                          .number = event_of(kind)->number,
                          .occurred = occurred_ms,
                          .source = STR("U1"),
                          .cause_log = cause ? OWNER_intake : 0,
                          .cause_seq = cause,
                          .data = buf_slice(&data)};
    proto_encode(shape_entry(), &e, &record);
    log->v[log->n++] = arena_copy(&l->arena, buf_slice(&record));
    buf_fini(&data);
    buf_fini(&record);
    return log->n;
}

/* TELL(log, occurred, cause, job_arrived, .call_no = …) */
#define TELL(l, log, at, cause, event, ...)                                                        \
    tell(l, log, at, cause, EV_##event, &(struct ev_##event){__VA_ARGS__})

static void armed(struct logs *l, struct log *log, struct str no, const char *name, uint64_t round,
                  int64_t start_ms, int64_t due_ms)
{
    TELL(l, log, start_ms, 0, deadline_armed, .case_no = no, .name = str_of(name), .round = round,
         .unit = STR("U1"), .policy = STR("SP-X"), .start = start_ms, .due = due_ms);
}

/* Ends past its due, as the close of a day does. */
static void bookkeeping(struct logs *l, struct log *log, struct str no, const char *name,
                        int64_t start_ms, int64_t due_ms)
{
    TELL(l, log, start_ms, 0, deadline_armed, .case_no = no, .name = str_of(name),
         .unit = STR("U1"), .policy = STR("SP-X"), .start = start_ms, .due = due_ms,
         .set = STR("none"));
    TELL(l, log, due_ms + 1, 0, deadline_dropped, .case_no = no, .name = str_of(name),
         .start = start_ms, .due = due_ms, .at = due_ms + 1, .end = deadline_end_cancelled);
}

static void passed(struct logs *l, struct log *log, struct str no, const char *name, uint64_t round,
                   int64_t start_ms, int64_t due_ms)
{
    TELL(l, log, due_ms, 0, deadline_passed, .case_no = no, .name = str_of(name), .round = round,
         .level = 1, .unit = STR("U1"), .policy = STR("SP-X"), .start = start_ms, .due = due_ms,
         .at = due_ms);
}

static void stopped(struct logs *l, struct log *log, struct str no, const char *name,
                    uint64_t round, int64_t due_ms, int64_t at_ms)
{
    TELL(l, log, at_ms, 0, deadline_stopped, .case_no = no, .name = str_of(name), .round = round,
         .unit = STR("U1"), .policy = STR("SP-X"), .start = BASE, .due = due_ms, .at = at_ms,
         .late = at_ms > due_ms);
}

/* ---- head office at work ---- */

struct office {
    char dir[64];
    struct policy *policy;
    struct node *node;
};

static void office_make(struct office *o)
{
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    struct fault why;
    snprintf(o->dir, sizeof o->dir, "/tmp/office.XXXXXX");
    assert_non_null(mkdtemp(o->dir));
    assert_int_equal(
        policy_load("deploy/policy/general", &o->policy, faults, POLICY_FAULTS_MAX, &n), ERR_OK);
    char path[80];
    snprintf(path, sizeof path, "%s/store", o->dir);
    struct node_options no = {
        .service = &headoffice_service, .policy = o->policy, .dir = path, .scratch = true};
    assert_int_equal(node_open(&no, &o->node, &why), ERR_OK);
}

static void office_close(struct office *o)
{
    node_close(&o->node);
    policy_close(&o->policy);
    char cmd[128];
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", o->dir);
    assert_int_equal(system(cmd), 0);
}

static uint64_t dice(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Feeds all three logs; seed 0 = one log after the other, from the right to the left. */
static void office_read(struct office *o, const struct logs *l, uint64_t seed)
{
    size_t at[3] = {0};
    size_t left = l->of[0].n + l->of[1].n + l->of[2].n;
    node_begin(o->node, BASE + (int64_t)(seed % 1000));
    for (; left > 0; left--) {
        size_t pick = seed ? dice(&seed) % 3 : 2;
        while (at[pick] == l->of[pick].n)
            pick = (pick + 2) % 3;
        assert_int_equal(node_entry(o->node, l->of[pick].owner, l->of[pick].v[at[pick]]), ERR_OK);
        at[pick]++;
        if (seed && dice(&seed) % 8) continue;
        assert_int_equal(node_commit(o->node), ERR_OK);
        node_begin(o->node, BASE + (int64_t)left);
    }
    assert_int_equal(node_commit(o->node), ERR_OK);
}

static enum err rows_next(void *ctx, uint8_t table, struct slice from, bool after,
                          struct slice *key, struct slice *value)
{
    return store_next(ctx, table, from, after, key, value);
}

static void office_end(struct office *o, struct logs *l)
{
    office_close(o);
    logs_free(l);
}

/* An office that has read all logs in the order of that seed. */
static void office_open(struct office *o, const struct logs *l, uint64_t seed)
{
    office_make(o);
    office_read(o, l, seed);
}

static void office_kpi(struct office *o, struct kpi_report *k)
{
    struct kpi_rows rows = {node_store(o->node), rows_next};
    struct kpi_query q = {.as_of_ms = MIN(100000), .policy = o->policy};
    assert_int_equal(kpi_compute(&q, &rows, k), ERR_OK);
}

/* All rows of all tables, as bytes. */
static void office_dump(struct office *o, struct buf *out)
{
    for (uint8_t t = TABLE_UNIT; t <= TABLE_HQ_REGISTER; t++) {
        struct key at = {.n = 0};
        struct slice key, value;
        while (store_next(node_store(o->node), t, (struct slice){at.b, at.n}, at.n > 0, &key,
                          &value) == ERR_OK) {
            buf_put(out, &t, 1);
            buf_put(out, key.p, key.n);
            buf_put(out, value.p, value.n);
            memcpy(at.b, key.p, at.n = key.n);
        }
    }
}

/* Sum of a counter over all days (or months), units and policies. */
static int64_t counter(struct office *o, uint8_t kind, const char *measure)
{
    struct key at = {.n = 0};
    struct slice key, value;
    struct arena a = {0};
    int64_t sum = 0;
    while (store_next(node_store(o->node), TABLE_HQ_COUNT, (struct slice){at.b, at.n}, at.n > 0,
                      &key, &value) == ERR_OK) {
        memcpy(at.b, key.p, at.n = key.n);
        struct key_reader r = {{at.b, at.n}};
        uint8_t k;
        uint64_t day;
        struct str unit, policy, name;
        struct rec_row_hq_count row;
        struct fault why;
        assert_int_equal(key_take_u8(&r, &k) || key_take_u64(&r, &day), 0);
        assert_int_equal(
            key_take_str(&r, &unit) || key_take_str(&r, &policy) || key_take_str(&r, &name), 0);
        assert_int_equal(proto_decode(shape_row_hq_count(), value, &a, &row, &why), ERR_OK);
        assert_true(row.value != 0);
        if (k == kind && str_is(name, measure)) sum += row.value;
    }
    arena_fini(&a);
    return sum;
}

static size_t rows_of(struct office *o, uint8_t table)
{
    struct key at = {.n = 0};
    struct slice key, value;
    size_t n = 0;
    while (store_next(node_store(o->node), table, (struct slice){at.b, at.n}, at.n > 0, &key,
                      &value) == ERR_OK) {
        memcpy(at.b, key.p, at.n = key.n);
        n++;
    }
    return n;
}

/* ---- random histories ---- */

static void call_begins(struct logs *l, struct str no, int i, uint64_t *seed)
{
    int64_t t = MIN(i * 700);
    uint64_t seq = TELL(l, INTAKE(l), t, 0, call_registered, .call_no = no, .received_at = t,
                        .unit = dice(seed) % 3 ? STR("U1") : STR("U2"), .service_class = STR("2"));
    TELL(l, INTAKE(l), t, seq, call_classified, .call_no = no, .policy = STR("SP-X"),
         .category = category_a);
    armed(l, INTAKE(l), no, "call.reply", 0, t, t + HOUR_MS);
    bookkeeping(l, INTAKE(l), no, "call.dispatch", t, t + HOUR_MS);
    if (dice(seed) % 2) {
        TELL(l, INTAKE(l), t, seq, call_queued, .call_no = no, .unit = STR("U1"), .received_at = t,
             .policy = STR("SP-Y"));
    }
    if (dice(seed) % 2) {
        int64_t at = t + (int64_t)(dice(seed) % 120) * MINUTE_MS;
        TELL(l, INTAKE(l), at, 0, call_replied, .call_no = no);
        stopped(l, INTAKE(l), no, "call.reply", 0, t + HOUR_MS, at);
    }
}

static void call_ends(struct logs *l, struct str no, int i, uint64_t *seed)
{
    int64_t t = MIN(i * 700 + 600 + (int64_t)(dice(seed) % 4000));
    uint64_t how = dice(seed) % 3;
    if (how == 0) TELL(l, INTAKE(l), t, 0, call_closed, .call_no = no, .solution = STR("x"));
    if (how == 1) {
        TELL(l, INTAKE(l), t, 0, call_cancelled, .call_no = no, .reason = STR("x"));
        armed(l, INTAKE(l), no, "call.feedback", 0, t - HOUR_MS, t);
        TELL(l, INTAKE(l), t, 0, deadline_dropped, .case_no = no, .name = STR("call.feedback"),
             .start = t - HOUR_MS, .due = t, .at = t, .end = deadline_end_cancelled);
    }
    /* The door has everything, also what dispatch refuses: it must not count. */
    TELL(l, INTAKE(l), t, 0, job_reassigned, .call_no = no, .count = 77);
}

static void job_runs(struct logs *l, struct str no, int i, uint64_t *seed)
{
    struct log *d = DISPATCH(l);
    int64_t t = MIN(i * 700 + 10), due = t + 2 * HOUR_MS;
    armed(l, d, no, "job.arrival", 0, t, due);
    TELL(l, d, t, 0, job_assigned, .call_no = no, .technician = STR("T1"));
    if (dice(seed) % 3 == 0)
        TELL(l, d, t, 0, job_reassigned, .call_no = no, .from = STR("T1"), .to = STR("T2"),
             .count = dice(seed) % 4);
    if (dice(seed) % 3 == 0) TELL(l, d, t, 0, job_paused, .call_no = no, .reason = STR("x"));
    if (dice(seed) % 4 == 0) {
        TELL(l, d, t, 0, deadline_dropped, .case_no = no, .name = STR("job.arrival"), .start = t,
             .due = due, .at = t, .end = deadline_end_superseded);
        armed(l, d, no, "job.arrival", 1, t, due);
        return;
    }
    uint64_t how = dice(seed) % 4;
    if (how == 0) return;
    TELL(l, d, t + HOUR_MS, 0, job_departed, .call_no = no);
    if (how > 1) passed(l, d, no, "job.arrival", 0, t, due);
    int64_t at = how == 2 ? due + MINUTE_MS : due - MINUTE_MS;
    TELL(l, d, at, 0, job_arrived, .call_no = no);
    stopped(l, d, no, "job.arrival", 0, due, at);
    if (how == 3) {
        TELL(l, d, at, 0, deadline_withdrawn, .case_no = no, .name = STR("job.arrival"), .start = t,
             .due = due, .at = at);
    }
    TELL(l, d, at + HOUR_MS, 0, job_completed, .call_no = no);
    if (dice(seed) % 4) return;
    TELL(l, d, at + 2 * HOUR_MS, 0, job_reopened, .call_no = no);
    if (dice(seed) % 2) TELL(l, d, at + 3 * HOUR_MS, 0, job_completed, .call_no = no);
}

static void desk_writes(struct logs *l, struct str no, int i, uint64_t *seed)
{
    struct log *e = ESCALATION(l);
    int64_t t = MIN(i * 700 + 130);
    struct str cb = arena_printf(&l->arena, "CB-%04d", i),
               qa = arena_printf(&l->arena, "QA-%04d", i);
    TELL(l, e, t, 0, reminder_issued, .number = cb, .kind = reminder_kind_overdue, .case_no = no,
         .name = STR("job.arrival"), .level = 1 + dice(seed) % 2, .unit = STR("U1"),
         .policy = STR("SP-X"));
    if (dice(seed) % 2) TELL(l, e, t, 0, reminder_acknowledged, .number = cb);
    if (dice(seed) % 2) TELL(l, e, t, 0, reminder_answered, .number = cb, .text = STR("x"));
    if (dice(seed) % 2)
        TELL(l, e, t + 1, 0, reminder_stopped, .number = cb, .case_no = no, .at = t);
    if (dice(seed) % 3 == 0)
        TELL(l, e, t + 2, 0, reminder_withdrawn, .number = cb, .case_no = no, .at = t);
    if (dice(seed) % 2) return;
    TELL(l, e, t, 0, inquiry_issued, .number = qa, .case_no = no, .name = STR("job.arrival"),
         .unit = STR("U1"), .due = t, .done = t + 1);
    armed(l, e, qa, "inquiry.answer", 0, t, t + 72 * HOUR_MS);
    if (dice(seed) % 2) TELL(l, e, t, 0, inquiry_answered, .number = qa, .cause = STR("rain"));
    if (dice(seed) % 2) TELL(l, e, t, 0, inquiry_closed, .number = qa);
}

static struct logs *history(uint64_t seed)
{
    struct logs *l = logs_new();
    TELL(l, INTAKE(l), BASE, 0, unit_upserted, .unit = STR("U1"), .calendar = STR("CAL-STD"));
    for (int i = 0; i < 60; i++) {
        struct str no = arena_printf(&l->arena, "U1-%04d", i);
        call_begins(l, no, i, &seed);
        job_runs(l, no, i, &seed);
        if (dice(&seed) % 2) desk_writes(l, no, i, &seed);
        call_ends(l, no, i, &seed);
    }
    return l;
}

static void HQ_001_any_interleaving_gives_the_same_bytes(void **state)
{
    (void)state;
    for (uint64_t story = 1; story <= 3; story++) {
        struct logs *l = history(story * 7919);
        struct buf first = {0};
        char *first_json = NULL;
        for (uint64_t seed = 0; seed < 5; seed++) {
            struct office o;
            struct buf now = {0};
            struct kpi_report k;
            office_open(&o, l, seed * 104729);
            office_dump(&o, &now);
            office_kpi(&o, &k);
            json_t *j = kpi_to_json(&k);
            char *json = json_dumps(j, 0);
            json_decref(j);
            kpi_fini(&k);
            if (seed == 0) {
                assert_true(now.n > 10000);
                first = now;
                first_json = json;
            } else {
                assert_int_equal(now.n, first.n);
                assert_memory_equal(now.p, first.p, first.n);
                assert_string_equal(json, first_json);
                buf_fini(&now);
                free(json);
            }
            office_close(&o);
        }
        buf_fini(&first);
        free(first_json);
        logs_free(l);
    }
}

/* The counters, kept change by change, are what the rows give when counted afresh. */
static void HQ_001_counters_are_sums_over_the_rows(void **state)
{
    (void)state;
    struct logs *l = history(4711);
    struct office o;
    struct kpi_report k;
    office_open(&o, l, 12345);
    office_kpi(&o, &k);
    for (uint8_t kind = PERIOD_DAY; kind <= PERIOD_MONTH; kind++) {
        const struct kpi_line *t = &k.total;
        assert_int_equal(counter(&o, kind, "calls"), t->calls);
        assert_int_equal(counter(&o, kind, "closed"), t->closed);
        assert_int_equal(counter(&o, kind, "cancelled"), t->cancelled);
        assert_int_equal(counter(&o, kind, "reassignments"), t->reassignments);
        assert_int_equal(counter(&o, kind, "reassigned_calls"), t->reassigned_calls);
        assert_int_equal(counter(&o, kind, "reopened_calls"), t->reopened_calls);
        assert_int_equal(counter(&o, kind, "paused_calls"), t->paused_calls);
        assert_int_equal(counter(&o, kind, "assigned_on_register_day"), t->assigned_on_day);
        assert_int_equal(counter(&o, kind, "span/reply/n"), t->spans[KPI_SPAN_reply].n);
        assert_int_equal(counter(&o, kind, "span/reply/ms"), t->spans[KPI_SPAN_reply].sum_ms);
        assert_int_equal(counter(&o, kind, "span/close/ms"), t->spans[KPI_SPAN_close].sum_ms);
        assert_int_equal(counter(&o, kind, "kpi/K-01/on_time"), t->primary.on_time);
        assert_int_equal(counter(&o, kind, "inquiry/job.arrival/issued"), t->inquiries);
        for (uint32_t i = 0; i < t->deadline_count; i++) {
            const struct kpi_deadline *d = &t->deadlines[i];
            const struct {
                const char *word;
                uint64_t n;
            } parts[] = {{"armed", d->armed},         {"on_time", d->on_time},
                         {"late", d->late},           {"superseded", d->superseded},
                         {"cancelled", d->cancelled}, {"cancelled_late", d->cancelled_late},
                         {"withdrawn", d->withdrawn}, {"open", d->open_past + d->open_ahead}};
            for (size_t p = 0; p < COUNT_OF(parts); p++) {
                char name[96];
                snprintf(name, sizeof name, "deadline/%.*s/%s", STR_ARG(d->name), parts[p].word);
                assert_int_equal(counter(&o, kind, name), parts[p].n);
            }
        }
    }
    assert_int_equal(k.total.calls, 60);
    assert_true(k.total.reassignments > 0 && k.total.reassignments < 77);
    kpi_fini(&k);
    office_end(&o, l);
}

/* ---- one thing at a time ---- */

static void HQ_048_overdue_list(void **state)
{
    (void)state;
    struct logs *l = logs_new();
    armed(l, DISPATCH(l), STR("C1"), "job.arrival", 0, BASE, MIN(60));
    armed(l, DISPATCH(l), STR("C2"), "job.arrival", 0, BASE, MIN(60));
    armed(l, INTAKE(l), STR("C1"), "call.reply", 0, BASE, MIN(60));
    passed(l, DISPATCH(l), STR("C1"), "job.arrival", 0, BASE, MIN(60));
    passed(l, DISPATCH(l), STR("C2"), "job.arrival", 0, BASE, MIN(60));
    passed(l, INTAKE(l), STR("C1"), "call.reply", 0, BASE, MIN(60));
    struct office o;
    office_open(&o, l, 1);
    assert_int_equal(rows_of(&o, TABLE_HQ_OVERDUE), 3);
    office_close(&o);
    stopped(l, DISPATCH(l), STR("C1"), "job.arrival", 0, MIN(60), MIN(70));
    office_open(&o, l, 1);
    assert_int_equal(rows_of(&o, TABLE_HQ_OVERDUE), 2);
    office_end(&o, l);
}

/* A fact that comes late moves the figure of the period it belongs to, whether the late end had
 * been seen to pass or not. */
static void HQ_001_late_event_moves_the_figure(void **state)
{
    struct logs *l = logs_new();
    armed(l, DISPATCH(l), STR("C1"), "job.arrival", 0, BASE, MIN(60));
    if (*state) passed(l, DISPATCH(l), STR("C1"), "job.arrival", 0, BASE, MIN(60));
    stopped(l, DISPATCH(l), STR("C1"), "job.arrival", 0, MIN(60), MIN(70));
    struct kpi_report k;
    struct office o;
    office_open(&o, l, 1);
    assert_int_equal(counter(&o, PERIOD_MONTH, "deadline/job.arrival/late"), 1);
    assert_int_equal(counter(&o, PERIOD_MONTH, "kpi/K-01/late"), 1);
    office_close(&o);
    TELL(l, DISPATCH(l), MIN(50), 0, deadline_withdrawn, .case_no = STR("C1"),
         .name = STR("job.arrival"), .start = BASE, .due = MIN(60), .at = MIN(50));
    office_open(&o, l, 1);
    assert_int_equal(counter(&o, PERIOD_MONTH, "deadline/job.arrival/late"), 0);
    assert_int_equal(counter(&o, PERIOD_MONTH, "kpi/K-01/on_time"), 1);
    office_kpi(&o, &k);
    assert_int_equal(k.total.primary.withdrawn, 1);
    kpi_fini(&k);
    office_end(&o, l);
}

/* HQ-002: a call of the last evening of March, due in April. */
static void HQ_002_a_deadline_belongs_to_the_month_it_is_due(void **state)
{
    (void)state;
    struct logs *l = logs_new();
    int64_t evening = BASE + 29 * DAY_MS + 23 * HOUR_MS; /* 2026-03-31T23:00+08:00 */
    TELL(l, INTAKE(l), evening, 0, call_registered, .call_no = STR("C1"), .unit = STR("U1"),
         .received_at = evening);
    armed(l, INTAKE(l), STR("C1"), "call.reply", 0, evening, evening + 2 * HOUR_MS);
    struct office o;
    office_open(&o, l, 1);
    struct kpi_rows rows = {node_store(o.node), rows_next};
    struct kpi_query q = {
        .from_day = day_of(2026, 3, 1), .to_day = day_of(2026, 3, 31), .as_of_ms = evening};
    struct kpi_report k;
    assert_int_equal(kpi_compute(&q, &rows, &k), ERR_OK);
    assert_int_equal(k.total.calls, 1);
    assert_int_equal(k.total.deadline_count, 0);
    assert_true(str_is(k.units.v[0]->name, "U1"));
    kpi_fini(&k);
    q.from_day = day_of(2026, 4, 1);
    q.to_day = day_of(2026, 4, 30);
    assert_int_equal(kpi_compute(&q, &rows, &k), ERR_OK);
    assert_int_equal(k.total.calls, 0);
    assert_int_equal(k.total.deadlines[0].armed, 1);
    kpi_fini(&k);
    office_end(&o, l);
}

/* Primary milestone: the reply under a policy without arrival time, an agreed arrival there is
 * none. The set "none" makes bookkeeping of a clock, never of the milestone. */
static void HQ_029_one_milestone_per_call(void **state)
{
    (void)state;
    struct logs *l = logs_new();
    static const struct {
        const char *name, *set;
        uint64_t due;
    } rows[] = {{"call.reply", "none", 1}, {"job.arrival", "ESC-E", 1}, {"job.repair", "none", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TELL(l, INTAKE(l), BASE, 0, deadline_armed, .case_no = STR("C1"),
             .name = str_of(rows[i].name), .set = str_of(rows[i].set), .policy = STR("SP-GEN-24H"),
             .start = BASE, .due = MIN(60));
    }
    struct office o;
    struct kpi_report k;
    office_open(&o, l, 1);
    office_kpi(&o, &k);
    assert_int_equal(k.total.primary.due, 1);
    assert_int_equal(k.total.deadline_count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(k.total.deadlines[i].due, rows[i].due);
    kpi_fini(&k);
    office_end(&o, l);
}

static void K_31_register_and_register_day(void **state)
{
    (void)state;
    struct logs *l = logs_new();
    TELL(l, INTAKE(l), MIN(600), 0, call_registered, .call_no = STR("A"), .unit = STR("U1"),
         .received_at = MIN(600));
    TELL(l, INTAKE(l), MIN(600), 0, call_registered, .call_no = STR("B"), .unit = STR("U1"),
         .received_at = MIN(600));
    TELL(l, DISPATCH(l), MIN(1439), 0, job_assigned, .call_no = STR("A"), .technician = STR("T1"));
    TELL(l, DISPATCH(l), MIN(1440), 0, job_assigned, .call_no = STR("B"), .technician = STR("T1"));
    TELL(l, INTAKE(l), MIN(1440), 0, register_day_closed, .register_no = STR("U1/1"),
         .unit = STR("U1"), .day = day_of(2026, 3, 2), .calls = 2, .dispatched = 1);
    struct office o;
    office_open(&o, l, 3);
    assert_int_equal(counter(&o, PERIOD_DAY, "assigned_on_register_day"), 1);
    assert_int_equal(counter(&o, PERIOD_DAY, "register/calls"), 2);
    assert_int_equal(counter(&o, PERIOD_MONTH, "register/dispatched"), 1);
    office_end(&o, l);
}

static void DSP_EX_43_first_arrival_of_several(void **state)
{
    (void)state;
    struct logs *l = logs_new();
    TELL(l, INTAKE(l), BASE, 0, call_registered, .call_no = STR("A"), .unit = STR("U1"),
         .received_at = BASE);
    TELL(l, DISPATCH(l), MIN(970), 0, job_arrived, .call_no = STR("A"), .technician = STR("T1"));
    TELL(l, DISPATCH(l), MIN(955), 0, job_arrived, .call_no = STR("A"), .technician = STR("T2"));
    struct office o;
    struct kpi_report k;
    office_open(&o, l, 3);
    office_kpi(&o, &k);
    assert_int_equal(k.total.spans[KPI_SPAN_first_arrival].max_ms, 955 * MINUTE_MS);
    assert_int_equal(k.total.spans[KPI_SPAN_arrival].n, 2);
    kpi_fini(&k);
    office_end(&o, l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(HQ_001_any_interleaving_gives_the_same_bytes),
        cmocka_unit_test(HQ_001_counters_are_sums_over_the_rows),
        cmocka_unit_test(HQ_048_overdue_list),
        cmocka_unit_test(HQ_001_late_event_moves_the_figure),
        cmocka_unit_test_prestate(HQ_001_late_event_moves_the_figure, "seen"),
        cmocka_unit_test(HQ_002_a_deadline_belongs_to_the_month_it_is_due),
        cmocka_unit_test(HQ_029_one_milestone_per_call),
        cmocka_unit_test(K_31_register_and_register_day),
        cmocka_unit_test(DSP_EX_43_first_arrival_of_several),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
