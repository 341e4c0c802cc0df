/* dispatch_staff.h - what the tests of the staff's papers share: a unit that owes reports, a short
 * way to tell a fact about no call, and a stand-in for facts of intake that reach dispatch.
 *
 * call.hq_help_requested with "sms PERSON DAY" or "card PERSON" (its call) plays sms.reported and
 * card.returned; "-" as person means nobody was named. */
#ifndef CUIBAN_TESTS_UNIT_DISPATCH_STAFF_H
#define CUIBAN_TESTS_UNIT_DISPATCH_STAFF_H

#include "services/dispatch/dispatch_private.h"
#include "tests/unit/dispatch_door.h"

static inline enum err staff_step(struct step *st, const void *payload)
{
    if (st->type->kind != EV_call_hq_help_requested) return dispatch_service.step(st, payload);
    const struct ev_call_hq_help_requested *ev = payload;
    static char person[64];
    char text[80], day[16] = "";
    int32_t on = 0;
    (void)str_copy(ev->text, text, sizeof text);
    st->rule = "DSP-053";
    if (sscanf(text, "sms %63s %15s", person, day) == 2) {
        assert_int_equal(day_parse(str_of(day), &on), ERR_OK);
        return dispatch_daily_sms(st, str_of(person), on);
    }
    assert_int_equal(sscanf(text, "card %63s", person), 1);
    struct str who = str_of(person);
    return dispatch_card_returned(st, str_is(who, "-") ? (struct str){0} : who, ev->call_no);
}

/* U1 has this default policy from 2026-03-02 08:00 on, a Monday before its opening. */
static inline struct stage *staff_open_in(const char *dir, const char *unit_more)
{
    static struct service staff_service;
    static const struct service *const services[] = {&door_service, &staff_service};
    staff_service = dispatch_service;
    staff_service.step = staff_step;
    struct stage *s = stage_open(dir, services, COUNT_OF(services));
    master_tell(s);
    char data[300];
    snprintf(data, sizeof data, "{'unit':'U1','calendar':'CAL-EX','supervisor':'S1'%s%s}",
             *unit_more ? "," : "", unit_more);
    (void)stage_tell(s, "unit.upserted", "2026-03-02T08:00:00+08:00", data);
    return s;
}

static inline struct stage *staff_open(const char *policy, const char *unit_more)
{
    char dir[80];
    snprintf(dir, sizeof dir, "deploy/policy/%s", policy);
    return staff_open_in(dir, unit_more);
}

/* With a line more in the unit's list or another key. */
static inline struct stage *staff_open_changed(const char *policy, const char *sed,
                                               const char *unit_more)
{
    char dir[] = "/tmp/dispatch_staff.XXXXXX", cmd[500], path[80];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd, "cp -r deploy/policy/. %s && sed -i '%s' %s/%s/*.yaml", dir, sed, dir,
             policy);
    assert_int_equal(system(cmd), 0);
    snprintf(path, sizeof path, "%s/%s", dir, policy);
    struct stage *s = staff_open_in(path, unit_more);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* Accepted at the door and by dispatch. */
static inline void say(struct stage *s, const char *type, const char *local, const char *data)
{
    size_t before = count(s, "refused.fact");
    if (strcmp(stage_tell(s, type, moment(local).text, data), "accepted") != 0)
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    if (count(s, "refused.fact") != before)
        fail_msg("%s %s: %s", type, data, last(s, "refused.fact", "text"));
}

static inline void deny(struct stage *s, const char *type, const char *local, const char *data,
                        const char *rule, const char *code)
{
    /* Clocks may pass on the way; the fact itself leaves its refusal only. */
    size_t refusals = count(s, "refused.fact"), facts = count(s, type);
    if (strcmp(stage_tell(s, type, moment(local).text, data), "accepted") != 0)
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    assert_int_equal(count(s, "refused.fact"), refusals + 1);
    assert_int_equal(count(s, type), facts);
    assert_string_equal(last(s, "refused.fact", "rule"), rule);
    assert_string_equal(last(s, "refused.fact", "code"), code);
    assert_true(strlen(last(s, "refused.fact", "text")) > 20);
}

/* data.<field> of the last record of the type with this deadline and case. */
static inline const char *of_case(struct stage *s, const char *type, const char *name,
                                  const char *case_no, const char *field)
{
    for (size_t i = count(s, type); i-- > 0;) {
        if (strcmp(stage_field(s, OWNER_dispatch, type, i, "name"), name) == 0 &&
            strcmp(stage_field(s, OWNER_dispatch, type, i, "case_no"), case_no) == 0)
            return stage_field(s, OWNER_dispatch, type, i, field);
    }
    fail_msg("no %s of %s for %s", type, name, case_no);
    return "";
}

static inline size_t times(struct stage *s, const char *type, const char *name, const char *case_no)
{
    size_t found = 0;
    for (size_t i = count(s, type); i-- > 0;) {
        found += strcmp(stage_field(s, OWNER_dispatch, type, i, "name"), name) == 0 &&
                 strcmp(stage_field(s, OWNER_dispatch, type, i, "case_no"), case_no) == 0;
    }
    return found;
}

static inline void assert_armed(struct stage *s, const char *name, const char *case_no,
                                const char *due_utc)
{
    assert_string_equal(of_case(s, "deadline.armed", name, case_no, "due"), due_utc);
}

#endif
