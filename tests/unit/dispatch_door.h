/* dispatch_door.h - what the tests of dispatch share: a door that queues every call at once, ways
 * to tell facts about call "C1", and ways to look into the rows of dispatch.
 *
 * The door stands in for intake, so that dispatch is tested on what it is told, not on what intake
 * would make of it. It takes two liberties: `contract` of a call names its service policy and
 * `district` its category (reporter "none": no voucher); and call.hq_help_requested makes the
 * verdicts intake would come to: "carried 2 2026-03-02", "policy SP-…", "category a". */
#ifndef CUIBAN_TESTS_UNIT_DISPATCH_DOOR_H
#define CUIBAN_TESTS_UNIT_DISPATCH_DOOR_H

#include "common/contract.h"
#include "common/deadline.h"
#include "services/dispatch/dispatch.h"
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

#define CALL "C1"

/* ---- the door ---- */

static inline enum err door_queue(struct step *st, const struct ev_call_registered *ev)
{
    struct ev_call_queued out = {.call_no = ev->call_no,
                                 .unit = ev->unit.n ? ev->unit : STR("U1"),
                                 .received_at =
                                     ev->received_at ? ev->received_at : st->in->occurred,
                                 .policy = ev->contract,
                                 .category = code_number(&codes_category, ev->district),
                                 .order_kind = ev->order_kind,
                                 .customer = ev->customer,
                                 .product = ev->product,
                                 .severity = ev->severity,
                                 .from_complaint = ev->from_complaint,
                                 .requested_at = ev->requested_at,
                                 .repeat_of = ev->repeat_of,
                                 .due_day = ev->due_day};
    if (!str_is(ev->reporter, "none")) out.voucher = STR("V1");
    step_emit(st, EV_call_queued, &out);
    return ERR_OK;
}

static inline enum err door_verdict(struct step *st, const struct ev_call_hq_help_requested *ev)
{
    char text[80], word[32] = "", rest[48] = "";
    unsigned times = 0;
    (void)str_copy(ev->text, text, sizeof text);
    if (sscanf(text, "carried %u %31s", &times, word) == 2) {
        struct ev_call_carried_over out = {.call_no = ev->call_no, .times = times};
        assert_int_equal(day_parse(str_of(word), &out.day), ERR_OK);
        step_emit(st, EV_call_carried_over, &out);
    } else if (sscanf(text, "policy %47s", rest) == 1) {
        struct ev_call_policy_changed out = {
            .call_no = ev->call_no, .before = STR("SP"), .policy = str_of(rest)};
        step_emit(st, EV_call_policy_changed, &out);
    } else if (sscanf(text, "category %31s", word) == 1) {
        struct ev_call_reclassified out = {.call_no = ev->call_no, .before = category_c};
        out.category = code_number(&codes_category, str_of(word));
        step_emit(st, EV_call_reclassified, &out);
    }
    return ERR_OK;
}

static inline enum err door_step(struct step *st, const void *payload)
{
    switch ((int)st->type->kind) {
    case EV_call_registered:
        return door_queue(st, payload);
    case EV_call_hq_help_requested:
        return door_verdict(st, payload);
    case EV_unit_upserted:
    case EV_person_upserted:
        return step_master(st, payload);
    }
    return ERR_STALE; /* logged all the same */
}

static const struct service door_service = {
    .name = "intake", .owner = OWNER_intake, .step = door_step};

/* ---- the stage ---- */

#define MASTER_TIME "2026-01-05T08:00:00+08:00"

/* Unit U1 on CAL-EX, technicians T1…T4 with certificates, T9 without, S1 the supervisor. */
static inline void master_tell(struct stage *s)
{
    char data[160];
    (void)stage_tell(s, "unit.upserted", MASTER_TIME, "{'unit':'U1','calendar':'CAL-EX'}");
    for (int i = 1; i <= 4; i++) {
        snprintf(data, sizeof data,
                 "{'person':'T%d','unit':'U1','role':'technician','certified_to':'2026-12-31'}", i);
        (void)stage_tell(s, "person.upserted", MASTER_TIME, data);
    }
    (void)stage_tell(s, "person.upserted", MASTER_TIME,
                     "{'person':'T9','unit':'U1','role':'technician','certified_to':'2026-01-31'}");
    (void)stage_tell(s, "person.upserted", MASTER_TIME,
                     "{'person':'S1','unit':'U1','role':'supervisor','certified_to':'2026-12-31'}");
}

static inline struct stage *door_open(const char *policy_dir)
{
    static const struct service *const services[] = {&door_service, &dispatch_service};
    struct stage *s = stage_open(policy_dir, services, COUNT_OF(services));
    master_tell(s);
    return s;
}

/* A copy of a policy with changed lines, for keys no delivered policy uses; `sed` edits its files.
 */
static inline struct stage *door_open_changed(const char *policy, const char *file, const char *sed)
{
    char dir[] = "/tmp/dispatch_policy.XXXXXX", cmd[400], path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common deploy/policy/calendars deploy/policy/%s %s && "
             "sed -i '%s' %s/%s",
             policy, dir, sed, dir, file);
    assert_int_equal(system(cmd), 0);
    snprintf(path, sizeof path, "%s/%s", dir, policy);
    struct stage *s = door_open(path);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* ---- telling; times are local, "2026-03-02T16:00" with or without seconds ---- */

static inline void tell(struct stage *s, const char *call, const char *type, const char *local,
                        const char *more)
{
    char data[600];
    snprintf(data, sizeof data, "{'call_no':'%s'%s%s}", call, *more ? "," : "", more);
    if (strcmp(stage_tell(s, type, moment(local).text, data), "accepted") != 0) {
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    }
}

static inline void fact(struct stage *s, const char *type, const char *local, const char *more)
{
    tell(s, CALL, type, local, more);
}

static inline void queue(struct stage *s, const char *call, const char *local, const char *policy,
                         const char *more)
{
    char data[400];
    snprintf(data, sizeof data, "'contract':'%s'%s%s", policy, *more ? "," : "", more);
    tell(s, call, "call.registered", local, data);
}

static inline void verdict(struct stage *s, const char *call, const char *local, const char *text)
{
    char data[120];
    snprintf(data, sizeof data, "'text':'%s'", text);
    tell(s, call, "call.hq_help_requested", local, data);
}

static inline void until(struct stage *s, const char *local)
{
    stage_until(s, moment(local).text);
}

/* ---- looking ---- */

static inline void row_read(struct stage *s, uint8_t table, const struct key *k,
                            const struct shape *shape, void *row)
{
    static struct arena arena; /* texts live until the next look */
    struct slice value;
    struct fault why;
    struct store *store = node_store(stage_node(s, OWNER_dispatch));
    assert_int_equal(store_get(store, table, (struct slice){k->b, k->n}, &value), ERR_OK);
    arena_fini(&arena);
    value = arena_copy(&arena, value);
    assert_int_equal(proto_decode(shape, value, &arena, row, &why), ERR_OK);
}

static inline struct rec_row_job job_row(struct stage *s, const char *call)
{
    struct rec_row_job row;
    struct key k = key_of(str_of(call));
    key_u8(&k, 1);
    row_read(s, dispatch_tables[DISPATCH_JOB].id, &k, shape_row_job(), &row);
    return row;
}

static inline const char *state_of(struct stage *s, const char *call)
{
    return code_word(&codes_job_state, job_row(s, call).state);
}

static inline struct rec_row_leg leg_row(struct stage *s, const char *call, const char *technician)
{
    struct rec_row_leg row;
    struct key k = key_of(str_of(call));
    key_u8(&k, 1);
    key_str(&k, str_of(technician));
    row_read(s, dispatch_tables[DISPATCH_LEG].id, &k, shape_row_leg(), &row);
    return row;
}

static inline bool clock_exists(struct stage *s, const char *call, const char *name)
{
    struct key k = deadline_key(str_of(call), 1, str_of(name));
    struct slice value;
    struct store *store = node_store(stage_node(s, OWNER_dispatch));
    enum err e = store_get(store, TABLE_DEADLINE, (struct slice){k.b, k.n}, &value);
    return e == ERR_OK;
}

static inline struct rec_row_deadline clock_row(struct stage *s, const char *call, const char *name)
{
    struct rec_row_deadline row;
    struct key k = deadline_key(str_of(call), 1, str_of(name));
    row_read(s, TABLE_DEADLINE, &k, shape_row_deadline(), &row);
    return row;
}

/* "open", "stopped", "late", "superseded", "cancelled"; "none" when it was never armed. */
static inline const char *clock_end(struct stage *s, const char *call, const char *name)
{
    if (!clock_exists(s, call, name)) return "none";
    return code_word(&codes_deadline_end, clock_row(s, call, name).end);
}

static inline void assert_due(struct stage *s, const char *call, const char *name,
                              const char *local)
{
    char due[40];
    time_format(clock_row(s, call, name).due + 8 * HOUR_MS, NULL, due);
    due[strlen(due) - 1] = 0; /* Z */
    char want[40];
    snprintf(want, sizeof want, "%s%s", local, strlen(local) == 16 ? ":00" : "");
    assert_string_equal(due, want);
}

/* How many records of this type name this deadline. */
static inline size_t clock_count(struct stage *s, const char *type, const char *name)
{
    size_t n = stage_count(s, OWNER_dispatch, type), found = 0;
    for (size_t i = 0; i < n; i++) {
        found += strcmp(stage_field(s, OWNER_dispatch, type, i, "name"), name) == 0;
    }
    return found;
}

static inline size_t count(struct stage *s, const char *type)
{
    return stage_count(s, OWNER_dispatch, type);
}

static inline const char *last(struct stage *s, const char *type, const char *field)
{
    return stage_last(s, OWNER_dispatch, type, field);
}

/* The fact told last is refused by this rule with this code and a sentence, and so many more
 * records came with it. */
static inline void refused_with(struct stage *s, size_t before, const char *rule, const char *code,
                                size_t also)
{
    assert_int_equal(count(s, ""), before + 1 + also);
    const json_t *e = stage_nth(s, OWNER_dispatch, "", before);
    assert_string_equal(json_string_value(json_object_get(e, "type")), "refused.fact");
    assert_string_equal(last(s, "refused.fact", "rule"), rule);
    assert_string_equal(last(s, "refused.fact", "code"), code);
    assert_true(strlen(last(s, "refused.fact", "text")) > 20);
}

/* … and nothing else is written. */
static inline void refused(struct stage *s, const char *type, const char *local, const char *more,
                           const char *rule, const char *code)
{
    size_t before = count(s, "");
    fact(s, type, local, more);
    refused_with(s, before, rule, code, 0);
}

#endif
