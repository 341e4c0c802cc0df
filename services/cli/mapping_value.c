/* mapping_value.c - the data of an event: which field gets what, checked against the contract. */
#include "common/calendar.h"
#include "common/nearest.h"
#include "services/cli/mapping_yaml.h"
#include <string.h>

#define SCALE_MAX INT64_C(1000000000)

static bool is_constant(const struct mapping_template *t)
{
    return t->count == 1 && t->parts[0].kind == MAPPING_PART_text;
}

/* A word that stands in the mapping itself goes into the field now, so that a slip of the pen is
 * found before the first row. */
static void try_word(struct mapping_build *b, const struct mapping_node *n,
                     const struct mapping_field *f, struct str word)
{
    _Alignas(16) uint8_t member[32] = {0};
    struct fault why = {0};
    if (word.n == 0 || f->field->type == FT_LIST) return;
    if (fieldform_put(&f->value.form, word, member, &why) != ERR_OK) {
        mapping_fault_add(b, n, why.code, "%s", why.text);
    }
}

static void try_words(struct mapping_build *b, const struct mapping_node *n,
                      const struct mapping_field *f)
{
    const struct mapping_value *v = &f->value;
    const struct mapping_table *t = v->table;
    try_word(b, n, f, v->fallback);
    if (!t) {
        for (uint32_t i = 0; i < v->option_count; i++) {
            if (is_constant(&v->options[i])) try_word(b, n, f, v->options[i].parts[0].text);
        }
        return;
    }
    for (uint32_t i = 0; i < t->count; i++)
        try_word(b, n, f, t->entries[i].to);
    if (t->has_other && !t->other_is_itself) try_word(b, n, f, t->other);
}

static void read_table_name(struct mapping_build *b, const struct mapping_node *n,
                            struct mapping_value *out)
{
    struct str name;
    char hint[NEAREST_HINT_MAX];
    if (!n->y || !mapping_word(b, n, &name)) return;
    struct nearest near = nearest_begin(name);
    for (uint32_t i = 0; i < b->m->table_count; i++) {
        if (str_eq(name, b->m->tables[i].name)) out->table = &b->m->tables[i];
        nearest_offer(&near, b->m->tables[i].name);
    }
    if (out->table) return;
    nearest_hint(&near, hint);
    mapping_fault_add(b, n, "unknown_table", "no table \"%.*s\" under values%s", STR_ARG(name),
                      hint);
}

/* A list of formats for one field; the zone is the mapping's. */
static void read_times(struct mapping_build *b, const struct mapping_node *n,
                       struct timeform_set *out)
{
    const struct str *words;
    uint32_t count;
    struct fault why;
    if (!n->y || !mapping_words(b, n, &words, &count)) return;
    if (count > TIMEFORM_MAX) {
        mapping_fault_add(b, n, "too_many", "at most %d formats", TIMEFORM_MAX);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (timeform_check(words[i], &why) != ERR_OK)
            mapping_fault_add(b, n, why.code, "%s", why.text);
        out->formats[i] = words[i];
    }
    out->count = count;
}

static void read_scale(struct mapping_build *b, const struct mapping_node *n,
                       struct fieldform *form)
{
    struct str s;
    enum field_type type = form->field->type;
    if (!n->y || !mapping_word(b, n, &s)) return;
    if (type != FT_UINT && type != FT_INT && type != FT_MONEY) {
        mapping_fault_add(b, n, "no_number", "only numbers and money are scaled");
    } else if (fieldform_number(s, 1, &form->scale) != ERR_OK || form->scale == 0 ||
               form->scale < -SCALE_MAX || form->scale > SCALE_MAX) {
        mapping_fault_add(
            b, n, "out_of_range",
            "scale is a whole number from 1 to 1000000000, or below 0 to turn a sign");
    }
}

static void read_split(struct mapping_build *b, const struct mapping_node *n,
                       const struct mapping_field *f, struct str *out)
{
    struct str s;
    if (!n->y || !mapping_word(b, n, &s)) return;
    if (f->field->type != FT_LIST || s.n == 0) {
        mapping_fault_add(b, n, "split", "split is a text, for a field that is a list");
    } else {
        *out = s;
    }
}

static bool read_options(struct mapping_build *b, const struct mapping_node *n,
                         struct mapping_value *out)
{
    struct mapping_node item;
    uint32_t size = mapping_size(n);
    struct mapping_template *options = arena_take(&b->m->memory, (size + 1) * sizeof *options);
    out->options = options;
    out->option_count = size;
    if (mapping_is_word(n)) return mapping_template(b, n, &options[0]);
    if (!mapping_is_list(n) || size == 0) {
        mapping_fault_add(b, n, "not_a_list",
                          "a text such as \"{column}\", or a list of them, is wanted");
        return false;
    }
    for (uint32_t i = 0; mapping_item(b, n, i, &item); i++) {
        if (!mapping_template(b, &item, &options[i])) return false;
    }
    return true;
}

/* {value: …, table: …, default: …, times: …, scale: …, cut: …, split: …} */
static bool read_long_value(struct mapping_build *b, const struct mapping_node *n,
                            struct mapping_field *f)
{
    struct mapping_value *out = &f->value;
    if (!mapping_check_keys(b, n, "value table default times scale cut split")) return false;
    struct mapping_node value = mapping_get(b, n, "value"), table = mapping_get(b, n, "table");
    struct mapping_node fallback = mapping_get(b, n, "default"), times = mapping_get(b, n, "times");
    struct mapping_node scale = mapping_get(b, n, "scale"), cut = mapping_get(b, n, "cut");
    struct mapping_node split = mapping_get(b, n, "split");
    if (!value.y) {
        mapping_fault_add(b, n, "no_value", "value is missing: value: \"{column}\"");
        return false;
    }
    read_table_name(b, &table, out);
    read_times(b, &times, &out->form.times);
    read_scale(b, &scale, &out->form);
    read_split(b, &split, f, &out->split);
    out->form.cut = mapping_yes(b, &cut, false);
    if (fallback.y && !mapping_word(b, &fallback, &out->fallback)) return false;
    return read_options(b, &value, out);
}

/* The field of a line that a bare text goes to. */
static const struct field *first_text(const struct shape *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->fields[i].type == FT_TEXT) return &s->fields[i];
    }
    return NULL;
}

static void read_bare_line(struct mapping_build *b, const struct mapping_node *n,
                           const struct shape *record, struct mapping_line *line)
{
    struct mapping_field *f = arena_take(&b->m->memory, sizeof *f);
    f->field = first_text(record);
    f->line = mapping_node_line(n);
    f->value.form.field = f->field;
    if (!f->field || !read_options(b, n, &f->value)) return;
    *line = (struct mapping_line){f, 1};
}

static void read_lines(struct mapping_build *b, const struct mapping_node *n,
                       struct mapping_field *f)
{
    struct mapping_node item;
    const struct shape *record = f->field->record();
    uint32_t size = mapping_size(n);
    if (size > (uint64_t)f->field->max) {
        mapping_fault_add(b, n, "too_many", "at most %lld lines", (long long)f->field->max);
        return;
    }
    struct mapping_line *lines = arena_take(&b->m->memory, (size + 1) * sizeof *lines);
    for (uint32_t i = 0; mapping_item(b, n, i, &item); i++) {
        if (mapping_is_map(&item)) {
            lines[i].fields = mapping_load_fields(b, &item, record, &lines[i].count);
        } else {
            read_bare_line(b, &item, record, &lines[i]);
        }
    }
    f->lines = lines;
    f->line_count = size;
}

static void read_list(struct mapping_build *b, const struct mapping_node *n,
                      struct mapping_field *f)
{
    if (mapping_is_list(n)) {
        read_lines(b, n, f);
        return;
    }
    if (mapping_is_map(n) && read_long_value(b, n, f) && f->value.split.n > 0) {
        f->value.form.field = first_text(f->field->record());
        if (f->value.form.field) return;
    }
    mapping_fault_add(b, n, "not_a_list",
                      "%s is a list: write lines, or {value: \"{column}\", split: \"|\"}",
                      f->field->name);
}

static void read_field(struct mapping_build *b, const struct mapping_node *n,
                       struct mapping_field *f)
{
    f->line = mapping_node_line(n);
    f->value.form = (struct fieldform){.field = f->field, .times = b->m->times};
    if (f->field->type == FT_RAW || f->field->type == FT_HASH) {
        mapping_fault_add(b, n, "no_table_value", "%s cannot be given by a table", f->field->name);
    } else if (f->field->type == FT_LIST) {
        read_list(b, n, f);
    } else if (mapping_is_map(n) ? read_long_value(b, n, f) : read_options(b, n, &f->value)) {
        try_words(b, n, f);
    }
}

static const struct field *find_field(struct mapping_build *b, const struct mapping_node *key,
                                      const struct shape *shape)
{
    struct str name;
    char hint[NEAREST_HINT_MAX];
    if (!mapping_word(b, key, &name)) return NULL;
    const struct field *f = shape_field(shape, name);
    if (f) return f;
    struct nearest near = nearest_begin(name);
    for (uint32_t i = 0; i < shape->count; i++)
        nearest_offer(&near, str_of(shape->fields[i].name));
    nearest_hint(&near, hint);
    mapping_fault_add(b, key, "unknown_field", "%s has no field \"%.*s\"%s", shape->name,
                      STR_ARG(name), hint);
    return NULL;
}

static void check_needed(struct mapping_build *b, const struct mapping_node *n,
                         const struct shape *shape, const struct mapping_field *fields,
                         uint32_t count)
{
    for (uint32_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->fields[i];
        uint32_t k = 0;
        while (k < count && fields[k].field != f)
            k++;
        if (f->must && k == count) {
            mapping_fault_add(b, n, "missing", "%s needs the field %s (%s)", shape->name, f->name,
                              f->help);
        }
    }
}

const struct mapping_field *mapping_load_fields(struct mapping_build *b,
                                                const struct mapping_node *n,
                                                const struct shape *shape, uint32_t *count)
{
    struct mapping_node key, value;
    uint32_t size = mapping_size(n), before = b->fault_count;
    *count = 0;
    if (n->y && !mapping_is_map(n)) {
        mapping_fault_add(b, n, "not_a_map", "a map from fields to values is wanted");
        return NULL;
    }
    struct mapping_field *fields = arena_take(&b->m->memory, (size + 1) * sizeof *fields);
    for (uint32_t i = 0; i < size && mapping_pair(b, n, i, &key, &value); i++) {
        const struct field *f = find_field(b, &key, shape);
        if (!f) continue;
        for (uint32_t k = 0; k < *count; k++) {
            if (fields[k].field == f) mapping_fault_add(b, &key, "twice", "is given twice");
        }
        fields[*count].field = f;
        read_field(b, &value, &fields[(*count)++]);
    }
    if (b->fault_count == before) check_needed(b, n, shape, fields, *count);
    return fields;
}
