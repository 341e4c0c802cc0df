/* mapping_when.c - the conditions of an event: a list of maps, all of which must hold. A map with
 * several tests of one column holds when all its tests do. */
#include "services/cli/mapping_yaml.h"
#include <string.h>

#define TESTS_MAX 64 /* of one event */
#define MICRO 1000000

#define TEST_KEYS                                                                                  \
    "column is is_not like not_like present changed same_as differs_from above below at_least "    \
    "at_most not_before not_after"

/* One map of the list while it is read. */
struct reading {
    struct mapping_build *b;
    const struct mapping_node *map;
    struct mapping_test *tests;
    uint32_t n, group;
    struct mapping_ref column;
};

static struct mapping_test *add(struct reading *r, enum mapping_test_kind kind)
{
    if (r->n == TESTS_MAX) {
        mapping_fault_add(r->b, r->map, "too_many", "an event has at most %d tests", TESTS_MAX);
        return &r->tests[TESTS_MAX - 1]; /* the mapping is refused: overwritten for nothing */
    }
    struct mapping_test *t = &r->tests[r->n++];
    *t = (struct mapping_test){.kind = kind, .column = r->column, .group = r->group};
    return t;
}

static void read_words(struct reading *r, const char *key, enum mapping_test_kind kind, bool negate)
{
    struct mapping_node v = mapping_get(r->b, r->map, key);
    if (!v.y) return;
    struct mapping_test *t = add(r, kind);
    t->negate = negate;
    (void)mapping_words(r->b, &v, &t->words, &t->word_count);
}

static void read_number(struct reading *r, const char *key, bool negate, bool strict)
{
    struct str s;
    struct mapping_node v = mapping_get(r->b, r->map, key);
    if (!v.y || !mapping_word(r->b, &v, &s)) return;
    struct mapping_test *t = add(r, MAPPING_TEST_number);
    t->negate = negate;
    t->strict = strict;
    if (fieldform_number(s, MICRO, &t->limit_micro) != ERR_OK) {
        mapping_fault_add(r->b, &v, "not_a_number",
                          "\"%.*s\" is no number with at most six decimals", STR_ARG(s));
    }
}

/* A test against another column. */
static void read_other(struct reading *r, const char *key, enum mapping_test_kind kind, bool negate)
{
    struct str s;
    struct mapping_node v = mapping_get(r->b, r->map, key);
    if (!v.y || !mapping_word(r->b, &v, &s)) return;
    struct mapping_test *t = add(r, kind);
    t->negate = negate;
    t->strict = negate && kind == MAPPING_TEST_time;
    (void)mapping_ref(r->b, &v, s, &t->other);
}

static void read_changed(struct reading *r)
{
    struct mapping_node v = mapping_get(r->b, r->map, "changed");
    if (!v.y) return;
    struct mapping_test *t = add(r, MAPPING_TEST_same);
    t->negate = mapping_yes(r->b, &v, true);
    t->other = (struct mapping_ref){r->column.column, true};
    r->b->m->columns[r->column.column].prev = r->b->m->follows_cases = true;
    if (r->column.prev)
        mapping_fault_add(
            r->b, &v, "prev",
            "changed already compares with the row before; name the column without prev.");
}

static void read_column_tests(struct reading *r)
{
    uint32_t before = r->n;
    struct mapping_node column = mapping_get(r->b, r->map, "column");
    struct mapping_node present = mapping_get(r->b, r->map, "present");
    struct str name;
    if (!column.y) {
        mapping_fault_add(r->b, r->map, "no_column",
                          "which column? Add column: name (or test first: or any:)");
        return;
    }
    if (!mapping_word(r->b, &column, &name) || !mapping_ref(r->b, &column, name, &r->column))
        return;
    read_words(r, "is", MAPPING_TEST_is, false);
    read_words(r, "is_not", MAPPING_TEST_is, true);
    read_words(r, "like", MAPPING_TEST_like, false);
    read_words(r, "not_like", MAPPING_TEST_like, true);
    if (present.y) {
        struct mapping_test *t = add(r, MAPPING_TEST_present);
        t->negate = !mapping_yes(r->b, &present, true);
    }
    read_changed(r);
    read_other(r, "same_as", MAPPING_TEST_same, false);
    read_other(r, "differs_from", MAPPING_TEST_same, true);
    read_number(r, "above", false, true);
    read_number(r, "at_least", false, false);
    read_number(r, "below", true, false);
    read_number(r, "at_most", true, true);
    read_other(r, "not_before", MAPPING_TEST_time, false);
    read_other(r, "not_after", MAPPING_TEST_time, true);
    if (r->n == before && r->b->fault_count == 0) {
        mapping_fault_add(r->b, r->map, "no_test",
                          "a test is wanted beside column: is, like, present, …");
    }
}

static void read_first(struct reading *r, const struct mapping_node *v)
{
    if (!mapping_check_keys(r->b, r->map, "first")) return;
    struct mapping_test *t = add(r, MAPPING_TEST_first);
    t->negate = !mapping_yes(r->b, v, true);
    r->b->m->follows_cases = true;
}

/* Inside `any` every map is a group of its own. */
static void read_any(struct reading *r, const struct mapping_node *list)
{
    struct mapping_node item;
    struct reading inner = {.b = r->b, .map = &item};
    if (!mapping_check_keys(r->b, r->map, "any")) return;
    if (!mapping_is_list(list)) {
        mapping_fault_add(r->b, list, "not_a_list",
                          "any wants a list of tests, one of which must hold");
        return;
    }
    inner.tests = arena_take(&r->b->m->memory, TESTS_MAX * sizeof *inner.tests);
    for (uint32_t i = 0; mapping_item(r->b, list, i, &item); i++) {
        inner.group = i;
        if (mapping_check_keys(r->b, &item, TEST_KEYS)) read_column_tests(&inner);
    }
    struct mapping_test *t = add(r, MAPPING_TEST_any);
    t->tests = inner.tests;
    t->test_count = inner.n;
}

static void read_map(struct reading *r)
{
    if (!mapping_is_map(r->map)) {
        mapping_fault_add(r->b, r->map, "not_a_map",
                          "a test is a map such as {column: state, is: Closed}");
        return;
    }
    struct mapping_node first = mapping_get(r->b, r->map, "first");
    struct mapping_node any = mapping_get(r->b, r->map, "any");
    if (first.y) {
        read_first(r, &first);
    } else if (any.y) {
        read_any(r, &any);
    } else if (mapping_check_keys(r->b, r->map, TEST_KEYS " first any")) {
        read_column_tests(r);
    }
}

const struct mapping_test *mapping_load_when(struct mapping_build *b, const struct mapping_node *n,
                                             uint32_t *count)
{
    struct mapping_node item;
    struct reading r = {.b = b, .map = &item};
    *count = 0;
    if (!n->y) return NULL;
    if (!mapping_is_list(n)) {
        mapping_fault_add(b, n, "not_a_list", "when wants a list of tests, all of which must hold");
        return NULL;
    }
    r.tests = arena_take(&b->m->memory, TESTS_MAX * sizeof *r.tests);
    for (uint32_t i = 0; mapping_item(b, n, i, &item); i++)
        read_map(&r);
    *count = r.n;
    return r.tests;
}
