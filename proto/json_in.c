/* json_in.c - from JSON to struct, for what people and their programs write: every fault of the
 * object is reported, each with what would be right. Nothing is guessed: an unknown member, a real
 * number or a time without zone is a fault. */
#include "common/calendar.h"
#include "common/exact.h"
#include "common/nearest.h"
#include "proto/json.h"
#include "proto/token.h"
#include <stdarg.h>

void json_complain(struct json_reader *r, const char *name, const char *code, const char *text, ...)
{
    char path[64], sentence[sizeof r->faults->text];
    value_path_print(r->at, name, path);
    va_list ap;
    va_start(ap, text);
    vsnprintf(sentence, sizeof sentence, text, ap);
    va_end(ap);
    if (r->count < r->cap) {
        struct fault *out = &r->faults[r->count];
        (void)fault_set(out, VALUE_RULE, code, path, "%s%s%s", path, *path ? ": " : "", sentence);
        value_fault_clean(out);
    }
    r->count++;
}

static void refuse(struct json_reader *r, const struct field *f, enum wrong w, int64_t found)
{
    struct fault *out = r->count < r->cap ? &r->faults[r->count] : NULL;
    (void)value_fault(out, r->at, f, w, found);
    r->count++;
}

struct json_quote json_quote(const char *p, size_t n)
{
    struct json_quote q;
    int shown = n > 40 ? 40 : (int)n;
    snprintf(q.text, sizeof q.text, "\"%.*s\"%s", shown, p, n > 40 ? "…" : "");
    return q;
}

static struct json_quote quote(const json_t *in)
{
    return json_quote(json_string_value(in), json_string_length(in));
}

static void refuse_type(struct json_reader *r, const struct field *f, const json_t *in)
{
    static const enum token_kind kinds[] = {
        [JSON_OBJECT] = TOKEN_MAP,   [JSON_ARRAY] = TOKEN_ARRAY, [JSON_STRING] = TOKEN_TEXT,
        [JSON_INTEGER] = TOKEN_UINT, [JSON_REAL] = TOKEN_FLOAT,  [JSON_TRUE] = TOKEN_BOOL,
        [JSON_FALSE] = TOKEN_BOOL,   [JSON_NULL] = TOKEN_NIL};
    refuse(r, f, WRONG_TYPE, (int64_t)kinds[json_typeof(in)]);
}

static void put_number(struct json_reader *r, const struct field *f, int64_t x, void *member)
{
    int64_t found = 0;
    enum wrong w = value_number_wrong(f, x, &found);
    if (w == WRONG_NOT) {
        value_put_number(f, member, x);
    } else {
        refuse(r, f, w, found);
    }
}

static void read_text(struct json_reader *r, const struct field *f, const json_t *in, void *member)
{
    int64_t found = 0;
    if (!json_is_string(in)) {
        refuse_type(r, f, in);
        return;
    }
    if (json_string_length(in) > UINT32_MAX) { /* cannot be: a line is at most JSON_LINE_MAX */
        refuse(r, f, WRONG_LONG, (int64_t)json_string_length(in));
        return;
    }
    struct str s = {json_string_value(in), (uint32_t)json_string_length(in)};
    enum wrong w = value_text_wrong(f, s, &found);
    if (w == WRONG_NOT) {
        *(struct str *)member = arena_str(r->arena, s);
    } else {
        refuse(r, f, w, found);
    }
}

static void read_integer(struct json_reader *r, const struct field *f, const json_t *in,
                         void *member)
{
    if (json_is_integer(in)) {
        put_number(r, f, json_integer_value(in), member);
    } else if (json_is_real(in)) {
        json_complain(r, f->name, "wrong_type", "%g is a real number; write a whole number",
                      json_real_value(in));
    } else {
        refuse_type(r, f, in);
    }
}

/* ---- times and dates ---- */

/* The calendar knows what is wrong with the text; the words for programs are ours. */
static void refuse_time(struct json_reader *r, const struct field *f, const struct fault *why)
{
    const char *code = "not_a_time";
    if (strcmp(why->code, "time_zone_missing") == 0) code = "time_without_zone";
    if (strcmp(why->code, "time_out_of_range") == 0) code = "out_of_range";
    json_complain(r, f->name, code, "%s", why->text);
}

static void read_time(struct json_reader *r, const struct field *f, const json_t *in, void *member)
{
    int64_t ms;
    struct fault why;
    if (!json_is_string(in)) {
        json_complain(r, f->name, "wrong_type", "write a text such as 2026-03-02T09:00:00+08:00");
        return;
    }
    struct str s = {json_string_value(in), (uint32_t)json_string_length(in)};
    if (s.n == 0 && !f->must) return;
    if (time_parse(s, &ms, &why) != ERR_OK) {
        refuse_time(r, f, &why);
    } else if (ms == 0) {
        json_complain(r, f->name, "out_of_range", "%s stands for \"unknown\"; leave it out",
                      quote(in).text);
    } else {
        put_number(r, f, ms, member);
    }
}

static void read_date(struct json_reader *r, const struct field *f, const json_t *in, void *member)
{
    int32_t day;
    if (!json_is_string(in)) {
        json_complain(r, f->name, "wrong_type", "write a text such as 2026-03-02");
        return;
    }
    struct str s = {json_string_value(in), (uint32_t)json_string_length(in)};
    if (s.n == 0 && !f->must) return;
    if (day_parse(s, &day) != ERR_OK) {
        json_complain(r, f->name, "not_a_date", "%s is no date; write 2026-03-02", quote(in).text);
    } else if (day == 0) {
        json_complain(r, f->name, "out_of_range", "%s stands for \"unknown\"; leave it out",
                      quote(in).text);
    } else {
        put_number(r, f, day, member);
    }
}

/* ---- money ---- */

static void read_money(struct json_reader *r, const struct field *f, const json_t *in, void *member)
{
    int64_t fen;
    if (json_is_integer(in)) {
        if (__builtin_mul_overflow(json_integer_value(in), INT64_C(100), &fen)) {
            refuse(r, f, WRONG_BIG, 0);
        } else {
            put_number(r, f, fen, member);
        }
    } else if (json_is_real(in)) {
        json_complain(r, f->name, "wrong_type",
                      "%g is a real number, which cannot hold every fen; write \"120.00\"",
                      json_real_value(in));
    } else if (!json_is_string(in)) {
        refuse_type(r, f, in);
    } else if (exact_money_parse(
                   (struct str){json_string_value(in), (uint32_t)json_string_length(in)}, &fen)) {
        put_number(r, f, fen, member);
    } else {
        json_complain(r, f->name, "not_money", "%s is no amount; write \"120.00\"", quote(in).text);
    }
}

/* ---- flags, words, hashes ---- */

static void read_flag(struct json_reader *r, const struct field *f, const json_t *in, void *member)
{
    if (json_is_boolean(in)) {
        *(bool *)member = json_is_true(in);
    } else {
        refuse_type(r, f, in);
    }
}

static void read_code(struct json_reader *r, const struct field *f, const json_t *in, void *member)
{
    char words[110], hint[NEAREST_HINT_MAX];
    if (!json_is_string(in)) {
        value_words(f->codes, words, sizeof words);
        json_complain(r, f->name, "wrong_type", "write one of the words %s", words);
        return;
    }
    struct str word = {json_string_value(in), (uint32_t)json_string_length(in)};
    uint32_t number = code_number(f->codes, word);
    if (number != 0 || word.n == 0) {
        put_number(r, f, number, member);
        return;
    }
    struct nearest near = nearest_begin(word);
    for (uint32_t i = 0; i < f->codes->count; i++)
        nearest_offer(&near, str_of(f->codes->values[i].word));
    nearest_hint(&near, hint);
    value_words(f->codes, words, sizeof words);
    json_complain(r, f->name, "unknown_word", "%s is none of %s%s", quote(in).text, words, hint);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void read_hash(struct json_reader *r, const struct field *f, const json_t *in, uint8_t *out)
{
    const char *p = json_string_value(in);
    bool good = p && json_string_length(in) == 64;
    for (size_t i = 0; good && i < 64; i++)
        good = hex_digit(p[i]) >= 0;
    if (!good) {
        json_complain(r, f->name, "wrong_type", "write 64 hexadecimal digits, a to f small");
        return;
    }
    for (size_t i = 0; i < 32; i++) {
        out[i] = (uint8_t)(hex_digit(p[2 * i]) << 4 | hex_digit(p[2 * i + 1]));
    }
}

/* ---- objects ---- */

void json_read_value(struct json_reader *r, const struct field *f, const json_t *in, void *member)
{
    if (!in || json_is_null(in)) {
        if (f->must) refuse(r, f, WRONG_MISSING, 0);
        return;
    }
    switch (f->type) {
    case FT_TEXT:
        read_text(r, f, in, member);
        return;
    case FT_UINT:
    case FT_INT:
        read_integer(r, f, in, member);
        return;
    case FT_TIME:
        read_time(r, f, in, member);
        return;
    case FT_DATE:
        read_date(r, f, in, member);
        return;
    case FT_MONEY:
        read_money(r, f, in, member);
        return;
    case FT_FLAG:
        read_flag(r, f, in, member);
        return;
    case FT_CODE:
        read_code(r, f, in, member);
        return;
    case FT_HASH:
        read_hash(r, f, in, member);
        return;
    case FT_RAW:
        json_complain(r, f->name, "not_from_outside",
                      "is written by the services only; leave it out");
        return;
    case FT_LIST:
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

static void refuse_unknown(struct json_reader *r, const struct shape *s, const json_t *in)
{
    const char *name;
    json_t *ignored;
    char hint[NEAREST_HINT_MAX];
    json_object_foreach((json_t *)in, name, ignored)
    {
        if (shape_field(s, str_of(name))) continue;
        struct nearest near = nearest_begin(str_of(name));
        for (uint32_t i = 0; i < s->count; i++)
            nearest_offer(&near, str_of(s->fields[i].name));
        nearest_hint(&near, hint);
        json_complain(r, name, "unknown_field", "is no field of %s%s", s->name, hint);
    }
}

static void read_line(struct json_reader *r, const struct shape *s, const json_t *in, void *line)
{
    if (!json_is_object(in)) {
        json_complain(r, "", "wrong_type", "write an object with the fields of %s", s->name);
        return;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        json_read_value(r, f, json_object_get(in, f->name), value_of(f, line));
    }
    refuse_unknown(r, s, in);
}

static void read_list(struct json_reader *r, const struct field *f, const json_t *in, void *member)
{
    const struct shape *line = f->record();
    size_t n = json_array_size(in); /* 0 for NULL and for what is no array */
    if (in && !json_is_array(in) && !json_is_null(in)) {
        refuse_type(r, f, in);
    } else if (n == 0) {
        if (f->must) refuse(r, f, WRONG_MISSING, 0);
    } else if (n > (size_t)f->max) {
        refuse(r, f, WRONG_LONG, (int64_t)n);
    } else {
        struct value_list list = {arena_take(r->arena, n * line->size), (uint32_t)n};
        memcpy(member, &list.v, sizeof list.v);
        memcpy((uint8_t *)member + sizeof list.v, &list.n, sizeof list.n);
        for (uint32_t i = 0; i < list.n; i++) {
            r->at = (struct value_path){f, i};
            read_line(r, line, json_array_get(in, i), value_line(line, list, i));
        }
        r->at = (struct value_path){0};
    }
}

void json_read_object(struct json_reader *r, const struct shape *s, const json_t *in, void *obj)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        const json_t *value = json_object_get(in, f->name);
        if (f->type == FT_LIST) {
            read_list(r, f, value, value_of(f, obj));
        } else {
            json_read_value(r, f, value, value_of(f, obj));
        }
    }
    refuse_unknown(r, s, in);
}

enum err proto_from_json(const struct shape *s, const json_t *in, struct arena *a, void *obj,
                         struct fault *faults, uint32_t cap, uint32_t *fault_count)
{
    struct json_reader r = {.arena = a, .faults = faults, .cap = cap};
    memset(obj, 0, s->size);
    if (json_is_object(in)) {
        json_read_object(&r, s, in, obj);
    } else {
        json_complain(&r, "", "wrong_type", "write an object with the fields of %s", s->name);
    }
    *fault_count = r.count;
    return r.count ? ERR_REFUSED : ERR_OK;
}
