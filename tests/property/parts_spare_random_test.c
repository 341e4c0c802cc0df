/* parts_spare_random_test.c - claims lists, customer returns and spare orders with random contents
 * and in random order. Rules PRT-013, PRT-035, PRT-059.
 *
 * A list: what is credited of a part is never more than the lesser of listed and received, and the
 * differences named are those of a second count by hand. Returns and orders: whatever is told, in
 * whatever order, the law of the ledger holds after each fact (parts_door.h), and where an order is
 * says where its pieces are. A seed that fails is printed. */
#include "tests/unit/parts_door.h"

#define LISTS 40
#define HISTORIES 12
#define TURNS 40
#define PARTS 5

static uint64_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

static const char *begin(uint64_t with)
{
    static char line[40];
    seed = with;
    snprintf(line, sizeof line, "seed %d\n", (int)with);
    return line;
}

/* ---- lists ---- */

/* Up to `max` random lines of the parts A … E; their sums by part. */
static void cast(char *out, size_t size, uint32_t min, uint32_t max, int sums[PARTS])
{
    uint32_t n = min + draw(max - min + 1);
    size_t at = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t part = draw(PARTS);
        int qty = 1 + (int)draw(draw(3) ? 4 : 1000000);
        sums[part] += qty;
        at += (size_t)snprintf(out + at, size - at, "%s{'part_no':'%c','qty':%d}", i ? "," : "",
                               'A' + (int)part, qty);
    }
}

static void check_counts(struct stage *s, const char *no, const int listed[PARTS],
                         const int received[PARTS])
{
    struct rec_row_claimlist r;
    bool agrees = true;
    assert_true(row_at(s, PARTS_CLAIMLIST, key_of(str_of(no)), &r));
    int seen = 0, all = 0;
    for (int p = 0; p < PARTS; p++) {
        agrees &= listed[p] == received[p];
        all += listed[p] || received[p];
    }
    for (uint32_t i = 0; i < r.counts.n; i++) {
        const struct rec_claim_count_line *l = &r.counts.v[i];
        int p = l->part_no.p[0] - 'A';
        int least = listed[p] < received[p] ? listed[p] : received[p];
        assert_true((int)l->listed == listed[p] && (int)l->received == received[p]);
        assert_int_equal((int)l->credit, least);
        seen++;
    }
    assert_int_equal(seen, all);
    assert_int_equal(r.agreed == yes_no_yes, agrees);
    assert_int_equal(r.state == claimlist_state_credited, agrees);
}

static void PRT_035_credit_is_the_lesser_part_by_part(void **state)
{
    (void)state;
    struct stage *s = parts_open();
    for (uint64_t i = 1; i <= LISTS; i++) {
        char lines[1500], data[2000], no[16], key[40];
        int listed[PARTS] = {0}, received[PARTS] = {0};
        print_message("%s", begin(i));
        snprintf(no, sizeof no, "L%d", (int)i);
        snprintf(key, sizeof key, "'list_no':'%s'", no);
        cast(lines, sizeof lines, 1, 12, listed);
        snprintf(data, sizeof data,
                 "%s,'unit':'BUS','date':'2026-03-02','packer':'P','prepared_by':'Z',"
                 "'manager':'M','stamped':'yes','lines':[%s]",
                 key, lines);
        say(s, "BUS", "claimlist.packed", "2026-03-02T09:00", data);
        say(s, "BUS", "claimlist.shipped", "2026-03-02T09:00", key);
        say(s, "BUS", "claimlist.received", "2026-03-02T09:00", key);
        if (draw(3)) {
            cast(lines, sizeof lines, 0, 12, received);
        } else {
            memcpy(received, listed, sizeof received); /* agrees */
        }
        snprintf(data, sizeof data, "%s,'lines':[%s]", key, lines);
        say(s, "BUS", "claimlist.counted", "2026-03-02T10:00", data);
        check_counts(s, no, listed, received);
    }
    stage_close(s);
}

/* ---- orders and returns ---- */

static const struct {
    const char *type, *data;
} facts[] = {
    {"spare.planned", "'due':'2026-03-20','user':'M','plan_no':'none','lines':[{'name':'pump',"
                      "'spec':'P','material':'steel','qty':4,'part_no':'A'},{'name':'seal',"
                      "'spec':'D','material':'NBR','qty':9,'part_no':'B'}]"},
    {"spare.ordered", "'kind':'purchase'"},
    {"spare.progress", "'stage':'purchased'"},
    {"spare.in_store", "'store':'ST1'"},
    {"spare.ship_ordered", "'address':'N','consignee':'L','contact':'1','ship_by':'2026-03-25',"
                           "'arrive_by':'2026-03-30','goods':[{'name':'pump','spec':'P',"
                           "'material':'steel','qty':3}]"},
    {"transfer.opened", "'transfer_no':'D1'"},
    {"spare.packed", ""},
    {"spare.inspected", "'pass':'yes','by':'Q'"},
    {"spare.shipped", ""},
    {"spare.received_by_user", ""},
    {"customer_return.opened", "'lines':[{'part_no':'A','qty':2}]"},
    {"customer_return.received", "'goods':[{'part_no':'A','qty':1},{'part_no':'B','qty':2}]"},
    {"customer_return.inspected", "'finding':'defective','by':'Q'"},
    {"customer_return.inspected", "'finding':'good','by':'Q','store':'ST1'"},
    {"customer_return.dismantled", ""},
    {"customer_return.exchanged", "'replacement_no':'D2'"},
    {"batch.inspected", "'batch_no':'B1','pass':'no','by':'Q'"},
    {"batch.inspected", "'batch_no':'B1','pass':'yes','papers':'yes','by':'Q'"},
};

/* Where the pumps of an order are: 4 in store, of which 3 go. */
static void check_order(struct stage *s)
{
    struct rec_row_spare r;
    if (!row_at(s, PARTS_SPARE, key_of(STR("N1")), &r)) return;
    enum spare_state at = r.state;
    struct rec_row_ledger_line l = ledger_line(s, parts_doc_spare, "N1", 1);
    bool in = at >= spare_state_in_store, out = at >= spare_state_shipped;
    bool there = at == spare_state_received_by_user;
    assert_int_equal(l.in_outside, in ? -4 : 0);
    assert_int_equal(l.in_store, !in ? 0 : out ? 1 : 4);
    assert_int_equal(l.in_transit, out && !there ? 3 : 0);
    assert_int_equal(l.in_used, there ? 3 : 0);
}

static void history(void)
{
    struct stage *s = parts_open();
    size_t next = 0;
    for (int i = 0; i < TURNS; i++) {
        size_t f = draw(3) ? next : draw(COUNT_OF(facts));
        char data[700];
        bool back = strncmp(facts[f].type, "customer", 8) == 0;
        snprintf(data, sizeof data, "'%s':'N1'%s%s", back ? "return_no" : "order_no",
                 *facts[f].data ? "," : "", facts[f].data);
        size_t refused = count(s, "refused.fact");
        tell(s, "GEN", facts[f].type, "2026-03-02T09:00", data);
        if (f == next && (count(s, "refused.fact") == refused || draw(2)))
            next = (next + 1) % COUNT_OF(facts);
        check_order(s);
    }
    stage_close(s);
}

static void PRT_013_the_ledger_follows_the_paper(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= HISTORIES; i++) {
        print_message("%s", begin(i));
        history();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_035_credit_is_the_lesser_part_by_part),
        cmocka_unit_test(PRT_013_the_ledger_follows_the_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
