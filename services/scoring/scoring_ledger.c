/* scoring_ledger.c - the ledgers of conduct 1-5: what is told of somebody becomes an entry, which a
 * manager confirms or rejects; what is confirmed is booked in the month of the fact, with its fine,
 * and counted in the assessment year 考核年度 of the fact (SCO-107 … SCO-125).
 *
 * An entry is found by what makes it one fact: person, kind, case or site, and day. So reports of
 * one fact meet, whichever event brought them and in whichever order; the first makes the entry,
 * the others stay as evidence. A report that does not know the day meets the entry of any day, one
 * that names no case that of its day, if another event brought it. An entry that does not know its
 * day or case takes that of the first report that does, until it is confirmed; one that knows only
 * the site meets a case of that site. What is booked falls when a manager rejects it, or when all
 * that was told of it is taken back; scoring_ledger_book.c has what follows from it and how that
 * ends. What follows from a count is proposed, never done: a person confirms it. */
#include "services/scoring/scoring_ledger.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define REPORTS_MAX 16
#define TEXT_BYTES 256

int32_t scoring_year_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return y;
}

int32_t scoring_month_of(int32_t day)
{
    return scoring_period(SCORE_PERIOD_month, day);
}

enum err scoring_unit_of(struct step *st, struct str person, struct str *out)
{
    struct rec_row_person p;
    struct key key = key_of(person);
    enum err e = step_get(st, &table_person, &key, &p);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool known = e == ERR_OK && p.unit.n > 0;
    struct str source = st->in ? st->in->source : (struct str){0};
    *out = known ? p.unit : source.n <= 32 ? source : (struct str){0};
    return ERR_OK;
}

/* ---- what was told ---- */

struct key scoring_entry_key(struct str person, struct str kind, struct str case_no, int32_t day)
{
    struct key k = key_of(person);
    key_str(&k, kind);
    key_str(&k, case_no);
    key_day(&k, day);
    return k;
}

bool scoring_key_same(const struct key *a, const struct key *b)
{
    return a->n == b->n && memcmp(a->b, b->b, a->n) == 0;
}

enum err scoring_entry_named(struct step *st, const struct key *key, size_t prefix,
                             struct str *kind, struct str *case_no)
{
    struct key_reader k = {{key->b + prefix, key->n - prefix}};
    if (key_take_str(&k, kind) != ERR_OK || key_take_str(&k, case_no) != ERR_OK) return ERR_CORRUPT;
    *kind = arena_str(st->arena, *kind);
    *case_no = arena_str(st->arena, *case_no);
    return ERR_OK;
}

static struct key entry_key(struct str person, const struct ledger_fact *fact, struct str case_no,
                            int32_t day)
{
    return scoring_entry_key(person, fact->id, case_no, day);
}

static struct str clipped(struct str s)
{
    if (s.n <= TEXT_BYTES) return s;
    s.n = TEXT_BYTES;
    while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
        s.n--;
    return s;
}

static const char *const logs[] = {[OWNER_intake] = "intake",
                                   [OWNER_dispatch] = "dispatch",
                                   [OWNER_parts] = "parts",
                                   [OWNER_complaint] = "complaint",
                                   [OWNER_scoring] = "scoring"};

static struct rec_conduct_report report_of(struct step *st, const struct conduct_told *told)
{
    const char *log = st->from < COUNT_OF(logs) && logs[st->from] ? logs[st->from] : "";
    struct str id = st->in->id;
    if (!id.n) id = arena_printf(st->arena, "%s/%" PRIu64, log, st->in->seq);
    return (struct rec_conduct_report){.event = id,
                                       .source = st->in->source,
                                       .type = str_of(st->type->type),
                                       .log = str_of(log),
                                       .text = clipped(told->text),
                                       .name = told->name};
}

static bool is_named(const struct rec_conduct_report *r, enum event_kind kind, struct str name)
{
    return name.n && str_eq(r->name, name) && str_is(r->type, event_of(kind)->type);
}

/* So that it is found by the name of what takes it back. */
static void note_name(struct step *st, const struct conduct_told *told)
{
    const struct rec_row_mark set = {.set = true};
    struct key k = {.n = 0};
    if (!told->name.n) return;
    key_u64(&k, st->type->number);
    key_str(&k, told->name);
    key_str(&k, told->person);
    key_str(&k, told->fact->id);
    step_put(st, SCORING_TABLE(CONDUCT_NAMED), &k, &set);
}

static struct rec_conduct_report *reports_copy(struct step *st, const struct rec_row_conduct *r)
{
    struct rec_conduct_report *v = arena_take(st->arena, (r->reports.n + 1) * sizeof *v);
    if (r->reports.n) memcpy(v, r->reports.v, r->reports.n * sizeof *v);
    return v;
}

/* What stands under one name, like the levels of one clock, is kept once. */
static void add_report(struct step *st, struct rec_row_conduct *r, const struct conduct_told *told)
{
    r->told++;
    note_name(st, told);
    for (uint32_t i = 0; i < r->reports.n; i++) {
        const struct rec_conduct_report *old = &r->reports.v[i];
        if (!old->withdrawn && is_named(old, st->type->kind, told->name)) return;
    }
    if (r->reports.n == REPORTS_MAX) {
        r->more++;
        return;
    }
    struct rec_conduct_report *v = reports_copy(st, r);
    v[r->reports.n] = report_of(st, told);
    r->reports.v = v;
    r->reports.n++;
}

/* ledger.same_fact: what stands for the case in the key. */
static struct str same_case(struct step *st, const struct conduct_told *told)
{
    switch (st->policy->scoring.same_fact) {
    case SAME_FACT_case:
        return told->case_no;
    case SAME_FACT_day:
        return (struct str){0};
    case SAME_FACT_each:
        break;
    }
    struct str id = report_of(st, told).event;
    if (id.n <= 64) return id;
    return (struct str){id.p + id.n - 64, 64};
}

/* The entry of this person, kind and case whose day the report, or the entry, does not know. */
static enum err meet_other_day(struct step *st, const struct conduct_told *told, struct str case_no,
                               struct key *key, struct rec_row_conduct *out)
{
    struct key prefix = key_of(told->person), at = {.n = 0};
    struct rec_row_conduct r;
    enum err e = ERR_NOT_FOUND;
    key_str(&prefix, told->fact->id);
    key_str(&prefix, case_no);
    if (!case_no.n) return ERR_NOT_FOUND;
    while ((e = step_next(st, SCORING_TABLE(CONDUCT), &prefix, &at, &r)) == ERR_OK) {
        if (!r.undated && !told->undated) continue;
        *key = at;
        *out = r;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_NOT_FOUND : e;
}

/* The entry of this person, kind and day of which only one, it or the report, names a case. What
 * one sort of event tells of a day is told apart by its case, also by having none. */
static enum err meet_other_case(struct step *st, const struct conduct_told *told,
                                struct str case_no, struct key *key, struct rec_row_conduct *out)
{
    struct key prefix = key_of(told->person), at = {.n = 0};
    struct rec_row_conduct r;
    enum err e;
    key_str(&prefix, told->fact->id);
    if (told->undated || st->policy->scoring.same_fact != SAME_FACT_case) return ERR_NOT_FOUND;
    while ((e = step_next(st, SCORING_TABLE(CONDUCT), &prefix, &at, &r)) == ERR_OK) {
        struct key_reader k = {{at.b + prefix.n, at.n - prefix.n}};
        struct str its;
        if (key_take_str(&k, &its) != ERR_OK) return ERR_CORRUPT;
        bool one = (its.n == 0) != (case_no.n == 0);
        if (!one || r.undated || r.day != told->day || !r.reports.n) continue;
        if (str_is(r.reports.v[0].type, st->type->type)) continue;
        *key = at;
        *out = r;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_NOT_FOUND : e;
}

/* The entry of this person, kind, day and site, of which one, it or the report, names nothing but
 * the site. */
static enum err meet_site(struct step *st, const struct conduct_told *told, struct str case_no,
                          struct key *key, struct rec_row_conduct *out)
{
    struct key prefix = key_of(told->person), at = {.n = 0};
    size_t person = prefix.n;
    struct rec_row_conduct r;
    enum err e;
    key_str(&prefix, told->fact->id);
    if (!told->site.n || told->undated || st->policy->scoring.same_fact != SAME_FACT_case)
        return ERR_NOT_FOUND;
    while ((e = step_next(st, SCORING_TABLE(CONDUCT), &prefix, &at, &r)) == ERR_OK) {
        struct str kind, its;
        if (r.undated || r.day != told->day || !str_eq(r.site, told->site)) continue;
        e = scoring_entry_named(st, &at, person, &kind, &its);
        if (e != ERR_OK) return e;
        if (!str_eq(its, told->site) && !str_eq(case_no, told->site)) continue;
        *key = at;
        *out = r;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_NOT_FOUND : e;
}

static enum err find(struct step *st, const struct conduct_told *told, struct str case_no,
                     struct key *key, struct rec_row_conduct *out)
{
    *key = entry_key(told->person, told->fact, case_no, told->day);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT), key, out);
    if (e == ERR_NOT_FOUND) e = meet_other_day(st, told, case_no, key, out);
    if (e == ERR_NOT_FOUND) e = meet_site(st, told, case_no, key, out);
    return e == ERR_NOT_FOUND ? meet_other_case(st, told, case_no, key, out) : e;
}

static enum err entry_new(struct step *st, const struct conduct_told *told,
                          struct rec_row_conduct *r)
{
    *r = (struct rec_row_conduct){.state = conduct_state_recorded,
                                  .ledger = told->fact->ledger,
                                  .day = told->day,
                                  .site = told->site,
                                  .undated = told->undated};
    return scoring_unit_of(st, told->person, &r->unit);
}

/* Now the day, or the case, is known: the entry moves there. A site is less than a case. */
static void entry_moves(struct step *st, const struct conduct_told *told, struct str case_no,
                        struct key *key, struct rec_row_conduct *r)
{
    struct key to = entry_key(told->person, told->fact, case_no, told->day);
    struct key nowhere = entry_key(told->person, told->fact, (struct str){0}, told->day);
    bool there = scoring_key_same(&to, key);
    bool more = !str_eq(case_no, told->site) || scoring_key_same(&nowhere, key);
    bool known = r->undated || (case_no.n && more);
    if (!r->site.n) r->site = told->site;
    if (there || !known || told->undated || r->state != conduct_state_recorded) return;
    step_del(st, SCORING_TABLE(CONDUCT), key);
    *key = to;
    r->day = told->day;
    r->undated = false;
}

/* All that was told of it had been taken back: it is told anew. */
static void entry_again(struct rec_row_conduct *r)
{
    if (r->state != conduct_state_withdrawn) return;
    r->state = conduct_state_recorded;
    r->by = r->reason = r->item = r->points = (struct str){0};
    r->confirmed_at = 0;
}

static enum err take(struct step *st, const struct conduct_told *said, struct key *key,
                     struct rec_row_conduct *r)
{
    struct conduct_told told = *said;
    struct str case_no = same_case(st, said), site;
    enum err e = scoring_shift_site(st, said->case_no, &site);
    if (e != ERR_OK) return e;
    if (site.n) told.site = site;
    e = find(st, &told, case_no, key, r);
    if (e == ERR_NOT_FOUND) {
        *key = entry_key(told.person, told.fact, case_no, told.day);
        e = entry_new(st, &told, r);
    } else if (e == ERR_OK) {
        entry_again(r);
        entry_moves(st, &told, case_no, key, r);
    }
    if (e == ERR_OK) add_report(st, r, &told);
    return e;
}

/* Nobody to write it down for, or a fact that others enforce, or a day of no ledger. */
static bool is_none(const struct conduct_told *told)
{
    bool in = told->day >= LEDGER_DAY_MIN && told->day <= (int32_t)(TIME_MAX_MS / DAY_MS);
    return !told->person.n || !told->fact || told->fact->held.n || !in;
}

enum err scoring_ledger_told(struct step *st, const struct conduct_told *told)
{
    struct rec_row_conduct r;
    struct key key;
    if (is_none(told)) return ERR_STALE;
    enum err e = take(st, told, &key, &r);
    if (e != ERR_OK) return e;
    step_put(st, SCORING_TABLE(CONDUCT), &key, &r);
    return ERR_OK;
}

/* ---- taken back ---- */

/* Who takes it back, where a log does. */
static struct str taker(const struct step *st)
{
    struct str source = st->in ? st->in->source : (struct str){0};
    return source.n ? source : str_of(owner_name(st->from));
}

/* Does anything that was told of it still stand? */
static bool strike(struct step *st, struct rec_row_conduct *r, enum event_kind kind,
                   struct str name)
{
    struct rec_conduct_report *v = reports_copy(st, r);
    bool stands = r->more > 0;
    for (uint32_t i = 0; i < r->reports.n; i++) {
        v[i].withdrawn |= is_named(&v[i], kind, name);
        stands |= !v[i].withdrawn;
    }
    r->reports.v = v;
    return stands;
}

static enum err fall(struct step *st, struct booking *b)
{
    struct rec_row_conduct *r = b->row;
    bool booked = r->state == conduct_state_booked;
    if (!booked && r->state != conduct_state_recorded) return ERR_OK;
    r->state = conduct_state_withdrawn;
    r->by = taker(st);
    r->reason = str_of(st->type->type);
    return booked ? scoring_unbook(st, b) : ERR_OK;
}

/* The entries of this kind of a person that were told under the name. */
static enum err untold_of(struct step *st, struct str person, const struct ledger_fact *fact,
                          enum event_kind kind, struct str name)
{
    struct key prefix = key_of(person), at = {.n = 0};
    size_t n = prefix.n;
    struct rec_row_conduct r;
    enum err e;
    key_str(&prefix, fact->id);
    while ((e = step_next(st, SCORING_TABLE(CONDUCT), &prefix, &at, &r)) == ERR_OK) {
        struct booking b = {
            .told = {.fact = fact, .person = person, .day = r.day}, .key = at, .row = &r};
        struct str id;
        uint32_t i = 0;
        while (i < r.reports.n && !is_named(&r.reports.v[i], kind, name))
            i++;
        if (i == r.reports.n) continue;
        e = scoring_entry_named(st, &at, n, &id, &b.told.case_no);
        if (e == ERR_OK && !strike(st, &r, kind, name)) e = fall(st, &b);
        if (e != ERR_OK) return e;
        step_put(st, SCORING_TABLE(CONDUCT), &at, &r);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err scoring_ledger_untold(struct step *st, enum event_kind kind, struct str name)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_mark set;
    enum err e;
    key_u64(&prefix, event_of(kind)->number);
    key_str(&prefix, name);
    while ((e = step_next(st, SCORING_TABLE(CONDUCT_NAMED), &prefix, &at, &set)) == ERR_OK) {
        struct str person, id;
        e = scoring_entry_named(st, &at, prefix.n, &person, &id);
        if (e != ERR_OK) return e;
        const struct ledger_fact *fact = policy_ledger_fact(st->policy, id);
        if (fact) e = untold_of(st, person, fact, kind, name);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- the manager's word ---- */

static enum err check_points(struct step *st, const struct ev_conduct_confirmed *ev)
{
    struct frac points;
    st->rule = "SCO-016";
    if (!ev->item.n && !ev->points.n) return ERR_OK;
    if (ev->item.n && frac_parse(ev->points, &points) && points.num > 0) return ERR_OK;
    return step_refuse(st, "points", ev->item.n ? "points" : "item",
                       "a deduction names the item of the sheet and how many points, a number "
                       "above 0");
}

/* SCO-116: by severity, where the policy leaves a choice. */
static enum err choose_mark(struct step *st, const struct ledger_fact *f, enum conduct_mark said,
                            enum conduct_mark *out)
{
    *out = said;
    if (!said && f->marks.n == 1)
        *out = (enum conduct_mark)code_number(&codes_conduct_mark, f->marks.v[0]);
    struct str word = str_of(code_word(&codes_conduct_mark, *out));
    if (*out ? words_have(f->marks, word) : !f->marks.n) return ERR_OK;
    st->rule = f->rule.p;
    return step_refuse(st, "mark", "mark",
                       said ? "%.*s does not bring this mark; see marks in ledger_facts"
                            : "%.*s is punished by severity; say which of its marks it is "
                              "(ledger_facts)",
                       STR_ARG(f->id));
}

static enum err on_confirmed(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_confirmed *ev = payload;
    struct booking *b = row;
    struct rec_row_person p;
    enum err e = scoring_person(st, ev->person, "person", &p);
    if (e == ERR_OK) e = scoring_decides(st, st->policy->scoring.may_confirm, ev->person, ev->by);
    if (e == ERR_OK) e = check_points(st, ev);
    if (e == ERR_OK) e = choose_mark(st, b->told.fact, ev->mark, &b->row->mark);
    if (e != ERR_OK) return e;
    b->row->unit = p.unit;
    b->row->by = ev->by;
    b->row->reason = ev->reason;
    b->row->item = ev->item;
    b->row->points = ev->points;
    return scoring_book(st, b, false);
}

static enum err on_rejected(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_rejected *ev = payload;
    struct booking *b = row;
    enum err e = scoring_decides(st, st->policy->scoring.may_confirm, ev->person, ev->by);
    if (e != ERR_OK) return e;
    b->row->state = conduct_state_rejected;
    b->row->rejected_at = step_occurred(st);
    b->row->by = ev->by;
    b->row->reason = ev->reason;
    return ERR_OK;
}

static enum err on_rejected_booked(struct step *st, const void *payload, void *row)
{
    enum err e = on_rejected(st, payload, row);
    return e == ERR_OK ? scoring_unbook(st, row) : e;
}

/* A confirmed entry is booked at once (ledger.consequences). */
static const struct transition rows[] = {
    {EV_conduct_confirmed, IN(conduct_state_recorded), conduct_state_booked, on_confirmed,
     "SCO-107"},
    {EV_conduct_rejected, IN(conduct_state_recorded), conduct_state_rejected, on_rejected,
     "SCO-107"},
    {EV_conduct_rejected, IN(conduct_state_booked), conduct_state_rejected, on_rejected_booked,
     "SCO-107"},
};

/* Both events begin with what names the entry. */
struct entry_ref {
    struct str person, kind, case_no;
    int32_t day;
};
#define BEGINS_WITH_ENTRY(event)                                                                   \
    static_assert(offsetof(struct ev_##event, person) == offsetof(struct entry_ref, person) &&     \
                      offsetof(struct ev_##event, kind) == offsetof(struct entry_ref, kind) &&     \
                      offsetof(struct ev_##event, case_no) ==                                      \
                          offsetof(struct entry_ref, case_no) &&                                   \
                      offsetof(struct ev_##event, day) == offsetof(struct entry_ref, day),         \
                  #event)
BEGINS_WITH_ENTRY(conduct_confirmed);
BEGINS_WITH_ENTRY(conduct_rejected);

/* The entry of another case at the site that is named, if there is one only. */
static enum err find_at_site(struct step *st, struct booking *b)
{
    struct str site = b->told.case_no, kind;
    struct key prefix = key_of(b->told.person), at = {.n = 0};
    size_t person = prefix.n, found = 0;
    struct rec_row_conduct r;
    enum err e;
    if (!site.n || st->policy->scoring.same_fact != SAME_FACT_case) return ERR_NOT_FOUND;
    key_str(&prefix, b->told.fact->id);
    while ((e = step_next(st, SCORING_TABLE(CONDUCT), &prefix, &at, &r)) == ERR_OK) {
        if (r.day != b->told.day || !str_eq(r.site, site)) continue;
        if (found++) return ERR_NOT_FOUND;
        b->key = at;
        *b->row = r;
    }
    if (e != ERR_END) return e;
    if (!found) return ERR_NOT_FOUND;
    return scoring_entry_named(st, &b->key, person, &kind, &b->told.case_no);
}

static enum err find_named(struct step *st, const struct entry_ref *ref, struct booking *b)
{
    const struct ledger_fact *f = policy_ledger_fact(st->policy, ref->kind);
    if (!f || f->held.n) {
        return step_refuse(st, "unknown_word", "kind",
                           "%.*s is no conduct a manager confirms here; see ledger_facts",
                           STR_ARG(ref->kind));
    }
    bool by_case = st->policy->scoring.same_fact != SAME_FACT_day;
    struct str case_no = by_case ? ref->case_no : (struct str){0};
    b->key = entry_key(ref->person, f, case_no, ref->day);
    b->told = (struct conduct_told){
        .fact = f, .person = ref->person, .case_no = case_no, .day = ref->day};
    enum err e = step_get(st, SCORING_TABLE(CONDUCT), &b->key, b->row);
    if (e == ERR_NOT_FOUND) e = find_at_site(st, b);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_number", "day",
                       "no such fact of %.*s was told; name person, kind, case_no and day as it "
                       "was, or report conduct.recorded first",
                       STR_ARG(ref->person));
}

enum err scoring_ledger_fact(struct step *st, const void *payload)
{
    struct rec_row_conduct r;
    struct booking b = {.row = &r};
    struct entry_ref ref;
    const struct transition *t;
    enum event_kind kind = st->type->kind;
    if (kind != EV_conduct_confirmed && kind != EV_conduct_rejected) return ERR_STALE;
    memcpy(&ref, payload, sizeof ref);
    enum err e = find_named(st, &ref, &b);
    if (e == ERR_OK) e = machine_find(st, rows, COUNT_OF(rows), r.state, &codes_conduct_state, &t);
    if (e != ERR_OK) return e;
    e = t->handle(st, payload, &b);
    if (e != ERR_OK) return e;
    step_put(st, SCORING_TABLE(CONDUCT), &b.key, &r);
    st->rule = b.told.fact->rule.p;
    return ERR_OK;
}

/* ---- by a published sanction (SCO-115) ---- */

enum err scoring_ledger_sanctioned(struct step *st, const struct conduct_told *told,
                                   const struct ev_sanction_published *ev, bool *counted)
{
    struct rec_row_conduct r;
    struct booking b = {.told = *told, .row = &r};
    *counted = false;
    if (is_none(told)) return ERR_OK;
    enum err e = take(st, told, &b.key, &r);
    if (e != ERR_OK) return e;
    *counted = r.state == conduct_state_booked;
    if (r.state != conduct_state_booked) {
        b.told.day = r.day;
        r.by = ev->by_unit.n ? ev->by_unit : st->in->source;
        r.mark = conduct_mark_demerit_major;
        e = scoring_book(st, &b, true);
    }
    r.sanctioned = true;
    if (e == ERR_OK) step_put(st, SCORING_TABLE(CONDUCT), &b.key, &r);
    return e;
}
