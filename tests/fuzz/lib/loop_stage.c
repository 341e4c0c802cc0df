/* loop_stage.c - see loop_stage.h. What the loop would reach outside (bus, clock, notes, the
 * readers' thread) is a fake of this library. */
#include "tests/fuzz/lib/loop_stage.h"
#include "common/clock.h"
#include "common/contract.h"
#include "tests/fuzz/lib/fuzz.h"
#include <stdio.h>

static int64_t clock_ms;

int64_t clock_wall_ms(void)
{
    return clock_ms;
}

int64_t clock_mono_ms(void)
{
    return clock_ms;
}

void clock_sleep_ms(int64_t ms)
{
    clock_ms += ms;
}

enum err query_open(struct bus *bus, const char *endpoint, struct store *store, struct query **out)
{
    (void)bus, (void)endpoint, (void)store;
    *out = NULL;
    return ERR_OK;
}

void query_close(struct query **q)
{
    (void)q;
}

void loop_stage_clock(int64_t wall_ms)
{
    clock_ms = wall_ms;
}

int64_t loop_stage_now(void)
{
    return clock_ms;
}

const char *loop_stage_endpoint(const char *service)
{
    static char out[LOOP_ENDPOINT_SIZE];
    loop_endpoint(out, fuzz_tmp(), service);
    return out;
}

struct loop *loop_stage_open(const struct loop_stage_options *o)
{
    static struct loop_options options;
    struct settings settings;
    struct loop *l = NULL;
    struct fault why = {0};
    options = (struct loop_options){.service = o->service, .claims = o->claims};
    enum err e = settings_load(&settings, &why);
    REQUIRE(e == ERR_OK);
    snprintf(settings.dir, sizeof settings.dir, "%s", fuzz_dir_empty());
    snprintf(settings.run, sizeof settings.run, "%s", fuzz_tmp());
    snprintf(settings.redis, sizeof settings.redis, "off");
    snprintf(settings.clock, sizeof settings.clock, o->event_clock ? "event" : "wall");
    settings.batch_max = o->batch_max;
    settings.map_mb = 64;
    settings.free_min_mb = 0;
    char path[SETTING_TEXT_SIZE + 32];
    snprintf(path, sizeof path, "%s/%s", settings.dir, o->service->name);
    fuzz_store_born(path);
    e = loop_open(&settings, o->policy, &options, &l, &why);
    REQUIRE(e == ERR_OK);
    return l;
}

void loop_stage_close(struct loop **l)
{
    loop_close(l);
}

enum err loop_stage_turn(struct loop *l)
{
    return loop_turn(l);
}
