/* headoffice.h - the aggregator as others name it: the service and the tables that readers (kpi.h,
 * the command line) may walk. Key layouts stand in headoffice.c. */
#ifndef CUIBAN_SERVICES_HEADOFFICE_H
#define CUIBAN_SERVICES_HEADOFFICE_H

#include "common/step.h"

enum {
    TABLE_HQ_COUNT = TABLE_OWN,
    TABLE_HQ_CASE,
    TABLE_HQ_LEG,
    TABLE_HQ_DEADLINE,
    TABLE_HQ_OVERDUE,
    TABLE_HQ_REMINDER,
    TABLE_HQ_INQUIRY,
    TABLE_HQ_REGISTER
};

/* Period kinds of TABLE_HQ_COUNT (HQ-002). */
enum { PERIOD_DAY = 1, PERIOD_MONTH = 2 };

extern const struct service headoffice_service;

#endif
