/* scoring_facts.c - what the room hears: facts at its own door, checked and counted (SCO-042,
 * SCO-046 … SCO-049, SCO-073, SCO-084, SCO-087, SCO-093, SCO-104), and everything the logs before
 * it tell that may be counted, whatever the policy counts of it (SCO-008). */
#include "services/scoring/scoring_facts.h"
#include "common/contract.h"

/* ---- facts at the door ---- */

static enum err member(struct step *st, struct str person, const char *field)
{
    struct rec_row_person p;
    return person.n ? scoring_person(st, person, field, &p) : ERR_OK;
}

static enum err is_month(struct step *st, int32_t day, const char *field)
{
    char text[11];
    if (scoring_period(SCORE_PERIOD_month, day) == day) return ERR_OK;
    day_format(scoring_period(SCORE_PERIOD_month, day), text);
    return step_refuse(st, "month", field, "a month is named by its first day: %s", text);
}

/* At most as many decimals as are kept (SCORE_TEXT_DECIMALS), and within what is counted. */
static enum err is_figure(struct step *st, struct str text, const char *field)
{
    struct frac f;
    int64_t n = 0;
    bool range = false;
    if (frac_parse(text, &f) && frac_round(f, SCORE_TEXT_DECIMALS, &n) &&
        frac_cmp(f, frac_make(n, 10000, &range)) == 0 && n <= TOLD_AMOUNT_MAX &&
        n >= -TOLD_AMOUNT_MAX)
        return ERR_OK;
    return step_refuse(st, "figure", field,
                       "%.*s must be a decimal number with at most %d decimals, like 1250000.00",
                       STR_ARG(text), SCORE_TEXT_DECIMALS);
}

static enum err on_attendance(struct step *st, const void *payload)
{
    return member(st, ((const struct ev_attendance_recorded *)payload)->person, "person");
}

static enum err on_counted(struct step *st, const void *payload)
{
    return member(st, ((const struct ev_order_counted *)payload)->person, "person");
}

static enum err on_refunded(struct step *st, const void *payload)
{
    return member(st, ((const struct ev_order_refunded *)payload)->person, "person");
}

/* SCO-047: confirmed by the head of customer service. */
static enum err on_low_rating(struct step *st, const void *payload)
{
    const struct ev_rating_low_given *ev = payload;
    struct words heads = st->policy->scoring.low_rating_heads;
    struct rec_row_person p;
    enum err e = member(st, ev->person, "person");
    if (e != ERR_OK || !ev->confirmed_by.n) return e;
    e = scoring_person(st, ev->confirmed_by, "confirmed_by", &p);
    if (e != ERR_OK || heads.n == 0 || (words_have(heads, p.role) && !p.left)) return e;
    return step_refuse(st, "role", "confirmed_by",
                       "%.*s may not confirm a low rating; that is for somebody whose role is %.*s",
                       STR_ARG(ev->confirmed_by), STR_ARG(heads.v[0]));
}

static enum err on_praise(struct step *st, const void *payload)
{
    return member(st, ((const struct ev_praise_given *)payload)->person, "person");
}

static enum err on_evaluated(struct step *st, const void *payload)
{
    const struct ev_engineer_evaluated *ev = payload;
    enum err e = member(st, ev->person, "person");
    return e == ERR_OK ? is_month(st, ev->month, "month") : e;
}

static enum err on_spotcheck(struct step *st, const void *payload)
{
    return member(st, ((const struct ev_spotcheck_recorded *)payload)->person, "person");
}

static enum err on_actual(struct step *st, const void *payload)
{
    const struct ev_kpi_actual_reported *ev = payload;
    enum err e = member(st, ev->person, "person");
    if (e == ERR_OK) e = is_month(st, ev->month, "month");
    return e == ERR_OK ? is_figure(st, ev->value, "value") : e;
}

static enum err on_plan(struct step *st, const void *payload)
{
    return is_figure(st, ((const struct ev_plan_set *)payload)->target, "target");
}

static const struct score_report *report_of(const struct policy *p, struct str form)
{
    for (uint32_t i = 0; i < p->score_report_count; i++) {
        if (str_eq(p->score_reports[i].form, form)) return &p->score_reports[i];
    }
    return NULL;
}

static enum err on_report(struct step *st, const void *payload)
{
    const struct ev_report_submitted *ev = payload;
    const struct score_report *r = report_of(st->policy, ev->form);
    char text[11];
    if (!r || scoring_period(r->period, ev->period) == ev->period) return ERR_OK;
    day_format(scoring_period(r->period, ev->period), text);
    return step_refuse(st, "period", "period",
                       "%.*s is of a whole period, which is named by its first day: %s",
                       STR_ARG(ev->form), text);
}

static const struct {
    enum event_kind on;
    enum err (*check)(struct step *st, const void *payload);
} door[] = {
    {EV_attendance_recorded, on_attendance},
    {EV_order_counted, on_counted},
    {EV_order_refunded, on_refunded},
    {EV_rating_low_given, on_low_rating},
    {EV_praise_given, on_praise},
    {EV_engineer_evaluated, on_evaluated},
    {EV_spotcheck_recorded, on_spotcheck},
    {EV_kpi_actual_reported, on_actual},
    {EV_plan_set, on_plan},
    {EV_report_submitted, on_report},
    {EV_campaign_closed, scoring_survey_closed},
};

static const struct paper *const papers[] = {&scoring_engineer_quarter, NULL};

/* The unit that reports is the source when it is not named. */
static enum err quarter(struct step *st, const struct paper *p, const void *payload)
{
    struct ev_scoring_quarter_reported *ev = arena_take(st->arena, sizeof *ev);
    *ev = *(const struct ev_scoring_quarter_reported *)payload;
    if (!ev->unit.n) {
        ev->unit = st->in->source;
        if (ev->unit.n > TOLD_UNIT_MAX)
            return step_refuse(st, "unit", "unit", "name the unit that reports");
        step_complete(st, ev);
    }
    return paper_fact(st, p, ev);
}

enum err scoring_facts_fact(struct step *st, const void *payload)
{
    for (size_t i = 0; i < COUNT_OF(door); i++) {
        if (door[i].on == st->type->kind) return door[i].check(st, payload);
    }
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? quarter(st, p, payload) : ERR_STALE;
}

/* SCO-084, SCO-132, SCO-136: no weekend shift. */
int32_t scoring_report_due(const struct policy *p, struct str form, int32_t period)
{
    const struct score_report *r = report_of(p, form);
    int32_t first = r ? scoring_period(r->period, period) : 0;
    if (!r || !scoring_first_fits(first)) return 0;
    return scoring_period_next(r->period, first, 1) + (int32_t)r->day - 1;
}

/* ---- counting ---- */

static enum err count(struct step *st, enum event_kind kind, const void *payload)
{
    struct tally_moves moves = {0};
    enum err e = scoring_count_event(st, kind, payload, &moves);
    return e == ERR_OK ? scoring_moved(st, &moves) : e;
}

/* A late fact that shows the work was in time: the clock was stopped in time after all. */
static enum err stopped_in_time(struct step *st, const void *payload)
{
    const struct ev_deadline_withdrawn *w = payload;
    struct ev_deadline_stopped ev = {.case_no = w->case_no,
                                     .item = w->item,
                                     .name = w->name,
                                     .round = w->round,
                                     .unit = w->unit,
                                     .policy = w->policy,
                                     .start = w->start,
                                     .due = w->due,
                                     .at = w->at};
    return count(st, EV_deadline_stopped, &ev);
}

/* HQ-029: open past its due is not in time, whether it is ever stopped or not. */
static enum err late_so_far(struct step *st, const void *payload)
{
    const struct ev_deadline_passed *p = payload;
    struct ev_deadline_stopped ev = {.case_no = p->case_no,
                                     .item = p->item,
                                     .name = p->name,
                                     .round = p->round,
                                     .unit = p->unit,
                                     .policy = p->policy,
                                     .start = p->start,
                                     .due = p->due,
                                     .at = p->at,
                                     .late = true};
    return count(st, EV_deadline_stopped, &ev);
}

static enum err given_up(struct step *st, const void *payload)
{
    const struct ev_deadline_dropped *d = payload;
    struct ev_deadline_stopped ev = {.case_no = d->case_no,
                                     .item = d->item,
                                     .name = d->name,
                                     .round = d->round,
                                     .unit = d->unit,
                                     .policy = d->policy,
                                     .start = d->start,
                                     .due = d->due,
                                     .at = d->at,
                                     .late = true};
    return scoring_dropped_late(d) ? count(st, EV_deadline_stopped, &ev) : ERR_OK;
}

static enum err taken(struct step *st, const void *payload)
{
    struct tally_moves moves = {0};
    enum err e = scoring_count_taken(st, payload, &moves);
    return e == ERR_OK ? scoring_moved(st, &moves) : e;
}

enum err scoring_facts_heard(struct step *st, const void *payload)
{
    enum err e = count(st, st->type->kind, payload);
    return e == ERR_OK ? taken(st, payload) : e;
}

static enum err beside(struct step *st, const void *payload)
{
    switch ((int)st->type->kind) {
    case EV_deadline_withdrawn:
        return stopped_in_time(st, payload);
    case EV_deadline_passed:
        return late_so_far(st, payload);
    case EV_deadline_dropped:
        return given_up(st, payload);
    case EV_complaint_receivable_excluded:
    case EV_complaint_receivable_restored:
        return scoring_collect_disputed(st, payload);
    case EV_complaint_closed:
    case EV_complaint_month_reviewed:
        return scoring_kpi_reviewed(st, payload);
    default:
        return ERR_OK;
    }
}

static bool counts(enum owner from, enum event_kind kind)
{
    const struct score_event *e = score_event_of(kind);
    return e && (e->logs >> from & 1U);
}

bool scoring_facts_hears(enum owner from, enum event_kind kind)
{
    return counts(from, kind) || scoring_takes(from, kind) || scoring_known_hears(from, kind);
}

enum err scoring_facts_upstream(struct step *st, const void *payload)
{
    enum event_kind kind = st->type->kind;
    if (!scoring_facts_hears(st->from, kind)) return ERR_STALE;
    enum err e = scoring_known_told(st, payload);
    if (e == ERR_OK && scoring_takes(st->from, kind)) e = taken(st, payload);
    if (e == ERR_OK && counts(st->from, kind)) e = count(st, kind, payload);
    return e == ERR_OK ? beside(st, payload) : e;
}

enum err scoring_facts_passed(struct step *st, const struct passed *what)
{
    return scoring_kpi_passed(st, what);
}
