/* fact_json.c - CloudEvents 1.0 (JSON, structured): a line from outside to rec_fact, a record of a
 * log to a line. The line is bounded and its depth counted before jansson sees it, because jansson
 * recurses. */
#include "common/calendar.h"
#include "common/nearest.h"
#include "proto/json.h"
#include <inttypes.h>
#include <sodium.h>

#define JSON_DEPTH_MAX 32u

/* ---- in ---- */

/* Brackets outside of strings; whether they match is jansson's business. */
static uint32_t json_depth(struct str line)
{
    uint32_t depth = 0, deepest = 0;
    bool in_text = false;
    for (uint32_t i = 0; i < line.n; i++) {
        char c = line.p[i];
        if (in_text && c == '\\') {
            i++;
        } else if (c == '"') {
            in_text = !in_text;
        } else if (!in_text && (c == '{' || c == '[')) {
            if (++depth > deepest) deepest = depth;
        } else if (!in_text && (c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return deepest;
}

/* The object of the line, or NULL after a complaint. */
static json_t *parse_line(struct json_reader *r, struct str line)
{
    json_error_t error;
    if (line.n > JSON_LINE_MAX) {
        json_complain(r, "", "too_long", "the line has %u bytes; at most %zu", line.n,
                      JSON_LINE_MAX);
        return NULL;
    }
    if (json_depth(line) > JSON_DEPTH_MAX) {
        json_complain(r, "", "too_deep", "more than %u levels of brackets", JSON_DEPTH_MAX);
        return NULL;
    }
    json_t *root = json_loadb(line.n ? line.p : "", line.n, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        json_complain(r, "", "json", "not JSON at byte %d: %.100s", error.position, error.text);
    } else if (!json_is_object(root)) {
        json_complain(r, "", "json", "write one object a line");
        json_decref(root);
        root = NULL;
    }
    return root;
}

static void check_attributes(struct json_reader *r, const json_t *root)
{
    static const char *const known[] = {"specversion", "id",    "source", "type",           "time",
                                        "subject",     "actor", "data",   "datacontenttype"};
    const char *name;
    json_t *ignored;
    char hint[NEAREST_HINT_MAX];
    json_object_foreach((json_t *)root, name, ignored)
    {
        bool is_known = false;
        for (size_t i = 0; i < COUNT_OF(known); i++)
            is_known |= strcmp(known[i], name) == 0;
        if (is_known) continue;
        struct nearest near = nearest_begin(str_of(name));
        for (size_t i = 0; i < COUNT_OF(known); i++)
            nearest_offer(&near, str_of(known[i]));
        nearest_hint(&near, hint);
        json_complain(r, name, "unknown_attribute", "is no attribute of a fact%s", hint);
    }
}

/* An attribute that can have one value only. */
static void check_constant(struct json_reader *r, const json_t *root, const char *name,
                           const char *want)
{
    const char *found = json_string_value(json_object_get(root, name));
    if (found && strcmp(found, want) == 0) return;
    json_complain(r, name, found ? "wrong_value" : "missing", "write \"%s\"", want);
}

/* An attribute that is a field of rec_fact, under the name CloudEvents gives it. */
static void read_attribute(struct json_reader *r, const json_t *root, struct rec_fact *out,
                           const char *const names[2])
{
    struct field f = *shape_field(shape_fact(), str_of(names[1]));
    f.name = names[0];
    json_read_value(r, &f, json_object_get(root, names[0]), value_of(&f, out));
}

static const struct event_type *read_type(struct json_reader *r, const json_t *root)
{
    char hint[NEAREST_HINT_MAX];
    const json_t *in = json_object_get(root, "type");
    const char *type = json_string_value(in);
    if (!type) {
        json_complain(r, "type", "missing", "write the event's type, such as \"call.registered\"");
        return NULL;
    }
    const struct event_type *t = event_by_type(str_of(type));
    if (t && !event_is_verdict(t)) return t;
    if (t) {
        json_complain(r, "type", "verdict_only",
                      "%s is written by the services only; report the "
                      "fact it follows from",
                      t->type);
        return NULL;
    }
    struct nearest near = nearest_begin(str_of(type));
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        const struct event_type *offer = event_of((enum event_kind)k);
        if (!event_is_verdict(offer)) nearest_offer(&near, str_of(offer->type));
    }
    nearest_hint(&near, hint);
    json_complain(r, "type", "unknown_type", "%s is no event%s",
                  json_quote(type, strlen(type)).text, hint);
    return NULL;
}

/* subject and the key in data say the same; either may be left out. */
static void join_subject(struct json_reader *r, const struct event_type *t, const json_t *root,
                         json_t *data)
{
    json_t *subject = json_object_get(root, "subject");
    const struct field *f = event_subject(t);
    if (!subject || json_is_null(subject)) return;
    if (!json_is_string(subject)) {
        json_complain(r, "subject", "wrong_type", "write a text, the number of the case");
        return;
    }
    if (!f) {
        json_complain(r, "subject", "no_subject", "%s has no field for it; leave it out", t->type);
        return;
    }
    json_t *inside = json_object_get(data, f->name);
    if (!inside || json_is_null(inside)) {
        json_put(data, f->name, json_incref(subject));
    } else if (!json_equal(inside, subject)) {
        json_complain(r, "subject", "subject_differs", "%s is not data.%s; leave one of them out",
                      json_quote(json_string_value(subject), json_string_length(subject)).text,
                      f->name);
    }
}

static void encode_data(struct json_reader *r, const struct event_type *t, const void *obj,
                        struct rec_fact *out)
{
    struct buf bytes = {0};
    const struct field *f = shape_field(shape_fact(), STR("data"));
    proto_encode(t->shape(), obj, &bytes);
    if (bytes.n > (size_t)f->max) {
        json_complain(r, "data", "too_long", "%zu bytes, at most %" PRId64, bytes.n, f->max);
    } else {
        out->data = arena_copy(r->arena, buf_slice(&bytes));
    }
    buf_fini(&bytes);
}

static void read_data(struct json_reader *r, const struct event_type *t, const json_t *root,
                      struct rec_fact *out)
{
    json_t *data = json_object_get(root, "data");
    if (!json_is_object(data)) {
        json_complain(r, "data", data ? "wrong_type" : "missing",
                      "write an object with the fields of %s", t->type);
        return;
    }
    void *obj = arena_take(r->arena, t->shape()->size);
    join_subject(r, t, root, data);
    json_read_object(r, t->shape(), data, obj);
    if (r->count == 0) encode_data(r, t, obj, out);
}

enum err fact_from_json(struct str line, struct arena *a, struct rec_fact *out,
                        struct fault *faults, uint32_t cap, uint32_t *fault_count)
{
    static const char *const attributes[][2] = {
        {"id", "id"}, {"source", "source"}, {"time", "occurred"}, {"actor", "actor"}};
    struct json_reader r = {.arena = a, .faults = faults, .cap = cap};
    *fault_count = 0;
    *out = (struct rec_fact){0};
    if (fact_quick(line, a, out)) return ERR_OK;
    *out = (struct rec_fact){0};
    json_t *root = parse_line(&r, line);
    if (root) {
        check_attributes(&r, root);
        check_constant(&r, root, "specversion", "1.0");
        if (json_object_get(root, "datacontenttype")) {
            check_constant(&r, root, "datacontenttype", "application/json");
        }
        for (size_t i = 0; i < COUNT_OF(attributes); i++) {
            read_attribute(&r, root, out, attributes[i]);
        }
        const struct event_type *t = read_type(&r, root);
        if (t) {
            out->number = t->number;
            read_data(&r, t, root, out);
        }
    }
    json_decref(root);
    *fault_count = r.count;
    return r.count ? ERR_REFUSED : ERR_OK;
}

/* ---- out ---- */

static void put_text(json_t *to, const char *name, struct str s)
{
    if (s.n) json_put(to, name, json_of_str(s));
}

static void put_time(json_t *to, const char *name, int64_t ms)
{
    char text[40];
    if (ms == 0) return;
    time_format(ms, NULL, text);
    put_text(to, name, str_of(text));
}

/* The object the bytes mean, NULL when they do not decode. */
static void *decode_data(const struct event_type *t, struct slice data, struct arena *a)
{
    struct fault ignored;
    void *obj = t ? arena_take(a, t->shape()->size) : NULL;
    return obj && proto_decode(t->shape(), data, a, obj, &ignored) == ERR_OK ? obj : NULL;
}

/* Two events carry the fields of another one; show these instead of their bytes. */
static void put_inner(json_t *data, const struct event_type *t, const void *obj, struct arena *a)
{
    const struct event_type *inner = NULL;
    const char *name = NULL;
    struct slice raw = {0};
    if (t->kind == EV_refused_fact) {
        const struct ev_refused_fact *refused = obj;
        inner = event_by_number(refused->number);
        name = "data";
        raw = refused->data;
    } else if (t->kind == EV_call_clarifying) {
        const struct ev_call_clarifying *clarifying = obj;
        inner = event_of(EV_call_registered);
        name = "call";
        raw = clarifying->call;
    }
    if (raw.n == 0) return;
    const void *inner_obj = decode_data(inner, raw, a);
    if (inner_obj) json_put(data, name, proto_to_json(inner->shape(), inner_obj));
}

static void put_data(json_t *to, const struct rec_entry *e, struct arena *a)
{
    const struct event_type *t = event_by_number(e->number);
    const void *obj = decode_data(t, e->data, a);
    if (obj) {
        const struct field *subject = event_subject(t);
        json_t *data = proto_to_json(t->shape(), obj);
        put_inner(data, t, obj, a);
        if (subject) put_text(to, "subject", *(const struct str *)value_in(subject, obj));
        json_put(to, "data", data);
    } else if (e->data.n) { /* a newer contract, or broken bytes: as they are */
        size_t cap = sodium_base64_ENCODED_LEN(e->data.n, sodium_base64_VARIANT_ORIGINAL);
        char *text = arena_take(a, cap);
        sodium_bin2base64(text, cap, e->data.p, e->data.n, sodium_base64_VARIANT_ORIGINAL);
        json_put(to, "data_base64", json_of_str(str_of(text)));
    }
}

static void put_names(json_t *to, const char *log, const struct rec_entry *e, struct arena *a)
{
    const struct event_type *t = event_by_number(e->number);
    json_put(to, "specversion", json_of_str(STR("1.0")));
    put_text(to, "id", e->id.n ? e->id : arena_printf(a, "%s:%" PRIu64, log, e->seq));
    put_text(to, "source", e->source.n ? e->source : arena_printf(a, "cuiban/%s", log));
    put_text(to, "type", t ? str_of(t->type) : arena_printf(a, "unknown.%" PRIu64, e->number));
    put_time(to, "time", e->occurred ? e->occurred : e->now);
}

json_t *entry_to_json(const char *log, const struct rec_entry *e, struct arena *a)
{
    json_t *to = json_object();
    put_names(to, log, e, a);
    put_data(to, e, a);
    put_text(to, "actor", e->actor);
    json_put(to, "seq", json_integer((json_int_t)e->seq));
    put_time(to, "now", e->now);
    put_time(to, "received", e->received);
    put_text(to, "rule", e->rule);
    if (e->policy) json_put(to, "policy", json_integer((json_int_t)e->policy));
    if (e->cause_seq) {
        const char *cause = owner_name((enum owner)e->cause_log);
        put_text(to, "cause", arena_printf(a, "%s:%" PRIu64, cause, e->cause_seq));
    }
    return to;
}
