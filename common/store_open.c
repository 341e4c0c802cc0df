/* store_open.c - birth, opening and closing of a store. A store is born under a temporary name,
 * synced and renamed, because LMDB never syncs the directory and refuses a half-born file for ever.
 * One process at a time: a lock on <dir>/lock that the kernel gives up with the process. */
#include "common/contract.h"
#include "common/store_private.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define NFS_MAGIC 0x6969
#define PATH_SIZE 600

static void path_in(char out[PATH_SIZE], const char *dir, const char *name)
{
    REQUIRE(snprintf(out, PATH_SIZE, "%s/%s", dir, name) < PATH_SIZE);
}

static enum err sync_path(const char *path, int flags)
{
    int fd = open(path, flags);
    if (fd < 0) return ERR_IO;
    int rc = fsync(fd);
    close(fd);
    return rc ? ERR_IO : ERR_OK;
}

static unsigned env_flags(const struct store *s)
{
    return MDB_NOTLS | (s->scratch ? MDB_NOSYNC | MDB_NOMETASYNC | MDB_WRITEMAP : 0u);
}

static int env_open(struct store *s, const char *dir, const char *name, uint64_t map, MDB_env **out)
{
    char path[PATH_SIZE];
    path_in(path, dir, name);
    if (mkdir(path, 0700) && errno != EEXIST) return errno;
    MDB_env *env;
    int rc = mdb_env_create(&env);
    if (rc) return rc;
    rc = mdb_env_set_mapsize(env, map);
    if (!rc) rc = mdb_env_set_maxdbs(env, 8);
    if (!rc) rc = mdb_env_set_maxreaders(env, 32);
    if (!rc) rc = mdb_env_open(env, path, env_flags(s), 0600);
    if (rc) {
        mdb_env_close(env);
        return rc;
    }
    *out = env;
    return 0;
}

static int log_open(struct store *s, const char *dir, uint64_t map)
{
    int rc = env_open(s, dir, "log", map, &s->log_env);
    if (!rc) rc = mdb_txn_begin(s->log_env, NULL, 0, &s->log_txn);
    if (!rc) rc = mdb_dbi_open(s->log_txn, "log", MDB_CREATE | MDB_INTEGERKEY, &s->log_dbi);
    if (!rc) rc = mdb_dbi_open(s->log_txn, "redo", MDB_CREATE | MDB_INTEGERKEY, &s->redo_dbi);
    if (!rc) rc = mdb_dbi_open(s->log_txn, "journal", MDB_CREATE | MDB_INTEGERKEY, &s->journal_dbi);
    return rc;
}

static int state_open(struct store *s, const char *dir, uint64_t map)
{
    int rc = env_open(s, dir, "state", map, &s->state_env);
    if (!rc) rc = mdb_txn_begin(s->state_env, NULL, 0, &s->state_txn);
    if (!rc) rc = mdb_dbi_open(s->state_txn, "state", MDB_CREATE, &s->state_dbi);
    if (!rc) rc = mdb_dbi_open(s->state_txn, "meta", MDB_CREATE, &s->meta_dbi);
    return rc;
}

/* Make the handles durable and begin the transactions that the writer keeps. */
static int settle(struct store *s)
{
    int rc = mdb_txn_commit(s->log_txn);
    s->log_txn = NULL;
    if (rc) return rc; /* the other one is given up by envs_close */
    rc = mdb_txn_commit(s->state_txn);
    s->state_txn = NULL;
    if (!rc) rc = mdb_txn_begin(s->log_env, NULL, 0, &s->log_txn);
    if (!rc) rc = mdb_txn_begin(s->state_env, NULL, 0, &s->state_txn);
    return rc;
}

static void envs_close(struct store *s)
{
    store_cursors_close(s);
    store_log_cursor_close(s);
    if (s->log_txn) mdb_txn_abort(s->log_txn);
    if (s->state_txn) mdb_txn_abort(s->state_txn);
    if (s->log_env) mdb_env_close(s->log_env);
    if (s->state_env) mdb_env_close(s->state_env);
    s->log_txn = s->state_txn = NULL;
    s->log_env = s->state_env = NULL;
}

void store_dir_remove(const char *dir)
{
    static const char *const names[] = {"log/data.mdb", "log/lock.mdb", "state/data.mdb",
                                        "state/lock.mdb", "lock"};
    char path[PATH_SIZE];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        path_in(path, dir, names[i]);
        unlink(path);
    }
    path_in(path, dir, "log");
    rmdir(path);
    path_in(path, dir, "state");
    rmdir(path);
    rmdir(dir);
}

/* The directory the store lies in and all above it, as far as this file system goes: whoever made
 * them did not sync them, and the loss of one would be the loss of the store. One that we may not
 * read we have not made. */
static enum err sync_above(const char *dir)
{
    char path[PATH_MAX];
    struct stat own, st;
    if (!realpath(dir, path) || stat(path, &own)) return ERR_IO;
    for (char *slash = strrchr(path, '/'); slash; slash = strrchr(path, '/')) {
        *slash = 0;
        const char *above = path[0] ? path : "/";
        if (stat(above, &st) || st.st_dev != own.st_dev) break;
        if (sync_path(above, O_RDONLY | O_DIRECTORY) == ERR_OK) continue;
        return errno == EACCES ? ERR_OK : ERR_IO;
    }
    return ERR_OK;
}

enum err store_dir_settle(const char *young, const char *dir)
{
    char path[PATH_SIZE];
    static const char *const files[] = {"log/data.mdb", "state/data.mdb"};
    static const char *const dirs[] = {"log", "state"};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(files); i++) {
        path_in(path, young, files[i]);
        e = sync_path(path, O_RDWR);
        path_in(path, young, dirs[i]);
        if (e == ERR_OK) e = sync_path(path, O_RDONLY | O_DIRECTORY);
    }
    if (e == ERR_OK) e = sync_path(young, O_RDONLY | O_DIRECTORY);
    if (e != ERR_OK || rename(young, dir)) return ERR_IO;
    return sync_above(dir);
}

/* Create both environments in <dir>.new, sync files and directories, rename, sync what is above. */
static enum err be_born(struct store *s, const char *dir, uint64_t map)
{
    char young[PATH_SIZE];
    REQUIRE(snprintf(young, sizeof young, "%s.new", dir) < PATH_SIZE);
    store_dir_remove(young);
    if (mkdir(young, 0700)) return ERR_IO;
    int rc = log_open(s, young, map);
    if (!rc) rc = state_open(s, young, map);
    if (!rc) rc = settle(s);
    envs_close(s);
    if (rc) return ERR_IO;
    return store_dir_settle(young, dir);
}

static enum err take_lock(struct store *s, struct fault *why)
{
    char path[PATH_SIZE];
    path_in(path, s->dir, "lock");
    s->lock_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (s->lock_fd < 0) return ERR_IO;
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0) return ERR_OK;
    return fault_set(why, "N3", "store_in_use", "dir",
                     "%s is held by another process; stop that one first", s->dir);
}

static enum err check_place(const char *dir, struct fault *why)
{
    char path[PATH_SIZE];
    struct stat st;
    struct statfs fs;
    if (statfs(dir, &fs) == 0 && (unsigned long)fs.f_type == NFS_MAGIC) {
        return fault_set(why, "store", "network_file_system", "dir",
                         "%s lies on NFS; LMDB needs a local disk", dir);
    }
    path_in(path, dir, "log/data.mdb");
    bool log = stat(path, &st) == 0 && st.st_size > 0;
    path_in(path, dir, "state/data.mdb");
    bool state = stat(path, &st) == 0 && st.st_size > 0;
    if (log && state) return ERR_OK;
    return fault_set(why, "store", "half_born", "dir",
                     "%s lacks %s; restore it from a backup, or remove the directory to begin anew",
                     dir, log ? "state/data.mdb" : "log/data.mdb");
}

static enum err open_all(struct store *s, const struct store_options *o, struct fault *why)
{
    uint64_t map = o->map_bytes ? o->map_bytes : STORE_MAP_BYTES;
    struct stat st;
    if (stat(o->dir, &st) != 0) {
        enum err e = be_born(s, o->dir, map);
        if (e != ERR_OK) {
            (void)fault_set(why, "store", "io", "dir", "cannot create %s: %s", o->dir,
                            strerror(errno));
            return e;
        }
    }
    enum err e = check_place(o->dir, why);
    if (e == ERR_OK) e = take_lock(s, why);
    if (e != ERR_OK) return e;
    int rc = log_open(s, o->dir, map);
    if (!rc) rc = state_open(s, o->dir, map);
    if (!rc) rc = settle(s);
    if (rc) {
        (void)fault_set(why, "store", "io", "dir", "cannot open %s: %s", o->dir, mdb_strerror(rc));
        return ERR_IO;
    }
    e = store_recover(s);
    if (e == ERR_FULL) {
        (void)fault_set(why, "N9", "store_full", "dir",
                        "%s does not fit into its map of %llu MiB; enlarge CUIBAN_MAP_MB", o->dir,
                        (unsigned long long)(map >> 20));
        return e;
    }
    if (e != ERR_OK) {
        (void)fault_set(why, "N10", "corrupt", "dir",
                        "%s does not recover (%s); run `cuiban verify`", o->dir, err_name(e));
        return e;
    }
    mdb_txn_abort(s->log_txn);
    s->log_txn = NULL;
    s->opened = true;
    return ERR_OK;
}

enum err store_open(const struct store_options *o, struct store **out, struct fault *why)
{
    REQUIRE(JOURNAL_BYTES == 48 + 8 * STORE_CURSORS_MAX); /* no padding on disk */
    struct store *s = calloc(1, sizeof *s);
    if (!s) return ERR_IO;
    s->lock_fd = -1;
    s->scratch = o->scratch;
    REQUIRE(snprintf(s->dir, sizeof s->dir, "%s", o->dir) < (int)sizeof s->dir);
    enum err e = open_all(s, o, why);
    if (e != ERR_OK) {
        store_close(&s);
        return e;
    }
    *out = s;
    return ERR_OK;
}

void store_close(struct store **sp)
{
    struct store *s = *sp;
    if (!s) return;
    /* An uncommitted batch has touched the state transaction: it must not be checkpointed. */
    if (s->opened && s->redo.n == 0 && s->failed == ERR_OK) (void)!store_checkpoint(s);
    envs_close(s);
    if (s->lock_fd >= 0) close(s->lock_fd);
    buf_fini(&s->redo);
    buf_fini(&s->line);
    free(s);
    *sp = NULL;
}
