/* scoring_count.c - the engine of what is counted (SCO-008): each fact of the policy that an event
 * tells stands once, under its ref, for a person and for a unit, in the month of its day, and moves
 * a tally there. Told again it replaces what stood: it is taken off where it was and put where it
 * is now. What is taken back stays visible and does not count.
 *
 * Tallies are sums, so that the order in which facts come says nothing; only of two that tell the
 * same ref the later one stands. A taking back may overtake what it takes back when the two stand
 * in different logs (`sticky`). */
#include "common/contract.h"
#include "services/scoring/scoring_facts.h"
#include <string.h>

/* ---- keys ---- */

static struct key holder_key(enum holder holder, struct str who, int32_t month)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)holder);
    key_str(&k, who);
    key_day(&k, month);
    return k;
}

static struct key tally_key(enum holder holder, struct str who, int32_t month, struct str fact)
{
    struct key k = holder_key(holder, who, month);
    key_str(&k, fact);
    return k;
}

static struct key stood_key(struct str fact, struct str ref)
{
    struct key k = key_of(fact);
    key_str(&k, ref);
    return k;
}

static void key_kind(struct key *k, enum event_kind kind)
{
    const uint32_t byte = 8;
    uint32_t number = event_of(kind)->number;
    key_u8(k, (uint8_t)(number >> byte));
    key_u8(k, (uint8_t)number);
}

static struct key name_key(enum event_kind kind, struct str name)
{
    struct key k = {.n = 0};
    key_kind(&k, kind);
    key_str(&k, name);
    return k;
}

/* ---- one place of a fact ---- */

static void note(struct step *st, struct tally_moves *moves, enum holder holder, struct str who,
                 struct str fact, int32_t day)
{
    const uint32_t room = 16;
    for (uint32_t i = 0; i < moves->n; i++) {
        const struct tally_move *m = &moves->v[i];
        if (m->holder == holder && m->day == day && str_eq(m->who, who) && str_eq(m->fact, fact))
            return;
    }
    if (moves->n == moves->room) {
        moves->room = moves->room ? 2 * moves->room : room;
        struct tally_move *v = arena_take(st->arena, moves->room * sizeof *v);
        if (moves->n) memcpy(v, moves->v, moves->n * sizeof *v);
        moves->v = v;
    }
    moves->v[moves->n++] =
        (struct tally_move){.holder = holder, .who = who, .fact = fact, .day = day};
}

/* Adds it (sign 1) or takes it off (-1); sums wrap, so that both always undo each other. */
static enum err add(struct step *st, const struct key *k, int sign, int64_t amount)
{
    struct rec_row_score_tally t = {0};
    enum err e = step_get(st, SCORING_TABLE(TALLY), k, &t);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    REQUIRE(sign > 0 || t.n > 0);
    t.n += sign > 0 ? 1U : UINT64_MAX;
    t.sum = (int64_t)((uint64_t)t.sum + (uint64_t)sign * (uint64_t)amount);
    if (t.n == 0)
        step_del(st, SCORING_TABLE(TALLY), k);
    else
        step_put(st, SCORING_TABLE(TALLY), k, &t);
    return ERR_OK;
}

struct place {
    struct str fact, ref;
    const struct rec_row_score_stood *r;
    int sign; /* 0: only shown, taken back */
};

static enum err place_at(struct step *st, const struct place *p, enum holder holder,
                         struct tally_moves *moves)
{
    struct str who = holder == HOLDER_person ? p->r->person : p->r->unit;
    if (!who.n) return ERR_OK;
    int32_t month = scoring_period(SCORE_PERIOD_month, p->r->day);
    struct key k = tally_key(holder, who, month, p->fact), line = k;
    key_str(&line, p->ref);
    struct rec_row_score_fact row = {.event = p->r->event,
                                     .source = p->r->source,
                                     .type = p->r->type,
                                     .log = p->r->log,
                                     .day = p->r->day,
                                     .amount = p->r->amount,
                                     .withdrawn = p->sign > 0 ? yes_no_none : yes_no_yes};
    step_put(st, SCORING_TABLE(FACT), &line, &row);
    if (p->sign == 0) return ERR_OK;
    note(st, moves, holder, who, p->fact, p->r->day);
    return add(st, &k, p->sign, p->r->amount);
}

static enum err place(struct step *st, const struct place *p, struct tally_moves *moves)
{
    enum err e = place_at(st, p, HOLDER_person, moves);
    return e == ERR_OK ? place_at(st, p, HOLDER_unit, moves) : e;
}

static bool same(const struct rec_row_score_stood *a, const struct rec_row_score_stood *b)
{
    return a->day == b->day && a->amount == b->amount && a->withdrawn == b->withdrawn &&
           str_eq(a->person, b->person) && str_eq(a->unit, b->unit);
}

/* ---- a fact is told, told again, replaced by nothing ---- */

static enum err stood(struct step *st, struct str fact, struct str ref, bool *found,
                      struct rec_row_score_stood *out)
{
    struct key k = stood_key(fact, ref);
    enum err e = step_get(st, SCORING_TABLE(STOOD), &k, out);
    *found = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* `now` NULL: nothing of the kind is told any more. */
static enum err replace(struct step *st, struct str fact, struct str ref,
                        const struct rec_row_score_stood *now, struct tally_moves *moves)
{
    struct rec_row_score_stood before;
    bool found = false;
    enum err e = stood(st, fact, ref, &found, &before);
    if (e != ERR_OK || (!found && !now) || (found && now && same(&before, now))) return e;
    if (found) {
        struct place off = {fact, ref, &before, before.withdrawn == yes_no_yes ? 0 : -1};
        e = place(st, &off, moves);
        if (e != ERR_OK) return e;
    }
    struct key k = stood_key(fact, ref);
    if (!now) {
        step_del(st, SCORING_TABLE(STOOD), &k);
        return ERR_OK;
    }
    struct place on = {fact, ref, now, now->withdrawn == yes_no_yes ? 0 : 1};
    step_put(st, SCORING_TABLE(STOOD), &k, now);
    return place(st, &on, moves);
}

/* ---- what takes back ---- */

#define ANY_SUBJECT audit_subject_none
static const struct taking {
    enum event_kind on;
    enum audit_subject subject; /* of audit.reversed */
    enum event_kind target;
    const char *fields[SCORE_NAMED_MAX]; /* of this event, as target's `named` */
    bool restores;                       /* the taking back is itself taken back */
    bool sticky;                         /* also of what is told later, in another log */
} takings[] = {
    {EV_deadline_withdrawn,
     ANY_SUBJECT,
     EV_deadline_passed,
     {"case_no", "item", "name", "round"},
     false,
     false},
    {EV_deadline_dropped,
     ANY_SUBJECT,
     EV_deadline_stopped,
     {"case_no", "item", "name", "round"},
     false,
     false},
    {EV_card_void, ANY_SUBJECT, EV_card_entered, {"card_no"}, false, true},
    {EV_audit_reversed, audit_subject_card, EV_card_entered, {"ref"}, true, true},
    {EV_audit_reversed, audit_subject_abnormal, EV_assessment_raised, {"ref"}, false, false},
    {EV_audit_reversed, audit_subject_paid_card, EV_audit_fee_mismatch, {"ref"}, false, false},
    {EV_audit_reversed,
     audit_subject_expense_line,
     EV_expense_line_audited,
     {"ref", "line"},
     false,
     false},
    {EV_complaint_receivable_restored,
     ANY_SUBJECT,
     EV_complaint_receivable_excluded,
     {"case_no"},
     false,
     false},
    {EV_complaint_invalidated, ANY_SUBJECT, EV_complaint_validated, {"case_no"}, false, false},
    {EV_conduct_rejected,
     ANY_SUBJECT,
     EV_conduct_confirmed,
     {"person", "kind", "case_no", "day"},
     false,
     false},
    {EV_service_complaint_invalidated,
     ANY_SUBJECT,
     EV_service_complaint_verified,
     {"case_no"},
     false,
     false},
};

bool scoring_takes(enum owner from, enum event_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(takings); i++) {
        if (takings[i].on != kind) continue;
        enum owner owner = event_of(kind)->owner;
        return owner == OWNER_any ? from != OWNER_scoring : from == owner;
    }
    return false;
}

static bool is_sticky(enum event_kind target)
{
    for (size_t i = 0; i < COUNT_OF(takings); i++) {
        if (takings[i].target == target) return takings[i].sticky;
    }
    return false;
}

static enum err is_taken(struct step *st, enum event_kind kind, struct str name, bool *out)
{
    struct rec_row_score_taken t;
    struct key k = name_key(kind, name);
    *out = false;
    if (!is_sticky(kind)) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(TAKEN), &k, &t);
    if (e == ERR_OK) *out = t.withdrawn == yes_no_yes;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Every fact that the event of this name told. */
static enum err take(struct step *st, const struct taking *t, struct str name,
                     struct tally_moves *moves)
{
    struct key prefix = name_key(t->target, name), at = {.n = 0};
    struct rec_row_score_named row;
    enum err e;
    while ((e = step_next(st, SCORING_TABLE(NAMED), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct rec_row_score_stood s;
        struct str fact, ref;
        bool found;
        if (key_take_str(&r, &fact) != ERR_OK || key_take_str(&r, &ref) != ERR_OK)
            return ERR_CORRUPT;
        fact = arena_str(st->arena, fact), ref = arena_str(st->arena, ref);
        e = stood(st, fact, ref, &found, &s);
        if (e != ERR_OK) return e;
        if (!found) continue;
        s.withdrawn = t->restores ? yes_no_none : yes_no_yes;
        e = replace(st, fact, ref, &s, moves);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* HQ-029: what was given up after its due was not in time; superseded, or given up before it, it is
 * not counted. */
bool scoring_dropped_late(const struct ev_deadline_dropped *ev)
{
    return ev->end == deadline_end_cancelled && ev->at > ev->due;
}

static bool concerns(const struct taking *t, const struct step *st, const void *payload)
{
    if (t->on != st->type->kind) return false;
    if (t->on == EV_deadline_dropped) return !scoring_dropped_late(payload);
    return t->subject == ANY_SUBJECT ||
           ((const struct ev_audit_reversed *)payload)->subject == t->subject;
}

/* As a field can keep it: what parts the values is a control byte. */
static struct str printable(struct step *st, struct str name)
{
    char *p = arena_take(st->arena, name.n + 1U);
    for (uint32_t i = 0; i < name.n; i++)
        p[i] = (unsigned char)name.p[i] < ' ' ? '\t' : name.p[i];
    return (struct str){p, name.n};
}

struct str scoring_named(struct step *st, const void *payload)
{
    const struct score_event *e = score_event_of(st->type->kind);
    if (!e || !e->named[0]) return (struct str){0};
    return printable(st, told_name(st, e, payload, st->type->shape(), e->named));
}

bool scoring_taken(struct step *st, const void *payload, size_t *at, enum event_kind *kind,
                   struct str *name)
{
    while (*at < COUNT_OF(takings)) {
        const struct taking *t = &takings[(*at)++];
        if (!concerns(t, st, payload) || t->restores) continue;
        *kind = t->target;
        *name = printable(
            st, told_name(st, score_event_of(t->target), payload, st->type->shape(), t->fields));
        return true;
    }
    return false;
}

enum err scoring_count_taken(struct step *st, const void *payload, struct tally_moves *moves)
{
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(takings); i++) {
        const struct taking *t = &takings[i];
        if (!concerns(t, st, payload)) continue;
        struct str name =
            told_name(st, score_event_of(t->target), payload, st->type->shape(), t->fields);
        struct rec_row_score_taken row = {.withdrawn = t->restores ? yes_no_no : yes_no_yes,
                                          .at = step_occurred(st)};
        struct key k = name_key(t->target, name);
        if (t->sticky) step_put(st, SCORING_TABLE(TAKEN), &k, &row);
        e = take(st, t, name, moves);
    }
    return e;
}

/* ---- an event is counted ---- */

static void stamp(struct step *st, struct rec_row_score_stood *r)
{
    r->event = st->in && st->in->id.n && st->in->id.n <= 96 ? st->in->id : told_event(st);
    r->source = st->in && st->in->source.n <= TOLD_PERSON_MAX ? st->in->source : (struct str){0};
    r->type = str_of(st->type->type);
    r->log = str_of(owner_name(st->from));
}

static enum err fact_of(struct step *st, const struct told *t, const struct score_fact *f,
                        struct rec_row_score_stood *out)
{
    *out = (struct rec_row_score_stood){.amount = told_amount(t, f)};
    if (f->person.n) out->person = told_text(t, f->person);
    if (out->person.n > TOLD_PERSON_MAX) out->person.n = 0;
    enum err e = told_unit(st, t, f, out->person, &out->unit);
    out->day = told_day(st, t, f, out->unit);
    stamp(st, out);
    return e;
}

/* By what it can be taken back. */
static void name(struct step *st, enum event_kind kind, struct str what, struct str fact,
                 struct str ref, bool there)
{
    struct key k = name_key(kind, what);
    struct rec_row_score_named row = {.day = 1};
    key_str(&k, fact);
    key_str(&k, ref);
    if (there)
        step_put(st, SCORING_TABLE(NAMED), &k, &row);
    else
        step_del(st, SCORING_TABLE(NAMED), &k);
}

static enum err count_one(struct step *st, const struct told *t, const struct score_fact *f,
                          struct tally_moves *moves)
{
    struct rec_row_score_stood now;
    const char *const *named = t->event->named;
    struct str ref, what = {0};
    bool there = told_matches(t, f), taken = false;
    if (!there && t->event->lasts) return ERR_OK;
    enum err e = fact_of(st, t, f, &now);
    if (e != ERR_OK) return e;
    ref = told_ref(st, t, f, now.unit);
    if (named[0]) {
        what = told_name(st, t->event, t->payload, t->shape, named);
        name(st, f->kind, what, f->id, ref, there);
        e = is_taken(st, f->kind, what, &taken);
    }
    if (e != ERR_OK) return e;
    if (taken) now.withdrawn = yes_no_yes;
    there = there && (now.person.n || now.unit.n);
    return replace(st, f->id, ref, there ? &now : NULL, moves);
}

/* What is the other outcome of the same thing: told under the same ref it takes that one off. */
static const struct outcome {
    enum event_kind on, other;
} outcomes[] = {{EV_training_passed, EV_training_failed}, {EV_training_failed, EV_training_passed}};

static bool is_other(enum event_kind on, const struct score_fact *f)
{
    for (size_t i = 0; i < COUNT_OF(outcomes); i++) {
        if (outcomes[i].on == on && outcomes[i].other == f->kind) return f->ref.n > 0;
    }
    return false;
}

enum err scoring_count_event(struct step *st, enum event_kind kind, const void *payload,
                             struct tally_moves *moves)
{
    const struct score_event *event = score_event_of(kind);
    struct told t;
    bool looked = false;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && event && i < st->policy->score_fact_count; i++) {
        const struct score_fact *f = &st->policy->score_facts[i];
        bool other = is_other(kind, f);
        if (f->kind != kind && !other) continue;
        if (!looked) e = told_of(st, event, payload, &t);
        looked = true;
        if (e != ERR_OK) return e;
        struct str ref = told_ref(st, &t, f, (struct str){0});
        e = other ? replace(st, f->id, ref, NULL, moves) : count_one(st, &t, f, moves);
    }
    return e;
}

enum err scoring_moved(struct step *st, const struct tally_moves *moves)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < moves->n; i++) {
        const struct tally_move *m = &moves->v[i];
        if (m->holder == HOLDER_person)
            e = scoring_sheet_touched(st, m->who, m->day, m->fact);
        else
            e = scoring_unit_touched(st, m->who, m->day, m->fact);
        if (e == ERR_OK) e = scoring_kpi_moved(st, m);
        if (e == ERR_OK) e = scoring_engineer_moved(st, m);
        if (e == ERR_OK) e = scoring_collect_moved(st, m);
    }
    return e;
}

/* ---- by hand ---- */

const struct score_fact *scoring_fact_by(const struct policy *p, struct str id)
{
    for (uint32_t i = 0; i < p->score_fact_count; i++) {
        if (str_eq(p->score_facts[i].id, id)) return &p->score_facts[i];
    }
    return NULL;
}

enum err scoring_count(struct step *st, const struct scoring_count *c)
{
    struct tally_moves moves = {0};
    struct rec_row_score_stood now = {
        .person = c->person, .unit = c->unit, .day = c->day, .amount = c->amount};
    struct str ref = told_key(st, c->ref.n ? c->ref : told_event(st));
    if (!scoring_fact_by(st->policy, c->fact)) return ERR_OK; /* the policy does not count it */
    if (!now.unit.n && now.person.n) {
        struct rec_row_person p;
        struct key k = key_of(now.person);
        enum err e = step_get(st, &table_person, &k, &p);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        if (e == ERR_OK) now.unit = p.unit;
    }
    stamp(st, &now);
    enum err e = replace(st, c->fact, ref, &now, &moves);
    return e == ERR_OK ? scoring_moved(st, &moves) : e;
}

/* ---- sums of a period ---- */

enum err scoring_tally(struct step *st, enum holder holder, struct str who,
                       const struct score_fact *f, int32_t first, int months, struct tally *out)
{
    uint64_t n = 0, sum = 0;
    for (int i = 0; i < months; i++) {
        struct rec_row_score_tally t;
        struct key k = tally_key(holder, who, day_add_months(first, i), f->id);
        enum err e = step_get(st, SCORING_TABLE(TALLY), &k, &t);
        if (e == ERR_NOT_FOUND) continue;
        if (e != ERR_OK) return e;
        n += t.n, sum += (uint64_t)t.sum;
    }
    const struct score_event *event = score_event_of(f->kind);
    bool range = false, untold = n == 0 && event && event->figure;
    *out = (struct tally){.n = (int64_t)n, .value = FRAC_NONE};
    if (!untold) out->value = frac_mul(score_scale(f), FRAC_INT((int64_t)sum), &range);
    return ERR_OK;
}

enum err scoring_tallies(struct step *st, struct str person, struct str unit, enum score_period p,
                         int32_t first, struct frac **out)
{
    static const int months[] = {
        [SCORE_PERIOD_month] = 1, [SCORE_PERIOD_quarter] = 3, [SCORE_PERIOD_year] = 12};
    uint32_t count = st->policy->score_fact_count;
    struct frac *v = arena_take(st->arena, (count + 1) * sizeof *v);
    for (uint32_t i = 0; i < count; i++) {
        const struct score_fact *f = &st->policy->score_facts[i];
        bool of_unit = !person.n || (f->on.n && !f->person.n && unit.n);
        struct tally t;
        enum err e = scoring_tally(st, of_unit ? HOLDER_unit : HOLDER_person,
                                   of_unit ? unit : person, f, first, months[p], &t);
        if (e != ERR_OK) return e;
        v[i] = t.value;
    }
    *out = v;
    return ERR_OK;
}
