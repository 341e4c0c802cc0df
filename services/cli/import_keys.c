/* import_keys.c - see import_keys.h. Open addressing, at most half full. */
#include "services/cli/import_keys.h"
#include "common/contract.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define CAP_MIN 1024u

static void hash_pair(struct str a, struct str b, uint64_t hash[2])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 16);
    crypto_generichash_update(&state, (const uint8_t *)&a.n,
                              sizeof a.n); /* so that ab+c is not a+bc */
    if (a.n) crypto_generichash_update(&state, (const uint8_t *)a.p, a.n);
    if (b.n) crypto_generichash_update(&state, (const uint8_t *)b.p, b.n);
    crypto_generichash_final(&state, (uint8_t *)hash, 16);
    hash[1] |= 1; /* never that of an empty slot */
}

static struct import_keys_slot *find(const struct import_keys *k, const uint64_t hash[2])
{
    for (uint64_t i = hash[0] & (k->cap - 1);; i = (i + 1) & (k->cap - 1)) {
        struct import_keys_slot *s = &k->slots[i];
        if (s->hash[1] == 0 || (s->hash[0] == hash[0] && s->hash[1] == hash[1])) return s;
    }
}

static void grow(struct import_keys *k)
{
    struct import_keys bigger = {.cap = k->cap ? k->cap * 2 : CAP_MIN, .count = k->count};
    bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
    REQUIRE(bigger.slots != NULL);
    for (uint64_t i = 0; i < k->cap; i++) {
        if (k->slots[i].hash[1] != 0) *find(&bigger, k->slots[i].hash) = k->slots[i];
    }
    free(k->slots);
    *k = bigger;
}

uint64_t *import_keys_at(struct import_keys *k, struct str a, struct str b)
{
    uint64_t hash[2];
    if (k->count * 2 >= k->cap) grow(k);
    hash_pair(a, b, hash);
    struct import_keys_slot *s = find(k, hash);
    if (s->hash[1] == 0) {
        *s = (struct import_keys_slot){.hash = {hash[0], hash[1]}};
        k->count++;
    }
    return &s->value;
}

void import_keys_fini(struct import_keys *k)
{
    free(k->slots);
    *k = (struct import_keys){0};
}
