/* headoffice_private.h - what the aggregates of head office share: tables, counters, the case row.
 */
#ifndef CUIBAN_SERVICES_HEADOFFICE_PRIVATE_H
#define CUIBAN_SERVICES_HEADOFFICE_PRIVATE_H

#include "services/headoffice/headoffice.h"

extern const struct table *const headoffice_count,
    *const headoffice_case, *const headoffice_leg, *const headoffice_deadline,
                                                       *const headoffice_overdue,
                                                           *const headoffice_reminder,
                                                               *const headoffice_inquiry,
                                                                   *const headoffice_register;

/* Local day of an instant in the zone of the set's default calendar (HQ-002). */
int32_t headoffice_day(const struct step *st, int64_t at_ms);
/* The earlier of two instants, 0 = none. */
int64_t headoffice_earlier(int64_t a_ms, int64_t b_ms);

/* ---- counters (headoffice_count.c) ---- */
/* What a row gives to the counters is a function of the row alone. A change of a row takes the old
 * row's share back and adds the new one's; so the counters are the sum over the rows, in any order.
 */
#define COUNTS_MAX 128
struct counts {
    struct step *st;
    uint32_t n, cap;
    struct counted {
        struct slice key;
        int64_t by;
    } * v; /* like the keys, in the step's arena */
};
struct count_of { /* whose counter */
    struct str unit, policy;
    int32_t day;
};
struct counts *counts_new(struct step *st);
/* `measure` and, after a slash each, name and detail when they are there. */
void counts_add(struct counts *c, const struct count_of *of, const char *measure, int64_t by);
void counts_add_named(struct counts *c, const struct count_of *of, const char *measure,
                      struct str name, const char *detail, int64_t by);
MUST_CHECK enum err counts_save(struct counts *c);

/* ---- the case row (headoffice_calls.c) ---- */
struct case_edit {
    struct key key;
    struct rec_row_hq_case old, row;
};
MUST_CHECK enum err case_open(struct step *st, struct str call_no, struct case_edit *edit);
MUST_CHECK enum err case_save(struct step *st, const struct case_edit *edit);

/* ---- handlers ---- */
struct on {
    enum event_kind kind;
    enum owner from; /* the log whose word counts; OWNER_any = each log's own */
    enum err (*handle)(struct step *st, const void *payload);
};
extern const struct on headoffice_calls[], headoffice_jobs[], headoffice_clocks[],
    headoffice_slips[];
extern const size_t headoffice_call_count, headoffice_job_count, headoffice_clock_count,
    headoffice_slip_count;

#endif
