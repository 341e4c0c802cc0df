/* fake_redis.c - the part of hiredis and of Redis that common/timers.c uses: sorted sets, a
 * generation key, one claim script. It can be away, be slow, forget everything, remember an older
 * day, answer with errors, and lie about what is due. Commands are formatted by hiredis itself. */
#include "tests/sim/world.h"
#include <assert.h>
#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 32
#define WORDS_MAX 600
#define SLOW_MS 200
#define MEMBER 8

struct member {
    uint8_t id[MEMBER];
    double score;
};

struct value {
    char key[96];
    char text[64]; /* a string, when there are no members */
    bool is_text;
    struct member *members;
    size_t count, cap;
};

struct data {
    struct value values[KEYS_MAX];
    size_t count;
};

static struct data now, old;

struct connection {
    redisContext c;
    redisReply *replies[64];
    size_t first, count;
};

/* ---- what it holds ---- */

static void data_clear(struct data *d)
{
    for (size_t i = 0; i < d->count; i++)
        free(d->values[i].members);
    d->count = 0;
}

static void data_copy(struct data *to, const struct data *from)
{
    data_clear(to);
    *to = *from;
    for (size_t i = 0; i < to->count; i++) {
        struct value *v = &to->values[i];
        v->members = malloc((v->count + 1) * sizeof *v->members);
        if (v->count) memcpy(v->members, from->values[i].members, v->count * sizeof *v->members);
        v->cap = v->count + 1;
    }
}

void redis_reset(void)
{
    data_clear(&now);
    data_clear(&old);
}

void redis_flush(void)
{
    data_clear(&now);
}

void redis_remember(void)
{
    data_copy(&old, &now);
}

void redis_recall(void)
{
    data_copy(&now, &old);
}

static struct value *find(const char *key)
{
    for (size_t i = 0; i < now.count; i++) {
        if (strcmp(now.values[i].key, key) == 0) return &now.values[i];
    }
    return NULL;
}

static struct value *make(const char *key)
{
    struct value *v = find(key);
    if (v) return v;
    assert(now.count < KEYS_MAX);
    v = &now.values[now.count++];
    *v = (struct value){.count = 0};
    (void)snprintf(v->key, sizeof v->key, "%s", key);
    return v;
}

void redis_wrong_type(void)
{
    for (size_t i = 0; i < now.count; i++)
        now.values[i].is_text = true;
}

static size_t member_at(const struct value *v, const void *id)
{
    size_t i = 0;
    while (i < v->count && memcmp(v->members[i].id, id, MEMBER) != 0)
        i++;
    return i;
}

static void set_member(struct value *v, const void *id, double score)
{
    size_t i = member_at(v, id);
    if (i == v->count) {
        if (v->count == v->cap) {
            v->cap = 2 * v->cap + 16;
            v->members = realloc(v->members, v->cap * sizeof *v->members);
        }
        memcpy(v->members[v->count++].id, id, MEMBER);
    }
    v->members[i].score = score;
}

static void take_member(struct value *v, const void *id)
{
    size_t i = member_at(v, id);
    if (i < v->count) v->members[i] = v->members[--v->count];
}

static struct value *set_of(const char *what, const char *service)
{
    char key[96];
    (void)snprintf(key, sizeof key, "%s:{sim}:%s", what, service);
    return find(key);
}

size_t redis_count(const char *service)
{
    const struct value *due = set_of("due", service), *lease = set_of("lease", service);
    return (due ? due->count : 0) + (lease ? lease->count : 0);
}

/* A leased one keeps its place whatever its score says. */
bool redis_has(const char *service, const uint8_t member[8], int64_t due_ms)
{
    const struct value *due = set_of("due", service), *lease = set_of("lease", service);
    size_t i = due ? member_at(due, member) : 0;
    if (due && i < due->count) return (int64_t)due->members[i].score <= due_ms;
    return lease && member_at(lease, member) < lease->count;
}

/* ---- commands ---- */

static redisReply *reply(int type, const char *text)
{
    redisReply *r = calloc(1, sizeof *r);
    r->type = type;
    r->str = text ? strdup(text) : NULL;
    r->len = text ? strlen(text) : 0;
    return r;
}

static redisReply *wrong_type(void)
{
    return reply(REDIS_REPLY_ERROR, "WRONGTYPE Operation against a key holding the wrong kind");
}

static void array_add(redisReply *r, const char *text, size_t n)
{
    r->element = realloc(r->element, (r->elements + 1) * sizeof *r->element);
    redisReply *e = reply(REDIS_REPLY_STRING, "");
    free(e->str);
    e->str = calloc(1, n + 1);
    memcpy(e->str, text, n);
    e->len = n;
    r->element[r->elements++] = e;
}

/* common/timers.c's script: expired leases go back, what is due is leased, the next score last. */
static redisReply *claim(char **w)
{
    struct value *due = make(w[3]), *lease = make(w[4]);
    double at = strtod(w[5], NULL), until = strtod(w[6], NULL);
    size_t max = strtoul(w[7], NULL, 10);
    if (due->is_text || lease->is_text) return wrong_type();
    redisReply *r = reply(REDIS_REPLY_ARRAY, NULL);
    for (size_t i = lease->count; i-- > 0;) {
        if (lease->members[i].score > at) continue;
        set_member(due, lease->members[i].id, 0);
        take_member(lease, lease->members[i].id);
    }
    bool lies = lot_chance(&world.lot, world.rates.redis_lies);
    if (lies) world.disturbed_ms = world.mono_ms;
    double next = 0;
    for (size_t i = due->count; i-- > 0;) {
        struct member m = due->members[i];
        if (m.score < at && !lies && r->elements < max) {
            array_add(r, (const char *)m.id, MEMBER);
            set_member(lease, m.id, until);
            take_member(due, m.id);
        } else if (next == 0 || m.score < next) {
            next = m.score;
        }
    }
    if (lies && lot_chance(&world.lot, 500)) array_add(r, "\1nobody!", MEMBER);
    char text[32] = "";
    if (next > 0) (void)snprintf(text, sizeof text, "%.17g", next);
    array_add(r, text, strlen(text));
    return r;
}

/* SET key value, or SET key value XX GET. */
static redisReply *set(char **w, size_t n)
{
    struct value *v = find(w[1]);
    if (n > 3 && !v) return reply(REDIS_REPLY_NIL, NULL);
    redisReply *r = n > 3 ? reply(REDIS_REPLY_STRING, v->text) : reply(REDIS_REPLY_STATUS, "OK");
    v = make(w[1]);
    v->is_text = true;
    (void)snprintf(v->text, sizeof v->text, "%s", w[2]);
    return r;
}

static redisReply *run(char **w, size_t n)
{
    const char *verb = w[0];
    struct value *v;
    if (strcmp(verb, "EVALSHA") == 0) return claim(w);
    if (strcmp(verb, "SCRIPT") == 0) return reply(REDIS_REPLY_STRING, "0123456789abcdef");
    if (strcmp(verb, "GET") == 0) {
        v = find(w[1]);
        return v ? reply(REDIS_REPLY_STRING, v->text) : reply(REDIS_REPLY_NIL, NULL);
    }
    if (strcmp(verb, "SET") == 0) return set(w, n);
    for (size_t i = 1; strcmp(verb, "DEL") == 0 && i < n; i++) {
        if (!(v = find(w[i]))) continue;
        free(v->members);
        *v = now.values[--now.count];
    }
    if (strcmp(verb, "DEL") == 0) return reply(REDIS_REPLY_INTEGER, NULL);
    v = make(w[1]);
    if (v->is_text) return wrong_type();
    bool add = strcmp(verb, "ZADD") == 0;
    assert(add || strcmp(verb, "ZREM") == 0);
    for (size_t i = 2; i < n; i += add ? 2 : 1) {
        const char *id = w[add ? i + 1 : i];
        world_trace("  %s %u.. of %u: %s", verb, (unsigned)(uint8_t)id[7], (unsigned)(uint8_t)id[0],
                    add ? w[i] : "");
        if (add) {
            set_member(v, id, strtod(w[i], NULL));
        } else {
            take_member(v, id);
        }
    }
    return reply(REDIS_REPLY_INTEGER, NULL);
}

/* ---- connections ---- */

static struct connection *of(redisContext *c)
{
    return (struct connection *)(void *)c;
}

static redisContext *dial(void)
{
    struct connection *k = calloc(1, sizeof *k);
    if (!world.redis_up || !world_effect(EFFECT_redis)) k->c.err = REDIS_ERR_IO;
    return &k->c;
}

redisContext *redisConnectWithTimeout(const char *ip, int port, const struct timeval tv)
{
    (void)ip, (void)port, (void)tv;
    return dial();
}

redisContext *redisConnectUnixWithTimeout(const char *path, const struct timeval tv)
{
    (void)path, (void)tv;
    return dial();
}

int redisSetTimeout(redisContext *c, const struct timeval tv)
{
    (void)c, (void)tv;
    return REDIS_OK;
}

void redisFree(redisContext *c)
{
    struct connection *k = of(c);
    for (size_t i = k->first; i < k->count; i++)
        freeReplyObject(k->replies[i]);
    free(k);
}

void freeReplyObject(void *p)
{
    redisReply *r = p;
    if (!r) return;
    for (size_t i = 0; i < r->elements; i++)
        freeReplyObject(r->element[i]);
    free(r->element);
    free(r->str);
    free(r);
}

/* Runs at once; the answer waits for redisGetReply. A connection that broke stays broken. */
static void execute(struct connection *k, char **words, size_t n)
{
    if (k->c.err) return;
    if (!world.redis_up || !world_effect(EFFECT_redis)) {
        k->c.err = REDIS_ERR_EOF;
        return;
    }
    bool slow = lot_chance(&world.lot, world.rates.redis_slow);
    bool fails = lot_chance(&world.lot, world.rates.redis_error);
    if (slow || fails) world.disturbed_ms = world.mono_ms;
    if (slow) world_pass(SLOW_MS);
    world_trace("redis %s %s%s", words[0], n > 1 ? words[1] : "",
                fails  ? " fails"
                : slow ? " slow"
                       : "");
    redisReply *r = fails ? reply(REDIS_REPLY_ERROR, "OOM command not allowed") : run(words, n);
    if (k->first == k->count) k->first = k->count = 0;
    assert(k->count < sizeof k->replies / sizeof *k->replies);
    k->replies[k->count++] = r;
    if (slow) k->c.err = REDIS_ERR_IO; /* done, but the answer comes after the timeout */
}

int redisAppendCommandArgv(redisContext *c, int argc, const char **argv, const size_t *len)
{
    char *words[WORDS_MAX], buffer[WORDS_MAX * 32], *at = buffer;
    assert(argc <= WORDS_MAX);
    for (int i = 0; i < argc; i++) {
        assert(at + len[i] + 1 <= buffer + sizeof buffer);
        words[i] = at;
        memcpy(at, argv[i], len[i]);
        at[len[i]] = 0;
        at += len[i] + 1;
    }
    execute(of(c), words, (size_t)argc);
    return REDIS_OK;
}

/* RESP, as hiredis formats it, back into words. */
static void execute_resp(struct connection *k, char *resp)
{
    char *words[16], *at = resp;
    size_t n = strtoul(at + 1, &at, 10);
    assert(n <= sizeof words / sizeof *words);
    for (size_t i = 0; i < n; i++) {
        size_t len = strtoul(at + 3, &at, 10); /* after \r\n$ */
        words[i] = at + 2;
        at = words[i] + len;
    }
    for (size_t i = 0; i < n; i++) /* only now: the lengths have been read */
        *strchr(words[i], '\r') = 0;
    execute(k, words, n);
}

static int append(redisContext *c, const char *format, va_list ap)
{
    char *resp = NULL;
    if (redisvFormatCommand(&resp, format, ap) < 0) return REDIS_ERR;
    execute_resp(of(c), resp);
    redisFreeCommand(resp);
    return REDIS_OK;
}

int redisAppendCommand(redisContext *c, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int rc = append(c, format, ap);
    va_end(ap);
    return rc;
}

int redisGetReply(redisContext *c, void **out)
{
    struct connection *k = of(c);
    if (k->first == k->count || k->c.err) return REDIS_ERR;
    *out = k->replies[k->first++];
    return REDIS_OK;
}

void *redisCommand(redisContext *c, const char *format, ...)
{
    void *out = NULL;
    va_list ap;
    va_start(ap, format);
    int rc = append(c, format, ap);
    va_end(ap);
    return rc == REDIS_OK && redisGetReply(c, &out) == REDIS_OK ? out : NULL;
}
