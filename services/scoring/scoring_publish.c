/* scoring_publish.c - results: published, revised, found to be stale.
 *
 * A sheet is reckoned anew when it is published. A fact that changes afterwards marks the revision
 * stale, once, when anything on the sheet would be different; the result stands until a new
 * revision is published. Rules SCO-004, SCO-008, SCO-026, SCO-038, SCO-133. */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"

#define REVISION_MAX 255

static struct key result_key(struct str person, struct str scheme, int32_t first)
{
    return scoring_sheet_key(person, scheme, first);
}

/* A published result; ERR_NOT_FOUND. first: first day of its period. */
static enum err result_get(struct step *st, struct str person, struct str scheme, int32_t first,
                           struct rec_row_score_result *out)
{
    struct key k = result_key(person, scheme, first);
    return step_get(st, SCORING_TABLE(RESULT), &k, out);
}

struct str scoring_score_text(struct step *st, struct frac score)
{
    char text[FRAC_TEXT_MAX];
    frac_text(score, st->policy->scoring.decimals, text);
    return arena_printf(st->arena, "%s", text);
}

void scoring_result_tell(struct step *st, const char *rule, const struct rec_row_score_result *r)
{
    struct ev_scoring_result_published ev = {
        .person = r->person,
        .scheme = r->scheme,
        .first = r->first,
        .revision = r->revision,
        .unit = r->unit,
        .post = r->post,
        .score_num = r->score_num,
        .score_den = r->score_den,
        .score = scoring_score_text(st, (struct frac){r->score_num, r->score_den}),
        .grade = r->grade,
        .label = r->label,
        .passed = r->passed,
        .provisional = r->provisional};
    step_emit_as(st, rule, EV_scoring_result_published, &ev);
}

/* The sheet as it is after the publication; both signatures are asked for again. */
static void mark_published(struct rec_row_score_sheet *sheet, const struct reckoned *r)
{
    sheet->state = score_sheet_state_published;
    sheet->revision++;
    sheet->print = scoring_print(r);
    sheet->stale = 0;
    sheet->appeal = 0;
    sheet->signed_employee = sheet->signed_manager = (struct str){0};
    sheet->interviewed_on = 0;
    sheet->acknowledged_at = sheet->archived_at = 0;
}

/* SCO-133: complaints of the period wait for their review. */
static enum err is_provisional(struct step *st, const struct scheme *s,
                               struct rec_row_score_result *r)
{
    bool final = true;
    enum err e = s ? scoring_final(st, s->period, r->first, &final) : ERR_OK;
    if (!final) r->provisional = yes_no_yes;
    return e;
}

static enum err put_result(struct step *st, const struct rec_row_score_result *new,
                           const struct reckoned *r)
{
    struct rec_row_score_result before;
    struct key k = result_key(new->person, new->scheme, new->first);
    enum err e = step_get(st, SCORING_TABLE(RESULT), &k, &before);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    const struct rec_row_score_result *was = e == ERR_OK ? &before : NULL;
    step_put(st, SCORING_TABLE(RESULT), &k, new);
    e = scoring_pay_published(st, new, r);
    return e == ERR_OK ? scoring_year_published(st, new, was) : e;
}

/* The quotas may have published it once more, with the grade of its rank (SCO-027). */
static enum err take_given(struct step *st, struct rec_row_score_sheet *sheet)
{
    struct rec_row_score_result now;
    enum err e = result_get(st, sheet->person, sheet->scheme, sheet->first, &now);
    if (e != ERR_OK || now.revision == sheet->revision) return e;
    sheet->revision = now.revision;
    sheet->grade = now.grade;
    scoring_sheet_put(st, sheet);
    return ERR_OK;
}

/* ---- who is scored by facts of his unit ---- */

static bool is_of_unit(const struct score_fact *f)
{
    return f->on.n && !f->person.n;
}

/* Does this formula speak of a fact of the unit: of this one, or (fact empty) of any? */
static bool speaks(const struct policy *p, const struct scheme *s, const struct formula *f,
                   struct str fact)
{
    struct formula_uses uses = f ? formula_uses(f) : (struct formula_uses){0};
    for (uint32_t i = 0; i < uses.n; i++) {
        if (uses.v[i] < s->at.facts || uses.v[i] >= s->at.items) continue;
        const struct score_fact *used = &p->score_facts[uses.v[i] - s->at.facts];
        if (is_of_unit(used) && (!fact.n || str_eq(used->id, fact))) return true;
    }
    return false;
}

static bool scheme_speaks(const struct policy *p, const struct scheme *s, struct str fact)
{
    for (uint32_t i = 0; i < s->item_count; i++) {
        if (speaks(p, s, s->items[i].award, fact)) return true;
    }
    for (uint32_t i = 0; i < s->adjust_count; i++) {
        const struct score_adjust *a = &s->adjusts[i];
        if (speaks(p, s, a->points, fact) || speaks(p, s, a->judged, fact)) return true;
    }
    for (uint32_t i = 0; i < s->figure_count; i++) {
        if (speaks(p, s, s->figures[i].value, fact)) return true;
    }
    for (uint32_t i = 0; i < s->pay_count; i++) {
        if (speaks(p, s, s->pay[i].amount, fact)) return true;
    }
    return speaks(p, s, s->passes, fact);
}

/* SCO-065: what opens the excess profit stands in no formula. */
static bool shares_profit(const struct policy *p, const struct scheme *s)
{
    return str_eq(s->id, p->scoring.pay.profit_scheme);
}

static bool is_gate(const struct policy *p, const struct scheme *s, struct str fact)
{
    return shares_profit(p, s) && str_eq(fact, p->scoring.pay.profit_gate);
}

static struct key of_unit_key(struct str unit, struct str scheme, int32_t first)
{
    struct key k = key_of(unit);
    key_str(&k, scheme);
    key_day(&k, first);
    return k;
}

static void note_of_unit(struct step *st, const struct scheme *s,
                         const struct rec_row_score_sheet *sheet)
{
    struct rec_row_mark mark = {.set = true};
    if (!s || !sheet->unit.n) return;
    if (!scheme_speaks(st->policy, s, (struct str){0}) && !shares_profit(st->policy, s)) return;
    struct key k = of_unit_key(sheet->unit, sheet->scheme, sheet->first);
    key_str(&k, sheet->person);
    step_put(st, SCORING_TABLE(OF_UNIT), &k, &mark);
}

/* ---- publication ---- */

enum err scoring_publish(struct step *st, struct rec_row_score_sheet *sheet,
                         const struct reckoned *r)
{
    const struct scheme *s = policy_scheme_at(st->policy, sheet->scheme, sheet->first);
    st->rule = "SCO-026";
    if (sheet->revision == REVISION_MAX) {
        return step_refuse(st, "too_many", "first", "a result has at most %d revisions",
                           REVISION_MAX);
    }
    enum err e = scoring_score_take(st, sheet, r);
    if (e != ERR_OK) return e;
    mark_published(sheet, r);
    e = scoring_appeal_open(st, sheet, step_occurred(st));
    if (e != ERR_OK) return e;
    scoring_sheet_put(st, sheet);
    note_of_unit(st, s, sheet);
    struct rec_row_score_result new = {.revision = sheet->revision,
                                       .person = sheet->person,
                                       .scheme = sheet->scheme,
                                       .first = sheet->first,
                                       .unit = sheet->unit,
                                       .post = sheet->post,
                                       .score_num = sheet->score_num,
                                       .score_den = sheet->score_den,
                                       .grade = sheet->grade,
                                       .published_at = step_occurred(st)};
    if (r->grade) new.label = r->grade->label;
    if (s && s->passes && r->judged) new.passed = r->passed ? yes_no_yes : yes_no_no;
    e = is_provisional(st, s, &new);
    if (e != ERR_OK) return e;
    scoring_result_tell(st, "SCO-026", &new);
    e = put_result(st, &new, r);
    return e == ERR_OK ? take_given(st, sheet) : e;
}

/* ---- stale ---- */

/* By a content that was changed in its period a sheet cannot be looked at: it is stale. */
static enum err look_again(struct step *st, struct rec_row_score_sheet *sheet, struct str fact,
                           int32_t day)
{
    const struct scheme *s = policy_scheme_at(st->policy, sheet->scheme, sheet->first);
    struct scoring_entries all;
    const struct reckoned *r = NULL;
    bool held;
    REQUIRE(s != NULL); /* it was touched as one of that scheme */
    enum err e = scoring_standard_held(st, s, sheet->first, &held);
    if (e == ERR_OK && held) e = scoring_entries_load(st, sheet, &all);
    if (e == ERR_OK && held) r = scoring_entries_reckon(st, &all, &e);
    if (e != ERR_OK || (r && scoring_print(r) == sheet->print)) return e;
    sheet->stale = yes_no_yes;
    scoring_sheet_put(st, sheet);
    struct ev_scoring_result_stale ev = {
        .person = sheet->person,
        .scheme = sheet->scheme,
        .first = sheet->first,
        .revision = sheet->revision,
        .fact = fact,
        .day = day,
        .was = scoring_score_text(st, (struct frac){sheet->score_num, sheet->score_den})};
    if (r && frac_has(r->score)) ev.would_be = scoring_score_text(st, r->score);
    step_emit_as(st, "SCO-008", EV_scoring_result_stale, &ev);
    return ERR_OK;
}

static enum err touch(struct step *st, struct str person, const struct scheme *s, int32_t day,
                      struct str fact)
{
    struct rec_row_score_sheet sheet;
    enum err e = scoring_sheet_get(st, person, s->id, scoring_period(s->period, day), &sheet);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    bool out = e == ERR_OK && sheet.state >= score_sheet_state_published &&
               sheet.state != score_sheet_state_cancelled;
    if (out && sheet.stale != yes_no_yes) e = look_again(st, &sheet, fact, day);
    return e;
}

enum err scoring_sheet_touched(struct step *st, struct str person, int32_t day, struct str fact)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < st->policy->scheme_count; i++) {
        const struct scheme *s = &st->policy->schemes[i];
        if (scheme_holds(s, day)) e = touch(st, person, s, day, fact);
    }
    return e;
}

static enum err touch_one(struct step *st, struct str person, const struct scheme *s, int32_t day,
                          struct str fact)
{
    enum err e = is_gate(st->policy, s, fact) ? scoring_pay_profit(st, person, day) : ERR_OK;
    return e == ERR_OK ? touch(st, person, s, day, fact) : e;
}

static enum err touch_all(struct step *st, struct str unit, const struct scheme *s, int32_t day,
                          struct str fact)
{
    struct key prefix = of_unit_key(unit, s->id, scoring_period(s->period, day)), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, SCORING_TABLE(OF_UNIT), &prefix, &at, &mark)) == ERR_OK) {
        struct str person;
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        e = key_take_str(&r, &person);
        if (e == ERR_OK) e = touch_one(st, arena_str(st->arena, person), s, day, fact);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err scoring_unit_touched(struct step *st, struct str unit, int32_t day, struct str fact)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < st->policy->scheme_count; i++) {
        const struct scheme *s = &st->policy->schemes[i];
        bool of_it = is_gate(st->policy, s, fact) || scheme_speaks(st->policy, s, fact);
        if (of_it && scheme_holds(s, day)) e = touch_all(st, unit, s, day, fact);
    }
    return e;
}
