/* model_private.h - what the model keeps: plain growing arrays of everything that was said. */
#ifndef CUIBAN_TESTS_SIM_MODEL_PRIVATE_H
#define CUIBAN_TESTS_SIM_MODEL_PRIVATE_H

#include "common/step.h"
#include "tests/sim/model.h"

#define MODEL_TEXT_MAX 600
#define RUNGS_MAX 20
#define EFFECTS_MAX 64

/* A growing array of things of one size; `n` of them stand at `v`. */
struct list {
    void *v;
    size_t n, cap;
};
void *list_add(struct list *l, size_t size); /* zeroed */

struct record {
    struct rec_entry e;
    const struct event_type *type;
    void *p;                     /* the payload, decoded */
    uint32_t answered;           /* intake: root records in the owner's log caused by it */
    bool slip_wanted, slip_made; /* a level, or an order, that calls for a 催辦單 */
};

struct log {
    struct list records;           /* struct record *; seq - 1 is the index */
    uint8_t prev[32];              /* hash of the last one */
    uint64_t cause[OWNER_COUNT];   /* of each upstream log, the last record named as a cause */
    uint64_t applied[OWNER_COUNT]; /* and the last that began a group */
};

struct rung {
    uint64_t level;
    int64_t at_ms;
    struct str to, copy;
};

/* One arming of a deadline. */
struct clock {
    enum owner owner;
    const struct ev_deadline_armed *a;
    const struct escalation_set *set;
    struct rung ladder[RUNGS_MAX];
    size_t rungs, passed; /* passed counts repeats too */
    enum deadline_end end;
    int64_t armed_ms, done_ms, late_ms; /* armed: its record was written; late: first stop */
    bool due_passed, held, withdrawn, was_late;
    uint64_t level; /* highest reached */
};

struct slip {
    const struct ev_reminder_issued *e;
    size_t clock; /* SIZE_MAX: ordered by a person */
    int64_t issued_ms;
    enum reminder_state end; /* stopped or withdrawn, or none */
};

struct question {
    const struct ev_inquiry_issued *e;
    size_t clock;
    int64_t issued_ms;
    bool closed;
};

/* A call and its job, as far as the clocks need them. */
struct matter {
    struct str no, unit, joined; /* joined: the call it goes with */
    bool changed;                /* another service policy since it was registered */
    const struct service_policy *sp;
    int64_t received_ms;
    enum severity severity;
    bool major_reported;
    /* at dispatch */
    bool queued, remote, repaired, over; /* over: cancelled, closed or written off */
    const struct service_policy *job_sp;
    int64_t job_received_ms, agreed_ms, agreed_said_ms, arrived_ms, paused_ms;
};

/* What a clock did, or must do, in one group of records: one fact and what it caused. */
struct effect {
    enum event_kind kind; /* armed, stopped, withdrawn, dropped */
    struct str case_no, name;
    uint8_t item;
    int64_t start_ms, due_ms, at_ms; /* 0 = not said */
    bool late;
    enum deadline_end end;
    bool met;
};

struct group {
    uint64_t cause_seq; /* of what made it; with `cause` */
    enum owner cause;
    uint64_t root;            /* seq of its first record in this log; 0 = none is open */
    const struct record *why; /* the fact it is about; NULL: time alone */
    bool exact;               /* what the clocks must do is known */
    struct effect must[EFFECTS_MAX], did[EFFECTS_MAX];
    size_t must_n, did_n;
};

struct ack {
    struct str source, id;
    uint64_t number;
    int64_t occurred_ms;
};

struct counter {
    struct key key; /* as head office keys it */
    int64_t value;
    bool met;
};

/* A tally as what was told makes it. */
struct tally {
    struct key key;
    uint64_t n;
    int64_t sum;
    bool met;
};

struct model {
    const struct policy *policy;
    struct arena arena; /* of all texts and payloads, until the end */
    struct model_slack slack;
    struct model_seen seen;
    struct log logs[OWNER_COUNT];
    struct group groups[OWNER_COUNT];
    struct list clocks, slips, questions, matters, acks, counters, units, products, moves;
    struct list deeds, marks, tallies; /* model_scoring.c */
    uint64_t dispatch_read; /* of intake's log, by what dispatch must have done with it */
    size_t row_clocks, row_slips, row_questions, row_overdue, row_balances, row_lines;
    int64_t now_ms;
    bool in_rows, in_tallies;
    char broken[MODEL_TEXT_MAX];
};

/* Keeps the first; `id` is N1 … N12. */
__attribute__((format(printf, 3, 4))) void model_break(struct model *m, const char *id,
                                                       const char *text, ...);
struct record *model_at(struct model *m, enum owner log, uint64_t seq); /* NULL when not there */

/* model_time.c: working time by walking from span to span. */
struct hours;
const struct hours *hours_of(struct str calendar); /* NULL: not one of the simulator's */
/* boundary=left of CV-3, or `right`; ms may be negative. */
int64_t hours_add(const struct hours *h, int64_t from_ms, int64_t ms, bool right);
bool hours_workday(const struct hours *h, int32_t day);
int32_t hours_day(int64_t at_ms);    /* local day */
int64_t hours_midnight(int32_t day); /* 00:00 */
/* 24:00 of the n-th working day after the day; n = 0: of the day itself. */
int64_t hours_end_of(const struct hours *h, int32_t day, int64_t n);
void ladder_make(struct clock *c);
struct rung ladder_next(const struct clock *c); /* level SIZE_MAX when none is left */

/* model_clock.c: the life of every clock. */
void clock_take(struct model *m, enum owner log, struct record *r);
struct clock *clock_find(struct model *m, enum owner owner, struct str case_no, uint8_t item,
                         struct str name); /* the newest; NULL when there is none */
struct clock *clock_instance(struct model *m, enum owner owner, struct str case_no, uint64_t item,
                             struct str name, uint64_t round);
struct clock *clock_nth(struct model *m, size_t i);
size_t clock_index(const struct model *m, const struct clock *c);
void clock_quiet(struct model *m);
struct str clock_calendar(struct model *m, const struct service_policy *sp, struct str unit);
/* Minutes the policy gives a clock of this name, and on what; false when it gives none. */
struct limit {
    uint32_t minutes;
    enum clock_kind clock;
    struct str set;
};
bool clock_limit(const struct model *m, const struct service_policy *sp, struct str name,
                 struct limit *out);

/* model_group.c: what the clocks did because of one fact, against what they must do. */
struct what {
    enum owner owner;
    struct str case_no;
    uint8_t item;
    const char *name;
};
void group_take(struct model *m, enum owner log, struct record *r);
void group_quiet(struct model *m);
/* The work was done at an instant: the clock stops, or is proven in time after all. */
void must_stop(struct model *m, struct group *g, const struct what *w, int64_t at_ms);
void must_drop(struct model *m, struct group *g, const struct what *w, enum deadline_end end);
void must_drop_case(struct model *m, struct group *g, enum owner owner, struct str case_no);
/* A clock runs from start to due, in place of one that runs otherwise. */
void must_arm(struct model *m, struct group *g, const struct what *w, int64_t start_ms,
              int64_t due_ms);
/* The same with the due instant by the policy; none where it gives no time. */
void must_start(struct model *m, struct group *g, const struct what *w,
                const struct service_policy *sp, struct str unit, int64_t start_ms);
/* The clock this group has just started is replaced at once by one with a given due. */
void must_replace(struct group *g, const struct what *w, int64_t start_ms, int64_t due_ms);

/* model_predict.c: what the clocks must do because of a fact. `first` is the first record the
 * service wrote about it, NULL when it wrote none. */
void predict_open(struct model *m, enum owner log, struct group *g, const struct record *why,
                  const struct record *first);
void predict_verdict(struct model *m, enum owner log, struct group *g, const struct record *r);
struct matter *matter_find(struct model *m, struct str no); /* NULL when unknown */

/* model_case.c: complaint cases. `before`: a record of the complaint service's log. */
uint32_t case_minutes(struct model *m, struct str case_no, const struct deadline_setting *set);
struct str case_holder(struct model *m, struct str case_no, uint64_t before);
void case_predict(struct model *m, struct group *g, const struct record *why);
void case_verdict(struct model *m, struct group *g, const struct record *r);
bool case_holds(struct model *m, struct str case_no, struct str name); /* CMP-055 */
void case_quiet(struct model *m);

/* model_slip.c: 催辦單 and 洽辦單. */
void slip_take(struct model *m, enum owner log, struct record *r);
void slip_quiet(struct model *m);
struct slip *slip_find(struct model *m, struct str number);         /* NULL when unknown */
struct question *question_find(struct model *m, struct str number); /* NULL when unknown */

/* model_parts.c: the ledger. */
void ledger_take(struct model *m, enum owner log, const struct record *r);

/* model_scoring.c: what is counted, and scores. */
void score_take(struct model *m, enum owner log, const struct record *r);

/* model_rows.c: head office. */
void rows_compare(struct model *m, uint8_t table, struct slice key, struct slice value);
void rows_expect(struct model *m);
void rows_missing(struct model *m);

#endif
