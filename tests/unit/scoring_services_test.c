/* scoring_services_test.c - timeliness and satisfaction by head office's formulas: primary
 * milestones by the day of their due, open past it not in time (SCO-088, HQ-029); answers of cards,
 * call-backs and surveys (SCO-089, HQ-030). */
#include "tests/unit/scoring_voice.h"

/* The figures of March 2024 are published after 10 April 24:00. */
#define AFTER_MARCH "2024-04-11T00:01"

/* What a log tells of a clock that was due on this day; it was dropped on 2 April. */
static void clock_tells(struct stage *s, enum owner log, const char *type, const char *fields,
                        const char *due)
{
    char data[400];
    snprintf(data, sizeof data,
             "%s,'unit':'C1','start':'2024-03-01T01:00:00Z','due':'2024-%sT08:00:00Z',"
             "'at':'2024-%sT08:00:00Z'",
             fields, due, strcmp(type, "deadline.dropped") == 0 ? "04-02" : due);
    heard_from(s, log, "C1", type, "2024-04-02T17:00", data);
}

/* HQ-029: 9 arrivals in time, one job that is never reached. */
static void SCO_088_open_past_its_due_is_not_in_time(void **state)
{
    (void)state;
    const char *never = "'case_no':'C9','item':1,'name':'job.arrival','level':%d";
    char passed[100];
    struct stage *s = voices_open();
    for (int n = 0; n < 9; n++) {
        char arrived[100];
        snprintf(arrived, sizeof arrived, "'case_no':'C%d','item':1,'name':'job.arrival'", n);
        clock_tells(s, OWNER_dispatch, "deadline.stopped", arrived, "03-04");
    }
    for (int level = 0; level < 3; level++) {
        snprintf(passed, sizeof passed, never, level);
        clock_tells(s, OWNER_dispatch, "deadline.passed", passed, "03-04");
    }
    assert_int_equal(counted_unit(s, "C1", 202403, "services"), 10);
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "on_time_rate", "C1", "month", "2024-03-01", "value"), "90.00%");
    assert_string_equal(figure(s, "on_time_rate", "C1", "month", "2024-03-01", "pass"), "yes");
    /* reached in April: late, once, in the month of the due */
    clock_tells(s, OWNER_dispatch, "deadline.stopped",
                "'case_no':'C9','item':1,'name':'job.arrival','late':true", "03-04");
    assert_int_equal(counted_unit(s, "C1", 202403, "services"), 10);
    assert_int_equal(counted_unit(s, "C1", 202403, "services_on_time"), 9);
    assert_int_equal(counted_unit(s, "C1", 202404, "services"), 0);
    stage_close(s);
}

/* The arrival, the reply where the policy has no arrival, the feedback form; by the day of the due;
 * less what was superseded, or given up in time. */
static void SCO_088_the_primary_milestone_of_head_office(void **state)
{
    (void)state;
    static const struct {
        enum owner log;
        const char *type, *fields, *due;
        int services, on_time; /* of March, so far */
    } rows[] = {
        {OWNER_dispatch, "deadline.stopped", "'case_no':'A','item':1,'name':'job.arrival'", "03-31",
         1, 1},
        {OWNER_dispatch, "deadline.stopped", "'case_no':'B','item':1,'name':'job.arrival'", "04-01",
         1, 1},
        {OWNER_intake, "deadline.stopped", "'case_no':'A','name':'call.reply'", "03-05", 1, 1},
        {OWNER_intake, "deadline.stopped",
         "'case_no':'D','name':'call.reply','policy':'SP-GEN-24H'", "03-05", 2, 2},
        {OWNER_dispatch, "deadline.passed",
         "'case_no':'D','item':1,'name':'job.arrival','policy':'SP-GEN-24H'", "03-05", 2, 2},
        {OWNER_dispatch, "deadline.passed", "'case_no':'A','item':1,'name':'job.close'", "03-05", 2,
         2},
        {OWNER_complaint, "deadline.passed", "'case_no':'Q','name':'quality.feedback_form'",
         "03-05", 3, 2},
        {OWNER_complaint, "deadline.withdrawn", "'case_no':'Q','name':'quality.feedback_form'",
         "03-05", 3, 3},
        {OWNER_dispatch, "deadline.passed", "'case_no':'E','item':1,'name':'job.arrival'", "03-06",
         4, 3},
        {OWNER_dispatch, "deadline.dropped",
         "'case_no':'E','item':1,'name':'job.arrival','end':'superseded'", "03-06", 3, 3},
        {OWNER_dispatch, "deadline.passed", "'case_no':'E','item':1,'name':'job.arrival','round':1",
         "03-07", 4, 3},
        {OWNER_dispatch, "deadline.dropped",
         "'case_no':'E','item':1,'name':'job.arrival','round':1,'end':'cancelled'", "03-07", 4, 3},
        {OWNER_dispatch, "deadline.dropped",
         "'case_no':'G','item':1,'name':'job.arrival','end':'cancelled'", "03-08", 5, 3},
        {OWNER_dispatch, "deadline.dropped",
         "'case_no':'F','item':1,'name':'job.arrival','end':'cancelled'", "04-20", 5, 3},
    };
    struct stage *s = voices_open();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        clock_tells(s, rows[i].log, rows[i].type, rows[i].fields, rows[i].due);
        int64_t n = counted_unit(s, "C1", 202403, "services");
        int64_t in_time = counted_unit(s, "C1", 202403, "services_on_time");
        if (n != rows[i].services || in_time != rows[i].on_time)
            fail_msg("%s %s: %d of %d", rows[i].type, rows[i].fields, (int)in_time, (int)n);
    }
    assert_int_equal(counted_unit(s, "C1", 202404, "services"), 1);
    stage_close(s);
}

/* 12 of 15 answers, one left blank; then a call-back and a survey. */
static void SCO_089_answers_of_the_cards(void **state)
{
    (void)state;
    static const char *const cards[] = {"'attitude':4,'skill':4,'arrival':3,'promise':4",
                                        "'attitude':3,'skill':2,'arrival':4,'promise':3",
                                        "'attitude':4,'skill':3,'promise':1",
                                        "'attitude':2,'skill':3,'arrival':3,'promise':4"};
    struct stage *s = voices_open();
    for (size_t i = 0; i < COUNT_OF(cards); i++) {
        char data[200];
        snprintf(data, sizeof data, "'call_no':'K%zu','technician':'T1',%s", i, cards[i]);
        heard_from(s, OWNER_intake, "C1", "survey.returned", "2024-03-05T10:00", data);
    }
    until(s, AFTER_MARCH);
    assert_string_equal(figure(s, "satisfaction", "C1", "month", "2024-03-01", "value"), "80.00%");
    assert_string_equal(figure(s, "satisfaction", "C1", "month", "2024-03-01", "pass"), "no");
    heard_from(s, OWNER_intake, "C1", "followup.created", "2024-03-05T10:00",
               "'followup_no':'quality/1','kind':'quality','ref':'1','unit':'C1'");
    heard_from(s, OWNER_intake, "C1", "followup.done", "2024-03-06T10:00",
               "'followup_no':'quality/1','result':'valid','satisfaction':3");
    say(s, "C1", "campaign.closed", "2024-03-20T10:00",
        "'campaign_no':'S','survey':'survey_4','day':'2024-03-20',"
        "'dims':[{'dim':'產品質量','n1':4,'n2':3,'n3':1,'n4':0}]");
    /* (12 + 1 + 7) of (15 + 1 + 8) */
    assert_string_equal(figure(s, "satisfaction", "C1", "month", "2024-03-01", "value"), "83.33%");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_088_open_past_its_due_is_not_in_time),
        cmocka_unit_test(SCO_088_the_primary_milestone_of_head_office),
        cmocka_unit_test(SCO_089_answers_of_the_cards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
