/* dispatch_shift.c - shifts at a customer's plant: the report of each shift and the hand-over
 * 交接班.
 *
 * A shift is reported at any time; the hand-over goes from the written record to the confirmation
 * by the incoming person to the end. A confirmation against DSP-068 is a violation and no
 * confirmation, the right one may follow. A unit that owes no shift reports has no clocks, and then
 * also no roster: report and record begin the row. The customer's hours (DSP-065) are the calendar
 * of the unit. Rules DSP-065 … DSP-069. */
#include "services/dispatch/dispatch_private.h"

enum { REPORT, HANDOVER };

static bool is_confirmed(const struct rec_row_shift *r)
{
    return r->by.n != 0;
}

/* A confirmation that was none leaves nobody who confirmed. */
static bool handover_stops(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return is_confirmed(c->row);
}

/* Armed by the roster. */
static const struct deadline_row clocks[] = {
    [REPORT] = {.name = "shift.report",
                .rule = "DSP-066",
                .from = FROM_START,
                .due = DUE_GIVEN,
                .stop = {EV_shift_reported}},
    [HANDOVER] = {.name = "shift.handover",
                  .rule = "DSP-069",
                  .from = FROM_START,
                  .due = DUE_SETTING,
                  .stop = {EV_shift_handover_confirmed},
                  .stops = handover_stops},
};

static enum err arm(struct step *st, const struct paper_at *a)
{
    const struct rec_row_shift *r = a->row;
    if (!dispatch_crew_owes(st, r->unit, "shift")) return ERR_OK;
    struct deadline_ctx c = {.case_no = a->case_no,
                             .unit = r->unit,
                             .person = r->person,
                             .occurred_ms = st->in->occurred,
                             .start_ms = r->start,
                             .given_ms = r->end,
                             .row = r};
    enum err e = ERR_OK;
    if (!r->reported_at) e = deadline_arm(st, &clocks[REPORT], &c, (struct str){0});
    c.start_ms = r->end;
    c.given_ms = 0;
    if (e != ERR_OK) return e;
    return deadline_arm(st, &clocks[HANDOVER], &c, (struct str){0});
}

static enum err on_rostered(struct step *st, const void *payload, void *row)
{
    const struct ev_shift_rostered *ev = payload;
    if (ev->end <= ev->start)
        return step_refuse(st, "no_time", "end",
                           "a shift ends after it began; correct start or end");
    if (str_eq(ev->next, ev->person))
        return step_refuse(st, "same_person", "next",
                           "%.*s cannot take over from himself; name who comes next",
                           STR_ARG(ev->person));
    return arm(st, row);
}

/* DSP-067: the day's problems, whether the record carries them or only the report. */
static bool has_problems(const struct rec_row_shift *r)
{
    return r->handed_problems.n || r->problems.n;
}

static const struct wrong {
    const char *rule, *reason;
} not_face_to_face = {"DSP-068", "not_face_to_face"},
  left_unconfirmed = {"DSP-067", "left_unconfirmed"};

/* Each hand-over is a violation once, whatever was wrong with it. */
static void violated(struct step *st, struct str shift, struct rec_row_shift *r,
                     const struct wrong *what)
{
    if (r->violated) return;
    struct ev_shift_handover_violated ev = {
        .shift = shift, .person = r->person, .reason = str_of(what->reason)};
    struct ev_conduct_recorded conduct = {
        .kind = STR("missed_handover"), .person = r->person, .text = shift, .site = shift};
    r->violated = true;
    step_emit_as(st, what->rule, EV_shift_handover_violated, &ev);
    step_emit_as(st, what->rule, EV_conduct_recorded, &conduct);
}

static enum err on_written(struct step *st, const void *payload, void *row)
{
    (void)st;
    const struct ev_shift_handover_written *ev = payload;
    struct rec_row_shift *r = ((struct paper_at *)row)->row;
    r->handed_problems.v = ev->handed_problems.v;
    r->handed_problems.n = ev->handed_problems.n; /* the record as it now stands, none included */
    return ERR_OK;
}

static enum err check_confirmer(struct step *st, const struct ev_shift_handover_confirmed *ev,
                                const struct rec_row_shift *r)
{
    if (!r->handover_written_at)
        return step_refuse(st, "not_written", "shift",
                           "there is no hand-over record 交接班記錄 to confirm; report "
                           "shift.handover_written first");
    if (str_eq(ev->by, r->person))
        return step_refuse(st, "own_confirmation", "by",
                           "%.*s hands over and cannot confirm it himself; the incoming person "
                           "接班人 does",
                           STR_ARG(ev->by));
    if (r->next.n && !str_eq(ev->by, r->next))
        return step_refuse(st, "not_incoming", "by",
                           "%.*s takes over this shift; if somebody else does, report "
                           "shift.rostered with him first",
                           STR_ARG(r->next));
    return ERR_OK;
}

static enum err on_confirmed(struct step *st, const void *payload, void *row)
{
    const struct ev_shift_handover_confirmed *ev = payload;
    struct paper_at *a = row;
    struct rec_row_shift *r = a->row;
    enum err e = check_confirmer(st, ev, r);
    if (e != ERR_OK) return e;
    if (has_problems(r) && ev->mode != handover_mode_face_to_face) {
        r->by = (struct str){0};
        violated(st, ev->shift, r, &not_face_to_face);
    } else if (a->before == shift_state_written) {
        r->state = shift_state_confirmed;
    }
    return ERR_OK;
}

/* By the times that were told: the confirmation may be told before an end that came first, and
 * problems after a confirmation that had heard of none. */
static enum err on_ended(struct step *st, const void *payload, void *row)
{
    const struct ev_shift_ended *ev = payload;
    struct rec_row_shift *r = ((struct paper_at *)row)->row;
    if (!is_confirmed(r) || st->in->occurred < r->handover_confirmed_at) {
        violated(st, ev->shift, r, &left_unconfirmed);
    } else if (has_problems(r) && r->mode != handover_mode_face_to_face) {
        violated(st, ev->shift, r, &not_face_to_face);
    }
    if (!r->handed_problems.n || r->problems.n) return ERR_OK;
    struct ev_conduct_recorded conduct = {.kind = STR("unreported_problem"),
                                          .person = r->person,
                                          .text = ev->shift,
                                          .site = ev->shift};
    step_emit_as(st, "DSP-066", EV_conduct_recorded, &conduct);
    return ERR_OK;
}

/* DSP-069: nobody hands over what is not worked; what was reported of it was of another shift. */
static enum err on_cancelled(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct rec_row_shift *r = ((struct paper_at *)row)->row;
    r->by = (struct str){0};
    if (!r->reported_at) return ERR_OK;
    return step_refuse(st, "reported", "shift",
                       "the shift was reported, so it was worked; it ends with shift.ended");
}

#define OPEN IN(shift_state_open)
#define WRITTEN IN(shift_state_written)
#define CONFIRMED IN(shift_state_confirmed)
#define ENDED IN(shift_state_ended)
#define CANCELLED IN(shift_state_cancelled)

/* What comes after the end is a late report: it stops its clock and changes no state. */
static const struct transition rows[] = {
    {EV_shift_rostered, PAPER_NEW | OPEN | CANCELLED, shift_state_open, on_rostered, "DSP-069"},
    {EV_shift_rostered, WRITTEN, 0, on_rostered, "DSP-069"},
    {EV_shift_reported, PAPER_NEW, shift_state_open, NULL, "DSP-066"},
    {EV_shift_reported, OPEN | WRITTEN | CONFIRMED | ENDED, 0, NULL, "DSP-066"},
    {EV_shift_handover_written, PAPER_NEW | OPEN | WRITTEN, shift_state_written, on_written,
     "DSP-067"},
    {EV_shift_handover_written, ENDED, 0, on_written, "DSP-067"},
    {EV_shift_handover_confirmed, WRITTEN | ENDED, 0, on_confirmed, "DSP-067"},
    {EV_shift_ended, OPEN | WRITTEN | CONFIRMED, shift_state_ended, on_ended, "DSP-067"},
    {EV_shift_cancelled, OPEN, shift_state_cancelled, on_cancelled, "DSP-069"},
};

const struct paper dispatch_shift = {.name = "shift",
                                     .label = "shift",
                                     .table = &dispatch_tables[DISPATCH_SHIFT],
                                     .states = &codes_shift_state,
                                     .keys = {"shift"},
                                     PAPER_ROWS(rows),
                                     PAPER_CLOCKS(clocks),
                                     .drops = CANCELLED};
