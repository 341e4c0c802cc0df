/* parts_sign.c - who may sign: the roles that the policy names, as the master data gives them to
 * persons, and never who asks (PRT-003, PRT-004, PRT-029, PRT-055, PRT-058, PRT-069). */
#include "services/parts/parts_private.h"

static enum err person_get(struct step *st, struct str person, struct rec_row_person *out)
{
    struct key k = key_of(person);
    *out = (struct rec_row_person){0};
    enum err e = person.n ? step_get(st, &table_person, &k, out) : ERR_NOT_FOUND;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err parts_has_role(struct step *st, struct str person, struct str role, bool *out)
{
    struct rec_row_person p;
    enum err e = person_get(st, person, &p);
    *out = e == ERR_OK && str_eq(p.role, role) && !p.left;
    return e;
}

static enum err check_own(struct step *st, const struct parts_signature *s)
{
    if (!s->by.n || !str_eq(s->by, s->whose)) return ERR_OK;
    return step_refuse(st, "same_person", s->field,
                       "this is %.*s's own; the competent leader signs it, not who asks",
                       STR_ARG(s->whose));
}

/* "領導, head or manager" */
static struct str listed(struct step *st, struct words roles)
{
    struct str text = {0};
    for (uint32_t i = 0; i < roles.n; i++) {
        const char *between = i == 0 ? "" : i + 1 == roles.n ? " or " : ", ";
        text = arena_printf(st->arena, "%.*s%s%.*s", STR_ARG(text), between, STR_ARG(roles.v[i]));
    }
    return text;
}

enum err parts_signs(struct step *st, const struct parts_signature *s)
{
    struct rec_row_person p;
    enum err e = check_own(st, s);
    if (e != ERR_OK || !s->roles.n) return e;
    e = person_get(st, s->by, &p);
    if (e != ERR_OK || (words_have(s->roles, p.role) && !p.left)) return e;
    struct str is = p.left     ? STR("has left")
                    : p.role.n ? arena_printf(st->arena, "is %.*s", STR_ARG(p.role))
                               : STR("is no member of staff (person.upserted)");
    return step_refuse(st, "not_entitled", s->field,
                       "%.*s %.*s; name in %s somebody whose role is %.*s", STR_ARG(s->by),
                       STR_ARG(is), s->field, STR_ARG(listed(st, s->roles)));
}
