/* mapping.h - a mapping file: how rows of somebody's table become facts of ours.
 *
 * The manual of the language is deploy/mappings/README.md. A file is read and checked as a whole:
 * mapping_load answers with every fault it finds, each with its line. What only the table itself
 * can tell, whether a column is there, is checked by mapping_bind when the table's header is known.
 * A loaded mapping is read-only. */
#ifndef CUIBAN_CLI_MAPPING_H
#define CUIBAN_CLI_MAPPING_H

#include "proto/proto.h"
#include "services/cli/fieldform.h"
#include <stdio.h>

#define MAPPING_FILE_BYTES_MAX ((size_t)1 << 20)
#define MAPPING_COLUMNS_MAX 256 /* columns a mapping names */
#define MAPPING_WORDS_MAX 4096  /* entries of one list or value table */
#define MAPPING_EVENTS_MAX 64
#define MAPPING_FAULTS_MAX 32

/* A column of this row, or of the row before it of the same case ("prev.state"). */
struct mapping_ref {
    uint32_t column; /* place in mapping.columns */
    bool prev;
};

struct mapping_refs {
    const struct mapping_ref *v;
    uint32_t n;
};

enum mapping_part_kind {
    MAPPING_PART_text,
    MAPPING_PART_column,
    MAPPING_PART_line,     /* {@line}: the row's line in its file */
    MAPPING_PART_case_row, /* {@case_row}: the row is the n-th of its case, from 1 */
    MAPPING_PART_file      /* {@file}: the file's name without folders */
};

struct mapping_part {
    enum mapping_part_kind kind;
    struct str text;
    struct mapping_ref column;
};

/* "{number}:paused:{@case_row}". Without any column it is a constant; count 0: not given. */
struct mapping_template {
    const struct mapping_part *parts;
    uint32_t count;
};

struct mapping_entry {
    struct str from, to; /* to "": absent */
};

struct mapping_table {
    struct str name;
    const struct mapping_entry *entries; /* sorted by from */
    uint32_t count;
    bool has_other, other_is_itself; /* "*": word, and "*": "*" */
    struct str other;
};

struct mapping_value {
    const struct mapping_template *options; /* the first one present is taken */
    uint32_t option_count;
    const struct mapping_table *table; /* or NULL */
    struct str fallback;               /* when nothing is there */
    struct fieldform form;
    struct str split; /* LIST: the text is several, parted by this */
};

struct mapping_line;

struct mapping_field {
    const struct field *field;
    uint32_t line; /* in the mapping file */
    struct mapping_value value;
    const struct mapping_line *lines; /* LIST, unless value.split */
    uint32_t line_count;
};

/* A line of a LIST. */
struct mapping_line {
    const struct mapping_field *fields;
    uint32_t count;
};

enum mapping_test_kind {
    MAPPING_TEST_is,   /* one of words */
    MAPPING_TEST_like, /* fits one of words as a glob */
    MAPPING_TEST_present,
    MAPPING_TEST_same,   /* equal to other, or both absent */
    MAPPING_TEST_first,  /* first row of its case */
    MAPPING_TEST_number, /* at least (or with strict: more than) limit; negated for less */
    MAPPING_TEST_time,   /* not before other; negated with strict for not after */
    MAPPING_TEST_any     /* one of tests holds */
};

struct mapping_test {
    enum mapping_test_kind kind;
    bool negate, strict;
    struct mapping_ref column, other;
    const struct str *words;
    uint32_t word_count;
    int64_t limit_micro;              /* millionths */
    const struct mapping_test *tests; /* MAPPING_TEST_any: groups follow each other, see group */
    uint32_t test_count;
    uint32_t group; /* inside `any`: tests of one group must all hold */
};

struct mapping_event {
    const struct event_type *type;
    uint32_t line;
    const struct mapping_test *when; /* all must hold */
    uint32_t when_count;
    struct mapping_refs time;                  /* the first one present */
    struct mapping_refs clock;                 /* time of day in a column of its own; at most one */
    struct mapping_refs plus;                  /* durations that are added; absent ones are not */
    struct mapping_refs not_before, not_after; /* move the time; absent ones do not */
    int64_t at_ms;                             /* a fixed time instead; 0 = none */
    struct mapping_template id, source, actor;
    bool once, early;
    const struct mapping_field *fields;
    uint32_t field_count;
};

struct mapping_column {
    struct str name;
    uint32_t line; /* where the mapping names it first */
    bool prev;     /* its value in the row before is asked for */
};

struct mapping {
    struct str path, name;
    char delimiter, quote; /* quote 0: the file has none */
    bool header;
    struct str encoding;
    const struct str *header_columns; /* without header in the file: what its columns are called */
    uint32_t header_count;
    const struct str *missing; /* words that mean absent, besides the empty one */
    uint32_t missing_count;
    struct timeform_set times;
    struct zone *zone;
    struct mapping_refs key; /* what identifies a case; none: rows stand alone */
    bool follows_cases;      /* prev., first or {@case_row} is used */
    struct mapping_column columns[MAPPING_COLUMNS_MAX];
    uint32_t column_count;
    const struct mapping_table *tables;
    uint32_t table_count;
    const struct mapping_event *events;
    uint32_t event_count;
    struct arena memory;
};

/* Replace the word by what the table says; ERR_NOT_FOUND when it says nothing. */
MUST_CHECK enum err mapping_look_up(const struct mapping_table *t, struct str *s);

struct mapping_fault {
    uint32_t line;      /* of the mapping file; 0 when the whole is meant */
    struct fault fault; /* field: the path in the file, "events[2].data.due" */
};

/* ERR_REFUSED with faults in the order of the file (at most cap of them are written), ERR_IO with
 * one. */
MUST_CHECK enum err mapping_load(const char *path, struct mapping **out,
                                 struct mapping_fault *faults, uint32_t cap, uint32_t *fault_count);
void mapping_close(struct mapping **m);
/* "file:line: path: what is wrong and what would be right", one line a fault. */
void mapping_print_faults(FILE *out, const char *path, const struct mapping_fault *faults,
                          uint32_t n);

/* Where each column of the mapping stands in a table with this header: cells[i] is the cell of
 * m->columns[i]. ERR_REFUSED with one fault for each column that is not there, or there twice. */
MUST_CHECK enum err mapping_bind(const struct mapping *m, const struct str *header, uint32_t count,
                                 uint32_t cells[MAPPING_COLUMNS_MAX], struct mapping_fault *faults,
                                 uint32_t cap, uint32_t *fault_count);

#endif
