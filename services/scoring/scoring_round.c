/* scoring_round.c - a round: the sheets of a centre by one scheme for one period, the figures of
 * the providers of data 數據來源提供人 they need, and the fines for delay.
 *
 * A round begins with its first sheet, which arms the clocks of all its days; the clocks run from
 * the month behind the period. For the sheets themselves each manager who hands some in has a clock
 * of his own, an item of the round, which ends with the last of his. A fine is told as a whole each
 * time it grows, and once more when the work comes; the last told is the fine. Rules SCO-030 …
 * SCO-032, SCO-059 (its day), SCO-013 (its day). */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"

#define ROUND "round/"
#define MANAGERS_MAX UINT8_MAX /* items of a round's clock */

static struct key round_key(struct str unit, struct str scheme, int32_t first)
{
    struct key k = key_of(unit);
    key_str(&k, scheme);
    key_day(&k, first);
    return k;
}

static struct key provider_key(struct str unit, struct str scheme, int32_t first,
                               enum score_role role)
{
    struct key k = round_key(unit, scheme, first);
    key_u8(&k, (uint8_t)role);
    return k;
}

static enum err load(struct step *st, struct str unit, struct str scheme, int32_t first,
                     struct rec_row_score_round *out)
{
    struct key k = round_key(unit, scheme, first);
    enum err e = step_get(st, SCORING_TABLE(ROUND), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_score_round){0};
    return ERR_OK;
}

/* ---- clocks ---- */

static struct deadline_ctx ctx_of(struct step *st, struct str unit, const struct scheme *s,
                                  int32_t first)
{
    char day[11];
    day_format(first, day);
    return (struct deadline_ctx){.case_no = arena_printf(st->arena, ROUND "%.*s/%.*s/%s",
                                                         STR_ARG(unit), STR_ARG(s->id), day),
                                 .unit = unit,
                                 .occurred_ms = step_occurred(st)};
}

static enum err arm(struct step *st, struct str unit, const struct scheme *s,
                    const struct score_date *d, int32_t first)
{
    struct deadline_ctx c = ctx_of(st, unit, s, first);
    enum err e = scoring_date_holder(st, unit, d, &c.person);
    if (e != ERR_OK) return e;
    c.start_ms = scoring_date_start(st, unit, s, d, first);
    c.given_ms = scoring_date_due(st, unit, s, d, first);
    if (d->what == SCORE_DATE_provider) {
        struct key k = provider_key(unit, s->id, first, d->role);
        struct rec_row_score_provider p = {.at = 0};
        e = step_get(st, SCORING_TABLE(PROVIDER), &k, &p);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        if (p.at) return ERR_OK; /* his are here, from before all sheets were cancelled */
        p = (struct rec_row_score_provider){.due = c.given_ms, .responsible = c.person};
        step_put(st, SCORING_TABLE(PROVIDER), &k, &p);
    }
    return deadline_arm(st, scoring_date_clock(st, d), &c, (struct str){0});
}

static enum err stop(struct step *st, struct str unit, const struct scheme *s,
                     const struct score_date *d, int32_t first, int64_t at_ms)
{
    struct deadline_ctx c = ctx_of(st, unit, s, first);
    c.occurred_ms = at_ms;
    return deadline_stop(st, scoring_date_clock(st, d), &c);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- whose sheets are to come ---- */

/* The day of the sheets themselves: its own, or that of the provider who waits for them. */
static const struct score_date *sheets_day(const struct scheme *s)
{
    const struct score_date *own = scoring_date(s, SCORE_DATE_sheets, 0);
    for (uint32_t i = 0; !own && i < s->sheet.date_count; i++) {
        if (s->sheet.dates[i].sheets) own = &s->sheet.dates[i];
    }
    return own;
}

static struct key duty_key(const struct rec_row_score_sheet *sheet)
{
    struct key k = round_key(sheet->unit, sheet->scheme, sheet->first);
    key_str(&k, sheet->manager);
    return k;
}

static struct deadline_ctx duty_ctx(struct step *st, const struct scheme *s,
                                    const struct rec_row_score_sheet *sheet,
                                    const struct rec_row_score_duty *duty)
{
    struct deadline_ctx c = ctx_of(st, sheet->unit, s, sheet->first);
    c.item = (uint8_t)duty->item;
    c.person = sheet->manager;
    return c;
}

/* Past the last item nobody is reminded: the sheet is late when it comes. */
static enum err awaited(struct step *st, const struct scheme *s,
                        const struct rec_row_score_sheet *sheet, struct rec_row_score_round *r)
{
    const struct score_date *d = sheets_day(s);
    struct key k = duty_key(sheet);
    struct rec_row_score_duty duty = {0};
    if (!d || sheet->sheet_submitted_at) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(DUTY), &k, &duty);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND && r->managers == MANAGERS_MAX) return ERR_OK;
    if (e == ERR_NOT_FOUND) duty.item = ++r->managers;
    duty.missing++;
    step_put(st, SCORING_TABLE(DUTY), &k, &duty);
    struct deadline_ctx c = duty_ctx(st, s, sheet, &duty);
    c.start_ms = scoring_date_start(st, sheet->unit, s, d, sheet->first);
    c.given_ms = scoring_date_due(st, sheet->unit, s, d, sheet->first);
    return deadline_arm(st, scoring_date_clock(st, d), &c, (struct str){0});
}

/* at_ms: when it came; 0: it is not to come any more. */
static enum err not_awaited(struct step *st, const struct scheme *s,
                            const struct rec_row_score_sheet *sheet, int64_t at_ms)
{
    const struct score_date *d = sheets_day(s);
    struct key k = duty_key(sheet);
    struct rec_row_score_duty duty;
    enum err e = d ? step_get(st, SCORING_TABLE(DUTY), &k, &duty) : ERR_NOT_FOUND;
    if (e != ERR_OK || duty.missing == 0) return e == ERR_NOT_FOUND ? ERR_OK : e;
    duty.missing--;
    duty.at = later(duty.at, at_ms);
    step_put(st, SCORING_TABLE(DUTY), &k, &duty);
    struct deadline_ctx c = duty_ctx(st, s, sheet, &duty);
    if (duty.missing) return ERR_OK;
    if (!duty.at) return deadline_cancel(st, scoring_date_clock(st, d), &c, STR("none is to come"));
    c.occurred_ms = duty.at;
    return deadline_stop(st, scoring_date_clock(st, d), &c);
}

/* ---- sheets come and go ---- */

static void count(uint64_t *n, bool was, bool is)
{
    if (is && !was) ++*n;
    if (was && !is && *n) --*n;
}

static void count_states(struct rec_row_score_round *r, uint32_t was, uint32_t is)
{
    const uint32_t submitted = score_sheet_state_submitted, reviewed = score_sheet_state_reviewed;
    count(&r->submitted, was >= submitted, is >= submitted);
    count(&r->reviewed, was >= reviewed, is >= reviewed);
}

enum err scoring_round_opened(struct step *st, const struct rec_row_score_sheet *sheet)
{
    struct rec_row_score_round r;
    const struct scheme *s = policy_scheme_at(st->policy, sheet->scheme, sheet->first);
    struct key k = round_key(sheet->unit, sheet->scheme, sheet->first);
    enum err e = load(st, sheet->unit, sheet->scheme, sheet->first, &r);
    bool fresh = r.sheets == 0;
    if (e != ERR_OK || !s) return e;
    r.sheets++;
    count_states(&r, 0, sheet->state);
    r.submitted_at = later(r.submitted_at, sheet->sheet_submitted_at);
    e = awaited(st, s, sheet, &r);
    step_put(st, SCORING_TABLE(ROUND), &k, &r);
    key_str(&k, sheet->person);
    step_put(st, SCORING_TABLE(OF_ROUND), &k, &(struct rec_row_mark){.set = true});
    for (uint32_t i = 0; e == ERR_OK && fresh && i < s->sheet.date_count; i++) {
        const struct score_date *d = &s->sheet.dates[i];
        bool whole = d->what == SCORE_DATE_provider || d->what == SCORE_DATE_assess;
        if (whole) e = arm(st, sheet->unit, s, d, sheet->first);
    }
    return e;
}

/* All are looked at: the day of the assessment is over. */
static enum err stop_assess(struct step *st, const struct rec_row_score_sheet *sheet,
                            const struct scheme *s, const struct rec_row_score_round *r)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < s->sheet.date_count; i++) {
        const struct score_date *d = &s->sheet.dates[i];
        if (d->what == SCORE_DATE_assess && r->reviewed == r->sheets)
            e = stop(st, sheet->unit, s, d, sheet->first, r->reviewed_at);
    }
    return e;
}

enum err scoring_round_moved(struct step *st, const struct rec_row_score_sheet *sheet,
                             uint32_t before)
{
    struct rec_row_score_round r;
    const struct scheme *s = policy_scheme_at(st->policy, sheet->scheme, sheet->first);
    struct key k = round_key(sheet->unit, sheet->scheme, sheet->first);
    if (!s || sheet->state == before) return ERR_OK;
    enum err e = load(st, sheet->unit, sheet->scheme, sheet->first, &r);
    if (e != ERR_OK) return e;
    count_states(&r, before, sheet->state);
    r.submitted_at = later(r.submitted_at, sheet->sheet_submitted_at);
    r.reviewed_at = later(r.reviewed_at, sheet->reviewed_at);
    step_put(st, SCORING_TABLE(ROUND), &k, &r);
    return stop_assess(st, sheet, s, &r);
}

/* A result of the others: their distribution may have waited for this sheet (SCO-027). */
static enum err look_at_rest(struct step *st, const struct rec_row_score_sheet *gone)
{
    struct key prefix = round_key(gone->unit, gone->scheme, gone->first), at = {.n = 0};
    struct rec_row_mark mark;
    struct rec_row_score_result r;
    enum err e;
    while ((e = step_next(st, SCORING_TABLE(OF_ROUND), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader left = {{at.b + prefix.n, at.n - prefix.n}};
        struct str person;
        if (key_take_str(&left, &person) != ERR_OK) return ERR_CORRUPT;
        if (str_eq(person, gone->person)) continue;
        struct key k = scoring_sheet_key(person, gone->scheme, gone->first);
        e = step_get(st, SCORING_TABLE(RESULT), &k, &r);
        if (e == ERR_OK) return scoring_year_published(st, &r, &r);
        if (e != ERR_NOT_FOUND) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err leave(struct step *st, const struct scheme *s,
                      const struct rec_row_score_sheet *sheet)
{
    struct rec_row_score_round r;
    struct key k = round_key(sheet->unit, sheet->scheme, sheet->first), of = k;
    enum err e = load(st, sheet->unit, sheet->scheme, sheet->first, &r);
    if (e != ERR_OK || r.sheets == 0) return e;
    r.sheets--;
    count_states(&r, sheet->state, 0);
    step_put(st, SCORING_TABLE(ROUND), &k, &r);
    key_str(&of, sheet->person);
    step_del(st, SCORING_TABLE(OF_ROUND), &of);
    if (!sheet->sheet_submitted_at) e = not_awaited(st, s, sheet, 0);
    if (e == ERR_OK && r.sheets == 0) {
        struct deadline_ctx c = ctx_of(st, sheet->unit, s, sheet->first);
        return deadline_drop(st, c.case_no, 0, STR("no sheet is left"));
    }
    if (e == ERR_OK) e = stop_assess(st, sheet, s, &r);
    return e == ERR_OK ? look_at_rest(st, sheet) : e;
}

/* ---- fines ---- */

struct delay {
    const struct scheme *s;
    struct str unit, person, responsible;
    int32_t first;
    enum score_role role;
    int64_t due, at;
    uint32_t days;
};

static void tell_late(struct step *st, const struct delay *d, const struct score_date *day)
{
    struct ev_scoring_sheet_late ev = {.scheme = d->s->id,
                                       .first = d->first,
                                       .unit = d->unit,
                                       .role = d->role,
                                       .person = d->person,
                                       .responsible = d->responsible,
                                       .name = day->deadline,
                                       .due = d->due};
    step_emit_as(st, "SCO-031", EV_scoring_sheet_late, &ev);
}

static int64_t tell_fine(struct step *st, const struct delay *d)
{
    struct ev_scoring_late_fined ev = {.scheme = d->s->id,
                                       .first = d->first,
                                       .unit = d->unit,
                                       .role = d->role,
                                       .person = d->person,
                                       .responsible = d->responsible,
                                       .due = d->due,
                                       .at = d->at,
                                       .days = d->days,
                                       .amount = d->s->sheet.late_fine * (int64_t)d->days};
    step_emit_as(st, "SCO-032", EV_scoring_late_fined, &ev);
    return ev.amount;
}

/* Nobody has to hand it in: what was fined for it is taken back. */
static void forgive(struct step *st, const struct scheme *s, const struct rec_row_score_sheet *was,
                    struct rec_row_score_sheet *sheet)
{
    struct delay x = {.s = s,
                      .unit = was->unit,
                      .person = was->person,
                      .responsible = was->manager,
                      .first = was->first,
                      .due = was->late_due};
    if (was->fine) (void)tell_fine(st, &x);
    sheet->fine = sheet->late_due = 0;
}

enum err scoring_round_left(struct step *st, const struct rec_row_score_sheet *was,
                            struct rec_row_score_sheet *sheet)
{
    const struct scheme *s = policy_scheme_at(st->policy, was->scheme, was->first);
    if (!s) return ERR_OK;
    if (!sheet->sheet_submitted_at) forgive(st, s, was, sheet);
    return leave(st, s, was);
}

enum err scoring_round_renewed(struct step *st, const struct rec_row_score_sheet *was,
                               struct rec_row_score_sheet *sheet)
{
    struct rec_row_score_round r;
    const struct scheme *s = policy_scheme_at(st->policy, was->scheme, was->first);
    struct key k = round_key(sheet->unit, sheet->scheme, sheet->first);
    enum err e = ERR_OK;
    if (!str_eq(was->unit, sheet->unit)) {
        e = scoring_round_left(st, was, sheet);
        return e == ERR_OK ? scoring_round_opened(st, sheet) : e;
    }
    if (!s || str_eq(was->manager, sheet->manager) || sheet->sheet_submitted_at) return ERR_OK;
    e = not_awaited(st, s, was, 0);
    if (e == ERR_OK) e = load(st, sheet->unit, sheet->scheme, sheet->first, &r);
    if (e == ERR_OK) e = awaited(st, s, sheet, &r);
    if (e == ERR_OK) step_put(st, SCORING_TABLE(ROUND), &k, &r);
    return e;
}

static enum err refuse_round(struct step *st, const struct ev_scoring_sheet_submitted *ev,
                             struct str unit)
{
    char day[11];
    day_format(ev->first, day);
    return step_refuse(st, "unknown_number", "first",
                       "no sheet of %.*s was opened at %.*s for the period that begins on %s; say "
                       "its first day",
                       STR_ARG(ev->scheme), STR_ARG(unit), day);
}

/* The figures of a role; the first time counts, and an earlier one that is told later. */
static enum err provided(struct step *st, const struct ev_scoring_sheet_submitted *ev,
                         const struct scheme *s, const struct score_date *d, struct str unit)
{
    struct rec_row_score_provider p;
    struct key k = provider_key(unit, s->id, ev->first, d->role);
    int64_t at = step_occurred(st);
    enum err e = step_get(st, SCORING_TABLE(PROVIDER), &k, &p);
    if (e == ERR_NOT_FOUND) return refuse_round(st, ev, unit);
    if (e != ERR_OK || (p.at && p.at <= at)) return e;
    uint64_t before = p.days;
    p.at = at;
    p.by = ev->by;
    if (!p.responsible.n) p.responsible = ev->by;
    p.days = d->fined ? scoring_late_days(st, unit, s, p.due, at) : 0;
    struct delay x = {.s = s,
                      .unit = unit,
                      .responsible = p.responsible,
                      .first = ev->first,
                      .role = d->role,
                      .due = p.due,
                      .at = at,
                      .days = (uint32_t)p.days};
    p.fine = before || p.days ? tell_fine(st, &x) : 0;
    step_put(st, SCORING_TABLE(PROVIDER), &k, &p);
    return stop(st, unit, s, d, ev->first, at);
}

enum err scoring_round_provided(struct step *st, const struct ev_scoring_sheet_submitted *ev)
{
    const struct scheme *s;
    st->rule = "SCO-031";
    enum err e = scoring_scheme(st, ev->scheme, ev->first, &s);
    if (e != ERR_OK) return e;
    const struct score_date *d = scoring_date(s, SCORE_DATE_provider, ev->role);
    if (!d) {
        return step_refuse(st, "role", "role", "%.*s has no day for the figures of %s",
                           STR_ARG(s->id), code_word(&codes_score_role, ev->role));
    }
    if (ev->person.n) {
        return step_refuse(st, "role", "role",
                           "either the sheet of a person or the figures of a provider are handed "
                           "in, not both; leave one out");
    }
    return provided(st, ev, s, d, ev->unit.n ? ev->unit : st->in->source);
}

/* ---- what has not come ---- */

static enum err provider_passed(struct step *st, const struct passed *what, struct delay x,
                                const struct score_date *d)
{
    struct rec_row_score_provider p;
    struct key k = provider_key(x.unit, x.s->id, x.first, d->role);
    enum err e = step_get(st, SCORING_TABLE(PROVIDER), &k, &p);
    if (e != ERR_OK || p.at) return e == ERR_NOT_FOUND ? ERR_OK : e;
    x.role = d->role;
    x.responsible = p.responsible;
    if (what->is_due) tell_late(st, &x, d);
    x.days = scoring_late_days(st, x.unit, x.s, what->due_ms, st->now_ms + 1);
    if (!d->fined || x.days <= p.days) return ERR_OK;
    p.days = x.days;
    p.fine = tell_fine(st, &x);
    step_put(st, SCORING_TABLE(PROVIDER), &k, &p);
    return ERR_OK;
}

/* The next sheet of a round that was never handed in; ERR_END. */
static enum err next_missing(struct step *st, const struct delay *x, struct key *at,
                             struct rec_row_score_sheet *out)
{
    struct key prefix = round_key(x->unit, x->s->id, x->first);
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, SCORING_TABLE(OF_ROUND), &prefix, at, &mark)) == ERR_OK) {
        struct key_reader r = {{at->b + prefix.n, at->n - prefix.n}};
        struct str person;
        if (key_take_str(&r, &person) != ERR_OK) return ERR_CORRUPT;
        e = scoring_sheet_get(st, arena_str(st->arena, person), x->s->id, x->first, out);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        if (out->state < score_sheet_state_submitted && !out->sheet_submitted_at) return ERR_OK;
    }
    return e;
}

static enum err sheets_passed(struct step *st, const struct passed *what, struct delay x,
                              const struct score_date *d)
{
    struct rec_row_score_sheet sheet;
    struct key at = {.n = 0};
    enum err e;
    if (!d->fined) return ERR_OK;
    x.days = scoring_late_days(st, x.unit, x.s, what->due_ms, st->now_ms + 1);
    while ((e = next_missing(st, &x, &at, &sheet)) == ERR_OK) {
        if (!str_eq(sheet.manager, x.responsible)) continue;
        x.person = sheet.person;
        if (!sheet.late_due) tell_late(st, &x, d);
        if (x.s->sheet.late_fine * (int64_t)x.days > sheet.fine) sheet.fine = tell_fine(st, &x);
        sheet.late_due = x.due;
        scoring_sheet_put(st, &sheet);
    }
    return e == ERR_END ? ERR_OK : e;
}

static bool read_case(struct step *st, struct str no, struct delay *out)
{
    struct str scheme;
    if (!scoring_case_read(no, STR(ROUND), &out->unit, &scheme, &out->first)) return false;
    out->s = policy_scheme_at(st->policy, scheme, out->first);
    return out->s != NULL;
}

static const struct score_date *day_named(const struct scheme *s, struct str name)
{
    for (uint32_t i = 0; i < s->sheet.date_count; i++) {
        if (str_eq(s->sheet.dates[i].deadline, name)) return &s->sheet.dates[i];
    }
    return NULL;
}

enum err scoring_round_passed(struct step *st, const struct passed *what)
{
    struct delay x = {.due = what->due_ms, .responsible = arena_str(st->arena, what->person)};
    if (what->before || !read_case(st, arena_str(st->arena, what->case_no), &x)) return ERR_OK;
    const struct score_date *d = day_named(x.s, what->name);
    if (d && what->item) return sheets_passed(st, what, x, d);
    return d && d->what == SCORE_DATE_provider ? provider_passed(st, what, x, d) : ERR_OK;
}

enum err scoring_round_sheet_came(struct step *st, struct rec_row_score_sheet *sheet, struct str by)
{
    const struct scheme *s = policy_scheme_at(st->policy, sheet->scheme, sheet->first);
    const struct score_date *d = s ? sheets_day(s) : NULL;
    enum err e = d ? not_awaited(st, s, sheet, step_occurred(st)) : ERR_OK;
    if (e != ERR_OK || !d || !d->fined) return e;
    struct delay x = {.s = s,
                      .unit = sheet->unit,
                      .person = sheet->person,
                      .responsible = sheet->manager.n ? sheet->manager : by,
                      .first = sheet->first,
                      .due = scoring_date_due(st, sheet->unit, s, d, sheet->first),
                      .at = step_occurred(st)};
    bool late = x.at > x.due;
    if (late && !sheet->late_due) tell_late(st, &x, d);
    x.days = scoring_late_days(st, x.unit, s, x.due, x.at);
    sheet->late_due = late ? x.due : 0;
    if (x.days || sheet->fine) sheet->fine = tell_fine(st, &x);
    return ERR_OK;
}
