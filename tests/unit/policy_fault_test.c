/* policy_fault_test.c - a small policy set is broken in one place after another: every kind of
 * fault is found with its file, line and path, all at once, and what is not written has its default
 * (INT-099, CV-11). */
#include "common/contract.h"
#include "common/policy.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct policy *load(const char *dir)
{
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    enum err e = policy_load(dir, &p, faults, POLICY_FAULTS_MAX, &n);
    policy_print_faults(stderr, faults, n);
    assert_int_equal(e, ERR_OK);
    assert_int_equal(n, 0);
    return p;
}

/* ---- a small set to break ---- */

static const char policy_yaml[] = "name: probe\n"                    /* 1 */
                                  "version: 3\n"                     /* 2 */
                                  "include: [../common/sets.yaml]\n" /* 3 */
                                  "keys:\n"                          /* 4 */
                                  "  default_calendar: C\n"          /* 5 */
                                  "  default_order_kind: repair\n"   /* 6 */
                                  "  register_fields: [phone]\n"     /* 7 */
                                  "  site_fields: []\n";             /* 8 */
static const char services_yaml[] = "services:\n"                    /* 1 */
                                    "  - id: SP-A\n"                 /* 2 */
                                    "    source: here\n"             /* 3 */
                                    "    fallback: yes\n"            /* 4 */
                                    "    reply_min: 30\n"            /* 5 */
                                    "  - id: SP-B\n"                 /* 6 */
                                    "    source: here\n"             /* 7 */
                                    "    arrival_min: 360\n"         /* 8 */
                                    "    clock: working\n"           /* 9 */
                                    "    selects_on: {zone: [urban], product_line: [tv]}\n"
                                    "    warranty_policies: [W-X]\n" /* 11 */
                                    "    escalation: ESC-E\n"        /* 12 */
                                    "kinds:\n"                       /* 13 */
                                    "  - {name: repair, disposition: site, arrival: yes}\n"
                                    "warranties:\n"      /* 15 */
                                    "  - id: W-X\n"      /* 16 */
                                    "    source: here\n" /* 17 */
                                    "    terms: [{anchor: shipped, months: 12}]\n"
                                    "deadlines:\n" /* 19 */
                                    "  - {name: call.reply, clock: elapsed, set: ESC-E}\n"
                                    "targets:\n" /* 21 */
                                    "  - {kpi: K-01, target: 90, compare: ge}\n";
static const char sets_yaml[] = "sets:\n"              /* 1 */
                                "  - id: ESC-E\n"      /* 2 */
                                "    clock: elapsed\n" /* 3 */
                                "    levels:\n"        /* 4 */
                                "      - {level: 1, offset_min: 0, to: boss}\n"
                                "      - {level: 2, offset_min: 60, to: chief}\n";
static const char calendar_yaml[] = "name: C\n"          /* 1 */
                                    "zone: \"+08:00\"\n" /* 2 */
                                    "from: 2025-01-01\n" /* 3 */
                                    "to: 2026-12-31\n"   /* 4 */
                                    "week:\n"            /* 5 */
                                    "  - \"08:30-12:00, 13:00-17:30\"\n"
                                    "  - \"08:30-12:00, 13:00-17:30\"\n"
                                    "  - \"08:30-12:00, 13:00-17:30\"\n"
                                    "  - \"08:30-12:00, 13:00-17:30\"\n"
                                    "  - \"08:30-12:00, 13:00-17:30\"\n" /* 10 */
                                    "  - \"\"\n"
                                    "  - \"\"\n"
                                    "exceptions:\n" /* 13 */
                                    "  - {year: 2026, off: \"10-01..10-07\", work: \"10-10\"}\n";

static const struct {
    const char *name, *text;
} base[] = {{"set/policy.yaml", policy_yaml},
            {"set/all.yaml", services_yaml},
            {"common/sets.yaml", sets_yaml},
            {"calendars/c.yaml", calendar_yaml}};

struct probe {
    char root[64], set[80];
};

static void write_file(const struct probe *x, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", x->root, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void write_replaced(const struct probe *x, const char *name, const char *text,
                           const char *find, const char *put)
{
    const char *at = strstr(text, find);
    if (!at) fail_msg("the probe text has no \"%s\"", find);
    struct buf b = {0};
    buf_put(&b, text, (size_t)(at - text));
    buf_put(&b, put, strlen(put));
    buf_put(&b, at + strlen(find), strlen(at + strlen(find)) + 1);
    write_file(x, name, (const char *)b.p);
    buf_fini(&b);
}

static void probe_open(struct probe *x)
{
    static const char *const folders[] = {"set", "set/calendars", "common", "calendars"};
    snprintf(x->root, sizeof x->root, "/tmp/cuiban-policy-XXXXXX");
    assert_non_null(mkdtemp(x->root));
    snprintf(x->set, sizeof x->set, "%s/set", x->root);
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", x->root, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    for (size_t i = 0; i < COUNT_OF(base); i++)
        write_file(x, base[i].name, base[i].text);
}

static void probe_close(struct probe *x)
{
    static const char *const names[] = {"set/policy.yaml",
                                        "set/all.yaml",
                                        "set/more.yaml",
                                        "common/sets.yaml",
                                        "common/more.yaml",
                                        "calendars/c.yaml",
                                        "set/calendars/c.yaml",
                                        "calendars/d.yaml",
                                        "set/calendars",
                                        "set",
                                        "common",
                                        "calendars",
                                        ""};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", x->root, names[i]);
        (void)remove(path);
    }
}

/* ---- one fault at a time ---- */

struct broken {
    const char *file, *find, *put;
    const char *shown; /* end of the file name in the fault */
    uint32_t line;
    const char *path, *text; /* text: part of the sentence */
};

#define ALL "set/all.yaml"
#define POLICY "set/policy.yaml"
#define SETS "common/sets.yaml"
#define CALENDAR "calendars/c.yaml"

#define PARTS(keys) "parts_policies: [{id: PP-GEN, request: report, " keys "}]\nkinds:\n"

static const struct broken broken[] = {
    /* syntax */
    {ALL, "zone: [urban]", "zone: [urban", ALL, 10, "file", "not YAML"},
    {ALL, "services:\n", "\tservices:\n", ALL, 1, "file", "not YAML"},
    {ALL, "kinds:\n", "--- \nkinds:\n", ALL, 14, "file", "second YAML document"},
    {ALL, services_yaml, "", ALL, 0, "file", "empty"},
    {ALL, "source: here\n    fallback", "source: &x here\n    parts_policy: *x\n    fallback", ALL,
     4, "file", "write the value out"},
    /* schema */
    {ALL, "reply_min: 30", "replymin: 30", ALL, 5, "services[0].replymin",
     "did you mean \"reply_min\"?"},
    {ALL, "arrival_min: 360", "wombat: 360", ALL, 8, "services[1].wombat", "is not a key here"},
    {ALL, "services:\n", "service:\n", ALL, 1, "service", "did you mean \"services\"?"},
    {ALL, "    source: here\n    fallback", "    fallback", ALL, 2, "services[0]",
     "the key source is missing"},
    {ALL, "reply_min: 30", "reply_min: 30\n    reply_min: 31", ALL, 6, "services[0].reply_min",
     "second time"},
    {ALL, "arrival_min: 360", "arrival_min: 0", ALL, 8, "services[1].arrival_min",
     "greater than 0"},
    {ALL, "arrival_min: 360", "arrival_min: -5", ALL, 8, "services[1].arrival_min",
     "greater than 0"},
    {ALL, "arrival_min: 360", "arrival_min: 6h", ALL, 8, "services[1].arrival_min",
     "must be a whole number"},
    {ALL, "arrival_min: 360", "arrival_min: 0360", ALL, 8, "services[1].arrival_min",
     "must be a whole number"},
    {ALL, "arrival_min: 360", "arrival_min: [360]", ALL, 8, "services[1].arrival_min",
     "single value"},
    {ALL, "fallback: yes", "fallback: maybe", ALL, 4, "services[0].fallback", "yes or no"},
    {ALL, "clock: working", "clock: wrking", ALL, 9, "services[1].clock",
     "one of: elapsed, working"},
    {ALL, "zone: [urban]", "zone: urban", ALL, 10, "services[1].selects_on.zone", "must be a list"},
    {ALL, "{anchor: shipped, months: 12}", "12", ALL, 18, "warranties[0].terms[0]",
     "group of keys"},
    {SETS,
     "      - {level: 1, offset_min: 0, to: boss}\n      - {level: 2, offset_min: 60, to: chief}\n",
     "      []\n", SETS, 5, "sets[0].levels", "1 to 12"},
    {ALL, "id: SP-A", "id: SP-0123456789012345678901234567890123456789-0123456789", ALL, 2,
     "services[0].id", "at most 48"},
    {ALL, "id: SP-A", "id: \"\"", ALL, 2, "services[0].id", "must not be empty"},
    {POLICY, "version: 3", "version: three", POLICY, 2, "version", "must be a whole number"},
    {POLICY, "include:", "inlcude:", POLICY, 3, "inlcude", "did you mean \"include\"?"},
    /* sense */
    {ALL, "escalation: ESC-E", "escalation: ESC-F", ALL, 12, "services[1].escalation",
     "did you mean \"ESC-E\"?"},
    {ALL, "escalation: ESC-E\n", "calendar: Q\n    escalation: ESC-E\n", ALL, 12,
     "services[1].calendar", "is not a calendar that is defined here"},
    {ALL, "[W-X]", "[W-X, W-Y]", ALL, 11, "services[1].warranty_policies[1]",
     "is not a warranty policy that is defined"},
    {ALL, "reply_min: 30", "prepare_check: [parts, shoes]", ALL, 5, "services[0].prepare_check[1]",
     "is not an item of the checklist job.prepared"},
    {ALL, "reply_min: 30", "diagnosis_check: [mileage, shoes]", ALL, 5,
     "services[0].diagnosis_check[1]", "is not a field that job.diagnosed may leave out"},
    {ALL, "zone: [urban]", "zone: [urbane]", ALL, 10, "services[1].selects_on.zone[0]",
     "did you mean \"urban\"?"},
    {ALL, "zone: [urban]", "order_kind: [repairs]", ALL, 10, "services[1].selects_on.order_kind[0]",
     "did you mean \"repair\"?"},
    {ALL, "zone: [urban]", "phase: [later]", ALL, 10, "services[1].selects_on.phase[0]",
     "is not a phase"},
    {ALL, "zone: [urban]", "distance_over_m: 9, distance_upto_m: 9", ALL, 10,
     "services[1].selects_on.distance_upto_m", "greater than distance_over_m"},
    {ALL, "fallback: yes", "fallback: no", POLICY, 0, "services", "no service policy has fallback"},
    {ALL, "arrival_min: 360", "fallback: yes", ALL, 8, "services[1].fallback", "exactly one"},
    {ALL, "    reply_min: 30", "    selects_on: {zone: [urban]}", ALL, 10, "services[1].selects_on",
     "SP-B and SP-A can both match a call with equal priority 0"},
    {ALL, "id: SP-B", "id: SP-A", ALL, 6, "services[1]", "SP-A is defined already"},
    {ALL, "anchor: shipped", "anchor: shiped", ALL, 18, "warranties[0].terms[0].anchor",
     "did you mean \"shipped\"?"},
    {ALL, "    terms: [{anchor: shipped, months: 12}]\n", "", ALL, 16, "warranties[0]",
     "needs terms"},
    {ALL, "set: ESC-E}", "set: ESC-Q}", ALL, 20, "deadlines[0].set", "is not an escalation set"},
    {ALL, "clock: elapsed, set: ESC-E}", "clock: day, minutes: 5}", ALL, 20, "deadlines[0].minutes",
     "does not go with clock: day"},
    {ALL, "clock: elapsed, set: ESC-E}", "clock: working, days: 1}", ALL, 20, "deadlines[0].days",
     "goes with clock: day only"},
    {ALL, "clock: elapsed, set: ESC-E}", "clock: day, days: 1, at: \"25:00\"}", ALL, 20,
     "deadlines[0].at", "time of day"},
    {ALL, "clock: elapsed, set: ESC-E}", "clock: elapsed, every_day: yes}", ALL, 20,
     "deadlines[0].every_day", "needs clock: day and days"},
    {ALL, "clock: elapsed, set: ESC-E}", "clock: day, days: 3661, every_day: yes}", ALL, 20,
     "deadlines[0].days", "at most 3660"},
    {ALL, "clock: elapsed, set: ESC-E}", "clock: day, days: 2, next_day: yes}", ALL, 20,
     "deadlines[0].next_day", "days: 1"},
    {ALL, "target: 90", "target: 101", ALL, 22, "targets[0].target", "from 0 to 100"},
    {ALL, "target: 90", "target: 90.125", ALL, 22, "targets[0].target", "from 0 to 100"},
    {SETS, "offset_min: 60", "offset_min: -60", SETS, 6, "sets[0].levels[1]", "order the levels"},
    {SETS, "level: 2", "level: 1", SETS, 6, "sets[0].levels[1]", "greater than the one before"},
    {SETS, "offset_min: 60", "offset_days: 1", SETS, 6, "sets[0].levels[1]", "offset_min and not"},
    {SETS, "    levels:", "    repeat_min: 9\n    levels:", SETS, 2, "sets[0].repeat_to",
     "is missing"},
    {SETS, "    levels:", "    repeat_min: 527041\n    repeat_to: supervisor\n    levels:", SETS, 4,
     "sets[0].repeat_min", "at most 527040"},
    {POLICY, "default_calendar: C", "default_calendar: D", POLICY, 5, "keys.default_calendar",
     "is not a calendar"},
    {POLICY, "default_order_kind: repair", "default_order_kind: repare", POLICY, 6,
     "keys.default_order_kind", "did you mean \"repair\"?"},
    {POLICY, "[phone]", "[fone]", POLICY, 7, "keys.register_fields[0]", "\"fone\" is not a field"},
    {POLICY, "[phone]", "[channel]", POLICY, 7, "keys.register_fields[0]", "call.clarified"},
    {POLICY, "site_fields: []", "site_fields: [distance_m]", POLICY, 8, "keys.site_fields[0]",
     "call.clarified"},
    {POLICY, "[phone]", "[phone, fault, phone]", POLICY, 7, "keys.register_fields[2]",
     "in the list already"},
    {POLICY, "[phone]", "[phone]\n  sms_compared_fields: [dates]", POLICY, 8,
     "keys.sms_compared_fields[0]", "did you mean \"date\"?"},
    {POLICY, "[phone]", "[phone]\n  callback_attempts: 17", POLICY, 8, "keys.callback_attempts",
     "up to 16"},
    {POLICY, "keys:\n", "keys:\n  call_no_format: \"{unit}-{day}\"\n", POLICY, 5,
     "keys.call_no_format", "must contain {n}"},
    {POLICY, "keys:\n", "keys:\n  contract_notice_months: 121\n", POLICY, 5,
     "keys.contract_notice_months", "120 at most"},
    {POLICY, "keys:\n", "complaint:\n  recurrence_months: 121\nkeys:\n", POLICY, 5,
     "complaint.recurrence_months", "at most 120 months"},
    {POLICY, "keys:\n", "parts:\n  feedback_days: [last, 15]\nkeys:\n", POLICY, 5,
     "parts.feedback_days", "days of the month from 1 to 28"},
    {POLICY, "keys:\n", "parts:\n  feedback_days: [15, 15]\nkeys:\n", POLICY, 5,
     "parts.feedback_days", "days of the month from 1 to 28"},
    {POLICY, "keys:\n", "parts:\n  feedback_days: [29]\nkeys:\n", POLICY, 5, "parts.feedback_days",
     "days of the month from 1 to 28"},
    {POLICY, "keys:\n", "parts:\n  feedback_days: [0]\nkeys:\n", POLICY, 5, "parts.feedback_days",
     "days of the month from 1 to 28"},
    {POLICY, "keys:\n", "parts:\n  feedback_days: [1x]\nkeys:\n", POLICY, 5, "parts.feedback_days",
     "days of the month from 1 to 28"},
    {POLICY, "keys:\n", "parts:\n  feedback_days: [100]\nkeys:\n", POLICY, 5, "parts.feedback_days",
     "days of the month from 1 to 28"},
    {POLICY, "keys:\n", "complaint:\n  project_departments: [qa]\nkeys:\n", POLICY, 5,
     "complaint.project_departments", "departments that are defined here"},
    {POLICY, "keys:\n", "parts:\n  receipt_copies: 256\nkeys:\n", POLICY, 5, "parts.receipt_copies",
     "at most 255 copies"},
    {POLICY, "keys:\n", "parts:\n  match_keys: [staff, site]\nkeys:\n", POLICY, 5,
     "parts.match_keys", "holds staff and day"},
    {POLICY, "keys:\n", "parts:\n  match_keys: [staff, day, part]\nkeys:\n", POLICY, 5,
     "parts.match_keys", "holds staff and day"},
    {POLICY, "keys:\n", "parts:\n  audit_day: 29\nkeys:\n", POLICY, 5, "parts.audit_day",
     "a day every month has"},
    {ALL, "kinds:\n", PARTS("unmatched_factor: 1001"), ALL, 13,
     "parts_policies[0].unmatched_factor", "at most 1000 times"},
    {POLICY, "keys:\n", "keys:\n  pm_lead_days: 367\n", POLICY, 5, "keys.pm_lead_days",
     "366 at most"},
    {POLICY, "keys:\n", "keys:\n  low_fee_max: little\n", POLICY, 5, "keys.low_fee_max",
     "must be an amount in yuan"},
    {POLICY, "keys:\n", "keys:\n  ecom_categories: [a, b, a]\n", POLICY, 5,
     "keys.ecom_categories[2]", "in the list already"},
    {POLICY, "keys:\n",
     "keys:\n  contact_roles: [sqe, 0123456789012345678901234567890123456789-12345678]\n", POLICY,
     5, "keys.contact_roles[1]", "longer than the contracts"},
    {POLICY, "keys:\n", "keys:\n  quote_valid_days: 367\n", POLICY, 5, "keys.quote_valid_days",
     "at most 366"},
    {POLICY, "keys:\n", "keys:\n  key_customer_visit_months: 121\n", POLICY, 5,
     "keys.key_customer_visit_months", "at most 120"},
    {POLICY, "keys:\n", "keys:\n  filed_replies: none\n", POLICY, 5, "keys.filed_replies",
     "written"},
    {POLICY, "version: 3\n", "version: 3\neffective: soon\n", POLICY, 3, "effective",
     "must be a date"},
    /* staff: DSP-054, DSP-087 */
    {POLICY, "keys:\n", "keys:\n  cards_by_day: 29\n", POLICY, 5, "keys.cards_by_day",
     "at most 28"},
    {ALL, "    reply_min: 30", "    staff_reports: [daily, sns]", ALL, 5,
     "services[0].staff_reports[1]", "did you mean \"sms\"?"},
    {ALL, "kinds:\n", "staff_reports:\n  - {unit: U1, owes: [card]}\nkinds:\n", ALL, 14,
     "staff_reports[0].owes[0]", "did you mean \"cards\"?"},
    {ALL, "kinds:\n", "staff_reports: [{unit: U1, owes: []}, {unit: U1, owes: []}]\nkinds:\n", ALL,
     13, "staff_reports[1]", "U1 is defined already"},
    /* old parts: PRT-029 … PRT-031, PRT-047 */
    {ALL, "kinds:\n", "supplier_agreements: [{supplier: S, items: [thanks]}]\nkinds:\n", ALL, 13,
     "supplier_agreements[0].items", "parts, freight, labour"},
    {POLICY, "keys:\n", "parts: {mismatch_day: 29}\nkeys:\n", POLICY, 4, "parts.mismatch_day",
     "1 to 28"},
    {POLICY, "keys:\n", "parts: {oldpart_cutoff_day: 31}\nkeys:\n", POLICY, 4,
     "parts.oldpart_cutoff_day", "1 to 28"},
    {POLICY, "keys:\n", "parts: {loss_items: [labour]}\nkeys:\n", POLICY, 4, "parts.loss_items",
     "parts and freight"},
    {POLICY, "keys:\n", "parts: {secondary_items: [thanks]}\nkeys:\n", POLICY, 4,
     "parts.secondary_items", "parts, freight and labour"},
    /* parts: PRT-003, PRT-014, PRT-024, PRT-029, PRT-041 */
    {ALL, "kinds:\n", PARTS("old_parts: classes"), ALL, 13, "parts_policies[0].return_classes",
     "needs the list of classes"},
    {ALL, "kinds:\n", PARTS("liability_min_bp: 2000, liability_max_bp: 1000"), ALL, 13,
     "parts_policies[0].liability_min_bp", "liability_default_bp between them"},
    {ALL, "kinds:\n", PARTS("liability_max_bp: 10001"), ALL, 13,
     "parts_policies[0].liability_min_bp", "at most 10000"},
    {ALL, "kinds:\n", PARTS("issue_steps: [stamped, signed]"), ALL, 13,
     "parts_policies[0].issue_steps", "in this order"},
    {ALL, "kinds:\n", PARTS("issue_steps: [drawn, drawn]"), ALL, 13,
     "parts_policies[0].issue_steps", "in this order"},
    {ALL, "kinds:\n", "parts_policies: [{id: PP-GEN, request: letter}]\nkinds:\n", ALL, 13,
     "parts_policies[0].request", "one of: abnormal, requisition, feedback"},
    {ALL, "    escalation: ESC-E\nkinds:\n",
     "    parts_policy: PP-B\n    escalation: ESC-E\n" PARTS("freight: none"), ALL, 12,
     "services[1].parts_policy", "is not a parts policy that is defined here"},
    {POLICY, "keys:\n", "parts: {stock_nonnegative: maybe}\nkeys:\n", POLICY, 4,
     "parts.stock_nonnegative", "one of: yes, no"},
    /* cost: PRT-055, PRT-056, PRT-064, PRT-065 */
    {ALL, "kinds:\n", "expense_checks:\n  - {unit: U1, checks: [sms, cards]}\nkinds:\n", ALL, 14,
     "expense_checks[0].checks", "\"cards\" is none of"},
    {ALL, "kinds:\n", "expense_checks: [{unit: U1, checks: []}, {unit: U1, checks: []}]\nkinds:\n",
     ALL, 13, "expense_checks[1]", "U1 is defined already"},
    {ALL, "kinds:\n", "allowances:\n  - {name: a, kind: hotels, per_day: 9}\nkinds:\n", ALL, 14,
     "allowances[0].kind", "no kind of expense"},
    {ALL, "kinds:\n", "allowances:\n  - {name: a, kind: hotel, per_day: 9.001}\nkinds:\n", ALL, 14,
     "allowances[0].per_day", "an amount in yuan"},
    {ALL, "kinds:\n", "allowances:\n  - {name: a, kind: hotel, per_day: 0}\nkinds:\n", ALL, 14,
     "allowances[0].per_day", "an amount in yuan"},
    {POLICY, "keys:\n", "parts: {needs_prior_consent: [taxis]}\nkeys:\n", POLICY, 4,
     "parts.needs_prior_consent", "words of expense_kind"},
    {POLICY, "keys:\n", "parts: {expense_checks: [sms, none]}\nkeys:\n", POLICY, 4,
     "parts.expense_checks", "words of expense_check"},
    {POLICY, "keys:\n", "parts: {travel_tolerance_days: 8}\nkeys:\n", POLICY, 4,
     "parts.travel_tolerance_days", "0 to 7"},
    {POLICY, "keys:\n", "parts: {travel_tolerance_days: -1}\nkeys:\n", POLICY, 4,
     "parts.travel_tolerance_days", "0 to 7"},
    {POLICY, "keys:\n", "parts: {slip_max_age_months: 121}\nkeys:\n", POLICY, 4,
     "parts.slip_max_age_months", "1 to 120"},
    {POLICY, "keys:\n", "parts: {expense_monthly_day: 29}\nkeys:\n", POLICY, 4,
     "parts.expense_monthly_day", "1 to 28"},
    /* calendars */
    {CALENDAR, "13:00-17:30", "13:00", CALENDAR, 6, "week[0]", "must be at most 8 spans"},
    {CALENDAR, "  - \"\"\n  - \"\"\n", "  - \"\"\n", CALENDAR, 6, "week", "7 to 7"},
    {CALENDAR, "10-01..10-07", "10-01..09-07", CALENDAR, 14, "exceptions[0].off",
     "must be a day of 2026"},
    {CALENDAR, "\"10-10\"", "\"02-29\"", CALENDAR, 14, "exceptions[0].work",
     "must be a day of 2026"},
    {CALENDAR, "from: 2025-01-01", "from: 2025-13-01", CALENDAR, 3, "from", "must be a date"},
    {CALENDAR, "  - \"\"\n  - \"\"\n", "  - \"\"\n  - \"09:00-10:00, 09:30-11:00\"\n", CALENDAR, 12,
     "week[6]", "overlap"},
    {CALENDAR, "\"+08:00\"", "\"Mars/Base\"", CALENDAR, 2, "zone", "Mars/Base"},
};

static const char *base_text(const char *file)
{
    for (size_t i = 0; i < COUNT_OF(base); i++) {
        if (strcmp(base[i].name, file) == 0) return base[i].text;
    }
    fail();
    return NULL;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static bool fault_is(const struct policy_fault *f, const struct broken *x)
{
    return ends_with(f->file, x->shown) && f->line == x->line &&
           strcmp(f->fault.field, x->path) == 0 && strstr(f->fault.text, x->text);
}

static void int_099_each_fault_with_line_and_path(void **state)
{
    (void)state;
    struct probe x;
    probe_open(&x);
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        const struct broken *b = &broken[i];
        write_replaced(&x, b->file, base_text(b->file), b->find, b->put);
        struct policy *p = NULL;
        struct policy_fault faults[POLICY_FAULTS_MAX];
        uint32_t n = 0;
        enum err e = policy_load(x.set, &p, faults, POLICY_FAULTS_MAX, &n);
        if (e != ERR_REFUSED || n != 1 || !fault_is(&faults[0], b)) {
            policy_print_faults(stderr, faults, n);
            fail_msg("row %zu, \"%s\": wanted %s:%u: %s: …%s…", i, b->put, b->shown, b->line,
                     b->path, b->text);
        }
        assert_null(p);
        write_file(&x, b->file, base_text(b->file));
    }
    probe_close(&x);
}

static void int_099_all_faults_at_once(void **state)
{
    (void)state;
    struct probe x;
    probe_open(&x);
    write_file(&x, ALL, "services:\n  - {id: SP-A, sourc: x, reply_min: 0, fallback: si}\n");
    write_replaced(&x, SETS, sets_yaml, "clock: elapsed", "clock: elapse");
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    assert_int_equal(policy_load(x.set, &p, faults, POLICY_FAULTS_MAX, &n), ERR_REFUSED);
    assert_int_equal(n,
                     5); /* sourc, source missing, reply_min, fallback; clock of the other file */
    /* Fewer places than faults, or none: still refused. */
    assert_int_equal(policy_load(x.set, &p, faults, 2, &n), ERR_REFUSED);
    assert_int_equal(n, 2);
    assert_int_equal(policy_load(x.set, &p, NULL, 0, &n), ERR_REFUSED);
    assert_int_equal(n, 0);

    write_file(&x, SETS, sets_yaml);
    write_file(&x, ALL,
               "services:\n  - {id: SP-A, source: x, escalation: E1}\n"
               "  - {id: SP-B, source: x, escalation: E2, warranty_policies: [W-1, W-2]}\n");
    assert_int_equal(policy_load(x.set, &p, faults, POLICY_FAULTS_MAX, &n), ERR_REFUSED);
    assert_int_equal(n, 6); /* two sets, two warranties, no fallback, no kind repair */
    probe_close(&x);
}

static void int_099_unreadable_file(void **state)
{
    (void)state;
    struct probe x;
    probe_open(&x);
    write_replaced(&x, POLICY, policy_yaml, "../common/sets.yaml", "../common/gone.yaml");
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    assert_int_equal(policy_load(x.set, &p, faults, POLICY_FAULTS_MAX, &n), ERR_IO);
    assert_int_equal(n, 1);
    assert_int_equal(faults[0].line, 3);
    assert_non_null(strstr(faults[0].fault.text, "/common/gone.yaml cannot be read"));
    assert_int_equal(policy_load("deploy/policy/nowhere", &p, faults, POLICY_FAULTS_MAX, &n),
                     ERR_IO);
    assert_null(p);
    probe_close(&x);
}

static void faults_print_as_file_line_path_sentence(void **state)
{
    (void)state;
    struct policy_fault f = {.file = "bus/services.yaml", .line = 42};
    (void)fault_set(&f.fault, "INT-099", "x", "arrival_min", "must be more");
    char text[128] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_non_null(out);
    policy_print_faults(out, &f, 1);
    fclose(out);
    assert_string_equal(text, "bus/services.yaml:42: arrival_min: must be more\n");
}

/* ---- how a set comes together ---- */

static void cv_11_own_items_replace_included_ones(void **state)
{
    (void)state;
    struct probe x;
    probe_open(&x);
    struct policy *p = load(x.set);
    char before[65];
    memcpy(before, p->hash, sizeof before);
    assert_int_equal(policy_set(p, STR("ESC-E"))->levels[1].offset_min, 60);
    policy_close(&p);

    write_file(
        &x, "set/more.yaml",
        "sets:\n  - {id: ESC-E, clock: elapsed, levels: [{level: 1, offset_min: 7, to: me}]}\n");
    p = load(x.set);
    assert_int_equal(policy_set(p, STR("ESC-E"))->level_count, 1);
    assert_int_equal(policy_set(p, STR("ESC-E"))->levels[0].offset_min, 7);
    assert_int_equal(p->set_count, 1);
    assert_string_not_equal(p->hash, before);
    policy_close(&p);

    write_replaced(&x, "set/calendars/c.yaml", calendar_yaml, "10-01..10-07", "10-01");
    p = load(x.set);
    assert_int_equal(p->calendar_count, 1);
    int32_t day = 0;
    assert_int_equal(day_parse(STR("2026-10-02"), &day), ERR_OK);
    assert_true(calendar_is_workday(policy_calendar(p, STR("C")), day));
    policy_close(&p);
    probe_close(&x);
}

static void cv_11_defaults_of_keys_not_written(void **state)
{
    (void)state;
    struct probe x;
    probe_open(&x);
    write_replaced(&x, POLICY, policy_yaml, "version: 3\n", "version: 3\neffective: 2026-01-01\n");
    struct policy *p = load(x.set);
    const struct service_policy *a = policy_service(p, STR("SP-A")), *b = NULL;
    b = policy_service(p, STR("SP-B"));
    assert_int_equal(a->clock, clock_kind_elapsed);
    assert_int_equal(a->register_day, REGISTER_DAY_calendar);
    assert_int_equal(b->register_day, REGISTER_DAY_business);
    assert_true(a->same_day_dispatch && a->agreed_time_overrides && a->sign_after_finish);
    assert_true(str_is(a->escalation, "ESC-E") && str_is(a->parts_policy, "PP-GEN"));
    assert_true(str_is(a->evidence_name, "服務憑證"));
    assert_true(a->evidence_fields.n == 1 && str_is(a->evidence_fields.v[0], "user_signature"));
    assert_int_equal(a->reply_kind, reply_kind_answer);
    assert_false(a->leave_call || a->quote_required || a->clarify_stops_clock);
    const struct policy_keys *k = &p->keys;
    assert_true(str_is(k->call_no_format, "{unit}-{day}-{n}") && k->next_day_working);
    assert_true(k->workday_min == 480 && k->repeat_window_days == 30 && k->repair_start_refuse);
    assert_true(k->first_arrival_stops && k->remote_fix_stops && !k->unqualified_refuse);
    assert_true(k->callback_attempts == 3 && k->vip_a_months == 3 && k->vip_b_months == 6);
    assert_true(k->followup_days == 90 && k->followup_regular && k->followup_paid);
    assert_int_equal(k->sms_compared_fields.n, 5); /* INT-080 */
    assert_true(k->low_fee_max_fen == 50000 && k->promised_default_days == 3);
    assert_true(k->quote_valid_days == 15 && k->key_customer_visit_months == 12);
    assert_int_equal(k->filed_replies, FILED_REPLIES_written);
    assert_true(k->ecom_categories.n == 13 && k->contact_roles.n == 8);
    assert_int_equal(k->unknown_zone, zone_kind_suburban);
    assert_true(k->contract_notice_months == 1 && k->pm_lead_days == 7);
    assert_int_equal(k->appointment_overlap, APPOINTMENT_OVERLAP_refuse);
    assert_true(k->trial_fit_photos_min == 1 && k->exit_inspector_differs && k->exit_sheets);
    assert_true(k->rework_free && k->workorder_signed && a->prepare_check.n == 0);
    assert_true(k->plan_reviewers.n == 0 && a->diagnosis_check.n == 0);
    assert_true(k->sorting_areas.n == 4 && str_is(k->sorting_areas.v[3], "logistics"));
    assert_int_equal(policy_deadline(p, STR("call.reply"))->days, -1);
    assert_int_equal(policy_target(p, STR("K-01"))->target, 9000);
    assert_int_equal(p->effective_ms, INT64_C(1767196800000)); /* 2025-12-31T16:00Z */
    assert_true(policy_calendar(p, (struct str){0}) == policy_calendar(p, STR("C")));
    assert_null(policy_calendar(p, STR("nowhere")));
    assert_true(policy_kind(p, (struct str){0}) == policy_kind(p, STR("repair")));
    policy_close(&p);
    probe_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int_099_each_fault_with_line_and_path),
        cmocka_unit_test(int_099_all_faults_at_once),
        cmocka_unit_test(int_099_unreadable_file),
        cmocka_unit_test(faults_print_as_file_line_path_sentence),
        cmocka_unit_test(cv_11_own_items_replace_included_ones),
        cmocka_unit_test(cv_11_defaults_of_keys_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
