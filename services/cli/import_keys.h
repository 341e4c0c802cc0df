/* import_keys.h - a set of text pairs with a number each: ids already seen, rows of a case so far.
 * The pairs are kept as 128 bits of their BLAKE2b, so ten million of them need a few hundred
 * megabytes and not their texts. */
#ifndef CUIBAN_CLI_IMPORT_KEYS_H
#define CUIBAN_CLI_IMPORT_KEYS_H

#include "common/bytes.h"

struct import_keys_slot {
    uint64_t hash[2]; /* both 0: empty */
    uint64_t value;
};

/* Zero-initialised is valid and empty. */
struct import_keys {
    struct import_keys_slot *slots;
    uint64_t cap, count;
};

/* The number of the pair, 0 when it is new; valid until the next call. */
uint64_t *import_keys_at(struct import_keys *k, struct str a, struct str b);
void import_keys_fini(struct import_keys *k);

#endif
