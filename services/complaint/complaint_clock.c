/* complaint_clock.c - the deadlines of a case (complaint appendix 2).
 *
 * Those of the steps of the relay have their names in the policy (`steps: deadline`); they are
 * armed and stopped where the form passes on (complaint_relay.c). The others are rows here. */
#include "services/complaint/complaint_private.h"
#include <string.h>

static bool is_goods(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_complaint *)c->row)->kind == complaint_kind_goods;
}

/* It became major now: nobody has reported it, and its clock does not run yet. */
static bool is_major(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    const struct rec_row_complaint *r = c->row;
    struct rec_row_deadline d;
    if (r->severity != severity_major || r->major_at) return false;
    enum err e =
        deadline_get(st, c->case_no, 0, complaint_clock_rows[COMPLAINT_CLOCK_MAJOR].name, &d);
    return e != ERR_OK || d.end != deadline_end_open;
}

/* It is reported, or it is not major after all. */
static bool is_not_major(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    const struct rec_row_complaint *r = c->row;
    return st->type->kind == EV_complaint_major_reported || r->severity != severity_major;
}

/* CMP-040: steps of the route that come after the negotiation take the place of this one. */
static bool has_no_late_steps(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)c, (void)payload;
    for (uint32_t i = 0; i < st->policy->step_count; i++) {
        if (st->policy->steps[i].late) return false;
    }
    return true;
}

#define ROW(name_, rule_)                                                                          \
    .name = "complaint." name_, .rule = rule_, .from = FROM_START, .due = DUE_SETTING
const struct deadline_row complaint_clock_rows[COMPLAINT_CLOCKS] = {
    [COMPLAINT_CLOCK_FORM] = {ROW("form_filing", "CMP-022"),
                              .start = {EV_complaint_received, EV_complaint_investigated},
                              .stop = {EV_complaint_form_filed, EV_complaint_invalidated},
                              .starts = is_goods},
    [COMPLAINT_CLOCK_JOINT] = {ROW("joint_notify", "CMP-025"),
                               .start = {EV_complaint_joint_inspection_needed},
                               .stop = {EV_complaint_joint_inspection_requested,
                                        EV_complaint_invalidated}},
    [COMPLAINT_CLOCK_REPORT] = {ROW("investigation_report", "CMP-027"),
                                .start = {EV_complaint_investigated},
                                .stop = {EV_complaint_report_submitted}},
    [COMPLAINT_CLOCK_REGISTER] = {ROW("gmo_register", "CMP-036"), .start = {EV_complaint_accepted},
                                  .stop = {EV_complaint_registered, EV_complaint_invalidated}},
    [COMPLAINT_CLOCK_NEGOTIATION] = {ROW("negotiation_start", "CMP-040"),
                                     .start = {EV_complaint_decision_returned},
                                     .stop = {EV_complaint_customer_contacted}},
    [COMPLAINT_CLOCK_FINAL] = {ROW("gmo_final_opinion", "CMP-041"),
                               .start = {EV_complaint_result_reviewed},
                               .stop = {EV_complaint_final_opinion_done},
                               .starts = has_no_late_steps},
    [COMPLAINT_CLOCK_TOTAL] = {ROW("total", "CMP-051"), .start = {EV_complaint_accepted},
                               .stop = {EV_complaint_closed, EV_complaint_resubmitted}},
    [COMPLAINT_CLOCK_MAJOR] = {ROW("major_report", "CMP-014"),
                               .start = {EV_complaint_received, EV_complaint_severity_set},
                               .stop = {EV_complaint_major_reported, EV_complaint_severity_set},
                               .starts = is_major, .stops = is_not_major},
    [COMPLAINT_CLOCK_VISIT] = {ROW("visit", "CMP-031"), .start = {EV_complaint_received},
                               .stop = {EV_complaint_visited}},
    [COMPLAINT_CLOCK_CALLBACK] = {ROW("callback", "CMP-019"), .start = {EV_complaint_closed},
                                  .stop = {EV_complaint_called_back}},
};

/* Whose clock it is; NULL: the service centre's. */
static const char *const departments[COMPLAINT_CLOCKS] = {
    [COMPLAINT_CLOCK_FORM] = "business", [COMPLAINT_CLOCK_JOINT] = "business",
    [COMPLAINT_CLOCK_REPORT] = "qa",     [COMPLAINT_CLOCK_REGISTER] = "gmo",
    [COMPLAINT_CLOCK_FINAL] = "gmo",     [COMPLAINT_CLOCK_NEGOTIATION] = "business",
    [COMPLAINT_CLOCK_TOTAL] = "gmo",
};

struct deadline_ctx complaint_clock_ctx(struct step *st, const struct complaint *c, struct str unit,
                                        int64_t start_ms)
{
    return (struct deadline_ctx){.case_no = complaint_case_of(st, c->no),
                                 .unit = unit,
                                 .occurred_ms = step_occurred(st),
                                 .start_ms = start_ms,
                                 .row = &c->r,
                                 .foreign = c->r.market == market_foreign};
}

struct deadline_row complaint_clock_of(const struct relay_step *s)
{
    return (struct deadline_row){
        .name = s->deadline.p, .rule = "CMP-036", .from = FROM_START, .due = DUE_SETTING};
}

/* The clocks of the complaint itself run from when the customer complained. */
static int64_t start_of(const struct step *st, const struct complaint *c, enum event_kind kind)
{
    return kind == EV_complaint_received ? c->r.received_at : step_occurred(st);
}

static struct str unit_of(struct step *st, const struct complaint *c, int clock,
                          enum event_kind kind, const void *payload)
{
    struct str unit = departments[clock] ? complaint_department(st, departments[clock]) : c->r.unit;
    if (clock == COMPLAINT_CLOCK_REPORT && kind == EV_complaint_investigated) {
        const struct ev_complaint_investigated *ev = payload; /* who inspected reports (CMP-027) */
        unit = ev->by_unit.n ? ev->by_unit : st->in->source;
    }
    return unit.n ? unit : c->r.unit;
}

enum err complaint_clock_run(struct step *st, const struct complaint *c, enum event_kind kind,
                             const void *payload)
{
    enum err e = ERR_OK;
    for (int i = 0; e == ERR_OK && i < COMPLAINT_CLOCKS; i++) {
        struct str unit = unit_of(st, c, i, kind, payload);
        struct deadline_ctx ctx = complaint_clock_ctx(st, c, unit, start_of(st, c, kind));
        e = deadline_run(st, &complaint_clock_rows[i], 1, kind, &ctx, payload);
    }
    return e;
}

#define PREFIX "complaint/"

enum err complaint_clock_address(struct step *st, struct passed *what)
{
    struct complaint c;
    uint32_t n = (uint32_t)sizeof PREFIX - 1;
    if (!str_is(what->name, complaint_clock_rows[COMPLAINT_CLOCK_TOTAL].name)) return ERR_OK;
    if (what->case_no.n <= n || memcmp(what->case_no.p, PREFIX, n) != 0) return ERR_CORRUPT;
    struct str no = {what->case_no.p + n, what->case_no.n - n};
    enum err e = complaint_get(st, arena_str(st->arena, no), &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (c.r.holder.n) what->unit = c.r.holder;
    return ERR_OK;
}
