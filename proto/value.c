/* value.c - see value.h. */
#include "proto/value.h"
#include "proto/token.h"

void value_put_number(const struct field *f, void *member, int64_t x)
{
    switch (f->type) {
    case FT_UINT:
        *(uint64_t *)member = (uint64_t)x;
        return;
    case FT_INT:
    case FT_TIME:
    case FT_MONEY:
        *(int64_t *)member = x;
        return;
    case FT_DATE:
        *(int32_t *)member = (int32_t)x;
        return;
    case FT_CODE:
        *(uint32_t *)member = (uint32_t)x;
        return;
    case FT_FLAG:
        *(bool *)member = x != 0;
        return;
    case FT_TEXT:
    case FT_LIST:
    case FT_RAW:
    case FT_HASH:
        break;
    }
    contract_broken(f->name, __FILE__, __LINE__);
}

/* ---- texts ---- */

static inline bool is_tail(uint8_t c)
{
    return (c & 0xc0) == 0x80;
}

/* Bytes of the character at p, which is not ASCII; 0 when it is not valid: overlong, surrogate,
 * above U+10FFFF or cut. Chinese comes first: three bytes, and of their heads only e0 and ed are
 * special. */
static inline size_t char_bytes(const uint8_t *p, size_t n)
{
    if ((p[0] & 0xf0) == 0xe0 && n >= 3) {
        if (!is_tail(p[1]) || !is_tail(p[2])) return 0;
        if (p[0] == 0xe0 && p[1] < 0xa0) return 0;
        return p[0] == 0xed && p[1] > 0x9f ? 0 : 3;
    }
    if (p[0] >= 0xc2 && p[0] < 0xe0) return n >= 2 && is_tail(p[1]) ? 2 : 0;
    if (p[0] < 0xf0 || p[0] > 0xf4 || n < 4) return 0;
    if (!is_tail(p[1]) || !is_tail(p[2]) || !is_tail(p[3])) return 0;
    if (p[0] == 0xf0 && p[1] < 0x90) return 0;
    return p[0] == 0xf4 && p[1] > 0x8f ? 0 : 4;
}

/* Plain texts are seen by the word; what is mixed goes character by character. */
static enum wrong text_walk(struct str s, bool controls, int64_t *found)
{
    const uint8_t *start = (const uint8_t *)s.p, *p = start, *end = start + s.n;
    size_t n;
    if (s.n == 0 || value_is_plain(p, s.n)) return WRONG_NOT;
    for (; p < end; p += n) {
        n = 1;
        if (*p >= 0x80) {
            n = char_bytes(p, (size_t)(end - p));
            if (n == 0) break;
        } else if (*p < 0x20 && !controls && *p != '\n' && *p != '\t') {
            break;
        }
    }
    if (p == end) return WRONG_NOT;
    *found = p - start;
    return *p < 0x20 ? WRONG_CONTROL : WRONG_UTF8;
}

bool value_utf8(struct str s, int64_t *at)
{
    return text_walk(s, true, at) == WRONG_NOT;
}

enum wrong value_text_wrong(const struct field *f, struct str s, int64_t *found)
{
    *found = s.n;
    if (s.n == 0) return f->must && f->min > 0 ? WRONG_MISSING : WRONG_NOT;
    if (s.n < f->min) return WRONG_SHORT;
    if (s.n > f->max) return WRONG_LONG;
    return text_walk(s, false, found);
}

/* ---- values ---- */

enum wrong value_number_wrong(const struct field *f, int64_t x, int64_t *found)
{
    bool zero_is_absent = f->type == FT_TIME || f->type == FT_DATE || f->type == FT_CODE;
    if (x == 0 && !f->must) return WRONG_NOT;
    if (x == 0 && zero_is_absent) return WRONG_MISSING;
    *found = x;
    if (x < f->min || x > f->max) return f->type == FT_CODE ? WRONG_WORD : WRONG_RANGE;
    if (f->codes && code_word(f->codes, (uint32_t)x)[0] == '?') return WRONG_WORD;
    return WRONG_NOT;
}

/* Its texts are looked at when what it holds is decoded. */
static enum wrong raw_wrong(const struct field *f, struct slice raw, int64_t *found)
{
    struct token_reader r = {raw.p, raw.p + raw.n};
    *found = (int64_t)raw.n;
    if (raw.n > (size_t)f->max) return WRONG_LONG;
    return !token_skip(&r, false) && r.p == r.end ? WRONG_NOT : WRONG_RAW;
}

enum wrong value_wrong(const struct field *f, const void *member, int64_t *found)
{
    uint32_t lines;
    switch (f->type) {
    case FT_TEXT:
        return value_text_wrong(f, *(const struct str *)member, found);
    case FT_RAW:
        if (((const struct slice *)member)->n == 0) return WRONG_NOT;
        return raw_wrong(f, *(const struct slice *)member, found);
    case FT_LIST:
        lines = value_list(member).n;
        *found = lines;
        if (lines == 0 && f->must) return WRONG_MISSING;
        return lines > f->max ? WRONG_LONG : WRONG_NOT;
    case FT_HASH:
        return WRONG_NOT;
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_DATE:
    case FT_MONEY:
    case FT_FLAG:
    case FT_CODE:
        break;
    }
    return value_number_wrong(f, value_number(f, member), found);
}
