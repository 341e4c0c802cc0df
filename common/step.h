/* step.h - what a service is made of and what it may do: one deterministic function over (stored
 * state, event, time) that reads and writes typed tables, emits events and lets the deadline table
 * run. It never sees a socket, a clock, Redis or the allocator.
 *
 * A step that refuses leaves no trace: its writes and outputs are dropped. Reads see the step's own
 * writes; scans see what was stored before the step. */
#ifndef CUIBAN_COMMON_STEP_H
#define CUIBAN_COMMON_STEP_H

#include "common/policy.h"
#include "common/store.h"
#include "proto/proto.h"

/* ---- keys and tables ---- */
struct key {
    uint8_t b[STORE_KEY_MAX];
    size_t n;
};
/* Each part keeps bytewise order: texts end with a zero byte, numbers are big-endian. */
struct key key_of(struct str s);
void key_str(struct key *k, struct str s);
void key_u8(struct key *k, uint8_t v);
void key_u64(struct key *k, uint64_t v);
void key_day(struct key *k, int32_t day);
void key_time(struct key *k, int64_t at_ms); /* not before TIME_MIN_MS */
/* Read a key back, part by part, in the same order; ERR_CORRUPT when it is shorter. */
struct key_reader {
    struct slice rest;
};
MUST_CHECK enum err key_take_str(struct key_reader *r, struct str *out);
MUST_CHECK enum err key_take_u8(struct key_reader *r, uint8_t *out);
MUST_CHECK enum err key_take_u64(struct key_reader *r, uint64_t *out);

struct table {
    uint8_t id;
    const char *name;
    const char *key; /* its layout, for people */
    const struct shape *(*shape)(void);
};
/* Tables every service may keep; a service's own begin at TABLE_OWN. */
enum {
    TABLE_META = 1,
    TABLE_DEADLINE,
    TABLE_DUE,
    TABLE_UNIT,
    TABLE_PERSON,
    TABLE_SEEN,
    TABLE_OWN = 16
};
extern const struct table table_deadline, table_unit, table_person, table_seen;

/* ---- the step ---- */
struct node;
struct step {
    struct node *node;
    const struct policy *policy;
    struct arena *arena;        /* lives until the batch is committed */
    int64_t now_ms;             /* stamped by the loop */
    const struct rec_entry *in; /* the event's envelope: occurred, received, id, source, actor */
    enum owner from; /* whose log it stands in; the service itself for a fact at the door */
    const struct event_type *type;
    const char *rule;       /* of the row at work; written with every output */
    struct fault fault;     /* why the step refused */
    struct str subject;     /* the number given to what the fact created; answered by the door */
    const void *given;      /* the event's fields as they came; private */
    struct slice completed; /* what step_complete made; private */
    uint64_t filled;        /* bit n: it filled in field n; private */
    struct step_work *work; /* private to step.c */
};

MUST_CHECK enum err step_get(struct step *st, const struct table *t, const struct key *k,
                             void *row);
void step_put(struct step *st, const struct table *t, const struct key *k, const void *row);
void step_del(struct step *st, const struct table *t, const struct key *k);
/* Next row whose key begins with `prefix`, after *at (start with at->n == 0). ERR_END when done.
 * The row's texts live until the step ends. */
MUST_CHECK enum err step_next(struct step *st, const struct table *t, const struct key *prefix,
                              struct key *at, void *row);
/* A verdict of this service. Encoded at once; payload is borrowed for the call. */
void step_emit(struct step *st, enum event_kind kind, const void *payload);
/* A verdict under another rule than that of the row at work. */
void step_emit_as(struct step *st, const char *rule, enum event_kind kind, const void *payload);
/* When the fact at hand happened; now, for a deadline that passes. */
int64_t step_occurred(const struct step *st);
/* Master data, which every service keeps for itself (step_master). */
bool step_is_master(enum event_kind kind);
/* The fact itself goes into the log with what this service knows better: a number it gave, a
 * default it took. The payload is of the event's own shape and differs from the event only in
 * fields that were absent there, so that the event can be had back from the log. The sender's bytes
 * still decide what is a duplicate. */
void step_complete(struct step *st, const void *payload);
/* The same, but written even when the step refuses, behind the refusal: what the attempt itself
 * shows. */
void step_also(struct step *st, enum event_kind kind, const void *payload);
/* ERR_REFUSED with the step's rule; to be returned. */
__attribute__((format(printf, 4, 5))) enum err
step_refuse(struct step *st, const char *code, const char *field, const char *text, ...);

/* Master data projections, kept by step_master for every service that asks for them. */
MUST_CHECK enum err step_master(struct step *st,
                                const void *payload); /* unit.upserted, person.upserted */
MUST_CHECK enum err step_unit(struct step *st, struct str unit, struct rec_row_unit *out);
/* Calendar of a service policy at a unit: the policy's, else the unit's, else the set's. Never
 * NULL. */
const struct calendar *step_calendar(struct step *st, struct str unit,
                                     const struct service_policy *sp);
/* Zone of a unit's calendar. */
const struct zone *step_zone(struct step *st, struct str unit);
/* Local day, at a unit, of the event at hand. */
int32_t step_day(struct step *st, struct str unit);

/* ---- machines: rows event x states -> state, handler, rule ---- */
#define IN(state) (UINT32_C(1) << (state))
struct transition {
    enum event_kind on;
    uint32_t from; /* states it may arrive in */
    uint32_t to;   /* state afterwards; 0 = the handler decides or none */
    enum err (*handle)(struct step *st, const void *payload, void *row);
    const char *rule;
};
/* The row for this event in this state; sets st->rule. NULL when the machine does not know the
 * event. When the state forbids it: refuses with a sentence naming the states that would allow it.
 */
MUST_CHECK enum err machine_find(struct step *st, const struct transition *rows, size_t count,
                                 uint32_t state, const struct codeset *names,
                                 const struct transition **out);

/* ---- deadlines: rows that arm, move and stop clocks ---- */
enum deadline_from { FROM_RECEIVED, FROM_OCCURRED, FROM_START }; /* instant the clock runs from */
enum deadline_due {
    DUE_SERVICE, /* minutes of the service policy at `minutes`, on the policy's clock */
    DUE_SETTING, /* deadlines.<name> of the set */
    DUE_GIVEN    /* the instant in ctx.given_ms */
};
#define DEADLINE_KINDS_MAX 4
struct deadline_ctx {
    struct str case_no;
    uint8_t item;
    struct str unit, person;
    const struct service_policy *sp; /* may be NULL */
    int64_t received_ms;             /* 叫修時間 */
    int64_t occurred_ms;             /* of the event at hand */
    int64_t start_ms;                /* FROM_START */
    int64_t given_ms; /* DUE_GIVEN; when set it is the due instant of every row that starts */
    const void *row;  /* of the case, for starts and stops; may be NULL */
    bool foreign;     /* CMP-036: foreign_minutes where the setting has them */
};
struct deadline_row {
    const char *name, *rule;
    enum deadline_from from;
    enum deadline_due due;
    size_t minutes;        /* DUE_SERVICE: offsetof(struct service_policy, …_min) */
    enum clock_kind clock; /* DUE_SERVICE: fixed clock, or clock_kind_none = the policy's */
    enum event_kind start[DEADLINE_KINDS_MAX], stop[DEADLINE_KINDS_MAX];
    /* NULL = always. payload is that of the event at hand. */
    bool (*starts)(struct step *st, const struct deadline_ctx *c, const void *payload);
    bool (*stops)(struct step *st, const struct deadline_ctx *c, const void *payload);
};
/* Let one event work on all rows of a table for one case: stops first, then starts. */
MUST_CHECK enum err deadline_run(struct step *st, const struct deadline_row *rows, size_t count,
                                 enum event_kind kind, const struct deadline_ctx *c,
                                 const void *payload);
/* Arm one row by hand of its name, superseding an open one; basis "" or "agreed". */
MUST_CHECK enum err deadline_arm(struct step *st, const struct deadline_row *row,
                                 const struct deadline_ctx *c, struct str basis);
MUST_CHECK enum err deadline_stop(struct step *st, const struct deadline_row *row,
                                  const struct deadline_ctx *c);
/* Ends all open deadlines of a case (item 0 = of all items) without a verdict (INT-022). */
MUST_CHECK enum err deadline_drop(struct step *st, struct str case_no, uint8_t item,
                                  struct str reason);
/* Ends one open deadline without a verdict: the work is not wanted any more. */
MUST_CHECK enum err deadline_cancel(struct step *st, const struct deadline_row *row,
                                    const struct deadline_ctx *c, struct str reason);
MUST_CHECK enum err deadline_get(struct step *st, struct str case_no, uint8_t item,
                                 const char *name, struct rec_row_deadline *out);
/* The clock of an open deadline stands still: no level passes until deadline_shift sets it going.
 */
MUST_CHECK enum err deadline_hold(struct step *st, const struct deadline_row *row,
                                  const struct deadline_ctx *c);
/* Shift an open deadline by so much of its own clock, e.g. after a pause (superseded and armed
 * again). */
MUST_CHECK enum err deadline_shift(struct step *st, const struct deadline_row *row,
                                   const struct deadline_ctx *c, int64_t by_ms);

/* ---- a service ---- */
struct passed {
    struct str case_no, name;
    uint8_t item;
    uint64_t round, level; /* level 0 = the due instant where the set has no level there */
    bool before, is_due;   /* a level before the due instant; the due instant itself */
    int64_t start_ms, due_ms;
    struct str unit, person, policy, to, copy;
};
struct service {
    const char *name;
    enum owner owner;
    uint32_t upstream; /* IN(owner) of every log it reads */
    const struct table *tables;
    size_t table_count;
    const struct deadline_row *deadlines;
    size_t deadline_count;
    /* Applies one event. ERR_OK: done (an own fact is copied to the log before the outputs).
     * ERR_STALE: nothing to do with it, no trace. ERR_REFUSED: st->fault says why. */
    enum err (*step)(struct step *st, const void *payload);
    /* Is this event of that log for it? What is not passes by undecoded. NULL: everything is. */
    bool (*hears)(enum owner from, enum event_kind kind);
    /* Before a level is written: who it goes to now (CMP-051); changes unit and person; may be
     * NULL.
     */
    enum err (*address)(struct step *st, struct passed *what);
    /* After deadline.passed or deadline.approaching was written; may be NULL. */
    enum err (*on_passed)(struct step *st, const struct passed *what);
};

#endif
