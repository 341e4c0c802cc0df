/* dispatch_machine_test.c - the job machine (dispatch section 13), every event in every state.
 *
 * A line of the table is an event; its columns are the states a job can be in when it comes. A
 * column says the state afterwards, or "-": refused, with the rule of the line and a sentence. */
#include "tests/unit/dispatch_door.h"

enum { STATES = 10 };
static const char *const states[STATES] = {"pending", "assigned",    "travelling", "on_site",
                                           "working", "contingency", "completed",  "signed",
                                           "closed",  "cancelled"};

static const struct row {
    const char *type, *rule, *more;
    const char *after[STATES];
} table[] = {
#define P "pending"
#define A "assigned"
#define T "travelling"
#define S "on_site"
#define W "working"
#define C "contingency"
#define F "completed"
#define G "signed"
#define Z "closed"
    {"job.assigned", "DSP-001", "'technician':'T2'", {A, A, T, S, W, C, W, "-", "-", "-"}},
    {"job.accepted", "DSP-002", "'technician':'T1'", {"-", A, T, S, W, C, F, G, "-", "-"}},
    {"job.refused", "DSP-011", "'reason':'too far'", {"-", P, P, P, P, P, "-", "-", "-", "-"}},
    {"job.reassigned", "DSP-019", "'to':'T2'", {A, A, T, S, W, C, W, "-", "-", "-"}},
    {"job.reassigned", "DSP-019", "'count':3", {P, A, T, S, W, C, F, G, "-", "-"}},
    {"job.reassigned", "DSP-019", "'from':'T1'", {P, P, P, P, P, P, "-", "-", "-", "-"}},
    {"job.recalled", "DSP-019", "'technician':'T1'", {"-", P, P, P, P, P, "-", "-", "-", "-"}},
    {"job.departed", "DSP-002", "'technician':'T1'", {"-", T, T, S, W, C, F, G, Z, "-"}},
    {"job.arrived", "DSP-015", "'technician':'T1'", {"-", S, S, S, W, C, F, G, Z, "-"}},
    {"job.time_agreed",
     "DSP-018",
     "'agreed_at':'2026-12-01T00:00:00Z'",
     {P, A, T, S, W, C, "-", "-", "-", "-"}},
    {"job.paused", "DSP-019", "'reason':'a part'", {P, A, T, S, W, C, F, G, "-", "-"}},
    {"job.resumed", "DSP-019", "", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"job.diagnosed", "DSP-024", "'class':'ordinary'", {"-", A, T, W, W, C, F, G, "-", "-"}},
    {"job.plan_reviewed", "DSP-085", "'by':'R&D'", {P, A, T, S, W, C, "-", "-", "-", "-"}},
    {"job.repair_started", "DSP-085", "", {"-", "-", "-", W, W, C, "-", "-", "-", "-"}},
    {"job.repaired", "DSP-020", "", {"-", A, T, W, W, W, F, G, Z, "-"}},
    {"job.restored", "DSP-019", "", {"-", A, T, W, W, W, F, G, Z, "-"}},
    {"job.restored",
     "DSP-019",
     "'remote':'yes','user_confirms':'yes'",
     {W, W, W, W, W, W, F, G, Z, "-"}},
    {"job.contingency_activated",
     "DSP-020",
     "'plan':'spare system'",
     {P, A, T, S, W, W, F, G, Z, "-"}},
    {"job.unrepairable", "DSP-021", "", {"-", "-", "-", S, W, C, "-", "-", "-", "-"}},
    {"job.install_done", "DSP-012", "", {"-", A, T, S, W, C, F, G, Z, "-"}},
    {"job.completed", "DSP-028", "", {"-", "-", "-", F, F, F, "-", "-", "-", "-"}},
    {"job.completed", "DSP-028", "'technician':'T1'", {"-", "-", "-", F, F, F, "-", "-", "-", "-"}},
    {"job.reopened", "DSP-030", "", {P, A, T, S, W, C, W, W, "-", "-"}},
    {"job.signed", "DSP-027", "", {"-", "-", "-", "-", "-", "-", G, "-", "-", "-"}},
    {"job.leave_reported", "DSP-031", "", {"-", A, T, S, W, C, F, G, "-", "-"}},
    {"job.left_site", "DSP-031", "", {"-", A, T, S, W, C, F, G, Z, "-"}},
    {"evidence.completed", "DSP-026", "'cause':'fuse'", {"-", A, T, S, W, C, F, G, "-", "-"}},
    {"evidence.survey_attached", "INT-084", "'skill':3", {"-", A, T, S, W, C, F, G, "-", "-"}},
    {"job.prepared", "DSP-005", "'docs':'yes'", {P, A, T, S, W, C, F, G, "-", "-"}},
    {"job.escalated_to_leader",
     "DSP-025",
     "'proposal':'p','demand':'d'",
     {P, A, T, S, W, C, F, G, "-", "-"}},
    {"job.guidance_given", "DSP-029", "", {"-", A, T, S, W, C, F, G, Z, "-"}},
    {"job.photographed", "DSP-013", "'photos':1", {"-", A, T, S, W, C, F, G, "-", "-"}},
    {"job.trained",
     "DSP-084",
     "'participants':1,'topics':'t'",
     {"-", A, T, S, W, C, F, G, "-", "-"}},
    {"job.returned_to_unit", "DSP-032", "", {"-", A, T, S, W, C, F, G, Z, "-"}},
    {"evidence.submitted", "DSP-032", "", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"evidence.filed", "DSP-032", "", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"evidence.approved", "DSP-032", "", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
};

struct walk {
    struct stage *s;
    char call[16];
    int day; /* each job has a day of March of its own */
};

/* "2026-03-DDT09:MM" */
static const char *at(const struct walk *w, int hour, int minute)
{
    static char text[4][24];
    static unsigned n;
    char *out = text[n++ % COUNT_OF(text)];
    snprintf(out, sizeof text[0], "2026-03-%02dT%02d:%02d", w->day, hour, minute);
    return out;
}

/* Bring a new job into states[to]; SP-IT-TRIAL knows every one of them. */
static void bring(struct walk *w, int to)
{
    const char *no = w->call;
    queue(w->s, no, at(w, 9, 0), "SP-IT-TRIAL", "'district':'c','severity':'ordinary'");
    if (to == 9) tell(w->s, no, "call.cancelled", at(w, 9, 1), "'reason':'mended itself'");
    if (to == 9) return;
    if (to >= 1) tell(w->s, no, "job.assigned", at(w, 9, 1), "'technician':'T1'");
    if (to >= 2) tell(w->s, no, "job.departed", at(w, 9, 2), "");
    if (to >= 3) tell(w->s, no, "job.arrived", at(w, 9, 3), "");
    if (to >= 4) tell(w->s, no, "job.diagnosed", at(w, 9, 4), "'class':'ordinary'");
    if (to == 5) until(w->s, at(w, 13, 1));
    if (to >= 6) tell(w->s, no, "job.completed", at(w, 9, 6), "");
    if (to >= 7) tell(w->s, no, "job.signed", at(w, 9, 7), "");
    if (to >= 8) tell(w->s, no, "call.closed", at(w, 9, 8), "'solution':'new fuse'");
    assert_string_equal(state_of(w->s, no), states[to]);
}

static void check_cell(struct walk *w, const struct row *r, int from)
{
    bring(w, from);
    size_t refusals = count(w->s, "refused.fact");
    tell(w->s, w->call, r->type, at(w, from == 5 ? 13 : 9, 30), r->more);
    bool no = strcmp(r->after[from], "-") == 0;
    bool was_refused = count(w->s, "refused.fact") > refusals;
    if (no != was_refused) {
        fail_msg("%s {%s} in %s: %s", r->type, r->more, states[from],
                 was_refused ? last(w->s, "refused.fact", "text") : "accepted");
    }
    const char *want = no ? states[from] : r->after[from], *got = state_of(w->s, w->call);
    if (strcmp(want, got) != 0)
        fail_msg("%s {%s} in %s: now %s", r->type, r->more, states[from], got);
    if (!no) return;
    assert_string_equal(last(w->s, "refused.fact", "rule"), r->rule);
    assert_string_equal(last(w->s, "refused.fact", "subject"), w->call);
    assert_true(strlen(last(w->s, "refused.fact", "text")) > 20);
}

static void every_event_in_every_state(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct walk w = {.s = door_open("deploy/policy/it-project")};
        for (int from = 0; from < STATES; from++) {
            snprintf(w.call, sizeof w.call, "C%d", from);
            w.day = 1 + from;
            check_cell(&w, &table[i], from);
        }
        stage_close(w.s);
    }
}

static void a_refusal_names_the_states_that_would_do(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
    refused(s, "job.recalled", "2026-03-02T09:05", "'technician':'T1'", "DSP-019", "state");
    assert_non_null(strstr(last(s, "refused.fact", "text"), "assigned, travelling, on_site"));
    assert_non_null(strstr(last(s, "refused.fact", "text"), "pending"));
    stage_close(s);
}

static void DSP_001_a_queued_call_becomes_a_job(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "'repeat_of':'C0'");
    assert_int_equal(count(s, "job.created"), 1);
    assert_string_equal(last(s, "job.created", "policy"), "SP-APPL-URBAN");
    assert_string_equal(last(s, "job.created", "unit"), "U1");
    struct rec_row_job j = job_row(s, CALL);
    assert_true(j.received_at == instant("2026-03-02T09:00"));
    assert_true(str_is(j.repeat_of, "C0"));
    assert_int_equal(j.policy_version, 1);
    queue(s, CALL, "2026-03-02T09:01", "SP-APPL-URBAN", ""); /* told again: still one job */
    assert_int_equal(count(s, "job.created"), 1);
    stage_close(s);
}

static void DSP_001_an_unknown_job_is_refused(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    refused(s, "job.assigned", "2026-03-02T09:00", "'technician':'T1'", "DSP-001", "unknown_job");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    refused(s, "job.assigned", "2026-03-02T09:01", "'technician':'T1','job':2", "DSP-001",
            "unknown_job");
    assert_string_equal(last(s, "refused.fact", "field"), "job");
    stage_close(s);
}

static void DSP_001_no_assignment_without_voucher(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "'reporter':'none'");
    refused(s, "job.assigned", "2026-03-02T09:01", "'technician':'T1'", "DSP-001",
            "voucher_missing");
    refused(s, "job.reassigned", "2026-03-02T09:01", "'to':'T1'", "DSP-001", "voucher_missing");
    stage_close(s);
    s = door_open("deploy/policy/it-project"); /* its kinds need none */
    queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "'reporter':'none'");
    fact(s, "job.assigned", "2026-03-02T09:01", "'technician':'T1'");
    assert_string_equal(state_of(s, CALL), "assigned");
    stage_close(s);
}

static void DSP_012_a_kind_that_needs_nobody(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/itsm-incidents");
    queue(s, CALL, "2026-03-02T09:00", "SP-ITSM", "");
    fact(s, "job.reassigned", "2026-03-02T09:10", "'count':4");
    fact(s, "job.paused", "2026-03-02T09:20", "'reason':'user'");
    fact(s, "job.resumed", "2026-03-02T09:50", "");
    fact(s, "job.completed", "2026-03-02T10:00", "");
    assert_string_equal(state_of(s, CALL), "completed");
    fact(s, "job.reopened", "2026-03-02T10:30", "");
    assert_string_equal(state_of(s, CALL), "working");
    fact(s, "job.completed", "2026-03-02T11:00", "'technician':'desk-7'");
    struct rec_row_job j = job_row(s, CALL);
    assert_int_equal(j.state, job_state_completed);
    assert_int_equal(j.reassignments, 4);
    assert_int_equal(j.reopenings, 1);
    assert_int_equal(j.paused_ms, 30 * MINUTE_MS);
    assert_true(j.finished_at == instant("2026-03-02T11:00"));
    assert_int_equal(count(s, "refused.fact"), 0);
    stage_close(s);
}

static void DSP_012_a_kind_without_signature_closes_with_its_call(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/field-dispatch");
    queue(s, CALL, "2026-03-02T09:00", "SP-FD-3", "");
    fact(s, "job.assigned", "2026-03-02T09:01", "'technician':'E01'");
    fact(s, "job.arrived", "2026-03-02T09:07", "");
    fact(s, "job.completed", "2026-03-02T09:30", "");
    assert_string_equal(state_of(s, CALL), "completed");
    fact(s, "call.closed", "2026-03-02T09:31", "'solution':'done'");
    assert_string_equal(state_of(s, CALL), "closed");
    assert_int_equal(count(s, "job.closed"), 1);
    stage_close(s);
}

static void INT_022_cancelling_ends_the_job_and_its_clocks(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    fact(s, "call.cancelled", "2026-03-02T10:00", "'reason':'sold it'");
    assert_string_equal(state_of(s, CALL), "cancelled");
    assert_string_equal(last(s, "job.cancelled", "reason"), "sold it");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "cancelled");
    assert_true(str_is(leg_row(s, CALL, "T1").end, "cancelled"));
    until(s, "2026-03-10T00:00");
    assert_int_equal(count(s, "deadline.passed"), 0);
    stage_close(s);
}

static void a_closed_call_closes_its_job_and_drops_what_runs(void **unused)
{
    (void)unused;
    const char *const kinds[] = {"call.closed", "call.written_off"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct stage *s = door_open("deploy/policy/it-project");
        queue(s, CALL, "2026-03-02T09:00", "SP-IT-TRIAL", "");
        fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
        fact(s, kinds[i], "2026-03-02T10:00", "'solution':'by telephone'");
        assert_string_equal(state_of(s, CALL), "closed");
        assert_int_equal(count(s, "job.closed"), 1);
        assert_int_equal(count(s, "deadline.dropped"), 2); /* arrival, contingency */
        assert_non_null(strstr(last(s, "deadline.dropped", "reason"), "call "));
        until(s, "2026-03-10T00:00");
        assert_int_equal(count(s, "deadline.passed"), 0);
        stage_close(s);
    }
}

static void what_was_said_of_a_call_that_never_came_is_forgotten(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/general");
    fact(s, "customer.dissatisfied", "2026-03-02T09:00", "");
    struct key k = key_of(STR(CALL));
    struct slice value;
    struct store *store = node_store(stage_node(s, OWNER_dispatch));
    uint8_t table_id = dispatch_tables[DISPATCH_NOTE].id;
    assert_int_equal(store_get(store, table_id, (struct slice){k.b, k.n}, &value), ERR_OK);
    fact(s, "call.graded", "2026-03-02T09:01", "'severity':'major'"); /* nothing to grade */
    fact(s, "call.closed", "2026-03-02T09:02", "'solution':'by telephone'");
    assert_int_equal(store_get(store, table_id, (struct slice){k.b, k.n}, &value), ERR_NOT_FOUND);
    stage_close(s);
}

static void INT_095_policy_and_category_change_before_the_assignment(void **unused)
{
    (void)unused;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "'district':'c'");
    verdict(s, CALL, "2026-03-02T09:10", "carried 1 2026-03-02");
    verdict(s, CALL, "2026-03-02T09:30", "policy SP-APPL-SUBURB");
    assert_due(s, CALL, "job.arrival", "2026-03-02T17:00"); /* still from the call time */
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "open");
    assert_due(s, CALL, "carryover.assign", "2026-03-03T09:30");
    assert_string_equal(clock_end(s, CALL, "carryover.assign"), "open");
    fact(s, "job.assigned", "2026-03-02T10:00", "'technician':'T1'");
    verdict(s, CALL, "2026-03-02T10:30", "policy SP-APPL-URBAN"); /* too late */
    verdict(s, CALL, "2026-03-02T10:30", "category a");           /* at any time */
    assert_due(s, CALL, "job.arrival", "2026-03-02T17:00");
    assert_true(str_is(job_row(s, CALL).policy, "SP-APPL-SUBURB"));
    assert_int_equal(job_row(s, CALL).category, category_a);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_state),
        cmocka_unit_test(a_refusal_names_the_states_that_would_do),
        cmocka_unit_test(DSP_001_a_queued_call_becomes_a_job),
        cmocka_unit_test(DSP_001_an_unknown_job_is_refused),
        cmocka_unit_test(DSP_001_no_assignment_without_voucher),
        cmocka_unit_test(DSP_012_a_kind_that_needs_nobody),
        cmocka_unit_test(DSP_012_a_kind_without_signature_closes_with_its_call),
        cmocka_unit_test(INT_022_cancelling_ends_the_job_and_its_clocks),
        cmocka_unit_test(a_closed_call_closes_its_job_and_drops_what_runs),
        cmocka_unit_test(what_was_said_of_a_call_that_never_came_is_forgotten),
        cmocka_unit_test(INT_095_policy_and_category_change_before_the_assignment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
