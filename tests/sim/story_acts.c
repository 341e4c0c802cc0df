/* story_acts.c - what people report about a call, when, and how often. */
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/story_private.h"
#include <string.h>

#define CALL_OPEN IN(STAGE_OPEN)
#define BEFORE_SITE (IN(STAGE_OPEN) | IN(STAGE_SENT) | IN(STAGE_ROAD))
#define ON_SITE (IN(STAGE_SITE) | IN(STAGE_WORK))
#define RUNNING (BEFORE_SITE | ON_SITE | IN(STAGE_AWAY))
#define FINISHED (IN(STAGE_DONE) | IN(STAGE_SIGNED))
#define STAYS STAGE_ASKED

static const char *const technicians[] = {"T1", "T2", "T3", "T4"};
static const char *const units[] = {"U1", "U2"};

struct str story_technician(uint8_t n)
{
    return str_of(technicians[n % 4]);
}

struct str story_unit(uint8_t n)
{
    return str_of(units[(n + 1) % 2]);
}

/* Most reports name the technician; where one is alone, it may be left out. */
static struct str who(struct story *s, const struct story_call *c)
{
    return lot_chance(&s->lot, 700) ? story_technician(c->technician) : (struct str){0};
}

static void say_replied(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_call_replied *e = payload;
    (void)c;
    e->kind = (enum reply_kind)lot_below(&s->lot, 5);
    if (lot_chance(&s->lot, 250)) {
        e->agreed_at = at_ms + (int64_t)(20 + lot_below(&s->lot, 240)) * MINUTE_MS;
    }
}

static void say_clarified(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_call_clarified *e = payload;
    (void)c, (void)at_ms;
    e->customer_name = STR("王");
    e->address = STR("1 Road");
    if (lot_chance(&s->lot, 300)) e->zone = zone_kind_urban;
}

static void say_disposed(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_call_disposed *e = payload;
    (void)c, (void)at_ms;
    e->disposition = lot_chance(&s->lot, 800) ? disposition_site : disposition_answered;
}

static void say_forwarded(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_call_forwarded *e = payload;
    (void)c, (void)at_ms;
    e->to = STR("maker");
    e->written = lot_chance(&s->lot, 600);
}

static void say_graded(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_call_graded *e = payload;
    (void)c, (void)at_ms;
    e->severity = (enum severity)(1 + lot_below(&s->lot, 3));
}

static void say_cancelled(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_call_cancelled *e = payload;
    (void)s, (void)c, (void)at_ms;
    e->reason = STR("runs again");
}

static void say_written_off(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_call_written_off *e = payload;
    (void)s, (void)c, (void)at_ms;
    e->solution = STR("new fuse");
}

static void say_closed(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_call_closed *e = payload;
    (void)s, (void)c, (void)at_ms;
    e->solution = STR("new fuse");
}

static void say_promise(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_promise_made *e = payload;
    e->promise = lot_chance(&s->lot, 850) ? c->promises + 1 : lot_below(&s->lot, 3);
    e->due = at_ms + (int64_t)(5 + lot_below(&s->lot, 300)) * MINUTE_MS;
}

static void say_kept(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_promise_kept *e = payload;
    (void)at_ms;
    e->promise = c->promises ? 1 + lot_below(&s->lot, c->promises) : lot_below(&s->lot, 2);
}

static void say_answered(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_warranty_answered *e = payload;
    (void)s, (void)c, (void)at_ms;
    e->inside = entitled_yes;
}

static void say_assigned(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_job_assigned *e = payload;
    if (c->stage == STAGE_OPEN) {
        c->technician = (uint8_t)(2u * (c->unit - 1u) + lot_below(&s->lot, 2));
    }
    e->technician = story_technician(c->technician);
    e->by = STR("S1");
    if (lot_chance(&s->lot, 150)) {
        s->party[0].person = e->technician;
        s->party[1].person = story_technician((uint8_t)(c->technician + 1));
        e->party.v = s->party;
        e->party.n = 2;
        e->lead = lot_chance(&s->lot, 900) ? e->technician : (struct str){0};
        e->technician = (struct str){0};
    }
    if (lot_chance(&s->lot, 50)) e->agreed_at = at_ms + HOUR_MS;
}

static void say_accepted(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    (void)at_ms;
    ((struct ev_job_accepted *)payload)->technician = who(s, c);
}

static void say_refused(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_job_refused *e = payload;
    (void)at_ms;
    e->technician = who(s, c);
    e->reason = STR("ill");
}

static void say_reassigned(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_job_reassigned *e = payload;
    (void)at_ms;
    e->from = who(s, c);
    c->technician ^= 1;
    e->to = story_technician(c->technician);
    e->by = STR("S1");
}

static void say_recalled(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    (void)s, (void)at_ms;
    ((struct ev_job_recalled *)payload)->technician = story_technician(c->technician);
}

static void say_departed(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    (void)at_ms;
    ((struct ev_job_departed *)payload)->technician = who(s, c);
}

static void say_arrived(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    (void)at_ms;
    ((struct ev_job_arrived *)payload)->technician = who(s, c);
}

static void say_agreed(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_job_time_agreed *e = payload;
    (void)c;
    e->agreed_at = at_ms + (int64_t)(10 + lot_below(&s->lot, 360)) * MINUTE_MS;
    if (lot_chance(&s->lot, 150)) e->by_customer = yes_no_no;
}

static void say_paused(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    (void)s, (void)c, (void)at_ms;
    ((struct ev_job_paused *)payload)->reason = STR("waits for a part");
}

static void say_diagnosed(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_job_diagnosed *e = payload;
    (void)c, (void)at_ms;
    e->class = (enum cause_class)(1 + lot_below(&s->lot, 3));
}

static void say_reviewed(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    (void)s, (void)c, (void)at_ms;
    ((struct ev_job_plan_reviewed *)payload)->by = STR("R&D");
}

static void say_restored(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_job_restored *e = payload;
    (void)at_ms;
    bool there = (IN(c->stage) & ON_SITE) != 0;
    if (there && lot_chance(&s->lot, 900)) return;
    e->remote = yes_no_yes;
    e->user_confirms = lot_chance(&s->lot, 800) ? yes_no_yes : yes_no_no;
}

static void say_plan(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    (void)s, (void)c, (void)at_ms;
    ((struct ev_job_contingency_activated *)payload)->plan = STR("spare pump");
}

static void say_completed(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    (void)at_ms;
    ((struct ev_job_completed *)payload)->technician = who(s, c);
}

static void say_evidence(struct story *s, struct story_call *c, void *payload, int64_t at_ms)
{
    struct ev_evidence_completed *e = payload;
    (void)c, (void)at_ms;
    e->cause = STR("wear");
    e->solution = STR("new fuse");
    if (lot_chance(&s->lot, 500)) e->user_opinion = STR("good");
}

const struct story_act story_acts[] = {
    {EV_call_replied, RUNNING | IN(STAGE_DONE), STAYS, 7, say_replied},
    {EV_call_clarified, CALL_OPEN, STAYS, 3, say_clarified},
    {EV_call_disposed, CALL_OPEN, STAYS, 1, say_disposed},
    {EV_call_forwarded, BEFORE_SITE, STAYS, 3, say_forwarded},
    {EV_call_graded, RUNNING, STAYS, 2, say_graded},
    {EV_call_major_reported, RUNNING, STAYS, 2, NULL},
    {EV_call_charge_explained, RUNNING, STAYS, 1, NULL},
    {EV_call_hq_help_requested, CALL_OPEN, STAYS, 1, NULL},
    {EV_call_cancelled, BEFORE_SITE, STAGE_OVER, 1, say_cancelled},
    {EV_customer_dissatisfied, RUNNING, STAYS, 1, NULL},
    {EV_promise_made, RUNNING | IN(STAGE_DONE), STAYS, 4, say_promise},
    {EV_promise_kept, RUNNING | FINISHED, STAYS, 4, say_kept},
    {EV_warranty_answered, RUNNING, STAYS, 1, say_answered},
    {EV_job_assigned, CALL_OPEN, STAGE_SENT, 22, say_assigned},
    {EV_job_assigned, IN(STAGE_SENT) | ON_SITE | IN(STAGE_DONE), STAYS, 1, say_assigned},
    {EV_job_accepted, IN(STAGE_SENT), STAYS, 4, say_accepted},
    {EV_job_refused, IN(STAGE_SENT), STAGE_OPEN, 1, say_refused},
    {EV_job_reassigned, IN(STAGE_SENT) | IN(STAGE_ROAD), STAYS, 1, say_reassigned},
    {EV_job_recalled, IN(STAGE_SENT) | IN(STAGE_ROAD), STAGE_OPEN, 1, say_recalled},
    {EV_job_departed, IN(STAGE_SENT), STAGE_ROAD, 10, say_departed},
    {EV_job_arrived, IN(STAGE_SENT) | IN(STAGE_ROAD), STAGE_SITE, 14, say_arrived},
    {EV_job_arrived, ON_SITE, STAYS, 2, say_arrived},
    {EV_job_time_agreed, BEFORE_SITE, STAYS, 3, say_agreed},
    {EV_job_paused, ON_SITE, STAYS, 3, say_paused},
    {EV_job_resumed, ON_SITE, STAYS, 3, NULL},
    {EV_job_diagnosed, IN(STAGE_SITE), STAGE_WORK, 8, say_diagnosed},
    {EV_job_plan_reviewed, ON_SITE, STAYS, 1, say_reviewed},
    {EV_job_repair_started, ON_SITE, STAGE_WORK, 4, NULL},
    {EV_job_repaired, IN(STAGE_WORK), STAYS, 6, NULL},
    {EV_job_restored, IN(STAGE_WORK), STAYS, 5, say_restored},
    {EV_job_restored, BEFORE_SITE, STAYS, 1, say_restored},
    {EV_job_contingency_activated, ON_SITE, STAYS, 2, say_plan},
    {EV_job_unrepairable, IN(STAGE_WORK), STAYS, 1, NULL},
    {EV_job_completed, ON_SITE, STAGE_DONE, 6, say_completed},
    {EV_job_reopened, IN(STAGE_DONE), STAGE_WORK, 1, NULL},
    {EV_job_signed, IN(STAGE_DONE), STAGE_SIGNED, 10, NULL},
    {EV_job_leave_reported, ON_SITE | FINISHED, STAYS, 1, NULL},
    {EV_job_left_site, FINISHED, STAYS, 2, NULL},
    {EV_evidence_completed, FINISHED, STAYS, 3, say_evidence},
    {EV_evidence_approved, FINISHED, STAYS, 1, NULL},
    {EV_call_written_off, FINISHED, STAGE_OVER, 3, say_written_off},
    {EV_call_closed, FINISHED, STAGE_OVER, 5, say_closed},
};
const uint32_t story_act_count = COUNT_OF(story_acts);
