/* parts_request_random_test.c - requests, reports, backorders, notes, cards and use told in any
 * order, some of them late: the ledger holds after each; a request that is decided has no clock
 * that waits for it; nobody issues more than a report was signed for; and the same facts give the
 * same log. Rules PRT-003, PRT-005, PRT-014, PRT-015, PRT-021, PRT-046. */
#include "tests/unit/parts_issue_door.h"

#define FACTS 330

#define NUMBERS 9 /* of requests and notes */

/* Each "?" becomes 1, 2 or 3, each "#" one of NUMBERS. */
static const struct {
    const char *unit, *type, *data;
} facts[] = {
    {"IND", "abnormal.logged", "'report_no':'A?','parts_requested':[{'part_no':'P?','qty':?}]"},
    {"IND", "abnormal.approval_requested", "'report_no':'A?'"},
    {"IND", "abnormal.approved", "'report_no':'A?','by':'chief'"},
    {"IND", "abnormal.refused", "'report_no':'A?','by':'chief','reason':'no'"},
    {"IND", "part.requested", "'request_no':'R#','abnormal_no':'A?'"},
    {"IND", "part.requested", "'request_no':'R#','abnormal_no':'A?'"},
    {"IND", "issue.opened", "'note_no':'N#','abnormal_no':'A?','lines':[{'part_no':'P?','qty':1}]"},
    {"IND", "issue.opened", "'note_no':'N#','abnormal_no':'A?','lines':[{'part_no':'P?','qty':1}]"},
    {"BUS", "part.requested", "'request_no':'R#','lines':[{'part_no':'P?','qty':?}]"},
    {"BUS", "part.requested", "'request_no':'R#','call_no':'C?','lines':[{'name':'x','qty':?}]"},
    {"BUS", "part.number_resolved", "'request_no':'R#','line':?,'part_no':'P?'"},
    {"BUS", "part.approved", "'request_no':'R#','by':'boss'"},
    {"BUS", "part.approved", "'request_no':'R#','by':'boss','approved':[{'part_no':'P?','qty':?}]"},
    {"BUS", "part.refused", "'request_no':'R#','by':'boss','reason':'no'"},
    {"BUS", "part.backordered", "'request_no':'R#'"},
    {"BUS", "part.backordered", "'request_no':'R#','part_no':'P?'"},
    {"BUS", "part.supply_date_set", "'request_no':'R#','date':'2026-03-0?'"},
    {"BUS", "part.notified", "'request_no':'R#','office':'here'"},
    {"BUS", "part.arrived_in_store", "'request_no':'R#'"},
    {"BUS", "part.arrived", "'request_no':'R#'"},
    {"BUS", "part.arrived", "'call_no':'C?'"},
    {"BUS", "issue.opened",
     "'note_no':'N#','request_no':'R#','person':'T?','lines':[{'part_no':'P?','qty':?}]"},
    {"IND", "issue.opened",
     "'note_no':'N#','abnormal_no':'A?','lines':[{'part_no':'P?','qty':?,'unit_cost':'?.00'}]"},
    {"BUS", "issue.opened",
     "'note_no':'N#','request_no':'R#','card_no':'K?','lines':[{'part_no':'P?','qty':1},"
     "{'part_no':'P?','qty':1}]"},
    {"BUS", "issue.signed", "'note_no':'N#'"},
    {"BUS", "issue.stamped", "'note_no':'N#'"},
    {"BUS", "issue.drawn", "'note_no':'N#'"},
    {"BUS", "issue.drawn", "'note_no':'N#'"},
    {"BUS", "issue.shipped", "'note_no':'N#','due':'2026-03-0?'"},
    {"BUS", "issue.tracked", "'note_no':'N#'"},
    {"BUS", "issue.received", "'note_no':'N#'"},
    {"BUS", "issue.cancelled", "'note_no':'N#','reason':'wrong'"},
    {"BUS", "part.used",
     "'doc':'issue','doc_no':'N#','line':1,'qty':?,'name':'x','reason':'y','card_no':'K?'"},
    {"BUS", "part.used",
     "'doc':'issue','doc_no':'N#','line':1,'qty':1,'name':'x','reason':'y','person':'T?'"},
};

static void tell_one(struct stage *s, unsigned *seed, unsigned i)
{
    char data[300], at[40];
    size_t which = (size_t)rand_r(seed) % COUNT_OF(facts);
    int64_t back = rand_r(seed) % 4 ? 0 : rand_r(seed) % 300;
    int64_t now = instant("2026-03-02T09:00") + ((int64_t)i * 20 - back) * MINUTE_MS;
    time_format(now + 8 * HOUR_MS, NULL, at);
    at[19] = 0;
    snprintf(data, sizeof data, "%s", facts[which].data);
    for (char *p = data; *p; p++) {
        if (*p == '?') *p = (char)('1' + rand_r(seed) % 3);
        if (*p == '#') *p = (char)('1' + rand_r(seed) % NUMBERS);
    }
    char text[400], id[16];
    snprintf(text, sizeof text, "{%s}", data);
    snprintf(id, sizeof id, "x%u", i);
    (void)stage_tell_as(s, facts[which].unit, id, facts[which].type, moment(at).text, text);
    law_holds(s);
}

static void check_request(struct stage *s, unsigned n)
{
    char no[8], case_no[16];
    struct rec_row_part_request r;
    snprintf(no, sizeof no, "R%u", n);
    snprintf(case_no, sizeof case_no, "part/R%u", n);
    if (!row_at(s, PARTS_REQUEST, key_of(str_of(no)), &r)) return;
    bool open = strcmp(end_of(s, case_no, "part.decide"), "open") == 0;
    bool asked = r.state == part_request_state_requested;
    assert_true(r.class != part_class_none && r.lines.n > 0);
    assert_int_equal(open, asked && !r.abnormal_no.n);
}

/* What is on notes that are not void. */
struct on_notes {
    const char *report, *part;
    uint64_t qty;
};

static void add_note(void *ctx, struct slice key, const void *row)
{
    struct on_notes *o = ctx;
    const struct rec_row_issue *r = row;
    (void)key;
    if (r->state == issue_state_cancelled || !str_is(r->abnormal_no, o->report)) return;
    for (uint32_t i = 0; i < r->lines.n; i++)
        o->qty += str_is(r->lines.v[i].part_no, o->part) ? r->lines.v[i].qty : 0;
}

static void check_report(struct stage *s, unsigned n)
{
    static const char *const parts[] = {"P1", "P2", "P3"};
    char no[8];
    snprintf(no, sizeof no, "A%u", n);
    uint64_t signed_for = 0, on_notes = 0;
    struct rec_row_parts_report r = {0};
    if (!row_at(s, PARTS_REPORT, key_of(str_of(no)), &r)) return;
    for (uint32_t i = 0; i < r.parts.n; i++)
        signed_for += r.parts.v[i].qty;
    for (size_t p = 0; p < COUNT_OF(parts); p++) {
        struct on_notes o = {.report = no, .part = parts[p]};
        each_row(s, PARTS_ISSUE, add_note, &o);
        on_notes += o.qty;
    }
    assert_true(on_notes <= signed_for);
    if (r.state != abnormal_state_approved) assert_int_equal(on_notes, 0);
}

static struct stage *play(unsigned seed)
{
    struct stage *s = issue_open(false);
    for (unsigned i = 0; i < FACTS; i++) {
        tell_one(s, &seed, i);
        for (unsigned n = 1; n <= NUMBERS; n++) {
            check_request(s, n);
            check_report(s, n);
        }
    }
    return s;
}

static char *record(struct stage *s, size_t n)
{
    return json_dumps(stage_nth(s, OWNER_parts, "", n), JSON_COMPACT | JSON_SORT_KEYS);
}

static void PRT_003_PRT_015_facts_in_any_order(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct stage *s = play(seed);
        assert_true(count(s, "refused.fact") > 20 && count(s, "part.requested") > 0);
        stage_close(s);
    }
}

static void PRT_017_the_same_facts_give_the_same_log(void **state)
{
    (void)state;
    struct stage *a = play(9), *b = play(9);
    size_t n = stage_count(a, OWNER_parts, "");
    assert_int_equal(stage_count(b, OWNER_parts, ""), n);
    for (size_t i = 0; i < n; i++) {
        char *x = record(a, i), *y = record(b, i);
        assert_string_equal(x, y);
        free(x);
        free(y);
    }
    stage_close(a);
    stage_close(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_003_PRT_015_facts_in_any_order),
        cmocka_unit_test(PRT_017_the_same_facts_give_the_same_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
