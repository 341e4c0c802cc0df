/* intake_appointment_test.c - the appointment register and its capacity chart. Rules INT-065,
 * INT-066, INT-067. */
#include "tests/unit/intake_fixture.h"

#define BOOKED "appointment.booked"
#define WHO "'customer':'王','phone':'02-1','work':'oil','adviser':'S1'"
#define T0 "2026-02-25T10:00:00+08:00" /* a Wednesday */
#define A1 "{'appointment':'A1'}"

/* Booking of technician T1, with a plate. */
static const char *booking(const char *no, const char *start, const char *end, const char *more)
{
    static char data[512];
    snprintf(data, sizeof data,
             "{'appointment':'%s'," WHO ",'technician':'T1','plate':'滬A12345',"
             "'start':'%s:00+08:00','end':'%s:00+08:00'%s}",
             no, start, end, more);
    return data;
}

static const char *usual(void)
{
    return booking("A1", "2026-03-02T09:00", "2026-03-02T11:30", "");
}

static const char *confirm_due(struct stage *s)
{
    return last_with(s, "deadline.armed", "name", "appointment.confirm", "due");
}

static struct rec_row_appointment row_of(struct stage *s, const char *no)
{
    struct rec_row_appointment row = {0};
    stage_row(s, LOG, INTAKE_TABLE(APPOINTMENT), key_of(str_of(no)), &row);
    return row;
}

/* Is there an arrow of T1 on the chart of that day? */
static bool on_chart(struct stage *s, const char *no, const char *day, struct rec_row_slot *out)
{
    struct key k = key_of(STR("T1"));
    int32_t d;
    assert_int_equal(day_parse(str_of(day), &d), ERR_OK);
    key_day(&k, d);
    key_str(&k, str_of(no));
    return stage_row(s, LOG, INTAKE_TABLE(SLOT), k, out);
}

/* ---- INT-065 ---- */

static void INT_065_confirmation_the_working_day_before(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"2026-03-02T09:00", "2026-03-02T11:00", "2026-02-27T16:00:00Z"}, /* Monday: Friday */
        {"2026-03-04T09:00", "2026-03-04T11:00", "2026-03-03T16:00:00Z"},
        {"2026-09-21T09:00", "2026-09-21T11:00", "2026-09-20T16:00:00Z"}, /* make-up Sunday */
        {"2026-10-08T09:00", "2026-10-08T11:00", "2026-09-30T16:00:00Z"}, /* after the holidays */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = door_open("general");
        tell(s, BOOKED, T0, booking("A1", rows[i][0], rows[i][1], ""));
        assert_string_equal(confirm_due(s), rows[i][2]);
        assert_string_equal(last_with(s, "deadline.armed", "name", "appointment.confirm", "person"),
                            "S1");
        stage_close(s);
    }
}

/* Level 1 of ESC-D and no other. */
static void INT_065_nobody_calls(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, usual());
    stage_until(s, "2026-02-28T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 1);
    assert_string_equal(stage_last(s, LOG, "deadline.passed", "level"), "1");
    stage_close(s);
}

static void INT_065_confirmed(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, usual());
    tell(s, "appointment.confirmed", "2026-02-27T16:00:00+08:00", A1);
    assert_int_equal(row_of(s, "A1").state, appointment_state_confirmed);
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    refuse(s, "appointment.confirmed", "2026-03-20T10:00:00+08:00", A1, "INT-065", "state");
    stage_close(s);
}

/* Booked so late that nobody could call the day before any more. */
static void INT_065_booked_for_today(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, "2026-03-02T08:00:00+08:00", usual());
    assert_string_equal(confirm_due(s), "");
    stage_close(s);
}

static void INT_065_another_time(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, usual());
    tell(s, "appointment.confirmed", "2026-02-26T10:00:00+08:00", A1);
    tell(s, BOOKED, "2026-02-26T11:00:00+08:00",
         booking("A1", "2026-03-04T09:00", "2026-03-04T11:00", ""));
    assert_int_equal(row_of(s, "A1").state, appointment_state_booked);
    assert_string_equal(confirm_due(s), "2026-03-03T16:00:00Z");
    struct rec_row_slot slot;
    assert_false(on_chart(s, "A1", "2026-03-02", &slot));
    assert_true(on_chart(s, "A1", "2026-03-04", &slot));
    stage_close(s);
}

/* Moved to today, nobody has to call any more. */
static void INT_065_moved_to_today(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, usual());
    tell(s, BOOKED, "2026-02-26T08:00:00+08:00",
         booking("A1", "2026-02-26T09:00", "2026-02-26T11:00", ""));
    stage_until(s, "2026-03-20T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    stage_close(s);
}

static void INT_065_cancelled(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, usual());
    tell(s, "appointment.cancelled", "2026-02-26T10:00:00+08:00",
         "{'appointment':'A1','reason':'sold'}");
    assert_int_equal(row_of(s, "A1").state, appointment_state_cancelled);
    assert_int_equal(stage_count(s, LOG, "deadline.dropped"), 1);
    tell(s, BOOKED, T0, booking("A2", "2026-03-02T09:00", "2026-03-02T11:30", "")); /* free again */
    refuse(s, "appointment.no_show", "2026-03-02T12:00:00+08:00", A1, "INT-065", "state");
    refuse(s, "appointment.cancelled", "2026-03-02T12:00:00+08:00", "{'appointment':'A9'}",
           "INT-065", "unknown_number");
    stage_close(s);
}

static void INT_065_no_show(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, usual());
    refuse(s, "appointment.no_show", "2026-03-02T08:59:00+08:00", A1, "INT-065", "too_early");
    tell(s, "appointment.no_show", "2026-03-02T10:00:00+08:00", A1);
    assert_int_equal(row_of(s, "A1").state, appointment_state_no_show);
    struct rec_row_slot slot;
    assert_false(on_chart(s, "A1", "2026-03-02", &slot));
    stage_close(s);
}

static void INT_065_required_fields(void **state)
{
    (void)state;
    static const char *const fields[] = {"appointment", "customer", "phone",   "work",
                                         "start",       "end",      "adviser", "technician"};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        assert_true(shape_field(shape_ev_appointment_booked(), str_of(fields[i]))->must);
    struct stage *s = door_open("general");
    refuse(s, BOOKED, T0,
           "{'appointment':'A1'," WHO ",'technician':'T1','start':'2026-03-02T09:00:00+08:00',"
           "'end':'2026-03-02T11:30:00+08:00'}",
           "INT-065", "missing");
    refuse(s, BOOKED, T0, booking("A1", "2026-03-02T09:00", "2026-03-02T09:00", ""), "INT-065",
           "end_before_start");
    refuse(s, BOOKED, T0, booking("A1", "2026-03-02T09:00", "2026-04-02T09:01", ""), "INT-065",
           "too_long");
    stage_close(s);
}

/* ---- INT-066 ---- */

static void INT_066_label(void **state)
{
    (void)state;
    static const struct {
        const char *id, *vehicle, *label;
    } rows[] = {
        {"INT-EX-35", "'vin':'LSVAB4BR5EN012345'", "12345"},
        {"plate first", "'plate':'滬A12345','vin':'LSVAB4BR5EN054321'", "滬A12345"},
        {"short", "'vin':'123'", "123"},
        {"characters, not bytes", "'vin':'車車車車車車'", "車車車車車"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = door_open("general");
        char data[512];
        snprintf(data, sizeof data,
                 "{'appointment':'A1'," WHO ",'technician':'T1',%s,'start':"
                 "'2026-03-02T09:00:00+08:00','end':'2026-03-02T11:30:00+08:00'}",
                 rows[i].vehicle);
        tell(s, BOOKED, T0, data);
        struct rec_row_slot slot;
        assert_true(on_chart(s, "A1", "2026-03-02", &slot));
        if (!str_is(slot.label, rows[i].label))
            fail_msg("%s: %.*s", rows[i].id, STR_ARG(slot.label));
        assert_true(str_is(slot.adviser, "S1"));
        stage_close(s);
    }
}

/* INT-EX-36, with a policy that only warns, so that all three are booked. */
static void INT_EX_36_half_open_intervals(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("general", "policy.yaml",
                                        "s/^keys:/keys:\\n  appointment_overlap: warn/");
    tell(s, BOOKED, T0, booking("a", "2026-03-02T09:00", "2026-03-02T11:30", ""));
    tell(s, BOOKED, T0, booking("b", "2026-03-02T11:30", "2026-03-02T12:00", ""));
    assert_int_equal(stage_count(s, LOG, "appointment.conflict"), 0); /* they only touch */
    tell(s, BOOKED, T0, booking("c", "2026-03-02T11:00", "2026-03-02T11:45", ""));
    assert_int_equal(stage_count(s, LOG, "appointment.conflict"), 2);
    assert_string_equal(last_with(s, "appointment.conflict", "other", "a", "appointment"), "c");
    assert_string_equal(last_with(s, "appointment.conflict", "other", "b", "appointment"), "c");
    assert_string_equal(stage_last(s, LOG, "appointment.conflict", "refused"), "");
    assert_int_equal(row_of(s, "c").state, appointment_state_booked);
    stage_close(s);
}

static void INT_066_an_overlap_is_refused(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, usual());
    refuse(s, BOOKED, T0, booking("A2", "2026-03-02T11:29", "2026-03-02T12:00", ""), "INT-066",
           "conflict");
    assert_int_equal(stage_count(s, LOG, "appointment.conflict"), 1);
    assert_string_equal(stage_last(s, LOG, "appointment.conflict", "other"), "A1");
    assert_string_equal(stage_last(s, LOG, "appointment.conflict", "refused"), "true");
    assert_int_equal(row_of(s, "A2").state, appointment_state_none);
    tell(s, BOOKED, T0, booking("A1", "2026-03-02T10:00", "2026-03-02T12:30", "")); /* itself */
    char other[512]; /* another technician has time */
    snprintf(other, sizeof other,
             "{'appointment':'A2'," WHO ",'technician':'T2','plate':'A2','start':"
             "'2026-03-02T09:00:00+08:00','end':'2026-03-02T11:30:00+08:00'}");
    tell(s, BOOKED, T0, other);
    stage_close(s);
}

/* A vehicle that stays for days is in the way on each of them, and told of once. */
static void INT_066_over_several_days(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, booking("A1", "2026-03-02T16:00", "2026-03-05T00:00", ""));
    struct rec_row_slot slot;
    assert_true(on_chart(s, "A1", "2026-03-04", &slot));
    assert_false(on_chart(s, "A1", "2026-03-05", &slot)); /* midnight is no part of it */
    refuse(s, BOOKED, T0, booking("A2", "2026-03-03T09:00", "2026-03-06T10:00", ""), "INT-066",
           "conflict");
    assert_int_equal(stage_count(s, LOG, "appointment.conflict"), 1);
    tell(s, BOOKED, T0, booking("A2", "2026-03-05T00:00", "2026-03-06T10:00", ""));
    stage_close(s);
}

static void INT_066_the_supervisor_allows_it(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "unit.upserted", T0, "{'unit':'U1','calendar':'CAL-EX','supervisor':'B1'}");
    tell(s, BOOKED, T0, usual());
    refuse(s, BOOKED, T0,
           booking("A2", "2026-03-02T10:00", "2026-03-02T12:00", ",'override_by':'S1'"), "INT-066",
           "not_supervisor");
    tell(s, BOOKED, T0,
         booking("A2", "2026-03-02T10:00", "2026-03-02T12:00", ",'override_by':'B1'"));
    assert_string_equal(stage_last(s, LOG, "appointment.conflict", "override_by"), "B1");
    assert_int_equal(row_of(s, "A2").state, appointment_state_booked);
    stage_close(s);
}

/* ---- INT-067 ---- */

static struct stage *reception_open(void)
{
    struct stage *s = door_open("general");
    tell(s, BOOKED, T0, usual());
    return s;
}

#define COMES "{'vehicle':'粵B12345','work':'mechanical','phone':'02-1','appointment':'A1'}"

static void INT_067_the_vehicle_comes(void **state)
{
    (void)state;
    struct stage *s = reception_open();
    tell(s, "vehicle.received", "2026-02-27T08:50:00+08:00", COMES); /* earlier than booked */
    assert_string_equal(stage_last(s, LOG, "appointment.received", "appointment"), "A1");
    assert_int_equal(row_of(s, "A1").state, appointment_state_received);
    assert_int_equal(stage_count(s, LOG, "deadline.dropped"), 1); /* nobody has to call any more */
    struct rec_row_slot slot;
    assert_true(on_chart(s, "A1", "2026-03-02", &slot));
    refuse(s, "appointment.cancelled", "2026-03-02T09:00:00+08:00", A1, "INT-065", "state");
    stage_close(s);
}

static void INT_067_later_than_awaited(void **state)
{
    (void)state;
    struct stage *s = reception_open();
    tell(s, "appointment.no_show", "2026-03-02T10:00:00+08:00", A1);
    tell(s, "vehicle.received", "2026-03-02T10:30:00+08:00", COMES);
    assert_int_equal(row_of(s, "A1").state, appointment_state_received);
    struct rec_row_slot slot;
    assert_true(on_chart(s, "A1", "2026-03-02", &slot));
    stage_close(s);
}

/* CV-13: what does not fit is logged and leaves no trace. */
static void INT_067_never_refused(void **state)
{
    (void)state;
    struct stage *s = reception_open();
    tell(s, "vehicle.received", "2026-03-02T08:50:00+08:00",
         "{'vehicle':'粵B12345','work':'mechanical','phone':'02-1','appointment':'A9'}");
    tell(s, "appointment.cancelled", "2026-03-02T08:55:00+08:00", A1);
    tell(s, "vehicle.received", "2026-03-02T09:00:00+08:00", COMES);
    assert_int_equal(stage_count(s, LOG, "appointment.received"), 0);
    assert_int_equal(row_of(s, "A1").state, appointment_state_cancelled);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_065_confirmation_the_working_day_before),
        cmocka_unit_test(INT_065_nobody_calls),
        cmocka_unit_test(INT_065_confirmed),
        cmocka_unit_test(INT_065_booked_for_today),
        cmocka_unit_test(INT_065_another_time),
        cmocka_unit_test(INT_065_moved_to_today),
        cmocka_unit_test(INT_065_cancelled),
        cmocka_unit_test(INT_065_no_show),
        cmocka_unit_test(INT_065_required_fields),
        cmocka_unit_test(INT_066_label),
        cmocka_unit_test(INT_EX_36_half_open_intervals),
        cmocka_unit_test(INT_066_an_overlap_is_refused),
        cmocka_unit_test(INT_066_over_several_days),
        cmocka_unit_test(INT_066_the_supervisor_allows_it),
        cmocka_unit_test(INT_067_the_vehicle_comes),
        cmocka_unit_test(INT_067_later_than_awaited),
        cmocka_unit_test(INT_067_never_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
