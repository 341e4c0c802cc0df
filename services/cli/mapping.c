/* mapping.c - see mapping.h: a mapping file as a whole, its input and its tables. Events:
 * mapping_event.c; their data: mapping_value.c; their conditions: mapping_when.c; YAML:
 * mapping_yaml.c.
 *
 * The order of reading matters: tables and time formats before the events that use them. */
#include "services/cli/mapping.h"
#include "common/calendar.h"
#include "common/contract.h"
#include "common/nearest.h"
#include "services/cli/mapping_yaml.h"
#include "services/cli/table_reader.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LANGUAGE "1"
#define TABLES_MAX 64

/* ---- input ---- */

static char read_char(struct mapping_build *b, const struct mapping_node *n, char otherwise,
                      bool none)
{
    struct str s;
    if (!n->y) return otherwise;
    if (!mapping_word(b, n, &s)) return otherwise;
    if (none && (s.n == 0 || str_is(s, "none"))) return 0;
    if (str_is(s, "tab")) return '\t';
    if (s.n == 1 && s.p[0] != '\n' && s.p[0] != '\r') return s.p[0];
    mapping_fault_add(b, n, "not_a_character", "one character is wanted, or the word tab%s",
                      none ? " or none" : "");
    return otherwise;
}

static void read_header(struct mapping_build *b, const struct mapping_node *input)
{
    struct mapping *m = b->m;
    struct mapping_node header = mapping_get(b, input, "header"),
                        columns = mapping_get(b, input, "columns");
    m->header = mapping_yes(b, &header, true);
    if (columns.y) (void)mapping_words(b, &columns, &m->header_columns, &m->header_count);
    if (m->header == (columns.y != NULL)) {
        mapping_fault_add(b, input, "header",
                          "either the file has a header, or columns names its columns");
    }
    if (m->header_count > TABLE_READER_COLUMNS_MAX) {
        mapping_fault_add(b, &columns, "too_many", "at most %d columns", TABLE_READER_COLUMNS_MAX);
    }
}

static void read_times(struct mapping_build *b, const struct mapping_node *input)
{
    const struct str iso = STR("iso");
    struct mapping_node times = mapping_get(b, input, "times"),
                        zone = mapping_get(b, input, "zone");
    const struct str *formats = &iso;
    struct fault why;
    struct str name;
    uint32_t n = 1;
    if (times.y && !mapping_words(b, &times, &formats, &n)) n = 0;
    if (n > TIMEFORM_MAX) {
        mapping_fault_add(b, &times, "too_many", "at most %d formats", TIMEFORM_MAX);
        n = 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (timeform_check(formats[i], &why) != ERR_OK)
            mapping_fault_add(b, &times, why.code, "%s", why.text);
        b->m->times.formats[i] = formats[i];
    }
    b->m->times.count = n;
    if (!zone.y) {
        mapping_fault_add(b, input, "zone",
                          "zone is missing: the zone of stamps without an offset, such as "
                          "\"+08:00\" or Asia/Taipei");
    } else if (mapping_word(b, &zone, &name) && zone_open(name, &b->m->zone, &why) != ERR_OK) {
        mapping_fault_add(b, &zone, "zone_invalid", "%s", why.text);
    }
    b->m->times.zone = b->m->zone;
}

static void read_input(struct mapping_build *b, const struct mapping_node *root)
{
    struct mapping *m = b->m;
    struct mapping_node input = mapping_get(b, root, "input");
    if (!input.y) {
        mapping_fault_add(b, root, "input", "input is missing: format, times, zone");
        return;
    }
    if (!mapping_check_keys(b, &input,
                            "format delimiter quote header columns encoding missing times zone")) {
        return;
    }
    struct mapping_node format = mapping_get(b, &input, "format");
    struct mapping_node delimiter = mapping_get(b, &input, "delimiter");
    struct mapping_node quote = mapping_get(b, &input, "quote");
    struct mapping_node encoding = mapping_get(b, &input, "encoding");
    struct mapping_node missing = mapping_get(b, &input, "missing");
    struct str word = STR("csv");
    if (format.y && mapping_word(b, &format, &word) && !str_is(word, "csv")) {
        mapping_fault_add(b, &format, "format", "\"%.*s\" is not csv; NDJSON needs no mapping",
                          STR_ARG(word));
    }
    m->delimiter = read_char(b, &delimiter, ',', false);
    m->quote = read_char(b, &quote, '"', true);
    if (encoding.y) (void)mapping_word(b, &encoding, &m->encoding);
    if (missing.y) (void)mapping_words(b, &missing, &m->missing, &m->missing_count);
    read_header(b, &input);
    read_times(b, &input);
}

/* ---- value tables ---- */

static int entry_order(const void *a, const void *b)
{
    const struct mapping_entry *x = a, *y = b;
    uint32_t n = x->from.n < y->from.n ? x->from.n : y->from.n;
    int c = n ? memcmp(x->from.p, y->from.p, n) : 0;
    return c ? c : (x->from.n > y->from.n) - (x->from.n < y->from.n);
}

static void read_other(struct mapping_build *b, const struct mapping_node *n,
                       struct mapping_table *t)
{
    if (t->has_other) mapping_fault_add(b, n, "twice", "\"*\" is given twice");
    t->has_other = true;
    (void)mapping_word(b, n, &t->other);
    t->other_is_itself = str_is(t->other, "*");
}

static void read_table(struct mapping_build *b, const struct mapping_node *n,
                       struct mapping_table *t)
{
    struct mapping_node key, value;
    uint32_t size = mapping_size(n);
    struct str from;
    if (!mapping_is_map(n) || size == 0 || size > MAPPING_WORDS_MAX) {
        mapping_fault_add(b, n, "not_a_map", "a table is a map of 1 to %d words",
                          MAPPING_WORDS_MAX);
        return;
    }
    struct mapping_entry *entries = arena_take(&b->m->memory, size * sizeof *entries);
    for (uint32_t i = 0; mapping_pair(b, n, i, &key, &value); i++) {
        if (!mapping_word(b, &key, &from)) continue;
        if (str_is(from, "*")) {
            read_other(b, &value, t);
            continue;
        }
        entries[t->count].from = from;
        (void)mapping_word(b, &value, &entries[t->count++].to);
    }
    qsort(entries, t->count, sizeof *entries, entry_order);
    for (uint32_t i = 1; i < t->count; i++) {
        if (entry_order(&entries[i - 1], &entries[i]) != 0) continue;
        mapping_fault_add(b, n, "twice", "\"%.*s\" is given twice", STR_ARG(entries[i].from));
    }
    t->entries = entries;
}

enum err mapping_look_up(const struct mapping_table *t, struct str *s)
{
    struct mapping_entry key = {.from = *s};
    const struct mapping_entry *e =
        t->count ? bsearch(&key, t->entries, t->count, sizeof key, entry_order) : NULL;
    if (!e && !t->has_other) return ERR_NOT_FOUND;
    if (e) *s = e->to;
    if (!e && !t->other_is_itself) *s = t->other;
    return ERR_OK;
}

static void read_tables(struct mapping_build *b, const struct mapping_node *root)
{
    struct mapping_node values = mapping_get(b, root, "values"), key, value;
    if (!values.y) return;
    if (!mapping_is_map(&values) || mapping_size(&values) > TABLES_MAX) {
        mapping_fault_add(b, &values, "not_a_map", "values is a map of at most %d tables by name",
                          TABLES_MAX);
        return;
    }
    struct mapping_table *tables =
        arena_take(&b->m->memory, (mapping_size(&values) + 1) * sizeof *tables);
    for (uint32_t i = 0; mapping_pair(b, &values, i, &key, &value); i++) {
        if (!mapping_word(b, &key, &tables[i].name)) continue;
        read_table(b, &value, &tables[i]);
    }
    b->m->tables = tables;
    b->m->table_count = mapping_size(&values);
}

/* ---- the whole ---- */

static void read_root(struct mapping_build *b, const struct mapping_node *root)
{
    struct mapping *m = b->m;
    struct str version;
    if (!mapping_check_keys(b, root, "mapping name about input case values source actor events"))
        return;
    struct mapping_node language = mapping_get(b, root, "mapping"),
                        name = mapping_get(b, root, "name");
    struct mapping_node key = mapping_get(b, root, "case");
    if (!language.y || !mapping_word(b, &language, &version) || !str_is(version, LANGUAGE)) {
        mapping_fault_add(b, root, "version", "mapping: 1 is wanted, the version of this language");
    }
    if (name.y) (void)mapping_word(b, &name, &m->name);
    if (key.y) (void)mapping_ref_list(b, &key, &m->key);
    read_input(b, root);
    read_tables(b, root);
    if (b->fault_count == 0) mapping_load_events(b, root);
    if (b->fault_count == 0 && m->follows_cases && m->key.n == 0) {
        mapping_fault_add(b, root, "case",
                          "prev., changed, first and {@case_row} need case: the column that "
                          "tells the cases apart");
    }
    if (b->fault_count == 0 && !m->header) {
        uint32_t cells[MAPPING_COLUMNS_MAX], n;
        enum err e =
            mapping_bind(m, m->header_columns, m->header_count, cells, b->faults, b->cap, &n);
        REQUIRE((e == ERR_OK) == (n == 0));
        b->fault_count += n;
    }
}

static void read_document(struct mapping_build *b, struct slice text)
{
    yaml_parser_t parser;
    yaml_document_t doc;
    if (!yaml_parser_initialize(&parser)) return;
    yaml_parser_set_input_string(&parser, text.p, text.n);
    if (!yaml_parser_load(&parser, &doc)) {
        mapping_fault_add(b, &(struct mapping_node){0}, "yaml", "not YAML: %s",
                          parser.problem ? parser.problem : "?");
        if (b->cap > 0) b->faults[0].line = (uint32_t)parser.problem_mark.line + 1;
    } else {
        struct mapping_node root = {.y = yaml_document_get_root_node(&doc)};
        b->doc = &doc;
        read_root(b, &root);
        b->doc = NULL;
        yaml_document_delete(&doc);
    }
    yaml_parser_delete(&parser);
}

static enum err read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rbe");
    if (!f) return ERR_IO;
    buf_reserve(out, MAPPING_FILE_BYTES_MAX);
    out->n = fread(out->p, 1, MAPPING_FILE_BYTES_MAX, f);
    bool bad = ferror(f) != 0;
    if (!bad && out->n == MAPPING_FILE_BYTES_MAX) errno = EFBIG, bad = true;
    (void)fclose(f); /* read only: nothing can be lost */
    return bad ? ERR_IO : ERR_OK;
}

static int fault_order(const void *a, const void *b)
{
    const struct mapping_fault *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

enum err mapping_load(const char *path, struct mapping **out, struct mapping_fault *faults,
                      uint32_t cap, uint32_t *fault_count)
{
    struct buf text = {0};
    struct mapping *m = calloc(1, sizeof *m);
    REQUIRE(m != NULL);
    struct mapping_build b = {.m = m, .faults = faults, .cap = cap};
    enum err e = read_file(path, &text);
    m->path = arena_str(&m->memory, str_of(path));
    if (e != ERR_OK) {
        mapping_fault_add(&b, &(struct mapping_node){0}, "file", "%s", strerror(errno));
    } else {
        read_document(&b, buf_slice(&text));
        if (b.fault_count > 0) e = ERR_REFUSED;
    }
    buf_fini(&text);
    *fault_count = b.fault_count < cap ? b.fault_count : cap;
    if (faults) qsort(faults, *fault_count, sizeof *faults, fault_order);
    if (e == ERR_OK) {
        *out = m;
    } else {
        mapping_close(&m);
    }
    return e;
}

void mapping_close(struct mapping **m)
{
    if (!*m) return;
    if ((*m)->zone) zone_close(&(*m)->zone);
    arena_fini(&(*m)->memory);
    free(*m);
    *m = NULL;
}

void mapping_print_faults(FILE *out, const char *path, const struct mapping_fault *faults,
                          uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct fault *f = &faults[i].fault;
        fputs(path, out);
        if (faults[i].line) fprintf(out, ":%u", faults[i].line);
        fprintf(out, ": %s%s%s\n", f->field, f->field[0] ? ": " : "", f->text);
    }
}

/* ---- columns of a table ---- */

static void bind_fault(const struct mapping_column *c, const struct nearest *near, uint32_t times,
                       struct mapping_fault *out)
{
    char hint[NEAREST_HINT_MAX];
    out->line = c->line;
    nearest_hint(near, hint);
    if (times == 0) {
        (void)fault_set(&out->fault, "mapping", "unknown_column", "",
                        "the table has no column \"%.*s\"%s", STR_ARG(c->name), hint);
    } else {
        (void)fault_set(&out->fault, "mapping", "column_twice", "",
                        "the table has %u columns \"%.*s\"", times, STR_ARG(c->name));
    }
}

enum err mapping_bind(const struct mapping *m, const struct str *header, uint32_t count,
                      uint32_t cells[MAPPING_COLUMNS_MAX], struct mapping_fault *faults,
                      uint32_t cap, uint32_t *fault_count)
{
    bool bad = false;
    *fault_count = 0;
    for (uint32_t i = 0; i < m->column_count; i++) {
        const struct mapping_column *c = &m->columns[i];
        struct nearest near = nearest_begin(c->name);
        uint32_t times = 0;
        for (uint32_t k = 0; k < count; k++) {
            if (str_eq(c->name, header[k])) times++, cells[i] = k;
            nearest_offer(&near, header[k]);
        }
        bad = bad || times != 1;
        if (times != 1 && *fault_count < cap)
            bind_fault(c, &near, times, &faults[(*fault_count)++]);
    }
    return bad ? ERR_REFUSED : ERR_OK;
}
