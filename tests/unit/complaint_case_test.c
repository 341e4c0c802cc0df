/* complaint_case_test.c - the case from the complaint to its close. */
#include "tests/unit/complaint_door.h"

static void CMP_001_a_case_walks_to_its_close(void **state)
{
    (void)state;
    struct stage *s = desk_open(POLICY_STD);
    drive(s, "A1", W_CLOSED, "2024-03-01T16:00");
    assert_string_equal(state_of(s, "A1"), "closed");
    assert_string_equal(last(s, "complaint.closed", "complaint_no"), "240301");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_001_a_case_walks_to_its_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
