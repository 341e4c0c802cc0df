/* sim.c - the simulator's command: runs seeds, tells the first that breaks a promise with the line
 * that runs it again. */
#include "tests/sim/sim.h"
#include "common/contract.h"
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "sim [--seeds A..B] [--seconds S] [--policy DIR] [--trace]\n"
    "  --seeds A..B   these runs, one after the other (default 1..100)\n"
    "  --seconds S    stop after so many seconds, with what was done by then\n"
    "  --trace        everything that happens, on standard error; for one seed\n";

struct arguments {
    uint64_t from, to;
    int64_t seconds;
    const char *policy;
};

static uint64_t running;

/* A broken contract or a sanitizer's report: say which run it was. */
static void on_abort(int sig)
{
    char line[80];
    int n =
        snprintf(line, sizeof line, "\nFAILED: tests/sim/run --seeds %" PRIu64 "..%" PRIu64 "\n",
                 running, running);
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0) _exit(2);
    signal(sig, SIG_DFL);
    raise(sig);
}

static bool parse(int argc, char **argv, struct arguments *a)
{
    *a = (struct arguments){1, 100, 0, "tests/sim/policy"};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--trace") == 0) {
            world.trace = true;
            continue;
        }
        if (!value) return false;
        i++;
        if (strcmp(argv[i - 1], "--seeds") == 0) {
            char *end;
            a->from = a->to = strtoull(value, &end, 10);
            if (strncmp(end, "..", 2) == 0) a->to = strtoull(end + 2, &end, 10);
            if (*end || a->to < a->from) return false;
        } else if (strcmp(argv[i - 1], "--seconds") == 0) {
            a->seconds = strtoll(value, NULL, 10);
        } else if (strcmp(argv[i - 1], "--policy") == 0) {
            a->policy = value;
        } else {
            return false;
        }
    }
    return true;
}

/* Seconds of real time; the simulated clock is another. */
static int64_t real_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static struct policy *open_policy(const char *dir)
{
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    if (policy_load(dir, &p, faults, POLICY_FAULTS_MAX, &n) == ERR_OK) return p;
    for (uint32_t i = 0; i < n && i < POLICY_FAULTS_MAX; i++)
        fprintf(stderr, "%s:%u: %s\n", faults[i].file, faults[i].line, faults[i].fault.text);
    return NULL;
}

struct totals {
    uint64_t runs, turns, effects, messages, commits, deaths, deadlines;
    struct model_seen seen;
    int64_t simulated_ms;
};

static bool run_one(struct sim *s, uint64_t seed, const struct policy *policy,
                    const struct settings *settings, struct totals *t)
{
    memset(s, 0, sizeof *s);
    s->seed = running = seed;
    s->policy = policy;
    s->defaults = *settings;
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(s->dir, sizeof s->dir, "%s/cuiban-sim.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    bool ok = sim_run(s);
    t->runs++;
    t->turns += s->turns;
    t->effects += world.effects;
    t->messages += world.messages;
    t->commits += world.commits;
    t->deaths += world.deaths;
    t->deadlines += s->deadlines;
    t->seen.records += s->seen.records;
    t->seen.facts += s->seen.facts;
    t->seen.clocks += s->seen.clocks;
    t->seen.levels += s->seen.levels;
    t->seen.reminders += s->seen.reminders;
    t->seen.moves += s->seen.moves;
    t->seen.tallies += s->seen.tallies;
    t->seen.scores += s->seen.scores;
    t->simulated_ms += world.mono_ms - 1000000;
    return ok;
}

static void print_totals(const struct totals *t, int64_t seconds)
{
    printf("%" PRIu64 " runs in %" PRId64 " s (%.1f a second), %.1f simulated days\n", t->runs,
           seconds, seconds ? (double)t->runs / (double)seconds : 0.0,
           (double)t->simulated_ms / 86400000.0);
    printf("turns %" PRIu64 ", effects %" PRIu64 ", messages %" PRIu64 ", commits %" PRIu64
           ", deaths %" PRIu64 "\n",
           t->turns, t->effects, t->messages, t->commits, t->deaths);
    printf("records %" PRIu64 ", facts %" PRIu64 ", clocks %" PRIu64 ", levels %" PRIu64
           ", reminders %" PRIu64 ", moves of parts %" PRIu64 ", tallies %" PRIu64
           ", scores %" PRIu64 "\n",
           t->seen.records, t->seen.facts, t->seen.clocks, t->seen.levels, t->seen.reminders,
           t->seen.moves, t->seen.tallies, t->seen.scores);
}

int main(int argc, char **argv)
{
    struct arguments a;
    static struct sim s;
    struct totals totals = {0};
    struct settings settings;
    struct fault why;
    if (!parse(argc, argv, &a)) {
        fputs(usage, stderr);
        return 2;
    }
    if (settings_load(&settings, &why) != ERR_OK) {
        fprintf(stderr, "%s\n", why.text);
        return 2;
    }
    (void)snprintf(settings.redis, sizeof settings.redis, "/sim/redis.sock");
    (void)snprintf(settings.region, sizeof settings.region, "sim");
    struct policy *policy = open_policy(a.policy);
    if (!policy) return 2;
    signal(SIGABRT, on_abort);
    int64_t begun = real_s();
    bool ok = true;
    for (uint64_t seed = a.from; ok && seed <= a.to; seed++) {
        ok = run_one(&s, seed, policy, &settings, &totals);
        if (a.seconds && real_s() - begun >= a.seconds) break;
    }
    policy_close(&policy);
    print_totals(&totals, real_s() - begun);
    if (ok) return 0;
    printf("%s\nFAILED: tests/sim/run --seeds %" PRIu64 "..%" PRIu64 "\n", s.broken, s.seed,
           s.seed);
    return 1;
}
