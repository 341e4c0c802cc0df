/* dispatch_clock_test.c - every deadline row of dispatch (section 14): when it is due, what stops
 * it, what one second makes, its ladder; and what moves a clock. Rules DSP-009, DSP-012,
 * DSP-014…DSP-020, INT-098. */
#include "tests/unit/dispatch_door.h"

/* ---- the rows ---- */

struct told {
    const char *type, *at, *more;
};

static const struct row {
    const char *name, *dir, *policy, *call; /* the call is received on 2026-03-02T09:00 */
    struct told before[4];
    const char *due;
    struct told stop;
    const char *ladder; /* instants of the levels from the due on */
} rows[] = {
    {"job.arrival",
     "appliance",
     "SP-APPL-URBAN",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-02T16:00",
     {"job.arrived", "", ""},
     "2026-03-02T16:00 2026-03-03T11:00 2026-03-03T16:00"},
    {"job.arrival",
     "appliance",
     "SP-APPL-SUBURB",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-02T17:00",
     {"job.arrived", "", ""},
     "2026-03-02T17:00 2026-03-03T12:00 2026-03-03T17:00"},
    {"job.arrival",
     "it-project",
     "SP-IT-WARR-EQUIP",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-02T11:00",
     {"job.arrived", "", ""},
     "2026-03-02T11:00 2026-03-02T12:00 2026-03-02T15:00"},
    {"job.arrival",
     "bus",
     "SP-BUS-BODY-NEAR",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-03T09:00",
     {"job.arrived", "", ""},
     "2026-03-03T09:00 2026-03-03T10:00 2026-03-03T13:00"},
    {"job.arrival",
     "general",
     "SP-GEN-24H",
     "", /* the customer's time */
     {{"job.time_agreed", "2026-03-02T09:05", "'agreed_at':'2026-03-04T14:00:00+08:00'"},
      {"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-04T14:00",
     {"job.arrived", "", ""},
     "2026-03-04T14:00 2026-03-04T15:00 2026-03-04T18:00"},
    {"job.arrival",
     "general",
     "SP-GEN-24H",
     "", /* the same, said in the reply */
     {{"call.replied", "2026-03-02T09:05", "'agreed_at':'2026-03-04T14:00:00+08:00'"},
      {"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-04T14:00",
     {"job.arrived", "", ""},
     "2026-03-04T14:00 2026-03-04T15:00 2026-03-04T18:00"},
    {"job.arrival",
     "general",
     "SP-TASK-2017",
     "", /* the date of the task order */
     {{"job.assigned", "2026-03-02T09:10",
       "'technician':'T1','task_order_no':'R7','agreed_at':'2026-03-05T08:30:00+08:00'"}},
     "2026-03-05T08:30",
     {"job.arrived", "", ""},
     "2026-03-05T08:30 2026-03-05T09:30 2026-03-05T12:30"},
    {"job.arrival",
     "general",
     "SP-4S-SHOP", /* the appointment */
     "'requested_at':'2026-03-03T10:00:00+08:00'",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-03T10:00",
     {"job.arrived", "", ""},
     "2026-03-03T10:00 2026-03-03T15:00 2026-03-04T10:00"},
    {"job.agree_time",
     "general",
     "SP-GEN-24H",
     "",
     {{0}},
     "2026-03-03T09:00",
     {"job.time_agreed", "", "'agreed_at':'2026-03-09T09:00:00+08:00'"},
     "2026-03-03T09:00 2026-03-03T10:00 2026-03-03T13:00"},
    {"job.agree_time",
     "bus",
     "SP-BUS-BODY-FAR",
     "",
     {{0}},
     "2026-03-02T21:00",
     {"call.replied", "", "'agreed_at':'2026-03-09T09:00:00+08:00'"},
     "2026-03-02T21:00 2026-03-02T22:00 2026-03-03T01:00"},
    {"job.agree_time",
     "general",
     "SP-GEN-24H",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-03T09:00",
     {"job.arrived", "", ""},
     "2026-03-03T09:00 2026-03-03T10:00 2026-03-03T13:00"},
    {"job.repair",
     "it-project",
     "SP-IT-WARR-EQUIP",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-02T13:00",
     {"job.repaired", "", ""},
     "2026-03-02T13:00 2026-03-02T14:00 2026-03-02T17:00"},
    {"job.restore",
     "it-project",
     "SP-IT-WARR-SYS",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-02T11:00",
     {"job.restored", "", ""},
     "2026-03-02T11:00 2026-03-02T12:00 2026-03-02T15:00"},
    {"job.contingency",
     "it-project",
     "SP-IT-WARR-SYS",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-02T13:00",
     {"job.restored", "", ""},
     "2026-03-02T13:00 2026-03-02T14:00 2026-03-02T17:00"},
    {"job.contingency",
     "it-project",
     "SP-IT-TRIAL",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-02T13:00",
     {"job.repaired", "", ""},
     "2026-03-02T13:00 2026-03-02T14:00 2026-03-02T17:00"},
    {"contingency.activate",
     "it-project",
     "SP-IT-TRIAL",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}, {"", "2026-03-02T13:01", ""}},
     "2026-03-02T13:30",
     {"job.contingency_activated", "", "'plan':'spare system'"},
     "2026-03-02T13:30 2026-03-02T17:30"},
    {"contingency.activate",
     "it-project",
     "SP-IT-TRIAL",
     "",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}, {"", "2026-03-02T13:01", ""}},
     "2026-03-02T13:30",
     {"job.restored", "", ""},
     "2026-03-02T13:30 2026-03-02T17:30"},
    {"carryover.assign",
     "appliance",
     "SP-APPL-URBAN",
     "",
     {{"call.hq_help_requested", "2026-03-02T17:30", "'text':'carried 1 2026-03-02'"}},
     "2026-03-03T09:30",
     {"job.assigned", "", "'technician':'T1'"},
     "2026-03-03T09:30 2026-03-03T14:30 2026-03-04T09:30"},
    {"carryover.assign",
     "appliance",
     "SP-APPL-URBAN",
     "",
     {{"call.hq_help_requested", "2026-03-02T17:30", "'text':'carried 1 2026-03-02'"}},
     "2026-03-03T09:30",
     {"job.reassigned", "", "'to':'T1'"},
     "2026-03-03T09:30 2026-03-03T14:30 2026-03-04T09:30"},
    {"job.install",
     "general",
     "SP-IND",
     "'order_kind':'install','due_day':'2026-03-06'",
     {{"job.assigned", "2026-03-02T09:10", "'technician':'T1'"}},
     "2026-03-07T00:00",
     {"job.install_done", "", ""}, /* 24:00 of Friday */
     "2026-03-07T00:00 2026-03-10T00:00 2026-03-12T00:00"},
};

static struct stage *begin(const struct row *r)
{
    char dir[64];
    snprintf(dir, sizeof dir, "deploy/policy/%s", r->dir);
    struct stage *s = door_open(dir);
    queue(s, CALL, "2026-03-02T09:00", r->policy, r->call);
    for (size_t i = 0; i < COUNT_OF(r->before) && r->before[i].at; i++) {
        const struct told *t = &r->before[i];
        if (*t->type) {
            fact(s, t->type, t->at, t->more);
        } else {
            until(s, t->at);
        }
    }
    assert_due(s, CALL, r->name, r->due);
    assert_string_equal(clock_end(s, CALL, r->name), "open");
    return s;
}

static const char *seconds_after(const char *local, int seconds)
{
    static char text[40];
    time_format(instant(local) + seconds * 1000 + 8 * HOUR_MS, NULL, text);
    text[19] = 0;
    return text;
}

/* Done so many seconds after the due instant. */
static void stop_at(const struct row *r, int seconds)
{
    struct stage *s = begin(r);
    fact(s, r->stop.type, seconds_after(r->due, seconds), r->stop.more);
    bool late = seconds > 0;
    assert_string_equal(clock_end(s, CALL, r->name), late ? "late" : "stopped");
    assert_int_equal(clock_count(s, "deadline.stopped", r->name), 1);
    assert_int_equal(clock_count(s, "deadline.passed", r->name), late ? 1 : 0);
    until(s, "2026-03-31T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", r->name), late ? 1 : 0);
    stage_close(s);
}

static void in_time(void **state)
{
    stop_at(*state, -1);
    stop_at(*state, 0);
}

static void one_second_late(void **state)
{
    stop_at(*state, 1);
}

static void ladder(void **state)
{
    const struct row *r = *state;
    struct stage *s = begin(r);
    until(s, "2026-03-31T00:00");
    char levels[200] = "";
    for (size_t i = 0; i < count(s, "deadline.passed"); i++) {
        const char *name = stage_field(s, OWNER_dispatch, "deadline.passed", i, "name");
        if (strcmp(name, r->name) != 0) continue;
        int64_t at;
        struct fault why;
        const char *text = stage_field(s, OWNER_dispatch, "deadline.passed", i, "at");
        assert_int_equal(time_parse(str_of(text), &at, &why), ERR_OK);
        char local[40];
        time_format(at + 8 * HOUR_MS, NULL, local);
        size_t n = strlen(levels);
        snprintf(levels + n, sizeof levels - n, "%s%.16s", n ? " " : "", local);
    }
    assert_string_equal(levels, r->ladder);
    stage_close(s);
}

#define PER_ROW 3u

int main(void)
{
    static char names[COUNT_OF(rows) * PER_ROW][80];
    static const struct {
        const char *word;
        CMUnitTestFunction fn;
    } each[PER_ROW] = {
        {"in_time", in_time}, {"one_second_late", one_second_late}, {"ladder", ladder}};
    struct CMUnitTest tests[COUNT_OF(rows) * PER_ROW];
    size_t n = 0;
    for (; n < COUNT_OF(rows) * PER_ROW; n++) {
        const struct row *r = &rows[n / PER_ROW];
        snprintf(names[n], sizeof names[n], "%s %s %s: %s", r->name, r->policy, r->stop.type,
                 each[n % PER_ROW].word);
        tests[n] = (struct CMUnitTest){.name = names[n],
                                       .test_func = each[n % PER_ROW].fn,
                                       .initial_state = (void *)(uintptr_t)r};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
