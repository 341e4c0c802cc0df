/* record.c - to be preloaded: writes down every operation that reaches the directory $POWER_ROOT,
 * in order, with its bytes, into $POWER_LOG (recording.h). LMDB and the store are run as they are.
 *
 * Lock files hold nothing that must survive and are left out. A writable shared mapping would write
 * past us: it ends the program. Kept free of the project's libraries, and built without sanitizers,
 * because it must load before anything else.
 *
 * $POWER_PLANT spoils the durability, so that the checker can show what it finds:
 *   nosync, nometasync   LMDB is opened with the flag of that name
 *   nodirsync            directories are never synced
 *   inplace              the store is born under its own name instead of being renamed */
#include "tests/power/recording.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lmdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS_MAX 4096

enum fd_is { FD_OTHER, FD_FILE, FD_THROUGH, FD_DIR };
static uint8_t fd_is[FDS_MAX];
static uint64_t fd_ino[FDS_MAX];
static int log_fd = -1;
static const char *root, *plant = "";

void power_mark(enum power_kind kind, const struct power_mark *m);

/* The next definition of a name: the one we stand before. */
static void *next(const char *name)
{
    void *f = dlsym(RTLD_NEXT, name);
    if (!f) abort();
    return f;
}
#define NEXT(name) (__extension__(__typeof__(&name)) next(#name))

static void fail(const char *what)
{
    fprintf(stderr, "record: %s: %s\n", what, strerror(errno));
    abort();
}

static void put(struct power_op op, const char *name, const void *bytes)
{
    op.name_bytes = (uint16_t)(name ? strlen(name) : 0);
    struct iovec v[] = {{&op, sizeof op}, {(void *)name, op.name_bytes}, {(void *)bytes, op.bytes}};
    ssize_t n = (ssize_t)(sizeof op + op.name_bytes + op.bytes);
    if (NEXT(writev)(log_fd, v, 3) != n) fail("cannot write the recording");
}

static uint64_t ino_of(const char *path)
{
    struct stat st;
    return stat(path, &st) ? 0 : st.st_ino;
}

static void begin(void)
{
    if (log_fd >= 0) return;
    root = getenv("POWER_ROOT");
    const char *to = getenv("POWER_LOG");
    if (!root || !to) fail("POWER_ROOT and POWER_LOG are not both set");
    if (getenv("POWER_PLANT")) plant = getenv("POWER_PLANT");
    log_fd = NEXT(open)(to, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd < 0) fail(to);
    struct stat st;
    if (fstat(log_fd, &st)) fail(to);
    if (st.st_size == 0)
        put((struct power_op){.kind = POWER_ROOT, .ino = ino_of(root)}, NULL, NULL);
}

static bool planted(const char *what)
{
    return strcmp(plant, what) == 0;
}

/* Below the root, and not a lock file. */
static bool watched(const char *path)
{
    begin();
    size_t n = strlen(path), r = strlen(root);
    if (strncmp(path, root, r) != 0 || (path[r] && path[r] != '/')) return false;
    return !(n >= 5 && strcmp(path + n - 5, "/lock") == 0) &&
           !(n >= 9 && strcmp(path + n - 9, "/lock.mdb") == 0);
}

static const char *name_in(const char *path, uint64_t *parent)
{
    char dir[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(dir, sizeof dir, "%.*s", (int)(slash - path), path);
    *parent = ino_of(dir);
    return slash + 1;
}

static void entry(enum power_kind kind, const char *path, uint64_t ino)
{
    struct power_op op = {.kind = (uint8_t)kind, .ino = ino};
    char name[POWER_NAME_MAX];
    snprintf(name, sizeof name, "%s", name_in(path, &op.parent));
    char *young = strstr(name, ".new");
    if (young && planted("inplace")) *young = 0;
    put(op, kind == POWER_GONE ? NULL : name, NULL);
}

void power_mark(enum power_kind kind, const struct power_mark *m)
{
    begin();
    put((struct power_op){.kind = (uint8_t)kind, .bytes = sizeof *m}, NULL, m);
}

/* ---- opening ---- */

static int opened(int fd, const char *path, int flags, bool was_there)
{
    if (fd < 0 || fd >= FDS_MAX) return fd;
    fd_is[fd] = FD_OTHER;
    struct stat st;
    if (!watched(path) || fstat(fd, &st)) return fd;
    fd_ino[fd] = st.st_ino;
    fd_is[fd] = S_ISDIR(st.st_mode) ? FD_DIR : (flags & O_DSYNC) ? FD_THROUGH : FD_FILE;
    if (!was_there) entry(POWER_FILE, path, st.st_ino);
    return fd;
}

#define OPEN_AS(name)                                                                              \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list a;                                                                                 \
        va_start(a, flags);                                                                        \
        unsigned mode = flags & O_CREAT ? va_arg(a, unsigned) : 0;                                 \
        va_end(a);                                                                                 \
        bool was_there = access(path, F_OK) == 0;                                                  \
        return opened(NEXT(name)(path, flags, mode), path, flags, was_there);                      \
    }
OPEN_AS(open)
OPEN_AS(open64)

int close(int fd)
{
    if (fd >= 0 && fd < FDS_MAX) fd_is[fd] = FD_OTHER;
    return NEXT(close)(fd);
}

static enum fd_is what_is(int fd)
{
    return fd >= 0 && fd < FDS_MAX ? (enum fd_is)fd_is[fd] : FD_OTHER;
}

void *mmap(void *addr, size_t n, int prot, int flags, int fd, off_t at)
{
    if ((prot & PROT_WRITE) && (flags & MAP_SHARED) && what_is(fd) != FD_OTHER)
        fail("a writable mapping of a recorded file");
    return NEXT(mmap)(addr, n, prot, flags, fd, at);
}

/* ---- writing ---- */

static void wrote(int fd, uint64_t at, const struct iovec *v, int count, ssize_t n)
{
    if (n <= 0 || what_is(fd) == FD_OTHER) return;
    struct power_op op = {.kind = POWER_WRITE,
                          .through = what_is(fd) == FD_THROUGH,
                          .ino = fd_ino[fd],
                          .at = at,
                          .bytes = (uint32_t)n};
    uint8_t *all = malloc((size_t)n);
    if (!all) fail("no memory");
    size_t have = 0;
    for (int i = 0; i < count && have < (size_t)n; i++) {
        size_t part = v[i].iov_len < (size_t)n - have ? v[i].iov_len : (size_t)n - have;
        memcpy(all + have, v[i].iov_base, part);
        have += part;
    }
    put(op, NULL, all);
    free(all);
}

static uint64_t place(int fd)
{
    return what_is(fd) == FD_OTHER ? 0 : (uint64_t)lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *p, size_t n)
{
    uint64_t at = place(fd);
    ssize_t done = NEXT(write)(fd, p, n);
    wrote(fd, at, &(struct iovec){(void *)p, n}, 1, done);
    return done;
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
    uint64_t at = place(fd);
    ssize_t done = NEXT(writev)(fd, v, count);
    wrote(fd, at, v, count, done);
    return done;
}

#define PWRITE_AS(name)                                                                            \
    ssize_t name(int fd, const void *p, size_t n, off_t at)                                        \
    {                                                                                              \
        ssize_t done = NEXT(name)(fd, p, n, at);                                                   \
        wrote(fd, (uint64_t)at, &(struct iovec){(void *)p, n}, 1, done);                           \
        return done;                                                                               \
    }
PWRITE_AS(pwrite)
PWRITE_AS(pwrite64)

#define PWRITEV_AS(name)                                                                           \
    ssize_t name(int fd, const struct iovec *v, int count, off_t at)                               \
    {                                                                                              \
        ssize_t done = NEXT(name)(fd, v, count, at);                                               \
        wrote(fd, (uint64_t)at, v, count, done);                                                   \
        return done;                                                                               \
    }
PWRITEV_AS(pwritev)
PWRITEV_AS(pwritev64)

/* ---- sizes and syncs ---- */

static int sized(int fd, off_t n, int rc)
{
    if (rc == 0 && what_is(fd) != FD_OTHER)
        put((struct power_op){.kind = POWER_SIZE, .ino = fd_ino[fd], .at = (uint64_t)n}, NULL,
            NULL);
    return rc;
}

int ftruncate(int fd, off_t n)
{
    return sized(fd, n, NEXT(ftruncate)(fd, n));
}

int ftruncate64(int fd, off_t n)
{
    return sized(fd, n, NEXT(ftruncate64)(fd, n));
}

int fallocate(int fd, int mode, off_t at, off_t n)
{
    if (mode != 0 && what_is(fd) != FD_OTHER) fail("fallocate with a mode is not recorded");
    return sized(fd, at + n, NEXT(fallocate)(fd, mode, at, n));
}

static int synced(int fd, int rc)
{
    enum fd_is is = what_is(fd);
    if (rc || is == FD_OTHER || (is == FD_DIR && planted("nodirsync"))) return rc;
    uint8_t kind = is == FD_DIR ? POWER_SYNC_DIR : POWER_SYNC;
    put((struct power_op){.kind = kind, .ino = fd_ino[fd]}, NULL, NULL);
    return rc;
}

int fsync(int fd)
{
    return synced(fd, NEXT(fsync)(fd));
}

int fdatasync(int fd)
{
    return synced(fd, NEXT(fdatasync)(fd));
}

/* ---- directories ---- */

int mkdir(const char *path, mode_t mode)
{
    int rc = NEXT(mkdir)(path, mode), was = errno;
    if (rc == 0 && watched(path)) entry(POWER_DIR, path, ino_of(path));
    errno = was;
    return rc;
}

#define REMOVE_AS(name)                                                                            \
    int name(const char *path)                                                                     \
    {                                                                                              \
        uint64_t ino = watched(path) ? ino_of(path) : 0;                                           \
        int rc = NEXT(name)(path), was = errno;                                                    \
        if (rc == 0 && ino) entry(POWER_GONE, path, ino);                                          \
        errno = was;                                                                               \
        return rc;                                                                                 \
    }
REMOVE_AS(unlink)
REMOVE_AS(rmdir)

int rename(const char *from, const char *to)
{
    struct power_op op = {.kind = POWER_RENAME};
    (void)name_in(from, &op.parent);
    const char *name = name_in(to, &op.to_parent);
    int rc = NEXT(rename)(from, to), was = errno;
    op.ino = ino_of(to);
    if (rc == 0 && watched(to) && !planted("inplace")) put(op, name, NULL);
    errno = was;
    return rc;
}

/* ---- planted ---- */

int mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode)
{
    begin();
    if (planted("nosync")) flags |= MDB_NOSYNC;
    if (planted("nometasync")) flags |= MDB_NOMETASYNC;
    return NEXT(mdb_env_open)(env, path, flags, mode);
}
