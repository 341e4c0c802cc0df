/* scoring_ledger_source.c - which events tell a fact of the ledgers: conduct.recorded of dispatch,
 * parts or a manager, and those the policy names (ledger_sources), read by the names of their
 * fields. Service complaints are remembered for the call they came with; published sanctions are
 * noted in the marks of the year (SCO-115, SCO-124). Ledger 1 is charged as parts assessed it
 * (SCO-079, SCO-080). */
#include "services/scoring/scoring_private.h"
#include <string.h>

#define CASE_BYTES 64

/* ---- fields by name ---- */

static const void *field_at(const struct field *f, const void *obj)
{
    return (const char *)obj + f->offset;
}

static struct str text_of(const struct shape *s, const void *payload, struct str name)
{
    const struct field *f = name.n ? shape_field(s, name) : NULL;
    if (!f || f->type != FT_TEXT) return (struct str){0};
    return *(const struct str *)field_at(f, payload);
}

static bool is_so(const struct shape *s, const void *payload, struct str where)
{
    const char *eq = where.n ? memchr(where.p, '=', where.n) : NULL;
    if (!eq) return false;
    uint32_t n = (uint32_t)(eq - where.p);
    struct str name = {where.p, n}, word = {eq + 1, where.n - n - 1}, is = {0};
    const struct field *f = shape_field(s, name);
    if (!f) return false;
    if (f->type == FT_TEXT) is = text_of(s, payload, name);
    if (f->type == FT_CODE) {
        uint32_t code;
        memcpy(&code, field_at(f, payload), sizeof code);
        is = str_of(code_word(f->codes, code));
    }
    return str_is(word, "*") ? is.n > 0 : str_eq(is, word);
}

static bool all_so(const struct ledger_source *src, const struct shape *s, const void *payload)
{
    for (uint32_t i = 0; i < src->where.n; i++) {
        if (!is_so(s, payload, src->where.v[i])) return false;
    }
    return true;
}

/* Local day, at the person's unit, of an instant. */
static enum err day_at(struct step *st, struct str person, int64_t at_ms, int32_t *out)
{
    struct str unit;
    enum err e = scoring_unit_of(st, person, &unit);
    if (e != ERR_OK) return e;
    *out = zone_day(step_zone(st, unit), at_ms);
    return ERR_OK;
}

static enum err day_said(struct step *st, const struct shape *s, const void *payload,
                         struct str name, struct conduct_told *told)
{
    const struct field *f = name.n ? shape_field(s, name) : NULL;
    int64_t at = step_occurred(st);
    if (f && f->type == FT_DATE) memcpy(&told->day, field_at(f, payload), sizeof told->day);
    if (told->day) return ERR_OK;
    if (f && f->type == FT_TIME && *(const int64_t *)field_at(f, payload))
        at = *(const int64_t *)field_at(f, payload);
    return day_at(st, told->person, at, &told->day);
}

/* A clock's case is "paper/number"; the number is what others call it by. */
static struct str number_of(struct str case_no)
{
    const char *slash = case_no.n ? memchr(case_no.p, '/', case_no.n) : NULL;
    if (slash && slash + 1 < case_no.p + case_no.n) {
        case_no.n -= (uint32_t)(slash + 1 - case_no.p);
        case_no.p = slash + 1;
    }
    return case_no;
}

static struct str case_of(const struct step *st, struct str said)
{
    if (st->type->kind == EV_deadline_passed) said = number_of(said);
    return said.n > CASE_BYTES ? (struct str){0} : said;
}

/* ---- complaints about service ---- */

static enum err case_get(struct step *st, struct str case_no, struct rec_row_conduct_case *out)
{
    struct key key = key_of(case_no);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_CASE), &key, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_conduct_case){0};
    return ERR_OK;
}

static void case_put(struct step *st, struct str case_no, const struct rec_row_conduct_case *r)
{
    struct key key = key_of(case_no);
    step_put(st, SCORING_TABLE(CONDUCT_CASE), &key, r);
}

static enum err on_received(struct step *st, const struct ev_service_complaint_received *ev)
{
    struct rec_row_conduct_case r;
    enum err e = case_get(st, ev->case_no, &r);
    if (e != ERR_OK) return e;
    r.accused = ev->accused;
    r.call_no = ev->call_no;
    case_put(st, ev->case_no, &r);
    return ERR_OK;
}

static enum err on_verified(struct step *st, const struct ev_service_complaint_verified *ev,
                            struct rec_row_conduct_case *r)
{
    enum err e = case_get(st, ev->case_no, r);
    if (e != ERR_OK) return e;
    if (ev->accused.n) r->accused = ev->accused;
    r->cause = ev->cause;
    e = day_at(st, r->accused, step_occurred(st), &r->day);
    if (e == ERR_OK) case_put(st, ev->case_no, r);
    return e;
}

/* ---- shifts ---- */

enum err scoring_shift_heard(struct step *st, const void *payload)
{
    const struct ev_shift_rostered *ev = payload;
    const struct rec_row_conduct_shift r = {.site = ev->site};
    struct key key = key_of(ev->shift);
    step_put(st, SCORING_TABLE(CONDUCT_SHIFT), &key, &r);
    return ERR_OK;
}

enum err scoring_shift_site(struct step *st, struct str case_no, struct str *out)
{
    struct rec_row_conduct_shift r;
    struct key key = key_of(case_no);
    *out = (struct str){0};
    if (!case_no.n) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_SHIFT), &key, &r);
    if (e == ERR_OK) *out = r.site;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- taken back ---- */

enum err scoring_ledger_taken(struct step *st, const void *payload)
{
    enum event_kind kind;
    struct str name;
    enum err e = ERR_OK;
    for (size_t at = 0; e == ERR_OK && scoring_taken(st, payload, &at, &kind, &name);)
        e = scoring_ledger_untold(st, kind, name);
    return e;
}

/* ---- what the policy names ---- */

static enum err tell(struct step *st, const struct ledger_source *src, const void *payload,
                     const struct rec_row_conduct_case *complaint)
{
    const struct shape *s = st->type->shape();
    struct conduct_told told = {.fact = policy_ledger_fact(st->policy, src->fact),
                                .person = text_of(s, payload, src->person),
                                .case_no = case_of(st, text_of(s, payload, src->case_no)),
                                .text = text_of(s, payload, src->text),
                                .name = scoring_named(st, payload),
                                .undated = src->undated};
    if (complaint && !told.person.n) told.person = complaint->accused;
    if (complaint && complaint->call_no.n) told.case_no = complaint->call_no;
    if (!told.person.n) return ERR_STALE;
    enum err e = day_said(st, s, payload, src->day, &told);
    return e == ERR_OK ? scoring_ledger_told(st, &told) : e;
}

static enum err by_policy(struct step *st, const void *payload,
                          const struct rec_row_conduct_case *complaint)
{
    enum err whole = complaint ? ERR_OK : ERR_STALE;
    const struct policy *p = st->policy;
    for (uint32_t i = 0; i < p->ledger_source_count; i++) {
        const struct ledger_source *src = &p->ledger_sources[i];
        if (src->kind != st->type->kind || !all_so(src, st->type->shape(), payload)) continue;
        enum err e = tell(st, src, payload, complaint);
        if (e != ERR_OK && e != ERR_STALE) return e;
        if (e == ERR_OK) whole = ERR_OK;
    }
    return whole;
}

/* ---- conduct.recorded ---- */

/* What a manager reports of nobody, or by an unknown word, is answered for by scoring, though the
 * event is dispatch's. */
static enum err unheard(struct step *st, const struct ev_conduct_recorded *ev, bool known)
{
    if (st->from != OWNER_intake) return ERR_STALE;
    struct ev_refused_fact refused = {
        .number = st->type->number,
        .rule = STR("SCO-107"),
        .code = known ? STR("unknown") : STR("unknown_word"),
        .field = known ? STR("person") : STR("kind"),
        .text = known ? STR("is not a member of staff; send person.upserted first")
                      : STR("is no conduct the ledgers know; take an id of ledger_facts"),
        .data = st->in->data};
    struct str word = known ? ev->person : ev->kind;
    refused.text = arena_printf(st->arena, "\"%.*s\" %.*s", STR_ARG(word), STR_ARG(refused.text));
    step_emit_as(st, "SCO-107", EV_refused_fact, &refused);
    return ERR_OK;
}

static enum err is_staff(struct step *st, struct str person, bool *out)
{
    struct rec_row_person p;
    struct key key = key_of(person);
    enum err e = step_get(st, &table_person, &key, &p);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK;
    return ERR_OK;
}

static enum err on_recorded(struct step *st, const struct ev_conduct_recorded *ev)
{
    struct conduct_told told = {.fact = policy_ledger_fact(st->policy, ev->kind),
                                .person = ev->person,
                                .case_no = ev->call_no.n ? ev->call_no : ev->site,
                                .site = ev->site,
                                .text = ev->text.n ? ev->text : ev->evidence,
                                .day = ev->day};
    bool staff = false;
    if (!told.fact || told.fact->held.n) return unheard(st, ev, false);
    enum err e = is_staff(st, ev->person, &staff);
    if (e == ERR_OK && !staff && st->from == OWNER_intake) return unheard(st, ev, true);
    if (e == ERR_OK && !told.day) e = day_at(st, ev->person, step_occurred(st), &told.day);
    return e == ERR_OK ? scoring_ledger_told(st, &told) : e;
}

enum err scoring_ledger_heard(struct step *st, const void *payload)
{
    struct rec_row_conduct_case c;
    enum err e;
    switch ((unsigned)st->type->kind) {
    case EV_conduct_recorded:
        return on_recorded(st, payload);
    case EV_service_complaint_received:
        return on_received(st, payload);
    case EV_service_complaint_verified:
        e = on_verified(st, payload, &c);
        return e == ERR_OK ? by_policy(st, payload, &c) : e;
    }
    return by_policy(st, payload, NULL);
}

/* ---- marks (SCO-124) ---- */

static struct key year_key(struct str person, int32_t year)
{
    struct key k = key_of(person);
    key_u64(&k, (uint64_t)year);
    return k;
}

static enum err marks_get(struct step *st, struct str person, int32_t year,
                          struct rec_row_conduct_marks *out)
{
    struct key key = year_key(person, year);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_MARKS), &key, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_conduct_marks){0};
    return ERR_OK;
}

static enum err marks_by(struct step *st, struct str person, int32_t day, enum conduct_mark mark,
                         int64_t n)
{
    struct rec_row_conduct_marks r;
    int32_t year = scoring_year_of(day);
    if (!mark || mark == conduct_mark_dismissal) return ERR_OK;
    enum err e = marks_get(st, person, year, &r);
    if (e != ERR_OK) return e;
    uint64_t *const of[] = {[conduct_mark_demerit_minor] = &r.demerit_minor,
                            [conduct_mark_demerit_major] = &r.demerit_major,
                            [conduct_mark_merit] = &r.merit,
                            [conduct_mark_award] = &r.award};
    int64_t now = (int64_t)*of[mark] + n;
    *of[mark] = now > 0 ? (uint64_t)now : 0;
    struct key key = year_key(person, year);
    step_put(st, SCORING_TABLE(CONDUCT_MARKS), &key, &r);
    return ERR_OK;
}

enum err scoring_marks_add(struct step *st, struct str person, int32_t day, enum conduct_mark mark,
                           uint64_t n)
{
    return marks_by(st, person, day, mark, (int64_t)n);
}

enum err scoring_marks_take(struct step *st, struct str person, int32_t day, enum conduct_mark mark)
{
    return marks_by(st, person, day, mark, -1);
}

static uint32_t narrow(uint64_t n)
{
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

enum err scoring_marks(struct step *st, struct str person, int32_t year, struct scoring_marks *out)
{
    struct rec_row_conduct_marks r;
    enum err e = marks_get(st, person, year, &r);
    if (e != ERR_OK) return e;
    *out = (struct scoring_marks){.demerit_minor = narrow(r.demerit_minor),
                                  .demerit_major = narrow(r.demerit_major),
                                  .merit = narrow(r.merit),
                                  .award = narrow(r.award)};
    return ERR_OK;
}

static const enum conduct_mark mark_of[] = {
    [sanction_kind_minor_demerit] = conduct_mark_demerit_minor,
    [sanction_kind_major_demerit] = conduct_mark_demerit_major};

/* SCO-115: of a complaint about service, verified for one of the causes, the sanction is also the
 * entry of ledger 3. */
static enum err book_verified(struct step *st, const struct ev_sanction_published *ev,
                              bool *counted)
{
    struct rec_row_conduct_case c;
    enum err e = case_get(st, ev->case_no, &c);
    *counted = false;
    if (e != ERR_OK || !c.day || ev->kind != sanction_kind_major_demerit) return e;
    const struct conduct_told told = {.fact =
                                          policy_ledger_fact(st->policy, STR("verified_complaint")),
                                      .person = ev->person,
                                      .case_no = ev->case_no,
                                      .day = c.day,
                                      .undated = true};
    return scoring_ledger_sanctioned(st, &told, ev, counted);
}

enum err scoring_ledger_sanction(struct step *st, const void *payload)
{
    const struct ev_sanction_published *ev = payload;
    bool counted;
    if (!ev->person.n || ev->kind >= COUNT_OF(mark_of) || ev->month < LEDGER_DAY_MIN)
        return ERR_STALE;
    enum err e = book_verified(st, ev, &counted);
    uint64_t n = ev->count ? ev->count : 1;
    if (e != ERR_OK) return e;
    return scoring_marks_add(st, ev->person, ev->month, mark_of[ev->kind], n - counted);
}

/* ---- ledger 1, as parts assessed it ---- */

static enum err charge(struct step *st, const struct ev_conduct_charged *ev, const char *rule)
{
    struct rec_row_conduct_charge r;
    struct key key = key_of(ev->kind);
    key_str(&key, ev->unit);
    key_str(&key, ev->case_no);
    key_str(&key, ev->person);
    if (!ev->person.n || ev->month < LEDGER_DAY_MIN) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_CHARGE), &key, &r);
    if (e != ERR_NOT_FOUND) return e;
    r = (struct rec_row_conduct_charge){.amount = ev->amount, .month = ev->month};
    step_put(st, SCORING_TABLE(CONDUCT_CHARGE), &key, &r);
    step_emit_as(st, rule, EV_conduct_charged, ev);
    return ERR_OK;
}

static enum err on_assessment(struct step *st, const struct ev_assessment_raised *a)
{
    int32_t today;
    enum err e = day_at(st, a->person, step_occurred(st), &today);
    if (e != ERR_OK) return e;
    const struct ev_conduct_charged ev = {.person = a->person,
                                          .kind = STR("unmatched_report"),
                                          .case_no = a->report_no,
                                          .unit = a->unit,
                                          .day = a->day,
                                          .month = scoring_month_of(today),
                                          .value = a->value,
                                          .amount = a->amount};
    return charge(st, &ev, "SCO-079");
}

static enum err on_list(struct step *st, const struct ev_mismatch_list_approved *list)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < list->lines.n; i++) {
        const struct rec_mismatch_line *l = &list->lines.v[i];
        const struct ev_conduct_charged ev = {.person = l->responsible,
                                              .kind = STR("part_mismatch"),
                                              .case_no = l->old_no,
                                              .unit = list->unit,
                                              .month = scoring_month_of(list->month),
                                              .value = l->loss,
                                              .amount = l->amount};
        e = charge(st, &ev, "SCO-080");
    }
    return e;
}

enum err scoring_charge_heard(struct step *st, const void *payload)
{
    if (st->type->kind == EV_assessment_raised) return on_assessment(st, payload);
    return st->type->kind == EV_mismatch_list_approved ? on_list(st, payload) : ERR_STALE;
}
