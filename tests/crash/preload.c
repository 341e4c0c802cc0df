/* preload.c - loaded into one service before libc: counts its calls of interest and lets one of
 * them go wrong; see tally.h for the kinds.
 *
 *   store calls   open to create, mkdir, rename, unlink, rmdir, write, pwrite, writev, pwritev,
 *                 ftruncate, fsync, fdatasync, msync; for EIO also plain open and mmap
 *   socket calls  send, sendmsg, write, writev; recv, recvmsg, read when they brought something
 *                 (ZeroMQ over ipc and Redis); only kills count them
 *
 * The real calls are made with syscall(2), so that nothing depends on the order of loading. */
#include "tests/crash/tally.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 512
#define IN(kind) (1u << CRASH_##kind)
#define KILLS (IN(kill) | IN(killed_after))
#define CHANGES (KILLS | IN(eio) | IN(enospc))
#define WRITES (CHANGES | IN(short))

static const char socket_name[] = "socket";
static struct tally *tally;
static char stores[PATH_SIZE];
static size_t stores_n;

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv(CRASH_TALLY_ENV), *dir = getenv(CRASH_STORES_ENV);
    if (!file || !dir || !realpath(dir, stores)) return;
    stores_n = strlen(stores);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *p =
        (void *)syscall(SYS_mmap, NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (p != MAP_FAILED) tally = p;
}

/* ---- whose call is it ---- */

static const char *store_path(const char *path)
{
    if (!tally || strncmp(path, stores, stores_n) != 0) return NULL;
    return path[stores_n] == '/' ? path + stores_n + 1 : NULL;
}

/* The file behind fd below the stores, in out; NULL when it lies elsewhere. */
static const char *store_file(int fd, char out[PATH_SIZE])
{
    char link[40];
    if (!tally) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out, PATH_SIZE - 1);
    if (n <= 0) return NULL;
    out[n] = 0;
    return store_path(out);
}

static bool is_socket(int fd)
{
    struct stat st;
    return tally && fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* ---- the call that goes wrong ---- */

enum verdict { GO_ON, KILL_AFTER, FAIL, HALF };

/* Before a store call, as on a slow disk: what other threads were told to send gets out first. An
 * acknowledgement that does not wait for its commit is seen only so. */
#define SLOW_DISK_NS 5000000

static void wait_as_for_disk(void)
{
    struct timespec t = {0, SLOW_DISK_NS};
    (void)syscall(SYS_nanosleep, &t, NULL);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
}

static int fault_errno(void)
{
    return tally->kind == CRASH_enospc ? ENOSPC : tally->kind == CRASH_oom ? ENOMEM : EIO;
}

/* Counts a call that the kinds in `of` are interested in, and says what becomes of it. */
static enum verdict count(unsigned of, const char *call, const char *path)
{
    if (!tally || !(of & (1u << tally->kind))) return GO_ON;
    uint64_t n = __atomic_add_fetch(&tally->calls, 1, __ATOMIC_SEQ_CST);
    if (n != tally->at) return GO_ON;
    snprintf(tally->what, sizeof tally->what, "%s %s", call, path);
    tally->fired = 1;
    if (tally->kind == CRASH_kill) {
        if (path != socket_name) wait_as_for_disk();
        die();
    }
    if (tally->kind == CRASH_killed_after) return KILL_AFTER;
    errno = fault_errno();
    return tally->kind == CRASH_short ? HALF : FAIL;
}

static long done(enum verdict v, long result)
{
    if (v == KILL_AFTER) die();
    return result;
}

/* ---- names ---- */

static enum verdict count_path(unsigned of, const char *call, const char *path)
{
    const char *name = path ? store_path(path) : NULL;
    return name ? count(of, call, name) : GO_ON;
}

static int open_at(int dir, const char *path, int flags, unsigned mode)
{
    enum verdict v = count_path(flags & O_CREAT ? CHANGES : IN(eio), "open", path);
    if (v == FAIL) return -1;
    return (int)done(v, syscall(SYS_openat, dir, path, flags, mode));
}

#define OPEN_MODE(flags, mode)                                                                     \
    va_list args;                                                                                  \
    va_start(args, flags);                                                                         \
    unsigned mode = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(args, unsigned) : 0;                  \
    va_end(args)

int open(const char *path, int flags, ...)
{
    OPEN_MODE(flags, mode);
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    OPEN_MODE(flags, mode);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    OPEN_MODE(flags, mode);
    return open_at(dir, path, flags, mode);
}

int mkdir(const char *path, mode_t mode)
{
    enum verdict v = count_path(CHANGES, "mkdir", path);
    return v == FAIL ? -1 : (int)done(v, syscall(SYS_mkdir, path, mode));
}

int rename(const char *from, const char *to)
{
    enum verdict v = count_path(CHANGES, "rename", to);
    return v == FAIL ? -1 : (int)done(v, syscall(SYS_rename, from, to));
}

int unlink(const char *path)
{
    enum verdict v = count_path(KILLS, "unlink", path);
    return (int)done(v, syscall(SYS_unlink, path));
}

int rmdir(const char *path)
{
    enum verdict v = count_path(KILLS, "rmdir", path);
    return (int)done(v, syscall(SYS_rmdir, path));
}

/* ---- syncs, sizes and maps ---- */

static enum verdict count_file(unsigned of, const char *call, int fd)
{
    char path[PATH_SIZE];
    const char *name = store_file(fd, path);
    return name ? count(of, call, name) : GO_ON;
}

/* A sync that failed may never be tried again: the pages are gone and the next one says "fine". */
static enum verdict count_sync(const char *call, int fd)
{
    char path[PATH_SIZE];
    const char *name = store_file(fd, path);
    if (!name) return GO_ON;
    if (tally->sync_failed) tally->sync_retried++;
    enum verdict v = count(CHANGES, call, name);
    if (v == FAIL) tally->sync_failed = 1;
    return v;
}

int fsync(int fd)
{
    enum verdict v = count_sync("fsync", fd);
    return v == FAIL ? -1 : (int)done(v, syscall(SYS_fsync, fd));
}

int fdatasync(int fd)
{
    enum verdict v = count_sync("fdatasync", fd);
    return v == FAIL ? -1 : (int)done(v, syscall(SYS_fdatasync, fd));
}

int msync(void *at, size_t n, int flags)
{
    enum verdict v = count(CHANGES, "msync", "");
    return v == FAIL ? -1 : (int)done(v, syscall(SYS_msync, at, n, flags));
}

int ftruncate(int fd, off_t n)
{
    enum verdict v = count_file(CHANGES, "ftruncate", fd);
    return v == FAIL ? -1 : (int)done(v, syscall(SYS_ftruncate, fd, n));
}

int ftruncate64(int fd, off_t n)
{
    return ftruncate(fd, n);
}

void *mmap(void *at, size_t n, int prot, int flags, int fd, off_t from)
{
    enum verdict v = fd >= 0 && prot != PROT_NONE ? count_file(IN(eio), "mmap", fd) : GO_ON;
    return v == FAIL ? MAP_FAILED : (void *)syscall(SYS_mmap, at, n, prot, flags, fd, from);
}

void *mmap64(void *at, size_t n, int prot, int flags, int fd, off_t from)
{
    return mmap(at, n, prot, flags, fd, from);
}

/* ---- bytes out ---- */

/* A store file or a socket. */
static enum verdict count_write(const char *call, int fd)
{
    char path[PATH_SIZE];
    const char *name = store_file(fd, path);
    if (name) return count(WRITES, call, name);
    return is_socket(fd) ? count(KILLS, call, socket_name) : GO_ON;
}

ssize_t write(int fd, const void *p, size_t n)
{
    enum verdict v = count_write("write", fd);
    return v == FAIL ? -1 : done(v, syscall(SYS_write, fd, p, v == HALF ? n / 2 : n));
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    enum verdict v = count_write("pwrite", fd);
    return v == FAIL ? -1 : done(v, syscall(SYS_pwrite64, fd, p, v == HALF ? n / 2 : n, at));
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
    return pwrite(fd, p, n, at);
}

/* Half of a vector: all but the last part, or half of the only one. */
static ssize_t half_vector(int fd, const struct iovec *v, int count_parts, off_t at)
{
    struct iovec one = {v->iov_base, v->iov_len / 2};
    if (count_parts > 1) return syscall(SYS_pwritev, fd, v, count_parts - 1, at, 0);
    return syscall(SYS_pwritev, fd, &one, 1, at, 0);
}

ssize_t writev(int fd, const struct iovec *p, int n)
{
    enum verdict v = count_write("writev", fd);
    if (v == HALF) return half_vector(fd, p, n, lseek(fd, 0, SEEK_CUR));
    return v == FAIL ? -1 : done(v, syscall(SYS_writev, fd, p, n));
}

ssize_t pwritev(int fd, const struct iovec *p, int n, off_t at)
{
    enum verdict v = count_write("pwritev", fd);
    if (v == HALF) return half_vector(fd, p, n, at);
    return v == FAIL ? -1 : done(v, syscall(SYS_pwritev, fd, p, n, at, 0));
}

ssize_t pwritev64(int fd, const struct iovec *p, int n, off_t at)
{
    return pwritev(fd, p, n, at);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
    enum verdict v = count(KILLS, "send", socket_name);
    return done(v, syscall(SYS_sendto, fd, p, n, flags, NULL, 0));
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    enum verdict v = count(KILLS, "sendmsg", socket_name);
    return done(v, syscall(SYS_sendmsg, fd, m, flags));
}

/* ---- bytes in: only what brought something counts, and then it is after the call ---- */

static ssize_t received(const char *call, ssize_t n)
{
    if (n <= 0) return n;
    return done(count(KILLS, call, socket_name), n);
}

ssize_t recv(int fd, void *p, size_t n, int flags)
{
    return received("recv", syscall(SYS_recvfrom, fd, p, n, flags, NULL, NULL));
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
    return received("recvmsg", syscall(SYS_recvmsg, fd, m, flags));
}

ssize_t read(int fd, void *p, size_t n)
{
    ssize_t got = syscall(SYS_read, fd, p, n);
    return got > 0 && is_socket(fd) ? received("read", got) : got;
}

/* ---- memory ---- */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);

/* Whose allocation it is that fails: "malloc libzmq.so.5+0x1f2e0". */
static bool refuse(const char *call, const void *caller)
{
    Dl_info at;
    if (count(IN(oom), call, "") != FAIL) return false;
    if (dladdr(caller, &at) && at.dli_fname) {
        const char *slash = strrchr(at.dli_fname, '/');
        snprintf(tally->what, sizeof tally->what, "%s %s+0x%tx", call,
                 slash ? slash + 1 : at.dli_fname,
                 (const char *)caller - (const char *)at.dli_fbase);
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n)
{
    return refuse("malloc", __builtin_return_address(0)) ? NULL : __libc_malloc(n);
}

void *calloc(size_t parts, size_t n)
{
    return refuse("calloc", __builtin_return_address(0)) ? NULL : __libc_calloc(parts, n);
}

void *realloc(void *p, size_t n)
{
    return refuse("realloc", __builtin_return_address(0)) ? NULL : __libc_realloc(p, n);
}
