/* timekeeper.c - see timekeeper.h. */
#include "common/timekeeper.h"
#include "common/plant.h"

int64_t timekeeper_now(struct timekeeper *k, int64_t wall_ms, int64_t mono_ms)
{
    int64_t carried = k->now_ms + (mono_ms - k->mono_ms);
    int64_t step = wall_ms - carried;
    k->held = !PLANTED(clock_believed) && k->mono_ms &&
              (step > TIMEKEEPER_STEP_MS || step < -TIMEKEEPER_STEP_MS);
    k->now_ms = k->held ? carried : wall_ms;
    k->mono_ms = mono_ms;
    return k->now_ms;
}
