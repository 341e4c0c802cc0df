/* scoring.h - the service scoring 績效考核: what is counted of persons and units, score sheets by
 * schemes that are policy, ledgers of conduct, deductions and pay, what follows from years and runs
 * of grades. Reads the logs of intake, dispatch, parts and complaint. */
#ifndef CUIBAN_SERVICES_SCORING_SCORING_H
#define CUIBAN_SERVICES_SCORING_SCORING_H

#include "common/step.h"

extern const struct service scoring_service;

/* Its tables, for readers of the store (cli, tests). */
enum {
    SCORING_RESULT,
    SCORING_FACT,
    SCORING_TALLY,
    /* sheet */
    SCORING_ASSIGNEE,
    SCORING_SHEET,
    SCORING_ENTRY,
    SCORING_ROUND,
    SCORING_PROVIDER,
    SCORING_OF_UNIT,
    SCORING_OF_ROUND,
    SCORING_DUTY,
    SCORING_STANDARD,
    /* facts */
    SCORING_STOOD,
    SCORING_NAMED,
    SCORING_TAKEN,
    SCORING_KNOWN,
    SCORING_ACTIVE,
    SCORING_REVIEW,
    SCORING_KPI,
    SCORING_LOAD,
    SCORING_COLLECTION,
    SCORING_DISPUTE,
    SCORING_ENGINEER_QUARTER,
    /* conduct */
    SCORING_CONDUCT,
    SCORING_CONDUCT_COUNT,
    SCORING_CONDUCT_MARKS,
    SCORING_CONDUCT_AWARD,
    SCORING_CONDUCT_CASE,
    SCORING_CONDUCT_CHARGE,
    SCORING_CONDUCT_SHIFT,
    SCORING_CONDUCT_NAMED,
    SCORING_QUALIFICATION,
    SCORING_TRAINED,
    SCORING_TRAINING_PLAN,
    SCORING_RATING_YEAR,
    SCORING_RATING_DUE,
    /* pay */
    SCORING_PAY_MONTH,
    SCORING_PAY_BONUS,
    SCORING_PAY_DUE,
    SCORING_PAY_TAKE,
    SCORING_PAY_PENALTY,
    SCORING_PAY_CASE,
    SCORING_PAY_SOURCE,
    SCORING_PAY_REWARD,
    SCORING_PAY_OFFICE,
    SCORING_PAY_ACCOUNT,
    /* year */
    SCORING_TRACK,
    SCORING_YEAR,
    SCORING_CHECK,
    SCORING_PLACE,
    SCORING_DISTRIBUTION,
    SCORING_KEEP,
    SCORING_PLUS,
    SCORING_TABLES
};
extern const struct table scoring_tables[SCORING_TABLES];

/* What names a fact: each value of its ref behind this byte. */
#define SCORING_REF_MARK '\x1f'

#endif
