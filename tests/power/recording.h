/* recording.h - what record.c writes and disk.c reads: every operation on the disk that a store
 * asked for, in order, with its bytes. Files and directories are named by inode, so that a rename
 * changes nothing but an entry. One struct power_op, then its name, then its bytes. */
#ifndef CUIBAN_TESTS_POWER_RECORDING_H
#define CUIBAN_TESTS_POWER_RECORDING_H

#include "tests/power/sums.h"
#include <stdint.h>

#define POWER_NAME_MAX 64
#define POWER_STORES_MAX 4

enum power_kind {
    POWER_ROOT = 1, /* ino is the directory everything lies in */
    POWER_DIR,      /* mkdir: ino, parent, name */
    POWER_FILE,     /* created: ino, parent, name */
    POWER_RENAME,   /* ino leaves parent and is `name` in to_parent */
    POWER_GONE,     /* unlink, rmdir: ino, parent */
    POWER_WRITE,    /* ino, at, bytes; through: durable when it returned */
    POWER_SIZE,     /* ino, at = new size */
    POWER_SYNC,     /* file ino */
    POWER_SYNC_DIR, /* entries of directory ino */
    POWER_BEGUN,    /* mark: bytes are a struct power_mark */
    POWER_ACKED     /* mark: the batch was acknowledged */
};

struct power_op {
    uint8_t kind, through;
    uint16_t name_bytes;
    uint32_t bytes;
    uint64_t ino, parent, to_parent, at;
};

struct power_mark {
    uint64_t store;   /* 0 … POWER_STORES_MAX-1; its directory is POWER_STORE_DIR */
    struct sums sums; /* BEGUN: only the batch */
};
/* Below the root, printf with the store's number. Two levels: whoever starts a service makes them.
 */
#define POWER_STORE_DIR "run/data/%llu"
#define POWER_PARENT_DIRS                                                                          \
    {                                                                                              \
        "run", "run/data"                                                                          \
    }

#endif
