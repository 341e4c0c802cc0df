/* scoring_provisional_test.c - a result is provisional while complaints that were closed in its
 * period wait for their review (SCO-133). */
#include "tests/unit/scoring_sheet.h"
#include "tests/unit/scoring_voice.h"

static void SCO_133_a_result_is_provisional_until_the_complaints_are_reviewed(void **state)
{
    (void)state;
    static const char *const reviewed[] = {NULL, "2024-09-03T09:00"};
    for (size_t i = 0; i < COUNT_OF(reviewed); i++) {
        struct stage *s = voices_open();
        assign_4s(s, "P1");
        targets(s, "P1");
        heard_from(s, OWNER_complaint, "C1", "complaint.closed", "2024-08-20T10:00",
                   "'case_no':'D1'");
        if (reviewed[i])
            heard_from(s, OWNER_complaint, "GMO", "complaint.month_reviewed", reviewed[i],
                       "'month':'2024-08-01','cases':1");
        score_all(s, "P1", "100", "2024-09-04T10:00");
        act(s, "P1", "scoring.sheet_submitted", "2024-09-04T11:00", "'by':'M1'");
        act(s, "P1", "scoring.reviewed", "2024-09-04T12:00", "'by':'M2'");
        assert_string_equal(last(s, "scoring.result_published", "provisional"),
                            reviewed[i] ? "" : "yes");
        stage_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_133_a_result_is_provisional_until_the_complaints_are_reviewed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
