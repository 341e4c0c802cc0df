/* compare.h - what another policy would have changed: the deadlines of two head offices, case by
 * case. */
#ifndef CUIBAN_SERVICES_CLI_COMPARE_H
#define CUIBAN_SERVICES_CLI_COMPARE_H

#include "common/store.h"
#include "services/cli/listing.h"

struct compare_side {
    const char *policy;
    struct store *store; /* of headoffice */
};

/* One line per deadline whose service policy, due instant or result differs; then how many there
 * are and how many results turned. */
MUST_CHECK enum err compare_print(FILE *out, const struct compare_side *a,
                                  const struct compare_side *b, enum listing_form form);

#endif
