/* snapshot.c - consistent reads beside the writer: one read transaction on each environment. */
#include "common/contract.h"
#include "common/store_private.h"
#include <stdlib.h>
#include <string.h>

struct snapshot {
    struct store *store;
    MDB_txn *log, *state;
    MDB_cursor *cursor;
    uint8_t key[STORE_KEY_MAX + 1];
};

enum err snapshot_begin(struct store *s, struct snapshot **out)
{
    struct snapshot *n = calloc(1, sizeof *n);
    if (!n) return ERR_IO;
    n->store = s;
    /* State first: the log read afterwards is then never older than the state. */
    int rc = mdb_txn_begin(s->state_env, NULL, MDB_RDONLY, &n->state);
    if (!rc) rc = mdb_txn_begin(s->log_env, NULL, MDB_RDONLY, &n->log);
    if (!rc) rc = mdb_cursor_open(n->state, s->state_dbi, &n->cursor);
    if (rc) {
        snapshot_end(&n);
        return ERR_IO;
    }
    *out = n;
    return ERR_OK;
}

void snapshot_end(struct snapshot **np)
{
    struct snapshot *n = *np;
    if (!n) return;
    if (n->cursor) mdb_cursor_close(n->cursor);
    if (n->log) mdb_txn_abort(n->log);
    if (n->state) mdb_txn_abort(n->state);
    free(n);
    *np = NULL;
}

enum err snapshot_next(struct snapshot *n, uint8_t table, struct slice from, bool after,
                       struct slice *key, struct slice *value)
{
    REQUIRE(from.n <= STORE_KEY_MAX);
    n->key[0] = table;
    if (from.n) memcpy(n->key + 1, from.p, from.n);
    return store_seek(n->cursor, (MDB_val){from.n + 1, n->key}, after, key, value);
}

enum err snapshot_record(struct snapshot *n, uint64_t seq, struct slice *record)
{
    MDB_val k = {8, &seq}, v;
    int rc = mdb_get(n->log, n->store->log_dbi, &k, &v);
    if (rc) return rc == MDB_NOTFOUND ? ERR_NOT_FOUND : ERR_IO;
    return store_row_out(n->store->log_dbi, k, v, record);
}

enum err snapshot_journal(struct snapshot *n, uint64_t batch, struct slice *line)
{
    return store_journal_line(n->log, n->store->journal_dbi, batch, line);
}

uint64_t snapshot_last_seq(struct snapshot *n)
{
    MDB_cursor *c;
    uint64_t seq = 0;
    if (mdb_cursor_open(n->log, n->store->log_dbi, &c)) return 0;
    MDB_val k, v;
    if (mdb_cursor_get(c, &k, &v, MDB_LAST) == 0) memcpy(&seq, k.mv_data, 8);
    mdb_cursor_close(c);
    return seq;
}
