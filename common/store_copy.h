/* store_copy.h - a store seen from outside its service, and a copy of it, while the service runs or
 * not. One read transaction on each environment, the state's first, so that the log is never older
 * than the state; nothing is ever written on the way. Not for a store that this same process holds
 * open (LMDB's locks are the process's). */
#ifndef CUIBAN_COMMON_STORE_COPY_H
#define CUIBAN_COMMON_STORE_COPY_H

#include "common/store.h"

/* In the order in which a store opens them (store_private.h). */
enum store_part {
    STORE_PART_log,     /* key: seq */
    STORE_PART_redo,    /* key: batch; needed behind the checkpoint */
    STORE_PART_journal, /* key: batch */
    STORE_PART_state,   /* key: table, then the row's */
    STORE_PART_meta,
    STORE_PART_COUNT
};
const char *store_part_name(enum store_part p);

struct store_view;
/* ERR_REFUSED: why says what the directory lacks. ERR_AGAIN: the service checkpoints too often. */
MUST_CHECK enum err store_view_open(const char *dir, struct store_view **out, struct fault *why);
void store_view_close(struct store_view **v);

struct store_extent {
    uint64_t checkpoint, batch, seq; /* of the state; last of the journal; last of the log */
};
void store_view_extent(const struct store_view *v, struct store_extent *out);

/* One row as it lies there. whole: its check value fits. value: without the check value; borrowed,
 * valid until the view is closed. A result but ERR_OK ends the pass and is handed on. */
typedef enum err store_row_fn(void *ctx, enum store_part part, struct slice key, struct slice value,
                              bool whole);
/* Every row in order of the keys as the file has them. ERR_CORRUPT when the pages lead in a circle.
 */
MUST_CHECK enum err store_view_rows(struct store_view *v, store_row_fn *row, void *ctx);

/* A compact copy under dir `to`, which must not be there yet: written as <to>.new, synced, renamed.
 * Every row's check value is looked at; ERR_CORRUPT with its place in why. *out: what was copied.
 */
MUST_CHECK enum err store_copy(const char *from, const char *to, struct store_extent *out,
                               struct fault *why);

#endif
