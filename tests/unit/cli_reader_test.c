/* The reader gives the same rows, records and journal from a house, over the query sockets of
 * running services, and from the stores of stopped ones. */
#include "common/clock.h"
#include "common/loop.h"
#include "common/query.h"
#include "tests/unit/cli_story.h"
#include <pthread.h>
#include <sys/stat.h>

#define MANY 9000 /* rows and records of the long store: several answers of 1 MiB */
#define LONG 300  /* bytes of each */

/* ---- a long store ---- */

static char dir[RECOMPUTE_DIR_SIZE], path[RECOMPUTE_DIR_SIZE + 32];

static void fill(struct store *s)
{
    char value[LONG];
    struct journal j = {0};
    for (unsigned i = 0; i < MANY; i++) {
        struct key k = key_of(i % 2 ? STR("odd") : STR("even"));
        key_u64(&k, i);
        memset(value, 'a' + (int)(i % 26), sizeof value);
        memcpy(value, &i, sizeof i);
        struct slice v = {(const uint8_t *)value, sizeof value};
        store_put(s, TABLE_OWN, (struct slice){k.b, k.n}, v);
        store_append(s, v);
        if (i % 100 == 99) assert_int_equal(store_commit(s, &j), ERR_OK);
    }
    struct key exact = key_of(STR("exact"));
    store_put(s, TABLE_OWN, (struct slice){exact.b, exact.n},
              (struct slice){(const uint8_t *)"E", 1});
    assert_int_equal(store_commit(s, &j), ERR_OK);
    assert_int_equal(store_checkpoint(s), ERR_OK);
}

static struct store *open_store(void)
{
    struct store *s;
    struct fault why = {0};
    struct store_options o = {.dir = path, .map_bytes = UINT64_C(1) << 28};
    if (store_open(&o, &s, &why) != ERR_OK) fail_msg("%s", why.text);
    return s;
}

static int make_dir(void **state)
{
    (void)state;
    assert_int_equal(recompute_dir_make(recompute_tmp(), dir), ERR_OK);
    (void)snprintf(path, sizeof path, "%s/data", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/data/dispatch", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    recompute_dir_remove(dir);
    return 0;
}

/* ---- what every way must give ---- */

static unsigned number_in(struct slice v)
{
    unsigned i;
    assert_true(v.n == LONG);
    memcpy(&i, v.p, sizeof i);
    return i;
}

static void reads_rows(struct reader *r)
{
    struct key prefix = key_of(STR("odd")), at = {.n = 0}, other_at = {.n = 0};
    struct slice value, other;
    unsigned want = 1;
    enum err e;
    while ((e = reader_row(r, OWNER_dispatch, TABLE_OWN, &prefix, &at, &value)) == ERR_OK) {
        assert_int_equal(number_in(value), want);
        want += 2;
        if (want % 64 != 1) continue; /* a second scan, and single rows, beside the first */
        assert_int_equal(reader_row(r, OWNER_dispatch, TABLE_OWN, NULL, &other_at, &other), ERR_OK);
        struct key k = key_of(STR("exact"));
        assert_int_equal(reader_get(r, OWNER_dispatch, TABLE_OWN, &k, &other), ERR_OK);
    }
    assert_int_equal(e, ERR_END);
    assert_int_equal(want, MANY + 1);
    struct key exact = key_of(STR("exact"));
    at.n = 0; /* a row whose key is the prefix itself */
    assert_int_equal(reader_row(r, OWNER_dispatch, TABLE_OWN, &exact, &at, &value), ERR_OK);
    assert_int_equal(reader_row(r, OWNER_dispatch, TABLE_OWN, &exact, &at, &value), ERR_END);
    struct key none = key_of(STR("exac"));
    assert_int_equal(reader_get(r, OWNER_dispatch, TABLE_OWN, &none, &value), ERR_NOT_FOUND);
    at.n = 0;
    assert_int_equal(reader_row(r, OWNER_dispatch, TABLE_OWN + 1, NULL, &at, &value), ERR_END);
}

static void reads_logs(struct reader *r)
{
    struct slice record;
    uint64_t last;
    struct journal j;
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(reader_record(r, OWNER_dispatch, i + 1, &record), ERR_OK);
        assert_int_equal(number_in(record), i);
    }
    assert_int_equal(reader_record(r, OWNER_dispatch, MANY + 1, &record), ERR_NOT_FOUND);
    assert_int_equal(reader_record(r, OWNER_dispatch, 0, &record), ERR_NOT_FOUND);
    assert_int_equal(reader_record(r, OWNER_dispatch, 17, &record), ERR_OK); /* and back */
    assert_int_equal(number_in(record), 16);
    assert_int_equal(reader_last(r, OWNER_dispatch, &last), ERR_OK);
    assert_int_equal(last, MANY);
    assert_int_equal(reader_last_batch(r, OWNER_dispatch, &last), ERR_OK);
    assert_int_equal(last, MANY / 100 + 1);
    assert_int_equal(reader_journal(r, OWNER_dispatch, 2, &j), ERR_OK);
    assert_int_equal(j.first_seq, 101);
    assert_int_equal(j.count, 100);
    assert_int_equal(reader_journal(r, OWNER_dispatch, last + 1, &j), ERR_NOT_FOUND);
}

static void reads_nothing_of_others(struct reader *r)
{
    struct key at = {.n = 0};
    struct slice value;
    assert_false(reader_has(r, OWNER_intake));
    assert_int_equal(reader_row(r, OWNER_intake, TABLE_OWN, NULL, &at, &value), ERR_END);
    assert_int_equal(reader_record(r, OWNER_intake, 1, &value), ERR_NOT_FOUND);
}

/* ---- the ways ---- */

static void a_stopped_service_is_read_from_its_store(void **state)
{
    (void)state;
    struct store *s = open_store();
    struct reader *r;
    struct fault why = {0};
    fill(s);
    store_close(&s);
    if (reader_open(dir, &r, &why) != ERR_OK) fail_msg("%s", why.text);
    assert_true(reader_has(r, OWNER_dispatch) && !reader_live(r, OWNER_dispatch));
    reads_rows(r);
    reads_logs(r);
    reads_nothing_of_others(r);
    reader_close(&r);
}

static void a_running_service_is_asked(void **state)
{
    (void)state;
    struct store *s = open_store();
    struct bus *bus;
    struct query *q;
    struct reader *r;
    struct fault why = {0};
    char endpoint[LOOP_ENDPOINT_SIZE];
    fill(s);
    loop_query_endpoint(endpoint, dir, "dispatch");
    assert_int_equal(bus_open(&bus), ERR_OK);
    assert_int_equal(query_open(bus, endpoint, s, &q), ERR_OK);
    /* The thread listens when the socket's file is there. */
    for (int i = 0; i < 5000 && access(endpoint + strlen("ipc://"), F_OK) != 0; i++)
        usleep(1000);
    if (reader_open(dir, &r, &why) != ERR_OK) fail_msg("%s", why.text);
    assert_true(reader_live(r, OWNER_dispatch));
    reads_rows(r);
    reads_logs(r);
    reads_nothing_of_others(r);
    reader_close(&r);
    query_close(&q);
    bus_close(&bus);
    store_close(&s);
}

static void a_service_that_holds_its_store_and_is_silent_is_named(void **state)
{
    (void)state;
    struct store *s = open_store();
    struct reader *r = NULL;
    struct fault why = {0};
    assert_int_equal(reader_open(dir, &r, &why), ERR_REFUSED);
    says(why.text, "dispatch runs in");
    says(why.text, "does not answer");
    store_close(&s);
}

struct late {
    struct store *store;
    struct bus *bus;
    struct query *query;
};

static void *answers_late(void *arg)
{
    struct late *l = arg;
    char endpoint[LOOP_ENDPOINT_SIZE];
    loop_query_endpoint(endpoint, dir, "dispatch");
    clock_sleep_ms(1500);
    assert_int_equal(query_open(l->bus, endpoint, l->store, &l->query), ERR_OK);
    return NULL;
}

static void a_service_that_is_busy_or_only_starting_is_waited_for(void **state)
{
    (void)state;
    struct late l = {.store = open_store()};
    struct reader *r = NULL;
    struct fault why = {0};
    pthread_t thread;
    assert_int_equal(bus_open(&l.bus), ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, answers_late, &l), 0);
    enum err e = reader_open(dir, &r, &why);
    pthread_join(thread, NULL);
    if (e != ERR_OK) fail_msg("%s", why.text);
    assert_true(reader_live(r, OWNER_dispatch));
    reader_close(&r);
    query_close(&l.query);
    bus_close(&l.bus);
    store_close(&l.store);
}

static void where_nothing_is_it_says_what_to_do(void **state)
{
    (void)state;
    struct reader *r = NULL;
    struct fault why = {0};
    assert_int_equal(reader_open(dir, &r, &why), ERR_REFUSED);
    says(why.text, "no services answer in ");
    says(why.text, "start them with `cuiban up`");
}

static void a_house_is_read_as_it_is(void **state)
{
    (void)state;
    struct story story;
    struct reader *r;
    struct slice record, stored;
    uint64_t last;
    story_open(&story);
    assert_int_equal(reader_of_house(story.house, &r), ERR_OK);
    struct store *s = node_store(house_node(story.house, OWNER_dispatch));
    assert_int_equal(reader_last(r, OWNER_dispatch, &last), ERR_OK);
    assert_int_equal(last, store_last_seq(s));
    assert_int_equal(reader_record(r, OWNER_dispatch, last, &record), ERR_OK);
    assert_int_equal(store_record(s, last, &stored), ERR_OK);
    assert_int_equal(record.n, stored.n);
    assert_memory_equal(record.p, stored.p, stored.n);
    for (int o = OWNER_intake; o <= OWNER_headoffice; o++)
        assert_true(reader_has(r, (enum owner)o));
    reader_close(&r);
    story_close(&story);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stopped_service_is_read_from_its_store),
        TEST(a_running_service_is_asked),
        TEST(a_service_that_holds_its_store_and_is_silent_is_named),
        TEST(a_service_that_is_busy_or_only_starting_is_waited_for),
        TEST(where_nothing_is_it_says_what_to_do),
        TEST(a_house_is_read_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
