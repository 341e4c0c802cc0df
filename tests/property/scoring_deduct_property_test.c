/* scoring_deduct_property_test.c - deductions drawn by lot (SCO-139 … SCO-141). Of one month: what
 * deduct_month takes is what a clerk takes fen by fen, and no cap is passed. Of a person's books:
 * told in any order before the months are run, and with the bonuses in any order, the books are the
 * same, and they are those of a clerk who goes through the months. A failure prints its seed. */
#include "common/exact.h"
#include "services/scoring/deduct.h"
#include "tests/unit/scoring_pay_door.h"

#define DUES 6
#define MONTHS 5

static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (random_state >> 11) % below;
}

/* ---- the clerk ---- */

struct owed {
    bool penalty, whole, carried;
    int first; /* number of a month */
    int64_t left, take;
};

/* Gives the bonus away fen by fen: to the first who may have one more. */
static void clerk(int month, int64_t bonus, int64_t cap_bp, struct owed *v, int n)
{
    int64_t rest = bonus, penalties = 0;
    for (int i = 0; i < n; i++)
        v[i].take = 0;
    for (int turn = 0; turn < 3; turn++) { /* major demerits, other sanctions, penalties */
        for (int i = 0; i < n && rest > 0; i++) {
            struct owed *o = &v[i];
            if (turn != (o->penalty ? 2 : o->whole ? 0 : 1) || o->first > month) continue;
            if (!o->penalty && o->first < month && (o->whole || !o->carried)) continue;
            while (rest > 0 && (o->whole || o->take < o->left)) {
                if (o->penalty && (penalties + 1) * 10000 > bonus * cap_bp) break;
                o->take++, rest--, penalties += o->penalty;
            }
        }
    }
}

static void one_month(uint64_t seed)
{
    struct owed v[DUES];
    struct deduct_due dues[DUES];
    struct deduct_terms terms = {.cap_bp = (int64_t)draw(10001)};
    int n = (int)draw(DUES + 1), sanctions = (int)draw((uint64_t)n + 1);
    int64_t bonus = (int64_t)draw(3000);
    for (int i = 0; i < n; i++) {
        bool penalty = i >= sanctions;
        v[i] = (struct owed){penalty,      !penalty && draw(4) == 0, draw(2) == 0,
                             (int)draw(3), (int64_t)draw(1500),      0};
        dues[i] =
            (struct deduct_due){v[i].penalty, v[i].whole, v[i].carried, v[i].first, v[i].left, 77};
    }
    clerk(1, bonus, terms.cap_bp, v, n);
    struct deducted sum = deduct_month(&terms, 1, bonus, dues, (uint32_t)n);
    int64_t economic = 0, administrative = 0;
    for (int i = 0; i < n; i++) {
        if (dues[i].take != v[i].take)
            fail_msg("seed %llu: %d takes %lld, not %lld", (unsigned long long)seed, i,
                     (long long)dues[i].take, (long long)v[i].take);
        *(v[i].penalty ? &economic : &administrative) += dues[i].take;
        assert_true(dues[i].take >= 0 && (v[i].whole || dues[i].take <= v[i].left));
    }
    assert_int_equal(sum.economic, economic);
    assert_int_equal(sum.administrative, administrative);
    assert_true(economic <= sum.cap && sum.cap * 10000 <= bonus * terms.cap_bp);
    assert_true(economic + administrative <= bonus);
}

static void SCO_140_a_month_is_that_of_the_clerk(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20000; seed++) {
        random_state = seed * UINT64_C(0x9E3779B97F4A7C15);
        one_month(seed);
    }
}

/* ---- the books of a person ---- */

struct history {
    struct owed owed[DUES]; /* by age: sanctions, then penalties */
    int64_t amount[DUES];
    int n, sanctions;
    int64_t bonus[MONTHS], revised[MONTHS];
};

static void draw_history(struct history *h)
{
    h->n = 1 + (int)draw(DUES);
    h->sanctions = (int)draw((uint64_t)h->n + 1);
    int month = 0;
    for (int i = 0; i < h->n; i++) {
        bool penalty = i >= h->sanctions;
        if (i == h->sanctions) month = 0;
        month += draw(3) == 0 && month + 1 < MONTHS;
        h->amount[i] = 1 + (int64_t)draw(400000);
        h->owed[i] = (struct owed){penalty, !penalty && draw(4) == 0, true, month, h->amount[i], 0};
    }
    for (int m = 0; m < MONTHS; m++) {
        h->bonus[m] = (int64_t)draw(300000);
        h->revised[m] = draw(3) == 0 ? (int64_t)draw(300000) : h->bonus[m];
    }
}

static void yuan(char out[32], int64_t fen)
{
    snprintf(out, 32, "%lld.%02lld", (long long)fen / 100, (long long)fen % 100);
}

static void tell_due(struct stage *s, const struct history *h, int i)
{
    char no[16], amount[32], more[64], month[32], at[48];
    const struct owed *o = &h->owed[i];
    snprintf(no, sizeof no, "N%d", i);
    yuan(amount, h->amount[i]);
    snprintf(month, sizeof month, "2024-%02d", o->first + 3);
    snprintf(at, sizeof at, "%s-10T10:%02d", month, i);
    snprintf(more, sizeof more, "'amount':'%s'", amount);
    if (o->penalty)
        penalty(s, no, at, "P1", amount);
    else
        sanction(s, no, month, "P1", o->whole ? "major_demerit" : "warning", o->whole ? "" : more);
}

static void shuffle(int *v, int n)
{
    for (int i = 0; i < n; i++)
        v[i] = i;
    for (int i = n - 1; i > 0; i--) {
        int j = (int)draw((uint64_t)i + 1), t = v[i];
        v[i] = v[j];
        v[j] = t;
    }
}

static void tell_bonus(struct stage *s, int m, int64_t fen)
{
    char month[32], amount[32];
    snprintf(month, sizeof month, "2024-%02d", m + 3);
    yuan(amount, fen);
    bonus(s, "P1", month, amount);
}

/* What the log says of a month and a case, as last told; 0 when it says nothing. */
static int64_t told(struct stage *s, const struct history *h, int i, int m)
{
    const char *type = h->owed[i].penalty ? "penalty.instalment_due" : "sanction.deducted";
    char no[16], month[32];
    int64_t amount = 0, sum = 0;
    snprintf(no, sizeof no, "N%d", i);
    snprintf(month, sizeof month, "2024-%02d-01", m + 3);
    for (size_t at = 0; at < count(s, type); at++) {
        if (strcmp(stage_field(s, OWNER_scoring, type, at, "case_no"), no) != 0 ||
            strcmp(stage_field(s, OWNER_scoring, type, at, "month"), month) != 0)
            continue;
        assert_true(
            exact_money_parse(str_of(stage_field(s, OWNER_scoring, type, at, "amount")), &amount));
        int64_t change = 0;
        const char *text = stage_field(s, OWNER_scoring, type, at, "change");
        if (*text) assert_true(exact_money_parse(str_of(text), &change));
        sum += change;
    }
    assert_int_equal(sum, amount); /* the differences make the whole */
    return amount;
}

static void compare(struct stage *s, struct history *h, uint64_t seed)
{
    struct owed v[DUES];
    memcpy(v, h->owed, sizeof v);
    for (int m = 0; m < MONTHS; m++) {
        int64_t economic = 0;
        clerk(m, h->revised[m], 5000, v, h->n);
        for (int i = 0; i < h->n; i++) {
            int64_t take = told(s, h, i, m);
            if (take != v[i].take)
                fail_msg("seed %llu: case N%d, month %d: %lld, not %lld", (unsigned long long)seed,
                         i, m + 3, (long long)take, (long long)v[i].take);
            if (!v[i].whole) v[i].left -= take;
            assert_true(v[i].left >= 0);
            if (v[i].penalty) economic += take;
        }
        assert_true(2 * economic <= h->revised[m]);
    }
}

static void one_history(uint64_t seed)
{
    struct history h;
    int order[DUES], months[MONTHS];
    draw_history(&h);
    struct stage *s = pay_open();
    shuffle(order, h.n);
    for (int i = 0; i < h.n; i++)
        tell_due(s, &h, order[i]);
    until(s, "2024-08-20T10:00"); /* the log of complaint is heard a moment later */
    shuffle(months, MONTHS);
    for (int m = 0; m < MONTHS; m++)
        tell_bonus(s, months[m], h.bonus[months[m]]);
    shuffle(months, MONTHS);
    for (int m = 0; m < MONTHS; m++) {
        if (h.revised[months[m]] != h.bonus[months[m]])
            tell_bonus(s, months[m], h.revised[months[m]]);
    }
    compare(s, &h, seed);
    stage_close(s);
}

static void SCO_139_in_any_order_the_same_books(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        random_state = seed * UINT64_C(0x9E3779B97F4A7C15);
        one_history(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_140_a_month_is_that_of_the_clerk),
        cmocka_unit_test(SCO_139_in_any_order_the_same_books),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
