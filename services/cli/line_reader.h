/* line_reader.h - a file, plain or .gz, in any encoding of iconv, as UTF-8 lines.
 *
 * Bytes that the named encoding does not know become 0xff, which no UTF-8 text holds: whoever takes
 * the line sees that it is damaged and rejects that line, not the file. A byte order mark is
 * dropped. A file that ends inside its compressed data is an error, because what is missing cannot
 * be told. */
#ifndef CUIBAN_CLI_LINE_READER_H
#define CUIBAN_CLI_LINE_READER_H

#include "common/bytes.h"

#define LINE_READER_BYTES_MAX ((size_t)1 << 20) /* of one line */

struct line_reader;

/* path "-" is the standard input. encoding: a name of iconv, "" = UTF-8. ERR_IO or ERR_REFUSED
 * (unknown encoding) with why. */
MUST_CHECK enum err line_reader_open(const char *path, struct str encoding,
                                     struct line_reader **out, struct fault *why);
void line_reader_close(struct line_reader **r);

/* The next line without its end; borrowed until the next call. ERR_END after the last one,
 * ERR_REFUSED for a line longer than LINE_READER_BYTES_MAX (it is skipped; go on), ERR_IO. */
MUST_CHECK enum err line_reader_next(struct line_reader *r, struct str *line, struct fault *why);
/* Number of the line last returned or refused, from 1, as an editor counts. */
uint64_t line_reader_at(const struct line_reader *r);

bool line_reader_utf8(struct str s); /* is it valid UTF-8? */

#endif
