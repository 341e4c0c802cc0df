/* intake.c - the door of the house, and the call register 報修受理.
 *
 * Every fact of every service comes through here. The node has checked its contract and dropped
 * what it had before; this file asks whether the sender and the unit are known (INT-105), then
 * hands the fact to whoever applies it. What belongs to another service is never refused for its
 * content (CV-13). How to read on: intake_private.h lists the files. Rules INT-104, INT-105, CV-11,
 * CV-13. */
#include "services/intake/intake.h"
#include "common/contract.h"
#include "services/intake/intake_private.h"

/* ---- tables ---- */

#define TABLE(id, name, key, shape) [TABLE_##id - TABLE_OWN] = {TABLE_##id, name, key, shape}

const struct table intake_tables[TABLE_COUNT - TABLE_OWN] = {
    TABLE(CALL, "call", "call_no", shape_row_call),
    TABLE(REGISTER, "register", "unit, day", shape_row_register),
    TABLE(REGISTER_CALL, "register_call", "unit, day, call_no", shape_row_mark),
    TABLE(OPEN_CALL, "open_call", "product, customer, checksum of the fault, call_no",
          shape_row_mark),
    TABLE(JOINED, "joined", "call_no, joined call_no", shape_row_mark),
    TABLE(VOUCHER, "voucher", "customer, product (or nothing, call_no)", shape_row_voucher),
    TABLE(VOUCHER_WAIT, "voucher_wait", "key of the voucher, register day, call_no",
          shape_row_mark),
    TABLE(CUSTOMER, "customer", "customer", shape_ev_customer_upserted),
    TABLE(PRODUCT, "product", "product", shape_ev_product_upserted),
    TABLE(CONTRACT, "contract", "contract", shape_ev_contract_upserted),
    TABLE(CONTRACT_OF, "contract_of", "customer, contract", shape_row_mark),
    /* desk */
    TABLE(DOCS, "docs", "order", shape_row_docs),
    TABLE(ABNORMAL, "abnormal", "report_no", shape_row_abnormal),
    TABLE(MAIL_BOOK, "mail_book", "unit", shape_row_mail_book),
    TABLE(MAIL, "mail", "unit, received_at, entry", shape_row_mail),
    TABLE(MEETING, "meeting", "call_no", shape_row_meeting),
    TABLE(QUOTE, "quote", "quote_no", shape_row_quote),
    TABLE(REQUEST, "request", "request_no", shape_row_request),
    TABLE(REQUEST_OF, "request_of", "call_no, request_no", shape_row_mark),
    TABLE(FEEDBACK, "feedback", "feedback_no", shape_row_feedback),
    TABLE(PROJECT, "project", "project", shape_row_project),
    TABLE(PROVEN, "proven", "product", shape_row_proven),
    TABLE(INSTALL, "install", "product", shape_row_install),
    TABLE(LEAD, "lead", "lead_no", shape_row_lead),
    TABLE(VISIT, "visit", "visit_no", shape_row_visit),
    TABLE(VISIT_OF, "visit_of", "customer, visit_no", shape_row_mark),
    TABLE(ECOM, "ecom", "order, item", shape_row_ecom),
    TABLE(ECOM_WEEK, "ecom_week", "unit, week", shape_row_ecom_week),
    TABLE(CONTACT, "contact", "site, role, product, station", shape_row_contact),
    TABLE(SITE_PART, "site_part", "site, part_no", shape_row_site_part),
    TABLE(SITE, "site", "site", shape_row_site),
    /* plan */
    TABLE(CONTRACT_LIFE, "contract_life", "contract", shape_row_contract),
    TABLE(PM_PLAN, "pm_plan", "contract, equipment", shape_row_pm_plan),
    TABLE(PM, "pm", "order_no", shape_row_pm),
    TABLE(PM_OPEN, "pm_open", "contract, order_no", shape_row_mark),
    TABLE(APPOINTMENT, "appointment", "appointment", shape_row_appointment),
    TABLE(SLOT, "slot", "technician, day, appointment", shape_row_slot),
    /* followup */
    TABLE(CARD, "card", "card_no", shape_row_card),
    TABLE(FOLLOWUP, "followup", "followup_no", shape_row_followup),
    TABLE(CALLED_BACK, "called_back", "call_no", shape_row_mark),
    TABLE(REGULAR, "regular", "customer, product", shape_row_regular),
    TABLE(SMS, "sms", "sms_no", shape_row_sms),
    TABLE(SMS_OF, "sms_of", "call_no or report_no, sms_no", shape_row_mark),
    TABLE(REPORT_OF, "report_of", "call_no, report_no", shape_row_mark),
    TABLE(VIP, "vip", "customer", shape_row_vip),
    TABLE(VIP_CARD, "vip_card", "card_no", shape_row_vip_card),
    TABLE(SURVEY, "survey", "call_no", shape_row_survey),
    TABLE(SURVEY_DAY, "survey_day", "unit, day", shape_row_survey_day),
    /* goods */
    TABLE(CALL_GOODS, "call_goods", "call_no", shape_row_call_goods),
    TABLE(CALL_RECEIPT, "call_receipt", "receipt_no", shape_row_call_receipt),
};

/* ---- the door (INT-105) ---- */

static enum err check_known(struct step *st, struct str unit, const char *field)
{
    struct rec_row_unit row;
    enum err e = step_unit(st, unit, &row);
    if (e != ERR_NOT_FOUND) return e;
    st->rule = "INT-105";
    return step_refuse(st, "unknown_unit", field,
                       "unit %.*s is not known here; send unit.upserted for it first",
                       STR_ARG(unit));
}

/* The unit a fact speaks of, where it has such a field. */
static struct str unit_in(const struct step *st, const void *payload)
{
    const struct field *f = shape_field(st->type->shape(), STR("unit"));
    if (!f || f->type != FT_TEXT) return (struct str){0};
    return *(const struct str *)(const void *)((const char *)payload + f->offset);
}

static enum err check_units(struct step *st, const void *payload)
{
    if (st->type->kind == EV_unit_upserted || st->policy->keys.open_units) return ERR_OK;
    enum err e = check_known(st, st->in->source, "source");
    if (e != ERR_OK) return e;
    struct str unit = unit_in(st, payload);
    return unit.n && !str_eq(unit, st->in->source) ? check_known(st, unit, "unit") : ERR_OK;
}

/* ---- which fact goes where ---- */

/* CV-11: the set is what this door was started with; nobody can say otherwise. */
static enum err on_policy_adopted(struct step *st, const void *payload)
{
    const struct ev_policy_adopted *ev = payload;
    if (str_is(ev->hash, st->policy->hash)) return ERR_OK;
    return step_refuse(
        st, "not_loaded", "hash",
        "this is not the policy set the door was started with; start it with that set");
}

/* INT-067: the reception of a vehicle is dispatch's; it keeps the appointment. */
static enum err on_vehicle(struct step *st, const void *payload)
{
    const struct ev_vehicle_received *ev = payload;
    if (ev->appointment.n == 0) return ERR_STALE;
    return intake_appointment_received(st, ev->appointment);
}

static enum err (*const handlers[EVENT_KIND_COUNT])(struct step *st, const void *payload) = {
    [EV_policy_adopted] = on_policy_adopted,
    [EV_unit_upserted] = intake_master_unit,
    [EV_person_upserted] = step_master,
    [EV_customer_upserted] = intake_master_customer,
    [EV_product_upserted] = intake_master_product,
    [EV_contract_upserted] = intake_master_contract,
    [EV_warranty_evidence_added] = intake_master_evidence,
    [EV_call_registered] = intake_entry_registered,
    [EV_call_clarified] = intake_follow_fact,
    [EV_call_replied] = intake_follow_fact,
    [EV_call_disposed] = intake_follow_fact,
    [EV_call_forwarded] = intake_follow_fact,
    [EV_call_hq_help_requested] = intake_follow_fact,
    [EV_call_graded] = intake_follow_fact,
    [EV_call_major_reported] = intake_follow_fact,
    [EV_call_charge_explained] = intake_follow_fact,
    [EV_call_written_off] = intake_follow_fact,
    [EV_call_closed] = intake_follow_fact,
    [EV_warranty_answered] = intake_follow_fact,
    [EV_promise_made] = intake_follow_fact,
    [EV_promise_kept] = intake_follow_fact,
    [EV_customer_dissatisfied] = intake_follow_dissatisfied,
    [EV_register_sent] = intake_book_sent,
    [EV_job_assigned] = intake_jobs_fact,
    [EV_job_arrived] = intake_jobs_fact,
    [EV_job_diagnosed] = intake_jobs_fact,
    [EV_job_reopened] = intake_jobs_fact,
    /* plan */
    [EV_pm_planned] = intake_pm_planned,
    [EV_pm_plan_cancelled] = intake_pm_plan_cancelled,
    /* followup */
    [EV_job_completed] = intake_followup_job,
    [EV_job_signed] = intake_followup_job,
    [EV_followup_requested] = intake_followup_requested,
    [EV_sms_reported] = intake_sms_reported,
    [EV_abnormal_logged] = intake_sms_logged,
    [EV_vip_list_loaded] = intake_vip_loaded,
    [EV_survey_sent] = intake_survey_sent,
    [EV_call_cancelled] = intake_survey_cancelled,
    /* plan */
    [EV_vehicle_received] = on_vehicle,
    /* goods */
    [EV_voucher_signed] = intake_goods_signed,
    [EV_goods_taken_away] = intake_goods_fact,
    [EV_goods_returned] = intake_goods_fact,
    [EV_receipt_voided] = intake_goods_fact,
    [EV_receipt_lost] = intake_goods_fact,
    /* desk */
    [EV_mail_logged] = intake_mail_logged,
    [EV_reply_filed] = intake_follow_fact,
    [EV_ecom_query_answered] = intake_ecom_query,
};

static const struct paper *const papers[] = {
    /* desk */
    &intake_docs, &intake_abnormal, &intake_meeting, &intake_quote, &intake_request,
    &intake_feedback, &intake_project, &intake_install, &intake_lead, &intake_visit, &intake_ecom,
    &intake_ecom_week, &intake_contact, &intake_site_part, &intake_site,
    /* plan: contracts, inspection orders, appointments */
    &intake_contract, &intake_pm, &intake_appointment,
    /* followup: cards, call-backs, surveys */
    &intake_card, &intake_followup, &intake_sms, &intake_vip_card, &intake_survey, NULL};

static enum err on_paper(struct step *st, const void *payload)
{
    if (st->type->owner != OWNER_intake) return ERR_STALE;
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

static enum err intake_step(struct step *st, const void *payload)
{
    REQUIRE(st->from == OWNER_intake); /* nothing stands to the left of the door */
    enum err e = check_units(st, payload);
    if (e != ERR_OK) return e;
    st->rule = st->type->rule;
    return (handlers[st->type->kind] ? handlers[st->type->kind] : on_paper)(st, payload);
}

const struct service intake_service = {
    .name = "intake",
    .owner = OWNER_intake,
    .tables = intake_tables,
    .table_count = COUNT_OF(intake_tables),
    .deadlines = intake_clocks,
    .deadline_count = CLOCK_COUNT,
    .step = intake_step,
    .on_passed = intake_book_passed,
};
