/* cli_tamper.h - stores of a story that ended with a crash, taken apart and changed row by row in a
 * way that only LMDB itself allows; for cli_tamper_test.c alone. */
#ifndef CUIBAN_TESTS_CLI_TAMPER_H
#define CUIBAN_TESTS_CLI_TAMPER_H

#include "common/contract.h"
#include "common/store_copy.h"
#include "services/cli/scrub.h"
#include "tests/unit/cli_story.h"
#include <fcntl.h>
#include <inttypes.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ROWS_MAX 2048

static struct story story;
static char whole[600], single[600]; /* all stores; a directory for one of them */
static uint64_t lot = 20260302;

static uint32_t draw(uint32_t below)
{
    lot = lot * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(lot >> 33) % below;
}

/* ---- the stores, and back again after each case ---- */

#define FILES (2 * COUNT_OF(story_services))
static struct image {
    enum owner owner;
    bool log;
    char path[1024];
    struct buf bytes;
} images[FILES];

static void put_back(const struct image *m)
{
    int fd = open(m->path, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, m->bytes.p, m->bytes.n), (ssize_t)m->bytes.n);
    close(fd);
}

static void put_all_back(void)
{
    for (size_t i = 0; i < FILES; i++)
        put_back(&images[i]);
}

static void take_image(struct image *m)
{
    FILE *f = fopen(m->path, "r");
    uint8_t piece[4096];
    size_t n;
    assert_non_null(f);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(&m->bytes, piece, n);
    fclose(f);
}

/* The last batches are told by a process that dies, so that redo rows are left that matter. */
static void tell_and_die(void)
{
    house_close(&story.house);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct fault why;
        if (house_open(story.data, story.policy, story_services, COUNT_OF(story_services),
                       &story.house, &why))
            _exit(1);
        story_tell(&story, "job.assigned", "03T14:10", "{'call_no':'C2','technician':'T1'}");
        story_tell(&story, "call.registered", "03T14:20", STORY_CALL("C3", "異音"));
        story_tell(&story, "job.assigned", "03T14:30", "{'call_no':'C3','technician':'T1'}");
        _exit(0);
    }
    int status = 1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static int setup(void **state)
{
    (void)state;
    size_t n = 0;
    story_open(&story);
    tell_and_die();
    (void)snprintf(whole, sizeof whole, "%s/whole", story.dir);
    (void)snprintf(single, sizeof single, "%s/single", story.dir);
    char path[900], from[900];
    const char *const dirs[] = {whole, single};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(mkdir(dirs[i], 0700), 0);
        (void)snprintf(path, sizeof path, "%s/data", dirs[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    for (size_t i = 0; i < COUNT_OF(story_services); i++) {
        struct store_extent extent;
        struct fault why = {0};
        (void)snprintf(from, sizeof from, "%s/%s", story.data, story_services[i]->name);
        (void)snprintf(path, sizeof path, "%s/data/%s", whole, story_services[i]->name);
        if (store_copy(from, path, &extent, &why) != ERR_OK) fail_msg("%s", why.text);
        assert_true(extent.checkpoint < extent.batch);
        for (int log = 0; log < 2; log++, n++) {
            images[n] = (struct image){.owner = story_services[i]->owner, .log = log};
            (void)snprintf(images[n].path, sizeof images[n].path, "%s/%s/data.mdb", path,
                           log ? "log" : "state");
            take_image(&images[n]);
        }
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++)
        buf_fini(&images[i].bytes);
    story_close(&story);
    return 0;
}

static struct image *image_of(enum owner o, bool log)
{
    for (size_t i = 0; i < FILES; i++) {
        if (images[i].owner == o && images[i].log == log) return &images[i];
    }
    fail_msg("no such store");
    return NULL;
}

/* ---- the checks ---- */

/* Rows of one store only, which is a process less for each other one. */
static uint64_t scrubbed(enum owner o, struct buf *places)
{
    char from[700], to[700];
    struct scrub s;
    (void)snprintf(from, sizeof from, "%s/data/%s", whole, owner_name(o));
    (void)snprintf(to, sizeof to, "%s/data/%s", single, owner_name(o));
    assert_int_equal(symlink(from, to), 0);
    assert_int_equal(scrub_run(single, &s), ERR_OK);
    assert_int_equal(s.stores, 1);
    if (s.places.n) buf_put(places, s.places.p, s.places.n);
    buf_put(places, "", 1);
    uint64_t wrong = s.wrong;
    scrub_fini(&s);
    assert_int_equal(unlink(to), 0);
    return wrong;
}

/* One service made again. */
static bool replays(enum owner o, struct buf *places)
{
    struct reader *r;
    struct view v;
    struct fault why = {0};
    struct recompute_result result;
    if (reader_open(whole, &r, &why) != ERR_OK) fail_msg("%s", why.text);
    view_begin(&v, r, story.policy);
    assert_int_equal(recompute_service(&v, o, recompute_tmp(), &result, &why), ERR_OK);
    bool clean = recompute_is_clean(&result);
    if (result.details.n) buf_put(places, result.details.p, result.details.n);
    buf_put(places, result.note, strlen(result.note) + 1);
    recompute_fini(&result);
    view_close(&v);
    return clean;
}

static int verify(void)
{
    struct reader *r;
    struct view v;
    struct fault why = {0};
    if (reader_open(whole, &r, &why) != ERR_OK) fail_msg("%s", why.text);
    view_begin(&v, r, story.policy);
    free(story.out_text);
    v.out = open_memstream(&story.out_text, &story.out_n);
    assert_non_null(v.out);
    int rc = verify_all(&v, NULL, recompute_tmp());
    fclose(v.out);
    view_close(&v);
    return rc;
}

/* ---- rows, raw ---- */

struct raw {
    MDB_env *env;
    MDB_txn *txn;
};

static struct raw raw_open(const struct image *m)
{
    struct raw r;
    char dir[1024];
    (void)snprintf(dir, sizeof dir, "%.*s", (int)(strlen(m->path) - strlen("/data.mdb")), m->path);
    assert_int_equal(mdb_env_create(&r.env), 0);
    assert_int_equal(mdb_env_set_maxdbs(r.env, 8), 0);
    assert_int_equal(mdb_env_open(r.env, dir, MDB_NOSYNC | MDB_NOTLS, 0600), 0);
    assert_int_equal(mdb_txn_begin(r.env, NULL, 0, &r.txn), 0);
    /* All, in the order of a store: their numbers go into the check values. */
    for (int p = 0; p < STORE_PART_COUNT; p++) {
        MDB_dbi dbi;
        (void)!mdb_dbi_open(r.txn, store_part_name((enum store_part)p), 0, &dbi);
    }
    return r;
}

static void raw_close(struct raw *r)
{
    assert_int_equal(mdb_txn_commit(r->txn), 0);
    mdb_env_close(r->env);
}

static MDB_dbi raw_dbi(struct raw *r, enum store_part part)
{
    MDB_dbi dbi;
    assert_int_equal(mdb_dbi_open(r->txn, store_part_name(part), 0, &dbi), 0);
    return dbi;
}

static void raw_put(struct raw *r, MDB_dbi dbi, struct slice key, struct slice value)
{
    struct buf row = {0};
    uint32_t check = crc32c(crc32c(dbi, key.p, key.n), value.p, value.n);
    buf_put(&row, &check, 4);
    buf_put(&row, value.p, value.n);
    MDB_val k = {key.n, (void *)(uintptr_t)key.p}, v = {row.n, row.p};
    assert_int_equal(mdb_put(r->txn, dbi, &k, &v, 0), 0);
    buf_fini(&row);
}

/* All rows of a part, copied. */
struct row {
    enum store_part part;
    struct slice key, value;
    size_t key_at, row_at, row_n; /* in the file */
};
struct rows {
    struct arena arena;
    struct row v[ROWS_MAX];
    uint32_t n;
};

/* Where the file begins that is mapped at p. */
static const uint8_t *map_of(const uint8_t *p)
{
    FILE *f = fopen("/proc/self/maps", "r");
    char line[1200];
    const uint8_t *base = NULL;
    assert_non_null(f);
    while (!base && fgets(line, sizeof line, f)) {
        uintptr_t from, to;
        size_t at;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %zx", &from, &to, &at) != 3) continue;
        if ((uintptr_t)p >= from && (uintptr_t)p < to) base = (const uint8_t *)(from - at);
    }
    fclose(f);
    assert_non_null(base);
    return base;
}

static void rows_take(const struct image *m, enum store_part part, struct rows *out)
{
    struct raw r = raw_open(m);
    MDB_cursor *c;
    MDB_val k, v;
    const uint8_t *base = NULL;
    assert_int_equal(mdb_cursor_open(r.txn, raw_dbi(&r, part), &c), 0);
    while (mdb_cursor_get(c, &k, &v, MDB_NEXT) == 0) {
        assert_true(out->n < ROWS_MAX);
        const uint8_t *kp = k.mv_data, *vp = v.mv_data;
        if (!base) base = map_of(kp);
        out->v[out->n++] =
            (struct row){part,
                         arena_copy(&out->arena, (struct slice){kp, k.mv_size}),
                         arena_copy(&out->arena, (struct slice){vp + 4, v.mv_size - 4}),
                         (size_t)(kp - base),
                         (size_t)(vp - base),
                         v.mv_size};
    }
    mdb_cursor_close(c);
    mdb_txn_abort(r.txn);
    mdb_env_close(r.env);
}

static struct rows *rows_of(enum owner o, enum store_part part)
{
    struct rows *out = calloc(1, sizeof *out);
    assert_non_null(out);
    rows_take(image_of(o, part != STORE_PART_state && part != STORE_PART_meta), part, out);
    return out;
}

static void rows_free(struct rows *rows)
{
    arena_fini(&rows->arena);
    free(rows);
}

static uint64_t number_of(const struct row *row)
{
    uint64_t n;
    assert_int_equal(row->key.n, 8);
    memcpy(&n, row->key.p, 8);
    return n;
}

#endif
