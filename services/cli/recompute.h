/* recompute.h - head office made again from the logs it reads (N8): the same service in a scratch
 * store, fed batch by batch as its journal says it was, then every row compared with the stored
 * one. Shared by `cuiban kpi --recompute` and `cuiban verify`. */
#ifndef CUIBAN_SERVICES_CLI_RECOMPUTE_H
#define CUIBAN_SERVICES_CLI_RECOMPUTE_H

#include "services/cli/view.h"

struct recompute_result {
    uint64_t batches, records, rows; /* rows that are equal */
    uint64_t differences;
    bool unsettled;        /* it went on writing while it was read, and never stood still */
    char policy_note[240]; /* "" or: the logs were written under another policy set */
    struct buf details;    /* the first differences, as lines of text */
};

/* Needs v->policy. tmp: directory for the scratch store, removed afterwards. */
MUST_CHECK enum err recompute_headoffice(struct view *v, const char *tmp,
                                         struct recompute_result *out, struct fault *why);
void recompute_fini(struct recompute_result *r);
/* Prints it all in words; CLI_OK or CLI_REFUSED. */
int recompute_report(FILE *out, const struct recompute_result *r);

/* A directory of one's own under tmp ("" when it fails), and its end with everything in it. */
#define RECOMPUTE_DIR_SIZE 512
MUST_CHECK enum err recompute_dir_make(const char *tmp, char out[RECOMPUTE_DIR_SIZE]);
void recompute_dir_remove(const char *dir);
const char *recompute_tmp(void); /* TMPDIR, else /tmp */

#endif
