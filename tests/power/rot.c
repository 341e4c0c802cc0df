/* rot.c - damages a closed store in every way a disk may, and reads everything that is left.
 *
 *   power-rot STORE [--cases N] [--seed S] [--only CASE]
 *
 * STORE is copied first. A case is one damage to one of the two data.mdb; a child opens the copy
 * and reads all tables, records and journal lines. Told apart: said (an error that names its
 * place), harmless (all there, nothing else), absent (what is read is right, but something is not
 * there: a scrub that compares with the log finds it), wrong (a value that was never stored under
 * its key, or an older one), died (the child was killed inside LMDB), hung.
 *
 * Exit status 1 when a flipped, zeroed, overwritten or cut-off byte gave a wrong value or hung the
 * reader. Pages in each other's place are printed apart: they carry valid values. */
#include "common/contract.h"
#include "tests/power/sums.h"
#include <argp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096u
#define SECTOR 512u
#define MAP_BYTES (UINT64_C(16) << 20)
#define ROWS_MAX 8192
#define SHOWN_MAX 5
#define SECONDS_MAX 5

enum damage {
    DAMAGE_BIT,
    DAMAGE_BYTE,
    DAMAGE_ZERO_SECTOR,
    DAMAGE_ZERO_PAGE,
    DAMAGE_NOISE,
    DAMAGE_CUT,
    DAMAGE_SWAP,
    DAMAGE_STALE,
    DAMAGES
};
static const char *const damage_text[DAMAGES] = {
    "a bit flipped",     "a byte overwritten", "a sector zeroed",   "a page zeroed",
    "a sector of noise", "the file cut off",   "two pages swapped", "a page over another"};

enum verdict { HARMLESS, SAID, ABSENT, WRONG, DIED, HUNG, VERDICTS };

struct image {
    char path[128];
    uint8_t *bytes, *damaged;
    size_t n;
};

struct rows {
    uint64_t v[ROWS_MAX]; /* sums of rows, records and journal lines, in order of reading */
    size_t n;
};

struct rot {
    const char *program, *store;
    uint64_t cases, seed, only, chance;
    bool one;
    char place[64];
    struct image images[2];
    struct rows expect;
    uint64_t found[DAMAGES][VERDICTS], shown;
};

static uint64_t draw(struct rot *r, uint64_t n)
{
    uint64_t z = r->chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % n;
}

/* ---- files ---- */

static void image_load(struct image *i, const char *from)
{
    FILE *f = fopen(from, "rb");
    struct stat st;
    REQUIRE(f != NULL && fstat(fileno(f), &st) == 0);
    i->n = (size_t)st.st_size;
    i->bytes = malloc(i->n);
    i->damaged = malloc(i->n);
    REQUIRE(i->bytes && i->damaged && fread(i->bytes, 1, i->n, f) == i->n);
    fclose(f);
}

static void image_store(const struct image *i, const uint8_t *bytes, size_t n)
{
    int fd = open(i->path, O_CREAT | O_RDWR | O_TRUNC, 0600);
    REQUIRE(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    close(fd);
}

static void place_make(struct rot *r)
{
    static const char *const names[] = {"log", "state"};
    char path[300];
    snprintf(r->place, sizeof r->place, "/dev/shm/power-rot.XXXXXX");
    REQUIRE(mkdtemp(r->place) != NULL);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(path, sizeof path, "%s/%s", r->place, names[i]);
        REQUIRE(mkdir(path, 0700) == 0);
        snprintf(r->images[i].path, sizeof r->images[i].path, "%s/%s/data.mdb", r->place, names[i]);
        snprintf(path, sizeof path, "%s/%s/data.mdb", r->store, names[i]);
        image_load(&r->images[i], path);
        image_store(&r->images[i], r->images[i].bytes, r->images[i].n);
    }
}

static void place_remove(struct rot *r)
{
    static const char *const names[] = {
        "log/data.mdb", "log/lock.mdb", "state/data.mdb", "state/lock.mdb",
        "lock",         "log",          "state",          ""};
    char path[300];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(path, sizeof path, "%s/%s", r->place, names[i]);
        remove(path);
    }
}

/* ---- damage ---- */

static size_t damage(struct rot *r, struct image *i, enum damage kind)
{
    uint8_t *p = i->damaged;
    size_t at = draw(r, i->n), pages = i->n / PAGE, a = draw(r, pages), b = draw(r, pages);
    uint8_t page[PAGE];
    memcpy(p, i->bytes, i->n);
    switch (kind) {
    case DAMAGE_BIT:
        p[at] ^= (uint8_t)(1u << (unsigned)draw(r, 8));
        break;
    case DAMAGE_BYTE:
        p[at] = (uint8_t)draw(r, 256);
        break;
    case DAMAGE_ZERO_SECTOR:
        memset(p + at / SECTOR * SECTOR, 0, SECTOR);
        break;
    case DAMAGE_ZERO_PAGE:
        memset(p + a * PAGE, 0, PAGE);
        break;
    case DAMAGE_NOISE:
        for (size_t k = 0; k < SECTOR; k++)
            p[at / SECTOR * SECTOR + k] = (uint8_t)draw(r, 256);
        break;
    case DAMAGE_CUT:
        return at;
    case DAMAGE_SWAP:
        memcpy(page, p + a * PAGE, PAGE);
        memcpy(p + a * PAGE, p + b * PAGE, PAGE);
        memcpy(p + b * PAGE, page, PAGE);
        break;
    case DAMAGE_STALE:
        memcpy(p + a * PAGE, i->bytes + b * PAGE, PAGE);
        break;
    case DAMAGES:
        break;
    }
    return i->n;
}

/* ---- reading ---- */

static void row_add(struct rows *rows, uint64_t sum)
{
    REQUIRE(rows->n < ROWS_MAX);
    rows->v[rows->n++] = sum;
}

static enum err read_state(struct store *s, struct rows *rows)
{
    for (unsigned t = 0; t < 256; t++) {
        uint8_t at[STORE_KEY_MAX];
        struct slice from = {at, 0}, key, value;
        enum err e;
        for (bool after = false;
             (e = store_next(s, (uint8_t)t, from, after, &key, &value)) == ERR_OK; after = true) {
            if (key.n > sizeof at || rows->n == ROWS_MAX) return ERR_CORRUPT;
            row_add(rows, sums_row((uint8_t)t, key, value));
            memcpy(at, key.p, key.n);
            from.n = key.n;
        }
        if (e != ERR_END) return e;
    }
    return ERR_OK;
}

static enum err read_all(const struct rot *r, struct rows *rows)
{
    struct store_options o = {.dir = r->place, .map_bytes = MAP_BYTES};
    struct store *s = NULL;
    struct fault why = {0};
    struct slice record;
    struct journal j;
    enum err e = store_open(&o, &s, &why);
    if (e != ERR_OK) return e;
    store_last_journal(s, &j);
    uint64_t last = store_last_seq(s), batches = j.batch;
    if (last + batches > ROWS_MAX) return ERR_CORRUPT;
    e = read_state(s, rows);
    for (uint64_t seq = 1; e == ERR_OK && seq <= last; seq++) {
        e = store_record(s, seq, &record);
        if (e == ERR_OK) row_add(rows, sums_record(seq, record));
    }
    for (uint64_t batch = 1; e == ERR_OK && batch <= batches; batch++) {
        e = store_journal(s, batch, &j);
        if (e == ERR_OK) row_add(rows, sums_journal(&j));
    }
    store_close(&s);
    return e;
}

/* Is everything that was read expected, and is nothing of that missing or twice? */
static enum verdict compare(const struct rows *expect, const struct rows *got)
{
    size_t next = 0;
    bool in_order = true;
    for (size_t i = 0; i < got->n; i++) {
        if (next < expect->n && expect->v[next] == got->v[i]) {
            next++;
            continue;
        }
        in_order = false;
        size_t at = 0;
        while (at < expect->n && expect->v[at] != got->v[i])
            at++;
        if (at == expect->n) return WRONG;
        next = at + 1;
    }
    return in_order && got->n == expect->n ? HARMLESS : ABSENT;
}

static enum verdict read_in_child(const struct rot *r)
{
    fflush(NULL);
    pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr)) _exit(HUNG);
        alarm(SECONDS_MAX);
        static struct rows got;
        _exit((int)(read_all(r, &got) == ERR_OK ? compare(&r->expect, &got) : SAID));
    }
    int status;
    waitpid(pid, &status, 0);
    if (WIFEXITED(status)) return (enum verdict)WEXITSTATUS(status);
    return WTERMSIG(status) == SIGALRM ? HUNG : DIED;
}

/* ---- all cases ---- */

static void one_case(struct rot *r, uint64_t nth)
{
    r->chance = r->seed * UINT64_C(1000003) + nth;
    struct image *i = &r->images[draw(r, 2)];
    enum damage kind = (enum damage)(nth % DAMAGES);
    image_store(i, i->damaged, damage(r, i, kind));
    enum verdict v = read_in_child(r);
    for (size_t k = 0; k < COUNT_OF(r->images); k++)
        image_store(&r->images[k], r->images[k].bytes, r->images[k].n);
    r->found[kind][v]++;
    bool bad = (v == WRONG || v == HUNG) && kind < DAMAGE_SWAP;
    if (!bad && !r->one) return;
    if (r->shown++ >= SHOWN_MAX) return;
    printf("%s in %s: %s\n  again: %s %s --seed %llu --only %llu\n", damage_text[kind], i->path,
           v == WRONG  ? "a wrong value"
           : v == HUNG ? "hung"
                       : "as it should be",
           r->program, r->store, (unsigned long long)r->seed, (unsigned long long)nth);
}

static bool report(const struct rot *r)
{
    uint64_t bad = 0;
    printf("%-22s %8s %8s %8s %8s %8s %8s\n", "damage", "said", "harmless", "absent", "wrong",
           "died", "hung");
    for (size_t k = 0; k < DAMAGES; k++) {
        const uint64_t *f = r->found[k];
        printf("%-22s %8llu %8llu %8llu %8llu %8llu %8llu\n", damage_text[k],
               (unsigned long long)f[SAID], (unsigned long long)f[HARMLESS],
               (unsigned long long)f[ABSENT], (unsigned long long)f[WRONG],
               (unsigned long long)f[DIED], (unsigned long long)f[HUNG]);
        if (k < DAMAGE_SWAP) bad += f[WRONG] + f[HUNG];
    }
    return bad == 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct rot *r = state->input;
    switch (key) {
    case 'c':
        r->cases = strtoull(arg, NULL, 10);
        return 0;
    case 's':
        r->seed = strtoull(arg, NULL, 10);
        return 0;
    case 'o':
        r->one = true;
        r->only = strtoull(arg, NULL, 10);
        return 0;
    case ARGP_KEY_ARG:
        if (r->store) argp_usage(state);
        r->store = arg;
        return 0;
    case ARGP_KEY_END:
        if (!r->store) argp_usage(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {{"cases", 'c', "N", 0, "default 1000", 0},
                                                 {"seed", 's', "S", 0, "of the draws", 0},
                                                 {"only", 'o', "CASE", 0, "one case", 0},
                                                 {0}};
    static const struct argp argp = {options, parse, "STORE", NULL, NULL, NULL, NULL};
    static struct rot r = {.cases = 1000, .seed = 1};
    r.program = argv[0];
    if (argp_parse(&argp, argc, argv, 0, NULL, &r)) return 2;
    place_make(&r);
    REQUIRE(read_all(&r, &r.expect) == ERR_OK && r.expect.n > 0);
    for (uint64_t nth = 0; nth < r.cases; nth++) {
        if (!r.one || nth == r.only) one_case(&r, nth);
    }
    bool fine = report(&r);
    place_remove(&r);
    return fine ? 0 : 1;
}
