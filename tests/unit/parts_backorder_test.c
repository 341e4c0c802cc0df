/* parts_backorder_test.c - parts without stock or with special requirements: review, supply date,
 * shipping. Rules PRT-005, PRT-006. */
#include "tests/unit/parts_issue_door.h"

#define CASE "backorder/R1/1"

static struct rec_row_part_backorder backorder(struct stage *s)
{
    struct rec_row_part_backorder row = {0};
    struct key k = key_of(STR("R1"));
    key_u8(&k, 1);
    assert_true(row_at(s, PARTS_BACKORDER, k, &row));
    return row;
}

static void order(struct stage *s, const char *local)
{
    request(s, "BUS", "R1", 2, local);
    approve(s, "BUS", "R1", local);
    say(s, "BUS", "part.backordered", local, "'request_no':'R1','reason':'no stock'");
}

/* ---- PRT-006 ---- */

static void PRT_006_who_reviews_depends_on_where_it_comes_from(void **state)
{
    static const struct {
        const char *origin;
        size_t n;
        const char *depts[2];
    } rows[] = {{"self_made", 1, {"生產部"}},
                {"bought_in", 2, {"供銷部", "生產部"}},
                {"user_specified", 2, {"供銷部", "生產部"}},
                {"nonqualified", 2, {"供銷部", "生產部"}},
                {"own_label", 2, {"供銷部", "生產部"}}};
    (void)state;
    struct stage *s = issue_open(false);
    size_t before = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char no[8], data[160];
        snprintf(no, sizeof no, "R%zu", i);
        snprintf(data, sizeof data, "'part_no':'P1','origin':'%s'", rows[i].origin);
        say(s, "BUS", "item.upserted", "2026-03-02T08:30", data);
        request(s, "BUS", no, 1, "2026-03-02T09:00");
        say(s, "BUS", "part.backordered", "2026-03-02T09:10", about("request_no", no, "").text);
        assert_int_equal(count(s, "part.review_requested") - before, rows[i].n);
        for (size_t d = 0; d < rows[i].n; d++) {
            assert_string_equal(
                stage_field(s, OWNER_parts, "part.review_requested", before + d, "dept"),
                rows[i].depts[d]);
        }
        assert_string_equal(last(s, "part.review_requested", "origin"), rows[i].origin);
        before = count(s, "part.review_requested");
    }
    stage_close(s);
}

static void PRT_006_the_departments_are_those_of_the_policy(void **state)
{
    (void)state;
    struct stage *s = parts_open_changed("policy.yaml", "$a parts: {review_other: [board]}");
    request(s, "BUS", "R1", 1, "2026-03-02T09:00"); /* its origin is not known */
    say(s, "BUS", "part.backordered", "2026-03-02T09:10", "'request_no':'R1'");
    assert_int_equal(count(s, "part.review_requested"), 1);
    assert_string_equal(last(s, "part.review_requested", "dept"), "board");
    stage_close(s);
}

/* ---- PRT-005 ---- */

static void PRT_005_from_review_to_arrival(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    order(s, "2026-03-02T09:00");
    deny(s, "BUS", "part.notified", "2026-03-02T10:00", "'request_no':'R1','office':'Harbin'",
         "PRT-005", "state");
    deny(s, "BUS", "part.supply_date_set", "2026-03-02T10:00",
         "'request_no':'R1','date':'2026-03-01'", "PRT-005", "past");
    say(s, "BUS", "part.supply_date_set", "2026-03-02T10:00",
        "'request_no':'R1','date':'2026-03-10'");
    say(s, "BUS", "part.notified", "2026-03-02T10:30", "'request_no':'R1','office':'Harbin'");
    say(s, "BUS", "part.arrived_in_store", "2026-03-09T10:00", "'request_no':'R1','store':'BUS'");
    struct rec_row_part_backorder b = backorder(s);
    assert_int_equal(b.state, backorder_state_arrived_in_store);
    assert_int_equal(b.notified_at, instant("2026-03-02T10:30"));
    assert_true(str_is(b.office, "Harbin"));
    assert_string_equal(end_of(s, CASE, "part.supply"), "stopped");
    assert_string_equal(end_of(s, CASE, "part.ship"), "open");
    stage_close(s);
}

static void PRT_005_what_is_unknown_or_refused_is_not_supplied(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    deny(s, "BUS", "part.backordered", "2026-03-02T09:00", "'request_no':'R1'", "PRT-005",
         "unknown_request");
    deny(s, "BUS", "part.supply_date_set", "2026-03-02T09:00",
         "'request_no':'R1','date':'2026-03-10'", "PRT-005", "unknown_request");
    request(s, "BUS", "R1", 2, "2026-03-02T09:00");
    deny(s, "BUS", "part.arrived_in_store", "2026-03-02T09:00", "'request_no':'R1'", "PRT-005",
         "unknown_number");
    deny(s, "BUS", "part.backordered", "2026-03-02T09:10", "'request_no':'R1','line':2", "PRT-005",
         "unknown_line");
    deny(s, "BUS", "part.backordered", "2026-03-02T09:10", "'request_no':'R1','part_no':'P2'",
         "PRT-005", "unknown_part");
    say(s, "BUS", "part.refused", "2026-03-02T09:20",
        "'request_no':'R1','by':'boss','reason':'no'");
    deny(s, "BUS", "part.backordered", "2026-03-02T09:30", "'request_no':'R1'", "PRT-005", "state");
    stage_close(s);
}

static void PRT_005_what_is_waited_for_is_not_drawn(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    order(s, "2026-03-02T09:00");
    say(s, "BUS", "issue.opened", "2026-03-02T09:30",
        "'note_no':'N1','request_no':'R1','lines':[{'part_no':'P1','qty':2}]");
    deny(s, "BUS", "issue.drawn", "2026-03-02T10:00", "'note_no':'N1'", "PRT-005", "not_arrived");
    say(s, "BUS", "part.arrived_in_store", "2026-03-03T10:00", "'request_no':'R1'");
    say(s, "BUS", "issue.drawn", "2026-03-03T11:00", "'note_no':'N1'");
    stage_close(s);
}

/* PRT-EX-35: 960 minutes from 2026-09-30T11:00 are over on 2026-10-09T11:00, the holidays between.
 * ESC-W: + 240 on 9 Oct (60 + 180 of the afternoon), + 480 on 10 Oct, a working Saturday. */
static void PRT_005_part_review_passes_its_ladder(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    order(s, "2026-09-30T11:00");
    due_is(s, CASE, "part.review", "2026-10-09T11:00"); /* PRT-EX-35 */
    until(s, "2026-10-20T00:00");
    ladder_is(s, CASE, "part.review", "2026-10-09T11:00 2026-10-09T16:00 2026-10-10T11:00");
    assert_int_equal(reminders(s, "part.review"), 3);
    stage_close(s);
}

static void PRT_005_part_review_is_stopped_by_the_date_or_the_goods(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    order(s, "2026-03-02T09:00");
    say(s, "BUS", "part.supply_date_set", "2026-03-03T09:00",
        "'request_no':'R1','date':'2026-03-20'");
    assert_string_equal(end_of(s, CASE, "part.review"), "stopped");
    request(s, "BUS", "R2", 2, "2026-03-03T09:00");
    say(s, "BUS", "part.backordered", "2026-03-03T09:00", "'request_no':'R2'");
    say(s, "BUS", "part.arrived_in_store", "2026-03-04T09:00", "'request_no':'R2'");
    assert_string_equal(end_of(s, "backorder/R2/1", "part.review"), "stopped");
    until(s, "2026-03-10T00:00");
    assert_int_equal(reminders(s, "part.review"), 0);
    stage_close(s);
}

/* 24:00 of Tuesday the 10th; ESC-D: of the 1st and the 3rd working day after it. */
static void PRT_005_part_supply_passes_its_ladder(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    order(s, "2026-03-02T09:00");
    say(s, "BUS", "part.supply_date_set", "2026-03-02T10:00",
        "'request_no':'R1','date':'2026-03-10'");
    due_is(s, CASE, "part.supply", "2026-03-11T00:00");
    until(s, "2026-03-20T00:00");
    ladder_is(s, CASE, "part.supply", "2026-03-11T00:00 2026-03-12T00:00 2026-03-14T00:00");
    assert_int_equal(reminders(s, "part.supply"), 3);
    stage_close(s);
}

static void PRT_005_part_supply_follows_the_date_and_is_stopped_by_the_goods(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    order(s, "2026-03-02T09:00");
    say(s, "BUS", "part.supply_date_set", "2026-03-02T10:00",
        "'request_no':'R1','date':'2026-03-10'");
    say(s, "BUS", "part.supply_date_set", "2026-03-05T10:00",
        "'request_no':'R1','date':'2026-03-12'");
    due_is(s, CASE, "part.supply", "2026-03-13T00:00");
    say(s, "BUS", "part.arrived_in_store", "2026-03-12T23:59", "'request_no':'R1'");
    until(s, "2026-03-30T00:00");
    assert_string_equal(end_of(s, CASE, "part.supply"), "stopped");
    assert_int_equal(reminders(s, "part.supply"), 0);
    stage_close(s);
}

/* Come on Friday the 6th: 1 working day is Monday the 9th, its 24:00. */
static void PRT_005_part_ship_passes_its_ladder(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    order(s, "2026-03-02T09:00");
    say(s, "BUS", "part.arrived_in_store", "2026-03-06T10:00", "'request_no':'R1'");
    due_is(s, CASE, "part.ship", "2026-03-10T00:00");
    until(s, "2026-03-20T00:00");
    ladder_is(s, CASE, "part.ship", "2026-03-10T00:00 2026-03-11T00:00 2026-03-13T00:00");
    assert_int_equal(reminders(s, "part.ship"), 3);
    stage_close(s);
}

/* Where the policy has no step of shipping, drawing is the end of it. */
static void PRT_005_part_ship_is_stopped_by_the_note(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    order(s, "2026-03-02T09:00");
    say(s, "BUS", "part.arrived_in_store", "2026-03-06T10:00", "'request_no':'R1'");
    say(s, "BUS", "issue.opened", "2026-03-06T10:30",
        "'note_no':'N1','request_no':'R1','lines':[{'part_no':'P1','qty':2}]");
    assert_string_equal(end_of(s, CASE, "part.ship"), "open");
    say(s, "BUS", "issue.drawn", "2026-03-06T11:00", "'note_no':'N1'");
    assert_string_equal(end_of(s, CASE, "part.ship"), "stopped");
    until(s, "2026-03-20T00:00");
    assert_int_equal(reminders(s, "part.ship"), 0);
    stage_close(s);
}

#define TWO(no) "'request_no':'" no "','lines':[{'part_no':'P1','qty':1},{'part_no':'P2','qty':1}]"
#define NOTE(no, request, part)                                                                    \
    "'note_no':'" no "','request_no':'" request "','lines':[{'part_no':'" part "','qty':1}]"

/* Each part of a request is waited for, comes and goes for itself. */
static void PRT_005_each_part_has_its_own_clocks(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "BUS", "part.requested", "2026-03-02T09:00", TWO("R1"));
    approve(s, "BUS", "R1", "2026-03-02T09:00");
    say(s, "BUS", "part.backordered", "2026-03-02T09:00", "'request_no':'R1','part_no':'P1'");
    say(s, "BUS", "part.backordered", "2026-03-02T09:00", "'request_no':'R1','part_no':'P2'");
    deny(s, "BUS", "part.backordered", "2026-03-02T09:00", "'request_no':'R1','part_no':'P2'",
         "PRT-005", "state");
    say(s, "BUS", "part.supply_date_set", "2026-03-02T10:00",
        "'request_no':'R1','date':'2026-03-10'");
    say(s, "BUS", "part.supply_date_set", "2026-03-02T10:10",
        "'request_no':'R1','line':2,'date':'2026-03-20'");
    due_is(s, CASE, "part.supply", "2026-03-11T00:00");
    due_is(s, "backorder/R1/2", "part.supply", "2026-03-21T00:00");
    say(s, "BUS", "part.arrived_in_store", "2026-03-06T10:00", "'request_no':'R1','line':1");
    say(s, "BUS", "issue.opened", "2026-03-06T10:20", NOTE("N1", "R1", "P1"));
    say(s, "BUS", "issue.opened", "2026-03-06T10:20", NOTE("N2", "R1", "P2"));
    deny(s, "BUS", "issue.drawn", "2026-03-06T10:30", "'note_no':'N2'", "PRT-005", "not_arrived");
    say(s, "BUS", "issue.drawn", "2026-03-06T10:30", "'note_no':'N1'");
    assert_string_equal(end_of(s, CASE, "part.ship"), "stopped");
    assert_string_equal(end_of(s, "backorder/R1/2", "part.supply"), "open");
    say(s, "BUS", "part.arrived_in_store", "2026-03-09T10:00", "'request_no':'R1'");
    assert_string_equal(end_of(s, "backorder/R1/2", "part.supply"), "stopped");
    say(s, "BUS", "issue.drawn", "2026-03-09T10:30", "'note_no':'N2'");
    stage_close(s);
}

static void PRT_005_another_part_does_not_ship_it(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "BUS", "part.requested", "2026-03-02T09:00", TWO("R1"));
    approve(s, "BUS", "R1", "2026-03-02T09:00");
    say(s, "BUS", "part.backordered", "2026-03-02T09:00", "'request_no':'R1','part_no':'P1'");
    say(s, "BUS", "part.arrived_in_store", "2026-03-06T10:00", "'request_no':'R1'");
    say(s, "BUS", "issue.opened", "2026-03-06T10:20", NOTE("N2", "R1", "P2"));
    say(s, "BUS", "issue.drawn", "2026-03-06T10:30", "'note_no':'N2'");
    assert_string_equal(end_of(s, CASE, "part.ship"), "open");
    until(s, "2026-03-20T00:00");
    assert_int_equal(reminders(s, "part.ship"), 3);
    stage_close(s);
}

/* A note that names the report alone is made out for the requests on it. */
static void PRT_005_a_note_on_the_report_alone(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    report(s, "A1", "[{'part_no':'P1','qty':1}]", "2026-03-02T08:30");
    report_signed(s, "A1", "2026-03-02T09:00");
    say(s, "IND", "part.requested", "2026-03-02T09:10", "'request_no':'R1','abnormal_no':'A1'");
    say(s, "IND", "part.backordered", "2026-03-02T09:20", "'request_no':'R1'");
    say(s, "IND", "issue.opened", "2026-03-02T09:30",
        "'note_no':'N1','abnormal_no':'A1','lines':[{'part_no':'P1','qty':1}]");
    say(s, "IND", "issue.signed", "2026-03-02T09:40", "'note_no':'N1'");
    say(s, "IND", "issue.stamped", "2026-03-02T09:40", "'note_no':'N1'");
    deny(s, "IND", "issue.drawn", "2026-03-03T10:00", "'note_no':'N1'", "PRT-005", "not_arrived");
    say(s, "IND", "part.arrived_in_store", "2026-03-04T10:00", "'request_no':'R1'");
    say(s, "IND", "issue.drawn", "2026-03-04T10:30", "'note_no':'N1'");
    assert_string_equal(end_of(s, CASE, "part.ship"), "open");
    say(s, "IND", "issue.shipped", "2026-03-04T11:00", "'note_no':'N1'");
    assert_string_equal(end_of(s, CASE, "part.ship"), "stopped");
    stage_close(s);
}

/* Signed here or with its report: who refuses the request ends what runs for it. */
static void PRT_005_nothing_is_waited_for_on_a_refused_request(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    request(s, "BUS", "R1", 2, "2026-03-02T09:00");
    say(s, "BUS", "part.backordered", "2026-03-02T09:00", "'request_no':'R1'");
    say(s, "BUS", "part.refused", "2026-03-02T09:20",
        "'request_no':'R1','by':'boss','reason':'no'");
    assert_string_equal(end_of(s, CASE, "part.review"), "cancelled");
    deny(s, "BUS", "part.supply_date_set", "2026-03-02T10:00",
         "'request_no':'R1','date':'2026-03-10'", "PRT-005", "state");
    report(s, "A1", "[{'part_no':'P1','qty':1}]", "2026-03-02T10:30");
    say(s, "IND", "part.requested", "2026-03-02T10:40", "'request_no':'R2','abnormal_no':'A1'");
    say(s, "IND", "part.backordered", "2026-03-02T10:50", "'request_no':'R2'");
    tell(s, "IND", "abnormal.refused", "2026-03-02T11:00",
         "'report_no':'A1','by':'chief','reason':'no'");
    assert_string_equal(end_of(s, "backorder/R2/1", "part.review"), "cancelled");
    until(s, "2026-04-01T00:00");
    assert_int_equal(reminders(s, "part.review"), 0);
    stage_close(s);
}

/* ---- PRT-005: notes and requests of several lines, and of several pieces ---- */

static void drawn(struct stage *s, const char *no, const char *lines, const char *local)
{
    struct fact_words w;
    snprintf(w.text, sizeof w.text, "'note_no':'%s','request_no':'R1','lines':[%s]", no, lines);
    say(s, "BUS", "issue.opened", local, w.text);
    say(s, "BUS", "issue.drawn", local, about("note_no", no, "").text);
}

static void PRT_005_a_note_ships_each_of_its_lines(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "BUS", "part.requested", "2026-03-02T09:00", TWO("R1"));
    approve(s, "BUS", "R1", "2026-03-02T09:00");
    say(s, "BUS", "part.backordered", "2026-03-02T09:00", "'request_no':'R1'");
    say(s, "BUS", "part.arrived_in_store", "2026-03-06T10:00", "'request_no':'R1'");
    drawn(s, "N1", "{'part_no':'P1','qty':1},{'part_no':'P2','qty':1}", "2026-03-06T11:00");
    assert_string_equal(end_of(s, CASE, "part.ship"), "stopped");
    assert_string_equal(end_of(s, "backorder/R1/2", "part.ship"), "stopped");
    until(s, "2026-03-20T00:00");
    assert_int_equal(reminders(s, "part.ship"), 0);
    stage_close(s);
}

static void PRT_005_a_line_is_shipped_with_its_last_piece(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    request(s, "BUS", "R1", 6, "2026-03-02T09:00");
    approve(s, "BUS", "R1", "2026-03-02T09:00");
    drawn(s, "N1", "{'part_no':'P1','qty':1}", "2026-03-02T09:10"); /* there was one */
    say(s, "BUS", "part.backordered", "2026-03-02T09:20", "'request_no':'R1'");
    say(s, "BUS", "part.arrived_in_store", "2026-03-06T10:00", "'request_no':'R1'");
    drawn(s, "N2", "{'part_no':'P1','qty':2},{'part_no':'P1','qty':1}", "2026-03-06T11:00");
    assert_string_equal(end_of(s, CASE, "part.ship"), "open");
    drawn(s, "N3", "{'part_no':'P1','qty':2}", "2026-03-09T11:00");
    assert_string_equal(end_of(s, CASE, "part.ship"), "stopped");
    until(s, "2026-03-20T00:00");
    assert_int_equal(reminders(s, "part.ship"), 0);
    stage_close(s);
}

/* Two of five came and went; the others are waited for once more. */
static void PRT_005_what_is_supplied_in_part_is_waited_for_again(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    request(s, "BUS", "R1", 5, "2026-03-02T09:00");
    approve(s, "BUS", "R1", "2026-03-02T09:00");
    say(s, "BUS", "part.backordered", "2026-03-02T09:20", "'request_no':'R1'");
    say(s, "BUS", "part.arrived_in_store", "2026-03-06T10:00", "'request_no':'R1'");
    drawn(s, "N1", "{'part_no':'P1','qty':2}", "2026-03-06T11:00");
    say(s, "BUS", "part.backordered", "2026-03-06T11:10", "'request_no':'R1'");
    assert_string_equal(end_of(s, CASE, "part.ship"), "cancelled");
    assert_string_equal(end_of(s, CASE, "part.review"), "open");
    say(s, "BUS", "part.supply_date_set", "2026-03-09T10:00",
        "'request_no':'R1','date':'2026-03-20'");
    say(s, "BUS", "part.arrived_in_store", "2026-03-19T10:00", "'request_no':'R1'");
    due_is(s, CASE, "part.ship", "2026-03-21T00:00");
    drawn(s, "N2", "{'part_no':'P1','qty':3}", "2026-03-19T11:00");
    assert_string_equal(end_of(s, CASE, "part.ship"), "stopped");
    until(s, "2026-04-01T00:00");
    assert_int_equal(reminders(s, "part.ship"), 0);
    stage_close(s);
}

/* Three of four are approved: two of the first line, one of the second. */
static void PRT_005_lines_of_one_part_are_shipped_one_after_the_other(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    say(s, "BUS", "part.requested", "2026-03-02T09:00",
        "'request_no':'R1','lines':[{'part_no':'P1','qty':2},{'part_no':'P1','qty':2}]");
    say(s, "BUS", "part.approved", "2026-03-02T09:10",
        "'request_no':'R1','by':'boss','approved':[{'part_no':'P1','qty':3}]");
    say(s, "BUS", "part.backordered", "2026-03-02T09:20", "'request_no':'R1'");
    say(s, "BUS", "part.arrived_in_store", "2026-03-06T10:00", "'request_no':'R1'");
    drawn(s, "N1", "{'part_no':'P1','qty':1}", "2026-03-06T11:00");
    assert_string_equal(end_of(s, CASE, "part.ship"), "open");
    drawn(s, "N2", "{'part_no':'P1','qty':1}", "2026-03-06T11:00");
    assert_string_equal(end_of(s, CASE, "part.ship"), "stopped");
    assert_string_equal(end_of(s, "backorder/R1/2", "part.ship"), "open");
    drawn(s, "N3", "{'part_no':'P1','qty':1}", "2026-03-06T11:00");
    assert_string_equal(end_of(s, "backorder/R1/2", "part.ship"), "stopped");
    stage_close(s);
}

static void shipped(struct stage *s, const char *no, unsigned qty, const char *local)
{
    static const char *const steps[] = {"issue.signed", "issue.stamped", "issue.drawn",
                                        "issue.shipped"};
    struct fact_words w;
    snprintf(w.text, sizeof w.text,
             "'note_no':'%s','abnormal_no':'A1','lines':[{'part_no':'P1','qty':%u}]", no, qty);
    say(s, "IND", "issue.opened", local, w.text);
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        say(s, "IND", steps[i], local, about("note_no", no, "").text);
}

/* Two requests rest on one report; what a note on the report sends is that of the first, then that
 * of the second. */
static void PRT_005_requests_of_one_report_share_its_notes(void **state)
{
    (void)state;
    struct stage *s = issue_open(false);
    report(s, "A1", "[{'part_no':'P1','qty':3}]", "2026-03-02T08:30");
    report_signed(s, "A1", "2026-03-02T09:00");
    say(s, "IND", "part.requested", "2026-03-02T09:10",
        "'request_no':'R1','abnormal_no':'A1','lines':[{'part_no':'P1','qty':2}]");
    say(s, "IND", "part.requested", "2026-03-02T09:10",
        "'request_no':'R2','abnormal_no':'A1','lines':[{'part_no':'P1','qty':1}]");
    for (unsigned i = 1; i <= 2; i++) {
        char r[40];
        snprintf(r, sizeof r, "'request_no':'R%u'", i);
        say(s, "IND", "part.backordered", "2026-03-02T09:20", r);
        say(s, "IND", "part.arrived_in_store", "2026-03-04T10:00", r);
    }
    shipped(s, "N1", 2, "2026-03-04T11:00");
    assert_string_equal(end_of(s, CASE, "part.ship"), "stopped");
    assert_string_equal(end_of(s, "backorder/R2/1", "part.ship"), "open");
    shipped(s, "N2", 1, "2026-03-05T11:00");
    assert_string_equal(end_of(s, "backorder/R2/1", "part.ship"), "stopped");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_006_who_reviews_depends_on_where_it_comes_from),
        cmocka_unit_test(PRT_006_the_departments_are_those_of_the_policy),
        cmocka_unit_test(PRT_005_from_review_to_arrival),
        cmocka_unit_test(PRT_005_what_is_unknown_or_refused_is_not_supplied),
        cmocka_unit_test(PRT_005_what_is_waited_for_is_not_drawn),
        cmocka_unit_test(PRT_005_part_review_passes_its_ladder),
        cmocka_unit_test(PRT_005_part_review_is_stopped_by_the_date_or_the_goods),
        cmocka_unit_test(PRT_005_part_supply_passes_its_ladder),
        cmocka_unit_test(PRT_005_part_supply_follows_the_date_and_is_stopped_by_the_goods),
        cmocka_unit_test(PRT_005_part_ship_passes_its_ladder),
        cmocka_unit_test(PRT_005_part_ship_is_stopped_by_the_note),
        cmocka_unit_test(PRT_005_each_part_has_its_own_clocks),
        cmocka_unit_test(PRT_005_another_part_does_not_ship_it),
        cmocka_unit_test(PRT_005_a_note_on_the_report_alone),
        cmocka_unit_test(PRT_005_nothing_is_waited_for_on_a_refused_request),
        cmocka_unit_test(PRT_005_a_note_ships_each_of_its_lines),
        cmocka_unit_test(PRT_005_a_line_is_shipped_with_its_last_piece),
        cmocka_unit_test(PRT_005_what_is_supplied_in_part_is_waited_for_again),
        cmocka_unit_test(PRT_005_lines_of_one_part_are_shipped_one_after_the_other),
        cmocka_unit_test(PRT_005_requests_of_one_report_share_its_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
