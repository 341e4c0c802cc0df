/* scan.c - the bounded look at bytes from outside, and stepping over one object. See token.h. */
#include "common/contract.h"
#include "proto/proto.h"
#include "proto/token.h"
#include "proto/value.h"

const struct token_head token_heads[32] = {
    {TOKEN_NIL, 0},   {TOKEN_NEVER, 0}, {TOKEN_BOOL, 0}, {TOKEN_BOOL, 0},  {TOKEN_BYTES, 1},
    {TOKEN_BYTES, 2}, {TOKEN_BYTES, 4}, {TOKEN_EXT, 0},  {TOKEN_EXT, 0},   {TOKEN_EXT, 0},
    {TOKEN_FLOAT, 4}, {TOKEN_FLOAT, 8}, {TOKEN_UINT, 1}, {TOKEN_UINT, 2},  {TOKEN_UINT, 4},
    {TOKEN_UINT, 8},  {TOKEN_INT, 1},   {TOKEN_INT, 2},  {TOKEN_INT, 4},   {TOKEN_INT, 8},
    {TOKEN_EXT, 0},   {TOKEN_EXT, 0},   {TOKEN_EXT, 0},  {TOKEN_EXT, 0},   {TOKEN_EXT, 0},
    {TOKEN_TEXT, 1},  {TOKEN_TEXT, 2},  {TOKEN_TEXT, 4}, {TOKEN_ARRAY, 2}, {TOKEN_ARRAY, 4},
    {TOKEN_MAP, 0},   {TOKEN_MAP, 0}};

const char *token_name(enum token_kind kind)
{
    static const char *const names[] = {
        [TOKEN_NIL] = "nothing",         [TOKEN_BOOL] = "true or false",
        [TOKEN_UINT] = "a whole number", [TOKEN_INT] = "a negative whole number",
        [TOKEN_TEXT] = "a text",         [TOKEN_BYTES] = "bytes",
        [TOKEN_ARRAY] = "a list",        [TOKEN_FLOAT] = "a real number",
        [TOKEN_MAP] = "a map",           [TOKEN_EXT] = "an extension type",
        [TOKEN_NEVER] = "the byte 0xc1", [TOKEN_CUT] = "the end"};
    REQUIRE((size_t)kind < COUNT_OF(names));
    return names[kind];
}

/* What may not stand on our wire, whoever sent it. NULL when the token is fine. */
static const char *token_wrong(const struct token *t, bool texts)
{
    int64_t at;
    switch (t->kind) {
    case TOKEN_CUT:
        return "truncated";
    case TOKEN_MAP:
        return "map";
    case TOKEN_EXT:
        return "ext";
    case TOKEN_NEVER:
        return "not_msgpack";
    case TOKEN_TEXT:
        return !texts || value_utf8((struct str){(const char *)t->bytes, (uint32_t)t->v}, &at)
                   ? NULL
                   : "utf8";
    case TOKEN_NIL:
    case TOKEN_BOOL:
    case TOKEN_UINT:
    case TOKEN_INT:
    case TOKEN_BYTES:
    case TOKEN_ARRAY:
    case TOKEN_FLOAT:
        break;
    }
    return NULL;
}

const char *token_skip(struct token_reader *r, bool texts)
{
    uint64_t left[PROTO_DEPTH_MAX + 1] = {1}; /* elements still to come, per open array */
    uint32_t depth = 0, elements = 0;
    for (;;) {
        while (left[depth] == 0) {
            if (depth == 0) return NULL;
            depth--;
        }
        left[depth]--;
        const uint8_t *start = r->p;
        bool is_byte = start < r->end && (*start < 0x80 || *start == 0xc0);
        if (is_byte && elements < PROTO_ELEMENTS_MAX) { /* most are: small numbers and nil */
            r->p++;
            elements++;
            continue;
        }
        struct token t = token_read(r);
        const char *code = token_wrong(&t, texts);
        if (!code && ++elements > PROTO_ELEMENTS_MAX) code = "too_many";
        if (!code && t.kind == TOKEN_ARRAY && depth == PROTO_DEPTH_MAX) code = "too_deep";
        if (code) {
            r->p = start;
            return code;
        }
        if (t.kind == TOKEN_ARRAY) left[++depth] = t.v;
    }
}

static const char *scan_sentence(const char *code)
{
    static const struct {
        const char *code, *sentence;
    } rows[] = {{"truncated", "more is announced than follows; send the whole object"},
                {"map", "a map; objects are arrays of their fields here"},
                {"ext", "an extension type; there are none here"},
                {"not_msgpack", "the byte 0xc1, which msgpack never uses"},
                {"utf8", "a text that is not valid UTF-8"},
                {"too_many", "too many elements; at most " VALUE_WORD(PROTO_ELEMENTS_MAX)},
                {"too_deep", "arrays too deep; at most " VALUE_WORD(PROTO_DEPTH_MAX)}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (str_is(str_of(code), rows[i].code)) return rows[i].sentence;
    }
    return "not one of ours";
}

enum err proto_scan(struct slice in, struct fault *why)
{
    static const uint8_t nothing[1] = {0};
    const uint8_t *start = in.n ? in.p : nothing;
    struct token_reader r = {start, start + in.n};
    const char *code = token_skip(&r, true);
    size_t at = (size_t)(r.p - start);
    if (code) {
        return fault_set(why, VALUE_RULE, code, "", "byte %zu of %zu: %s", at, in.n,
                         scan_sentence(code));
    }
    if (r.p == r.end) return ERR_OK;
    return fault_set(why, VALUE_RULE, "trailing", "",
                     "%zu bytes behind the object, which ends at byte %zu; send one object",
                     in.n - at, at);
}
