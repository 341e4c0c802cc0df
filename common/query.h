/* query.h - answers to readers, on a thread of its own over snapshots, so that no reader ever
 * blocks the writer. One question, one answer, at most QUERY_ANSWER_BYTES; `more` says to go on
 * after the last key. */
#ifndef CUIBAN_COMMON_QUERY_H
#define CUIBAN_COMMON_QUERY_H

#include "common/bus.h"
#include "common/store.h"

#define QUERY_ANSWER_BYTES ((size_t)1 << 20)

enum query_kind {
    QUERY_rows = 'r',    /* of a table; key after which to begin */
    QUERY_records = 'l', /* of the log; key = seq after which to begin, 8 bytes big-endian */
    QUERY_journal = 'j'  /* batches; likewise */
};

struct query;
MUST_CHECK enum err query_open(struct bus *bus, const char *endpoint, struct store *store,
                               struct query **out);
void query_close(struct query **q);

#endif
