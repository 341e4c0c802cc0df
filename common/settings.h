/* settings.h - the settings of a process, one table, from the environment. An unknown CUIBAN_* name
 * or a value out of range stops the start. */
#ifndef CUIBAN_COMMON_SETTINGS_H
#define CUIBAN_COMMON_SETTINGS_H

#include "common/err.h"
#include <stdint.h>
#include <stdio.h>

/* name, environment, type, default, min, max, help */
#define SETTINGS(TEXT_S, NUM_S)                                                                    \
    TEXT_S(dir, "CUIBAN_DIR", "run/data", "where the stores of the services lie")                  \
    TEXT_S(run, "CUIBAN_RUN", "run", "where the services' sockets lie")                            \
    TEXT_S(policy, "CUIBAN_POLICY", "deploy/policy/appliance", "directory of the policy set")      \
    TEXT_S(redis, "CUIBAN_REDIS", "run/redis.sock", "Redis: path of a socket, host:port, or off")  \
    TEXT_S(region, "CUIBAN_REGION", "main", "name of this region, part of the Redis keys")         \
    TEXT_S(clock, "CUIBAN_CLOCK", "wall", "wall, or event to import history")                      \
    TEXT_S(metrics, "CUIBAN_METRICS", "off", "host:port for /metrics, /healthz, /readyz, or off")  \
    TEXT_S(listen, "CUIBAN_LISTEN", "off",                                                         \
           "host:port where the door listens to other machines too, with CURVE, or off")           \
    TEXT_S(keys, "CUIBAN_KEYS", "", "file with the door's key and those it lets in: cuiban keys")  \
    NUM_S(batch_max, "CUIBAN_BATCH_MAX", 4096, 1, 65536, "events taken per commit at most")        \
    NUM_S(grace_ms, "CUIBAN_GRACE_MS", 1500, 0, 60000,                                             \
          "how long an owner waits to be woken before it fires a due deadline itself")             \
    NUM_S(checkpoint_batches, "CUIBAN_CHECKPOINT_BATCHES", 256, 1, 1000000,                        \
          "state is committed at least every so many batches")                                     \
    NUM_S(checkpoint_ms, "CUIBAN_CHECKPOINT_MS", 2000, 1, 600000, "and so often while busy")       \
    NUM_S(map_mb, "CUIBAN_MAP_MB", 65536, 16, 16777216,                                            \
          "how large each of a service's two stores may grow")                                     \
    NUM_S(free_min_mb, "CUIBAN_FREE_MIN_MB", 64, 0, 1000000,                                       \
          "the door refuses new facts when less disk is free")

#define SETTING_TEXT_SIZE 256
struct settings {
#define TEXT_S(name, env, def, help) char name[SETTING_TEXT_SIZE];
#define NUM_S(name, env, def, min, max, help) int64_t name;
    SETTINGS(TEXT_S, NUM_S)
#undef TEXT_S
#undef NUM_S
};

MUST_CHECK enum err settings_load(struct settings *out, struct fault *why);
void settings_help(FILE *out);

#endif
