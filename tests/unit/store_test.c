/* store_test.c - what the store promises: committed is there after a crash, uncommitted is not, the
 * state is its checkpoint plus the redo rows, and a changed byte is found. */
#include "common/store_private.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define T 16 /* a table */

struct place {
    char root[64], dir[80];
};

static int setup(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    snprintf(p->root, sizeof p->root, "/tmp/store_test.XXXXXX");
    assert_non_null(mkdtemp(p->root));
    snprintf(p->dir, sizeof p->dir, "%s/s", p->root);
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    char cmd[120];
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", p->root);
    assert_int_equal(system(cmd), 0);
    free(p);
    return 0;
}

static struct slice text(const char *s)
{
    return (struct slice){(const uint8_t *)s, strlen(s)};
}

static struct store *opened(const struct place *p)
{
    struct store_options o = {.dir = p->dir, .map_bytes = 1 << 24};
    struct store *s = NULL;
    struct fault why = {0};
    if (store_open(&o, &s, &why) != ERR_OK) fail_msg("%s", why.text);
    return s;
}

static void commit(struct store *s, int64_t now)
{
    struct journal j = {.now_ms = now, .cursor = {[1] = (uint64_t)now}};
    assert_int_equal(store_commit(s, &j), ERR_OK);
}

static void assert_row(struct store *s, const char *key, const char *want)
{
    struct slice v;
    enum err e = store_get(s, T, text(key), &v);
    if (!want) {
        assert_int_equal(e, ERR_NOT_FOUND);
        return;
    }
    assert_int_equal(e, ERR_OK);
    assert_int_equal(v.n, strlen(want));
    assert_memory_equal(v.p, want, v.n);
}

/* Runs `work` in a child that dies without closing anything, as with kill -9. */
static void in_dying_process(const struct place *p, void (*work)(struct store *s))
{
    pid_t pid = fork();
    if (pid == 0) {
        work(opened(p));
        _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void two_batches_and_a_half(struct store *s)
{
    store_put(s, T, text("a"), text("1"));
    store_append(s, text("one"));
    commit(s, 100);
    if (store_checkpoint(s) != ERR_OK) _exit(1);
    store_put(s, T, text("a"), text("2"));
    store_put(s, T, text("b"), text("3"));
    store_append(s, text("two"));
    commit(s, 200);
    store_put(s, T, text("a"), text("never"));
    store_append(s, text("three"));
}

static void n1_committed_survives_a_crash_and_uncommitted_does_not(void **state)
{
    struct place *p = *state;
    in_dying_process(p, two_batches_and_a_half);
    struct store *s = opened(p);
    assert_row(s, "a", "2");
    assert_row(s, "b", "3");
    assert_int_equal(store_last_seq(s), 2);
    struct slice r;
    assert_int_equal(store_record(s, 2, &r), ERR_OK);
    assert_memory_equal(r.p, "two", 3);
    assert_int_equal(store_record(s, 3, &r), ERR_NOT_FOUND);
    struct journal j;
    store_last_journal(s, &j);
    assert_int_equal(j.now_ms, 200);
    assert_int_equal(j.cursor[1], 200);
    assert_int_equal(j.first_seq, 2);
    assert_int_equal(j.count, 1);
    store_close(&s);
}

static void deletes_are_redone(struct store *s)
{
    store_put(s, T, text("a"), text("1"));
    store_put(s, T, text("b"), text("1"));
    commit(s, 1);
    if (store_checkpoint(s) != ERR_OK) _exit(1);
    store_del(s, T, text("a"));
    commit(s, 2);
}

static void n5_deletes_after_the_checkpoint_are_redone(void **state)
{
    struct place *p = *state;
    in_dying_process(p, deletes_are_redone);
    struct store *s = opened(p);
    assert_row(s, "a", NULL);
    assert_row(s, "b", "1");
    store_close(&s);
}

static void many_batches(struct store *s)
{
    char key[16];
    for (int i = 0; i < 500; i++) {
        snprintf(key, sizeof key, "k%03d", i);
        store_put(s, T, text(key), text(key));
        store_append(s, text(key));
        commit(s, i + 1);
        if (i % 97 == 0 && store_checkpoint(s) != ERR_OK) _exit(1);
    }
}

static void n7_state_is_checkpoint_plus_redo_over_many_batches(void **state)
{
    struct place *p = *state;
    in_dying_process(p, many_batches);
    struct store *s = opened(p);
    char key[16];
    struct journal j;
    for (int i = 0; i < 500; i++) {
        snprintf(key, sizeof key, "k%03d", i);
        assert_row(s, key, key);
        assert_int_equal(store_journal(s, (uint64_t)i + 1, &j), ERR_OK); /* journal lines stay */
        assert_int_equal(j.now_ms, i + 1);
    }
    struct slice k, v;
    int n = 0;
    for (enum err e = store_next(s, T, (struct slice){0}, false, &k, &v); e == ERR_OK; n++) {
        uint8_t at[STORE_KEY_MAX];
        memcpy(at, k.p, k.n);
        e = store_next(s, T, (struct slice){at, k.n}, true, &k, &v);
    }
    assert_int_equal(n, 500);
    store_close(&s);
}

static void n3_a_second_process_is_refused(void **state)
{
    struct place *p = *state;
    struct store *s = opened(p);
    struct store_options o = {.dir = p->dir};
    struct store *other = NULL;
    struct fault why = {0};
    assert_int_equal(store_open(&o, &other, &why), ERR_REFUSED);
    assert_string_equal(why.code, "store_in_use");
    store_close(&s);
}

static void a_half_born_store_is_refused_with_a_way_out(void **state)
{
    struct place *p = *state;
    struct store *s = opened(p);
    store_close(&s);
    char file[200];
    snprintf(file, sizeof file, "%s/state/data.mdb", p->dir);
    assert_int_equal(unlink(file), 0);
    struct store_options o = {.dir = p->dir};
    struct fault why = {0};
    assert_int_equal(store_open(&o, &s, &why), ERR_REFUSED);
    assert_string_equal(why.code, "half_born");
    assert_non_null(strstr(why.text, "backup"));
}

static void a_birth_cut_short_begins_anew(void **state)
{
    struct place *p = *state;
    char young[200];
    snprintf(young, sizeof young, "%s.new", p->dir);
    mkdir(young, 0700);
    struct store *s = opened(p);
    store_append(s, text("x"));
    commit(s, 1);
    store_close(&s);
    assert_int_equal(access(young, F_OK), -1);
}

static void flip_in_file(const char *file, const char *needle)
{
    int fd = open(file, O_RDWR);
    assert_true(fd >= 0);
    struct stat st;
    assert_int_equal(fstat(fd, &st), 0);
    char *bytes = malloc((size_t)st.st_size);
    assert_int_equal(pread(fd, bytes, (size_t)st.st_size, 0), st.st_size);
    char *at = memmem(bytes, (size_t)st.st_size, needle, strlen(needle));
    assert_non_null(at);
    for (; at; at = memmem(at + 1, (size_t)(bytes + st.st_size - at - 1), needle, strlen(needle))) {
        assert_int_equal(pwrite(fd, "#", 1, at - bytes), 1);
    }
    free(bytes);
    close(fd);
}

static void assert_record(struct store *s, uint64_t seq, uint64_t last)
{
    struct slice r;
    char want[24];
    enum err e = store_record(s, seq, &r);
    if (seq == 0 || seq > last) {
        assert_int_equal(e, ERR_NOT_FOUND);
        return;
    }
    assert_int_equal(e, ERR_OK);
    size_t n = (size_t)snprintf(want, sizeof want, "record %d", (int)seq);
    assert_int_equal(r.n, n);
    assert_memory_equal(r.p, want, n);
}

/* From end to end, again, back, far off, and after an append or a commit in between. */
static void records_are_read_in_any_order(void **state)
{
    struct place *p = *state;
    struct store *s = opened(p);
    uint64_t seed = 1, at = 1;
    for (uint64_t last = 1; last <= 400; last++) {
        char record[24];
        snprintf(record, sizeof record, "record %d", (int)last);
        store_append(s, text(record));
        if (last % 7 == 0) commit(s, (int64_t)last);
        for (int i = 0; i < 12; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1;
            uint64_t far = (seed >> 33) % (last + 3);
            at = seed >> 61 == 0 ? far : seed >> 61 == 1 ? at : at + 1;
            assert_record(s, at, last);
            if (at > last) at = far;
        }
    }
    store_close(&s);
}

static void n10_a_changed_byte_is_found(void **state)
{
    struct place *p = *state;
    struct store *s = opened(p);
    store_put(s, T, text("key"), text("state-needle"));
    store_append(s, text("log-needle"));
    commit(s, 1);
    assert_int_equal(store_checkpoint(s), ERR_OK);
    store_append(s, text("x"));
    commit(s, 2);
    store_close(&s);
    char file[200];
    snprintf(file, sizeof file, "%s/state/data.mdb", p->dir);
    flip_in_file(file, "state-needle");
    snprintf(file, sizeof file, "%s/log/data.mdb", p->dir);
    flip_in_file(file, "log-needle");
    s = opened(p);
    struct slice v;
    assert_int_equal(store_get(s, T, text("key"), &v), ERR_CORRUPT);
    assert_int_equal(store_record(s, 1, &v), ERR_CORRUPT);
    store_close(&s);
}

static void n10_a_changed_key_is_found(void **state)
{
    struct place *p = *state;
    struct store *s = opened(p);
    store_put(s, T, text("key-needle"), text("value"));
    commit(s, 1);
    store_close(&s);
    char file[200];
    snprintf(file, sizeof file, "%s/state/data.mdb", p->dir);
    flip_in_file(file, "key-needle");
    s = opened(p);
    struct slice k, v;
    assert_int_equal(store_next(s, T, (struct slice){0}, false, &k, &v), ERR_CORRUPT);
    store_close(&s);
}

static void n10_a_record_lost_from_the_end_is_found(void **state)
{
    struct place *p = *state;
    struct store *s = opened(p);
    store_append(s, text("one"));
    store_append(s, text("two"));
    commit(s, 1);
    uint64_t last = store_last_seq(s);
    MDB_val k = {sizeof last, &last};
    assert_int_equal(mdb_txn_begin(s->log_env, NULL, 0, &s->log_txn), 0);
    assert_int_equal(mdb_del(s->log_txn, s->log_dbi, &k, NULL), 0);
    assert_int_equal(mdb_txn_commit(s->log_txn), 0);
    s->log_txn = NULL;
    store_close(&s);
    struct store_options o = {.dir = p->dir, .map_bytes = 1 << 24};
    struct fault why = {0};
    assert_int_equal(store_open(&o, &s, &why), ERR_CORRUPT);
    assert_string_equal(why.code, "corrupt");
}

/* Rows of 3000 bytes, each batch checkpointed, until the store takes no more. */
static uint64_t fill(struct store *s)
{
    uint8_t row[3000] = {0};
    for (uint64_t n = 1; n < 10000; n++) {
        struct journal j = {.now_ms = 1};
        store_put(s, T, (struct slice){(uint8_t *)&n, sizeof n}, (struct slice){row, sizeof row});
        enum err e = store_commit(s, &j);
        if (e != ERR_OK) {
            assert_int_equal(e, ERR_FULL);
            return n - 1;
        }
        e = store_checkpoint(s);
        if (e != ERR_OK) {
            assert_int_equal(e, ERR_FULL);
            return n; /* committed all the same */
        }
    }
    fail_msg("it never fills");
    return 0;
}

static void n9_a_full_state_keeps_what_was_committed(void **state)
{
    struct place *p = *state;
    struct store_options o = {.dir = p->dir, .map_bytes = 1 << 20};
    struct store *s = NULL;
    struct fault why = {0};
    assert_int_equal(store_open(&o, &s, &why), ERR_OK);
    uint64_t committed = fill(s);
    store_close(&s);
    assert_true(committed > 100);
    enum err e = store_open(&o, &s, &why); /* as before: opens, or says what to do */
    if (e != ERR_OK) {
        assert_int_equal(e, ERR_FULL);
        assert_string_equal(why.code, "store_full");
    }
    store_close(&s);
    s = opened(p); /* with a larger map */
    struct slice v;
    for (uint64_t n = 1; n <= committed; n++) {
        assert_int_equal(store_get(s, T, (struct slice){(uint8_t *)&n, sizeof n}, &v), ERR_OK);
        assert_int_equal(v.n, 3000);
    }
    uint64_t next = committed + 1;
    assert_int_equal(store_get(s, T, (struct slice){(uint8_t *)&next, sizeof next}, &v),
                     ERR_NOT_FOUND);
    store_del(s, T, (struct slice){(uint8_t *)&committed, sizeof committed});
    commit(s, 2);
    store_close(&s);
}

static void n9_a_full_map_fails_the_commit_and_loses_nothing(void **state)
{
    struct place *p = *state;
    struct store_options o = {.dir = p->dir, .map_bytes = 1 << 20};
    struct store *s = NULL;
    struct fault why;
    assert_int_equal(store_open(&o, &s, &why), ERR_OK);
    char big[4000];
    memset(big, 'x', sizeof big);
    uint64_t committed = 0;
    enum err e = ERR_OK;
    while (e == ERR_OK && committed < 10000) {
        store_append(s, (struct slice){(uint8_t *)big, sizeof big});
        struct journal j = {.now_ms = 1};
        e = store_commit(s, &j);
        if (e == ERR_OK) committed++;
    }
    assert_int_equal(e, ERR_FULL);
    store_close(&s);
    s = opened(p); /* with a larger map */
    assert_int_equal(store_last_seq(s), committed);
    store_append(s, text("goes on"));
    commit(s, 2);
    store_close(&s);
}

static void readers_see_a_snapshot(void **state)
{
    struct place *p = *state;
    struct store *s = opened(p);
    store_put(s, T, text("a"), text("1"));
    store_append(s, text("one"));
    commit(s, 1);
    assert_int_equal(store_checkpoint(s), ERR_OK);
    struct snapshot *n;
    assert_int_equal(snapshot_begin(s, &n), ERR_OK);
    store_put(s, T, text("a"), text("2"));
    store_append(s, text("two"));
    commit(s, 2);
    assert_int_equal(store_checkpoint(s), ERR_OK);
    struct slice k, v;
    assert_int_equal(snapshot_next(n, T, (struct slice){0}, false, &k, &v), ERR_OK);
    assert_memory_equal(v.p, "1", 1);
    assert_int_equal(snapshot_last_seq(n), 1);
    snapshot_end(&n);
    store_close(&s);
}

/* ---- redo rows that no store would write, with a right check value ---- */

static void an_unknown_operation(struct store *s)
{
    store_put(s, T, text("a"), text("1"));
    s->redo.p[0] = 3;
    commit(s, 1);
}

static void a_key_too_long(struct store *s)
{
    uint8_t key[STORE_KEY_MAX + 2] = {T};
    uint8_t head[7] = {1, (uint8_t)sizeof key, sizeof key >> 8};
    buf_put(&s->redo, head, sizeof head);
    buf_put(&s->redo, key, sizeof key);
    commit(s, 1);
}

static void n10_a_redo_row_that_cannot_be_is_corrupt(void **state)
{
    struct place *p = *state;
    void (*const works[])(struct store * s) = {an_unknown_operation, a_key_too_long};
    for (size_t i = 0; i < 2; i++) {
        char dir[sizeof p->dir];
        struct store *s = NULL;
        struct fault why = {0};
        memcpy(dir, p->dir, sizeof dir);
        snprintf(p->dir, sizeof p->dir, "%s/r%zu", p->root, i);
        in_dying_process(p, works[i]);
        struct store_options o = {.dir = p->dir, .map_bytes = 1 << 24};
        assert_int_equal(store_open(&o, &s, &why), ERR_CORRUPT);
        assert_string_equal(why.code, "corrupt");
        memcpy(p->dir, dir, sizeof dir);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(n1_committed_survives_a_crash_and_uncommitted_does_not,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(n10_a_redo_row_that_cannot_be_is_corrupt, setup, teardown),
        cmocka_unit_test_setup_teardown(n5_deletes_after_the_checkpoint_are_redone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(n7_state_is_checkpoint_plus_redo_over_many_batches, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(n3_a_second_process_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_half_born_store_is_refused_with_a_way_out, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_birth_cut_short_begins_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(records_are_read_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(n10_a_changed_byte_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(n10_a_changed_key_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(n10_a_record_lost_from_the_end_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(n9_a_full_state_keeps_what_was_committed, setup, teardown),
        cmocka_unit_test_setup_teardown(n9_a_full_map_fails_the_commit_and_loses_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(readers_see_a_snapshot, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
