/* stage.h - a stage for tests: services on scratch stores and the event clock, chained as in the
 * house, fed with CloudEvents JSON, read back as JSON lines. */
#ifndef CUIBAN_TESTS_STAGE_H
#define CUIBAN_TESTS_STAGE_H

#include "common/node.h"
#include <jansson.h>

struct stage;
struct house;

/* policy_dir e.g. "deploy/policy/appliance"; services in house order, intake first. Fails the test
 * on error. */
struct stage *stage_open(const char *policy_dir, const struct service *const *services,
                         size_t count);
void stage_close(struct stage *s);

/* One fact, as type, time (RFC 3339) and data in single-quoted JSON, e.g.
 *   stage_tell(s, "job.arrived", "2026-03-02T15:50:00+08:00",
 * "{'call_no':'C1','technician':'T1'}"); source is "U1" and the id a running number unless
 * stage_tell_as is used. Runs all services to the end. Returns the door's verdict ("accepted" …).
 */
const char *stage_tell(struct stage *s, const char *type, const char *time, const char *data);
const char *stage_tell_as(struct stage *s, const char *source, const char *id, const char *type,
                          const char *time, const char *data);
/* The same, and the door's batch stays open: what it did to the timers can still be seen. */
const char *stage_tell_open(struct stage *s, const char *type, const char *time, const char *data);
const struct rec_outcome *stage_outcome(const struct stage *s); /* of the last stage_tell */
/* Let time pass: everything due before t fires. */
void stage_until(struct stage *s, const char *time);

/* Records of a log by type ("" = all), in order; borrowed until the next call that tells. */
size_t stage_count(struct stage *s, enum owner log, const char *type);
const json_t *stage_nth(struct stage *s, enum owner log, const char *type,
                        size_t n); /* CloudEvents */
/* data.<field> of the n-th as text (numbers and times printed); "" when absent. */
const char *stage_field(struct stage *s, enum owner log, const char *type, size_t n,
                        const char *field);
const char *stage_last(struct stage *s, enum owner log, const char *type, const char *field);
/* A row of a table; false when there is none. Its texts live until the next call of this. */
bool stage_row(struct stage *s, enum owner service, const struct table *t, struct key k, void *row);
void stage_dump(struct stage *s); /* all logs to stderr, for people */
struct node *stage_node(struct stage *s, enum owner service);
struct house *stage_house(struct stage *s);

#endif
