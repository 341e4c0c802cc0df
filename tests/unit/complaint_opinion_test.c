/* complaint_opinion_test.c - opinions of customers. Rules CMP-056, CMP-121 … CMP-123; worked
 * example C-43. */
#include "tests/unit/complaint_door.h"

#define OPINION "'opinion_no':'O1','customer':'K1','kind':'suggestion','text':'open on Sunday'"
#define O1(more) "'opinion_no':'O1'," more
#define BY_LETTER O1("'channel':'letter','summary':'we open on Sunday'")
#define BY_PHONE O1("'channel':'phone','summary':'we open on Sunday'")
#define MAJOR O1("'severity':'major'")
#define ORDINARY O1("'severity':'ordinary'")
#define HANDLED O1("'result':'Sunday from June'")
#define BEFORE_VICE O1("'to':'副總經理'")

static struct stage *raised(const char *local)
{
    struct stage *s = desk_open(POLICY_STD);
    say(s, CENTRE, "opinion.received", local, OPINION);
    return s;
}

static enum opinion_state opinion_state_of(struct stage *s, const char *no)
{
    struct rec_row_opinion row;
    assert_true(row_at(s, COMPLAINT_OPINION, key_of(str_of(no)), &row));
    return row.state;
}

/* ---- CMP-123 ---- */

static void CMP_123_answered_in_five_working_days(void **state)
{
    (void)state;
    struct stage *s = raised("2024-03-07T15:00");
    due_is(s, "opinion/O1", "opinion.reply", "2024-03-15T00:00"); /* C-43: Thu 14 March 24:00 */
    say(s, "SVC", "opinion.classified", "2024-03-08T09:00", ORDINARY);
    assert_string_equal(end_of(s, "opinion/O1", "opinion.escalate"), "none");
    say(s, "SVC", "opinion.handled", "2024-03-11T09:00", HANDLED);
    deny(s, "SVC", "opinion.closed", "2024-03-11T10:00", "'opinion_no':'O1'", "CMP-123", "state");
    deny(s, "SVC", "opinion.customer_told", "2024-03-11T10:00",
         O1("'channel':'visit','summary':'x'"), "CMP-123", "channel");
    say(s, "SVC", "opinion.customer_told", "2024-03-14T23:59:59", BY_PHONE);
    assert_string_equal(end_of(s, "opinion/O1", "opinion.reply"), "stopped");
    say(s, "SVC", "opinion.closed", "2024-03-15T10:00", "'opinion_no':'O1'");
    assert_int_equal(opinion_state_of(s, "O1"), opinion_state_closed);
    stage_close(s);
}

static void CMP_123_ladder_of_the_reply(void **state)
{
    (void)state;
    struct stage *s = raised("2024-03-07T15:00");
    until(s, "2024-03-17T00:01"); /* 14, 15 and 16 March 24:00 */
    assert_int_equal(reminders(s, "opinion.reply"), 3);
    assert_string_equal(stage_last(s, OWNER_escalation, "reminder.issued", "unit"), "SVC");
    say(s, "SVC", "opinion.classified", "2024-03-17T09:00", ORDINARY);
    say(s, "SVC", "opinion.handled", "2024-03-17T09:00", HANDLED);
    say(s, "SVC", "opinion.customer_told", "2024-03-17T09:00", BY_LETTER);
    until(s, "2024-03-20T00:01");
    assert_int_equal(reminders(s, "opinion.reply"), 3);
    assert_string_equal(end_of(s, "opinion/O1", "opinion.reply"), "late");
    stage_close(s);
}

/* ---- CMP-122 ---- */

static void CMP_122_major_goes_before_the_vice_general_manager(void **state)
{
    (void)state;
    struct stage *s = raised("2024-03-07T15:00");
    deny(s, "SVC", "opinion.escalated", "2024-03-07T15:10", BEFORE_VICE, "CMP-122", "state");
    say(s, "SVC", "opinion.classified", "2024-03-07T15:30", MAJOR);
    due_is(s, "opinion/O1", "opinion.escalate", "2024-03-08T10:30"); /* 2 h, and 2 of Friday */
    deny(s, "SVC", "opinion.handled", "2024-03-07T16:00", HANDLED, "CMP-122", "state");
    deny(s, "SVC", "opinion.classified", "2024-03-07T16:00", ORDINARY, "CMP-122", "state");
    say(s, "SVC", "opinion.escalated", "2024-03-08T10:30", BEFORE_VICE);
    assert_string_equal(end_of(s, "opinion/O1", "opinion.escalate"), "stopped");
    say(s, "SVC", "opinion.handled", "2024-03-08T14:00", HANDLED);
    deny(s, "SVC", "opinion.customer_told", "2024-03-08T15:00", BY_PHONE, "CMP-122", "channel");
    say(s, "SVC", "opinion.customer_told", "2024-03-08T15:00", BY_LETTER);
    stage_close(s);
}

static void CMP_122_an_ordinary_one_is_not_escalated(void **state)
{
    (void)state;
    struct stage *s = raised("2024-03-07T15:00");
    say(s, "SVC", "opinion.classified", "2024-03-07T15:30", ORDINARY);
    deny(s, "SVC", "opinion.escalated", "2024-03-07T15:40", BEFORE_VICE, "CMP-122", "state");
    say(s, "SVC", "opinion.classified", "2024-03-07T16:00", MAJOR); /* it turns out worse */
    assert_string_equal(end_of(s, "opinion/O1", "opinion.escalate"), "open");
    stage_close(s);
}

static void CMP_122_ladder_of_the_escalation(void **state)
{
    (void)state;
    struct stage *s = raised("2024-03-07T13:00");
    say(s, "SVC", "opinion.classified", "2024-03-07T13:00", MAJOR);
    until(s, "2024-03-09T17:01"); /* due Thu 17:00; 7, 8 and 9 March */
    assert_int_equal(reminders(s, "opinion.escalate"), 3);
    say(s, "SVC", "opinion.escalated", "2024-03-09T18:00", BEFORE_VICE);
    until(s, "2024-03-12T17:01");
    assert_int_equal(reminders(s, "opinion.escalate"), 3);
    assert_string_equal(end_of(s, "opinion/O1", "opinion.escalate"), "late");
    stage_close(s);
}

static void CMP_122_major_ones_come_first(void **state)
{
    (void)state;
    struct stage *s = raised("2024-03-07T09:00");
    say(s, CENTRE, "opinion.received", "2024-03-07T10:00",
        "'opinion_no':'O2','kind':'complaint','text':'burnt'");
    say(s, "SVC", "opinion.classified", "2024-03-07T11:00", ORDINARY);
    say(s, "SVC", "opinion.classified", "2024-03-07T11:00", "'opinion_no':'O2','severity':'major'");
    say(s, "SVC", "opinion.handled", "2024-03-07T12:00", HANDLED);
    assert_string_equal(last(s, "opinion.priority_skipped", "opinion_no"), "O1");
    assert_string_equal(last(s, "opinion.priority_skipped", "waiting"), "O2");
    say(s, "SVC", "opinion.escalated", "2024-03-07T12:00", "'opinion_no':'O2','to':'副總經理'");
    say(s, "SVC", "opinion.handled", "2024-03-07T13:00", "'opinion_no':'O2','result':'replaced'");
    say(s, CENTRE, "opinion.received", "2024-03-07T14:00",
        "'opinion_no':'O3','kind':'suggestion','text':'more seats'");
    say(s, "SVC", "opinion.classified", "2024-03-07T14:00",
        "'opinion_no':'O3','severity':'ordinary'");
    say(s, "SVC", "opinion.handled", "2024-03-07T15:00", "'opinion_no':'O3','result':'two'");
    assert_int_equal(count(s, "opinion.priority_skipped"), 1); /* none waits any more */
    stage_close(s);
}

/* ---- CMP-121 ---- */

static void CMP_121_a_card_with_words_is_an_opinion(void **state)
{
    (void)state;
    static const struct {
        const char *card, *kind;
    } rows[] = {
        {"'attitude':4,'skill':3,'text':'come earlier'", "suggestion"},
        {"'attitude':4,'skill':1,'text':'it broke again'", "complaint"},
        {"'attitude':4,'skill':1", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s =
            desk_open_changed("common/fallback.yaml", "s/survey: form_per_job/survey: card_all/");
        char data[200];
        tell(s, CENTRE, "call.registered", "2024-03-04T09:00",
             "'call_no':'C1','customer':'K1','unit':'" CENTRE "'");
        tell(s, CENTRE, "survey.sent", "2024-03-05T09:00", "'call_no':'C1'");
        snprintf(data, sizeof data, "'call_no':'C1','technician':'T1',%s", rows[i].card);
        tell(s, CENTRE, "survey.returned", "2024-03-07T15:00", data);
        assert_int_equal(count(s, "opinion.received"), *rows[i].kind ? 1 : 0);
        if (*rows[i].kind) {
            assert_string_equal(last(s, "opinion.received", "kind"), rows[i].kind);
            assert_string_equal(last(s, "opinion.received", "card_no"), "C1");
            due_is(s, "opinion/card-C1", "opinion.reply", "2024-03-15T00:00");
        }
        stage_close(s);
    }
}

static void CMP_121_told_by_phone_or_letter(void **state)
{
    (void)state;
    struct stage *s = raised("2024-03-07T15:00");
    deny(s, CENTRE, "opinion.received", "2024-03-07T16:00", OPINION, "CMP-121", "state");
    deny(s, "SVC", "opinion.classified", "2024-03-07T16:00", "'opinion_no':'O9','severity':'major'",
         "CMP-122", "unknown_number");
    stage_close(s);
}

/* ---- CMP-056 ---- */

static void CMP_056_pressed_before_it_is_due(void **state)
{
    (void)state;
    struct stage *s = raised("2024-03-07T15:00");
    tell(s, "SVC", "reminder.requested", "2024-03-07T16:00",
         "'case_no':'opinion/O1','unit':'C01','text':'hurry','by':'head of service'");
    assert_int_equal(stage_count(s, OWNER_escalation, "reminder.issued"), 1);
    assert_string_equal(stage_last(s, OWNER_escalation, "reminder.issued", "case_no"),
                        "opinion/O1");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_123_answered_in_five_working_days),
        cmocka_unit_test(CMP_123_ladder_of_the_reply),
        cmocka_unit_test(CMP_122_major_goes_before_the_vice_general_manager),
        cmocka_unit_test(CMP_122_an_ordinary_one_is_not_escalated),
        cmocka_unit_test(CMP_122_ladder_of_the_escalation),
        cmocka_unit_test(CMP_122_major_ones_come_first),
        cmocka_unit_test(CMP_121_a_card_with_words_is_an_opinion),
        cmocka_unit_test(CMP_121_told_by_phone_or_letter),
        cmocka_unit_test(CMP_056_pressed_before_it_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
