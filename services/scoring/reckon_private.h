/* reckon_private.h - what reckon.c and reckon_check.c share. */
#ifndef CUIBAN_SERVICES_SCORING_RECKON_PRIVATE_H
#define CUIBAN_SERVICES_SCORING_RECKON_PRIVATE_H

#include "services/scoring/reckon.h"

/* A figure as it was entered: "99%" or "0.99" for a ratio, yuan, a whole number for a count. Never
 * below 0. */
bool reckon_actual(enum formula_type type, struct str text, struct frac *out);

/* Points of an entry for a deduction or bonus, by its word or as written; false: none. */
bool reckon_adjust_points(const struct score_adjust *a, const struct rec_score_line *line,
                          struct frac *out);

#endif
