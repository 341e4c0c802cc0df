/* The reading commands, by what they print about a known story. */
#include "tests/unit/cli_story.h"

static struct story story;

static int open_story(void **state)
{
    (void)state;
    story_open(&story);
    return 0;
}

static int close_story(void **state)
{
    (void)state;
    story_close(&story);
    return 0;
}

static json_t *json_out(void)
{
    json_error_t error;
    json_t *j = json_loads(story.out_text, 0, &error);
    if (!j) fail_msg("%s in:\n%s", error.text, story.out_text);
    return j;
}

static const char *member(const json_t *j, const char *name)
{
    const char *text = json_string_value(json_object_get(j, name));
    return text ? text : "";
}

static void reminders_lists_the_slip_of_the_late_call(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_json);
    struct reminders_query q = {.case_no = STR("C1")};
    assert_int_equal(reminders_list(&v, &q), CLI_OK);
    story_done(&v);
    json_t *j = json_out();
    assert_int_equal(json_array_size(j), 1);
    const json_t *slip = json_array_get(j, 0);
    assert_string_equal(member(slip, "number"), "CB-U1-20260303-001");
    assert_string_equal(member(slip, "kind"), "overdue");
    assert_string_equal(member(slip, "deadline"), "job.arrival");
    assert_string_equal(member(slip, "due"), "2026-03-03T12:00:00+08:00");
    assert_string_equal(member(slip, "state"), "stopped");
    assert_string_equal(member(slip, "ended"), "2026-03-03T13:30:00+08:00");
    json_decref(j);
}

static void reminders_open_leaves_out_what_is_settled(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    struct reminders_query q = {.open = true, .case_no = STR("C1")};
    assert_int_equal(reminders_list(&v, &q), CLI_OK);
    story_done(&v);
    assert_string_equal(story.out_text, "no 催辦單\n");
}

static void inquiries_lists_the_slip_that_asks_why(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_csv);
    struct reminders_query q = {.inquiries = true, .unit = STR("U1")};
    assert_int_equal(reminders_list(&v, &q), CLI_OK);
    story_done(&v);
    says(story.out_text, ",issued,C1,1,job.arrival,");
}

static void deadlines_says_how_each_ended(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_csv);
    struct deadlines_query q = {.within_min = -1};
    assert_int_equal(deadlines_list(&v, &q), CLI_OK);
    story_done(&v);
    says(story.out_text,
         "dispatch,C1,1,job.arrival,,U1,,SP-APPL-URBAN,ESC-W,late,working,CN,"
         "2026-03-02T15:00:00+08:00,2026-03-03T12:00:00+08:00,,1,2026-03-03T13:30:00+08:00,DSP-0");
    says(story.out_text, "dispatch,C2,1,job.arrival,,U1,,SP-APPL-URBAN,ESC-W,stopped,");
}

static void deadlines_open_and_within_leave_out_the_rest(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_csv);
    struct deadlines_query q = {.open = true, .within_min = 0};
    assert_int_equal(deadlines_list(&v, &q), CLI_OK);
    story_done(&v);
    says_not(story.out_text, "job.arrival");
    says_not(story.out_text, "inquiry.answer"); /* open, but due in three days */
    v = story_view(&story, LISTING_csv);
    q = (struct deadlines_query){.open = true, .within_min = 3 * 24 * 60 + 1};
    assert_int_equal(deadlines_list(&v, &q), CLI_OK);
    story_done(&v);
    says(story.out_text, "inquiry.answer");
}

static void explain_spells_out_the_working_minutes(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(explain_case(&v, STR("CB-U1-20260303-001"), (struct str){0}), CLI_OK);
    story_done(&v);
    says(story.out_text, "催辦單 CB-U1-20260303-001: overdue 逾期, level 1, to 服務主任");
    says(story.out_text, "deadline.passed");
    says(story.out_text, "call.registered, rule INT-001");
    says(story.out_text, "reported by U1, id f3");
    says(story.out_text, "360 working minutes from Mon 2026-03-02 15:00 on calendar CN:\n"
                         "      Mon 2026-03-02 15:00-17:30  150 min\n"
                         "      Tue 2026-03-03 08:30-12:00  210 min\n"
                         "      -> due Tue 2026-03-03 12:00, counted again: agrees\n");
    says(story.out_text, "level 1  after Tue 2026-03-03 12:00  to 服務主任: passed");
    says(story.out_text, "level 3  after");
    says(story.out_text, "late=yes");
    says(story.out_text, "job.arrived");
}

static void explain_of_a_case_takes_one_deadline(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_json);
    assert_int_equal(explain_case(&v, STR("C2"), STR("job.arrival")), CLI_OK);
    story_done(&v);
    json_t *j = json_out();
    const json_t *list = json_object_get(j, "deadlines"), *d = json_array_get(list, 0);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(member(d, "case"), "C2");
    assert_true(json_is_true(json_object_get(json_object_get(d, "clock"), "agrees")));
    const json_t *chain = json_object_get(d, "started_by");
    assert_string_equal(member(json_array_get(chain, 0), "type"), "call.registered");
    assert_string_equal(member(json_array_get(chain, json_array_size(chain) - 1), "type"),
                        "deadline.armed");
    json_decref(j);
}

/* The set as it is, with one calendar only: ten to six under that name. */
static void explain_under_a_calendar_named(struct str name)
{
    struct calendar_source source = {.name = name,
                                     .zone = STR("+08:00"),
                                     .first_day = day_of(2026, 1, 1),
                                     .last_day = day_of(2026, 12, 31)};
    for (int i = 0; i < 5; i++) {
        source.week[i] = (struct calendar_day_plan){.spans = {{600, 1080}}, .count = 1};
    }
    struct calendar *only[1];
    struct fault why;
    assert_int_equal(calendar_compile(&source, &only[0], &why), ERR_OK);
    struct view v = story_view(&story, LISTING_table);
    struct policy changed = *story.policy;
    changed.calendars = only;
    changed.calendar_count = 1;
    changed.keys.default_calendar = name;
    v.policy = &changed;
    assert_int_equal(explain_case(&v, STR("C1"), STR("job.arrival")), CLI_OK);
    story_done(&v);
    calendar_close(&only[0]);
}

static void explain_says_when_the_calendar_gives_another_instant(void **state)
{
    (void)state;
    explain_under_a_calendar_named(STR("CN"));
    says(story.out_text,
         "Mon 2026-03-02 15:00-18:00  180 min\n      Tue 2026-03-03 10:00-12:00  120 min\n");
    says(story.out_text, "-> due Tue 2026-03-03 12:00, but today's policy set gives Tue 2026-03-03 "
                         "13:00: it was changed since");
    explain_under_a_calendar_named(STR("OTHER"));
    says(story.out_text, "-> due Tue 2026-03-03 12:00 (its calendar is not in today's policy set)");
    says_not(story.out_text, "150 min");
}

static void explain_of_nothing_says_what_there_is(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(explain_case(&v, STR("C1"), STR("no.such")), CLI_REFUSED);
    story_done(&v);
    says(story.err_text, "cuiban deadlines --case C1");
    assert_string_equal(story.out_text, "");
}

static void show_gives_rows_and_events_in_order(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(show_case(&v, STR("C1")), CLI_OK);
    story_done(&v);
    const char *text = story.out_text;
    says(text, "  intake call  C1: state=");
    says(text, "  dispatch job  C1 / 1: state=on_site unit=U1");
    says(text, "  dispatch deadline  C1 / 1 / job.arrival: ");
    says(text,
         "  escalation reminder_of  C1 / 2 / 1 / job.arrival / 0 / 1: number=CB-U1-20260303-001");
    const char *events = strstr(text, "events\n");
    assert_non_null(events);
    const char *registered = strstr(events, "call.registered"),
               *issued = strstr(events, "reminder.issued"),
               *stopped = strstr(events, "reminder.stopped");
    assert_true(registered && issued && stopped && registered < issued && issued < stopped);
    says(events, "2026-03-02 15:00"); /* the unit's clock */
    says_not(text, "C2");
}

/* A paper by the name its deadlines give it, with what was told of it by its own number. */
static void show_of_a_paper(void **state)
{
    (void)state;
    story_tell(&story, "docs.requested", "05T10:00", "{'order':'O-1','due':'2026-03-09'}");
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(show_case(&v, STR("docs/O-1")), CLI_OK);
    story_done(&v);
    const char *text = story.out_text;
    says(text, "  intake docs  O-1: state=requested");
    says(text, "  intake deadline  docs/O-1 / 0 / docs.deliver: ");
    says(text, "docs.requested");
    says(text, "deadline.armed");
}

/* Keys that are numbers are read back as what they mean. */
static void show_of_a_letter(void **state)
{
    (void)state;
    story_tell(&story, "mail.logged", "05T11:00",
               "{'channel':'letter','received_at':'2026-03-05T10:30:00+08:00','text':'t'}");
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(show_case(&v, STR("U1")), CLI_OK);
    story_done(&v);
    says(story.out_text, "  intake mail  U1 / 2026-03-05 10:30");
}

static void a_name_longer_than_any_key_is_nobodys(void **state)
{
    (void)state;
    char *text = test_malloc(1001);
    memset(text, 'x', 1000);
    text[1000] = '\0';
    struct str name = {text, 1000};
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(deadlines_list(&v, &(struct deadlines_query){.case_no = name}), CLI_OK);
    assert_int_equal(show_case(&v, name), CLI_REFUSED);
    assert_int_equal(show_complaint(&v, name), CLI_REFUSED);
    memcpy(text, "deadline/", 9);
    assert_int_equal(show_case(&v, name), CLI_REFUSED);
    story_done(&v);
    says(story.out_text, "no deadlines");
    test_free(text);
}

static void show_of_a_register(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(show_case(&v, STR("U1/2026-03-02")), CLI_OK);
    story_done(&v);
    says(story.out_text, "  intake register  U1 / 2026-03-02: closed=");
    says_not(story.out_text, "  intake register  U1 / 2026-03-03: ");
}

static void show_of_nothing_is_refused(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(show_case(&v, STR("C9")), CLI_REFUSED);
    story_done(&v);
    says(story.err_text, "nothing is known of C9");
}

static void refused_carries_the_fact_to_send_again(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_json);
    struct refused_query q = {.source = STR("U1")};
    assert_int_equal(refused_list(&v, &q), CLI_OK);
    story_done(&v);
    json_t *j = json_out();
    assert_int_equal(json_array_size(j), 1);
    const json_t *r = json_array_get(j, 0);
    assert_string_equal(member(r, "service"), "dispatch");
    assert_string_equal(member(r, "type"), "job.arrived");
    assert_string_equal(member(r, "subject"), "NO-SUCH");
    assert_true(*member(r, "rule") && *member(r, "code") && *member(r, "text"));
    char *line = json_dumps(json_object_get(r, "fact"), JSON_COMPACT);
    struct arena a = {0};
    struct rec_fact fact;
    struct fault faults[4] = {0};
    uint32_t n;
    if (fact_from_json(str_of(line), &a, &fact, faults, 4, &n) != ERR_OK)
        fail_msg("%s", faults[0].text);
    assert_true(str_is(fact.id, "f5.corrected")); /* the door keeps f5 for ever */
    arena_fini(&a);
    free(line);
    json_decref(j);
}

static void refused_filters_by_source_and_code(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    struct refused_query q = {.source = STR("U2")};
    assert_int_equal(refused_list(&v, &q), CLI_OK);
    story_done(&v);
    assert_string_equal(story.out_text, "nothing was refused\n");
}

static void kpi_counts_the_late_arrival(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_json);
    struct kpi_ask ask = {.unit = "U1", .at = {INT64_C(1772510460000)}, .at_count = 1};
    assert_int_equal(kpi_report(&v, &ask), CLI_OK);
    story_done(&v);
    json_t *j = json_out();
    char *text = json_dumps(j, JSON_COMPACT);
    says(text, "\"job.arrival\"");
    says_not(text, "\"spans\"");
    free(text);
    json_decref(j);
    v = story_view(&story, LISTING_table);
    ask.unit = "U9";
    assert_int_equal(kpi_report(&v, &ask), CLI_REFUSED);
    story_done(&v);
    says(story.err_text, "nothing is counted for unit U9; there is U1");
}

static void policy_check_names_file_and_line(void **state)
{
    (void)state;
    char *text, *good[] = {(char[]){"deploy/policy/appliance"}},
                *bad[] = {(char[]){"deploy/policy/calendars"}};
    size_t n;
    FILE *out = open_memstream(&text, &n);
    assert_int_equal(policy_check_sets(out, &(struct policy_check){.dirs = good, .count = 1}),
                     CLI_OK);
    assert_int_not_equal(policy_check_sets(out, &(struct policy_check){.dirs = bad, .count = 1}),
                         CLI_OK);
    fclose(out);
    says(text, "deploy/policy/appliance: appliance version 1, hash ");
    says(text, "calendars/cn.yaml:");
    free(text);
}

/* CMP-036: a finding, not a fault, unless it is asked for. */
static void policy_check_tells_of_a_route_that_can_exceed_its_total(void **state)
{
    (void)state;
    char *text, *set[] = {(char[]){"deploy/policy/appliance"}},
                *none[] = {(char[]){"deploy/policy/civic-requests"}};
    size_t n;
    FILE *out = open_memstream(&text, &n);
    struct policy_check how = {.dirs = set, .count = 1};
    assert_int_equal(policy_check_sets(out, &how), CLI_OK);
    how.strict = true;
    assert_int_equal(policy_check_sets(out, &how), CLI_REFUSED);
    how.dirs = none;
    assert_int_equal(policy_check_sets(out, &how), CLI_OK);
    fclose(out);
    says(text, "domestic complaints: the limits of the steps are 9.0 days, the total 13.0");
    says(text, "foreign complaints: the limits of the steps are 16.0 days, the total 17.0");
    says(text, "common/complaint.yaml:");
    /* New Year 2020: off 01-24 to 01-31; 8 days but a minute. */
    says(text, ": complaint.total: a domestic case accepted on 2020-01-20 13:31 may take until "
               "2020-02-10 13:30 if every step uses its limit, 191 h 59 min past the total");
    free(text);
    out = open_memstream(&text, &n);
    how = (struct policy_check){.json = true, .dirs = set, .count = 1};
    assert_int_equal(policy_check_sets(out, &how), CLI_OK);
    fclose(out);
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    const json_t *found = json_object_get(json_array_get(j, 0), "findings");
    assert_int_equal(json_array_size(found), 2);
    assert_string_equal(member(json_array_get(found, 0), "rule"), "CMP-036");
    json_decref(j);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reminders_lists_the_slip_of_the_late_call),
        cmocka_unit_test(reminders_open_leaves_out_what_is_settled),
        cmocka_unit_test(inquiries_lists_the_slip_that_asks_why),
        cmocka_unit_test(deadlines_says_how_each_ended),
        cmocka_unit_test(deadlines_open_and_within_leave_out_the_rest),
        cmocka_unit_test(explain_spells_out_the_working_minutes),
        cmocka_unit_test(explain_of_a_case_takes_one_deadline),
        cmocka_unit_test(explain_says_when_the_calendar_gives_another_instant),
        cmocka_unit_test(explain_of_nothing_says_what_there_is),
        cmocka_unit_test(show_gives_rows_and_events_in_order),
        cmocka_unit_test(show_of_nothing_is_refused),
        cmocka_unit_test(a_name_longer_than_any_key_is_nobodys),
        cmocka_unit_test(show_of_a_register),
        cmocka_unit_test(show_of_a_letter),
        cmocka_unit_test(show_of_a_paper),
        cmocka_unit_test(refused_carries_the_fact_to_send_again),
        cmocka_unit_test(refused_filters_by_source_and_code),
        cmocka_unit_test(kpi_counts_the_late_arrival),
        cmocka_unit_test(policy_check_names_file_and_line),
        cmocka_unit_test(policy_check_tells_of_a_route_that_can_exceed_its_total),
    };
    return cmocka_run_group_tests(tests, open_story, close_story);
}
