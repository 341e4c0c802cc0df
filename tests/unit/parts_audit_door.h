/* parts_audit_door.h - what the tests of freight, charges and the audit of a month share: notes
 * 三包單 of IND that rest on a signed report, drawn from a store that need not be filled first, and
 * old parts that go back on a return note. */
#ifndef CUIBAN_TESTS_UNIT_PARTS_AUDIT_DOOR_H
#define CUIBAN_TESTS_UNIT_PARTS_AUDIT_DOOR_H

#include "tests/unit/parts_door.h"

struct words_of {
    char text[1200];
};

__attribute__((format(printf, 1, 2))) static inline struct words_of said(const char *format, ...)
{
    struct words_of w;
    va_list ap;
    va_start(ap, format);
    vsnprintf(w.text, sizeof w.text, format, ap);
    va_end(ap);
    return w;
}

/* CON must come back (electrical), SEAT need not; H1 is the head of department. */
static inline struct stage *people(struct stage *s)
{
    (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00",
                     "{'person':'H1','unit':'IND','role':'head'}");
    say(s, "IND", "item.upserted", "2026-01-02T08:00",
        "'part_no':'CON','name':'contactor','class':'electrical','manufacturer':'MakerX',"
        "'spec':'R1','origin':'bought_in'");
    say(s, "IND", "item.upserted", "2026-01-02T08:00",
        "'part_no':'SEAT','name':'seat','class':'trim','origin':'self_made'");
    return s;
}

static inline struct stage *audit_open(bool dispatch)
{
    char dir[] = "/tmp/parts_audit.XXXXXX", cmd[700];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
             "printf 'parts:\\n  stock_nonnegative: no\\n' >> %s/own/policy.yaml",
             dir, POLICY_PARTS, dir, dir, dir);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = house_of(cmd, dispatch);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return people(s);
}

/* A note of one line, drawn. Nobody's report: it is not audited against cards. */
static inline void drawn(struct stage *s, const char *note, const char *part, int qty,
                         const char *cost, const char *local)
{
    tell(s, "IND", "abnormal.logged", local,
         said("'report_no':'AB-%s','parts_requested':[{'part_no':'%s','qty':%d}]", note, part, qty)
             .text);
    tell(s, "IND", "abnormal.approval_requested", local, said("'report_no':'AB-%s'", note).text);
    tell(s, "IND", "abnormal.approved", local, said("'report_no':'AB-%s','by':'chief'", note).text);
    say(s, "IND", "issue.opened", local,
        said("'note_no':'%s','abnormal_no':'AB-%s','person':'T9','lines':[{'part_no':'%s',"
             "'qty':%d,'unit_cost':'%s'}]",
             note, note, part, qty, cost)
            .text);
    static const char *const steps[] = {"issue.signed", "issue.stamped", "issue.drawn"};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        say(s, "IND", steps[i], local, said("'note_no':'%s'", note).text);
}

static inline void shipped(struct stage *s, const char *note, const char *waybill, const char *more,
                           const char *local)
{
    say(s, "IND", "issue.shipped", local,
        said("'note_no':'%s','waybill':'%s'%s", note, waybill, more).text);
}

static inline void used(struct stage *s, const char *note, int qty, const char *local)
{
    say(s, "IND", "part.used", local,
        said("'doc':'issue','doc_no':'%s','line':1,'qty':%d,'reason':'burnt','name':'part',"
             "'report':'S-%s','user_signed':'yes','leader_ok':'yes'",
             note, qty, note)
            .text);
}

/* The old part that was expected last, back and on a return note that is in store. */
static inline void offset(struct stage *s, const char *return_note, const char *local)
{
    struct words_of no = said("'old_no':'%s'", last(s, "oldpart.expected", "old_no"));
    say(s, "IND", "oldpart.returned", local, no.text);
    say(s, "IND", "oldpart.labelled", local, said("%s,'tag':'L-1'", no.text).text);
    say(s, "IND", "oldpart.inspected", local, said("%s,'match':'yes','by':'QC'", no.text).text);
    say(s, "IND", "oldpart.analysed", local,
        said("%s,'cause':'coil burnt','liable':'user','led_by':'head'", no.text).text);
    say(s, "IND", "return_note.opened", local,
        said("'note_no':'%s','lines':[{%s}]", return_note, no.text).text);
    say(s, "IND", "return_note.signed", local,
        said("'note_no':'%s','by':'supply'", return_note).text);
    say(s, "IND", "return_note.in_store", local, said("'note_no':'%s'", return_note).text);
}

static inline struct rec_row_net_cost cost_of(struct stage *s, enum parts_doc doc, const char *no)
{
    struct rec_row_net_cost row = {0};
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)doc);
    key_str(&k, str_of(no));
    (void)row_at(s, PARTS_NET_COST, k, &row);
    return row;
}

static inline struct rec_row_net_cost month_cost(struct stage *s, const char *unit, int32_t month)
{
    struct rec_row_net_cost row = {0};
    struct key k = {.n = 0};
    key_u8(&k, 0);
    key_str(&k, str_of(unit));
    key_day(&k, month);
    (void)row_at(s, PARTS_NET_COST, k, &row);
    return row;
}

#endif
