/* dispatch_examples_test.c - the worked examples DSP-EX of dispatch section 16, computed by the
 * service itself: the facts are told at the door and the clocks, verdicts and refusals of dispatch
 * are read back. Each row is the row of the rules: id, calculation, inputs, expected. */
#include "tests/lib/calendar_fixture.h"
#include "tests/unit/dispatch_door.h"

/* One example being computed: its inputs, and the answer as it is written down. */
struct example {
    const char *inputs;
    char out[256];
};

/* ---- reading inputs, writing answers ---- */

/* A value is read into one of a few buffers, so that several can stand in one call. */
static const char *input(const struct example *x, const char *key)
{
    static char values[8][64];
    static unsigned used;
    char *value = values[used++ % COUNT_OF(values)], with[32];
    snprintf(with, sizeof with, "%s=", key);
    const char *p = strstr(x->inputs, with);
    assert_non_null(p);
    p += strlen(with);
    snprintf(value, sizeof values[0], "%.*s", (int)strcspn(p, ";"), p);
    return value;
}

static bool is(const struct example *x, const char *key, const char *value)
{
    return strcmp(input(x, key), value) == 0;
}

static void say(struct example *x, const char *key, const char *value)
{
    size_t n = strlen(x->out);
    snprintf(x->out + n, sizeof x->out - n, "%s%s=%s", n ? "; " : "", key, value);
}

/* Seconds only where the example gives them. */
static void say_at(struct example *x, const char *key, int64_t ms)
{
    char text[40];
    time_format(ms + 8 * HOUR_MS, NULL, text);
    bool seconds = strchr(x->inputs, 'T')[6] == ':'; /* Thh:mm:ss */
    text[seconds ? 19 : 16] = 0;
    say(x, key, text);
}

static void say_stopped(struct example *x, struct stage *s, const char *name)
{
    const char *end = clock_end(s, CALL, name);
    assert_true(strcmp(end, "stopped") == 0 || strcmp(end, "late") == 0);
    say(x, "on_time", strcmp(end, "stopped") == 0 ? "yes" : "no");
}

static const char *plus(const char *local, int minutes)
{
    static char texts[4][40];
    static unsigned used;
    char *text = texts[used++ % COUNT_OF(texts)];
    time_format(instant(local) + minutes * MINUTE_MS + 8 * HOUR_MS, NULL, text);
    text[19] = 0;
    return text;
}

static const char *service_of(const struct example *x)
{
    return is(x, "minutes", "420") ? "SP-APPL-SUBURB" : "SP-APPL-URBAN";
}

static struct stage *urban_call(const char *start)
{
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, start, "SP-APPL-URBAN", "");
    return s;
}

/* ---- calculations ---- */

/* A call is registered at `start`; when is its arrival due? */
static void work_due(struct example *x)
{
    struct stage *s = door_open("deploy/policy/appliance");
    queue(s, CALL, input(x, "start"), service_of(x), "");
    say_at(x, "due", clock_row(s, CALL, "job.arrival").due);
    stage_close(s);
}

static void arrival(struct example *x)
{
    struct stage *s = is(x, "boundary", "right")
                          ? door_open_changed("appliance", "appliance/services.yaml",
                                              "s/clock: working.*/&\\n    boundary: right/")
                          : door_open("deploy/policy/appliance");
    queue(s, CALL, input(x, "start"), service_of(x), "");
    fact(s, "job.assigned", plus(input(x, "start"), 1), "'technician':'T1'");
    fact(s, "job.arrived", input(x, "stop"), "");
    say_stopped(x, s, "job.arrival");
    stage_close(s);
}

/* A job that waited from `from` to `to` where waiting stops the clock: its due moves by what was
 * worked. */
static void worked(struct example *x)
{
    struct stage *s = door_open_changed("appliance", "appliance/services.yaml",
                                        "s/clock: working.*/&\\n    pause_stops_clock: yes/");
    queue(s, CALL, plus(input(x, "from"), -60), "SP-APPL-URBAN", "");
    int64_t before = clock_row(s, CALL, "job.arrival").due;
    fact(s, "job.paused", input(x, "from"), "'reason':'customer is away'");
    fact(s, "job.resumed", input(x, "to"), "");
    int64_t after = clock_row(s, CALL, "job.arrival").due;
    struct calendar *c = calendar_fixture_load("ex", NULL);
    char text[24];
    snprintf(text, sizeof text, "%d", (int)(calendar_worked(c, before, after) / MINUTE_MS));
    say(x, "minutes", text);
    calendar_close(&c);
    stage_close(s);
}

/* 30: the emergency plan after job.contingency passed; 120: arrival; 240: emergency plan. */
static void elapsed_due(struct example *x)
{
    struct stage *s = door_open("deploy/policy/it-project");
    const char *start = input(x, "start"), *name = "job.arrival";
    if (is(x, "minutes", "30")) {
        name = "contingency.activate";
        start = plus(start, -240);
    } else if (is(x, "minutes", "240")) {
        name = "job.contingency";
    }
    queue(s, CALL, start, "SP-IT-TRIAL", "");
    if (is(x, "minutes", "30")) until(s, plus(start, 241));
    say_at(x, "due", clock_row(s, CALL, name).due);
    stage_close(s);
}

/* Running again at `stop`; one second late is late enough for the emergency plan to be demanded. */
static void ontime(struct example *x)
{
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, input(x, "start"), "SP-IT-TRIAL", "");
    fact(s, "job.assigned", plus(input(x, "start"), 5), "'technician':'T1'");
    fact(s, "job.arrived", plus(input(x, "start"), 60), "");
    fact(s, "job.restored", input(x, "stop"), "");
    say_at(x, "due", clock_row(s, CALL, "job.contingency").due);
    say_stopped(x, s, "job.contingency");
    assert_int_equal(clock_count(s, "deadline.armed", "contingency.activate"), 1);
    stage_close(s);
}

/* a=call7/2026-03-02T11:20/1: the queue table, front to back. */
static void queue_order(struct example *x)
{
    struct stage *s = door_open("deploy/policy/appliance");
    const char *const keys[] = {"d", "b", "a", "c"}; /* not the order of the answer */
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        char call[16], at[32];
        int carried;
        assert_int_equal(sscanf(input(x, keys[i]), "%15[^/]/%31[^/]/%d", call, at, &carried), 3);
        queue(s, call, at, "SP-APPL-URBAN", "");
        if (carried) verdict(s, call, "2026-03-02T17:30", "carried 1 2026-03-02");
    }
    struct store *store = node_store(stage_node(s, OWNER_dispatch));
    struct slice key = {0}, value;
    char order[80] = "";
    uint8_t table = dispatch_tables[DISPATCH_QUEUE].id;
    while (store_next(store, table, key, key.n > 0, &key, &value) == ERR_OK) {
        struct key k = {.n = key.n};
        memcpy(k.b, key.p, key.n);
        struct rec_row_queue row;
        row_read(s, table, &k, shape_row_queue(), &row);
        size_t n = strlen(order);
        snprintf(order + n, sizeof order - n, "%s%.*s", n ? "," : "", STR_ARG(row.call_no));
    }
    say(x, "order", order);
    stage_close(s);
}

/* Carried over at the close of the day: the clock of the arrival is not restarted. */
static void carried_due(struct example *x)
{
    struct stage *s = urban_call(input(x, "start"));
    verdict(s, CALL, "2026-03-02T17:30", "carried 1 2026-03-02");
    assert_int_equal(clock_count(s, "deadline.armed", "job.arrival"), 1);
    say_at(x, "due", clock_row(s, CALL, "job.arrival").due);
    stage_close(s);
}

static void carryover_due(struct example *x)
{
    char start[24], text[40];
    snprintf(start, sizeof start, "%sT16:00", input(x, "day"));
    struct stage *s = urban_call(start);
    snprintf(text, sizeof text, "carried 1 %s", input(x, "day"));
    verdict(s, CALL, plus(start, 90), text);
    char due[40];
    time_format(clock_row(s, CALL, "carryover.assign").due + 8 * HOUR_MS, NULL, due);
    due[16] = 0;
    say(x, "due", due);
    stage_close(s);
}

/* The opening from which the carry-over is counted is that of the next working day. */
static void next_day(struct example *x)
{
    char start[24], text[40], opening[40];
    snprintf(start, sizeof start, "%sT16:00", input(x, "day"));
    struct stage *s = urban_call(start);
    snprintf(text, sizeof text, "carried 1 %s", input(x, "day"));
    verdict(s, CALL, plus(start, 90), text);
    time_format(clock_row(s, CALL, "carryover.assign").start + 8 * HOUR_MS, NULL, opening);
    opening[10] = 0;
    say(x, "next", opening);
    stage_close(s);
}

/* The instants written into deadline.passed, level by level. */
static void say_levels(struct example *x, struct stage *s, const char *name)
{
    size_t n = count(s, "deadline.passed"), level = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(stage_field(s, OWNER_dispatch, "deadline.passed", i, "name"), name) != 0)
            continue;
        char key[8];
        snprintf(key, sizeof key, "L%zu", ++level);
        int64_t at;
        struct fault why;
        const char *text = stage_field(s, OWNER_dispatch, "deadline.passed", i, "at");
        assert_int_equal(time_parse(str_of(text), &at, &why), ERR_OK);
        say_at(x, key, at);
        snprintf(key, sizeof key, "%zu", level);
        assert_string_equal(stage_field(s, OWNER_dispatch, "deadline.passed", i, "level"), key);
    }
}

static void esc_w(struct example *x)
{
    struct stage *s = urban_call("2026-03-02T15:00");
    char due[40];
    snprintf(due, sizeof due, "%s", input(x, "due"));
    assert_due(s, CALL, "job.arrival", due);
    until(s, "2026-03-09T00:00");
    say_levels(x, s, "job.arrival");
    stage_close(s);
}

static void esc_e(struct example *x)
{
    struct stage *s = door_open("deploy/policy/it-project");
    queue(s, CALL, plus(input(x, "due"), -240), "SP-IT-TRIAL", "");
    assert_due(s, CALL, "job.contingency", input(x, "due"));
    until(s, "2026-10-09T00:00");
    say_levels(x, s, "job.contingency");
    stage_close(s);
}

static void lead(struct example *x)
{
    struct stage *s = urban_call("2026-03-02T09:00");
    fact(s, "job.assigned", "2026-03-02T09:10",
         is(x, "lead", "none") ? "'party':[{'person':'T1'},{'person':'T2'}]"
                               : "'party':[{'person':'T1'},{'person':'T2'}],'lead':'T1'");
    bool yes = strcmp(state_of(s, CALL), "assigned") == 0;
    if (!yes) assert_string_equal(last(s, "refused.fact", "rule"), "DSP-004");
    say(x, "accepted", yes ? "yes" : "no");
    stage_close(s);
}

static void signature(struct example *x)
{
    struct stage *s = urban_call("2026-03-02T09:00");
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T11:00", "");
    fact(s, "job.completed", input(x, "finished"), "");
    fact(s, "job.signed", input(x, "signed"), "");
    bool yes = count(s, "job.signed") == 1;
    if (!yes) assert_string_equal(last(s, "refused.fact", "rule"), "DSP-027");
    say(x, "accepted", yes ? "yes" : "no");
    stage_close(s);
}

static void agreed(struct example *x)
{
    struct stage *s = door_open("deploy/policy/general");
    queue(s, CALL, "2026-03-09T10:00", "SP-GEN-24H", "");
    char data[80];
    snprintf(data, sizeof data, "'agreed_at':'%s'", moment(input(x, "agreed")).text);
    fact(s, "job.time_agreed", "2026-03-09T11:00", data);
    assert_due(s, CALL, "job.arrival", input(x, "agreed"));
    fact(s, "job.assigned", "2026-03-09T12:00", "'technician':'T1'");
    fact(s, "job.arrived", input(x, "stop"), "");
    say_stopped(x, s, "job.arrival");
    stage_close(s);
}

/* T1's arrival is reported first; T2, who was there before him, reports afterwards. */
static void first_arrival(struct example *x)
{
    struct stage *s = urban_call("2026-03-02T09:00");
    assert_due(s, CALL, "job.arrival", input(x, "due"));
    fact(s, "job.assigned", "2026-03-02T09:10",
         "'party':[{'person':'T1'},{'person':'T2'}],'lead':'T1'");
    fact(s, "job.arrived", input(x, "T1"), "'technician':'T1'");
    assert_string_equal(clock_end(s, CALL, "job.arrival"), "late");
    fact(s, "job.arrived", input(x, "T2"), "'technician':'T2'");
    say_at(x, "arrived", job_row(s, CALL).arrived_at);
    say_stopped(x, s, "job.arrival");
    assert_int_equal(count(s, "deadline.withdrawn"), 1);
    stage_close(s);
}

static void late_fact(struct example *x)
{
    struct stage *s = urban_call("2026-03-02T09:00");
    assert_due(s, CALL, "job.arrival", input(x, "due"));
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    until(s, input(x, "reported"));
    fact(s, "job.arrived", input(x, "arrived"), "");
    say_stopped(x, s, "job.arrival");
    size_t issued = count(s, "deadline.passed"), back = count(s, "deadline.withdrawn");
    until(s, "2026-03-09T00:00");
    assert_int_equal(count(s, "deadline.passed"), issued); /* the ladder ends in every case */
    say(x, "reminders", !issued ? "none" : back ? "withdrawn" : "stopped");
    stage_close(s);
}

static void repair_start(struct example *x)
{
    bool quote = is(x, "quote_required", "yes");
    struct stage *s = door_open(quote ? "deploy/policy/general" : "deploy/policy/appliance");
    char more[80];
    snprintf(more, sizeof more, "'district':'%s','severity':'%s'",
             is(x, "category", "A") ? "a" : "c", input(x, "severity"));
    queue(s, CALL, "2026-03-02T09:00", quote ? "SP-GEN-24H" : "SP-APPL-URBAN", more);
    fact(s, "job.assigned", "2026-03-02T09:10", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T10:00", "");
    if (is(x, "quote", "yes")) fact(s, "quote.accepted", "2026-03-02T10:15", "'quote_no':'Q1'");
    fact(s, "job.repair_started", "2026-03-02T10:30", "");
    bool yes = strcmp(state_of(s, CALL), "working") == 0;
    if (!yes) assert_string_equal(last(s, "refused.fact", "rule"), "DSP-085");
    say(x, "accepted", yes ? "yes" : "no");
    stage_close(s);
}

/* ---- the rows ---- */

static const struct row {
    const char *id;
    void (*fn)(struct example *x);
    const char *inputs, *expected;
} rows[] = {
    {"DSP-EX-01", work_due, "start=2026-03-02T09:00; minutes=360", "due=2026-03-02T16:00"},
    {"DSP-EX-02", work_due, "start=2026-03-02T09:00; minutes=420", "due=2026-03-02T17:00"},
    {"DSP-EX-03", work_due, "start=2026-03-02T15:00; minutes=360", "due=2026-03-03T12:00"},
    {"DSP-EX-04", work_due, "start=2026-03-06T16:30; minutes=360", "due=2026-03-09T14:30"},
    {"DSP-EX-05", work_due, "start=2026-03-02T12:20; minutes=360", "due=2026-03-03T10:00"},
    {"DSP-EX-06", work_due, "start=2026-03-07T10:00; minutes=360", "due=2026-03-09T15:30"},
    {"DSP-EX-07", work_due, "start=2026-09-30T17:00; minutes=360", "due=2026-10-08T15:00"},
    {"DSP-EX-08", work_due, "start=2026-10-09T16:30; minutes=420", "due=2026-10-10T15:30"},
    {"DSP-EX-09", work_due, "start=2026-03-02T10:30; minutes=360", "due=2026-03-02T17:30"},
    {"DSP-EX-10", arrival,
     "start=2026-03-02T10:30; minutes=360; boundary=left; stop=2026-03-02T17:30:00", "on_time=yes"},
    {"DSP-EX-11", arrival,
     "start=2026-03-02T10:30; minutes=360; boundary=left; stop=2026-03-03T08:30:00", "on_time=no"},
    {"DSP-EX-12", arrival,
     "start=2026-03-02T10:30; minutes=360; boundary=right; stop=2026-03-03T08:30:00",
     "on_time=yes"},
    {"DSP-EX-13", arrival,
     "start=2026-03-02T10:30; minutes=360; boundary=right; stop=2026-03-03T08:31:00", "on_time=no"},
    {"DSP-EX-14", worked, "from=2026-03-06T11:45; to=2026-03-09T08:45", "minutes=300"},
    {"DSP-EX-15", elapsed_due, "start=2026-10-03T23:10; minutes=30", "due=2026-10-03T23:40"},
    {"DSP-EX-16", elapsed_due, "start=2026-10-03T23:10; minutes=120", "due=2026-10-04T01:10"},
    {"DSP-EX-17", elapsed_due, "start=2026-10-03T23:10; minutes=240", "due=2026-10-04T03:10"},
    {"DSP-EX-18", ontime, "start=2026-10-03T23:10:00; minutes=240; stop=2026-10-04T03:10:01",
     "due=2026-10-04T03:10:00; on_time=no"},
    {"DSP-EX-19", queue_order,
     "a=call7/2026-03-02T11:20/1; b=call9/2026-03-02T15:05/1; c=call1/2026-03-03T08:31/0; "
     "d=call2/2026-03-03T08:35/0",
     "order=call7,call9,call1,call2"},
    {"DSP-EX-20", carried_due, "start=2026-03-02T15:05; minutes=360", "due=2026-03-03T13:05"},
    {"DSP-EX-21", carryover_due, "day=2026-03-02", "due=2026-03-03T09:30"},
    {"DSP-EX-22", carryover_due, "day=2026-09-30", "due=2026-10-08T09:30"},
    {"DSP-EX-23", esc_w, "due=2026-03-03T12:00",
     "L1=2026-03-03T12:00; L2=2026-03-03T17:00; L3=2026-03-04T12:00"},
    {"DSP-EX-37", lead, "technicians=T1,T2; lead=none", "accepted=no"},
    {"DSP-EX-38", signature, "finished=2026-03-02T15:40; signed=2026-03-02T15:39", "accepted=no"},
    {"DSP-EX-40", next_day, "day=2026-09-19", "next=2026-09-20"},
    {"DSP-EX-41", agreed, "agreed=2026-03-10T14:00; stop=2026-03-10T14:00", "on_time=yes"},
    {"DSP-EX-42", agreed, "agreed=2026-03-10T14:00; stop=2026-03-10T14:05", "on_time=no"},
    {"DSP-EX-43", first_arrival, "due=2026-03-02T16:00; T1=2026-03-02T16:10; T2=2026-03-02T15:55",
     "arrived=2026-03-02T15:55; on_time=yes"},
    {"DSP-EX-44", esc_e, "due=2026-10-04T03:10",
     "L1=2026-10-04T03:10; L2=2026-10-04T04:10; L3=2026-10-04T07:10"},
    {"DSP-EX-45", late_fact,
     "due=2026-03-02T16:00; arrived=2026-03-02T15:50; reported=2026-03-02T18:30",
     "on_time=yes; reminders=withdrawn"},
    {"DSP-EX-46", late_fact,
     "due=2026-03-02T16:00; arrived=2026-03-02T16:20; reported=2026-03-02T18:30",
     "on_time=no; reminders=stopped"},
    {"DSP-EX-47", late_fact,
     "due=2026-03-02T16:00; arrived=2026-03-02T15:50; reported=2026-03-02T15:55",
     "on_time=yes; reminders=none"},
    {"DSP-EX-48", repair_start,
     "category=A; quote_required=yes; quote=no; severity=ordinary; review=no", "accepted=no"},
    {"DSP-EX-49", repair_start,
     "category=C; quote_required=yes; quote=no; severity=serious; review=no", "accepted=no"},
    {"DSP-EX-50", repair_start,
     "category=C; quote_required=yes; quote=no; severity=ordinary; review=no", "accepted=yes"},
    {"DSP-EX-51", repair_start,
     "category=A; quote_required=no; quote=no; severity=ordinary; review=no", "accepted=yes"},
};

static void worked_example(void **state)
{
    const struct row *r = *state;
    struct example x = {.inputs = r->inputs};
    r->fn(&x);
    if (strcmp(x.out, r->expected) != 0) {
        fail_msg("%s: %s\n  gives    %s\n  expected %s", r->id, r->inputs, x.out, r->expected);
    }
}

/* The party of DSP-EX-37, the signature of DSP-EX-38, the quotation of DSP-EX-48 as they should be.
 */
static void the_other_side_of_a_refusal(void **unused)
{
    (void)unused;
    static const struct row good[] = {
        {"DSP-EX-37", lead, "technicians=T1,T2; lead=T1", "accepted=yes"},
        {"DSP-EX-38", signature, "finished=2026-03-02T15:40; signed=2026-03-02T15:40",
         "accepted=yes"},
        {"DSP-EX-48", repair_start,
         "category=A; quote_required=yes; quote=yes; severity=ordinary; review=no", "accepted=yes"},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        void *row = (void *)(uintptr_t)&good[i];
        worked_example(&row);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(rows) + 1];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        tests[i] = (struct CMUnitTest){.name = rows[i].id,
                                       .test_func = worked_example,
                                       .initial_state = (void *)(uintptr_t)&rows[i]};
    }
    tests[COUNT_OF(rows)] = (struct CMUnitTest)cmocka_unit_test(the_other_side_of_a_refusal);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
