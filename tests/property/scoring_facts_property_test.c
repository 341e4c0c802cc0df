/* scoring_facts_property_test.c - random facts, told, told again, moved and taken back, in any
 * order: the tallies are what a plain list of the facts that stand adds up to, another order of the
 * same facts gives the same tallies, and a quarter is the sum of its months. Rules SCO-008,
 * SCO-069, SCO-101, SCO-134. */
#include "tests/unit/scoring_voice.h"

#define ROUNDS 4
#define EVENTS 50
#define STANDING_MAX 512

static uint64_t lot;

static uint32_t draw(uint32_t below)
{
    lot = lot * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(lot >> 33) % below;
}

/* ---- the facts ---- */

enum sort { ATTEND, REFUND, CARD, ENTERED, VOID, RESTORED, PASSED, WITHDRAWN, SORTS };

struct event {
    enum sort sort;
    unsigned ref, who, month, day, n, level;
};

static const char *const persons[] = {"P1", "P7", "T1"};
static const char *const units[] = {"C1", "C2", "C1"};
static const char *const kinds[] = {"full", "late", "leave", "absent"};

static struct event random_event(void)
{
    struct event e = {.sort = (enum sort)draw(SORTS),
                      .ref = draw(4),
                      .who = draw(COUNT_OF(persons)),
                      .month = 1 + draw(4),
                      .day = 1 + draw(3),
                      .n = draw(4),
                      .level = 1 + draw(3)};
    return e;
}

/* Two of one class may tell the same, so that their order says which one stands. A card is void in
 * another log than it is entered in, and either may be heard first. */
static unsigned class_of(const struct event *e)
{
    static const unsigned sorts[] = {ATTEND, REFUND, CARD, ENTERED, VOID, VOID, PASSED, PASSED};
    unsigned ref = e->sort == ATTEND ? e->who * 100 + e->month * 10 + e->day : e->ref;
    return sorts[e->sort] * 1000 + ref;
}

static void tell_it(struct stage *s, const struct event *e)
{
    char data[400], local[32];
    const char *who = persons[e->who];
    snprintf(local, sizeof local, "2024-%02u-%02uT10:00", e->month, e->day);
    switch (e->sort) {
    case ATTEND:
        snprintf(data, sizeof data, "'person':'%s','day':'2024-%02u-%02u','kind':'%s'", who,
                 e->month, e->day, kinds[e->n]);
        say(s, "C1", "attendance.recorded", local, data);
        return;
    case REFUND:
        snprintf(data, sizeof data,
                 "'order_no':'O%u','person':'%s','day':'2024-%02u-01','orders':%u,"
                 "'after_sales':'%s'",
                 e->ref, who, e->month, e->n + 1, e->level == 1 ? "no" : "yes");
        say(s, "C1", "order.refunded", local, data);
        return;
    case CARD:
        snprintf(data, sizeof data, "'call_no':'C%u','technician':'T1','attitude':%u,'skill':%u",
                 e->ref, e->n, e->level);
        tell(s, "C1", "survey.returned", local, data);
        return;
    case ENTERED:
        snprintf(data, sizeof data, "'card_no':'K%u','technician':'%s','followup_no':'f'", e->ref,
                 who);
        heard_from(s, OWNER_intake, "C1", "card.entered", local, data);
        return;
    case VOID:
        snprintf(data, sizeof data, "'card_no':'K%u','reason':'unmatched'", e->ref);
        heard_from(s, OWNER_parts, "C1", "card.void", local, data);
        return;
    case RESTORED:
        snprintf(data, sizeof data, "'subject':'card','ref':'K%u','reason':'found'", e->ref);
        heard_from(s, OWNER_parts, "C1", "audit.reversed", local, data);
        return;
    case PASSED:
    case WITHDRAWN:
        snprintf(data, sizeof data,
                 "'case_no':'D%u','name':'x.y','unit':'C1','start':'2024-01-01T01:00:00Z',"
                 "'due':'2024-01-01T02:00:00Z','at':'2024-%02u-%02uT02:00:00Z'",
                 e->ref, e->month, e->day);
        if (e->sort == PASSED) {
            size_t at = strlen(data);
            snprintf(data + at, sizeof data - at, ",'person':'%s','level':%u", who, e->level);
        }
        heard_from(s, OWNER_dispatch, "C1",
                   e->sort == PASSED ? "deadline.passed" : "deadline.withdrawn", local, data);
        return;
    case SORTS:
        break;
    }
}

/* ---- the plain list ---- */

struct standing {
    char fact[32], ref[32], who[8], unit[8];
    unsigned month;
    int64_t amount;
    bool is;
};

struct list {
    struct standing v[STANDING_MAX];
    size_t n;
    bool voided[4];
};

static struct standing *standing(struct list *l, const char *fact, const char *ref)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->v[i].fact, fact) == 0 && strcmp(l->v[i].ref, ref) == 0) return &l->v[i];
    }
    assert_true(l->n < STANDING_MAX);
    struct standing *f = &l->v[l->n++];
    memset(f, 0, sizeof *f);
    snprintf(f->fact, sizeof f->fact, "%s", fact);
    snprintf(f->ref, sizeof f->ref, "%s", ref);
    return f;
}

static void stands(struct list *l, const char *fact, const char *ref, bool is,
                   const struct event *e, int64_t amount)
{
    struct standing *f = standing(l, fact, ref);
    const char *who = e->sort == CARD ? "T1" : persons[e->who];
    snprintf(f->who, sizeof f->who, "%s", who);
    snprintf(f->unit, sizeof f->unit, "%s",
             e->sort == PASSED || e->sort == CARD ? "C1" : units[e->who]);
    f->month = e->month, f->amount = amount, f->is = is;
}

static void list_it(struct list *l, const struct event *e)
{
    char ref[32];
    snprintf(ref, sizeof ref, "%u", e->ref);
    switch (e->sort) {
    case ATTEND:
        snprintf(ref, sizeof ref, "%u/%u/%u", e->who, e->month, e->day);
        for (unsigned k = 0; k < COUNT_OF(kinds); k++) {
            char fact[32];
            snprintf(fact, sizeof fact, "attendance_%s", kinds[k]);
            stands(l, fact, ref, k == e->n, e, 1);
        }
        return;
    case REFUND:
        stands(l, "orders_refunded", ref, e->level != 1, e, e->n + 1);
        return;
    case CARD: /* skill is always ticked, attitude when it is not 0 */
        stands(l, "cards", ref, true, e, 1);
        stands(l, "card_points", ref, true, e,
               e->n ? (int64_t)(e->n + e->level) * 12 / 2 : (int64_t)e->level * 12);
        return;
    case ENTERED:
        stands(l, "cards_valid", ref, true, e, 1);
        return;
    case VOID:
    case RESTORED:
        l->voided[e->ref] = e->sort == VOID;
        return;
    case PASSED:
        snprintf(ref, sizeof ref, "%u/%u", e->ref, e->level);
        stands(l, "deadlines_passed", ref, true, e, 1);
        return;
    case WITHDRAWN:
        for (unsigned level = 1; level <= 3; level++) {
            snprintf(ref, sizeof ref, "%u/%u", e->ref, level);
            standing(l, "deadlines_passed", ref)->is = false;
        }
        return;
    case SORTS:
        break;
    }
}

static struct rec_row_score_tally list_tally(const struct list *l, int holder, const char *who,
                                             unsigned month, const char *fact)
{
    struct rec_row_score_tally t = {0};
    for (size_t i = 0; i < l->n; i++) {
        const struct standing *f = &l->v[i];
        bool is = f->is && f->month == month && strcmp(f->fact, fact) == 0 &&
                  strcmp(holder ? f->unit : f->who, who) == 0;
        if (strcmp(fact, "cards_valid") == 0 && l->voided[f->ref[0] - '0']) is = false;
        t.n += is;
        t.sum += is ? f->amount : 0;
    }
    return t;
}

/* ---- comparing ---- */

static const char *const facts[] = {"attendance_full",   "attendance_late", "attendance_leave",
                                    "attendance_absent", "orders_refunded", "cards",
                                    "card_points",       "cards_valid",     "deadlines_passed"};

static size_t agrees(struct stage *s, const struct list *l)
{
    static const char *const who[2][3] = {{"P1", "P7", "T1"}, {"C1", "C2", "U1"}};
    size_t told = 0;
    for (int holder = 0; holder < 2; holder++) {
        for (size_t i = 0; i < 3 * 4 * COUNT_OF(facts); i++) {
            const char *name = who[holder][i % 3], *fact = facts[i / 12];
            unsigned month = 1 + (unsigned)(i / 3 % 4);
            struct rec_row_score_tally want = list_tally(l, holder, name, month, fact);
            struct rec_row_score_tally is = tally_of(s, holder, name, 202400 + (int)month, fact);
            if (is.n != want.n || is.sum != want.sum)
                fail_msg("%s of %s in 2024-%02u: %llu/%lld, not %llu/%lld", fact, name, month,
                         (unsigned long long)is.n, (long long)is.sum, (unsigned long long)want.n,
                         (long long)want.sum);
            told += want.n > 0;
        }
    }
    return told;
}

/* Exchanges neighbours of different classes, many times. */
static void shuffle(struct event *v, size_t n)
{
    for (size_t i = 0; i < 40 * n; i++) {
        size_t at = draw((uint32_t)n - 1);
        if (class_of(&v[at]) == class_of(&v[at + 1])) continue;
        struct event e = v[at];
        v[at] = v[at + 1], v[at + 1] = e;
    }
}

static void run(const struct event *v, size_t n, bool again)
{
    static struct list l;
    struct stage *s = voices_open();
    memset(&l, 0, sizeof l);
    for (size_t i = 0; i < n; i++) {
        tell_it(s, &v[i]);
        list_it(&l, &v[i]);
        if (again && draw(3) == 0) tell_it(s, &v[i]); /* word for word */
    }
    until(s, "2024-12-01T00:00");
    if (agrees(s, &l) < 5) fail_msg("hardly anything was counted");
    stage_close(s);
}

static void SCO_008_tallies_are_what_stands(void **state)
{
    (void)state;
    for (lot = 1; lot <= ROUNDS; lot++) {
        struct event v[EVENTS];
        uint64_t seed = lot;
        for (size_t i = 0; i < EVENTS; i++)
            v[i] = random_event();
        run(v, EVENTS, true);
        shuffle(v, EVENTS);
        run(v, EVENTS, false); /* the list of another order of one class is the same list */
        lot = seed;
    }
}

/* ---- quarters ---- */

static struct frac numerator(struct stage *s, const char *period, const char *first)
{
    bool range = false;
    const char *num = figure(s, "tech_rating", "T1", period, first, "numerator");
    int64_t n = strtoll(num, NULL, 10);
    const char *den = figure(s, "tech_rating", "T1", period, first, "numerator_den");
    return *den ? frac_make(n, strtoll(den, NULL, 10), &range) : FRAC_INT(0);
}

static void SCO_134_a_quarter_is_the_sum_of_its_months(void **state)
{
    static const char *const months[] = {"2024-01-01", "2024-02-01", "2024-03-01"};
    bool range = false;
    (void)state;
    for (lot = 1; lot <= ROUNDS; lot++) {
        struct stage *s = voices_open();
        uint64_t seed = lot;
        for (unsigned i = 0; i < 20; i++) {
            struct event e = {.sort = CARD,
                              .ref = draw(15),
                              .month = 1 + draw(3),
                              .day = 1 + draw(28),
                              .n = draw(5),
                              .level = 1 + draw(4)};
            tell_it(s, &e);
            if (i == 12) until(s, "2024-04-11T00:01"); /* some of them late */
        }
        until(s, "2024-04-12T00:00");
        struct frac sum = FRAC_INT(0);
        for (size_t i = 0; i < COUNT_OF(months); i++)
            sum = frac_add(sum, numerator(s, "month", months[i]), &range);
        assert_true(sum.num > 0 && !range);
        assert_int_equal(frac_cmp(sum, numerator(s, "quarter", "2024-01-01")), 0);
        stage_close(s);
        lot = seed;
    }
}

/* ---- anything ---- */

/* Whatever a contract allows may stand in a log before scoring: edges of days, amounts, texts. */
static void SCO_008_anything_may_be_told(void **state)
{
    static const enum owner logs[] = {OWNER_intake, OWNER_dispatch, OWNER_parts, OWNER_complaint};
    struct stage *s = voices_open();
    uint64_t seed = 7;
    unsigned told = 0;
    (void)state;
    for (int kind = EV_NONE + 1; kind < EVENT_KIND_COUNT; kind++) {
        for (size_t i = 0; i < COUNT_OF(logs) * 2; i++) {
            const struct event_type *t = event_of((enum event_kind)kind);
            enum owner log = logs[i / 2];
            struct arena arena = {0};
            if (!scoring_service.hears(log, t->kind) || t->kind == EV_unit_upserted ||
                t->kind == EV_person_upserted || t->owner == OWNER_scoring)
                continue;
            void *payload = arena_take(&arena, t->shape()->size);
            proto_random(t->shape(), &seed, &arena, payload);
            voice_next.log = log, voice_next.kind = t->kind, voice_next.payload = payload;
            voice(s, "C1", "2024-03-04T10:00");
            instant_over(s, log, t->type);
            arena_fini(&arena);
            told++;
        }
    }
    assert_true(told > 80);
    until(s, "2026-01-01T00:00");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_008_tallies_are_what_stands),
        cmocka_unit_test(SCO_134_a_quarter_is_the_sum_of_its_months),
        cmocka_unit_test(SCO_008_anything_may_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
