/* intake_desk.c - papers of the liaison officer's desk 客戶聯絡員: order documents, abnormality
 * reports, special meetings, feedback from key projects, maintenance leads; and what the papers of
 * the desk share. Rules INT-010 (d, e), INT-054 … INT-056, INT-060. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

enum err intake_desk_call(struct step *st, struct str call_no, struct call *out)
{
    if (call_no.n == 0) return ERR_OK;
    enum err e = intake_call_get(st, call_no, out);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "call_unknown", "call_no",
                           "no call %.*s is in the register; send call.registered first",
                           STR_ARG(call_no));
    }
    if (e != ERR_OK || out->row.first.n == 0) return e;
    return step_refuse(st, "linked", "call_no", "call %.*s goes on as call %.*s; name that one",
                       STR_ARG(call_no), STR_ARG(out->row.first));
}

/* ---- order documents 隨機資料 (INT-055) ---- */

static const struct transition docs_rows[] = {
    {EV_docs_requested, PAPER_NEW | IN(docs_state_requested), docs_state_requested, NULL,
     "INT-055"},
    {EV_docs_delivered, IN(docs_state_requested), docs_state_delivered, NULL, "INT-055"},
};

static const struct deadline_row docs_clocks[] = {
    {.name = "docs.deliver",
     .rule = "INT-055",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_docs_requested},
     .stop = {EV_docs_delivered}},
};

const struct paper intake_docs = {.name = "docs",
                                  .label = "request for order documents 隨機資料",
                                  .table = INTAKE_TABLE(DOCS),
                                  .states = &codes_docs_state,
                                  .keys = {"order"},
                                  PAPER_ROWS(docs_rows),
                                  PAPER_CLOCKS(docs_clocks)};

/* ---- abnormality reports 產品異常信息報告 (INT-054) ---- */

#define LOGGED IN(abnormal_state_logged)
#define ASKED IN(abnormal_state_approval_requested)
#define APPROVED IN(abnormal_state_approved)
#define FORWARDED IN(abnormal_state_forwarded)

/* What is refused may be asked again; the audit of the report is kept by parts (PRT-062). */
static const struct transition abnormal_rows[] = {
    {EV_abnormal_logged, PAPER_NEW, abnormal_state_logged, NULL, "INT-054"},
    {EV_abnormal_approval_requested, LOGGED | IN(abnormal_state_refused),
     abnormal_state_approval_requested, NULL, "INT-054"},
    {EV_abnormal_approved, ASKED, abnormal_state_approved, NULL, "INT-054"},
    {EV_abnormal_refused, ASKED, abnormal_state_refused, NULL, "INT-054"},
    {EV_abnormal_forwarded, LOGGED | APPROVED, abnormal_state_forwarded, NULL, "INT-054"},
    {EV_abnormal_handled, FORWARDED, abnormal_state_handled, NULL, "INT-054"},
};

static const struct deadline_row abnormal_clocks[] = {
    {.name = "abnormal.approve",
     .rule = "INT-054",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_abnormal_approval_requested},
     .stop = {EV_abnormal_approved, EV_abnormal_refused}},
};

const struct paper intake_abnormal = {.name = "abnormal",
                                      .label = "abnormality report 產品異常信息報告",
                                      .table = INTAKE_TABLE(ABNORMAL),
                                      .states = &codes_abnormal_state,
                                      .keys = {"report_no"},
                                      PAPER_ROWS(abnormal_rows),
                                      PAPER_CLOCKS(abnormal_clocks)};

/* ---- special meetings 專題會議 (INT-010 e) ---- */

enum err intake_desk_met(struct step *st, struct str call_no, bool *out)
{
    struct rec_row_meeting row;
    struct key k = key_of(call_no);
    enum err e = step_get(st, INTAKE_TABLE(MEETING), &k, &row);
    *out = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err on_meeting(struct step *st, const void *payload, void *row)
{
    (void)row;
    const struct ev_call_meeting_called *ev = payload;
    struct call c;
    enum err e = intake_desk_call(st, ev->call_no, &c);
    if (e != ERR_OK) return e;
    if (intake_call_ended(&c)) {
        return step_refuse(st, "state", "call_no",
                           "call %.*s has ended; a meeting is called while it is open",
                           STR_ARG(ev->call_no));
    }
    if (c.row.disposition == disposition_meeting) return ERR_OK;
    return step_refuse(st, "not_for_meeting", "call_no",
                       "call %.*s is not disposed of by a special meeting; send call.disposed with "
                       "disposition meeting first",
                       STR_ARG(ev->call_no));
}

/* Called again: another day, another plan. */
static const struct transition meeting_rows[] = {
    {EV_call_meeting_called, PAPER_NEW | IN(meeting_state_called), meeting_state_called, on_meeting,
     "INT-010"},
};

const struct paper intake_meeting = {.name = "meeting",
                                     .label = "special meeting 專題會議",
                                     .table = INTAKE_TABLE(MEETING),
                                     .states = &codes_meeting_state,
                                     .keys = {"call_no"},
                                     PAPER_ROWS(meeting_rows)};

/* ---- feedback from key projects (INT-056) ---- */

static const struct transition feedback_rows[] = {
    {EV_project_feedback, PAPER_NEW, feedback_state_told, NULL, "INT-056"},
    {EV_project_feedback_answered, IN(feedback_state_told), feedback_state_answered, NULL,
     "INT-056"},
};

const struct paper intake_feedback = {.name = "feedback",
                                      .label = "feedback from a key project",
                                      .table = INTAKE_TABLE(FEEDBACK),
                                      .states = &codes_feedback_state,
                                      .keys = {"feedback_no"},
                                      PAPER_ROWS(feedback_rows)};

/* ---- maintenance leads (INT-060) ---- */

/* INT-087: it is verified by telephone like a VIP card. */
static enum err on_lead(struct step *st, const void *payload, void *row)
{
    const struct ev_maintenance_lead_registered *ev = payload;
    const struct paper_at *a = row;
    const struct rec_row_lead *lead = a->row;
    struct ev_followup_created out = {
        .ref = ev->lead_no, .unit = lead->unit, .customer = ev->customer};
    return intake_followup_create(st, followup_kind_maintenance, &out);
}

static const struct transition lead_rows[] = {
    {EV_maintenance_lead_registered, PAPER_NEW, lead_state_registered, on_lead, "INT-060"},
};

const struct paper intake_lead = {.name = "lead",
                                  .label = "maintenance lead 參與維保項目信息登記表",
                                  .table = INTAKE_TABLE(LEAD),
                                  .states = &codes_lead_state,
                                  .keys = {"lead_no"},
                                  PAPER_ROWS(lead_rows)};
