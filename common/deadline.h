/* deadline.h - what node.c and the readers of deadline rows need beside step.h. */
#ifndef CUIBAN_COMMON_DEADLINE_H
#define CUIBAN_COMMON_DEADLINE_H

#include "common/step.h"

struct key deadline_key(struct str case_no, uint8_t item, struct str name);
/* Instant of the next level; 0 when the ladder is at its end. */
int64_t deadline_next_at(const struct rec_row_deadline *row);
/* One entry of the due index: pass its level, go on to the next, tell the service. */
MUST_CHECK enum err deadline_fire(struct step *st, const struct key *due,
                                  const struct service *svc);

#endif
