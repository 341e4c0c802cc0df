/* keys_test.c - files of keys: what they say, and how a fault is told: file, line, what is wanted.
 */
#include "common/keys.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

static char path[] = "/tmp/cuiban-keys.XXXXXX";
static struct bus_keys a, b;

static int open_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0 && bus_keys_make(&a) && bus_keys_make(&b));
    return close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* S and P stand for the secret and public key of a, Q for the public key of b. */
static enum err load(const char *text, struct keys *k, struct fault *why)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (const char *c = text; *c; c++) {
        if (*c == 'S') {
            fputs(a.secret, f);
        } else if (*c == 'P' || *c == 'Q') {
            fputs(*c == 'P' ? a.public_key : b.public_key, f);
        } else {
            fputc(*c, f);
        }
    }
    fclose(f);
    return keys_load(path, k, why);
}

static void a_file_says_who_may_speak_for_whom(void **state)
{
    (void)state;
    struct keys k;
    struct fault why;
    assert_int_equal(load("# the door\n\nsecret S\n  allow\tQ  u01 u02\r\nallow P *", &k, &why),
                     ERR_OK);
    assert_string_equal(k.own.public_key, a.public_key);
    assert_string_equal(k.door, "");
    assert_int_equal(k.count, 2);
    const struct keys_allowed *q = keys_find(&k, b.public_key), *p = keys_find(&k, a.public_key);
    assert_string_equal(q->sources, "u01 u02");
    assert_true(keys_speaks_for(q, STR("u01")) && keys_speaks_for(q, STR("u02")));
    assert_false(keys_speaks_for(q, STR("u0")) || keys_speaks_for(q, STR("u01 u02")));
    assert_false(keys_speaks_for(q, STR("")) || keys_speaks_for_all(q));
    assert_true(keys_speaks_for(p, STR("u09")) && keys_speaks_for_all(p));
    assert_null(keys_find(&k, a.secret));
    assert_false(keys_changed(&k, path));
    keys_fini(&k);
    assert_int_equal(load("secret S\ndoor Q\n", &k, &why), ERR_OK);
    assert_string_equal(k.door, b.public_key);
    keys_fini(&k);
}

static void a_fault_is_told_with_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line, *says;
    } rows[] = {
        {"", "", "no line `secret KEY`"},
        {"secret S\nallow Q\n", ":2", "for which sources"},
        {"secret S\n\nalow Q u01\n", ":3", "begins with secret, door or allow"},
        {"secret S\nallow 123 u01\n", ":2", "40 characters of Z85"},
        {"secret S\nallow Q~ u01\n", ":2", "40 characters of Z85"},
        {"secret 123456789012345678901234567890123456789~\n", ":1", "40 characters of Z85"},
        {"secret ########################################\n", ":1", "no key"},
        {"secret S\nsecret S\n", ":2", "a secret already"},
        {"secret S and more\n", ":1", "a secret is one key"},
        {"secret S\ndoor Q\ndoor Q\n", ":3", "a door already"},
        {"secret S\ndoor Q u01\n", ":2", "a door has one key"},
        {"secret S\nallow Q u01\nallow Q u02\n", ":3", "in a line above"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct keys k;
        struct fault why;
        char begin[64];
        assert_int_equal(load(rows[i].text, &k, &why), ERR_REFUSED);
        snprintf(begin, sizeof begin, "%s%s: ", path, rows[i].line);
        if (strncmp(why.text, begin, strlen(begin)) != 0 || !strstr(why.text, rows[i].says))
            fail_msg("row %zu: %s", i, why.text);
        if (strstr(why.text, a.secret)) fail_msg("row %zu tells the secret", i);
    }
}

static void a_line_without_end_and_a_file_that_is_not_there_are_faults(void **state)
{
    (void)state;
    struct keys k;
    struct fault why;
    char text[KEYS_LINE_MAX + 100];
    snprintf(text, sizeof text, "secret S\n# ");
    memset(text + 11, 'x', sizeof text - 12);
    text[sizeof text - 1] = 0;
    assert_int_equal(load(text, &k, &why), ERR_REFUSED);
    assert_non_null(strstr(why.text, ":2: the line is too long"));
    assert_int_equal(keys_load("/tmp/cuiban-keys/none", &k, &why), ERR_REFUSED);
    assert_string_equal(why.text, "/tmp/cuiban-keys/none: No such file or directory");
    assert_int_equal(keys_load("/tmp", &k, &why), ERR_REFUSED);
}

static void a_secret_that_others_can_read_is_refused(void **state)
{
    (void)state;
    struct keys k;
    struct fault why;
    assert_int_equal(load("secret S\n", &k, &why), ERR_OK);
    keys_fini(&k);
    static const mode_t modes[] = {0604, 0602, 0620, 0666};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_int_equal(keys_load(path, &k, &why), ERR_REFUSED);
        assert_non_null(strstr(why.text, "chmod 600"));
    }
    assert_int_equal(chmod(path, 0640), 0); /* a group of its own, as containers give secrets */
    assert_int_equal(keys_load(path, &k, &why), ERR_OK);
    keys_fini(&k);
    assert_int_equal(chmod(path, 0600), 0);
}

static void a_file_written_anew_is_noticed(void **state)
{
    (void)state;
    struct keys k;
    struct fault why;
    assert_int_equal(load("secret S\nallow Q u01\n", &k, &why), ERR_OK);
    struct timespec back[2] = {k.changed, k.changed};
    back[1].tv_sec -= 5;
    assert_int_equal(utimensat(0, path, back, 0), 0);
    assert_true(keys_changed(&k, path));
    assert_true(keys_changed(&k, "/tmp/cuiban-keys/none"));
    keys_fini(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_says_who_may_speak_for_whom),
        cmocka_unit_test(a_fault_is_told_with_file_and_line),
        cmocka_unit_test(a_line_without_end_and_a_file_that_is_not_there_are_faults),
        cmocka_unit_test(a_secret_that_others_can_read_is_refused),
        cmocka_unit_test(a_file_written_anew_is_noticed),
    };
    return cmocka_run_group_tests(tests, open_file, remove_file);
}
