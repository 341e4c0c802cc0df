/* dispatch_parts.c - what waits for parts goes on when the unit has them: a repair order leaves
 * 待料, a job that was paused for a part request is taken up again. The fact is parts'; who waits
 * for something else, or for nothing, is not concerned. Rules PRT-046, DSP-019, DSP-056. */
#include "services/dispatch/dispatch_private.h"

/* A request that is named must be the one waited for. */
static bool is_waited_for(const struct ev_part_arrived *ev, struct str waits_for)
{
    return waits_for.n && (ev->request_no.n == 0 || str_eq(ev->request_no, waits_for));
}

static enum err board(struct step *st, const struct ev_part_arrived *ev)
{
    struct rec_row_workorder r;
    struct ev_board_changed out = {.workorder = ev->workorder,
                                   .from = board_state_waiting_parts,
                                   .to = board_state_in_repair,
                                   .by = ev->person};
    enum err e = paper_get(st, &dispatch_workorder, shape_ev_board_changed(), &out, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    bool waits = r.board == board_state_waiting_parts && is_waited_for(ev, r.part_request);
    if (!waits || r.item_pending.n || st->in->occurred < r.since) return ERR_STALE;
    return paper_act(st, &dispatch_workorder, EV_board_changed, &out);
}

static enum err job(struct step *st, const struct ev_part_arrived *ev)
{
    struct job j;
    uint8_t no = ev->job ? (uint8_t)ev->job : JOB_FIRST;
    enum err e = dispatch_job_load(st, ev->call_no, no, &j);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    bool waits = j.r.paused_at && j.r.paused_at <= st->in->occurred;
    if (!waits || !is_waited_for(ev, j.r.part_request)) return ERR_STALE;
    struct ev_job_resumed out = {.call_no = ev->call_no, .job = ev->job};
    st->rule = "DSP-019";
    step_emit(st, EV_job_resumed, &out);
    e = dispatch_site_on_resumed(st, &out, &j);
    if (e == ERR_OK) e = dispatch_clock_run(st, &j, EV_job_resumed, &out);
    if (e == ERR_OK) dispatch_job_save(st, &j);
    return e;
}

enum err dispatch_parts_arrived(struct step *st, const struct ev_part_arrived *ev)
{
    enum err e = ev->workorder.n ? board(st, ev) : ERR_STALE;
    if (e != ERR_OK && e != ERR_STALE) return e;
    enum err resumed = ev->call_no.n ? job(st, ev) : ERR_STALE;
    return resumed == ERR_STALE ? e : resumed;
}
