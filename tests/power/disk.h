/* disk.h - a disk of which the power can be cut: plays a recording and lays out, as real files,
 * what may be found after a cut at any of its operations.
 *
 * What may be found. A sync of a file makes every earlier write and size of that file durable; a
 * write through is durable when it returned; a sync of a directory makes its earlier entries
 * durable, and only its own. Of everything else, each write may be there, not there, or torn at any
 * sectors of 512 bytes, in any combination with the others; a file may be as long as its writes
 * said although their bytes are lost (zeros); of the entries of one directory those before some
 * point are there. The operation at which the power is cut counts as not synced. */
#ifndef CUIBAN_TESTS_POWER_DISK_H
#define CUIBAN_TESTS_POWER_DISK_H

#include "tests/power/recording.h"

struct disk_op {
    struct power_op op;
    char name[POWER_NAME_MAX];
    uint8_t *bytes;
};

struct disk;

/* place: an empty directory of ours for the files. Ends the program when the recording is broken.
 */
struct disk *disk_new(const char *recording, const char *place);
void disk_destroy(struct disk **d);
size_t disk_ops(const struct disk *d, const struct disk_op **ops);

/* Cuts before the operation `at` (in order, from 0). */
enum cut_kind {
    CUT_NOTHING, /* nothing unsynced is there */
    CUT_ALL,     /* everything is, but for the operation itself */
    CUT_WHOLE, /* `which` is a set of bits: unsynced operations that are there, the last is `at` */
    CUT_TORN,  /* `which` is the seed of a draw: there, not there, torn, longer */
    CUT_PREFIX /* everything, and of the write `at` its first `which` bytes (torn in a sector) */
};
struct cut {
    enum cut_kind kind;
    uint64_t which;
};
/* Unsynced operations at the cut, itself included, and the sectors of their writes. */
size_t disk_unsynced(const struct disk *d, size_t *sectors);
/* Lays out the files. */
void disk_cut(struct disk *d, struct cut c);
/* Takes the image away; changed: somebody else wrote into the files. */
void disk_mend(struct disk *d, bool changed);
/* The operation took place. Call once for each, in order. */
void disk_pass(struct disk *d);

#endif
