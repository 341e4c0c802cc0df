/* crew.c - the services of the centre as processes: opened, turned, killed at an effect, taken away
 * and brought back. What comes back must have the state of its last durable batch, to the byte
 * (N5). */
#include "common/contract.h"
#include "common/node.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include "tests/sim/sim.h"
#include <stdio.h>
#include <string.h>

static const struct loop_options intake = {.service = &intake_service};
static const struct loop_options dispatch = {.service = &dispatch_service};
static const struct loop_options parts = {.service = &parts_service};
static const struct loop_options complaint = {.service = &complaint_service};
static const struct loop_options scoring = {.service = &scoring_service};
static const struct loop_options desk = {.service = &escalation_service, .claims = true};
static const struct loop_options office = {.service = &headoffice_service};
const struct loop_options *const crew_options[CREW] = {&intake,  &dispatch, &parts, &complaint,
                                                       &scoring, &desk,     &office};

struct member_of_crew *crew_of(struct sim *s, enum owner o)
{
    for (size_t i = 0; i < CREW; i++) {
        if (s->crew[i].options->service->owner == o) return &s->crew[i];
    }
    return NULL;
}

void crew_end(struct sim *s, struct member_of_crew *m)
{
    if (m->how == HELD) checks_outage(s, m->options->service->owner, world.wall_ms, INT64_MAX);
    world.at = &m->process;
    loop_close(&m->loop);
    world.at = NULL;
    checks_records(s, m);
    if (m->how != HELD) checks_outage(s, m->options->service->owner, world.wall_ms, INT64_MAX);
    m->how = DOWN;
    s->active_ms = world.mono_ms;
}

static void come_back_later(struct sim *s, struct member_of_crew *m)
{
    static const int64_t after_ms[] = {50, 500, 5000, 120000, 3600000};
    size_t longest = s->fault_ms == INT64_MAX ? 2 : COUNT_OF(after_ms);
    m->next_ms = world.mono_ms + 1 +
                 (int64_t)lot_below(&s->lot, (uint64_t)after_ms[lot_below(&s->lot, longest)]);
}

static void check_came_back(struct sim *s, struct member_of_crew *m)
{
    if (m->born && disk_state_hash(m->dir) != disk_durable_hash(m->dir)) {
        sim_broken(s, "N5: %s came back with another state than that of its last durable batch",
                   m->process.name);
    }
    m->born = true;
}

void crew_back(struct sim *s, struct member_of_crew *m)
{
    struct fault why = {0};
    m->process.dead = false;
    world.at = &m->process;
    enum err e = loop_open(&m->settings, s->policy, m->options, &m->loop, &why);
    bool dead = m->process.dead;
    world.at = NULL;
    if (e == ERR_OK && !dead) {
        check_came_back(s, m);
        checks_outage(s, m->options->service->owner, 0, world.wall_ms);
        m->how = UP;
        m->next_ms = world.mono_ms;
        return;
    }
    if (e == ERR_OK) crew_end(s, m);
    bool disk_fails = world.rates.commit_fails || world.rates.map_full;
    if (!dead && !disk_fails) sim_broken(s, "N1: %s does not start: %s", m->process.name, why.text);
    come_back_later(s, m);
}

void crew_turn(struct sim *s, struct member_of_crew *m)
{
    world.at = &m->process;
    enum err e = loop_turn(m->loop);
    bool dead = m->process.dead;
    int64_t wait = dead || e != ERR_OK ? 0 : loop_wait_ms(m->loop);
    world.at = NULL;
    s->turns++;
    m->turned_ms = world.mono_ms;
    m->next_ms = world.mono_ms + (wait > 0 ? wait : 1);
    if (dead || e != ERR_OK) {
        world_trace("%s %s", m->process.name, dead ? "is gone" : err_name(e));
        bool disk_fails = world.rates.commit_fails || world.rates.map_full;
        if (!dead && (e == ERR_CORRUPT || !disk_fails))
            sim_broken(s, "N5: %s gives up (%s) without a fault", m->process.name, err_name(e));
        crew_end(s, m);
        come_back_later(s, m);
        return;
    }
    checks_records(s, m);
}

void crew_start(struct sim *s)
{
    char run[sizeof s->dir], data[sizeof s->dir + 8];
    memcpy(run, s->dir, sizeof run);
    (void)snprintf(data, sizeof data, "%s/data", run);
    for (size_t i = 0; i < CREW; i++) {
        struct member_of_crew *m = &s->crew[i];
        const struct service *svc = crew_options[i]->service;
        m->options = crew_options[i];
        m->process.name = svc->name;
        m->settings = s->defaults;
        (void)snprintf(m->settings.dir, sizeof m->settings.dir, "%s", data);
        (void)snprintf(m->settings.run, sizeof m->settings.run, "%s", run);
        (void)snprintf(m->dir, sizeof m->dir, "%s/%s", data, svc->name);
        (void)snprintf(m->settings.clock, sizeof m->settings.clock, "%s",
                       s->mode == MODE_event ? "event" : "wall");
        m->settings.batch_max = 1 + (int64_t)lot_below(&s->lot, 64);
        m->settings.checkpoint_batches = 1 + (int64_t)lot_below(&s->lot, 40);
        m->settings.checkpoint_ms = 1 + (int64_t)lot_below(&s->lot, 4000);
        checks_outage(s, svc->owner, 0, INT64_MAX);
        crew_back(s, m);
    }
}
