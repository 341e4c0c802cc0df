/* parts_count.c - goods against their list, part by part: equal totals do not heal the lines, and
 * what is not on the list counts with 0 listed (PRT-035, PRT-059). */
#include "common/contract.h"
#include "services/parts/parts_private.h"

struct parts_count parts_count_new(struct step *st, uint32_t parts_max)
{
    struct parts_count c = {.max = parts_max};
    c.v = arena_take(st->arena, (parts_max + 1) * sizeof *c.v);
    return c;
}

static struct rec_claim_count_line *part_of(struct parts_count *c, struct str part_no)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (str_eq(c->v[i].part_no, part_no)) return &c->v[i];
    }
    REQUIRE(c->n < c->max);
    c->v[c->n] = (struct rec_claim_count_line){.part_no = part_no};
    return &c->v[c->n++];
}

void parts_count_add(struct parts_count *c, struct str part_no, uint64_t listed, uint64_t received)
{
    struct rec_claim_count_line *l = part_of(c, part_no);
    l->listed += listed;
    l->received += received;
    l->credit = l->received < l->listed ? l->received : l->listed;
    c->listed += listed;
    c->received += received;
}

bool parts_count_agrees(const struct parts_count *c)
{
    bool agrees = true;
    for (uint32_t i = 0; i < c->n; i++)
        agrees &= c->v[i].listed == c->v[i].received;
    return agrees;
}
