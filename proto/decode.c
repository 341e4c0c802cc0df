/* decode.c - from msgpack to struct, in one pass over bytes nobody has looked at yet.
 *
 * Texts and RAW stay where they are in the input; only list lines take memory, after their count
 * has been checked against the contract and the bytes left. A line holds no list (proto_test), so
 * nothing here recurses. */
#include "proto/proto.h"
#include "proto/token.h"
#include "proto/value.h"

/* The whole of one decoding; the path is only looked at when something is wrong. */
struct decoder {
    struct token_reader in;
    struct arena *arena;
    struct fault *why;
    struct value_path at;
};

static enum err refuse(struct decoder *d, const struct field *f, enum wrong w, int64_t found)
{
    return value_fault(d->why, d->at, f, w, found);
}

static enum err refuse_type(struct decoder *d, const struct field *f, const struct token *t)
{
    if (t->kind == TOKEN_CUT) return refuse(d, f, WRONG_CUT, 0);
    return refuse(d, f, WRONG_TYPE, (int64_t)t->kind);
}

/* ---- most values, at once ----
 *
 * Texts below 256 bytes and numbers above zero, taken when all is well with them: the byte behind
 * the value, or NULL for anything else, right or wrong; then the functions below look at it. */

static inline const uint8_t *quick_text(const uint8_t *p, const uint8_t *end, const struct field *f,
                                        struct str *out)
{
    size_t n = *p & 0x1f;
    bool is_short = *p++ >> 5 == 5;
    if (!is_short && (p[-1] != 0xd9 || p == end)) return NULL;
    if (!is_short) n = *p++;
    if (n == 0 || n > (size_t)(end - p)) return NULL;
    struct str s = {(const char *)p, (uint32_t)n};
    int64_t found;
    if (!value_text_seems_right(f, s) && value_text_wrong(f, s, &found)) return NULL;
    *out = s;
    return p + n;
}

static inline const uint8_t *quick_number(const uint8_t *p, const uint8_t *end,
                                          const struct field *f, void *member)
{
    uint64_t v = *p++;
    if (v >= 0x80) {
        if (v < 0xcc || v > 0xcf) return NULL;
        unsigned width = 1u << (v - 0xcc);
        if ((size_t)(end - p) < width) return NULL;
        v = end - p < 8 ? token_argument(p, width) : be_get64(p) >> (64 - 8 * width);
        p += width;
    }
    if (!value_number_seems_right(f, (int64_t)v)) return NULL;
    if (f->type == FT_CODE || f->type == FT_DATE) {
        uint32_t narrow = (uint32_t)v;
        memcpy(member, &narrow, sizeof narrow);
    } else {
        memcpy(member, &v, sizeof v);
    }
    return p;
}

static inline const uint8_t *quick_value(const uint8_t *p, const uint8_t *end,
                                         const struct field *f, void *member)
{
    if (*p == 0xc0) return f->must ? NULL : p + 1;
    if (f->type == FT_TEXT) return quick_text(p, end, f, member);
    bool is_number = f->type <= FT_MONEY || f->type == FT_CODE;
    return is_number ? quick_number(p, end, f, member) : NULL;
}

/* Takes the fields from the i-th on as long as each goes at once; the first that does not. */
static uint64_t quick_fields(struct token_reader *r, const struct shape *s, uint64_t i, uint64_t n,
                             void *obj)
{
    const uint8_t *p = r->p;
    for (; i < n && p < r->end; i++) {
        const struct field *f = &s->fields[i];
        const uint8_t *behind = quick_value(p, r->end, f, value_of(f, obj));
        if (!behind) break;
        p = behind;
    }
    r->p = p;
    return i;
}

/* ---- any value ---- */

static enum err read_text(struct decoder *d, const struct field *f, struct str *out)
{
    int64_t found;
    struct token t = token_read(&d->in);
    if (t.kind != TOKEN_TEXT) return refuse_type(d, f, &t);
    struct str s = {(const char *)t.bytes, (uint32_t)t.v};
    enum wrong w = value_text_wrong(f, s, &found);
    if (w != WRONG_NOT) return refuse(d, f, w, found);
    *out = s;
    return ERR_OK;
}

static enum err read_number(struct decoder *d, const struct field *f, void *member)
{
    int64_t found;
    struct token t = token_read(&d->in);
    bool fits =
        f->type == FT_FLAG ? t.kind == TOKEN_BOOL : t.kind == TOKEN_UINT || t.kind == TOKEN_INT;
    if (!fits) return refuse_type(d, f, &t);
    if (t.kind == TOKEN_UINT && t.v > INT64_MAX) return refuse(d, f, WRONG_BIG, 0);
    enum wrong w = value_number_wrong(f, (int64_t)t.v, &found);
    if (w != WRONG_NOT) return refuse(d, f, w, found);
    value_put_number(f, member, (int64_t)t.v);
    return ERR_OK;
}

static enum err read_hash(struct decoder *d, const struct field *f, void *member)
{
    struct token t = token_read(&d->in);
    if (t.kind != TOKEN_BYTES) return refuse_type(d, f, &t);
    if (t.v != 32) return refuse(d, f, t.v < 32 ? WRONG_SHORT : WRONG_LONG, (int64_t)t.v);
    memcpy(member, t.bytes, 32);
    return ERR_OK;
}

static enum err skip_object(struct decoder *d, const struct field *f)
{
    const char *code = token_skip(&d->in, false);
    if (!code) return ERR_OK;
    if (str_is(str_of(code), "truncated")) return refuse(d, f, WRONG_CUT, 0);
    return refuse(d, f, str_is(str_of(code), "too_deep") ? WRONG_DEPTH : WRONG_RAW, 0);
}

static enum err read_raw(struct decoder *d, const struct field *f, struct slice *out)
{
    const uint8_t *start = d->in.p;
    enum err e = skip_object(d, f);
    if (e != ERR_OK) return e;
    size_t n = (size_t)(d->in.p - start);
    if (n > (size_t)f->max) return refuse(d, f, WRONG_LONG, (int64_t)n);
    *out = (struct slice){start, n};
    return ERR_OK;
}

static bool take_nil(struct token_reader *r)
{
    if (r->p == r->end || *r->p != 0xc0) return false;
    r->p++;
    return true;
}

/* Names for what has no row in the table. */
static const struct field a_line = {.name = "", .type = FT_LIST};
static const struct field an_extra = {.name = "extra", .type = FT_RAW};

/* Any value but a list. */
static enum err read_value(struct decoder *d, const struct field *f, void *member)
{
    if (take_nil(&d->in)) return f->must ? refuse(d, f, WRONG_MISSING, 0) : ERR_OK;
    switch (f->type) {
    case FT_TEXT:
        return read_text(d, f, member);
    case FT_RAW:
        return read_raw(d, f, member);
    case FT_HASH:
        return read_hash(d, f, member);
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_FLAG:
    case FT_CODE:
        return read_number(d, f, member);
    case FT_LIST:
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

/* Fields that the bytes do not have (they end before), then elements that the table does not have.
 */
static enum err read_rest(struct decoder *d, const struct shape *s, uint64_t count)
{
    for (uint64_t i = count; i < s->count; i++) {
        if (s->fields[i].must) return refuse(d, &s->fields[i], WRONG_MISSING, 0);
    }
    for (uint64_t i = s->count; i < count; i++) {
        enum err e = skip_object(d, &an_extra);
        if (e != ERR_OK) return e;
    }
    return ERR_OK;
}

static enum err read_line(struct decoder *d, const struct shape *s, void *line)
{
    struct token t = token_read(&d->in);
    if (t.kind != TOKEN_ARRAY) return refuse_type(d, &a_line, &t);
    uint64_t n = t.v < s->count ? t.v : s->count;
    for (uint64_t i = quick_fields(&d->in, s, 0, n, line); i < n;) {
        const struct field *f = &s->fields[i];
        enum err e = read_value(d, f, value_of(f, line));
        if (e != ERR_OK) return e;
        i = quick_fields(&d->in, s, i + 1, n, line);
    }
    return read_rest(d, s, t.v);
}

static enum err read_lines(struct decoder *d, const struct field *f, struct value_list list)
{
    const struct shape *line = f->record();
    for (uint32_t i = 0; i < list.n; i++) {
        d->at = (struct value_path){f, i};
        enum err e = read_line(d, line, value_line(line, list, i));
        if (e != ERR_OK) return e;
    }
    d->at = (struct value_path){0};
    return ERR_OK;
}

static enum err read_list(struct decoder *d, const struct field *f, void *member)
{
    if (take_nil(&d->in)) return f->must ? refuse(d, f, WRONG_MISSING, 0) : ERR_OK;
    struct token t = token_read(&d->in);
    if (t.kind != TOKEN_ARRAY) return refuse_type(d, f, &t);
    if (t.v > (uint64_t)f->max) return refuse(d, f, WRONG_LONG, (int64_t)t.v);
    if (t.v == 0) return f->must ? refuse(d, f, WRONG_MISSING, 0) : ERR_OK;
    struct value_list list = {arena_take(d->arena, (size_t)t.v * f->record()->size), (uint32_t)t.v};
    memcpy(member, &list.v, sizeof list.v);
    memcpy((uint8_t *)member + sizeof list.v, &list.n, sizeof list.n);
    return read_lines(d, f, list);
}

static enum err read_object(struct decoder *d, const struct shape *s, void *obj)
{
    struct token t = token_read(&d->in);
    if (t.kind != TOKEN_ARRAY) {
        return fault_set(d->why, VALUE_RULE, t.kind == TOKEN_CUT ? "truncated" : "wrong_type", "",
                         "%s: %s, wanted the array of its fields", s->name, token_name(t.kind));
    }
    uint64_t n = t.v < s->count ? t.v : s->count;
    for (uint64_t i = quick_fields(&d->in, s, 0, n, obj); i < n;) {
        const struct field *f = &s->fields[i];
        void *member = value_of(f, obj);
        enum err e = f->type == FT_LIST ? read_list(d, f, member) : read_value(d, f, member);
        if (e != ERR_OK) return e;
        i = quick_fields(&d->in, s, i + 1, n, obj);
    }
    return read_rest(d, s, t.v);
}

enum err proto_decode(const struct shape *s, struct slice in, struct arena *a, void *obj,
                      struct fault *why)
{
    static const uint8_t nothing[1] = {0};
    const uint8_t *start = in.n ? in.p : nothing;
    struct decoder d = {.in = {start, start + in.n}, .arena = a, .why = why};
    memset(obj, 0, s->size);
    enum err e = read_object(&d, s, obj);
    if (e != ERR_OK) return e;
    if (d.in.p == d.in.end) return ERR_OK;
    return fault_set(why, VALUE_RULE, "trailing", "", "%s: %zu bytes behind the object", s->name,
                     (size_t)(d.in.end - d.in.p));
}

/* ---- the head of an entry ---- */

static inline bool head_uint(struct token_reader *r, uint64_t *v)
{
    const uint8_t *p = r->p;
    if (r->end - p > 8 && *p >= 0xcc && *p <= 0xcf) { /* 1, 2, 4 or 8 bytes behind it */
        unsigned width = 1u << (*p - 0xcc);
        *v = be_get64(p + 1) >> (64 - 8 * width);
        r->p += 1 + width;
        return true;
    }
    struct token t = token_read(r);
    *v = t.v;
    return t.kind == TOKEN_UINT;
}

enum err entry_now(struct slice record, int64_t *now_ms)
{
    struct token_reader r = {record.p, record.p + record.n};
    struct token head = token_read(&r);
    uint64_t seq, now;
    if (head.kind != TOKEN_ARRAY || head.v < 2 || !head_uint(&r, &seq) || !head_uint(&r, &now))
        return ERR_CORRUPT;
    *now_ms = (int64_t)now;
    return ERR_OK;
}

bool entry_ends(struct slice record, struct rec_entry *out)
{
    static const uint8_t hash[2] = {0xc4, sizeof out->prev};
    const size_t fields = 14; /* of an entry, prev the last of them */
    struct token_reader r = {record.p, record.p + record.n};
    struct token head = token_read(&r);
    uint64_t seq, now, number;
    if (head.kind != TOKEN_ARRAY || head.v != fields) return false;
    if (!head_uint(&r, &seq) || !head_uint(&r, &now) || !head_uint(&r, &number)) return false;
    if ((size_t)(r.end - r.p) < sizeof hash + sizeof out->prev) return false;
    const uint8_t *prev = r.end - sizeof out->prev;
    if (memcmp(prev - sizeof hash, hash, sizeof hash) != 0) return false;
    out->seq = seq;
    out->now = (int64_t)now;
    out->number = number;
    memcpy(out->prev, prev, sizeof out->prev);
    return true;
}
