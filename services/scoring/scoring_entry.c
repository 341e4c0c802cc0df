/* scoring_entry.c - what stands on a sheet, and the score made of it.
 *
 * An item has one entry for each rater; the latest stands, by when it happened and then by its id,
 * so that the order in which entries arrive changes nothing. Deductions and bonuses add up: each
 * has a number, that of the punished conduct (SCO-016) or of the case it judges (scoring_judged.c),
 * or is another one. What is reckoned from counted facts is never entered; the service tells it
 * with the ids of its facts. Rules SCO-008,
 * SCO-016, SCO-018, SCO-050, SCO-055, SCO-057. */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"
#include <inttypes.h>
#include <string.h>

#define ENTRIES_MAX 512u
#define SOURCES_MAX 64u

/* ---- keys ---- */

static bool key_fits(const struct key *k, size_t more)
{
    return k->n + more + 1 <= STORE_KEY_MAX;
}

static enum err entry_key(struct step *st, const struct rec_row_score_sheet *sheet,
                          const struct rec_row_score_entry *row, struct str number, struct key *out)
{
    *out = scoring_sheet_key(sheet->person, sheet->scheme, sheet->first);
    if (!key_fits(out, (size_t)row->item.n + row->rater.n + number.n + 2)) {
        return step_refuse(st, "too_long", "entry",
                           "person, scheme, item, rater and number are together longer than %d "
                           "bytes; give a shorter number",
                           STORE_KEY_MAX);
    }
    key_str(out, row->item);
    key_str(out, row->rater);
    key_str(out, number);
    return ERR_OK;
}

/* Do its entries add up? */
static bool adds_up(const struct scheme *s, struct str item)
{
    const struct score_item *i = scheme_item(s, item);
    return scheme_adjust(s, item) || (i && i->entry == SCORE_ENTRY_deduct);
}

static bool is_judged(const struct scheme *s, struct str item)
{
    const struct score_adjust *a = scheme_adjust(s, item);
    return a && a->judged;
}

/* "n3" as they number it or the case, "c…" the conduct, "#3" another one. */
static struct str number_of(struct step *st, struct rec_row_score_sheet *sheet,
                            const struct ev_scoring_item_scored *ev, bool judged)
{
    if (ev->conduct.n && !judged) return arena_printf(st->arena, "c%.*s", STR_ARG(ev->conduct));
    if (ev->entry.n) return arena_printf(st->arena, "n%.*s", STR_ARG(ev->entry));
    return arena_printf(st->arena, "#%" PRIu64, ++sheet->entries);
}

/* ---- all of a sheet ---- */

static bool same_key(const struct key *a, const struct key *b)
{
    return a->n == b->n && memcmp(a->b, b->b, a->n) == 0;
}

enum err scoring_entries_load(struct step *st, const struct rec_row_score_sheet *sheet,
                              struct scoring_entries *out)
{
    struct key prefix = scoring_sheet_key(sheet->person, sheet->scheme, sheet->first);
    struct key at = {.n = 0};
    enum err e = ERR_OK;
    *out = (struct scoring_entries){.sheet = sheet};
    out->v = arena_take(st->arena, ENTRIES_MAX * sizeof *out->v);
    out->keys = arena_take(st->arena, ENTRIES_MAX * sizeof *out->keys);
    while (out->n < ENTRIES_MAX) {
        e = step_next(st, SCORING_TABLE(ENTRY), &prefix, &at, &out->v[out->n]);
        if (e != ERR_OK) break;
        out->keys[out->n++] = at;
    }
    return e == ERR_END ? ERR_OK : e;
}

struct str scoring_entry_number(const struct scoring_entries *all, uint32_t i)
{
    const struct rec_row_score_sheet *sheet = all->sheet;
    struct key before = scoring_sheet_key(sheet->person, sheet->scheme, sheet->first);
    struct str number;
    key_str(&before, all->v[i].item);
    key_str(&before, all->v[i].rater);
    struct key_reader r = {{all->keys[i].b + before.n, all->keys[i].n - before.n}};
    if (key_take_str(&r, &number) != ERR_OK || !number.n || number.p[0] != 'n')
        return (struct str){0};
    return (struct str){number.p + 1, number.n - 1};
}

static struct rec_score_line line_of(const struct rec_row_score_entry *r)
{
    return (struct rec_score_line){.item = r->item,
                                   .rater = r->rater,
                                   .word = r->word,
                                   .points = r->points,
                                   .actual = r->actual,
                                   .reason = r->reason,
                                   .by = r->by,
                                   .at = r->at};
}

/* An entry of no points takes a deduction or a bonus back. */
static bool takes_back(const struct rec_row_score_entry *r)
{
    struct frac points;
    return r->points.n && frac_parse(r->points, &points) && points.num == 0;
}

static struct rec_score_line *lines_of(struct step *st, const struct scoring_entries *all,
                                       const struct scheme *s, uint32_t *n)
{
    struct rec_score_line *v = arena_take(st->arena, (all->n + 1) * sizeof *v);
    *n = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        const struct rec_row_score_entry *r = &all->v[i];
        if (adds_up(s, r->item) && takes_back(r)) continue;
        v[*n] = line_of(r);
        v[(*n)++].event = scoring_entry_number(all, i);
    }
    return v;
}

/* ---- a new entry ---- */

static enum err refuse_why(struct step *st, const struct fault *why)
{
    if (why->rule[0]) st->rule = arena_printf(st->arena, "%s%c", why->rule, 0).p;
    return step_refuse(st, why->code[0] ? why->code : "entry", why->field, "%s", why->text);
}

static enum err check_entry(struct step *st, const struct scheme *s,
                            const struct rec_row_score_sheet *sheet,
                            const struct rec_row_score_entry *row)
{
    struct fault why = {0};
    const struct score_item *item = scheme_item(s, row->item);
    if (item && !score_item_of(item, scheme_class(s, sheet->post))) {
        return step_refuse(st, "item", "item", "%.*s is not on the sheet of a %.*s",
                           STR_ARG(row->item), STR_ARG(sheet->post));
    }
    if (adds_up(s, row->item) && takes_back(row)) return ERR_OK;
    struct rec_score_line line = line_of(row);
    enum err e = reckon_check_line(s, &line, &why);
    return e == ERR_REFUSED ? refuse_why(st, &why) : e;
}

static enum err check_times(struct step *st, const struct scheme *s,
                            const struct scoring_entries *all)
{
    struct fault why = {0};
    uint32_t n;
    struct rec_score_line *lines = lines_of(st, all, s, &n);
    enum err e = reckon_check_times(s, lines, n, &why);
    return e == ERR_REFUSED ? refuse_why(st, &why) : e;
}

static bool is_later(const struct rec_row_score_entry *a, const struct rec_row_score_entry *b)
{
    if (a->at != b->at) return a->at > b->at;
    size_t n = a->event.n < b->event.n ? a->event.n : b->event.n;
    int order = n ? memcmp(a->event.p, b->event.p, n) : 0;
    return order ? order > 0 : a->event.n >= b->event.n;
}

static struct rec_row_score_entry row_of(struct step *st, const struct ev_scoring_item_scored *ev)
{
    struct str id = ev->source_event;
    if (!id.n && st->in) id = st->in->id;
    return (struct rec_row_score_entry){.item = ev->item,
                                        .rater = ev->rater,
                                        .word = ev->word,
                                        .points = ev->points,
                                        .actual = ev->actual,
                                        .reason = ev->reason,
                                        .conduct = ev->conduct,
                                        .standard = ev->standard,
                                        .by_content = ev->by_content,
                                        .by = ev->by,
                                        .event = id,
                                        .at = step_occurred(st)};
}

/* The entry of this item that the event with this id told: so one without a number is corrected. */
static const struct key *told_by(const struct scoring_entries *all, struct str item, struct str id)
{
    for (uint32_t i = 0; id.n && i < all->n; i++)
        if (str_eq(all->v[i].item, item) && str_eq(all->v[i].event, id)) return &all->keys[i];
    return NULL;
}

static enum err place(struct step *st, struct scoring_entries *all, const struct key *k,
                      const struct rec_row_score_entry *row, bool *stands)
{
    uint32_t i = 0;
    while (i < all->n && !same_key(&all->keys[i], k))
        i++;
    *stands = i == all->n || is_later(row, &all->v[i]);
    if (!*stands) return ERR_OK;
    if (i == ENTRIES_MAX)
        return step_refuse(st, "too_many", "item", "a sheet has at most %u entries", ENTRIES_MAX);
    all->keys[i] = *k;
    all->v[i] = *row;
    if (i == all->n) all->n++;
    return ERR_OK;
}

enum err scoring_entry_add(struct step *st, struct rec_row_score_sheet *sheet,
                           struct scoring_entries *all, const struct ev_scoring_item_scored *ev)
{
    const struct scheme *s;
    struct rec_row_score_entry row = row_of(st, ev);
    struct key k;
    bool stands = false;
    enum err e = scoring_standard(st, sheet, &s);
    if (e == ERR_OK) e = check_entry(st, s, sheet, &row);
    if (e != ERR_OK) return e;
    bool adds = adds_up(s, ev->item), judged = is_judged(s, ev->item);
    if (ev->conduct.n && !adds) {
        st->rule = "SCO-016";
        return step_refuse(st, "conduct", "conduct",
                           "points for punished conduct are deducted; %.*s takes no deduction",
                           STR_ARG(ev->item));
    }
    const struct key *told = adds && !ev->conduct.n ? told_by(all, ev->item, ev->entry) : NULL;
    if (judged && !told && !takes_back(&row)) e = scoring_judged_check(st, all, s, ev);
    if (e != ERR_OK) return e;
    if (told)
        k = *told;
    else
        e = entry_key(st, sheet, &row, adds ? number_of(st, sheet, ev, judged) : (struct str){0},
                      &k);
    if (e == ERR_OK) e = place(st, all, &k, &row, &stands);
    if (e == ERR_OK && stands) e = check_times(st, s, all);
    if (e == ERR_OK && stands) step_put(st, SCORING_TABLE(ENTRY), &k, &row);
    return e;
}

/* ---- the score ---- */

/* SCO-052: his post on the last day of the period, where the scheme pays by that. */
static enum err pay_post(struct step *st, const struct rec_row_score_sheet *sheet,
                         const struct scheme *s, struct str *out)
{
    const struct scheme *on = NULL;
    struct str post;
    *out = (struct str){0};
    if (s->level_day != SCORE_LEVEL_DAY_last) return ERR_OK;
    int32_t last = scoring_period_next(s->period, sheet->first, 1) - 1;
    enum err e = scoring_scheme_of(st, sheet->person, last, &on, &post);
    if (e == ERR_OK && on == s) *out = post;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct reckoned *scoring_entries_reckon(struct step *st, const struct scoring_entries *all,
                                        enum err *e)
{
    const struct rec_row_score_sheet *sheet = all->sheet;
    const struct scheme *s;
    struct frac *facts = NULL;
    uint32_t n;
    *e = scoring_standard(st, sheet, &s);
    if (*e != ERR_OK) return NULL;
    *e = scoring_tallies(st, sheet->person, sheet->unit, s->period, sheet->first, &facts);
    if (*e != ERR_OK) return NULL;
    struct reckon_input in = {.scheme = s, .post = sheet->post, .facts = facts};
    *e = pay_post(st, sheet, s, &in.pay_post);
    if (*e != ERR_OK) return NULL;
    in.lines = lines_of(st, all, s, &n);
    in.line_count = n;
    in.quarter_share = reckon_quarter_share(st->policy, s, sheet->first);
    *e = scoring_judged_cases(st, all, s, &in);
    if (*e != ERR_OK) return NULL;
    struct reckoned *r = arena_take(st->arena, sizeof *r);
    reckon(&in, r);
    return r;
}

enum err scoring_score_take(struct step *st, struct rec_row_score_sheet *sheet,
                            const struct reckoned *r)
{
    if (frac_has(r->score) && r->score.num >= 0) {
        sheet->score_num = r->score.num;
        sheet->score_den = r->score.den;
        sheet->grade = r->grade ? r->grade->grade : (struct str){0};
        return ERR_OK;
    }
    st->rule = "SCO-050";
    for (uint32_t i = 0; i < r->item_count; i++) {
        const struct score_item *item = r->items[i].item;
        if (frac_has(r->items[i].award) || item->placeholder) continue;
        bool counted = item->entry == SCORE_ENTRY_facts;
        return step_refuse(st, "incomplete", "item",
                           counted ? "%.*s has no value: a fact it is counted from was not "
                                     "reported for the period; let it be reported"
                                   : "%.*s has no value yet; enter it",
                           STR_ARG(item->id));
    }
    return step_refuse(st, "range", "item",
                       "the figures of this sheet are too large to be reckoned; correct them");
}

static uint64_t mix(uint64_t h, uint64_t x)
{
    for (int i = 0; i < 8; i++)
        h = (h ^ (x >> (8 * i) & 0xff)) * UINT64_C(1099511628211);
    return h;
}

static uint64_t mix_frac(uint64_t h, struct frac a)
{
    return mix(mix(h, (uint64_t)a.num), (uint64_t)a.den);
}

/* FNV-1a of everything that follows from the sheet, in 63 bits. */
uint64_t scoring_print(const struct reckoned *r)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (uint32_t i = 0; i < r->item_count; i++)
        h = mix_frac(h, r->items[i].award);
    for (uint32_t i = 0; i < r->adjust_count; i++)
        h = mix_frac(h, r->adjusts[i].points);
    for (uint32_t i = 0; i < r->figure_count; i++)
        h = mix_frac(h, r->figures[i].value);
    for (uint32_t i = 0; i < r->pay_count; i++)
        h = mix_frac(h, r->pay[i].yuan);
    h = mix(mix_frac(h, r->score), r->passed);
    for (uint32_t i = 0; r->grade && i < r->grade->grade.n; i++)
        h = mix(h, (uint8_t)r->grade->grade.p[i]);
    return h & INT64_MAX;
}

/* ---- what was counted (SCO-008) ---- */

struct counted {
    struct rec_score_source v[SOURCES_MAX];
    uint32_t n;
    uint64_t count;
};

static enum err count_month(struct step *st, const struct rec_row_score_sheet *sheet,
                            struct str fact, int32_t month, struct counted *c)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_score_fact row;
    struct rec_row_score_tally tally;
    key_u8(&prefix, 0);
    key_str(&prefix, sheet->person);
    key_day(&prefix, month);
    key_str(&prefix, fact);
    enum err e = step_get(st, SCORING_TABLE(TALLY), &prefix, &tally);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e == ERR_OK) c->count += tally.n;
    while (e == ERR_OK && c->n < SOURCES_MAX) {
        e = step_next(st, SCORING_TABLE(FACT), &prefix, &at, &row);
        if (e != ERR_OK || row.withdrawn == yes_no_yes) continue;
        c->v[c->n++] = (struct rec_score_source){fact, row.event, row.day};
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err count_uses(struct step *st, const struct rec_row_score_sheet *sheet,
                           const struct scheme *s, const struct formula *f, struct counted *c)
{
    struct formula_uses uses = formula_uses(f);
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < uses.n; i++) {
        uint32_t at = uses.v[i];
        if (at < s->at.facts || at >= s->at.facts + st->policy->score_fact_count) continue;
        struct str fact = st->policy->score_facts[at - s->at.facts].id;
        int32_t end = scoring_period_next(s->period, sheet->first, 1);
        for (int32_t m = sheet->first; e == ERR_OK && m < end; m = day_add_months(m, 1))
            e = count_month(st, sheet, fact, m, c);
    }
    return e;
}

static enum err tell(struct step *st, const struct rec_row_score_sheet *sheet, struct str item,
                     const struct formula *f, struct frac points)
{
    const struct scheme *s = policy_scheme_at(st->policy, sheet->scheme, sheet->first);
    struct counted *c = arena_take(st->arena, sizeof *c);
    char text[FRAC_TEXT_MAX];
    c->n = 0, c->count = 0;
    enum err e = count_uses(st, sheet, s, f, c);
    if (e != ERR_OK) return e;
    frac_text(points, st->policy->scoring.decimals, text);
    struct ev_scoring_item_scored ev = {.person = sheet->person,
                                        .scheme = sheet->scheme,
                                        .first = sheet->first,
                                        .item = item,
                                        .points = str_of(text),
                                        .counted = c->count};
    ev.sources.v = c->v;
    ev.sources.n = c->n;
    step_emit_as(st, "SCO-008", EV_scoring_item_scored, &ev);
    return ERR_OK;
}

enum err scoring_entries_tell(struct step *st, const struct rec_row_score_sheet *sheet,
                              const struct reckoned *r)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->item_count; i++) {
        const struct score_item *item = r->items[i].item;
        if (item->entry == SCORE_ENTRY_facts && frac_has(r->items[i].award))
            e = tell(st, sheet, item->id, item->award, r->items[i].award);
    }
    for (uint32_t i = 0; e == ERR_OK && i < r->adjust_count; i++) {
        const struct score_adjust *a = r->adjusts[i].adjust;
        if (a->points && frac_has(r->adjusts[i].points) && r->adjusts[i].points.num)
            e = tell(st, sheet, a->id, a->points, r->adjusts[i].points);
    }
    return e;
}
