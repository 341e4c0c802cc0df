/* year_runs.c - a track of months as a machine that eats one month after the other, runs of the
 * best grade, quotas and ranks (SCO-027, SCO-035 … SCO-037).
 *
 * Everything is reckoned from all months of the person anew, so that it does not matter in which
 * order they were published. */
#include "services/scoring/year_runs.h"
#include "common/contract.h"
#include <stdlib.h>
#include <string.h>

uint32_t year_rank(const struct scheme *s, struct str grade)
{
    uint32_t i = 0;
    while (i < s->grade_count && !str_eq(s->grades[i].grade, grade))
        i++;
    return i;
}

/* ---- tracks (SCO-036, SCO-037) ---- */

enum stage { IDLE, IMPROVING, WARNED, PROPOSED };

struct track_at {
    const struct scheme *s;
    const struct score_track *t;
    uint32_t bad_from; /* places of bad grades begin here */
    enum stage stage;
    uint32_t run; /* bad months in a row while idle */
    struct year_episode e;
    /* the improvement period */
    uint32_t months;
    struct frac sum;
    bool all, range;
};

static bool is_bad(const struct track_at *a, uint32_t rank)
{
    return rank >= a->bad_from && rank < a->s->grade_count;
}

static void on_idle(struct track_at *a, const struct year_month *m)
{
    if (!is_bad(a, m->rank)) {
        a->run = 0;
        return;
    }
    if (a->run++ == 0) a->e = (struct year_episode){.begins = m->first};
    if (a->run < a->t->run) return;
    a->e.opened = m->first;
    a->e.warned = a->t->improvement ? 0 : m->first;
    a->stage = a->t->improvement ? IMPROVING : WARNED;
    a->run = 0;
    a->months = 0, a->sum = FRAC_INT(0), a->all = true, a->range = false;
}

/* The grade of the mean, or that of the last month where the mean has none. */
static bool result_is_bad(struct track_at *a, const struct year_month *last)
{
    struct frac mean = frac_div(a->sum, FRAC_INT(a->months), &a->range);
    bool is_mean = a->t->result == SCORE_IMPROVEMENT_mean && frac_has(mean);
    a->e.score = is_mean ? mean : last->score;
    a->e.result = is_mean ? reckon_grade(a->s, mean) : NULL;
    if (!a->e.result && last->rank < a->s->grade_count) a->e.result = &a->s->grades[last->rank];
    if (a->t->result == SCORE_IMPROVEMENT_all) return a->all;
    return a->e.result && is_bad(a, (uint32_t)(a->e.result - a->s->grades));
}

static void on_improving(struct track_at *a, const struct year_month *m)
{
    a->months++;
    a->sum = frac_add(a->sum, m->score, &a->range);
    a->all &= is_bad(a, m->rank);
    if (a->months < a->t->improvement) return;
    bool bad = result_is_bad(a, m);
    a->stage = bad ? WARNED : IDLE;
    *(bad ? &a->e.warned : &a->e.closed) = m->first;
}

static void on_warned(struct track_at *a, const struct year_month *m)
{
    bool bad = is_bad(a, m->rank);
    a->stage = bad ? PROPOSED : IDLE;
    *(bad ? &a->e.proposed : &a->e.closed) = m->first;
}

uint32_t year_runs(const struct scheme *s, const struct score_track *t, const struct year_month *m,
                   uint32_t n, struct year_episode *v)
{
    REQUIRE(t->run > 0);
    struct track_at a = {.s = s, .t = t, .bad_from = year_rank(s, t->grade)};
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++) {
        enum stage before = a.stage;
        if (before == IDLE) on_idle(&a, &m[i]);
        if (before == IMPROVING) on_improving(&a, &m[i]);
        if (before == WARNED) on_warned(&a, &m[i]);
        if (before != IDLE && a.stage == IDLE) v[found++] = a.e;
    }
    if (a.stage != IDLE) v[found++] = a.e;
    ENSURE(found <= n);
    return found;
}

/* ---- runs of the best grade (SCO-035) ---- */

bool year_best(const struct year_month *m, uint32_t n, uint32_t rank, uint32_t run, int32_t *from,
               int32_t *to)
{
    uint32_t in_row = 0;
    for (uint32_t i = 0; i < n; i++) {
        in_row = m[i].rank <= rank ? in_row + 1 : 0;
        if (in_row < run || run == 0) continue;
        *from = m[i + 1 - run].first;
        *to = m[i].first;
        return true;
    }
    return false;
}

/* ---- quotas (SCO-027) ---- */

void year_quotas(const struct score_quota *q, uint32_t count, uint64_t n, uint64_t *out)
{
    REQUIRE(count <= SCORE_QUOTAS_MAX && n <= INT32_MAX);
    struct frac rest[SCORE_QUOTAS_MAX];
    uint64_t given = 0;
    bool range = false;
    for (uint32_t i = 0; i < count; i++) {
        int64_t whole = 0;
        struct frac exact = frac_mul(q[i].share, FRAC_INT((int64_t)n), &range);
        if (!frac_floor(exact, 0, &whole) || whole < 0) whole = 0;
        rest[i] = frac_sub(exact, FRAC_INT(whole), &range);
        out[i] = (uint64_t)whole;
        given += out[i];
    }
    for (; given < n && count; given++) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < count; i++) {
            bool more = frac_has(rest[i]) && frac_has(rest[best]);
            if (more && frac_cmp(rest[i], rest[best]) > 0) best = i;
        }
        out[best]++;
        rest[best] = frac_sub(rest[best], FRAC_INT(1), &range);
    }
}

static int by_score(const void *a, const void *b)
{
    const struct year_place *x = a, *y = b;
    int c = frac_cmp(y->score, x->score);
    size_t n = x->person.n < y->person.n ? x->person.n : y->person.n;
    if (c == 0) c = memcmp(x->person.p, y->person.p, n);
    return c ? c : (x->person.n > y->person.n) - (x->person.n < y->person.n);
}

/* By rank: the i-th of n, from 0. */
static uint32_t by_quota(const uint64_t *quota, uint32_t count, uint32_t i)
{
    uint64_t up_to = 0;
    uint32_t g = 0;
    for (; g + 1 < count; g++) {
        up_to += quota[g];
        if (i < up_to) break;
    }
    return g;
}

void year_grades(const struct scheme_year *y, struct year_place *v, uint32_t n)
{
    uint64_t quota[SCORE_QUOTAS_MAX], given[SCORE_QUOTAS_MAX + 1] = {0};
    year_quotas(y->quotas, y->quota_count, n, quota);
    qsort(v, n, sizeof *v, by_score);
    bool quotas_rule = n >= y->distribution_min && y->quota_count > 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t g = v[i].band < y->quota_count ? v[i].band : y->quota_count;
        bool equal = i > 0 && frac_cmp(v[i].score, v[i - 1].score) == 0;
        if (quotas_rule && y->distribution == distribution_mode_force)
            g = by_quota(quota, y->quota_count, i);
        if (quotas_rule && y->distribution == distribution_mode_cap) {
            while (g < y->quota_capped && g + 1 < y->quota_count && given[g] >= quota[g])
                g++;
        }
        if (quotas_rule && equal) g = v[i - 1].given;
        v[i].given = g;
        given[g]++;
    }
}
