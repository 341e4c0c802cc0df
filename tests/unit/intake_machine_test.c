/* intake_machine_test.c - the state machine of a call (intake section 17), every fact in every
 * state: what is accepted and where it leads, what is refused and leaves the call as it was. */
#include "tests/unit/intake_fixture.h"

/* A call in a state: what brings it there, all before noon of 2 March. */
struct stand {
    enum call_state state;
    const char *registered; /* in place of the whole call, or NULL */
    const char *facts[4];
};

#define C1 "'call_no':'C1'"
#define SITE "{" C1 "," FULL ",'product_line':'appliance'}"
#define ANSWERED "{" C1 "," FULL ",'product_line':'appliance','disposition':'answered'}"
#define CLOSE_TIME "2026-03-02T12:00:00+08:00"

static const struct stand stands[] = {
    {call_state_clarifying, "{" C1 ",'customer_name':'王','address':'a','model':'m'}", {0}},
    {call_state_classified, ANSWERED, {0}},
    {call_state_answered, ANSWERED, {"call.replied"}},
    {call_state_queued, SITE, {0}},
    {call_state_dispatched, SITE, {"job.assigned"}},
    {call_state_done, SITE, {"job.assigned", "job.completed", "job.signed"}},
    {call_state_closed, SITE, {"job.assigned", "job.completed", "job.signed", "call.written_off"}},
    {call_state_cancelled, SITE, {"call.cancelled"}},
};

static const char *data_of(const char *type)
{
    if (strcmp(type, "call.written_off") == 0) return "{" C1 ",'solution':'換件'}";
    if (strcmp(type, "call.cancelled") == 0) return "{" C1 ",'reason':'客戶不修了'}";
    return "{" C1 "}";
}

static struct stage *bring(const char *policy, const struct stand *to)
{
    struct stage *s = door_open(policy);
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00", to->registered);
    tell(s, "promise.made", "2026-03-02T09:01:00+08:00",
         "{" C1 ",'promise':9,'due':'2026-03-09T09:00:00+08:00'}");
    for (size_t i = 0; i < COUNT_OF(to->facts) && to->facts[i]; i++) {
        tell(s, to->facts[i], CLOSE_TIME, data_of(to->facts[i]));
    }
    assert_int_equal(state_of(s, "C1"), to->state);
    return s;
}

/* One letter a state, in the order of `stands`: = stays, - refused, else the state it goes to. */
struct move {
    const char *rule, *type, *data, *expected;
};

static const struct move moves[] = {
    {"INT-007", "call.clarified", "{" C1 ",'phone':'02-9'}", "q===----"},
    {"INT-008", "call.replied", "{" C1 "}", "=a====--"},
    {"INT-010", "call.disposed", "{" C1 ",'disposition':'site'}", "-qq===--"},
    {"INT-010", "call.disposed", "{" C1 ",'disposition':'supply'}", "-=l===--"},
    {"INT-011", "call.hq_help_requested", "{" C1 "}", "======--"},
    {"INT-013", "call.forwarded", "{" C1 ",'to':'配套廠','written':true}", "======--"},
    {"INT-052", "call.graded", "{" C1 ",'severity':'major'}", "======--"},
    {"INT-014", "call.major_reported", "{" C1 "}", "=======-"},
    {"INT-018", "call.charge_explained", "{" C1 "}", "======--"},
    {"INT-022", "call.cancelled", "{" C1 ",'reason':'r'}", "zzzzz---"},
    {"INT-025", "call.written_off", "{" C1 ",'solution':'s'}", "--x--x--"},
    {"INT-017", "call.closed", "{" C1 ",'solution':'s'}", "--x-----"},
    {"INT-043", "warranty.answered", "{" C1 ",'inside':'yes'}", "======--"},
    {"INT-100", "promise.made", "{" C1 ",'promise':2,'due':'2026-03-10T09:00:00+08:00'}",
     "======--"},
    {"INT-100", "promise.kept", "{" C1 ",'promise':9}", "========"},
    /* Facts of dispatch are never refused here. */
    {"INT-028", "job.assigned", "{" C1 ",'technician':'T1'}", "===d===="},
    {"INT-022", "job.arrived", "{" C1 "}", "========"},
    {"INT-036", "job.diagnosed", "{" C1 ",'class':'ordinary'}", "========"},
    {"INT-025", "job.completed", "{" C1 "}", "========"},
    {"INT-025", "job.signed", "{" C1 "}", "========"}, /* before job.completed */
    {"INT-025", "job.reopened", "{" C1 "}", "=====d=="},
    {"CV-13", "job.departed", "{" C1 "}", "========"},
};

static enum call_state letter_state(char letter, enum call_state now)
{
    switch (letter) {
    case 'l':
        return call_state_classified;
    case 'a':
        return call_state_answered;
    case 'q':
        return call_state_queued;
    case 'd':
        return call_state_dispatched;
    case 'f':
        return call_state_done;
    case 'x':
        return call_state_closed;
    case 'z':
        return call_state_cancelled;
    default:
        return now;
    }
}

static void try_move(const struct move *m, size_t i, const struct stand *stand)
{
    struct stage *s = bring("appliance", stand);
    const char *verdict = stage_tell(s, m->type, "2026-03-02T14:00:00+08:00", m->data);
    const char *wanted = m->expected[i] == '-' ? "refused" : "accepted";
    const char *from = code_word(&codes_call_state, stand->state);
    if (strcmp(verdict, wanted) != 0) {
        fail_msg("%s %s in %s: %s: %.*s", m->rule, m->type, from, verdict,
                 STR_ARG(stage_outcome(s)->text));
    }
    enum call_state to = letter_state(m->expected[i], stand->state), is = state_of(s, "C1");
    if (is != to) {
        fail_msg("%s %s in %s leads to %s", m->rule, m->type, from,
                 code_word(&codes_call_state, is));
    }
    if (m->expected[i] == '-') {
        assert_true(stage_outcome(s)->rule.n > 0 && stage_outcome(s)->text.n > 0);
        assert_int_equal(stage_count(s, LOG, "refused.fact"), 1);
    }
    stage_close(s);
}

static void section_17_every_fact_in_every_state(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT_OF(moves); m++) {
        assert_int_equal(strlen(moves[m].expected), COUNT_OF(stands));
        for (size_t i = 0; i < COUNT_OF(stands); i++)
            try_move(&moves[m], i, &stands[i]);
    }
}

/* The sentence names the state, in words and in Chinese, and where the fact would be possible. */
static void INT_025_refusal_says_what_would_be_right(void **state)
{
    (void)state;
    struct stage *s = bring("appliance", &stands[4]);
    refuse(s, "call.written_off", "2026-03-02T14:00:00+08:00", "{" C1 ",'solution':'s'}", "INT-025",
           "not_signed");
    refuse(s, "call.closed", "2026-03-02T14:01:00+08:00", "{" C1 ",'solution':'s'}", "INT-017",
           "voucher_out");
    stage_close(s);
    s = bring("appliance", &stands[7]);
    refuse(s, "call.replied", "2026-03-02T14:00:00+08:00", "{" C1 "}", "INT-008", "state");
    char text[256];
    assert_true(str_copy(stage_outcome(s)->text, text, sizeof text));
    assert_non_null(strstr(text, "cancelled (已取消)"));
    assert_non_null(strstr(text, "queued"));
    stage_close(s);
}

/* Work taken up again is signed for again. */
static void INT_025_reopened_work_needs_a_new_signature(void **state)
{
    (void)state;
    struct stage *s = bring("appliance", &stands[5]);
    tell(s, "job.reopened", "2026-03-02T14:00:00+08:00", "{" C1 "}");
    refuse(s, "call.written_off", "2026-03-02T14:01:00+08:00", "{" C1 ",'solution':'s'}", "INT-025",
           "not_signed");
    tell(s, "job.signed", "2026-03-02T14:30:00+08:00", "{" C1 "}"); /* nothing is finished now */
    assert_int_equal(state_of(s, "C1"), call_state_dispatched);
    tell(s, "job.completed", "2026-03-02T14:50:00+08:00", "{" C1 "}");
    tell(s, "job.reopened", "2026-03-02T14:55:00+08:00", "{" C1 "}"); /* nobody signed yet */
    tell(s, "job.signed", "2026-03-02T14:56:00+08:00", "{" C1 "}");
    assert_int_equal(state_of(s, "C1"), call_state_dispatched);
    tell(s, "job.completed", "2026-03-02T15:00:00+08:00", "{" C1 "}");
    tell(s, "job.signed", "2026-03-02T15:00:00+08:00", "{" C1 "}");
    tell(s, "call.written_off", "2026-03-02T15:01:00+08:00", "{" C1 ",'solution':'s'}");
    stage_close(s);
}

/* The customer signs after the service (DSP-027); what he signs before it shows in the register
 * (INT-031) and settles nothing. */
static void INT_025_a_signature_before_the_work_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *completed, *is_signed; /* told in this order; completed may be NULL */
        enum call_state to;
        size_t mismatches;
    } rows[] = {
        {NULL, "2026-03-02T14:00:00+08:00", call_state_dispatched, 1},
        {"2026-03-02T14:00:01+08:00", "2026-03-02T14:00:00+08:00", call_state_dispatched, 1},
        {"2026-03-02T14:00:00+08:00", "2026-03-02T14:00:00+08:00", call_state_done, 0},
        {"2026-03-02T13:00:00+08:00", "2026-03-02T14:00:00+08:00", call_state_done, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = bring("appliance", &stands[4]);
        if (rows[i].completed) tell(s, "job.completed", rows[i].completed, "{" C1 "}");
        tell(s, "job.signed", rows[i].is_signed, "{" C1 "}");
        assert_int_equal(state_of(s, "C1"), rows[i].to);
        assert_int_equal(stage_count(s, LOG, "register.mismatch"), rows[i].mismatches);
        if (rows[i].mismatches) {
            assert_string_equal(stage_last(s, LOG, "register.mismatch", "register_state"),
                                "dispatched");
            assert_string_equal(stage_last(s, LOG, "register.mismatch", "voucher_state"), "signed");
            refuse(s, "call.written_off", "2026-03-02T15:00:00+08:00", "{" C1 ",'solution':'s'}",
                   "INT-025", "not_signed");
        }
        /* Once it is signed for, what is told besides changes nothing. */
        tell(s, "job.completed", "2026-03-02T16:00:00+08:00", "{" C1 "}");
        tell(s, "job.signed", "2026-03-02T16:00:00+08:00", "{" C1 "}");
        tell(s, "job.signed", "2026-03-02T12:00:00+08:00", "{" C1 "}");
        assert_int_equal(state_of(s, "C1"), call_state_done);
        assert_int_equal(stage_count(s, LOG, "register.mismatch"), rows[i].mismatches);
        stage_close(s);
    }
}

/* Where the policy takes what was signed before, and where the kind of order needs no completion.
 */
static void INT_025_a_signature_before_the_work_where_the_policy_takes_it(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("appliance", "services.yaml",
                                        "s/^  - id:.*/&\\n    sign_after_finish: no/");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00", SITE);
    tell(s, "job.assigned", "2026-03-02T10:00:00+08:00", "{" C1 "}");
    tell(s, "job.completed", "2026-03-02T12:00:00+08:00", "{" C1 "}");
    tell(s, "job.signed", "2026-03-02T11:00:00+08:00", "{" C1 "}");
    assert_int_equal(state_of(s, "C1"), call_state_done);
    stage_close(s);
    s = door_open_changed("appliance", "kinds.yaml", "s/completion: yes/completion: no/");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00", SITE);
    tell(s, "job.assigned", "2026-03-02T10:00:00+08:00", "{" C1 "}");
    tell(s, "job.signed", "2026-03-02T11:00:00+08:00", "{" C1 "}");
    assert_int_equal(state_of(s, "C1"), call_state_done);
    stage_close(s);
}

static void INT_022_cancel_is_possible_until_somebody_arrives(void **state)
{
    (void)state;
    struct stage *s = bring("appliance", &stands[4]);
    tell(s, "job.arrived", "2026-03-02T14:00:00+08:00", "{" C1 "}");
    refuse(s, "call.cancelled", "2026-03-02T14:10:00+08:00", "{" C1 ",'reason':'r'}", "INT-022",
           "arrived");
    stage_close(s);
}

static void INT_022_cancel_drops_every_clock_promises_too(void **state)
{
    (void)state;
    struct stage *s = bring("it-project", &stands[3]);
    tell(s, "call.cancelled", "2026-03-02T09:05:00+08:00", "{" C1 ",'reason':'r'}");
    assert_int_equal(count_with(s, "deadline.dropped", "name", "call.reply"), 1);
    assert_int_equal(count_with(s, "deadline.dropped", "name", "call.dispatch"), 1);
    assert_int_equal(count_with(s, "deadline.dropped", "name", "promise.due"), 1);
    assert_string_equal(stage_last(s, LOG, "deadline.dropped", "end"), "cancelled");
    stage_until(s, "2026-04-01T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "case_no", "C1"), 0);
    stage_close(s);
}

/* What was answered is settled by the close; what was promised is not. */
static void INT_100_closing_leaves_promises_and_stops_the_rest(void **state)
{
    (void)state;
    struct stage *s = bring("appliance", &stands[6]);
    assert_int_equal(count_with(s, "deadline.stopped", "name", "warranty.query"), 1);
    assert_int_equal(count_with(s, "deadline.stopped", "name", "promise.due"), 0);
    stage_until(s, "2026-03-09T10:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "promise.due"), 1);
    stage_close(s);
}

/* CV-5: judged on when it happened, not on when it was told. */
static void CV_5_what_happened_before_the_close_may_be_told_after_it(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00", "{" C1 "," FULL "}");
    tell(s, "job.assigned", "2026-03-02T09:40:00+08:00", "{" C1 "}");
    tell(s, "job.completed", "2026-03-02T10:00:00+08:00", "{" C1 "}");
    tell(s, "job.signed", "2026-03-02T10:00:00+08:00", "{" C1 "}");
    tell(s, "call.closed", "2026-03-02T10:05:00+08:00", "{" C1 ",'solution':'s'}");
    assert_string_equal(last_with(s, "deadline.stopped", "name", "call.reply", "late"), "true");
    tell(s, "call.replied", "2026-03-02T09:20:00+08:00", "{" C1 ",'kind':'response'}");
    assert_int_equal(count_with(s, "deadline.withdrawn", "name", "call.reply"), 1);
    assert_int_equal(state_of(s, "C1"), call_state_closed);
    refuse(s, "call.replied", "2026-03-02T10:06:00+08:00", "{" C1 "}", "INT-008", "state");
    tell(s, "promise.made", "2026-03-02T09:50:00+08:00",
         "{" C1 ",'due':'2026-03-03T09:00:00+08:00'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "promise.due"), 1);
    stage_close(s);
}

/* INT-017: what must have happened before the close is the order kind's to say. */
static void INT_017_close_needs_what_the_kind_of_order_needs(void **state)
{
    (void)state;
    struct stage *s = door_open("it-project");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00", "{" C1 "," FULL "}");
    refuse(s, "call.closed", "2026-03-02T09:10:00+08:00", "{" C1 ",'solution':'s'}", "INT-017",
           "not_signed");
    tell(s, "call.registered", "2026-03-02T09:11:00+08:00",
         "{'call_no':'V1'," FULL ",'order_kind':'visit'}"); /* completion, no signature */
    refuse(s, "call.closed", "2026-03-02T09:12:00+08:00", "{'call_no':'V1','solution':'s'}",
           "INT-017", "not_completed");
    tell(s, "job.assigned", "2026-03-02T09:13:00+08:00", "{'call_no':'V1'}");
    tell(s, "job.completed", "2026-03-02T09:14:00+08:00", "{'call_no':'V1'}");
    assert_int_equal(state_of(s, "V1"), call_state_done);
    tell(s, "call.closed", "2026-03-02T09:15:00+08:00", "{'call_no':'V1','solution':'s'}");
    tell(s, "call.registered", "2026-03-02T09:16:00+08:00",
         "{'call_no':'D1'," FULL ",'order_kind':'desk'}"); /* neither */
    tell(s, "call.closed", "2026-03-02T09:17:00+08:00", "{'call_no':'D1','solution':'s'}");
    assert_int_equal(state_of(s, "D1"), call_state_closed);
    stage_close(s);
}

static void CV_13_facts_of_dispatch_about_no_call_are_logged(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    tell(s, "job.signed", "2026-03-02T09:00:00+08:00", "{'call_no':'NIX'}");
    assert_int_equal(stage_count(s, LOG, "job.signed"), 1);
    refuse(s, "call.replied", "2026-03-02T09:00:00+08:00", "{'call_no':'NIX'}", "INT-008",
           "call_unknown");
    refuse(s, "customer.dissatisfied", "2026-03-02T09:00:00+08:00", "{'call_no':'NIX'}", "INT-019",
           "call_unknown");
    tell(s, "customer.dissatisfied", "2026-03-02T09:00:00+08:00",
         "{'customer':'K1','text':'等太久'}");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(section_17_every_fact_in_every_state),
        cmocka_unit_test(INT_025_refusal_says_what_would_be_right),
        cmocka_unit_test(INT_025_reopened_work_needs_a_new_signature),
        cmocka_unit_test(INT_025_a_signature_before_the_work_is_none),
        cmocka_unit_test(INT_025_a_signature_before_the_work_where_the_policy_takes_it),
        cmocka_unit_test(INT_022_cancel_is_possible_until_somebody_arrives),
        cmocka_unit_test(INT_022_cancel_drops_every_clock_promises_too),
        cmocka_unit_test(INT_100_closing_leaves_promises_and_stops_the_rest),
        cmocka_unit_test(CV_5_what_happened_before_the_close_may_be_told_after_it),
        cmocka_unit_test(INT_017_close_needs_what_the_kind_of_order_needs),
        cmocka_unit_test(CV_13_facts_of_dispatch_about_no_call_are_logged),
    };
    return cmocka_run_group_tests_name("intake_machine", tests, NULL, NULL);
}
