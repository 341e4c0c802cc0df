/* policy_scoring_versions.c - the versions of a scheme beside each other (SCO-003): rows of the
 * same id, told apart by effective_from. A version holds for the periods that begin on its first
 * day or later, until that of the next one. */
#include "common/contract.h"
#include "common/policy_private.h"
#include <stdio.h>

bool policy_scheme_same(const void *raw, const void *other_raw)
{
    const struct raw_scheme *a = raw, *b = other_raw;
    return str_eq(a->effective_from, b->effective_from);
}

/* What is for people, says who acts and when, or follows from several periods. */
static const struct policy_skip beside[] = {
    {"", "name"},        {"", "source"},         {"", "approved_by"},
    {"", "owner"},       {"", "effective_from"}, {"", "sheet"},
    {"", "year"},        {"", "wage_min"},       {"", "excludes_probation"},
    {"items", "name"},   {"items", "area"},      {"items", "source"},
    {"items", "target"}, {"items", "provider"},  {"deductions", "name"},
    {"bonuses", "name"}, {"grades", "label"},    {"figures", "name"},
    {"pay", "name"},
};

/* With the points of the words, which may come from the keys of the house. */
static uint64_t content_print(const struct scheme *s, struct policy_origin at)
{
    char path[32];
    snprintf(path, sizeof path, "schemes[%u]", at.index);
    uint64_t sum = policy_yaml_print(at.file, path, beside, COUNT_OF(beside)), place = 0;
    for (uint32_t i = 0; i < s->item_count; i++) {
        for (uint32_t o = 0; o < s->items[i].option_count; o++) {
            const struct frac *p = &s->items[i].options[o].points;
            sum += ++place * ((uint64_t)p->num * UINT64_C(1099511628211) + (uint64_t)p->den);
        }
    }
    return sum & INT64_MAX;
}

static uint64_t year_print(struct policy_origin at)
{
    char path[32];
    snprintf(path, sizeof path, "schemes[%u].year", at.index);
    return policy_yaml_print(at.file, path, NULL, 0);
}

/* What follows from several periods has to mean the same by all versions. */
static void check_versions(struct policy_build *b, uint32_t i, uint32_t j)
{
    const struct policy_list *l = &b->lists[PART_schemes];
    const struct scheme *s = (const struct scheme *)l->v + i, *o = (const struct scheme *)l->v + j;
    const char *key = s->period != o->period                         ? "period"
                      : s->primary != o->primary                     ? "primary"
                      : year_print(l->at[i]) != year_print(l->at[j]) ? "year"
                                                                     : NULL;
    if (!key) return;
    policy_fault_item(b, PART_schemes, l->at[i], key,
                      "%.*s: the versions of a scheme have one %s; that of another scheme has "
                      "another id",
                      STR_ARG(s->id), key);
}

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
    for (uint32_t i = 0; i < l->n; i++) {
        set_until(&v[i], l);
        v[i].print = content_print(&v[i], l->at[i]);
        uint32_t j = 0;
        while (j < i && !str_eq(v[j].id, v[i].id))
            j++;
        if (j < i) check_versions(b, i, j);
    }
}
