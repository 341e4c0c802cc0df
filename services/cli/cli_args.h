/* cli_args.h - words of a command line that several commands take. A wrong one ends the command
 * with what would be right, and the exit status of a wrong usage. */
#ifndef CUIBAN_SERVICES_CLI_CLI_ARGS_H
#define CUIBAN_SERVICES_CLI_CLI_ARGS_H

#include <argp.h>
#include <stdint.h>

/* A whole number from min to max; option as it is written, "--days". */
int64_t cli_number(struct argp_state *state, const char *option, const char *arg, int64_t min,
                   int64_t max);
/* One of the words. */
void cli_one_of(struct argp_state *state, const char *option, const char *arg,
                const char *const *words, size_t count);
/* A bare word where only options are taken. */
void cli_no_word(struct argp_state *state, const char *arg);

#endif
