/* cut.c - cuts the power at every operation of a recording and opens what is left.
 *
 *   power-cut RECORDING [--images N | --all] [--seed S] [--fork] [--nodes] [--at OP --kind K
 * --which W]
 *
 * Each image is opened by store_open, as a service would after the power is back, and read whole.
 * Demanded of every store in it: it opens; state, log and journal are those of one batch b, last
 * acknowledged <= b <= last begun; no reader is ahead of the log it reads; on a sample, a further
 * batch is taken and is there after opening again (with --nodes: all facts are sent again, and the
 * end is that of the undisturbed run). Before the first acknowledgement a store may be born anew,
 * but it must open.
 *
 * --fork: each image in a child, for recordings that are expected to kill their reader.
 * Exit status 0: nothing broken; 1: something, with a line that builds the image again. */
#include "common/contract.h"
#include "tests/power/disk.h"
#include "tests/power/story.h"
#include <argp.h>
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAP_BYTES (UINT64_C(16) << 20)
#define BATCHES_MAX 4096
#define WHOLE_BITS_MAX 11 /* --all: every set of so many unsynced operations */
#define SHOWN_MAX 5
#define GO_ON_EVERY 23
#define GO_ON_NODES_EVERY 401

enum verdict { FINE, LOST, BROKEN, MIXED, KILLED, VERDICTS };
static const char *const verdict_text[VERDICTS] = {"fine", "acknowledged batch lost",
                                                   "does not open or read",
                                                   "state, log or batch mixed", "reader killed"};

struct story {
    struct sums expect[BATCHES_MAX];
    uint64_t acked, begun, last; /* batches; last of the whole recording */
};

struct run {
    const char *program, *recording;
    uint64_t images_wanted, seed;
    bool all, fork_each, nodes, one;
    size_t one_at;
    struct cut one_cut;
    char place[64];
    struct disk *disk;
    struct story stories[POWER_STORES_MAX];
    size_t store_count;
    struct nodes feed;
    char why_text[400]; /* of the last image that was not fine */
    uint64_t images, unborn, went_on, verdicts[VERDICTS], kinds[CUT_PREFIX + 1], shown;
};

static void dir_of(const struct run *r, uint64_t store, char out[300])
{
    int n = snprintf(out, 300, "%s/", r->place);
    snprintf(out + n, 300 - (size_t)n, POWER_STORE_DIR, (unsigned long long)store);
}

static enum verdict say(struct run *r, enum verdict v, uint64_t store, const char *text)
{
    snprintf(r->why_text, sizeof r->why_text, "store %llu: %s", (unsigned long long)store, text);
    return v;
}

/* ---- one image ---- */

static enum err open_at(const struct run *r, uint64_t store, struct store **out, struct fault *why)
{
    char dir[300];
    dir_of(r, store, dir);
    struct store_options o = {.dir = dir, .map_bytes = MAP_BYTES};
    return store_open(&o, out, why);
}

/* Closed without a checkpoint, so that the files stay as they were cut. */
static void leave(struct store **s)
{
    store_put(*s, 1, (struct slice){(const uint8_t *)"never", 5}, (struct slice){0});
    store_close(s);
}

static enum verdict judge(struct run *r, uint64_t at, struct store *s, uint64_t reads_up_to)
{
    const struct story *t = &r->stories[at];
    struct sums got;
    const char *where;
    enum err e = sums_of(s, &got, &where);
    if (e != ERR_OK) return say(r, BROKEN, at, where);
    if (got.batch < t->acked) return say(r, LOST, at, "is at an earlier batch");
    if (got.batch > t->begun) return say(r, MIXED, at, "is at a batch that was never begun");
    if (!sums_equal(&got, &t->expect[got.batch]))
        return say(r, MIXED, at, "does not hold what its batch left");
    struct journal j;
    store_last_journal(s, &j);
    if (at > 0 && j.cursor[OWNER_intake] > reads_up_to)
        return say(r, MIXED, at, "has read what its upstream has lost");
    return FINE;
}

/* Whoever starts a service makes these when they are missing. */
static void parents_make(const struct run *r)
{
    static const char *const parents[] = POWER_PARENT_DIRS;
    char path[300];
    for (size_t i = 0; i < COUNT_OF(parents); i++) {
        snprintf(path, sizeof path, "%s/%s", r->place, parents[i]);
        REQUIRE(mkdir(path, 0700) == 0 || errno == EEXIST);
    }
}

static enum verdict one_more(struct run *r, uint64_t at)
{
    static const struct slice word = {(const uint8_t *)"one more", 8};
    struct store *s = NULL;
    struct fault why = {0};
    struct journal j = {.now_ms = 1};
    struct slice got;
    if (open_at(r, at, &s, &why) != ERR_OK) return say(r, BROKEN, at, why.text);
    uint64_t seq = store_append(s, word);
    store_put(s, 20, word, word);
    enum err e = store_commit(s, &j);
    store_close(&s);
    if (e == ERR_OK) e = open_at(r, at, &s, &why);
    if (e != ERR_OK) return say(r, BROKEN, at, "takes no further batch");
    bool there = store_last_seq(s) == seq && store_record(s, seq, &got) == ERR_OK && got.n == 8 &&
                 store_get(s, 20, word, &got) == ERR_OK && got.n == 8;
    store_close(&s);
    return there ? FINE : say(r, LOST, at, "the further batch is gone");
}

/* Everything is sent again; the doors sort out what they had. */
static enum verdict all_again(struct run *r)
{
    struct nodes *n = &r->feed;
    char dirs[NODES][300];
    for (uint64_t i = 0; i < NODES; i++)
        dir_of(r, i, dirs[i]);
    struct fault why = {0};
    n->at = n->batch = 0;
    enum err e = nodes_open(n, (const char *const[]){dirs[0], dirs[1]}, MAP_BYTES, &why);
    while (e == ERR_OK && n->batch < r->stories[0].last) {
        e = nodes_facts(n);
        if (e == ERR_OK) e = node_commit(n->node[0]);
    }
    if (e == ERR_OK) e = nodes_entries(n);
    if (e == ERR_OK) e = node_commit(n->node[1]);
    struct sums got = {0};
    const char *where = "";
    enum verdict v = e == ERR_OK ? FINE : say(r, BROKEN, 0, "does not take the facts again");
    for (size_t i = 0; v == FINE && i < NODES; i++) {
        const struct sums *end = &r->stories[i].expect[r->stories[i].last];
        if (sums_of(node_store(n->node[i]), &got, &where) != ERR_OK || got.state != end->state ||
            got.log != end->log || got.last_seq != end->last_seq)
            v = say(r, MIXED, i, "does not end as the undisturbed one");
    }
    nodes_close(n);
    return v;
}

static enum verdict check(struct run *r, bool go_on)
{
    uint64_t last_seq = 0;
    if (r->stories[0].acked == 0) parents_make(r);
    enum verdict v = FINE;
    for (uint64_t i = 0; v == FINE && i < r->store_count; i++) {
        struct store *s = NULL;
        struct fault why = {0};
        if (open_at(r, i, &s, &why) != ERR_OK) return say(r, BROKEN, i, why.text);
        v = judge(r, i, s, last_seq);
        last_seq = store_last_seq(s);
        leave(&s);
    }
    if (v != FINE || !go_on) return v;
    if (r->nodes) return all_again(r);
    for (uint64_t i = 0; v == FINE && i < r->store_count; i++)
        v = one_more(r, i);
    return v;
}

static enum verdict check_in_child(struct run *r, bool go_on)
{
    fflush(NULL);
    pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr)) _exit(BROKEN);
        alarm(10);
        _exit(check(r, go_on));
    }
    int status;
    waitpid(pid, &status, 0);
    if (WIFEXITED(status)) return say(r, WEXITSTATUS(status), 0, "in a child");
    return say(r, KILLED, 0, strsignal(WTERMSIG(status)));
}

/* ---- all images ---- */

static void show(struct run *r, struct cut c, size_t at, enum verdict v)
{
    if (r->shown++ >= SHOWN_MAX) return;
    printf("%s: %s\n  again: %s %s%s%s --at %zu --kind %d --which %llu\n", verdict_text[v],
           r->why_text, r->program, r->recording, r->nodes ? " --nodes" : "",
           r->fork_each ? " --fork" : "", at, (int)c.kind, (unsigned long long)c.which);
}

static bool acknowledged(const struct run *r)
{
    bool any = false;
    for (size_t i = 0; i < r->store_count; i++)
        any = any || r->stories[i].acked > 0;
    return any;
}

static void image(struct run *r, size_t at, struct cut c)
{
    if (r->one && (at != r->one_at || c.kind != r->one_cut.kind || c.which != r->one_cut.which))
        return;
    bool go_on = r->one || r->images % (r->nodes ? GO_ON_NODES_EVERY : GO_ON_EVERY) == 0;
    disk_cut(r->disk, c);
    enum verdict v = r->fork_each ? check_in_child(r, go_on) : check(r, go_on);
    /* A store that is not yet there is born in the image. */
    bool whole = true;
    for (size_t i = 0; i < r->store_count; i++)
        whole = whole && r->stories[i].acked > 0;
    disk_mend(r->disk, go_on || !whole);
    r->images++;
    r->kinds[c.kind]++;
    r->verdicts[v]++;
    r->went_on += go_on;
    r->unborn += !acknowledged(r);
    if (v != FINE) show(r, c, at, v);
}

static void images_at(struct run *r, size_t at, const struct disk_op *o, uint64_t drawn)
{
    size_t sectors, unsynced = disk_unsynced(r->disk, &sectors);
    if (unsynced == 0) {
        if (o->op.kind == POWER_ACKED) image(r, at, (struct cut){CUT_NOTHING, 0});
        return;
    }
    image(r, at, (struct cut){CUT_NOTHING, 0});
    image(r, at, (struct cut){CUT_ALL, 0});
    if (r->all && unsynced <= WHOLE_BITS_MAX) {
        for (uint64_t bits = 0; bits < UINT64_C(1) << unsynced; bits++)
            image(r, at, (struct cut){CUT_WHOLE, bits});
    }
    if (sectors < 16 && drawn > UINT64_C(4) << sectors) drawn = UINT64_C(4) << sectors;
    for (uint64_t i = 0; i < drawn; i++)
        image(r, at, (struct cut){CUT_TORN, r->seed * 1000000 + i});
    if (o->op.kind != POWER_WRITE || !o->op.through) return;
    for (uint64_t n = 4; n <= o->op.bytes; n += 4)
        image(r, at, (struct cut){CUT_PREFIX, n});
}

static void marks_read(struct run *r, const struct disk_op *ops, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct power_mark m;
        if (ops[i].op.kind != POWER_ACKED) continue;
        memcpy(&m, ops[i].bytes, sizeof m);
        REQUIRE(m.store < POWER_STORES_MAX && m.sums.batch < BATCHES_MAX);
        r->stories[m.store].expect[m.sums.batch] = m.sums;
        r->stories[m.store].last = m.sums.batch;
        if (m.store + 1 > r->store_count) r->store_count = m.store + 1;
    }
    REQUIRE(r->store_count > 0);
}

static void mark_pass(struct run *r, const struct disk_op *o)
{
    struct power_mark m;
    if (o->op.kind != POWER_ACKED && o->op.kind != POWER_BEGUN) return;
    memcpy(&m, o->bytes, sizeof m);
    struct story *t = &r->stories[m.store];
    *(o->op.kind == POWER_ACKED ? &t->acked : &t->begun) = m.sums.batch;
}

/* Draws for each operation that has something unsynced behind it. */
static uint64_t drawn_each(struct run *r, const struct disk_op *ops, size_t count)
{
    uint64_t places = 0;
    for (size_t i = 0; i < count; i++)
        places += ops[i].op.kind == POWER_WRITE || ops[i].op.kind == POWER_SYNC;
    return places ? r->images_wanted / places + 1 : 1;
}

static void play(struct run *r)
{
    const struct disk_op *ops;
    size_t count = disk_ops(r->disk, &ops);
    marks_read(r, ops, count);
    uint64_t drawn = drawn_each(r, ops, count);
    for (size_t at = 0; at < count; at++) {
        if (!r->one) images_at(r, at, &ops[at], drawn);
        if (r->one && at == r->one_at) image(r, at, r->one_cut);
        mark_pass(r, &ops[at]);
        disk_pass(r->disk);
    }
    printf(
        "%zu operations, %llu images (%llu before the first acknowledgement; %llu drawn, %llu torn"
        " inside a sector), %llu went on:",
        count, (unsigned long long)r->images, (unsigned long long)r->unborn,
        (unsigned long long)r->kinds[CUT_TORN], (unsigned long long)r->kinds[CUT_PREFIX],
        (unsigned long long)r->went_on);
    for (int v = FINE + 1; v < VERDICTS; v++)
        printf(" %s %llu%s", verdict_text[v], (unsigned long long)r->verdicts[v],
               v + 1 < VERDICTS ? "," : "\n");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct run *r = state->input;
    switch (key) {
    case 'i':
        r->images_wanted = strtoull(arg, NULL, 10);
        return 0;
    case 'a':
        r->all = true;
        return 0;
    case 's':
        r->seed = strtoull(arg, NULL, 10);
        return 0;
    case 'f':
        r->fork_each = true;
        return 0;
    case 'n':
        r->nodes = true;
        return 0;
    case 'o':
        r->one = true;
        r->one_at = strtoull(arg, NULL, 10);
        return 0;
    case 'k':
        r->one_cut.kind = (enum cut_kind)strtoull(arg, NULL, 10);
        return 0;
    case 'w':
        r->one_cut.which = strtoull(arg, NULL, 10);
        return 0;
    case ARGP_KEY_ARG:
        if (r->recording) argp_usage(state);
        r->recording = arg;
        return 0;
    case ARGP_KEY_END:
        if (!r->recording) argp_usage(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"images", 'i', "N", 0, "about so many (default 10000)", 0},
        {"all", 'a', NULL, 0, "also every set of whole operations, up to 11 at a time", 0},
        {"seed", 's', "S", 0, "of the draws", 0},
        {"fork", 'f', NULL, 0, "open each image in a child", 0},
        {"nodes", 'n', NULL, 0, "the recording is of nodes", 0},
        {"at", 'o', "OP", 0, "one image only: the power is cut before this operation", 0},
        {"kind", 'k', "K", 0, "and this is left of what was not synced", 0},
        {"which", 'w', "W", 0, "", 0},
        {0}};
    static const struct argp argp = {options, parse, "RECORDING", NULL, NULL, NULL, NULL};
    static struct run r = {.images_wanted = 10000, .seed = 1};
    r.program = argv[0];
    if (argp_parse(&argp, argc, argv, 0, NULL, &r)) return 2;
    /* LMDB's large tables stay zero pages of the kernel's instead of being cleared for each image.
     */
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    snprintf(r.place, sizeof r.place, "/dev/shm/power-cut.XXXXXX");
    REQUIRE(mkdtemp(r.place) != NULL);
    if (r.nodes) REQUIRE(nodes_init(&r.feed) == ERR_OK);
    r.disk = disk_new(r.recording, r.place);
    play(&r);
    disk_destroy(&r.disk);
    rmdir(r.place);
    nodes_fini(&r.feed);
    return r.verdicts[FINE] == r.images ? 0 : 1;
}
