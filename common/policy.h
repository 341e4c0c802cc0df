/* policy.h - the company's rules as data: one directory of YAML files, checked as a whole at load.
 *
 * Whatever a memo of the company could change stands here and not in C (CV-11). A set has a name, a
 * version and a hash; a record keeps the version it was opened under. Everything below is read-only
 * after policy_load and lives as long as the struct policy. Rules CV-11, CV-12, INT-095…099. */
#ifndef CUIBAN_COMMON_POLICY_H
#define CUIBAN_COMMON_POLICY_H

#include "common/calendar.h"
#include "common/exact.h"
#include "common/policy_scoring.h"
#include "common/words.h"
#include "proto/proto.h"

enum boundary { BOUNDARY_left, BOUNDARY_right };
enum register_day { REGISTER_DAY_business, REGISTER_DAY_calendar };
enum arrival_from {
    ARRIVAL_FROM_none,
    ARRIVAL_FROM_agreed,
    ARRIVAL_FROM_appointment,
    ARRIVAL_FROM_task_order
};
enum repair_from { REPAIR_FROM_received, REPAIR_FROM_arrival };
enum on_unrepairable { ON_UNREPAIRABLE_none, ON_UNREPAIRABLE_free_new_unit, ON_UNREPAIRABLE_quote };
enum survey_mode { SURVEY_none, SURVEY_card_all, SURVEY_form_per_job, SURVEY_callback_cards };
enum inquiry_mode { INQUIRY_auto, INQUIRY_draft, INQUIRY_off };
enum second_call { SECOND_CALL_join, SECOND_CALL_wait };
enum no_evidence { NO_EVIDENCE_ship_as_commissioning, NO_EVIDENCE_ship_cap, NO_EVIDENCE_refuse };
enum appointment_overlap { APPOINTMENT_OVERLAP_refuse, APPOINTMENT_OVERLAP_warn };
enum extension_mode { EXTENSION_anchor, EXTENSION_result };
enum filed_replies { FILED_REPLIES_written, FILED_REPLIES_all };

/* When a service policy applies (INT-095); an empty list or 0 matches anything. */
struct selector {
    struct words product_line, phase, fault_group, zone, order_kind, customer, contract,
        service_class;
    uint64_t distance_min_m, distance_max_m; /* min exclusive, max inclusive; 0 = open */
    enum yes_no needs_maker;
};

/* A service policy SP-… (intake section 16). Minutes 0 = none. */
struct service_policy {
    struct str id, source;
    int32_t priority;
    bool fallback; /* the set's default when nothing matches */
    struct selector selects_on;
    enum clock_kind clock; /* elapsed or working */
    struct str calendar;   /* "" = the unit's */
    enum boundary boundary;
    enum register_day register_day;
    bool same_day_dispatch;
    uint32_t reply_min, contact_maker_min, feedback_min, quality_form_min;
    enum reply_kind reply_kind;
    uint32_t arrival_min;
    enum arrival_from arrival_from;
    bool agreed_time_overrides;
    uint32_t repair_min, restore_min, contingency_min;
    enum repair_from repair_from;
    bool restore_at_arrival;
    struct str contingency_action;
    enum on_unrepairable on_unrepairable;
    bool clarify_stops_clock, pause_stops_clock;
    bool quote_required;
    struct words warranty_policies;
    struct str parts_policy;
    struct str evidence_name;
    struct words evidence_fields;
    struct words prepare_check;   /* shop: DSP-005, fields of job.prepared that must be yes */
    struct words diagnosis_check; /* DSP-024: fields of job.diagnosed that must be there */
    bool sign_after_finish, leave_call, followup_before_close;
    enum survey_mode survey;
    struct str escalation; /* set */
    /* staff */
    struct words staff_reports; /* DSP-087: of a unit whose default this is */
};

struct warranty_term {
    struct str
        anchor; /* shipped, commissioned, purchased, supplied, delivered, accepted, term_end */
    uint32_t months;
};
enum warranty_missing {
    MISSING_undetermined,
    MISSING_hold,
    MISSING_trial,
    MISSING_evidence_rule,
    MISSING_query
};

/* A warranty policy W-… (intake section 5). */
struct warranty_policy {
    struct str id, source;
    struct warranty_term terms[4];
    uint32_t term_count;       /* the earliest of all wins (combine: min) */
    bool maker_overrides;      /* maker_months replaces the months of the first term (INT-046) */
    uint32_t km;               /* INT-049: not covered beyond this mileage; 0 = no limit */
    bool agreement;            /* term_end / term_months of the product record rule (INT-043) */
    uint32_t extension_months; /* extension_mode=result: added to the resulting date (INT-040) */
    bool evidence_required;    /* commissioning must be proven (INT-039) */
    bool requires_quality;     /* free only for quality problems (INT-036) */
    enum warranty_missing on_missing;
};

/* A level of an escalation set. Offset counts on the set's clock; day sets count cut-offs. */
struct escalation_level {
    uint32_t level;     /* 1… in ascending order of time */
    int64_t offset_min; /* from the due instant; negative = before. Day sets: working days after the
                           due day */
    struct str to, copy;
};
#define ESCALATION_LEVELS_MAX 12

struct escalation_set {
    struct str id;
    enum clock_kind clock; /* elapsed, working, day */
    struct escalation_level levels[ESCALATION_LEVELS_MAX];
    uint32_t level_count;
    uint32_t repeat_min; /* after the last level again every so many elapsed minutes; 0 = no */
    uint32_t repeat_copy_from; /* from this level on copy to `repeat_copy` (ESC-C) */
    struct str repeat_to, repeat_copy;
};

/* deadlines.<name>: duration and ladder of a deadline that is not a key of a service policy. */
struct deadline_setting {
    struct str name;
    bool off;                 /* this company does not use it */
    uint32_t minutes;         /* on `clock` */
    uint32_t foreign_minutes; /* CMP-036: for a case of the foreign market; 0 = as minutes */
    int32_t days;             /* working days of the day clock; -1 = not given */
    bool every_day;           /* day clock: `days` are days of the calendar, not working days */
    bool next_day;  /* day clock: the one day is 次日; the key next_day decides (CV-8) */
    int32_t at_min; /* day clock: minute of the due day, 1440 = 24:00 */
    enum clock_kind clock;
    struct str set; /* reminder.set; "" = the service policy's, "none" = no 催辦單 */
};

/* A kind of order (INT-092) and what it needs to go on. */
struct order_kind {
    struct str name;
    enum disposition
        disposition; /* what happens to a call of this kind when nobody says otherwise */
    bool arrival, assignment, completion, signature, voucher;
    bool photos, participants; /* shop: needed before the work is finished (DSP-013, DSP-084) */
};

struct kpi_target {
    struct str kpi; /* "K-01" */
    int64_t target; /* per cent x 100 */
    enum compare compare;
};

/* staff: reports a unit owes, in place of those of its default service policy (DSP-087). */
struct staff_reports {
    struct str unit;
    struct words owes; /* of daily, sms, cards, shift */
};

/* complaint: a department of head office, or of whoever acts (CMP-028). */
struct department {
    struct str name;  /* business, gmo, qa … */
    struct str unit;  /* the unit that it is; "" = every unit that is no department */
    struct str label; /* 業務部門 */
    struct words may; /* events of complaint that only those who name them may report */
};

/* A step of the relay of the 客戶抱怨處理表 (CMP-036, CMP-037). */
struct relay_step {
    struct str name;
    uint32_t at;           /* place in the route, ascending */
    struct str department; /* who holds the form meanwhile */
    struct str deadline;   /* its clock; "" = none of its own */
    struct words needs;    /* fields of complaint.step_done without which it is not done */
    bool optional;         /* left out when rd_required is no (CMP-038) */
    bool late;             /* comes after the negotiation (CMP-040) */
    bool off;              /* this company does not have it */
};

/* A level of the authority table 核決權限 (CMP-042), by rising amounts. */
struct authority_level {
    struct str level;  /* 業務部經理 … */
    int64_t up_to_fen; /* included; 0 = without limit */
};

enum number_on_overflow { NUMBER_extend, NUMBER_reject };
enum route_fit_mode { ROUTE_FIT_warn, ROUTE_FIT_refuse };

/* money */
/* An item of administrative punishment (CMP-070). */
struct sanction_item {
    struct str code;  /* A01 */
    struct str label; /* 票據錯誤或附樣等資料錯誤 */
    bool needs_text;  /* is named only with a text of its own */
};

/* The punishment proposed for an amount borne (CMP-071), by rising amounts. */
struct sanction_band {
    struct str kind;  /* none, warning, minor_demerit, major_demerit */
    int64_t from_fen; /* included */
};

/* How the loss of a handling method is worked out (CMP-064). */
enum loss_basis_kind { LOSS_none, LOSS_granted, LOSS_resale, LOSS_rework, LOSS_exchange };
struct loss_basis {
    struct str method; /* a word of handling_method */
    enum loss_basis_kind basis;
};

enum resale_scope { RESALE_administrative, RESALE_all };
enum excluded_from { EXCLUDED_accepted, EXCLUDED_filed };

/* Keys of the complaint service. */
struct complaint_keys {
    /* case */
    enum number_on_overflow number_on_overflow; /* CMP-034 */
    bool number_year_roc;                       /* CMP-032: years of the 民國 */
    struct words scope_products;                /* CMP-001; empty = all */
    struct words pause_reasons;                 /* CMP-055 */
    struct words categories;                    /* CMP-128 */
    struct words form_fields;                   /* CMP-023: fields of complaint.form_filed */
    struct words close_requires;                /* CMP-050 */
    struct str unknown_quantity_note;           /* CMP-024 */
    uint32_t case_years;                        /* CMP-136 */
    /* money */
    uint32_t review_day;                          /* CMP-057, day of the next month */
    uint32_t resale_months;                       /* CMP-061 */
    enum resale_scope resale_scope;               /* CMP-061 */
    int64_t resale_loss_floor_fen;                /* CMP-062 */
    int64_t warn_min_fen, minor_min_per_base_fen; /* CMP-072, CMP-073 */
    uint32_t bases_default;                       /* CMP-073 */
    struct words unit_departments;                /* CMP-068: the group unit bears it */
    struct words person_departments;              /* CMP-069: the person bears it */
    struct words return_proofs, allowance_proofs; /* CMP-090, CMP-091 */
    uint32_t over_ratio_bp;                       /* CMP-089, the company's own */
    bool first_responsibility;                    /* CMP-139 */
    enum excluded_from receivable_excluded_from;  /* CMP-092 */
    /* quality */
    uint32_t recurrence_months;       /* CMP-099 */
    struct words form_addressees;     /* CMP-096: names of the quality department */
    struct words project_departments; /* CMP-116: told of an issue of a key project */
    /* voice */
    struct str approved_by;       /* CMP-021 */
    struct words sanction_causes; /* CMP-076: verified causes that bring a major demerit 大過 */
    /* fit */
    enum route_fit_mode route_fit; /* CMP-036: what a route is that can exceed its total */
};

/* parts: what parts need, from the request to the old part (parts section 11). */
enum parts_request {
    PARTS_REQUEST_none,
    PARTS_REQUEST_abnormal,    /* 產品異常信息報告 */
    PARTS_REQUEST_requisition, /* 備用件領料單 */
    PARTS_REQUEST_feedback,    /* 維修信息反饋 */
    PARTS_REQUEST_report,      /* service report */
    PARTS_REQUEST_contact,     /* 工作聯絡單 */
    PARTS_REQUEST_suspect      /* 可疑品單, 退貨單 */
};
enum parts_writeoff {
    PARTS_WRITEOFF_none,
    PARTS_WRITEOFF_return_note, /* 三包銷退單 after the analysis */
    PARTS_WRITEOFF_report,      /* service report, user's signature, leader, old part */
    PARTS_WRITEOFF_claimlist,   /* tag and claims list */
    PARTS_WRITEOFF_receipt      /* received by the user */
};
enum parts_old { PARTS_OLD_none, PARTS_OLD_classes, PARTS_OLD_all };
enum parts_freight { PARTS_FREIGHT_none, PARTS_FREIGHT_audited, PARTS_FREIGHT_signed };

struct parts_policy {
    struct str id, source;
    enum parts_request request; /* document a free part is asked for with (PRT-002) */
    struct words approver;      /* roles of who signs requests; none = nobody (PRT-003, PRT-004) */
    struct words issue_steps;   /* of the note, in order (PRT-014) */
    enum parts_writeoff writeoff; /* PRT-021, PRT-027 */
    enum parts_old old_parts;     /* which must come back (PRT-024) */
    struct words return_classes;  /* item classes, with old_parts: classes */
    uint32_t liability_min_bp, liability_max_bp, liability_default_bp; /* PRT-029, 1/100 % */
    uint32_t unmatched_factor;  /* PRT-063: times the value; 0 = no such audit */
    bool feedback;              /* PRT-016: no feedback, no exchange */
    bool monthly_disposal;      /* PRT-031 */
    bool secondary;             /* PRT-047 */
    bool return_clock;          /* PRT-025: oldpart.return runs */
    bool posted_if_possible;    /* PRT-020: old parts of what was posted come back if possible */
    uint32_t carried_days;      /* PRT-025: working days after the technician's return; 0 = none */
    bool new_original;          /* PRT-008 */
    enum parts_freight freight; /* PRT-019, PRT-020 */
    bool batch_inspection;      /* PRT-072: nothing goes out uninspected */
    bool supply_plan;           /* PRT-075: warns without one */
    bool origin_proof;          /* PRT-073: warns without one */
};

/* What a supplier has agreed to bear (PRT-047). */
struct supplier_agreement {
    struct str supplier;
    struct words items; /* parts, freight, labour */
};

/* cost: what the expense forms of a unit are checked against (PRT-064). */
struct expense_checks {
    struct str unit;
    struct words checks; /* of sms, card, abnormal, place, consent */
};
/* Allowance standard of a kind of expense (PRT-055). */
struct allowance {
    struct str name, kind;
    struct str rank, place; /* "" = any */
    int64_t per_day_fen;
};

/* Keys of the parts service. */
struct parts_keys {
    bool stock_nonnegative; /* PRT-041 */
    /* issue */
    struct words review_self_made, review_bought_in, review_other; /* departments (PRT-006) */
    /* spare */
    struct words feedback_days; /* PRT-016: last days of the windows of a month, or "last" */
    struct str purchase_department, planning_department, foreign_shipper; /* PRT-010 */
    /* store */
    bool requisition_required; /* PRT-004: no issue without an approved requisition */
    bool free_returns;         /* PRT-040: a return need not name its requisition (imports) */
    bool stock_spec;           /* PRT-037: only parts with a specification in the catalogue */
    bool count_posts;          /* PRT-037: the books follow the count */
    uint32_t receipt_copies;   /* PRT-038, 2 */
    /* old */
    bool block_on_overdue;                         /* PRT-025 */
    struct words loss_items;                       /* PRT-029: parts, freight */
    struct str liability_decider;                  /* PRT-029: role of who sets the share */
    uint32_t mismatch_day;                         /* PRT-030: of the next month, 5 */
    uint32_t oldpart_cutoff_day;                   /* PRT-031, 25 */
    struct str return_dept_own, return_dept_other; /* PRT-027: 生產部, 供銷部 */
    struct words secondary_items;                  /* PRT-047: whoever has no agreement */
    /* cost */
    struct words needs_prior_consent; /* PRT-056: kinds of expense */
    struct words expense_checks;      /* PRT-064: where the unit has no list of its own */
    struct words travel_kinds;        /* PRT-064: lines that may lie beside the day of service */
    uint32_t travel_tolerance_days;   /* PRT-064 */
    uint32_t slip_max_age_months;     /* PRT-065 */
    uint32_t expense_monthly_day;     /* PRT-065: of the next month, included */
    bool advance_block_overdue;       /* PRT-058 */
    struct words expense_reviewer, expense_approver; /* PRT-055: roles; none = anybody */
    struct words advance_reviewer, advance_approver; /* PRT-058: roles; none = anybody */
    /* audit */
    struct words match_keys; /* PRT-061: of staff, day, site, product */
    struct str reversed_by;  /* PRT-069: role of who may take a decision back */
    uint32_t audit_day;      /* PRT-062, PRT-067: of the next month */
    bool card_once;          /* PRT-071: a card is the counterpart of one report */
};

/* Plain keys of the set, each with the default of the rules. */
struct policy_keys {
    struct str call_no_format; /* INT-005; {unit} {day} {n} */
    enum second_call second_call_mode;
    bool next_day_working; /* CV-8 */
    bool roll_last_day;    /* CV-6 */
    uint32_t workday_min;  /* CV-8, 480 */
    enum no_evidence no_evidence;
    enum extension_mode extension_mode;
    enum zone_kind unknown_zone; /* INT-096 */
    bool near_with_maker_both;   /* group BUS */
    enum inquiry_mode inquiry_mode;
    bool unqualified_refuse; /* DSP-007 */
    bool first_arrival_stops, remote_fix_stops;
    bool repair_start_refuse;    /* DSP-085 */
    struct words plan_reviewers; /* DSP-085: R&D, as a department or a role; none = anybody */
    bool open_units; /* a fact may name a unit that was never registered (imports only) */
    uint32_t repeat_window_days; /* DSP-063 */
    /* shop, plant */
    uint32_t trial_fit_photos_min; /* DSP-013 */
    bool exit_inspector_differs;   /* DSP-058 */
    bool exit_sheets;              /* DSP-059 */
    bool rework_free;              /* DSP-062 */
    bool workorder_signed;         /* INT-069 */
    struct words sorting_areas;    /* DSP-075 */
    struct words register_fields;  /* INT-002 */
    struct words site_fields;      /* INT-012 */
    struct str default_calendar;
    struct str default_order_kind;
    /* plan */
    uint32_t contract_notice_months;              /* INT-057 */
    uint32_t pm_lead_days;                        /* INT-059 */
    enum appointment_overlap appointment_overlap; /* INT-066 */
    /* staff */
    uint32_t cards_by_day;   /* DSP-054: day of the next month, 5 */
    bool suggest_technician; /* DSP-003 */
    /* followup */
    uint32_t callback_attempts;       /* INT-079, 3 */
    struct words sms_compared_fields; /* INT-080 */
    uint32_t vip_a_months;            /* INT-081, 3 */
    uint32_t vip_b_months;            /* 6 */
    uint32_t followup_days;           /* INT-083, 90 */
    bool followup_regular;            /* INT-083, yes */
    bool followup_paid;               /* INT-082, yes */
    /* goods */
    int64_t low_fee_max_fen;        /* DSP-043; included */
    uint32_t promised_default_days; /* DSP-040, working */
    /* desk */
    uint32_t quote_valid_days;          /* INT-037 */
    uint32_t key_customer_visit_months; /* INT-091 */
    enum filed_replies filed_replies;   /* INT-009 */
    struct words special_domains;       /* INT-040 */
    struct words ecom_categories;       /* INT-093 */
    struct words contact_roles;         /* INT-101 */
};

/* A line of a file of the set. */
struct policy_place {
    struct str file; /* "" = nowhere */
    uint32_t line;
};

struct policy {
    struct str name;
    uint32_t version;
    int64_t effective_ms; /* 0 = from its adoption */
    char hash[65];        /* BLAKE2b-256 of its files in order of their names, hex */
    struct policy_keys keys;
    const struct service_policy *services;
    const struct warranty_policy *warranties;
    const struct escalation_set *sets;
    const struct deadline_setting *deadlines;
    const struct order_kind *kinds;
    const struct kpi_target *targets;
    const struct staff_reports *staff_reports;
    uint32_t staff_report_count;
    struct parts_keys parts;
    const struct parts_policy *parts_policies;
    uint32_t parts_policy_count;
    const struct supplier_agreement *supplier_agreements;
    uint32_t supplier_agreement_count;
    /* cost */
    const struct expense_checks *expense_checks;
    const struct allowance *allowances;
    uint32_t expense_check_count, allowance_count;
    struct complaint_keys complaint;
    const struct department *departments;
    const struct relay_step *steps; /* by place, without those that are off */
    const struct authority_level *authority;
    uint32_t department_count, step_count, authority_count;
    struct policy_place total_at; /* where complaint.total stands */
    struct scoring_keys scoring;
    const struct score_fact *score_facts;
    const struct scheme *schemes;
    const struct scheme_approvers *approvers;
    uint32_t score_fact_count, scheme_count, approvers_count;
    const struct score_kpi *score_kpis;
    const struct score_report *score_reports;
    uint32_t score_kpi_count, score_report_count;
    /* conduct */
    const struct ledger_fact *ledger_facts;
    const struct ledger_source *ledger_sources;
    uint32_t ledger_fact_count, ledger_source_count;
    /* money */
    const struct sanction_item *sanction_items;
    const struct sanction_band *sanction_bands;
    const struct loss_basis *loss_bases;
    uint32_t sanction_item_count, sanction_band_count, loss_basis_count;
    struct calendar *const *calendars;
    uint32_t service_count, warranty_count, set_count, deadline_count, kind_count, target_count,
        calendar_count;
    struct policy_memory *memory;
};

/* What was wrong, for people: "deploy/policy/bus/services.yaml:42: arrival_min: …". */
struct policy_fault {
    char file[160];
    uint32_t line; /* 0 when the whole file or set is meant */
    struct fault fault;
};
#define POLICY_FAULTS_MAX 32

/* Load the set in `dir` (calendars also from dir/../calendars), check it as a whole (INT-099):
 * durations > 0, every referenced calendar, set, warranty policy and kind exists, no two service
 * policies of equal priority can both match, percentages inside 0…100, exactly one fallback.
 * ERR_REFUSED with all faults found (as many as fit cap, sorted by file and line), ERR_IO when a
 * file cannot be read. */
MUST_CHECK enum err policy_load(const char *dir, struct policy **out, struct policy_fault *faults,
                                uint32_t cap, uint32_t *fault_count);
void policy_close(struct policy **p);
/* One line a fault: "file:line: path: what is wrong and what would be right". */
void policy_print_faults(FILE *out, const struct policy_fault *faults, uint32_t n);

const struct service_policy *policy_service(const struct policy *p, struct str id); /* or NULL */
/* HQ-029: is this deadline the primary milestone of a call under this service policy, or of a
 * quality issue? A call's is its arrival, or its reply where the policy has no arrival; an agreed
 * arrival beside a reply is none of its own: one call counts once. */
bool policy_milestone(const struct policy *p, struct str deadline, struct str service);
const struct warranty_policy *policy_warranty(const struct policy *p, struct str id); /* or NULL */
const struct escalation_set *policy_set(const struct policy *p, struct str id);       /* or NULL */
const struct deadline_setting *policy_deadline(const struct policy *p,
                                               struct str name); /* or NULL */
const struct order_kind *policy_kind(const struct policy *p,
                                     struct str name); /* "" = the default kind */
const struct calendar *policy_calendar(const struct policy *p,
                                       struct str name); /* "" = the default */
/* Does a unit owe these staff reports, "daily" …? unit_policy is its default (DSP-087). */
bool policy_staff_owes(const struct policy *p, struct str unit, struct str unit_policy,
                       struct str report);
/* conduct: the fact a word of conduct.recorded.kind means; NULL when it is none. */
const struct ledger_fact *policy_ledger_fact(const struct policy *p, struct str kind);
/* parts; never NULL. */
const struct parts_policy *policy_parts(const struct policy *p, struct str id);
/* What a supplier bears, of the words parts, freight and labour. */
struct words policy_supplier_bears(const struct policy *p, struct str supplier);
/* cost: whether the expense forms of a unit undergo a check: its own list says, else the house's,
 * where messages and cards are asked only of units that owe them (PRT-064, DSP-087). */
bool policy_expense_check(const struct policy *p, struct str unit, struct str unit_policy,
                          struct str check);
/* The standard that fits best: of rank and place, of the rank, of the place, of neither; or NULL.
 */
const struct allowance *policy_allowance(const struct policy *p, struct str rank, struct str place,
                                         struct str kind);
/* complaint: by name, or by the unit that acts; NULL when the set has no departments. */
const struct department *policy_department(const struct policy *p, struct str name);
const struct department *policy_department_of(const struct policy *p, struct str unit);
const struct relay_step *policy_step(const struct policy *p, struct str name); /* or NULL */
/* money */
const struct sanction_item *policy_sanction_item(const struct policy *p,
                                                 struct str code); /* or NULL */
const struct kpi_target *policy_target(const struct policy *p, struct str kpi);

/* What a call is, as far as the choice of its service policy goes (INT-095). */
struct selection {
    struct str contract_policy; /* SP-… named in the customer's contract; wins */
    struct str unit_policy;     /* the unit's default */
    struct str product_line, phase, fault_group, zone, order_kind, customer, contract,
        service_class;
    uint64_t distance_m;
    bool distance_known;
    enum yes_no needs_maker;
};
/* Never NULL: falls back to the unit's default, then to the set's fallback. */
const struct service_policy *policy_select(const struct policy *p, const struct selection *what);

#endif
