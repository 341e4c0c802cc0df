/* explain_score.c - `cuiban explain score`: what a score is made of, item by item down to the
 * entries and the events that were counted, what it lacks to the next grade, and what was paid of
 * it (SCO-008). The score is reckoned again; when that is not what was published, it is said. */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/cli/score_sheet.h"
#include <string.h>

#define SHOWN_DECIMALS 2

struct tale {
    struct view *v;
    const struct score_sheet *s;
    const struct zone *zone;
    FILE *out;
};

static const char *shown(struct frac f, char out[FRAC_TEXT_MAX])
{
    frac_text(f, SHOWN_DECIMALS, out);
    return out;
}

static json_t *json_str(struct str s)
{
    return json_stringn(s.n ? s.p : "", s.n);
}

static void set_str(json_t *o, const char *name, struct str s)
{
    if (s.n) json_object_set_new(o, name, json_str(s));
}

static void set_frac(json_t *o, const char *name, struct frac f)
{
    char text[FRAC_TEXT_MAX];
    if (frac_has(f)) json_object_set_new(o, name, json_string(shown(f, text)));
}

static void set_day(json_t *o, const char *name, int32_t day)
{
    char text[11];
    if (!day) return;
    day_format(day, text);
    json_object_set_new(o, name, json_string(text));
}

/* ---- entries and counted facts of an item ---- */

static bool of_entry(const struct rec_row_score_entry *e, struct str item)
{
    return str_eq(e->item, item);
}

static void print_entry(const struct tale *t, uint32_t i)
{
    const struct rec_row_score_entry *e = &t->s->entries[i];
    struct str number = t->s->numbers[i];
    char at[40] = "";
    const struct str *said = e->word.n ? &e->word : e->actual.n ? &e->actual : &e->points;
    if (e->at) time_format(e->at, t->zone, at);
    fprintf(t->out, "      %.*s", STR_ARG(*said));
    if (number.n) fprintf(t->out, " for %.*s", STR_ARG(number));
    if (e->rater.n) fprintf(t->out, " by %.*s", STR_ARG(e->rater));
    if (e->by.n) fprintf(t->out, " (%.*s)", STR_ARG(e->by));
    fprintf(t->out, "  %s", at);
    if (e->event.n) fprintf(t->out, "  %.*s", STR_ARG(e->event));
    if (e->reason.n) fprintf(t->out, "  %.*s", STR_ARG(e->reason));
    fputc('\n', t->out);
}

static json_t *line_to_json(const struct tale *t, uint32_t i)
{
    const struct rec_row_score_entry *e = &t->s->entries[i];
    json_t *o = json_object();
    set_str(o, "entry", t->s->numbers[i]);
    set_str(o, "word", e->word);
    set_str(o, "points", e->points);
    set_str(o, "actual", e->actual);
    set_str(o, "rater", e->rater);
    set_str(o, "by", e->by);
    set_str(o, "reason", e->reason);
    set_str(o, "event", e->event);
    return o;
}

static void print_fact(const struct tale *t, uint32_t fact)
{
    char text[FRAC_TEXT_MAX], day[11];
    const struct score_sheet *s = t->s;
    struct str id = s->policy->score_facts[fact].id;
    fprintf(t->out, "      %.*s = %s\n", STR_ARG(id), shown(s->facts[fact], text));
    for (uint32_t i = 0; i < s->seen_count; i++) {
        const struct rec_row_score_fact *f = &s->seen[i].row;
        if (s->seen[i].fact != fact) continue;
        day_format(f->day, day);
        fprintf(t->out, "        %s  %.*s  %.*s", day, STR_ARG(f->event), STR_ARG(f->type));
        if (f->amount != 1) fprintf(t->out, "  %lld", (long long)f->amount);
        fputc('\n', t->out);
    }
}

static json_t *fact_to_json(const struct tale *t, uint32_t fact)
{
    const struct score_sheet *s = t->s;
    json_t *o = json_object(), *events = json_array();
    set_str(o, "fact", s->policy->score_facts[fact].id);
    set_frac(o, "value", s->facts[fact]);
    for (uint32_t i = 0; i < s->seen_count; i++) {
        const struct rec_row_score_fact *f = &s->seen[i].row;
        if (s->seen[i].fact != fact) continue;
        json_t *e = json_object();
        set_str(e, "event", f->event);
        set_str(e, "type", f->type);
        set_str(e, "log", f->log);
        set_day(e, "day", f->day);
        json_object_set_new(e, "amount", json_integer(f->amount));
        json_array_append_new(events, e);
    }
    json_object_set_new(o, "events", events);
    return o;
}

/* The facts a formula speaks of. */
static uint32_t facts_of(const struct tale *t, const struct formula *f, uint32_t *out, uint32_t max)
{
    const struct scoring_places *at = &t->s->scheme->at;
    uint32_t n = 0;
    if (!f) return 0;
    struct formula_uses uses = formula_uses(f);
    for (uint32_t i = 0; i < uses.n && n < max; i++) {
        if (uses.v[i] >= at->facts && uses.v[i] < at->items) out[n++] = uses.v[i] - at->facts;
    }
    return n;
}

/* ---- a line of the sheet: an item, a deduction, a bonus ---- */

struct part {
    struct str id, name;
    struct frac points, most;
    const struct formula *formula;
};
#define PART_FACTS_MAX 32

static void print_part(const struct tale *t, const struct part *p, const char *sign)
{
    char points[FRAC_TEXT_MAX], most[FRAC_TEXT_MAX] = "";
    uint32_t facts[PART_FACTS_MAX], n = facts_of(t, p->formula, facts, PART_FACTS_MAX);
    if (frac_has(p->most)) frac_text(p->most, SHOWN_DECIMALS, most);
    fprintf(t->out, "  %s", sign);
    listing_print_padded(t->out, p->id, 24, false);
    listing_print_padded(t->out, str_of(shown(p->points, points)), 10, true);
    fprintf(t->out, "%s%s  %.*s\n", most[0] ? " of " : "", most, STR_ARG(p->name));
    for (uint32_t i = 0; i < t->s->entry_count; i++) {
        if (of_entry(&t->s->entries[i], p->id)) print_entry(t, i);
    }
    for (uint32_t i = 0; i < n; i++)
        print_fact(t, facts[i]);
}

static json_t *part_to_json(const struct tale *t, const struct part *p)
{
    uint32_t facts[PART_FACTS_MAX], n = facts_of(t, p->formula, facts, PART_FACTS_MAX);
    json_t *o = json_object(), *entries = json_array(), *counted = json_array();
    set_str(o, "id", p->id);
    set_str(o, "name", p->name);
    set_frac(o, "points", p->points);
    set_frac(o, "most", p->most);
    for (uint32_t i = 0; i < t->s->entry_count; i++) {
        if (of_entry(&t->s->entries[i], p->id)) json_array_append_new(entries, line_to_json(t, i));
    }
    for (uint32_t i = 0; i < n; i++)
        json_array_append_new(counted, fact_to_json(t, facts[i]));
    json_object_set_new(o, "entries", entries);
    json_object_set_new(o, "counted", counted);
    return o;
}

static struct part item_part(const struct reckoned_item *i)
{
    return (struct part){i->item->id, i->item->name, i->award, i->item->max, i->item->award};
}

static struct part adjust_part(const struct reckoned_adjust *a)
{
    const struct formula *f = a->adjust->points ? a->adjust->points : a->adjust->judged;
    return (struct part){a->adjust->id, a->adjust->name, a->points, FRAC_NONE, f};
}

/* ---- the whole ---- */

/* Is the score not what the entries and facts give now? */
static bool is_other(const struct score_sheet *s)
{
    struct frac was = {s->result.score_num, s->result.score_den};
    return !frac_has(s->now.score) || frac_cmp(was, s->now.score) != 0;
}

/* A fact may also change no more than what is paid. */
static bool is_stale(const struct score_sheet *s)
{
    return s->result.revision && (s->row.stale == yes_no_yes || (!s->changed && is_other(s)));
}

static void print_grade(FILE *out, struct str grade, struct str label)
{
    fprintf(out, "%.*s%s%.*s", STR_ARG(grade), label.n ? " " : "", STR_ARG(label));
}

static void print_head(const struct tale *t)
{
    char period[SCORE_PERIOD_TEXT_MAX], score[FRAC_TEXT_MAX], total[FRAC_TEXT_MAX];
    const struct score_sheet *s = t->s;
    score_period_text(s->scheme->period, s->row.first, period);
    fprintf(t->out, "%.*s  %.*s %.*s  %s  %.*s %.*s\n", STR_ARG(s->row.person),
            STR_ARG(s->scheme->id), STR_ARG(s->scheme->name), period, STR_ARG(s->row.unit),
            STR_ARG(s->row.post));
    fprintf(t->out, "  %s, ", code_word(&codes_score_sheet_state, s->row.state));
    struct frac was = {s->result.score_num, s->result.score_den};
    if (s->result.revision) {
        fprintf(t->out, "revision %llu: %s of %s", (unsigned long long)s->result.revision,
                shown(was, score), shown(s->scheme->total, total));
        if (s->result.grade.n) fputs(", ", t->out);
        print_grade(t->out, s->result.grade, s->result.label);
        if (s->result.passed)
            fprintf(t->out, ", %s", s->result.passed == yes_no_yes ? "passed" : "not passed");
    } else {
        fprintf(t->out, "not published");
    }
    fputc('\n', t->out);
    if (s->changed) {
        fputs("  reckoned here by a content of the scheme that was changed after the period began; "
              "the set before it can be given as --policy, too\n",
              t->out);
    } else if (is_stale(s) && is_other(s)) {
        fprintf(t->out, "  the entries and facts give %s now: the published score is stale\n",
                shown(s->now.score, score));
    } else if (is_stale(s)) {
        fputs("  a counted fact changed, the score did not: the published result is stale\n",
              t->out);
    }
}

static void print_sum(const struct tale *t)
{
    const struct reckoned *r = &t->s->now;
    char a[FRAC_TEXT_MAX], b[FRAC_TEXT_MAX], c[FRAC_TEXT_MAX], d[FRAC_TEXT_MAX];
    char visible[FRAC_TEXT_MAX];
    fprintf(t->out, "  items %s of %s, deductions %s, bonuses %s: %s", shown(r->awarded, a),
            shown(r->visible, visible), shown(r->deductions, b), shown(r->bonuses, c),
            shown(r->score, d));
    if (r->grade) fputs(", ", t->out);
    if (r->grade) print_grade(t->out, r->grade->grade, r->grade->label);
    fputc('\n', t->out);
    for (uint32_t i = 0; i < r->figure_count; i++) {
        const struct reckoned_figure *f = &r->figures[i];
        fprintf(t->out, "  %.*s %s  %.*s\n", STR_ARG(f->figure->id), shown(f->value, a),
                STR_ARG(f->figure->name));
    }
}

/* ---- what was paid ---- */

static struct frac yuan_of(int64_t fen)
{
    bool range = false;
    return frac_div(FRAC_INT(fen), FRAC_INT(100), &range);
}

/* As booked; NULL: nothing is. */
static const struct rec_pay_line *booked_line(const struct tale *t, struct str id)
{
    const struct rec_row_pay *paid = &t->s->paid;
    for (uint32_t i = 0; i < paid->lines.n; i++) {
        if (str_eq(paid->lines.v[i].id, id)) return &paid->lines.v[i];
    }
    return NULL;
}

/* Why less is paid than the formula gave: "" = it is not less. */
static const char *why_less(const struct tale *t, const struct rec_pay_line *l, char out[200])
{
    const struct score_sheet *s = t->s;
    int y, m, d;
    if (l->missing == yes_no_yes) return "a figure it needs was not there";
    if (l->amount >= l->gross) return "";
    if (s->paid.cancelled == yes_no_yes && l->bonus == yes_no_yes) {
        snprintf(out, 200, "the award of the month is cancelled%s%.*s",
                 s->no_award.kind.n ? ": " : "", STR_ARG(s->no_award.kind));
        return out;
    }
    day_split(s->row.first, &y, &m, &d);
    if (s->account.excluded != day_of(y, 1, 1)) return "the target of the division is not met";
    snprintf(out, 200, "he shares no excess profit of %d: %.*s", y, STR_ARG(s->account.condition));
    return out;
}

/* Rounded to the fen as it would be booked. */
static bool is_as_now(const struct rec_pay_line *l, struct frac now)
{
    int64_t fen;
    return frac_round(now, 2, &fen) && fen == l->gross;
}

static void print_pay(const struct tale *t, const struct reckoned_pay *p)
{
    char a[FRAC_TEXT_MAX], b[FRAC_TEXT_MAX], why[200];
    const struct rec_pay_line *l = booked_line(t, p->pay->id);
    fprintf(t->out, "  %.*s %s yuan  %.*s", STR_ARG(p->pay->id),
            shown(l ? yuan_of(l->amount) : p->yuan, a), STR_ARG(p->pay->name));
    const char *less = l ? why_less(t, l, why) : "";
    if (!l) fputs("; not booked", t->out);
    if (*less) fprintf(t->out, "; of %s, %s", shown(yuan_of(l->gross), b), less);
    if (l && frac_has(p->yuan) && !is_as_now(l, p->yuan))
        fprintf(t->out, "; the formula gives %s now", shown(p->yuan, b));
    fputc('\n', t->out);
}

/* What was paid of it: the bonus bears sanctions and, up to the cap, penalties (SCO-139). */
static void print_deducted(const struct tale *t)
{
    const struct rec_row_pay_bonus *b = &t->s->bonus;
    char amount[FRAC_TEXT_MAX], sanctions[FRAC_TEXT_MAX], penalties[FRAC_TEXT_MAX];
    if (!b->administrative && !b->economic) return;
    fprintf(t->out, "  bonus of the month %s yuan: deducted %s for sanctions, %s for penalties\n",
            shown(yuan_of(b->amount), amount), shown(yuan_of(b->administrative), sanctions),
            shown(yuan_of(b->economic), penalties));
}

static json_t *pay_to_json(const struct tale *t)
{
    const struct reckoned *r = &t->s->now;
    json_t *list = json_array();
    for (uint32_t i = 0; i < r->pay_count; i++) {
        json_t *o = json_object();
        char why[200];
        const struct rec_pay_line *l = booked_line(t, r->pay[i].pay->id);
        set_str(o, "id", r->pay[i].pay->id);
        json_object_set_new(o, "booked", json_boolean(l != NULL));
        if (l) set_frac(o, "yuan", yuan_of(l->amount));
        if (l) set_frac(o, "gross", yuan_of(l->gross));
        set_frac(o, "formula", r->pay[i].yuan);
        if (l && *why_less(t, l, why))
            json_object_set_new(o, "why", json_string(why_less(t, l, why)));
        json_array_append_new(list, o);
    }
    return list;
}

/* ---- what it lacks ---- */

static void print_missing(const struct tale *t)
{
    const struct reckoned *r = &t->s->now;
    for (uint32_t i = 0; i < r->item_count; i++) {
        if (!frac_has(r->items[i].award))
            fprintf(t->out, "  without a value yet: %.*s %.*s\n", STR_ARG(r->items[i].item->id),
                    STR_ARG(r->items[i].item->name));
    }
}

/* What an item could still bring, in points of the score: lost rows are made up for (SCO-006). */
static struct frac room_in(const struct tale *t, const struct reckoned_item *i)
{
    const struct reckoned *r = &t->s->now;
    const struct scheme *s = t->s->scheme;
    bool range = false, scaled = s->missing == SCORE_MISSING_scale;
    struct frac left = frac_sub(i->item->cap, i->award, &range);
    left = frac_mul(left, i->item->weight, &range);
    if (!scaled || frac_cmp(r->visible, s->total) >= 0) return left;
    return frac_mul(left, frac_div(s->total, r->visible, &range), &range);
}

/* SCO-026: the bands are compared with the exact score. */
static void print_next(const struct tale *t)
{
    const struct reckoned *r = &t->s->now;
    char missing[FRAC_TEXT_MAX], room[FRAC_TEXT_MAX];
    uint32_t shown_items = 0;
    if (!frac_has(r->score)) print_missing(t);
    if (!frac_has(r->score) || !r->next) return;
    fputs("  to ", t->out);
    print_grade(t->out, r->next->grade, r->next->label);
    fprintf(t->out, ": %s%s points more; there was room in",
            r->next->boundary == SCORE_BOUNDARY_lower ? "more than " : "",
            shown(r->to_next, missing));
    for (uint32_t i = 0; i < r->item_count; i++) {
        struct frac left = room_in(t, &r->items[i]);
        if (!frac_has(left) || left.num <= 0) continue;
        fprintf(t->out, "%s %.*s %s", shown_items++ ? "," : "", STR_ARG(r->items[i].item->id),
                shown(left, room));
    }
    fprintf(t->out, "%s\n", shown_items ? "" : " nothing but bonuses");
}

static void print_all(const struct tale *t)
{
    const struct reckoned *r = &t->s->now;
    print_head(t);
    for (uint32_t i = 0; i < r->item_count; i++) {
        struct part p = item_part(&r->items[i]);
        print_part(t, &p, " ");
    }
    for (uint32_t i = 0; i < r->adjust_count; i++) {
        struct part p = adjust_part(&r->adjusts[i]);
        if (frac_has(p.points) && p.points.num)
            print_part(t, &p, r->adjusts[i].adjust->bonus ? "+" : "-");
    }
    print_sum(t);
    for (uint32_t i = 0; i < r->pay_count; i++)
        print_pay(t, &r->pay[i]);
    print_deducted(t);
    print_next(t);
}

static json_t *score_to_json(const struct tale *t)
{
    const struct score_sheet *s = t->s;
    const struct reckoned *r = &s->now;
    char period[SCORE_PERIOD_TEXT_MAX];
    json_t *o = json_object(), *items = json_array(), *adjusts = json_array();
    score_period_text(s->scheme->period, s->row.first, period);
    set_str(o, "person", s->row.person);
    set_str(o, "scheme", s->scheme->id);
    json_object_set_new(o, "period", json_string(period));
    json_object_set_new(o, "state", json_string(code_word(&codes_score_sheet_state, s->row.state)));
    json_object_set_new(o, "revision", json_integer((json_int_t)s->result.revision));
    set_frac(o, "published", (struct frac){s->result.score_num, s->result.score_den});
    set_frac(o, "score", r->score);
    json_object_set_new(o, "stale", json_boolean(is_stale(s)));
    json_object_set_new(o, "scheme_changed", json_boolean(s->changed));
    if (r->grade) set_str(o, "grade", r->grade->grade);
    if (r->next) set_str(o, "next_grade", r->next->grade);
    if (r->next) set_frac(o, "to_next", r->to_next);
    for (uint32_t i = 0; i < r->item_count; i++) {
        struct part p = item_part(&r->items[i]);
        json_array_append_new(items, part_to_json(t, &p));
    }
    for (uint32_t i = 0; i < r->adjust_count; i++) {
        struct part p = adjust_part(&r->adjusts[i]);
        json_t *a = part_to_json(t, &p);
        json_object_set_new(a, "bonus", json_boolean(r->adjusts[i].adjust->bonus));
        json_array_append_new(adjusts, a);
    }
    json_object_set_new(o, "items", items);
    json_object_set_new(o, "adjusts", adjusts);
    json_object_set_new(o, "pay", pay_to_json(t));
    return o;
}

int explain_score(struct view *v, struct str person, struct str scheme, int32_t first)
{
    struct score_sheet s;
    enum err e = score_sheet_read(v, person, scheme, first, &s);
    if (e == ERR_OK) {
        struct tale t = {v, &s, view_zone_of(v, s.row.unit), v->out};
        if (v->form == LISTING_json) {
            json_t *o = score_to_json(&t);
            json_dumpf(o, v->out, JSON_INDENT(1));
            fputc('\n', v->out);
            json_decref(o);
        } else {
            print_all(&t);
        }
    }
    score_sheet_fini(&s);
    if (e != ERR_NOT_FOUND) return view_result(v, e, "the score sheets");
    fprintf(v->err,
            "cuiban explain: no such score sheet of %.*s; `cuiban scores --person %.*s` "
            "lists what there is\n",
            STR_ARG(person), STR_ARG(person));
    return CLI_REFUSED;
}
