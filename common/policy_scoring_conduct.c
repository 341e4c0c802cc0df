/* policy_scoring_conduct.c - the ledgers of conduct as data: which facts there are, what each costs
 * and brings, which events tell them (scoring chapter 11, "Policy table, ledgers 1-5"), and the
 * keys of training and rating (chapter 12, SCO-127). */
#include "common/contract.h"
#include "common/exact.h"
#include "common/policy_schema.h"
#include <string.h>

#define FINE_MAX INT64_C(1000000000000) /* as conduct.booked takes it */
#define LEDGER_MAX 9
#define LIMIT_MAX 1000

/* ---- schema ---- */

static const cyaml_strval_t effect[] = {{"none", LEDGER_EFFECT_none},
                                        {"training", LEDGER_EFFECT_training},
                                        {"qualification_loss", LEDGER_EFFECT_qualification_loss},
                                        {"dismissal", LEDGER_EFFECT_dismissal}};

static const cyaml_schema_field_t ledger_fact[] = {
    NAME("id", MUST, struct raw_ledger_fact, f.id),
    TEXT("name", OPT, struct raw_ledger_fact, f.name),
    UINT("ledger", MUST, struct raw_ledger_fact, f.ledger),
    TEXT_UPTO("rule", MUST, struct raw_ledger_fact, f.rule, 24),
    WORDS("kinds", OPT, struct raw_ledger_fact, f.kinds),
    TEXT("fine", OPT, struct raw_ledger_fact, fine),
    TEXT("other", OPT, struct raw_ledger_fact, f.other),
    WORDS("marks", OPT, struct raw_ledger_fact, f.marks),
    FLAG("award", OPT, struct raw_ledger_fact, f.award),
    NAME("counter", OPT, struct raw_ledger_fact, f.counter),
    UINT("limit", OPT, struct raw_ledger_fact, f.limit),
    WORD("effect", OPT, struct raw_ledger_fact, f.effect, effect),
    NAME("held", OPT, struct raw_ledger_fact, f.held),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_ledger_fact = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_ledger_fact, ledger_fact)};

static const cyaml_schema_field_t ledger_source[] = {
    NAME("id", MUST, struct ledger_source, id),
    TEXT_UPTO("on", MUST, struct ledger_source, on, 64),
    WORDS("where", OPT, struct ledger_source, where),
    NAME("fact", MUST, struct ledger_source, fact),
    NAME("person", MUST, struct ledger_source, person),
    NAME("case", OPT, struct ledger_source, case_no),
    NAME("day", OPT, struct ledger_source, day),
    NAME("text", OPT, struct ledger_source, text),
    FLAG("undated", OPT, struct ledger_source, undated),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_ledger_source = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct ledger_source, ledger_source)};

/* ---- facts ---- */

static void check_marks(struct policy_build *b, const struct ledger_fact *f,
                        struct policy_origin at)
{
    for (uint32_t i = 0; i < f->marks.n; i++) {
        if (code_number(&codes_conduct_mark, f->marks.v[i])) continue;
        policy_fault_item(b, PART_ledger_facts, at, "marks",
                          "%.*s is none of demerit_minor, demerit_major, merit, award, dismissal",
                          STR_ARG(f->marks.v[i]));
    }
}

static void check_count(struct policy_build *b, const struct ledger_fact *f,
                        struct policy_origin at)
{
    if (f->limit > LIMIT_MAX) {
        policy_fault_item(b, PART_ledger_facts, at, "limit", "must be at most %d a year",
                          LIMIT_MAX);
    }
    if (f->limit && !f->counter.n) {
        policy_fault_item(b, PART_ledger_facts, at, "counter",
                          "a limit counts something; name what counts together, like %.*s",
                          STR_ARG(f->id));
    }
    if (f->limit && f->effect == LEDGER_EFFECT_none) {
        policy_fault_item(b, PART_ledger_facts, at, "effect",
                          "say what the limit brings: training, qualification_loss, dismissal");
    }
}

void policy_ledger_fact_make(struct policy_build *b, const void *raw, void *out,
                             struct policy_origin at)
{
    const struct raw_ledger_fact *r = raw;
    struct ledger_fact *f = out;
    *f = r->f;
    bool read = !r->fine.n || exact_money_parse(r->fine, &f->fine_fen);
    if (!read || f->fine_fen < 0 || f->fine_fen > FINE_MAX) {
        f->fine_fen = 0;
        policy_fault_item(b, PART_ledger_facts, at, "fine",
                          "\"%.*s\" must be an amount in yuan like 100.00", STR_ARG(r->fine));
    }
    if (f->ledger > LEDGER_MAX) {
        policy_fault_item(b, PART_ledger_facts, at, "ledger", "must be a ledger from 1 to %d",
                          LEDGER_MAX);
    }
    check_marks(b, f, at);
    check_count(b, f, at);
}

/* ---- sources ---- */

bool ledger_hears(enum event_kind kind)
{
    static const enum event_kind others[] = {EV_shift_handover_violated,    EV_breakpoint_failed,
                                             EV_service_complaint_verified, EV_quality_reported,
                                             EV_quality_rework_confirmed,   EV_deadline_passed};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (others[i] == kind) return true;
    }
    const struct event_type *t = kind == EV_NONE ? NULL : event_of(kind);
    return t && t->owner == OWNER_scoring && !event_is_verdict(t);
}

struct source_check {
    struct policy_build *b;
    struct policy_origin at;
    const struct shape *shape;
};

static void check_field(const struct source_check *c, const char *key, struct str name,
                        uint32_t types, const char *what)
{
    const struct field *f = name.n ? shape_field(c->shape, name) : NULL;
    if (!name.n || (f && types & UINT32_C(1) << f->type)) return;
    policy_fault_item(c->b, PART_ledger_sources, c->at, key, "%s has no field %.*s that is %s",
                      c->shape->name, STR_ARG(name), what);
}

#define OF(type) (UINT32_C(1) << (type))

/* "cause=untimely", "missed_area=*". */
static bool where_is_right(const struct source_check *c, struct str w)
{
    const char *eq = w.n ? memchr(w.p, '=', w.n) : NULL;
    if (!eq) return false;
    uint32_t n = (uint32_t)(eq - w.p);
    const struct field *f = shape_field(c->shape, (struct str){w.p, n});
    struct str word = {eq + 1, w.n - n - 1};
    if (!f || !word.n) return false;
    if (f->type == FT_CODE) return str_is(word, "*") || code_number(f->codes, word);
    return f->type == FT_TEXT;
}

void policy_ledger_source_make(struct policy_build *b, const void *raw, void *out,
                               struct policy_origin at)
{
    struct ledger_source *s = out;
    memcpy(s, raw, sizeof *s);
    const struct event_type *t = event_by_type(s->on);
    s->kind = t ? t->kind : EV_NONE;
    if (!ledger_hears(s->kind)) {
        s->kind = EV_NONE;
        policy_fault_item(b, PART_ledger_sources, at, "on",
                          "%.*s is no event the ledgers hear; take a fact of scoring, or "
                          "shift.handover_violated, breakpoint.failed, quality.reported, "
                          "quality.rework_confirmed, service_complaint.verified, deadline.passed",
                          STR_ARG(s->on));
        return;
    }
    struct source_check c = {b, at, t->shape()};
    check_field(&c, "person", s->person, OF(FT_TEXT), "a text");
    check_field(&c, "case", s->case_no, OF(FT_TEXT), "a text");
    check_field(&c, "day", s->day, OF(FT_DATE) | OF(FT_TIME), "a date or an instant");
    check_field(&c, "text", s->text, OF(FT_TEXT), "a text");
    for (uint32_t i = 0; i < s->where.n; i++) {
        if (where_is_right(&c, s->where.v[i])) continue;
        policy_fault_item(b, PART_ledger_sources, at, "where",
                          "\"%.*s\" must be a code or text of %s and its word, like kind=late, "
                          "or * for any",
                          STR_ARG(s->where.v[i]), c.shape->name);
    }
}

/* ---- keys ---- */

static const struct str punished[] = {{"dqnj_100", 8}}; /* SCO-016 */

/* SCO-129, source S002 3.2.1.1, 3.2.1.2. */
static const struct str subjects[] = {
    {"part_number", 11},   {"part_name", 9},     {"part_function", 13},
    {"part_position", 13}, {"past_defects", 12}, {"line_organisation", 17},
    {"layout", 6},         {"safety_rules", 12}, {"quality_process", 15}};

void policy_conduct_keys(const struct raw_scoring_keys *raw, struct scoring_keys *out)
{
    if (!out->punished_schemes.n)
        out->punished_schemes = (struct words){punished, COUNT_OF(punished)};
    if (!out->training_months) out->training_months = 1;
    if (!out->training_pass_mark) out->training_pass_mark = 60;
    if (!out->training_subjects.n)
        out->training_subjects = (struct words){subjects, COUNT_OF(subjects)};
    if (!out->rating_department.n) out->rating_department = STR("qa");
    if (!out->rating_day) out->rating_day = 31;
    out->training_expiry = raw->training_expiry != yes_no_no;
}

static void check_keys(struct policy_build *b)
{
    const struct scoring_keys *k = &b->policy->scoring;
    if (k->training_months > 24)
        policy_check_key(b, "scoring.training_months", "must be at most 24 months");
    if (k->training_pass_mark > 100)
        policy_check_key(b, "scoring.training_pass_mark", "must be a mark of 100 points");
    if (k->rating_day > 31)
        policy_check_key(b, "scoring.rating_day", "must be a day of January, 1 to 31");
}

/* A word means one fact. */
static void check_kinds(struct policy_build *b, uint32_t i)
{
    const struct policy *p = b->policy;
    const struct ledger_fact *f = &p->ledger_facts[i];
    for (uint32_t k = 0; k < f->kinds.n; k++) {
        const struct ledger_fact *other = policy_ledger_fact(p, f->kinds.v[k]);
        if (other == f) continue;
        policy_fault_item(b, PART_ledger_facts, b->lists[PART_ledger_facts].at[i], "kinds",
                          "%.*s means %.*s already; keep one", STR_ARG(f->kinds.v[k]),
                          STR_ARG(other->id));
    }
}

void policy_conduct_check(struct policy_build *b)
{
    const struct policy *p = b->policy;
    for (uint32_t i = 0; i < p->ledger_fact_count; i++)
        check_kinds(b, i);
    for (uint32_t i = 0; i < p->ledger_source_count; i++) {
        policy_check_name(b, PART_ledger_sources, b->lists[PART_ledger_sources].at[i], "fact",
                          p->ledger_sources[i].fact, PART_ledger_facts, "a fact of ledger_facts");
    }
    check_keys(b);
}

/* ---- questions ---- */

const struct ledger_fact *policy_ledger_fact(const struct policy *p, struct str kind)
{
    for (uint32_t i = 0; i < p->ledger_fact_count; i++) {
        if (str_eq(p->ledger_facts[i].id, kind)) return &p->ledger_facts[i];
    }
    for (uint32_t i = 0; i < p->ledger_fact_count; i++) {
        if (words_have(p->ledger_facts[i].kinds, kind)) return &p->ledger_facts[i];
    }
    return NULL;
}
