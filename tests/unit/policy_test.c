/* policy_test.c - the policy sets we ship load clean, hold what the rules say, and give each call
 * the service policy it must have (INT-095 … INT-097, CV-11, CV-12). Faults are in
 * policy_fault_test.c. */
#include "common/contract.h"
#include "common/policy.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const shipped[] = {
    "deploy/policy/appliance",      "deploy/policy/bus",
    "deploy/policy/it-project",     "deploy/policy/general",
    "deploy/policy/civic-requests", "deploy/policy/field-dispatch",
    "deploy/policy/itsm-incidents",
};

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

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static void shipped_sets_load_clean_from_anywhere(void **state)
{
    (void)state;
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    for (size_t i = 0; i < COUNT_OF(shipped); i++) {
        struct policy *p = load(shipped[i]);
        char path[5000];
        snprintf(path, sizeof path, "%s/%s/", here, shipped[i]);
        struct policy *same = load(path);
        assert_string_equal(p->hash, same->hash);
        assert_int_equal(strlen(p->hash), 64);
        assert_true(ends_with(shipped[i], p->name.p));
        policy_close(&same);
        policy_close(&p);
    }
    assert_int_equal(chdir("deploy/policy/bus"), 0);
    struct policy *p = load("."), *q = NULL;
    assert_int_equal(chdir(here), 0);
    q = load("deploy/policy/bus");
    assert_string_equal(p->hash, q->hash);
    policy_close(&p);
    policy_close(&q);
}

// clang-format off
/* Every row of intake section 18 and dispatch section 14. */
static const char *const deadline_names[] = {
    "call.register", "call.reply", "call.contact_maker", "call.feedback", "call.dispatch",
    "reply.file", "register.send", "survey.send", "warranty.query", "call.major_report",
    "abnormal.approve", "request.result", "docs.deliver", "contract.notice", "contract.visit",
    "pm.generate", "pm.visit", "pm.record", "install.form", "install.callback",
    "appointment.confirm", "quality.feedback_form", "quality.rectification", "followup.card",
    "followup.sms", "followup.vip", "visit.planned", "promise.due", "carryover.assign",
    "job.agree_time", "job.arrival", "job.repair", "job.restore", "job.contingency",
    "contingency.activate", "repair.promised", "goods.log_in", "goods.return",
    "invoice.same_day", "cash.handin", "tech.daily", "supervisor.daily", "branch.sign",
    "tech.sms", "card.monthly", "evidence.submit", "board.reply", "tool.return", "shift.report",
    "shift.handover", "sorting.start", "breakpoint.track", "job.install", "resident.day",
    "register.close", "inquiry.answer", "followup.regular", "followup.vip_turn",
    "register.close", "inquiry.answer",
    /* goods */
    "invoice.mail", "custody.check",
};
// clang-format on

/* So that no deadline lacks its default. */
static void cv_11_every_deadline_has_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(shipped); i++) {
        struct policy *p = load(shipped[i]);
        for (size_t j = 0; j < COUNT_OF(deadline_names); j++) {
            if (!policy_deadline(p, str_of(deadline_names[j])))
                fail_msg("%s: %s", shipped[i], deadline_names[j]);
        }
        policy_close(&p);
    }
}

/* ---- INT-095 ---- */

static void selects(const struct policy *p, const struct selection *what, const char *id)
{
    const struct service_policy *sp = policy_select(p, what);
    if (!str_is(sp->id, id)) fail_msg("%.*s, not %s", STR_ARG(sp->id), id);
}

static struct selection bus(uint64_t distance_m, enum yes_no maker, const char *fault)
{
    return (struct selection){.product_line = STR("bus"),
                              .fault_group = str_of(fault),
                              .distance_m = distance_m,
                              .distance_known = true,
                              .needs_maker = maker};
}

/* HQ-029: of a call one milestone, of a quality issue its feedback form. */
static void hq_029_primary_milestones(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/bus");
    const struct str near = STR("SP-BUS-BODY-NEAR"), far = STR("SP-BUS-BODY-FAR");
    assert_true(policy_milestone(p, STR("job.arrival"), near));
    assert_false(policy_milestone(p, STR("call.reply"), near));
    assert_true(policy_milestone(p, STR("call.reply"), far));
    assert_false(policy_milestone(p, STR("job.arrival"), far));
    assert_true(policy_milestone(p, STR("quality.feedback_form"), (struct str){0}));
    assert_false(policy_milestone(p, STR("call.feedback"), near));
    policy_close(&p);
}

static void int_097_bus(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/bus");
    struct selection near = bus(100000, yes_no_no, "body");
    selects(p, &near, "SP-BUS-BODY-NEAR"); /* INT-EX-23: exactly 100 km */
    assert_int_equal(policy_service(p, STR("SP-BUS-BODY-NEAR"))->arrival_min, 1440); /* DSP-017 */
    struct selection far = bus(100100, yes_no_no, "body");
    selects(p, &far, "SP-BUS-BODY-FAR"); /* INT-EX-24 */
    assert_int_equal(policy_service(p, STR("SP-BUS-BODY-FAR"))->reply_min, 720);
    struct selection maker = bus(40000, yes_no_yes, "body");
    selects(p, &maker, "SP-BUS-BODY-FAR"); /* INT-EX-25 */
    struct selection engine = bus(12000, yes_no_no, "engine");
    selects(p, &engine, "SP-BUS-CHASSIS"); /* INT-EX-26 */
    assert_int_equal(policy_service(p, STR("SP-BUS-CHASSIS"))->contact_maker_min, 720);

    struct selection unsaid = bus(40000, yes_no_none, "body");
    selects(p, &unsaid, "SP-BUS-BODY-NEAR");
    unsaid.distance_known = false;
    selects(p, &unsaid, "SP-BUS-BODY-FAR");

    struct policy both = *p; /* the other reading of the seed */
    both.keys.near_with_maker_both = true;
    const struct service_policy *sp = policy_select(&both, &maker);
    assert_true(sp->reply_min == 720 && sp->arrival_min == 1440);
    maker.distance_m = 100001;
    selects(&both, &maker, "SP-BUS-BODY-FAR");
    policy_close(&p);
}

/* INT-027: one entity, the name and the words of the paper are the company's. */
static void int_027_the_paper_has_the_name_of_its_policy(void **state)
{
    (void)state;
    static const char *const rows[][4] = {
        {"deploy/policy/appliance", "SP-APPL-URBAN", "服務憑證", "user_signature"},
        {"deploy/policy/bus", "SP-BUS-BODY-NEAR", "服務報告", "parts"},
        {"deploy/policy/general", "SP-GEN-24H", "售後服務報告單", "user_opinion"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy *p = load(rows[i][0]);
        const struct service_policy *sp = policy_service(p, str_of(rows[i][1]));
        assert_true(str_is(sp->evidence_name, rows[i][2]));
        assert_true(words_have(sp->evidence_fields, str_of(rows[i][3])));
        policy_close(&p);
    }
}

static void int_096_unknown_zone_is_suburban(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/appliance"); /* INT-EX-43 */
    struct selection what = {.product_line = STR("appliance"), .zone = STR("urban")};
    selects(p, &what, "SP-APPL-URBAN");
    assert_int_equal(policy_select(p, &what)->arrival_min, 360);
    what.zone = str_of(p->keys.unknown_zone == zone_kind_suburban ? "suburban" : "urban");
    assert_int_equal(policy_select(p, &what)->arrival_min, 420);
    policy_close(&p);
}

static void int_095_order_of_choice(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/general");
    struct selection what = {.product_line = STR("industrial"),
                             .contract_policy = STR("SP-ECOM"),
                             .unit_policy = STR("SP-SUPPLY")};
    selects(p, &what, "SP-ECOM"); /* (1) the contract's */
    what.contract_policy = STR("SP-GONE");
    selects(p, &what, "SP-IND"); /* (2) the match */
    what.product_line = STR("other");
    selects(p, &what, "SP-SUPPLY"); /* (3) the unit's */
    what.unit_policy = STR("SP-GONE");
    selects(p, &what, "SP-GEN-24H"); /* no match */
    policy_close(&p);
}

static void it_project_by_phase_and_fault(void **state)
{
    (void)state;
    static const struct {
        const char *phase, *fault, *id;
    } rows[] = {{"trial", "system", "SP-IT-TRIAL"},
                {"warranty", "", "SP-IT-WARR-EQUIP"},
                {"warranty", "equipment", "SP-IT-WARR-EQUIP"},
                {"warranty", "system", "SP-IT-WARR-SYS"},
                {"warranty", "maintenance", "SP-IT-WARR-MAINT"},
                {"post", "system", "SP-IT-POST"},
                {"", "", "SP-GEN-24H"}};
    struct policy *p = load("deploy/policy/it-project");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct selection what = {.phase = str_of(rows[i].phase),
                                 .fault_group = str_of(rows[i].fault)};
        selects(p, &what, rows[i].id);
    }
    policy_close(&p);
}

static void imports_have_their_clocks(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/field-dispatch");
    struct selection what = {.service_class = STR("2")};
    assert_int_equal(policy_select(p, &what)->arrival_min, 20);
    what.service_class = STR("3");
    assert_int_equal(policy_select(p, &what)->arrival_min, 10);
    what.service_class = STR("A");
    assert_int_equal(policy_select(p, &what)->arrival_min, 0);
    const struct order_kind *k = policy_kind(p, (struct str){0});
    assert_true(k->arrival && k->assignment && !k->signature && !k->voucher);
    policy_close(&p);

    p = load("deploy/policy/civic-requests");
    static const int64_t hours[] = {-24, 0, 24, 72, 168};
    const struct escalation_set *s = policy_set(p, policy_deadline(p, STR("promise.due"))->set);
    assert_int_equal(s->level_count, COUNT_OF(hours));
    for (size_t i = 0; i < COUNT_OF(hours); i++) {
        assert_int_equal(s->levels[i].offset_min, hours[i] * 60);
    }
    assert_true(policy_deadline(p, STR("call.dispatch"))->off);
    assert_true(policy_deadline(p, STR("carryover.assign"))->off);
    assert_false(policy_select(p, &(struct selection){0})->same_day_dispatch);
    assert_int_equal(p->keys.register_fields.n, 0);
    k = policy_kind(p, (struct str){0});
    assert_false(k->arrival || k->assignment || k->completion || k->signature || k->voucher);
    policy_close(&p);
}

static void cv_12_ladders(void **state)
{
    (void)state;
    struct policy *p = load("deploy/policy/appliance");
    const struct escalation_set *w = policy_set(p, STR("ESC-W"));
    assert_int_equal(w->clock, clock_kind_working);
    assert_true(w->levels[1].offset_min == 240 && w->levels[2].offset_min == 480);
    assert_true(str_is(w->levels[0].to, "服務主任") && str_is(w->levels[1].to, "服務部") &&
                str_is(w->levels[2].to, "副總經理"));
    const struct escalation_set *d = policy_set(p, STR("ESC-D"));
    assert_int_equal(d->clock, clock_kind_day);
    assert_true(d->levels[1].offset_min == 1 && d->levels[2].offset_min == 3);
    const struct escalation_set *c = policy_set(p, STR("ESC-C"));
    assert_true(c->repeat_min == 1440 && c->repeat_copy_from == 3);
    assert_int_equal(
        policy_set(p, policy_deadline(p, STR("contingency.activate"))->set)->levels[0].level, 2);
    assert_int_equal(policy_deadline(p, STR("supervisor.daily"))->at_min, 720);
    assert_true(policy_kind(p, STR("repair"))->voucher);
    policy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_sets_load_clean_from_anywhere),
        cmocka_unit_test(cv_11_every_deadline_has_a_row),
        cmocka_unit_test(int_095_order_of_choice),
        cmocka_unit_test(int_027_the_paper_has_the_name_of_its_policy),
        cmocka_unit_test(int_096_unknown_zone_is_suburban),
        cmocka_unit_test(hq_029_primary_milestones),
        cmocka_unit_test(int_097_bus),
        cmocka_unit_test(it_project_by_phase_and_fault),
        cmocka_unit_test(imports_have_their_clocks),
        cmocka_unit_test(cv_12_ladders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
