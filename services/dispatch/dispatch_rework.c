/* dispatch_rework.c - rework slips 返修單, internal and external. Rule DSP-062. */
#include "services/dispatch/dispatch_private.h"
#include <string.h>

static enum err workorder_get(struct step *st, struct str no, struct rec_row_workorder *out)
{
    struct key k = key_of(no);
    return step_get(st, dispatch_workorder.table, &k, out);
}

/* Finished work goes back to the bench, on the board too. */
static enum err take_up_again(struct step *st, struct str no, struct rec_row_workorder *w)
{
    if (w->board != board_state_finished) return ERR_OK;
    enum err e = dispatch_board_check_time(st, w);
    if (e != ERR_OK) return e;
    dispatch_board_move(w, board_state_in_repair, st->in->occurred);
    struct key k = key_of(no);
    step_put(st, dispatch_workorder.table, &k, w);
    return ERR_OK;
}

/* Internal is what is found before the hand-over, external what is found after it. */
static enum err of_workorder(struct step *st, const struct ev_rework_opened *ev,
                             struct rec_row_rework *r)
{
    struct rec_row_workorder w;
    enum err e = workorder_get(st, ev->workorder, &w);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "workorder",
                           "there is no repair order %.*s here; leave the field out when the "
                           "slip belongs to a call",
                           STR_ARG(ev->workorder));
    }
    if (e != ERR_OK) return e;
    bool in_shop = w.state == vehicle_state_in_shop;
    enum rework_kind kind = in_shop ? rework_kind_internal : rework_kind_external;
    if (ev->kind != rework_kind_none && ev->kind != kind) {
        return step_refuse(st, "kind", "kind", "the vehicle %s, so the rework is %s",
                           in_shop ? "has not been handed over yet" : "has been handed over",
                           code_label(&codes_rework_kind, kind));
    }
    r->kind = kind;
    return in_shop ? take_up_again(st, ev->workorder, &w) : ERR_OK;
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_rework_opened *ev = payload;
    struct rec_row_rework *r = ((struct paper_at *)row)->row;
    if (ev->workorder.n) return of_workorder(st, ev, r);
    if (ev->kind != rework_kind_none) return ERR_OK;
    return step_refuse(st, "missing", "kind",
                       "without a repair order nobody knows whether this was found before the "
                       "hand-over (internal) or after it (external); say which");
}

/* What the slip has to say, both kinds or the internal one alone. */
static const struct {
    const char *field;
    size_t offset; /* of a text of the row */
    bool internal;
} slip_fields[] = {
    {"cause", offsetof(struct rec_row_rework, cause), false},
    {"responsible", offsetof(struct rec_row_rework, responsible), false},
    {"measures", offsetof(struct rec_row_rework, measures), false},
    {"handling", offsetof(struct rec_row_rework, handling), true},
};

/* The signatures are given for a whole slip. */
static enum err on_done(struct step *st, const void *payload, void *row)
{
    (void)payload;
    const struct rec_row_rework *r = ((const struct paper_at *)row)->row;
    for (size_t i = 0; i < COUNT_OF(slip_fields); i++) {
        struct str said;
        memcpy(&said, (const char *)r + slip_fields[i].offset, sizeof said);
        bool owed = !slip_fields[i].internal || r->kind == rework_kind_internal;
        if (said.n || !owed) continue;
        return step_refuse(st, "incomplete", slip_fields[i].field,
                           "the %s slip has to say %s before it is signed; give it with this fact",
                           code_label(&codes_rework_kind, r->kind), slip_fields[i].field);
    }
    return ERR_OK;
}

static enum err on_closed(struct step *st, const void *payload, void *row)
{
    (void)row;
    if (!((const struct ev_rework_closed *)payload)->fee || !st->policy->keys.rework_free) {
        return ERR_OK;
    }
    return step_refuse(st, "rework_free", "fee", "rework is free of charge; leave the fee out");
}

/* Which signature comes second is fixed by the order of the slip (dispatch section 13); a slip
 * is done only with its fields and closes only with both. */
static const struct transition rework_rows[] = {
    {EV_rework_opened, PAPER_NEW, rework_state_opened, on_opened, "DSP-062"},
    {EV_rework_done, IN(rework_state_opened), rework_state_done, on_done, "DSP-062"},
    {EV_rework_technical_signed, IN(rework_state_done), rework_state_technical_signed, NULL,
     "DSP-062"},
    {EV_rework_service_signed, IN(rework_state_technical_signed), rework_state_service_signed, NULL,
     "DSP-062"},
    {EV_rework_closed, IN(rework_state_service_signed), rework_state_closed, on_closed, "DSP-062"},
};

const struct paper dispatch_rework = {.name = "rework",
                                      .label = "rework slip 返修單",
                                      .table = &dispatch_tables[DISPATCH_REWORK],
                                      .states = &codes_rework_state,
                                      .keys = {"rework_no"},
                                      PAPER_ROWS(rework_rows)};

#define NUMBERS_MAX 1000u

enum err dispatch_rework_open(struct step *st, struct str base, uint64_t n,
                              struct ev_rework_opened *slip)
{
    for (uint64_t end = n + NUMBERS_MAX; n < end; n++) {
        struct rec_row_rework taken;
        slip->rework_no =
            arena_printf(st->arena, "%.*s-R%llu", STR_ARG(base), (unsigned long long)n);
        enum err e = paper_get(st, &dispatch_rework, shape_ev_rework_opened(), slip, &taken);
        if (e == ERR_NOT_FOUND) return paper_act(st, &dispatch_rework, EV_rework_opened, slip);
        if (e != ERR_OK) return e;
    }
    return step_refuse(st, "too_many", "", "no number is left for the rework slip");
}
