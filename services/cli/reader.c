/* reader.c - see reader.h. Read: asking a running service, what was fetched ahead, the four ways to
 * a row, opening. A running service is asked one question at a time; an answer that does not come
 * makes the rest of this reading fail, because a later answer could not be told from the missing
 * one. */
#include "services/cli/reader.h"
#include "common/bus.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop.h"
#include "common/query.h"
#include "common/wire.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define AHEAD_MAX 7 /* records, journal, single rows, and scans that go on at the same time */
#define AHEAD_RECORDS 0
#define AHEAD_JOURNAL 1
#define AHEAD_SINGLE 2 /* apart from the scans, whose rows may still be in use */
#define AHEAD_ROWS 3
#define FIRST_LIMIT 64 /* rows of a first answer: most prefixes are short */
#define GREET_MS 1000  /* a running service answers within this; a stopped one refuses at once */
#define ANSWER_MS 30000
#define BUSY_MS 10000 /* one that runs, and is busy or only starting, within this */
#define RETRY_MS 50
#define PATH_SIZE 600

struct item {
    struct slice key, value;
};

/* An answer and how far it was handed out. */
struct ahead {
    struct bus_message held;
    struct item *items;
    size_t count, cap, at;
    uint8_t table;
    uint8_t more;     /* as answered: 0 end, 1 there is more, 2 the next one is unreadable */
    struct key after; /* rows: key last handed out; what a caller goes on from */
    uint64_t first;   /* records, journal: number of items[0] */
};

struct source {
    struct bus_socket *socket; /* asked, or */
    struct store *store;       /* read */
    struct store *owned;       /* opened here */
    bool lost;                 /* an answer did not come */
    size_t turn;
    struct ahead ahead[AHEAD_MAX];
};

struct reader {
    struct source sources[OWNER_COUNT];
    struct bus *bus;
    char dir[PATH_SIZE];
    struct buf frame;
};

/* ---- asking ---- */

static enum err await_answer(struct reader *r, struct source *s, int64_t patience_ms,
                             struct bus_message *out)
{
    int64_t until = clock_mono_ms() + patience_ms;
    while (bus_receive(s->socket, out) != ERR_OK) {
        if (clock_mono_ms() >= until) return ERR_AGAIN;
        bus_wait(r->bus, 50);
    }
    return ERR_OK;
}

static enum err send_frame(struct reader *r, struct source *s, int64_t patience_ms)
{
    int64_t until = clock_mono_ms() + patience_ms;
    while (bus_send(s->socket, NULL, buf_slice(&r->frame)) != ERR_OK) {
        if (clock_mono_ms() >= until) return ERR_AGAIN;
        clock_sleep_ms(1);
    }
    return ERR_OK;
}

static void question(struct reader *r, uint8_t kind, uint8_t table, uint32_t limit,
                     struct slice from)
{
    buf_clear(&r->frame);
    wire_u8(&r->frame, 'Q');
    wire_u8(&r->frame, kind);
    wire_u8(&r->frame, table);
    wire_u32(&r->frame, limit);
    wire_bytes(&r->frame, from);
}

static enum err take_answer(struct ahead *a)
{
    struct wire w = {a->held.bytes, false};
    bool right = wire_take_u8(&w) == 'q';
    a->more = wire_take_u8(&w);
    uint32_t count = wire_take_u32(&w);
    if (!right || w.bad || count > a->held.bytes.n / 8) return ERR_CORRUPT;
    if (count > a->cap) {
        a->items = realloc(a->items, count * sizeof *a->items);
        REQUIRE(a->items != NULL);
        a->cap = count;
    }
    for (uint32_t i = 0; i < count; i++) {
        a->items[i].key = wire_take_bytes(&w);
        a->items[i].value = wire_take_bytes(&w);
        if (w.bad || a->items[i].key.n > STORE_KEY_MAX) return ERR_CORRUPT;
    }
    a->count = count;
    return ERR_OK;
}

/* Asks what `question` wrote; the answer replaces what `a` held. */
static enum err ask(struct reader *r, struct source *s, struct ahead *a)
{
    bus_message_fini(&a->held);
    a->count = a->at = 0;
    if (s->lost) return ERR_AGAIN;
    enum err e = send_frame(r, s, GREET_MS);
    if (e == ERR_OK) e = await_answer(r, s, ANSWER_MS, &a->held);
    s->lost = e != ERR_OK;
    return e == ERR_OK ? take_answer(a) : e;
}

static struct slice key_bytes(const struct key *k)
{
    return (struct slice){k->b, k->n};
}

static bool has_prefix(struct slice key, const struct key *prefix)
{
    return key.n >= prefix->n && memcmp(key.p, prefix->b, prefix->n) == 0;
}

static void key_take(struct key *to, struct slice from)
{
    to->n = from.n;
    if (from.n) memcpy(to->b, from.p, from.n);
}

/* A key just before every key that begins with k: a service answers with what comes after it. */
static struct key just_before(const struct key *k)
{
    struct key b = *k;
    if (b.n == 0) return b;
    uint8_t last = b.b[--b.n];
    if (last == 0) return b;
    b.b[b.n++] = (uint8_t)(last - 1);
    memset(b.b + b.n, 0xff, sizeof b.b - b.n);
    b.n = sizeof b.b;
    return b;
}

/* ---- rows ---- */

static struct ahead *ahead_of(struct source *s, uint8_t table, const struct key *at)
{
    for (size_t i = AHEAD_ROWS; at->n && i < AHEAD_MAX; i++) {
        struct ahead *a = &s->ahead[i];
        if (a->table == table && a->after.n == at->n && memcmp(a->after.b, at->b, at->n) == 0)
            return a;
    }
    struct ahead *a = &s->ahead[AHEAD_ROWS + s->turn++ % (AHEAD_MAX - AHEAD_ROWS)];
    a->table = table;
    a->more = 1;
    a->count = a->at = 0;
    return a;
}

static enum err row_asked(struct reader *r, struct source *s, uint8_t table,
                          const struct key *prefix, struct key *at, struct slice *value)
{
    struct ahead *a = ahead_of(s, table, at);
    for (;;) {
        if (a->at == a->count) {
            if (a->more != 1) return a->more ? ERR_CORRUPT : ERR_END;
            struct key from = at->n ? *at : just_before(prefix);
            bool short_one = at->n == 0 && prefix->n > 0;
            question(r, QUERY_rows, table, short_one ? FIRST_LIMIT : UINT32_MAX, key_bytes(&from));
            enum err e = ask(r, s, a);
            if (e != ERR_OK) return e;
            if (a->count == 0) continue;
        }
        struct item *i = &a->items[a->at++];
        key_take(&a->after, i->key);
        if (!has_prefix(i->key, prefix)) return ERR_END;
        key_take(at, i->key);
        *value = i->value;
        return ERR_OK;
    }
}

static enum err row_read(struct source *s, uint8_t table, const struct key *prefix, struct key *at,
                         struct slice *value)
{
    struct slice key;
    const struct key *from = at->n ? at : prefix;
    enum err e = store_next(s->store, table, key_bytes(from), at->n > 0, &key, value);
    if (e != ERR_OK) return e;
    if (!has_prefix(key, prefix)) return ERR_END;
    key_take(at, key);
    return ERR_OK;
}

enum err reader_row(struct reader *r, enum owner service, uint8_t table, const struct key *prefix,
                    struct key *at, struct slice *value)
{
    static const struct key all = {.n = 0};
    struct source *s = &r->sources[service];
    if (!prefix) prefix = &all;
    if (s->store) return row_read(s, table, prefix, at, value);
    return s->socket ? row_asked(r, s, table, prefix, at, value) : ERR_END;
}

static enum err single_asked(struct reader *r, struct source *s, uint8_t table,
                             const struct key *key, struct slice *value)
{
    struct ahead *a = &s->ahead[AHEAD_SINGLE];
    struct key from = just_before(key);
    question(r, QUERY_rows, table, 1, key_bytes(&from));
    enum err e = ask(r, s, a);
    if (e != ERR_OK) return e;
    if (a->count == 0) return a->more == 2 ? ERR_CORRUPT : ERR_NOT_FOUND;
    const struct item *i = &a->items[0];
    if (i->key.n != key->n || !has_prefix(i->key, key)) return ERR_NOT_FOUND;
    *value = i->value;
    return ERR_OK;
}

enum err reader_get(struct reader *r, enum owner service, uint8_t table, const struct key *key,
                    struct slice *value)
{
    struct source *s = &r->sources[service];
    if (s->store) return store_get(s->store, table, key_bytes(key), value);
    return s->socket ? single_asked(r, s, table, key, value) : ERR_NOT_FOUND;
}

/* ---- records and journal ---- */

/* Item number n (from 1) of the log or the journal. */
static enum err numbered(struct reader *r, struct source *s, uint8_t kind, uint64_t n,
                         struct slice *value)
{
    struct ahead *a = &s->ahead[kind == QUERY_records ? AHEAD_RECORDS : AHEAD_JOURNAL];
    uint8_t from[8];
    if (n == 0) return ERR_NOT_FOUND;
    if (n < a->first || n >= a->first + a->count) {
        bool goes_on = a->count > 0 && n == a->first + a->count;
        if (goes_on && a->more == 2) return ERR_CORRUPT;
        be_put64(from, n - 1);
        question(r, kind, 0, goes_on ? UINT32_MAX : FIRST_LIMIT, (struct slice){from, 8});
        enum err e = ask(r, s, a);
        if (e != ERR_OK) return e;
        a->first = n;
        if (a->count == 0) return a->more == 2 ? ERR_CORRUPT : ERR_NOT_FOUND;
    }
    *value = a->items[n - a->first].value;
    return ERR_OK;
}

enum err reader_record(struct reader *r, enum owner log, uint64_t seq, struct slice *record)
{
    struct source *s = &r->sources[log];
    if (s->store) return seq ? store_record(s->store, seq, record) : ERR_NOT_FOUND;
    return s->socket ? numbered(r, s, QUERY_records, seq, record) : ERR_NOT_FOUND;
}

enum err reader_journal(struct reader *r, enum owner log, uint64_t batch, struct journal *out)
{
    struct source *s = &r->sources[log];
    if (s->store) return batch ? store_journal(s->store, batch, out) : ERR_NOT_FOUND;
    if (!s->socket) return ERR_NOT_FOUND;
    struct slice line;
    enum err e = numbered(r, s, QUERY_journal, batch, &line);
    if (e != ERR_OK) return e;
    return journal_read(line, out);
}

/* Is there an item n? Asked for one only, past what was fetched ahead. */
static enum err exists(struct reader *r, struct source *s, uint8_t kind, uint64_t n, bool *yes)
{
    struct ahead probe = {0};
    uint8_t from[8];
    be_put64(from, n - 1);
    question(r, kind, 0, 1, (struct slice){from, 8});
    enum err e = ask(r, s, &probe);
    *yes = e == ERR_OK && (probe.count > 0 || probe.more == 2);
    bus_message_fini(&probe.held);
    free(probe.items);
    return e;
}

/* Numbers have no gaps, so the last one is found by doubling and halving. */
static enum err last_asked(struct reader *r, struct source *s, uint8_t kind, uint64_t *last)
{
    uint64_t there = 0, step = 1;
    bool yes = true;
    enum err e = ERR_OK;
    while (e == ERR_OK && yes && step <= UINT64_C(1) << 62) {
        e = exists(r, s, kind, step, &yes);
        if (e == ERR_OK && yes) {
            there = step;
            step *= 2;
        }
    }
    uint64_t missing = step;
    while (e == ERR_OK && missing - there > 1) {
        uint64_t middle = there + (missing - there) / 2;
        e = exists(r, s, kind, middle, &yes);
        if (yes) {
            there = middle;
        } else {
            missing = middle;
        }
    }
    *last = there;
    return e;
}

enum err reader_last(struct reader *r, enum owner log, uint64_t *seq)
{
    struct source *s = &r->sources[log];
    *seq = 0;
    if (s->socket) return last_asked(r, s, QUERY_records, seq);
    if (s->store) *seq = store_committed_seq(s->store);
    return ERR_OK;
}

enum err reader_last_batch(struct reader *r, enum owner log, uint64_t *batch)
{
    struct source *s = &r->sources[log];
    struct journal j = {0};
    *batch = 0;
    if (s->socket) return last_asked(r, s, QUERY_journal, batch);
    if (s->store) store_last_journal(s->store, &j);
    *batch = j.batch;
    return ERR_OK;
}

/* ---- time ---- */

static enum err status_of(struct reader *r, struct source *door, struct rec_status *out)
{
    struct bus_message m = {0};
    struct arena a = {0};
    struct fault why;
    buf_clear(&r->frame);
    wire_u8(&r->frame, 'I');
    enum err e = send_frame(r, door, GREET_MS);
    if (e == ERR_OK) e = await_answer(r, door, ANSWER_MS, &m);
    if (e == ERR_OK && (m.bytes.n < 1 || m.bytes.p[0] != 'i')) e = ERR_CORRUPT;
    if (e == ERR_OK) {
        e = proto_decode(shape_status(), (struct slice){m.bytes.p + 1, m.bytes.n - 1}, &a, out,
                         &why);
    }
    bus_message_fini(&m);
    arena_fini(&a);
    return e;
}

enum err reader_now(struct reader *r, enum owner service, int64_t *now_ms)
{
    struct source *s = &r->sources[service];
    struct journal j = {0};
    if (!s->socket) {
        if (s->store) store_last_journal(s->store, &j);
        *now_ms = j.now_ms;
        return ERR_OK;
    }
    char endpoint[LOOP_ENDPOINT_SIZE];
    struct source door = {0};
    struct rec_status status = {0};
    loop_endpoint(endpoint, r->dir, owner_name(service));
    enum err e = bus_connect(r->bus, endpoint, NULL, &door.socket);
    if (e == ERR_OK) e = status_of(r, &door, &status);
    bus_socket_close(&door.socket);
    if (e == ERR_OK) *now_ms = status.event_clock ? status.clock : clock_wall_ms();
    return e;
}

/* ---- opening ---- */

static bool is_there(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static void dial(struct reader *r, enum owner o)
{
    char endpoint[LOOP_ENDPOINT_SIZE];
    loop_query_endpoint(endpoint, r->dir, owner_name(o));
    if (!is_there(endpoint + strlen("ipc://"))) return;
    if (bus_connect(r->bus, endpoint, NULL, &r->sources[o].socket) != ERR_OK) {
        bus_socket_close(&r->sources[o].socket);
    }
}

/* The file of a socket outlives a service that was killed; only an answer shows that it runs. */
static bool greets(struct reader *r, struct source *s)
{
    struct ahead probe = {0};
    question(r, QUERY_journal, 0, 1, (struct slice){0});
    enum err e = send_frame(r, s, GREET_MS);
    if (e == ERR_OK) e = await_answer(r, s, GREET_MS, &probe.held);
    if (e == ERR_OK) e = take_answer(&probe);
    bus_message_fini(&probe.held);
    free(probe.items);
    return e == ERR_OK;
}

/* True when somebody has the store: the service runs, and is busy or only starting. */
static bool is_taken(enum err e, const struct fault *why)
{
    return e == ERR_REFUSED && strcmp(why->code, "store_in_use") == 0;
}

static enum err open_source(struct reader *r, enum owner o, struct fault *why)
{
    struct source *s = &r->sources[o];
    char path[PATH_SIZE + 32];
    int64_t until = clock_mono_ms() + BUSY_MS;
    (void)snprintf(path, sizeof path, "%s/data/%s", r->dir, owner_name(o));
    for (;;) {
        dial(r, o);
        if (s->socket && greets(r, s)) return ERR_OK;
        bus_socket_close(&s->socket);
        if (!is_there(path)) return ERR_OK;
        struct store_options so = {.dir = path};
        struct fault store_why = {0};
        enum err e = store_open(&so, &s->owned, &store_why);
        s->store = s->owned;
        if (e == ERR_OK) return ERR_OK;
        if (!is_taken(e, &store_why)) {
            if (why) *why = store_why;
            return e;
        }
        if (clock_mono_ms() >= until) break;
        clock_sleep_ms(RETRY_MS);
    }
    return fault_set(
        why, "N9", "silent", "dir",
        "%s runs in %s but does not answer; look at its log, or stop it and read again",
        owner_name(o), r->dir);
}

enum err reader_open(const char *dir, struct reader **out, struct fault *why)
{
    struct reader *r = calloc(1, sizeof *r);
    if (!r) return ERR_IO;
    bool any = false;
    enum err e = ERR_OK;
    if (!str_copy(str_of(dir), r->dir, sizeof r->dir) || strlen(dir) > LOOP_ENDPOINT_SIZE - 64) {
        e = fault_set(why, "settings", "too_long", "dir", "the path of the directory is too long");
    }
    if (e == ERR_OK) e = bus_open(&r->bus);
    for (int o = OWNER_intake; e == ERR_OK && o < OWNER_COUNT; o++) {
        e = open_source(r, (enum owner)o, why);
        any |= reader_has(r, (enum owner)o);
    }
    if (e == ERR_OK && !any) {
        e = fault_set(
            why, "settings", "nobody", "dir",
            "no services answer in %s and no stores are in %s/data; start them with `cuiban up`, "
            "or name their directory with --dir",
            dir, dir);
    }
    if (e != ERR_OK) {
        reader_close(&r);
        return e;
    }
    *out = r;
    return ERR_OK;
}

enum err reader_of_house(struct house *h, struct reader **out)
{
    struct reader *r = calloc(1, sizeof *r);
    if (!r) return ERR_IO;
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        struct node *n = house_node(h, (enum owner)o);
        if (n) r->sources[o].store = node_store(n);
    }
    *out = r;
    return ERR_OK;
}

void reader_close(struct reader **rp)
{
    struct reader *r = *rp;
    if (!r) return;
    for (int o = 0; o < OWNER_COUNT; o++) {
        struct source *s = &r->sources[o];
        for (size_t i = 0; i < AHEAD_MAX; i++) {
            bus_message_fini(&s->ahead[i].held);
            free(s->ahead[i].items);
        }
        bus_socket_close(&s->socket);
        store_close(&s->owned);
    }
    bus_close(&r->bus);
    buf_fini(&r->frame);
    free(r);
    *rp = NULL;
}

bool reader_has(const struct reader *r, enum owner service)
{
    return r->sources[service].socket || r->sources[service].store;
}

bool reader_live(const struct reader *r, enum owner service)
{
    return r->sources[service].socket != NULL;
}
