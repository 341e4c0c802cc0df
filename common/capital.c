/* capital.c - capital figures 大寫金額, read character by character.
 *
 * Four places 仟佰拾 and ones make a section; sections of 億, 萬 and 元 follow each other. A place
 * that is left out needs 零 before what follows it, with one exception the rules of bills make: 零
 * may be left out where only the end of the section or of the yuan before is empty. */
#include "common/capital.h"
#include "common/contract.h"
#include <string.h>

#define TOKENS_MAX 64
#define CHAR_BYTES 3

enum token {
    TOKEN_0, /* to TOKEN_0 + 9: digits */
    TOKEN_TEN = 10,
    TOKEN_HUNDRED,
    TOKEN_THOUSAND,
    TOKEN_WAN,
    TOKEN_YI,
    TOKEN_YUAN,
    TOKEN_JIAO,
    TOKEN_FEN,
    TOKEN_WHOLE,
    TOKEN_END
};

static const struct {
    const char *chars; /* all ways to write it */
    uint8_t token;
} letters[] = {
    {"零〇", TOKEN_0},
    {"壹弌", 1},
    {"貳贰弍", 2},
    {"叁叄參参", 3},
    {"肆", 4},
    {"伍", 5},
    {"陸陆", 6},
    {"柒", 7},
    {"捌", 8},
    {"玖", 9},
    {"拾", TOKEN_TEN},
    {"佰", TOKEN_HUNDRED},
    {"仟", TOKEN_THOUSAND},
    {"萬万", TOKEN_WAN},
    {"億亿", TOKEN_YI},
    {"元圓圆", TOKEN_YUAN},
    {"角", TOKEN_JIAO},
    {"分", TOKEN_FEN},
    {"整正", TOKEN_WHOLE},
};

static int token_of(const char *c)
{
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        const char *all = letters[i].chars;
        for (size_t n = strlen(all), at = 0; at < n; at += CHAR_BYTES) {
            if (memcmp(all + at, c, CHAR_BYTES) == 0) return letters[i].token;
        }
    }
    return -1;
}

struct reader {
    uint8_t v[TOKENS_MAX + 1];
    uint32_t at;
};

static bool tokens_of(struct str s, struct reader *r)
{
    static const char *const currency[] = {"人民幣", "人民币"};
    for (size_t i = 0; i < COUNT_OF(currency); i++) {
        uint32_t n = (uint32_t)strlen(currency[i]);
        if (s.n < n || memcmp(s.p, currency[i], n) != 0) continue;
        s = (struct str){s.p + n, s.n - n};
        break;
    }
    if (s.n % CHAR_BYTES || s.n / CHAR_BYTES > TOKENS_MAX) return false;
    uint32_t n = 0;
    for (uint32_t at = 0; at < s.n; at += CHAR_BYTES) {
        int token = token_of(s.p + at);
        if (token < 0) return false;
        r->v[n++] = (uint8_t)token;
    }
    r->v[n] = TOKEN_END;
    r->at = 0;
    return true;
}

static bool took(struct reader *r, enum token token)
{
    bool is = r->v[r->at] == token;
    r->at += is;
    return is;
}

static int64_t digit(struct reader *r)
{
    uint8_t d = r->v[r->at];
    if (d < 1 || d > 9) return 0;
    r->at++;
    return d;
}

/* ---- up to 9999 ---- */

#define PLACES 4

struct section {
    int64_t value;
    int first; /* highest place that is there; 3 = thousands */
    bool zero; /* 零 before it */
};

static int place_of(struct reader *r)
{
    return took(r, TOKEN_THOUSAND) ? 3 : took(r, TOKEN_HUNDRED) ? 2 : took(r, TOKEN_TEN) ? 1 : 0;
}

/* False when it is not written as it should; a section that is not there has the value 0. */
static bool section_of(struct reader *r, struct section *s)
{
    static const int64_t worth[PLACES] = {1, 10, 100, 1000};
    *s = (struct section){.value = 0};
    int before = PLACES;
    while (before > 0) {
        bool zero = took(r, TOKEN_0);
        int64_t d = digit(r);
        if (!d) return !zero;
        int place = place_of(r);
        if (place >= before) return false;
        if (before == PLACES) {
            s->first = place, s->zero = zero;
        } else if (zero != (before - place > 1)) {
            return false;
        }
        s->value += d * worth[place];
        before = place;
    }
    return true;
}

/* Whether 零 stands right between what was read and what follows it. `gap`: a place between them
 * is empty; `ends`: only places of the higher one are. */
static bool zero_fits(bool zero, bool higher, bool gap, bool ends)
{
    if (!higher) return !zero;
    return gap ? zero : !zero || ends;
}

/* ---- yuan ---- */

struct whole {
    int64_t yuan;
    int64_t lowest; /* worth of the last section read; 0 = none yet */
    int64_t last;   /* its value */
};

static bool add_section(struct whole *w, const struct section *s, int64_t worth)
{
    bool adjacent = w->lowest == worth * 10000;
    if (!zero_fits(s->zero, w->lowest > 0, !adjacent || s->first < PLACES - 1, w->last % 10 == 0))
        return false;
    w->yuan += s->value * worth;
    w->lowest = worth;
    w->last = s->value;
    return true;
}

#define YI INT64_C(100000000)
#define WAN INT64_C(10000)

static bool yuan_of(struct reader *r, struct whole *w, struct section *rest)
{
    static const struct {
        enum token token;
        int64_t worth;
    } rows[] = {{TOKEN_YI, YI}, {TOKEN_WAN, WAN}};
    if (!section_of(r, rest)) return false;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!took(r, rows[i].token)) continue;
        if (!rest->value || !add_section(w, rest, rows[i].worth)) return false;
        if (!section_of(r, rest)) return false;
    }
    return true;
}

/* ---- jiao and fen ---- */

static bool cents_of(struct reader *r, int64_t yuan, bool zero_yuan, int64_t *fen)
{
    bool zero = took(r, TOKEN_0);
    int64_t d = digit(r);
    if (!d) return !zero;
    bool jiao = took(r, TOKEN_JIAO);
    if (!jiao && !took(r, TOKEN_FEN)) return false;
    if (!zero_yuan && !zero_fits(zero, yuan > 0, !jiao, yuan % 10 == 0)) return false;
    *fen = jiao ? d * 10 : d;
    if (!jiao || !(d = digit(r))) return true;
    *fen += d;
    return took(r, TOKEN_FEN);
}

bool capital_parse(struct str s, int64_t *fen)
{
    struct reader r;
    struct whole w = {.yuan = 0};
    struct section rest = {.value = 0};
    int64_t cents = 0;
    if (!tokens_of(s, &r)) return false;
    bool zero_yuan = r.v[0] == TOKEN_0 && r.v[1] == TOKEN_YUAN;
    if (zero_yuan) {
        r.at = 2;
    } else {
        uint32_t begin = r.at;
        if (!yuan_of(&r, &w, &rest)) return false;
        if (took(&r, TOKEN_YUAN)) {
            if (rest.value && !add_section(&w, &rest, 1)) return false;
            if (!w.yuan) return false;
        } else {
            if (w.yuan || rest.value > 9) return false;
            r.at = begin; /* less than one yuan */
        }
    }
    if (!cents_of(&r, w.yuan, zero_yuan, &cents)) return false;
    if (!w.yuan && !cents && !zero_yuan) return false;
    (void)took(&r, TOKEN_WHOLE);
    *fen = w.yuan * 100 + cents;
    return r.v[r.at] == TOKEN_END;
}
