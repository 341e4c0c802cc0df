/* cmd_up.c - `cuiban up`: Redis on a private socket and all services, watched over until told to
 * stop. A service that dies is started again; one that refuses its settings or policy ends the
 * whole. */
#include "common/clock.h"
#include "common/contract.h"
#include "common/note.h"
#include "services/cli/cli.h"
#include "services/cli/cli_args.h"
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 5000
#define STOP_MS 10000

struct up {
    const char *dir, *policy, *clock, *listen, *keys;
    bool no_redis;
    int64_t metrics; /* first port; 0 = off */
};

struct child {
    const char *name;
    pid_t pid;
    int64_t start_at, backoff, started;
};

static struct child children[] = {
    {.name = "redis"},     {.name = "intake"},  {.name = "dispatch"},   {.name = "parts"},
    {.name = "complaint"}, {.name = "scoring"}, {.name = "escalation"}, {.name = "headoffice"}};
static volatile sig_atomic_t stopping;

static void on_signal(int sig)
{
    (void)sig;
    stopping = 1;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct up *u = state->input;
    switch (key) {
    case 'd':
        u->dir = arg;
        return 0;
    case 'p':
        u->policy = arg;
        return 0;
    case 'c':
        u->clock = arg;
        return 0;
    case 'n':
        u->no_redis = true;
        return 0;
    case 'l':
        u->listen = arg;
        return 0;
    case 'k':
        u->keys = arg;
        return 0;
    case 'm':
        u->metrics = cli_number(state, "--metrics", arg, 1, 65535);
        return 0;
    case ARGP_KEY_ARG:
        cli_no_word(state, arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"dir", 'd', "DIR", 0, "sockets in DIR, stores in DIR/data (default run)", 0},
    {"policy", 'p', "DIR", 0, "policy set (default deploy/policy/appliance)", 0},
    {"clock", 'c', "wall|event", 0, "event: import history on the events' own time (default wall)",
     0},
    {"no-redis", 'n', NULL, 0, "run without timers in Redis; owners fire from their own index", 0},
    {"listen", 'l', "HOST:PORT", 0,
     "the door also takes facts of other machines here; --keys says of whom", 0},
    {"keys", 'k', "FILE", 0, "the door's key and those it lets in (`cuiban keys`)", 0},
    {"metrics", 'm', "PORT", 0, "/metrics of the services on loopback from PORT on, in house order",
     0},
    {0}};

static void set_env(const struct up *u)
{
    char path[PATH_MAX];
    setenv("CUIBAN_RUN", u->dir, 1);
    snprintf(path, sizeof path, "%s/data", u->dir);
    setenv("CUIBAN_DIR", path, 1);
    setenv("CUIBAN_POLICY", u->policy, 1);
    setenv("CUIBAN_CLOCK", u->clock, 1);
    if (u->listen) setenv("CUIBAN_LISTEN", u->listen, 1);
    if (u->keys) setenv("CUIBAN_KEYS", u->keys, 1);
    snprintf(path, sizeof path, "%s/redis.sock", u->dir);
    setenv("CUIBAN_REDIS", u->no_redis ? "off" : path, 1);
}

static _Noreturn void run_redis(const struct up *u)
{
    char sock[PATH_MAX], dir[PATH_MAX];
    snprintf(sock, sizeof sock, "%s/redis.sock", u->dir);
    snprintf(dir, sizeof dir, "%s/redis", u->dir);
    mkdir(dir, 0700);
    char *full = realpath(u->dir, NULL);
    if (full) snprintf(sock, sizeof sock, "%s/redis.sock", full);
    execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", sock, "--unixsocketperm",
           "700", "--dir", dir, "--save", "", "--appendonly", "no", "--maxmemory-policy",
           "noeviction", "--loglevel", "warning", "--daemonize", "no", (char *)NULL);
    fprintf(stderr, "redis-server: %s\n", strerror(errno));
    _exit(127);
}

static _Noreturn void run_service(const char *name)
{
    char self[PATH_MAX], path[PATH_MAX + 32];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash) *slash = 0;
    snprintf(path, sizeof path, "%s/cuiban-%s", self, name);
    execl(path, path, (char *)NULL);
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    _exit(127);
}

static void start(const struct up *u, struct child *c)
{
    pid_t parent = getpid();
    c->started = clock_mono_ms();
    c->pid = fork();
    if (c->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent) _exit(1); /* the parent died in between */
        if (strcmp(c->name, "redis") == 0) run_redis(u);
        char listen[32] = "off";
        if (u->metrics)
            snprintf(listen, sizeof listen, "127.0.0.1:%" PRId64, u->metrics + (c - children) - 1);
        setenv("CUIBAN_METRICS", listen, 1);
        run_service(c->name);
    }
    REQUIRE(c->pid > 0);
    note(NOTE_info, "child_started", "child", c->name, "pid", note_num(c->pid), NULL);
}

static bool wanted(const struct up *u, const struct child *c)
{
    return !(u->no_redis && strcmp(c->name, "redis") == 0);
}

/* A child ended by itself. False when it can never run as things are. */
static bool ended(struct child *c, int status)
{
    int64_t now = clock_mono_ms();
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    note(NOTE_warn, "child_ended", "child", c->name, "status", note_num(code), NULL);
    c->pid = 0;
    if (code == 127 || (code == 1 && strcmp(c->name, "redis") != 0)) return false;
    bool lived = now - c->started > BACKOFF_MAX_MS;
    c->backoff = lived || !c->backoff ? BACKOFF_MIN_MS : c->backoff * 2;
    if (c->backoff > BACKOFF_MAX_MS) c->backoff = BACKOFF_MAX_MS;
    c->start_at = now + c->backoff;
    return true;
}

static int watch(const struct up *u)
{
    while (!stopping) {
        for (size_t i = 0; i < COUNT_OF(children); i++) {
            struct child *c = &children[i];
            if (wanted(u, c) && c->pid == 0 && clock_mono_ms() >= c->start_at) start(u, c);
        }
        int status;
        pid_t pid;
        while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
            for (size_t i = 0; i < COUNT_OF(children); i++) {
                if (children[i].pid == pid && !ended(&children[i], status)) return CLI_REFUSED;
            }
        }
        clock_sleep_ms(20);
    }
    return CLI_OK;
}

/* In the reverse of the house, so that nobody loses his upstream first; Redis last. */
static void stop_all(void)
{
    for (size_t i = COUNT_OF(children); i-- > 0;) {
        struct child *c = &children[i];
        if (c->pid <= 0) continue;
        kill(c->pid, SIGTERM);
        int64_t until = clock_mono_ms() + STOP_MS;
        while (waitpid(c->pid, NULL, WNOHANG) == 0) {
            if (clock_mono_ms() > until) kill(c->pid, SIGKILL);
            clock_sleep_ms(5);
        }
        c->pid = 0;
    }
}

/* One stack per directory; the lock goes with the process. */
static int take_dir(const struct up *u)
{
    char path[PATH_MAX];
    if (mkdir(u->dir, 0700) && errno != EEXIST) {
        fprintf(stderr, "cuiban up: cannot make %s: %s\n", u->dir, strerror(errno));
        return -1;
    }
    snprintf(path, sizeof path, "%s/up.pid", u->dir);
    int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB)) {
        fprintf(stderr, "cuiban up: a stack runs in %s already; stop it first (pid in %s)\n",
                u->dir, path);
        return -1;
    }
    if (ftruncate(fd, 0) == 0) dprintf(fd, "%d\n", (int)getpid());
    char *full = realpath(u->policy, NULL);
    if (!full) {
        fprintf(stderr, "cuiban up: policy set %s: %s\n", u->policy, strerror(errno));
        close(fd);
        return -1;
    }
    snprintf(path, sizeof path, "%s/policy", u->dir);
    FILE *f = fopen(path, "w");
    if (f) {
        fprintf(f, "%s\n", full);
        fclose(f);
    }
    free(full);
    return fd;
}

int cmd_up(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "Start Redis on a private socket and all services, and watch over them."
        "\vRuns in the foreground; SIGTERM or Ctrl-C stops everything cleanly. "
        "`cuiban status` tells when it is ready.",
        NULL,
        NULL,
        NULL};
    struct up u = {.dir = "run", .policy = "deploy/policy/appliance", .clock = "wall"};
    if (argp_parse(&argp, argc, argv, 0, NULL, &u)) return CLI_USAGE;
    note_name("up");
    int fd = take_dir(&u);
    if (fd < 0) return CLI_REFUSED;
    set_env(&u);
    struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    int rc = watch(&u);
    stop_all();
    close(fd);
    return rc;
}
