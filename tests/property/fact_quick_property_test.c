/* fact_quick_property_test.c - the short way from a line to a fact says what the long way says: of
 * right lines, and of lines with a byte or two changed. The long way is forced by spelling one name
 * with an escape. A failure prints the line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/contract.h"
#include "proto/json.h"

#define SEEDS 12u
#define CHANGED 60u /* lines made of each by changing bytes */

static struct arena arena;
static uint32_t quick_count, changed_quick_count;

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

/* The same line with its first name spelt so that only the long way reads it. */
static enum err long_way(struct str line, struct rec_fact *out)
{
    static const char plain[] = "{\"specversion\"", spelt[] = "{\"\\u0073pecversion\"";
    struct fault why;
    uint32_t count;
    struct buf b = {0};
    size_t n = sizeof plain - 1;
    if (line.n < n || memcmp(line.p, plain, n) != 0) return ERR_NOT_FOUND;
    buf_put(&b, spelt, sizeof spelt - 1);
    buf_put(&b, line.p + n, line.n - n);
    enum err e =
        fact_from_json((struct str){(char *)b.p, (uint32_t)b.n}, &arena, out, &why, 1, &count);
    buf_fini(&b);
    return e;
}

static void assert_same(struct str line, const struct rec_fact *a, const struct rec_fact *b)
{
    struct buf x = {0}, y = {0};
    proto_encode(shape_fact(), a, &x);
    proto_encode(shape_fact(), b, &y);
    if (x.n != y.n || memcmp(x.p, y.p, x.n) != 0) fail_msg("read in two ways: %.*s", STR_ARG(line));
    buf_fini(&x);
    buf_fini(&y);
}

/* true: the short way took it. The copy is exact, so that a read behind it is seen. */
static bool check(struct str line)
{
    struct rec_fact quick = {0}, slow = {0};
    char *copy = malloc(line.n);
    assert_non_null(copy);
    memcpy(copy, line.p, line.n);
    bool taken = fact_quick((struct str){copy, line.n}, &arena, &quick);
    free(copy);
    if (!taken) return false;
    enum err e = long_way(line, &slow);
    if (e == ERR_NOT_FOUND) return true;
    if (e != ERR_OK) fail_msg("only the short way takes: %.*s", STR_ARG(line));
    assert_same(line, &quick, &slow);
    return true;
}

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Bytes that mean something in JSON, or nothing anywhere. */
static void change(char *p, uint32_t n, uint64_t *seed)
{
    static const char bytes[] = "{}[]\",:\\ 0123456789-+.eE\t\n\x01\x00\x7f\x80\xc3\xed\xff"
                                "ntfaAzZ_";
    for (uint64_t k = 0; k <= draw(seed) % 2; k++)
        p[draw(seed) % n] = bytes[draw(seed) % (sizeof bytes - 1)];
}

/* Without what JSON spells with an escape, and mostly without lists. */
static void make_plain(const struct shape *s, void *obj, uint64_t *seed)
{
    for (uint32_t i = 0; i < s->count; i++) {
        void *member = value_of(&s->fields[i], obj);
        if (s->fields[i].type == FT_LIST && !s->fields[i].must && draw(seed) % 4)
            memset(member, 0, sizeof(struct value_list));
        if (s->fields[i].type != FT_TEXT) continue;
        struct str *x = member;
        char *p = arena_take(&arena, x->n);
        for (uint32_t k = 0; k < x->n; k++) {
            bool spelt = x->p[k] == '"' || x->p[k] == '\\' || (uint8_t)x->p[k] < ' ';
            p[k] = spelt ? '_' : x->p[k];
        }
        x->p = p;
    }
}

static void check_event(const struct event_type *t, uint32_t number)
{
    uint64_t seed = (uint64_t)number << 32 | t->number;
    void *obj = arena_take(&arena, t->shape()->size);
    proto_random(t->shape(), &seed, &arena, obj);
    if (number % 4) make_plain(t->shape(), obj, &seed);
    json_t *line = json_pack("{ssssssssss}", "specversion", "1.0", "id", "x-1", "source", "U1",
                             "type", t->type, "time", "2026-03-02T09:00:00.5+08:00");
    assert_non_null(line);
    json_object_set_new(line, "data", proto_to_json(t->shape(), obj));
    if (number % 3 == 1) json_object_set_new(line, "actor", json_string("陳小姐"));
    if (number % 3 == 2) json_object_set_new(line, "subject", json_string("C-1"));
    char *text = json_dumps(line, number % 2 ? JSON_COMPACT : 0);
    struct str s = str_of(text);
    quick_count += check(s);
    for (uint32_t i = 0; i < CHANGED; i++) {
        char *other = malloc(s.n);
        assert_non_null(other);
        memcpy(other, s.p, s.n);
        change(other, s.n, &seed);
        changed_quick_count += check((struct str){other, s.n});
        free(other);
    }
    free(text);
    json_decref(line);
    arena_reset(&arena);
}

static void the_short_way_says_what_the_long_way_says(void **state)
{
    (void)state;
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        for (uint32_t number = 0; number < SEEDS; number++)
            check_event(event_of((enum event_kind)k), number);
    }
    assert_true(quick_count > EVENT_KIND_COUNT);
    assert_true(changed_quick_count > EVENT_KIND_COUNT);
}

#define HEAD "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"U1\",\"type\":\"job.arrived\","
#define TIME "\"time\":\"2026-03-02T09:00:00+08:00\","
#define DATA "\"data\":{\"call_no\":\"C1\",\"technician\":\"T1\""

static void what_is_out_of_the_way_takes_the_long_way(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "{}",
        HEAD DATA "}}",                                   /* no time */
        HEAD TIME DATA "}}}",                             /* something behind it */
        HEAD TIME DATA ",\"call_no\":\"C1\"}}",           /* twice */
        HEAD TIME DATA ",\"call_no\":null}}",             /* twice */
        HEAD TIME TIME DATA "}}",                         /* twice */
        HEAD TIME DATA "}," DATA "}}",                    /* twice */
        HEAD TIME DATA ",\"no_such\":1}}",                /* unknown */
        HEAD TIME "\"no_such\":1," DATA "}}",             /* unknown */
        HEAD TIME "\"data\":{\"technician\":\"T1\"}}",    /* a field is missing */
        HEAD TIME "\"data\":{\"call_no\":\"C\\u0031\"}}", /* an escape */
        HEAD TIME DATA ",\"job\":01}}",                   /* no number in JSON */
        HEAD TIME DATA ",\"job\":1.0}}",                  /* a real number */
        HEAD TIME DATA ",\"job\":1234567890123456789}}",  /* too many digits */
        HEAD TIME DATA ",\"job\":-1}}",                   /* out of range */
        HEAD TIME DATA ",\"job\":\"1\"}}",                /* a text */
        HEAD TIME "\"subject\":\"C2\"," DATA "}}",        /* not what data says */
        HEAD TIME "\"datacontenttype\":\"text/xml\"," DATA "}}",
        "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"U1\",\"type\":\"job.arrived\"," TIME
            DATA "}}",
        "{" DATA "}," TIME
        "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"U1\",\"type\":\"job.arrived\"}",
    };
    struct rec_fact f = {0};
    assert_true(fact_quick(STR(HEAD TIME DATA "}}"), &arena, &f));
    assert_true(fact_quick(STR(HEAD TIME "\"subject\":\"C1\"," DATA ",\"job\":2} } "), &arena, &f));
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (fact_quick(str_of(lines[i]), &arena, &f)) fail_msg("%s", lines[i]);
    }
}

static void every_event_is_found_by_its_name(void **state)
{
    (void)state;
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        const struct event_type *t = event_of((enum event_kind)k);
        assert_ptr_equal(event_by_type(str_of(t->type)), t);
    }
    assert_null(event_by_type(STR("job.arrive")));
    assert_null(event_by_type((struct str){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_short_way_says_what_the_long_way_says),
        cmocka_unit_test(what_is_out_of_the_way_takes_the_long_way),
        cmocka_unit_test(every_event_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
