/* intake_followup_test.c - service cards and call-backs 回訪: of every card, after paid and
 * finished jobs, regular ones, those somebody asks for, and the close that waits for one. Rules
 * INT-078, INT-079, INT-082, INT-083, INT-085, INT-086, INT-087. */
#include "tests/unit/intake_fixture.h"

static const char *due_of(struct stage *s, const char *deadline)
{
    return last_with(s, "deadline.armed", "name", deadline, "due");
}

static size_t passed(struct stage *s, const char *deadline)
{
    return count_with(s, "deadline.passed", "name", deadline);
}

static struct stage *with_supervisor(const char *policy)
{
    struct stage *s = door_open(policy);
    tell(s, "person.upserted", "2020-01-02T08:01:00+08:00",
         "{'person':'S1','unit':'U1','role':'supervisor'}");
    tell(s, "person.upserted", "2020-01-02T08:02:00+08:00",
         "{'person':'T1','unit':'U1','role':'technician'}");
    return s;
}

#define CARD "{'card_no':'K-1','technician':'T1','customer':'M','product':'P1'}"
#define BACK "'followup_no':'card/K-1'"
#define VALID "{" BACK ",'result':'valid','real':'yes','quality':4,'satisfaction':3}"

/* ---- INT-078 ---- */

static void INT_078_every_card_is_called_back(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "card.returned", "2026-03-02T10:00:00+08:00", CARD);
    tell(s, "card.returned", "2026-03-02T10:00:01+08:00", "{'card_no':'K-2','technician':'T1'}");
    assert_int_equal(stage_count(s, LOG, "followup.created"), 2);
    assert_string_equal(stage_field(s, LOG, "followup.created", 0, "followup_no"), "card/K-1");
    assert_string_equal(stage_field(s, LOG, "followup.created", 0, "kind"), "card");
    assert_string_equal(stage_field(s, LOG, "followup.created", 0, "customer"), "M");
    assert_string_equal(stage_field(s, LOG, "followup.created", 1, "card_no"), "K-2");
    refuse(s, "card.returned", "2026-03-03T10:00:00+08:00", CARD, "INT-078", "state");
    stage_close(s);
}

static void INT_EX_44_seven_working_days_and_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "card.returned", "2026-09-29T10:00:00+08:00", CARD);
    assert_string_equal(due_of(s, "followup.card"), "2026-10-14T16:00:00Z"); /* its 24:00 */
    assert_string_equal(stage_last(s, LOG, "deadline.armed", "case_no"), "followup/card/K-1");
    stage_until(s, "2026-10-15T00:00:00+08:00");
    assert_int_equal(passed(s, "followup.card"), 0);
    stage_until(s, "2026-10-15T00:00:01+08:00");
    assert_int_equal(passed(s, "followup.card"), 1);
    stage_until(s, "2026-10-16T00:00:01+08:00");
    assert_int_equal(passed(s, "followup.card"), 2);
    stage_until(s, "2026-10-20T00:00:01+08:00"); /* 24:00 of Monday the 19th */
    assert_int_equal(passed(s, "followup.card"), 3);
    tell(s, "followup.done", "2026-10-21T10:00:00+08:00", VALID);
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "late"), "true");
    stage_close(s);
}

static void INT_078_done_stops_the_clock_and_says_all_three(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    refuse(s, "followup.done", "2026-03-02T10:00:00+08:00", VALID, "INT-078", "unknown_number");
    tell(s, "card.returned", "2026-03-02T10:00:00+08:00", CARD);
    refuse(s, "followup.done", "2026-03-03T10:00:00+08:00",
           "{" BACK ",'result':'valid','quality':4,'satisfaction':3}", "INT-078", "missing");
    refuse(s, "followup.done", "2026-03-03T10:00:00+08:00",
           "{" BACK ",'result':'valid','real':'yes','quality':4}", "INT-078", "missing");
    tell(s, "followup.done", "2026-03-03T10:00:00+08:00", VALID);
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "name"), "followup.card");
    struct rec_row_followup row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(FOLLOWUP), key_of(STR("card/K-1")), &row));
    assert_true(row.state == followup_state_valid && row.quality == 4 && row.satisfaction == 3);
    stage_until(s, "2026-04-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    stage_close(s);
}

/* Done in time and told late: the reminder is taken back (CV-5). */
static void INT_078_done_in_time_told_late(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "card.returned", "2026-03-02T10:00:00+08:00", CARD); /* due 2026-03-11 24:00 */
    stage_until(s, "2026-03-12T09:00:00+08:00");
    assert_int_equal(passed(s, "followup.card"), 1);
    tell(s, "followup.done", "2026-03-11T17:00:00+08:00", VALID);
    assert_int_equal(stage_count(s, LOG, "deadline.withdrawn"), 1);
    stage_close(s);
}

/* ---- INT-079 ---- */

static void INT_079_a_valid_call_back_enters_the_card_once(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "card.returned", "2026-03-02T10:00:00+08:00", CARD);
    tell(s, "followup.done", "2026-03-03T10:00:00+08:00", VALID);
    assert_int_equal(stage_count(s, LOG, "card.entered"), 1);
    assert_string_equal(stage_last(s, LOG, "card.entered", "card_no"), "K-1");
    assert_string_equal(stage_last(s, LOG, "card.entered", "technician"), "T1");
    refuse(s, "followup.done", "2026-03-04T10:00:00+08:00", VALID, "INT-078", "state");
    assert_int_equal(stage_count(s, LOG, "card.entered"), 1);
    assert_int_equal(stage_count(s, LOG, "card.rejected"), 0);
    stage_close(s);
}

static void INT_079_an_invalid_one_rejects_it_with_the_reason(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "card.returned", "2026-03-02T10:00:00+08:00", CARD);
    refuse(s, "followup.done", "2026-03-03T10:00:00+08:00",
           "{" BACK ",'result':'valid','real':'no','quality':1,'satisfaction':1}", "INT-079",
           "not_real");
    refuse(s, "followup.done", "2026-03-03T10:00:00+08:00", "{" BACK ",'result':'invalid'}",
           "INT-079", "reason_missing");
    tell(s, "followup.done", "2026-03-03T10:00:00+08:00",
         "{" BACK ",'result':'invalid','real':'no','text':'nobody came'}");
    assert_int_equal(stage_count(s, LOG, "card.entered"), 0);
    assert_string_equal(stage_last(s, LOG, "card.rejected", "reason"), "nobody came");
    struct rec_row_card row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(CARD), key_of(STR("K-1")), &row));
    assert_int_equal(row.state, card_state_rejected);
    stage_close(s);
}

#define UNREACHABLE "{" BACK ",'result':'unreachable','decided_by':'S1'}"

static void attempt(struct stage *s, const char *time)
{
    tell(s, "followup.attempted", time, "{" BACK "}");
}

static void INT_079_three_days_and_the_supervisor(void **state)
{
    (void)state;
    struct stage *s = with_supervisor("general");
    tell(s, "card.returned", "2026-03-02T10:00:00+08:00", CARD);
    attempt(s, "2026-03-03T10:00:00+08:00");
    attempt(s, "2026-03-03T16:00:00+08:00"); /* the same day */
    attempt(s, "2026-03-04T10:00:00+08:00");
    refuse(s, "followup.done", "2026-03-04T11:00:00+08:00", UNREACHABLE, "INT-079",
           "attempts_missing");
    attempt(s, "2026-03-05T10:00:00+08:00");
    refuse(s, "followup.done", "2026-03-05T11:00:00+08:00", "{" BACK ",'result':'unreachable'}",
           "INT-079", "supervisor_needed");
    refuse(s, "followup.done", "2026-03-05T11:00:00+08:00",
           "{" BACK ",'result':'unreachable','decided_by':'T1'}", "INT-079", "supervisor_needed");
    tell(s, "followup.done", "2026-03-05T11:00:00+08:00", UNREACHABLE);
    assert_string_equal(stage_last(s, LOG, "card.rejected", "reason"), "unreachable");
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "name"), "followup.card");
    refuse(s, "followup.attempted", "2026-03-06T10:00:00+08:00", "{" BACK "}", "INT-079", "state");
    stage_close(s);
}

static void INT_079_the_supervisor_may_have_it_entered(void **state)
{
    (void)state;
    struct stage *s = with_supervisor("general");
    tell(s, "card.returned", "2026-03-02T10:00:00+08:00", CARD);
    attempt(s, "2026-03-03T10:00:00+08:00");
    attempt(s, "2026-03-04T10:00:00+08:00");
    attempt(s, "2026-03-05T10:00:00+08:00");
    tell(s, "followup.done", "2026-03-05T11:00:00+08:00",
         "{" BACK ",'result':'unreachable','decided_by':'S1','enter':'yes'}");
    assert_int_equal(stage_count(s, LOG, "card.entered"), 1);
    stage_close(s);
}

static void INT_079_how_many_attempts_is_policy(void **state)
{
    (void)state;
    struct stage *s =
        door_open_changed("general", "policy.yaml", "s/^keys:/&\\n  callback_attempts: 1/");
    tell(s, "person.upserted", "2020-01-02T08:01:00+08:00",
         "{'person':'S1','unit':'U1','role':'supervisor'}");
    tell(s, "card.returned", "2026-03-02T10:00:00+08:00", CARD);
    attempt(s, "2026-03-03T10:00:00+08:00");
    tell(s, "followup.done", "2026-03-03T11:00:00+08:00", UNREACHABLE);
    stage_close(s);
}

/* ---- after a job ---- */

/* Product P1 of customer M: bought long ago or lately. */
static struct stage *with_product(struct stage *s, const char *commissioned)
{
    char data[256];
    snprintf(data, sizeof data,
             "{'product':'P1','customer':'M','model':'AC-1','product_line':'appliance',"
             "'shipped':'%s','commissioned':'%s','purchased':'%s','evidence':'yes'}",
             commissioned, commissioned, commissioned);
    tell(s, "customer.upserted", "2026-01-02T08:00:00+08:00", "{'customer':'M','name':'王'}");
    tell(s, "product.upserted", "2026-01-02T08:01:00+08:00", data);
    return s;
}

/* Registered, assigned, completed; signed at 11:00 of the day. */
static void job(struct stage *s, const char *call, const char *day)
{
    char time[40], data[256];
    snprintf(time, sizeof time, "%sT09:00:00+08:00", day);
    snprintf(data, sizeof data,
             "{'call_no':'%s'," FULL ",'product_line':'appliance','customer':'M','product':'P1',"
             "'fault':'%s'}",
             call, call);
    tell(s, "call.registered", time, data);
    snprintf(data, sizeof data, "{'call_no':'%s','technician':'T1'}", call);
    snprintf(time, sizeof time, "%sT09:10:00+08:00", day);
    tell(s, "job.assigned", time, data);
    snprintf(data, sizeof data, "{'call_no':'%s'}", call);
    snprintf(time, sizeof time, "%sT10:50:00+08:00", day);
    tell(s, "job.completed", time, data);
    snprintf(time, sizeof time, "%sT11:00:00+08:00", day);
    tell(s, "job.signed", time, data);
}

static void write_off(struct stage *s, const char *call, const char *time)
{
    char data[80];
    snprintf(data, sizeof data, "{'call_no':'%s','solution':'fuse'}", call);
    tell(s, "call.written_off", time, data);
}

static size_t created(struct stage *s, const char *kind)
{
    return count_with(s, "followup.created", "kind", kind);
}

static void INT_082_a_paid_job_is_checked_with_the_user(void **state)
{
    (void)state;
    static const struct {
        const char *commissioned, *category;
        size_t paid;
    } rows[] = {{"2020-01-01", "a", 1}, {"2026-02-01", "c", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = with_product(door_open("appliance"), rows[i].commissioned);
        job(s, "C1", "2026-03-02");
        assert_string_equal(stage_last(s, LOG, "call.classified", "category"), rows[i].category);
        assert_int_equal(created(s, "paid"), rows[i].paid);
        tell(s, "job.signed", "2026-03-02T11:30:00+08:00", "{'call_no':'C1'}"); /* told again */
        assert_int_equal(created(s, "paid"), rows[i].paid);
        if (rows[i].paid) {
            assert_string_equal(last_with(s, "followup.created", "kind", "paid", "call_no"), "C1");
            tell(s, "followup.done", "2026-03-03T10:00:00+08:00",
                 "{'followup_no':'paid/C1','result':'valid','text':'120.00 charged'}");
        }
        stage_close(s);
    }
}

static void INT_082_where_the_policy_does_not_ask(void **state)
{
    (void)state;
    struct stage *s = with_product(
        door_open_changed("appliance", "policy.yaml",
                          "s/^keys:/&\\n  followup_paid: no\\n  followup_regular: no/"),
        "2020-01-01");
    job(s, "C1", "2026-03-02");
    assert_int_equal(stage_count(s, LOG, "followup.created"), 0);
    stage_close(s);
}

/* ---- INT-083 ---- */

static void INT_083_one_after_each_job_and_the_next_after_ninety_days(void **state)
{
    (void)state;
    struct stage *s = with_product(door_open("appliance"), "2026-02-01");
    job(s, "C1", "2026-03-02");
    assert_int_equal(created(s, "regular"), 1);
    assert_string_equal(stage_last(s, LOG, "followup.created", "followup_no"), "regular/C1");
    tell(s, "followup.done", "2026-03-04T10:00:00+08:00",
         "{'followup_no':'regular/C1','result':'valid','satisfaction':4,'text':'no wishes'}");
    assert_string_equal(due_of(s, "followup.regular"), "2026-06-01T16:00:00Z"); /* 06-02 0:00 */
    stage_until(s, "2026-06-02T00:00:00+08:00");
    assert_int_equal(created(s, "regular"), 1);
    stage_until(s, "2026-06-02T00:00:01+08:00");
    assert_int_equal(created(s, "regular"), 2);
    assert_string_equal(stage_last(s, LOG, "followup.created", "followup_no"), "regular/C1#2");
    assert_string_equal(stage_last(s, LOG, "followup.created", "customer"), "M");
    stage_until(s, "2026-12-20T00:00:00+08:00"); /* it waits, nothing is doubled */
    assert_int_equal(created(s, "regular"), 2);
    tell(s, "followup.done", "2026-12-21T10:00:00+08:00",
         "{'followup_no':'regular/C1#2','result':'valid'}");
    assert_string_equal(due_of(s, "followup.regular"), "2027-03-20T16:00:00Z");
    stage_close(s);
}

static void INT_083_while_one_is_open_there_is_no_second(void **state)
{
    (void)state;
    struct stage *s = with_product(door_open("appliance"), "2026-02-01");
    job(s, "C1", "2026-03-02");
    write_off(s, "C1", "2026-03-02T12:00:00+08:00");
    job(s, "C2", "2026-03-03");
    assert_int_equal(created(s, "regular"), 1);
    write_off(s, "C2", "2026-03-03T12:00:00+08:00");
    tell(s, "followup.done", "2026-03-04T10:00:00+08:00",
         "{'followup_no':'regular/C1','result':'valid'}");
    job(s, "C3", "2026-04-01"); /* the clock of the next one ends */
    assert_int_equal(created(s, "regular"), 2);
    assert_string_equal(last_with(s, "deadline.dropped", "name", "followup.regular", "case_no"),
                        "followup/regular/C1");
    stage_until(s, "2026-09-01T00:00:00+08:00");
    assert_int_equal(created(s, "regular"), 2);
    stage_close(s);
}

static void INT_083_the_interval_is_policy(void **state)
{
    (void)state;
    struct stage *s = with_product(
        door_open_changed("appliance", "policy.yaml", "s/^keys:/&\\n  followup_days: 30/"),
        "2026-02-01");
    job(s, "C1", "2026-03-02");
    tell(s, "followup.done", "2026-03-04T10:00:00+08:00",
         "{'followup_no':'regular/C1','result':'valid'}");
    assert_string_equal(due_of(s, "followup.regular"), "2026-04-02T16:00:00Z"); /* 04-03 0:00 */
    stage_close(s);
}

/* ---- INT-085, INT-087 ---- */

static void INT_085_the_quality_department_asks(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "followup.requested", "2026-03-02T10:00:00+08:00",
         "{'ref':'Q-1','kind':'quality','customer':'M','text':'how was the service'}");
    assert_string_equal(stage_last(s, LOG, "followup.created", "followup_no"), "quality/Q-1");
    assert_string_equal(stage_last(s, LOG, "followup.created", "text"), "how was the service");
    tell(s, "followup.requested", "2026-03-02T11:00:00+08:00", "{'ref':'Q-1','kind':'quality'}");
    assert_int_equal(stage_count(s, LOG, "followup.created"), 1);
    tell(s, "followup.done", "2026-03-03T10:00:00+08:00",
         "{'followup_no':'quality/Q-1','result':'valid','quality':3,'satisfaction':4}");
    assert_int_equal(stage_count(s, LOG, "deadline.armed"), 0); /* no time is given for it */
    refuse(s, "followup.requested", "2026-03-02T12:00:00+08:00", "{'ref':'K-9','kind':'card'}",
           "INT-085", "kind");
    stage_close(s);
}

static void INT_087_maintenance_leads_like_vip_cards(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "followup.requested", "2026-03-02T10:00:00+08:00",
         "{'ref':'L-1','kind':'maintenance','customer':'M'}");
    assert_string_equal(stage_last(s, LOG, "followup.created", "followup_no"), "maintenance/L-1");
    assert_string_equal(due_of(s, "followup.vip"), "2026-03-11T16:00:00Z");
    tell(s, "followup.done", "2026-03-03T10:00:00+08:00",
         "{'followup_no':'maintenance/L-1','result':'valid','real':'yes'}");
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "name"), "followup.vip");
    stage_close(s);
}

/* ---- INT-076, INT-077 ---- */

static bool is_contract(const char *type, const char *data)
{
    struct arena a = {0};
    struct rec_fact fact;
    struct fault faults[4] = {0};
    uint32_t n = 0;
    char line[400];
    snprintf(line, sizeof line,
             "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"U1\",\"type\":\"%s\","
             "\"time\":\"2026-03-10T09:00:00+08:00\",\"data\":%s}",
             type, data);
    enum err e = fact_from_json(str_of(line), &a, &fact, faults, COUNT_OF(faults), &n);
    arena_fini(&a);
    return e == ERR_OK;
}

/* Every way to end a call states its result, and no call is ever deleted. */
static void INT_077_no_call_ends_without_a_result(void **state)
{
    (void)state;
    assert_false(is_contract("call.written_off", "{\"call_no\":\"C1\"}"));
    assert_false(is_contract("call.closed", "{\"call_no\":\"C1\"}"));
    assert_false(is_contract("call.cancelled", "{\"call_no\":\"C1\"}"));
    assert_true(is_contract("call.closed", "{\"call_no\":\"C1\",\"solution\":\"fuse\"}"));
}

static void INT_076_what_customers_told_stays_on_record(void **state)
{
    (void)state;
    struct stage *s = with_product(door_open("appliance"), "2026-02-01");
    job(s, "C1", "2026-03-02");
    write_off(s, "C1", "2026-03-02T14:00:00+08:00");
    struct rec_row_call row;
    assert_true(row_of_call(s, "C1", &row));
    assert_true(row.state == call_state_closed && str_is(row.customer, "M"));
    assert_true(str_is(row.product, "P1") && str_is(row.fault, "C1"));
    assert_string_equal(stage_last(s, LOG, "call.written_off", "solution"), "fuse");
    stage_close(s);
}

/* ---- INT-086 ---- */

static void INT_086_closed_only_after_the_call_back(void **state)
{
    (void)state;
    struct stage *s =
        with_product(door_open_changed(
                         "appliance", "services.yaml",
                         "s/survey: card_all.*/survey: card_all\\n    followup_before_close: yes/"),
                     "2026-02-01");
    job(s, "C1", "2026-03-02");
    assert_string_equal(stage_last(s, LOG, "followup.created", "call_no"), "C1");
    refuse(s, "call.written_off", "2026-03-02T12:00:00+08:00", "{'call_no':'C1','solution':'x'}",
           "INT-086", "not_called_back");
    tell(s, "followup.done", "2026-03-02T13:00:00+08:00",
         "{'followup_no':'regular/C1','result':'valid'}");
    write_off(s, "C1", "2026-03-02T14:00:00+08:00");
    assert_int_equal(state_of(s, "C1"), call_state_closed);
    job(s, "C2", "2026-03-03"); /* another call, another call-back */
    assert_string_equal(stage_last(s, LOG, "followup.created", "call_no"), "C2");
    stage_close(s);
}

static void INT_086_a_call_answered_by_telephone(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("it-project", "services.yaml",
                                        "s/^    escalation:.*/&\\n    followup_before_close: yes/");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00",
         "{'call_no':'C1'," FULL ",'disposition':'answered'}");
    tell(s, "call.replied", "2026-03-02T09:10:00+08:00",
         "{'call_no':'C1','kind':'answer','text':'press reset'}");
    refuse(s, "call.closed", "2026-03-02T09:20:00+08:00", "{'call_no':'C1','solution':'reset'}",
           "INT-086", "not_called_back");
    tell(s, "followup.requested", "2026-03-02T09:30:00+08:00",
         "{'ref':'C1','kind':'regular','call_no':'C1'}");
    tell(s, "followup.done", "2026-03-02T10:00:00+08:00",
         "{'followup_no':'regular/C1','result':'valid'}");
    tell(s, "call.closed", "2026-03-02T10:10:00+08:00", "{'call_no':'C1','solution':'reset'}");
    stage_close(s);
}

static void INT_086_not_where_the_policy_does_not_ask(void **state)
{
    (void)state;
    struct stage *s = with_product(door_open("appliance"), "2026-02-01");
    job(s, "C1", "2026-03-02");
    write_off(s, "C1", "2026-03-02T14:00:00+08:00");
    assert_int_equal(state_of(s, "C1"), call_state_closed);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_078_every_card_is_called_back),
        cmocka_unit_test(INT_EX_44_seven_working_days_and_the_whole_ladder),
        cmocka_unit_test(INT_078_done_stops_the_clock_and_says_all_three),
        cmocka_unit_test(INT_078_done_in_time_told_late),
        cmocka_unit_test(INT_079_a_valid_call_back_enters_the_card_once),
        cmocka_unit_test(INT_079_an_invalid_one_rejects_it_with_the_reason),
        cmocka_unit_test(INT_079_three_days_and_the_supervisor),
        cmocka_unit_test(INT_079_the_supervisor_may_have_it_entered),
        cmocka_unit_test(INT_079_how_many_attempts_is_policy),
        cmocka_unit_test(INT_082_a_paid_job_is_checked_with_the_user),
        cmocka_unit_test(INT_082_where_the_policy_does_not_ask),
        cmocka_unit_test(INT_083_one_after_each_job_and_the_next_after_ninety_days),
        cmocka_unit_test(INT_083_while_one_is_open_there_is_no_second),
        cmocka_unit_test(INT_083_the_interval_is_policy),
        cmocka_unit_test(INT_085_the_quality_department_asks),
        cmocka_unit_test(INT_087_maintenance_leads_like_vip_cards),
        cmocka_unit_test(INT_077_no_call_ends_without_a_result),
        cmocka_unit_test(INT_076_what_customers_told_stays_on_record),
        cmocka_unit_test(INT_086_closed_only_after_the_call_back),
        cmocka_unit_test(INT_086_a_call_answered_by_telephone),
        cmocka_unit_test(INT_086_not_where_the_policy_does_not_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
