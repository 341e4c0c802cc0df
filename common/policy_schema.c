/* policy_schema.c - the keys of policy files, as libcyaml schemas.
 *
 * libcyaml fills the structs of policy.h in place: a text becomes struct str (it writes the
 * pointer, policy_fill.c adds the length), a list of texts becomes struct words. How to read a row:
 * key, whether it must be there, struct, member. UINT is a count or a duration and therefore > 0
 * when it is written at all (INT-099); INT may be 0 or negative. policy_yaml.c checks all of it
 * before libcyaml does, which takes "3x" as 3 and any word as yes. */
#include "common/policy_schema.h"
#include "common/contract.h"
#include <assert.h>

static_assert(offsetof(struct str, p) == 0, "libcyaml writes the pointer of a text at its start");
static_assert(offsetof(struct words, v) == 0, "libcyaml writes the pointer of a list at its start");
static_assert(sizeof(bool) == 1 && sizeof(enum yes_no) == 4, "sizes libcyaml can store");

const char *const policy_schema_part_names[PART_COUNT] = {[PART_services] = "services",
                                                          [PART_warranties] = "warranties",
                                                          [PART_sets] = "sets",
                                                          [PART_deadlines] = "deadlines",
                                                          [PART_kinds] = "kinds",
                                                          [PART_targets] = "targets",
                                                          [PART_staff_reports] = "staff_reports",
                                                          [PART_departments] = "departments",
                                                          [PART_steps] = "steps",
                                                          [PART_authority] = "authority",
                                                          /* money */
                                                          [PART_sanction_items] = "sanction_items",
                                                          [PART_sanction_bands] = "sanction_bands",
                                                          [PART_loss_basis] = "loss_basis",
                                                          /* conduct */
                                                          [PART_ledger_facts] = "ledger_facts",
                                                          [PART_ledger_sources] = "ledger_sources",
                                                          /* parts */
                                                          [PART_parts_policies] = "parts_policies",
                                                          [PART_supplier_agreements] =
                                                              "supplier_agreements",
                                                          /* cost */
                                                          [PART_expense_checks] = "expense_checks",
                                                          [PART_allowances] = "allowances",
                                                          /* scoring */
                                                          [PART_score_facts] = "score_facts",
                                                          [PART_schemes] = "schemes",
                                                          [PART_approvers] = "approvers",
                                                          [PART_score_kpis] = "score_kpis",
                                                          [PART_score_reports] = "score_reports"};

const cyaml_schema_value_t policy_schema_word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MAX)};
static const cyaml_schema_value_t day_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, TEXT_MAX)};

/* ---- closed lists of words ---- */
static const cyaml_strval_t yes_no[] = {{"yes", yes_no_yes}, {"no", yes_no_no}};
static const cyaml_strval_t service_clock[] = {{"elapsed", clock_kind_elapsed},
                                               {"working", clock_kind_working}};
static const cyaml_strval_t set_clock[] = {
    {"elapsed", clock_kind_elapsed}, {"working", clock_kind_working}, {"day", clock_kind_day}};
static const cyaml_strval_t deadline_clock[] = {{"elapsed", clock_kind_elapsed},
                                                {"working", clock_kind_working},
                                                {"day", clock_kind_day},
                                                {"given", clock_kind_given}};
static const cyaml_strval_t boundary[] = {{"left", BOUNDARY_left}, {"right", BOUNDARY_right}};
static const cyaml_strval_t register_day[] = {{"business", RAW_DAY_business},
                                              {"calendar", RAW_DAY_calendar}};
static const cyaml_strval_t reply_kind[] = {{"response", reply_kind_response},
                                            {"answer", reply_kind_answer},
                                            {"substantive", reply_kind_substantive},
                                            {"written", reply_kind_written}};
static const cyaml_strval_t arrival_from[] = {{"none", ARRIVAL_FROM_none},
                                              {"agreed", ARRIVAL_FROM_agreed},
                                              {"appointment", ARRIVAL_FROM_appointment},
                                              {"task_order", ARRIVAL_FROM_task_order}};
static const cyaml_strval_t repair_from[] = {{"received", REPAIR_FROM_received},
                                             {"arrival", REPAIR_FROM_arrival}};
static const cyaml_strval_t on_unrepairable[] = {{"none", ON_UNREPAIRABLE_none},
                                                 {"free_new_unit", ON_UNREPAIRABLE_free_new_unit},
                                                 {"quote", ON_UNREPAIRABLE_quote}};
static const cyaml_strval_t survey[] = {{"none", SURVEY_none},
                                        {"card_all", SURVEY_card_all},
                                        {"form_per_job", SURVEY_form_per_job},
                                        {"callback_cards", SURVEY_callback_cards}};
static const cyaml_strval_t inquiry[] = {
    {"auto", INQUIRY_auto}, {"draft", INQUIRY_draft}, {"off", INQUIRY_off}};
static const cyaml_strval_t second_call[] = {{"join", SECOND_CALL_join},
                                             {"wait", SECOND_CALL_wait}};
static const cyaml_strval_t no_evidence[] = {
    {"ship_as_commissioning", NO_EVIDENCE_ship_as_commissioning},
    {"ship_cap", NO_EVIDENCE_ship_cap},
    {"refuse", NO_EVIDENCE_refuse}};
static const cyaml_strval_t extension[] = {{"anchor", EXTENSION_anchor},
                                           {"result", EXTENSION_result}};
static const cyaml_strval_t overlap[] = {{"refuse", APPOINTMENT_OVERLAP_refuse},
                                         {"warn", APPOINTMENT_OVERLAP_warn}};
static const cyaml_strval_t filed_replies[] = {{"written", FILED_REPLIES_written},
                                               {"all", FILED_REPLIES_all}};
static const cyaml_strval_t missing[] = {{"undetermined", MISSING_undetermined},
                                         {"hold", MISSING_hold},
                                         {"trial", MISSING_trial},
                                         {"evidence_rule", MISSING_evidence_rule},
                                         {"query", MISSING_query}};
static const cyaml_strval_t disposition[] = {{"answered", disposition_answered},
                                             {"site", disposition_site},
                                             {"factory", disposition_factory},
                                             {"supply", disposition_supply},
                                             {"meeting", disposition_meeting}};
static const cyaml_strval_t zone_kind[] = {{"urban", zone_kind_urban},
                                           {"suburban", zone_kind_suburban}};
static const cyaml_strval_t compare[] = {
    {"ge", COMPARE_ge}, {"le", COMPARE_le}, {"lt", COMPARE_lt}, {"eq", COMPARE_eq}};
static const cyaml_strval_t next_day[] = {{"working", RAW_NEXT_working},
                                          {"calendar", RAW_NEXT_calendar}};
static const cyaml_strval_t unqualified[] = {{"warn", RAW_UNQUALIFIED_warn},
                                             {"refuse", RAW_UNQUALIFIED_refuse}};
static const cyaml_strval_t near_with_maker[] = {{"far", RAW_NEAR_far}, {"both", RAW_NEAR_both}};
static const cyaml_strval_t start_checks[] = {{"refuse", RAW_CHECKS_refuse},
                                              {"warn", RAW_CHECKS_warn}};

/* ---- services (intake section 16) ---- */
static const cyaml_schema_field_t selector[] = {
    WORDS("product_line", OPT, struct selector, product_line),
    WORDS("phase", OPT, struct selector, phase),
    WORDS("fault_group", OPT, struct selector, fault_group),
    WORDS("zone", OPT, struct selector, zone),
    WORDS("order_kind", OPT, struct selector, order_kind),
    WORDS("customer", OPT, struct selector, customer),
    WORDS("contract", OPT, struct selector, contract),
    WORDS("service_class", OPT, struct selector, service_class),
    UINT("distance_over_m", OPT, struct selector, distance_min_m),
    UINT("distance_upto_m", OPT, struct selector, distance_max_m),
    WORD("needs_maker", OPT, struct selector, needs_maker, yes_no),
    CYAML_FIELD_END};

static const cyaml_schema_field_t service[] = {
    NAME("id", MUST, struct raw_service, p.id), TEXT("source", MUST, struct raw_service, p.source),
    INT("priority", OPT, struct raw_service, p.priority),
    FLAG("fallback", OPT, struct raw_service, p.fallback),
    CYAML_FIELD_MAPPING("selects_on", OPT, struct raw_service, p.selects_on, selector),
    WORD("clock", OPT, struct raw_service, p.clock, service_clock),
    CALENDAR("calendar", OPT, struct raw_service, p.calendar),
    WORD("boundary", OPT, struct raw_service, p.boundary, boundary),
    WORD("register_day", OPT, struct raw_service, register_day, register_day),
    WORD("same_day_dispatch", OPT, struct raw_service, same_day_dispatch, yes_no),
    UINT("reply_min", OPT, struct raw_service, p.reply_min),
    WORD("reply_kind", OPT, struct raw_service, p.reply_kind, reply_kind),
    UINT("contact_maker_min", OPT, struct raw_service, p.contact_maker_min),
    UINT("feedback_min", OPT, struct raw_service, p.feedback_min),
    UINT("quality_form_min", OPT, struct raw_service, p.quality_form_min),
    UINT("arrival_min", OPT, struct raw_service, p.arrival_min),
    WORD("arrival_from", OPT, struct raw_service, p.arrival_from, arrival_from),
    WORD("agreed_time_overrides", OPT, struct raw_service, agreed_time_overrides, yes_no),
    UINT("repair_min", OPT, struct raw_service, p.repair_min),
    WORD("repair_from", OPT, struct raw_service, p.repair_from, repair_from),
    UINT("restore_min", OPT, struct raw_service, p.restore_min),
    FLAG("restore_at_arrival", OPT, struct raw_service, p.restore_at_arrival),
    UINT("contingency_min", OPT, struct raw_service, p.contingency_min),
    TEXT("contingency_action", OPT, struct raw_service, p.contingency_action),
    WORD("on_unrepairable", OPT, struct raw_service, p.on_unrepairable, on_unrepairable),
    FLAG("clarify_stops_clock", OPT, struct raw_service, p.clarify_stops_clock),
    FLAG("pause_stops_clock", OPT, struct raw_service, p.pause_stops_clock),
    FLAG("quote_required", OPT, struct raw_service, p.quote_required),
    WORDS("warranty_policies", OPT, struct raw_service, p.warranty_policies),
    NAME("parts_policy", OPT, struct raw_service, p.parts_policy),
    TEXT("evidence_name", OPT, struct raw_service, p.evidence_name),
    WORDS("evidence_fields", OPT, struct raw_service, p.evidence_fields),
    WORDS("prepare_check", OPT, struct raw_service, p.prepare_check), /* shop */
    WORDS("diagnosis_check", OPT, struct raw_service, p.diagnosis_check),
    WORD("sign_after_finish", OPT, struct raw_service, sign_after_finish, yes_no),
    FLAG("leave_call", OPT, struct raw_service, p.leave_call),
    FLAG("followup_before_close", OPT, struct raw_service, p.followup_before_close),
    WORD("survey", OPT, struct raw_service, p.survey, survey),
    SET("escalation", OPT, struct raw_service, p.escalation),
    /* staff */
    WORDS("staff_reports", OPT, struct raw_service, p.staff_reports), CYAML_FIELD_END};
static const cyaml_schema_value_t service_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_service, service)};

/* ---- warranties (intake section 5) ---- */
static const cyaml_schema_field_t term[] = {NAME("anchor", MUST, struct warranty_term, anchor),
                                            UINT("months", MUST, struct warranty_term, months),
                                            CYAML_FIELD_END};
static const cyaml_schema_value_t term_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct warranty_term, term)};
static const cyaml_schema_field_t warranty[] = {
    NAME("id", MUST, struct warranty_policy, id),
    TEXT("source", MUST, struct warranty_policy, source),
    CYAML_FIELD_SEQUENCE_COUNT("terms", OPT, struct warranty_policy, terms, term_count, &term_value,
                               0, 4),
    FLAG("maker_overrides", OPT, struct warranty_policy, maker_overrides),
    UINT("km", OPT, struct warranty_policy, km),
    FLAG("agreement", OPT, struct warranty_policy, agreement),
    UINT("extension_months", OPT, struct warranty_policy, extension_months),
    FLAG("evidence_required", OPT, struct warranty_policy, evidence_required),
    FLAG("requires_quality", OPT, struct warranty_policy, requires_quality),
    WORD("on_missing", OPT, struct warranty_policy, on_missing, missing),
    CYAML_FIELD_END};
static const cyaml_schema_value_t warranty_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct warranty_policy, warranty)};

/* ---- escalation sets (CV-12) ---- */
static const cyaml_schema_field_t level[] = {
    UINT("level", MUST, struct raw_level, level),
    INT_PTR("offset_min", OPT, struct raw_level, offset_min),
    INT_PTR("offset_days", OPT, struct raw_level, offset_days),
    ROLE("to", MUST, struct raw_level, to),
    ROLE("copy", OPT, struct raw_level, copy),
    CYAML_FIELD_END};
static const cyaml_schema_value_t level_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_level, level)};
static const cyaml_schema_field_t set[] = {
    SET("id", MUST, struct raw_set, s.id),
    WORD("clock", MUST, struct raw_set, s.clock, set_clock),
    CYAML_FIELD_SEQUENCE_COUNT("levels", MUST, struct raw_set, levels, level_count, &level_value, 1,
                               ESCALATION_LEVELS_MAX),
    UINT("repeat_min", OPT, struct raw_set, s.repeat_min),
    UINT("repeat_copy_from", OPT, struct raw_set, s.repeat_copy_from),
    ROLE("repeat_to", OPT, struct raw_set, s.repeat_to),
    ROLE("repeat_copy", OPT, struct raw_set, s.repeat_copy),
    CYAML_FIELD_END};
static const cyaml_schema_value_t set_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_set, set)};

/* ---- deadlines (CV-11), kinds (INT-092), targets ---- */
static const cyaml_schema_field_t deadline[] = {
    NAME("name", MUST, struct raw_deadline, d.name),
    FLAG("off", OPT, struct raw_deadline, d.off),
    UINT("minutes", OPT, struct raw_deadline, d.minutes),
    UINT("foreign_minutes", OPT, struct raw_deadline, d.foreign_minutes), /* CMP-036 */
    INT_PTR("days", OPT, struct raw_deadline, days),
    FLAG("every_day", OPT, struct raw_deadline, d.every_day),
    FLAG("next_day", OPT, struct raw_deadline, d.next_day),
    TEXT("at", OPT, struct raw_deadline, at),
    WORD("clock", OPT, struct raw_deadline, d.clock, deadline_clock),
    SET("set", OPT, struct raw_deadline, d.set),
    CYAML_FIELD_END};
static const cyaml_schema_value_t deadline_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_deadline, deadline)};

static const cyaml_schema_field_t kind[] = {
    NAME("name", MUST, struct order_kind, name),
    WORD("disposition", MUST, struct order_kind, disposition, disposition),
    FLAG("arrival", OPT, struct order_kind, arrival),
    FLAG("assignment", OPT, struct order_kind, assignment),
    FLAG("completion", OPT, struct order_kind, completion),
    FLAG("signature", OPT, struct order_kind, signature),
    FLAG("voucher", OPT, struct order_kind, voucher),
    /* shop */
    FLAG("photos", OPT, struct order_kind, photos),
    FLAG("participants", OPT, struct order_kind, participants), CYAML_FIELD_END};
static const cyaml_schema_value_t kind_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct order_kind, kind)};

static const cyaml_schema_field_t target[] = {
    NAME("kpi", MUST, struct raw_target, t.kpi), TEXT("target", MUST, struct raw_target, target),
    WORD("compare", MUST, struct raw_target, t.compare, compare), CYAML_FIELD_END};
static const cyaml_schema_value_t target_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_target, target)};

static const cyaml_schema_field_t staff[] = {CALENDAR("unit", MUST, struct staff_reports, unit),
                                             WORDS("owes", MUST, struct staff_reports, owes),
                                             CYAML_FIELD_END};
static const cyaml_schema_value_t staff_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct staff_reports, staff)};

static const cyaml_schema_field_t part[] = {
    ITEMS(services, struct raw_service, &service_value),
    ITEMS(warranties, struct warranty_policy, &warranty_value),
    ITEMS(sets, struct raw_set, &set_value), ITEMS(deadlines, struct raw_deadline, &deadline_value),
    ITEMS(kinds, struct order_kind, &kind_value), ITEMS(targets, struct raw_target, &target_value),
    ITEMS(staff_reports, struct staff_reports, &staff_value),
    /* complaint */
    ITEMS(departments, struct department, &policy_schema_department),
    ITEMS(steps, struct raw_step, &policy_schema_step),
    ITEMS(authority, struct raw_authority, &policy_schema_authority),
    /* money */
    ITEMS(sanction_items, struct sanction_item, &policy_schema_sanction_item),
    ITEMS(sanction_bands, struct raw_sanction_band, &policy_schema_sanction_band),
    ITEMS(loss_basis, struct loss_basis, &policy_schema_loss_basis),
    /* conduct */
    ITEMS(ledger_facts, struct raw_ledger_fact, &policy_schema_ledger_fact),
    ITEMS(ledger_sources, struct ledger_source, &policy_schema_ledger_source),
    /* parts */
    ITEMS(parts_policies, struct parts_policy, &policy_schema_parts_policy),
    /* old */
    ITEMS(supplier_agreements, struct supplier_agreement, &policy_schema_supplier_agreement),
    /* cost */
    ITEMS(expense_checks, struct expense_checks, &policy_schema_expense_checks),
    ITEMS(allowances, struct raw_allowance, &policy_schema_allowance),
    /* scoring */
    ITEMS(score_facts, struct score_fact, &policy_schema_score_fact),
    ITEMS(schemes, struct raw_scheme, &policy_schema_scheme),
    ITEMS(approvers, struct scheme_approvers, &policy_schema_approvers),
    ITEMS(score_kpis, struct raw_score_kpi, &policy_schema_score_kpi),
    ITEMS(score_reports, struct score_report, &policy_schema_score_report), CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_part = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct policy_part, part)};

/* ---- policy.yaml ---- */
static const cyaml_schema_field_t keys[] = {
    TEXT("call_no_format", OPT, struct raw_keys, k.call_no_format),
    WORD("second_call_mode", OPT, struct raw_keys, k.second_call_mode, second_call),
    WORD("next_day", OPT, struct raw_keys, next_day, next_day),
    FLAG("roll_last_day", OPT, struct raw_keys, k.roll_last_day),
    UINT("workday_min", OPT, struct raw_keys, k.workday_min),
    WORD("no_evidence", OPT, struct raw_keys, k.no_evidence, no_evidence),
    WORD("extension_mode", OPT, struct raw_keys, k.extension_mode, extension),
    WORD("unknown_zone", OPT, struct raw_keys, k.unknown_zone, zone_kind),
    WORD("near_with_maker", OPT, struct raw_keys, near_with_maker, near_with_maker),
    WORD("inquiry_mode", OPT, struct raw_keys, k.inquiry_mode, inquiry),
    WORD("unqualified_mode", OPT, struct raw_keys, unqualified_mode, unqualified),
    WORD("first_arrival_stops", OPT, struct raw_keys, first_arrival_stops, yes_no),
    WORD("remote_fix_stops", OPT, struct raw_keys, remote_fix_stops, yes_no),
    WORD("repair_start_checks", OPT, struct raw_keys, repair_start_checks, start_checks),
    WORDS("plan_reviewers", OPT, struct raw_keys, k.plan_reviewers),
    FLAG("open_units", OPT, struct raw_keys, k.open_units),
    UINT("repeat_window_days", OPT, struct raw_keys, k.repeat_window_days),
    /* shop, plant */
    UINT("trial_fit_photos_min", OPT, struct raw_keys, k.trial_fit_photos_min),
    WORD("exit_inspector_differs", OPT, struct raw_keys, exit_inspector_differs, yes_no),
    WORD("exit_sheets", OPT, struct raw_keys, exit_sheets, yes_no),
    WORD("rework_free", OPT, struct raw_keys, rework_free, yes_no),
    WORD("workorder_signed", OPT, struct raw_keys, workorder_signed, yes_no),
    WORDS("sorting_areas", OPT, struct raw_keys, k.sorting_areas),
    WORDS("register_fields", MUST, struct raw_keys, k.register_fields),
    WORDS("site_fields", MUST, struct raw_keys, k.site_fields),
    CALENDAR("default_calendar", MUST, struct raw_keys, k.default_calendar),
    NAME("default_order_kind", MUST, struct raw_keys, k.default_order_kind),
    /* plan */
    UINT("contract_notice_months", OPT, struct raw_keys, k.contract_notice_months),
    UINT("pm_lead_days", OPT, struct raw_keys, k.pm_lead_days),
    WORD("appointment_overlap", OPT, struct raw_keys, k.appointment_overlap, overlap),

    /* staff */
    UINT("cards_by_day", OPT, struct raw_keys, k.cards_by_day),
    WORD("suggest_technician", OPT, struct raw_keys, suggest_technician, yes_no),
    /* followup */
    UINT("callback_attempts", OPT, struct raw_keys, k.callback_attempts),
    WORDS("sms_compared_fields", OPT, struct raw_keys, k.sms_compared_fields),
    UINT("vip_a_months", OPT, struct raw_keys, k.vip_a_months),
    UINT("vip_b_months", OPT, struct raw_keys, k.vip_b_months),
    UINT("followup_days", OPT, struct raw_keys, k.followup_days),
    WORD("followup_regular", OPT, struct raw_keys, followup_regular, yes_no),
    WORD("followup_paid", OPT, struct raw_keys, followup_paid, yes_no),
    /* goods */
    TEXT("low_fee_max", OPT, struct raw_keys, low_fee_max),
    UINT("promised_default_days", OPT, struct raw_keys, k.promised_default_days),
    /* desk */
    UINT("quote_valid_days", OPT, struct raw_keys, k.quote_valid_days),
    UINT("key_customer_visit_months", OPT, struct raw_keys, k.key_customer_visit_months),
    WORD("filed_replies", OPT, struct raw_keys, k.filed_replies, filed_replies),
    WORDS("special_domains", OPT, struct raw_keys, k.special_domains),
    WORDS("ecom_categories", OPT, struct raw_keys, k.ecom_categories),
    WORDS("contact_roles", OPT, struct raw_keys, k.contact_roles), CYAML_FIELD_END};
static const cyaml_schema_field_t policy[] = {
    NAME("name", MUST, struct raw_policy, name),
    UINT("version", MUST, struct raw_policy, version),
    TEXT("effective", OPT, struct raw_policy, effective),
    WORDS("include", OPT, struct raw_policy, include),
    CYAML_FIELD_MAPPING("keys", MUST, struct raw_policy, keys, keys),
    CYAML_FIELD_MAPPING("parts", OPT, struct raw_policy, parts, policy_schema_parts_keys),
    CYAML_FIELD_MAPPING("complaint", OPT, struct raw_policy, complaint,
                        policy_schema_complaint_keys),
    CYAML_FIELD_MAPPING("scoring", OPT, struct raw_policy, scoring, policy_schema_scoring_keys),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_policy = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_policy, policy)};

/* ---- calendars (CV-4) ---- */
static const cyaml_schema_field_t exceptions[] = {
    UINT("year", MUST, struct raw_exceptions, year), TEXT("off", OPT, struct raw_exceptions, off),
    TEXT("work", OPT, struct raw_exceptions, work), CYAML_FIELD_END};
static const cyaml_schema_value_t exceptions_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_exceptions, exceptions)};
static const cyaml_schema_field_t calendar[] = {
    CALENDAR("name", MUST, struct raw_calendar, name),
    TEXT("zone", MUST, struct raw_calendar, zone),
    TEXT("from", MUST, struct raw_calendar, from),
    TEXT("to", MUST, struct raw_calendar, to),
    WORDS_OF("week", MUST, struct raw_calendar, week, &day_value, 7, 7),
    TEXT("makeup", OPT, struct raw_calendar, makeup),
    CYAML_FIELD_SEQUENCE_COUNT("exceptions", CYAML_FLAG_POINTER | OPT, struct raw_calendar,
                               exceptions, exception_count, &exceptions_value, 0, POLICY_ITEMS_MAX),
    CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_calendar = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_calendar, calendar)};
