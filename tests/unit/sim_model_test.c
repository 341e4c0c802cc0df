/* sim_model_test.c - the simulator's model against the services without any fault: nothing is
 * broken. And the reverse: whatever is falsified in what the services wrote, the model says so, by
 * the right promise. */
#include "common/contract.h"
#include "common/house.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include "tests/sim/lot.h"
#include "tests/sim/story.h"
#include "tests/unit/sim_tape.h"
#include <unistd.h>

#define DIR_TEMPLATE "/tmp/model.XXXXXX"
#define SEEDS 300
#define FACTS 150

static const struct service *const services[] = {
    &intake_service,  &dispatch_service,   &parts_service,     &complaint_service,
    &scoring_service, &escalation_service, &headoffice_service};
static const enum owner logs[] = {OWNER_intake,    OWNER_dispatch, OWNER_parts,
                                  OWNER_complaint, OWNER_scoring,  OWNER_escalation};

/* ---- a story through the services ---- */

struct run {
    char dir[sizeof DIR_TEMPLATE];
    struct house *house;
    struct story *story;
    struct tape tape;
    uint64_t taken[OWNER_COUNT];
    int64_t now_ms;
};

static void take_records(struct run *r)
{
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        struct store *store = node_store(house_node(r->house, logs[i]));
        while (r->taken[logs[i]] < store_last_seq(store)) {
            struct slice bytes;
            struct fault why;
            struct item *x = tape_insert(&r->tape, r->tape.n);
            x->log = logs[i];
            assert_int_equal(store_record(store, ++r->taken[logs[i]], &bytes), ERR_OK);
            bytes = arena_copy(&r->tape.arena, bytes);
            assert_int_equal(proto_decode(shape_entry(), bytes, &r->tape.arena, &x->e, &why),
                             ERR_OK);
        }
    }
}

static void take_table(struct run *r, enum owner of, uint8_t table)
{
    struct store *store = node_store(house_node(r->house, of));
    struct slice key = {0}, value;
    bool after = false;
    while (store_next(store, table, key, after, &key, &value) == ERR_OK) {
        struct item *x = tape_insert(&r->tape, r->tape.n);
        x->what = TOLD_ROW;
        x->log = of;
        x->table = table;
        x->key = key = arena_copy(&r->tape.arena, key);
        x->value = arena_copy(&r->tape.arena, value);
        after = true;
    }
}

static void take_rows(struct run *r)
{
    for (uint8_t table = TABLE_HQ_COUNT; table <= TABLE_HQ_REGISTER; table++)
        take_table(r, OWNER_headoffice, table);
    take_table(r, OWNER_parts, parts_tables[PARTS_LEDGER_LINE].id);
    take_table(r, OWNER_parts, parts_tables[PARTS_LEDGER_BALANCE].id);
    take_table(r, OWNER_scoring, scoring_tables[SCORING_TALLY].id);
}

static void tell(struct run *r, const struct buf *fact)
{
    struct fault why;
    struct rec_fact f;
    struct rec_outcome o;
    struct arena *a = &r->tape.arena;
    struct slice bytes = arena_copy(a, buf_slice(fact));
    assert_int_equal(proto_decode(shape_fact(), bytes, a, &f, &why), ERR_OK);
    assert_int_equal(house_fact(r->house, bytes, &o), ERR_OK);
    story_told(r->story, &f, &o);
    struct item *x = tape_insert(&r->tape, r->tape.n);
    *x = (struct item){.what = TOLD_ACK, .fact = f};
    x->answer.verdict = arena_str(a, o.verdict);
}

static void until(struct run *r, int64_t t_ms)
{
    assert_int_equal(house_until(r->house, t_ms), ERR_OK);
    assert_int_equal(house_settle(r->house), ERR_OK);
    take_records(r);
}

static int64_t door_ms(struct run *r)
{
    return node_clock(house_node(r->house, OWNER_intake));
}

static void tell_story(struct run *r, uint64_t seed)
{
    struct lot lot = {~seed};
    struct buf fact = {0};
    for (unsigned i = 0; i < FACTS && story_next(r->story, r->now_ms, &fact); i++) {
        tell(r, &fact);
        if (!lot_chance(&lot, 400)) continue;
        r->now_ms += (int64_t)lot_below(&lot, lot_chance(&lot, 20) ? 15 * HOUR_MS : 25 * MINUTE_MS);
        until(r, r->now_ms);
    }
    buf_fini(&fact);
    /* The last record waits until the other logs can bring nothing earlier. */
    until(r, (door_ms(r) > r->now_ms ? door_ms(r) : r->now_ms) + MINUTE_MS);
    until(r, door_ms(r) + 1);
    r->tape.quiet_ms = node_clock(house_node(r->house, OWNER_headoffice));
    take_rows(r);
}

static struct tape run_story(uint64_t seed, const struct policy *policy)
{
    struct fault why = {0};
    char command[64];
    struct run r = {.dir = DIR_TEMPLATE, .now_ms = story_start(seed)};
    assert_non_null(mkdtemp(r.dir));
    if (house_open(r.dir, policy, services, COUNT_OF(services), &r.house, &why) != ERR_OK)
        fail_msg("%s", why.text);
    r.story = story_open(seed, policy);
    tell_story(&r, seed);
    story_close(&r.story);
    house_close(&r.house);
    snprintf(command, sizeof command, "rm -rf '%s'", r.dir);
    assert_int_equal(system(command), 0);
    return r.tape;
}

static int load(void **state)
{
    struct policy_fault faults[POLICY_FAULTS_MAX] = {0};
    uint32_t n;
    struct policy **policy = (struct policy **)state;
    if (policy_load("tests/sim/policy", policy, faults, POLICY_FAULTS_MAX, &n) != ERR_OK)
        fail_msg("%s:%u: %s", faults[0].file, faults[0].line, faults[0].fault.text);
    return 0;
}

static int unload(void **state)
{
    policy_close((struct policy **)state);
    return 0;
}

static void nothing_is_broken(void **policy)
{
    struct model_seen all = {0};
    char broken[600];
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct tape t = run_story(seed, *policy);
        struct model_seen s = play(&t, *policy, broken);
        tape_fini(&t);
        if (*broken) fail_msg("seed %llu: %s", (unsigned long long)seed, broken);
        all.facts += s.facts, all.records += s.records, all.clocks += s.clocks;
        all.levels += s.levels, all.reminders += s.reminders, all.inquiries += s.inquiries;
        all.predicted += s.predicted, all.rows += s.rows, all.moves += s.moves;
        all.tallies += s.tallies, all.scores += s.scores;
    }
    print_message("%d seeds: %llu facts, %llu records, %llu clocks, %llu levels, %llu 催辦單, "
                  "%llu 洽辦單, %llu effects foretold, %llu rows\n",
                  SEEDS, (unsigned long long)all.facts, (unsigned long long)all.records,
                  (unsigned long long)all.clocks, (unsigned long long)all.levels,
                  (unsigned long long)all.reminders, (unsigned long long)all.inquiries,
                  (unsigned long long)all.predicted, (unsigned long long)all.rows);
    assert_true(all.reminders > 1000 && all.inquiries > 100 && all.predicted > 1000 &&
                all.moves > 300 && all.tallies > 1000 && all.scores > 100);
}

/* The same seed tells the same story. */
static void a_story_is_its_seed(void **policy)
{
    struct tape a = run_story(7, *policy), b = run_story(7, *policy);
    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.n; i++) {
        assert_int_equal(a.v[i].what, b.v[i].what);
        assert_memory_equal(a.v[i].e.prev, b.v[i].e.prev, 32);
    }
    tape_fini(&a);
    tape_fini(&b);
}

/* ---- falsified ---- */

static struct item *nth(struct tape *t, enum owner log, enum event_kind kind, size_t n)
{
    for (size_t i = 0; i < t->n; i++) {
        struct item *x = &t->v[i];
        if (x->what != TOLD_RECORD || x->log != log || x->e.number != event_of(kind)->number)
            continue;
        if (n-- == 0) return x;
    }
    return NULL;
}

static void *payload(struct tape *t, const struct item *x)
{
    const struct shape *shape = event_by_number(x->e.number)->shape();
    struct fault why;
    void *p = arena_take(&t->arena, shape->size);
    assert_int_equal(proto_decode(shape, x->e.data, &t->arena, p, &why), ERR_OK);
    return p;
}

static void rewrite(struct tape *t, struct item *x, enum event_kind kind, const void *p)
{
    struct buf b = {0};
    proto_encode(event_of(kind)->shape(), p, &b);
    x->e.number = event_of(kind)->number;
    x->e.data = arena_copy(&t->arena, buf_slice(&b));
    buf_fini(&b);
}

/* The record says something that concerns nobody. */
static bool silence(struct tape *t, struct item *x)
{
    char hash[64];
    memset(hash, 'a', sizeof hash);
    struct ev_policy_adopted p = {.name = STR("sim"), .version = 1, .hash = {hash, sizeof hash}};
    if (x) rewrite(t, x, EV_policy_adopted, &p);
    return x != NULL;
}

/* The record stands twice; the numbers behind it, and the causes that name them, move on. */
static bool repeat(struct tape *t, struct item *x)
{
    if (!x) return false;
    struct item copy = *x;
    for (size_t i = 0; i < t->n; i++) {
        struct rec_entry *e = &t->v[i].e;
        if (t->v[i].what != TOLD_RECORD) continue;
        if (e->cause_log == copy.log && e->cause_seq > copy.e.seq) e->cause_seq++;
        if (t->v[i].log == copy.log && e->seq > copy.e.seq) e->seq++;
    }
    copy.e.seq++;
    *tape_insert(t, (size_t)(x - t->v) + 1) = copy;
    return true;
}

static bool is_mentioned_later(struct tape *t, const struct item *x)
{
    const struct ev_reminder_issued *e = payload(t, x);
    for (const struct item *y = x + 1; y < t->v + t->n && y->what != TOLD_ROW; y++) {
        if (y->what != TOLD_RECORD || y->log != OWNER_escalation) continue;
        if (event_by_number(y->e.number)->shape()->fields[0].type != FT_TEXT) continue;
        struct str first = *(struct str *)payload(t, y);
        size_t head = e->number.n - 3; /* one of the same day would lack a number */
        if (first.n >= head && memcmp(first.p, e->number.p, head) == 0) return true;
    }
    return false;
}

static bool no_reminder(struct tape *t)
{
    struct item *x = NULL;
    for (size_t n = 0; (x = nth(t, OWNER_escalation, EV_reminder_issued, n)) != NULL; n++) {
        const struct ev_reminder_issued *e = payload(t, x);
        if (e->kind == reminder_kind_overdue && !is_mentioned_later(t, x)) break;
    }
    return silence(t, x);
}

static bool second_reminder(struct tape *t)
{
    return repeat(t, nth(t, OWNER_escalation, EV_reminder_issued, 2));
}

static struct item *before(struct tape *t, struct item *x)
{
    enum owner log = x->log;
    while (--x >= t->v)
        if (x->what == TOLD_RECORD && x->log == log) return x;
    return NULL;
}

static bool before_the_due(struct tape *t)
{
    struct item *x = NULL, *y;
    for (size_t n = 0; (x = nth(t, OWNER_dispatch, EV_deadline_passed, n)) != NULL; n++) {
        int64_t at = ((struct ev_deadline_passed *)payload(t, x))->at;
        y = before(t, x);
        if (y && y->e.now <= at) break;
    }
    if (x) x->e.now = ((struct ev_deadline_passed *)payload(t, x))->at;
    return x != NULL;
}

static bool passed_late(struct tape *t)
{
    struct item *last = NULL, *x = NULL;
    for (size_t n = 0; (x = nth(t, OWNER_dispatch, EV_deadline_passed, n)) != NULL; n++) {
        struct item *next = x + 1;
        while (next < t->v + t->n && (next->what != TOLD_RECORD || next->log != x->log))
            next++;
        struct ev_deadline_passed *e = payload(t, x);
        if (next < t->v + t->n && next->e.now > x->e.now + 5000 && e->at + 1 == x->e.now) last = x;
    }
    if (!last) return false;
    struct ev_deadline_passed *e = payload(t, last);
    last->e.now += 4000;
    e->overdue_ms += 4000;
    rewrite(t, last, EV_deadline_passed, e);
    return true;
}

static bool passed_twice(struct tape *t)
{
    return repeat(t, nth(t, OWNER_intake, EV_deadline_passed, 1));
}

/* Not of a clock that is armed again by an agreed time: the verdict that should not be (N4) shows
 * before the one that is missing. */
static bool other_due(struct tape *t)
{
    struct ev_deadline_armed *e = NULL;
    struct item *x;
    for (size_t n = 1; (x = nth(t, OWNER_dispatch, EV_deadline_armed, n)) != NULL; n++) {
        e = payload(t, x);
        if (!str_is(e->basis, "agreed")) break;
    }
    if (!x) return false;
    e->due += MINUTE_MS;
    rewrite(t, x, EV_deadline_armed, e);
    return true;
}

static bool not_armed(struct tape *t)
{
    struct item *x = NULL;
    for (size_t n = 0; (x = nth(t, OWNER_dispatch, EV_deadline_armed, n)) != NULL; n++)
        if (str_is(((struct ev_deadline_armed *)payload(t, x))->name, "job.arrival")) break;
    return silence(t, x);
}

/* Of a call: what becomes of the clocks of other papers is followed and not foretold. N3 when the
 * next fact of the call shows it, N4 when the end of its 催辦單 does so before. */
static bool not_stopped(struct tape *t)
{
    struct item *x = NULL;
    for (size_t n = 0; (x = nth(t, OWNER_dispatch, EV_deadline_stopped, n)) != NULL; n++) {
        const struct ev_deadline_stopped *e = payload(t, x);
        if (e->late && !memchr(e->case_no.p, '/', e->case_no.n)) break;
    }
    return silence(t, x);
}

static bool called_late(struct tape *t)
{
    struct item *x = NULL;
    struct ev_deadline_stopped *e = NULL;
    for (size_t n = 0; (x = nth(t, OWNER_intake, EV_deadline_stopped, n)) != NULL; n++) {
        e = payload(t, x);
        if (!e->late) break;
    }
    if (!x) return false;
    e->late = true;
    rewrite(t, x, EV_deadline_stopped, e);
    return true;
}

static bool fact_lost(struct tape *t)
{
    return silence(t, nth(t, OWNER_intake, EV_customer_upserted, 0));
}

static bool fact_twice(struct tape *t)
{
    return repeat(t, nth(t, OWNER_intake, EV_customer_upserted, 0));
}

static bool not_carried(struct tape *t)
{
    return silence(t, nth(t, OWNER_dispatch, EV_job_accepted, 0));
}

static bool swapped(struct tape *t)
{
    struct item *x = nth(t, OWNER_intake, EV_person_upserted, 0);
    if (!x) return false;
    struct item keep = x[0];
    x[0] = x[1];
    x[1] = keep;
    return x[0].what == TOLD_RECORD && x[0].log == x[1].log;
}

static bool time_back(struct tape *t)
{
    struct item *x = nth(t, OWNER_intake, EV_call_registered, 3);
    if (x) x->e.now -= HOUR_MS;
    return x != NULL;
}

static bool forged(struct tape *t)
{
    struct item *x = nth(t, OWNER_escalation, EV_reminder_issued, 1);
    if (!x) return false;
    x->forged = true;
    x->e.prev[5] ^= 1;
    return true;
}

static bool other_count(struct tape *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct item *x = &t->v[i];
        struct rec_row_hq_count row;
        struct fault why;
        struct buf b = {0};
        if (x->what != TOLD_ROW || x->log != OWNER_headoffice || x->table != TABLE_HQ_COUNT ||
            !memmem(x->key.p, x->key.n, "deadline/job.arrival/armed", 26))
            continue;
        assert_int_equal(proto_decode(shape_row_hq_count(), x->value, &t->arena, &row, &why), 0);
        row.value++;
        proto_encode(shape_row_hq_count(), &row, &b);
        x->value = arena_copy(&t->arena, buf_slice(&b));
        buf_fini(&b);
        return true;
    }
    return false;
}

static bool drop_row(struct tape *t, enum owner of, uint8_t table)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->v[i].what != TOLD_ROW || t->v[i].log != of || t->v[i].table != table) continue;
        memmove(t->v + i, t->v + i + 1, (--t->n - i) * sizeof *t->v);
        return true;
    }
    return false;
}

static bool row_lost(struct tape *t)
{
    return drop_row(t, OWNER_headoffice, TABLE_HQ_OVERDUE);
}

static bool balance_lost(struct tape *t)
{
    return drop_row(t, OWNER_parts, parts_tables[PARTS_LEDGER_BALANCE].id);
}

static bool move_lost(struct tape *t)
{
    return silence(t, nth(t, OWNER_parts, EV_ledger_moved, 1));
}

static bool piece_more(struct tape *t)
{
    struct item *x = nth(t, OWNER_parts, EV_ledger_moved, 1);
    struct ev_ledger_moved *e = x ? payload(t, x) : NULL;
    if (!e) return false;
    e->qty++;
    rewrite(t, x, EV_ledger_moved, e);
    return true;
}

static bool tally_lost(struct tape *t)
{
    return drop_row(t, OWNER_scoring, scoring_tables[SCORING_TALLY].id);
}

static bool point_more(struct tape *t)
{
    struct item *x = nth(t, OWNER_scoring, EV_scoring_result_published, 0);
    struct ev_scoring_result_published *e = x ? payload(t, x) : NULL;
    if (!e) return false;
    e->score_num += e->score_den;
    e->score = arena_printf(&t->arena, "%lld.%02lld", (long long)(e->score_num / e->score_den),
                            (long long)(e->score_num % e->score_den * 100 / e->score_den));
    rewrite(t, x, EV_scoring_result_published, e);
    return true;
}

static const struct {
    const char *what, *id; /* the promises that may show it */
    bool (*falsify)(struct tape *t);
} lies[] = {{"a 催辦單 is missing", "N2", no_reminder},
            {"a 催辦單 stands twice", "N3", second_reminder},
            {"a level is passed at its instant", "N4", before_the_due},
            {"a level is passed late", "N2", passed_late},
            {"a level is passed twice", "N3", passed_twice},
            {"a due instant is another", "N2", other_due},
            {"a clock is not started", "N2", not_armed},
            {"a clock is not stopped", "N3 N4", not_stopped},
            {"in time is called late", "N4", called_late},
            {"an acknowledged fact is lost", "N1", fact_lost},
            {"a fact is taken twice", "N1", fact_twice},
            {"a fact does not reach its service", "N1", not_carried},
            {"two records change places", "N6", swapped},
            {"the time goes back", "N6", time_back},
            {"a hash is broken", "N10", forged},
            {"a counter is another", "N8", other_count},
            {"a row is lost", "N8", row_lost},
            {"a move of the ledger is lost", "N11", move_lost},
            {"a piece more is moved", "N11", piece_more},
            {"a row of the ledger is lost", "N11", balance_lost},
            {"a tally is lost", "N12", tally_lost},
            {"a score is published with a point more", "N12", point_more}};

static bool is_by(const char *broken, const char *ids)
{
    char id[8];
    snprintf(id, sizeof id, "%.*s", (int)strcspn(broken, ":"), broken);
    return *id && strstr(ids, id) != NULL;
}

/* Each lie is told about several stories; not every one has room for it. */
static void every_lie_is_found(void **policy)
{
    char broken[600];
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        size_t told = 0;
        for (uint64_t seed = 1; told < 4 && seed <= 24; seed++) {
            struct tape t = run_story(seed, *policy);
            bool has = lies[i].falsify(&t);
            told += has;
            if (has) (void)play(&t, *policy, broken);
            tape_fini(&t);
            if (has && !is_by(broken, lies[i].id))
                fail_msg("%s, seed %llu: expected %s, got \"%s\"", lies[i].what,
                         (unsigned long long)seed, lies[i].id, broken);
        }
        if (told < 3) fail_msg("%s: no room for it", lies[i].what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_is_found),
        cmocka_unit_test(a_story_is_its_seed),
        cmocka_unit_test(nothing_is_broken),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
