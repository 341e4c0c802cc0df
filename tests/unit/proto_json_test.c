/* proto_json_test.c - what people write is taken when it is right and answered when it is not:
 * INT-104. Facts come in as CloudEvents, records of a log go out as CloudEvents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/calendar.h"
#include "common/contract.h"
#include "proto/proto.h"

#define FAULTS_MAX 8

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

struct read {
    enum err e;
    uint32_t count;
    struct fault faults[FAULTS_MAX];
};

static struct read read_object(const struct shape *s, const char *json, void *obj)
{
    struct read r = {0};
    json_t *in = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(in);
    r.e = proto_from_json(s, in, &arena, obj, r.faults, FAULTS_MAX, &r.count);
    json_decref(in);
    return r;
}

static struct read read_fact(struct str line, struct rec_fact *out)
{
    struct read r = {0};
    r.e = fact_from_json(line, &arena, out, r.faults, FAULTS_MAX, &r.count);
    return r;
}

/* ---- objects ---- */

static void every_type_is_read_and_written(void **state)
{
    (void)state;
    static const char json[] =
        "{\"call_no\":\"C1\",\"received_at\":\"2026-03-02T01:00:00Z\",\"channel\":\"phone\","
        "\"customer_name\":\"台北 \\\"甲\\\" "
        "公司\",\"distance_m\":12500,\"due_day\":\"2026-03-09\"}";
    struct ev_call_registered call;
    struct read r = read_object(shape_ev_call_registered(), json, &call);
    assert_int_equal(r.e, ERR_OK);
    assert_int_equal(call.received_at, INT64_C(1772413200000));
    assert_int_equal(call.channel, channel_phone);
    assert_int_equal(call.distance_m, 12500);
    assert_int_equal(call.due_day, day_of(2026, 3, 9));
    json_t *out = proto_to_json(shape_ev_call_registered(), &call);
    json_t *want = json_loads(json, 0, NULL);
    assert_true(json_equal(out, want));
    json_decref(want);
    json_decref(out);
}

static void a_time_is_read_in_its_zone(void **state)
{
    (void)state;
    struct ev_call_registered call;
    struct read r = read_object(shape_ev_call_registered(),
                                "{\"received_at\":\"2026-03-02T09:00:00+08:00\"}", &call);
    assert_int_equal(r.e, ERR_OK);
    assert_int_equal(call.received_at, INT64_C(1772413200000));
}

static void null_and_empty_are_absent(void **state)
{
    (void)state;
    struct ev_call_registered call;
    struct read r = read_object(shape_ev_call_registered(),
                                "{\"call_no\":null,\"unit\":\"\",\"channel\":\"\",\"due_day\":\"\","
                                "\"received_at\":\"\",\"distance_m\":0}",
                                &call);
    assert_int_equal(r.e, ERR_OK);
    static const struct ev_call_registered nothing;
    struct buf a = {0}, b = {0};
    proto_encode(shape_ev_call_registered(), &call, &a);
    proto_encode(shape_ev_call_registered(), &nothing, &b);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.p, b.p, b.n);
    buf_fini(&a);
    buf_fini(&b);
}

static void money_is_exact(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        int64_t fen; /* -1: refused */
    } rows[] = {{"\"120.00\"", 12000},
                {"\"120.5\"", 12050},
                {"\"0.05\"", 5},
                {"\"007\"", 700},
                {"120", 12000},
                {"0", 0},
                {"\"10000000000.00\"", INT64_C(1000000000000)},
                {"\"10000000000.01\"", -1},
                {"\"-3\"", -1}, /* below the minimum of a price */
                {"9223372036854775807", -1},
                {"\"99999999999999999999\"", -1},
                {"1.5", -1},
                {"\"\"", -1},
                {"\"-\"", -1},
                {"\".5\"", -1},
                {"\"1.\"", -1},
                {"\"1.005\"", -1},
                {"\"1,000\"", -1},
                {"\"1e3\"", -1},
                {"\" 1\"", -1},
                {"true", -1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char json[100];
        struct rec_price_line line;
        snprintf(json, sizeof json, "{\"qty\":1,\"price\":%s}", rows[i].json);
        struct read r = read_object(shape_price_line(), json, &line);
        if ((r.e == ERR_OK) != (rows[i].fen >= 0)) fail_msg("%s: %s", json, r.faults[0].text);
        if (r.e == ERR_OK) assert_int_equal(line.price, rows[i].fen);
        if (r.e != ERR_OK) assert_string_equal(r.faults[0].field, "price");
    }
}

static void money_is_written_with_two_places(void **state)
{
    (void)state;
    static const struct {
        int64_t fen;
        const char *text;
    } rows[] = {{0, "0.00"}, {5, "0.05"}, {12050, "120.50"}, {-5, "-0.05"}, {-300, "-3.00"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rec_price_line line = {.qty = 1, .price = rows[i].fen};
        json_t *out = proto_to_json(shape_price_line(), &line);
        assert_string_equal(json_string_value(json_object_get(out, "price")), rows[i].text);
        json_decref(out);
    }
}

struct refusal {
    const char *json, *field, *code, *part; /* part: what the sentence must say */
};

static void a_wrong_field_is_named_with_what_is_right(void **state)
{
    (void)state;
    static const struct refusal rows[] = {
        {"{\"calno\":\"C\"}", "calno", "unknown_field", "did you mean \"call_no\"?"},
        {"{\"\\u0001x\":1}", "?x", "unknown_field", "no field of call.registered"},
        {"{\"call_no\":5}", "call_no", "wrong_type", "a whole number, wanted a text"},
        {"{\"call_no\":\"12345678901234567890123456789012345678901\"}", "call_no", "too_long",
         "41 bytes, at most 40"},
        {"{\"call_no\":\"a\\u0007\"}", "call_no", "control", "byte 1"},
        {"{\"distance_m\":1.0}", "distance_m", "wrong_type", "real number; write a whole number"},
        {"{\"distance_m\":-1}", "distance_m", "out_of_range",
         "-1 is not between 0 and 100000000 m"},
        {"{\"distance_m\":\"5\"}", "distance_m", "wrong_type", "a text, wanted a whole number"},
        {"{\"channel\":\"phones\"}", "channel", "unknown_word", "did you mean \"phone\"?"},
        {"{\"channel\":\"x\"}", "channel", "unknown_word", "phone, letter, visit, fax"},
        {"{\"channel\":1}", "channel", "wrong_type", "phone, letter"},
        {"{\"received_at\":\"2026-03-02T09:00:00\"}", "received_at", "time_without_zone",
         "has no zone"},
        {"{\"received_at\":\"yesterday\"}", "received_at", "not_a_time", "yesterday"},
        {"{\"received_at\":\"1970-01-01T00:00:00Z\"}", "received_at", "out_of_range",
         "leave it out"},
        {"{\"received_at\":1772413200}", "received_at", "wrong_type", "2026-03-02T09:00:00+08:00"},
        {"{\"due_day\":\"2026-02-30\"}", "due_day", "not_a_date", "2026-02-30"},
        {"{\"due_day\":\"1970-01-01\"}", "due_day", "out_of_range", "leave it out"},
        {"{\"due_day\":20260302}", "due_day", "wrong_type", "2026-03-02"},
        {"[]", "", "wrong_type", "call.registered"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ev_call_registered call;
        struct read r = read_object(shape_ev_call_registered(), rows[i].json, &call);
        const struct fault *f = &r.faults[0];
        if (r.e != ERR_REFUSED || r.count != 1 || strcmp(f->field, rows[i].field) != 0 ||
            strcmp(f->code, rows[i].code) != 0 || !strstr(f->text, rows[i].part)) {
            fail_msg("%s: %u faults, %s %s \"%s\"", rows[i].json, r.count, f->field, f->code,
                     f->text);
        }
    }
}

static void faults_of_lines_name_the_line(void **state)
{
    (void)state;
    struct ev_evidence_completed done;
    struct read r = read_object(
        shape_ev_evidence_completed(),
        "{\"call_no\":\"C\",\"parts\":[{\"part_no\":\"P\",\"qty\":1},{\"qty\":0},7,{\"part_no\":"
        "\"Q\",\"qty\":1,\"prize\":2}]}",
        &done);
    assert_int_equal(r.count, 4);
    assert_string_equal(r.faults[0].field, "parts[1].part_no");
    assert_string_equal(r.faults[0].code, "missing");
    assert_string_equal(r.faults[1].field, "parts[1].qty");
    assert_string_equal(r.faults[1].code, "out_of_range");
    assert_string_equal(r.faults[2].field, "parts[2]");
    assert_string_equal(r.faults[3].field, "parts[3].prize");
    r = read_object(shape_ev_evidence_completed(), "{\"call_no\":\"C\",\"parts\":{}}", &done);
    assert_string_equal(r.faults[0].code, "wrong_type");
}

static void faults_above_the_cap_are_counted(void **state)
{
    (void)state;
    struct ev_job_assigned job;
    struct fault one;
    uint32_t count = 0;
    json_t *in = json_loads("{\"a\":1,\"b\":2,\"call_no\":3}", 0, NULL);
    assert_int_equal(proto_from_json(shape_ev_job_assigned(), in, &arena, &job, &one, 1, &count),
                     ERR_REFUSED);
    assert_int_equal(count, 3);
    assert_int_equal(proto_from_json(shape_ev_job_assigned(), in, &arena, &job, NULL, 0, &count),
                     ERR_REFUSED);
    assert_int_equal(count, 3);
    json_decref(in);
}

/* A fault goes into refused.fact, so it has to satisfy that contract whatever was written. */
static void a_fault_can_itself_be_recorded(void **state)
{
    (void)state;
    char json[700], name[400];
    for (size_t pad = 0; pad < 8; pad++) {
        memset(name, 'x', pad);
        for (size_t i = pad; i + 3 < sizeof name - 4; i += 3)
            memcpy(name + i, "憑", 4);
        snprintf(json, sizeof json, "{\"%s\":1,\"channel\":\"\\u0002%s\"}", name, "憑憑");
        struct ev_call_registered call;
        struct read r = read_object(shape_ev_call_registered(), json, &call);
        assert_int_equal(r.count, 2);
        for (uint32_t i = 0; i < r.count; i++) {
            struct ev_refused_fact refused = {.number = 1,
                                              .rule = str_of(r.faults[i].rule),
                                              .code = str_of(r.faults[i].code),
                                              .field = str_of(r.faults[i].field),
                                              .text = str_of(r.faults[i].text)};
            assert_int_equal(proto_check(shape_ev_refused_fact(), &refused, NULL, 0), 0);
        }
    }
}

static void raw_never_comes_from_outside(void **state)
{
    (void)state;
    struct rec_fact fact;
    struct read r = read_object(shape_fact(),
                                "{\"number\":1,\"id\":\"a\",\"source\":\"s\",\"data\":\"91a0\","
                                "\"occurred\":\"2026-03-02T09:00:00+08:00\"}",
                                &fact);
    assert_int_equal(r.count, 1);
    assert_string_equal(r.faults[0].code, "not_from_outside");
}

/* ---- facts ---- */

#define ATTRIBUTES                                                                                 \
    "\"specversion\":\"1.0\",\"id\":\"f-1\",\"source\":\"tp-1\","                                  \
    "\"time\":\"2026-03-02T09:00:00+08:00\""
#define ASSIGNED "{" ATTRIBUTES ",\"type\":\"job.assigned\","

static void a_cloud_event_becomes_a_fact(void **state)
{
    (void)state;
    struct rec_fact fact;
    struct fault why;
    struct ev_job_assigned job;
    struct read r =
        read_fact(STR(ASSIGNED "\"actor\":\"chen\",\"datacontenttype\":\"application/json\","
                               "\"data\":{\"call_no\":\"C1\",\"technician\":\"T7\"}}"),
                  &fact);
    assert_int_equal(r.e, ERR_OK);
    assert_int_equal(fact.number, 201);
    assert_true(str_is(fact.id, "f-1") && str_is(fact.source, "tp-1") &&
                str_is(fact.actor, "chen"));
    assert_int_equal(fact.occurred, INT64_C(1772413200000));
    assert_int_equal(proto_check(shape_fact(), &fact, NULL, 0), 0);
    assert_int_equal(proto_decode(shape_ev_job_assigned(), fact.data, &arena, &job, &why), ERR_OK);
    assert_true(str_is(job.call_no, "C1") && str_is(job.technician, "T7"));
}

static void subject_gives_the_key_that_data_lacks(void **state)
{
    (void)state;
    struct rec_fact fact;
    struct fault why;
    struct ev_job_departed job;
    struct read r = read_fact(
        STR("{" ATTRIBUTES ",\"type\":\"job.departed\",\"subject\":\"C9\",\"data\":{}}"), &fact);
    assert_int_equal(r.e, ERR_OK);
    assert_int_equal(proto_decode(shape_ev_job_departed(), fact.data, &arena, &job, &why), ERR_OK);
    assert_true(str_is(job.call_no, "C9"));
    r = read_fact(STR("{" ATTRIBUTES ",\"type\":\"job.departed\",\"subject\":\"C9\","
                      "\"data\":{\"call_no\":\"C9\"}}"),
                  &fact);
    assert_int_equal(r.e, ERR_OK);
}

static void a_wrong_line_is_answered(void **state)
{
    (void)state;
    static const struct refusal rows[] = {
        {"", "", "json", ""},
        {"7", "", "json", ""},
        {"[]", "", "json", "one object"},
        {"{", "", "json", ""},
        {ASSIGNED "\"data\":{\"call_no\":\"C\"}} x", "", "json", ""},
        {ASSIGNED "\"data\":{\"call_no\":\"C\",\"call_no\":\"D\"}}", "", "json", "duplicate"},
        {ASSIGNED "\"data\":{\"call_no\":\"\xff\"}}", "", "json", ""},
        {ASSIGNED "\"data\":{\"call_no\":\"\\u0000\"}}", "", "json", ""},
        {ASSIGNED "\"data\":{\"call_no\":\"C\"},\"seq\":1}", "seq", "unknown_attribute", ""},
        {ASSIGNED "\"data\":{\"call_no\":\"C\"},\"subjet\":1}", "subjet", "unknown_attribute",
         "did you mean \"subject\"?"},
        {ASSIGNED "\"data\":{\"call_no\":\"C\"},\"subject\":\"D\"}", "subject", "subject_differs",
         "\"D\" is not data.call_no"},
        {ASSIGNED "\"data\":{\"call_no\":\"C\"},\"subject\":7}", "subject", "wrong_type", ""},
        {ASSIGNED "\"data\":{\"call_no\":\"C\"},\"datacontenttype\":\"text/xml\"}",
         "datacontenttype", "wrong_value", "application/json"},
        {ASSIGNED "\"data\":7}", "data", "wrong_type", "job.assigned"},
        {ASSIGNED "\"actor\":\"x\"}", "data", "missing", "job.assigned"},
        {ASSIGNED "\"data\":{}}", "call_no", "missing", "the call"},
        {"{" ATTRIBUTES ",\"data\":{}}", "type", "missing", "call.registered"},
        {"{" ATTRIBUTES ",\"type\":\"job.asigned\",\"data\":{}}", "type", "unknown_type",
         "did you mean \"job.assigned\"?"},
        {"{" ATTRIBUTES ",\"type\":\"job.created\",\"data\":{}}", "type", "verdict_only",
         "services"},
        {"{" ATTRIBUTES ",\"type\":\"refused.fact\",\"data\":{}}", "type", "verdict_only", ""},
        {"{\"id\":\"f\",\"source\":\"s\",\"time\":\"2026-03-02T09:00:00+08:00\",\"type\":"
         "\"job.departed\",\"data\":{\"call_no\":\"C\"}}",
         "specversion", "missing", "1.0"},
        {"{\"specversion\":\"1.0\",\"source\":\"s\",\"time\":\"2026-03-02T09:00:00+08:00\","
         "\"type\":"
         "\"job.departed\",\"data\":{\"call_no\":\"C\"}}",
         "id", "missing", "sender's own id"},
        {"{\"specversion\":\"1.0\",\"id\":\"f\",\"source\":\"s\",\"type\":\"job.departed\","
         "\"data\":{\"call_no\":\"C\"}}",
         "time", "missing", "when it happened"},
        {"{\"specversion\":\"1.0\",\"id\":\"f\",\"source\":\"s\",\"time\":\"2026-03-02T09:00:00\","
         "\"type\":\"job.departed\",\"data\":{\"call_no\":\"C\"}}",
         "time", "time_without_zone", "no zone"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rec_fact fact;
        struct read r = read_fact(str_of(rows[i].json), &fact);
        const struct fault *f = &r.faults[0];
        if (r.e != ERR_REFUSED || r.count != 1 || strcmp(f->field, rows[i].field) != 0 ||
            strcmp(f->code, rows[i].code) != 0 || !strstr(f->text, rows[i].part)) {
            fail_msg("%s: %u faults, %s %s \"%s\"", rows[i].json, r.count, f->field, f->code,
                     f->text);
        }
    }
}

static void all_faults_of_a_line_come_at_once(void **state)
{
    (void)state;
    struct rec_fact fact;
    struct read r =
        read_fact(STR("{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"s\",\"type\":"
                      "\"call.registered\",\"time\":\"now\",\"data\":{\"channel\":\"tv\","
                      "\"distance_m\":-5}}"),
                  &fact);
    assert_int_equal(r.count, 4);
    assert_string_equal(r.faults[0].field, "id");
    assert_string_equal(r.faults[1].field, "time");
    assert_string_equal(r.faults[2].field, "channel");
    assert_string_equal(r.faults[3].field, "distance_m");
}

static void a_line_is_bounded_before_it_is_parsed(void **state)
{
    (void)state;
    struct rec_fact fact;
    struct buf line = {0};
    for (int i = 0; i < 33; i++)
        buf_put(&line, "[", 1);
    struct read r = read_fact((struct str){(const char *)line.p, (uint32_t)line.n}, &fact);
    assert_string_equal(r.faults[0].code, "too_deep");
    buf_clear(&line);
    buf_put(&line, "{\"x\":\"", 6); /* brackets inside of texts do not count */
    for (int i = 0; i < 40; i++)
        buf_put(&line, "[\\\"", 3);
    buf_put(&line, "\"}", 2);
    r = read_fact((struct str){(const char *)line.p, (uint32_t)line.n}, &fact);
    assert_string_equal(r.faults[0].code, "unknown_attribute");
    while (line.n <= JSON_LINE_MAX)
        buf_put(&line, "                ", 16);
    r = read_fact((struct str){(const char *)line.p, (uint32_t)line.n}, &fact);
    assert_string_equal(r.faults[0].code, "too_long");
    buf_fini(&line);
}

/* ---- records of a log ---- */

static struct slice data_of(const struct shape *s, const void *obj)
{
    struct buf out = {0};
    proto_encode(s, obj, &out);
    struct slice copy = arena_copy(&arena, buf_slice(&out));
    buf_fini(&out);
    return copy;
}

static void assert_entry(const struct rec_entry *e, const char *want)
{
    json_t *out = entry_to_json("dispatch", e, &arena);
    char *text = json_dumps(out, JSON_COMPACT);
    assert_string_equal(text, want);
    free(text);
    json_decref(out);
}

static void a_record_goes_out_as_a_cloud_event(void **state)
{
    (void)state;
    struct ev_job_departed job = {.call_no = STR("C1"), .technician = STR("陳")};
    struct rec_entry e = {.seq = 7,
                          .now = INT64_C(1772413200500),
                          .number = 206,
                          .occurred = INT64_C(1772413200000),
                          .received = INT64_C(1772413201000),
                          .id = STR("f-1"),
                          .source = STR("tp-1"),
                          .actor = STR("chen"),
                          .cause_log = OWNER_intake,
                          .cause_seq = 12,
                          .rule = STR("DSP-002"),
                          .policy = 3,
                          .data = data_of(shape_ev_job_departed(), &job)};
    assert_entry(&e,
                 "{\"specversion\":\"1.0\",\"id\":\"f-1\",\"source\":\"tp-1\",\"type\":"
                 "\"job.departed\",\"time\":\"2026-03-02T01:00:00Z\",\"subject\":\"C1\",\"data\":"
                 "{\"call_no\":\"C1\",\"technician\":\"陳\"},\"actor\":\"chen\",\"seq\":7,\"now\":"
                 "\"2026-03-02T01:00:00.500Z\",\"received\":\"2026-03-02T01:00:01Z\",\"rule\":"
                 "\"DSP-002\",\"policy\":3,\"cause\":\"intake:12\"}");
}

static void a_refused_fact_shows_the_fields_it_had(void **state)
{
    (void)state;
    struct ev_job_departed job = {.call_no = STR("C1")};
    struct ev_refused_fact refused = {.number = 206,
                                      .subject = STR("C1"),
                                      .rule = STR("DSP-002"),
                                      .code = STR("state"),
                                      .text = STR("no"),
                                      .data = data_of(shape_ev_job_departed(), &job)};
    struct rec_entry e = {.seq = 8,
                          .now = INT64_C(1772413200000),
                          .number = 7,
                          .data = data_of(shape_ev_refused_fact(), &refused)};
    assert_entry(&e,
                 "{\"specversion\":\"1.0\",\"id\":\"dispatch:8\",\"source\":\"cuiban/dispatch\","
                 "\"type\":\"refused.fact\",\"time\":\"2026-03-02T01:00:00Z\",\"subject\":\"C1\","
                 "\"data\":{\"number\":206,\"subject\":\"C1\",\"rule\":\"DSP-002\",\"code\":"
                 "\"state\",\"text\":\"no\",\"data\":{\"call_no\":\"C1\"}},\"seq\":8,\"now\":"
                 "\"2026-03-02T01:00:00Z\"}");
}

static void bytes_that_mean_nothing_go_out_as_they_are(void **state)
{
    (void)state;
    struct slice data = {(const uint8_t *)"\x91\x01", 2};
    struct rec_entry e = {.seq = 9, .now = INT64_C(1772413200000), .number = 65000, .data = data};
    assert_entry(&e,
                 "{\"specversion\":\"1.0\",\"id\":\"dispatch:9\",\"source\":\"cuiban/dispatch\","
                 "\"type\":\"unknown.65000\",\"time\":\"2026-03-02T01:00:00Z\",\"data_base64\":"
                 "\"kQE=\",\"seq\":9,\"now\":\"2026-03-02T01:00:00Z\"}");
    e.number = 206;
    e.id = STR("x");
    e.source = STR("y");
    assert_entry(&e, "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"y\",\"type\":"
                     "\"job.departed\",\"time\":\"2026-03-02T01:00:00Z\",\"data_base64\":\"kQE=\","
                     "\"seq\":9,\"now\":\"2026-03-02T01:00:00Z\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read_and_written),
        cmocka_unit_test(a_time_is_read_in_its_zone),
        cmocka_unit_test(null_and_empty_are_absent),
        cmocka_unit_test(money_is_exact),
        cmocka_unit_test(money_is_written_with_two_places),
        cmocka_unit_test(a_wrong_field_is_named_with_what_is_right),
        cmocka_unit_test(faults_of_lines_name_the_line),
        cmocka_unit_test(faults_above_the_cap_are_counted),
        cmocka_unit_test(a_fault_can_itself_be_recorded),
        cmocka_unit_test(raw_never_comes_from_outside),
        cmocka_unit_test(a_cloud_event_becomes_a_fact),
        cmocka_unit_test(subject_gives_the_key_that_data_lacks),
        cmocka_unit_test(a_wrong_line_is_answered),
        cmocka_unit_test(all_faults_of_a_line_come_at_once),
        cmocka_unit_test(a_line_is_bounded_before_it_is_parsed),
        cmocka_unit_test(a_record_goes_out_as_a_cloud_event),
        cmocka_unit_test(a_refused_fact_shows_the_fields_it_had),
        cmocka_unit_test(bytes_that_mean_nothing_go_out_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
