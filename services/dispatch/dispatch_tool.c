/* dispatch_tool.c - special tools 維修專用工具: one borrower at a time, back by the closing of the
 * same working day. Rule DSP-061. */
#include "services/dispatch/dispatch_private.h"

/* What is lent after the closing is due at the next one. */
static enum err on_lent(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct paper_at *a = row;
    const struct rec_row_tool *r = a->row;
    const struct calendar *cal = step_calendar(st, r->unit, NULL);
    int32_t day = calendar_register_day(cal, st->in->occurred);
    if (day != INT32_MAX) a->given_ms = calendar_close_of(cal, day);
    return ERR_OK;
}

static enum err on_lent_out(struct step *st, const void *payload, void *row)
{
    const struct rec_row_tool *r = ((struct paper_at *)row)->row;
    struct key k = key_of(((const struct ev_tool_lent *)payload)->tool);
    struct rec_row_tool now = *r;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_TOOL], &k, &now);
    if (e != ERR_OK) return e;
    return step_refuse(st, "lent", "tool",
                       "%.*s has it; one borrower at a time, report tool.returned first",
                       STR_ARG(now.person));
}

static const struct transition rows[] = {
    {EV_tool_lent, PAPER_NEW | IN(tool_state_returned), tool_state_lent, on_lent, "DSP-061"},
    {EV_tool_lent, IN(tool_state_lent), 0, on_lent_out, "DSP-061"},
    {EV_tool_returned, IN(tool_state_lent), tool_state_returned, NULL, "DSP-061"},
};

static const struct deadline_row clocks[] = {
    {.name = "tool.return",
     .rule = "DSP-061",
     .from = FROM_OCCURRED,
     .due = DUE_GIVEN,
     .start = {EV_tool_lent},
     .stop = {EV_tool_returned}},
};

const struct paper dispatch_tool = {.name = "tool",
                                    .label = "special tool 維修專用工具",
                                    .table = &dispatch_tables[DISPATCH_TOOL],
                                    .states = &codes_tool_state,
                                    .keys = {"tool"},
                                    PAPER_ROWS(rows),
                                    PAPER_CLOCKS(clocks)};
