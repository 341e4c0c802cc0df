/* intake_source.c - see intake_source.h. */
#include "services/cli/intake_source.h"
#include "common/calendar.h"
#include "services/cli/cli.h"
#include <inttypes.h>
#include <string.h>

#define SHOWN_REJECTS 5 /* on the terminal; all of them stand in the file of rejects */

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct intake_source *s = state->input;
    struct fault why;
    switch (key) {
    case 'm':
        s->map = arg;
        return 0;
    case 's':
        s->sort = true;
        return 0;
    case 'r':
        s->rejects_dir = arg;
        return 0;
    case 'u':
        if (time_parse(str_of(arg), &s->until_ms, &why) != ERR_OK)
            argp_error(state, "--until: %s", why.text);
        return 0;
    case ARGP_KEY_ARG:
        if (s->path_count == INTAKE_SOURCE_PATHS_MAX)
            argp_error(state, "more than %d files", INTAKE_SOURCE_PATHS_MAX);
        s->paths[s->path_count++] = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_usage(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"map", 'm', "FILE", 0, "mapping for CSV files (deploy/mappings); without it files are NDJSON",
     0},
    {"sort", 's', NULL, 0, "NDJSON: take in the order of time", 0},
    {"rejects", 'r', "DIR", 0,
     "where files of rejected rows and refused facts go (default: beside the input)", 0},
    {"until", 'u', "TIME", 0,
     "event clock: let time pass to here afterwards (default: just after the last fact)", 0},
    {0}};
const struct argp intake_source_argp = {options, parse, NULL, NULL, NULL, NULL, NULL};

static void on_reject(void *user, const struct import_reject *r)
{
    uint32_t *shown = user;
    if (++*shown > SHOWN_REJECTS) return;
    const struct fault *f = &r->fault;
    bool named = f->field[0] == 0 || strncmp(f->text, f->field, strlen(f->field)) == 0;
    fprintf(stderr, "%s:%" PRIu64 ": %s%s%s%s%s\n", r->path, r->line, r->type, *r->type ? ": " : "",
            named ? "" : f->field, named ? "" : ": ", f->text);
}

static int open_mapping(struct intake_source *s)
{
    struct mapping_fault faults[MAPPING_FAULTS_MAX];
    uint32_t n = 0;
    enum err e = mapping_load(s->map, &s->mapping, faults, MAPPING_FAULTS_MAX, &n);
    if (e == ERR_OK) return CLI_OK;
    mapping_print_faults(stderr, s->map, faults, n);
    return e == ERR_IO ? CLI_FAILED : CLI_REFUSED;
}

int intake_source_open(struct intake_source *s)
{
    static uint32_t shown;
    struct mapping_fault faults[MAPPING_FAULTS_MAX];
    uint32_t n = 0;
    int rc = s->map ? open_mapping(s) : CLI_OK;
    if (rc != CLI_OK) return rc;
    struct import_options o = {.paths = s->paths,
                               .path_count = s->path_count,
                               .mapping = s->mapping,
                               .sort = s->sort,
                               .keep_rejects = true,
                               .rejects_dir = s->rejects_dir,
                               .on_reject = on_reject,
                               .user = &shown};
    enum err e = import_open(&o, &s->import, faults, MAPPING_FAULTS_MAX, &n);
    if (e == ERR_OK) return CLI_OK;
    mapping_print_faults(stderr, s->map ? s->map : s->command, faults, n);
    return e == ERR_IO ? CLI_FAILED : CLI_REFUSED;
}

void intake_source_close(struct intake_source *s)
{
    import_close(&s->import);
    mapping_close(&s->mapping);
}

int64_t intake_source_until(const struct intake_source *s)
{
    int64_t last = import_counts(s->import)->last_ms;
    return s->until_ms ? s->until_ms : last ? last + 2 : 0;
}

bool intake_source_report(const struct intake_source *s, FILE *out)
{
    const struct import_counts *c = import_counts(s->import);
    fprintf(out,
            "%" PRIu64 " rows read, %" PRIu64 " facts made, %" PRIu64 " repeated, %" PRIu64
            " rows and %" PRIu64 " facts rejected\n",
            c->rows, c->facts, c->repeated, c->rejected_rows, c->rejected_facts);
    return c->rejected_rows + c->rejected_facts > 0;
}
