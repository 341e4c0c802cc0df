/* sums.c - see sums.h. The hash is our own, not the store's check value. */
#include "tests/power/sums.h"
#include <string.h>

#define TABLES 64 /* no service numbers a table higher */

uint64_t sums_hash(uint64_t seed, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    uint64_t h = seed ^ n * UINT64_C(0x9e3779b97f4a7c15);
    for (; n; p += n < 8 ? n : 8, n -= n < 8 ? n : 8) {
        uint64_t v = 0;
        memcpy(&v, p, n < 8 ? n : 8);
        h = (h ^ v) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    return h * UINT64_C(0xc4ceb9fe1a85ec53) ^ h >> 29;
}

uint64_t sums_row(uint8_t table, struct slice key, struct slice value)
{
    return sums_hash(sums_hash(table, key.p, key.n), value.p, value.n);
}

uint64_t sums_record(uint64_t seq, struct slice record)
{
    return sums_hash(seq, record.p, record.n);
}

uint64_t sums_journal(const struct journal *j)
{
    return sums_hash(sums_hash(j->batch, j, JOURNAL_BYTES), j->runs.p, j->runs.n);
}

static enum err sum_table(struct store *s, uint8_t table, struct sums *out)
{
    uint8_t at[STORE_KEY_MAX];
    struct slice from = {at, 0}, key, value;
    enum err e;
    bool first = true;
    while ((e = store_next(s, table, from, !first, &key, &value)) == ERR_OK) {
        size_t common = key.n < from.n ? key.n : from.n;
        int order = memcmp(key.p, at, common);
        if (!first && (order < 0 || (order == 0 && key.n <= from.n))) return ERR_CORRUPT;
        if (key.n > sizeof at) return ERR_CORRUPT;
        out->rows++;
        out->state += sums_row(table, key, value);
        memcpy(at, key.p, key.n);
        from.n = key.n;
        first = false;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err sum_log(struct store *s, struct sums *out)
{
    for (uint64_t seq = 1; seq <= out->last_seq; seq++) {
        struct slice record;
        enum err e = store_record(s, seq, &record);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        out->log += sums_record(seq, record);
    }
    return ERR_OK;
}

static enum err sum_journal(struct store *s, struct sums *out)
{
    for (uint64_t batch = 1; batch <= out->batch; batch++) {
        struct journal j;
        enum err e = store_journal(s, batch, &j);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        out->journal += sums_journal(&j);
    }
    return ERR_OK;
}

enum err sums_of(struct store *s, struct sums *out, const char **where)
{
    struct journal last;
    store_last_journal(s, &last);
    struct sums n = {.batch = last.batch, .last_seq = store_last_seq(s)};
    enum err e = ERR_OK;
    *where = "the state";
    for (unsigned t = 0; e == ERR_OK && t < TABLES; t++)
        e = sum_table(s, (uint8_t)t, &n);
    if (e != ERR_OK) return e;
    *where = "the log";
    e = sum_log(s, &n);
    if (e != ERR_OK) return e;
    *where = "the journal";
    e = sum_journal(s, &n);
    if (e == ERR_OK) *out = n;
    return e;
}

bool sums_equal(const struct sums *a, const struct sums *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}
