/* bytes.c - see bytes.h. */
#include "common/bytes.h"
#include "common/contract.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_MAX ((size_t)1 << 30)
#define ARENA_BLOCK ((size_t)256 << 10)

_Noreturn void contract_broken(const char *cond, const char *file, int line)
{
    fprintf(
        stderr,
        "{\"level\":\"fatal\",\"event\":\"contract_broken\",\"cond\":\"%s\",\"at\":\"%s:%d\"}\n",
        cond, file, line);
    abort();
}

const char *err_name(enum err e)
{
    static const char *const names[] = {"ok",   "not_found", "end", "refused", "stale",
                                        "full", "again",     "io",  "corrupt"};
    return (size_t)e < COUNT_OF(names) ? names[e] : "unknown";
}

/* A text that was cut to fit ends with a whole character: faults travel, and what travels is UTF-8.
 */
static void cut_whole(char *text, size_t cap, int wanted)
{
    if (wanted < 0 || (size_t)wanted < cap) return;
    size_t n = cap - 1;
    while (n > 0 && ((uint8_t)text[n - 1] & 0xc0) == 0x80)
        n--;
    if (n > 0 && (uint8_t)text[n - 1] >= 0xc0) n--;
    if ((uint8_t)text[n] >= 0x80) text[n] = 0;
}

enum err fault_set(struct fault *out, const char *rule, const char *code, const char *field,
                   const char *text, ...)
{
    if (!out) return ERR_REFUSED;
    int n = snprintf(out->field, sizeof out->field, "%s", field);
    cut_whole(out->field, sizeof out->field, n);
    snprintf(out->rule, sizeof out->rule, "%s", rule);
    snprintf(out->code, sizeof out->code, "%s", code);
    va_list ap;
    va_start(ap, text);
    n = vsnprintf(out->text, sizeof out->text, text, ap);
    cut_whole(out->text, sizeof out->text, n);
    va_end(ap);
    return ERR_REFUSED;
}

struct str str_of(const char *terminated)
{
    return terminated ? (struct str){terminated, (uint32_t)strlen(terminated)} : (struct str){0};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *terminated)
{
    return str_eq(a, str_of(terminated));
}

bool str_copy(struct str s, char *out, size_t cap)
{
    REQUIRE(cap > 0);
    size_t n = s.n < cap ? s.n : cap - 1;
    if (n) memcpy(out, s.p, n);
    out[n] = 0;
    return n == s.n;
}

void buf_reserve(struct buf *b, size_t more)
{
    if (b->cap - b->n >= more) return;
    REQUIRE(more <= BUF_MAX && b->n <= BUF_MAX - more);
    size_t cap = b->cap ? b->cap : 256;
    while (cap < b->n + more)
        cap *= 2;
    uint8_t *p = realloc(b->p, cap);
    REQUIRE(p != NULL);
    b->p = p;
    b->cap = cap;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
    if (n == 0) return;
    buf_reserve(b, n);
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    REQUIRE(n >= 0);
    buf_reserve(b, (size_t)n + 1);
    vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, again);
    va_end(again);
    b->n += (size_t)n;
}

void buf_clear(struct buf *b)
{
    b->n = 0;
}

void buf_fini(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

struct slice buf_slice(const struct buf *b)
{
    return (struct slice){b->p, b->n};
}

struct arena_block {
    struct arena_block *next;
    size_t used, cap;
    _Alignas(16) uint8_t p[];
};

static struct arena_block *arena_block_new(size_t need)
{
    size_t cap = need > ARENA_BLOCK ? need : ARENA_BLOCK;
    struct arena_block *k = malloc(sizeof *k + cap);
    REQUIRE(k != NULL);
    *k = (struct arena_block){.cap = cap};
    return k;
}

void *arena_take(struct arena *a, size_t n)
{
    n = (n + 15) & ~(size_t)15;
    REQUIRE(n <= BUF_MAX);
    if (!a->now) a->first = a->now = arena_block_new(n);
    while (a->now->cap - a->now->used < n) {
        if (!a->now->next || a->now->next->cap < n) {
            struct arena_block *k = arena_block_new(n);
            k->next = a->now->next;
            a->now->next = k;
        }
        a->now = a->now->next;
        a->now->used = 0;
    }
    void *p = a->now->p + a->now->used;
    a->now->used += n;
    memset(p, 0, n);
    return p;
}

struct slice arena_copy(struct arena *a, struct slice s)
{
    if (s.n == 0) return (struct slice){0};
    uint8_t *p = arena_take(a, s.n);
    memcpy(p, s.p, s.n);
    return (struct slice){p, s.n};
}

struct str arena_str(struct arena *a, struct str s)
{
    struct slice c = arena_copy(a, (struct slice){(const uint8_t *)s.p, s.n});
    return (struct str){(const char *)c.p, (uint32_t)c.n};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    REQUIRE(n >= 0 && (size_t)n < sizeof text);
    return arena_str(a, (struct str){text, (uint32_t)n});
}

void arena_reset(struct arena *a)
{
    a->now = a->first;
    if (a->now) a->now->used = 0;
}

void arena_fini(struct arena *a)
{
    for (struct arena_block *k = a->first, *next; k; k = next) {
        next = k->next;
        free(k);
    }
    *a = (struct arena){0};
}

__attribute__((target("sse4.2"))) static uint32_t crc32c_hw(uint32_t seed, const uint8_t *p,
                                                            size_t n)
{
    uint64_t c = ~seed;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t v;
        memcpy(&v, p, 8);
        c = __builtin_ia32_crc32di(c, v);
    }
    uint32_t r = (uint32_t)c;
    while (n--)
        r = __builtin_ia32_crc32qi(r, *p++);
    return ~r;
}

static uint32_t crc32c_sw(uint32_t seed, const uint8_t *p, size_t n)
{
    uint32_t c = ~seed;
    while (n--) {
        c ^= *p++;
        for (int k = 0; k < 8; k++)
            c = (c >> 1) ^ (0x82f63b78u & (0u - (c & 1)));
    }
    return ~c;
}

uint32_t crc32c(uint32_t seed, const void *p, size_t n)
{
    return __builtin_cpu_supports("sse4.2") ? crc32c_hw(seed, p, n) : crc32c_sw(seed, p, n);
}
