/* plot.c - one run: who is next. Whoever has something to do soonest is turned; when nothing has
 * happened for a while, time jumps to just before the next thing that will. */
#include "common/contract.h"
#include "common/node.h"
#include "tests/sim/sim.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define IDLE_MS 3000 /* without a record, then time may jump */
#define BEFORE_MS 30 /* … to so long before the next thing */
#define HELD_UP_MS 5000
#define SETTLE_MS 120000 /* when the faults have stopped, everything is done within this */
#define TURNS_MAX 2000000
#define TURNS_FAULTY 150000 /* with so many faults that the story does not come to its end */
#define LATER_MS (INT64_C(40) * 3600000)

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Mono time of the next turn of a member, or of its coming back. */
static int64_t member_next(const struct member_of_crew *m)
{
    if (m->how != UP) return m->next_ms;
    int64_t at = least(m->next_ms, wires_next(&m->process));
    return at > m->turned_ms ? at : m->turned_ms + 1; /* it may be unable to take what waits */
}

/* A service does not come back while the clock is wrong by hours: who starts services says that
 * the clock is right (timekeeper.h). */
static bool may_come_back(const struct sim *s)
{
    return s->skew_end_ms == INT64_MAX;
}

static void member_work(struct sim *s, struct member_of_crew *m)
{
    if (m->how == UP) {
        crew_turn(s, m);
    } else if (m->how == HELD) {
        m->how = UP;
        checks_outage(s, m->options->service->owner, 0, world.wall_ms);
    } else if (may_come_back(s)) {
        crew_back(s, m);
    } else {
        m->next_ms = s->skew_end_ms;
    }
}

static bool all_up(const struct sim *s)
{
    for (size_t i = 0; i < CREW; i++)
        if (s->crew[i].how != UP) return false;
    return true;
}

/* Nothing happens: on to the next thing. Deadlines are as far away on both clocks. */
static void jump(struct sim *s, int64_t until_ms)
{
    int64_t at = until_ms;
    if (world.mono_ms - s->active_ms < s->idle_ms || world.mono_ms < s->jump_ms) return;
    /* What is on its way arrives first; but on the event clock one that is away may hold up the
     * others for hours. */
    bool held_up = s->mode == MODE_event && !all_up(s) && world.mono_ms - s->active_ms > HELD_UP_MS;
    if (!checks_all_read(s) && !held_up) return;
    at = least(at, sender_next(s));
    at = least(at, faults_next(s));
    for (size_t i = 0; i < CREW; i++) {
        const struct member_of_crew *m = &s->crew[i];
        if (m->how != UP) at = least(at, m->next_ms);
        if (m->how != UP || s->mode == MODE_event) continue;
        int64_t due = node_next_due(loop_node(m->loop));
        if (due != INT64_MAX) at = least(at, world.mono_ms + due - world.wall_ms);
    }
    if (at == INT64_MAX || at - BEFORE_MS <= world.mono_ms) return;
    world_pass(at - BEFORE_MS - world.mono_ms);
    s->jump_ms = world.mono_ms + s->idle_ms / 2; /* some turns before the next */
}

/* One step of the world: the next thing before until_ms (mono). */
static void step(struct sim *s, int64_t until_ms)
{
    struct member_of_crew *next = NULL;
    int64_t at = least(least(sender_next(s), faults_next(s)), until_ms);
    size_t from = lot_below(&s->lot, CREW); /* of several at the same time */
    for (size_t i = 0; i < CREW; i++) {
        struct member_of_crew *m = &s->crew[(from + i) % CREW];
        int64_t t = member_next(m);
        if (t >= at) continue;
        at = t;
        next = m;
    }
    if (at > world.mono_ms) world_pass(at - world.mono_ms);
    if (world.mono_ms >= faults_next(s)) faults_work(s);
    if (world.mono_ms >= sender_next(s)) sender_work(s);
    if (next) member_work(s, next);
}

/* Until the clock of the run stands at until_ms, or everything is told (and settled). */
static void run_until(struct sim *s, int64_t until_ms, bool settle)
{
    while (!s->broken[0] && world.mono_ms < until_ms) {
        if (!settle) jump(s, until_ms);
        step(s, until_ms);
        if (settle ? checks_settled(s) : sender_done(s) || s->turns > TURNS_FAULTY) return;
        if (s->turns > TURNS_MAX) sim_broken(s, "N1: the run does not end");
    }
    if (settle && !s->broken[0])
        sim_broken(s, "N1: not settled %d s after the last fault", SETTLE_MS / 1000);
}

/* The sender may still have a story to tell: without faults it tells it quickly. */
static void settle(struct sim *s)
{
    s->sender.left = 0;
    run_until(s, world.mono_ms + SETTLE_MS, true);
}

static void play(struct sim *s)
{
    run_until(s, world.mono_ms + INT64_C(10) * 86400000, false);
    if (s->mode == MODE_safety) return;
    faults_stop(s);
    settle(s);
    if (!s->broken[0]) checks_quiet(s);
    if (s->mode == MODE_event) {
        if (!s->broken[0]) checks_house(s);
        return;
    }
    /* What is still open falls due, in peace. */
    int64_t later = world.mono_ms + LATER_MS;
    while (!s->broken[0] && world.mono_ms < later) {
        jump(s, later);
        step(s, later);
    }
    if (!s->broken[0]) settle(s);
    if (!s->broken[0]) checks_quiet(s);
}

/* ---- from the seed ---- */

static void world_open(struct sim *s)
{
    bool trace = world.trace;
    world = (struct world){.lot = {s->seed * 4 + 1},
                           .wall_ms = story_start(s->seed),
                           .mono_ms = 1000000,
                           .free_bytes = UINT64_C(1) << 40,
                           .fill_percent = 1,
                           .redis_up = true,
                           .trace = trace};
    world.disturbed_ms = s->active_ms = world.mono_ms;
    s->lot = (struct lot){s->seed * 4 + 2};
    s->idle_ms = lot_chance(&s->lot, 50) ? 3000 : 100 + (int64_t)lot_below(&s->lot, 200);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void world_close(struct sim *s)
{
    for (size_t i = 0; i < CREW; i++)
        if (s->crew[i].loop) crew_end(s, &s->crew[i]);
    sender_close(s);
    story_close(&s->story);
    s->seen = model_seen(s->model);
    model_close(&s->model);
    wires_reset();
    disk_reset();
    redis_reset();
    buf_fini(&s->told);
    arena_fini(&s->arena);
    (void)nftw(s->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

bool sim_run(struct sim *s)
{
    REQUIRE(mkdtemp(s->dir) != NULL);
    world_open(s);
    s->mode = (enum mode)(s->seed % MODE_COUNT);
    world.sender_in_order = s->mode == MODE_event;
    s->story = story_open(s->seed, s->policy);
    checks_open(s);
    faults_draw(s);
    sender_open(s);
    crew_start(s);
    play(s);
    bool ok = !s->broken[0];
    if (!ok) s->crew[0].seen = UINT64_MAX - 1; /* nothing more is looked at */
    world_close(s);
    return ok;
}
