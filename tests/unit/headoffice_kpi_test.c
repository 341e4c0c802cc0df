/* headoffice_kpi_test.c - the figures as functions of rows: worked examples of headoffice
 * section 10. */
#include "common/contract.h"
#include "common/step.h"
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

static void expect_ratio(uint64_t a, uint64_t b, int64_t target, enum compare compare,
                         const char *value, const char *met)
{
    char text[EXACT_TEXT_MAX];
    struct kpi_target t = {.target = target * 100, .compare = compare};
    exact_percent(a, b, text);
    assert_string_equal(text, value);
    assert_string_equal(exact_met_word(kpi_met(a, b, &t)), met);
}

static void HQ_EX_01_to_07_ratio(void **state)
{
    (void)state;
    expect_ratio(90, 100, 90, COMPARE_ge, "90.00", "yes");     /* HQ-EX-01 */
    expect_ratio(89, 99, 90, COMPARE_ge, "89.90", "no");       /* HQ-EX-02 */
    expect_ratio(899, 999, 90, COMPARE_ge, "89.99", "no");     /* HQ-EX-03 */
    expect_ratio(17999, 19999, 90, COMPARE_ge, "90.00", "no"); /* HQ-EX-04 */
    expect_ratio(3, 100, 3, COMPARE_lt, "3.00", "no");         /* HQ-EX-05 */
    expect_ratio(2, 67, 3, COMPARE_lt, "2.99", "yes");         /* HQ-EX-06 */
    expect_ratio(0, 0, 90, COMPARE_ge, "n/a", "n/a");          /* HQ-EX-07 */
    expect_ratio(45, 48, 100, COMPARE_eq, "93.75", "no");      /* HQ-EX-24, HQ-EX-36 */
    expect_ratio(5, 100, 5, COMPARE_le, "5.00", "yes");        /* HQ-EX-29 */
    assert_int_equal(kpi_met(1, 2, NULL), EXACT_na);
}

static void CV_10_decimals_half_up(void **state)
{
    (void)state;
    static const struct {
        int64_t num, den;
        unsigned decimals;
        const char *text;
    } rows[] = {{1, 8, 2, "0.13"},
                {-1, 8, 2, "-0.12"},
                {-3, 4, 2, "-0.75"},
                {-1, 2, 0, "0"},
                {5, 2, 0, "3"},
                {-9, 4, 1, "-2.2"},
                {0, 7, 4, "0.0000"},
                {1, 3, 4, "0.3333"},
                {199999, 100000, 4, "2.0000"},
                {-1, 1, 2, "-1.00"},
                {12345, 1000, 3, "12.345"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[EXACT_TEXT_MAX];
        exact_decimal(rows[i].num, rows[i].den, rows[i].decimals, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void HQ_EX_14_to_16_iso_week(void **state)
{
    (void)state;
    static const struct {
        int y, m, d, iso_year, week;
    } rows[] = {{2013, 4, 1, 2013, 14}, {2013, 4, 8, 2013, 15}, {2027, 1, 1, 2026, 53}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int year, week;
        day_iso_week(day_of(rows[i].y, rows[i].m, rows[i].d), &year, &week);
        assert_int_equal(year, rows[i].iso_year);
        assert_int_equal(week, rows[i].week);
    }
}

/* ---- rows in a scratch store ---- */

struct rows {
    char dir[64];
    struct store *store;
    struct kpi_rows source;
};

static enum err rows_next(void *ctx, uint8_t table, struct slice from, bool after,
                          struct slice *key, struct slice *value)
{
    return store_next(ctx, table, from, after, key, value);
}

static void rows_open(struct rows *r)
{
    snprintf(r->dir, sizeof r->dir, "/tmp/rows.XXXXXX");
    assert_non_null(mkdtemp(r->dir));
    char path[80];
    snprintf(path, sizeof path, "%s/store", r->dir);
    struct store_options o = {.dir = path, .scratch = true};
    struct fault why;
    assert_int_equal(store_open(&o, &r->store, &why), ERR_OK);
    r->source = (struct kpi_rows){r->store, rows_next};
}

static void rows_close(struct rows *r)
{
    store_close(&r->store);
    char cmd[128];
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", r->dir);
    assert_int_equal(system(cmd), 0);
}

static void put(struct rows *r, uint8_t table, const struct shape *shape, const struct key *k,
                const void *row)
{
    struct buf b = {0};
    proto_encode(shape, row, &b);
    store_put(r->store, table, (struct slice){k->b, k->n}, buf_slice(&b));
    buf_fini(&b);
}

static void put_case(struct rows *r, const char *no, struct rec_row_hq_case row)
{
    struct key k = key_of(str_of(no));
    if (!row.unit.n) row.unit = STR("U1");
    row.received_day = 100;
    if (row.closed) row.closed_day = 100;
    put(r, TABLE_HQ_CASE, shape_row_hq_case(), &k, &row);
}

static void put_deadline(struct rows *r, const char *no, const char *name, uint64_t round,
                         struct rec_row_hq_deadline row)
{
    struct key k = key_of(str_of(no));
    key_u8(&k, OWNER_dispatch);
    key_u8(&k, 1);
    key_str(&k, str_of(name));
    key_u64(&k, round);
    if (!row.unit.n) row.unit = STR("U1");
    if (!row.start) row.start = 1;
    row.due_day = 100;
    put(r, TABLE_HQ_DEADLINE, shape_row_hq_deadline(), &k, &row);
}

static void compute(struct rows *r, int64_t as_of_ms, struct kpi_report *out)
{
    struct kpi_query q = {.as_of_ms = as_of_ms, .span_unit_ms = MINUTE_MS};
    assert_int_equal(kpi_compute(&q, &r->source, out), ERR_OK);
}

/* Caller frees. */
static char *printed(const struct kpi_report *k, bool spans)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    kpi_print(f, k, spans);
    fclose(f);
    return text;
}

/* The line of a table that begins with the name has these cells; so long as it is wide. */
static void expect_row(const char *text, const char *name, const char *cells)
{
    char want[160], got[160] = "";
    snprintf(want, sizeof want, "%s %s", name, cells);
    for (const char *at = text; *at; at = *at ? at + 1 : at) {
        size_t n = strcspn(at, "\n"), w = 0;
        assert_true(n <= 120);
        for (size_t i = 0; i < n && w + 1 < sizeof got; i++) {
            if (at[i] != ' ' || (w && got[w - 1] != ' ')) got[w++] = at[i];
        }
        got[w] = 0;
        if (strcmp(got, want) == 0) return;
        at += n;
    }
    fail_msg("no line \"%s\" in\n%s", want, text);
}

/* HQ-EX-08: 45 of 50 and 80 of 100: the total is the ratio of sums. */
static void HQ_EX_08_ratio_of_sums(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    for (int i = 0; i < 150; i++) {
        char no[16];
        snprintf(no, sizeof no, "C%03d", i);
        bool small = i < 50, late = small ? i >= 45 : i >= 130;
        put_deadline(
            &r, no, "job.arrival", 0,
            (struct rec_row_hq_deadline){.unit = small ? STR("A") : STR("B"),
                                         .due = 10,
                                         .end = late ? deadline_end_late : deadline_end_stopped,
                                         .ended = late ? 11 : 10,
                                         .primary = true});
    }
    struct kpi_report k;
    compute(&r, 20, &k);
    const struct kpi_deadline *t = &k.total.primary;
    expect_ratio(t->met, t->due, 90, COMPARE_ge, "83.33", "no");
    expect_ratio(k.units.v[0]->primary.met, k.units.v[0]->primary.due, 90, COMPARE_ge, "90.00",
                 "yes");
    expect_ratio(k.units.v[1]->primary.met, k.units.v[1]->primary.due, 90, COMPARE_ge, "80.00",
                 "no");
    kpi_fini(&k);
    rows_close(&r);
}

/* HQ-EX-28: 171 on time, 14 late, 5 open past due, 6 cancelled before the due; also what does not
 * count. */
static void HQ_EX_28_milestones(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    for (int i = 0; i < 199; i++) {
        char no[16];
        snprintf(no, sizeof no, "C%03d", i);
        struct rec_row_hq_deadline d = {.due = 10, .primary = true, .end = deadline_end_open};
        if (i < 171) d.end = deadline_end_stopped, d.ended = 10, d.withdrawn = i < 3;
        if (i >= 171 && i < 185) d.end = deadline_end_late, d.ended = 11;
        if (i >= 190 && i < 196) d.end = deadline_end_cancelled, d.ended = 10;
        if (i == 196)
            d.end = deadline_end_superseded, d.ended = 12; /* an agreed time took its place */
        if (i == 197) d.due = 20;                          /* not past due at 20: exactly */
        if (i == 198) d.primary = false, d.end = deadline_end_late, d.ended = 15;
        put_deadline(&r, no, "job.arrival", 0, d);
    }
    struct kpi_report k;
    compute(&r, 20, &k);
    const struct kpi_deadline *p = &k.total.primary;
    assert_int_equal(p->due, 190);
    expect_ratio(p->met, p->due, 90, COMPARE_ge, "90.00", "yes");
    assert_int_equal(p->open_past, 5);
    assert_int_equal(p->open_ahead, 1);
    assert_int_equal(p->withdrawn, 3);
    const struct kpi_deadline *d = &k.total.deadlines[0];
    assert_int_equal(d->armed, 199);
    assert_int_equal(d->armed, d->on_time + d->late + d->open_past + d->open_ahead + d->cancelled +
                                   d->cancelled_late + d->superseded);
    kpi_fini(&k);
    compute(&r, 21, &k); /* the clock goes on: one more past due, no row changed */
    assert_int_equal(k.total.primary.open_past, 6);
    kpi_fini(&k);
    rows_close(&r);
}

static void HQ_029_cancelled_after_the_due_counts(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    put_deadline(&r, "C1", "job.arrival", 0,
                 (struct rec_row_hq_deadline){
                     .due = 10, .primary = true, .end = deadline_end_cancelled, .ended = 11});
    struct kpi_report k;
    compute(&r, 20, &k);
    expect_ratio(k.total.primary.met, k.total.primary.due, 90, COMPARE_ge, "0.00", "no");
    kpi_fini(&k);
    rows_close(&r);
}

/* Clocks that only mark an instant end past it every day. They are counted and have no rate, no
 * lateness and no overdue call; the same name with a ladder has them. */
static void HQ_029_bookkeeping_has_no_rate(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    static const enum deadline_end ends[] = {deadline_end_stopped, deadline_end_late,
                                             deadline_end_cancelled, deadline_end_open};
    put_case(&r, "A", (struct rec_row_hq_case){.received = 1});
    for (uint64_t i = 0; i < COUNT_OF(ends); i++) {
        struct rec_row_hq_deadline d = {.due = 10, .end = ends[i], .bookkeeping = true};
        if (ends[i] != deadline_end_open) d.ended = ends[i] == deadline_end_stopped ? 9 : 12;
        put_deadline(&r, "A", "call.dispatch", i, d);
    }
    static const int64_t at[] = {11};
    struct kpi_query q = {.as_of_ms = 20, .at = at, .at_count = COUNT_OF(at)};
    struct kpi_report k;
    assert_int_equal(kpi_compute(&q, &r.source, &k), ERR_OK);
    char *text = printed(&k, true);
    expect_row(text, "call.dispatch", "4 1 1 1 0 1 0 0 n/a");
    assert_null(strstr(text, "span"));
    free(text);
    assert_int_equal(k.total.deadlines[0].due, 0);
    assert_int_equal(k.total.spans[KPI_SPAN_lateness].n, 0);
    assert_int_equal(k.total.overdue_at[0], 0);
    kpi_fini(&k);
    put_deadline(&r, "A", "call.dispatch", 9,
                 (struct rec_row_hq_deadline){.due = 10, .end = deadline_end_late, .ended = 12});
    assert_int_equal(kpi_compute(&q, &r.source, &k), ERR_OK);
    text = printed(&k, true);
    expect_row(text, "call.dispatch", "5 1 2 1 0 1 0 0 0.00");
    expect_row(text, "lateness", "1 0.0020 0 0 0 0");
    free(text);
    assert_int_equal(k.total.overdue_at[0], 1);
    kpi_fini(&k);
    rows_close(&r);
}

/* How late the late ones were, by line; one that still runs, or was dropped, has no lateness. */
static void lateness_is_a_span_of_each_line(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    for (int i = 0; i < 10; i++) {
        char no[16];
        snprintf(no, sizeof no, "C%d", i);
        put_deadline(&r, no, "promise.due", 0,
                     (struct rec_row_hq_deadline){.unit = i < 4 ? STR("A") : STR("B"),
                                                  .due = 10 * MINUTE_MS,
                                                  .end = deadline_end_late,
                                                  .ended = (11 + i) * MINUTE_MS});
    }
    static const enum deadline_end others[] = {deadline_end_stopped, deadline_end_cancelled,
                                               deadline_end_superseded, deadline_end_open};
    for (uint64_t i = 0; i < COUNT_OF(others); i++) {
        struct rec_row_hq_deadline d = {.unit = STR("A"), .due = 10, .end = others[i]};
        if (others[i] != deadline_end_open) d.ended = others[i] == deadline_end_stopped ? 9 : 20;
        put_deadline(&r, "D", "promise.due", i, d);
    }
    struct kpi_report k;
    compute(&r, 100 * MINUTE_MS, &k);
    const struct kpi_span *t = &k.total.spans[KPI_SPAN_lateness];
    assert_int_equal(t->n, 10);
    assert_int_equal(t->sum_ms, 55 * MINUTE_MS);
    assert_int_equal(t->median_ms, 5 * MINUTE_MS);
    assert_int_equal(t->p90_ms, 9 * MINUTE_MS);
    assert_int_equal(t->max_ms, 10 * MINUTE_MS);
    assert_int_equal(t->negative, 0);
    assert_int_equal(k.units.v[0]->spans[KPI_SPAN_lateness].n, 4);
    assert_int_equal(k.units.v[1]->spans[KPI_SPAN_lateness].max_ms, 10 * MINUTE_MS);
    char *text = printed(&k, true);
    expect_row(text, "lateness", "10 5.5000 5 9 10 0");
    free(text);
    kpi_fini(&k);
    rows_close(&r);
}

static void work_of_each_unit_is_printed(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    put_case(&r, "A", (struct rec_row_hq_case){.received = 1, .reassigned = 3, .paused = true});
    put_case(
        &r, "B",
        (struct rec_row_hq_case){.received = 1, .reassigned = 1, .arrived = 1 + 7 * MINUTE_MS});
    put_case(&r, "C", (struct rec_row_hq_case){.unit = STR("U2"), .received = 1, .reopened = 2});
    struct kpi_report k;
    compute(&r, 2, &k);
    char *text = printed(&k, false);
    expect_row(text, "unit", "reassigned times reopened paused arrived median (min)");
    expect_row(text, "U1", "2 4 0 1 1 7");
    expect_row(text, "U2", "0 0 1 0 0 n/a");
    expect_row(text, "total", "2 4 1 1 1 7");
    assert_null(strstr(text, "span")); /* not asked for */
    free(text);
    kpi_fini(&k);
    rows_close(&r);
}

/* HQ-EX-23: minutes 18, 42, 30, 55, 5. */
static void HQ_EX_23_response(void **state)
{
    (void)state;
    static const int minutes[] = {18, 42, 30, 55, 5};
    struct rows r;
    rows_open(&r);
    for (size_t i = 0; i < COUNT_OF(minutes); i++) {
        char no[16];
        snprintf(no, sizeof no, "C%zu", i);
        put_case(
            &r, no,
            (struct rec_row_hq_case){.received = 1000, .replied = 1000 + minutes[i] * MINUTE_MS});
    }
    put_case(&r, "open", (struct rec_row_hq_case){.received = 1000});
    struct kpi_report k;
    compute(&r, 2000, &k);
    json_t *j = kpi_to_json(&k);
    json_t *reply = json_object_get(json_object_get(json_object_get(j, "total"), "spans"), "reply");
    assert_string_equal(json_string_value(json_object_get(reply, "mean")), "30.0000");
    assert_string_equal(json_string_value(json_object_get(reply, "median")), "30");
    assert_string_equal(json_string_value(json_object_get(reply, "p95")), "55");
    assert_int_equal(json_integer_value(json_object_get(reply, "n")), 5);
    assert_int_equal(k.total.calls, 6);
    assert_int_equal(k.total.open, 6); /* the open ones are counted as open */
    json_decref(j);
    kpi_fini(&k);
    rows_close(&r);
}

/* Nearest rank: the ceil(p/100 n)-th. */
static void HQ_033_nearest_rank(void **state)
{
    (void)state;
    int64_t v[10];
    for (int i = 0; i < 10; i++)
        v[i] = i + 1;
    assert_int_equal(exact_rank(v, 10, 50), 5);
    assert_int_equal(exact_rank(v, 10, 90), 9);
    assert_int_equal(exact_rank(v, 10, 95), 10);
    assert_int_equal(exact_rank(v, 10, 100), 10);
    assert_int_equal(exact_rank(v, 1, 1), 1);
    assert_int_equal(exact_rank(v, 3, 50), 2);
}

static void HQ_048_backlog_at_an_instant(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    put_case(&r, "A", (struct rec_row_hq_case){.received = 10, .closed = 50});
    put_case(&r, "B", (struct rec_row_hq_case){.received = 20});
    put_case(&r, "C", (struct rec_row_hq_case){.received = 30, .cancelled = 40});
    put_deadline(&r, "A", "promise.due", 0,
                 (struct rec_row_hq_deadline){.due = 30, .end = deadline_end_late, .ended = 50});
    put_deadline(&r, "B", "a.first", 0,
                 (struct rec_row_hq_deadline){.due = 25, .end = deadline_end_open});
    put_deadline(&r, "B", "b.second", 0,
                 (struct rec_row_hq_deadline){.due = 26, .end = deadline_end_open});
    static const int64_t at[] = {9, 10, 30, 31, 39, 40, 49, 50};
    static const uint64_t open[] = {0, 1, 3, 3, 3, 2, 2, 1}, overdue[] = {0, 0, 1, 2, 2, 2, 2, 1};
    struct kpi_query q = {.as_of_ms = 60, .at = at, .at_count = COUNT_OF(at)};
    struct kpi_report k;
    assert_int_equal(kpi_compute(&q, &r.source, &k), ERR_OK);
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        assert_int_equal(k.total.open_at[i], open[i]);
        assert_int_equal(k.total.overdue_at[i],
                         overdue[i]); /* one call once, strictly after its due */
    }
    assert_int_equal(k.total.open, 1);
    kpi_fini(&k);
    rows_close(&r);
}

static void legs_are_joined_to_their_calls(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    put_case(&r, "A", (struct rec_row_hq_case){.received = 1000, .service_class = STR("3")});
    put_case(&r, "B", (struct rec_row_hq_case){.received = 2000, .unit = STR("U2")});
    put_deadline(
        &r, "A", "job.arrival", 0,
        (struct rec_row_hq_deadline){.due = 5000, .end = deadline_end_superseded, .ended = 3});
    put_deadline(
        &r, "A", "job.arrival", 1,
        (struct rec_row_hq_deadline){.due = 7000, .end = deadline_end_stopped, .ended = 6000});
    static const struct {
        const char *call, *who;
        struct rec_row_hq_leg leg;
    } legs[] = {
        {"A", "T1", {.assigned = 3000, .departed = 4000, .arrived = 6000, .completed = 9000}},
        {"A", "T2", {.assigned = 3000, .departed = 8000, .arrived = 7500}},
        {"B", "T1", {.assigned = 3000, .left = 4000, .recalled = true}},
        {"lost", "T1", {.assigned = 3000}},
    };
    for (size_t i = 0; i < COUNT_OF(legs); i++) {
        struct key k = key_of(str_of(legs[i].call));
        key_u8(&k, 1);
        key_str(&k, str_of(legs[i].who));
        put(&r, TABLE_HQ_LEG, shape_row_hq_leg(), &k, &legs[i].leg);
    }
    struct kpi_report k;
    compute(&r, 10000, &k);
    assert_int_equal(k.total.legs, 3);
    assert_int_equal(k.total.several_legs, 1);
    assert_int_equal(k.total.legs_not_arrived, 1);
    assert_int_equal(k.total.legs_not_completed, 2);
    assert_int_equal(k.total.legs_recalled, 1);
    assert_int_equal(k.total.legs_late, 1); /* T2, after the agreed 7000 */
    assert_int_equal(k.total.spans[KPI_SPAN_assign].n, 3);
    assert_int_equal(k.total.spans[KPI_SPAN_assign].sum_ms, 2000 + 2000 + 1000);
    assert_int_equal(k.total.spans[KPI_SPAN_travel].negative, 1);
    assert_int_equal(k.total.spans[KPI_SPAN_arrival].max_ms, 6500);
    assert_int_equal(k.total.spans[KPI_SPAN_on_site].n, 1);
    assert_int_equal(k.classes.n, 2);
    assert_string_equal(k.classes.v[1]->name.p ? "3" : "", "3");
    assert_int_equal(k.classes.v[1]->legs, 2);
    char *text = printed(&k, true);
    assert_non_null(strstr(text, "job.arrival"));
    assert_non_null(strstr(text, "turnout"));
    free(text);
    kpi_fini(&k);
    rows_close(&r);
}

/* HQ-002: calls by the day they came, deadlines by the day they are due. */
static void HQ_002_period(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    put_case(&r, "A", (struct rec_row_hq_case){.received = 1000});
    put_deadline(&r, "A", "job.arrival", 0,
                 (struct rec_row_hq_deadline){.due = 10, .end = deadline_end_open});
    struct kpi_query q = {.as_of_ms = 10, .from_day = 101, .to_day = 131};
    struct kpi_report k;
    assert_int_equal(kpi_compute(&q, &r.source, &k), ERR_OK);
    assert_int_equal(k.total.calls, 0);
    assert_int_equal(k.total.deadline_count, 0);
    kpi_fini(&k);
    q.from_day = q.to_day = 100;
    assert_int_equal(kpi_compute(&q, &r.source, &k), ERR_OK);
    assert_int_equal(k.total.calls, 1);
    assert_int_equal(k.total.deadlines[0].armed, 1);
    assert_int_equal(k.day_count, 1);
    kpi_fini(&k);
    rows_close(&r);
}

static void a_row_that_does_not_decode_is_corrupt(void **state)
{
    (void)state;
    struct rows r;
    rows_open(&r);
    struct key k = key_of(STR("A"));
    store_put(r.store, TABLE_HQ_CASE, (struct slice){k.b, k.n},
              (struct slice){(const uint8_t *)"x", 1});
    struct kpi_query q = {0};
    struct kpi_report out;
    assert_int_equal(kpi_compute(&q, &r.source, &out), ERR_CORRUPT);
    rows_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(HQ_EX_01_to_07_ratio),
        cmocka_unit_test(CV_10_decimals_half_up),
        cmocka_unit_test(HQ_EX_14_to_16_iso_week),
        cmocka_unit_test(HQ_EX_08_ratio_of_sums),
        cmocka_unit_test(HQ_EX_28_milestones),
        cmocka_unit_test(HQ_029_cancelled_after_the_due_counts),
        cmocka_unit_test(HQ_029_bookkeeping_has_no_rate),
        cmocka_unit_test(lateness_is_a_span_of_each_line),
        cmocka_unit_test(work_of_each_unit_is_printed),
        cmocka_unit_test(HQ_EX_23_response),
        cmocka_unit_test(HQ_033_nearest_rank),
        cmocka_unit_test(HQ_048_backlog_at_an_instant),
        cmocka_unit_test(legs_are_joined_to_their_calls),
        cmocka_unit_test(HQ_002_period),
        cmocka_unit_test(a_row_that_does_not_decode_is_corrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
