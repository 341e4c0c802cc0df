/* cli_args.c - see cli_args.h. */
#include "services/cli/cli_args.h"
#include "common/nearest.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int64_t cli_number(struct argp_state *state, const char *option, const char *arg, int64_t min,
                   int64_t max)
{
    char *end;
    errno = 0;
    intmax_t n = strtoimax(arg, &end, 10);
    if (errno || end == arg || *end || n < min || n > max)
        argp_error(state, "%s %s: give a whole number from %" PRId64 " to %" PRId64, option, arg,
                   min, max);
    return (int64_t)n;
}

void cli_one_of(struct argp_state *state, const char *option, const char *arg,
                const char *const *words, size_t count)
{
    struct nearest near = nearest_begin(str_of(arg));
    char hint[NEAREST_HINT_MAX], known[256] = "";
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(known);
        if (strcmp(arg, words[i]) == 0) return;
        nearest_offer(&near, str_of(words[i]));
        (void)snprintf(known + used, sizeof known - used, " %s", words[i]);
    }
    nearest_hint(&near, hint);
    argp_error(state, "%s %s: there is%s%s", option, arg, known, hint);
}

void cli_no_word(struct argp_state *state, const char *arg)
{
    argp_error(state, "%s: this command takes options only", arg);
}
