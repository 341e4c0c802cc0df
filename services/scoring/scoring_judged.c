/* scoring_judged.c - entries that judge counted facts, one each: a complaint found true by its case
 * (SCO-048). What names the fact, the value of its ref, is the number of the entry; an entry whose
 * fact is taken back stays on the sheet and says nothing. */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"

struct judging {
    struct step *st;
    const struct rec_row_score_sheet *sheet;
    const struct scheme *s;
};

static bool is_fact(const struct judging *j, uint32_t place)
{
    uint32_t first = j->s->at.facts;
    return place >= first && place < first + j->st->policy->score_fact_count;
}

/* Before the names of the facts of a month of this person. */
static struct key facts_key(const struct judging *j, uint32_t place, int32_t month)
{
    struct key k = {.n = 0};
    key_u8(&k, 0);
    key_str(&k, j->sheet->person);
    key_day(&k, month);
    key_str(&k, j->st->policy->score_facts[place - j->s->at.facts].id);
    return k;
}

static int32_t end_of(const struct judging *j)
{
    return scoring_period_next(j->s->period, j->sheet->first, 1);
}

/* Does the fact of this name stand? Read by its key, so that what this very step takes back is
 * seen. ERR_NOT_FOUND. */
static enum err stands(const struct judging *j, uint32_t place, struct str no)
{
    struct str ref = arena_printf(j->st->arena, "%c%.*s", SCORING_REF_MARK, STR_ARG(no));
    for (int32_t m = j->sheet->first; m < end_of(j); m = day_add_months(m, 1)) {
        struct rec_row_score_fact row;
        struct key k = facts_key(j, place, m);
        key_str(&k, ref);
        enum err e = step_get(j->st, SCORING_TABLE(FACT), &k, &row);
        if (e != ERR_NOT_FOUND && (e != ERR_OK || row.withdrawn != yes_no_yes)) return e;
    }
    return ERR_NOT_FOUND;
}

static enum err find(const struct judging *j, const struct score_adjust *a, struct str no,
                     struct reckon_case *out)
{
    struct formula_uses uses = formula_uses(a->judged);
    enum err e = ERR_NOT_FOUND;
    for (uint32_t i = 0; no.n && e == ERR_NOT_FOUND && i < uses.n; i++) {
        if (!is_fact(j, uses.v[i])) continue;
        *out = (struct reckon_case){uses.v[i] - j->s->at.facts, no};
        e = stands(j, uses.v[i], no);
    }
    return e;
}

enum err scoring_judged_cases(struct step *st, const struct scoring_entries *all,
                              const struct scheme *s, struct reckon_input *in)
{
    const struct judging j = {st, all->sheet, s};
    struct reckon_case *v = arena_take(st->arena, (all->n + 1) * sizeof *v);
    uint32_t n = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        const struct score_adjust *a = scheme_adjust(s, all->v[i].item);
        if (!a || !a->judged) continue;
        enum err e = find(&j, a, scoring_entry_number(all, i), &v[n]);
        if (e == ERR_OK) n++;
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    }
    in->cases = v, in->case_count = n;
    return ERR_OK;
}

/* ---- which there are, for who names none of them ---- */

struct names {
    char text[120];
    uint32_t n;
};

static void name(struct names *out, struct str ref)
{
    if (ref.n < 2 || ref.p[0] != SCORING_REF_MARK || out->n + ref.n + 2 > sizeof out->text) return;
    out->n += (uint32_t)snprintf(out->text + out->n, sizeof out->text - out->n, "%s%.*s",
                                 out->n ? ", " : "", (int)ref.n - 1, ref.p + 1);
}

static enum err names_of_month(const struct judging *j, uint32_t place, int32_t month,
                               struct names *out)
{
    struct key prefix = facts_key(j, place, month), at = {.n = 0};
    struct rec_row_score_fact row;
    enum err e;
    while ((e = step_next(j->st, SCORING_TABLE(FACT), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str ref;
        if (row.withdrawn == yes_no_yes) continue;
        if (key_take_str(&r, &ref) != ERR_OK) return ERR_CORRUPT;
        name(out, ref);
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err names_of(const struct judging *j, const struct score_adjust *a, struct names *out)
{
    struct formula_uses uses = formula_uses(a->judged);
    enum err e = ERR_OK;
    for (uint32_t i = 0; i < uses.n; i++) {
        if (!is_fact(j, uses.v[i])) continue;
        for (int32_t m = j->sheet->first; e == ERR_OK && m < end_of(j); m = day_add_months(m, 1))
            e = names_of_month(j, uses.v[i], m, out);
    }
    return e;
}

enum err scoring_judged_check(struct step *st, const struct scoring_entries *all,
                              const struct scheme *s, const struct ev_scoring_item_scored *ev)
{
    const struct judging j = {st, all->sheet, s};
    const struct score_adjust *a = scheme_adjust(s, ev->item);
    struct names there = {.n = 0};
    struct reckon_case found;
    REQUIRE(a && a->judged);
    st->rule = "SCO-048";
    if (ev->rater.n)
        return step_refuse(st, "rater", "rater", "a case is judged once; leave the rater out");
    enum err e = find(&j, a, ev->entry, &found);
    if (e != ERR_NOT_FOUND) return e;
    e = names_of(&j, a, &there);
    if (e != ERR_OK) return e;
    if (!there.n)
        return step_refuse(st, "case", "entry",
                           "no case of %.*s was found true in the period; there is nothing for "
                           "%.*s to judge",
                           STR_ARG(j.sheet->person), STR_ARG(a->id));
    return step_refuse(st, "case", "entry",
                       "an entry for %.*s judges a case that was found true; say in entry which: "
                       "%s",
                       STR_ARG(a->id), there.text);
}
