/* proto.c - the tables of every contract, expanded from the .def files, and the look-ups in them.
 *
 * Two rows with one number do not compile: the initialiser of `kinds` would be overridden. Two rows
 * with one name do not compile either: the struct would be defined twice. */
#include "proto/proto.h"
#include "common/calendar.h"
#include "common/contract.h"
#include "proto/value.h"
#include <assert.h>
#include <pthread.h>
#include <string.h>

/* The codec reads members by type and offset; these are the layouts it counts on. */
#define CODESET(name, help, values)                                                                \
    static_assert(sizeof(enum name) == sizeof(uint32_t), "a code is 4 bytes");
#define VALUE(set, word, number, label)
#include "proto/codes.def"
#undef CODESET
#undef VALUE
#define UNDER_TEST ((struct rec_row_unit *)0)->urban
static_assert(sizeof(UNDER_TEST) == sizeof(struct value_list), "a list is a pointer and a count");
static_assert(offsetof(struct rec_row_unit, urban.n) - offsetof(struct rec_row_unit, urban.v) ==
                  offsetof(struct value_list, n),
              "the count of a list follows its pointer");
#undef UNDER_TEST

/* ---- codesets ---- */
#define VALUE(set, word, number, label) {#word, (number), label},
#define CODESET(name, help, values)                                                                \
    static const struct code_value values_##name[] = {values};                                     \
    const struct codeset codes_##name = {#name, help, values_##name, COUNT_OF(values_##name)};
#include "proto/codes.def"
#undef CODESET
#undef VALUE

static const struct codeset *const codesets[] = {
#define VALUE(set, word, number, label)
#define CODESET(name, help, values) &codes_##name,
#include "proto/codes.def"
#undef CODESET
#undef VALUE
    NULL};

/* ---- shapes ---- */
#define AT(name) (uint32_t) offsetof(THIS, name)
#define TEXT(name, min, max, need, help)                                                           \
    {#name, FT_TEXT, need, AT(name), min, max, NULL, NULL, "bytes", help},
#define UINT(name, min, max, need, unit, help)                                                     \
    {#name, FT_UINT, need, AT(name), min, max, NULL, NULL, unit, help},
#define INT(name, min, max, need, unit, help)                                                      \
    {#name, FT_INT, need, AT(name), min, max, NULL, NULL, unit, help},
#define TIME(name, need, help)                                                                     \
    {#name, FT_TIME, need, AT(name), TIME_MIN_MS, TIME_MAX_MS, NULL, NULL, "", help},
#define DATE(name, need, help)                                                                     \
    {#name, FT_DATE, need, AT(name), TIME_MIN_MS / DAY_MS, TIME_MAX_MS / DAY_MS,                   \
     NULL,  NULL,    "",   help},
#define MONEY(name, min, max, need, help)                                                          \
    {#name, FT_MONEY, need, AT(name), min, max, NULL, NULL, "yuan", help},
#define FLAG(name, help) {#name, FT_FLAG, false, AT(name), 0, 1, NULL, NULL, "", help},
#define CODE(name, set, need, help)                                                                \
    {#name, FT_CODE, need, AT(name), 0, UINT32_MAX, &codes_##set, NULL, "", help},
#define LIST(name, record, max, need, help)                                                        \
    {#name, FT_LIST, need, AT(name), 0, max, NULL, shape_##record, "lines", help},
#define RAW(name, max, help) {#name, FT_RAW, false, AT(name), 0, max, NULL, NULL, "bytes", help},
#define HASH(name, help) {#name, FT_HASH, false, AT(name), 32, 32, NULL, NULL, "bytes", help},
#define RECORD(name, help, fields)                                                                 \
    const struct shape *shape_##name(void)                                                         \
    {                                                                                              \
        typedef struct rec_##name THIS;                                                            \
        static const struct field table[] = {fields};                                              \
        static const struct shape shape = {#name, table, COUNT_OF(table), sizeof(THIS)};           \
        return &shape;                                                                             \
    }
#define EVENT(entity, verb, number, owner, rule, help, fields)                                     \
    const struct shape *shape_ev_##entity##_##verb(void)                                           \
    {                                                                                              \
        typedef struct ev_##entity##_##verb THIS;                                                  \
        static const struct field table[] = {fields};                                              \
        static const struct shape shape = {#entity "." #verb, table, COUNT_OF(table),              \
                                           sizeof(THIS)};                                          \
        return &shape;                                                                             \
    }
#include "proto/all.def"
#include "proto/fields_undef.h"

static const struct shape *(*const shapes[])(void) = {
#define RECORD(name, help, fields) shape_##name,
#define EVENT(entity, verb, number, owner, rule, help, fields) shape_ev_##entity##_##verb,
#include "proto/all.def"
#undef RECORD
#undef EVENT
};

/* ---- events ---- */
static const struct event_type events[EVENT_KIND_COUNT] = {
#define RECORD(name, help, fields)
#define EVENT(entity, verb, number, owner, rule, help, fields)                                     \
    [EV_##entity##_##verb] = {#entity "." #verb,                                                   \
                              #entity,                                                             \
                              EV_##entity##_##verb,                                                \
                              number,                                                              \
                              OWNER_##owner,                                                       \
                              rule,                                                                \
                              help,                                                                \
                              shape_ev_##entity##_##verb},
#include "proto/all.def"
#undef RECORD
#undef EVENT
};

static const uint16_t kinds[] = {
#define RECORD(name, help, fields)
#define EVENT(entity, verb, number, owner, rule, help, fields) [number] = EV_##entity##_##verb,
#include "proto/all.def"
#undef RECORD
#undef EVENT
};

const char *owner_name(enum owner o)
{
    static const char *const names[OWNER_COUNT] = {[OWNER_any] = "any",
                                                   [OWNER_intake] = "intake",
                                                   [OWNER_dispatch] = "dispatch",
                                                   [OWNER_parts] = "parts",
                                                   [OWNER_complaint] = "complaint",
                                                   [OWNER_scoring] = "scoring",
                                                   [OWNER_escalation] = "escalation",
                                                   [OWNER_headoffice] = "headoffice"};
    return (uint32_t)o < OWNER_COUNT ? names[o] : "unknown";
}

const struct event_type *event_of(enum event_kind kind)
{
    REQUIRE(kind > EV_NONE && kind < EVENT_KIND_COUNT);
    return &events[kind];
}

const struct event_type *event_by_number(uint64_t number)
{
    if (number >= COUNT_OF(kinds) || kinds[number] == EV_NONE) return NULL;
    return &events[kinds[number]];
}

/* By name: kinds in an open hash, the next free slot where one is taken. */
#define TYPE_SLOTS 2048u
static_assert(EVENT_KIND_COUNT < TYPE_SLOTS / 2, "half of the slots stay free");
static uint16_t type_slots[TYPE_SLOTS];

static uint32_t type_slot(struct str type)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (uint32_t i = 0; i < type.n; i++)
        h = (h ^ (uint8_t)type.p[i]) * 16777619u;
    return (h ^ h >> 16) % TYPE_SLOTS;
}

static void type_slots_fill(void)
{
    for (uint16_t k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        uint32_t at = type_slot(str_of(events[k].type));
        while (type_slots[at] != EV_NONE)
            at = (at + 1) % TYPE_SLOTS;
        type_slots[at] = k;
    }
}

const struct event_type *event_by_type(struct str type)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    REQUIRE(pthread_once(&once, type_slots_fill) == 0);
    for (uint32_t at = type_slot(type); type_slots[at] != EV_NONE; at = (at + 1) % TYPE_SLOTS) {
        const struct event_type *t = &events[type_slots[at]];
        if (str_is(type, t->type)) return t;
    }
    return NULL;
}

const struct field *shape_field(const struct shape *s, struct str name)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (str_is(name, s->fields[i].name)) return &s->fields[i];
    }
    return NULL;
}

const struct shape *shape_at(uint32_t i)
{
    return i < COUNT_OF(shapes) ? shapes[i]() : NULL;
}

bool event_is_verdict(const struct event_type *t)
{
    return t->owner == OWNER_any || strncmp(t->help, "verdict:", 8) == 0;
}

static bool name_is_key(const char *name)
{
    static const char *const keys[] = {"number",   "unit",    "person",  "customer", "product",
                                       "contract", "voucher", "subject", "name",     "order"};
    size_t n = strlen(name);
    if (n > 3 && strcmp(name + n - 3, "_no") == 0) return true;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (strcmp(name, keys[i]) == 0) return true;
    }
    return false;
}

const struct field *event_subject(const struct event_type *t)
{
    const struct shape *s = t->shape();
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        if (f->type == FT_TEXT) return name_is_key(f->name) ? f : NULL;
    }
    return NULL;
}

/* ---- words ---- */
const struct codeset *codeset_by_name(const char *name)
{
    for (size_t i = 0; name && codesets[i]; i++) {
        if (strcmp(codesets[i]->name, name) == 0) return codesets[i];
    }
    return NULL;
}

/* Numbers mostly run 1, 2, 3 …, so the value stands at number - 1; else look for it. */
static const struct code_value *code_find(const struct codeset *set, uint32_t number)
{
    if (!set || number == 0) return NULL;
    if (number <= set->count && set->values[number - 1].number == number) {
        return &set->values[number - 1];
    }
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->values[i].number == number) return &set->values[i];
    }
    return NULL;
}

const char *code_word(const struct codeset *set, uint32_t number)
{
    const struct code_value *v = code_find(set, number);
    if (number == 0) return "";
    return v ? v->word : "?";
}

const char *code_label(const struct codeset *set, uint32_t number)
{
    const struct code_value *v = code_find(set, number);
    if (number == 0) return "";
    return v ? v->label : "?";
}

uint32_t code_number(const struct codeset *set, struct str word)
{
    for (uint32_t i = 0; set && i < set->count; i++) {
        if (str_is(word, set->values[i].word)) return set->values[i].number;
    }
    return 0;
}
