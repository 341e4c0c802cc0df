/* dispatch_workorder.c - a vehicle in the shop: reception sheet 維修接車單, repair order
 * 維修委託書, exit inspection, settlement, hand-over. The board of a repair order is in
 * dispatch_board.c.
 *
 * A repair order is open from its signature to the hand-over; its place on the board is a field of
 * its own, because the board has exactly six states and the hand-over is none of them. Rules
 * INT-067…INT-069, DSP-056…DSP-060. */
#include "services/dispatch/dispatch_private.h"

#define IN_SHOP IN(vehicle_state_in_shop)
#define HANDED_OVER IN(vehicle_state_handed_over)

/* ---- reception (INT-067) ---- */

/* A stay begins with a sheet of its own: nothing is left of the stay before. */
static enum err on_received(struct step *st, const void *payload, void *row)
{
    const struct ev_vehicle_received *ev = payload;
    struct rec_row_vehicle *r = ((struct paper_at *)row)->row;
    *r = (struct rec_row_vehicle){.state = vehicle_state_in_shop,
                                  .unit = r->unit,
                                  .work = ev->work,
                                  .appointment = ev->appointment,
                                  .customer = ev->customer,
                                  .address = ev->address,
                                  .phone = ev->phone,
                                  .rescue_phone = ev->rescue_phone,
                                  .adviser = ev->adviser,
                                  .received_at = st->in->occurred};
    return ERR_OK;
}

static const struct transition vehicle_rows[] = {
    {EV_vehicle_received, PAPER_NEW | HANDED_OVER, vehicle_state_in_shop, on_received, "INT-067"},
};

const struct paper dispatch_vehicle = {.name = "vehicle",
                                       .label = "vehicle on a reception sheet 維修接車單",
                                       .table = &dispatch_tables[DISPATCH_VEHICLE],
                                       .states = &codes_vehicle_state,
                                       .keys = {"vehicle"},
                                       PAPER_ROWS(vehicle_rows)};

static enum err vehicle_get(struct step *st, struct str vehicle, struct rec_row_vehicle *out)
{
    struct key k = key_of(vehicle);
    return step_get(st, dispatch_vehicle.table, &k, out);
}

/* ---- the repair order (INT-068, INT-069) ---- */

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_workorder_opened *ev = payload;
    struct rec_row_workorder *r = ((struct paper_at *)row)->row;
    struct rec_row_vehicle v;
    enum err e = vehicle_get(st, ev->vehicle, &v);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND || v.state != vehicle_state_in_shop) {
        return step_refuse(st, "not_received", "vehicle",
                           "%.*s is not in the shop; write its reception sheet 維修接車單 first "
                           "(vehicle.received)",
                           STR_ARG(ev->vehicle));
    }
    if (st->policy->keys.workorder_signed && !ev->signed_by.n) {
        return step_refuse(st, "not_signed", "signed_by",
                           "the customer signs the repair order 維修委託書 before work begins; say "
                           "who signed");
    }
    if (r->work == work_kind_none) r->work = v.work;
    r->person = ev->adviser;
    r->board = board_state_in_repair;
    r->since = st->in->occurred;
    return ERR_OK;
}

/* ---- exit inspection (DSP-058, DSP-059) ---- */

static bool is_technician(const struct rec_row_workorder *r, struct str person)
{
    for (uint32_t i = 0; i < r->technicians.n; i++) {
        if (str_eq(r->technicians.v[i].name, person)) return true;
    }
    return false;
}

/* Name of the first field of the sheets this kind of work needs that was not said; NULL = all
 * there. */
static const char *sheet_lacks(const struct rec_row_workorder *r,
                               const struct ev_exit_inspected *ev)
{
    bool body = r->work == work_kind_body_paint, engine = r->engine == yes_no_yes;
    if (body && !ev->order_no.n) return "order_no";
    if ((body || engine) && !ev->plate.n) return "plate";
    if (body && !ev->day) return "day";
    if (engine && !ev->model.n) return "model";
    return engine && !ev->engine_no.n ? "engine_no" : NULL;
}

static enum err check_inspection(struct step *st, const struct rec_row_workorder *r,
                                 const struct ev_exit_inspected *ev)
{
    if (r->board != board_state_finished) {
        return step_refuse(
            st, "not_finished", "workorder",
            "the work stands at %s on the board; it is inspected when it is finished "
            "完工",
            code_label(&codes_board_state, r->board));
    }
    if (st->policy->keys.exit_inspector_differs && is_technician(r, ev->inspector)) {
        return step_refuse(st, "own_work", "inspector",
                           "%.*s repaired this vehicle; somebody else has to inspect it",
                           STR_ARG(ev->inspector));
    }
    const char *lacks = st->policy->keys.exit_sheets ? sheet_lacks(r, ev) : NULL;
    if (!lacks) return ERR_OK;
    st->rule = "DSP-059";
    return step_refuse(
        st, "sheet_incomplete", lacks, "%s goes with the inspection of this work and has to say %s",
        r->work == work_kind_body_paint ? "the 鈑噴車輛完工檢查單" : "the 發動機總成維修檢查記錄表",
        lacks);
}

/* DSP-058: what fails is reworked; its slip is numbered after the repair order. */
static enum err open_rework(struct step *st, const struct rec_row_workorder *r,
                            const struct ev_exit_inspected *ev)
{
    struct ev_rework_opened slip = {.workorder = ev->workorder,
                                    .kind = rework_kind_internal,
                                    .cause = ev->findings,
                                    .unit = r->unit};
    return dispatch_rework_open(st, ev->workorder, r->fails, &slip);
}

static enum err on_inspected(struct step *st, const void *payload, void *row)
{
    const struct ev_exit_inspected *ev = payload;
    struct rec_row_workorder *r = ((struct paper_at *)row)->row;
    enum err e = check_inspection(st, r, ev);
    if (e == ERR_OK) e = dispatch_board_check_time(st, r);
    if (e != ERR_OK || ev->result == exit_result_pass) return e;
    r->fails++;
    e = open_rework(st, r, ev);
    if (e == ERR_OK) dispatch_board_move(r, board_state_in_repair, st->in->occurred);
    return e;
}

/* ---- hand-over (DSP-058, DSP-060) ---- */

static enum err leave_shop(struct step *st, struct str vehicle)
{
    struct rec_row_vehicle v;
    enum err e = vehicle_get(st, vehicle, &v);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    v.state = vehicle_state_handed_over;
    v.handed_over_at = st->in->occurred;
    struct key k = key_of(vehicle);
    step_put(st, dispatch_vehicle.table, &k, &v);
    return ERR_OK;
}

static enum err on_handed_over(struct step *st, const void *payload, void *row)
{
    const struct ev_vehicle_handed_over *ev = payload;
    struct rec_row_workorder *r = ((struct paper_at *)row)->row;
    if (r->board != board_state_finished || r->result != exit_result_pass) {
        return step_refuse(st, "not_inspected", "workorder",
                           "a vehicle is handed over only after its work is finished 完工 and has "
                           "passed the exit inspection (exit.inspected)");
    }
    enum err e = dispatch_board_check_time(st, r);
    if (e != ERR_OK) return e;
    dispatch_board_move(r, board_state_finished, st->in->occurred);
    if (!r->settled_at) {
        struct ev_workorder_unsettled out = {.workorder = ev->workorder, .adviser = r->adviser};
        step_emit_as(st, "DSP-060", EV_workorder_unsettled, &out);
    }
    return leave_shop(st, r->vehicle);
}

/* ---- the paper ---- */

static const struct transition workorder_rows[] = {
    {EV_workorder_opened, PAPER_NEW, vehicle_state_in_shop, on_opened, "INT-069"},
    {EV_board_changed, IN_SHOP, 0, dispatch_board_on_changed, "DSP-056"},
    {EV_board_answered, IN_SHOP, 0, dispatch_board_on_answered, "DSP-057"},
    {EV_workorder_item_changed, IN_SHOP, 0, dispatch_board_on_item_changed, "DSP-057"},
    {EV_exit_inspected, IN_SHOP, 0, on_inspected, "DSP-058"},
    {EV_workorder_settled, IN_SHOP | HANDED_OVER, 0, NULL, "DSP-060"},
    {EV_vehicle_handed_over, IN_SHOP, vehicle_state_handed_over, on_handed_over, "DSP-058"},
};

/* It has just begun to wait for a reply. */
static bool reply_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    const struct rec_row_workorder *r = c->row;
    return r->board == board_state_waiting_reply && r->since == c->occurred_ms;
}

static bool reply_stops(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_workorder *)c->row)->board != board_state_waiting_reply;
}

static const struct deadline_row workorder_clocks[] = {
    {.name = "board.reply",
     .rule = "DSP-057",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_board_changed, EV_workorder_item_changed},
     .stop = {EV_board_changed, EV_board_answered},
     .starts = reply_starts,
     .stops = reply_stops},
};

const struct paper dispatch_workorder = {.name = "workorder",
                                         .label = "repair order 維修委託書",
                                         .table = &dispatch_tables[DISPATCH_WORKORDER],
                                         .states = &codes_vehicle_state,
                                         .keys = {"workorder"},
                                         PAPER_ROWS(workorder_rows),
                                         PAPER_CLOCKS(workorder_clocks)};
