/* explain.h - one deadline instance with everything the logs say of it, and its clock spelled out.
 * The parts of `cuiban explain`: explain.c gathers, explain_clock.c counts, cmd_explain.c prints.
 */
#ifndef CUIBAN_SERVICES_CLI_EXPLAIN_H
#define CUIBAN_SERVICES_CLI_EXPLAIN_H

#include "services/cli/view.h"

#define EXPLAIN_RECORDS_MAX 4096
#define EXPLAIN_CHAIN_MAX 8
#define EXPLAIN_SPANS_MAX 128

/* What is meant: "" and 0xff = any. */
struct explain_what {
    struct str case_no, name;
    uint8_t holder, item; /* EXPLAIN_ANY = any */
    uint64_t round;       /* UINT64_MAX = the last one */
};
#define EXPLAIN_ANY 0xff

/* The records of a case that speak of its deadlines, 催辦單 and 洽辦單, in the order of time. */
struct explain_case {
    struct view *view;
    struct arena arena;
    struct view_record *records;
    uint32_t count;
    bool cut; /* there are more than EXPLAIN_RECORDS_MAX */
};
MUST_CHECK enum err explain_gather(struct explain_case *c, struct view *v, struct str case_no);
void explain_fini(struct explain_case *c);

/* One instance; armed is never NULL. */
struct explain_instance {
    struct explain_case *of;
    const struct view_record *armed;
    const struct ev_deadline_armed *ev;
    enum owner holder;
};
/* The next instance after *at (0 to begin) that fits; false when there is none. */
bool explain_next(struct explain_case *c, const struct explain_what *w, uint32_t *at,
                  struct explain_instance *out);
/* The next record of the instance of this kind after *at; NULL when there is none. */
const struct view_record *explain_record(const struct explain_instance *i, enum event_kind kind,
                                         uint32_t *at);
/* The 催辦單 of a level, NULL when there is none (yet). */
const struct view_record *explain_reminder(const struct explain_instance *i, uint64_t level);
/* The records that led to r, the fact first; r itself is not in it. From the case's arena. */
uint32_t explain_chain(struct explain_case *c, const struct view_record *r,
                       struct view_record chain[EXPLAIN_CHAIN_MAX]);
/* Its row, when it is still about this round; texts live in the case's arena. */
bool explain_row(const struct explain_instance *i, struct rec_row_deadline *out);

/* ---- the clock ---- */
struct explain_span {
    int64_t from_ms, to_ms;
};
struct explain_clock {
    const struct calendar *calendar; /* NULL: not in the policy set at hand */
    struct explain_span
        spans[EXPLAIN_SPANS_MAX]; /* working: pieces of work between start and due */
    uint32_t span_count;
    bool cut;                        /* more pieces than fit */
    int64_t worked_ms;               /* working: all of them */
    int32_t days[EXPLAIN_SPANS_MAX]; /* day: the working days that were counted */
    uint32_t day_count;
    bool known;            /* can be recomputed */
    int64_t due_ms;        /* recomputed, when known */
    int64_t moved_from_ms; /* a pause: due instant of the round before */
};
void explain_clock(const struct explain_instance *i, struct explain_clock *out);

#endif
