/* import_row.h - one row of a table, seen through the mapping: which events does it make, and with
 * what in them. Pure: no file, no clock, no memory but the arena. */
#ifndef CUIBAN_CLI_IMPORT_ROW_H
#define CUIBAN_CLI_IMPORT_ROW_H

#include "services/cli/mapping.h"

struct import_row {
    const struct mapping *m;
    const struct str *cells; /* by mapping column; "" is absent */
    const struct str *prev;  /* the same of the row before in this case; NULL: this is the first */
    uint64_t case_row;       /* from 1; 0 when cases are not followed */
    uint64_t line;
    struct str file;
};

/* Do the conditions of the event hold? ERR_REFUSED when one cannot be judged (not a number, not a
 * time). */
MUST_CHECK enum err import_row_holds(const struct import_row *r, const struct mapping_event *e,
                                     bool *holds, struct fault *why);
/* The fact the event makes of the row, checked against its contract; data is encoded into `data`
 * (cleared first). An early event gets the time 1, to be replaced. ERR_REFUSED with the field and
 * the reason. */
MUST_CHECK enum err import_row_fact(const struct import_row *r, const struct mapping_event *e,
                                    struct arena *a, struct buf *data, struct rec_fact *out,
                                    struct fault *why);

#endif
