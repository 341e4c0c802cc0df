/* import.c - see import.h. Reads file after file; the rows' facts go through the spool, which sorts
 * them.
 *
 * A case's last row is remembered as far as the mapping asks for it (prev.), for as long as the
 * import runs: rows of one case may be scattered over all files. */
#include "services/cli/import.h"
#include "common/contract.h"
#include "services/cli/import_keys.h"
#include "services/cli/import_reject.h"
#include "services/cli/import_row.h"
#include "services/cli/import_spool.h"
#include "services/cli/ndjson.h"
#include "services/cli/table_reader.h"
#include <stdlib.h>
#include <string.h>

#define PROGRESS_ROWS 65536u

/* What is kept of a case. */
struct case_state {
    uint64_t rows;
    char *texts;     /* the prev columns of its last row, one after the other */
    uint32_t ends[]; /* where each of them ends */
};

struct import {
    struct import_options options;
    struct import_counts counts;
    struct import_spool *spool; /* NULL: NDJSON as it stands */
    bool read;                  /* everything is in the spool */
    uint32_t path;              /* NDJSON as it stands: the file in hand */
    struct ndjson *lines;
    struct import_reject_file rejects;
    struct import_keys case_ids; /* case -> place in cases + 1 */
    struct case_state **cases;
    uint64_t case_count, case_cap;
    uint32_t prev_columns[MAPPING_COLUMNS_MAX], prev_count;
    struct str cells[MAPPING_COLUMNS_MAX], prev[MAPPING_COLUMNS_MAX];
    struct arena memory;   /* of one row */
    struct buf data, fact; /* of one fact */
};

/* ---- rejects ---- */

static enum err reject(struct import *i, const struct import_reject *r, struct fault *why)
{
    if (r->type[0]) {
        i->counts.rejected_facts++;
    } else {
        i->counts.rejected_rows++;
    }
    if (i->options.on_reject) i->options.on_reject(i->options.user, r);
    return i->options.keep_rejects ? import_reject_write(&i->rejects, r, why) : ERR_OK;
}

static enum err begin_rejects(struct import *i, const char *path, struct fault *why)
{
    if (!i->options.keep_rejects) return ERR_OK;
    return import_reject_begin(&i->rejects, path, i->options.rejects_dir, why);
}

static enum err end_rejects(struct import *i, enum err e, struct fault *why)
{
    enum err end = import_reject_end(&i->rejects, e == ERR_OK ? why : NULL);
    return e == ERR_OK ? end : e;
}

static void count_row(struct import *i)
{
    i->counts.rows++;
    if (i->counts.rows % PROGRESS_ROWS == 0 && i->options.on_progress) {
        i->options.on_progress(i->options.user, &i->counts);
    }
}

/* ---- facts ---- */

static void count_fact(struct import *i, enum event_kind kind)
{
    i->counts.facts++;
    i->counts.by_kind[kind]++;
}

static void count_time(struct import_counts *c, int64_t time_ms)
{
    if (c->first_ms == 0 || time_ms < c->first_ms) c->first_ms = time_ms;
    if (c->last_ms == 0 || time_ms > c->last_ms) c->last_ms = time_ms;
}

static struct slice encode(struct import *i, const struct rec_fact *fact)
{
    buf_clear(&i->fact);
    proto_encode(shape_fact(), fact, &i->fact);
    return buf_slice(&i->fact);
}

static enum err keep_fact(struct import *i, const struct mapping_event *e,
                          const struct rec_fact *fact, struct fault *why)
{
    int64_t key_ms = e->early ? IMPORT_SPOOL_EARLY : fact->occurred;
    struct slice bytes = encode(i, fact);
    bool repeated = false;
    enum err err =
        e->once ? import_spool_once(i->spool, key_ms, fact->source, fact->id, bytes, &repeated, why)
                : import_spool_put(i->spool, key_ms, bytes, why);
    if (err != ERR_OK) return err;
    if (repeated) {
        i->counts.repeated++; /* of the two, one is left; the number of facts stays */
    } else {
        count_fact(i, e->type->kind);
    }
    return ERR_OK;
}

/* ---- cases ---- */

static struct str case_key(struct import *i)
{
    const struct mapping_refs *key = &i->options.mapping->key;
    size_t bytes = 0, at = 0;
    if (key->n == 1) return i->cells[key->v[0].column];
    for (uint32_t k = 0; k < key->n; k++)
        bytes += i->cells[key->v[k].column].n + 1u;
    char *text = arena_take(&i->memory, bytes + 1);
    for (uint32_t k = 0; k < key->n; k++) {
        struct str s = i->cells[key->v[k].column];
        if (s.n) memcpy(text + at, s.p, s.n);
        at += s.n;
        text[at++] = 0x1f; /* unit separator: no cell of a sane table holds it */
    }
    return (struct str){text, (uint32_t)bytes};
}

static struct case_state *case_of(struct import *i, struct str key)
{
    uint64_t *place = import_keys_at(&i->case_ids, STR("case"), key);
    if (*place) return i->cases[*place - 1];
    if (i->case_count == i->case_cap) {
        i->case_cap = i->case_cap ? i->case_cap * 2 : 1024;
        i->cases = realloc(i->cases, i->case_cap * sizeof(struct case_state *));
        REQUIRE(i->cases != NULL);
    }
    struct case_state *c = calloc(1, sizeof *c + i->prev_count * sizeof c->ends[0]);
    REQUIRE(c != NULL);
    i->cases[i->case_count++] = c;
    *place = i->case_count;
    return c;
}

/* What the row before said, by mapping column; NULL when this is the first. */
static const struct str *recall(struct import *i, const struct case_state *c)
{
    if (c->rows == 0) return NULL;
    for (uint32_t k = 0; k < i->prev_count; k++) {
        uint32_t from = k ? c->ends[k - 1] : 0;
        i->prev[i->prev_columns[k]] = (struct str){c->texts + from, c->ends[k] - from};
    }
    return i->prev;
}

static void remember(struct import *i, struct case_state *c)
{
    uint32_t bytes = 0;
    c->rows++;
    for (uint32_t k = 0; k < i->prev_count; k++)
        bytes += i->cells[i->prev_columns[k]].n;
    c->texts = realloc(c->texts, bytes + 1u);
    REQUIRE(c->texts != NULL);
    bytes = 0;
    for (uint32_t k = 0; k < i->prev_count; k++) {
        struct str s = i->cells[i->prev_columns[k]];
        if (s.n) memcpy(c->texts + bytes, s.p, s.n);
        c->ends[k] = bytes += s.n;
    }
}

/* ---- rows ---- */

static bool is_missing(const struct mapping *m, struct str s)
{
    for (uint32_t i = 0; i < m->missing_count; i++) {
        if (str_eq(s, m->missing[i])) return true;
    }
    return s.n == 0;
}

static enum err event_of_row(struct import *i, const struct import_row *r,
                             const struct mapping_event *e, struct import_reject *bad,
                             struct fault *why)
{
    struct rec_fact fact;
    bool holds;
    enum err err = import_row_holds(r, e, &holds, &bad->fault);
    if (err == ERR_OK && !holds) return ERR_OK;
    if (err == ERR_OK) err = import_row_fact(r, e, &i->memory, &i->data, &fact, &bad->fault);
    if (err == ERR_OK) return keep_fact(i, e, &fact, why);
    bad->type = e->type->type;
    return reject(i, bad, why);
}

static enum err take_row(struct import *i, const struct table_reader_row *row,
                         const uint32_t *cells, struct import_reject *bad, struct fault *why)
{
    const struct mapping *m = i->options.mapping;
    const char *slash = strrchr(bad->path, '/');
    struct import_row r = {.m = m, .cells = i->cells, .line = row->line};
    struct case_state *c = NULL;
    enum err e = ERR_OK;
    arena_reset(&i->memory);
    for (uint32_t k = 0; k < m->column_count; k++) {
        struct str s = row->cells[cells[k]];
        i->cells[k] = is_missing(m, s) ? (struct str){0} : s;
    }
    r.file = str_of(slash ? slash + 1 : bad->path);
    if (m->follows_cases) {
        struct str key = case_key(i);
        if (key.n == 0) {
            (void)fault_set(&bad->fault, "feed", "case", "",
                            "the column that tells the case is empty");
            return reject(i, bad, why);
        }
        c = case_of(i, key);
        r.prev = recall(i, c);
        r.case_row = c->rows + 1;
    }
    for (uint32_t k = 0; e == ERR_OK && k < m->event_count; k++) {
        e = event_of_row(i, &r, &m->events[k], bad, why);
    }
    if (c) remember(i, c);
    return e;
}

/* ---- files ---- */

static struct table_reader_options table_options(const struct mapping *m)
{
    return (struct table_reader_options){.delimiter = m->delimiter,
                                         .quote = m->quote,
                                         .encoding = m->encoding,
                                         .header = m->header,
                                         .columns = m->header_count};
}

/* Open the table and find the mapping's columns in it. Faults of the file itself have no line. */
static enum err open_table(const struct mapping *m, const char *path, struct table_reader **out,
                           uint32_t *cells, struct mapping_fault *faults, uint32_t cap,
                           uint32_t *count)
{
    struct table_reader_options options = table_options(m);
    struct fault why = {0};
    uint32_t columns;
    enum err e = table_reader_open(path, &options, out, &why);
    if (e != ERR_OK) {
        *count = cap > 0;
        if (cap > 0) faults[0] = (struct mapping_fault){.fault = why};
        return e;
    }
    const struct str *header = table_reader_header(*out, &columns);
    if (!header) header = m->header_columns, columns = m->header_count;
    e = mapping_bind(m, header, columns, cells, faults, cap, count);
    if (e != ERR_OK) table_reader_close(out);
    return e;
}

static enum err read_rows(struct import *i, struct table_reader *t, const char *path,
                          const uint32_t *cells, struct fault *why)
{
    for (;;) {
        struct table_reader_row row;
        struct import_reject bad = {.path = path, .type = ""};
        enum err e = table_reader_next(t, &row, &bad.fault);
        if (e == ERR_END) return ERR_OK;
        bad.line = row.line;
        bad.raw = row.raw;
        if (e != ERR_OK && e != ERR_REFUSED) {
            *why = bad.fault;
            return e;
        }
        count_row(i);
        e = e == ERR_OK ? take_row(i, &row, cells, &bad, why) : reject(i, &bad, why);
        if (e != ERR_OK) return e;
    }
}

static enum err read_table(struct import *i, const char *path, struct fault *why)
{
    uint32_t cells[MAPPING_COLUMNS_MAX], n = 0;
    struct mapping_fault fault = {0};
    struct table_reader *t = NULL;
    enum err e = open_table(i->options.mapping, path, &t, cells, &fault, 1, &n);
    if (e != ERR_OK) {
        *why = fault.fault;
        return e;
    }
    e = read_rows(i, t, path, cells, why);
    table_reader_close(&t);
    return e;
}

/* ---- NDJSON ---- */

/* The next good line of the open file; ERR_END at its end. */
static enum err next_line(struct import *i, const char *path, struct ndjson_line *line,
                          struct fault *why)
{
    for (;;) {
        struct fault fault = {0};
        enum err e = ndjson_next(i->lines, line, &fault);
        if (e == ERR_END) return e;
        if (e != ERR_OK && e != ERR_REFUSED) {
            *why = fault;
            return e;
        }
        count_row(i);
        if (e == ERR_OK) {
            const struct event_type *type = event_by_number(line->fact.number);
            REQUIRE(type != NULL);
            count_fact(i, type->kind);
            return ERR_OK;
        }
        struct import_reject bad = {path, line->line, "", fault, line->raw};
        e = reject(i, &bad, why);
        if (e != ERR_OK) return e;
    }
}

static enum err read_lines(struct import *i, const char *path, struct fault *why)
{
    struct ndjson_line line;
    enum err e = ndjson_open(path, &i->lines, why);
    while (e == ERR_OK) {
        e = next_line(i, path, &line, why);
        if (e == ERR_OK)
            e = import_spool_put(i->spool, line.fact.occurred, encode(i, &line.fact), why);
    }
    ndjson_close(&i->lines);
    return e == ERR_END ? ERR_OK : e;
}

/* As they stand: nothing is kept, so that a pipe can be fed for ever. */
static enum err stream_line(struct import *i, struct slice *fact, int64_t *time_ms,
                            struct fault *why)
{
    struct ndjson_line line;
    enum err e = ERR_END;
    for (; i->path < i->options.path_count; i->path++) {
        const char *path = i->options.paths[i->path];
        e = i->lines ? ERR_OK : begin_rejects(i, path, why);
        if (e == ERR_OK && !i->lines) e = ndjson_open(path, &i->lines, why);
        if (e == ERR_OK) e = next_line(i, path, &line, why);
        if (e != ERR_END) break;
        ndjson_close(&i->lines);
        enum err ended = import_reject_end(&i->rejects, why);
        if (ended != ERR_OK) return ended;
    }
    if (e != ERR_OK) return e;
    count_time(&i->counts, line.fact.occurred);
    *fact = encode(i, &line.fact);
    *time_ms = line.fact.occurred;
    return ERR_OK;
}

/* ---- the whole ---- */

static enum err read_all(struct import *i, struct fault *why)
{
    for (uint32_t k = 0; k < i->options.path_count; k++) {
        const char *path = i->options.paths[k];
        enum err e = begin_rejects(i, path, why);
        if (e == ERR_OK)
            e = i->options.mapping ? read_table(i, path, why) : read_lines(i, path, why);
        e = end_rejects(i, e, why);
        if (e != ERR_OK) return e;
    }
    i->read = true;
    enum err e = import_spool_sort(i->spool, why);
    if (e == ERR_OK) import_spool_span(i->spool, &i->counts.first_ms, &i->counts.last_ms);
    return e;
}

/* An early fact gets its time only now, when the earliest one is known. */
static enum err set_early_time(struct import *i, struct slice *fact, int64_t *time_ms,
                               struct fault *why)
{
    struct rec_fact decoded;
    if (i->counts.first_ms == 0) {
        return fault_set(why, "feed", "no_time", "time",
                         "no event of this input has a time that the early "
                         "ones could take; give them a fixed one with at");
    }
    arena_reset(&i->memory);
    if (proto_decode(shape_fact(), *fact, &i->memory, &decoded, why) != ERR_OK) return ERR_CORRUPT;
    decoded.occurred = *time_ms = i->counts.first_ms;
    *fact = encode(i, &decoded);
    return ERR_OK;
}

enum err import_next(struct import *i, struct slice *fact, int64_t *time_ms, struct fault *why)
{
    if (!i->spool) return stream_line(i, fact, time_ms, why);
    enum err e = i->read ? ERR_OK : read_all(i, why);
    if (e == ERR_OK) e = import_spool_next(i->spool, fact, time_ms);
    if (e != ERR_OK || *time_ms != IMPORT_SPOOL_EARLY) return e;
    return set_early_time(i, fact, time_ms, why);
}

/* A fault of a table among several has to say which one. */
static void name_file(struct mapping_fault *faults, uint32_t n, const char *path)
{
    for (uint32_t k = 0; k < n; k++) {
        char text[240];
        if (strncmp(faults[k].fault.text, path, strlen(path)) == 0) continue;
        str_copy(str_of(faults[k].fault.text), text, sizeof text);
        int used = snprintf(faults[k].fault.text, sizeof text, "%.100s: %.130s", path, text);
        (void)used;
    }
}

static enum err check_file(const struct import_options *o, const char *path,
                           struct mapping_fault *faults, uint32_t cap, uint32_t *count)
{
    uint32_t cells[MAPPING_COLUMNS_MAX];
    struct table_reader *t = NULL;
    struct ndjson *lines = NULL;
    enum err e;
    *count = 0;
    if (strcmp(path, "-") == 0) return ERR_OK; /* a pipe can be read only once */
    if (o->mapping) {
        e = open_table(o->mapping, path, &t, cells, faults, cap, count);
        if (e != ERR_OK) name_file(faults, *count, path);
        table_reader_close(&t);
        return e;
    }
    struct fault why = {0};
    e = ndjson_open(path, &lines, &why);
    ndjson_close(&lines);
    *count = e != ERR_OK && cap > 0;
    if (*count) faults[0] = (struct mapping_fault){.fault = why};
    return e;
}

enum err import_open(const struct import_options *options, struct import **out,
                     struct mapping_fault *faults, uint32_t cap, uint32_t *fault_count)
{
    const struct mapping *m = options->mapping;
    *fault_count = 0;
    for (uint32_t k = 0; k < options->path_count; k++) {
        enum err e = check_file(options, options->paths[k], faults, cap, fault_count);
        if (e != ERR_OK) return e;
    }
    struct import *i = calloc(1, sizeof *i);
    REQUIRE(i != NULL);
    i->options = *options;
    if (m || options->sort) i->spool = import_spool_new();
    for (uint32_t k = 0; m && k < m->column_count; k++) {
        if (m->columns[k].prev) i->prev_columns[i->prev_count++] = k;
    }
    *out = i;
    return ERR_OK;
}

void import_close(struct import **import)
{
    struct import *i = *import;
    if (!i) return;
    ndjson_close(&i->lines);
    import_spool_destroy(&i->spool);
    if (i->rejects.file) fclose(i->rejects.file); /* only after a fault that was reported already */
    import_keys_fini(&i->case_ids);
    for (uint64_t k = 0; k < i->case_count; k++) {
        free(i->cases[k]->texts);
        free(i->cases[k]);
    }
    free(i->cases);
    arena_fini(&i->memory);
    buf_fini(&i->data);
    buf_fini(&i->fact);
    free(i);
    *import = NULL;
}

const struct import_counts *import_counts(const struct import *i)
{
    return &i->counts;
}
