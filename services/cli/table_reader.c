/* table_reader.c - see table_reader.h. libcsv splits a row into cells; finding where a row ends is
 * done here, because libcsv reads on to the end of the file when a quote is never closed.
 *
 * held keeps the lines of the row in hand (each with its '\n'), and after a bad row the lines that
 * are to be read again: everything from `at` on is still to be used. */
#include "services/cli/table_reader.h"
#include "common/contract.h"
#include "services/cli/line_reader.h"
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define ROW_BYTES_MAX LINE_READER_BYTES_MAX

struct table_reader {
    struct table_reader_options options;
    struct line_reader *lines;
    struct csv_parser csv;
    struct buf held;
    size_t at;
    uint64_t line; /* of the line at `at`; 0 when held is used up */
    struct arena header_memory;
    struct str *header;
    uint32_t columns;
    struct str cells[TABLE_READER_COLUMNS_MAX];
    struct buf text; /* of the cells, one after the other */
    uint32_t count, rows;
};

/* Where the scan for the end of a row stands. */
struct scan {
    bool quoted, at_start;
};

static char delimiter_of(const struct table_reader *t)
{
    return t->options.delimiter ? t->options.delimiter : ',';
}

/* Follow the quotes through one line. A quote opens only at the start of a cell; "" inside closes
 * and opens again, which comes to the same. */
static void scan_line(const struct table_reader *t, struct scan *s, struct str line)
{
    char delimiter = delimiter_of(t), quote = t->options.quote;
    if (!s->quoted) s->at_start = true;
    for (uint32_t i = 0; quote && i < line.n; i++) {
        char c = line.p[i];
        if (s->quoted) {
            s->quoted = c != quote;
            if (!s->quoted && i + 1 < line.n && line.p[i + 1] == quote) s->quoted = true, i++;
        } else if (c == quote && s->at_start) {
            s->quoted = true;
            s->at_start = false;
        } else {
            s->at_start = c == delimiter || (s->at_start && (c == ' ' || c == '\t'));
        }
    }
}

/* The next line: one that is held from `*next` on, else one of the file, which is then held too. */
static enum err take_line(struct table_reader *t, size_t *next, struct str *line, struct fault *why)
{
    if (*next < t->held.n) {
        const uint8_t *from = t->held.p + *next;
        const uint8_t *end = memchr(from, '\n', t->held.n - *next);
        REQUIRE(end != NULL);
        *line = (struct str){(const char *)from, (uint32_t)(end - from)};
        *next += line->n + 1u;
        return ERR_OK;
    }
    enum err e = line_reader_next(t->lines, line, why);
    if (e != ERR_OK) return e;
    if (t->line == 0) t->line = line_reader_at(t->lines);
    buf_put(&t->held, line->p, line->n);
    buf_put(&t->held, "\n", 1);
    *next = t->held.n;
    *line = (struct str){(const char *)t->held.p + t->held.n - line->n - 1, line->n};
    return ERR_OK;
}

static enum err row_fault(struct fault *why, const char *code, const char *text)
{
    return fault_set(why, "feed", code, "", "%s", text);
}

/* Gather lines until the quotes are closed. *next is where the row ends in held. */
static enum err gather(struct table_reader *t, size_t *next, struct fault *why)
{
    static const char open_text[] = "a quote is opened and not closed; close it, or double a quote "
                                    "that belongs to the text";
    struct scan s = {0};
    struct str line;
    for (uint32_t n = 0;; n++) {
        enum err e = take_line(t, next, &line, why);
        if (n > 0 && (e == ERR_END || e == ERR_REFUSED)) return row_fault(why, "quote", open_text);
        if (e != ERR_OK) return e;
        scan_line(t, &s, line);
        if (!s.quoted) return ERR_OK;
        if (n == TABLE_READER_ROW_LINES_MAX || *next - t->at > ROW_BYTES_MAX) {
            return row_fault(why, "quote", open_text);
        }
    }
}

static void on_cell(void *p, size_t n, void *user)
{
    struct table_reader *t = user;
    if (t->count < TABLE_READER_COLUMNS_MAX) {
        t->cells[t->count] = (struct str){NULL, (uint32_t)n};
        buf_put(&t->text, p, n);
    }
    t->count++;
}

static void on_row(int end, void *user)
{
    struct table_reader *t = user;
    (void)end;
    t->rows++;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cells get their places only now, because the text moved while it grew. */
static void place_cells(struct table_reader *t)
{
    const char *p = (const char *)t->text.p;
    for (uint32_t i = 0; i < t->count; i++) {
        uint32_t n = t->cells[i].n;
        const char *from = p, *end = p + n;
        while (from < end && is_blank(*from))
            from++;
        while (end > from && is_blank(end[-1]))
            end--;
        t->cells[i] = (struct str){from, (uint32_t)(end - from)};
        p += n;
    }
}

static enum err split(struct table_reader *t, struct str raw, struct fault *why)
{
    t->count = t->rows = 0;
    buf_clear(&t->text);
    buf_reserve(&t->text, raw.n + 1u);
    size_t used = csv_parse(&t->csv, raw.p, raw.n, on_cell, on_row, t);
    bool broken = used != raw.n || t->rows != 1;
    if (broken) (void)csv_fini(&t->csv, NULL, NULL, NULL); /* ready for the next row */
    if (broken) {
        return row_fault(why, "quote",
                         "a quote stands inside a cell that does not begin with one, or text "
                         "follows a closing quote; quote the whole cell and double the "
                         "quotes inside");
    }
    if (t->count > TABLE_READER_COLUMNS_MAX) {
        return fault_set(why, "feed", "columns", "", "%u columns, at most %d", t->count,
                         TABLE_READER_COLUMNS_MAX);
    }
    place_cells(t);
    return ERR_OK;
}

static enum err judge(struct table_reader *t, struct str raw, struct fault *why)
{
    if (!line_reader_utf8(raw)) {
        return fault_set(why, "feed", "encoding", "",
                         "bytes that are not valid %.*s; name the file's "
                         "encoding under input.encoding or mend the row",
                         t->options.encoding.n ? (int)t->options.encoding.n : 5,
                         t->options.encoding.n ? t->options.encoding.p : "UTF-8");
    }
    enum err e = split(t, raw, why);
    if (e != ERR_OK || t->columns == 0 || t->count == t->columns) return e;
    return fault_set(why, "feed", "columns", "",
                     "%u cells, but %u columns; look for a stray "
                     "delimiter or an unclosed quote",
                     t->count, t->columns);
}

static bool is_empty(struct str line)
{
    while (line.n > 0 && is_blank(line.p[line.n - 1]))
        line.n--;
    return line.n == 0;
}

static uint64_t lines_in(const struct table_reader *t, size_t from, size_t to)
{
    uint64_t n = 0;
    for (size_t i = from; i < to; i++)
        n += t->held.p[i] == '\n';
    return n;
}

/* Everything before `to` is used. */
static void use_up(struct table_reader *t, size_t to)
{
    t->line += lines_in(t, t->at, to);
    t->at = to;
}

static size_t first_line_end(const struct table_reader *t)
{
    const uint8_t *end = memchr(t->held.p + t->at, '\n', t->held.n - t->at);
    REQUIRE(end != NULL);
    return (size_t)(end + 1 - t->held.p);
}

enum err table_reader_next(struct table_reader *t, struct table_reader_row *row, struct fault *why)
{
    for (;;) {
        if (t->at == t->held.n) {
            buf_clear(&t->held);
            t->at = 0;
            t->line = 0;
        }
        size_t next = t->at;
        enum err e = gather(t, &next, why);
        *row = (struct table_reader_row){.line = t->line};
        if (next == t->at) { /* end of the file, or a line nobody could hold */
            row->line = line_reader_at(t->lines);
            return e;
        }
        if (e == ERR_IO) return e;
        row->raw = (struct str){(const char *)t->held.p + t->at, (uint32_t)(next - t->at)};
        if (e == ERR_OK && is_empty((struct str){row->raw.p, row->raw.n - 1})) {
            use_up(t, next);
            continue;
        }
        if (e == ERR_OK) e = judge(t, row->raw, why);
        if (e != ERR_OK) next = first_line_end(t);
        row->raw.n = (uint32_t)(next - t->at) - 1;
        row->cells = t->cells;
        row->count = e == ERR_OK ? t->count : 0;
        use_up(t, next);
        return e;
    }
}

static enum err read_header(struct table_reader *t, const char *path, struct fault *why)
{
    struct table_reader_row row;
    if (!t->options.header) {
        t->columns = t->options.columns;
        return ERR_OK;
    }
    enum err e = table_reader_next(t, &row, why);
    if (e == ERR_END)
        return fault_set(why, "feed", "header", "", "%s: empty, not even a header", path);
    if (e != ERR_OK) return e;
    t->header = arena_take(&t->header_memory, row.count * sizeof *t->header);
    for (uint32_t i = 0; i < row.count; i++)
        t->header[i] = arena_str(&t->header_memory, row.cells[i]);
    t->columns = row.count;
    return ERR_OK;
}

enum err table_reader_open(const char *path, const struct table_reader_options *options,
                           struct table_reader **out, struct fault *why)
{
    struct line_reader *lines = NULL;
    enum err e = line_reader_open(path, options->encoding, &lines, why);
    if (e != ERR_OK) return e;
    struct table_reader *t = calloc(1, sizeof *t);
    REQUIRE(t != NULL);
    t->options = *options;
    t->lines = lines;
    REQUIRE(csv_init(&t->csv, CSV_STRICT) == 0);
    csv_set_delim(&t->csv, (unsigned char)delimiter_of(t));
    csv_set_quote(&t->csv, (unsigned char)options->quote);
    e = read_header(t, path, why);
    if (e != ERR_OK) {
        table_reader_close(&t);
        return e;
    }
    *out = t;
    return ERR_OK;
}

void table_reader_close(struct table_reader **table)
{
    struct table_reader *t = *table;
    if (!t) return;
    line_reader_close(&t->lines);
    csv_free(&t->csv);
    buf_fini(&t->held);
    buf_fini(&t->text);
    arena_fini(&t->header_memory);
    free(t);
    *table = NULL;
}

const struct str *table_reader_header(const struct table_reader *t, uint32_t *count)
{
    *count = t->header ? t->columns : 0;
    return t->header;
}
