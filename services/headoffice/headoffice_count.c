/* headoffice_count.c - counters per day and month, unit and policy, as differences of row shares.
 *
 * Invariant: after every step the table is exactly the sum of the shares of all rows; a counter of
 * 0 has no row. A late event that changes a row therefore changes the period the row belongs to
 * (HQ-001, HQ-002), and the order in which logs arrive changes nothing. */
#include "common/contract.h"
#include "services/headoffice/headoffice_private.h"
#include <string.h>

struct counts *counts_new(struct step *st)
{
    struct counts *c = arena_take(st->arena, sizeof *c);
    c->st = st;
    return c;
}

static void grow(struct counts *c)
{
    REQUIRE(c->n < COUNTS_MAX);
    c->cap = c->cap ? 2 * c->cap : COUNTS_MAX / 8;
    struct counted *v = arena_take(c->st->arena, c->cap * sizeof *v);
    if (c->n) memcpy(v, c->v, c->n * sizeof *v);
    c->v = v;
}

static void add_key(struct counts *c, const struct key *k, int64_t by)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->v[i].key.n != k->n || memcmp(c->v[i].key.p, k->b, k->n) != 0) continue;
        c->v[i].by += by;
        return;
    }
    if (c->n == c->cap) grow(c);
    c->v[c->n].key = arena_copy(c->st->arena, (struct slice){k->b, k->n});
    c->v[c->n++].by = by;
}

static int32_t month_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return day_of(y, m, 1);
}

static void add(struct counts *c, const struct count_of *of, struct str measure, int64_t by)
{
    if (by == 0) return;
    for (uint8_t kind = PERIOD_DAY; kind <= PERIOD_MONTH; kind++) {
        struct key k = {.n = 0};
        key_u8(&k, kind);
        key_day(&k, kind == PERIOD_DAY ? of->day : month_of(of->day));
        key_str(&k, of->unit);
        key_str(&k, of->policy);
        key_str(&k, measure);
        add_key(c, &k, by);
    }
}

void counts_add(struct counts *c, const struct count_of *of, const char *measure, int64_t by)
{
    add(c, of, str_of(measure), by);
}

void counts_add_named(struct counts *c, const struct count_of *of, const char *measure,
                      struct str name, const char *detail, int64_t by)
{
    size_t before = strlen(measure), behind = strlen(detail), n = before + 1 + name.n + 1 + behind;
    char *whole = arena_take(c->st->arena, n), *p = whole;
    memcpy(p, measure, before);
    p += before;
    *p++ = '/';
    if (name.n) memcpy(p, name.p, name.n);
    p += name.n;
    *p++ = '/';
    memcpy(p, detail, behind);
    add(c, of, (struct str){whole, (uint32_t)n}, by);
}

enum err counts_save(struct counts *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->v[i].by == 0) continue;
        struct rec_row_hq_count row = {0};
        struct key k;
        k.n = c->v[i].key.n;
        memcpy(k.b, c->v[i].key.p, k.n);
        enum err e = step_get(c->st, headoffice_count, &k, &row);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        row.value += c->v[i].by;
        if (row.value == 0) {
            step_del(c->st, headoffice_count, &k);
        } else {
            step_put(c->st, headoffice_count, &k, &row);
        }
    }
    return ERR_OK;
}
