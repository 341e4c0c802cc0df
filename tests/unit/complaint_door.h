/* complaint_door.h - what the tests of complaint share: the house of intake, complaint and
 * escalation on the calendar of the worked examples (CAL-STD, +08:00), facts told by the unit that
 * reports them, a case driven to any state, and ways to look into rows, deadlines and refusals.
 *
 * A case is walked along `walk`: one fact a row, told by the department whose work it is. A row
 * more before `complaint.closed` is all a further condition of the close needs. */
#ifndef CUIBAN_TESTS_UNIT_COMPLAINT_DOOR_H
#define CUIBAN_TESTS_UNIT_COMPLAINT_DOOR_H

#include "common/contract.h"
#include "common/deadline.h"
#include "services/complaint/complaint.h"
#include "services/escalation/escalation.h"
#include "services/intake/intake.h"
#include "tests/lib/stage.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include "tests/unit/moment.h"

#define CLOCKS_OWNER OWNER_complaint
#include "tests/unit/clocks.h"

#define POLICY_STD "tests/unit/data/policy-complaint"
#define CENTRE "C01" /* no department of the policy: a service centre */

/* ---- the house ---- */

/* Every department of the policy, the centre and U1, the source of stage_tell. */
static inline void units_tell(struct stage *s)
{
    static const char *const units[] = {"BIZ", "GMO", "GM", "QA",  "MFG",  "RD",
                                        "ACC", "WH",  "HR", "SVC", CENTRE, "U1"};
    char data[80];
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        snprintf(data, sizeof data, "{'unit':'%s','calendar':'CAL-STD'}", units[i]);
        (void)stage_tell(s, "unit.upserted", "2020-01-01T08:00:00+08:00", data);
    }
}

static inline struct stage *desk_open(const char *policy_dir)
{
    static const struct service *const services[] = {&intake_service, &complaint_service,
                                                     &escalation_service};
    struct stage *s = stage_open(policy_dir, services, COUNT_OF(services));
    units_tell(s);
    return s;
}

/* The policy of the tests with changed lines; `sed` edits its file, e.g. "policy.yaml". A file of
 * the common ones is edited as "common/complaint.yaml". */
static inline struct stage *desk_open_changed(const char *file, const char *sed)
{
    char dir[] = "/tmp/complaint_policy.XXXXXX", cmd[700];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
             "sed -i '%s' %s/%s%s",
             dir, POLICY_STD, dir, dir, sed, dir, strncmp(file, "common/", 7) ? "own/" : "", file);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = desk_open(cmd);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* ---- telling; times are local, "2024-03-01T16:00" with or without seconds ---- */

static inline void until(struct stage *s, const char *local)
{
    stage_until(s, moment(local).text);
}

static inline size_t count(struct stage *s, const char *type)
{
    return stage_count(s, OWNER_complaint, type);
}

static inline const char *last(struct stage *s, const char *type, const char *field)
{
    return stage_last(s, OWNER_complaint, type, field);
}

/* A fact, whatever complaint says to it. */
static inline void tell(struct stage *s, const char *unit, const char *type, const char *local,
                        const char *data)
{
    static unsigned facts;
    char text[1500], id[24];
    snprintf(id, sizeof id, "c%u", ++facts);
    snprintf(text, sizeof text, "{%s}", data);
    if (strcmp(stage_tell_as(s, unit, id, type, moment(local).text, text), "accepted") != 0)
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
}

/* Accepted by complaint. */
static inline void say(struct stage *s, const char *unit, const char *type, const char *local,
                       const char *data)
{
    size_t before = count(s, "refused.fact"), own = count(s, type);
    tell(s, unit, type, local, data);
    if (count(s, "refused.fact") != before)
        fail_msg("%s: %s", type, last(s, "refused.fact", "text"));
    assert_true(count(s, type) > own);
}

/* Refused by complaint with this rule and code, in a sentence. */
static inline void deny(struct stage *s, const char *unit, const char *type, const char *local,
                        const char *data, const char *rule, const char *code)
{
    size_t before = count(s, "refused.fact"), own = count(s, type);
    tell(s, unit, type, local, data);
    if (count(s, "refused.fact") != before + 1) fail_msg("%s {%s}: not refused", type, data);
    if (strcmp(last(s, "refused.fact", "rule"), rule) ||
        strcmp(last(s, "refused.fact", "code"), code)) {
        fail_msg("%s {%s}: %s %s: %s", type, data, last(s, "refused.fact", "rule"),
                 last(s, "refused.fact", "code"), last(s, "refused.fact", "text"));
    }
    assert_int_equal(count(s, type), own);
    assert_true(strlen(last(s, "refused.fact", "text")) > 20);
}

/* The same about a case: `more` follows its case_no. */
struct words_of {
    char text[1200];
};

static inline struct words_of about(const char *no, const char *more)
{
    struct words_of w;
    snprintf(w.text, sizeof w.text, "'case_no':'%s'%s%s", no, *more ? "," : "", more);
    return w;
}

static inline void act(struct stage *s, const char *unit, const char *no, const char *type,
                       const char *local, const char *more)
{
    say(s, unit, type, local, about(no, more).text);
}

static inline void bar(struct stage *s, const char *unit, const char *no, const char *type,
                       const char *local, const char *more, const char *rule, const char *code)
{
    deny(s, unit, type, local, about(no, more).text, rule, code);
}

/* ---- a case on its way ---- */

#define COMPLAINT "'kind':'goods','customer':'K1','product':'PCB'"
#define FORM                                                                                       \
    "'order_no':'O1','material':'M1','shipped_on':'2024-01-10','qty':1000,'defective_qty':200,"    \
    "'demand':'return them','demand_method':'return','demand_qty':200,'market':'domestic'"
#define QA_SAYS "'cause':'plating','responsible_unit':'MFG','cause_class':'quality'"
#define MFG_SAYS                                                                                   \
    "'production_unit':'L2','machine_shift':'M3 night','production_staff':'A. Wang',"              \
    "'production_date':'2023-12-20','cause':'bath too cold','countermeasure':'check hourly'"
#define DECISION(amount) "'level':'總經理','method':'return','amount':'" amount "'"

/* Where a case is after the row of the same name. */
enum walked {
    W_NONE,
    W_RECEIVED,
    W_FILED,
    W_ACCEPTED,
    W_REGISTERED, /* at step qa */
    W_QA,         /* … done, and so on */
    W_MANUFACTURING,
    W_MGMT,
    W_RD,
    W_GMO_CHECK,
    W_BUSINESS,
    W_SYNTHESIS, /* before the decision */
    W_DECIDED,
    W_RETURNED,
    W_CONTACTED,
    W_REPLIED,
    W_NEGOTIATED,
    W_REVIEWED,
    W_OPINION,
    W_FINAL,
    W_LIABLE,
    W_APPROVED,
    W_CLOSED,
    W_ROWS
};

static const struct walk_fact {
    const char *unit, *type, *data;
} walk_facts[W_ROWS] = {
    [W_RECEIVED] = {"BIZ", "complaint.received", COMPLAINT ",'centre':'" CENTRE "'"},
    [W_FILED] = {"BIZ", "complaint.form_filed", FORM},
    [W_ACCEPTED] = {"GMO", "complaint.accepted", ""},
    [W_REGISTERED] = {"GMO", "complaint.registered", ""},
    [W_QA] = {"QA", "complaint.step_done", QA_SAYS},
    [W_MANUFACTURING] = {"MFG", "complaint.step_done", MFG_SAYS},
    [W_MGMT] = {"GMO", "complaint.step_done", "'rd_required':'yes'"},
    [W_RD] = {"RD", "complaint.step_done", "'opinion':'design is right'"},
    [W_GMO_CHECK] = {"GMO", "complaint.step_done", ""},
    [W_BUSINESS] = {"BIZ", "complaint.step_done", "'opinion':'take them back'"},
    [W_SYNTHESIS] = {"GMO", "complaint.step_done", "'opinion':'agreed'"},
    [W_DECIDED] = {"GMO", "complaint.decided", DECISION("9000.00")},
    [W_RETURNED] = {"GMO", "complaint.decision_returned", ""},
    [W_CONTACTED] = {"BIZ", "complaint.customer_contacted", ""},
    [W_REPLIED] = {"BIZ", "complaint.customer_replied",
                   "'channel':'letter','by':'B. Li','summary':'we take them back'"},
    [W_NEGOTIATED] = {"BIZ", "complaint.negotiated", "'result':'accepted'"},
    [W_REVIEWED] = {"BIZ", "complaint.result_reviewed", "'by':'head of business'"},
    [W_OPINION] = {"GMO", "complaint.final_opinion_done", "'opinion':'as agreed'"},
    [W_FINAL] = {"GMO", "complaint.decided", DECISION("9000.00") ",'final':'yes'"},
    [W_LIABLE] =
        {"GMO", "complaint.liability_proposed",
         "'own_quality':'no','parties':[{'type':'external','party':'carrier','ratio_bp':10000}]"},
    [W_APPROVED] = {"GMO", "complaint.liability_approved", "'by':'head of the GMO'"},
    [W_CLOSED] = {"GMO", "complaint.closed", ""},
};

/* Tells the facts behind `from` up to `to`, all at one instant. */
static inline void walk(struct stage *s, const char *no, enum walked from, enum walked to,
                        const char *local)
{
    for (int i = (int)from + 1; i <= (int)to; i++) {
        const struct walk_fact *f = &walk_facts[i];
        if (f->type) act(s, f->unit, no, f->type, local, f->data);
    }
}

static inline void drive(struct stage *s, const char *no, enum walked to, const char *local)
{
    walk(s, no, W_NONE, to, local);
}

/* ---- looking ---- */

static inline bool row_at(struct stage *s, int which, struct key k, void *row)
{
    return stage_row(s, OWNER_complaint, &complaint_tables[which], k, row);
}

static inline struct rec_row_complaint case_row(struct stage *s, const char *no)
{
    struct rec_row_complaint row;
    assert_true(row_at(s, COMPLAINT_CASE, key_of(str_of(no)), &row));
    return row;
}

static inline const char *state_of(struct stage *s, const char *no)
{
    return code_word(&codes_complaint_state, case_row(s, no).state);
}

#endif
