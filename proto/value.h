/* value.h - one member of a struct: reading it by its field, and what can be wrong with it.
 * Internal to proto.
 *
 * Zero is absent, and an optional zero is always right. A field that must be there and whose range
 * holds zero is never absent: it is always written, zero included. A TIME, DATE or CODE that must
 * be there is missing when it is zero. */
#ifndef CUIBAN_PROTO_VALUE_H
#define CUIBAN_PROTO_VALUE_H

#include "common/contract.h"
#include "proto/proto.h"
#include <string.h>

#define VALUE_RULE "contract"
#define VALUE_WORD_(x) #x
#define VALUE_WORD(x) VALUE_WORD_(x)

enum wrong {
    WRONG_NOT,
    WRONG_MISSING,
    WRONG_TYPE,    /* found: enum token_kind */
    WRONG_RANGE,   /* found: the number */
    WRONG_BIG,     /* a number that does not even fit 64 bits */
    WRONG_SHORT,   /* found: the size */
    WRONG_LONG,    /* found: the size */
    WRONG_UTF8,    /* found: the byte */
    WRONG_CONTROL, /* found: the byte */
    WRONG_WORD,    /* found: the number */
    WRONG_CUT,
    WRONG_DEPTH,
    WRONG_RAW
};

/* The layout of every LIST member. */
struct value_list {
    void *v;
    uint32_t n;
};

/* Where a value stands: in the object itself, or in a line of one of its lists. */
struct value_path {
    const struct field *list; /* NULL: the object itself */
    uint32_t line;
};

static inline const void *value_in(const struct field *f, const void *obj)
{
    return (const uint8_t *)obj + f->offset;
}

static inline void *value_of(const struct field *f, void *obj)
{
    return (uint8_t *)obj + f->offset;
}

static inline struct value_list value_list(const void *member)
{
    struct value_list l;
    memcpy(&l.v, member, sizeof l.v);
    memcpy(&l.n, (const uint8_t *)member + sizeof l.v, sizeof l.n);
    return l;
}

static inline void *value_line(const struct shape *s, struct value_list l, uint32_t i)
{
    return (uint8_t *)l.v + (size_t)i * s->size;
}

/* UINT, INT, TIME, DATE, MONEY, FLAG, CODE as one number. A UINT above INT64_MAX comes out
 * negative, which no UINT allows. */
static inline int64_t value_number(const struct field *f, const void *member)
{
    switch (f->type) {
    case FT_UINT:
        return (int64_t) * (const uint64_t *)member;
    case FT_INT:
    case FT_TIME:
    case FT_MONEY:
        return *(const int64_t *)member;
    case FT_DATE:
        return *(const int32_t *)member;
    case FT_CODE:
        return *(const uint32_t *)member;
    case FT_FLAG:
        return *(const bool *)member;
    case FT_TEXT:
    case FT_LIST:
    case FT_RAW:
    case FT_HASH:
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

void value_put_number(const struct field *f, void *member, int64_t x); /* x has been checked */

static inline bool value_is_zero(const struct field *f, const void *member)
{
    static const uint8_t zeros[32];
    switch (f->type) {
    case FT_TEXT:
        return ((const struct str *)member)->n == 0;
    case FT_LIST:
        return value_list(member).n == 0;
    case FT_RAW:
        return ((const struct slice *)member)->n == 0;
    case FT_HASH:
        return memcmp(member, zeros, sizeof zeros) == 0;
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_FLAG:
    case FT_CODE:
        break;
    }
    return value_number(f, member) == 0;
}

/* Eight bytes, all of them ASCII from 0x20 on? */
static inline bool value_word_is_plain(uint64_t w)
{
    return ((w | (w - UINT64_C(0x2020202020202020))) & UINT64_C(0x8080808080808080)) == 0;
}

static inline uint64_t value_load64(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

/* The same of n bytes: what most texts are, seen a word at a time. n is not 0. */
static inline bool value_is_plain(const uint8_t *p, size_t n)
{
    if (n < 4) {
        uint64_t w = UINT64_C(0x2020202020000000) | p[0] | (uint64_t)p[n / 2] << 8;
        return value_word_is_plain(w | (uint64_t)p[n - 1] << 16);
    }
    if (n < 8) {
        uint32_t first, last;
        memcpy(&first, p, 4);
        memcpy(&last, p + n - 4, 4);
        return value_word_is_plain((uint64_t)first << 32 | last);
    }
    const uint8_t *last = p + n - 8;
    for (; p < last; p += 8) {
        if (!value_word_is_plain(value_load64(p))) return false;
    }
    return value_word_is_plain(value_load64(last));
}

/* Most values are right and can be seen to be so at once. These may say no to one that is right,
 * never yes to one that is not. */
static inline bool value_text_seems_right(const struct field *f, struct str s)
{
    if (s.n == 0 || (int64_t)s.n < f->min || (int64_t)s.n > f->max) return false;
    return value_is_plain((const uint8_t *)s.p, s.n);
}

static inline bool value_number_seems_right(const struct field *f, int64_t x)
{
    if (x <= 0 || x < f->min || x > f->max) return false;
    return !f->codes || (x <= f->codes->count && f->codes->values[x - 1].number == x);
}

/* Is it valid UTF-8? If not, *at is the first bad byte. */
bool value_utf8(struct str s, int64_t *at);

/* The contract of one value; *found (see enum wrong) is written when something is wrong. */
enum wrong value_number_wrong(const struct field *f, int64_t x, int64_t *found);
enum wrong value_text_wrong(const struct field *f, struct str s, int64_t *found);
enum wrong value_wrong(const struct field *f, const void *member, int64_t *found);

/* "party[2].person" */
void value_path_print(struct value_path at, const char *name, char out[64]);
/* Fills out (may be NULL) with the sentence; returns ERR_REFUSED. */
enum err value_fault(struct fault *out, struct value_path at, const struct field *f, enum wrong w,
                     int64_t found);
/* Makes field and text of a fault fit our own contracts: no control bytes, no broken or cut UTF-8.
 */
void value_fault_clean(struct fault *out);

/* A number as people write it: money in yuan, times and dates in ISO. out needs 40 bytes. */
void value_number_print(const struct field *f, int64_t x, char out[40]);
/* The words of a codeset, "phone, letter, …", cut at a word to fit. */
void value_words(const struct codeset *set, char *out, size_t cap);

#endif
