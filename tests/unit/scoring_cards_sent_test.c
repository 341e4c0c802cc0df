/* scoring_cards_sent_test.c - every call-in of a day gets its card, nothing is sampled: held by
 * intake, asked for by scoring. Rule SCO-071. */
#include "tests/unit/intake_fixture.h"

/* S-40: 57 call-ins on a day, 57 cards sent the next day. */
static void SCO_071_S40_every_call_in(void **state)
{
    enum { CALLS = 57 };
    struct stage *s = door_open("appliance");
    char data[400];
    (void)state;
    for (int i = 0; i < CALLS; i++) {
        snprintf(data, sizeof data, "{'call_no':'C%d'," FULL ",'product_line':'appliance'}", i);
        tell(s, "call.registered", "2026-03-04T09:00:00+08:00", data);
    }
    stage_until(s, "2026-03-04T17:31:00+08:00");
    tell(s, "register.sent", "2026-03-04T18:00:00+08:00", "{'register_no':'U1/2026-03-04'}");
    for (int i = 0; i < CALLS; i++) {
        assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 0);
        snprintf(data, sizeof data, "{'call_no':'C%d'}", i);
        tell(s, "survey.sent", "2026-03-05T09:00:00+08:00", data);
    }
    assert_int_equal(count_with(s, "deadline.stopped", "name", "survey.send"), 1);
    stage_until(s, "2026-03-09T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "survey.count_mismatch"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(SCO_071_S40_every_call_in)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
