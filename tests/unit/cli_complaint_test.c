/* cli_complaint_test.c - `cuiban show complaint`, by what it prints about a known case: received
 * Mon 2026-03-02 09:00, accepted 10:00, registered 15:00 (at its limit), quality an hour late on
 * Tue 16:00, manufacturing done Wed 10:00, the manager's comment 10:30; R&D has it when it is
 * looked at, Wed 11:30. Working hours of CN: 08:30-12:00, 13:00-17:30. */
#include "tests/unit/cli_story.h"

static struct story story;

#define CASE "{'case_no':'C10'"
static int open_story(void **state)
{
    (void)state;
    story_open(&story);
    struct story *s = &story;
    story_tell(s, "complaint.received", "02T09:00",
               CASE ",'kind':'goods','customer':'K1','product':'PCB','centre':'U1'}");
    story_tell(s, "complaint.form_filed", "02T09:30",
               CASE ",'order_no':'O1','material':'M1','shipped_on':'2026-01-10','qty':1000,"
                    "'defective_qty':200,'demand':'allowance','market':'domestic'}");
    story_tell(s, "complaint.accepted", "02T10:00", CASE ",'by_unit':'GMO'}");
    story_tell(s, "complaint.registered", "02T15:00", CASE ",'by_unit':'GMO'}");
    story_tell(s, "complaint.step_done", "03T16:00",
               CASE ",'by_unit':'QA','cause':'plating','responsible_unit':'MFG',"
                    "'cause_class':'quality'}");
    story_tell(s, "complaint.step_done", "04T10:00",
               CASE ",'by_unit':'MFG','production_unit':'L2','machine_shift':'M3',"
                    "'production_staff':'A','production_date':'2025-12-20','cause':'cold',"
                    "'countermeasure':'check'}");
    story_tell(s, "complaint.step_done", "04T10:30", CASE ",'by_unit':'GMO','rd_required':'yes'}");
    story_tell(s, "complaint.visited", "04T11:30", CASE ",'visitor_role':'supervisor'}");
    return 0;
}

static int close_story(void **state)
{
    (void)state;
    story_close(&story);
    return 0;
}

static json_t *json_of(const char *name)
{
    json_error_t error;
    struct view v = story_view(&story, LISTING_json);
    assert_int_equal(show_complaint(&v, str_of(name)), CLI_OK);
    story_done(&v);
    json_t *j = json_loads(story.out_text, 0, &error);
    if (!j) fail_msg("%s in:\n%s", error.text, story.out_text);
    return j;
}

static const char *text_at(const json_t *j, const char *name)
{
    const char *text = json_string_value(json_object_get(j, name));
    return text ? text : "";
}

/* -1: not there. */
static json_int_t number_at(const json_t *j, const char *name)
{
    const json_t *x = json_object_get(j, name);
    return json_is_integer(x) ? json_integer_value(x) : -1;
}

static void CMP_036_the_chain_of_holders(void **state)
{
    (void)state;
    static const struct {
        const char *step, *state, *holder, *clock;
        json_int_t limit, used, slack, overdue, elapsed, working;
    } rows[] = {
        {"", "received", "BIZ", "", -1, -1, -1, -1, 3600, 3600},
        {"gmo_register", "accepted", "GMO", "working", 14400, 14400, 0, -1, 18000, 14400},
        {"qa", "relay", "QA", "working", 28800, 32400, -1, 3600, 90000, 32400},
        {"manufacturing", "relay", "MFG", "working", 28800, 10800, 18000, -1, 64800, 10800},
        {"mgmt_comment", "relay", "GMO", "", -1, -1, -1, -1, 1800, 1800},
        {"rd", "relay", "RD", "working", 28800, 3600, 25200, -1, 3600, 3600},
    };
    json_t *j = json_of("C10");
    const json_t *chain = json_object_get(j, "chain");
    assert_int_equal(json_array_size(chain), COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const json_t *l = json_array_get(chain, i);
        assert_string_equal(text_at(l, "step"), rows[i].step);
        assert_string_equal(text_at(l, "state"), rows[i].state);
        assert_string_equal(text_at(l, "holder"), rows[i].holder);
        assert_string_equal(text_at(l, "clock"), rows[i].clock);
        assert_int_equal(number_at(l, "limit_s"), rows[i].limit);
        assert_int_equal(number_at(l, "used_s"), rows[i].used);
        assert_int_equal(number_at(l, "slack_s"), rows[i].slack);
        assert_int_equal(number_at(l, "overdue_s"), rows[i].overdue);
        assert_int_equal(number_at(l, "elapsed_s"), rows[i].elapsed);
        assert_int_equal(number_at(l, "working_s"), rows[i].working);
    }
    assert_string_equal(text_at(json_array_get(chain, 0), "since"), "2026-03-02T09:00:00+08:00");
    assert_string_equal(text_at(json_array_get(chain, 2), "until"), "2026-03-03T16:00:00+08:00");
    assert_string_equal(text_at(json_array_get(chain, 5), "until"), "");
    json_decref(j);
}

static void CMP_054_the_parts_add_up_to_the_whole(void **state)
{
    (void)state;
    static const struct {
        const char *holder;
        json_int_t links, late, elapsed, working;
    } rows[] = {{"QA", 1, 1, 90000, 32400},
                {"MFG", 1, 0, 64800, 10800},
                {"GMO", 2, 0, 19800, 16200},
                {"BIZ", 1, 0, 3600, 3600},
                {"RD", 1, 0, 3600, 3600}};
    json_t *j = json_of("260301"); /* by its complaint number */
    assert_string_equal(text_at(j, "case_no"), "C10");
    const json_t *blame = json_object_get(j, "blame"), *whole = json_object_get(j, "whole");
    json_int_t elapsed = 0, working = 0;
    assert_int_equal(json_array_size(blame), COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const json_t *h = json_array_get(blame, i);
        assert_string_equal(text_at(h, "holder"), rows[i].holder);
        assert_int_equal(number_at(h, "links"), rows[i].links);
        assert_int_equal(number_at(h, "late"), rows[i].late);
        assert_int_equal(number_at(h, "elapsed_s"), rows[i].elapsed);
        assert_int_equal(number_at(h, "working_s"), rows[i].working);
        elapsed += number_at(h, "elapsed_s");
        working += number_at(h, "working_s");
    }
    assert_int_equal(number_at(whole, "elapsed_s"), elapsed);
    assert_int_equal(number_at(whole, "elapsed_s"), 181800); /* 50 h 30 min */
    assert_int_equal(number_at(whole, "working_s"), working);
    assert_int_equal(number_at(whole, "working_s"), 66600); /* 7 ½ + 8 + 3 h */
    const json_t *total = json_object_get(j, "total");
    assert_string_equal(text_at(total, "due"), "2026-03-15T10:00:00+08:00");
    assert_int_equal(number_at(total, "used_s"), 49 * 3600 + 1800);
    json_decref(j);
}

static void CMP_036_for_people(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(show_complaint(&v, STR("C10")), CLI_OK);
    story_done(&v);
    says(story.out_text, "complaint 260301, case C10: relay 傳遞中, domestic\n"
                         "received 2026-03-02 09:00, looked at 2026-03-04 11:30\n"
                         "total due 2026-03-15 10:00, slack 262:30:00\n");
    says(story.out_text, "質量管理部");
    says(story.out_text, "whole");
    says(story.out_text, "50:30:00");
    says(story.out_text, "18:30:00");
}

static void CMP_036_unknown_numbers_are_said(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(show_complaint(&v, STR("260399")), CLI_REFUSED);
    story_done(&v);
    says(story.err_text, "there is no complaint 260399; give its complaint number YYMMNN");
}

/* A case ends at its close, and what was held stays as it was. */
static void CMP_036_a_closed_case_does_not_grow(void **state)
{
    (void)state;
    struct story *s = &story;
    story_tell(s, "complaint.invalidated", "04T14:00",
               CASE ",'by_unit':'GMO','reason':'not our product'}");
    story_tell(s, "complaint.customer_replied", "04T15:00",
               CASE ",'by_unit':'BIZ','channel':'letter','by':'B','summary':'not ours'}");
    story_tell(s, "complaint.closed", "04T16:00", CASE ",'by_unit':'GMO'}");
    story_tell(s, "job.arrived", "06T09:00", "{'call_no':'NO-SUCH','technician':'T1'}");
    json_t *j = json_of("C10");
    const json_t *whole = json_object_get(j, "whole"), *chain = json_object_get(j, "chain");
    assert_string_equal(text_at(j, "state"), "closed");
    assert_string_equal(text_at(whole, "to"), "2026-03-04T16:00:00+08:00");
    assert_int_equal(number_at(whole, "elapsed_s"), 55 * 3600);
    assert_int_equal(number_at(whole, "working_s"), 22 * 3600); /* 7 ½ + 8 + 6 ½ h */
    assert_int_equal(json_array_size(chain), 7);
    assert_string_equal(text_at(json_array_get(chain, 6), "holder"), "BIZ");
    json_decref(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_036_the_chain_of_holders),
        cmocka_unit_test(CMP_054_the_parts_add_up_to_the_whole),
        cmocka_unit_test(CMP_036_for_people),
        cmocka_unit_test(CMP_036_unknown_numbers_are_said),
        cmocka_unit_test(CMP_036_a_closed_case_does_not_grow),
    };
    return cmocka_run_group_tests(tests, open_story, close_story);
}
