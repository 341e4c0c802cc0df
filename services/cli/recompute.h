/* recompute.h - a service made again from the logs (N7, N8, N10): the same service in a scratch
 * store takes, batch by batch, what the journal says it took; every record it writes must be the
 * logged one, byte for byte, and in the end every row the stored one. Shared by `cuiban verify`
 * (all services) and `cuiban kpi --recompute` (head office). */
#ifndef CUIBAN_SERVICES_CLI_RECOMPUTE_H
#define CUIBAN_SERVICES_CLI_RECOMPUTE_H

#include "services/cli/view.h"

#define RECOMPUTE_HASH_BYTES 16
struct recompute_result {
    uint64_t batches, records; /* of its log, made again and equal */
    uint64_t rows;             /* that are equal */
    uint64_t differences; /* rows that are not, or 1 when the log itself is not what comes out */
    bool broken;          /* the replay ended before the log did; rows were not compared */
    bool unproven;        /* for want of a policy set; see note */
    bool unsettled;       /* it went on writing while it was read, and never stood still */
    uint8_t state[RECOMPUTE_HASH_BYTES]; /* BLAKE2b of the stored rows in order of their keys */
    char note[240];                      /* "" or which policy set is wanted */
    struct buf details;                  /* the first differences, as lines of text */
};

/* Every batch under the set of v->policies that its journal row names. tmp: directory for the
 * scratch store, removed afterwards. */
MUST_CHECK enum err recompute_service(struct view *v, enum owner service, const char *tmp,
                                      struct recompute_result *out, struct fault *why);
void recompute_fini(struct recompute_result *r);
bool recompute_is_clean(const struct recompute_result *r);
void recompute_hash_text(const struct recompute_result *r, char out[2 * RECOMPUTE_HASH_BYTES + 1]);
/* Prints it all in words; CLI_OK or CLI_REFUSED. */
int recompute_report(FILE *out, enum owner service, const struct recompute_result *r);

/* A directory of one's own under tmp ("" when it fails), and its end with everything in it. */
#define RECOMPUTE_DIR_SIZE 512
MUST_CHECK enum err recompute_dir_make(const char *tmp, char out[RECOMPUTE_DIR_SIZE]);
void recompute_dir_remove(const char *dir);
const char *recompute_tmp(void); /* TMPDIR, else /tmp */

#endif
