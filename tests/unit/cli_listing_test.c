/* One way to print many of something: widths of Chinese text, CSV that no spreadsheet executes,
 * JSON that leaves out what is absent, and tables longer than what is held. */
#include "services/cli/view.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

static const struct listing_column columns[] = {
    {"name", "name", false}, {"hidden", NULL, false}, {"n", "n", true}, {"last", "last", false}};

struct sheet {
    char *text;
    size_t n;
    FILE *out;
};

static void sheet_open(struct sheet *s)
{
    s->out = open_memstream(&s->text, &s->n);
    assert_non_null(s->out);
}

static void row(struct listing *l, const char *name, int64_t n, const char *last)
{
    listing_text(l, str_of(name));
    listing_text(l, STR("secret"));
    listing_number(l, n);
    listing_text(l, str_of(last));
}

static void expect(struct sheet *s, const char *text)
{
    fclose(s->out);
    assert_string_equal(s->text, text);
    free(s->text);
}

static void a_chinese_character_takes_two_columns(void **state)
{
    (void)state;
    assert_int_equal(listing_width(STR("催辦單 CB")), 9);
    assert_int_equal(listing_width(STR("")), 0);
    assert_int_equal(listing_width(STR("e\xcc\x81")), 1); /* with a combining accent */
    struct sheet s;
    sheet_open(&s);
    struct listing *l = listing_begin(s.out, LISTING_table, columns, 4);
    row(l, "服務主任", 5, "x");
    row(l, "ab", 123, "逾期");
    assert_int_equal(listing_end(&l, "none"), 2);
    expect(&s, "name        n  last\n"
               "服務主任    5  x\n"
               "ab        123  逾期\n");
}

static void no_control_character_reaches_a_terminal(void **state)
{
    (void)state;
    struct sheet s;
    sheet_open(&s);
    listing_print_padded(s.out, STR("a\x1b[2Jb\nc\xff"), 0, false);
    expect(&s, "a [2Jb c\xef\xbf\xbd");
}

static void an_empty_table_says_so(void **state)
{
    (void)state;
    struct sheet s;
    sheet_open(&s);
    struct listing *l = listing_begin(s.out, LISTING_table, columns, 4);
    assert_int_equal(listing_end(&l, "no 催辦單"), 0);
    expect(&s, "no 催辦單\n");
}

static void csv_quotes_and_disarms_formulas(void **state)
{
    (void)state;
    struct sheet s;
    sheet_open(&s);
    struct listing *l = listing_begin(s.out, LISTING_csv, columns, 4);
    row(l, "=1+1", -7, "a,\"b\"\nc");
    row(l, "plain", 1, "@SUM(A1)");
    listing_end(&l, "");
    expect(&s, "name,hidden,n,last\r\n"
               "\"'=1+1\",secret,-7,\"a,\"\"b\"\"\nc\"\r\n"
               "plain,secret,1,\"'@SUM(A1)\"\r\n");
}

static void json_is_one_array_without_absent_members(void **state)
{
    (void)state;
    struct sheet s;
    json_error_t error;
    sheet_open(&s);
    struct listing *l = listing_begin(s.out, LISTING_json, columns, 4);
    row(l, "催", 3, "");
    listing_code(l, &codes_reminder_kind, reminder_kind_overdue);
    listing_time(l, 0, NULL);
    listing_count(l, 0);
    listing_json(l, json_pack("{s:i}", "x", 1));
    listing_end(&l, "");
    fclose(s.out);
    json_t *j = json_loads(s.text, 0, &error);
    assert_non_null(j);
    assert_int_equal(json_array_size(j), 2);
    json_t *first = json_array_get(j, 0), *second = json_array_get(j, 1);
    assert_string_equal(json_string_value(json_object_get(first, "name")), "催");
    assert_int_equal(json_integer_value(json_object_get(first, "n")), 3);
    assert_null(json_object_get(first, "last"));
    assert_string_equal(json_string_value(json_object_get(second, "name")), "overdue");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(second, "last"), "x")), 1);
    assert_null(json_object_get(second, "n"));
    json_decref(j);
    free(s.text);
}

static void empty_json_is_an_empty_array(void **state)
{
    (void)state;
    struct sheet s;
    sheet_open(&s);
    struct listing *l = listing_begin(s.out, LISTING_json, columns, 4);
    listing_end(&l, "none");
    expect(&s, "[]\n");
}

static void a_long_table_prints_every_row_once(void **state)
{
    (void)state;
    struct sheet s;
    sheet_open(&s);
    struct listing *l = listing_begin(s.out, LISTING_table, columns, 4);
    const int rows = LISTING_HELD_ROWS * 2 + 7;
    for (int i = 0; i < rows; i++)
        row(l, "x", i, "y");
    assert_int_equal(listing_end(&l, ""), rows);
    fclose(s.out);
    int lines = 0;
    for (const char *p = s.text; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    assert_int_equal(lines, rows + 1);
    assert_non_null(strstr(s.text, "x     2006  y\n"));
    free(s.text);
}

static void times_are_local_for_people_and_rfc3339_for_programs(void **state)
{
    (void)state;
    static const struct listing_column one[] = {{"at", "at", false}};
    struct zone *z;
    struct fault why;
    assert_int_equal(zone_open(STR("+08:00"), &z, &why), ERR_OK);
    struct sheet s;
    sheet_open(&s);
    struct listing *l = listing_begin(s.out, LISTING_table, one, 1);
    listing_time(l, 0, z);
    listing_time(l, INT64_C(1772434800000), z);
    listing_end(&l, "");
    expect(&s, "at\n\n2026-03-02 15:00\n");
    sheet_open(&s);
    l = listing_begin(s.out, LISTING_csv, one, 1);
    listing_time(l, INT64_C(1772434800000), z);
    listing_end(&l, "");
    expect(&s, "at\r\n2026-03-02T15:00:00+08:00\r\n");
    zone_close(&z);
}

static void a_key_of_a_row_never_moves_the_terminal(void **state)
{
    (void)state;
    struct key k = key_of(STR("C1\x1b[2J"));
    struct buf b = {0};
    key_str(&k, STR("\xe5\x82"));
    key_str(&k, STR("催辦"));
    view_print_key(&b, "case, name, unit", &k, NULL);
    buf_put(&b, "", 1);
    assert_string_equal((char *)b.p, "C1?[2J / ?? / 催辦");
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_of_a_row_never_moves_the_terminal),
        cmocka_unit_test(a_chinese_character_takes_two_columns),
        cmocka_unit_test(no_control_character_reaches_a_terminal),
        cmocka_unit_test(an_empty_table_says_so),
        cmocka_unit_test(csv_quotes_and_disarms_formulas),
        cmocka_unit_test(json_is_one_array_without_absent_members),
        cmocka_unit_test(empty_json_is_an_empty_array),
        cmocka_unit_test(a_long_table_prints_every_row_once),
        cmocka_unit_test(times_are_local_for_people_and_rfc3339_for_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
