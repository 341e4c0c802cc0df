/* intake_survey_test.c - opinion cards 客戶意見調查卡: one for every call of a register, counted,
 * and what customers answer. Rules INT-022, INT-088, INT-089, INT-090. */
#include "tests/unit/intake_fixture.h"

static size_t passed(struct stage *s)
{
    return count_with(s, "deadline.passed", "name", "survey.send");
}

static const char *due(struct stage *s)
{
    return last_with(s, "deadline.armed", "name", "survey.send", "due");
}

static void about(struct stage *s, const char *type, const char *call, const char *time,
                  const char *more)
{
    char data[400];
    snprintf(data, sizeof data, "{'call_no':'%s'%s}", call, more);
    tell(s, type, time, data);
}

#define APPL "," FULL ",'product_line':'appliance'"

static void call(struct stage *s, const char *no)
{
    about(s, "call.registered", no, "2026-03-06T09:00:00+08:00", APPL);
}

static void assign(struct stage *s, const char *no)
{
    about(s, "job.assigned", no, "2026-03-06T09:30:00+08:00", ",'technician':'T1'");
}

static void cancel(struct stage *s, const char *no, const char *time)
{
    about(s, "call.cancelled", no, time, ",'reason':'r'");
}

static void card(struct stage *s, const char *no, const char *time)
{
    about(s, "survey.sent", no, time, "");
}

/* Friday the 6th closes at 17:30; the register goes out at 18:00. */
static void send_register(struct stage *s)
{
    stage_until(s, "2026-03-06T17:31:00+08:00");
    tell(s, "register.sent", "2026-03-06T18:00:00+08:00", "{'register_no':'U1/2026-03-06'}");
}

/* INT-EX-34, INT-EX-47 as they stand in the rules: calls by category, what is D has no call,
 * cancelled before anybody was assigned; how many cards. */
static const struct {
    const char *id;
    unsigned a, b, c, cancelled_unassigned, cards;
} survey_cards_rows[] = {
    {"INT-EX-34", 9, 4, 10, 2, 23},
    {"INT-EX-47", 0, 0, 1, 0, 1},
};

static void INT_088_survey_cards(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(survey_cards_rows); i++) {
        struct stage *s = door_open("appliance");
        char no[16], calls[16];
        unsigned n = survey_cards_rows[i].a + survey_cards_rows[i].b + survey_cards_rows[i].c;
        for (unsigned k = 0; k < n + survey_cards_rows[i].cancelled_unassigned; k++) {
            snprintf(no, sizeof no, "C%u", k);
            call(s, no);
            if (k >= n) cancel(s, no, "2026-03-06T10:00:00+08:00");
        }
        send_register(s);
        stage_until(s, "2026-03-10T00:00:01+08:00");
        snprintf(calls, sizeof calls, "%u", survey_cards_rows[i].cards);
        assert_string_equal(stage_last(s, LOG, "survey.count_mismatch", "calls"), calls);
        assert_string_equal(stage_last(s, LOG, "survey.count_mismatch", "cards"), "0");
        for (unsigned k = 0; k < n; k++) {
            assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 0);
            snprintf(no, sizeof no, "C%u", k);
            card(s, no, "2026-03-10T09:00:00+08:00");
        }
        assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 1);
        stage_close(s);
    }
}

static void INT_088_by_the_next_working_day_and_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    call(s, "A");
    call(s, "B");
    send_register(s);
    assert_string_equal(due(s), "2026-03-09T16:00:00Z"); /* Monday 24:00 */
    card(s, "A", "2026-03-09T09:00:00+08:00");
    stage_until(s, "2026-03-10T00:00:00+08:00");
    assert_int_equal(passed(s), 0);
    stage_until(s, "2026-03-10T00:00:01+08:00");
    assert_int_equal(passed(s), 1);
    assert_string_equal(stage_last(s, LOG, "survey.count_mismatch", "register_no"),
                        "U1/2026-03-06");
    assert_string_equal(stage_last(s, LOG, "survey.count_mismatch", "calls"), "2");
    assert_string_equal(stage_last(s, LOG, "survey.count_mismatch", "cards"), "1");
    const json_t *e = stage_nth(s, LOG, "survey.count_mismatch", 0);
    const json_t *lines = json_object_get(json_object_get(e, "data"), "missing");
    assert_int_equal(json_array_size(lines), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(lines, 0), "name")), "B");
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(passed(s), 3);
    assert_int_equal(stage_count(s, LOG, "survey.count_mismatch"), 1);
    stage_close(s);
}

static void INT_088_the_last_card_stops_the_clock(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    call(s, "A");
    call(s, "B");
    send_register(s);
    card(s, "B", "2026-03-09T09:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 0);
    card(s, "A", "2026-03-09T08:00:00+08:00"); /* told last, sent first */
    assert_string_equal(last_with(s, "deadline.stopped", "name", "survey.send", "at"),
                        "2026-03-09T01:00:00Z");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 1);
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(passed(s), 0);
    assert_int_equal(stage_count(s, LOG, "survey.count_mismatch"), 0);
    stage_close(s);
}

static void INT_088_cards_before_the_register(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    call(s, "A");
    card(s, "A", "2026-03-06T16:00:00+08:00");
    send_register(s);
    assert_int_equal(count_with(s, "deadline.armed", "name", "survey.send"), 0);
    stage_close(s);
}

static void INT_022_cancelled_calls_only_when_somebody_was_assigned(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    call(s, "A");
    call(s, "B");
    call(s, "C");
    assign(s, "A");
    cancel(s, "A", "2026-03-06T10:00:00+08:00");
    cancel(s, "B", "2026-03-06T10:01:00+08:00");
    send_register(s);
    card(s, "A", "2026-03-09T09:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 0);
    cancel(s, "C", "2026-03-09T09:10:00+08:00"); /* nobody waits for its card any more */
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 1);
    refuse(s, "survey.sent", "2026-03-09T09:20:00+08:00", "{'call_no':'B'}", "INT-088", "no_card");
    stage_close(s);
}

static void INT_088_one_for_each_call_and_no_other(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    refuse(s, "survey.sent", "2026-03-06T16:00:00+08:00", "{'call_no':'X'}", "INT-088",
           "call_unknown");
    call(s, "A");
    card(s, "A", "2026-03-06T16:00:00+08:00");
    refuse(s, "survey.sent", "2026-03-06T16:10:00+08:00", "{'call_no':'A'}", "INT-088", "state");
    stage_close(s);
    s = door_open("it-project"); /* its policies send no cards */
    about(s, "call.registered", "A", "2026-03-06T09:00:00+08:00", "," FULL);
    refuse(s, "survey.sent", "2026-03-06T16:10:00+08:00", "{'call_no':'A'}", "INT-088", "no_card");
    stage_until(s, "2026-03-07T00:00:01+08:00");
    tell(s, "register.sent", "2026-03-07T09:00:00+08:00", "{'register_no':'U1/2026-03-06'}");
    assert_int_equal(count_with(s, "deadline.armed", "name", "survey.send"), 0);
    stage_close(s);
}

/* A call that is entered for the day after its register was sent wants a card all the same. */
static void INT_088_a_call_entered_late(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    call(s, "A");
    send_register(s);
    call(s, "B");
    card(s, "A", "2026-03-09T09:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 0);
    card(s, "B", "2026-03-09T09:10:00+08:00");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 1);
    stage_close(s);
}

static void INT_088_a_register_sent_again_gives_no_more_time(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    call(s, "A");
    send_register(s);
    call(s, "B");
    tell(s, "register.sent", "2026-03-09T18:00:00+08:00", "{'register_no':'U1/2026-03-06'}");
    assert_string_equal(due(s), "2026-03-09T16:00:00Z");
    card(s, "A", "2026-03-09T19:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 0);
    card(s, "B", "2026-03-09T19:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 1);
    stage_close(s);
}

/* ---- INT-089, INT-090 ---- */

/* 很滿意=4 … 不滿意=1; a fifth level is no contract, nor is a card that appraises nobody. */
static bool is_contract(const char *data)
{
    struct arena a = {0};
    struct rec_fact fact;
    struct fault faults[4] = {0};
    uint32_t n = 0;
    char line[400];
    snprintf(line, sizeof line,
             "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"U1\",\"type\":\"survey.returned\","
             "\"time\":\"2026-03-10T09:00:00+08:00\",\"data\":%s}",
             data);
    enum err e = fact_from_json(str_of(line), &a, &fact, faults, COUNT_OF(faults), &n);
    arena_fini(&a);
    return e == ERR_OK;
}

static void INT_089_four_items_by_four_levels(void **state)
{
    (void)state;
    assert_true(is_contract("{\"call_no\":\"A\",\"technician\":\"T1\",\"skill\":4}"));
    assert_false(is_contract("{\"call_no\":\"A\",\"technician\":\"T1\",\"skill\":5}"));
    assert_false(is_contract("{\"call_no\":\"A\",\"skill\":4}"));
    struct stage *s = door_open("appliance");
    call(s, "A");
    refuse(s, "survey.returned", "2026-03-10T09:00:00+08:00", "{'call_no':'A','technician':'T1'}",
           "INT-089", "unknown_number");
    card(s, "A", "2026-03-09T09:00:00+08:00");
    about(s, "survey.returned", "A", "2026-03-10T09:00:00+08:00",
          ",'technician':'T1','attitude':4,'skill':3,'promise':1,'text':'too late'");
    assert_string_equal(stage_last(s, LOG, "survey.returned", "promise"), "1");
    assert_string_equal(stage_last(s, LOG, "survey.returned", "arrival"), ""); /* blank */
    refuse(s, "survey.returned", "2026-03-11T09:00:00+08:00", "{'call_no':'A','technician':'T1'}",
           "INT-089", "state");
    struct rec_row_survey row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(SURVEY), key_of(STR("A")), &row));
    assert_true(row.state == survey_state_returned && str_is(row.technician, "T1"));
    stage_close(s);
}

/* One mark for all of it, on a scale that is the company's matter. */
static void INT_089_a_mark_is_a_decimal_number(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    call(s, "A");
    card(s, "A", "2026-03-09T09:00:00+08:00");
    refuse(s, "survey.returned", "2026-03-10T09:00:00+08:00",
           "{'call_no':'A','technician':'T1','rating':'good'}", "INT-089", "rating");
    about(s, "survey.returned", "A", "2026-03-10T09:00:00+08:00",
          ",'technician':'T1','rating':'4.5'");
    assert_string_equal(stage_last(s, LOG, "survey.returned", "rating"), "4.5");
    stage_close(s);
}

/* Complaint and scoring read it from here. */
static void INT_090_the_text_stands_in_the_log(void **state)
{
    (void)state;
    struct stage *s = door_open("appliance");
    call(s, "A");
    card(s, "A", "2026-03-09T09:00:00+08:00");
    about(s, "survey.returned", "A", "2026-03-10T09:00:00+08:00",
          ",'technician':'T1','text':'更換的零件又壞了'");
    assert_string_equal(stage_last(s, LOG, "survey.returned", "text"), "更換的零件又壞了");
    assert_string_equal(stage_last(s, LOG, "survey.returned", "call_no"), "A");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_088_survey_cards),
        cmocka_unit_test(INT_088_by_the_next_working_day_and_the_whole_ladder),
        cmocka_unit_test(INT_088_the_last_card_stops_the_clock),
        cmocka_unit_test(INT_088_cards_before_the_register),
        cmocka_unit_test(INT_022_cancelled_calls_only_when_somebody_was_assigned),
        cmocka_unit_test(INT_088_one_for_each_call_and_no_other),
        cmocka_unit_test(INT_088_a_call_entered_late),
        cmocka_unit_test(INT_088_a_register_sent_again_gives_no_more_time),
        cmocka_unit_test(INT_089_four_items_by_four_levels),
        cmocka_unit_test(INT_089_a_mark_is_a_decimal_number),
        cmocka_unit_test(INT_090_the_text_stands_in_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
