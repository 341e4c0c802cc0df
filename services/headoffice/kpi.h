/* kpi.h - the figures of head office, computed from its rows by pure functions.
 *
 * The rows come through a callback, so that the same figures are made from the writer's store, a
 * snapshot, a remote query or a scratch store of a replay. Everything is counted in integers; a
 * ratio is compared as integers and shown with two decimals half up (CV-10); several units are
 * combined as ratio of sums, which is what `total` is. Percentiles by nearest rank. Rules HQ-001,
 * HQ-002, HQ-029, HQ-033, HQ-048, K-01, K-06, K-07, K-31, K-36. */
#ifndef CUIBAN_SERVICES_HEADOFFICE_KPI_H
#define CUIBAN_SERVICES_HEADOFFICE_KPI_H

#include "common/policy.h"

/* a/b against a target of the policy; n/a without one. */
enum exact_met kpi_met(uint64_t a, uint64_t b, const struct kpi_target *target);

/* ---- what is asked ---- */
/* The first row of the table with key >= from (> from when `after`); ERR_END past its last. The
 * slices live until the next call. */
struct kpi_rows {
    void *ctx;
    enum err (*next)(void *ctx, uint8_t table, struct slice from, bool after, struct slice *key,
                     struct slice *value);
};

struct kpi_query {
    int64_t as_of_ms;         /* open deadlines are past due strictly after their instant */
    int32_t from_day, to_day; /* both included (HQ-002); both 0 = everything */
    const int64_t *at;        /* instants at which the backlog is wanted */
    uint32_t at_count;
    int64_t span_unit_ms;        /* unit of means for people: 1000, 60000 …; 0 = seconds */
    const struct policy *policy; /* targets; may be NULL */
};

/* ---- what is answered ---- */
/* armed = on_time + late + open_past + open_ahead + cancelled + cancelled_late + superseded. The
 * rate is met / due (HQ-029); bookkeeping, which cannot be late by design, counts in neither. */
struct kpi_deadline {
    struct str name;
    uint64_t armed, on_time, late, open_past, open_ahead, cancelled, cancelled_late, superseded;
    uint64_t withdrawn; /* among on_time: proven afterwards */
    uint64_t met, due;
};

struct kpi_reminder {
    struct str name; /* deadline; "manual" for those a person ordered */
    uint64_t level, issued, withdrawn, answered;
};

enum kpi_span_of {
    KPI_SPAN_reply,         /* received -> first reply (K-06) */
    KPI_SPAN_first_assign,  /* received -> first assignment */
    KPI_SPAN_first_arrival, /* received -> first arrival */
    KPI_SPAN_resolve,       /* received -> completed */
    KPI_SPAN_close,         /* received -> closed (K-07) */
    KPI_SPAN_assign,        /* per leg: received -> assigned */
    KPI_SPAN_turnout,       /* per leg: assigned -> departed */
    KPI_SPAN_travel,        /* per leg: departed -> arrived */
    KPI_SPAN_arrival,       /* per leg: received -> arrived */
    KPI_SPAN_on_site,       /* per leg: arrived -> completed */
    KPI_SPAN_lateness,      /* per deadline that ended late: due -> ended */
    KPI_SPAN_COUNT
};
extern const char *const kpi_span_names[KPI_SPAN_COUNT];
struct kpi_span {
    uint64_t n, negative;
    int64_t sum_ms, median_ms, p90_ms, p95_ms, max_ms; /* 0 when n is 0 */
    int64_t *v;                                        /* ascending, n of them */
    uint64_t cap;
};

struct kpi_line {
    struct str name;                         /* unit, policy or class; "" also stands for "none" */
    uint64_t calls, closed, cancelled, open; /* open: at as_of, whatever the period */
    uint64_t never_assigned, never_arrived, several_legs;
    uint64_t reassigned_calls, reassignments, reopened_calls, paused_calls, assigned_on_day;
    uint64_t legs, legs_not_departed, legs_not_arrived, legs_not_completed, legs_recalled,
        legs_late;
    uint64_t reminders, inquiries, inquiries_answered, inquiries_closed;
    struct kpi_deadline primary; /* K-01 */
    struct kpi_deadline *deadlines;
    struct kpi_reminder *reminder_levels;
    uint32_t deadline_count, reminder_count;
    struct kpi_span spans[KPI_SPAN_COUNT];
    uint64_t *open_at, *overdue_at; /* at_count of each */
};

struct kpi_lines {
    struct kpi_line **v; /* ascending by name */
    uint32_t n, cap;
};

struct kpi_day {
    int32_t day;
    uint64_t calls;
};

struct kpi_report {
    struct kpi_query query;
    struct kpi_line total;
    struct kpi_lines units, policies, classes;
    struct kpi_day *days; /* calls by day of receipt, ascending */
    uint32_t day_count, day_cap;
    struct arena arena;
};

/* query is copied; what it points to must outlive the report. ERR_CORRUPT when a row does not
 * decode, else what the callback returned. */
MUST_CHECK enum err kpi_compute(const struct kpi_query *query, const struct kpi_rows *rows,
                                struct kpi_report *out);
void kpi_fini(struct kpi_report *r);

struct json_t;
struct json_t *kpi_to_json(const struct kpi_report *r); /* caller json_decref()s */
/* Tables for people; the spans' own only when asked for. */
void kpi_print(FILE *out, const struct kpi_report *r, bool spans);

#endif
