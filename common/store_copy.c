/* store_copy.c - see store_copy.h. Read: opening, rows, copying. */
#include "common/store_copy.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/store_private.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ATTEMPTS_MAX 50
#define PAUSE_MS 2
#define CHUNK_BYTES (UINT32_C(32) << 20) /* of rows, per transaction of a copy */
#define ROW_BYTES_MIN 12                 /* of a row in a page: its head and its check value */
#define PATH_SIZE 600

struct store_view {
    MDB_env *log_env, *state_env;
    MDB_txn *log, *state;
    MDB_dbi dbi[STORE_PART_COUNT];
    uint64_t rows_max; /* more do not fit into the files */
    struct store_extent extent;
};

static const char *const part_names[STORE_PART_COUNT] = {[STORE_PART_log] = "log",
                                                         [STORE_PART_journal] = "journal",
                                                         [STORE_PART_redo] = "redo",
                                                         [STORE_PART_state] = "state",
                                                         [STORE_PART_meta] = "meta"};

const char *store_part_name(enum store_part p)
{
    return part_names[p];
}

/* ---- opening ---- */

static bool in_log(enum store_part p)
{
    return p == STORE_PART_log || p == STORE_PART_journal || p == STORE_PART_redo;
}

static int env_read(const char *dir, const char *name, MDB_env **out, uint64_t *rows_max)
{
    char path[PATH_SIZE];
    struct stat st;
    if (snprintf(path, sizeof path, "%s/%s/data.mdb", dir, name) >= PATH_SIZE) return EINVAL;
    if (stat(path, &st)) return errno;
    *rows_max += (uint64_t)st.st_size / ROW_BYTES_MIN;
    path[strlen(path) - strlen("/data.mdb")] = 0;
    int rc = mdb_env_create(out);
    if (!rc) rc = mdb_env_set_maxdbs(*out, 8);
    return rc ? rc : mdb_env_open(*out, path, MDB_RDONLY | MDB_NOTLS, 0600);
}

static int last_number(MDB_txn *txn, MDB_dbi dbi, uint64_t *out)
{
    MDB_cursor *c;
    MDB_val k, v;
    int rc = mdb_cursor_open(txn, dbi, &c);
    if (rc) return rc;
    rc = mdb_cursor_get(c, &k, &v, MDB_LAST);
    mdb_cursor_close(c);
    *out = 0;
    if (rc == 0 && k.mv_size == 8) memcpy(out, k.mv_data, 8);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

static int begin(struct store_view *v)
{
    int rc = mdb_txn_begin(v->state_env, NULL, MDB_RDONLY, &v->state);
    if (!rc) rc = mdb_txn_begin(v->log_env, NULL, MDB_RDONLY, &v->log);
    for (enum store_part p = STORE_PART_log; !rc && p < STORE_PART_COUNT; p++)
        rc = mdb_dbi_open(in_log(p) ? v->log : v->state, part_names[p], 0, &v->dbi[p]);
    struct store_extent *x = &v->extent;
    if (!rc) rc = last_number(v->log, v->dbi[STORE_PART_journal], &x->batch);
    if (!rc) rc = last_number(v->log, v->dbi[STORE_PART_log], &x->seq);
    return rc;
}

static void end(struct store_view *v)
{
    if (v->log) mdb_txn_abort(v->log);
    if (v->state) mdb_txn_abort(v->state);
    v->log = v->state = NULL;
}

/* Between the two transactions the service may have checkpointed and forgotten redo rows that this
 * older state needs. */
static bool fits(struct store_view *v)
{
    MDB_val k = {5, "batch"}, value;
    struct slice at;
    struct store_extent *x = &v->extent;
    MDB_stat meta;
    x->checkpoint = 0;
    bool said = mdb_get(v->state, v->dbi[STORE_PART_meta], &k, &value) == 0 &&
                store_row_out(v->dbi[STORE_PART_meta], k, value, &at) == ERR_OK && at.n == 8;
    if (said) memcpy(&x->checkpoint, at.p, 8);
    /* A row that is there and cannot be read is for the pass over the rows to name. */
    if (!said && (mdb_stat(v->state, v->dbi[STORE_PART_meta], &meta) || meta.ms_entries > 0))
        x->checkpoint = x->batch;
    if (x->checkpoint >= x->batch) return true;
    uint64_t next = x->checkpoint + 1;
    k = (MDB_val){8, &next};
    return mdb_get(v->log, v->dbi[STORE_PART_redo], &k, &value) == 0;
}

static enum err snapshot(struct store_view *v, int *rc)
{
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        *rc = begin(v);
        if (*rc) return ERR_REFUSED;
        if (fits(v)) return ERR_OK;
        end(v);
        clock_sleep_ms(PAUSE_MS);
    }
    return ERR_AGAIN;
}

enum err store_view_open(const char *dir, struct store_view **out, struct fault *why)
{
    struct store_view *v = calloc(1, sizeof *v);
    if (!v) return ERR_IO;
    int rc = env_read(dir, "log", &v->log_env, &v->rows_max);
    if (!rc) rc = env_read(dir, "state", &v->state_env, &v->rows_max);
    enum err e = rc ? ERR_REFUSED : snapshot(v, &rc);
    if (e == ERR_OK) {
        *out = v;
        return ERR_OK;
    }
    if (e == ERR_REFUSED) {
        e = fault_set(why, "store", "no_store", "dir", "%s is not a store that can be read: %s",
                      dir, mdb_strerror(rc));
    } else {
        (void)fault_set(why, "N10", "redo_missing", "dir",
                        "%s: redo row %llu is missing, without which its state cannot be had", dir,
                        (unsigned long long)v->extent.checkpoint + 1);
    }
    store_view_close(&v);
    return e;
}

void store_view_close(struct store_view **vp)
{
    struct store_view *v = *vp;
    if (!v) return;
    end(v);
    if (v->log_env) mdb_env_close(v->log_env);
    if (v->state_env) mdb_env_close(v->state_env);
    free(v);
    *vp = NULL;
}

void store_view_extent(const struct store_view *v, struct store_extent *out)
{
    *out = v->extent;
}

/* ---- rows ---- */

static enum err part_rows(struct store_view *v, enum store_part p, store_row_fn *row, void *ctx)
{
    MDB_cursor *c;
    MDB_val k, value;
    uint64_t count = 0;
    enum err e = ERR_OK;
    if (mdb_cursor_open(in_log(p) ? v->log : v->state, v->dbi[p], &c)) return ERR_IO;
    int rc = mdb_cursor_get(c, &k, &value, MDB_FIRST);
    for (; rc == 0 && e == ERR_OK; rc = mdb_cursor_get(c, &k, &value, MDB_NEXT)) {
        struct slice bytes = {0};
        bool whole = store_row_out(v->dbi[p], k, value, &bytes) == ERR_OK;
        e = row(ctx, p, (struct slice){k.mv_data, k.mv_size}, bytes, whole);
        if (e == ERR_OK && ++count > v->rows_max) e = ERR_CORRUPT;
    }
    mdb_cursor_close(c);
    return e != ERR_OK ? e : rc == MDB_NOTFOUND ? ERR_OK : ERR_CORRUPT;
}

enum err store_view_rows(struct store_view *v, store_row_fn *row, void *ctx)
{
    enum err e = ERR_OK;
    for (enum store_part p = STORE_PART_log; e == ERR_OK && p < STORE_PART_COUNT; p++)
        e = part_rows(v, p, row, ctx);
    return e;
}

/* ---- copying ---- */

struct copy {
    const char *from;
    MDB_env *env[2]; /* log, state */
    MDB_txn *txn[2];
    MDB_dbi dbi[STORE_PART_COUNT];
    size_t bytes; /* in the open transactions */
    uint64_t checkpoint;
    int rc;
    struct fault *why;
};

static int copy_begin(struct copy *c)
{
    int rc = 0;
    c->bytes = 0;
    for (int i = 0; !rc && i < 2; i++)
        rc = mdb_txn_begin(c->env[i], NULL, 0, &c->txn[i]);
    for (enum store_part p = STORE_PART_log; !rc && p < STORE_PART_COUNT; p++) {
        unsigned integer = in_log(p) ? MDB_INTEGERKEY : 0;
        rc = mdb_dbi_open(c->txn[!in_log(p)], part_names[p], MDB_CREATE | integer, &c->dbi[p]);
    }
    return rc;
}

static int copy_commit(struct copy *c)
{
    int rc = 0;
    for (int i = 0; i < 2; i++) {
        MDB_txn *txn = c->txn[i];
        c->txn[i] = NULL;
        if (!rc) {
            rc = mdb_txn_commit(txn);
        } else if (txn) {
            mdb_txn_abort(txn);
        }
    }
    return rc;
}

static void describe(struct copy *c, enum store_part part, struct slice key)
{
    uint64_t n = 0;
    if (key.n == 8) memcpy(&n, key.p, 8);
    (void)fault_set(c->why, "N10", "damaged", "dir",
                    "%s: a row of its %s%s%.0llu is damaged; `cuiban verify` names all", c->from,
                    part_names[part], in_log(part) ? ", number " : "",
                    (unsigned long long)(in_log(part) ? n : 0));
}

static enum err copy_row(void *ctx, enum store_part part, struct slice key, struct slice value,
                         bool whole)
{
    struct copy *c = ctx;
    uint64_t n = 0;
    if (!whole) {
        describe(c, part, key);
        return ERR_CORRUPT;
    }
    if (part == STORE_PART_redo && key.n == 8) memcpy(&n, key.p, 8);
    if (part == STORE_PART_redo && n <= c->checkpoint) return ERR_OK;
    MDB_val k = {key.n, (void *)(uintptr_t)key.p};
    MDB_val v = {value.n + 4, (void *)(uintptr_t)(value.p - 4)}; /* with its check value */
    c->rc = mdb_put(c->txn[!in_log(part)], c->dbi[part], &k, &v, MDB_APPEND);
    if (c->rc == MDB_KEYEXIST) describe(c, part, key); /* the file has its keys in wrong order */
    c->bytes += key.n + value.n;
    if (!c->rc && c->bytes >= CHUNK_BYTES) {
        c->rc = copy_commit(c);
        if (!c->rc) c->rc = copy_begin(c);
    }
    return c->rc == 0 ? ERR_OK : c->rc == MDB_KEYEXIST ? ERR_CORRUPT : ERR_IO;
}

static int env_create(const char *dir, const char *name, MDB_env **out)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    if (mkdir(path, 0700)) return errno;
    int rc = mdb_env_create(out);
    if (!rc) rc = mdb_env_set_mapsize(*out, STORE_MAP_BYTES);
    if (!rc) rc = mdb_env_set_maxdbs(*out, 8);
    /* Synced once, when all is written; until then it has not its name. */
    return rc ? rc : mdb_env_open(*out, path, MDB_NOSYNC | MDB_NOTLS, 0600);
}

static int copy_finish(struct copy *c)
{
    int rc = copy_commit(c);
    for (int i = 0; !rc && i < 2; i++)
        rc = mdb_env_sync(c->env[i], 1);
    return rc;
}

static enum err copy_into(struct store_view *v, struct copy *c, const char *young)
{
    c->rc = mkdir(young, 0700) ? errno : 0;
    if (!c->rc) c->rc = env_create(young, "log", &c->env[0]);
    if (!c->rc) c->rc = env_create(young, "state", &c->env[1]);
    if (!c->rc) c->rc = copy_begin(c);
    if (c->rc) return ERR_IO;
    enum err e = store_view_rows(v, copy_row, c);
    if (e == ERR_OK) c->rc = copy_finish(c);
    return e == ERR_OK && c->rc ? ERR_IO : e;
}

static void copy_close(struct copy *c)
{
    for (int i = 0; i < 2; i++) {
        if (c->txn[i]) mdb_txn_abort(c->txn[i]);
        if (c->env[i]) mdb_env_close(c->env[i]);
    }
}

enum err store_copy(const char *from, const char *to, struct store_extent *out, struct fault *why)
{
    char young[PATH_SIZE];
    struct store_view *v;
    if (snprintf(young, sizeof young, "%s.new", to) >= PATH_SIZE)
        return fault_set(why, "settings", "too_long", "dir", "the path %s is too long", to);
    enum err e = store_view_open(from, &v, why);
    if (e != ERR_OK) return e;
    struct copy c = {.from = from, .checkpoint = v->extent.checkpoint, .why = why};
    store_dir_remove(young);
    e = copy_into(v, &c, young);
    *out = v->extent;
    copy_close(&c);
    store_view_close(&v);
    if (e == ERR_OK) e = store_dir_settle(young, to);
    if (e == ERR_IO)
        (void)fault_set(why, "store", "io", "dir", "cannot write %s: %s", young,
                        mdb_strerror(c.rc));
    if (e != ERR_OK) store_dir_remove(young);
    return e;
}
