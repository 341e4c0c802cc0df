/* parts_item_test.c - the catalogue, and the house the tests of parts stand on. Rules PRT-037,
 * PRT-017. */
#include "tests/unit/parts_door.h"

static struct rec_row_item item(struct stage *s, const char *part_no)
{
    struct rec_row_item row = {0};
    assert_true(row_at(s, PARTS_ITEM, key_of(str_of(part_no)), &row));
    return row;
}

static void PRT_037_what_is_said_of_a_part_is_kept(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    say(s, "BUS", "item.upserted", "2026-03-02T09:00",
        "'part_no':'P1','name':'relay','spec':'24V','manufacturer':'M1','origin':'bought_in',"
        "'class':'electrical','unit_cost':'12.50','safety_qty':5");
    say(s, "BUS", "item.upserted", "2026-03-03T09:00",
        "'part_no':'P1','spec':'12V','original':'yes'");
    struct rec_row_item r = item(s, "P1");
    assert_true(str_is(r.name, "relay") && str_is(r.spec, "12V") && str_is(r.manufacturer, "M1"));
    assert_true(str_is(r.class, "electrical"));
    assert_int_equal(r.unit_cost, 1250);
    assert_int_equal(r.safety_qty, 5);
    assert_int_equal(r.origin, item_origin_bought_in);
    assert_int_equal(r.original, yes_no_yes);
    stage_close(s);
}

/* Each unit of the fixture is served under the parts policy of its name. */
static void the_house_of_the_tests_opens(void **state)
{
    (void)state;
    struct stage *s = parts_open_with_dispatch();
    say(s, "IT", "item.upserted", "2026-03-02T09:00", "'part_no':'P1'");
    stage_close(s);
    s = parts_open_changed("common/parts.yaml",
                           "s/name: part.decide, minutes: 480/name: part.decide, minutes: 60/");
    say(s, "IT", "item.upserted", "2026-03-02T09:00", "'part_no':'P1'");
    assert_int_equal(balance(s, ledger_place_store, "BUS", "P1"), 0);
    assert_string_equal(end_of(s, "request/R1", "part.decide"), "none");
    stage_close(s);
}

/* What policy.yaml does not say under `parts:`. */
static void PRT_006_PRT_041_the_keys_of_parts_have_their_defaults(void **state)
{
    (void)state;
    struct policy *p = NULL;
    struct policy_fault faults[8];
    uint32_t n = 0;
    assert_int_equal(policy_load(POLICY_PARTS, &p, faults, COUNT_OF(faults), &n), ERR_OK);
    assert_true(p->parts.stock_nonnegative);
    assert_int_equal(p->parts.review_self_made.n, 1);
    assert_true(str_is(p->parts.review_self_made.v[0], "生產部"));
    assert_int_equal(p->parts.review_bought_in.n, 2);
    assert_true(words_have(p->parts.review_other, STR("供銷部")));
    assert_true(words_have(policy_parts(p, STR("PP-IT"))->approver, STR("服務主任")));
    assert_true(policy_parts(p, STR("PP-IT"))->new_original);
    assert_true(str_is(policy_parts(p, STR("PP-NEW"))->id, "PP-NONE")); /* asks for nothing */
    policy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_037_what_is_said_of_a_part_is_kept),
        cmocka_unit_test(the_house_of_the_tests_opens),
        cmocka_unit_test(PRT_006_PRT_041_the_keys_of_parts_have_their_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
