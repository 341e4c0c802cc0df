/* scoring_engineer.c - the service staff: workload of a month from the service cards that count and
 * the evaluations (SCO-074, SCO-076), and the quarter, whose files are reported to the head of the
 * department by the 10th after it (SCO-073, SCO-075, the clock report.engineer_quarter).
 *
 * A quarter of a unit begins with the first paper of one of its staff. */
#include "common/contract.h"
#include "services/scoring/scoring_facts.h"

/* ---- workload ---- */

enum { LOAD_cards, LOAD_evaluations, LOAD_attitude, LOAD_skill, LOAD_efficiency, LOAD_FACTS };
static const char *const load_facts[LOAD_FACTS] = {[LOAD_cards] = "cards_valid",
                                                   [LOAD_evaluations] = "evaluations",
                                                   [LOAD_attitude] = "eval_attitude",
                                                   [LOAD_skill] = "eval_skill",
                                                   [LOAD_efficiency] = "eval_efficiency"};
/* The papers of the file that are counted beside them (SCO-073). */
static const char *const file_facts[] = {
    "cards",       "cards_rejected",    "expense_refused", "vip_cards_a",
    "vip_cards_b", "maintenance_leads", "callbacks",       "complaint_verified",
    "sms_reports", "abnormal_reports",  "work_summaries"};

static bool is_load(struct str fact)
{
    for (size_t i = 0; i < COUNT_OF(load_facts); i++) {
        if (str_is(fact, load_facts[i])) return true;
    }
    return false;
}

static bool is_file(struct str fact)
{
    for (size_t i = 0; i < COUNT_OF(file_facts); i++) {
        if (str_is(fact, file_facts[i])) return true;
    }
    return is_load(fact);
}

static enum err tallies_of(struct step *st, struct str person, int32_t month,
                           struct tally out[LOAD_FACTS])
{
    for (size_t i = 0; i < LOAD_FACTS; i++) {
        const struct score_fact *f = scoring_fact_by(st->policy, str_of(load_facts[i]));
        out[i] = (struct tally){.value = FRAC_INT(0)};
        enum err e = f ? scoring_tally(st, HOLDER_person, person, f, month, 1, &out[i]) : ERR_OK;
        if (e != ERR_OK) return e;
    }
    return ERR_OK;
}

/* eval = weighted mean of the three, over the evaluations; load = card points × eval ÷ 100. */
static void reckon_load(const struct scoring_keys *keys, const struct tally t[LOAD_FACTS],
                        struct frac *eval, struct frac *load)
{
    const int64_t full = 100;
    bool range = false;
    struct frac sum = FRAC_INT(0), weights = FRAC_INT(0);
    for (int i = 0; i < 3; i++) {
        struct frac part = frac_mul(t[LOAD_attitude + i].value, keys->evaluation[i], &range);
        sum = frac_add(sum, part, &range);
        weights = frac_add(weights, keys->evaluation[i], &range);
    }
    *eval = frac_div(frac_div(sum, weights, &range), FRAC_INT(t[LOAD_evaluations].n), &range);
    struct frac points = frac_mul(t[LOAD_cards].value, keys->card_points, &range);
    *load = frac_div(frac_mul(points, *eval, &range), FRAC_INT(full), &range);
}

static void say_load(struct step *st, struct str person, int32_t month,
                     const struct rec_row_score_load *r)
{
    struct ev_scoring_workload_computed ev = {.person = person,
                                              .month = month,
                                              .revision = r->revision,
                                              .unit = r->unit,
                                              .cards = r->cards,
                                              .eval_num = r->eval_num,
                                              .eval_den = r->eval_den,
                                              .load_num = r->load_num,
                                              .load_den = r->load_den};
    ev.eval = scoring_kpi_text(st, (struct frac){r->eval_num, r->eval_den}, FORMULA_points);
    ev.load = scoring_kpi_text(st, (struct frac){r->load_num, r->load_den}, FORMULA_points);
    step_emit_as(st, "SCO-074", EV_scoring_workload_computed, &ev);
}

/* Without an evaluation there is no workload yet. */
static enum err compute(struct step *st, struct str person, int32_t month)
{
    struct tally t[LOAD_FACTS];
    struct frac eval, load;
    struct rec_row_score_load row = {0}, before;
    struct rec_row_person p = {0};
    struct key k = key_of(person), who = k;
    key_day(&k, month);
    enum err e = tallies_of(st, person, month, t);
    if (e == ERR_OK) e = step_get(st, SCORING_TABLE(LOAD), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    e = step_get(st, &table_person, &who, &p);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    reckon_load(&st->policy->scoring, t, &eval, &load);
    if (!frac_has(eval) || !frac_has(load)) return ERR_OK;
    before = row;
    row.unit = p.unit;
    row.cards = (uint64_t)t[LOAD_cards].n;
    row.eval_num = eval.num, row.eval_den = eval.den;
    row.load_num = load.num, row.load_den = load.den;
    bool same = row.cards == before.cards && row.eval_num == before.eval_num &&
                row.eval_den == before.eval_den;
    if (same && before.revision) return ERR_OK;
    row.revision++;
    step_put(st, SCORING_TABLE(LOAD), &k, &row);
    say_load(st, person, month, &row);
    return ERR_OK;
}

/* ---- the quarter ---- */

static enum err on_reported(struct step *st, const void *payload, void *at)
{
    const struct ev_scoring_quarter_reported *ev = payload;
    struct paper_at *p = at;
    struct rec_row_engineer_quarter *row = p->row;
    char day[11];
    day_format(ev->quarter, day);
    if (scoring_period(SCORE_PERIOD_quarter, ev->quarter) != ev->quarter) {
        return step_refuse(st, "quarter", "quarter",
                           "%s begins no quarter; a quarter is named by its first day", day);
    }
    int32_t end = scoring_period_next(SCORE_PERIOD_quarter, ev->quarter, 1);
    if (step_occurred(st) < zone_day_start(step_zone(st, row->unit), end))
        return step_refuse(st, "early", "quarter", "the quarter that begins on %s is not over yet",
                           day);
    return ERR_OK;
}

static const struct transition rows[] = {
    {EV_scoring_quarter_reported,
     PAPER_NEW | IN(engineer_quarter_state_open) | IN(engineer_quarter_state_reported),
     engineer_quarter_state_reported, on_reported, "SCO-075"},
};

enum { QUARTER_CLOCK };
static const struct deadline_row clocks[] = {
    [QUARTER_CLOCK] = {.name = "report.engineer_quarter",
                       .rule = "SCO-075",
                       .from = FROM_START,
                       .due = DUE_GIVEN,
                       .stop = {EV_scoring_quarter_reported}},
};

const struct paper scoring_engineer_quarter = {
    .name = "engineer_quarter",
    .label = "the quarter's files of the service staff",
    .table = SCORING_TABLE(ENGINEER_QUARTER),
    .states = &codes_engineer_quarter_state,
    .keys = {"unit", "quarter"},
    PAPER_ROWS(rows),
    PAPER_CLOCKS(clocks),
};

static enum err open_quarter(struct step *st, struct str unit, int32_t day)
{
    struct rec_row_engineer_quarter row;
    int32_t first = scoring_period(SCORE_PERIOD_quarter, day);
    struct ev_scoring_quarter_reported named = {.unit = unit, .quarter = first};
    const struct shape *s = shape_ev_scoring_quarter_reported();
    if (!scoring_first_fits(first)) return ERR_OK;
    enum err e = paper_get(st, &scoring_engineer_quarter, s, &named, &row);
    if (e != ERR_NOT_FOUND) return e;
    row = (struct rec_row_engineer_quarter){
        .state = engineer_quarter_state_open, .unit = unit, .quarter = first};
    struct key k = key_of(unit);
    key_day(&k, first);
    step_put(st, SCORING_TABLE(ENGINEER_QUARTER), &k, &row);
    int32_t next = scoring_period_next(SCORE_PERIOD_quarter, first, 1);
    int32_t due = next + (int32_t)st->policy->scoring.quarter_day - 1;
    struct deadline_ctx c = {.case_no = paper_case(st, &scoring_engineer_quarter, s, &named),
                             .unit = unit,
                             .occurred_ms = step_occurred(st),
                             .start_ms = zone_day_start(step_zone(st, unit), next),
                             .given_ms = paper_day_end(st, unit, due)};
    return deadline_arm(st, &clocks[QUARTER_CLOCK], &c, (struct str){0});
}

enum err scoring_engineer_moved(struct step *st, const struct tally_move *m)
{
    int32_t month = scoring_period(SCORE_PERIOD_month, m->day);
    if (!is_file(m->fact) || !scoring_first_fits(month)) return ERR_OK;
    if (m->holder == HOLDER_unit) return open_quarter(st, m->who, m->day);
    return is_load(m->fact) ? compute(st, m->who, month) : ERR_OK;
}
