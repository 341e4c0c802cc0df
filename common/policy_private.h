/* policy_private.h - what the policy_*.c files share while a set is loaded; nobody else includes
 * it.
 *
 * policy_yaml.c    one YAML file: read, every fault of form with its line
 * policy_fill.c    the same file filled into C by libcyaml
 * policy_schema.c  which keys there are, as libcyaml schemas
 * policy_load.c    which files make a set, how their items come together, the hash
 * policy_parts.c   parts policies, keys of the parts service
 * policy_complaint.c keys, schema, defaults and checks of the complaint service
 * policy_route.c   can the steps of the relay fit its total (CMP-036)
 * policy_money.c   … and of its money: sanctions, losses, resale, proofs
 * policy_scoring*.c what is counted, schemes, keys of the scoring service (policy_scoring_raw.h)
 * policy_items.c   one item as written into one item as used, with its defaults
 * policy_calendar.c a calendar file into a compiled calendar
 * policy_check.c   what must hold between the items (INT-099)
 * policy_select.c  the questions asked of a loaded policy (INT-095) */
#ifndef CUIBAN_COMMON_POLICY_PRIVATE_H
#define CUIBAN_COMMON_POLICY_PRIVATE_H

#include "common/policy.h"
#include "common/policy_scoring_raw.h"
#include <cyaml/cyaml.h>
#include <yaml.h>

#define POLICY_FILE_BYTES_MAX ((size_t)1 << 20)
#define POLICY_FILES_MAX 64
#define POLICY_ITEMS_MAX 256 /* of one kind in one file */
#define POLICY_WORDS_MAX 64

/* Where faults are collected; further ones than `cap` are counted and dropped. */
struct policy_faults {
    struct policy_fault *v;
    uint32_t cap, n;
    uint32_t found;
};

enum policy_file { FILE_policy, FILE_part, FILE_calendar };

/* One file of a set. `name` is how the set names it and goes into the hash, `shown` is for people.
 */
struct policy_yaml {
    enum policy_file kind;
    struct str name, shown;
    struct slice text;
    yaml_document_t doc;
    bool parsed;   /* doc holds a document and must be deleted */
    bool own;      /* lies in the set's own directory, so its items replace included ones */
    const void *v; /* as its schema says; NULL when empty or faulty */
};

/* Where an item came from. */
struct policy_origin {
    const struct policy_yaml *file;
    uint32_t index;
};

/* ---- policy_yaml.c ---- */
/* Read the file at `path`; text is kept in the arena. ERR_IO when it cannot be read,
 * ERR_REFUSED when it is too long. */
MUST_CHECK enum err policy_yaml_read(struct policy_yaml *f, const char *path, struct arena *a);
/* Parse and check against the schema; f->v is set when there was no fault. */
void policy_yaml_parse(struct policy_yaml *f, const cyaml_schema_value_t *schema, struct arena *a,
                       struct policy_faults *faults);
/* Line of "services[3].arrival_min", or of its nearest parent that is there; 0 without a document.
 */
uint32_t policy_yaml_line(const struct policy_yaml *f, const char *path);
/* A key of the group under a key (of a list: of its rows); under "": of what is printed itself. */
struct policy_skip {
    const char *under, *key;
};
/* A print of what stands at a path but for the keys skipped, 0 when nothing does. How it is written
 * down does not count: comments, quotes, the order of keys. */
uint64_t policy_yaml_print(const struct policy_yaml *f, const char *path,
                           const struct policy_skip *skips, size_t skip_count);
__attribute__((format(printf, 6, 7))) void
policy_fault_add(struct policy_faults *faults, const struct policy_yaml *f, uint32_t line,
                 const char *path, const char *code, const char *text, ...);

/* ---- policy_fill.c ---- */
/* Set f->v; the file must have passed the comparison with the schema. */
void policy_fill(struct policy_yaml *f, const cyaml_schema_value_t *schema, struct arena *a,
                 struct policy_faults *faults);

/* ---- policy_schema.c: the files as libcyaml fills them ----
 * A raw struct begins with the struct of policy.h and adds what has a default other than zero. */
enum policy_part_kind {
    PART_services,
    PART_warranties,
    PART_sets,
    PART_deadlines,
    PART_kinds,
    PART_targets,
    PART_staff_reports,
    PART_departments,
    PART_steps,
    PART_authority,
    /* money */
    PART_sanction_items,
    PART_sanction_bands,
    PART_loss_basis,
    /* conduct */
    PART_ledger_facts,
    PART_ledger_sources,
    /* parts */
    PART_parts_policies,
    /* old */
    PART_supplier_agreements,
    /* cost */
    PART_expense_checks,
    PART_allowances,
    /* scoring; schemes speak of facts */
    PART_score_facts,
    PART_schemes,
    PART_approvers,
    PART_score_kpis,
    PART_score_reports,
    PART_COUNT
};

struct policy_items {
    void *v;
    uint32_t n;
};

struct policy_part {
    struct policy_items items[PART_COUNT];
};

struct raw_service {
    struct service_policy p;
    enum yes_no same_day_dispatch, agreed_time_overrides, sign_after_finish;
    enum { RAW_DAY_none, RAW_DAY_business, RAW_DAY_calendar } register_day;
};

struct raw_level {
    uint32_t level;
    int64_t *offset_min, *offset_days;
    struct str to, copy;
};

struct raw_set {
    struct escalation_set s; /* without its levels */
    struct raw_level levels[ESCALATION_LEVELS_MAX];
    uint32_t level_count;
};

struct raw_deadline {
    struct deadline_setting d;
    int32_t *days;
    struct str at;
};

struct raw_target {
    struct kpi_target t;
    struct str target;
};

struct raw_keys {
    struct policy_keys k;
    enum { RAW_NEXT_working, RAW_NEXT_calendar } next_day;
    enum { RAW_UNQUALIFIED_warn, RAW_UNQUALIFIED_refuse } unqualified_mode;
    enum { RAW_NEAR_far, RAW_NEAR_both } near_with_maker;
    enum { RAW_CHECKS_refuse, RAW_CHECKS_warn } repair_start_checks;
    enum yes_no first_arrival_stops, remote_fix_stops;
    enum yes_no suggest_technician; /* staff */
    /* followup */
    enum yes_no followup_regular, followup_paid;
    /* goods */
    struct str low_fee_max;
    /* shop */
    enum yes_no exit_inspector_differs, exit_sheets, rework_free, workorder_signed;
};

/* complaint */
struct raw_step {
    struct relay_step s;
};

struct raw_authority {
    struct str level, up_to;
};

/* conduct */
struct raw_ledger_fact {
    struct ledger_fact f;
    struct str fine;
};

/* money */
struct raw_sanction_band {
    struct str kind, from;
};

struct raw_complaint_keys {
    struct complaint_keys k;
    /* money */
    struct str resale_loss_floor, warn_min, minor_min_per_base;
    /* quality */
    /* voice */
};

/* cost */
struct raw_allowance {
    struct allowance a;
    struct str per_day;
};

/* parts */
struct raw_parts_keys {
    struct parts_keys k;
    enum yes_no stock_nonnegative;
    /* issue */
    /* spare */
    /* store */
    enum yes_no requisition_required, stock_spec, count_posts;
    /* old */
    /* cost */
    enum yes_no advance_block_overdue;
    int32_t *travel_tolerance_days;
    /* audit */
    enum yes_no card_once;
};

struct raw_policy {
    struct str name, effective;
    uint32_t version;
    struct words include;
    struct raw_keys keys;
    struct raw_parts_keys parts;
    struct raw_complaint_keys complaint;
    struct raw_scoring_keys scoring;
};

struct raw_exceptions {
    uint32_t year;
    struct str off, work;
};

struct raw_calendar {
    struct str name, zone, from, to, makeup;
    struct words week;
    struct raw_exceptions *exceptions;
    uint32_t exception_count;
};

extern const cyaml_schema_value_t policy_schema_policy, policy_schema_part, policy_schema_calendar;
extern const char *const policy_schema_part_names[PART_COUNT];

/* ---- policy_load.c ---- */
struct policy_memory {
    struct arena arena;
};

struct policy_list {
    void *v; /* array of the struct of policy.h */
    struct policy_origin *at;
    uint32_t n;
};

struct policy_build {
    struct policy *policy;
    struct arena *arena;
    struct policy_faults faults;
    struct policy_yaml *files; /* [0] is policy.yaml */
    uint32_t file_count;
    struct policy_list lists[PART_COUNT];
    struct policy_origin *calendar_at;
};

/* A fault at a key of an item: "services[3].<key>". */
__attribute__((format(printf, 5, 6))) void
policy_fault_item(struct policy_build *b, enum policy_part_kind kind, struct policy_origin at,
                  const char *key, const char *text, ...);

/* ---- policy_items.c: the struct of policy.h made from the raw one, with the defaults ---- */
struct policy_convert {
    size_t raw_size, size;
    void (*make)(struct policy_build *b, const void *raw, void *out, struct policy_origin at);
};
extern const struct policy_convert policy_converts[PART_COUNT];
void policy_items_keys(const struct raw_keys *raw, struct policy_keys *out);

/* ---- policy_calendar.c ---- */
/* Compile the file; NULL and faults when it is not a calendar. */
struct calendar *policy_calendar_make(struct policy_build *b, const struct policy_yaml *f);
/* "HH:MM" up to 24:00 as minutes; -1 when it is not. */
int32_t policy_calendar_minute(struct str s);

/* ---- policy_select.c ---- */
/* True when it selects on nothing: such a policy is chosen by name only. */
bool policy_selector_empty(const struct selector *s);

/* ---- policy_check.c ---- */
void policy_check(struct policy_build *b);
/* A fault at a key of policy.yaml. */
void policy_check_key(struct policy_build *b, const char *key, const char *text);
/* `word` must be one of the names of a part; `what` says what they are, "a calendar". */
void policy_check_name(struct policy_build *b, enum policy_part_kind kind, struct policy_origin at,
                       const char *key, struct str word, enum policy_part_kind names,
                       const char *what);

/* ---- policy_parts.c ---- */
void policy_parts_policy(struct policy_build *b, const void *raw, void *out,
                         struct policy_origin at);
/* old */
void policy_parts_agreement(struct policy_build *b, const void *raw, void *out,
                            struct policy_origin at);
void policy_parts_keys(const struct raw_parts_keys *raw, struct parts_keys *out);
/* cost: policy_parts_cost.c */
void policy_expense_checks(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at);
void policy_allowance_make(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at);
void policy_parts_cost_keys(const struct raw_parts_keys *raw, struct parts_keys *out);
void policy_parts_cost_check(struct policy_build *b);
void policy_parts_check(struct policy_build *b);

/* ---- policy_complaint.c ---- */
void policy_complaint_step(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at);
void policy_complaint_department(struct policy_build *b, const void *raw, void *out,
                                 struct policy_origin at);
void policy_complaint_authority(struct policy_build *b, const void *raw, void *out,
                                struct policy_origin at);
void policy_complaint_keys(const struct raw_complaint_keys *raw, struct complaint_keys *out);
/* The route in order, without what is off. */
void policy_complaint_order(struct policy_build *b);
void policy_complaint_check(struct policy_build *b);

/* ---- policy_scoring_conduct.c ---- */
void policy_ledger_fact_make(struct policy_build *b, const void *raw, void *out,
                             struct policy_origin at);
void policy_ledger_source_make(struct policy_build *b, const void *raw, void *out,
                               struct policy_origin at);
void policy_conduct_keys(const struct raw_scoring_keys *raw, struct scoring_keys *out);
void policy_conduct_check(struct policy_build *b);

/* ---- policy_money.c ---- */
void policy_money_item(struct policy_build *b, const void *raw, void *out, struct policy_origin at);
void policy_money_band(struct policy_build *b, const void *raw, void *out, struct policy_origin at);
void policy_money_basis(struct policy_build *b, const void *raw, void *out,
                        struct policy_origin at);
void policy_money_keys(const struct raw_complaint_keys *raw, struct complaint_keys *out);
void policy_money_check(struct policy_build *b);

/* ---- policy_scoring.c ---- */
void policy_scoring_keys(struct policy_build *b, const struct raw_scoring_keys *raw,
                         struct scoring_keys *out);
void policy_scoring_check(struct policy_build *b);
/* pay: policy_scoring_pay.c */
void policy_scoring_pay_keys(struct policy_build *b, const struct raw_scoring_pay_keys *raw,
                             struct scoring_pay_keys *out);
void policy_scoring_pay_check(struct policy_build *b);
/* "20", "7.5", "25%", "1/3"; false when it is none of these. */
bool policy_scoring_number(struct str s, struct frac *out);
bool policy_scoring_levels(struct words written, struct frac out[4]);
#define POLICY_LEVELS_TEXT                                                                         \
    "must be the four shares of a maximum for 優 良 中 差, like [100%, 75%, 50%, 0%], "        \
    "none above the one before"
/* facts: policy_scoring_kpi.c */
void policy_scoring_kpi(struct policy_build *b, const void *raw, void *out,
                        struct policy_origin at);
void policy_scoring_report(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at);
void policy_scoring_facts_keys(struct policy_build *b, const struct raw_scoring_keys *raw,
                               struct scoring_keys *out);
void policy_scoring_facts_check(struct policy_build *b);
/* ---- policy_scoring_names.c, policy_scoring_facts.c, policy_scoring_scheme.c ---- */
/* Can a formula speak of it? */
bool policy_scoring_is_name(struct str id);
#define POLICY_NAME_TEXT                                                                           \
    "%.*s cannot be spoken of in a formula; take small letters, digits and _, beginning with a "   \
    "letter, and no word of the language"
void policy_scoring_fact(struct policy_build *b, const void *raw, void *out,
                         struct policy_origin at);
void policy_scoring_scheme(struct policy_build *b, const void *raw, void *out,
                           struct policy_origin at);

/* A scheme in the making. */
struct policy_scheme_make {
    struct policy_build *b;
    const struct raw_scheme *raw;
    struct scheme *s;
    struct policy_origin at;
    struct formula_name *names; /* in the arena; s->names shows them */
};
/* A fault at a key of the scheme, "items[2].award", or of a row of a list of it. */
__attribute__((format(printf, 5, 6))) void policy_scheme_fault(struct policy_scheme_make *m,
                                                               const char *list, uint32_t row,
                                                               const char *key, const char *text,
                                                               ...);
/* A number at least `least` of that row; a fault, and false, otherwise. */
bool policy_scheme_number(struct policy_scheme_make *m, const char *list, uint32_t row,
                          const char *key, struct str text, struct frac *out);
/* `class` must be one of the posts. */
void policy_scheme_class(struct policy_scheme_make *m, const char *list, uint32_t row,
                         const char *key, struct str class);
/* policy_scoring_items.c: all that needs no formula. */
void policy_scheme_items(struct policy_scheme_make *m);
void policy_scheme_raters(struct policy_scheme_make *m);
void policy_scheme_adjusts(struct policy_scheme_make *m);
void policy_scheme_grades(struct policy_scheme_make *m);
/* policy_scoring_sheet.c: the days of its sheets, fines, roles, trainings. */
void policy_scheme_sheet(struct policy_scheme_make *m);
void policy_scoring_sheet_check(struct policy_build *b);
void policy_scoring_approvers(struct policy_build *b, const void *raw, void *out,
                              struct policy_origin at);
/* policy_scoring_versions.c */
bool policy_scheme_same(const void *raw, const void *other_raw);
void policy_scoring_versions(struct policy_build *b);
/* policy_scoring_names.c: s->names, s->at; then every formula. */
void policy_scheme_names(struct policy_scheme_make *m);
void policy_scheme_formulas(struct policy_scheme_make *m);
/* policy_scoring_year.c */
void policy_scheme_year(struct policy_scheme_make *m);
void policy_scoring_year_keys(struct scoring_keys *out);
void policy_scoring_year_check(struct policy_build *b);

#endif
