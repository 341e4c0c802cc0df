/* document.c - the contracts as Markdown, for `cuiban schema`: events by owner, records, words. */
#include "proto/proto.h"
#include "proto/value.h"
#include <inttypes.h>

static const struct codeset *const codesets[] = {
#define VALUE(set, word, number, label)
#define CODESET(name, help, values) &codes_##name,
#include "proto/codes.def"
#undef CODESET
#undef VALUE
};

static const struct {
    const char *help;
    const struct shape *(*shape)(void);
} records[] = {
#define RECORD(name, help, fields) {help, shape_##name},
#define EVENT(entity, verb, number, owner, rule, help, fields)
#include "proto/all.def"
#undef RECORD
#undef EVENT
};

static void type_print(FILE *out, const struct field *f)
{
    static const char *const names[] = {
        [FT_TEXT] = "text",    [FT_UINT] = "integer", [FT_INT] = "integer", [FT_TIME] = "time",
        [FT_DATE] = "date",    [FT_MONEY] = "money",  [FT_FLAG] = "flag",   [FT_CODE] = "word of",
        [FT_LIST] = "list of", [FT_RAW] = "object",   [FT_HASH] = "hash"};
    fputs(names[f->type], out);
    if (f->type == FT_CODE) fprintf(out, " [%s](#codeset-%s)", f->codes->name, f->codes->name);
    if (f->type == FT_LIST) {
        fprintf(out, " [%s](#record-%s)", f->record()->name, f->record()->name);
    }
}

static void limits_print(FILE *out, const struct field *f)
{
    char min[40], max[40];
    value_number_print(f, f->min, min);
    value_number_print(f, f->max, max);
    switch (f->type) {
    case FT_TEXT:
    case FT_UINT:
    case FT_INT:
    case FT_MONEY:
        fprintf(out, "%s … %s %s", min, max, f->unit);
        return;
    case FT_LIST:
    case FT_RAW:
        fprintf(out, "at most %s %s", max, f->unit);
        return;
    case FT_HASH:
        fputs("32 bytes", out);
        return;
    case FT_TIME:
    case FT_DATE:
    case FT_FLAG:
    case FT_CODE:
        return;
    }
}

static void fields_print(FILE *out, const struct shape *s)
{
    fputs("| field | type | need | limits | meaning |\n| --- | --- | --- | --- | --- |\n", out);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        fprintf(out, "| `%s` | ", f->name);
        type_print(out, f);
        fprintf(out, " | %s | ", f->must ? "must" : "");
        limits_print(out, f);
        fprintf(out, " | %s |\n", f->help);
    }
    fputc('\n', out);
}

static void event_print(FILE *out, const struct event_type *t)
{
    fprintf(out, "### %s\n\nNumber %" PRIu32 ", rule %s%s. %s.\n\n", t->type, t->number, t->rule,
            event_is_verdict(t) ? ", never from outside" : "", t->help);
    fields_print(out, t->shape());
}

static void owner_print(FILE *out, enum owner owner)
{
    bool first = true;
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        const struct event_type *t = event_of((enum event_kind)k);
        if (t->owner != owner) continue;
        if (first) {
            fprintf(out, "## Events of %s\n\n",
                    owner == OWNER_any ? "every service" : owner_name(owner));
        }
        first = false;
        event_print(out, t);
    }
}

static void records_print(FILE *out)
{
    fputs("## Records\n\n", out);
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        const struct shape *s = records[i].shape();
        fprintf(out, "### <a id=\"record-%s\"></a>%s\n\n%s.\n\n", s->name, s->name,
                records[i].help);
        fields_print(out, s);
    }
}

static void codesets_print(FILE *out)
{
    fputs("## Words\n\n", out);
    for (size_t i = 0; i < COUNT_OF(codesets); i++) {
        const struct codeset *set = codesets[i];
        fprintf(out, "### <a id=\"codeset-%s\"></a>%s\n\n%s.\n\n", set->name, set->name, set->help);
        fputs("| word | number | 中文 |\n| --- | --- | --- |\n", out);
        for (uint32_t k = 0; k < set->count; k++) {
            const struct code_value *v = &set->values[k];
            fprintf(out, "| `%s` | %" PRIu32 " | %s |\n", v->word, v->number, v->label);
        }
        fputc('\n', out);
    }
}

void proto_document(FILE *out)
{
    fputs("# Contracts\n\n"
          "Generated from `proto/*.def`. In JSON a time is RFC 3339 with zone, a date YYYY-MM-DD, "
          "money a "
          "text such as \"120.00\" (yuan), a word one of its list. On the wire an object is a "
          "msgpack "
          "array of its fields in this order, nil for absent; fields are only ever appended.\n\n",
          out);
    for (int owner = 0; owner < OWNER_COUNT; owner++)
        owner_print(out, (enum owner)owner);
    records_print(out);
    codesets_print(out);
}
