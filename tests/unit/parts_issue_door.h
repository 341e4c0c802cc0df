/* parts_issue_door.h - what the tests of requests, notes and use share: a store that need not be
 * filled first (parts.stock_nonnegative: no), reports that are signed, notes that are drawn. */
#ifndef CUIBAN_TESTS_UNIT_PARTS_ISSUE_DOOR_H
#define CUIBAN_TESTS_UNIT_PARTS_ISSUE_DOOR_H

#include "tests/unit/parts_door.h"

static inline struct stage *issue_open(bool dispatch)
{
    char dir[] = "/tmp/parts_issue.XXXXXX", cmd[700];
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
    return s;
}

/* ---- telling ---- */

struct fact_words {
    char text[1600];
};

/* A request of so many pieces of P1 on no report. */
static inline struct fact_words request_said(const char *no, unsigned qty, const char *more)
{
    struct fact_words w;
    snprintf(w.text, sizeof w.text,
             "'request_no':'%s','lines':[{'part_no':'P1','name':'relay','qty':%u}]%s%s", no, qty,
             *more ? "," : "", more);
    return w;
}

static inline void request(struct stage *s, const char *unit, const char *no, unsigned qty,
                           const char *local)
{
    say(s, unit, "part.requested", local, request_said(no, qty, "").text);
}

static inline struct fact_words about(const char *field, const char *no, const char *more)
{
    struct fact_words w;
    snprintf(w.text, sizeof w.text, "'%s':'%s'%s%s", field, no, *more ? "," : "", more);
    return w;
}

static inline void approve(struct stage *s, const char *unit, const char *no, const char *local)
{
    say(s, unit, "part.approved", local, about("request_no", no, "'by':'boss'").text);
}

/* An abnormality report for `parts` (JSON lines), logged and put before the leader. */
static inline void report(struct stage *s, const char *no, const char *parts, const char *local)
{
    struct fact_words w;
    snprintf(w.text, sizeof w.text,
             "'report_no':'%s','person':'T9','product':'X7','fault':'burnt','parts_requested':%s",
             no, parts);
    tell(s, "IND", "abnormal.logged", local, w.text);
    tell(s, "IND", "abnormal.approval_requested", local, about("report_no", no, "").text);
}

static inline void report_signed(struct stage *s, const char *no, const char *local)
{
    tell(s, "IND", "abnormal.approved", local, about("report_no", no, "'by':'chief'").text);
}

/* Under PP-BUS, which asks for no steps: a note of so many P1 at 12.00, for T1, drawn. */
static inline void note_drawn(struct stage *s, const char *no, unsigned qty, const char *local,
                              const char *more)
{
    struct fact_words w;
    char req[64];
    snprintf(req, sizeof req, "R-%s", no);
    request(s, "BUS", req, qty, local);
    approve(s, "BUS", req, local);
    snprintf(w.text, sizeof w.text,
             "'note_no':'%s','request_no':'%s','person':'T1','lines':[{'part_no':'P1','qty':%u,"
             "'unit_cost':'12.00'}]%s%s",
             no, req, qty, *more ? "," : "", more);
    say(s, "BUS", "issue.opened", local, w.text);
    say(s, "BUS", "issue.drawn", local, about("note_no", no, "").text);
}

/* ---- a product under guarantee (W-GEN: 12 months from delivery), and a call about it ---- */

static inline void call_of(struct stage *s, const char *unit, const char *call_no,
                           const char *delivered, const char *local)
{
    struct fact_words w;
    char product[60];
    snprintf(product, sizeof product, "X-%s", call_no);
    snprintf(w.text, sizeof w.text, "'product':'%s','model':'M1','delivered':'%s'", product,
             delivered);
    tell(s, unit, "product.upserted", local, w.text);
    snprintf(w.text, sizeof w.text,
             "'call_no':'%s','product':'%s','customer_name':'Li','address':'Road 1','phone':'1',"
             "'model':'M1','fault':'%s','customer':'K-%s'",
             call_no, product, call_no, call_no);
    tell(s, unit, "call.registered", local, w.text);
}

/* ---- the ladder of a deadline ---- */

/* It passed at these local times, separated by spaces, and at no other. */
static inline void ladder_is(struct stage *s, const char *case_no, const char *name,
                             const char *times)
{
    size_t n = count(s, "deadline.passed");
    for (size_t i = 0; i < n; i++) {
        if (strcmp(stage_field(s, OWNER_parts, "deadline.passed", i, "name"), name) ||
            strcmp(stage_field(s, OWNER_parts, "deadline.passed", i, "case_no"), case_no))
            continue;
        char local[40] = "";
        int64_t at = 0;
        struct fault why;
        assert_int_equal(
            time_parse(str_of(stage_field(s, OWNER_parts, "deadline.passed", i, "at")), &at, &why),
            ERR_OK);
        if (sscanf(times, "%39s", local) != 1) fail_msg("%s: one level too many", name);
        assert_int_equal(at, instant(local));
        times += strlen(local);
        times += strspn(times, " ");
    }
    if (*times) fail_msg("%s: not passed at %s", name, times);
}

#endif
