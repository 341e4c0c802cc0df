/* cmd_sample.c - `cuiban sample`: made-up operations as NDJSON on standard output. */
#include "common/calendar.h"
#include "common/clock.h"
#include "services/cli/cli.h"
#include "services/cli/cli_args.h"
#include "services/cli/sample.h"
#include <argp.h>
#include <stdlib.h>

struct args {
    struct sample_options o;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct args *a = state->input;
    struct fault why;
    switch (key) {
    case 'u':
        a->o.units = (uint32_t)cli_number(state, "--units", arg, 1, UINT32_MAX);
        return 0;
    case 'd':
        a->o.days = (uint32_t)cli_number(state, "--days", arg, 1, UINT32_MAX);
        return 0;
    case 'c':
        a->o.calls_per_day = (uint32_t)cli_number(state, "--calls", arg, 1, UINT32_MAX);
        return 0;
    case 's':
        a->o.seed = (uint64_t)cli_number(state, "--seed", arg, 0, INT64_MAX);
        return 0;
    case 'q':
        a->o.live = false;
        return 0;
    case 'e':
        if (str_is(str_of(arg), "now")) return 0;
        if (time_parse(str_of(arg), &a->o.end_ms, &why) != ERR_OK)
            argp_error(state, "--end: %s", why.text);
        return 0;
    case ARGP_KEY_ARG:
        cli_no_word(state, arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"units", 'u', "N", 0, "service centres and branches (default 12)", 0},
    {"days", 'd', "N", 0, "days of operations up to the end (default 30)", 0},
    {"calls", 'c', "N", 0, "calls per unit and working day (default 8)", 0},
    {"seed", 's', "N", 0, "another company (default 20260101)", 0},
    {"end", 'e', "TIME", 0, "RFC 3339, or now (default now)", 0},
    {"quiet-end", 'q', NULL, 0, "no calls that fall due right after the end", 0},
    {0}};

int cmd_sample(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "Write the operations of a made-up service company, one fact a line, "
        "ready for `cuiban feed`. The same options give the same facts.",
        NULL,
        NULL,
        NULL};
    struct args a = {SAMPLE_DEFAULTS};
    if (argp_parse(&argp, argc, argv, 0, NULL, &a)) return CLI_USAGE;
    if (a.o.end_ms == 0) a.o.end_ms = clock_wall_ms();
    struct fault why = {0};
    enum err e = sample_write(stdout, &a.o, &why);
    if (e != ERR_OK) fprintf(stderr, "cuiban sample: %s: %s\n", why.field, why.text);
    return e == ERR_OK ? CLI_OK : e == ERR_REFUSED ? CLI_USAGE : CLI_FAILED;
}
