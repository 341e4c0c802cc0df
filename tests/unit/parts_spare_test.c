/* parts_spare_test.c - spare orders from planning to the user, parts asked of makers, and what
 * goods need before they go out. Rules PRT-007, PRT-010 … PRT-013, PRT-032, PRT-049, PRT-072,
 * PRT-073, PRT-075. */
#include "tests/unit/parts_door.h"

#define MON "2026-03-02T09:00"
#define NO "'order_no':'S1'"
#define PUMP(qty) "{'name':'pump','spec':'P-40','material':'steel','qty':" qty ",'part_no':'X1'}"
#define SEAL(qty) "{'name':'seal','spec':'D20','material':'NBR','qty':" qty "}" /* no number */
#define SHEET_BUT_LINES NO ",'due':'2026-03-20','user':'Mill 2','plan_no':'none'"
#define SHEET SHEET_BUT_LINES ",'lines':[" PUMP("4") "," SEAL("10") "]"
#define PRODUCE NO ",'kind':'production','job_no':'J7'"
#define SHIP_TO                                                                                    \
    NO ",'address':'Ningbo, Quay 3','consignee':'L. Gu','contact':'138','ship_by':'2026-03-25',"   \
       "'arrive_by':'2026-03-30'"
#define SHIP SHIP_TO ",'goods':[" PUMP("4") "," SEAL("10") "]"

static size_t passes(struct stage *s, const char *name)
{
    return count_of(s, OWNER_parts, "deadline.passed", "name", name);
}

static struct rec_row_spare order(struct stage *s)
{
    struct rec_row_spare row;
    assert_true(row_at(s, PARTS_SPARE, key_of(STR("S1")), &row));
    return row;
}

static const char *state_of(struct stage *s)
{
    return code_word(&codes_spare_state, order(s).state);
}

/* The way of an order, one fact a row. */
enum walked {
    W_PLANNED,
    W_ORDERED,
    W_ASSEMBLED,
    W_IN_STORE,
    W_SHIP_ORDERED,
    W_TRANSFER,
    W_PACKED,
    W_INSPECTED,
    W_SHIPPED,
    W_RECEIVED,
    W_ROWS
};
static const struct {
    const char *type, *local, *data, *state;
} way[W_ROWS] = {
    [W_PLANNED] = {"spare.planned", MON, SHEET, "planned"},
    [W_ORDERED] = {"spare.ordered", "2026-03-03T09:00", PRODUCE, "in_production"},
    [W_ASSEMBLED] = {"spare.progress", "2026-03-10T09:00", NO ",'stage':'assembled'", "assembled"},
    [W_IN_STORE] = {"spare.in_store", "2026-03-17T09:00", NO ",'store':'ST1'", "in_store"},
    [W_SHIP_ORDERED] = {"spare.ship_ordered", "2026-03-20T09:00", SHIP, "ship_ordered"},
    [W_TRANSFER] = {"transfer.opened", "2026-03-20T10:00", NO ",'transfer_no':'D1'",
                    "ship_ordered"},
    [W_PACKED] = {"spare.packed", "2026-03-23T09:00", NO, "packed"},
    [W_INSPECTED] = {"spare.inspected", "2026-03-23T10:00", NO ",'pass':'yes','by':'Q'",
                     "inspected"},
    [W_SHIPPED] = {"spare.shipped", "2026-03-24T09:00", NO ",'waybill':'W1','freight':'85.00'",
                   "shipped"},
    [W_RECEIVED] = {"spare.received_by_user", "2026-03-28T09:00", NO ",'by':'L. Gu'",
                    "received_by_user"},
};

static void go(struct stage *s, enum walked i)
{
    say(s, "GEN", way[i].type, way[i].local, way[i].data);
    assert_string_equal(state_of(s), way[i].state);
}

static struct stage *walk(struct stage *s, enum walked to)
{
    for (int i = 0; i <= (int)to; i++)
        go(s, (enum walked)i);
    return s;
}

/* ---- PRT-011 … PRT-013: the way ---- */

static void PRT_013_from_the_sheet_to_the_user(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    say(s, "GEN", "item.upserted", MON, "'part_no':'X1','unit_cost':'100.00'");
    walk(s, W_IN_STORE);
    assert_int_equal(balance(s, ledger_place_store, "ST1", "X1"), 4);
    assert_string_equal(last(s, "ledger.moved", "value"), "400.00");
    assert_int_equal(count(s, "ledger.moved"), 1); /* the seal has no number */
    for (int i = W_SHIP_ORDERED; i <= W_SHIPPED; i++)
        go(s, (enum walked)i);
    assert_int_equal(balance(s, ledger_place_store, "ST1", "X1"), 0);
    assert_int_equal(balance(s, ledger_place_transit, "GEN", "X1"), 4);
    go(s, W_RECEIVED);
    assert_int_equal(balance(s, ledger_place_transit, "GEN", "X1"), 0);
    assert_int_equal(balance(s, ledger_place_used, "GEN", "X1"), 4);
    struct rec_row_ledger_line line = ledger_line(s, parts_doc_spare, "S1", 1);
    assert_true(line.in_used == 4 && line.issued == 4);
    static const char *const clocks[] = {"spare.plan", "spare.progress", "part.ship",
                                         "part.arrive_confirm"};
    for (size_t i = 0; i < COUNT_OF(clocks); i++)
        assert_string_equal(end_of(s, "spare/S1", clocks[i]), "stopped");
    assert_int_equal(order(s).freight, 8500);
    stage_close(s);
}

/* What is due: each other fact of the way is refused in each state. */
static void PRT_013_steps_keep_their_order(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    for (int at = W_PLANNED; at < W_ROWS; at++) {
        for (int i = at + 1; i < W_ROWS; i++) {
            bool due = i == at + 1 || (at == W_ORDERED && i == W_IN_STORE);
            if (at == W_PLANNED && i == W_ASSEMBLED) continue;   /* refused by its stage */
            if (at == W_SHIP_ORDERED && i == W_PACKED) continue; /* refused by the note */
            if (i == at + 1) go(s, (enum walked)at);
            if (due) continue;
            const char *rule = i <= W_ORDERED ? "PRT-010" : i <= W_IN_STORE ? "PRT-012" : "PRT-013";
            deny(s, "GEN", way[i].type, way[at].local, way[i].data, rule, "state");
        }
    }
    stage_close(s);
}

static void PRT_013_packed_after_the_transfer_note(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_SHIP_ORDERED);
    deny(s, "GEN", "spare.packed", "2026-03-23T09:00", NO, "PRT-013", "step_order");
    go(s, W_TRANSFER);
    deny(s, "GEN", "transfer.opened", "2026-03-23T09:00", NO ",'transfer_no':'D2'", "PRT-013",
         "again");
    go(s, W_PACKED);
    say(s, "GEN", "spare.inspected", "2026-03-23T10:00", NO ",'pass':'no','by':'Q','text':'loose'");
    assert_string_equal(state_of(s), "ship_ordered"); /* packed anew, by the same note */
    deny(s, "GEN", "spare.shipped", "2026-03-23T11:00", NO, "PRT-013", "state");
    go(s, W_PACKED);
    go(s, W_INSPECTED);
    stage_close(s);
}

static void PRT_013_what_may_be_shipped(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_IN_STORE);
    deny(s, "GEN", "spare.ship_ordered", "2026-03-20T09:00", SHIP_TO ",'goods':[" PUMP("5") "]",
         "PRT-013", "quantity");
    deny(s, "GEN", "spare.ship_ordered", "2026-03-20T09:00",
         SHIP_TO ",'goods':[" PUMP("3") "," PUMP("2") "]", "PRT-013", "quantity");
    deny(s, "GEN", "spare.ship_ordered", "2026-03-20T09:00",
         SHIP_TO ",'goods':[{'name':'pump','spec':'P-50','material':'steel','qty':1}]", "PRT-013",
         "not_planned");
    deny(s, "GEN", "spare.ship_ordered", "2026-03-20T09:00",
         NO ",'address':'A','consignee':'L','contact':'1','ship_by':'2026-03-25',"
            "'arrive_by':'2026-03-24','goods':[" PUMP("1") "]",
         "PRT-013", "dates");
    /* three of the four; the fourth stays in the store */
    say(s, "GEN", "spare.ship_ordered", "2026-03-20T09:00", SHIP_TO ",'goods':[" PUMP("3") "]");
    for (int i = W_TRANSFER; i <= W_SHIPPED; i++)
        go(s, (enum walked)i);
    assert_int_equal(balance(s, ledger_place_store, "ST1", "X1"), 1);
    assert_int_equal(balance(s, ledger_place_transit, "GEN", "X1"), 3);
    go(s, W_RECEIVED);
    struct rec_row_ledger_line line = ledger_line(s, parts_doc_spare, "S1", 1);
    assert_true(line.in_used == 3 && line.in_store == 1 && line.issued == 4);
    stage_close(s);
}

static void PRT_013_nine_fields_must_be_there(void **state)
{
    (void)state;
    static const char *const must[] = {"address", "consignee", "contact",
                                       "goods",   "ship_by",   "arrive_by"};
    static const char *const line[] = {"name", "qty", "material", "spec"};
    for (size_t i = 0; i < COUNT_OF(must); i++)
        assert_true(shape_field(shape_ev_spare_ship_ordered(), str_of(must[i]))->must);
    for (size_t i = 0; i < COUNT_OF(line); i++)
        assert_true(shape_field(shape_spare_line(), str_of(line[i]))->must);
}

static void PRT_011_seven_fields_must_be_there(void **state)
{
    (void)state;
    static const char *const must[] = {"lines", "due", "user", "plan_no"};
    for (size_t i = 0; i < COUNT_OF(must); i++)
        assert_true(shape_field(shape_ev_spare_planned(), str_of(must[i]))->must);
    struct stage *s = parts_open();
    deny(s, "GEN", "spare.planned", MON, SHEET_BUT_LINES ",'lines':[" PUMP("4") "," PUMP("1") "]",
         "PRT-011", "twice");
    go(s, W_PLANNED);
    deny(s, "GEN", "spare.planned", MON, SHEET, "PRT-011", "state");
    stage_close(s);
}

/* ---- PRT-010 ---- */

static void PRT_010_production_has_a_job_number(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_PLANNED);
    deny(s, "GEN", "spare.ordered", MON, NO ",'kind':'production'", "PRT-010", "missing");
    say(s, "GEN", "spare.ordered", MON, NO ",'kind':'production','job_no':'J1'");
    assert_string_equal(last(s, "spare.ordered", "department"), "綜合計劃部");
    stage_close(s);
    s = walk(parts_open(), W_PLANNED);
    say(s, "GEN", "spare.ordered", MON, NO ",'kind':'purchase'");
    assert_string_equal(last(s, "spare.ordered", "department"), "物資保障部");
    assert_string_equal(state_of(s), "purchasing");
    stage_close(s);
}

static void PRT_010_foreign_projects_are_shipped_by_the_market_department(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    say(s, "GEN", "spare.planned", MON, SHEET ",'foreign':'yes'");
    for (int i = W_ORDERED; i <= W_INSPECTED; i++)
        go(s, (enum walked)i);
    deny(s, "GEN", "spare.shipped", "2026-03-24T09:00", NO ",'department':'成品庫'", "PRT-010",
         "department");
    go(s, W_SHIPPED);
    assert_string_equal(last(s, "spare.shipped", "department"), "市場部門");
    stage_close(s);
}

static void PRT_010_departments_are_the_company_s(void **state)
{
    (void)state;
    struct stage *s = parts_open_changed(
        "policy.yaml", "s/^keys:/parts:\\n  purchase_department: 採購部\\nkeys:/");
    go(s, W_PLANNED);
    say(s, "GEN", "spare.ordered", MON, NO ",'kind':'purchase'");
    assert_string_equal(last(s, "spare.ordered", "department"), "採購部");
    stage_close(s);
}

/* Required on Friday the 20th; ESC-D. */
static void PRT_010_ladder_of_the_required_date(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_ORDERED);
    due_is(s, "spare/S1", "spare.plan", "2026-03-21T00:00");
    until(s, "2026-03-21T00:00");
    assert_int_equal(passes(s, "spare.plan"), 0);
    until(s, "2026-03-21T00:00:01");
    assert_int_equal(passes(s, "spare.plan"), 1);
    until(s, "2026-03-24T00:00:01"); /* Monday the 23rd is over */
    assert_int_equal(passes(s, "spare.plan"), 2);
    until(s, "2026-03-26T00:00:01"); /* Wednesday the 25th */
    assert_int_equal(passes(s, "spare.plan"), 3);
    assert_int_equal(reminders(s, "spare.plan"), 3);
    say(s, "GEN", "spare.in_store", "2026-03-26T09:00", NO);
    assert_string_equal(end_of(s, "spare/S1", "spare.plan"), "late");
    stage_close(s);
}

static void PRT_010_the_required_date_may_change(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_PLANNED);
    say(s, "GEN", "spare.ordered", MON, PRODUCE ",'due':'2026-03-27'");
    due_is(s, "spare/S1", "spare.plan", "2026-03-28T00:00");
    stage_close(s);
}

/* ---- PRT-012 ---- */

/* Planned on Monday the 2nd: five working days end with Monday the 9th. */
static void PRT_012_progress_is_chased(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_PLANNED);
    due_is(s, "spare/S1", "spare.progress", "2026-03-10T00:00");
    until(s, "2026-03-16T09:00");
    assert_int_equal(passes(s, "spare.progress"), 1);
    say(s, "GEN", "spare.progress", "2026-03-16T10:00", NO ",'stage':'planned'");
    due_is(s, "spare/S1", "spare.progress", "2026-03-24T00:00");
    say(s, "GEN", "spare.ordered", "2026-03-18T11:00", PRODUCE);
    say(s, "GEN", "spare.in_store", "2026-03-19T09:00", NO);
    assert_string_equal(end_of(s, "spare/S1", "spare.progress"), "stopped");
    until(s, "2026-04-18T09:00");
    assert_int_equal(passes(s, "spare.progress"), 1);
    stage_close(s);
}

/* Silent: every fifth working day again (CAL-EX has no holiday until October), then every week. */
static void PRT_012_who_says_nothing_is_asked_again(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_PLANNED);
    until(s, "2026-03-17T00:01");
    assert_int_equal(reminders(s, "spare.progress"), 2);
    until(s, "2026-05-26T23:59");
    assert_int_equal(reminders(s, "spare.progress"), 12);
    until(s, "2026-06-09T00:01");
    assert_int_equal(reminders(s, "spare.progress"), 14);
    say(s, "GEN", "spare.ordered", "2026-06-09T11:00", PRODUCE);
    say(s, "GEN", "spare.in_store", "2026-06-09T12:00", NO);
    until(s, "2026-07-30T00:00");
    assert_int_equal(reminders(s, "spare.progress"), 14);
    stage_close(s);
}

static void PRT_012_stages_go_on(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_PLANNED);
    deny(s, "GEN", "spare.progress", MON, NO ",'stage':'produced'", "PRT-012", "kind");
    deny(s, "GEN", "spare.progress", MON, NO ",'stage':'assembled'", "PRT-012", "kind");
    say(s, "GEN", "spare.progress", MON, NO ",'stage':'planned'");
    go(s, W_ORDERED);
    deny(s, "GEN", "spare.progress", MON, NO ",'stage':'purchased'", "PRT-012", "kind");
    say(s, "GEN", "spare.progress", MON, NO ",'stage':'produced'");
    say(s, "GEN", "spare.progress", MON, NO ",'stage':'produced'"); /* asked again */
    deny(s, "GEN", "spare.progress", MON, NO ",'stage':'planned'", "PRT-012", "step_order");
    go(s, W_ASSEMBLED);
    deny(s, "GEN", "spare.progress", MON, NO ",'stage':'produced'", "PRT-012", "step_order");
    stage_close(s);
}

/* ---- PRT-013: clocks ---- */

/* To be shipped on Wednesday the 25th. */
static void PRT_013_ladder_of_the_shipping(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_INSPECTED);
    due_is(s, "spare/S1", "part.ship", "2026-03-26T00:00");
    until(s, "2026-03-26T00:00:01");
    assert_int_equal(passes(s, "part.ship"), 1);
    until(s, "2026-03-27T00:00:01");
    assert_int_equal(passes(s, "part.ship"), 2);
    until(s, "2026-03-31T00:00:01"); /* Thursday, Friday, Monday */
    assert_int_equal(passes(s, "part.ship"), 3);
    say(s, "GEN", "spare.shipped", "2026-03-31T09:00", NO);
    assert_string_equal(end_of(s, "spare/S1", "part.ship"), "late");
    stage_close(s);
}

/* To arrive on Monday the 30th. */
static void PRT_013_ladder_of_the_arrival(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_SHIPPED);
    due_is(s, "spare/S1", "part.arrive_confirm", "2026-03-31T00:00");
    until(s, "2026-03-31T00:00:01");
    assert_int_equal(passes(s, "part.arrive_confirm"), 1);
    until(s, "2026-04-01T00:00:01");
    assert_int_equal(passes(s, "part.arrive_confirm"), 2);
    until(s, "2026-04-03T00:00:01");
    assert_int_equal(passes(s, "part.arrive_confirm"), 3);
    assert_int_equal(reminders(s, "part.arrive_confirm"), 3);
    stage_close(s);
}

/* ---- PRT-007, PRT-049 ---- */

#define ASK "'request_no':'Q1','supplier':'Maker X'"
#define RELAY ",'lines':[{'part_no':'R1','qty':2}]"

static void PRT_007_ladder_of_the_maker(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    deny(s, "GEN", "supplier_part.requested", MON, ASK, "PRT-007", "missing");
    say(s, "GEN", "supplier_part.requested", MON, ASK RELAY);
    due_is(s, "supplier_part/Q1", "supplier.part", "2026-03-10T00:00"); /* Monday the 9th */
    until(s, "2026-03-10T00:00:01");
    assert_int_equal(passes(s, "supplier.part"), 1);
    until(s, "2026-03-11T00:00:01");
    assert_int_equal(passes(s, "supplier.part"), 2);
    until(s, "2026-03-13T00:00:01");
    assert_int_equal(passes(s, "supplier.part"), 3);
    say(s, "GEN", "supplier_part.arrived", "2026-03-13T09:00", "'request_no':'Q1'");
    assert_string_equal(end_of(s, "supplier_part/Q1", "supplier.part"), "late");
    deny(s, "GEN", "supplier_part.arrived", "2026-03-13T09:00", "'request_no':'Q1'", "PRT-007",
         "state");
    deny(s, "GEN", "supplier_part.arrived", "2026-03-13T09:00", "'request_no':'Q2'", "PRT-007",
         "unknown_number");
    stage_close(s);
}

static void PRT_007_the_promised_day(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    say(s, "GEN", "supplier_part.requested", MON, ASK RELAY ",'due':'2026-03-04'");
    due_is(s, "supplier_part/Q1", "supplier.part", "2026-03-05T00:00");
    say(s, "GEN", "supplier_part.arrived", "2026-03-04T23:59", "'request_no':'Q1'");
    assert_string_equal(end_of(s, "supplier_part/Q1", "supplier.part"), "stopped");
    stage_close(s);
}

/* The maker of an outside product solves it himself: no parts of ours, the same clock. */
static void PRT_049_the_outside_maker_solves_it(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    say(s, "GEN", "supplier_part.requested", MON, ASK ",'outside':'yes','call_no':'C1'");
    due_is(s, "supplier_part/Q1", "supplier.part", "2026-03-10T00:00");
    say(s, "GEN", "supplier_part.arrived", "2026-03-05T09:00",
        "'request_no':'Q1','text':'the maker repaired it'");
    assert_string_equal(end_of(s, "supplier_part/Q1", "supplier.part"), "stopped");
    stage_close(s);
}

/* ---- PRT-072, PRT-032, PRT-075: supplies ---- */

#define BATCH "'batch_no':'B1'," NO ",'qty':4,'by':'Q'"

/* GEN supplies, to the door of the store. */
static struct stage *supplies(const char *plan_no)
{
    struct stage *s =
        parts_open_changed("services.yaml", "s/parts_policy: PP-GEN/parts_policy: PP-SUPPLY/");
    char data[400];
    snprintf(data, sizeof data,
             NO
             ",'due':'2026-03-20','user':'M','plan_no':'%s','lines':[" PUMP("4") "," SEAL("10") "]",
             plan_no);
    say(s, "GEN", "spare.planned", MON, data);
    for (int i = W_ORDERED; i <= W_INSPECTED; i++)
        go(s, (enum walked)i);
    return s;
}

static void PRT_072_nothing_goes_out_uninspected(void **state)
{
    (void)state;
    struct stage *s = supplies("none");
    const char *at = "2026-03-24T09:00";
    deny(s, "GEN", "spare.shipped", at, NO, "PRT-072", "batch");
    deny(s, "GEN", "batch.inspected", at, "'batch_no':'B1','order_no':'S9','pass':'no','by':'Q'",
         "PRT-072", "unknown_number");
    deny(s, "GEN", "batch.inspected", at, BATCH ",'pass':'yes'", "PRT-072", "papers");
    say(s, "GEN", "batch.inspected", at, BATCH ",'pass':'no','text':'scratched'");
    assert_string_equal(last(s, "batch.rejected", "batch_no"), "B1"); /* PRT-032: at once */
    assert_string_equal(last(s, "batch.rejected", "reason"), "scratched");
    assert_string_equal(last(s, "batch.rejected", "qty"), "4");
    deny(s, "GEN", "spare.shipped", at, NO, "PRT-072", "batch");
    say(s, "GEN", "batch.inspected", at,
        "'batch_no':'B2'," NO ",'pass':'yes','papers':'yes','by':'Q'");
    deny(s, "GEN", "spare.shipped", at, NO, "PRT-072", "batch"); /* one is still bad */
    deny(s, "GEN", "batch.inspected", at, "'batch_no':'B1','order_no':'S2','pass':'no','by':'Q'",
         "PRT-072", "other_order");
    say(s, "GEN", "batch.inspected", at, BATCH ",'pass':'yes','papers':'yes'");
    deny(s, "GEN", "batch.inspected", at, BATCH ",'pass':'no'", "PRT-072", "state");
    go(s, W_SHIPPED);
    deny(s, "GEN", "batch.inspected", at, "'batch_no':'B3'," NO ",'pass':'no','by':'Q'", "PRT-072",
         "state");
    stage_close(s);
}

/* Elsewhere nobody must inspect, but what was rejected does not go out. */
static void PRT_032_a_rejected_batch_does_not_go_out(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_INSPECTED);
    say(s, "GEN", "batch.inspected", "2026-03-24T08:40", BATCH ",'pass':'no'");
    assert_int_equal(count(s, "batch.rejected"), 1);
    deny(s, "GEN", "spare.shipped", "2026-03-24T09:00", NO, "PRT-072", "batch");
    stage_close(s);
}

#define PLAN                                                                                       \
    "'plan_no':'V1','customer':'K1','lines':[{'name':'pump','qty':4}],'delivery':'by lorry',"      \
    "'acceptance':'on the quay'"

static void PRT_075_a_missing_supply_plan_warns(void **state)
{
    (void)state;
    static const struct {
        const char *plan_no;
        size_t warnings;
    } rows[] = {{"none", 1}, {"V2", 1}, {"V1", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = supplies(rows[i].plan_no);
        say(s, "GEN", "supply.planned", "2026-03-23T11:00", PLAN);
        say(s, "GEN", "batch.inspected", "2026-03-23T12:00", BATCH ",'pass':'yes','papers':'yes'");
        go(s, W_SHIPPED);
        assert_int_equal(count(s, "supply.warned"), rows[i].warnings);
        if (rows[i].warnings) {
            assert_string_equal(last(s, "supply.warned", "warning"), "no_plan");
            assert_string_equal(last(s, "supply.warned", "doc_no"), "S1");
        }
        stage_close(s);
    }
}

static void PRT_075_nobody_else_needs_a_plan(void **state)
{
    (void)state;
    struct stage *s = walk(parts_open(), W_SHIPPED);
    assert_int_equal(count(s, "supply.warned"), 0);
    stage_close(s);
}

/* ---- PRT-073 ---- */

static void PRT_073_no_proof_of_origin_warns(void **state)
{
    (void)state;
    static const struct {
        const char *proof;
        size_t warnings;
    } rows[] = {{"", 1}, {",'origin_proof':'no'", 1}, {",'origin_proof':'yes'", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = parts_open();
        char data[80];
        snprintf(data, sizeof data, "'part_no':'X1'%s", rows[i].proof);
        say(s, "IT", "item.upserted", MON, data);
        say(s, "IT", "spare.planned", MON, SHEET);
        for (int k = W_ORDERED; k <= W_SHIPPED; k++)
            go(s, (enum walked)k);
        assert_int_equal(count(s, "supply.warned"), rows[i].warnings);
        if (rows[i].warnings) {
            assert_string_equal(last(s, "supply.warned", "warning"), "no_origin_proof");
            assert_string_equal(last(s, "supply.warned", "part_no"), "X1");
        }
        stage_close(s);
    }
}

/* A replacement under W-IT goes out by a three-guarantee note. */
static void PRT_073_a_note_without_proof_warns(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        size_t warnings;
    } rows[] = {{"IT", 1}, {"BUS", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = parts_open();
        say(s, rows[i].unit, "item.upserted", MON, "'part_no':'X1','original':'yes'");
        say(s, rows[i].unit, "part.requested", MON,
            "'request_no':'Q1','entitlement':'yes','lines':[{'part_no':'X1','qty':1}]");
        say(s, rows[i].unit, "part.approved", MON, "'request_no':'Q1','by':'boss'");
        say(s, rows[i].unit, "issue.opened", MON,
            "'note_no':'N1','request_no':'Q1','lines':[{'part_no':'X1','qty':1}]");
        assert_int_equal(count(s, "supply.warned"), rows[i].warnings);
        if (rows[i].warnings) assert_string_equal(last(s, "supply.warned", "doc_no"), "N1");
        stage_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_013_from_the_sheet_to_the_user),
        cmocka_unit_test(PRT_013_steps_keep_their_order),
        cmocka_unit_test(PRT_013_packed_after_the_transfer_note),
        cmocka_unit_test(PRT_013_what_may_be_shipped),
        cmocka_unit_test(PRT_013_nine_fields_must_be_there),
        cmocka_unit_test(PRT_011_seven_fields_must_be_there),
        cmocka_unit_test(PRT_010_production_has_a_job_number),
        cmocka_unit_test(PRT_010_foreign_projects_are_shipped_by_the_market_department),
        cmocka_unit_test(PRT_010_departments_are_the_company_s),
        cmocka_unit_test(PRT_010_ladder_of_the_required_date),
        cmocka_unit_test(PRT_010_the_required_date_may_change),
        cmocka_unit_test(PRT_012_progress_is_chased),
        cmocka_unit_test(PRT_012_who_says_nothing_is_asked_again),
        cmocka_unit_test(PRT_012_stages_go_on),
        cmocka_unit_test(PRT_013_ladder_of_the_shipping),
        cmocka_unit_test(PRT_013_ladder_of_the_arrival),
        cmocka_unit_test(PRT_007_ladder_of_the_maker),
        cmocka_unit_test(PRT_007_the_promised_day),
        cmocka_unit_test(PRT_049_the_outside_maker_solves_it),
        cmocka_unit_test(PRT_072_nothing_goes_out_uninspected),
        cmocka_unit_test(PRT_032_a_rejected_batch_does_not_go_out),
        cmocka_unit_test(PRT_075_a_missing_supply_plan_warns),
        cmocka_unit_test(PRT_075_nobody_else_needs_a_plan),
        cmocka_unit_test(PRT_073_no_proof_of_origin_warns),
        cmocka_unit_test(PRT_073_a_note_without_proof_warns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
