/* intake_source.h - what `feed` and `replay` read: files, standard input, a mapping; opened and
 * closed the same way, with the same complaints. */
#ifndef CUIBAN_SERVICES_CLI_INTAKE_SOURCE_H
#define CUIBAN_SERVICES_CLI_INTAKE_SOURCE_H

#include "services/cli/import.h"
#include <argp.h>

#define INTAKE_SOURCE_PATHS_MAX 256

struct intake_source {
    const char *command; /* for messages */
    const char *map, *rejects_dir;
    const char *paths[INTAKE_SOURCE_PATHS_MAX];
    uint32_t path_count;
    bool sort;
    int64_t until_ms; /* 0: not said */
    struct mapping *mapping;
    struct import *import;
};

/* FILE…, --map, --sort, --rejects, --until; its input is the struct intake_source. */
extern const struct argp intake_source_argp;

/* Exit status; when not CLI_OK everything was said on stderr. */
int intake_source_open(struct intake_source *s);
void intake_source_close(struct intake_source *s);
/* Where time stands when all has been read: --until, else just after the last fact, 0 without one.
 * What is due at the last fact's instant passes one millisecond later; with the second one that
 * instant is over too, and the slip is issued. */
int64_t intake_source_until(const struct intake_source *s);
/* "12 rows read, 30 facts made, 2 repeated, 1 row and 0 facts rejected" to stderr; true when any
 * was. */
bool intake_source_report(const struct intake_source *s, FILE *out);

#endif
