/* proto.h - contracts as tables, and the one codec made from them.
 *
 * How to read a .def file: EVENT(entity, verb, number, owner, rule, help, fields) is a fact that
 * travels; RECORD(name, help, fields) is a row that is kept in a store or a line inside an event;
 * CODESET(name, values) is a closed list of words. From each row expand the struct (here), the
 * codec, validation, JSON, the random generator and the documentation (proto.c, json.c, random.c,
 * document.c).
 *
 * Struct members: TEXT struct str; UINT uint64_t; INT, TIME, MONEY int64_t; DATE int32_t; FLAG
 * bool; CODE enum <set>; LIST struct { struct rec_<record> *v; uint32_t n; }; RAW struct slice;
 * HASH uint8_t[32]. Zero means absent in every type; TIME is UTC milliseconds, DATE days since
 * 1970-01-01, MONEY fen (0.01 yuan).
 *
 * On the wire an object is a msgpack array of its fields in the order of the table, nil for absent.
 * Fields are only ever appended: a reader skips elements it does not know and takes missing ones as
 * absent. A number is never used again; a changed meaning is a new event. */
#ifndef CUIBAN_PROTO_PROTO_H
#define CUIBAN_PROTO_PROTO_H

#include "common/bytes.h"
#include <stdio.h>

#define CASE_NO_MAX 128 /* bytes: a call's number, or "paper/key/key" */
#define NEED_MUST true
#define NEED_OPT false

/* ---- codes ---- */
#define VALUE(set, word, number, label) set##_##word = (number),
#define CODESET(name, help, values) enum name { name##_none, values };
#include "proto/codes.def"
#undef CODESET
#undef VALUE

/* ---- structs ---- */
#define TEXT(name, min, max, need, help) struct str name;
#define UINT(name, min, max, need, unit, help) uint64_t name;
#define INT(name, min, max, need, unit, help) int64_t name;
#define TIME(name, need, help) int64_t name;
#define DATE(name, need, help) int32_t name;
#define MONEY(name, min, max, need, help) int64_t name;
#define FLAG(name, help) bool name;
#define CODE(name, set, need, help) enum set name;
#define LIST(name, record, max, need, help)                                                        \
    struct {                                                                                       \
        struct rec_##record *v;                                                                    \
        uint32_t n;                                                                                \
    } name;
#define RAW(name, max, help) struct slice name;
#define HASH(name, help) uint8_t name[32];
#define RECORD(name, help, fields)                                                                 \
    struct rec_##name {                                                                            \
        fields                                                                                     \
    };
#define EVENT(entity, verb, number, owner, rule, help, fields)                                     \
    struct ev_##entity##_##verb {                                                                  \
        fields                                                                                     \
    };
#include "proto/all.def"
#include "proto/fields_undef.h"

/* ---- kinds: one per event, dense, not stable; on the wire travels the number ---- */
enum event_kind {
    EV_NONE,
#define RECORD(name, help, fields)
#define EVENT(entity, verb, number, owner, rule, help, fields) EV_##entity##_##verb,
#include "proto/all.def"
#undef RECORD
#undef EVENT
    EVENT_KIND_COUNT
};

enum field_type {
    FT_TEXT,
    FT_UINT,
    FT_INT,
    FT_TIME,
    FT_DATE,
    FT_MONEY,
    FT_FLAG,
    FT_CODE,
    FT_LIST,
    FT_RAW,
    FT_HASH
};

struct code_value {
    const char *word;  /* in JSON, CSV and policy files */
    uint32_t number;   /* on the wire; never used again */
    const char *label; /* the Chinese term of art */
};

struct codeset {
    const char *name, *help;
    const struct code_value *values;
    uint32_t count;
};

struct shape;

struct field {
    const char *name;
    enum field_type type;
    bool must;
    uint32_t offset;
    int64_t min, max; /* TEXT, RAW: bytes; LIST: max = lines; numbers: the value */
    const struct codeset *codes;
    const struct shape *(*record)(void); /* LIST: the line */
    const char *unit, *help;
};

struct shape {
    const char *name; /* "job.assigned", or the record's name */
    const struct field *fields;
    uint32_t count;
    uint32_t size; /* sizeof the struct */
};

enum owner {
    OWNER_any, /* written by every service into its own log */
    OWNER_intake,
    OWNER_dispatch,
    OWNER_parts,
    OWNER_complaint,
    OWNER_scoring,
    OWNER_escalation,
    OWNER_headoffice,
    OWNER_COUNT
};

struct event_type {
    const char *type;   /* "job.assigned" */
    const char *entity; /* "job" */
    enum event_kind kind;
    uint32_t number;
    enum owner owner;
    const char *rule, *help;
    const struct shape *(*shape)(void);
};

/* shape_<record>() and shape_ev_<entity>_<verb>(): the table of each contract. */
#define RECORD(name, help, fields) const struct shape *shape_##name(void);
#define EVENT(entity, verb, number, owner, rule, help, fields)                                     \
    const struct shape *shape_ev_##entity##_##verb(void);
#include "proto/all.def"
#undef RECORD
#undef EVENT

const char *owner_name(enum owner o);
const struct event_type *event_of(enum event_kind kind);   /* kind checked by REQUIRE */
const struct event_type *event_by_number(uint64_t number); /* NULL when unknown */
const struct event_type *event_by_type(struct str type);   /* NULL when unknown */
const struct field *shape_field(const struct shape *s, struct str name); /* NULL when unknown */
const struct shape *shape_at(uint32_t i); /* every contract, in table order; NULL at the end */
/* Never taken from outside: help begins with "verdict:", or every service writes it (owner any). */
bool event_is_verdict(const struct event_type *t);
/* What CloudEvents calls subject: the first TEXT, when it is a key ("call_no", "unit"); or NULL. */
const struct field *event_subject(const struct event_type *t);

/* Words of a codeset; NULL-safe. code_word gives "" for 0 and "?" for an unknown number. */
const struct codeset *codeset_by_name(const char *name);
const char *code_word(const struct codeset *set, uint32_t number);
const char *code_label(const struct codeset *set, uint32_t number);
uint32_t code_number(const struct codeset *set, struct str word); /* 0 when unknown */
#define CODESET(name, help, values) extern const struct codeset codes_##name;
#define VALUE(set, word, number, label)
#include "proto/codes.def"
#undef CODESET
#undef VALUE

/* ---- msgpack ---- */
#define PROTO_DEPTH_MAX 16
#define PROTO_ELEMENTS_MAX 4096

/* Bounded look at bytes from outside, before anything else touches them: exactly one msgpack
 * object, depth <= 16, counts <= bytes left, at most PROTO_ELEMENTS_MAX elements, no ext, no map,
 * valid UTF-8. why->text says what and at which byte. */
MUST_CHECK enum err proto_scan(struct slice in, struct fault *why);

/* Append the object to out. The object must satisfy its shape (a bug otherwise: REQUIRE). */
void proto_encode(const struct shape *s, const void *obj, struct buf *out);

/* Decode and check in one pass. Texts and RAW point into `in`; list lines come from the arena.
 * obj is s->size bytes, zeroed first. ERR_REFUSED with why->field naming the field
 * ("lines[2].qty"). Does its own bounds checks, so it is safe on bytes that were not scanned. */
MUST_CHECK enum err proto_decode(const struct shape *s, struct slice in, struct arena *a, void *obj,
                                 struct fault *why);

/* Which top-level fields `after` has and `before` has not, bit n for field n; and the same fields
 * made absent again. */
uint64_t proto_filled(const struct shape *s, const void *before, const void *after);
void proto_unfill(const struct shape *s, uint64_t fields, void *obj);
/* The time an entry was written, without decoding the rest: what a reader of several logs has to
 * know to choose. ERR_CORRUPT when the bytes do not begin as an entry does. */
MUST_CHECK enum err entry_now(struct slice record, int64_t *now_ms);

/* seq, now, number and prev, which stand at the two ends of a record that has nothing behind prev;
 * false: decode it as a whole. */
bool entry_ends(struct slice record, struct rec_entry *out);

/* Contract check of a struct in memory: needs, ranges, code numbers, UTF-8, list sizes. Fills at
 * most cap faults, returns how many there are. */
uint32_t proto_check(const struct shape *s, const void *obj, struct fault *faults, uint32_t cap);

/* ---- JSON (jansson); times are RFC 3339 with zone, dates YYYY-MM-DD, money "120.00", codes words
 * ---- */
struct json_t;
struct json_t *proto_to_json(const struct shape *s, const void *obj);
/* All faults of the object, field by field; strings are copied into the arena. Unknown members are
 * faults. Returns ERR_REFUSED when *fault_count > 0. */
MUST_CHECK enum err proto_from_json(const struct shape *s, const struct json_t *in, struct arena *a,
                                    void *obj, struct fault *faults, uint32_t cap,
                                    uint32_t *fault_count);

/* A fact as it stands in a CloudEvents JSON line: specversion, id, source, type, time, subject,
 * data; extension `actor`. `out` gets rec_fact with encoded data. Line at most JSON_LINE_MAX bytes,
 * depth 32. */
#define JSON_LINE_MAX ((size_t)1 << 20)
struct rec_fact;
MUST_CHECK enum err fact_from_json(struct str line, struct arena *a, struct rec_fact *out,
                                   struct fault *faults, uint32_t cap, uint32_t *fault_count);
/* The same the other way, for any record of a log: rec_entry in, CloudEvents with the extensions
 * seq, now, received, rule, policy, cause. `log` names the log. Caller json_decref()s. */
struct rec_entry;
struct json_t *entry_to_json(const char *log, const struct rec_entry *e, struct arena *a);

/* ---- generator, printer, documentation ---- */
/* A random object that satisfies the shape; the same seed gives the same object on every machine.
 */
void proto_random(const struct shape *s, uint64_t *seed, struct arena *a, void *obj);
void proto_print(FILE *out, const struct shape *s, const void *obj); /* "field=value field=value" */
void proto_document(FILE *out); /* Markdown of all events, records and codesets: `cuiban schema` */

#endif
