/* sample_private.h - what the parts of the generator share: chance, the pile of facts, the
 * company. */
#ifndef CUIBAN_SERVICES_CLI_SAMPLE_PRIVATE_H
#define CUIBAN_SERVICES_CLI_SAMPLE_PRIVATE_H

#include "common/bytes.h"
#include "common/calendar.h"
#include "services/cli/sample.h"

#define SECOND_MS INT64_C(1000)
#define TECHNICIANS 6u

/* A fact on the pile: what is written and when it is sent; its id is given when the pile is in
 * order. */
struct sample_fact {
    int64_t sent_ms, occurred_ms;
    uint64_t order;
    uint32_t unit; /* from SAMPLE_UNITS_MAX on a department of head office */
    const char *type;
    size_t at, n; /* its data in sample.data */
};

/* A customer with the one product he has. */
struct sample_customer {
    int64_t busy_until_ms; /* his last call is open until then */
    int32_t purchased_day;
    bool contract;
    uint8_t goods, district; /* district: urban below SAMPLE_DISTRICTS, else suburban */
};

struct sample {
    const struct sample_options *o;
    uint64_t chance;
    struct zone *zone;
    struct calendar *calendar;
    int64_t start_ms;
    struct buf data;
    struct sample_fact *facts;
    size_t count, cap;
    struct sample_customer *customers; /* per unit, one unit after the other */
    uint32_t customers_each;
    /* The last two register days of a unit that had calls, and the last number given on the later.
     */
    int32_t called_day[SAMPLE_UNITS_MAX][2];
    uint32_t numbered[SAMPLE_UNITS_MAX];
    int32_t complained_week[SAMPLE_UNITS_MAX]; /* Monday of the last week somebody complained */
};

uint32_t sample_below(struct sample *s, uint32_t n);                 /* 0 … n-1 */
int64_t sample_between(struct sample *s, int64_t low, int64_t high); /* both included */
bool sample_chance(struct sample *s, uint32_t per_mille);

/* Puts a fact on the pile; one sent after the end is dropped. data is the object's inside. */
struct sample_when {
    int64_t sent_ms, occurred_ms;
};
__attribute__((format(printf, 5, 6))) void sample_tell(struct sample *s, uint32_t unit,
                                                       const char *type, struct sample_when when,
                                                       const char *data, ...);

/* The calls of one unit on one day, 0 being the first of the period. */
void sample_day(struct sample *s, uint32_t unit, int32_t day);
/* What the customer of a call complains about, and what becomes of it. */
void sample_complaint(struct sample *s, uint32_t unit, const char *call_no, int64_t now_ms);
/* The catalogue and what is in the stores; then parts asked for, drawn and counted, and what trips
 * cost, of one unit on one day. */
void sample_parts_begin(struct sample *s);
void sample_parts_day(struct sample *s, uint32_t unit, int32_t day);
/* Who is scored by what; then attendance, orders and the sheets of one unit on one day. */
void sample_scoring_begin(struct sample *s);
void sample_scoring_day(struct sample *s, uint32_t unit, int32_t day);
/* The calls whose agreed arrival falls right after the end. */
void sample_live(struct sample *s);

#endif
