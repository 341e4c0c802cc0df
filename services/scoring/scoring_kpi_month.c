/* scoring_kpi_month.c - when figures are published: those of a month, of a person or unit that has
 * facts in it, after the day the policy says (SCO-134, the clock scoring.kpi_month), with the last
 * month of a quarter or year those of the quarter and year; and again whenever what they are made
 * of changes, or the complaints of the month are reviewed (SCO-133). */
#include "common/contract.h"
#include "services/scoring/scoring_facts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct deadline_row clock_row = {
    .name = "scoring.kpi_month", .rule = "SCO-134", .from = FROM_START, .due = DUE_GIVEN};

static const char *const holder_names[] = {[HOLDER_person] = "person", [HOLDER_unit] = "unit"};
#define CASE_PREFIX "figures/"

/* A DATE that is 0 is absent, and the day after the month must be one. */
bool scoring_first_fits(int32_t first)
{
    const int32_t none = 0, last_year = 2099;
    int y, m, d;
    day_split(first, &y, &m, &d);
    return first != none && first >= (int32_t)(TIME_MIN_MS / DAY_MS) && y < last_year;
}

/* ---- who has facts in a month ---- */

static struct key active_key(enum holder holder, struct str who, int32_t month)
{
    struct key k = {.n = 0};
    key_day(&k, month);
    key_u8(&k, (uint8_t)holder);
    key_str(&k, who);
    return k;
}

enum err scoring_kpi_active(struct step *st, enum holder holder, struct str who, int32_t month,
                            bool *out)
{
    struct rec_row_score_active row;
    struct key k = active_key(holder, who, month);
    enum err e = step_get(st, SCORING_TABLE(ACTIVE), &k, &row);
    *out = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err unit_of(struct step *st, enum holder holder, struct str who, struct str *out)
{
    struct rec_row_person p;
    struct key k = key_of(who);
    *out = holder == HOLDER_unit ? who : (struct str){0};
    if (holder == HOLDER_unit) return ERR_OK;
    enum err e = step_get(st, &table_person, &k, &p);
    if (e == ERR_OK) *out = p.unit;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err activate(struct step *st, enum holder holder, struct str who, int32_t month)
{
    struct rec_row_score_active row;
    struct key k = active_key(holder, who, month);
    struct str unit;
    char day[11];
    enum err e = step_get(st, SCORING_TABLE(ACTIVE), &k, &row);
    if (e != ERR_NOT_FOUND) return e;
    e = unit_of(st, holder, who, &unit);
    if (e != ERR_OK) return e;
    row = (struct rec_row_score_active){.month = month};
    step_put(st, SCORING_TABLE(ACTIVE), &k, &row);
    day_format(month, day);
    int32_t next = day_add_months(month, 1);
    struct deadline_ctx c = {
        .case_no = arena_printf(st->arena, CASE_PREFIX "%s/%.*s/%.7s", holder_names[holder],
                                STR_ARG(who), day),
        .unit = unit,
        .person = holder == HOLDER_person ? who : (struct str){0},
        .occurred_ms = step_occurred(st),
        .start_ms = zone_day_start(step_zone(st, unit), next),
        .given_ms = paper_day_end(st, unit, next + (int32_t)st->policy->scoring.kpi_day - 1)};
    return deadline_arm(st, &clock_row, &c, (struct str){0});
}

/* ---- which figures speak of a fact ---- */

static bool is_of(const struct score_kpi *k, enum holder holder)
{
    return words_have(k->of, str_of(holder_names[holder]));
}

static bool have(struct words w, struct str fact)
{
    for (uint32_t i = 0; i < w.n; i++) {
        struct str id = w.v[i];
        if (id.n && id.p[0] == '-') id.p++, id.n--;
        if (str_eq(id, fact)) return true;
    }
    return false;
}

static bool speaks_of(const struct score_kpi *k, const struct tally_move *m)
{
    return is_of(k, m->holder) && (have(k->numerator, m->fact) || have(k->denominator, m->fact));
}

/* ---- publishing ---- */

/* The figures of a period are published with those of its last month. */
static enum err is_over(struct step *st, enum holder holder, struct str who, enum score_period p,
                        int32_t first, bool *out)
{
    struct rec_row_score_active row;
    int32_t last = day_add_months(scoring_period_next(p, first, 1), -1);
    struct key k = active_key(holder, who, last);
    enum err e = step_get(st, SCORING_TABLE(ACTIVE), &k, &row);
    *out = e == ERR_OK && row.published == yes_no_yes;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* again: what was published, or is told only after the day on which it would have been. */
static enum err publish(struct step *st, enum holder holder, struct str who,
                        const struct score_kpi *k, enum score_period p, int32_t first, bool again)
{
    struct kpi_figure f;
    struct rec_row_score_kpi row;
    bool due = true;
    if (!scoring_first_fits(first)) return ERR_OK;
    enum err e = scoring_kpi_reckon(st, holder, who, k, p, first, &f);
    if (e == ERR_OK && again) e = scoring_kpi_published(st, &f, &row);
    if (e == ERR_NOT_FOUND) e = is_over(st, holder, who, p, first, &due);
    return e == ERR_OK && due ? scoring_kpi_publish(st, &f) : e;
}

/* A change in a month is one of its quarter and year, and of the growth and trend that look back
 * at it. */
static enum err again(struct step *st, enum holder holder, struct str who,
                      const struct score_kpi *k, int32_t day)
{
    static const int periods_a_year[] = {
        [SCORE_PERIOD_month] = 12, [SCORE_PERIOD_quarter] = 4, [SCORE_PERIOD_year] = 1};
    enum err e = ERR_OK;
    for (enum score_period p = SCORE_PERIOD_month; e == ERR_OK && p <= SCORE_PERIOD_year; p++) {
        int32_t first = scoring_period(p, day);
        e = publish(st, holder, who, k, p, first, true);
        if (k->growth == SCORE_GROWTH_none) continue;
        if (e == ERR_OK) e = publish(st, holder, who, k, p, scoring_period_next(p, first, 1), true);
        if (e == ERR_OK && p != SCORE_PERIOD_year)
            e = publish(st, holder, who, k, p, scoring_period_next(p, first, periods_a_year[p]),
                        true);
    }
    int32_t month = scoring_period(SCORE_PERIOD_month, day);
    for (int i = 0; e == ERR_OK && k->alert && i <= (int)k->alert; i++)
        e = scoring_kpi_trend(st, holder, who, k, day_add_months(month, i));
    return e;
}

enum err scoring_kpi_moved(struct step *st, const struct tally_move *m)
{
    int32_t month = scoring_period(SCORE_PERIOD_month, m->day);
    bool any = false;
    enum err e = ERR_OK;
    if (!scoring_first_fits(month)) return ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < st->policy->score_kpi_count; i++) {
        const struct score_kpi *k = &st->policy->score_kpis[i];
        if (!speaks_of(k, m)) continue;
        any = true;
        e = again(st, m->holder, m->who, k, m->day);
    }
    if (e != ERR_OK || !any) return e;
    const enum score_period ends[] = {SCORE_PERIOD_month, SCORE_PERIOD_quarter, SCORE_PERIOD_year};
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(ends); i++) {
        int32_t next = scoring_period_next(ends[i], scoring_period(ends[i], m->day), 1);
        e = activate(st, m->holder, m->who, day_add_months(next, -1));
    }
    return e;
}

/* ---- the clock ---- */

static bool case_of(struct str case_no, enum holder *holder, struct str *who, int32_t *month)
{
    const uint32_t prefix = (uint32_t)strlen(CASE_PREFIX), day = (uint32_t)strlen("/2024-06");
    char text[11] = "";
    if (case_no.n < prefix + day || memcmp(case_no.p, CASE_PREFIX, prefix) != 0) return false;
    struct str rest = {case_no.p + prefix, case_no.n - prefix - day};
    const char *slash = memchr(rest.p, '/', rest.n);
    if (!slash) return false;
    *holder = str_is((struct str){rest.p, (uint32_t)(slash - rest.p)}, "unit") ? HOLDER_unit
                                                                               : HOLDER_person;
    *who = (struct str){slash + 1, rest.n - (uint32_t)(slash - rest.p) - 1};
    snprintf(text, sizeof text, "%.7s-01", rest.p + rest.n + 1);
    return day_parse(str_of(text), month) == ERR_OK;
}

/* The period ends with this month. */
static bool ends_with(enum score_period p, int32_t month)
{
    int32_t next = day_add_months(month, 1);
    return scoring_period(p, next) == next;
}

enum err scoring_kpi_passed(struct step *st, const struct passed *what)
{
    enum holder holder;
    struct str who, case_no = arena_str(st->arena, what->case_no);
    int32_t month;
    if (!what->is_due || !str_is(what->name, clock_row.name)) return ERR_OK;
    if (!case_of(case_no, &holder, &who, &month)) return ERR_CORRUPT;
    struct rec_row_score_active row = {.month = month, .published = yes_no_yes};
    struct key active = active_key(holder, who, month);
    step_put(st, SCORING_TABLE(ACTIVE), &active, &row);
    enum err e = deadline_drop(st, case_no, 0, STR("the figures are published"));
    for (uint32_t i = 0; e == ERR_OK && i < st->policy->score_kpi_count; i++) {
        const struct score_kpi *k = &st->policy->score_kpis[i];
        if (!is_of(k, holder)) continue;
        for (enum score_period p = SCORE_PERIOD_month; e == ERR_OK && p <= SCORE_PERIOD_year; p++) {
            if (!ends_with(p, month)) continue;
            e = publish(st, holder, who, k, p, scoring_period(p, month), false);
        }
        if (e == ERR_OK) e = scoring_kpi_trend(st, holder, who, k, month);
    }
    return e;
}

/* ---- the review of the complaints (SCO-133) ---- */

static enum err review_load(struct step *st, int32_t month, struct key *k,
                            struct rec_row_score_review *out)
{
    *k = (struct key){.n = 0};
    key_day(k, month);
    enum err e = step_get(st, SCORING_TABLE(REVIEW), k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_score_review){0};
    return ERR_OK;
}

enum err scoring_final(struct step *st, enum score_period p, int32_t first, bool *out)
{
    *out = true;
    for (int32_t m = first; m < scoring_period_next(p, first, 1); m = day_add_months(m, 1)) {
        struct rec_row_score_review r;
        struct key k;
        enum err e = review_load(st, m, &k, &r);
        if (e != ERR_OK) return e;
        if (r.closed && !r.reviewed_at) *out = false;
    }
    return ERR_OK;
}

/* Figures that waited for it are no longer provisional. */
static enum err confirm(struct step *st, int32_t month)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_score_active row;
    enum err e;
    key_day(&prefix, month);
    while ((e = step_next(st, SCORING_TABLE(ACTIVE), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str who;
        uint8_t holder;
        if (key_take_u8(&r, &holder) != ERR_OK || key_take_str(&r, &who) != ERR_OK)
            return ERR_CORRUPT;
        who = arena_str(st->arena, who);
        for (uint32_t i = 0; e == ERR_OK && i < st->policy->score_kpi_count; i++) {
            const struct score_kpi *k = &st->policy->score_kpis[i];
            if (k->reviewed && is_of(k, (enum holder)holder))
                e = again(st, (enum holder)holder, who, k, month);
        }
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err scoring_kpi_reviewed(struct step *st, const void *payload)
{
    struct rec_row_score_review r;
    struct key k;
    bool review = st->type->kind == EV_complaint_month_reviewed;
    struct str source = st->in ? st->in->source : (struct str){0};
    int32_t day = review ? ((const struct ev_complaint_month_reviewed *)payload)->month
                         : zone_day(step_zone(st, source), step_occurred(st));
    int32_t month = scoring_period(SCORE_PERIOD_month, day);
    enum err e = review_load(st, month, &k, &r);
    if (e != ERR_OK) return e;
    r.closed += !review;
    if (review) r.reviewed_at = step_occurred(st);
    step_put(st, SCORING_TABLE(REVIEW), &k, &r);
    return review ? confirm(st, month) : ERR_OK;
}
