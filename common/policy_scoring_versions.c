/* policy_scoring_versions.c - the versions of a scheme beside each other (SCO-003): rows of the
 * same id, told apart by effective_from. A version holds for the periods that begin on its first
 * day or later, until that of the next one. */
#include "common/policy_private.h"

static void set_until(struct scheme *s, const struct policy_list *l)
{
    const struct scheme *v = l->v;
    for (uint32_t i = 0; i < l->n; i++) {
        bool next = str_eq(v[i].id, s->id) && v[i].effective_from > s->effective_from;
        bool sooner = !s->effective_until || v[i].effective_from < s->effective_until;
        if (next && sooner) s->effective_until = v[i].effective_from;
    }
}

void policy_scoring_versions(struct policy_build *b)
{
    const struct policy_list *l = &b->lists[PART_schemes];
    struct scheme *v = l->v;
    for (uint32_t i = 0; i < l->n; i++)
        set_until(&v[i], l);
}
