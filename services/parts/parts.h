/* parts.h - the service parts (三包件、備用件、舊件): requests and issues of parts, the ledger
 * 臺帳, old parts, claims lists, the store, and what service costs. Reads the logs of intake and
 * dispatch. */
#ifndef CUIBAN_SERVICES_PARTS_PARTS_H
#define CUIBAN_SERVICES_PARTS_PARTS_H

#include "common/step.h"

extern const struct service parts_service;

/* Its tables, for readers of the store (cli, tests). */
enum {
    PARTS_ITEM,
    PARTS_CALL,
    PARTS_LEDGER_LINE,
    PARTS_LEDGER_BALANCE,
    PARTS_LEDGER_DAY,
    PARTS_LEDGER_RUNNING,
    /* issue */
    PARTS_REQUEST,
    PARTS_REQUEST_OF,
    PARTS_REPORT,
    PARTS_BACKORDER,
    PARTS_ISSUE,
    PARTS_ISSUED,
    PARTS_QUOTED,
    PARTS_USE,
    PARTS_CARD,
    PARTS_CARD_PART,
    PARTS_SENT,
    /* spare */
    PARTS_SUPPLIER_PART,
    PARTS_SPARE,
    PARTS_SPARE_BATCH,
    PARTS_SUPPLY_PLAN,
    PARTS_FEEDBACK_FORM,
    PARTS_FEEDBACK_REPAIR,
    PARTS_WARRANTY_TAG,
    PARTS_CLAIMLIST,
    PARTS_CUSTOMER_RETURN,
    /* store */
    PARTS_REQUISITION,
    PARTS_STOCK_RECEIPT,
    PARTS_STOCK_COUNT,
    PARTS_STOCK_COUNT_LINE,
    PARTS_STOCK_STORE,
    PARTS_STOCK_LOW,
    PARTS_STATION_TRANSFER,
    PARTS_STOCK_UNCOVERED,
    /* old */
    PARTS_OLDPART,
    PARTS_OLDPART_RUNNING,
    PARTS_OLDPART_OF,
    PARTS_OLDPART_CALL,
    PARTS_OLDPART_BACK,
    PARTS_OLDPART_SERIAL,
    PARTS_OLDPART_DEBT,
    PARTS_OLDPART_OFFSET,
    PARTS_OLDPART_MONTH,
    PARTS_MISMATCH,
    PARTS_MISMATCH_LINE,
    PARTS_RETURN_NOTE,
    PARTS_SECONDARY,
    PARTS_SUPPLIER_RETURN,
    PARTS_OLDPART_POSTED,
    /* cost */
    PARTS_DOCUMENT,
    PARTS_EXTERNAL_COST,
    PARTS_BUDGET,
    PARTS_CHARGE,
    PARTS_EXPENSE,
    PARTS_VOUCHER,
    PARTS_ADVANCE,
    PARTS_BORROWER,
    PARTS_EXPENSE_MONTH,
    PARTS_ASKED,
    PARTS_EXPENSE_OF,
    /* audit */
    PARTS_FREIGHT,
    PARTS_WAYBILL,
    PARTS_CHARGE_OFFSET,
    PARTS_NET_COST,
    PARTS_AUDIT_FEE,
    PARTS_AUDIT_REPORT,
    PARTS_AUDIT_CARD,
    PARTS_AUDIT_MONTH,
    PARTS_AUDIT_OPEN,
    PARTS_AUDIT_DOC,
    PARTS_PAID_CARD,
    PARTS_TABLES
};
extern const struct table parts_tables[PARTS_TABLES];

/* ---- a line of the ledger, for the service and who reads its rows ---- */
/* Pieces of a line at a place; those drawn from its source count as issued - back. */
int64_t parts_line_at(const struct rec_row_ledger_line *l, enum ledger_place place);
/* Law of a line: its quantities sum to 0, and the source has lost what was issued and not brought
 * back. */
bool parts_line_holds(const struct rec_row_ledger_line *l);

#endif
