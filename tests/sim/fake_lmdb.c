/* fake_lmdb.c - the part of LMDB that common/store*.c calls, in memory. One object a data file,
 * found by its inode, so that it follows renames and outlives its processes; rows in skip lists; a
 * write transaction remembers what it replaced and puts it back when it is aborted. A value that
 * was replaced or whose transaction ended is freed at once, so that reading it is found. */
#include "tests/sim/world.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEIGHT_MAX 14
#define DBS_MAX 4
#define DISKS_MAX 256
#define PAGE 4096

struct row {
    struct row *next[HEIGHT_MAX];
    uint8_t *value;
    size_t value_n, key_n;
    uint64_t part; /* of rows.sum */
    bool touched;
    uint8_t key[];
};

struct rows {
    char name[16];
    bool integer;
    struct row *first[HEIGHT_MAX];
    uint64_t sum; /* over the rows that are not in `touched` */
    struct row **touched;
    size_t touched_n, touched_cap;
};

struct undo {
    struct rows *rows;
    uint8_t *old; /* NULL: there was no such row */
    size_t old_n, key_n;
    uint8_t key[512];
};

struct disk {
    ino_t inode;
    char path[600];
    struct rows dbs[DBS_MAX];
    size_t db_count;
    struct undo *undo;
    size_t undo_n, undo_cap;
    MDB_txn *writer;
    uint64_t durable_hash; /* log: of the state beside it */
};

struct MDB_env {
    struct disk *disk;
    size_t map_bytes;
};

struct MDB_txn {
    MDB_env *env;
    bool read_only, failed;
};

struct MDB_cursor {
    MDB_txn *txn;
    MDB_dbi dbi;
    struct rows *rows;
    struct row *at; /* good until the next write, which is all that is asked of it */
};

static struct disk *disks[DISKS_MAX];
static size_t disk_count;
static struct lot heights;

/* ---- rows ---- */

static int compare(const struct rows *r, const uint8_t *a, size_t an, const uint8_t *b, size_t bn)
{
    if (r->integer) {
        uint64_t x, y;
        memcpy(&x, a, 8);
        memcpy(&y, b, 8);
        return x < y ? -1 : x > y;
    }
    int d = memcmp(a, b, an < bn ? an : bn);
    return d ? d : an < bn ? -1 : an > bn;
}

/* The first row with key >= k; before[i] = the link at height i that leads there. */
static struct row *seek(struct rows *r, const uint8_t *k, size_t n, struct row **before[HEIGHT_MAX])
{
    struct row **links = r->first;
    for (int i = HEIGHT_MAX - 1; i >= 0; i--) {
        while (links[i] && compare(r, links[i]->key, links[i]->key_n, k, n) < 0)
            links = links[i]->next;
        before[i] = &links[i];
    }
    return *before[0];
}

static bool is_key(const struct rows *r, const struct row *x, const uint8_t *k, size_t n)
{
    return x && compare(r, x->key, x->key_n, k, n) == 0;
}

static void touch(struct rows *r, struct row *x)
{
    if (x->touched) return;
    x->touched = true;
    if (r->touched_n == r->touched_cap) {
        r->touched_cap = r->touched_cap ? 2 * r->touched_cap : 64;
        r->touched = realloc(r->touched, r->touched_cap * sizeof *r->touched);
    }
    r->touched[r->touched_n++] = x;
}

static struct row *insert(struct rows *r, const uint8_t *k, size_t n)
{
    struct row **before[HEIGHT_MAX];
    struct row *x = calloc(1, sizeof *x + n);
    seek(r, k, n, before);
    memcpy(x->key, k, n);
    x->key_n = n;
    uint64_t bits = lot_draw(&heights);
    for (int i = 0; i < HEIGHT_MAX && (i == 0 || !(bits >> (2 * i - 2) & 3)); i++) {
        x->next[i] = *before[i];
        *before[i] = x;
    }
    return x;
}

static void take_out(struct rows *r, struct row *x)
{
    struct row **before[HEIGHT_MAX];
    seek(r, x->key, x->key_n, before);
    for (int i = 0; i < HEIGHT_MAX && *before[i] == x; i++)
        *before[i] = x->next[i];
    r->sum -= x->part;
    for (size_t i = 0; x->touched && i < r->touched_n; i++) {
        if (r->touched[i] == x) r->touched[i] = r->touched[--r->touched_n];
    }
    free(x->value);
    free(x);
}

static uint64_t part_of(const struct row *x)
{
    struct lot h = {x->key_n * 31 + x->value_n};
    for (size_t i = 0; i < x->key_n; i++)
        h.state = (h.state ^ x->key[i]) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < x->value_n; i++)
        h.state = (h.state ^ x->value[i]) * UINT64_C(0x100000001b3);
    return lot_draw(&h);
}

static uint64_t rows_hash(struct rows *r)
{
    for (size_t i = 0; i < r->touched_n; i++) {
        struct row *x = r->touched[i];
        uint64_t part = part_of(x);
        r->sum += part - x->part;
        x->part = part;
        x->touched = false;
    }
    r->touched_n = 0;
    return r->sum;
}

static void rows_free(struct rows *r)
{
    for (struct row *x = r->first[0], *next; x; x = next) {
        next = x->next[0];
        free(x->value);
        free(x);
    }
    free(r->touched);
}

/* ---- disks ---- */

static struct disk *disk_at(const char *path)
{
    for (size_t i = 0; i < disk_count; i++) {
        if (strcmp(disks[i]->path, path) == 0) return disks[i];
    }
    return NULL;
}

static struct disk *disk_in(const char *dir, const char *name)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return disk_at(path);
}

static struct rows *rows_of(struct disk *d, const char *name)
{
    for (size_t i = 0; d && i < d->db_count; i++) {
        if (strcmp(d->dbs[i].name, name) == 0) return &d->dbs[i];
    }
    return NULL;
}

void disk_reset(void)
{
    for (size_t i = 0; i < disk_count; i++) {
        struct disk *d = disks[i];
        assert(!d->writer);
        for (size_t k = 0; k < d->db_count; k++)
            rows_free(&d->dbs[k]);
        free(d->undo);
        free(d);
    }
    disk_count = 0;
    heights = (struct lot){1};
}

uint64_t disk_state_hash(const char *dir)
{
    struct rows *r = rows_of(disk_in(dir, "state"), "state");
    return r ? rows_hash(r) : 0;
}

uint64_t disk_durable_hash(const char *dir)
{
    struct disk *d = disk_in(dir, "log");
    return d ? d->durable_hash : 0;
}

bool disk_record(const char *dir, uint64_t seq, struct slice *record)
{
    struct row **before[HEIGHT_MAX];
    struct disk *d = disk_in(dir, "log");
    struct rows *r = rows_of(d, "log");
    if (!r) return false;
    struct row *x = seek(r, (const uint8_t *)&seq, 8, before);
    if (!is_key(r, x, (const uint8_t *)&seq, 8) || x->value_n < 4) return false;
    *record = (struct slice){x->value + 4, x->value_n - 4};
    return true;
}

/* ---- environments ---- */

int mdb_env_create(MDB_env **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? 0 : ENOMEM;
}

int mdb_env_set_mapsize(MDB_env *env, size_t size)
{
    env->map_bytes = size;
    return 0;
}

int mdb_env_set_maxdbs(MDB_env *env, MDB_dbi dbs)
{
    (void)env, (void)dbs;
    return 0;
}

int mdb_env_set_maxreaders(MDB_env *env, unsigned readers)
{
    (void)env, (void)readers;
    return 0;
}

int mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode)
{
    (void)flags;
    char file[640];
    struct stat st;
    (void)snprintf(file, sizeof file, "%s/data.mdb", path);
    int fd = open(file, O_CREAT | O_RDWR, mode);
    if (fd < 0 || fstat(fd, &st)) return EIO;
    ssize_t n = st.st_size ? 1 : write(fd, "*", 1);
    close(fd);
    if (n != 1) return EIO;
    for (size_t i = 0; i < disk_count; i++) {
        if (disks[i]->inode != st.st_ino) continue;
        if (st.st_size == 0) disks[i]->inode = 0; /* its file is gone, the number given again */
        if (st.st_size != 0) env->disk = disks[i];
    }
    if (!env->disk) {
        assert(disk_count < DISKS_MAX);
        env->disk = disks[disk_count++] = calloc(1, sizeof *env->disk);
        env->disk->inode = st.st_ino;
    }
    (void)snprintf(env->disk->path, sizeof env->disk->path, "%s", path);
    return 0;
}

void mdb_env_close(MDB_env *env)
{
    free(env);
}

int mdb_env_info(MDB_env *env, MDB_envinfo *out)
{
    *out = (MDB_envinfo){.me_mapsize = env->map_bytes};
    out->me_last_pgno = env->map_bytes / PAGE * world.fill_percent / 100;
    return 0;
}

int mdb_env_stat(MDB_env *env, MDB_stat *out)
{
    (void)env;
    *out = (MDB_stat){.ms_psize = PAGE};
    return 0;
}

char *mdb_strerror(int rc)
{
    return strerror(rc);
}

/* ---- transactions ---- */

int mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **out)
{
    assert(!parent);
    MDB_txn *t = calloc(1, sizeof *t);
    t->env = env;
    t->read_only = flags & MDB_RDONLY;
    if (!t->read_only) {
        assert(!env->disk->writer);
        env->disk->writer = t;
    }
    *out = t;
    return 0;
}

static void txn_end(MDB_txn *t)
{
    struct disk *d = t->env->disk;
    if (!t->read_only) {
        d->writer = NULL;
        d->undo_n = 0;
    }
    free(t);
}

void mdb_txn_abort(MDB_txn *t)
{
    struct disk *d = t->env->disk;
    for (size_t i = t->read_only ? 0 : d->undo_n; i-- > 0;) {
        struct undo *u = &d->undo[i];
        struct row **before[HEIGHT_MAX];
        struct row *x = seek(u->rows, u->key, u->key_n, before);
        bool there = is_key(u->rows, x, u->key, u->key_n);
        if (!u->old) {
            if (there) take_out(u->rows, x);
            continue;
        }
        if (!there) x = insert(u->rows, u->key, u->key_n);
        free(x->value);
        x->value = u->old;
        x->value_n = u->old_n;
        touch(u->rows, x);
    }
    txn_end(t);
}

static void committed(struct disk *d)
{
    for (size_t i = 0; i < d->undo_n; i++)
        free(d->undo[i].old);
    if (d->undo_n == 0) return;
    char *slash = strrchr(d->path, '/');
    if (strcmp(slash, "/log") != 0) return;
    *slash = 0;
    d->durable_hash = disk_state_hash(d->path);
    *slash = '/';
}

int mdb_txn_commit(MDB_txn *t)
{
    bool done = world_effect(EFFECT_commit) && !t->failed;
    int rc = done && world.at && !world.at->dead ? 0 : EIO;
    if (!world.at) done = true, rc = 0;
    if (world.at && done && lot_chance(&world.lot, world.rates.commit_slow)) {
        world_pass((int64_t)lot_below(&world.lot, 3000));
        world.disturbed_ms = world.mono_ms; /* everybody waits: there is one thread */
    }
    if (rc == 0 && world.at && lot_chance(&world.lot, world.rates.commit_fails)) {
        rc = EIO;
        done = lot_chance(&world.lot, 300); /* it got there all the same */
        world_trace("commit fails %s", done ? "but is durable" : "");
    }
    if (!done) {
        mdb_txn_abort(t);
        return rc;
    }
    committed(t->env->disk);
    txn_end(t);
    return rc;
}

int mdb_dbi_open(MDB_txn *t, const char *name, unsigned flags, MDB_dbi *out)
{
    struct disk *d = t->env->disk;
    for (size_t i = 0; i < d->db_count; i++) {
        if (strcmp(d->dbs[i].name, name) == 0) {
            *out = (MDB_dbi)i;
            return 0;
        }
    }
    if (!(flags & MDB_CREATE)) return MDB_NOTFOUND;
    assert(d->db_count < DBS_MAX);
    struct rows *r = &d->dbs[d->db_count];
    (void)snprintf(r->name, sizeof r->name, "%s", name);
    r->integer = flags & MDB_INTEGERKEY;
    *out = (MDB_dbi)d->db_count++;
    return 0;
}

/* ---- rows of a transaction ---- */

int mdb_get(MDB_txn *t, MDB_dbi dbi, MDB_val *k, MDB_val *v)
{
    struct row **before[HEIGHT_MAX];
    struct rows *r = &t->env->disk->dbs[dbi];
    struct row *x = seek(r, k->mv_data, k->mv_size, before);
    if (!is_key(r, x, k->mv_data, k->mv_size)) return MDB_NOTFOUND;
    *v = (MDB_val){x->value_n, x->value};
    return 0;
}

static void remember(struct disk *d, struct rows *r, const MDB_val *k, uint8_t *old, size_t old_n)
{
    if (d->undo_n == d->undo_cap) {
        d->undo_cap = d->undo_cap ? 2 * d->undo_cap : 256;
        d->undo = realloc(d->undo, d->undo_cap * sizeof *d->undo);
    }
    struct undo *u = &d->undo[d->undo_n++];
    assert(k->mv_size <= sizeof u->key);
    *u = (struct undo){.rows = r, .old = old, .old_n = old_n, .key_n = k->mv_size};
    memcpy(u->key, k->mv_data, k->mv_size);
}

int mdb_put(MDB_txn *t, MDB_dbi dbi, MDB_val *k, MDB_val *v, unsigned flags)
{
    struct row **before[HEIGHT_MAX];
    struct disk *d = t->env->disk;
    struct rows *r = &d->dbs[dbi];
    assert(!t->read_only);
    if (world.at && lot_chance(&world.lot, world.rates.map_full)) {
        t->failed = true;
        return MDB_MAP_FULL;
    }
    struct row *x = seek(r, k->mv_data, k->mv_size, before);
    bool there = is_key(r, x, k->mv_data, k->mv_size);
    if (flags & MDB_APPEND) assert(!x); /* in order, or LMDB refuses */
    if (!there) x = insert(r, k->mv_data, k->mv_size);
    remember(d, r, k, there ? x->value : NULL, x->value_n);
    touch(r, x);
    x->value = malloc(v->mv_size + 1);
    x->value_n = v->mv_size;
    if (flags & MDB_RESERVE) {
        v->mv_data = x->value;
    } else {
        memcpy(x->value, v->mv_data, v->mv_size);
    }
    return 0;
}

int mdb_del(MDB_txn *t, MDB_dbi dbi, MDB_val *k, MDB_val *v)
{
    (void)v;
    struct row **before[HEIGHT_MAX];
    struct disk *d = t->env->disk;
    struct rows *r = &d->dbs[dbi];
    struct row *x = seek(r, k->mv_data, k->mv_size, before);
    if (!is_key(r, x, k->mv_data, k->mv_size)) return MDB_NOTFOUND;
    remember(d, r, k, x->value, x->value_n);
    x->value = NULL;
    take_out(r, x);
    return 0;
}

/* ---- cursors: a positioned read, and the one after it ---- */

int mdb_cursor_open(MDB_txn *t, MDB_dbi dbi, MDB_cursor **out)
{
    *out = calloc(1, sizeof **out);
    **out = (MDB_cursor){.txn = t, .dbi = dbi, .rows = &t->env->disk->dbs[dbi]};
    return 0;
}

void mdb_cursor_close(MDB_cursor *c)
{
    free(c);
}

MDB_txn *mdb_cursor_txn(MDB_cursor *c)
{
    return c->txn;
}

MDB_dbi mdb_cursor_dbi(MDB_cursor *c)
{
    return c->dbi;
}

int mdb_cmp(MDB_txn *t, MDB_dbi dbi, const MDB_val *a, const MDB_val *b)
{
    return compare(&t->env->disk->dbs[dbi], a->mv_data, a->mv_size, b->mv_data, b->mv_size);
}

int mdb_cursor_put(MDB_cursor *c, MDB_val *k, MDB_val *v, unsigned flags)
{
    return mdb_put(c->txn, c->dbi, k, v, flags);
}

int mdb_cursor_del(MDB_cursor *c, unsigned flags)
{
    assert(!flags && c->at);
    MDB_val k = {c->at->key_n, c->at->key};
    int rc = mdb_del(c->txn, c->dbi, &k, NULL);
    c->at = NULL;
    return rc;
}

static struct row *last_of(struct rows *r)
{
    struct row **links = r->first, *last = NULL;
    for (int i = HEIGHT_MAX - 1; i >= 0; i--) {
        while (links[i]) {
            last = links[i];
            links = last->next;
        }
    }
    return last;
}

int mdb_cursor_get(MDB_cursor *c, MDB_val *k, MDB_val *v, MDB_cursor_op op)
{
    struct row **before[HEIGHT_MAX];
    if (op == MDB_SET_RANGE) c->at = seek(c->rows, k->mv_data, k->mv_size, before);
    if (op == MDB_SET) {
        c->at = seek(c->rows, k->mv_data, k->mv_size, before);
        if (!is_key(c->rows, c->at, k->mv_data, k->mv_size)) c->at = NULL;
    }
    if (op == MDB_NEXT) c->at = c->at ? c->at->next[0] : NULL;
    if (op == MDB_FIRST) c->at = c->rows->first[0];
    if (op == MDB_LAST) c->at = last_of(c->rows);
    if (!c->at) return MDB_NOTFOUND;
    *k = (MDB_val){c->at->key_n, c->at->key};
    *v = (MDB_val){c->at->value_n, c->at->value};
    return 0;
}
