/* dispatch_board.c - the status board 維修狀態看板 of a repair order: exactly six states, how they
 * follow each other (dispatch section 13), the time spent in each, changes of items that wait for
 * the customer's consent.
 *
 * An added item waits in 等待答復; nothing but the customer's answer moves it out of there. From
 * 完工 nothing goes back but by a failed inspection or a rework slip. Rules DSP-056, DSP-057. */
#include "services/dispatch/dispatch_private.h"

#define B(state) IN(board_state_##state)
#define WAITS (B(waiting_parts) | B(machining) | B(waiting_reply) | B(stopped))

/* Where it may come from. */
static const uint32_t board_from[] = {
    [board_state_in_repair] = WAITS,
    [board_state_waiting_parts] = (B(in_repair) | WAITS) & ~B(waiting_parts),
    [board_state_machining] = (B(in_repair) | WAITS) & ~B(machining),
    [board_state_waiting_reply] = (B(in_repair) | WAITS) & ~B(waiting_reply),
    [board_state_stopped] = (B(in_repair) | WAITS) & ~B(stopped),
    [board_state_finished] = B(in_repair) | B(machining),
};

/* ---- moving ---- */

static uint64_t *time_in(struct rec_row_workorder *r)
{
    switch (r->board) {
    case board_state_in_repair:
        return &r->in_repair_ms;
    case board_state_waiting_parts:
        return &r->waiting_parts_ms;
    case board_state_machining:
        return &r->machining_ms;
    case board_state_waiting_reply:
        return &r->waiting_reply_ms;
    case board_state_stopped:
        return &r->stopped_ms;
    case board_state_finished:
        return &r->finished_ms;
    case board_state_none:
        break;
    }
    return NULL;
}

void dispatch_board_move(struct rec_row_workorder *r, enum board_state to, int64_t at_ms)
{
    uint64_t *sum = time_in(r);
    REQUIRE(sum != NULL);
    if (at_ms > r->since) *sum += (uint64_t)(at_ms - r->since);
    if (to == board_state_finished && r->board != to) r->result = exit_result_none;
    r->board = to;
    r->since = at_ms;
}

enum err dispatch_board_check_time(struct step *st, const struct rec_row_workorder *r)
{
    if (st->in->occurred >= r->since) return ERR_OK;
    char since[40];
    time_format(r->since, step_zone(st, r->unit), since);
    return step_refuse(st, "before_change", "time",
                       "the repair order stands at %s since %s; what comes next happened later",
                       code_label(&codes_board_state, r->board), since);
}

/* ---- board.changed (DSP-056) ---- */

/* What a state has to say when it is entered. */
static enum err check_reason(struct step *st, const struct ev_board_changed *ev)
{
    if (ev->to == board_state_waiting_parts && !ev->part_request.n) {
        return step_refuse(st, "missing", "part_request",
                           "待料 needs the number of the part request it waits for");
    }
    if (ev->to == board_state_waiting_reply && (!ev->question.n || !ev->person.n)) {
        return step_refuse(st, "missing", ev->question.n ? "person" : "question",
                           "等待答復 needs a question and the name of the person who is asked");
    }
    if (ev->to == board_state_stopped && !ev->reason.n)
        return step_refuse(st, "missing", "reason", "停工 needs a reason");
    return ERR_OK;
}

static enum err check_move(struct step *st, const struct rec_row_workorder *r,
                           const struct ev_board_changed *ev)
{
    if (ev->from != board_state_none && ev->from != r->board) {
        return step_refuse(st, "not_from", "from", "the repair order stands at %s and not at %s",
                           code_label(&codes_board_state, r->board),
                           code_label(&codes_board_state, ev->from));
    }
    if (r->item_pending.n) {
        st->rule = "DSP-057";
        return step_refuse(st, "consent_missing", "to",
                           "the added item %.*s waits for the customer's consent; report "
                           "board.answered",
                           STR_ARG(r->item_pending));
    }
    if (board_from[ev->to] & IN(r->board)) return ERR_OK;
    return step_refuse(st, "board", "to",
                       r->board == board_state_finished
                           ? "%s goes back only by a failed exit inspection or a rework slip, not "
                             "to %s"
                           : "from %s the board does not go to %s",
                       code_label(&codes_board_state, r->board),
                       code_label(&codes_board_state, ev->to));
}

enum err dispatch_board_on_changed(struct step *st, const void *payload, void *row)
{
    const struct ev_board_changed *ev = payload;
    struct rec_row_workorder *r = ((struct paper_at *)row)->row;
    enum err e = check_move(st, r, ev);
    if (e == ERR_OK) e = check_reason(st, ev);
    if (e == ERR_OK) e = dispatch_board_check_time(st, r);
    if (e == ERR_OK) dispatch_board_move(r, ev->to, st->in->occurred);
    return e;
}

/* ---- items and answers (DSP-057) ---- */

enum err dispatch_board_on_item_changed(struct step *st, const void *payload, void *row)
{
    const struct ev_workorder_item_changed *ev = payload;
    struct rec_row_workorder *r = ((struct paper_at *)row)->row;
    if (!ev->old.n && !ev->new.n) {
        return step_refuse(st, "missing", "new",
                           "say which item is added, which one falls away, or both");
    }
    if (r->board == board_state_finished) {
        return step_refuse(st, "finished", "workorder",
                           "the work is finished 完工; what is to be done now needs a repair order "
                           "of its own");
    }
    r->items_changed++;
    if (ev->old.n || ev->consent_by.n) return ERR_OK;
    if (r->item_pending.n) {
        return step_refuse(st, "consent_missing", "new",
                           "the added item %.*s still waits for the customer's consent; report "
                           "board.answered first",
                           STR_ARG(r->item_pending));
    }
    enum err e = dispatch_board_check_time(st, r);
    if (e != ERR_OK) return e;
    r->item_pending = r->question = ev->new;
    r->person = r->adviser; /* who gets the consent */
    if (r->board != board_state_waiting_reply)
        dispatch_board_move(r, board_state_waiting_reply, st->in->occurred);
    return ERR_OK;
}

enum err dispatch_board_on_answered(struct step *st, const void *payload, void *row)
{
    const struct ev_board_answered *ev = payload;
    struct rec_row_workorder *r = ((struct paper_at *)row)->row;
    if (r->board != board_state_waiting_reply) {
        return step_refuse(st, "nothing_asked", "workorder",
                           "the repair order stands at %s and waits for no answer",
                           code_label(&codes_board_state, r->board));
    }
    if (r->item_pending.n && ev->consent == yes_no_none) {
        return step_refuse(st, "missing", "consent",
                           "the added item %.*s waits; say whether the customer agrees to it",
                           STR_ARG(r->item_pending));
    }
    enum err e = dispatch_board_check_time(st, r);
    if (e != ERR_OK) return e;
    r->item_pending = (struct str){0};
    dispatch_board_move(r, board_state_in_repair, st->in->occurred);
    return ERR_OK;
}
