/* scoring_ledger_random_test.c - random histories of the ledgers of conduct against a second book
 * kept by hand. Rules SCO-107, SCO-108, SCO-111, SCO-113, SCO-124, SCO-125.
 *
 * Facts of few persons, kinds, sites and days, around the turn of a year, are reported again and
 * again, confirmed and rejected, also after they were booked, in random order. The book by hand is
 * a set: what was told, and how it was decided. Counts of a year, marks, cancelled months and what
 * is proposed are counted from the set; what was written on the way is noted beside it. The same
 * facts decided in another order give the same. A seed that fails is printed. */
#include "tests/unit/scoring_conduct_door.h"

#define HISTORIES 10
#define TURNS 60

static uint64_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

/* ---- the book by hand ---- */

static const char *const persons[] = {"T1", "T2"};
static const char *const sites[] = {"X", "Y"};
static const char *const days[] = {"2024-12-30", "2024-12-31", "2025-01-01", "2025-01-02"};
static const struct {
    const char *kind, *mark;
    int64_t fine;
    uint32_t limit; /* 0 = not counted */
    bool award;
} kinds[] = {{"site_breach", "", 10000, 2, false},
             {"missed_handover", "", 10000, 3, false},
             {"missed_sorting", "", 20000, 0, true},
             {"merit", "merit", 0, 0, false},
             {"vague_report", "", 2000, 0, false}};
#define P COUNT_OF(persons)
#define K COUNT_OF(kinds)
#define S COUNT_OF(sites)
#define D COUNT_OF(days)
#define FACTS (P * K * S * D)

enum fate { UNTOLD, TOLD, BOOKED, REJECTED };
static enum fate book[FACTS];
static uint32_t heard[FACTS];

static struct {
    uint64_t booked, losses, awards;
    int64_t fines[P];
} written;

struct fact {
    size_t p, k, s, d;
};

static struct fact fact_at(size_t i)
{
    return (struct fact){i % P, i / P % K, i / P / K % S, i / P / K / S};
}

static uint64_t year_of(struct fact f)
{
    return f.d < 2 ? 2024 : 2025;
}

static uint64_t booked(size_t p, size_t k, uint64_t year)
{
    uint64_t n = 0;
    for (size_t i = 0; i < FACTS; i++) {
        struct fact f = fact_at(i);
        n += book[i] == BOOKED && f.p == p && f.k == k && year_of(f) == year;
    }
    return n;
}

/* ---- telling ---- */

static const char *clock_now(unsigned turn)
{
    static char local[24];
    snprintf(local, sizeof local, "2025-03-%02u%c%02u:%02u", 1 + turn / 600, 'T',
             8 + turn / 60 % 10, turn % 60);
    return local;
}

static void report(struct stage *s, size_t i, unsigned turn)
{
    struct fact f = fact_at(i);
    char data[200];
    snprintf(data, sizeof data, "'kind':'%s','person':'%s','site':'%s','day':'%s','by':'M1'",
             kinds[f.k].kind, persons[f.p], sites[f.s], days[f.d]);
    tell(s, "C1", "conduct.recorded", clock_now(turn), data);
    heard[i]++;
    if (book[i] == UNTOLD) book[i] = TOLD;
}

/* What a decision writes, after it. */
static void note(size_t i, bool up)
{
    struct fact f = fact_at(i);
    uint64_t n = booked(f.p, f.k, year_of(f));
    written.booked++;
    if (up) written.fines[f.p] += kinds[f.k].fine;
    written.losses += up && kinds[f.k].limit && n >= kinds[f.k].limit;
    written.awards += kinds[f.k].award && n == (up ? 1 : 0);
}

static void decide(struct stage *s, size_t i, bool yes, unsigned turn)
{
    struct fact f = fact_at(i);
    const char *data =
        named(persons[f.p], kinds[f.k].kind, sites[f.s], days[f.d], yes ? "" : ",'reason':'no'");
    const char *type = yes ? "conduct.confirmed" : "conduct.rejected";
    if (book[i] == TOLD || (book[i] == BOOKED && !yes)) {
        bool was = book[i] == BOOKED;
        say(s, "C1", type, clock_now(turn), data);
        book[i] = yes ? BOOKED : REJECTED;
        if (yes || was) note(i, yes);
    } else {
        deny(s, "C1", type, clock_now(turn), data, "SCO-107",
             book[i] == UNTOLD ? "unknown_number" : "state");
    }
}

/* ---- comparing ---- */

static void entries_agree(struct stage *s)
{
    static const uint32_t states[] = {[TOLD] = conduct_state_recorded,
                                      [BOOKED] = conduct_state_booked,
                                      [REJECTED] = conduct_state_rejected};
    for (size_t i = 0; i < FACTS; i++) {
        struct fact f = fact_at(i);
        struct rec_row_conduct r;
        bool there = entry_of(s, persons[f.p], kinds[f.k].kind, sites[f.s], days[f.d], &r);
        assert_int_equal(there, book[i] != UNTOLD);
        if (!there) continue;
        assert_int_equal(r.state, states[book[i]]);
        assert_int_equal(r.told, heard[i]);
    }
}

/* Is the loss to be proposed of this count? */
static bool counts_agree(struct stage *s, size_t p, size_t k, uint64_t year)
{
    uint64_t n = booked(p, k, year);
    if (!kinds[k].limit) return false;
    assert_int_equal(conduct_counted(s, persons[p], year, kinds[k].kind), n);
    return n >= kinds[k].limit;
}

static void award_agrees(struct stage *s, size_t p, uint64_t year, bool cancelled)
{
    struct rec_row_award_cancelled r;
    struct key k = key_of(str_of(persons[p]));
    key_day(&k, year == 2024 ? day_of(2024, 12, 1) : day_of(2025, 1, 1));
    if (year == 2024 || year == 2025)
        assert_int_equal(row_at(s, SCORING_CONDUCT_AWARD, k, &r), cancelled);
}

static void books_agree(struct stage *s)
{
    for (size_t p = 0; p < P; p++) {
        bool loss = false;
        for (uint64_t year = 2023; year <= 2026; year++) {
            for (size_t k = 0; k < K; k++) {
                uint64_t n = booked(p, k, year);
                loss |= counts_agree(s, p, k, year);
                if (kinds[k].award) award_agrees(s, p, year, n > 0);
                if (*kinds[k].mark) assert_int_equal(marks_of(s, persons[p], year).merit, n);
            }
        }
        assert_int_equal(fines_of(s, persons[p]), written.fines[p]);
        assert_int_equal(standing(s, persons[p]).loss_proposed == loss_cause_limit, loss);
    }
    assert_int_equal(count(s, "conduct.booked"), written.booked);
    assert_int_equal(count(s, "conduct.qualification_loss_proposed"), written.losses);
    assert_int_equal(count(s, "scoring.award_cancelled"), written.awards);
}

static void clear(void)
{
    memset(book, 0, sizeof book);
    memset(heard, 0, sizeof heard);
    memset(&written, 0, sizeof written);
}

static void SCO_107_a_history_is_what_the_book_by_hand_says(void **state)
{
    (void)state;
    for (unsigned h = 0; h < HISTORIES; h++) {
        seed = h + 1;
        print_message("seed %u\n", h + 1);
        struct stage *s = ledger_open();
        clear();
        for (unsigned turn = 0; turn < TURNS; turn++) {
            size_t i = draw(draw(2) ? FACTS / 4 : FACTS);
            uint32_t act = draw(5);
            if (act < 3) report(s, i, turn);
            if (act >= 3) decide(s, i, act == 3, turn);
        }
        entries_agree(s);
        books_agree(s);
        stage_close(s);
    }
}

/* ---- another order ---- */

static void shuffle(size_t *v, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = draw((uint32_t)i), x = v[i - 1];
        v[i - 1] = v[k];
        v[k] = x;
    }
}

/* Each told fact is confirmed but every seventh, in an order of its own. */
static void play(size_t *v, size_t n)
{
    struct stage *s = ledger_open();
    unsigned turn = 0;
    clear();
    shuffle(v, n);
    for (size_t i = 0; i < n; i++)
        report(s, v[i], turn++);
    shuffle(v, n);
    for (size_t i = 0; i < n; i++)
        decide(s, v[i], v[i] % 7 != 0, turn++);
    shuffle(v, n);
    for (size_t i = 0; i < n; i += 3)
        report(s, v[i], turn++); /* told again, it is evidence */
    books_agree(s);
    entries_agree(s);
    stage_close(s);
}

static void SCO_107_the_order_changes_nothing(void **state)
{
    (void)state;
    for (unsigned h = 0; h < HISTORIES / 2; h++) {
        static size_t v[FACTS];
        size_t n = 0;
        static enum fate first[FACTS];
        seed = 100 + h;
        print_message("seed %u\n", 100 + h);
        for (size_t i = 0; i < FACTS; i++) {
            if (draw(3) == 0) v[n++] = i;
        }
        play(v, n);
        memcpy(first, book, sizeof first);
        play(v, n);
        assert_memory_equal(first, book, sizeof first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_107_a_history_is_what_the_book_by_hand_says),
        cmocka_unit_test(SCO_107_the_order_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
