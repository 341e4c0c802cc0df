/* listing.c - see listing.h. Read: characters and their width, tables, CSV, JSON, cells. */
#include "services/cli/listing.h"
#include "common/contract.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct cell {
    size_t at;
    uint32_t n;
};

struct listing {
    FILE *out;
    enum listing_form form;
    const struct listing_column *columns;
    size_t count, cell; /* columns; cells given of the row at work */
    uint64_t rows;
    uint32_t widths[LISTING_COLUMNS_MAX];
    bool measured; /* the header is printed */
    struct cell *held;
    size_t held_cells;
    struct buf text;
    json_t *object;
};

/* ---- characters ---- */

/* The code point at p, and how many bytes it has; damaged bytes count as one each. */
static uint32_t char_at(const uint8_t *p, size_t n, size_t *bytes)
{
    static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t want = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc2 ? 2 : 1;
    *bytes = 1;
    if (want > n || (want == 1 && *p >= 0x80)) return 0xfffd;
    uint32_t c = *p & masks[want];
    for (size_t i = 1; i < want; i++) {
        if ((p[i] & 0xc0) != 0x80) return 0xfffd;
        c = c << 6 | (p[i] & 0x3f);
    }
    *bytes = want;
    return c;
}

static uint32_t char_width(uint32_t c)
{
    static const struct {
        uint32_t first, last, width;
    } ranges[] = {{0x0300, 0x036f, 0},  {0x1100, 0x115f, 2}, {0x200b, 0x200f, 0},
                  {0x2e80, 0x303e, 2},  {0x3041, 0xa4cf, 2}, {0xac00, 0xd7a3, 2},
                  {0xf900, 0xfaff, 2},  {0xfe00, 0xfe0f, 0}, {0xfe30, 0xfe6f, 2},
                  {0xff00, 0xff60, 2},  {0xffe0, 0xffe6, 2}, {0x1f300, 0x1faff, 2},
                  {0x20000, 0x3fffd, 2}};
    for (size_t i = 0; i < COUNT_OF(ranges) && c >= ranges[i].first; i++) {
        if (c <= ranges[i].last) return ranges[i].width;
    }
    return 1;
}

uint32_t listing_width(struct str s)
{
    uint32_t width = 0;
    size_t bytes;
    for (size_t i = 0; i < s.n; i += bytes) {
        width += char_width(char_at((const uint8_t *)s.p + i, s.n - i, &bytes));
    }
    return width;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

static void print_clean(FILE *out, struct str s)
{
    size_t bytes;
    for (size_t i = 0; i < s.n; i += bytes) {
        const uint8_t *p = (const uint8_t *)s.p + i;
        uint32_t c = char_at(p, s.n - i, &bytes);
        if (is_control(c)) {
            fputc(' ', out);
        } else if (c == 0xfffd) {
            fputs("\xef\xbf\xbd", out);
        } else {
            fwrite(p, 1, bytes, out);
        }
    }
}

void listing_print_padded(FILE *out, struct str s, uint32_t columns, bool right)
{
    uint32_t width = listing_width(s);
    int blanks = width < columns ? (int)(columns - width) : 0;
    if (right) fprintf(out, "%*s", blanks, "");
    print_clean(out, s);
    if (!right) fprintf(out, "%*s", blanks, "");
}

/* ---- tables ---- */

static struct str cell_text(const struct listing *l, const struct cell *c)
{
    return (struct str){c->n ? (const char *)l->text.p + c->at : "", c->n};
}

static size_t last_shown(const struct listing *l)
{
    size_t last = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (l->columns[i].head) last = i;
    }
    return last;
}

static void print_cell(const struct listing *l, size_t i, struct str s)
{
    const struct listing_column *c = &l->columns[i];
    if (!c->head) return;
    bool last = i == last_shown(l);
    listing_print_padded(l->out, s, last && !c->right ? 0 : l->widths[i], c->right);
    fputs(last ? "\n" : "  ", l->out);
}

static void measure(struct listing *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const char *head = l->columns[i].head;
        l->widths[i] = head ? listing_width(str_of(head)) : 0;
    }
    for (size_t i = 0; i < l->held_cells; i++) {
        uint32_t w = listing_width(cell_text(l, &l->held[i]));
        if (w > l->widths[i % l->count]) l->widths[i % l->count] = w;
    }
    l->measured = true;
    for (size_t i = 0; i < l->count; i++) {
        if (l->columns[i].head) print_cell(l, i, str_of(l->columns[i].head));
    }
}

static void print_held(struct listing *l)
{
    if (!l->measured) measure(l);
    for (size_t i = 0; i < l->held_cells; i++) {
        print_cell(l, i % l->count, cell_text(l, &l->held[i]));
    }
    l->held_cells = 0;
    buf_clear(&l->text);
}

/* ---- CSV ---- */

static bool looks_like_formula(const struct listing *l, size_t i, struct str s)
{
    return s.n > 0 && !l->columns[i].right && strchr("=+-@\t\r", s.p[0]) != NULL;
}

static void csv_cell(const struct listing *l, size_t i, struct str s)
{
    bool formula = looks_like_formula(l, i, s), quote = formula;
    for (uint32_t k = 0; k < s.n; k++)
        quote |= strchr("\",\r\n", s.p[k]) != NULL && s.p[k] != 0;
    if (i > 0) fputc(',', l->out);
    if (!quote) {
        fwrite(s.n ? s.p : "", 1, s.n, l->out);
        return;
    }
    fputs(formula ? "\"'" : "\"", l->out);
    for (uint32_t k = 0; k < s.n; k++) {
        if (s.p[k] == '"') fputc('"', l->out);
        fputc(s.p[k], l->out);
    }
    fputc('"', l->out);
}

static void csv_head(const struct listing *l)
{
    for (size_t i = 0; i < l->count; i++) {
        fprintf(l->out, "%s%s", i ? "," : "", l->columns[i].name);
    }
    fputs("\r\n", l->out);
}

static void csv_row(struct listing *l)
{
    for (size_t i = 0; i < l->count; i++)
        csv_cell(l, i, cell_text(l, &l->held[i]));
    fputs("\r\n", l->out);
    l->held_cells = 0;
    buf_clear(&l->text);
}

/* ---- rows ---- */

struct listing *listing_begin(FILE *out, enum listing_form form,
                              const struct listing_column *columns, size_t count)
{
    REQUIRE(count > 0 && count <= LISTING_COLUMNS_MAX);
    struct listing *l = calloc(1, sizeof *l);
    REQUIRE(l != NULL);
    *l = (struct listing){.out = out, .form = form, .columns = columns, .count = count};
    l->held = calloc(count * LISTING_HELD_ROWS, sizeof *l->held);
    REQUIRE(l->held != NULL);
    if (form == LISTING_csv) csv_head(l);
    if (form == LISTING_json) fputc('[', out);
    return l;
}

static void json_row(struct listing *l)
{
    fputs(l->rows ? ",\n " : "\n ", l->out);
    int failed = json_dumpf(l->object, l->out, JSON_COMPACT);
    REQUIRE(!failed);
    json_decref(l->object);
    l->object = NULL;
}

/* A cell was given. */
static void step_on(struct listing *l)
{
    if (++l->cell < l->count) return;
    l->cell = 0;
    if (l->form == LISTING_json) json_row(l);
    if (l->form == LISTING_csv) csv_row(l);
    l->rows++;
    bool full = l->held_cells == l->count * LISTING_HELD_ROWS;
    if (l->form == LISTING_table && (l->measured || full)) print_held(l);
}

static void put_cell(struct listing *l, struct str s)
{
    l->held[l->held_cells++] = (struct cell){l->text.n, s.n};
    buf_put(&l->text, s.n ? s.p : "", s.n);
    step_on(l);
}

static void put_json(struct listing *l, json_t *v)
{
    if (!l->object) l->object = json_object();
    if (v) {
        int failed = json_object_set_new(l->object, l->columns[l->cell].name, v);
        REQUIRE(!failed);
    }
    step_on(l);
}

uint64_t listing_end(struct listing **lp, const char *none)
{
    struct listing *l = *lp;
    REQUIRE(l->cell == 0);
    uint64_t rows = l->rows;
    if (l->form == LISTING_table && l->held_cells) print_held(l);
    if (l->form == LISTING_table && rows == 0) fprintf(l->out, "%s\n", none);
    if (l->form == LISTING_json) fputs(rows ? "\n]\n" : "]\n", l->out);
    buf_fini(&l->text);
    free(l->held);
    free(l);
    *lp = NULL;
    return rows;
}

/* ---- cells ---- */

void listing_text(struct listing *l, struct str s)
{
    if (l->form != LISTING_json) {
        put_cell(l, s);
        return;
    }
    put_json(l, s.n ? json_stringn(s.p, s.n) : NULL);
}

void listing_printf(struct listing *l, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    listing_text(l, str_of(text));
}

void listing_number(struct listing *l, int64_t n)
{
    char text[24];
    if (l->form == LISTING_json) {
        put_json(l, json_integer(n));
        return;
    }
    (void)snprintf(text, sizeof text, "%" PRId64, n);
    put_cell(l, str_of(text));
}

void listing_count(struct listing *l, uint64_t n)
{
    if (n) {
        listing_number(l, (int64_t)n);
    } else {
        listing_text(l, (struct str){0});
    }
}

void listing_time(struct listing *l, int64_t ms, const struct zone *zone)
{
    char text[40] = "";
    if (ms && l->form == LISTING_table) time_format_local(ms, zone, text);
    if (ms && l->form != LISTING_table) time_format(ms, zone, text);
    listing_text(l, str_of(text));
}

void listing_code(struct listing *l, const struct codeset *set, uint32_t number)
{
    const char *word = code_word(set, number);
    if (l->form == LISTING_table && number) {
        listing_printf(l, "%s %s", word, code_label(set, number));
    } else {
        listing_text(l, str_of(word));
    }
}

void listing_json(struct listing *l, json_t *taken)
{
    if (l->form == LISTING_json) {
        put_json(l, taken);
        return;
    }
    char *text = taken ? json_dumps(taken, JSON_COMPACT) : NULL;
    listing_text(l, str_of(text ? text : ""));
    free(text);
    json_decref(taken);
}
