/* capital_property_test.c - amounts in capital figures 大寫 (PRT-058): what a writer of such
 * amounts writes is read as that amount, in either script and with every freedom the rules of bills
 * leave; and a figure changed, left out or put in is never read as the amount it was. A failure
 * prints its seed. */
#include "common/capital.h"
#include "common/contract.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define RUNS 40000
#define CHAR_BYTES 3
#define TEXT_BYTES 256

static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (random_state >> 11) % below;
}

/* ---- the writer: from the digits down, one place after the other ---- */

struct script {
    const char *digits[10];
    const char *places[12]; /* worth 10^n, with 萬 and 億 at 4 and 8 */
    const char *yuan, *jiao, *fen, *whole;
};
static const struct script scripts[] = {
    {{"零", "壹", "貳", "叁", "肆", "伍", "陸", "柒", "捌", "玖"},
     {"", "拾", "佰", "仟", "萬", "拾", "佰", "仟", "億", "拾", "佰", "仟"},
     "元",
     "角",
     "分",
     "整"},
    {{"〇", "壹", "贰", "參", "肆", "伍", "陆", "柒", "捌", "玖"},
     {"", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟"},
     "圆",
     "角",
     "分",
     "正"},
};

struct writing {
    char text[TEXT_BYTES];
    const struct script *script;
    bool zeros;  /* writes every 零 that may be left out */
    bool ends;   /* 整 wherever it may stand */
    bool prefix; /* 人民幣 */
};

static void put(struct writing *w, const char *c)
{
    strncat(w->text, c, sizeof w->text - strlen(w->text) - 1);
}

static bool is_empty(int64_t yuan, int from, int to) /* places to <= p < from */
{
    static const int64_t ten[] = {1,           10,           100,          1000,      10000,
                                  100000,      1000000,      10000000,     100000000, 1000000000,
                                  10000000000, 100000000000, 1000000000000};
    return yuan % ten[from] / ten[to] == 0;
}

static void write_yuan(struct writing *w, int64_t yuan)
{
    int last = -1; /* place of the last digit written */
    for (int p = 11; p >= 0; p--) {
        int64_t rest = yuan;
        for (int i = 0; i < p; i++)
            rest /= 10;
        int64_t d = rest % 10;
        if (d) {
            bool skips = last > p + 1;
            /* only the end of the section before is empty */
            bool ends = p % 4 == 3 && last > p && last / 4 == p / 4 + 1;
            if (skips && (!ends || w->zeros)) put(w, w->script->digits[0]);
            put(w, w->script->digits[d]);
            if (p % 4) put(w, w->script->places[p]);
            last = p;
        }
        if (p % 4 == 0 && p && !is_empty(yuan, p + 4, p)) put(w, w->script->places[p]);
    }
}

static const char *written(struct writing *w, int64_t fen)
{
    int64_t yuan = fen / 100, jiao = fen / 10 % 10, cent = fen % 10;
    w->text[0] = 0;
    if (w->prefix) put(w, "人民幣");
    if (yuan) write_yuan(w, yuan);
    if (!yuan && (w->zeros || !fen)) put(w, w->script->digits[0]);
    if (yuan || w->zeros || !fen) put(w, w->script->yuan);
    bool gap = yuan && cent && !jiao;
    bool free_zero = yuan && yuan % 10 == 0 && jiao && w->zeros;
    if (gap || free_zero) put(w, w->script->digits[0]);
    if (jiao) put(w, w->script->digits[jiao]), put(w, w->script->jiao);
    if (cent) put(w, w->script->digits[cent]), put(w, w->script->fen);
    if (!cent && (w->ends || !jiao)) put(w, w->script->whole);
    return w->text;
}

static int64_t any_amount(void)
{
    static const uint64_t scales[] = {
        10,       100,       1000,        10000,         1000000,
        10000000, 100000000, 10000000000, 1000000000000, 100000000000000};
    int64_t fen = (int64_t)draw(scales[draw(COUNT_OF(scales))]);
    if (draw(3)) return fen; /* else many zeros */
    int64_t out = 0, worth = 1;
    for (; fen; fen /= 10, worth *= 10)
        out += draw(3) ? 0 : fen % 10 * worth;
    return out;
}

static struct writing any_writing(void)
{
    return (struct writing){.script = &scripts[draw(COUNT_OF(scripts))],
                            .zeros = draw(2),
                            .ends = draw(2),
                            .prefix = draw(8) == 0};
}

/* ---- the law ---- */

static void PRT_058_what_is_written_is_read(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
        int64_t fen = any_amount(), read = -1;
        struct writing w = any_writing();
        bool ok = capital_parse(str_of(written(&w, fen)), &read);
        if (!ok || read != fen) {
            fail_msg("seed %llu: %lld fen, \"%s\" read as %lld", (unsigned long long)seed,
                     (long long)fen, w.text, (long long)read);
        }
    }
}

/* 零 and 整 carry no amount; any other character left out or replaced by a figure does. */
static bool is_free(const char *c)
{
    return !memcmp(c, "零", 3) || !memcmp(c, "〇", 3) || !memcmp(c, "整", 3) || !memcmp(c, "正", 3);
}

static void PRT_058_a_changed_figure_is_noticed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
        int64_t fen = any_amount(), read = -1;
        struct writing w = {.script = &scripts[draw(COUNT_OF(scripts))], .zeros = draw(2)};
        (void)written(&w, fen);
        size_t chars = strlen(w.text) / CHAR_BYTES, at = draw(chars) * CHAR_BYTES;
        if (is_free(w.text + at)) continue;
        char changed[TEXT_BYTES];
        snprintf(changed, sizeof changed, "%.*s%s%s", (int)at, w.text,
                 draw(2) ? w.script->digits[1 + draw(9)] : "", w.text + at + CHAR_BYTES);
        if (strcmp(changed, w.text) == 0) continue;
        bool ok = capital_parse(str_of(changed), &read);
        bool only_yuan = ok && read == fen; /* never: a figure carries the amount */
        if (only_yuan)
            fail_msg("seed %llu: \"%s\" and \"%s\"", (unsigned long long)seed, w.text, changed);
    }
}

static void strip(char *text, const char *c)
{
    for (char *at; (at = strstr(text, c)) != NULL;)
        memmove(at, at + CHAR_BYTES, strlen(at + CHAR_BYTES) + 1);
}

static void bare(char *text, int64_t fen)
{
    strip(text, "零");
    strip(text, "整");
    if (fen < 100) strip(text, "元");
}

/* Figures thrown together: what is read at all has the figures of the amount it is read as. */
static void PRT_058_nothing_else_is_read(void **state)
{
    (void)state;
    static const char *const figures[] = {"零", "壹", "貳", "玖", "拾", "佰", "仟",
                                          "萬", "億", "元", "元", "角", "分", "整"};
    int read_at_all = 0;
    for (uint64_t seed = 1; seed <= 10 * RUNS; seed++) {
        random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
        struct writing w = {.script = &scripts[0]};
        char text[TEXT_BYTES] = "";
        for (uint64_t n = 1 + draw(7); n; n--)
            strncat(text, figures[draw(COUNT_OF(figures))], CHAR_BYTES);
        int64_t fen = -1;
        if (!capital_parse(str_of(text), &fen)) continue;
        read_at_all++;
        (void)written(&w, fen);
        bare(text, fen);
        bare(w.text, fen);
        if (strcmp(text, w.text) != 0)
            fail_msg("seed %llu: read as %lld", (unsigned long long)seed, (long long)fen);
    }
    assert_true(read_at_all > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_058_what_is_written_is_read),
        cmocka_unit_test(PRT_058_a_changed_figure_is_noticed),
        cmocka_unit_test(PRT_058_nothing_else_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
