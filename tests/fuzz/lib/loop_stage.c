/* loop_stage.c - see loop_stage.h. The turn is a static function of loop.c, so that file is taken
 * in whole; what it would reach outside (bus, clock, notes, the readers' thread) is a fake of this
 * library. */
#include "tests/fuzz/lib/loop_stage.h"
#include "common/loop.c"
#include "tests/fuzz/lib/fuzz.h"

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
    struct loop *l = calloc(1, sizeof *l);
    struct fault why = {0};
    REQUIRE(l != NULL);
    options = (struct loop_options){.service = o->service, .claims = o->claims};
    l->options = &options;
    l->policy = o->policy;
    enum err e = settings_load(&l->settings, &why);
    REQUIRE(e == ERR_OK);
    snprintf(l->settings.dir, sizeof l->settings.dir, "%s", fuzz_dir_empty());
    snprintf(l->settings.run, sizeof l->settings.run, "%s", fuzz_tmp());
    snprintf(l->settings.redis, sizeof l->settings.redis, "off");
    snprintf(l->settings.clock, sizeof l->settings.clock, o->event_clock ? "event" : "wall");
    l->settings.batch_max = o->batch_max;
    l->settings.map_mb = 64;
    l->settings.free_min_mb = 0;
    char path[SETTING_TEXT_SIZE + 32];
    snprintf(path, sizeof path, "%s/%s", l->settings.dir, o->service->name);
    fuzz_store_born(path);
    e = loop_open(l, &why);
    REQUIRE(e == ERR_OK);
    return l;
}

void loop_stage_close(struct loop **l)
{
    (*l)->policy = NULL; /* borrowed */
    loop_close(*l);
    *l = NULL;
}

enum err loop_stage_turn(struct loop *l)
{
    return turn(l);
}
