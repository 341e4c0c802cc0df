/* scrub.c - see scrub.h. Read: one row, one store in a process of its own, all stores. */
#include "services/cli/scrub.h"
#include "common/contract.h"
#include "common/store_copy.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLACES_MAX 20 /* named, per store */
#define PATH_SIZE 600

struct pass {
    FILE *out; /* lines for the parent: "W place", at the end "R rows" */
    const struct service *service;
    struct store_extent extent;
    uint64_t rows, wrong;
    uint64_t last[STORE_PART_COUNT]; /* number of the row before */
    uint64_t covered;                /* last record a journal row speaks of */
    struct key before;               /* of the state */
};

__attribute__((format(printf, 2, 3))) static void wrong(struct pass *p, const char *fmt, ...)
{
    va_list ap;
    if (p->wrong++ >= PLACES_MAX) return;
    fprintf(p->out, "W%s ", p->service->name);
    va_start(ap, fmt);
    vfprintf(p->out, fmt, ap);
    va_end(ap);
    fputc('\n', p->out);
}

/* ---- one row ---- */

static const char *what_of(enum store_part part)
{
    switch (part) {
    case STORE_PART_log:
        return "#";
    case STORE_PART_journal:
        return "journal row ";
    case STORE_PART_redo:
        return "redo row ";
    case STORE_PART_state:
    case STORE_PART_meta:
    case STORE_PART_COUNT:
        break;
    }
    return "";
}

/* Rows that a checkpoint made unnecessary are forgotten from the front. */
static uint64_t expected(const struct pass *p, enum store_part part, uint64_t n)
{
    if (part != STORE_PART_redo || p->last[part]) return p->last[part] + 1;
    return n <= p->extent.checkpoint + 1 ? n : p->extent.checkpoint + 1;
}

static void journal_row(struct pass *p, uint64_t n, struct slice value)
{
    struct journal j;
    bool good = journal_read(value, &j) == ERR_OK;
    if (!good || j.batch != n || j.first_seq != p->covered + 1)
        wrong(p, "journal row %" PRIu64 ": does not go on where the one before ends", n);
    if (good) p->covered = j.first_seq + j.count - 1;
}

static void numbered_row(struct pass *p, enum store_part part, struct slice key, struct slice value,
                         bool whole)
{
    uint64_t n = 0;
    if (key.n != sizeof n) {
        wrong(p, "%s%" PRIu64 ": is followed by a row whose number is damaged", what_of(part),
              p->last[part]);
        return;
    }
    memcpy(&n, key.p, sizeof n);
    uint64_t want = expected(p, part, n);
    if (n != want)
        wrong(p, "%s%" PRIu64 ": stands where %" PRIu64 " should", what_of(part), n, want);
    p->last[part] = want;
    if (!whole) wrong(p, "%s%" PRIu64 ": the bytes are damaged", what_of(part), n);
    if (whole && part == STORE_PART_journal) journal_row(p, n, value);
}

static void state_row(struct pass *p, struct slice key, bool whole)
{
    struct buf name = {0};
    const struct table *t = key.n ? view_table(p->service, key.p[0]) : NULL;
    bool fits = key.n > 0 && key.n <= sizeof p->before.b;
    size_t n = key.n < p->before.n ? key.n : p->before.n;
    int order = n ? memcmp(p->before.b, key.p, n) : -1;
    bool ordered = p->before.n == 0 || order < 0 || (order == 0 && p->before.n < key.n);
    if (!whole || !fits || !ordered) {
        struct key k = {.n = 0};
        if (fits) memcpy(k.b, key.p + 1, k.n = key.n - 1);
        view_print_key(&name, t ? t->key : "", &k, NULL);
        wrong(p, "%s %.*s: %s", t ? t->name : "row", (int)name.n, (const char *)name.p,
              !whole ? "the bytes are damaged" : "its key is not in order");
    }
    if (fits) memcpy(p->before.b, key.p, p->before.n = key.n);
    buf_fini(&name);
}

static enum err look_at(void *ctx, enum store_part part, struct slice key, struct slice value,
                        bool whole)
{
    struct pass *p = ctx;
    p->rows++;
    if (part == STORE_PART_state) {
        state_row(p, key, whole);
    } else if (part == STORE_PART_meta) {
        bool named = key.n == 5 && memcmp(key.p, "batch", 5) == 0;
        if (!whole || !named || value.n != 8)
            wrong(p, "meta: the number of the checkpoint is damaged");
    } else {
        numbered_row(p, part, key, value, whole);
    }
    return ERR_OK;
}

static void check_ends(struct pass *p)
{
    const struct store_extent *x = &p->extent;
    if (p->covered != p->last[STORE_PART_log])
        wrong(p, "#%" PRIu64 ": the log ends there, the journal at #%" PRIu64,
              p->last[STORE_PART_log], p->covered);
    if (x->checkpoint > x->batch)
        wrong(p, "meta: checkpoint %" PRIu64 " lies behind the last journal row", x->checkpoint);
    if (x->checkpoint < x->batch && p->last[STORE_PART_redo] != x->batch)
        wrong(p, "redo row %" PRIu64 ": is missing", p->last[STORE_PART_redo] + 1);
}

/* ---- one store ---- */

static void read_store(struct pass *p, const char *path)
{
    struct store_view *v;
    struct fault why = {0};
    enum err e = store_view_open(path, &v, &why);
    if (e == ERR_OK) {
        store_view_extent(v, &p->extent);
        e = store_view_rows(v, look_at, p);
        if (e == ERR_OK) check_ends(p);
        store_view_close(&v);
    }
    if (e != ERR_OK)
        wrong(p, "cannot be read to its end: %s", why.text[0] ? why.text : err_name(e));
    fprintf(p->out, "R%" PRIu64 " %" PRIu64 "\n", p->rows, p->wrong);
}

static _Noreturn void child(const struct service *service, const char *path, int fd)
{
    struct pass p = {.service = service, .out = fdopen(fd, "w")};
    int null = open("/dev/null", O_WRONLY);
    if (null >= 0) dup2(null, STDERR_FILENO); /* LMDB's last words */
    if (!p.out) _exit(1);
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
    for (size_t i = 0; i < COUNT_OF(deadly); i++)
        signal(deadly[i], SIG_DFL); /* whatever the program does about its own */
    setvbuf(p.out, NULL, _IOLBF, 0);
    read_store(&p, path);
    _exit(fclose(p.out) ? 1 : 0);
}

/* False when the process ended before it had seen everything. */
static bool take_lines(FILE *in, struct scrub *s)
{
    char *line = NULL;
    size_t cap = 0;
    bool ended = false;
    while (getline(&line, &cap, in) > 0) {
        if (line[0] == 'W') buf_printf(&s->places, "    %s", line + 1);
        if (line[0] != 'R') continue;
        char *at = line + 1;
        uint64_t rows = strtoull(at, &at, 10), bad = strtoull(at, &at, 10);
        if (*at != '\n') continue; /* it ended while it wrote this */
        s->rows += rows;
        s->wrong += bad;
        if (bad > PLACES_MAX)
            buf_printf(&s->places, "    … and %" PRIu64 " more\n", bad - PLACES_MAX);
        ended = true;
    }
    free(line);
    return ended;
}

static enum err scrub_store(const struct service *service, const char *path, struct scrub *s)
{
    int fds[2], status = 0;
    if (pipe2(fds, O_CLOEXEC)) return ERR_IO;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        child(service, path, fds[1]);
    }
    close(fds[1]);
    FILE *in = pid > 0 ? fdopen(fds[0], "r") : NULL;
    if (!in) {
        close(fds[0]);
        return ERR_IO;
    }
    bool ended = take_lines(in, s);
    fclose(in);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    s->stores++;
    if (ended) return ERR_OK;
    s->wrong++;
    buf_printf(&s->places, "    %s: its pages are damaged (%s)\n", path,
               WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "reading ended early");
    return ERR_OK;
}

/* ---- all stores ---- */

enum err scrub_run(const char *dir, struct scrub *out)
{
    enum err e = ERR_OK;
    *out = (struct scrub){0};
    for (int o = OWNER_intake; e == ERR_OK && o < OWNER_COUNT; o++) {
        char path[PATH_SIZE];
        struct stat st;
        const struct service *service = view_service((enum owner)o);
        if (!service) continue;
        if (snprintf(path, sizeof path, "%s/data/%s", dir, service->name) >= PATH_SIZE)
            return ERR_REFUSED;
        if (stat(path, &st) == 0) e = scrub_store(service, path, out);
    }
    return e;
}

void scrub_fini(struct scrub *s)
{
    buf_fini(&s->places);
}
