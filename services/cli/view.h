/* view.h - what the reading commands share: their options, the reader, the policy set that gives
 * zones and calendars, and a record of a log taken apart.
 *
 * Each command parses its own options and hands the rest to view_argp as a child; its work is a
 * function over a struct view, which tests make from a house. */
#ifndef CUIBAN_SERVICES_CLI_VIEW_H
#define CUIBAN_SERVICES_CLI_VIEW_H

#include "services/cli/cli.h"
#include "services/cli/listing.h"
#include "services/cli/reader.h"
#include <argp.h>

#define VIEW_POLICIES_MAX 8

struct view_options {
    const char *dir, *policy; /* policy NULL: CUIBAN_POLICY, else what `cuiban up` wrote */
    enum listing_form form;
    bool need_policy;                    /* without a set that loads there is nothing to be said */
    const char *more[VIEW_POLICIES_MAX]; /* --policy given again: older sets the logs name */
    uint32_t more_count;
    /* Before anything is opened; may be NULL. Any result but CLI_OK ends the command. */
    int (*first)(struct view_options *o);
};
#define VIEW_OPTIONS_DEFAULT                                                                       \
    {                                                                                              \
        .dir = "run", .form = LISTING_table                                                        \
    }
extern const struct argp view_argp;        /* --dir, --policy, --json, --csv */
extern const struct argp view_argp_single; /* the same without --csv */
extern const struct argp view_argp_place;  /* --dir and --policy */

struct view_zone {
    char unit[33];
    const struct zone *zone;
};
#define VIEW_ZONES_MAX 256

struct view {
    struct reader *reader;
    const struct policy *policy; /* NULL: unknown; times are then shown in UTC */
    const struct policy *policies[VIEW_POLICIES_MAX]; /* that one, and older ones the logs name */
    uint32_t policy_count;
    enum listing_form form;
    FILE *out, *err;
    struct policy *owned[VIEW_POLICIES_MAX];
    struct view_zone zones[VIEW_ZONES_MAX];
    uint32_t zone_count;
    struct arena arena; /* for one row or record; view_decode resets it */
};

/* A reading command; its arguments are a struct that begins with its struct view_options. */
struct view_command {
    const struct argp *argp;
    int (*run)(struct view *v, void *arguments);
};
/* From the words of the command line (argv[0] is "cuiban show") to the exit status. */
int view_run(const struct view_command *c, int argc, char **argv, void *arguments);
/* Without a command line: reader and policies of these options; says on stderr why not. */
int view_open(const struct view_options *o, const char *command, struct view *out);
/* What each such command does with keys that are not its own: the shared options get their place,
 * and a bare word is pointed to an option, "--case". */
error_t view_parse(int key, char *arg, struct argp_state *state, const char *option);
/* "2026-03-02T09:00:00+08:00", or without offset in the zone: a day (its 00:00) or a time. */
bool view_instant(const char *text, const struct zone *zone, int64_t *out);

/* Over a reader and a policy that somebody else closes. */
void view_begin(struct view *v, struct reader *reader, const struct policy *policy);
void view_close(struct view *v);
/* Reading failed: says what and returns the exit status. ERR_END and ERR_NOT_FOUND are success. */
int view_result(struct view *v, enum err e, const char *what);

/* CLI_REFUSED, and on stderr the nearest one, when units are known and this is none of them; no
 * text: any. */
int view_unit(struct view *v, const char *command, struct str unit);
/* Zone of a unit's calendar, else of the set's default; NULL = UTC. */
const struct zone *view_zone_of(struct view *v, struct str unit);
/* Calendar of that name, else the unit's, else the default; NULL without a policy. */
const struct calendar *view_calendar(struct view *v, struct str name, struct str unit);

/* A row or a record's data into a struct of the shape, from the view's arena, which is reset first.
 */
MUST_CHECK enum err view_decode(struct view *v, const struct shape *shape, struct slice bytes,
                                void *out);

/* The services this program knows, with their tables; NULL for one it does not. */
const struct service *view_service(enum owner o);
/* A table by its id, also of those every service may keep; NULL: not known. */
const struct table *view_table(const struct service *s, uint8_t id);

/* ---- keys of rows ---- */
/* The name of the n-th part of a layout such as "case, item, name"; "" past the end. */
struct str view_layout_part(const char *layout, unsigned n);
bool view_layout_is_text(struct str part);
/* The key that begins with a name; false when no key is so long. */
bool view_key_of(struct str name, struct key *out);
/* A key, or the beginning of one, from "part/part"; false when that is no key of the layout. */
bool view_key_from(const char *layout, struct str text, struct key *out);
/* "C1 / 1 / job.arrival" */
void view_print_key(struct buf *out, const char *layout, const struct key *k, const struct zone *z);

/* ---- records ---- */
struct view_record {
    enum owner log;
    struct rec_entry entry;
    const struct event_type *type; /* NULL: unknown here */
    void *payload;                 /* NULL: does not decode */
    struct slice bytes;
};
/* Taken apart into the arena (not reset). ERR_CORRUPT when the entry itself does not decode. */
MUST_CHECK enum err view_record(struct arena *a, enum owner log, struct slice bytes,
                                struct view_record *out);
/* A TEXT of the payload by name, "" when there is no such field. */
struct str view_text_of(const struct view_record *r, const char *field);
uint64_t view_number_of(const struct view_record *r,
                        const char *field); /* UINT, 0 when there is none */
/* "case_no=C1 level=2 …": every field that is there, times in the zone; names in `skip` are left
 * out. */
void view_print_fields(FILE *out, const struct shape *s, const void *obj, const struct zone *zone,
                       const char *const *skip);

#endif
