/* parts_ledger_test.c - random histories of moves against a model that is a list of moves and
 * nothing else: after every move each line is where the moves left it, nothing was made out of
 * nothing, and the balance of every past day is the sum of the moves until then. What the model
 * says cannot be moved is refused, and nothing else is. Rules PRT-017, PRT-041, PRT-043. */
#include "tests/unit/parts_mover.h"

#define MOVES 150
#define DAYS 9
#define HOLDERS 3
#define PLACES ((int)ledger_place_difference)
static const char *const holders[HOLDERS] = {"none", "BUS", "T1"};
static const char *const days[DAYS] = {"2026-02-27", "2026-02-28", "2026-03-01",
                                       "2026-03-02", "2026-03-03", "2026-03-04",
                                       "2026-03-05", "2026-03-06", "2026-03-07"};

struct one {
    unsigned doc, no, line, from, from_holder, to, to_holder, day;
    long long qty, cost;
};

struct model {
    struct one v[MOVES];
    size_t n;
};

/* A line has one part for ever: line 1 and 2 of a document have other parts. */
static const char *part_of(const struct one *m)
{
    return m->line == 1 ? "P1" : "P2";
}

static bool same_line(const struct one *a, const struct one *b)
{
    return a->doc == b->doc && a->no == b->no && a->line == b->line;
}

/* Pieces of a line at a place, and where they came from first. */
static long long line_has(const struct model *m, const struct one *of, unsigned place,
                          const struct one **first)
{
    long long qty = 0;
    *first = NULL;
    for (size_t i = 0; i < m->n; i++) {
        if (!same_line(&m->v[i], of)) continue;
        if (!*first) *first = &m->v[i];
        qty += m->v[i].to == place ? m->v[i].qty : 0;
        qty -= m->v[i].from == place ? m->v[i].qty : 0;
    }
    return qty;
}

static long long holder_has(const struct model *m, unsigned place, unsigned holder,
                            const char *part, unsigned day)
{
    long long qty = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct one *x = &m->v[i];
        if (strcmp(part_of(x), part) != 0 || x->day > day) continue;
        qty += x->to == place && x->to_holder == holder ? x->qty : 0;
        qty -= x->from == place && x->from_holder == holder ? x->qty : 0;
    }
    return qty;
}

static bool is_shelf(unsigned place)
{
    return place == ledger_place_store || place == ledger_place_station ||
           place == ledger_place_inspect;
}

static bool may(const struct model *m, const struct one *x, bool shelves)
{
    const struct one *first;
    long long there = line_has(m, x, x->from, &first);
    if (first && first->from != x->from && there < x->qty) return false;
    if (!shelves || !is_shelf(x->from)) return true;
    return holder_has(m, x->from, x->from_holder, part_of(x), DAYS) >= x->qty;
}

/* Three of four take up pieces where an earlier move left them. */
static struct one random_move(const struct model *m, unsigned *seed)
{
    struct one x = {.doc = 1 + (unsigned)rand_r(seed) % 3,
                    .no = (unsigned)rand_r(seed) % 2,
                    .line = 1 + (unsigned)rand_r(seed) % 2,
                    .from = 1 + (unsigned)rand_r(seed) % (unsigned)PLACES,
                    .to = 1 + (unsigned)rand_r(seed) % (unsigned)(PLACES - 1),
                    .from_holder = (unsigned)rand_r(seed) % HOLDERS,
                    .to_holder = (unsigned)rand_r(seed) % HOLDERS,
                    .day = (unsigned)rand_r(seed) % DAYS,
                    .qty = 1 + rand_r(seed) % 5,
                    .cost = rand_r(seed) % 1000};
    if (m->n && rand_r(seed) % 4) {
        const struct one *y = &m->v[(size_t)rand_r(seed) % m->n];
        x.doc = y->doc, x.no = y->no, x.line = y->line;
        x.from = y->to, x.from_holder = y->to_holder;
    }
    if (x.to >= x.from) x.to++;
    return x;
}

static void tell_move(struct stage *s, const struct one *x, bool allowed)
{
    char text[200], local[40];
    snprintf(text, sizeof text, "%s D%u %u %s %s %s %s %s %lld %lld",
             code_word(&codes_parts_doc, x->doc), x->no, x->line, part_of(x),
             code_word(&codes_ledger_place, x->from), holders[x->from_holder],
             code_word(&codes_ledger_place, x->to), holders[x->to_holder], x->qty, x->cost);
    snprintf(local, sizeof local, "%sT%02u:30", days[x->day], x->line == 1 ? 0U : 23U);
    if (allowed)
        moved(s, local, text);
    else
        not_moved(s, local, text, "balance");
}

static const char *held_by(unsigned h)
{
    return h == 0 ? "" : holders[h];
}

static void compare_line(struct stage *s, const struct model *m, const struct one *x)
{
    char no[8];
    const struct one *first;
    snprintf(no, sizeof no, "D%u", x->no);
    struct rec_row_ledger_line l = ledger_line(s, (enum parts_doc)x->doc, no, x->line);
    for (unsigned p = 1; p <= (unsigned)PLACES; p++)
        assert_int_equal(line_at(&l, (enum ledger_place)p), line_has(m, x, p, &first));
    if (first) assert_int_equal(l.unit_cost, first->cost);
}

static void compare_days(struct stage *s, const struct model *m)
{
    static const char *const parts[] = {"P1", "P2"};
    for (unsigned p = 1; p <= (unsigned)PLACES; p++) {
        for (unsigned h = 0; h < HOLDERS; h++) {
            for (unsigned k = 0; k < 2; k++) {
                enum ledger_place place = (enum ledger_place)p;
                assert_int_equal(balance(s, place, held_by(h), parts[k]),
                                 holder_has(m, p, h, parts[k], DAYS));
                unsigned day = (p + h + k) % DAYS;
                assert_int_equal(balance_on(s, place, held_by(h), parts[k], days[day]),
                                 holder_has(m, p, h, parts[k], day));
            }
        }
    }
}

static void history(unsigned seed, bool shelves)
{
    static struct model m;
    struct stage *s = mover_open(shelves);
    unsigned at = seed;
    size_t refused = 0;
    m.n = 0;
    for (size_t i = 0; i < MOVES; i++) {
        struct one x = random_move(&m, &at);
        bool allowed = may(&m, &x, shelves);
        tell_move(s, &x, allowed); /* law_holds after each */
        if (allowed) m.v[m.n++] = x;
        refused += !allowed;
        compare_line(s, &m, &x);
        if (i % 20 == 19) compare_days(s, &m);
    }
    assert_int_equal(count(s, "ledger.moved"), m.n);
    assert_true(refused > 10 && m.n > 40);
    stage_close(s);
}

static void PRT_017_random_moves_agree_with_a_list_of_moves(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 2; seed++)
        history(seed, false);
}

static void PRT_041_random_moves_leave_no_shelf_below_nothing(void **state)
{
    (void)state;
    for (unsigned seed = 11; seed <= 12; seed++)
        history(seed, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_017_random_moves_agree_with_a_list_of_moves),
        cmocka_unit_test(PRT_041_random_moves_leave_no_shelf_below_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
