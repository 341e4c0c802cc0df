/* proto_golden_test.c - bytes that were written once are read for ever. One file for each contract
 * in proto/golden, one line for each generation; how to add a line: proto/README.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/proto.h"

#define GOLDEN_LINES_MAX 64

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct buf encoded(const struct shape *s, const void *obj)
{
    struct buf out = {0};
    proto_encode(s, obj, &out);
    return out;
}

/* "call_no:text,party:list(person:text)": names, types and order as JSON and wire depend on them.
 */
static void layout_put(struct buf *out, const struct shape *s)
{
    static const char *const types[] = {
        [FT_TEXT] = "text", [FT_UINT] = "uint",   [FT_INT] = "int",   [FT_TIME] = "time",
        [FT_DATE] = "date", [FT_MONEY] = "money", [FT_FLAG] = "flag", [FT_CODE] = "code",
        [FT_LIST] = "list", [FT_RAW] = "raw",     [FT_HASH] = "hash"};
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        buf_printf(out, "%s%s:%s", i ? "," : "", f->name, types[f->type]);
        if (f->type == FT_CODE) buf_printf(out, "(%s)", f->codes->name);
        if (f->type == FT_LIST) buf_printf(out, "(%s)", f->record()->name);
    }
}

static uint64_t seed_of(const char *name)
{
    return UINT64_C(20260301) + crc32c(0, name, strlen(name));
}

/* Today's line: hex of the object of the shape's own seed, a space, the layout. */
static char *golden_today(const struct shape *s)
{
    struct buf out = {0};
    uint64_t seed = seed_of(s->name);
    void *obj = arena_take(&arena, s->size);
    proto_random(s, &seed, &arena, obj);
    struct buf bytes = encoded(s, obj);
    for (size_t i = 0; i < bytes.n; i++)
        buf_printf(&out, "%02x", bytes.p[i]);
    buf_printf(&out, " ");
    layout_put(&out, s);
    buf_put(&out, "", 1);
    buf_fini(&bytes);
    return (char *)out.p;
}

/* Bytes of a former time decode today and encode to the same bytes again. */
static void golden_line_lives(const struct shape *s, const char *line, const char *layout_today)
{
    const char *space = strchr(line, ' ');
    assert_non_null(space);
    struct buf in = {0};
    for (const char *p = line; p + 1 < space; p += 2) {
        char digits[3] = {p[0], p[1], 0};
        uint8_t byte = (uint8_t)strtoul(digits, NULL, 16);
        buf_put(&in, &byte, 1);
    }
    if (strncmp(layout_today, space + 1, strlen(space + 1)) != 0) {
        fail_msg("%s: fields were changed, not appended:\n was %s\n is  %s", s->name, space + 1,
                 layout_today);
    }
    struct fault why = {0};
    void *obj = arena_take(&arena, s->size);
    if (proto_decode(s, buf_slice(&in), &arena, obj, &why) != ERR_OK) {
        fail_msg("%s: old bytes no longer decode: %s", s->name, why.text);
    }
    struct buf again = encoded(s, obj);
    assert_int_equal(again.n, in.n);
    assert_memory_equal(again.p, in.p, in.n);
    buf_fini(&again);
    buf_fini(&in);
}

/* Checks every line there is; returns whether the last one is today's. */
static bool golden_read(const struct shape *s, const char *path, const char *today)
{
    char *line = NULL;
    size_t cap = 0;
    bool is_today = false;
    int lines = 0;
    FILE *in = fopen(path, "r");
    while (in && getline(&line, &cap, in) > 0) {
        assert_true(lines++ < GOLDEN_LINES_MAX);
        line[strcspn(line, "\n")] = 0;
        golden_line_lives(s, line, strchr(today, ' ') + 1);
        is_today = strcmp(line, today) == 0;
    }
    if (in) fclose(in);
    free(line);
    return is_today;
}

static bool golden_check(const struct shape *s)
{
    char path[120];
    const char *write = getenv("CUIBAN_GOLDEN_WRITE");
    snprintf(path, sizeof path, "proto/golden/%s.hex", s->name);
    char *today = golden_today(s);
    bool good = golden_read(s, path, today);
    if (!good && write && strcmp(write, "1") == 0) {
        FILE *out = fopen(path, "a"); /* only ever appended: old lines live for ever */
        assert_non_null(out);
        fprintf(out, "%s\n", today);
        assert_int_equal(fclose(out), 0);
        good = true;
    }
    free(today);
    arena_reset(&arena);
    return good;
}

static void golden_bytes_live_for_ever(void **state)
{
    (void)state;
    int missing = 0;
    for (uint32_t i = 0; shape_at(i); i++) {
        if (golden_check(shape_at(i))) continue;
        print_error("%s: proto/golden has no line for today's contract\n", shape_at(i)->name);
        missing++;
    }
    if (missing) {
        fail_msg("%d contracts are new or have grown. If that is meant: CUIBAN_GOLDEN_WRITE=1 "
                 "<this program> from the root, and commit the files",
                 missing);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(golden_bytes_live_for_ever)};
    return cmocka_run_group_tests(tests, NULL, teardown);
}
