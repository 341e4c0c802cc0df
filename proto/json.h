/* json.h - reading JSON against a shape, as proto_from_json and fact_from_json share it. Internal
 * to proto. */
#ifndef CUIBAN_PROTO_JSON_H
#define CUIBAN_PROTO_JSON_H

#include "proto/proto.h"
#include "proto/value.h"
#include <jansson.h>

/* Collects every fault; those above cap are counted only. */
struct json_reader {
    struct arena *arena;
    struct fault *faults;
    uint32_t cap, count;
    struct value_path at;
};

/* The reader's sentence "<path>: <text>", where the path is that of `name` at r->at. */
__attribute__((format(printf, 4, 5))) void json_complain(struct json_reader *r, const char *name,
                                                         const char *code, const char *text, ...);
/* One value; NULL and null are absent. Strings are copied into the arena. */
void json_read_value(struct json_reader *r, const struct field *f, const json_t *in, void *member);
void json_read_object(struct json_reader *r, const struct shape *s, const json_t *in, void *obj);
/* A quotation of what was written, cut to fit a sentence. */
struct json_quote {
    char text[48];
};
struct json_quote json_quote(const char *p, size_t n);

/* The short way of fact_from_json; false: take the long one. */
bool fact_quick(struct str line, struct arena *a, struct rec_fact *out);

/* A new string; the text must be valid UTF-8. */
json_t *json_of_str(struct str s);
void json_put(json_t *to, const char *name, json_t *v); /* takes v over */

#endif
