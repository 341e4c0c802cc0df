/* dispatch_random_test.c - dispatch under facts in any order: whatever is told, its rows agree with
 * each other, every clock has one end, and the same facts give the same log. */
#include "tests/unit/dispatch_door.h"

#define CALLS 8u
#define FACTS 350u

static uint32_t next(uint64_t *seed, uint32_t n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % n;
}

static const struct {
    const char *type, *more; /* a "?" becomes the number of a technician */
} facts[] = {
    {"job.assigned", "'technician':'T?'"},
    {"job.assigned", "'technician':'T?'"},
    {"job.assigned", "'party':[{'person':'T1'},{'person':'T2'}],'lead':'T?'"},
    {"job.accepted", "'technician':'T?'"},
    {"job.refused", "'technician':'T?','reason':'no'"},
    {"job.reassigned", "'to':'T?'"},
    {"job.reassigned", "'from':'T?','to':'T3'"},
    {"job.reassigned", "'count':2"},
    {"job.recalled", "'technician':'T?'"},
    {"job.departed", ""},
    {"job.departed", "'technician':'T?'"},
    {"job.arrived", ""},
    {"job.arrived", "'technician':'T?'"},
    {"job.time_agreed", "'agreed_at':'2026-03-0?T10:00:00+08:00'"},
    {"job.paused", "'reason':'key'"},
    {"job.resumed", ""},
    {"job.diagnosed", "'class':'ordinary'"},
    {"job.repair_started", ""},
    {"job.repaired", ""},
    {"job.restored", ""},
    {"job.restored", "'remote':'yes','user_confirms':'yes'"},
    {"job.contingency_activated", "'plan':'spare'"},
    {"job.unrepairable", ""},
    {"job.completed", ""},
    {"job.completed", "'technician':'T?'"},
    {"job.reopened", ""},
    {"job.signed", ""},
    {"job.leave_reported", ""},
    {"job.left_site", ""},
    {"evidence.completed", "'cause':'a','solution':'b'"},
    {"evidence.approved", ""},
    {"job.diagnosed", "'class':'ordinary','cause_code':'X'"},
    {"job.prepared", "'parts':'yes'"},
    {"job.returned_to_unit", ""},
    {"evidence.submitted", ""},
    {"call.closed", "'solution':'done'"},
    {"call.written_off", "'solution':'done'"},
    {"call.cancelled", "'reason':'sold'"},
    {"call.hq_help_requested", "'text':'carried 1 2026-03-0?'"},
    {"call.hq_help_requested", "'text':'policy SP-IT-WARR-SYS'"},
};

static void more_of(char *out, size_t cap, const char *more, uint32_t technician)
{
    snprintf(out, cap, "%s", more);
    for (char *p = out; *p; p++) {
        if (*p == '?') *p = (char)('1' + technician);
    }
}

/* Facts up to two hours back, as from a centre that was off line. */
static void tell_one(struct stage *s, uint64_t *seed, unsigned i)
{
    char call[8], more[120], at[40];
    int64_t now = instant("2026-03-02T09:00") + i * 5 * MINUTE_MS;
    int64_t back = next(seed, 4) ? 0 : next(seed, 120) * MINUTE_MS;
    time_format(now - back + 8 * HOUR_MS, NULL, at);
    at[19] = 0;
    snprintf(call, sizeof call, "C%u", next(seed, CALLS));
    size_t which = next(seed, COUNT_OF(facts));
    bool ends = strncmp(facts[which].type, "call.", 5) == 0 && facts[which].type[5] != 'h';
    if (ends && next(seed, 4)) return; /* or nothing would live long */
    more_of(more, sizeof more, facts[which].more, next(seed, 4));
    tell(s, call, facts[which].type, at, more);
}

static struct stage *play(uint64_t seed, const char *sed)
{
    static const char *const policies[] = {"SP-IT-TRIAL", "SP-IT-WARR-EQUIP", "SP-IT-WARR-SYS"};
    struct stage *s = door_open_changed("it-project", "it-project/services.yaml", sed);
    for (unsigned i = 0; i < CALLS; i++) {
        char call[8];
        snprintf(call, sizeof call, "C%u", i);
        queue(s, call, "2026-03-02T09:00", policies[i % 3], i % 4 ? "" : "'order_kind':'desk'");
    }
    for (unsigned i = 0; i < FACTS; i++)
        tell_one(s, &seed, i);
    return s;
}

/* ---- what must hold ---- */

struct totals {
    uint64_t open_of[5]; /* open legs of T1…T4, by number */
};

static bool row_exists(struct stage *s, uint8_t table, const struct key *k)
{
    struct slice value;
    struct store *store = node_store(stage_node(s, OWNER_dispatch));
    return store_get(store, table, (struct slice){k->b, k->n}, &value) == ERR_OK;
}

static void check_legs(struct stage *s, const char *call, struct totals *t)
{
    struct rec_row_job j = job_row(s, call);
    uint64_t all = 0, open = 0, done = 0;
    for (unsigned i = 1; i <= 4; i++) {
        char who[8];
        snprintf(who, sizeof who, "T%u", i);
        struct key k = key_of(str_of(call));
        key_u8(&k, 1);
        key_str(&k, str_of(who));
        if (!row_exists(s, dispatch_tables[DISPATCH_LEG].id, &k)) continue;
        struct rec_row_leg l = leg_row(s, call, who);
        bool is_open = !l.completed_at && !l.ended_at;
        all++;
        open += is_open;
        done += l.completed_at && !l.ended_at;
        t->open_of[i] += is_open;
    }
    assert_int_equal(j.legs, all);
    assert_int_equal(j.legs_open, open);
    assert_int_equal(j.legs_done, done);
    bool over = j.state == job_state_closed || j.state == job_state_cancelled;
    if (over) assert_int_equal(open, 0);
    if (j.state == job_state_pending) assert_int_equal(open, 0);
    if (j.state == job_state_completed) assert_int_equal(open, 0);
}

static void check_queue(struct stage *s, const char *call, bool desk)
{
    struct rec_row_job j = job_row(s, call);
    struct key k = key_of(STR("U1"));
    key_u8(&k, j.carried_over ? 0 : 1);
    key_u64(&k, (uint64_t)j.received_at);
    key_str(&k, str_of(call));
    key_u8(&k, 1);
    bool waits = j.state == job_state_pending && !desk;
    assert_int_equal(row_exists(s, dispatch_tables[DISPATCH_QUEUE].id, &k), waits);
}

static void check_busy(struct stage *s, const struct totals *t)
{
    for (unsigned i = 1; i <= 4; i++) {
        char who[8];
        snprintf(who, sizeof who, "T%u", i);
        struct key k = key_of(str_of(who));
        if (!row_exists(s, dispatch_tables[DISPATCH_TECHNICIAN].id, &k)) continue;
        struct rec_row_technician row;
        row_read(s, dispatch_tables[DISPATCH_TECHNICIAN].id, &k, shape_row_technician(), &row);
        assert_int_equal(row.legs_open, t->open_of[i]);
    }
}

/* INT-031: once a call, of a job that is over. */
static void check_mismatch(struct stage *s, const char *call)
{
    size_t told = 0;
    for (size_t i = count(s, "register.mismatch"); i-- > 0;) {
        const char *no = stage_field(s, OWNER_dispatch, "register.mismatch", i, "call_no");
        told += strcmp(no, call) == 0;
    }
    struct rec_row_job j = job_row(s, call);
    assert_true(told == 0 || (told == 1 && j.state == job_state_closed));
}

/* Every armed clock is open or has exactly one end. */
static void check_balance(struct stage *s)
{
    static const char *const names[] = {
        "job.arrival",      "job.repair",           "job.restore",    "job.contingency",
        "carryover.assign", "contingency.activate", "evidence.submit"};
    size_t open = 0;
    for (unsigned i = 0; i < CALLS; i++) {
        char call[8];
        snprintf(call, sizeof call, "C%u", i);
        for (size_t n = 0; n < COUNT_OF(names); n++) {
            open += strcmp(clock_end(s, call, names[n]), "open") == 0;
        }
    }
    size_t ended = count(s, "deadline.stopped") + count(s, "deadline.dropped");
    assert_int_equal(count(s, "deadline.armed"), ended + open);
}

static void check_all(struct stage *s)
{
    struct totals t = {{0}};
    for (unsigned i = 0; i < CALLS; i++) {
        char call[8];
        snprintf(call, sizeof call, "C%u", i);
        check_legs(s, call, &t);
        check_queue(s, call, i % 4 == 0);
        check_mismatch(s, call);
    }
    check_busy(s, &t);
    check_balance(s);
}

static void check_same_log(struct stage *a, struct stage *b)
{
    struct store *x = node_store(stage_node(a, OWNER_dispatch));
    struct store *y = node_store(stage_node(b, OWNER_dispatch));
    assert_int_equal(store_last_seq(x), store_last_seq(y));
    for (uint64_t seq = 1; seq <= store_last_seq(x); seq++) {
        struct slice r, q;
        assert_int_equal(store_record(x, seq, &r), ERR_OK);
        assert_int_equal(store_record(y, seq, &q), ERR_OK);
        assert_int_equal(r.n, q.n);
        assert_memory_equal(r.p, q.p, r.n);
    }
}

static void rows_agree_and_the_same_facts_give_the_same_log(void **unused)
{
    (void)unused;
    static const char *const policies[] = {"s/nothing/nothing/",
                                           "s/clock: elapsed.*/&\\n    pause_stops_clock: yes/"};
    size_t closed = 0, mismatches = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        print_message("seed %u\n", (unsigned)seed);
        struct stage *a = play(seed, policies[seed % 2]);
        check_all(a);
        assert_true(count(a, "refused.fact") > 20);
        closed += count(a, "job.closed");
        mismatches += count(a, "register.mismatch");
        if (seed <= 2) {
            struct stage *b = play(seed, policies[seed % 2]);
            check_same_log(a, b);
            stage_close(b);
        }
        stage_close(a);
    }
    assert_true(closed > 0 && mismatches > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_agree_and_the_same_facts_give_the_same_log)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
