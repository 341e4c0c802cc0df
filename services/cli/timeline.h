/* timeline.h - the records of all logs in the order of their `now`, equal times in the order of the
 * house, so that a cause comes before its effect; one record of each log is held, never more. With
 * names given, only records in which one of them stands. */
#ifndef CUIBAN_SERVICES_CLI_TIMELINE_H
#define CUIBAN_SERVICES_CLI_TIMELINE_H

#include "services/cli/view.h"

#define TIMELINE_NAMES_MAX 512
#define TIMELINE_NAME_SIZE (CASE_NO_MAX + 1)

struct timeline_head {
    uint64_t seq; /* last one looked at */
    bool ready, ended;
    struct view_record record;
    struct arena arena;
};

struct timeline {
    struct view *view;
    struct timeline_head heads[OWNER_COUNT];
    uint32_t owners; /* IN(owner) of the logs to read */
    int last;        /* log of the record handed out last, or 0 */
    uint32_t name_count;
    char names[TIMELINE_NAMES_MAX][TIMELINE_NAME_SIZE];
};

void timeline_begin(struct timeline *t, struct view *v, uint32_t owners);
/* Too many or too long ones are left out: false. May be called between records. */
bool timeline_name(struct timeline *t, struct str name);
/* ERR_END after the last. The record lives until the next call. */
MUST_CHECK enum err timeline_next(struct timeline *t, struct view_record *out);
void timeline_end(struct timeline *t);

/* Is the record about this case: does a key field of its data, or a 催辦單's case, say so? */
bool timeline_is_about(const struct view_record *r, struct str name);

#endif
