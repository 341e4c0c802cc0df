/* import_spool.c - see import_spool.h. A fact lies as its length (4 bytes) and its bytes; `at` in
 * the index is where the length begins, and because bytes are only ever appended it also tells who
 * came first. */
#include "services/cli/import_spool.h"
#include "common/contract.h"
#include "services/cli/import_keys.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)16 << 20) /* kept in memory before a file is begun */
#define DROPPED INT64_MAX

struct entry {
    int64_t key_ms;
    uint64_t at;
};

struct import_spool {
    struct entry *entries;
    uint64_t count, cap, taken;
    struct buf tail;  /* bytes from `written` on */
    uint64_t written; /* bytes in the file */
    int fd;           /* -1: no file yet */
    uint8_t *map;
    struct import_keys ids; /* entry number + 1 */
};

static enum err io_fault(struct fault *why, const char *what)
{
    (void)fault_set(why, "feed", "file", "", "temporary file: %s: %s", what, strerror(errno));
    return ERR_IO;
}

struct import_spool *import_spool_new(void)
{
    struct import_spool *s = calloc(1, sizeof *s);
    REQUIRE(s != NULL);
    s->fd = -1;
    return s;
}

void import_spool_destroy(struct import_spool **spool)
{
    struct import_spool *s = *spool;
    if (!s) return;
    if (s->map) munmap(s->map, s->written);
    if (s->fd >= 0) close(s->fd);
    free(s->entries);
    buf_fini(&s->tail);
    import_keys_fini(&s->ids);
    free(s);
    *spool = NULL;
}

static enum err begin_file(struct import_spool *s, struct fault *why)
{
    char path[512];
    const char *dir = getenv("TMPDIR");
    int n = snprintf(path, sizeof path, "%s/cuiban-feed-XXXXXX", dir && *dir ? dir : "/tmp");
    if (n < 0 || (size_t)n >= sizeof path) return errno = ENAMETOOLONG, io_fault(why, "TMPDIR");
    s->fd = mkostemp(path, 02000000 /* O_CLOEXEC */);
    if (s->fd < 0) return io_fault(why, path);
    unlink(path); /* it goes with us, however we end */
    return ERR_OK;
}

static enum err flush(struct import_spool *s, struct fault *why)
{
    enum err e = s->fd < 0 ? begin_file(s, why) : ERR_OK;
    for (size_t done = 0; e == ERR_OK && done < s->tail.n;) {
        ssize_t n = write(s->fd, s->tail.p + done, s->tail.n - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io_fault(why, "write");
        done += (size_t)n;
    }
    if (e != ERR_OK) return e;
    s->written += s->tail.n;
    buf_clear(&s->tail);
    return ERR_OK;
}

enum err import_spool_put(struct import_spool *s, int64_t key_ms, struct slice fact,
                          struct fault *why)
{
    uint32_t n = (uint32_t)fact.n;
    if (s->count == IMPORT_SPOOL_FACTS_MAX) {
        (void)fault_set(why, "feed", "full", "",
                        "more than %llu facts in one import; split the input",
                        (unsigned long long)IMPORT_SPOOL_FACTS_MAX);
        return ERR_FULL;
    }
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4096;
        s->entries = realloc(s->entries, s->cap * sizeof *s->entries);
        REQUIRE(s->entries != NULL);
    }
    s->entries[s->count++] = (struct entry){key_ms, s->written + s->tail.n};
    buf_put(&s->tail, &n, sizeof n);
    buf_put(&s->tail, fact.p, fact.n);
    return s->tail.n < CHUNK_BYTES ? ERR_OK : flush(s, why);
}

enum err import_spool_once(struct import_spool *s, int64_t key_ms, struct str source, struct str id,
                           struct slice fact, bool *repeated, struct fault *why)
{
    uint64_t *known = import_keys_at(&s->ids, source, id);
    *repeated = *known != 0;
    if (*repeated && key_ms >= s->entries[*known - 1].key_ms) return ERR_OK;
    if (*repeated) s->entries[*known - 1].key_ms = DROPPED;
    *known = s->count + 1;
    return import_spool_put(s, key_ms, fact, why);
}

static int entry_order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key_ms != y->key_ms) return x->key_ms < y->key_ms ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

enum err import_spool_sort(struct import_spool *s, struct fault *why)
{
    if (s->count > 1) qsort(s->entries, s->count, sizeof *s->entries, entry_order);
    if (s->fd < 0) return ERR_OK; /* few: all of it is still in memory */
    enum err e = flush(s, why);
    if (e != ERR_OK) return e;
    s->map = mmap(NULL, s->written, PROT_READ, MAP_PRIVATE, s->fd, 0);
    if (s->map == MAP_FAILED) return s->map = NULL, io_fault(why, "mmap");
    return ERR_OK;
}

void import_spool_span(const struct import_spool *s, int64_t *first_ms, int64_t *last_ms)
{
    uint64_t from = 0, to = s->count;
    while (from < to && s->entries[from].key_ms == IMPORT_SPOOL_EARLY)
        from++;
    while (to > from && s->entries[to - 1].key_ms == DROPPED)
        to--;
    *first_ms = from < to ? s->entries[from].key_ms : 0;
    *last_ms = from < to ? s->entries[to - 1].key_ms : 0;
}

enum err import_spool_next(struct import_spool *s, struct slice *fact, int64_t *key_ms)
{
    uint32_t n;
    if (s->taken == s->count || s->entries[s->taken].key_ms == DROPPED) return ERR_END;
    const struct entry *e = &s->entries[s->taken++];
    const uint8_t *p = (s->map ? s->map : s->tail.p) + e->at;
    memcpy(&n, p, sizeof n);
    *fact = (struct slice){p + sizeof n, n};
    *key_ms = e->key_ms;
    return ERR_OK;
}
