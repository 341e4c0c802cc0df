/* parts_feedback.c - the form 維修信息反饋 SH-ZH/BD-25, twice a month from each station: a repair
 * that is not fed back blocks the exchange of its parts 不反饋不予兌換配件.
 *
 * The windows of a month end on the days of parts.feedback_days. Of each unit that owes feedback
 * the clock of one window runs, or that of the next where this one is fed back already. A repair
 * may stand in any later form too. Rule PRT-016. */
#include "services/parts/parts_private.h"

static const struct deadline_row clocks[] = {
    {.name = "feedback.half",
     .rule = "PRT-016",
     .from = FROM_START,
     .due = DUE_GIVEN,
     .stop = {EV_feedback_submitted}},
};

/* ---- windows ---- */

/* The n-th window of a month ends on this day; "last", and what the month does not have, is its
 * last. */
static int32_t window_end(const struct parts_keys *keys, int32_t month, uint32_t n)
{
    struct str word = keys->feedback_days.v[n];
    int32_t last = day_add_months(month, 1) - 1, day = 0;
    if (str_is(word, "last")) return last;
    for (size_t i = 0; i < word.n; i++)
        day = 10 * day + (word.p[i] - '0');
    return month + day - 1 < last ? month + day - 1 : last;
}

/* Last day of the window in which a day lies. */
static int32_t window_of(const struct parts_keys *keys, int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    int32_t month = day_of(y, m, 1);
    for (uint32_t i = 0; i < keys->feedback_days.n; i++) {
        if (window_end(keys, month, i) >= day) return window_end(keys, month, i);
    }
    return window_end(keys, day_add_months(month, 1), 0);
}

static int32_t window_first(const struct parts_keys *keys, int32_t window)
{
    int32_t day = window;
    while (window_of(keys, day - 1) == window) /* at most two months */
        day--;
    return day;
}

/* ---- the clock of a window ---- */

static struct deadline_ctx ctx_of(struct step *st, struct str unit, int32_t window)
{
    const struct ev_feedback_submitted said = {.unit = unit, .window = window};
    const struct zone *z = step_zone(st, unit);
    return (struct deadline_ctx){
        .case_no = paper_case(st, &parts_feedback_form, shape_ev_feedback_submitted(), &said),
        .unit = unit,
        .occurred_ms = step_occurred(st),
        .start_ms = zone_day_start(z, window_first(&st->policy->parts, window)),
        .given_ms = paper_day_end(st, unit, window)};
}

/* Once for each window, unless it was called off. */
static enum err arm(struct step *st, struct str unit, int32_t window)
{
    struct deadline_ctx c = ctx_of(st, unit, window);
    struct rec_row_deadline d;
    enum err e = deadline_get(st, c.case_no, 0, clocks[0].name, &d);
    bool again = e == ERR_OK && d.end == deadline_end_cancelled;
    if (e != ERR_NOT_FOUND && !again) return e;
    return deadline_arm(st, &clocks[0], &c, (struct str){0});
}

static enum err owes(struct step *st, struct str unit, bool *out)
{
    const struct parts_policy *p;
    enum err e = parts_policy_for(st, (struct str){0}, unit, &p);
    if (e == ERR_OK) *out = p->feedback;
    return e;
}

enum err parts_feedback_unit(struct step *st, const struct ev_unit_upserted *ev)
{
    const struct parts_keys *keys = &st->policy->parts;
    int32_t window = window_of(keys, zone_day(step_zone(st, ev->unit), st->now_ms));
    bool owed;
    enum err e = owes(st, ev->unit, &owed);
    if (e != ERR_OK) return e;
    if (owed) return arm(st, ev->unit, window);
    for (int i = 0; e == ERR_OK && i < 2; i++) { /* this one, and the next where it runs */
        struct deadline_ctx c = ctx_of(st, ev->unit, window);
        e = deadline_cancel(st, &clocks[0], &c, STR("owes no feedback any more"));
        window = window_of(keys, window + 1);
    }
    return e;
}

/* ---- a form ---- */

static struct key repair_key(struct str unit, struct str repair_no)
{
    struct key k = key_of(unit);
    key_str(&k, repair_no);
    return k;
}

/* Why a line is not taken; none = it is. */
static enum err judge(struct step *st, const struct ev_feedback_submitted *ev,
                      const struct rec_feedback_line *l, enum feedback_refusal *out)
{
    struct rec_row_parts_call call = {0};
    struct rec_row_feedback_repair repair;
    struct key k = repair_key(ev->unit, l->repair_no);
    enum err e = parts_call_get(st, l->repair_no, &call);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    e = step_get(st, PARTS_TABLE(FEEDBACK_REPAIR), &k, &repair);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = feedback_refusal_none;
    if (e == ERR_OK) *out = feedback_refusal_again;
    if (l->repaired > step_day(st, ev->unit)) *out = feedback_refusal_not_yet;
    if (l->in_warranty != yes_no_yes || call.entitled == entitled_no)
        *out = feedback_refusal_out_of_warranty;
    return ERR_OK;
}

static void refuse_line(struct step *st, const struct ev_feedback_submitted *ev,
                        const struct rec_feedback_line *l, enum feedback_refusal why)
{
    struct ev_feedback_line_refused no = {
        .unit = ev->unit, .window = ev->window, .repair_no = l->repair_no, .reason = why};
    step_emit_as(st, "PRT-016", EV_feedback_line_refused, &no);
}

static void take_line(struct step *st, const struct ev_feedback_submitted *ev,
                      const struct rec_feedback_line *l)
{
    struct rec_row_feedback_repair r = {.repaired = l->repaired,
                                        .window = window_of(&st->policy->parts, l->repaired),
                                        .submitted_in = ev->window,
                                        .submitted_at = step_occurred(st)};
    struct key k = repair_key(ev->unit, l->repair_no);
    step_put(st, PARTS_TABLE(FEEDBACK_REPAIR), &k, &r);
}

static enum err check_window(struct step *st, const struct ev_feedback_submitted *ev)
{
    const struct parts_keys *keys = &st->policy->parts;
    int32_t window = window_of(keys, ev->window);
    char day[11];
    day_format(window, day);
    if (window != ev->window) {
        return step_refuse(st, "window", "window",
                           "a window is named by its last day, which is %s here", day);
    }
    day_format(window_first(keys, window), day);
    if (window_first(keys, window) <= step_day(st, ev->unit)) return ERR_OK;
    return step_refuse(st, "early", "window", "this window begins on %s only", day);
}

/* A form handed in before its window is over sets the clock of the next one. */
static enum err go_on(struct step *st, const struct ev_feedback_submitted *ev)
{
    bool owed;
    enum err e = owes(st, ev->unit, &owed);
    bool early = paper_day_end(st, ev->unit, ev->window) > st->now_ms;
    if (e != ERR_OK || !owed || !early) return e;
    return arm(st, ev->unit, window_of(&st->policy->parts, ev->window + 1));
}

static enum err on_submitted(struct step *st, const void *payload, void *row)
{
    const struct ev_feedback_submitted *ev = payload;
    struct rec_row_feedback_form *r = ((struct paper_at *)row)->row;
    enum err e = check_window(st, ev);
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++) {
        enum feedback_refusal why;
        e = judge(st, ev, &ev->lines.v[i], &why);
        if (e != ERR_OK) return e;
        r->repairs += why == feedback_refusal_none;
        r->refused += why != feedback_refusal_none;
        if (why == feedback_refusal_none)
            take_line(st, ev, &ev->lines.v[i]);
        else
            refuse_line(st, ev, &ev->lines.v[i], why);
    }
    r->state = r->refused ? feedback_form_state_lines_refused : feedback_form_state_accepted;
    return e == ERR_OK ? go_on(st, ev) : e;
}

static const struct transition rows[] = {
    {EV_feedback_submitted,
     PAPER_NEW | IN(feedback_form_state_accepted) | IN(feedback_form_state_lines_refused) |
         IN(feedback_form_state_missing),
     0, on_submitted, "PRT-016"},
};
const struct paper parts_feedback_form = {.name = "feedback_form",
                                          .label = "feedback form 維修信息反饋",
                                          .table = PARTS_TABLE(FEEDBACK_FORM),
                                          .states = &codes_feedback_form_state,
                                          .keys = {"unit", "window"},
                                          PAPER_ROWS(rows),
                                          PAPER_CLOCKS(clocks)};

enum err parts_feedback_submitted(struct step *st, const struct ev_feedback_submitted *said)
{
    struct ev_feedback_submitted ev = *said;
    if (!ev.window) {
        ev.window = window_of(&st->policy->parts, step_day(st, ev.unit));
        step_complete(st, &ev);
    }
    return paper_fact(st, &parts_feedback_form, &ev);
}

/* ---- a window closes without a form ---- */

enum err parts_feedback_passed(struct step *st, const struct passed *what)
{
    struct str unit = arena_str(st->arena, what->unit);
    int32_t window = zone_day(step_zone(st, unit), what->due_ms - 1);
    struct key k = key_of(unit);
    key_day(&k, window);
    struct rec_row_feedback_form r;
    bool owed;
    if (!what->is_due) return ERR_OK;
    enum err e = step_get(st, PARTS_TABLE(FEEDBACK_FORM), &k, &r);
    if (e == ERR_NOT_FOUND) {
        r = (struct rec_row_feedback_form){.state = feedback_form_state_missing, .unit = unit};
        step_put(st, PARTS_TABLE(FEEDBACK_FORM), &k, &r);
        e = ERR_OK;
    }
    if (e == ERR_OK) e = owes(st, unit, &owed);
    if (e != ERR_OK) return e;
    return owed ? arm(st, unit, window_of(&st->policy->parts, window + 1)) : ERR_OK;
}

/* ---- what it is for ---- */

enum err parts_exchange_allowed(struct step *st, struct str call_no, struct str unit,
                                struct str repair_no, bool *out)
{
    const struct parts_policy *p;
    struct rec_row_feedback_repair r;
    enum err e = parts_policy_for(st, call_no, unit, &p);
    if (e != ERR_OK) return e;
    *out = !p->feedback;
    if (*out) return ERR_OK;
    struct key k = repair_key(unit, repair_no);
    e = step_get(st, PARTS_TABLE(FEEDBACK_REPAIR), &k, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK;
    return ERR_OK;
}
