/* case.c - see case.h. Read: directories, figures, running a scene, the verdict, the undisturbed
 * runs. */
#include "tests/crash/case.h"
#include "common/clock.h"
#include "common/contract.h"
#include "tests/crash/wall.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_MS 30000 /* of each wait: a case that takes so long has failed */

const char *scene_name(enum scene s)
{
    static const char *const names[] = {
#define SCENE_NAME(name, text) #name,
        SCENES(SCENE_NAME)
#undef SCENE_NAME
    };
    return names[s];
}

const char *kind_name(enum crash_kind k)
{
    static const char *const names[] = {
#define KIND_NAME(name, text) #name,
        CRASH_KINDS(KIND_NAME)
#undef KIND_NAME
    };
    return names[k];
}

/* ---- directories ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void empty_dir(const char *dir)
{
    (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    REQUIRE(mkdir(dir, 0700) == 0);
}

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    REQUIRE(in && out);
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        REQUIRE(fwrite(bytes, 1, n, out) == n);
    fclose(in);
    REQUIRE(fclose(out) == 0);
}

static void copy_stores(const char *from, const char *to)
{
    static const char *const parts[] = {"", "/log", "/state"};
    char a[STACK_PATH_SIZE + 64], b[STACK_PATH_SIZE + 64];
    snprintf(b, sizeof b, "%s/data", to);
    REQUIRE(mkdir(b, 0700) == 0);
    for (size_t i = 0; i < STACK_SERVICES; i++) {
        for (size_t k = 0; k < COUNT_OF(parts); k++) {
            snprintf(b, sizeof b, "%s/data/%s%s", to, stack_service(i), parts[k]);
            REQUIRE(mkdir(b, 0700) == 0);
            if (k == 0) continue;
            snprintf(a, sizeof a, "%s/data/%s%s/data.mdb", from, stack_service(i), parts[k]);
            snprintf(b, sizeof b, "%s/data/%s%s/data.mdb", to, stack_service(i), parts[k]);
            copy_file(a, b);
        }
    }
}

/* ---- the product's own reading commands ---- */

/* Runs `cuiban` with these words, output into dir/figures; its exit status. */
static int cuiban(const struct bench *b, const char *dir, const char *const words[])
{
    char program[STACK_PATH_SIZE], out[STACK_PATH_SIZE + 16];
    snprintf(program, sizeof program, "%s/cuiban", b->bin);
    snprintf(out, sizeof out, "%s/figures", dir);
    char *argv[20] = {program, (char *)words[0], (char *)"--dir", (char *)dir};
    for (size_t i = 1; words[i]; i++)
        argv[i + 3] = (char *)words[i];
    pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        int fd = open(out, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(fd, 1);
        dup2(fd, 2);
        execv(program, argv);
        _exit(127);
    }
    int status;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static char figures_text[1 << 20]; /* the last ones taken */

static bool take_figures(const struct bench *b, const char *dir, uint8_t hash[PRINT_HASH])
{
    char path[STACK_PATH_SIZE + 16];
    snprintf(path, sizeof path, "%s/figures", dir);
    (void)unlink(path);
    int rc = cuiban(b, dir,
                    (const char *[]){"kpi", "--policy", b->policy, "--json", "--spans", "--at",
                                     "2026-07-01", NULL});
    rc |= cuiban(b, dir, (const char *[]){"reminders", "--policy", b->policy, "--json", NULL});
    rc |=
        cuiban(b, dir,
               (const char *[]){"reminders", "--policy", b->policy, "--inquiries", "--json", NULL});
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(figures_text, 1, sizeof figures_text - 1, f) : 0;
    figures_text[n] = 0;
    if (f) fclose(f);
    crypto_generichash(hash, PRINT_HASH, (const uint8_t *)figures_text, n, NULL, 0);
    return rc == 0 && n > 0;
}

/* ---- running a scene ---- */

struct run {
    char dir[STACK_PATH_SIZE];
    struct stack_options options;
    struct stack stack;
    struct answers answers;
    struct wall_calls wall;
    char region[24];
    int64_t settled_ms;
    uint64_t begun[STACK_SERVICES]; /* calls of interest until the stack was up */
    char *failure;                  /* the first one; at least 256 bytes */
};

static bool fail(struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(struct run *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!*r->failure) vsnprintf(r->failure, 256, format, args);
    va_end(args);
    return false;
}

static void run_open(struct run *r, const struct bench *b, enum scene scene, unsigned slot,
                     const int kinds[STACK_SERVICES], const uint64_t at[STACK_SERVICES])
{
    static unsigned runs;
    snprintf(r->dir, sizeof r->dir, "%s/%u", b->work, slot);
    snprintf(r->region, sizeof r->region, "r%u-%u-%u", (unsigned)getpid(), slot, ++runs);
    r->options = (struct stack_options){.bin = b->bin,
                                        .preload = b->preload,
                                        .policy = scene == SCENE_wall ? b->wall_policy : b->policy,
                                        .redis = scene == SCENE_wall ? b->redis : "off",
                                        .region = r->region,
                                        .event_clock = scene != SCENE_wall};
    empty_dir(r->dir);
    char grown[STACK_PATH_SIZE];
    snprintf(grown, sizeof grown, "%s/grown", b->work);
    if (scene == SCENE_grown) copy_stores(grown, r->dir);
    stack_start(&r->stack, &r->options, r->dir, kinds, at);
}

static bool run_scene(struct run *r, const struct bench *b, enum scene scene)
{
    if (!stack_ready(&r->stack, LIMIT_MS)) return fail(r, "the stack did not come up");
    for (size_t i = 0; i < STACK_SERVICES; i++)
        r->begun[i] = r->stack.lives[i].tally ? r->stack.lives[i].tally->calls : 0;
    if (scene == SCENE_wall) {
        const char *wrong = wall_feed(&r->wall, &r->stack, &r->answers);
        if (wrong) return fail(r, "%s", wrong);
    } else {
        size_t from = scene == SCENE_birth ? 0 : b->half;
        size_t to = scene == SCENE_birth ? b->half : b->facts.n;
        if (scene_feed(r->dir, &b->facts, from, to, b->until_ms, &r->answers) != ERR_OK)
            return fail(r, "the door did not answer");
    }
    if (!stack_settled(&r->stack, LIMIT_MS)) return fail(r, "the stack did not settle");
    r->settled_ms = clock_mono_ms();
    return true;
}

/* ---- the verdict ---- */

static void judge_deaths(struct run *r, const struct crash_case *c, struct outcome *out)
{
    for (size_t i = 0; i < STACK_SERVICES; i++) {
        const struct life *l = &r->stack.lives[i];
        uint32_t allowed = i == c->service && out->fired ? 1 : 0;
        if (l->deaths > allowed)
            fail(r, "%s died %u times, last with wait status %d", stack_service(i), l->deaths,
                 l->first_status);
    }
    const struct life *victim = &r->stack.lives[c->service];
    int code = WIFEXITED(victim->first_status) ? WEXITSTATUS(victim->first_status) : -1;
    int sig = WIFSIGNALED(victim->first_status) ? WTERMSIG(victim->first_status) : 0;
    out->died = victim->deaths > 0;
    if (!out->died) return;
    bool killed = c->kind == CRASH_kill || c->kind == CRASH_killed_after;
    /* hiredis 0.14 goes on with a NULL buffer (mended in 1.0): the end of one service, no more. */
    bool hiredis = sig == SIGSEGV && strstr(out->what, "libhiredis");
    bool aborted = c->kind == CRASH_oom && (sig == SIGABRT || hiredis);
    bool right = killed ? sig == SIGKILL : code == 2 || aborted;
    if (!right) fail(r, "%s ended with status %d, signal %d", stack_service(c->service), code, sig);
}

static void judge_answers(struct run *r, const struct bench *b, enum scene scene)
{
    const struct answers *want = &b->answers[scene], *got = &r->answers;
    if (got->accepted + got->duplicate == want->accepted && got->refused == want->refused) return;
    fail(r, "%" PRIu64 " accepted + %" PRIu64 " duplicate, %" PRIu64 " refused; wanted %" PRIu64,
         got->accepted, got->duplicate, got->refused, want->accepted);
}

/* Everything that is asked of the running stack. */
static void judge_running(struct run *r, const struct bench *b, const struct crash_case *c)
{
    uint8_t figures[PRINT_HASH];
    judge_answers(r, b, c->scene);
    if (c->scene == SCENE_wall) {
        const char *wrong = wall_judge(&r->wall, r->dir, r->stack.lives[c->service].died_ms);
        if (wrong) fail(r, "%s", wrong);
    } else if (!take_figures(b, r->dir, figures)) {
        size_t n = strlen(figures_text);
        fail(r, "kpi or reminders cannot be read: %s", figures_text + (n > 100 ? n - 100 : 0));
    } else if (memcmp(figures, b->figures[c->scene], PRINT_HASH) != 0) {
        fail(r, "kpi, reminders or inquiries differ");
    }
    if (c->verify &&
        cuiban(b, r->dir, (const char *[]){"verify", "--policy", r->options.policy, NULL}) != 0)
        fail(r, "cuiban verify");
}

static void judge_stores(struct run *r, const struct bench *b, const struct crash_case *c)
{
    struct print print;
    struct fault why = {0};
    if (print_take(r->dir, &print, &why) != ERR_OK) {
        fail(r, "a store does not open: %s", why.text);
        return;
    }
    const char *what = c->scene == SCENE_wall ? NULL : print_differs(&print, &b->calm[c->scene]);
    if (what) fail(r, "%s differs", what);
}

/* No call goes wrong after this. The lot may have hit the answer to the last question of the wait:
 * the victim is then about to die, and what it is asked next would die with it. */
static bool end_of_scene(struct run *r, const struct crash_case *c)
{
    struct life *victim = &r->stack.lives[c->service];
    bool deadly = c->kind == CRASH_kill || c->kind == CRASH_killed_after;
    int64_t until = clock_mono_ms() + LIMIT_MS;
    victim->tally->at = 0;
    while (deadly && victim->tally->fired && !life_deaths(victim) && clock_mono_ms() < until)
        clock_sleep_ms(1);
    return stack_settled(&r->stack, LIMIT_MS) || fail(r, "the stack did not settle again");
}

void case_run(const struct bench *b, const struct crash_case *c, unsigned slot, struct outcome *out)
{
    struct run r = {.failure = out->failure};
    int kinds[STACK_SERVICES] = {-1, -1, -1, -1, -1, -1, -1};
    uint64_t at[STACK_SERVICES] = {0};
    out->failure[0] = out->what[0] = 0;
    kinds[c->service] = (int)c->kind;
    at[c->service] = c->n;
    run_open(&r, b, c->scene, slot, kinds, at);
    struct life *victim = &r.stack.lives[c->service];
    bool settled = run_scene(&r, b, c->scene) && end_of_scene(&r, c);
    out->fired = victim->tally->fired;
    memcpy(out->what, victim->tally->what, sizeof out->what);
    if (victim->tally->sync_retried) fail(&r, "a sync was tried again after one had failed");
    judge_deaths(&r, c, out);
    out->duplicates = r.answers.duplicate;
    out->recovery_ms = victim->died_ms ? r.settled_ms - victim->died_ms : 0;
    if (settled) judge_running(&r, b, c);
    if (!stack_stop(&r.stack) && settled) fail(&r, "a service did not stop cleanly");
    if (settled) judge_stores(&r, b, c);
}

/* ---- undisturbed ---- */

/* For a look at the difference: work/<scene>.figures beside work/<slot>/figures. */
static void keep_figures(const struct bench *b, enum scene scene, const char *dir)
{
    char from[STACK_PATH_SIZE + 16], to[STACK_PATH_SIZE + 16];
    snprintf(from, sizeof from, "%s/figures", dir);
    snprintf(to, sizeof to, "%s/%s.figures", b->work, scene_name(scene));
    copy_file(from, to);
}

static bool calm_run(struct bench *b, enum scene scene, enum crash_kind kind)
{
    char failure[256] = "";
    struct run r = {.failure = failure};
    int k = (int)kind;
    run_open(&r, b, scene, 0, (int[]){k, k, k, k, k, k, k}, (uint64_t[STACK_SERVICES]){0});
    bool good = run_scene(&r, b, scene);
    for (size_t i = 0; i < STACK_SERVICES; i++)
        b->points[scene][kind][i] = r.stack.lives[i].tally->calls;
    memcpy(b->begun[scene][kind], r.begun, sizeof r.begun);
    struct fault why = {0};
    struct print print;
    if (good && kind == CRASH_kill) b->answers[scene] = r.answers;
    if (good && kind == CRASH_kill && scene != SCENE_wall)
        good = take_figures(b, r.dir, b->figures[scene]) || fail(&r, "no figures");
    if (good && kind == CRASH_kill && scene != SCENE_wall) keep_figures(b, scene, r.dir);
    good &= stack_stop(&r.stack) || fail(&r, "a service did not stop cleanly");
    good &= print_take(r.dir, &print, &why) == ERR_OK || fail(&r, "%s", why.text);
    if (good && kind == CRASH_kill) b->calm[scene] = print;
    const char *what = scene == SCENE_wall ? NULL : print_differs(&print, &b->calm[scene]);
    if (good && what) good = fail(&r, "two undisturbed runs differ: %s", what);
    if (!good) fprintf(stderr, "undisturbed, %s: %s\n", scene_name(scene), failure);
    return good;
}

/* The stores with which the scene `grown` begins: the first half fed, settled, stopped. */
static bool grow(struct bench *b)
{
    char failure[256] = "", from[STACK_PATH_SIZE], to[STACK_PATH_SIZE];
    struct run r = {.failure = failure};
    run_open(&r, b, SCENE_birth, 0, (int[]){-1, -1, -1, -1, -1, -1, -1},
             (uint64_t[STACK_SERVICES]){0});
    bool good = stack_ready(&r.stack, LIMIT_MS) &&
                scene_feed(r.dir, &b->facts, 0, b->half, b->facts.at_ms[b->half - 1] + 1,
                           &r.answers) == ERR_OK &&
                stack_settled(&r.stack, LIMIT_MS);
    good &= stack_stop(&r.stack);
    snprintf(from, sizeof from, "%s/0", b->work);
    snprintf(to, sizeof to, "%s/grown", b->work);
    if (good && rename(from, to) == 0) return true;
    fprintf(stderr, "the stores of the scene `grown` cannot be made\n");
    return false;
}

bool bench_prepare(struct bench *b)
{
    if (b->wanted[SCENE_grown] && !grow(b)) return false;
    for (int s = 0; s < SCENE_COUNT; s++) {
        for (int k = 0; b->wanted[s] && k < CRASH_KIND_COUNT; k++) {
            if (!calm_run(b, (enum scene)s, (enum crash_kind)k)) return false;
        }
    }
    return true;
}
