/* import_reject.h - the file of what was left out: <input>.rejected.ndjson. */
#ifndef CUIBAN_CLI_IMPORT_REJECT_H
#define CUIBAN_CLI_IMPORT_REJECT_H

#include "services/cli/import.h"
#include <stdio.h>

/* Opens at the first reject, so that a clean import leaves no file; one of an earlier run goes
 * first. */
struct import_reject_file {
    FILE *file;
    char path[1024];
};

MUST_CHECK enum err import_reject_begin(struct import_reject_file *f, const char *input,
                                        const char *dir, struct fault *why);
MUST_CHECK enum err import_reject_write(struct import_reject_file *f, const struct import_reject *r,
                                        struct fault *why);
MUST_CHECK enum err import_reject_end(struct import_reject_file *f, struct fault *why);

#endif
