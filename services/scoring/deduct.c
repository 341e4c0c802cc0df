/* deduct.c - the bonus of a month, what is deducted from it. */
#include "services/scoring/deduct.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A major demerit takes all there is, so it goes before what can be carried. */
static int64_t take_sanctions(int32_t month, int64_t room, struct deduct_due *v, uint32_t n)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (v[i].penalty || !v[i].whole || v[i].first != month) continue;
        v[i].take = room - sum;
        sum = room;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct deduct_due *d = &v[i];
        bool now = d->first == month || (d->carried && d->first < month);
        if (d->penalty || d->whole || !now) continue;
        d->take = least(d->left, room - sum);
        sum += d->take;
    }
    return sum;
}

static int64_t take_penalties(const struct deduct_terms *t, int32_t month, int64_t cap,
                              int64_t room, struct deduct_due *v, uint32_t n)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct deduct_due *d = &v[i];
        if (!d->penalty || d->first > month) continue;
        int64_t under_cap = t->cap_each ? cap : cap - sum;
        d->take = least(d->left, least(under_cap, room - sum));
        sum += d->take;
    }
    return sum;
}

struct deducted deduct_month(const struct deduct_terms *t, int32_t month, int64_t bonus,
                             struct deduct_due *dues, uint32_t n)
{
    struct deducted out = {.cap = (bonus * t->cap_bp + (t->cap_half_up ? 5000 : 0)) / 10000};
    for (uint32_t i = 0; i < n; i++)
        dues[i].take = 0;
    if (t->penalty_first) out.economic = take_penalties(t, month, out.cap, bonus, dues, n);
    out.administrative = take_sanctions(month, bonus - out.economic, dues, n);
    if (!t->penalty_first)
        out.economic = take_penalties(t, month, out.cap, bonus - out.administrative, dues, n);
    return out;
}
