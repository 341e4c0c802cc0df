/* intake_private.h - what the intake_*.c files share; nobody else includes it.
 *
 * intake.c          tables, the door's own checks, which fact goes to which handler
 * intake_call.c     a call: reading and writing its row, its clocks
 * intake_entry.c    call.registered and what follows at once, up to call.queued
 * intake_entitle.c  service policy, zone, phase, guarantee, category
 * intake_voucher.c  the service voucher 服務憑證
 * intake_book.c     the register of a day: numbers, closing, carry-over, sending
 * intake_follow.c   later facts of a call, promises
 * intake_jobs.c     what intake takes from facts of dispatch
 * intake_master.c   customers, products, contracts, proof of commissioning
 * intake_desk.c     papers of the liaison officer: order documents, abnormality reports
 * intake_contract.c    maintenance contracts after their registration: notice, visit, renewal, end
 * intake_pm.c          maintenance plans and the inspection orders made from them
 * intake_appointment.c appointments of a workshop and its capacity chart
 * intake_followup.c call-backs 回訪: made, tried, done; regular ones
 * intake_card.c     service cards 現場服務卡 that are called back
 * intake_sms.c      reports by SMS, compared with other documents
 * intake_vip.c      VIP customers: their list, their cards, their turns
 * intake_survey.c   opinion cards 客戶意見調查卡, one for each call
 * intake_goods.c    goods taken away for repair 攜回修護, as far as the voucher needs them
 * intake_desk.c     papers of the liaison officer: order documents, abnormality reports, meetings,
 *                   feedback from key projects, maintenance leads
 * intake_mail.c     record of calls and letters, filing of replies
 * intake_quote.c    quotations
 * intake_request.c  service requests
 * intake_install.c  delivery, installation, acceptance, what they prove of a product
 * intake_visit.c    visits
 * intake_ecom.c     web shop
 * intake_site.c     contacts, parts and rules of customers' sites */
#ifndef CUIBAN_INTAKE_PRIVATE_H
#define CUIBAN_INTAKE_PRIVATE_H

#include "common/paper.h"
#include "services/intake/intake.h"

enum {
    TABLE_CALL = TABLE_OWN,
    TABLE_REGISTER,
    TABLE_REGISTER_CALL,
    TABLE_OPEN_CALL,
    TABLE_JOINED,
    TABLE_VOUCHER,
    TABLE_VOUCHER_WAIT,
    TABLE_CUSTOMER,
    TABLE_PRODUCT,
    TABLE_CONTRACT,
    TABLE_CONTRACT_OF,
    /* desk */
    TABLE_DOCS,
    TABLE_ABNORMAL,
    TABLE_MAIL_BOOK,
    TABLE_MAIL,
    TABLE_MEETING,
    TABLE_QUOTE,
    TABLE_REQUEST,
    TABLE_REQUEST_OF,
    TABLE_FEEDBACK,
    TABLE_PROJECT,
    TABLE_PROVEN,
    TABLE_INSTALL,
    TABLE_LEAD,
    TABLE_VISIT,
    TABLE_VISIT_OF,
    TABLE_ECOM,
    TABLE_ECOM_WEEK,
    TABLE_CONTACT,
    TABLE_SITE_PART,
    TABLE_SITE,
    /* plan */
    TABLE_CONTRACT_LIFE,
    TABLE_PM_PLAN,
    TABLE_PM,
    TABLE_PM_OPEN,
    TABLE_APPOINTMENT,
    TABLE_SLOT,
    /* followup */
    TABLE_CARD,
    TABLE_FOLLOWUP,
    TABLE_CALLED_BACK,
    TABLE_REGULAR,
    TABLE_SMS,
    TABLE_SMS_OF,
    TABLE_REPORT_OF,
    TABLE_VIP,
    TABLE_VIP_CARD,
    TABLE_SURVEY,
    TABLE_SURVEY_DAY,
    /* goods */
    TABLE_CALL_GOODS,
    TABLE_CALL_RECEIPT,
    TABLE_COUNT
};
extern const struct table intake_tables[TABLE_COUNT - TABLE_OWN];
#define INTAKE_TABLE(id) (&intake_tables[TABLE_##id - TABLE_OWN])

/* ---- intake_call.c ---- */
enum clock {
    CLOCK_REPLY,
    CLOCK_CONTACT_MAKER,
    CLOCK_FEEDBACK,
    CLOCK_DISPATCH,
    CLOCK_MAJOR_REPORT,
    CLOCK_WARRANTY_QUERY,
    CLOCK_PROMISE,
    CLOCK_REGISTER_CLOSE,
    CLOCK_REGISTER_SEND,
    CLOCK_REPLY_FILE, /* desk */
    CLOCK_COUNT
};
extern const struct deadline_row intake_clocks[CLOCK_COUNT];

/* A call at work: its row, and what the policy says of it. */
struct call {
    struct str no;
    struct rec_row_call row;
    const struct service_policy *sp;
    const struct order_kind *kind;
};

#define CALL_ENDED (IN(call_state_closed) | IN(call_state_cancelled))
#define CALL_ALIVE                                                                                 \
    (IN(call_state_clarifying) | IN(call_state_registered) | IN(call_state_classified) |           \
     IN(call_state_answered) | IN(call_state_queued) | IN(call_state_dispatched) |                 \
     IN(call_state_goods_away) | IN(call_state_done))

MUST_CHECK enum err intake_call_get(struct step *st, struct str no, struct call *out);
void intake_call_put(struct step *st, const struct call *c);
bool intake_call_ended(const struct call *c);
/* The call ends in this state, at the event's instant. */
void intake_call_end(struct step *st, struct call *c, enum call_state state);
struct deadline_ctx intake_call_ctx(const struct step *st, const struct call *c);
/* Let an event work on the clocks of a call. */
MUST_CHECK enum err intake_call_clocks(struct step *st, const struct call *c, enum event_kind kind,
                                       const void *payload);
/* Is this clock of the call running? */
MUST_CHECK enum err intake_call_runs(struct step *st, struct str case_no, uint8_t item,
                                     enum clock which, bool *out);
bool intake_call_off(const struct step *st, enum clock which); /* the company does not use it */
const struct calendar *intake_call_calendar(struct step *st, const struct call *c);
/* Index of open calls by product, customer and fault. */
void intake_call_index(struct step *st, const struct call *c, bool open);

/* ---- intake_entry.c ---- */
MUST_CHECK enum err intake_entry_registered(struct step *st, const void *payload);
/* All register fields are there: link or classify, and go on. */
MUST_CHECK enum err intake_entry_open(struct step *st, struct call *c);
/* The clocks that run from the registration. */
MUST_CHECK enum err intake_entry_clocks(struct step *st, struct call *c, const void *payload);
/* Do what the disposition says, as far as it can be done now. */
MUST_CHECK enum err intake_entry_go_on(struct step *st, struct call *c);
/* The call goes on as another one; kind says whether as call.duplicate_linked or call.joined. */
MUST_CHECK enum err intake_entry_link(struct step *st, struct call *c, struct str first,
                                      enum event_kind kind);
/* Names of `fields` the call lacks; lines from the arena. */
struct rec_name_line *intake_entry_missing(struct step *st, const struct call *c,
                                           struct words fields, uint32_t *count);

/* ---- intake_entitle.c ---- */
/* Complete the row from the files of the product, the contract and the customer. */
MUST_CHECK enum err intake_entitle_fill(struct step *st, struct call *c);
/* After a clarification: of another product or customer, what was filled is filled anew; what was
 * told stays. */
MUST_CHECK enum err intake_entitle_refill(struct step *st, struct call *c,
                                          const struct rec_row_call *before,
                                          const struct ev_call_clarified *ev);
/* INT-058: refuses a contract that is not known, or of another customer. */
MUST_CHECK enum err intake_entitle_contract(struct step *st, const struct call *c);
/* Zone, phase and service policy; call.policy_changed when there was another one. */
MUST_CHECK enum err intake_entitle_select(struct step *st, struct call *c);
/* warranty.determined, and a query where it cannot be said; what somebody decided stands. */
MUST_CHECK enum err intake_entitle_determine(struct step *st, struct call *c);
/* Category from the row as it now stands; call.reclassified when it changes. */
void intake_entitle_reclassify(struct step *st, struct call *c);
/* Guarantee, the clock of its query and the category by what is known now. */
MUST_CHECK enum err intake_entitle_again(struct step *st, struct call *c);
/* As above, where the call was about another product, policy or contract before. */
MUST_CHECK enum err intake_entitle_follow(struct step *st, struct call *c,
                                          const struct rec_row_call *before);
/* INT-040: the field by which a product is not one of a special domain; NULL when it is. */
const char *intake_entitle_not_special(const struct step *st, const struct ev_product_upserted *p);
/* INT-043: yes or no into the row, for good; refuses what decides nothing. */
MUST_CHECK enum err intake_entitle_answered(struct step *st, struct call *c,
                                            const struct ev_warranty_answered *ev);
bool intake_entitle_provisional(const struct step *st, const struct call *c);
void intake_entitle_emit(struct step *st, const struct call *c, struct str basis);

/* ---- intake_voucher.c ---- */
/* Pull the voucher for this call; *got false when the call joined another or waits (its row says
 * so). */
MUST_CHECK enum err intake_voucher_pull(struct step *st, struct call *c, bool *got);
MUST_CHECK enum err intake_voucher_move(struct step *st, const struct call *c,
                                        enum voucher_state to);
/* Back into the pocket; the next call that waits for it goes on. */
MUST_CHECK enum err intake_voucher_file(struct step *st, struct call *c);
/* The call no longer waits. */
void intake_voucher_unwait(struct step *st, struct call *c);
/* The voucher as the register sees it: *out none when there is none. */
MUST_CHECK enum err intake_voucher_seen(struct step *st, const struct call *c,
                                        struct rec_row_voucher *out);

/* ---- intake_book.c ---- */
/* Register day and number (`given` or the next); the call stands in the day's register. */
MUST_CHECK enum err intake_book_enter(struct step *st, struct call *c, struct str given);
/* The clock by whose passing an undispatched call is carried over. */
MUST_CHECK enum err intake_book_expect(struct step *st, struct call *c);
MUST_CHECK enum err intake_book_sent(struct step *st, const void *payload);
MUST_CHECK enum err intake_book_passed(struct step *st, const struct passed *what);

/* ---- intake_follow.c, intake_jobs.c, intake_master.c ---- */
MUST_CHECK enum err intake_follow_fact(struct step *st, const void *payload);
MUST_CHECK enum err intake_follow_dissatisfied(struct step *st, const void *payload);
MUST_CHECK enum err intake_jobs_fact(struct step *st, const void *payload);
MUST_CHECK enum err intake_master_unit(struct step *st, const void *payload);
MUST_CHECK enum err intake_master_customer(struct step *st, const void *payload);
MUST_CHECK enum err intake_master_product(struct step *st, const void *payload);
MUST_CHECK enum err intake_master_contract(struct step *st, const void *payload);
MUST_CHECK enum err intake_master_evidence(struct step *st, const void *payload);
/* INT-038: refuses commissioned before shipped. */
MUST_CHECK enum err intake_master_dates(struct step *st, int32_t shipped, int32_t commissioned);
/* The dates of a product changed: its open calls are judged again. */
MUST_CHECK enum err intake_master_judge(struct step *st, struct str product);

/* ---- desk: what is more than a paper ---- */
/* The call a paper names; refuses one that is not in the register. An empty number is no call. */
MUST_CHECK enum err intake_desk_call(struct step *st, struct str call_no, struct call *out);
/* Was the special meeting about this call called? */
MUST_CHECK enum err intake_desk_met(struct step *st, struct str call_no, bool *out);
MUST_CHECK enum err intake_mail_logged(struct step *st, const void *payload);
MUST_CHECK enum err intake_mail_filed(struct step *st, const void *payload, void *row);
/* The call was answered, signed or ended: so were the requests that go with it. */
MUST_CHECK enum err intake_request_follow(struct step *st, const struct call *c);
MUST_CHECK enum err intake_install_proven(struct step *st, struct str product,
                                          struct rec_row_proven *out);
/* Into the product's file and beside it; what is open of the product is judged again. Refuses a
 * product without a file, by this field, and commissioned before shipped. */
MUST_CHECK enum err intake_install_prove(struct step *st, struct str product, const char *field,
                                         const struct rec_row_proven *said);
/* Fills what a file leaves out from what papers have proven. */
MUST_CHECK enum err intake_install_recall(struct step *st, struct ev_product_upserted *file);
MUST_CHECK enum err intake_install_mileage(struct step *st, struct str product, uint64_t km);
/* Plans the first visit of a customer who became a key customer. */
MUST_CHECK enum err intake_visit_customer(struct step *st, const struct ev_customer_upserted *file);
MUST_CHECK enum err intake_ecom_query(struct step *st, const void *payload);

/* ---- papers (common/paper.h) ---- */
/* desk */
extern const struct paper intake_docs, intake_abnormal, intake_meeting, intake_quote,
    intake_request, intake_feedback, intake_project, intake_install, intake_lead, intake_visit,
    intake_ecom, intake_ecom_week, intake_contact, intake_site_part, intake_site;
/* plan */
extern const struct paper intake_contract, intake_pm, intake_appointment;
/* followup */
extern const struct paper intake_card, intake_followup, intake_sms, intake_vip_card, intake_survey;
/* goods */
/* goods: intake_goods.c */
MUST_CHECK enum err intake_goods_fact(struct step *st, const void *payload);
MUST_CHECK enum err intake_goods_signed(struct step *st, const void *payload);

/* ---- plan: intake_contract.c, intake_pm.c, intake_appointment.c ---- */
/* contract.upserted, once the file is in order: what becomes of the contract. */
MUST_CHECK enum err intake_contract_registered(struct step *st, const void *payload);
/* INT-058: *out whether this contract covers the day; renewals and termination are seen. */
MUST_CHECK enum err intake_contract_in_force(struct step *st,
                                             const struct ev_contract_upserted *file, int32_t day,
                                             bool *out);
/* contract.turn passed: the notice day came, or the last day is over. */
MUST_CHECK enum err intake_contract_turn(struct step *st, struct str case_no);
#define CONTRACT_IN_FORCE                                                                          \
    (IN(contract_state_active) | IN(contract_state_notice_due) | IN(contract_state_notified) |     \
     IN(contract_state_visited))
/* A day that can be written down: 1970-01-01 means "none" there (proto/README.md). */
static inline int32_t intake_day(int32_t day)
{
    return day ? day : 1;
}
/* A due instant: the index of due deadlines counts from 1970, what was due before is due then. */
static inline int64_t intake_instant(int64_t due_ms)
{
    return due_ms > 0 ? due_ms : 1;
}
MUST_CHECK enum err intake_pm_planned(struct step *st, const void *payload);
/* ERR_REFUSED: nobody told such a plan. */
MUST_CHECK enum err intake_pm_plan_cancelled(struct step *st, const void *payload);
/* The contract is in force between these days now: orders whose visit lies behind them end, plans
 * that can go on do. */
MUST_CHECK enum err intake_pm_between(struct step *st, struct str contract,
                                      struct rec_term_line days);
/* pm.generate and pm.visit passed. */
MUST_CHECK enum err intake_pm_generate(struct step *st, struct str case_no);
MUST_CHECK enum err intake_pm_missed(struct step *st, struct str case_no);
/* The vehicle of an appointment came in (the door's vehicle.received). Never refuses (CV-13): what
 * names no open appointment is ERR_STALE. */
MUST_CHECK enum err intake_appointment_received(struct step *st, struct str appointment);
/* ---- intake_followup.c ---- */
/* A call-back 回訪 of this kind is made under the rule of the kind, with the number kind/ref;
 * followup_no and kind need not be filled in. Nothing when there is one of this number. For other
 * papers that want somebody called (INT-087: kind maintenance, ref the lead's number). */
MUST_CHECK enum err intake_followup_create(struct step *st, enum followup_kind kind,
                                           struct ev_followup_created *ev);
/* job.completed, job.signed: the call first (intake_jobs.c), then who is called back for it. */
MUST_CHECK enum err intake_followup_job(struct step *st, const void *payload);
/* The work of this call is done. */
MUST_CHECK enum err intake_followup_after(struct step *st, const struct call *c);
MUST_CHECK enum err intake_followup_requested(struct step *st, const void *payload);
/* INT-086: a call-back about this call was done. */
MUST_CHECK enum err intake_followup_is_done(struct step *st, struct str call_no, bool *out);
MUST_CHECK enum err intake_followup_passed(struct step *st, struct str case_no);

/* ---- intake_card.c, intake_sms.c, intake_vip.c ---- */
/* The call-back of a card is done; reason is empty when the card counts. */
MUST_CHECK enum err intake_card_decide(struct step *st, const struct rec_row_followup *row,
                                       struct str followup_no, struct str reason);
MUST_CHECK enum err intake_sms_reported(struct step *st, const void *payload);
MUST_CHECK enum err intake_sms_logged(struct step *st, const void *payload); /* abnormal.logged */
MUST_CHECK enum err intake_vip_loaded(struct step *st, const void *payload);
MUST_CHECK enum err intake_vip_passed(struct step *st, struct str case_no);

/* ---- intake_survey.c ---- */
MUST_CHECK enum err intake_survey_sent(struct step *st, const void *payload);
MUST_CHECK enum err intake_survey_cancelled(struct step *st, const void *payload);
/* The register of a day was sent: its calls want their cards. */
MUST_CHECK enum err intake_survey_demand(struct step *st, struct str unit, int32_t day);
MUST_CHECK enum err intake_survey_passed(struct step *st, struct str unit, int32_t day);

#endif
