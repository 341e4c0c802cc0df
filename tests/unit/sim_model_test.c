/* sim_model_test.c - the simulator's model against the services without any fault: nothing is
 * broken. And the reverse: whatever is falsified in what the services wrote, it says so, by the
 * right promise. */
#include "common/contract.h"
#include "common/house.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/intake/intake.h"
#include "tests/sim/lot.h"
#include "tests/sim/model.h"
#include "tests/sim/story.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DIR_TEMPLATE "/dev/shm/model.XXXXXX"
#define SEEDS seeds()
#define FACTS 150

static const struct service *const services[] = {&intake_service, &dispatch_service,
                                                 &escalation_service, &headoffice_service};
static const enum owner logs[] = {OWNER_intake, OWNER_dispatch, OWNER_escalation};

static uint64_t seeds(void) { const char *s = getenv("SEEDS"); return s ? strtoull(s, NULL, 10) : 60; }
struct run {
    char dir[sizeof DIR_TEMPLATE];
    struct policy *policy;
    struct house *house;
    struct story *story;
    struct model *model;
    struct arena arena;
    uint64_t given[OWNER_COUNT];
    uint64_t seed;
    int64_t now_ms;
};

static void run_open(struct run *r, uint64_t seed, const struct policy *policy)
{
    struct fault why = {0};
    *r = (struct run){.seed = seed, .now_ms = story_start(seed), .policy = NULL};
    memcpy(r->dir, DIR_TEMPLATE, sizeof r->dir);
    assert_non_null(mkdtemp(r->dir));
    if (house_open(r->dir, policy, services, COUNT_OF(services), &r->house, &why) != ERR_OK)
        fail_msg("%s", why.text);
    r->story = story_open(seed, policy);
    r->model = model_open(policy);
}

static void run_close(struct run *r)
{
    char command[64];
    house_close(&r->house);
    story_close(&r->story);
    model_close(&r->model);
    arena_fini(&r->arena);
    snprintf(command, sizeof command, "rm -rf '%s'", r->dir);
    assert_int_equal(system(command), 0);
}

/* What is new in the logs, the door's first. */
static void give(struct run *r)
{
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        struct store *store = node_store(house_node(r->house, logs[i]));
        while (r->given[logs[i]] < store_last_seq(store)) {
            struct slice bytes;
            struct rec_entry e;
            struct fault why;
            assert_int_equal(store_record(store, ++r->given[logs[i]], &bytes), ERR_OK);
            assert_int_equal(proto_decode(shape_entry(), bytes, &r->arena, &e, &why), ERR_OK);
            model_record(r->model, logs[i], &e);
            arena_reset(&r->arena);
        }
    }
}

static void tell(struct run *r, struct buf *fact)
{
    struct rec_fact f;
    struct rec_outcome o;
    struct fault why;
    struct arena a = {0};
    assert_int_equal(proto_decode(shape_fact(), buf_slice(fact), &a, &f, &why), ERR_OK);
    assert_int_equal(house_fact(r->house, buf_slice(fact), &o), ERR_OK);
    if (getenv("DUMP") && r->seed == strtoull(getenv("DUMP"), NULL, 10)) printf("TOLD %s %.*s %.*s %.*s %.*s\n", event_by_number(f.number)->type, STR_ARG(f.id), STR_ARG(o.verdict), STR_ARG(o.code), STR_ARG(o.text));
    story_told(r->story, &f, &o);
    model_acked(r->model, &f, &o, r->now_ms);
    arena_fini(&a);
}

static void give_rows(struct run *r)
{
    struct store *store = node_store(house_node(r->house, OWNER_headoffice));
    model_rows_begin(r->model);
    for (uint8_t table = TABLE_HQ_COUNT; table <= TABLE_HQ_REGISTER; table++) {
        struct slice key = {0}, value;
        bool after = false;
        while (store_next(store, table, key, after, &key, &value) == ERR_OK) {
            key = arena_copy(&r->arena, key);
            model_row(r->model, table, key, value);
            after = true;
        }
    }
    model_rows_end(r->model);
    arena_reset(&r->arena);
}

static void until(struct run *r, int64_t t_ms)
{
    if (t_ms > node_clock(house_node(r->house, OWNER_intake)))
        assert_int_equal(house_until(r->house, t_ms), ERR_OK);
    assert_int_equal(house_settle(r->house), ERR_OK);
}

static void play(struct run *r, unsigned facts)
{
    struct lot lot = {r->seed ^ 77};
    struct buf fact = {0};
    for (unsigned i = 0; i < facts && story_next(r->story, r->now_ms, &fact); i++) {
        tell(r, &fact);
        if (!lot_chance(&lot, 400)) continue;
        r->now_ms += (int64_t)lot_below(&lot, lot_chance(&lot, 20) ? 15 * HOUR_MS : 25 * MINUTE_MS);
        until(r, r->now_ms);
        give(r);
        if (model_broken(r->model)) break;
    }
    buf_fini(&fact);
    /* The last record waits until the other logs can bring nothing earlier. */
    int64_t door_ms = node_clock(house_node(r->house, OWNER_intake));
    until(r, (door_ms > r->now_ms ? door_ms : r->now_ms) + MINUTE_MS);
    until(r, node_clock(house_node(r->house, OWNER_intake)) + 1);
    give(r);
    model_quiet(r->model, node_clock(house_node(r->house, OWNER_headoffice)));
    give_rows(r);
}

static struct policy *load(void)
{
    struct policy_fault faults[POLICY_FAULTS_MAX] = {0};
    struct policy *p = NULL;
    uint32_t n;
    if (policy_load("tests/sim/policy", &p, faults, POLICY_FAULTS_MAX, &n) != ERR_OK)
        fail_msg("%s:%u: %s", faults[0].file, faults[0].line, faults[0].fault.text);
    return p;
}

static void nothing_is_broken(void **unused)
{
    (void)unused;
    struct policy *policy = load();
    struct model_seen all = {0};
    for (uint64_t seed = getenv("FROM") ? strtoull(getenv("FROM"), NULL, 10) : 1; seed <= SEEDS; seed++) {
        struct run r;
        run_open(&r, seed, policy);
        play(&r, FACTS);
        struct model_seen s = model_seen(r.model);
        all.records += s.records, all.facts += s.facts, all.clocks += s.clocks;
        all.levels += s.levels, all.reminders += s.reminders, all.inquiries += s.inquiries;
        all.predicted += s.predicted, all.rows += s.rows;
        if (model_broken(r.model)) print_error("seed %llu: %s\n", (unsigned long long)seed, model_broken(r.model));
        if (getenv("DUMP") && seed == strtoull(getenv("DUMP"), NULL, 10))
            for (size_t i = 0; i < 3; i++) {
                struct store *st = node_store(house_node(r.house, logs[i]));
                for (uint64_t q = 1; q <= store_last_seq(st); q++) {
                    struct slice b; struct rec_entry e; struct fault why;
                    if (store_record(st, q, &b)) continue;
                    if (proto_decode(shape_entry(), b, &r.arena, &e, &why)) continue;
                    printf("%s %llu now=%lld occ=%lld cause=%llu/%llu %s ", owner_name(logs[i]), (unsigned long long)q, (long long)e.now, (long long)e.occurred, (unsigned long long)e.cause_log, (unsigned long long)e.cause_seq, event_by_number(e.number)->type);
                    const struct shape *sh = event_by_number(e.number)->shape();
                    void *pl = arena_take(&r.arena, sh->size);
                    if (!proto_decode(sh, e.data, &r.arena, pl, &why)) proto_print(stdout, sh, pl);
                    printf("\n");
                }
            }
        run_close(&r);
    }
    print_message("records %llu, facts %llu, clocks %llu, levels %llu, reminders %llu, inquiries "
                  "%llu, predicted %llu, rows %llu\n",
                  (unsigned long long)all.records, (unsigned long long)all.facts,
                  (unsigned long long)all.clocks, (unsigned long long)all.levels,
                  (unsigned long long)all.reminders, (unsigned long long)all.inquiries,
                  (unsigned long long)all.predicted, (unsigned long long)all.rows);
    policy_close(&policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
