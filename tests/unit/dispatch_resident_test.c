/* dispatch_resident_test.c - residents at a site, the 24-hour rota, special tools. Rules DSP-022,
 * DSP-023, DSP-061, DSP-065. */
#include "tests/unit/dispatch_staff.h"

#define ON_3 "'site':'P1','day':'2026-03-03'"

static enum resident_state resident(struct stage *s, const char *site, int32_t day)
{
    struct rec_row_resident row;
    struct key k = key_of(str_of(site));
    key_day(&k, day);
    row_read(s, dispatch_tables[DISPATCH_RESIDENT].id, &k, shape_row_resident(), &row);
    return row.state;
}

/* ---- DSP-022 ---- */

static void DSP_022_nobody_there_by_the_closing(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("it-project", "");
    say(s, "resident.rostered", "2026-03-02T10:00", "{" ON_3 ",'person':'T1'}");
    say(s, "resident.rostered", "2026-03-02T10:01", "{" ON_3 ",'person':'T2'}");
    assert_int_equal(clock_count(s, "deadline.armed", "resident.day"), 1);
    assert_armed(s, "resident.day", "resident/P1/2026-03-03", "2026-03-03T09:30:00Z"); /* 17:30 */
    until(s, "2026-03-03T17:30");
    assert_int_equal(count(s, "resident.missing"), 0);
    until(s, "2026-03-12T00:00");
    assert_int_equal(count(s, "resident.missing"), 1);
    assert_string_equal(last(s, "resident.missing", "site"), "P1");
    assert_string_equal(last(s, "resident.missing", "day"), "2026-03-03");
    assert_int_equal(clock_count(s, "deadline.passed", "resident.day"), 3); /* ESC-D */
    assert_int_equal(resident(s, "P1", day_of(2026, 3, 3)), resident_state_missing);
    say(s, "resident.rostered", "2026-03-12T00:00",
        "{" ON_3 ",'person':'T3'}"); /* changes nothing */
    /* It is told late that somebody was there in time. */
    say(s, "resident.present", "2026-03-03T09:00", "{" ON_3 ",'person':'T2'}");
    assert_int_equal(clock_count(s, "deadline.withdrawn", "resident.day"), 1);
    assert_int_equal(resident(s, "P1", day_of(2026, 3, 3)), resident_state_present);
    stage_close(s);
}

static void DSP_022_one_resident_is_enough(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("it-project", "");
    say(s, "resident.rostered", "2026-03-02T10:00", "{" ON_3 ",'person':'T1'}");
    say(s, "resident.rostered", "2026-03-02T10:01", "{" ON_3 ",'person':'T2'}");
    say(s, "resident.present", "2026-03-03T09:00", "{" ON_3 ",'person':'T3'}");
    until(s, "2026-03-12T00:00");
    assert_int_equal(count(s, "resident.missing"), 0);
    assert_int_equal(clock_count(s, "deadline.passed", "resident.day"), 0);
    say(s, "resident.present", "2026-03-12T09:00",
        "{'site':'P2','day':'2026-03-12','person':'T1'}"); /* without roster */
    say(s, "resident.rostered", "2026-03-12T10:00",
        "{'site':'P2','day':'2026-03-12','person':'T1'}");
    assert_int_equal(clock_count(s, "deadline.armed", "resident.day"), 1);
    stage_close(s);
}

static void DSP_022_a_day_off_owes_nobody(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("it-project", "");
    say(s, "resident.rostered", "2026-03-02T10:00",
        "{'site':'P1','day':'2026-03-07','person':'T1'}"); /* a Saturday */
    assert_int_equal(clock_count(s, "deadline.armed", "resident.day"), 0);
    stage_close(s);
}

#define CANCEL_3 "{" ON_3 ",'by':'S1','reason':'holiday of the customer'}"

static void DSP_022_a_roster_taken_back_owes_nobody(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("it-project", "");
    deny(s, "resident.cancelled", "2026-03-02T09:00", CANCEL_3, "DSP-022", "unknown_number");
    say(s, "resident.rostered", "2026-03-02T10:00", "{" ON_3 ",'person':'T1'}");
    say(s, "resident.cancelled", "2026-03-02T11:00", CANCEL_3);
    assert_string_equal(
        of_case(s, "deadline.dropped", "resident.day", "resident/P1/2026-03-03", "end"),
        "cancelled");
    deny(s, "resident.cancelled", "2026-03-02T11:01", CANCEL_3, "DSP-022", "state");
    until(s, "2026-03-12T00:00");
    assert_int_equal(count(s, "resident.missing"), 0);
    assert_int_equal(clock_count(s, "deadline.passed", "resident.day"), 0);
    stage_close(s);
}

static void DSP_022_taken_back_after_it_was_missed_or_rostered_again(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("it-project", "");
    say(s, "resident.rostered", "2026-03-02T10:00", "{" ON_3 ",'person':'T1'}");
    say(s, "resident.cancelled", "2026-03-02T11:00", CANCEL_3);
    say(s, "resident.rostered", "2026-03-02T12:00", "{" ON_3 ",'person':'T2'}");
    until(s, "2026-03-03T17:31");
    assert_int_equal(count(s, "resident.missing"), 1);
    say(s, "resident.cancelled", "2026-03-03T17:31", CANCEL_3);
    until(s, "2026-03-12T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "resident.day"), 1);
    assert_int_equal(resident(s, "P1", day_of(2026, 3, 3)), resident_state_cancelled);
    stage_close(s);
}

/* ---- DSP-065 ---- */

static void DSP_065_a_site_keeps_the_customers_hours(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("it-project", "");
    say(s, "unit.upserted", "2026-03-02T09:00", "{'unit':'SITE','kind':'site','calendar':'FULL'}");
    say(s, "resident.rostered", "2026-03-02T10:00",
        "{'site':'P1','day':'2026-03-07','person':'T1','unit':'SITE'}"); /* a Saturday */
    assert_armed(s, "resident.day", "resident/P1/2026-03-07", "2026-03-07T16:00:00Z"); /* 24:00 */
    stage_close(s);
}

/* ---- DSP-023 ---- */

static void duty(struct stage *s, const char *day, const char *person, const char *from,
                 const char *until_, const char *told)
{
    char data[240];
    snprintf(data, sizeof data,
             "{'unit':'U1','day':'%s','person':'%s','start':'%s:00+08:00','end':'%s:00+08:00'}",
             day, person, from, until_);
    say(s, "duty.rostered", told, data);
}

static void DSP_023_the_rota_has_no_gaps(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    duty(s, "2026-03-02", "T1", "2026-03-02T20:00", "2026-03-03T08:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T2", "2026-03-03T08:00", "2026-03-03T20:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T1", "2026-03-03T20:00", "2026-03-04T08:00", "2026-03-02T10:00");
    duty(s, "2026-03-04", "T2", "2026-03-04T09:00", "2026-03-04T20:00", "2026-03-02T10:00");
    until(s, "2026-03-03T12:00");
    assert_int_equal(count(s, "duty.gap_found"), 0); /* 3 March is covered */
    until(s, "2026-03-04T12:00");
    assert_int_equal(count(s, "duty.gap_found"), 2); /* 08:00-09:00 and 20:00-24:00 */
    assert_string_equal(stage_field(s, OWNER_dispatch, "duty.gap_found", 0, "start"),
                        "2026-03-04T00:00:00Z");
    assert_string_equal(stage_field(s, OWNER_dispatch, "duty.gap_found", 0, "end"),
                        "2026-03-04T01:00:00Z");
    assert_string_equal(stage_field(s, OWNER_dispatch, "duty.gap_found", 1, "start"),
                        "2026-03-04T12:00:00Z");
    assert_string_equal(stage_field(s, OWNER_dispatch, "duty.gap_found", 1, "end"),
                        "2026-03-04T16:00:00Z");
    until(s, "2026-03-05T12:00");
    assert_int_equal(count(s, "duty.gap_found"), 3); /* 5 March has nobody */
    assert_string_equal(last(s, "duty.gap_found", "day"), "2026-03-05");
    stage_close(s);
}

static void DSP_023_a_duty_that_begins_earlier_covers_the_morning(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    duty(s, "2026-03-03", "T1", "2026-03-03T00:00", "2026-03-04T00:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T2", "2026-03-03T18:00", "2026-03-04T12:00", "2026-03-02T10:00");
    duty(s, "2026-03-04", "T1", "2026-03-04T11:00", "2026-03-05T11:00", "2026-03-02T10:00");
    until(s, "2026-03-04T12:00");
    assert_int_equal(count(s, "duty.gap_found"), 0);
    stage_close(s);
}

static void DSP_023_impossible_duties_are_refused(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    deny(s, "duty.rostered", "2026-03-02T10:00",
         "{'unit':'U1','day':'2026-03-03','person':'T1','start':'2026-03-03T08:00:00+08:00',"
         "'end':'2026-03-04T08:01:00+08:00'}",
         "DSP-023", "no_duty");
    deny(s, "duty.rostered", "2026-03-02T10:00",
         "{'unit':'U1','day':'2026-03-04','person':'T1','start':'2026-03-03T08:00:00+08:00',"
         "'end':'2026-03-03T20:00:00+08:00'}",
         "DSP-023", "other_day");
    assert_int_equal(clock_count(s, "deadline.armed", "duty.day"), 0);
    stage_close(s);
}

static void DSP_023_several_duties_of_a_person_on_a_day(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    duty(s, "2026-03-03", "T1", "2026-03-03T00:00", "2026-03-03T08:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T2", "2026-03-03T08:00", "2026-03-03T16:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T1", "2026-03-03T16:00", "2026-03-03T23:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T1", "2026-03-03T16:00", "2026-03-04T00:00", "2026-03-02T10:01");
    until(s, "2026-03-03T12:00");
    assert_int_equal(count(s, "duty.gap_found"), 0);
    stage_close(s);
}

/* T1's duty of 3 March that begins then. */
static const char *out_at(const char *start)
{
    static char data[160];
    snprintf(data, sizeof data,
             "{'unit':'U1','day':'2026-03-03','person':'T1','start':'%s:00+08:00','by':'S1',"
             "'reason':'r'}",
             start);
    return data;
}

static void assert_gap(struct stage *s, size_t n, const char *from_utc, const char *to_utc)
{
    assert_int_equal(count(s, "duty.gap_found"), n);
    assert_string_equal(last(s, "duty.gap_found", "start"), from_utc);
    assert_string_equal(last(s, "duty.gap_found", "end"), to_utc);
}

static void DSP_023_a_duty_taken_out_before_its_day(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    duty(s, "2026-03-03", "T1", "2026-03-03T00:00", "2026-03-03T08:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T2", "2026-03-03T00:00", "2026-03-04T00:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T1", "2026-03-03T16:00", "2026-03-04T00:00", "2026-03-02T10:00");
    say(s, "duty.cancelled", "2026-03-02T11:00",
        "{'unit':'U1','day':'2026-03-03','person':'T2','start':'2026-03-03T00:00:00+08:00',"
        "'reason':'ill'}");
    assert_int_equal(count(s, "duty.gap_found"), 0); /* the day has not come */
    until(s, "2026-03-03T12:00");
    assert_gap(s, 1, "2026-03-03T00:00:00Z", "2026-03-03T08:00:00Z"); /* 08:00-16:00 */
    stage_close(s);
}

static void DSP_023_a_duty_taken_out_of_a_day_that_was_looked_through(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    duty(s, "2026-03-03", "T1", "2026-03-03T00:00", "2026-03-03T08:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T2", "2026-03-03T07:00", "2026-03-03T20:00", "2026-03-02T10:00");
    duty(s, "2026-03-03", "T1", "2026-03-03T16:00", "2026-03-04T12:00", "2026-03-02T10:00");
    until(s, "2026-03-03T12:00");
    assert_int_equal(count(s, "duty.gap_found"), 0);
    say(s, "duty.cancelled", "2026-03-03T12:00", out_at("2026-03-03T16:00"));
    assert_gap(s, 1, "2026-03-03T12:00:00Z", "2026-03-03T16:00:00Z"); /* 20:00-24:00 */
    say(s, "duty.cancelled", "2026-03-03T12:10", out_at("2026-03-03T00:00"));
    assert_gap(s, 2, "2026-03-02T16:00:00Z", "2026-03-02T23:00:00Z"); /* 00:00-07:00 */
    until(s, "2026-03-04T12:00");
    assert_gap(s, 3, "2026-03-03T16:00:00Z", "2026-03-04T16:00:00Z"); /* the whole of the 4th */
    stage_close(s);
}

/* The first day of a rota is no whole day and is not looked through. */
static void DSP_023_a_duty_taken_out_of_the_first_day(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    duty(s, "2026-03-03", "T1", "2026-03-03T10:00", "2026-03-03T20:00", "2026-03-03T09:00");
    say(s, "duty.cancelled", "2026-03-03T09:10", out_at("2026-03-03T10:00"));
    assert_int_equal(count(s, "duty.gap_found"), 0);
    stage_close(s);
}

static void DSP_023_what_is_not_rostered_is_not_taken_out(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    deny(s, "duty.cancelled", "2026-03-02T09:00", out_at("2026-03-03T00:00"), "DSP-023",
         "unknown_number");
    duty(s, "2026-03-03", "T1", "2026-03-03T00:00", "2026-03-04T00:00", "2026-03-02T10:00");
    deny(s, "duty.cancelled", "2026-03-02T10:01", out_at("2026-03-03T00:01"), "DSP-023",
         "unknown_number");
    say(s, "duty.cancelled", "2026-03-02T10:02", out_at("2026-03-03T00:00"));
    deny(s, "duty.cancelled", "2026-03-02T10:03", out_at("2026-03-03T00:00"), "DSP-023", "state");
    duty(s, "2026-03-03", "T1", "2026-03-03T00:00", "2026-03-04T00:00", "2026-03-02T10:04");
    until(s, "2026-03-03T12:00");
    assert_int_equal(count(s, "duty.gap_found"), 0); /* rostered again */
    stage_close(s);
}

/* A duty of 3 March under the key of earlier versions: unit, day, person. */
static void old_duty(struct stage *s, const char *from, const char *until_)
{
    struct rec_row_duty row = {
        .state = duty_state_rostered, .start = instant(from), .end = instant(until_)};
    struct key k = key_of(STR("U1"));
    key_day(&k, day_of(2026, 3, 3));
    key_str(&k, STR("T1"));
    struct buf bytes = {0};
    proto_encode(shape_row_duty(), &row, &bytes);
    store_put(node_store(stage_node(s, OWNER_dispatch)), dispatch_tables[DISPATCH_DUTY].id,
              (struct slice){k.b, k.n}, buf_slice(&bytes));
    buf_fini(&bytes);
}

static void DSP_023_duties_of_earlier_versions_are_read(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        struct stage *s = staff_open("general", "");
        old_duty(s, "2026-03-03T12:00", "2026-03-04T00:00");
        duty(s, "2026-03-03", "T1", "2026-03-03T00:00", "2026-03-03T12:00", "2026-03-02T10:00");
        if (i == 1) /* told again, shorter */
            duty(s, "2026-03-03", "T1", "2026-03-03T12:00", "2026-03-03T23:00", "2026-03-02T10:01");
        if (i == 2) say(s, "duty.cancelled", "2026-03-02T10:01", out_at("2026-03-03T12:00"));
        until(s, "2026-03-03T12:00");
        if (i == 0) assert_int_equal(count(s, "duty.gap_found"), 0);
        if (i == 1) assert_gap(s, 1, "2026-03-03T15:00:00Z", "2026-03-03T16:00:00Z");
        if (i == 2) assert_gap(s, 1, "2026-03-03T04:00:00Z", "2026-03-03T16:00:00Z");
        stage_close(s);
    }
}

/* ---- DSP-061 ---- */

static void DSP_061_a_tool_is_back_by_the_closing(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    say(s, "tool.lent", "2026-03-02T10:00", "{'tool':'K1','person':'T1'}");
    assert_armed(s, "tool.return", "tool/K1", "2026-03-02T09:30:00Z"); /* 17:30 */
    assert_string_equal(of_case(s, "deadline.armed", "tool.return", "tool/K1", "person"), "T1");
    until(s, "2026-03-09T00:00");
    assert_int_equal(clock_count(s, "deadline.passed", "tool.return"), 1); /* ESC-D level 1 */
    say(s, "tool.returned", "2026-03-09T09:00", "{'tool':'K1'}");
    assert_string_equal(of_case(s, "deadline.stopped", "tool.return", "tool/K1", "late"), "true");
    stage_close(s);
}

static void DSP_061_one_borrower_at_a_time(void **unused)
{
    (void)unused;
    struct stage *s = staff_open("general", "");
    deny(s, "tool.returned", "2026-03-02T09:00", "{'tool':'K1'}", "DSP-061", "unknown_number");
    say(s, "tool.lent", "2026-03-02T10:00", "{'tool':'K1','person':'T1'}");
    deny(s, "tool.lent", "2026-03-02T11:00", "{'tool':'K1','person':'T2'}", "DSP-061", "lent");
    say(s, "tool.returned", "2026-03-02T17:30", "{'tool':'K1'}");
    assert_string_equal(of_case(s, "deadline.stopped", "tool.return", "tool/K1", "late"), "");
    deny(s, "tool.returned", "2026-03-02T17:31", "{'tool':'K1'}", "DSP-061", "state");
    say(s, "tool.lent", "2026-03-02T18:00", "{'tool':'K1','person':'T2'}"); /* after the closing */
    assert_armed(s, "tool.return", "tool/K1", "2026-03-03T09:30:00Z");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(DSP_022_nobody_there_by_the_closing),
        cmocka_unit_test(DSP_022_one_resident_is_enough),
        cmocka_unit_test(DSP_022_a_day_off_owes_nobody),
        cmocka_unit_test(DSP_022_a_roster_taken_back_owes_nobody),
        cmocka_unit_test(DSP_022_taken_back_after_it_was_missed_or_rostered_again),
        cmocka_unit_test(DSP_065_a_site_keeps_the_customers_hours),
        cmocka_unit_test(DSP_023_the_rota_has_no_gaps),
        cmocka_unit_test(DSP_023_a_duty_that_begins_earlier_covers_the_morning),
        cmocka_unit_test(DSP_023_several_duties_of_a_person_on_a_day),
        cmocka_unit_test(DSP_023_a_duty_taken_out_before_its_day),
        cmocka_unit_test(DSP_023_a_duty_taken_out_of_a_day_that_was_looked_through),
        cmocka_unit_test(DSP_023_a_duty_taken_out_of_the_first_day),
        cmocka_unit_test(DSP_023_what_is_not_rostered_is_not_taken_out),
        cmocka_unit_test(DSP_023_duties_of_earlier_versions_are_read),
        cmocka_unit_test(DSP_023_impossible_duties_are_refused),
        cmocka_unit_test(DSP_061_a_tool_is_back_by_the_closing),
        cmocka_unit_test(DSP_061_one_borrower_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
