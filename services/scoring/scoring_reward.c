/* scoring_reward.c - rewards by the piece, VIP cards 工作量提成 and maintenance leads, and who does
 * not share the excess profit.
 *
 * Intake's call-back says that a card or a lead is what it claims; then it is booked for whoever
 * brought it, in the month of the call-back: all of the month, and what this one adds. A rate that
 * changes within a month counts for all of it. Rules SCO-064, SCO-065, SCO-077, SCO-078, SCO-082.
 */
#include "services/scoring/scoring_private.h"

enum { SOURCE_FOLLOWUP, SOURCE_LEAD };

static struct key source_key(uint8_t what, struct str no)
{
    struct key k = {.n = 0};
    key_u8(&k, what);
    key_str(&k, no);
    return k;
}

/* ---- what is called back ---- */

static enum err on_created(struct step *st, const struct ev_followup_created *ev)
{
    bool vip = ev->kind == followup_kind_vip && ev->card_no.n;
    if (!vip && ev->kind != followup_kind_maintenance) return ERR_STALE;
    struct rec_row_pay_source row = {.kind = vip ? reward_kind_vip : reward_kind_maintenance,
                                     .ref = ev->ref,
                                     .person = ev->technician,
                                     .unit = ev->unit,
                                     .class = ev->vip_class};
    struct key k = source_key(SOURCE_FOLLOWUP, ev->followup_no);
    step_put(st, SCORING_TABLE(PAY_SOURCE), &k, &row);
    return ERR_OK;
}

static enum err on_lead(struct step *st, const struct ev_maintenance_lead_registered *ev)
{
    struct rec_row_pay_source row = {.kind = reward_kind_maintenance,
                                     .ref = ev->lead_no,
                                     .person = ev->person,
                                     .unit = ev->unit};
    struct key k = source_key(SOURCE_LEAD, ev->lead_no);
    step_put(st, SCORING_TABLE(PAY_SOURCE), &k, &row);
    return ERR_OK;
}

/* ---- booked ---- */

static int64_t times(uint64_t n, int64_t fen)
{
    struct frac sum;
    int64_t out;
    bool range = n > INT64_C(1000000000); /* cards of a month */
    sum = frac_mul(FRAC_INT(range ? 0 : (int64_t)n), FRAC_INT(fen), &range);
    return !range && frac_floor(sum, 0, &out) && out <= INT64_C(1000000000000) ? out : 0;
}

static void add(const struct rec_row_pay_source *s, struct rec_row_pay_reward *row)
{
    row->projects += s->kind == reward_kind_maintenance;
    row->cards_a += s->kind == reward_kind_vip && s->class == vip_class_a;
    row->cards_b += s->kind == reward_kind_vip && s->class == vip_class_b;
}

static enum err book(struct step *st, const struct rec_row_pay_source *s)
{
    const struct scoring_pay_keys *keys = &st->policy->scoring.pay;
    int32_t month = scoring_pay_month(st, s->person, step_occurred(st));
    struct rec_row_pay_reward row = {0};
    struct key k = key_of(s->person);
    key_u8(&k, (uint8_t)s->kind);
    key_day(&k, month);
    enum err e = step_get(st, SCORING_TABLE(PAY_REWARD), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    int64_t before = row.amount;
    add(s, &row);
    row.amount = s->kind == reward_kind_maintenance
                     ? times(row.projects, keys->maintenance_fen)
                     : times(row.cards_a, keys->vip_a_fen) + times(row.cards_b, keys->vip_b_fen);
    row.booked = yes_no_yes;
    step_put(st, SCORING_TABLE(PAY_REWARD), &k, &row);
    struct ev_scoring_reward_booked ev = {.kind = s->kind,
                                          .person = s->person,
                                          .unit = s->unit,
                                          .period = month,
                                          .cards_a = row.cards_a,
                                          .cards_b = row.cards_b,
                                          .projects = row.projects,
                                          .ref = s->ref,
                                          .amount = row.amount,
                                          .change = row.amount - before};
    step_emit_as(st, s->kind == reward_kind_vip ? "SCO-077" : "SCO-078", EV_scoring_reward_booked,
                 &ev);
    return ERR_OK;
}

/* A call-back asked for by hand has no lead, and nobody is rewarded. */
static enum err finder(struct step *st, struct rec_row_pay_source *s)
{
    struct rec_row_pay_source lead;
    struct key k = source_key(SOURCE_LEAD, s->ref);
    if (s->kind != reward_kind_maintenance) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(PAY_SOURCE), &k, &lead);
    s->person = e == ERR_OK ? lead.person : (struct str){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err on_done(struct step *st, const struct ev_followup_done *ev)
{
    bool entered = ev->result == followup_result_unreachable && ev->enter == yes_no_yes;
    if (ev->result != followup_result_valid && !entered) return ERR_STALE;
    struct rec_row_pay_source s;
    struct key k = source_key(SOURCE_FOLLOWUP, ev->followup_no);
    enum err e = step_get(st, SCORING_TABLE(PAY_SOURCE), &k, &s);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    e = finder(st, &s);
    return e == ERR_OK && s.person.n ? book(st, &s) : e;
}

enum err scoring_reward_upstream(struct step *st, const void *payload)
{
    if (st->type->kind == EV_followup_created) return on_created(st, payload);
    if (st->type->kind == EV_maintenance_lead_registered) return on_lead(st, payload);
    return st->type->kind == EV_followup_done ? on_done(st, payload) : ERR_STALE;
}

/* ---- the excess profit (SCO-064) ---- */

static const struct profit_exclusion *exclusion_of(const struct scoring_pay_keys *k,
                                                   const struct scoring_marks *m, uint32_t *count)
{
    for (uint32_t i = 0; i < k->exclusion_count; i++) {
        bool major = k->exclusions[i].mark == PROFIT_demerit_major;
        *count = major ? m->demerit_major : m->demerit_minor;
        if (*count >= k->exclusions[i].at_least) return &k->exclusions[i];
    }
    return NULL;
}

static enum err tell_excluded(struct step *st, const struct ev_scoring_profit_share_excluded *ev)
{
    struct rec_row_pay_account a = {0};
    struct key k = key_of(ev->person);
    enum err e = step_get(st, SCORING_TABLE(PAY_ACCOUNT), &k, &a);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (a.excluded == ev->year) return ERR_OK;
    a.excluded = ev->year;
    a.condition = ev->condition;
    step_put(st, SCORING_TABLE(PAY_ACCOUNT), &k, &a);
    step_emit_as(st, "SCO-064", EV_scoring_profit_share_excluded, ev);
    return ERR_OK;
}

/* He shares it again: a mark was taken back. */
static enum err tell_shares(struct step *st, struct str person, int32_t year)
{
    struct rec_row_pay_account a;
    struct key k = key_of(person);
    enum err e = step_get(st, SCORING_TABLE(PAY_ACCOUNT), &k, &a);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (a.excluded != year || !a.condition.n) return ERR_OK;
    const struct ev_scoring_profit_share_excluded ev = {
        .person = person, .year = year, .condition = a.condition, .withdrawn = yes_no_yes};
    a.excluded = 0;
    a.condition = (struct str){0};
    step_put(st, SCORING_TABLE(PAY_ACCOUNT), &k, &a);
    step_emit_as(st, "SCO-064", EV_scoring_profit_share_excluded, &ev);
    return ERR_OK;
}

/* Only who is under the scheme that shares it. */
static enum err shares_profit(struct step *st, struct str person, int32_t day, bool *out)
{
    const struct scheme *s = NULL;
    struct str post;
    enum err e = scoring_scheme_of(st, person, day, &s, &post);
    *out = e == ERR_OK && s && str_eq(s->id, st->policy->scoring.pay.profit_scheme);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* SCO-065: shared only when the operating target of the division 事業部的經營目標 is met. */
enum err scoring_profit_open(struct step *st, struct str unit, int32_t first, bool *out)
{
    struct frac *tallies;
    uint32_t place;
    *out = false;
    if (!policy_score_fact(st->policy, st->policy->scoring.pay.profit_gate, &place)) return ERR_OK;
    enum err e = scoring_tallies(st, (struct str){0}, unit, SCORE_PERIOD_quarter, first, &tallies);
    if (e == ERR_OK) *out = frac_has(tallies[place]) && tallies[place].num > 0;
    return e;
}

enum err scoring_profit_excluded(struct step *st, struct str person, int32_t day, bool *out)
{
    int y, m, d;
    struct scoring_marks marks = {0};
    bool shares;
    *out = false;
    day_split(day, &y, &m, &d);
    enum err e = shares_profit(st, person, day, &shares);
    if (e != ERR_OK || !shares) return e;
    e = scoring_marks(st, person, y, &marks);
    if (e != ERR_OK) return e;
    uint32_t count = 0;
    const struct profit_exclusion *x = exclusion_of(&st->policy->scoring.pay, &marks, &count);
    if (!x) return tell_shares(st, person, day_of(y, 1, 1));
    *out = true;
    struct ev_scoring_profit_share_excluded ev = {.person = person,
                                                  .year = day_of(y, 1, 1),
                                                  .condition = x->condition,
                                                  .count = count,
                                                  .at_least = x->at_least};
    return ev.year ? tell_excluded(st, &ev) : ERR_OK;
}
