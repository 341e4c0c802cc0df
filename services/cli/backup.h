/* backup.h - a backup: the stores of a directory copied while the services run or not, proven as
 * `cuiban verify` does, with a manifest that names every file by its hash; and the way back.
 *
 * Downstream services are copied before those they read, so that no copy has read further than the
 * log it reads from goes. A backup has its name only when it is whole: until then it is
 * <name>.new. It lies like a directory of `cuiban up`, so every reading command works on it. */
#ifndef CUIBAN_SERVICES_CLI_BACKUP_H
#define CUIBAN_SERVICES_CLI_BACKUP_H

#include "services/cli/view.h"

#define BACKUP_MANIFEST "manifest.json"

/* o: where from and under which sets. Both return an exit status and say on stdout and stderr what
 * was done, or why not and what to do. */
int backup_make(const struct view_options *o, const char *to, bool proven);
int backup_restore(const char *from, const char *dir);

#endif
