/* backup_file.h - files of a backup: copied, hashed, synced. */
#ifndef CUIBAN_SERVICES_CLI_BACKUP_FILE_H
#define CUIBAN_SERVICES_CLI_BACKUP_FILE_H

#include "common/bytes.h"

#define BACKUP_PATH_SIZE 700
#define BACKUP_HASH_SIZE 65 /* hex of BLAKE2b-256 and its end */

struct backup_file {
    uint64_t bytes;
    char hash[BACKUP_HASH_SIZE];
};

/* The hash of what was read; with `to` it is also written there (which must not exist) and synced.
 * ERR_NOT_FOUND, ERR_IO, ERR_FULL. */
MUST_CHECK enum err backup_file_pass(const char *from, const char *to, struct backup_file *out);
MUST_CHECK enum err backup_file_write(const char *path, struct slice text);
/* The whole file, to be freed. */
MUST_CHECK enum err backup_file_read(const char *path, struct buf *out);
MUST_CHECK enum err backup_dir_sync(const char *dir);
void backup_path(char out[BACKUP_PATH_SIZE], const char *dir, const char *name);

#endif
