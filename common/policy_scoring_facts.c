/* policy_scoring_facts.c - the list score_facts: which events are counted, for whom, on which day
 * (SCO-008). Everything it names is looked up in the contracts when the set is loaded. */
#include "common/nearest.h"
#include "common/policy_schema.h"
#include "common/score_events.h"
#include <string.h>

/* Facts no event tells by itself: without `on`, counted by scoring_count(). */
static const char *const by_hand[] = {
    "award_points", /* SCO-014: of commendations in the period, in 1/10000 */
    "quarter_plus", /* SCO-062: 1 for a single-item award or three merits */
    /* facts */
    "trainings_done", /* SCO-097: exams of a planned training, one a person */
    /* conduct */
    /* pay */
    /* year */
};

/* ---- schema ---- */

static const cyaml_strval_t sum_type[] = {{"count", FORMULA_count},
                                          {"money", FORMULA_money},
                                          {"points", FORMULA_points},
                                          {"ratio", FORMULA_ratio}};
static const cyaml_schema_field_t score_fact[] = {
    NAME("id", MUST, struct score_fact, id),
    TEXT_UPTO("on", OPT, struct score_fact, on, 64),
    WORDS("where", OPT, struct score_fact, where),
    NAME("person", OPT, struct score_fact, person),
    NAME("unit", OPT, struct score_fact, unit),
    NAME("day", OPT, struct score_fact, day),
    NAME("amount", OPT, struct score_fact, amount),
    WORDS("ref", OPT, struct score_fact, ref),
    WORD("type", OPT, struct score_fact, type, sum_type),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_score_fact = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct score_fact, score_fact)};

/* ---- checks against the contracts ---- */

#define OF(type) (1U << (type))

struct fact_check {
    struct policy_build *b;
    const struct score_fact *f;
    const struct score_event *event;
    struct policy_origin at;
};

static void offer_fields(const struct fact_check *c, unsigned types, struct nearest *near)
{
    const struct shape *shape = event_of(c->event->on)->shape();
    for (uint32_t i = 0; i < shape->count; i++) {
        if (OF(shape->fields[i].type) & types) nearest_offer(near, str_of(shape->fields[i].name));
    }
    for (const struct score_more *m = c->event->more; m && m->name; m++) {
        if (OF(m->type) & types) nearest_offer(near, str_of(m->name));
    }
}

/* The field of the event, of one of these types; false after a fault. */
static bool field_of(const struct fact_check *c, const char *key, struct str name, unsigned types,
                     const char *what, struct score_field *out)
{
    bool there = score_field_of(c->event, name, out);
    if (there && (OF(out->type) & types)) return true;
    struct nearest near = nearest_begin(name);
    if (!there) offer_fields(c, types, &near);
    char hint[NEAREST_HINT_MAX];
    nearest_hint(&near, hint);
    policy_fault_item(c->b, PART_score_facts, c->at, key, "%.*s of %.48s is not %s%s",
                      (int)(name.n < 48 ? name.n : 48), name.n ? name.p : "",
                      event_of(c->event->on)->type, what, hint);
    return false;
}

static void has_field(const struct fact_check *c, const char *key, struct str name, unsigned types,
                      const char *what)
{
    struct score_field field;
    if (name.n) (void)field_of(c, key, name, types, what, &field);
}

static bool is_word_of(const struct score_field *f, struct str word)
{
    if (str_is(word, SCORE_SAID)) return true;
    if (f->type == FT_FLAG) return str_is(word, "yes") || str_is(word, "no");
    if (f->type == FT_CODE) return code_number(f->codes, word) > 0;
    return f->type == FT_TEXT && word.n > 0;
}

static void wrong_word(const struct fact_check *c, struct str condition,
                       const struct score_field *f)
{
    char list[110] = "yes, no";
    if (f->type != FT_CODE && f->type != FT_FLAG)
        snprintf(list, sizeof list, "%s, that it is said at all", SCORE_SAID);
    for (uint32_t i = 0; f->type == FT_CODE && i < f->codes->count; i++) {
        size_t n = i ? strlen(list) : 0;
        snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", f->codes->values[i].word);
    }
    policy_fault_item(c->b, PART_score_facts, c->at, "where", "\"%.40s\": its words are %s",
                      condition.p, list);
}

/* "kind=late"; "card_no=*": it is said. */
static void check_where(const struct fact_check *c, struct str condition)
{
    const char *sign = memchr(condition.p, '=', condition.n);
    if (!sign) {
        policy_fault_item(c->b, PART_score_facts, c->at, "where",
                          "\"%.60s\" must be a field and its word, like kind=late", condition.p);
        return;
    }
    struct str name = {condition.p, (uint32_t)(sign - condition.p)};
    struct str word = {sign + 1, condition.n - name.n - 1};
    struct score_field field;
    if (field_of(c, "where", name, ~0U, "a field", &field) && !is_word_of(&field, word))
        wrong_word(c, condition, &field);
}

/* A decimal TEXT may be of any type, money is money. */
static void check_amount(const struct fact_check *c)
{
    const struct score_fact *f = c->f;
    struct score_field field;
    if (f->amount.n == 0) {
        if (f->type != FORMULA_count)
            policy_fault_item(c->b, PART_score_facts, c->at, "type",
                              "facts without an amount are a count; name the amount");
        return;
    }
    unsigned numbers = OF(FT_UINT) | OF(FT_INT) | OF(FT_MONEY) | OF(FT_TEXT);
    if (!field_of(c, "amount", f->amount, numbers, "a number", &field)) return;
    if (field.type == FT_TEXT || (field.type == FT_MONEY) == (f->type == FORMULA_money)) return;
    policy_fault_item(c->b, PART_score_facts, c->at, "type",
                      field.type == FT_MONEY ? "%.48s is money; write type: money"
                                             : "%.48s is no money, but a count, points or a ratio",
                      f->amount.p);
}

static void check_fields(const struct fact_check *c)
{
    const struct score_fact *f = c->f;
    for (uint32_t i = 0; i < f->where.n; i++)
        check_where(c, f->where.v[i]);
    has_field(c, "person", f->person, OF(FT_TEXT), "a text, who");
    has_field(c, "unit", f->unit, OF(FT_TEXT), "a text, a unit");
    has_field(c, "day", f->day, OF(FT_DATE) | OF(FT_TIME), "a day or time");
    for (uint32_t i = 0; i < f->ref.n; i++)
        has_field(c, "ref", f->ref.v[i], ~0U, "a field");
    check_amount(c);
}

static void fault_event(const struct fact_check *c, const char *what)
{
    struct nearest near = nearest_begin(c->f->on);
    for (uint32_t i = EV_NONE + 1; i < EVENT_KIND_COUNT; i++) {
        if (score_event_of((enum event_kind)i))
            nearest_offer(&near, str_of(event_of((enum event_kind)i)->type));
    }
    char hint[NEAREST_HINT_MAX];
    nearest_hint(&near, hint);
    policy_fault_item(c->b, PART_score_facts, c->at, "on", "%.*s is %s%s",
                      (int)(c->f->on.n < 64 ? c->f->on.n : 64), c->f->on.p, what, hint);
}

/* A fact without an event: one of those scoring works out. */
static void check_by_hand(const struct fact_check *c)
{
    const struct score_fact *f = c->f;
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(by_hand); i++)
        known = known || str_is(f->id, by_hand[i]);
    if (!known)
        policy_fault_item(c->b, PART_score_facts, c->at, "",
                          "%.*s is none of the facts that scoring works out itself; say with `on` "
                          "which event is counted",
                          STR_ARG(f->id));
    if (f->where.n || f->person.n || f->unit.n || f->day.n || f->amount.n || f->ref.n)
        policy_fault_item(c->b, PART_score_facts, c->at, "",
                          "%.*s has no event `on` whose fields these are", STR_ARG(f->id));
}

void policy_scoring_fact(struct policy_build *b, const void *raw, void *out,
                         struct policy_origin at)
{
    struct score_fact *f = out;
    memcpy(f, raw, sizeof *f);
    if (f->type == FORMULA_none) f->type = FORMULA_count;
    struct fact_check c = {.b = b, .f = f, .at = at};
    if (!policy_scoring_is_name(f->id))
        policy_fault_item(b, PART_score_facts, at, "id", POLICY_NAME_TEXT, STR_ARG(f->id));
    if (f->on.n == 0) {
        check_by_hand(&c);
        return;
    }
    const struct event_type *t = event_by_type(f->on);
    if (t) c.event = score_event_of(t->kind);
    if (!c.event) {
        fault_event(&c, t ? "no event that is counted" : "no event");
        return;
    }
    f->kind = t->kind;
    check_fields(&c);
}
