/* sample_house_test.c - the generated operations run through the services of the house: nothing of
 * them is refused, late ones earn their 催辦單, and reports that come late take theirs back. */
#include "common/contract.h"
#include "common/house.h"
#include "services/cli/sample.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define END_MS INT64_C(1773736200000) /* Tuesday 2026-03-17 16:30 at +08:00 */
#define DIR_TEMPLATE "/tmp/sample.XXXXXX"

static const struct service *const services[] = {&intake_service,  &dispatch_service,
                                                 &parts_service,   &complaint_service,
                                                 &scoring_service, &escalation_service};

struct run {
    char dir[sizeof DIR_TEMPLATE];
    struct policy *policy;
    struct house *house;
    uint32_t facts;
    uint32_t by_kind[OWNER_COUNT][EVENT_KIND_COUNT];
};

static int run_open(void **state)
{
    struct run *r = calloc(1, sizeof *r);
    assert_non_null(r);
    *state = r;
    struct policy_fault faults[POLICY_FAULTS_MAX] = {0};
    struct fault why = {0};
    uint32_t n;
    memcpy(r->dir, DIR_TEMPLATE, sizeof r->dir);
    assert_non_null(mkdtemp(r->dir));
    if (policy_load("deploy/policy/appliance", &r->policy, faults, POLICY_FAULTS_MAX, &n) != ERR_OK)
        fail_msg("%s:%u: %s", faults[0].file, faults[0].line, faults[0].fault.text);
    if (house_open(r->dir, r->policy, services, COUNT_OF(services), &r->house, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return 0;
}

static int run_close(void **state)
{
    struct run *r = *state;
    char command[64];
    house_close(&r->house);
    policy_close(&r->policy);
    snprintf(command, sizeof command, "rm -rf '%s'", r->dir);
    assert_int_equal(system(command), 0);
    free(r);
    return 0;
}

static void feed_line(struct run *r, struct str line, struct arena *a)
{
    struct rec_fact fact;
    struct rec_outcome outcome;
    struct fault faults[4] = {0};
    uint32_t n;
    struct buf bytes = {0};
    if (fact_from_json(line, a, &fact, faults, 4, &n) != ERR_OK) fail_msg("%s", faults[0].text);
    proto_encode(shape_fact(), &fact, &bytes);
    assert_int_equal(house_fact(r->house, arena_copy(a, buf_slice(&bytes)), &outcome), ERR_OK);
    if (!str_is(outcome.verdict, "accepted"))
        fail_msg("%.*s\n%.*s: %.*s", STR_ARG(line), STR_ARG(outcome.verdict),
                 STR_ARG(outcome.text));
    buf_fini(&bytes);
    r->facts++;
}

static void feed(struct run *r, const struct sample_options *o)
{
    char *text = NULL;
    size_t n;
    struct fault why;
    struct arena a = {0};
    FILE *f = open_memstream(&text, &n);
    assert_non_null(f);
    assert_int_equal(sample_write(f, o, &why), ERR_OK);
    fclose(f);
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        feed_line(r, (struct str){line, (uint32_t)(end - line)}, &a);
        arena_reset(&a);
    }
    assert_int_equal(house_settle(r->house), ERR_OK);
    free(text);
    arena_fini(&a);
}

static void count_entry(struct run *r, enum owner owner, const struct rec_entry *e, struct arena *a)
{
    struct fault why;
    const struct event_type *t = event_by_number(e->number);
    assert_non_null(t);
    r->by_kind[owner][t->kind]++;
    if (t->kind != EV_refused_fact) return;
    struct ev_refused_fact refused;
    assert_int_equal(proto_decode(t->shape(), e->data, a, &refused, &why), ERR_OK);
    fail_msg("%s refused %s of %.*s, %.*s: %.*s", owner_name(owner),
             event_by_number(refused.number)->type, STR_ARG(refused.subject), STR_ARG(refused.rule),
             STR_ARG(refused.text));
}

static void count_log(struct run *r, enum owner owner)
{
    struct store *store = node_store(house_node(r->house, owner));
    struct arena a = {0};
    for (uint64_t seq = 1; seq <= store_last_seq(store); seq++) {
        struct slice record;
        struct rec_entry e;
        struct fault why;
        assert_int_equal(store_record(store, seq, &record), ERR_OK);
        assert_int_equal(proto_decode(shape_entry(), record, &a, &e, &why), ERR_OK);
        count_entry(r, owner, &e, &a);
        arena_reset(&a);
    }
    arena_fini(&a);
}

static void run_sample(struct run *r, const struct sample_options *o)
{
    feed(r, o);
    for (size_t i = 0; i < COUNT_OF(services); i++)
        count_log(r, services[i]->owner);
}

/* No fact of the made-up company breaks a rule of the machines it goes through. */
static void nothing_is_refused_and_every_kind_of_ending_is_there(void **state)
{
    struct run *r = *state;
    struct sample_options o = SAMPLE_DEFAULTS;
    o.units = 4;
    o.days = 12;
    o.end_ms = END_MS;
    run_sample(r, &o);
    const uint32_t *in = r->by_kind[OWNER_intake], *job = r->by_kind[OWNER_dispatch],
                   *desk = r->by_kind[OWNER_escalation];
    assert_true(r->facts > 2000);
    assert_true(in[EV_call_queued] > 100);
    assert_true(job[EV_job_created] == in[EV_call_queued]);
    assert_true(job[EV_job_closed] > job[EV_job_created] / 2);
    assert_true(in[EV_call_carried_over] > 0);
    assert_true(job[EV_deadline_stopped] > 100);
    assert_true(job[EV_deadline_passed] > 5);
    assert_true(job[EV_deadline_withdrawn] > 0);
    assert_true(desk[EV_reminder_issued] > 5);
    assert_true(desk[EV_reminder_withdrawn] > 0);
    assert_true(desk[EV_inquiry_issued] > 0);
    const uint32_t *parts = r->by_kind[OWNER_parts];
    assert_true(parts[EV_issue_drawn] > 0 && parts[EV_part_used] > 0);
    assert_true(parts[EV_stock_issued] > 0 && parts[EV_stock_returned_unused] > 0);
    assert_true(parts[EV_expense_audited] > 0 && parts[EV_charge_reckoned] > 0);
    assert_true(r->by_kind[OWNER_complaint][EV_complaint_week_reviewed] > 0);
}

/* INT-098: each live call passes its agreed time, and its first 催辦單 comes, within 90 s of the
 * end. */
static void live_calls_turn_overdue_after_the_end(void **state)
{
    struct run *r = *state;
    struct sample_options o = SAMPLE_DEFAULTS;
    o.units = 3;
    o.days = 4;
    o.end_ms = END_MS;
    run_sample(r, &o);
    uint32_t before = r->by_kind[OWNER_escalation][EV_reminder_issued];
    assert_int_equal(house_until(r->house, END_MS + 91 * 1000), ERR_OK);
    memset(r->by_kind, 0, sizeof r->by_kind);
    count_log(r, OWNER_escalation);
    assert_true(r->by_kind[OWNER_escalation][EV_reminder_issued] >= before + SAMPLE_LIVE);
}

/* A month with its end: the stores are counted, the notes added up, and what did not arrive has its
 * 催辦單. */
static void a_month_of_parts(void **state)
{
    struct run *r = *state;
    struct sample_options o = SAMPLE_DEFAULTS;
    o.units = 4;
    o.days = 31;
    o.calls_per_day = 2;
    o.live = false;
    o.end_ms = END_MS + 22 * DAY_MS; /* 2026-04-08 */
    run_sample(r, &o);
    const uint32_t *parts = r->by_kind[OWNER_parts];
    assert_true(parts[EV_issue_received] > 0 && parts[EV_part_used] > 0);
    assert_true(parts[EV_issue_shipped] > parts[EV_issue_received]);
    assert_true(parts[EV_oldpart_returned] > 0);
    assert_true(parts[EV_oldpart_returned] < parts[EV_oldpart_expected]);
    assert_true(parts[EV_expense_paid] > 0);
    assert_int_equal(parts[EV_stock_counted], 3); /* the first unit forgets */
    assert_int_equal(parts[EV_stock_mismatch], 1);
    assert_int_equal(parts[EV_audit_parts], 4);
    assert_true(parts[EV_deadline_passed] > 3);
}

/* CMP-028, INT-105: who may do a step of a complaint is a unit of the company, a department. */
/* Seven people of each unit: most of their sheets are published, some forgotten, some appealed. */
static void a_month_of_scores(void **state)
{
    struct run *r = *state;
    struct sample_options o = SAMPLE_DEFAULTS;
    o.units = 4;
    o.calls_per_day = 1;
    o.days = 80; /* the months of December to February */
    o.end_ms = END_MS;
    o.live = false;
    run_sample(r, &o);
    const uint32_t *scoring = r->by_kind[OWNER_scoring];
    assert_int_equal(scoring[EV_scoring_scheme_assigned], 4 * 7);
    assert_in_range(scoring[EV_scoring_result_published], 3 * 4 * 7 * 8 / 10, 3 * 4 * 7 - 1);
    assert_true(scoring[EV_scoring_acknowledged] > 3 * 4 * 7 / 2);
    assert_true(scoring[EV_scoring_appeal_filed] > 0);
    assert_true(scoring[EV_scoring_pay_computed] > 4);
    assert_true(scoring[EV_conduct_booked] > 0);
    assert_true(scoring[EV_conduct_booked] < scoring[EV_attendance_recorded]);
}

static void every_department_of_the_policy_is_a_unit(void **state)
{
    struct run *r = *state;
    struct sample_options o = SAMPLE_DEFAULTS;
    struct arena a = {0};
    uint32_t units = 0;
    o.units = 1;
    o.days = 1;
    o.end_ms = END_MS;
    run_sample(r, &o);
    for (uint32_t i = 0; i < r->policy->department_count; i++) {
        const struct department *d = &r->policy->departments[i];
        struct key k = key_of(d->unit);
        struct slice value;
        struct rec_row_unit row;
        struct fault why;
        if (!d->unit.n) continue;
        units++;
        struct store *store = node_store(house_node(r->house, OWNER_intake));
        if (store_get(store, TABLE_UNIT, (struct slice){k.b, k.n}, &value) != ERR_OK)
            fail_msg("%.*s is not a unit", STR_ARG(d->unit));
        assert_int_equal(proto_decode(shape_row_unit(), value, &a, &row, &why), ERR_OK);
        assert_int_equal(row.kind, unit_kind_department);
    }
    assert_int_equal(units, 10);
    arena_fini(&a);
}

static void answer(struct run *r, const struct ev_inquiry_issued *i, int64_t now_ms,
                   struct arena *a)
{
    char time[40], line[512];
    time_format(now_ms, NULL, time);
    snprintf(line, sizeof line,
             "{\"specversion\":\"1.0\",\"id\":\"%.*s\",\"source\":\"%.*s\","
             "\"type\":\"inquiry.answered\",\"time\":\"%s\","
             "\"data\":{\"number\":\"%.*s\",\"cause\":\"當日工作量大\"}}",
             STR_ARG(i->number), STR_ARG(i->unit), time, STR_ARG(i->number));
    feed_line(r, str_of(line), a);
}

/* CMP-054: whoever is asked why it was late can answer; departments are asked as centres are. */
static void every_unit_that_is_asked_can_answer(void **state)
{
    struct run *r = *state;
    struct sample_options o = SAMPLE_DEFAULTS;
    struct arena a = {0};
    uint32_t centres = 0, departments = 0;
    o.units = 4;
    o.days = 31;
    o.live = false;
    o.end_ms = END_MS;
    run_sample(r, &o);
    struct store *desk = node_store(house_node(r->house, OWNER_escalation));
    for (uint64_t seq = 1, last = store_last_seq(desk); seq <= last; seq++) {
        struct slice record;
        struct rec_entry e;
        struct ev_inquiry_issued asked;
        struct fault why;
        assert_int_equal(store_record(desk, seq, &record), ERR_OK);
        assert_int_equal(proto_decode(shape_entry(), record, &a, &e, &why), ERR_OK);
        const struct event_type *t = event_by_number(e.number);
        if (t->kind == EV_inquiry_issued) {
            assert_int_equal(proto_decode(t->shape(), e.data, &a, &asked, &why), ERR_OK);
            if (asked.unit.p[0] == 'U')
                centres++;
            else
                departments++;
            answer(r, &asked, END_MS, &a);
        }
        arena_reset(&a);
    }
    assert_int_equal(house_settle(r->house), ERR_OK);
    memset(r->by_kind, 0, sizeof r->by_kind);
    count_log(r, OWNER_escalation);
    assert_int_equal(r->by_kind[OWNER_escalation][EV_inquiry_issued], centres + departments);
    assert_true(centres > 0 && departments > 0);
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_refused_and_every_kind_of_ending_is_there,
                                        run_open, run_close),
        cmocka_unit_test_setup_teardown(live_calls_turn_overdue_after_the_end, run_open, run_close),
        cmocka_unit_test_setup_teardown(a_month_of_parts, run_open, run_close),
        cmocka_unit_test_setup_teardown(a_month_of_scores, run_open, run_close),
        cmocka_unit_test_setup_teardown(every_department_of_the_policy_is_a_unit, run_open,
                                        run_close),
        cmocka_unit_test_setup_teardown(every_unit_that_is_asked_can_answer, run_open, run_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
