/* calendar.c - nanoseconds of a working-time question on a calendar of ten years; prints R lines.
 */
#include "common/calendar.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/policy.h"
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define QUESTIONS 4000000

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t rng(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

int main(int argc, char **argv)
{
    struct policy_fault faults[POLICY_FAULTS_MAX];
    struct policy *p;
    uint32_t n = 0;
    if (argc != 2 || policy_load(argv[1], &p, faults, POLICY_FAULTS_MAX, &n) != ERR_OK) {
        fprintf(stderr, "usage: calendar POLICY_DIR\n");
        return 2;
    }
    const struct calendar *c = policy_calendar(p, (struct str){0});
    int64_t from = (int64_t)day_of(2019, 1, 7) * DAY_MS, span = INT64_C(3285) * DAY_MS;
    uint64_t seed = 88172645463325252u;
    int64_t sum = 0, start = now_ns();
    for (int i = 0; i < QUESTIONS; i++) {
        int64_t t = from + (int64_t)(rng(&seed) % (uint64_t)span);
        sum += calendar_add(c, t, (int64_t)(rng(&seed) % 9600) * MINUTE_MS);
    }
    int64_t middle = now_ns();
    for (int i = 0; i < QUESTIONS; i++) {
        int64_t t = from + (int64_t)(rng(&seed) % (uint64_t)span);
        sum += calendar_worked(c, t, t + (int64_t)(rng(&seed) % (uint64_t)(30 * DAY_MS)));
    }
    int64_t end = now_ns();
    printf("# checksum %" PRId64 "\n", sum);
    printf("R\tproduct\tadd\tns\t%.1f\n", (double)(middle - start) / QUESTIONS);
    printf("R\tproduct\tbetween\tns\t%.1f\n", (double)(end - middle) / QUESTIONS);
    policy_close(&p);
    return 0;
}
