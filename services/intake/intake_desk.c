/* intake_desk.c - papers of the liaison officer's desk 客戶聯絡員. Rules INT-054, INT-055. */
#include "services/intake/intake_private.h"

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
