/* cmd_show.c - `cuiban show CASE` (`show complaint NUMBER` is show_complaint.c): the rows that the
 * services keep of a call, 催辦單, 洽辦單, register day, customer … and every record of every log
 * that is about it, in the order of time. */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/cli/timeline.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 200 /* of one table; a unit may have any number */

struct show {
    struct view *v;
    struct str name;
    struct str unit; /* the case's, from the first row or record that names one */
    char unit_text[33];
    const struct zone *zone;
    bool quiet; /* only looking for the unit */
    uint64_t rows, events;
};

static void note_unit(struct show *s, struct str unit)
{
    if (s->unit.n || unit.n == 0) return;
    if (!str_copy(unit, s->unit_text, sizeof s->unit_text)) return;
    s->unit = str_of(s->unit_text);
    s->zone = view_zone_of(s->v, s->unit);
}

/* ---- keys ---- */

/* Where rows of the named thing begin in a table; false: the table has none. A paper is named as
 * its deadlines name it, "docs/O-1"; a register "U1/2026-03-02". */
static bool prefix_of(const struct show *s, const struct table *t, struct key *out)
{
    size_t n = strlen(t->name);
    const char *p = s->name.p;
    if (s->name.n > n && p[n] == '/' && memcmp(p, t->name, n) == 0)
        return view_key_from(t->key, (struct str){p + n + 1, s->name.n - (uint32_t)n - 1}, out);
    struct str first = view_layout_part(t->key, 0), second = view_layout_part(t->key, 1);
    if (!view_layout_is_text(first)) return false;
    if (str_is(first, "unit") && str_is(second, "day") && view_key_from(t->key, s->name, out))
        return true;
    return view_key_of(s->name, out);
}

/* ---- rows ---- */

static void row_print(struct show *s, enum owner o, const struct table *t, const struct key *k,
                      const void *row)
{
    struct buf key = {0};
    view_print_key(&key, t->key, k, s->zone);
    if (s->v->form == LISTING_json) {
        json_t *j = json_pack("{s:s, s:s, s:s%}", "service", owner_name(o), "table", t->name, "key",
                              key.n ? (const char *)key.p : "", key.n);
        REQUIRE(j != NULL);
        json_object_set_new(j, "row", proto_to_json(t->shape(), row));
        fputs(s->rows ? ",\n  " : "\n  ", s->v->out);
        json_dumpf(j, s->v->out, JSON_COMPACT);
        json_decref(j);
    } else {
        fprintf(s->v->out, "  %s %s  ", owner_name(o), t->name);
        listing_print_padded(s->v->out, (struct str){(const char *)key.p, (uint32_t)key.n}, 0,
                             false);
        fputs(": ", s->v->out);
        view_print_fields(s->v->out, t->shape(), row, s->zone, NULL);
        fputc('\n', s->v->out);
    }
    s->rows++;
    buf_fini(&key);
}

static struct str row_unit(const struct shape *shape, const void *row)
{
    struct str unit = {0};
    const struct field *f = shape_field(shape, STR("unit"));
    if (f && f->type == FT_TEXT) memcpy(&unit, (const char *)row + f->offset, sizeof unit);
    return unit;
}

static enum err table_rows(struct show *s, enum owner o, const struct table *t)
{
    struct key prefix, at = {.n = 0};
    struct slice value;
    enum err e = ERR_OK;
    if (!prefix_of(s, t, &prefix)) return ERR_OK;
    for (uint32_t i = 0; (e = reader_row(s->v->reader, o, t->id, &prefix, &at, &value)) == ERR_OK;
         i++) {
        if (i == ROWS_MAX) {
            if (!s->quiet)
                fprintf(s->v->err, "%s %s: more than %d rows; only these are shown\n",
                        owner_name(o), t->name, ROWS_MAX);
            return ERR_OK;
        }
        void *row = calloc(1, t->shape()->size);
        REQUIRE(row != NULL);
        e = view_decode(s->v, t->shape(), value, row);
        if (e == ERR_OK) note_unit(s, row_unit(t->shape(), row));
        if (e == ERR_OK && !s->quiet) row_print(s, o, t, &at, row);
        free(row);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err all_rows(struct show *s, bool quiet)
{
    enum err e = ERR_OK;
    s->quiet = quiet;
    for (int o = OWNER_intake; e == ERR_OK && o < OWNER_COUNT; o++) {
        const struct service *svc = view_service((enum owner)o);
        if (!svc || !reader_has(s->v->reader, (enum owner)o)) continue;
        bool has_deadlines = false;
        for (size_t i = 0; e == ERR_OK && i < svc->table_count; i++) {
            has_deadlines |= svc->tables[i].id == TABLE_DEADLINE;
            e = table_rows(s, (enum owner)o, &svc->tables[i]);
        }
        if (e == ERR_OK && !has_deadlines) e = table_rows(s, (enum owner)o, &table_deadline);
        if (e == ERR_OK) e = table_rows(s, (enum owner)o, &table_unit);
        if (e == ERR_OK) e = table_rows(s, (enum owner)o, &table_person);
    }
    return e;
}

/* ---- events ---- */

static void event_print(struct show *s, const struct view_record *r)
{
    char when[40];
    const struct rec_entry *e = &r->entry;
    time_format_local(e->now, s->zone, when);
    fprintf(s->v->out, "  %-19s  %-10s #%-6" PRIu64 " %-22s %-9.*s ", when, owner_name(r->log),
            e->seq, r->type ? r->type->type : "unknown event", STR_ARG(e->rule));
    if (e->occurred && e->occurred != e->now) {
        time_format_local(e->occurred, s->zone, when);
        fprintf(s->v->out, "(happened %s) ", when);
    }
    if (r->payload) view_print_fields(s->v->out, r->type->shape(), r->payload, s->zone, NULL);
    fputc('\n', s->v->out);
}

static void event_json(struct show *s, const struct view_record *r, struct arena *a)
{
    json_t *j = entry_to_json(owner_name(r->log), &r->entry, a);
    json_object_set_new(j, "log", json_string(owner_name(r->log)));
    fputs(s->events ? ",\n  " : "\n  ", s->v->out);
    json_dumpf(j, s->v->out, JSON_COMPACT);
    json_decref(j);
}

static enum err all_events(struct show *s)
{
    struct timeline *t = calloc(1, sizeof *t);
    struct view_record r;
    struct arena a = {0};
    REQUIRE(t != NULL);
    timeline_begin(t, s->v, 0);
    enum err e = timeline_name(t, s->name) ? ERR_OK : ERR_END;
    /* What is told of the paper "docs/O-1" names it O-1. */
    const char *slash = s->name.n ? memrchr(s->name.p, '/', s->name.n) : NULL;
    uint32_t before = slash ? (uint32_t)(slash - s->name.p) + 1 : 0;
    if (slash) (void)timeline_name(t, (struct str){slash + 1, s->name.n - before});
    while (e == ERR_OK && (e = timeline_next(t, &r)) == ERR_OK) {
        /* What people do with a 催辦單 of the case names only its number. */
        bool slip =
            r.type && (r.type->kind == EV_reminder_issued || r.type->kind == EV_inquiry_issued);
        if (slip) (void)timeline_name(t, view_text_of(&r, "number"));
        arena_reset(&a);
        if (s->v->form == LISTING_json) {
            event_json(s, &r, &a);
        } else {
            event_print(s, &r);
        }
        s->events++;
    }
    timeline_end(t);
    free(t);
    arena_fini(&a);
    return e == ERR_END ? ERR_OK : e;
}

int show_case(struct view *v, struct str name)
{
    struct show s = {.v = v, .name = name, .zone = view_zone_of(v, (struct str){0})};
    bool json = v->form == LISTING_json;
    enum err e = all_rows(&s, true);
    if (json) {
        json_t *j = json_stringn(name.p, name.n);
        fputs("{\"case\": ", v->out);
        json_dumpf(j, v->out, JSON_ENCODE_ANY);
        json_decref(j);
        fputs(",\n \"rows\": [", v->out);
    } else {
        fprintf(v->out, "%.*s\nrows\n", STR_ARG(name));
    }
    if (e == ERR_OK) e = all_rows(&s, false);
    fputs(json ? "],\n \"events\": [" : "events\n", v->out);
    if (e == ERR_OK) e = all_events(&s);
    if (json) fputs("]}\n", v->out);
    int rc = view_result(v, e, "the case");
    if (rc != CLI_OK || s.rows || s.events) return rc;
    fprintf(v->err,
            "cuiban show: nothing is known of %.*s; give the number as it was given or assigned\n",
            STR_ARG(name));
    return CLI_REFUSED;
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    const char *name;
    bool complaint; /* by the word before its number */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (a->name && (a->complaint || strcmp(a->name, "complaint") != 0))
            argp_error(state, "one case at a time");
        a->complaint = a->name != NULL;
        a->name = arg;
        return 0;
    case ARGP_KEY_END:
        if (a->name && !a->complaint && strcmp(a->name, "complaint") == 0)
            argp_error(state, "which complaint? show complaint NUMBER");
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(
            state,
            "which case? give a call, a 催辦單, a 洽辦單, a register UNIT/DAY, a customer …");
        return 0;
    default:
        return view_parse(key, arg, state, "");
    }
}

static int run(struct view *v, void *arguments)
{
    const struct arguments *a = arguments;
    return a->complaint ? show_complaint(v, str_of(a->name)) : show_case(v, str_of(a->name));
}

int cmd_show(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp_single, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        NULL,
        parse,
        "CASE\ncomplaint NUMBER",
        "Everything about a case: what each service keeps of it, and what happened, in order; of a "
        "complaint 客戶抱怨處理表 who held it, how long, and who exceeded which limit."
        "\vExamples:\n  cuiban show U1-20260302-001\n  cuiban show CB-U1-20260303-001 --json\n"
        "  cuiban show complaint 240301\n"
        "Times are those of the unit's calendar. Every event names the log and the place where it "
        "stands, "
        "and the rule by which it was written. `cuiban explain` says why a 催辦單 was issued.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
