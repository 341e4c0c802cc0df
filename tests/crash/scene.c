/* scene.c - see scene.h. */
#include "tests/crash/scene.h"
#include "common/contract.h"
#include "common/store.h"
#include "services/cli/door_client.h"
#include "services/cli/import.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_FACTS 10 /* small, so that the scene has many messages and commits */
#define PASSAGES 6
#define PATIENCE_MS 25000

enum err facts_load(const char *path, struct facts *out, struct fault *why)
{
    struct mapping_fault faults[4];
    uint32_t n = 0;
    struct import *in;
    struct import_options o = {.paths = &path, .path_count = 1};
    if (import_open(&o, &in, faults, COUNT_OF(faults), &n) != ERR_OK)
        return fault_set(why, "settings", "io", "facts", "cannot read %s", path);
    enum err e;
    struct slice fact;
    int64_t at_ms;
    while ((e = import_next(in, &fact, &at_ms, why)) == ERR_OK) {
        REQUIRE(out->n < SCENE_FACTS_MAX);
        uint8_t *copy = malloc(fact.n);
        REQUIRE(copy != NULL);
        memcpy(copy, fact.p, fact.n);
        out->at_ms[out->n] = at_ms;
        out->v[out->n++] = (struct slice){copy, fact.n};
    }
    import_close(&in);
    return e == ERR_END ? ERR_OK : e;
}

void facts_free(struct facts *f)
{
    for (size_t i = 0; i < f->n; i++)
        free((void *)f->v[i].p);
    f->n = 0;
}

/* ---- feeding ---- */

static void on_answer(void *arg, struct slice fact, const struct rec_outcome *o)
{
    (void)fact;
    struct answers *a = arg;
    if (str_is(o->verdict, "accepted")) {
        a->accepted++;
    } else if (str_is(o->verdict, "duplicate")) {
        a->duplicate++;
    } else {
        a->refused++;
    }
}

static enum err feed(struct door_client *d, const struct facts *f, size_t from, size_t to,
                     int64_t until_ms)
{
    enum err e = ERR_OK;
    for (size_t i = from; e == ERR_OK && i < to; i++) {
        e = door_client_put(d, f->v[i]);
        if (e == ERR_OK && (i + 1 - from) % FRAME_FACTS == 0) e = door_client_drain(d);
    }
    if (e == ERR_OK) e = door_client_drain(d);
    int64_t last = f->at_ms[to - 1];
    for (int i = 1; e == ERR_OK && until_ms && i <= PASSAGES; i++)
        e = door_client_until(d, last + (until_ms - last) * i / PASSAGES);
    return e;
}

enum err scene_feed(const char *run, const struct facts *f, size_t from, size_t to,
                    int64_t until_ms, struct answers *out)
{
    struct door_client *d;
    *out = (struct answers){0};
    enum err e = door_client_open(run, 1, on_answer, out, &d);
    if (e != ERR_OK) return e;
    door_client_patience(d, PATIENCE_MS);
    e = feed(d, f, from, to, until_ms);
    door_client_close(&d);
    return e;
}

/* ---- prints ---- */

static void hash_slice(crypto_generichash_state *h, struct slice s)
{
    uint64_t n = s.n;
    crypto_generichash_update(h, (const uint8_t *)&n, sizeof n);
    crypto_generichash_update(h, s.p, s.n);
}

static enum err hash_rows(struct store *s, uint8_t out[PRINT_HASH])
{
    crypto_generichash_state h;
    crypto_generichash_init(&h, NULL, 0, PRINT_HASH);
    for (unsigned table = 1; table <= UINT8_MAX; table++) {
        uint8_t at[STORE_KEY_MAX];
        size_t n = 0;
        struct slice key, value;
        enum err e;
        bool after = false;
        while ((e = store_next(s, (uint8_t)table, (struct slice){at, n}, after, &key, &value)) ==
               ERR_OK) {
            hash_slice(&h, (struct slice){(const uint8_t *)&table, sizeof table});
            hash_slice(&h, key);
            hash_slice(&h, value);
            memcpy(at, key.p, key.n);
            n = key.n;
            after = true;
        }
        if (e != ERR_END) return e;
    }
    crypto_generichash_final(&h, out, PRINT_HASH);
    return ERR_OK;
}

static enum err take_one(const char *run, size_t i, struct print *out, struct fault *why)
{
    char dir[STACK_PATH_SIZE + 24];
    snprintf(dir, sizeof dir, "%s/data/%s", run, stack_service(i));
    struct store *s;
    struct store_options o = {.dir = dir, .map_bytes = UINT64_C(64) << 20};
    enum err e = store_open(&o, &s, why);
    if (e != ERR_OK) return e;
    struct slice record;
    uint64_t last = out->of[i].records = store_last_seq(s);
    if (last) e = store_record(s, last, &record);
    if (last && e == ERR_OK)
        crypto_generichash(out->of[i].log, PRINT_HASH, record.p, record.n, NULL, 0);
    if (e == ERR_OK) e = hash_rows(s, out->of[i].rows);
    store_close(&s);
    return e;
}

enum err print_take(const char *run, struct print *out, struct fault *why)
{
    *out = (struct print){0};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < STACK_SERVICES; i++)
        e = take_one(run, i, out, why);
    return e;
}

const char *print_differs(const struct print *a, const struct print *b)
{
    static char text[64];
    for (size_t i = 0; i < STACK_SERVICES; i++) {
        bool log = a->of[i].records != b->of[i].records ||
                   memcmp(a->of[i].log, b->of[i].log, PRINT_HASH) != 0;
        if (!log && memcmp(a->of[i].rows, b->of[i].rows, PRINT_HASH) == 0) continue;
        snprintf(text, sizeof text, "%s of %s", log ? "log" : "rows", stack_service(i));
        return text;
    }
    return NULL;
}
