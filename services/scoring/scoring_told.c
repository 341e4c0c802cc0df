/* scoring_told.c - what an event says of a fact: its fields by name, and beside them what scoring
 * knows of the job, complaint, visit or call-back it names (scoring_known.c) or reckons from its
 * lines (SCO-008, SCO-069, SCO-084, SCO-102, SCO-104). */
#include "common/contract.h"
#include "proto/value.h"
#include "services/scoring/scoring_facts.h"
#include <string.h>

#define YES_NO(is) ((is) ? yes_no_yes : yes_no_no)

/* ---- fields by name ---- */

static struct told_value value_at(const struct field *f, const void *payload)
{
    const void *member = (const uint8_t *)payload + f->offset;
    struct told_value v = {.type = f->type, .codes = f->codes};
    if (f->type == FT_TEXT)
        v.text = *(const struct str *)member;
    else
        v.n = value_number(f, member);
    v.said = v.text.n > 0 || v.n != 0;
    return v;
}

struct told_value told_value(const struct told *t, struct str name)
{
    const struct field *f = shape_field(t->shape, name);
    struct told_value own = {0};
    if (f && f->type != FT_LIST && f->type != FT_RAW && f->type != FT_HASH)
        own = value_at(f, t->payload);
    if (own.said) return own;
    for (size_t i = 0; t->event->more && t->event->more[i].name; i++) {
        if (str_is(name, t->event->more[i].name)) return t->more[i];
    }
    return own;
}

struct str told_text(const struct told *t, struct str name)
{
    struct told_value v = told_value(t, name);
    return v.type == FT_TEXT ? v.text : (struct str){0};
}

/* ---- beside them ---- */

static struct told_value *beside(struct told *t, const char *name)
{
    for (size_t i = 0; i < SCORE_MORE_MAX && t->event->more && t->event->more[i].name; i++) {
        const struct score_more *m = &t->event->more[i];
        if (strcmp(m->name, name) != 0) continue;
        t->more[i].type = m->type, t->more[i].codes = m->codes;
        return &t->more[i];
    }
    contract_broken(name, __FILE__, __LINE__);
}

static void put_text(struct told *t, const char *name, struct str text)
{
    struct told_value *v = beside(t, name);
    v->text = text, v->said = text.n > 0;
}

static void put_number(struct told *t, const char *name, int64_t n)
{
    struct told_value *v = beside(t, name);
    v->n = n, v->said = n != 0;
}

static void put_word(struct told *t, const char *name, struct str word)
{
    const struct codeset *codes = beside(t, name)->codes;
    put_number(t, name, code_number(codes, word));
}

static enum err of_job(struct step *st, struct told *t, struct str call_no, uint64_t job)
{
    struct rec_row_score_known k;
    enum err e = scoring_known_job(st, call_no, job, &k);
    if (e != ERR_OK) return e;
    put_number(t, "job", (int64_t)(job ? job : 1));
    put_text(t, "technician", k.person);
    put_text(t, "unit", k.unit);
    return ERR_OK;
}

/* SCO-088: primary is what head office's rate of timeliness counts (HQ-029). */
static enum err of_clock(struct step *st, struct told *t, const struct ev_deadline_stopped *ev)
{
    struct str name = ev->name;
    put_number(t, "primary", YES_NO(policy_milestone(st->policy, name, ev->policy)));
    if (name.n < 4 || memcmp(name.p, "job.", 4) != 0) return ERR_OK;
    return of_job(st, t, ev->case_no, ev->item);
}

static enum err of_complaint(struct step *st, struct told *t, bool service)
{
    struct rec_row_score_known k;
    enum known kind = service ? KNOWN_service_complaint : KNOWN_complaint;
    enum err e = scoring_known(st, kind, told_text(t, STR("case_no")), &k);
    if (e != ERR_OK) return e;
    put_text(t, service ? "accused" : "clerk", k.person);
    put_text(t, "centre", k.unit);
    put_word(t, "kind", k.kind);
    return ERR_OK;
}

static enum err of_visit(struct step *st, struct told *t)
{
    struct rec_row_score_known k;
    enum err e = scoring_known(st, KNOWN_visit, told_text(t, STR("visit_no")), &k);
    if (e != ERR_OK) return e;
    put_text(t, "person", k.person);
    put_text(t, "unit", k.unit);
    put_number(t, "due", k.day);
    return ERR_OK;
}

#define SATISFIED_FROM 3 /* 4 很滿意, 3 滿意 */

static enum err of_followup(struct step *st, struct told *t, const struct ev_followup_done *ev)
{
    struct rec_row_score_known k;
    enum err e = scoring_known(st, KNOWN_followup, ev->followup_no, &k);
    if (e != ERR_OK) return e;
    put_text(t, "technician", k.person);
    put_text(t, "unit", k.unit);
    put_word(t, "kind", k.kind);
    put_word(t, "vip_class", k.class);
    if (ev->satisfaction) put_number(t, "satisfied", YES_NO(ev->satisfaction >= SATISFIED_FROM));
    return ERR_OK;
}

/* SCO-069: what is blank is left out of both sums. */
static void of_card(struct told *t, const struct ev_survey_returned *ev)
{
    const uint64_t points[] = {ev->attitude, ev->skill, ev->arrival, ev->promise};
    const int64_t twelfths = 12;
    int64_t sum = 0, answered = 0, satisfied = 0;
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        sum += (int64_t)points[i];
        answered += points[i] > 0;
        satisfied += points[i] >= SATISFIED_FROM;
    }
    put_number(t, "answered", answered);
    put_number(t, "satisfied", satisfied);
    if (answered) put_number(t, "card_points", sum * twelfths / answered);
}

static void of_daily(struct told *t, const struct ev_tech_daily_reported *ev)
{
    static const char *const names[] = {[category_a] = "a_min",
                                        [category_b] = "b_min",
                                        [category_c] = "c_min",
                                        [category_d] = "d_min"};
    int64_t minutes[COUNT_OF(names)] = {0};
    for (uint32_t i = 0; i < ev->lines.n; i++)
        minutes[ev->lines.v[i].category] += (int64_t)ev->lines.v[i].minutes;
    for (size_t i = category_a; i < COUNT_OF(names); i++)
        put_number(t, names[i], minutes[i]);
}

static void of_report(struct step *st, struct told *t, const struct ev_report_submitted *ev)
{
    int32_t due = scoring_report_due(st->policy, ev->form, ev->period);
    struct str unit = ev->unit.n || !st->in ? ev->unit : st->in->source;
    put_text(t, "unit", unit);
    if (!due) return;
    put_number(t, "due", due);
    put_number(t, "on_time", YES_NO(step_occurred(st) < paper_day_end(st, unit, due)));
}

static void of_campaign(struct step *st, struct told *t, const struct ev_campaign_closed *ev)
{
    int64_t answers = 0, satisfied = 0;
    (void)st;
    for (uint32_t i = 0; i < ev->dims.n; i++) {
        const struct rec_campaign_dim *d = &ev->dims.v[i];
        answers += (int64_t)(d->n1 + d->n2 + d->n3 + d->n4);
        satisfied += (int64_t)(d->n1 + d->n2);
    }
    put_number(t, "answers", answers);
    put_number(t, "satisfied", satisfied);
}

/* SCO-097: one result a day, of a person in a training. */
static enum err of_exam(struct step *st, struct told *t)
{
    struct str unit;
    enum err e = scoring_unit_of(st, told_text(t, STR("person")), &unit);
    if (e == ERR_OK) put_number(t, "day", step_day(st, unit));
    return e;
}

static enum err more_of(struct step *st, struct told *t)
{
    const void *p = t->payload;
    switch ((int)t->event->on) {
    case EV_job_arrived:
    case EV_job_closed:
    case EV_conduct_recorded:
        return of_job(st, t, told_text(t, STR("call_no")), (uint64_t)told_value(t, STR("job")).n);
    case EV_repeat_detected:
        return of_job(st, t, ((const struct ev_repeat_detected *)p)->first_call,
                      ((const struct ev_repeat_detected *)p)->first_job);
    case EV_deadline_stopped:
        return of_clock(st, t, p);
    case EV_visit_done:
        return of_visit(st, t);
    case EV_followup_done:
        return of_followup(st, t, p);
    case EV_survey_returned:
        of_card(t, p);
        return ERR_OK;
    case EV_tech_daily_reported:
        of_daily(t, p);
        return ERR_OK;
    case EV_report_submitted:
        of_report(st, t, p);
        return ERR_OK;
    case EV_plan_set:
        put_number(t, "first",
                   day_of((int)((const struct ev_plan_set *)p)->year,
                          ((const struct ev_plan_set *)p)->month
                              ? (int)((const struct ev_plan_set *)p)->month
                              : 1,
                          1));
        return ERR_OK;
    case EV_budget_set:
        put_number(t, "first", day_of((int)((const struct ev_budget_set *)p)->year, 1, 1));
        return ERR_OK;
    case EV_training_planned:
        put_number(t, "members", ((const struct ev_training_planned *)p)->persons.n);
        return ERR_OK;
    case EV_training_passed:
    case EV_training_failed:
        return of_exam(st, t);
    case EV_campaign_closed:
        of_campaign(st, t, p);
        return ERR_OK;
    case EV_service_complaint_verified:
        return of_complaint(st, t, true);
    default:
        return shape_field(t->shape, STR("case_no")) && t->event->more ? of_complaint(st, t, false)
                                                                       : ERR_OK;
    }
}

enum err told_of(struct step *st, const struct score_event *event, const void *payload,
                 struct told *out)
{
    *out = (struct told){.event = event, .shape = event_of(event->on)->shape(), .payload = payload};
    return more_of(st, out);
}

/* ---- what the policy asks ---- */

static bool is_word(const struct told_value *v, struct str word)
{
    if (str_is(word, SCORE_SAID)) return v->said;
    switch (v->type) {
    case FT_TEXT:
        return str_eq(v->text, word);
    case FT_CODE:
        return v->said && str_is(word, code_word(v->codes, (uint32_t)v->n));
    case FT_FLAG:
        return str_is(word, v->n ? "yes" : "no");
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_LIST:
    case FT_RAW:
    case FT_HASH:
        break;
    }
    return false;
}

bool told_matches(const struct told *t, const struct score_fact *f)
{
    for (uint32_t i = 0; i < f->where.n; i++) {
        struct str w = f->where.v[i];
        const char *sign = memchr(w.p, '=', w.n);
        if (!sign) return false;
        struct str name = {w.p, (uint32_t)(sign - w.p)}, word = {sign + 1, w.n - name.n - 1};
        struct told_value v = told_value(t, name);
        if (!is_word(&v, word)) return false;
    }
    return true;
}

/* Kept within what a row holds; a figure beyond it is no figure of a company. */
static int64_t within(int64_t n)
{
    return n > TOLD_AMOUNT_MAX ? TOLD_AMOUNT_MAX : n < -TOLD_AMOUNT_MAX ? -TOLD_AMOUNT_MAX : n;
}

int64_t told_amount(const struct told *t, const struct score_fact *f)
{
    if (f->amount.n == 0) return 1;
    struct told_value v = told_value(t, f->amount);
    struct frac number;
    if (v.type != FT_TEXT) return within(v.type == FT_UINT && v.n < 0 ? INT64_MAX : v.n);
    int64_t n = 0;
    if (!frac_parse(v.text, &number) || !frac_round(number, SCORE_TEXT_DECIMALS, &n)) return 0;
    return within(n);
}

/* ---- keys ---- */

#define NAME_MAX_BYTES 96
#define NAME_KEPT 64

/* A name that is too long for a key: its beginning and a hash (FNV-1a) of all of it. */
struct str told_key(struct step *st, struct str s)
{
    const uint64_t basis = UINT64_C(14695981039346656037), prime = UINT64_C(1099511628211);
    if (s.n <= NAME_MAX_BYTES) return s;
    uint64_t h = basis;
    for (uint32_t i = 0; i < s.n; i++)
        h = (h ^ (uint8_t)s.p[i]) * prime;
    return arena_printf(st->arena, "%.*s~%016llx", NAME_KEPT, s.p, (unsigned long long)h);
}

static struct str as_text(struct step *st, const struct told_value *v)
{
    if (v->type == FT_TEXT) return v->text;
    if (v->type == FT_CODE) return str_of(code_word(v->codes, (uint32_t)v->n));
    return arena_printf(st->arena, "%lld", (long long)v->n);
}

/* Texts hold no control bytes, so that two lists of values never look alike. */
static struct str joined(struct step *st, struct str before, const struct told_value *v)
{
    struct str text = as_text(st, v);
    return arena_printf(st->arena, "%.*s%c%.*s", STR_ARG(before), SCORING_REF_MARK, STR_ARG(text));
}

/* A figure of a person is his wherever he is by now; whatever else names no unit is of the one it
 * is told for, so that two centres do not replace each other's. */
static bool is_of_unit(const struct told *t, const struct score_fact *f)
{
    bool named = f->person.n && words_have(f->ref, f->person);
    return f->unit.n && !(named && told_text(t, f->person).n);
}

struct str told_ref(struct step *st, const struct told *t, const struct score_fact *f,
                    struct str unit)
{
    const struct told_value of = {.type = FT_TEXT, .text = unit};
    bool of_unit = is_of_unit(t, f);
    struct str ref = {0};
    if (f->ref.n == 0) return told_event(st);
    for (uint32_t i = 0; i < f->ref.n; i++) {
        struct told_value v = told_value(t, f->ref.v[i]);
        bool untold = of_unit && !v.said && str_eq(f->ref.v[i], f->unit);
        ref = joined(st, ref, untold ? &of : &v);
    }
    return told_key(st, ref);
}

/* Its place in a log, which nothing else has. */
struct str told_event(struct step *st)
{
    if (!st->in) return arena_printf(st->arena, "at %lld", (long long)st->now_ms);
    return arena_printf(st->arena, "%s %llu", owner_name(st->from),
                        (unsigned long long)st->in->seq);
}

struct str told_name(struct step *st, const struct score_event *target, const void *payload,
                     const struct shape *shape, const char *const *fields)
{
    struct told t = {
        .event = &(const struct score_event){.on = target->on}, .shape = shape, .payload = payload};
    uint32_t logs = target->logs;
    bool many = (logs & (logs - 1)) != 0;
    struct str name = many ? str_of(owner_name(st->from)) : (struct str){0};
    for (size_t i = 0; i < SCORE_NAMED_MAX && fields[i]; i++) {
        struct told_value v = told_value(&t, str_of(fields[i]));
        name = joined(st, name, &v);
    }
    return told_key(st, name);
}

/* ---- whose, when ---- */

int32_t told_day(struct step *st, const struct told *t, const struct score_fact *f, struct str unit)
{
    struct told_value v = told_value(t, f->day);
    if (f->day.n && v.said && v.type == FT_DATE) return (int32_t)v.n;
    int64_t at_ms = f->day.n && v.said && v.type == FT_TIME ? v.n : step_occurred(st);
    return zone_day(step_zone(st, unit), at_ms);
}

enum err told_unit(struct step *st, const struct told *t, const struct score_fact *f,
                   struct str person, struct str *out)
{
    struct rec_row_person p;
    struct key k = key_of(person);
    *out = f->unit.n ? told_text(t, f->unit) : (struct str){0};
    if (!out->n && person.n) {
        enum err e = step_get(st, &table_person, &k, &p);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        if (e == ERR_OK) *out = p.unit;
    }
    if (!out->n && st->in) *out = st->in->source;
    if (out->n > TOLD_UNIT_MAX) out->n = 0; /* no key of a unit */
    return ERR_OK;
}
