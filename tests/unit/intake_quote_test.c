/* intake_quote_test.c - quotations, and the repair that waits for one; service requests. Rules
 * INT-037, INT-053, DSP-085. */
#include "services/dispatch/dispatch.h"
#include "tests/unit/intake_contract.h"

/* ---- INT-037 ---- */

#define Q1 "'quote_no':'Q-1'"
#define LINES                                                                                      \
    "'lines':[{'item':'pump','qty':2,'price':'120.00'},"                                           \
    "{'item':'travel','qty':1,'price':'86.50'}]"

static const char *quoted(struct stage *s, const char *field)
{
    return stage_last(s, LOG, "quote.issued", field);
}

/* INT-EX-40: lines=2:120.00,1:86.50 gives total=326.50. */
static void INT_037_the_total_is_the_sum_of_the_lines(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "quote.issued", "2026-03-02T10:00:00+08:00", "{" Q1 "," LINES "}");
    assert_string_equal(quoted(s, "total"), "326.50"); /* INT-EX-40 */
    assert_string_equal(quoted(s, "valid_until"), "2026-03-17");
    assert_string_equal(quoted(s, "unit"), "U1");
    tell(s, "quote.issued", "2026-03-02T10:00:00+08:00",
         "{'quote_no':'Q-2'," LINES ",'total':'326.50'}");
    refuse(s, "quote.issued", "2026-03-02T10:00:00+08:00",
           "{'quote_no':'Q-3'," LINES ",'total':'326.51'}", "INT-037", "wrong_total");
    refuse(s, "quote.issued", "2026-03-02T10:00:00+08:00",
           "{'quote_no':'Q-3','lines':[{'qty':1000000,'price':'9999999999.99'}]}", "INT-037",
           "total_too_large");
    no_fact("quote.issued", "{'quote_no':'Q-3'}", NULL); /* no lines */
    stage_close(s);
}

static void INT_037_it_can_be_accepted_for_fifteen_days(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "quote.issued", "2026-03-02T10:00:00+08:00", "{" Q1 "," LINES "}");
    tell(s, "quote.issued", "2026-03-02T10:00:00+08:00", "{'quote_no':'Q-2'," LINES "}");
    tell(s, "quote.accepted", "2026-03-17T23:59:00+08:00", "{" Q1 "}"); /* its last day */
    refuse(s, "quote.accepted", "2026-03-18T00:00:00+08:00", "{'quote_no':'Q-2'}", "INT-037",
           "quote_expired");
    refuse(s, "quote.issued", "2026-03-18T10:00:00+08:00",
           "{'quote_no':'Q-3'," LINES ",'valid_until':'2026-03-17'}", "INT-037",
           "valid_until_past");
    stage_close(s);
    s = door_open_changed("general", "policy.yaml", "s/^keys:/&\\n  quote_valid_days: 3/");
    tell(s, "quote.issued", "2026-03-02T10:00:00+08:00", "{" Q1 "," LINES "}");
    assert_string_equal(quoted(s, "valid_until"), "2026-03-05");
    stage_close(s);
}

static void INT_037_refused_unknown_and_told_twice(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    refuse(s, "quote.accepted", "2026-03-02T10:00:00+08:00", "{" Q1 "}", "INT-037",
           "unknown_number");
    refuse(s, "quote.issued", "2026-03-02T10:00:00+08:00", "{" Q1 ",'call_no':'C9'," LINES "}",
           "INT-037", "call_unknown");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00", "{'call_no':'C1'," FULL "}");
    tell(s, "quote.issued", "2026-03-02T10:00:00+08:00", "{" Q1 ",'call_no':'C1'," LINES "}");
    refuse(s, "quote.issued", "2026-03-02T10:00:00+08:00", "{" Q1 "," LINES "}", "INT-037",
           "state");
    tell(s, "quote.refused", "2026-03-02T11:00:00+08:00", "{" Q1 ",'reason':'too dear'}");
    refuse(s, "quote.refused", "2026-03-02T11:00:00+08:00", "{" Q1 "}", "INT-037", "state");
    refuse(s, "quote.accepted", "2026-03-03T11:00:00+08:00", "{" Q1 ",'call_no':'C2'}", "INT-037",
           "other_call");
    tell(s, "quote.accepted", "2026-03-03T11:00:00+08:00", "{" Q1 ",'accepted_by':'王'}");
    assert_string_equal(stage_last(s, LOG, "quote.accepted", "call_no"), "C1");
    struct rec_row_quote row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(QUOTE), key_of(STR("Q-1")), &row));
    assert_true(row.state == quote_state_accepted && row.total == 32650);
    assert_true(str_is(row.call_no, "C1") && str_is(row.accepted_by, "王"));
    stage_close(s);
}

/* ---- DSP-085: from the call to the repair, both services ---- */

static struct stage *paid_repair(void)
{
    static const struct service *const services[] = {&intake_service, &dispatch_service};
    struct stage *s = stage_open("deploy/policy/general", services, COUNT_OF(services));
    tell(s, "unit.upserted", "2020-01-02T08:00:00+08:00", "{'unit':'U1','calendar':'CAL-EX'}");
    tell(s, "person.upserted", "2020-01-02T08:00:00+08:00",
         "{'person':'T1','unit':'U1','role':'technician','certified_to':'2026-12-31'}");
    tell(s, "product.upserted", "2020-01-02T08:00:00+08:00",
         "{'product':'P1','model':'AC-1','warranty_policy':'W-GEN','delivered':'2020-01-02'}");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00",
         "{'call_no':'C1'," FULL ",'product':'P1','reporter':'R','fault':'f'}");
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "a");
    tell(s, "job.assigned", "2026-03-02T09:10:00+08:00", "{'call_no':'C1','technician':'T1'}");
    tell(s, "job.arrived", "2026-03-02T10:00:00+08:00", "{'call_no':'C1'}");
    return s;
}

static bool starts(struct stage *s, const char *time)
{
    size_t before = stage_count(s, OWNER_dispatch, "job.repair_started");
    tell(s, "job.repair_started", time, "{'call_no':'C1'}");
    if (stage_count(s, OWNER_dispatch, "job.repair_started") > before) return true;
    assert_string_equal(stage_last(s, OWNER_dispatch, "refused.fact", "code"), "quote_missing");
    return false;
}

static void DSP_085_a_paid_repair_waits_for_the_accepted_quotation(void **state)
{
    (void)state;
    struct stage *s = paid_repair();
    assert_false(starts(s, "2026-03-02T10:10:00+08:00"));
    tell(s, "quote.issued", "2026-03-02T10:20:00+08:00", "{" Q1 ",'call_no':'C1'," LINES "}");
    assert_false(starts(s, "2026-03-02T10:25:00+08:00"));
    tell(s, "quote.accepted", "2026-03-02T10:30:00+08:00", "{" Q1 "}");
    assert_false(starts(s, "2026-03-02T10:29:59+08:00")); /* began before it was accepted */
    assert_true(starts(s, "2026-03-02T10:30:00+08:00"));
    stage_close(s);
}

/* Of two the earlier counts, whichever is told first; one for another call does not. */
static void DSP_085_the_earliest_acceptance_counts(void **state)
{
    (void)state;
    struct stage *s = paid_repair();
    tell(s, "quote.issued", "2026-03-02T10:01:00+08:00", "{'quote_no':'Q-0'," LINES "}");
    tell(s, "quote.accepted", "2026-03-02T10:02:00+08:00", "{'quote_no':'Q-0'}"); /* no call */
    assert_false(starts(s, "2026-03-02T10:05:00+08:00"));
    tell(s, "quote.issued", "2026-03-02T10:05:00+08:00", "{" Q1 ",'call_no':'C1'," LINES "}");
    tell(s, "quote.issued", "2026-03-02T10:05:00+08:00",
         "{'quote_no':'Q-2','call_no':'C1'," LINES "}");
    tell(s, "quote.accepted", "2026-03-02T12:00:00+08:00", "{" Q1 "}");
    tell(s, "quote.accepted", "2026-03-02T11:00:00+08:00", "{'quote_no':'Q-2'}");
    assert_false(starts(s, "2026-03-02T10:59:00+08:00"));
    assert_true(starts(s, "2026-03-02T11:30:00+08:00"));
    stage_close(s);
}

/* ---- INT-053 ---- */

#define R1 "'request_no':'R-1'"

static struct stage *requested(const char *more)
{
    struct stage *s = door_open("general");
    char data[300];
    snprintf(data, sizeof data, "{'call_no':'C1'," FULL ",%s}", more);
    tell(s, "call.registered", "2026-03-05T09:00:00+08:00", data);
    tell(s, "request.created", "2026-03-05T09:10:00+08:00",
         "{" R1 ",'call_no':'C1','person':'L1','text':'crack'}");
    return s;
}

static enum request_state request_of(struct stage *s)
{
    struct rec_row_request row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(REQUEST), key_of(STR("R-1")), &row));
    return row.state;
}

static const char *result_due(struct stage *s)
{
    return last_with(s, "deadline.armed", "name", "request.result", "due");
}

static void INT_053_the_result_within_five_days_of_the_answer(void **state)
{
    (void)state;
    struct stage *s = requested("'disposition':'answered'");
    tell(s, "request.routed", "2026-03-05T10:00:00+08:00", "{" R1 ",'to':'品管中心'}");
    assert_int_equal(request_of(s), request_state_routed);
    assert_string_equal(result_due(s), "");
    tell(s, "call.replied", "2026-03-06T10:00:00+08:00", "{'call_no':'C1'}"); /* a Friday */
    assert_string_equal(result_due(s), "2026-03-13T16:00:00Z");
    assert_int_equal(request_of(s), request_state_in_process);
    tell(s, "request.routed", "2026-03-07T10:00:00+08:00", "{" R1 ",'to':'技術中心'}");
    assert_int_equal(request_of(s), request_state_in_process);
    tell(s, "request.result_recorded", "2026-03-13T23:00:00+08:00", "{" R1 ",'result':'replaced'}");
    assert_int_equal(request_of(s), request_state_result_recorded);
    assert_string_equal(last_with(s, "deadline.stopped", "name", "request.result", "case_no"),
                        "request/R-1");
    tell(s, "call.closed", "2026-03-14T10:00:00+08:00", "{'call_no':'C1','solution':'s'}");
    assert_int_equal(request_of(s), request_state_closed);
    stage_until(s, "2026-04-01T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "request.result"), 0);
    stage_close(s);
}

/* Where people are sent, the signed work starts it and not the first answer. */
static void INT_053_the_result_within_five_days_of_the_signature(void **state)
{
    (void)state;
    struct stage *s = requested("'product':'P1','reporter':'R','fault':'f'");
    tell(s, "call.replied", "2026-03-05T10:00:00+08:00", "{'call_no':'C1'}");
    assert_string_equal(result_due(s), "");
    tell(s, "job.assigned", "2026-03-05T11:00:00+08:00", "{'call_no':'C1','technician':'T1'}");
    tell(s, "job.completed", "2026-03-09T14:00:00+08:00", "{'call_no':'C1'}");
    tell(s, "job.signed", "2026-03-09T15:00:00+08:00", "{'call_no':'C1'}"); /* a Monday */
    assert_string_equal(result_due(s), "2026-03-16T16:00:00Z");
    assert_string_equal(last_with(s, "deadline.armed", "name", "request.result", "person"), "L1");
    stage_until(s, "2026-04-01T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "request.result"), 3);
    tell(s, "request.result_recorded", "2026-04-01T09:00:00+08:00", "{" R1 ",'result':'late'}");
    assert_string_equal(last_with(s, "deadline.stopped", "name", "request.result", "late"), "true");
    stage_close(s);
}

/* Created when the customer was served already; closed without an answer; without a call. */
static void INT_053_requests_that_come_late_or_alone(void **state)
{
    (void)state;
    struct stage *s = requested("'disposition':'answered'");
    tell(s, "call.replied", "2026-03-05T10:00:00+08:00", "{'call_no':'C1'}");
    tell(s, "request.created", "2026-03-06T10:00:00+08:00",
         "{'request_no':'R-2','call_no':'C1'}"); /* a Friday */
    assert_string_equal(result_due(s), "2026-03-13T16:00:00Z");
    tell(s, "call.registered", "2026-03-05T09:00:00+08:00",
         "{'call_no':'C2'," FULL ",'disposition':'supply'}");
    tell(s, "request.created", "2026-03-05T10:00:00+08:00", "{'request_no':'R-3','call_no':'C2'}");
    tell(s, "call.closed", "2026-03-09T10:00:00+08:00", "{'call_no':'C2','solution':'s'}");
    assert_string_equal(result_due(s), "2026-03-16T16:00:00Z");
    tell(s, "request.created", "2026-03-05T10:00:00+08:00", "{'request_no':'R-4'}");
    tell(s, "request.result_recorded", "2026-03-06T10:00:00+08:00",
         "{'request_no':'R-4','result':'r'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "request.result"), 3);
    stage_close(s);
}

static void INT_053_unknown_numbers_and_wrong_states(void **state)
{
    (void)state;
    struct stage *s = requested("'disposition':'answered'");
    refuse(s, "request.created", "2026-03-05T10:00:00+08:00", "{" R1 "}", "INT-053", "state");
    refuse(s, "request.created", "2026-03-05T10:00:00+08:00", "{'request_no':'R-2','call_no':'C9'}",
           "INT-053", "call_unknown");
    refuse(s, "request.routed", "2026-03-05T10:00:00+08:00", "{'request_no':'R-9','to':'x'}",
           "INT-053", "unknown_number");
    tell(s, "request.result_recorded", "2026-03-05T11:00:00+08:00", "{" R1 ",'result':'r'}");
    refuse(s, "request.routed", "2026-03-05T12:00:00+08:00", "{" R1 ",'to':'x'}", "INT-053",
           "state");
    tell(s, "call.replied", "2026-03-06T10:00:00+08:00", "{'call_no':'C1'}");
    assert_string_equal(result_due(s), ""); /* the result was there before the answer */
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_037_the_total_is_the_sum_of_the_lines),
        cmocka_unit_test(INT_037_it_can_be_accepted_for_fifteen_days),
        cmocka_unit_test(INT_037_refused_unknown_and_told_twice),
        cmocka_unit_test(DSP_085_a_paid_repair_waits_for_the_accepted_quotation),
        cmocka_unit_test(DSP_085_the_earliest_acceptance_counts),
        cmocka_unit_test(INT_053_the_result_within_five_days_of_the_answer),
        cmocka_unit_test(INT_053_the_result_within_five_days_of_the_signature),
        cmocka_unit_test(INT_053_requests_that_come_late_or_alone),
        cmocka_unit_test(INT_053_unknown_numbers_and_wrong_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
