/* scoring_year_property_test.c - what must hold of the year whatever is published: quotas sum to n
 * and are within one of the exact share; the order in which months are published does not matter to
 * where the tracks stand; the award of a year is told once (SCO-027, SCO-035 … SCO-037). */
#include "tests/unit/scoring_year_door.h"
// clang-format off
#include "services/scoring/year_runs.h"
// clang-format on

static uint32_t seed = 20240131;

static uint32_t below(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % n;
}

/* ---- quotas ---- */

/* By brute force: of all ways to round up exactly so many shares, the one whose remainders are
 * the largest, from the best grade on. */
static void brute(const uint64_t *per_mille, uint32_t count, uint64_t n, uint64_t *out)
{
    uint64_t rest[SCORE_QUOTAS_MAX], left = n;
    for (uint32_t i = 0; i < count; i++) {
        out[i] = n * per_mille[i] / 1000;
        rest[i] = n * per_mille[i] % 1000;
        left -= out[i];
    }
    uint32_t best = 0, sum_of_best = 0;
    bool found = false;
    for (uint32_t set = 0; set < 1U << count; set++) {
        uint32_t sum = 0, bits = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (!(set & 1U << i)) continue;
            bits++;
            sum += (uint32_t)rest[i];
        }
        if (bits != left) continue;
        /* the same sum: who holds the better grade, read from the best grade on */
        bool better = !found || sum > sum_of_best;
        for (uint32_t i = 0; found && !better && sum == sum_of_best && i < count; i++) {
            if ((set & 1U << i) == (best & 1U << i)) continue;
            better = (set & 1U << i) != 0;
            break;
        }
        if (better) best = set, sum_of_best = sum, found = true;
    }
    assert_true(found);
    for (uint32_t i = 0; i < count; i++)
        out[i] += (best & 1U << i) != 0;
}

static void SCO_027_quotas_sum_up_within_one_of_the_share(void **state)
{
    (void)state;
    for (int run = 0; run < 20000; run++) {
        uint32_t count = 1 + below(6);
        uint64_t n = below(run % 10 ? 60 : 100000), sum = 0, per_mille[6], out[6], want[6];
        struct score_quota q[6];
        uint32_t left = 1000;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t share = i + 1 == count ? left : below(left + 1);
            bool range = false;
            left -= share;
            per_mille[i] = share;
            q[i] = (struct score_quota){.share = frac_make(share, 1000, &range)};
        }
        year_quotas(q, count, n, out);
        brute(per_mille, count, n, want);
        for (uint32_t i = 0; i < count; i++) {
            sum += out[i];
            assert_int_equal(out[i], want[i]);
            assert_true(out[i] * 1000 + 1000 > n * per_mille[i]);
            assert_true(out[i] * 1000 < n * per_mille[i] + 1000);
        }
        assert_int_equal(sum, n);
    }
}

/* ---- the order of publication ---- */

#define MONTHS 14

static void order_of(int *order, bool shuffled)
{
    for (int i = 0; i < MONTHS; i++)
        order[i] = i;
    for (int i = MONTHS - 1; shuffled && i > 0; i--) {
        int j = (int)below((uint32_t)i + 1), swap = order[i];
        order[i] = order[j], order[j] = swap;
    }
}

static void publish(struct stage *s, const char *person, const int *order,
                    const char *const *scores)
{
    char month[24];
    for (int i = 0; i < MONTHS; i++) {
        snprintf(month, sizeof month, "%04d-%02d", 2024 + order[i] / 12, order[i] % 12 + 1);
        if (scores[order[i]][0]) result(s, person, "4s_ae", month, scores[order[i]]);
    }
}

/* Where a person stands, as text: his tracks, quarters and year, rights. */
static void stands(struct stage *s, const char *person, char *out, size_t size)
{
    static const char *const tracks[] = {"D", "E"};
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(tracks); i++) {
        struct rec_row_score_track r = track_row(s, person, tracks[i]);
        bool open = r.state != 0 && r.state != track_state_closed;
        n += (size_t)snprintf(out + n, size - n, "%s:%d %d %d %d %d;", tracks[i],
                              open ? (int)r.state : 0, open ? r.begins : 0, open ? r.opened : 0,
                              open ? r.warned : 0, open ? r.proposed : 0);
    }
    for (int m = 0; m < 15; m += 3) {
        char text[80];
        snprintf(text, sizeof text, "%s",
                 result_at(s, person, "4s_quarter", day_of(2024 + m / 12, m % 12 + 1, 1)));
        char *last_word = strrchr(text, ' '); /* revisions depend on the order */
        if (last_word) *last_word = 0;
        n += (size_t)snprintf(out + n, size - n, "%s;", text);
    }
    struct rec_row_score_year y = {0};
    struct key k = key_of(str_of(person));
    key_str(&k, STR("4s_ae"));
    key_day(&k, day_of(2024, 1, 1));
    (void)row_at(s, SCORING_YEAR, k, &y);
    snprintf(out + n, size - n, "%.*s %.*s %d %d", STR_ARG(y.grade), STR_ARG(y.right), y.run_from,
             y.run_to);
}

static void SCO_036_the_order_of_publication_does_not_matter(void **state)
{
    (void)state;
    static const char *const scores[] = {"",   "60", "65", "70",  "71",  "85",  "85",
                                         "88", "90", "91", "106", "121", "125", "89"};
    static const char *const persons[] = {"P1", "P2", "P3"};
    for (int run = 0; run < 12; run++) {
        const char *months[MONTHS];
        char first[600], other[600];
        int order[MONTHS];
        struct stage *s = year_open("");
        for (int i = 0; i < MONTHS; i++)
            months[i] = scores[below(run % 2 ? COUNT_OF(scores) : 10)];
        for (size_t p = 0; p < COUNT_OF(persons); p++) {
            order_of(order, p > 0);
            publish(s, persons[p], order, months);
            stands(s, persons[p], p ? other : first, sizeof first);
            if (p) assert_string_equal(other, first);
        }
        stage_close(s);
    }
}

/* ---- three A once a year ---- */

static void SCO_035_the_award_of_a_year_is_told_once(void **state)
{
    (void)state;
    for (int run = 0; run < 10; run++) {
        const char *months[MONTHS];
        int order[MONTHS];
        struct stage *s = year_open("");
        for (int i = 0; i < MONTHS; i++)
            months[i] = below(4) ? "125" : "100";
        order_of(order, true);
        publish(s, "P1", order, months);
        int in_row = 0;
        bool has = false;
        for (int i = 0; i < 12; i++) {
            in_row = strcmp(months[i], "125") ? 0 : in_row + 1;
            has |= in_row >= 3;
        }
        size_t told = count_of(s, OWNER_scoring, "scoring.three_a_reached", "first", "2024-01-01");
        size_t back =
            count_of(s, OWNER_scoring, "scoring.consequence_withdrawn", "what", "three_a");
        assert_int_equal(told - back, has);
        stage_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_027_quotas_sum_up_within_one_of_the_share),
        cmocka_unit_test(SCO_036_the_order_of_publication_does_not_matter),
        cmocka_unit_test(SCO_035_the_award_of_a_year_is_told_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
