/* sums.h - everything a store holds, as one small struct that can be compared. */
#ifndef CUIBAN_TESTS_POWER_SUMS_H
#define CUIBAN_TESTS_POWER_SUMS_H

#include "common/store.h"

/* state and journal are sums over their rows, so that a model can keep them up to date; log is one
 * as well, each record counted with its number. */
struct sums {
    uint64_t batch, last_seq, rows, state, log, journal;
};

uint64_t sums_hash(uint64_t seed, const void *p, size_t n);
uint64_t sums_row(uint8_t table, struct slice key, struct slice value);
uint64_t sums_record(uint64_t seq, struct slice record);
uint64_t sums_journal(const struct journal *j);

/* Reads all of it through store.h. ERR_CORRUPT: a hole in the log or the journal, keys out of
 * order, or what the store says. where: what was being read, for people. */
MUST_CHECK enum err sums_of(struct store *s, struct sums *out, const char **where);
bool sums_equal(const struct sums *a, const struct sums *b);

#endif
