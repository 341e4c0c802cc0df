/* world.c - see world.h. */
#include "tests/sim/world.h"
#include <stdarg.h>
#include <stdio.h>

struct world world;

void world_pass(int64_t ms)
{
    world.mono_ms += ms;
    world.wall_ms += ms;
}

bool world_effect(enum effect kind)
{
    struct process *p = world.at;
    if (!p) return true;
    if (p->dead) return false;
    world.effects++;
    world.commits += kind == EFFECT_commit;
    if (p->die_in == 0 || --p->die_in > 0) return true;
    p->dead = true;
    world.deaths++;
    bool done = lot_chance(&world.lot, 500);
    world_trace("%s dies %s effect %d", p->name, done ? "after" : "before", kind);
    return done;
}

void world_trace(const char *fmt, ...)
{
    if (!world.trace) return;
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%lld %-10s ", (long long)world.wall_ms, world.at ? world.at->name : "-");
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
}
