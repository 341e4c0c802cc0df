/* store_fuzz.c - any bytes as what a store keeps of a batch: redo rows and journal rows with a
 * right check value, as a writer with a fault of its own might have left them.
 *
 * Whatever stands there: the store opens, or is refused as corrupt; one that opens can be read to
 * its end by scan and by key, every key fits a struct key, a node resumes on it or is refused, and
 * it can be written, committed, checkpointed and opened again with the same rows.
 *
 * Bytes: rows, each with a length of two bytes: even ones redo, odd ones journal. */
#include "common/contract.h"
#include "common/node.h"
#include "common/store_private.h"
#include "tests/fuzz/lib/world.h"
#include <stdio.h>
#include <string.h>

#define ROWS_MAX 8

static const char *the_path(void)
{
    static char path[100];
    snprintf(path, sizeof path, "%s/store", fuzz_dir());
    return path;
}

static enum err open_store(struct store **out, struct fault *why)
{
    struct store_options o = {.dir = the_path(), .scratch = true, .map_bytes = 1 << 24};
    return store_open(&o, out, why);
}

/* A row as store.c keeps it: its check value, then its bytes. */
static void put_row(struct store *s, MDB_dbi dbi, uint64_t number, struct slice bytes)
{
    struct buf row = {0};
    uint32_t check = crc32c(crc32c(dbi, &number, sizeof number), bytes.p, bytes.n);
    buf_put(&row, &check, sizeof check);
    if (bytes.n) buf_put(&row, bytes.p, bytes.n);
    MDB_val k = {sizeof number, &number}, v = {row.n, row.p};
    int rc = mdb_put(s->log_txn, dbi, &k, &v, 0);
    REQUIRE(rc == 0);
    buf_fini(&row);
}

/* A whole journal row when the bytes are fewer: only its fields are of interest then. */
static struct slice journal_of(struct slice bytes, uint64_t batch, struct journal *j)
{
    if (bytes.n >= sizeof *j) return bytes;
    memset(j, 0, sizeof *j);
    if (bytes.n) memcpy(j, bytes.p, bytes.n);
    j->batch = batch;
    return (struct slice){(const uint8_t *)j, sizeof *j};
}

static void write_rows(struct fuzz_in *in)
{
    struct store *s;
    struct fault why;
    fuzz_store_born(the_path());
    enum err e = open_store(&s, &why);
    REQUIRE(e == ERR_OK);
    int rc = mdb_txn_begin(s->log_env, NULL, 0, &s->log_txn);
    REQUIRE(rc == 0);
    for (uint64_t i = 1; i <= ROWS_MAX && in->n > 0; i++) {
        struct journal j;
        put_row(s, s->redo_dbi, i, fuzz_bytes(in));
        put_row(s, s->journal_dbi, i, journal_of(fuzz_bytes(in), i, &j));
    }
    rc = mdb_txn_commit(s->log_txn);
    REQUIRE(rc == 0);
    s->log_txn = NULL;
    store_close(&s);
}

/* Scans every table; a number made of all rows. */
static uint32_t read_all(struct store *s)
{
    uint32_t sum = 0;
    for (unsigned t = 0; t < 256; t++) {
        struct key at = {.n = 0};
        struct slice key, value, same;
        enum err e;
        while ((e = store_next(s, (uint8_t)t, (struct slice){at.b, at.n}, at.n > 0, &key,
                               &value)) == ERR_OK) {
            REQUIRE(key.n <= sizeof at.b);
            bool stuck = at.n == key.n && memcmp(at.b, key.p, key.n) == 0 && at.n > 0;
            REQUIRE(!stuck);
            at.n = key.n;
            memcpy(at.b, key.p, key.n);
            sum = crc32c(crc32c(sum, key.p, key.n), value.p, value.n);
            e = store_get(s, (uint8_t)t, (struct slice){at.b, at.n}, &same);
            REQUIRE(e == ERR_OK && same.n == value.n);
            if (at.n == 0) break; /* an empty key: a scan cannot pass it */
        }
        REQUIRE(e == ERR_OK || e == ERR_END);
    }
    return sum;
}

static void check_writable(struct store **s, uint32_t sum)
{
    struct journal j;
    struct fault why;
    store_last_journal(*s, &j);
    if (j.batch != ((*s)->journal).batch || j.batch >= UINT64_MAX - 1) return;
    enum err e = store_commit(*s, &j);
    if (e == ERR_OK) e = store_checkpoint(*s);
    if (e != ERR_OK) return;
    store_close(s);
    e = open_store(s, &why);
    REQUIRE(e == ERR_OK);
    REQUIRE(read_all(*s) == sum);
}

/* A service on these rows: its clock, cursors and the first deadline are what they say. */
static void try_node(struct fuzz_in *in)
{
    struct node *n;
    struct fault why;
    struct key at = {.n = 0};
    struct timer_change t;
    struct node_options o = {.service = world_services[1],
                             .policy = world_policy(0),
                             .dir = the_path(),
                             .scratch = true,
                             .clock = CLOCK_MODE_event,
                             .map_bytes = 1 << 24};
    (void)in;
    if (node_open(&o, &n, &why) != ERR_OK) return;
    (void)node_next_due(n);
    enum err e = node_timer_next(n, &at, &t);
    REQUIRE(e == ERR_OK || e == ERR_END || e == ERR_CORRUPT);
    node_begin(n, 0);
    e = node_advance(n, node_clock(n) + DAY_MS, 16, NULL);
    REQUIRE(e == ERR_OK || e == ERR_CORRUPT);
    node_close(&n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_in in = {bytes, n};
    struct store *s = NULL;
    struct fault why = {0};
    (void)fuzz_dir_empty();
    write_rows(&in);
    enum err e = open_store(&s, &why);
    REQUIRE(e == ERR_OK || (e == ERR_CORRUPT && why.text[0]));
    if (e != ERR_OK) return 0;
    check_writable(&s, read_all(s));
    store_close(&s);
    try_node(&in);
    return 0;
}
