/* policy_route.h - can the relay of the 客戶抱怨處理表 fit its total, whenever a case is accepted?
 *
 * The worst case of a start: the registration and then every step of the route, optional ones too,
 * use their limits to the last minute and nothing else takes time. Its end is compared with the
 * total for every start minute of the default calendar, as far as the calendar can answer. Rules
 * CMP-036, CMP-051. */
#ifndef CUIBAN_COMMON_POLICY_ROUTE_H
#define CUIBAN_COMMON_POLICY_ROUTE_H

#include "common/policy.h"

#define ROUTE_REGISTER "complaint.gmo_register" /* before the first step */
#define ROUTE_TOTAL "complaint.total"
#define ROUTE_STEPS_MAX 64 /* that complaint.closed can tell of */

/* A limit, on its clock. */
struct route_leg {
    enum clock_kind clock;
    int64_t minutes;
    int32_t days, at_min; /* of the day clock */
    bool every_day;       /* … counts days of the calendar */
};

struct route {
    const struct calendar *calendar;
    struct route_leg legs[ROUTE_STEPS_MAX + 1], total;
    uint32_t leg_count;
};

/* False when there is nothing to compare: no total, or no limit on the route. */
bool policy_route_make(const struct policy *p, bool foreign, struct route *out);
/* The printed limits added up, as days with one decimal: a working day is workday_min minutes. */
void policy_route_days(const struct policy *p, const struct route_leg *legs, uint32_t n,
                       char out[EXACT_TEXT_MAX]);

struct route_fit {
    uint64_t starts, late_starts; /* minutes that could be answered; that do not fit */
    int64_t first_ms, last_ms;    /* of those answered */
    int64_t first_late_ms;
    int64_t worst_ms, worst_end_ms, worst_due_ms; /* the start with the least slack, first of all */
};
/* Every minute from from_ms on, before to_ms. Not minute by minute: between two openings or
 * closings that a case meets on its way all moves in step. */
void policy_route_walk(const struct route *r, int64_t from_ms, int64_t to_ms,
                       struct route_fit *out);
/* Where the worst case of one start ends, and its total; false when the calendar does not reach so
 * far. */
bool policy_route_at(const struct route *r, int64_t start_ms, int64_t *end_ms, int64_t *due_ms);

#define POLICY_ROUTE_FINDINGS_MAX 2 /* domestic, foreign */
/* What does not fit, as the load would refuse it; the number of findings. */
uint32_t policy_route_findings(const struct policy *p,
                               struct policy_fault out[POLICY_ROUTE_FINDINGS_MAX]);

#endif
