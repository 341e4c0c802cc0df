/* dispatch_goods_door.h - the house of intake and dispatch with a job on site at an appliance
 * customer's, for the tests of goods and fees: category A unless the call says otherwise. */
#ifndef CUIBAN_TESTS_UNIT_DISPATCH_GOODS_DOOR_H
#define CUIBAN_TESTS_UNIT_DISPATCH_GOODS_DOOR_H

#include "services/intake/intake.h"
#include "tests/unit/dispatch_door.h"

/* The same door as in the other tests of dispatch; voucher.signed goes by it into the log. */
static inline struct stage *site_open(const char *category)
{
    char more[80];
    struct stage *s = door_open("deploy/policy/appliance");
    snprintf(more, sizeof more, "'district':'%s'", category);
    queue(s, CALL, "2026-03-02T09:00", "SP-APPL-URBAN", more);
    fact(s, "job.assigned", "2026-03-02T09:30", "'technician':'T1'");
    fact(s, "job.arrived", "2026-03-02T11:00", "");
    fact(s, "job.diagnosed", "2026-03-02T11:10", "'class':'ordinary'");
    return s;
}

/* A fact that names no call. */
static inline void say(struct stage *s, const char *type, const char *local, const char *data)
{
    char text[600];
    size_t before = count(s, "refused.fact");
    snprintf(text, sizeof text, "{%s}", data);
    if (strcmp(stage_tell(s, type, moment(local).text, text), "accepted") != 0) {
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    }
    if (count(s, "refused.fact") != before) {
        fail_msg("%s: %s", type, last(s, "refused.fact", "text"));
    }
}

/* It is refused by dispatch with this rule and code; `also` more records come with it. */
static inline void deny(struct stage *s, const char *type, const char *local, const char *data,
                        const char *rule, const char *code, size_t also)
{
    char text[600];
    until(s, local); /* what falls due until then is not the refusal's */
    size_t before = count(s, "");
    snprintf(text, sizeof text, "{%s}", data);
    assert_string_equal(stage_tell(s, type, moment(local).text, text), "accepted");
    if (count(s, "refused.fact") == 0) fail_msg("%s %s: not refused", type, data);
    assert_string_equal(last(s, "refused.fact", "rule"), rule);
    assert_string_equal(last(s, "refused.fact", "code"), code);
    refused_with(s, before, rule, code, also);
}

#define ITEM "'call_no':'C1','product':'TV','condition':'scratched','technician':'T1'"
#define TAKE(no) "'receipt_no':'" no "'," ITEM

/* Receipt R1, entry E1, taken away and logged in on Monday 2026-03-02. */
static inline void log_in_one(struct stage *s)
{
    say(s, "goods.taken_away", "2026-03-02T12:00", TAKE("R1"));
    say(s, "voucher.signed", "2026-03-02T12:00", "'call_no':'C1','purpose':'take_away'");
    say(s, "goods.logged_in", "2026-03-02T15:00", "'receipt_no':'R1','register_no':'E1'");
}

/* Its card K1, promised for 2026-03-10T15:00, work begun. */
static inline void repair_one(struct stage *s)
{
    log_in_one(s);
    say(s, "repaircard.opened", "2026-03-02T16:00",
        "'card_no':'K1','register_no':'E1','promised_at':'2026-03-10T15:00:00+08:00'");
    say(s, "repaircard.work_added", "2026-03-03T10:00",
        "'card_no':'K1','minutes':40,'parts':[{'part_no':'X','qty':1}]");
}

static inline void inspect_one(struct stage *s)
{
    repair_one(s);
    say(s, "repair.done", "2026-03-03T11:00", "'card_no':'K1','outcome':'new tube'");
    say(s, "repair.inspected", "2026-03-03T11:30", "'card_no':'K1','result':'pass','by':'S1'");
}

static inline const struct table *table_at(int which)
{
    return &dispatch_tables[which];
}

static inline void row_at(struct stage *s, int which, const char *key, void *row)
{
    assert_true(stage_row(s, OWNER_dispatch, table_at(which), key_of(str_of(key)), row));
}

/* How the only deadline row of this case and name stands. */
static inline const char *end_of(struct stage *s, const char *case_no, const char *name)
{
    struct rec_row_deadline row;
    struct key k = deadline_key(str_of(case_no), 0, str_of(name));
    if (!stage_row(s, OWNER_dispatch, &table_deadline, k, &row)) return "none";
    return code_word(&codes_deadline_end, row.end);
}

/* Due of an armed one, local. */
static inline void due_is(struct stage *s, const char *case_no, const char *name, const char *local)
{
    struct rec_row_deadline row;
    struct key k = deadline_key(str_of(case_no), 0, str_of(name));
    assert_true(stage_row(s, OWNER_dispatch, &table_deadline, k, &row));
    if (row.due != instant(local)) {
        char due[40];
        time_format(row.due + 8 * HOUR_MS, NULL, due);
        fail_msg("%s %s: due %s, not %s", case_no, name, due, local);
    }
}

#endif
