/* parts.c - the parts service: its tables and rooms, and the step.
 *
 * The ledger (parts_ledger.c) moves every piece from one place to another, double entry. What moves
 * it stands in rooms: issue (requests, three-guarantee notes, use), spare (spare orders, feedback,
 * claims lists, customer returns), store (requisitions, stock, stations), old (old parts and who
 * pays for them), cost (travel money, budgets), audit (documents against each other). Rules by id
 * in RULES.md. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

const struct table parts_tables[PARTS_TABLES] = {
    [PARTS_ITEM] = {TABLE_OWN, "item", "part_no", shape_row_item},
    [PARTS_CALL] = {TABLE_OWN + 1, "parts_call", "call_no", shape_row_parts_call},
    [PARTS_LEDGER_LINE] = {TABLE_OWN + 2, "ledger_line", "doc, doc_no, line",
                           shape_row_ledger_line},
    [PARTS_LEDGER_BALANCE] = {TABLE_OWN + 3, "ledger_balance", "place, holder, part_no",
                              shape_row_ledger_balance},
    [PARTS_LEDGER_DAY] = {TABLE_OWN + 4, "ledger_day", "place, holder, part_no, day",
                          shape_row_ledger_day},
    [PARTS_LEDGER_RUNNING] = {TABLE_OWN + 5, "ledger_running", "", shape_row_ledger_running},
    /* issue: TABLE_OWN + 10 … */
    [PARTS_REQUEST] = {TABLE_OWN + 10, "part_request", "request_no", shape_row_part_request},
    [PARTS_REQUEST_OF] = {TABLE_OWN + 11, "part_request_of",
                          "report, call or repair order, request_no", shape_row_mark},
    [PARTS_REPORT] = {TABLE_OWN + 12, "part_report", "report_no", shape_row_parts_report},
    [PARTS_BACKORDER] = {TABLE_OWN + 13, "part_backorder", "request_no, line",
                         shape_row_part_backorder},
    [PARTS_ISSUE] = {TABLE_OWN + 14, "issue", "note_no", shape_row_issue},
    [PARTS_ISSUED] = {TABLE_OWN + 15, "part_issued", "request or report, its number, part_no",
                      shape_row_part_issued},
    [PARTS_QUOTED] = {TABLE_OWN + 16, "part_quoted", "call_no", shape_row_mark},
    [PARTS_USE] = {TABLE_OWN + 17, "part_use", "doc, doc_no, line", shape_row_part_use},
    [PARTS_CARD] = {TABLE_OWN + 18, "part_card", "card_no", shape_row_parts_card},
    [PARTS_CARD_PART] = {TABLE_OWN + 19, "card_part", "card_no, part_no", shape_row_card_part},
    [PARTS_SENT] = {TABLE_OWN + 20, "part_sent", "request_no, line", shape_row_part_issued},
    /* spare: TABLE_OWN + 30 … */
    [PARTS_SUPPLIER_PART] = {TABLE_OWN + 30, "supplier_part", "request_no",
                             shape_row_supplier_part},
    [PARTS_SPARE] = {TABLE_OWN + 31, "spare", "order_no", shape_row_spare},
    [PARTS_SPARE_BATCH] = {TABLE_OWN + 32, "spare_batch", "batch_no", shape_row_spare_batch},
    [PARTS_SUPPLY_PLAN] = {TABLE_OWN + 33, "supply_plan", "plan_no", shape_row_supply_plan},
    [PARTS_FEEDBACK_FORM] = {TABLE_OWN + 34, "feedback_form", "unit, window",
                             shape_row_feedback_form},
    [PARTS_FEEDBACK_REPAIR] = {TABLE_OWN + 35, "feedback_repair", "unit, repair_no",
                               shape_row_feedback_repair},
    [PARTS_WARRANTY_TAG] = {TABLE_OWN + 36, "warranty_tag", "tag_no", shape_row_warranty_tag},
    [PARTS_CLAIMLIST] = {TABLE_OWN + 37, "claimlist", "list_no", shape_row_claimlist},
    [PARTS_CUSTOMER_RETURN] = {TABLE_OWN + 38, "customer_return", "return_no",
                               shape_row_customer_return},
    /* store: TABLE_OWN + 50 … */
    [PARTS_REQUISITION] = {TABLE_OWN + 50, "requisition", "requisition_no", shape_row_requisition},
    [PARTS_STOCK_RECEIPT] = {TABLE_OWN + 51, "stock_receipt", "note_no", shape_row_stock_receipt},
    [PARTS_STOCK_COUNT] = {TABLE_OWN + 52, "stock_count", "count_no", shape_row_stock_count},
    [PARTS_STOCK_COUNT_LINE] = {TABLE_OWN + 53, "stock_count_line", "count_no, part_no",
                                shape_row_stock_count_line},
    [PARTS_STOCK_STORE] = {TABLE_OWN + 54, "stock_store", "store", shape_row_stock_store},
    [PARTS_STOCK_LOW] = {TABLE_OWN + 55, "stock_low", "store, part_no", shape_row_stock_low},
    [PARTS_STATION_TRANSFER] = {TABLE_OWN + 56, "station_transfer", "transfer_no",
                                shape_row_station_transfer},
    [PARTS_STOCK_UNCOVERED] = {TABLE_OWN + 57, "stock_uncovered", "holder, part_no",
                               shape_row_stock_uncovered},
    /* old: TABLE_OWN + 70 … */
    [PARTS_OLDPART] = {TABLE_OWN + 70, "oldpart", "old_no", shape_row_oldpart},
    [PARTS_OLDPART_RUNNING] = {TABLE_OWN + 71, "oldpart_running", "", shape_row_oldpart_running},
    [PARTS_OLDPART_OF] = {TABLE_OWN + 72, "oldpart_of", "doc, doc_no, line, old_no",
                          shape_row_oldpart_of},
    [PARTS_OLDPART_CALL] = {TABLE_OWN + 73, "oldpart_call", "call_no, old_no",
                            shape_row_oldpart_of},
    [PARTS_OLDPART_BACK] = {TABLE_OWN + 74, "oldpart_back", "call_no, technician",
                            shape_row_oldpart_back},
    [PARTS_OLDPART_SERIAL] = {TABLE_OWN + 75, "oldpart_serial", "part_no, serial",
                              shape_row_oldpart_serial},
    [PARTS_OLDPART_DEBT] = {TABLE_OWN + 76, "oldpart_debt", "person", shape_row_oldpart_debt},
    [PARTS_OLDPART_OFFSET] = {TABLE_OWN + 77, "oldpart_offset", "doc, doc_no",
                              shape_row_oldpart_offset},
    [PARTS_OLDPART_MONTH] = {TABLE_OWN + 78, "oldpart_month", "unit, month",
                             shape_row_oldpart_month},
    [PARTS_MISMATCH] = {TABLE_OWN + 79, "mismatch", "unit, month", shape_row_mismatch},
    [PARTS_MISMATCH_LINE] = {TABLE_OWN + 80, "mismatch_line", "unit, month, old_no",
                             shape_row_mismatch_line},
    [PARTS_RETURN_NOTE] = {TABLE_OWN + 81, "return_note", "note_no", shape_row_return_note},
    [PARTS_SECONDARY] = {TABLE_OWN + 82, "secondary", "secondary_no", shape_row_secondary},
    [PARTS_SUPPLIER_RETURN] = {TABLE_OWN + 83, "supplier_return", "return_no",
                               shape_row_supplier_return},
    [PARTS_OLDPART_POSTED] = {TABLE_OWN + 84, "oldpart_posted", "doc, doc_no", shape_row_mark},
    /* cost: TABLE_OWN + 90 … */
    [PARTS_DOCUMENT] = {TABLE_OWN + 90, "parts_document", "person, day, kind, doc_no",
                        shape_row_parts_document},
    [PARTS_EXTERNAL_COST] = {TABLE_OWN + 91, "external_cost", "cost_no", shape_row_external_cost},
    [PARTS_BUDGET] = {TABLE_OWN + 92, "budget", "year, kind, unit, project", shape_row_budget},
    [PARTS_CHARGE] = {TABLE_OWN + 93, "charge", "call_no", shape_row_charge},
    [PARTS_EXPENSE] = {TABLE_OWN + 94, "expense", "expense_no", shape_row_expense},
    [PARTS_VOUCHER] = {TABLE_OWN + 95, "parts_voucher", "voucher_no", shape_row_parts_voucher},
    [PARTS_ADVANCE] = {TABLE_OWN + 96, "advance", "advance_no", shape_row_advance},
    [PARTS_BORROWER] = {TABLE_OWN + 97, "borrower", "person", shape_row_borrower},
    [PARTS_EXPENSE_MONTH] = {TABLE_OWN + 98, "expense_month", "person, month",
                             shape_row_expense_month},
    [PARTS_ASKED] = {TABLE_OWN + 99, "parts_asked", "call_no", shape_row_parts_asked},
    [PARTS_EXPENSE_OF] = {TABLE_OWN + 100, "expense_of", "person, month, expense_no",
                          shape_row_mark},
    /* audit: TABLE_OWN + 110 … */
    [PARTS_FREIGHT] = {TABLE_OWN + 110, "freight", "waybill", shape_row_freight},
    [PARTS_WAYBILL] = {TABLE_OWN + 111, "waybill", "waybill", shape_row_waybill},
    [PARTS_CHARGE_OFFSET] = {TABLE_OWN + 112, "charge_offset", "voucher_no",
                             shape_row_charge_offset},
    [PARTS_NET_COST] = {TABLE_OWN + 113, "net_cost", "doc, doc_no; 0, unit, month",
                        shape_row_net_cost},
    [PARTS_AUDIT_FEE] = {TABLE_OWN + 114, "audit_fee", "call_no", shape_row_audit_fee},
    [PARTS_AUDIT_REPORT] = {TABLE_OWN + 115, "audit_report", "report_no", shape_row_audit_report},
    [PARTS_AUDIT_CARD] = {TABLE_OWN + 116, "audit_card", "card_no", shape_row_audit_card},
    [PARTS_AUDIT_MONTH] = {TABLE_OWN + 117, "audit_month", "unit, month", shape_row_audit_month},
    [PARTS_AUDIT_OPEN] = {TABLE_OWN + 118, "audit_open", "unit, month, report_no", shape_row_mark},
    [PARTS_AUDIT_DOC] = {TABLE_OWN + 119, "audit_doc", "unit, month, doc, doc_no", shape_row_mark},
    [PARTS_PAID_CARD] = {TABLE_OWN + 120, "paid_card", "card_no", shape_row_paid_card},
};

static enum err first(parts_hears *const *rooms, size_t n, struct step *st, const void *payload)
{
    enum err e = ERR_STALE;
    for (size_t i = 0; e == ERR_STALE && i < n; i++)
        e = rooms[i](st, payload);
    return e;
}

static enum err on_fact(struct step *st, const void *payload)
{
    parts_hears *const applies[] = {parts_issue_fact, parts_spare_fact, parts_store_fact,
                                    parts_old_fact,   parts_cost_fact,  parts_audit_fact};
    parts_hears *const hears[] = {parts_issue_heard, parts_spare_heard, parts_store_heard,
                                  parts_old_heard,   parts_cost_heard,  parts_audit_heard};
    if (st->type->kind == EV_item_upserted) return parts_item_upserted(st, payload);
    enum err e = first(applies, COUNT_OF(applies), st, payload);
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(hears); i++)
        e = hears[i](st, payload);
    return e;
}

/* What other logs tell, and which rooms it is for. */
#define HEARING_ROOMS_MAX 3
static const struct heard {
    enum event_kind on;
    enum owner log;
    parts_hears *rooms[HEARING_ROOMS_MAX];
} heard[] = {
    {EV_warranty_determined, OWNER_intake, {parts_call_upstream}},
    {EV_call_queued, OWNER_intake, {parts_call_upstream}},
    {EV_call_reclassified, OWNER_intake, {parts_call_upstream}},
    {EV_call_policy_changed, OWNER_intake, {parts_call_upstream}},
    {EV_abnormal_logged,
     OWNER_intake,
     {parts_issue_upstream, parts_cost_upstream, parts_audit_upstream}},
    {EV_abnormal_approved, OWNER_intake, {parts_issue_upstream}},
    {EV_abnormal_refused, OWNER_intake, {parts_issue_upstream}},
    {EV_quote_accepted, OWNER_intake, {parts_issue_upstream}},
    {EV_sms_reported, OWNER_intake, {parts_cost_upstream}},
    {EV_card_returned, OWNER_intake, {parts_cost_upstream, parts_audit_upstream}},
    {EV_job_unrepairable, OWNER_dispatch, {parts_issue_upstream}},
    {EV_repaircard_work_added, OWNER_dispatch, {parts_issue_upstream}},
    {EV_repair_done, OWNER_dispatch, {parts_issue_upstream}},
    {EV_job_returned_to_unit, OWNER_dispatch, {parts_old_upstream}},
    {EV_fee_assessed, OWNER_dispatch, {parts_audit_upstream}},
    {EV_fee_collected, OWNER_dispatch, {parts_audit_upstream}},
    {EV_fee_handed_in, OWNER_dispatch, {parts_cost_upstream, parts_audit_upstream}},
};

static const struct heard *heard_of(enum owner from, enum event_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(heard); i++) {
        if (heard[i].on == kind && heard[i].log == from) return &heard[i];
    }
    return NULL;
}

static bool is_own(enum owner from, enum event_kind kind)
{
    return from == OWNER_intake && event_of(kind)->owner == OWNER_parts;
}

static bool hears(enum owner from, enum event_kind kind)
{
    return step_is_master(kind) || is_own(from, kind) || heard_of(from, kind);
}

static enum err on_upstream(struct step *st, const void *payload)
{
    const struct heard *h = heard_of(st->from, st->type->kind);
    enum err whole = ERR_STALE;
    for (size_t i = 0; h && i < HEARING_ROOMS_MAX && h->rooms[i]; i++) {
        enum err e = h->rooms[i](st, payload);
        if (e != ERR_OK && e != ERR_STALE) return e;
        if (e == ERR_OK) whole = ERR_OK;
    }
    return whole;
}

static enum err on_master(struct step *st, const void *payload)
{
    enum err e = step_master(st, payload);
    if (e != ERR_OK || st->type->kind != EV_unit_upserted) return e;
    return parts_feedback_unit(st, payload);
}

static enum err parts_step(struct step *st, const void *payload)
{
    REQUIRE(st->type != NULL);
    st->rule = st->type->rule;
    if (step_is_master(st->type->kind)) return on_master(st, payload);
    return is_own(st->from, st->type->kind) ? on_fact(st, payload) : on_upstream(st, payload);
}

static enum err on_passed(struct step *st, const struct passed *what)
{
    parts_passes *const rooms[] = {parts_issue_passed, parts_spare_passed, parts_store_passed,
                                   parts_old_passed,   parts_cost_passed,  parts_audit_passed};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(rooms); i++)
        e = rooms[i](st, what);
    return e;
}

const struct service parts_service = {.name = "parts",
                                      .owner = OWNER_parts,
                                      .upstream = IN(OWNER_intake) | IN(OWNER_dispatch),
                                      .tables = parts_tables,
                                      .table_count = PARTS_TABLES,
                                      .step = parts_step,
                                      .hears = hears,
                                      .on_passed = on_passed};
