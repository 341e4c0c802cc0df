/* work.c - the processes whose disk operations are recorded.
 *
 *   power-work plain|nodes ROOT FIRST LAST [close]
 *
 * Opens the stores under ROOT (born when absent, recovered otherwise), commits the batches FIRST to
 * LAST with checkpoints in between, and marks each batch when it begins and when its commit was
 * reported. Without `close` it ends like a killed process. Batches before FIRST are told to the
 * model only. Run without the recorder it only works.
 *
 * $POWER_PLANT, beside what record.c knows:
 *   ackearly     a batch is marked acknowledged before its commit
 *   redoearly    redo rows are dropped before a checkpoint holds them
 *   stateahead   the state is committed before the log */
#include "common/contract.h"
#include "common/store_private.h"
#include "tests/power/recording.h"
#include "tests/power/story.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAP_BYTES (UINT64_C(16) << 20)
#define CHECKPOINT_EVERY 7

void power_mark(enum power_kind kind, const struct power_mark *m) __attribute__((weak));

static const char *plant = "";

static bool planted(const char *what)
{
    return strcmp(plant, what) == 0;
}

static void demand(enum err e, const char *what, const struct fault *why)
{
    if (e == ERR_OK) return;
    fprintf(stderr, "power-work: %s: %s %s\n", what, err_name(e), why ? why->text : "");
    exit(2);
}

static void mark(enum power_kind kind, uint64_t store, const struct sums *sums)
{
    struct power_mark m = {.store = store, .sums = *sums};
    if (power_mark) power_mark(kind, &m);
}

static void store_dir(const char *root, uint64_t store, char out[300])
{
    static const char *const parents[] = POWER_PARENT_DIRS;
    for (size_t i = 0; i < COUNT_OF(parents); i++) {
        snprintf(out, 300, "%s/%s", root, parents[i]);
        if (mkdir(out, 0700) && errno != EEXIST) demand(ERR_IO, out, NULL);
    }
    int n = snprintf(out, 300, "%s/", root);
    snprintf(out + n, 300 - (size_t)n, POWER_STORE_DIR, (unsigned long long)store);
}

/* What a wrong store would do right before a commit. */
static void spoil(struct store *s)
{
    if (planted("redoearly")) s->checkpoint_batch = s->journal.batch;
    if (!planted("stateahead")) return;
    store_cursors_close(s);
    REQUIRE(mdb_txn_commit(s->state_txn) == 0);
    REQUIRE(mdb_txn_begin(s->state_env, NULL, 0, &s->state_txn) == 0);
}

static void checkpoint_at(struct store *s, uint64_t batch)
{
    if (batch % CHECKPOINT_EVERY == 0 && !planted("redoearly"))
        demand(store_checkpoint(s), "checkpoint", NULL);
}

/* ---- plain ---- */

static void plain_batch(struct store *s, struct plain *p)
{
    struct journal j;
    mark(POWER_BEGUN, 0, &(struct sums){.batch = p->sums.batch + 1});
    plain_tell(p, s, &j);
    if (planted("ackearly")) mark(POWER_ACKED, 0, &p->sums);
    spoil(s);
    demand(store_commit(s, &j), "commit", NULL);
    if (!planted("ackearly")) mark(POWER_ACKED, 0, &p->sums);
    checkpoint_at(s, p->sums.batch);
}

static void plain(const char *root, uint64_t first, uint64_t last, bool close_it)
{
    struct plain p = {0};
    struct journal j;
    while (p.sums.batch + 1 < first)
        plain_tell(&p, NULL, &j);
    char dir[300];
    store_dir(root, 0, dir);
    struct store_options o = {.dir = dir, .map_bytes = MAP_BYTES};
    struct store *s = NULL;
    struct fault why = {0};
    demand(store_open(&o, &s, &why), "open", &why);
    while (p.sums.batch < last)
        plain_batch(s, &p);
    if (close_it) store_close(&s);
}

/* ---- nodes ---- */

static void node_batch(struct nodes *n, uint64_t at)
{
    struct store *s = node_store(n->node[at]);
    struct journal j;
    store_last_journal(s, &j);
    mark(POWER_BEGUN, at, &(struct sums){.batch = j.batch + 1});
    demand(at ? nodes_entries(n) : nodes_facts(n), "apply", NULL);
    demand(node_commit(n->node[at]), "commit", NULL);
    struct sums live;
    const char *where;
    demand(sums_of(s, &live, &where), "read", NULL);
    mark(POWER_ACKED, at, &live);
    checkpoint_at(s, live.batch);
}

static void nodes(const char *root, uint64_t first, uint64_t last, bool close_it)
{
    struct nodes n = {0};
    demand(nodes_init(&n), "facts", NULL);
    while (n.batch + 1 < first)
        demand(nodes_facts(&n), "facts", NULL);
    char dirs[NODES][300];
    for (uint64_t i = 0; i < NODES; i++)
        store_dir(root, i, dirs[i]);
    struct fault why = {0};
    demand(nodes_open(&n, (const char *const[]){dirs[0], dirs[1]}, MAP_BYTES, &why), "open", &why);
    while (n.batch < last && !nodes_done(&n)) {
        node_batch(&n, 0);
        if (n.batch % 2 == 0 || nodes_done(&n)) node_batch(&n, 1);
    }
    if (close_it) nodes_fini(&n);
}

int main(int argc, char **argv)
{
    bool is_plain = argc > 1 && strcmp(argv[1], "plain") == 0;
    if (argc < 5 || (!is_plain && strcmp(argv[1], "nodes") != 0)) {
        fputs("power-work plain|nodes ROOT FIRST LAST [close]\n", stderr);
        return 2;
    }
    if (getenv("POWER_PLANT")) plant = getenv("POWER_PLANT");
    uint64_t first = strtoull(argv[3], NULL, 10), last = strtoull(argv[4], NULL, 10);
    (is_plain ? plain : nodes)(argv[2], first, last, argc > 5);
    fflush(NULL);
    _exit(0); /* no exit handlers: nothing is tidied up */
}
