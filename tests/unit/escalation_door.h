/* escalation_door.h - a door for tests of the desk: it holds deadlines on order, with the real
 * engine, so that the desk and head office see real deadline.* records without the services that
 * will hold them.
 *
 *   promise.made {call_no, promise, text, due, unit}  arms the deadline named by text, item =
 * promise promise.kept {call_no, promise}                   stops every deadline of that item
 *   call.cancelled {call_no}                          drops all deadlines of the case
 * Also a policy directory of its own, made from the common parts and a few rows for these
 * deadlines. */
#ifndef CUIBAN_TESTS_ESCALATION_DOOR_H
#define CUIBAN_TESTS_ESCALATION_DOOR_H

#include "common/contract.h"
#include "tests/lib/stage.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct deadline_row door_rows[] = {
    {.name = "complaint.qa_review", .rule = "CMP-053", .from = FROM_OCCURRED, .due = DUE_GIVEN},
    {.name = "complaint.total", .rule = "CMP-051", .from = FROM_OCCURRED, .due = DUE_GIVEN},
    {.name = "job.arrival", .rule = "DSP-014", .from = FROM_OCCURRED, .due = DUE_GIVEN},
    {.name = "job.restore", .rule = "DSP-016", .from = FROM_OCCURRED, .due = DUE_GIVEN},
    {.name = "day.report", .rule = "HQ-010", .from = FROM_OCCURRED, .due = DUE_GIVEN},
    {.name = "warned.step", .rule = "CV-12", .from = FROM_OCCURRED, .due = DUE_GIVEN},
    {.name = "quiet.step", .rule = "CV-12", .from = FROM_OCCURRED, .due = DUE_GIVEN},
};

static enum err door_made(struct step *st, const struct ev_promise_made *x)
{
    struct deadline_ctx c = {.case_no = x->call_no,
                             .item = (uint8_t)x->promise,
                             .unit = x->unit.n ? x->unit : st->in->source,
                             .occurred_ms = st->in->occurred,
                             .given_ms = x->due};
    for (size_t i = 0; i < COUNT_OF(door_rows); i++) {
        if (str_is(x->text, door_rows[i].name))
            return deadline_arm(st, &door_rows[i], &c, (struct str){0});
    }
    return step_refuse(st, "unknown", "text", "no such deadline at this door");
}

static enum err door_kept(struct step *st, const struct ev_promise_kept *x)
{
    struct deadline_ctx c = {
        .case_no = x->call_no, .item = (uint8_t)x->promise, .occurred_ms = st->in->occurred};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(door_rows); i++)
        e = deadline_stop(st, &door_rows[i], &c);
    return e;
}

static enum err door_step(struct step *st, const void *payload)
{
    st->rule = st->type->rule;
    if (st->type->kind == EV_promise_made) return door_made(st, payload);
    if (st->type->kind == EV_promise_kept) return door_kept(st, payload);
    if (st->type->kind != EV_call_cancelled) return ERR_STALE;
    return deadline_drop(st, ((const struct ev_call_cancelled *)payload)->call_no, 0,
                         STR("cancelled"));
}

static const struct service door_service = {.name = "intake",
                                            .owner = OWNER_intake,
                                            .deadlines = door_rows,
                                            .deadline_count = COUNT_OF(door_rows),
                                            .step = door_step};

/* ---- the policy ---- */

static inline void door_write(const char *dir, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    REQUIRE(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* Makes a set with that inquiry mode; out gets its directory, to be removed by door_policy_remove.
 */
static inline void door_policy(const char *inquiry_mode, char out[64])
{
    char root[PATH_MAX], from[PATH_MAX + 64], to[128], text[1024];
    REQUIRE(getcwd(root, sizeof root) != NULL);
    snprintf(out, 64, "/tmp/policy.XXXXXX");
    REQUIRE(mkdtemp(out) != NULL);
    static const char *const parts[] = {"common", "calendars"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        snprintf(from, sizeof from, "%s/deploy/policy/%s", root, parts[i]);
        snprintf(to, sizeof to, "%s/%s", out, parts[i]);
        REQUIRE(symlink(from, to) == 0);
    }
    snprintf(out + strlen(out), 64 - strlen(out), "/desk");
    snprintf(to, sizeof to, "mkdir -p %s", out);
    REQUIRE(system(to) == 0);
    snprintf(text, sizeof text,
             "name: desk\nversion: 1\n"
             "include: [../common/escalation.yaml, ../common/kinds.yaml, ../common/deadlines.yaml,"
             " ../common/warranty.yaml, ../common/targets.yaml, ../common/fallback.yaml]\n"
             "keys:\n  default_calendar: CAL-EX\n  default_order_kind: repair\n  inquiry_mode: %s\n"
             "  register_fields: []\n  site_fields: []\n",
             inquiry_mode);
    door_write(out, "policy.yaml", text);
    door_write(out, "own.yaml",
               "sets:\n"
               "  - id: ESC-WARN\n    clock: elapsed\n    levels:\n"
               "      - {level: 1, offset_min: -1440, to: 服務主任}\n"
               "      - {level: 2, offset_min: 0, to: 服務部}\n"
               "deadlines:\n"
               "  - {name: complaint.qa_review, clock: given, set: ESC-C}\n"
               "  - {name: complaint.total, clock: given, set: ESC-C}\n"
               "  - {name: job.arrival, clock: given, set: ESC-W}\n"
               "  - {name: job.restore, clock: given, set: ESC-E}\n"
               "  - {name: day.report, clock: given, set: ESC-D}\n"
               "  - {name: warned.step, clock: given, set: ESC-WARN}\n"
               "  - {name: quiet.step, clock: given, set: none}\n");
}

static inline void door_policy_remove(const char *dir)
{
    char cmd[128];
    snprintf(cmd, sizeof cmd, "rm -rf '%.*s'", (int)(strrchr(dir, '/') - dir), dir);
    REQUIRE(system(cmd) == 0);
}

/* One promise, told at the time. */
static inline void door_promise(struct stage *s, const char *time, const char *call,
                                const char *name, const char *due)
{
    char data[256];
    snprintf(data, sizeof data, "{'call_no':'%s','promise':1,'text':'%s','due':'%s','unit':'U1'}",
             call, name, due);
    stage_tell(s, "promise.made", time, data);
}

#endif
