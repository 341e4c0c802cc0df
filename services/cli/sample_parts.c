/* sample_parts.c - parts of the made-up company: the first unit keeps the store, every unit has a
 * small one of its own that is counted on the last working day of a month. Every few days a
 * technician asks for a part, has it sent, uses it and brings the old one back; draws spare parts
 * by requisition and brings one back unused; and hands in what the trip cost.
 *
 * A row is a fact: after how many working minutes at least and at most, what it says of the paper
 * whose number is put before it. One in seven takes three times as long, some shipments never
 * arrive, and the first unit does not count its store: these earn their 催辦單. */
#include "common/contract.h"
#include "services/cli/sample_private.h"
#include "services/cli/sample_words.h"

#define STORE_UNIT 0u
#define OWN_PART "P-0315" /* what each unit keeps; nobody draws it */
#define OWN_QTY 20
#define SLOW_PER_MILLE 140  /* of the facts take three times as long */
#define NEVER_PER_MILLE 120 /* of the shipments never arrive */
#define KEPT_PER_MILLE 200  /* of the old parts never come back */

struct fact {
    const char *type;
    int64_t low_min, high_min; /* working minutes after the one before */
    const char *data;          /* behind the number of the paper */
    const char *by;            /* who signs; "-…": of the unit */
};

static const struct fact note_story[] = {
    {"issue.drawn", 10, 120, "", NULL},
    {"issue.shipped", 30, 400, ",\"destination\":\"服務點\"", NULL},
    {"issue.received", 400, 2400, "", "服務點"},
};
static const struct fact requisition_story[] = {
    {"requisition.approved", 20, 200, "", "-S"},
    {"stock.issued", 10, 200,
     ",\"line\":1,\"part_no\":\"P-1402\",\"qty\":3,\"store\":\"U01\",\"unit_cost\":\"18.00\"",
     NULL},
    {"stock.returned_unused", 800, 3000,
     ",\"line\":1,\"part_no\":\"P-1402\",\"qty\":1,\"store\":\"U01\"", NULL},
};
static const struct fact expense_story[] = {
    {"expense.audited", 200, 1500, "", "客戶聯絡員"},
    {"expense.reviewed", 30, 400, "", "-S"},
    {"expense.approved", 60, 700, "", "GM-M"},
    {"expense.paid", 60, 700, "", "出納"},
};

/* A paper on its way. */
struct errand {
    struct sample *s;
    uint32_t unit, technician;
    char no[32]; /* "U03-20260311", of each of its papers */
    int64_t now_ms;
};

static struct sample_when when_of(const struct errand *t)
{
    return (struct sample_when){t->now_ms, t->now_ms};
}

static void work(struct errand *t, int64_t low_min, int64_t high_min)
{
    int64_t min = sample_between(t->s, low_min, high_min);
    if (sample_chance(t->s, SLOW_PER_MILLE)) min *= 3;
    t->now_ms = calendar_add(t->s->calendar, t->now_ms, min * MINUTE_MS);
}

static void by_told(const struct errand *t, const char *by, char *text, size_t size)
{
    text[0] = 0;
    if (!by) return;
    char unit[16] = "";
    if (by[0] == '-') snprintf(unit, sizeof unit, "U%02u", t->unit + 1);
    snprintf(text, size, ",\"by\":\"%s%s\"", unit, by);
}

static void tell_all(struct errand *t, const struct fact *facts, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++) {
        char by[80];
        work(t, facts[i].low_min, facts[i].high_min);
        by_told(t, facts[i].by, by, sizeof by);
        sample_tell(t->s, t->unit, facts[i].type, when_of(t), "\"%s\":\"%s\"%s%s", key, t->no,
                    facts[i].data, by);
    }
}

/* ---- stories ---- */

/* Asked for, signed, drawn, sent, used; the old part comes back with the technician. */
static void note_told(struct errand t, const struct sample_repair *r)
{
    struct sample *s = t.s;
    bool arrives = !sample_chance(s, NEVER_PER_MILLE);
    uint32_t u = t.unit + 1;
    sample_tell(
        s, t.unit, "part.requested", when_of(&t),
        "\"request_no\":\"%s\",\"person\":\"U%02u-T%u\",\"reason\":\"%s\","
        "\"entitlement\":\"yes\",\"lines\":[{\"part_no\":\"%s\",\"name\":\"%s\",\"qty\":1}]",
        t.no, u, t.technician, r->cause, r->part_no, r->part);
    work(&t, 30, 300);
    sample_tell(s, t.unit, "part.approved", when_of(&t), "\"request_no\":\"%s\",\"by\":\"U%02u-M\"",
                t.no, u);
    work(&t, 10, 100);
    sample_tell(
        s, t.unit, "issue.opened", when_of(&t),
        "\"note_no\":\"%s\",\"request_no\":\"%s\",\"store\":\"U01\",\"lines\":[{\"part_no\":"
        "\"%s\",\"qty\":1,\"unit_cost\":\"120.00\"}]",
        t.no, t.no, r->part_no);
    tell_all(&t, note_story, COUNT_OF(note_story) - !arrives, "note_no");
    if (!arrives) return;
    work(&t, 200, 1000);
    sample_tell(s, t.unit, "part.used", when_of(&t),
                "\"doc\":\"issue\",\"doc_no\":\"%s\",\"line\":1,\"qty\":1,\"reason\":\"%s\","
                "\"name\":\"%s\",\"report\":\"S-%s\",\"user_signed\":\"yes\",\"leader_ok\":\"yes\","
                "\"old_part_qty\":1",
                t.no, r->cause, r->part, t.no);
    if (!sample_chance(s, KEPT_PER_MILLE)) {
        work(&t, 400, 1500);
        sample_tell(s, t.unit, "oldpart.returned", when_of(&t),
                    "\"doc\":\"issue\",\"doc_no\":\"%s\",\"line\":1,\"packed\":\"yes\"", t.no);
    }
}

static void requisition_told(struct errand t)
{
    sample_tell(t.s, t.unit, "requisition.opened", when_of(&t),
                "\"requisition_no\":\"%s\",\"person\":\"U%02u-T%u\",\"lines\":[{\"part_no\":"
                "\"P-1402\",\"qty\":3}]",
                t.no, t.unit + 1, t.technician);
    tell_all(&t, requisition_story, COUNT_OF(requisition_story), "requisition_no");
}

/* A taxi nobody consented to is not reimbursed (PRT-056). */
static void expense_told(struct errand t, int32_t day)
{
    char date[11];
    day_format(day, date);
    bool taxi = sample_chance(t.s, 300);
    int64_t fare = sample_between(t.s, 20, 90);
    work(&t, 500, 1500);
    sample_tell(t.s, t.unit, "expense.submitted", when_of(&t),
                "\"expense_no\":\"%s\",\"person\":\"U%02u-T%u\",\"rank\":\"工程師\","
                "\"reason\":\"上門維修\",\"from_day\":\"%s\",\"until_day\":\"%s\","
                "\"places\":[{\"name\":\"郊區\"}],\"lines\":[{\"day\":\"%s\",\"kind\":\"%s\","
                "\"amount\":\"%lld.00\",\"from\":\"服務站\",\"to\":\"郊區\"}],"
                "\"vouchers\":[{\"voucher_no\":\"V-%s\",\"amount\":\"%lld.00\"}]",
                t.no, t.unit + 1, t.technician, date, date, date, taxi ? "taxi" : "coach",
                (long long)fare, t.no, (long long)fare);
    tell_all(&t, expense_story, COUNT_OF(expense_story), "expense_no");
}

/* ---- stores ---- */

void sample_parts_begin(struct sample *s)
{
    struct sample_when when = {s->start_ms + 60 * SECOND_MS, s->start_ms + 60 * SECOND_MS};
    for (size_t i = 0; i < COUNT_OF(sample_repairs); i++) {
        const struct sample_repair *r = &sample_repairs[i];
        if (!r->part_no) continue;
        sample_tell(s, STORE_UNIT, "item.upserted", when,
                    "\"part_no\":\"%s\",\"name\":\"%s\",\"spec\":\"標準\",\"origin\":\"bought_in\","
                    "\"unit_cost\":\"120.00\",\"safety_qty\":20",
                    r->part_no, r->part);
        sample_tell(s, STORE_UNIT, "stock.received", when,
                    "\"note_no\":\"RC-%s\",\"source\":\"opening\",\"lines\":[{\"part_no\":\"%s\","
                    "\"qty\":2000,\"unit_cost\":\"120.00\"}]",
                    r->part_no, r->part_no);
    }
    for (uint32_t unit = 1; unit < s->o->units; unit++) {
        sample_tell(
            s, unit, "stock.received", when,
            "\"note_no\":\"RC-U%02u\",\"source\":\"opening\",\"lines\":[{\"part_no\":\"%s\","
            "\"qty\":%d,\"unit_cost\":\"120.00\"}]",
            unit + 1, OWN_PART, OWN_QTY);
    }
}

/* The third unit has one piece less than its books. */
static void count_told(struct sample *s, uint32_t unit, int32_t day)
{
    char date[11];
    int y, m, d;
    day_split(day, &y, &m, &d);
    if (unit == STORE_UNIT || day != calendar_last_workday(s->calendar, y, m)) return;
    day_format(day, date);
    int64_t at = calendar_open(s->calendar, day) + 5 * HOUR_MS;
    sample_tell(s, unit, "stock.counted", (struct sample_when){at, at},
                "\"count_no\":\"CT-U%02u-%s\",\"full\":\"yes\",\"by\":\"庫管員\",\"lines\":[{"
                "\"part_no\":\"%s\",\"physical\":%d}]",
                unit + 1, date, OWN_PART, unit == 2 ? OWN_QTY - 1 : OWN_QTY);
}

/* ---- a day of a unit ---- */

#define DAYS_BETWEEN 5 /* of one errand of a unit and the next */

void sample_parts_day(struct sample *s, uint32_t unit, int32_t day)
{
    uint64_t chance = s->chance; /* the calls stay as they were without parts */
    if (calendar_is_workday(s->calendar, day)) {
        count_told(s, unit, day);
        bool errand = (day + (int32_t)unit) % DAYS_BETWEEN == 0;
        struct errand t = {.s = s, .unit = unit, .technician = 1 + sample_below(s, TECHNICIANS)};
        t.now_ms = calendar_add(s->calendar, calendar_open(s->calendar, day),
                                sample_between(s, 10, 200) * MINUTE_MS);
        snprintf(t.no, sizeof t.no, "U%02u-%d", unit + 1, (int)day);
        const struct sample_repair *r = &sample_repairs[2 * sample_below(s, 2)]; /* with a part */
        if (errand && t.now_ms > s->start_ms + HOUR_MS) {
            note_told(t, r);
            requisition_told(t);
            expense_told(t, day);
        }
    }
    s->chance = chance;
}
