/* dispatch_site.c - on the way and at the customer's: departure, arrival, agreed times, waiting.
 *
 * A report is kept as it was said even when it comes late or after a later step; the state only
 * moves forward. Rules DSP-002, DSP-015, DSP-018, DSP-019, DSP-086. */
#include "services/dispatch/dispatch_private.h"

/* May this report move the job on? Not for somebody who was taken off it. */
static bool moves(const struct job *j, const struct leg *l)
{
    return l->technician.n ? l->was_open || dispatch_leg_is_open(&l->r) : !j->kind->assignment;
}

/* Nobody was on the way until now. */
static bool sets_out(const struct job *j, const struct leg *l)
{
    bool before = j->r.state == job_state_pending || j->r.state == job_state_assigned;
    return before && moves(j, l);
}

/* CV-5 judges by what is said, and the earliest counts: what cannot have been would win for good.
 */
static enum err check_time(struct step *st, const struct job *j)
{
    if (st->in->occurred >= j->r.received_at) return ERR_OK;
    char call[40];
    time_format(j->r.received_at, step_zone(st, j->r.unit), call);
    return step_refuse(st, "before_call", "time",
                       "the call came at %s and nobody was on the way or there before it; give the "
                       "time it happened",
                       call);
}

enum err dispatch_site_on_departed(struct step *st, const void *payload, void *row)
{
    const struct ev_job_departed *ev = payload;
    struct job *j = row;
    struct leg l;
    enum err e = check_time(st, j);
    if (e == ERR_OK) e = dispatch_leg_pick(st, j, ev->technician, &l);
    if (e != ERR_OK) return e;
    if (sets_out(j, &l)) {
        e = dispatch_sheet_check_departure(st, j);
        if (e != ERR_OK) return e;
        j->r.state = job_state_travelling;
    }
    dispatch_job_earliest(&j->r.departed_at, st->in->occurred);
    if (!l.technician.n) return ERR_OK;
    dispatch_job_earliest(&l.r.departed_at, st->in->occurred);
    return dispatch_leg_put(st, j, &l);
}

/* DSP-019 with first_arrival_stops=no: everybody must be there; the last one's arrival counts. */
static enum err judge_all(struct step *st, struct job *j, const struct leg *now)
{
    struct leg *v;
    uint32_t n;
    enum err e = dispatch_leg_all(st, j, &v, &n);
    if (e != ERR_OK) return e;
    j->arrival_counts = true;
    j->arrival_ms = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct leg *l = str_eq(v[i].technician, now->technician) ? now : &v[i];
        if (l->r.ended_at) continue;
        if (!l->r.arrived_at) j->arrival_counts = false;
        if (l->r.arrived_at > j->arrival_ms) j->arrival_ms = l->r.arrived_at;
    }
    return ERR_OK;
}

/* DSP-018: late, and for reasons of his own. */
static enum err judge_conduct(struct step *st, const struct job *j, const struct ev_job_arrived *ev,
                              struct str technician)
{
    if (ev->personal != yes_no_yes) return ERR_OK;
    struct rec_row_deadline d;
    enum err e = deadline_get(st, j->call_no, j->no, "job.arrival", &d);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (st->in->occurred <= d.due) return ERR_OK;
    struct ev_conduct_recorded out = {
        .kind = STR("late_arrival"), .person = technician, .call_no = j->call_no, .job = j->no};
    step_emit_as(st, "DSP-018", EV_conduct_recorded, &out);
    return ERR_OK;
}

enum err dispatch_site_on_arrived(struct step *st, const void *payload, void *row)
{
    const struct ev_job_arrived *ev = payload;
    struct job *j = row;
    struct leg l;
    enum err e = check_time(st, j);
    if (e == ERR_OK) e = dispatch_leg_pick(st, j, ev->technician, &l);
    if (e == ERR_OK && sets_out(j, &l)) e = dispatch_sheet_warn_arrival(st, j);
    if (e != ERR_OK) return e;
    if (j->r.state <= job_state_travelling && moves(j, &l)) j->r.state = job_state_on_site;
    dispatch_job_earliest(&j->r.arrived_at, st->in->occurred);
    j->arrival_counts = true;
    j->arrival_ms = st->in->occurred;
    e = judge_conduct(st, j, ev, l.technician);
    if (e != ERR_OK || !l.technician.n) return e;
    dispatch_job_earliest(&l.r.arrived_at, st->in->occurred);
    if (!st->policy->keys.first_arrival_stops) e = judge_all(st, j, &l);
    if (e == ERR_OK) e = dispatch_daily_arrived(st, j, l.technician);
    return e == ERR_OK ? dispatch_leg_put(st, j, &l) : e;
}

enum err dispatch_site_on_time_agreed(struct step *st, const void *payload, void *row)
{
    const struct ev_job_time_agreed *ev = payload;
    if (ev->by_customer == yes_no_no) return ERR_OK; /* kept, but only the customer moves the due */
    return dispatch_clock_agree(st, row, ev->agreed_at, st->in->occurred);
}

/* Waiting lies over the state; told twice, it waits since the first time. */
enum err dispatch_site_on_paused(struct step *st, const void *payload, void *row)
{
    const struct ev_job_paused *ev = payload;
    struct job *j = row;
    if (ev->part_request.n) j->r.part_request = ev->part_request;
    if (j->r.paused_at) return ERR_OK;
    j->r.paused_at = st->in->occurred;
    return j->sp->pause_stops_clock ? dispatch_clock_hold(st, j, j->r.paused_at) : ERR_OK;
}

enum err dispatch_site_on_resumed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    if (!j->r.paused_at) {
        return step_refuse(st, "not_paused", "",
                           "the job does not wait; report job.paused with its own time first");
    }
    int64_t from = j->r.paused_at, to = st->in->occurred;
    if (to < from) {
        return step_refuse(
            st, "before_pause", "time",
            "the job cannot go on before it began to wait; give the time it went on");
    }
    j->r.paused_at = 0;
    j->r.part_request = (struct str){0};
    j->r.paused_ms += (uint64_t)(to - from);
    return j->sp->pause_stops_clock ? dispatch_clock_shift(st, j, from, to) : ERR_OK;
}
