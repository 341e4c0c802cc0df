/* cmd_schema.c - `cuiban schema`: the contracts, as Markdown or as JSON; the same tables from which
 * the codec is made. */
#include "common/contract.h"
#include "services/cli/cli.h"
#include "services/cli/view.h"

static json_t *field_json(const struct field *f)
{
    static const char *const types[] = {
        [FT_TEXT] = "text", [FT_UINT] = "integer", [FT_INT] = "integer", [FT_TIME] = "time",
        [FT_DATE] = "date", [FT_MONEY] = "money",  [FT_FLAG] = "flag",   [FT_CODE] = "word",
        [FT_LIST] = "list", [FT_RAW] = "object",   [FT_HASH] = "hash"};
    json_t *j = json_pack("{s:s, s:s, s:b, s:s}", "name", f->name, "type", types[f->type], "must",
                          (int)f->must, "help", f->help);
    REQUIRE(j != NULL);
    if (f->unit && f->unit[0]) json_object_set_new(j, "unit", json_string(f->unit));
    if (f->type == FT_TEXT || f->type == FT_UINT || f->type == FT_INT || f->type == FT_MONEY) {
        json_object_set_new(j, "min", json_integer(f->min));
    }
    if (f->max) json_object_set_new(j, "max", json_integer(f->max));
    if (f->type == FT_LIST) json_object_set_new(j, "of", json_string(f->record()->name));
    if (f->type != FT_CODE) return j;
    json_t *words = json_array();
    for (uint32_t i = 0; i < f->codes->count; i++) {
        const struct code_value *c = &f->codes->values[i];
        json_array_append_new(words, json_pack("{s:s, s:i, s:s}", "word", c->word, "number",
                                               (int)c->number, "label", c->label));
    }
    json_object_set_new(j, "words", words);
    return j;
}

static json_t *shape_json(const struct shape *s)
{
    json_t *fields = json_array();
    for (uint32_t i = 0; i < s->count; i++)
        json_array_append_new(fields, field_json(&s->fields[i]));
    return fields;
}

/* "events": by type; "records": lines and rows. */
static void print_json(FILE *out)
{
    json_t *events = json_array(), *records = json_object();
    for (uint32_t i = 0; shape_at(i); i++) {
        const struct shape *s = shape_at(i);
        const struct event_type *t = event_by_type(str_of(s->name));
        if (!t) {
            json_object_set_new(records, s->name, shape_json(s));
            continue;
        }
        const char *from = t->owner == OWNER_any ? "every service" : owner_name(t->owner);
        json_t *j = json_pack("{s:s, s:i, s:s, s:s, s:s, s:b, s:o}", "type", t->type, "number",
                              (int)t->number, "service", from, "rule", t->rule, "help", t->help,
                              "from_outside", (int)!event_is_verdict(t), "fields", shape_json(s));
        REQUIRE(j != NULL);
        json_array_append_new(events, j);
    }
    json_t *all = json_pack("{s:o, s:o}", "events", events, "records", records);
    json_dumpf(all, out, JSON_INDENT(1));
    fputc('\n', out);
    json_decref(all);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    bool *json = state->input;
    switch (key) {
    case 'j':
        *json = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "%s: schema takes no arguments; search its output for the event", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_schema(int argc, char **argv)
{
    static const struct argp_option options[] = {{"json", 'j', NULL, 0, "as JSON", 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "The contracts of all events, records and words, as Markdown or JSON."
        "\vA fact is one JSON object a line (CloudEvents): specversion, id, source, type, time, "
        "data. "
        "Events marked `verdict` are written by the services and refused at the door.",
        NULL,
        NULL,
        NULL};
    bool json = false;
    if (argp_parse(&argp, argc, argv, 0, NULL, &json)) return CLI_USAGE;
    if (json) {
        print_json(stdout);
    } else {
        proto_document(stdout);
    }
    return ferror(stdout) ? CLI_FAILED : CLI_OK;
}
