/* keys.h - who may speak with whom over the network: a file with a secret of its own, the door it
 * calls, or those it lets in. A line is a word and its values; # begins a comment. Keys are CURVE
 * keys in Z85, 40 characters; `cuiban keys` makes them.
 *
 *   secret KEY             its own; the public one follows from it
 *   door KEY               a centre: the public key of the door it calls
 *   allow KEY SOURCE...    the door: who has this public key speaks for these sources; * is any
 *
 * A file that others can read, or with a fault in any line, is refused as a whole: no half a list
 * lets anybody in. */
#ifndef CUIBAN_COMMON_KEYS_H
#define CUIBAN_COMMON_KEYS_H

#include "common/bus.h"
#include <sys/types.h>
#include <time.h>

#define KEYS_LINE_MAX 1024
#define KEYS_ALLOWED_MAX 4096

struct keys_allowed {
    char key[BUS_KEY_SIZE];
    char sources[KEYS_LINE_MAX]; /* words with one blank between them */
};

struct keys {
    struct bus_keys own;
    char door[BUS_KEY_SIZE]; /* "" = none */
    struct keys_allowed *allowed;
    size_t count;
    struct timespec changed; /* of the file that was read */
    off_t size;
    ino_t inode;
};

/* ERR_REFUSED: why->text begins with file and line. */
MUST_CHECK enum err keys_load(const char *path, struct keys *out, struct fault *why);
void keys_fini(struct keys *k);
/* Has the file been written anew since it was read? */
bool keys_changed(const struct keys *k, const char *path);
/* NULL: nobody we let in. */
const struct keys_allowed *keys_find(const struct keys *k, const char *key);
bool keys_speaks_for(const struct keys_allowed *a, struct str source);
bool keys_speaks_for_all(const struct keys_allowed *a);

#endif
