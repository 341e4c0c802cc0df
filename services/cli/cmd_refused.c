/* cmd_refused.c - `cuiban refused`: every fact that a service did not accept, with the reason, and
 * for programs the fact itself, ready to be corrected and sent again. */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/cli/timeline.h"
#include <stdlib.h>

static const struct listing_column columns[] = {{"when", "when", false},
                                                {"service", "service", false},
                                                {"seq", NULL, true},
                                                {"type", "type", false},
                                                {"subject", "subject", false},
                                                {"source", "source", false},
                                                {"id", "id", false},
                                                {"rule", "rule", false},
                                                {"code", "code", false},
                                                {"field", NULL, false},
                                                {"text", "what would be right", false},
                                                {"fact", NULL, false}};

static void drop_extensions(json_t *fact)
{
    static const char *const ours[] = {"seq", "now", "received", "rule", "policy", "cause"};
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        json_object_del(fact, ours[i]);
}

/* As `cuiban feed` takes it. What the door itself refused may come again under its id; what a
 * service behind it refused was taken by the door, which would call the same id with other content
 * a mistake. */
static json_t *fact_of(const struct view_record *r, const struct ev_refused_fact *x,
                       struct arena *a)
{
    struct rec_entry e = r->entry;
    const struct event_type *type = event_by_number(x->number);
    e.number = x->number;
    e.data = x->data;
    if (r->log != OWNER_intake) e.id = arena_printf(a, "%.*s.corrected", STR_ARG(r->entry.id));
    json_t *fact = entry_to_json(owner_name(r->log), &e, a);
    drop_extensions(fact);
    if (type && !event_subject(type)) json_object_del(fact, "subject");
    return fact;
}

/* The unit that is meant: the one that reported, or one that the fact names. */
static bool is_of_unit(const json_t *fact, struct str source, struct str unit)
{
    const char *named = json_string_value(json_object_get(json_object_get(fact, "data"), "unit"));
    return str_eq(source, unit) || (named && str_is(unit, named));
}

static void print(struct view *v, struct listing *l, const struct view_record *r,
                  const struct ev_refused_fact *x, json_t *fact)
{
    const struct event_type *type = event_by_number(x->number);
    listing_time(l, r->entry.now, view_zone_of(v, r->entry.source));
    listing_text(l, str_of(owner_name(r->log)));
    listing_count(l, r->entry.seq);
    listing_text(l, str_of(type ? type->type : "unknown"));
    listing_text(l, x->subject);
    listing_text(l, r->entry.source);
    listing_text(l, r->entry.id);
    listing_text(l, x->rule);
    listing_text(l, x->code);
    listing_text(l, x->field);
    listing_text(l, x->text);
    listing_json(l, fact);
}

static enum err scan(struct view *v, const struct refused_query *q, struct timeline *t,
                     struct listing *l)
{
    struct view_record r;
    struct arena a = {0};
    enum err e;
    while ((e = timeline_next(t, &r)) == ERR_OK) {
        if (!r.type || r.type->kind != EV_refused_fact || !r.payload) continue;
        const struct ev_refused_fact *x = r.payload;
        if (q->source.n && !str_eq(q->source, r.entry.source)) continue;
        if (q->code.n && !str_eq(q->code, x->code)) continue;
        arena_reset(&a);
        json_t *fact = fact_of(&r, x, &a);
        if (q->unit.n && !is_of_unit(fact, r.entry.source, q->unit)) {
            json_decref(fact);
            continue;
        }
        print(v, l, &r, x, fact);
    }
    arena_fini(&a);
    return e;
}

int refused_list(struct view *v, const struct refused_query *q)
{
    struct timeline *t = calloc(1, sizeof *t);
    REQUIRE(t != NULL);
    struct listing *l = listing_begin(v->out, v->form, columns, COUNT_OF(columns));
    timeline_begin(t, v, 0);
    enum err e = scan(v, q, t, l);
    timeline_end(t);
    free(t);
    listing_end(&l, "nothing was refused");
    return view_result(v, e, "the logs");
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    struct refused_query query;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'u':
        a->query.unit = str_of(arg);
        return 0;
    case 's':
        a->query.source = str_of(arg);
        return 0;
    case 'k':
        a->query.code = str_of(arg);
        return 0;
    default:
        return view_parse(key, arg, state, "--source");
    }
}

static const struct argp_option options[] = {
    {"unit", 'u', "UNIT", 0, "only what this unit reported, or what names it", 0},
    {"source", 's', "SOURCE", 0, "only what this source reported", 0},
    {"code", 'k', "CODE", 0, "only this reason, e.g. state", 0},
    {0}};

static int run(struct view *v, void *arguments)
{
    const struct arguments *a = arguments;
    return refused_list(v, &a->query);
}

int cmd_refused(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "The facts that the services did not accept, with the rule and what would be right."
        "\vWith --json each has `fact`: the fact as it came, to be corrected and sent again:\n"
        "  cuiban refused --json | jq -c '.[].fact' > again.ndjson   # edit it\n"
        "  cuiban feed again.ndjson\n"
        "A fact that a service behind the door refused gets a new id there, because the door keeps "
        "the "
        "old one for ever.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
