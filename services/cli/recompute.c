/* recompute.c - see recompute.h. Read: scratch directories, rows, comparing, the whole; batches and
 * records are in recompute_log.c. */
#include "common/clock.h"
#include "common/contract.h"
#include "services/cli/recompute_private.h"
#include <ftw.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DETAILS_MAX 10
#define ATTEMPTS_MAX 40 /* a running service may be ahead of what it has told */
#define PAUSE_MS 50
#define CHECKPOINT_EVERY 512

/* ---- scratch directories ---- */

const char *recompute_tmp(void)
{
    const char *tmp = getenv("TMPDIR");
    return tmp && *tmp ? tmp : "/tmp";
}

enum err recompute_dir_make(const char *tmp, char out[RECOMPUTE_DIR_SIZE])
{
    int n = snprintf(out, RECOMPUTE_DIR_SIZE, "%s/cuiban.XXXXXX", tmp);
    if (n > 0 && n < RECOMPUTE_DIR_SIZE && mkdtemp(out)) return ERR_OK;
    out[0] = 0; /* what was cut off may be somebody's */
    return ERR_IO;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

void recompute_dir_remove(const char *dir)
{
    (void)nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* ---- comparing ---- */

static void put_row(struct buf *out, struct arena *a, const struct table *t, struct slice bytes)
{
    struct fault why;
    void *row = t ? arena_take(a, t->shape()->size) : NULL;
    if (!row || proto_decode(t->shape(), bytes, a, row, &why) != ERR_OK) {
        buf_printf(out, "%zu bytes", bytes.n);
        return;
    }
    recompute_put_fields(out, t->shape(), row, NULL);
}

struct pair {
    struct key key;
    struct slice value;
    enum err e; /* ERR_OK: there is one */
};

static void differ(struct recompute *c, uint8_t table, const struct pair *stored,
                   const struct pair *made)
{
    struct buf *out = &c->r->details;
    const struct table *t = view_table(c->service, table);
    struct arena a = {0};
    if (c->r->differences++ >= DETAILS_MAX) return;
    buf_printf(out, "    %s ", t ? t->name : "table");
    if (!t) buf_printf(out, "%u ", table);
    view_print_key(out, t ? t->key : "", stored ? &stored->key : &made->key, NULL);
    buf_printf(out, "\n      stored:     ");
    if (stored) put_row(out, &a, t, stored->value);
    buf_printf(out, "%s\n      recomputed: ", stored ? "" : "no such row");
    if (made) put_row(out, &a, t, made->value);
    buf_printf(out, "%s\n", made ? "" : "no such row");
    arena_fini(&a);
}

static int key_order(const struct key *a, const struct key *b)
{
    size_t n = a->n < b->n ? a->n : b->n;
    int d = memcmp(a->b, b->b, n);
    return d ? d : a->n < b->n ? -1 : a->n > b->n;
}

static void next_stored(struct recompute *c, uint8_t table, struct pair *p)
{
    p->e = reader_row(c->v->reader, c->service->owner, table, NULL, &p->key, &p->value);
}

static void next_made(struct recompute *c, uint8_t table, struct pair *p)
{
    struct slice key;
    p->e = store_next(node_store(c->node), table, (struct slice){p->key.b, p->key.n}, p->key.n > 0,
                      &key, &p->value);
    if (p->e != ERR_OK) return;
    memcpy(p->key.b, key.p, key.n);
    p->key.n = key.n;
}

/* Length before bytes, so that no two tables give the same stream. */
static void hash_row(crypto_generichash_state *h, uint8_t table, const struct pair *p)
{
    uint8_t head[9] = {table, (uint8_t)p->key.n};
    uint32_t n = (uint32_t)p->value.n;
    memcpy(head + 5, &n, sizeof n);
    crypto_generichash_update(h, head, sizeof head);
    crypto_generichash_update(h, p->key.b, p->key.n);
    crypto_generichash_update(h, p->value.p, p->value.n);
}

static enum err compare_table(struct recompute *c, uint8_t table, crypto_generichash_state *h)
{
    struct pair stored = {.key = {.n = 0}}, made = {.key = {.n = 0}};
    next_stored(c, table, &stored);
    next_made(c, table, &made);
    while (stored.e == ERR_OK || made.e == ERR_OK) {
        if (stored.e != ERR_OK && stored.e != ERR_END) return stored.e;
        int order = stored.e != ERR_OK ? 1
                    : made.e != ERR_OK ? -1
                                       : key_order(&stored.key, &made.key);
        bool same = order == 0 && stored.value.n == made.value.n &&
                    (made.value.n == 0 || memcmp(stored.value.p, made.value.p, made.value.n) == 0);
        if (same) c->r->rows++;
        if (!same) differ(c, table, order <= 0 ? &stored : NULL, order >= 0 ? &made : NULL);
        if (order <= 0) hash_row(h, table, &stored);
        if (order <= 0) next_stored(c, table, &stored);
        if (order >= 0) next_made(c, table, &made);
    }
    return stored.e != ERR_END ? stored.e : made.e == ERR_END ? ERR_OK : made.e;
}

static enum err compare_all(struct recompute *c)
{
    enum err e = ERR_OK;
    crypto_generichash_state h;
    c->r->rows = c->r->differences = 0;
    buf_clear(&c->r->details);
    crypto_generichash_init(&h, NULL, 0, sizeof c->r->state);
    for (int t = TABLE_META; e == ERR_OK && t <= UINT8_MAX; t++)
        e = compare_table(c, (uint8_t)t, &h);
    crypto_generichash_final(&h, c->r->state, sizeof c->r->state);
    return e;
}

/* ---- the whole ---- */

/* Everything that the service has committed until now. */
static enum err catch_up(struct recompute *c)
{
    uint64_t last;
    enum err e = reader_last_batch(c->v->reader, c->service->owner, &last);
    while (e == ERR_OK && !c->r->broken && !c->r->unproven && c->batch < last) {
        e = recompute_batch(c);
        if (e == ERR_OK && c->batch && c->batch % CHECKPOINT_EVERY == 0)
            e = node_checkpoint(c->node);
    }
    return e;
}

/* Records behind the last batch of the journal were never committed by a service. */
static enum err check_tail(struct recompute *c)
{
    uint64_t last;
    enum err e = reader_last(c->v->reader, c->service->owner, &last);
    if (e != ERR_OK || last <= c->seq || reader_live(c->v->reader, c->service->owner)) return e;
    c->r->broken = true;
    c->r->differences = 1;
    buf_printf(&c->r->details, "    %s #%" PRIu64 " stands behind the last journal row\n",
               c->service->name, c->seq + 1);
    return ERR_OK;
}

static enum err settle(struct recompute *c)
{
    bool live = reader_live(c->v->reader, c->service->owner);
    for (int i = 0;; i++) {
        enum err e = catch_up(c);
        if (e == ERR_OK && !c->r->broken && !c->r->unproven) e = check_tail(c);
        if (e != ERR_OK || c->r->broken || c->r->unproven) return e;
        e = compare_all(c);
        if (e != ERR_OK || c->r->differences == 0 || !live) return e;
        uint64_t last;
        e = reader_last_batch(c->v->reader, c->service->owner, &last);
        /* It may still owe its state a checkpoint, so the first looks prove nothing. */
        c->r->unsettled = last != c->batch;
        if (e != ERR_OK || (i >= ATTEMPTS_MAX / 4 && !c->r->unsettled) || i >= ATTEMPTS_MAX)
            return e;
        clock_sleep_ms(PAUSE_MS);
    }
}

enum err recompute_service(struct view *v, enum owner service, const char *tmp,
                           struct recompute_result *out, struct fault *why)
{
    REQUIRE(v->policy_count > 0 && view_service(service) != NULL);
    struct recompute c = {.v = v, .service = view_service(service), .r = out};
    char store[RECOMPUTE_DIR_SIZE + 16];
    *out = (struct recompute_result){0};
    if (!reader_has(v->reader, service)) {
        return fault_set(why, "N8", "no_service", "dir", "there is no %s to compare with",
                         owner_name(service));
    }
    enum err e = recompute_dir_make(tmp, c.dir);
    if (e != ERR_OK)
        return fault_set(why, "N8", "io", "tmp", "cannot make a directory in %s; set TMPDIR", tmp);
    (void)snprintf(store, sizeof store, "%s/%s", c.dir, c.service->name);
    struct node_options o = {.service = c.service,
                             .policy = v->policies[0],
                             .dir = store,
                             .scratch = true,
                             .clock = CLOCK_MODE_wall};
    e = node_open(&o, &c.node, why);
    if (e == ERR_OK) e = settle(&c);
    node_close(&c.node);
    arena_fini(&c.arena);
    recompute_dir_remove(c.dir);
    return e;
}

void recompute_fini(struct recompute_result *r)
{
    buf_fini(&r->details);
}

bool recompute_is_clean(const struct recompute_result *r)
{
    return r->differences == 0 && !r->broken && !r->unproven;
}

void recompute_hash_text(const struct recompute_result *r, char out[2 * RECOMPUTE_HASH_BYTES + 1])
{
    sodium_bin2hex(out, 2 * RECOMPUTE_HASH_BYTES + 1, r->state, sizeof r->state);
}

int recompute_report(FILE *out, enum owner service, const struct recompute_result *r)
{
    char hash[2 * RECOMPUTE_HASH_BYTES + 1];
    recompute_hash_text(r, hash);
    fprintf(out, "state      %-10s ", owner_name(service));
    if (r->unproven) {
        fprintf(out, "NOT PROVEN: %s\n", r->note);
    } else if (r->broken) {
        fprintf(out, "%" PRIu64 " records made again from the logs, then WRONG:\n", r->records);
    } else {
        fprintf(out,
                "%" PRIu64 " rows, %.16s: the replay of its log (%" PRIu64 " records, %" PRIu64
                " batches) ",
                r->rows + r->differences, hash, r->records, r->batches);
        if (r->differences) fprintf(out, "gives other ones, %" PRIu64 " WRONG:\n", r->differences);
        if (!r->differences) fputs("gives the same: ok\n", out);
    }
    if (r->details.n) fwrite(r->details.p, 1, r->details.n, out);
    if (!r->broken && r->differences > DETAILS_MAX)
        fprintf(out, "    … and %" PRIu64 " more\n", r->differences - DETAILS_MAX);
    if (r->unsettled)
        fprintf(out, "    %s kept writing; stop the input and look again\n", owner_name(service));
    return recompute_is_clean(r) ? CLI_OK : CLI_REFUSED;
}
