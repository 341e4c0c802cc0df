/* fuzz.c - see fuzz.h. */
#include "tests/fuzz/lib/fuzz.h"
#include "common/contract.h"
#include "common/store.h"
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIR_SIZE 64

const char *__asan_default_options(void);

/* Stores and arenas come and go with every input; a small quarantine keeps them in the cache. */
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=4:malloc_context_size=8";
}

uint8_t fuzz_u8(struct fuzz_in *in)
{
    if (in->n == 0) return 0;
    in->n--;
    return *in->p++;
}

uint16_t fuzz_u16(struct fuzz_in *in)
{
    uint16_t low = fuzz_u8(in);
    return (uint16_t)(low | fuzz_u8(in) << 8);
}

uint32_t fuzz_u32(struct fuzz_in *in)
{
    uint32_t low = fuzz_u16(in);
    return low | (uint32_t)fuzz_u16(in) << 16;
}

uint64_t fuzz_u64(struct fuzz_in *in)
{
    uint64_t low = fuzz_u32(in);
    return low | (uint64_t)fuzz_u32(in) << 32;
}

static struct slice take(struct fuzz_in *in, size_t n)
{
    struct slice s = {in->p, n < in->n ? n : in->n};
    in->p += s.n;
    in->n -= s.n;
    return s;
}

struct slice fuzz_bytes(struct fuzz_in *in)
{
    return take(in, fuzz_u16(in));
}

struct slice fuzz_until(struct fuzz_in *in, uint8_t end)
{
    const uint8_t *at = in->n ? memchr(in->p, end, in->n) : NULL;
    struct slice s = take(in, at ? (size_t)(at - in->p) : in->n);
    if (at) (void)take(in, 1);
    return s;
}

uint8_t *fuzz_copy(struct slice s)
{
    uint8_t *p = malloc(s.n + !s.n);
    REQUIRE(p != NULL);
    if (s.n) memcpy(p, s.p, s.n);
    return p;
}

const char *fuzz_file(unsigned slot, struct slice bytes)
{
    static int fds[FUZZ_FILES] = {-1, -1};
    static char paths[FUZZ_FILES][40];
    REQUIRE(slot < FUZZ_FILES);
    if (fds[slot] < 0) {
        fds[slot] = memfd_create("fuzz", MFD_CLOEXEC);
        REQUIRE(fds[slot] >= 0);
        snprintf(paths[slot], sizeof paths[slot], "/proc/self/fd/%d", fds[slot]);
    }
    int rc = ftruncate(fds[slot], 0);
    ssize_t n = bytes.n ? pwrite(fds[slot], bytes.p, bytes.n, 0) : 0;
    REQUIRE(rc == 0 && n == (ssize_t)bytes.n);
    return paths[slot];
}

/* ---- the directory ---- */

static char dir[DIR_SIZE];

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind;
    return at->level > 0 ? remove(path) : 0;
}

static void remove_content(void)
{
    int rc = nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    REQUIRE(rc == 0);
}

static void remove_dir(void)
{
    remove_content();
    (void)rmdir(dir);
}

const char *fuzz_tmp(void)
{
    const char *tmp = getenv("TMPDIR");
    return tmp && *tmp ? tmp : access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

const char *fuzz_dir(void)
{
    if (dir[0]) return dir;
    int n = snprintf(dir, sizeof dir, "%s/cuiban-fuzz.XXXXXX", fuzz_tmp());
    REQUIRE(n < (int)sizeof dir && mkdtemp(dir) != NULL);
    atexit(remove_dir);
    return dir;
}

const char *fuzz_dir_empty(void)
{
    (void)fuzz_dir();
    remove_content();
    return dir;
}

/* ---- a store just born ---- */

#define YOUNG_BYTES_MAX 65536

struct young {
    const char *folder, *file;
    ssize_t n;
    uint8_t bytes[YOUNG_BYTES_MAX];
};

static struct young young[] = {{.folder = "log", .file = "log/data.mdb"},
                               {.folder = "state", .file = "state/data.mdb"}};

static void young_copy(const char *path, struct young *y, int flags,
                       ssize_t (*copy)(int, struct young *))
{
    char name[2 * DIR_SIZE + 16];
    snprintf(name, sizeof name, "%s/%s", path, y->file);
    int fd = open(name, flags | O_CLOEXEC, 0600);
    ssize_t n = copy(fd, y);
    REQUIRE(fd >= 0 && n > 0 && n < YOUNG_BYTES_MAX);
    y->n = n;
    close(fd);
}

static ssize_t young_in(int fd, struct young *y)
{
    return read(fd, y->bytes, sizeof y->bytes);
}

static ssize_t young_out(int fd, struct young *y)
{
    return write(fd, y->bytes, (size_t)y->n);
}

static void young_load(const char *path)
{
    struct store *s;
    struct fault why;
    struct store_options o = {.dir = path, .map_bytes = 1 << 20};
    enum err e = store_open(&o, &s, &why);
    REQUIRE(e == ERR_OK);
    store_close(&s);
    for (size_t i = 0; i < COUNT_OF(young); i++)
        young_copy(path, &young[i], O_RDONLY, young_in);
}

void fuzz_store_born(const char *path)
{
    char name[2 * DIR_SIZE];
    if (!young[0].n) {
        young_load(path);
        return;
    }
    REQUIRE(strlen(path) < sizeof name - 16);
    (void)mkdir(path, 0700);
    for (size_t i = 0; i < COUNT_OF(young); i++) {
        snprintf(name, sizeof name, "%s/%s", path, young[i].folder);
        (void)mkdir(name, 0700);
        young_copy(path, &young[i], O_WRONLY | O_CREAT, young_out);
    }
}
