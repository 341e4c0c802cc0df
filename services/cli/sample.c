/* sample.c - the company and the order of its facts. What happens to a single call is in
 * sample_story.c, what happens to parts and travel money in sample_parts.c, how the staff
 * is scored in sample_scoring.c.
 *
 * Every story is told to its end and the facts are put on one pile; then the pile is sorted by the
 * time of sending, the ids are given per unit, and what would be sent after the end is left away:
 * so the period ends in the middle of things, as a real one does. All chance comes from one
 * splitmix64. */
#include "services/cli/sample.h"
#include "common/contract.h"
#include "services/cli/sample_private.h"
#include "services/cli/sample_words.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

/* ---- chance ---- */

static uint64_t next(struct sample *s)
{
    uint64_t z = (s->chance += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint32_t sample_below(struct sample *s, uint32_t n)
{
    REQUIRE(n > 0);
    return (uint32_t)(next(s) % n);
}

int64_t sample_between(struct sample *s, int64_t low, int64_t high)
{
    REQUIRE(low <= high);
    return low + (int64_t)(next(s) % (uint64_t)(high - low + 1));
}

bool sample_chance(struct sample *s, uint32_t per_mille)
{
    return sample_below(s, 1000) < per_mille;
}

/* ---- the pile ---- */

static struct sample_fact *pile_take(struct sample *s)
{
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4096;
        struct sample_fact *more = realloc(s->facts, s->cap * sizeof *more);
        REQUIRE(more != NULL); /* bounded by the options' maxima */
        s->facts = more;
    }
    struct sample_fact *f = &s->facts[s->count];
    *f = (struct sample_fact){.order = s->count++, .at = s->data.n};
    return f;
}

void sample_tell(struct sample *s, uint32_t unit, const char *type, struct sample_when when,
                 const char *data, ...)
{
    char text[2048];
    if (when.sent_ms > s->o->end_ms) return;
    va_list args;
    va_start(args, data);
    int n = vsnprintf(text, sizeof text, data, args);
    va_end(args);
    ENSURE(n >= 0 && (size_t)n < sizeof text);

    struct sample_fact *f = pile_take(s);
    buf_put(&s->data, text, (size_t)n);
    f->n = (size_t)n;
    f->unit = unit;
    f->type = type;
    f->sent_ms = when.sent_ms;
    f->occurred_ms = when.occurred_ms;
}

static int by_sending(const void *a, const void *b)
{
    const struct sample_fact *x = a, *y = b;
    if (x->sent_ms != y->sent_ms) return x->sent_ms < y->sent_ms ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* The key of a unit: a centre's number, or a department's name. */
struct unit_key {
    char text[16];
};

static struct unit_key key_of_unit(uint32_t unit)
{
    struct unit_key k;
    if (unit < SAMPLE_UNITS_MAX) {
        snprintf(k.text, sizeof k.text, "U%02u", unit + 1);
    } else {
        const char *name = sample_departments[unit - SAMPLE_UNITS_MAX].key;
        snprintf(k.text, sizeof k.text, "%s", name);
    }
    return k;
}

static enum err pile_write(const struct sample *s, FILE *out)
{
    uint32_t ids[SAMPLE_UNITS_MAX + COUNT_OF(sample_departments)] = {0};
    qsort(s->facts, s->count, sizeof *s->facts, by_sending);
    for (size_t i = 0; i < s->count; i++) {
        const struct sample_fact *f = &s->facts[i];
        const struct unit_key source = key_of_unit(f->unit);
        char time[40];
        time_format(f->occurred_ms, s->zone, time);
        fprintf(out,
                "{\"specversion\":\"1.0\",\"id\":\"%s-%06u\",\"source\":\"%s\","
                "\"type\":\"%s\",\"time\":\"%s\",\"data\":{%.*s}}\n",
                source.text, ++ids[f->unit], source.text, f->type, time, (int)f->n,
                (const char *)s->data.p + f->at);
    }
    return fflush(out) == 0 && !ferror(out) ? ERR_OK : ERR_IO;
}

/* ---- the company ---- */

static const struct sample_city *city_of(uint32_t unit)
{
    return &sample_cities[unit % COUNT_OF(sample_cities)];
}

static void unit_told(struct sample *s, uint32_t unit, struct sample_when when)
{
    const struct sample_city *c = city_of(unit);
    char urban[256], suburban[256];
    const char *form = "{\"name\":\"%s\"},{\"name\":\"%s\"},{\"name\":\"%s\"}";
    snprintf(urban, sizeof urban, form, c->urban[0], c->urban[1], c->urban[2]);
    snprintf(suburban, sizeof suburban, form, c->suburban[0], c->suburban[1], c->suburban[2]);
    bool center = unit % 3 == 0;
    sample_tell(s, unit, "unit.upserted", when,
                "\"unit\":\"U%02u\",\"name\":\"%s%s\",\"kind\":\"%s\","
                "\"region\":\"%s\",\"calendar\":\"CAL-STD\",\"manager\":\"U%02u-M\","
                "\"supervisor\":\"U%02u-S\",\"urban\":[%s],\"suburban\":[%s]",
                unit + 1, c->name, center ? "服務中心" : "分公司服務組",
                center ? "center" : "branch", unit % COUNT_OF(sample_cities) < 6 ? "北區" : "南區",
                unit + 1, unit + 1, urban, suburban);
}

static void person_told(struct sample *s, uint32_t unit, struct sample_when when, const char *key,
                        const char *role)
{
    char until[11];
    const struct unit_key of = key_of_unit(unit);
    bool technician = key[0] == 'T';
    /* One certificate in twelve has run out: dispatch then warns (DSP-007). */
    int32_t day = zone_day(s->zone, s->start_ms) + (sample_below(s, 12) ? 700 : -20);
    day_format(day, until);
    const char *family = sample_family[sample_below(s, COUNT_OF(sample_family))];
    const char *given = sample_given[sample_below(s, COUNT_OF(sample_given))];
    sample_tell(s, unit, "person.upserted", when,
                "\"person\":\"%s-%s\",\"name\":\"%s%s\",\"unit\":\"%s\",\"role\":\"%s\"%s%s%s",
                of.text, key, family, given, of.text, role,
                technician ? ",\"certified_to\":\"" : "", technician ? until : "",
                technician ? "\"" : "");
}

static void staff_told(struct sample *s, uint32_t unit, struct sample_when when)
{
    char key[8];
    person_told(s, unit, when, "M", "manager");
    person_told(s, unit, when, "S", "supervisor");
    person_told(s, unit, when, "C", "clerk");
    for (uint32_t i = 1; i <= TECHNICIANS; i++) {
        snprintf(key, sizeof key, "T%u", i);
        person_told(s, unit, when, key, "technician");
    }
}

static void product_told(struct sample *s, uint32_t unit, struct sample_when when, uint32_t i,
                         const struct sample_customer *c)
{
    char purchased[11], first[11], last[11];
    int32_t today = zone_day(s->zone, s->start_ms);
    day_format(c->purchased_day, purchased);
    day_format(today - 90, first);
    day_format(today + 275, last);
    sample_tell(s, unit, "product.upserted", when,
                "\"product\":\"SN%02u%05u\",\"customer\":\"K%02u%05u\",\"model\":\"%s\","
                "\"product_line\":\"appliance\",\"purchased\":\"%s\"",
                unit + 1, i, unit + 1, i, sample_goods[c->goods].model, purchased);
    if (!c->contract) return;
    sample_tell(s, unit, "contract.upserted", when,
                "\"contract\":\"B%02u%05u\",\"customer\":\"K%02u%05u\",\"product\":\"SN%02u%05u\","
                "\"unit\":\"U%02u\",\"start\":\"%s\",\"expiry\":\"%s\"",
                unit + 1, i, unit + 1, i, unit + 1, i, unit + 1, first, last);
}

static void customer_told(struct sample *s, uint32_t unit, struct sample_when when, uint32_t i)
{
    const struct sample_city *city = city_of(unit);
    struct sample_customer *c = &s->customers[(size_t)unit * s->customers_each + i];
    uint32_t d = sample_below(s, 2 * SAMPLE_DISTRICTS);
    *c = (struct sample_customer){
        .goods = (uint8_t)sample_below(s, COUNT_OF(sample_goods)),
        .district = (uint8_t)d,
        .purchased_day = zone_day(s->zone, s->start_ms) - (int32_t)sample_below(s, 900),
        .contract = sample_chance(s, 100),
    };
    const char *district =
        d < SAMPLE_DISTRICTS ? city->urban[d] : city->suburban[d - SAMPLE_DISTRICTS];
    bool firm = sample_chance(s, 300);
    sample_tell(s, unit, "customer.upserted", when,
                "\"customer\":\"K%02u%05u\",\"name\":\"%s%s\",\"address\":\"%s%s%s%u號\","
                "\"phone\":\"0%u-%07u\",\"district\":\"%s\",\"vip\":\"%s\"",
                unit + 1, i, firm ? "" : sample_family[sample_below(s, COUNT_OF(sample_family))],
                firm ? sample_firms[sample_below(s, COUNT_OF(sample_firms))]
                     : sample_given[sample_below(s, COUNT_OF(sample_given))],
                city->name, district, sample_streets[sample_below(s, COUNT_OF(sample_streets))],
                1 + sample_below(s, 300), 2 + sample_below(s, 7), sample_below(s, 10000000),
                district, sample_chance(s, 50) ? "yes" : "no");
    product_told(s, unit, when, i, c);
}

/* Head office: its departments hold the steps of a complaint, and are asked when one came late. */
static void departments_told(struct sample *s)
{
    uint64_t chance = s->chance; /* the centres stay as they were without departments */
    struct sample_when when = {s->start_ms, s->start_ms};
    for (uint32_t i = 0; i < COUNT_OF(sample_departments); i++) {
        const struct sample_department *d = &sample_departments[i];
        uint32_t unit = SAMPLE_UNITS_MAX + i;
        sample_tell(s, unit, "unit.upserted", when,
                    "\"unit\":\"%s\",\"name\":\"%s\",\"kind\":\"department\",\"region\":\"總公司\","
                    "\"calendar\":\"CAL-STD\",\"manager\":\"%s-M\",\"supervisor\":\"%s-S\"",
                    d->key, d->name, d->key, d->key);
        person_told(s, unit, when, "M", strcmp(d->key, "GM") ? "manager" : "總經理");
        person_told(s, unit, when, "S", "supervisor");
    }
    s->chance = chance;
}

static void company_told(struct sample *s)
{
    departments_told(s);
    for (uint32_t unit = 0; unit < s->o->units; unit++) {
        struct sample_when when = {s->start_ms + unit * SECOND_MS, s->start_ms + unit * SECOND_MS};
        unit_told(s, unit, when);
        staff_told(s, unit, when);
        for (uint32_t i = 0; i < s->customers_each; i++) {
            customer_told(s, unit, when, i);
        }
    }
}

/* ---- the period ---- */

static enum err options_check(const struct sample_options *o, struct fault *why)
{
    const struct {
        const char *name;
        uint64_t value, max;
    } limits[] = {{"units", o->units, SAMPLE_UNITS_MAX},
                  {"days", o->days, SAMPLE_DAYS_MAX},
                  {"calls_per_day", o->calls_per_day, SAMPLE_CALLS_MAX}};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        if (limits[i].value >= 1 && limits[i].value <= limits[i].max) continue;
        return fault_set(why, "sample", "out_of_range", limits[i].name,
                         "%" PRIu64 "; from 1 to %" PRIu64 " is possible", limits[i].value,
                         limits[i].max);
    }
    int64_t earliest = TIME_MIN_MS + (int64_t)(o->days + 1000) * DAY_MS;
    if (o->end_ms >= earliest && o->end_ms <= TIME_MAX_MS - 400 * DAY_MS) return ERR_OK;
    return fault_set(why, "sample", "out_of_range", "end", "the end lies outside of 1900 to 2098");
}

/* CAL-STD (CV-4), with which the units are registered: the made-up people go by it too. */
static enum err calendar_make(struct sample *s, struct fault *why)
{
    struct calendar_source source = {.name = STR("sample"), .zone = STR("+08:00")};
    struct calendar_day_plan work = {.spans = {{510, 720}, {780, 1050}}, .count = 2};
    for (int i = 0; i < 5; i++)
        source.week[i] = work;
    source.makeup = work;
    source.first_day = zone_day(s->zone, s->start_ms) - 40; /* the whole of the first month */
    source.last_day = zone_day(s->zone, s->o->end_ms) + 90;
    return calendar_compile(&source, &s->calendar, why);
}

static void period_told(struct sample *s)
{
    int32_t last = zone_day(s->zone, s->o->end_ms);
    for (int32_t day = zone_day(s->zone, s->start_ms) + 1; day <= last; day++) {
        for (uint32_t unit = 0; unit < s->o->units; unit++) {
            sample_day(s, unit, day);
            sample_parts_day(s, unit, day);
            sample_scoring_day(s, unit, day);
        }
    }
    if (s->o->live) sample_live(s);
}

enum err sample_write(FILE *out, const struct sample_options *o, struct fault *why)
{
    enum err e = options_check(o, why);
    if (e != ERR_OK) return e;
    struct sample s = {.o = o, .chance = o->seed};
    int64_t end = o->end_ms - o->end_ms % SECOND_MS;
    s.start_ms = end - (int64_t)o->days * DAY_MS;
    s.customers_each = 60 + 10 * o->calls_per_day;
    s.customers = calloc((size_t)o->units * s.customers_each, sizeof *s.customers);
    e = s.customers ? zone_open(STR("+08:00"), &s.zone, why) : ERR_IO;
    if (e != ERR_OK) goto out;
    e = calendar_make(&s, why);
    if (e != ERR_OK) goto out;
    company_told(&s);
    sample_parts_begin(&s);
    sample_scoring_begin(&s);
    period_told(&s);
    e = pile_write(&s, out);
out:
    calendar_close(&s.calendar);
    zone_close(&s.zone);
    free(s.customers);
    free(s.facts);
    buf_fini(&s.data);
    return e;
}
