/* ndjson.h - facts one a line, as CloudEvents in JSON; plain or .gz, UTF-8. Empty lines are
 * skipped. */
#ifndef CUIBAN_CLI_NDJSON_H
#define CUIBAN_CLI_NDJSON_H

#include "proto/proto.h"

struct ndjson;

struct ndjson_line {
    struct rec_fact fact;
    struct str raw;
    uint64_t line; /* from 1 */
};

MUST_CHECK enum err ndjson_open(const char *path, struct ndjson **out, struct fault *why);
void ndjson_close(struct ndjson **n);
/* The next fact; texts live until the next call. ERR_REFUSED: this line is bad (raw and line are
 * set), go on; ERR_END; ERR_IO. */
MUST_CHECK enum err ndjson_next(struct ndjson *n, struct ndjson_line *out, struct fault *why);

#endif
