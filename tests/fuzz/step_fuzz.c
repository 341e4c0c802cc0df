/* step_fuzz.c - all services in one house, told what the bytes say: facts drawn from their
 * contracts, facts as JSON lines, time passing, commits, and a crash between any two of them.
 *
 * Whatever comes: no step breaks a promise of its own (REQUIRE) or finds its store corrupt; a fact
 * that is refused leaves its refusal and nothing else, a repeated one leaves nothing; a crash loses
 * what was not committed and nothing more; the open deadlines are exactly those in the index of due
 * instants; and in the end `cuiban verify` finds nothing wrong (asked for one input of eight).
 *
 * Bytes: the policy set, then commands. A letter: J a line of JSON up to its end, T time passes
 * (minutes, two bytes), S the services run, X crash. Anything else: a fact. */
#include "common/contract.h"
#include "common/deadline.h"
#include "common/house.h"
#include "services/cli/commands.h"
#include "tests/fuzz/lib/world.h"
#include <stdlib.h>
#include <string.h>

#define COMMANDS_MAX 400
#define VERIFY_EVERY 8        /* inputs; it takes longer than all the rest */
#define SPAN_MS (60 * DAY_MS) /* of all that happens: a year is thousands of deadlines */

struct play {
    struct fuzz_in in;
    struct policy *policy;
    struct house *house;
    int64_t now_ms;
    struct arena arena;
};

static struct node *room(struct play *p, size_t i)
{
    return house_node(p->house, world_services[i]->owner);
}

static void must(enum err e)
{
    REQUIRE(e == ERR_OK);
}

static void play_open(struct play *p)
{
    struct fault why;
    must(house_open(fuzz_dir(), p->policy, world_services, WORLD_SERVICES, &p->house, &why));
}

static uint32_t table_sum(struct store *s, uint8_t table, uint32_t sum)
{
    struct key at = {.n = 0};
    struct slice key, value;
    while (store_next(s, table, (struct slice){at.b, at.n}, at.n > 0, &key, &value) == ERR_OK) {
        at.n = key.n;
        memcpy(at.b, key.p, key.n);
        sum = crc32c(crc32c(sum, key.p, key.n), value.p, value.n);
    }
    return sum;
}

/* A number that changes when any row of the door does, but for those a refusal may write. */
static uint32_t state_sum(struct store *s)
{
    const struct service *door = world_services[0];
    uint32_t sum = 0;
    for (uint8_t t = TABLE_DEADLINE; t <= TABLE_SEEN; t++)
        sum = table_sum(s, t, sum);
    for (size_t i = 0; i < door->table_count; i++)
        sum = table_sum(s, door->tables[i].id, sum);
    return sum;
}

static int64_t occurred(struct play *p, struct slice fact)
{
    struct rec_fact f;
    struct fault why;
    return proto_decode(shape_fact(), fact, &p->arena, &f, &why) == ERR_OK ? f.occurred : 0;
}

/* What the door's answer says is what its store shows. Time passes first, so that what falls due
 * before the fact is not taken for its doing. */
static void tell(struct play *p, struct slice fact)
{
    struct store *s = node_store(room(p, 0));
    struct rec_outcome out;
    int64_t at = fact.n ? occurred(p, fact) : INT64_MAX;
    if (at > WORLD_START_MS + SPAN_MS) return;
    must(node_advance(room(p, 0), at, UINT32_MAX, NULL));
    uint64_t last = store_last_seq(s);
    uint32_t sum = state_sum(s);
    must(house_fact(p->house, fact, &out));
    uint64_t wrote = store_last_seq(s) - last;
    bool accepted = str_is(out.verdict, "accepted"), refused = str_is(out.verdict, "refused");
    REQUIRE(accepted || refused || str_is(out.verdict, "duplicate"));
    REQUIRE(!accepted || wrote > 0);
    REQUIRE(!refused || (out.rule.n > 0 && out.code.n > 0 && out.text.n > 0));
    REQUIRE(accepted || state_sum(s) == sum);
    REQUIRE(accepted || refused || wrote == 0);
    REQUIRE(proto_check(shape_outcome(), &out, NULL, 0) == 0);
}

/* ---- deadlines: rows and index ---- */

static uint64_t due_keys(struct node *n)
{
    struct key at = {.n = 0};
    struct timer_change t;
    uint64_t count = 0;
    while (node_timer_next(n, &at, &t) == ERR_OK)
        count++;
    return count;
}

static uint64_t running_rows(struct play *p, struct node *n)
{
    struct key at = {.n = 0};
    struct slice key, value;
    uint64_t count = 0;
    while (store_next(node_store(n), TABLE_DEADLINE, (struct slice){at.b, at.n}, at.n > 0, &key,
                      &value) == ERR_OK) {
        struct rec_row_deadline row;
        struct fault why;
        at.n = key.n;
        memcpy(at.b, key.p, key.n);
        must(proto_decode(shape_row_deadline(), value, &p->arena, &row, &why));
        if (row.end != deadline_end_open || row.held || !deadline_next_at(&row)) continue;
        struct key due = {.n = 0};
        key_u64(&due, (uint64_t)deadline_next_at(&row));
        memcpy(due.b + due.n, at.b, at.n);
        due.n += at.n;
        must(store_get(node_store(n), TABLE_DUE, (struct slice){due.b, due.n}, &value));
        count++;
    }
    return count;
}

static void check_deadlines(struct play *p)
{
    for (size_t i = 0; i < WORLD_SERVICES; i++) {
        uint64_t rows = running_rows(p, room(p, i));
        REQUIRE(rows == due_keys(room(p, i)));
    }
}

/* ---- commands ---- */

static void settle(struct play *p)
{
    must(house_settle(p->house));
    check_deadlines(p);
}

/* Everything in memory is gone; what was committed is there again. */
static void crash(struct play *p)
{
    uint64_t committed[WORLD_SERVICES];
    for (size_t i = 0; i < WORLD_SERVICES; i++)
        committed[i] = store_committed_seq(node_store(room(p, i)));
    house_close(&p->house);
    play_open(p);
    for (size_t i = 0; i < WORLD_SERVICES; i++)
        REQUIRE(store_last_seq(node_store(room(p, i))) == committed[i]);
}

static void command(struct play *p)
{
    uint8_t c = fuzz_u8(&p->in);
    switch (c) {
    case 'J':
        tell(p, world_line(fuzz_until(&p->in, '\n'), &p->arena));
        return;
    case 'T':
        p->now_ms += (fuzz_u16(&p->in) + 1) * MINUTE_MS;
        if (p->now_ms > WORLD_START_MS + SPAN_MS) p->now_ms = WORLD_START_MS + SPAN_MS;
        must(house_until(p->house, p->now_ms));
        return;
    case 'S':
        settle(p);
        return;
    case 'X':
        crash(p);
        return;
    default:
        p->now_ms += (c & 7) * MINUTE_MS;
        tell(p, world_fact(&p->in, p->now_ms, &p->arena));
    }
}

static void verify(struct play *p)
{
    struct reader *r;
    struct view v;
    char *text = NULL;
    size_t n;
    must(reader_of_house(p->house, &r));
    view_begin(&v, r, p->policy);
    v.out = v.err = open_memstream(&text, &n);
    int rc = verify_all(&v, NULL, fuzz_tmp());
    fclose(v.out);
    if (rc != CLI_OK) fputs(text, stderr);
    REQUIRE(rc == CLI_OK);
    view_close(&v);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct play p = {.in = {bytes, n}, .now_ms = WORLD_START_MS};
    p.policy = world_policy(fuzz_u8(&p.in));
    world_stores_born();
    play_open(&p);
    for (unsigned i = 0; world_prelude(i); i++)
        tell(&p,
             world_line((struct slice){(const uint8_t *)world_prelude(i), strlen(world_prelude(i))},
                        &p.arena));
    for (unsigned i = 0; i < COMMANDS_MAX && p.in.n > 0; i++) {
        command(&p);
        arena_reset(&p.arena);
    }
    settle(&p);
    if (crc32c(0, bytes, n) % VERIFY_EVERY == 0) verify(&p);
    house_close(&p.house);
    arena_fini(&p.arena);
    return 0;
}
