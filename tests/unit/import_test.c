/* import_test.c - files in, facts out: order, once, conditions, rejects; then the real data, when
 * it is there. Facts are compared as "type time id data". */
#include "common/calendar.h"
#include "services/cli/import.h"
#include <fcntl.h>
#include <iconv.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define OUT_BYTES 8192

static char dir[] = "/tmp/import_test_XXXXXX";
static char out[OUT_BYTES];     /* the facts of the last run, one a line */
static char rejects[OUT_BYTES]; /* its rejects, "line type field code" */
static struct import_counts counts;
static struct mapping_fault faults[8];
static uint32_t fault_count;
static struct fault why;

static const char *file(const char *name)
{
    static char paths[4][128];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", dir, name);
    return path;
}

static const char *write_file(const char *name, const char *bytes, size_t n)
{
    const char *path = file(name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
    return path;
}

static const char *text_file(const char *name, const char *text)
{
    return write_file(name, text, strlen(text));
}

static void on_reject(void *user, const struct import_reject *r)
{
    size_t n = strlen(rejects);
    (void)user;
    snprintf(rejects + n, sizeof rejects - n, "%llu %s %s %s\n", (unsigned long long)r->line,
             r->type[0] ? r->type : "row", r->fault.field[0] ? r->fault.field : "-", r->fault.code);
}

static void print_fact(struct slice bytes, struct arena *a)
{
    struct rec_fact fact;
    char time[40];
    size_t n = strlen(out);
    assert_int_equal(proto_decode(shape_fact(), bytes, a, &fact, &why), ERR_OK);
    const struct event_type *type = event_by_number(fact.number);
    void *obj = arena_take(a, type->shape()->size);
    assert_int_equal(proto_decode(type->shape(), fact.data, a, obj, &why), ERR_OK);
    json_t *j = proto_to_json(type->shape(), obj);
    char *data = json_dumps(j, JSON_COMPACT);
    time_format(fact.occurred, NULL, time);
    snprintf(out + n, sizeof out - n, "%s %s %.*s %s\n", type->type, time, STR_ARG(fact.id), data);
    free(data);
    json_decref(j);
}

static enum err run(struct import_options o)
{
    struct import *i = NULL;
    struct slice fact;
    struct arena a = {0};
    int64_t t;
    out[0] = rejects[0] = 0;
    why = (struct fault){0};
    memset(faults, 0, sizeof faults);
    o.on_reject = on_reject;
    enum err e = import_open(&o, &i, faults, 8, &fault_count);
    if (e != ERR_OK) return e;
    while ((e = import_next(i, &fact, &t, &why)) == ERR_OK) {
        arena_reset(&a);
        print_fact(fact, &a);
    }
    counts = *import_counts(i);
    import_close(&i);
    arena_fini(&a);
    return e;
}

static struct mapping *load(const char *text)
{
    struct mapping *m = NULL;
    const char *path = text_file("m.yaml", text);
    enum err e = mapping_load(path, &m, faults, 8, &fault_count);
    if (e != ERR_OK) mapping_print_faults(stderr, path, faults, fault_count);
    assert_int_equal(e, ERR_OK);
    return m;
}

static enum err run_csv(const char *mapping, const char *a, const char *b)
{
    const char *paths[] = {a, b};
    struct mapping *m = load(mapping);
    enum err e =
        run((struct import_options){.paths = paths, .path_count = b ? 2 : 1, .mapping = m});
    mapping_close(&m);
    return e;
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int end(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", dir);
    return system(command);
}

#define HEAD                                                                                       \
    "mapping: 1\ncase: no\nsource: U1\ninput: {missing: '?', zone: UTC, times: '%Y-%m-%d "         \
    "%H:%M'}\n"                                                                                    \
    "events:\n"
#define RESUMED                                                                                    \
    HEAD "  - {type: job.resumed, time: at, id: '{no}:{@line}', data: {call_no: '{no}'}}\n"

/* ---- order ---- */

static void
facts_come_in_order_of_time_over_all_files_and_equal_times_in_order_of_rows(void **state)
{
    (void)state;
    const char *a =
        text_file("a.csv", "no,at\nA,2026-01-02 00:00\nB,2026-01-01 00:00\nC,2026-01-02 00:00\n");
    const char *b = text_file("b.csv", "at,x,no\n2026-01-01 00:00,,D\n2025-12-31 23:59,,E\n");
    assert_int_equal(run_csv(RESUMED, a, b), ERR_END);
    assert_string_equal(out, "job.resumed 2025-12-31T23:59:00Z E:3 {\"call_no\":\"E\"}\n"
                             "job.resumed 2026-01-01T00:00:00Z B:3 {\"call_no\":\"B\"}\n"
                             "job.resumed 2026-01-01T00:00:00Z D:2 {\"call_no\":\"D\"}\n"
                             "job.resumed 2026-01-02T00:00:00Z A:2 {\"call_no\":\"A\"}\n"
                             "job.resumed 2026-01-02T00:00:00Z C:4 {\"call_no\":\"C\"}\n");
    assert_int_equal(counts.rows, 5);
    assert_int_equal(counts.by_kind[EV_job_resumed], 5);
}

static void once_sends_the_earliest_of_equal_id_and_counts_the_others(void **state)
{
    (void)state;
    assert_int_equal(
        run_csv(HEAD "  - {type: job.resumed, time: at, once: yes, id: '{no}', data: {call_no: "
                     "'{what}'}}\n",
                text_file("a.csv", "no,at,what\nA,2026-01-02 00:00,second\nA,2026-01-01 00:00,first"
                                   "\nA,2026-01-01 00:00,third\n"),
                NULL),
        ERR_END);
    assert_string_equal(out, "job.resumed 2026-01-01T00:00:00Z A {\"call_no\":\"first\"}\n");
    assert_int_equal(counts.repeated, 2);
    assert_int_equal(counts.facts, 1);
    assert_int_equal(counts.last_ms, INT64_C(1767225600000)); /* not that of the one dropped */
}

static void early_comes_before_everything_with_the_earliest_time(void **state)
{
    (void)state;
    assert_int_equal(
        run_csv(RESUMED "  - {type: unit.upserted, early: yes, once: yes, id: '{no}', data: {unit: "
                        "'{no}'}}\n",
                text_file("a.csv", "no,at\nA,2026-01-02 00:00\nA,2026-01-01 00:00\n"), NULL),
        ERR_END);
    assert_string_equal(out, "unit.upserted 2026-01-01T00:00:00Z A {\"unit\":\"A\"}\n"
                             "job.resumed 2026-01-01T00:00:00Z A:3 {\"call_no\":\"A\"}\n"
                             "job.resumed 2026-01-02T00:00:00Z A:2 {\"call_no\":\"A\"}\n");
    assert_int_equal(run_csv(HEAD
                             "  - {type: unit.upserted, early: yes, id: x, data: {unit: '{no}'}}\n",
                             text_file("a.csv", "no\nA\n"), NULL),
                     ERR_REFUSED);
    assert_string_equal(why.code, "no_time");
    assert_int_equal(
        run_csv(HEAD
                "  - {type: unit.upserted, at: '2026-03-01 08:00', id: x, data: {unit: '{no}'}}\n",
                text_file("a.csv", "no\nA\n"), NULL),
        ERR_END);
    assert_string_equal(out, "unit.upserted 2026-03-01T08:00:00Z x {\"unit\":\"A\"}\n");
}

static void a_time_is_moved_by_its_bounds_and_taken_from_the_first_column_present(void **state)
{
    (void)state;
    assert_int_equal(
        run_csv(
            HEAD
            "  - {type: job.resumed, time: [a, b], not_before: low, not_after: high, id: '{no}', "
            "data: {call_no: x}}\n",
            text_file("a.csv", "no,a,b,low,high\n"
                               "1,?,2026-01-01 01:00,,\n"
                               "2,2026-01-01 02:00,2026-01-01 01:00,2026-01-01 03:00,?\n"
                               "3,2026-01-01 09:00,,,2026-01-01 04:00\n"),
            NULL),
        ERR_END);
    assert_string_equal(out, "job.resumed 2026-01-01T01:00:00Z 1 {\"call_no\":\"x\"}\n"
                             "job.resumed 2026-01-01T03:00:00Z 2 {\"call_no\":\"x\"}\n"
                             "job.resumed 2026-01-01T04:00:00Z 3 {\"call_no\":\"x\"}\n");
}

static void a_time_has_its_clock_in_a_column_of_its_own_and_durations_added(void **state)
{
    (void)state;
    const char *mapping =
        HEAD "  - {type: job.resumed, time: day, clock: clock, plus: [waited, worked], id: '{no}', "
             "data: {call_no: x}}\n";
    assert_int_equal(run_csv(mapping,
                             text_file("a.csv", "no,day,clock,waited,worked\n"
                                                "1,2026-01-01,08:00,,\n"
                                                "2,2026-01-01,08:00,75,0:01:15\n"
                                                "3,2026-01-01,23:59,?,25:00:00\n"
                                                "4,2026-01-04 10:00,,1,\n"),
                             NULL),
                     ERR_END);
    assert_string_equal(out, "job.resumed 2026-01-01T08:00:00Z 1 {\"call_no\":\"x\"}\n"
                             "job.resumed 2026-01-01T08:02:30Z 2 {\"call_no\":\"x\"}\n"
                             "job.resumed 2026-01-03T00:59:00Z 3 {\"call_no\":\"x\"}\n"
                             "job.resumed 2026-01-04T10:00:01Z 4 {\"call_no\":\"x\"}\n");
    assert_int_equal(run_csv(mapping,
                             text_file("a.csv", "no,day,clock,waited,worked\n"
                                                "1,2026-01-01,8,,\n"
                                                "2,2026-01-01,08:00,1:15,\n"
                                                "3,2026-01-01,08:00,-1,\n"
                                                "4,2026-01-01,08:00,0:60:00,\n"
                                                "5,2026-01-01,08:00,:01:00,\n"
                                                "6,2026-01-01,08:00,,99999999999999999999\n"
                                                "7,2026-01-01,08:00,1:00:00:00,\n"),
                             NULL),
                     ERR_END);
    assert_string_equal(out, "");
    assert_string_equal(rejects, "2 job.resumed day time_invalid\n"
                                 "3 job.resumed plus duration_invalid\n"
                                 "4 job.resumed plus duration_invalid\n"
                                 "5 job.resumed plus duration_invalid\n"
                                 "6 job.resumed plus duration_invalid\n"
                                 "7 job.resumed plus duration_invalid\n"
                                 "8 job.resumed plus duration_invalid\n");
}

/* ---- conditions ---- */

static void assert_rows(const char *when, const char *rows)
{
    char mapping[1024];
    snprintf(mapping, sizeof mapping,
             "%s  - {type: job.resumed, time: at, id: '{@line}', when: %s, data: "
             "{call_no: x}}\n",
             HEAD, when);
    const char *table = text_file("w.csv", "no,at,state,n,until\n"
                                           "A,2026-01-01 00:01,New,0,?\n"
                                           "A,2026-01-01 00:02,Waiting part,1,2026-01-01 00:02\n"
                                           "B,2026-01-01 00:03,Waiting user,2,2026-01-01 00:09\n"
                                           "A,2026-01-01 00:04,Waiting part,10,2026-01-01 00:01\n"
                                           "A,2026-01-01 00:05,?,-1.5,?\n");
    assert_int_equal(run_csv(mapping, table, NULL), ERR_END);
    char got[64] = "";
    for (const char *p = out; *p; p = strchr(p, '\n') + 1) {
        char line[8];
        assert_int_equal(sscanf(p, "%*s %*s %7s", line), 1);
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s ", line);
    }
    if (strcmp(got, rows) != 0) fail_msg("%s: rows %s, wanted %s", when, got, rows);
}

static void conditions_choose_rows(void **state)
{
    (void)state;
    assert_rows("[{column: state, is: New}]", "2 ");
    assert_rows("[{column: state, is: [New, Waiting user]}]", "2 4 ");
    assert_rows("[{column: state, is_not: New}]", "3 4 5 6 ");
    assert_rows("[{column: state, like: 'Waiting*'}]", "3 4 5 ");
    assert_rows("[{column: state, not_like: 'Waiting*'}]", "2 6 ");
    assert_rows("[{column: state, present: no}]", "6 ");
    assert_rows("[{column: state, changed: yes}]", "2 3 4 6 ");
    assert_rows("[{column: state, changed: no}]", "5 ");
    assert_rows("[{first: yes}]", "2 4 ");
    assert_rows("[{first: no}]", "3 5 6 ");
    assert_rows("[{column: prev.state, like: 'Waiting*'}]", "5 6 ");
    assert_rows("[{column: prev.state, present: no}]", "2 4 ");
    assert_rows("[{column: n, above: 1}]", "4 5 ");
    assert_rows("[{column: n, at_least: 1}]", "3 4 5 ");
    assert_rows("[{column: n, below: 0}]", "6 ");
    assert_rows("[{column: n, at_most: 1}]", "2 3 6 ");
    assert_rows("[{column: n, above: 0, below: 10}]", "3 4 ");
    assert_rows("[{column: at, not_before: until}]", "3 5 ");
    assert_rows("[{column: at, not_after: until}]", "3 4 ");
    assert_rows("[{column: state, same_as: prev.state}]", "5 ");
    assert_rows("[{any: [{column: state, is: New}, {column: n, above: 5}]}]", "2 5 ");
    assert_rows(
        "[{any: [{column: n, above: 0, below: 2}, {column: state, is: Never}]}, {first: no}]",
        "3 ");
}

/* ---- values ---- */

static void values_take_the_form_of_their_field(void **state)
{
    (void)state;
    assert_int_equal(
        run_csv(
            "mapping: 1\nsource: U1\ninput: {zone: '+08:00', missing: '-'}\n"
            "values: {way: {P: phone, N: ~, '*': other}}\nevents:\n"
            "  - type: call.registered\n    time: at\n    id: '{no}'\n    data:\n"
            "      channel: {value: '{way}', table: way, default: letter}\n"
            "      phone: ['{mobile}', '{home}']\n      address: '{street} {nr}'\n"
            "      distance_m: {value: '{km}', scale: 1000}\n      received_at: '{at}'\n"
            "      due_day: '{at}'\n      fault: {value: '{f}', cut: yes}\n"
            "  - type: unit.upserted\n    time: at\n    id: 'u{no}'\n    data:\n      unit: U\n"
            "      urban: ['{street}', '{home}']\n      suburban: {value: '{list}', split: ', '}\n",
            text_file("v.csv", "no,at,way,mobile,home,street,nr,km,f,list\n"
                               "1,2026-01-01T23:30:00Z,P,-,123,Main St,5,1.25,x,\"a, b, , c\"\n"
                               "2,2026-01-02,N,9,8,-,-,,,\n3,2026-01-03,Z,,,,7,0,\"a\"\"b\",-\n"),
            NULL),
        ERR_END);
    assert_string_equal(rejects, "");
    assert_non_null(strstr(
        out,
        "\"received_at\":\"2026-01-01T23:30:00Z\",\"channel\":\"phone\",\"address\":\"Main St 5\""
        ",\"phone\":\"123\",\"fault\":\"x\",\"distance_m\":1250,\"due_day\":\"2026-01-01\""));
    assert_non_null(strstr(out, "\"channel\":\"letter\",\"phone\":\"9\""));
    assert_non_null(strstr(out, "\"channel\":\"other\",\"address\":\"7\",\"fault\":\"a\\\"b\""));
    assert_non_null(strstr(out,
                           "\"urban\":[{\"name\":\"Main St\"},{\"name\":\"123\"}],"
                           "\"suburban\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]"));
    assert_non_null(strstr(out, "u3 {\"unit\":\"U\"}"));
}

/* ---- rejects: a bad row or fact is told and never stops the rest ---- */

static void bad_rows_are_rejected_with_their_line(void **state)
{
    static const char table[] = "\xef\xbb\xbfno,at\r\n"
                                "A,2026-01-01 00:01\r\n"
                                "B,2026-01-01 00:02,extra\r\n"
                                "\r\n"
                                "C\r\n"
                                "\"D\"x,2026-01-01 00:03\r\n"
                                "E\"E,2026-01-01 00:03\r\n"
                                "F\xff,2026-01-01 00:04\r\n"
                                "\"G,2026-01-01 00:05\r\n"
                                "H,2026-01-01 00:06\r\n"
                                "\"I\r\nI\",\"2026-01-01 00:07\"\r\n"
                                "J,2026-01-01 00:08";
    (void)state;
    assert_int_equal(run_csv(RESUMED, write_file("r.csv", table, sizeof table - 1), NULL), ERR_END);
    assert_string_equal(rejects, "3 row - columns\n5 row - columns\n6 row - quote\n7 row - quote\n"
                                 "8 row - encoding\n9 row - quote\n");
    assert_string_equal(out, "job.resumed 2026-01-01T00:01:00Z A:2 {\"call_no\":\"A\"}\n"
                             "job.resumed 2026-01-01T00:06:00Z H:10 {\"call_no\":\"H\"}\n"
                             "job.resumed 2026-01-01T00:07:00Z I\nI:11 {\"call_no\":\"I\\nI\"}\n"
                             "job.resumed 2026-01-01T00:08:00Z J:13 {\"call_no\":\"J\"}\n");
    assert_int_equal(counts.rejected_rows, 6);
    assert_int_equal(counts.rejected_facts, 0);
}

static void
bad_facts_are_rejected_with_type_and_field_and_the_other_facts_of_the_row_are_kept(void **state)
{
    (void)state;
    assert_int_equal(
        run_csv(HEAD "  - {type: call.registered, time: at, id: 'r{no}', data: {call_no: '{no}', "
                     "distance_m: "
                     "'{n}', received_at: '{b}'}}\n"
                     "  - {type: job.resumed, time: at, id: 's{no}', data: {call_no: '{no}'}}\n"
                     "  - {type: job.paused, time: b, id: 'p{no}', when: [{column: n, above: 0}], "
                     "data: {call_no: "
                     "'{no}', reason: '{b}'}}\n",
                text_file("f.csv",
                          "no,at,n,b\n"
                          "1,2026-01-01 00:01,x,\n"
                          "2,2026-01-32 00:01,1,2026-01-01 00:01\n"
                          "3,2026-01-01 00:01,5,noon\n"
                          "4,2026-01-01 00:02,-5,\n"
                          "a-number-longer-than-the-forty-bytes-allowed,2026-01-01 00:03,0,\n"),
                NULL),
        ERR_END);
    assert_string_equal(rejects,
                        "2 call.registered distance_m wrong_form\n2 job.paused n not_a_number\n"
                        "3 call.registered at time_invalid\n3 job.resumed at time_invalid\n"
                        "4 call.registered received_at time_invalid\n4 job.paused b time_invalid\n"
                        "5 call.registered distance_m wrong_form\n"
                        "6 call.registered call_no too_long\n6 job.resumed call_no too_long\n");
    assert_string_equal(
        out,
        "job.resumed 2026-01-01T00:01:00Z s1 {\"call_no\":\"1\"}\n"
        "job.paused 2026-01-01T00:01:00Z p2 {\"call_no\":\"2\",\"reason\":\"2026-01-01 00:01\"}\n"
        "job.resumed 2026-01-01T00:01:00Z s3 {\"call_no\":\"3\"}\n"
        "job.resumed 2026-01-01T00:02:00Z s4 {\"call_no\":\"4\"}\n");
}

static void rejects_are_kept_in_a_file_beside_the_input_and_a_clean_import_leaves_none(void **state)
{
    (void)state;
    const char *paths[] = {text_file("k.csv", "no,at\nA\nB,never\n")};
    struct mapping *m = load(RESUMED);
    struct import_options o = {.paths = paths, .path_count = 1, .mapping = m, .keep_rejects = true};
    char line[512];
    assert_int_equal(run(o), ERR_END);
    FILE *f = fopen(file("k.csv.rejected.ndjson"), "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    assert_non_null(strstr(line, "\"line\":2,\"code\":\"columns\""));
    assert_non_null(strstr(line, "\"raw\":\"A\""));
    assert_non_null(fgets(line, sizeof line, f));
    assert_non_null(strstr(
        line, "\"line\":3,\"type\":\"job.resumed\",\"field\":\"at\",\"code\":\"time_invalid\""));
    fclose(f);
    paths[0] = text_file("k.csv", "no,at\n");
    assert_int_equal(run(o), ERR_END);
    assert_int_equal(access(file("k.csv.rejected.ndjson"), F_OK), -1);
    mapping_close(&m);
}

/* ---- files ---- */

static void what_is_wrong_with_a_file_or_its_header_is_told_before_anything_is_read(void **state)
{
    (void)state;
    assert_int_equal(run_csv(RESUMED, text_file("h.csv", "no,att\n"), NULL), ERR_REFUSED);
    assert_int_equal(faults[0].line, 6);
    assert_non_null(strstr(faults[0].fault.text, "did you mean \"att\""));
    assert_int_equal(run_csv(RESUMED, text_file("h.csv", ""), NULL), ERR_REFUSED);
    assert_int_equal(run_csv(RESUMED, file("not there"), NULL), ERR_IO);
    assert_int_equal(
        run_csv("mapping: 1\nsource: U\ninput: {zone: UTC, encoding: KLINGON}\nevents:\n  - {type: "
                "job.resumed, time: at, id: x, data: {call_no: x}}\n",
                text_file("h.csv", "no,at\n"), NULL),
        ERR_REFUSED);
    assert_string_equal(faults[0].fault.code, "encoding");
}

static const char *gz_file(const char *name, const char *text, size_t cut)
{
    const char *path = file(name);
    gzFile f = gzopen(path, "wb");
    assert_int_equal(gzwrite(f, text, (unsigned)strlen(text)), strlen(text));
    gzclose(f);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - (off_t)cut), 0);
    return path;
}

static void a_compressed_file_is_read_and_a_cut_one_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(run_csv(RESUMED, gz_file("z.csv.gz", "no,at\nA,2026-01-01 00:01\n", 0), NULL),
                     ERR_END);
    assert_int_equal(counts.facts, 1);
    enum err e = run_csv(RESUMED, gz_file("z.csv.gz", "no,at\nA,2026-01-01 00:01\n", 9), NULL);
    assert_int_equal(e, ERR_IO);
}

static void other_encodings_are_read_and_bytes_they_do_not_know_cost_one_row(void **state)
{
    static const char *const names[] = {"GB18030", "BIG5", "UTF-16"};
    const char *text = "no,at,備註\nA,2026-01-01 00:01,許功蓋\nB,2026-01-01 00:02,\"許,功\"\n";
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char bytes[256], mapping[512], *in = (char *)(uintptr_t)text, *to = bytes;
        size_t left = strlen(text), room = sizeof bytes - 1;
        iconv_t c = iconv_open(names[i], "UTF-8");
        assert_int_equal(iconv(c, &in, &left, &to, &room), 0);
        iconv_close(c);
        if (i == 1) *to++ = '\xff';
        snprintf(mapping, sizeof mapping,
                 "mapping: 1\nsource: U\ninput: {zone: UTC, encoding: %s}\nevents:\n  - {type: "
                 "job.paused, time: at, id: '{no}', data: {call_no: x, reason: '{備註}'}}\n",
                 names[i]);
        assert_int_equal(run_csv(mapping, write_file("e.csv", bytes, (size_t)(to - bytes)), NULL),
                         ERR_END);
        assert_non_null(strstr(out, "\"reason\":\"許功蓋\""));
        assert_non_null(strstr(out, "\"reason\":\"許,功\""));
        assert_string_equal(rejects, i == 1 ? "4 row - encoding\n" : "");
    }
}

static void a_file_without_header_and_with_tabs_takes_its_columns_from_the_mapping(void **state)
{
    (void)state;
    assert_int_equal(run_csv("mapping: 1\nsource: U\ninput: {zone: UTC, delimiter: tab, quote: "
                             "none, header: no, columns: "
                             "[no, at]}\nevents:\n  - {type: job.resumed, time: at, id: '{no}', "
                             "data: {call_no: '{no}'}}\n",
                             text_file("t.tsv", "5\" pipe\t2026-01-01\n"), NULL),
                     ERR_END);
    assert_string_equal(out,
                        "job.resumed 2026-01-01T00:00:00Z 5\" pipe {\"call_no\":\"5\\\" pipe\"}\n");
}

/* ---- NDJSON ---- */

#define LINE(id, at)                                                                               \
    "{\"specversion\":\"1.0\",\"id\":\"" id                                                        \
    "\",\"source\":\"U1\",\"type\":\"job.resumed\",\"time\":\"" at "\","                           \
    "\"data\":{\"call_no\":\"C\"}}\n"

static void ndjson_comes_as_it_stands_or_sorted_and_bad_lines_are_rejected(void **state)
{
    (void)state;
    const char *paths[] = {text_file(
        "n.ndjson",
        LINE("1", "2026-01-02T00:00:00Z") "\nnonsense\n" LINE("2", "2026-01-01T00:00:00Z"))};
    struct import_options o = {.paths = paths, .path_count = 1};
    assert_int_equal(run(o), ERR_END);
    assert_string_equal(out, "job.resumed 2026-01-02T00:00:00Z 1 {\"call_no\":\"C\"}\n"
                             "job.resumed 2026-01-01T00:00:00Z 2 {\"call_no\":\"C\"}\n");
    assert_string_equal(rejects, "3 row - json\n");
    o.sort = true;
    assert_int_equal(run(o), ERR_END);
    assert_string_equal(out, "job.resumed 2026-01-01T00:00:00Z 2 {\"call_no\":\"C\"}\n"
                             "job.resumed 2026-01-02T00:00:00Z 1 {\"call_no\":\"C\"}\n");
    assert_int_equal(counts.rejected_rows, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            facts_come_in_order_of_time_over_all_files_and_equal_times_in_order_of_rows),
        cmocka_unit_test(once_sends_the_earliest_of_equal_id_and_counts_the_others),
        cmocka_unit_test(early_comes_before_everything_with_the_earliest_time),
        cmocka_unit_test(a_time_is_moved_by_its_bounds_and_taken_from_the_first_column_present),
        cmocka_unit_test(a_time_has_its_clock_in_a_column_of_its_own_and_durations_added),
        cmocka_unit_test(conditions_choose_rows),
        cmocka_unit_test(values_take_the_form_of_their_field),
        cmocka_unit_test(bad_rows_are_rejected_with_their_line),
        cmocka_unit_test(
            bad_facts_are_rejected_with_type_and_field_and_the_other_facts_of_the_row_are_kept),
        cmocka_unit_test(
            rejects_are_kept_in_a_file_beside_the_input_and_a_clean_import_leaves_none),
        cmocka_unit_test(what_is_wrong_with_a_file_or_its_header_is_told_before_anything_is_read),
        cmocka_unit_test(a_compressed_file_is_read_and_a_cut_one_is_an_error),
        cmocka_unit_test(other_encodings_are_read_and_bytes_they_do_not_know_cost_one_row),
        cmocka_unit_test(a_file_without_header_and_with_tabs_takes_its_columns_from_the_mapping),
        cmocka_unit_test(ndjson_comes_as_it_stands_or_sorted_and_bad_lines_are_rejected),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
