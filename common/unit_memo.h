/* unit_memo.h - rows of units as they were decoded: nearly every step asks for one, and hardly any
 * changes one. Whoever writes a unit's row clears the memo. */
#ifndef CUIBAN_COMMON_UNIT_MEMO_H
#define CUIBAN_COMMON_UNIT_MEMO_H

#include "proto/proto.h"

#define UNIT_MEMO_MAX 256 /* units; more are not kept until it is cleared */
#define UNIT_MEMO_SLOTS (2 * UNIT_MEMO_MAX)

struct unit_memo {
    struct arena memory;
    uint32_t count;
    struct unit_memo_slot {
        struct str unit; /* n == 0: free */
        struct rec_row_unit row;
    } * slots;
};

/* NULL: not known. The row stands until the next clear. */
const struct rec_row_unit *unit_memo_get(const struct unit_memo *m, struct str unit);
/* The row as the store has it; it must not be known yet. NULL: the bytes are no row. */
const struct rec_row_unit *unit_memo_add(struct unit_memo *m, struct str unit, struct slice bytes);
void unit_memo_clear(struct unit_memo *m);
void unit_memo_fini(struct unit_memo *m);

#endif
