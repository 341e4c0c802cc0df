/* parts_store_door.h - a store with its parts and a requisition, for the tests of requisitions, of
 * the store and of stations. The store is BUS; T1 and T2 draw from it. */
#ifndef CUIBAN_TESTS_UNIT_PARTS_STORE_DOOR_H
#define CUIBAN_TESTS_UNIT_PARTS_STORE_DOOR_H

#include "tests/unit/parts_door.h"

#define D1 "2026-03-02T09:00" /* a Monday */

static inline void item(struct stage *s, const char *part_no, const char *more)
{
    char data[300];
    snprintf(data, sizeof data, "'part_no':'%s','name':'relay','spec':'24V','unit_cost':'12.50'%s",
             part_no, more);
    say(s, "BUS", "item.upserted", "2026-03-02T08:00", data);
}

static inline void opening(struct stage *s, const char *part_no, int qty, const char *local)
{
    static int n;
    char data[300];
    snprintf(data, sizeof data,
             "'note_no':'O%d','source':'opening','lines':[{'part_no':'%s','qty':%d}]", ++n, part_no,
             qty);
    say(s, "BUS", "stock.received", local, data);
}

static inline struct stage *store_open_with(int qty)
{
    struct stage *s = parts_open();
    item(s, "A", "");
    opening(s, "A", qty, D1);
    return s;
}

static inline size_t passed(struct stage *s, const char *name)
{
    return count_of(s, OWNER_parts, "deadline.passed", "name", name);
}

static inline struct rec_row_requisition requisition(struct stage *s, const char *no)
{
    static struct rec_row_requisition r;
    assert_true(row_at(s, PARTS_REQUISITION, key_of(str_of(no)), &r));
    return r;
}

static inline const char *state_of(struct stage *s, const char *no)
{
    return code_word(&codes_requisition_state, requisition(s, no).state);
}

#define R1 "'requisition_no':'R1'"
#define ISSUE(qty) R1 ",'line':1,'part_no':'A','qty':" #qty
#define BACK(qty) R1 ",'line':1,'part_no':'A','qty':" #qty
#define SIGNED "'report':'SR1','user_signed':'yes','leader_ok':'yes'"

static inline void approve(struct stage *s, int qty, const char *local)
{
    char data[200];
    snprintf(data, sizeof data, R1 ",'person':'T1','lines':[{'part_no':'A','qty':%d}]", qty);
    say(s, "BUS", "requisition.opened", local, data);
    say(s, "BUS", "requisition.approved", local, R1 ",'by':'boss'");
}

/* R1 with five pieces out at T1. */
static inline struct stage *five_out(void)
{
    struct stage *s = store_open_with(20);
    approve(s, 5, "2026-03-02T10:00");
    say(s, "BUS", "stock.issued", "2026-03-02T11:00", ISSUE(5));
    return s;
}

#endif
