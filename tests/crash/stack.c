/* stack.c - see stack.h. Each service has a warden, a thread that starts it and waits for its end:
 * the feeding goes on in a client that blocks while the door is away. */
#include "tests/crash/stack.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define AGAIN_MS 100 /* the first back-off of `cuiban up` */
#define ANSWER_MS 40 /* a service that does not answer within this is dialled anew */
#define STOP_S 10
#define ENV_MAX 80

static const char *const names[STACK_SERVICES] = {"intake",  "dispatch",   "parts",     "complaint",
                                                  "scoring", "escalation", "headoffice"};

const char *stack_service(size_t i)
{
    REQUIRE(i < STACK_SERVICES);
    return names[i];
}

/* ---- a life ---- */

extern char **environ;

struct surroundings {
    char texts[16][STACK_PATH_SIZE + 40];
    char *list[ENV_MAX];
    size_t texts_n, n;
};

static void add_env(struct surroundings *e, const char *name, const char *value)
{
    REQUIRE(e->texts_n < COUNT_OF(e->texts) && e->n + 1 < ENV_MAX);
    char *text = e->texts[e->texts_n++];
    snprintf(text, sizeof e->texts[0], "%s=%s", name, value);
    e->list[e->n++] = text;
}

/* Ours first; then what the caller has that is not about settings or the library. */
static void surroundings_make(const struct life *l, struct surroundings *e)
{
    const struct stack *s = l->stack;
    const struct stack_options *o = s->options;
    char data[STACK_PATH_SIZE + 8], tally[STACK_PATH_SIZE + 24];
    snprintf(data, sizeof data, "%s/data", s->dir);
    snprintf(tally, sizeof tally, "%s/%s.tally", s->dir, names[l - s->lives]);
    add_env(e, "CUIBAN_DIR", data);
    add_env(e, "CUIBAN_RUN", s->dir);
    add_env(e, "CUIBAN_POLICY", o->policy);
    add_env(e, "CUIBAN_CLOCK", o->event_clock ? "event" : "wall");
    add_env(e, "CUIBAN_REDIS", o->redis);
    add_env(e, "CUIBAN_REGION", o->region);
    add_env(e, "CUIBAN_BATCH_MAX", "16"); /* many commits, and checkpoints among them */
    add_env(e, "CUIBAN_CHECKPOINT_BATCHES", "4");
    add_env(e, "CUIBAN_MAP_MB", "64");
    add_env(e, "CUIBAN_FREE_MIN_MB", "1");
    if (l->tally && l->deaths == 0) {
        add_env(e, "LD_PRELOAD", o->preload);
        add_env(e, CRASH_STORES_ENV, data);
        add_env(e, CRASH_TALLY_ENV, tally);
    }
    for (char **v = environ; *v && e->n + 1 < ENV_MAX; v++) {
        if (strncmp(*v, "CUIBAN_", 7) && strncmp(*v, "LD_PRELOAD=", 11)) e->list[e->n++] = *v;
    }
}

static pid_t spawn(const struct life *l)
{
    struct surroundings e = {0};
    const struct stack *s = l->stack;
    const char *name = names[l - s->lives];
    char program[STACK_PATH_SIZE + 24], log[STACK_PATH_SIZE + 24];
    surroundings_make(l, &e);
    snprintf(program, sizeof program, "%s/cuiban-%s", s->options->bin, name);
    snprintf(log, sizeof log, "%s/%s.log", s->dir, name);
    char *argv[] = {program, NULL};
    pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* with its warden */
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd >= 0) {
        dup2(fd, 1);
        dup2(fd, 2);
    }
    execve(program, argv, e.list);
    _exit(127);
}

/* True when it shall live again. */
static bool died(struct life *l, int status)
{
    pthread_mutex_lock(&l->lock);
    l->pid = 0;
    l->last_status = status;
    if (!l->stopping && ++l->deaths == 1) {
        l->died_ms = clock_mono_ms();
        l->first_status = status;
    }
    bool again = !l->stopping && l->deaths < STACK_LIVES_MAX;
    pthread_mutex_unlock(&l->lock);
    return again;
}

static void *watch(void *arg)
{
    struct life *l = arg;
    int status;
    do {
        if (l->deaths) clock_sleep_ms(AGAIN_MS);
        pthread_mutex_lock(&l->lock);
        bool wanted = !l->stopping;
        pid_t pid = wanted ? l->pid = spawn(l) : 0;
        pthread_mutex_unlock(&l->lock);
        if (!wanted) break;
        REQUIRE(waitpid(pid, &status, 0) == pid);
    } while (died(l, status));
    return NULL;
}

static struct tally *tally_make(const struct stack *s, size_t i, int kind, uint64_t at)
{
    char path[STACK_PATH_SIZE + 24];
    snprintf(path, sizeof path, "%s/%s.tally", s->dir, names[i]);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0 && ftruncate(fd, sizeof(struct tally)) == 0);
    struct tally *t = mmap(NULL, sizeof(struct tally), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    REQUIRE(t != MAP_FAILED);
    close(fd);
    t->kind = (uint32_t)kind;
    t->at = at;
    return t;
}

void stack_start(struct stack *s, const struct stack_options *o, const char *dir,
                 const int kinds[STACK_SERVICES], const uint64_t at[STACK_SERVICES])
{
    char data[STACK_PATH_SIZE + 8];
    *s = (struct stack){.options = o};
    snprintf(s->dir, sizeof s->dir, "%s", dir);
    snprintf(data, sizeof data, "%s/data", dir);
    (void)mkdir(data, 0700); /* the library looks at what lies below it */
    REQUIRE(bus_open(&s->bus) == ERR_OK);
    for (size_t i = 0; i < STACK_SERVICES; i++) {
        struct life *l = &s->lives[i];
        l->stack = s;
        if (kinds[i] >= 0) l->tally = tally_make(s, i, kinds[i], at[i]);
        pthread_mutex_init(&l->lock, NULL);
        REQUIRE(pthread_create(&l->warden, NULL, watch, l) == 0);
    }
}

/* ---- how they are ---- */

static bool dialled(struct stack *s, size_t i)
{
    char endpoint[LOOP_ENDPOINT_SIZE];
    if (s->asked[i]) return true;
    loop_endpoint(endpoint, s->dir, names[i]);
    return bus_connect(s->bus, endpoint, NULL, &s->asked[i]) == ERR_OK;
}

static bool take_status(struct stack *s, size_t i, struct rec_status *out)
{
    struct bus_message m = {0};
    struct fault why;
    if (bus_receive(s->asked[i], &m) != ERR_OK) return false;
    bool right = m.bytes.n > 1 && m.bytes.p[0] == 'i';
    if (right) {
        struct slice body = arena_copy(&s->arena, (struct slice){m.bytes.p + 1, m.bytes.n - 1});
        right = proto_decode(shape_status(), body, &s->arena, out, &why) == ERR_OK;
    }
    bus_message_fini(&m);
    return right;
}

/* One question to service i. A client does not reconnect by itself: without an answer, dial anew.
 */
static bool ask(struct stack *s, size_t i, struct rec_status *out)
{
    if (!dialled(s, i)) return false;
    int64_t until = clock_mono_ms() + ANSWER_MS;
    bool sent = false;
    do {
        struct slice question = {(const uint8_t *)"I", 1};
        if (!sent) sent = bus_send(s->asked[i], NULL, question) == ERR_OK;
        if (sent) bus_wait(s->bus, 5);
        if (!sent) clock_sleep_ms(1);
        if (sent && take_status(s, i, out)) return true;
    } while (clock_mono_ms() < until);
    bus_socket_close(&s->asked[i]);
    return false;
}

static bool ask_all(struct stack *s, struct rec_status v[STACK_SERVICES])
{
    arena_reset(&s->arena);
    for (size_t i = 0; i < STACK_SERVICES; i++)
        if (!ask(s, i, &v[i])) return false;
    return true;
}

static bool is_settled(const struct rec_status v[STACK_SERVICES])
{
    for (size_t i = 0; i < STACK_SERVICES; i++) {
        const struct rec_status *r = &v[i];
        if (r->behind) return false;
        for (uint32_t k = 0; k < r->cursors.n; k++) {
            for (size_t o = 0; o < STACK_SERVICES; o++) {
                const struct rec_cursor_line *c = &r->cursors.v[k];
                if (!str_is(c->log, names[o]) || c->waits) continue;
                if (c->seq != v[o].committed) return false;
            }
        }
        int64_t now = r->event_clock ? r->clock : clock_wall_ms();
        if (r->next_due && r->next_due + 1 < now) return false;
        if (r->event_clock && r->clock != v[0].clock) return false;
    }
    return true;
}

uint32_t life_deaths(struct life *l)
{
    pthread_mutex_lock(&l->lock);
    uint32_t deaths = l->deaths;
    pthread_mutex_unlock(&l->lock);
    return deaths;
}

static bool crash_loop(struct stack *s)
{
    bool loop = false;
    for (size_t i = 0; i < STACK_SERVICES; i++)
        loop |= life_deaths(&s->lives[i]) >= STACK_LIVES_MAX;
    return loop;
}

bool stack_ready(struct stack *s, int64_t limit_ms)
{
    struct rec_status v[STACK_SERVICES];
    int64_t until = clock_mono_ms() + limit_ms;
    while (!ask_all(s, v)) {
        if (clock_mono_ms() > until || crash_loop(s)) return false;
        clock_sleep_ms(2);
    }
    return true;
}

bool stack_settled(struct stack *s, int64_t limit_ms)
{
    struct rec_status v[STACK_SERVICES];
    int64_t until = clock_mono_ms() + limit_ms;
    /* Twice in a row: they are asked one after the other, not at one instant. */
    for (int in_a_row = 0; in_a_row < 2;) {
        in_a_row = ask_all(s, v) && is_settled(v) ? in_a_row + 1 : 0;
        if (clock_mono_ms() > until || crash_loop(s)) return false;
        clock_sleep_ms(in_a_row ? 5 : 10);
    }
    return true;
}

/* ---- the end ---- */

static void signal_life(struct life *l, int sig)
{
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    if (l->pid) kill(l->pid, sig);
    pthread_mutex_unlock(&l->lock);
}

static bool end_life(struct life *l)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += STOP_S;
    if (pthread_timedjoin_np(l->warden, NULL, &until)) {
        signal_life(l, SIGKILL);
        pthread_join(l->warden, NULL);
    }
    pthread_mutex_destroy(&l->lock);
    return WIFEXITED(l->last_status) && WEXITSTATUS(l->last_status) == 0;
}

bool stack_stop(struct stack *s)
{
    bool clean = true;
    for (size_t i = 0; i < STACK_SERVICES; i++)
        signal_life(&s->lives[i], SIGTERM);
    for (size_t i = 0; i < STACK_SERVICES; i++) {
        clean &= end_life(&s->lives[i]);
        if (s->lives[i].tally) munmap(s->lives[i].tally, sizeof(struct tally));
        s->lives[i].tally = NULL;
    }
    bus_close(&s->bus);
    arena_fini(&s->arena);
    return clean;
}
