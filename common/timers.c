/* timers.c - see timers.h. */
#include "common/timers.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/plant.h"
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_MS 1000
#define CHECK_MS 1000    /* how often the generation is looked at when nothing changes */
#define SLICE 256        /* changes a command */
#define REFILL_SLICES 20 /* of these per turn, so that a refill does not stop the service */
#define MEMBER_BYTES 8
#define KEY_SIZE 96
#define GENERATION_SIZE 64

/* Expired leases go back to due, at score 0, because nobody knows their instant here and the clock
 * may have gone back; then up to ARGV[3] due ones are leased until ARGV[2]. The last
 * element of the answer is the next score. */
static const char claim_script[] =
    "local back=redis.call('ZRANGEBYSCORE',KEYS[2],0,ARGV[1],'LIMIT',0,1000) "
    "for _,m in ipairs(back) do redis.call('ZADD',KEYS[1],0,m) redis.call('ZREM',KEYS[2],m) "
    "end "
    "local r=redis.call('ZRANGEBYSCORE',KEYS[1],0,'('..ARGV[1],'LIMIT',0,ARGV[3]) "
    "for _,m in ipairs(r) do redis.call('ZADD',KEYS[2],ARGV[2],m) redis.call('ZREM',KEYS[1],m) end "
    "local n=redis.call('ZRANGE',KEYS[1],0,0,'WITHSCORES') r[#r+1]=n[2] or '' return r";

/* A command with many arguments, e.g. ZADD key score member score member …; texts live in `slice`.
 */
struct command {
    const char *argv[2 + 2 * SLICE];
    size_t length[2 + 2 * SLICE];
    int count;
};

struct slice_texts {
    char member[SLICE][MEMBER_BYTES], score[SLICE][24];
    struct command set, unset, unlease;
};

struct timers {
    char address[256], region[64], due[KEY_SIZE], lease[KEY_SIZE], gen[KEY_SIZE], stamp[32],
        sha[48];
    struct node *node;
    redisContext *redis;
    uint64_t
        published; /* batches since the start: part of the generation, so that an old copy shows */
    bool off, complete; /* complete: everything open is published */
    bool refilling;
    struct key refill_at;
    int64_t retry_at, checked_at;
    struct slice_texts *texts;
    struct buf order, latest; /* of a batch's changes */
};

static void key_name(const struct timers *t, const char *what, enum owner o, char out[KEY_SIZE])
{
    snprintf(out, KEY_SIZE, "%s:{%s}:%s", what, t->region, owner_name(o));
}

enum err timers_open(const char *address, const char *region, struct node *node,
                     struct timers **out)
{
    struct timers *t = calloc(1, sizeof *t);
    if (!t) return ERR_IO;
    snprintf(t->address, sizeof t->address, "%s", address);
    snprintf(t->region, sizeof t->region, "%s", region);
    key_name(t, "due", node_service(node)->owner, t->due);
    key_name(t, "lease", node_service(node)->owner, t->lease);
    key_name(t, "gen", node_service(node)->owner, t->gen);
    snprintf(t->stamp, sizeof t->stamp, "%lld", (long long)clock_wall_ms());
    t->node = node;
    t->off = strcmp(address, "off") == 0;
    t->texts = malloc(sizeof *t->texts);
    *out = t;
    return t->texts ? ERR_OK : ERR_IO;
}

void timers_close(struct timers **tp)
{
    struct timers *t = *tp;
    if (!t) return;
    if (t->redis) redisFree(t->redis);
    free(t->texts);
    buf_fini(&t->order);
    buf_fini(&t->latest);
    free(t);
    *tp = NULL;
}

static void lose(struct timers *t, int64_t mono_ms)
{
    if (t->redis) redisFree(t->redis);
    t->redis = NULL;
    t->complete = t->refilling = false;
    t->sha[0] = 0;
    t->retry_at = mono_ms + RETRY_MS;
}

static redisContext *dial(const char *address)
{
    struct timeval limit = {0, TIMERS_TIMEOUT_MS * 1000};
    const char *colon = strrchr(address, ':');
    redisContext *c;
    if (colon && !strchr(address, '/')) {
        char host[200];
        snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
        c = redisConnectWithTimeout(host, (int)strtol(colon + 1, NULL, 10), limit);
    } else {
        c = redisConnectUnixWithTimeout(address, limit);
    }
    if (!c || c->err) {
        if (c) redisFree(c);
        return NULL;
    }
    redisSetTimeout(c, limit);
    return c;
}

static bool ready(struct timers *t, int64_t mono_ms)
{
    if (t->off) return false;
    if (t->redis) return true;
    if (mono_ms < t->retry_at) return false;
    t->redis = dial(t->address);
    if (!t->redis) lose(t, mono_ms);
    return t->redis != NULL;
}

/* ---- publishing ---- */

static void member_bytes(const struct timers *t, uint64_t member, char out[MEMBER_BYTES])
{
    be_put64((uint8_t *)out, member);
    out[0] = (char)node_service(t->node)->owner;
}

static bool take_replies(struct timers *t, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        redisReply *r = NULL;
        if (redisGetReply(t->redis, (void **)&r) != REDIS_OK || !r) return false;
        bool bad = r->type == REDIS_REPLY_ERROR;
        freeReplyObject(r);
        if (bad) return false;
    }
    return true;
}

static void command_begin(struct command *c, const char *verb, const char *key)
{
    c->count = 0;
    c->argv[c->count] = verb;
    c->length[c->count++] = strlen(verb);
    c->argv[c->count] = key;
    c->length[c->count++] = strlen(key);
}

static void command_add(struct command *c, const char *p, size_t n)
{
    c->argv[c->count] = p;
    c->length[c->count++] = n;
}

/* Commands without arguments beyond the key are not sent. Returns how many answers will come. */
static size_t command_send(struct timers *t, const struct command *c)
{
    if (c->count == 2) return 0;
    redisAppendCommandArgv(t->redis, c->count, (const char **)c->argv, c->length);
    return 1;
}

/* At most SLICE changes of different members: into due or out of it, and out of the leases; fresh:
 * there are no leases. Returns how many answers will come. */
static size_t slice_send(struct timers *t, const struct timer_change *v, size_t n, bool fresh)
{
    struct slice_texts *x = t->texts;
    command_begin(&x->set, "ZADD", t->due);
    command_begin(&x->unset, "ZREM", t->due);
    command_begin(&x->unlease, "ZREM", t->lease);
    for (size_t i = 0; i < n; i++) {
        if (PLANTED(timer_not_removed) && !v[i].due_ms) continue;
        member_bytes(t, v[i].member, x->member[i]);
        if (!fresh) command_add(&x->unlease, x->member[i], MEMBER_BYTES);
        if (v[i].due_ms) {
            int len = snprintf(x->score[i], sizeof x->score[i], "%lld", (long long)v[i].due_ms);
            command_add(&x->set, x->score[i], (size_t)len);
        }
        command_add(v[i].due_ms ? &x->set : &x->unset, x->member[i], MEMBER_BYTES);
    }
    size_t sent = command_send(t, &x->set);
    sent += command_send(t, &x->unset);
    return sent + command_send(t, &x->unlease);
}

static int by_member(const void *a, const void *b)
{
    const struct timer_change *const *x = a, *const *y = b;
    if ((*x)->member != (*y)->member) return (*x)->member < (*y)->member ? -1 : 1;
    return *x < *y ? -1 : 1;
}

/* Of several changes of one timer the last counts. */
static size_t latest_only(struct timers *t, const struct timer_change *v, size_t n)
{
    buf_clear(&t->order);
    buf_clear(&t->latest);
    buf_reserve(&t->order, n * sizeof(void *));
    const struct timer_change **order = (const struct timer_change **)(void *)t->order.p;
    for (size_t i = 0; i < n; i++)
        order[i] = &v[i];
    qsort(order, n, sizeof *order, by_member);
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && order[i + 1]->member == order[i]->member) continue;
        buf_put(&t->latest, order[i], sizeof **order);
    }
    return t->latest.n / sizeof *v;
}

/* What gen: must say. */
static const char *generation(const struct timers *t, char out[GENERATION_SIZE])
{
    snprintf(out, GENERATION_SIZE, "%s.%llu", t->stamp, (unsigned long long)t->published);
    return out;
}

/* Everything anew, because what ended while Redis was away would else be claimed for ever. */
static bool refill_begin(struct timers *t)
{
    t->complete = false;
    t->refilling = true;
    t->refill_at.n = 0;
    redisAppendCommand(t->redis, "DEL %s %s", t->due, t->lease);
    return take_replies(t, 1);
}

/* One batch more, in one act with the look at what Redis says: a flush must not be covered up. */
static bool generation_step(struct timers *t)
{
    char before[GENERATION_SIZE], now[GENERATION_SIZE];
    generation(t, before);
    t->published++;
    redisReply *r = redisCommand(t->redis, "SET %s %s XX GET", t->gen, generation(t, now));
    if (!r) return false;
    bool known = r->type == REDIS_REPLY_STRING && strcmp(r->str, before) == 0;
    bool bad = r->type == REDIS_REPLY_ERROR;
    freeReplyObject(r);
    return known || (!bad && refill_begin(t));
}

static bool publish(struct timers *t, const struct timer_change *v, size_t n)
{
    if (n == 0) return true;
    n = latest_only(t, v, n);
    v = (const struct timer_change *)(const void *)t->latest.p;
    for (size_t i = 0; i < n; i += SLICE) {
        size_t sent = slice_send(t, v + i, n - i < SLICE ? n - i : SLICE, false);
        if (!take_replies(t, sent)) return false;
    }
    return !t->complete || generation_step(t); /* the end of a refill says it for all */
}

/* The next REFILL_SLICES, in one go. */
static bool refill_some(struct timers *t)
{
    struct timer_change v[SLICE];
    size_t n = SLICE, sent = 0;
    for (int k = 0; k < REFILL_SLICES && n == SLICE; k++) {
        for (n = 0; n < SLICE; n++) {
            if (node_timer_next(t->node, &t->refill_at, &v[n]) != ERR_OK) break;
        }
        sent += slice_send(t, v, n, true);
    }
    if (!take_replies(t, sent)) return false;
    if (n == SLICE) return true;
    char now[GENERATION_SIZE];
    redisAppendCommand(t->redis, "SET %s %s", t->gen, generation(t, now));
    t->refilling = false;
    t->complete = true;
    return take_replies(t, 1);
}

/* Does Redis still know our generation? */
static bool check_generation(struct timers *t, int64_t mono_ms)
{
    char now[GENERATION_SIZE];
    redisReply *r = redisCommand(t->redis, "GET %s", t->gen);
    if (!r) return false;
    bool known = r->type == REDIS_REPLY_STRING && strcmp(r->str, generation(t, now)) == 0;
    bool bad = r->type == REDIS_REPLY_ERROR;
    freeReplyObject(r);
    t->checked_at = mono_ms;
    if (bad) return false; /* it did not say */
    if (PLANTED(refill_forgotten)) return t->complete = true;
    /* After a reconnect too: what changed meanwhile was not published. */
    if ((!known || !t->complete) && !t->refilling) return refill_begin(t);
    return true;
}

void timers_publish(struct timers *t, int64_t mono_ms)
{
    if (!ready(t, mono_ms)) return;
    size_t n;
    const struct timer_change *v = node_timers(t->node, &n);
    bool ok = publish(t, v, n);
    if (ok && (!t->complete || mono_ms - t->checked_at >= CHECK_MS) && !t->refilling) {
        ok = check_generation(t, mono_ms);
    }
    if (ok && t->refilling) ok = refill_some(t);
    if (!ok) lose(t, mono_ms);
}

bool timers_healthy(const struct timers *t)
{
    return t->redis && t->complete;
}

bool timers_refilling(const struct timers *t)
{
    return t->refilling;
}

/* ---- claiming ---- */

static bool load_script(struct timers *t)
{
    if (t->sha[0]) return true;
    redisReply *r = redisCommand(t->redis, "SCRIPT LOAD %s", claim_script);
    bool ok = r && r->type == REDIS_REPLY_STRING && r->len < sizeof t->sha;
    if (ok) memcpy(t->sha, r->str, r->len + 1);
    if (r) freeReplyObject(r);
    return ok;
}

/* An error is an answer too: of a key that is not what it should be, or of a script that is gone.
 */
static bool read_claim(struct timers *t, enum owner o, uint32_t *owners, uint32_t *broken,
                       int64_t *next_ms)
{
    redisReply *r = NULL;
    if (redisGetReply(t->redis, (void **)&r) != REDIS_OK || !r) return false;
    bool ok = r->type == REDIS_REPLY_ARRAY && r->elements > 0;
    if (!ok) *broken |= IN(o);
    if (ok && r->elements > 1) *owners |= IN(o);
    const redisReply *last = ok ? r->element[r->elements - 1] : NULL;
    if (last && last->type == REDIS_REPLY_STRING && last->len) {
        int64_t next = (int64_t)strtod(last->str, NULL);
        if (next < *next_ms) *next_ms = next;
    }
    freeReplyObject(r);
    return true;
}

/* Their owners find the generation gone and publish everything anew. */
static bool forget_generations(struct timers *t, uint32_t broken)
{
    size_t sent = 0;
    if (broken) t->sha[0] = 0;
    if (broken & IN(node_service(t->node)->owner)) t->complete = false;
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        char gen[KEY_SIZE];
        if (!(broken & IN(o))) continue;
        key_name(t, "gen", (enum owner)o, gen);
        redisAppendCommand(t->redis, "DEL %s", gen);
        sent++;
    }
    return take_replies(t, sent);
}

static bool claim_all(struct timers *t, uint32_t among, int64_t now_ms, uint32_t *owners,
                      int64_t *next_ms)
{
    uint32_t broken = 0;
    if (!load_script(t)) return false;
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        if (!(among & IN(o))) continue;
        char due[KEY_SIZE], lease[KEY_SIZE];
        key_name(t, "due", (enum owner)o, due);
        key_name(t, "lease", (enum owner)o, lease);
        redisAppendCommand(t->redis, "EVALSHA %s 2 %s %s %lld %lld %d", t->sha, due, lease,
                           (long long)now_ms, (long long)now_ms + TIMERS_LEASE_MS,
                           TIMERS_CLAIM_MAX);
    }
    bool ok = true;
    for (int o = OWNER_intake; ok && o < OWNER_COUNT; o++) {
        if (among & IN(o)) ok = read_claim(t, (enum owner)o, owners, &broken, next_ms);
    }
    /* When not ok, the connection is given up with what is still unread. */
    return ok && forget_generations(t, broken);
}

enum err timers_claim(struct timers *t, uint32_t among, int64_t now_ms, uint32_t *owners,
                      int64_t *next_ms)
{
    int64_t mono = clock_mono_ms();
    *owners = 0;
    *next_ms = INT64_MAX;
    if (!ready(t, mono)) return ERR_AGAIN;
    if (claim_all(t, among, now_ms, owners, next_ms)) return ERR_OK;
    lose(t, mono);
    return ERR_AGAIN;
}
