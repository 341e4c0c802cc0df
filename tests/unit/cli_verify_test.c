/* verify and kpi --recompute: they agree with a true story, and name what was tampered with. */
#include "tests/unit/cli_story.h"

static struct story story;

static int open_story(void **state)
{
    (void)state;
    story_open(&story);
    return 0;
}

static int close_story(void **state)
{
    (void)state;
    story_close(&story);
    return 0;
}

static int verify(void)
{
    struct view v = story_view(&story, LISTING_table);
    int rc = verify_all(&v, NULL, recompute_tmp());
    story_done(&v);
    return rc;
}

static struct store *store_of(enum owner o)
{
    return node_store(house_node(story.house, o));
}

static void keep(enum owner o)
{
    struct journal j;
    store_last_journal(store_of(o), &j);
    assert_int_equal(store_commit(store_of(o), &j), ERR_OK);
}

/* Takes one apart, lets it be changed, and appends it as the newest record, well linked or not. */
static struct rec_entry copy_of(enum owner o, enum event_kind kind, struct arena *a)
{
    struct slice bytes;
    struct view_record r;
    for (uint64_t seq = 1; store_record(store_of(o), seq, &bytes) == ERR_OK; seq++) {
        assert_int_equal(view_record(a, o, arena_copy(a, bytes), &r), ERR_OK);
        if (r.type && r.type->kind == kind) return r.entry;
    }
    fail_msg("no record of that kind");
    return (struct rec_entry){0};
}

static void append(enum owner o, struct rec_entry *e)
{
    struct buf bytes = {0};
    struct slice last;
    uint64_t end = store_last_seq(store_of(o));
    struct view_record r;
    struct arena a = {0};
    assert_int_equal(store_record(store_of(o), end, &last), ERR_OK);
    assert_int_equal(view_record(&a, o, last, &r), ERR_OK);
    e->seq = end + 1;
    e->now = r.entry.now;
    proto_encode(shape_entry(), e, &bytes);
    store_append(store_of(o), buf_slice(&bytes));
    keep(o);
    buf_fini(&bytes);
    arena_fini(&a);
}

static void a_true_story_verifies(void **state)
{
    (void)state;
    if (verify() != CLI_OK) fail_msg("%s", story.out_text);
    says(story.out_text, "all is as it must be\n");
    says(story.out_text,
         "dispatch        2        1     1           0          0     0          0     2\n");
    says_not(story.out_text, "WRONG");
}

static void recompute_equals_the_stored_rows(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(kpi_recompute(&v, recompute_tmp()), CLI_OK);
    story_done(&v);
    says(story.out_text, "state      headoffice ");
    says(story.out_text, "gives the same: ok");
}

static void recompute_names_a_row_that_was_changed(void **state)
{
    (void)state;
    struct store *s = store_of(OWNER_headoffice);
    struct key k = key_of(STR("C1"));
    struct slice value;
    struct rec_row_hq_case row;
    struct arena a = {0};
    struct fault why;
    struct buf bytes = {0};
    assert_int_equal(store_get(s, TABLE_HQ_CASE, (struct slice){k.b, k.n}, &value), ERR_OK);
    value = arena_copy(&a, value);
    assert_int_equal(proto_decode(shape_row_hq_case(), value, &a, &row, &why), ERR_OK);
    row.arrived -= 3 * HOUR_MS; /* as if he had come in time */
    proto_encode(shape_row_hq_case(), &row, &bytes);
    store_put(s, TABLE_HQ_CASE, (struct slice){k.b, k.n}, buf_slice(&bytes));
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(kpi_recompute(&v, recompute_tmp()), CLI_REFUSED);
    story_done(&v);
    says(story.out_text, "gives other ones, 1 WRONG");
    says(story.out_text, "case C1\n");
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "gives other ones, 1 WRONG");
    says(story.out_text, "NOT all is as it must be");
    arena_fini(&a);
    buf_fini(&bytes);
}

static void recompute_names_a_row_that_was_removed(void **state)
{
    (void)state;
    struct key k = key_of(STR("C1"));
    store_del(store_of(OWNER_headoffice), TABLE_HQ_CASE, (struct slice){k.b, k.n});
    struct view v = story_view(&story, LISTING_table);
    assert_int_equal(kpi_recompute(&v, recompute_tmp()), CLI_REFUSED);
    story_done(&v);
    says(story.out_text, "stored:     no such row");
}

/* A proof under other rules would be none; with the right set among several there is one. */
static void without_the_set_it_was_written_under_nothing_is_claimed(void **state)
{
    (void)state;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    struct policy *other;
    uint32_t n;
    assert_int_equal(
        policy_load("deploy/policy/civic-requests", &other, faults, POLICY_FAULTS_MAX, &n), ERR_OK);
    struct view v = story_view(&story, LISTING_table);
    v.policies[0] = other;
    assert_int_equal(verify_all(&v, NULL, recompute_tmp()), CLI_REFUSED);
    story_done(&v);
    says(story.out_text, "state      dispatch   NOT PROVEN: dispatch wrote from #1 on under a");
    says(story.out_text, "NOT all is as it must be");
    v = story_view(&story, LISTING_table);
    v.policies[1] = v.policies[0];
    v.policies[0] = other;
    v.policy_count = 2;
    assert_int_equal(verify_all(&v, NULL, recompute_tmp()), CLI_OK);
    story_done(&v);
    policy_close(&other);
}

/* S9: a record put behind the others without the secret of their bytes. */
static void a_record_outside_the_chain_is_named(void **state)
{
    (void)state;
    struct arena a = {0};
    struct rec_entry e = copy_of(OWNER_intake, EV_unit_upserted, &a);
    memset(e.prev, 7, sizeof e.prev);
    uint64_t seq = store_last_seq(store_of(OWNER_intake)) + 1;
    append(OWNER_intake, &e);
    assert_int_equal(verify(), CLI_REFUSED);
    char place[80];
    (void)snprintf(place, sizeof place, "intake #%llu: does not hold the hash",
                   (unsigned long long)seq);
    says(story.out_text, place);
    says(story.out_text, "chain");
    arena_fini(&a);
}

static void a_second_slip_of_a_level_is_named(void **state)
{
    (void)state;
    struct arena a = {0};
    struct rec_entry e = copy_of(OWNER_escalation, EV_reminder_issued, &a);
    append(OWNER_escalation, &e);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text,
         "reminder.issued: job.arrival of C1, round 0: a second 催辦單 for the same level");
    arena_fini(&a);
}

static void a_level_without_slip_is_named(void **state)
{
    (void)state;
    struct arena a = {0};
    struct ev_deadline_passed x = {.case_no = STR("C1"),
                                   .item = 1,
                                   .name = STR("job.arrival"),
                                   .level = 9,
                                   .start = 1,
                                   .due = 2,
                                   .at = 3};
    struct buf data = {0};
    struct rec_entry e = copy_of(OWNER_dispatch, EV_deadline_passed, &a);
    proto_encode(event_of(EV_deadline_passed)->shape(), &x, &data);
    e.data = buf_slice(&data);
    append(OWNER_dispatch, &e);
    /* The desk has read it and issued nothing. */
    struct journal j;
    store_last_journal(store_of(OWNER_escalation), &j);
    j.cursor[OWNER_dispatch] = e.seq;
    assert_int_equal(store_commit(store_of(OWNER_escalation), &j), ERR_OK);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, ": level 9 was passed and has no 催辦單");
    says(story.out_text, "a level after its end, or before it was armed");
    buf_fini(&data);
    arena_fini(&a);
}

static void a_deadline_armed_twice_is_named(void **state)
{
    (void)state;
    struct arena a = {0};
    struct rec_entry e = copy_of(OWNER_dispatch, EV_deadline_armed, &a);
    append(OWNER_dispatch, &e);
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "armed twice");
    says(story.out_text, "dispatch: 3 armed in the log, 2 in the rows");
    arena_fini(&a);
}

static void a_deadline_row_that_was_removed_is_named(void **state)
{
    (void)state;
    struct key k = key_of(STR("C1"));
    key_u8(&k, 1);
    key_str(&k, STR("job.arrival"));
    store_del(store_of(OWNER_dispatch), TABLE_DEADLINE, (struct slice){k.b, k.n});
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text, "dispatch: 2 armed in the log, 1 in the rows");
}

static void a_deadline_row_that_lies_is_named(void **state)
{
    (void)state;
    struct key k = key_of(STR("C1"));
    struct slice value;
    struct rec_row_deadline row;
    struct arena a = {0};
    struct fault why;
    struct buf bytes = {0};
    key_u8(&k, 1);
    key_str(&k, STR("job.arrival"));
    assert_int_equal(
        store_get(store_of(OWNER_dispatch), TABLE_DEADLINE, (struct slice){k.b, k.n}, &value),
        ERR_OK);
    value = arena_copy(&a, value);
    assert_int_equal(proto_decode(shape_row_deadline(), value, &a, &row, &why), ERR_OK);
    row.end = deadline_end_stopped;
    proto_encode(shape_row_deadline(), &row, &bytes);
    store_put(store_of(OWNER_dispatch), TABLE_DEADLINE, (struct slice){k.b, k.n},
              buf_slice(&bytes));
    assert_int_equal(verify(), CLI_REFUSED);
    says(story.out_text,
         "dispatch row C1 / 1 / job.arrival, round 0: the row says stopped, the log late");
    arena_fini(&a);
    buf_fini(&bytes);
}

static void verify_speaks_json(void **state)
{
    (void)state;
    struct view v = story_view(&story, LISTING_json);
    assert_int_equal(verify_all(&v, NULL, recompute_tmp()), CLI_OK);
    story_done(&v);
    json_error_t error;
    json_t *j = json_loads(story.out_text, 0, &error);
    assert_non_null(j);
    json_t *dispatch = json_object_get(json_object_get(j, "balance"), "dispatch");
    assert_int_equal(json_integer_value(json_object_get(dispatch, "late")), 1);
    json_t *figures = json_object_get(json_object_get(j, "state"), "headoffice");
    assert_int_equal(json_integer_value(json_object_get(figures, "wrong")), 0);
    assert_int_equal(json_string_length(json_object_get(figures, "hash")), 32);
    json_decref(j);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_story, close_story)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_true_story_verifies),
        TEST(recompute_equals_the_stored_rows),
        TEST(recompute_names_a_row_that_was_changed),
        TEST(recompute_names_a_row_that_was_removed),
        TEST(without_the_set_it_was_written_under_nothing_is_claimed),
        TEST(a_record_outside_the_chain_is_named),
        TEST(a_second_slip_of_a_level_is_named),
        TEST(a_level_without_slip_is_named),
        TEST(a_deadline_armed_twice_is_named),
        TEST(a_deadline_row_that_was_removed_is_named),
        TEST(a_deadline_row_that_lies_is_named),
        TEST(verify_speaks_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
