/* paper.h - papers: the forms, slips, cards and lists of a service, which live by a table.
 *
 * A paper has a row, found by fields that every event about it carries; a machine over the row's
 * `state`; and clocks. For a fact about a paper the engine finds the row, finds the transition,
 * copies what was said into the row, lets the handler of the transition look, sets the state and
 * lets the event work on the clocks. So most papers are rows of data, and a handler says only what
 * a table cannot.
 *
 * What is copied: every field of the event into the row's field of the same name and type, when it
 * was said; and the instant the event happened into the row's TIME field `<verb>_at`, when there is
 * one and the event has no such field itself.
 *
 * The row's shape has `state` (CODE); `unit` and `person` or `technician` where it has them are who
 * is responsible for its clocks, the unit being the source when nobody says otherwise. */
#ifndef CUIBAN_COMMON_PAPER_H
#define CUIBAN_COMMON_PAPER_H

#include "common/contract.h"
#include "common/step.h"

#define PAPER_KEYS_MAX 4
#define PAPER_NEW IN(0) /* in transition.from: there is no such paper yet */

struct paper {
    const char *name;  /* "docs": begins its case number, "docs/O-7"; also the table's name */
    const char *label; /* 隨機資料, for sentences */
    const struct table *table;
    const struct codeset *states;
    /* Fields of each of its events (TEXT, UINT, DATE, TIME), in key order; a UINT up to 255 takes
     * one byte of the key, else eight. */
    const char *keys[PAPER_KEYS_MAX];
    const struct transition *rows; /* handle gets struct paper_at as `row`; NULL = nothing to add */
    size_t row_count;
    const struct deadline_row *clocks;
    size_t clock_count;
    uint32_t drops; /* states in which its open clocks end without a verdict */
};
#define PAPER_ROWS(v) .rows = (v), .row_count = COUNT_OF(v)
#define PAPER_CLOCKS(v) .clocks = (v), .clock_count = COUNT_OF(v)

/* A paper at work. A handler may change the row and the instants. */
struct paper_at {
    const struct paper *paper;
    struct key key;
    struct str case_no; /* of its clocks */
    uint32_t before;    /* state until now; 0 = new */
    void *row;          /* of the table's shape, from the arena; what was said is in it already */
    int64_t start_ms;   /* FROM_START clocks; preset to when it happened */
    int64_t given_ms;   /* due instant of the clocks this event starts; preset from the event's
                           `due`: a TIME, or a DATE, which ends at its 24:00 (CV-7); 0 = as the
                           policy says */
};

/* The paper an event is about; NULL when it is about none of these. NULL ends the list. */
const struct paper *paper_of(const struct paper *const *papers, enum event_kind kind);

/* Applies the fact at hand. ERR_REFUSED: unknown paper, state, or the handler's reason. */
MUST_CHECK enum err paper_fact(struct step *st, const struct paper *p, const void *payload);
/* An act of the service itself: writes the verdict and applies it, under the rule of its
 * transition. The machine must allow it (a bug otherwise). */
MUST_CHECK enum err paper_act(struct step *st, const struct paper *p, enum event_kind kind,
                              const void *payload);
/* The row whose key fields these are, from any object that has them (an event of the paper);
 * ERR_NOT_FOUND. row is of the table's shape. */
MUST_CHECK enum err paper_get(struct step *st, const struct paper *p, const struct shape *shape,
                              const void *payload, void *row);
/* "docs/D-7". */
struct str paper_case(struct step *st, const struct paper *p, const struct shape *shape,
                      const void *payload);
/* The instant at which a day is over for a unit: its 24:00 (CV-7, CV-8). */
int64_t paper_day_end(struct step *st, struct str unit, int32_t day);
/* Text of a field of an object; empty when it has no such TEXT field. */
struct str paper_text(const struct shape *shape, const void *obj, const char *name);

#endif
