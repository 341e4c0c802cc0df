/* sample_story.c - what happens to one call, from the telephone to the file.
 *
 * A story has a clock of its own, moved on by working minutes; `told_ms` holds it back when the
 * technician is off line, so that what he did in time is reported late (DSP-015). The order of the
 * facts is that of the machines of intake (section 17) and dispatch (section 13); shares are per
 * mille. */
#include "common/contract.h"
#include "services/cli/sample_private.h"
#include "services/cli/sample_words.h"

#define URBAN_MIN 360    /* DSP-014 */
#define SUBURBAN_MIN 420 /* DSP-014 */

struct story {
    struct sample *s;
    uint32_t unit, customer_at;
    struct sample_customer *customer;
    char call_no[40];
    int64_t received_ms, now_ms;
    int64_t told_ms;             /* nothing is sent before */
    uint32_t technician, second; /* second 0: he goes alone */
    int64_t agreed_ms;           /* 0: the six- or seven-hour clock */
};

#define TELL(t, type, ...)                                                                         \
    sample_tell((t)->s, (t)->unit, type, story_when(t), "\"call_no\":\"%s\"" __VA_ARGS__)

static struct sample_when story_when(const struct story *t)
{
    return (struct sample_when){t->now_ms > t->told_ms ? t->now_ms : t->told_ms, t->now_ms};
}

/* Let so many working minutes go by, give or take. */
static void work(struct story *t, int64_t low_min, int64_t high_min)
{
    int64_t minutes = sample_between(t->s, low_min, high_min);
    t->now_ms = calendar_add(t->s->calendar, t->now_ms, minutes * MINUTE_MS);
    t->now_ms += sample_between(t->s, 1, 50) * SECOND_MS;
}

static void wait_for(struct story *t, int64_t low_s, int64_t high_s)
{
    t->now_ms += sample_between(t->s, low_s, high_s) * SECOND_MS;
}

static bool is_urban(const struct story *t)
{
    return t->customer->district < SAMPLE_DISTRICTS;
}

static int64_t arrival_due(const struct story *t)
{
    int64_t minutes = is_urban(t) ? URBAN_MIN : SUBURBAN_MIN;
    if (t->agreed_ms) return t->agreed_ms;
    return calendar_add(t->s->calendar, t->received_ms, minutes * MINUTE_MS);
}

/* ---- the call ---- */

/* A customer whose last call is over; with every one busy there is no call. */
static bool customer_pick(struct story *t)
{
    struct sample *s = t->s;
    struct sample_customer *all = &s->customers[(size_t)t->unit * s->customers_each];
    uint32_t first = sample_below(s, s->customers_each);
    for (uint32_t i = 0; i < s->customers_each; i++) {
        uint32_t at = (first + i) % s->customers_each;
        if (all[at].busy_until_ms >= t->received_ms) continue;
        t->customer_at = at;
        t->customer = &all[at];
        return true;
    }
    return false;
}

/* INT-005: unit, register day, running number. */
static void number_print(struct story *t, uint32_t n)
{
    int year, month, mday;
    int32_t day = calendar_register_day(t->s->calendar, t->received_ms);
    day_split(day, &year, &month, &mday);
    snprintf(t->call_no, sizeof t->call_no, "U%02u-%04d%02d%02d-%03u", t->unit + 1, year, month,
             mday, n);
}

static void number_give(struct story *t)
{
    struct sample *s = t->s;
    int32_t day = calendar_register_day(s->calendar, t->received_ms);
    int32_t *called = s->called_day[t->unit];
    if (called[1] != day) {
        called[0] = called[1];
        called[1] = day;
        s->numbered[t->unit] = 0;
    }
    number_print(t, ++s->numbered[t->unit]);
}

/* The live calls are told last but not received last; numbers of their own keep the others in
 * order. */
#define LIVE_NUMBER 9000u

static void call_told(struct story *t, const char *extra)
{
    const struct sample_city *city = &sample_cities[t->unit % COUNT_OF(sample_cities)];
    const struct sample_goods *goods = &sample_goods[t->customer->goods];
    uint8_t d = t->customer->district;
    char received[40];
    time_format(t->received_ms, t->s->zone, received);
    TELL(t, "call.registered",
         ",\"received_at\":\"%s\",\"channel\":\"%s\",\"customer\":\"K%02u%05u\","
         "\"customer_name\":\"%s\",\"address\":\"%s%s%s\",\"phone\":\"0912-%06u\",\"district\":\"%"
         "s\","
         "\"product\":\"SN%02u%05u\",\"model\":\"%s\",\"product_line\":\"appliance\",\"fault\":\"%"
         "s\"%s",
         t->call_no, received, sample_channels[sample_below(t->s, COUNT_OF(sample_channels))],
         t->unit + 1, t->customer_at, sample_firms[t->customer_at % COUNT_OF(sample_firms)],
         city->name, is_urban(t) ? city->urban[d] : city->suburban[d - SAMPLE_DISTRICTS],
         sample_streets[t->customer_at % COUNT_OF(sample_streets)], t->customer_at,
         is_urban(t) ? city->urban[d] : city->suburban[d - SAMPLE_DISTRICTS], t->unit + 1,
         t->customer_at, goods->model, goods->faults[sample_below(t->s, 3)], extra);
}

/* Nobody goes: the clerk answers on the telephone (INT-010 a). */
/* INT-088: every call gets its opinion card, the working day after its register day; a few are
 * forgotten. */
static void card_told(struct story *t)
{
    struct sample *s = t->s;
    if (sample_chance(s, 2)) return;
    int32_t day = calendar_register_day(s->calendar, t->received_ms);
    if (day != INT32_MAX) day = calendar_workday(s->calendar, day, 1);
    if (day == INT32_MAX) return; /* the calendar ends */
    int64_t at = calendar_open(s->calendar, day);
    at = calendar_add(s->calendar, at, sample_between(s, 400, 470) * MINUTE_MS);
    sample_tell(s, t->unit, "survey.sent", (struct sample_when){at, at}, "\"call_no\":\"%s\"",
                t->call_no);
}

static void tell_answered(struct story *t)
{
    call_told(t, ",\"disposition\":\"answered\"");
    wait_for(t, 60, 900);
    TELL(t, "call.replied", ",\"by\":\"U%02u-C\",\"kind\":\"answer\",\"text\":\"電話說明使用方法\"",
         t->call_no, t->unit + 1);
    wait_for(t, 300, 1200);
    TELL(t, "call.written_off", ",\"by\":\"U%02u-C\",\"solution\":\"電話解答,客戶同意結案\"",
         t->call_no, t->unit + 1);
    card_told(t);
}

static bool is_paid(const struct story *t)
{
    int32_t today = zone_day(t->s->zone, t->received_ms);
    return !t->customer->contract && day_add_months(t->customer->purchased_day, 12) < today;
}

/* What the clerk does while the voucher goes to the supervisor. */
static void desk_told(struct story *t)
{
    if (is_paid(t) && sample_chance(t->s, 900)) {
        TELL(t, "call.charge_explained", ",\"by\":\"U%02u-C\"", t->call_no, t->unit + 1);
    }
    if (sample_chance(t->s, 150)) {
        wait_for(t, 60, 600);
        TELL(t, "call.replied", ",\"by\":\"U%02u-C\",\"text\":\"已安排派工\"", t->call_no,
             t->unit + 1);
    }
}

/* ---- dispatch ---- */

static void technicians_pick(struct story *t)
{
    t->technician = 1 + sample_below(t->s, TECHNICIANS);
    t->second = 0;
    if (sample_chance(t->s, 100)) t->second = 1 + t->technician % TECHNICIANS;
}

static void assign(struct story *t, const char *extra)
{
    uint32_t u = t->unit + 1;
    technicians_pick(t);
    if (t->second) {
        TELL(t, "job.assigned",
             ",\"party\":[{\"person\":\"U%02u-T%u\"},{\"person\":\"U%02u-T%u\"}],"
             "\"lead\":\"U%02u-T%u\",\"by\":\"U%02u-S\"%s",
             t->call_no, u, t->technician, u, t->second, u, t->technician, u, extra);
        return;
    }
    TELL(t, "job.assigned", ",\"technician\":\"U%02u-T%u\",\"by\":\"U%02u-S\"%s", t->call_no, u,
         t->technician, u, extra);
}

/* Most calls are assigned at once, some the next working day (INT-028), a few later still. */
static void wait_for_supervisor(struct story *t)
{
    uint32_t roll = sample_below(t->s, 1000);
    int32_t day = calendar_register_day(t->s->calendar, t->received_ms);
    if (roll < 920) {
        work(t, 10, 90);
        return;
    }
    day = calendar_workday(t->s->calendar, day, roll < 990 ? 1 : 2);
    t->now_ms = calendar_open(t->s->calendar, day);
    work(t, 5, roll < 980 ? 50 : 150);
}

/* A complaining customer is served by the supervisor or someone he sends (DSP-008). */
static void assign_first(struct story *t)
{
    char delegated[40];
    if (!sample_chance(t->s, 25)) {
        wait_for_supervisor(t);
        assign(t, "");
        return;
    }
    TELL(t, "customer.dissatisfied", ",\"customer\":\"K%02u%05u\",\"text\":\"上次修理不滿意\"",
         t->call_no, t->unit + 1, t->customer_at);
    wait_for_supervisor(t);
    snprintf(delegated, sizeof delegated, ",\"delegated_by\":\"U%02u-S\"", t->unit + 1);
    assign(t, delegated);
}

static void change_hands(struct story *t)
{
    uint32_t u = t->unit + 1, to = 1 + (t->technician + 1) % TECHNICIANS;
    if (t->second) return;
    if (sample_chance(t->s, 50)) {
        work(t, 5, 40);
        TELL(t, "job.reassigned", ",\"from\":\"U%02u-T%u\",\"to\":\"U%02u-T%u\",\"by\":\"U%02u-S\"",
             t->call_no, u, t->technician, u, to, u);
        t->technician = to;
    }
}

/* One call in eight is fixed for a time of the customer's own choice (INT-098). */
static void agree_time(struct story *t)
{
    char at[40];
    if (!sample_chance(t->s, 125)) return;
    wait_for(t, 60, 900);
    int32_t today = calendar_register_day(t->s->calendar, t->now_ms);
    int32_t day = calendar_workday(t->s->calendar, today, 1);
    int64_t open = calendar_open(t->s->calendar, day);
    t->agreed_ms = calendar_add(t->s->calendar, open, sample_between(t->s, 2, 28) * 15 * MINUTE_MS);
    time_format(t->agreed_ms, t->s->zone, at);
    TELL(t, "job.time_agreed", ",\"agreed_at\":\"%s\",\"by_customer\":\"yes\"", t->call_no, at);
}

/* A promise of the unit to the customer, kept by a story of its own (INT-100). */
static void promise(const struct story *t)
{
    struct story p = *t;
    char due[40];
    if (!sample_chance(t->s, 100)) return;
    int64_t due_ms = calendar_add(t->s->calendar, t->now_ms, 480 * MINUTE_MS);
    time_format(due_ms, t->s->zone, due);
    TELL(&p, "promise.made", ",\"text\":\"回電告知修理進度\",\"due\":\"%s\"", p.call_no, due);
    uint32_t roll = sample_below(t->s, 100);
    if (roll >= 97) return;
    work(&p, roll < 92 ? 60 : 520, roll < 92 ? 470 : 900);
    TELL(&p, "promise.kept", "%s", p.call_no, "");
}

/* ---- on site ---- */

static void depart_and_arrive(struct story *t, const char *type)
{
    uint32_t u = t->unit + 1;
    TELL(t, type, ",\"technician\":\"U%02u-T%u\"", t->call_no, u, t->technician);
    if (!t->second) return;
    wait_for(t, 30, 300);
    TELL(t, type, ",\"technician\":\"U%02u-T%u\"", t->call_no, u, t->second);
}

/* When he arrives: on the way at once, unless the story has it that he is late. */
static void travel(struct story *t)
{
    int64_t due = arrival_due(t);
    bool late = sample_chance(t->s, 45);
    if (t->agreed_ms) {
        t->now_ms = t->agreed_ms - sample_between(t->s, 40, 70) * MINUTE_MS;
    } else {
        work(t, 5, 100);
    }
    depart_and_arrive(t, "job.departed");
    if (late) {
        t->now_ms = t->now_ms > due ? t->now_ms : due;
        work(t, 5, sample_chance(t->s, 200) ? 700 : 200);
    } else if (t->agreed_ms) {
        t->now_ms = due - sample_between(t->s, 0, 12) * MINUTE_MS;
    } else {
        wait_for(t, 900, is_urban(t) ? 2700 : 4500);
    }
}

/* One technician in thirty has no network on site: he was there in time and says so hours later. */
static void lose_network(struct story *t)
{
    int64_t due = arrival_due(t);
    if (t->now_ms > due || !sample_chance(t->s, 35)) return;
    t->told_ms = calendar_add(t->s->calendar, due, sample_between(t->s, 20, 400) * MINUTE_MS);
}

static void wait_for_parts(struct story *t)
{
    if (!sample_chance(t->s, 80)) return;
    wait_for(t, 120, 600);
    TELL(t, "job.paused", ",\"reason\":\"等待零件\"", t->call_no);
    work(t, 60, 900);
    TELL(t, "job.resumed", "%s", t->call_no, "");
}

static void report_told(struct story *t, const struct sample_repair *r)
{
    char parts[256] = "";
    if (r->part_no) {
        snprintf(parts, sizeof parts,
                 ",\"parts\":[{\"part_no\":\"%s\",\"name\":\"%s\",\"qty\":1,\"reason\":\"%s\"}]",
                 r->part_no, r->part, r->cause);
    }
    TELL(t, "evidence.completed", ",\"cause\":\"%s\",\"solution\":\"%s\",\"user_opinion\":\"%s\"%s",
         t->call_no, r->cause, r->solution,
         sample_opinions[sample_below(t->s, COUNT_OF(sample_opinions))], parts);
}

static void repair(struct story *t, const struct sample_repair *r)
{
    wait_for(t, 300, 1200);
    TELL(t, "job.diagnosed", ",\"class\":\"%s\"", t->call_no, r->class);
    wait_for(t, 60, 300);
    TELL(t, "job.repair_started", "%s", t->call_no, "");
    wait_for_parts(t);
    wait_for(t, 1200, 6000);
    TELL(t, "job.completed", ",\"solution\":\"%s\"", t->call_no, r->solution);
    wait_for(t, 60, 300);
    report_told(t, r);
    wait_for(t, 30, 240);
    TELL(t, "job.signed", ",\"by\":\"客戶本人\"", t->call_no);
}

/* Back at the unit the clerk writes off and files (INT-025). The signature was all the voucher
 * needed, so no leader approves a report. */
static void file(struct story *t, const struct sample_repair *r)
{
    work(t, 20, 400);
    TELL(t, "call.written_off", ",\"by\":\"U%02u-C\",\"solution\":\"%s\"", t->call_no, t->unit + 1,
         r->solution);
}

static void tell_cancelled(struct story *t)
{
    call_told(t, "");
    if (sample_chance(t->s, 500)) {
        work(t, 10, 60);
        assign(t, "");
        card_told(t);
    }
    wait_for(t, 300, 3000);
    TELL(t, "call.cancelled", ",\"reason\":\"客戶自行排除\"", t->call_no);
}

static void tell_site(struct story *t)
{
    const struct sample_repair *r = &sample_repairs[sample_below(t->s, COUNT_OF(sample_repairs))];
    call_told(t, "");
    desk_told(t);
    promise(t);
    assign_first(t);
    change_hands(t);
    agree_time(t);
    travel(t);
    lose_network(t);
    depart_and_arrive(t, "job.arrived");
    repair(t, r);
    file(t, r);
    card_told(t);
}

/* ---- a day of a unit ---- */

#define COMPLAINS 12u /* the customer of the twelfth call of a unit's day */

static void call_tell(struct sample *s, uint32_t unit, int64_t received_ms)
{
    struct story t = {.s = s, .unit = unit, .received_ms = received_ms};
    if (received_ms <= s->start_ms || received_ms > s->o->end_ms || !customer_pick(&t)) return;
    number_give(&t);
    t.now_ms = received_ms;
    wait_for(&t, 20, sample_chance(s, 30) ? 3600 : 600);
    uint32_t roll = sample_below(s, 100);
    if (roll < 5) {
        tell_answered(&t);
    } else if (roll < 9) {
        tell_cancelled(&t);
    } else {
        tell_site(&t);
    }
    t.customer->busy_until_ms = (t.now_ms > t.told_ms ? t.now_ms : t.told_ms) + HOUR_MS;
    if (s->numbered[unit] == COMPLAINS) sample_complaint(s, unit, t.call_no, t.now_ms + DAY_MS);
}

/* INT-030: the register of the working day before goes to the service department. */
static void register_told(struct sample *s, uint32_t unit, int32_t day)
{
    char closed[11];
    int32_t of_day = calendar_workday(s->calendar, day, -1);
    const int32_t *called = s->called_day[unit];
    if (of_day != called[0] && of_day != called[1]) return; /* without calls there is no register */
    if (sample_chance(s, 15)) return;
    int64_t at = calendar_open(s->calendar,
                               sample_chance(s, 10) ? calendar_workday(s->calendar, day, 1) : day);
    at = calendar_add(s->calendar, at, sample_between(s, 30, 400) * MINUTE_MS);
    day_format(of_day, closed);
    sample_tell(s, unit, "register.sent", (struct sample_when){at, at},
                "\"register_no\":\"U%02u/%s\"", unit + 1, closed);
}

void sample_day(struct sample *s, uint32_t unit, int32_t day)
{
    bool workday = calendar_is_workday(s->calendar, day);
    uint32_t calls = sample_below(s, 2 * s->o->calls_per_day + 1);
    int64_t from = zone_day_start(s->zone, day) + 9 * HOUR_MS, length = 10 * HOUR_MS;
    if (workday) {
        register_told(s, unit, day);
        from = calendar_open(s->calendar, day);
        length = calendar_close_of(s->calendar, day) - from;
    } else {
        calls /= 10;
    }
    /* In order of receipt, so that the numbers of the register run with time. */
    for (uint32_t i = 0; i < calls; i++) {
        int64_t slot = length / calls;
        call_tell(s, unit,
                  from + (int64_t)i * slot +
                      sample_between(s, 0, slot / SECOND_MS - 1) * SECOND_MS);
    }
    if (workday &&
        sample_chance(s, 300)) { /* one in the evening: its clock starts the next morning */
        call_tell(s, unit, from + length + sample_between(s, 60, 14000) * SECOND_MS);
    }
}

void sample_live(struct sample *s)
{
    int64_t end = s->o->end_ms - s->o->end_ms % SECOND_MS;
    for (uint32_t i = 0; i < SAMPLE_LIVE; i++) {
        struct story t = {.s = s, .unit = i * 5 % s->o->units};
        char at[40];
        t.received_ms = end - (50 - (int64_t)i) * MINUTE_MS;
        if (t.received_ms <= s->start_ms || !customer_pick(&t)) continue;
        number_print(&t, LIVE_NUMBER + i);
        t.now_ms = t.received_ms + MINUTE_MS;
        call_told(&t, "");
        t.now_ms += 10 * MINUTE_MS;
        assign(&t, "");
        t.now_ms += 5 * MINUTE_MS;
        time_format(end + (20 + (int64_t)i * 14) * SECOND_MS, s->zone, at);
        TELL(&t, "job.time_agreed", ",\"agreed_at\":\"%s\",\"by_customer\":\"yes\"", t.call_no, at);
        t.now_ms += 10 * MINUTE_MS;
        depart_and_arrive(&t, "job.departed");
        t.customer->busy_until_ms = INT64_MAX;
    }
}
