/* warranty.h - the guarantee: its last day, the category of a call, the phase of a project.
 *
 * Pure functions of the policy and the dates of a product. Days are as in calendar.h; 0 = not
 * known. Rules INT-036, INT-038 … INT-050, INT-064, CV-6. */
#ifndef CUIBAN_COMMON_WARRANTY_H
#define CUIBAN_COMMON_WARRANTY_H

#include "common/policy.h"

struct warranty_facts {
    int32_t shipped, commissioned, purchased, supplied, delivered, accepted, term_end;
    bool evidence; /* the commissioning is proven (INT-039) */
    uint32_t term_months, maker_months;
};

struct warranty_result {
    enum entitled
        kind;         /* yes: last_day is certain; provisional; undetermined: none; on_hold: none */
    int32_t last_day; /* included; 0 when there is none */
    bool provisional; /* more facts may still change it */
    char basis[128];  /* which terms gave the day, for people */
};

/* Last day of the guarantee. ERR_REFUSED only for dates that cannot be: commissioned before shipped
 * (INT-038). Without the dates a policy needs the result says so, as the policy's on_missing says.
 */
MUST_CHECK enum err warranty_last_day(const struct policy_keys *keys,
                                      const struct warranty_policy *policy,
                                      const struct warranty_facts *facts,
                                      struct warranty_result *out, struct fault *why);

/* CV-6: the last day itself is covered. */
bool warranty_covers(int32_t last_day, int32_t day);
/* INT-050: is the day inside? A provisional result that covers the day is provisional. */
enum entitled warranty_inside(const struct warranty_result *r, int32_t day);
/* CV-6, roll_last_day: the last day itself, or the next working day when the key says so. */
int32_t warranty_roll(const struct policy_keys *keys, const struct calendar *c, int32_t last_day);

/* What the category of a call hangs on (INT-036). */
struct warranty_case {
    bool internal;         /* the company's own work */
    bool inside;           /* inside the period */
    bool requires_quality; /* the policy is free for quality problems only */
    bool quality;          /* the cause is one */
    bool contract;         /* a maintenance contract in force covers the work */
};
enum category warranty_category(struct warranty_case c);

/* INT-064: trial until accepted, warranty up to the last day, then post. */
enum phase project_phase(int32_t accepted, int32_t date, int32_t last_day);

#endif
