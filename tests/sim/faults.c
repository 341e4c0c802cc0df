/* faults.c - what goes wrong, and when: rates for the wires, the disk and Redis, drawn once a run,
 * and single events one after the other. Rows 1, 4, 5, 7-9, 11, 13-15, 18, 21 of the fault table
 * (RELIABILITY 4) as far as they can be had in one thread. */
#include "common/contract.h"
#include "common/node.h"
#include "common/timekeeper.h"
#include "tests/sim/sim.h"

#define MINUTE INT64_C(60000)
#define DAY (1440 * MINUTE)
#define SECOND 1000

static struct member_of_crew *victim(struct sim *s)
{
    return &s->crew[lot_below(&s->lot, CREW)];
}

/* ---- events ---- */

/* kill -9 at one of the next effects. */
static void kill_soon(struct sim *s)
{
    struct member_of_crew *m = victim(s);
    m->process.die_in = 1 + (uint32_t)lot_below(&s->lot, 40);
}

static void kill_all(struct sim *s)
{
    for (size_t i = 0; i < CREW; i++)
        s->crew[i].process.die_in = 1 + (uint32_t)lot_below(&s->lot, 8);
}

static void suspend(struct sim *s)
{
    struct member_of_crew *m = victim(s);
    if (m->how != UP) return;
    m->how = HELD;
    m->next_ms = world.mono_ms + 1 + (int64_t)lot_below(&s->lot, 5 * MINUTE);
    checks_outage(s, m->options->service->owner, world.wall_ms, INT64_MAX);
    world_trace("%s is suspended", m->process.name);
}

static void redis_trouble(struct sim *s)
{
    uint64_t what = lot_below(&s->lot, 5);
    world.disturbed_ms = world.mono_ms;
    world_trace("redis trouble %d", (int)what);
    if (what == 0) redis_flush();
    if (what == 1) redis_remember();
    if (what == 2) redis_recall();
    if (what == 3) redis_wrong_type();
    if (what < 4) return;
    world.redis_up = false;
    s->redis_back_ms = world.mono_ms + 1 + (int64_t)lot_below(&s->lot, 20 * MINUTE);
}

static void no_room(struct sim *s)
{
    if (lot_chance(&s->lot, 500)) {
        world.free_bytes = 0;
    } else {
        world.fill_percent = 95;
    }
    s->room_back_ms = world.mono_ms + 1 + (int64_t)lot_below(&s->lot, 2 * MINUTE);
    world_trace("no room");
}

/* Somebody sets the clock, and sees later that it was wrong. */
static void step_clock(struct sim *s)
{
    static const int64_t by_ms[] = {SECOND, 30 * SECOND, 9 * MINUTE, 3 * 60 * MINUTE, 3652 * DAY};
    if (s->skew_end_ms != INT64_MAX || s->mode == MODE_event) return;
    int64_t by = 1 + (int64_t)lot_below(&s->lot, (uint64_t)by_ms[lot_below(&s->lot, 5)]);
    if (lot_chance(&s->lot, 400)) by = -by;
    int64_t lasts = 1 + (int64_t)lot_below(&s->lot, 3 * MINUTE);
    int64_t before = world.wall_ms;
    checks_outage(s, OWNER_any, before - (by < 0 ? -by : by), before + lasts + TIMEKEEPER_STEP_MS);
    world.wall_ms += by;
    world.skew_ms = by;
    s->skew_end_ms = world.mono_ms + lasts;
    world_trace("the clock is set by %lld ms", (long long)by);
}

/* A second copy of a service that runs: refused, and the first does not notice (N3). */
static void second_copy(struct sim *s)
{
    struct member_of_crew *m = victim(s);
    struct process other = {.name = "a copy"};
    struct loop *loop = NULL;
    struct fault why = {0};
    if (m->how != UP) return;
    world.at = &other;
    enum err e = loop_open(&m->settings, s->policy, m->options, &loop, &why);
    if (e == ERR_OK) loop_close(&loop);
    world.at = NULL;
    if (e != ERR_REFUSED) sim_broken(s, "N3: a second copy of %s was let in", m->process.name);
}

/* ---- the plan ---- */

static void (*const events[])(struct sim *s) = {kill_soon,  kill_soon,  kill_soon,     kill_all,
                                                suspend,    suspend,    redis_trouble, no_room,
                                                step_clock, second_copy};

static unsigned rate(struct sim *s, unsigned most)
{
    return lot_chance(&s->lot, 600) ? 0 : (unsigned)lot_below(&s->lot, most + 1);
}

static void next_fault(struct sim *s)
{
    static const int64_t up_to_ms[] = {200, 5 * SECOND, 2 * MINUTE, 60 * MINUTE, 300 * MINUTE};
    uint64_t most = (uint64_t)up_to_ms[lot_below(&s->lot, 5)];
    s->fault_ms = world.mono_ms + 1 + (int64_t)lot_below(&s->lot, most);
}

void faults_draw(struct sim *s)
{
    s->skew_end_ms = s->redis_back_ms = s->room_back_ms = INT64_MAX;
    struct rates *r = &world.rates;
    r->drop = rate(s, 200);
    r->twice = rate(s, 200);
    r->delay = rate(s, 200);
    r->reorder = rate(s, 300);
    r->cut = rate(s, 50);
    r->commit_fails = rate(s, 20);
    r->commit_slow = rate(s, 30);
    r->map_full = rate(s, 3);
    r->redis_slow = rate(s, 30);
    r->redis_lies = rate(s, 200);
    r->redis_error = rate(s, 30);
    next_fault(s);
}

/* What was wrong for a while is right again. */
static void mend(struct sim *s)
{
    if (world.mono_ms >= s->skew_end_ms) {
        world.wall_ms -= world.skew_ms;
        world.skew_ms = 0;
        s->skew_end_ms = INT64_MAX;
        checks_clock_back(s);
        world_trace("the clock is right again");
    }
    if (world.mono_ms >= s->redis_back_ms) {
        world.redis_up = true;
        world.disturbed_ms = world.mono_ms;
        if (lot_chance(&s->lot, 500)) redis_flush();
        s->redis_back_ms = INT64_MAX;
    }
    if (world.mono_ms >= s->room_back_ms) {
        world.free_bytes = UINT64_C(1) << 40;
        world.fill_percent = 1;
        s->room_back_ms = INT64_MAX;
    }
}

void faults_work(struct sim *s)
{
    mend(s);
    if (world.mono_ms < s->fault_ms) return;
    events[lot_below(&s->lot, COUNT_OF(events))](s);
    next_fault(s);
}

int64_t faults_next(const struct sim *s)
{
    int64_t at = s->fault_ms;
    if (s->skew_end_ms < at) at = s->skew_end_ms;
    if (s->redis_back_ms < at) at = s->redis_back_ms;
    return s->room_back_ms < at ? s->room_back_ms : at;
}

void faults_stop(struct sim *s)
{
    world_trace("no more faults");
    s->fault_ms = INT64_MAX;
    if (s->skew_end_ms != INT64_MAX) s->skew_end_ms = world.mono_ms;
    if (s->redis_back_ms != INT64_MAX) s->redis_back_ms = world.mono_ms;
    if (s->room_back_ms != INT64_MAX) s->room_back_ms = world.mono_ms;
    world.rates = (struct rates){0};
    s->active_ms = world.mono_ms; /* what came last is to be got over */
    mend(s);
    for (size_t i = 0; i < CREW; i++) {
        s->crew[i].process.die_in = 0;
        if (s->crew[i].how != UP) s->crew[i].next_ms = world.mono_ms;
    }
}
