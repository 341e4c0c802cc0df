/* parts_claimlist_test.c - warranty part tags and claims return lists 三包索賠件返廠清單. Rules
 * PRT-033 … PRT-036. */
#include "tests/unit/parts_door.h"

#define HEAD(no)                                                                                   \
    "'list_no':'" no "','unit':'BUS','date':'2026-03-02','packer':'P. Wu','prepared_by':'Z. Hu',"  \
    "'manager':'M. He','stamped':'yes'"
#define TAG_BUT_ORIGIN(no, part)                                                                   \
    "'tag_no':'" no "','sender':'BUS','model':'CG125','purchased':'2025-05-01','engine_no':'E1',"  \
    "'repaired':'2026-02-20','frame_no':'F1','mileage':0,'part_name':'relay','part_no':'" part     \
    "','first_finding':'burnt','company':'Motor Co'"
#define TAG(no, part) TAG_BUT_ORIGIN(no, part) ",'origin':[{'origin':'japan'}]"

static size_t passes(struct stage *s, const char *name)
{
    return count_of(s, OWNER_parts, "deadline.passed", "name", name);
}

static struct rec_row_claimlist list_row(struct stage *s, const char *no)
{
    struct rec_row_claimlist row;
    assert_true(row_at(s, PARTS_CLAIMLIST, key_of(str_of(no)), &row));
    return row;
}

static const char *state_of(struct stage *s, const char *no)
{
    return code_word(&codes_claimlist_state, list_row(s, no).state);
}

/* {'part_no':'A','qty':10},… from "A:10,B:5". */
static const char *lines(const char *text)
{
    static char out[800];
    char part[8];
    int qty, n, at = 0;
    out[0] = 0;
    for (; sscanf(text, "%7[^:]:%d%n", part, &qty, &n) == 2; text += n + (text[n] == ',')) {
        at += snprintf(out + at, sizeof out - (size_t)at, "%s{'part_no':'%s','qty':%d}",
                       at ? "," : "", part, qty);
    }
    return out;
}

/* Packed, shipped and received at one instant, a Monday morning. */
#define RECEIVED "2026-03-02T09:00"
static void receive(struct stage *s, const char *no, const char *listed)
{
    char data[1200], key[80];
    snprintf(data, sizeof data, HEAD("%s") ",'lines':[%s]", no, lines(listed));
    snprintf(key, sizeof key, "'list_no':'%s'", no);
    say(s, "BUS", "claimlist.packed", RECEIVED, data);
    say(s, "BUS", "claimlist.shipped", RECEIVED, key);
    say(s, "BUS", "claimlist.received", RECEIVED, key);
}

static void count_goods(struct stage *s, const char *no, const char *local, const char *received)
{
    char data[1000];
    snprintf(data, sizeof data, "'list_no':'%s','lines':[%s]", no, lines(received));
    say(s, "BUS", "claimlist.counted", local, data);
}

/* ---- PRT-035: worked examples ---- */

/* "B:-1,C:+1" of all discrepancies; "none". */
static void differences(struct stage *s, char out[100])
{
    size_t n = count(s, "claimlist.discrepancy"), at = 0;
    snprintf(out, 100, "none");
    for (size_t i = 0; i < n; i++) {
        const char *part = stage_field(s, OWNER_parts, "claimlist.discrepancy", i, "part_no");
        char name[8];
        snprintf(name, sizeof name, "%s", part);
        int diff =
            (int)strtol(stage_field(s, OWNER_parts, "claimlist.discrepancy", i, "diff"), NULL, 10);
        at += (size_t)snprintf(out + at, 100 - at, "%s%s:%+d", i ? "," : "", name, diff);
    }
}

/* "A:10,B:4" of the row; what is credited with nothing is left out. */
static void credits(struct stage *s, char out[100])
{
    struct rec_row_claimlist r = list_row(s, "L1");
    size_t at = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < r.counts.n; i++) {
        const struct rec_claim_count_line *l = &r.counts.v[i];
        if (!l->credit) continue;
        at += (size_t)snprintf(out + at, 100 - at, "%s%.*s:%d", at ? "," : "", STR_ARG(l->part_no),
                               (int)l->credit);
    }
}

static void PRT_035_examples(void **state)
{
    (void)state;
    static const struct {
        const char *id, *listed, *received, *diff, *listed_total, *received_total, *agreed, *credit,
            *state;
    } rows[] = {
        {"PRT-EX-01", "A:10,B:5,C:2", "A:10,B:4,C:3,D:1", "B:-1,C:+1,D:+1", "17", "18", "no",
         "A:10,B:4,C:2", "discrepancy"},
        {"PRT-EX-02", "A:3,B:2", "A:2,B:3", "A:-1,B:+1", "5", "5", "no", "A:2,B:2", "discrepancy"},
        {"PRT-EX-03", "A:3,B:2", "A:3,B:2", "none", "5", "5", "yes", "A:3,B:2", "credited"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = parts_open();
        char diff[100], credit[100];
        receive(s, "L1", rows[i].listed);
        count_goods(s, "L1", "2026-03-02T10:00", rows[i].received);
        differences(s, diff);
        credits(s, credit);
        assert_string_equal(diff, rows[i].diff);
        assert_string_equal(credit, rows[i].credit);
        assert_string_equal(last(s, "claimlist.credited", "listed_total"), rows[i].listed_total);
        assert_string_equal(last(s, "claimlist.credited", "received_total"),
                            rows[i].received_total);
        assert_string_equal(last(s, "claimlist.credited", "agreed"), rows[i].agreed);
        assert_string_equal(last(s, "claimlist.credited", "final"), rows[i].agreed);
        assert_string_equal(state_of(s, "L1"), rows[i].state);
        stage_close(s);
    }
}

/* PRT-EX-04: received on Friday at 16:30, 480 working minutes: Friday 60, Monday 210 + 210. */
static void PRT_035_contact_is_due_a_working_day_after_the_receipt(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    receive(s, "L0", "A:1");
    say(s, "BUS", "claimlist.packed", "2026-03-06T16:00",
        HEAD("L1") ",'lines':[{'part_no':'A','qty':2}]");
    say(s, "BUS", "claimlist.shipped", "2026-03-06T16:10", "'list_no':'L1','waybill':'W1'");
    say(s, "BUS", "claimlist.received", "2026-03-06T16:30", "'list_no':'L1','handler':'H. Xu'");
    count_goods(s, "L1", "2026-03-06T17:00", "A:1");
    due_is(s, "claimlist/L1", "claimlist.contact", "2026-03-09T16:30"); /* PRT-EX-04 */
    count_goods(s, "L0", "2026-03-06T17:00", "A:1");
    assert_string_equal(end_of(s, "claimlist/L0", "claimlist.contact"), "none");
    stage_close(s);
}

/* ---- PRT-035: clocks ---- */

/* ESC-W: at due, after 240 and after 480 working minutes more. */
static void PRT_035_ladder_of_the_contact(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    receive(s, "L1", "A:2"); /* Monday 09:00: due Tuesday 09:00 */
    count_goods(s, "L1", "2026-03-02T10:00", "A:1");
    due_is(s, "claimlist/L1", "claimlist.contact", "2026-03-03T09:00");
    until(s, "2026-03-03T09:00");
    assert_int_equal(passes(s, "claimlist.contact"), 0);
    until(s, "2026-03-03T09:00:01");
    assert_int_equal(passes(s, "claimlist.contact"), 1);
    until(s, "2026-03-03T14:00:01"); /* 180 before noon, 60 after */
    assert_int_equal(passes(s, "claimlist.contact"), 2);
    until(s, "2026-03-04T09:00:01");
    assert_int_equal(passes(s, "claimlist.contact"), 3);
    assert_int_equal(reminders(s, "claimlist.contact"), 3);
    say(s, "BUS", "claimlist.contacted", "2026-03-04T10:00", "'list_no':'L1','whom':'centre'");
    assert_string_equal(end_of(s, "claimlist/L1", "claimlist.contact"), "late");
    stage_close(s);
}

/* Five working days after Tuesday the 3rd: Tuesday the 10th. */
static void PRT_035_ladder_of_the_resolution(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    receive(s, "L1", "A:2");
    count_goods(s, "L1", "2026-03-02T10:00", "A:1");
    say(s, "BUS", "claimlist.contacted", "2026-03-03T08:40", "'list_no':'L1','whom':'centre'");
    assert_string_equal(end_of(s, "claimlist/L1", "claimlist.contact"), "stopped");
    due_is(s, "claimlist/L1", "claimlist.resolve", "2026-03-11T00:00");
    until(s, "2026-03-11T00:00:01");
    assert_int_equal(passes(s, "claimlist.resolve"), 1);
    until(s, "2026-03-12T00:00:01");
    assert_int_equal(passes(s, "claimlist.resolve"), 2);
    until(s, "2026-03-14T00:00:01");
    assert_int_equal(passes(s, "claimlist.resolve"), 3);
    assert_int_equal(passes(s, "claimlist.contact"), 0);
    stage_close(s);
}

static void PRT_035_resolved_credit(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    char credit[100];
    receive(s, "L1", "A:10,B:5");
    count_goods(s, "L1", "2026-03-02T10:00", "A:10,B:4,D:1");
    deny(s, "BUS", "claimlist.resolved", "2026-03-02T11:00", "'list_no':'L1','by':'M','text':'t'",
         "PRT-035", "state");
    say(s, "BUS", "claimlist.contacted", "2026-03-02T11:00", "'list_no':'L1','whom':'centre'");
    deny(s, "BUS", "claimlist.resolved", "2026-03-03T11:00",
         "'list_no':'L1','by':'M','text':'t','lines':[{'part_no':'Z','qty':1}]", "PRT-035",
         "unknown_part");
    deny(s, "BUS", "claimlist.resolved", "2026-03-03T11:00",
         "'list_no':'L1','by':'M','text':'t','lines':[{'part_no':'B','qty':6}]", "PRT-035",
         "quantity");
    say(s, "BUS", "claimlist.resolved", "2026-03-03T12:00",
        "'list_no':'L1','by':'M','text':'one lay under the pallet',"
        "'lines':[{'part_no':'B','qty':5}]");
    credits(s, credit);
    assert_string_equal(credit, "A:10,B:5");
    assert_string_equal(last(s, "claimlist.credited", "final"), "yes");
    assert_string_equal(last(s, "claimlist.credited", "agreed"), "no");
    assert_string_equal(end_of(s, "claimlist/L1", "claimlist.resolve"), "stopped");
    assert_string_equal(state_of(s, "L1"), "credited");
    stage_close(s);
}

/* ---- PRT-034 ---- */

static void PRT_034_a_list_goes_its_way(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    deny(s, "BUS", "claimlist.shipped", RECEIVED, "'list_no':'L1'", "PRT-034", "unknown_number");
    deny(s, "BUS", "claimlist.packed", RECEIVED,
         "'list_no':'L1','unit':'BUS','date':'2026-03-02','packer':'P','prepared_by':'Z',"
         "'manager':'M','stamped':'no','lines':[{'part_no':'A','qty':1}]",
         "PRT-034", "stamp");
    say(s, "BUS", "claimlist.packed", RECEIVED, HEAD("L1") ",'lines':[{'part_no':'A','qty':1}]");
    deny(s, "BUS", "claimlist.packed", RECEIVED, HEAD("L1") ",'lines':[{'part_no':'A','qty':1}]",
         "PRT-034", "state");
    deny(s, "BUS", "claimlist.received", RECEIVED, "'list_no':'L1'", "PRT-034", "state");
    deny(s, "BUS", "claimlist.counted", RECEIVED, "'list_no':'L1'", "PRT-035", "state");
    say(s, "BUS", "claimlist.shipped", RECEIVED, "'list_no':'L1','waybill':'W1','freight':'85.00'");
    say(s, "BUS", "claimlist.received", RECEIVED, "'list_no':'L1','auditor':'J. Ma'");
    struct rec_row_claimlist r = list_row(s, "L1");
    assert_true(str_is(r.auditor, "J. Ma") && str_is(r.waybill, "W1") && r.freight == 8500);
    say(s, "BUS", "claimlist.counted", RECEIVED, "'list_no':'L1'"); /* the box was empty */
    assert_string_equal(last(s, "claimlist.discrepancy", "diff"), "-1");
    stage_close(s);
}

static void PRT_034_the_header_must_be_there(void **state)
{
    (void)state;
    static const char *const must[] = {"list_no",     "unit",    "date",    "packer",
                                       "prepared_by", "manager", "stamped", "lines"};
    for (size_t i = 0; i < COUNT_OF(must); i++)
        assert_true(shape_field(shape_ev_claimlist_packed(), str_of(must[i]))->must);
}

/* ---- PRT-033 ---- */

static void PRT_033_exactly_one_origin_is_circled(void **state)
{
    (void)state;
    static const struct {
        const char *id, *origin;
        bool accepted;
    } rows[] = {
        {"PRT-EX-34", "[{'origin':'japan'},{'origin':'domestic'}]", false},
        {"one", "[{'origin':'domestic'}]", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage *s = parts_open();
        char data[600];
        snprintf(data, sizeof data, TAG_BUT_ORIGIN("T1", "A") ",'origin':%s", rows[i].origin);
        if (rows[i].accepted)
            say(s, "BUS", "tag.printed", RECEIVED, data);
        else
            deny(s, "BUS", "tag.printed", RECEIVED, data, "PRT-033", "origin");
        stage_close(s);
    }
}

/* Twelve of the thirteen fields; a tag says nothing of the inspection when it is sent. */
static void PRT_033_all_but_the_result_must_be_there(void **state)
{
    (void)state;
    static const char *const must[] = {
        "sender",    "model",   "purchased", "engine_no", "repaired", "frame_no",     "mileage",
        "part_name", "part_no", "company",   "origin",    "tag_no",   "first_finding"};
    const struct shape *shape = shape_ev_tag_printed();
    for (size_t i = 0; i < COUNT_OF(must); i++)
        assert_true(shape_field(shape, str_of(must[i]))->must);
    assert_false(shape_field(shape, STR("result"))->must);
    assert_int_equal(shape->count, COUNT_OF(must) + 1);
}

/* ---- PRT-036 ---- */

static void PRT_036_as_many_tags_as_pieces(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    say(s, "BUS", "tag.printed", RECEIVED, TAG("T1", "A"));
    say(s, "BUS", "tag.printed", RECEIVED, TAG("T2", "A"));
    say(s, "BUS", "tag.printed", RECEIVED, TAG("T3", "B"));
    say(s, "BUS", "claimlist.packed", RECEIVED,
        HEAD("L1") ",'lines':[{'part_no':'A','qty':2},{'part_no':'B','qty':1}],"
                   "'tags':[{'tag_no':'T1'},{'tag_no':'T2'},{'tag_no':'T3'}]");
    assert_int_equal(count(s, "claimlist.tag_missing"), 0);
    assert_int_equal(list_row(s, "L1").tags_missing, 0);
    deny(s, "BUS", "claimlist.packed", RECEIVED,
         HEAD("L2") ",'lines':[{'part_no':'A','qty':2}],'tags':[{'tag_no':'T1'}]", "PRT-036",
         "tag_used");
    deny(s, "BUS", "tag.printed", RECEIVED, TAG("T1", "A"), "PRT-033", "state");
    stage_close(s);
}

static void PRT_036_a_missing_tag_is_named(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    say(s, "BUS", "tag.printed", RECEIVED, TAG("T1", "A"));
    say(s, "BUS", "tag.printed", RECEIVED, TAG("T3", "B"));
    deny(s, "BUS", "claimlist.packed", RECEIVED, /* a tag too many, of a part not listed */
         HEAD("L1") ",'lines':[{'part_no':'A','qty':3}],'tags':[{'tag_no':'T1'},{'tag_no':'T3'}]",
         "PRT-036", "tags");
    deny(s, "BUS", "claimlist.packed", RECEIVED, /* the same twice */
         HEAD("L1") ",'lines':[{'part_no':'A','qty':3}],'tags':[{'tag_no':'T1'},{'tag_no':'T1'}]",
         "PRT-036", "tag_used");
    say(s, "BUS", "claimlist.packed", RECEIVED, /* T9 was never printed */
        HEAD("L1") ",'lines':[{'part_no':'A','qty':3}],'tags':[{'tag_no':'T1'},{'tag_no':'T9'}]");
    assert_int_equal(count(s, "claimlist.tag_missing"), 1);
    assert_string_equal(last(s, "claimlist.tag_missing", "part_no"), "A");
    assert_string_equal(last(s, "claimlist.tag_missing", "qty"), "3");
    assert_string_equal(last(s, "claimlist.tag_missing", "tags"), "1");
    assert_int_equal(list_row(s, "L1").tags_missing, 2);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_035_examples),
        cmocka_unit_test(PRT_035_contact_is_due_a_working_day_after_the_receipt),
        cmocka_unit_test(PRT_035_ladder_of_the_contact),
        cmocka_unit_test(PRT_035_ladder_of_the_resolution),
        cmocka_unit_test(PRT_035_resolved_credit),
        cmocka_unit_test(PRT_034_a_list_goes_its_way),
        cmocka_unit_test(PRT_034_the_header_must_be_there),
        cmocka_unit_test(PRT_033_exactly_one_origin_is_circled),
        cmocka_unit_test(PRT_033_all_but_the_result_must_be_there),
        cmocka_unit_test(PRT_036_as_many_tags_as_pieces),
        cmocka_unit_test(PRT_036_a_missing_tag_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
