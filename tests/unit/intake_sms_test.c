/* intake_sms_test.c - reports by SMS against abnormality reports and the register. Rules INT-080,
 * DSP-053. */
#include "tests/unit/intake_fixture.h"

static const char *due_of(struct stage *s, const char *deadline)
{
    return last_with(s, "deadline.armed", "name", deadline, "due");
}

/* Names of the fields of the last sms.mismatch, with spaces. */
static const char *fields(struct stage *s)
{
    static char text[128];
    size_t n = stage_count(s, LOG, "sms.mismatch"), used = 0;
    text[0] = 0;
    if (n == 0) return text;
    const json_t *e = stage_nth(s, LOG, "sms.mismatch", n - 1);
    const json_t *lines = json_object_get(json_object_get(e, "data"), "fields");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *name = json_object_get(json_array_get(lines, i), "name");
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? " " : "",
                                 json_string_value(name));
    }
    return text;
}

#define PARTS(no, qty) "'parts':[{'part_no':'" no "','qty':" qty "}]"
#define REPORT                                                                                     \
    "{'report_no':'R-1','customer':'M','product':'P1','fault':'leaks',"                            \
    "'parts_requested':[{'part_no':'X','qty':2}]}"
#define SMS "'sms_no':'S-1','technician':'T1','report_no':'R-1'"
#define SAME "'day':'2026-03-02','customer':'M','product':'P1','fault':'leaks'," PARTS("X", "2")

static const struct {
    const char *said, *fields; /* "" = they agree */
} rows[] = {
    {SAME, ""},
    {"'fault':'leaks'", ""}, /* what is not said is not compared */
    {"'day':'2026-03-01','customer':'M'", "date"},
    {"'customer':'N'", "site"},
    {"'product':'P2','fault':'leaks'", "product"},
    {"'fault':'noise'", "fault"},
    {PARTS("X", "1"), "parts"},
    {PARTS("Y", "2"), "parts"},
    {"'parts':[{'part_no':'X','qty':1},{'part_no':'X','qty':1}]", ""},
    {"'day':'2026-03-03','customer':'N','product':'P2','fault':'noise'," PARTS("Y", "1"),
     "date site product fault parts"},
};

static void INT_080_field_by_field_whichever_comes_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
        bool report_first = i % 2 == 0;
        char data[500];
        snprintf(data, sizeof data, "{" SMS ",%s}", rows[i / 2].said);
        struct stage *s = door_open("general");
        if (report_first) tell(s, "abnormal.logged", "2026-03-02T09:00:00+08:00", REPORT);
        tell(s, "sms.reported", "2026-03-02T18:00:00+08:00", data);
        if (!report_first) tell(s, "abnormal.logged", "2026-03-02T19:00:00+08:00", REPORT);
        if (strcmp(fields(s), rows[i / 2].fields) != 0)
            fail_msg("%s: %s", rows[i / 2].said, fields(s));
        assert_int_equal(stage_count(s, LOG, "followup.created"), *rows[i / 2].fields ? 1 : 0);
        stage_close(s);
    }
}

static void INT_080_called_back_by_the_next_working_day(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "abnormal.logged", "2026-03-06T09:00:00+08:00", REPORT); /* a Friday */
    tell(s, "sms.reported", "2026-03-06T18:00:00+08:00", "{" SMS ",'fault':'noise'}");
    assert_string_equal(stage_last(s, LOG, "followup.created", "followup_no"), "sms/S-1");
    assert_string_equal(stage_last(s, LOG, "followup.created", "kind"), "sms");
    assert_string_equal(stage_last(s, LOG, "sms.mismatch", "report_no"), "R-1");
    assert_string_equal(due_of(s, "followup.sms"), "2026-03-09T16:00:00Z"); /* Monday 24:00 */
    tell(s, "followup.done", "2026-03-09T10:00:00+08:00",
         "{'followup_no':'sms/S-1','result':'valid','text':'it was the seal'}");
    assert_string_equal(stage_last(s, LOG, "deadline.stopped", "name"), "followup.sms");
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    stage_close(s);
}

static void INT_080_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "abnormal.logged", "2026-03-02T09:00:00+08:00", REPORT);
    tell(s, "sms.reported", "2026-03-02T18:00:00+08:00", "{" SMS ",'fault':'noise'}");
    stage_until(s, "2026-03-04T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "followup.sms"), 0);
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "followup.sms"), 3);
    stage_close(s);
}

/* Found by the call where the message names no report; the register is a document too. */
static void INT_080_other_documents_of_the_call(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00",
         "{'call_no':'C1'," FULL ",'customer':'M','product':'P1','fault':'f'}");
    tell(s, "sms.reported", "2026-03-02T18:00:00+08:00",
         "{'sms_no':'S-1','technician':'T1','call_no':'C1','site':'中正路9號','product':'P2',"
         "'fault':'noise'}");
    assert_string_equal(fields(s), "site product");
    assert_string_equal(stage_last(s, LOG, "sms.mismatch", "call_no"), "C1");
    tell(s, "abnormal.logged", "2026-03-03T09:00:00+08:00",
         "{'report_no':'R-1','call_no':'C1','product':'P2','fault':'leaks'}");
    assert_string_equal(fields(s), "fault");
    tell(s, "sms.reported", "2026-03-03T18:00:00+08:00",
         "{'sms_no':'S-2','technician':'T1','call_no':'C1','product':'P1','fault':'leaks'}");
    assert_string_equal(fields(s), "product"); /* of R-1, found by the call */
    assert_string_equal(stage_last(s, LOG, "sms.mismatch", "report_no"), "R-1");
    assert_int_equal(stage_count(s, LOG, "sms.mismatch"), 3);
    assert_int_equal(stage_count(s, LOG, "followup.created"), 2); /* once for each message */
    stage_close(s);
}

static void INT_080_nothing_to_compare_with(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "sms.reported", "2026-03-02T18:00:00+08:00",
         "{'sms_no':'S-1','technician':'T1','call_no':'X','report_no':'R-9','action':'new seal'}");
    assert_int_equal(stage_count(s, LOG, "sms.mismatch"), 0);
    refuse(s, "sms.reported", "2026-03-02T18:10:00+08:00", "{'sms_no':'S-1','technician':'T1'}",
           "INT-080", "state");
    stage_close(s);
}

static void INT_080_what_is_compared_is_policy(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("general", "policy.yaml",
                                        "s/^keys:/&\\n  sms_compared_fields: [product]/");
    tell(s, "abnormal.logged", "2026-03-02T09:00:00+08:00", REPORT);
    tell(s, "sms.reported", "2026-03-02T18:00:00+08:00",
         "{" SMS ",'fault':'noise','product':'P2'}");
    assert_string_equal(fields(s), "product");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_080_field_by_field_whichever_comes_first),
        cmocka_unit_test(INT_080_called_back_by_the_next_working_day),
        cmocka_unit_test(INT_080_the_whole_ladder),
        cmocka_unit_test(INT_080_other_documents_of_the_call),
        cmocka_unit_test(INT_080_nothing_to_compare_with),
        cmocka_unit_test(INT_080_what_is_compared_is_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
