/* anchor.h - the logs of today against the manifest of an earlier backup (N10): the record that was
 * last then must still hash as it did. So even logs that were rewritten and linked anew everywhere
 * are found out, where the manifest was kept out of reach. */
#ifndef CUIBAN_SERVICES_CLI_ANCHOR_H
#define CUIBAN_SERVICES_CLI_ANCHOR_H

#include "services/cli/view.h"

/* A line for each log to out; the exit status of this part. */
int anchor_check(struct view *v, FILE *out, const char *manifest);

#endif
