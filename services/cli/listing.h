/* listing.h - the one way a command prints many of something: a table for people, JSON, or CSV.
 *
 * Cells are given one after the other, row by row. A table looks at its first LISTING_HELD_ROWS
 * rows to find the widths (a Chinese character takes two columns), then prints as the rows come;
 * nothing more is held. JSON is one array of objects; CSV is RFC 4180 with a header, and a cell
 * that a spreadsheet would take for a formula gets an apostrophe in front. Absent cells are left
 * out of JSON. Control characters never reach a terminal. */
#ifndef CUIBAN_SERVICES_CLI_LISTING_H
#define CUIBAN_SERVICES_CLI_LISTING_H

#include "common/calendar.h"
#include "proto/proto.h"
#include <jansson.h>

#define LISTING_COLUMNS_MAX 24
#define LISTING_HELD_ROWS 1000

enum listing_form { LISTING_table, LISTING_json, LISTING_csv };

struct listing_column {
    const char *name; /* in JSON and CSV */
    const char *head; /* above the column of a table; NULL: not in the table */
    bool right;       /* numbers */
};

struct listing;
/* columns are borrowed until listing_end. */
struct listing *listing_begin(FILE *out, enum listing_form form,
                              const struct listing_column *columns, size_t count);
/* The next cell; after the last one of a row the next row begins. */
void listing_text(struct listing *l, struct str s);
__attribute__((format(printf, 2, 3))) void listing_printf(struct listing *l, const char *fmt, ...);
void listing_number(struct listing *l, int64_t n);
void listing_count(struct listing *l, uint64_t n); /* 0 = absent */
/* An instant, 0 = absent: the local clock in a table, RFC 3339 for programs; zone NULL = UTC. */
void listing_time(struct listing *l, int64_t ms, const struct zone *zone);
/* Word and Chinese term in a table, the word alone for programs. */
void listing_code(struct listing *l, const struct codeset *set, uint32_t number);
void listing_json(struct listing *l, json_t *taken); /* takes it over; NULL = absent */
/* Prints what is held and destroys; returns how many rows there were. `none` is said in a table
 * without rows. */
uint64_t listing_end(struct listing **l, const char *none);

uint32_t listing_width(struct str s); /* columns on a terminal */
/* The text with every control character as a blank, padded with blanks to `columns` (right: in
 * front). */
void listing_print_padded(FILE *out, struct str s, uint32_t columns, bool right);

#endif
