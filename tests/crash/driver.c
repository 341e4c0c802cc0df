/* driver.c - `crash-driver`: plans the cases, runs them side by side, reports. Started by
 * tests/crash/run, which says what the options mean. Read: options, plan, workers, report. */
#include "common/clock.h"
#include "common/contract.h"
#include "tests/crash/case.h"
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CASES_MAX 200000u
#define JOBS_MAX 64u
#define FAILURES_SHOWN 20u
#define VERIFY_EACH 8 /* every so many cases are also given to `cuiban verify` */

struct settings_of_run {
    struct bench bench;
    const char *facts;
    int service, kind; /* -1 = all */
    uint64_t from, to, stride;
    uint64_t seed;
    int64_t seconds; /* 0 = no limit */
    unsigned jobs;
    bool stop_at_failure;
};

struct plan {
    struct crash_case *v;
    uint32_t n;
    _Atomic uint32_t next; /* shared by the workers */
    _Atomic bool stop;
};

/* ---- options ---- */

static int word_index(const char *word, const char *(*name)(int), int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(word, name(i)) == 0) return i;
    fprintf(stderr, "crash-driver: %s is none of:", word);
    for (int i = 0; i < count; i++)
        fprintf(stderr, " %s", name(i));
    fprintf(stderr, "\n");
    exit(64);
}

static const char *name_of_scene(int i)
{
    return scene_name((enum scene)i);
}

static const char *name_of_kind(int i)
{
    return kind_name((enum crash_kind)i);
}

static const char *name_of_service(int i)
{
    return stack_service((size_t)i);
}

static const struct option long_options[] = {
    {"bin", 1, NULL, 'b'},    {"preload", 1, NULL, 'l'}, {"policy", 1, NULL, 'p'},
    {"wall", 1, NULL, 'w'},   {"redis", 1, NULL, 'r'},   {"facts", 1, NULL, 'f'},
    {"work", 1, NULL, 'd'},   {"scene", 1, NULL, 'c'},   {"service", 1, NULL, 's'},
    {"kind", 1, NULL, 'k'},   {"from", 1, NULL, 'F'},    {"to", 1, NULL, 'T'},
    {"stride", 1, NULL, 'S'}, {"seed", 1, NULL, 'x'},    {"seconds", 1, NULL, 't'},
    {"jobs", 1, NULL, 'j'},   {"until", 1, NULL, 'u'},   {"half", 1, NULL, 'h'},
    {"first", 0, NULL, '1'},  {NULL, 0, NULL, 0}};

static void take_number(struct settings_of_run *o, int c, uint64_t n)
{
    if (c == 'F') o->from = n;
    if (c == 'T') o->to = n;
    if (c == 'S') o->stride = n ? n : 1;
    if (c == 'x') o->seed = n;
    if (c == 't') o->seconds = (int64_t)n;
    if (c == 'j') o->jobs = n == 0 ? 1 : n < JOBS_MAX ? (unsigned)n : JOBS_MAX;
    if (c == 'u') o->bench.until_ms = (int64_t)n;
    if (c == 'h') o->bench.half = (size_t)n;
    if (c == '1') o->stop_at_failure = true;
}

static void take_word(struct settings_of_run *o, int c, const char *word)
{
    if (c == 'b') o->bench.bin = word;
    if (c == 'l') o->bench.preload = word;
    if (c == 'p') o->bench.policy = word;
    if (c == 'w') o->bench.wall_policy = word;
    if (c == 'r') o->bench.redis = word;
    if (c == 'f') o->facts = word;
    if (c == 'd') snprintf(o->bench.work, sizeof o->bench.work, "%s", word);
    if (c == 's') o->service = word_index(word, name_of_service, STACK_SERVICES);
    if (c == 'k') o->kind = word_index(word, name_of_kind, CRASH_KIND_COUNT);
    if (c != 'c') return;
    memset(o->bench.wanted, 0, sizeof o->bench.wanted);
    o->bench.wanted[word_index(word, name_of_scene, SCENE_COUNT)] = true;
}

static void parse(struct settings_of_run *o, int argc, char **argv)
{
    *o = (struct settings_of_run){.service = -1, .kind = -1, .from = 1, .to = UINT64_MAX};
    o->stride = 1;
    o->jobs = 8;
    for (int s = 0; s < SCENE_COUNT; s++)
        o->bench.wanted[s] = true;
    int c;
    while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (c == '?') exit(64);
        if (strchr("FTSxtjuh1", c)) {
            take_number(o, c, optarg ? strtoull(optarg, NULL, 10) : 1);
        } else {
            take_word(o, c, optarg);
        }
    }
    const struct bench *b = &o->bench;
    bool whole = b->bin && b->preload && b->policy && b->wall_policy && b->redis && o->facts;
    if (whole && b->work[0] && optind == argc) return;
    fprintf(stderr, "crash-driver is started by tests/crash/run\n");
    exit(64);
}

/* ---- plan ---- */

static uint64_t lot(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Memory is asked for thousands of times while the policy set is read, and always in the same ways:
 * of these points every OOM_START-th is taken, of the later ones every OOM_LATER-th. */
#define OOM_START 100
#define OOM_LATER 5

static uint64_t plan_step(const struct settings_of_run *o, const struct crash_case *c)
{
    if (c->kind != CRASH_oom || o->to != UINT64_MAX) return o->stride;
    bool start = c->n < o->bench.begun[c->scene][c->kind][c->service];
    return o->stride * (start ? OOM_START : OOM_LATER);
}

/* Every stride-th point from an offset drawn by lot; those that were named, exactly. */
static void plan_one(struct plan *p, const struct settings_of_run *o, struct crash_case c,
                     uint64_t *seed)
{
    bool named = o->to != UINT64_MAX;
    uint64_t last = named ? o->to : o->bench.points[c.scene][c.kind][c.service];
    c.n = o->from;
    if (!named) c.n += lot(seed) % plan_step(o, &c);
    for (; c.n <= last && p->n < CASES_MAX; c.n += plan_step(o, &c)) {
        c.verify = named || lot(seed) % VERIFY_EACH == 0;
        p->v[p->n++] = c;
    }
}

/* In an order drawn by lot: when the time is up, what was done is spread over everything. */
static void plan_shuffle(struct plan *p, uint64_t *seed)
{
    for (uint32_t i = p->n; i > 1; i--) {
        uint32_t k = (uint32_t)(lot(seed) % i);
        struct crash_case held = p->v[i - 1];
        p->v[i - 1] = p->v[k];
        p->v[k] = held;
    }
}

static void *shared(size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(p != MAP_FAILED);
    return p;
}

static struct plan *plan_make(const struct settings_of_run *o)
{
    struct plan *p = shared(sizeof *p);
    p->v = shared(CASES_MAX * sizeof *p->v);
    uint64_t seed = o->seed;
    for (int s = 0; s < SCENE_COUNT; s++) {
        for (int k = 0; o->bench.wanted[s] && k < CRASH_KIND_COUNT; k++) {
            for (int i = 0; i < STACK_SERVICES; i++) {
                struct crash_case c = {(enum scene)s, (enum crash_kind)k, (size_t)i, 0, false};
                if ((o->kind < 0 || o->kind == k) && (o->service < 0 || o->service == i))
                    plan_one(p, o, c, &seed);
            }
        }
    }
    plan_shuffle(p, &seed);
    return p;
}

/* ---- workers ---- */

/* What a failed case left behind: work/failed-<index>. */
static void keep_case(const struct bench *b, uint32_t index, unsigned slot)
{
    char from[STACK_PATH_SIZE], to[STACK_PATH_SIZE];
    snprintf(from, sizeof from, "%s/%u", b->work, slot);
    snprintf(to, sizeof to, "%s/failed-%u", b->work, index);
    (void)rename(from, to);
}

static _Noreturn void work(const struct bench *b, struct plan *p, unsigned slot, int64_t until_ms,
                           int to)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        uint32_t i = p->next++;
        if (i >= p->n || p->stop || (until_ms && clock_mono_ms() > until_ms)) _exit(0);
        struct outcome out = {.index = i};
        case_run(b, &p->v[i], slot, &out);
        if (out.failure[0]) keep_case(b, i, slot);
        REQUIRE(write(to, &out, sizeof out) == (ssize_t)sizeof out);
    }
}

/* ---- report ---- */

struct tallied {
    uint32_t cases, fired, failed, died;
    int64_t worst_ms, best_ms; /* recoveries */
};

struct report {
    struct tallied of[SCENE_COUNT][CRASH_KIND_COUNT][STACK_SERVICES];
    uint32_t cases, fired, failed, verified;
    uint64_t duplicates;
    int64_t *recoveries; /* of kills, for the percentiles */
    uint32_t recovery_n;
};

static void take(struct report *r, const struct plan *p, const struct outcome *out)
{
    const struct crash_case *c = &p->v[out->index];
    struct tallied *t = &r->of[c->scene][c->kind][c->service];
    t->cases++;
    t->fired += out->fired;
    r->cases++;
    r->fired += out->fired;
    r->verified += c->verify;
    r->duplicates += out->duplicates;
    if (out->recovery_ms > t->worst_ms) t->worst_ms = out->recovery_ms;
    if (out->died) {
        if (!t->died++ || out->recovery_ms < t->best_ms) t->best_ms = out->recovery_ms;
        r->recoveries[r->recovery_n++] = out->recovery_ms;
    }
    if (!out->failure[0]) return;
    t->failed++;
    if (r->failed++ >= FAILURES_SHOWN) return;
    printf("FAILED tests/crash/run --scene %s --service %s --kind %s --from %" PRIu64
           " --to %" PRIu64 "   # %s: %s\n",
           scene_name(c->scene), stack_service(c->service), kind_name(c->kind), c->n, c->n,
           out->fired ? out->what : "not reached", out->failure);
    fflush(stdout);
}

/* A service that comes back asks at once for what it missed. If even the quickest of many cases
 * took a second, it waited until it noticed the silence. Head office: nobody waits for it. */
#define QUICK_CASES 10
#define QUICK_MS 1000

static void judge_quickest(struct report *r)
{
    for (int s = 0; s < SCENE_wall; s++) {
        const struct tallied *t = &r->of[s][CRASH_kill][STACK_SERVICES - 1];
        if (t->died < QUICK_CASES || t->best_ms < QUICK_MS) continue;
        printf("FAILED headoffice, scene %s: the quickest of %u recoveries took %" PRId64 " ms\n",
               scene_name((enum scene)s), t->died, t->best_ms);
        r->failed++;
    }
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void print_report(struct report *r, const struct settings_of_run *o, const struct plan *p)
{
    printf("%-6s %-11s %-13s %7s %7s %7s %7s %9s\n", "scene", "service", "kind", "points", "cases",
           "hit", "failed", "worst ms");
    for (int s = 0; s < SCENE_COUNT; s++) {
        for (size_t i = 0; i < STACK_SERVICES; i++) {
            for (int k = 0; k < CRASH_KIND_COUNT; k++) {
                const struct tallied *t = &r->of[s][k][i];
                if (!t->cases) continue;
                printf("%-6s %-11s %-13s %7" PRIu64 " %7u %7u %7u %9" PRId64 "\n",
                       scene_name((enum scene)s), stack_service(i), kind_name((enum crash_kind)k),
                       o->bench.points[s][k][i], t->cases, t->fired, t->failed, t->worst_ms);
            }
        }
    }
    qsort(r->recoveries, r->recovery_n, sizeof *r->recoveries, by_size);
    uint32_t n = r->recovery_n;
    if (n)
        printf("from a death until all that was fed had its consequences: median %" PRId64
               " ms, 99 %% %" PRId64 " ms, worst %" PRId64 " ms\n",
               r->recoveries[n / 2], r->recoveries[n - 1 - n / 100], r->recoveries[n - 1]);
    printf("facts known again after a lost answer: %" PRIu64 "; cuiban verify on %u cases\n",
           r->duplicates, r->verified);
    printf("%u of %u cases run, %u hit their call, %u failed\n", r->cases, p->n, r->fired,
           r->failed);
}

/* Reads outcomes until every worker is gone. */
static void gather(struct report *r, struct plan *p, int from, bool stop_at_failure)
{
    struct outcome out;
    while (read(from, &out, sizeof out) == (ssize_t)sizeof out) {
        take(r, p, &out);
        if (r->failed && stop_at_failure) p->stop = true;
    }
}

int main(int argc, char **argv)
{
    static struct settings_of_run o;
    static struct report report;
    struct fault why = {0};
    int ends[2];
    parse(&o, argc, argv);
    REQUIRE(sodium_init() >= 0);
    if (facts_load(o.facts, &o.bench.facts, &why) != ERR_OK) {
        fprintf(stderr, "crash-driver: %s\n", why.text);
        return 2;
    }
    if (!o.bench.half) o.bench.half = o.bench.facts.n / 2;
    if (!bench_prepare(&o.bench)) return 2;
    struct plan *p = plan_make(&o);
    report.recoveries = calloc(p->n + 1, sizeof *report.recoveries);
    REQUIRE(report.recoveries != NULL && pipe(ends) == 0);
    printf("%u cases, %u side by side, --seed %" PRIu64 "\n", p->n, o.jobs, o.seed);
    fflush(stdout);
    int64_t until = o.seconds ? clock_mono_ms() + o.seconds * 1000 : 0;
    for (unsigned slot = 0; slot < o.jobs; slot++) {
        pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0) work(&o.bench, p, slot, until, ends[1]);
    }
    close(ends[1]);
    gather(&report, p, ends[0], o.stop_at_failure);
    while (wait(NULL) > 0) {
    }
    judge_quickest(&report);
    print_report(&report, &o, p);
    return report.failed || report.fired == 0 ? 1 : 0;
}
