/* headoffice_house_test.c - the services in one house: from a call at the door to the figure. All
 * times are UTC+08:00; policy deploy/policy/appliance, 6 h of work in town. */
#include "common/contract.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/headoffice/kpi.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include "tests/lib/stage.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

static const struct service *const services[] = {
    &intake_service,  &dispatch_service,   &parts_service,     &complaint_service,
    &scoring_service, &escalation_service, &headoffice_service};

static enum err rows_next(void *ctx, uint8_t table, struct slice from, bool after,
                          struct slice *key, struct slice *value)
{
    return store_next(ctx, table, from, after, key, value);
}

static void figures(struct stage *s, int64_t as_of_ms, struct kpi_report *k)
{
    struct kpi_rows rows = {node_store(stage_node(s, OWNER_headoffice)), rows_next};
    struct kpi_query q = {.as_of_ms = as_of_ms, .span_unit_ms = MINUTE_MS};
    assert_int_equal(kpi_compute(&q, &rows, k), ERR_OK);
}

static struct stage *open_house(void)
{
    struct stage *s = stage_open("deploy/policy/appliance", services, COUNT_OF(services));
    const char *time = "2026-03-01T08:00:00+08:00";
    stage_tell(
        s, "unit.upserted", time,
        "{'unit':'U1','name':'U1','kind':'center','calendar':'CAL-STD','urban':[{'name':'D1'}]}");
    stage_tell(s, "person.upserted", time,
               "{'person':'T1','unit':'U1','role':'technician','certified_to':'2030-01-01'}");
    stage_tell(s, "person.upserted", time, "{'person':'S1','unit':'U1','role':'supervisor'}");
    return s;
}

/* Registered at 10:00: due at 17:00 (lunch is no work). The number is given by intake. */
static char *register_call(struct stage *s, char out[64])
{
    const char *verdict = stage_tell(s, "call.registered", "2026-03-02T10:00:00+08:00",
                                     "{'unit':'U1','customer_name':'A','customer':'K1','address':'"
                                     "a','phone':'1','model':'M','product':'P1',"
                                     "'product_line':'appliance','zone':'urban','order_kind':'"
                                     "repair','fault':'x','disposition':'site'}");
    assert_string_equal(verdict, "accepted");
    str_copy(stage_outcome(s)->subject, out, 64);
    assert_true(out[0] != 0);
    return out;
}

static void tell(struct stage *s, const char *type, const char *time, const char *call,
                 const char *rest)
{
    char data[256];
    snprintf(data, sizeof data, "{'call_no':'%s'%s}", call, rest);
    assert_string_equal(stage_tell(s, type, time, data), "accepted");
}

static void DSP_EX_46_from_the_door_to_the_figure(void **state)
{
    (void)state;
    struct stage *s = open_house();
    char call[64];
    register_call(s, call);
    tell(s, "job.assigned", "2026-03-02T10:30:00+08:00", call, ",'technician':'T1','by':'S1'");
    tell(s, "job.departed", "2026-03-02T16:40:00+08:00", call, "");
    tell(s, "job.arrived", "2026-03-02T17:20:00+08:00", call, ",'technician':'T1'");
    stage_until(s,
                "2026-03-02T17:21:00+08:00"); /* every log is known up to here: the desk reads on */
    assert_string_equal(stage_field(s, OWNER_escalation, "reminder.issued", 0, "name"),
                        "job.arrival");
    assert_string_equal(stage_field(s, OWNER_escalation, "reminder.issued", 0, "case_no"), call);
    assert_int_equal(stage_count(s, OWNER_escalation, "reminder.stopped"), 1);
    assert_string_equal(stage_field(s, OWNER_escalation, "inquiry.issued", 0, "late_min"), "20");
    struct kpi_report k;
    figures(s, 1, &k);
    assert_int_equal(k.total.calls, 1);
    assert_int_equal(k.total.primary.late, 1);
    assert_int_equal(k.total.reminders, 1);
    assert_int_equal(k.total.inquiries, 1);
    assert_int_equal(k.total.assigned_on_day, 1);
    assert_int_equal(k.total.spans[KPI_SPAN_first_arrival].max_ms, 440 * MINUTE_MS);
    assert_int_equal(k.total.spans[KPI_SPAN_turnout].max_ms, 370 * MINUTE_MS);
    assert_true(str_is(k.units.v[0]->name, "U1"));
    assert_int_equal(k.policies.n, 2); /* "": register.close is of no service policy */
    assert_true(str_is(k.policies.v[1]->name, "SP-APPL-URBAN"));
    assert_int_equal(k.policies.v[1]->primary.late, 1);
    kpi_fini(&k);
    stage_close(s);
}

static void DSP_EX_45_reported_late_done_in_time(void **state)
{
    (void)state;
    struct stage *s = open_house();
    char call[64];
    register_call(s, call);
    tell(s, "job.assigned", "2026-03-02T10:30:00+08:00", call, ",'technician':'T1','by':'S1'");
    stage_until(s, "2026-03-02T18:30:00+08:00");
    tell(s, "job.arrived", "2026-03-02T16:50:00+08:00", call, ",'technician':'T1'");
    stage_until(s, "2026-03-02T18:31:00+08:00");
    assert_int_equal(stage_count(s, OWNER_escalation, "reminder.issued"), 1);
    assert_int_equal(stage_count(s, OWNER_escalation, "reminder.withdrawn"), 1);
    assert_int_equal(stage_count(s, OWNER_escalation, "inquiry.issued"), 0);
    struct kpi_report k;
    figures(s, 1, &k);
    assert_int_equal(k.total.primary.on_time, 1);
    assert_int_equal(k.total.primary.withdrawn, 1);
    assert_int_equal(k.total.primary.armed, 1);
    kpi_fini(&k);
    stage_close(s);
}

/* What dispatch refuses does not count, although the door has it. */
static void CV_13_refused_facts_do_not_count(void **state)
{
    (void)state;
    struct stage *s = open_house();
    char call[64];
    register_call(s, call);
    tell(s, "job.arrived", "2026-03-02T10:30:00+08:00", "NO-SUCH-CALL", ",'technician':'T1'");
    stage_until(s, "2026-03-02T10:31:00+08:00");
    assert_int_equal(stage_count(s, OWNER_dispatch, "refused.fact"), 1);
    struct kpi_report k;
    figures(s, 1, &k);
    assert_int_equal(k.total.calls, 1);
    assert_int_equal(k.total.legs, 0);
    assert_int_equal(k.total.never_arrived, 1);
    kpi_fini(&k);
    stage_close(s);
}

/* The register day of a call on the last day of time ends where time does; nothing breaks. */
static void a_call_on_the_last_day_of_time_is_counted(void **state)
{
    (void)state;
    struct stage *s = stage_open("deploy/policy/civic-requests", services, COUNT_OF(services));
    stage_tell(s, "unit.upserted", "2026-03-02T00:00:00Z", "{'unit':'U1'}");
    assert_string_equal(
        stage_tell(s, "call.registered", "2099-12-31T23:59:40Z", "{'call_no':'C1'}"), "accepted");
    assert_int_equal(stage_count(s, OWNER_intake, "call.registered"), 1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_on_the_last_day_of_time_is_counted),
        cmocka_unit_test(DSP_EX_46_from_the_door_to_the_figure),
        cmocka_unit_test(DSP_EX_45_reported_late_done_in_time),
        cmocka_unit_test(CV_13_refused_facts_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
