/* scoring_set.h - a policy set in a scratch folder: the shipped lists of scoring in a file of its
 * own, one place of them written otherwise. */
#ifndef CUIBAN_TESTS_UNIT_SCORING_SET_H
#define CUIBAN_TESTS_UNIT_SCORING_SET_H

#include "common/contract.h"
#include "common/policy.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SCORING_YAML "deploy/policy/common/scoring.yaml"

struct scratch_set {
    char root[64], path[80];
};

static inline void scratch_write(const struct scratch_set *x, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", x->path, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* The set's policy.yaml, with everything that is delivered in common but the schemes. */
static inline void scratch_open(struct scratch_set *x, const char *keys)
{
    static const char *const parts[] = {"escalation", "kinds",   "deadlines",
                                        "warranty",   "targets", "fallback",
                                        "complaint",  "parts",   "scoring_facts"};
    char here[512], text[8192];
    snprintf(x->root, sizeof x->root, "/tmp/cuiban-scoring-XXXXXX");
    assert_non_null(mkdtemp(x->root));
    snprintf(x->path, sizeof x->path, "%s/set", x->root);
    assert_int_equal(mkdir(x->path, 0700), 0);
    assert_non_null(getcwd(here, sizeof here));
    size_t n = (size_t)snprintf(text, sizeof text, "name: scratch\nversion: 1\ninclude:\n");
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "  - ../../..%s/deploy/policy/common/%s.yaml\n", here, parts[i]);
    snprintf(text + n, sizeof text - n,
             "keys: {default_calendar: CAL-STD, default_order_kind: repair, register_fields: [], "
             "site_fields: []}\n%s",
             keys);
    scratch_write(x, "policy.yaml", text);
    char command[1200];
    snprintf(command, sizeof command, "%s/tests/unit/data/policy-scoring/calendars/std.yaml", here);
    char calendars[160];
    snprintf(calendars, sizeof calendars, "%s/calendars", x->path);
    assert_int_equal(mkdir(calendars, 0700), 0);
    snprintf(calendars, sizeof calendars, "%s/calendars/std.yaml", x->path);
    assert_int_equal(symlink(command, calendars), 0);
}

static inline void scratch_close(struct scratch_set *x)
{
    static const char *const names[] = {"set/policy.yaml",
                                        "set/scoring.yaml",
                                        "set/calendars/std.yaml",
                                        "set/calendars",
                                        "set",
                                        ""};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", x->root, names[i]);
        (void)remove(path);
    }
}

/* `text` with the first `find` written as `put`; the caller frees. */
static inline char *replaced(const char *text, const char *find, const char *put)
{
    const char *at = strstr(text, find);
    if (!at) fail_msg("there is no \"%s\"", find);
    size_t before = (size_t)(at - text), found = strlen(find), rest = strlen(at + found);
    char *out = malloc(before + strlen(put) + rest + 1);
    assert_non_null(out);
    memcpy(out, text, before);
    memcpy(out + before, put, strlen(put));
    memcpy(out + before + strlen(put), at + found, rest + 1);
    return out;
}

static inline char *file_text(const char *path)
{
    static char text[65536];
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("%s cannot be read", path);
    size_t n = fread(text, 1, sizeof text - 1, f);
    assert_true(feof(f) != 0);
    fclose(f);
    text[n] = 0;
    return text;
}

/* A set of these schemes; text is given away. */
static inline struct policy *scratch_load(char *text)
{
    struct scratch_set x;
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    scratch_open(&x, "");
    scratch_write(&x, "scoring.yaml", text);
    free(text);
    enum err e = policy_load(x.path, &p, faults, POLICY_FAULTS_MAX, &n);
    policy_print_faults(stderr, faults, n);
    scratch_close(&x);
    assert_int_equal(e, ERR_OK);
    return p;
}

/* The shipped schemes, one place written otherwise. */
static inline struct policy *scratch_policy(const char *find, const char *put)
{
    return scratch_load(replaced(file_text(SCORING_YAML), find, put));
}

#endif
