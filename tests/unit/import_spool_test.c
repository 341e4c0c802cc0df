/* import_spool_test.c - the spool that sorts the facts of an import, and the keys it knows them by.
 */
#include "services/cli/import_keys.h"
#include "services/cli/import_spool.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

static struct fault why;

static void the_spool_sorts_also_what_has_gone_to_disk(void **state)
{
    enum { N = 40000, BYTES = 1000 }; /* beyond what is kept in memory */
    struct import_spool *s = import_spool_new();
    uint8_t fact[BYTES] = {0};
    struct slice got;
    int64_t key, last = INT64_MIN;
    uint32_t n = 0;
    (void)state;
    for (uint32_t i = 0; i < N; i++) {
        int64_t t = (int64_t)(i * 7919u % 1009u);
        memcpy(fact, &t, sizeof t);
        memcpy(fact + 8, &i, sizeof i);
        assert_int_equal(import_spool_put(s, t, (struct slice){fact, BYTES - i % 5}, &why), ERR_OK);
    }
    assert_int_equal(import_spool_sort(s, &why), ERR_OK);
    for (uint32_t before = 0, at; import_spool_next(s, &got, &key) == ERR_OK; n++) {
        assert_memory_equal(got.p, &key, sizeof key);
        memcpy(&at, got.p + 8, sizeof at);
        assert_true(key > last || (key == last && at > before));
        assert_int_equal(got.n, BYTES - at % 5);
        last = key;
        before = at;
    }
    assert_int_equal(n, N);
    import_spool_destroy(&s);
}

static void keys_tell_pairs_apart(void **state)
{
    struct import_keys k = {0};
    char text[16];
    (void)state;
    *import_keys_at(&k, STR("ab"), STR("c")) = 1;
    assert_int_equal(*import_keys_at(&k, STR("a"), STR("bc")), 0);
    assert_int_equal(*import_keys_at(&k, STR("ab"), STR("c")), 1);
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "%u", i);
        *import_keys_at(&k, STR("n"), str_of(text)) = i + 1;
    }
    assert_int_equal(*import_keys_at(&k, STR("n"), STR("4321")), 4322);
    import_keys_fini(&k);
}

static void once_keeps_the_earliest_and_among_equals_the_first(void **state)
{
    static const struct {
        int64_t key;
        bool repeated;
    } puts[] = {{5, false}, {5, true}, {3, true}, {4, true}, {3, true}};
    struct import_spool *s = import_spool_new();
    struct slice got;
    int64_t key;
    (void)state;
    for (uint8_t i = 0; i < 5; i++) {
        bool repeated;
        assert_int_equal(import_spool_once(s, puts[i].key, STR("U"), STR("1"),
                                           (struct slice){&i, 1}, &repeated, &why),
                         ERR_OK);
        assert_int_equal(repeated, puts[i].repeated);
    }
    assert_int_equal(import_spool_sort(s, &why), ERR_OK);
    assert_int_equal(import_spool_next(s, &got, &key), ERR_OK);
    assert_int_equal(got.p[0], 2);
    assert_int_equal(import_spool_next(s, &got, &key), ERR_END);
    import_spool_destroy(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_spool_sorts_also_what_has_gone_to_disk),
        cmocka_unit_test(once_keeps_the_earliest_and_among_equals_the_first),
        cmocka_unit_test(keys_tell_pairs_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
