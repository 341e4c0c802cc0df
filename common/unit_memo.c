/* unit_memo.c - see unit_memo.h: an open hash, the next free slot where one is taken. */
#include "common/unit_memo.h"
#include "common/contract.h"
#include <stdlib.h>
#include <string.h>

/* The unit's slot, or the free one where it would stand. */
static struct unit_memo_slot *slot_of(const struct unit_memo *m, struct str unit)
{
    uint32_t at = crc32c(0, unit.p, unit.n) % UNIT_MEMO_SLOTS;
    while (m->slots[at].unit.n && !str_eq(m->slots[at].unit, unit))
        at = (at + 1) % UNIT_MEMO_SLOTS;
    return &m->slots[at];
}

const struct rec_row_unit *unit_memo_get(const struct unit_memo *m, struct str unit)
{
    if (!m->slots || unit.n == 0) return NULL;
    const struct unit_memo_slot *s = slot_of(m, unit);
    return s->unit.n ? &s->row : NULL;
}

const struct rec_row_unit *unit_memo_add(struct unit_memo *m, struct str unit, struct slice bytes)
{
    REQUIRE(unit.n > 0 && m->count < UNIT_MEMO_MAX);
    if (!m->slots) m->slots = calloc(UNIT_MEMO_SLOTS, sizeof *m->slots);
    REQUIRE(m->slots != NULL);
    struct fault why;
    struct unit_memo_slot *s = slot_of(m, unit);
    struct slice kept = arena_copy(&m->memory, bytes); /* texts of the row lie in its bytes */
    if (proto_decode(shape_row_unit(), kept, &m->memory, &s->row, &why) != ERR_OK) return NULL;
    s->unit = arena_str(&m->memory, unit);
    m->count++;
    return &s->row;
}

void unit_memo_clear(struct unit_memo *m)
{
    if (m->count) memset(m->slots, 0, UNIT_MEMO_SLOTS * sizeof *m->slots);
    m->count = 0;
    arena_reset(&m->memory);
}

void unit_memo_fini(struct unit_memo *m)
{
    free(m->slots);
    arena_fini(&m->memory);
    *m = (struct unit_memo){0};
}
