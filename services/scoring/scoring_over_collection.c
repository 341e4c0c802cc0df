/* scoring_over_collection.c - the bonus for over-collection 年度超回款獎 of a year: after-sales
 * staff have a share of that of the salesmen of their office, engineers twice the mean of the
 * staff's of their region 大區.
 *
 * Accounting confirms an office at once with all its salesmen; told again, it replaces the last,
 * and what becomes different is booked as a difference. The engineers' follows when every office of
 * the region that has after-sales staff is confirmed, be it with nothing. Rules SCO-066, SCO-067.
 */
#include "services/scoring/scoring_private.h"

#define YEAR_FIRST(year) day_of((int)(year), 1, 1)

static struct key reward_key(struct str person, uint64_t year)
{
    struct key k = key_of(person);
    key_u8(&k, reward_kind_collection);
    key_day(&k, YEAR_FIRST(year));
    return k;
}

static struct key office_key(uint64_t year, struct str unit)
{
    struct key k = {.n = 0};
    key_u64(&k, year);
    key_str(&k, unit);
    return k;
}

/* Told for everybody once, be it 0, and again when it changes. */
static enum err book(struct step *st, const char *rule, struct ev_scoring_reward_booked *ev,
                     uint64_t year)
{
    struct rec_row_pay_reward row = {0};
    struct key k = reward_key(ev->person, year);
    enum err e = step_get(st, SCORING_TABLE(PAY_REWARD), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (row.booked == yes_no_yes && row.amount == ev->amount) return ERR_OK;
    ev->kind = reward_kind_collection;
    ev->period = YEAR_FIRST(year);
    ev->change = ev->amount - row.amount;
    row.amount = ev->amount;
    row.booked = yes_no_yes;
    step_put(st, SCORING_TABLE(PAY_REWARD), &k, &row);
    step_emit_as(st, rule, EV_scoring_reward_booked, ev);
    return ERR_OK;
}

/* ---- persons ---- */

struct member {
    struct str person, unit;
};
struct members {
    struct member *v;
    uint32_t n;
};

/* Everybody who has one of these roles and has not left, in the order of their keys. */
static enum err members_of(struct step *st, struct words roles, struct members *out)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_person p;
    uint32_t all = 0;
    enum err e;
    while ((e = step_next(st, &table_person, &prefix, &at, &p)) == ERR_OK)
        all += !p.left && words_have(roles, p.role);
    if (e != ERR_END) return e;
    *out = (struct members){arena_take(st->arena, (all + 1) * sizeof *out->v), 0};
    at.n = 0;
    while ((e = step_next(st, &table_person, &prefix, &at, &p)) == ERR_OK && out->n < all) {
        struct key_reader r = {{at.b, at.n}};
        struct member *m = &out->v[out->n];
        if (p.left || !words_have(roles, p.role)) continue;
        e = key_take_str(&r, &m->person);
        if (e != ERR_OK) return e;
        m->person = arena_str(st->arena, m->person);
        m->unit = p.unit;
        out->n++;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- the staff of an office (SCO-066) ---- */

static bool share_of(struct frac share, struct frac of, int64_t *fen)
{
    bool range = false;
    struct frac f = frac_mul(share, of, &range);
    return !range && frac_round(f, 0, fen) && *fen >= 0 && *fen <= INT64_C(10000000000000);
}

static enum err book_staff(struct step *st, const struct ev_sales_bonus_confirmed *ev,
                           const struct members *staff, int64_t office)
{
    struct ev_scoring_reward_booked out = {.unit = ev->office, .ref = ev->office, .base = office};
    enum err e = ERR_OK;
    if (!share_of(st->policy->scoring.pay.staff_share, FRAC_INT(office), &out.amount)) return e;
    for (uint32_t i = 0; e == ERR_OK && i < staff->n; i++) {
        if (!str_eq(staff->v[i].unit, ev->office)) continue;
        out.person = staff->v[i].person;
        e = book(st, "SCO-066", &out, ev->year);
    }
    return e;
}

/* ---- the engineers of the region (SCO-067) ---- */

static enum err is_in(struct step *st, struct str unit, struct str office, struct str region,
                      bool *out)
{
    struct rec_row_unit row;
    *out = str_eq(unit, office);
    if (*out || !region.n) return ERR_OK;
    enum err e = step_unit(st, unit, &row);
    *out = e == ERR_OK && str_eq(row.region, region);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct mean {
    int64_t sum, n;
    bool whole; /* every office with staff is confirmed */
};

static enum err add_to_mean(struct step *st, const struct member *m, uint64_t year,
                            struct mean *mean)
{
    struct rec_row_pay_office office;
    struct rec_row_pay_reward row = {0};
    struct key confirmed = office_key(year, m->unit), k = reward_key(m->person, year);
    enum err e = step_get(st, SCORING_TABLE(PAY_OFFICE), &confirmed, &office);
    if (e == ERR_NOT_FOUND) mean->whole = false;
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    e = step_get(st, SCORING_TABLE(PAY_REWARD), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (row.amount || st->policy->scoring.pay.zero_counts) mean->n++;
    mean->sum += row.amount;
    return ERR_OK;
}

static enum err book_engineers(struct step *st, const struct ev_sales_bonus_confirmed *ev,
                               const struct members *staff, struct str region)
{
    struct mean mean = {.whole = true};
    struct members engineers;
    struct ev_scoring_reward_booked out = {.ref = region};
    bool in;
    enum err e = members_of(st, st->policy->scoring.pay.engineers, &engineers);
    for (uint32_t i = 0; e == ERR_OK && i < staff->n; i++) {
        e = is_in(st, staff->v[i].unit, ev->office, region, &in);
        if (e == ERR_OK && in) e = add_to_mean(st, &staff->v[i], ev->year, &mean);
    }
    if (e != ERR_OK || !mean.whole || mean.n == 0) return e;
    bool range = false;
    struct frac of = frac_make(mean.sum, mean.n, &range);
    if (range || !share_of(st->policy->scoring.pay.engineer_factor, of, &out.amount)) return e;
    out.base = mean.sum;
    out.staff = (uint64_t)mean.n;
    for (uint32_t i = 0; e == ERR_OK && i < engineers.n; i++) {
        out.person = engineers.v[i].person;
        out.unit = engineers.v[i].unit;
        e = is_in(st, out.unit, ev->office, region, &in);
        if (e == ERR_OK && in) e = book(st, "SCO-067", &out, ev->year);
    }
    return e;
}

/* ---- confirmed ---- */

static enum err check(struct step *st, const struct ev_sales_bonus_confirmed *ev,
                      struct rec_row_unit *unit)
{
    enum err e = step_unit(st, ev->office, unit);
    int y, m, d;
    day_split(step_day(st, ev->office), &y, &m, &d);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown", "office",
                           "%.*s is no unit; send unit.upserted for the office first",
                           STR_ARG(ev->office));
    }
    if (e != ERR_OK || (int)ev->year <= y) return e;
    return step_refuse(st, "early", "year",
                       "the year %d has not begun; a bonus is confirmed for "
                       "a year that has",
                       (int)ev->year);
}

enum err scoring_over_collection_fact(struct step *st, const void *payload)
{
    const struct ev_sales_bonus_confirmed *ev = payload;
    struct rec_row_unit unit = {0};
    struct members staff;
    enum err e = check(st, ev, &unit);
    if (e == ERR_OK) e = members_of(st, st->policy->scoring.pay.staff, &staff);
    if (e != ERR_OK) return e;
    struct rec_row_pay_office office = {0};
    for (uint32_t i = 0; i < ev->salesmen.n; i++)
        office.amount += ev->salesmen.v[i].amount;
    struct key k = office_key(ev->year, ev->office);
    step_put(st, SCORING_TABLE(PAY_OFFICE), &k, &office);
    e = book_staff(st, ev, &staff, office.amount);
    return e == ERR_OK ? book_engineers(st, ev, &staff, unit.region) : e;
}
