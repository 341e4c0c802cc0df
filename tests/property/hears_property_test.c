/* hears_property_test.c - what a service says it does not hear is nothing to it: read all the same,
 * it leaves no record and no row; passed by, it counts in cursor and seal as if it had been read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/node.h"
#include "services/cli/recompute.h"
#include "services/complaint/complaint.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"

#define SEEDS 3u

static const struct service *const readers[] = {
    &parts_service, &complaint_service, &scoring_service, &escalation_service, &headoffice_service};

static struct arena arena;
static struct policy *policy;

static int setup(void **state)
{
    (void)state;
    struct policy_fault fault;
    uint32_t n = 0;
    return policy_load("deploy/policy/appliance", &policy, &fault, 1, &n) != ERR_OK;
}

static int teardown(void **state)
{
    (void)state;
    policy_close(&policy);
    arena_fini(&arena);
    return 0;
}

struct pair {
    struct service all; /* hears everything */
    struct node *some_node, *all_node;
    char some_dir[RECOMPUTE_DIR_SIZE], all_dir[RECOMPUTE_DIR_SIZE];
    uint64_t seq[OWNER_COUNT];
    struct buf record;
};

static struct node *open_node(const struct service *s, char dir[RECOMPUTE_DIR_SIZE])
{
    struct node *n = NULL;
    struct fault why = {0};
    char path[RECOMPUTE_DIR_SIZE + 8];
    assert_int_equal(recompute_dir_make(recompute_tmp(), dir), ERR_OK);
    snprintf(path, sizeof path, "%s/%s", dir, "store");
    struct node_options o = {.service = s,
                             .policy = policy,
                             .dir = path,
                             .scratch = true,
                             .clock = CLOCK_MODE_wall,
                             .map_bytes = UINT64_C(64) << 20};
    if (node_open(&o, &n, &why) != ERR_OK) fail_msg("%s", why.text);
    node_begin(n, 1);
    return n;
}

static void tell(struct pair *p, enum owner log, enum event_kind kind, uint32_t number)
{
    uint64_t seed = (uint64_t)number << 32 | (uint32_t)kind;
    const struct shape *s = event_of(kind)->shape();
    void *obj = arena_take(&arena, s->size);
    struct buf data = {0};
    proto_random(s, &seed, &arena, obj);
    proto_encode(s, obj, &data);
    struct rec_entry e = {.seq = ++p->seq[log],
                          .now = 1000,
                          .number = event_of(kind)->number,
                          .occurred = 900,
                          .source = STR("U1"),
                          .data = buf_slice(&data),
                          .filled = number % 2, /* then it is not passed by undecoded */
                          .prev = {(uint8_t)kind, (uint8_t)number, 1}};
    buf_clear(&p->record);
    proto_encode(shape_entry(), &e, &p->record);
    assert_int_equal(node_entry(p->some_node, log, buf_slice(&p->record)), ERR_OK);
    assert_int_equal(node_entry(p->all_node, log, buf_slice(&p->record)), ERR_OK);
    if (store_last_seq(node_store(p->all_node)) != 0)
        fail_msg("%s hears %s", p->all.name, event_of(kind)->type);
    buf_fini(&data);
    arena_reset(&arena);
}

static void assert_no_rows(struct pair *p)
{
    struct slice key, value;
    for (int t = TABLE_META + 1; t < 256; t++) {
        enum err e =
            store_next(node_store(p->all_node), (uint8_t)t, (struct slice){0}, false, &key, &value);
        if (e != ERR_END) fail_msg("%s keeps a row in table %d", p->all.name, t);
    }
}

static uint32_t tell_all(struct pair *p, const struct service *s)
{
    uint32_t told = 0;
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        for (int log = 0; log < OWNER_COUNT; log++) {
            if (!(s->upstream & IN(log)) || s->hears((enum owner)log, (enum event_kind)k)) continue;
            for (uint32_t i = 0; i < SEEDS; i++, told++)
                tell(p, (enum owner)log, (enum event_kind)k, i);
        }
    }
    return told;
}

static void check_reader(const struct service *s)
{
    struct pair p = {.all = *s};
    p.all.hears = NULL;
    p.some_node = open_node(s, p.some_dir);
    p.all_node = open_node(&p.all, p.all_dir);
    assert_true(tell_all(&p, s) > EVENT_KIND_COUNT);
    assert_no_rows(&p);
    for (int log = 0; log < OWNER_COUNT; log++) {
        assert_int_equal(node_cursor(p.some_node, (enum owner)log), p.seq[log]);
        assert_int_equal(node_cursor(p.all_node, (enum owner)log), p.seq[log]);
    }
    assert_int_equal(node_again_seal(p.some_node), node_again_seal(p.all_node));
    node_close(&p.some_node);
    node_close(&p.all_node);
    recompute_dir_remove(p.some_dir);
    recompute_dir_remove(p.all_dir);
    buf_fini(&p.record);
}

static void what_is_not_heard_is_nothing_to_a_service(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        check_reader(readers[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_heard_is_nothing_to_a_service),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
