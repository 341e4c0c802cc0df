/* store_property_test.c - whatever is put, deleted, looked up and walked over in several tables, in
 * any order and across checkpoints and restarts, the store answers like a plain array does. */
#include "common/store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define TABLES 4
#define KEYS 512      /* of a table, in order of their names */
#define VALUE_MAX 300 /* bytes: pages split and merge often */
#define ACTS 60000

static uint16_t model[TABLES][KEYS]; /* size of the value + 1; 0 = no such row */
static char dir[80];

static uint32_t draw(uint64_t *seed, uint32_t n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % n;
}

static struct slice key_at(uint32_t k, char out[16])
{
    int n = snprintf(out, 16, "key-%04u", k);
    return (struct slice){(const uint8_t *)out, (size_t)n};
}

/* A value tells whose it is by its bytes. */
static struct slice value_of_size(uint32_t table, uint32_t k, uint32_t n)
{
    static uint8_t bytes[VALUE_MAX];
    memset(bytes, (int)(table * 31 + k), n);
    return (struct slice){bytes, n};
}

static void assert_value(uint32_t table, uint32_t k, struct slice got)
{
    struct slice want = value_of_size(table, k, model[table][k] - 1u);
    assert_int_equal(got.n, want.n);
    assert_memory_equal(got.p, want.p, want.n);
}

static void look_up(struct store *s, uint32_t table, uint32_t k)
{
    char text[16];
    struct slice v;
    enum err e = store_get(s, (uint8_t)table, key_at(k, text), &v);
    assert_int_equal(e, model[table][k] ? ERR_OK : ERR_NOT_FOUND);
    if (e == ERR_OK) assert_value(table, k, v);
}

static void walk_on(struct store *s, uint32_t table, uint32_t k, bool after)
{
    char text[16], there[16];
    struct slice key, v;
    uint32_t next = k + after;
    while (next < KEYS && !model[table][next])
        next++;
    enum err e = store_next(s, (uint8_t)table, key_at(k, text), after, &key, &v);
    assert_int_equal(e, next < KEYS ? ERR_OK : ERR_END);
    if (e != ERR_OK) return;
    struct slice want = key_at(next, there);
    assert_int_equal(key.n, want.n);
    assert_memory_equal(key.p, want.p, want.n);
    assert_value(table, next, v);
}

static void change(struct store *s, uint32_t table, uint32_t k, uint64_t *seed)
{
    char text[16];
    if (draw(seed, 3) == 0) {
        store_del(s, (uint8_t)table, key_at(k, text));
        model[table][k] = 0;
        return;
    }
    uint32_t n = draw(seed, VALUE_MAX);
    store_put(s, (uint8_t)table, key_at(k, text), value_of_size(table, k, n));
    model[table][k] = (uint16_t)(n + 1);
}

static struct store *opened(void)
{
    struct store_options o = {.dir = dir, .map_bytes = 1 << 26};
    struct store *s = NULL;
    struct fault why = {0};
    if (store_open(&o, &s, &why) != ERR_OK) fail_msg("%s", why.text);
    return s;
}

static struct store *commit(struct store *s, uint64_t *seed)
{
    struct journal j = {.now_ms = 1};
    assert_int_equal(store_commit(s, &j), ERR_OK);
    if (draw(seed, 3) == 0) assert_int_equal(store_checkpoint(s), ERR_OK);
    if (draw(seed, 12)) return s;
    store_close(&s);
    return opened();
}

static void answers_like_an_array(void **state)
{
    (void)state;
    uint64_t seed = 20261121;
    struct store *s = opened();
    uint32_t table = 0, k = 0;
    for (uint32_t i = 0; i < ACTS; i++) {
        /* A step comes back to the row it has just looked at. */
        if (draw(&seed, 3)) table = draw(&seed, TABLES);
        if (draw(&seed, 3)) k = draw(&seed, KEYS);
        switch (draw(&seed, 5)) {
        case 0:
        case 1:
            change(s, table, k, &seed);
            break;
        case 2:
            walk_on(s, table, k, draw(&seed, 2));
            break;
        default:
            look_up(s, table, k);
        }
        if (draw(&seed, 100) == 0) s = commit(s, &seed);
    }
    store_close(&s);
}

int main(void)
{
    char root[] = "/tmp/store_property_test.XXXXXX", cmd[64];
    if (!mkdtemp(root)) return 1;
    snprintf(dir, sizeof dir, "%s/s", root);
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_like_an_array)};
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", root);
    return system(cmd) ? 1 : rc;
}
