/* scoring_sheet_order_test.c - the order in which entries and counted facts arrive does not matter
 * to the published score (SCO-008): a month of entries and attendance of one person, told in many
 * orders, each with its own time, always gives the same result. */
#include "tests/unit/scoring_sheet.h"

#define ORDERS 12
#define FACTS_MAX 32

struct told {
    const char *type, *at, *data;
};
#define TB "'person':'P1','scheme':'tb_130','first':'2024-08-01',"
#define DAY(n) "'person':'P1','day':'2024-08-" n "',"

/* The later entry of an item stands; a day told again under the same day is the later one of the
 * log, so that each is told once. */
static const struct told facts[] = {
    {"scoring.item_scored", "2024-09-02T10:00", TB "'item':'quality','word':'良'"},
    {"scoring.item_scored", "2024-09-02T10:05", TB "'item':'quality','word':'中'"},
    {"scoring.item_scored", "2024-09-02T10:10", TB "'item':'quality','word':'優'"},
    {"scoring.item_scored", "2024-09-02T10:00", TB "'item':'disputes','word':'良'"},
    {"scoring.item_scored", "2024-09-02T10:07", TB "'item':'disputes','word':'差'"},
    {"scoring.item_scored", "2024-09-02T10:00", TB "'item':'cooperation','word':'良'"},
    {"scoring.item_scored", "2024-09-02T10:00", TB "'item':'execution','word':'良'"},
    {"scoring.item_scored", "2024-09-02T10:01", TB "'item':'outstanding','points':'2','entry':'1'"},
    {"scoring.item_scored", "2024-09-02T10:02", TB "'item':'outstanding','points':'3','entry':'1'"},
    {"attendance.recorded", "2024-09-02T09:00", DAY("05") "'kind':'late'"},
    {"attendance.recorded", "2024-09-02T09:00", DAY("06") "'kind':'leave'"},
    {"attendance.recorded", "2024-09-02T09:00", DAY("07") "'kind':'full'"},
    {"order.counted", "2024-09-02T09:00", DAY("09") "'order_no':'1','orders':60"},
    {"order.counted", "2024-09-02T09:00", DAY("10") "'order_no':'2','orders':40"},
    {"order.refunded", "2024-09-02T09:00",
     DAY("11") "'order_no':'2','orders':6,'after_sales':'yes'"},
    {"rating.low_given", "2024-09-02T09:00",
     DAY("12") "'rating_no':'1','after_sales_reason':'yes','confirmed_by':'S1'"},
    {"praise.given", "2024-09-02T09:00", DAY("13") "'praise_no':'1'"},
    {"praise.given", "2024-09-02T09:00", DAY("14") "'praise_no':'2'"},
};

/* A small generator of its own, so that a failure says its seed. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void shuffle(size_t *order, size_t n, uint32_t seed)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t j = next(&seed) % i, x = order[i - 1];
        order[i - 1] = order[j];
        order[j] = x;
    }
}

static struct rec_row_score_result published(uint32_t seed)
{
    size_t order[FACTS_MAX];
    struct stage *s = scoring_open();
    assign(s, "P1", "tb_130", "普通售後客服", "2024-08-01", "2024-07-20T09:00");
    until(s, "2024-09-02T11:00"); /* all of them are told afterwards */
    shuffle(order, COUNT_OF(facts), seed);
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        const struct told *f = &facts[order[i]];
        say(s, "C1", f->type, f->at, f->data);
    }
    say(s, "C1", "scoring.sheet_submitted", "2024-09-02T12:00",
        "'person':'P1','scheme':'tb_130','first':'2024-08-01'");
    say(s, "C1", "scoring.reviewed", "2024-09-02T13:00",
        "'person':'P1','scheme':'tb_130','first':'2024-08-01','by':'M2'");
    struct rec_row_score_result r = result_of(s, "P1", "tb_130", "2024-08-01");
    stage_close(s);
    return r;
}

/* 優 20, 6 % refunds 20, 差 0, 良 15, 良 15, one late and one leave 10: 80; one low rating -5, two
 * praises +4, outstanding 3: 82. */
static void SCO_008_the_order_of_entries_and_facts_does_not_matter(void **state)
{
    (void)state;
    assert_true(COUNT_OF(facts) <= FACTS_MAX);
    for (uint32_t seed = 1; seed <= ORDERS; seed++) {
        struct rec_row_score_result r = published(seed);
        if (r.score_num != 82 || r.score_den != 1)
            fail_msg("seed %u: %lld/%lld", seed, (long long)r.score_num, (long long)r.score_den);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(SCO_008_the_order_of_entries_and_facts_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
