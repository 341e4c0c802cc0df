/* cmd_kpi.c - `cuiban kpi`: the figures of head office, made from its rows by kpi.c; --recompute
 * proves the rows from the logs first. */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/cli/recompute.h"
#include "services/headoffice/kpi.h"
#include <stdlib.h>
#include <string.h>

/* ---- rows for kpi_compute ---- */

struct rows {
    struct reader *reader;
    struct key at;
};

/* kpi.c walks each table from its beginning, going on after the key it was given last. */
static enum err next_row(void *ctx, uint8_t table, struct slice from, bool after, struct slice *key,
                         struct slice *value)
{
    struct rows *r = ctx;
    REQUIRE(after || from.n == 0);
    if (from.n) memmove(r->at.b, from.p, from.n);
    r->at.n = from.n;
    enum err e = reader_row(r->reader, OWNER_headoffice, table, NULL, &r->at, value);
    *key = (struct slice){r->at.b, r->at.n};
    return e;
}

/* ---- one unit or one policy only ---- */

static const struct kpi_line *line_named(const struct kpi_lines *lines, const char *name)
{
    for (uint32_t i = 0; i < lines->n; i++) {
        if (str_is(lines->v[i]->name, name)) return lines->v[i];
    }
    return NULL;
}

/* A copy of the report in which the named line is all there is; it borrows from the report. */
static bool narrow(struct kpi_report *shown, struct kpi_lines *lines, const char *name,
                   struct kpi_line **slot)
{
    const struct kpi_line *line = line_named(lines, name);
    if (!line) return false;
    *slot = (struct kpi_line *)(uintptr_t)line;
    shown->total = *line;
    shown->units = shown->policies = shown->classes = (struct kpi_lines){0};
    *lines = (struct kpi_lines){slot, 1, 1};
    shown->day_count = 0; /* counted over all units */
    return true;
}

static void names_known(FILE *err, const struct kpi_lines *lines, const char *what,
                        const char *name)
{
    fprintf(err, "cuiban kpi: nothing is counted for %s %s; there is", what, name);
    for (uint32_t i = 0; i < lines->n && i < 20; i++) {
        fprintf(err, " %.*s", STR_ARG(lines->v[i]->name));
    }
    fputs(lines->n > 20 ? " …\n" : "\n", err);
}

/* ---- printing ---- */

static void drop_spans(json_t *j)
{
    const char *key;
    json_t *value;
    void *next;
    json_object_del(j, "spans");
    json_object_foreach_safe(j, next, key, value)
    {
        if (json_is_object(value)) drop_spans(value);
    }
}

static void print(struct view *v, const struct kpi_report *r, bool spans)
{
    if (v->form == LISTING_json) {
        json_t *j = kpi_to_json(r);
        if (!spans) drop_spans(j);
        json_dumpf(j, v->out, JSON_INDENT(1));
        fputc('\n', v->out);
        json_decref(j);
        return;
    }
    kpi_print(v->out, r, spans);
}

static int show(struct view *v, const struct kpi_ask *ask, const struct kpi_report *r)
{
    struct kpi_report shown = *r;
    struct kpi_line *slot = NULL;
    bool found = true;
    if (ask->unit) found = narrow(&shown, &shown.units, ask->unit, &slot);
    if (ask->policy) found = narrow(&shown, &shown.policies, ask->policy, &slot);
    if (found) {
        print(v, &shown, ask->spans);
        return CLI_OK;
    }
    names_known(v->err, ask->unit ? &r->units : &r->policies, ask->unit ? "unit" : "service policy",
                ask->unit ? ask->unit : ask->policy);
    return CLI_REFUSED;
}

int kpi_report(struct view *v, const struct kpi_ask *ask)
{
    struct rows rows = {.reader = v->reader};
    struct kpi_rows source = {&rows, next_row};
    struct kpi_query q = {.from_day = ask->from_day,
                          .to_day = ask->to_day,
                          .at = ask->at,
                          .at_count = ask->at_count,
                          .policy = v->policy};
    struct kpi_report r;
    if (!reader_has(v->reader, OWNER_headoffice)) {
        fprintf(
            v->err,
            "cuiban kpi: there is no head office in this directory; start it with `cuiban up`\n");
        return CLI_REFUSED;
    }
    enum err e = reader_now(v->reader, OWNER_headoffice, &q.as_of_ms);
    if (e == ERR_OK) e = kpi_compute(&q, &source, &r);
    if (e != ERR_OK) return view_result(v, e, "the rows of head office");
    int rc = show(v, ask, &r);
    kpi_fini(&r);
    return rc;
}

int kpi_recompute(struct view *v, const char *tmp)
{
    struct recompute_result r;
    struct fault why = {0};
    int rc;
    enum err e = recompute_service(v, OWNER_headoffice, tmp, &r, &why);
    if (e == ERR_REFUSED) {
        fprintf(v->err, "cuiban kpi: %s\n", why.text);
        rc = CLI_REFUSED;
    } else {
        rc = view_result(v, e, "the logs that head office reads");
    }
    if (e == ERR_OK) rc = recompute_report(v->out, OWNER_headoffice, &r);
    recompute_fini(&r);
    return rc;
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    struct kpi_ask ask;
    const char *from, *to, *zone;
    const char *at[KPI_AT_MAX];
    bool recompute;
};

enum {
    OPTION_FROM = 2001,
    OPTION_TO,
    OPTION_AT,
    OPTION_ZONE,
    OPTION_SPANS,
    OPTION_RECOMPUTE,
    OPTION_SP
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'u':
        a->ask.unit = arg;
        return 0;
    case OPTION_SP:
        a->ask.policy = arg;
        return 0;
    case OPTION_FROM:
        a->from = arg;
        return 0;
    case OPTION_TO:
        a->to = arg;
        return 0;
    case OPTION_ZONE:
        a->zone = arg;
        return 0;
    case OPTION_AT:
        if (a->ask.at_count == KPI_AT_MAX) argp_error(state, "at most %d instants", KPI_AT_MAX);
        a->at[a->ask.at_count++] = arg;
        return 0;
    case OPTION_SPANS:
        a->ask.spans = true;
        return 0;
    case OPTION_RECOMPUTE:
        a->recompute = a->view.need_policy = true;
        return 0;
    case ARGP_KEY_END:
        if (a->ask.unit && a->ask.policy)
            argp_error(state, "give --unit or --service-policy, not both");
        return 0;
    default:
        return view_parse(key, arg, state, "--unit");
    }
}

static const struct argp_option options[] = {
    {"unit", 'u', "UNIT", 0, "only this unit", 0},
    {"service-policy", OPTION_SP, "SP", 0, "only calls under this service policy", 0},
    {"from", OPTION_FROM, "DAY", 0, "first local day, YYYY-MM-DD, included", 0},
    {"to", OPTION_TO, "DAY", 0, "last local day, included", 0},
    {"at", OPTION_AT, "INSTANT", 0,
     "also the open and overdue backlog at this instant; may be repeated. RFC 3339, or a local "
     "time "
     "YYYY-MM-DD HH:MM[:SS] in --zone",
     0},
    {"zone", OPTION_ZONE, "ZONE", 0, "zone of --at (default: that of the set's default calendar)",
     0},
    {"spans", OPTION_SPANS, NULL, 0, "also how long things took", 0},
    {"recompute", OPTION_RECOMPUTE, NULL, 0,
     "make head office again from the logs and compare every row", 0},
    {0}};

static int take_instants(struct arguments *a, const struct zone *z)
{
    for (uint32_t i = 0; i < a->ask.at_count; i++) {
        if (view_instant(a->at[i], z, &a->ask.at[i])) continue;
        fprintf(stderr,
                "cuiban kpi: --at %s: write 2026-03-02T09:00:00+08:00, or \"2026-03-02 09:00\"\n",
                a->at[i]);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static int take_days(struct arguments *a)
{
    if (!a->from && !a->to) return CLI_OK;
    a->ask.from_day = day_of(1900, 1, 1);
    a->ask.to_day = day_of(2099, 12, 31);
    bool good = !a->from || day_parse(str_of(a->from), &a->ask.from_day) == ERR_OK;
    good &= !a->to || day_parse(str_of(a->to), &a->ask.to_day) == ERR_OK;
    if (good && a->ask.from_day <= a->ask.to_day) return CLI_OK;
    fprintf(
        stderr,
        "cuiban kpi: --from and --to are days such as 2026-03-01, the first not after the last\n");
    return CLI_USAGE;
}

static int run(struct view *v, void *arguments)
{
    struct arguments *a = arguments;
    struct zone *named = NULL;
    struct fault why = {0};
    if (a->zone && zone_open(str_of(a->zone), &named, &why) != ERR_OK) {
        fprintf(stderr, "cuiban kpi: --zone %s: %s\n", a->zone, why.text);
        return CLI_USAGE;
    }
    int rc = take_instants(a, named ? named : view_zone_of(v, (struct str){0}));
    if (rc == CLI_OK) rc = take_days(a);
    if (rc == CLI_OK)
        rc = a->recompute ? kpi_recompute(v, recompute_tmp()) : kpi_report(v, &a->ask);
    zone_close(&named);
    return rc;
}

int cmd_kpi(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp_single, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "Head-office figures: calls, in-time rates against their targets, 催辦單, backlog, spans."
        "\vExamples:\n  cuiban kpi --from 2026-03-01 --to 2026-03-31 --unit U1\n"
        "  cuiban kpi --at \"2026-03-31 17:30\" --at \"2026-03-15 17:30\" --json\n"
        "  cuiban kpi --recompute\n"
        "Rates are of integers: K-01 is the share of primary deadlines met, over all that were "
        "due. "
        "--recompute exits 1 when a stored row is not what the logs give.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
