/* sample_scoring.c - how the made-up company scores its staff: technicians by 德勤能績, the clerk
 * who also answers a web shop by 淘寶. Every working day has its late comers, half of which the
 * manager confirms as conduct; on the first working day of a month the sheets of the one before are
 * filled, then reviewed by the personnel department 人事單位, told and signed. Some sheets are
 * forgotten, some results appealed against. */
#include "common/contract.h"
#include "services/cli/sample_private.h"
#include "services/cli/sample_words.h"

#define LATE_PER_MILLE 25      /* of the technicians on a day */
#define PRAISED_PER_MILLE 80   /* of the clerks on a day */
#define FORGOTTEN_PER_MILLE 60 /* of the sheets */
#define APPEAL_PER_MILLE 80    /* of the results */
#define ORDERS 60              /* of a shop in a month, at least */

static const char *const deducted_items[] = {"attitude", "discipline", "attendance", "skill",
                                             "efficiency"};
static const char *const judged_items[] = {"quality", "disputes", "cooperation", "execution"};
static const char *const words[] = {"優", "優", "良", "良", "中"};

/* A sheet on its way. */
struct sheet {
    struct sample *s;
    uint32_t unit;
    bool clerk, low;            /* low: what an appeal can give back */
    char person[16], first[11]; /* of the month that is scored */
    int64_t now_ms;
};

static uint32_t personnel(void)
{
    uint32_t i = 0;
    while (i < COUNT_OF(sample_departments) && strcmp(sample_departments[i].key, "HR") != 0)
        i++;
    ENSURE(i < COUNT_OF(sample_departments));
    return SAMPLE_UNITS_MAX + i;
}

static const char *scheme_of(bool clerk)
{
    return clerk ? "tb_130" : "dqnj_100";
}

static struct sample_when when_of(const struct sheet *t)
{
    return (struct sample_when){t->now_ms, t->now_ms};
}

static void work(struct sheet *t, int64_t low_min, int64_t high_min)
{
    int64_t min = sample_between(t->s, low_min, high_min);
    t->now_ms = calendar_add(t->s->calendar, t->now_ms, min * MINUTE_MS);
}

/* About the sheet; data is what stands behind its key. */
#define TELL(t, unit, type, data, ...)                                                             \
    sample_tell((t)->s, unit, type, when_of(t),                                                    \
                "\"person\":\"%s\",\"scheme\":\"%s\",\"first\":\"%s\"" data, (t)->person,          \
                scheme_of((t)->clerk), (t)->first, __VA_ARGS__)

/* ---- a sheet ---- */

static void fill(struct sheet *t)
{
    struct sample *s = t->s;
    uint32_t u = t->unit + 1;
    for (size_t i = 0; t->clerk && i < COUNT_OF(judged_items); i++) {
        uint32_t word = sample_below(s, COUNT_OF(words));
        t->low = word > 1; /* of execution, the last */
        TELL(t, t->unit, "scoring.item_scored",
             ",\"item\":\"%s\",\"word\":\"%s\",\"by\":\"U%02u-M\"", judged_items[i], words[word],
             u);
    }
    for (size_t i = 0; !t->clerk && i < COUNT_OF(deducted_items); i++) {
        uint32_t half_points = sample_below(s, 8);
        if (half_points == 0) continue;
        t->low |= strcmp(deducted_items[i], "skill") == 0;
        TELL(t, t->unit, "scoring.item_scored",
             ",\"item\":\"%s\",\"entry\":\"1\",\"points\":\"%u.%u\",\"reason\":\"當月記錄\",\"by\":"
             "\"U%02u-S\"",
             deducted_items[i], half_points / 2, half_points % 2 * 5, u);
    }
}

/* The direct superior gives the clerk a 優, or takes back what he deducted of the skill. */
static void appeal(struct sheet *t)
{
    work(t, 60, 900);
    TELL(t, t->unit, "scoring.appeal_filed", ",\"text\":\"%s\"", "當日工單可以證明");
    work(t, 200, 1800);
    bool changed = t->low && sample_chance(t->s, 700);
    TELL(t, t->unit, "scoring.appeal_ruled", ",\"changed\":\"%s\",\"by\":\"U%02u-M\"%s",
         changed ? "yes" : "no", t->unit + 1,
         !changed   ? ""
         : t->clerk ? ",\"lines\":[{\"item\":\"execution\",\"word\":\"優\",\"reason\":\"屬實\"}]"
                    : ",\"lines\":[{\"item\":\"skill\",\"event\":\"1\",\"points\":\"0\",\"reason\":"
                      "\"屬實\"}]");
}

static void sheet_told(struct sheet t)
{
    char day[11];
    work(&t, 60, 400);
    fill(&t);
    if (sample_chance(t.s, FORGOTTEN_PER_MILLE)) return;
    work(&t, 5, 60);
    TELL(&t, t.unit, "scoring.sheet_submitted", ",\"by\":\"U%02u-%c\"", t.unit + 1,
         t.clerk ? 'M' : 'S');
    work(&t, 200, 1000);
    TELL(&t, personnel(), "scoring.reviewed", ",\"by\":\"%s\"", "HR-M");
    work(&t, 100, 1000);
    day_format(zone_day(t.s->zone, t.now_ms), day);
    TELL(&t, t.unit, "scoring.acknowledged",
         ",\"signed_employee\":\"%s\",\"signed_manager\":\"U%02u-M\",\"interviewed_on\":\"%s\"",
         t.person, t.unit + 1, day);
    if (sample_chance(t.s, APPEAL_PER_MILLE)) appeal(&t);
}

/* ---- people ---- */

static struct sheet sheet_of(struct sample *s, uint32_t unit, uint32_t i)
{
    struct sheet t = {.s = s, .unit = unit, .clerk = i == 0};
    if (t.clerk)
        snprintf(t.person, sizeof t.person, "U%02u-C", unit + 1);
    else
        snprintf(t.person, sizeof t.person, "U%02u-T%u", unit + 1, i);
    return t;
}

static int32_t month_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return day - d + 1;
}

/* Trained for the firm and for the post (SCO-017), he takes it. */
void sample_scoring_begin(struct sample *s)
{
    static const char *const trainings[] = {"entry", "post"};
    int64_t at = s->start_ms + 60 * SECOND_MS;
    for (uint32_t unit = 0; unit < s->o->units; unit++) {
        for (uint32_t i = 0; i <= TECHNICIANS; i++) {
            struct sheet t = sheet_of(s, unit, i);
            t.now_ms = at;
            for (size_t k = 0; !t.clerk && k < COUNT_OF(trainings); k++)
                sample_tell(s, personnel(), "training.passed", when_of(&t),
                            "\"person\":\"%s\",\"kind\":\"%s\",\"by\":\"HR-S\"", t.person,
                            trainings[k]);
            day_format(month_of(zone_day(s->zone, s->start_ms)), t.first);
            sample_tell(s, personnel(), "scoring.scheme_assigned", when_of(&t),
                        "\"person\":\"%s\",\"scheme\":\"%s\",\"post\":\"%s\",\"from\":\"%s\","
                        "\"manager\":\"U%02u-M\",\"next_level\":\"HR-M\",\"by\":\"HR-M\"",
                        t.person, scheme_of(t.clerk), t.clerk ? "普通售後客服" : "維修技術員",
                        t.first, unit + 1);
        }
    }
}

/* ---- a day ---- */

static void attendance_told(struct sample *s, uint32_t unit, int32_t day)
{
    char date[11];
    day_format(day, date);
    for (uint32_t i = 1; i <= TECHNICIANS; i++) {
        if (!sample_chance(s, LATE_PER_MILLE)) continue;
        struct sheet t = sheet_of(s, unit, i);
        t.now_ms = calendar_close_of(s->calendar, day) + HOUR_MS;
        sample_tell(s, unit, "attendance.recorded", when_of(&t),
                    "\"person\":\"%s\",\"day\":\"%s\",\"kind\":\"late\",\"minutes\":%u,"
                    "\"by\":\"U%02u-S\"",
                    t.person, date, 5 + sample_below(s, 50), unit + 1);
        if (sample_chance(s, 500)) continue;
        work(&t, 30, 900);
        sample_tell(s, unit, "conduct.confirmed", when_of(&t),
                    "\"person\":\"%s\",\"kind\":\"late\",\"day\":\"%s\",\"by\":\"U%02u-M\"",
                    t.person, date, unit + 1);
    }
}

static void praise_told(struct sample *s, uint32_t unit, int32_t day)
{
    if (!sample_chance(s, PRAISED_PER_MILLE)) return;
    int64_t at = calendar_close_of(s->calendar, day) - HOUR_MS;
    sample_tell(s, unit, "praise.given", (struct sample_when){at, at},
                "\"praise_no\":\"U%02u-%d\",\"person\":\"U%02u-C\",\"text\":\"態度親切\"", unit + 1,
                (int)day, unit + 1);
}

/* What the shop sold in the month, and what it took back, told on its last working day. */
static void orders_told(struct sample *s, uint32_t unit, int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    if (day != calendar_last_workday(s->calendar, y, m)) return;
    int64_t at = calendar_close_of(s->calendar, day);
    struct sample_when when = {at, at};
    uint32_t orders = ORDERS + sample_below(s, ORDERS);
    sample_tell(s, unit, "order.counted", when,
                "\"order_no\":\"U%02u-%04d-%02d\",\"person\":\"U%02u-C\",\"orders\":%u", unit + 1,
                y, m, unit + 1, orders);
    sample_tell(s, unit, "order.refunded", when,
                "\"order_no\":\"U%02u-%04d-%02d\",\"person\":\"U%02u-C\",\"orders\":%u,"
                "\"after_sales\":\"yes\"",
                unit + 1, y, m, unit + 1, 1 + sample_below(s, orders / 8));
}

static void sheets_told(struct sample *s, uint32_t unit, int32_t day)
{
    int32_t month = month_of(day);
    if (month_of(calendar_workday(s->calendar, day, -1)) == month) return;
    for (uint32_t i = 0; i <= TECHNICIANS; i++) {
        struct sheet t = sheet_of(s, unit, i);
        t.now_ms = calendar_open(s->calendar, day);
        day_format(month_of(month - 1), t.first);
        if (t.now_ms > s->start_ms + HOUR_MS) sheet_told(t);
    }
}

void sample_scoring_day(struct sample *s, uint32_t unit, int32_t day)
{
    uint64_t chance = s->chance; /* the calls stay as they were without scores */
    if (calendar_is_workday(s->calendar, day)) {
        attendance_told(s, unit, day);
        praise_told(s, unit, day);
        orders_told(s, unit, day);
        sheets_told(s, unit, day);
    }
    s->chance = chance;
}
