/* mapping_yaml.c - see mapping_yaml.h. */
#include "services/cli/mapping_yaml.h"
#include "common/contract.h"
#include "common/nearest.h"
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define PREV "prev."

uint32_t mapping_node_line(const struct mapping_node *n)
{
    return n->y ? (uint32_t)n->y->start_mark.line + 1 : 0;
}

void mapping_fault_add(struct mapping_build *b, const struct mapping_node *n, const char *code,
                       const char *text, ...)
{
    if (b->fault_count++ >= b->cap) return;
    char said[240];
    va_list ap;
    va_start(ap, text);
    vsnprintf(said, sizeof said, text, ap);
    va_end(ap);
    struct mapping_fault *f = &b->faults[b->fault_count - 1];
    f->line = mapping_node_line(n);
    (void)fault_set(&f->fault, "mapping", code, n->path, "%s", said);
}

bool mapping_is_map(const struct mapping_node *n)
{
    return n->y && n->y->type == YAML_MAPPING_NODE;
}

bool mapping_is_list(const struct mapping_node *n)
{
    return n->y && n->y->type == YAML_SEQUENCE_NODE;
}

bool mapping_is_word(const struct mapping_node *n)
{
    return n->y && n->y->type == YAML_SCALAR_NODE;
}

static struct str node_text(const yaml_node_t *y)
{
    return (struct str){(const char *)y->data.scalar.value, (uint32_t)y->data.scalar.length};
}

/* A path too long for its place is cut; the line tells the rest. */
static void path_add(char path[64], struct str s)
{
    size_t n = strlen(path);
    str_copy(s, path + n, 64 - n);
}

static struct mapping_node child(const struct mapping_node *parent, const yaml_node_t *y,
                                 struct str key)
{
    struct mapping_node n = {.y = y};
    path_add(n.path, str_of(parent->path));
    if (parent->path[0]) path_add(n.path, STR("."));
    path_add(n.path, key);
    return n;
}

bool mapping_pair(struct mapping_build *b, const struct mapping_node *map, uint32_t i,
                  struct mapping_node *key, struct mapping_node *value)
{
    REQUIRE(mapping_is_map(map));
    const yaml_node_pair_t *p = map->y->data.mapping.pairs.start + i;
    if (p >= map->y->data.mapping.pairs.top) return false;
    const yaml_node_t *k = yaml_document_get_node(b->doc, p->key);
    struct str name = k && k->type == YAML_SCALAR_NODE ? node_text(k) : STR("?");
    *key = child(map, k, name);
    *value = child(map, yaml_document_get_node(b->doc, p->value), name);
    return true;
}

bool mapping_item(struct mapping_build *b, const struct mapping_node *list, uint32_t i,
                  struct mapping_node *item)
{
    REQUIRE(mapping_is_list(list));
    const yaml_node_item_t *p = list->y->data.sequence.items.start + i;
    if (p >= list->y->data.sequence.items.top) return false;
    *item = (struct mapping_node){.y = yaml_document_get_node(b->doc, *p)};
    char place[16];
    snprintf(place, sizeof place, "[%" PRIu32 "]", i);
    path_add(item->path, str_of(list->path));
    path_add(item->path, str_of(place));
    return true;
}

uint32_t mapping_size(const struct mapping_node *n)
{
    if (!n->y) return 0;
    if (mapping_is_map(n)) {
        return (uint32_t)(n->y->data.mapping.pairs.top - n->y->data.mapping.pairs.start);
    }
    if (mapping_is_word(n)) return 1;
    return (uint32_t)(n->y->data.sequence.items.top - n->y->data.sequence.items.start);
}

struct mapping_node mapping_get(struct mapping_build *b, const struct mapping_node *map,
                                const char *key)
{
    struct mapping_node k, v;
    for (uint32_t i = 0; mapping_pair(b, map, i, &k, &v); i++) {
        if (mapping_is_word(&k) && str_is(node_text(k.y), key)) return v;
    }
    return child(map, NULL, str_of(key));
}

/* ---- known keys ---- */

/* Walks the blank-separated words of a list. */
static bool next_word(const char **list, struct str *word)
{
    while (**list == ' ')
        (*list)++;
    size_t n = strcspn(*list, " ");
    *word = (struct str){*list, (uint32_t)n};
    *list += n;
    return n > 0;
}

static bool is_known(const char *keys, struct str name)
{
    struct str word;
    while (next_word(&keys, &word)) {
        if (str_eq(name, word)) return true;
    }
    return false;
}

static void unknown_key(struct mapping_build *b, const struct mapping_node *key, const char *keys)
{
    struct nearest near = nearest_begin(node_text(key->y));
    const char *rest = keys;
    struct str word;
    char hint[NEAREST_HINT_MAX];
    while (next_word(&rest, &word))
        nearest_offer(&near, word);
    nearest_hint(&near, hint);
    mapping_fault_add(b, key, "unknown_key", "unknown key%s%s%s", hint,
                      hint[0] ? "" : "; known are ", hint[0] ? "" : keys);
}

static bool is_twice(struct mapping_build *b, const struct mapping_node *map, uint32_t i)
{
    struct mapping_node k, v, other;
    mapping_pair(b, map, i, &k, &v);
    for (uint32_t j = 0; j < i && mapping_pair(b, map, j, &other, &v); j++) {
        if (mapping_is_word(&other) && str_eq(node_text(other.y), node_text(k.y))) return true;
    }
    return false;
}

bool mapping_check_keys(struct mapping_build *b, const struct mapping_node *map, const char *keys)
{
    struct mapping_node k, v;
    uint32_t before = b->fault_count;
    if (!mapping_is_map(map)) {
        mapping_fault_add(b, map, "not_a_map", "a map with the keys %s is wanted", keys);
        return false;
    }
    for (uint32_t i = 0; mapping_pair(b, map, i, &k, &v); i++) {
        if (!mapping_is_word(&k)) {
            mapping_fault_add(b, &k, "not_a_word", "a key must be a word");
        } else if (!is_known(keys, node_text(k.y))) {
            unknown_key(b, &k, keys);
        } else if (is_twice(b, map, i)) {
            mapping_fault_add(b, &k, "twice", "is given twice");
        }
    }
    return b->fault_count == before;
}

/* ---- words ---- */

bool mapping_is_null(const struct mapping_node *n)
{
    if (!mapping_is_word(n) || n->y->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
    struct str s = node_text(n->y);
    return s.n == 0 || str_is(s, "~") || str_is(s, "null");
}

bool mapping_word(struct mapping_build *b, const struct mapping_node *n, struct str *out)
{
    if (!mapping_is_word(n)) {
        mapping_fault_add(b, n, "not_a_word", "one word or text is wanted here");
        return false;
    }
    if (n->y->data.scalar.length > MAPPING_FILE_BYTES_MAX) return false;
    *out = mapping_is_null(n) ? (struct str){0} : arena_str(&b->m->memory, node_text(n->y));
    return true;
}

bool mapping_yes(struct mapping_build *b, const struct mapping_node *n, bool otherwise)
{
    struct str s;
    if (!n->y) return otherwise;
    if (!mapping_word(b, n, &s)) return otherwise;
    if (str_is(s, "yes") || str_is(s, "true")) return true;
    if (str_is(s, "no") || str_is(s, "false")) return false;
    mapping_fault_add(b, n, "not_yes_no", "\"%.*s\" is neither yes nor no", STR_ARG(s));
    return otherwise;
}

bool mapping_words(struct mapping_build *b, const struct mapping_node *n, const struct str **out,
                   uint32_t *count)
{
    uint32_t size = mapping_size(n);
    struct mapping_node item;
    if (mapping_is_map(n) || size == 0 || size > MAPPING_WORDS_MAX) {
        mapping_fault_add(b, n, "not_a_list", "a word or a list of 1 to %d words is wanted",
                          MAPPING_WORDS_MAX);
        return false;
    }
    struct str *words = arena_take(&b->m->memory, size * sizeof *words);
    *out = words;
    *count = size;
    if (mapping_is_word(n)) return mapping_word(b, n, &words[0]);
    for (uint32_t i = 0; mapping_item(b, n, i, &item); i++) {
        if (!mapping_word(b, &item, &words[i])) return false;
    }
    return true;
}

/* ---- columns ---- */

static bool intern(struct mapping_build *b, const struct mapping_node *n, struct str name,
                   uint32_t *column)
{
    struct mapping *m = b->m;
    for (uint32_t i = 0; i < m->column_count; i++) {
        if (str_eq(m->columns[i].name, name)) {
            *column = i;
            return true;
        }
    }
    if (m->column_count == MAPPING_COLUMNS_MAX) {
        mapping_fault_add(b, n, "too_many", "a mapping names at most %d columns",
                          MAPPING_COLUMNS_MAX);
        return false;
    }
    *column = m->column_count++;
    m->columns[*column] =
        (struct mapping_column){arena_str(&m->memory, name), mapping_node_line(n), false};
    return true;
}

bool mapping_ref(struct mapping_build *b, const struct mapping_node *n, struct str name,
                 struct mapping_ref *out)
{
    bool prev = name.n > sizeof PREV - 1 && memcmp(name.p, PREV, sizeof PREV - 1) == 0;
    if (prev) name = (struct str){name.p + sizeof PREV - 1, name.n - (uint32_t)(sizeof PREV - 1)};
    if (name.n == 0) {
        mapping_fault_add(b, n, "no_column", "the name of a column is wanted");
        return false;
    }
    out->prev = prev;
    if (!intern(b, n, name, &out->column)) return false;
    if (!prev) return true;
    b->m->columns[out->column].prev = b->m->follows_cases = true;
    return true;
}

bool mapping_ref_list(struct mapping_build *b, const struct mapping_node *n,
                      struct mapping_refs *out)
{
    const struct str *names;
    uint32_t count;
    if (!mapping_words(b, n, &names, &count)) return false;
    struct mapping_ref *refs = arena_take(&b->m->memory, count * sizeof *refs);
    for (uint32_t i = 0; i < count; i++) {
        if (!mapping_ref(b, n, names[i], &refs[i])) return false;
    }
    *out = (struct mapping_refs){refs, count};
    return true;
}

/* ---- templates ---- */

static bool special_part(struct mapping_build *b, const struct mapping_node *n, struct str name,
                         struct mapping_part *part)
{
    if (str_is(name, "@line")) {
        part->kind = MAPPING_PART_line;
    } else if (str_is(name, "@file")) {
        part->kind = MAPPING_PART_file;
    } else if (str_is(name, "@case_row")) {
        part->kind = MAPPING_PART_case_row;
        b->m->follows_cases = true;
    } else {
        mapping_fault_add(b, n, "unknown_name",
                          "{%.*s} is not known; {@line}, {@case_row} and {@file} are",
                          STR_ARG(name));
        return false;
    }
    return true;
}

/* One part from s on; *used is how much of s it took, 0 at a fault. */
static struct mapping_part next_part(struct mapping_build *b, const struct mapping_node *n,
                                     struct str s, uint32_t *used)
{
    struct mapping_part part = {.kind = MAPPING_PART_text};
    bool doubled = s.n > 1 && s.p[0] == s.p[1] && (s.p[0] == '{' || s.p[0] == '}');
    const char *end = memchr(s.p, '}', s.n);
    *used = 0;
    if (doubled || (s.p[0] != '{' && s.p[0] != '}')) {
        *used = doubled ? 2 : 1;
        while (!doubled && *used < s.n && s.p[*used] != '{' && s.p[*used] != '}')
            (*used)++;
        part.text = (struct str){s.p, doubled ? 1 : *used};
        return part;
    }
    if (s.p[0] == '}' || !end) {
        mapping_fault_add(b, n, "brace",
                          "a brace without its partner; write {{ or }} for a brace itself");
        return part;
    }
    struct str name = {s.p + 1, (uint32_t)(end - s.p) - 1};
    bool special = name.n > 0 && name.p[0] == '@';
    part.kind = MAPPING_PART_column;
    if (special ? special_part(b, n, name, &part) : mapping_ref(b, n, name, &part.column)) {
        *used = name.n + 2;
    }
    return part;
}

bool mapping_template(struct mapping_build *b, const struct mapping_node *n,
                      struct mapping_template *out)
{
    struct str s;
    uint32_t used, count = 0, parts_max = 1;
    if (!mapping_word(b, n, &s)) return false;
    if (s.n == 0) {
        mapping_fault_add(b, n, "empty", "a text is wanted, such as \"{column}\"");
        return false;
    }
    for (uint32_t i = 0; i < s.n; i++)
        parts_max += s.p[i] == '{' || s.p[i] == '}';
    struct mapping_part *parts = arena_take(&b->m->memory, (parts_max + 1) * sizeof *parts);
    for (uint32_t i = 0; i < s.n; i += used) {
        parts[count++] = next_part(b, n, (struct str){s.p + i, s.n - i}, &used);
        if (used == 0) return false;
    }
    *out = (struct mapping_template){parts, count};
    return true;
}
