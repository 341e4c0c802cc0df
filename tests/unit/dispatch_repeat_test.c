/* dispatch_repeat_test.c - repeated repair, and what is noted on a job besides its state. Rules
 * DSP-005, DSP-013, DSP-018, DSP-024, DSP-025, DSP-029, DSP-030, DSP-032, DSP-055, DSP-063,
 * DSP-079, DSP-082, DSP-083, DSP-084; examples DSP-EX-31, 32, 41, 42. */
#include "tests/unit/dispatch_floor.h"

/* ---- repeated repair ---- */

/* A call about this product whose cause is this. */
static void diagnose(struct stage *s, const char *call, const char *day, const char *product,
                     const char *cause)
{
    char at[32], more[120];
    snprintf(more, sizeof more, "'product':'%s'", product);
    snprintf(at, sizeof at, "%sT09:00", day);
    queue(s, call, at, "SP-IND", more);
    tell(s, call, "job.assigned", at, "'technician':'T1'");
    snprintf(at, sizeof at, "%sT10:00", day);
    tell(s, call, "job.arrived", at, "");
    snprintf(more, sizeof more, "'class':'ordinary','cause_code':'%s'", cause);
    tell(s, call, "job.diagnosed", at, more);
}

static void close_call(struct stage *s, const char *call, const char *local)
{
    tell(s, call, "call.closed", local, "'solution':'mended'");
    assert_string_equal(state_of(s, call), "closed");
}

static const struct repeat_example {
    const char *id, *received, *product, *cause, *days; /* days NULL = no repeat */
} repeat_examples[] = {
    {"DSP-EX-31", "2026-03-02", "V1", "X", "30"},
    {"DSP-EX-32", "2026-03-03", "V1", "X", NULL},
    {"same day", "2026-01-31", "V1", "X", "0"},
    {"another product", "2026-02-10", "V2", "X", NULL},
    {"another cause", "2026-02-10", "V1", "Y", NULL},
};

static void DSP_063_within_the_window(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(repeat_examples); i++) {
        const struct repeat_example *x = &repeat_examples[i];
        struct stage *s = floor_open();
        diagnose(s, "C1", "2026-01-30", "V1", "X");
        close_call(s, "C1", "2026-01-31T08:00");
        diagnose(s, "C2", x->received, x->product, x->cause);
        assert_int_equal(count(s, "repeat.detected"), x->days ? 1 : 0);
        assert_int_equal(count(s, "job.class_raised"), x->days ? 1 : 0);
        assert_string_equal(last(s, "repeat.detected", "days"), x->days ? x->days : "");
        assert_string_equal(last(s, "repeat.detected", "first_call"), x->days ? "C1" : "");
        assert_int_equal(job_row(s, "C2").cause_class,
                         x->days ? cause_class_serious : cause_class_ordinary);
        assert_true(str_is(job_row(s, "C2").repeat_of, x->days ? "C1" : ""));
        stage_close(s);
    }
}

static void DSP_063_the_window_is_policy(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("general", "general/policy.yaml", "/^keys:/a \\  repeat_window_days: 31");
    diagnose(s, "C1", "2026-01-30", "V1", "X");
    close_call(s, "C1", "2026-01-31T08:00");
    diagnose(s, "C2", "2026-03-03", "V1", "X");
    assert_string_equal(last(s, "repeat.detected", "days"), "31");
    stage_close(s);
}

static void DSP_063_the_last_job_counts_and_only_once(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    diagnose(s, "C1", "2026-01-30", "V1", "X");
    close_call(s, "C1", "2026-01-31T08:00");
    diagnose(s, "C2", "2026-02-20", "V1", "X");
    close_call(s, "C2", "2026-02-22T08:00");
    diagnose(s, "C3", "2026-02-25", "V1", "X");
    assert_string_equal(last(s, "repeat.detected", "first_call"), "C2");
    assert_string_equal(last(s, "repeat.detected", "days"), "3");
    tell(s, "C3", "job.diagnosed", "2026-02-25T11:00", "'class':'ordinary','cause_code':'X'");
    assert_int_equal(count(s, "repeat.detected"), 2);
    assert_int_equal(job_row(s, "C3").cause_class, cause_class_serious);
    stage_close(s);
}

/* DSP-030 rests on DSP-063: what is not yet closed, or what no fault of the goods caused, is no
 * repeated repair of a serious class. */
static void DSP_030_open_jobs_and_other_classes(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    diagnose(s, "C1", "2026-02-20", "V1", "X");
    diagnose(s, "C2", "2026-02-21", "V1", "X");
    assert_int_equal(count(s, "repeat.detected"), 0);
    close_call(s, "C1", "2026-02-22T08:00");
    queue(s, "C3", "2026-02-25T09:00", "SP-IND", "'product':'V1'");
    tell(s, "C3", "job.assigned", "2026-02-25T09:00", "'technician':'T1'");
    tell(s, "C3", "job.diagnosed", "2026-02-25T11:00", "'class':'non_quality','cause_code':'X'");
    assert_int_equal(count(s, "repeat.detected"), 1);
    assert_int_equal(count(s, "job.class_raised"), 0);
    stage_close(s);
}

/* ---- before the departure ---- */

static struct stage *bus(void)
{
    struct stage *s = door_open("deploy/policy/bus");
    queue(s, CALL, "2026-03-02T09:00", "SP-BUS-BODY-NEAR", "");
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    return s;
}

static void DSP_005_prepared_before_the_departure(void **state)
{
    (void)state;
    struct stage *s = bus();
    refused(s, "job.departed", "2026-03-02T09:30", "", "DSP-005", "not_prepared");
    fact(s, "job.prepared", "2026-03-02T09:20", "'user_contacted':'yes','docs':'yes'");
    refused(s, "job.departed", "2026-03-02T09:30", "", "DSP-005", "not_prepared");
    fact(s, "job.prepared", "2026-03-02T09:25", "'parts':'no'");
    refused(s, "job.departed", "2026-03-02T09:30", "", "DSP-005", "not_prepared");
    fact(s, "job.prepared", "2026-03-02T09:28", "'parts':'yes'");
    fact(s, "job.departed", "2026-03-02T09:30", "");
    assert_string_equal(state_of(s, CALL), "travelling");
    assert_int_equal(sheet_row(s, CALL).docs, yes_no_yes);
    stage_close(s);
}

static void DSP_005_optional_elsewhere_and_late_reports_are_kept(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    queue(s, CALL, "2026-03-02T09:00", "SP-IND", "");
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    fact(s, "job.departed", "2026-03-02T09:30", "");
    assert_string_equal(state_of(s, CALL), "travelling");
    stage_close(s);
    s = bus();
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.departed", "2026-03-02T09:30", ""); /* told after the arrival */
    assert_int_equal(job_row(s, CALL).departed_at, instant("2026-03-02T09:30"));
    stage_close(s);
}

/* He is there, which nobody can undo: what he did not prepare is a warning. */
static void DSP_005_there_without_a_departure(void **state)
{
    (void)state;
    struct stage *s = bus();
    fact(s, "job.prepared", "2026-03-02T09:20", "'parts':'yes'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    assert_int_equal(count(s, "job.requirement_missing"), 1);
    assert_string_equal(last(s, "job.requirement_missing", "missing"), "user_contacted");
    fact(s, "job.arrived", "2026-03-02T09:50", ""); /* corrected */
    assert_int_equal(count(s, "job.requirement_missing"), 1);
    stage_close(s);
    s = bus();
    fact(s, "job.prepared", "2026-03-02T09:20", "'parts':'yes','user_contacted':'yes'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    assert_int_equal(count(s, "job.requirement_missing"), 0);
    stage_close(s);
}

/* ---- diagnosis ---- */

static void DSP_024_what_the_policy_wants_recorded(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        size_t warnings;
        const char *last;
    } rows[] = {{"", 2, "mileage"},
                {"'running_time':900", 1, "mileage"},
                {"'mileage':12000", 1, "running_time"},
                {"'running_time':900,'mileage':12000", 0, ""}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[80];
        struct stage *s = bus();
        fact(s, "job.prepared", "2026-03-02T09:20", "'parts':'yes','user_contacted':'yes'");
        fact(s, "job.arrived", "2026-03-02T10:00", "");
        snprintf(data, sizeof data, "'class':'ordinary'%s%s", *rows[i].said ? "," : "",
                 rows[i].said);
        fact(s, "job.diagnosed", "2026-03-02T10:10", data);
        assert_int_equal(count(s, "job.requirement_missing"), rows[i].warnings);
        assert_string_equal(last(s, "job.requirement_missing", "missing"), rows[i].last);
        stage_close(s);
    }
}

/* ---- arrival ---- */

static const struct late_example {
    const char *id, *arrived, *more;
    bool on_time, conduct;
} late_examples[] = {
    {"DSP-EX-41", "2026-03-10T14:00", "'personal':'yes'", true, false},
    {"DSP-EX-42", "2026-03-10T14:05", "'personal':'yes'", false, true},
    {"not personal", "2026-03-10T14:05", "'personal':'no'", false, false},
    {"not said", "2026-03-10T14:05", "", false, false},
};

static void DSP_018_late_for_personal_reasons(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(late_examples); i++) {
        const struct late_example *x = &late_examples[i];
        struct stage *s = floor_open();
        queue(s, CALL, "2026-03-09T09:00", "SP-IND", "");
        fact(s, "job.time_agreed", "2026-03-09T10:00", "'agreed_at':'2026-03-10T14:00:00+08:00'");
        fact(s, "job.assigned", "2026-03-09T10:10", "'technician':'T1'");
        fact(s, "job.arrived", x->arrived, x->more);
        assert_string_equal(clock_end(s, CALL, "job.arrival"), x->on_time ? "stopped" : "late");
        assert_int_equal(count(s, "conduct.recorded"), x->conduct ? 1 : 0);
        stage_close(s);
    }
}

/* DSP-079: what scoring needs is in the record. */
static void DSP_079_conduct_names_person_and_job(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    queue(s, CALL, "2026-03-09T09:00", "SP-IND", "");
    fact(s, "job.time_agreed", "2026-03-09T10:00", "'agreed_at':'2026-03-10T14:00:00+08:00'");
    fact(s, "job.assigned", "2026-03-09T10:10", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-10T14:05", "'personal':'yes'");
    assert_string_equal(last(s, "conduct.recorded", "kind"), "late_arrival");
    assert_string_equal(last(s, "conduct.recorded", "person"), "T1");
    assert_string_equal(last(s, "conduct.recorded", "call_no"), CALL);
    assert_string_equal(last(s, "conduct.recorded", "job"), "1");
    stage_close(s);
}

/* ---- on site ---- */

static void DSP_025_larger_problems_go_to_the_leader(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    queue(s, CALL, "2026-03-02T09:00", "SP-IND", "");
    fact(s, "job.escalated_to_leader", "2026-03-02T11:00",
         "'proposal':'new axle','demand':'new bus'");
    assert_true(str_is(sheet_row(s, CALL).proposal, "new axle"));
    assert_true(str_is(sheet_row(s, CALL).demand, "new bus"));
    refused(s, "job.escalated_to_leader", "2026-03-02T11:00", "'job':2,'proposal':'p','demand':'d'",
            "DSP-001", "unknown_job");
    stage_close(s);
}

static void DSP_029_the_user_is_taught(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    queue(s, CALL, "2026-03-02T09:00", "SP-IND", "");
    refused(s, "job.guidance_given", "2026-03-02T09:05", "", "DSP-029", "state");
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    fact(s, "job.guidance_given", "2026-03-02T11:00", "'text':'oil'");
    assert_int_equal(sheet_row(s, CALL).guidance_at, instant("2026-03-02T11:00"));
    stage_close(s);
}

static struct stage *on_site(const char *policy_dir, const char *order_kind)
{
    struct stage *s = door_open(policy_dir);
    char more[80];
    snprintf(more, sizeof more, "'order_kind':'%s'", order_kind);
    queue(s, CALL, "2026-03-02T09:00", "SP-IND", more);
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    return s;
}

static void DSP_013_trial_fitting_needs_photographs(void **state)
{
    (void)state;
    struct stage *s = on_site("deploy/policy/general", "trial_fitting");
    refused(s, "job.completed", "2026-03-02T11:00", "", "DSP-013", "photos_missing");
    fact(s, "job.photographed", "2026-03-02T10:30", "'photos':1,'text':'hinge'");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    assert_string_equal(state_of(s, CALL), "completed");
    stage_close(s);
    s = door_open_changed("general", "general/policy.yaml",
                          "/^keys:/a \\  trial_fit_photos_min: 3");
    queue(s, CALL, "2026-03-02T09:00", "SP-IND", "'order_kind':'trial_fitting'");
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    fact(s, "job.photographed", "2026-03-02T10:30", "'photos':2");
    refused(s, "job.completed", "2026-03-02T11:00", "", "DSP-013", "photos_missing");
    fact(s, "job.photographed", "2026-03-02T10:40", "'photos':1");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    stage_close(s);
}

static void DSP_084_training_needs_participants_and_topics(void **state)
{
    (void)state;
    struct stage *s = on_site("deploy/policy/general", "training");
    refused(s, "job.completed", "2026-03-02T11:00", "", "DSP-084", "participants_missing");
    assert_int_equal(shape_field(shape_ev_job_trained(), STR("participants"))->min, 1);
    fact(s, "job.trained", "2026-03-02T10:30", "'participants':12,'topics':'maintenance'");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    assert_int_equal(sheet_row(s, CALL).participants, 12);
    stage_close(s);
}

static void DSP_083_delivery_is_a_job_like_any_other(void **state)
{
    (void)state;
    struct stage *s = on_site("deploy/policy/general", "delivery");
    fact(s, "job.completed", "2026-03-02T11:00", "");
    fact(s, "job.signed", "2026-03-02T11:10", "");
    assert_true(job_row(s, CALL).signed_at != 0);
    stage_close(s);
}

/* DSP-055: the register of dispatches is the log of job.* and the rows of who went. */
static void DSP_055_who_was_sent_when(void **state)
{
    (void)state;
    struct stage *s = on_site("deploy/policy/general", "repair");
    struct rec_row_leg leg = leg_row(s, CALL, "T1");
    assert_int_equal(leg.assigned_at, instant("2026-03-02T09:10"));
    assert_int_equal(leg.arrived_at, instant("2026-03-02T10:00"));
    assert_string_equal(last(s, "job.assigned", "technician"), "T1");
    stage_close(s);
}

/* ---- back at the unit ---- */

/* A bus job with its report, back at the unit on a Friday. */
static struct stage *back(void)
{
    struct stage *s = bus();
    fact(s, "job.prepared", "2026-03-06T08:40", "'user_contacted':'yes','parts':'yes'");
    fact(s, "job.departed", "2026-03-06T09:00", "");
    fact(s, "job.arrived", "2026-03-06T10:00", "");
    fact(s, "job.completed", "2026-03-06T11:00", "");
    refused(s, "evidence.submitted", "2026-03-06T11:05", "", "DSP-032", "evidence_missing");
    fact(s, "evidence.completed", "2026-03-06T11:10", "'cause':'rust'");
    fact(s, "job.returned_to_unit", "2026-03-06T16:00", "'technician':'T1'");
    return s;
}

static void DSP_032_report_within_two_working_days(void **state)
{
    (void)state;
    struct stage *s = back();
    assert_due(s, CALL, "evidence.submit", "2026-03-11T00:00"); /* 24:00 of Tuesday */
    fact(s, "job.returned_to_unit", "2026-03-07T16:00", "");    /* the second man: no new clock */
    assert_due(s, CALL, "evidence.submit", "2026-03-11T00:00");
    until(s, "2026-03-20T00:00"); /* ESC-D: 24:00 of Tuesday, Wednesday and Friday */
    assert_passed(s, "evidence.submit", 3);
    fact(s, "evidence.submitted", "2026-03-20T09:00", "'by':'T1'");
    assert_string_equal(clock_end(s, CALL, "evidence.submit"), "late");
    stage_close(s);
}

static void DSP_032_submitted_approved_filed(void **state)
{
    (void)state;
    struct stage *s = back();
    fact(s, "evidence.submitted", "2026-03-10T17:00", "'by':'T1'");
    assert_string_equal(clock_end(s, CALL, "evidence.submit"), "stopped");
    until(s, "2026-03-20T00:00");
    assert_passed(s, "evidence.submit", 0);
    refused(s, "evidence.filed", "2026-03-20T09:00", "", "DSP-032", "not_approved");
    fact(s, "evidence.approved", "2026-03-20T09:10", "'by':'L'");
    fact(s, "evidence.filed", "2026-03-20T09:20", "");
    struct rec_row_sheet sheet = sheet_row(s, CALL);
    assert_int_equal(sheet.submitted_at, instant("2026-03-10T17:00"));
    assert_int_equal(sheet.filed_at, instant("2026-03-20T09:20"));
    stage_close(s);
}

static void DSP_032_no_clock_without_a_report(void **state)
{
    (void)state;
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", "");
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    fact(s, "job.returned_to_unit", "2026-03-02T12:00", "");
    assert_string_equal(clock_end(s, CALL, "evidence.submit"), "none");
    stage_close(s);
}

/* ---- key projects ---- */

static void DSP_082_a_key_project_is_shown_at_once(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    say(s, "unit.upserted", "2026-03-02T08:00",
        "{'unit':'U1','calendar':'CAL-EX','supervisor':'S1'}");
    deny(s, "key_project.dropped", "2026-03-02T08:00", "{'customer':'K1'}", "DSP-082",
         "unknown_number");
    say(s, "key_project.named", "2026-03-02T08:00", "{'customer':'K1','project':'metro'}");
    queue(s, "C1", "2026-03-02T09:00", "SP-IND", "'customer':'K1'");
    assert_string_equal(last(s, "job.key_project_notified", "call_no"), "C1");
    assert_string_equal(last(s, "job.key_project_notified", "project"), "metro");
    assert_string_equal(last(s, "job.key_project_notified", "person"), "S1");
    queue(s, "C2", "2026-03-02T09:10", "SP-IND", "'customer':'K2'");
    say(s, "key_project.dropped", "2026-03-02T09:20", "{'customer':'K1'}");
    queue(s, "C3", "2026-03-02T09:30", "SP-IND", "'customer':'K1'");
    assert_int_equal(count(s, "job.key_project_notified"), 1);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_063_within_the_window),
        cmocka_unit_test(DSP_063_the_window_is_policy),
        cmocka_unit_test(DSP_063_the_last_job_counts_and_only_once),
        cmocka_unit_test(DSP_030_open_jobs_and_other_classes),
        cmocka_unit_test(DSP_005_prepared_before_the_departure),
        cmocka_unit_test(DSP_005_optional_elsewhere_and_late_reports_are_kept),
        cmocka_unit_test(DSP_005_there_without_a_departure),
        cmocka_unit_test(DSP_024_what_the_policy_wants_recorded),
        cmocka_unit_test(DSP_018_late_for_personal_reasons),
        cmocka_unit_test(DSP_079_conduct_names_person_and_job),
        cmocka_unit_test(DSP_025_larger_problems_go_to_the_leader),
        cmocka_unit_test(DSP_029_the_user_is_taught),
        cmocka_unit_test(DSP_013_trial_fitting_needs_photographs),
        cmocka_unit_test(DSP_084_training_needs_participants_and_topics),
        cmocka_unit_test(DSP_083_delivery_is_a_job_like_any_other),
        cmocka_unit_test(DSP_055_who_was_sent_when),
        cmocka_unit_test(DSP_032_report_within_two_working_days),
        cmocka_unit_test(DSP_032_submitted_approved_filed),
        cmocka_unit_test(DSP_032_no_clock_without_a_report),
        cmocka_unit_test(DSP_082_a_key_project_is_shown_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
