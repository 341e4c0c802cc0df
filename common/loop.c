/* loop.c - the turn of a service: see loop.h. */
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop_private.h"
#include "common/note.h"
#include "common/plant.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* No input for so long: the state is committed, people see their writes; but the next time only so
 * many times as long as the last one took later. */
#define IDLE_CHECKPOINT_MS 3
#define IDLE_SHARE 10
#define WAIT_MAX_MS 100
#define CLAIM_EVERY_MS 50

static volatile sig_atomic_t stopping;

static void on_signal(int sig)
{
    (void)sig;
    stopping = 1;
}

void loop_endpoint(char out[LOOP_ENDPOINT_SIZE], const char *run, const char *service)
{
    snprintf(out, LOOP_ENDPOINT_SIZE, "ipc://%s/%s.sock", run, service);
}

void loop_query_endpoint(char out[LOOP_ENDPOINT_SIZE], const char *run, const char *service)
{
    snprintf(out, LOOP_ENDPOINT_SIZE, "ipc://%s/%s.query", run, service);
}

/* ---- figures ---- */

void loop_count(struct loop *l, enum loop_metric id, int64_t n)
{
    metric_add(&l->figures[id], n);
}

static enum err figures_open(struct loop *l, struct fault *why)
{
    static const struct {
        const char *name, *help;
        enum metric_type type;
    } rows[] = {
#define LOOP_METRIC_ROW(id, t, n, h) {.name = n, .help = h, .type = METRIC_##t},
        LOOP_METRICS(LOOP_METRIC_ROW)
#undef LOOP_METRIC_ROW
    };
    for (size_t i = 0; i < LOOP_METRIC_COUNT; i++) {
        l->figures[i].name = rows[i].name;
        l->figures[i].help = rows[i].help;
        l->figures[i].type = rows[i].type;
    }
    enum err e = metrics_open(l->settings.metrics, &l->metrics, why);
    if (e == ERR_OK) e = metrics_show(l->metrics, l->figures, LOOP_METRIC_COUNT);
    return e;
}

static void figures_set(struct loop *l)
{
    if (!l->metrics) return;
    struct store *s = node_store(l->node);
    int64_t due = node_next_due(l->node);
    metric_set(&l->figures[LOOP_METRIC_records], (int64_t)store_committed_seq(s));
    metric_set(&l->figures[LOOP_METRIC_behind], (int64_t)store_behind(s));
    metric_set(&l->figures[LOOP_METRIC_clock], node_clock(l->node));
    metric_set(&l->figures[LOOP_METRIC_next_due], due == INT64_MAX ? 0 : due);
    metric_set(&l->figures[LOOP_METRIC_redis], timers_healthy(l->timers));
    metric_set(&l->figures[LOOP_METRIC_fill], store_fill_percent(s));
    metrics_ready(l->metrics, true);
}

/* ---- a turn ---- */

int64_t loop_wait_ms(struct loop *l)
{
    if (l->busy || timers_refilling(l->timers)) return 0;
    int64_t wait = WAIT_MAX_MS;
    if (store_behind(node_store(l->node)) > 0) wait = IDLE_CHECKPOINT_MS;
    int64_t claim = l->claim_at_ms - clock_mono_ms();
    if (l->options->claims && !l->event_clock && wait > claim) wait = claim < 0 ? 0 : claim;
    if (l->event_clock) return wait;
    int64_t due = node_next_due(l->node), now = l->wall_ms + clock_mono_ms() - l->mono_ms;
    if (due == INT64_MAX) return wait;
    int64_t until = due + 1 - now + (timers_healthy(l->timers) ? l->settings.grace_ms : 0);
    return until < 0 ? 0 : until < wait ? until : wait;
}

/* The desk looks into Redis; everyone fires what he was woken for, or what nobody woke him for in
 * time. */
static enum err fire_due(struct loop *l)
{
    if (l->event_clock) return ERR_OK;
    if (l->options->claims && l->mono_ms >= l->claim_at_ms) {
        const struct service *desk = l->options->service;
        uint32_t owners, among = desk->upstream | IN(desk->owner);
        int64_t next;
        enum err e = timers_claim(l->timers, among, l->wall_ms, &owners, &next);
        if (e == ERR_OK && owners) loop_wake(l, owners);
        int64_t in = next == INT64_MAX ? CLAIM_EVERY_MS : next + 1 - l->wall_ms;
        l->claim_at_ms = l->mono_ms + (in < 1 ? 1 : in < CLAIM_EVERY_MS ? in : CLAIM_EVERY_MS);
    }
    int64_t grace = l->woken || !timers_healthy(l->timers) ? 0 : l->settings.grace_ms;
    int64_t due = node_next_due(l->node);
    if (due == INT64_MAX || due + grace >= l->wall_ms || (PLANTED(redis_is_truth) && !l->woken)) {
        l->woken = false;
        return ERR_OK;
    }
    uint32_t fired;
    enum err e = node_advance(l->node, l->wall_ms, FIRE_MAX, &fired);
    l->taken += fired;
    loop_count(l, LOOP_METRIC_fired, fired);
    if (fired < FIRE_MAX) l->woken = false;
    return e;
}

/* Looks at the clocks; a step of the wall clock is told when it comes and when it is over. */
static void look_at_time(struct loop *l)
{
    bool held = l->time.held;
    int64_t wall = clock_wall_ms();
    l->mono_ms = clock_mono_ms();
    l->wall_ms = timekeeper_now(&l->time, wall, l->mono_ms);
    if (l->time.held == held) return;
    metric_set(&l->figures[LOOP_METRIC_clock_held], l->time.held);
    note(l->time.held ? NOTE_error : NOTE_info, l->time.held ? "clock_stepped" : "clock_is_back",
         "wall_ms", note_num(wall), "believed_ms", note_num(l->wall_ms), "text",
         l->time.held ? "set the clock right; if it is right, start the services anew" : "", NULL);
}

static enum err take_input(struct loop *l)
{
    l->taken = 0;
    look_at_time(l);
    node_begin(l->node, l->wall_ms);
    gate_turn(l);
    enum err e = loop_serve(l);
    if (e == ERR_OK) e = loop_clock(l);
    loop_upstreams_receive(l);
    if (e == ERR_OK) e = loop_upstreams_apply(l);
    if (e == ERR_OK) e = fire_due(l);
    return e;
}

static enum err commit(struct loop *l)
{
    struct store *s = node_store(l->node);
    bool changed = l->taken > 0 || store_last_seq(s) != store_committed_seq(s);
    l->busy = changed;
    if (!changed) return ERR_OK;
    loop_count(l, LOOP_METRIC_commits, 1);
    enum err e = node_commit(l->node);
    l->input_ms = clock_mono_ms(); /* a slow disk is not idleness */
    return e;
}

static enum err checkpoint(struct loop *l)
{
    uint64_t behind = store_behind(node_store(l->node));
    int64_t now = clock_mono_ms();
    if (behind == 0) {
        l->checkpoint_ms = now;
        return ERR_OK;
    }
    bool idle = !l->busy && now - l->input_ms >= IDLE_CHECKPOINT_MS &&
                now - l->checkpoint_ms >= IDLE_SHARE * l->checkpoint_took_ms;
    bool long_ago = now - l->checkpoint_ms >= l->settings.checkpoint_ms;
    if (!idle && !long_ago && behind < (uint64_t)l->settings.checkpoint_batches) return ERR_OK;
    l->checkpoint_ms = now;
    enum err e = node_checkpoint(l->node);
    l->checkpoint_took_ms = clock_mono_ms() - now;
    return e;
}

enum err loop_turn(struct loop *l)
{
    bus_wait(l->bus, loop_wait_ms(l));
    enum err e = take_input(l);
    if (PLANTED(ack_before_commit)) loop_answer_all(l);
    if (e == ERR_OK) e = commit(l);
    if (e != ERR_OK) return store_first_failure(node_store(l->node), e);
    loop_answer_all(l);
    loop_upstreams_credit(l);
    loop_stream_out(l);
    if (!l->event_clock) timers_publish(l->timers, l->mono_ms);
    figures_set(l);
    return checkpoint(l);
}

/* ---- start and stop ---- */

static enum err open_policy(const char *dir, struct policy **out)
{
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    enum err e = policy_load(dir, out, faults, POLICY_FAULTS_MAX, &n);
    for (uint32_t i = 0; e != ERR_OK && i < n && i < POLICY_FAULTS_MAX; i++) {
        note(NOTE_error, "policy_refused", "file", faults[i].file, "line", note_num(faults[i].line),
             "field", faults[i].fault.field, "text", faults[i].fault.text, NULL);
    }
    return e;
}

static enum err make_dirs(const char *path)
{
    char p[SETTING_TEXT_SIZE];
    snprintf(p, sizeof p, "%s", path);
    for (char *s = p + 1; *s; s++) {
        if (*s != '/') continue;
        *s = 0;
        if (mkdir(p, 0700) && errno != EEXIST) return ERR_IO;
        *s = '/';
    }
    return mkdir(p, 0700) && errno != EEXIST ? ERR_IO : ERR_OK;
}

static enum err open_parts(struct loop *l, struct fault *why)
{
    const struct service *s = l->options->service;
    l->event_clock = strcmp(l->settings.clock, "event") == 0;
    char path[SETTING_TEXT_SIZE + 32], endpoint[LOOP_ENDPOINT_SIZE];
    snprintf(path, sizeof path, "%s/%s", l->settings.dir, s->name);
    enum err e = make_dirs(l->settings.dir);
    if (e == ERR_OK) e = make_dirs(l->settings.run);
    if (e != ERR_OK)
        return fault_set(why, "settings", "io", "dir", "cannot make %s", l->settings.dir);
    struct node_options no = {.service = s,
                              .policy = l->policy,
                              .dir = path,
                              .clock = l->event_clock ? CLOCK_MODE_event : CLOCK_MODE_wall,
                              .map_bytes = (uint64_t)l->settings.map_mb << 20};
    e = node_open(&no, &l->node, why);
    if (e == ERR_OK) e = bus_open(&l->bus);
    if (e == ERR_OK) e = timers_open(l->settings.redis, l->settings.region, l->node, &l->timers);
    if (e != ERR_OK) return e;
    loop_endpoint(endpoint, l->settings.run, s->name);
    e = bus_listen(l->bus, endpoint, &l->server);
    if (e != ERR_OK) (void)fault_set(why, "bus", "io", "run", "cannot listen on %s", endpoint);
    if (e != ERR_OK) return e;
    e = gate_open(l, why);
    if (e != ERR_OK) return e;
    loop_query_endpoint(endpoint, l->settings.run, s->name);
    e = query_open(l->bus, endpoint, node_store(l->node), &l->query);
    look_at_time(l);
    l->checkpoint_ms = l->input_ms = l->mono_ms;
    if (e == ERR_OK) e = figures_open(l, why);
    return e == ERR_OK ? loop_upstreams_open(l) : e;
}

enum err loop_open(const struct settings *settings, const struct policy *policy,
                   const struct loop_options *o, struct loop **out, struct fault *why)
{
    struct loop *l = calloc(1, sizeof *l);
    REQUIRE(l != NULL);
    l->settings = *settings;
    l->policy = policy;
    l->options = o;
    enum err e = open_parts(l, why);
    if (e != ERR_OK) {
        loop_close(&l);
        return e;
    }
    *out = l;
    return ERR_OK;
}

void loop_close(struct loop **lp)
{
    struct loop *l = *lp;
    if (!l) return;
    metrics_close(&l->metrics);
    query_close(&l->query);
    loop_upstreams_close(l);
    gate_close(l);
    bus_close(&l->bus);
    timers_close(&l->timers);
    node_close(&l->node);
    free(l->waiting);
    buf_fini(&l->answers);
    buf_fini(&l->frame);
    free(l);
    *lp = NULL;
}

struct node *loop_node(struct loop *l)
{
    return l->node;
}

static int loop_run(struct loop *l)
{
    enum err e = ERR_OK;
    note(NOTE_info, "started", "log", note_num((int64_t)store_committed_seq(node_store(l->node))),
         "policy", l->policy->hash, NULL);
    while (!stopping && e == ERR_OK)
        e = loop_turn(l);
    if (e != ERR_OK) note(NOTE_error, "storage_failed", "outcome", err_name(e), NULL);
    if (e == ERR_OK) note(NOTE_info, "stopped", NULL);
    return e == ERR_OK ? 0 : 2;
}

static int serve(const struct settings *settings, const struct loop_options *o)
{
    struct policy *policy = NULL;
    struct loop *l = NULL;
    struct fault why = {0};
    if (open_policy(settings->policy, &policy) != ERR_OK) return 1;
    enum err e = loop_open(settings, policy, o, &l, &why);
    int rc = e == ERR_OK ? loop_run(l) : 2;
    if (e != ERR_OK) {
        note(NOTE_error, "start_refused", "outcome", err_name(e), "text", why.text, NULL);
        /* A predecessor that is still dying holds the store for a moment: worth another try. */
        if (e == ERR_REFUSED && strcmp(why.code, "store_in_use") != 0) rc = 1;
    }
    loop_close(&l);
    policy_close(&policy);
    return rc;
}

int loop_main(int argc, char **argv, const struct loop_options *o)
{
    note_name(o->service->name);
    if (argc > 1) {
        fprintf(stderr, "cuiban-%s takes no arguments (got %s); its settings are:\n",
                o->service->name, argv[1]);
        settings_help(stderr);
        return 1;
    }
    struct settings settings;
    struct fault why = {0};
    if (settings_load(&settings, &why) != ERR_OK) {
        note(NOTE_error, "settings_refused", "text", why.text, NULL);
        return 1;
    }
    struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    signal(SIGPIPE, SIG_IGN);
    return serve(&settings, o);
}
