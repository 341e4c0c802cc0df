/* story.c - see story.h. */
#include "tests/power/story.h"
#include "common/contract.h"
#include "services/cli/sample.h"
#include "services/dispatch/dispatch.h"
#include "services/intake/intake.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLICY_DIR "deploy/policy/appliance"
#define VALUE_MAX 9000u
#define END_MS INT64_C(1767225600000)

/* ---- plain ---- */

static uint64_t below(struct plain *p, uint64_t n)
{
    p->chance = p->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (p->chance >> 33) % n;
}

static struct slice noise(struct plain *p, uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)below(p, 256);
    return (struct slice){bytes, n};
}

/* Two tables, keys of several lengths. */
static uint8_t row_key(uint64_t row, char key[STORE_KEY_MAX])
{
    snprintf(key, STORE_KEY_MAX, "row %0*" PRIu64, (int)(3 + row % 23), row);
    return row % 3 ? 16 : 17;
}

static void forget(struct plain *p, uint64_t row)
{
    if (p->rows[row] == 0) return;
    p->sums.rows--;
    p->sums.state -= p->rows[row];
    p->rows[row] = 0;
}

static void tell_put(struct plain *p, struct store *s)
{
    static uint8_t bytes[VALUE_MAX];
    char text[STORE_KEY_MAX];
    uint64_t row = below(p, PLAIN_ROWS);
    size_t n = below(p, 14) ? 4 + below(p, 90) : 2500 + below(p, VALUE_MAX - 2500);
    uint8_t table = row_key(row, text);
    struct slice key = {(const uint8_t *)text, strlen(text)}, value = noise(p, bytes, n);
    forget(p, row);
    p->rows[row] = sums_row(table, key, value);
    p->sums.rows++;
    p->sums.state += p->rows[row];
    if (s) store_put(s, table, key, value);
}

static void tell_del(struct plain *p, struct store *s)
{
    char text[STORE_KEY_MAX];
    uint64_t row = below(p, PLAIN_ROWS);
    uint8_t table = row_key(row, text);
    forget(p, row);
    if (s) store_del(s, table, (struct slice){(const uint8_t *)text, strlen(text)});
}

static void tell_record(struct plain *p, struct store *s)
{
    static uint8_t bytes[VALUE_MAX];
    size_t n = below(p, 30) ? 20 + below(p, 200) : 4000 + below(p, VALUE_MAX - 4000);
    struct slice record = noise(p, bytes, n);
    p->sums.log += sums_record(++p->sums.last_seq, record);
    if (s) REQUIRE(store_append(s, record) == p->sums.last_seq);
}

void plain_tell(struct plain *p, struct store *s, struct journal *j)
{
    uint64_t batch = ++p->sums.batch, first = p->sums.last_seq + 1;
    p->chance = batch * UINT64_C(0x9e3779b97f4a7c15);
    for (uint64_t n = 2 + below(p, 8); n; n--)
        tell_put(p, s);
    for (uint64_t n = below(p, 4); n; n--)
        tell_del(p, s);
    for (uint64_t n = below(p, 7); n; n--)
        tell_record(p, s); /* none at times: a batch may only write state */
    *j = (struct journal){.now_ms = (int64_t)(1000 * batch), .cursor = {[2] = 3 * batch}};
    struct journal full = *j;
    full.batch = batch;
    full.first_seq = first;
    full.count = (uint32_t)(p->sums.last_seq + 1 - first);
    p->sums.journal += sums_journal(&full);
}

/* ---- nodes ---- */

static enum err facts_encode(struct buf *lines, struct buf *out)
{
    struct arena a = {0};
    struct buf one = {0};
    enum err e = ERR_OK;
    const char *at = (const char *)lines->p, *end = at + lines->n;
    for (const char *nl; e == ERR_OK && at < end; at = nl + 1) {
        nl = memchr(at, '\n', (size_t)(end - at));
        REQUIRE(nl != NULL);
        struct rec_fact fact;
        struct fault faults[4];
        uint32_t n = 0;
        arena_reset(&a);
        e = fact_from_json((struct str){at, (uint32_t)(nl - at)}, &a, &fact, faults, 4, &n);
        if (e != ERR_OK) break;
        buf_clear(&one);
        proto_encode(shape_fact(), &fact, &one);
        uint32_t bytes = (uint32_t)one.n;
        buf_put(out, &bytes, sizeof bytes);
        buf_put(out, one.p, one.n);
    }
    arena_fini(&a);
    buf_fini(&one);
    return e;
}

enum err nodes_init(struct nodes *n)
{
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t count = 0;
    enum err e = policy_load(POLICY_DIR, &n->policy, faults, POLICY_FAULTS_MAX, &count);
    if (e != ERR_OK) return e;
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (!f) return ERR_IO;
    struct sample_options o = SAMPLE_DEFAULTS;
    o.units = 2, o.days = 5, o.calls_per_day = 3, o.seed = 3, o.end_ms = END_MS;
    struct fault why;
    e = sample_write(f, &o, &why);
    fclose(f);
    struct buf lines = {(uint8_t *)text, size, size};
    if (e == ERR_OK) e = facts_encode(&lines, &n->facts);
    free(text);
    return e;
}

void nodes_fini(struct nodes *n)
{
    nodes_close(n);
    policy_close(&n->policy);
    buf_fini(&n->facts);
}

enum err nodes_open(struct nodes *n, const char *const dirs[NODES], uint64_t map_bytes,
                    struct fault *why)
{
    static const struct service *const services[NODES] = {&intake_service, &dispatch_service};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < NODES; i++) {
        struct node_options o = {.service = services[i],
                                 .policy = n->policy,
                                 .dir = dirs[i],
                                 .clock = CLOCK_MODE_event,
                                 .map_bytes = map_bytes};
        e = node_open(&o, &n->node[i], why);
    }
    return e;
}

void nodes_close(struct nodes *n)
{
    for (size_t i = 0; i < NODES; i++)
        node_close(&n->node[i]);
}

bool nodes_done(const struct nodes *n)
{
    return n->at >= n->facts.n;
}

enum err nodes_facts(struct nodes *n)
{
    struct plain dice = {.chance = ++n->batch};
    struct node *door = n->node[0];
    if (door) node_begin(door, 0);
    for (uint64_t count = 1 + below(&dice, 12); count && !nodes_done(n); count--) {
        uint32_t bytes;
        memcpy(&bytes, n->facts.p + n->at, sizeof bytes);
        struct slice fact = {n->facts.p + n->at + sizeof bytes, bytes};
        n->at += sizeof bytes + bytes;
        struct rec_outcome out;
        enum err e = door ? node_fact(door, fact, &out) : ERR_OK;
        if (e != ERR_OK) return e;
    }
    return ERR_OK;
}

enum err nodes_entries(struct nodes *n)
{
    struct store *log = node_store(n->node[0]);
    struct node *to = n->node[1];
    enum err e = ERR_OK;
    node_begin(to, 0);
    while (e == ERR_OK && node_cursor(to, OWNER_intake) < store_committed_seq(log)) {
        struct slice record;
        e = store_record(log, node_cursor(to, OWNER_intake) + 1, &record);
        if (e == ERR_OK) e = node_entry(to, OWNER_intake, record);
    }
    return e;
}
