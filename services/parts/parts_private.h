/* parts_private.h - what the files of parts share: the catalogue, the ledger, calls, and what the
 * rooms hear of each other. Nobody else includes it. */
#ifndef CUIBAN_SERVICES_PARTS_PRIVATE_H
#define CUIBAN_SERVICES_PARTS_PRIVATE_H

#include "common/paper.h"
#include "services/parts/parts.h"

#define PARTS_TABLE(name) (&parts_tables[PARTS_##name])

/* ---- parts_sign.c: who may sign ---- */
/* Is this somebody whom the master data has under this role, and who has not left. */
MUST_CHECK enum err parts_has_role(struct step *st, struct str person, struct str role, bool *out);
struct parts_signature {
    struct str by;
    const char *field;  /* that names him */
    struct words roles; /* one of these; none = anybody */
    struct str whose;   /* the paper: nobody reviews, approves or refuses what is his own */
};
MUST_CHECK enum err parts_signs(struct step *st, const struct parts_signature *s);

/* ---- parts_item.c: the catalogue ---- */
MUST_CHECK enum err parts_item_upserted(struct step *st, const struct ev_item_upserted *ev);
/* An unknown part is an empty row: the catalogue says more, it does not forbid. */
MUST_CHECK enum err parts_item_get(struct step *st, struct str part_no, struct rec_row_item *out);

/* ---- parts_call.c: what parts knows of calls ---- */
MUST_CHECK enum err parts_call_upstream(struct step *st, const void *payload);
/* ERR_NOT_FOUND. */
MUST_CHECK enum err parts_call_get(struct step *st, struct str call_no,
                                   struct rec_row_parts_call *out);
/* The parts policy PP-… of a call (of its service policy), else of the unit's default service
 * policy, else of the set's fallback; never NULL. Both may be empty. */
MUST_CHECK enum err parts_policy_for(struct step *st, struct str call_no, struct str unit,
                                     const struct parts_policy **out);

/* ---- parts_ledger.c: double entry ---- */
struct parts_move {
    enum parts_doc doc;
    struct str doc_no;
    uint32_t line; /* of the document; 0 = it has none */
    struct str part_no;
    enum ledger_place from, to;
    struct str from_holder, to_holder;
    int64_t qty;           /* > 0 */
    int64_t unit_cost_fen; /* of the first move of the line; later moves go at the line's */
};
/* One move, from place to place, in one transaction with the fact: line, both balances, both days,
 * `ledger.moved`. The first move of a line says what it is drawn from. Refuses (code "balance",
 * sentence with what is there) when the line does not have so many pieces at `from`, and when a
 * store or station would fall below 0 (PRT-041, parts.stock_nonnegative). */
MUST_CHECK enum err parts_move(struct step *st, const struct parts_move *m);
/* Keys of what is kept of a document, and of its line. */
struct key parts_doc_key(enum parts_doc doc, struct str doc_no);
struct key parts_line_key(enum parts_doc doc, struct str doc_no, uint32_t line);
/* Where the pieces of a line are; ERR_NOT_FOUND. */
MUST_CHECK enum err parts_line_get(struct step *st, enum parts_doc doc, struct str doc_no,
                                   uint32_t line, struct rec_row_ledger_line *out);
/* Zero when nothing is there. */
MUST_CHECK enum err parts_balance(struct step *st, enum ledger_place place, struct str holder,
                                  struct str part_no, struct rec_row_ledger_balance *out);

/* ---- the rooms ----
 * <room>_fact applies a fact that came through the door; ERR_STALE when it is none of the room's.
 * <room>_heard is told of every fact of parts that was accepted, also those of other rooms.
 * <room>_upstream hears the logs of intake and dispatch, <room>_passed the clocks. */
typedef enum err parts_hears(struct step *st, const void *payload);
typedef enum err parts_passes(struct step *st, const struct passed *what);
#define PARTS_HEARS(name) MUST_CHECK enum err name(struct step *st, const void *payload)
#define PARTS_PASSES(name) MUST_CHECK enum err name(struct step *st, const struct passed *what)
/* issue: parts_issue.c … */
PARTS_HEARS(parts_issue_fact);
PARTS_HEARS(parts_issue_heard);
PARTS_HEARS(parts_issue_upstream);
PARTS_PASSES(parts_issue_passed);

/* A three-guarantee note 三包單; ERR_NOT_FOUND. Its lines are numbered from 1. */
MUST_CHECK enum err parts_note_get(struct step *st, struct str note_no, struct rec_row_issue *out);
/* Who has the drawn pieces of a note in hand: its person, else its unit. */
struct str parts_note_holder(const struct rec_row_issue *note);
/* PRT-021: pieces that may be written off with so many old parts: the lesser of both when the user
 * signed the report and the leader consents, else none. */
uint64_t parts_write_off_allowed(uint64_t used, uint64_t old_parts, enum yes_no user_signed,
                                 enum yes_no leader_ok);

/* Only for the files of issue. */
extern const struct paper parts_request, parts_backorder, parts_note;
/* Refuses when there is no such request. */
MUST_CHECK enum err parts_request_find(struct step *st, struct str request_no,
                                       struct rec_row_part_request *out);
/* Who pays, by what is known of the call now (PRT-001). */
MUST_CHECK enum err parts_request_class(struct step *st, struct rec_row_part_request *r);
/* The same; tells a change. */
MUST_CHECK enum err parts_request_classify(struct step *st, struct str request_no,
                                           struct rec_row_part_request *r);
/* Pieces of a part that were approved, where not all of a request was (its approved is not empty).
 */
uint64_t parts_request_signed(const struct rec_row_part_request *r, struct str part_no);
PARTS_HEARS(parts_request_arrived);
PARTS_HEARS(parts_request_upstream);
/* Is a part on a note of this request or of this report already? Either may be empty. */
MUST_CHECK enum err parts_note_has(struct step *st, struct str request_no, struct str report_no,
                                   struct str part_no, bool *out);
/* ERR_NOT_FOUND. */
MUST_CHECK enum err parts_report_get(struct step *st, struct str report_no,
                                     struct rec_row_parts_report *out);
/* Each request that a note is made out for: the one it names, else those of its report. */
typedef enum err parts_on_request(struct step *st, struct str request_no,
                                  struct rec_row_part_request *r, const void *said);
MUST_CHECK enum err parts_request_each(struct step *st, const struct rec_row_issue *note,
                                       parts_on_request *handle, const void *said);
/* PRT-005: is a part of a note still waited for; all lines of the note are sent, which ends
 * part.ship of every line of a request that has all its pieces now; a request is refused, so that
 * nothing is waited for. */
MUST_CHECK enum err parts_backorder_waits(struct step *st, const struct rec_row_issue *note,
                                          struct str part_no, bool *out);
MUST_CHECK enum err parts_backorder_shipped(struct step *st, const struct rec_row_issue *note);
MUST_CHECK enum err parts_backorder_refused(struct step *st, struct str request_no,
                                            const struct rec_row_part_request *r);
PARTS_HEARS(parts_backorder_fact);
PARTS_HEARS(parts_use_used);
PARTS_HEARS(parts_card_upstream);
/* PRT-023: pieces issued for a repair card; < 0 came back. */
MUST_CHECK enum err parts_card_issued(struct step *st, struct str card_no, struct str part_no,
                                      int64_t qty);
/* parts_note_back.c: drawn and not used. */
MUST_CHECK enum err parts_note_returned(struct step *st, const struct ev_stock_returned_unused *ev);
MUST_CHECK enum err parts_note_lost(struct step *st, const struct ev_stock_written_off *ev);
/* spare: parts_spare.c … */
PARTS_HEARS(parts_spare_fact);
PARTS_HEARS(parts_spare_heard);
PARTS_PASSES(parts_spare_passed);
extern const struct paper parts_supplier_part, parts_supply_plan, parts_spare_batch, /* _supply.c */
    parts_spare_order, parts_feedback_form, parts_warranty_tag, parts_claimlist,
    parts_customer_return;
/* PRT-016: nothing is exchanged for a repair that is not fed back, where the parts policy of the
 * call, or of the unit, asks for feedback. A repair that came as a call has the call's number. */
MUST_CHECK enum err parts_exchange_allowed(struct step *st, struct str call_no, struct str unit,
                                           struct str repair_no, bool *out);
MUST_CHECK enum err parts_feedback_submitted(struct step *st,
                                             const struct ev_feedback_submitted *ev);
/* A unit of which feedback is asked has the window of today on its clock. */
MUST_CHECK enum err parts_feedback_unit(struct step *st, const struct ev_unit_upserted *ev);
MUST_CHECK enum err parts_feedback_passed(struct step *st, const struct passed *what);
/* PRT-073: warns of a part without proof of legal origin, where the policy asks for it. */
MUST_CHECK enum err parts_origin_warn(struct step *st, const struct parts_policy *p,
                                      struct str doc_no, struct str part_no);
/* PRT-075: warns of a spare order without a supply plan, where the policy asks for it. */
MUST_CHECK enum err parts_plan_warn(struct step *st, const struct parts_policy *p,
                                    struct str order_no, struct str plan_no);
/* parts_count.c: two sums for each part, e.g. listed and received (PRT-035, PRT-059). */
struct parts_count {
    struct rec_claim_count_line *v; /* credit = the lesser of the two */
    uint32_t n, max;
    uint64_t listed, received;
};
struct parts_count parts_count_new(struct step *st, uint32_t parts_max);
void parts_count_add(struct parts_count *c, struct str part_no, uint64_t listed, uint64_t received);
bool parts_count_agrees(const struct parts_count *c); /* part by part */
/* store: parts_store.c … */
/* After every move: the counts and the safe stock of a store, the sums of a requisition. */
MUST_CHECK enum err parts_store_moved(struct step *st, const struct parts_move *m);
MUST_CHECK enum err parts_store_full_count(struct step *st, struct str store);
MUST_CHECK enum err parts_requisition_moved(struct step *st, const struct parts_move *m);
extern const struct paper parts_requisition, parts_stock_receipt, parts_stock_count, parts_station;
/* By what pieces are in the account of a station, and whose it is: a transfer, or the count that
 * found them. ERR_NOT_FOUND. */
struct parts_account {
    enum parts_doc doc;
    struct str station;
};
MUST_CHECK enum err parts_station_account(struct step *st, struct str no,
                                          struct parts_account *out);
/* The station uses what a count found; ERR_STALE when it names no such count. */
MUST_CHECK enum err parts_station_found(struct step *st, const struct ev_station_used *ev);
/* Who reports, where a fact does not name the store. */
MUST_CHECK enum err parts_store_of(struct step *st, struct str said, struct str *out);
/* ERR_NOT_FOUND refused: the document has this line, of this part (empty: of any). */
MUST_CHECK enum err parts_line_named(struct step *st, const struct parts_move *m,
                                     struct rec_row_ledger_line *out);
/* PRT-021: pieces of a line are used, and written off as far as old parts are there. */
struct parts_write_off {
    struct parts_move from; /* of the line; its `to`, `to_holder` and `qty` are not looked at */
    struct str person;      /* who owes the old parts */
    struct str keeper;      /* unit that keeps them */
    struct str call_no, unit, report;
    enum yes_no user_signed, leader_ok;
    uint64_t used, old_qty;
};
MUST_CHECK enum err parts_write_off(struct step *st, const struct parts_write_off *u,
                                    uint64_t *written_off);
PARTS_HEARS(parts_store_fact);
PARTS_HEARS(parts_store_heard);
PARTS_PASSES(parts_store_passed);
/* old: parts_old.c … */
/* ---- old parts ---- */
struct oldpart {
    struct str no; /* its key */
    struct rec_row_oldpart r;
};
/* Refuses with a sentence that names the field when there is none. */
MUST_CHECK enum err parts_oldpart_find(struct step *st, struct str no, const char *field,
                                       struct oldpart *out);
void parts_oldpart_put(struct step *st, const struct oldpart *o);
/* Facts about old parts, by parts_oldpart.c. */
MUST_CHECK enum err parts_oldpart_fact(struct step *st, const void *payload);
/* A part was used: its old part is expected. `use` is without old_no, value, place and duty; so
 * many of its pieces were taken along. */
MUST_CHECK enum err parts_oldpart_used(struct step *st, const struct ev_oldpart_expected *use,
                                       uint64_t carried);
/* The same, of parts that the store writes off: so many old parts came with them, and the ledger
 * has them with the keeper already (parts_oldpart_store.c). */
MUST_CHECK enum err parts_oldpart_written_off(struct step *st,
                                              const struct ev_oldpart_expected *use,
                                              uint64_t old_qty, struct str keeper);
/* With a report as the basis of the write-off it takes the user's signature and the leader's
 * consent (PRT-021). */
bool parts_oldpart_clears(const struct parts_policy *p, bool cleared);
/* Pieces that the old parts of a line say are owed: still out; back, and without signatures. */
MUST_CHECK enum err parts_oldpart_owed(struct step *st, const struct parts_move *of, uint64_t *out,
                                       uint64_t *back);
/* So many of a line that are back without signatures have them now (of->qty), and are written off.
 * Refuses to divide what came back together. */
MUST_CHECK enum err parts_oldpart_clear(struct step *st, const struct parts_move *of);
/* So many of a line that are out (of->qty) do not come, by this document; the ledger has moved
 * them. Refuses when fewer are out. */
MUST_CHECK enum err parts_oldpart_lose(struct step *st, const struct parts_move *of,
                                       struct str document);
/* Gives it a number. */
MUST_CHECK enum err parts_oldpart_expect(struct step *st, struct ev_oldpart_expected *ev);
/* Those of an old part that do not come with the others: as it, less its number and value. */
struct ev_oldpart_expected parts_oldpart_rest(const struct oldpart *o, uint64_t qty);
/* Its pieces leave: to the store, the maker, the scrap (old → gone). Refuses when they were not
 * written off. */
MUST_CHECK enum err parts_oldpart_leave(struct step *st, struct oldpart *o);
/* Who owes it: a person, else a unit. */
struct str parts_oldpart_holder(const struct rec_row_oldpart *r);
/* From where its pieces stand to another place; nothing, when no document brought the new part. */
MUST_CHECK enum err parts_oldpart_move(struct step *st, struct rec_row_oldpart *r,
                                       struct str from_holder, enum ledger_place to,
                                       struct str to_holder);
/* It is brought back; all of it. */
MUST_CHECK enum err parts_oldpart_hand_in(struct step *st, struct str no);
/* parts_oldpart_posted.c: is a document posted, under a policy that asks for no more of its old
 * parts than is possible (PRT-020); it is posted. */
MUST_CHECK enum err parts_oldpart_is_posted(struct step *st, const struct parts_policy *p,
                                            enum parts_doc doc, struct str doc_no, bool *out);
MUST_CHECK enum err parts_oldpart_posted(struct step *st, enum parts_doc doc, struct str doc_no);
PARTS_PASSES(parts_oldpart_posted_passed);
MUST_CHECK enum err parts_oldpart_on_posted(struct step *st, const void *payload, void *row);
/* parts_oldpart_claim.c: old parts go on a claims list, which fills in their numbers; a list that
 * is settled, with the credit of its row. */
MUST_CHECK enum err parts_oldpart_pack(struct step *st, const struct ev_claimlist_packed *said,
                                       struct rec_row_claimlist *r);
MUST_CHECK enum err parts_oldpart_settle(struct step *st, struct str list_no,
                                         const struct rec_row_claimlist *r);
MUST_CHECK enum err parts_oldpart_on_claimed(struct step *st, const void *payload, void *row);
/* parts_oldpart_report.c: it is back, with or without its report; the report comes later. */
MUST_CHECK enum err parts_oldpart_link(struct step *st, struct rec_row_oldpart *r, struct str no);
MUST_CHECK enum err parts_oldpart_on_linked(struct step *st, const void *payload, void *row);
/* parts_oldpart_judge.c: handlers of its machine. */
MUST_CHECK enum err parts_oldpart_on_inspected(struct step *st, const void *payload, void *row);
MUST_CHECK enum err parts_oldpart_on_analysed(struct step *st, const void *payload, void *row);
/* The time to bring it back is over. */
MUST_CHECK enum err parts_oldpart_overdue(struct step *st, struct str case_no);
/* parts_oldpart_carried.c: a technician is back at his unit: what he carries is due (PRT-025); he
 * was, before this one was expected. */
MUST_CHECK enum err parts_oldpart_carried(struct step *st,
                                          const struct ev_job_returned_to_unit *ev);
MUST_CHECK enum err parts_oldpart_carried_before(struct step *st, struct str no);
PARTS_PASSES(parts_oldpart_carried_passed);
/* parts_portion.c: old parts that one step changes; a clock goes on with the others. */
#define PARTS_PORTION_MAX 256u
struct parts_portion {
    struct str case_no; /* what is done, to the old parts of what: "posted/issue/N1" */
    struct str person;
    bool more; /* may be left */
};
MUST_CHECK enum err parts_portion_go_on(struct step *st, const struct parts_portion *next);
PARTS_PASSES(parts_portion_passed);
/* Refuses what a sender says that is worked out here. */
MUST_CHECK enum err parts_old_filled(struct step *st, bool said, const char *field);
/* What a person owes changes (PRT-025). */
MUST_CHECK enum err parts_old_owes(struct step *st, struct str person, int64_t pieces,
                                   int64_t value, int64_t overdue);
/* Old parts to be dealt with by the end of a month; the first day of it, 0 = none (PRT-031). */
int32_t parts_old_month(struct step *st, struct str unit, int64_t at_ms);
MUST_CHECK enum err parts_old_count(struct step *st, struct str unit, int32_t month, int by);
/* An old part is offset 沖賬 by a return note, or a claims list. */
MUST_CHECK enum err parts_old_offset_add(struct step *st, const struct oldpart *o,
                                         struct str note_no);
/* Value of what of a document came back into a store (PRT-028), for its net cost. */
MUST_CHECK enum err parts_old_offset(struct step *st, enum parts_doc doc, struct str doc_no,
                                     struct rec_row_oldpart_offset *out);
enum { PARTS_OLDPART_RETURN, PARTS_OLDPART_ANALYSE }; /* clocks of parts_oldpart_paper */
extern const struct paper parts_oldpart_paper, parts_return_note_paper, parts_mismatch_paper,
    parts_secondary_paper, parts_supplier_return_paper;
/* parts_mismatch.c: an old part does not agree with its report; then the decision, then the list.
 */
MUST_CHECK enum err parts_mismatch_found(struct step *st, struct oldpart *o);
MUST_CHECK enum err parts_mismatch_decided(struct step *st, const void *payload, void *row);
MUST_CHECK enum err parts_mismatch_fact(struct step *st, const void *payload);
/* parts_return_note.c */
MUST_CHECK enum err parts_return_note_fact(struct step *st, const void *payload);
/* parts_secondary.c */
MUST_CHECK enum err parts_secondary_fact(struct step *st, const void *payload);
/* The supplier is to blame: a claim on him, unless the policy has none (PRT-047). */
MUST_CHECK enum err parts_secondary_analysed(struct step *st,
                                             const struct ev_oldpart_analysed *said);

PARTS_HEARS(parts_old_fact);
PARTS_HEARS(parts_old_heard);
PARTS_HEARS(parts_old_upstream);
PARTS_PASSES(parts_old_passed);
/* cost: parts_cost.c … */
/* ---- parts_document.c: documents of the field, by person and day ---- */
struct parts_document_at {
    enum parts_document kind;
    struct str doc_no;
    int32_t day;
    struct rec_row_parts_document r;
};
/* The next document of a person's day, after *at (start with at->n == 0); void ones too.
 * ERR_END. */
MUST_CHECK enum err parts_document_next(struct step *st, struct str person, int32_t day,
                                        struct key *at, struct parts_document_at *out);
/* Two that stand for the same work, as far as the site goes: their calls agree, else their
 * customers, else the texts of their sites; what only one of them says does not count. No word in
 * common = not the same. */
struct parts_site {
    struct str call_no, customer, site;
};
bool parts_document_same_site(const struct rec_row_parts_document *d, const struct parts_site *s);
/* A document that stands for nothing any more. ERR_NOT_FOUND. */
MUST_CHECK enum err parts_document_void(struct step *st, struct str person, int32_t day,
                                        enum parts_document kind, struct str doc_no);
/* It stands again: the decision was taken back (PRT-069). ERR_NOT_FOUND. */
MUST_CHECK enum err parts_document_restore(struct step *st, struct str person, int32_t day,
                                           enum parts_document kind, struct str doc_no);
/* The row of the document that day, kind and doc_no of *out name. ERR_NOT_FOUND. */
MUST_CHECK enum err parts_document_get(struct step *st, struct str person,
                                       struct parts_document_at *out);
/* The next document of a person from that day on, in the order of days. ERR_END. */
MUST_CHECK enum err parts_document_since(struct step *st, struct str person, int32_t day,
                                         struct key *at, struct parts_document_at *out);
PARTS_HEARS(parts_document_upstream);
/* ---- parts_budget.c ---- */
struct parts_cost {
    enum budget_kind kind;
    struct str unit, project; /* project may be empty */
    int64_t fen;              /* < 0 takes a cost back */
};
/* Counts a cost of the year in which the fact at hand happened; `budget.exceeded` when it goes over
 * a budget (PRT-051). */
MUST_CHECK enum err parts_cost_add(struct step *st, const struct parts_cost *c);
MUST_CHECK enum err parts_budget_set(struct step *st, const struct ev_budget_set *ev);
/* ---- parts_cost.c: vouchers, each used once over all claims (PRT-071) ---- */
MUST_CHECK enum err parts_voucher_take(struct step *st, struct str voucher_no, struct str claim,
                                       uint32_t line);
void parts_voucher_release(struct step *st, struct str voucher_no);
/* ---- parts_advance.c ---- */
extern const struct paper parts_advance_paper;
PARTS_PASSES(parts_advance_passed);
/* An expense form names it (again = it did before); refuses unless it is the person's own, paid and
 * open. The trip ended on until_day. */
MUST_CHECK enum err parts_advance_claimed(struct step *st, struct str advance_no, struct str person,
                                          int32_t until_day, bool again);
/* A form names it no more, after a correction. */
MUST_CHECK enum err parts_advance_left(struct step *st, struct str advance_no);
/* A form that names it is approved. */
MUST_CHECK enum err parts_advance_used(struct step *st, struct str advance_no,
                                       int64_t approved_fen);
MUST_CHECK enum err parts_advance_is_settled(struct step *st, struct str advance_no);
/* ---- parts_expense.c ---- */
extern const struct paper parts_expense_paper;
/* A person worked on that day: a form of the month is awaited (PRT-065). */
MUST_CHECK enum err parts_expense_worked(struct step *st, struct str unit, struct str person,
                                         int32_t day);
/* Every form of the person whose trip touches a month of that of `form`, itself among them. */
typedef void parts_on_expense(struct step *st, struct str expense_no,
                              const struct rec_row_expense *r, void *ctx);
MUST_CHECK enum err parts_expense_beside(struct step *st, const struct rec_row_expense *form,
                                         parts_on_expense *handle, void *ctx);
/* ---- parts_expense_audit.c: line by line (PRT-056, PRT-057, PRT-064) ---- */
MUST_CHECK enum err parts_expense_audit(struct step *st, struct rec_row_expense *r,
                                        const struct ev_expense_audited *ev);
/* PRT-055: what of a line that passes is paid: no more than the standard of its days leaves beside
 * the other lines that have a result, of this form and of the person's others. */
struct parts_payable {
    const struct allowance *standard; /* NULL = there is none */
    int64_t amount;
    struct str other_form; /* one that is paid for the same days */
};
MUST_CHECK enum err parts_expense_payable(struct step *st, struct str expense_no,
                                          const struct rec_row_expense *form, uint32_t line,
                                          struct parts_payable *out);
PARTS_HEARS(parts_cost_fact);
PARTS_HEARS(parts_cost_heard);
PARTS_HEARS(parts_cost_upstream);
PARTS_PASSES(parts_cost_passed);
/* audit: parts_audit.c … */
/* ---- parts_charge.c: what documents cost (PRT-018) ---- */
struct parts_booking {
    enum parts_doc doc;
    struct str doc_no, unit, call_no;
    struct rec_row_net_cost by; /* what is added */
};
/* An empty row when nothing was booked. */
MUST_CHECK enum err parts_charge_of(struct step *st, enum parts_doc doc, struct str doc_no,
                                    struct rec_row_net_cost *out);
/* The document a bill or voucher names (kind none: a note), for booking; refuses one on which no
 * part was drawn. */
MUST_CHECK enum err parts_charge_named(struct step *st, enum parts_doc kind, struct str doc_no,
                                       struct parts_booking *out);
/* Books into the document and into the month of its unit, and writes charge.reckoned. */
MUST_CHECK enum err parts_charge_book(struct step *st, const struct parts_booking *b);
/* What the ledger now says was issued under a document, and what of it was offset, is booked. */
MUST_CHECK enum err parts_charge_drawn(struct step *st, const struct parts_booking *of);
/* First day of the local month of the fact at hand. */
int32_t parts_charge_month(struct step *st, struct str unit);
/* The fee of a call, as dispatch has it; an empty row when there is none. */
MUST_CHECK enum err parts_charge_fee(struct step *st, struct str call_no,
                                     struct rec_row_audit_fee *out);
PARTS_HEARS(parts_charge_upstream);
extern const struct paper parts_charge;
/* ---- parts_freight.c ---- */
/* A document went with a waybill; the first one that names it counts. */
MUST_CHECK enum err parts_freight_shipped(struct step *st, const void *payload,
                                          const struct parts_booking *of);
extern const struct paper parts_freight;
/* ---- parts_audit_report.c: abnormality reports against cards ---- */
PARTS_HEARS(parts_report_upstream);
MUST_CHECK enum err parts_report_judge(struct step *st, struct str report_no);
/* ---- parts_audit_fee.c: cards outside the guarantee ---- */
extern const struct paper parts_paid_card;
/* ---- parts_audit_month.c: the audit of a month ---- */
/* The instant at which a month is audited. */
int64_t parts_audit_cutoff(struct step *st, struct str unit, int32_t month);
/* A report waits for its counterpart, or does no more. */
MUST_CHECK enum err parts_audit_wait(struct step *st, const struct rec_row_audit_report *r,
                                     struct str report_no);
MUST_CHECK enum err parts_audit_done(struct step *st, const struct rec_row_audit_report *r,
                                     struct str report_no);
/* Parts were drawn on a document for the first time. */
MUST_CHECK enum err parts_audit_drawn(struct step *st, enum parts_doc doc, struct str doc_no,
                                      const struct rec_row_net_cost *r);
/* ---- decisions taken back (PRT-069): completes person and amount. ERR_NOT_FOUND when there is no
 * such decision, or it is taken back already. ---- */
typedef enum err parts_reverses(struct step *st, struct ev_audit_reversed *ev);
#define PARTS_REVERSES(name) MUST_CHECK enum err name(struct step *st, struct ev_audit_reversed *ev)
PARTS_REVERSES(parts_freight_reverse);
PARTS_REVERSES(parts_report_reverse);
PARTS_REVERSES(parts_card_reverse);
PARTS_REVERSES(parts_paid_card_reverse);
PARTS_HEARS(parts_audit_fact);
PARTS_HEARS(parts_audit_heard);
PARTS_HEARS(parts_audit_upstream);
PARTS_PASSES(parts_audit_passed);

#endif
