/* complaint_slip.c - papers beside the case: anomaly slips 異常處理單, special reports 簽呈,
 * improvements 改善.
 *
 * A slip takes the place of a complaint without loss; if a loss shows later the complaint names the
 * slip and the slip the complaint. Rules CMP-002, CMP-007, CMP-045, CMP-048, CMP-049, CMP-114. */
#include "services/complaint/complaint_private.h"

static struct complaint_counted case_counted(const struct complaint *c)
{
    return (struct complaint_counted){COMPLAINT_IS_CASE, c->r.unit, c->no, c->r.category,
                                      c->r.received_at};
}

/* ---- anomaly slips (CMP-002) ---- */

/* The case ends without a number; the customer has been told why. */
static enum err end_case(struct step *st, const struct ev_anomaly_slip_filed *ev)
{
    struct complaint c;
    enum err e = complaint_find(st, ev->case_no, "case_no", &c);
    if (e != ERR_OK) return e;
    if (c.r.state != complaint_state_received) {
        return step_refuse(st, "state", "case_no",
                           "complaint %.*s is %s; only before its form is filed it may turn out "
                           "to be without loss",
                           STR_ARG(c.no), code_word(&codes_complaint_state, c.r.state));
    }
    if (ev->answer.n == 0) {
        st->rule = "CMP-007";
        return step_refuse(st, "missing", "answer",
                           "what was the customer told? Every complaint gets an answer 件件有回音");
    }
    int64_t at_ms = step_occurred(st);
    struct deadline_ctx ctx = complaint_clock_ctx(st, &c, c.r.unit, at_ms);
    c.r.state = complaint_state_no_loss;
    c.r.anomaly_no = ev->anomaly_no;
    c.r.replied_at = at_ms;
    c.r.closed_at = at_ms;
    e = deadline_stop(st, &complaint_clock_rows[COMPLAINT_CLOCK_FORM], &ctx);
    if (e == ERR_OK) e = complaint_pass(st, &c, NULL, (struct str){0}, at_ms);
    struct complaint_counted what = case_counted(&c);
    if (e == ERR_OK) e = complaint_figures_note(st, &what, COMPLAINT_WITHDRAWN, at_ms);
    if (e == ERR_OK) e = complaint_keep_until(st, "complaint", c.no, c.r.unit, &c.r.keep_until);
    if (e == ERR_OK) complaint_put(st, &c);
    return e;
}

static enum err on_slip_filed(struct step *st, const void *payload, void *row)
{
    const struct ev_anomaly_slip_filed *ev = payload;
    struct rec_row_anomaly *r = ((struct paper_at *)row)->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK || ev->case_no.n == 0) return e;
    r->from_case = ev->case_no;
    return end_case(st, ev);
}

static enum err on_improved(struct step *st, const void *payload, void *row)
{
    (void)row;
    return complaint_may(st, ((const struct ev_anomaly_improved *)payload)->by_unit);
}

static enum err on_converted(struct step *st, const void *payload, void *row)
{
    const struct ev_anomaly_converted *ev = payload;
    struct rec_row_anomaly *r = ((struct paper_at *)row)->row;
    struct complaint c;
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK) e = complaint_find(st, ev->case_no, "case_no", &c);
    if (e != ERR_OK) return e;
    if (!str_eq(c.r.anomaly_no, ev->anomaly_no) || c.r.state == complaint_state_no_loss) {
        return step_refuse(st, "link", "case_no",
                           "complaint %.*s did not grow from slip %.*s; open one that names it "
                           "(complaint.received, anomaly_no)",
                           STR_ARG(c.no), STR_ARG(ev->anomaly_no));
    }
    r->to_case = c.no;
    return ERR_OK;
}

enum err complaint_slip_check(struct step *st, const struct complaint *c)
{
    struct key k = key_of(c->r.anomaly_no);
    struct rec_row_anomaly slip;
    enum err e = step_get(st, COMPLAINT_TABLE(ANOMALY), &k, &slip);
    st->rule = "CMP-002";
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "anomaly_no",
                           "there is no anomaly slip 異常處理單 %.*s (anomaly.slip_filed)",
                           STR_ARG(c->r.anomaly_no));
    }
    if (e != ERR_OK || slip.to_case.n == 0) return e;
    return step_refuse(st, "link", "anomaly_no", "slip %.*s became complaint %.*s already",
                       STR_ARG(c->r.anomaly_no), STR_ARG(slip.to_case));
}

static const struct transition anomaly_rows[] = {
    {EV_anomaly_slip_filed, PAPER_NEW, anomaly_state_filed, on_slip_filed, "CMP-002"},
    {EV_anomaly_improved, IN(anomaly_state_filed), anomaly_state_improved, on_improved, "CMP-002"},
    {EV_anomaly_converted, IN(anomaly_state_filed), anomaly_state_converted, on_converted,
     "CMP-002"},
};

static const struct deadline_row anomaly_clocks[] = {
    {.name = "anomaly.improve",
     .rule = "CMP-002",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_anomaly_slip_filed},
     .stop = {EV_anomaly_improved, EV_anomaly_converted}},
};

const struct paper complaint_anomaly = {.name = "anomaly",
                                        .label = "anomaly slip 異常處理單",
                                        .table = COMPLAINT_TABLE(ANOMALY),
                                        .states = &codes_anomaly_state,
                                        .keys = {"anomaly_no"},
                                        PAPER_ROWS(anomaly_rows),
                                        PAPER_CLOCKS(anomaly_clocks)};

/* ---- special reports 簽呈 (CMP-048, CMP-049) ---- */

/* The clock stands still for one where complaint.pause_reasons has this word. */
#define REASON "petition"

static enum err hold_clock(struct step *st, struct complaint *c, struct rec_row_petition *r)
{
    static const uint32_t under_way =
        IN(complaint_state_accepted) | IN(complaint_state_relay) | IN(complaint_state_decision) |
        IN(complaint_state_negotiating) | IN(complaint_state_final_opinion);
    struct ev_complaint_paused ev = {.case_no = c->no, .reason = STR(REASON)};
    bool may = words_have(st->policy->complaint.pause_reasons, ev.reason);
    if (!may || c->r.paused_at || !(under_way & IN(c->r.state))) return ERR_OK;
    r->stops = true;
    enum err e = complaint_relay_on_paused(st, &ev, c);
    if (e == ERR_OK) complaint_put(st, c);
    return e;
}

static enum err let_go(struct step *st, const struct rec_row_petition *r)
{
    struct complaint c;
    if (!r->stops) return ERR_OK;
    enum err e = complaint_find(st, r->case_no, "petition_no", &c);
    if (e != ERR_OK || !c.r.paused_at) return e;
    e = complaint_relay_on_resumed(st, NULL, &c);
    if (e == ERR_OK) complaint_put(st, &c);
    return e;
}

static enum err on_petition(struct step *st, const void *payload, void *row)
{
    const struct ev_petition_filed *ev = payload;
    struct complaint c;
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK) e = complaint_find(st, ev->case_no, "case_no", &c);
    if (e != ERR_OK) return e;
    if (c.r.closed_at) {
        return step_refuse(st, "state", "case_no",
                           "complaint %.*s is %s; an objection 簽呈 comes before the end",
                           STR_ARG(c.no), code_word(&codes_complaint_state, c.r.state));
    }
    if (ev->kind != petition_by_customer || c.r.state == complaint_state_not_established)
        return hold_clock(st, &c, ((struct paper_at *)row)->row);
    st->rule = "CMP-049";
    return step_refuse(st, "state", "kind",
                       "the customer objects to a complaint that does not stand "
                       "(complaint.not_established); a decision he refuses is submitted again "
                       "(complaint.resubmitted)");
}

static enum err on_ruled(struct step *st, const void *payload, void *row)
{
    enum err e = complaint_may(st, ((const struct ev_petition_ruled *)payload)->by_unit);
    return e == ERR_OK ? let_go(st, ((const struct paper_at *)row)->row) : e;
}

static const struct transition petition_rows[] = {
    {EV_petition_filed, PAPER_NEW, petition_state_filed, on_petition, "CMP-048"},
    {EV_petition_ruled, IN(petition_state_filed), petition_state_ruled, on_ruled, "CMP-048"},
};

const struct paper complaint_petition = {.name = "petition",
                                         .label = "special report 簽呈",
                                         .table = COMPLAINT_TABLE(PETITION),
                                         .states = &codes_petition_state,
                                         .keys = {"petition_no"},
                                         PAPER_ROWS(petition_rows)};

/* ---- improvements (CMP-045, CMP-114) ---- */

/* The case is not archived before all of them are verified. */
static enum err count_open(struct step *st, struct str case_no, bool more)
{
    return case_no.n ? complaint_money_improvement(st, case_no, more ? 1 : -1) : ERR_OK;
}

static enum err check_target(struct step *st, int32_t due)
{
    if (due) return ERR_OK;
    return step_refuse(st, "missing", "due",
                       "until when? An improvement that is tracked has a target date");
}

/* A human oversight is exempt, and nothing else is. */
static enum err check_exempt(struct step *st, const struct complaint *c)
{
    if (c->no.n && c->r.cause_class == complaint_cause_non_quality) return ERR_OK;
    return step_refuse(st, "not_exempt", "exempt",
                       "only the improvement of a human oversight 人為疏忽 is exempt: a complaint "
                       "whose cause_class is non_quality");
}

/* A typical problem becomes a project of its own issue (CMP-114). */
static enum err check_issue(struct step *st, struct str quality_no)
{
    struct rec_row_quality issue;
    return quality_no.n ? complaint_quality_find(st, quality_no, "quality_no", &issue) : ERR_OK;
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_improvement_opened *ev = payload;
    struct rec_row_improvement *r = ((struct paper_at *)row)->row;
    struct complaint c = {0};
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK && ev->case_no.n) e = complaint_find(st, ev->case_no, "case_no", &c);
    if (e == ERR_OK) e = check_issue(st, ev->quality_no);
    if (e != ERR_OK) return e;
    r->case_no = c.no;
    if (ev->exempt != yes_no_yes) {
        e = check_target(st, ev->due);
        return e == ERR_OK ? count_open(st, c.no, true) : e;
    }
    r->state = improvement_state_exempt;
    r->due = 0;
    ((struct paper_at *)row)->given_ms = 0;
    return check_exempt(st, &c);
}

static enum err on_handed_out(struct step *st, const void *payload, void *row)
{
    (void)row;
    return complaint_may(st, ((const struct ev_improvement_handed_out *)payload)->by_unit);
}

static enum err on_done(struct step *st, const void *payload, void *row)
{
    (void)row;
    return complaint_may(st, ((const struct ev_improvement_done *)payload)->by_unit);
}

static enum err on_effect(struct step *st, const void *payload, void *row)
{
    const struct ev_improvement_effect_confirmed *ev = payload;
    struct rec_row_improvement *r = ((struct paper_at *)row)->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    if (ev->effective == yes_no_yes) return count_open(st, r->case_no, false);
    r->state = improvement_state_executing;
    return check_target(st, ev->due);
}

static const struct transition improvement_rows[] = {
    {EV_improvement_opened, PAPER_NEW, improvement_state_opened, on_opened, "CMP-045"},
    {EV_improvement_handed_out, IN(improvement_state_opened), improvement_state_executing,
     on_handed_out, "CMP-045"},
    {EV_improvement_done, IN(improvement_state_opened) | IN(improvement_state_executing),
     improvement_state_done, on_done, "CMP-045"},
    {EV_improvement_effect_confirmed, IN(improvement_state_done),
     improvement_state_effect_confirmed, on_effect, "CMP-045"},
};

static bool goes_on(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    const struct rec_row_improvement *r = c->row;
    return r->state == improvement_state_opened || r->state == improvement_state_executing;
}

static const struct deadline_row improvement_clocks[] = {
    {.name = "improvement.target",
     .rule = "CMP-045",
     .from = FROM_START,
     .due = DUE_GIVEN,
     .start = {EV_improvement_opened, EV_improvement_effect_confirmed},
     .stop = {EV_improvement_done},
     .starts = goes_on},
};

const struct paper complaint_improvement = {.name = "improvement",
                                            .label = "improvement 改善",
                                            .table = COMPLAINT_TABLE(IMPROVEMENT),
                                            .states = &codes_improvement_state,
                                            .keys = {"improvement_no"},
                                            PAPER_ROWS(improvement_rows),
                                            PAPER_CLOCKS(improvement_clocks)};
