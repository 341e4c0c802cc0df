/* store.c - see store.h. Read: rows with a check value, opening and birth, state, log, commit,
 * recovery. The state transaction is open from store_open to store_close, renewed at checkpoints;
 * the log transaction is begun by the first append or commit of a batch. */
#include "common/store.h"
#include "common/contract.h"
#include "common/plant.h"
#include "common/store_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define REDO_DROP_MAX 64 /* redo rows forgotten per commit */

enum redo_op { REDO_PUT = 1, REDO_DEL = 2 };

/* ---- rows: every value is stored behind a CRC-32C of its database, key and itself, so that a
 * value found under another key than its own is seen as well ---- */

static uint32_t row_check(MDB_dbi dbi, MDB_val key, const void *p, size_t n)
{
    return crc32c(crc32c(dbi, key.mv_data, key.mv_size), p, n);
}

enum err store_row_out(MDB_dbi dbi, MDB_val key, MDB_val v, struct slice *out)
{
    if (v.mv_size < 4) return ERR_CORRUPT;
    const uint8_t *p = v.mv_data;
    uint32_t want;
    memcpy(&want, p, 4);
    if (row_check(dbi, key, p + 4, v.mv_size - 4) != want) return ERR_CORRUPT;
    *out = (struct slice){p + 4, v.mv_size - 4};
    return ERR_OK;
}

static void row_fill(MDB_dbi dbi, MDB_val key, MDB_val v, struct slice value)
{
    uint32_t check = row_check(dbi, key, value.p, value.n);
    memcpy(v.mv_data, &check, 4);
    if (value.n) memcpy((uint8_t *)v.mv_data + 4, value.p, value.n);
}

static int row_put(MDB_txn *txn, MDB_dbi dbi, MDB_val key, struct slice value, unsigned flags)
{
    MDB_val v = {value.n + 4, NULL};
    int rc = mdb_put(txn, dbi, &key, &v, flags | MDB_RESERVE);
    if (!rc) row_fill(dbi, key, v, value);
    return rc;
}

static int row_put_at(MDB_cursor *c, MDB_val key, struct slice value, unsigned flags)
{
    MDB_val v = {value.n + 4, NULL};
    int rc = mdb_cursor_put(c, &key, &v, flags | MDB_RESERVE);
    if (!rc) row_fill(mdb_cursor_dbi(c), key, v, value);
    return rc;
}

static enum err err_of(int rc)
{
    if (rc == 0) return ERR_OK;
    if (rc == MDB_NOTFOUND) return ERR_NOT_FOUND;
    if (rc == MDB_MAP_FULL || rc == MDB_TXN_FULL) return ERR_FULL;
    if (rc == MDB_CORRUPTED || rc == MDB_PAGE_NOTFOUND) return ERR_CORRUPT;
    return ERR_IO;
}

/* A write into an open transaction that fails leaves the batch unusable; the commit reports it. */
static void note_failure(struct store *s, int rc)
{
    if (rc && s->failed == ERR_OK) s->failed = err_of(rc);
}

enum err store_first_failure(const struct store *s, enum err e)
{
    return s->failed != ERR_OK ? s->failed : e;
}

static MDB_val state_key(struct store *s, uint8_t table, struct slice key)
{
    REQUIRE(key.n <= STORE_KEY_MAX);
    s->key[0] = table;
    if (key.n) memcpy(s->key + 1, key.p, key.n);
    return (MDB_val){key.n + 1, s->key};
}

/* ---- state ----
 *
 * A cursor for each table: a step reads a row, perhaps twice, and then writes it, and LMDB looks
 * into the page a cursor stands on before it searches the tree. */

static int cursor_of(struct store *s, MDB_val k, MDB_cursor **out)
{
    MDB_cursor **c = &s->cursors[*(uint8_t *)k.mv_data];
    int rc = *c ? 0 : mdb_cursor_open(s->state_txn, s->state_dbi, c);
    *out = *c;
    return rc;
}

static int state_put(struct store *s, MDB_val k, struct slice value)
{
    MDB_cursor *c;
    int rc = cursor_of(s, k, &c);
    return rc ? rc : row_put_at(c, k, value, 0);
}

/* A row that is not there is fine. */
static int state_del(struct store *s, MDB_val k)
{
    MDB_val v;
    MDB_cursor *c;
    int rc = cursor_of(s, k, &c);
    if (!rc) rc = mdb_cursor_get(c, &k, &v, MDB_SET);
    if (!rc) rc = mdb_cursor_del(c, 0);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

void store_cursors_close(struct store *s)
{
    for (size_t i = 0; i < STORE_TABLES; i++) {
        if (s->cursors[i]) mdb_cursor_close(s->cursors[i]);
        s->cursors[i] = NULL;
    }
}

enum err store_get(struct store *s, uint8_t table, struct slice key, struct slice *value)
{
    MDB_val k = state_key(s, table, key), v;
    MDB_cursor *c;
    int rc = cursor_of(s, k, &c);
    if (!rc) rc = mdb_cursor_get(c, &k, &v, MDB_SET);
    return rc ? err_of(rc) : store_row_out(s->state_dbi, k, v, value);
}

static void redo_add(struct store *s, enum redo_op op, MDB_val k, struct slice value)
{
    uint8_t head[7] = {(uint8_t)op, (uint8_t)k.mv_size, (uint8_t)(k.mv_size >> 8)};
    uint32_t n = (uint32_t)value.n;
    memcpy(head + 3, &n, 4);
    buf_put(&s->redo, head, sizeof head);
    buf_put(&s->redo, k.mv_data, k.mv_size);
    buf_put(&s->redo, value.p, value.n);
}

void store_put(struct store *s, uint8_t table, struct slice key, struct slice value)
{
    MDB_val k = state_key(s, table, key);
    redo_add(s, REDO_PUT, k, value);
    note_failure(s, state_put(s, k, value));
}

void store_del(struct store *s, uint8_t table, struct slice key)
{
    MDB_val k = state_key(s, table, key);
    if (!PLANTED(redo_incomplete)) redo_add(s, REDO_DEL, k, (struct slice){0});
    note_failure(s, state_del(s, k));
}

/* Shared by the writer and the snapshots: one positioned read. A key before the one asked for is
 * damage, and a caller that walks would walk in circles. */
enum err store_seek(MDB_cursor *c, MDB_val from, bool after, struct slice *key, struct slice *value)
{
    uint8_t table = *(uint8_t *)from.mv_data;
    MDB_val k = from, v;
    MDB_txn *txn = mdb_cursor_txn(c);
    MDB_dbi dbi = mdb_cursor_dbi(c);
    int rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
    if (rc == 0 && after && mdb_cmp(txn, dbi, &k, &from) == 0) {
        rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
    }
    if (rc == MDB_NOTFOUND) return ERR_END;
    if (rc) return err_of(rc);
    if (mdb_cmp(txn, dbi, &k, &from) < (after ? 1 : 0)) return ERR_CORRUPT;
    if (*(uint8_t *)k.mv_data != table) return ERR_END;
    *key = (struct slice){(uint8_t *)k.mv_data + 1, k.mv_size - 1};
    return store_row_out(dbi, k, v, value);
}

enum err store_next(struct store *s, uint8_t table, struct slice from, bool after,
                    struct slice *key, struct slice *value)
{
    MDB_val k = state_key(s, table, from);
    MDB_cursor *c;
    int rc = cursor_of(s, k, &c);
    return rc ? err_of(rc) : store_seek(c, k, after, key, value);
}

/* ---- log ---- */

static void log_begin(struct store *s)
{
    if (s->log_txn) return;
    int rc = mdb_txn_begin(s->log_env, NULL, 0, &s->log_txn);
    if (rc) s->log_txn = NULL;
    if (!rc) rc = mdb_cursor_open(s->log_txn, s->log_dbi, &s->log_cursor);
    if (rc) s->log_cursor = NULL;
    note_failure(s, rc);
}

void store_log_cursor_close(struct store *s)
{
    if (s->log_cursor) mdb_cursor_close(s->log_cursor);
    s->log_cursor = NULL;
    s->log_at = 0;
}

uint64_t store_last_seq(const struct store *s)
{
    return s->last_seq;
}

uint64_t store_committed_seq(const struct store *s)
{
    return s->committed_seq;
}

uint64_t store_append(struct store *s, struct slice record)
{
    log_begin(s);
    uint64_t seq = ++s->last_seq;
    s->log_at = 0;
    if (s->log_cursor)
        note_failure(s, row_put_at(s->log_cursor, (MDB_val){8, &seq}, record, MDB_APPEND));
    s->appended += record.n;
    return seq;
}

enum err store_record(struct store *s, uint64_t seq, struct slice *record)
{
    log_begin(s);
    if (!s->log_cursor) return ERR_IO;
    MDB_val k = {8, &seq}, v;
    bool next = s->log_at != 0 && s->log_at + 1 == seq; /* logs are read from end to end */
    int rc = mdb_cursor_get(s->log_cursor, &k, &v, next ? MDB_NEXT : MDB_SET);
    if (!rc && next && memcmp(k.mv_data, &seq, 8) != 0) rc = MDB_NOTFOUND;
    s->log_at = rc ? 0 : seq;
    return rc ? err_of(rc) : store_row_out(s->log_dbi, k, v, record);
}

/* ---- commit ---- */

/* Forget redo rows that a checkpoint made unnecessary; their journal rows stay. */
static int redo_drop(struct store *s)
{
    uint64_t upto = PLANTED(redo_dropped_early) ? s->journal.batch : s->checkpoint_batch;
    for (int i = 0; i < REDO_DROP_MAX && s->redo_first <= upto; i++) {
        MDB_val k = {8, &s->redo_first};
        int rc = mdb_del(s->log_txn, s->redo_dbi, &k, NULL);
        if (rc && rc != MDB_NOTFOUND) return rc;
        s->redo_first++;
    }
    return 0;
}

static int journal_put(struct store *s, MDB_val k, const struct journal *j)
{
    buf_clear(&s->line);
    buf_put(&s->line, j, JOURNAL_BYTES);
    buf_put(&s->line, j->runs.p, j->runs.n);
    return row_put(s->log_txn, s->journal_dbi, k, buf_slice(&s->line), MDB_APPEND);
}

enum err store_commit(struct store *s, struct journal *j)
{
    log_begin(s);
    if (s->failed != ERR_OK) return s->failed;
    j->batch = s->journal.batch + 1;
    j->first_seq = s->committed_seq + 1;
    j->count = (uint32_t)(s->last_seq - s->committed_seq);
    MDB_val k = {8, &j->batch};
    int rc = row_put(s->log_txn, s->redo_dbi, k, buf_slice(&s->redo), MDB_APPEND);
    if (!rc) rc = journal_put(s, k, j);
    if (!rc) rc = redo_drop(s);
    store_log_cursor_close(s);
    if (!rc) {
        rc = mdb_txn_commit(s->log_txn);
        s->log_txn = NULL;
    }
    if (rc) return s->failed = err_of(rc);
    s->committed_seq = s->last_seq;
    s->journal = *j;
    s->journal.runs = (struct slice){0};
    s->appended = 0;
    buf_clear(&s->redo);
    return ERR_OK;
}

enum err store_checkpoint(struct store *s)
{
    REQUIRE(s->redo.n == 0);
    if (s->failed != ERR_OK) return s->failed;
    if (s->checkpoint_batch == s->journal.batch) return ERR_OK;
    uint64_t number = s->journal.batch + (PLANTED(checkpoint_ahead) ? 1 : 0);
    struct slice batch = {(const uint8_t *)&number, 8};
    int rc = row_put(s->state_txn, s->meta_dbi, (MDB_val){5, "batch"}, batch, 0);
    store_cursors_close(s);
    if (!rc) {
        rc = mdb_txn_commit(s->state_txn);
        s->state_txn = NULL;
    }
    if (!rc) rc = mdb_txn_begin(s->state_env, NULL, 0, &s->state_txn);
    if (rc) return s->failed = err_of(rc);
    s->checkpoint_batch = s->journal.batch;
    return ERR_OK;
}

uint64_t store_behind(const struct store *s)
{
    return s->journal.batch - s->checkpoint_batch;
}

void store_last_journal(const struct store *s, struct journal *out)
{
    *out = s->journal;
}

enum err store_journal_line(MDB_txn *txn, MDB_dbi dbi, uint64_t batch, struct slice *line)
{
    MDB_val k = {8, &batch}, v;
    int rc = mdb_get(txn, dbi, &k, &v);
    return rc ? err_of(rc) : store_row_out(dbi, k, v, line);
}

enum err journal_read(struct slice line, struct journal *out)
{
    if (line.n < JOURNAL_BYTES) return ERR_CORRUPT;
    memcpy(out, line.p, JOURNAL_BYTES);
    out->runs = (struct slice){line.p + JOURNAL_BYTES, line.n - JOURNAL_BYTES};
    return ERR_OK;
}

enum err store_journal(struct store *s, uint64_t batch, struct journal *out)
{
    struct slice line;
    log_begin(s);
    if (!s->log_txn) return ERR_IO;
    enum err e = store_journal_line(s->log_txn, s->journal_dbi, batch, &line);
    return e == ERR_OK ? journal_read(line, out) : e;
}

/* ---- recovery ---- */

static enum err redo_apply(struct store *s, struct slice redo)
{
    for (size_t o = 0; o < redo.n;) {
        if (redo.n - o < 7) return ERR_CORRUPT;
        const uint8_t *p = redo.p + o;
        size_t klen = p[1] | (size_t)p[2] << 8;
        uint32_t vlen;
        memcpy(&vlen, p + 3, 4);
        if (redo.n - o - 7 < klen + vlen || klen == 0) return ERR_CORRUPT;
        if (klen > STORE_KEY_MAX + 1 || p[0] < REDO_PUT || p[0] > REDO_DEL) return ERR_CORRUPT;
        MDB_val k = {klen, (void *)(p + 7)};
        struct slice value = {p + 7 + klen, vlen};
        int rc = p[0] == REDO_PUT ? state_put(s, k, value) : state_del(s, k);
        if (rc) return err_of(rc);
        o += 7 + klen + vlen;
    }
    return ERR_OK;
}

/* Bring the state from its checkpoint to the last journalled batch. */
static enum err redo_replay(struct store *s, uint64_t batch)
{
    MDB_val k = {5, "batch"}, v;
    struct slice at;
    int rc = mdb_get(s->state_txn, s->meta_dbi, &k, &v);
    if (rc && rc != MDB_NOTFOUND) return err_of(rc);
    if (rc == 0 && (store_row_out(s->meta_dbi, k, v, &at) != ERR_OK || at.n != 8))
        return ERR_CORRUPT;
    if (rc == 0) memcpy(&s->checkpoint_batch, at.p, 8);
    if (s->checkpoint_batch > batch) return ERR_CORRUPT;
    for (uint64_t b = s->checkpoint_batch + 1; b <= batch; b++) {
        k = (MDB_val){8, &b};
        struct slice redo;
        if (mdb_get(s->log_txn, s->redo_dbi, &k, &v)) return ERR_CORRUPT;
        enum err e = store_row_out(s->redo_dbi, k, v, &redo);
        if (e == ERR_OK) e = redo_apply(s, redo);
        if (e != ERR_OK) return e;
    }
    return ERR_OK;
}

/* Where the log ends, where the checkpoint stands, and the redo rows in between. */
enum err store_recover(struct store *s)
{
    MDB_cursor *c;
    MDB_val k, v;
    int rc = mdb_cursor_open(s->log_txn, s->log_dbi, &c);
    if (rc) return err_of(rc);
    rc = mdb_cursor_get(c, &k, &v, MDB_LAST);
    if (rc == 0) memcpy(&s->last_seq, k.mv_data, 8);
    mdb_cursor_close(c);
    if (rc && rc != MDB_NOTFOUND) return err_of(rc);
    s->committed_seq = s->last_seq;
    rc = mdb_cursor_open(s->log_txn, s->journal_dbi, &c);
    if (rc) return err_of(rc);
    rc = mdb_cursor_get(c, &k, &v, MDB_LAST);
    uint64_t batch = 0;
    if (rc == 0) memcpy(&batch, k.mv_data, 8);
    mdb_cursor_close(c);
    struct slice line;
    enum err e = batch ? store_journal_line(s->log_txn, s->journal_dbi, batch, &line) : ERR_OK;
    if (e == ERR_OK && batch) e = journal_read(line, &s->journal);
    if (e != ERR_OK) return e;
    s->journal.runs = (struct slice){0}; /* goes with the transaction */
    /* The journal and the log end together: neither may have lost its last rows alone. */
    if (s->last_seq + 1 != (batch ? s->journal.first_seq + s->journal.count : 1))
        return ERR_CORRUPT;
    e = redo_replay(s, batch);
    if (e != ERR_OK) return e;
    rc = mdb_cursor_open(s->log_txn, s->redo_dbi, &c);
    if (rc) return err_of(rc);
    rc = mdb_cursor_get(c, &k, &v, MDB_FIRST);
    s->redo_first = batch + 1;
    if (rc == 0) memcpy(&s->redo_first, k.mv_data, 8);
    mdb_cursor_close(c);
    return rc == 0 || rc == MDB_NOTFOUND ? ERR_OK : err_of(rc);
}

/* ---- space ---- */

/* more: bytes that the open batch will add; LMDB counts only what is committed. */
static unsigned env_fill_percent(MDB_env *env, uint64_t more)
{
    MDB_envinfo info;
    MDB_stat stat;
    if (mdb_env_info(env, &info) || mdb_env_stat(env, &stat)) return 100;
    uint64_t used = (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize + more;
    return (unsigned)(used * 100 / info.me_mapsize);
}

unsigned store_fill_percent(struct store *s)
{
    unsigned a = env_fill_percent(s->log_env, s->appended + s->redo.n);
    unsigned b = env_fill_percent(s->state_env, 0);
    return a > b ? a : b;
}

uint64_t store_free_bytes(const struct store *s)
{
    struct statvfs v;
    return statvfs(s->dir, &v) ? 0 : (uint64_t)v.f_bavail * v.f_frsize;
}
