/* dispatch_workshop_test.c - vehicles in the shop: reception, repair order, board, items, exit
 * inspection, hand-over, rework. Rules INT-067…INT-069, DSP-056…DSP-060, DSP-062, DSP-064. */
#include "tests/unit/dispatch_floor.h"

#define W1 "'workorder':'W1'"

static void receive(struct stage *s, const char *local, const char *work)
{
    char data[200];
    snprintf(data, sizeof data,
             "{'vehicle':'A-1','work':'%s','appointment':'AP-1','address':'和平路1號',"
             "'phone':'02-1','rescue_phone':'02-9'}",
             work);
    say(s, "vehicle.received", local, data);
}

/* W1 in repair since Monday 09:00, repaired by T1 and T2. */
static struct stage *shop_with(const char *work, const char *more)
{
    struct stage *s = floor_open();
    char data[400];
    receive(s, "2026-03-02T08:40", work);
    snprintf(data, sizeof data,
             "{" W1 ",'vehicle':'A-1','adviser':'S1','signed_by':'王',"
             "'technicians':[{'name':'T1'},{'name':'T2'}],"
             "'estimate_done_at':'2026-03-03T17:00:00+08:00'%s}",
             more);
    say(s, "workorder.opened", "2026-03-02T09:00", data);
    return s;
}

static struct stage *shop(void)
{
    return shop_with("mechanical", "");
}

static struct rec_row_workorder w1(struct stage *s)
{
    struct rec_row_workorder row = {0};
    assert_true(floor_row(s, DISPATCH_WORKORDER, "W1", &row));
    return row;
}

static void board(struct stage *s, const char *local, const char *to, const char *more)
{
    char data[300];
    snprintf(data, sizeof data, "{" W1 ",'to':'%s'%s}", to, more);
    say(s, "board.changed", local, data);
}

static void board_denied(struct stage *s, const char *local, const char *to, const char *more,
                         const char *code)
{
    char data[300];
    snprintf(data, sizeof data, "{" W1 ",'to':'%s'%s}", to, more);
    deny(s, "board.changed", local, data, "DSP-056", code);
}

/* ---- reception and repair order ---- */

static void INT_067_reception_sheet(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    receive(s, "2026-03-02T08:40", "body_paint");
    struct rec_row_vehicle v;
    assert_true(floor_row(s, DISPATCH_VEHICLE, "A-1", &v));
    assert_int_equal(v.work, work_kind_body_paint);
    assert_int_equal(v.received_at, instant("2026-03-02T08:40"));
    assert_true(str_is(v.appointment, "AP-1") && str_is(v.rescue_phone, "02-9"));
    assert_true(str_is(v.unit, "U1"));
    deny(s, "vehicle.received", "2026-03-02T09:00",
         "{'vehicle':'A-1','work':'conversion','phone':'02-1'}", "INT-067", "state");
    assert_int_equal(codes_work_kind.count, 3);
    stage_close(s);
}

static void INT_069_customer_signs_the_repair_order(void **state)
{
    (void)state;
    struct stage *s = floor_open();
    receive(s, "2026-03-02T08:40", "mechanical");
    deny(s, "workorder.opened", "2026-03-02T09:00", "{" W1 ",'vehicle':'A-1','adviser':'S1'}",
         "INT-069", "not_signed");
    deny(s, "workorder.opened", "2026-03-02T09:00",
         "{" W1 ",'vehicle':'A-9','adviser':'S1','signed_by':'王'}", "INT-069", "not_received");
    say(s, "workorder.opened", "2026-03-02T09:00",
        "{" W1 ",'vehicle':'A-1','adviser':'S1','signed_by':'王'}");
    assert_int_equal(w1(s).work, work_kind_mechanical); /* as on the reception sheet */
    assert_int_equal(w1(s).board, board_state_in_repair);
    stage_close(s);
    s = door_open_changed("general", "general/policy.yaml", "/^keys:/a \\  workorder_signed: no");
    receive(s, "2026-03-02T08:40", "mechanical");
    say(s, "workorder.opened", "2026-03-02T09:00", "{" W1 ",'vehicle':'A-1','adviser':'S1'}");
    stage_close(s);
}

static void INT_068_check_diagnosis_and_estimate_are_kept(void **state)
{
    (void)state;
    struct stage *s = shop_with("mechanical", ",'precheck':'scratch','diagnosis':'clutch'");
    struct rec_row_workorder w = w1(s);
    assert_true(str_is(w.precheck, "scratch") && str_is(w.diagnosis, "clutch"));
    assert_int_equal(w.estimate_done_at, instant("2026-03-03T17:00"));
    assert_true(str_is(w.adviser, "S1"));
    stage_close(s);
}

/* ---- the board ---- */

static const char *const board_words[] = {"in_repair",     "waiting_parts", "machining",
                                          "waiting_reply", "stopped",       "finished"};
#define WHY ",'part_request':'P1','question':'q','person':'S1','reason':'r'"

/* Rows from, columns to; as dispatch section 13 has them. */
static const char board_may[6][7] = {"-+++++", "+-+++-", "++-+++", "+++-+-", "++++--", "------"};

static void DSP_056_six_states_and_their_transitions(void **state)
{
    (void)state;
    assert_int_equal(codes_board_state.count, 6);
    for (int from = 0; from < 6; from++) {
        for (int to = 0; to < 6; to++) {
            struct stage *s = shop();
            if (from) board(s, "2026-03-02T10:00", board_words[from], WHY);
            if (board_may[from][to] == '+')
                board(s, "2026-03-02T11:00", board_words[to], WHY);
            else
                board_denied(s, "2026-03-02T11:00", board_words[to], WHY, "board");
            stage_close(s);
        }
    }
}

static void DSP_056_a_state_says_what_it_waits_for(void **state)
{
    (void)state;
    struct stage *s = shop();
    board_denied(s, "2026-03-02T10:00", "waiting_parts", "", "missing");
    board_denied(s, "2026-03-02T10:00", "waiting_reply", ",'person':'S1'", "missing");
    board_denied(s, "2026-03-02T10:00", "waiting_reply", ",'question':'q'", "missing");
    board_denied(s, "2026-03-02T10:00", "stopped", "", "missing");
    board_denied(s, "2026-03-02T10:00", "machining", ",'from':'stopped'", "not_from");
    board_denied(s, "2026-03-02T08:59", "machining", "", "before_change");
    deny(s, "board.changed", "2026-03-02T10:00", "{'workorder':'W9','to':'machining'}", "DSP-056",
         "unknown_number");
    stage_close(s);
}

static void DSP_056_time_in_each_state_is_summed(void **state)
{
    (void)state;
    struct stage *s = shop(); /* since 09:00 */
    board(s, "2026-03-02T10:00", "waiting_parts", ",'part_request':'P1'");
    board(s, "2026-03-02T13:30", "in_repair", "");
    board(s, "2026-03-02T14:00", "machining", "");
    board(s, "2026-03-02T14:20", "stopped", ",'reason':'power cut'");
    board(s, "2026-03-02T15:20", "in_repair", "");
    board(s, "2026-03-02T15:30", "finished", "");
    struct rec_row_workorder w = w1(s);
    assert_int_equal(w.in_repair_ms / MINUTE_MS, 60 + 30 + 10);
    assert_int_equal(w.waiting_parts_ms / MINUTE_MS, 210);
    assert_int_equal(w.machining_ms / MINUTE_MS, 20);
    assert_int_equal(w.stopped_ms / MINUTE_MS, 60);
    assert_int_equal(w.waiting_reply_ms, 0);
    stage_close(s);
}

/* Another request, another order: the board stays. */
static void PRT_046_the_board_goes_on_when_its_parts_are_there(void **state)
{
    (void)state;
    struct stage *s = shop();
    board(s, "2026-03-02T10:00", "waiting_parts", ",'part_request':'P1'");
    size_t before = count(s, "board.changed");
    stage_tell(s, "part.arrived", moment("2026-03-02T10:30").text,
               "{'workorder':'W1','request_no':'P2'}");
    stage_tell(s, "part.arrived", moment("2026-03-02T10:30").text,
               "{'workorder':'W9','request_no':'P1'}");
    stage_tell(s, "part.arrived", moment("2026-03-02T09:30").text,
               "{'workorder':'W1','request_no':'P1'}");
    assert_int_equal(count(s, "board.changed"), before);
    stage_tell(s, "part.arrived", moment("2026-03-02T11:00").text,
               "{'workorder':'W1','request_no':'P1'}");
    assert_int_equal(count(s, "board.changed"), before + 1);
    assert_string_equal(last(s, "board.changed", "to"), "in_repair");
    assert_int_equal(w1(s).waiting_parts_ms / MINUTE_MS, 60);
    stage_close(s);
}

/* ---- items and replies ---- */

static void DSP_057_board_reply_four_working_hours(void **state)
{
    (void)state;
    struct stage *s = shop();
    board(s, "2026-03-02T10:00", "waiting_reply", ",'question':'which oil','person':'T3'");
    assert_armed(s, "board.reply", "2026-03-02T15:00"); /* 120 to noon, 120 from 13:00 */
    assert_string_equal(of_clock(s, "deadline.armed", "board.reply", "case_no"), "workorder/W1");
    assert_string_equal(of_clock(s, "deadline.armed", "board.reply", "person"), "T3");
    until(s, "2026-03-03T15:01"); /* ESC-W: 15:00, next day 10:00 and 15:00 */
    assert_passed(s, "board.reply", 3);
    say(s, "board.answered", "2026-03-03T16:00", "{" W1 ",'by':'T3','answer':'5W-30'}");
    assert_string_equal(of_clock(s, "deadline.stopped", "board.reply", "late"), "true");
    stage_close(s);
}

static void DSP_057_an_answer_or_another_state_stops_the_clock(void **state)
{
    (void)state;
    struct stage *s = shop();
    board(s, "2026-03-02T10:00", "waiting_reply", ",'question':'q','person':'T3'");
    say(s, "board.answered", "2026-03-02T15:00", "{" W1 ",'by':'T3'}"); /* just in time */
    assert_string_equal(of_clock(s, "deadline.stopped", "board.reply", "late"), "");
    assert_int_equal(w1(s).board, board_state_in_repair);
    deny(s, "board.answered", "2026-03-02T15:10", "{" W1 ",'by':'T3'}", "DSP-057", "nothing_asked");
    board(s, "2026-03-02T15:20", "waiting_reply", ",'question':'q','person':'T3'");
    board(s, "2026-03-02T15:40", "machining", "");
    assert_int_equal(clock_count(s, "deadline.stopped", "board.reply"), 2);
    until(s, "2026-03-20T00:00");
    assert_passed(s, "board.reply", 0);
    stage_close(s);
}

static void DSP_057_added_items_wait_for_consent(void **state)
{
    (void)state;
    struct stage *s = shop();
    say(s, "workorder.item_changed", "2026-03-02T09:30",
        "{" W1 ",'old':'pads','new':'discs','price_diff':'-20.00','time_diff':-10}");
    say(s, "workorder.item_changed", "2026-03-02T09:40",
        "{" W1 ",'new':'wipers','price_diff':'80.00','consent_by':'王'}");
    assert_int_equal(w1(s).board, board_state_in_repair);
    say(s, "workorder.item_changed", "2026-03-02T10:00", "{" W1 ",'new':'clutch'}");
    assert_int_equal(w1(s).board, board_state_waiting_reply);
    assert_int_equal(w1(s).items_changed, 3);
    assert_armed(s, "board.reply", "2026-03-02T15:00");
    deny(s, "board.changed", "2026-03-02T10:30", "{" W1 ",'to':'in_repair'}", "DSP-057",
         "consent_missing");
    deny(s, "board.answered", "2026-03-02T10:30", "{" W1 ",'by':'王'}", "DSP-057", "missing");
    say(s, "board.answered", "2026-03-02T11:00", "{" W1 ",'by':'王','consent':'no'}");
    assert_int_equal(w1(s).board, board_state_in_repair);
    deny(s, "workorder.item_changed", "2026-03-02T11:10", "{" W1 "}", "DSP-057", "missing");
    board(s, "2026-03-02T11:20", "finished", "");
    deny(s, "workorder.item_changed", "2026-03-02T11:30", "{" W1 ",'new':'tyres'}", "DSP-057",
         "finished");
    stage_close(s);
}

/* ---- exit inspection and hand-over ---- */

static void DSP_058_hand_over_only_with_a_pass(void **state)
{
    (void)state;
    struct stage *s = shop();
    deny(s, "exit.inspected", "2026-03-02T10:00", "{" W1 ",'result':'pass','inspector':'T3'}",
         "DSP-058", "not_finished");
    board(s, "2026-03-02T11:00", "finished", "");
    deny(s, "vehicle.handed_over", "2026-03-02T11:10", "{" W1 "}", "DSP-058", "not_inspected");
    deny(s, "exit.inspected", "2026-03-02T11:20", "{" W1 ",'result':'pass','inspector':'T2'}",
         "DSP-058", "own_work");
    say(s, "exit.inspected", "2026-03-02T11:30", "{" W1 ",'result':'pass','inspector':'T3'}");
    say(s, "workorder.settled", "2026-03-02T11:40", "{" W1 ",'amount':'350.00'}");
    say(s, "vehicle.handed_over", "2026-03-02T11:50", "{" W1 ",'handed_to':'王'}");
    assert_int_equal(count(s, "workorder.unsettled"), 0);
    struct rec_row_vehicle v;
    assert_true(floor_row(s, DISPATCH_VEHICLE, "A-1", &v));
    assert_int_equal(v.state, vehicle_state_handed_over);
    assert_int_equal(w1(s).finished_ms / MINUTE_MS, 50);
    deny(s, "board.changed", "2026-03-02T12:00", "{" W1 ",'to':'in_repair'}", "DSP-056", "state");
    receive(s, "2026-03-09T09:00", "conversion"); /* it comes again */
    stage_close(s);
}

static void DSP_058_what_fails_is_reworked(void **state)
{
    (void)state;
    struct stage *s = shop();
    board(s, "2026-03-02T11:00", "finished", "");
    say(s, "exit.inspected", "2026-03-02T11:30",
        "{" W1 ",'result':'fail','inspector':'T3','findings':'brake soft'}");
    assert_int_equal(w1(s).board, board_state_in_repair);
    assert_string_equal(last(s, "rework.opened", "rework_no"), "W1-R1");
    assert_string_equal(last(s, "rework.opened", "kind"), "internal");
    assert_string_equal(last(s, "rework.opened", "cause"), "brake soft");
    board(s, "2026-03-02T14:00", "finished", "");
    deny(s, "vehicle.handed_over", "2026-03-02T14:10", "{" W1 "}", "DSP-058", "not_inspected");
    say(s, "exit.inspected", "2026-03-02T14:20", "{" W1 ",'result':'fail','inspector':'T3'}");
    assert_string_equal(last(s, "rework.opened", "rework_no"), "W1-R2");
    stage_close(s);
}

static void DSP_058_the_inspector_may_be_the_same_by_policy(void **state)
{
    (void)state;
    struct stage *s = door_open_changed("general", "general/policy.yaml",
                                        "/^keys:/a \\  exit_inspector_differs: no");
    receive(s, "2026-03-02T08:40", "mechanical");
    say(s, "workorder.opened", "2026-03-02T09:00",
        "{" W1 ",'vehicle':'A-1','adviser':'S1','signed_by':'王','technicians':[{'name':'T1'}]}");
    board(s, "2026-03-02T11:00", "finished", "");
    say(s, "exit.inspected", "2026-03-02T11:30", "{" W1 ",'result':'pass','inspector':'T1'}");
    stage_close(s);
}

static void DSP_059_body_and_paint_needs_its_sheet(void **state)
{
    (void)state;
    struct stage *s = shop_with("body_paint", "");
    board(s, "2026-03-02T11:00", "finished", "");
    deny(s, "exit.inspected", "2026-03-02T11:30",
         "{" W1 ",'result':'pass','inspector':'T3','plate':'A-1','day':'2026-03-02'}", "DSP-059",
         "sheet_incomplete");
    deny(s, "exit.inspected", "2026-03-02T11:30",
         "{" W1 ",'result':'pass','inspector':'T3','order_no':'W1','plate':'A-1'}", "DSP-059",
         "sheet_incomplete");
    say(s, "exit.inspected", "2026-03-02T11:30",
        "{" W1 ",'result':'pass','inspector':'T3','order_no':'W1','plate':'A-1',"
        "'day':'2026-03-02'}");
    stage_close(s);
}

static void DSP_059_engine_overhaul_needs_its_record(void **state)
{
    (void)state;
    struct stage *s = shop_with("mechanical", ",'engine':'yes'");
    board(s, "2026-03-02T11:00", "finished", "");
    deny(s, "exit.inspected", "2026-03-02T11:30",
         "{" W1 ",'result':'pass','inspector':'T3','plate':'A-1','model':'M'}", "DSP-059",
         "sheet_incomplete");
    say(s, "exit.inspected", "2026-03-02T11:30",
        "{" W1 ",'result':'pass','inspector':'T3','plate':'A-1','model':'M','engine_no':'E1'}");
    stage_close(s);
}

static void DSP_060_handed_over_before_it_is_settled(void **state)
{
    (void)state;
    struct stage *s = shop();
    board(s, "2026-03-02T11:00", "finished", "");
    say(s, "exit.inspected", "2026-03-02T11:30", "{" W1 ",'result':'pass','inspector':'T3'}");
    say(s, "vehicle.handed_over", "2026-03-02T11:50", "{" W1 "}");
    assert_string_equal(last(s, "workorder.unsettled", "workorder"), "W1");
    assert_string_equal(last(s, "workorder.unsettled", "adviser"), "S1");
    say(s, "workorder.settled", "2026-03-02T16:00", "{" W1 ",'amount':'350.00'}");
    stage_close(s);
}

/* What the sheets by week and quarter count is in the log and in the row. */
static void DSP_064_inspections_can_be_counted(void **state)
{
    (void)state;
    struct stage *s = shop();
    board(s, "2026-03-02T11:00", "finished", "");
    say(s, "exit.inspected", "2026-03-02T11:30", "{" W1 ",'result':'fail','inspector':'T3'}");
    board(s, "2026-03-02T12:00", "finished", "");
    say(s, "exit.inspected", "2026-03-02T13:30", "{" W1 ",'result':'pass','inspector':'T4'}");
    assert_int_equal(count(s, "exit.inspected"), 2);
    assert_string_equal(last(s, "exit.inspected", "inspector"), "T4");
    assert_int_equal(w1(s).fails, 1);
    assert_true(str_is(w1(s).unit, "U1"));
    stage_close(s);
}

/* ---- rework ---- */

#define R1 "{'rework_no':'R1'}"

static void DSP_062_both_signatures_close_a_slip(void **state)
{
    (void)state;
    struct stage *s = shop();
    board(s, "2026-03-02T11:00", "finished", "");
    say(s, "rework.opened", "2026-03-02T11:30",
        "{'rework_no':'R1'," W1 ",'cause':'paint run','responsible':'T1'}");
    assert_int_equal(w1(s).board, board_state_in_repair);
    struct rec_row_rework r;
    assert_true(floor_row(s, DISPATCH_REWORK, "R1", &r));
    assert_int_equal(r.kind, rework_kind_internal);
    deny(s, "rework.closed", "2026-03-02T12:00", R1, "DSP-062", "state");
    say(s, "rework.done", "2026-03-02T13:00",
        "{'rework_no':'R1','measures':'dry longer','handling':'talked to'}");
    deny(s, "rework.service_signed", "2026-03-02T13:10", "{'rework_no':'R1','service_by':'M1'}",
         "DSP-062", "state");
    say(s, "rework.technical_signed", "2026-03-02T13:10", "{'rework_no':'R1','technical_by':'S1'}");
    deny(s, "rework.closed", "2026-03-02T13:20", R1, "DSP-062", "state");
    say(s, "rework.service_signed", "2026-03-02T13:20", "{'rework_no':'R1','service_by':'M1'}");
    deny(s, "rework.closed", "2026-03-02T13:30", "{'rework_no':'R1','fee':'10.00'}", "DSP-062",
         "rework_free");
    say(s, "rework.closed", "2026-03-02T13:30", R1);
    assert_true(floor_row(s, DISPATCH_REWORK, "R1", &r));
    assert_int_equal(r.state, rework_state_closed);
    assert_true(str_is(r.technical_by, "S1") && str_is(r.service_by, "M1"));
    assert_true(str_is(r.measures, "dry longer") && str_is(r.handling, "talked to"));
    stage_close(s);
}

/* What the failed inspection's slip does not say comes with rework.done. */
static void DSP_062_a_slip_is_signed_with_its_fields(void **state)
{
    (void)state;
    const struct {
        const char *kind, *said, *missing;
    } rows[] = {
        {"internal", "", "cause"},
        {"internal", ",'cause':'a'", "responsible"},
        {"internal", ",'cause':'a','responsible':'T1'", "measures"},
        {"internal", ",'cause':'a','responsible':'T1','measures':'b'", "handling"},
        {"internal", ",'cause':'a','responsible':'T1','measures':'b','handling':'c'", ""},
        {"external", ",'cause':'a','responsible':'T1'", "measures"},
        {"external", ",'cause':'a','responsible':'T1','measures':'b'", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = shop();
        char opened[100], done[160];
        snprintf(opened, sizeof opened, "{'rework_no':'R1','call_no':'C1','kind':'%s'}",
                 rows[i].kind);
        snprintf(done, sizeof done, "{'rework_no':'R1'%s}", rows[i].said);
        say(s, "rework.opened", "2026-03-02T11:30", opened);
        if (*rows[i].missing) {
            deny(s, "rework.done", "2026-03-02T12:00", done, "DSP-062", "incomplete");
            assert_string_equal(last(s, "refused.fact", "field"), rows[i].missing);
        } else {
            say(s, "rework.done", "2026-03-02T12:00", done);
        }
        stage_close(s);
    }
}

static void DSP_062_external_after_the_hand_over(void **state)
{
    (void)state;
    struct stage *s = shop();
    deny(s, "rework.opened", "2026-03-02T10:00", "{'rework_no':'R1'," W1 ",'kind':'external'}",
         "DSP-062", "kind");
    deny(s, "rework.opened", "2026-03-02T10:00", "{'rework_no':'R1','workorder':'W9'}", "DSP-062",
         "unknown_number");
    deny(s, "rework.opened", "2026-03-02T10:00", "{'rework_no':'R1','call_no':'C1'}", "DSP-062",
         "missing");
    board(s, "2026-03-02T11:00", "finished", "");
    say(s, "exit.inspected", "2026-03-02T11:30", "{" W1 ",'result':'pass','inspector':'T3'}");
    say(s, "vehicle.handed_over", "2026-03-02T11:50", "{" W1 "}");
    say(s, "rework.opened", "2026-03-05T10:00", "{'rework_no':'R1'," W1 "}");
    struct rec_row_rework r;
    assert_true(floor_row(s, DISPATCH_REWORK, "R1", &r));
    assert_int_equal(r.kind, rework_kind_external);
    say(s, "rework.opened", "2026-03-05T10:00",
        "{'rework_no':'R2','call_no':'C1','kind':'internal'}");
    deny(s, "rework.done", "2026-03-05T10:00", "{'rework_no':'R9'}", "DSP-062", "unknown_number");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_067_reception_sheet),
        cmocka_unit_test(INT_069_customer_signs_the_repair_order),
        cmocka_unit_test(INT_068_check_diagnosis_and_estimate_are_kept),
        cmocka_unit_test(DSP_056_six_states_and_their_transitions),
        cmocka_unit_test(DSP_056_a_state_says_what_it_waits_for),
        cmocka_unit_test(DSP_056_time_in_each_state_is_summed),
        cmocka_unit_test(PRT_046_the_board_goes_on_when_its_parts_are_there),
        cmocka_unit_test(DSP_057_board_reply_four_working_hours),
        cmocka_unit_test(DSP_057_an_answer_or_another_state_stops_the_clock),
        cmocka_unit_test(DSP_057_added_items_wait_for_consent),
        cmocka_unit_test(DSP_058_hand_over_only_with_a_pass),
        cmocka_unit_test(DSP_058_what_fails_is_reworked),
        cmocka_unit_test(DSP_058_the_inspector_may_be_the_same_by_policy),
        cmocka_unit_test(DSP_059_body_and_paint_needs_its_sheet),
        cmocka_unit_test(DSP_059_engine_overhaul_needs_its_record),
        cmocka_unit_test(DSP_060_handed_over_before_it_is_settled),
        cmocka_unit_test(DSP_064_inspections_can_be_counted),
        cmocka_unit_test(DSP_062_both_signatures_close_a_slip),
        cmocka_unit_test(DSP_062_a_slip_is_signed_with_its_fields),
        cmocka_unit_test(DSP_062_external_after_the_hand_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
