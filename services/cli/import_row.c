/* import_row.c - see import_row.h. */
#include "services/cli/import_row.h"
#include "common/calendar.h"
#include "common/contract.h"
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MICRO 1000000
#define GLOB_BYTES_MAX 256
#define TIME_BYTES_MAX 128
#define EARLY_TIME 1 /* stands for "not known yet" */

static struct str cell(const struct import_row *r, struct mapping_ref ref)
{
    if (!ref.prev) return r->cells[ref.column];
    return r->prev ? r->prev[ref.column] : (struct str){0};
}

static struct str column_name(const struct import_row *r, struct mapping_ref ref)
{
    return r->m->columns[ref.column].name;
}

static enum err time_read(const struct import_row *r, struct mapping_ref ref, struct str text,
                          int64_t *utc_ms, struct fault *why)
{
    struct timeform_stamp stamp;
    enum err e = timeform_any(&r->m->times, text, &stamp, why);
    if (e != ERR_OK) {
        if (why) str_copy(column_name(r, ref), why->field, sizeof why->field);
        return e;
    }
    *utc_ms = timeform_utc(&stamp, r->m->zone);
    return ERR_OK;
}

static enum err time_at(const struct import_row *r, struct mapping_ref ref, int64_t *utc_ms,
                        struct fault *why)
{
    return time_read(r, ref, cell(r, ref), utc_ms, why);
}

/* ---- conditions ---- */

static bool fits_glob(struct str s, struct str glob)
{
    char text[GLOB_BYTES_MAX], pattern[GLOB_BYTES_MAX];
    if (!str_copy(s, text, sizeof text) || !str_copy(glob, pattern, sizeof pattern)) return false;
    return fnmatch(pattern, text, 0) == 0;
}

static bool fits_one(const struct mapping_test *t, struct str s)
{
    for (uint32_t i = 0; s.n > 0 && i < t->word_count; i++) {
        bool fits = t->kind == MAPPING_TEST_is ? str_eq(s, t->words[i]) : fits_glob(s, t->words[i]);
        if (fits) return true;
    }
    return false;
}

/* A number or a time that is not there fulfils no comparison, whichever way round. */
static enum err number_holds(const struct import_row *r, const struct mapping_test *t, bool *holds,
                             struct fault *why)
{
    int64_t x;
    struct str s = cell(r, t->column);
    *holds = false;
    if (s.n == 0) return ERR_OK;
    enum err e = fieldform_number(s, MICRO, &x);
    if (e != ERR_OK && e != ERR_STALE) {
        struct str name = column_name(r, t->column);
        enum err refused =
            fault_set(why, "feed", "not_a_number", "", "\"%.*s\" in column %.*s is not a number",
                      s.n > 40 ? 40 : STR_ARG(s), STR_ARG(name));
        if (why) str_copy(name, why->field, sizeof why->field);
        return refused;
    }
    *holds = (t->strict ? x > t->limit_micro : x >= t->limit_micro) != t->negate;
    return ERR_OK;
}

static enum err time_holds(const struct import_row *r, const struct mapping_test *t, bool *holds,
                           struct fault *why)
{
    int64_t a, b;
    *holds = false;
    if (cell(r, t->column).n == 0 || cell(r, t->other).n == 0) return ERR_OK;
    enum err e = time_at(r, t->column, &a, why);
    if (e == ERR_OK) e = time_at(r, t->other, &b, why);
    if (e != ERR_OK) return e;
    *holds = (t->strict ? a > b : a >= b) != t->negate;
    return ERR_OK;
}

/* Every test but `any`. */
static enum err test_holds(const struct import_row *r, const struct mapping_test *t, bool *holds,
                           struct fault *why)
{
    switch (t->kind) {
    case MAPPING_TEST_is:
    case MAPPING_TEST_like:
        *holds = fits_one(t, cell(r, t->column)) != t->negate;
        return ERR_OK;
    case MAPPING_TEST_present:
        *holds = (cell(r, t->column).n > 0) != t->negate;
        return ERR_OK;
    case MAPPING_TEST_same:
        *holds = str_eq(cell(r, t->column), cell(r, t->other)) != t->negate;
        return ERR_OK;
    case MAPPING_TEST_first:
        *holds = (r->prev == NULL) != t->negate;
        return ERR_OK;
    case MAPPING_TEST_number:
        return number_holds(r, t, holds, why);
    case MAPPING_TEST_time:
        return time_holds(r, t, holds, why);
    case MAPPING_TEST_any:
        break;
    }
    contract_broken("a test inside any", __FILE__, __LINE__);
}

/* One group must hold whole. */
static enum err any_holds(const struct import_row *r, const struct mapping_test *any, bool *holds,
                          struct fault *why)
{
    *holds = false;
    for (uint32_t i = 0; i < any->test_count && !*holds;) {
        uint32_t group = any->tests[i].group;
        *holds = true;
        for (; i < any->test_count && any->tests[i].group == group; i++) {
            if (!*holds) continue;
            enum err e = test_holds(r, &any->tests[i], holds, why);
            if (e != ERR_OK) return e;
        }
    }
    return ERR_OK;
}

enum err import_row_holds(const struct import_row *r, const struct mapping_event *e, bool *holds,
                          struct fault *why)
{
    *holds = true;
    for (uint32_t i = 0; i < e->when_count && *holds; i++) {
        const struct mapping_test *t = &e->when[i];
        enum err err = t->kind == MAPPING_TEST_any ? any_holds(r, t, holds, why)
                                                   : test_holds(r, t, holds, why);
        if (err != ERR_OK) return err;
    }
    return ERR_OK;
}

/* ---- templates ---- */

static struct str part_text(const struct import_row *r, const struct mapping_part *p,
                            struct arena *a)
{
    switch (p->kind) {
    case MAPPING_PART_text:
        return p->text;
    case MAPPING_PART_column:
        return cell(r, p->column);
    case MAPPING_PART_line:
        return arena_printf(a, "%" PRIu64, r->line);
    case MAPPING_PART_case_row:
        return arena_printf(a, "%" PRIu64, r->case_row);
    case MAPPING_PART_file:
        return r->file;
    }
    contract_broken("part of a template", __FILE__, __LINE__);
}

/* *lacking is a column that is absent, NULL when none is; *found: some column is there. */
static struct str expand(const struct import_row *r, const struct mapping_template *t,
                         struct arena *a, const struct mapping_part **lacking, bool *found)
{
    struct str parts[MAPPING_COLUMNS_MAX];
    uint32_t n = t->count < MAPPING_COLUMNS_MAX ? t->count : MAPPING_COLUMNS_MAX;
    size_t bytes = 0, at = 0;
    *lacking = NULL;
    *found = false;
    for (uint32_t i = 0; i < n; i++) {
        parts[i] = part_text(r, &t->parts[i], a);
        bytes += parts[i].n;
        if (t->parts[i].kind != MAPPING_PART_column) continue;
        if (parts[i].n == 0) *lacking = &t->parts[i];
        if (parts[i].n > 0) *found = true;
    }
    if (n == 1) return parts[0];
    char *text = arena_take(a, bytes + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (parts[i].n) memcpy(text + at, parts[i].p, parts[i].n);
        at += parts[i].n;
    }
    return (struct str){text, (uint32_t)bytes};
}

/* For ids and sources: every column must be there, or two facts could get the same id. */
static enum err expand_whole(const struct import_row *r, const struct mapping_template *t,
                             const char *name, struct arena *a, struct str *out, struct fault *why)
{
    const struct mapping_part *lacking;
    bool found;
    *out = expand(r, t, a, &lacking, &found);
    if (!lacking) return ERR_OK;
    return fault_set(why, "feed", "missing", name, "%s: column %.*s is empty in this row", name,
                     STR_ARG(column_name(r, lacking->column)));
}

static struct str trimmed(struct str s)
{
    while (s.n > 0 && s.p[0] == ' ')
        s.p++, s.n--;
    while (s.n > 0 && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

/* A text whose columns are all absent is absent itself, whatever stands between them. */
static struct str expand_value(const struct import_row *r, const struct mapping_value *v,
                               struct arena *a)
{
    for (uint32_t i = 0; i < v->option_count; i++) {
        const struct mapping_part *lacking;
        bool found;
        struct str s = expand(r, &v->options[i], a, &lacking, &found);
        if (s.n > 0 && (found || !lacking)) return trimmed(s);
    }
    return (struct str){0};
}

/* ---- values ---- */

static enum err look_up(const struct mapping_table *t, const char *field, struct str *s,
                        struct fault *why)
{
    if (mapping_look_up(t, s) == ERR_OK) return ERR_OK;
    return fault_set(why, "feed", "not_in_table", field,
                     "%s: \"%.*s\" is not in the table %.*s; add it there, or a line for \"*\"",
                     field, s->n > 60 ? 60 : STR_ARG(*s), STR_ARG(t->name));
}

static enum err put_value(const struct import_row *r, const struct mapping_field *f,
                          struct arena *a, void *obj, struct fault *why)
{
    struct str s = expand_value(r, &f->value, a);
    if (s.n > 0 && f->value.table) {
        enum err e = look_up(f->value.table, f->field->name, &s, why);
        if (e != ERR_OK) return e;
    }
    if (s.n == 0) s = f->value.fallback;
    if (s.n == 0) return ERR_OK; /* absent; the contract says whether it may be */
    return fieldform_put(&f->value.form, s, (uint8_t *)obj + f->field->offset, why);
}

static void put_list(const struct mapping_field *f, void *obj, void *lines, uint32_t n)
{
    uint8_t *member = (uint8_t *)obj + f->field->offset;
    memcpy(member, &lines, sizeof lines);
    memcpy(member + sizeof lines, &n, sizeof n);
}

/* A line none of whose fields is there is no line. */
static bool line_is_empty(const struct shape *record, const void *line)
{
    const uint8_t *p = line;
    for (uint32_t i = 0; i < record->size; i++) {
        if (p[i] != 0) return false;
    }
    return true;
}

static enum err put_lines(const struct import_row *r, const struct mapping_field *f,
                          struct arena *a, void *obj, struct fault *why)
{
    const struct shape *record = f->field->record();
    uint8_t *lines = arena_take(a, (size_t)(f->line_count + 1) * record->size);
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->line_count; i++) {
        void *line = lines + (size_t)n * record->size;
        for (uint32_t k = 0; k < f->lines[i].count; k++) {
            enum err e = put_value(r, &f->lines[i].fields[k], a, line, why);
            if (e != ERR_OK) return e;
        }
        n += !line_is_empty(record, line);
    }
    put_list(f, obj, lines, n);
    return ERR_OK;
}

/* The text up to the next separator; *s goes on behind it. */
static struct str next_piece(struct str *s, struct str separator)
{
    const char *at = s->n ? memmem(s->p, s->n, separator.p, separator.n) : NULL;
    struct str piece = {s->p, at ? (uint32_t)(at - s->p) : s->n};
    uint32_t used = piece.n + (at ? separator.n : 0);
    *s = (struct str){s->p + used, s->n - used};
    return trimmed(piece);
}

/* "a|b|c" as three lines. */
static enum err put_split(const struct import_row *r, const struct mapping_field *f,
                          struct arena *a, void *obj, struct fault *why)
{
    const struct shape *record = f->field->record();
    struct str s = expand_value(r, &f->value, a);
    uint8_t *lines = arena_take(a, (size_t)(f->field->max + 1) * record->size);
    uint32_t n = 0;
    while (s.n > 0 && n <= f->field->max) { /* one too many is left for the contract to refuse */
        struct str one = next_piece(&s, f->value.split);
        enum err e = ERR_OK;
        if (one.n > 0 && f->value.table) e = look_up(f->value.table, f->field->name, &one, why);
        if (e == ERR_OK && one.n == 0) continue;
        uint8_t *member = lines + (size_t)n++ * record->size + f->value.form.field->offset;
        if (e == ERR_OK) e = fieldform_put(&f->value.form, one, member, why);
        if (e != ERR_OK) return e;
    }
    put_list(f, obj, lines, n);
    return ERR_OK;
}

/* ---- the fact ---- */

static enum err first_time(const struct import_row *r, const struct mapping_event *e,
                           int64_t *utc_ms, struct fault *why)
{
    for (uint32_t i = 0; i < e->time.n; i++) {
        struct mapping_ref ref = e->time.v[i];
        struct str day = cell(r, ref);
        if (day.n == 0) continue;
        struct str clock = e->clock.n ? cell(r, e->clock.v[0]) : (struct str){0};
        if (clock.n == 0) return time_read(r, ref, day, utc_ms, why);
        char text[TIME_BYTES_MAX]; /* what is longer is no time */
        snprintf(text, sizeof text, "%.*s %.*s", STR_ARG(day), STR_ARG(clock));
        return time_read(r, ref, str_of(text), utc_ms, why);
    }
    return fault_set(why, "feed", "missing", "time",
                     "time: column %.*s is empty in this row; add {column: "
                     "%.*s, present: yes} under when if such rows make no event",
                     STR_ARG(column_name(r, e->time.v[0])), STR_ARG(column_name(r, e->time.v[0])));
}

/* "75" is seconds, "0:01:15" hours, minutes, seconds. */
static bool duration_read(struct str s, int64_t *ms)
{
    const int64_t base = 60, second = 1000, most = INT64_C(10) * 366 * 24 * 3600;
    int64_t whole = 0, part = 0;
    int colons = 0, digits = 0;
    for (uint32_t i = 0; i < s.n; i++) {
        bool colon = s.p[i] == ':';
        if (colon ? digits == 0 : s.p[i] < '0' || s.p[i] > '9') return false;
        if (!colon) {
            part = part * 10 + (s.p[i] - '0');
            digits++;
        }
        if (part > most || (colons && (digits > 2 || part >= base))) return false;
        if (!colon) continue;
        whole = (whole + part) * base;
        part = 0, digits = 0, colons++;
        if (whole > most * base) return false;
    }
    if (digits == 0 || (colons != 0 && colons != 2)) return false;
    *ms = (whole + part) * second;
    return true;
}

static enum err add_durations(const struct import_row *r, const struct mapping_event *e,
                              int64_t *utc_ms, struct fault *why)
{
    for (uint32_t i = 0; i < e->plus.n; i++) {
        struct str s = cell(r, e->plus.v[i]), name = column_name(r, e->plus.v[i]);
        int64_t ms = 0;
        if (s.n == 0) continue;
        if (!duration_read(s, &ms))
            return fault_set(why, "feed", "duration_invalid", "plus",
                             "plus: %.*s is \"%.*s\"; a duration is seconds, like 75, or hours, "
                             "minutes and seconds, like 0:01:15",
                             STR_ARG(name), STR_ARG(s));
        *utc_ms += ms;
    }
    return ERR_OK;
}

static enum err occurred(const struct import_row *r, const struct mapping_event *e, int64_t *out,
                         struct fault *why)
{
    int64_t t = e->at_ms, bound;
    enum err err = ERR_OK;
    if (e->early) t = EARLY_TIME;
    if (e->time.n > 0) err = first_time(r, e, &t, why);
    if (err == ERR_OK) err = add_durations(r, e, &t, why);
    for (uint32_t i = 0; err == ERR_OK && i < e->not_before.n; i++) {
        if (cell(r, e->not_before.v[i]).n == 0) continue;
        err = time_at(r, e->not_before.v[i], &bound, why);
        if (err == ERR_OK && bound > t) t = bound;
    }
    for (uint32_t i = 0; err == ERR_OK && i < e->not_after.n; i++) {
        if (cell(r, e->not_after.v[i]).n == 0) continue;
        err = time_at(r, e->not_after.v[i], &bound, why);
        if (err == ERR_OK && bound < t) t = bound;
    }
    *out = t;
    return err;
}

static enum err fill_data(const struct import_row *r, const struct mapping_event *e,
                          struct arena *a, void *obj, struct fault *why)
{
    for (uint32_t i = 0; i < e->field_count; i++) {
        const struct mapping_field *f = &e->fields[i];
        enum err err = f->value.split.n > 0        ? put_split(r, f, a, obj, why)
                       : f->field->type == FT_LIST ? put_lines(r, f, a, obj, why)
                                                   : put_value(r, f, a, obj, why);
        if (err != ERR_OK) return err;
    }
    return ERR_OK;
}

enum err import_row_fact(const struct import_row *r, const struct mapping_event *e, struct arena *a,
                         struct buf *data, struct rec_fact *out, struct fault *why)
{
    const struct shape *shape = e->type->shape();
    void *obj = arena_take(a, shape->size);
    struct rec_fact fact = {.number = e->type->number};
    const struct mapping_part *lacking;
    bool found;
    enum err err = expand_whole(r, &e->id, "id", a, &fact.id, why);
    if (err == ERR_OK) err = expand_whole(r, &e->source, "source", a, &fact.source, why);
    if (err == ERR_OK) err = occurred(r, e, &fact.occurred, why);
    if (err == ERR_OK) err = fill_data(r, e, a, obj, why);
    if (err != ERR_OK) return err;
    if (e->actor.count) {
        struct str actor = expand(r, &e->actor, a, &lacking, &found);
        if (!lacking) fact.actor = actor;
    }
    if (proto_check(shape, obj, why, 1) > 0) return ERR_REFUSED;
    buf_clear(data);
    proto_encode(shape, obj, data);
    fact.data = buf_slice(data);
    if (proto_check(shape_fact(), &fact, why, 1) > 0) return ERR_REFUSED;
    *out = fact;
    return ERR_OK;
}
