/* query_fuzz.c - any question at the socket for readers, answered by the real thread function over
 * a store with rows, records and batches in it.
 *
 * Whatever is asked: a question that is whole is answered once, one that is not never; the answer
 * holds at most what was asked for and what an answer may hold; rows come in the order of their
 * keys and behind the key that was given, records and batches without a gap. */
#include "common/contract.h"
#include "common/query.c"
#include "tests/fuzz/lib/fake_bus.h"
#include "tests/fuzz/lib/fuzz.h"
#include <stdio.h>

#define ENDPOINT "ipc://query"
#define ROWS 300u

static struct question asked;
static uint32_t answers;
static struct query *the_query;
static struct slice question;

static void check_key(const struct slice *last, struct slice key, uint32_t i)
{
    if (asked.kind == QUERY_rows) {
        size_t n = last->n < key.n ? last->n : key.n;
        int order = n ? memcmp(last->p, key.p, n) : 0;
        REQUIRE(last->n == 0 || order < 0 || (order == 0 && last->n < key.n));
        return;
    }
    REQUIRE(key.n == 8);
    uint64_t from = asked.from.n == 8 ? be_get64(asked.from.p) : 0;
    REQUIRE(be_get64(key.p) == from + 1 + i);
}

static enum err on_sent(const char *endpoint, uint8_t peer, struct slice bytes)
{
    (void)endpoint, (void)peer;
    struct wire w = {bytes, false};
    uint8_t letter = wire_take_u8(&w), more = wire_take_u8(&w);
    uint32_t count = wire_take_u32(&w);
    struct slice last = asked.from;
    REQUIRE(letter == 'q' && more <= 2 && count <= asked.limit);
    for (uint32_t i = 0; i < count; i++) {
        struct slice key = wire_take_bytes(&w);
        (void)wire_take_bytes(&w);
        REQUIRE(!w.bad);
        check_key(&last, key, i);
        last = key;
    }
    REQUIRE(!w.bad && w.rest.n == 0);
    answers++;
    return ERR_OK;
}

/* The thread waits for the first time: here is the question. For the second: that was all. */
static void on_wait(void)
{
    bool put = question.p && fake_bus_put(ENDPOINT, 1, question);
    question = (struct slice){0};
    if (!put) atomic_store(&the_query->stop, true);
}

static void fill(struct store *s)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        uint8_t key[12] = {0}, value[40];
        be_put64(key, i % 3 ? i : (uint64_t)i << 32);
        memset(value, (int)i, sizeof value);
        store_put(s, (uint8_t)(1 + i % 5), (struct slice){key, 1 + i % 12},
                  (struct slice){value, i % 40});
        store_append(s, (struct slice){value, 1 + i % 39});
        struct journal j = {.now_ms = i + 1};
        enum err e = i % 10 == 9 ? store_commit(s, &j) : ERR_OK;
        REQUIRE(e == ERR_OK);
    }
    enum err e = store_checkpoint(s);
    REQUIRE(e == ERR_OK);
}

static struct store *the_store(void)
{
    static struct store *s;
    struct fault why;
    char dir[100];
    if (s) return s;
    snprintf(dir, sizeof dir, "%s/store", fuzz_dir());
    struct store_options o = {.dir = dir, .scratch = true, .map_bytes = 1 << 24};
    enum err e = store_open(&o, &s, &why);
    REQUIRE(e == ERR_OK);
    fill(s);
    fake_bus_on_sent(on_sent);
    fake_bus_on_wait(on_wait);
    return s;
}

/* One whole question in two; the fields of the other may be anything. */
static struct slice question_of(struct fuzz_in *in, struct buf *b)
{
    uint8_t how = fuzz_u8(in);
    if (how & 1) return (struct slice){in->p, in->n};
    wire_u8(b, 'Q');
    wire_u8(b, (uint8_t) "rlj?"[how >> 1 & 3]);
    wire_u8(b, how >> 3 & 7);
    wire_u32(b, how & 64 ? fuzz_u32(in) : fuzz_u8(in));
    wire_bytes(b, fuzz_bytes(in));
    return buf_slice(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_in in = {bytes, n};
    struct buf b = {0};
    struct query q = {.store = the_store(), .endpoint = ENDPOINT};
    if (n < 2) return 0;
    question = question_of(&in, &b);
    bool whole = take_question(question, &asked);
    enum err e = bus_open(&q.bus);
    REQUIRE(e == ERR_OK);
    answers = 0;
    the_query = &q;
    (void)run(&q);
    REQUIRE(answers == whole);
    buf_fini(&b);
    return 0;
}
