/* import.h - files in, facts out: the reading half of `cuiban feed`.
 *
 * CSV goes through a mapping; its facts come in the order of their time over all files together
 * (equal times: order of the files, of their rows, of the mapping's events), whatever the order of
 * the rows. NDJSON brings the facts themselves; they come as they stand, or sorted when that is
 * asked for. Every fact has passed its contract. What does not is reported and left out, and never
 * stops the rest: through on_reject, and in <input>.rejected.ndjson, one object a line with file,
 * line, type, id, field, code, text and the raw row. */
#ifndef CUIBAN_CLI_IMPORT_H
#define CUIBAN_CLI_IMPORT_H

#include "proto/proto.h"
#include "services/cli/mapping.h"

/* A row or a fact that was left out. Texts live for the call only. */
struct import_reject {
    const char *path;
    uint64_t line;    /* of the file, from 1, the header counted */
    const char *type; /* the event the row should have made; "" when the row itself is bad */
    struct fault fault;
    struct str raw;
};

struct import_counts {
    uint64_t rows;           /* read, good or bad */
    uint64_t facts;          /* made */
    uint64_t repeated;       /* not made again, because of `once` */
    uint64_t rejected_rows;  /* bad as rows or lines */
    uint64_t rejected_facts; /* of good rows, refused by their contract or the mapping */
    uint64_t by_kind[EVENT_KIND_COUNT];
    /* Of the facts, early ones not counted; 0: none. Known when the first fact is. */
    int64_t first_ms, last_ms;
};

struct import_options {
    const char *const *paths; /* borrowed until import_close; "-" is the standard input */
    uint32_t path_count;
    const struct mapping *mapping; /* NULL: the files are NDJSON */
    bool sort;                     /* NDJSON: in the order of time */
    bool keep_rejects;             /* write the files of rejects */
    const char *rejects_dir;       /* where; NULL: beside each input */
    void (*on_reject)(void *user, const struct import_reject *r);   /* or NULL */
    void (*on_progress)(void *user, const struct import_counts *c); /* or NULL; every 65536 rows */
    void *user;
};

struct import;

/* Opens nothing for long, but looks at every file and its header. ERR_REFUSED or ERR_IO with
 * faults; a fault with a line is about the mapping. */
MUST_CHECK enum err import_open(const struct import_options *options, struct import **out,
                                struct mapping_fault *faults, uint32_t cap, uint32_t *fault_count);
void import_close(struct import **i);

/* The next fact: an encoded rec_fact, borrowed until the next call, and when it occurred. The first
 * call reads all CSV. ERR_END; ERR_IO (file, disk), ERR_FULL, ERR_REFUSED (nothing gives the early
 * events a time) with why: then the import is over. */
MUST_CHECK enum err import_next(struct import *i, struct slice *fact, int64_t *time_ms,
                                struct fault *why);
const struct import_counts *import_counts(const struct import *i);

#endif
