/* fact_quick.c - the short way from a line to rec_fact, for what most lines are: flat members, each
 * there once, plain and right. It says yes only where fact_json.c would, with the same result; an
 * escape, a list, a fault or anything else out of the way is left to that, which has the words. */
#include "common/calendar.h"
#include "common/exact.h"
#include "proto/json.h"

#define DIGITS_MAX 18 /* what fits an int64 whatever the digits are */

struct scan {
    const char *p, *end;
};

struct item {
    enum { ITEM_ABSENT, ITEM_NULL, ITEM_TEXT, ITEM_NUMBER, ITEM_FALSE, ITEM_TRUE } kind;
    struct str text; /* within the line */
    int64_t number;
};

/* ---- JSON ---- */

static char look(struct scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
        s->p++;
    return s->p < s->end ? *s->p : 0;
}

static bool take(struct scan *s, char c)
{
    if (look(s) != c) return false;
    s->p++;
    return true;
}

static bool take_text(struct scan *s, struct str *out)
{
    if (!take(s, '"')) return false;
    const char *end = memchr(s->p, '"', (size_t)(s->end - s->p));
    if (!end) return false;
    *out = (struct str){s->p, (uint32_t)(end - s->p)};
    s->p = end + 1;
    if (out->n == 0) return true;
    if (memchr(out->p, '\\', out->n)) return false;
    if (value_is_plain((const uint8_t *)out->p, out->n)) return true;
    for (uint32_t i = 0; i < out->n; i++) {
        if ((uint8_t)out->p[i] < 0x20) return false;
    }
    return true; /* whether it is UTF-8 is seen by who takes it: everybody does */
}

static bool take_number(struct scan *s, int64_t *out)
{
    bool minus = *s->p == '-';
    const char *first = s->p += minus;
    *out = 0;
    for (; s->p < s->end && *s->p >= '0' && *s->p <= '9'; s->p++) {
        if (s->p - first == DIGITS_MAX) return false;
        *out = *out * 10 + (*s->p - '0');
    }
    if (s->p == first || (*first == '0' && s->p - first > 1)) return false;
    if (minus) *out = -*out;
    char behind = look(s);
    return behind == ',' || behind == '}';
}

static bool take_word(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0) return false;
    s->p += n;
    return true;
}

static bool take_item(struct scan *s, struct item *out)
{
    switch (look(s)) {
    case '"':
        out->kind = ITEM_TEXT;
        return take_text(s, &out->text);
    case 'n':
        out->kind = ITEM_NULL;
        return take_word(s, "null");
    case 'f':
        out->kind = ITEM_FALSE;
        return take_word(s, "false");
    case 't':
        out->kind = ITEM_TRUE;
        return take_word(s, "true");
    case 0:
        return false;
    }
    out->kind = ITEM_NUMBER;
    return take_number(s, &out->number);
}

/* ---- values ---- */

static bool put_number(const struct field *f, int64_t x, void *member)
{
    int64_t found;
    if (value_number_wrong(f, x, &found) != WRONG_NOT) return false;
    value_put_number(f, member, x);
    return true;
}

static bool put_text(const struct field *f, struct str s, void *member)
{
    int64_t found;
    if (value_text_wrong(f, s, &found) != WRONG_NOT) return false;
    if (s.n) *(struct str *)member = s;
    return true;
}

/* A text that stands for a number; an empty one is none. */
static bool put_spelt(const struct field *f, struct str s, void *member)
{
    struct fault why;
    int64_t x = 0;
    int32_t day = 0;
    if (f->type == FT_CODE) {
        x = code_number(f->codes, s);
        return (x != 0 || s.n == 0) && put_number(f, x, member);
    }
    if (f->type == FT_MONEY) return exact_money_parse(s, &x) && put_number(f, x, member);
    if (s.n == 0) return !f->must;
    if (f->type == FT_TIME && time_parse(s, &x, &why) != ERR_OK) return false;
    if (f->type == FT_DATE && day_parse(s, &day) != ERR_OK) return false;
    if (f->type == FT_DATE) x = day;
    return x != 0 && put_number(f, x, member);
}

static bool put_item(const struct field *f, const struct item *in, void *obj)
{
    void *member = value_of(f, obj);
    if (in->kind <= ITEM_NULL) return !f->must;
    switch (f->type) {
    case FT_TEXT:
        return in->kind == ITEM_TEXT && put_text(f, in->text, member);
    case FT_UINT:
    case FT_INT:
        return in->kind == ITEM_NUMBER && put_number(f, in->number, member);
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_CODE:
        return in->kind == ITEM_TEXT && put_spelt(f, in->text, member);
    case FT_FLAG:
        *(bool *)member = in->kind == ITEM_TRUE;
        return in->kind >= ITEM_FALSE;
    case FT_LIST:
    case FT_RAW:
    case FT_HASH:
        break;
    }
    return false;
}

/* ---- objects ---- */

/* Members mostly come in the order of the table: the search begins behind the last one found. */
static const struct field *find(const struct shape *s, struct str name, uint32_t *at)
{
    for (uint32_t tried = 0; tried < s->count; tried++, ++*at) {
        if (*at >= s->count) *at = 0;
        const struct field *f = &s->fields[*at];
        if (strncmp(f->name, name.p, name.n) == 0 && f->name[name.n] == 0) {
            ++*at;
            return f;
        }
    }
    return NULL;
}

/* said: bit n for field n, which is there and not null. */
static bool take_data(struct scan *s, const struct shape *shape, void *obj, uint64_t *said)
{
    uint64_t seen = 0;
    uint32_t at = 0;
    *said = 0;
    if (shape->count > 64 || !take(s, '{')) return false;
    if (take(s, '}')) return true;
    do {
        struct str name;
        struct item in = {.kind = ITEM_ABSENT};
        if (!take_text(s, &name) || !take(s, ':') || !take_item(s, &in)) return false;
        const struct field *f = find(shape, name, &at);
        uint64_t bit = f ? UINT64_C(1) << (f - shape->fields) : 0;
        if (!f || seen & bit) return false;
        seen |= bit;
        if (in.kind == ITEM_NULL) continue;
        if (!put_item(f, &in, obj)) return false;
        *said |= bit;
    } while (take(s, ','));
    return take(s, '}');
}

static bool join_subject(const struct event_type *t, const struct item *subject, void *obj,
                         uint64_t *said)
{
    if (subject->kind <= ITEM_NULL) return true;
    const struct field *f = event_subject(t);
    if (!f || subject->kind != ITEM_TEXT) return false;
    uint64_t bit = UINT64_C(1) << (f - t->shape()->fields);
    if (*said & bit) return str_eq(*(const struct str *)value_in(f, obj), subject->text);
    *said |= bit;
    return put_item(f, subject, obj);
}

static bool all_said(const struct shape *s, uint64_t said)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->fields[i].must && !(said >> i & 1)) return false;
    }
    return true;
}

static bool encode(const struct shape *s, const void *obj, struct arena *a, struct rec_fact *out)
{
    struct buf bytes = {0};
    proto_encode(s, obj, &bytes);
    bool fits = bytes.n <= (size_t)shape_field(shape_fact(), STR("data"))->max;
    if (fits) out->data = arena_copy(a, buf_slice(&bytes));
    buf_fini(&bytes);
    return fits;
}

/* ---- the line ---- */

enum { SPECVERSION, ID, SOURCE, TYPE, TIME, SUBJECT, ACTOR, CONTENT, ATTRIBUTES };

struct line {
    struct item at[ATTRIBUTES];
    const struct event_type *type;
    void *obj;
    uint64_t said;
};

static bool take_attribute(struct scan *s, struct str name, struct line *l)
{
    static const char *const names[ATTRIBUTES] = {
        "specversion", "id", "source", "type", "time", "subject", "actor", "datacontenttype"};
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (str_is(name, names[i])) return l->at[i].kind == ITEM_ABSENT && take_item(s, &l->at[i]);
    }
    return false;
}

static bool take_line(struct scan *s, struct arena *a, struct line *l)
{
    if (!take(s, '{')) return false;
    do {
        struct str name;
        if (!take_text(s, &name) || !take(s, ':')) return false;
        if (!str_is(name, "data")) {
            if (!take_attribute(s, name, l)) return false;
            continue;
        }
        if (l->type || l->at[TYPE].kind != ITEM_TEXT) return false;
        l->type = event_by_type(l->at[TYPE].text);
        if (!l->type || event_is_verdict(l->type)) return false;
        l->obj = arena_take(a, l->type->shape()->size);
        if (!take_data(s, l->type->shape(), l->obj, &l->said)) return false;
    } while (take(s, ','));
    return take(s, '}') && look(s) == 0 && s->p == s->end && l->type;
}

static bool is_constant(const struct item *in, const char *want)
{
    return in->kind == ITEM_TEXT && str_is(in->text, want);
}

bool fact_quick(struct str line, struct arena *a, struct rec_fact *out)
{
    struct line l = {0};
    struct scan s = {line.p, line.p + line.n};
    const struct shape *fact = shape_fact();
    uint32_t at = 0;
    if (line.n == 0 || line.n > JSON_LINE_MAX || !take_line(&s, a, &l)) return false;
    if (!is_constant(&l.at[SPECVERSION], "1.0")) return false;
    const struct item *content = &l.at[CONTENT];
    if (content->kind != ITEM_ABSENT && !is_constant(content, "application/json")) return false;
    if (!put_item(find(fact, STR("id"), &at), &l.at[ID], out) ||
        !put_item(find(fact, STR("source"), &at), &l.at[SOURCE], out) ||
        !put_item(find(fact, STR("occurred"), &at), &l.at[TIME], out) ||
        !put_item(find(fact, STR("actor"), &at), &l.at[ACTOR], out))
        return false;
    if (!join_subject(l.type, &l.at[SUBJECT], l.obj, &l.said)) return false;
    if (!all_said(l.type->shape(), l.said)) return false;
    out->number = l.type->number;
    out->id = arena_str(a, out->id);
    out->source = arena_str(a, out->source);
    out->actor = arena_str(a, out->actor);
    return encode(l.type->shape(), l.obj, a, out);
}
