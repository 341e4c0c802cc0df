/* store.h - durable memory of one service: an append-only log and the state behind it.
 *
 * Two LMDB environments. `log` takes, per batch and with one sync, the records, one redo row (all
 * puts and deletes of the batch, as bytes) and one journal row (time, cursors): the moment of
 * truth. `state` holds the tables in a write transaction that stays open across batches and is
 * committed at checkpoints. After a crash the state is the last checkpoint plus the redo rows after
 * it; no code of a service runs for that. Measured against one environment for everything in
 * tests/bench/README.md.
 *
 * One writer thread. Each value carries a CRC-32C of key and value, checked on every read
 * (ERR_CORRUPT). A failed commit is final: the caller exits and opens again; a sync is never
 * retried (N5, N9, N10). */
#ifndef CUIBAN_COMMON_STORE_H
#define CUIBAN_COMMON_STORE_H

#include "common/bytes.h"

#define STORE_KEY_MAX 255
#define STORE_CURSORS_MAX 8

struct store;

struct store_options {
    const char *dir;
    bool scratch;       /* never synced: replays and backtests, thrown away afterwards */
    uint64_t map_bytes; /* 0 = STORE_MAP_BYTES */
};
#define STORE_MAP_BYTES (UINT64_C(64) << 30)

/* Opens, or creates under a temporary name and renames. Recovers. why says what to do when it
 * refuses. */
MUST_CHECK enum err store_open(const struct store_options *o, struct store **out,
                               struct fault *why);
/* Checkpoints what is committed; drops what is not. */
void store_close(struct store **s);

/* ---- state: tables are one byte; keys are ordered bytewise ---- */
/* The value is valid until the next put, del, checkpoint or commit. */
MUST_CHECK enum err store_get(struct store *s, uint8_t table, struct slice key,
                              struct slice *value);
void store_put(struct store *s, uint8_t table, struct slice key, struct slice value);
void store_del(struct store *s, uint8_t table, struct slice key); /* absent is fine */
/* The first row with key >= from (or > from when `after`). ERR_END past the table. */
MUST_CHECK enum err store_next(struct store *s, uint8_t table, struct slice from, bool after,
                               struct slice *key, struct slice *value);

/* ---- log ---- */
uint64_t store_last_seq(const struct store *s); /* appended, committed or not; 0 = none */
uint64_t store_committed_seq(const struct store *s);
uint64_t store_append(struct store *s, struct slice record); /* returns its seq */
/* Reads committed records and those of the open batch. Valid until the next append or commit. */
MUST_CHECK enum err store_record(struct store *s, uint64_t seq, struct slice *record);

/* ---- batches ---- */
struct journal {
    uint64_t batch; /* set by store_commit */
    int64_t now_ms;
    uint64_t first_seq;                 /* of this batch; set by store_commit */
    uint32_t count;                     /* records; set by store_commit */
    uint32_t mode;                      /* enum clock_mode */
    uint64_t policy;                    /* first 8 bytes of the hash of the set in force */
    uint64_t cursor[STORE_CURSORS_MAX]; /* by owner of the upstream log */
    uint64_t seal; /* of the hashes in the upstream records taken: binds their chains to this log */
    struct slice runs; /* which inputs came in which order (node.h); borrowed, not kept */
};
/* The stored line of a journal row is the struct up to `runs`, then the bytes of runs. */
#define JOURNAL_BYTES offsetof(struct journal, runs)
/* runs points into line. ERR_CORRUPT when it is too short. */
MUST_CHECK enum err journal_read(struct slice line, struct journal *out);
/* One sync. ERR_IO / ERR_FULL: nothing of the batch is durable, close and open again. */
MUST_CHECK enum err store_commit(struct store *s, struct journal *j);
/* The failure of a write that the open batch met first: what goes wrong after it, e, only follows
 * from it. e when there was none. */
MUST_CHECK enum err store_first_failure(const struct store *s, enum err e);
/* Commits the state; needs an empty batch. */
MUST_CHECK enum err store_checkpoint(struct store *s);
uint64_t store_behind(const struct store *s); /* batches since the last checkpoint */
void store_last_journal(const struct store *s, struct journal *out); /* zero when there is none */
/* runs lives until the next append or commit. */
MUST_CHECK enum err store_journal(struct store *s, uint64_t batch, struct journal *out);
/* Used share of the fuller map, per cent, what the open batch adds to the log counted in; and free
 * bytes of the file system. */
unsigned store_fill_percent(struct store *s);
uint64_t store_free_bytes(const struct store *s);

/* ---- snapshots, for the reader thread (one at a time per thread) ---- */
struct snapshot;
MUST_CHECK enum err snapshot_begin(struct store *s, struct snapshot **out);
void snapshot_end(struct snapshot **n);
MUST_CHECK enum err snapshot_next(struct snapshot *n, uint8_t table, struct slice from, bool after,
                                  struct slice *key, struct slice *value);
MUST_CHECK enum err snapshot_record(struct snapshot *n, uint64_t seq, struct slice *record);
/* The stored line. */
MUST_CHECK enum err snapshot_journal(struct snapshot *n, uint64_t batch, struct slice *line);
uint64_t snapshot_last_seq(struct snapshot *n);

#endif
