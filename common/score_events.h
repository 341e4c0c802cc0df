/* score_events.h - which events scoring may count and what can be said of their fields, so that the
 * policy that counts them is checked when it is loaded (SCO-008, scoring Appendix 5).
 *
 * An event may be counted when it stands in this table, or when it is a fact of the door that
 * scoring itself applies. What an event does not say itself scoring looks up from the job,
 * complaint, visit or call-back it names, or reckons from its lines (`more`). */
#ifndef CUIBAN_COMMON_SCORE_EVENTS_H
#define CUIBAN_COMMON_SCORE_EVENTS_H

#include "common/policy_scoring.h"

#define SCORE_NAMED_MAX 4
#define SCORE_SAID "*" /* word of `where`: the field is said, whatever it is */

/* A field that scoring knows beside those of the event. */
struct score_more {
    const char *name;
    enum field_type type;
    const struct codeset *codes;
    uint32_t num, den; /* what is summed, times num / den, is the value; 0 = as its type says */
};
#define SCORE_MORE_MAX 8
struct score_event {
    enum event_kind on;
    uint32_t logs; /* IN(owner) of those it is heard from; 0 = the door, a fact of scoring */
    const char *named[SCORE_NAMED_MAX]; /* by which it is named when it is taken back */
    const struct score_more *more;      /* up to SCORE_MORE_MAX; ends with a NULL name */
    bool figure;                        /* a figure: nothing told is no value, not 0 */
    bool lasts; /* what counted still counts when it is told again and no longer would */
};
/* NULL: it may not be counted. */
const struct score_event *score_event_of(enum event_kind kind);

/* A field of an event or one beside them; type is that of the value. */
struct score_field {
    const struct field *field;     /* of the event; NULL: */
    const struct score_more *more; /* beside it */
    enum field_type type;
    const struct codeset *codes;
};
bool score_field_of(const struct score_event *e, struct str name, struct score_field *out);
/* What one counted `amount` is worth: a sum of money is fen, a ratio 1/10000, a decimal TEXT is
 * kept in 1/10000. */
struct frac score_scale(const struct score_fact *f);
#define SCORE_TEXT_DECIMALS 4

#endif
