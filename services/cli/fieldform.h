/* fieldform.h - a text from a table into a field of a contract, by the field's own type.
 *
 * Ranges and lengths are not judged here but by proto_check, once, on the whole object. */
#ifndef CUIBAN_CLI_FIELDFORM_H
#define CUIBAN_CLI_FIELDFORM_H

#include "proto/proto.h"
#include "services/cli/timeform.h"

struct fieldform {
    const struct field *field; /* not a LIST, RAW or HASH */
    struct timeform_set times; /* for TIME and DATE */
    int64_t scale;             /* whole numbers are the text times this; 0 = 1 */
    bool cut;                  /* TEXT: shorten to the field's maximum */
};

/* Numbers: "12", "-3", "4.0"; money: yuan "12.5"; flags: true/false, yes/no, y/n, 1/0; codes: their
 * words; dates: any of the formats, the day as written. text must not be empty; a TEXT keeps
 * pointing at it. ERR_REFUSED with a sentence. */
MUST_CHECK enum err fieldform_put(const struct fieldform *how, struct str text, void *member,
                                  struct fault *why);

/* Decimal text times scale as a whole number; ERR_REFUSED when it is no number, ERR_STALE when the
 * product is not whole (*out is cut towards zero), ERR_FULL when it does not fit. */
MUST_CHECK enum err fieldform_number(struct str text, int64_t scale, int64_t *out);

#endif
