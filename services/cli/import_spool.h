/* import_spool.h - encoded facts put in any order and taken in the order of their time.
 *
 * The bytes stay in memory while they are few and go to an unlinked temporary file (in $TMPDIR,
 * else /tmp) when they are many; sorted is an index of 16 bytes a fact. Equal times keep the order
 * in which they were put. Of facts put with import_spool_once only the first of equal source and id
 * is kept: the one of the smallest time, and among those the one put first. */
#ifndef CUIBAN_CLI_IMPORT_SPOOL_H
#define CUIBAN_CLI_IMPORT_SPOOL_H

#include "common/bytes.h"

#define IMPORT_SPOOL_FACTS_MAX (UINT64_C(1) << 26) /* 67 million */
#define IMPORT_SPOOL_EARLY INT64_MIN               /* key of what comes before everything else */

struct import_spool;

struct import_spool *import_spool_new(void);
void import_spool_destroy(struct import_spool **s);
/* ERR_IO (disk) or ERR_FULL with why. */
MUST_CHECK enum err import_spool_put(struct import_spool *s, int64_t key_ms, struct slice fact,
                                     struct fault *why);
/* *repeated: a fact of this source and id is there already; one of the two is dropped. */
MUST_CHECK enum err import_spool_once(struct import_spool *s, int64_t key_ms, struct str source,
                                      struct str id, struct slice fact, bool *repeated,
                                      struct fault *why);
/* No more is put from here on. */
MUST_CHECK enum err import_spool_sort(struct import_spool *s, struct fault *why);
/* Smallest and largest time kept, early ones not counted; both 0 when there are none. After the
 * sort. */
void import_spool_span(const struct import_spool *s, int64_t *first_ms, int64_t *last_ms);
/* ERR_END after the last. fact is borrowed until the next call. */
MUST_CHECK enum err import_spool_next(struct import_spool *s, struct slice *fact, int64_t *key_ms);

#endif
