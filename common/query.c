/* query.c - see query.h. */
#include "common/query.h"
#include "common/contract.h"
#include "common/wire.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct query {
    struct bus *bus;
    struct store *store;
    char endpoint[300];
    pthread_t thread;
    bool running;
    atomic_bool stop;
};

struct question {
    uint8_t kind, table;
    uint32_t limit;
    struct slice from;
};

static bool take_question(struct slice bytes, struct question *q)
{
    struct wire w = {bytes, false};
    bool ok = wire_take_u8(&w) == 'Q';
    q->kind = wire_take_u8(&w);
    q->table = wire_take_u8(&w);
    q->limit = wire_take_u32(&w);
    q->from = wire_take_bytes(&w);
    return ok && !w.bad && q->from.n <= STORE_KEY_MAX;
}

/* The row after `key`; key and value are filled. */
static enum err next_row(struct snapshot *n, const struct question *q, uint8_t key[STORE_KEY_MAX],
                         size_t *key_n, struct buf *value)
{
    struct slice k = {0}, v = {0};
    uint64_t seq = *key_n == 8 ? be_get64(key) + 1 : 1;
    enum err e = q->kind == QUERY_rows
                     ? snapshot_next(n, q->table, (struct slice){key, *key_n}, *key_n > 0, &k, &v)
                 : q->kind == QUERY_records ? snapshot_record(n, seq, &v)
                                            : snapshot_journal(n, seq, &v);
    if (e != ERR_OK) return e;
    buf_clear(value);
    buf_put(value, v.p, v.n);
    if (q->kind != QUERY_rows) {
        be_put64(key, seq);
        *key_n = 8;
        return ERR_OK;
    }
    memmove(key, k.p, k.n);
    *key_n = k.n;
    return ERR_OK;
}

static void answer(struct query *q, const struct question *ask, struct buf *out)
{
    struct snapshot *n = NULL;
    struct buf value = {0};
    uint8_t key[STORE_KEY_MAX];
    size_t key_n = ask->from.n;
    if (key_n) memcpy(key, ask->from.p, key_n);
    uint32_t count = 0;
    enum err e = snapshot_begin(q->store, &n);
    buf_clear(out);
    wire_u8(out, 'q');
    wire_u8(out, 0);
    wire_u32(out, 0);
    while (e == ERR_OK && count < ask->limit && out->n < QUERY_ANSWER_BYTES) {
        e = next_row(n, ask, key, &key_n, &value);
        if (e != ERR_OK) break;
        wire_bytes(out, (struct slice){key, key_n});
        wire_bytes(out, buf_slice(&value));
        count++;
    }
    out->p[1] = e == ERR_OK                          ? 1
                : e == ERR_END || e == ERR_NOT_FOUND ? 0
                                                     : 2; /* 2: unreadable here */
    memcpy(out->p + 2, &count, 4);
    snapshot_end(&n);
    buf_fini(&value);
}

static void *run(void *arg)
{
    struct query *q = arg;
    struct bus_socket *s;
    struct buf out = {0};
    if (bus_listen(q->bus, q->endpoint, &s) != ERR_OK) return NULL;
    while (!atomic_load(&q->stop)) {
        bus_wait(q->bus, 100);
        struct bus_message m = {0};
        while (bus_receive(s, &m) == ERR_OK) {
            struct question ask;
            if (take_question(m.bytes, &ask)) {
                answer(q, &ask, &out);
                (void)!bus_send(s, &m.peer, buf_slice(&out));
            }
            bus_message_fini(&m);
        }
    }
    buf_fini(&out);
    bus_close(&q->bus); /* sockets are closed by the thread that owns them */
    return NULL;
}

enum err query_open(struct bus *bus, const char *endpoint, struct store *store, struct query **out)
{
    struct query *q = calloc(1, sizeof *q);
    if (!q) return ERR_IO;
    q->store = store;
    str_copy(str_of(endpoint), q->endpoint, sizeof q->endpoint);
    enum err e = bus_share(bus, &q->bus);
    if (e == ERR_OK && pthread_create(&q->thread, NULL, run, q)) e = ERR_IO;
    q->running = e == ERR_OK;
    *out = q;
    return e;
}

void query_close(struct query **qp)
{
    struct query *q = *qp;
    if (!q) return;
    atomic_store(&q->stop, true);
    if (q->running) pthread_join(q->thread, NULL);
    free(q);
    *qp = NULL;
}
