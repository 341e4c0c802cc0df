/* node_again_test.c - a door made again from its own log and journal: the same records byte for
 * byte, the same rows. The facts are chosen for what a replay cannot see: a step that took a number
 * and refused, a fact that was completed, one whose bytes are not the ones our encoder writes. */
#include "common/house.h"
#include "tests/lib/stage.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

static const struct deadline_row promise_rows[] = {
    {.name = "promise.due",
     .rule = "INT-100",
     .from = FROM_OCCURRED,
     .due = DUE_GIVEN,
     .start = {EV_promise_made},
     .stop = {EV_promise_kept}},
};

#define DUE_MAX INT64_C(1800000000000)

/* Refuses after it has armed: whatever it took must be given back. */
static enum err on_made(struct step *st, const struct ev_promise_made *ev)
{
    struct deadline_ctx c = {.case_no = ev->call_no,
                             .unit = STR("U1"),
                             .occurred_ms = st->in->occurred,
                             .received_ms = st->in->occurred,
                             .given_ms = ev->due};
    enum err e = deadline_run(st, promise_rows, 1, st->type->kind, &c, ev);
    if (e != ERR_OK || ev->due < DUE_MAX) return e;
    return step_refuse(st, "far", "due", "that is too far away");
}

static enum err door_step(struct step *st, const void *payload)
{
    st->rule = "INT-100";
    if (st->type->kind == EV_promise_made) return on_made(st, payload);
    if (st->type->kind != EV_call_registered) return ERR_STALE;
    const struct ev_call_registered *ev = payload;
    struct ev_call_registered known = *ev;
    if (ev->call_no.n == 0) known.call_no = STR("N-1");
    if (ev->unit.n == 0) known.unit = st->in->source;
    step_complete(st, &known);
    struct rec_row_unit row = {.name = ev->call_no.n ? STR("given") : STR("made here")};
    struct key k = key_of(known.call_no);
    step_put(st, &table_unit, &k, &row);
    return ERR_OK;
}

static const struct service door = {.name = "intake",
                                    .owner = OWNER_intake,
                                    .deadlines = promise_rows,
                                    .deadline_count = 1,
                                    .step = door_step};

struct scene {
    struct policy *policy;
    char dir[64];
    struct node *first, *again;
};

static struct node *node_in(struct scene *s, const char *name, enum clock_mode clock)
{
    char path[96];
    struct fault why = {0};
    struct node *n;
    (void)snprintf(path, sizeof path, "%s/%s", s->dir, name);
    struct node_options o = {
        .service = &door, .policy = s->policy, .dir = path, .scratch = true, .clock = clock};
    if (node_open(&o, &n, &why) != ERR_OK) fail_msg("%s", why.text);
    return n;
}

static int setup(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n;
    assert_non_null(s);
    (void)snprintf(s->dir, sizeof s->dir, "/tmp/again.XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    assert_int_equal(
        policy_load("deploy/policy/civic-requests", &s->policy, faults, POLICY_FAULTS_MAX, &n),
        ERR_OK);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct scene *s = *state;
    char command[96];
    node_close(&s->first);
    node_close(&s->again);
    policy_close(&s->policy);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", s->dir);
    assert_int_equal(system(command), 0);
    free(s);
    return 0;
}

#define T0 INT64_C(1772413200000) /* 2026-03-02T01:00:00Z */

static const char *tell(struct node *n, const char *id, int64_t at, uint64_t number,
                        struct slice data)
{
    struct buf bytes = {0};
    struct rec_outcome out;
    struct rec_fact f = {
        .number = number, .id = str_of(id), .source = STR("U1"), .occurred = at, .data = data};
    proto_encode(shape_fact(), &f, &bytes);
    assert_int_equal(node_fact(n, buf_slice(&bytes), &out), ERR_OK);
    buf_fini(&bytes);
    return str_is(out.verdict, "accepted")    ? "accepted"
           : str_is(out.verdict, "duplicate") ? "duplicate"
                                              : "refused";
}

static const char *promise(struct node *n, const char *id, int64_t at, int64_t due)
{
    struct ev_promise_made ev = {.call_no = str_of(id), .due = due};
    struct buf data = {0};
    proto_encode(event_of(EV_promise_made)->shape(), &ev, &data);
    const char *verdict = tell(n, id, at, event_of(EV_promise_made)->number, buf_slice(&data));
    buf_fini(&data);
    return verdict;
}

/* longer: one more element behind the fields we know, as a newer sender writes it. */
static const char *call(struct node *n, const char *id, const char *no, int64_t at, bool longer)
{
    struct ev_call_registered ev = {.call_no = str_of(no), .fault = STR("不冷")};
    const struct shape *shape = event_of(EV_call_registered)->shape();
    struct buf data = {0};
    proto_encode(shape, &ev, &data);
    if (longer) {
        assert_true(data.p[0] >= 0x90 && data.p[0] < 0x9f);
        uint8_t nils[64];
        memset(nils, 0xc0, sizeof nils);
        uint8_t count = data.p[0] & 15;
        struct buf more = {0};
        uint8_t head[3] = {0xdc, 0, (uint8_t)(shape->count + 1)};
        buf_put(&more, head, 3);
        buf_put(&more, data.p + 1, data.n - 1);
        buf_put(&more, nils, shape->count - count);
        buf_put(&more, "\x07", 1);
        buf_fini(&data);
        data = more;
    }
    const char *verdict = tell(n, id, at, event_of(EV_call_registered)->number, buf_slice(&data));
    buf_fini(&data);
    return verdict;
}

static void story(struct node *n, int64_t t)
{
    node_begin(n, t);
    assert_string_equal(promise(n, "P1", t, t + HOUR_MS), "accepted");
    assert_string_equal(promise(n, "P2", t, DUE_MAX + 1), "refused");
    assert_string_equal(promise(n, "P2", t, DUE_MAX + 1), "refused"); /* not logged again */
    assert_string_equal(promise(n, "P3", t, t + HOUR_MS), "accepted");
    assert_int_equal(node_commit(n), ERR_OK);
    node_begin(n, t + 2 * HOUR_MS);
    assert_string_equal(call(n, "C1", "", t + MINUTE_MS, false), "accepted");
    assert_string_equal(call(n, "C1", "", t + MINUTE_MS, false), "duplicate");
    assert_string_equal(call(n, "C2", "MINE", t + MINUTE_MS, false), "accepted");
    assert_string_equal(call(n, "C3", "", t + MINUTE_MS, true), "accepted");
    assert_string_equal(call(n, "C4", "TOO", t + 2 * HOUR_MS, true), "accepted");
    assert_int_equal(node_advance(n, t + 2 * HOUR_MS, 1, NULL), ERR_OK); /* one of the two */
    assert_int_equal(node_commit(n), ERR_OK);
    node_begin(n, t + 4 * HOUR_MS);
    assert_string_equal(promise(n, "P4", t + 4 * HOUR_MS, t + 5 * HOUR_MS), "accepted");
    assert_int_equal(node_commit(n), ERR_OK);
    node_begin(n, t + 6 * HOUR_MS);
    assert_int_equal(node_advance(n, t + 6 * HOUR_MS, UINT32_MAX, NULL), ERR_OK);
    assert_int_equal(node_commit(n), ERR_OK);
}

static void replay_batch(struct node *from, struct node *to, uint64_t batch)
{
    struct journal j;
    struct arena a = {0};
    assert_int_equal(store_journal(node_store(from), batch, &j), ERR_OK);
    assert_int_equal(j.first_seq, store_last_seq(node_store(to)) + 1);
    node_begin(to, j.now_ms);
    while (store_last_seq(node_store(to)) < j.first_seq + j.count - 1) {
        struct slice bytes;
        struct rec_entry e;
        struct fault why;
        uint64_t seq = store_last_seq(node_store(to)) + 1;
        assert_int_equal(store_record(node_store(from), seq, &bytes), ERR_OK);
        assert_int_equal(proto_decode(shape_entry(), bytes, &a, &e, &why), ERR_OK);
        assert_int_equal(node_again(to, &e), ERR_OK);
        assert_true(store_last_seq(node_store(to)) >= seq);
    }
    assert_int_equal(node_again_commit(to, j.now_ms), ERR_OK);
    arena_fini(&a);
}

static void same_bytes(struct slice a, struct slice b)
{
    assert_int_equal(a.n, b.n);
    if (a.n) assert_memory_equal(a.p, b.p, a.n);
}

static void same_stores(struct store *a, struct store *b)
{
    assert_int_equal(store_last_seq(a), store_last_seq(b));
    for (uint64_t seq = 1; seq <= store_last_seq(a); seq++) {
        struct slice x, y;
        assert_int_equal(store_record(a, seq, &x), ERR_OK);
        assert_int_equal(store_record(b, seq, &y), ERR_OK);
        same_bytes(x, y);
    }
    for (uint8_t t = TABLE_META; t < TABLE_OWN; t++) {
        struct key at = {.n = 0};
        enum err e = ERR_OK;
        while (e == ERR_OK) {
            struct slice ka, va, kb, vb, from = {at.b, at.n};
            e = store_next(a, t, from, at.n > 0, &ka, &va);
            assert_int_equal(store_next(b, t, from, at.n > 0, &kb, &vb), e);
            if (e != ERR_OK) break;
            same_bytes(ka, kb);
            same_bytes(va, vb);
            memcpy(at.b, ka.p, at.n = ka.n);
        }
    }
}

static void replays(struct scene *s, enum clock_mode clock)
{
    struct journal last;
    s->first = node_in(s, "first", clock);
    s->again = node_in(s, "again", clock);
    story(s->first, T0);
    store_last_journal(node_store(s->first), &last);
    assert_int_equal(last.batch, 4);
    for (uint64_t b = 1; b <= last.batch; b++)
        replay_batch(s->first, s->again, b);
    assert_true(store_last_seq(node_store(s->first)) > 10);
    same_stores(node_store(s->first), node_store(s->again));
}

static void n7_the_door_on_the_wall_clock_is_its_log(void **state)
{
    replays(*state, CLOCK_MODE_wall);
}

static void n7_the_door_on_the_event_clock_is_its_log(void **state)
{
    replays(*state, CLOCK_MODE_event);
}

static void the_journal_row_names_clock_and_policy(void **state)
{
    struct scene *s = *state;
    struct journal j;
    s->first = node_in(s, "first", CLOCK_MODE_event);
    story(s->first, T0);
    assert_int_equal(store_journal(node_store(s->first), 2, &j), ERR_OK);
    assert_int_equal(j.mode, CLOCK_MODE_event);
    assert_int_equal(j.policy, node_policy_number(s->policy));
    assert_int_equal(j.runs.n, 0); /* the door reads no log */
}

static void runs_are_counted_in_their_order(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1 << 5 | 31, 1 << 5 | 0, 2 << 5 | 4};
    struct slice runs = {bytes, sizeof bytes};
    struct node_run r;
    static const uint32_t counts[] = {32, 1, 5};
    for (size_t i = 0; i < 3; i++) {
        assert_true(node_run_next(&runs, &r));
        assert_int_equal(r.count, counts[i]);
        assert_int_equal(r.log, i < 2 ? OWNER_intake : OWNER_dispatch);
    }
    assert_false(node_run_next(&runs, &r));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(n7_the_door_on_the_wall_clock_is_its_log),
        TEST(n7_the_door_on_the_event_clock_is_its_log),
        TEST(the_journal_row_names_clock_and_policy),
        cmocka_unit_test(runs_are_counted_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
