/* table_fuzz.c - any bytes as a CSV file, plain or gzip, in any of the encodings people send.
 *
 * Whatever comes: the reading ends; a row that is handed out has as many cells as the header, in
 * valid UTF-8, and lines only go up; a bad row says why and does not end the file; and good rows
 * written again as RFC 4180 are read as the same cells.
 *
 * Bytes: delimiter, quote, encoding and header in one byte, then the file. */
#include "common/contract.h"
#include "services/cli/line_reader.h"
#include "services/cli/table_reader.h"
#include "tests/fuzz/lib/fuzz.h"
#include <string.h>

struct copy {
    struct buf csv;
    uint32_t rows;
    uint32_t sum; /* of all cells */
};

static uint32_t row_sum(uint32_t sum, const struct table_reader_row *row)
{
    for (uint32_t i = 0; i < row->count; i++) {
        sum = crc32c(sum, &row->cells[i].n, sizeof row->cells[i].n);
        sum = crc32c(sum, row->cells[i].p, row->cells[i].n);
    }
    return sum;
}

static void copy_row(struct copy *c, const struct table_reader_row *row)
{
    for (uint32_t i = 0; i < row->count; i++) {
        struct str s = row->cells[i];
        buf_printf(&c->csv, i ? ",\"" : "\"");
        for (uint32_t k = 0; k < s.n; k++) {
            if (s.p[k] == '"') buf_put(&c->csv, "\"", 1);
            buf_put(&c->csv, s.p + k, 1);
        }
        buf_put(&c->csv, "\"", 1);
    }
    buf_put(&c->csv, "\n", 1);
    c->rows++;
    c->sum = row_sum(c->sum, row);
}

static void check_row(const struct table_reader_row *row, uint32_t columns, uint64_t last_line)
{
    REQUIRE(row->count == columns && row->line > last_line);
    for (uint32_t i = 0; i < row->count; i++)
        REQUIRE(line_reader_utf8(row->cells[i]));
}

static void read_all(struct table_reader *t, uint32_t columns, size_t rows_max, struct copy *c)
{
    uint64_t last = 0;
    for (size_t n = 0;; n++) {
        struct table_reader_row row;
        struct fault why = {0};
        enum err e = table_reader_next(t, &row, &why);
        if (e == ERR_END || e == ERR_IO) return;
        REQUIRE(n <= rows_max);
        REQUIRE(e == ERR_OK || (e == ERR_REFUSED && why.text[0]));
        if (e == ERR_OK) check_row(&row, columns, last);
        if (e == ERR_OK) copy_row(c, &row);
        last = row.line;
    }
}

static void check_again(const struct copy *c, uint32_t columns)
{
    struct table_reader_options o = {.quote = '"', .columns = columns};
    struct table_reader *t;
    struct fault why;
    struct copy again = {.rows = 0};
    enum err e = table_reader_open(fuzz_file(1, buf_slice(&c->csv)), &o, &t, &why);
    REQUIRE(e == ERR_OK);
    read_all(t, columns, c->rows + 1, &again);
    REQUIRE(again.rows == c->rows && again.sum == c->sum);
    table_reader_close(&t);
    buf_fini(&again.csv);
}

/* Cells that the writing above cannot give back: a row of one empty cell is an empty line, and what
 * was bad in one encoding stays so. */
static bool can_go_round(const struct copy *c, uint32_t columns)
{
    bool mark = c->csv.n >= 4 && memcmp(c->csv.p + 1, "\xef\xbb\xbf", 3) == 0;
    return columns > 1 && !mark;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const encodings[] = {"", "GB18030", "BIG5", "UTF-16LE"};
    static const char delimiters[] = {',', ';', '\t', '|'};
    struct fuzz_in in = {bytes, n};
    uint8_t how = fuzz_u8(&in);
    struct table_reader_options o = {.delimiter = delimiters[how & 3],
                                     .quote = how & 4 ? 0 : '"',
                                     .encoding = str_of(encodings[how >> 3 & 3]),
                                     .header = !(how & 32),
                                     .columns = 1 + (how >> 6)};
    struct table_reader *t;
    struct copy c = {.rows = 0};
    struct fault why = {0};
    bool packed = in.n > 1 && in.p[0] == 0x1f && in.p[1] == 0x8b;
    enum err e = table_reader_open(fuzz_file(0, (struct slice){in.p, in.n}), &o, &t, &why);
    REQUIRE(e == ERR_OK || why.text[0]);
    if (e != ERR_OK) return 0;
    uint32_t columns = o.columns;
    if (o.header) (void)table_reader_header(t, &columns);
    read_all(t, columns, packed ? SIZE_MAX : n + 2, &c);
    if (can_go_round(&c, columns)) check_again(&c, columns);
    table_reader_close(&t);
    buf_fini(&c.csv);
    return 0;
}
