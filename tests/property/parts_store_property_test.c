/* parts_store_property_test.c - random histories of a store, its requisitions, counts and stations:
 * whatever is told in whatever order, nothing comes out of nothing (the law after every fact), the
 * sums of a requisition are those of its lines, and what the store shows is what came less what
 * went. Rules PRT-004, PRT-037 … PRT-041, PRT-043. */
#include "tests/unit/parts_door.h"

#define HISTORIES 12
#define FACTS 60
#define REQUISITIONS 4
#define TRANSFERS 3

static uint64_t lot;

static uint32_t draw(uint32_t below)
{
    lot = lot * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(lot >> 33) % below;
}

static const char *part(void)
{
    return draw(2) ? "A" : "B";
}

/* One fact, often a wrong one. */
static const char *random_fact(char data[400])
{
    static unsigned notes;
    unsigned r = draw(REQUISITIONS), t = draw(TRANSFERS), line = 1 + draw(2), qty = 1 + draw(9);
    const char *basis = draw(4) ? "'report':'SR','user_signed':'yes','leader_ok':'yes'"
                                : "'report':'SR','user_signed':'no'";
    switch (draw(11)) {
    case 0:
        snprintf(data, 400,
                 "'note_no':'N%u','source':'opening','lines':[{'part_no':'A','qty':%u},"
                 "{'part_no':'B','qty':%u}]",
                 ++notes, qty, 1 + draw(20));
        return "stock.received";
    case 1:
        snprintf(data, 400,
                 "'requisition_no':'R%u','person':'T%u','lines':[{'part_no':'A','qty':%u},"
                 "{'part_no':'B','qty':%u}]",
                 r, 1 + r % 3, qty, 1 + draw(9));
        return "requisition.opened";
    case 2:
        snprintf(data, 400, "'requisition_no':'R%u','by':'boss'", r);
        return "requisition.approved";
    case 3:
    case 4:
        snprintf(data, 400, "'requisition_no':'R%u','line':%u,'part_no':'%s','qty':%u", r, line,
                 part(), qty);
        return "stock.issued";
    case 5:
        snprintf(data, 400, "'requisition_no':'R%u','line':%u,'part_no':'%s','qty':%u", r, line,
                 part(), qty);
        return "stock.returned_unused";
    case 6:
        snprintf(data, 400, "'requisition_no':'R%u','line':%u,'used':%u,'old_qty':%u,%s", r, line,
                 draw(4), draw(4), basis);
        return "stock.written_off";
    case 7:
        snprintf(data, 400,
                 "'requisition_no':'R%u','line':%u,'lost':%u,'document':'D1','count_no':'K'", r,
                 line, 1 + draw(3));
        *strstr(data, ",'count_no'") = 0;
        return "stock.written_off";
    case 8:
        snprintf(data, 400, "'count_no':'K%u','lines':[{'part_no':'%s','%s':%u}]", ++notes, part(),
                 draw(2) ? "physical" : "missing", draw(12));
        return "stock.counted";
    case 9:
        snprintf(data, 400,
                 "'transfer_no':'S%u','station':'ST1','lines':[{'part_no':'%s','qty':%u}]", t,
                 part(), qty);
        return "station.shipped";
    default:
        snprintf(data, 400, "'transfer_no':'S%u','line':1,'qty':%u,%s", t, 1 + draw(5), basis);
        if (draw(2)) return "station.used";
        *strstr(data, ",'report'") = 0;
        return draw(2) ? "station.received" : "station.returned";
    }
}

/* The row of a requisition against its lines of the ledger. */
static void sums_agree(struct stage *s)
{
    for (unsigned i = 0; i < REQUISITIONS; i++) {
        struct rec_row_requisition r;
        char no[8];
        int64_t issued = 0, back = 0, out = 0;
        snprintf(no, sizeof no, "R%u", i);
        if (!row_at(s, PARTS_REQUISITION, key_of(str_of(no)), &r)) continue;
        for (uint32_t line = 1; line <= 2; line++) {
            struct rec_row_ledger_line l = ledger_line(s, parts_doc_requisition, no, line);
            issued += (int64_t)l.issued;
            back += (int64_t)l.back;
            out += l.in_transit + l.in_hand + l.in_owed;
        }
        assert_int_equal(r.issued, issued);
        assert_int_equal(r.unused, back);
        assert_int_equal(r.issued - r.unused - r.written_off, out);
        bool drawn = r.state >= requisition_state_issued;
        assert_true(drawn == (issued > 0));
        if (drawn) assert_true((r.state == requisition_state_cleared) == (out == 0));
    }
}

static void PRT_041_nothing_comes_out_of_nothing(void **state)
{
    (void)state;
    size_t accepted = 0, refused = 0;
    for (lot = 1; lot <= HISTORIES; lot++) {
        uint64_t seed = lot;
        struct stage *s = parts_open();
        say(s, "BUS", "item.upserted", "2026-03-02T08:00",
            "'part_no':'A','spec':'24V','unit_cost':'12.50','safety_qty':3");
        say(s, "BUS", "item.upserted", "2026-03-02T08:00", "'part_no':'B','spec':'12V'");
        for (int i = 0; i < FACTS; i++) {
            char data[400], local[20];
            const char *type = random_fact(data);
            snprintf(local, sizeof local, "2026-03-%02dT%02d:00", 3 + i / 10, 9 + i % 10);
            tell(s, strncmp(type, "station.r", 9) ? "BUS" : "ST1", type, local, data);
            sums_agree(s);
            for (int p = 0; p < 2; p++) {
                const char *no = p ? "A" : "B";
                assert_true(balance(s, ledger_place_store, "BUS", no) >= 0);
                assert_true(balance(s, ledger_place_station, "ST1", no) >= 0);
            }
        }
        accepted += count(s, "ledger.moved");
        refused += count(s, "refused.fact");
        stage_close(s);
        lot = seed;
    }
    assert_true(accepted > 100 && refused > 100); /* neither all nothing nor all right */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(PRT_041_nothing_comes_out_of_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
