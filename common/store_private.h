/* store_private.h - what store.c, store_open.c and snapshot.c share; nobody else includes it. */
#ifndef CUIBAN_COMMON_STORE_PRIVATE_H
#define CUIBAN_COMMON_STORE_PRIVATE_H

#include "common/store.h"
#include <lmdb.h>

#define STORE_TABLES 256 /* a table is one byte */

struct store {
    char dir[512];
    bool scratch;
    int lock_fd;
    MDB_env *log_env, *state_env;
    MDB_dbi log_dbi, redo_dbi, journal_dbi, state_dbi, meta_dbi;
    MDB_txn *log_txn, *state_txn;
    MDB_cursor *log_cursor; /* there while log_txn is */
    uint64_t log_at;        /* the record it was read at last, 0 when it stands elsewhere */
    MDB_cursor *cursors[STORE_TABLES]; /* of the state, by table; opened when first used */
    bool opened;                       /* recovered and at work */
    uint64_t last_seq, committed_seq;
    uint64_t checkpoint_batch, redo_first;
    struct journal journal;
    struct buf redo, line;
    uint64_t appended; /* bytes of the open batch's records */
    enum err failed;   /* first failure inside the open batch */
    uint8_t key[STORE_KEY_MAX + 1];
};

/* key as it was stored. dbi goes into the check value: LMDB numbers the databases of an environment
 * in the order in which they are opened, which is therefore the same everywhere (enum store_part).
 */
enum err store_row_out(MDB_dbi dbi, MDB_val key, MDB_val v, struct slice *out);
enum err store_seek(MDB_cursor *c, MDB_val from, bool after, struct slice *key,
                    struct slice *value);
enum err store_journal_line(MDB_txn *txn, MDB_dbi dbi, uint64_t batch, struct slice *line);
enum err store_recover(struct store *s);
/* A store's directory with everything in it is gone; absent is fine. */
void store_dir_remove(const char *dir);
/* Syncs the files and folders of `young`, gives it its name, syncs the folder above. */
enum err store_dir_settle(const char *young, const char *dir);
void store_cursors_close(struct store *s);
void store_log_cursor_close(struct store *s);

#endif
