/* recompute.c - see recompute.h. Read: scratch directories, taking batches, comparing, the whole.
 */
#include "services/cli/recompute.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/merge.h"
#include "services/headoffice/headoffice.h"
#include <ftw.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DETAILS_MAX 10
#define TABLES_MAX 64   /* ids of tables that are compared */
#define TABLE_REFUSED 7 /* node.c: kept by the door only */
#define ATTEMPTS_MAX 40 /* a running head office may be ahead of what it has told */
#define PAUSE_MS 50
#define CHECKPOINT_EVERY 512

struct recompute {
    struct view *v;
    struct node *node;
    struct recompute_result *r;
    uint64_t batch; /* last one taken */
    struct arena arena;
    char dir[RECOMPUTE_DIR_SIZE];
};

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

/* ---- taking batches ---- */

static void note_policy(struct recompute *c, const struct view_record *x)
{
    const struct ev_policy_adopted *ev = x->payload;
    c->r->policy_note[0] = 0;
    if (str_is(ev->hash, c->v->policy->hash)) return;
    (void)snprintf(c->r->policy_note, sizeof c->r->policy_note,
                   "the logs were written under policy set %.*s version %" PRIu64
                   ", recomputed under %.*s version "
                   "%" PRIu32 " of other content; figures may differ for that",
                   STR_ARG(ev->name), ev->version, STR_ARG(c->v->policy->name),
                   c->v->policy->version);
}

/* The next record of a log inside the batch, if there is one. */
static enum err look(struct recompute *c, enum owner o, const struct journal *j,
                     struct merge_input *in, struct slice *bytes)
{
    uint64_t seq = node_cursor(c->node, o) + 1;
    struct view_record x;
    *in = (struct merge_input){.watermark_ms = INT64_MAX};
    if (seq > j->cursor[o]) return ERR_OK;
    enum err e = reader_record(c->v->reader, o, seq, bytes);
    if (e == ERR_NOT_FOUND) return ERR_CORRUPT; /* read by head office and gone since */
    if (e == ERR_OK) e = view_record(&c->arena, o, *bytes, &x);
    if (e != ERR_OK) return e;
    if (x.type && x.type->kind == EV_policy_adopted && x.payload) note_policy(c, &x);
    in->ready = true;
    in->now_ms = x.entry.now;
    return ERR_OK;
}

static enum err take_batch(struct recompute *c, const struct journal *j)
{
    node_begin(c->node, j->now_ms);
    for (;;) {
        struct merge_input in[OWNER_COUNT];
        struct slice bytes[OWNER_COUNT] = {{0}};
        arena_reset(&c->arena);
        for (int o = 0; o < OWNER_COUNT; o++) {
            in[o] = (struct merge_input){.watermark_ms = INT64_MAX};
            if (!(headoffice_service.upstream & IN(o))) continue;
            enum err e = look(c, (enum owner)o, j, &in[o], &bytes[o]);
            if (e != ERR_OK) return e;
        }
        int pick = merge_pick(in, OWNER_COUNT, true);
        if (pick < 0) return node_commit(c->node);
        enum err e = node_entry(c->node, (enum owner)pick, bytes[pick]);
        if (e != ERR_OK) return e == ERR_STALE || e == ERR_REFUSED ? ERR_CORRUPT : e;
        c->r->records++;
    }
}

/* Everything that head office has committed until now. */
static enum err catch_up(struct recompute *c)
{
    uint64_t last;
    struct journal j;
    enum err e = reader_last_batch(c->v->reader, OWNER_headoffice, &last);
    while (e == ERR_OK && c->batch < last) {
        e = reader_journal(c->v->reader, OWNER_headoffice, c->batch + 1, &j);
        if (e == ERR_OK) e = take_batch(c, &j);
        if (e != ERR_OK) break;
        c->r->batches = ++c->batch;
        if (c->batch % CHECKPOINT_EVERY == 0) e = node_checkpoint(c->node);
    }
    return e;
}

/* ---- comparing ---- */

static const struct table *table_of(uint8_t id)
{
    for (size_t i = 0; i < headoffice_service.table_count; i++) {
        if (headoffice_service.tables[i].id == id) return &headoffice_service.tables[i];
    }
    return NULL;
}

static void put_row(struct buf *out, struct arena *a, const struct table *t, struct slice bytes)
{
    struct fault why;
    char *text = NULL;
    size_t n = 0;
    void *row = t ? arena_take(a, t->shape()->size) : NULL;
    if (!row || proto_decode(t->shape(), bytes, a, row, &why) != ERR_OK) {
        buf_printf(out, "%zu bytes", bytes.n);
        return;
    }
    FILE *f = open_memstream(&text, &n);
    REQUIRE(f != NULL);
    view_print_fields(f, t->shape(), row, NULL, NULL);
    fclose(f);
    buf_put(out, text, n);
    free(text);
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
    const struct table *t = table_of(table);
    struct arena a = {0};
    if (c->r->differences++ >= DETAILS_MAX) return;
    buf_printf(out, "  %s ", t ? t->name : "table");
    if (!t) buf_printf(out, "%u ", table);
    view_print_key(out, t ? t->key : "", stored ? &stored->key : &made->key, NULL);
    buf_printf(out, "\n    stored:     ");
    if (stored) put_row(out, &a, t, stored->value);
    buf_printf(out, "%s\n    recomputed: ", stored ? "" : "no such row");
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
    p->e = reader_row(c->v->reader, OWNER_headoffice, table, NULL, &p->key, &p->value);
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

static enum err compare_table(struct recompute *c, uint8_t table)
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
                    memcmp(stored.value.p, made.value.p, made.value.n) == 0;
        if (same) c->r->rows++;
        if (!same) differ(c, table, order <= 0 ? &stored : NULL, order >= 0 ? &made : NULL);
        if (order <= 0) next_stored(c, table, &stored);
        if (order >= 0) next_made(c, table, &made);
    }
    return stored.e != ERR_END ? stored.e : made.e == ERR_END ? ERR_OK : made.e;
}

static enum err compare_all(struct recompute *c)
{
    enum err e = ERR_OK;
    c->r->rows = c->r->differences = 0;
    buf_clear(&c->r->details);
    for (uint8_t t = TABLE_DEADLINE; e == ERR_OK && t < TABLES_MAX; t++) {
        if (t != TABLE_SEEN && t != TABLE_REFUSED) e = compare_table(c, t);
    }
    return e;
}

/* ---- the whole ---- */

static enum err settle(struct recompute *c)
{
    bool live = reader_live(c->v->reader, OWNER_headoffice);
    for (int i = 0;; i++) {
        enum err e = catch_up(c);
        if (e == ERR_OK) e = compare_all(c);
        if (e != ERR_OK || c->r->differences == 0 || !live) return e;
        uint64_t last;
        e = reader_last_batch(c->v->reader, OWNER_headoffice, &last);
        /* Head office may still owe its state a checkpoint, so the first looks prove nothing. */
        c->r->unsettled = last != c->batch;
        if (e != ERR_OK || (i >= ATTEMPTS_MAX / 4 && !c->r->unsettled) || i >= ATTEMPTS_MAX)
            return e;
        clock_sleep_ms(PAUSE_MS);
    }
}

enum err recompute_headoffice(struct view *v, const char *tmp, struct recompute_result *out,
                              struct fault *why)
{
    REQUIRE(v->policy != NULL);
    struct recompute c = {.v = v, .r = out};
    char store[RECOMPUTE_DIR_SIZE + 16];
    *out = (struct recompute_result){0};
    if (!reader_has(v->reader, OWNER_headoffice)) {
        return fault_set(why, "N8", "no_headoffice", "dir",
                         "there is no head office to compare with");
    }
    enum err e = recompute_dir_make(tmp, c.dir);
    if (e != ERR_OK)
        return fault_set(why, "N8", "io", "tmp", "cannot make a directory in %s; set TMPDIR", tmp);
    (void)snprintf(store, sizeof store, "%s/headoffice", c.dir);
    struct node_options o = {.service = &headoffice_service,
                             .policy = v->policy,
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

int recompute_report(FILE *out, const struct recompute_result *r)
{
    if (r->policy_note[0]) fprintf(out, "note: %s\n", r->policy_note);
    if (r->differences == 0) {
        fprintf(out,
                "recomputed figures equal the stored ones (%" PRIu64 " rows, from %" PRIu64
                " records in %" PRIu64 " batches)\n",
                r->rows, r->records, r->batches);
        return CLI_OK;
    }
    fprintf(out,
            "%" PRIu64 " rows differ from the stored ones, %" PRIu64 " are equal (%" PRIu64
            " records):\n",
            r->differences, r->rows, r->records);
    fwrite(r->details.p, 1, r->details.n, out);
    if (r->differences > DETAILS_MAX)
        fprintf(out, "  … and %" PRIu64 " more\n", r->differences - DETAILS_MAX);
    if (r->unsettled) fputs("head office kept writing; stop the input and look again\n", out);
    return CLI_REFUSED;
}
