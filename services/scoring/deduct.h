/* deduct.h - what the bonus of one month bears of the sanctions and penalties of a person: pure, so
 * that the books and the tests reckon alike (SCO-139 … SCO-141). All amounts are fen. */
#ifndef CUIBAN_SERVICES_SCORING_DEDUCT_H
#define CUIBAN_SERVICES_SCORING_DEDUCT_H

#include <stdbool.h>
#include <stdint.h>

struct deduct_terms {
    int64_t cap_bp;   /* most that penalties take of a bonus, 1/100 % */
    bool cap_each;    /* of each case by itself, not of all together */
    bool cap_half_up; /* a cap is rounded half up to the fen, not down */
    bool penalty_first;
};
struct deduct_due {
    bool penalty;  /* else a sanction */
    bool whole;    /* sanction: a major demerit, the whole bonus of its month */
    bool carried;  /* sanction: what its month cannot bear is carried to the next */
    int32_t first; /* first day of the month that bears it first */
    int64_t left;  /* still to be deducted; of no meaning for `whole` */
    int64_t take;  /* out: what this month bears */
};
struct deducted {
    int64_t cap, administrative, economic;
};

/* dues: sanctions by age, then penalties, the oldest case first. bonus >= 0. */
struct deducted deduct_month(const struct deduct_terms *t, int32_t month, int64_t bonus,
                             struct deduct_due *dues, uint32_t n);

#endif
