/* complaint_figures_test.c - complaints counted by centre, month and week; what other logs tell;
 * files and keeping. Rules CMP-013, CMP-016, CMP-019 … CMP-021, CMP-030, CMP-126 … CMP-131,
 * CMP-133, CMP-136; worked examples C-31, C-32.
 *
 * Where services are counted a door and a dispatch stand in: every job.signed closes as many jobs
 * as its `by` says. */
#include "tests/unit/complaint_door.h"

/* ---- stand-ins ---- */

static enum err door_step(struct step *st, const void *payload)
{
    if (st->type->kind == EV_unit_upserted) return step_master(st, payload);
    if (st->type->kind != EV_call_registered) return ERR_STALE;
    const struct ev_call_registered *ev = payload;
    struct ev_call_queued out = {.call_no = ev->call_no,
                                 .unit = ev->unit,
                                 .received_at = st->in->occurred,
                                 .policy = STR("SP"),
                                 .customer = ev->customer};
    step_emit(st, EV_call_queued, &out);
    return ERR_OK;
}

static enum err floor_step(struct step *st, const void *payload)
{
    if (st->type->kind == EV_job_signed) {
        const struct ev_job_signed *ev = payload;
        struct ev_job_closed out = {ev->call_no, 1};
        char text[8];
        (void)str_copy(ev->by, text, sizeof text);
        for (long i = strtol(text, NULL, 10); i > 0; i--)
            step_emit(st, EV_job_closed, &out);
        return ERR_OK;
    }
    if (st->type->kind != EV_job_arrived) return ERR_STALE;
    struct ev_repeat_detected out = {.call_no = ((const struct ev_job_arrived *)payload)->call_no,
                                     .job = 1,
                                     .first_call = STR("C0"),
                                     .first_job = 1,
                                     .days = 12,
                                     .product = STR("SN1"),
                                     .cause_code = STR("leak")};
    step_emit(st, EV_repeat_detected, &out);
    return ERR_OK;
}

static const struct service door = {.name = "intake", .owner = OWNER_intake, .step = door_step};
static const struct service shop = {
    .name = "dispatch", .owner = OWNER_dispatch, .upstream = IN(OWNER_intake), .step = floor_step};

static struct stage *floor_open(void)
{
    static const struct service *const services[] = {&door, &shop, &complaint_service};
    struct stage *s = stage_open(POLICY_STD, services, COUNT_OF(services));
    units_tell(s);
    tell(s, CENTRE, "call.registered", "2024-03-01T09:00",
         "'call_no':'C1','customer':'K7','unit':'" CENTRE "'");
    return s;
}

static void close_jobs(struct stage *s, int n, const char *local)
{
    char data[80];
    for (; n > 0; n -= 100) {
        snprintf(data, sizeof data, "'call_no':'C1','by':'%d'", n > 100 ? 100 : n);
        tell(s, CENTRE, "job.signed", local, data);
    }
}

/* Service complaints S<from> … S<to - 1>, as far as their state says. */
enum far { F_RECEIVED, F_VERIFIED, F_ANSWERED, F_CLOSED };

static void complain(struct stage *s, int from, int to, enum far far)
{
    for (int i = from; i < to; i++) {
        char no[16];
        snprintf(no, sizeof no, "S%d", i);
        act(s, CENTRE, no, "service_complaint.received", "2024-03-04T09:00",
            "'channel':'call','customer':'K1','text':'rude'");
        if (far >= F_VERIFIED)
            act(s, CENTRE, no, "service_complaint.verified", "2024-03-04T10:00", "'cause':'other'");
        if (far >= F_ANSWERED)
            act(s, CENTRE, no, "service_complaint.answered", "2024-03-04T11:00",
                "'channel':'letter','by':'D. Ho','summary':'sorry','final':'yes'");
        if (far >= F_CLOSED) act(s, CENTRE, no, "service_complaint.closed", "2024-03-04T12:00", "");
    }
}

/* The shortest way to the close: found invalid and explained. */
static void end_case(struct stage *s, const char *no, const char *local)
{
    drive(s, no, W_QA, local);
    act(s, "GMO", no, "complaint.invalidated", local, "'reason':'his own mistake'");
    act(s, "BIZ", no, "complaint.customer_replied", local,
        "'channel':'phone','by':'B. Li','summary':'explained'");
    act(s, "GMO", no, "complaint.closed", local, "");
}

static const char *month(struct stage *s, const char *field)
{
    return last(s, "complaint.month_counted", field);
}

/* ---- rates ---- */

static void CMP_130_three_per_cent_fails(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        int caused, services;
        const char *rate, *met;
    } rows[] = {
        {"C-31", 3, 100, "3.00", "no"},
        {"C-31", 299, 10000, "2.99", "yes"},
        {"CMP-130", 1, 0, "n/a", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = floor_open();
        close_jobs(s, rows[i].services, "2024-03-04T17:00");
        complain(s, 0, rows[i].caused, F_VERIFIED);
        until(s, "2024-04-01T00:01");
        if (strcmp(month(s, "complaint_rate"), rows[i].rate) != 0)
            fail_msg("%s: %s", rows[i].id, month(s, "complaint_rate"));
        assert_string_equal(month(s, "complaint_met"), rows[i].met);
        stage_close(s);
    }
}

static void CMP_126_handling_rate_and_CMP_127_resolution_rate(void **state)
{
    (void)state;
    struct stage *s = floor_open(); /* C-32 */
    complain(s, 0, 36, F_CLOSED);
    complain(s, 36, 40, F_ANSWERED);
    complain(s, 40, 41, F_VERIFIED);
    until(s, "2024-04-01T00:01");
    assert_string_equal(month(s, "unit"), CENTRE);
    assert_string_equal(month(s, "month"), "2024-03-01");
    assert_string_equal(month(s, "received"), "41");
    assert_string_equal(month(s, "handled"), "40");
    assert_string_equal(month(s, "resolved"), "36");
    assert_string_equal(month(s, "handling_rate"), "97.56");
    assert_string_equal(month(s, "handling_met"), "no");
    assert_string_equal(month(s, "resolution_rate"), "87.80");
    /* five are on hand in April, all counted for the handling rate already */
    until(s, "2024-05-01T00:01");
    assert_int_equal(count(s, "complaint.month_counted"), 2);
    assert_string_equal(month(s, "on_hand"), "5");
    assert_string_equal(month(s, "handling_rate"), "n/a");
    assert_string_equal(month(s, "resolution_rate"), "0.00");
    stage_close(s);
}

static void CMP_126_inside_its_limit_it_is_left_out(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_FILED, "2024-03-10T09:00");
    walk(s, "P1", W_FILED, W_ACCEPTED, "2024-03-25T10:00"); /* limit 7 April */
    drive(s, "P2", W_ACCEPTED, "2024-03-10T10:00");         /* limit 23 March */
    until(s, "2024-04-01T00:01");
    assert_string_equal(month(s, "on_hand"), "2");
    assert_string_equal(month(s, "left_out"), "1");
    assert_string_equal(month(s, "due"), "1");
    assert_string_equal(month(s, "handling_rate"), "0.00");
    walk(s, "P1", W_ACCEPTED, W_REPLIED, "2024-04-05T10:00");
    until(s, "2024-05-01T00:01");
    assert_string_equal(month(s, "due"), "1"); /* each counts once */
    assert_string_equal(month(s, "due_handled"), "1");
    assert_string_equal(month(s, "handling_rate"), "100.00");
    assert_string_equal(month(s, "handling_met"), "yes");
    stage_close(s);
}

static void CMP_126_the_cut_off_is_the_end_of_the_month(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    act(s, CENTRE, "S1", "service_complaint.received", "2024-03-20T09:00",
        "'channel':'call','customer':'K1','text':'rude'");
    due_is(s, "complaint_month/" CENTRE, "complaint.month_figures", "2024-04-01T00:00");
    until(s, "2024-04-01T00:00");
    assert_int_equal(count(s, "complaint.month_counted"), 0);
    until(s, "2024-04-01T00:00:01");
    assert_int_equal(count(s, "complaint.month_counted"), 1);
    assert_int_equal(reminders(s, "complaint.month_figures"), 0);
    act(s, CENTRE, "S1", "service_complaint.invalidated", "2024-04-02T09:00", "'reason':'no'");
    act(s, CENTRE, "S1", "service_complaint.answered", "2024-04-02T09:00",
        "'channel':'phone','by':'D. Ho','summary':'explained','final':'yes'");
    act(s, CENTRE, "S1", "service_complaint.closed", "2024-04-02T09:00", "");
    until(s, "2024-06-02T00:00");
    assert_int_equal(count(s, "complaint.month_counted"), 2); /* nothing is on hand after April */
    stage_close(s);
}

static void CMP_127_superseded_is_handled_not_resolved(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_CONTACTED, "2024-03-05T10:00");
    act(s, "BIZ", "P1", "complaint.negotiated", "2024-03-06T10:00", "'result':'refused'");
    act(s, "BIZ", "P1", "complaint.resubmitted", "2024-03-06T11:00", "'new_case_no':'P2'");
    until(s, "2024-04-01T00:01");
    assert_string_equal(month(s, "received"), "2");
    assert_string_equal(month(s, "superseded"), "1");
    assert_string_equal(month(s, "resolved"), ""); /* none */
    assert_string_equal(month(s, "due_handled"), "1");
    assert_string_equal(month(s, "solved"), "");
    stage_close(s);
}

static void CMP_128_by_category(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    act(s, "BIZ", "P1", "complaint.received", "2024-03-04T10:00",
        COMPLAINT ",'category':'delivery_time','centre':'C01'");
    act(s, "BIZ", "P2", "complaint.received", "2024-03-04T10:00", COMPLAINT ",'centre':'C01'");
    act(s, CENTRE, "S1", "service_complaint.received", "2024-03-05T09:00",
        "'channel':'call','customer':'K1','text':'rude'");
    until(s, "2024-04-01T00:01");
    const json_t *e = stage_nth(s, OWNER_complaint, "complaint.month_counted", 0);
    const json_t *v = json_object_get(json_object_get(e, "data"), "categories");
    static const char *const words[] = {"delivery_time", "other", "service_attitude"};
    assert_int_equal(json_array_size(v), 3);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const json_t *line = json_array_get(v, i);
        assert_string_equal(json_string_value(json_object_get(line, "category")), words[i]);
        assert_int_equal(json_integer_value(json_object_get(line, "received")), 1);
    }
    stage_close(s);
}

static void CMP_129_mean_response_and_handling_time(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "P1", W_RECEIVED, "2024-03-04T10:00");
    act(s, "BIZ", "P1", "complaint.visited", "2024-03-04T10:30", "'visitor_role':'supervisor'");
    complain(s, 0, 1, F_CLOSED); /* 09:00; first answer 11:00; closed 12:00 */
    until(s, "2024-04-01T00:01");
    assert_string_equal(month(s, "response_s"), "4500"); /* 30 min and 2 h */
    assert_string_equal(month(s, "handling_s"), "10800");
    stage_close(s);
}

static void CMP_133_satisfaction_and_CMP_019_callbacks(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    end_case(s, "P1", "2024-03-04T10:00");
    end_case(s, "P2", "2024-03-04T10:00");
    act(s, CENTRE, "P1", "complaint.called_back", "2024-03-05T10:00", "'satisfied':'yes'");
    act(s, CENTRE, "P2", "complaint.called_back", "2024-03-05T10:00", "'satisfied':'no'");
    act(s, CENTRE, "P1", "complaint.satisfaction_recorded", "2024-03-05T10:00",
        "'satisfied':'yes'");
    until(s, "2024-04-01T00:01");
    assert_string_equal(month(s, "callbacks"), "2");
    assert_string_equal(month(s, "callbacks_satisfied"), "1");
    assert_string_equal(month(s, "rated"), "1");
    assert_string_equal(month(s, "rated_satisfied"), "1");
    assert_string_equal(month(s, "resolved"), "2");
    stage_close(s);
}

/* ---- the week ---- */

#define WEEK "'unit':'" CENTRE "','week':'2024-03-04','measures':[{'name':'a course'}]"
#define WEEK_CASE "complaint_week/" CENTRE "/2024-03-04"

static void CMP_131_a_week_with_complaints_is_reviewed(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    complain(s, 0, 2, F_CLOSED); /* Monday 4 March */
    complain(s, 2, 3, F_RECEIVED);
    due_is(s, WEEK_CASE, "complaint.weekly", "2024-03-12T00:00"); /* Monday 24:00 */
    deny(s, CENTRE, "complaint.week_reviewed", "2024-03-10T10:00", WEEK, "CMP-131", "future_day");
    deny(s, CENTRE, "complaint.week_reviewed", "2024-03-12T10:00",
         "'unit':'C01','week':'2024-03-05','measures':[{'name':'a course'}]", "CMP-131", "range");
    say(s, CENTRE, "complaint.week_reviewed", "2024-03-11T23:59:59", WEEK);
    assert_string_equal(end_of(s, WEEK_CASE, "complaint.weekly"), "stopped");
    assert_string_equal(last(s, "complaint.week_reviewed", "received"), "3");
    assert_string_equal(last(s, "complaint.week_reviewed", "handled"), "2");
    assert_string_equal(last(s, "complaint.week_reviewed", "resolved"), "2");
    assert_string_equal(last(s, "complaint.week_reviewed", "service_caused"), "2");
    assert_string_equal(last(s, "complaint.week_reviewed", "response_s"), "7200");
    deny(s, CENTRE, "complaint.week_reviewed", "2024-03-12T10:00", WEEK, "CMP-131", "state");
    stage_close(s);
}

static void CMP_131_ladder_of_the_week(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    complain(s, 0, 1, F_RECEIVED);
    until(s, "2024-03-14T00:01"); /* 24:00 of 11, 12 and 13 March */
    assert_int_equal(reminders(s, "complaint.weekly"), 3);
    assert_int_equal(count_of(s, OWNER_complaint, "deadline.passed", "to", "責任單位主管"), 3);
    say(s, CENTRE, "complaint.week_reviewed", "2024-03-14T10:00", WEEK);
    until(s, "2024-03-17T00:01");
    assert_int_equal(reminders(s, "complaint.weekly"), 3);
    assert_string_equal(end_of(s, WEEK_CASE, "complaint.weekly"), "late");
    stage_close(s);
}

/* ---- other logs ---- */

static void CMP_013_a_dissatisfied_customer_is_kept_with_the_customer(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    tell(s, CENTRE, "customer.dissatisfied", "2024-03-04T10:00",
         "'customer':'K1','text':'waited long'");
    tell(s, CENTRE, "customer.dissatisfied", "2024-03-04T11:00", "'call_no':'C1','text':'noise'");
    struct rec_row_customer_note row;
    struct key k = key_of(STR("K1"));
    key_u64(&k, (uint64_t)instant("2024-03-04T10:00"));
    key_str(&k, STR(""));
    assert_true(row_at(s, COMPLAINT_CUSTOMER_NOTE, k, &row));
    assert_true(str_is(row.text, "waited long") && str_is(row.reporter, CENTRE));
    k = key_of(STR("K7")); /* customer of the call */
    key_u64(&k, (uint64_t)instant("2024-03-04T11:00"));
    key_str(&k, STR("C1"));
    assert_true(row_at(s, COMPLAINT_CUSTOMER_NOTE, k, &row));
    assert_int_equal(count(s, "complaint.opened"), 0);
    stage_close(s);
}

static void CMP_016_repeated_repairs_are_listed(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    tell(s, CENTRE, "job.arrived", "2024-03-04T10:00", "'call_no':'C1'");
    assert_int_equal(stage_count(s, OWNER_dispatch, "repeat.detected"), 1);
    tell(s, CENTRE, "job.signed", "2024-03-04T11:00", "'call_no':'C1'"); /* both logs go on */
    struct rec_row_repeat row;
    struct key k = key_of(STR("SN1"));
    key_str(&k, STR("C1"));
    key_u8(&k, 1);
    assert_true(row_at(s, COMPLAINT_REPEAT, k, &row));
    assert_true(str_is(row.first_call, "C0") && str_is(row.unit, CENTRE) && row.days == 12);
    stage_close(s);
}

static void CMP_030_the_case_keeps_its_service_request(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    act(s, "BIZ", "P1", "complaint.received", "2024-03-04T10:00", COMPLAINT ",'request_no':'R1'");
    assert_true(str_is(case_row(s, "P1").request_no, "R1"));
    tell(s, CENTRE, "request.result_recorded", "2024-03-05T10:00",
         "'request_no':'R1','result':'exchanged'");
    struct rec_row_complaint_request row;
    assert_true(row_at(s, COMPLAINT_REQUEST, key_of(STR("R1")), &row));
    assert_true(str_is(row.case_no, "P1") && str_is(row.result, "exchanged"));
    stage_close(s);
}

/* ---- files, versions, keeping ---- */

static void CMP_020_closed_cases_are_found_by_what_they_were_about(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    end_case(s, "P1", "2024-03-04T10:00");
    drive(s, "P2", W_FINAL, "2024-03-04T10:00");
    static const char *const values[] = {NULL, "K1", "PCB", "M1", "quality", NULL, CENTRE};
    for (size_t by = 1; by < COUNT_OF(values); by++) {
        struct rec_row_complaint_file row;
        struct key k = {.n = 0}, open = {.n = 0};
        if (!values[by]) continue;
        key_u8(&k, (uint8_t)by);
        key_str(&k, str_of(values[by]));
        open = k;
        key_str(&k, STR("P1"));
        key_str(&open, STR("P2"));
        if (!row_at(s, COMPLAINT_FILE, k, &row)) fail_msg("%s", values[by]);
        assert_false(row_at(s, COMPLAINT_FILE, open, &row));
    }
    stage_close(s);
}

static void CMP_021_a_case_keeps_the_version_of_its_rules(void **state)
{
    (void)state;
    struct stage *s = desk_open_changed("policy.yaml", "s/^version: 1/version: 7/");
    drive(s, "P1", W_RECEIVED, "2024-03-04T10:00");
    assert_int_equal(case_row(s, "P1").policy_version, 7);
    stage_close(s);
}

/* Loads the policy of the tests with a line more; the number of its faults. */
static uint32_t faults_with(const char *line, struct policy **out)
{
    static const char copy[] = "rm -rf %s/own && cp -r deploy/policy/common %s && "
                               "cp -r " POLICY_STD " %s/own && echo '%s' >> %s/own/policy.yaml && "
                               "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml";
    struct policy_fault faults[POLICY_FAULTS_MAX];
    char dir[] = "/tmp/complaint_policy.XXXXXX", cmd[600];
    uint32_t n = 0;
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd, copy, dir, dir, dir, line, dir, dir);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    enum err e = policy_load(cmd, out, faults, POLICY_FAULTS_MAX, &n);
    assert_int_equal(e, n ? ERR_REFUSED : ERR_OK);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return n;
}

static void CMP_021_the_general_manager_approves_the_rules(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        uint32_t faults;
    } rows[] = {{"", 0},
                {"complaint: {approved_by: 總經理}", 0},
                {"complaint: {approved_by: 副總經理}", 1},
                {"complaint: {sanction_causes: [quarrel, weather]}", 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy *p = NULL;
        assert_int_equal(faults_with(rows[i].line, &p), rows[i].faults);
        if (p) assert_true(str_is(p->complaint.approved_by, "總經理"));
        policy_close(&p);
    }
}

static void CMP_136_kept_two_years_from_the_end(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    complain(s, 0, 1, F_CLOSED); /* 4 March 2024 */
    due_is(s, "keep/service_complaint/S0", "complaint.keep", "2026-03-05T00:00");
    until(s, "2026-03-05T00:00");
    assert_int_equal(count(s, "record.expired"), 0);
    until(s, "2026-03-05T00:00:01");
    assert_string_equal(last(s, "record.expired", "kind"), "service_complaint");
    assert_string_equal(last(s, "record.expired", "no"), "S0");
    assert_string_equal(last(s, "record.expired", "keep_until"), "2026-03-04");
    stage_close(s);
}

static void CMP_136_a_case_is_kept_until_it_is_archived(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    end_case(s, "P1", "2024-03-04T10:00");
    drive(s, "P2", W_RECEIVED, "2024-03-04T10:00");
    say(s, "BIZ", "anomaly.slip_filed", "2024-03-04T11:00",
        "'anomaly_no':'A1','text':'scratch','case_no':'P2','answer':'we look after it'");
    until(s, "2026-03-05T00:00:01");
    assert_int_equal(count(s, "record.expired"), 1); /* P2, which needs no archive */
    assert_string_equal(last(s, "record.expired", "no"), "P2");
    due_is(s, "keep/complaint/P1", "complaint.keep", "2026-04-05T00:00"); /* looked at again */
    until(s, "2026-04-06T00:00");
    assert_int_equal(count(s, "record.expired"), 1); /* an open case never expires */
    stage_close(s);
}

static void CMP_136_years_are_policy(void **state)
{
    (void)state;
    struct stage *s = desk_open_changed("policy.yaml", "$ a complaint: {case_years: 5}");
    complain(s, 0, 1, F_CLOSED);
    due_is(s, "keep/service_complaint/S0", "complaint.keep", "2029-03-05T00:00");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_130_three_per_cent_fails),
        cmocka_unit_test(CMP_126_handling_rate_and_CMP_127_resolution_rate),
        cmocka_unit_test(CMP_126_inside_its_limit_it_is_left_out),
        cmocka_unit_test(CMP_126_the_cut_off_is_the_end_of_the_month),
        cmocka_unit_test(CMP_127_superseded_is_handled_not_resolved),
        cmocka_unit_test(CMP_128_by_category),
        cmocka_unit_test(CMP_129_mean_response_and_handling_time),
        cmocka_unit_test(CMP_133_satisfaction_and_CMP_019_callbacks),
        cmocka_unit_test(CMP_131_a_week_with_complaints_is_reviewed),
        cmocka_unit_test(CMP_131_ladder_of_the_week),
        cmocka_unit_test(CMP_013_a_dissatisfied_customer_is_kept_with_the_customer),
        cmocka_unit_test(CMP_016_repeated_repairs_are_listed),
        cmocka_unit_test(CMP_030_the_case_keeps_its_service_request),
        cmocka_unit_test(CMP_020_closed_cases_are_found_by_what_they_were_about),
        cmocka_unit_test(CMP_021_a_case_keeps_the_version_of_its_rules),
        cmocka_unit_test(CMP_021_the_general_manager_approves_the_rules),
        cmocka_unit_test(CMP_136_kept_two_years_from_the_end),
        cmocka_unit_test(CMP_136_a_case_is_kept_until_it_is_archived),
        cmocka_unit_test(CMP_136_years_are_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
