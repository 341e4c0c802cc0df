/* scoring_kpi.c - one figure for head office: reckoned exactly from the sums of a period, compared
 * with its target, published when it is new or no longer what it was (SCO-082, SCO-088 … SCO-101,
 * SCO-134). Quarters and years are reckoned from their own sums, never from the rates of months. */
#include "common/contract.h"
#include "services/scoring/scoring_facts.h"

#define PERCENT 100

/* ---- sums ---- */

struct sum {
    struct frac value;
    bool known; /* something was told */
};

/* Of several facts; a "-" takes one off. A figure nobody told is no value, unless it is one part
 * of several. */
static enum err sum_of(struct step *st, enum holder holder, struct str who, struct words facts,
                       int32_t first, int months, struct sum *out)
{
    bool range = false, untold = true;
    *out = (struct sum){.value = FRAC_INT(0)};
    for (uint32_t i = 0; i < facts.n; i++) {
        struct str id = facts.v[i];
        bool off = id.n && id.p[0] == '-';
        if (off) id.p++, id.n--;
        const struct score_fact *f = scoring_fact_by(st->policy, id);
        struct tally t;
        if (!f) continue;
        enum err e = scoring_tally(st, holder, who, f, first, months, &t);
        if (e != ERR_OK) return e;
        out->known |= t.n > 0;
        if (!frac_has(t.value)) continue;
        untold = false;
        out->value =
            off ? frac_sub(out->value, t.value, &range) : frac_add(out->value, t.value, &range);
    }
    if (untold) out->value = FRAC_NONE;
    return ERR_OK;
}

struct span {
    enum holder holder;
    struct str who;
    int months;
};

static enum err rate_of(struct step *st, const struct span *s, const struct score_kpi *k,
                        int32_t first, struct kpi_figure *out)
{
    struct sum num, den = {FRAC_NONE, false};
    bool range = false;
    enum err e = sum_of(st, s->holder, s->who, k->numerator, first, s->months, &num);
    if (e == ERR_OK && k->denominator.n)
        e = sum_of(st, s->holder, s->who, k->denominator, first, s->months, &den);
    if (e != ERR_OK) return e;
    out->known = num.known || den.known;
    out->numerator = num.value;
    out->denominator = k->denominator.n && !frac_has(den.value) ? FRAC_INT(0) : den.value;
    out->value = k->denominator.n ? frac_div(num.value, out->denominator, &range) : num.value;
    if (k->per > 1) out->value = frac_div(out->value, FRAC_INT((int64_t)k->per), &range);
    return ERR_OK;
}

/* SCO-099: against what it was; without a base there is no growth. */
static enum err growth_of(struct step *st, const struct span *s, const struct score_kpi *k,
                          int32_t first, struct kpi_figure *out)
{
    const int year = 12;
    struct kpi_figure before = *out;
    bool range = false;
    int back = k->growth == SCORE_GROWTH_year ? year : s->months;
    enum err e = rate_of(st, s, k, first, out);
    if (e == ERR_OK) e = rate_of(st, s, k, day_add_months(first, -back), &before);
    if (e != ERR_OK) return e;
    out->known |= before.known;
    struct frac change = frac_sub(out->value, before.value, &range);
    bool points = k->growth == SCORE_GROWTH_points;
    out->numerator = change;
    out->denominator = points ? FRAC_NONE : before.value;
    out->value = points ? change : frac_div(change, before.value, &range);
    return ERR_OK;
}

/* ---- against the target ---- */

enum kpi_pass scoring_kpi_pass(struct frac value, struct frac target, enum score_compare compare)
{
    static const struct {
        bool below, same, above;
    } met[] = {
        [SCORE_COMPARE_none] = {false, false, false}, [SCORE_COMPARE_ge] = {false, true, true},
        [SCORE_COMPARE_le] = {true, true, false},     [SCORE_COMPARE_lt] = {true, false, false},
        [SCORE_COMPARE_gt] = {false, false, true},    [SCORE_COMPARE_eq] = {false, true, false}};
    if (!frac_has(value) || !frac_has(target) || compare == SCORE_COMPARE_none)
        return kpi_pass_none;
    int c = frac_cmp(value, target);
    bool is = c < 0 ? met[compare].below : c > 0 ? met[compare].above : met[compare].same;
    return is ? kpi_pass_yes : kpi_pass_no;
}

static const int months_of[] = {
    [SCORE_PERIOD_month] = 1, [SCORE_PERIOD_quarter] = 3, [SCORE_PERIOD_year] = 12};
static const enum kpi_period period_of[] = {[SCORE_PERIOD_month] = kpi_period_month,
                                            [SCORE_PERIOD_quarter] = kpi_period_quarter,
                                            [SCORE_PERIOD_year] = kpi_period_year};

enum err scoring_kpi_reckon(struct step *st, enum holder holder, struct str who,
                            const struct score_kpi *k, enum score_period p, int32_t first,
                            struct kpi_figure *out)
{
    struct span s = {holder, who, months_of[p]};
    bool final = true;
    *out = (struct kpi_figure){
        .kpi = k->id, .period = period_of[p], .first = first, .type = k->type, .target = k->target};
    if (holder == HOLDER_unit)
        out->unit = who;
    else
        out->person = who;
    enum err e = k->growth == SCORE_GROWTH_none ? rate_of(st, &s, k, first, out)
                                                : growth_of(st, &s, k, first, out);
    if (e == ERR_OK && k->reviewed) e = scoring_final(st, p, first, &final);
    out->pass = scoring_kpi_pass(out->value, k->target, k->compare);
    out->provisional = !final;
    return e;
}

/* ---- publishing ---- */

static struct key figure_key(struct step *st, const struct kpi_figure *f)
{
    struct key k = {.n = 0};
    struct str part =
        arena_printf(st->arena, "%.*s\x1f%.*s", STR_ARG(f->campaign_no), STR_ARG(f->dim));
    key_u8(&k, f->person.n ? HOLDER_person : HOLDER_unit);
    key_str(&k, f->person.n ? f->person : f->unit);
    key_str(&k, f->kpi);
    key_str(&k, told_key(st, part));
    key_u8(&k, (uint8_t)f->period);
    key_day(&k, f->first);
    return k;
}

enum err scoring_kpi_published(struct step *st, const struct kpi_figure *f,
                               struct rec_row_score_kpi *out)
{
    struct key k = figure_key(st, f);
    return step_get(st, SCORING_TABLE(KPI), &k, out);
}

struct str scoring_kpi_text(struct step *st, struct frac value, enum formula_type type)
{
    char text[FRAC_TEXT_MAX];
    bool range = false, rate = type == FORMULA_ratio;
    if (rate) value = frac_mul(value, FRAC_INT(PERCENT), &range);
    frac_text(value, st->policy->scoring.decimals, text);
    return arena_printf(st->arena, "%s%s", text, rate && frac_has(value) ? "%" : "");
}

static bool same(const struct rec_row_score_kpi *a, const struct rec_row_score_kpi *b)
{
    return a->numerator == b->numerator && a->numerator_den == b->numerator_den &&
           a->denominator == b->denominator && a->denominator_den == b->denominator_den &&
           a->value_num == b->value_num && a->value_den == b->value_den && a->pass == b->pass &&
           a->provisional == b->provisional;
}

static void say(struct step *st, const struct kpi_figure *f, uint64_t revision)
{
    struct ev_scoring_kpi_published ev = {.kpi = f->kpi,
                                          .campaign_no = f->campaign_no,
                                          .dim = f->dim,
                                          .unit = f->unit,
                                          .person = f->person,
                                          .period = f->period,
                                          .first = f->first,
                                          .revision = revision,
                                          .numerator = f->numerator.num,
                                          .numerator_den = f->numerator.den,
                                          .denominator = f->denominator.num,
                                          .denominator_den = f->denominator.den,
                                          .value_num = f->value.num,
                                          .value_den = f->value.den,
                                          .value = scoring_kpi_text(st, f->value, f->type),
                                          .pass = f->pass};
    if (frac_has(f->target)) ev.target = scoring_kpi_text(st, f->target, f->type);
    if (f->provisional) ev.provisional = yes_no_yes;
    step_emit_as(st, "SCO-134", EV_scoring_kpi_published, &ev);
}

enum err scoring_kpi_publish(struct step *st, const struct kpi_figure *f)
{
    struct rec_row_score_kpi before = {0};
    struct rec_row_score_kpi row = {.numerator = f->numerator.num,
                                    .numerator_den = f->numerator.den,
                                    .denominator = f->denominator.num,
                                    .denominator_den = f->denominator.den,
                                    .value_num = f->value.num,
                                    .value_den = f->value.den,
                                    .pass = f->pass,
                                    .provisional = f->provisional ? yes_no_yes : yes_no_none,
                                    .published_at = step_occurred(st)};
    enum err e = scoring_kpi_published(st, f, &before);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND && !f->known) return ERR_OK;
    if (e == ERR_OK && same(&before, &row)) return ERR_OK;
    row.revision = before.revision < UINT32_MAX ? before.revision + 1 : before.revision;
    row.alerted = before.alerted;
    struct key k = figure_key(st, f);
    step_put(st, SCORING_TABLE(KPI), &k, &row);
    say(st, f, row.revision);
    return ERR_OK;
}

/* ---- the trend (SCO-095) ---- */

/* Did it go the wrong way in each of the months? from: the month before them. Without a word of it
 * a month counts as it is reckoned, mostly 0, but not one in which nothing at all was told. */
static enum err runs(struct step *st, enum holder holder, struct str who, const struct score_kpi *k,
                     int32_t month, struct frac *from, struct frac *to, bool *out)
{
    struct kpi_figure f;
    struct frac after = FRAC_NONE;
    *out = true;
    for (int i = 0; *out && i <= (int)k->alert; i++) {
        enum err e = scoring_kpi_reckon(st, holder, who, k, SCORE_PERIOD_month,
                                        day_add_months(month, -i), &f);
        bool active = f.known;
        if (e == ERR_OK && !active) e = scoring_kpi_active(st, holder, who, f.first, &active);
        if (e != ERR_OK) return e;
        *out = active && frac_has(f.value);
        if (i == 0) *to = f.value;
        if (*out && i > 0)
            *out = k->falls ? frac_cmp(f.value, after) < 0 : frac_cmp(f.value, after) > 0;
        after = *from = f.value;
    }
    return ERR_OK;
}

enum err scoring_kpi_trend(struct step *st, enum holder holder, struct str who,
                           const struct score_kpi *k, int32_t month)
{
    struct rec_row_score_kpi row;
    struct frac from, to;
    bool is = false;
    struct kpi_figure f = {.kpi = k->id, .period = kpi_period_month, .first = month};
    if (holder == HOLDER_unit)
        f.unit = who;
    else
        f.person = who;
    if (!k->alert) return ERR_OK;
    enum err e = scoring_kpi_published(st, &f, &row);
    if (e != ERR_OK || row.alerted == yes_no_yes) return e == ERR_NOT_FOUND ? ERR_OK : e;
    e = runs(st, holder, who, k, month, &from, &to, &is);
    if (e != ERR_OK || !is) return e;
    struct ev_scoring_trend_alerted ev = {.kpi = k->id,
                                          .unit = f.unit,
                                          .person = f.person,
                                          .month = month,
                                          .months = k->alert,
                                          .from = scoring_kpi_text(st, from, k->type),
                                          .to = scoring_kpi_text(st, to, k->type)};
    step_emit_as(st, "SCO-095", EV_scoring_trend_alerted, &ev);
    row.alerted = yes_no_yes;
    struct key key = figure_key(st, &f);
    step_put(st, SCORING_TABLE(KPI), &key, &row);
    return ERR_OK;
}
