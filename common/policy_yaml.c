/* policy_yaml.c - one YAML file of a policy set: read, every fault with its line, filled by
 * libcyaml.
 *
 * libyaml gives the document as a tree with lines; that tree is compared with the schema first, so
 * that all faults of a file are found at once and a slip ("3x", "maybe", a key misspelt) is never
 * taken for a value. Only a file without fault goes to libcyaml, which fills the structs. The same
 * tree answers later on which line a key stands. Trees are walked with a list of open ends, not by
 * recursion: their depth comes from outside. */
#include "common/contract.h"
#include "common/nearest.h"
#include "common/policy_private.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX 65536

/* An open end of a walk: a node of the tree, the schema it must obey, and how to call it (cut). */
struct visit {
    int node;
    const cyaml_schema_value_t *schema;
    char path[sizeof((struct fault *)0)->field];
};

struct check {
    struct policy_yaml *f;
    struct policy_faults *faults;
    struct buf open; /* of struct visit */
    size_t done;
};

void policy_fault_add(struct policy_faults *faults, const struct policy_yaml *f, uint32_t line,
                      const char *path, const char *code, const char *text, ...)
{
    faults->found++;
    if (faults->n == faults->cap) return;
    struct policy_fault *x = &faults->v[faults->n++];
    *x = (struct policy_fault){.line = line};
    if (f) { /* of a path that is too long the end says more */
        uint32_t cut = f->shown.n < sizeof x->file ? 0 : f->shown.n - (uint32_t)sizeof x->file + 1;
        str_copy((struct str){f->shown.p + cut, f->shown.n - cut}, x->file, sizeof x->file);
    }
    char said[sizeof x->fault.text];
    va_list ap;
    va_start(ap, text);
    vsnprintf(said, sizeof said, text, ap);
    va_end(ap);
    (void)fault_set(&x->fault, "INT-099", code, path, "%s", said);
}

/* ---- reading ---- */

enum err policy_yaml_read(struct policy_yaml *f, const char *path, struct arena *a)
{
    FILE *in = fopen(path, "rb");
    REQUIRE(in || errno != ENOMEM); /* no fault of the file */
    if (!in) return ERR_IO;
    struct buf text = {0};
    buf_reserve(&text, POLICY_FILE_BYTES_MAX + 1);
    text.n = fread(text.p, 1, POLICY_FILE_BYTES_MAX + 1, in);
    enum err e = ferror(in) ? ERR_IO : text.n > POLICY_FILE_BYTES_MAX ? ERR_REFUSED : ERR_OK;
    fclose(in);
    if (e == ERR_OK) f->text = arena_copy(a, buf_slice(&text));
    buf_fini(&text);
    return e;
}

/* ---- lines ---- */

static uint32_t node_line(struct policy_yaml *f, int node)
{
    const yaml_node_t *n = yaml_document_get_node(&f->doc, node);
    return n ? (uint32_t)n->start_mark.line + 1 : 0;
}

static struct str node_text(const yaml_node_t *n)
{
    if (!n || n->type != YAML_SCALAR_NODE) return (struct str){0};
    return (struct str){(const char *)n->data.scalar.value, (uint32_t)n->data.scalar.length};
}

/* Value of a key of a mapping; 0 when it has none. */
static int mapping_get(struct policy_yaml *f, const yaml_node_t *map, struct str key)
{
    if (!map || map->type != YAML_MAPPING_NODE) return 0;
    for (const yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
         p++) {
        if (str_eq(node_text(yaml_document_get_node(&f->doc, p->key)), key)) return p->value;
    }
    return 0;
}

static int sequence_get(const yaml_node_t *seq, unsigned long i)
{
    if (!seq || seq->type != YAML_SEQUENCE_NODE) return 0;
    const yaml_node_item_t *items = seq->data.sequence.items.start;
    return i < (size_t)(seq->data.sequence.items.top - items) ? items[i] : 0;
}

/* One step of a path from `node`: ".key" or "[3]". Moves *p behind it; 0 when nothing is there. */
static int path_step(struct policy_yaml *f, int node, const char **p)
{
    const yaml_node_t *n = yaml_document_get_node(&f->doc, node);
    if (**p == '[') {
        char *end = NULL;
        unsigned long i = strtoul(*p + 1, &end, 10);
        *p = *end == ']' ? end + 1 : end;
        return sequence_get(n, i);
    }
    if (**p == '.') (*p)++;
    struct str key = {*p, (uint32_t)strcspn(*p, ".[")};
    *p += key.n;
    return key.n ? mapping_get(f, n, key) : 0;
}

/* What stands at a path, or (not *whole) as far along it as there is something; 0: no document. */
static int node_at(struct policy_yaml *f, const char *path, bool *whole)
{
    int node = f->parsed && yaml_document_get_root_node(&f->doc) ? 1 : 0;
    *whole = node != 0;
    while (*path && *whole) {
        int next = path_step(f, node, &path);
        *whole = next != 0;
        if (next) node = next;
    }
    return node;
}

uint32_t policy_yaml_line(const struct policy_yaml *const_f, const char *path)
{
    bool whole;
    if (!const_f) return 0;
    struct policy_yaml *f = (struct policy_yaml *)const_f; /* libyaml's getters are not const */
    int node = node_at(f, path, &whole);
    return node ? node_line(f, node) : 0;
}

/* ---- prints ---- */

/* An open end of a walk: what stands there, the print of the way to it, the key it is under. */
struct printed {
    int node;
    uint64_t way;
    struct str under;
};

struct printing {
    struct policy_yaml *f;
    const struct policy_skip *skips;
    size_t skip_count;
    struct buf open; /* of struct printed */
};

/* FNV-1a. */
static uint64_t print_on(uint64_t h, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
    return (h ^ n) * UINT64_C(1099511628211);
}

static void print_later(struct printing *x, struct printed at)
{
    if (x->open.n < NODES_MAX * sizeof at) buf_put(&x->open, &at, sizeof at);
}

static bool is_skipped(const struct printing *x, struct str under, struct str key)
{
    for (size_t i = 0; i < x->skip_count; i++) {
        if (str_is(under, x->skips[i].under) && str_is(key, x->skips[i].key)) return true;
    }
    return false;
}

static void print_mapping(struct printing *x, const struct printed *at, const yaml_node_t *n)
{
    for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
         p++) {
        struct str key = node_text(yaml_document_get_node(&x->f->doc, p->key));
        if (is_skipped(x, at->under, key)) continue;
        print_later(x, (struct printed){p->value, print_on(at->way, key.p, key.n), key});
    }
}

static void print_sequence(struct printing *x, const struct printed *at, const yaml_node_t *n)
{
    uint64_t place = 0;
    for (const yaml_node_item_t *i = n->data.sequence.items.start; i < n->data.sequence.items.top;
         i++, place++)
        print_later(x, (struct printed){*i, print_on(at->way, &place, sizeof place), at->under});
}

/* Every value counts with the way to it, and their sum is the print. */
uint64_t policy_yaml_print(const struct policy_yaml *f, const char *path,
                           const struct policy_skip *skips, size_t skip_count)
{
    bool whole;
    uint64_t sum = 0;
    struct printing x = {.f = (struct policy_yaml *)f, .skips = skips, .skip_count = skip_count};
    struct printed at = {node_at(x.f, path, &whole), UINT64_C(14695981039346656037), {0}};
    if (whole) print_later(&x, at);
    for (size_t done = 0; done < x.open.n; done += sizeof at) {
        memcpy(&at, x.open.p + done, sizeof at);
        const yaml_node_t *n = yaml_document_get_node(&x.f->doc, at.node);
        struct str text = node_text(n);
        if (n->type == YAML_SCALAR_NODE) sum += print_on(at.way, text.p, text.n);
        if (n->type == YAML_SEQUENCE_NODE) print_sequence(&x, &at, n);
        if (n->type == YAML_MAPPING_NODE) print_mapping(&x, &at, n);
    }
    buf_fini(&x.open);
    return sum;
}

/* ---- comparing with the schema ---- */

__attribute__((format(printf, 4, 5))) static void wrong(struct check *c, const struct visit *v,
                                                        const char *code, const char *text, ...)
{
    char said[200];
    va_list ap;
    va_start(ap, text);
    vsnprintf(said, sizeof said, text, ap);
    va_end(ap);
    const char *path = v->path[0] ? v->path : "file";
    policy_fault_add(c->faults, c->f, node_line(c->f, v->node), path, code, "%s", said);
}

static void visit_later(struct check *c, const struct visit *v)
{
    if (c->open.n < NODES_MAX * sizeof *v) buf_put(&c->open, v, sizeof *v);
}

/* The visit of what stands under a key of v; its path is v's and the key. */
static struct visit visit_key(const struct visit *v, int node, const cyaml_schema_value_t *schema,
                              struct str key)
{
    struct visit x = {.node = node, .schema = schema};
    int n = key.n < 22 ? (int)key.n : 22;
    snprintf(x.path, sizeof x.path, "%.40s%s%.*s", v->path, v->path[0] ? "." : "", n,
             key.n ? key.p : "");
    return x;
}

static void check_number(struct check *c, const struct visit *v, struct str s)
{
    bool positive = v->schema->type == CYAML_UINT;
    uint32_t sign = !positive && s.n > 1 && s.p[0] == '-';
    bool plain = s.n > sign && s.n - sign <= 9 && (s.p[sign] != '0' || s.n - sign == 1);
    for (uint32_t i = sign; i < s.n; i++)
        plain = plain && s.p[i] >= '0' && s.p[i] <= '9';
    if (plain && !(positive && s.p[0] == '0')) return;
    wrong(c, v, "number", "\"%.*s\" must be a whole number%s, like %s", (int)(s.n < 40 ? s.n : 40),
          s.n ? s.p : "", positive ? " greater than 0" : "", positive ? "360" : "-60 or 240");
}

static void check_bool(struct check *c, const struct visit *v, struct str s)
{
    static const char *const words[] = {"yes", "no", "true", "false"};
    for (uint32_t i = 0; i < COUNT_OF(words); i++) {
        if (str_is(s, words[i])) return;
    }
    wrong(c, v, "yes_no", "\"%.40s\" must be yes or no", s.n ? s.p : "");
}

static void check_word(struct check *c, const struct visit *v, struct str s)
{
    char list[160] = "";
    for (uint32_t i = 0; i < v->schema->enumeration.count; i++) {
        const char *word = v->schema->enumeration.strings[i].str;
        if (str_is(s, word)) return;
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", word);
    }
    wrong(c, v, "word", "\"%.40s\" must be one of: %s", s.n ? s.p : "", list);
}

static void check_scalar(struct check *c, const struct visit *v, const yaml_node_t *n)
{
    struct str s = node_text(n);
    if (n->type != YAML_SCALAR_NODE) {
        wrong(c, v, "shape", "must be a single value, not a list or a group of keys");
        return;
    }
    if (v->schema->type == CYAML_STRING) {
        if (s.n < v->schema->string.min) wrong(c, v, "empty", "must not be empty");
        if (s.n > v->schema->string.max) {
            wrong(c, v, "too_long", "is %u bytes long; at most %u are allowed", s.n,
                  v->schema->string.max);
        }
    }
    if (v->schema->type == CYAML_INT || v->schema->type == CYAML_UINT) check_number(c, v, s);
    if (v->schema->type == CYAML_BOOL) check_bool(c, v, s);
    if (v->schema->type == CYAML_ENUM) check_word(c, v, s);
}

static void check_sequence(struct check *c, const struct visit *v, const yaml_node_t *n)
{
    if (n->type != YAML_SEQUENCE_NODE) {
        wrong(c, v, "shape", "must be a list, like [a, b]");
        return;
    }
    uint32_t count = (uint32_t)(n->data.sequence.items.top - n->data.sequence.items.start);
    if (count < v->schema->sequence.min || count > v->schema->sequence.max) {
        wrong(c, v, "count", "has %u entries; %u to %u are allowed", count, v->schema->sequence.min,
              v->schema->sequence.max);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct visit x = {n->data.sequence.items.start[i], v->schema->sequence.entry, ""};
        snprintf(x.path, sizeof x.path, "%.48s[%u]", v->path, i);
        visit_later(c, &x);
    }
}

static void unknown_key(struct check *c, const struct visit *v, int key_node, struct str key)
{
    struct nearest near = nearest_begin(key);
    for (const cyaml_schema_field_t *f = v->schema->mapping.fields; f->key; f++) {
        nearest_offer(&near, str_of(f->key));
    }
    char hint[NEAREST_HINT_MAX];
    nearest_hint(&near, hint);
    struct visit at = visit_key(v, key_node, NULL, key);
    wrong(c, &at, "unknown_key", "is not a key here%s",
          hint[0] ? hint : "; deploy/policy/README.md lists the keys");
}

static const cyaml_schema_field_t *field_of(const cyaml_schema_field_t *fields, struct str key)
{
    for (const cyaml_schema_field_t *f = fields; f->key; f++) {
        if (str_is(key, f->key)) return f;
    }
    return NULL;
}

static void check_pair(struct check *c, const struct visit *v, const yaml_node_t *map,
                       const yaml_node_pair_t *pair)
{
    struct str key = node_text(yaml_document_get_node(&c->f->doc, pair->key));
    const cyaml_schema_field_t *f = field_of(v->schema->mapping.fields, key);
    if (!f) {
        unknown_key(c, v, pair->key, key);
        return;
    }
    if (mapping_get(c->f, map, key) != pair->value) {
        struct visit at = visit_key(v, pair->key, NULL, key);
        wrong(c, &at, "twice", "stands here for the second time; keep one");
        return;
    }
    struct visit x = visit_key(v, pair->value, &f->value, key);
    visit_later(c, &x);
}

static void check_mapping(struct check *c, const struct visit *v, const yaml_node_t *n)
{
    if (n->type != YAML_MAPPING_NODE) {
        wrong(c, v, "shape", "must be a group of keys, like {key: value}");
        return;
    }
    for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
         p++) {
        check_pair(c, v, n, p);
    }
    for (const cyaml_schema_field_t *f = v->schema->mapping.fields; f->key; f++) {
        if ((f->value.flags & CYAML_FLAG_OPTIONAL) || mapping_get(c->f, n, str_of(f->key)))
            continue;
        wrong(c, v, "missing", "the key %s is missing", f->key);
    }
}

static void check_tree(struct check *c, const cyaml_schema_value_t *schema)
{
    visit_later(c, &(struct visit){1, schema, ""});
    while (c->done < c->open.n) {
        struct visit v;
        memcpy(&v, c->open.p + c->done, sizeof v);
        c->done += sizeof v;
        const yaml_node_t *n = yaml_document_get_node(&c->f->doc, v.node);
        REQUIRE(n != NULL);
        if (v.schema->type == CYAML_MAPPING)
            check_mapping(c, &v, n);
        else if (v.schema->type == CYAML_SEQUENCE)
            check_sequence(c, &v, n);
        else
            check_scalar(c, &v, n);
    }
    buf_fini(&c->open);
}

/* ---- libyaml ---- */

static void syntax_fault(struct policy_yaml *f, const yaml_parser_t *p,
                         struct policy_faults *faults)
{
    REQUIRE(p->problem); /* libyaml names it, unless memory ran out: no fault of the file */
    bool reader = p->error == YAML_READER_ERROR;
    uint32_t line = reader ? (uint32_t)p->mark.line + 1 : (uint32_t)p->problem_mark.line + 1;
    policy_fault_add(faults, f, line, "file", "syntax", "not YAML: %s%s%s (column %u)",
                     p->context ? p->context : "", p->context ? ", " : "", p->problem,
                     reader ? 1u : (unsigned)p->problem_mark.column + 1);
}

/* One document per file: a second one would be skipped in silence. */
static void parse_document(struct policy_yaml *f, yaml_parser_t *p, struct policy_faults *faults)
{
    if (!yaml_parser_load(p, &f->doc)) {
        syntax_fault(f, p, faults);
        return;
    }
    f->parsed = true;
    yaml_document_t second;
    if (!yaml_parser_load(p, &second)) {
        syntax_fault(f, p, faults);
        return;
    }
    const yaml_node_t *root = yaml_document_get_root_node(&second);
    if (root) {
        policy_fault_add(faults, f, (uint32_t)root->start_mark.line + 1, "file", "second_document",
                         "holds a second YAML document; write it into a file of its own");
    }
    yaml_document_delete(&second);
}

void policy_yaml_parse(struct policy_yaml *f, const cyaml_schema_value_t *schema, struct arena *a,
                       struct policy_faults *faults)
{
    yaml_parser_t p;
    uint32_t before = faults->found;
    REQUIRE(yaml_parser_initialize(&p));
    const uint8_t *text = f->text.n ? f->text.p : (const uint8_t *)"";
    yaml_parser_set_input_string(&p, text, f->text.n);
    parse_document(f, &p, faults);
    yaml_parser_delete(&p);
    if (faults->found > before) return;
    if (!yaml_document_get_root_node(&f->doc)) {
        policy_fault_add(faults, f, 0, "file", "empty", "the file is empty");
        return;
    }
    struct check c = {.f = f, .faults = faults};
    check_tree(&c, schema);
    if (faults->found == before) policy_fill(f, schema, a, faults);
}
