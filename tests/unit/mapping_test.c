/* mapping_test.c - the mapping language: what it reads, and what it says about a mapping that is
 * wrong. Time formats and field forms are tested here too, because mappings are written in them. */
#include "common/calendar.h"
#include "services/cli/mapping.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define HEAD                                                                                       \
    "mapping: 1\ncase: no\nsource: U1\ninput:\n  missing: ['', '?']\n  zone: '+08:00'\n"           \
    "  times: ['%d/%m/%Y %H:%M', iso]\nvalues:\n  channel: {Phone: phone, '*': other}\nevents:\n"

static char path[] = "/tmp/mapping_test_XXXXXX";
static struct mapping *m;
static struct mapping_fault faults[MAPPING_FAULTS_MAX];
static uint32_t fault_count;

static enum err load(const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    mapping_close(&m);
    memset(faults, 0, sizeof faults);
    return mapping_load(path, &m, faults, MAPPING_FAULTS_MAX, &fault_count);
}

static void assert_fault(const char *text, uint32_t line, const char *field, const char *part)
{
    assert_int_equal(load(text), ERR_REFUSED);
    for (uint32_t i = 0; i < fault_count; i++) {
        bool here = faults[i].line == line && strcmp(faults[i].fault.field, field) == 0;
        if (here && strstr(faults[i].fault.text, part)) return;
    }
    mapping_print_faults(stderr, path, faults, fault_count);
    fail_msg("no fault at %s:%u about \"%s\"", field, line, part);
}

static int begin(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int end(void **state)
{
    (void)state;
    mapping_close(&m);
    return unlink(path);
}

/* ---- a right one ---- */

static void a_mapping_is_read_with_its_columns_tests_and_fields(void **state)
{
    (void)state;
    assert_int_equal(load(HEAD "  - type: job.paused\n"
                               "    when: [{column: state, like: 'Awaiting*', changed: yes}]\n"
                               "    time: [stamp, opened]\n    not_before: opened\n"
                               "    id: '{no}:paused:{@case_row}'\n"
                               "    data: {call_no: '{no}', reason: ['{state}', none given]}\n"),
                     ERR_OK);
    const struct mapping_event *e = &m->events[0];
    assert_int_equal(m->event_count, 1);
    assert_int_equal(e->type->kind, EV_job_paused);
    assert_int_equal(e->when_count, 2);
    assert_int_equal(e->time.n, 2);
    assert_int_equal(e->not_before.n, 1);
    assert_int_equal(e->id.count, 3);
    assert_int_equal(e->field_count, 2);
    assert_int_equal(e->fields[1].value.option_count, 2);
    assert_true(m->follows_cases);
    assert_int_equal(m->column_count, 4); /* no, state, stamp, opened */
}

static void braces_are_doubled_to_be_themselves(void **state)
{
    (void)state;
    assert_int_equal(
        load(HEAD "  - {type: job.resumed, time: t, id: 'a{{b}}{no}', data: {call_no: x}}\n"),
        ERR_OK);
    const struct mapping_template *t = &m->events[0].id;
    char text[16] = "";
    for (uint32_t i = 0; i < t->count; i++)
        strncat(text, t->parts[i].text.p ? t->parts[i].text.p : "", t->parts[i].text.n);
    assert_string_equal(text, "a{b}");
}

static void a_table_gives_the_word_the_other_word_or_nothing(void **state)
{
    (void)state;
    struct str s = STR("Phone");
    assert_int_equal(load(HEAD "  - {type: job.resumed, time: t, id: x, data: {call_no: x}}\n"),
                     ERR_OK);
    assert_int_equal(mapping_look_up(&m->tables[0], &s), ERR_OK);
    assert_true(str_is(s, "phone"));
    s = STR("Pigeon");
    assert_int_equal(mapping_look_up(&m->tables[0], &s), ERR_OK);
    assert_true(str_is(s, "other"));
}

/* ---- wrong ones: each fault has its line, and says what would be right ---- */

#define E(fields)                                                                                  \
    HEAD "  - {type: job.paused, time: t, id: x, data: {call_no: x, reason: y}" fields "}\n"

static void a_fault_names_line_and_place_and_the_nearest_word(void **state)
{
    (void)state;
    assert_fault(HEAD "  - type: call.registred\n    time: t\n    id: x\n", 11, "events[0].type",
                 "did you mean \"call.registered\"");
    assert_fault(HEAD "  - type: job.paused\n    time: t\n    id: x\n    data:\n      call_no: x\n"
                      "      reasn: y\n",
                 16, "events[0].data.reasn", "did you mean \"reason\"");
    assert_fault(E(", onec: yes"), 11, "events[0].onec", "did you mean \"once\"");
    assert_fault(
        HEAD "  - {type: call.registered, time: t, id: x, data: {channel: {value: '{c}', table: "
             "chanel}}}\n",
        11, "events[0].data.channel.table", "did you mean \"channel\"");
    assert_fault(E(", when: [{column: a, iss: b}]"), 11, "events[0].when[0].iss",
                 "did you mean \"is\"");
}

static void what_is_missing_or_twice_is_a_fault(void **state)
{
    (void)state;
    assert_fault(HEAD "  - {type: job.paused, time: t, id: x, data: {call_no: x}}\n", 11,
                 "events[0].data", "needs the field reason");
    assert_fault(HEAD "  - {type: job.resumed, time: t, data: {call_no: x}}\n", 11, "events[0]",
                 "id is missing");
    assert_fault(HEAD "  - {type: job.resumed, id: x, data: {call_no: x}}\n", 11, "events[0]",
                 "exactly one of time");
    assert_fault(HEAD "  - {type: job.resumed, time: t, early: yes, id: x, data: {call_no: x}}\n",
                 11, "events[0]", "exactly one of time");
    assert_fault(HEAD "  - {type: job.resumed, time: t, id: x, data: {call_no: x, call_no: y}}\n",
                 11, "events[0].data.call_no", "twice");
    assert_fault(
        "mapping: 1\ninput: {zone: UTC}\nevents:\n  - {type: job.resumed, time: t, id: x, data: "
        "{call_no: x}}\n",
        4, "events[0]", "source is missing");
    assert_fault("mapping: 1\nsource: U\ninput: {times: iso}\nevents: []\n", 3, "input",
                 "zone is missing");
    assert_fault("mapping: 2\ninput: {zone: UTC}\nevents: []\n", 1, "", "mapping: 1 is wanted");
}

static void words_of_the_mapping_are_tried_against_the_contract(void **state)
{
    (void)state;
    assert_fault(HEAD "  - {type: call.registered, time: t, id: x, data: {channel: telephone}}\n",
                 11, "events[0].data.channel", "none of phone, letter");
    assert_fault(HEAD "  - {type: promise.made, time: t, id: x, data: {call_no: x, due: soon}}\n",
                 11, "events[0].data.due", "no time of the form");
    assert_fault(
        HEAD "  - {type: job.reassigned, time: t, id: x, data: {call_no: x, count: {value: '{n}', "
             "default: some}}}\n",
        11, "events[0].data.count", "not a whole number");
    assert_fault(
        "mapping: 1\nsource: U\ninput: {zone: UTC}\nvalues: {c: {Phone: fone}}\nevents:\n"
        "  - {type: call.registered, time: t, id: x, data: {channel: {value: '{c}', table: c}}}\n",
        6, "events[0].data.channel", "\"fone\" is none of");
}

static void formats_zones_and_verdicts_are_checked(void **state)
{
    (void)state;
    assert_fault("mapping: 1\ninput:\n  times: '%d/%m/%Q'\n  zone: UTC\nevents: []\n", 3,
                 "input.times", "unknown part");
    assert_fault("mapping: 1\ninput:\n  times: '%H:%M'\n  zone: UTC\nevents: []\n", 3,
                 "input.times", "does not name a day");
    assert_fault("mapping: 1\ninput:\n  zone: Asia/Nowhere\nevents: []\n", 3, "input.zone",
                 "tz database");
    assert_fault(HEAD "  - {type: job.closed, time: t, id: x, data: {call_no: x, job: 1}}\n", 11,
                 "events[0].type", "not taken from outside");
    assert_fault(E(", when: [{column: a, above: many}]"), 11, "events[0].when[0].above",
                 "no number");
    assert_fault(HEAD "  - {type: job.resumed, time: t, id: 'x{no', data: {call_no: x}}\n", 11,
                 "events[0].id", "brace");
    assert_fault(
        "mapping: 1\nsource: U\ninput: {zone: UTC}\nevents:\n  - {type: job.resumed, time: t, id: "
        "'{@case_row}', data: {call_no: x}}\n",
        1, "", "need case");
}

static void broken_yaml_is_a_fault_with_its_line(void **state)
{
    (void)state;
    assert_int_equal(load("mapping: 1\ninput: [\n"), ERR_REFUSED);
    assert_int_equal(fault_count, 1);
    assert_true(faults[0].line >= 2);
    assert_non_null(strstr(faults[0].fault.text, "not YAML"));
    assert_int_equal(load(""), ERR_REFUSED);
    assert_int_equal(load("- 1\n"), ERR_REFUSED);
    assert_int_equal(mapping_load("/nowhere/x.yaml", &m, faults, 1, &fault_count), ERR_IO);
}

static void a_cycle_of_aliases_is_refused_and_ends(void **state)
{
    (void)state;
    assert_int_equal(load("&a\nmapping: 1\ninput: *a\nevents: *a\n"), ERR_REFUSED);
}

/* ---- columns of a table ---- */

static void a_column_that_is_not_there_is_named_with_its_line_and_neighbour(void **state)
{
    (void)state;
    uint32_t cells[MAPPING_COLUMNS_MAX];
    const struct str header[] = {STR("no"), STR("opened_at"), STR("x"), STR("x")};
    assert_int_equal(
        load(HEAD "  - type: job.resumed\n    time: openedat\n    id: '{x}'\n    data: {call_no: "
                  "'{no}'}\n"),
        ERR_OK);
    assert_int_equal(mapping_bind(m, header, 4, cells, faults, 8, &fault_count), ERR_REFUSED);
    assert_int_equal(fault_count, 2);
    assert_int_equal(faults[0].line, 12);
    assert_non_null(strstr(faults[0].fault.text, "did you mean \"opened_at\""));
    assert_non_null(strstr(faults[1].fault.text, "2 columns \"x\""));
}

/* ---- time formats ---- */

struct time_row {
    const char *format, *text, *utc; /* utc NULL: must not fit */
};

static void stamps_are_read_by_their_format(void **state)
{
    static const struct time_row rows[] = {
        {"%d/%m/%Y %H:%M", "29/2/2016 01:16", "2016-02-28T17:16:00Z"},
        {"%d/%m/%Y %H:%M", "29/2/2015 01:16", NULL}, /* no such day */
        {"%d/%m/%Y %H:%M", "29/2/2016 01:16:00", NULL},
        {"%d/%m/%Y %H:%M", "29/2/2016 24:00", NULL},
        {"%m/%d/%Y %I:%M:%S %p", "12/31/2016 12:59:19 PM", "2016-12-31T04:59:19Z"},
        {"%m/%d/%Y %I:%M:%S %p", "12/31/2016 12:59:19 AM", "2016-12-30T16:59:19Z"},
        {"%m/%d/%Y %I:%M:%S %p", "1/1/2017 1:02:03pm", "2017-01-01T05:02:03Z"},
        {"%m/%d/%Y %I:%M:%S %p", "01/01/2017 13:02:03 PM", NULL},
        {"%Y/%m/%d %p %I:%M", "2016/3/1 下午 03:05", "2016-03-01T07:05:00Z"},
        {"%EY/%m/%d", "113/05/01", "2024-04-30T16:00:00Z"},
        {"%Y年%m月%d日", "2016年2月9日", "2016-02-08T16:00:00Z"},
        {"%Y%m%d%H%M%S", "20160229011659", "2016-02-28T17:16:59Z"},
        {"%d-%b-%y %H:%M", "9-Mar-68 00:00", "2068-03-08T16:00:00Z"},
        {"%a, %d %b %Y %H:%M:%S %z", "Tue, 01 March 2016 10:00:00 -0500", "2016-03-01T15:00:00Z"},
        {"%Y-%m-%d %H:%M:%S%f", "2016-03-01 10:00:00,1239", "2016-03-01T02:00:00.123Z"},
        {"%Y-%m-%d %H:%M:%S%f", "2016-03-01 10:00:00", "2016-03-01T02:00:00Z"},
        {"%Y-%m-%d %H:%M:%S.%f", "2016-03-01 10:00:00.5", "2016-03-01T02:00:00.500Z"},
        {"%s", "1456826400", "2016-03-01T10:00:00Z"},
        {"%L", "1456826400123", "2016-03-01T10:00:00.123Z"},
        {"iso", "2016-03-01", "2016-02-29T16:00:00Z"},
        {"iso", "2016-3-1 9:05", "2016-03-01T01:05:00Z"},
        {"iso", "2016-03-01T09:05:07.25Z", "2016-03-01T09:05:07.250Z"},
        {"iso", "2016-03-01T09:05:07+01:00", "2016-03-01T08:05:07Z"},
        {"iso", "2016-03-01T09:05:07+0130", "2016-03-01T07:35:07Z"},
        {"iso", "2016-03-01T09:05:07 CET", NULL},
        {"iso", "2016-13-01", NULL},
        {"iso", "", NULL},
    };
    struct zone *zone = NULL;
    (void)state;
    assert_int_equal(zone_open(STR("+08:00"), &zone, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct timeform_stamp s;
        char got[40];
        assert_int_equal(timeform_check(str_of(rows[i].format), NULL), ERR_OK);
        enum err e = timeform_read(str_of(rows[i].format), str_of(rows[i].text), &s);
        if ((e == ERR_OK) != (rows[i].utc != NULL)) fail_msg("row %zu: %s", i, rows[i].text);
        if (e != ERR_OK) continue;
        time_format(timeform_utc(&s, zone), NULL, got);
        assert_string_equal(got, rows[i].utc);
    }
    zone_close(&zone);
}

/* ---- numbers ---- */

static void numbers_are_exact_or_refused(void **state)
{
    static const struct {
        const char *text;
        int64_t scale, value;
        enum err e;
    } rows[] = {{"12", 1, 12, ERR_OK},
                {"-74789.12", 100, -7478912, ERR_OK},
                {"-6", -1, 6, ERR_OK},
                {"6", -1, -6, ERR_OK},
                {"4.0", 1, 4, ERR_OK},
                {"4.5", 1, 4, ERR_STALE},
                {"12.345", 1000, 12345, ERR_OK},
                {"0.000001", 1000000, 1, ERR_OK},
                {"1,234", 1, 0, ERR_REFUSED},
                {"", 1, 0, ERR_REFUSED},
                {".", 1, 0, ERR_REFUSED},
                {"1e3", 1, 0, ERR_REFUSED},
                {"9223372036854775807", 1, INT64_MAX, ERR_OK},
                {"9223372036854775808", 1, 0, ERR_FULL},
                {"9223372036854775807", 100, 0, ERR_FULL}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t x = 0;
        assert_int_equal(fieldform_number(str_of(rows[i].text), rows[i].scale, &x), rows[i].e);
        if (rows[i].e == ERR_OK || rows[i].e == ERR_STALE) assert_int_equal(x, rows[i].value);
    }
}

static void the_mappings_that_are_shipped_are_right(void **state)
{
    static const char *const shipped[] = {"deploy/mappings/civic-requests-boston.yaml",
                                          "deploy/mappings/field-dispatch-sf.yaml",
                                          "deploy/mappings/itsm-incidents.yaml",
                                          "deploy/mappings/parts-ledger.yaml",
                                          "deploy/mappings/call-survey.yaml",
                                          "deploy/mappings/staff-absence.yaml",
                                          "deploy/mappings/example.yaml"};
    (void)state;
    for (size_t i = 0; i < sizeof shipped / sizeof shipped[0]; i++) {
        struct mapping *one = NULL;
        enum err e = mapping_load(shipped[i], &one, faults, MAPPING_FAULTS_MAX, &fault_count);
        if (e != ERR_OK) mapping_print_faults(stderr, shipped[i], faults, fault_count);
        assert_int_equal(e, ERR_OK);
        mapping_close(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mapping_is_read_with_its_columns_tests_and_fields),
        cmocka_unit_test(braces_are_doubled_to_be_themselves),
        cmocka_unit_test(a_table_gives_the_word_the_other_word_or_nothing),
        cmocka_unit_test(a_fault_names_line_and_place_and_the_nearest_word),
        cmocka_unit_test(what_is_missing_or_twice_is_a_fault),
        cmocka_unit_test(words_of_the_mapping_are_tried_against_the_contract),
        cmocka_unit_test(formats_zones_and_verdicts_are_checked),
        cmocka_unit_test(broken_yaml_is_a_fault_with_its_line),
        cmocka_unit_test(a_cycle_of_aliases_is_refused_and_ends),
        cmocka_unit_test(a_column_that_is_not_there_is_named_with_its_line_and_neighbour),
        cmocka_unit_test(stamps_are_read_by_their_format),
        cmocka_unit_test(numbers_are_exact_or_refused),
        cmocka_unit_test(the_mappings_that_are_shipped_are_right),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
