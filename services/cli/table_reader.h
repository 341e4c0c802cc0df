/* table_reader.h - a CSV file (RFC 4180, any one-byte delimiter) as rows of cells.
 *
 * A row is judged before it is handed out: quotes closed and in place, valid UTF-8, as many cells
 * as the header. A bad row is reported with its line and the reading goes on. When a bad row spans
 * several lines only its first line is given up and reading goes on with the second, so that one
 * lost quote costs one row and not the rest of the file. Cells are trimmed of blanks at both ends.
 * Empty lines are skipped. */
#ifndef CUIBAN_CLI_TABLE_READER_H
#define CUIBAN_CLI_TABLE_READER_H

#include "common/bytes.h"

#define TABLE_READER_COLUMNS_MAX 1024
#define TABLE_READER_ROW_LINES_MAX 1000 /* line feeds inside quotes */

struct table_reader_options {
    char delimiter;      /* 0 = ',' */
    char quote;          /* 0 = no quotes in this file */
    struct str encoding; /* of iconv; "" = UTF-8 */
    bool header;         /* the first row names the columns */
    uint32_t columns;    /* without header: how many cells a row has */
};

struct table_reader_row {
    const struct str *cells; /* borrowed until the next call */
    uint32_t count;
    uint64_t line;  /* where it begins, from 1 */
    struct str raw; /* as it stands in the file, in UTF-8 */
};

struct table_reader;

/* Reads the header too. ERR_IO, or ERR_REFUSED (encoding unknown, no header, header broken) with
 * why. */
MUST_CHECK enum err table_reader_open(const char *path, const struct table_reader_options *options,
                                      struct table_reader **out, struct fault *why);
void table_reader_close(struct table_reader **t);
const struct str *table_reader_header(const struct table_reader *t, uint32_t *count);

/* ERR_OK; ERR_REFUSED: this row is bad (row->line and row->raw are set), go on; ERR_END; ERR_IO. */
MUST_CHECK enum err table_reader_next(struct table_reader *t, struct table_reader_row *row,
                                      struct fault *why);

#endif
