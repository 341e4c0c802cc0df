/* intake_random_test.c - the door against facts nobody would send: random objects of every
 * contract, about a few calls, customers and products, in any order. Whatever comes, the door
 * answers, a refusal says why, what it keeps is consistent, and the same facts give the same log.
 */
#include "tests/unit/intake_fixture.h"
#include <sodium.h>

#define FACTS 3000
#define START_MS INT64_C(1767600000000) /* 2026-01-05 */

static uint64_t random_below(uint64_t *seed, uint64_t n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (*seed >> 33) % n;
}

/* Keys and instants from a small world, so that facts meet. */
static void tame(const struct shape *shape, void *obj, uint64_t *seed, int64_t now)
{
    static const char *const keys[] = {"C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"};
    for (uint32_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->fields[i];
        void *at = (char *)obj + f->offset;
        bool is_key = strcmp(f->name, "call_no") == 0 || strcmp(f->name, "customer") == 0 ||
                      strcmp(f->name, "product") == 0 || strcmp(f->name, "fault") == 0 ||
                      strcmp(f->name, "contract") == 0;
        if (f->type == FT_TEXT && is_key)
            *(struct str *)at = str_of(keys[random_below(seed, COUNT_OF(keys))]);
        if (f->type == FT_TEXT && strcmp(f->name, "unit") == 0) *(struct str *)at = STR("U1");
        if (f->type == FT_TIME)
            *(int64_t *)at = now + (int64_t)random_below(seed, 172800000) - 86400000;
        bool leave_out = f->type == FT_TEXT && !f->must && !is_key && random_below(seed, 3) == 0;
        bool optional_name =
            strcmp(f->name, "warranty_policy") == 0 || strcmp(f->name, "calendar") == 0 ||
            strcmp(f->name, "service_policy") == 0 || strcmp(f->name, "order_kind") == 0;
        if (leave_out || (optional_name && random_below(seed, 8)))
            *(struct str *)at = (struct str){0};
        if (strcmp(f->name, "product_line") == 0) *(struct str *)at = STR("appliance");
    }
}

static const struct event_type *random_type(uint64_t *seed)
{
    for (;;) {
        const struct event_type *t =
            event_of((enum event_kind)(1 + random_below(seed, EVENT_KIND_COUNT - 1)));
        bool rare = t->owner != OWNER_intake && random_below(seed, 3);
        if (!event_is_verdict(t) && t->owner != OWNER_any && !rare) return t;
    }
}

static void one_fact(struct node *n, uint64_t *seed, int64_t now, uint32_t i, uint32_t counts[3])
{
    struct arena a = {0};
    const struct event_type *t = random_type(seed);
    void *obj = arena_take(&a, t->shape()->size);
    proto_random(t->shape(), seed, &a, obj);
    tame(t->shape(), obj, seed, now);
    struct buf data = {0}, bytes = {0};
    proto_encode(t->shape(), obj, &data);
    struct rec_fact f = {
        .number = t->number, .source = STR("U1"), .occurred = now, .data = buf_slice(&data)};
    f.occurred -= random_below(seed, 4) ? 0 : (int64_t)random_below(seed, 86400000);
    f.id = arena_printf(&a, "r%u", i);
    proto_encode(shape_fact(), &f, &bytes);
    struct rec_outcome out;
    node_begin(n, now);
    enum err e = node_fact(n, buf_slice(&bytes), &out);
    if (e != ERR_OK) fail_msg("fact %u, %s: %s", i, t->type, err_name(e));
    counts[str_is(out.verdict, "accepted") ? 0 : str_is(out.verdict, "refused") ? 1 : 2]++;
    if (str_is(out.verdict, "refused"))
        assert_true(out.rule.n > 0 && out.code.n > 0 && out.text.n > 0);
    assert_int_equal(node_commit(n), ERR_OK);
    buf_fini(&data);
    buf_fini(&bytes);
    arena_fini(&a);
}

/* Every open call stands in the index of open calls or has no product; an ended one never does. */
static void check_rows(struct node *n)
{
    struct slice from = {(const uint8_t *)"", 0}, key, value;
    bool after = false;
    struct arena a = {0};
    while (store_next(node_store(n), TABLE_CALL, from, after, &key, &value) == ERR_OK) {
        struct rec_row_call row;
        struct fault why;
        from = arena_copy(&a, key);
        after = true;
        assert_int_equal(proto_decode(shape_row_call(), arena_copy(&a, value), &a, &row, &why),
                         ERR_OK);
        bool ended = (IN(row.state) & CALL_ENDED) != 0;
        assert_int_equal(ended, row.ended_at != 0);
        assert_true(!row.first.n || row.state == call_state_closed);
        assert_true(!row.waiting || row.state == call_state_classified);
        struct key k = key_of(row.product);
        key_str(&k, row.customer);
        key_u64(&k, crc32c(0, row.fault.p, row.fault.n));
        key_str(&k, (struct str){(const char *)from.p, (uint32_t)from.n - 1});
        enum err e = store_get(node_store(n), TABLE_OPEN_CALL, (struct slice){k.b, k.n}, &value);
        bool indexed = row.product.n && !ended && row.state != call_state_clarifying;
        assert_int_equal(e, indexed ? ERR_OK : ERR_NOT_FOUND);
    }
    arena_fini(&a);
}

static void run(const char *policy, uint64_t seed, uint8_t hash[32])
{
    struct stage *s = door_open(policy);
    struct node *n = stage_node(s, LOG);
    int64_t now = START_MS;
    uint32_t counts[3] = {0};
    for (uint32_t i = 0; i < FACTS; i++) {
        now += (int64_t)random_below(&seed, 1200000);
        one_fact(n, &seed, now, i, counts);
        if (i % 100 == 0) check_rows(n);
    }
    assert_true(counts[0] > FACTS / 4 && counts[1] > 0);
    struct slice last;
    assert_int_equal(store_record(node_store(n), store_last_seq(node_store(n)), &last), ERR_OK);
    crypto_generichash(hash, 32, last.p, last.n, NULL, 0); /* it holds the hash of all before it */
    stage_close(s);
}

static void promise_3_and_5_any_facts_in_any_order(void **state)
{
    (void)state;
    static const char *const policies[] = {"appliance", "bus", "it-project", "civic-requests"};
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        uint8_t first[32], second[32];
        run(policies[i], 7 + i, first);
        run(policies[i], 7 + i, second);
        assert_memory_equal(first, second, sizeof first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(promise_3_and_5_any_facts_in_any_order)};
    return cmocka_run_group_tests_name("intake_random", tests, NULL, NULL);
}
