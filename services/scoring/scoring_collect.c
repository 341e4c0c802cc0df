/* scoring_collect.c - the collection rate 應收帳款回收率 of a business clerk in a month (SCO-098,
 * CMP-092): collected ÷ (receivable − disputed). Collected and receivable are accounting's figures
 * (kpi.actual_reported); disputed is what complaint excluded and had not restored when the month
 * ended, so that a receivable that is free again counts from that month on. */
#include "services/scoring/scoring_facts.h"

/* ---- disputes ---- */

struct disputes {
    struct step *st;
    struct str clerk;
    struct str case_no; /* of the step at work, which a scan does not see */
    const struct rec_row_score_dispute *now;
};

static bool is_open(const struct rec_row_score_dispute *d, int32_t month)
{
    int32_t next = scoring_period_next(SCORE_PERIOD_month, month, 1);
    return d->from < next && (!d->to || d->to >= next);
}

static enum err disputed(const struct disputes *d, int32_t month, int64_t *out)
{
    struct key prefix = key_of(d->clerk), at = {.n = 0};
    struct rec_row_score_dispute row;
    enum err e;
    uint64_t sum = d->now && is_open(d->now, month) ? (uint64_t)d->now->amount : 0;
    while ((e = step_next(d->st, SCORING_TABLE(DISPUTE), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str case_no;
        if (key_take_str(&r, &case_no) != ERR_OK) return ERR_CORRUPT;
        if (d->now && str_eq(case_no, d->case_no)) continue;
        if (is_open(&row, month)) sum += (uint64_t)row.amount;
    }
    *out = sum > TOLD_AMOUNT_MAX ? TOLD_AMOUNT_MAX : (int64_t)sum;
    return e == ERR_END ? ERR_OK : e;
}

/* ---- the rate ---- */

static enum err fen_of(struct step *st, struct str clerk, const char *fact, int32_t month,
                       bool *known, int64_t *out)
{
    const struct score_fact *f = scoring_fact_by(st->policy, str_of(fact));
    struct tally t = {0};
    enum err e = f ? scoring_tally(st, HOLDER_person, clerk, f, month, 1, &t) : ERR_OK;
    *out = 0;
    *known = e == ERR_OK && t.n > 0 && frac_round(t.value, 2, out);
    if (*out > TOLD_AMOUNT_MAX) *out = TOLD_AMOUNT_MAX;
    if (*out < -TOLD_AMOUNT_MAX) *out = -TOLD_AMOUNT_MAX;
    return e;
}

static void say(struct step *st, struct str clerk, int32_t month,
                const struct rec_row_score_collection *r)
{
    bool range = false;
    struct frac rate =
        frac_div(FRAC_INT(r->collected), FRAC_INT(r->receivable - r->disputed), &range);
    struct ev_scoring_collection_rate_computed ev = {.clerk = clerk,
                                                     .month = month,
                                                     .revision = r->revision,
                                                     .collected = r->collected,
                                                     .receivable = r->receivable,
                                                     .disputed = r->disputed,
                                                     .num = rate.num,
                                                     .den = rate.den,
                                                     .rate =
                                                         scoring_kpi_text(st, rate, FORMULA_ratio)};
    step_emit_as(st, "SCO-098", EV_scoring_collection_rate_computed, &ev);
}

static enum err compute(const struct disputes *d, int32_t month)
{
    struct step *st = d->st;
    struct rec_row_score_collection row = {0}, before;
    struct key k = key_of(d->clerk);
    bool collected, receivable;
    key_day(&k, month);
    if (!scoring_first_fits(month)) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(COLLECTION), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    before = row;
    e = fen_of(st, d->clerk, "collected", month, &collected, &row.collected);
    if (e == ERR_OK) e = fen_of(st, d->clerk, "receivable", month, &receivable, &row.receivable);
    if (e == ERR_OK) e = disputed(d, month, &row.disputed);
    if (e != ERR_OK) return e;
    if (!before.revision && !(collected && receivable)) return ERR_OK;
    bool same = row.collected == before.collected && row.receivable == before.receivable &&
                row.disputed == before.disputed;
    if (same && before.revision) return ERR_OK;
    row.revision++;
    step_put(st, SCORING_TABLE(COLLECTION), &k, &row);
    say(st, d->clerk, month, &row);
    return ERR_OK;
}

enum err scoring_collect_moved(struct step *st, const struct tally_move *m)
{
    struct disputes d = {.st = st, .clerk = m->who};
    if (m->holder != HOLDER_person) return ERR_OK;
    if (!str_is(m->fact, "collected") && !str_is(m->fact, "receivable")) return ERR_OK;
    return compute(&d, scoring_period(SCORE_PERIOD_month, m->day));
}

/* Every month that was computed and that the dispute touches. */
static enum err recompute(const struct disputes *d, int32_t from)
{
    struct key prefix = key_of(d->clerk), at = {.n = 0};
    struct rec_row_score_collection row;
    enum err e;
    while ((e = step_next(d->st, SCORING_TABLE(COLLECTION), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        uint64_t day;
        if (key_take_u64(&r, &day) != ERR_OK) return ERR_CORRUPT;
        int32_t month = (int32_t)((int64_t)day - INT64_C(0x100000000));
        if (month < scoring_period(SCORE_PERIOD_month, from)) continue;
        e = compute(d, month);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err scoring_collect_disputed(struct step *st, const void *payload)
{
    const struct ev_complaint_receivable_excluded *ev = payload; /* restored has the same fields */
    struct rec_row_score_dispute row = {0};
    bool excluded = st->type->kind == EV_complaint_receivable_excluded;
    if (!ev->clerk.n) return ERR_OK;
    struct key k = key_of(ev->clerk);
    key_str(&k, ev->case_no);
    enum err e = step_get(st, SCORING_TABLE(DISPUTE), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    struct str source = st->in ? st->in->source : (struct str){0};
    int32_t day = zone_day(step_zone(st, source), ev->from);
    if (excluded)
        row = (struct rec_row_score_dispute){.amount = ev->amount, .from = day};
    else
        row.to = day;
    step_put(st, SCORING_TABLE(DISPUTE), &k, &row);
    struct disputes d = {st, ev->clerk, ev->case_no, &row};
    return recompute(&d, day);
}
