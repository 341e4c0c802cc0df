/* print.c - an object on one line, for logs and failing tests: field=value field=value. */
#include "proto/proto.h"
#include "proto/value.h"
#include <inttypes.h>

/* Quoted when it is not a plain word, so that the line can be taken apart again. */
static void print_text(FILE *out, struct str s)
{
    bool plain = true;
    for (uint32_t i = 0; i < s.n; i++)
        plain &= (uint8_t)s.p[i] > ' ' && !strchr("\"\\=", s.p[i]);
    if (plain) {
        fprintf(out, "%.*s", STR_ARG(s));
        return;
    }
    fputc('"', out);
    for (uint32_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"' || c == '\\') fputc('\\', out);
        if (c == '\n' || c == '\t') {
            fputs(c == '\n' ? "\\n" : "\\t", out);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

static void print_hex(FILE *out, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%02x", p[i]);
}

static void print_number(FILE *out, const struct field *f, const void *member)
{
    char text[40];
    int64_t x = value_number(f, member);
    if (f->type == FT_CODE) {
        fputs(code_word(f->codes, (uint32_t)x), out);
    } else {
        value_number_print(f, x, text);
        fputs(f->type == FT_FLAG ? "yes" : text, out);
    }
}

/* Any value but a list; absent ones are left out. */
static void print_value(FILE *out, struct value_path at, const struct field *f, const void *member)
{
    char path[64];
    const struct slice *raw = member;
    if (!f->must && value_is_zero(f, member)) return;
    value_path_print(at, f->name, path);
    fprintf(out, "%s=", path);
    if (f->type == FT_TEXT) {
        print_text(out, *(const struct str *)member);
    } else if (f->type == FT_RAW) {
        print_hex(out, raw->p, raw->n);
    } else if (f->type == FT_HASH) {
        print_hex(out, member, 32);
    } else {
        print_number(out, f, member);
    }
    fputc(' ', out);
}

static void print_list(FILE *out, const struct field *f, struct value_list list)
{
    const struct shape *line = f->record();
    for (uint32_t i = 0; i < list.n; i++) {
        for (uint32_t k = 0; k < line->count; k++) {
            const struct field *in_line = &line->fields[k];
            print_value(out, (struct value_path){f, i}, in_line,
                        value_in(in_line, value_line(line, list, i)));
        }
    }
}

void proto_print(FILE *out, const struct shape *s, const void *obj)
{
    fprintf(out, "%s: ", s->name);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        const void *member = value_in(f, obj);
        if (f->type == FT_LIST) {
            print_list(out, f, value_list(member));
        } else {
            print_value(out, (struct value_path){0}, f, member);
        }
    }
    fputc('\n', out);
}
