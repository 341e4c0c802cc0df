/* parts_budget.c - budgets of a year and the costs counted against them (PRT-051).
 *
 * A cost counts for its kind and for the after-sales budget as a whole; each of these for its unit
 * and project, for the unit, for the project, and for all together. Going over a budget is a
 * warning: nothing is refused. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

struct scope {
    uint64_t year;
    enum budget_kind kind;
    struct str unit, project;
};

static struct key key_of_scope(const struct scope *s)
{
    struct key k = {.n = 0};
    key_u64(&k, s->year);
    key_u8(&k, (uint8_t)s->kind);
    key_str(&k, s->unit);
    key_str(&k, s->project);
    return k;
}

static enum err load(struct step *st, const struct scope *s, struct rec_row_budget *out)
{
    struct key k = key_of_scope(s);
    enum err e = step_get(st, PARTS_TABLE(BUDGET), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_budget){0};
    return ERR_OK;
}

static bool is_over(const struct rec_row_budget *r)
{
    return r->set && r->spent > r->amount;
}

static void save(struct step *st, const struct scope *s, struct rec_row_budget *r, bool warn)
{
    struct key k = key_of_scope(s);
    if (warn) {
        struct ev_budget_exceeded ev = {.year = s->year,
                                        .kind = s->kind,
                                        .unit = s->unit,
                                        .project = s->project,
                                        .amount = r->amount,
                                        .spent = r->spent};
        r->warnings++;
        step_emit_as(st, "PRT-051", EV_budget_exceeded, &ev);
    }
    step_put(st, PARTS_TABLE(BUDGET), &k, r);
}

enum err parts_budget_set(struct step *st, const struct ev_budget_set *ev)
{
    struct scope s = {ev->year, ev->kind, ev->unit, ev->project};
    struct rec_row_budget r;
    enum err e = load(st, &s, &r);
    if (e != ERR_OK) return e;
    r.amount = ev->amount;
    r.set = true;
    r.by = ev->by;
    save(st, &s, &r, is_over(&r));
    return ERR_OK;
}

#define SPENT_MAX INT64_C(1000000000000000) /* as budget.exceeded has it */

/* Both are within the scale; what passes its end stays there. */
static int64_t sum(int64_t a, int64_t b)
{
    int64_t out = a + b;
    return out > SPENT_MAX ? SPENT_MAX : out < -SPENT_MAX ? -SPENT_MAX : out;
}

static enum err count(struct step *st, const struct scope *s, int64_t fen)
{
    struct rec_row_budget r;
    enum err e = load(st, s, &r);
    if (e != ERR_OK) return e;
    bool before = is_over(&r);
    r.spent = sum(r.spent, fen);
    save(st, s, &r, !before && is_over(&r));
    return ERR_OK;
}

enum err parts_cost_add(struct step *st, const struct parts_cost *c)
{
    int year, month, mday;
    day_split(zone_day(step_zone(st, c->unit), step_occurred(st)), &year, &month, &mday);
    enum err e = ERR_OK;
    const enum budget_kind kinds[] = {c->kind, budget_kind_service};
    for (int i = 0; c->fen && i < 8; i++) {
        struct scope s = {.year = (uint64_t)year, .kind = kinds[i / 4]};
        bool of_unit = i & 1, of_project = i & 2;
        if ((of_unit && !c->unit.n) || (of_project && !c->project.n)) continue;
        if (of_unit) s.unit = c->unit;
        if (of_project) s.project = c->project;
        e = count(st, &s, c->fen);
        if (e != ERR_OK) return e;
    }
    return e;
}
